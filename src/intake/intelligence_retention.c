/* How long intelligence is kept: a review when its time is over, and what a review has ended. */
#include "intelligence_internal.h"
#include "retention.h"

#include "trefoil/base/date.h"

static const int64_t microseconds_a_day = (int64_t)24 * 3600 * 1000 * 1000;

bool tf_intelligence_is_due(const tf_intelligence_line *line, int64_t now) {
    return line->review_at && line->review_at <= now && !line->disposed_at && !line->erased_at;
}

/* ---- a review ---- */

/* Keep it in `group` until the group's time is over again; NULL: to be erased. */
static tf_status write_review(tf_db *db, int64_t id, const tf_retention_group *group, int64_t now,
                              tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        db,
        group ? "UPDATE intelligence SET retention = ?3, review_at = ?4, disposed_at = NULL "
                "WHERE id = ?1 AND ?2 = ?2"
              : "UPDATE intelligence SET disposed_at = ?2 WHERE id = ?1 AND ?3 IS NULL AND ?4 = ?4",
        &statement, error);
    if (!status) {
        int64_t days = group ? group->review_days : 0;
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, now);
        tf_bind_text(statement, 3, group ? tf_text_of(group->name) : (tf_text){0});
        tf_bind_int(statement, 4, now + days * microseconds_a_day);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_intelligence_begin_keeping(tf_access *access, int64_t id, int64_t now,
                                        tf_error *error) {
    const tf_triage_words *words = tf_pack_triage_words(tf_access_pack(access));
    return write_review(tf_access_db(access), id, &words->retention[0], now, error);
}

static tf_status review(tf_access *access, const tf_actor *actor, int64_t id,
                        const tf_retention_group *group, tf_arena *arena, tf_error *error) {
    tf_intelligence_line line;
    tf_text locked;
    tf_status status = tf_intelligence_get(access, id, arena, &line, &locked, error);
    if (status) {
        return status;
    }
    tf_object object = tf_intelligence_object(access, &line);
    tf_audit_note note = {.detail = group ? "review: kept" : "review: not kept"};
    status = tf_access_enter(access, actor, TF_ACTION_ALTER, &object, NULL, &note, NULL, error);
    if (!status && (!line.is_submitted || line.erased_at)) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "report %lld is %s, and there is nothing of it to review", (long long)id,
                         line.erased_at ? "erased" : "a draft");
    }
    return status ? status : write_review(tf_access_db(access), id, group, tf_instant_now(), error);
}

tf_status tf_intelligence_review(tf_access *access, const tf_actor *actor, int64_t id,
                                 const char *group_name, tf_error *error) {
    const tf_triage_words *words = tf_pack_triage_words(tf_access_pack(access));
    const tf_retention_group *group = NULL;
    for (size_t i = 0; group_name && i < words->retention_count; i++) {
        group = strcmp(words->retention[i].name, group_name) == 0 ? &words->retention[i] : group;
    }
    if (group_name && !group) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "choose for how long the report is kept");
    }
    tf_arena *arena = tf_arena_new();
    tf_status status = arena ? tf_access_begin_durable(access, error) : tf_fail_no_memory(error);
    if (!status) {
        status = tf_access_end(access, review(access, actor, id, group, arena, error), error);
    }
    tf_arena_free(arena);
    return status;
}

/* ---- erasing ---- */

static tf_status ask_number(tf_db *db, const char *sql, int64_t value, int64_t *number_out,
                            tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, value);
        status = tf_statement_step(statement, &has_row, error);
    }
    *number_out = !status && has_row ? tf_column_at_int(statement, 0) : 0;
    tf_statement_free(statement);
    return status;
}

/* The next after `after` that a review has ended; 0 behind the last. */
static tf_status next_disposed(tf_db *db, int64_t after, int64_t *id_out, tf_error *error) {
    return ask_number(db,
                      "SELECT min(id) FROM intelligence WHERE disposed_at IS NOT NULL "
                      "AND erased_at IS NULL AND id > ?1",
                      after, id_out, error);
}

static tf_status erase(tf_access *access, const tf_actor *actor, int64_t id, int64_t now,
                       tf_arena *arena, int64_t *erased, tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_intelligence_line line;
    tf_text locked;
    tf_status status = tf_intelligence_get(access, id, arena, &line, &locked, error);
    if (status || !line.disposed_at || line.erased_at) { /* kept after all, in the meantime */
        return status;
    }
    tf_object object = tf_intelligence_object(access, &line);
    tf_audit_note note = {.detail = "retention"};
    tf_statement *statement = NULL;
    status = tf_access_enter(access, actor, TF_ACTION_ERASE, &object, NULL, &note, NULL, error);
    if (!status) {
        status = tf_sealed_forget(db, (tf_sealed){TF_SEALED_INTELLIGENCE, id}, error);
    }
    if (!status) {
        status = tf_db_prepare(
            db, "UPDATE intelligence SET content = NULL, erased_at = ?2 WHERE id = ?1", &statement,
            error);
    }
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, now);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    *erased += !status;
    return status;
}

tf_status tf_retention_purge_intelligence(tf_access *access, const tf_actor *actor, int64_t now,
                                          int64_t *erased_out, int64_t *due_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    int64_t id = 0;
    *erased_out = *due_out = 0;
    tf_arena *arena = tf_arena_new();
    tf_status status = arena ? next_disposed(db, 0, &id, error) : tf_fail_no_memory(error);
    while (!status && id) {
        tf_arena_reset(arena);
        status = tf_access_begin_durable(access, error);
        if (!status) {
            status = tf_access_end(access, erase(access, actor, id, now, arena, erased_out, error),
                                   error);
        }
        if (!status) {
            status = next_disposed(db, id, &id, error);
        }
    }
    tf_arena_free(arena);
    if (!status) {
        status = ask_number(db,
                            "SELECT count(*) FROM intelligence WHERE review_at <= ?1 "
                            "AND disposed_at IS NULL AND erased_at IS NULL",
                            now, due_out, error);
    }
    if (*erased_out) {
        tf_status cleared = tf_db_clear_log(db, status ? NULL : error);
        status = status ? status : cleared;
    }
    return status;
}
