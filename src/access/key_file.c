#include "key_file_internal.h"

#include "new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_ROOM = 200 };

/* The bytes of a file: the first line, the digits, each with its line end. */
static size_t text_length(const tf_key_kind *kind) {
    return strlen(kind->first_line) + 1 + (size_t)2 * TF_KEY_SIZE + 1;
}

tf_status tf_key_file_write(const char *path, const tf_key_kind *kind,
                            const uint8_t key[TF_KEY_SIZE], tf_error *error) {
    char text[TEXT_ROOM];
    size_t length = text_length(kind);
    size_t start = strlen(kind->first_line) + 1;
    memcpy(text, kind->first_line, start - 1);
    text[start - 1] = '\n';
    tf_hex_write(key, TF_KEY_SIZE, text + start);
    text[length - 1] = '\n';
    tf_new_file file;
    tf_status status = tf_new_file_begin(path, &file, error);
    if (!status) {
        status = tf_new_file_write(&file, text, length, error);
    }
    if (!status) {
        status = tf_new_file_keep(&file, error);
    }
    tf_new_file_end(&file);
    tf_secret_forget(text, sizeof text);
    return status;
}

static bool has_first_line(const tf_key_kind *kind, const char *text, size_t length) {
    size_t start = strlen(kind->first_line) + 1;
    return length >= start && memcmp(text, kind->first_line, start - 1) == 0 &&
           text[start - 1] == '\n';
}

static bool read_key(const tf_key_kind *kind, const char *text, size_t length,
                     uint8_t key_out[TF_KEY_SIZE]) {
    return length == text_length(kind) && text[length - 1] == '\n' &&
           tf_hex_read(text + strlen(kind->first_line) + 1, TF_KEY_SIZE, key_out);
}

tf_status tf_key_file_read(const char *path, const tf_key_kind *kind, uint8_t key_out[TF_KEY_SIZE],
                           tf_error *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return errno == ENOENT ? tf_fail(error, TF_NOT_FOUND, path, 0, "%s", kind->absent)
                               : tf_fail(error, TF_IO, path, 0, "the %s cannot be read: %s",
                                         kind->name, strerror(errno));
    }
    struct stat facts;
    char text[TEXT_ROOM];
    ssize_t length = fstat(file, &facts) == 0 ? read(file, text, sizeof text) : -1;
    int fault = errno;
    close(file);
    tf_status status = TF_OK;
    if (length < 0) {
        status = tf_fail(error, TF_IO, path, 0, "the %s cannot be read: %s", kind->name,
                         strerror(fault));
    } else if (!has_first_line(kind, text, (size_t)length)) {
        /* Before its mode: nobody is told to change that of some other file. */
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "the file is no %s, or is damaged; name another, or bring it from a copy",
                         kind->name);
    } else if (facts.st_mode & (S_IRWXG | S_IRWXO)) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "others may read the %s; run 'chmod 600' on it", kind->name);
    } else if (!read_key(kind, text, (size_t)length, key_out)) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0, "the %s is damaged; bring it from a copy",
                         kind->name);
    }
    tf_secret_forget(text, sizeof text);
    return status;
}
