#include "zstd_codec_internal.h"

#include <zstd.h>
#include <zstd_errors.h>

/* The two types are zstd's own contexts under our names, which keeps its header in this file. */
static ZSTD_CCtx *compression(tf_zstd_compressor *compressor) {
    return (ZSTD_CCtx *)compressor;
}

static ZSTD_DCtx *decompression(tf_zstd_decompressor *decompressor) {
    return (ZSTD_DCtx *)decompressor;
}

tf_status tf_zstd_compressor_new(int level, tf_zstd_compressor **compressor_out, tf_error *error) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context) {
        return tf_fail_no_memory(error);
    }
    level = level < 1 ? 1 : level > 19 ? 19 : level;
    if (ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level))) {
        ZSTD_freeCCtx(context);
        return tf_fail(error, TF_INTERNAL, NULL, 0, "zstd refuses compression level %d", level);
    }
    *compressor_out = (tf_zstd_compressor *)context;
    return TF_OK;
}

void tf_zstd_compressor_free(tf_zstd_compressor *compressor) {
    ZSTD_freeCCtx(compression(compressor));
}

size_t tf_zstd_bound(size_t length) {
    return ZSTD_compressBound(length);
}

tf_status tf_zstd_compress(tf_zstd_compressor *compressor, const void *bytes, size_t length,
                           void *out, size_t *length_out, tf_error *error) {
    size_t written =
        ZSTD_compress2(compression(compressor), out, ZSTD_compressBound(length), bytes, length);
    if (ZSTD_isError(written)) {
        /* The room suffices by contract, so that memory is all that can be missing. */
        return tf_fail_no_memory(error);
    }
    *length_out = written;
    return TF_OK;
}

tf_status tf_zstd_decompressor_new(tf_zstd_decompressor **decompressor_out, tf_error *error) {
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context) {
        return tf_fail_no_memory(error);
    }
    *decompressor_out = (tf_zstd_decompressor *)context;
    return TF_OK;
}

void tf_zstd_decompressor_free(tf_zstd_decompressor *decompressor) {
    ZSTD_freeDCtx(decompression(decompressor));
}

tf_status tf_zstd_decompress(tf_zstd_decompressor *decompressor, const void *bytes, size_t length,
                             void *out, size_t out_length, tf_error *error) {
    size_t written =
        ZSTD_decompressDCtx(decompression(decompressor), out, out_length, bytes, length);
    if (ZSTD_isError(written)) {
        if (ZSTD_getErrorCode(written) == ZSTD_error_memory_allocation) {
            return tf_fail_no_memory(error);
        }
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "compressed data is damaged (%s); fetch the file again",
                       ZSTD_getErrorName(written));
    }
    if (written != out_length) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "compressed data holds %zu bytes where %zu are announced; fetch the file "
                       "again",
                       written, out_length);
    }
    return TF_OK;
}
