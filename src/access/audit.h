/* The audit chain: what was done with personal data, by whom, for what, and with what outcome.
 *
 * Every entry carries the BLAKE2b hash of the one before, so that none can be changed, removed or
 * put in between without all that follow.  The end of the chain is authenticated with the site's
 * key, so that none can be added, and marked outside the database (audit_mark.h), so that none can
 * be cut off.  Once a day the chain's head is signed; a signed head that is kept elsewhere proves
 * what the chain was, even against whoever holds the site's key.
 *
 * An entry is written in the transaction of the work it tells of (access.h): no entry, no work. */
#ifndef ACCESS_AUDIT_H
#define ACCESS_AUDIT_H

#include "actor.h"
#include "site_key.h"
#include "store/db.h"

typedef enum tf_outcome {
    TF_OUTCOME_DONE,
    TF_OUTCOME_REFUSED,
    TF_OUTCOME_EMERGENCY, /* done without an agreement: somebody has to look at it */
    TF_OUTCOME_COUNT
} tf_outcome;

/* What an entry tells.  It names things by number; no text of a report, a note or a case belongs
 * here.  Texts that are NULL are not there. */
typedef struct tf_audit_note {
    const char *action;   /* tf_action_name, or "sign-in", "sign-out", "backup", ... */
    const char *category; /* of the data: "concern", "account"; NULL: of none */
    int64_t object_id;    /* 0: all of the category, such as a list */
    int64_t person_id;    /* whom the data is about, where that is known; 0: nobody */
    const char *purpose;
    int64_t agreement_id;   /* 0: none */
    const char *recipients; /* whom it was given to */
    tf_outcome outcome;
    const char *detail; /* why it was refused, what was changed: "roles" */
} tf_audit_note;

/* Add an entry, within the open transaction.  The time of an entry is never before that of the one
 * before it, whatever the clock says.  When tf_db_commit has committed it, the mark is moved.
 * Errors: TF_IO, and nothing is added, where the end of the chain is not the one that was left with
 * this key, or is before the mark; a mark that cannot be used; those of the database.  O(log
 * entries). */
tf_status tf_audit_append(tf_db *db, const tf_site_key *key, const tf_actor *actor,
                          const tf_audit_note *note, tf_error *error);

#endif
