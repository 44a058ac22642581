/* The rejects of a batch as CSV. */
#ifndef WEB_API_REJECTS_INTERNAL_H
#define WEB_API_REJECTS_INTERNAL_H

#include "store/db.h"

/* Append all rejects of a batch to `text` as CSV with the columns file, line, reason and text;
 * where they are many they are in the open file *file_out instead, a nameless one of `folder` which
 * the caller closes (else it is -1), and `text` is empty. Errors: those of the database; TF_IO. */
tf_status tf_rejects_csv_write(tf_db *db, int64_t batch_id, const char *folder, tf_buffer *text,
                               int *file_out, tf_error *error);

#endif
