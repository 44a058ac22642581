/* Entries of the audit by a filter, for the list and the export. */
#ifndef ACCESS_AUDIT_SELECT_INTERNAL_H
#define ACCESS_AUDIT_SELECT_INTERNAL_H

#include "audit_internal.h"
#include "audit_list.h"

/* The organisation that the thing belongs to which an entry is about; null for what no table of the
 * database says it of.  The chain's entries do not hold it: it is looked up by what they name. */
#define TF_AUDIT_OWNER                                                                             \
    "CASE audit_entry.category "                                                                   \
    "WHEN 'intelligence' THEN "                                                                    \
    "(SELECT w.organisation_id FROM intelligence AS w WHERE w.id = audit_entry.object_id) "        \
    "WHEN 'account' THEN "                                                                         \
    "(SELECT w.organisation_id FROM account AS w WHERE w.id = audit_entry.object_id) "             \
    "ELSE (SELECT w.organisation_id FROM response AS w WHERE w.id = audit_entry.object_id "        \
    "AND w.category = audit_entry.category) END"

/* A statement over TF_AUDIT_COLUMNS and the present name of the organisation.  `older_than` is 0
 * for no such bound, `limit` -1 for none. */
typedef struct tf_audit_selection {
    const tf_audit_filter *filter;
    bool newest_first;
    int64_t older_than;
    int64_t limit;
} tf_audit_selection;

enum { TF_AUDIT_ORGANISATION_COLUMN = 15 };

tf_status tf_audit_select(tf_access *access, const tf_audit_selection *selection,
                          tf_statement **statement_out, tf_error *error);

/* The object of a decision about entries: whose they are, and the account that they are about, 0
 * for none; and what such a decision is always for. */
tf_object tf_audit_object(tf_access *access, int64_t organisation_id, int64_t account_id);
tf_intent tf_audit_intent(const tf_access *access);

/* Decide and enter that somebody reads or is given what the filter lets through; committed when
 * this returns, so that a long look keeps nobody from writing.  `recipients` may be NULL. */
tf_status tf_audit_enter(tf_access *access, const tf_actor *actor, tf_action action,
                         const tf_object *object, const tf_audit_filter *filter,
                         const char *recipients, tf_error *error);

#endif
