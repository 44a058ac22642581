/* Accounts: reading them, and their roles as bits. */
#include "account_internal.h"

#include "trefoil/base/date.h"

static const char *const state_names[TF_ACCOUNT_STATE_COUNT] = {
    [TF_ACCOUNT_INVITED] = "invited",
    [TF_ACCOUNT_ACTIVE] = "active",
    [TF_ACCOUNT_SUSPENDED] = "suspended",
    [TF_ACCOUNT_CLOSED] = "closed",
};

const char *tf_account_state_name(tf_account_state state) {
    return state_names[state];
}

bool tf_account_state_read(tf_text name, tf_account_state *state_out) {
    for (int i = 0; i < TF_ACCOUNT_STATE_COUNT; i++) {
        if (tf_text_equal(name, tf_text_of(state_names[i]))) {
            *state_out = (tf_account_state)i;
            return true;
        }
    }
    return false;
}

/* ---- roles ---- */

/* Cut the part before the next comma off `rest`. */
static tf_text next_name(tf_text *rest) {
    const char *comma = memchr(rest->data, ',', rest->length);
    size_t length = comma ? (size_t)(comma - rest->data) : rest->length;
    tf_text name = {rest->data, length};
    size_t cut = comma ? length + 1 : length;
    *rest = (tf_text){rest->data + cut, rest->length - cut};
    return tf_text_trim(name);
}

static int role_of(const tf_access_rules *rules, tf_text name) {
    for (size_t i = 0; i < rules->role_count; i++) {
        if (tf_text_equal(name, tf_text_of(rules->roles[i].name))) {
            return (int)i;
        }
    }
    return -1;
}

uint32_t tf_account_roles_stored(const tf_access_rules *rules, tf_text names) {
    uint32_t roles = 0;
    while (names.length) {
        int role = role_of(rules, next_name(&names));
        roles |= role < 0 ? 0 : UINT32_C(1) << role;
    }
    return roles;
}

tf_status tf_account_roles_parse(const tf_access_rules *rules, tf_text names, uint32_t *roles_out,
                                 tf_error *error) {
    uint32_t roles = 0;
    while (names.length) {
        tf_text name = next_name(&names);
        int role = role_of(rules, name);
        if (role >= 0) {
            roles |= UINT32_C(1) << role;
            continue;
        }
        tf_buffer known;
        tf_buffer_init(&known);
        for (size_t i = 0; i < rules->role_count; i++) {
            tf_buffer_format(&known, "%s%s", i ? ", " : "", rules->roles[i].name);
        }
        tf_status status =
            tf_fail(error, TF_BAD_INPUT, "roles", 0, "there is no role \"%.*s\"; there are %s",
                    TF_TEXT_ARG(name), known.data ? known.data : "none");
        tf_buffer_deinit(&known);
        return status;
    }
    *roles_out = roles;
    return TF_OK;
}

bool tf_account_needs_code(const tf_access_rules *rules, uint32_t roles) {
    for (size_t i = 0; i < rules->role_count; i++) {
        for (size_t j = 0; (roles & UINT32_C(1) << i) && j < rules->category_count; j++) {
            const tf_grant *grants = rules->roles[i].grants[j];
            bool is_personal = rules->categories[j].is_personal;
            for (int action = 0; action < TF_ACTION_COUNT; action++) {
                bool is_reading = action == TF_ACTION_CONSULT || action == TF_ACTION_DISCLOSE;
                bool is_telling = action == TF_ACTION_COLLECT; /* what anybody may do */
                if (!rules->roles[i].is_everyones && grants[action].reach != TF_REACH_NONE &&
                    (is_personal ? !is_telling : !is_reading)) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* ---- rows ---- */

#define SELECT_ACCOUNT                                                                             \
    "SELECT a.id, a.organisation_id, o.name, a.name, a.email, a.state,"                            \
    " (SELECT group_concat(role) FROM account_role WHERE account_id = a.id),"                      \
    " a.code_seed IS NOT NULL, (SELECT count(*) FROM recovery_code WHERE account_id = a.id),"      \
    " a.key_generation, a.public_key, a.created_at, a.activated_at, a.signed_in_at,"               \
    " (SELECT max(ends_at) FROM account_link WHERE account_id = a.id)"                             \
    " FROM account AS a JOIN organisation AS o ON o.id = a.organisation_id "

static tf_status take(const tf_access_rules *rules, tf_statement *statement, tf_arena *arena,
                      tf_account *account_out, tf_error *error) {
    *account_out = (tf_account){
        .id = tf_column_at_int(statement, 0),
        .organisation_id = tf_column_at_int(statement, 1),
        .roles = tf_account_roles_stored(rules, tf_column_at_text(statement, 6)),
        .has_codes = tf_column_at_int(statement, 7) != 0,
        .recovery_codes_left = tf_column_at_int(statement, 8),
        .key_generation = tf_column_at_int(statement, 9),
        .created_at = tf_column_at_int(statement, 11),
        .activated_at = tf_column_at_int(statement, 12),
        .signed_in_at = tf_column_at_int(statement, 13),
        .link_ends_at = tf_column_at_int(statement, 14),
    };
    (void)tf_account_state_read(tf_column_at_text(statement, 5), &account_out->state);
    tf_rows_key(statement, 10, account_out->public_key);
    tf_status status = tf_rows_text(statement, 2, arena, &account_out->organisation, error);
    if (!status) {
        status = tf_rows_text(statement, 3, arena, &account_out->name, error);
    }
    return status ? status : tf_rows_text(statement, 4, arena, &account_out->email, error);
}

/* Take away what the role of whoever asks does not see. */
static void mask(const tf_category *category, uint32_t fields, tf_account *account) {
    for (size_t i = 0; i < category->field_count; i++) {
        const char *field = category->fields[i].name;
        if (fields & UINT32_C(1) << i) {
            continue;
        }
        if (strcmp(field, "name") == 0) {
            account->name = "";
        } else if (strcmp(field, "contact") == 0) {
            account->email = "";
        } else if (strcmp(field, "roles") == 0) {
            account->roles = 0;
        } else if (strcmp(field, "activity") == 0) {
            account->created_at = account->activated_at = 0;
            account->signed_in_at = account->link_ends_at = 0;
            account->has_codes = false;
            account->recovery_codes_left = 0;
        }
    }
}

static tf_status enter(tf_access *access, const tf_actor *actor, int64_t id,
                       int64_t organisation_id, tf_decision *decision_out, tf_error *error) {
    tf_object object = {
        .category = tf_access_category_of(access, "account"),
        .id = id,
        .organisation_id = organisation_id,
    };
    return tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, NULL, decision_out,
                           error);
}

tf_status tf_account_list(tf_access *access, const tf_actor *actor, int64_t organisation_id,
                          bool with_closed, tf_arena *arena, tf_account **accounts_out,
                          size_t *count_out, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    const tf_category *category = &rules->categories[tf_access_category_of(access, "account")];
    tf_account *list = NULL;
    size_t capacity = 0, count = 0;
    tf_statement *statement = NULL;
    tf_decision decision = {.is_allowed = false};
    bool has_row = true;
    *accounts_out = NULL;
    *count_out = 0;
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status = enter(access, actor, 0, organisation_id, &decision, error);
    }
    if (!status) {
        status = tf_db_prepare(tf_access_db(access),
                               SELECT_ACCOUNT "WHERE (?1 = 0 OR a.organisation_id = ?1)"
                                              " AND (?2 OR a.state <> 'closed')"
                                              " ORDER BY a.name COLLATE NOCASE, a.id",
                               &statement, error);
    }
    if (!status) {
        tf_bind_int(statement, 1, organisation_id);
        tf_bind_int(statement, 2, with_closed);
    }
    while (!status) {
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        status = tf_reserve(&list, &capacity, count + 1, sizeof *list, error);
        if (!status) {
            status = take(rules, statement, arena, &list[count], error);
        }
        if (!status) {
            mask(category, decision.fields, &list[count++]);
        }
    }
    tf_statement_free(statement);
    tf_account *kept = status ? NULL : tf_arena_alloc(arena, count + 1, sizeof *kept);
    if (kept && count) {
        memcpy(kept, list, count * sizeof *kept);
    }
    tf_free(list);
    if (!status && !kept) {
        status = tf_fail_no_memory(error);
    }
    status = tf_access_end(access, status, error);
    *accounts_out = status ? NULL : kept;
    *count_out = status ? 0 : count;
    return status;
}

/* The account of the first row, read after deciding on what it is. */
static tf_status read_one(tf_access *access, const tf_actor *actor, tf_text email, int64_t id,
                          tf_arena *arena, tf_account *account_out, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    tf_statement *statement = NULL;
    bool has_row = false;
    *account_out = (tf_account){0};
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status =
            tf_db_prepare(tf_access_db(access),
                          email.data ? SELECT_ACCOUNT "WHERE a.email = ?1 AND a.state <> 'closed'"
                                     : SELECT_ACCOUNT "WHERE a.id = ?1",
                          &statement, error);
    }
    if (!status) {
        if (email.data) {
            tf_bind_text(statement, 1, email);
        } else {
            tf_bind_int(statement, 1, id);
        }
        status = tf_statement_step(statement, &has_row, error);
    }
    tf_account account = {0};
    if (!status && has_row) {
        status = take(rules, statement, arena, &account, error);
    }
    tf_statement_free(statement);
    tf_decision decision = {.is_allowed = false};
    if (!status) { /* also where there is none, so that only who may see accounts is told so */
        status = enter(access, actor, account.id, account.organisation_id, &decision, error);
    }
    if (!status && !has_row) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0,
                         "there is no such account; 'trefoil user list' tells which there are");
    }
    status = tf_access_end(access, status, error);
    if (!status) {
        mask(&rules->categories[tf_access_category_of(access, "account")], decision.fields,
             &account);
        *account_out = account;
    }
    return status;
}

tf_status tf_account_get(tf_access *access, const tf_actor *actor, int64_t id, tf_arena *arena,
                         tf_account *account_out, tf_error *error) {
    return read_one(access, actor, (tf_text){0}, id, arena, account_out, error);
}

tf_status tf_account_find(tf_access *access, const tf_actor *actor, tf_text email_or_id,
                          tf_arena *arena, tf_account *account_out, tf_error *error) {
    int64_t id = 0;
    email_or_id = tf_text_trim(email_or_id);
    bool is_id = tf_parse_int64(email_or_id, &id);
    if (!is_id && !email_or_id.data) {
        email_or_id = tf_text_of("");
    }
    return read_one(access, actor, is_id ? (tf_text){0} : email_or_id, id, arena, account_out,
                    error);
}

tf_status tf_account_place(tf_db *db, int64_t id, int64_t *organisation_id_out,
                           tf_account_state *state_out, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(db, "SELECT organisation_id, state FROM account WHERE id = ?1",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status &&
        (!has_row || !tf_account_state_read(tf_column_at_text(statement, 1), state_out))) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no account %lld", (long long)id);
    }
    *organisation_id_out = status ? 0 : tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return status;
}

tf_status tf_account_audit(tf_access *access, const tf_actor *actor, int64_t id, size_t limit,
                           tf_arena *arena, tf_audit_look *look_out, tf_error *error) {
    tf_object object = {.category = tf_access_category_of(access, "account"), .id = id};
    tf_account_state state;
    tf_status status =
        tf_account_place(tf_access_db(access), id, &object.organisation_id, &state, error);
    *look_out = (tf_audit_look){.may = false};
    return status ? status : tf_audit_about(access, actor, &object, limit, arena, look_out, error);
}
