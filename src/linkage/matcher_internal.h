/* The inside of a matcher, for the files that predict, learn and look up. */
#ifndef TREFOIL_LINKAGE_MATCHER_INTERNAL_H
#define TREFOIL_LINKAGE_MATCHER_INTERNAL_H

#include "linkage/blocks_internal.h"
#include "linkage/sweep_internal.h"

#include <pthread.h>

struct tf_link_matcher {
    const tf_link_model *model;
    const tf_link_records *records;
    tf_link_work work;
    tf_standardiser plain; /* where none is given */
    link_reading reading;  /* on the basis of what the evidence derived */
    link_basis basis;
    link_evidence *evidence;
    link_scorer *scorer; /* NULL until something is scored */
    uint64_t weighed;    /* a hash of the m, u and prior that the scorer has */
    link_worker worker;  /* of the caller's thread */
    link_sweep *sweep;   /* NULL until all pairs are swept */
};

/* A scorer with the model's weights as they are now. */
tf_status link_matcher_weigh(tf_link_matcher *matcher, tf_error *error);

/* The matcher's sweep, with related values found beforehand if many records are swept. */
tf_status link_matcher_sweep(tf_link_matcher *matcher, uint64_t record_count,
                             const link_sweep **sweep_out, tf_error *error);

/* Numbered tasks on several threads: the first fault stops all. */
typedef struct link_tasks link_tasks;
struct link_tasks {
    /* The thread's own state, and what is done with it. */
    tf_status (*start)(link_tasks *tasks, void **own_out, tf_error *error);
    tf_status (*run)(link_tasks *tasks, void *own, size_t task, tf_error *error);
    void (*end)(link_tasks *tasks, void *own); /* also after a failed start, with what it gave */
    void *context;
    size_t count;
    const char *step; /* for the watch */
};

/* The start and end of tasks for which a thread needs a link_worker of its own, and no more. */
tf_status link_worker_start(link_tasks *tasks, void **own_out, tf_error *error);
void link_worker_end(link_tasks *tasks, void *own);

/* Errors: what start and run report; TF_IO if the watch stops it. */
tf_status link_tasks_run(link_tasks *tasks, const tf_link_work *work, tf_error *error);

/* The records that a record is compared with as the left one, in an exhaustive linkage. */
void link_partners(const tf_link_records *records, tf_link_type type, uint32_t record,
                   uint32_t *first_out, uint32_t *last_out);

/* Pairs that the link type allows; and whether all of them are to be scored. */
double link_allowed_pairs(const tf_link_matcher *matcher);
bool link_is_exhaustive(const tf_link_matcher *matcher, tf_link_method method);

#endif
