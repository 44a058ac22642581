#include "county_files.h"

#include "fail_allocations.h"

#include "trefoil/base/memory.h"

#include <signal.h>
#include <sys/resource.h>

static uint64_t folder_hash; /* of what nftw has seen; nftw takes no context */
static int folder_files;

static int add_to_hash(const char *path, const struct stat *information, int kind,
                       struct FTW *walk) {
    (void)information;
    if (kind == FTW_F) {
        size_t length;
        char *bytes = read_whole("", path, &length);
        /* A sum, because the order of a folder's entries is the file system's. */
        folder_hash +=
            tf_hash(bytes, length) ^ tf_hash(path + walk->base, strlen(path + walk->base));
        folder_files++;
        free(bytes);
    }
    return 0;
}

static uint64_t hash_of(const char *folder) {
    folder_hash = 0;
    folder_files = 0;
    nftw(folder, add_to_hash, 16, FTW_PHYS);
    return folder_hash;
}

static void put(const char *folder, const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void every_run_on_every_machine_writes_the_same_bytes(void **state) {
    (void)state;
    tf_error error;
    char other[64];
    make_temporary_folder(other);
    assert_ok(tf_demo_write(other, &error), &error);
    uint64_t hash = hash_of(other);
    remove_folder(other);
    assert_int_equal(folder_files, 36 * 3 + 6);
    assert_true(hash == hash_of(county_folder));
    /* What this county is; a change of it is a decision, and then this number changes too. */
    if (hash != 0xd8deda976aee61f1ULL) {
        fprintf(stderr, "the county's hash is 0x%016llx\n", (unsigned long long)hash);
        fail();
    }
}

static void an_earlier_county_is_overwritten(void **state) {
    (void)state;
    tf_error error;
    char folder[64];
    make_temporary_folder(folder);
    assert_ok(tf_demo_write(folder, &error), &error);
    put(folder, "lookup.csv", "spoilt");
    put(folder, "police/2022-05/2022-05-larkenshire-street.csv.part", "interrupted");
    assert_ok(tf_demo_write(folder, &error), &error);
    uint64_t hash = hash_of(folder);
    remove_folder(folder);
    assert_true(hash == hash_of(county_folder));
}

static void a_folder_that_is_not_there_is_made(void **state) {
    (void)state;
    tf_error error;
    char folder[64];
    make_temporary_folder(folder);
    assert_int_equal(rmdir(folder), 0);
    assert_ok(tf_demo_write(folder, &error), &error);
    remove_folder(folder);
    strcat(folder, "/no/parent");
    assert_int_equal(tf_demo_write(folder, &error), TF_IO);
    assert_non_null(strstr(error.message, "No such file or directory"));
}

static void check_refused(const char *folder, const char *reason) {
    tf_error error;
    uint64_t before = hash_of(folder);
    int files_before = folder_files;
    assert_int_equal(tf_demo_write(folder, &error), TF_BAD_INPUT);
    if (!strstr(error.message, reason)) {
        fprintf(stderr, "%s\n", error.message);
        fail();
    }
    assert_non_null(strstr(error.message, "choose a new or empty folder"));
    assert_true(hash_of(folder) == before && folder_files == files_before);
}

static void a_folder_that_holds_anything_else_is_refused_and_left_alone(void **state) {
    (void)state;
    char folder[64];
    char path[128];
    make_temporary_folder(folder);
    put(folder, "thesis.doc", "ten years of work");
    check_refused(folder, "already holds \"thesis.doc\"");
    remove_folder(folder);

    make_temporary_folder(folder);
    snprintf(path, sizeof path, "%s/police", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    put(folder, "police/2021-04", "a file where a folder should be");
    check_refused(folder, "already holds \"police/2021-04\"");
    remove_folder(folder);
}

static void files_that_only_have_our_names_are_left_alone(void **state) {
    (void)state;
    char folder[64];
    make_temporary_folder(folder);
    put(folder, "README.txt", "Larkenshire, my own novel\n");
    check_refused(folder, "does not hold the README.txt of an earlier");
    char path[128];
    snprintf(path, sizeof path, "%s/README.txt", folder);
    assert_int_equal(unlink(path), 0);
    put(folder, "population.csv", "code,year,people\n");
    check_refused(folder, "does not hold the README.txt of an earlier");
    remove_folder(folder);
}

static void nothing_is_written_through_a_symbolic_link(void **state) {
    (void)state;
    char folder[64];
    char path[128];
    make_temporary_folder(folder);
    snprintf(path, sizeof path, "%s/areas", folder);
    assert_int_equal(symlink("/tmp", path), 0);
    check_refused(folder, "already holds \"areas\"");
    remove_folder(folder);
}

/* A limit on the size of files fails a write as a full disk does, in the middle. */
static void a_full_disk_is_reported_and_leaves_no_half_file(void **state) {
    (void)state;
    tf_error error;
    char folder[64];
    struct rlimit before;
    make_temporary_folder(folder);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){200000, before.rlim_max});
    tf_status status = tf_demo_write(folder, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    hash_of(folder);
    remove_folder(folder);
    assert_int_equal(status, TF_IO);
    assert_non_null(strstr(error.message, "could not write the file"));
    assert_int_equal(folder_files, 1); /* the README, which fitted */
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    char folder[64];
    make_temporary_folder(folder);
    for (long n = 0;; n += n ? n : 1) {
        tf_error error;
        fail_allocation(n);
        tf_status status = tf_demo_write(folder, &error);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 20);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_int_equal(error.code, TF_NO_MEMORY);
    }
    remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_run_on_every_machine_writes_the_same_bytes),
        cmocka_unit_test(an_earlier_county_is_overwritten),
        cmocka_unit_test(a_folder_that_is_not_there_is_made),
        cmocka_unit_test(a_folder_that_holds_anything_else_is_refused_and_left_alone),
        cmocka_unit_test(files_that_only_have_our_names_are_left_alone),
        cmocka_unit_test(nothing_is_written_through_a_symbolic_link),
        cmocka_unit_test(a_full_disk_is_reported_and_leaves_no_half_file),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("files", tests, write_county, remove_county);
}
