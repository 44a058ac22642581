#include "receipt.h"

#include "pack/triage_words.h"
#include "receipt_code_internal.h"
#include "response_internal.h"

static const char wrong_receipts[] = "wrong-receipt";

/* ---- the code ---- */

/* Within the open transaction.  A wrong code is counted, and that count is kept by whoever ends the
 * transaction. */
static tf_status find(tf_access *access, tf_text code, tf_arena *arena, tf_receipt_keys *keys_out,
                      tf_response_row *row_out, tf_error *error) {
    /* A text that can be no code is looked up all the same, so that it takes as long. */
    if (!tf_receipt_keys_of(tf_access_key(access), code, keys_out)) {
        tf_secret_random(keys_out->handle, sizeof keys_out->handle);
    }
    tf_status status = tf_response_row_get(access, 0, keys_out->handle, arena, row_out, error);
    if (status != TF_NOT_FOUND) {
        return status;
    }
    int64_t before = 0;
    tf_status counted =
        tf_recent_count(tf_access_db(access), wrong_receipts, 60, true, &before, NULL);
    if (!counted && before >= TF_WRONG_RECEIPTS_A_MINUTE) {
        return tf_fail(
            error, TF_BUSY, NULL, 0,
            "there is no report with this code, and too many wrong codes have been tried "
            "within the last minute; check yours and try again in a minute");
    }
    return status;
}

/* A wrong code leaves nothing but its count. */
static tf_status end(tf_access *access, tf_status status, tf_error *error) {
    if (status == TF_NOT_FOUND || status == TF_BUSY) {
        tf_status committed = tf_db_is_in_transaction(tf_access_db(access))
                                  ? tf_access_end(access, TF_OK, NULL)
                                  : TF_OK;
        (void)committed; /* that it could not be counted changes nothing of the answer */
        return status;
    }
    return tf_access_end(access, status, error);
}

static tf_status note(tf_access *access, const tf_response_row *row, tf_action action,
                      const char *detail, tf_error *error) {
    tf_actor sender = tf_actor_public();
    tf_audit_note entry = {
        .action = tf_action_name(action),
        .category = tf_access_get_rules(access)->categories[row->category].name,
        .object_id = row->id,
        .outcome = TF_OUTCOME_DONE,
        .detail = detail,
    };
    return tf_access_note(access, &sender, &entry, error);
}

/* ---- looking ---- */

static tf_status take_letter(tf_statement *statement, const tf_receipt_keys *keys, tf_arena *arena,
                             tf_letter *letter_out, tf_error *error) {
    size_t length = 0;
    const void *sealed = tf_column_at_bytes(statement, 3, &length);
    tf_text kind = tf_column_at_text(statement, 1);
    letter_out->at = tf_column_at_int(statement, 0);
    letter_out->is_from_sender =
        tf_text_equal(kind, tf_text_of(tf_entry_kind_names[TF_ENTRY_FROM_SENDER]));
    letter_out->is_new = !letter_out->is_from_sender && tf_column_at_int(statement, 2) == 0;
    tf_buffer plain;
    tf_buffer_init(&plain);
    tf_status status = TF_OK;
    letter_out->is_lost = !sealed || !tf_secret_open(keys->public_key, keys->secret_key,
                                                     (tf_text){sealed, length}, &plain);
    status = tf_buffer_check(&plain, error);
    if (!status && letter_out->is_lost) {
        letter_out->text = (tf_text){"", 0};
    } else if (!status) {
        letter_out->text =
            (tf_text){tf_arena_copy_text(arena, plain.data, plain.length), plain.length};
        status = letter_out->text.data ? TF_OK : tf_fail_no_memory(error);
    }
    if (plain.data) {
        tf_secret_forget(plain.data, plain.length);
    }
    tf_buffer_deinit(&plain);
    return status;
}

static tf_status read_letters(tf_db *db, const tf_response_row *row, const tf_receipt_keys *keys,
                              tf_arena *arena, tf_receipt *receipt, tf_error *error) {
    tf_letter *letters = NULL;
    size_t capacity = 0;
    size_t count = 0;
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "SELECT at, kind, is_read, for_sender FROM response_entry "
                                     "WHERE response_id = ?1 AND for_sender IS NOT NULL "
                                     "ORDER BY id",
                                     &statement, error);
    if (status) {
        return status;
    }
    tf_bind_int(statement, 1, row->id);
    bool has_row = false;
    while (!status && !(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        status = tf_reserve(&letters, &capacity, count + 1, sizeof *letters, error);
        if (!status) {
            status = take_letter(statement, keys, arena, &letters[count], error);
            count++;
        }
    }
    tf_statement_free(statement);
    if (!status && count) {
        receipt->letters = tf_arena_alloc(arena, count, sizeof *letters);
        if (receipt->letters) {
            memcpy(receipt->letters, letters, count * sizeof *letters);
            receipt->letter_count = count;
        } else {
            status = tf_fail_no_memory(error);
        }
    }
    tf_free(letters);
    return status;
}

static tf_status mark_read(tf_db *db, int64_t response_id, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "UPDATE response_entry SET is_read = 1 WHERE response_id = ?1 "
                                     "AND kind = 'to-sender' AND is_read = 0",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, response_id);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

static tf_receipt_state state_of(const tf_response_row *row) {
    if (row->erased_at) {
        return TF_RECEIPT_ERASED;
    }
    if (row->closed_at) {
        return TF_RECEIPT_CLOSED;
    }
    return row->first_seen_at || row->claimed_by ? TF_RECEIPT_SEEN : TF_RECEIPT_WAITING;
}

static tf_words told(const tf_access *access, const tf_response_row *row) {
    const tf_word *word = row->closed_at && row->outcome
                              ? tf_word_find(&tf_pack_triage_words(tf_access_pack(access))->closing,
                                             tf_text_of(row->outcome))
                              : NULL;
    return word ? word->told : (tf_words){{NULL}};
}

tf_status tf_receipt_look(tf_access *access, tf_text code, tf_arena *arena, tf_receipt *receipt_out,
                          tf_error *error) {
    *receipt_out = (tf_receipt){0};
    tf_receipt_keys keys;
    tf_response_row row;
    tf_status status = tf_access_begin(access, error);
    if (status) {
        return status;
    }
    status = find(access, code, arena, &keys, &row, error);
    if (!status) {
        *receipt_out = (tf_receipt){.form = row.form,
                                    .received_at = row.received_at,
                                    .state = state_of(&row),
                                    .closed_at = row.closed_at,
                                    .erased_at = row.erased_at,
                                    .told = told(access, &row)};
        status = note(access, &row, TF_ACTION_CONSULT, "by the receipt code", error);
    }
    if (!status) {
        status = read_letters(tf_access_db(access), &row, &keys, arena, receipt_out, error);
    }
    if (!status) {
        status = mark_read(tf_access_db(access), row.id, error);
    }
    tf_secret_forget(&keys, sizeof keys);
    return end(access, status, error);
}

/* ---- writing ---- */

static tf_status check_count(tf_db *db, int64_t response_id, tf_letter_fault *fault,
                             tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "SELECT count(*) FROM response_entry WHERE response_id = ?1 "
                                     "AND kind = 'from-sender'",
                                     &statement, error);
    if (status) {
        return status;
    }
    bool has_row = false;
    tf_bind_int(statement, 1, response_id);
    status = tf_statement_step(statement, &has_row, error);
    if (!status && tf_column_at_int(statement, 0) >= TF_MOST_LETTERS) {
        *fault = TF_LETTER_TOO_MANY;
        status =
            tf_fail(error, TF_REFUSED, NULL, 0,
                    "you have sent %d messages about this report, which is the most; make a new "
                    "report, or call 101",
                    TF_MOST_LETTERS);
    }
    tf_statement_free(statement);
    return status;
}

/* Whether the sender's last message is this one: a form that was sent twice is stored once. */
static bool was_written_last(const tf_receipt *receipt, tf_text text) {
    for (size_t i = receipt->letter_count; i-- > 0;) {
        if (receipt->letters[i].is_from_sender) {
            return i + 1 == receipt->letter_count &&
                   tf_text_equal(receipt->letters[i].text, tf_text_trim(text));
        }
    }
    return false;
}

static tf_status write_letter(tf_access *access, const tf_response_row *row,
                              const tf_receipt_keys *keys, tf_text text, tf_arena *arena,
                              tf_letter_fault *fault, tf_error *error) {
    tf_receipt receipt = {0};
    if (row->closed_at) {
        *fault = TF_LETTER_CLOSED;
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "this report is closed, so nothing can be added to it; make a new report if "
                       "you have seen more");
    }
    tf_status status = read_letters(tf_access_db(access), row, keys, arena, &receipt, error);
    if (status || was_written_last(&receipt, text)) {
        return status;
    }
    status = check_count(tf_access_db(access), row->id, fault, error);
    if (!status) {
        *fault = tf_response_check_text(text);
        status =
            tf_response_add_entry(tf_access_db(access), row, TF_ENTRY_FROM_SENDER, 0, text, error);
    }
    return status ? status : note(access, row, TF_ACTION_COLLECT, "message from the sender", error);
}

tf_status tf_receipt_write(tf_access *access, tf_text code, tf_text text,
                           tf_letter_fault *fault_out, tf_error *error) {
    tf_letter_fault fault = TF_LETTER_SOUND;
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_receipt_keys keys;
    tf_response_row row;
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = find(access, code, arena, &keys, &row, error);
        if (!status) {
            status = write_letter(access, &row, &keys, text, arena, &fault, error);
        }
        tf_secret_forget(&keys, sizeof keys);
        status = end(access, status, error);
    }
    tf_arena_free(arena);
    if (fault_out) {
        *fault_out = fault;
    }
    return status;
}
