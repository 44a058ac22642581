#include "connection_internal.h"

#include "trefoil/base/date.h"

#include <inttypes.h>

void tf_access_log_line(tf_buffer *log, const tf_exchange *exchange) {
    char instant[TF_INSTANT_TEXT_SIZE];
    tf_instant_format(tf_instant_now(), instant);
    /* The method of a refused head may be anything. */
    tf_text method = exchange->route ? exchange->head.method : tf_text_of("-");
    int status = exchange->is_not_modified ? 304 : exchange->answer->status;
    tf_buffer_format(log, "%s %.*s %s %d %" PRIu64 " %.1f\n", instant, TF_TEXT_ARG(method),
                     exchange->route ? exchange->route->path : "-", status, exchange->sent,
                     (tf_seconds_monotonic() - exchange->began) * 1000);
}
