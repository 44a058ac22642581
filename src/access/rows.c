#include "rows_internal.h"

static tf_status prepare(tf_db *db, const char *sql, const uint8_t *key, const int64_t *numbers,
                         size_t count, tf_statement **statement_out, tf_error *error) {
    tf_status status = tf_db_prepare(db, sql, statement_out, error);
    if (status) {
        return status;
    }
    int parameter = 1;
    if (key) {
        tf_bind_bytes(*statement_out, parameter++, key, TF_KEY_SIZE);
    }
    for (size_t i = 0; i < count; i++) {
        tf_bind_int(*statement_out, parameter++, numbers[i]);
    }
    return TF_OK;
}

static tf_status change(tf_db *db, const char *sql, const uint8_t *key, const int64_t *numbers,
                        size_t count, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = prepare(db, sql, key, numbers, count, &statement, error);
    if (!status) {
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_rows_change(tf_db *db, const char *sql, const int64_t *numbers, size_t count,
                         tf_error *error) {
    return change(db, sql, NULL, numbers, count, error);
}

tf_status tf_rows_change_by_key(tf_db *db, const char *sql, const uint8_t key[TF_KEY_SIZE],
                                const int64_t *numbers, size_t count, tf_error *error) {
    return change(db, sql, key, numbers, count, error);
}

tf_status tf_rows_number(tf_db *db, const char *sql, const int64_t *numbers, size_t count,
                         int64_t none, int64_t *number_out, tf_error *error) {
    *number_out = none;
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = prepare(db, sql, NULL, numbers, count, &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row && !tf_column_at_is_null(statement, 0)) {
        *number_out = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_rows_setting(tf_db *db, const char *name, int64_t least, int64_t most, int64_t usual,
                          int64_t *value_out, tf_error *error) {
    *value_out = usual;
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status =
        tf_db_prepare(db, "SELECT value FROM setting WHERE name = ?1", &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(name));
        status = tf_statement_step(statement, &has_row, error);
    }
    int64_t value;
    if (!status && has_row && tf_parse_int64(tf_column_at_text(statement, 0), &value) &&
        value >= least && value <= most) {
        *value_out = value;
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_rows_text(tf_statement *statement, int column, tf_arena *arena, const char **text_out,
                       tf_error *error) {
    tf_text text = tf_column_at_text(statement, column);
    *text_out = tf_arena_copy_text(arena, text.data ? text.data : "", text.length);
    return *text_out ? TF_OK : tf_fail_no_memory(error);
}

bool tf_rows_key(tf_statement *statement, int column, uint8_t key_out[TF_KEY_SIZE]) {
    size_t length = 0;
    const void *bytes = tf_column_at_bytes(statement, column, &length);
    bool is_key = bytes && length == TF_KEY_SIZE;
    if (is_key) {
        memcpy(key_out, bytes, TF_KEY_SIZE);
    } else {
        memset(key_out, 0, TF_KEY_SIZE);
    }
    return is_key;
}

bool tf_rows_is_line(tf_text text, size_t most) {
    if (tf_text_trim(text).length == 0 || !tf_text_is_utf8(text) || tf_text_width(text) > most) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }
    return true;
}
