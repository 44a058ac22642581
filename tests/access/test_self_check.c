#include "temporary.h"

#include "access/audit.h"
#include "access/audit_head.h"
#include "access/backup_key.h"
#include "access/proof_internal.h"
#include "access/self_check.h"
#include "trefoil/base/date.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* An installation that is kept as it should be. */
typedef struct installation {
    char path[256];
    tf_db *db;
    tf_site_key key;
    tf_pack *pack;
    tf_arena *arena;
    tf_self_check_subject subject;
} installation;

static void run(tf_db *db, const char *sql) {
    tf_error error;
    assert_ok(tf_db_execute(db, sql, &error), &error);
}

/* The same, and prove the accounts as the program does when it changes them. */
static void run_proven(installation *site, const char *sql) {
    tf_error error;
    tf_access *access;
    run(site->db, sql);
    assert_ok(tf_access_new(site->db, site->pack, &site->key, &access, &error), &error);
    for (int64_t id = 1; id <= 3; id++) {
        tf_status status = tf_proof_of_account(access, id, &error);
        assert_true(status == TF_OK || id == 3);
    }
    tf_access_free(access);
}

static void note_work(installation *site, tf_outcome outcome) {
    tf_error error;
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor actor = tf_actor_operator(name);
    tf_audit_note note = {.action = "alter", .category = "setting", .outcome = outcome};
    assert_ok(tf_db_begin(site->db, &error), &error);
    assert_ok(tf_audit_append(site->db, &site->key, &actor, &note, &error), &error);
    assert_ok(tf_db_commit(site->db, &error), &error);
}

static const char people[] =
    "INSERT INTO organisation (id, name, kind, created_at) VALUES (1, 'Larkenshire Police', "
    "'police', 0), (2, 'Larkenshire Council', 'council', 0);"
    "INSERT INTO account (id, organisation_id, name, email, state, public_key, code_seed, "
    "created_at) VALUES (1, 1, 'Asha Patel', 'asha@example.org', 'active', x'00', x'00', 0), "
    "(2, 2, 'Tom Reed', 'tom@example.org', 'active', x'00', x'00', 0);"
    "INSERT INTO account_role VALUES (1, 'administrator'), (2, 'administrator')";

/* How many can open what is sent by the form: as many as a setting of the test says, or two. */
static tf_status count_readers(tf_access *access, const tf_form_definition *form,
                               int64_t *count_out, tf_error *error) {
    assert_true(form->is_public);
    tf_statement *statement;
    bool has_row = false;
    assert_ok(tf_db_prepare(tf_access_db(access),
                            "SELECT coalesce(max(CAST(value AS INTEGER)), 2) FROM setting "
                            "WHERE name = 'readers'",
                            &statement, error),
              error);
    assert_ok(tf_statement_step(statement, &has_row, error), error);
    *count_out = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return *count_out < 0 ? tf_fail(error, TF_IO, NULL, 0, "the disk") : TF_OK;
}

static void begin(void **state, installation *site) {
    tf_error error;
    umask(077);
    snprintf(site->path, sizeof site->path, "%s/t.db", (char *)*state);
    assert_ok(tf_pack_open(NULL, &site->pack, &error), &error);
    assert_ok(tf_db_open(site->path, TF_DB_WRITE, &site->db, &error), &error);
    assert_ok(tf_site_key_create(site->path, &site->key, &error), &error);
    uint8_t public_key[TF_KEY_SIZE] = {1};
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor actor = tf_actor_operator(name);
    assert_ok(tf_backup_key_set(site->db, &site->key, &actor, public_key, &error), &error);
    run_proven(site, people);
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO backup_run (at, file, size, entry_id) VALUES (%lld, 'a', 1, 1)",
             (long long)tf_instant_now());
    run(site->db, sql);
    assert_ok(tf_audit_head_note_written(site->db, tf_instant_now(), &error), &error);
    site->arena = tf_arena_new();
    site->subject = (tf_self_check_subject){.db_path = site->path,
                                            .pack = site->pack,
                                            .count_readers = count_readers,
                                            .now = tf_instant_now()};
}

static void end(installation *site) {
    tf_arena_free(site->arena);
    tf_db_close(site->db);
    tf_pack_free(site->pack);
}

static tf_self_check look(installation *site) {
    tf_error error;
    tf_self_check check;
    assert_ok(tf_self_check_make(&site->subject, site->arena, &check, &error), &error);
    for (size_t i = 0; i < check.count; i++) {
        const tf_finding *finding = &check.findings[i];
        assert_true(finding->what[0] != '\0');
        assert_true((finding->severity == TF_SEVERITY_OK) == (finding->why[0] == '\0'));
        assert_true((finding->severity == TF_SEVERITY_OK) == (finding->action[0] == '\0'));
        assert_true(check.worst >= finding->severity);
    }
    return check;
}

/* What hangs on the machine that the test runs on. */
static bool is_of_the_machine(const tf_finding *finding) {
    return strcmp(finding->name, "swap") == 0 || strcmp(finding->name, "disk-room") == 0;
}

/* One thing alone is found, and it is this. */
static void expect(installation *site, const char *name, tf_severity severity, const char *words) {
    tf_self_check check = look(site);
    bool is_found = false;
    for (size_t i = 0; i < check.count; i++) {
        const tf_finding *finding = &check.findings[i];
        bool is_it = name && strcmp(finding->name, name) == 0;
        is_found |= is_it && finding->severity == severity && strstr(finding->what, words);
        if (!is_it && !is_of_the_machine(finding) && finding->severity != TF_SEVERITY_OK) {
            fprintf(stderr, "%s: %s\n", finding->name, finding->what);
            fail();
        }
    }
    if (name && !is_found) {
        fprintf(stderr, "%s is not found, or not as \"%s\"\n", name, words);
        fail();
    }
}

static void nothing_is_found_where_all_is_well(void **state) {
    installation site;
    begin(state, &site);
    expect(&site, NULL, TF_SEVERITY_OK, "");
    assert_true(look(&site).count > 15);
    end(&site);
}

/* What is changed in the database, what is found then, and how it is mended. */
static const struct {
    const char *change;
    const char *name;
    tf_severity severity;
    const char *words;
    const char *mend;
} changes[] = {
    {"UPDATE account SET code_seed = NULL WHERE id = 2", "second-factor", TF_SEVERITY_WARNING,
     "1 active account has no", "UPDATE account SET code_seed = x'00'"},
    {"DELETE FROM account_role WHERE account_id = 1 AND role = 'administrator'", "administrators",
     TF_SEVERITY_WARNING, "one active administrator",
     "INSERT INTO account_role VALUES (1, 'administrator')"},
    {"DELETE FROM account_role WHERE role = 'administrator'", "administrators", TF_SEVERITY_DANGER,
     "no active administrator",
     "INSERT INTO account_role VALUES (1, 'administrator'), (2, 'administrator')"},
    {"UPDATE organisation SET ended_on = 20000 WHERE id = 2", "administrators", TF_SEVERITY_WARNING,
     "one active administrator", "UPDATE organisation SET ended_on = NULL"},
    {"INSERT INTO setting VALUES ('readers', '1')", "form-readers", TF_SEVERITY_WARNING,
     "One person alone can open what is sent by the form \"Report a concern",
     "DELETE FROM setting WHERE name = 'readers'"},
    {"INSERT INTO setting VALUES ('readers', '0')", "form-readers", TF_SEVERITY_DANGER, "Nobody",
     "DELETE FROM setting WHERE name = 'readers'"},
    {"INSERT INTO setting VALUES ('readers', '-1')", "form-readers", TF_SEVERITY_DANGER,
     "could not be looked up: the disk", "DELETE FROM setting WHERE name = 'readers'"},
    {"INSERT INTO account_role VALUES (1, 'intake-officer')", "roles-apart", TF_SEVERITY_WARNING,
     "1 active account has the role \"Administrator\"",
     "DELETE FROM account_role WHERE role = 'intake-officer'"},
    {"INSERT INTO account_role VALUES (1, 'auditor'), (2, 'auditor')", "roles-apart",
     TF_SEVERITY_WARNING, "2 active accounts have the role \"Auditor\"",
     "DELETE FROM account_role WHERE role = 'auditor'"},
    {"INSERT INTO account_role VALUES (1, 'data-lead')", "roles-apart", TF_SEVERITY_OK, "Nobody",
     "DELETE FROM account_role WHERE role = 'data-lead'"},
    {"INSERT INTO account (id, organisation_id, name, email, state, created_at) VALUES (3, 1, 'C', "
     "'c@example.org', 'invited', 0)",
     "invitations", TF_SEVERITY_NOTICE, "1 invitation", "DELETE FROM account WHERE id = 3"},
    {"INSERT INTO setting VALUES ('session-idle-minutes', '600')", "sessions", TF_SEVERITY_WARNING,
     "600 minutes", "DELETE FROM setting WHERE name = 'session-idle-minutes'"},
    {"INSERT INTO setting VALUES ('session-hours', '100')", "sessions", TF_SEVERITY_WARNING,
     "100 hours", "DELETE FROM setting WHERE name = 'session-hours'"},
    {"INSERT INTO setting VALUES ('passphrase-memory-kib', '8')", "passphrase-cost",
     TF_SEVERITY_WARNING, "8 KiB", "DELETE FROM setting WHERE name = 'passphrase-memory-kib'"},
    {"UPDATE backup_run SET at = at - 8 * 86400000000", "backup", TF_SEVERITY_WARNING, "8 days old",
     "UPDATE backup_run SET at = at + 8 * 86400000000"},
    {"UPDATE setting SET value = value - 15 * 86400000000 WHERE name = 'audit-head-written'",
     "audit-head", TF_SEVERITY_WARNING, "15 days old",
     "UPDATE setting SET value = value + 15 * 86400000000 WHERE name = 'audit-head-written'"},
    {"UPDATE setting SET name = 'x' WHERE name = 'audit-head-written'", "audit-head",
     TF_SEVERITY_WARNING, "No head of the audit was ever kept",
     "UPDATE setting SET name = 'audit-head-written' WHERE name = 'x'"},
    {"UPDATE audit_entry SET actor = 'nobody'", "audit-chain", TF_SEVERITY_DANGER, "broken", NULL},
};

static void what_is_changed_in_the_database_is_found(void **state) {
    installation site;
    begin(state, &site);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        run_proven(&site, changes[i].change);
        expect(&site, changes[i].name, changes[i].severity, changes[i].words);
        if (changes[i].mend) {
            run_proven(&site, changes[i].mend);
            expect(&site, NULL, TF_SEVERITY_OK, "");
        }
    }
    end(&site);
}

static void an_account_that_others_have_written_is_named(void **state) {
    installation site;
    begin(state, &site);
    run(site.db, "INSERT INTO account_role VALUES (1, 'board-member')");
    expect(&site, "foreign-accounts", TF_SEVERITY_DANGER, "written by this program: 1 (asha@");
    run(site.db, "DELETE FROM account_role WHERE role = 'board-member'");
    expect(&site, "foreign-accounts", TF_SEVERITY_OK, "Every account");
    run(site.db, "INSERT INTO account (id, organisation_id, name, email, state, public_key, "
                 "code_seed, created_at) VALUES (3, 1, 'Eve', 'eve@example.org', 'active', x'00', "
                 "x'00', 0); INSERT INTO account_role VALUES (3, 'intake-officer')");
    expect(&site, "foreign-accounts", TF_SEVERITY_DANGER, "1 account was");
    end(&site);
}

static void readers_who_are_not_confirmed_are_named(void **state) {
    installation site;
    begin(state, &site);
    run_proven(&site, "INSERT INTO account_role VALUES (1, 'intake-officer'), (2, 'analyst');"
                      "UPDATE account SET key_generation = 1, confirmed_generation = 1");
    run_proven(&site, "UPDATE account SET key_generation = 2 WHERE id = 2");
    tf_self_check check = look(&site);
    bool is_waiting = false;
    for (size_t i = 0; i < check.count; i++) {
        is_waiting |= check.findings[i].severity == TF_SEVERITY_NOTICE &&
                      strstr(check.findings[i].what, "not confirmed: 2 (tom@example.org)");
    }
    assert_true(is_waiting);
    run_proven(&site, "UPDATE account SET confirmed_generation = 2, confirmed_by = 2 WHERE id = 2");
    check = look(&site);
    bool is_first = false;
    for (size_t i = 0; i < check.count; i++) {
        is_first |= strcmp(check.findings[i].name, "first-readers") == 0 &&
                    strstr(check.findings[i].what, "2 (tom@example.org)");
    }
    assert_true(is_first);
    end(&site);
}

static void a_backup_is_missed(void **state) {
    installation site;
    begin(state, &site);
    run(site.db, "DELETE FROM backup_run");
    expect(&site, "backup", TF_SEVERITY_DANGER, "never");
    end(&site);
}

static void a_backup_key_is_missed(void **state) {
    installation site;
    begin(state, &site);
    run(site.db, "DELETE FROM setting WHERE name <> 'audit-head-written'");
    expect(&site, "backup-key", TF_SEVERITY_WARNING, "There is no key");
    end(&site);
}

/* Days are counted from today: when it ends (0: never), when it is due for review. */
static void agree(installation *site, int ends_in, int review_in) {
    char sql[600];
    long long today = site->subject.now / 86400000000;
    run(site->db, "DELETE FROM agreement_party; DELETE FROM agreement");
    snprintf(sql, sizeof sql,
             "INSERT INTO agreement (id, title, drafted_by, lawful_basis, condition, assessment, "
             "retention_days, starts_on, review_on, ends_on, created_at) VALUES (1, 'A', 1, "
             "'public-task', '', '', 1, 0, %lld, nullif(%lld, %lld), 0);"
             "INSERT INTO agreement_party (agreement_id, organisation_id, gives, receives, "
             "signed_at) VALUES (1, 1, 1, 0, 5), (1, 2, 0, 1, 5)",
             today + review_in, today + ends_in, today);
    run(site->db, sql);
}

static void agreements_are_watched(void **state) {
    installation site;
    begin(state, &site);
    agree(&site, 0, 100);
    expect(&site, NULL, TF_SEVERITY_OK, "");
    agree(&site, 31, 100);
    expect(&site, NULL, TF_SEVERITY_OK, "");
    agree(&site, 30, 100);
    expect(&site, "agreements-soon", TF_SEVERITY_NOTICE, "1 will expire");
    agree(&site, 0, 30);
    expect(&site, "agreements-soon", TF_SEVERITY_NOTICE, "1 sharing agreement is due");
    agree(&site, -1, 100);
    expect(&site, "agreements", TF_SEVERITY_NOTICE, "1 sharing agreement has expired");
    agree(&site, 0, 1);
    expect(&site, "agreements-soon", TF_SEVERITY_NOTICE, "1 sharing agreement is due");
    agree(&site, 0, 0);
    expect(&site, "agreement-reviews", TF_SEVERITY_WARNING, "is due for review");
    agree(&site, 10, 31);
    expect(&site, "agreements-soon", TF_SEVERITY_NOTICE, "0 sharing agreements are due");
    agree(&site, 10, 20);
    expect(&site, "agreements-soon", TF_SEVERITY_NOTICE, "review, and 1 will expire");
    run(site.db, "UPDATE agreement_party SET signed_at = NULL WHERE organisation_id = 2");
    expect(&site, NULL, TF_SEVERITY_OK, ""); /* a draft shares nothing */
    end(&site);
}

static void an_emergency_waits_for_its_review(void **state) {
    installation site;
    begin(state, &site);
    note_work(&site, TF_OUTCOME_EMERGENCY);
    expect(&site, "emergencies", TF_SEVERITY_WARNING, "1 emergency access");
    run(site.db, "INSERT INTO emergency_review (entry_id, reviewed_at, account_id, reviewer, "
                 "was_right, finding) SELECT max(id), 0, 1, 'A', 1, 'right' FROM audit_entry");
    expect(&site, NULL, TF_SEVERITY_OK, "");
    end(&site);
}

static void a_clock_that_went_backwards_is_seen(void **state) {
    installation site;
    begin(state, &site);
    site.subject.now -= (int64_t)3600 * 1000 * 1000;
    expect(&site, "clock", TF_SEVERITY_WARNING, "behind");
    end(&site);
}

static void files_that_others_reach_are_found(void **state) {
    installation site;
    begin(state, &site);
    assert_int_equal(chmod(site.path, 0644), 0);
    expect(&site, "database-permissions", TF_SEVERITY_DANGER, "read by every user");
    assert_int_equal(chmod(site.path, 0640), 0);
    expect(&site, "database-permissions", TF_SEVERITY_WARNING, "read by its group");
    assert_int_equal(chmod(site.path, 0602), 0);
    expect(&site, "database-permissions", TF_SEVERITY_DANGER, "changed by every user");
    assert_int_equal(chmod(site.path, 0600), 0);
    assert_int_equal(chmod(*state, 0777), 0);
    expect(&site, "folder-permissions", TF_SEVERITY_DANGER, "every user");
    assert_int_equal(chmod(*state, 0755), 0); /* its names may be seen, its files not */
    expect(&site, NULL, TF_SEVERITY_OK, "");
    end(&site);
}

static void a_key_that_is_missing_or_open_is_found(void **state) {
    installation site;
    begin(state, &site);
    const char *path = temporary_path(state, "t.db.key");
    assert_int_equal(chmod(path, 0640), 0);
    expect(&site, "site-key", TF_SEVERITY_DANGER, "others may read");
    assert_int_equal(unlink(path), 0);
    expect(&site, "site-key", TF_SEVERITY_WARNING, "no site key");
    end(&site);
}

static void of_a_database_that_is_not_there_no_permissions_are_told(void **state) {
    installation site;
    begin(state, &site);
    assert_int_equal(unlink(site.path), 0);
    tf_self_check check = look(&site);
    bool is_missed = false;
    for (size_t i = 0; i < check.count; i++) {
        const tf_finding *finding = &check.findings[i];
        assert_string_not_equal(finding->name, "database-permissions");
        is_missed |= strcmp(finding->name, "database") == 0;
    }
    assert_true(is_missed);
    end(&site);
}

static void a_mark_that_is_missing_or_wrong_is_found(void **state) {
    installation site;
    begin(state, &site);
    const char *path = temporary_path(state, "t.db.mark");
    assert_int_equal(truncate(path, 10), 0);
    expect(&site, "audit-chain", TF_SEVERITY_DANGER, "The mark beside the database");
    assert_int_equal(unlink(path), 0);
    expect(&site, "audit-mark", TF_SEVERITY_WARNING, "There is no mark");
    note_work(&site, TF_OUTCOME_DONE);
    expect(&site, NULL, TF_SEVERITY_OK, "");
    end(&site);
}

static void a_backup_key_that_something_else_set_is_found(void **state) {
    installation site;
    begin(state, &site);
    uint8_t theirs[TF_KEY_SIZE] = {9};
    char text[TF_BACKUP_KEY_TEXT_SIZE], sql[256];
    tf_backup_key_format(theirs, text);
    snprintf(sql, sizeof sql, "UPDATE setting SET value = '%s' WHERE name = 'backup-public-key'",
             text);
    run(site.db, sql);
    expect(&site, "backup-key", TF_SEVERITY_DANGER, "set by something else");
    end(&site);
}

static void a_database_that_cannot_be_opened_is_found(void **state) {
    installation site;
    begin(state, &site);
    run(site.db, "PRAGMA user_version = 99");
    expect(&site, "database", TF_SEVERITY_DANGER, "newer Trefoil");
    end(&site);
}

static void a_server_that_others_reach_is_found(void **state) {
    installation site;
    begin(state, &site);
    static const char *const own[] = {"127.0.0.1:8080", "[::1]:8080", "localhost:80"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        assert_true(tf_is_loopback(own[i]));
    }
    site.subject.listen = "0.0.0.0:8080";
    tf_self_check check = look(&site);
    assert_string_equal(check.findings[check.count - 1].name, "emergencies");
    assert_int_equal(check.worst, TF_SEVERITY_DANGER);
    site.subject.has_host = true;
    assert_true(look(&site).worst < TF_SEVERITY_DANGER);
    end(&site);
}

static void whoever_looks_is_entered_and_others_are_refused(void **state) {
    installation site;
    tf_error error;
    begin(state, &site);
    tf_access *access;
    assert_ok(tf_access_new(site.db, site.pack, &site.key, &access, &error), &error);
    const tf_access_rules *rules = tf_access_get_rules(access);
    tf_actor actor = {.account_id = 1, .organisation_id = 1, .name = "Asha Patel"};
    actor.roles = UINT32_C(1) << tf_access_role(rules, "administrator");
    assert_ok(tf_self_check_enter(access, &actor, &error), &error);
    actor.roles = UINT32_C(1) << tf_access_role(rules, "practitioner");
    assert_int_equal(tf_self_check_enter(access, &actor, &error), TF_REFUSED);
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(site.db,
                            "SELECT count(*), sum(outcome = 'refused') FROM audit_entry WHERE "
                            "category = 'setting' AND action = 'consult'",
                            &statement, &error),
              &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    assert_int_equal(tf_column_at_int(statement, 0), 2);
    assert_int_equal(tf_column_at_int(statement, 1), 1);
    tf_statement_free(statement);
    tf_access_free(access);
    end(&site);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(nothing_is_found_where_all_is_well),
        temporary_test(what_is_changed_in_the_database_is_found),
        temporary_test(an_account_that_others_have_written_is_named),
        temporary_test(readers_who_are_not_confirmed_are_named),
        temporary_test(a_backup_is_missed),
        temporary_test(a_backup_key_is_missed),
        temporary_test(agreements_are_watched),
        temporary_test(an_emergency_waits_for_its_review),
        temporary_test(a_clock_that_went_backwards_is_seen),
        temporary_test(files_that_others_reach_are_found),
        temporary_test(a_key_that_is_missing_or_open_is_found),
        temporary_test(of_a_database_that_is_not_there_no_permissions_are_told),
        temporary_test(a_mark_that_is_missing_or_wrong_is_found),
        temporary_test(a_backup_key_that_something_else_set_is_found),
        temporary_test(a_database_that_cannot_be_opened_is_found),
        temporary_test(whoever_looks_is_entered_and_others_are_refused),
        temporary_test(a_server_that_others_reach_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
