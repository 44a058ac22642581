/* What a source stands on, for the files of this folder that bring bytes of their own. */
#ifndef TREFOIL_TABLE_SOURCE_INTERNAL_H
#define TREFOIL_TABLE_SOURCE_INTERNAL_H

#include "trefoil/table/source.h"

#include <stdbool.h>

/* Bytes in order.  `read` gives up to `capacity` of them, fewer only at the end.  Its errors need
 * not name a place. */
typedef struct tf_stream {
    tf_status (*read)(void *context, void *buffer, size_t capacity, size_t *length_out,
                      tf_error *error);
    void (*close)(void *context); /* NULL where the stream is only lent */
    void *context;
} tf_stream;

/* A source over `stream`, which it takes: it is closed with the source, and on failure too.
 * `total` is how many bytes the stream has, 0 when that is not known. */
tf_status tf_source_open_stream(tf_stream stream, uint64_t total, const char *name,
                                tf_source **source_out, tf_error *error);

/* A file for reading; its size is 0 when that is not known, as of a pipe.
 * Errors: TF_NOT_FOUND; TF_IO; TF_BAD_INPUT for a folder. */
tf_status tf_file_open(const char *path, int *file_out, uint64_t *size_out, tf_error *error);

/* Up to `capacity` bytes, fewer only at the end. */
tf_status tf_file_read(int file, void *buffer, size_t capacity, size_t *length_out,
                       tf_error *error);
void tf_file_close(int file);

/* What both compressed formats refuse: more than 200 times what is stored, past 64 MiB. */
static inline bool tf_is_decompression_bomb(uint64_t stored, uint64_t expanded) {
    const uint64_t harmless = UINT64_C(64) << 20;
    return expanded > harmless && (expanded - harmless) / 200 >= stored;
}

static inline tf_status tf_fail_decompression_bomb(tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "the compressed data expands more than 200 times, which no real data does; "
                   "ask its publisher for another file");
}

/* Whether `bytes` start a ZIP archive: a member, or the end of an archive without members. */
static inline bool tf_starts_zip(const unsigned char *bytes, size_t length) {
    return length >= 4 && bytes[0] == 'P' && bytes[1] == 'K' &&
           ((bytes[2] == 3 && bytes[3] == 4) || (bytes[2] == 5 && bytes[3] == 6));
}

#endif
