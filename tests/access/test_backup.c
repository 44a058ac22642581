#include "temporary.h"

#include "access/audit.h"
#include "access/backup.h"
#include "access/backup_key.h"
#include "trefoil/base/date.h"
#include "trefoil/base/hash.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A site with its key, its backup key and something in the database. */
typedef struct test_site {
    char db_path[256];
    char key_path[256];
    char folder[256];
    tf_db *db;
    tf_site_key key;
    tf_actor actor;
    char actor_name[TF_ACTOR_NAME_SIZE];
} test_site;

static const char marker[] = "the blue door behind the chapel";

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

static void begin_site(void **state, test_site *site_out) {
    tf_error error;
    snprintf(site_out->folder, sizeof site_out->folder, "%s/site", (char *)*state);
    assert_int_equal(mkdir(site_out->folder, 0700), 0);
    snprintf(site_out->db_path, sizeof site_out->db_path, "%s/site/t.db", (char *)*state);
    snprintf(site_out->key_path, sizeof site_out->key_path, "%s/backup.key", (char *)*state);
    assert_ok(tf_db_open(site_out->db_path, TF_DB_WRITE, &site_out->db, &error), &error);
    assert_ok(tf_site_key_create(site_out->db_path, &site_out->key, &error), &error);
    site_out->actor = tf_actor_operator(site_out->actor_name);
    uint8_t public_key[TF_KEY_SIZE];
    assert_ok(tf_backup_key_create(site_out->key_path, public_key, &error), &error);
    assert_ok(tf_backup_key_set(site_out->db, &site_out->key, &site_out->actor, public_key, &error),
              &error);
    run(site_out->db, "INSERT INTO layer (name, title) VALUES ('a', 'the blue door behind the "
                      "chapel')");
}

static void end_site(test_site *site) {
    tf_db_close(site->db);
}

static void back_up(test_site *site, const char *path) {
    tf_error error;
    tf_backup_facts facts;
    assert_ok(tf_backup_write(site->db, &site->key, &site->actor, path, &facts, &error), &error);
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(file.st_size, facts.file_size);
}

static tf_status restore_on(const char *path, const char *key_path, const char *db_path,
                            const tf_restore_terms *terms, tf_audit_report *report_out,
                            tf_error *error) {
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor actor = tf_actor_operator(name);
    tf_backup_facts facts;
    return tf_backup_restore(path, key_path, db_path, terms, &actor, &facts, report_out, error);
}

static tf_status restore(const char *path, const char *key_path, const char *db_path,
                         const tf_actor *actor, tf_backup_facts *facts_out, tf_error *error) {
    tf_audit_report report;
    return tf_backup_restore(path, key_path, db_path, &(tf_restore_terms){0}, actor, facts_out,
                             &report, error);
}

static size_t count_files(const char *folder) {
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    size_t count = 0;
    while (readdir(entries)) {
        count++;
    }
    closedir(entries);
    return count - 2;
}

static uint8_t *read_whole(const char *path, size_t *length_out) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *length_out = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*length_out + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *length_out, file), *length_out);
    fclose(file);
    return bytes;
}

static void write_whole(const char *path, const uint8_t *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* A hash of every row of every table, but for those that a backup and a restore themselves add. */
static void hash_tables(tf_db *db, int64_t last_entry, uint8_t hash[TF_HASH_SIZE]) {
    tf_error error;
    tf_statement *names;
    tf_buffer text;
    tf_buffer_init(&text);
    assert_ok(tf_db_prepare(db,
                            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT "
                            "IN ('backup_run', 'audit_end') ORDER BY name",
                            &names, &error),
              &error);
    for (;;) {
        bool has_name;
        assert_ok(tf_statement_step(names, &has_name, &error), &error);
        if (!has_name) {
            break;
        }
        char sql[512];
        tf_text name = tf_column_at_text(names, 0);
        tf_text made = tf_column_at_text(names, 1);
        tf_buffer_append(&text, made.data, made.length);
        bool is_audit = tf_text_equal(name, tf_text_of("audit_entry"));
        snprintf(sql, sizeof sql, "SELECT * FROM \"%.*s\" %s", TF_TEXT_ARG(name),
                 is_audit ? "WHERE id <= ?1" : "");
        tf_statement *rows;
        assert_ok(tf_db_prepare(db, sql, &rows, &error), &error);
        if (is_audit) {
            tf_bind_int(rows, 1, last_entry);
        }
        /* As many columns as the table has. */
        snprintf(sql, sizeof sql, "SELECT count(*) FROM pragma_table_info('%.*s')",
                 TF_TEXT_ARG(name));
        int64_t columns = ask(db, sql);
        for (;;) {
            bool has_row;
            assert_ok(tf_statement_step(rows, &has_row, &error), &error);
            if (!has_row) {
                break;
            }
            for (int i = 0; i < (int)columns; i++) {
                size_t length;
                const void *bytes = tf_column_at_bytes(rows, i, &length);
                tf_buffer_format(&text, "|%d %zu ", bytes != NULL, length);
                tf_buffer_append(&text, bytes ? bytes : "", length);
            }
        }
        tf_statement_free(rows);
    }
    tf_statement_free(names);
    assert_false(text.failed);
    tf_secret_hash(NULL, text.data, text.length, hash);
    tf_buffer_deinit(&text);
}

/* ---- there and back ---- */

static void what_was_destroyed_is_restored_as_it_was(void **state) {
    test_site site;
    begin_site(state, &site);
    /* More than one piece of bytes that do not repeat. */
    run(site.db, "CREATE TABLE extra (id INTEGER PRIMARY KEY, a, b);"
                 "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
                 "INSERT INTO extra (a, b) SELECT randomblob(1000), i * 0.5 FROM n");
    uint8_t before[TF_HASH_SIZE];
    uint8_t after[TF_HASH_SIZE];
    int64_t last_entry = ask(site.db, "SELECT max(id) FROM audit_entry");
    hash_tables(site.db, last_entry, before);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    tf_site_key key = site.key;
    end_site(&site);

    unlink(site.db_path);
    char key_path[300];
    snprintf(key_path, sizeof key_path, "%s.key", site.db_path);
    unlink(key_path);
    assert_int_equal(count_files(site.folder), 1); /* the mark, which is further than the backup */

    tf_error error;
    tf_backup_facts facts;
    assert_ok(restore(path, site.key_path, site.db_path, &site.actor, &facts, &error), &error);
    assert_int_equal(facts.entry_id, last_entry);
    assert_int_equal(facts.schema, tf_db_schema_newest());
    struct stat file;
    assert_int_equal(stat(site.db_path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_ok(tf_db_open(site.db_path, TF_DB_WRITE, &site.db, &error), &error);
    hash_tables(site.db, last_entry, after);
    assert_memory_equal(before, after, TF_HASH_SIZE);
    assert_ok(tf_site_key_load(site.db_path, &site.key, &error), &error);
    assert_memory_equal(&key, &site.key, sizeof key);
    assert_int_equal(ask(site.db, "SELECT count(*) FROM audit_entry WHERE action = 'restore' AND "
                                  "id = (SELECT max(id) FROM audit_entry)"),
                     1);
    assert_int_equal(count_files(site.folder), 5); /* the database, key, mark, -wal and -shm */
    tf_audit_report report;
    assert_ok(tf_audit_verify(site.db, &site.key, NULL, 0, &report, &error), &error);
    assert_int_equal(report.fault, TF_AUDIT_SOUND);
    assert_true(report.is_mark_checked);
    end_site(&site);
}

static void a_backup_is_noted(void **state) {
    test_site site;
    begin_site(state, &site);
    tf_error error;
    int64_t at;
    assert_ok(tf_backup_last(site.db, &at, &error), &error);
    assert_int_equal(at, 0);
    back_up(&site, temporary_path(state, "one.backup"));
    assert_ok(tf_backup_last(site.db, &at, &error), &error);
    assert_true(tf_instant_now() - at < (int64_t)60 * 1000 * 1000);
    assert_int_equal(ask(site.db, "SELECT count(*) FROM audit_entry WHERE action = 'backup' AND "
                                  "detail = 'one.backup' AND outcome = 'done'"),
                     1);
    assert_int_equal(ask(site.db, "SELECT count(*) FROM backup_run WHERE file = 'one.backup' AND "
                                  "size > 0 AND entry_id = 1"),
                     1);
    end_site(&site);
}

/* A row of work and its entry in each transaction, until it is ended. */
static void write_until_killed(const char *db_path) {
    test_site site;
    tf_db *db;
    if (tf_site_key_load(db_path, &site.key, NULL) || tf_db_open(db_path, TF_DB_WRITE, &db, NULL)) {
        _exit(1);
    }
    site.actor = tf_actor_operator(site.actor_name);
    tf_audit_note note = {.action = "collect", .category = "concern"};
    for (;;) {
        if (!tf_db_begin(db, NULL) &&
            !tf_db_execute(db, "INSERT INTO work (a) VALUES (randomblob(500))", NULL) &&
            !tf_audit_append(db, &site.key, &site.actor, &note, NULL)) {
            (void)tf_db_commit(db, NULL);
        }
        tf_db_rollback(db);
    }
}

static void a_backup_is_one_state_while_others_write(void **state) {
    test_site site;
    begin_site(state, &site);
    run(site.db, "CREATE TABLE work (id INTEGER PRIMARY KEY, a)");
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* also where an assertion below ends the test */
        write_until_killed(site.db_path);
    }
    int64_t least = 0;
    for (int i = 0; i < 5; i++) {
        char path[300];
        char db_path[300];
        usleep(30000);
        snprintf(path, sizeof path, "%s/%d.backup", (char *)*state, i);
        snprintf(db_path, sizeof db_path, "%s/restored-%d.db", (char *)*state, i);
        back_up(&site, path);
        tf_error error;
        tf_backup_facts facts;
        tf_db *db;
        assert_ok(restore(path, site.key_path, db_path, &site.actor, &facts, &error), &error);
        assert_ok(tf_db_open(db_path, TF_DB_READ, &db, &error), &error);
        int64_t rows = ask(db, "SELECT count(*) FROM work");
        assert_int_equal(ask(db, "SELECT count(*) FROM audit_entry WHERE action = 'collect'"),
                         rows);
        assert_true(rows > least);
        least = rows;
        tf_db_close(db);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    end_site(&site);
}

static void nobody_is_signed_in_after_a_restore(void **state) {
    test_site site;
    begin_site(state, &site);
    run(site.db,
        "INSERT INTO organisation (id, name, kind, created_at) VALUES (1, 'A', 'police', 0);"
        "INSERT INTO account (id, organisation_id, name, email, state, created_at) VALUES (1, 1, "
        "'Asha Patel', 'asha@example.org', 'active', 0);"
        "INSERT INTO account_link (key, account_id, kind, ends_at) VALUES (x'01', 1, 'reset', "
        "9000000000000000);"
        "INSERT INTO session (key, account_id, stage, started_at, seen_at, idle_limit, ends_at, "
        "locked_secret_key) VALUES (x'00', 1, 'full', 0, 0, 1, 1, x'00')");
    const char *path = temporary_path(state, "one.backup");
    const char *db_path = temporary_path(state, "new.db");
    back_up(&site, path);
    tf_error error;
    tf_backup_facts facts;
    tf_db *db;
    assert_ok(restore(path, site.key_path, db_path, &site.actor, &facts, &error), &error);
    assert_ok(tf_db_open(db_path, TF_DB_READ, &db, &error), &error);
    assert_int_equal(ask(db, "SELECT count(*) FROM account"), 1);
    assert_int_equal(ask(db, "SELECT count(*) FROM session"), 0);
    assert_int_equal(ask(db, "SELECT count(*) FROM account_link"), 0);
    tf_db_close(db);
    end_site(&site);
}

/* ---- what is refused ---- */

static void expect_refusal(void **state, test_site *site, const char *path, const char *key_path,
                           const char *words) {
    tf_error error;
    tf_backup_facts facts;
    char folder[300];
    char db_path[320];
    snprintf(folder, sizeof folder, "%s/restored", (char *)*state);
    snprintf(db_path, sizeof db_path, "%s/t.db", folder);
    (void)mkdir(folder, 0700);
    tf_status verified = tf_backup_verify(path, key_path, folder, &facts, &error);
    assert_int_not_equal(verified, TF_OK);
    assert_int_not_equal(verified, TF_INTERNAL);
    tf_status restored = restore(path, key_path, db_path, &site->actor, &facts, &error);
    assert_int_equal(restored, verified);
    if (!strstr(error.message, words)) {
        fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.message, words);
        fail();
    }
    assert_int_equal(count_files(folder), 0);
}

static void any_byte_that_was_changed_is_found(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    size_t length;
    uint8_t *bytes = read_whole(path, &length);
    const char *changed = temporary_path(state, "changed.backup");
    tf_random random;
    tf_random_init(&random, 20260101, 1);
    for (size_t i = 0; i < 400; i++) {
        /* Every byte of the header, and others at random. */
        size_t at = i < 160 ? i : tf_random_below(&random, (uint32_t)length);
        uint8_t bit = (uint8_t)(1U << tf_random_below(&random, 8));
        bytes[at] ^= bit;
        write_whole(changed, bytes, length);
        expect_refusal(state, &site, changed, site.key_path, "backup");
        bytes[at] ^= bit;
    }
    write_whole(changed, bytes, length);
    tf_error error;
    tf_backup_facts facts;
    assert_ok(tf_backup_verify(changed, site.key_path, *state, &facts, &error), &error);
    assert_int_equal(facts.file_size, length);
    free(bytes);
    end_site(&site);
}

static void a_backup_that_is_cut_off_or_longer_is_refused(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    size_t length;
    uint8_t *bytes = read_whole(path, &length);
    const char *cut = temporary_path(state, "cut.backup");
    const size_t piece = 65536 + 17;
    tf_random random;
    tf_random_init(&random, 20260102, 1);
    for (size_t i = 0; i < 120; i++) {
        size_t kept = i < 4   ? i * 5
                      : i < 8 ? 156 + (i - 4) * piece
                              : tf_random_below(&random, (uint32_t)length);
        write_whole(cut, bytes, kept);
        expect_refusal(state, &site, cut, site.key_path, kept < 16 ? "no backup" : "cut off");
    }
    write_whole(cut, bytes, length - 1);
    expect_refusal(state, &site, cut, site.key_path, "cut off");
    bytes[length] = 0;
    write_whole(cut, bytes, length + 1);
    expect_refusal(state, &site, cut, site.key_path, "");
    free(bytes);
    end_site(&site);
}

static void pieces_cannot_be_swapped_or_left_out(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    size_t length;
    uint8_t *bytes = read_whole(path, &length);
    enum { HEADER = 156, PIECE = 65536 + 17 };
    assert_true(length > HEADER + 3 * PIECE);
    const char *other = temporary_path(state, "other.backup");
    memmove(bytes + HEADER + PIECE, bytes + HEADER + (size_t)2 * PIECE,
            length - HEADER - (size_t)2 * PIECE);
    write_whole(other, bytes, length - PIECE);
    expect_refusal(state, &site, other, site.key_path, "damaged");
    free(bytes);
    bytes = read_whole(path, &length);
    static uint8_t kept[PIECE];
    memcpy(kept, bytes + HEADER, PIECE);
    memcpy(bytes + HEADER, bytes + HEADER + PIECE, PIECE);
    memcpy(bytes + HEADER + PIECE, kept, PIECE);
    write_whole(other, bytes, length);
    expect_refusal(state, &site, other, site.key_path, "damaged");
    free(bytes);
    end_site(&site);
}

static void another_key_opens_nothing(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    tf_error error;
    uint8_t public_key[TF_KEY_SIZE];
    const char *other = temporary_path(state, "other.key");
    assert_ok(tf_backup_key_create(other, public_key, &error), &error);
    expect_refusal(state, &site, path, other, "another key");
    /* Nor when the file claims to be made for it. */
    size_t length;
    uint8_t *bytes = read_whole(path, &length);
    memcpy(bytes + 20, public_key, TF_KEY_SIZE);
    const char *forged = temporary_path(state, "forged.backup");
    write_whole(forged, bytes, length);
    expect_refusal(state, &site, forged, other, "damaged");
    expect_refusal(state, &site, path, temporary_path(state, "absent.key"), "no such backup key");
    expect_refusal(state, &site, path, path, "backup key"); /* the wrong file altogether */
    expect_refusal(state, &site, other, site.key_path, "no backup");
    free(bytes);
    end_site(&site);
}

static void nothing_is_overwritten(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    tf_error error;
    tf_backup_facts facts;
    assert_int_equal(tf_backup_write(site.db, &site.key, &site.actor, path, &facts, &error),
                     TF_BUSY);
    assert_int_equal(ask(site.db, "SELECT count(*) FROM backup_run"), 1);
    assert_int_equal(restore(path, site.key_path, site.db_path, &site.actor, &facts, &error),
                     TF_BUSY);
    static const char *const beside[] = {"new.db", "new.db.key", "new.db-wal", "new.db-journal"};
    const char *db_path = temporary_path(state, "new.db");
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        const char *file = temporary_path(state, beside[i]);
        write_whole(file, (const uint8_t *)"x", 1);
        assert_int_equal(restore(path, site.key_path, db_path, &site.actor, &facts, &error),
                         TF_BUSY);
        size_t length;
        free(read_whole(file, &length));
        assert_int_equal(length, 1);
        assert_int_equal(unlink(file), 0);
    }
    end_site(&site);
}

static void a_key_that_a_killed_restore_left_is_no_obstacle(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    tf_error error;
    tf_backup_facts facts;
    const char *db_path = temporary_path(state, "new.db");
    assert_ok(tf_site_key_write(db_path, site.key.root, &error), &error);
    assert_ok(restore(path, site.key_path, db_path, &site.actor, &facts, &error), &error);
    /* That of another database is. */
    uint8_t other[TF_KEY_SIZE] = {1};
    db_path = temporary_path(state, "other.db");
    assert_ok(tf_site_key_write(db_path, other, &error), &error);
    assert_int_equal(restore(path, site.key_path, db_path, &site.actor, &facts, &error), TF_BUSY);
    tf_site_key key;
    assert_ok(tf_site_key_load(db_path, &key, &error), &error);
    assert_memory_equal(key.root, other, TF_KEY_SIZE);
    assert_int_equal(access(db_path, F_OK), -1);
    end_site(&site);
}

static void without_a_backup_key_there_is_no_backup(void **state) {
    test_site site;
    begin_site(state, &site);
    run(site.db, "DELETE FROM setting");
    tf_error error;
    tf_backup_facts facts;
    const char *path = temporary_path(state, "one.backup");
    assert_int_equal(tf_backup_write(site.db, &site.key, &site.actor, path, &facts, &error),
                     TF_NOT_FOUND);
    assert_non_null(strstr(error.message, "trefoil backup key"));
    assert_int_equal(access(path, F_OK), -1);
    end_site(&site);
}

static void a_damaged_database_is_not_backed_up(void **state) {
    test_site site;
    begin_site(state, &site);
    run(site.db, "PRAGMA foreign_keys = OFF; INSERT INTO organisation (name, kind, successor_id, "
                 "created_at) VALUES ('A', 'police', 99, 0)");
    tf_error error;
    tf_backup_facts facts;
    const char *path = temporary_path(state, "one.backup");
    assert_int_equal(tf_backup_write(site.db, &site.key, &site.actor, path, &facts, &error),
                     TF_BAD_INPUT);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(ask(site.db, "SELECT count(*) FROM backup_run"), 0);
    end_site(&site);
}

static void an_unsound_audit_is_restored_only_when_told(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    run(site.db, "UPDATE audit_entry SET actor = 'nobody' WHERE id = 1");
    const char *later = temporary_path(state, "later.backup");
    back_up(&site, later);
    tf_error error;
    tf_backup_facts facts;
    assert_ok(tf_backup_verify(path, site.key_path, *state, &facts, &error), &error);
    expect_refusal(state, &site, later, site.key_path, "Entry 1 of ");
    char db_path[300];
    snprintf(db_path, sizeof db_path, "%s/new.db", (char *)*state);
    tf_audit_report report;
    assert_int_equal(
        restore_on(later, site.key_path, db_path, &(tf_restore_terms){0}, &report, &error),
        TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "--even-if-unsound"));
    assert_int_equal(access(db_path, F_OK), -1);
    tf_restore_terms terms = {.even_if_unsound = true};
    assert_ok(restore_on(later, site.key_path, db_path, &terms, &report, &error), &error);
    assert_int_equal(report.fault, TF_AUDIT_CHANGED);
    tf_db *db;
    assert_ok(tf_db_open(db_path, TF_DB_READ, &db, &error), &error);
    assert_int_equal(ask(db, "SELECT count(*) FROM audit_entry WHERE action = 'restore' AND "
                             "detail LIKE '%; its audit is not sound, first at entry 1'"),
                     1);
    tf_db_close(db);
    end_site(&site);
}

static void a_restore_is_held_against_a_head_that_was_kept(void **state) {
    test_site site, other;
    begin_site(state, &site);
    char path[300], later[300], db_path[300];
    snprintf(path, sizeof path, "%s/one.backup", (char *)*state);
    snprintf(later, sizeof later, "%s/later.backup", (char *)*state);
    snprintf(db_path, sizeof db_path, "%s/new.db", (char *)*state);
    tf_error error;
    tf_audit_report report;
    tf_audit_kept_head kept = {.name = "head.json"}, newer = {.name = "newer.json"};
    assert_ok(tf_audit_sign_now(site.db, &site.key, &kept.head, &error), &error);
    back_up(&site, path);
    back_up(&site, later);
    assert_ok(tf_audit_sign_now(site.db, &site.key, &newer.head, &error), &error);
    tf_restore_terms terms = {.head = &newer};
    assert_int_equal(restore_on(path, site.key_path, db_path, &terms, &report, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "a head of before the backup"));
    terms.head = &kept;
    assert_ok(restore_on(path, site.key_path, db_path, &terms, &report, &error), &error);
    assert_int_equal(report.kept_head_count, 1);
    /* What somebody else made has another key, and is sound by itself. */
    other = site;
    snprintf(other.db_path, sizeof other.db_path, "%s/other.db", (char *)*state);
    uint8_t public_key[TF_KEY_SIZE], secret_key[TF_KEY_SIZE];
    assert_ok(tf_backup_key_load(site.key_path, public_key, secret_key, &error), &error);
    assert_ok(tf_db_open(other.db_path, TF_DB_WRITE, &other.db, &error), &error);
    assert_ok(tf_site_key_create(other.db_path, &other.key, &error), &error);
    assert_ok(tf_backup_key_set(other.db, &other.key, &other.actor, public_key, &error), &error);
    char forged[300];
    snprintf(forged, sizeof forged, "%s/forged.backup", (char *)*state);
    back_up(&other, forged);
    snprintf(db_path, sizeof db_path, "%s/forged.db", (char *)*state);
    assert_int_equal(restore_on(forged, site.key_path, db_path, &terms, &report, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "signed with another key"));
    assert_int_equal(access(db_path, F_OK), -1);
    end_site(&other);
    end_site(&site);
}

static void no_backup_is_sealed_to_a_key_that_something_else_set(void **state) {
    test_site site;
    begin_site(state, &site);
    tf_error error;
    uint8_t own[TF_KEY_SIZE], set[TF_KEY_SIZE], theirs[TF_KEY_SIZE] = {7};
    char text[TF_BACKUP_KEY_TEXT_SIZE], sql[256];
    assert_ok(tf_backup_key_get(site.db, &site.key, own, &error), &error);
    tf_backup_key_format(own, text);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM audit_entry WHERE detail = 'backup-public-key: %s'", text);
    assert_int_equal(ask(site.db, sql), 1);
    tf_backup_key_format(theirs, text);
    snprintf(sql, sizeof sql, "UPDATE setting SET value = '%s' WHERE name = 'backup-public-key'",
             text);
    const char *const changes[] = {
        sql,
        "DELETE FROM setting WHERE name = 'backup-public-key-mac'",
        "UPDATE setting SET value = 'x' WHERE name LIKE 'backup-public-key%'",
        "UPDATE setting SET value = replace(hex(zeroblob(32)), '0', 'a') "
        "WHERE name = 'backup-public-key-mac'",
    };
    const char *path = temporary_path(state, "one.backup");
    tf_backup_facts facts;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        run(site.db, changes[i]);
        assert_int_equal(tf_backup_write(site.db, &site.key, &site.actor, path, &facts, &error),
                         TF_REFUSED);
        assert_non_null(strstr(error.message, "trefoil backup use"));
        assert_int_equal(access(path, F_OK), -1);
        assert_ok(tf_backup_key_set(site.db, &site.key, &site.actor, own, &error), &error);
        assert_ok(tf_backup_key_get(site.db, &site.key, set, &error), &error);
        assert_memory_equal(own, set, TF_KEY_SIZE);
    }
    end_site(&site);
}

static void nobody_is_told_to_open_a_file_that_is_no_key(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    tf_error error;
    tf_backup_facts facts;
    assert_int_equal(tf_backup_verify(path, "/etc/passwd", *state, &facts, &error), TF_BAD_INPUT);
    assert_null(strstr(error.message, "chmod"));
    assert_non_null(strstr(error.message, "is no backup key"));
    end_site(&site);
}

static void a_full_disk_leaves_nothing(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    const char *later = temporary_path(state, "later.backup");
    back_up(&site, path);
    run(site.db, "CREATE TABLE extra (a); INSERT INTO extra VALUES (randomblob(300000))");
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    tf_error error;
    tf_backup_facts facts;
    size_t files = count_files(*state);
    static const rlim_t limits[] = {1000, 100000, 350000};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct rlimit small = {.rlim_cur = limits[i], .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        tf_status status = tf_backup_write(site.db, &site.key, &site.actor, later, &facts, &error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(status, TF_IO);
        assert_int_equal(count_files(*state), files);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        status = restore(path, site.key_path, temporary_path(state, "new.db"), &site.actor, &facts,
                         &error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        if (limits[i] < 300000) { /* the first backup is smaller than the last limit */
            assert_int_equal(status, TF_IO);
            assert_int_equal(count_files(*state), files);
        }
    }
    end_site(&site);
}

static bool contains(const uint8_t *bytes, size_t length, const void *part, size_t part_length) {
    return memmem(bytes, length, part, part_length) != NULL;
}

static void no_secret_and_no_text_stands_in_a_backup(void **state) {
    test_site site;
    begin_site(state, &site);
    const char *path = temporary_path(state, "one.backup");
    back_up(&site, path);
    size_t length;
    uint8_t *bytes = read_whole(path, &length);
    assert_false(contains(bytes, length, marker, sizeof marker - 1));
    assert_false(contains(bytes, length, site.key.root, TF_KEY_SIZE));
    assert_false(contains(bytes, length, "SQLite format 3", 15));
    assert_false(contains(bytes, length, "CREATE TABLE", 12));
    free(bytes);
    /* The database itself has it, so that the search above could have found it. */
    run(site.db, "PRAGMA wal_checkpoint(TRUNCATE)");
    bytes = read_whole(site.db_path, &length);
    assert_true(contains(bytes, length, marker, sizeof marker - 1));
    free(bytes);
    /* Two backups of one state share no piece. */
    const char *second = temporary_path(state, "two.backup");
    back_up(&site, second);
    size_t other_length;
    bytes = read_whole(path, &length);
    uint8_t *others = read_whole(second, &other_length);
    assert_memory_not_equal(bytes + 156, others + 156, 65536);
    free(bytes);
    free(others);
    end_site(&site);
}

/* ---- keys ---- */

static void a_public_part_is_read_back_and_a_slip_is_seen(void **state) {
    (void)state;
    uint8_t key[TF_KEY_SIZE];
    uint8_t back[TF_KEY_SIZE];
    char text[TF_BACKUP_KEY_TEXT_SIZE];
    tf_error error;
    assert_ok(tf_secret_begin(&error), &error);
    tf_secret_random(key, sizeof key);
    tf_backup_key_format(key, text);
    assert_int_equal(strlen(text), 72);
    assert_ok(tf_backup_key_parse(tf_text_of(text), back, &error), &error);
    assert_memory_equal(key, back, sizeof key);
    for (size_t i = 0; i < 72; i++) {
        char before = text[i];
        text[i] = before == '7' ? '3' : '7';
        assert_int_equal(tf_backup_key_parse(tf_text_of(text), back, &error), TF_BAD_INPUT);
        text[i] = before;
    }
    assert_int_equal(tf_backup_key_parse(tf_text_of(""), back, &error), TF_BAD_INPUT);
    assert_int_equal(tf_backup_key_parse(tf_text_of("trefoil"), back, &error), TF_BAD_INPUT);
}

static void a_secret_part_that_others_may_read_is_refused(void **state) {
    tf_error error;
    uint8_t public_key[TF_KEY_SIZE];
    uint8_t again[TF_KEY_SIZE];
    uint8_t secret_key[TF_KEY_SIZE];
    const char *path = temporary_path(state, "backup.key");
    assert_ok(tf_backup_key_create(path, public_key, &error), &error);
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_ok(tf_backup_key_load(path, again, secret_key, &error), &error);
    assert_memory_equal(public_key, again, TF_KEY_SIZE);
    assert_int_equal(tf_backup_key_create(path, again, &error), TF_BUSY);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(tf_backup_key_load(path, again, secret_key, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "chmod 600"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(what_was_destroyed_is_restored_as_it_was),
        temporary_test(a_backup_is_noted),
        temporary_test(a_backup_is_one_state_while_others_write),
        temporary_test(nobody_is_signed_in_after_a_restore),
        temporary_test(any_byte_that_was_changed_is_found),
        temporary_test(a_backup_that_is_cut_off_or_longer_is_refused),
        temporary_test(pieces_cannot_be_swapped_or_left_out),
        temporary_test(another_key_opens_nothing),
        temporary_test(nothing_is_overwritten),
        temporary_test(a_key_that_a_killed_restore_left_is_no_obstacle),
        temporary_test(without_a_backup_key_there_is_no_backup),
        temporary_test(a_damaged_database_is_not_backed_up),
        temporary_test(an_unsound_audit_is_restored_only_when_told),
        temporary_test(a_restore_is_held_against_a_head_that_was_kept),
        temporary_test(no_backup_is_sealed_to_a_key_that_something_else_set),
        temporary_test(nobody_is_told_to_open_a_file_that_is_no_key),
        temporary_test(a_full_disk_leaves_nothing),
        temporary_test(no_secret_and_no_text_stands_in_a_backup),
        cmocka_unit_test(a_public_part_is_read_back_and_a_slip_is_seen),
        temporary_test(a_secret_part_that_others_may_read_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
