#include "audit_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/log.h"

const char *const tf_outcome_names[TF_OUTCOME_COUNT] = {
    [TF_OUTCOME_DONE] = "done",
    [TF_OUTCOME_REFUSED] = "refused",
    [TF_OUTCOME_EMERGENCY] = "emergency",
};

const uint8_t tf_audit_origin[TF_HASH_SIZE] = {0};

/* ---- bytes ---- */

static void write_number(uint8_t bytes[8], int64_t number) {
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)((uint64_t)number >> (8 * i));
    }
}

static void append_number(tf_buffer *bytes, int64_t number) {
    uint8_t digits[8];
    write_number(digits, number);
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

bool tf_audit_take_bytes(tf_statement *statement, int column, uint8_t *bytes_out, size_t length) {
    if (tf_column_at_type(statement, column) != TF_COLUMN_BYTES) {
        return false;
    }
    size_t actual = 0;
    const void *bytes = tf_column_at_bytes(statement, column, &actual);
    if (!bytes || actual != length) {
        return false;
    }
    memcpy(bytes_out, bytes, length);
    return true;
}

void tf_audit_end_mac(const tf_site_key *key, int64_t entry_id, const uint8_t hash[TF_HASH_SIZE],
                      uint8_t mac_out[TF_HASH_SIZE]) {
    uint8_t message[8 + TF_HASH_SIZE];
    write_number(message, entry_id);
    memcpy(message + 8, hash, TF_HASH_SIZE);
    tf_secret_hash(key->audit_key, message, sizeof message, mac_out);
}

/* ---- the end of the chain ---- */

/* Not TF_BAD_INPUT: whoever is at work when it is found is not to blame. */
static tf_status fail_end(tf_db *db, tf_error *error) {
    return tf_fail(error, TF_IO, tf_db_path(db), 0,
                   "the end of the audit chain is not the one that Trefoil left, so nothing is "
                   "added to it; run 'trefoil audit verify' and restore the database from a "
                   "backup, together with its key");
}

/* The last entry, as the table has it. */
static tf_status read_last(tf_db *db, tf_audit_end *end_out, bool *is_whole_out, tf_error *error) {
    *end_out = (tf_audit_end){0};
    *is_whole_out = true;
    memcpy(end_out->hash, tf_audit_origin, TF_HASH_SIZE);
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        db, "SELECT id, at, hash FROM audit_entry ORDER BY id DESC LIMIT 1", &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        end_out->entry_id = tf_column_at_int(statement, 0);
        end_out->at = tf_column_at_int(statement, 1);
        *is_whole_out = tf_audit_take_bytes(statement, 2, end_out->hash, TF_HASH_SIZE);
    }
    tf_statement_free(statement);
    return status;
}

/* Whether the row that ends the chain names `end` and was written with our key; of a chain without
 * entries there is no such row. */
static tf_status is_end(tf_db *db, const tf_site_key *key, const tf_audit_end *end, bool *is_out,
                        tf_error *error) {
    *is_out = false;
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db, "SELECT entry_id, hash, mac FROM audit_end", &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        uint8_t hash[TF_HASH_SIZE], mac[TF_HASH_SIZE], right_mac[TF_HASH_SIZE];
        tf_audit_end_mac(key, end->entry_id, end->hash, right_mac);
        *is_out = tf_column_at_int(statement, 0) == end->entry_id &&
                  tf_audit_take_bytes(statement, 1, hash, sizeof hash) &&
                  tf_audit_take_bytes(statement, 2, mac, sizeof mac) &&
                  memcmp(hash, end->hash, sizeof hash) == 0 &&
                  tf_secret_equal(mac, right_mac, sizeof mac);
    } else if (!status) {
        *is_out = end->entry_id == 0;
    }
    tf_statement_free(statement);
    return status;
}

/* Whether the entry of that number is there and has that hash. */
static tf_status has_place(tf_db *db, const tf_audit_place *place, bool *has_out, tf_error *error) {
    *has_out = false;
    uint8_t hash[TF_HASH_SIZE];
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db, "SELECT hash FROM audit_entry WHERE id = ?1", &statement, error);
    bool has_row = false;
    if (!status) {
        tf_bind_int(statement, 1, place->entry_id);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        *has_out = tf_audit_take_bytes(statement, 0, hash, sizeof hash) &&
                   memcmp(hash, place->hash, sizeof hash) == 0;
    }
    tf_statement_free(statement);
    return status;
}

/* The record of the end may be an earlier one, put back; the mark cannot. */
static tf_status check_mark(tf_db *db, const tf_audit_mark *mark, const tf_audit_end *end,
                            tf_error *error) {
    const tf_audit_place *place = tf_audit_mark_proved(mark);
    bool is_there = place->entry_id == 0;
    tf_status status = TF_OK;
    if (place->entry_id == end->entry_id) {
        is_there = memcmp(place->hash, end->hash, TF_HASH_SIZE) == 0;
    } else if (place->entry_id && place->entry_id < end->entry_id) {
        status = has_place(db, place, &is_there, error);
    }
    if (status || is_there) {
        return status;
    }
    return tf_fail(error, TF_IO, tf_db_path(db), 0,
                   "the audit ends with entry %lld, but had come to entry %lld, which is not "
                   "there or is another: entries were removed, or an older copy of the database "
                   "was put in its place, so nothing is added; run 'trefoil audit verify' and "
                   "restore the last backup, or, if you put that copy there yourself, take the "
                   "file %s.mark away",
                   (long long)end->entry_id, (long long)place->entry_id, tf_db_path(db));
}

tf_status tf_audit_read_end(tf_db *db, const tf_site_key *key, const tf_audit_mark *mark,
                            tf_audit_end *end_out, tf_error *error) {
    bool is_whole = false, is_ours = false;
    tf_status status = read_last(db, end_out, &is_whole, error);
    if (!status && is_whole) {
        status = is_end(db, key, end_out, &is_ours, error);
    }
    if (!status && !is_ours) {
        return fail_end(db, error);
    }
    return status ? status : check_mark(db, mark, end_out, error);
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
static tf_status keep_head(tf_db *db, const tf_site_key *key, const tf_audit_end *end,
                           tf_error *error) {
    tf_audit_head head;
    tf_audit_head_sign(key, end, &head);
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "INSERT OR REPLACE INTO audit_head (day, entry_id, hash, "
                                     "public_key, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, head.day);
        tf_bind_int(statement, 2, head.entry_id);
        tf_bind_bytes(statement, 3, head.hash, TF_HASH_SIZE);
        tf_bind_bytes(statement, 4, head.public_key, TF_KEY_SIZE);
        tf_bind_bytes(statement, 5, head.signature, TF_SIGNATURE_SIZE);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* ---- the mark ---- */

typedef struct committed_end {
    tf_audit_place place;
    uint8_t mark_key[TF_KEY_SIZE];
} committed_end;

static void move_mark(tf_db *db, const void *facts, bool is_durable) {
    const committed_end *end = facts;
    tf_error error;
    if (tf_audit_mark_move(tf_db_path(db), end->mark_key, &end->place, is_durable, &error)) {
        tf_log(TF_LOG_WARNING, "the audit is written, but its mark lags behind: %s: %s",
               error.place, error.message);
    }
}

/* What is rolled back was never there, so the mark waits for the commit. */
static void move_mark_after_commit(tf_db *db, const tf_site_key *key, int64_t entry_id,
                                   const uint8_t hash[TF_HASH_SIZE]) {
    committed_end end = {.place.entry_id = entry_id};
    memcpy(end.mark_key, key->mark_key, TF_KEY_SIZE);
    memcpy(end.place.hash, hash, TF_HASH_SIZE);
    tf_db_after_commit(db, move_mark, &end, sizeof end);
    tf_secret_forget(&end, sizeof end);
}

/* Entries that had not come to the disk when the machine stopped are nobody's doing, but are gone.
 */
static void tell_of_loss(const tf_db *db, const tf_audit_mark *mark, const tf_audit_end *end) {
    if (mark->last.entry_id > end->entry_id) {
        tf_log(TF_LOG_WARNING,
               "%s: entries %lld to %lld of the audit are gone since the machine was started anew, "
               "as they had not come to the disk when it stopped",
               tf_db_path(db), (long long)end->entry_id + 1, (long long)mark->last.entry_id);
    }
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
    return tf_audit_append_at(db, key, actor, note, tf_instant_now(), error);
}

tf_status tf_audit_append_at(tf_db *db, const tf_site_key *key, const tf_actor *actor,
                             const tf_audit_note *note, int64_t now, tf_error *error) {
    tf_audit_end end;
    tf_audit_mark mark;
    tf_status status = tf_audit_mark_begin(tf_db_path(db), key->mark_key, &mark, error);
    if (!status) {
        status = tf_audit_read_end(db, key, &mark, &end, error);
    }
    if (status) {
        return status;
    }
    tell_of_loss(db, &mark, &end);
    tf_audit_row row = {
        .id = end.entry_id + 1,
        .at = now > end.at ? now : end.at,
        .account_id = actor->account_id,
        .organisation_id = actor->organisation_id,
        .actor = tf_text_of(actor->name ? actor->name : ""),
        .action = tf_text_of(note->action),
        .category = tf_text_of(note->category ? note->category : ""),
        .object_id = note->object_id,
        .person_id = note->person_id,
        .purpose = tf_text_of(note->purpose),
        .agreement_id = note->agreement_id,
        .recipients = tf_text_of(note->recipients),
        .outcome = tf_text_of(tf_outcome_names[note->outcome]),
        .detail = tf_text_of(note->detail),
    };
    if (end.entry_id && tf_audit_day_of(row.at) != tf_audit_day_of(end.at)) {
        status = keep_head(db, key, &end, error);
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
    if (!status) {
        status = write_end(db, key, row.id, hash, error);
    }
    if (!status) {
        move_mark_after_commit(db, key, row.id, hash);
    }
    return status;
}
