/* How the parts of the self-check add their findings. */
#ifndef ACCESS_SELF_CHECK_INTERNAL_H
#define ACCESS_SELF_CHECK_INTERNAL_H

#include "self_check.h"

typedef struct tf_self_checker {
    const tf_self_check_subject *subject;
    tf_db *db;              /* NULL: it cannot be opened */
    const char *db_fault;   /* why not */
    const tf_site_key *key; /* NULL: there is none, or it cannot be used */
    const char *key_fault;  /* why not; NULL: there is none */
    tf_arena *arena;
    tf_finding *findings;
    size_t count;
    size_t capacity;
    bool failed; /* out of memory */
} tf_self_checker;

/* Add a finding; `what` is a format.  Out of memory is kept in the checker. */
void tf_finding_add(tf_self_checker *checker, const char *name, tf_severity severity,
                    const char *why, const char *action, const char *what, ...) TF_PRINTF(6, 7);

/* A finding that all is well. */
void tf_finding_fine(tf_self_checker *checker, const char *name, const char *what, ...)
    TF_PRINTF(3, 4);

/* A finding that the database cannot be asked. */
void tf_finding_unknown(tf_self_checker *checker, const char *name, const tf_error *error);

/* The number that a statement gives whose parameters are the numbers; -1, and a finding of that
 * name, where the database cannot be asked. */
int64_t tf_finding_count(tf_self_checker *checker, const char *name, const char *sql,
                         const int64_t *numbers, size_t number_count);

/* The parts. */
void tf_self_check_files(tf_self_checker *checker);
void tf_self_check_machine(tf_self_checker *checker);
void tf_self_check_database(tf_self_checker *checker);
void tf_self_check_people(tf_self_checker *checker);
void tf_self_check_agreements(tf_self_checker *checker);
void tf_self_check_accounts(tf_self_checker *checker); /* whether they are to be trusted */

#endif
