/* ZIP archives made by hand, right and wrong (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4). */
#ifndef TREFOIL_TESTS_ZIP_FIXTURE_H
#define TREFOIL_TESTS_ZIP_FIXTURE_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

enum { ZIP_ENCRYPTED = 1, ZIP_SIZES_FOLLOW = 8, ZIP_NAME_IS_UTF8 = 0x800 };

typedef struct zip_member {
    const char *name;
    const void *bytes;
    size_t length;
    bool deflate;
    unsigned flags;
    unsigned method;       /* to claim instead of the true one, if not 0 */
    uint32_t claimed_size; /* instead of the true one, if not 0 */
    uint32_t crc_mask;     /* what is wrong about the CRC */
} zip_member;

/* On the caller's stack, zeroed. */
typedef struct zip_fixture {
    tf_buffer archive;
    tf_buffer directory;
    unsigned member_count;
} zip_fixture;

static inline void zip_put(tf_buffer *buffer, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++) {
        unsigned char byte = (unsigned char)(value >> (8 * i));
        tf_buffer_append(buffer, &byte, 1);
    }
}

static inline void *zip_deflate(const void *bytes, size_t length, size_t *length_out) {
    z_stream stream = {.next_in = (void *)bytes, .avail_in = (unsigned)length};
    if (deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        abort();
    }
    size_t bound = deflateBound(&stream, length);
    void *packed = tf_alloc(bound, 1);
    stream.next_out = packed;
    stream.avail_out = packed ? (unsigned)bound : 0;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
        abort();
    }
    *length_out = stream.total_out;
    deflateEnd(&stream);
    return packed;
}

static inline void zip_add(zip_fixture *zip, const zip_member *member) {
    uint32_t start = (uint32_t)zip->archive.length;
    uint32_t name_length = (uint32_t)strlen(member->name);
    uint32_t crc = (uint32_t)crc32(0, member->bytes, (unsigned)member->length) ^ member->crc_mask;
    size_t stored = member->length;
    void *packed = member->deflate ? zip_deflate(member->bytes, member->length, &stored) : NULL;
    unsigned method = member->method ? member->method : member->deflate ? 8 : 0;
    uint32_t size = member->claimed_size ? member->claimed_size : (uint32_t)member->length;
    bool sizes_follow = member->flags & ZIP_SIZES_FOLLOW;

    zip_put(&zip->archive, 0x04034b50, 4);
    zip_put(&zip->archive, 20, 2);
    zip_put(&zip->archive, member->flags, 2);
    zip_put(&zip->archive, method, 2);
    zip_put(&zip->archive, 0x00210000, 4); /* 1980-01-01 */
    zip_put(&zip->archive, sizes_follow ? 0 : crc, 4);
    zip_put(&zip->archive, (uint32_t)stored, 4); /* as macOS has it even where it follows */
    zip_put(&zip->archive, sizes_follow ? 0 : size, 4);
    zip_put(&zip->archive, name_length, 2);
    zip_put(&zip->archive, 0, 2);
    tf_buffer_append(&zip->archive, member->name, name_length);
    tf_buffer_append(&zip->archive, packed ? packed : member->bytes, stored);
    tf_free(packed);
    if (sizes_follow) {
        zip_put(&zip->archive, 0x08074b50, 4);
        zip_put(&zip->archive, crc, 4);
        zip_put(&zip->archive, (uint32_t)stored, 4);
        zip_put(&zip->archive, size, 4);
    }

    zip_put(&zip->directory, 0x02014b50, 4);
    zip_put(&zip->directory, 20, 2);
    zip_put(&zip->directory, 20, 2);
    zip_put(&zip->directory, member->flags, 2);
    zip_put(&zip->directory, method, 2);
    zip_put(&zip->directory, 0x00210000, 4);
    zip_put(&zip->directory, crc, 4);
    zip_put(&zip->directory, (uint32_t)stored, 4);
    zip_put(&zip->directory, size, 4);
    zip_put(&zip->directory, name_length, 2);
    zip_put(&zip->directory, 0, 2); /* extra field, comment, disk, attributes: none */
    zip_put(&zip->directory, 0, 2);
    zip_put(&zip->directory, 0, 2);
    zip_put(&zip->directory, 0, 2);
    zip_put(&zip->directory, 0, 4);
    zip_put(&zip->directory, start, 4);
    tf_buffer_append(&zip->directory, member->name, name_length);
    zip->member_count++;
}

static inline void zip_add_text(zip_fixture *zip, const char *name, const char *text) {
    zip_add(zip,
            &(zip_member){.name = name, .bytes = text, .length = strlen(text), .deflate = true});
}

/* Complete `zip->archive`; free with zip_deinit. */
static inline void zip_finish(zip_fixture *zip) {
    uint32_t start = (uint32_t)zip->archive.length;
    tf_buffer_append(&zip->archive, zip->directory.data, zip->directory.length);
    zip_put(&zip->archive, 0x06054b50, 4);
    zip_put(&zip->archive, 0, 4);
    zip_put(&zip->archive, zip->member_count, 2);
    zip_put(&zip->archive, zip->member_count, 2);
    zip_put(&zip->archive, (uint32_t)zip->directory.length, 4);
    zip_put(&zip->archive, start, 4);
    zip_put(&zip->archive, 0, 2);
    if (zip->archive.failed || zip->directory.failed) {
        abort();
    }
}

static inline void zip_deinit(zip_fixture *zip) {
    tf_buffer_deinit(&zip->archive);
    tf_buffer_deinit(&zip->directory);
}

#endif
