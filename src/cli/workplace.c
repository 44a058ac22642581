#include "cli/workplace.h"

#include "cli/report.h"

tf_status tf_workplace_prepare(tf_workplace *place) {
    *place = (tf_workplace){.arena = tf_arena_new()};
    tf_buffer_init(&place->out);
    return place->arena ? TF_OK : tf_fail_no_memory(&place->error);
}

tf_status tf_workplace_open(tf_workplace *place, const char *db_path) {
    place->actor = tf_actor_operator(place->actor_name);
    tf_status status = tf_site_key_load(db_path, &place->key, &place->error);
    if (!status) {
        status = tf_pack_open(NULL, &place->pack, &place->error);
    }
    if (!status) {
        status = tf_db_open(db_path, TF_DB_WRITE, &place->db, &place->error);
    }
    if (!status) {
        status = tf_access_new(place->db, place->pack, &place->key, &place->access, &place->error);
    }
    return status;
}

tf_status tf_workplace_enter(tf_workplace *place, const char *db_path) {
    tf_status status = tf_workplace_prepare(place);
    return status ? status : tf_workplace_open(place, db_path);
}

tf_exit tf_workplace_leave(tf_workplace *place, tf_status status) {
    tf_arena_free(place->arena);
    tf_access_free(place->access);
    tf_db_close(place->db);
    tf_pack_free(place->pack);
    tf_secret_forget(&place->key, sizeof place->key);
    return tf_report_end(status, &place->out, &place->error);
}

void tf_say_link(tf_buffer *out, const char *site, const char *email, tf_account_link_kind kind,
                 const char *token) {
    static const struct {
        const char *purpose;
        const char *duration;
    } kinds[TF_ACCOUNT_LINK_KIND_COUNT] = {
        [TF_ACCOUNT_LINK_INVITATION] = {"to choose a passphrase", "7 days"},
        [TF_ACCOUNT_LINK_RESET] = {"to choose a new passphrase", "24 hours"},
        [TF_ACCOUNT_LINK_DEVICE] = {"to make a browser known", "24 hours"},
    };
    site = site ? site : TF_SITE_DEFAULT;
    size_t length = strlen(site);
    while (length && site[length - 1] == '/') {
        length--;
    }
    tf_buffer_format(out,
                     "The link for %s %s.  It works once, within %s, and is not shown again:\n"
                     "%.*s%s%s\n",
                     email, kinds[kind].purpose, kinds[kind].duration, (int)length, site,
                     tf_account_link_path(kind), token);
}
