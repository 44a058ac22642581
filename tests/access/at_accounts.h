/* An installation with a lead organisation, for tests of accounts and sign-in.  Passphrases cost as
 * little as they can, by the settings. */
#ifndef TREFOIL_TESTS_ACCESS_AT_ACCOUNTS_H
#define TREFOIL_TESTS_ACCESS_AT_ACCOUNTS_H

#include "access/sign_in.h"
#include "temporary.h"
#include "trefoil/base/date.h"

typedef struct at_accounts {
    tf_db *db;
    tf_pack *pack;
    tf_site_key key;
    tf_access *access;
    tf_derivations *derivations;
    tf_actor operator;
    char operator_name[TF_ACTOR_NAME_SIZE];
    tf_arena *arena;
    int64_t organisation_id;
    int64_t now;
} at_accounts;

static const int64_t a_second = 1000 * 1000;
static const int64_t minute = (int64_t)60 * 1000 * 1000;
static const int64_t hour = (int64_t)3600 * 1000 * 1000;
static const int64_t day = (int64_t)24 * 3600 * 1000 * 1000;

#define AT_PASSPHRASE "copper lantern tides"
#define AT_EMAIL      "asha@northshire.example"

static inline at_accounts at_open(void **state) {
    at_accounts at = {.now = tf_instant_now()};
    tf_error error = {0};
    const char *path = temporary_path(state, "a.db");
    assert_ok(tf_db_open(path, TF_DB_WRITE, &at.db, &error), &error);
    assert_ok(tf_pack_open(NULL, &at.pack, &error), &error);
    assert_ok(tf_db_execute(at.db,
                            "INSERT OR IGNORE INTO setting VALUES ('passphrase-passes', '1'),"
                            " ('passphrase-memory-kib', '8')",
                            &error),
              &error);
    if (tf_site_key_load(path, &at.key, NULL)) {
        assert_ok(tf_site_key_create(path, &at.key, &error), &error);
    }
    assert_ok(tf_derivations_new(2, 2, &at.derivations, &error), &error);
    at.operator= tf_actor_operator(at.operator_name);
    at.arena = tf_arena_new();
    return at;
}

/* The rest of opening, which needs the final address of the key. */
static inline void at_begin(at_accounts *at) {
    tf_error error = {0};
    assert_ok(tf_access_new(at->db, at->pack, &at->key, &at->access, &error), &error);
    tf_organisation lead = {.name = "Northshire Council",
                            .kind = "council",
                            .contact = "",
                            .started_on = TF_DAY_NONE,
                            .ended_on = TF_DAY_NONE};
    assert_ok(tf_organisation_add(at->access, &at->operator, & lead, &at->organisation_id, &error),
              &error);
}

static inline void at_close(at_accounts *at) {
    tf_access_free(at->access);
    tf_derivations_free(at->derivations);
    tf_arena_free(at->arena);
    tf_pack_free(at->pack);
    tf_db_close(at->db);
}

static inline int64_t at_count(at_accounts *at, const char *sql) {
    tf_statement *statement;
    tf_error error = {0};
    bool has_row = false;
    assert_ok(tf_db_prepare(at->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t count = has_row ? tf_column_at_int(statement, 0) : -1;
    tf_statement_free(statement);
    return count;
}

/* Its organisation has ended already, which nobody can say of a day that is over. */
static inline void at_end_organisation(at_accounts *at) {
    tf_error error = {0};
    char sql[120];
    snprintf(sql, sizeof sql, "UPDATE organisation SET ended_on = %d WHERE id = %d",
             (int)(at->now / day) - 1, (int)at->organisation_id);
    assert_ok(tf_db_execute(at->db, sql, &error), &error);
    assert_ok(tf_policy_count_change(at->db, &error), &error);
}

static inline uint32_t at_roles(at_accounts *at, const char *names) {
    uint32_t roles = 0;
    tf_error error = {0};
    assert_ok(
        tf_account_roles_parse(tf_access_get_rules(at->access), tf_text_of(names), &roles, &error),
        &error);
    return roles;
}

static inline int64_t at_invite(at_accounts *at, const char *email, const char *roles,
                                char token_out[TF_TOKEN_TEXT_SIZE]) {
    int64_t id = 0;
    tf_error error = {0};
    tf_invitation invitation = {.organisation_id = at->organisation_id,
                                .name = "Asha Patel",
                                .email = email,
                                .roles = at_roles(at, roles)};
    assert_ok(
        tf_account_invite(at->access, &at->operator, & invitation, at->now, &id, token_out, &error),
        &error);
    return id;
}

/* What somebody has who is signed in. */
typedef struct at_person {
    int64_t id;
    uint8_t seed[TF_CODE_SEED_SIZE];
    char recovery[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE];
    tf_signed_in browser;
} at_person;

/* The bytes of a seed as it was shown (RFC 4648 base32). */
static inline void at_read_seed(const char *text, uint8_t seed_out[TF_CODE_SEED_SIZE]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    int count = 0;
    size_t length = 0;
    for (; *text; text++) {
        bits = bits << 5 | (uint32_t)(strchr(letters, *text) - letters);
        count += 5;
        if (count >= 8) {
            count -= 8;
            seed_out[length++] = (uint8_t)(bits >> count);
        }
    }
    assert_int_equal(length, TF_CODE_SEED_SIZE);
}

static inline const char *at_code(const uint8_t seed[TF_CODE_SEED_SIZE], int64_t now) {
    static char text[16];
    snprintf(text, sizeof text, "%06u",
             tf_code_of(seed, TF_CODE_SEED_SIZE, tf_code_step(now), TF_CODE_DIGITS));
    return text;
}

/* Set codes up in the session of the person, which becomes full. */
static inline void at_set_up(at_accounts *at, at_person *person) {
    char seed[TF_CODE_SEED_TEXT_SIZE];
    tf_error error = {0};
    tf_buffer address;
    tf_buffer_init(&address);
    assert_ok(tf_sign_in_begin_codes(at->access, tf_text_of(person->browser.token), tf_text_of(""),
                                     tf_text_of("Trefoil"), at->now, seed, &address, &error),
              &error);
    assert_non_null(strstr(address.data, seed));
    tf_buffer_deinit(&address);
    at_read_seed(seed, person->seed);
    assert_ok(tf_sign_in_confirm_codes(at->access, tf_text_of(person->browser.token),
                                       tf_text_of(at_code(person->seed, at->now)), at->now,
                                       &person->browser, person->recovery, &error),
              &error);
    assert_int_equal(person->browser.stage, TF_STAGE_FULL);
}

/* Invite somebody, activate and, if their roles need it, set codes up. */
static inline at_person at_join(at_accounts *at, const char *email, const char *roles) {
    at_person person = {.id = 0};
    char token[TF_TOKEN_TEXT_SIZE];
    tf_error error = {0};
    person.id = at_invite(at, email, roles, token);
    assert_ok(tf_sign_in_activate(at->access, at->derivations, TF_ACCOUNT_LINK_INVITATION,
                                  tf_text_of(token), tf_text_of(AT_PASSPHRASE), at->now,
                                  &person.browser, &error),
              &error);
    if (person.browser.stage == TF_STAGE_SET_UP) {
        at_set_up(at, &person);
    }
    return person;
}

static inline tf_status at_sign_in(at_accounts *at, const char *email, const char *passphrase,
                                   const char *device, tf_signed_in *signed_in_out,
                                   tf_error *error) {
    return tf_sign_in(at->access, at->derivations, tf_text_of(email), tf_text_of(passphrase),
                      tf_text_of(device), at->now, signed_in_out, error);
}

static inline tf_status at_resolve(at_accounts *at, const char *token, tf_session *session_out) {
    return tf_sign_in_resolve(at->access, tf_text_of(token), at->now, session_out, NULL);
}

static inline void assert_signed_in(at_accounts *at, const char *token) {
    tf_session session;
    tf_error error = {0};
    assert_ok(tf_sign_in_resolve(at->access, tf_text_of(token), at->now, &session, &error), &error);
    tf_session_forget(&session);
}

static inline void assert_signed_out(at_accounts *at, const char *token) {
    tf_session session;
    assert_int_equal(at_resolve(at, token, &session), TF_REFUSED);
    assert_int_equal(session.actor.account_id, 0);
    assert_int_equal(session.actor.roles, 0);
    assert_false(session.actor.can_open);
}

/* Sign in with passphrase and code, from a browser with that device token. */
static inline tf_signed_in at_sign_in_fully(at_accounts *at, const at_person *person,
                                            const char *device) {
    tf_signed_in browser;
    tf_error error = {0};
    assert_ok(at_sign_in(at, AT_EMAIL, AT_PASSPHRASE, device, &browser, &error), &error);
    assert_int_equal(browser.stage, TF_STAGE_CODE);
    assert_ok(tf_sign_in_code(at->access, tf_text_of(browser.token),
                              tf_text_of(at_code(person->seed, at->now)), at->now, &browser,
                              &error),
              &error);
    assert_int_equal(browser.stage, TF_STAGE_FULL);
    return browser;
}

#endif
