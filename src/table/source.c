#include "trefoil/table/source.h"

#include "gzip_internal.h"
#include "sha256_internal.h"
#include "source_internal.h"

#include "trefoil/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_SIZE = 4 }; /* bytes that tell the formats apart */

struct tf_source {
    char *name;
    tf_stream stored;
    tf_gzip *gzip;          /* NULL when the bytes are given as they are stored */
    uint64_t fetched;       /* bytes taken from `stored` */
    _Atomic uint64_t given; /* those given on, to the caller or to `gzip`; for progress, too */
    uint64_t total;
    unsigned char head[HEAD_SIZE];
    tf_sha256 *sha256;
    bool is_unhashed;
    bool is_at_end;
};

static tf_status fail_open(const char *path, int fault, tf_error *error) {
    return fault == ENOENT || fault == ENOTDIR
               ? tf_fail(error, TF_NOT_FOUND, path, 0, "there is no such file")
               : tf_fail(error, TF_IO, path, 0, "the file cannot be opened: %s", strerror(fault));
}

tf_status tf_file_open(const char *path, int *file_out, uint64_t *size_out, tf_error *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        return fail_open(path, errno, error);
    }
    struct stat about;
    if (fstat(file, &about) != 0) {
        tf_status status = fail_open(path, errno, error);
        tf_file_close(file);
        return status;
    }
    if (S_ISDIR(about.st_mode)) {
        tf_file_close(file);
        return tf_fail(error, TF_BAD_INPUT, path, 0, "this is a folder; name a file in it");
    }
    *file_out = file;
    *size_out = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
    return TF_OK;
}

tf_status tf_file_read(int file, void *buffer, size_t capacity, size_t *length_out,
                       tf_error *error) {
    tf_status status = TF_OK;
    size_t length = 0;
    while (length < capacity) {
        ssize_t step = read(file, (char *)buffer + length, capacity - length);
        if (step > 0) {
            length += (size_t)step;
        } else if (step == 0) {
            break;
        } else if (errno != EINTR) {
            status = tf_fail(error, TF_IO, NULL, 0, "the file cannot be read: %s", strerror(errno));
            break;
        }
    }
    *length_out = length;
    return status;
}

void tf_file_close(int file) {
    (void)close(file);
}

static tf_status read_file(void *context, void *buffer, size_t capacity, size_t *length_out,
                           tf_error *error) {
    return tf_file_read((int)(intptr_t)context, buffer, capacity, length_out, error);
}

static void close_file(void *context) {
    tf_file_close((int)(intptr_t)context);
}

tf_status tf_source_open(const char *path, tf_source **source_out, tf_error *error) {
    *source_out = NULL;
    int file = -1;
    uint64_t size = 0;
    tf_status status = tf_file_open(path, &file, &size, error);
    if (status) {
        return status;
    }
    (void)posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL); /* only advice; a pipe refuses it */
    tf_stream stream = {read_file, close_file, (void *)(intptr_t)file};
    return tf_source_open_stream(stream, size, path, source_out, error);
}

typedef struct memory_stream {
    const unsigned char *bytes;
    size_t left;
} memory_stream;

static tf_status read_memory(void *context, void *buffer, size_t capacity, size_t *length_out,
                             tf_error *error) {
    (void)error;
    memory_stream *memory = context;
    size_t length = capacity < memory->left ? capacity : memory->left;
    if (length) {
        memcpy(buffer, memory->bytes, length);
        memory->bytes += length;
        memory->left -= length;
    }
    *length_out = length;
    return TF_OK;
}

tf_status tf_source_open_memory(const void *bytes, size_t length, const char *name,
                                tf_source **source_out, tf_error *error) {
    *source_out = NULL;
    memory_stream *memory = tf_alloc(1, sizeof *memory);
    if (!memory) {
        return tf_fail_no_memory(error);
    }
    *memory = (memory_stream){bytes, length};
    return tf_source_open_stream((tf_stream){read_memory, tf_free, memory}, length, name,
                                 source_out, error);
}

/* Bytes as stored, hashed on the way.  The head, read at opening, comes first. */
static tf_status read_stored(void *context, void *buffer, size_t capacity, size_t *length_out,
                             tf_error *error) {
    tf_source *source = context;
    unsigned char *at = buffer;
    size_t length = 0;
    while (length < capacity && source->given < source->fetched) {
        at[length++] = source->head[source->given++];
    }
    size_t step = 0;
    tf_status status =
        source->stored.read(source->stored.context, at + length, capacity - length, &step, error);
    if (!source->is_unhashed) {
        tf_sha256_update(source->sha256, at + length, step);
    }
    source->fetched += step;
    source->given += step;
    *length_out = length + step;
    return status;
}

static tf_status open_head(tf_source *source, tf_error *error) {
    size_t length;
    tf_status status =
        source->stored.read(source->stored.context, source->head, HEAD_SIZE, &length, error);
    if (status) {
        return status;
    }
    source->fetched = length;
    tf_sha256_update(source->sha256, source->head, length);
    if (tf_starts_zip(source->head, length)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "this is a ZIP archive where a single file is needed; unpack it first");
    }
    if (length >= 2 && source->head[0] == 0x1F && source->head[1] == 0x8B) {
        source->gzip = tf_gzip_new((tf_stream){.read = read_stored, .context = source});
        return source->gzip ? TF_OK : tf_fail_no_memory(error);
    }
    return TF_OK;
}

tf_status tf_source_open_stream(tf_stream stream, uint64_t total, const char *name,
                                tf_source **source_out, tf_error *error) {
    *source_out = NULL;
    tf_source *source = tf_alloc_zeroed(1, sizeof *source);
    if (!source) {
        stream.close(stream.context);
        return tf_fail_no_memory(error);
    }
    source->stored = stream;
    source->total = total;
    source->name = tf_copy_text(name, strlen(name));
    source->sha256 = tf_sha256_new();
    tf_status status =
        source->name && source->sha256 ? open_head(source, error) : tf_fail_no_memory(error);
    if (status) {
        tf_error_set_place(error, name);
        tf_source_close(source);
        return status;
    }
    *source_out = source;
    return TF_OK;
}

void tf_source_close(tf_source *source) {
    if (source) {
        source->stored.close(source->stored.context);
        tf_gzip_free(source->gzip);
        tf_sha256_free(source->sha256);
        tf_free(source->name);
        tf_free(source);
    }
}

tf_status tf_source_read(tf_source *source, void *buffer, size_t capacity, size_t *length_out,
                         tf_error *error) {
    tf_status status = source->gzip
                           ? tf_gzip_read(source->gzip, buffer, capacity, length_out, error)
                           : read_stored(source, buffer, capacity, length_out, error);
    if (status) {
        tf_error_set_place(error, source->name);
        return status;
    }
    source->is_at_end |= *length_out < capacity;
    return TF_OK;
}

const char *tf_source_name(const tf_source *source) {
    return source->name;
}

void tf_source_progress(const tf_source *source, uint64_t *consumed_out, uint64_t *total_out) {
    *consumed_out = source->given;
    *total_out = source->total;
}

tf_status tf_source_sha256(tf_source *source, char text_out[TF_SHA256_TEXT_SIZE], tf_error *error) {
    if (!source->is_at_end || source->is_unhashed) {
        return tf_fail(error, TF_INTERNAL, source->name, 0,
                       "the checksum was asked for before the end of the file was read, or though "
                       "it was not to be computed");
    }
    return tf_sha256_finish(source->sha256, text_out, error);
}

tf_status tf_file_sha256(const char *path, char text_out[TF_SHA256_TEXT_SIZE], tf_error *error) {
    unsigned char chunk[16 * 1024];
    int file;
    uint64_t size;
    size_t length = sizeof chunk;
    tf_status status = tf_file_open(path, &file, &size, error);
    if (status) {
        return status;
    }
    tf_sha256 *sha256 = tf_sha256_new();
    status = sha256 ? TF_OK : tf_fail_no_memory(error);
    while (!status && length == sizeof chunk) {
        status = tf_file_read(file, chunk, sizeof chunk, &length, error);
        if (!status) {
            tf_sha256_update(sha256, chunk, length);
        }
    }
    if (!status) {
        status = tf_sha256_finish(sha256, text_out, error);
    }
    tf_sha256_free(sha256);
    tf_file_close(file);
    tf_error_set_place(status ? error : NULL, path);
    return status;
}

void tf_source_skip_hashing(tf_source *source) {
    source->is_unhashed = true;
}
