#include "access.h"

#include "trefoil/base/date.h"

#include <stdio.h>
#include <stdlib.h>

/* What was decided last in the open transaction, to tell of it when its work is taken back. */
typedef struct last_decision {
    tf_audit_note note; /* its texts are those of the rules; no recipients, no detail */
    tf_actor actor;
    char name[TF_LONGEST_ACTOR_NAME + 1];
} last_decision;

struct tf_access {
    tf_db *db;
    const tf_pack *pack;
    const tf_access_rules *rules;
    const tf_site_key *key;
    tf_policy *policy;
    int64_t policy_version; /* of the database's agreements, when the policy was loaded */
    int64_t policy_loaded_at;
    bool has_allowed; /* in this transaction: something was decided and allowed */
    bool has_refused; /* in this transaction: a refusal was entered */
    last_decision last;
    tf_audit_note emergency; /* in this transaction: the last; no category: none was declared */
    tf_buffer justification; /* of it */
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
        tf_buffer_deinit(&access->justification);
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

static void forget_decisions(tf_access *access) {
    access->has_allowed = access->has_refused = false;
    access->emergency = (tf_audit_note){0};
}

tf_status tf_access_begin(tf_access *access, tf_error *error) {
    forget_decisions(access);
    return tf_db_begin(access->db, error);
}

tf_status tf_access_begin_durable(tf_access *access, tf_error *error) {
    forget_decisions(access);
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
                   now >= access->policy_loaded_at && /* a clock may go backwards */
                   now < tf_policy_holds_until(access->policy))) {
        return status;
    }
    tf_policy *policy = NULL;
    status = tf_policy_load(access->db, access->rules, now, &policy, error);
    if (!status) {
        tf_policy_free(access->policy);
        access->policy = policy;
        access->policy_version = version;
        access->policy_loaded_at = now;
    }
    return status;
}

/* ---- deciding ---- */

static const tf_intent no_intent = {.purpose = -1};

static tf_status remember(tf_access *access, const tf_actor *actor, const tf_audit_note *note,
                          tf_error *error) {
    last_decision *last = &access->last;
    last->note = *note;
    last->note.recipients = last->note.detail = NULL;
    last->actor = (tf_actor){.account_id = actor->account_id,
                             .organisation_id = actor->organisation_id,
                             .name = last->name};
    snprintf(last->name, sizeof last->name, "%s", actor->name ? actor->name : "");
    if (note->outcome == TF_OUTCOME_REFUSED) {
        access->has_refused = true;
    } else {
        access->has_allowed = true;
    }
    if (note->outcome != TF_OUTCOME_EMERGENCY) {
        return TF_OK;
    }
    access->emergency = last->note;
    access->justification.length = 0;
    tf_buffer_append_text(&access->justification, note->detail);
    return tf_buffer_check(&access->justification, error);
}

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
    tf_status status = remember(access, actor, &note, error);
    return status ? status : tf_audit_append(access->db, access->key, actor, &note, error);
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
    access->has_refused |= note->outcome == TF_OUTCOME_REFUSED;
    return tf_audit_append(access->db, access->key, actor, note, error);
}

tf_decision tf_access_ask(tf_access *access, const tf_actor *actor, tf_action action,
                          const tf_object *object, const tf_intent *intent) {
    if (refresh_policy(access, NULL)) {
        return (tf_decision){.reason = TF_REASON_NO_ROLE};
    }
    return tf_policy_decide(access->policy, actor, action, object, intent ? intent : &no_intent);
}

/* ---- whose it is ---- */

bool tf_access_is_own(tf_access *access, const tf_actor *actor, int64_t organisation_id) {
    if (!actor->organisation_id || !organisation_id || refresh_policy(access, NULL)) {
        return false;
    }
    return tf_policy_is_owner(access->policy, actor->organisation_id, organisation_id);
}

tf_status tf_access_estate(tf_access *access, int64_t organisation_id, tf_buffer *out,
                           tf_error *error) {
    tf_status status = refresh_policy(access, error);
    if (!status) {
        tf_policy_estate(access->policy, organisation_id, out);
        status = tf_buffer_check(out, error);
    }
    return status;
}

tf_status tf_access_owner(tf_access *access, int64_t organisation_id, tf_owner *owner_out,
                          tf_error *error) {
    tf_status status = refresh_policy(access, error);
    if (!status) {
        *owner_out = tf_policy_find_owner(access->policy, organisation_id);
    }
    return status;
}

bool tf_access_opens_in_emergency(tf_access *access, const tf_actor *actor, const tf_object *object,
                                  const tf_intent *intent) {
    return !refresh_policy(access, NULL) &&
           tf_policy_opens_in_emergency(access->policy, actor, TF_ACTION_CONSULT, object,
                                        intent ? intent : &no_intent);
}

/* ---- ending ---- */

/* What stays of work that was taken back, in a transaction of its own: the emergency that was
 * declared, and the refusal of what had been decided. */
static tf_status enter_again(tf_access *access, bool is_refused, const char *why) {
    tf_audit_note note = access->last.note;
    note.agreement_id = 0;
    note.outcome = TF_OUTCOME_REFUSED;
    note.detail = why;
    tf_audit_note emergency = access->emergency;
    emergency.detail = access->justification.data;
    tf_status status = tf_db_begin(access->db, NULL);
    if (!status && emergency.category) {
        status = tf_audit_append(access->db, access->key, &access->last.actor, &emergency, NULL);
    }
    if (!status && is_refused) {
        status = tf_audit_append(access->db, access->key, &access->last.actor, &note, NULL);
    }
    if (!status) {
        status = tf_db_commit(access->db, NULL);
    }
    tf_db_rollback(access->db);
    return status;
}

tf_status tf_access_end(tf_access *access, tf_status status, tf_error *error) {
    bool keeps = !status || (status == TF_REFUSED && access->has_refused && !access->has_allowed);
    tf_status ended = TF_OK;
    if (keeps) {
        /* A refusal's own words are kept; that it could not be entered is worse, and told instead.
         */
        ended = tf_db_commit(access->db, status ? NULL : error);
    } else {
        tf_db_rollback(access->db);
        bool is_refused = status == TF_REFUSED && access->has_allowed;
        if (is_refused || access->emergency.category) {
            ended = enter_again(access, is_refused, error ? error->message : NULL);
        }
    }
    if (ended || !keeps) {
        access->policy_version = 0; /* it may have been loaded from what was just taken back */
    }
    return ended ? ended : status;
}
