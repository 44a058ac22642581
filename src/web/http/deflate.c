#include "deflate_internal.h"

#include "trefoil/base/memory.h"

#include <libdeflate.h>

enum { LEVEL = 6 };

char *tf_deflate_gzip(const char *bytes, size_t length, size_t *packed_length_out) {
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);
    char *packed = tf_alloc(length, 1);
    size_t packed_length = 0;
    if (compressor && packed) {
        /* It gives 0 when `length` bytes are not enough. */
        packed_length = libdeflate_gzip_compress(compressor, bytes, length, packed, length);
    }
    libdeflate_free_compressor(compressor);
    if (packed_length == 0) {
        tf_free(packed);
        return NULL;
    }
    /* What is kept should not take the room of what it was. */
    char *trimmed = tf_realloc(packed, packed_length, 1);
    *packed_length_out = packed_length;
    return trimmed ? trimmed : packed;
}
