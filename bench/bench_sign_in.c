/* How long it takes to sign in, beside the derivation that it waits for, and to tell who sends a
 * request.  Prints one JSON object. */
#include "access/sign_in.h"
#include "trefoil/base/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SIGN_INS = 20, ACCOUNTS = 200, REQUESTS = 50000 };

static const char passphrase[] = "copper lantern tides";

/* An account of a role that needs no code, so that the passphrase is all of it. */
static tf_status make_account(tf_access *access, tf_derivations *derivations, int number,
                              int64_t organisation_id, tf_signed_in *signed_in_out,
                              tf_error *error) {
    char name[TF_ACTOR_NAME_SIZE], email[40], token[TF_TOKEN_TEXT_SIZE];
    int64_t id = 0, now = tf_instant_now();
    tf_actor actor = tf_actor_operator(name);
    tf_invitation invitation = {
        .organisation_id = organisation_id, .name = "Asha Patel", .email = email};
    snprintf(email, sizeof email, "asha.%d@example.org", number);
    tf_status status = tf_account_roles_parse(tf_access_get_rules(access),
                                              tf_text_of("board-member"), &invitation.roles, error);
    if (!status) {
        status = tf_account_invite(access, &actor, &invitation, now, &id, token, error);
    }
    return status ? status
                  : tf_sign_in_activate(access, derivations, TF_ACCOUNT_LINK_INVITATION,
                                        tf_text_of(token), tf_text_of(passphrase), now,
                                        signed_in_out, error);
}

/* Accounts of little cost, so that there are some; the last one at the usual cost. */
static tf_status make_accounts(tf_access *access, tf_derivations *derivations,
                               tf_signed_in *signed_in_out, tf_error *error) {
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor actor = tf_actor_operator(name);
    int64_t id = 0;
    tf_organisation organisation = {.name = "Northshire Council",
                                    .kind = "council",
                                    .started_on = TF_DAY_NONE,
                                    .ended_on = TF_DAY_NONE};
    tf_status status = tf_organisation_add(access, &actor, &organisation, &id, error);
    if (!status) {
        status = tf_db_execute(tf_access_db(access),
                               "INSERT INTO setting VALUES ('passphrase-passes', '1'),"
                               " ('passphrase-memory-kib', '8')",
                               error);
    }
    for (int i = 1; !status && i < ACCOUNTS; i++) {
        status = make_account(access, derivations, i, id, signed_in_out, error);
    }
    if (!status) {
        status = tf_db_execute(tf_access_db(access),
                               "DELETE FROM setting WHERE name LIKE 'passphrase%'", error);
    }
    return status ? status : make_account(access, derivations, 0, id, signed_in_out, error);
}

static tf_status measure(tf_access *access, tf_derivations *derivations, const char *token,
                         tf_error *error) {
    uint8_t salt[TF_SALT_SIZE] = {1}, verifier[TF_KEY_SIZE], lock[TF_KEY_SIZE];
    tf_signed_in ignored;
    tf_session session;
    tf_status status = TF_OK;
    double start = tf_seconds_monotonic();
    for (int i = 0; !status && i < SIGN_INS; i++) {
        status = tf_secret_of_passphrase(tf_text_of(passphrase), salt, tf_passphrase_cost_default,
                                         verifier, lock, error);
    }
    double derived = tf_seconds_monotonic();
    for (int i = 0; !status && i < SIGN_INS; i++) {
        status = tf_sign_in(access, derivations, tf_text_of("asha.0@example.org"),
                            tf_text_of(passphrase), (tf_text){NULL, 0}, tf_instant_now(), &ignored,
                            error);
    }
    double signed_in = tf_seconds_monotonic();
    for (int i = 0; !status && i < REQUESTS; i++) {
        status = tf_sign_in_resolve(access, tf_text_of(token), tf_instant_now(), &session, error);
    }
    double resolved = tf_seconds_monotonic();
    tf_session_forget(&session);
    printf("{\"derive_milliseconds\": %.2f, \"sign_in_milliseconds\": %.2f, "
           "\"resolve_microseconds\": %.2f}\n",
           (derived - start) / SIGN_INS * 1e3, (signed_in - derived) / SIGN_INS * 1e3,
           (resolved - signed_in) / REQUESTS * 1e6);
    return status;
}

int main(void) {
    char path[] = "/tmp/trefoil-bench-XXXXXX";
    char text[1400];
    uint8_t root[TF_KEY_SIZE] = {1};
    tf_site_key key;
    tf_pack *pack = NULL;
    tf_db *db = NULL;
    tf_access *access = NULL;
    tf_derivations *derivations = NULL;
    tf_signed_in signed_in = {.token = ""};
    tf_error error = {.message = ""};
    int file = mkstemp(path);
    tf_site_key_of(root, &key);
    tf_status status = file < 0 ? tf_fail(&error, TF_IO, path, 0, "cannot be made")
                                : tf_pack_open(NULL, &pack, &error);
    if (!status) {
        status = tf_db_open(path, TF_DB_WRITE, &db, &error);
    }
    if (!status) {
        status = tf_access_new(db, pack, &key, &access, &error);
    }
    if (!status) {
        status = tf_derivations_new(2, 2, &derivations, &error);
    }
    if (!status) {
        status = make_accounts(access, derivations, &signed_in, &error);
    }
    if (!status) {
        status = measure(access, derivations, signed_in.token, &error);
    }
    if (status) {
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
    }
    tf_derivations_free(derivations);
    tf_access_free(access);
    tf_db_close(db);
    tf_pack_free(pack);
    (void)remove(path);
    return status ? 1 : 0;
}
