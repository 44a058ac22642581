#include "check.h"

#include "intake/spool.h"

#include <dirent.h>

static const char *temporary_folder(void) {
    const char *folder = getenv("TMPDIR");
    return folder ? folder : "/tmp";
}

/* Append pieces of growing length and read them back in another order. */
static void write_and_read(size_t memory_limit) {
    enum { PIECES = 200 };
    tf_error error;
    uint64_t offsets[PIECES];
    char piece[PIECES];
    char back[PIECES];
    tf_spool *spool = tf_spool_new(temporary_folder(), memory_limit);
    assert_non_null(spool);
    for (int i = 0; i < PIECES; i++) {
        memset(piece, i, sizeof piece);
        assert_ok(tf_spool_append(spool, piece, (size_t)i, &offsets[i], &error), &error);
    }
    for (int i = PIECES - 1; i >= 0; i--) {
        memset(piece, i, sizeof piece);
        assert_ok(tf_spool_read(spool, offsets[i], back, (size_t)i, &error), &error);
        assert_memory_equal(back, piece, (size_t)i);
    }
    tf_spool_free(spool);
}

static void bytes_come_back_from_memory_and_from_the_file(void **state) {
    (void)state;
    write_and_read(1 << 20);
    write_and_read(1000);
    write_and_read(0);
}

static int count_files(void) {
    int count = 0;
    DIR *folder = opendir(temporary_folder());
    for (struct dirent *entry; (entry = readdir(folder));) {
        count += strncmp(entry->d_name, ".trefoil-", 9) == 0;
    }
    closedir(folder);
    return count;
}

static void the_temporary_file_has_no_name(void **state) {
    (void)state;
    tf_error error;
    uint64_t offset;
    tf_spool *spool = tf_spool_new(temporary_folder(), 0);
    assert_ok(tf_spool_append(spool, "bytes", 5, &offset, &error), &error);
    assert_int_equal(count_files(), 0);
    tf_spool_free(spool);
}

static void a_folder_that_cannot_be_written_is_named(void **state) {
    (void)state;
    tf_error error;
    uint64_t offset;
    tf_spool *spool = tf_spool_new("/proc/nowhere", 4);
    assert_ok(tf_spool_append(spool, "four", 4, &offset, &error), &error);
    assert_int_equal(tf_spool_append(spool, "five5", 5, &offset, &error), TF_IO);
    assert_string_equal(error.place, "/proc/nowhere");
    tf_spool_free(spool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_back_from_memory_and_from_the_file),
        cmocka_unit_test(the_temporary_file_has_no_name),
        cmocka_unit_test(a_folder_that_cannot_be_written_is_named),
    };
    return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
