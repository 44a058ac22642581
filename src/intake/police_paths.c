#include "intake/police_paths.h"

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The folders that were entered: a link may lead back to one, or to one from many places. */
typedef struct visited_folders {
    struct folder_identity {
        dev_t device;
        ino_t number;
    } * items;
    size_t count;
    size_t capacity;
} visited_folders;

static tf_status fail_stat(const char *path, tf_error *error) {
    return errno == ENOENT || errno == ENOTDIR
               ? tf_fail(error, TF_NOT_FOUND, path, 0, "there is no such file or folder")
               : tf_fail(error, TF_IO, path, 0, "it cannot be opened: %s", strerror(errno));
}

void tf_police_entries_deinit(tf_police_entries *entries) {
    for (size_t i = 0; i < entries->count; i++) {
        tf_free(entries->items[i].path);
    }
    tf_free(entries->items);
    *entries = (tf_police_entries){0};
}

static tf_status add_entry(tf_police_entries *entries, tf_police_entry entry, const char *path,
                           tf_error *error) {
    entry.path = tf_copy_text(path, strlen(path));
    if (!entry.path || tf_reserve(&entries->items, &entries->capacity, entries->count + 1,
                                  sizeof *entries->items, NULL)) {
        tf_free(entry.path);
        return tf_fail_no_memory(error);
    }
    entries->items[entries->count++] = entry;
    return TF_OK;
}

static bool is_csv_name(const char *name) {
    tf_text text = tf_text_of(name);
    return tf_text_ends_with(text, ".csv") || tf_text_ends_with(text, ".csv.gz");
}

/* The members that are CSV files, if there are any; the archive's whole size is shared out evenly
 * among them, since what the members' headers say of their sizes is not to be trusted. */
static tf_status add_archive(tf_police_entries *entries, const char *path, uint64_t size,
                             tf_error *error) {
    tf_archive *archive;
    tf_error unread;
    if (tf_archive_open(path, &archive, &unread)) {
        return add_entry(entries, (tf_police_entry){.is_member = true, .size = size}, path, error);
    }
    tf_status status = TF_OK;
    size_t member_count = tf_archive_member_count(archive);
    size_t first = entries->count;
    for (size_t i = 0; i < member_count && !status; i++) {
        if (is_csv_name(tf_archive_member_name(archive, i))) {
            status =
                add_entry(entries, (tf_police_entry){.is_member = true, .member = i}, path, error);
        }
    }
    tf_archive_close(archive);
    size_t added = entries->count - first;
    for (size_t i = first; i < entries->count; i++) {
        entries->items[i].size = size / added;
    }
    return status;
}

static tf_status add_file(tf_police_entries *entries, const char *path, uint64_t size,
                          tf_error *error) {
    if (tf_archive_is_zip(path)) {
        return add_archive(entries, path, size, error);
    }
    return add_entry(entries, (tf_police_entry){.size = size}, path, error);
}

/* Whether the folder is entered for the first time. */
static tf_status visit(visited_folders *visited, const struct stat *about, bool *is_new_out,
                       tf_error *error) {
    *is_new_out = false;
    for (size_t i = 0; i < visited->count; i++) {
        if (visited->items[i].device == about->st_dev &&
            visited->items[i].number == about->st_ino) {
            return TF_OK;
        }
    }
    tf_status status = tf_reserve(&visited->items, &visited->capacity, visited->count + 1,
                                  sizeof *visited->items, error);
    if (!status) {
        visited->items[visited->count++] = (struct folder_identity){about->st_dev, about->st_ino};
        *is_new_out = true;
    }
    return status;
}

static tf_status add_folder(tf_police_entries *entries, visited_folders *visited, const char *path,
                            const struct stat *about, tf_error *error);

/* What a folder holds is taken if it is a folder or has the name of a file to import; of such a
 * name even if it is not there (a link to nowhere), so that opening it reports why. */
static tf_status add_inside(tf_police_entries *entries, visited_folders *visited, const char *path,
                            tf_error *error) {
    struct stat about;
    bool is_there = stat(path, &about) == 0;
    if (is_there && S_ISDIR(about.st_mode)) {
        return add_folder(entries, visited, path, &about, error);
    }
    bool is_wanted = is_csv_name(path) || tf_text_ends_with(tf_text_of(path), ".zip");
    if (!is_wanted || (is_there && !S_ISREG(about.st_mode))) {
        return TF_OK;
    }
    return is_there ? add_file(entries, path, (uint64_t)about.st_size, error)
                    : add_entry(entries, (tf_police_entry){0}, path, error);
}

static tf_status add_folder(tf_police_entries *entries, visited_folders *visited, const char *path,
                            const struct stat *about, tf_error *error) {
    bool is_new;
    tf_status status = visit(visited, about, &is_new, error);
    if (status || !is_new) {
        return status;
    }
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);
    if (count < 0) {
        return tf_fail(error, TF_IO, path, 0, "the folder cannot be read: %s", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char *inside = tf_alloc(strlen(path) + strlen(name) + 2, 1);
        if (!inside) {
            status = tf_fail_no_memory(error);
        } else if (!status && name[0] != '.') {
            sprintf(inside, "%s/%s", path, name);
            status = add_inside(entries, visited, inside, error);
        }
        tf_free(inside);
        free(names[i]);
    }
    free(names);
    return status;
}

static tf_status add_path(tf_police_entries *entries, const char *path, tf_error *error) {
    struct stat about;
    if (stat(path, &about) != 0) {
        return fail_stat(path, error);
    }
    size_t before = entries->count;
    if (S_ISREG(about.st_mode)) {
        tf_status status = add_file(entries, path, (uint64_t)about.st_size, error);
        if (!status && entries->count == before) {
            status = tf_fail(error, TF_NOT_FOUND, path, 0,
                             "the archive holds no CSV file; give one of data.police.uk");
        }
        return status;
    }
    if (!S_ISDIR(about.st_mode)) {
        return tf_fail(error, TF_BAD_INPUT, path, 0,
                       "this is neither a file nor a folder; save what it gives as a file first");
    }
    visited_folders visited = {0};
    tf_status status = add_folder(entries, &visited, path, &about, error);
    tf_free(visited.items);
    if (!status && entries->count == before) {
        status =
            tf_fail(error, TF_NOT_FOUND, path, 0, "the folder holds no .csv, .csv.gz or .zip file");
    }
    return status;
}

tf_status tf_police_entries_find(const char *const *paths, size_t path_count,
                                 tf_police_entries *entries_out, tf_error *error) {
    *entries_out = (tf_police_entries){0};
    tf_status status = TF_OK;
    for (size_t i = 0; i < path_count && !status; i++) {
        status = add_path(entries_out, paths[i], error);
    }
    if (status) {
        tf_police_entries_deinit(entries_out);
    }
    return status;
}
