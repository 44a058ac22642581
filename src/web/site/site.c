#include "site_internal.h"

#include "trefoil/base/thread.h"

/* A connection that commits starts the write-ahead log, which lets people read while others
 * import. */
static tf_status prepare_database(const tf_site_options *options, tf_error *error) {
    if (!options->allows_imports) {
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
        status = tf_pack_open(NULL, &site->pack, error);
    }
    if (!status) {
        status = tf_db_open(options->db_path, TF_DB_READ, &site->watch, error);
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

static void desk_free(tf_desk *desk) {
    if (desk) {
        tf_desk_forget_maps(desk);
        tf_crime_data_free(desk->data);
        tf_db_close(desk->db);
        tf_free(desk);
    }
}

void tf_site_free(tf_site *site) {
    if (!site) {
        return;
    }
    tf_jobs_free(site->jobs);
    for (size_t i = 0; i < site->free_count; i++) {
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

uint64_t tf_site_version(tf_site *site) {
    int64_t version = 0;
    pthread_mutex_lock(&site->version_lock);
    /* A database that cannot be read gives 0: answers are then made anew and say why. */
    if (tf_db_version(site->watch, &version, NULL)) {
        version = 0;
    }
    pthread_mutex_unlock(&site->version_lock);
    return (uint64_t)version;
}

bool tf_site_permits(const tf_site *site, const tf_request *request, tf_permission permission) {
    static const char *const passed_on[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    if (permission == TF_PERMISSION_PUBLIC) {
        return true;
    }
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
        if (tf_request_header(request, passed_on[i]).data) {
            return false;
        }
    }
    return site->options.allows_imports;
}

static tf_status desk_new(const tf_site *site, tf_desk **desk_out, tf_error *error) {
    *desk_out = NULL;
    tf_desk *desk = tf_alloc_zeroed(1, sizeof *desk);
    if (!desk) {
        return tf_fail_no_memory(error);
    }
    desk->pack = site->pack;
    tf_status status = tf_db_open(site->options.db_path, TF_DB_READ, &desk->db, error);
    if (!status) {
        status = tf_crime_data_new(desk->db, site->pack, &desk->data, error);
    }
    if (status) {
        desk_free(desk);
        return status;
    }
    *desk_out = desk;
    return TF_OK;
}

tf_status tf_site_borrow(tf_site *site, tf_desk **desk_out, tf_error *error) {
    *desk_out = NULL;
    pthread_mutex_lock(&site->lock);
    while (site->free_count == 0 && site->desk_count == site->desk_limit) {
        pthread_cond_wait(&site->is_returned, &site->lock);
    }
    if (site->free_count) {
        *desk_out = site->free_desks[--site->free_count];
    } else {
        site->desk_count++;
    }
    pthread_mutex_unlock(&site->lock);
    if (*desk_out) {
        return TF_OK;
    }
    tf_status status = desk_new(site, desk_out, error);
    if (status) {
        pthread_mutex_lock(&site->lock);
        site->desk_count--;
        pthread_cond_signal(&site->is_returned);
        pthread_mutex_unlock(&site->lock);
    }
    return status;
}

void tf_site_return(tf_site *site, tf_desk *desk) {
    if (!desk) {
        return;
    }
    pthread_mutex_lock(&site->lock);
    site->free_desks[site->free_count++] = desk;
    pthread_cond_signal(&site->is_returned);
    pthread_mutex_unlock(&site->lock);
}
