/* Work on several threads at once. */
#ifndef TREFOIL_BASE_THREAD_H
#define TREFOIL_BASE_THREAD_H

#include "trefoil/base/status.h"

/* Processors this process may use, at least 1. */
TF_API int tf_thread_count_default(void);

/* Call work(context, thread) once on each of `thread_count` threads (0 means the default), the
 * calling thread being thread 0, and return when all have returned.  If the system gives fewer
 * threads the work runs on those it gave: `work` must take tasks from a shared counter and not
 * assume a share per thread.  Never fails. */
TF_API void tf_parallel(int thread_count, void (*work)(void *context, int thread), void *context);

#endif
