#include "setting.h"

#include "organisation.h"
#include "rows_internal.h"
#include "trefoil/base/date.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_PER_HOUR = 1000000 };

static const tf_setting known[] = {
    {.name = "session-idle-minutes",
     .help = "Minutes without a request after which a session ends",
     .least = 1,
     .most = (int64_t)24 * 60,
     .usual = 30},
    {.name = "session-hours",
     .help = "Hours after which a session ends in any case",
     .least = 1,
     .most = (int64_t)7 * 24,
     .usual = 12},
    {.name = "passphrase-passes",
     .help = "Passes of Argon2id for a new passphrase",
     .least = 1,
     .most = 100,
     .usual = 2},
    {.name = "passphrase-memory-kib",
     .help = "Memory of Argon2id for a new passphrase, in KiB",
     .least = 8,
     .most = (int64_t)4 * 1024 * 1024,
     .usual = (int64_t)64 * 1024},
};

enum { KNOWN_COUNT = sizeof known / sizeof *known };

tf_status tf_setting_value(tf_db *db, const char *name, int64_t *value_out, tf_error *error) {
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        if (strcmp(known[i].name, name) == 0) {
            return tf_rows_setting(db, name, known[i].least, known[i].most, known[i].usual,
                                   value_out, error);
        }
    }
    abort();
}

/* ---- of forms ---- */

static bool setting_of_form(const tf_form_definition *form, tf_setting *setting_out) {
    *setting_out = (tf_setting){
        .help = "Responses to the form that are taken in an hour, of all senders together",
        .least = 0,
        .most = MOST_PER_HOUR,
        .usual = form->most_per_hour,
    };
    int length = snprintf(setting_out->name, TF_SETTING_NAME_SIZE, "%s-most-per-hour", form->name);
    return length < TF_SETTING_NAME_SIZE;
}

/* Whose what is sent by a form is. */
static bool owner_of_form(const tf_form_definition *form, tf_setting *setting_out) {
    *setting_out = (tf_setting){
        .help = "Number of the organisation that gets what is sent by the form; 0: the lead",
        .least = 0,
        .most = INT32_MAX,
        .is_organisation = true,
    };
    int length = snprintf(setting_out->name, TF_SETTING_NAME_SIZE, "%s-organisation", form->name);
    return length < TF_SETTING_NAME_SIZE;
}

tf_status tf_setting_owner(tf_db *db, const tf_form_definition *form, int64_t *organisation_out,
                           tf_error *error) {
    tf_setting setting;
    *organisation_out = 0;
    return owner_of_form(form, &setting)
               ? tf_rows_setting(db, setting.name, setting.least, setting.most, setting.usual,
                                 organisation_out, error)
               : TF_OK;
}

tf_status tf_setting_most_per_hour(tf_db *db, const tf_form_definition *form, int64_t *most_out,
                                   tf_error *error) {
    tf_setting setting;
    *most_out = form->most_per_hour;
    return setting_of_form(form, &setting)
               ? tf_rows_setting(db, setting.name, setting.least, setting.most, setting.usual,
                                 most_out, error)
               : TF_OK;
}

/* ---- all of them ---- */

/* The setting of that place in the list: those known, then two for each form; false behind. */
static bool setting_at(const tf_pack *pack, size_t index, tf_setting *setting_out) {
    if (index < KNOWN_COUNT) {
        *setting_out = known[index];
        return true;
    }
    index -= KNOWN_COUNT;
    if (index / 2 >= tf_pack_form_count(pack)) {
        return false;
    }
    const tf_form_definition *form = tf_pack_form_at(pack, index / 2);
    return index % 2 ? owner_of_form(form, setting_out) : setting_of_form(form, setting_out);
}

static tf_status enter(tf_access *access, const tf_actor *actor, tf_action action,
                       const char *detail, tf_error *error) {
    tf_object object = {.category = tf_access_category_of(access, "setting")};
    tf_audit_note note = {.detail = detail};
    return tf_access_enter(access, actor, action, &object, NULL, &note, NULL, error);
}

tf_status tf_setting_list(tf_access *access, const tf_actor *actor, tf_arena *arena,
                          tf_setting **settings_out, size_t *count_out, tf_error *error) {
    const tf_pack *pack = tf_access_pack(access);
    size_t most = KNOWN_COUNT + 2 * tf_pack_form_count(pack);
    tf_setting *settings = tf_arena_alloc(arena, most, sizeof *settings);
    size_t count = 0;
    if (!settings) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_access_begin(access, error);
    if (status) {
        return status;
    }
    status = enter(access, actor, TF_ACTION_CONSULT, NULL, error);
    while (!status && setting_at(pack, count, &settings[count])) {
        tf_setting *setting = &settings[count++];
        int64_t unset = setting->least - 1;
        status = tf_rows_setting(tf_access_db(access), setting->name, setting->least, setting->most,
                                 unset, &setting->value, error);
        setting->is_set = setting->value != unset;
        setting->value = setting->is_set ? setting->value : setting->usual;
    }
    *settings_out = settings;
    *count_out = count;
    return tf_access_end(access, status, error);
}

static tf_status find(const tf_pack *pack, const char *name, tf_setting *setting_out,
                      tf_error *error) {
    tf_buffer names;
    tf_buffer_init(&names);
    for (size_t i = 0; setting_at(pack, i, setting_out); i++) {
        if (strcmp(setting_out->name, name) == 0) {
            tf_buffer_deinit(&names);
            return TF_OK;
        }
        tf_buffer_format(&names, "%s%s", i ? ", " : "", setting_out->name);
    }
    tf_status status = tf_buffer_check(&names, error);
    if (!status) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no setting '%s'; there are %s",
                         name, names.data);
    }
    tf_buffer_deinit(&names);
    return status;
}

static tf_status store(tf_db *db, const char *name, const int64_t *value, tf_error *error) {
    char text[24];
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(db,
                      value ? "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)"
                            : "DELETE FROM setting WHERE name = ?1",
                      &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(name));
        if (value) {
            snprintf(text, sizeof text, "%lld", (long long)*value);
            tf_bind_text(statement, 2, tf_text_of(text));
        }
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* What is sent would be nobody's, or nobody's who is still there. */
static tf_status check_organisation(tf_access *access, int64_t id, tf_error *error) {
    tf_organisation organisation;
    tf_arena *arena = tf_arena_new();
    tf_status status = arena ? tf_organisation_get(access, id, arena, &organisation, error)
                             : tf_fail_no_memory(error);
    if (!status && !tf_organisation_is_on(&organisation,
                                          (int32_t)(tf_instant_now() / TF_MICROSECONDS_A_DAY))) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "\"%s\" is not there today, so that nobody of it could read what is sent; "
                         "'trefoil org list' tells who is",
                         organisation.name);
    }
    tf_arena_free(arena);
    return status;
}

tf_status tf_setting_change(tf_access *access, const tf_actor *actor, const char *name,
                            const int64_t *value, tf_error *error) {
    tf_setting setting;
    tf_status status = find(tf_access_pack(access), name, &setting, error);
    if (!status && value && (*value < setting.least || *value > setting.most)) {
        status = tf_fail(
            error, TF_BAD_INPUT, NULL, 0, "%s must be from %lld to %lld, and usually is %lld", name,
            (long long)setting.least, (long long)setting.most, (long long)setting.usual);
    }
    if (!status) {
        status = tf_access_begin_durable(access, error);
    }
    if (status) {
        return status;
    }
    char detail[TF_SETTING_NAME_SIZE + 32];
    if (value) {
        snprintf(detail, sizeof detail, "%s: %lld", name, (long long)*value);
    } else {
        snprintf(detail, sizeof detail, "%s: as usual", name);
    }
    status = enter(access, actor, TF_ACTION_ALTER, detail, error);
    if (!status && setting.is_organisation && value && *value) {
        status = check_organisation(access, *value, error);
    }
    if (!status) {
        status = store(tf_access_db(access), name, value, error);
    }
    return tf_access_end(access, status, error);
}
