#include "intake/draft.h"

static const int64_t microseconds = 1000000;

/* What is locked: a letter for what follows, the text of `once`, and the answers or the code. */
enum { KIND_ANSWERS = 'A', KIND_RECEIPT = 'R', CONTENT_HEAD = TF_TOKEN_TEXT_SIZE };

/* Both keys of a draft; false for a text that is no token. */
static bool find_keys(const tf_form_definition *form, tf_text token, tf_arena *arena,
                      tf_draft *draft) {
    const char *row = tf_arena_format(arena, "draft %s", form->name);
    const char *lock = tf_arena_format(arena, "draft-lock %s", form->name);
    return row && lock && tf_token_key(token, row, draft->id) &&
           tf_token_key(token, lock, draft->lock);
}

static tf_text about(const tf_draft *draft) {
    return (tf_text){(const char *)draft->id, sizeof draft->id};
}

static bool is_nothing(const uint8_t key[TF_KEY_SIZE]) {
    static const uint8_t nothing[TF_KEY_SIZE];
    return memcmp(key, nothing, TF_KEY_SIZE) == 0;
}

/* A clock that was set back must not prolong what was kept before: no draft is touched later than
 * this. */
static int64_t latest_touch(int64_t now) {
    return now + TF_DRAFT_IDLE_S * microseconds;
}

/* ---- opening ---- */

/* Take what was unlocked into the draft; false for what this program has not written. */
static bool take_content(tf_text plain, const tf_pack *pack, const tf_form_definition *form,
                         tf_arena *arena, tf_draft *draft) {
    if (plain.length <= CONTENT_HEAD) {
        return false;
    }
    tf_text rest = {plain.data + CONTENT_HEAD, plain.length - CONTENT_HEAD};
    memcpy(draft->once, plain.data + 1, TF_TOKEN_TEXT_SIZE - 1);
    draft->once[TF_TOKEN_TEXT_SIZE - 1] = '\0';
    if (plain.data[0] == KIND_RECEIPT && rest.length == TF_RECEIPT_SIZE - 1) {
        memcpy(draft->receipt, rest.data, rest.length);
        draft->receipt[rest.length] = '\0';
        return true;
    }
    tf_answers answers;
    if (plain.data[0] != KIND_ANSWERS ||
        tf_answers_read(rest, pack, arena, &answers, NULL) != TF_OK || answers.form != form) {
        return false;
    }
    answers.language = draft->answers.language;
    draft->answers = answers;
    return true;
}

static tf_status read_row(tf_statement *statement, const tf_pack *pack,
                          const tf_form_definition *form, tf_arena *arena, tf_draft *draft,
                          tf_error *error) {
    size_t length = 0;
    const void *bytes = tf_column_at_bytes(statement, 1, &length);
    tf_buffer plain;
    tf_buffer_init(&plain);
    if (bytes && tf_secret_unlock(draft->lock, about(draft), (tf_text){bytes, length}, &plain)) {
        draft->is_there =
            take_content((tf_text){plain.data, plain.length}, pack, form, arena, draft);
        draft->started_at = draft->is_there ? tf_column_at_int(statement, 0) : draft->started_at;
    }
    tf_status status = tf_buffer_check(&plain, error);
    if (plain.data) {
        tf_secret_forget(plain.data, plain.length);
    }
    tf_buffer_deinit(&plain);
    return status;
}

tf_status tf_draft_open(tf_db *db, const tf_pack *pack, const tf_form_definition *form,
                        tf_text token, tf_language language, int64_t now, tf_arena *arena,
                        tf_draft *draft_out, tf_error *error) {
    *draft_out = (tf_draft){.started_at = now};
    tf_token_new(draft_out->once);
    tf_status status = tf_answers_new(form, language, arena, &draft_out->answers, error);
    if (status || !find_keys(form, token, arena, draft_out)) {
        return status;
    }
    tf_statement *statement = NULL;
    bool has_row = false;
    status = tf_db_prepare(db,
                           "SELECT started_at, content FROM form_draft"
                           " WHERE id = ?1 AND touched_at > ?2 AND started_at > ?3"
                           " AND touched_at <= ?4",
                           &statement, error);
    if (!status) {
        tf_bind_bytes(statement, 1, draft_out->id, sizeof draft_out->id);
        tf_bind_int(statement, 2, now - TF_DRAFT_IDLE_S * microseconds);
        tf_bind_int(statement, 3, now - TF_DRAFT_AGE_S * microseconds);
        tf_bind_int(statement, 4, latest_touch(now));
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        status = read_row(statement, pack, form, arena, draft_out, error);
    }
    tf_statement_free(statement);
    return status;
}

/* ---- saving ---- */

/* Run a statement with a number. */
static tf_status run(tf_db *db, const char *sql, int64_t number, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, number);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

static void append_content(const tf_draft *draft, tf_buffer *plain) {
    bool is_sent = draft->receipt[0] != '\0';
    tf_buffer_append_text(plain, is_sent ? "R" : "A");
    tf_buffer_append(plain, draft->once, TF_TOKEN_TEXT_SIZE - 1);
    if (is_sent) {
        tf_buffer_append_text(plain, draft->receipt);
    } else {
        tf_answers_write(&draft->answers, plain);
    }
}

static tf_status write_row(tf_db *db, const tf_draft *draft, int64_t now, tf_text content,
                           tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "INSERT INTO form_draft (id, started_at, touched_at, content)"
                                     " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET"
                                     " started_at = ?2, touched_at = ?3, content = ?4",
                                     &statement, error);
    if (!status) {
        tf_bind_bytes(statement, 1, draft->id, sizeof draft->id);
        tf_bind_int(statement, 2, draft->started_at);
        tf_bind_int(statement, 3, now);
        tf_bind_bytes(statement, 4, content.data, content.length);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* Those that are gone, and beyond the most those that were not touched for longest. */
static tf_status purge(tf_db *db, bool is_new, int64_t now, tf_error *error) {
    tf_status status = run(db, "DELETE FROM form_draft WHERE touched_at <= ?1",
                           now - TF_DRAFT_IDLE_S * microseconds, error);
    if (!status) {
        status = run(db, "DELETE FROM form_draft WHERE touched_at > ?1", latest_touch(now), error);
    }
    if (!status && is_new) {
        status = run(db, "DELETE FROM form_draft WHERE started_at <= ?1",
                     now - TF_DRAFT_AGE_S * microseconds, error);
    }
    if (!status && is_new) {
        status = run(db,
                     "DELETE FROM form_draft WHERE id IN (SELECT id FROM form_draft ORDER BY"
                     " touched_at LIMIT max(0, (SELECT count(*) FROM form_draft) - ?1))",
                     TF_MOST_DRAFTS - 1, error);
    }
    return status;
}

static tf_status check_flood(tf_db *db, int64_t now, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db, "SELECT count(*) FROM form_draft WHERE started_at > ?1",
                                     &statement, error);
    bool has_row = false;
    if (!status) {
        tf_bind_int(statement, 1, now - 60 * microseconds);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row && tf_column_at_int(statement, 0) >= TF_MOST_DRAFTS_A_MINUTE) {
        status = tf_fail(error, TF_BUSY, NULL, 0,
                         "too many people begin a form at this moment; try again in a minute");
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_draft_save(tf_db *db, tf_draft *draft, int64_t now, tf_error *error) {
    if (is_nothing(draft->lock)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "a draft needs a token");
    }
    tf_buffer plain;
    tf_buffer content;
    tf_buffer_init(&plain);
    tf_buffer_init(&content);
    append_content(draft, &plain);
    tf_status status = tf_buffer_check(&plain, error);
    if (!status) {
        tf_secret_lock(draft->lock, about(draft), (tf_text){plain.data, plain.length}, &content);
        status = tf_buffer_check(&content, error);
    }
    if (!status) {
        status = tf_db_begin(db, error);
    }
    if (!status) {
        status = draft->is_there ? TF_OK : check_flood(db, now, error);
        if (!status) {
            status = purge(db, !draft->is_there, now, error);
        }
        if (!status) {
            status = write_row(db, draft, now, (tf_text){content.data, content.length}, error);
        }
        if (!status) {
            status = tf_db_commit(db, error);
        }
        tf_db_rollback(db);
    }
    draft->is_there = draft->is_there || !status;
    if (plain.data) {
        tf_secret_forget(plain.data, plain.length);
    }
    tf_buffer_deinit(&plain);
    tf_buffer_deinit(&content);
    return status;
}

tf_status tf_draft_remove(tf_db *db, const tf_draft *draft, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_begin(db, error);
    if (status) {
        return status;
    }
    status = tf_db_prepare(db, "DELETE FROM form_draft WHERE id = ?1", &statement, error);
    if (!status) {
        tf_bind_bytes(statement, 1, draft->id, sizeof draft->id);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    if (!status) {
        status = tf_db_commit(db, error);
    }
    tf_db_rollback(db);
    return status;
}
