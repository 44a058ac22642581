/* Importing what data.police.uk publishes: street, outcomes and stop-and-search files.
 *
 * A file is imported whole or not at all, in one transaction: its batch, its warnings and rejects,
 * and the partitions (a month of a force and feed) that its rows replace.  A file whose name
 * follows the publisher's form is one month of one force, and a row of another month in it is a
 * reject; in a file of another name, street and outcome rows are sorted by their own month and
 * force. */
#ifndef INTAKE_POLICE_H
#define INTAKE_POLICE_H

#include "intake/police_feed.h"
#include "intake/police_rows.h"
#include "store/db.h"

/* One file when it is done.  Borrowed for the call. */
typedef struct tf_police_file {
    const char *name;
    tf_status status; /* not TF_OK: nothing of the file was stored, and `error` says why */
    const tf_error *error;
    int64_t batch_id;
    tf_police_feed feed;
    const char *force; /* or NULL if the name does not say */
    tf_month first_month;
    tf_month last_month;
    const char *sha256;
    uint64_t byte_count; /* as stored */
    int64_t rows_read;
    int64_t rows_accepted;
    int64_t rows_rejected;
    int64_t reject_line; /* of the first rejected row; 0 and NULL when there is none */
    const char *reject_reason;
    int64_t partitions_new;
    int64_t partitions_replaced;
    int64_t warnings[TF_POLICE_WARNING_COUNT];
} tf_police_file;

typedef struct tf_police_progress {
    size_t files_done;
    size_t file_count;
    uint64_t bytes_done; /* as stored */
    uint64_t byte_count;
    int64_t rows_read;
} tf_police_progress;

typedef struct tf_police_options {
    int thread_count;    /* 0: one for each processor */
    size_t memory_limit; /* bytes for all that grows with the input; 0: 512 MiB */
    void *context;
    /* Both are called one at a time, from any thread, and may be NULL. */
    void (*on_file)(void *context, const tf_police_file *file);             /* in path order */
    void (*on_progress)(void *context, const tf_police_progress *progress); /* 10 a second */
} tf_police_options;

typedef struct tf_police_summary {
    size_t file_count;
    size_t files_failed;
    int64_t rows_read;
    int64_t rows_accepted;
    int64_t rows_rejected;
    int64_t partitions_new;
    int64_t partitions_replaced;
} tf_police_summary;

/* Import the files at `paths`: single files (.csv, plain or gzip), ZIP archives, and folders, in
 * which every .csv, .csv.gz and .zip is taken, at any depth and in the order of their paths.  When
 * two files hold the same month of a force and feed, the later one stays.
 * A file that cannot be imported does not stop the others; it is reported to on_file and counted
 * in files_failed, and the call still returns TF_OK.
 * Errors, which are not reported to on_file: TF_NOT_FOUND for a path that is not there or a folder
 * without any such file (nothing is then imported); what the database reports. */
tf_status tf_police_import(tf_db *db, const tf_pack *pack, const char *const *paths,
                           size_t path_count, const tf_police_options *options,
                           tf_police_summary *summary_out, tf_error *error);

#endif
