#include "intake/spool.h"

#include "trefoil/base/file.h"
#include "trefoil/base/memory.h"

#include <errno.h>
#include <unistd.h>

struct tf_spool {
    tf_buffer memory; /* what was appended first; later bytes are in the file */
    size_t memory_limit;
    char *folder;
    int file; /* -1 until it is needed */
    uint64_t file_length;
};

tf_spool *tf_spool_new(const char *folder, size_t memory_limit) {
    tf_spool *spool = tf_alloc_zeroed(1, sizeof *spool);
    char *copy = tf_copy_text(folder, strlen(folder));
    if (!spool || !copy) {
        tf_free(spool);
        tf_free(copy);
        return NULL;
    }
    tf_buffer_init(&spool->memory);
    spool->memory_limit = memory_limit;
    spool->folder = copy;
    spool->file = -1;
    return spool;
}

void tf_spool_free(tf_spool *spool) {
    if (spool) {
        if (spool->file >= 0) {
            close(spool->file);
        }
        tf_buffer_deinit(&spool->memory);
        tf_free(spool->folder);
        tf_free(spool);
    }
}

static tf_status fail_file(const tf_spool *spool, tf_error *error) {
    return tf_fail(error, TF_IO, spool->folder, 0,
                   "a temporary file cannot be written there: %s; free some space",
                   strerror(errno));
}

static tf_status append_to_file(tf_spool *spool, const char *bytes, size_t length,
                                tf_error *error) {
    if (spool->file < 0) {
        spool->file = tf_file_open_unnamed(spool->folder);
        if (spool->file < 0) {
            return fail_file(spool, error);
        }
    }
    while (length) {
        ssize_t written = pwrite(spool->file, bytes, length, (off_t)spool->file_length);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return fail_file(spool, error);
        }
        bytes += written;
        length -= (size_t)written;
        spool->file_length += (uint64_t)written;
    }
    return TF_OK;
}

tf_status tf_spool_append(tf_spool *spool, const void *bytes, size_t length, uint64_t *offset_out,
                          tf_error *error) {
    *offset_out = spool->memory.length + spool->file_length;
    if (spool->file < 0 && length <= spool->memory_limit - spool->memory.length) {
        tf_buffer_append(&spool->memory, bytes, length);
        return tf_buffer_check(&spool->memory, error);
    }
    /* Once in the file, always in the file: so offsets stay simple. */
    return append_to_file(spool, bytes, length, error);
}

tf_status tf_spool_read(tf_spool *spool, uint64_t offset, void *bytes, size_t length,
                        tf_error *error) {
    if (offset < spool->memory.length) {
        memcpy(bytes, spool->memory.data + offset, length);
        return TF_OK;
    }
    offset -= spool->memory.length;
    char *at = bytes;
    while (length) {
        ssize_t got = pread(spool->file, at, length, (off_t)offset);
        if (got <= 0) {
            if (got < 0 && errno == EINTR) {
                continue;
            }
            return fail_file(spool, error);
        }
        at += got;
        offset += (uint64_t)got;
        length -= (size_t)got;
    }
    return TF_OK;
}
