/* Imports that somebody asked for in the browser: one at a time, in the order they came, while
 * the site goes on answering. */
#ifndef WEB_SITE_IMPORT_JOB_H
#define WEB_SITE_IMPORT_JOB_H

#include "intake/police.h"
#include "web/site/site.h"

typedef enum tf_job_state {
    TF_JOB_WAITING,
    TF_JOB_RUNNING,
    TF_JOB_DONE, /* each file says for itself whether it was imported */
    TF_JOB_FAILED,
} tf_job_state;

typedef struct tf_job_file {
    char *name;
    char *error; /* NULL: it was imported */
    int64_t batch_id;
    int64_t rows_read;
    int64_t rows_accepted;
    int64_t rows_rejected;
} tf_job_file;

/* A job as it was when asked for; all in the arena that was given. */
typedef struct tf_job {
    const char *id; /* 32 hexadecimal digits, not to be guessed */
    tf_job_state state;
    const char *error; /* of a job that failed, one sentence; else NULL */
    tf_police_progress progress;
    tf_job_file *files; /* that are done, in order */
    size_t file_count;
} tf_job;

typedef struct tf_job_upload {
    tf_text name; /* without folders */
    tf_text content;
} tf_job_upload;

/* Keep the files in a folder of their own and import them when it is their turn; the folder is
 * taken away afterwards, when the site ends, or, if the program is killed, when the next site of
 * this folder begins.  The new job's id is in `arena`.
 * Errors: TF_BAD_INPUT for a name that is not .csv, .csv.gz or .zip, or that comes twice; TF_BUSY
 * when 20 jobs wait; TF_IO.  Nothing is kept of a job that is refused. */
tf_status tf_job_start(tf_site *site, const tf_job_upload *uploads, size_t upload_count,
                       tf_arena *arena, const char **id_out, tf_error *error);

/* How a job stands.  The last 100 are remembered while the site runs.
 * Errors: TF_NOT_FOUND. */
tf_status tf_job_get(tf_site *site, tf_text id, tf_arena *arena, tf_job *job_out, tf_error *error);

#endif
