#include "response.h"

#include "receipt_code_internal.h"
#include "response_internal.h"

#include "access/organisation.h"
#include "access/setting.h"
#include "trefoil/base/date.h"

#include <stdio.h>

enum { MOST_URGENT = 1, LEAST_URGENT = 4, SECONDS_AN_HOUR = 3600 };

/* ---- whether it can be taken ---- */

static tf_status check_dates(const tf_form_definition *form, int64_t now, tf_not_taken *why,
                             tf_error *error) {
    int64_t today = now / TF_MICROSECONDS_A_DAY;
    if (today < form->opens_on) {
        *why = TF_NOT_TAKEN_EARLY;
        return tf_fail(error, TF_REFUSED, NULL, 0, "this form is not open yet; come back later");
    }
    if (today > form->closes_on) {
        *why = TF_NOT_TAKEN_CLOSED;
        return tf_fail(
            error, TF_REFUSED, NULL, 0,
            "this form has closed, so nothing was stored; call 101 instead, or 999 in an "
            "emergency");
    }
    return TF_OK;
}

/* How many of the hour's submissions are left to these answers: a quarter of the limit is kept for
 * the most urgent, so that many others do not keep a child in danger out. */
static int64_t most_of_kind(const tf_answers *answers, int64_t most) {
    const tf_form_definition *form = answers->form;
    const tf_form_urgency *urgency = tf_answers_urgency(answers);
    bool keeps = false;
    for (size_t i = 0; i < form->urgency_count; i++) {
        keeps |= form->urgencies[i].level == MOST_URGENT;
    }
    bool is_urgent = urgency && urgency->level == MOST_URGENT;
    return keeps && !is_urgent ? most - most / 4 : most;
}

static tf_status check_flood(tf_db *db, const tf_answers *answers, tf_not_taken *why,
                             tf_error *error) {
    const tf_form_definition *form = answers->form;
    char name[128];
    snprintf(name, sizeof name, "form:%s", form->name);
    int64_t count = 0;
    int64_t most = 0;
    tf_status status = tf_recent_count(db, name, SECONDS_AN_HOUR, false, &count, error);
    if (!status) {
        status = tf_setting_most_per_hour(db, form, &most, error);
    }
    if (!status && most > 0 && count >= most_of_kind(answers, most)) {
        *why = TF_NOT_TAKEN_MANY;
        status =
            tf_fail(error, TF_REFUSED, NULL, 0,
                    "too many reports have come within the last hour, so yours was not stored; "
                    "send it again in an hour, or call 101, or 999 in an emergency");
    }
    return status;
}

static tf_status check_once(tf_db *db, const uint8_t once[TF_HASH_SIZE], tf_not_taken *why,
                            tf_error *error) {
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db, "SELECT 1 FROM response WHERE once = ?1", &statement, error);
    if (status) {
        return status;
    }
    bool has_row = false;
    tf_bind_bytes(statement, 1, once, TF_HASH_SIZE);
    status = tf_statement_step(statement, &has_row, error);
    tf_statement_free(statement);
    if (!status && has_row) {
        *why = TF_NOT_TAKEN_AGAIN;
        status = tf_fail(error, TF_BUSY, NULL, 0,
                         "these answers have been sent already and are stored once; start again to "
                         "send something else");
    }
    return status;
}

/* ---- whom it belongs to ---- */

/* The organisation that the settings say, or the lead; 0 where there is none. */
static tf_status find_owner(tf_access *access, const tf_form_definition *form, int64_t *id_out,
                            tf_error *error) {
    tf_status status = tf_setting_owner(tf_access_db(access), form, id_out, error);
    return status || *id_out ? status : tf_organisation_lead(access, id_out, error);
}

static tf_status refuse(tf_error *error) {
    return tf_fail(error, TF_REFUSED, NULL, 0,
                   "this form is for people whose role takes in such information; sign in with an "
                   "account that does");
}

/* Who will be able to open it: nobody where it would be nobody's. */
static tf_status find_readers(tf_access *access, const tf_form_definition *form, int64_t owner,
                              tf_arena *arena, tf_reader **readers_out, size_t *count_out,
                              tf_error *error) {
    tf_object object = {.category = form->category, .organisation_id = owner};
    *readers_out = NULL;
    *count_out = 0;
    return owner ? tf_sealed_may_read(access, &object, NULL, 0, arena, readers_out, count_out, NULL,
                                      error)
                 : TF_OK;
}

tf_status tf_response_count_readers(tf_access *access, const tf_form_definition *form,
                                    int64_t *count_out, tf_error *error) {
    tf_arena *arena = tf_arena_new();
    int64_t owner = 0;
    tf_reader *readers = NULL;
    size_t count = 0;
    tf_status status = arena ? find_owner(access, form, &owner, error) : tf_fail_no_memory(error);
    if (!status) {
        status = find_readers(access, form, owner, arena, &readers, &count, error);
    }
    *count_out = (int64_t)count;
    tf_arena_free(arena);
    return status;
}

static tf_status refuse_unread(tf_not_taken *why, tf_error *error) {
    *why = TF_NOT_TAKEN_UNREAD;
    return tf_fail(error, TF_REFUSED, NULL, 0,
                   "nobody here can open reports at the moment, so nothing was stored; call 101 "
                   "instead, or 999 in an emergency");
}

static tf_status admit_account(tf_access *access, const tf_actor *actor,
                               const tf_form_definition *form, tf_error *error) {
    tf_object object = {.category = form->category};
    /* What everybody may collect by a public form is not for everybody by this one. */
    if (actor->account_id == 0) {
        return refuse(error);
    }
    tf_status status = find_owner(access, form, &object.organisation_id, error);
    if (status) {
        return status;
    }
    tf_decision decision = tf_access_ask(access, actor, TF_ACTION_COLLECT, &object, NULL);
    return decision.is_allowed ? TF_OK : refuse(error);
}

tf_status tf_response_admit(tf_access *access, const tf_actor *actor,
                            const tf_form_definition *form, tf_not_taken *why_out,
                            tf_error *error) {
    tf_not_taken why = TF_NOT_TAKEN_FAULT;
    int64_t count = 0;
    tf_status status = form->is_public ? TF_OK : admit_account(access, actor, form, error);
    if (!status) {
        status = tf_response_count_readers(access, form, &count, error);
    }
    if (!status && count == 0) {
        status = refuse_unread(&why, error);
    }
    if (why_out) {
        *why_out = why;
    }
    return status;
}

/* ---- storing ---- */

typedef struct submission {
    tf_access *access;
    const tf_actor *actor;
    const tf_answers *answers;
    tf_not_taken why;
    bool has_once;
    uint8_t once[TF_HASH_SIZE];
    tf_receipt_keys receipt;
    int64_t now;
    int64_t id;
    int64_t owner;
    uint8_t key[TF_KEY_SIZE];
    uint8_t letters_key[TF_KEY_SIZE];
} submission;

static tf_status next_id(tf_db *db, int64_t *id_out, tf_error *error) {
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db, "SELECT coalesce(max(id), 0) + 1 FROM response", &statement, error);
    if (!status) {
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        *id_out = tf_column_at_int(statement, 0);
        tf_statement_free(statement);
    }
    return status;
}

static void bind_row(tf_statement *statement, const submission *sent, tf_text locked) {
    const tf_form_definition *form = sent->answers->form;
    const tf_access_rules *rules = tf_access_get_rules(sent->access);
    const tf_form_urgency *urgency = tf_answers_urgency(sent->answers);
    tf_bind_int(statement, 1, sent->id);
    tf_bind_text(statement, 2, tf_text_of(form->name));
    tf_bind_int(statement, 3, form->version);
    tf_bind_text(statement, 4, tf_text_of(rules->categories[form->category].name));
    tf_bind_int(statement, 5, sent->owner);
    tf_bind_int(statement, 6, sent->now);
    tf_bind_int(statement, 7, urgency ? urgency->level : LEAST_URGENT);
    if (urgency && urgency->within_hours > 0) {
        tf_bind_int(statement, 8, sent->now + urgency->within_hours * TF_MICROSECONDS_AN_HOUR);
    }
    tf_bind_int(statement, 9, form->retention_days);
    if (form->has_receipt) {
        tf_bind_bytes(statement, 10, sent->receipt.handle, TF_HASH_SIZE);
        tf_bind_bytes(statement, 11, sent->receipt.public_key, TF_KEY_SIZE);
    }
    tf_bind_bytes(statement, 12, sent->letters_key, TF_KEY_SIZE);
    tf_bind_bytes(statement, 13, sent->has_once ? sent->once : NULL, TF_HASH_SIZE);
    tf_bind_bytes(statement, 14, locked.data, locked.length);
    tf_bind_text(statement, 15, tf_text_of(urgency ? urgency->title : ""));
}

static tf_status insert_row(submission *sent, tf_error *error) {
    tf_db *db = tf_access_db(sent->access);
    tf_buffer json;
    tf_buffer locked;
    tf_buffer_init(&json);
    tf_buffer_init(&locked);
    tf_statement *statement = NULL;
    tf_answers_write(sent->answers, &json);
    tf_status status = tf_buffer_check(&json, error);
    if (!status) {
        tf_sealed_lock((tf_sealed){TF_SEALED_RESPONSE, sent->id}, "answers", sent->key,
                       (tf_text){json.data, json.length}, &locked);
        status = tf_buffer_check(&locked, error);
    }
    if (!status) {
        status = tf_db_prepare(
            db,
            "INSERT INTO response (id, form, version, category, organisation_id, received_at, "
            "urgency, due_at, retention_days, state, receipt, sender_key, letters_key, once, "
            "content, urgency_title) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'new', ?10, "
            "?11, ?12, ?13, ?14, ?15)",
            &statement, error);
    }
    if (!status) {
        bind_row(statement, sent, (tf_text){locked.data, locked.length});
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    if (json.data) {
        tf_secret_forget(json.data, json.length);
    }
    tf_buffer_deinit(&json);
    tf_buffer_deinit(&locked);
    return status;
}

/* The answers that the form marks as counted, in the clear. */
static tf_status insert_counted(const submission *sent, tf_error *error) {
    const tf_form_definition *form = sent->answers->form;
    tf_statement *statement;
    tf_status status = tf_db_prepare(tf_access_db(sent->access),
                                     "INSERT OR IGNORE INTO response_counted (response_id, "
                                     "question, value) VALUES (?1, ?2, ?3)",
                                     &statement, error);
    if (status) {
        return status;
    }
    for (size_t q = 0; !status && q < form->question_count; q++) {
        if (!form->questions[q].is_counted || !tf_answers_ask(sent->answers, q)) {
            continue;
        }
        const tf_answer_texts *answer = &sent->answers->values[q];
        for (size_t i = 0; !status && i < answer->count; i++) {
            tf_bind_int(statement, 1, sent->id);
            tf_bind_text(statement, 2, tf_text_of(form->questions[q].name));
            tf_bind_text(statement, 3, answer->texts[i]);
            status = tf_statement_run(statement, error);
        }
    }
    tf_statement_free(statement);
    return status;
}

/* What is sent by an account goes through the decision; the public is asked for nothing. */
static tf_status enter(const submission *sent, tf_error *error) {
    const tf_form_definition *form = sent->answers->form;
    tf_object object = {.category = form->category, .id = sent->id, .organisation_id = sent->owner};
    bool is_stranger = !form->is_public && sent->actor->account_id == 0;
    if (!form->is_public && !is_stranger) {
        return tf_access_enter(sent->access, sent->actor, TF_ACTION_COLLECT, &object, NULL, NULL,
                               NULL, error);
    }
    tf_audit_note note = {
        .action = tf_action_name(TF_ACTION_COLLECT),
        .category = tf_access_get_rules(sent->access)->categories[form->category].name,
        .object_id = sent->id,
        .outcome = is_stranger ? TF_OUTCOME_REFUSED : TF_OUTCOME_DONE,
        .detail = form->name,
    };
    tf_status status = tf_access_note(sent->access, sent->actor, &note, error);
    return !status && is_stranger ? refuse(error) : status;
}

static tf_status store(submission *sent, const tf_reader *readers, size_t reader_count,
                       tf_error *error) {
    tf_db *db = tf_access_db(sent->access);
    char name[128];
    snprintf(name, sizeof name, "form:%s", sent->answers->form->name);
    int64_t before;
    tf_status status = next_id(db, &sent->id, error);
    if (!status) {
        status = enter(sent, error);
    }
    if (!status) {
        status = insert_row(sent, error);
    }
    if (!status) {
        status = insert_counted(sent, error);
    }
    for (size_t i = 0; !status && i < reader_count; i++) {
        status = tf_sealed_give(db, (tf_sealed){TF_SEALED_RESPONSE, sent->id}, sent->key,
                                &readers[i], error);
    }
    if (!status) {
        status = tf_recent_count(db, name, SECONDS_AN_HOUR, true, &before, error);
    }
    return status;
}

static tf_status submit(submission *sent, tf_error *error) {
    tf_db *db = tf_access_db(sent->access);
    const tf_form_definition *form = sent->answers->form;
    tf_arena *arena = tf_arena_new();
    tf_reader *readers = NULL;
    size_t reader_count = 0;
    tf_status status =
        arena ? check_dates(form, sent->now, &sent->why, error) : tf_fail_no_memory(error);
    if (!status && sent->has_once) {
        status = check_once(db, sent->once, &sent->why, error);
    }
    if (!status) {
        status = check_flood(db, sent->answers, &sent->why, error);
    }
    if (!status) {
        status = find_owner(sent->access, form, &sent->owner, error);
    }
    if (!status) {
        status =
            find_readers(sent->access, form, sent->owner, arena, &readers, &reader_count, error);
    }
    if (!status && reader_count == 0) {
        status = refuse_unread(&sent->why, error);
    }
    if (!status) {
        status = store(sent, readers, reader_count, error);
    }
    tf_arena_free(arena);
    return status;
}

tf_status tf_response_submit(tf_access *access, const tf_actor *actor, const tf_answers *answers,
                             tf_text once, char receipt_out[TF_RECEIPT_SIZE], tf_not_taken *why_out,
                             tf_error *error) {
    receipt_out[0] = '\0';
    char code[TF_RECEIPT_SIZE];
    submission sent = {
        .access = access,
        .actor = actor,
        .answers = answers,
        .has_once = once.data != NULL,
        .now = tf_instant_now(),
    };
    uint8_t letters_secret[TF_KEY_SIZE];
    tf_sealed_new_key(sent.key);
    tf_sealed_letters(sent.key, sent.letters_key, letters_secret);
    tf_receipt_new(code);
    (void)tf_receipt_keys_of(tf_access_key(access), tf_text_of(code), &sent.receipt);
    if (sent.has_once) {
        tf_secret_hash(NULL, once.data, once.length, sent.once);
    }
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_access_end(access, submit(&sent, error), error);
    }
    if (!status && answers->form->has_receipt) {
        memcpy(receipt_out, code, sizeof code);
    }
    if (why_out) {
        *why_out = sent.why;
    }
    tf_secret_forget(letters_secret, sizeof letters_secret);
    tf_secret_forget(code, sizeof code);
    tf_secret_forget(&sent, sizeof sent);
    return status;
}
