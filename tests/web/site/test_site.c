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

static void insert_batch(tf_site *site, int id) {
    tf_db *db = NULL;
    tf_error error;
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO batch (id, feed, file, sha256, publisher, started_at) VALUES (%d, "
             "'street', 'a', 'b', 'c', 0)",
             id);
    assert_ok(tf_db_open(tf_site_get_options(site)->db_path, TF_DB_WRITE, &db, &error), &error);
    assert_ok(tf_db_execute(db, sql, &error), &error);
    tf_db_close(db);
}

static int64_t version_of(tf_desk *desk) {
    int64_t version = -1;
    tf_error error;
    assert_ok(tf_crime_data_version(desk->data, &version, &error), &error);
    return version;
}

/* What a page has taken from the records would otherwise be freed in its hands. */
static void what_a_desk_has_read_holds_until_it_is_given_back(void **state) {
    tf_site *site = open_site(state, 1);
    tf_error error;
    tf_desk *desk = NULL;
    assert_ok(tf_site_borrow(site, &desk, &error), &error);
    assert_int_equal(version_of(desk), 0);
    insert_batch(site, 1);
    assert_int_equal(version_of(desk), 0);
    tf_site_return(site, desk);
    assert_ok(tf_site_borrow(site, &desk, &error), &error);
    assert_int_equal(version_of(desk), 1);
    tf_site_return(site, desk);
    tf_site_free(site);
}

static void another_database_in_the_place_of_the_first_is_taken_up(void **state) {
    tf_site *site = open_site(state, 1);
    tf_site_options options = {.db_path = temporary_path(state, "other.db"),
                               .allows_imports = true};
    tf_site *other = NULL;
    tf_desk *desk = NULL;
    tf_error error;
    assert_ok(tf_site_open(&options, &other, &error), &error);
    insert_batch(other, 7);
    tf_site_free(other);
    assert_ok(tf_site_borrow(site, &desk, &error), &error);
    assert_int_equal(version_of(desk), 0);
    tf_site_return(site, desk);
    uint64_t before = tf_site_version(site);
    assert_int_equal(rename(options.db_path, tf_site_get_options(site)->db_path), 0);
    assert_int_not_equal(tf_site_version(site), before);
    assert_int_not_equal(tf_site_version(site), 0);
    assert_ok(tf_site_borrow(site, &desk, &error), &error);
    assert_int_equal(version_of(desk), 7);
    tf_site_return(site, desk);
    tf_site_free(site);
}

static void a_database_taken_away_is_a_fault_of_the_site_not_of_its_visitors(void **state) {
    tf_site *site = open_site(state, 1);
    tf_desk *desk = NULL;
    tf_error error;
    assert_ok(tf_site_borrow(site, &desk, &error), &error);
    tf_site_return(site, desk);
    assert_int_equal(unlink(tf_site_get_options(site)->db_path), 0);
    assert_int_equal(tf_site_version(site), 0);
    assert_int_equal(tf_site_borrow(site, &desk, &error), TF_IO);
    assert_null(desk);
    tf_site_free(site);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_site_for_readers_needs_a_database_that_is_there),
        temporary_test(the_desk_used_last_is_lent_first),
        temporary_test(a_visitor_waits_for_a_desk),
        temporary_test(the_version_changes_with_what_is_stored),
        temporary_test(what_a_desk_has_read_holds_until_it_is_given_back),
        temporary_test(another_database_in_the_place_of_the_first_is_taken_up),
        temporary_test(a_database_taken_away_is_a_fault_of_the_site_not_of_its_visitors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
