#include "temporary.h"

#include "store/schema_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern const tf_embedded_folder tf_migrations; /* of the program */

static tf_db *open_for(const char *path, tf_db_mode mode) {
    tf_error error;
    tf_db *db;
    assert_ok(tf_db_open(path, mode, &db, &error), &error);
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

static int64_t count_layers(tf_db *db) {
    return ask(db, "SELECT count(*) FROM layer");
}

static void write_file(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* Change a database behind Trefoil's back, as any program can. */
static void change_header(const char *path, long offset, uint32_t value) {
    unsigned char bytes[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                              (unsigned char)(value >> 8), (unsigned char)value};
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, 4, file), 4);
    assert_int_equal(fclose(file), 0);
}

enum { USER_VERSION_OFFSET = 60, APPLICATION_ID_OFFSET = 68 }; /* sqlite.org/fileformat2.html */

static void expect_refusal(const char *path, tf_db_mode mode, tf_code code, const char *words) {
    tf_error error;
    tf_db *db = (tf_db *)&error;
    assert_int_equal(tf_db_open(path, mode, &db, &error), code);
    assert_null(db);
    if (!strstr(error.message, words)) {
        fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.message, words);
        fail();
    }
}

static void a_new_file_gets_the_newest_schema(void **state) {
    const char *path = temporary_path(state, "new.trefoil");
    tf_db *db = open_for(path, TF_DB_WRITE);
    assert_string_equal(tf_db_path(db), path);
    assert_int_equal(ask(db, "PRAGMA application_id"), 0x54524546);
    assert_int_equal(ask(db, "PRAGMA user_version"), tf_migrations.count);
    assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                             "('batch', 'partition', 'area', 'audit_entry')"),
                     4);
    tf_db_close(db);
    assert_int_equal(access(temporary_path(state, "new.trefoil-wal"), F_OK), -1);
    db = open_for(path, TF_DB_READ);
    assert_int_equal(count_layers(db), 0);
    tf_db_close(db);
    assert_int_equal(access(temporary_path(state, "new.trefoil-wal"), F_OK), -1);
}

static void a_log_is_kept_from_the_first_commit_on(void **state) {
    const char *path = temporary_path(state, "logged");
    const char *has_log = "SELECT journal_mode = 'wal' FROM pragma_journal_mode";
    tf_error error;
    tf_db *db = open_for(path, TF_DB_WRITE);
    assert_int_equal(ask(db, has_log), 0);
    assert_ok(tf_db_begin(db, &error), &error);
    assert_ok(tf_db_commit(db, &error), &error);
    assert_int_equal(ask(db, has_log), 1);
    tf_db_close(db);
    db = open_for(path, TF_DB_WRITE);
    assert_int_equal(ask(db, has_log), 1);
    tf_db_close(db);
}

static void an_empty_file_is_initialised_but_only_for_writing(void **state) {
    const char *path = temporary_path(state, "empty");
    write_file(path, "", 0);
    expect_refusal(path, TF_DB_READ, TF_BAD_INPUT, "is empty");
    tf_db_close(open_for(path, TF_DB_WRITE));
    tf_db_close(open_for(path, TF_DB_READ));
}

static void names_mean_files_whatever_they_look_like(void **state) {
    static const char *const names[] = {"50% of a#b?immutable=1", "file:x?mode=memory",
                                        ":memory:", "caf\xC3\xA9 d\xC3\xA9p\xC3\xB4t"};
    char before[512];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(*state), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        tf_db_close(open_for(names[i], TF_DB_WRITE));
        assert_int_equal(access(names[i], R_OK), 0);
        tf_db_close(open_for(temporary_path(state, names[i]), TF_DB_READ));
    }
    assert_int_equal(chdir(before), 0);
}

static void what_is_not_there_cannot_be_read(void **state) {
    expect_refusal(temporary_path(state, "absent"), TF_DB_READ, TF_NOT_FOUND, "no such database");
    assert_int_equal(access(temporary_path(state, "absent"), F_OK), -1);
    expect_refusal(temporary_path(state, "absent/x"), TF_DB_READ, TF_NOT_FOUND, "no such");
    expect_refusal(temporary_path(state, "absent/x"), TF_DB_WRITE, TF_IO, "No such file");
    expect_refusal("", TF_DB_WRITE, TF_BAD_INPUT, "empty");
    expect_refusal(*state, TF_DB_WRITE, TF_BAD_INPUT, "folder");
    expect_refusal(*state, TF_DB_READ, TF_BAD_INPUT, "folder");
}

static void a_file_that_is_no_database_is_left_alone(void **state) {
    const char *path = temporary_path(state, "crimes.csv");
    char text[20000];
    memset(text, 'x', sizeof text);
    static const size_t lengths[] = {1, 50, 600, 20000};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        write_file(path, text, lengths[i]);
        expect_refusal(path, TF_DB_READ, TF_BAD_INPUT, "not a database of Trefoil");
        expect_refusal(path, TF_DB_WRITE, TF_BAD_INPUT, "not a database of Trefoil");
        struct stat facts;
        assert_int_equal(stat(path, &facts), 0);
        assert_int_equal(facts.st_size, lengths[i]);
    }
}

static void the_database_of_another_program_is_refused(void **state) {
    const char *path = temporary_path(state, "places.sqlite");
    tf_db_close(open_for(path, TF_DB_WRITE));
    change_header(path, APPLICATION_ID_OFFSET, 0);
    expect_refusal(path, TF_DB_READ, TF_BAD_INPUT, "another program");
    expect_refusal(path, TF_DB_WRITE, TF_BAD_INPUT, "another program");
}

static void a_newer_schema_is_refused(void **state) {
    const char *path = temporary_path(state, "newer");
    tf_db_close(open_for(path, TF_DB_WRITE));
    change_header(path, USER_VERSION_OFFSET, 99);
    expect_refusal(path, TF_DB_READ, TF_BAD_INPUT, "newer Trefoil (schema 99");
    expect_refusal(path, TF_DB_WRITE, TF_BAD_INPUT, "newer Trefoil (schema 99");
    change_header(path, USER_VERSION_OFFSET, 0);
    expect_refusal(path, TF_DB_WRITE, TF_BAD_INPUT, "schema 0, which there never was");
}

/* Migrations to two versions that never were. */
static tf_embedded_folder scripts(tf_embedded_file *files, const char *second, const char *third) {
    files[0] = (tf_embedded_file){"1", (const unsigned char *)"not run", 7};
    files[1] = (tf_embedded_file){"2", (const unsigned char *)second, strlen(second)};
    files[2] = (tf_embedded_file){"3", (const unsigned char *)third, strlen(third)};
    return (tf_embedded_folder){files, 3};
}

static void an_older_schema_is_brought_up_to_date_when_writing(void **state) {
    tf_error error;
    bool is_new;
    const char *path = temporary_path(state, "older");
    tf_embedded_file files[3];
    tf_embedded_folder migrations =
        scripts(files, "CREATE TABLE a (x); INSERT INTO layer VALUES ('a', 'A')",
                "INSERT INTO a VALUES (7)");
    tf_db *db = open_for(path, TF_DB_WRITE);
    run(db, "PRAGMA user_version = 1");
    assert_int_equal(tf_schema_prepare(db, TF_DB_READ, &migrations, &is_new, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "older Trefoil (schema 1, and this one reads 3)"));
    assert_ok(tf_schema_prepare(db, TF_DB_WRITE, &migrations, &is_new, &error), &error);
    assert_ok(tf_schema_prepare(db, TF_DB_READ, &migrations, &is_new, &error), &error);
    assert_int_equal(ask(db, "PRAGMA user_version"), 3);
    assert_int_equal(ask(db, "SELECT x FROM a"), 7);
    tf_db_close(db);
}

static void a_migration_that_fails_leaves_the_version_before_it(void **state) {
    tf_error error;
    bool is_new;
    tf_embedded_file files[3];
    tf_embedded_folder migrations = scripts(
        files, "CREATE TABLE a (x)", "INSERT INTO a VALUES (1); INSERT INTO missing VALUES (1)");
    tf_db *db = open_for(temporary_path(state, "stuck"), TF_DB_WRITE);
    run(db, "PRAGMA user_version = 1");
    assert_int_equal(tf_schema_prepare(db, TF_DB_WRITE, &migrations, &is_new, &error), TF_INTERNAL);
    assert_non_null(strstr(error.message, "no such table: missing"));
    assert_false(tf_db_is_in_transaction(db));
    assert_int_equal(ask(db, "PRAGMA user_version"), 2);
    assert_int_equal(ask(db, "SELECT count(*) FROM a"), 0);
    tf_db_close(db);
}

static void values_come_back_as_they_were_bound(void **state) {
    tf_error error;
    tf_db *db = open_for(temporary_path(state, "values"), TF_DB_WRITE);
    tf_statement *statement;
    assert_ok(tf_db_prepare(db, "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7", &statement, &error), &error);
    for (int again = 0; again < 2; again++) {
        bool has_row;
        size_t length;
        tf_bind_int(statement, 1, INT64_MIN);
        tf_bind_double(statement, 2, 0.1);
        tf_bind_text(statement, 3, (tf_text){"St Helen's\0!", 12});
        tf_bind_text(statement, 4, (tf_text){"", 0});
        tf_bind_bytes(statement, 5, "\0\1", 2);
        tf_bind_bytes(statement, 6, "", 0);
        tf_bind_null(statement, 7);
        assert_ok(tf_statement_step(statement, &has_row, &error), &error);
        assert_true(has_row);
        assert_true(tf_column_at_int(statement, 0) == INT64_MIN);
        assert_true(tf_column_at_double(statement, 1) == 0.1);
        assert_true(tf_text_equal(tf_column_at_text(statement, 2), (tf_text){"St Helen's\0!", 12}));
        assert_non_null(tf_column_at_text(statement, 3).data);
        assert_int_equal(tf_column_at_text(statement, 3).length, 0);
        assert_memory_equal(tf_column_at_bytes(statement, 4, &length), "\0\1", 2);
        assert_int_equal(length, 2);
        assert_non_null(tf_column_at_bytes(statement, 5, &length));
        assert_int_equal(length, 0);
        for (int column = 0; column < 7; column++) {
            assert_int_equal(tf_column_at_is_null(statement, column), column == 6);
        }
        assert_null(tf_column_at_text(statement, 6).data);
        assert_null(tf_column_at_bytes(statement, 6, &length));
        assert_ok(tf_statement_step(statement, &has_row, &error), &error);
        assert_false(has_row);
        tf_statement_reset(statement);
    }
    assert_ok(tf_statement_step(statement, NULL, &error), &error);
    assert_true(tf_column_at_is_null(statement, 2)); /* a reset unbinds */
    tf_statement_free(statement);
    tf_db_close(db);
}

static void a_programmers_mistake_is_told_with_the_databases_words(void **state) {
    tf_error error;
    tf_statement *statement;
    tf_db *db = open_for(temporary_path(state, "mistakes"), TF_DB_WRITE);
    assert_int_equal(tf_db_prepare(db, "SELEKT 1", &statement, &error), TF_INTERNAL);
    assert_non_null(strstr(error.message, "SELEKT"));
    assert_null(statement);
    run(db, "INSERT INTO layer VALUES ('lsoa21', 'LSOA')");
    assert_int_equal(tf_db_execute(db, "INSERT INTO layer VALUES ('lsoa21', 'x')", &error),
                     TF_INTERNAL);
    assert_non_null(strstr(error.message, "UNIQUE constraint failed: layer.name"));
    assert_int_equal(tf_db_execute(db, "INSERT INTO batch_warning VALUES (7, 'x', 1, 1)", &error),
                     TF_INTERNAL);
    assert_non_null(strstr(error.message, "FOREIGN KEY"));
    assert_ok(tf_db_prepare(db, "SELECT ?1", &statement, &error), &error);
    tf_bind_int(statement, 2, 1);
    assert_int_equal(tf_statement_run(statement, &error), TF_INTERNAL);
    tf_bind_int(statement, 1, 1); /* the fault is gone with the reset */
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
    assert_ok(tf_db_begin(db, &error), &error);
    assert_int_equal(tf_db_begin(db, &error), TF_INTERNAL);
    assert_ok(tf_db_commit(db, &error), &error);
    assert_int_equal(tf_db_commit(db, &error), TF_INTERNAL);
    tf_db_close(db);
    db = open_for(temporary_path(state, "mistakes"), TF_DB_READ);
    assert_int_equal(tf_db_begin(db, &error), TF_INTERNAL);
    assert_int_equal(tf_db_execute(db, "DELETE FROM layer", &error), TF_INTERNAL);
    assert_int_equal(count_layers(db), 1);
    tf_db_close(db);
}

static void keys_and_changes_are_told(void **state) {
    tf_db *db = open_for(temporary_path(state, "keys"), TF_DB_WRITE);
    static const char insert[] = "INSERT INTO batch (feed, file, sha256, publisher, started_at)"
                                 " VALUES ('street', 'f', 'x', 'p', 0)";
    run(db, insert);
    assert_int_equal(tf_db_last_key(db), 1);
    run(db, insert);
    assert_int_equal(tf_db_last_key(db), 2);
    run(db, "UPDATE batch SET file = 'g'");
    assert_int_equal(tf_db_changes(db), 2);
    tf_db_close(db);
}

static void a_rollback_leaves_the_old_state(void **state) {
    tf_error error;
    const char *path = temporary_path(state, "rollback");
    tf_db *db = open_for(path, TF_DB_WRITE);
    tf_db_rollback(db);
    assert_false(tf_db_is_in_transaction(db));
    assert_ok(tf_db_begin(db, &error), &error);
    assert_true(tf_db_is_in_transaction(db));
    run(db, "INSERT INTO layer VALUES ('a', 'A')");
    tf_db_rollback(db);
    assert_int_equal(count_layers(db), 0);
    assert_ok(tf_db_begin(db, &error), &error);
    run(db, "INSERT INTO layer VALUES ('b', 'B')");
    assert_ok(tf_db_commit(db, &error), &error);
    assert_ok(tf_db_begin(db, &error), &error);
    run(db, "INSERT INTO layer VALUES ('c', 'C')");
    tf_db_close(db); /* rolls back */
    db = open_for(path, TF_DB_READ);
    assert_int_equal(count_layers(db), 1);
    tf_db_close(db);
}

/* Run `work` in a process of its own and give its exit code, or minus the signal that ended it. */
static int in_child(const char *path, void (*work)(const char *path)) {
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        work(path);
        _exit(99);
    }
    int outcome = 0;
    assert_int_equal(waitpid(child, &outcome, 0), child);
    return WIFSIGNALED(outcome) ? -WTERMSIG(outcome) : WEXITSTATUS(outcome);
}

/* More than the page cache holds, so that a part is in the log when the process dies. */
static const char fill[] =
    "INSERT INTO batch_reject"
    " WITH RECURSIVE line (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM line WHERE n < 3000)"
    " SELECT 1, n, 'reason', hex(zeroblob(5000)) FROM line";
static const char add_batch[] = "INSERT INTO batch (id, feed, file, sha256, publisher, started_at)"
                                " VALUES (1, 'street', 'f', 'x', 'p', 0)";

static void write_and_die(const char *path) {
    tf_db *db = open_for(path, TF_DB_WRITE);
    tf_error error;
    assert_ok(tf_db_begin(db, &error), &error);
    run(db, "DELETE FROM layer");
    run(db, add_batch);
    run(db, fill);
    kill(getpid(), SIGKILL);
}

static void commit_and_die(const char *path) {
    tf_db *db = open_for(path, TF_DB_WRITE);
    run(db, "INSERT INTO layer VALUES ('b', 'B')");
    kill(getpid(), SIGKILL);
}

static void a_killed_writer_leaves_the_old_state(void **state) {
    const char *path = temporary_path(state, "killed");
    tf_db *db = open_for(path, TF_DB_WRITE);
    run(db, "INSERT INTO layer VALUES ('a', 'A')");
    tf_db_close(db);
    assert_int_equal(in_child(path, write_and_die), -SIGKILL);
    struct stat log;
    assert_int_equal(stat(temporary_path(state, "killed-wal"), &log), 0);
    assert_true(log.st_size > 1000000);
    db = open_for(path, TF_DB_READ);
    assert_int_equal(count_layers(db), 1);
    assert_int_equal(ask(db, "SELECT count(*) FROM batch_reject"), 0);
    assert_int_equal(ask(db, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    tf_db_close(db);
    assert_int_equal(in_child(path, commit_and_die), -SIGKILL);
    db = open_for(path, TF_DB_READ);
    assert_int_equal(count_layers(db), 2);
    tf_db_close(db);
}

static void a_reader_sees_one_state_while_another_writes(void **state) {
    tf_error error;
    const char *path = temporary_path(state, "both");
    tf_db *writer = open_for(path, TF_DB_WRITE);
    tf_db *reader = open_for(path, TF_DB_READ);
    assert_ok(tf_db_begin(writer, &error), &error);
    run(writer, "INSERT INTO layer VALUES ('a', 'A'), ('b', 'B')");
    assert_int_equal(count_layers(reader), 0);
    assert_ok(tf_db_commit(writer, &error), &error);
    assert_int_equal(count_layers(reader), 2);
    tf_db_close(reader);
    tf_db_close(writer);
}

typedef struct slow_writer {
    tf_db *db;
    unsigned pause_us;
} slow_writer;

static void the_version_changes_with_another_connections_commit_only(void **state) {
    const char *path = temporary_path(state, "version");
    tf_db *writer = open_for(path, TF_DB_WRITE);
    tf_db *reader = open_for(path, TF_DB_READ);
    tf_error error;
    int64_t before;
    int64_t same;
    int64_t after;
    assert_ok(tf_db_version(reader, &before, &error), &error);
    assert_ok(tf_db_version(reader, &same, &error), &error);
    assert_int_equal(before, same);
    run(writer, "INSERT INTO layer VALUES ('a', 'A')");
    assert_ok(tf_db_version(reader, &after, &error), &error);
    assert_int_not_equal(before, after);
    tf_db_close(reader);
    tf_db_close(writer);
}

static void *commit_after_a_pause(void *context) {
    const slow_writer *writer = context;
    usleep(writer->pause_us);
    return tf_db_commit(writer->db, NULL) ? context : NULL;
}

static void a_second_writer_waits_and_then_gives_up(void **state) {
    tf_error error;
    const char *path = temporary_path(state, "two");
    slow_writer first = {open_for(path, TF_DB_WRITE), 300 * 1000};
    tf_db *second = open_for(path, TF_DB_WRITE);
    pthread_t thread;
    assert_ok(tf_db_begin(first.db, &error), &error);
    assert_int_equal(pthread_create(&thread, NULL, commit_after_a_pause, &first), 0);
    assert_ok(tf_db_begin(second, &error), &error);
    void *result;
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_null(result);
    assert_int_equal(tf_db_begin(first.db, &error), TF_BUSY);
    assert_string_equal(error.place, path);
    assert_string_equal(
        error.message,
        "another Trefoil is writing to the database; try again when it has finished");
    tf_db_rollback(second);
    tf_db_close(second);
    tf_db_close(first.db);
}

static void open_new(const char *path) {
    tf_db *db;
    tf_error error;
    tf_status status = tf_db_open(path, TF_DB_WRITE, &db, &error);
    if (status) {
        fprintf(stderr, "%s\n", error.message);
    }
    tf_db_close(db);
    _exit((int)status);
}

static void several_processes_may_create_the_same_file(void **state) {
    enum { PROCESS_COUNT = 6 };
    const char *path = temporary_path(state, "race");
    fflush(NULL);
    for (int i = 0; i < PROCESS_COUNT; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            open_new(path);
        }
    }
    for (int i = 0; i < PROCESS_COUNT; i++) {
        int outcome;
        assert_true(wait(&outcome) > 0);
        assert_int_equal(outcome, 0);
    }
    tf_db *db = open_for(path, TF_DB_READ);
    assert_int_equal(ask(db, "PRAGMA user_version"), tf_migrations.count);
    tf_db_close(db);
}

static void a_full_disk_is_told_and_the_old_state_kept(void **state) {
    tf_error error;
    const char *path = temporary_path(state, "full");
    tf_db *db = open_for(path, TF_DB_WRITE);
    run(db, add_batch);
    run(db, "PRAGMA max_page_count = 60");
    assert_ok(tf_db_begin(db, &error), &error);
    assert_int_equal(tf_db_execute(db, fill, &error), TF_IO);
    assert_non_null(strstr(error.message, "no room left"));
    tf_db_rollback(db);
    assert_int_equal(ask(db, "SELECT count(*) FROM batch_reject"), 0);
    tf_db_close(db);
    tf_db_close(open_for(path, TF_DB_WRITE));
}

/* A file may not grow: what the system says when a quota is reached, or nearly so. */
static void write_within_a_limit(const char *path) {
    tf_error error;
    tf_db *db = open_for(path, TF_DB_WRITE);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){2000000, 2000000});
    tf_status status = tf_db_begin(db, &error);
    if (!status) {
        status = tf_db_execute(db, fill, &error);
    }
    if (!status) {
        status = tf_db_commit(db, &error);
    }
    bool is_told = status == TF_IO && strstr(error.message, "no room left");
    tf_db_rollback(db);
    tf_db_close(db);
    _exit(is_told ? 0 : 1);
}

static void a_limit_of_the_system_is_told_and_the_old_state_kept(void **state) {
    const char *path = temporary_path(state, "limit");
    tf_db *db = open_for(path, TF_DB_WRITE);
    run(db, add_batch);
    tf_db_close(db);
    assert_int_equal(in_child(path, write_within_a_limit), 0);
    db = open_for(path, TF_DB_READ);
    assert_int_equal(ask(db, "SELECT count(*) FROM batch"), 1);
    assert_int_equal(ask(db, "SELECT count(*) FROM batch_reject"), 0);
    tf_db_close(db);
}

/* Exit codes of a child that reads without the right to write. */
enum { READ_WELL, WRITE_REFUSED = 1, OTHERWISE = 2 };

static void use_as_nobody(const char *path) {
    tf_error error;
    tf_db *db;
    if (geteuid() == 0 && (setegid(65534) || seteuid(65534))) {
        _exit(OTHERWISE);
    }
    if (tf_db_open(path, TF_DB_WRITE, &db, &error) != TF_IO) {
        _exit(OTHERWISE);
    }
    tf_status status = tf_db_open(path, TF_DB_READ, &db, &error);
    bool is_well = !status && count_layers(db) == 1;
    tf_db_close(db);
    _exit(is_well ? READ_WELL : status == TF_IO ? WRITE_REFUSED : OTHERWISE);
}

static void a_file_without_the_right_to_write_may_be_read_while_its_log_stands(void **state) {
    const char *path = temporary_path(state, "shared");
    tf_db_close(open_for(path, TF_DB_WRITE)); /* new: without a log as yet */
    tf_db *db = open_for(path, TF_DB_WRITE);
    run(db, "INSERT INTO layer VALUES ('a', 'A')");
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(temporary_path(state, "shared-wal"), 0444), 0);
    assert_int_equal(chmod(temporary_path(state, "shared-shm"), 0444), 0);
    assert_int_equal(chmod(*state, 0555), 0);
    int with_log = in_child(path, use_as_nobody);
    tf_db_close(db);
    int without_log = in_child(path, use_as_nobody);
    assert_int_equal(chmod(*state, 0755), 0);
    assert_int_equal(with_log, READ_WELL);
    assert_int_equal(without_log, WRITE_REFUSED);
}

/* Mount the folder of `path` read-only, for this process alone, and read the database there. */
static void read_on_a_read_only_system(const char *path) {
    char folder[256];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) || mount(folder, folder, NULL, MS_BIND, NULL) ||
        mount(NULL, folder, NULL, flags, NULL)) {
        _exit(OTHERWISE);
    }
    tf_error error;
    tf_db *db;
    bool is_refused = tf_db_open(path, TF_DB_WRITE, &db, &error) == TF_IO;
    db = open_for(path, TF_DB_READ);
    _exit(is_refused && count_layers(db) == 1 ? READ_WELL : WRITE_REFUSED);
}

static void a_database_on_a_read_only_file_system_may_be_read(void **state) {
    const char *path = temporary_path(state, "archived");
    tf_db *db = open_for(path, TF_DB_WRITE);
    run(db, "INSERT INTO layer VALUES ('a', 'A')");
    tf_db_close(db);
    assert_int_equal(chmod(*state, 0755), 0);
    int outcome = in_child(path, read_on_a_read_only_system);
    if (outcome == OTHERWISE) {
        SKIP_TEST("this system lets nobody mount");
    }
    assert_int_equal(outcome, READ_WELL);
}

static void a_damaged_file_is_told_and_does_no_harm(void **state) {
    const char *path = temporary_path(state, "damaged");
    tf_db *db = open_for(path, TF_DB_WRITE);
    run(db, add_batch);
    run(db, fill);
    tf_db_close(db);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    unsigned state_of_noise = 1;
    int told = 0;
    for (int round = 0; round < 40; round++) {
        /* Some bytes of noise on each of a few pages, then everything is read. */
        FILE *file = fopen(path, "r+b");
        for (int i = 0; i < 20; i++) {
            state_of_noise = state_of_noise * 1664525 + 1013904223;
            fseek(file, 100 + (long)(state_of_noise % (unsigned)(facts.st_size - 100)), SEEK_SET);
            fputc((int)(state_of_noise >> 24), file);
        }
        fclose(file);
        tf_error error;
        tf_status status = tf_db_open(path, TF_DB_READ, &db, &error);
        if (!status) {
            status = tf_db_execute(db, "SELECT sum(length(text)) FROM batch_reject", &error);
            if (!status) {
                status = tf_db_execute(db, "SELECT sum(line) FROM batch_reject", &error);
            }
            tf_db_close(db);
        }
        assert_true(status == TF_OK || status == TF_BAD_INPUT || status == TF_INTERNAL);
        told += status != TF_OK;
    }
    assert_true(told > 0);
    assert_int_equal(truncate(path, facts.st_size / 2), 0);
    tf_error error;
    tf_status status = tf_db_open(path, TF_DB_READ, &db, &error);
    if (!status) {
        status = tf_db_execute(db, "SELECT sum(length(text)) FROM batch_reject", &error);
        tf_db_close(db);
    }
    assert_int_equal(status, TF_BAD_INPUT);
}

typedef struct told_commit {
    tf_db *db;
    int *count;
    bool *was_durable;
} told_commit;

static void tell_of_commit(tf_db *db, const void *facts, bool is_durable) {
    const told_commit *told = facts;
    assert_ptr_equal(db, told->db);
    assert_false(tf_db_is_in_transaction(db));
    ++*told->count;
    *told->was_durable = is_durable;
}

static void what_waits_for_a_commit_is_done_once_and_not_after_a_rollback(void **state) {
    tf_db *db = open_for(temporary_path(state, "db"), TF_DB_WRITE);
    int count = 0;
    bool was_durable = true;
    told_commit told = {db, &count, &was_durable};
    tf_error error;
    assert_ok(tf_db_begin(db, &error), &error);
    tf_db_after_commit(db, tell_of_commit, &told, sizeof told);
    tf_db_rollback(db);
    assert_ok(tf_db_begin(db, &error), &error);
    assert_ok(tf_db_commit(db, &error), &error);
    assert_int_equal(count, 0);
    assert_ok(tf_db_begin(db, &error), &error);
    tf_db_after_commit(db, tell_of_commit, &told, sizeof told);
    tf_db_after_commit(db, tell_of_commit, &told, sizeof told);
    assert_int_equal(count, 0);
    assert_ok(tf_db_commit(db, &error), &error);
    assert_int_equal(count, 1);
    assert_false(was_durable);
    assert_ok(tf_db_begin_durable(db, &error), &error);
    tf_db_after_commit(db, tell_of_commit, &told, sizeof told);
    assert_ok(tf_db_commit(db, &error), &error);
    assert_int_equal(count, 2);
    assert_true(was_durable);
    /* A commit that fails has been rolled back. */
    assert_ok(tf_db_begin(db, &error), &error);
    run(db, "PRAGMA defer_foreign_keys = ON; INSERT INTO organisation (name, kind, successor_id, "
            "created_at) VALUES ('A', 'police', 99, 0)");
    tf_db_after_commit(db, tell_of_commit, &told, sizeof told);
    assert_int_not_equal(tf_db_commit(db, &error), TF_OK);
    assert_int_equal(count, 2);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_new_file_gets_the_newest_schema),
        temporary_test(a_log_is_kept_from_the_first_commit_on),
        temporary_test(an_empty_file_is_initialised_but_only_for_writing),
        temporary_test(names_mean_files_whatever_they_look_like),
        temporary_test(what_is_not_there_cannot_be_read),
        temporary_test(a_file_that_is_no_database_is_left_alone),
        temporary_test(the_database_of_another_program_is_refused),
        temporary_test(a_newer_schema_is_refused),
        temporary_test(an_older_schema_is_brought_up_to_date_when_writing),
        temporary_test(a_migration_that_fails_leaves_the_version_before_it),
        temporary_test(values_come_back_as_they_were_bound),
        temporary_test(a_programmers_mistake_is_told_with_the_databases_words),
        temporary_test(keys_and_changes_are_told),
        temporary_test(a_rollback_leaves_the_old_state),
        temporary_test(what_waits_for_a_commit_is_done_once_and_not_after_a_rollback),
        temporary_test(a_killed_writer_leaves_the_old_state),
        temporary_test(a_reader_sees_one_state_while_another_writes),
        temporary_test(the_version_changes_with_another_connections_commit_only),
        temporary_test(a_second_writer_waits_and_then_gives_up),
        temporary_test(several_processes_may_create_the_same_file),
        temporary_test(a_full_disk_is_told_and_the_old_state_kept),
        temporary_test(a_limit_of_the_system_is_told_and_the_old_state_kept),
        temporary_test(a_file_without_the_right_to_write_may_be_read_while_its_log_stands),
        temporary_test(a_database_on_a_read_only_file_system_may_be_read),
        temporary_test(a_damaged_file_is_told_and_does_no_harm),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
