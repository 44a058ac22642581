/* Sharing with another organisation, and how long it may keep what it got. */
#include "intelligence_internal.h"

#include "access/organisation.h"
#include "trefoil/base/date.h"

/* One sharing, within its transaction. */
typedef struct sharing {
    tf_access *access;
    const tf_actor *actor;
    tf_arena *arena;
    int64_t id;
    int64_t organisation_id;
    const char *name; /* of the organisation */
    tf_intent intent;
    tf_intelligence_line line;
    tf_decision decision;
} sharing;

/* In what state a report is given away, and to whom; after the decision, so that who may not share
 * it learns nothing of its state. */
static tf_status check_state(const sharing *give, tf_error *error) {
    tf_actor recipient = {.organisation_id = give->organisation_id};
    if (tf_access_is_own(give->access, &recipient, give->line.organisation_id)) {
        return tf_fail(error, TF_BAD_INPUT, "organisation", 0, "report %lld belongs to %s",
                       (long long)give->id, give->name);
    }
    if (!give->line.is_submitted) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "report %lld is a draft; submit it before it is shared",
                       (long long)give->id);
    }
    if (give->line.erased_at) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "report %lld was erased", (long long)give->id);
    }
    if (strcmp(give->line.handling, "C") == 0 &&
        !tf_intelligence_shows(give->access, "grading", give->decision.fields)) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "report %lld is shared under conditions (code C), and agreement %lld does "
                       "not share them with %s; agree to share the grading with them first",
                       (long long)give->id, (long long)give->decision.agreement_id, give->name);
    }
    return TF_OK;
}

static tf_status enter(sharing *give, tf_error *error) {
    tf_object object = tf_intelligence_object(give->access, &give->line);
    tf_organisation organisation;
    tf_status status =
        tf_organisation_get(give->access, give->organisation_id, give->arena, &organisation, error);
    if (!status) {
        give->name = organisation.name;
        tf_audit_note note = {.recipients = give->name};
        status = tf_access_enter(give->access, give->actor, TF_ACTION_DISCLOSE, &object,
                                 &give->intent, &note, &give->decision, error);
    }
    return status ? status : check_state(give, error);
}

static tf_status write_share(const sharing *give, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(give->access);
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        tf_access_db(give->access),
        "INSERT OR REPLACE INTO intelligence_share (intelligence_id, organisation_id, "
        "agreement_id, purpose, at, account_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, give->id);
        tf_bind_int(statement, 2, give->organisation_id);
        tf_bind_int(statement, 3, give->decision.agreement_id);
        tf_bind_text(statement, 4, tf_text_of(rules->purposes[give->intent.purpose].name));
        tf_bind_int(statement, 5, tf_instant_now());
        tf_bind_int(statement, 6, give->actor->account_id);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

/* Take an organisation's keys of a report away. */
static tf_status take_back(tf_db *db, int64_t id, int64_t organisation_id, tf_error *error) {
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db,
                      "DELETE FROM sealed_key WHERE kind = 'intelligence' AND object_id = ?1 "
                      "AND account_id IN (SELECT id FROM account WHERE organisation_id = ?2)",
                      &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, organisation_id);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

/* Seal it to those who may read it today, and to nobody else of theirs. */
static tf_status seal(const sharing *give, tf_error *error) {
    tf_db *db = tf_access_db(give->access);
    tf_object object = tf_intelligence_object(give->access, &give->line);
    tf_intent reading = {.purpose = give->intent.purpose};
    uint8_t key[TF_KEY_SIZE];
    tf_reader *readers;
    size_t count = 0;
    tf_status status =
        tf_sealed_take(db, give->actor, (tf_sealed){TF_SEALED_INTELLIGENCE, give->id}, key, error);
    if (!status) {
        status = take_back(db, give->id, give->organisation_id, error);
    }
    if (!status) {
        status = tf_intelligence_give(give->access, &object, &reading, give->organisation_id, key,
                                      give->arena, &readers, &count, error);
    }
    tf_secret_forget(key, sizeof key);
    if (!status && count == 0) {
        status = tf_fail(error, TF_BAD_INPUT, "organisation", 0,
                         "nobody at %s has an account that could open the report, so it was not "
                         "shared; ask their administrator",
                         give->name);
    }
    return status;
}

static tf_status share(sharing *give, tf_error *error) {
    tf_text locked;
    tf_status status =
        tf_intelligence_get(give->access, give->id, give->arena, &give->line, &locked, error);
    if (!status) {
        status = enter(give, error);
    }
    if (!status) {
        status = write_share(give, error);
    }
    return status ? status : seal(give, error);
}

tf_status tf_intelligence_share(tf_access *access, const tf_actor *actor, int64_t id,
                                int64_t organisation_id, const tf_intent *intent, tf_error *error) {
    sharing give = {
        .access = access,
        .actor = actor,
        .arena = tf_arena_new(),
        .id = id,
        .organisation_id = organisation_id,
        .intent = {.purpose = intent ? intent->purpose : -1, .recipient_id = organisation_id}};
    if (!give.arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_access_end(access, share(&give, error), error);
    }
    tf_arena_free(give.arena);
    return status;
}
