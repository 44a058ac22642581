/* The agreement patterns of pairs chosen in several ways. */
#include "linkage/learn_internal.h"

#include "trefoil/base/thread.h"

#include <math.h>
#include <stdlib.h>

static const uint64_t PAIRS_A_TASK = 1 << 16;

typedef struct counting {
    tf_link_matcher *matcher;
    link_pattern_code code;
    const link_sweep *sweep; /* all pairs: of these records with all others */
    const uint32_t *lefts;
    size_t left_count;
    bool is_sample;            /* then pairs with records on either side count */
    const link_blocks *blocks; /* or those of blocks, every `step`-th task of them */
    const link_block_task *tasks;
    size_t step;
    const bool *is_held;            /* comparisons that are not looked at; NULL: none */
    uint64_t wanted;                /* or drawn at random */
    link_pattern_counter *counters; /* one a thread */
    atomic_int counter_count;
    int counter_capacity;
} counting;

typedef struct counting_thread {
    counting *work;
    link_worker worker;
    link_sweeper *sweeper;
    link_pattern_counter *counter;
    tf_status status;
    tf_error *error;
} counting_thread;

static tf_status start(link_tasks *tasks, void **own_out, tf_error *error) {
    counting *work = tasks->context;
    counting_thread *own = *own_out = tf_alloc_zeroed(1, sizeof *own);
    if (!own) {
        return tf_fail_no_memory(error);
    }
    own->work = work;
    int number = atomic_fetch_add(&work->counter_count, 1);
    own->counter = &work->counters[number];
    tf_status status = link_pattern_counter_init(own->counter, &work->code, error);
    if (!status) {
        status = link_worker_init(&own->worker, error);
    }
    if (!status && work->sweep) {
        status = link_sweeper_new(work->sweep, &own->sweeper, error);
    }
    return status;
}

static void end(link_tasks *tasks, void *context) {
    (void)tasks;
    counting_thread *own = context;
    if (own) {
        link_worker_deinit(&own->worker);
        link_sweeper_free(own->sweeper);
        tf_free(own);
    }
}

static tf_status count_pair(counting_thread *own, uint32_t a, uint32_t b, tf_error *error) {
    uint8_t levels[TF_LINK_MAX_COMPARISONS] = {0};
    const link_evidence *evidence = own->work->matcher->evidence;
    link_two two;
    link_two_begin(&two, evidence, link_evidence_row(evidence, a < b ? a : b),
                   link_evidence_row(evidence, a < b ? b : a));
    const bool *is_held = own->work->is_held;
    for (int c = 0; c < evidence->comparison_count; c++) {
        const link_evidence_comparison *comparison = &evidence->comparisons[c];
        levels[c] = (uint8_t)(is_held && is_held[c]
                                  ? comparison->comparison->level_count - 1
                                  : link_two_level(&two, evidence, comparison, &own->worker));
    }
    return link_pattern_count(own->counter, link_pattern_of(&own->work->code, levels), 1, error);
}

/* Run the tasks and gather what they counted. */
static tf_status count(counting *work, link_tasks *tasks, tf_link_patterns *patterns_out,
                       tf_error *error) {
    int threads = work->matcher->work.thread_count > 0 ? work->matcher->work.thread_count
                                                       : tf_thread_count_default();
    *patterns_out = (tf_link_patterns){0};
    work->counters = tf_alloc_zeroed((size_t)threads, sizeof *work->counters);
    if (!work->counters) {
        return tf_fail_no_memory(error);
    }
    tasks->context = work;
    tasks->start = start;
    tasks->end = end;
    tasks->step = "training";
    tf_status status = link_pattern_code_init(&work->code, work->matcher->model, error);
    if (!status) {
        status = link_tasks_run(tasks, &work->matcher->work, error);
    }
    int used = atomic_load(&work->counter_count);
    if (!status) {
        status = link_patterns_gather(work->counters, used, &work->code, patterns_out, error);
    }
    for (int i = 0; i < used; i++) {
        link_pattern_counter_deinit(&work->counters[i]);
    }
    tf_free(work->counters);
    return status;
}

/* ---- all pairs ---- */

/* Those of the pairs of `record` that begin at `first`. */
static tf_status count_range(counting_thread *own, uint32_t first, uint32_t last, tf_error *error) {
    const link_sweep *sweep = own->work->sweep;
    for (uint32_t at = first; at < last; at += LINK_TILE) {
        uint32_t end_at = last - at < LINK_TILE ? last : at + LINK_TILE;
        const uint16_t *tile = link_sweeper_tile(own->sweeper, at, end_at);
        for (uint32_t i = 0; i < end_at - at; i++) {
            tf_status status =
                link_pattern_count(own->counter, link_tile_pattern(sweep, tile, i), 1, error);
            if (status) {
                return status;
            }
        }
    }
    return TF_OK;
}

static tf_status run_all(link_tasks *tasks, void *context, size_t task, tf_error *error) {
    counting *work = tasks->context;
    counting_thread *own = context;
    uint32_t record = work->lefts[task];
    uint32_t first, last;
    link_partners(work->matcher->records, work->matcher->model->type, record, &first, &last);
    if (first >= last) {
        return TF_OK;
    }
    tf_status status = link_sweeper_take(own->sweeper, record, first, last, error);
    return status ? status : count_range(own, first, last, error);
}

/* Records drawn without replacement, in order: about so many pairs as left ones.  A record's pairs
 * as the left one are those behind it, so that every pair is as likely as any other. */
static tf_status draw_lefts(const tf_link_matcher *matcher, uint64_t most, uint32_t **lefts_out,
                            size_t *count_out, tf_error *error) {
    uint32_t records = matcher->records->count;
    double share = (double)most / fmax(1, link_allowed_pairs(matcher));
    tf_random random;
    tf_random_init(&random, matcher->work.seed, 1);
    *lefts_out = tf_alloc(records, sizeof **lefts_out);
    *count_out = 0;
    if (!*lefts_out) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t r = 0; r < records; r++) {
        if (share >= 1 || tf_random_unit(&random) < share) {
            (*lefts_out)[(*count_out)++] = r;
        }
    }
    return TF_OK;
}

tf_status link_count_all(tf_link_matcher *matcher, uint64_t most, tf_link_patterns *patterns_out,
                         tf_error *error) {
    counting work = {.matcher = matcher};
    const link_sweep *sweep = NULL;
    uint32_t *lefts = NULL;
    *patterns_out = (tf_link_patterns){0};
    tf_status status = draw_lefts(matcher, most, &lefts, &work.left_count, error);
    if (!status) {
        status = link_matcher_sweep(matcher, work.left_count, &sweep, error);
    }
    work.sweep = sweep;
    work.lefts = lefts;
    link_tasks tasks = {.run = run_all, .count = work.left_count};
    if (!status) {
        status = count(&work, &tasks, patterns_out, error);
    }
    tf_free(lefts);
    return status;
}

/* ---- random pairs ---- */

static tf_status run_random(link_tasks *tasks, void *context, size_t task, tf_error *error) {
    counting *work = tasks->context;
    const tf_link_records *records = work->matcher->records;
    uint64_t wanted = work->wanted - (uint64_t)task * PAIRS_A_TASK;
    uint64_t tries = PAIRS_A_TASK * 64;
    tf_random random;
    tf_random_init(&random, work->matcher->work.seed, 1000 + task);
    wanted = wanted < PAIRS_A_TASK ? wanted : PAIRS_A_TASK;
    for (uint64_t found = 0; found < wanted && tries; tries--) {
        uint32_t a = tf_random_below(&random, records->count);
        uint32_t b = tf_random_below(&random, records->count);
        if (a != b && link_type_allows(work->matcher->model->type, records, a, b)) {
            tf_status status = count_pair(context, a, b, error);
            if (status) {
                return status;
            }
            found++;
        }
    }
    return TF_OK;
}

tf_status link_count_random(tf_link_matcher *matcher, uint64_t wanted,
                            tf_link_patterns *patterns_out, tf_error *error) {
    counting work = {.matcher = matcher, .wanted = wanted};
    link_tasks tasks = {.run = run_random,
                        .count = (size_t)((wanted + PAIRS_A_TASK - 1) / PAIRS_A_TASK)};
    return count(&work, &tasks, patterns_out, error);
}

/* ---- pairs of blocks ---- */

static bool count_others(void *context, int rule, uint32_t record, const uint32_t *others,
                         size_t other_count) {
    (void)rule;
    counting_thread *own = context;
    for (size_t i = 0; i < other_count && !own->status; i++) {
        own->status = count_pair(own, record, others[i], own->error);
    }
    return !own->status;
}

static tf_status run_blocked(link_tasks *tasks, void *context, size_t task, tf_error *error) {
    counting *work = tasks->context;
    counting_thread *own = context;
    own->error = error;
    link_blocks_each(work->blocks, &work->tasks[task * work->step], count_others, own);
    return own->status;
}

static tf_status block_rules(tf_link_matcher *matcher, const tf_link_rule *rules, int rule_count,
                             link_blocks **blocks_out, tf_error *error) {
    return link_blocks_new(matcher->records, &matcher->reading, rules, rule_count,
                           matcher->model->type, TF_LINK_MEMBERS_USUAL, matcher->work.thread_count,
                           blocks_out, error);
}

tf_status link_count_blocked(tf_link_matcher *matcher, const tf_link_rule *rule, uint64_t most,
                             const bool *is_held, tf_link_patterns *patterns_out,
                             double *all_pairs_out, tf_error *error) {
    counting work = {.matcher = matcher, .is_held = is_held};
    link_blocks *blocks = NULL;
    link_block_task *block_tasks = NULL;
    size_t task_count = 0;
    *patterns_out = (tf_link_patterns){0};
    tf_status status = block_rules(matcher, rule, 1, &blocks, error);
    if (!status) {
        status = link_blocks_divide(blocks, PAIRS_A_TASK / 4, &block_tasks, &task_count, error);
    }
    if (!status) {
        /* A part of the tasks, evenly spread, is a sample of blocks. */
        uint64_t pairs = blocks->rules[0].report.pairs;
        *all_pairs_out = (double)pairs;
        work.step = (size_t)(pairs / (most ? most : 1)) + 1;
        work.blocks = blocks;
        work.tasks = block_tasks;
        link_tasks tasks = {.run = run_blocked, .count = (task_count + work.step - 1) / work.step};
        status = count(&work, &tasks, patterns_out, error);
    }
    tf_free(block_tasks);
    link_blocks_free(blocks);
    return status;
}

static bool add_count(void *context, int rule, uint32_t record, const uint32_t *others,
                      size_t other_count) {
    (void)rule;
    (void)record;
    (void)others;
    *(double *)context += (double)other_count;
    return true;
}

tf_status link_count_pairs(tf_link_matcher *matcher, const tf_link_rule *rules, int rule_count,
                           double *pairs_out, tf_error *error) {
    link_blocks *blocks = NULL;
    link_block_task *tasks = NULL;
    size_t task_count = 0;
    *pairs_out = 0;
    tf_status status = block_rules(matcher, rules, rule_count, &blocks, error);
    if (!status) {
        status = link_blocks_divide(blocks, UINT64_MAX, &tasks, &task_count, error);
    }
    for (size_t i = 0; i < task_count && !status; i++) {
        link_blocks_each(blocks, &tasks[i], add_count, pairs_out);
    }
    tf_free(tasks);
    link_blocks_free(blocks);
    return status;
}

/* ---- what is there ---- */

double link_filled(const tf_link_matcher *matcher, const char *column) {
    uint32_t found = tf_link_records_column(matcher->records, tf_text_of(column));
    return found == UINT32_MAX ? 0 : tf_link_records_filled(matcher->records, found);
}

tf_status link_combine_m(tf_link_model *model, const tf_link_training *trainings, int count,
                         int *defaulted_out, tf_error *error) {
    double(*u)[TF_LINK_MAX_LEVELS] = tf_alloc((size_t)model->comparison_count, sizeof *u);
    if (!u) {
        return tf_fail_no_memory(error);
    }
    *defaulted_out = 0;
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            bool is_trained = model->comparisons[c].levels[i].is_null;
            for (int t = 0; t < count; t++) {
                is_trained =
                    is_trained ||
                    trainings[t].levels[(size_t)c * TF_LINK_MAX_LEVELS + (size_t)i].is_trained;
            }
            *defaulted_out += !is_trained;
            u[c][i] = model->comparisons[c].levels[i].u;
        }
    }
    tf_status status = count ? tf_link_combine(model, trainings, NULL, count, error) : TF_OK;
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            model->comparisons[c].levels[i].u = u[c][i];
        }
    }
    tf_free(u);
    return status;
}
