/* Signing in: the codes from a device, and the recovery codes. */
#include "proof_internal.h"
#include "sign_in_internal.h"

#include <stdio.h>

enum {
    AT_CODE = 1 << TF_STAGE_CODE,
    AT_SET_UP = 1 << TF_STAGE_SET_UP,
    AT_FULL = 1 << TF_STAGE_FULL,
};

/* ---- seeds, locked with the site's key ---- */

static bool unlock_seed(const tf_access *access, int64_t account_id,
                        const uint8_t locked[TF_LOCKED_SEED_SIZE],
                        uint8_t seed_out[TF_CODE_SEED_SIZE]) {
    char about[TF_ABOUT_SIZE];
    tf_buffer plain;
    tf_buffer_init(&plain);
    bool is_open = tf_secret_unlock(tf_access_key(access)->vault_key,
                                    tf_sign_in_about("codes", account_id, about),
                                    (tf_text){(const char *)locked, TF_LOCKED_SEED_SIZE}, &plain) &&
                   plain.length == TF_CODE_SEED_SIZE;
    if (is_open) {
        memcpy(seed_out, plain.data, TF_CODE_SEED_SIZE);
    }
    if (plain.data) {
        tf_secret_forget(plain.data, plain.capacity);
    }
    tf_buffer_deinit(&plain);
    return is_open;
}

static tf_status put_pending_seed(tf_access *access, int64_t account_id,
                                  const uint8_t seed[TF_CODE_SEED_SIZE], tf_error *error) {
    char about[TF_ABOUT_SIZE];
    tf_buffer locked;
    tf_buffer_init(&locked);
    tf_secret_lock(tf_access_key(access)->vault_key, tf_sign_in_about("codes", account_id, about),
                   (tf_text){(const char *)seed, TF_CODE_SEED_SIZE}, &locked);
    tf_statement *statement = NULL;
    tf_status status = tf_buffer_check(&locked, error);
    if (!status) {
        status = tf_db_prepare(tf_access_db(access),
                               "UPDATE account SET pending_code_seed = ?2 WHERE id = ?1",
                               &statement, error);
    }
    if (!status) {
        tf_bind_int(statement, 1, account_id);
        tf_bind_bytes(statement, 2, locked.data, locked.length);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&locked);
    return status;
}

/* ---- recovery codes ---- */

static void hash_recovery_code(const tf_access *access, int64_t account_id,
                               const char code[TF_RECOVERY_CODE_TEXT_SIZE],
                               uint8_t hash_out[TF_HASH_SIZE]) {
    uint8_t key[TF_KEY_SIZE];
    char message[TF_ABOUT_SIZE + TF_RECOVERY_CODE_TEXT_SIZE];
    tf_secret_derive(tf_access_key(access)->vault_key, "recovery code", key);
    int length = snprintf(message, sizeof message, "account %lld: %s", (long long)account_id, code);
    tf_secret_hash(key, message, (size_t)length, hash_out);
    tf_secret_forget(message, sizeof message);
    tf_secret_forget(key, sizeof key);
}

static tf_status
put_recovery_codes(tf_access *access, int64_t account_id,
                   char recovery_out[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE],
                   tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_status status = tf_rows_change(db, "DELETE FROM recovery_code WHERE account_id = ?1",
                                      &account_id, 1, error);
    for (int i = 0; !status && i < TF_RECOVERY_CODE_COUNT; i++) {
        uint8_t hash[TF_HASH_SIZE];
        tf_recovery_code_new(recovery_out[i]);
        hash_recovery_code(access, account_id, recovery_out[i], hash);
        status = tf_rows_change_by_key(db,
                                       "INSERT INTO recovery_code (hash, account_id)"
                                       " VALUES (?1, ?2)",
                                       hash, &account_id, 1, error);
    }
    return status;
}

/* ---- checking a code ---- */

typedef enum code_answer { ANSWER_WRONG, ANSWER_CODE, ANSWER_RECOVERY } code_answer;

/* Whether the code is right; if so it is used up. */
static tf_status use_code(tf_access *access, const tf_sign_in_account *account, tf_text code,
                          int64_t now, code_answer *answer_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    uint8_t seed[TF_CODE_SEED_SIZE];
    char recovery[TF_RECOVERY_CODE_TEXT_SIZE];
    int64_t step = 0;
    *answer_out = ANSWER_WRONG;
    if (!unlock_seed(access, account->id, account->code_seed, seed)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the codes of this account were locked with another site key; ask an "
                       "administrator to remove them, so that you can set them up again");
    }
    bool is_right = tf_code_is_right(seed, code, now, account->last_code_step, &step);
    tf_secret_forget(seed, sizeof seed);
    if (is_right) {
        int64_t numbers[] = {account->id, step};
        *answer_out = ANSWER_CODE;
        return tf_rows_change(db, "UPDATE account SET last_code_step = ?2 WHERE id = ?1", numbers,
                              2, error);
    }
    if (!tf_recovery_code_read(code, recovery)) {
        return TF_OK;
    }
    uint8_t hash[TF_HASH_SIZE];
    hash_recovery_code(access, account->id, recovery, hash);
    tf_status status =
        tf_rows_change_by_key(db, "DELETE FROM recovery_code WHERE hash = ?1 AND account_id = ?2",
                              hash, &account->id, 1, error);
    if (!status && tf_db_changes(db) == 1) {
        *answer_out = ANSWER_RECOVERY;
    }
    return status;
}

static tf_status fail_code(tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, "code", 0,
                   "this code is wrong or was used already; wait for the next one that your app "
                   "shows, or use a recovery code");
}

/* Count a wrong code, of the session and of the browser it comes from.  After too many the session
 * is over, which is TF_REFUSED. */
static tf_status count_wrong(tf_access *access, const tf_session_row *row,
                             const tf_sign_in_account *account, const tf_known_device *device,
                             tf_failures *failures, int64_t now, tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_actor actor = tf_sign_in_actor(account);
    bool is_over = row->failed_codes + 1 >= TF_MOST_FAILED_CODES;
    tf_failures_add(failures, now);
    tf_status status = tf_sign_in_put_failures(db, account->id, device, failures, error);
    if (!status) {
        status = is_over ? tf_session_end(db, row->key, error)
                         : tf_rows_change_by_key(db,
                                                 "UPDATE session SET failed_codes ="
                                                 " failed_codes + 1 WHERE key = ?1",
                                                 row->key, NULL, 0, error);
    }
    if (!status) {
        status = tf_sign_in_note(access, &actor, "sign-in", account->id, TF_OUTCOME_REFUSED,
                                 "wrong code", error);
    }
    return !status && is_over
               ? tf_fail(error, TF_REFUSED, NULL, 0, "too many codes were wrong; sign in again")
               : status;
}

/* Check a code of an account that has them, for a session.  `*is_right_out` false with TF_OK is a
 * wrong code that was counted: to be committed, then told. */
static tf_status check_code(tf_access *access, const tf_session_row *row,
                            const tf_sign_in_account *account, tf_text code, int64_t now,
                            tf_known_device *device_out, code_answer *answer_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    *answer_out = ANSWER_WRONG;
    *device_out = (tf_known_device){.is_known = false};
    tf_status status = TF_OK;
    if (row->has_device) {
        status =
            tf_sign_in_read_device_by_key(db, row->device_key, account->id, now, device_out, error);
    }
    tf_failures failures = device_out->is_known ? device_out->failures : account->failures;
    if (!status && row->stage == TF_STAGE_CODE && tf_failures_refuse(&failures, now)) {
        /* Many sessions begun with a stolen passphrase give no more guesses than one. */
        tf_actor actor = tf_sign_in_actor(account);
        status = tf_session_end(db, row->key, error);
        if (!status) {
            status = tf_sign_in_note(access, &actor, "sign-in", account->id, TF_OUTCOME_REFUSED,
                                     "refused for a while after many failures", error);
        }
        return status ? status
                      : tf_fail(error, TF_REFUSED, NULL, 0,
                                "too many codes were wrong; sign in again");
    }
    if (!status) {
        status = use_code(access, account, code, now, answer_out, error);
    }
    if (!status && *answer_out == ANSWER_WRONG) {
        status = count_wrong(access, row, account, device_out, &failures, now, error);
    }
    return status;
}

/* ---- signing in with one ---- */

tf_status tf_sign_in_code(tf_access *access, tf_text token, tf_text code, int64_t now,
                          tf_signed_in *signed_in_out, tf_error *error) {
    tf_session_row row;
    tf_sign_in_account account;
    tf_known_device device;
    tf_signed_in signed_in = {0}; /* the token may stand where the answer goes */
    code_answer answer = ANSWER_WRONG;
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status = tf_session_find(access, token, AT_CODE, now, &row, &account, error);
    }
    if (!status) {
        status = check_code(access, &row, &account, code, now, &device, &answer, error);
    }
    if (!status && answer != ANSWER_WRONG) {
        status = tf_session_renew(access, &row, token, TF_STAGE_FULL, &signed_in, error);
        if (!status) {
            status = tf_sign_in_complete(access, &account, &device, now, &signed_in, error);
        }
        if (!status) {
            tf_actor actor = tf_sign_in_actor(&account);
            status = tf_sign_in_note(access, &actor, "sign-in", account.id, TF_OUTCOME_DONE,
                                     answer == ANSWER_CODE ? "code" : "recovery code", error);
        }
    }
    tf_secret_forget(&account, sizeof account);
    status = tf_access_end(access, status, error);
    *signed_in_out = status ? (tf_signed_in){0} : signed_in;
    return !status && answer == ANSWER_WRONG ? fail_code(error) : status;
}

/* ---- setting them up ---- */

/* Begin a change of the codes by whoever is signed in: where there are codes, one of them is
 * needed. */
static tf_status begin_change(tf_access *access, tf_text token, uint32_t stages, tf_text code,
                              int64_t now, tf_session_row *row_out, tf_sign_in_account *account_out,
                              code_answer *answer_out, tf_error *error) {
    tf_known_device device;
    *answer_out = ANSWER_CODE;
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_session_find(access, token, stages, now, row_out, account_out, error);
    }
    if (!status && account_out->has_codes) {
        status = check_code(access, row_out, account_out, code, now, &device, answer_out, error);
    }
    return status;
}

tf_status tf_sign_in_begin_codes(tf_access *access, tf_text token, tf_text code, tf_text issuer,
                                 int64_t now, char seed_text_out[TF_CODE_SEED_TEXT_SIZE],
                                 tf_buffer *address_out, tf_error *error) {
    tf_session_row row;
    tf_sign_in_account account;
    code_answer answer;
    uint8_t seed[TF_CODE_SEED_SIZE];
    seed_text_out[0] = '\0';
    tf_status status =
        begin_change(access, token, AT_SET_UP | AT_FULL, code, now, &row, &account, &answer, error);
    if (!status && answer != ANSWER_WRONG &&
        !(account.has_pending_codes &&
          unlock_seed(access, account.id, account.pending_code_seed, seed))) {
        tf_secret_random(seed, sizeof seed);
        status = put_pending_seed(access, account.id, seed, error);
    }
    status = tf_access_end(access, status, error);
    if (!status && answer == ANSWER_WRONG) {
        status = fail_code(error);
    }
    if (!status) {
        tf_code_seed_text(seed, seed_text_out);
        tf_code_address(seed, issuer, tf_text_of(account.email), address_out);
        status = tf_buffer_check(address_out, error);
    }
    tf_secret_forget(seed, sizeof seed);
    tf_secret_forget(&account, sizeof account);
    return status;
}

static tf_status confirm(tf_access *access, const tf_session_row *row,
                         const tf_sign_in_account *account, tf_text token, int64_t step,
                         int64_t now, tf_signed_in *signed_in_out,
                         char recovery_out[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE],
                         tf_error *error) {
    tf_db *db = tf_access_db(access);
    int64_t numbers[] = {account->id, step};
    tf_known_device device = {.is_known = false};
    tf_actor actor = tf_sign_in_actor(account);
    tf_status status = tf_rows_change(db,
                                      "UPDATE account SET code_seed = pending_code_seed,"
                                      " pending_code_seed = NULL, last_code_step = ?2"
                                      " WHERE id = ?1",
                                      numbers, 2, error);
    if (!status) {
        status = tf_proof_of_account(access, account->id, error);
    }
    if (!status) {
        status = put_recovery_codes(access, account->id, recovery_out, error);
    }
    if (!status && row->has_device) {
        status =
            tf_sign_in_read_device_by_key(db, row->device_key, account->id, now, &device, error);
    }
    if (!status) {
        status = tf_session_renew(access, row, token, TF_STAGE_FULL, signed_in_out, error);
    }
    if (!status) {
        status = tf_sign_in_complete(access, account, &device, now, signed_in_out, error);
    }
    return status ? status
                  : tf_sign_in_note(access, &actor, tf_action_name(TF_ACTION_ALTER), account->id,
                                    TF_OUTCOME_DONE, "one-time codes set up", error);
}

tf_status tf_sign_in_confirm_codes(
    tf_access *access, tf_text token, tf_text code, int64_t now, tf_signed_in *signed_in_out,
    char recovery_out[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE], tf_error *error) {
    tf_session_row row;
    tf_sign_in_account account;
    uint8_t seed[TF_CODE_SEED_SIZE];
    int64_t step = 0;
    tf_signed_in signed_in = {0}; /* the token may stand where the answer goes */
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_session_find(access, token, AT_SET_UP | AT_FULL, now, &row, &account, error);
    }
    if (!status && (!account.has_pending_codes ||
                    !unlock_seed(access, account.id, account.pending_code_seed, seed))) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "the codes were not begun to be set up; begin again");
    }
    if (!status && !tf_code_is_right(seed, code, now, 0, &step)) {
        status = tf_fail(error, TF_BAD_INPUT, "code", 0,
                         "this is not the code that the app shows now; check that its clock is "
                         "right and type the code again");
    }
    if (!status) {
        status = confirm(access, &row, &account, token, step, now, &signed_in, recovery_out, error);
    }
    tf_secret_forget(seed, sizeof seed);
    tf_secret_forget(&account, sizeof account);
    status = tf_access_end(access, status, error);
    *signed_in_out = status ? (tf_signed_in){0} : signed_in;
    return status;
}

tf_status
tf_sign_in_new_recovery_codes(tf_access *access, tf_text token, tf_text code, int64_t now,
                              char recovery_out[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE],
                              tf_error *error) {
    tf_session_row row;
    tf_sign_in_account account;
    code_answer answer;
    tf_status status =
        begin_change(access, token, AT_FULL, code, now, &row, &account, &answer, error);
    if (!status && !account.has_codes) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "recovery codes stand in for the codes of an app; set these up first");
    }
    if (!status && answer != ANSWER_WRONG) {
        status = put_recovery_codes(access, account.id, recovery_out, error);
    }
    if (!status && answer != ANSWER_WRONG) {
        tf_actor actor = tf_sign_in_actor(&account);
        status = tf_sign_in_note(access, &actor, tf_action_name(TF_ACTION_ALTER), account.id,
                                 TF_OUTCOME_DONE, "recovery codes made anew", error);
    }
    tf_secret_forget(&account, sizeof account);
    status = tf_access_end(access, status, error);
    return !status && answer == ANSWER_WRONG ? fail_code(error) : status;
}
