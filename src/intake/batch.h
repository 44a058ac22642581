/* Provenance: every file that is imported is a batch, and a batch is kept for ever. */
#ifndef INTAKE_BATCH_H
#define INTAKE_BATCH_H

#include "store/db.h"
#include "trefoil/base/date.h"
#include "trefoil/table/source.h"

enum { TF_MONTH_NONE = INT32_MIN };

/* What is known before the rows are read.  Borrowed for the call. */
typedef struct tf_batch_start {
    const char *feed;      /* "street", "areas", ... */
    const char *force;     /* the publisher's slug, or NULL */
    tf_month month;        /* of the file, or TF_MONTH_NONE */
    const char *file;      /* its name; of a ZIP member, "archive.zip/member.csv" */
    const char *publisher; /* "data.police.uk" */
    int64_t started_at;    /* an instant, as tf_instant_now gives it */
} tf_batch_start;

/* What is known when the rows are in. */
typedef struct tf_batch_end {
    const char *sha256;
    int64_t rows_read;
    int64_t rows_accepted;
    int64_t rows_rejected;
    tf_month first_month; /* of the accepted rows, or TF_MONTH_NONE */
    tf_month last_month;
} tf_batch_end;

/* Record a batch, within the caller's transaction; *batch_id_out is its key. */
tf_status tf_batch_begin(tf_db *db, const tf_batch_start *start, int64_t *batch_id_out,
                         tf_error *error);
tf_status tf_batch_finish(tf_db *db, int64_t batch_id, const tf_batch_end *end, tf_error *error);

/* `kind` is a clause that reads after a number of rows: "have no location".  Counts of one kind
 * add up; `example_line` is 0 when there is none, and the first one stays. */
tf_status tf_batch_warn(tf_db *db, int64_t batch_id, const char *kind, int64_t count,
                        int64_t example_line, tf_error *error);

/* A record that could not be used, as it stands in the file. */
tf_status tf_batch_reject(tf_db *db, int64_t batch_id, int64_t line, const char *reason,
                          tf_text text, tf_error *error);

/* ---- reading back ---- */

typedef struct tf_batch_warning {
    char *kind;
    int64_t count;
    int64_t example_line;
} tf_batch_warning;

typedef struct tf_batch {
    int64_t id;
    char *feed;
    char *force; /* or NULL */
    tf_month month;
    char *file;
    char *sha256;
    char *publisher;
    int64_t started_at;
    int64_t finished_at;
    int64_t rows_read;
    int64_t rows_accepted;
    int64_t rows_rejected;
    tf_month first_month;
    tf_month last_month;
    bool is_current; /* something stored still comes from it */
    tf_batch_warning *warnings;
    size_t warning_count;
} tf_batch;

/* All batches with their warnings, oldest first, in `arena`. */
tf_status tf_batch_list(tf_db *db, tf_arena *arena, tf_batch **batches_out, size_t *count_out,
                        tf_error *error);

/* A page of them, newest first: at most `most` batches after the newest `first`.  *total_out is how
 * many there are on all pages. */
tf_status tf_batch_page(tf_db *db, int64_t first, int64_t most, tf_arena *arena,
                        tf_batch **batches_out, size_t *count_out, int64_t *total_out,
                        tf_error *error);

/* One batch.  Errors: TF_NOT_FOUND. */
tf_status tf_batch_get(tf_db *db, int64_t batch_id, tf_arena *arena, tf_batch *batch_out,
                       tf_error *error);

/* The rejects of a batch (0: of all batches) in the order of their lines. */
typedef tf_status tf_batch_reject_visit(void *context, const char *file, int64_t line,
                                        tf_text reason, tf_text text, tf_error *error);
tf_status tf_batch_each_reject(tf_db *db, int64_t batch_id, tf_batch_reject_visit *visit,
                               void *context, tf_error *error);

/* The same for a page of one batch's rejects, at most `most` after the first `first`.  *total_out
 * is how many there are on all pages. */
tf_status tf_batch_page_of_rejects(tf_db *db, int64_t batch_id, int64_t first, int64_t most,
                                   tf_batch_reject_visit *visit, void *context, int64_t *total_out,
                                   tf_error *error);

#endif
