#include "site_key.h"

#include "trefoil/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char first_line[] = "Trefoil site key, version 1: keep it secret, and keep a copy";

enum { DIGITS = 2 * TF_KEY_SIZE, FILE_SIZE = (int)sizeof first_line + DIGITS + 1 };

void tf_site_key_path(const char *db_path, tf_buffer *path_out) {
    tf_buffer_format(path_out, "%s.key", db_path);
}

void tf_site_key_of(const uint8_t root[TF_KEY_SIZE], tf_site_key *key_out) {
    uint8_t seed[TF_KEY_SIZE];
    memcpy(key_out->root, root, TF_KEY_SIZE);
    tf_secret_derive(root, "audit", key_out->audit_key);
    tf_secret_derive(root, "vault", key_out->vault_key);
    tf_secret_derive(root, "sign", seed);
    tf_secret_sign_keys_of(seed, key_out->sign_public, key_out->sign_secret);
    tf_secret_forget(seed, sizeof seed);
}

static void write_text(const uint8_t root[TF_KEY_SIZE], char text_out[FILE_SIZE + 1]) {
    int length = snprintf(text_out, FILE_SIZE + 1, "%s\n", first_line);
    for (int i = 0; i < TF_KEY_SIZE; i++) {
        length += snprintf(text_out + length, (size_t)(FILE_SIZE + 1 - length), "%02x", root[i]);
    }
    text_out[length] = '\n';
    text_out[length + 1] = '\0';
}

static int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool read_text(const char *text, size_t length, uint8_t root_out[TF_KEY_SIZE]) {
    size_t start = sizeof first_line;
    if (length != FILE_SIZE || memcmp(text, first_line, start - 1) != 0 ||
        text[start - 1] != '\n' || text[length - 1] != '\n') {
        return false;
    }
    for (size_t i = 0; i < TF_KEY_SIZE; i++) {
        int high = digit_value(text[start + 2 * i]);
        int low = digit_value(text[start + 2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        root_out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

/* Wait until the disk has the folder's entry for `path`. */
static bool sync_folder_of(const char *path) {
    char *folder = tf_copy_text(path, strlen(path));
    if (!folder) {
        return false;
    }
    char *slash = strrchr(folder, '/');
    if (slash) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    int handle = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    tf_free(folder);
    bool is_synced = handle >= 0 && fsync(handle) == 0;
    if (handle >= 0) {
        close(handle);
    }
    return is_synced;
}

static tf_status write_file(const char *path, const uint8_t root[TF_KEY_SIZE], tf_error *error) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return errno == EEXIST
                   ? tf_fail(error, TF_BUSY, path, 0,
                             "there is a site key already; move it away if it belongs to another "
                             "database")
                   : tf_fail(error, TF_IO, path, 0, "the site key cannot be written: %s",
                             strerror(errno));
    }
    char text[FILE_SIZE + 1];
    write_text(root, text);
    ssize_t written = write(file, text, FILE_SIZE);
    bool is_written = written == FILE_SIZE && fsync(file) == 0;
    int fault = written >= 0 && written < FILE_SIZE ? ENOSPC : errno;
    tf_secret_forget(text, sizeof text);
    is_written = close(file) == 0 && is_written && sync_folder_of(path);
    if (!is_written) {
        (void)unlink(path);
        return tf_fail(error, TF_IO, path, 0, "the site key cannot be written: %s",
                       strerror(fault));
    }
    return TF_OK;
}

tf_status tf_site_key_write(const char *db_path, const uint8_t root[TF_KEY_SIZE], tf_error *error) {
    tf_buffer path;
    tf_buffer_init(&path);
    tf_site_key_path(db_path, &path);
    tf_status status = tf_buffer_check(&path, error);
    if (!status) {
        status = write_file(path.data, root, error);
    }
    tf_buffer_deinit(&path);
    return status;
}

tf_status tf_site_key_create(const char *db_path, tf_site_key *key_out, tf_error *error) {
    tf_status status = tf_secret_begin(error);
    if (status) {
        return status;
    }
    uint8_t root[TF_KEY_SIZE];
    tf_secret_random(root, sizeof root);
    status = tf_site_key_write(db_path, root, error);
    if (!status) {
        tf_site_key_of(root, key_out);
    }
    tf_secret_forget(root, sizeof root);
    return status;
}

static tf_status read_file(const char *path, uint8_t root_out[TF_KEY_SIZE], tf_error *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return errno == ENOENT
                   ? tf_fail(error, TF_NOT_FOUND, path, 0,
                             "the database has no site key; run 'trefoil init', or bring the key "
                             "from a backup")
                   : tf_fail(error, TF_IO, path, 0, "the site key cannot be read: %s",
                             strerror(errno));
    }
    struct stat facts;
    char text[FILE_SIZE + 1];
    ssize_t length = fstat(file, &facts) == 0 ? read(file, text, sizeof text) : -1;
    int fault = errno;
    close(file);
    tf_status status = TF_OK;
    if (length < 0) {
        status = tf_fail(error, TF_IO, path, 0, "the site key cannot be read: %s", strerror(fault));
    } else if (facts.st_mode & (S_IRWXG | S_IRWXO)) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "others may read the site key; run 'chmod 600' on it");
    } else if (!read_text(text, (size_t)length, root_out)) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "the file is no site key, or is damaged; bring it from a backup");
    }
    tf_secret_forget(text, sizeof text);
    return status;
}

tf_status tf_site_key_load(const char *db_path, tf_site_key *key_out, tf_error *error) {
    tf_status status = tf_secret_begin(error);
    tf_buffer path;
    tf_buffer_init(&path);
    tf_site_key_path(db_path, &path);
    if (!status) {
        status = tf_buffer_check(&path, error);
    }
    uint8_t root[TF_KEY_SIZE];
    if (!status) {
        status = read_file(path.data, root, error);
    }
    if (!status) {
        tf_site_key_of(root, key_out);
    }
    tf_secret_forget(root, sizeof root);
    tf_buffer_deinit(&path);
    return status;
}
