/* What blocking misses, from records that are compared with all others. */
#include "linkage/predict_internal.h"

#include "linkage/evaluate_internal.h"

#include <math.h>
#include <stdlib.h>

/* Pairs that a certificate may cost; a probe costs as many as there are records. */
static const double PAIRS_AFFORDED = 1e7;

/* Pairs of a lower match probability are not looked for: a hundred of them make one match. */
static const double LEAST_PROBABILITY = 0.01;
static const double CONFIDENCE = 0.95;

enum { PROBES_LEAST = 10, PROBES_MOST = 1000, PART = 1 << 15, REPLICATES = 1000 };

typedef struct found_matches {
    double all;
    double by_blocks;
} found_matches;

typedef struct certifying {
    tf_link_matcher *matcher;
    const link_blocks *blocks;
    const uint32_t *probes;
    uint32_t parts;       /* of the records, for each probe */
    found_matches *found; /* by task: probe after probe, part after part */
} certifying;

static void probe_others(const certifying *work, uint32_t record, const uint32_t *others,
                         size_t count, link_worker *worker, found_matches *found) {
    link_scored scored[LINK_BATCH];
    double least = tf_link_weight_of_probability(LEAST_PROBABILITY);
    size_t scored_count =
        link_scorer_select(work->matcher->scorer, record, others, count, least, worker, scored);
    for (size_t i = 0; i < scored_count; i++) {
        double probability = tf_link_probability_of_weight(scored[i].weight);
        found->all += probability;
        if (link_blocks_find(work->blocks, record, others[scored[i].other])) {
            found->by_blocks += probability;
        }
    }
}

static tf_status run_probe(link_tasks *tasks, void *own, size_t task, tf_error *error) {
    (void)error;
    certifying *work = tasks->context;
    const tf_link_records *records = work->matcher->records;
    uint32_t record = work->probes[task / work->parts];
    uint32_t first = (uint32_t)(task % work->parts) * PART;
    uint32_t last = records->count - first < PART ? records->count : first + PART;
    uint32_t others[LINK_BATCH];
    size_t count = 0;
    for (uint32_t other = first; other < last; other++) {
        if (other != record &&
            link_type_allows(work->matcher->model->type, records, record, other)) {
            others[count++] = other;
        }
        if (count == LINK_BATCH || (other + 1 == last && count)) {
            probe_others(work, record, others, count, own, &work->found[task]);
            count = 0;
        }
    }
    return TF_OK;
}

static int compare_numbers(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The share found, and a percentile interval over the probes; never narrower than Wilson's for so
 * many matches, as probes that miss nothing do not show that nothing is missed. */
static tf_status estimate(const found_matches *found, uint32_t probes, uint64_t seed,
                          tf_link_certificate *certificate, tf_error *error) {
    double *shares = tf_alloc(REPLICATES, sizeof *shares);
    if (!shares) {
        return tf_fail_no_memory(error);
    }
    tf_random random;
    tf_random_init(&random, seed, 77);
    size_t drawn = 0;
    for (int r = 0; r < REPLICATES; r++) {
        found_matches sum = {0, 0};
        for (uint32_t i = 0; i < probes; i++) {
            const found_matches *one = &found[tf_random_below(&random, probes)];
            sum.all += one->all;
            sum.by_blocks += one->by_blocks;
        }
        if (sum.all > 0) {
            shares[drawn++] = sum.by_blocks / sum.all;
        }
    }
    qsort(shares, drawn, sizeof *shares, compare_numbers);
    double share = certificate->matches > 0 ? certificate->found / certificate->matches : NAN;
    tf_interval wilson = tf_evaluate_wilson(share, certificate->matches, CONFIDENCE);
    certificate->recall = wilson;
    if (drawn) {
        size_t tail = (size_t)((1 - CONFIDENCE) / 2 * (double)drawn);
        certificate->recall.lower = fmin(wilson.lower, shares[tail]);
        certificate->recall.upper = fmax(wilson.upper, shares[drawn - 1 - tail]);
    }
    tf_free(shares);
    return TF_OK;
}

/* Records without replacement, as many as asked for, in order. */
static tf_status draw_probes(const tf_link_matcher *matcher, uint32_t wanted, uint32_t **probes_out,
                             uint32_t *count_out, tf_error *error) {
    uint32_t records = matcher->records->count;
    wanted = wanted < records ? wanted : records;
    uint32_t *probes = *probes_out = tf_alloc(wanted, sizeof *probes);
    if (!probes) {
        return tf_fail_no_memory(error);
    }
    tf_random random;
    tf_random_init(&random, matcher->work.seed, 76);
    uint32_t count = 0;
    for (uint32_t r = 0; r < records && count < wanted; r++) {
        if (tf_random_below(&random, records - r) < wanted - count) {
            probes[count++] = r;
        }
    }
    *count_out = count;
    return TF_OK;
}

static uint32_t usual_probes(uint32_t records) {
    double afforded = PAIRS_AFFORDED / fmax(1, records);
    return (uint32_t)fmin(PROBES_MOST, fmax(PROBES_LEAST, afforded));
}

tf_status link_certify(tf_link_matcher *matcher, const link_blocks *blocks, uint32_t probes,
                       tf_link_certificate *certificate_out, tf_error *error) {
    certifying work = {.matcher = matcher, .blocks = blocks};
    uint32_t *drawn = NULL;
    uint32_t count = 0;
    uint32_t records = matcher->records->count;
    *certificate_out = (tf_link_certificate){0};
    tf_status status =
        draw_probes(matcher, probes ? probes : usual_probes(records), &drawn, &count, error);
    work.probes = drawn;
    work.parts = (records + PART - 1) / PART;
    size_t task_count = (size_t)count * work.parts;
    if (!status) {
        work.found = tf_alloc_zeroed(task_count, sizeof *work.found);
        status = work.found ? TF_OK : tf_fail_no_memory(error);
    }
    link_tasks tasks = {.start = link_worker_start,
                        .run = run_probe,
                        .end = link_worker_end,
                        .context = &work,
                        .count = task_count,
                        .step = "certificate"};
    if (!status && task_count) {
        status = link_tasks_run(&tasks, &matcher->work, error);
    }
    for (uint32_t i = 0; i < count && !status; i++) {
        found_matches sum = {0, 0};
        for (uint32_t p = 0; p < work.parts; p++) {
            sum.all += work.found[(size_t)i * work.parts + p].all;
            sum.by_blocks += work.found[(size_t)i * work.parts + p].by_blocks;
        }
        work.found[i] = sum; /* behind what is still to be read */
        certificate_out->matches += sum.all;
        certificate_out->found += sum.by_blocks;
    }
    if (!status && count) {
        certificate_out->records = count;
        /* Each pair could have been met from either of its records. */
        certificate_out->missed =
            (certificate_out->matches - certificate_out->found) / count * records / 2;
        status = estimate(work.found, count, matcher->work.seed, certificate_out, error);
    }
    tf_free(drawn);
    tf_free(work.found);
    return status;
}
