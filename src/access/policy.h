/* The one decision: may this actor do this with that object, for this purpose?
 *
 * It is a pure function of its arguments, the rules of the pack, and the agreements in force.  Rows
 * (what belongs to whom, who it is assigned to) and fields (what a role sees, what an agreement
 * covers) are decided here and nowhere else. */
#ifndef ACCESS_POLICY_H
#define ACCESS_POLICY_H

#include "actor.h"
#include "pack/access_rules.h"
#include "store/db.h"

/* What something is done with. */
typedef struct tf_object {
    int category;            /* index in the rules */
    int64_t id;              /* 0: all of them, such as a list */
    int64_t organisation_id; /* whom it belongs to; 0: the installation as a whole */
    int64_t assigned_to;     /* the account it is assigned to; 0: none */
} tf_object;

/* A justification of an emergency has this many characters at the least. */
enum { TF_SHORTEST_JUSTIFICATION = 20 };

/* What the actor says about why. */
typedef struct tf_intent {
    int purpose;               /* index in the rules, or -1: none was stated */
    const char *justification; /* of an emergency; NULL or "": there is none */
    bool can_justify;          /* whoever is refused is offered a form to justify an emergency */
    int64_t recipient_id;      /* the organisation that is given it, by TF_ACTION_DISCLOSE; 0: no
                                  organisation, such as the person whom the data is about */
} tf_intent;

typedef enum tf_reason {
    TF_REASON_GRANTED,         /* by a role */
    TF_REASON_AGREEMENT,       /* by a role, under an agreement in force */
    TF_REASON_EMERGENCY,       /* beyond any agreement; to be reviewed */
    TF_REASON_ENDED,           /* the actor's organisation does not belong to the partnership */
    TF_REASON_NO_ROLE,         /* no role of the actor may do this */
    TF_REASON_NOT_ASSIGNED,    /* only whom it is assigned to */
    TF_REASON_OTHER_OWNER,     /* another organisation's, and the role stays with its own */
    TF_REASON_NO_PURPOSE,      /* no purpose was stated */
    TF_REASON_WRONG_PURPOSE,   /* such data may not be used for it */
    TF_REASON_NO_AGREEMENT,    /* no agreement in force between the two covers the category */
    TF_REASON_OUTSIDE_PURPOSE, /* one does, but not for this purpose */
    TF_REASON_NO_FIELDS,       /* what the role sees and what is shared have no field in common */
    TF_REASON_COUNT
} tf_reason;

typedef struct tf_decision {
    bool is_allowed;
    tf_reason reason;
    uint32_t fields;         /* that the actor may see; all bits where a category has none */
    int64_t agreement_id;    /* under which; 0: none was needed */
    int64_t organisation_id; /* whose it is, where it was refused, or who is not to be given it; 0:
                                none */
} tf_decision;

/* A set of rules and agreements, which does not change once it is made; several threads may use
 * it. */
typedef struct tf_policy tf_policy;

/* Load the agreements that are in force at `now` (microseconds since 1970) and the organisations.
 * `rules` outlive the policy.  It says itself until when it holds: the next instant at which an
 * agreement begins or ends. */
tf_status tf_policy_load(tf_db *db, const tf_access_rules *rules, int64_t now,
                         tf_policy **policy_out, tf_error *error);
void tf_policy_free(tf_policy *policy); /* accepts NULL */
int64_t tf_policy_holds_until(const tf_policy *policy);

/* Say, in the transaction that changes organisations or agreements, that policies have to be loaded
 * anew. */
tf_status tf_policy_count_change(tf_db *db, tf_error *error);

/* Decide.  What an actor may is what any of its roles may: the furthest reach counts, and the
 * fields are those of all roles that reach the object.  A justified emergency with a purpose adds
 * to what an agreement shares, and is the reason wherever it opened something.  What belongs to an
 * organisation that has ended is its successor's.  O(roles + agreements that the actor's
 * organisation receives under). */
tf_decision tf_policy_decide(const tf_policy *policy, const tf_actor *actor, tf_action action,
                             const tf_object *object, const tf_intent *intent);

/* Whether somebody who is refused, or is given less, would be let see more in an emergency: for the
 * intent's purpose, or for any where it states none.  O(purposes of the rules), each a decision. */
bool tf_policy_opens_in_emergency(const tf_policy *policy, const tf_actor *actor, tf_action action,
                                  const tf_object *object, const tf_intent *intent);

/* Whether the data of `organisation_id` belongs to `owner_id`: it is that, or has ended and led to
 * it. */
bool tf_policy_is_owner(const tf_policy *policy, int64_t owner_id, int64_t organisation_id);

/* Whom the data of an organisation belongs to: its name, and how it says that it is reached, "" for
 * nothing; borrowed from the policy.  The id is 0 where it is not known. */
typedef struct tf_owner {
    int64_t id;
    const char *name;
    const char *contact;
} tf_owner;

tf_owner tf_policy_find_owner(const tf_policy *policy, int64_t organisation_id);

/* Append the numbers of the organisations whose data belongs to whom that of `organisation_id`
 * does, "[2,5,9]"; its own alone where it is not known.  O(organisations). */
void tf_policy_estate(const tf_policy *policy, int64_t organisation_id, tf_buffer *out);

/* Append why, as a sentence for the person it concerns, and whom to ask. */
void tf_policy_explain(const tf_policy *policy, const tf_decision *decision, const tf_actor *actor,
                       tf_action action, const tf_object *object, const tf_intent *intent,
                       tf_buffer *out);

#endif
