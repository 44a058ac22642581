/* What a linkage says while it runs. */
#include "cli/link.h"

#include "trefoil/base/date.h"

#include <stdio.h>
#include <unistd.h>

void tf_link_progress_start(tf_link_progress *progress) {
    *progress = (tf_link_progress){.is_live = isatty(STDERR_FILENO) == 1};
}

bool tf_link_progress_say(void *context, const char *step, double done) {
    tf_link_progress *progress = context;
    if (!progress->is_live) {
        return true;
    }
    double now = tf_seconds_monotonic();
    if (now - progress->last_said > 0.1) {
        progress->last_said = now;
        fprintf(stderr, "\r%s %3.0f%%\x1b[K", step, 100 * done);
        (void)fflush(stderr);
    }
    return true;
}

void tf_link_progress_clear(tf_link_progress *progress) {
    if (progress->is_live && progress->last_said > 0) {
        fputs("\r\x1b[K", stderr);
        progress->last_said = 0;
    }
}
