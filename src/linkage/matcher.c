#include "linkage/matcher_internal.h"

#include "trefoil/base/thread.h"

#include <stdatomic.h>

void tf_link_matcher_free(tf_link_matcher *matcher) {
    if (matcher) {
        link_sweep_free(matcher->sweep);
        link_worker_deinit(&matcher->worker);
        link_scorer_free(matcher->scorer);
        link_evidence_free(matcher->evidence);
        tf_free(matcher);
    }
}

tf_status tf_link_matcher_new(const tf_link_model *model, const tf_link_records *records,
                              const tf_link_work *work, tf_link_matcher **matcher_out,
                              tf_error *error) {
    *matcher_out = NULL;
    tf_link_matcher *matcher = tf_alloc_zeroed(1, sizeof *matcher);
    if (!matcher) {
        return tf_fail_no_memory(error);
    }
    matcher->model = model;
    matcher->records = records;
    matcher->work = *work;
    matcher->reading = (link_reading){
        .model = model,
        .standardiser = work->standardiser ? work->standardiser : &matcher->plain,
        .nicknames = work->nicknames,
    };
    tf_status status = link_evidence_new(records, &matcher->reading, work->thread_count,
                                         &matcher->evidence, error);
    if (!status) {
        status = link_worker_init(&matcher->worker, error);
    }
    if (status) {
        tf_link_matcher_free(matcher);
        return status;
    }
    matcher->basis = (link_basis){&matcher->evidence->derivation, matcher->evidence->rows,
                                  matcher->evidence->stride};
    matcher->reading.basis = &matcher->basis;
    *matcher_out = matcher;
    return TF_OK;
}

/* Of what of a model may change while a matcher has it. */
static uint64_t hash_weights(const tf_link_model *model) {
    uint64_t hash = tf_hash(&model->prior, sizeof model->prior);
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            const tf_link_level *level = &model->comparisons[c].levels[i];
            double parts[3] = {level->m, level->u, 0};
            memcpy(&parts[2], &hash, sizeof hash);
            hash = tf_hash(parts, sizeof parts);
        }
    }
    return hash;
}

tf_status link_matcher_weigh(tf_link_matcher *matcher, tf_error *error) {
    uint64_t hash = hash_weights(matcher->model);
    if (matcher->scorer && matcher->weighed == hash) {
        return TF_OK;
    }
    tf_status status = matcher->scorer
                           ? link_scorer_weigh(matcher->scorer, error)
                           : link_scorer_new(matcher->evidence, &matcher->scorer, error);
    matcher->weighed = status ? 0 : hash;
    return status;
}

tf_status link_matcher_sweep(tf_link_matcher *matcher, uint64_t record_count,
                             const link_sweep **sweep_out, tf_error *error) {
    /* Half of all pairs of values cost as much as the values of half the records, one by one; and
     * most likely what is swept once is swept again. */
    bool is_worth_it = record_count > matcher->records->count / 16;
    tf_status status =
        matcher->sweep ? TF_OK : link_sweep_new(matcher->evidence, &matcher->sweep, error);
    if (!status && is_worth_it) {
        status = link_sweep_relate(matcher->sweep, matcher->work.thread_count, error);
    }
    *sweep_out = matcher->sweep;
    return status;
}

static tf_status check_records(const tf_link_matcher *matcher, uint32_t left, uint32_t right,
                               tf_error *error) {
    uint32_t count = matcher->records->count;
    if (left < count && right < count) {
        return TF_OK;
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0, "there is no record %u; there are %u",
                   left < count ? right : left, count);
}

static tf_status levels_by(const tf_link_matcher *matcher, uint32_t left, uint32_t right,
                           link_worker *worker, uint8_t *levels_out, tf_error *error) {
    tf_status status = check_records(matcher, left, right, error);
    if (status) {
        return status;
    }
    const link_evidence *evidence = matcher->evidence;
    link_two two;
    link_two_begin(&two, evidence, link_evidence_row(evidence, left < right ? left : right),
                   link_evidence_row(evidence, left < right ? right : left));
    for (int c = 0; c < evidence->comparison_count; c++) {
        levels_out[c] = (uint8_t)link_two_level(&two, evidence, &evidence->comparisons[c], worker);
    }
    return TF_OK;
}

tf_status tf_link_matcher_levels(tf_link_matcher *matcher, uint32_t left, uint32_t right,
                                 uint8_t *levels_out, tf_error *error) {
    return levels_by(matcher, left, right, &matcher->worker, levels_out, error);
}

tf_status tf_link_matcher_explain(tf_link_matcher *matcher, uint32_t left, uint32_t right,
                                  tf_link_reason *reasons_out, double *weight_out,
                                  tf_error *error) {
    uint8_t levels[TF_LINK_MAX_COMPARISONS];
    tf_status status = link_matcher_weigh(matcher, error);
    if (!status) {
        status = tf_link_matcher_levels(matcher, left, right, levels, error);
    }
    if (status) {
        return status;
    }
    const uint32_t *left_row = link_evidence_row(matcher->evidence, left < right ? left : right);
    const uint32_t *right_row = link_evidence_row(matcher->evidence, left < right ? right : left);
    for (int c = 0; c < matcher->model->comparison_count; c++) {
        double weight = tf_link_level_weight(&matcher->model->comparisons[c].levels[levels[c]]);
        double term = link_scorer_term(matcher->scorer, c, levels[c], left_row, right_row);
        reasons_out[c] = (tf_link_reason){levels[c], weight, term - weight};
    }
    *weight_out = link_scorer_sum(matcher->scorer, levels, left_row, right_row);
    return TF_OK;
}

void link_partners(const tf_link_records *records, tf_link_type type, uint32_t record,
                   uint32_t *first_out, uint32_t *last_out) {
    uint32_t end = records->source_starts[records->sources[record] + 1];
    *first_out = type == TF_LINK_BETWEEN ? end : record + 1;
    *last_out = type == TF_LINK_DEDUPE ? end : records->count;
}

/* ---- tasks ---- */

typedef struct task_run {
    link_tasks *tasks;
    const tf_link_watch *watch;
    atomic_size_t next;
    atomic_size_t done;
    atomic_int failed;
    pthread_mutex_t watching;
    tf_status status;
    tf_error *error;
} task_run;

static void fail_run(task_run *run, tf_status status, const tf_error *error) {
    int expected = 0;
    if (atomic_compare_exchange_strong(&run->failed, &expected, 1)) {
        run->status = status;
        if (run->error) {
            *run->error = *error;
        }
    }
}

static void watch_run(task_run *run) {
    size_t done = atomic_fetch_add(&run->done, 1) + 1;
    if (!run->watch || pthread_mutex_trylock(&run->watching) != 0) {
        return;
    }
    double share = (double)done / (double)run->tasks->count;
    if (!run->watch->on_progress(run->watch->context, run->tasks->step, share)) {
        tf_error error;
        tf_status status =
            tf_fail(&error, TF_IO, NULL, 0, "the linkage was interrupted; nothing was written");
        fail_run(run, status, &error);
    }
    pthread_mutex_unlock(&run->watching);
}

static void run_tasks(void *context, int thread) {
    (void)thread;
    task_run *run = context;
    void *own = NULL;
    tf_error error = {0};
    tf_status status = run->tasks->start(run->tasks, &own, &error);
    while (!status && !atomic_load(&run->failed)) {
        size_t task = atomic_fetch_add(&run->next, 1);
        if (task >= run->tasks->count) {
            break;
        }
        status = run->tasks->run(run->tasks, own, task, &error);
        watch_run(run);
    }
    run->tasks->end(run->tasks, own);
    if (status) {
        fail_run(run, status, &error);
    }
}

tf_status link_tasks_run(link_tasks *tasks, const tf_link_work *work, tf_error *error) {
    task_run run = {.tasks = tasks, .watch = work->watch, .error = error};
    pthread_mutex_init(&run.watching, NULL);
    tf_parallel(work->thread_count, run_tasks, &run);
    pthread_mutex_destroy(&run.watching);
    return run.status;
}

tf_status link_worker_start(link_tasks *tasks, void **own_out, tf_error *error) {
    (void)tasks;
    link_worker *worker = *own_out = tf_alloc_zeroed(1, sizeof *worker);
    return worker ? link_worker_init(worker, error) : tf_fail_no_memory(error);
}

void link_worker_end(link_tasks *tasks, void *own) {
    (void)tasks;
    if (own) {
        link_worker_deinit(own);
        tf_free(own);
    }
}

/* ---- the levels of many pairs ---- */

enum { PAIRS_A_TASK = 4096 };

typedef struct levelling {
    tf_link_matcher *matcher;
    const tf_link_pair *pairs;
    size_t pair_count;
    uint8_t *levels;
} levelling;

static tf_status find_levels(link_tasks *tasks, void *own, size_t task, tf_error *error) {
    const levelling *work = tasks->context;
    size_t comparisons = (size_t)work->matcher->evidence->comparison_count;
    size_t end = (task + 1) * PAIRS_A_TASK;
    end = end < work->pair_count ? end : work->pair_count;
    tf_status status = TF_OK;
    for (size_t i = task * PAIRS_A_TASK; i < end && !status; i++) {
        status = levels_by(work->matcher, work->pairs[i].left, work->pairs[i].right, own,
                           work->levels + i * comparisons, error);
    }
    return status;
}

tf_status tf_link_matcher_levels_of(tf_link_matcher *matcher, const tf_link_pair *pairs,
                                    size_t pair_count, uint8_t *levels_out, tf_error *error) {
    levelling work = {.matcher = matcher, .pairs = pairs, .pair_count = pair_count};
    work.levels = levels_out;
    link_tasks tasks = {.start = link_worker_start,
                        .run = find_levels,
                        .end = link_worker_end,
                        .context = &work,
                        .count = (pair_count + PAIRS_A_TASK - 1) / PAIRS_A_TASK,
                        .step = "levels"};
    tf_link_work unwatched = matcher->work;
    unwatched.watch = NULL;
    return pair_count ? link_tasks_run(&tasks, &unwatched, error) : TF_OK;
}
