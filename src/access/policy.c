#include "policy_internal.h"

int tf_policy_organisation_index(const tf_policy *policy, int64_t id) {
    size_t low = 0;
    size_t high = policy->organisation_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (policy->organisations[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < policy->organisation_count && policy->organisations[low].id == id ? (int)low : -1;
}

int tf_policy_owner(const tf_policy *policy, int64_t organisation_id) {
    int index = tf_policy_organisation_index(policy, organisation_id);
    /* Successors that went round in a circle would each have been passed once. */
    for (size_t i = 0; index >= 0 && i < policy->organisation_count; i++) {
        const tf_policy_organisation *organisation = &policy->organisations[index];
        if (organisation->is_active || organisation->successor < 0) {
            break;
        }
        index = organisation->successor;
    }
    return index;
}

bool tf_policy_is_owner(const tf_policy *policy, int64_t owner_id, int64_t organisation_id) {
    int owner = tf_policy_owner(policy, organisation_id);
    return owner >= 0 && policy->organisations[owner].id == owner_id;
}

tf_owner tf_policy_find_owner(const tf_policy *policy, int64_t organisation_id) {
    int index = tf_policy_owner(policy, organisation_id);
    if (index < 0) {
        return (tf_owner){.name = "another organisation", .contact = ""};
    }
    const tf_policy_organisation *owner = &policy->organisations[index];
    return (tf_owner){.id = owner->id, .name = owner->name, .contact = owner->contact};
}

void tf_policy_estate(const tf_policy *policy, int64_t organisation_id, tf_buffer *out) {
    int owner = tf_policy_owner(policy, organisation_id);
    const char *between = "";
    tf_buffer_append_text(out, "[");
    for (size_t i = 0; owner >= 0 && i < policy->organisation_count; i++) {
        int64_t id = policy->organisations[i].id;
        if (tf_policy_owner(policy, id) == owner) {
            tf_buffer_format(out, "%s%lld", between, (long long)id);
            between = ",";
        }
    }
    if (owner < 0) {
        tf_buffer_format(out, "%lld", (long long)organisation_id);
    }
    tf_buffer_append_text(out, "]");
}

tf_cover tf_policy_cover(const tf_policy *policy, int giver, int receiver, int category,
                         int purpose, uint32_t fields) {
    tf_cover cover = {0};
    if (giver < 0 || receiver < 0) {
        return cover;
    }
    const tf_policy_organisation *organisation = &policy->organisations[receiver];
    for (size_t i = 0; i < organisation->agreement_count; i++) {
        const tf_policy_agreement *agreement = &policy->agreements[organisation->agreements[i]];
        if (!(agreement->categories >> category & 1) ||
            !(agreement->givers[giver / 64] >> giver % 64 & 1)) {
            continue;
        }
        cover.has_category = true;
        if (purpose < 0 || !(agreement->purposes >> purpose & 1)) {
            continue;
        }
        cover.has_purpose = true;
        uint32_t shared = agreement->fields[category] & fields;
        if (shared && !cover.agreement_id) {
            cover.agreement_id = agreement->id;
        }
        cover.fields |= shared;
    }
    return cover;
}

bool tf_intent_is_justified(const tf_intent *intent) {
    return tf_text_width(tf_text_trim(tf_text_of(intent->justification))) >=
           TF_SHORTEST_JUSTIFICATION;
}

/* ---- deciding ---- */

/* What is asked, and where the actor stands to the object. */
typedef struct question {
    const tf_policy *policy;
    const tf_actor *actor;
    const tf_object *object;
    const tf_intent *intent;
    const tf_category *category;
    tf_action action;
    uint32_t roles;
    int owner; /* index of the organisation; -1: the installation, or not known */
    int actor_organisation;
    bool is_own;
    bool is_assigned;
} question;

static tf_decision refuse(const question *asked, tf_reason reason, int ask) {
    return (tf_decision){
        .reason = reason,
        .organisation_id = ask < 0 ? 0 : asked->policy->organisations[ask].id,
    };
}

/* What the roles give: the furthest reach of all, and the fields of those that reach the object
 * without an agreement (`fields`), and of those that would with one (`shareable`). */
typedef struct role_grants {
    tf_reach furthest;
    uint32_t fields;
    uint32_t shareable;
    uint32_t in_emergencies; /* of the shareable, those that an emergency opens too */
} role_grants;

static bool reaches(const question *asked, tf_reach reach) {
    switch (reach) {
    case TF_REACH_ASSIGNED:
        return asked->is_own && asked->is_assigned;
    case TF_REACH_OWN:
        return asked->is_own;
    case TF_REACH_SHARED:
        return asked->is_own || (asked->owner >= 0 && !asked->category->is_personal);
    case TF_REACH_ALL:
        return true;
    default:
        return false;
    }
}

static void add_role(const question *asked, const tf_role *role, bool is_operators,
                     role_grants *given) {
    tf_grant grant = role->grants[asked->object->category][asked->action];
    if (is_operators && grant.reach != TF_REACH_NONE) {
        /* Whoever runs the program belongs to no organisation, and holds every file anyway. */
        grant.reach = TF_REACH_ALL;
    }
    if (grant.reach > given->furthest) {
        given->furthest = grant.reach;
    }
    if (reaches(asked, grant.reach)) {
        given->fields |= grant.fields;
    } else if (grant.reach == TF_REACH_SHARED) {
        given->shareable |= grant.fields;
        given->in_emergencies |= role->in_emergencies ? grant.fields : 0;
    }
}

/* Whoever runs the program may erase content whose time is over, and do nothing else with it. */
static bool is_closed_to_operators(const question *asked) {
    return asked->category->is_content && asked->action != TF_ACTION_ERASE;
}

static role_grants collect_grants(const question *asked) {
    const tf_policy *policy = asked->policy;
    uint32_t operators =
        asked->actor->is_operator && !is_closed_to_operators(asked) ? policy->operators_roles : 0;
    uint32_t roles = asked->roles | operators;
    role_grants given = {0};
    for (size_t i = 0; i < policy->rules->role_count; i++) {
        if (roles >> i & 1) {
            add_role(asked, &policy->rules->roles[i], operators >> i & 1, &given);
        }
    }
    return given;
}

/* Why a cover that shares no field does not. */
static tf_reason missing(const tf_cover *cover, const tf_intent *intent) {
    if (!cover->has_category) {
        return TF_REASON_NO_AGREEMENT;
    }
    if (intent->purpose < 0) {
        return TF_REASON_NO_PURPOSE;
    }
    return cover->has_purpose ? TF_REASON_NO_FIELDS : TF_REASON_OUTSIDE_PURPOSE;
}

/* Another organisation's data: what an agreement shares, and what an emergency opens beyond it. */
static tf_decision decide_shared(const question *asked, const role_grants *given) {
    const tf_intent *intent = asked->intent;
    tf_cover cover = tf_policy_cover(asked->policy, asked->owner, asked->actor_organisation,
                                     asked->object->category, intent->purpose, given->shareable);
    uint32_t opened = 0;
    if (asked->action == TF_ACTION_CONSULT && asked->owner >= 0 && intent->purpose >= 0 &&
        tf_intent_is_justified(intent)) {
        opened = given->in_emergencies & ~cover.fields;
    }
    if (cover.fields | opened) {
        return (tf_decision){.is_allowed = true,
                             .reason = opened ? TF_REASON_EMERGENCY : TF_REASON_AGREEMENT,
                             .fields = cover.fields | opened,
                             .agreement_id = cover.agreement_id};
    }
    return refuse(asked, missing(&cover, intent), asked->owner);
}

/* What an organisation is given needs an agreement of its own, between whom it belongs to and whom
 * it is given to. */
static tf_decision decide_recipient(const question *asked, tf_decision decision) {
    const tf_intent *intent = asked->intent;
    int named = tf_policy_organisation_index(asked->policy, intent->recipient_id);
    if (named >= 0 && named == asked->owner) {
        return decision;
    }
    /* Nothing is given to what is no longer there. */
    int recipient = named >= 0 && asked->policy->organisations[named].is_active ? named : -1;
    tf_cover cover = tf_policy_cover(asked->policy, asked->owner, recipient,
                                     asked->object->category, intent->purpose, decision.fields);
    if (!cover.fields) {
        return refuse(asked, missing(&cover, intent), named);
    }
    decision.fields = cover.fields;
    decision.reason = TF_REASON_AGREEMENT;
    decision.agreement_id = cover.agreement_id;
    return decision;
}

static tf_decision decide(const question *asked) {
    role_grants given = collect_grants(asked);
    const tf_category *category = asked->category;
    const tf_intent *intent = asked->intent;
    if (given.furthest == TF_REACH_NONE) {
        return refuse(asked, TF_REASON_NO_ROLE, -1);
    }
    if (category->is_personal && intent->purpose >= 0 &&
        !(category->purposes >> intent->purpose & 1)) {
        return refuse(asked, TF_REASON_WRONG_PURPOSE, asked->owner);
    }
    tf_decision decision = {.is_allowed = true, .fields = given.fields};
    if (!given.fields && given.shareable) {
        decision = decide_shared(asked, &given);
    } else if (!given.fields) {
        decision = asked->is_own ? refuse(asked, TF_REASON_NOT_ASSIGNED, asked->owner)
                                 : refuse(asked, TF_REASON_OTHER_OWNER, asked->owner);
    }
    if (decision.is_allowed && asked->action == TF_ACTION_DISCLOSE && intent->recipient_id &&
        category->is_personal) {
        decision = decide_recipient(asked, decision);
    }
    return decision;
}

tf_decision tf_policy_decide(const tf_policy *policy, const tf_actor *actor, tf_action action,
                             const tf_object *object, const tf_intent *intent) {
    question asked = {
        .policy = policy,
        .actor = actor,
        .object = object,
        .intent = intent,
        .category = &policy->rules->categories[object->category],
        .action = action,
        .roles = actor->roles | policy->everyones_roles,
        .owner = tf_policy_owner(policy, object->organisation_id),
        .actor_organisation = tf_policy_organisation_index(policy, actor->organisation_id),
        .is_assigned = actor->account_id != 0 && object->assigned_to == actor->account_id,
    };
    bool has_ended =
        actor->organisation_id != 0 && (asked.actor_organisation < 0 ||
                                        !policy->organisations[asked.actor_organisation].is_active);
    if (has_ended) {
        asked.roles = policy->everyones_roles;
    }
    asked.is_own = asked.owner >= 0 && asked.owner == asked.actor_organisation;
    tf_decision decision = decide(&asked);
    if (has_ended && decision.reason == TF_REASON_NO_ROLE) {
        decision.reason = TF_REASON_ENDED;
    }
    return decision;
}

bool tf_policy_opens_in_emergency(const tf_policy *policy, const tf_actor *actor, tf_action action,
                                  const tf_object *object, const tf_intent *intent) {
    static const char sentence[] = "the danger is to somebody";
    for (int purpose = 0; purpose < (int)policy->rules->purpose_count; purpose++) {
        tf_intent emergency = {.purpose = purpose, .justification = sentence};
        if ((intent->purpose < 0 || intent->purpose == purpose) &&
            tf_policy_decide(policy, actor, action, object, &emergency).reason ==
                TF_REASON_EMERGENCY) {
            return true;
        }
    }
    return false;
}
