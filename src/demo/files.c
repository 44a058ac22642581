/* The folder on disk: what may be in it, and files that appear only when they are complete. */
#include "demo/demo_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum {
    FEED_COUNT = 3,
    OTHER_FILE_COUNT = 6,
    FILE_COUNT = TF_DEMO_MONTH_COUNT * FEED_COUNT + OTHER_FILE_COUNT,
    FULL_PATH_SIZE = 4096
};

static const char *const feeds[FEED_COUNT] = {"street", "outcomes", "stop-and-search"};
static const char *const other_files[OTHER_FILE_COUNT] = {
    "README.txt",
    "areas/small-areas.geojson",
    "areas/authorities.geojson",
    "areas/force.geojson",
    "population.csv",
    "lookup.csv",
};

/* A file grows under this name and is renamed when it is complete. */
static const char unfinished_suffix[] = ".part";

char *tf_demo_police_path(tf_month month, const char *feed, char path[TF_DEMO_PATH_SIZE]) {
    char text[TF_MONTH_TEXT_SIZE];
    tf_month_format(month, text);
    snprintf(path, TF_DEMO_PATH_SIZE, "police/%s/%s-" TF_DEMO_FORCE_SLUG "-%s.csv", text, text,
             feed);
    return path;
}

static void own_file(int index, char path[TF_DEMO_PATH_SIZE]) {
    if (index < OTHER_FILE_COUNT) {
        snprintf(path, TF_DEMO_PATH_SIZE, "%s", other_files[index]);
        return;
    }
    index -= OTHER_FILE_COUNT;
    tf_demo_police_path(TF_DEMO_FIRST_MONTH + index / FEED_COUNT, feeds[index % FEED_COUNT], path);
}

static tf_status fail_io(tf_error *error, const char *path, const char *what) {
    tf_code code = errno == ENOMEM ? TF_NO_MEMORY : TF_IO;
    return tf_fail(error, code, path, 0,
                   "the demonstration county cannot be written, because the system could not %s "
                   "(%s); make room or choose another folder",
                   what, strerror(errno));
}

static tf_status join(const char *directory, const char *path, const char *suffix,
                      char full[FULL_PATH_SIZE], tf_error *error) {
    int length =
        snprintf(full, FULL_PATH_SIZE, "%s%s%s%s", directory, *path ? "/" : "", path, suffix);
    if (length < 0 || length >= FULL_PATH_SIZE) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the name of the folder is too long; choose another folder");
    }
    return TF_OK;
}

static bool is_own_file(const char *path) {
    size_t length = strlen(path);
    if (tf_text_ends_with(tf_text_of(path), unfinished_suffix)) {
        length -= strlen(unfinished_suffix);
    }
    for (int i = 0; i < FILE_COUNT; i++) {
        char own[TF_DEMO_PATH_SIZE];
        own_file(i, own);
        if (strlen(own) == length && memcmp(own, path, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_own_folder(const char *path) {
    size_t length = strlen(path);
    for (int i = 0; i < FILE_COUNT; i++) {
        char own[TF_DEMO_PATH_SIZE];
        own_file(i, own);
        if (strncmp(own, path, length) == 0 && own[length] == '/') {
            return true;
        }
    }
    return false;
}

static tf_status refuse(const char *directory, const char *path, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, directory, 0,
                   "the folder already holds \"%s\", which is not part of a demonstration county; "
                   "choose a new or empty folder",
                   path);
}

/* Whether all that is in the folder, and in those of ours below it, could have come from an earlier
 * run.  Symbolic links could not: through them we would write elsewhere. */
static tf_status check_folder(const char *directory, const char *path, bool *is_empty_out,
                              tf_error *error) {
    char full[FULL_PATH_SIZE];
    tf_status status = join(directory, path, "", full, error);
    if (status) {
        return status;
    }
    DIR *folder = opendir(full);
    if (!folder) {
        return fail_io(error, full, "read the folder");
    }
    *is_empty_out = true;
    struct dirent *entry;
    while (!status && (entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        *is_empty_out = false;
        char below[FULL_PATH_SIZE];
        struct stat information;
        int length = snprintf(below, sizeof below, "%s%s%s", path, *path ? "/" : "", entry->d_name);
        status = length < 0 || length >= FULL_PATH_SIZE ? refuse(directory, entry->d_name, error)
                                                        : join(directory, below, "", full, error);
        if (status) {
            break;
        }
        bool is_there = lstat(full, &information) == 0;
        if (is_there && S_ISDIR(information.st_mode) && is_own_folder(below)) {
            bool is_empty;
            status = check_folder(directory, below, &is_empty, error);
        } else if (!is_there || !S_ISREG(information.st_mode) || !is_own_file(below)) {
            status = refuse(directory, below, error);
        }
    }
    closedir(folder);
    return status;
}

/* Our names are not unusual enough to overwrite a README.txt that somebody else wrote. */
static tf_status check_readme(const char *directory, tf_error *error) {
    char full[FULL_PATH_SIZE];
    tf_status status = join(directory, "README.txt", "", full, error);
    if (status) {
        return status;
    }
    char start[64] = "";
    FILE *file = fopen(full, "re");
    if (file) {
        size_t length = fread(start, 1, sizeof start - 1, file);
        start[length] = '\0';
        (void)fclose(file);
    }
    if (strncmp(start, tf_demo_readme, sizeof start - 1) != 0) {
        return tf_fail(error, TF_BAD_INPUT, directory, 0,
                       "the folder is not empty and does not hold the README.txt of an earlier "
                       "demonstration county; choose a new or empty folder");
    }
    return TF_OK;
}

static tf_status make_folder(const char *directory, const char *path, tf_error *error) {
    char full[FULL_PATH_SIZE];
    tf_status status = join(directory, path, "", full, error);
    if (!status && mkdir(full, 0777) && errno != EEXIST) {
        return fail_io(error, full, "make the folder");
    }
    return status;
}

tf_status tf_demo_folder_claim(const char *directory, tf_error *error) {
    bool is_empty = true;
    tf_status status = make_folder(directory, "", error);
    if (!status) {
        status = check_folder(directory, "", &is_empty, error);
    }
    if (!status && !is_empty) {
        status = check_readme(directory, error);
    }
    return status;
}

tf_status tf_demo_folder_furnish(const char *directory, tf_error *error) {
    tf_status status = make_folder(directory, "areas", error);
    if (!status) {
        status = make_folder(directory, "police", error);
    }
    for (tf_month month = TF_DEMO_FIRST_MONTH; !status && month <= TF_DEMO_LAST_MONTH; month++) {
        char path[TF_DEMO_PATH_SIZE];
        char text[TF_MONTH_TEXT_SIZE];
        snprintf(path, sizeof path, "police/%s", tf_month_format(month, text));
        status = make_folder(directory, path, error);
    }
    return status;
}

static tf_status write_whole(const char *path, const tf_buffer *buffer, tf_error *error) {
    FILE *file = fopen(path, "we");
    if (!file) {
        return fail_io(error, path, "make the file");
    }
    bool is_written = fwrite(buffer->data, 1, buffer->length, file) == buffer->length;
    int reason = errno;
    if (fclose(file) || !is_written) {
        errno = is_written ? errno : reason;
        tf_status status = fail_io(error, path, "write the file");
        remove(path);
        return status;
    }
    return TF_OK;
}

tf_status tf_demo_file_write(const char *directory, const char *path, tf_buffer *buffer,
                             tf_error *error) {
    char full[FULL_PATH_SIZE];
    char unfinished[FULL_PATH_SIZE];
    tf_status status = tf_buffer_check(buffer, error);
    if (!status) {
        status = join(directory, path, "", full, error);
    }
    if (!status) {
        status = join(directory, path, unfinished_suffix, unfinished, error);
    }
    if (!status) {
        status = write_whole(unfinished, buffer, error);
    }
    if (!status && rename(unfinished, full)) {
        status = fail_io(error, full, "rename the finished file");
    }
    buffer->length = 0;
    return status;
}
