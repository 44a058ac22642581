#include "../store/temporary.h"

#include "access/site_key.h"

#include <fcntl.h>

static void a_new_key_is_its_owners_alone_and_comes_back(void **state) {
    tf_error error;
    tf_site_key made;
    tf_site_key loaded;
    const char *db = temporary_path(state, "county.db");
    const char *file = temporary_path(state, "county.db.key");
    assert_int_equal(tf_site_key_load(db, &loaded, &error), TF_NOT_FOUND);
    assert_non_null(strstr(error.message, "trefoil init"));
    assert_ok(tf_site_key_create(db, &made, &error), &error);
    struct stat facts;
    assert_int_equal(stat(file, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_ok(tf_site_key_load(db, &loaded, &error), &error);
    assert_memory_equal(&made, &loaded, sizeof made);
    assert_memory_not_equal(made.audit_key, made.vault_key, TF_KEY_SIZE);
    assert_memory_not_equal(made.audit_key, made.root, TF_KEY_SIZE);
}

static void a_key_that_is_there_is_never_written_over(void **state) {
    tf_error error;
    tf_site_key made;
    tf_site_key other;
    tf_site_key loaded;
    const char *db = temporary_path(state, "county.db");
    assert_ok(tf_site_key_create(db, &made, &error), &error);
    assert_int_equal(tf_site_key_create(db, &other, &error), TF_BUSY);
    assert_int_equal(tf_site_key_write(db, other.root, &error), TF_BUSY);
    assert_ok(tf_site_key_load(db, &loaded, &error), &error);
    assert_memory_equal(&made, &loaded, sizeof made);
}

static void a_key_that_others_may_read_is_refused(void **state) {
    tf_error error;
    tf_site_key key;
    const char *db = temporary_path(state, "county.db");
    assert_ok(tf_site_key_create(db, &key, &error), &error);
    assert_int_equal(chmod(temporary_path(state, "county.db.key"), 0640), 0);
    assert_int_equal(tf_site_key_load(db, &key, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "chmod 600"));
}

/* Any byte of the file changed, any byte missing, one too many. */
static void a_damaged_key_is_refused(void **state) {
    tf_error error;
    tf_site_key key;
    char bytes[512];
    const char *db = temporary_path(state, "county.db");
    const char *path = temporary_path(state, "county.db.key");
    assert_ok(tf_site_key_create(db, &key, &error), &error);
    int file = open(path, O_RDWR);
    ssize_t length = read(file, bytes, sizeof bytes);
    assert_true(length > 2 * TF_KEY_SIZE);
    for (ssize_t i = 0; i < length; i++) {
        char wrong = bytes[i] == 'G' ? 'H' : 'G';
        assert_int_equal(pwrite(file, &wrong, 1, i), 1);
        assert_int_equal(tf_site_key_load(db, &key, &error), TF_BAD_INPUT);
        assert_int_equal(pwrite(file, &bytes[i], 1, i), 1);
    }
    assert_int_equal(pwrite(file, "0", 1, length), 1);
    assert_int_equal(tf_site_key_load(db, &key, &error), TF_BAD_INPUT);
    assert_int_equal(ftruncate(file, length), 0);
    assert_ok(tf_site_key_load(db, &key, &error), &error);
    assert_int_equal(ftruncate(file, length - 1), 0);
    assert_int_equal(tf_site_key_load(db, &key, &error), TF_BAD_INPUT);
    close(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_new_key_is_its_owners_alone_and_comes_back),
        temporary_test(a_key_that_is_there_is_never_written_over),
        temporary_test(a_key_that_others_may_read_is_refused),
        temporary_test(a_damaged_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
