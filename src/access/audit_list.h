/* Who did what with whose data: entries of the audit, a page at a time.  To read them is itself
 * decided, by the category "audit", and entered. */
#ifndef ACCESS_AUDIT_LIST_H
#define ACCESS_AUDIT_LIST_H

#include "access.h"

#include "trefoil/base/memory.h"

/* Which entries; what is 0 or NULL is not looked at. */
typedef struct tf_audit_filter {
    int64_t reach;           /* what an organisation answers for or is to know: what its people did,
                                and what anybody did with what is its own; whoever reads no more than
                                that must name the own (tf_audit_reach) */
    int64_t organisation_id; /* whose people did it */
    int64_t account_id;      /* who did it */
    int64_t person_id;       /* whom the data is about */
    const char *category;
    int64_t object_id; /* of the category */
    const char *action;
    const char *outcome; /* a name of tf_outcome_names */
    bool without_refusals;
    int32_t from_day; /* days since 1970-01-01 in UTC, both included */
    int32_t to_day;
} tf_audit_filter;

/* Texts are NULL where the entry has none. */
typedef struct tf_audit_entry {
    int64_t id;
    int64_t at;
    int64_t account_id;
    int64_t organisation_id;
    const char *organisation; /* its name now */
    const char *actor;        /* its name then */
    const char *action;
    const char *category; /* "" for none */
    int64_t object_id;
    int64_t person_id;
    const char *purpose;
    int64_t agreement_id;
    const char *recipients;
    const char *outcome;
    const char *detail;
} tf_audit_entry;

typedef struct tf_audit_page {
    tf_audit_entry *entries; /* newest first; of the arena, as its texts are */
    size_t count;
    int64_t older_than; /* what to ask for to see the next page; 0: this is the last */
} tf_audit_page;

/* Which entries the actor may read: 0 for all, the number of the organisation that they concern, or
 * -1 for none.  To be put into a filter, as its reach. */
int64_t tf_audit_reach(tf_access *access, const tf_actor *actor);

/* Up to `limit` entries of the filter that are older than the entry `older_than`, 0 for the newest;
 * among them, where the filter lets it through, the entry that this look itself makes.
 * Begins and ends its own transactions.  Errors: TF_REFUSED; those of the database.
 * By person, by object and for emergencies O(entries of that); else O(entries looked through), each
 * with a look-up of its object's owner where the filter has a reach. */
tf_status tf_audit_list(tf_access *access, const tf_actor *actor, const tf_audit_filter *filter,
                        int64_t older_than, size_t limit, tf_arena *arena, tf_audit_page *page_out,
                        tf_error *error);

/* Who looked at one thing or changed it, for the page of that thing. */
typedef struct tf_audit_look {
    bool may; /* the actor may know; otherwise there are no entries, and nothing was entered */
    tf_audit_page entries;
} tf_audit_look;

/* The newest entries about one thing, whoever made them: `about` is what domain functions decide
 * on, with its category, id and owner.  May know it who may consult the audit of the owner; of an
 * account its holder; and of content (a report, a case) whoever of the owner may open it: to the
 * rules the entries are assigned to these.
 * The look's own entry is one of the category "audit", and never among those that it shows.
 * Errors: those of tf_audit_list. */
tf_status tf_audit_about(tf_access *access, const tf_actor *actor, const tf_object *about,
                         size_t limit, tf_arena *arena, tf_audit_look *look_out, tf_error *error);

#endif
