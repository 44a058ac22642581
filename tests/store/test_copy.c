#include "temporary.h"

#include "store/db.h"
#include "trefoil/base/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>

static tf_db *open_new(void **state, const char *name) {
    tf_error error;
    tf_db *db;
    assert_ok(tf_db_open(temporary_path(state, name), TF_DB_WRITE, &db, &error), &error);
    return db;
}

static void run(tf_db *db, const char *sql) {
    tf_error error;
    assert_ok(tf_db_execute(db, sql, &error), &error);
}

static int64_t ask(tf_db *db, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    assert_true(has_row);
    int64_t value = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return value;
}

static tf_db *copy_of(void **state, tf_db *db) {
    tf_error error;
    tf_db *copy;
    int file = tf_file_open_unnamed(*state);
    assert_true(file >= 0);
    assert_ok(tf_db_copy(db, file, &error), &error);
    assert_ok(tf_db_open_copy(file, "the copy", &copy, &error), &error);
    close(file);
    return copy;
}

static void a_copy_holds_what_the_database_held_then(void **state) {
    tf_error error;
    tf_db *db = open_new(state, "db");
    run(db, "INSERT INTO layer (name, title) VALUES ('a', 'A'), ('b', 'B')");
    tf_db *copy = copy_of(state, db);
    run(db, "DELETE FROM layer");
    assert_int_equal(ask(copy, "SELECT count(*) FROM layer"), 2);
    assert_int_equal(ask(copy, "PRAGMA page_size"), ask(db, "PRAGMA page_size"));
    assert_int_equal(ask(copy, "PRAGMA application_id"), 0x54524546);
    assert_ok(tf_db_check(copy, false, &error), &error);
    assert_int_not_equal(tf_db_execute(copy, "DELETE FROM layer", &error), TF_OK);
    tf_db_close(copy);
    tf_db_close(db);
}

typedef struct writer {
    const char *path;
    atomic_bool is_over;
    int64_t written;
} writer;

/* Two rows in each transaction: no state of the database has an odd number of them. */
static void *write_pairs(void *context) {
    writer *work = context;
    tf_db *db;
    if (tf_db_open(work->path, TF_DB_WRITE, &db, NULL)) {
        return NULL;
    }
    while (!atomic_load(&work->is_over)) {
        if (!tf_db_begin(db, NULL) &&
            !tf_db_execute(db,
                           "INSERT INTO pair (a) VALUES (randomblob(900));"
                           "INSERT INTO pair (a) VALUES (randomblob(900))",
                           NULL) &&
            !tf_db_commit(db, NULL)) {
            work->written++;
        }
        tf_db_rollback(db);
    }
    tf_db_close(db);
    return NULL;
}

static void a_copy_is_one_state_whatever_others_write(void **state) {
    tf_error error;
    tf_db *db = open_new(state, "db");
    run(db, "BEGIN; CREATE TABLE pair (id INTEGER PRIMARY KEY, a)");
    assert_ok(tf_db_commit(db, &error), &error);
    writer work = {.path = temporary_path(state, "db")};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_pairs, &work), 0);
    int64_t before = 0;
    for (int i = 0; i < 20; i++) {
        tf_db *copy = copy_of(state, db);
        int64_t count = ask(copy, "SELECT count(*) FROM pair");
        assert_int_equal(count % 2, 0);
        assert_true(count >= before);
        assert_ok(tf_db_check(copy, false, &error), &error);
        before = count;
        tf_db_close(copy);
        usleep(5000);
    }
    atomic_store(&work.is_over, true);
    pthread_join(thread, NULL);
    assert_true(work.written > 20);
    assert_true(before > 0);
    tf_db_close(db);
}

static void a_copy_sees_what_its_open_transaction_sees(void **state) {
    tf_error error;
    tf_db *db = open_new(state, "db");
    run(db, "INSERT INTO layer (name, title) VALUES ('a', 'A')");
    tf_db *other;
    assert_ok(tf_db_open(temporary_path(state, "db"), TF_DB_WRITE, &other, &error), &error);
    assert_ok(tf_db_begin_reading(db, &error), &error);
    assert_int_equal(ask(db, "SELECT count(*) FROM layer"), 1);
    run(other, "INSERT INTO layer (name, title) VALUES ('b', 'B')");
    tf_db *copy = copy_of(state, db);
    assert_true(tf_db_is_in_transaction(db));
    assert_int_equal(ask(copy, "SELECT count(*) FROM layer"), 1);
    tf_db_close(copy);
    tf_db_rollback(db);
    copy = copy_of(state, db);
    assert_int_equal(ask(copy, "SELECT count(*) FROM layer"), 2);
    tf_db_close(copy);
    tf_db_close(other);
    tf_db_close(db);
}

static void a_copy_of_an_older_schema_opens(void **state) {
    tf_db *db = open_new(state, "db");
    run(db, "PRAGMA user_version = 1");
    tf_db *copy = copy_of(state, db);
    tf_error error;
    int64_t schema;
    assert_ok(tf_db_schema(copy, &schema, &error), &error);
    assert_int_equal(schema, 1);
    assert_true(tf_db_schema_newest() > 1);
    tf_db_close(copy);
    tf_db_close(db);
}

static void a_full_disk_is_told_before_anything_is_written(void **state) {
    tf_db *db = open_new(state, "db");
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {.rlim_cur = 40000, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    int file = tf_file_open_unnamed(*state);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    tf_error error;
    tf_status status = tf_db_copy(db, file, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, TF_IO);
    assert_non_null(strstr(error.message, "no room"));
    close(file);
    tf_db_close(db);
}

/* Change bytes of the copy as a bad disk would. */
static void a_check_finds_damage(void **state) {
    tf_db *db = open_new(state, "db");
    run(db, "INSERT INTO layer (name, title) VALUES ('a', 'A')");
    int64_t page_size = ask(db, "PRAGMA page_size");
    int64_t root = ask(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'layer'");
    int file = tf_file_open_unnamed(*state);
    tf_error error;
    assert_ok(tf_db_copy(db, file, &error), &error);
    assert_int_equal(pwrite(file, "\xFF\xFF", 2, (off_t)((root - 1) * page_size)), 2);
    tf_db *copy;
    assert_ok(tf_db_open_copy(file, "the copy", &copy, &error), &error);
    assert_int_equal(tf_db_check(copy, true, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "damaged"));
    tf_db_close(copy);
    close(file);
    tf_db_close(db);
}

static void a_check_finds_a_reference_to_nothing(void **state) {
    tf_error error;
    tf_db *db = open_new(state, "db");
    assert_ok(tf_db_check(db, false, &error), &error);
    run(db, "PRAGMA foreign_keys = OFF; INSERT INTO organisation (name, kind, successor_id, "
            "created_at) VALUES ('A', 'police', 99, 0)");
    assert_ok(tf_db_check(db, true, &error), &error);
    assert_int_equal(tf_db_check(db, false, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "organisation"));
    tf_db_close(db);
}

static void what_is_no_database_is_no_copy(void **state) {
    static const size_t lengths[] = {0, 100, 600, 20000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int file = tf_file_open_unnamed(*state);
        char text[20000];
        memset(text, 'x', sizeof text);
        assert_int_equal(write(file, text, lengths[i]), lengths[i]);
        tf_error error;
        tf_db *db = (tf_db *)&error;
        assert_int_equal(tf_db_open_copy(file, "the copy", &db, &error), TF_BAD_INPUT);
        assert_null(db);
        close(file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_copy_holds_what_the_database_held_then),
        temporary_test(a_copy_is_one_state_whatever_others_write),
        temporary_test(a_copy_sees_what_its_open_transaction_sees),
        temporary_test(a_copy_of_an_older_schema_opens),
        temporary_test(a_full_disk_is_told_before_anything_is_written),
        temporary_test(a_check_finds_damage),
        temporary_test(a_check_finds_a_reference_to_nothing),
        temporary_test(what_is_no_database_is_no_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
