/* What decisions are made from, shared by the loading, the deciding and the explaining. */
#ifndef ACCESS_POLICY_INTERNAL_H
#define ACCESS_POLICY_INTERNAL_H

#include "policy.h"

/* An agreement in force.  Organisations are known by their index in the policy. */
typedef struct tf_policy_agreement {
    int64_t id;
    uint64_t categories; /* bits by the index of the category */
    uint64_t purposes;   /* bits by the index of the purpose */
    uint64_t *givers;    /* bits by the index of the organisation */
    uint64_t *receivers;
    const uint32_t *fields; /* that are shared, for each category of the rules */
} tf_policy_agreement;

typedef struct tf_policy_organisation {
    int64_t id;
    const char *name;
    const char *contact;
    bool is_active;
    int successor;      /* index; -1: none */
    size_t *agreements; /* indexes of those under which it receives */
    size_t agreement_count;
} tf_policy_organisation;

struct tf_policy {
    tf_arena *arena; /* holds what follows */
    const tf_access_rules *rules;
    tf_policy_organisation *organisations; /* in the order of their ids */
    size_t organisation_count;
    tf_policy_agreement *agreements; /* in the order of their ids */
    size_t agreement_count;
    uint32_t everyones_roles;
    uint32_t operators_roles;
    int64_t holds_until;
};

/* The index of an organisation, or -1.  O(log organisations). */
int tf_policy_organisation_index(const tf_policy *policy, int64_t id);

/* The index of whom it belongs to now: the organisation, or its successor where it has ended; -1
 * for one that is not known. */
int tf_policy_owner(const tf_policy *policy, int64_t organisation_id);

/* What of another's data is shared. */
typedef struct tf_cover {
    bool has_category;    /* an agreement in force covers the category */
    bool has_purpose;     /* and the purpose */
    uint32_t fields;      /* of those asked for, that are shared for the purpose */
    int64_t agreement_id; /* the first that shares one of them */
} tf_cover;

/* What `giver` shares with `receiver` (indexes; -1 shares nothing) of the fields asked for. */
tf_cover tf_policy_cover(const tf_policy *policy, int giver, int receiver, int category,
                         int purpose, uint32_t fields);

/* Whether the intent justifies an emergency. */
bool tf_intent_is_justified(const tf_intent *intent);

#endif
