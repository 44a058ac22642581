#include "evaluate_internal.h"

#include "trefoil/base/memory.h"

#include <math.h>
#include <string.h>

typedef struct scored_pair {
    uint64_t key; /* what to sort by */
    double weight;
    uint32_t left; /* numbers among the known records */
    uint32_t right;
} scored_pair;

typedef struct score_state {
    evaluate_records records;
    scored_pair *pairs; /* from the highest weight down */
    scored_pair *spare;
    size_t pair_count;
    size_t row_count;
    size_t *row_order; /* the rows from the highest threshold down */
    size_t *row_end;   /* for each of row_order, how many pairs reach its threshold */
} score_state;

static void deinit_state(score_state *state) {
    tf_evaluate_records_deinit(&state->records);
    tf_free(state->pairs);
    tf_free(state->spare);
    tf_free(state->row_order);
    tf_free(state->row_end);
}

/* By key, a byte at a time; a byte that is the same everywhere costs one look. */
static void sort_pairs(score_state *state) {
    for (int shift = 0; shift < 64; shift += 8) {
        size_t starts[257] = {0};
        for (size_t i = 0; i < state->pair_count; i++) {
            starts[((state->pairs[i].key >> shift) & 255) + 1]++;
        }
        size_t first = state->pair_count > 0 ? (state->pairs[0].key >> shift) & 255 : 0;
        if (starts[first + 1] == state->pair_count) {
            continue;
        }
        for (int digit = 0; digit < 256; digit++) {
            starts[digit + 1] += starts[digit];
        }
        for (size_t i = 0; i < state->pair_count; i++) {
            state->spare[starts[(state->pairs[i].key >> shift) & 255]++] = state->pairs[i];
        }
        scored_pair *sorted = state->spare;
        state->spare = state->pairs;
        state->pairs = sorted;
    }
}

/* Grows as the weight falls. */
static uint64_t descending_key(double weight) {
    uint64_t bits;
    memcpy(&bits, &weight, sizeof bits);
    return bits >> 63 ? bits : ~bits & ~(UINT64_C(1) << 63);
}

static tf_status check_pair(const tf_evaluate_truth *truth, const tf_evaluate_pair *pair,
                            size_t number, tf_error *error) {
    const char *fault = NULL;
    if (pair->left >= truth->record_count || pair->right >= truth->record_count) {
        fault = "has a record that is not there; give the pairs of the same records as the truth";
    } else if (pair->left == pair->right) {
        fault = "joins a record with itself";
    } else if (isnan(pair->weight)) {
        fault = "has a weight that is not a number";
    } else if (truth->source && truth->source[pair->left] == truth->source[pair->right]) {
        fault = "is of one source, but only pairs of two sources are linked";
    }
    return fault ? tf_fail(error, TF_BAD_INPUT, NULL, 0, "pair %zu (records %u and %u) %s", number,
                           pair->left, pair->right, fault)
                 : TF_OK;
}

static tf_status take_pairs(score_state *state, const tf_evaluate_truth *truth,
                            const tf_evaluate_pair *pairs, size_t count, tf_error *error) {
    for (size_t i = 0; i < count; i++) {
        tf_status status = check_pair(truth, &pairs[i], i, error);
        if (status != TF_OK) {
            return status;
        }
        uint32_t left = state->records.place[pairs[i].left];
        uint32_t right = state->records.place[pairs[i].right];
        if (left != TF_EVALUATE_UNKNOWN && right != TF_EVALUATE_UNKNOWN) {
            uint64_t low = left < right ? left : right, high = left < right ? right : left;
            state->pairs[state->pair_count++] =
                (scored_pair){low << 32 | high, pairs[i].weight + 0.0, left, right};
        }
    }
    sort_pairs(state);
    for (size_t i = 0; i < state->pair_count; i++) {
        if (i > 0 && state->pairs[i].key == state->pairs[i - 1].key) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "a pair is given twice, with weights %g and %g; give each pair once",
                           state->pairs[i - 1].weight, state->pairs[i].weight);
        }
    }
    for (size_t i = 0; i < state->pair_count; i++) {
        state->pairs[i].key = descending_key(state->pairs[i].weight);
    }
    sort_pairs(state);
    return TF_OK;
}

/* Rows by insertion: a table for people is short. */
static tf_status order_rows(score_state *state, const double *thresholds, size_t count,
                            tf_error *error) {
    if (count == 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "name at least one threshold");
    }
    state->row_order = tf_alloc(count, sizeof *state->row_order);
    state->row_end = tf_alloc(count, sizeof *state->row_end);
    if (!state->row_order || !state->row_end) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        if (isnan(thresholds[i])) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0, "threshold %zu is not a number", i + 1);
        }
        size_t at = i;
        for (; at > 0 && thresholds[state->row_order[at - 1]] < thresholds[i]; at--) {
            state->row_order[at] = state->row_order[at - 1];
        }
        state->row_order[at] = i;
    }
    state->row_count = count;
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        double threshold = thresholds[state->row_order[i]];
        for (; end < state->pair_count && state->pairs[end].weight >= threshold;) {
            end++;
        }
        state->row_end[i] = end;
    }
    return TF_OK;
}

static bool is_true_pair(const score_state *state, const scored_pair *pair) {
    return state->records.entity[pair->left] == state->records.entity[pair->right];
}

static tf_status trace_curve(const score_state *state, tf_evaluate_scores *result,
                             tf_error *error) {
    size_t distinct = 0;
    for (size_t i = 0; i < state->pair_count; i++) {
        distinct += i == 0 || state->pairs[i].weight != state->pairs[i - 1].weight;
    }
    result->points = tf_alloc(distinct, sizeof *result->points);
    if (!result->points) {
        return tf_fail_no_memory(error);
    }
    double truth = (double)result->true_pairs;
    tf_evaluate_point point = {0};
    for (size_t i = 0; i < state->pair_count;) {
        uint64_t before = point.correct_pairs;
        point.threshold = state->pairs[i].weight;
        for (; i < state->pair_count && state->pairs[i].weight == point.threshold; i++) {
            bool is_true = is_true_pair(state, &state->pairs[i]);
            point.correct_pairs += is_true;
            point.wrong_pairs += !is_true;
        }
        result->points[result->point_count++] = point;
        double correct = (double)point.correct_pairs, linked = correct + (double)point.wrong_pairs;
        if (point.correct_pairs > before) {
            result->average_precision += (correct - (double)before) / truth * (correct / linked);
        }
        double f1 = 2 * correct / (linked + truth);
        if (f1 > result->best_f1 || isnan(result->best_threshold)) {
            result->best_f1 = f1;
            result->best_threshold = point.threshold;
        }
    }
    result->found = point.correct_pairs;
    return TF_OK;
}

static void add_truth(const score_state *state, const uint8_t *weights, evaluate_sums *sums) {
    const evaluate_records *records = &state->records;
    evaluate_sums *groups = sums + state->row_count;
    double truth = 0;
    for (uint32_t i = 0; i < records->count; i++) {
        groups[records->group[i]].truth += 0.5 * weights[records->entity[i]] * records->partners[i];
    }
    for (uint32_t group = 0; group <= records->group_count; group++) {
        truth += groups[group].truth;
    }
    for (size_t row = 0; row < state->row_count; row++) {
        sums[row].truth = truth;
    }
}

/* Rows first, then the groups at the threshold of row 0. */
static void add_scores(const void *context, const uint8_t *weights, evaluate_sums *sums) {
    const score_state *state = context;
    const evaluate_records *records = &state->records;
    evaluate_sums *groups = sums + state->row_count, total = {0};
    bool is_grouped = records->group_count > 0;
    size_t i = 0;
    for (size_t row = 0; row < state->row_count; row++) {
        for (; i < state->row_end[row]; i++) {
            const scored_pair *pair = &state->pairs[i];
            uint32_t left = records->entity[pair->left], right = records->entity[pair->right];
            double correct = left == right ? weights[left] : 0;
            double wrong = left == right ? 0 : (double)(weights[left] * weights[right]);
            total.correct += correct;
            total.wrong += wrong;
            if (is_grouped) {
                groups[records->group[pair->left]].correct += 0.5 * correct;
                groups[records->group[pair->right]].correct += 0.5 * correct;
                groups[records->group[pair->left]].wrong += 0.5 * wrong;
                groups[records->group[pair->right]].wrong += 0.5 * wrong;
            }
        }
        sums[state->row_order[row]] = total;
        is_grouped &= state->row_order[row] != 0;
    }
    add_truth(state, weights, sums);
}

static tf_status fill_rows(const score_state *state, const evaluate_sums *sums, size_t slot_count,
                           const double *thresholds, const tf_evaluate_options *options,
                           tf_evaluate_scores *result, tf_error *error) {
    const evaluate_records *records = &state->records;
    result->rows = tf_alloc_zeroed(state->row_count, sizeof *result->rows);
    if (!result->rows) {
        return tf_fail_no_memory(error);
    }
    result->row_count = state->row_count;
    evaluate_slot slot = {sums, slot_count, 0, (double)records->all_pairs,
                          tf_evaluate_paired_entities(records)};
    for (; slot.slot < state->row_count; slot.slot++) {
        tf_evaluate_row *row = &result->rows[slot.slot];
        row->threshold = thresholds[slot.slot];
        row->lost_to_threshold = result->found - (uint64_t)sums[slot.slot].correct;
        tf_status status = tf_evaluate_quality_of(&slot, options, &row->quality, error);
        if (status != TF_OK) {
            return status;
        }
    }
    if (records->group_count == 0) {
        return TF_OK;
    }
    result->group_count = records->group_count;
    result->groups = tf_alloc_zeroed(records->group_count, sizeof *result->groups);
    return result->groups ? tf_evaluate_groups_of(records, sums, slot_count, state->row_count, 0,
                                                  options, result->groups, error)
                          : tf_fail_no_memory(error);
}

static tf_status measure_scores(score_state *state, const double *thresholds,
                                const tf_evaluate_options *options, size_t given,
                                tf_evaluate_scores *result, tf_error *error) {
    const evaluate_records *records = &state->records;
    result->all_pairs = records->all_pairs;
    result->true_pairs = records->true_pairs;
    result->compared = state->pair_count;
    result->pairs_left = given - state->pair_count;
    result->best_threshold = NAN;
    tf_status status = trace_curve(state, result, error);
    if (status != TF_OK) {
        return status;
    }
    result->lost = result->true_pairs - result->found;
    result->recall_bound = (double)result->found / (double)result->true_pairs;
    evaluate_sums *sums = NULL;
    evaluate_design design = {add_scores, state, records->entity_count,
                              state->row_count + records->group_count + 1};
    status = tf_evaluate_draw(&design, options, &sums, error);
    if (status == TF_OK) {
        status = fill_rows(state, sums, design.slot_count, thresholds, options, result, error);
    }
    tf_free(sums);
    return status;
}

tf_status tf_evaluate_scores_of(const tf_evaluate_truth *truth, const tf_evaluate_pair *pairs,
                                size_t pair_count, const double *thresholds, size_t threshold_count,
                                const tf_evaluate_options *options, tf_evaluate_scores *result_out,
                                tf_error *error) {
    *result_out = (tf_evaluate_scores){0};
    score_state state = {0};
    tf_evaluate_options checked;
    tf_status status = tf_evaluate_check_options(options, &checked, error);
    if (status == TF_OK) {
        status = tf_evaluate_records_init(&state.records, truth, error);
    }
    if (status == TF_OK) {
        state.pairs = tf_alloc(pair_count, sizeof *state.pairs);
        state.spare = tf_alloc(pair_count, sizeof *state.spare);
        status = state.pairs && state.spare ? take_pairs(&state, truth, pairs, pair_count, error)
                                            : tf_fail_no_memory(error);
    }
    if (status == TF_OK) {
        status = order_rows(&state, thresholds, threshold_count, error);
    }
    if (status == TF_OK) {
        status = measure_scores(&state, thresholds, &checked, pair_count, result_out, error);
    }
    if (status != TF_OK) {
        tf_evaluate_scores_deinit(result_out);
    }
    deinit_state(&state);
    return status;
}

void tf_evaluate_scores_deinit(tf_evaluate_scores *result) {
    tf_free(result->points);
    tf_free(result->rows);
    tf_free(result->groups);
    *result = (tf_evaluate_scores){0};
}
