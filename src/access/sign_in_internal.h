/* What signing in and sessions share: the account as sign-in reads it, the counts of failures, and
 * the session's row. */
#ifndef ACCESS_SIGN_IN_INTERNAL_H
#define ACCESS_SIGN_IN_INTERNAL_H

#include "account_internal.h"
#include "sign_in.h"

extern const int64_t tf_sign_in_minute; /* in microseconds */

enum {
    TF_LOCK_OVERHEAD = 40, /* a nonce of 24 bytes and a tag of 16 */
    TF_LOCKED_KEY_SIZE = TF_KEY_SIZE + TF_LOCK_OVERHEAD,
    TF_LOCKED_SEED_SIZE = TF_CODE_SEED_SIZE + TF_LOCK_OVERHEAD,
    TF_ABOUT_SIZE = 48,
    TF_MOST_FAILED_CODES = 5, /* of one session */
};

/* What is authenticated with a lock: "secret key of account 7". */
tf_text tf_sign_in_about(const char *what, int64_t account_id, char text_out[TF_ABOUT_SIZE]);

/* ---- failures ---- */

typedef struct tf_failures {
    int64_t count;
    int64_t from;          /* instant of the first */
    int64_t refused_until; /* instant */
} tf_failures;

bool tf_failures_refuse(const tf_failures *failures, int64_t now);
void tf_failures_add(tf_failures *failures, int64_t now);

/* ---- the account ---- */

typedef struct tf_sign_in_account {
    int64_t id;     /* 0: there is none */
    bool is_proven; /* this program wrote it; else it is closed, without passphrase and roles */
    int64_t organisation_id;
    tf_account_state state;
    bool is_organisation_on;
    uint32_t roles;
    char name[4 * TF_ACCOUNT_NAME_MOST + 1];
    char email[TF_ACCOUNT_EMAIL_MOST + 1];
    char organisation[4 * TF_ORGANISATION_NAME_MOST + 1];
    bool has_passphrase;
    uint8_t salt[TF_SALT_SIZE];
    uint8_t verifier[TF_KEY_SIZE];
    tf_passphrase_cost cost;
    uint8_t locked_secret_key[TF_LOCKED_KEY_SIZE];
    int64_t key_generation;
    bool has_codes;
    uint8_t code_seed[TF_LOCKED_SEED_SIZE];
    bool has_pending_codes;
    uint8_t pending_code_seed[TF_LOCKED_SEED_SIZE];
    int64_t last_code_step;
    tf_failures failures; /* from browsers that are not known */
} tf_sign_in_account;

/* By its e-mail, or by its id where `email` has no data; id 0 where there is none. */
tf_status tf_sign_in_read_account(tf_access *access, tf_text email, int64_t id, int64_t now,
                                  tf_sign_in_account *account_out, tf_error *error);

/* Who that is.  Its name is borrowed from the account. */
tf_actor tf_sign_in_actor(const tf_sign_in_account *account);

/* How far a passphrase alone brings its owner. */
tf_sign_in_stage tf_sign_in_first_stage(tf_access *access, const tf_sign_in_account *account);

/* What a new passphrase costs, by the settings. */
tf_status tf_sign_in_cost(tf_db *db, tf_passphrase_cost *cost_out, tf_error *error);

/* What it costs to ask for the passphrase of an account that is not there: as much as for one that
 * is, drawn by the e-mail, so that neither how long it takes nor that it changes from one time to
 * the next tells. */
tf_status tf_sign_in_cost_of_nobody(tf_access *access, tf_text email, tf_passphrase_cost *cost_out,
                                    tf_error *error);

/* Store what a new passphrase gave: its salt, cost and verifier, and the secret key locked with
 * `lock`; and prove the account anew, with what else the caller has changed of it. */
tf_status tf_sign_in_put_passphrase(tf_access *access, int64_t id, const uint8_t salt[TF_SALT_SIZE],
                                    tf_passphrase_cost cost, const uint8_t verifier[TF_KEY_SIZE],
                                    const uint8_t lock[TF_KEY_SIZE],
                                    const uint8_t secret_key[TF_KEY_SIZE], tf_error *error);

/* ---- known devices ---- */

typedef struct tf_known_device {
    bool is_known;
    uint8_t key[TF_KEY_SIZE];
    tf_failures failures;
} tf_known_device;

tf_status tf_sign_in_read_device(tf_db *db, tf_text token, int64_t account_id, int64_t now,
                                 tf_known_device *device_out, tf_error *error);
tf_status tf_sign_in_read_device_by_key(tf_db *db, const uint8_t key[TF_KEY_SIZE],
                                        int64_t account_id, int64_t now,
                                        tf_known_device *device_out, tf_error *error);

/* Make a browser known under a new token, in place of `old`, which may be not known. */
tf_status tf_sign_in_put_device(tf_db *db, int64_t account_id, const tf_known_device *old,
                                int64_t now, char token_out[TF_TOKEN_TEXT_SIZE], tf_error *error);

/* Store the failures of the device if it is known, else of the account.  With id 0, it takes the
 * same statement and changes nothing. */
tf_status tf_sign_in_put_failures(tf_db *db, int64_t account_id, const tf_known_device *device,
                                  const tf_failures *failures, tf_error *error);

/* ---- sessions ---- */

typedef struct tf_session_row {
    uint8_t key[TF_KEY_SIZE];
    int64_t account_id;
    tf_sign_in_stage stage;
    bool has_device;
    uint8_t device_key[TF_KEY_SIZE];
    int64_t started_at;
    int64_t seen_at;
    int64_t idle_limit;
    int64_t ends_at;
    int64_t failed_codes;
    uint8_t locked_secret_key[TF_LOCKED_KEY_SIZE];
} tf_session_row;

/* Whether a session still goes on, by the clock. */
bool tf_session_is_on(const tf_session_row *row, int64_t now);

/* Begin a session of an account, whose secret key is given. */
tf_status tf_session_begin(tf_access *access, int64_t account_id, tf_sign_in_stage stage,
                           const tf_known_device *device, const uint8_t secret_key[TF_KEY_SIZE],
                           int64_t now, tf_signed_in *signed_in_out, tf_error *error);

/* Read the session of a token and its account, for a change of either, within a transaction.
 * Errors: TF_REFUSED where there is none that goes on, or at none of the stages (bits). */
tf_status tf_session_find(tf_access *access, tf_text token, uint32_t stages, int64_t now,
                          tf_session_row *row_out, tf_sign_in_account *account_out,
                          tf_error *error);

/* The account's secret key, out of the session.  False for a session that was tampered with. */
bool tf_session_secret_key(const tf_session_row *row, tf_text token,
                           uint8_t secret_key_out[TF_KEY_SIZE]);

/* Give the session another stage and a new token.  Errors: TF_REFUSED where it was tampered with.
 */
tf_status tf_session_renew(tf_access *access, const tf_session_row *row, tf_text token,
                           tf_sign_in_stage stage, tf_signed_in *signed_in_out, tf_error *error);

tf_status tf_session_end(tf_db *db, const uint8_t key[TF_KEY_SIZE], tf_error *error);
tf_status tf_session_fail(tf_error *error); /* "sign in again" */

/* What follows a sign-in that is complete: a known device, no failures, the time of it. */
tf_status tf_sign_in_complete(tf_access *access, const tf_sign_in_account *account,
                              const tf_known_device *device, int64_t now,
                              tf_signed_in *signed_in_out, tf_error *error);

/* Enter something about an account in the audit. */
tf_status tf_sign_in_note(tf_access *access, const tf_actor *actor, const char *action,
                          int64_t account_id, tf_outcome outcome, const char *detail,
                          tf_error *error);

#endif
