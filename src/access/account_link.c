/* Links that are given to somebody and work once. */
#include "account_internal.h"
#include "proof_internal.h"

#include "trefoil/base/date.h"

static const struct {
    const char *name;
    const char *path;
    int hours;
} kinds[TF_ACCOUNT_LINK_KIND_COUNT] = {
    [TF_ACCOUNT_LINK_INVITATION] = {"invitation", "/invitation/", 7 * 24},
    [TF_ACCOUNT_LINK_RESET] = {"reset", "/reset/", 24},
    [TF_ACCOUNT_LINK_DEVICE] = {"device", "/device/", 24},
};

const char *tf_account_link_path(tf_account_link_kind kind) {
    return kinds[kind].path;
}

const char *tf_account_link_name(tf_account_link_kind kind) {
    return kinds[kind].name;
}

tf_status tf_account_link_put(tf_access *access, int64_t account_id, tf_account_link_kind kind,
                              int64_t now, char token_out[TF_TOKEN_TEXT_SIZE], tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    tf_token_new(token_out);
    (void)tf_token_key(tf_text_of(token_out), kinds[kind].name, key);
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(tf_access_db(access),
                                     "INSERT OR REPLACE INTO account_link"
                                     " (key, account_id, kind, ends_at) VALUES (?1, ?2, ?3, ?4)",
                                     &statement, error);
    if (!status) {
        tf_bind_bytes(statement, 1, key, sizeof key);
        tf_bind_int(statement, 2, account_id);
        tf_bind_text(statement, 3, tf_text_of(kinds[kind].name));
        tf_bind_int(statement, 4, now + kinds[kind].hours * TF_MICROSECONDS_AN_HOUR);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status ? status : tf_proof_of_link(access, key, error);
}

static tf_status fail_not_found(tf_error *error) {
    return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                   "this link does not work any more: it was used, or is too old; ask an "
                   "administrator of your partnership for a new one");
}

tf_status tf_account_link_find(tf_access *access, tf_account_link_kind kind, tf_text token,
                               int64_t now, int64_t *account_id_out, tf_error *error) {
    *account_id_out = 0;
    uint8_t key[TF_KEY_SIZE];
    if (!tf_token_key(token, kinds[kind].name, key)) {
        return fail_not_found(error);
    }
    /* A link is never older than it can be: a clock that went backwards does not prolong it. */
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(tf_access_db(access),
                                     "SELECT " TF_PROVEN_LINK " FROM account_link WHERE key = ?1"
                                     " AND kind = ?2 AND ends_at > ?3 AND ends_at <= ?4",
                                     &statement, error);
    if (!status) {
        tf_bind_bytes(statement, 1, key, sizeof key);
        tf_bind_text(statement, 2, tf_text_of(kinds[kind].name));
        tf_bind_int(statement, 3, now);
        tf_bind_int(statement, 4, now + (kinds[kind].hours + 1) * TF_MICROSECONDS_AN_HOUR);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row &&
        tf_proof_holds(tf_access_key(access), "account_link", statement, 0, TF_PROVEN_LINK_COUNT)) {
        *account_id_out = tf_column_at_int(statement, 1);
    } else if (!status) {
        status = fail_not_found(error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_account_link_use(tf_db *db, tf_account_link_kind kind, tf_text token, int64_t now,
                              tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    if (!tf_token_key(token, kinds[kind].name, key)) {
        return fail_not_found(error);
    }
    tf_status status = tf_rows_change_by_key(
        db, "DELETE FROM account_link WHERE key = ?1 AND ends_at > ?2", key, &now, 1, error);
    return !status && tf_db_changes(db) != 1 ? fail_not_found(error) : status;
}
