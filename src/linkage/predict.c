#include "linkage/predict_internal.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

static const uint64_t PAIRS_A_TASK = 1 << 17;

enum { RADIX_BITS = 11, RADIX = 1 << RADIX_BITS };

void tf_link_prediction_deinit(tf_link_prediction *prediction) {
    tf_free(prediction->pairs);
    tf_free(prediction->rules);
    *prediction = (tf_link_prediction){0};
}

/* What one task kept. */
typedef struct kept_pairs {
    tf_link_pair *items;
    size_t count;
    size_t capacity;
    uint64_t compared;
} kept_pairs;

typedef struct predicting {
    tf_link_matcher *matcher;
    const tf_link_predict_options *options;
    const link_blocks *blocks; /* or: */
    const link_sweep *sweep;
    float *bounds[LINK_MOST_GROUPS];
    const link_block_task *tasks;
    const uint32_t *lefts; /* where each task of a sweep starts; one more at the end */
    kept_pairs *kept;      /* by task */
    size_t task_count;
    atomic_size_t kept_count;
} predicting;

static tf_status keep(predicting *work, kept_pairs *kept, uint32_t a, uint32_t b, double weight,
                      int32_t rule, tf_error *error) {
    tf_status status =
        tf_reserve(&kept->items, &kept->capacity, kept->count + 1, sizeof *kept->items, error);
    if (status) {
        return status;
    }
    kept->items[kept->count++] = (tf_link_pair){a < b ? a : b, a < b ? b : a, weight, rule};
    size_t limit = work->matcher->work.memory_limit;
    size_t count = atomic_fetch_add(&work->kept_count, 1) + 1;
    if (limit && count * sizeof *kept->items > limit) {
        return tf_fail(error, TF_NO_MEMORY, NULL, 0,
                       "more than %zu pairs reach the threshold, and they take more than the %zu "
                       "MB that were allowed; raise the threshold, or allow more memory",
                       count - 1, limit >> 20);
    }
    return TF_OK;
}

/* ---- by blocks ---- */

typedef struct block_thread {
    predicting *work;
    link_worker worker;
    kept_pairs *kept;
    tf_status status;
    tf_error *error;
} block_thread;

static tf_status start_blocks(link_tasks *tasks, void **own_out, tf_error *error) {
    block_thread *own = *own_out = tf_alloc_zeroed(1, sizeof *own);
    if (!own) {
        return tf_fail_no_memory(error);
    }
    own->work = tasks->context;
    return link_worker_init(&own->worker, error);
}

static void end_blocks(link_tasks *tasks, void *context) {
    (void)tasks;
    block_thread *own = context;
    if (own) {
        link_worker_deinit(&own->worker);
        tf_free(own);
    }
}

static bool score_pairs(void *context, int rule, uint32_t record, const uint32_t *others,
                        size_t count) {
    block_thread *own = context;
    link_scored scored[LINK_BATCH];
    own->kept->compared += count;
    size_t found = link_scorer_select(own->work->matcher->scorer, record, others, count,
                                      own->work->options->threshold, &own->worker, scored);
    for (size_t i = 0; i < found && !own->status; i++) {
        own->status = keep(own->work, own->kept, record, others[scored[i].other], scored[i].weight,
                           rule, own->error);
    }
    return !own->status;
}

static tf_status run_block(link_tasks *tasks, void *context, size_t task, tf_error *error) {
    (void)tasks;
    block_thread *own = context;
    own->kept = &own->work->kept[task];
    own->error = error;
    link_blocks_each(own->work->blocks, &own->work->tasks[task], score_pairs, own);
    return own->status;
}

/* ---- all pairs ---- */

static tf_status start_sweep(link_tasks *tasks, void **own_out, tf_error *error) {
    const predicting *work = tasks->context;
    link_sweeper *sweeper;
    tf_status status = link_sweeper_new(work->sweep, &sweeper, error);
    *own_out = sweeper;
    return status;
}

static void end_sweep(link_tasks *tasks, void *own) {
    (void)tasks;
    link_sweeper_free(own);
}

/* Score those of a tile that may reach the threshold. */
static tf_status score_tile(predicting *work, kept_pairs *kept, const uint16_t *tile,
                            uint32_t record, uint32_t first, uint32_t count, tf_error *error) {
    const link_sweep *sweep = work->sweep;
    const link_scorer *scorer = work->matcher->scorer;
    const link_evidence *evidence = scorer->evidence;
    double threshold = work->options->threshold;
    float least = nextafterf((float)(threshold - scorer->prior_weight), -INFINITY) - 1e-4F;
    uint8_t levels[TF_LINK_MAX_COMPARISONS];
    for (uint32_t i = 0; i < count; i++) {
        float bound = work->bounds[0][tile[i]];
        for (int g = 1; g < sweep->group_count; g++) {
            bound += work->bounds[g][tile[(size_t)g * LINK_TILE + i]];
        }
        if (bound < least) {
            continue;
        }
        uint64_t pattern = link_tile_pattern(sweep, tile, i);
        for (int c = 0; c < evidence->comparison_count; c++) {
            levels[c] = link_pattern_level(&sweep->code, pattern, c);
        }
        double weight = link_scorer_sum(scorer, levels, link_evidence_row(evidence, record),
                                        link_evidence_row(evidence, first + i));
        if (weight >= threshold) {
            tf_status status = keep(work, kept, record, first + i, weight, -1, error);
            if (status) {
                return status;
            }
        }
    }
    return TF_OK;
}

static tf_status run_sweep(link_tasks *tasks, void *own, size_t task, tf_error *error) {
    predicting *work = tasks->context;
    link_sweeper *sweeper = own;
    kept_pairs *kept = &work->kept[task];
    for (uint32_t record = work->lefts[task]; record < work->lefts[task + 1]; record++) {
        uint32_t first, last;
        link_partners(work->matcher->records, work->matcher->model->type, record, &first, &last);
        if (first >= last) {
            continue;
        }
        tf_status status = link_sweeper_take(sweeper, record, first, last, error);
        if (status) {
            return status;
        }
        kept->compared += last - first;
        for (uint32_t at = first; at < last; at += LINK_TILE) {
            uint32_t end = last - at < LINK_TILE ? last : at + LINK_TILE;
            const uint16_t *tile = link_sweeper_tile(sweeper, at, end);
            status = score_tile(work, kept, tile, record, at, end - at, error);
            if (status) {
                return status;
            }
        }
    }
    return TF_OK;
}

/* Where tasks of about so many pairs start. */
static tf_status divide_sweep(const tf_link_matcher *matcher, uint32_t **lefts_out,
                              size_t *count_out, tf_error *error) {
    size_t capacity = 0;
    size_t count = 0;
    uint64_t pairs = PAIRS_A_TASK * 8;
    *lefts_out = NULL;
    for (uint32_t r = 0; r < matcher->records->count; r++) {
        uint32_t first, last;
        link_partners(matcher->records, matcher->model->type, r, &first, &last);
        if (pairs >= PAIRS_A_TASK * 8) {
            tf_status status =
                tf_reserve(lefts_out, &capacity, count + 2, sizeof **lefts_out, error);
            if (status) {
                return status;
            }
            (*lefts_out)[count++] = r;
            pairs = 0;
        }
        pairs += last > first ? last - first : 0;
    }
    if (count) {
        (*lefts_out)[count] = matcher->records->count;
    }
    *count_out = count;
    return TF_OK;
}

/* ---- what came of it ---- */

static int compare_pairs(const void *a, const void *b) {
    const tf_link_pair *x = a;
    const tf_link_pair *y = b;
    if (x->left != y->left) {
        return x->left < y->left ? -1 : 1;
    }
    return (x->right > y->right) - (x->right < y->right);
}

/* By left, then right. */
static tf_status sort_pairs(tf_link_pair **pairs, size_t count, tf_error *error) {
    bool is_sorted = true;
    uint64_t all_bits = 0;
    for (size_t i = 0; i < count; i++) {
        is_sorted = is_sorted && (i == 0 || compare_pairs(*pairs + i - 1, *pairs + i) < 0);
        all_bits |= (uint64_t)(*pairs)[i].left << 32 | (*pairs)[i].right;
    }
    if (is_sorted) {
        return TF_OK;
    }
    tf_link_pair *spare = tf_alloc(count, sizeof *spare);
    if (!spare) {
        return tf_fail_no_memory(error);
    }
    for (int shift = 0; shift < 64; shift += RADIX_BITS) {
        if (!(all_bits >> shift & (RADIX - 1))) {
            continue;
        }
        size_t starts[RADIX + 1] = {0};
        for (size_t i = 0; i < count; i++) {
            uint64_t key = (uint64_t)(*pairs)[i].left << 32 | (*pairs)[i].right;
            starts[(key >> shift & (RADIX - 1)) + 1]++;
        }
        for (int i = 0; i < RADIX; i++) {
            starts[i + 1] += starts[i];
        }
        for (size_t i = 0; i < count; i++) {
            uint64_t key = (uint64_t)(*pairs)[i].left << 32 | (*pairs)[i].right;
            spare[starts[key >> shift & (RADIX - 1)]++] = (*pairs)[i];
        }
        tf_link_pair *sorted = spare;
        spare = *pairs;
        *pairs = sorted;
    }
    tf_free(spare);
    return TF_OK;
}

static tf_status gather(predicting *work, tf_link_prediction *prediction, tf_error *error) {
    size_t count = 0;
    for (size_t t = 0; t < work->task_count; t++) {
        count += work->kept[t].count;
        prediction->compared_pairs += work->kept[t].compared;
    }
    prediction->pairs = tf_alloc(count, sizeof *prediction->pairs);
    if (!prediction->pairs) {
        return tf_fail_no_memory(error);
    }
    for (size_t t = 0; t < work->task_count; t++) {
        kept_pairs *kept = &work->kept[t];
        if (kept->count) {
            memcpy(prediction->pairs + prediction->pair_count, kept->items,
                   kept->count * sizeof *kept->items);
        }
        prediction->pair_count += kept->count;
        tf_free(kept->items);
        kept->items = NULL;
    }
    return sort_pairs(&prediction->pairs, prediction->pair_count, error);
}

static tf_status run(predicting *work, link_tasks *tasks, tf_link_prediction *prediction,
                     tf_error *error) {
    tasks->context = work;
    tasks->count = work->task_count;
    tasks->step = "pairs";
    work->kept = tf_alloc_zeroed(work->task_count, sizeof *work->kept);
    if (!work->kept) {
        return tf_fail_no_memory(error);
    }
    tf_status status = link_tasks_run(tasks, &work->matcher->work, error);
    return status ? status : gather(work, prediction, error);
}

static void predicting_deinit(predicting *work) {
    for (size_t t = 0; work->kept && t < work->task_count; t++) {
        tf_free(work->kept[t].items);
    }
    tf_free(work->kept);
    for (int g = 0; g < LINK_MOST_GROUPS; g++) {
        tf_free(work->bounds[g]);
    }
    tf_free((void *)work->lefts);
    tf_free((void *)work->tasks);
}

static tf_status predict_all(predicting *work, tf_link_prediction *prediction, tf_error *error) {
    const link_sweep *sweep = NULL;
    uint32_t *lefts = NULL;
    tf_status status =
        link_matcher_sweep(work->matcher, work->matcher->records->count, &sweep, error);
    if (!status) {
        status = link_sweep_bounds(sweep, work->matcher->scorer, work->bounds, error);
    }
    if (!status) {
        status = divide_sweep(work->matcher, &lefts, &work->task_count, error);
    }
    work->sweep = sweep;
    work->lefts = lefts;
    link_tasks tasks = {.start = start_sweep, .run = run_sweep, .end = end_sweep};
    if (!status) {
        status = run(work, &tasks, prediction, error);
    }
    return status;
}

/* What each rule found. */
static tf_status report_rules(const predicting *work, tf_link_prediction *prediction,
                              tf_error *error) {
    const link_blocks *blocks = work->blocks;
    prediction->rule_count = blocks->rule_count;
    prediction->rules = tf_alloc_zeroed((size_t)blocks->rule_count, sizeof *prediction->rules);
    if (!prediction->rules) {
        return tf_fail_no_memory(error);
    }
    for (int r = 0; r < blocks->rule_count; r++) {
        prediction->rules[r] = blocks->rules[r].report;
    }
    for (size_t t = 0; t < work->task_count; t++) {
        prediction->rules[work->tasks[t].rule].new_pairs += work->kept[t].compared;
    }
    return TF_OK;
}

static tf_status predict_blocks(predicting *work, tf_link_prediction *prediction, tf_error *error) {
    const tf_link_matcher *matcher = work->matcher;
    uint32_t most = work->options->most_members;
    link_blocks *blocks = NULL;
    link_block_task *block_tasks = NULL;
    tf_status status = link_blocks_new(matcher->records, &matcher->reading, matcher->model->rules,
                                       matcher->model->rule_count, matcher->model->type,
                                       most ? most : TF_LINK_MEMBERS_USUAL,
                                       matcher->work.thread_count, &blocks, error);
    if (!status) {
        status = link_blocks_divide(blocks, PAIRS_A_TASK, &block_tasks, &work->task_count, error);
    }
    work->blocks = blocks;
    work->tasks = block_tasks;
    link_tasks tasks = {.start = start_blocks, .run = run_block, .end = end_blocks};
    if (!status) {
        status = link_scorer_prepare(matcher->scorer, error);
    }
    if (!status) {
        status = run(work, &tasks, prediction, error);
    }
    if (!status) {
        status = report_rules(work, prediction, error);
    }
    if (!status && !work->options->is_uncertified) {
        status = link_certify(work->matcher, blocks, work->options->probe_records,
                              &prediction->certificate, error);
    }
    link_blocks_free(blocks);
    return status;
}

double link_allowed_pairs(const tf_link_matcher *matcher) {
    const tf_link_records *records = matcher->records;
    uint32_t sizes[TF_LINK_MAX_SOURCES];
    for (uint16_t s = 0; s < records->source_count; s++) {
        sizes[s] = tf_link_records_source_size(records, s);
    }
    return tf_link_pair_count(matcher->model->type, sizes, records->source_count);
}

bool link_is_exhaustive(const tf_link_matcher *matcher, tf_link_method method) {
    return method == TF_LINK_EXHAUSTIVE || matcher->model->rule_count == 0 ||
           (method == TF_LINK_BY_SIZE && link_allowed_pairs(matcher) <= TF_LINK_EXHAUSTIVE_PAIRS);
}

tf_status tf_link_predict(tf_link_matcher *matcher, const tf_link_predict_options *options,
                          tf_link_prediction *prediction_out, tf_error *error) {
    *prediction_out = (tf_link_prediction){0};
    tf_status status = link_matcher_weigh(matcher, error);
    if (status) {
        return status;
    }
    prediction_out->allowed_pairs = link_allowed_pairs(matcher);
    prediction_out->is_exhaustive = link_is_exhaustive(matcher, options->method);
    predicting work = {.matcher = matcher, .options = options};
    status = prediction_out->is_exhaustive ? predict_all(&work, prediction_out, error)
                                           : predict_blocks(&work, prediction_out, error);
    predicting_deinit(&work);
    if (!status && options->most_a_record) {
        status = link_keep_best(prediction_out, options->most_a_record, error);
    }
    if (status) {
        tf_link_prediction_deinit(prediction_out);
    }
    return status;
}
