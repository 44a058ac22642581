#include "trefoil/base/thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

enum { MAX_THREADS = 256 };

typedef struct task {
    void (*work)(void *context, int thread);
    void *context;
    int thread;
} task;

int tf_thread_count_default(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > MAX_THREADS ? MAX_THREADS : count;
}

static void *run_task(void *argument) {
    task *own = argument;
    own->work(own->context, own->thread);
    return NULL;
}

void tf_parallel(int thread_count, void (*work)(void *context, int thread), void *context) {
    int wanted = thread_count > 0 ? thread_count : tf_thread_count_default();
    if (wanted > MAX_THREADS) {
        wanted = MAX_THREADS;
    }
    pthread_t threads[MAX_THREADS];
    task tasks[MAX_THREADS];
    int started = 1;
    for (; started < wanted; started++) {
        tasks[started] = (task){work, context, started};
        if (pthread_create(&threads[started], NULL, run_task, &tasks[started]) != 0) {
            break;
        }
    }
    work(context, 0);
    for (int i = 1; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}
