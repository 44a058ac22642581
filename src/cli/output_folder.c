#include "cli/output_folder.h"

#include "cli/interrupt.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static tf_status fail_io(const char *path, tf_error *error) {
    return tf_fail(error, TF_IO, path, 0, "could not be written: %s", strerror(errno));
}

static tf_status check_folder(const char *path, tf_error *error) {
    struct stat facts;
    if (stat(path, &facts) != 0) {
        return fail_io(path, error);
    }
    if (!S_ISDIR(facts.st_mode)) {
        return tf_fail(error, TF_IO, path, 0, "is a file and no folder; name a folder");
    }
    return access(path, W_OK | X_OK) == 0 ? TF_OK : fail_io(path, error);
}

tf_status tf_output_folder_check(const char *path, tf_error *error) {
    struct stat facts;
    if (stat(path, &facts) == 0 || errno != ENOENT) {
        return check_folder(path, error);
    }
    char above[TF_OUTPUT_PATH_SIZE];
    if (snprintf(above, sizeof above, "%s", path) >= (int)sizeof above) {
        return tf_fail(error, TF_IO, NULL, 0, "the folder's name is too long");
    }
    size_t length = strlen(above);
    while (length > 1 && above[length - 1] == '/') {
        above[--length] = '\0';
    }
    char *slash = strrchr(above, '/');
    if (!slash) {
        return check_folder(".", error);
    }
    slash[slash == above] = '\0';
    return check_folder(above, error);
}

static tf_status take_path(tf_output_folder *folder, const char *path, size_t length,
                           tf_error *error) {
    *folder = (tf_output_folder){0};
    if (length >= sizeof folder->path) {
        return tf_fail(error, TF_IO, NULL, 0, "the folder's name is too long");
    }
    memcpy(folder->path, path, length);
    return TF_OK;
}

tf_status tf_output_folder_begin(const char *path, tf_output_folder *folder_out, tf_error *error) {
    tf_status status = take_path(folder_out, path, strlen(path), error);
    if (status) {
        return status;
    }
    tf_interrupt_hold(&folder_out->before);
    folder_out->was_made = mkdir(path, 0777) == 0;
    status =
        folder_out->was_made || errno == EEXIST ? check_folder(path, error) : fail_io(path, error);
    if (status) {
        tf_interrupt_release(&folder_out->before);
    }
    return status;
}

tf_status tf_output_folder_begin_file(const char *path, tf_output_folder *folder_out,
                                      const char **name_out, tf_error *error) {
    const char *slash = strrchr(path, '/');
    const char *folder = !slash ? "." : slash == path ? "/" : path;
    size_t length = folder == path ? (size_t)(slash - path) : 1;
    *name_out = slash ? slash + 1 : path;
    tf_status status = take_path(folder_out, folder, length, error);
    if (!status && !**name_out) {
        status = tf_fail(error, TF_IO, path, 0, "is a folder; name a file");
    }
    if (!status) {
        tf_interrupt_hold(&folder_out->before);
    }
    return status;
}

static tf_status name_file(const tf_output_folder *folder, const char *name, const char *ending,
                           char path_out[TF_OUTPUT_PATH_SIZE], tf_error *error) {
    int length = snprintf(path_out, TF_OUTPUT_PATH_SIZE, "%s/%s%s", folder->path, name, ending);
    return length > 0 && length < TF_OUTPUT_PATH_SIZE
               ? TF_OK
               : tf_fail(error, TF_BAD_INPUT, NULL, 0, "the folder's name is too long");
}

static tf_status name_unfinished(const tf_output_folder *folder, const char *name,
                                 char path_out[TF_OUTPUT_PATH_SIZE], tf_error *error) {
    return name_file(folder, name, ".unfinished", path_out, error);
}

static tf_status fail_file(const tf_output_folder *folder, const char *name, tf_error *error) {
    int reason = errno;
    char path[TF_OUTPUT_PATH_SIZE];
    tf_status status = name_file(folder, name, "", path, error);
    errno = reason;
    return status ? status : fail_io(path, error);
}

tf_status tf_output_folder_open(tf_output_folder *folder, const char *name,
                                tf_output_file **file_out, tf_error *error) {
    char path[TF_OUTPUT_PATH_SIZE];
    tf_output_file *file = &folder->files[folder->file_count];
    tf_status status = name_unfinished(folder, name, path, error);
    if (status) {
        return status;
    }
    file->name = name;
    file->file = fopen(path, "we");
    if (!file->file) {
        return fail_file(folder, name, error);
    }
    folder->file_count++;
    *file_out = file;
    return TF_OK;
}

tf_status tf_output_folder_write(tf_output_folder *folder, tf_output_file *file, const void *bytes,
                                 size_t length, tf_error *error) {
    if (tf_interrupt_is_pending()) {
        return tf_fail(error, TF_IO, folder->path, 0,
                       "nothing was written: the program was interrupted");
    }
    return length == 0 || fwrite(bytes, 1, length, file->file) == length
               ? TF_OK
               : fail_file(folder, file->name, error);
}

tf_status tf_output_folder_close(tf_output_folder *folder, tf_output_file *file, tf_error *error) {
    char path[TF_OUTPUT_PATH_SIZE];
    int closed = fclose(file->file);
    file->file = NULL;
    if (closed != 0) {
        return fail_file(folder, file->name, error);
    }
    tf_status status = name_unfinished(folder, file->name, path, error);
    return status ? status : tf_file_sha256(path, file->sha256, error);
}

tf_status tf_output_folder_put(tf_output_folder *folder, const char *name, const tf_buffer *bytes,
                               tf_error *error) {
    tf_output_file *file = NULL;
    tf_status status = tf_buffer_check(bytes, error);
    if (!status) {
        status = tf_output_folder_open(folder, name, &file, error);
    }
    if (!status) {
        status = tf_output_folder_write(folder, file, bytes->data, bytes->length, error);
    }
    return status ? status : tf_output_folder_close(folder, file, error);
}

/* A folder in a file's place is found before the first file has got its name. */
static tf_status check_places(const tf_output_folder *folder, tf_error *error) {
    for (size_t i = 0; i < folder->file_count; i++) {
        char path[TF_OUTPUT_PATH_SIZE];
        struct stat facts;
        tf_status status = name_file(folder, folder->files[i].name, "", path, error);
        if (status) {
            return status;
        }
        if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
            return tf_fail(error, TF_IO, path, 0,
                           "is a folder, where a file is to be written; take it away");
        }
    }
    return TF_OK;
}

static tf_status name_all(const tf_output_folder *folder, tf_error *error) {
    for (size_t i = 0; i < folder->file_count; i++) {
        char from[TF_OUTPUT_PATH_SIZE], to[TF_OUTPUT_PATH_SIZE];
        tf_status status = name_unfinished(folder, folder->files[i].name, from, error);
        if (!status) {
            status = name_file(folder, folder->files[i].name, "", to, error);
        }
        if (!status && rename(from, to) != 0) {
            status = fail_io(to, error);
        }
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

static bool is_written(const tf_output_folder *folder, const char *name) {
    for (size_t i = 0; i < folder->file_count; i++) {
        if (strcmp(folder->files[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void remove_older(const tf_output_folder *folder, const char *const *older) {
    for (; older && *older; older++) {
        char path[TF_OUTPUT_PATH_SIZE];
        if (!is_written(folder, *older) && !name_file(folder, *older, "", path, NULL)) {
            unlink(path);
        }
    }
}

static void remove_all(const tf_output_folder *folder) {
    for (size_t i = 0; i < folder->file_count; i++) {
        char path[TF_OUTPUT_PATH_SIZE];
        if (folder->files[i].file) {
            (void)fclose(folder->files[i].file);
        }
        if (!name_unfinished(folder, folder->files[i].name, path, NULL)) {
            unlink(path);
        }
    }
    if (folder->was_made) {
        rmdir(folder->path);
    }
}

tf_status tf_output_folder_end(tf_output_folder *folder, tf_status status, const char *const *older,
                               tf_error *error) {
    if (!status && tf_interrupt_is_pending()) {
        status = tf_fail(error, TF_IO, folder->path, 0,
                         "nothing was written: the program was interrupted");
    }
    if (!status) {
        status = check_places(folder, error);
    }
    if (!status) {
        status = name_all(folder, error);
    }
    if (status) {
        remove_all(folder);
    } else {
        remove_older(folder, older);
    }
    tf_interrupt_release(&folder->before);
    return status;
}

tf_status tf_output_file_put(const char *path, const tf_buffer *bytes, tf_error *error) {
    tf_output_folder folder;
    const char *name;
    tf_status status = tf_output_folder_begin_file(path, &folder, &name, error);
    if (status) {
        return status;
    }
    status = tf_output_folder_put(&folder, name, bytes, error);
    return tf_output_folder_end(&folder, status, NULL, error);
}
