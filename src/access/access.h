/* What every domain function on personal data stands on: the database, the rules, the site's key;
 * and the one way through which such a function goes:
 *
 *     tf_status status = tf_access_begin(access, error);
 *     if (!status) {
 *         status = tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, &intent, NULL,
 *                                  &decision, error);
 *     }
 *     if (!status) { ... read or change within the transaction ... }
 *     return tf_access_end(access, status, error);
 *
 * `enter` decides and writes the audit entry; `end` commits both entry and work, or neither.  Of
 * what is refused, whether by a decision or later, the entry alone is kept, and so is that of an
 * emergency. */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "audit.h"
#include "policy.h"

/* One connection's access; for one thread at a time. */
typedef struct tf_access tf_access;

/* `db` is open for writing; it, the pack and the key outlive the access. */
tf_status tf_access_new(tf_db *db, const tf_pack *pack, const tf_site_key *key,
                        tf_access **access_out, tf_error *error);
void tf_access_free(tf_access *access); /* accepts NULL */

tf_db *tf_access_db(const tf_access *access);
const tf_pack *tf_access_pack(const tf_access *access);
const tf_access_rules *tf_access_get_rules(const tf_access *access);
const tf_site_key *tf_access_key(const tf_access *access);

/* The index of a category of the pack by its name; a name that the pack has not is a defect and
 * ends the program.  For the names that code is written about. */
int tf_access_category_of(const tf_access *access, const char *name);

/* Begin a transaction; the durable one waits for the disk when it ends, for what somebody must be
 * able to rely on: a report, a change. */
tf_status tf_access_begin(tf_access *access, tf_error *error);
tf_status tf_access_begin_durable(tf_access *access, tf_error *error);

/* Decide and enter it in the audit, within the transaction.  `note` adds what the decision does not
 * know (person, recipients, detail) and may be NULL; its other members are not looked at.
 * `intent` may be NULL: no purpose, no emergency.  `decision_out` may be NULL.
 * Errors: TF_REFUSED with the reason and whom to ask, the refusal being entered; those of the
 * database. */
tf_status tf_access_enter(tf_access *access, const tf_actor *actor, tf_action action,
                          const tf_object *object, const tf_intent *intent,
                          const tf_audit_note *note, tf_decision *decision_out, tf_error *error);

/* Enter what no rule decides: signing in, a report by the public. */
tf_status tf_access_note(tf_access *access, const tf_actor *actor, const tf_audit_note *note,
                         tf_error *error);

/* The decision alone, without an entry: whether to offer something on a page.  Refuses where the
 * rules cannot be loaded. */
tf_decision tf_access_ask(tf_access *access, const tf_actor *actor, tf_action action,
                          const tf_object *object, const tf_intent *intent);

/* Whether what belongs to `organisation_id` is the actor's organisation's: it is its own, or that
 * of one that has ended and that it carries on for. */
bool tf_access_is_own(tf_access *access, const tf_actor *actor, int64_t organisation_id);

/* Append the numbers of all organisations whose data belongs to whom the data of that one belongs
 * to, as a JSON array for json_each of SQL: "[2,5,9]".  Errors: those of the database. */
tf_status tf_access_estate(tf_access *access, int64_t organisation_id, tf_buffer *out,
                           tf_error *error);

/* Whom what belongs to `organisation_id` is to be asked of.  The texts are borrowed until the
 * access is next used.  Errors: those of the database. */
tf_status tf_access_owner(tf_access *access, int64_t organisation_id, tf_owner *owner_out,
                          tf_error *error);

/* Whether an emergency would open something, or more of it, to the actor: whether to offer a form
 * for it (tf_policy_opens_in_emergency).  Not where the rules cannot be loaded. */
bool tf_access_opens_in_emergency(tf_access *access, const tf_actor *actor, const tf_object *object,
                                  const tf_intent *intent);

/* End the transaction: commit if `status` is TF_OK, otherwise roll back.  TF_REFUSED leaves an
 * entry of the refusal: the one that is all that was entered, with what was done for it (a failure
 * that was counted), or, where something was allowed before, a new one with the words of `error`.
 * An emergency that was declared stays entered with its justification, whatever came of it.
 * Returns `status`, or what the commit failed with. */
tf_status tf_access_end(tf_access *access, tf_status status, tf_error *error);

#endif
