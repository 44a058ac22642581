/* What the import commands share. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "cli/command.h"
#include "store/db.h"
#include "trefoil/base/json.h"

#include <stdio.h>

/* The options that every import has, first in its table. */
enum { TF_IMPORT_DB, TF_IMPORT_REJECTS, TF_IMPORT_JSON, TF_IMPORT_OPTION_COUNT };

#define TF_IMPORT_OPTIONS                                                                          \
    [TF_IMPORT_DB] = {"db", "FILE", "the database file; made if it is not there", true},           \
    [TF_IMPORT_REJECTS] = {"rejects", "FILE",                                                      \
                           "write the rows that could not be used to a CSV file: file, line, "     \
                           "reason, text",                                                         \
                           false},                                                                 \
    [TF_IMPORT_JSON] = {"json", NULL, "say what was done as JSON, one object a line", false}

/* Rejects on their way to a file. */
typedef struct tf_rejects {
    const char *path; /* NULL: nobody asked for them */
    FILE *file;
} tf_rejects;

/* Create the file, before anything is imported, so that a wrong path costs nothing.
 * Errors: TF_IO; TF_BAD_INPUT if a file is there that holds anything but rejects. */
tf_status tf_rejects_open(const char *path, tf_rejects *rejects_out, tf_error *error);

/* Append the rejects of a batch.  Errors: TF_IO; those of the database. */
tf_status tf_rejects_append(tf_rejects *rejects, tf_db *db, int64_t batch_id, tf_error *error);

/* Closes in any case.  Errors: TF_IO if something could not be written. */
tf_status tf_rejects_close(tf_rejects *rejects, tf_error *error);

/* What an import of a single file did. */
typedef struct tf_import_result {
    int64_t batch_id;
    int64_t rows_read;
    int64_t rows_accepted;
    int64_t rows_rejected;
} tf_import_result;

/* Import `path` into `db`; say what came of it as words ("690 areas in layer lsoa21") and as
 * members of the object that is open in `json`. */
typedef tf_status tf_import_work(tf_db *db, const char *path, const tf_arguments *arguments,
                                 tf_import_result *result_out, tf_buffer *words, tf_json *json,
                                 tf_error *error);

/* Run a command that imports its one operand. */
tf_exit tf_import_run(const tf_arguments *arguments, tf_import_work *work);

#endif
