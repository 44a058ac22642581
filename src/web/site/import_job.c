#include "site_internal.h"
#include "web/site/access_desk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { JOB_ID_SIZE = 33, MAX_WAITING = 20, MAX_KEPT = 100 };

/* A job and its files on disk.  Whoever has the lock of the jobs may change it. */
typedef struct kept_job {
    struct kept_job *next; /* the one that came after it */
    char id[JOB_ID_SIZE];
    char *folder; /* NULL once its files are taken away */
    int lock;     /* on the folder, while somebody lives who will take it away; or -1 */
    char **paths;
    size_t path_count;
    tf_job_state state;
    char *error;
    tf_police_progress progress;
    tf_job_file *files;
    size_t file_count;
    size_t file_capacity;
} kept_job;

struct tf_jobs {
    tf_site *site;
    pthread_mutex_t lock;
    pthread_cond_t is_changed;
    kept_job *first; /* oldest */
    size_t count;
    bool is_ending;
    bool has_thread;
    pthread_t thread;
};

/* ---- a job's life ---- */

static void remove_files(kept_job *job) {
    for (size_t i = 0; i < job->path_count; i++) {
        unlink(job->paths[i]);
        tf_free(job->paths[i]);
    }
    tf_free(job->paths);
    job->paths = NULL;
    job->path_count = 0;
    if (job->folder) {
        rmdir(job->folder);
        tf_free(job->folder);
        job->folder = NULL;
    }
    if (job->lock >= 0) {
        close(job->lock);
        job->lock = -1;
    }
}

static void job_free(kept_job *job) {
    remove_files(job);
    for (size_t i = 0; i < job->file_count; i++) {
        tf_free(job->files[i].name);
        tf_free(job->files[i].error);
    }
    tf_free(job->files);
    tf_free(job->error);
    tf_free(job);
}

static tf_status new_id(char *id_out, tf_error *error) {
    unsigned char bytes[(JOB_ID_SIZE - 1) / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        return tf_fail(error, TF_IO, NULL, 0, "the system gives no random numbers: %s",
                       strerror(errno));
    }
    tf_hex_write(bytes, sizeof bytes, id_out);
    return TF_OK;
}

/* ---- folders ---- */

static const char folder_start[] = "trefoil-import-";

static const char *parent_folder(const tf_site *site) {
    const char *parent = site->options.upload_folder;
    parent = parent ? parent : getenv("TMPDIR");
    return parent && *parent ? parent : "/tmp";
}

/* A folder that nobody lives to take away: ours, and not locked. */
static bool is_left(int folder) {
    struct stat about;
    return fstat(folder, &about) == 0 && about.st_uid == geteuid() &&
           flock(folder, LOCK_EX | LOCK_NB) == 0;
}

static void remove_left(int parent, const char *name) {
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = folder >= 0 && is_left(folder) ? fdopendir(folder) : NULL;
    if (!entries) {
        if (folder >= 0) {
            close(folder);
        }
        return;
    }
    for (struct dirent *entry; (entry = readdir(entries));) {
        (void)unlinkat(folder, entry->d_name, 0);
    }
    (void)unlinkat(parent, name, AT_REMOVEDIR);
    closedir(entries);
}

/* Take away what a program that was killed has left: police files are not for a shared folder. */
static void sweep(const tf_site *site) {
    DIR *parent = opendir(parent_folder(site));
    if (!parent) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(parent));) {
        if (strncmp(entry->d_name, folder_start, sizeof folder_start - 1) == 0) {
            remove_left(dirfd(parent), entry->d_name);
        }
    }
    closedir(parent);
}

/* ---- keeping the files ---- */

static tf_status check_name(tf_text name, tf_error *error) {
    bool is_known = tf_text_ends_with(name, ".csv") || tf_text_ends_with(name, ".csv.gz") ||
                    tf_text_ends_with(name, ".zip");
    bool is_plain = name.length > 0 && name.length <= 200 && name.data[0] != '.' &&
                    !memchr(name.data, '/', name.length) && !memchr(name.data, '\0', name.length);
    if (!is_known || !is_plain) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "%.*s is not a file of the police's; choose files whose names end in .csv, "
                       ".csv.gz or .zip",
                       TF_TEXT_ARG(name));
    }
    return TF_OK;
}

static tf_status write_file(const char *path, const tf_job_upload *upload, tf_error *error) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "two files are named %.*s; choose each file once",
                       TF_TEXT_ARG(upload->name));
    }
    size_t written = 0;
    while (file >= 0 && written < upload->content.length) {
        ssize_t count =
            write(file, upload->content.data + written, upload->content.length - written);
        if (count < 0 && errno != EINTR) {
            break;
        }
        written += count > 0 ? (size_t)count : 0;
    }
    int fault = errno;
    if (file >= 0 && close(file)) {
        fault = errno;
        written = SIZE_MAX;
    }
    if (file < 0 || written != upload->content.length) {
        return tf_fail(error, TF_IO, NULL, 0, "the file %.*s could not be kept: %s",
                       TF_TEXT_ARG(upload->name), strerror(fault));
    }
    return TF_OK;
}

static tf_status keep_files(const tf_site *site, kept_job *job, const tf_job_upload *uploads,
                            size_t upload_count, tf_error *error) {
    tf_buffer folder;
    tf_buffer_init(&folder);
    tf_buffer_format(&folder, "%s/%sXXXXXX", parent_folder(site), folder_start);
    if (folder.failed) {
        return tf_fail_no_memory(error);
    }
    if (!mkdtemp(folder.data)) {
        tf_status status = tf_fail(error, TF_IO, folder.data, 0,
                                   "no folder for the files can be made: %s", strerror(errno));
        tf_buffer_deinit(&folder);
        return status;
    }
    job->folder = folder.data;
    job->lock = open(folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (job->lock < 0 || flock(job->lock, LOCK_EX | LOCK_NB) != 0) {
        return tf_fail(error, TF_IO, job->folder, 0, "the folder cannot be locked: %s",
                       strerror(errno));
    }
    job->paths = tf_alloc_zeroed(upload_count, sizeof *job->paths);
    tf_status status = job->paths ? TF_OK : tf_fail_no_memory(error);
    for (size_t i = 0; i < upload_count && !status; i++) {
        tf_buffer path;
        tf_buffer_init(&path);
        tf_buffer_format(&path, "%s/%.*s", job->folder, TF_TEXT_ARG(uploads[i].name));
        if (path.failed) {
            return tf_fail_no_memory(error);
        }
        job->paths[job->path_count++] = path.data;
        status = write_file(path.data, &uploads[i], error);
    }
    return status;
}

/* ---- the thread that imports ---- */

typedef struct job_run {
    tf_jobs *jobs;
    kept_job *job;
} job_run;

static void add_file(void *context, const tf_police_file *file) {
    const job_run *run = context;
    kept_job *job = run->job;
    pthread_mutex_lock(&run->jobs->lock);
    if (tf_reserve(&job->files, &job->file_capacity, job->file_count + 1, sizeof *job->files,
                   NULL) == TF_OK) {
        const char *name = strrchr(file->name, '/');
        /* Of a member of an archive both names are told. */
        size_t prefix = strlen(job->folder) + 1;
        name = strlen(file->name) > prefix ? file->name + prefix : name;
        job->files[job->file_count++] = (tf_job_file){
            .name = tf_copy_text(name, strlen(name)),
            .error = file->status ? tf_copy_text(file->error->message, strlen(file->error->message))
                                  : NULL,
            .batch_id = file->batch_id,
            .rows_read = file->rows_read,
            .rows_accepted = file->rows_accepted,
            .rows_rejected = file->rows_rejected,
        };
    }
    pthread_mutex_unlock(&run->jobs->lock);
}

static void note_progress(void *context, const tf_police_progress *progress) {
    const job_run *run = context;
    pthread_mutex_lock(&run->jobs->lock);
    run->job->progress = *progress;
    pthread_mutex_unlock(&run->jobs->lock);
}

static void import_job(tf_jobs *jobs, kept_job *job) {
    job_run run = {jobs, job};
    tf_police_options options = {
        .context = &run, .on_file = add_file, .on_progress = note_progress};
    tf_police_summary summary;
    tf_error error;
    tf_db *db = NULL;
    tf_status status = tf_db_open(jobs->site->options.db_path, TF_DB_WRITE, &db, &error);
    if (!status) {
        status = tf_police_import(db, jobs->site->pack, (const char *const *)job->paths,
                                  job->path_count, &options, &summary, &error);
    }
    tf_db_close(db);
    pthread_mutex_lock(&jobs->lock);
    remove_files(job);
    job->state = status ? TF_JOB_FAILED : TF_JOB_DONE;
    if (!status) {
        /* Progress is told now and then, and rarely at the very end. */
        job->progress.files_done = summary.file_count;
        job->progress.file_count = summary.file_count;
        job->progress.bytes_done = job->progress.byte_count;
        job->progress.rows_read = summary.rows_read;
    }
    if (status) {
        job->error = tf_copy_text(error.message, strlen(error.message));
    }
    pthread_mutex_unlock(&jobs->lock);
}

static kept_job *next_waiting(const tf_jobs *jobs) {
    kept_job *job = jobs->first;
    while (job && job->state != TF_JOB_WAITING) {
        job = job->next;
    }
    return job;
}

static void *import_waiting(void *context) {
    tf_jobs *jobs = context;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->is_ending) {
        kept_job *job = next_waiting(jobs);
        if (!job) {
            pthread_cond_wait(&jobs->is_changed, &jobs->lock);
            continue;
        }
        job->state = TF_JOB_RUNNING;
        pthread_mutex_unlock(&jobs->lock);
        import_job(jobs, job);
        pthread_mutex_lock(&jobs->lock);
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

tf_status tf_jobs_new(tf_site *site, tf_jobs **jobs_out, tf_error *error) {
    tf_jobs *jobs = tf_alloc_zeroed(1, sizeof *jobs);
    *jobs_out = jobs;
    if (!jobs) {
        return tf_fail_no_memory(error);
    }
    jobs->site = site;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->is_changed, NULL);
    if (site->options.allows_imports || tf_site_has_accounts(site)) {
        sweep(site);
    }
    int fault = pthread_create(&jobs->thread, NULL, import_waiting, jobs);
    if (fault) {
        return tf_fail(error, TF_IO, NULL, 0, "no thread can be started: %s", strerror(fault));
    }
    jobs->has_thread = true;
    return TF_OK;
}

void tf_jobs_free(tf_jobs *jobs) {
    if (!jobs) {
        return;
    }
    pthread_mutex_lock(&jobs->lock);
    jobs->is_ending = true;
    pthread_cond_signal(&jobs->is_changed);
    pthread_mutex_unlock(&jobs->lock);
    if (jobs->has_thread) {
        pthread_join(jobs->thread, NULL);
    }
    while (jobs->first) {
        kept_job *job = jobs->first;
        jobs->first = job->next;
        job_free(job);
    }
    pthread_cond_destroy(&jobs->is_changed);
    pthread_mutex_destroy(&jobs->lock);
    tf_free(jobs);
}

/* ---- asking ---- */

static bool is_over(const kept_job *job) {
    return job->state == TF_JOB_DONE || job->state == TF_JOB_FAILED;
}

/* Add the job at the end and forget the oldest ones that are over. */
static tf_status add_job(tf_jobs *jobs, kept_job *added, tf_error *error) {
    kept_job **end = &jobs->first;
    size_t waiting = 0;
    while (*end) {
        kept_job *job = *end;
        if (is_over(job) && jobs->count >= MAX_KEPT) {
            *end = job->next;
            jobs->count--;
            job_free(job);
            continue;
        }
        waiting += !is_over(job);
        end = &job->next;
    }
    if (waiting >= MAX_WAITING) {
        return tf_fail(error, TF_BUSY, NULL, 0,
                       "%zu imports are waiting already; try again when some are done", waiting);
    }
    *end = added;
    jobs->count++;
    return TF_OK;
}

tf_status tf_job_start(tf_site *site, const tf_job_upload *uploads, size_t upload_count,
                       tf_arena *arena, const char **id_out, tf_error *error) {
    for (size_t i = 0; i < upload_count; i++) {
        tf_status status = check_name(uploads[i].name, error);
        if (status) {
            return status;
        }
    }
    kept_job *job = tf_alloc_zeroed(1, sizeof *job);
    if (!job) {
        return tf_fail_no_memory(error);
    }
    job->lock = -1;
    tf_status status = new_id(job->id, error);
    *id_out = tf_arena_format(arena, "%s", job->id);
    if (!status && !*id_out) {
        status = tf_fail_no_memory(error);
    }
    if (!status) {
        status = keep_files(site, job, uploads, upload_count, error);
    }
    if (!status) {
        pthread_mutex_lock(&site->jobs->lock);
        status = add_job(site->jobs, job, error);
        pthread_cond_signal(&site->jobs->is_changed);
        pthread_mutex_unlock(&site->jobs->lock);
    }
    if (status) {
        job_free(job);
    }
    return status;
}

static char *copy(tf_arena *arena, const char *text) {
    return text ? tf_arena_copy_text(arena, text, strlen(text)) : NULL;
}

static tf_status copy_job(const kept_job *job, tf_arena *arena, tf_job *job_out, tf_error *error) {
    *job_out = (tf_job){
        .id = copy(arena, job->id),
        .state = job->state,
        .error = copy(arena, job->error),
        .progress = job->progress,
        .files = tf_arena_alloc(arena, job->file_count + 1, sizeof *job_out->files),
        .file_count = job->file_count,
    };
    if (!job_out->id || !job_out->files || (job->error && !job_out->error)) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < job->file_count; i++) {
        tf_job_file *file = &job_out->files[i];
        *file = job->files[i];
        file->name = copy(arena, file->name ? file->name : "");
        file->error = copy(arena, job->files[i].error);
        if (!file->name || (job->files[i].error && !file->error)) {
            return tf_fail_no_memory(error);
        }
    }
    return TF_OK;
}

tf_status tf_job_get(tf_site *site, tf_text id, tf_arena *arena, tf_job *job_out, tf_error *error) {
    tf_jobs *jobs = site->jobs;
    tf_status status = TF_NOT_FOUND;
    pthread_mutex_lock(&jobs->lock);
    for (const kept_job *job = jobs->first; job; job = job->next) {
        if (tf_text_equal(tf_text_of(job->id), id)) {
            status = copy_job(job, arena, job_out, error);
            break;
        }
    }
    pthread_mutex_unlock(&jobs->lock);
    if (status == TF_NOT_FOUND) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                       "there is no such import; the last %d are remembered, and none after the "
                       "program ends",
                       MAX_KEPT);
    }
    return status;
}
