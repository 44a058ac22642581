#include "organisation.h"

#include "rows_internal.h"
#include "trefoil/base/date.h"

#include <stdio.h>

const tf_organisation_kind tf_organisation_kinds[] = {
    {"police-force", "Police force"},
    {"council", "Council"},
    {"treatment-provider", "Treatment provider"},
    {"prison", "Prison"},
    {"probation", "Probation"},
    {"school", "School or college"},
    {"health", "Health service"},
    {"charity", "Charity"},
    {"governing-body", "Governing body"},
    {"other", "Other"},
};
const size_t tf_organisation_kind_count =
    sizeof tf_organisation_kinds / sizeof *tf_organisation_kinds;

const tf_organisation_kind *tf_organisation_kind_find(tf_text name) {
    for (size_t i = 0; i < tf_organisation_kind_count; i++) {
        if (tf_text_equal(name, tf_text_of(tf_organisation_kinds[i].name))) {
            return &tf_organisation_kinds[i];
        }
    }
    return NULL;
}

bool tf_organisation_is_on(const tf_organisation *organisation, int32_t day) {
    return (organisation->started_on == TF_DAY_NONE || organisation->started_on <= day) &&
           (organisation->ended_on == TF_DAY_NONE || organisation->ended_on >= day);
}

/* ---- reading ---- */

#define SELECT_ORGANISATION                                                                        \
    "SELECT o.id, o.name, o.kind, o.contact, o.started_on, o.ended_on, o.successor_id,"            \
    " (SELECT count(*) FROM account WHERE organisation_id = o.id AND state <> 'closed')"           \
    " FROM organisation AS o "

static int32_t day_at(tf_statement *statement, int column) {
    return tf_column_at_is_null(statement, column) ? TF_DAY_NONE
                                                   : (int32_t)tf_column_at_int(statement, column);
}

static tf_status take(tf_statement *statement, tf_arena *arena, tf_organisation *organisation_out,
                      tf_error *error) {
    *organisation_out = (tf_organisation){
        .id = tf_column_at_int(statement, 0),
        .started_on = day_at(statement, 4),
        .ended_on = day_at(statement, 5),
        .successor_id = tf_column_at_int(statement, 6),
        .account_count = tf_column_at_int(statement, 7),
    };
    tf_status status = tf_rows_text(statement, 1, arena, &organisation_out->name, error);
    if (!status) {
        status = tf_rows_text(statement, 2, arena, &organisation_out->kind, error);
    }
    return status ? status : tf_rows_text(statement, 3, arena, &organisation_out->contact, error);
}

tf_status tf_organisation_list(tf_access *access, tf_arena *arena,
                               tf_organisation **organisations_out, size_t *count_out,
                               tf_error *error) {
    *organisations_out = NULL;
    *count_out = 0;
    tf_organisation *list = NULL;
    size_t capacity = 0, count = 0;
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(tf_access_db(access), SELECT_ORGANISATION "ORDER BY o.name COLLATE NOCASE",
                      &statement, error);
    bool has_row = false;
    while (!status) {
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        status = tf_reserve(&list, &capacity, count + 1, sizeof *list, error);
        if (!status) {
            status = take(statement, arena, &list[count++], error);
        }
    }
    tf_organisation *kept = status ? NULL : tf_arena_alloc(arena, count + 1, sizeof *kept);
    if (kept && count) {
        memcpy(kept, list, count * sizeof *kept);
    }
    tf_free(list);
    tf_statement_free(statement);
    if (!status && !kept) {
        return tf_fail_no_memory(error);
    }
    *organisations_out = kept;
    *count_out = status ? 0 : count;
    return status;
}

static tf_status read_one(tf_db *db, const char *sql, tf_text text, int64_t id, tf_arena *arena,
                          tf_organisation *organisation_out, tf_error *error) {
    *organisation_out = (tf_organisation){0};
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    if (!status) {
        if (text.data) {
            tf_bind_text(statement, 1, text);
        } else {
            tf_bind_int(statement, 1, id);
        }
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        status = take(statement, arena, organisation_out, error);
    } else if (!status && text.data) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0,
                         "there is no organisation \"%.*s\"; 'trefoil org list' tells which there "
                         "are",
                         TF_TEXT_ARG(text));
    } else if (!status) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0,
                         "there is no organisation %lld; 'trefoil org list' tells which there are",
                         (long long)id);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_organisation_get(tf_access *access, int64_t id, tf_arena *arena,
                              tf_organisation *organisation_out, tf_error *error) {
    return read_one(tf_access_db(access), SELECT_ORGANISATION "WHERE o.id = ?1", (tf_text){0}, id,
                    arena, organisation_out, error);
}

tf_status tf_organisation_find(tf_access *access, tf_text name_or_id, tf_arena *arena,
                               tf_organisation *organisation_out, tf_error *error) {
    int64_t id;
    name_or_id = tf_text_trim(name_or_id);
    if (tf_parse_int64(name_or_id, &id)) {
        return tf_organisation_get(access, id, arena, organisation_out, error);
    }
    return read_one(tf_access_db(access), SELECT_ORGANISATION "WHERE o.name = ?1",
                    name_or_id.data ? name_or_id : tf_text_of(""), 0, arena, organisation_out,
                    error);
}

tf_status tf_organisation_lead(tf_access *access, int64_t *id_out, tf_error *error) {
    return tf_rows_setting(tf_access_db(access), "lead-organisation", 1, INT64_MAX, 0, id_out,
                           error);
}

/* ---- changing ---- */

static tf_status check(const tf_organisation *organisation, tf_error *error) {
    tf_text kind = tf_text_of(organisation->kind);
    if (!tf_rows_is_line(tf_text_of(organisation->name), TF_ORGANISATION_NAME_MOST)) {
        return tf_fail(error, TF_BAD_INPUT, "name", 0,
                       "give the organisation a name of at most %d characters on one line",
                       TF_ORGANISATION_NAME_MOST);
    }
    if (!tf_organisation_kind_find(kind)) {
        return tf_fail(error, TF_BAD_INPUT, "kind", 0,
                       "an organisation is a police-force, council, treatment-provider, prison, "
                       "probation, school, health, charity, governing-body or other");
    }
    if (organisation->contact && *organisation->contact &&
        !tf_rows_is_line(tf_text_of(organisation->contact), 300)) {
        return tf_fail(error, TF_BAD_INPUT, "contact", 0,
                       "write whom to ask about its data on one line of at most 300 characters");
    }
    if (organisation->started_on != TF_DAY_NONE && organisation->ended_on != TF_DAY_NONE &&
        organisation->ended_on < organisation->started_on) {
        return tf_fail(error, TF_BAD_INPUT, "ended-on", 0,
                       "the organisation would end before it starts; check both dates");
    }
    return TF_OK;
}

/* Whether another organisation than `id` has the name. */
static tf_status check_name_is_free(tf_db *db, const char *name, int64_t id, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(db, "SELECT 1 FROM organisation WHERE name = ?1 AND id <> ?2",
                                     &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_trim(tf_text_of(name)));
        tf_bind_int(statement, 2, id);
        status = tf_statement_step(statement, &has_row, error);
    }
    tf_statement_free(statement);
    if (!status && has_row) {
        status = tf_fail(error, TF_BAD_INPUT, "name", 0,
                         "there is an organisation \"%s\" already; choose another name", name);
    }
    return status;
}

static void bind_day(tf_statement *statement, int parameter, int32_t day) {
    if (day == TF_DAY_NONE) {
        tf_bind_null(statement, parameter);
    } else {
        tf_bind_int(statement, parameter, day);
    }
}

static tf_status write(tf_db *db, const char *sql, const tf_organisation *organisation, int64_t id,
                       int64_t created_at, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_text(statement, 2, tf_text_trim(tf_text_of(organisation->name)));
        tf_bind_text(statement, 3, tf_text_of(organisation->kind));
        tf_bind_text(statement, 4,
                     tf_text_trim(tf_text_of(organisation->contact ? organisation->contact : "")));
        bind_day(statement, 5, organisation->started_on);
        if (created_at) {
            tf_bind_int(statement, 6, created_at);
        }
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status set_end(tf_db *db, int64_t id, int32_t last_day, int64_t successor_id,
                         tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        db, "UPDATE organisation SET ended_on = ?2, successor_id = nullif(?3, 0) WHERE id = ?1",
        &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        bind_day(statement, 2, last_day);
        tf_bind_int(statement, 3, successor_id);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status enter(tf_access *access, const tf_actor *actor, tf_action action, int64_t id,
                       const tf_audit_note *note, tf_error *error) {
    tf_object object = {
        .category = tf_access_category_of(access, "organisation"),
        .id = id,
        .organisation_id = id,
    };
    return tf_access_enter(access, actor, action, &object, NULL, note, NULL, error);
}

enum { DETAIL_SIZE = 120 };

static const char *day_text(int32_t day, char text[TF_INSTANT_TEXT_SIZE]) {
    tf_instant_format(day * TF_MICROSECONDS_A_DAY, text);
    text[strlen("2027-03-31")] = '\0';
    return text;
}

tf_status tf_organisation_add(tf_access *access, const tf_actor *actor,
                              const tf_organisation *organisation, int64_t *id_out,
                              tf_error *error) {
    tf_db *db = tf_access_db(access);
    int64_t id = 0;
    tf_status status = check(organisation, error);
    if (status) {
        return status;
    }
    status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_rows_number(db, "SELECT max(id) + 1 FROM organisation", NULL, 0, 1, &id, error);
    }
    if (!status) {
        status = enter(access, actor, TF_ACTION_COLLECT, id, NULL, error);
    }
    if (!status) {
        status = check_name_is_free(db, organisation->name, id, error);
    }
    if (!status) {
        status = write(db,
                       "INSERT INTO organisation (id, name, kind, contact, started_on, created_at)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                       organisation, id, tf_instant_now(), error);
    }
    if (!status && organisation->ended_on != TF_DAY_NONE) {
        status = set_end(db, id, organisation->ended_on, 0, error);
    }
    if (!status) {
        status = tf_policy_count_change(db, error);
    }
    *id_out = id;
    return tf_access_end(access, status, error);
}

/* What a change is of: "name, contact, first day 2027-03-31". */
static void say_change(const tf_organisation *before, const tf_organisation *after,
                       char detail[DETAIL_SIZE]) {
    char text[TF_INSTANT_TEXT_SIZE];
    const char *contact = after->contact ? after->contact : "";
    const char *const changed[] = {
        strcmp(before->name, after->name) != 0 ? "name" : NULL,
        strcmp(before->kind, after->kind) != 0 ? "kind" : NULL,
        strcmp(before->contact, contact) != 0 ? "contact" : NULL,
        before->started_on == after->started_on ? NULL
        : after->started_on == TF_DAY_NONE      ? "no first day"
                                                : "first day ",
    };
    size_t length = 0;
    detail[0] = '\0';
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        if (changed[i]) {
            length += (size_t)snprintf(detail + length, DETAIL_SIZE - length, "%s%s",
                                       length ? ", " : "", changed[i]);
        }
    }
    if (before->started_on != after->started_on && after->started_on != TF_DAY_NONE) {
        snprintf(detail + length, DETAIL_SIZE - length, "%s", day_text(after->started_on, text));
    }
}

static tf_status change(tf_access *access, const tf_actor *actor,
                        const tf_organisation *organisation, tf_arena *arena, tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_organisation before;
    char detail[DETAIL_SIZE];
    tf_status status = tf_organisation_get(access, organisation->id, arena, &before, error);
    if (!status) {
        say_change(&before, organisation, detail);
        status = enter(access, actor, TF_ACTION_ALTER, organisation->id,
                       &(tf_audit_note){.detail = detail}, error);
    }
    if (!status) {
        status = check_name_is_free(db, organisation->name, organisation->id, error);
    }
    if (!status) {
        status = write(db,
                       "UPDATE organisation SET name = ?2, kind = ?3, contact = ?4,"
                       " started_on = ?5 WHERE id = ?1",
                       organisation, organisation->id, 0, error);
    }
    return status ? status : tf_policy_count_change(db, error);
}

tf_status tf_organisation_change(tf_access *access, const tf_actor *actor,
                                 const tf_organisation *organisation, tf_error *error) {
    tf_status status = check(organisation, error);
    if (status) {
        return status;
    }
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_access_end(access, change(access, actor, organisation, arena, error), error);
    }
    tf_arena_free(arena);
    return status;
}

/* Whether the organisation may end on the day, with that successor (NULL: none). */
static tf_status check_end(tf_access *access, const tf_organisation *organisation, int32_t last_day,
                           const tf_organisation *successor, tf_error *error) {
    int64_t lead = 0;
    tf_status status = tf_organisation_lead(access, &lead, error);
    if (status || last_day == TF_DAY_NONE) {
        return status;
    }
    if (organisation->id == lead) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "\"%s\" leads this installation and cannot end; make another organisation "
                       "the lead first",
                       organisation->name);
    }
    if (organisation->started_on != TF_DAY_NONE && last_day < organisation->started_on) {
        return tf_fail(error, TF_BAD_INPUT, "ended-on", 0,
                       "the organisation would end before it starts; check both dates");
    }
    if (last_day < tf_instant_now() / TF_MICROSECONDS_A_DAY) {
        return tf_fail(error, TF_BAD_INPUT, "ended-on", 0,
                       "the last day of an organisation cannot be in the past, where things were "
                       "done in its name; give today or a later day");
    }
    if (successor && successor->id == organisation->id) {
        return tf_fail(error, TF_BAD_INPUT, "successor", 0,
                       "an organisation cannot carry on for itself; name another one");
    }
    if (successor && !tf_organisation_is_on(successor, last_day + 1)) {
        return tf_fail(error, TF_BAD_INPUT, "successor", 0,
                       "\"%s\" is not there on the day after; name one that is", successor->name);
    }
    return TF_OK;
}

/* An end hands all that is the organisation's to its successor, so that it is decided as what
 * cannot be undone, and its entry says to whom. */
static tf_status end(tf_access *access, const tf_actor *actor, int64_t id, int32_t last_day,
                     int64_t successor_id, tf_arena *arena, tf_error *error) {
    tf_organisation organisation, successor = {0};
    tf_status status = tf_organisation_get(access, id, arena, &organisation, error);
    if (!status && successor_id) {
        status = tf_organisation_get(access, successor_id, arena, &successor, error);
    }
    if (status) {
        return status;
    }
    char text[TF_INSTANT_TEXT_SIZE], detail[DETAIL_SIZE] = "end taken back";
    if (last_day != TF_DAY_NONE && successor_id) {
        snprintf(detail, sizeof detail, "last day %s, successor %lld", day_text(last_day, text),
                 (long long)successor_id);
    } else if (last_day != TF_DAY_NONE) {
        snprintf(detail, sizeof detail, "last day %s, no successor", day_text(last_day, text));
    }
    const tf_audit_note note = {.detail = detail, .recipients = successor.name};
    status = enter(access, actor, TF_ACTION_ERASE, id, &note, error);
    if (!status) {
        status =
            check_end(access, &organisation, last_day, successor_id ? &successor : NULL, error);
    }
    if (!status) {
        status = set_end(tf_access_db(access), id, last_day, successor_id, error);
    }
    return status ? status : tf_policy_count_change(tf_access_db(access), error);
}

tf_status tf_organisation_end(tf_access *access, const tf_actor *actor, int64_t id,
                              int32_t last_day, int64_t successor_id, tf_error *error) {
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    successor_id = last_day == TF_DAY_NONE ? 0 : successor_id;
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_access_end(access, end(access, actor, id, last_day, successor_id, arena, error),
                               error);
    }
    tf_arena_free(arena);
    return status;
}

/* ---- the lead ---- */

static tf_status put_lead(tf_db *db, int64_t id, tf_error *error) {
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)id);
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        db, "INSERT OR REPLACE INTO setting (name, value) VALUES ('lead-organisation', ?1)",
        &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(text));
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_organisation_set_lead(tf_access *access, const tf_actor *actor, int64_t id,
                                   tf_error *error) {
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_organisation organisation;
    tf_object object = {.category = tf_access_category_of(access, "setting")};
    char detail[60];
    snprintf(detail, sizeof detail, "lead-organisation: %lld", (long long)id);
    tf_audit_note note = {.detail = detail};
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_access_enter(access, actor, TF_ACTION_ALTER, &object, NULL, &note, NULL, error);
    }
    if (!status) {
        status = tf_organisation_get(access, id, arena, &organisation, error);
    }
    if (!status && organisation.ended_on != TF_DAY_NONE) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "\"%s\" has an end, so it cannot lead; take its end back first",
                         organisation.name);
    }
    if (!status) {
        status = put_lead(tf_access_db(access), id, error);
    }
    tf_arena_free(arena);
    return tf_access_end(access, status, error);
}
