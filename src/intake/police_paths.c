#include "intake/police_paths.h"

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DEEPEST_FOLDER = 32 };

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

/* The members that are CSV files; the archive's whole size is shared out evenly among them, since
 * what the members' headers say of their sizes is not to be trusted. */
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
    if (!status && added == 0) {
        status = tf_fail(error, TF_NOT_FOUND, path, 0,
                         "the archive holds no CSV file; give one of data.police.uk");
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

static tf_status add_folder(tf_police_entries *entries, const char *path, int depth,
                            tf_error *error) {
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);
    if (count < 0) {
        return tf_fail(error, TF_IO, path, 0, "the folder cannot be read: %s", strerror(errno));
    }
    tf_status status = TF_OK;
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char *inside = tf_alloc(strlen(path) + strlen(name) + 2, 1);
        struct stat about;
        if (!inside) {
            status = tf_fail_no_memory(error);
        } else if (!status && name[0] != '.') {
            sprintf(inside, "%s/%s", path, name);
            bool is_there = stat(inside, &about) == 0;
            if (is_there && S_ISDIR(about.st_mode) && depth < DEEPEST_FOLDER) {
                status = add_folder(entries, inside, depth + 1, error);
            } else if (is_there && S_ISREG(about.st_mode) &&
                       (is_csv_name(name) || tf_text_ends_with(tf_text_of(name), ".zip"))) {
                status = add_file(entries, inside, (uint64_t)about.st_size, error);
            }
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
        return tf_fail(error, TF_NOT_FOUND, path, 0, "there is no such file or folder");
    }
    if (S_ISREG(about.st_mode)) {
        return add_file(entries, path, (uint64_t)about.st_size, error);
    }
    if (!S_ISDIR(about.st_mode)) {
        return tf_fail(error, TF_BAD_INPUT, path, 0,
                       "this is neither a file nor a folder; save what it gives as a file first");
    }
    size_t before = entries->count;
    tf_status status = add_folder(entries, path, 0, error);
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
