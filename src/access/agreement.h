/* Sharing agreements: which organisations share what, what for, on which basis and until when.
 *
 *     draft  →  signed by each party  →  in force  →  expired, or ended by a party
 *
 * The state is never stored: it follows from who has signed, the days, and whether it was ended.
 * A draft may be changed until somebody has signed it; what was signed stays as it was signed, and
 * who signs says which revision they have read.
 * Every change is decided, entered in the audit and durable. */
#ifndef ACCESS_AGREEMENT_H
#define ACCESS_AGREEMENT_H

#include "access.h"
#include "trefoil/base/date.h"

typedef enum tf_agreement_state {
    TF_AGREEMENT_DRAFT,  /* a signature is missing */
    TF_AGREEMENT_SIGNED, /* by all, and begins later */
    TF_AGREEMENT_IN_FORCE,
    TF_AGREEMENT_EXPIRED, /* its last day is over, signed or not */
    TF_AGREEMENT_ENDED,   /* by a party */
    TF_AGREEMENT_STATE_COUNT
} tf_agreement_state;

const char *tf_agreement_state_name(tf_agreement_state state); /* "in force" */

typedef struct tf_agreement_party {
    int64_t organisation_id;
    bool gives;
    bool receives;
    /* Given back, not looked at in what is given in: */
    const char *name;       /* of the organisation */
    int64_t signed_at;      /* instant; 0: not yet */
    const char *signed_by;  /* who signed for it; NULL: not yet */
    const char *entered_by; /* who entered that; NULL: not yet */
} tf_agreement_party;

typedef struct tf_agreement_share {
    int category; /* index in the rules, of personal data */
    uint32_t fields;
} tf_agreement_share;

typedef struct tf_agreement_terms {
    const char *title;
    int lawful_basis;       /* index in the rules; -1 where the pack does not know it any more */
    const char *condition;  /* of UK GDPR Article 9 or 10, or of the Act's Part 3; needed where
                               content is shared, which is data on health or offences */
    const char *assessment; /* reference of the impact assessment */
    int64_t retention_days;
    int32_t starts_on; /* days since 1970-01-01 */
    int32_t review_on;
    int32_t ends_on;   /* the last day; TF_DAY_FOREVER: until a party ends it */
    uint64_t purposes; /* bits by the index in the rules */
    const tf_agreement_share *shares;
    size_t share_count;
    const tf_agreement_party *parties;
    size_t party_count;
} tf_agreement_terms;

typedef struct tf_agreement {
    int64_t id;
    tf_agreement_terms terms;
    int64_t revision;   /* of the terms: 1, and one more for each change */
    int64_t drafted_by; /* organisation */
    int64_t created_at;
    int64_t ended_at; /* instant; 0: nobody ended it */
    const char *ended_by;
    const char *end_reason;
    tf_agreement_state state; /* when it was read */
    bool is_review_due;       /* in force, and its review date has come */
} tf_agreement;

/* The state at `now`. */
tf_agreement_state tf_agreement_state_at(const tf_agreement *agreement, int64_t now);

/* Whether its terms may still be changed: a draft that nobody has signed. */
bool tf_agreement_is_open(const tf_agreement *agreement);

/* Whether the actor may change, sign or end it, as far as its state lets anybody; for a page. */
bool tf_agreement_may_change(tf_access *access, const tf_actor *actor,
                             const tf_agreement *agreement);

/* Why somebody should look at it, each more pressing than the one before. */
typedef enum tf_agreement_attention {
    TF_ATTENTION_NONE,
    TF_ATTENTION_REVIEW, /* its review is due */
    TF_ATTENTION_ENDS,   /* in force, and its last day comes within 60 days */
    TF_ATTENTION_SIGN,   /* the organisation has not signed it */
} tf_agreement_attention;

/* For somebody of that organisation (0: none), at `now`. */
tf_agreement_attention tf_agreement_attention_of(const tf_agreement *agreement,
                                                 int64_t organisation_id, int64_t now);

/* Put what is most pressing first, and keep the order among what is equally so. */
void tf_agreement_sort(tf_agreement *agreements, size_t count, int64_t organisation_id,
                       int64_t now);

/* The terms of a new draft that carries on for an agreement: the same, from the day after its last,
 * or from `today` where that is later or it has none, for as long.  Borrowed from the agreement. */
tf_agreement_terms tf_agreement_renewal(const tf_agreement *agreement, int32_t today);

/* Draft an agreement for the actor's organisation, or for the first party where whoever drafts it
 * has none.  Errors: TF_BAD_INPUT for terms that say too little or contradict the rules of the
 * pack, the place being the term: title, parties, data, purposes, basis, condition, assessment,
 * retention, review or ends; TF_REFUSED. */
tf_status tf_agreement_create(tf_access *access, const tf_actor *actor,
                              const tf_agreement_terms *terms, int64_t *id_out, tf_error *error);

/* Change all terms of a draft.  Errors: those of tf_agreement_create; TF_NOT_FOUND; TF_BAD_INPUT
 * once a party has signed, or it was ended. */
tf_status tf_agreement_change(tf_access *access, const tf_actor *actor, int64_t id,
                              const tf_agreement_terms *terms, tf_error *error);

/* Sign for an organisation.  `signed_by` is the person who signed, NULL for the actor; `revision`
 * is that of the terms that were read, 0 for whichever it is. Errors: TF_NOT_FOUND; TF_REFUSED;
 * TF_BAD_INPUT for an organisation that is no party or has signed, for another revision, and for
 * what has expired or was ended. */
tf_status tf_agreement_sign(tf_access *access, const tf_actor *actor, int64_t id,
                            int64_t organisation_id, const char *signed_by, int64_t revision,
                            tf_error *error);

/* End it at once, for a reason that is kept: any party may, and, before one has signed, who drafted
 * it.  Errors: TF_NOT_FOUND; TF_REFUSED; TF_BAD_INPUT without a reason, or where it was ended
 * before. */
tf_status tf_agreement_end(tf_access *access, const tf_actor *actor, int64_t id, const char *reason,
                           tf_error *error);

/* One, and all in the order of their numbers, in `arena`.
 * Errors: TF_NOT_FOUND (get); TF_REFUSED. */
tf_status tf_agreement_get(tf_access *access, const tf_actor *actor, int64_t id, tf_arena *arena,
                           tf_agreement *agreement_out, tf_error *error);
tf_status tf_agreement_list(tf_access *access, const tf_actor *actor, tf_arena *arena,
                            tf_agreement **agreements_out, size_t *count_out, tf_error *error);

#endif
