#include "intake/police.h"

#include "intake/batch.h"
#include "intake/police_reading.h"
#include "store/partition.h"
#include "trefoil/base/thread.h"

#include <pthread.h>
#include <stdio.h>

enum { MEMORY_LIMIT = 512 * 1024 * 1024, SNIFF_SIZE = 64 * 1024 };

static const double SECONDS_BETWEEN_PROGRESS = 0.1;

/* What the threads share. */
typedef struct importer {
    tf_db *db;
    tf_police_options options;
    tf_police_reading_options reading_options;
    tf_police_entries entries;

    pthread_mutex_t lock; /* guards all that follows, and the database */
    pthread_cond_t stored;
    size_t next;    /* the entry to read next */
    size_t storing; /* the entry whose turn it is to be stored */
    tf_police_summary summary;
    tf_status status; /* the first fault of the database: no file is stored after it */
    tf_error *error;

    pthread_mutex_t report_lock; /* guards what follows, and the caller's callbacks */
    tf_police_progress progress;
    double progress_at; /* when progress was last reported */
} importer;

/* ---- reading one file ---- */

/* The archive that a thread read from last: members of one archive follow each other. */
typedef struct open_archive {
    tf_archive *archive;
    const char *path;
} open_archive;

static tf_status open_entry(const tf_police_entry *entry, open_archive *last,
                            tf_source **source_out, tf_error *error) {
    if (!entry->is_member) {
        return tf_source_open(entry->path, source_out, error);
    }
    if (!last->archive || strcmp(last->path, entry->path) != 0) {
        tf_archive_close(last->archive);
        *last = (open_archive){0};
        tf_status status = tf_archive_open(entry->path, &last->archive, error);
        if (status) {
            return status;
        }
        last->path = entry->path;
    }
    return tf_archive_open_member(last->archive, entry->member, source_out, error);
}

/* Which feed the file is of, by its header. */
static tf_status sniff(const tf_police_entry *entry, open_archive *last, tf_police_feed *feed_out,
                       tf_error *error) {
    tf_source *source;
    tf_status status = open_entry(entry, last, &source, error);
    if (status) {
        return status;
    }
    char *start = tf_alloc(SNIFF_SIZE, 1);
    size_t length = 0;
    char **names = NULL;
    size_t count = 0;
    status = start ? tf_source_read(source, start, SNIFF_SIZE, &length, error)
                   : tf_fail_no_memory(error);
    if (!status) {
        status = tf_csv_header(start, length, &names, &count, error);
    }
    if (!status) {
        status = tf_police_feed_recognise(names, count, feed_out, error);
    }
    tf_error_set_place(error, tf_source_name(source));
    tf_free(names);
    tf_free(start);
    tf_source_close(source);
    return status;
}

static tf_status read_entry(importer *all, const tf_police_entry *entry, open_archive *last,
                            tf_police_reading *reading, tf_error *error) {
    *reading = (tf_police_reading){0};
    tf_police_feed feed;
    tf_status status = sniff(entry, last, &feed, error);
    if (status) {
        return status;
    }
    tf_source *source;
    status = open_entry(entry, last, &source, error);
    if (!status) {
        status = tf_police_reading_make(source, feed, &all->reading_options, reading, error);
        tf_source_close(source);
    }
    return status;
}

/* ---- storing one file ---- */

static tf_status learn_force(tf_db *db, const tf_police_partition *partition, tf_error *error) {
    if (partition->reported_by[0] == '\0') {
        return TF_OK;
    }
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "INSERT INTO force (slug, reported_as) VALUES (?1, ?2)"
                                     " ON CONFLICT (slug) DO UPDATE"
                                     " SET reported_as = excluded.reported_as",
                                     &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(partition->force));
        tf_bind_text(statement, 2, tf_text_of(partition->reported_by));
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

static tf_status store_partitions(tf_db *db, tf_police_reading *reading, tf_police_file *file,
                                  tf_error *error) {
    tf_buffer stream;
    tf_buffer_init(&stream);
    tf_status status = TF_OK;
    for (size_t i = 0; i < reading->partition_count && !status; i++) {
        const tf_police_partition *partition = &reading->partitions[i];
        stream.length = 0;
        int64_t replaced = -1;
        status = tf_police_reading_stream(reading, partition, &stream, error);
        if (!status) {
            status = tf_partition_put(db,
                                      &(tf_partition_key){tf_police_feed_name(file->feed),
                                                          partition->force, partition->month},
                                      file->batch_id, partition->row_count, stream.data,
                                      stream.length, &replaced, error);
        }
        if (!status) {
            status = learn_force(db, partition, error);
        }
        *(replaced < 0 ? &file->partitions_new : &file->partitions_replaced) += 1;
    }
    tf_buffer_deinit(&stream);
    return status;
}

static tf_status store_oddities(tf_db *db, tf_police_reading *reading, int64_t batch_id,
                                tf_error *error) {
    tf_status status = TF_OK;
    for (int i = 0; i < TF_POLICE_WARNING_COUNT && !status; i++) {
        if (reading->warnings[i]) {
            status = tf_batch_warn(db, batch_id, tf_police_warning_text((tf_police_warning)i),
                                   reading->warnings[i], reading->warning_line[i], error);
        }
    }
    for (size_t i = 0; i < reading->reject_count && !status; i++) {
        const tf_police_reject *reject = &reading->rejects[i];
        char bytes[4096 + 512 + 1];
        size_t length = reject->reason_length + reject->text_length;
        status = tf_spool_read(reading->spool, reject->offset, bytes, length, error);
        if (!status) {
            char reason[512];
            memcpy(reason, bytes, reject->reason_length);
            reason[reject->reason_length] = '\0';
            tf_text text = {bytes + reject->reason_length, reject->text_length};
            status = tf_batch_reject(db, batch_id, reject->line, reason, text, error);
        }
    }
    return status;
}

static void find_months(const tf_police_reading *reading, tf_month *first, tf_month *last) {
    *first = TF_MONTH_NONE;
    *last = TF_MONTH_NONE;
    for (size_t i = 0; i < reading->partition_count; i++) {
        tf_month month = reading->partitions[i].month;
        *first = *first == TF_MONTH_NONE || month < *first ? month : *first;
        *last = *last == TF_MONTH_NONE || month > *last ? month : *last;
    }
}

/* Everything that one file leaves, in one transaction. */
static tf_status store_reading(tf_db *db, const tf_police_entry *entry, tf_police_reading *reading,
                               tf_police_file *file, tf_error *error) {
    bool has_name = reading->rules.has_name;
    /* Where a file lay on this machine is nobody's business; a member keeps its path inside. */
    const char *slash = strrchr(entry->path, '/');
    size_t folder_length = slash ? (size_t)(slash + 1 - entry->path) : 0;
    tf_batch_start start = {.feed = tf_police_feed_name(file->feed),
                            .force = file->force,
                            .month = has_name ? reading->rules.name.month : TF_MONTH_NONE,
                            .file = reading->name + folder_length,
                            .publisher = "data.police.uk",
                            .started_at = reading->started_at};
    tf_batch_end end = {.sha256 = reading->sha256,
                        .rows_read = reading->rows_read,
                        .rows_accepted = reading->rows_accepted,
                        .rows_rejected = (int64_t)reading->reject_count,
                        .first_month = file->first_month,
                        .last_month = file->last_month};
    tf_status status = tf_db_begin(db, error);
    if (status) {
        return status;
    }
    status = tf_batch_begin(db, &start, &file->batch_id, error);
    if (!status) {
        status = store_partitions(db, reading, file, error);
    }
    if (!status) {
        status = store_oddities(db, reading, file->batch_id, error);
    }
    if (!status) {
        status = tf_batch_finish(db, file->batch_id, &end, error);
    }
    if (!status) {
        status = tf_db_commit(db, error);
    }
    tf_db_rollback(db);
    return status;
}

/* ---- the whole ---- */

static tf_police_file describe(const tf_police_entry *entry, const tf_police_reading *reading) {
    tf_police_file file = {.name = reading->name ? reading->name : entry->path,
                           .feed = reading->rules.feed,
                           .force = reading->rules.has_name ? reading->rules.name.force : NULL,
                           .sha256 = reading->sha256,
                           .byte_count = entry->size,
                           .rows_read = reading->rows_read,
                           .rows_accepted = reading->rows_accepted,
                           .rows_rejected = (int64_t)reading->reject_count,
                           .reject_line = reading->example_line,
                           .reject_reason = reading->reject_count ? reading->example_reason : NULL};
    find_months(reading, &file.first_month, &file.last_month);
    memcpy(file.warnings, reading->warnings, sizeof file.warnings);
    return file;
}

static void add_to_summary(tf_police_summary *summary, const tf_police_file *file) {
    if (file->status) {
        summary->files_failed++;
        return;
    }
    summary->rows_read += file->rows_read;
    summary->rows_accepted += file->rows_accepted;
    summary->rows_rejected += file->rows_rejected;
    summary->partitions_new += file->partitions_new;
    summary->partitions_replaced += file->partitions_replaced;
}

/* Store what was read, or report why it could not be read.  Called in turn, under the lock. */
static void finish_entry(importer *all, const tf_police_entry *entry, tf_police_reading *reading,
                         tf_status read_status, tf_error *error) {
    tf_police_file file = describe(entry, reading);
    file.status = read_status;
    if (!file.status) {
        file.status = store_reading(all->db, entry, reading, &file, error);
        if (file.status) {
            all->status = file.status;
            if (all->error) {
                *all->error = *error;
            }
        }
    }
    file.error = file.status ? error : NULL;
    add_to_summary(&all->summary, &file);
    pthread_mutex_lock(&all->report_lock);
    all->progress.files_done++;
    if (all->options.on_file && all->status == TF_OK) {
        all->options.on_file(all->options.context, &file);
    }
    pthread_mutex_unlock(&all->report_lock);
}

static void advance(void *context, uint64_t bytes, int64_t rows) {
    importer *all = context;
    pthread_mutex_lock(&all->report_lock);
    all->progress.bytes_done += bytes;
    all->progress.rows_read += rows;
    double now = tf_seconds_monotonic();
    if (all->options.on_progress && now - all->progress_at >= SECONDS_BETWEEN_PROGRESS) {
        all->progress_at = now;
        all->options.on_progress(all->options.context, &all->progress);
    }
    pthread_mutex_unlock(&all->report_lock);
}

/* One thread: read a file, wait for its turn, store it, until there are no more. */
static void work(void *context, int thread) {
    (void)thread;
    importer *all = context;
    open_archive last = {0};
    for (;;) {
        pthread_mutex_lock(&all->lock);
        size_t index = all->next++;
        bool is_over = index >= all->entries.count || all->status != TF_OK;
        pthread_mutex_unlock(&all->lock);
        if (is_over) {
            break;
        }
        const tf_police_entry *entry = &all->entries.items[index];
        tf_police_reading reading;
        tf_error error = {0};
        tf_status status = read_entry(all, entry, &last, &reading, &error);
        pthread_mutex_lock(&all->lock);
        while (all->storing != index) {
            pthread_cond_wait(&all->stored, &all->lock);
        }
        if (all->status == TF_OK) {
            finish_entry(all, entry, &reading, status, &error);
        }
        all->storing++;
        pthread_cond_broadcast(&all->stored);
        pthread_mutex_unlock(&all->lock);
        tf_police_reading_deinit(&reading);
    }
    tf_archive_close(last.archive);
}

/* The folder of the database, where there is room for what the database will hold. */
static char *spool_folder(tf_db *db) {
    const char *path = tf_db_path(db);
    const char *slash = strrchr(path, '/');
    return slash == path ? tf_copy_text("/", 1)
           : slash       ? tf_copy_text(path, (size_t)(slash - path))
                         : tf_copy_text(".", 1);
}

tf_status tf_police_import(tf_db *db, const tf_pack *pack, const char *const *paths,
                           size_t path_count, const tf_police_options *options,
                           tf_police_summary *summary_out, tf_error *error) {
    *summary_out = (tf_police_summary){0};
    importer all = {.db = db,
                    .options = *options,
                    .lock = PTHREAD_MUTEX_INITIALIZER,
                    .stored = PTHREAD_COND_INITIALIZER,
                    .report_lock = PTHREAD_MUTEX_INITIALIZER,
                    .error = error};
    tf_status status = tf_police_entries_find(paths, path_count, &all.entries, error);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < all.entries.count; i++) {
        all.progress.byte_count += all.entries.items[i].size;
    }
    all.progress.file_count = all.entries.count;
    all.summary.file_count = all.entries.count;

    /* Many files are read side by side; a single one is divided among the threads. */
    size_t threads =
        (size_t)(options->thread_count > 0 ? options->thread_count : tf_thread_count_default());
    size_t readers = threads < all.entries.count ? threads : all.entries.count;
    readers = readers ? readers : 1; /* no path, no entry */
    size_t memory_limit = options->memory_limit ? options->memory_limit : MEMORY_LIMIT;
    char *folder = spool_folder(db);
    all.reading_options = (tf_police_reading_options){.pack = pack,
                                                      .thread_count = (int)(threads / readers),
                                                      .memory_limit = memory_limit / readers,
                                                      .spool_folder = folder,
                                                      .context = &all,
                                                      .on_advance = advance};
    if (folder) {
        tf_parallel((int)readers, work, &all);
        status = all.status;
    } else {
        status = tf_fail_no_memory(error);
    }
    *summary_out = all.summary;
    tf_free(folder);
    tf_police_entries_deinit(&all.entries);
    return status;
}
