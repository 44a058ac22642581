#include "audit_head.h"

#include "audit_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/json.h"
#include "trefoil/base/json_read.h"

#include <stdio.h>

enum { FORMAT = 1 };

/* ---- signing ---- */

tf_text tf_audit_head_message(const tf_audit_head *head,
                              char message_out[TF_AUDIT_HEAD_MESSAGE_SIZE]) {
    int length = snprintf(message_out, TF_AUDIT_HEAD_MESSAGE_SIZE,
                          "Trefoil audit head, day %d, entry %lld, hash ", (int)head->day,
                          (long long)head->entry_id);
    tf_hex_write(head->hash, TF_HASH_SIZE, message_out + length);
    return (tf_text){message_out, (size_t)length + (size_t)2 * TF_HASH_SIZE};
}

void tf_audit_head_sign(const tf_site_key *key, const tf_audit_end *end, tf_audit_head *head_out) {
    *head_out = (tf_audit_head){.day = tf_audit_day_of(end->at), .entry_id = end->entry_id};
    memcpy(head_out->hash, end->hash, TF_HASH_SIZE);
    memcpy(head_out->public_key, key->sign_public, TF_KEY_SIZE);
    char message[TF_AUDIT_HEAD_MESSAGE_SIZE];
    tf_secret_sign(key->sign_secret, tf_audit_head_message(head_out, message), head_out->signature);
}

bool tf_audit_head_is_signed(const tf_audit_head *head) {
    char message[TF_AUDIT_HEAD_MESSAGE_SIZE];
    return tf_secret_is_signed(head->public_key, tf_audit_head_message(head, message),
                               head->signature);
}

tf_status tf_audit_sign_now(tf_db *db, const tf_site_key *key, tf_audit_head *head_out,
                            tf_error *error) {
    bool is_own = !tf_db_is_in_transaction(db);
    tf_audit_mark mark;
    tf_audit_end end;
    tf_status status = tf_audit_mark_read(tf_db_path(db), key->mark_key, &mark, error);
    if (!status && is_own) {
        status = tf_db_begin_reading(db, error);
    }
    if (!status) {
        status = tf_audit_read_end(db, key, &mark, &end, error);
    }
    if (!status && end.entry_id == 0) {
        status = tf_fail(error, TF_NOT_FOUND, tf_db_path(db), 0,
                         "the audit has no entries yet, so there is nothing to sign; try again "
                         "when the program has been used");
    }
    if (!status) {
        tf_audit_head_sign(key, &end, head_out);
    }
    if (is_own) {
        tf_db_rollback(db);
    }
    return status;
}

/* ---- the heads in the database ---- */

bool tf_audit_head_take(tf_statement *statement, tf_audit_head *head_out) {
    *head_out = (tf_audit_head){0};
    if (tf_column_at_type(statement, 0) != TF_COLUMN_INT ||
        tf_column_at_type(statement, 1) != TF_COLUMN_INT) {
        return false;
    }
    int64_t day = tf_column_at_int(statement, 0);
    head_out->day = (int32_t)day;
    head_out->entry_id = tf_column_at_int(statement, 1);
    return day == head_out->day &&
           tf_audit_take_bytes(statement, 2, head_out->hash, TF_HASH_SIZE) &&
           tf_audit_take_bytes(statement, 3, head_out->public_key, TF_KEY_SIZE) &&
           tf_audit_take_bytes(statement, 4, head_out->signature, TF_SIGNATURE_SIZE);
}

tf_status tf_audit_head_last(tf_db *db, tf_audit_head *head_out, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        db, "SELECT " TF_AUDIT_HEAD_COLUMNS " FROM audit_head ORDER BY day DESC LIMIT 1",
        &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && !has_row) {
        status = tf_fail(error, TF_NOT_FOUND, tf_db_path(db), 0,
                         "no day of the audit is over and signed yet; sign its present end with "
                         "'trefoil audit head --now'");
    } else if (!status &&
               !(tf_audit_head_take(statement, head_out) && tf_audit_head_is_signed(head_out))) {
        status = tf_fail(error, TF_BAD_INPUT, tf_db_path(db), 0,
                         "the last head of the audit has been changed; run 'trefoil audit verify'");
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_audit_head_note_written(tf_db *db, int64_t now, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_begin_durable(db, error);
    if (!status) {
        status = tf_db_prepare(db,
                               "INSERT OR REPLACE INTO setting (name, value)"
                               " VALUES ('audit-head-written', CAST(?1 AS TEXT))",
                               &statement, error);
    }
    if (!status) {
        tf_bind_int(statement, 1, now);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    if (status) {
        tf_db_rollback(db);
        return status;
    }
    return tf_db_commit(db, error);
}

/* ---- as a text ---- */

static void put_hex(tf_json *json, const char *key, const uint8_t *bytes, size_t length) {
    char digits[2 * TF_SIGNATURE_SIZE + 1]; /* of the longest */
    tf_hex_write(bytes, length, digits);
    tf_json_put_string(json, key, digits);
}

void tf_audit_head_write(const tf_audit_head *head, tf_buffer *text_out) {
    int year, month, day;
    char date[16];
    tf_days_split(head->day, &year, &month, &day);
    snprintf(date, sizeof date, "%04u-%02u-%02u", (unsigned)year % 10000U, (unsigned)month % 100U,
             (unsigned)day % 100U);
    tf_json json;
    tf_json_init(&json, text_out, true);
    tf_json_open_object(&json);
    tf_json_put_int(&json, "trefoil_audit_head", FORMAT);
    tf_json_put_string(&json, "day", date);
    tf_json_put_int(&json, "entry", head->entry_id);
    put_hex(&json, "hash", head->hash, TF_HASH_SIZE);
    put_hex(&json, "public_key", head->public_key, TF_KEY_SIZE);
    put_hex(&json, "signature", head->signature, TF_SIGNATURE_SIZE);
    tf_json_close_object(&json);
    tf_buffer_append_text(text_out, "\n");
}

static bool get_hex(const tf_json_value *object, const char *key, uint8_t *bytes_out,
                    size_t length) {
    tf_text digits;
    return tf_json_get_text(tf_json_member(object, key), &digits) && digits.length == 2 * length &&
           tf_hex_read(digits.data, length, bytes_out);
}

static bool get_head(const tf_json_value *root, tf_audit_head *head_out) {
    tf_text day;
    return tf_json_get_text(tf_json_member(root, "day"), &day) &&
           tf_date_parse(day, &head_out->day) &&
           tf_json_get_int(tf_json_member(root, "entry"), &head_out->entry_id) &&
           get_hex(root, "hash", head_out->hash, TF_HASH_SIZE) &&
           get_hex(root, "public_key", head_out->public_key, TF_KEY_SIZE) &&
           get_hex(root, "signature", head_out->signature, TF_SIGNATURE_SIZE);
}

tf_status tf_audit_head_read(tf_text text, const char *place, tf_audit_head *head_out,
                             tf_error *error) {
    *head_out = (tf_audit_head){0};
    tf_json_value *root = NULL;
    tf_status status = tf_json_parse(text, 1, "the head", &root, error);
    int64_t format = 0;
    if (status) {
        tf_error_set_place(error, place);
    } else if (!tf_json_get_int(tf_json_member(root, "trefoil_audit_head"), &format)) {
        status = tf_fail(error, TF_BAD_INPUT, place, 0,
                         "the file is no head of an audit chain; name one that 'trefoil audit "
                         "head' wrote");
    } else if (format != FORMAT) {
        status = tf_fail(error, TF_UNSUPPORTED, place, 0,
                         "the head was written by a newer Trefoil; verify with that one");
    } else if (!get_head(root, head_out) || !tf_audit_head_is_signed(head_out)) {
        status = tf_fail(error, TF_BAD_INPUT, place, 0,
                         "the head is not what was signed: the file has been changed or is "
                         "damaged; take another copy of it");
    }
    tf_json_free(root);
    return status;
}
