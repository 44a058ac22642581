#include "new_file.h"

#include "trefoil/base/file.h"
#include "trefoil/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void tf_folder_of_path(const char *path, tf_buffer *folder_out) {
    const char *slash = strrchr(path, '/');
    if (!slash) {
        tf_buffer_append_text(folder_out, ".");
    } else {
        tf_buffer_append(folder_out, path, slash == path ? 1 : (size_t)(slash - path));
    }
}

static tf_status fail_existing(const char *path, tf_error *error) {
    return tf_fail(error, TF_BUSY, path, 0,
                   "there is such a file already, and it is left as it is; name another, or move "
                   "it away");
}

static tf_status fail_write(const char *path, int fault, tf_error *error) {
    return tf_fail(error, TF_IO, path, 0, "the file cannot be written: %s", strerror(fault));
}

tf_status tf_new_file_begin(const char *path, tf_new_file *file_out, tf_error *error) {
    *file_out = (tf_new_file){.path = path, .file = -1};
    struct stat facts;
    if (lstat(path, &facts) == 0) {
        return fail_existing(path, error);
    }
    tf_buffer folder;
    tf_buffer_init(&folder);
    tf_folder_of_path(path, &folder);
    tf_status status = tf_buffer_check(&folder, error);
    if (!status) {
        file_out->file = tf_file_open_unnamed(folder.data);
        if (file_out->file < 0) {
            status = fail_write(path, errno, error);
        }
    }
    tf_buffer_deinit(&folder);
    return status;
}

/* Whether all was written; errno says why not. */
static bool write_whole(int file, const char *bytes, size_t length) {
    while (length) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            errno = written < 0 ? errno : ENOSPC;
            return false;
        }
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

tf_status tf_new_file_write(tf_new_file *file, const void *bytes, size_t length, tf_error *error) {
    return write_whole(file->file, bytes, length) ? TF_OK : fail_write(file->path, errno, error);
}

/* Where the file system knows no files without a name, the bytes go to one that has it; errno says
 * why not, and then nothing is left of it. */
static bool copy_to_name(int from, const char *path) {
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0) {
        return false;
    }
    static const size_t room = (size_t)64 * 1024;
    char *bytes = tf_alloc(room, 1);
    bool is_whole = bytes != NULL;
    off_t offset = 0;
    while (is_whole) {
        ssize_t got = pread(from, bytes, room, offset);
        if (got == 0) {
            break;
        }
        is_whole = got > 0 && write_whole(to, bytes, (size_t)got);
        offset += got;
    }
    int fault = bytes ? errno : ENOMEM;
    if (is_whole && fsync(to) != 0) {
        fault = errno;
        is_whole = false;
    }
    tf_free(bytes);
    close(to);
    if (!is_whole) {
        (void)unlink(path);
        errno = fault;
    }
    return is_whole;
}

static bool give_name(int file, const char *path) {
    char unnamed[32];
    snprintf(unnamed, sizeof unnamed, "/proc/self/fd/%d", file);
    return linkat(AT_FDCWD, unnamed, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ||
           (errno != EEXIST && copy_to_name(file, path));
}

/* Wait until the disk has the name, too. */
static bool sync_folder(const char *folder) {
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = handle >= 0 && fsync(handle) == 0;
    if (handle >= 0) {
        close(handle);
    }
    return is_synced;
}

tf_status tf_new_file_keep(tf_new_file *file, tf_error *error) {
    tf_buffer folder;
    tf_buffer_init(&folder);
    tf_folder_of_path(file->path, &folder);
    tf_status status = tf_buffer_check(&folder, error);
    if (!status && fsync(file->file) != 0) {
        status = fail_write(file->path, errno, error);
    }
    if (!status && !give_name(file->file, file->path)) {
        status = errno == EEXIST ? fail_existing(file->path, error)
                                 : fail_write(file->path, errno, error);
    } else if (!status && !sync_folder(folder.data)) {
        status = fail_write(file->path, errno, error);
        (void)unlink(file->path);
    }
    tf_buffer_deinit(&folder);
    return status;
}

void tf_new_file_end(tf_new_file *file) {
    if (file->file >= 0) {
        close(file->file);
    }
    file->file = -1;
}
