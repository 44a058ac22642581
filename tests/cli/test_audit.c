/* trefoil audit: a chain verified, signed, listed and exported from the command line. */
#include "../access/audit_chain.h"
#include "program.h"

static const char *make_chain(void **state) {
    const char *path = path_of(state, "county.db");
    uint64_t seed = 21;
    uint8_t root[TF_KEY_SIZE] = {7};
    tf_site_key key;
    tf_error error;
    assert_ok(tf_secret_begin(&error), &error);
    assert_ok(tf_site_key_write(path, root, &error), &error);
    tf_site_key_of(root, &key);
    tf_db *db = chain_open(path, TF_DB_WRITE);
    chain_fill(db, &key, 50, 10, &seed);
    tf_db_close(db);
    return path;
}

static void change(const char *path, const char *sql) {
    tf_db *db = chain_open(path, TF_DB_WRITE);
    chain_run(db, sql);
    tf_db_close(db);
}

static void a_sound_chain_is_said_to_be_sound(void **state) {
    const char *path = make_chain(state);
    assert_int_equal(run("audit verify --db %s", path), 0);
    assert_true(says("is sound: 50 entries from 2023-11-14T22:13:20Z to "));
    assert_true(says("0 heads kept elsewhere"));
    assert_true(says("can have rewritten all of it"));
    assert_int_equal(run("audit verify --no-key --db %s", path), 0);
    assert_true(says("without the site's key"));
}

static void what_was_changed_is_said_with_its_place(void **state) {
    const char *path = make_chain(state);
    change(path, "UPDATE audit_entry SET account_id = account_id + 1 WHERE id = 17");
    assert_int_equal(run("audit verify --db %s", path), 1);
    assert_true(says("county.db: Entry 17 of 2023-"));
    assert_true(says("is not what was entered"));
    assert_int_equal(line_count(), 1);
}

static void heads_that_were_kept_are_given_one_by_one(void **state) {
    const char *path = make_chain(state);
    const char *day = path_of(state, "day.json"), *now = path_of(state, "now.json");
    assert_int_equal(run("audit head --db %s --out %s", path, day), 0);
    assert_int_equal(run("audit head --db %s --now --out %s", path, now), 0);
    assert_int_equal(run("audit verify --db %s --head %s --head=%s", path, now, day), 0);
    assert_true(says("2 heads kept elsewhere"));
    assert_int_equal(run("audit key --db %s", path), 0);
    assert_int_equal(strlen(output), 65);
    output[64] = '\0';
    assert_non_null(strstr(read_file(now), output));
    /* An older copy is sound by itself. */
    assert_int_equal(run("audit list --db %s --limit 1", path), 0);
    assert_int_equal(run("audit head --db %s --now --out %s", path, now), 0);
    assert_int_equal(remove(path), 0);
    char key_path[300];
    snprintf(key_path, sizeof key_path, "%s.key", path);
    assert_int_equal(remove(key_path), 0);
    snprintf(key_path, sizeof key_path, "%s.mark", path);
    assert_int_equal(remove(key_path), 0);
    make_chain(state);
    assert_int_equal(run("audit verify --db %s", path), 0);
    assert_int_equal(run("audit verify --db %s --head %s --head %s", path, day, now), 1);
    assert_true(says("an older copy of the database"));
}

static void entries_that_were_cut_off_are_said_to_be_so(void **state) {
    const char *path = make_chain(state);
    change(path, "CREATE TABLE earlier AS SELECT * FROM audit_end");
    assert_int_equal(run("audit list --db %s --limit 1", path), 0);
    change(path,
           "DELETE FROM audit_entry WHERE id > 50; DELETE FROM audit_head WHERE entry_id >= 50;"
           "DELETE FROM audit_end; INSERT INTO audit_end SELECT * FROM earlier;"
           "DROP TABLE earlier");
    assert_int_equal(run("audit verify --db %s", path), 1);
    assert_true(says("The chain ends with entry 50 of "));
    assert_true(says("had come to entry 51"));
    assert_int_equal(run("audit verify --no-key --db %s", path), 0);
    assert_int_equal(run("audit list --db %s --limit 1", path), 1);
    assert_true(
        says("entries were removed, or an older copy of the database was put in its place"));
    char mark_path[300];
    snprintf(mark_path, sizeof mark_path, "%s.mark", path);
    assert_int_equal(remove(mark_path), 0);
    assert_int_equal(run("audit verify --db %s", path), 0);
    assert_true(says("There is no mark beside the database"));
    assert_int_equal(run("audit list --db %s --limit 1", path), 0);
    assert_int_equal(run("audit verify --db %s", path), 0);
    assert_false(says("There is no mark"));
}

static void a_head_that_is_none_is_refused(void **state) {
    const char *path = make_chain(state);
    assert_int_equal(run("audit verify --db %s --head %s", path, path), 1);
    assert_int_equal(run("audit verify --db %s --head %s/absent", path, (char *)*state), 1);
    assert_true(says("the head cannot be read"));
    assert_int_equal(run("audit verify --db %s --head", path), 2);
}

static void entries_are_listed_and_exported_and_that_is_entered(void **state) {
    const char *path = make_chain(state);
    assert_int_equal(run("audit list --db %s --limit 2", path), 0);
    assert_true(says("      51  20"));
    assert_true(says("consult audit, for oversight"));
    assert_true(says("There are more: --older-than 50"));
    assert_int_equal(run("audit export --db %s --format jsonl --for 'the board'", path), 0);
    assert_int_equal(line_count(), 52);
    assert_int_equal(run("audit export --db %s --action disclose --for 'the board'", path), 0);
    assert_int_equal(line_count(), 3);
    assert_true(says("\"the board\""));
    assert_int_equal(run("audit verify --db %s", path), 0);
    assert_true(says("53 entries"));
}

static void what_cannot_be_asked_is_said(void **state) {
    const char *path = make_chain(state);
    assert_int_equal(run("audit list --db %s --object 3", path), 2);
    assert_true(says("--category"));
    assert_int_equal(run("audit list --db %s --person none", path), 2);
    assert_int_equal(run("audit list --db %s --outcome good", path), 2);
    assert_true(says("it can be done, refused or emergency"));
    assert_int_equal(run("audit list --db %s --from 2024-02-30", path), 2);
    assert_true(says("--from is '2024-02-30', which is no day; write it as 2027-03-31"));
    assert_int_equal(run("audit list --db %s --from 2024-02-02 --to 2024-02-01", path), 2);
    assert_int_equal(run("audit export --db %s", path), 2);
    assert_true(says("--for WHOM is missing"));
    assert_int_equal(run("audit export --db %s --for x --format xml", path), 2);
    assert_int_equal(run("audit verify --db %s/absent.db", (char *)*state), 1);
    assert_int_equal(run("audit verify --db %s", path), 0);
    assert_true(says("50 entries"));
}

/* To an auditor "there is no such entry" would say that nobody did it. */
static void a_name_that_no_entry_has_is_no_answer(void **state) {
    const char *path = make_chain(state);
    static const char *const commands[] = {"list", "export --for us"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(run("audit %s --db %s --action consullt", commands[i], path), 2);
        assert_true(says("--action is 'consullt'; it can be collect, consult, alter, disclose, "
                         "combine, erase, sign-in, sign-out, backup or restore"));
        assert_int_equal(run("audit %s --db %s --category concerns", commands[i], path), 2);
        assert_true(says("--category is 'concerns'; it can be concern, intelligence, "));
        assert_int_equal(
            run("audit %s --db %s --action sign-in --category backup", commands[i], path), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_sound_chain_is_said_to_be_sound),
        temporary_test(what_was_changed_is_said_with_its_place),
        temporary_test(heads_that_were_kept_are_given_one_by_one),
        temporary_test(entries_that_were_cut_off_are_said_to_be_so),
        temporary_test(a_head_that_is_none_is_refused),
        temporary_test(entries_are_listed_and_exported_and_that_is_entered),
        temporary_test(what_cannot_be_asked_is_said),
        temporary_test(a_name_that_no_entry_has_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
