/* The mark beside the database tells what an earlier record of the end hides, and accuses nobody.
 */
#include "audit_chain.h"

#include "trefoil/base/date.h"

#include <fcntl.h>
#include <unistd.h>

enum { ENTRIES = 12 };

static const int64_t a_boot_before = (int64_t)100 * 1000 * 1000;

typedef struct marked_chain {
    tf_db *db;
    tf_site_key key;
    char path[256];
    char mark_path[300];
    uint64_t seed;
} marked_chain;

static void open_chain(void **state, const char *name, uint64_t seed, marked_chain *out) {
    *out = (marked_chain){.key = chain_key(0), .seed = seed};
    snprintf(out->path, sizeof out->path, "%s/%s", (char *)*state, name);
    snprintf(out->mark_path, sizeof out->mark_path, "%s.mark", out->path);
    out->db = chain_open(out->path, TF_DB_WRITE);
    chain_fill(out->db, &out->key, ENTRIES, 10, &out->seed);
}

static tf_status append(marked_chain *chain, tf_error *error) {
    tf_actor actor = {.name = "the public"};
    tf_audit_note note = {.action = "sign-in"};
    return tf_audit_append(chain->db, &chain->key, &actor, &note, error);
}

static void append_some(marked_chain *chain, int count) {
    tf_error error;
    for (int i = 0; i < count; i++) {
        assert_ok(tf_db_begin(chain->db, &error), &error);
        assert_ok(append(chain, &error), &error);
        assert_ok(tf_db_commit(chain->db, &error), &error);
    }
}

static void expect_refusal(marked_chain *chain, const char *words) {
    tf_error error;
    int64_t before = chain_ask(chain->db, "SELECT count(*) FROM audit_entry");
    assert_ok(tf_db_begin(chain->db, &error), &error);
    assert_int_equal(append(chain, &error), TF_IO);
    if (!strstr(error.message, words)) {
        fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.message, words);
        fail();
    }
    assert_int_equal(chain_ask(chain->db, "SELECT count(*) FROM audit_entry"), before);
    tf_db_rollback(chain->db);
}

static tf_audit_mark read_mark(const marked_chain *chain) {
    tf_audit_mark mark;
    tf_error error;
    assert_ok(tf_audit_mark_read(chain->path, chain->key.mark_key, &mark, &error), &error);
    return mark;
}

static void write_mark(const marked_chain *chain, const tf_audit_mark *mark) {
    char text[TF_AUDIT_MARK_TEXT_SIZE + 1];
    tf_audit_mark_format(mark, chain->key.mark_key, text);
    assert_int_equal(strlen(text), TF_AUDIT_MARK_TEXT_SIZE);
    int file = open(chain->mark_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(file, text, strlen(text)), TF_AUDIT_MARK_TEXT_SIZE);
    close(file);
}

/* ---- what it finds ---- */

static void an_end_that_was_put_back_is_found_and_nothing_is_added(void **state) {
    marked_chain chain;
    tf_error error;
    tf_audit_head head;
    open_chain(state, "db", 3, &chain);
    chain_run(chain.db, "CREATE TEMP TABLE earlier AS SELECT * FROM audit_end");
    append_some(&chain, 5); /* years later, so that the day of the last is over */
    chain_run(chain.db, "DELETE FROM audit_entry WHERE id > 12;"
                        "DELETE FROM audit_head WHERE entry_id >= 12;"
                        "DELETE FROM audit_end; INSERT INTO audit_end SELECT * FROM earlier");
    assert_int_equal(chain_verify(chain.db, NULL).fault, TF_AUDIT_SOUND);
    tf_audit_report report = chain_verify(chain.db, &chain.key);
    assert_int_equal(report.fault, TF_AUDIT_CUT_OFF);
    assert_int_equal(report.fault_entry_id, 12);
    assert_non_null(strstr(report.message, "had come to entry 17"));
    expect_refusal(&chain, "entries were removed, or an older copy");
    expect_refusal(&chain, "db.mark away");
    assert_int_equal(tf_audit_sign_now(chain.db, &chain.key, &head, &error), TF_IO);
    /* Whoever put an older copy there knowingly. */
    assert_int_equal(unlink(chain.mark_path), 0);
    report = chain_verify(chain.db, &chain.key);
    assert_int_equal(report.fault, TF_AUDIT_SOUND);
    assert_false(report.is_mark_checked);
    append_some(&chain, 1);
    assert_int_equal(read_mark(&chain).last.entry_id, 13);
    assert_true(chain_verify(chain.db, &chain.key).is_mark_checked);
    tf_db_close(chain.db);
}

/* One that went its own way with the same key, and is as long or longer. */
static void another_copy_that_grew_is_found(void **state) {
    marked_chain chain, other;
    open_chain(state, "db", 3, &chain);
    open_chain(state, "other", 4, &other);
    for (int more = 0; more < 3; more++) {
        tf_audit_mark mark = read_mark(&chain);
        write_mark(&other, &mark);
        tf_audit_report report = chain_verify(other.db, &other.key);
        assert_int_equal(report.fault, TF_AUDIT_REWRITTEN);
        assert_int_equal(report.fault_entry_id, ENTRIES);
        expect_refusal(&other, "is another");
        assert_int_equal(unlink(other.mark_path), 0);
        append_some(&other, 1);
    }
    tf_db_close(chain.db);
    tf_db_close(other.db);
}

/* ---- when it moves ---- */

static void the_mark_follows_what_is_committed_and_nothing_else(void **state) {
    marked_chain chain;
    tf_error error;
    open_chain(state, "db", 3, &chain);
    assert_int_equal(read_mark(&chain).last.entry_id, ENTRIES);
    assert_int_equal(read_mark(&chain).durable.entry_id, 0);
    assert_ok(tf_db_begin(chain.db, &error), &error);
    assert_ok(append(&chain, &error), &error);
    assert_int_equal(read_mark(&chain).last.entry_id, ENTRIES);
    tf_db_rollback(chain.db);
    assert_ok(tf_db_begin(chain.db, &error), &error);
    assert_ok(tf_db_commit(chain.db, &error), &error);
    assert_int_equal(read_mark(&chain).last.entry_id, ENTRIES);
    assert_ok(tf_db_begin_durable(chain.db, &error), &error);
    assert_ok(append(&chain, &error), &error);
    assert_ok(append(&chain, &error), &error);
    assert_ok(tf_db_commit(chain.db, &error), &error);
    assert_int_equal(read_mark(&chain).last.entry_id, ENTRIES + 2);
    assert_int_equal(read_mark(&chain).durable.entry_id, ENTRIES + 2);
    append_some(&chain, 1);
    assert_int_equal(read_mark(&chain).last.entry_id, ENTRIES + 3);
    assert_int_equal(read_mark(&chain).durable.entry_id, ENTRIES + 2);
    tf_db_close(chain.db);
}

/* As after a kill between the commit and the mark. */
static void a_mark_that_lags_accuses_nobody_and_never_moves_back(void **state) {
    marked_chain chain;
    tf_error error;
    open_chain(state, "db", 3, &chain);
    tf_audit_mark earlier = read_mark(&chain);
    append_some(&chain, 3);
    tf_audit_place late = earlier.last;
    assert_ok(tf_audit_mark_move(chain.path, chain.key.mark_key, &late, true, &error), &error);
    assert_int_equal(read_mark(&chain).last.entry_id, ENTRIES + 3);
    write_mark(&chain, &earlier);
    assert_int_equal(chain_verify(chain.db, &chain.key).fault, TF_AUDIT_SOUND);
    append_some(&chain, 1);
    assert_int_equal(read_mark(&chain).last.entry_id, ENTRIES + 4);
    tf_db_close(chain.db);
}

/* What was committed without waiting for the disk may be lost with the power, but not what was
 * committed with it. */
static void what_a_power_cut_took_is_told_and_accuses_nobody(void **state) {
    marked_chain chain;
    open_chain(state, "db", 3, &chain);
    tf_audit_mark mark = read_mark(&chain);
    mark.durable = mark.last;
    mark.last.entry_id = ENTRIES + 3;
    write_mark(&chain, &mark);
    assert_int_equal(chain_verify(chain.db, &chain.key).fault, TF_AUDIT_CUT_OFF);
    mark.booted_at -= a_boot_before;
    write_mark(&chain, &mark);
    tf_audit_report report = chain_verify(chain.db, &chain.key);
    assert_int_equal(report.fault, TF_AUDIT_SOUND);
    assert_int_equal(report.lost_count, 3);
    append_some(&chain, 1);
    assert_int_equal(read_mark(&chain).last.entry_id, ENTRIES + 1);
    assert_int_equal(chain_verify(chain.db, &chain.key).lost_count, 0);
    mark.durable.entry_id = ENTRIES + 2;
    write_mark(&chain, &mark);
    assert_int_equal(chain_verify(chain.db, &chain.key).fault, TF_AUDIT_CUT_OFF);
    expect_refusal(&chain, "had come to entry 14");
    tf_db_close(chain.db);
}

/* ---- what may be wrong with the file ---- */

static void a_mark_that_is_missing_or_empty_is_made_by_the_next_entry(void **state) {
    marked_chain chain;
    open_chain(state, "db", 3, &chain);
    struct stat facts;
    assert_int_equal(stat(chain.mark_path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(i ? truncate(chain.mark_path, 0) : unlink(chain.mark_path), 0);
        tf_audit_report report = chain_verify(chain.db, &chain.key);
        assert_int_equal(report.fault, TF_AUDIT_SOUND);
        assert_false(report.is_mark_checked);
        append_some(&chain, 1);
        assert_true(read_mark(&chain).is_there);
    }
    tf_db_close(chain.db);
}

static void expect_damage(marked_chain *chain) {
    tf_audit_report report = chain_verify(chain->db, &chain->key);
    assert_int_equal(report.fault, TF_AUDIT_MARK);
    assert_non_null(strstr(report.message, "was not written with the site's key"));
    expect_refusal(chain, "damaged, was changed, or is of another site");
}

static void a_mark_that_was_changed_or_is_of_another_site_is_refused(void **state) {
    marked_chain chain;
    open_chain(state, "db", 3, &chain);
    tf_audit_mark mark = read_mark(&chain);
    int file = open(chain.mark_path, O_RDWR);
    char byte;
    for (off_t i = 0; i < TF_AUDIT_MARK_TEXT_SIZE; i++) {
        assert_int_equal(pread(file, &byte, 1, i), 1);
        char wrong = byte == '1' ? '2' : '1';
        assert_int_equal(pwrite(file, &wrong, 1, i), 1);
        expect_damage(&chain);
        assert_int_equal(pwrite(file, &byte, 1, i), 1);
    }
    assert_int_equal(pwrite(file, "\n", 1, TF_AUDIT_MARK_TEXT_SIZE), 1);
    expect_damage(&chain);
    assert_int_equal(ftruncate(file, TF_AUDIT_MARK_TEXT_SIZE - 1), 0);
    expect_damage(&chain);
    close(file);
    marked_chain other = chain;
    other.key = chain_key(1);
    write_mark(&other, &mark);
    expect_damage(&chain);
    write_mark(&chain, &mark);
    append_some(&chain, 1);
    /* A fault of the chain goes before one of the mark. */
    write_mark(&other, &mark);
    chain_run(chain.db, "UPDATE audit_entry SET actor = 'nobody' WHERE id = 5");
    assert_int_equal(chain_verify(chain.db, &chain.key).fault_entry_id, 5);
    tf_db_close(chain.db);
}

static void a_mark_that_cannot_be_read_is_said_to_be_so(void **state) {
    marked_chain chain;
    tf_error error;
    tf_audit_report report;
    open_chain(state, "db", 3, &chain);
    assert_int_equal(unlink(chain.mark_path), 0);
    assert_int_equal(mkdir(chain.mark_path, 0700), 0);
    assert_int_equal(tf_audit_verify(chain.db, &chain.key, NULL, 0, &report, &error), TF_IO);
    assert_non_null(strstr(error.message, "the mark of the audit cannot be read"));
    expect_refusal(&chain, "the mark of the audit cannot be written");
    assert_int_equal(rmdir(chain.mark_path), 0);
    tf_db_close(chain.db);
}

/* Before anything is entered, not after it was committed.  SQLite itself may refuse such a folder
 * before. */
static void in_a_folder_that_is_read_only_no_mark_can_be_begun(void **state) {
    marked_chain chain;
    tf_error error;
    tf_audit_mark mark;
    open_chain(state, "db", 3, &chain);
    assert_int_equal(unlink(chain.mark_path), 0);
    bool is_root = geteuid() == 0; /* who may write everywhere */
    assert_int_equal(chmod(*state, 0555), 0);
    assert_int_equal(is_root ? seteuid(65534) : 0, 0);
    tf_status status = tf_audit_mark_begin(chain.path, chain.key.mark_key, &mark, &error);
    assert_int_equal(is_root ? seteuid(0) : 0, 0);
    assert_int_equal(chmod(*state, 0700), 0);
    assert_int_equal(status, TF_IO);
    assert_non_null(strstr(error.message, "cannot be written: Permission denied"));
    append_some(&chain, 1);
    assert_true(read_mark(&chain).is_there);
    tf_db_close(chain.db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_end_that_was_put_back_is_found_and_nothing_is_added),
        temporary_test(another_copy_that_grew_is_found),
        temporary_test(the_mark_follows_what_is_committed_and_nothing_else),
        temporary_test(a_mark_that_lags_accuses_nobody_and_never_moves_back),
        temporary_test(what_a_power_cut_took_is_told_and_accuses_nobody),
        temporary_test(a_mark_that_is_missing_or_empty_is_made_by_the_next_entry),
        temporary_test(a_mark_that_was_changed_or_is_of_another_site_is_refused),
        temporary_test(a_mark_that_cannot_be_read_is_said_to_be_so),
        temporary_test(in_a_folder_that_is_read_only_no_mark_can_be_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
