/* The writing desk: who gets it, when, and what is left on it. */
#include "temporary.h"

#include "web/site/access_desk.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct own_site {
    tf_site *site;
    const char *path; /* outlives the site */
} own_site;

static own_site open_site(void **state, bool has_key) {
    static char path[256];
    own_site own = {.path = path};
    tf_error error;
    snprintf(path, sizeof path, "%s", temporary_path(state, "county.db"));
    tf_db *db;
    assert_ok(tf_db_open(own.path, TF_DB_WRITE, &db, &error), &error);
    tf_db_close(db);
    if (has_key) {
        tf_site_key key;
        assert_ok(tf_site_key_create(own.path, &key, &error), &error);
    }
    tf_site_options options = {.db_path = own.path, .desk_count = 2};
    assert_ok(tf_site_open(&options, &own.site, &error), &error);
    return own;
}

static void a_site_without_a_key_has_no_accounts(void **state) {
    own_site own = open_site(state, false);
    tf_access *access;
    tf_error error;
    assert_false(tf_site_has_accounts(own.site));
    assert_int_equal(tf_site_borrow_access(own.site, &access, &error), TF_NOT_FOUND);
    assert_null(access);
    tf_site_return_access(own.site, access);
    tf_site_free(own.site);
}

static void a_key_that_is_made_meanwhile_is_seen_and_holds(void **state) {
    own_site own = open_site(state, false);
    tf_access *access;
    tf_site_key key;
    tf_error error;
    uint64_t before = tf_site_version(own.site);
    assert_false(tf_site_has_accounts(own.site));
    assert_ok(tf_site_key_create(own.path, &key, &error), &error);
    assert_true(tf_site_has_accounts(own.site));
    assert_int_not_equal(tf_site_version(own.site), before); /* pages now offer signing in */
    assert_ok(tf_site_borrow_access(own.site, &access, &error), &error);
    assert_memory_equal(tf_access_key(access)->root, key.root, sizeof key.root);
    tf_site_return_access(own.site, access);
    /* Whoever takes the key away does not open the site to all. */
    tf_buffer path = {0};
    tf_site_key_path(own.path, &path);
    assert_int_equal(unlink(path.data), 0);
    tf_buffer_deinit(&path);
    assert_true(tf_site_has_accounts(own.site));
    tf_site_free(own.site);
}

static void what_was_begun_and_not_ended_is_not_there(void **state) {
    own_site own = open_site(state, true);
    tf_access *access;
    tf_error error;
    assert_ok(tf_site_borrow_access(own.site, &access, &error), &error);
    assert_ok(tf_access_begin(access, &error), &error);
    assert_ok(tf_db_execute(tf_access_db(access), "INSERT INTO setting VALUES ('a', 'b')", &error),
              &error);
    tf_site_return_access(own.site, access);
    assert_ok(tf_site_borrow_access(own.site, &access, &error), &error);
    assert_false(tf_db_is_in_transaction(tf_access_db(access)));
    tf_statement *statement;
    bool has_row = true;
    assert_ok(tf_db_prepare(tf_access_db(access), "SELECT 1 FROM setting WHERE name = 'a'",
                            &statement, &error),
              &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    assert_false(has_row);
    tf_statement_free(statement);
    tf_site_return_access(own.site, access);
    tf_site_free(own.site);
}

static void another_database_and_key_are_taken_up(void **state) {
    own_site own = open_site(state, true);
    tf_access *access;
    tf_site_key key;
    tf_error error;
    tf_db *db;
    char path[256];
    assert_ok(tf_site_borrow_access(own.site, &access, &error), &error);
    tf_site_return_access(own.site, access);
    snprintf(path, sizeof path, "%s", temporary_path(state, "restored.db"));
    assert_ok(tf_db_open(path, TF_DB_WRITE, &db, &error), &error);
    tf_db_close(db);
    assert_ok(tf_site_key_create(path, &key, &error), &error);
    tf_buffer from = {0};
    tf_buffer to = {0};
    tf_site_key_path(path, &from);
    tf_site_key_path(own.path, &to);
    assert_int_equal(rename(from.data, to.data), 0);
    assert_int_equal(rename(path, own.path), 0);
    tf_buffer_deinit(&from);
    tf_buffer_deinit(&to);
    assert_ok(tf_site_borrow_access(own.site, &access, &error), &error);
    assert_memory_equal(tf_access_key(access)->root, key.root, sizeof key.root);
    tf_site_return_access(own.site, access);
    tf_site_free(own.site);
}

/* ---- who is next ---- */

enum { WAITING = 6 };

typedef struct line {
    tf_site *site;
    atomic_int inside;
    atomic_int next; /* place in the order in which they were served */
    int served[WAITING];
} line;

typedef struct waiter {
    line *own;
    int number;
} waiter;

static void *wait_in_line(void *argument) {
    const waiter *who = argument;
    line *own = who->own;
    tf_access *access = NULL;
    tf_error error;
    assert_ok(tf_site_borrow_access(own->site, &access, &error), &error);
    assert_int_equal(atomic_fetch_add(&own->inside, 1), 0);
    own->served[atomic_fetch_add(&own->next, 1)] = who->number;
    usleep(1000);
    atomic_fetch_sub(&own->inside, 1);
    tf_site_return_access(own->site, access);
    return NULL;
}

static void first_come_is_first_served_and_one_at_a_time(void **state) {
    own_site site = open_site(state, true);
    line own = {.site = site.site};
    waiter waiters[WAITING];
    pthread_t threads[WAITING];
    tf_access *access;
    tf_error error;
    assert_ok(tf_site_borrow_access(site.site, &access, &error), &error);
    for (int i = 0; i < WAITING; i++) {
        waiters[i] = (waiter){.own = &own, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, wait_in_line, &waiters[i]), 0);
        usleep(20000); /* it stands in line by then */
    }
    tf_site_return_access(site.site, access);
    for (int i = 0; i < WAITING; i++) {
        pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < WAITING; i++) {
        assert_int_equal(own.served[i], i);
    }
    tf_site_free(site.site);
}

static void signing_in_does_not_keep_others_from_the_desk(void **state) {
    own_site own = open_site(state, true);
    tf_access *work;
    tf_access *first;
    tf_access *second;
    tf_error error;
    assert_ok(tf_site_borrow_sign_in(own.site, &first, &error), &error);
    assert_ok(tf_site_borrow_sign_in(own.site, &second, &error), &error);
    assert_ok(tf_site_borrow_access(own.site, &work, &error), &error);
    assert_ptr_not_equal(first, second);
    assert_ptr_not_equal(first, work);
    tf_site_return_access(own.site, second);
    tf_site_return_access(own.site, work);
    tf_site_return_access(own.site, first);
    tf_site_free(own.site);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_site_without_a_key_has_no_accounts),
        temporary_test(a_key_that_is_made_meanwhile_is_seen_and_holds),
        temporary_test(what_was_begun_and_not_ended_is_not_there),
        temporary_test(another_database_and_key_are_taken_up),
        temporary_test(first_come_is_first_served_and_one_at_a_time),
        temporary_test(signing_in_does_not_keep_others_from_the_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
