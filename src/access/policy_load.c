#include "agreement_internal.h"
#include "policy_internal.h"

#include "trefoil/base/date.h"

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
        int64_t start = tf_column_at_int(statement, 3) * TF_MICROSECONDS_A_DAY;
        organisation->is_active = start <= now;
        hold_until(policy, now, start);
    }
    if (!tf_column_at_is_null(statement, 4)) {
        int64_t end = (tf_column_at_int(statement, 4) + 1) * TF_MICROSECONDS_A_DAY;
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

/* ---- agreements ---- */

static void hold_until_days(tf_policy *policy, int64_t now, const tf_agreement_terms *terms) {
    hold_until(policy, now, terms->starts_on * TF_MICROSECONDS_A_DAY);
    if (terms->ends_on != TF_DAY_FOREVER) {
        hold_until(policy, now, (terms->ends_on + INT64_C(1)) * TF_MICROSECONDS_A_DAY);
    }
}

static tf_status add_agreement(tf_policy *policy, const tf_agreement *agreement, tf_error *error) {
    const tf_agreement_terms *terms = &agreement->terms;
    size_t words = policy->organisation_count / 64 + 1;
    uint64_t *bits = tf_arena_alloc(policy->arena, 2 * words, sizeof *bits);
    uint32_t *fields = tf_arena_alloc(policy->arena, policy->rules->category_count, sizeof *fields);
    if (!bits || !fields) {
        return tf_fail_no_memory(error);
    }
    memset(bits, 0, 2 * words * sizeof *bits);
    memset(fields, 0, policy->rules->category_count * sizeof *fields);
    tf_policy_agreement *added = &policy->agreements[policy->agreement_count++];
    *added = (tf_policy_agreement){.id = agreement->id,
                                   .purposes = terms->purposes,
                                   .givers = bits,
                                   .receivers = bits + words,
                                   .fields = fields};
    for (size_t i = 0; i < terms->share_count; i++) {
        added->categories |= UINT64_C(1) << terms->shares[i].category;
        fields[terms->shares[i].category] = terms->shares[i].fields;
    }
    for (size_t i = 0; i < terms->party_count; i++) {
        const tf_agreement_party *party = &terms->parties[i];
        int index = tf_policy_organisation_index(policy, party->organisation_id);
        if (index >= 0) {
            added->givers[index / 64] |= (uint64_t)party->gives << index % 64;
            added->receivers[index / 64] |= (uint64_t)party->receives << index % 64;
        }
    }
    return TF_OK;
}

/* List for each organisation the agreements that it receives under. */
static tf_status index_receivers(tf_policy *policy, tf_error *error) {
    for (size_t i = 0; i < policy->organisation_count; i++) {
        tf_policy_organisation *organisation = &policy->organisations[i];
        size_t count = 0;
        for (size_t j = 0; j < policy->agreement_count; j++) {
            count += policy->agreements[j].receivers[i / 64] >> i % 64 & 1;
        }
        organisation->agreements =
            tf_arena_alloc(policy->arena, count, sizeof *organisation->agreements);
        if (!organisation->agreements) {
            return tf_fail_no_memory(error);
        }
        for (size_t j = 0; j < policy->agreement_count; j++) {
            if (policy->agreements[j].receivers[i / 64] >> i % 64 & 1) {
                organisation->agreements[organisation->agreement_count++] = j;
            }
        }
    }
    return TF_OK;
}

static tf_status load_agreements(tf_policy *policy, tf_db *db, int64_t now, tf_error *error) {
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_agreement *agreements = NULL;
    size_t count = 0;
    tf_status status = tf_agreement_read(db, policy->rules, 0, arena, &agreements, &count, error);
    if (!status) {
        policy->agreements = tf_arena_alloc(policy->arena, count, sizeof *policy->agreements);
        status = policy->agreements ? TF_OK : tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count && !status; i++) {
        tf_agreement_state state = tf_agreement_state_at(&agreements[i], now);
        if (state == TF_AGREEMENT_IN_FORCE) {
            status = add_agreement(policy, &agreements[i], error);
        }
        if (state != TF_AGREEMENT_ENDED) {
            hold_until_days(policy, now, &agreements[i].terms);
        }
    }
    tf_arena_free(arena);
    return status ? status : index_receivers(policy, error);
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
    if (!status) {
        status = load_agreements(policy, db, now, error);
    }
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

tf_status tf_policy_count_change(tf_db *db, tf_error *error) {
    return tf_db_execute(db, "UPDATE policy_version SET version = version + 1", error);
}
