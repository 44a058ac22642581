/* What the parts of the site share. */
#ifndef WEB_SITE_SITE_INTERNAL_H
#define WEB_SITE_SITE_INTERNAL_H

#include "web/site/import_job.h"

#include <pthread.h>
#include <sys/types.h>

typedef struct tf_jobs tf_jobs;
typedef struct tf_access_room tf_access_room;

/* Which file a path means, as long as it is there. */
typedef struct tf_file_identity {
    dev_t device;
    ino_t inode;
} tf_file_identity;

struct tf_site {
    tf_site_options options;
    tf_pack *pack;

    pthread_mutex_t lock; /* of what follows, up to the next mark */
    pthread_cond_t is_returned;
    struct tf_lent_desk **free_desks; /* a stack */
    size_t free_count;
    size_t desk_count; /* lent or free */
    size_t desk_limit;

    pthread_mutex_t version_lock;
    tf_db *watch; /* a connection that only asks for the version, or NULL */
    tf_file_identity watched;
    uint32_t file_count;   /* that were watched, one after the other */
    int64_t batch_version; /* of the database, when its last batch was looked for; 0: not yet */
    int64_t last_batch;
    tf_jobs *jobs;
    tf_access_room *room;
};

bool tf_site_find_file(const tf_site *site, tf_file_identity *file_out);
bool tf_site_is_same_file(const tf_file_identity *a, const tf_file_identity *b);

/* What is wrong with the database is not the visitor's doing, whatever a command would say. */
tf_status tf_site_blame_database(tf_status status, const tf_site *site, const tf_error *fault,
                                 tf_error *error);

tf_status tf_access_room_new(const tf_site *site, tf_access_room **room_out, tf_error *error);
void tf_access_room_free(tf_access_room *room); /* accepts NULL */

tf_status tf_jobs_new(tf_site *site, tf_jobs **jobs_out, tf_error *error);
void tf_jobs_free(tf_jobs *jobs); /* accepts NULL */

#endif
