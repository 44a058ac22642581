#include "access.h"

#include "trefoil/base/date.h"

#include <stdlib.h>

struct tf_access {
    tf_db *db;
    const tf_pack *pack;
    const tf_access_rules *rules;
    const tf_site_key *key;
    tf_policy *policy;
    int64_t policy_version; /* of the database's agreements, when the policy was loaded */
};

tf_status tf_access_new(tf_db *db, const tf_pack *pack, const tf_site_key *key,
                        tf_access **access_out, tf_error *error) {
    *access_out = NULL;
    tf_status status = tf_secret_begin(error);
    if (status) {
        return status;
    }
    tf_access *access = tf_alloc_zeroed(1, sizeof *access);
    if (!access) {
        return tf_fail_no_memory(error);
    }
    *access = (tf_access){.db = db, .pack = pack, .rules = tf_pack_access_rules(pack), .key = key};
    *access_out = access;
    return TF_OK;
}

void tf_access_free(tf_access *access) {
    if (access) {
        tf_policy_free(access->policy);
        tf_free(access);
    }
}

tf_db *tf_access_db(const tf_access *access) {
    return access->db;
}

const tf_pack *tf_access_pack(const tf_access *access) {
    return access->pack;
}

const tf_access_rules *tf_access_get_rules(const tf_access *access) {
    return access->rules;
}

const tf_site_key *tf_access_key(const tf_access *access) {
    return access->key;
}

int tf_access_category_of(const tf_access *access, const char *name) {
    int index = tf_access_category(access->rules, name);
    if (index < 0) {
        abort(); /* the pack's reader has made sure of these */
    }
    return index;
}

tf_status tf_access_begin(tf_access *access, tf_error *error) {
    return tf_db_begin(access->db, error);
}

tf_status tf_access_begin_durable(tf_access *access, tf_error *error) {
    return tf_db_begin_durable(access->db, error);
}

/* ---- the policy, loaded anew when what it is made of has changed ---- */

static tf_status read_policy_version(tf_db *db, int64_t *version_out, tf_error *error) {
    *version_out = 0;
    tf_statement *statement;
    tf_status status = tf_db_prepare(db, "SELECT version FROM policy_version", &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        *version_out = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status refresh_policy(tf_access *access, tf_error *error) {
    int64_t version;
    tf_status status = read_policy_version(access->db, &version, error);
    int64_t now = tf_instant_now();
    if (status || (access->policy && version == access->policy_version &&
                   now < tf_policy_holds_until(access->policy))) {
        return status;
    }
    tf_policy *policy = NULL;
    status = tf_policy_load(access->db, access->rules, now, &policy, error);
    if (!status) {
        tf_policy_free(access->policy);
        access->policy = policy;
        access->policy_version = version;
    }
    return status;
}

/* ---- deciding ---- */

static const tf_intent no_intent = {.purpose = -1};

static tf_status enter(tf_access *access, const tf_actor *actor, tf_action action,
                       const tf_object *object, const tf_intent *intent, const tf_audit_note *given,
                       const tf_decision *decision, const char *refusal, tf_error *error) {
    tf_audit_note note = {
        .action = tf_action_name(action),
        .category = access->rules->categories[object->category].name,
        .object_id = object->id,
        .person_id = given ? given->person_id : 0,
        .purpose = intent->purpose < 0 ? NULL : access->rules->purposes[intent->purpose].name,
        .agreement_id = decision->agreement_id,
        .recipients = given ? given->recipients : NULL,
        .outcome = TF_OUTCOME_DONE,
        .detail = given ? given->detail : NULL,
    };
    if (!decision->is_allowed) {
        note.outcome = TF_OUTCOME_REFUSED;
        note.detail = refusal;
    } else if (decision->reason == TF_REASON_EMERGENCY) {
        note.outcome = TF_OUTCOME_EMERGENCY;
        note.detail = intent->justification;
    }
    return tf_audit_append(access->db, access->key, actor, &note, error);
}

tf_status tf_access_enter(tf_access *access, const tf_actor *actor, tf_action action,
                          const tf_object *object, const tf_intent *intent,
                          const tf_audit_note *note, tf_decision *decision_out, tf_error *error) {
    intent = intent ? intent : &no_intent;
    tf_status status = refresh_policy(access, error);
    if (status) {
        return status;
    }
    tf_decision decision = tf_policy_decide(access->policy, actor, action, object, intent);
    tf_buffer refusal;
    tf_buffer_init(&refusal);
    if (!decision.is_allowed) {
        tf_policy_explain(access->policy, &decision, actor, action, object, intent, &refusal);
        status = tf_buffer_check(&refusal, error);
    }
    if (!status) {
        status = enter(access, actor, action, object, intent, note, &decision, refusal.data, error);
    }
    if (!status && !decision.is_allowed) {
        status = tf_fail(error, TF_REFUSED, NULL, 0, "%s", refusal.data);
    }
    tf_buffer_deinit(&refusal);
    if (decision_out) {
        *decision_out = decision;
    }
    return status;
}

tf_status tf_access_note(tf_access *access, const tf_actor *actor, const tf_audit_note *note,
                         tf_error *error) {
    return tf_audit_append(access->db, access->key, actor, note, error);
}

tf_decision tf_access_ask(tf_access *access, const tf_actor *actor, tf_action action,
                          const tf_object *object, const tf_intent *intent) {
    if (refresh_policy(access, NULL)) {
        return (tf_decision){.reason = TF_REASON_NO_ROLE};
    }
    return tf_policy_decide(access->policy, actor, action, object, intent ? intent : &no_intent);
}

tf_status tf_access_end(tf_access *access, tf_status status, tf_error *error) {
    if (status && status != TF_REFUSED) {
        tf_db_rollback(access->db);
        access->policy_version = 0; /* it may have been loaded from what was just taken back */
        return status;
    }
    /* A refusal's own words are kept; that it could not be entered is worse, and told instead. */
    tf_status committed = tf_db_commit(access->db, status ? NULL : error);
    return committed ? committed : status;
}
