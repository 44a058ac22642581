#include "policy_internal.h"

static const int64_t microseconds_a_day = (int64_t)24 * 3600 * 1000 * 1000;

/* The policy holds until the earliest of the instants that are still to come. */
static void hold_until(tf_policy *policy, int64_t now, int64_t instant) {
    if (instant > now && instant < policy->holds_until) {
        policy->holds_until = instant;
    }
}

static int64_t count_rows(tf_db *db, const char *sql, tf_status *status, tf_error *error) {
    int64_t count = 0;
    tf_statement *statement = NULL;
    bool has_row = false;
    if (!*status) {
        *status = tf_db_prepare(db, sql, &statement, error);
    }
    if (!*status) {
        *status = tf_statement_step(statement, &has_row, error);
    }
    if (!*status && has_row) {
        count = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return count;
}

/* ---- organisations ---- */

static tf_status copy_text(tf_policy *policy, tf_text text, const char **copy_out,
                           tf_error *error) {
    *copy_out = tf_arena_copy_text(policy->arena, text.data ? text.data : "", text.length);
    return *copy_out ? TF_OK : tf_fail_no_memory(error);
}

static tf_status take_organisation(tf_policy *policy, tf_statement *statement, int64_t now,
                                   int64_t *successor_out, tf_error *error) {
    tf_policy_organisation *organisation = &policy->organisations[policy->organisation_count];
    *organisation = (tf_policy_organisation){
        .id = tf_column_at_int(statement, 0), .is_active = true, .successor = -1};
    if (!tf_column_at_is_null(statement, 3)) {
        int64_t start = tf_column_at_int(statement, 3) * microseconds_a_day;
        organisation->is_active = start <= now;
        hold_until(policy, now, start);
    }
    if (!tf_column_at_is_null(statement, 4)) {
        int64_t end = (tf_column_at_int(statement, 4) + 1) * microseconds_a_day;
        organisation->is_active = organisation->is_active && now < end;
        hold_until(policy, now, end);
    }
    *successor_out = tf_column_at_int(statement, 5);
    tf_status status =
        copy_text(policy, tf_column_at_text(statement, 1), &organisation->name, error);
    return status
               ? status
               : copy_text(policy, tf_column_at_text(statement, 2), &organisation->contact, error);
}

static tf_status load_organisations(tf_policy *policy, tf_db *db, int64_t now, tf_error *error) {
    tf_status status = TF_OK;
    size_t room = (size_t)count_rows(db, "SELECT count(*) FROM organisation", &status, error);
    int64_t *successors = tf_arena_alloc(policy->arena, room, sizeof *successors);
    policy->organisations = tf_arena_alloc(policy->arena, room, sizeof *policy->organisations);
    if (!status && (!successors || !policy->organisations)) {
        status = tf_fail_no_memory(error);
    }
    tf_statement *statement = NULL;
    if (!status) {
        status = tf_db_prepare(db,
                               "SELECT id, name, contact, started_on, ended_on, successor_id "
                               "FROM organisation ORDER BY id",
                               &statement, error);
    }
    bool has_row = !status;
    while (!status && has_row && policy->organisation_count < room) {
        status = tf_statement_step(statement, &has_row, error);
        if (!status && has_row) {
            status = take_organisation(policy, statement, now,
                                       &successors[policy->organisation_count], error);
            policy->organisation_count++;
        }
    }
    for (size_t i = 0; !status && i < policy->organisation_count; i++) {
        policy->organisations[i].successor = tf_policy_organisation_index(policy, successors[i]);
    }
    tf_statement_free(statement);
    return status;
}

/* ---- all of it ---- */

tf_status tf_policy_load(tf_db *db, const tf_access_rules *rules, int64_t now,
                         tf_policy **policy_out, tf_error *error) {
    *policy_out = NULL;
    tf_policy *policy = tf_alloc_zeroed(1, sizeof *policy);
    if (!policy || !(policy->arena = tf_arena_new())) {
        tf_free(policy);
        return tf_fail_no_memory(error);
    }
    policy->rules = rules;
    policy->holds_until = INT64_MAX;
    for (size_t i = 0; i < rules->role_count; i++) {
        policy->everyones_roles |= rules->roles[i].is_everyones ? UINT32_C(1) << i : 0;
        policy->operators_roles |= rules->roles[i].is_operators ? UINT32_C(1) << i : 0;
    }
    tf_status status = load_organisations(policy, db, now, error);
    if (status) {
        tf_policy_free(policy);
        return status;
    }
    *policy_out = policy;
    return TF_OK;
}

void tf_policy_free(tf_policy *policy) {
    if (policy) {
        tf_arena_free(policy->arena);
        tf_free(policy);
    }
}

int64_t tf_policy_holds_until(const tf_policy *policy) {
    return policy->holds_until;
}
