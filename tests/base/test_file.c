#include "check.h"

#include "trefoil/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

static void it_holds_bytes_and_has_no_name(void **state) {
    (void)state;
    char folder[] = "/tmp/trefoil-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    int file = tf_file_open_unnamed(folder);
    assert_true(file >= 0);
    char bytes[5] = "";
    assert_int_equal(write(file, "here", 4), 4);
    assert_int_equal(pread(file, bytes, 4, 0), 4);
    assert_string_equal(bytes, "here");
    struct stat facts;
    assert_int_equal(fstat(file, &facts), 0);
    assert_int_equal(facts.st_nlink, 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    for (struct dirent *entry; (entry = readdir(listing));) {
        assert_int_equal(entry->d_name[0], '.');
        assert_true(strlen(entry->d_name) <= 2);
    }
    closedir(listing);
    close(file);
    assert_int_equal(rmdir(folder), 0);
}

static void a_folder_that_is_none_is_refused(void **state) {
    (void)state;
    errno = 0;
    assert_int_equal(tf_file_open_unnamed("/nowhere/at/all"), -1);
    assert_int_equal(errno, ENOENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_bytes_and_has_no_name),
        cmocka_unit_test(a_folder_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
