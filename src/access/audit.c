#include "audit_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

const char *const tf_outcome_names[TF_OUTCOME_COUNT] = {
    [TF_OUTCOME_DONE] = "done",
    [TF_OUTCOME_REFUSED] = "refused",
    [TF_OUTCOME_EMERGENCY] = "emergency",
};

const uint8_t tf_audit_origin[TF_HASH_SIZE] = {0};

static const int64_t microseconds_a_day = (int64_t)24 * 3600 * 1000 * 1000;

/* ---- bytes ---- */

static void append_number(tf_buffer *bytes, int64_t number) {
    uint8_t digits[8];
    for (int i = 0; i < 8; i++) {
        digits[i] = (uint8_t)((uint64_t)number >> (8 * i));
    }
    tf_buffer_append(bytes, digits, sizeof digits);
}

static void append_text(tf_buffer *bytes, tf_text text) {
    append_number(bytes, text.data ? (int64_t)text.length : -1);
    if (text.length) {
        tf_buffer_append(bytes, text.data, text.length);
    }
}

void tf_audit_row_hash(const tf_audit_row *row, const uint8_t before[TF_HASH_SIZE],
                       tf_buffer *scratch, uint8_t hash_out[TF_HASH_SIZE]) {
    scratch->length = 0;
    tf_buffer_append(scratch, before, TF_HASH_SIZE);
    append_number(scratch, row->id);
    append_number(scratch, row->at);
    append_number(scratch, row->account_id);
    append_number(scratch, row->organisation_id);
    append_text(scratch, row->actor);
    append_text(scratch, row->action);
    append_text(scratch, row->category);
    append_number(scratch, row->object_id);
    append_number(scratch, row->person_id);
    append_text(scratch, row->purpose);
    append_number(scratch, row->agreement_id);
    append_text(scratch, row->recipients);
    append_text(scratch, row->outcome);
    append_text(scratch, row->detail);
    tf_secret_hash(NULL, scratch->failed ? "" : scratch->data,
                   scratch->failed ? 0 : scratch->length, hash_out);
}

void tf_audit_row_take(tf_statement *statement, tf_audit_row *row_out) {
    *row_out = (tf_audit_row){
        .id = tf_column_at_int(statement, 0),
        .at = tf_column_at_int(statement, 1),
        .account_id = tf_column_at_int(statement, 2),
        .organisation_id = tf_column_at_int(statement, 3),
        .actor = tf_column_at_text(statement, 4),
        .action = tf_column_at_text(statement, 5),
        .category = tf_column_at_text(statement, 6),
        .object_id = tf_column_at_int(statement, 7),
        .person_id = tf_column_at_int(statement, 8),
        .purpose = tf_column_at_text(statement, 9),
        .agreement_id = tf_column_at_int(statement, 10),
        .recipients = tf_column_at_text(statement, 11),
        .outcome = tf_column_at_text(statement, 12),
        .detail = tf_column_at_text(statement, 13),
    };
}

void tf_audit_end_mac(const tf_site_key *key, int64_t entry_id, const uint8_t hash[TF_HASH_SIZE],
                      uint8_t mac_out[TF_HASH_SIZE]) {
    uint8_t message[8 + TF_HASH_SIZE];
    for (int i = 0; i < 8; i++) {
        message[i] = (uint8_t)((uint64_t)entry_id >> (8 * i));
    }
    memcpy(message + 8, hash, TF_HASH_SIZE);
    tf_secret_hash(key->audit_key, message, sizeof message, mac_out);
}

tf_text tf_audit_head_message(int32_t day, int64_t entry_id, const uint8_t hash[TF_HASH_SIZE],
                              char message_out[TF_AUDIT_HEAD_MESSAGE_SIZE]) {
    int length =
        snprintf(message_out, TF_AUDIT_HEAD_MESSAGE_SIZE,
                 "Trefoil audit head, day %d, entry %lld, hash ", (int)day, (long long)entry_id);
    for (int i = 0; i < TF_HASH_SIZE; i++) {
        length += snprintf(message_out + length, TF_AUDIT_HEAD_MESSAGE_SIZE - (size_t)length,
                           "%02x", hash[i]);
    }
    return (tf_text){message_out, (size_t)length};
}

/* ---- the end of the chain ---- */

typedef struct chain_end {
    int64_t entry_id; /* 0: there is no entry yet */
    int64_t at;
    uint8_t hash[TF_HASH_SIZE];
} chain_end;

static tf_status read_end(tf_db *db, chain_end *end_out, tf_error *error) {
    *end_out = (chain_end){0};
    memcpy(end_out->hash, tf_audit_origin, TF_HASH_SIZE);
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "SELECT e.id, e.at, e.hash FROM audit_entry AS e "
                                     "ORDER BY e.id DESC LIMIT 1",
                                     &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        size_t length = 0;
        const void *hash = tf_column_at_bytes(statement, 2, &length);
        end_out->entry_id = tf_column_at_int(statement, 0);
        end_out->at = tf_column_at_int(statement, 1);
        if (hash && length == TF_HASH_SIZE) {
            memcpy(end_out->hash, hash, TF_HASH_SIZE);
        } else {
            status = tf_fail(error, TF_BAD_INPUT, tf_db_path(db), 0,
                             "the last entry of the audit chain has been changed; run 'trefoil "
                             "audit verify' and restore the database from a backup");
        }
    }
    tf_statement_free(statement);
    return status;
}

static tf_status write_end(tf_db *db, const tf_site_key *key, int64_t entry_id,
                           const uint8_t hash[TF_HASH_SIZE], tf_error *error) {
    uint8_t mac[TF_HASH_SIZE];
    tf_audit_end_mac(key, entry_id, hash, mac);
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "INSERT OR REPLACE INTO audit_end (only_row, entry_id, hash, "
                                     "mac) VALUES (1, ?1, ?2, ?3)",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, entry_id);
        tf_bind_bytes(statement, 2, hash, TF_HASH_SIZE);
        tf_bind_bytes(statement, 3, mac, sizeof mac);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* Sign the last entry of a day that is over. */
static tf_status sign_head(tf_db *db, const tf_site_key *key, const chain_end *end,
                           tf_error *error) {
    int32_t day = (int32_t)(end->at / microseconds_a_day);
    char message[TF_AUDIT_HEAD_MESSAGE_SIZE];
    uint8_t signature[TF_SIGNATURE_SIZE];
    tf_secret_sign(key->sign_secret, tf_audit_head_message(day, end->entry_id, end->hash, message),
                   signature);
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "INSERT OR REPLACE INTO audit_head (day, entry_id, hash, "
                                     "public_key, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, day);
        tf_bind_int(statement, 2, end->entry_id);
        tf_bind_bytes(statement, 3, end->hash, TF_HASH_SIZE);
        tf_bind_bytes(statement, 4, key->sign_public, TF_KEY_SIZE);
        tf_bind_bytes(statement, 5, signature, sizeof signature);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* ---- adding ---- */

static tf_status insert(tf_db *db, const tf_audit_row *row, const uint8_t hash[TF_HASH_SIZE],
                        tf_error *error) {
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db,
                      "INSERT INTO audit_entry (" TF_AUDIT_COLUMNS ") VALUES "
                      "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                      &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, row->id);
        tf_bind_int(statement, 2, row->at);
        tf_bind_int(statement, 3, row->account_id);
        tf_bind_int(statement, 4, row->organisation_id);
        tf_bind_text(statement, 5, row->actor);
        tf_bind_text(statement, 6, row->action);
        tf_bind_text(statement, 7, row->category);
        tf_bind_int(statement, 8, row->object_id);
        tf_bind_int(statement, 9, row->person_id);
        tf_bind_text(statement, 10, row->purpose);
        tf_bind_int(statement, 11, row->agreement_id);
        tf_bind_text(statement, 12, row->recipients);
        tf_bind_text(statement, 13, row->outcome);
        tf_bind_text(statement, 14, row->detail);
        tf_bind_bytes(statement, 15, hash, TF_HASH_SIZE);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_audit_append(tf_db *db, const tf_site_key *key, const tf_actor *actor,
                          const tf_audit_note *note, tf_error *error) {
    chain_end end;
    tf_status status = read_end(db, &end, error);
    if (status) {
        return status;
    }
    int64_t now = tf_instant_now();
    tf_audit_row row = {
        .id = end.entry_id + 1,
        .at = now > end.at ? now : end.at,
        .account_id = actor->account_id,
        .organisation_id = actor->organisation_id,
        .actor = tf_text_of(actor->name ? actor->name : ""),
        .action = tf_text_of(note->action),
        .category = tf_text_of(note->category),
        .object_id = note->object_id,
        .person_id = note->person_id,
        .purpose = tf_text_of(note->purpose),
        .agreement_id = note->agreement_id,
        .recipients = tf_text_of(note->recipients),
        .outcome = tf_text_of(tf_outcome_names[note->outcome]),
        .detail = tf_text_of(note->detail),
    };
    if (end.entry_id && row.at / microseconds_a_day != end.at / microseconds_a_day) {
        status = sign_head(db, key, &end, error);
    }
    uint8_t hash[TF_HASH_SIZE];
    tf_buffer scratch;
    tf_buffer_init(&scratch);
    tf_audit_row_hash(&row, end.hash, &scratch, hash);
    if (!status) {
        status = tf_buffer_check(&scratch, error);
    }
    tf_buffer_deinit(&scratch);
    if (!status) {
        status = insert(db, &row, hash, error);
    }
    return status ? status : write_end(db, key, row.id, hash, error);
}
