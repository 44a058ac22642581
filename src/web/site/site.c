#include "site_internal.h"

#include "trefoil/base/thread.h"
#include "web/site/access_desk.h"

#include <sys/stat.h>

/* A desk and the file that it reads.  Desks are lent as the first of it. */
typedef struct tf_lent_desk {
    tf_desk desk;
    tf_file_identity file;
} tf_lent_desk;

bool tf_site_find_file(const tf_site *site, tf_file_identity *file_out) {
    struct stat file;
    if (stat(site->options.db_path, &file) != 0) {
        return false;
    }
    *file_out = (tf_file_identity){file.st_dev, file.st_ino};
    return true;
}

bool tf_site_is_same_file(const tf_file_identity *a, const tf_file_identity *b) {
    return a->device == b->device && a->inode == b->inode;
}

/* Watch the file that is there now.  The version lock is held, or nobody else knows the site. */
static tf_status watch_file(tf_site *site, tf_error *error) {
    tf_db_close(site->watch);
    site->watch = NULL;
    site->batch_version = 0;
    (void)tf_site_find_file(site, &site->watched);
    tf_status status = tf_db_open(site->options.db_path, TF_DB_READ, &site->watch, error);
    site->file_count += !status;
    return status;
}

/* A connection that commits starts the write-ahead log, which lets people read while others
 * import. */
static tf_status prepare_database(const tf_site_options *options, tf_error *error) {
    if (!options->allows_imports || options->is_read_only) {
        return TF_OK;
    }
    tf_db *db = NULL;
    tf_status status = tf_db_open(options->db_path, TF_DB_WRITE, &db, error);
    if (!status) {
        status = tf_db_begin(db, error);
    }
    if (!status) {
        status = tf_db_commit(db, error);
    }
    tf_db_close(db);
    return status;
}

tf_status tf_site_open(const tf_site_options *options, tf_site **site_out, tf_error *error) {
    *site_out = NULL;
    tf_status status = prepare_database(options, error);
    if (status) {
        return status;
    }
    tf_site *site = tf_alloc_zeroed(1, sizeof *site);
    if (!site) {
        return tf_fail_no_memory(error);
    }
    site->options = *options;
    pthread_mutex_init(&site->lock, NULL);
    pthread_mutex_init(&site->version_lock, NULL);
    pthread_cond_init(&site->is_returned, NULL);
    int count = options->desk_count ? options->desk_count : tf_thread_count_default();
    site->desk_limit = (size_t)count;
    site->free_desks = tf_alloc_zeroed(site->desk_limit, sizeof *site->free_desks);
    status = site->free_desks ? TF_OK : tf_fail_no_memory(error);
    if (!status) {
        status = tf_pack_open(options->pack_folder, &site->pack, error);
    }
    if (!status) {
        status = watch_file(site, error);
    }
    if (!status) {
        status = tf_access_room_new(site, &site->room, error);
    }
    if (!status) {
        status = tf_jobs_new(site, &site->jobs, error);
    }
    if (status) {
        tf_site_free(site);
        return status;
    }
    *site_out = site;
    return TF_OK;
}

static void desk_free(tf_lent_desk *lent) {
    if (lent) {
        tf_desk_forget_maps(&lent->desk);
        tf_crime_data_free(lent->desk.data);
        tf_db_close(lent->desk.db);
        tf_free(lent);
    }
}

void tf_site_free(tf_site *site) {
    if (!site) {
        return;
    }
    tf_jobs_free(site->jobs);
    tf_access_room_free(site->room);
    for (size_t i = 0; site->free_desks && i < site->free_count; i++) {
        desk_free(site->free_desks[i]);
    }
    tf_free(site->free_desks);
    tf_db_close(site->watch);
    tf_pack_free(site->pack);
    pthread_cond_destroy(&site->is_returned);
    pthread_mutex_destroy(&site->version_lock);
    pthread_mutex_destroy(&site->lock);
    tf_free(site);
}

const tf_site_options *tf_site_get_options(const tf_site *site) {
    return &site->options;
}

const tf_pack *tf_site_pack(const tf_site *site) {
    return site->pack;
}

/* Every import leaves a batch, so that the latest tells whether there was any. */
static tf_status read_last_batch(tf_db *db, int64_t *id_out) {
    tf_statement *statement;
    bool has_row = false;
    tf_status status = tf_db_prepare(db, "SELECT max(id) FROM batch", &statement, NULL);
    if (!status) {
        status = tf_statement_step(statement, &has_row, NULL);
    }
    if (!status) {
        *id_out = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

/* The database's own number changes with every audit entry, so that nothing would be kept for long
 * where people work.  The lowest bit tells that there are accounts now. */
static tf_status read_version(tf_site *site, int64_t *version_out) {
    int64_t number;
    tf_status status = tf_db_version(site->watch, &number, NULL);
    if (!status && tf_site_has_accounts(site)) {
        if (site->batch_version != number) {
            status = read_last_batch(site->watch, &site->last_batch);
            site->batch_version = status ? 0 : number;
        }
        number = site->last_batch * 2 + 1;
    } else {
        number *= 2;
    }
    *version_out = number;
    return status;
}

uint64_t tf_site_version(tf_site *site) {
    int64_t version = 0;
    tf_file_identity file;
    pthread_mutex_lock(&site->version_lock);
    bool is_there = tf_site_find_file(site, &file);
    if (is_there && (!site->watch || !tf_site_is_same_file(&file, &site->watched))) {
        is_there = watch_file(site, NULL) == TF_OK;
    }
    /* A database that cannot be read gives 0: answers are then made anew and say why. */
    bool is_known = is_there && read_version(site, &version) == TF_OK;
    uint64_t file_count = site->file_count;
    pthread_mutex_unlock(&site->version_lock);
    /* SQLite's numbers have 32 bits, and begin anew with each file. */
    return is_known ? file_count << 32 | (uint32_t)version : 0;
}

tf_status tf_site_blame_database(tf_status status, const tf_site *site, const tf_error *fault,
                                 tf_error *error) {
    if (status == TF_BUSY || status == TF_NO_MEMORY) {
        return tf_fail(error, status, fault->place, fault->line, "%s", fault->message);
    }
    return tf_fail(error, TF_IO, site->options.db_path, 0, "%s", fault->message);
}

tf_status tf_site_judge(const tf_site *site, tf_status status, const tf_error *fault) {
    bool is_of_request =
        status == TF_BAD_INPUT || status == TF_NOT_FOUND || status == TF_UNSUPPORTED;
    return is_of_request && fault && strcmp(fault->place, site->options.db_path) == 0 ? TF_IO
                                                                                      : status;
}

static tf_status desk_new(const tf_site *site, tf_lent_desk **lent_out, tf_error *error) {
    *lent_out = NULL;
    tf_lent_desk *lent = tf_alloc_zeroed(1, sizeof *lent);
    if (!lent) {
        return tf_fail_no_memory(error);
    }
    tf_desk *desk = &lent->desk;
    desk->pack = site->pack;
    (void)tf_site_find_file(site, &lent->file);
    tf_status status = tf_db_open(site->options.db_path, TF_DB_READ, &desk->db, error);
    if (!status) {
        status = tf_crime_data_new(desk->db, site->pack, &desk->data, error);
    }
    if (status) {
        desk_free(lent);
        return status;
    }
    *lent_out = lent;
    return TF_OK;
}

/* A free desk, or NULL for one that is to be made. */
static tf_lent_desk *take_desk(tf_site *site) {
    tf_lent_desk *lent = NULL;
    pthread_mutex_lock(&site->lock);
    while (site->free_count == 0 && site->desk_count == site->desk_limit) {
        pthread_cond_wait(&site->is_returned, &site->lock);
    }
    if (site->free_count) {
        lent = site->free_desks[--site->free_count];
    } else {
        site->desk_count++;
    }
    pthread_mutex_unlock(&site->lock);
    return lent;
}

static void give_up_desk(tf_site *site, tf_lent_desk *lent) {
    desk_free(lent);
    pthread_mutex_lock(&site->lock);
    site->desk_count--;
    pthread_cond_signal(&site->is_returned);
    pthread_mutex_unlock(&site->lock);
}

tf_status tf_site_borrow(tf_site *site, tf_desk **desk_out, tf_error *error) {
    tf_error fault;
    tf_file_identity file;
    tf_status status = TF_OK;
    *desk_out = NULL;
    tf_lent_desk *lent = take_desk(site);
    if (lent && !(tf_site_find_file(site, &file) && tf_site_is_same_file(&file, &lent->file))) {
        desk_free(lent);
        lent = NULL;
    }
    if (!lent) {
        status = desk_new(site, &lent, &fault);
    }
    if (lent) {
        status = tf_db_begin_reading(lent->desk.db, &fault);
    }
    if (status) {
        give_up_desk(site, lent);
        return tf_site_blame_database(status, site, &fault, error);
    }
    *desk_out = &lent->desk;
    return TF_OK;
}

void tf_site_return(tf_site *site, tf_desk *desk) {
    if (!desk) {
        return;
    }
    tf_db_rollback(desk->db);
    pthread_mutex_lock(&site->lock);
    site->free_desks[site->free_count++] = (tf_lent_desk *)desk;
    pthread_cond_signal(&site->is_returned);
    pthread_mutex_unlock(&site->lock);
}
