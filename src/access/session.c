/* Sessions: the rows, and who a request comes from. */
#include "proof_internal.h"
#include "setting.h"
#include "sign_in_internal.h"

#include "trefoil/base/date.h"

enum {
    /* How far a clock may be set back before a session that it makes younger ends. */
    CLOCK_MINUTES = 5,
};

static const char *const stage_names[TF_STAGE_COUNT] = {
    [TF_STAGE_CODE] = "code",
    [TF_STAGE_SET_UP] = "set-up",
    [TF_STAGE_FULL] = "full",
};

static tf_sign_in_stage stage_of(tf_text name) {
    return tf_text_equal(name, tf_text_of("full"))     ? TF_STAGE_FULL
           : tf_text_equal(name, tf_text_of("set-up")) ? TF_STAGE_SET_UP
                                                       : TF_STAGE_CODE;
}

tf_status tf_session_fail(tf_error *error) {
    return tf_fail(error, TF_REFUSED, NULL, 0,
                   "you are not signed in, or no longer; sign in again");
}

/* ---- beginning, renewing, ending ---- */

/* Make a new token and what is stored for it. */
static tf_status make_token(int64_t account_id, const uint8_t secret_key[TF_KEY_SIZE],
                            char token_out[TF_TOKEN_TEXT_SIZE], uint8_t key_out[TF_KEY_SIZE],
                            tf_buffer *locked_out, tf_error *error) {
    char about[TF_ABOUT_SIZE];
    uint8_t unlock[TF_KEY_SIZE];
    tf_token_new(token_out);
    (void)tf_token_key(tf_text_of(token_out), "session", key_out);
    (void)tf_token_key(tf_text_of(token_out), "unlock", unlock);
    tf_secret_lock(unlock, tf_sign_in_about("session", account_id, about),
                   (tf_text){(const char *)secret_key, TF_KEY_SIZE}, locked_out);
    tf_secret_forget(unlock, sizeof unlock);
    return tf_buffer_check(locked_out, error);
}

tf_status tf_session_begin(tf_access *access, int64_t account_id, tf_sign_in_stage stage,
                           const tf_known_device *device, const uint8_t secret_key[TF_KEY_SIZE],
                           int64_t now, tf_signed_in *signed_in_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    uint8_t key[TF_KEY_SIZE];
    int64_t idle_minutes = 0, hours = 0;
    tf_buffer locked;
    tf_buffer_init(&locked);
    tf_statement *statement = NULL;
    signed_in_out->stage = stage;
    tf_status status = tf_setting_value(db, "session-idle-minutes", &idle_minutes, error);
    if (!status) {
        status = tf_setting_value(db, "session-hours", &hours, error);
    }
    if (!status) {
        status = make_token(account_id, secret_key, signed_in_out->token, key, &locked, error);
    }
    if (!status) {
        status = tf_db_prepare(db,
                               "INSERT INTO session (key, account_id, stage, device_key,"
                               " started_at, seen_at, idle_limit, ends_at, locked_secret_key)"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8)",
                               &statement, error);
    }
    if (!status) {
        tf_bind_bytes(statement, 1, key, sizeof key);
        tf_bind_int(statement, 2, account_id);
        tf_bind_text(statement, 3, tf_text_of(stage_names[stage]));
        tf_bind_bytes(statement, 4, device->is_known ? device->key : NULL, TF_KEY_SIZE);
        tf_bind_int(statement, 5, now);
        tf_bind_int(statement, 6, idle_minutes * tf_sign_in_minute);
        tf_bind_int(statement, 7, now + hours * 60 * tf_sign_in_minute);
        tf_bind_bytes(statement, 8, locked.data, locked.length);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&locked);
    return status ? status : tf_proof_of_session(access, key, error);
}

bool tf_session_secret_key(const tf_session_row *row, tf_text token,
                           uint8_t secret_key_out[TF_KEY_SIZE]) {
    char about[TF_ABOUT_SIZE];
    uint8_t unlock[TF_KEY_SIZE];
    tf_buffer plain;
    tf_buffer_init(&plain);
    bool is_open =
        tf_token_key(token, "unlock", unlock) &&
        tf_secret_unlock(unlock, tf_sign_in_about("session", row->account_id, about),
                         (tf_text){(const char *)row->locked_secret_key, TF_LOCKED_KEY_SIZE},
                         &plain) &&
        plain.length == TF_KEY_SIZE;
    if (is_open) {
        memcpy(secret_key_out, plain.data, TF_KEY_SIZE);
    }
    if (plain.data) {
        tf_secret_forget(plain.data, plain.capacity);
    }
    tf_secret_forget(unlock, sizeof unlock);
    tf_buffer_deinit(&plain);
    return is_open;
}

tf_status tf_session_renew(tf_access *access, const tf_session_row *row, tf_text token,
                           tf_sign_in_stage stage, tf_signed_in *signed_in_out, tf_error *error) {
    uint8_t secret_key[TF_KEY_SIZE], key[TF_KEY_SIZE];
    if (!tf_session_secret_key(row, token, secret_key)) {
        return tf_session_fail(error);
    }
    tf_buffer locked;
    tf_buffer_init(&locked);
    tf_statement *statement = NULL;
    signed_in_out->stage = stage;
    tf_status status =
        make_token(row->account_id, secret_key, signed_in_out->token, key, &locked, error);
    tf_secret_forget(secret_key, sizeof secret_key);
    if (!status) {
        status = tf_db_prepare(tf_access_db(access),
                               "UPDATE session SET key = ?2, stage = ?3, locked_secret_key = ?4,"
                               " failed_codes = 0 WHERE key = ?1",
                               &statement, error);
    }
    if (!status) {
        tf_bind_bytes(statement, 1, row->key, TF_KEY_SIZE);
        tf_bind_bytes(statement, 2, key, TF_KEY_SIZE);
        tf_bind_text(statement, 3, tf_text_of(stage_names[stage]));
        tf_bind_bytes(statement, 4, locked.data, locked.length);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&locked);
    return status ? status : tf_proof_of_session(access, key, error);
}

tf_status tf_session_end(tf_db *db, const uint8_t key[TF_KEY_SIZE], tf_error *error) {
    return tf_rows_change_by_key(db, "DELETE FROM session WHERE key = ?1", key, NULL, 0, error);
}

/* ---- reading ---- */

bool tf_session_is_on(const tf_session_row *row, int64_t now) {
    return now < row->ends_at && now - row->seen_at < row->idle_limit &&
           row->seen_at - now <= CLOCK_MINUTES * tf_sign_in_minute;
}

#define SESSION_COLUMNS TF_PROVEN_SESSION ", s.seen_at, s.failed_codes, s.locked_secret_key"
enum { SEEN_AT = TF_PROVEN_SESSION_COUNT, FAILED_CODES, LOCKED_KEY, SESSION_COLUMN_COUNT };

/* False, and a row of nobody, for one that this program has not written. */
static bool take_row(const tf_access *access, tf_statement *statement, tf_session_row *row_out) {
    enum { ACCOUNT_ID = 1, STAGE, DEVICE_KEY, STARTED_AT, IDLE_LIMIT, ENDS_AT };
    if (!tf_proof_holds(tf_access_key(access), "session", statement, 0, TF_PROVEN_SESSION_COUNT)) {
        return false;
    }
    row_out->account_id = tf_column_at_int(statement, ACCOUNT_ID);
    row_out->stage = stage_of(tf_column_at_text(statement, STAGE));
    row_out->has_device = tf_rows_key(statement, DEVICE_KEY, row_out->device_key);
    row_out->started_at = tf_column_at_int(statement, STARTED_AT);
    row_out->seen_at = tf_column_at_int(statement, SEEN_AT);
    row_out->idle_limit = tf_column_at_int(statement, IDLE_LIMIT);
    row_out->ends_at = tf_column_at_int(statement, ENDS_AT);
    row_out->failed_codes = tf_column_at_int(statement, FAILED_CODES);
    size_t length = 0;
    const void *locked = tf_column_at_bytes(statement, LOCKED_KEY, &length);
    if (locked && length == TF_LOCKED_KEY_SIZE) {
        memcpy(row_out->locked_secret_key, locked, TF_LOCKED_KEY_SIZE);
    }
    return true;
}

/* What a session may do follows from its account as it is now: a role that asks for a code counts
 * from the moment it was given. */
static tf_sign_in_stage stage_now(const tf_access_rules *rules, tf_sign_in_stage stage,
                                  uint32_t roles, bool has_codes) {
    bool lacks_codes = stage == TF_STAGE_FULL && !has_codes && tf_account_needs_code(rules, roles);
    return lacks_codes ? TF_STAGE_SET_UP : stage;
}

tf_status tf_session_find(tf_access *access, tf_text token, uint32_t stages, int64_t now,
                          tf_session_row *row_out, tf_sign_in_account *account_out,
                          tf_error *error) {
    *row_out = (tf_session_row){.account_id = 0};
    *account_out = (tf_sign_in_account){.id = 0};
    if (!tf_token_key(token, "session", row_out->key)) {
        return tf_session_fail(error);
    }
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(
        tf_access_db(access), "SELECT " SESSION_COLUMNS " FROM session AS s WHERE s.key = ?1",
        &statement, error);
    if (!status) {
        tf_bind_bytes(statement, 1, row_out->key, TF_KEY_SIZE);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status &&
        (!has_row || !take_row(access, statement, row_out) || !tf_session_is_on(row_out, now))) {
        status = tf_session_fail(error);
    }
    tf_statement_free(statement);
    if (!status) {
        status = tf_sign_in_read_account(access, (tf_text){0}, row_out->account_id, now,
                                         account_out, error);
    }
    if (status) {
        return status;
    }
    row_out->stage = stage_now(tf_access_get_rules(access), row_out->stage, account_out->roles,
                               account_out->has_codes);
    bool is_good = account_out->state == TF_ACCOUNT_ACTIVE && account_out->is_organisation_on &&
                   (stages & UINT32_C(1) << row_out->stage);
    return is_good ? TF_OK : tf_session_fail(error);
}

/* ---- who sends a request ---- */

static void copy_text(tf_statement *statement, int column, char *text_out, size_t size) {
    tf_text text = tf_column_at_text(statement, column);
    size_t length = text.length < size - 1 ? text.length : size - 1;
    if (length) {
        memcpy(text_out, text.data, length);
    }
    text_out[length] = '\0';
}

static void take_session(const tf_access_rules *rules, tf_statement *statement,
                         const tf_session_row *row, tf_text token, tf_session *session_out) {
    enum { A = SESSION_COLUMN_COUNT, ORGANISATION = A + TF_PROVEN_ACCOUNT_COUNT };
    tf_session *session = session_out;
    uint32_t roles =
        tf_account_roles_stored(rules, tf_column_at_text(statement, A + TF_PROVEN_ROLES));
    copy_text(statement, A + TF_PROVEN_NAME, session->name, sizeof session->name);
    copy_text(statement, A + TF_PROVEN_EMAIL, session->email, sizeof session->email);
    copy_text(statement, ORGANISATION, session->organisation, sizeof session->organisation);
    session->stage = stage_now(rules, row->stage, roles,
                               !tf_column_at_is_null(statement, A + TF_PROVEN_CODE_SEED));
    session->started_at = row->started_at;
    session->ends_at = row->ends_at;
    session->actor.account_id = row->account_id;
    session->actor.organisation_id = tf_column_at_int(statement, A + TF_PROVEN_ORGANISATION);
    session->actor.name = session->name;
    if (session->stage == TF_STAGE_FULL) {
        session->actor.roles = roles;
        session->actor.can_open =
            tf_rows_key(statement, A + TF_PROVEN_PUBLIC_KEY, session->actor.public_key) &&
            tf_session_secret_key(row, token, session->actor.secret_key);
    }
    uint8_t form_key[TF_KEY_SIZE];
    (void)tf_token_key(token, "form", form_key);
    tf_hex_write(form_key, TF_KEY_SIZE, session->form_token);
}

static tf_status resolve(tf_access *access, tf_text token, int64_t now, tf_session_row *row,
                         tf_session *session_out, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status =
        tf_db_prepare(tf_access_db(access),
                      "SELECT " SESSION_COLUMNS ", " TF_PROVEN_ACCOUNT ", o.name"
                      " FROM session AS s JOIN account AS a ON a.id = s.account_id"
                      " JOIN organisation AS o ON o.id = a.organisation_id"
                      " WHERE s.key = ?1 AND a.state = 'active'"
                      " AND coalesce(o.started_on, ?2) <= ?2 AND coalesce(o.ended_on, ?2) >= ?2",
                      &statement, error);
    if (!status) {
        tf_bind_bytes(statement, 1, row->key, TF_KEY_SIZE);
        tf_bind_int(statement, 2, now / TF_MICROSECONDS_A_DAY);
        status = tf_statement_step(statement, &has_row, error);
    }
    bool is_on = false;
    if (!status && has_row) {
        is_on = take_row(access, statement, row) && tf_session_is_on(row, now) &&
                tf_proof_holds(tf_access_key(access), "account", statement, SESSION_COLUMN_COUNT,
                               TF_PROVEN_ACCOUNT_COUNT);
        if (is_on) {
            take_session(tf_access_get_rules(access), statement, row, token, session_out);
        }
    }
    tf_statement_free(statement);
    if (!status && has_row && !is_on) {
        /* For good, whatever the clock says next.  Where it cannot be written now, the next request
         * is refused as this one is. */
        (void)tf_session_end(tf_access_db(access), row->key, NULL);
    }
    return status || is_on ? status : tf_session_fail(error);
}

tf_status tf_sign_in_resolve(tf_access *access, tf_text token, int64_t now, tf_session *session_out,
                             tf_error *error) {
    *session_out = (tf_session){.stage = TF_STAGE_CODE};
    tf_session_row row = {.account_id = 0};
    if (!tf_token_key(token, "session", row.key)) {
        return tf_session_fail(error);
    }
    tf_status status = resolve(access, token, now, &row, session_out, error);
    if (!status && now - row.seen_at >= tf_sign_in_minute) {
        /* If it cannot be written, the session is idle for a little longer than it was. */
        (void)tf_rows_change_by_key(tf_access_db(access),
                                    "UPDATE session SET seen_at = ?2 WHERE key = ?1", row.key, &now,
                                    1, NULL);
    }
    return status;
}

void tf_session_forget(tf_session *session) {
    tf_secret_forget(session, sizeof *session);
}

/* ---- signing out ---- */

static tf_status sign_out(tf_access *access, tf_text token, bool everywhere, int64_t now,
                          tf_error *error) {
    enum { ANY = (1 << TF_STAGE_COUNT) - 1 };
    tf_db *db = tf_access_db(access);
    tf_session_row row;
    tf_sign_in_account account;
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status = tf_session_find(access, token, ANY, now, &row, &account, error);
    }
    if (!status) {
        status = everywhere ? tf_account_end_all(db, account.id, error)
                            : tf_session_end(db, row.key, error);
    }
    if (!status) {
        tf_actor actor = tf_sign_in_actor(&account);
        status = tf_sign_in_note(access, &actor, "sign-out", account.id, TF_OUTCOME_DONE,
                                 everywhere ? "everywhere" : NULL, error);
    }
    tf_secret_forget(&account, sizeof account);
    return tf_access_end(access, status, error);
}

tf_status tf_sign_out(tf_access *access, tf_text token, int64_t now, tf_error *error) {
    return sign_out(access, token, false, now, error);
}

tf_status tf_sign_out_everywhere(tf_access *access, tf_text token, int64_t now, tf_error *error) {
    return sign_out(access, token, true, now, error);
}

tf_status tf_sign_in_count_sessions(tf_access *access, int64_t account_id, int64_t now,
                                    int64_t *count_out, tf_error *error) {
    int64_t numbers[] = {account_id, now};
    return tf_rows_number(tf_access_db(access),
                          "SELECT count(*) FROM session WHERE account_id = ?1 AND ends_at > ?2"
                          " AND seen_at + idle_limit > ?2",
                          numbers, 2, 0, count_out, error);
}

tf_status tf_sign_in_sweep(tf_access *access, int64_t now, tf_error *error) {
    static const char *const statements[] = {
        "DELETE FROM session WHERE ends_at <= ?1 OR seen_at + idle_limit <= ?1",
        "DELETE FROM known_device WHERE ends_at <= ?1",
        "DELETE FROM account_link WHERE ends_at <= ?1",
    };
    tf_status status = tf_access_begin(access, error);
    for (size_t i = 0; !status && i < sizeof statements / sizeof *statements; i++) {
        status = tf_rows_change(tf_access_db(access), statements[i], &now, 1, error);
    }
    return tf_access_end(access, status, error);
}
