#include "audit_export.h"

#include "audit_select_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/json.h"

enum { PIECE = 64 * 1024 };

static void take_hash(tf_statement *statement, tf_buffer *digits) {
    size_t length = 0;
    const uint8_t *hash = tf_column_at_bytes(statement, 14, &length);
    digits->length = 0;
    /* Of any length: what is given away is what stands there, sound or not. */
    for (size_t at = 0; hash && at < length; at += TF_HASH_SIZE) {
        char text[2 * TF_HASH_SIZE + 1];
        size_t left = length - at;
        tf_hex_write(hash + at, left < TF_HASH_SIZE ? left : TF_HASH_SIZE, text);
        tf_buffer_append_text(digits, text);
    }
}

/* ---- CSV ---- */

static const char csv_header[] =
    "entry,time,account,organisation,actor,action,category,object,person,purpose,agreement,"
    "recipients,outcome,detail,hash\r\n";

static void put_csv_text(tf_buffer *out, tf_text text) {
    tf_buffer_append_text(out, ",");
    if (!text.length) {
        return;
    }
    bool would_run = strchr("=+-@\t\r", text.data[0]) != NULL && text.data[0];
    tf_buffer_append_text(out, would_run ? "\"'" : "\"");
    size_t start = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"') {
            tf_buffer_append(out, text.data + start, i + 1 - start);
            start = i; /* and once more */
        }
    }
    tf_buffer_append(out, text.data + start, text.length - start);
    tf_buffer_append_text(out, "\"");
}

static void put_csv(const tf_audit_row *row, const char *hash, tf_buffer *out) {
    char instant[TF_INSTANT_TEXT_SIZE];
    tf_buffer_format(out, "%lld,%s,%lld,%lld", (long long)row->id,
                     tf_instant_format(row->at, instant), (long long)row->account_id,
                     (long long)row->organisation_id);
    put_csv_text(out, row->actor);
    put_csv_text(out, row->action);
    put_csv_text(out, row->category);
    tf_buffer_format(out, ",%lld,%lld", (long long)row->object_id, (long long)row->person_id);
    put_csv_text(out, row->purpose);
    tf_buffer_format(out, ",%lld", (long long)row->agreement_id);
    put_csv_text(out, row->recipients);
    put_csv_text(out, row->outcome);
    put_csv_text(out, row->detail);
    tf_buffer_format(out, ",%s\r\n", hash);
}

/* ---- JSON ---- */

static void put_text(tf_json *json, const char *key, tf_text text) {
    tf_json_key(json, key);
    if (text.data) {
        tf_json_text(json, text);
    } else {
        tf_json_null(json);
    }
}

static void put_json(const tf_audit_row *row, const char *hash, tf_buffer *out) {
    char instant[TF_INSTANT_TEXT_SIZE];
    tf_json json;
    tf_json_init(&json, out, false);
    tf_json_open_object(&json);
    tf_json_put_int(&json, "entry", row->id);
    tf_json_put_string(&json, "time", tf_instant_format(row->at, instant));
    tf_json_put_int(&json, "at", row->at);
    tf_json_put_int(&json, "account", row->account_id);
    tf_json_put_int(&json, "organisation", row->organisation_id);
    put_text(&json, "actor", row->actor);
    put_text(&json, "action", row->action);
    put_text(&json, "category", row->category);
    tf_json_put_int(&json, "object", row->object_id);
    tf_json_put_int(&json, "person", row->person_id);
    put_text(&json, "purpose", row->purpose);
    tf_json_put_int(&json, "agreement", row->agreement_id);
    put_text(&json, "recipients", row->recipients);
    put_text(&json, "outcome", row->outcome);
    put_text(&json, "detail", row->detail);
    tf_json_put_string(&json, "hash", hash);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

/* ---- the whole ---- */

typedef struct export_piece {
    tf_buffer bytes;
    tf_buffer hash;
    tf_status (*write)(void *context, tf_text bytes, tf_error *error);
    void *context;
} export_piece;

static tf_status hand_over(export_piece *piece, size_t least, tf_error *error) {
    tf_status status = tf_buffer_check(&piece->bytes, error);
    if (!status) {
        status = tf_buffer_check(&piece->hash, error);
    }
    if (!status && piece->bytes.length && piece->bytes.length >= least) {
        status =
            piece->write(piece->context, (tf_text){piece->bytes.data, piece->bytes.length}, error);
        piece->bytes.length = 0;
    }
    return status;
}

static tf_status export_rows(tf_statement *statement, tf_audit_format format, export_piece *piece,
                             tf_error *error) {
    if (format == TF_AUDIT_CSV) {
        tf_buffer_append_text(&piece->bytes, csv_header);
    }
    bool has_row = true;
    tf_status status = TF_OK;
    while (!status) {
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        tf_audit_row row;
        tf_audit_row_take(statement, &row);
        take_hash(statement, &piece->hash);
        const char *hash = piece->hash.length ? piece->hash.data : "";
        if (format == TF_AUDIT_CSV) {
            put_csv(&row, hash, &piece->bytes);
        } else {
            put_json(&row, hash, &piece->bytes);
        }
        status = hand_over(piece, PIECE, error);
    }
    return status ? status : hand_over(piece, 0, error);
}

tf_status tf_audit_export(tf_access *access, const tf_actor *actor, const tf_audit_filter *filter,
                          tf_audit_format format, const char *recipients,
                          tf_status (*write)(void *context, tf_text bytes, tf_error *error),
                          void *context, tf_error *error) {
    if (!recipients || !tf_text_trim(tf_text_of(recipients)).length) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the audit is given to nobody; say who it is for");
    }
    tf_object object = tf_audit_object(access, filter->reach, 0);
    tf_status status =
        tf_audit_enter(access, actor, TF_ACTION_DISCLOSE, &object, filter, recipients, error);
    if (status) {
        return status;
    }
    tf_db *db = tf_access_db(access);
    tf_audit_selection selection = {.filter = filter, .limit = -1};
    export_piece piece = {.write = write, .context = context};
    tf_buffer_init(&piece.bytes);
    tf_buffer_init(&piece.hash);
    tf_statement *statement = NULL;
    status = tf_db_begin_reading(db, error);
    if (!status) {
        status = tf_audit_select(access, &selection, &statement, error);
    }
    if (!status) {
        status = export_rows(statement, format, &piece, error);
    }
    tf_statement_free(statement);
    tf_db_rollback(db);
    tf_buffer_deinit(&piece.bytes);
    tf_buffer_deinit(&piece.hash);
    return status;
}
