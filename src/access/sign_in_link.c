/* Signing in by a link, and choosing passphrases. */
#include "reader_internal.h"
#include "sign_in_internal.h"

/* ---- whom a link is for ---- */

/* The account of a link that holds, if it is in the state that such a link is for. */
static tf_status find_owner(tf_access *access, tf_account_link_kind kind, tf_text token,
                            int64_t now, tf_sign_in_account *account_out, tf_error *error) {
    int64_t id = 0;
    tf_account_state wanted =
        kind == TF_ACCOUNT_LINK_INVITATION ? TF_ACCOUNT_INVITED : TF_ACCOUNT_ACTIVE;
    tf_status status = tf_account_link_find(access, kind, token, now, &id, error);
    if (!status) {
        status = tf_sign_in_read_account(access, (tf_text){0}, id, now, account_out, error);
    }
    if (!status && (account_out->state != wanted || !account_out->is_organisation_on)) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0,
                         "this link does not work any more: it was used, or is too old; ask an "
                         "administrator of your partnership for a new one");
    }
    return status;
}

tf_status tf_sign_in_link_owner(tf_access *access, tf_account_link_kind kind, tf_text token,
                                int64_t now, tf_arena *arena, tf_account_link_owner *owner_out,
                                tf_error *error) {
    tf_sign_in_account account = {.id = 0};
    *owner_out = (tf_account_link_owner){0};
    tf_status status = find_owner(access, kind, token, now, &account, error);
    if (!status) {
        *owner_out = (tf_account_link_owner){
            .account_id = account.id,
            .name = tf_arena_copy_text(arena, account.name, strlen(account.name)),
            .email = tf_arena_copy_text(arena, account.email, strlen(account.email)),
            .organisation =
                tf_arena_copy_text(arena, account.organisation, strlen(account.organisation)),
            .needs_code = tf_sign_in_first_stage(access, &account) != TF_STAGE_FULL,
            .loses_sealed = kind == TF_ACCOUNT_LINK_RESET && account.key_generation > 0,
        };
        if (!owner_out->name || !owner_out->email || !owner_out->organisation) {
            status = tf_fail_no_memory(error);
        }
    }
    tf_secret_forget(&account, sizeof account);
    return status;
}

/* ---- choosing a passphrase by a link ---- */

typedef struct chosen_passphrase {
    uint8_t salt[TF_SALT_SIZE];
    tf_passphrase_cost cost;
    uint8_t verifier[TF_KEY_SIZE];
    uint8_t lock[TF_KEY_SIZE];
} chosen_passphrase;

/* Check the passphrase by the rules and derive what is kept of it. */
static tf_status choose(tf_access *access, tf_derivations *derivations,
                        const tf_sign_in_account *account, tf_text passphrase,
                        chosen_passphrase *chosen_out, tf_error *error) {
    tf_status status =
        tf_passphrase_check(passphrase, tf_text_of(account->name), tf_text_of(account->email),
                            tf_text_of(account->organisation), error);
    if (!status) {
        status = tf_sign_in_cost(tf_access_db(access), &chosen_out->cost, error);
    }
    tf_secret_random(chosen_out->salt, TF_SALT_SIZE);
    return status
               ? status
               : tf_derivations_derive(derivations, passphrase, chosen_out->salt, chosen_out->cost,
                                       chosen_out->verifier, chosen_out->lock, error);
}

/* Give the account a new pair of keys and the passphrase, and make it active.  Codes that were
 * begun to be set up are forgotten: whoever knew the old passphrase may have seen them. */
static tf_status put_new_pair(tf_access *access, int64_t id, const chosen_passphrase *chosen,
                              int64_t now, uint8_t secret_key_out[TF_KEY_SIZE], tf_error *error) {
    uint8_t public_key[TF_KEY_SIZE];
    int64_t numbers[] = {id, now};
    tf_secret_new_pair(public_key, secret_key_out);
    tf_status status =
        tf_rows_change_by_key(tf_access_db(access),
                              "UPDATE account SET public_key = ?1, state = 'active',"
                              " key_generation = key_generation + 1,"
                              " activated_at = coalesce(activated_at, ?3), failed_count = 0,"
                              " unknown_refused_until = 0, pending_code_seed = NULL WHERE id = ?2",
                              public_key, numbers, 2, error);
    return status
               ? status
               : tf_sign_in_put_passphrase(access, id, chosen->salt, chosen->cost, chosen->verifier,
                                           chosen->lock, secret_key_out, error);
}

static tf_status activate(tf_access *access, tf_account_link_kind kind, tf_text token,
                          const chosen_passphrase *chosen, int64_t now, tf_signed_in *signed_in_out,
                          tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_sign_in_account account = {.id = 0};
    tf_known_device device = {.is_known = false};
    uint8_t secret_key[TF_KEY_SIZE] = {0};
    tf_status status = find_owner(access, kind, token, now, &account, error);
    if (!status) {
        status = tf_account_link_use(db, kind, token, now, error);
    }
    if (!status) {
        status = tf_account_end_all(db, account.id, error);
    }
    if (!status) {
        status = put_new_pair(access, account.id, chosen, now, secret_key, error);
    }
    tf_sign_in_stage stage = tf_sign_in_first_stage(access, &account);
    if (!status) {
        status = tf_session_begin(access, account.id, stage, &device, secret_key, now,
                                  signed_in_out, error);
    }
    if (!status && stage == TF_STAGE_FULL) {
        status = tf_sign_in_complete(access, &account, &device, now, signed_in_out, error);
    }
    if (!status) {
        tf_actor actor = tf_sign_in_actor(&account);
        status = tf_sign_in_note(access, &actor, "sign-in", account.id, TF_OUTCOME_DONE,
                                 kind == TF_ACCOUNT_LINK_RESET ? "reset link: a new passphrase"
                                                               : "invitation: a passphrase",
                                 error);
        if (!status) {
            status = tf_reader_take_first(access, &actor, account.id, error);
        }
    }
    tf_secret_forget(secret_key, sizeof secret_key);
    tf_secret_forget(&account, sizeof account);
    return status;
}

tf_status tf_sign_in_activate(tf_access *access, tf_derivations *derivations,
                              tf_account_link_kind kind, tf_text token, tf_text passphrase,
                              int64_t now, tf_signed_in *signed_in_out, tf_error *error) {
    tf_sign_in_account account = {.id = 0};
    chosen_passphrase chosen;
    *signed_in_out = (tf_signed_in){0};
    tf_status status = find_owner(access, kind, token, now, &account, error);
    if (!status) {
        status = choose(access, derivations, &account, passphrase, &chosen, error);
    }
    tf_secret_forget(&account, sizeof account);
    if (status) {
        return status;
    }
    status = tf_access_begin_durable(access, error);
    if (!status) {
        status = activate(access, kind, token, &chosen, now, signed_in_out, error);
    }
    tf_secret_forget(&chosen, sizeof chosen);
    status = tf_access_end(access, status, error);
    if (status) {
        *signed_in_out = (tf_signed_in){0};
    }
    return status;
}

tf_status tf_sign_in_know_device(tf_access *access, tf_text token, int64_t now,
                                 char device_out[TF_TOKEN_TEXT_SIZE], tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_sign_in_account account = {.id = 0};
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status = find_owner(access, TF_ACCOUNT_LINK_DEVICE, token, now, &account, error);
    }
    if (!status) {
        status = tf_account_link_use(db, TF_ACCOUNT_LINK_DEVICE, token, now, error);
    }
    if (!status) {
        status = tf_sign_in_put_device(db, account.id, &(tf_known_device){.is_known = false}, now,
                                       device_out, error);
    }
    if (!status) {
        /* Whoever follows the link has not shown yet who they are. */
        tf_actor nobody = tf_actor_public();
        status = tf_sign_in_note(access, &nobody, tf_action_name(TF_ACTION_ALTER), account.id,
                                 TF_OUTCOME_DONE, "a browser made known by a link", error);
    }
    tf_secret_forget(&account, sizeof account);
    return tf_access_end(access, status, error);
}

/* ---- changing it ---- */

/* Count a wrong old passphrase; after too many the session is over. */
static tf_status count_wrong(tf_access *access, const tf_session_row *row,
                             const tf_sign_in_account *account, tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_actor actor = tf_sign_in_actor(account);
    bool is_over = row->failed_codes + 1 >= TF_MOST_FAILED_CODES;
    tf_status status =
        is_over ? tf_session_end(db, row->key, error)
                : tf_rows_change_by_key(
                      db, "UPDATE session SET failed_codes = failed_codes + 1 WHERE key = ?1",
                      row->key, NULL, 0, error);
    if (!status) {
        status = tf_sign_in_note(access, &actor, tf_action_name(TF_ACTION_ALTER), account->id,
                                 TF_OUTCOME_REFUSED, "passphrase: the old one was wrong", error);
    }
    return !status && is_over ? tf_session_fail(error) : status;
}

static tf_status replace(tf_access *access, const tf_session_row *row,
                         const tf_sign_in_account *account, tf_text token,
                         const chosen_passphrase *chosen, tf_signed_in *signed_in_out,
                         tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_actor actor = tf_sign_in_actor(account);
    uint8_t secret_key[TF_KEY_SIZE];
    if (!tf_session_secret_key(row, token, secret_key)) {
        return tf_session_fail(error);
    }
    tf_status status = tf_sign_in_put_passphrase(access, account->id, chosen->salt, chosen->cost,
                                                 chosen->verifier, chosen->lock, secret_key, error);
    tf_secret_forget(secret_key, sizeof secret_key);
    if (!status) {
        status =
            tf_rows_change_by_key(db, "DELETE FROM session WHERE key <> ?1 AND account_id = ?2",
                                  row->key, &account->id, 1, error);
    }
    if (!status) { /* whoever knew the old one may have seen these */
        status = tf_rows_change(db, "DELETE FROM account_link WHERE account_id = ?1", &account->id,
                                1, error);
    }
    if (!status) {
        status = tf_rows_change(db, "UPDATE account SET pending_code_seed = NULL WHERE id = ?1",
                                &account->id, 1, error);
    }
    if (!status) {
        status = tf_session_renew(access, row, token, TF_STAGE_FULL, signed_in_out, error);
    }
    return status ? status
                  : tf_sign_in_note(access, &actor, tf_action_name(TF_ACTION_ALTER), account->id,
                                    TF_OUTCOME_DONE, "passphrase", error);
}

tf_status tf_sign_in_change_passphrase(tf_access *access, tf_derivations *derivations,
                                       tf_text token, tf_text old_passphrase,
                                       tf_text new_passphrase, int64_t now,
                                       tf_signed_in *signed_in_out, tf_error *error) {
    enum { AT_FULL = 1 << TF_STAGE_FULL };
    tf_session_row row;
    tf_sign_in_account before, account;
    chosen_passphrase old = {.cost = {0}}, chosen;
    tf_signed_in signed_in = {0}; /* the token may stand where the answer goes */
    tf_status status = tf_session_find(access, token, AT_FULL, now, &row, &before, error);
    if (!status) {
        status = choose(access, derivations, &before, new_passphrase, &chosen, error);
    }
    if (!status) {
        status = tf_derivations_derive(derivations, old_passphrase, before.salt, before.cost,
                                       old.verifier, old.lock, error);
    }
    tf_secret_forget(&before, sizeof before);
    if (status) {
        *signed_in_out = signed_in;
        return status;
    }
    bool is_right = false;
    status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_session_find(access, token, AT_FULL, now, &row, &account, error);
    }
    if (!status) {
        is_right = tf_secret_equal(old.verifier, account.verifier, TF_KEY_SIZE);
        status = is_right ? replace(access, &row, &account, token, &chosen, &signed_in, error)
                          : count_wrong(access, &row, &account, error);
    }
    tf_secret_forget(&account, sizeof account);
    tf_secret_forget(&old, sizeof old);
    tf_secret_forget(&chosen, sizeof chosen);
    status = tf_access_end(access, status, error);
    *signed_in_out = status ? (tf_signed_in){0} : signed_in;
    return !status && !is_right ? tf_fail(error, TF_BAD_INPUT, "old-passphrase", 0,
                                          "the old passphrase is wrong; nothing was changed")
                                : status;
}
