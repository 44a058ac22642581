/* Is the audit chain whole, and is it the one that was written? */
#ifndef ACCESS_AUDIT_VERIFY_H
#define ACCESS_AUDIT_VERIFY_H

#include "audit_head.h"

typedef enum tf_audit_fault {
    TF_AUDIT_SOUND,        /* there is none */
    TF_AUDIT_CHANGED,      /* an entry is not what was entered */
    TF_AUDIT_REMOVED,      /* numbers are missing between two entries */
    TF_AUDIT_ADDED,        /* an entry that Trefoil did not write */
    TF_AUDIT_CUT_OFF,      /* entries at the end are missing */
    TF_AUDIT_END,          /* the record of the end is missing, or is not authentic */
    TF_AUDIT_HEAD_CHANGED, /* a head of a day is not what was signed with the site's key */
    TF_AUDIT_HEAD_MISSING, /* a day is over and has none */
    TF_AUDIT_REWRITTEN,    /* a head names another chain than is there */
    TF_AUDIT_HIDDEN,       /* an index does not name every entry, so that lists leave some out */
    TF_AUDIT_MARK,         /* the mark beside the database is not authentic */
} tf_audit_fault;

/* A head that was kept elsewhere. */
typedef struct tf_audit_kept_head {
    const char *name; /* of its file, for the report */
    tf_audit_head head;
} tf_audit_kept_head;

typedef struct tf_audit_report {
    tf_audit_fault fault;   /* the first, from the beginning of the chain on */
    int64_t fault_entry_id; /* where: the entry, or the last one before it; 0: the beginning */
    int64_t fault_at;       /* its time, as it says itself; 0: none is known */
    char message[TF_ERROR_MESSAGE_SIZE]; /* one sentence or two: what, where and what to do */

    int64_t entry_count; /* that were read, and are sound */
    int64_t first_at, last_at;
    int64_t head_count;      /* of days, likewise */
    int64_t kept_head_count; /* that were kept elsewhere, likewise */
    bool is_end_checked;     /* with the key; else entries may have been added or cut off at the end
                                by somebody who hashed them rightly */
    bool is_mark_checked;    /* likewise, and there is a mark; else entries may have been cut off by
                                somebody who put an earlier record of the end back */
    int64_t lost_count; /* entries behind the last that had not come to the disk when the machine
                           was started anew, says the mark */
} tf_audit_report;

/* Walk the chain from its first entry to its end, in one state of the database, while others may
 * write.  `key` may be NULL: all is verified but that the end was written with it and comes to the
 * mark; the mark is not looked at for a copy (tf_db_open_copy) either.  With the key a chain
 * without entries is not sound, for whoever makes the first account makes the first entry.  Sound
 * is what only the holder of the site's key can have written; what even that one can have
 * rewritten, heads tell that were kept elsewhere.  In a transaction of its own, unless one for
 * writing is open. Errors: those of the database; TF_IO for a mark that cannot be read; a fault of
 * the chain is none, but in the report. O(bytes of the chain), 2 s for a million entries. */
tf_status tf_audit_verify(tf_db *db, const tf_site_key *key, const tf_audit_kept_head *kept,
                          size_t kept_count, tf_audit_report *report_out, tf_error *error);

#endif
