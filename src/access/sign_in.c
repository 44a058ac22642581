/* Signing in by e-mail and passphrase. */
#include "sign_in_internal.h"

static tf_status fail_sign_in(tf_error *error) {
    return tf_fail(error, TF_REFUSED, NULL, 0,
                   "this e-mail and passphrase do not let you in; check both, and if you cannot "
                   "get in, ask an administrator of your partnership for a new link");
}

/* Why somebody was not let in, for the audit; NULL if nothing is against it. */
static const char *find_obstacle(const tf_sign_in_account *account, bool is_right,
                                 const tf_failures *failures, int64_t now) {
    if (!account->id) {
        return "no such account";
    }
    if (tf_failures_refuse(failures, now)) {
        return "refused for a while after many failures";
    }
    if (!is_right) {
        return "wrong passphrase";
    }
    if (account->state != TF_ACCOUNT_ACTIVE) {
        return "the account is not active";
    }
    return account->is_organisation_on ? NULL : "the organisation has ended";
}

static tf_status refuse(tf_access *access, const tf_sign_in_account *account,
                        const tf_known_device *device, tf_failures *failures, const char *obstacle,
                        int64_t now, tf_error *error) {
    tf_actor nobody = tf_actor_public();
    if (!tf_failures_refuse(failures, now)) {
        tf_failures_add(failures, now);
    }
    tf_status status =
        tf_sign_in_put_failures(tf_access_db(access), account->id, device, failures, error);
    if (!status) {
        status = tf_sign_in_note(access, &nobody, "sign-in", account->id, TF_OUTCOME_REFUSED,
                                 obstacle, error);
    }
    return status ? status : fail_sign_in(error);
}

static tf_status let_in(tf_access *access, const tf_sign_in_account *account,
                        const tf_known_device *device, const uint8_t lock[TF_KEY_SIZE], int64_t now,
                        tf_signed_in *signed_in_out, tf_error *error) {
    char about[TF_ABOUT_SIZE];
    tf_buffer secret_key;
    tf_buffer_init(&secret_key);
    tf_status status = TF_OK;
    if (!tf_secret_unlock(lock, tf_sign_in_about("secret key", account->id, about),
                          (tf_text){(const char *)account->locked_secret_key, TF_LOCKED_KEY_SIZE},
                          &secret_key) ||
        secret_key.length != TF_KEY_SIZE) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "what is stored of this account has been changed; restore the database "
                         "from a backup");
    }
    tf_sign_in_stage stage = tf_sign_in_first_stage(access, account);
    if (!status) {
        status = tf_session_begin(access, account->id, stage, device,
                                  (const uint8_t *)secret_key.data, now, signed_in_out, error);
    }
    if (secret_key.data) {
        tf_secret_forget(secret_key.data, secret_key.capacity);
    }
    tf_buffer_deinit(&secret_key);
    if (!status && stage == TF_STAGE_FULL) {
        status = tf_sign_in_complete(access, account, device, now, signed_in_out, error);
    }
    tf_actor actor = tf_sign_in_actor(account);
    return status ? status
                  : tf_sign_in_note(access, &actor, "sign-in", account->id, TF_OUTCOME_DONE,
                                    "passphrase", error);
}

/* Decide on what the derivation gave, by the account as it is now: it may have changed while the
 * derivation went on. */
static tf_status decide(tf_access *access, const tf_sign_in_account *before, tf_text device_token,
                        const uint8_t verifier[TF_KEY_SIZE], const uint8_t lock[TF_KEY_SIZE],
                        int64_t now, tf_signed_in *signed_in_out, tf_error *error) {
    tf_sign_in_account account;
    tf_known_device device = {.is_known = false};
    tf_status status =
        tf_sign_in_read_account(access, (tf_text){0}, before->id, now, &account, error);
    if (!status) {
        status = tf_sign_in_read_device(tf_access_db(access), device_token, account.id, now,
                                        &device, error);
    }
    if (!status) {
        bool is_right = account.has_passphrase && before->has_passphrase &&
                        tf_secret_equal(verifier, account.verifier, TF_KEY_SIZE);
        tf_failures *failures = device.is_known ? &device.failures : &account.failures;
        const char *obstacle = find_obstacle(&account, is_right, failures, now);
        status = obstacle ? refuse(access, &account, &device, failures, obstacle, now, error)
                          : let_in(access, &account, &device, lock, now, signed_in_out, error);
    }
    tf_secret_forget(&account, sizeof account);
    return status;
}

tf_status tf_sign_in(tf_access *access, tf_derivations *derivations, tf_text email,
                     tf_text passphrase, tf_text device, int64_t now, tf_signed_in *signed_in_out,
                     tf_error *error) {
    *signed_in_out = (tf_signed_in){0};
    tf_sign_in_account account;
    email = tf_text_trim(email);
    tf_status status = tf_sign_in_read_account(access, email.data ? email : tf_text_of(""), 0, now,
                                               &account, error);
    if (!status && !account.has_passphrase) {
        /* The same work for an account that is not there. */
        status = tf_sign_in_cost(tf_access_db(access), &account.cost, error);
    }
    uint8_t verifier[TF_KEY_SIZE] = {0}, lock[TF_KEY_SIZE] = {0};
    if (!status) {
        status = tf_derivations_derive(derivations, passphrase, account.salt, account.cost,
                                       verifier, lock, error);
    }
    if (status) {
        return status;
    }
    status = tf_access_begin(access, error);
    if (!status) {
        status = decide(access, &account, device, verifier, lock, now, signed_in_out, error);
    }
    status = tf_access_end(access, status, error);
    if (status) {
        *signed_in_out = (tf_signed_in){0};
    }
    tf_secret_forget(lock, sizeof lock);
    tf_secret_forget(&account, sizeof account);
    return status;
}
