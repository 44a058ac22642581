/* Which values are alike, found once for all pairs of records. */
#include "linkage/sweep_internal.h"

#include "trefoil/base/thread.h"

#include <stdatomic.h>

enum { LEFT_AT_ONCE = 16 };

/* Related values found by one task: `right << 8 | answer` for each, by left value. */
typedef struct found {
    uint32_t *items;
    size_t count;
    size_t capacity;
    uint32_t counts[LEFT_AT_ONCE];
} found;

typedef struct relating {
    const link_sweep_factor *factor;
    const link_evidence *evidence;
    found *tasks;
    uint32_t task_count;
    atomic_uint next;
    atomic_int failed;
    tf_status status;
} relating;

static tf_status relate_left(const relating *work, uint32_t left, uint32_t first, found *task,
                             uint32_t *count_out, uint32_t *selected,
                             tf_similarity_scratch *scratch) {
    const link_sweep_factor *factor = work->factor;
    const link_factor *tests = &factor->factor->factor;
    const link_screen *screen = factor->factor->screen;
    link_operand a, b;
    size_t before = task->count;
    uint32_t count = factor->value_count + 1 - first;
    link_factor_operand(tests, left, &a);
    if (screen) {
        count = link_screen_select(screen, left, first, factor->value_count + 1, selected);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t right = screen ? selected[i] : first + i;
        link_factor_operand(tests, right, &b);
        uint8_t answer = link_factor_compare(tests, &a, &b, scratch);
        if (answer != factor->factor->usual_answer) {
            tf_status status = tf_reserve(&task->items, &task->capacity, task->count + 1,
                                          sizeof *task->items, NULL);
            if (status) {
                return status;
            }
            task->items[task->count++] = right << 8 | answer;
        }
    }
    *count_out = (uint32_t)(task->count - before);
    return TF_OK;
}

static void relate_next(void *context, int thread) {
    (void)thread;
    relating *work = context;
    link_worker worker;
    tf_status status = link_worker_init(&worker, NULL);
    uint32_t *selected = tf_alloc((size_t)work->factor->value_count + 1, sizeof *selected);
    status = selected ? status : TF_NO_MEMORY;
    while (!status && !atomic_load(&work->failed)) {
        uint32_t t = atomic_fetch_add(&work->next, 1);
        if (t >= work->task_count) {
            break;
        }
        for (uint32_t i = 0; i < LEFT_AT_ONCE && !status; i++) {
            uint32_t left = t * LEFT_AT_ONCE + i + 1;
            if (left <= work->factor->value_count) {
                uint32_t first = work->factor->factor->factor.is_symmetric ? left : 1;
                status = relate_left(work, left, first, &work->tasks[t], &work->tasks[t].counts[i],
                                     selected, &worker.scratch);
            }
        }
    }
    link_worker_deinit(&worker);
    tf_free(selected);
    if (status) {
        atomic_store(&work->failed, 1);
        work->status = status;
    }
}

/* Takes `left` and `right << 8 | answer`. */
typedef void take_found(link_relations *relations, uint32_t left, uint32_t item);

static void count_item(link_relations *relations, uint32_t left, uint32_t item) {
    (void)item;
    relations->starts[left + 2]++;
}

static void put_item(link_relations *relations, uint32_t left, uint32_t item) {
    relations->items[relations->starts[left + 1]++] = item;
}

/* Everything that was found, and where answers are the same both ways, the other way round too. */
static void each_found(const relating *work, link_relations *relations, take_found *take) {
    bool is_mirrored = work->factor->factor->factor.is_symmetric;
    for (uint32_t t = 0; t < work->task_count; t++) {
        const found *task = &work->tasks[t];
        size_t at = 0;
        for (uint32_t i = 0; i < LEFT_AT_ONCE; i++) {
            uint32_t left = t * LEFT_AT_ONCE + i + 1;
            for (uint32_t k = 0; k < task->counts[i]; k++, at++) {
                uint32_t right = task->items[at] >> 8;
                take(relations, left, task->items[at]);
                if (is_mirrored && right != left) {
                    take(relations, right, left << 8 | (task->items[at] & 0xFF));
                }
            }
        }
    }
}

static tf_status collect(const relating *work, link_relations *relations, tf_error *error) {
    uint32_t count = work->factor->value_count;
    uint64_t *starts = relations->starts = tf_alloc_zeroed((size_t)count + 3, sizeof *starts);
    if (!starts) {
        return tf_fail_no_memory(error);
    }
    each_found(work, relations, count_item);
    for (uint32_t i = 1; i < count + 2; i++) {
        starts[i + 1] += starts[i];
    }
    relations->items = tf_alloc((size_t)starts[count + 2], sizeof *relations->items);
    if (!relations->items) {
        return tf_fail_no_memory(error);
    }
    each_found(work, relations, put_item);
    return TF_OK;
}

static tf_status relate(const link_sweep *sweep, link_sweep_factor *factor, int thread_count,
                        tf_error *error) {
    relating work = {.factor = factor,
                     .evidence = sweep->evidence,
                     .task_count = factor->value_count / LEFT_AT_ONCE + 1};
    work.tasks = tf_alloc_zeroed(work.task_count, sizeof *work.tasks);
    if (!work.tasks) {
        return tf_fail_no_memory(error);
    }
    tf_parallel(thread_count, relate_next, &work);
    tf_status status =
        work.status ? tf_fail_no_memory(error) : collect(&work, &factor->relations, error);
    for (uint32_t t = 0; t < work.task_count; t++) {
        tf_free(work.tasks[t].items);
    }
    tf_free(work.tasks);
    return status;
}

tf_status link_sweep_relate(link_sweep *sweep, int thread_count, tf_error *error) {
    for (int f = 0; f < sweep->factor_count; f++) {
        link_sweep_factor *factor = &sweep->factors[f];
        bool is_wanted = !factor->factor->is_exact && !factor->relations.starts;
        if (is_wanted && factor->value_count < 1U << 24) {
            tf_status status = relate(sweep, factor, thread_count, error);
            if (status) {
                return status;
            }
        }
    }
    return TF_OK;
}
