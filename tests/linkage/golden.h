/* The files that tests/oracle/splink_oracle.py wrote. */
#ifndef TREFOIL_TESTS_LINKAGE_GOLDEN_H
#define TREFOIL_TESTS_LINKAGE_GOLDEN_H

#include "check.h"

#include "trefoil/linkage/model_json.h"

static inline FILE *open_golden(const char *name) {
    char path[1000];
    const char *root = getenv("TREFOIL_SOURCE");
    snprintf(path, sizeof path, "%s/tests/linkage/golden/%s", root ? root : ".", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    return file;
}

static inline tf_link_model *golden_model(const char *name) {
    FILE *file = open_golden(name);
    char *text = malloc(1 << 20);
    assert_non_null(text);
    size_t length = fread(text, 1, 1 << 20, file);
    tf_link_model *model;
    tf_error error;
    fclose(file);
    assert_ok(tf_link_model_read((tf_text){text, length}, &model, &error), &error);
    free(text);
    return model;
}

enum { MAX_CELLS = 40 };

typedef struct golden_row {
    char line[2000];
    char *cells[MAX_CELLS];
    int count;
} golden_row;

static inline bool next_row(FILE *file, golden_row *row) {
    row->count = 0;
    if (!fgets(row->line, sizeof row->line, file)) {
        return false;
    }
    char *rest = row->line;
    rest[strcspn(rest, "\n")] = '\0';
    while (rest && row->count < MAX_CELLS) {
        row->cells[row->count++] = strsep(&rest, ",");
    }
    return true;
}

static inline int cell_of(const golden_row *header, const char *name) {
    for (int i = 0; i < header->count; i++) {
        if (strcmp(header->cells[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

#endif
