#include "access/sign_in.h"

#include "at_accounts.h"

#include "access/audit_mark.h"
#include "access/proof_internal.h"

/* ---- sessions ---- */

static void every_step_gives_a_new_token(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in first, full, changed;
    at.now += minute;
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &first, &error), &error);
    assert_signed_in(&at, first.token);
    assert_ok(tf_sign_in_code(at.access, tf_text_of(first.token),
                              tf_text_of(at_code(person.seed, at.now)), at.now, &full, &error),
              &error);
    assert_signed_out(&at, first.token);
    assert_signed_in(&at, full.token);
    assert_ok(tf_sign_in_change_passphrase(
                  at.access, at.derivations, tf_text_of(full.token), tf_text_of(AT_PASSPHRASE),
                  tf_text_of("seven quiet herons"), at.now, &changed, &error),
              &error);
    assert_signed_out(&at, full.token);
    assert_signed_in(&at, changed.token);
    at_close(&at);
}

static void a_session_ends_when_idle_and_at_its_end(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    int64_t start = at.now;
    at.now = start + 30 * minute - 1;
    assert_signed_in(&at, person.browser.token);
    at.now += 30 * minute;
    assert_signed_out(&at, person.browser.token);
    at.now -= minute; /* and it stays ended */
    assert_signed_out(&at, person.browser.token);

    at_person busy = at_join(&at, "ben@northshire.example", "analyst");
    start = at.now;
    for (at.now = start; at.now < start + 12 * hour; at.now += 20 * minute) {
        assert_signed_in(&at, busy.browser.token);
    }
    assert_signed_out(&at, busy.browser.token);
    at_close(&at);
}

static void a_clock_that_was_set_back_prolongs_nothing(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    int64_t start = at.now;
    at.now = start - 2 * minute; /* as clocks are corrected */
    assert_signed_in(&at, person.browser.token);
    at.now = start - hour;
    assert_signed_out(&at, person.browser.token);
    at.now = start;
    assert_signed_out(&at, person.browser.token);

    at_person other = at_join(&at, "ben@northshire.example", "analyst");
    at.now = start + 25 * minute;
    assert_signed_in(&at, other.browser.token);
    at.now = start + 10 * minute; /* after it began, but before it was seen */
    assert_signed_out(&at, other.browser.token);
    at_close(&at);
}

static void settings_shorten_sessions_and_senseless_ones_do_not_count(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    assert_ok(tf_db_execute(at.db,
                            "INSERT INTO setting VALUES ('session-idle-minutes', '5'),"
                            " ('session-hours', '1000000')",
                            &error),
              &error);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_session session;
    assert_ok(at_resolve(&at, person.browser.token, &session), &error);
    assert_int_equal(session.ends_at - session.started_at, 12 * hour);
    at.now += 5 * minute;
    assert_signed_out(&at, person.browser.token);
    at_close(&at);
}

static void changes_of_an_account_hold_from_the_next_request(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_session session;
    assert_ok(tf_account_set_roles(at.access, &at.operator, person.id,
                                   at_roles(&at, "practitioner"), &error),
              &error);
    assert_ok(at_resolve(&at, person.browser.token, &session), &error);
    assert_int_equal(session.actor.roles, at_roles(&at, "practitioner"));
    at_end_organisation(&at);
    assert_signed_out(&at, person.browser.token);
    assert_ok(
        tf_organisation_end(at.access, &at.operator, at.organisation_id, TF_DAY_NONE, 0, &error),
        &error);
    assert_signed_in(&at, person.browser.token);
    assert_ok(tf_db_execute(at.db, "UPDATE account SET state = 'suspended'", &error), &error);
    assert_ok(tf_proof_of_account(at.access, person.id, &error), &error);
    assert_int_equal(at_resolve(&at, person.browser.token, &session), TF_REFUSED); /* left over */
    assert_ok(tf_db_execute(at.db, "UPDATE account SET state = 'active'", &error), &error);
    assert_ok(tf_proof_of_account(at.access, person.id, &error), &error);
    assert_signed_in(&at, person.browser.token);
    assert_ok(tf_account_suspend(at.access, &at.operator, person.id, &error), &error);
    assert_signed_out(&at, person.browser.token);
    assert_ok(tf_account_resume(at.access, &at.operator, person.id, &error), &error);
    assert_signed_out(&at, person.browser.token);
    at_close(&at);
}

static void signing_out_ends_one_session_or_all(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    at.now += minute;
    tf_signed_in second_browser = at_sign_in_fully(&at, &person, "");
    at.now += minute;
    tf_signed_in third = at_sign_in_fully(&at, &person, "");
    int64_t count;
    assert_ok(tf_sign_in_count_sessions(at.access, person.id, at.now, &count, &error), &error);
    assert_int_equal(count, 3);
    assert_ok(tf_sign_out(at.access, tf_text_of(person.browser.token), at.now, &error), &error);
    assert_signed_out(&at, person.browser.token);
    assert_signed_in(&at, second_browser.token);
    assert_ok(tf_sign_out_everywhere(at.access, tf_text_of(third.token), at.now, &error), &error);
    assert_signed_out(&at, second_browser.token);
    assert_signed_out(&at, third.token);
    assert_int_equal(tf_sign_out(at.access, tf_text_of(third.token), at.now, &error), TF_REFUSED);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM known_device"), 0);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE action = 'sign-out'"),
                     2);
    at_close(&at);
}

static void a_token_that_is_none_is_refused(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    char changed[TF_TOKEN_TEXT_SIZE];
    assert_signed_out(&at, "");
    assert_signed_out(&at, "x");
    assert_signed_out(&at, person.browser.device);
    for (size_t i = 0; i < TF_TOKEN_TEXT_SIZE - 1; i++) {
        memcpy(changed, person.browser.token, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_signed_out(&at, changed);
    }
    assert_signed_in(&at, person.browser.token);
    at_close(&at);
}

static void a_restart_of_the_program_ends_no_session(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_session session, again;
    assert_ok(at_resolve(&at, person.browser.token, &session), &error);
    at_close(&at);
    at_accounts later = at_open(state);
    later.now = at.now;
    assert_ok(tf_access_new(later.db, later.pack, &later.key, &later.access, &error), &error);
    assert_ok(at_resolve(&later, person.browser.token, &again), &error);
    assert_true(again.actor.can_open);
    assert_memory_equal(session.actor.secret_key, again.actor.secret_key, TF_KEY_SIZE);
    assert_string_equal(session.form_token, again.form_token);
    at_close(&later);
}

/* ---- passphrases ---- */

static void a_changed_passphrase_keeps_the_keys_and_ends_other_sessions(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_session before, after;
    tf_signed_in browser, ignored;
    at.now += minute;
    tf_signed_in other = at_sign_in_fully(&at, &person, "");
    tf_text token = tf_text_of(person.browser.token);
    assert_ok(at_resolve(&at, person.browser.token, &before), &error);
    assert_int_equal(
        tf_sign_in_change_passphrase(at.access, at.derivations, token, tf_text_of("wrong"),
                                     tf_text_of("seven quiet herons"), at.now, &browser, &error),
        TF_BAD_INPUT);
    assert_string_equal(error.place, "old-passphrase");
    assert_int_equal(tf_sign_in_change_passphrase(at.access, at.derivations, token,
                                                  tf_text_of(AT_PASSPHRASE), tf_text_of("short"),
                                                  at.now, &browser, &error),
                     TF_BAD_INPUT);
    assert_string_equal(error.place, "passphrase");
    assert_ok(
        tf_sign_in_change_passphrase(at.access, at.derivations, token, tf_text_of(AT_PASSPHRASE),
                                     tf_text_of("seven quiet herons"), at.now, &browser, &error),
        &error);
    assert_signed_out(&at, other.token);
    assert_ok(at_resolve(&at, browser.token, &after), &error);
    assert_memory_equal(before.actor.secret_key, after.actor.secret_key, TF_KEY_SIZE);
    assert_int_equal(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &ignored, &error), TF_REFUSED);
    assert_ok(at_sign_in(&at, AT_EMAIL, "seven quiet herons", "", &ignored, &error), &error);
    assert_int_equal(at_count(&at, "SELECT key_generation FROM account WHERE id = 1"), 1);
    at_close(&at);
}

static void guessing_the_old_passphrase_ends_the_session(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_signed_in ignored;
    for (int i = 1; i <= 5; i++) {
        assert_int_equal(
            tf_sign_in_change_passphrase(at.access, at.derivations,
                                         tf_text_of(person.browser.token), tf_text_of("wrong"),
                                         tf_text_of("seven quiet herons"), at.now, &ignored, NULL),
            i < 5 ? TF_BAD_INPUT : TF_REFUSED);
    }
    assert_signed_out(&at, person.browser.token);
    at_close(&at);
}

static void a_reset_gives_new_keys_and_still_asks_for_the_code(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_session before, after;
    char token[TF_TOKEN_TEXT_SIZE];
    tf_account_link_kind kind;
    tf_account_link_owner owner;
    assert_ok(at_resolve(&at, person.browser.token, &before), &error);
    assert_ok(tf_account_make_link(at.access, &at.operator, person.id, TF_ACCOUNT_LINK_RESET,
                                   at.now, &kind, token, &error),
              &error);
    assert_ok(
        tf_sign_in_link_owner(at.access, kind, tf_text_of(token), at.now, at.arena, &owner, &error),
        &error);
    assert_true(owner.loses_sealed);
    assert_int_equal(tf_sign_in_link_owner(at.access, kind, tf_text_of(token), at.now + day,
                                           at.arena, &owner, &error),
                     TF_NOT_FOUND);
    char old[TF_TOKEN_TEXT_SIZE];
    memcpy(old, person.browser.token, sizeof old);
    assert_ok(tf_sign_in_activate(at.access, at.derivations, kind, tf_text_of(token),
                                  tf_text_of("seven quiet herons"), at.now, &person.browser,
                                  &error),
              &error);
    assert_signed_out(&at, old);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM known_device"), 0);
    assert_int_equal(person.browser.stage, TF_STAGE_CODE);
    at.now += 30 * a_second;
    assert_ok(tf_sign_in_code(at.access, tf_text_of(person.browser.token),
                              tf_text_of(at_code(person.seed, at.now)), at.now, &person.browser,
                              &error),
              &error);
    assert_ok(at_resolve(&at, person.browser.token, &after), &error);
    assert_memory_not_equal(before.actor.public_key, after.actor.public_key, TF_KEY_SIZE);
    assert_int_equal(at_count(&at, "SELECT key_generation FROM account WHERE id = 1"), 2);
    at_close(&at);
}

static void codes_that_were_removed_are_set_up_anew(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    assert_ok(tf_account_remove_codes(at.access, &at.operator, person.id, &error), &error);
    assert_signed_out(&at, person.browser.token);
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &person.browser, &error), &error);
    assert_int_equal(person.browser.stage, TF_STAGE_SET_UP);
    at_set_up(&at, &person);
    assert_signed_in(&at, person.browser.token);
    at_close(&at);
}

/* ---- a stolen database ---- */

static bool has_bytes(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return false;
    }
    static char content[8 * 1024 * 1024];
    size_t size = fread(content, 1, sizeof content, file);
    assert_true(size < sizeof content);
    (void)fclose(file);
    return memmem(content, size, bytes, length) != NULL;
}

static void assert_not_stored(void **state, const char *what, const void *bytes, size_t length) {
    static const char *const names[] = {"a.db", "a.db-wal", "a.db-shm"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (has_bytes(temporary_path(state, names[i]), bytes, length)) {
            fail_msg("%s is in %s", what, names[i]);
        }
    }
}

static void a_stolen_database_has_nothing_that_opens(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char link[TF_TOKEN_TEXT_SIZE];
    at_invite(&at, "ben@northshire.example", "analyst", link);
    at_person person = at_join(&at, AT_EMAIL, "intake-officer");
    tf_error error = {0};
    tf_session session;
    assert_ok(at_resolve(&at, person.browser.token, &session), &error);
    /* What is looked for would be found: the public key and the name are there. */
    assert_true(
        has_bytes(temporary_path(state, "a.db-wal"), session.actor.public_key, TF_KEY_SIZE));
    assert_true(has_bytes(temporary_path(state, "a.db-wal"), "Asha Patel", 10));
    uint8_t token[TF_KEY_SIZE], verifier[TF_KEY_SIZE], lock[TF_KEY_SIZE], salt[TF_SALT_SIZE];
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(at.db, "SELECT salt FROM account WHERE id = 2", &statement, &error),
              &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    size_t length;
    memcpy(salt, tf_column_at_bytes(statement, 0, &length), sizeof salt);
    tf_statement_free(statement);
    assert_ok(tf_secret_of_passphrase(tf_text_of(AT_PASSPHRASE), salt,
                                      (tf_passphrase_cost){.passes = 1, .memory_bytes = 8192},
                                      verifier, lock, &error),
              &error);
    assert_true(has_bytes(temporary_path(state, "a.db-wal"), verifier, sizeof verifier));
    assert_not_stored(state, "the lock of the passphrase", lock, sizeof lock);
    assert_not_stored(state, "the passphrase", AT_PASSPHRASE, strlen(AT_PASSPHRASE));
    assert_not_stored(state, "the secret key", session.actor.secret_key, TF_KEY_SIZE);
    assert_not_stored(state, "the seed", person.seed, sizeof person.seed);
    assert_not_stored(state, "the session's token", person.browser.token, 43);
    assert_not_stored(state, "the device's token", person.browser.device, 43);
    assert_not_stored(state, "the link", link, 43);
    assert_not_stored(state, "the site's key", at.key.root, TF_KEY_SIZE);
    assert_true(tf_token_key(tf_text_of(person.browser.token), "unlock", token));
    assert_not_stored(state, "what opens the session", token, sizeof token);
    for (int i = 0; i < TF_RECOVERY_CODE_COUNT; i++) {
        assert_not_stored(state, "a recovery code", person.recovery[i],
                          TF_RECOVERY_CODE_TEXT_SIZE - 1);
    }
    tf_session_forget(&session);
    at_close(&at);
}

/* Rows that were moved from one account to another open nothing: locks are bound to their row. */
static void what_was_locked_for_one_account_does_not_open_for_another(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person mine = at_join(&at, AT_EMAIL, "analyst");
    at_person theirs = at_join(&at, "ben@northshire.example", "administrator");
    tf_error error = {0};
    tf_session session;
    assert_ok(
        tf_db_execute(at.db, "UPDATE session SET account_id = 2 WHERE account_id = 1", &error),
        &error);
    uint8_t key[TF_KEY_SIZE];
    assert_true(tf_token_key(tf_text_of(mine.browser.token), "session", key));
    assert_ok(tf_proof_of_session(at.access, key, &error), &error);
    assert_ok(at_resolve(&at, mine.browser.token, &session), &error);
    assert_false(session.actor.can_open);
    assert_ok(tf_db_execute(at.db,
                            "UPDATE account SET code_seed = (SELECT code_seed FROM account WHERE "
                            "id = 1) WHERE id = 2",
                            &error),
              &error);
    assert_ok(tf_proof_of_account(at.access, 2, &error), &error);
    tf_signed_in browser;
    at.now += minute;
    assert_ok(at_sign_in(&at, "ben@northshire.example", AT_PASSPHRASE, "", &browser, &error),
              &error);
    assert_int_not_equal(tf_sign_in_code(at.access, tf_text_of(browser.token),
                                         tf_text_of(at_code(mine.seed, at.now)), at.now, &browser,
                                         &error),
                         TF_OK);
    (void)theirs;
    at_close(&at);
}

/* ---- whoever can write to the database, and has not the site's key ---- */

static void execute(at_accounts *at, const char *sql) {
    tf_error error = {0};
    assert_ok(tf_db_execute(at->db, sql, &error), &error);
}

static void a_session_that_others_have_written_is_nobodys(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person theirs = at_join(&at, AT_EMAIL, "administrator");
    tf_error error = {0};
    char token[TF_TOKEN_TEXT_SIZE];
    uint8_t key[TF_KEY_SIZE];
    tf_token_new(token);
    assert_true(tf_token_key(tf_text_of(token), "session", key));
    assert_signed_in(&at, theirs.browser.token);
    tf_statement *statement;
    assert_ok(tf_db_prepare(at.db,
                            "INSERT INTO session (key, account_id, stage, started_at, seen_at,"
                            " idle_limit, ends_at, locked_secret_key, proof)"
                            " SELECT ?1, account_id, stage, started_at, seen_at, idle_limit,"
                            " ends_at, locked_secret_key, proof FROM session",
                            &statement, &error),
              &error);
    tf_bind_bytes(statement, 1, key, sizeof key);
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
    assert_signed_out(&at, token);
    tf_signed_in browser;
    assert_int_equal(tf_sign_in_code(at.access, tf_text_of(token), tf_text_of("123456"), at.now,
                                     &browser, &error),
                     TF_REFUSED);
    assert_signed_in(&at, theirs.browser.token);
    at_close(&at);
}

static void a_session_that_others_have_changed_is_nobodys(void **state) {
    static const char *const changes[] = {"account_id = 2", "stage = 'full'",
                                          "ends_at = ends_at + 1", "idle_limit = idle_limit * 9",
                                          "started_at = started_at + 1"};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        at_accounts at = at_open(state);
        at_begin(&at);
        char sql[100], invitation[TF_TOKEN_TEXT_SIZE];
        tf_error error = {0};
        tf_signed_in browser;
        tf_session session;
        at_invite(&at, AT_EMAIL, "administrator", invitation);
        at_join(&at, "ben@northshire.example", "administrator");
        assert_ok(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_INVITATION,
                                      tf_text_of(invitation), tf_text_of(AT_PASSPHRASE), at.now,
                                      &browser, &error),
                  &error);
        assert_ok(at_resolve(&at, browser.token, &session), &error);
        snprintf(sql, sizeof sql, "UPDATE session SET %s WHERE account_id = 1", changes[i]);
        execute(&at, sql);
        assert_signed_out(&at, browser.token);
        at_close(&at);
        char path[200];
        snprintf(path, sizeof path, "%s/a.db", (char *)*state);
        assert_int_equal(remove(path), 0);
        tf_audit_mark_remove(path); /* the next one begins its audit anew */
    }
}

static void an_account_that_others_have_changed_is_nobodys(void **state) {
    static const char *const changes[][2] = {
        {"INSERT INTO account_role VALUES (1, 'administrator')",
         "DELETE FROM account_role WHERE role = 'administrator'"},
        {"UPDATE account SET organisation_id = 2", "UPDATE account SET organisation_id = 1"},
        {"UPDATE account SET name = 'Eve'", "UPDATE account SET name = 'Asha Patel'"},
        {"UPDATE account SET key_generation = 2", "UPDATE account SET key_generation = 1"},
        {"UPDATE account SET confirmed_generation = 9",
         "UPDATE account SET confirmed_generation = 1"},
        {"UPDATE account SET proof = zeroblob(32)", NULL},
    };
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    execute(&at, "INSERT INTO organisation (id, name, kind, created_at) VALUES (2, 'B', 'b', 0)");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        tf_signed_in browser;
        tf_session session;
        at.now += minute; /* as each code is good once */
        person.browser = at_sign_in_fully(&at, &person, "");
        execute(&at, changes[i][0]);
        assert_int_equal(at_resolve(&at, person.browser.token, &session), TF_REFUSED);
        assert_int_equal(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error),
                         TF_REFUSED);
        if (changes[i][1]) {
            execute(&at, changes[i][1]);
            assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), &error);
        }
    }
    /* Nor is it proven by a change of it; it can be closed. */
    assert_int_equal(
        tf_account_set_roles(at.access, &at.operator, 1, at_roles(&at, "analyst"), &error),
        TF_BAD_INPUT);
    assert_int_equal(tf_account_suspend(at.access, &at.operator, 1, &error), TF_BAD_INPUT);
    assert_int_equal(tf_account_remove_codes(at.access, &at.operator, 1, &error), TF_BAD_INPUT);
    assert_ok(tf_account_close(at.access, &at.operator, 1, &error), &error);
    at_close(&at);
}

/* Somebody who can write puts the passphrase of their own account into another's. */
static void a_passphrase_that_others_have_written_lets_nobody_in(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_join(&at, AT_EMAIL, "administrator");
    at_join(&at, "ben@northshire.example", "board-member");
    tf_error error = {0};
    tf_signed_in browser;
    execute(&at, "UPDATE account SET (salt, verifier, passes, memory_bytes, locked_secret_key)"
                 " = (SELECT salt, verifier, passes, memory_bytes, locked_secret_key FROM account"
                 " WHERE id = 2), code_seed = NULL WHERE id = 1");
    assert_int_equal(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), TF_REFUSED);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE outcome = 'refused'"
                                   " AND detail = 'the account was not written by this program'"),
                     1);
    at_close(&at);
}

static void a_link_that_others_have_written_is_none(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_join(&at, AT_EMAIL, "administrator");
    char token[TF_TOKEN_TEXT_SIZE];
    uint8_t key[TF_KEY_SIZE];
    tf_error error = {0};
    tf_signed_in browser;
    tf_token_new(token);
    assert_true(tf_token_key(tf_text_of(token), "reset", key));
    tf_statement *statement;
    assert_ok(tf_db_prepare(at.db,
                            "INSERT INTO account_link (key, account_id, kind, ends_at)"
                            " VALUES (?1, 1, 'reset', ?2)",
                            &statement, &error),
              &error);
    tf_bind_bytes(statement, 1, key, sizeof key);
    tf_bind_int(statement, 2, at.now + hour);
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
    assert_int_equal(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_RESET,
                                         tf_text_of(token), tf_text_of("another lantern tides"),
                                         at.now, &browser, &error),
                     TF_NOT_FOUND);
    /* Nor is one's own turned to another's account. */
    at_person own = at_join(&at, "ben@northshire.example", "board-member");
    tf_account_link_kind kind;
    assert_ok(tf_account_make_link(at.access, &at.operator, own.id, TF_ACCOUNT_LINK_RESET, at.now,
                                   &kind, token, &error),
              &error);
    execute(&at, "DELETE FROM account_link WHERE account_id = 1;"
                 "UPDATE account_link SET account_id = 1");
    assert_int_equal(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_RESET,
                                         tf_text_of(token), tf_text_of("another lantern tides"),
                                         at.now, &browser, &error),
                     TF_NOT_FOUND);
    at_close(&at);
}

static void what_is_over_is_swept_away(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE];
    tf_error error = {0};
    at_join(&at, AT_EMAIL, "analyst");
    at_invite(&at, "ben@northshire.example", "analyst", token);
    const char *rows = "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM known_device)"
                       " + (SELECT count(*) FROM account_link)";
    assert_ok(tf_sign_in_sweep(at.access, at.now, &error), &error);
    assert_int_equal(at_count(&at, rows), 3);
    assert_ok(tf_sign_in_sweep(at.access, at.now + 91 * day, &error), &error);
    assert_int_equal(at_count(&at, rows), 0);
    at_close(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(every_step_gives_a_new_token),
        temporary_test(a_session_ends_when_idle_and_at_its_end),
        temporary_test(a_clock_that_was_set_back_prolongs_nothing),
        temporary_test(settings_shorten_sessions_and_senseless_ones_do_not_count),
        temporary_test(changes_of_an_account_hold_from_the_next_request),
        temporary_test(signing_out_ends_one_session_or_all),
        temporary_test(a_token_that_is_none_is_refused),
        temporary_test(a_restart_of_the_program_ends_no_session),
        temporary_test(a_changed_passphrase_keeps_the_keys_and_ends_other_sessions),
        temporary_test(guessing_the_old_passphrase_ends_the_session),
        temporary_test(a_reset_gives_new_keys_and_still_asks_for_the_code),
        temporary_test(codes_that_were_removed_are_set_up_anew),
        temporary_test(a_stolen_database_has_nothing_that_opens),
        temporary_test(what_was_locked_for_one_account_does_not_open_for_another),
        temporary_test(a_session_that_others_have_written_is_nobodys),
        temporary_test(a_session_that_others_have_changed_is_nobodys),
        temporary_test(an_account_that_others_have_changed_is_nobodys),
        temporary_test(a_passphrase_that_others_have_written_lets_nobody_in),
        temporary_test(a_link_that_others_have_written_is_none),
        temporary_test(what_is_over_is_swept_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
