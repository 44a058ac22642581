/* Reports whose time is over are erased: when a report has been closed for as long as its form
 * keeps it, its answers, messages, notes and keys go.  What stays is a tombstone: form, times,
 * urgency, what was counted, and why it was closed. */
#ifndef INTAKE_RETENTION_H
#define INTAKE_RETENTION_H

#include "access/access.h"

/* Erase what is due at `now` (microseconds since 1970), each durably and with its entry in the
 * audit; then clear the write-ahead log, so that the disk holds nothing of it.  May run beside a
 * server and be killed at any time: the next run goes on.
 * Errors: TF_REFUSED for an actor who may not erase; those of the database. */
tf_status tf_retention_purge(tf_access *access, const tf_actor *actor, int64_t now,
                             int64_t *erased_out, tf_error *error);

/* Erase, in the same way, the intelligence whose keeping a review has ended, drafts that were
 * discarded or that nobody has submitted in the days of the pack, and the keys of whom a report was
 * shared with under an agreement whose days of retention are over.  *erased_out counts reports and
 * drafts; *due_out is how many reports are due for a review, which only people do. */
tf_status tf_retention_purge_intelligence(tf_access *access, const tf_actor *actor, int64_t now,
                                          int64_t *erased_out, int64_t *due_out, tf_error *error);

#endif
