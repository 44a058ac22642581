/* SHA-256 (FIPS 180-4) of bytes as they pass. */
#ifndef TREFOIL_TABLE_SHA256_INTERNAL_H
#define TREFOIL_TABLE_SHA256_INTERNAL_H

#include "trefoil/table/source.h"

/* Caller's storage; what it holds is the adaptor's business. */
typedef struct tf_sha256 {
    uint64_t state[16];
} tf_sha256;

void tf_sha256_init(tf_sha256 *sha256);
void tf_sha256_update(tf_sha256 *sha256, const void *bytes, size_t length);

/* The digest so far, in lower-case hexadecimal; more bytes may follow. */
void tf_sha256_text(const tf_sha256 *sha256, char text_out[TF_SHA256_TEXT_SIZE]);

#endif
