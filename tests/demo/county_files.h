/* A county written once for all tests of a file, and plain readers of what was written. */
#ifndef TREFOIL_TESTS_DEMO_COUNTY_FILES_H
#define TREFOIL_TESTS_DEMO_COUNTY_FILES_H

#include "check.h"

#include "demo/demo.h"
#include "demo/facts.h"

#include "trefoil/base/hash.h"

#include <ftw.h>
#include <stdbool.h>
#include <sys/stat.h>

static char county_folder[64];

static inline void make_temporary_folder(char folder[64]) {
    snprintf(folder, 64, "/tmp/trefoil-demo-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static inline int remove_entry(const char *path, const struct stat *information, int kind,
                               struct FTW *walk) {
    (void)information;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline void remove_folder(const char *folder) {
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline int write_county(void **state) {
    (void)state;
    tf_error error;
    make_temporary_folder(county_folder);
    assert_ok(tf_demo_write(county_folder, &error), &error);
    return 0;
}

static inline int remove_county(void **state) {
    (void)state;
    remove_folder(county_folder);
    return 0;
}

/* The bytes of a file of the county, terminated; the caller frees them. */
static inline char *read_whole(const char *folder, const char *path, size_t *length_out) {
    char full[512];
    snprintf(full, sizeof full, "%s/%s", folder, path);
    FILE *file = fopen(full, "rb");
    if (!file) {
        fprintf(stderr, "no file %s\n", full);
        fail();
    }
    fseek(file, 0, SEEK_END);
    size_t length = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(length + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, length, file), length);
    fclose(file);
    bytes[length] = '\0';
    if (length_out) {
        *length_out = length;
    }
    return bytes;
}

static inline char *read_police(tf_month month, const char *feed) {
    char text[TF_MONTH_TEXT_SIZE];
    char path[128];
    tf_month_format(month, text);
    snprintf(path, sizeof path, "police/%s/%s-larkenshire-%s.csv", text, text, feed);
    return read_whole(county_folder, path, NULL);
}

/* Cut the record at *at into fields, in place, and move *at behind its line break `line_break`.
 * Returns the number of fields; 0 at the end. */
static inline int next_record(char **at, const char *line_break, char **fields, int most) {
    int count = 0;
    char *read = *at;
    bool is_end = *read == '\0';
    while (!is_end) {
        assert_true(count < most);
        char *write = read;
        fields[count++] = write;
        if (*read == '"') {
            for (read++; *read && (read[0] != '"' || read[1] == '"'); read++) {
                read += *read == '"';
                *write++ = *read;
            }
            assert_int_equal(*read, '"');
            read++;
        } else {
            read += strcspn(read, ",\r\n");
            write = read;
        }
        is_end = *read != ',';
        if (is_end) {
            assert_memory_equal(read, line_break, strlen(line_break));
            read += strlen(line_break) - 1;
        }
        read++;
        *write = '\0';
    }
    *at = read;
    return count;
}

#endif
