#include "response_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

const char *const tf_entry_kind_names[TF_ENTRY_KIND_COUNT] = {
    [TF_ENTRY_FROM_SENDER] = "from-sender",
    [TF_ENTRY_TO_SENDER] = "to-sender",
    [TF_ENTRY_NOTE] = "note",
};

#define ROW_COLUMNS                                                                                \
    "id, form, version, category, organisation_id, received_at, urgency, due_at, retention_days, " \
    "state, claimed_by, first_seen_at, closed_at, outcome, erased_at, sender_key, letters_key, "   \
    "content"

static const char *copy_text(tf_statement *statement, int column, tf_arena *arena) {
    tf_text text = tf_column_at_text(statement, column);
    return text.data ? tf_arena_copy_text(arena, text.data, text.length) : NULL;
}

static bool copy_key(tf_statement *statement, int column, uint8_t key_out[TF_KEY_SIZE]) {
    size_t length = 0;
    const void *key = tf_column_at_bytes(statement, column, &length);
    if (!key || length != TF_KEY_SIZE) {
        return false;
    }
    memcpy(key_out, key, TF_KEY_SIZE);
    return true;
}

static tf_status take_row(tf_access *access, tf_statement *statement, tf_arena *arena,
                          tf_response_row *row_out, tf_error *error) {
    *row_out = (tf_response_row){
        .id = tf_column_at_int(statement, 0),
        .form = copy_text(statement, 1, arena),
        .version = tf_column_at_int(statement, 2),
        .organisation_id = tf_column_at_int(statement, 4),
        .received_at = tf_column_at_int(statement, 5),
        .urgency = (int)tf_column_at_int(statement, 6),
        .due_at = tf_column_at_int(statement, 7),
        .retention_days = tf_column_at_int(statement, 8),
        .state = copy_text(statement, 9, arena),
        .claimed_by = tf_column_at_int(statement, 10),
        .first_seen_at = tf_column_at_int(statement, 11),
        .closed_at = tf_column_at_int(statement, 12),
        .outcome = copy_text(statement, 13, arena),
        .erased_at = tf_column_at_int(statement, 14),
    };
    row_out->has_sender_key = copy_key(statement, 15, row_out->sender_key);
    row_out->has_letters_key = copy_key(statement, 16, row_out->letters_key);
    const char *category = copy_text(statement, 3, arena);
    size_t length = 0;
    const void *content = tf_column_at_bytes(statement, 17, &length);
    if (content) {
        char *copy = tf_arena_copy_text(arena, content, length);
        row_out->content = (tf_text){copy, copy ? length : 0};
    }
    if (!row_out->form || !row_out->state || !category || (content && !row_out->content.data)) {
        return tf_fail_no_memory(error);
    }
    row_out->category = tf_access_category(tf_access_get_rules(access), category);
    if (row_out->category < 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "report %lld is of the category '%s', which the pack has no more; put it "
                       "back into access.yaml",
                       (long long)row_out->id, category);
    }
    return TF_OK;
}

tf_status tf_response_row_get(tf_access *access, int64_t id, const uint8_t *handle, tf_arena *arena,
                              tf_response_row *row_out, tf_error *error) {
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(tf_access_db(access),
                      handle ? "SELECT " ROW_COLUMNS " FROM response WHERE receipt = ?1"
                             : "SELECT " ROW_COLUMNS " FROM response WHERE id = ?1",
                      &statement, error);
    if (status) {
        return status;
    }
    if (handle) {
        tf_bind_bytes(statement, 1, handle, TF_HASH_SIZE);
    } else {
        tf_bind_int(statement, 1, id);
    }
    bool has_row = false;
    status = tf_statement_step(statement, &has_row, error);
    if (!status && has_row) {
        status = take_row(access, statement, arena, row_out, error);
    } else if (!status) {
        status = handle ? tf_fail(error, TF_NOT_FOUND, NULL, 0,
                                  "there is no report with this code; check it, all 16 letters and "
                                  "digits")
                        : tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no report %lld",
                                  (long long)id);
    }
    tf_statement_free(statement);
    return status;
}

tf_object tf_response_object(const tf_response_row *row) {
    return (tf_object){.category = row->category,
                       .id = row->id,
                       .organisation_id = row->organisation_id,
                       .assigned_to = row->claimed_by};
}

/* ---- messages and notes ---- */

static size_t count_characters(tf_text text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    }
    return count;
}

tf_letter_fault tf_response_check_text(tf_text text) {
    text = tf_text_trim(text);
    if (text.length == 0) {
        return TF_LETTER_EMPTY;
    }
    if (!tf_text_is_utf8(text)) {
        return TF_LETTER_UNREADABLE;
    }
    return count_characters(text) > TF_ENTRY_MOST_CHARACTERS ? TF_LETTER_TOO_LONG : TF_LETTER_SOUND;
}

static tf_status check_entry(const tf_response_row *row, tf_entry_kind kind, tf_text text,
                             tf_error *error) {
    switch (tf_response_check_text(text)) {
    case TF_LETTER_SOUND:
    case TF_LETTER_CLOSED:
    case TF_LETTER_TOO_MANY:
        break;
    case TF_LETTER_EMPTY:
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "nothing was written; enter some text");
    case TF_LETTER_UNREADABLE:
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the text has characters that cannot be read; enter it again");
    case TF_LETTER_TOO_LONG:
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the text has more than %d characters; send it in parts",
                       TF_ENTRY_MOST_CHARACTERS);
    }
    if (!row->has_letters_key) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the content of this report has been erased, so nothing can be added to it");
    }
    if (kind == TF_ENTRY_TO_SENDER && !row->has_sender_key) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the sender of this one got no receipt code, so no message reaches them");
    }
    return TF_OK;
}

tf_status tf_response_add_entry(tf_db *db, const tf_response_row *row, tf_entry_kind kind,
                                int64_t account_id, tf_text text, tf_error *error) {
    text = tf_text_trim(text);
    tf_status status = check_entry(row, kind, text, error);
    if (status) {
        return status;
    }
    tf_buffer readers;
    tf_buffer sender;
    tf_buffer_init(&readers);
    tf_buffer_init(&sender);
    tf_statement *statement = NULL;
    tf_secret_seal(row->letters_key, text, &readers);
    status = tf_buffer_check(&readers, error);
    if (!status && kind != TF_ENTRY_NOTE && row->has_sender_key) {
        tf_secret_seal(row->sender_key, text, &sender);
        status = tf_buffer_check(&sender, error);
    }
    if (!status) {
        status = tf_db_prepare(db,
                               "INSERT INTO response_entry (response_id, at, kind, account_id, "
                               "for_readers, for_sender) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                               &statement, error);
    }
    if (!status) {
        tf_bind_int(statement, 1, row->id);
        tf_bind_int(statement, 2, tf_instant_now());
        tf_bind_text(statement, 3, tf_text_of(tf_entry_kind_names[kind]));
        if (account_id) {
            tf_bind_int(statement, 4, account_id);
        }
        tf_bind_bytes(statement, 5, readers.data, readers.length);
        tf_bind_bytes(statement, 6, sender.data, sender.length);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&readers);
    tf_buffer_deinit(&sender);
    return status;
}

/* ---- floods ---- */

tf_status tf_recent_count(tf_db *db, const char *name, int64_t period_seconds, bool adds,
                          int64_t *count_out, tf_error *error) {
    *count_out = 0;
    int64_t period = tf_instant_now() / 1000000 / period_seconds;
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        db, "SELECT count FROM recent_count WHERE name = ?1 AND period = ?2", &statement, error);
    if (status) {
        return status;
    }
    bool has_row = false;
    tf_bind_text(statement, 1, tf_text_of(name));
    tf_bind_int(statement, 2, period);
    status = tf_statement_step(statement, &has_row, error);
    *count_out = !status && has_row ? tf_column_at_int(statement, 0) : 0;
    tf_statement_free(statement);
    if (status || !adds) {
        return status;
    }
    status = tf_db_prepare(
        db, "INSERT OR REPLACE INTO recent_count (name, period, count) VALUES (?1, ?2, ?3)",
        &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(name));
        tf_bind_int(statement, 2, period);
        tf_bind_int(statement, 3, *count_out + 1);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

tf_status tf_response_change(tf_db *db, const char *sql, int64_t id, int64_t now, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, now);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}
