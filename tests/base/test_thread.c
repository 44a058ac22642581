#include "check.h"

#include "trefoil/base/log.h"
#include "trefoil/base/thread.h"

#include <stdatomic.h>

typedef struct counters {
    atomic_int next;
    atomic_int done[1000];
} counters;

static void take_tasks(void *context, int thread) {
    (void)thread;
    counters *shared = context;
    for (;;) {
        int task = atomic_fetch_add(&shared->next, 1);
        if (task >= 1000) {
            return;
        }
        atomic_fetch_add(&shared->done[task], 1);
    }
}

static void every_task_is_done_once_with_any_number_of_threads(void **state) {
    (void)state;
    for (int threads = 0; threads < 10; threads++) {
        counters shared = {0};
        tf_parallel(threads, take_tasks, &shared);
        for (int i = 0; i < 1000; i++) {
            assert_int_equal(atomic_load(&shared.done[i]), 1);
        }
    }
}

static void keep_line(void *context, tf_log_level level, const char *line) {
    (void)level;
    snprintf(context, 64, "%s", line);
}

static void a_line_goes_to_the_sink_or_nowhere(void **state) {
    (void)state;
    char line[64] = "";
    tf_log(TF_LOG_INFO, "lost");
    tf_log_set_sink(keep_line, line);
    tf_log(TF_LOG_WARNING, "%d rows", 3);
    tf_log_set_sink(NULL, NULL);
    tf_log(TF_LOG_INFO, "lost again");
    assert_string_equal(line, "3 rows");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_is_done_once_with_any_number_of_threads),
        cmocka_unit_test(a_line_goes_to_the_sink_or_nowhere),
    };
    return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
