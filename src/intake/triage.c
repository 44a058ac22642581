/* What officers do with a report. */
#include "triage_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

/* ---- one change ---- */

/* One piece of work on one report, within its transaction. */
typedef struct task {
    tf_access *access;
    const tf_actor *actor;
    tf_arena *arena;
    int64_t id;
    tf_text text;       /* a message, a note, a reason */
    int64_t account_id; /* a colleague */
    tf_response_row row;
} task;

typedef tf_status do_work(task *work, tf_error *error);

/* Find the report, decide, do it, durably. */
static tf_status run(task *work, do_work *todo, tf_error *error) {
    work->arena = tf_arena_new();
    if (!work->arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_access_begin_durable(work->access, error);
    if (!status) {
        status = tf_response_row_get(work->access, work->id, NULL, work->arena, &work->row, error);
        if (!status) {
            status = todo(work, error);
        }
        status = tf_access_end(work->access, status, error);
    }
    tf_arena_free(work->arena);
    return status;
}

static tf_status enter(const task *work, tf_action action, const char *detail,
                       const char *recipients, tf_error *error) {
    tf_object object = tf_response_object(&work->row);
    tf_audit_note note = {.detail = detail, .recipients = recipients};
    return tf_access_enter(work->access, work->actor, action, &object, NULL, &note, NULL, error);
}

static tf_status check_open(const tf_response_row *row, tf_error *error) {
    if (row->closed_at) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "report %lld is closed; open it again to work on it", (long long)row->id);
    }
    return TF_OK;
}

/* Run an update of the report: ?1 its id, ?2 an account, ?3 the time, ?4 a text. */
static tf_status update(const task *work, const char *sql, int64_t account_id, tf_text text,
                        tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(tf_access_db(work->access), sql, &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, work->id);
        tf_bind_int(statement, 2, account_id);
        tf_bind_int(statement, 3, tf_instant_now());
        tf_bind_text(statement, 4, text);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

static tf_sealed sealed_of(const task *work) {
    return (tf_sealed){TF_SEALED_RESPONSE, work->id};
}

/* ---- claiming and handing over ---- */

static tf_status claim(task *work, tf_error *error) {
    const tf_response_row *row = &work->row;
    tf_status status = enter(work, TF_ACTION_ALTER, "claimed", NULL, error);
    if (!status) {
        status = check_open(row, error);
    }
    if (!status && row->claimed_by && row->claimed_by != work->actor->account_id) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "report %lld is claimed by a colleague already; ask them to hand it over",
                       (long long)work->id);
    }
    if (!status) { /* nobody claims what they cannot read */
        uint8_t key[TF_KEY_SIZE];
        status =
            tf_sealed_take(tf_access_db(work->access), work->actor, sealed_of(work), key, error);
        tf_secret_forget(key, sizeof key);
    }
    return status ? status
                  : update(work,
                           "UPDATE response SET state = 'claimed', claimed_by = ?2 WHERE id = ?1 "
                           "AND ?3 = ?3 AND ?4 IS NULL",
                           work->actor->account_id, (tf_text){0}, error);
}

tf_status tf_triage_claim(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id};
    return run(&work, claim, error);
}

/* Who carries on for an organisation that has ended or is going to; 0: nobody. */
static tf_status find_successor(tf_db *db, int64_t organisation_id, int64_t *successor_out,
                                tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    *successor_out = 0;
    tf_status status = tf_db_prepare(
        db, "SELECT coalesce(successor_id, 0) FROM organisation WHERE id = ?1", &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, organisation_id);
        status = tf_statement_step(statement, &has_row, error);
        *successor_out = !status && has_row ? tf_column_at_int(statement, 0) : 0;
    }
    tf_statement_free(statement);
    return status;
}

/* Enter what is done with a colleague, who must be allowed to see the report once it is assigned
 * to them.  People of the organisation that is going to carry on may be made readers before, as
 * nobody could afterwards: they open it from that day on. */
static tf_status enter_colleague(const task *work, tf_action action, const char *detail,
                                 tf_reader *reader_out, tf_error *error) {
    tf_status status =
        tf_sealed_reader_get(work->access, work->account_id, work->arena, reader_out, error);
    if (!status) {
        status = enter(work, action, detail, reader_out->name, error);
    }
    if (status) {
        return status;
    }
    bool gets_it = action == TF_ACTION_ALTER;
    tf_actor colleague = {.account_id = reader_out->account_id,
                          .organisation_id = reader_out->organisation_id,
                          .roles = reader_out->roles,
                          .name = reader_out->name};
    tf_object object = tf_response_object(&work->row);
    object.assigned_to = gets_it ? colleague.account_id : object.assigned_to;
    int64_t successor = 0;
    status = find_successor(tf_access_db(work->access), object.organisation_id, &successor, error);
    if (status) {
        return status;
    }
    if (!gets_it && successor && successor == colleague.organisation_id) {
        object.organisation_id = successor;
    }
    if (!tf_access_ask(work->access, &colleague, TF_ACTION_CONSULT, &object, NULL).is_allowed) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "%s has no role that may see this report; ask an administrator, or choose "
                       "somebody else",
                       reader_out->name);
    }
    return TF_OK;
}

static tf_status hand_over(task *work, tf_error *error) {
    tf_reader reader = {.name = ""};
    tf_status status = enter_colleague(work, TF_ACTION_ALTER, "handed over", &reader, error);
    if (!status) {
        status = check_open(&work->row, error);
    }
    if (!status) {
        status = tf_sealed_add_reader(tf_access_db(work->access), work->actor, sealed_of(work),
                                      &reader, error);
    }
    return status ? status
                  : update(work,
                           "UPDATE response SET state = 'claimed', claimed_by = ?2 WHERE id = ?1 "
                           "AND ?3 = ?3 AND ?4 IS NULL",
                           reader.account_id, (tf_text){0}, error);
}

tf_status tf_triage_hand_over(tf_access *access, const tf_actor *actor, int64_t id,
                              int64_t account_id, tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id, .account_id = account_id};
    return run(&work, hand_over, error);
}

/* ---- writing ---- */

/* Whoever does not see the messages would wait for a reply that they cannot read. */
static tf_status check_sees_messages(const task *work, tf_error *error) {
    tf_object object = tf_response_object(&work->row);
    tf_decision decision =
        tf_access_ask(work->access, work->actor, TF_ACTION_CONSULT, &object, NULL);
    if (!tf_report_shows_messages(work->access, &work->row, decision.fields)) {
        return tf_fail(
            error, TF_REFUSED, NULL, 0,
            "messages of the sender are not shown to your role; ask an intake officer to "
            "write to them");
    }
    return TF_OK;
}

static tf_status ask(task *work, tf_error *error) {
    tf_status status = enter(work, TF_ACTION_ALTER, "message to the sender", NULL, error);
    if (!status) {
        status = check_sees_messages(work, error);
    }
    if (!status) {
        status = check_open(&work->row, error);
    }
    return status
               ? status
               : tf_response_add_entry(tf_access_db(work->access), &work->row, TF_ENTRY_TO_SENDER,
                                       work->actor->account_id, work->text, error);
}

tf_status tf_triage_ask(tf_access *access, const tf_actor *actor, int64_t id, tf_text text,
                        tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id, .text = text};
    return run(&work, ask, error);
}

static tf_status add_note(task *work, tf_error *error) {
    tf_status status = enter(work, TF_ACTION_ALTER, "note", NULL, error);
    return status ? status
                  : tf_response_add_entry(tf_access_db(work->access), &work->row, TF_ENTRY_NOTE,
                                          work->actor->account_id, work->text, error);
}

tf_status tf_triage_note(tf_access *access, const tf_actor *actor, int64_t id, tf_text text,
                         tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id, .text = text};
    return run(&work, add_note, error);
}

/* ---- closing ---- */

static tf_status close_report(task *work, tf_error *error) {
    tf_status status = enter(work, TF_ACTION_ALTER, "closed", NULL, error);
    if (!status) {
        status = check_open(&work->row, error);
    }
    if (!status &&
        !tf_word_find(&tf_pack_triage_words(tf_access_pack(work->access))->closing, work->text)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "choose why the report is closed");
    }
    return status ? status
                  : update(work,
                           "UPDATE response SET state = 'closed', closed_at = ?3, outcome = ?4 "
                           "WHERE id = ?1 AND ?2 = ?2",
                           0, work->text, error);
}

tf_status tf_triage_close(tf_access *access, const tf_actor *actor, int64_t id, tf_text reason,
                          tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id, .text = reason};
    return run(&work, close_report, error);
}

static tf_status reopen(task *work, tf_error *error) {
    const tf_response_row *row = &work->row;
    tf_status status = enter(work, TF_ACTION_ALTER, "opened again", NULL, error);
    if (!status && row->erased_at) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the content of report %lld has been erased, so it cannot be opened again",
                       (long long)work->id);
    }
    if (!status && !row->closed_at) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "report %lld is open already",
                       (long long)work->id);
    }
    return status ? status
                  : update(work,
                           "UPDATE response SET state = 'claimed', claimed_by = ?2, "
                           "closed_at = NULL, outcome = NULL WHERE id = ?1 AND ?3 = ?3 "
                           "AND ?4 IS NULL",
                           work->actor->account_id, (tf_text){0}, error);
}

tf_status tf_triage_reopen(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id};
    return run(&work, reopen, error);
}

/* ---- readers ---- */

static tf_status add_reader(task *work, tf_error *error) {
    tf_reader reader = {.name = ""};
    tf_status status = enter_colleague(work, TF_ACTION_DISCLOSE, "reader added", &reader, error);
    return status ? status
                  : tf_sealed_add_reader(tf_access_db(work->access), work->actor, sealed_of(work),
                                         &reader, error);
}

tf_status tf_triage_add_reader(tf_access *access, const tf_actor *actor, int64_t id,
                               int64_t account_id, tf_error *error) {
    task work = {.access = access, .actor = actor, .id = id, .account_id = account_id};
    return run(&work, add_reader, error);
}

/* The open reports of the actor's organisation that the actor has a key for and the colleague has
 * none that opens. */
static tf_status list_missing(const task *work, const tf_reader *reader, int64_t **ids_out,
                              size_t *count_out, tf_error *error) {
    size_t capacity = 0;
    tf_statement *statement = NULL;
    tf_buffer estate;
    tf_buffer_init(&estate);
    tf_status status = tf_access_estate(work->access, work->actor->organisation_id, &estate, error);
    if (status) {
        tf_buffer_deinit(&estate);
        return status;
    }
    status = tf_db_prepare(
        tf_access_db(work->access),
        "SELECT r.id FROM response AS r JOIN sealed_key AS own ON own.kind = 'response' "
        "AND own.object_id = r.id AND own.account_id = ?1 AND own.key_generation = "
        "(SELECT key_generation FROM account WHERE id = ?1) LEFT JOIN sealed_key AS other "
        "ON other.kind = 'response' AND other.object_id = r.id AND other.account_id = ?5 "
        "AND other.key_generation = ?3 WHERE r.category = ?4 AND " TF_OF_ESTATE " "
        "AND r.state IN ('new', 'claimed') AND other.account_id IS NULL ORDER BY r.id",
        &statement, error);
    if (status) {
        tf_buffer_deinit(&estate);
        return status;
    }
    tf_bind_int(statement, 1, work->actor->account_id);
    tf_bind_text(statement, 2, (tf_text){estate.data, estate.length});
    tf_bind_int(statement, 3, reader->key_generation);
    tf_bind_text(statement, 4, tf_text_of(TF_CONCERN));
    tf_bind_int(statement, 5, reader->account_id);
    bool has_row = false;
    while (!status && !(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        status = tf_reserve(ids_out, &capacity, *count_out + 1, sizeof **ids_out, error);
        if (!status) {
            (*ids_out)[(*count_out)++] = tf_column_at_int(statement, 0);
        }
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&estate);
    return status;
}

static tf_status share_one(task *work, const tf_reader *reader, int64_t *count, tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    tf_sealed sealed = sealed_of(work);
    if (!tf_sealed_can_take(tf_access_db(work->access), work->actor, sealed, key)) {
        return TF_OK; /* sealed to a pair that the actor has no more */
    }
    tf_status status = enter(work, TF_ACTION_DISCLOSE, "reader added", reader->name, error);
    if (!status) {
        status = tf_sealed_give(tf_access_db(work->access), sealed, key, reader, error);
    }
    tf_secret_forget(key, sizeof key);
    *count += !status;
    return status;
}

static tf_status share_all(task *work, int64_t *count, tf_error *error) {
    tf_reader reader = {.name = ""};
    int64_t *ids = NULL;
    size_t id_count = 0;
    work->row = (tf_response_row){
        .category = tf_access_category_of(work->access, TF_CONCERN),
        .organisation_id = work->actor->organisation_id,
    };
    tf_status status =
        enter_colleague(work, TF_ACTION_DISCLOSE, "all open reports", &reader, error);
    if (!status) {
        status = list_missing(work, &reader, &ids, &id_count, error);
    }
    for (size_t i = 0; !status && i < id_count; i++) {
        work->id = ids[i];
        work->row.id = ids[i];
        status = share_one(work, &reader, count, error);
    }
    tf_free(ids);
    return status;
}

static tf_status count_missing(task *work, int64_t *count, tf_error *error) {
    tf_reader reader = {.name = ""};
    int64_t *ids = NULL;
    size_t id_count = 0;
    work->row = (tf_response_row){
        .category = tf_access_category_of(work->access, TF_CONCERN),
        .organisation_id = work->actor->organisation_id,
    };
    tf_object object = tf_response_object(&work->row);
    tf_status status = tf_access_enter(work->access, work->actor, TF_ACTION_CONSULT, &object, NULL,
                                       NULL, NULL, error);
    if (!status) {
        status = tf_sealed_reader_get(work->access, work->account_id, work->arena, &reader, error);
    }
    if (!status) {
        status = list_missing(work, &reader, &ids, &id_count, error);
    }
    *count = (int64_t)id_count;
    tf_free(ids);
    return status;
}

/* Do with all open reports what concerns a colleague, in the transaction that `begin` begins. */
static tf_status for_colleague(tf_access *access, const tf_actor *actor, int64_t account_id,
                               tf_status (*begin)(tf_access *, tf_error *),
                               tf_status (*do_it)(task *, int64_t *, tf_error *),
                               int64_t *count_out, tf_error *error) {
    *count_out = 0;
    task work = {
        .access = access, .actor = actor, .arena = tf_arena_new(), .account_id = account_id};
    if (!work.arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = begin(access, error);
    if (!status) {
        status = tf_access_end(access, do_it(&work, count_out, error), error);
    }
    tf_arena_free(work.arena);
    return status;
}

tf_status tf_triage_share_all(tf_access *access, const tf_actor *actor, int64_t account_id,
                              int64_t *count_out, tf_error *error) {
    return for_colleague(access, actor, account_id, tf_access_begin_durable, share_all, count_out,
                         error);
}

tf_status tf_triage_count_missing(tf_access *access, const tf_actor *actor, int64_t account_id,
                                  int64_t *count_out, tf_error *error) {
    return for_colleague(access, actor, account_id, tf_access_begin, count_missing, count_out,
                         error);
}

/* Add whoever may open reports of an organisation, but the actor. */
static tf_status add_colleagues(tf_access *access, const tf_actor *actor, int64_t organisation_id,
                                tf_arena *arena, tf_colleague **colleagues, size_t *count,
                                tf_error *error) {
    tf_object reports = {.category = tf_access_category_of(access, TF_CONCERN),
                         .organisation_id = organisation_id};
    tf_reader *readers = NULL;
    size_t reader_count = 0;
    tf_status status = tf_sealed_may_read(access, &reports, NULL, organisation_id, arena, &readers,
                                          &reader_count, NULL, error);
    if (status) {
        return status;
    }
    tf_colleague *all = tf_arena_alloc(arena, *count + reader_count, sizeof *all);
    if (!all) {
        return tf_fail_no_memory(error);
    }
    if (*count) {
        memcpy(all, *colleagues, *count * sizeof *all);
    }
    *colleagues = all;
    for (size_t i = 0; i < reader_count; i++) {
        if (readers[i].account_id != actor->account_id) {
            all[(*count)++] =
                (tf_colleague){.account_id = readers[i].account_id, .name = readers[i].name};
        }
    }
    return TF_OK;
}

static tf_status find_colleagues(tf_access *access, const tf_actor *actor, tf_arena *arena,
                                 tf_colleague **colleagues_out, size_t *count_out,
                                 tf_error *error) {
    tf_object account = {.category = tf_access_category_of(access, "account"),
                         .organisation_id = actor->organisation_id};
    tf_audit_note note = {.detail = "colleagues who may open reports"};
    int64_t successor = 0;
    tf_status status =
        tf_access_enter(access, actor, TF_ACTION_CONSULT, &account, NULL, &note, NULL, error);
    if (!status) {
        status = add_colleagues(access, actor, actor->organisation_id, arena, colleagues_out,
                                count_out, error);
    }
    if (!status) {
        status = find_successor(tf_access_db(access), actor->organisation_id, &successor, error);
    }
    return status || !successor
               ? status
               : add_colleagues(access, actor, successor, arena, colleagues_out, count_out, error);
}

tf_status tf_triage_colleagues(tf_access *access, const tf_actor *actor, tf_arena *arena,
                               tf_colleague **colleagues_out, size_t *count_out, tf_error *error) {
    *colleagues_out = NULL;
    *count_out = 0;
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status = tf_access_end(
            access, find_colleagues(access, actor, arena, colleagues_out, count_out, error), error);
    }
    return status;
}
