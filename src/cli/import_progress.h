/* What an import of many files says while it runs. */
#ifndef CLI_IMPORT_PROGRESS_H
#define CLI_IMPORT_PROGRESS_H

#include "intake/police.h"
#include "trefoil/base/json.h"

typedef struct tf_import_progress {
    bool is_live;   /* one line that is written again and again, on a terminal */
    bool is_json;   /* one object a line */
    double started; /* tf_seconds_monotonic */
    int64_t warnings[TF_POLICE_WARNING_COUNT];
    uint64_t byte_count;
    int64_t *batch_ids; /* of the files that were imported; freed by tf_import_progress_end */
    size_t batch_count;
    size_t batch_capacity;
    tf_status status; /* the first fault of a report */
} tf_import_progress;

/* The callbacks of tf_police_options, with a tf_import_progress as context. */
void tf_import_on_file(void *context, const tf_police_file *file);
void tf_import_on_progress(void *context, const tf_police_progress *progress);

/* Append the last words: the totals, what was odd, what failed. */
void tf_import_progress_summary(const tf_import_progress *progress,
                                const tf_police_summary *summary, tf_buffer *out);
void tf_import_progress_end(tf_import_progress *progress);

#endif
