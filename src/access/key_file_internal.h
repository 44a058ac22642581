/* A secret key in a file of its own: a line that says what it is, and a line of hexadecimal
 * digits. */
#ifndef ACCESS_KEY_FILE_INTERNAL_H
#define ACCESS_KEY_FILE_INTERNAL_H

#include "secret.h"

typedef struct tf_key_kind {
    const char *first_line; /* 100 bytes at most */
    const char *name;       /* "site key" */
    const char *absent;     /* what to say where there is none */
} tf_key_kind;

/* Write a new file that only its owner may read, durably.
 * Errors: TF_BUSY where there is a file already, which is left as it is; TF_IO. */
tf_status tf_key_file_write(const char *path, const tf_key_kind *kind,
                            const uint8_t key[TF_KEY_SIZE], tf_error *error);

/* Errors: TF_NOT_FOUND; TF_BAD_INPUT for a file that is no key of the kind, or that others may
 * read; TF_IO. */
tf_status tf_key_file_read(const char *path, const tf_key_kind *kind, uint8_t key_out[TF_KEY_SIZE],
                           tf_error *error);

#endif
