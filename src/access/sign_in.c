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
    if (!account->is_proven) {
        return "the account was not written by this program";
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

static tf_status unlock_secret_key(const tf_sign_in_account *account,
                                   const uint8_t lock[TF_KEY_SIZE],
                                   uint8_t secret_key_out[TF_KEY_SIZE], tf_error *error) {
    char about[TF_ABOUT_SIZE];
    tf_buffer secret_key;
    tf_buffer_init(&secret_key);
    bool is_open =
        tf_secret_unlock(lock, tf_sign_in_about("secret key", account->id, about),
                         (tf_text){(const char *)account->locked_secret_key, TF_LOCKED_KEY_SIZE},
                         &secret_key) &&
        secret_key.length == TF_KEY_SIZE;
    if (is_open) {
        memcpy(secret_key_out, secret_key.data, TF_KEY_SIZE);
    }
    if (secret_key.data) {
        tf_secret_forget(secret_key.data, secret_key.capacity);
    }
    tf_buffer_deinit(&secret_key);
    return is_open ? TF_OK
                   : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "what is stored of this account has been changed; restore the "
                             "database from a backup");
}

static tf_status let_in(tf_access *access, const tf_sign_in_account *account,
                        const tf_known_device *device, const uint8_t lock[TF_KEY_SIZE], int64_t now,
                        tf_signed_in *signed_in_out, tf_error *error) {
    uint8_t secret_key[TF_KEY_SIZE];
    tf_status status = unlock_secret_key(account, lock, secret_key, error);
    tf_sign_in_stage stage = tf_sign_in_first_stage(access, account);
    if (!status) {
        status = tf_session_begin(access, account->id, stage, device, secret_key, now,
                                  signed_in_out, error);
    }
    tf_secret_forget(secret_key, sizeof secret_key);
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

/* ---- the cost at which passphrases are kept ---- */

/* What a passphrase gave by one derivation. */
typedef struct derived {
    uint8_t verifier[TF_KEY_SIZE];
    uint8_t lock[TF_KEY_SIZE];
} derived;

static tf_status store_anew(tf_access *access, int64_t id, const derived *old, const derived *new,
                            const uint8_t salt[TF_SALT_SIZE], tf_passphrase_cost cost,
                            int64_t now) {
    tf_sign_in_account account;
    uint8_t secret_key[TF_KEY_SIZE];
    tf_status status = tf_sign_in_read_account(access, (tf_text){0}, id, now, &account, NULL);
    if (!status && !(account.has_passphrase &&
                     tf_secret_equal(old->verifier, account.verifier, TF_KEY_SIZE))) {
        status = TF_BUSY; /* somebody has chosen another in the meantime */
    }
    if (!status) {
        status = unlock_secret_key(&account, old->lock, secret_key, NULL);
    }
    if (!status) {
        status = tf_sign_in_put_passphrase(access, id, salt, cost, new->verifier, new->lock,
                                           secret_key, NULL);
    }
    if (!status) {
        tf_actor actor = tf_sign_in_actor(&account);
        status = tf_sign_in_note(access, &actor, tf_action_name(TF_ACTION_ALTER), id,
                                 TF_OUTCOME_DONE, "passphrase kept at the cost that is set", NULL);
    }
    tf_secret_forget(secret_key, sizeof secret_key);
    tf_secret_forget(&account, sizeof account);
    return status;
}

/* Keep a passphrase that was right at the cost that is set now.  Where it cannot be done, it is at
 * the next sign-in. */
static void keep_at_present_cost(tf_access *access, tf_derivations *derivations,
                                 const tf_sign_in_account *account, tf_text passphrase,
                                 const derived *old, int64_t now) {
    tf_passphrase_cost cost;
    uint8_t salt[TF_SALT_SIZE];
    derived new;
    if (tf_sign_in_cost(tf_access_db(access), &cost, NULL) ||
        (cost.passes == account->cost.passes && cost.memory_bytes == account->cost.memory_bytes)) {
        return;
    }
    tf_secret_random(salt, sizeof salt);
    if (!tf_derivations_derive(derivations, passphrase, salt, cost, new.verifier, new.lock, NULL) &&
        !tf_access_begin_durable(access, NULL)) {
        (void)tf_access_end(access, store_anew(access, account->id, old, &new, salt, cost, now),
                            NULL);
    }
    tf_secret_forget(&new, sizeof new);
}

tf_status tf_sign_in(tf_access *access, tf_derivations *derivations, tf_text email,
                     tf_text passphrase, tf_text device, int64_t now, tf_signed_in *signed_in_out,
                     tf_error *error) {
    *signed_in_out = (tf_signed_in){0};
    tf_sign_in_account account;
    tf_passphrase_cost nobodys;
    email = tf_text_trim(email);
    tf_status status = tf_sign_in_read_account(access, email.data ? email : tf_text_of(""), 0, now,
                                               &account, error);
    if (!status) {
        status = tf_sign_in_cost_of_nobody(access, email, &nobodys, error);
    }
    if (!status && !account.has_passphrase) {
        account.cost = nobodys; /* the same work for an account that is not there */
    }
    derived given = {.verifier = {0}};
    if (!status) {
        status = tf_derivations_derive(derivations, passphrase, account.salt, account.cost,
                                       given.verifier, given.lock, error);
    }
    if (!status) {
        status = tf_access_begin(access, error);
        if (!status) {
            status = decide(access, &account, device, given.verifier, given.lock, now,
                            signed_in_out, error);
        }
        status = tf_access_end(access, status, error);
    }
    if (status) {
        *signed_in_out = (tf_signed_in){0};
    } else {
        keep_at_present_cost(access, derivations, &account, passphrase, &given, now);
    }
    tf_secret_forget(&given, sizeof given);
    tf_secret_forget(&account, sizeof account);
    return status;
}
