/* Signing in: the rows of accounts and known devices, and the counts of failures. */
#include "proof_internal.h"
#include "setting.h"
#include "sign_in_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

const int64_t tf_sign_in_minute = (int64_t)60 * 1000 * 1000;

enum {
    MOST_FAILURES = 10,
    FAILURE_MINUTES = 15,
    DEVICE_DAYS = 90,
    MOST_DEVICES = 10, /* of one account; the oldest gives way */
};

tf_text tf_sign_in_about(const char *what, int64_t account_id, char text_out[TF_ABOUT_SIZE]) {
    int length =
        snprintf(text_out, TF_ABOUT_SIZE, "%s of account %lld", what, (long long)account_id);
    return (tf_text){text_out, (size_t)length};
}

tf_status tf_sign_in_note(tf_access *access, const tf_actor *actor, const char *action,
                          int64_t account_id, tf_outcome outcome, const char *detail,
                          tf_error *error) {
    tf_audit_note note = {
        .action = action,
        .category = "account",
        .object_id = account_id,
        .outcome = outcome,
        .detail = detail,
    };
    return tf_access_note(access, actor, &note, error);
}

/* ---- failures ---- */

bool tf_failures_refuse(const tf_failures *failures, int64_t now) {
    /* No longer than it can be, whatever the clock has done since. */
    return now < failures->refused_until &&
           failures->refused_until - now <= FAILURE_MINUTES * tf_sign_in_minute;
}

void tf_failures_add(tf_failures *failures, int64_t now) {
    if (failures->count == 0 || now - failures->from > FAILURE_MINUTES * tf_sign_in_minute) {
        failures->count = 0;
        failures->from = now;
    } else if (now < failures->from) {
        failures->from = now;
    }
    failures->count++;
    if (failures->count >= MOST_FAILURES) {
        *failures = (tf_failures){.refused_until = now + FAILURE_MINUTES * tf_sign_in_minute};
    }
}

tf_status tf_sign_in_put_failures(tf_db *db, int64_t account_id, const tf_known_device *device,
                                  const tf_failures *failures, tf_error *error) {
    int64_t numbers[] = {failures->count, failures->from, failures->refused_until, account_id};
    if (device->is_known) {
        return tf_rows_change_by_key(db,
                                     "UPDATE known_device SET failed_count = ?2, failed_from = ?3,"
                                     " refused_until = ?4 WHERE key = ?1 AND account_id = ?5",
                                     device->key, numbers, 4, error);
    }
    return tf_rows_change(db,
                          "UPDATE account SET failed_count = ?1, failed_from = ?2,"
                          " unknown_refused_until = ?3 WHERE id = ?4",
                          numbers, 4, error);
}

/* ---- the account ---- */

#define SELECT_SIGN_IN                                                                             \
    "SELECT " TF_PROVEN_ACCOUNT ","                                                                \
    " coalesce(o.started_on, ?2) <= ?2 AND coalesce(o.ended_on, ?2) >= ?2, o.name,"                \
    " a.locked_secret_key, a.pending_code_seed, a.last_code_step,"                                 \
    " a.failed_count, a.failed_from, a.unknown_refused_until"                                      \
    " FROM account AS a JOIN organisation AS o ON o.id = a.organisation_id "
enum {
    IS_ON = TF_PROVEN_ACCOUNT_COUNT,
    ORGANISATION_NAME,
    LOCKED_KEY,
    PENDING_SEED,
    LAST_STEP,
    FAILED_COUNT,
    FAILED_FROM,
    REFUSED_UNTIL
};

/* A column of exactly `size` bytes; false for another length. */
static bool take_bytes(tf_statement *statement, int column, void *bytes_out, size_t size) {
    size_t length = 0;
    const void *bytes = tf_column_at_bytes(statement, column, &length);
    if (!bytes || length != size) {
        return false;
    }
    memcpy(bytes_out, bytes, size);
    return true;
}

static void take_text(tf_statement *statement, int column, char *text_out, size_t size) {
    tf_text text = tf_column_at_text(statement, column);
    size_t length = text.length < size - 1 ? text.length : size - 1;
    if (length) {
        memcpy(text_out, text.data, length);
    }
    text_out[length] = '\0';
}

/* What the proof is about; without it the account is one that nobody can sign in to. */
static void take_proven(const tf_access_rules *rules, tf_statement *statement,
                        tf_sign_in_account *account_out) {
    tf_sign_in_account *account = account_out;
    account->organisation_id = tf_column_at_int(statement, TF_PROVEN_ORGANISATION);
    (void)tf_account_state_read(tf_column_at_text(statement, TF_PROVEN_STATE), &account->state);
    account->roles = tf_account_roles_stored(rules, tf_column_at_text(statement, TF_PROVEN_ROLES));
    take_text(statement, TF_PROVEN_NAME, account->name, sizeof account->name);
    take_text(statement, TF_PROVEN_EMAIL, account->email, sizeof account->email);
    account->has_passphrase =
        take_bytes(statement, TF_PROVEN_SALT, account->salt, TF_SALT_SIZE) &&
        take_bytes(statement, TF_PROVEN_VERIFIER, account->verifier, TF_KEY_SIZE) &&
        take_bytes(statement, LOCKED_KEY, account->locked_secret_key, TF_LOCKED_KEY_SIZE);
    account->cost =
        (tf_passphrase_cost){.passes = tf_column_at_int(statement, TF_PROVEN_PASSES),
                             .memory_bytes = tf_column_at_int(statement, TF_PROVEN_MEMORY)};
    account->key_generation = tf_column_at_int(statement, TF_PROVEN_GENERATION);
    account->has_codes =
        take_bytes(statement, TF_PROVEN_CODE_SEED, account->code_seed, TF_LOCKED_SEED_SIZE);
    account->has_pending_codes =
        take_bytes(statement, PENDING_SEED, account->pending_code_seed, TF_LOCKED_SEED_SIZE);
}

static void take_account(const tf_access *access, tf_statement *statement,
                         tf_sign_in_account *account_out) {
    tf_sign_in_account *account = account_out;
    account->id = tf_column_at_int(statement, TF_PROVEN_ID);
    account->state = TF_ACCOUNT_CLOSED;
    account->is_proven =
        tf_proof_holds(tf_access_key(access), "account", statement, 0, TF_PROVEN_ACCOUNT_COUNT);
    if (account->is_proven) {
        take_proven(tf_access_get_rules(access), statement, account);
    }
    account->is_organisation_on = tf_column_at_int(statement, IS_ON) != 0;
    take_text(statement, ORGANISATION_NAME, account->organisation, sizeof account->organisation);
    account->last_code_step = tf_column_at_int(statement, LAST_STEP);
    account->failures = (tf_failures){.count = tf_column_at_int(statement, FAILED_COUNT),
                                      .from = tf_column_at_int(statement, FAILED_FROM),
                                      .refused_until = tf_column_at_int(statement, REFUSED_UNTIL)};
}

tf_status tf_sign_in_read_account(tf_access *access, tf_text email, int64_t id, int64_t now,
                                  tf_sign_in_account *account_out, tf_error *error) {
    *account_out = (tf_sign_in_account){.id = 0};
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status =
        tf_db_prepare(tf_access_db(access),
                      email.data ? SELECT_SIGN_IN "WHERE a.email = ?1 AND a.state <> 'closed'"
                                 : SELECT_SIGN_IN "WHERE a.id = ?1",
                      &statement, error);
    if (!status) {
        if (email.data) {
            tf_bind_text(statement, 1, email);
        } else {
            tf_bind_int(statement, 1, id);
        }
        tf_bind_int(statement, 2, now / TF_MICROSECONDS_A_DAY);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        take_account(access, statement, account_out);
    }
    tf_statement_free(statement);
    return status;
}

tf_actor tf_sign_in_actor(const tf_sign_in_account *account) {
    return (tf_actor){
        .account_id = account->id,
        .organisation_id = account->organisation_id,
        .roles = account->roles,
        .name = account->name,
    };
}

tf_sign_in_stage tf_sign_in_first_stage(tf_access *access, const tf_sign_in_account *account) {
    if (account->has_codes) {
        return TF_STAGE_CODE;
    }
    return tf_account_needs_code(tf_access_get_rules(access), account->roles) ? TF_STAGE_SET_UP
                                                                              : TF_STAGE_FULL;
}

tf_status tf_sign_in_cost(tf_db *db, tf_passphrase_cost *cost_out, tf_error *error) {
    *cost_out = tf_passphrase_cost_default;
    int64_t kib = 0;
    tf_status status = tf_setting_value(db, "passphrase-passes", &cost_out->passes, error);
    if (!status) {
        status = tf_setting_value(db, "passphrase-memory-kib", &kib, error);
    }
    cost_out->memory_bytes = kib * 1024;
    return status;
}

/* A number that only this site can tell for the e-mail, whatever the case of its letters. */
static uint64_t number_of_email(const tf_access *access, tf_text email) {
    uint8_t key[TF_KEY_SIZE], hash[TF_HASH_SIZE];
    char lower[TF_ACCOUNT_EMAIL_MOST];
    size_t length = email.length < sizeof lower ? email.length : sizeof lower;
    for (size_t i = 0; i < length; i++) {
        char c = email.data[i];
        lower[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    tf_secret_derive(tf_access_key(access)->vault_key, "cost of nobody", key);
    tf_secret_hash(key, lower, length, hash);
    tf_secret_forget(key, sizeof key);
    uint64_t number;
    memcpy(&number, hash, sizeof number);
    return number;
}

tf_status tf_sign_in_cost_of_nobody(tf_access *access, tf_text email, tf_passphrase_cost *cost_out,
                                    tf_error *error) {
    tf_db *db = tf_access_db(access);
    int64_t count = 0;
    tf_status status = tf_sign_in_cost(db, cost_out, error);
    if (!status) {
        status = tf_rows_number(db, "SELECT count(*) FROM account WHERE verifier IS NOT NULL", NULL,
                                0, 0, &count, error);
    }
    if (status || count == 0) {
        return status;
    }
    tf_statement *statement = NULL;
    bool has_row = false;
    status = tf_db_prepare(db,
                           "SELECT passes, memory_bytes FROM account WHERE verifier IS NOT NULL"
                           " ORDER BY id LIMIT 1 OFFSET ?1",
                           &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, (int64_t)(number_of_email(access, email) % (uint64_t)count));
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        *cost_out = (tf_passphrase_cost){.passes = tf_column_at_int(statement, 0),
                                         .memory_bytes = tf_column_at_int(statement, 1)};
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_sign_in_put_passphrase(tf_access *access, int64_t id, const uint8_t salt[TF_SALT_SIZE],
                                    tf_passphrase_cost cost, const uint8_t verifier[TF_KEY_SIZE],
                                    const uint8_t lock[TF_KEY_SIZE],
                                    const uint8_t secret_key[TF_KEY_SIZE], tf_error *error) {
    char about[TF_ABOUT_SIZE];
    tf_buffer locked;
    tf_buffer_init(&locked);
    tf_secret_lock(lock, tf_sign_in_about("secret key", id, about),
                   (tf_text){(const char *)secret_key, TF_KEY_SIZE}, &locked);
    tf_statement *statement = NULL;
    tf_status status = tf_buffer_check(&locked, error);
    if (!status) {
        status = tf_db_prepare(tf_access_db(access),
                               "UPDATE account SET salt = ?2, passes = ?3, memory_bytes = ?4,"
                               " verifier = ?5, locked_secret_key = ?6 WHERE id = ?1",
                               &statement, error);
    }
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_bytes(statement, 2, salt, TF_SALT_SIZE);
        tf_bind_int(statement, 3, cost.passes);
        tf_bind_int(statement, 4, cost.memory_bytes);
        tf_bind_bytes(statement, 5, verifier, TF_KEY_SIZE);
        tf_bind_bytes(statement, 6, locked.data, locked.length);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&locked);
    return status ? status : tf_proof_of_account(access, id, error);
}

/* ---- known devices ---- */

tf_status tf_sign_in_read_device_by_key(tf_db *db, const uint8_t key[TF_KEY_SIZE],
                                        int64_t account_id, int64_t now,
                                        tf_known_device *device_out, tf_error *error) {
    *device_out = (tf_known_device){.is_known = false};
    memcpy(device_out->key, key, TF_KEY_SIZE);
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "SELECT failed_count, failed_from, refused_until"
                                     " FROM known_device WHERE key = ?1 AND account_id = ?2"
                                     " AND ends_at > ?3",
                                     &statement, error);
    if (!status) {
        tf_bind_bytes(statement, 1, key, TF_KEY_SIZE);
        tf_bind_int(statement, 2, account_id);
        tf_bind_int(statement, 3, now);
        status = tf_statement_step(statement, &device_out->is_known, error);
    }
    if (!status && device_out->is_known) {
        device_out->failures = (tf_failures){.count = tf_column_at_int(statement, 0),
                                             .from = tf_column_at_int(statement, 1),
                                             .refused_until = tf_column_at_int(statement, 2)};
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_sign_in_read_device(tf_db *db, tf_text token, int64_t account_id, int64_t now,
                                 tf_known_device *device_out, tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    *device_out = (tf_known_device){.is_known = false};
    return tf_token_key(token, "device", key)
               ? tf_sign_in_read_device_by_key(db, key, account_id, now, device_out, error)
               : TF_OK;
}

tf_status tf_sign_in_put_device(tf_db *db, int64_t account_id, const tf_known_device *old,
                                int64_t now, char token_out[TF_TOKEN_TEXT_SIZE], tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    tf_token_new(token_out);
    (void)tf_token_key(tf_text_of(token_out), "device", key);
    tf_status status = TF_OK;
    if (old->is_known) {
        status = tf_rows_change_by_key(db, "DELETE FROM known_device WHERE key = ?1", old->key,
                                       NULL, 0, error);
    }
    int64_t numbers[] = {account_id, now, now + DEVICE_DAYS * TF_MICROSECONDS_A_DAY};
    if (!status) {
        status = tf_rows_change_by_key(db,
                                       "INSERT INTO known_device (key, account_id, created_at,"
                                       " ends_at) VALUES (?1, ?2, ?3, ?4)",
                                       key, numbers, 3, error);
    }
    int64_t bounds[] = {account_id, MOST_DEVICES};
    return status ? status
                  : tf_rows_change(db,
                                   "DELETE FROM known_device WHERE account_id = ?1 AND key NOT IN"
                                   " (SELECT key FROM known_device WHERE account_id = ?1"
                                   " ORDER BY created_at DESC LIMIT ?2)",
                                   bounds, 2, error);
}

tf_status tf_sign_in_complete(tf_access *access, const tf_sign_in_account *account,
                              const tf_known_device *device, int64_t now,
                              tf_signed_in *signed_in_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    int64_t numbers[] = {account->id, now};
    tf_status status =
        tf_rows_change(db, "UPDATE account SET signed_in_at = ?2 WHERE id = ?1", numbers, 2, error);
    /* What strangers count against the account is theirs; the device's own count starts anew. */
    if (!status && !device->is_known) {
        status = tf_sign_in_put_failures(db, account->id, device, &(tf_failures){0}, error);
    }
    return status
               ? status
               : tf_sign_in_put_device(db, account->id, device, now, signed_in_out->device, error);
}
