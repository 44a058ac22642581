/* One-shot compression with zstd, its working memory kept from one buffer to the next. */
#ifndef TREFOIL_TABLE_ZSTD_CODEC_INTERNAL_H
#define TREFOIL_TABLE_ZSTD_CODEC_INTERNAL_H

#include "trefoil/base/status.h"

typedef struct tf_zstd_compressor tf_zstd_compressor;
typedef struct tf_zstd_decompressor tf_zstd_decompressor;

/* `level` is 1 (fast) to 19 (small); others are taken to the nearest of these. */
tf_status tf_zstd_compressor_new(int level, tf_zstd_compressor **compressor_out, tf_error *error);
void tf_zstd_compressor_free(tf_zstd_compressor *compressor); /* accepts NULL */

/* Bytes that compressing `length` bytes may need at most. */
size_t tf_zstd_bound(size_t length);

/* Compress `length` bytes into one frame at `out`, which has room for tf_zstd_bound(length). */
tf_status tf_zstd_compress(tf_zstd_compressor *compressor, const void *bytes, size_t length,
                           void *out, size_t *length_out, tf_error *error);

tf_status tf_zstd_decompressor_new(tf_zstd_decompressor **decompressor_out, tf_error *error);
void tf_zstd_decompressor_free(tf_zstd_decompressor *decompressor); /* accepts NULL */

/* Decompress one buffer to exactly `out_length` bytes.
 * Errors: TF_BAD_INPUT for damaged bytes, and for any other length. */
tf_status tf_zstd_decompress(tf_zstd_decompressor *decompressor, const void *bytes, size_t length,
                             void *out, size_t out_length, tf_error *error);

#endif
