#include "retention.h"

#include "response_internal.h"

#include "trefoil/base/date.h"

/* The next report that is due after `after`; *id_out is 0 behind the last. */
static tf_status next_due(tf_db *db, int64_t after, int64_t now, int64_t *id_out, tf_error *error) {
    *id_out = 0;
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db,
                      "SELECT id FROM response WHERE state = 'closed' AND id > ?1 "
                      "AND closed_at + retention_days * ?3 <= ?2 ORDER BY id LIMIT 1",
                      &statement, error);
    if (status) {
        return status;
    }
    bool has_row = false;
    tf_bind_int(statement, 1, after);
    tf_bind_int(statement, 2, now);
    tf_bind_int(statement, 3, TF_MICROSECONDS_A_DAY);
    status = tf_statement_step(statement, &has_row, error);
    *id_out = !status && has_row ? tf_column_at_int(statement, 0) : 0;
    tf_statement_free(statement);
    return status;
}

/* Erase it, unless it was opened again since it was found to be due. */
static tf_status erase(tf_access *access, const tf_actor *actor, int64_t id, int64_t now,
                       tf_arena *arena, bool *is_erased_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_response_row row;
    *is_erased_out = false;
    tf_status status = tf_response_row_get(access, id, NULL, arena, &row, error);
    if (status || row.erased_at || !row.closed_at ||
        row.closed_at + row.retention_days * TF_MICROSECONDS_A_DAY > now) {
        return status;
    }
    tf_object object = tf_response_object(&row);
    tf_audit_note note = {.detail = "retention"};
    status = tf_access_enter(access, actor, TF_ACTION_ERASE, &object, NULL, &note, NULL, error);
    if (!status) {
        status = tf_sealed_forget(db, (tf_sealed){TF_SEALED_RESPONSE, id}, error);
    }
    if (!status) {
        status = tf_response_change(
            db, "DELETE FROM response_entry WHERE response_id = ?1 AND ?2 = ?2", id, now, error);
    }
    /* The receipt's handle stays, so that its holder can be told; it opens nothing any more. */
    if (!status) {
        status = tf_response_change(
            db,
            "UPDATE response SET state = 'erased', erased_at = ?2, content = NULL, "
            "letters_key = NULL, sender_key = NULL, once = NULL, claimed_by = NULL "
            "WHERE id = ?1",
            id, now, error);
    }
    *is_erased_out = !status;
    return status;
}

tf_status tf_retention_purge(tf_access *access, const tf_actor *actor, int64_t now,
                             int64_t *erased_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    int64_t id = 0;
    *erased_out = 0;
    tf_arena *arena = tf_arena_new();
    tf_status status = arena ? next_due(db, 0, now, &id, error) : tf_fail_no_memory(error);
    while (!status && id) {
        tf_arena_reset(arena);
        status = tf_access_begin_durable(access, error);
        bool is_erased = false;
        if (!status) {
            status = tf_access_end(access, erase(access, actor, id, now, arena, &is_erased, error),
                                   error);
        }
        if (!status) {
            *erased_out += is_erased;
            status = next_due(db, id, now, &id, error);
        }
    }
    tf_arena_free(arena);
    if (*erased_out) {
        tf_status cleared = tf_db_clear_log(db, status ? NULL : error);
        status = status ? status : cleared;
    }
    return status;
}
