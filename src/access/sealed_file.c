#include "sealed_file_internal.h"

#include "backup_key.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[16] = "Trefoil backup\n";

enum {
    FORMAT_VERSION = 1,
    VERSION_OFFSET = sizeof magic,
    PUBLIC_OFFSET = VERSION_OFFSET + 4,
    OPEN_SIZE = PUBLIC_OFFSET + TF_KEY_SIZE, /* what everybody may read */
    SEALED_SIZE = TF_KEY_SIZE + 48,          /* crypto_box_SEALBYTES */
    STREAM_OFFSET = OPEN_SIZE + SEALED_SIZE,
    HEADER_SIZE = STREAM_OFFSET + TF_STREAM_HEADER_SIZE,
    LOCKED_SIZE = TF_SEALED_PIECE_SIZE + TF_STREAM_OVERHEAD,
};

/* The key of the stream; the random bytes are forgotten. */
static void make_stream_key(const uint8_t header[OPEN_SIZE], uint8_t random[TF_KEY_SIZE],
                            uint8_t key_out[TF_KEY_SIZE]) {
    tf_secret_hash(random, header, OPEN_SIZE, key_out);
    tf_secret_forget(random, TF_KEY_SIZE);
}

/* ---- writing ---- */

struct tf_sealed_writer {
    tf_new_file *file;
    tf_secret_stream *stream;
    int64_t size;
    size_t used; /* of `plain` */
    uint8_t plain[TF_SEALED_PIECE_SIZE];
    uint8_t locked[LOCKED_SIZE];
};

static tf_status write_bytes(tf_sealed_writer *writer, const void *bytes, size_t length,
                             tf_error *error) {
    writer->size += (int64_t)length;
    return tf_new_file_write(writer->file, bytes, length, error);
}

static tf_status begin_writing(tf_sealed_writer *writer, const uint8_t public_key[TF_KEY_SIZE],
                               tf_error *error) {
    uint8_t header[HEADER_SIZE];
    memcpy(header, magic, sizeof magic);
    memcpy(header + VERSION_OFFSET, (const uint8_t[4]){FORMAT_VERSION}, 4);
    memcpy(header + PUBLIC_OFFSET, public_key, TF_KEY_SIZE);
    uint8_t random[TF_KEY_SIZE];
    uint8_t key[TF_KEY_SIZE];
    tf_secret_random(random, sizeof random);
    tf_buffer sealed;
    tf_buffer_init(&sealed);
    tf_secret_seal(public_key, (tf_text){(const char *)random, sizeof random}, &sealed);
    tf_status status = tf_buffer_check(&sealed, error);
    if (!status && sealed.length != SEALED_SIZE) {
        status = tf_fail(error, TF_INTERNAL, writer->file->path, 0,
                         "the backup key cannot be sealed to; make another");
    }
    if (!status) {
        memcpy(header + OPEN_SIZE, sealed.data, SEALED_SIZE);
        make_stream_key(header, random, key);
        writer->stream = tf_secret_stream_lock(key, header + STREAM_OFFSET);
        status = writer->stream ? write_bytes(writer, header, HEADER_SIZE, error)
                                : tf_fail_no_memory(error);
    }
    tf_secret_forget(random, sizeof random);
    tf_secret_forget(key, sizeof key);
    tf_buffer_deinit(&sealed);
    return status;
}

tf_status tf_sealed_writer_new(tf_new_file *file, const uint8_t public_key[TF_KEY_SIZE],
                               tf_sealed_writer **writer_out, tf_error *error) {
    *writer_out = tf_alloc_zeroed(1, sizeof **writer_out);
    if (!*writer_out) {
        return tf_fail_no_memory(error);
    }
    (*writer_out)->file = file;
    return begin_writing(*writer_out, public_key, error);
}

static tf_status push(tf_sealed_writer *writer, bool is_last, tf_error *error) {
    tf_secret_stream_push(writer->stream, (tf_text){(const char *)writer->plain, writer->used},
                          is_last, writer->locked);
    tf_status status =
        write_bytes(writer, writer->locked, writer->used + TF_STREAM_OVERHEAD, error);
    writer->used = 0;
    return status;
}

tf_status tf_sealed_write(tf_sealed_writer *writer, const void *bytes, size_t length,
                          tf_error *error) {
    const uint8_t *at = bytes;
    tf_status status = TF_OK;
    while (!status && length) {
        size_t part = TF_SEALED_PIECE_SIZE - writer->used;
        part = part < length ? part : length;
        memcpy(writer->plain + writer->used, at, part);
        writer->used += part;
        at += part;
        length -= part;
        if (writer->used == TF_SEALED_PIECE_SIZE) {
            status = push(writer, false, error);
        }
    }
    return status;
}

tf_status tf_sealed_finish(tf_sealed_writer *writer, int64_t *size_out, tf_error *error) {
    tf_status status = push(writer, true, error);
    *size_out = writer->size;
    return status;
}

void tf_sealed_writer_free(tf_sealed_writer *writer) {
    if (writer) {
        tf_secret_stream_free(writer->stream);
        tf_secret_forget(writer, sizeof *writer);
        tf_free(writer);
    }
}

/* ---- reading ---- */

struct tf_sealed_reader {
    int file;
    const char *path;
    tf_secret_stream *stream;
    int64_t size;
    size_t used;   /* of what is in `plain` */
    size_t length; /* of what is in `plain` */
    bool is_last;  /* it is the last piece */
    uint8_t plain[TF_SEALED_PIECE_SIZE];
    uint8_t locked[LOCKED_SIZE];
};

static tf_status fail_damaged(const tf_sealed_reader *reader, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, reader->path, 0,
                   "the backup is damaged; use another copy of it, or an older backup");
}

static tf_status fail_cut_off(const tf_sealed_reader *reader, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, reader->path, 0,
                   "the backup is cut off; copy it anew, or use an older backup");
}

/* As many bytes as there are, up to `length`. */
static tf_status read_bytes(tf_sealed_reader *reader, uint8_t *bytes, size_t length,
                            size_t *length_out, tf_error *error) {
    *length_out = 0;
    while (*length_out < length) {
        ssize_t got = read(reader->file, bytes + *length_out, length - *length_out);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return tf_fail(error, TF_IO, reader->path, 0, "the backup cannot be read: %s",
                           strerror(errno));
        }
        if (got == 0) {
            break;
        }
        *length_out += (size_t)got;
    }
    reader->size += (int64_t)*length_out;
    return TF_OK;
}

static tf_status check_header(const tf_sealed_reader *reader, const uint8_t *header, size_t length,
                              const uint8_t public_key[TF_KEY_SIZE], tf_error *error) {
    if (length < sizeof magic || memcmp(header, magic, sizeof magic) != 0) {
        return tf_fail(error, TF_BAD_INPUT, reader->path, 0,
                       "the file is no backup of Trefoil; name another");
    }
    if (length < HEADER_SIZE) {
        return fail_cut_off(reader, error);
    }
    if (memcmp(header + VERSION_OFFSET, (const uint8_t[4]){FORMAT_VERSION}, 4) != 0) {
        return tf_fail(error, TF_UNSUPPORTED, reader->path, 0,
                       "the backup was written by a newer Trefoil, or is damaged; use that "
                       "program, or another copy");
    }
    if (memcmp(header + PUBLIC_OFFSET, public_key, TF_KEY_SIZE) != 0) {
        char whose[TF_BACKUP_KEY_TEXT_SIZE];
        char given[TF_BACKUP_KEY_TEXT_SIZE];
        tf_backup_key_format(header + PUBLIC_OFFSET, whose);
        tf_backup_key_format(public_key, given);
        return tf_fail(error, TF_BAD_INPUT, reader->path, 0,
                       "the backup was made for another key, whose public part is %s; the one "
                       "given has %s",
                       whose, given);
    }
    return TF_OK;
}

static tf_status begin_reading(tf_sealed_reader *reader, const uint8_t public_key[TF_KEY_SIZE],
                               const uint8_t secret_key[TF_KEY_SIZE], tf_error *error) {
    uint8_t header[HEADER_SIZE];
    size_t length;
    tf_status status = read_bytes(reader, header, HEADER_SIZE, &length, error);
    if (!status) {
        status = check_header(reader, header, length, public_key, error);
    }
    if (status) {
        return status;
    }
    tf_buffer random;
    tf_buffer_init(&random);
    uint8_t key[TF_KEY_SIZE];
    if (!tf_secret_open(public_key, secret_key,
                        (tf_text){(const char *)header + OPEN_SIZE, SEALED_SIZE}, &random) ||
        random.length != TF_KEY_SIZE) {
        status = random.failed ? tf_fail_no_memory(error) : fail_damaged(reader, error);
    } else {
        make_stream_key(header, (uint8_t *)random.data, key);
        reader->stream = tf_secret_stream_unlock(key, header + STREAM_OFFSET);
        status = reader->stream ? TF_OK : tf_fail_no_memory(error);
    }
    tf_secret_forget(key, sizeof key);
    tf_buffer_deinit(&random);
    return status;
}

tf_status tf_sealed_reader_open(const char *path, const uint8_t public_key[TF_KEY_SIZE],
                                const uint8_t secret_key[TF_KEY_SIZE],
                                tf_sealed_reader **reader_out, tf_error *error) {
    tf_sealed_reader *reader = *reader_out = tf_alloc_zeroed(1, sizeof *reader);
    if (!reader) {
        return tf_fail_no_memory(error);
    }
    reader->path = path;
    reader->file = open(path, O_RDONLY | O_CLOEXEC);
    if (reader->file < 0) {
        return tf_fail(error, errno == ENOENT ? TF_NOT_FOUND : TF_IO, path, 0,
                       "the backup cannot be read: %s", strerror(errno));
    }
    return begin_reading(reader, public_key, secret_key, error);
}

/* The next piece into `plain`. */
static tf_status pull(tf_sealed_reader *reader, tf_error *error) {
    size_t length;
    tf_status status = read_bytes(reader, reader->locked, LOCKED_SIZE, &length, error);
    if (status) {
        return status;
    }
    if (length == 0) {
        return fail_cut_off(reader, error);
    }
    if (!tf_secret_stream_pull(reader->stream, (tf_text){(const char *)reader->locked, length},
                               reader->plain, &reader->is_last)) {
        /* A piece that is shorter than others and not the last has lost its end. */
        return length < LOCKED_SIZE ? fail_cut_off(reader, error) : fail_damaged(reader, error);
    }
    reader->used = 0;
    reader->length = length - TF_STREAM_OVERHEAD;
    return TF_OK;
}

tf_status tf_sealed_read(tf_sealed_reader *reader, void *bytes_out, size_t length,
                         tf_error *error) {
    uint8_t *at = bytes_out;
    while (length) {
        if (reader->used == reader->length) {
            tf_status status = reader->is_last ? fail_damaged(reader, error) : pull(reader, error);
            if (status) {
                return status;
            }
        }
        size_t part = reader->length - reader->used;
        part = part < length ? part : length;
        memcpy(at, reader->plain + reader->used, part);
        reader->used += part;
        at += part;
        length -= part;
    }
    return TF_OK;
}

tf_status tf_sealed_read_end(tf_sealed_reader *reader, tf_error *error) {
    tf_status status = TF_OK;
    if (!reader->is_last && reader->used == reader->length) {
        status = pull(reader, error); /* a last piece may be empty */
    }
    size_t behind = 0;
    if (!status) {
        status = read_bytes(reader, reader->locked, 1, &behind, error);
    }
    if (!status && (!reader->is_last || reader->used != reader->length || behind)) {
        status = fail_damaged(reader, error);
    }
    return status;
}

int64_t tf_sealed_reader_size(const tf_sealed_reader *reader) {
    return reader->size;
}

void tf_sealed_reader_close(tf_sealed_reader *reader) {
    if (reader) {
        if (reader->file >= 0) {
            close(reader->file);
        }
        tf_secret_stream_free(reader->stream);
        tf_secret_forget(reader, sizeof *reader);
        tf_free(reader);
    }
}
