/* Drafting, changing, submitting and sharing. */
#include "intelligence.h"

#include "intelligence_internal.h"

#include "access/organisation.h"
#include "trefoil/base/date.h"
#include "trefoil/base/json.h"

#include <stdio.h>

/* ---- what is entered ---- */

static tf_status check_text(tf_text text, const char *what, tf_error *error) {
    if (!tf_text_is_utf8(text)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the %s has characters that cannot be read; enter it again", what);
    }
    if (tf_text_width(text) > TF_INTELLIGENCE_MOST_CHARACTERS) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the %s has more than %d characters", what,
                       TF_INTELLIGENCE_MOST_CHARACTERS);
    }
    return TF_OK;
}

static tf_status check_grades(tf_access *access, const tf_intelligence_form *form,
                              tf_error *error) {
    const tf_triage_words *words = tf_pack_triage_words(tf_access_pack(access));
    if (!tf_word_find(&words->sources, form->source)) {
        return tf_fail(error, TF_BAD_INPUT, "source", 0, "select how reliable the source is");
    }
    if (!tf_word_find(&words->information, form->information)) {
        return tf_fail(error, TF_BAD_INPUT, "information", 0, "select how good the information is");
    }
    if (!tf_word_find(&words->handling, form->handling)) {
        return tf_fail(error, TF_BAD_INPUT, "handling", 0, "select how it may be handled");
    }
    return TF_OK;
}

static tf_status check_form(tf_access *access, const tf_intelligence_form *form, tf_error *error) {
    tf_status status = check_grades(access, form, error);
    if (!status) {
        status = check_text(form->text, "text", error);
    }
    if (!status) {
        status = check_text(form->conditions, "conditions", error);
    }
    if (!status) {
        status = check_text(form->provenance, "provenance", error);
    }
    if (!status && tf_text_trim(form->text).length == 0) {
        status = tf_fail(error, TF_BAD_INPUT, "text", 0, "enter the text of the report");
    }
    if (!status && tf_text_equal(form->handling, tf_text_of("C")) &&
        tf_text_trim(form->conditions).length == 0) {
        status = tf_fail(error, TF_BAD_INPUT, "conditions", 0,
                         "enter the conditions under which it may be shared");
    }
    return status;
}

static tf_status lock_form(int64_t id, const uint8_t key[TF_KEY_SIZE],
                           const tf_intelligence_form *form, tf_buffer *locked_out,
                           tf_error *error) {
    tf_buffer text;
    tf_json json;
    tf_buffer_init(&text);
    tf_json_init(&json, &text, false);
    tf_json_open_object(&json);
    tf_json_key(&json, "text");
    tf_json_text(&json, form->text);
    tf_json_key(&json, "conditions");
    tf_json_text(&json, form->conditions);
    tf_json_key(&json, "provenance");
    tf_json_text(&json, form->provenance);
    tf_json_close_object(&json);
    tf_status status = tf_buffer_check(&text, error);
    if (!status) {
        tf_sealed_lock((tf_sealed){TF_SEALED_INTELLIGENCE, id}, "report", key,
                       (tf_text){text.data, text.length}, locked_out);
        status = tf_buffer_check(locked_out, error);
    }
    if (text.data) {
        tf_secret_forget(text.data, text.length);
    }
    tf_buffer_deinit(&text);
    return status;
}

/* ---- drafting ---- */

typedef struct draft {
    tf_access *access;
    const tf_actor *actor;
    tf_arena *arena;
    const tf_intelligence_form *form;
    int64_t response_id;
    int64_t corrects_id;
    int64_t version;
    int64_t id;
    uint8_t key[TF_KEY_SIZE];
} draft;

/* A response that it is made of must be one that the actor may consult. */
static tf_status check_response(draft *new, tf_error *error) {
    if (!new->response_id) {
        return TF_OK;
    }
    tf_response_row row;
    tf_status status =
        tf_response_row_get(new->access, new->response_id, NULL, new->arena, &row, error);
    if (!status) {
        tf_object object = tf_response_object(&row);
        tf_audit_note note = {.detail = "for an intelligence report"};
        status = tf_access_enter(new->access, new->actor, TF_ACTION_CONSULT, &object, NULL, &note,
                                 NULL, error);
    }
    return status;
}

static tf_status check_corrected(draft *new, tf_error *error) {
    new->version = 1;
    if (!new->corrects_id) {
        return TF_OK;
    }
    tf_intelligence_line line;
    tf_text locked;
    tf_status status =
        tf_intelligence_get(new->access, new->corrects_id, new->arena, &line, &locked, error);
    if (status) {
        return status;
    }
    if (!tf_access_is_own(new->access, new->actor, line.organisation_id)) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "report %lld is another organisation's; ask %s to correct it",
                       (long long)line.id, line.organisation);
    }
    if (!line.is_submitted) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "report %lld is a draft; change it instead of correcting it",
                       (long long)line.id);
    }
    tf_statement *statement;
    bool has_row = false;
    status = tf_db_prepare(tf_access_db(new->access),
                           "SELECT id FROM intelligence WHERE corrects_id = ?1", &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, new->corrects_id);
        status = tf_statement_step(statement, &has_row, error);
        if (!status && has_row) {
            status =
                tf_fail(error, TF_BAD_INPUT, NULL, 0,
                        "report %lld has a correction already, %lld; change or correct that one",
                        (long long)new->corrects_id, (long long)tf_column_at_int(statement, 0));
        }
        tf_statement_free(statement);
    }
    new->version = line.version + 1;
    return status;
}

static tf_status insert_draft(draft *new, tf_error *error) {
    tf_db *db = tf_access_db(new->access);
    const tf_intelligence_form *form = new->form;
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        db,
        "INSERT INTO intelligence (organisation_id, response_id, corrects_id, version, state, "
        "author_id, created_at, source, information, handling, content, id) "
        "VALUES (?1, ?2, ?3, ?4, 'draft', ?5, ?6, ?7, ?8, ?9, x'', ?10)",
        &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, new->actor->organisation_id);
        if (new->response_id) {
            tf_bind_int(statement, 2, new->response_id);
        }
        if (new->corrects_id) {
            tf_bind_int(statement, 3, new->corrects_id);
        }
        tf_bind_int(statement, 4, new->version);
        tf_bind_int(statement, 5, new->actor->account_id);
        tf_bind_int(statement, 6, tf_instant_now());
        tf_bind_text(statement, 7, form->source);
        tf_bind_text(statement, 8, form->information);
        tf_bind_text(statement, 9, form->handling);
        tf_bind_int(statement, 10, new->id);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

static tf_status write_content(tf_db *db, int64_t id, const uint8_t key[TF_KEY_SIZE],
                               const tf_intelligence_form *form, tf_error *error) {
    tf_buffer locked;
    tf_buffer_init(&locked);
    tf_statement *statement = NULL;
    tf_status status = lock_form(id, key, form, &locked, error);
    if (!status) {
        status = tf_db_prepare(db,
                               "UPDATE intelligence SET content = ?2, source = ?3, "
                               "information = ?4, handling = ?5 WHERE id = ?1",
                               &statement, error);
    }
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_bytes(statement, 2, locked.data, locked.length);
        tf_bind_text(statement, 3, form->source);
        tf_bind_text(statement, 4, form->information);
        tf_bind_text(statement, 5, form->handling);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&locked);
    return status;
}

static tf_status give_to_all(tf_access *access, const tf_object *object, const tf_intent *intent,
                             int64_t organisation_id, const uint8_t key[TF_KEY_SIZE],
                             tf_arena *arena, size_t *count_out, tf_error *error) {
    tf_reader *readers = NULL;
    *count_out = 0;
    tf_status status = tf_sealed_may_read(access, object, intent, organisation_id, arena, &readers,
                                          count_out, NULL, error);
    for (size_t i = 0; !status && i < *count_out; i++) {
        status =
            tf_sealed_give(tf_access_db(access), (tf_sealed){TF_SEALED_INTELLIGENCE, object->id},
                           key, &readers[i], error);
    }
    return status;
}

static tf_status next_id(tf_db *db, int64_t *id_out, tf_error *error) {
    tf_statement *statement;
    bool has_row = false;
    tf_status status =
        tf_db_prepare(db, "SELECT coalesce(max(id), 0) + 1 FROM intelligence", &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
        *id_out = tf_column_at_int(statement, 0);
        tf_statement_free(statement);
    }
    return status;
}

static tf_status add_draft(draft *new, tf_error *error) {
    tf_db *db = tf_access_db(new->access);
    size_t reader_count = 0;
    tf_status status = check_response(new, error);
    if (!status) {
        status = check_corrected(new, error);
    }
    if (!status) {
        status = next_id(db, &new->id, error);
    }
    tf_object object = {.category = tf_access_category_of(new->access, TF_INTELLIGENCE),
                        .id = new->id,
                        .organisation_id = new->actor->organisation_id};
    if (!status) {
        status = tf_access_enter(new->access, new->actor, TF_ACTION_COLLECT, &object, NULL, NULL,
                                 NULL, error);
    }
    if (!status) {
        status = insert_draft(new, error);
    }
    if (!status) {
        status = write_content(db, new->id, new->key, new->form, error);
    }
    if (!status) {
        status = give_to_all(new->access, &object, NULL, new->actor->organisation_id, new->key,
                             new->arena, &reader_count, error);
    }
    if (!status && reader_count == 0) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "nobody of your organisation could open the report; ask an administrator "
                         "for an account that may consult intelligence");
    }
    return status;
}

tf_status tf_intelligence_draft(tf_access *access, const tf_actor *actor, int64_t response_id,
                                int64_t corrects_id, const tf_intelligence_form *form,
                                int64_t *id_out, tf_error *error) {
    *id_out = 0;
    tf_status status = check_form(access, form, error);
    if (status) {
        return status;
    }
    draft new = {.access = access,
                 .actor = actor,
                 .arena = tf_arena_new(),
                 .form = form,
                 .response_id = response_id,
                 .corrects_id = corrects_id};
    if (!new.arena) {
        return tf_fail_no_memory(error);
    }
    tf_sealed_new_key(new.key);
    status = tf_access_begin_durable(access, error);
    if (!status) {
        status = tf_access_end(access, add_draft(&new, error), error);
    }
    if (!status) {
        *id_out = new.id;
    }
    tf_secret_forget(new.key, sizeof new.key);
    tf_arena_free(new.arena);
    return status;
}

/* ---- a draft that is there ---- */

/* One piece of work on one report, within its transaction. */
typedef struct task {
    tf_access *access;
    const tf_actor *actor;
    tf_arena *arena;
    int64_t id;
    const tf_intelligence_form *form;
    const tf_intent *intent;
    int64_t organisation_id;
    tf_intelligence_line line;
} task;

static tf_status run(task *work, tf_status (*todo)(task *work, tf_error *error), tf_error *error) {
    work->arena = tf_arena_new();
    if (!work->arena) {
        return tf_fail_no_memory(error);
    }
    tf_text locked;
    tf_status status = tf_access_begin_durable(work->access, error);
    if (!status) {
        status =
            tf_intelligence_get(work->access, work->id, work->arena, &work->line, &locked, error);
        if (!status) {
            status = todo(work, error);
        }
        status = tf_access_end(work->access, status, error);
    }
    tf_arena_free(work->arena);
    return status;
}

static tf_status enter_draft(const task *work, const char *detail, tf_error *error) {
    tf_object object = tf_intelligence_object(work->access, &work->line);
    tf_audit_note note = {.detail = detail};
    tf_status status = tf_access_enter(work->access, work->actor, TF_ACTION_ALTER, &object, NULL,
                                       &note, NULL, error);
    if (!status && work->line.is_submitted) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "report %lld was submitted and stays as it is; make a correction of it",
                         (long long)work->id);
    }
    return status;
}

static tf_status change(task *work, tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    tf_status status = enter_draft(work, "draft changed", error);
    if (!status) {
        status = tf_sealed_take(tf_access_db(work->access), work->actor,
                                (tf_sealed){TF_SEALED_INTELLIGENCE, work->id}, key, error);
    }
    if (!status) {
        status = write_content(tf_access_db(work->access), work->id, key, work->form, error);
    }
    tf_secret_forget(key, sizeof key);
    return status;
}

tf_status tf_intelligence_change(tf_access *access, const tf_actor *actor, int64_t id,
                                 const tf_intelligence_form *form, tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id, .form = form};
    tf_status status = check_form(access, form, error);
    return status ? status : run(&work, change, error);
}

static tf_status submit(task *work, tf_error *error) {
    int64_t now = tf_instant_now();
    tf_status status = enter_draft(work, "submitted", error);
    tf_statement *statement = NULL;
    if (!status) {
        status = tf_db_prepare(tf_access_db(work->access),
                               "UPDATE intelligence SET state = 'submitted', submitted_at = ?2 "
                               "WHERE id = ?1",
                               &statement, error);
    }
    if (!status) {
        tf_bind_int(statement, 1, work->id);
        tf_bind_int(statement, 2, now);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status ? status : tf_intelligence_begin_keeping(work->access, work->id, now, error);
}

tf_status tf_intelligence_submit(tf_access *access, const tf_actor *actor, int64_t id,
                                 tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id};
    return run(&work, submit, error);
}

/* ---- sharing ---- */

static tf_status name_of_organisation(const task *work, const char **name_out, tf_error *error) {
    tf_organisation organisation;
    tf_status status =
        tf_organisation_get(work->access, work->organisation_id, work->arena, &organisation, error);
    *name_out = status ? NULL : organisation.name;
    return status;
}

static tf_status insert_share(const task *work, int64_t agreement_id, const char *purpose,
                              const char *name, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        tf_access_db(work->access),
        "INSERT OR IGNORE INTO intelligence_share (intelligence_id, organisation_id, agreement_id, "
        "purpose, at, account_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, work->id);
        tf_bind_int(statement, 2, work->organisation_id);
        tf_bind_int(statement, 3, agreement_id);
        tf_bind_text(statement, 4, tf_text_of(purpose));
        tf_bind_int(statement, 5, tf_instant_now());
        tf_bind_int(statement, 6, work->actor->account_id);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    if (!status && tf_db_changes(tf_access_db(work->access)) == 0) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "report %lld was shared with %s before",
                         (long long)work->id, name);
    }
    return status;
}

static tf_status share(task *work, tf_error *error) {
    tf_intent intent = {.purpose = work->intent ? work->intent->purpose : -1,
                        .recipient_id = work->organisation_id};
    tf_object object = tf_intelligence_object(work->access, &work->line);
    const tf_access_rules *rules = tf_access_get_rules(work->access);
    const char *name = "";
    uint8_t key[TF_KEY_SIZE];
    size_t reader_count = 0;
    tf_decision decision;
    tf_status status = name_of_organisation(work, &name, error);
    if (!status && work->organisation_id == work->line.organisation_id) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "report %lld belongs to %s",
                         (long long)work->id, name);
    }
    if (!status && !work->line.is_submitted) {
        status =
            tf_fail(error, TF_BAD_INPUT, NULL, 0,
                    "report %lld is a draft; submit it before it is shared", (long long)work->id);
    }
    if (!status && work->line.erased_at) {
        status =
            tf_fail(error, TF_BAD_INPUT, NULL, 0, "report %lld was erased", (long long)work->id);
    }
    if (!status) {
        tf_audit_note note = {.recipients = name};
        status = tf_access_enter(work->access, work->actor, TF_ACTION_DISCLOSE, &object, &intent,
                                 &note, &decision, error);
    }
    if (!status && intent.purpose < 0) { /* its owner is the successor of whom it was made by */
        status = tf_fail(error, TF_BAD_INPUT, "purpose", 0, "say for which purpose it is shared");
    }
    if (!status) {
        status = insert_share(work, decision.agreement_id, rules->purposes[intent.purpose].name,
                              name, error);
    }
    if (!status) {
        status = tf_sealed_take(tf_access_db(work->access), work->actor,
                                (tf_sealed){TF_SEALED_INTELLIGENCE, work->id}, key, error);
    }
    if (!status) {
        tf_intent reading = {.purpose = intent.purpose};
        status = give_to_all(work->access, &object, &reading, work->organisation_id, key,
                             work->arena, &reader_count, error);
    }
    tf_secret_forget(key, sizeof key);
    if (!status && reader_count == 0) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "nobody at %s has an account that could open the report, so it was not "
                         "shared; ask their administrator",
                         name);
    }
    return status;
}

tf_status tf_intelligence_share(tf_access *access, const tf_actor *actor, int64_t id,
                                int64_t organisation_id, const tf_intent *intent, tf_error *error) {
    task work = {.access = access,
                 .actor = actor,
                 .id = id,
                 .intent = intent,
                 .organisation_id = organisation_id};
    return run(&work, share, error);
}
