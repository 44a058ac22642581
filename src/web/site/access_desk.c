#include "web/site/access_desk.h"

#include "site_internal.h"

#include "trefoil/base/date.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* A desk once it was opened, and the file that it is open on. */
typedef struct access_desk {
    tf_db *db;
    tf_access *access; /* NULL: not open */
    tf_site_key key;
    tf_file_identity file;
    bool is_lent;
} access_desk;

/* Somebody in line, on their own stack until they are handed a desk. */
typedef struct waiter {
    struct waiter *next;
    pthread_cond_t has_desk;
    access_desk *desk;
} waiter;

/* Desks of one use, and who waits for one. */
typedef struct access_desks {
    access_desk *desks;
    size_t count;
    waiter *first;
    waiter *last;
    size_t waiting;
    size_t most_waiting; /* beyond them whoever comes is sent away; 0: nobody is */
} access_desks;

struct tf_access_room {
    pthread_mutex_t lock; /* of the desks' lending; an open desk is its borrower's */
    access_desks work;
    access_desks sign_in;
    int64_t swept_day; /* whoever has the writing desk may change it */
    tf_derivations *derivations;
    tf_buffer key_path;
    atomic_bool has_key;
};

static tf_status desks_make(access_desks *desks, size_t count, tf_error *error) {
    desks->desks = tf_alloc_zeroed(count, sizeof *desks->desks);
    desks->count = count;
    return desks->desks ? TF_OK : tf_fail_no_memory(error);
}

static void close_desk(access_desk *desk) {
    tf_access_free(desk->access);
    tf_db_close(desk->db);
    tf_secret_forget(&desk->key, sizeof desk->key);
    desk->access = NULL;
    desk->db = NULL;
}

static void desks_free(access_desks *desks) {
    for (size_t i = 0; desks->desks && i < desks->count; i++) {
        close_desk(&desks->desks[i]);
    }
    tf_free(desks->desks);
}

tf_status tf_access_room_new(const tf_site *site, tf_access_room **room_out, tf_error *error) {
    tf_access_room *room = tf_alloc_zeroed(1, sizeof *room);
    *room_out = room;
    if (!room) {
        return tf_fail_no_memory(error);
    }
    pthread_mutex_init(&room->lock, NULL);
    tf_site_key_path(site->options.db_path, &room->key_path);
    int count = (int)site->desk_limit;
    tf_status status = tf_buffer_check(&room->key_path, error);
    if (!status) {
        status = desks_make(&room->work, 1, error);
    }
    if (!status) {
        status = desks_make(&room->sign_in, (size_t)count, error);
        /* Whoever waits has one of the server's threads meanwhile, and others need some too. */
        room->sign_in.most_waiting = 2 * (size_t)count;
    }
    return status ? status : tf_derivations_new(count, 2 * count, &room->derivations, error);
}

void tf_access_room_free(tf_access_room *room) {
    if (room) {
        desks_free(&room->work);
        desks_free(&room->sign_in);
        tf_derivations_free(room->derivations);
        tf_buffer_deinit(&room->key_path);
        pthread_mutex_destroy(&room->lock);
        tf_free(room);
    }
}

bool tf_site_has_accounts(tf_site *site) {
    tf_access_room *room = site->room;
    /* Once there was a key it does not count that it is gone: a site does not open itself. */
    if (!atomic_load(&room->has_key) && access(room->key_path.data, F_OK) == 0) {
        atomic_store(&room->has_key, true);
    }
    return atomic_load(&room->has_key);
}

tf_derivations *tf_site_derivations(tf_site *site) {
    return site->room->derivations;
}

/* ---- borrowing ---- */

static tf_status open_desk(const tf_site *site, access_desk *desk, tf_error *error) {
    const char *path = site->options.db_path;
    (void)tf_site_find_file(site, &desk->file);
    tf_status status = tf_site_key_load(path, &desk->key, error);
    if (!status) {
        status = tf_db_open(path, TF_DB_WRITE, &desk->db, error);
    }
    if (!status) {
        status = tf_access_new(desk->db, site->pack, &desk->key, &desk->access, error);
    }
    if (status) {
        close_desk(desk);
    }
    return status;
}

static access_desk *find_free(const access_desks *desks) {
    for (size_t i = 0; i < desks->count; i++) {
        if (!desks->desks[i].is_lent) {
            return &desks->desks[i];
        }
    }
    return NULL;
}

/* While somebody waits no desk is free, so that nobody gets past them.  NULL: too many wait. */
static access_desk *take_desk(tf_access_room *room, access_desks *desks) {
    pthread_mutex_lock(&room->lock);
    access_desk *desk = find_free(desks);
    if (desk) {
        desk->is_lent = true;
    } else if (!desks->most_waiting || desks->waiting < desks->most_waiting) {
        waiter own = {.desk = NULL};
        pthread_cond_init(&own.has_desk, NULL);
        *(desks->last ? &desks->last->next : &desks->first) = &own;
        desks->last = &own;
        desks->waiting++;
        while (!own.desk) {
            pthread_cond_wait(&own.has_desk, &room->lock);
        }
        desks->waiting--;
        desk = own.desk;
        pthread_cond_destroy(&own.has_desk);
    }
    pthread_mutex_unlock(&room->lock);
    return desk;
}

/* Hand it to whoever came first. */
static void give_back(tf_access_room *room, access_desks *desks, access_desk *desk) {
    pthread_mutex_lock(&room->lock);
    waiter *next = desks->first;
    if (next) {
        desks->first = next->next;
        desks->last = desks->first ? desks->last : NULL;
        next->desk = desk;
        pthread_cond_signal(&next->has_desk);
    } else {
        desk->is_lent = false;
    }
    pthread_mutex_unlock(&room->lock);
}

static tf_status borrow(tf_site *site, access_desks *desks, tf_access **access_out,
                        tf_error *error) {
    tf_error fault;
    tf_file_identity file;
    *access_out = NULL;
    if (!tf_site_has_accounts(site)) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                       "there are no accounts here; trefoil init makes the first one");
    }
    access_desk *desk = take_desk(site->room, desks);
    if (!desk) {
        return tf_fail(error, TF_BUSY, NULL, 0,
                       "too many people are signing in at this moment; try again in a few seconds");
    }
    if (desk->access &&
        !(tf_site_find_file(site, &file) && tf_site_is_same_file(&file, &desk->file))) {
        close_desk(desk);
    }
    tf_status status = desk->access ? TF_OK : open_desk(site, desk, &fault);
    if (status) {
        give_back(site->room, desks, desk);
        return tf_site_blame_database(status, site, &fault, error);
    }
    *access_out = desk->access;
    return TF_OK;
}

/* Once a day, before anything else, take away what is over of sessions and links.  Whoever comes is
 * served even if that cannot be done. */
static void sweep_daily(tf_access_room *room, tf_access *access) {
    int64_t now = tf_instant_now();
    int32_t day = tf_day_of_instant(now);
    if (day != room->swept_day && tf_sign_in_sweep(access, now, NULL) == TF_OK) {
        room->swept_day = day;
    }
}

tf_status tf_site_borrow_access(tf_site *site, tf_access **access_out, tf_error *error) {
    tf_status status = borrow(site, &site->room->work, access_out, error);
    if (!status) {
        sweep_daily(site->room, *access_out);
    }
    return status;
}

tf_status tf_site_borrow_sign_in(tf_site *site, tf_access **access_out, tf_error *error) {
    return borrow(site, &site->room->sign_in, access_out, error);
}

static access_desk *find_desk(const access_desks *desks, const tf_access *access) {
    for (size_t i = 0; i < desks->count; i++) {
        if (desks->desks[i].access == access) {
            return &desks->desks[i];
        }
    }
    return NULL;
}

void tf_site_return_access(tf_site *site, tf_access *access) {
    if (!access) {
        return;
    }
    tf_access_room *room = site->room;
    tf_db_rollback(tf_access_db(access));
    access_desks *desks = &room->work;
    access_desk *desk = find_desk(desks, access);
    if (!desk) {
        desks = &room->sign_in;
        desk = find_desk(desks, access);
    }
    if (!desk) {
        abort(); /* it is nobody's here */
    }
    give_back(room, desks, desk);
}
