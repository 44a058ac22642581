/* Entries of the audit for another program, or for somebody who asked for them. */
#ifndef ACCESS_AUDIT_EXPORT_H
#define ACCESS_AUDIT_EXPORT_H

#include "audit_list.h"

typedef enum tf_audit_format {
    TF_AUDIT_CSV,   /* RFC 4180 with a header, for people; a text that a spreadsheet would run gets
                       an apostrophe */
    TF_AUDIT_JSONL, /* one JSON object a line, exact: the chain can be verified from it */
} tf_audit_format;

/* Give all entries of the filter, oldest first, in pieces of some 64 KiB to `write`.  The giving is
 * decided as a disclosure of the audit and entered, durably, before the first byte; `recipients`
 * says to whom.  In memory there is never more than a piece.
 * Errors: TF_BAD_INPUT without recipients; TF_REFUSED; those of the database and of `write`.
 * O(entries). */
tf_status tf_audit_export(tf_access *access, const tf_actor *actor, const tf_audit_filter *filter,
                          tf_audit_format format, const char *recipients,
                          tf_status (*write)(void *context, tf_text bytes, tf_error *error),
                          void *context, tf_error *error);

#endif
