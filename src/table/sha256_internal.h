/* SHA-256 (FIPS 180-4) of bytes as they pass. */
#ifndef TREFOIL_TABLE_SHA256_INTERNAL_H
#define TREFOIL_TABLE_SHA256_INTERNAL_H

#include "trefoil/table/source.h"

typedef struct tf_sha256 tf_sha256;

tf_sha256 *tf_sha256_new(void);         /* NULL when out of memory */
void tf_sha256_free(tf_sha256 *sha256); /* accepts NULL */
void tf_sha256_update(tf_sha256 *sha256, const void *bytes, size_t length);

/* The digest of all bytes, in lower-case hexadecimal; no more bytes may follow. */
tf_status tf_sha256_finish(tf_sha256 *sha256, char text_out[TF_SHA256_TEXT_SIZE], tf_error *error);

#endif
