/* Accounts: inviting and changing them. */
#include "account_internal.h"
#include "proof_internal.h"
#include "reader_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

/* ---- what may be written ---- */

static bool is_email(tf_text text) {
    const char *at = text.data ? memchr(text.data, '@', text.length) : NULL;
    if (!at || at == text.data || text.length > TF_ACCOUNT_EMAIL_MOST) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c <= ' ' || c >= 0x7f || strchr("\"(),:;<>[\\]", c)) {
            return false;
        }
    }
    tf_text domain = {at + 1, text.length - (size_t)(at + 1 - text.data)};
    return domain.length && !memchr(domain.data, '@', domain.length) && domain.data[0] != '.' &&
           domain.data[domain.length - 1] != '.';
}

static tf_status check_roles(const tf_access_rules *rules, uint32_t roles, tf_error *error) {
    bool is_known = rules->role_count == 32 || roles < UINT32_C(1) << rules->role_count;
    return roles && is_known ? TF_OK
                             : tf_fail(error, TF_BAD_INPUT, "roles", 0,
                                       "give the account one role at least; without any it could "
                                       "do nothing that the public cannot");
}

static tf_status check_invitation(tf_access *access, const tf_invitation *invitation,
                                  tf_error *error) {
    if (!tf_rows_is_line(tf_text_of(invitation->name), TF_ACCOUNT_NAME_MOST)) {
        return tf_fail(error, TF_BAD_INPUT, "name", 0,
                       "give the name of the person in at most %d characters on one line",
                       TF_ACCOUNT_NAME_MOST);
    }
    if (!is_email(tf_text_trim(tf_text_of(invitation->email)))) {
        return tf_fail(error, TF_BAD_INPUT, "email", 0,
                       "give an e-mail address in the usual form, such as asha@example.org");
    }
    return check_roles(tf_access_get_rules(access), invitation->roles, error);
}

static tf_status check_email_is_free(tf_db *db, tf_text email, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(
        db, "SELECT 1 FROM account WHERE email = ?1 AND state <> 'closed'", &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, email);
        status = tf_statement_step(statement, &has_row, error);
    }
    tf_statement_free(statement);
    return !status && has_row
               ? tf_fail(error, TF_BAD_INPUT, "email", 0,
                         "%.*s has an account already; change its roles, or close it first",
                         TF_TEXT_ARG(email))
               : status;
}

/* The organisation must be there at `now`. */
static tf_status check_organisation(tf_db *db, int64_t id, int64_t now, tf_error *error) {
    int64_t ended_on = 0;
    tf_status status = tf_rows_number(
        db, "SELECT coalesce(ended_on, 9223372036854775807) FROM organisation WHERE id = ?1", &id,
        1, INT64_MIN, &ended_on, error);
    if (!status && ended_on == INT64_MIN) {
        return tf_fail(error, TF_NOT_FOUND, "organisation", 0, "there is no organisation %lld",
                       (long long)id);
    }
    if (!status && ended_on < now / TF_MICROSECONDS_A_DAY) {
        return tf_fail(error, TF_BAD_INPUT, "organisation", 0,
                       "the organisation has ended; invite the person for its successor");
    }
    return status;
}

/* ---- the way in ---- */

static tf_status enter(tf_access *access, const tf_actor *actor, tf_action action, int64_t id,
                       int64_t organisation_id, const char *detail, tf_error *error) {
    tf_object object = {
        .category = tf_access_category_of(access, "account"),
        .id = id,
        .organisation_id = organisation_id,
    };
    tf_audit_note note = {.detail = detail};
    return tf_access_enter(access, actor, action, &object, NULL, &note, NULL, error);
}

/* Refuse to change, and so to prove, what this program has not written. */
static tf_status check_proven(tf_access *access, int64_t id, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(
        tf_access_db(access), "SELECT " TF_PROVEN_ACCOUNT " FROM account AS a WHERE a.id = ?1",
        &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && !(has_row && tf_proof_holds(tf_access_key(access), "account", statement, 0,
                                               TF_PROVEN_ACCOUNT_COUNT))) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "account %lld was not written by this program, so nobody can use it; "
                         "close it and invite the person anew",
                         (long long)id);
    }
    tf_statement_free(statement);
    return status;
}

/* Begin to change an account that is there, and that is not the actor's own. */
static tf_status begin_change(tf_access *access, const tf_actor *actor, int64_t id,
                              const char *detail, tf_account_state *state_out, tf_error *error) {
    int64_t organisation_id = 0;
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_account_place(tf_access_db(access), id, &organisation_id, state_out, error);
    }
    if (!status && actor->account_id == id) {
        tf_audit_note note = {
            .action = tf_action_name(TF_ACTION_ALTER),
            .category = "account",
            .object_id = id,
            .outcome = TF_OUTCOME_REFUSED,
            .detail = "the own account",
        };
        status = tf_access_note(access, actor, &note, error);
        status = status ? status
                        : tf_fail(error, TF_REFUSED, NULL, 0,
                                  "nobody changes the roles or the state of their own account; "
                                  "ask another administrator");
    }
    if (!status) {
        status = enter(access, actor, TF_ACTION_ALTER, id, organisation_id, detail, error);
    }
    return status;
}

/* ---- inviting ---- */

static tf_status put_roles(tf_access *access, int64_t id, uint32_t roles, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    tf_db *db = tf_access_db(access);
    tf_statement *statement = NULL;
    tf_status status =
        tf_rows_change(db, "DELETE FROM account_role WHERE account_id = ?1", &id, 1, error);
    if (!status) {
        status = tf_db_prepare(db, "INSERT INTO account_role (account_id, role) VALUES (?1, ?2)",
                               &statement, error);
    }
    for (size_t i = 0; !status && i < rules->role_count; i++) {
        if (roles & UINT32_C(1) << i) {
            tf_bind_int(statement, 1, id);
            tf_bind_text(statement, 2, tf_text_of(rules->roles[i].name));
            status = tf_statement_run(statement, error);
        }
    }
    tf_statement_free(statement);
    return status ? status : tf_proof_of_account(access, id, error);
}

static tf_status insert(tf_db *db, const tf_invitation *invitation, int64_t id, int64_t now,
                        tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(db,
                      "INSERT INTO account (id, organisation_id, name, email, state, created_at)"
                      " VALUES (?1, ?2, ?3, ?4, 'invited', ?5)",
                      &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, invitation->organisation_id);
        tf_bind_text(statement, 3, tf_text_trim(tf_text_of(invitation->name)));
        tf_bind_text(statement, 4, tf_text_trim(tf_text_of(invitation->email)));
        tf_bind_int(statement, 5, now);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* "roles: analyst, auditor" */
static void name_roles(const tf_access_rules *rules, uint32_t roles, tf_buffer *out) {
    const char *between = "roles: ";
    for (size_t i = 0; i < rules->role_count; i++) {
        if (roles & UINT32_C(1) << i) {
            tf_buffer_format(out, "%s%s", between, rules->roles[i].name);
            between = ", ";
        }
    }
}

tf_status tf_account_invite(tf_access *access, const tf_actor *actor,
                            const tf_invitation *invitation, int64_t now, int64_t *id_out,
                            char token_out[TF_TOKEN_TEXT_SIZE], tf_error *error) {
    tf_db *db = tf_access_db(access);
    int64_t id = 0;
    *id_out = 0;
    tf_status status = check_invitation(access, invitation, error);
    if (status) {
        return status;
    }
    tf_buffer detail;
    tf_buffer_init(&detail);
    name_roles(tf_access_get_rules(access), invitation->roles, &detail);
    status = tf_buffer_check(&detail, error);
    if (!status) {
        status = tf_access_begin_durable(access, error);
    }
    if (!status) {
        status = tf_rows_number(db, "SELECT max(id) + 1 FROM account", NULL, 0, 1, &id, error);
    }
    if (!status) {
        status = enter(access, actor, TF_ACTION_COLLECT, id, invitation->organisation_id,
                       detail.data, error);
    }
    if (!status) {
        status = check_organisation(db, invitation->organisation_id, now, error);
    }
    if (!status) {
        status = check_email_is_free(db, tf_text_trim(tf_text_of(invitation->email)), error);
    }
    if (!status) {
        status = insert(db, invitation, id, now, error);
    }
    if (!status) {
        status = put_roles(access, id, invitation->roles, error);
    }
    if (!status) {
        status = tf_account_link_put(access, id, TF_ACCOUNT_LINK_INVITATION, now, token_out, error);
    }
    tf_buffer_deinit(&detail);
    *id_out = id;
    return tf_access_end(access, status, error);
}

tf_status tf_account_make_link(tf_access *access, const tf_actor *actor, int64_t id,
                               tf_account_link_kind kind, int64_t now,
                               tf_account_link_kind *kind_out, char token_out[TF_TOKEN_TEXT_SIZE],
                               tf_error *error) {
    char detail[40];
    tf_account_state state;
    snprintf(detail, sizeof detail, "link: %s", tf_account_link_name(kind));
    tf_status status = begin_change(access, actor, id, detail, &state, error);
    if (!status) {
        status = check_proven(access, id, error);
    }
    if (!status && state != TF_ACCOUNT_INVITED && state != TF_ACCOUNT_ACTIVE) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "the account is %s, so no link would work; resume it or invite the person "
                         "anew",
                         tf_account_state_name(state));
    }
    if (!status) {
        kind = state == TF_ACCOUNT_INVITED          ? TF_ACCOUNT_LINK_INVITATION
               : kind == TF_ACCOUNT_LINK_INVITATION ? TF_ACCOUNT_LINK_RESET
                                                    : kind;
        *kind_out = kind;
        status = tf_account_link_put(access, id, kind, now, token_out, error);
    }
    return tf_access_end(access, status, error);
}

/* ---- changing ---- */

tf_status tf_account_end_sessions(tf_db *db, int64_t id, tf_error *error) {
    return tf_rows_change(db, "DELETE FROM session WHERE account_id = ?1", &id, 1, error);
}

tf_status tf_account_end_all(tf_db *db, int64_t id, tf_error *error) {
    tf_status status = tf_account_end_sessions(db, id, error);
    if (!status) {
        status =
            tf_rows_change(db, "DELETE FROM known_device WHERE account_id = ?1", &id, 1, error);
    }
    return status ? status
                  : tf_rows_change(db, "DELETE FROM account_link WHERE account_id = ?1", &id, 1,
                                   error);
}

static bool may_administer(const tf_access_rules *rules, int account, uint32_t roles) {
    for (size_t i = 0; i < rules->role_count; i++) {
        if ((roles & UINT32_C(1) << i) &&
            rules->roles[i].grants[account][TF_ACTION_ALTER].reach != TF_REACH_NONE) {
            return true;
        }
    }
    return false;
}

/* Those who can sign in and change accounts. */
static tf_status count_administrators(tf_access *access, int64_t *count_out, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    int account = tf_access_category_of(access, "account");
    tf_statement *statement = NULL;
    bool has_row = false;
    *count_out = 0;
    tf_status status =
        tf_db_prepare(tf_access_db(access),
                      "SELECT " TF_PROVEN_ACCOUNT " FROM account AS a WHERE a.state = 'active'",
                      &statement, error);
    while (!status && !(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        uint32_t roles =
            tf_account_roles_stored(rules, tf_column_at_text(statement, TF_PROVEN_ROLES));
        *count_out +=
            may_administer(rules, account, roles) &&
            tf_proof_holds(tf_access_key(access), "account", statement, 0, TF_PROVEN_ACCOUNT_COUNT);
    }
    tf_statement_free(statement);
    return status;
}

/* Refuse a change that takes away the last of those who there were `before`. */
static tf_status check_administrators(tf_access *access, int64_t before, tf_error *error) {
    int64_t after = 0;
    tf_status status = count_administrators(access, &after, error);
    return !status && before && after == 0
               ? tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "this is the only active administrator, and without one nobody could let "
                         "others in or keep them out; make somebody else an administrator first")
               : status;
}

tf_status tf_account_set_roles(tf_access *access, const tf_actor *actor, int64_t id, uint32_t roles,
                               tf_error *error) {
    tf_status status = check_roles(tf_access_get_rules(access), roles, error);
    if (status) {
        return status;
    }
    tf_account_state state;
    tf_buffer detail;
    tf_buffer_init(&detail);
    name_roles(tf_access_get_rules(access), roles, &detail);
    status = tf_buffer_check(&detail, error);
    if (!status) {
        status = begin_change(access, actor, id, detail.data, &state, error);
    }
    if (!status) {
        status = check_proven(access, id, error);
    }
    if (!status && state == TF_ACCOUNT_CLOSED) {
        status =
            tf_fail(error, TF_BAD_INPUT, NULL, 0, "the account is closed; invite the person anew");
    }
    int64_t administrators = 0;
    if (!status) {
        status = count_administrators(access, &administrators, error);
    }
    if (!status) {
        status = put_roles(access, id, roles, error);
    }
    if (!status) {
        status = check_administrators(access, administrators, error);
    }
    if (!status) {
        status = tf_reader_take_first(access, actor, id, error);
    }
    tf_buffer_deinit(&detail);
    return tf_access_end(access, status, error);
}

tf_status tf_account_remove_codes(tf_access *access, const tf_actor *actor, int64_t id,
                                  tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_account_state state;
    tf_status status = begin_change(access, actor, id, "one-time codes removed", &state, error);
    if (!status) {
        status = check_proven(access, id, error);
    }
    if (!status) {
        status = tf_rows_change(db,
                                "UPDATE account SET code_seed = NULL, pending_code_seed = NULL"
                                " WHERE id = ?1",
                                &id, 1, error);
    }
    if (!status) {
        status = tf_proof_of_account(access, id, error);
    }
    if (!status) {
        status =
            tf_rows_change(db, "DELETE FROM recovery_code WHERE account_id = ?1", &id, 1, error);
    }
    if (!status) {
        status = tf_account_end_sessions(db, id, error);
    }
    return tf_access_end(access, status, error);
}

/* Bring an account from one of two states into another by `sql`. */
static tf_status move(tf_access *access, const tf_actor *actor, int64_t id, const char *detail,
                      uint32_t from_states, bool is_closing, const char *sql, tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_account_state state;
    int64_t administrators = 0;
    tf_status status = begin_change(access, actor, id, detail, &state, error);
    if (!status && !is_closing) { /* an end is put to anything */
        status = check_proven(access, id, error);
    }
    if (!status && !(from_states & UINT32_C(1) << state)) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "the account is %s, so it cannot be %s",
                         tf_account_state_name(state), detail);
    }
    if (!status) {
        status = count_administrators(access, &administrators, error);
    }
    if (!status) {
        status = tf_rows_change(db, sql, &id, 1, error);
    }
    if (!status) {
        status = tf_proof_of_account(access, id, error);
    }
    if (!status) {
        status = check_administrators(access, administrators, error);
    }
    if (!status) {
        status = tf_account_end_all(db, id, error);
    }
    return tf_access_end(access, status, error);
}

enum {
    INVITED = 1 << TF_ACCOUNT_INVITED,
    ACTIVE = 1 << TF_ACCOUNT_ACTIVE,
    SUSPENDED = 1 << TF_ACCOUNT_SUSPENDED,
};

tf_status tf_account_suspend(tf_access *access, const tf_actor *actor, int64_t id,
                             tf_error *error) {
    return move(access, actor, id, "suspended", INVITED | ACTIVE, false,
                "UPDATE account SET state = 'suspended' WHERE id = ?1", error);
}

tf_status tf_account_resume(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error) {
    return move(access, actor, id, "resumed", SUSPENDED, false,
                "UPDATE account SET state = iif(verifier IS NULL, 'invited', 'active')"
                " WHERE id = ?1",
                error);
}

tf_status tf_account_close(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error) {
    return move(access, actor, id, "closed", INVITED | ACTIVE | SUSPENDED, true,
                "UPDATE account SET state = 'closed', salt = NULL, verifier = NULL,"
                " public_key = NULL, locked_secret_key = NULL, code_seed = NULL,"
                " pending_code_seed = NULL, external_subject = NULL WHERE id = ?1",
                error);
}
