/* Is the installation kept as it should be: its files, its database and audit, its backups, its
 * accounts and agreements?  Each finding says what was found, why it matters and what to do. */
#ifndef ACCESS_SELF_CHECK_H
#define ACCESS_SELF_CHECK_H

#include "access.h"
#include "pack/form_definition.h"
#include "trefoil/base/memory.h"

typedef enum tf_severity {
    TF_SEVERITY_OK,
    TF_SEVERITY_NOTICE,  /* to be known */
    TF_SEVERITY_WARNING, /* to be mended soon */
    TF_SEVERITY_DANGER,  /* to be mended now */
    TF_SEVERITY_COUNT
} tf_severity;

const char *tf_severity_name(tf_severity severity); /* "warning" */

/* Texts are sentences. */
typedef struct tf_finding {
    const char *name; /* the same in every run, for programs: "audit-chain" */
    tf_severity severity;
    const char *what;
    const char *why;    /* "" where nothing is to be done */
    const char *action; /* what to do; "" likewise */
} tf_finding;

/* The findings in the order in which they were looked for, also where all is in order, each subject
 * once, or once for each form or role that it is about; but what the database cannot tell, because
 * it cannot be opened, is left out. */
typedef struct tf_self_check {
    tf_finding *findings;
    size_t count;
    tf_severity worst;
} tf_self_check;

/* How many accounts can open what is sent by a public form now.  It is asked where reports are
 * taken, and handed in. */
typedef tf_status tf_count_readers(tf_access *access, const tf_form_definition *form,
                                   int64_t *count_out, tf_error *error);

/* What is looked at. */
typedef struct tf_self_check_subject {
    const char *db_path;
    const tf_pack *pack;
    tf_count_readers *count_readers;
    const char *listen; /* where the server listens, "127.0.0.1:8080"; NULL: none is looked at */
    bool has_host;      /* it answers to the names it was told alone */
    int64_t now;        /* instant */
} tf_self_check_subject;

/* Enter in the audit that the actor looks at the self-check.  Errors: TF_REFUSED for who may not
 * see the settings; those of the database. */
tf_status tf_self_check_enter(tf_access *access, const tf_actor *actor, tf_error *error);

/* Look at all of it, with a connection of its own, in `arena`.  Reads the whole database and the
 * whole audit chain: 1 s for each gigabyte or million of entries.
 * Errors: TF_NO_MEMORY; a fault of the installation is a finding. */
tf_status tf_self_check_make(const tf_self_check_subject *subject, tf_arena *arena,
                             tf_self_check *check_out, tf_error *error);

/* "127.0.0.1:80", "[::1]:80" and "localhost:80" are reached from the machine itself alone. */
bool tf_is_loopback(const char *listen);

#endif
