#include "evaluate_internal.h"

#include "trefoil/base/memory.h"
#include "trefoil/base/thread.h"
#include "trefoil/stats/normal.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { FIGURE_PRECISION, FIGURE_RECALL, FIGURE_SPECIFICITY, FIGURE_F1 };

tf_status tf_evaluate_check_options(const tf_evaluate_options *options,
                                    tf_evaluate_options *checked_out, tf_error *error) {
    *checked_out = *options;
    if (options->confidence == 0) {
        checked_out->confidence = 0.95;
    }
    if (!(checked_out->confidence > 0 && checked_out->confidence < 1)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the confidence is %g, but must be between 0 and 1", options->confidence);
    }
    return TF_OK;
}

uint64_t tf_evaluate_random_at(uint64_t seed, uint64_t index) {
    uint64_t z = seed + (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A Poisson draw with mean 1 for each entity: how many of 2^32 P(X <= k) the number reaches. */
static void draw_weights(uint64_t seed, uint32_t replicate, uint32_t count, uint8_t *weights) {
    static const uint32_t reaches[] = {1580030169U, 3160060337U, 3950075422U,
                                       4213413783U, 4279248374U, 4292415292U,
                                       4294609778U, 4294923276U, 4294962463U};
    uint64_t stream = tf_evaluate_random_at(seed, replicate);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = (uint32_t)(tf_evaluate_random_at(stream, i) >> 32);
        unsigned weight = 0;
        for (size_t k = 0; k < sizeof reaches / sizeof *reaches; k++) {
            weight += number >= reaches[k];
        }
        weights[i] = (uint8_t)weight;
    }
}

typedef struct draw_task {
    const evaluate_design *design;
    const tf_evaluate_options *options;
    evaluate_sums *sums;
    uint8_t *weights; /* entity_count for each thread */
    atomic_uint next;
} draw_task;

static void draw_some(void *context, int thread) {
    draw_task *task = context;
    const evaluate_design *design = task->design;
    uint8_t *weights = task->weights + (size_t)thread * design->entity_count;
    for (uint32_t i; (i = atomic_fetch_add(&task->next, 1)) < task->options->replicates;) {
        evaluate_sums *sums = task->sums + (i + (size_t)1) * design->slot_count;
        draw_weights(task->options->seed, i, design->entity_count, weights);
        design->add(design->context, weights, sums);
        double drawn = 0;
        for (uint32_t entity = 0; entity < design->entity_count; entity++) {
            drawn += weights[entity];
        }
        /* As if as many entities had been drawn as there are. */
        double scale = drawn > 0 ? design->entity_count / drawn : 0;
        for (size_t slot = 0; slot < design->slot_count; slot++) {
            sums[slot].correct *= scale;
            sums[slot].wrong *= scale * scale;
            sums[slot].truth *= scale;
        }
    }
}

tf_status tf_evaluate_draw(const evaluate_design *design, const tf_evaluate_options *options,
                           evaluate_sums **sums_out, tf_error *error) {
    *sums_out = NULL;
    int threads = options->thread_count > 0 ? options->thread_count : tf_thread_count_default();
    if (options->replicates < (uint32_t)threads) {
        threads = options->replicates > 0 ? (int)options->replicates : 1;
    }
    size_t count = (options->replicates + (size_t)1) * design->slot_count;
    draw_task task = {.design = design, .options = options};
    task.sums = tf_alloc_zeroed(count, sizeof *task.sums);
    task.weights = tf_alloc(design->entity_count, (size_t)threads);
    if (!task.sums || !task.weights) {
        tf_free(task.sums);
        tf_free(task.weights);
        return tf_fail_no_memory(error);
    }
    memset(task.weights, 1, design->entity_count);
    design->add(design->context, task.weights, task.sums);
    tf_parallel(threads, draw_some, &task);
    tf_free(task.weights);
    *sums_out = task.sums;
    return TF_OK;
}

static double figure_of(evaluate_sums sums, double all_pairs, int figure) {
    double missed = sums.truth - sums.correct;
    switch (figure) {
    case FIGURE_PRECISION:
        return sums.correct / (sums.correct + sums.wrong);
    case FIGURE_RECALL:
        return sums.correct / sums.truth;
    case FIGURE_SPECIFICITY:
        return 1 - sums.wrong / (all_pairs - sums.truth);
    default:
        return 2 * sums.correct / (2 * sums.correct + sums.wrong + missed);
    }
}

static evaluate_sums rest_of(evaluate_sums whole, evaluate_sums part) {
    return (evaluate_sums){whole.correct - part.correct, whole.wrong - part.wrong,
                           whole.truth - part.truth};
}

tf_interval tf_evaluate_wilson(double share, double trials, double confidence) {
    if (!(trials > 0)) {
        return (tf_interval){NAN, NAN, NAN};
    }
    double z = -tf_normal_quantile((1 - confidence) / 2);
    double middle = (share + z * z / (2 * trials)) / (1 + z * z / trials);
    double half = z / (1 + z * z / trials) *
                  sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials));
    return (tf_interval){share, share == 0 ? 0 : fmax(middle - half, 0),
                         share == 1 ? 1 : fmin(middle + half, 1)};
}

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The quantile between order statistics (type 7 of Hyndman & Fan 1996). */
static double quantile(const double *sorted, size_t count, double probability) {
    double at = probability * (double)(count - 1);
    size_t below = (size_t)at;
    size_t above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

/* Draws in which the figure is a share of nothing say nothing; if most are, neither do the rest. */
static void set_limits(double *values, size_t count, double confidence, tf_interval *interval) {
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isnan(values[i])) {
            values[known++] = values[i];
        }
    }
    interval->lower = interval->upper = NAN;
    if (known == 0 || known < count / 2 || isnan(interval->value)) {
        return;
    }
    qsort(values, known, sizeof *values, compare_doubles);
    interval->lower = fmin(quantile(values, known, (1 - confidence) / 2), interval->value);
    interval->upper = fmax(quantile(values, known, (1 + confidence) / 2), interval->value);
}

static tf_interval by_entity(const evaluate_slot *slot, const tf_evaluate_options *options,
                             int figure, double *values) {
    tf_interval interval = {figure_of(slot->sums[slot->slot], slot->all_pairs, figure), NAN, NAN};
    for (uint32_t i = 0; i < options->replicates; i++) {
        const evaluate_sums *sums = slot->sums + (i + (size_t)1) * slot->slot_count;
        values[i] = figure_of(sums[slot->slot], slot->all_pairs, figure);
    }
    set_limits(values, options->replicates, options->confidence, &interval);
    if (options->replicates > 0 && (interval.value == 0 || interval.value == 1)) {
        interval = tf_evaluate_wilson(interval.value, slot->entities, options->confidence);
    }
    return interval;
}

static tf_evaluate_share share_of(const evaluate_slot *slot, const tf_evaluate_options *options,
                                  int figure, double trials, double *values) {
    double share = figure_of(slot->sums[slot->slot], slot->all_pairs, figure);
    return (tf_evaluate_share){by_entity(slot, options, figure, values),
                               tf_evaluate_wilson(share, trials, options->confidence)};
}

tf_status tf_evaluate_quality_of(const evaluate_slot *slot, const tf_evaluate_options *options,
                                 tf_evaluate_quality *quality_out, tf_error *error) {
    double *values = tf_alloc(options->replicates, sizeof *values);
    if (!values) {
        return tf_fail_no_memory(error);
    }
    evaluate_sums sums = slot->sums[slot->slot];
    *quality_out = (tf_evaluate_quality){
        .correct_pairs = sums.correct,
        .wrong_pairs = sums.wrong,
        .true_pairs = sums.truth,
        .all_pairs = slot->all_pairs,
        .precision = share_of(slot, options, FIGURE_PRECISION, sums.correct + sums.wrong, values),
        .recall = share_of(slot, options, FIGURE_RECALL, sums.truth, values),
        .specificity =
            share_of(slot, options, FIGURE_SPECIFICITY, slot->all_pairs - sums.truth, values),
        .f1 = by_entity(slot, options, FIGURE_F1, values),
    };
    tf_free(values);
    return TF_OK;
}

static tf_status set_difference(const evaluate_slot *slot, size_t whole, int figure,
                                const tf_evaluate_options *options, tf_interval *difference_out,
                                tf_error *error) {
    double *values = tf_alloc(options->replicates, sizeof *values);
    if (!values) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i <= options->replicates; i++) {
        const evaluate_sums *sums = slot->sums + i * slot->slot_count;
        evaluate_sums rest = rest_of(sums[whole], sums[slot->slot]);
        double difference = figure_of(sums[slot->slot], 0, figure) - figure_of(rest, 0, figure);
        *(i == 0 ? &difference_out->value : &values[i - 1]) = difference;
    }
    set_limits(values, options->replicates, options->confidence, difference_out);
    tf_free(values);
    return TF_OK;
}

/* Sizes of the groups; each counts an entity once.  `seen` has one item a group. */
static void count_groups(const evaluate_records *records, tf_evaluate_group *groups,
                         evaluate_slot *slots, uint32_t *seen, uint32_t *seen_paired) {
    for (uint32_t i = 0; i < records->count; i++) {
        uint32_t record = records->order[i], entity = records->entity[record];
        uint32_t group = records->group[record];
        if (group == records->group_count) {
            continue;
        }
        uint32_t beside = records->source ? records->source_size[records->source[record]] : 1;
        slots[group].all_pairs += 0.5 * (records->count - beside);
        groups[group].records++;
        if (seen[group] != entity + 1) {
            seen[group] = entity + 1;
            groups[group].entities++;
        }
        if (records->partners[record] > 0 && seen_paired[group] != entity + 1) {
            seen_paired[group] = entity + 1;
            slots[group].entities++;
        }
    }
}

static tf_status fill_group(const evaluate_slot *slot, size_t whole,
                            const tf_evaluate_options *options, tf_evaluate_group *group,
                            tf_error *error) {
    group->is_shown = group->records > 0 && group->entities >= options->minimum_entities;
    if (!group->is_shown) {
        return TF_OK;
    }
    tf_status status = tf_evaluate_quality_of(slot, options, &group->quality, error);
    if (status == TF_OK) {
        status = set_difference(slot, whole, FIGURE_PRECISION, options,
                                &group->precision_difference, error);
    }
    if (status == TF_OK) {
        status =
            set_difference(slot, whole, FIGURE_RECALL, options, &group->recall_difference, error);
    }
    if (status == TF_OK) {
        status = set_difference(slot, whole, FIGURE_F1, options, &group->f1_difference, error);
    }
    return status;
}

tf_status tf_evaluate_groups_of(const evaluate_records *records, const evaluate_sums *sums,
                                size_t slot_count, size_t first_slot, size_t whole,
                                const tf_evaluate_options *options, tf_evaluate_group *groups,
                                tf_error *error) {
    uint32_t count = records->group_count;
    evaluate_slot *slots = tf_alloc_zeroed(count, sizeof *slots);
    uint32_t *seen = tf_alloc_zeroed(2 * (size_t)count, sizeof *seen);
    tf_status status = slots && seen ? TF_OK : tf_fail_no_memory(error);
    if (status == TF_OK) {
        count_groups(records, groups, slots, seen, seen + count);
    }
    for (uint32_t group = 0; status == TF_OK && group < count; group++) {
        slots[group].sums = sums;
        slots[group].slot_count = slot_count;
        slots[group].slot = first_slot + group;
        status = fill_group(&slots[group], whole, options, &groups[group], error);
    }
    tf_free(slots);
    tf_free(seen);
    return status;
}
