/* What was read beyond any agreement, in an emergency: each such access is entered in the audit
 * with its justification, and is reviewed by whom it was taken from or by an auditor, never by the
 * reader's own organisation. */
#ifndef ACCESS_EMERGENCY_H
#define ACCESS_EMERGENCY_H

#include "access.h"

typedef struct tf_emergency {
    int64_t entry_id; /* of the audit */
    int64_t at;       /* instant */
    int64_t account_id;
    int64_t organisation_id; /* of whoever read it */
    const char *organisation;
    const char *actor;
    int64_t owner_id; /* the organisation that it belongs to; 0: not known */
    const char *owner;
    bool may_review;      /* the actor who lists them */
    const char *category; /* by its name in the pack */
    int64_t object_id;
    int64_t person_id;
    const char *purpose; /* NULL: none was stated */
    const char *justification;
} tf_emergency;

/* Those that nobody has reviewed yet, oldest first, in `arena`: all of them for who may see the
 * whole audit, else those that the actor's organisation read or that were read of it.  Errors:
 * TF_REFUSED. */
tf_status tf_emergency_list(tf_access *access, const tf_actor *actor, tf_arena *arena,
                            tf_emergency **emergencies_out, size_t *count_out, tf_error *error);

/* Record what was found of one: whether it was right, and why.  Durable.  By who may add to the
 * audit of the owner, and is not of the reader's organisation.
 * Errors: TF_NOT_FOUND; TF_REFUSED; TF_BAD_INPUT without a finding, or where it was reviewed
 * before. */
tf_status tf_emergency_review(tf_access *access, const tf_actor *actor, int64_t entry_id,
                              bool was_right, const char *finding, tf_error *error);

#endif
