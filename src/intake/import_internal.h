/* What every import of a file has in common: one transaction, one batch, kept rejects. */
#ifndef INTAKE_IMPORT_INTERNAL_H
#define INTAKE_IMPORT_INTERNAL_H

#include "intake/batch.h"

enum { TF_REJECT_REASON_SIZE = 512 };

typedef struct tf_import {
    tf_db *db;
    const char *path;
    int64_t batch_id;
    int64_t rows_read;
    int64_t rows_rejected;
} tf_import;

/* Begin a transaction and in it a batch for the file at `path`. */
tf_status tf_import_begin(tf_import *import, tf_db *db, const char *path, const char *feed,
                          const char *publisher, tf_error *error);

/* Keep a record that cannot be used, with a reason of one clause. */
tf_status tf_import_reject(tf_import *import, int64_t line, tf_text text, tf_error *error,
                           const char *reason_format, ...) TF_PRINTF(5, 6);

/* The warning `kind`, if `count` is not 0. */
tf_status tf_import_warn(tf_import *import, const char *kind, int64_t count, int64_t example_line,
                         tf_error *error);

/* Commit if `status`, what became of the import so far, is TF_OK; otherwise roll back and name
 * the file in the error.  Gives the status of the whole. */
tf_status tf_import_end(tf_import *import, const char *sha256, tf_status status, tf_error *error);

/* Whether the text matches ^PREFIX[0-9]{2}SUFFIX$ in letters of either case, as the names of the
 * columns of the Office for National Statistics do: "LSOA21CD".  With `prefix` NULL, three to
 * five letters stand for it. */
bool tf_is_ons_column(tf_text text, const char *prefix, const char *suffix);

#endif
