/* A folder for the files of one test, taken away with all it holds. */
#ifndef TREFOIL_TESTS_STORE_TEMPORARY_H
#define TREFOIL_TESTS_STORE_TEMPORARY_H

#include "check.h"

#include <ftw.h>
#include <sys/stat.h>

static inline int temporary_set_up(void **state) {
    char *folder = strdup("/tmp/trefoil-test-XXXXXX");
    *state = folder;
    return mkdtemp(folder) ? 0 : -1;
}

static inline int temporary_remove_one(const char *path, const struct stat *facts, int type,
                                       struct FTW *place) {
    (void)facts;
    (void)type;
    (void)place;
    return remove(path);
}

static inline int temporary_tear_down(void **state) {
    int result = nftw(*state, temporary_remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return result;
}

/* The path of a file in the folder, valid until the next call but three. */
static inline const char *temporary_path(void **state, const char *name) {
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", (char *)*state, name);
    return path;
}

/* A test with a folder of its own. */
#define temporary_test(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, temporary_set_up, temporary_tear_down)

#endif
