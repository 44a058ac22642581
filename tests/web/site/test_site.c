#include "temporary.h"

#include "web/site/site.h"

#include <pthread.h>

static tf_site *open_site(void **state, int desk_count) {
    tf_site_options options = {.db_path = temporary_path(state, "county.db"),
                               .allows_imports = true,
                               .desk_count = desk_count};
    tf_site *site = NULL;
    tf_error error;
    assert_ok(tf_site_open(&options, &site, &error), &error);
    return site;
}

static void a_site_for_readers_needs_a_database_that_is_there(void **state) {
    tf_site_options options = {.db_path = temporary_path(state, "absent.db")};
    tf_site *site = NULL;
    tf_error error;
    assert_int_equal(tf_site_open(&options, &site, &error), TF_NOT_FOUND);
    assert_null(site);
    assert_int_not_equal(access(options.db_path, F_OK), 0);
}

static void the_desk_used_last_is_lent_first(void **state) {
    tf_site *site = open_site(state, 2);
    tf_error error;
    tf_desk *first = NULL;
    tf_desk *second = NULL;
    tf_desk *again = NULL;
    assert_ok(tf_site_borrow(site, &first, &error), &error);
    assert_ok(tf_site_borrow(site, &second, &error), &error);
    assert_ptr_not_equal(first, second);
    tf_site_return(site, first);
    tf_site_return(site, second);
    assert_ok(tf_site_borrow(site, &again, &error), &error);
    assert_ptr_equal(again, second);
    tf_site_return(site, again);
    tf_site_free(site);
}

static void *return_desk(void *context) {
    void **both = context;
    tf_site_return(both[0], both[1]);
    return NULL;
}

static void a_visitor_waits_for_a_desk(void **state) {
    tf_site *site = open_site(state, 1);
    tf_error error;
    tf_desk *desk = NULL;
    tf_desk *next = NULL;
    assert_ok(tf_site_borrow(site, &desk, &error), &error);
    void *both[] = {site, desk};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, return_desk, both), 0);
    assert_ok(tf_site_borrow(site, &next, &error), &error);
    assert_ptr_equal(next, desk);
    pthread_join(thread, NULL);
    tf_site_return(site, next);
    tf_site_free(site);
}

static void the_version_changes_with_what_is_stored(void **state) {
    tf_site *site = open_site(state, 1);
    tf_error error;
    uint64_t before = tf_site_version(site);
    assert_int_equal(tf_site_version(site), before);
    tf_db *db = NULL;
    assert_ok(tf_db_open(tf_site_get_options(site)->db_path, TF_DB_WRITE, &db, &error), &error);
    assert_ok(tf_db_execute(db, "INSERT INTO layer VALUES ('a', 'A')", &error), &error);
    tf_db_close(db);
    assert_int_not_equal(tf_site_version(site), before);
    tf_site_free(site);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_site_for_readers_needs_a_database_that_is_there),
        temporary_test(the_desk_used_last_is_lent_first),
        temporary_test(a_visitor_waits_for_a_desk),
        temporary_test(the_version_changes_with_what_is_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
