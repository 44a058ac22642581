/* Short ways to read and write rows, and to look at what people typed, for this folder. */
#ifndef ACCESS_ROWS_INTERNAL_H
#define ACCESS_ROWS_INTERNAL_H

#include "access.h"
#include "trefoil/base/memory.h"

/* Run a statement whose parameters ?1, ?2, ... are the numbers. */
tf_status tf_rows_change(tf_db *db, const char *sql, const int64_t *numbers, size_t count,
                         tf_error *error);

/* The same for keys: ?1 is the key, the numbers follow. */
tf_status tf_rows_change_by_key(tf_db *db, const char *sql, const uint8_t key[TF_KEY_SIZE],
                                const int64_t *numbers, size_t count, tf_error *error);

/* The first column of the first row as a number, `none` if there is no row or it is null. */
tf_status tf_rows_number(tf_db *db, const char *sql, const int64_t *numbers, size_t count,
                         int64_t none, int64_t *number_out, tf_error *error);

/* A setting as a number between `least` and `most`; `usual` where it is not set, or is none. */
tf_status tf_rows_setting(tf_db *db, const char *name, int64_t least, int64_t most, int64_t usual,
                          int64_t *value_out, tf_error *error);

/* A text column in the arena; "" for null. */
tf_status tf_rows_text(tf_statement *statement, int column, tf_arena *arena, const char **text_out,
                       tf_error *error);

/* A column of exactly TF_KEY_SIZE bytes; false, and zeros, for another length. */
bool tf_rows_key(tf_statement *statement, int column, uint8_t key_out[TF_KEY_SIZE]);

/* A line of text as people write names: not empty, well formed, without control characters, of
 * `most` characters at most. */
bool tf_rows_is_line(tf_text text, size_t most);

#endif
