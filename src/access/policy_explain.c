#include "policy_internal.h"

#include <stdio.h>

static const char *const verbs[TF_ACTION_COUNT] = {
    [TF_ACTION_COLLECT] = "add to",     [TF_ACTION_CONSULT] = "see",  [TF_ACTION_ALTER] = "change",
    [TF_ACTION_DISCLOSE] = "give away", [TF_ACTION_COMBINE] = "link", [TF_ACTION_ERASE] = "erase",
};

enum { WHAT_SIZE = 160 };

/* "Reports of concern" as "reports of concern"; what begins with two capitals stays. */
static const char *what_of(const tf_category *category, char text_out[WHAT_SIZE]) {
    snprintf(text_out, WHAT_SIZE, "%s", category->title);
    if (text_out[0] >= 'A' && text_out[0] <= 'Z' && !(text_out[1] >= 'A' && text_out[1] <= 'Z')) {
        text_out[0] = (char)(text_out[0] - 'A' + 'a');
    }
    return text_out;
}

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

/* That an emergency would open it, to somebody who is offered a form to say that there is one. */
static void append_emergency(const tf_policy *policy, const tf_actor *actor, tf_action action,
                             const tf_object *object, const tf_intent *intent, tf_buffer *out) {
    if (intent->can_justify &&
        tf_policy_opens_in_emergency(policy, actor, action, object, intent)) {
        tf_buffer_format(out,
                         "  In an emergency you may see it at once: say what for, and why in at "
                         "least %d characters; it will be reviewed.",
                         (int)TF_SHORTEST_JUSTIFICATION);
    }
}

/* Why an organisation is not given something, and who can see to it that it is. */
static bool append_gift(const tf_policy *policy, const tf_decision *decision, tf_action action,
                        const tf_intent *intent, tf_buffer *out) {
    const char *recipient = name_of(policy, decision->organisation_id);
    if (action != TF_ACTION_DISCLOSE || !intent->recipient_id ||
        (decision->organisation_id && decision->organisation_id != intent->recipient_id)) {
        return false;
    }
    switch (decision->reason) {
    case TF_REASON_NO_AGREEMENT:
        tf_buffer_format(out,
                         "No agreement in force lets %s have this.  Ask your data lead, who can "
                         "draft one.",
                         recipient);
        return true;
    case TF_REASON_NO_PURPOSE:
        tf_buffer_format(out, "Say what %s is to have this for.", recipient);
        return true;
    case TF_REASON_OUTSIDE_PURPOSE:
        tf_buffer_format(out,
                         "The agreement with %s is not for the purpose \"%s\".  Ask your data "
                         "lead, who can draft another.",
                         recipient, policy->rules->purposes[intent->purpose].title);
        return true;
    case TF_REASON_NO_FIELDS:
        tf_buffer_format(out,
                         "The agreement with %s covers nothing that your role may give.  Ask your "
                         "data lead, who can draft another.",
                         recipient);
        return true;
    default:
        return false;
    }
}

static void append_reason(const tf_policy *policy, const tf_decision *decision,
                          const tf_actor *actor, tf_action action, const tf_object *object,
                          const tf_intent *intent, tf_buffer *out) {
    const tf_access_rules *rules = policy->rules;
    char words[WHAT_SIZE];
    const char *what = what_of(&rules->categories[object->category], words);
    const char *verb = verbs[action];
    const char *owner = name_of(policy, decision->organisation_id);
    const char *purpose = intent->purpose < 0 ? "" : rules->purposes[intent->purpose].title;
    switch (decision->reason) {
    case TF_REASON_GRANTED:
        tf_buffer_format(out, "Your role lets you %s %s.", verb, what);
        break;
    case TF_REASON_AGREEMENT:
        tf_buffer_format(out, "Agreement %lld lets you %s %s for the purpose \"%s\".",
                         (long long)decision->agreement_id, verb, what, purpose);
        break;
    case TF_REASON_EMERGENCY:
        tf_buffer_format(out, "An emergency lets you %s %s; it will be reviewed.", verb, what);
        break;
    case TF_REASON_ENDED:
        tf_buffer_format(out, "Your organisation, %s, does not belong to the partnership today.",
                         name_of(policy, actor->organisation_id));
        break;
    case TF_REASON_NO_ROLE:
        tf_buffer_format(out, "None of your roles lets you %s %s.", verb, what);
        break;
    case TF_REASON_NOT_ASSIGNED:
        tf_buffer_format(out, "Your role lets you %s, of %s, only what is assigned to you.", verb,
                         what);
        break;
    case TF_REASON_OTHER_OWNER:
        if (decision->organisation_id) {
            tf_buffer_format(out, "This belongs to %s.  ", owner);
        }
        tf_buffer_format(out, "Your role lets you %s %s of your own organisation alone.", verb,
                         what);
        break;
    case TF_REASON_NO_PURPOSE:
        tf_buffer_format(out, "This belongs to %s; say what you need it for.", owner);
        break;
    case TF_REASON_WRONG_PURPOSE:
        tf_buffer_format(out, "You may not %s %s for the purpose \"%s\".", verb, what, purpose);
        break;
    case TF_REASON_NO_AGREEMENT:
        tf_buffer_format(out, "No agreement in force with %s covers %s.", owner, what);
        break;
    case TF_REASON_OUTSIDE_PURPOSE:
        tf_buffer_format(out, "The agreement with %s is not for the purpose \"%s\".", owner,
                         purpose);
        break;
    case TF_REASON_NO_FIELDS:
        tf_buffer_format(out, "The agreement with %s shares nothing that your role may %s.", owner,
                         verb);
        break;
    case TF_REASON_COUNT:
        break;
    }
}

void tf_policy_explain(const tf_policy *policy, const tf_decision *decision, const tf_actor *actor,
                       tf_action action, const tf_object *object, const tf_intent *intent,
                       tf_buffer *out) {
    if (!decision->is_allowed && append_gift(policy, decision, action, intent, out)) {
        return;
    }
    append_reason(policy, decision, actor, action, object, intent, out);
    if (!decision->is_allowed) {
        append_whom_to_ask(policy, decision->organisation_id, out);
        append_emergency(policy, actor, action, object, intent, out);
    }
}
