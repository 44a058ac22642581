/* Drafting, changing and submitting. */
#include "intelligence.h"

#include "intelligence_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/json.h"

#include <stdio.h>

/* ---- what is entered ---- */

static const char *fault_of(tf_text text, const char *unreadable, const char *too_long) {
    if (!tf_text_is_utf8(text)) {
        return unreadable;
    }
    return tf_text_width(text) > TF_INTELLIGENCE_MOST_CHARACTERS ? too_long : NULL;
}

#define FAULT_OF(text, name)                                                                       \
    fault_of((text), "the " name " has characters that cannot be read; enter it again",            \
             "the " name " has more than 10,000 characters; shorten it")

bool tf_intelligence_find_faults(tf_access *access, const tf_intelligence_form *form,
                                 tf_intelligence_faults *faults_out) {
    const tf_triage_words *words = tf_pack_triage_words(tf_access_pack(access));
    tf_intelligence_faults faults = {
        .source = tf_word_find(&words->sources, form->source) ? NULL
                                                              : "select how reliable the source is",
        .information = tf_word_find(&words->information, form->information)
                           ? NULL
                           : "select how good the information is",
        .handling =
            tf_word_find(&words->handling, form->handling) ? NULL : "select how it may be handled",
        .text = FAULT_OF(form->text, "text"),
        .conditions = FAULT_OF(form->conditions, "conditions"),
        .provenance = FAULT_OF(form->provenance, "provenance"),
    };
    if (!faults.text && tf_text_trim(form->text).length == 0) {
        faults.text = "enter the text of the report";
    }
    if (!faults.conditions && tf_text_equal(form->handling, tf_text_of("C")) &&
        tf_text_trim(form->conditions).length == 0) {
        faults.conditions = "enter the conditions under which it may be shared";
    }
    *faults_out = faults;
    return faults.source || faults.information || faults.handling || faults.text ||
           faults.conditions || faults.provenance;
}

static tf_status check_form(tf_access *access, const tf_intelligence_form *form, tf_error *error) {
    tf_intelligence_faults faults;
    if (!tf_intelligence_find_faults(access, form, &faults)) {
        return TF_OK;
    }
    const char *const found[][2] = {
        {"source", faults.source},     {"information", faults.information},
        {"text", faults.text},         {"provenance", faults.provenance},
        {"handling", faults.handling}, {"conditions", faults.conditions},
    };
    size_t first = 0;
    while (!found[first][1]) {
        first++;
    }
    return tf_fail(error, TF_BAD_INPUT, found[first][0], 0, "%s", found[first][1]);
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

/* That it has no correction yet. */
static tf_status check_last(const draft *new, tf_error *error) {
    tf_statement *statement;
    bool has_row = false;
    tf_status status =
        tf_db_prepare(tf_access_db(new->access),
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
    return status;
}

/* What is corrected must be the actor's to alter. */
static tf_status check_corrected(draft *new, tf_error *error) {
    tf_intelligence_line line;
    tf_text locked;
    tf_status status =
        tf_intelligence_get(new->access, new->corrects_id, new->arena, &line, &locked, error);
    if (status) {
        return status;
    }
    tf_object object = tf_intelligence_object(new->access, &line);
    tf_audit_note note = {.detail = "corrected"};
    status = tf_access_enter(new->access, new->actor, TF_ACTION_ALTER, &object, NULL, &note, NULL,
                             error);
    if (!status && !line.is_submitted) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "report %lld is a draft; change it instead of correcting it",
                         (long long)line.id);
    }
    new->response_id = line.response_id; /* whoever may correct it need not see that */
    new->version = line.version + 1;
    return status ? status : check_last(new, error);
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
                               "information = ?4, handling = ?5, disposed_at = NULL "
                               "WHERE id = ?1",
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

tf_status tf_intelligence_give(tf_access *access, const tf_object *object, const tf_intent *intent,
                               int64_t organisation_id, const uint8_t key[TF_KEY_SIZE],
                               tf_arena *arena, tf_reader **readers_out, size_t *count_out,
                               tf_error *error) {
    *readers_out = NULL;
    *count_out = 0;
    tf_status status = tf_sealed_may_read(access, object, intent, organisation_id, arena,
                                          readers_out, count_out, NULL, error);
    for (size_t i = 0; !status && i < *count_out; i++) {
        status =
            tf_sealed_give(tf_access_db(access), (tf_sealed){TF_SEALED_INTELLIGENCE, object->id},
                           key, &(*readers_out)[i], error);
    }
    return status;
}

/* Seal a draft to those who may read it.  One that none of them could submit would be written in
 * vain. */
static tf_status give_draft(const draft *new, const tf_object *object, tf_error *error) {
    tf_reader *readers;
    size_t count;
    tf_status status = tf_intelligence_give(new->access, object, NULL, new->actor->organisation_id,
                                            new->key, new->arena, &readers, &count, error);
    tf_object submitted = *object;
    submitted.assigned_to = 0;
    bool has_submitter = false;
    for (size_t i = 0; !status && i < count && !has_submitter; i++) {
        tf_actor reader = {.account_id = readers[i].account_id,
                           .organisation_id = readers[i].organisation_id,
                           .roles = readers[i].roles,
                           .name = readers[i].name};
        has_submitter =
            tf_access_ask(new->access, &reader, TF_ACTION_ALTER, &submitted, NULL).is_allowed;
    }
    if (!status && !has_submitter) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "nobody of your organisation could open the report and submit it; ask an "
                         "administrator for an account that may");
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
    tf_status status = new->corrects_id ? check_corrected(new, error) : check_response(new, error);
    if (!status) {
        status = next_id(db, &new->id, error);
    }
    tf_object object = {.category = tf_access_category_of(new->access, TF_INTELLIGENCE),
                        .id = new->id,
                        .organisation_id = new->actor->organisation_id,
                        .assigned_to = new->actor->account_id};
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
    return status ? status : give_draft(new, &object, error);
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
                 .corrects_id = corrects_id,
                 .version = 1};
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

/* One piece of work on one draft, within its transaction. */
typedef struct task {
    tf_access *access;
    const tf_actor *actor;
    tf_arena *arena;
    int64_t id;
    const tf_intelligence_form *form;
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

static tf_status enter_draft(const task *work, const tf_object *object, const char *detail,
                             tf_error *error) {
    tf_audit_note note = {.detail = detail};
    tf_status status = tf_access_enter(work->access, work->actor, TF_ACTION_ALTER, object, NULL,
                                       &note, NULL, error);
    if (!status && work->line.is_submitted) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "report %lld was submitted and stays as it is; make a correction of it",
                         (long long)work->id);
    }
    if (!status && work->line.erased_at) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "report %lld was erased as a draft; write a new one", (long long)work->id);
    }
    return status;
}

static tf_status change(task *work, tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    tf_object object = tf_intelligence_object(work->access, &work->line);
    tf_status status = enter_draft(work, &object, "draft changed", error);
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

/* What was made of a response is submitted by somebody who could compare the two. */
static tf_status check_submitter(const task *work, tf_error *error) {
    tf_response_row row;
    if (!work->line.response_id) {
        return TF_OK;
    }
    tf_status status =
        tf_response_row_get(work->access, work->line.response_id, NULL, work->arena, &row, error);
    if (!status && !row.erased_at && !tf_response_shows_sender(work->access, work->actor, &row)) {
        status =
            tf_fail(error, TF_REFUSED, NULL, 0,
                    "draft %lld is of report of concern %lld, whose sender you cannot see; ask "
                    "an intake officer to check that it does not tell who they are, and to "
                    "submit it",
                    (long long)work->id, (long long)row.id);
    }
    return status;
}

/* Decided as of what it becomes: the organisation's, assigned to nobody. */
static tf_status submit(task *work, tf_error *error) {
    int64_t now = tf_instant_now();
    tf_object object = tf_intelligence_object(work->access, &work->line);
    object.assigned_to = 0;
    tf_status status = enter_draft(work, &object, "submitted", error);
    tf_statement *statement = NULL;
    if (!status) {
        status = check_submitter(work, error);
    }
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

bool tf_intelligence_may_submit(tf_access *access, const tf_actor *actor,
                                const tf_intelligence_line *line, tf_arena *arena) {
    task work = {.access = access, .actor = actor, .arena = arena, .id = line->id, .line = *line};
    tf_object object = tf_intelligence_object(access, line);
    object.assigned_to = 0;
    return tf_access_ask(access, actor, TF_ACTION_ALTER, &object, NULL).is_allowed &&
           !check_submitter(&work, NULL);
}
