#include "policy_internal.h"

static const char *const verbs[TF_ACTION_COUNT] = {
    [TF_ACTION_COLLECT] = "add to",     [TF_ACTION_CONSULT] = "see",  [TF_ACTION_ALTER] = "change",
    [TF_ACTION_DISCLOSE] = "give away", [TF_ACTION_COMBINE] = "link", [TF_ACTION_ERASE] = "erase",
};

static const char *name_of(const tf_policy *policy, int64_t organisation_id) {
    int index = tf_policy_organisation_index(policy, organisation_id);
    return index < 0 ? "another organisation" : policy->organisations[index].name;
}

/* Whom to ask: the organisation that it belongs to, in the words in which it says how to reach it,
 * or an administrator. */
static void append_whom_to_ask(const tf_policy *policy, int64_t organisation_id, tf_buffer *out) {
    int index = organisation_id ? tf_policy_organisation_index(policy, organisation_id) : -1;
    if (index < 0) {
        tf_buffer_append_text(out, "  Ask an administrator.");
        return;
    }
    const tf_policy_organisation *organisation = &policy->organisations[index];
    if (*organisation->contact) {
        tf_buffer_format(out, "  Ask %s: %s.", organisation->name, organisation->contact);
    } else {
        tf_buffer_format(out, "  Ask %s.", organisation->name);
    }
}

/* That an emergency would open it, to somebody who may say that there is one. */
static void append_emergency(const tf_policy *policy, const tf_actor *actor, tf_action action,
                             const tf_object *object, const tf_intent *intent, tf_buffer *out) {
    static const char sentence[] = "the danger is to somebody";
    tf_intent emergency = *intent;
    emergency.justification = sentence;
    if (tf_policy_decide(policy, actor, action, object, &emergency).is_allowed) {
        tf_buffer_format(out,
                         "  In an emergency you may see it at once: say why, in at least %d "
                         "characters; it will be reviewed.",
                         (int)TF_SHORTEST_JUSTIFICATION);
    }
}

static void append_reason(const tf_policy *policy, const tf_decision *decision,
                          const tf_actor *actor, tf_action action, const tf_object *object,
                          const tf_intent *intent, tf_buffer *out) {
    const tf_access_rules *rules = policy->rules;
    const char *title = rules->categories[object->category].title;
    const char *owner = name_of(policy, decision->organisation_id);
    const char *purpose = intent->purpose < 0 ? "" : rules->purposes[intent->purpose].title;
    switch (decision->reason) {
    case TF_REASON_GRANTED:
        tf_buffer_format(out, "%s: your role lets you %s this.", title, verbs[action]);
        break;
    case TF_REASON_AGREEMENT:
        tf_buffer_format(out, "%s: shared under agreement %lld, %s.", title,
                         (long long)decision->agreement_id, purpose);
        break;
    case TF_REASON_EMERGENCY:
        tf_buffer_format(out, "%s: opened in an emergency; it will be reviewed.", title);
        break;
    case TF_REASON_ENDED:
        tf_buffer_format(out,
                         "%s: your organisation, %s, does not belong to the partnership today.",
                         title, name_of(policy, actor->organisation_id));
        break;
    case TF_REASON_NO_ROLE:
        tf_buffer_format(out, "%s: none of your roles lets you %s this.", title, verbs[action]);
        break;
    case TF_REASON_NOT_ASSIGNED:
        tf_buffer_format(out, "%s: only whom it is assigned to may %s this.", title, verbs[action]);
        break;
    case TF_REASON_OTHER_OWNER:
        tf_buffer_format(out, "%s: this belongs to %s, and your role is for your own organisation.",
                         title, owner);
        break;
    case TF_REASON_NO_PURPOSE:
        tf_buffer_format(out, "%s: this belongs to %s; say what you need it for.", title, owner);
        break;
    case TF_REASON_WRONG_PURPOSE:
        tf_buffer_format(out, "%s: this may not be used for the purpose \"%s\".", title, purpose);
        break;
    case TF_REASON_NO_AGREEMENT:
        tf_buffer_format(out, "%s: no agreement in force with %s covers this.", title, owner);
        break;
    case TF_REASON_OUTSIDE_PURPOSE:
        tf_buffer_format(out, "%s: the agreement with %s is not for the purpose \"%s\".", title,
                         owner, purpose);
        break;
    case TF_REASON_NO_FIELDS:
        tf_buffer_format(out, "%s: the agreement with %s shares nothing that your role may see.",
                         title, owner);
        break;
    case TF_REASON_COUNT:
        break;
    }
}

void tf_policy_explain(const tf_policy *policy, const tf_decision *decision, const tf_actor *actor,
                       tf_action action, const tf_object *object, const tf_intent *intent,
                       tf_buffer *out) {
    append_reason(policy, decision, actor, action, object, intent, out);
    if (!decision->is_allowed) {
        append_whom_to_ask(policy, decision->organisation_id, out);
        append_emergency(policy, actor, action, object, intent, out);
    }
}
