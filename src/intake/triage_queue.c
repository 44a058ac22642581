/* The queue of reports: what stands in the clear, and nothing else. */
#include "triage_internal.h"

#include "trefoil/base/date.h"

static const char *const state_names[TF_REPORT_STATE_COUNT] = {"new", "claimed", "closed",
                                                               "erased"};

tf_report_state tf_report_state_of(const char *name) {
    for (int i = 0; i < TF_REPORT_STATE_COUNT; i++) {
        if (strcmp(state_names[i], name) == 0) {
            return (tf_report_state)i;
        }
    }
    return TF_REPORT_NEW;
}

/* ---- a line ---- */

/* The first question that a form counts: what a report is about; -1 for none. */
static int main_question(const tf_form_definition *form) {
    for (size_t q = 0; form && q < form->question_count; q++) {
        if (form->questions[q].is_counted) {
            return (int)q;
        }
    }
    return -1;
}

/* The words of an option, or the value as it was sent where the form of today has it no more. */
static void append_option(tf_buffer *kinds, const tf_question *question, tf_text value) {
    int option = tf_question_option(question, value);
    const char *words =
        option < 0 ? NULL : tf_words_in(&question->options[option].label, TF_ENGLISH);
    tf_buffer_append_text(kinds, kinds->length ? ", " : "");
    if (words) {
        tf_buffer_append_text(kinds, words);
    } else {
        tf_buffer_append(kinds, value.data, value.length);
    }
}

/* Words for what a report is about: the answers to the first question that its form counts, where
 * `fields` shows it. */
static tf_status read_kinds(tf_access *access, uint32_t fields, int64_t id, const char *form,
                            tf_arena *arena, const char **kinds_out, tf_error *error) {
    const tf_form_definition *definition =
        tf_pack_form_find(tf_access_pack(access), tf_text_of(form));
    int question = main_question(definition);
    *kinds_out = "";
    if (question < 0 || !tf_question_is_shown(&definition->questions[question], fields)) {
        return TF_OK;
    }
    tf_statement *statement;
    tf_status status = tf_db_prepare(tf_access_db(access),
                                     "SELECT value FROM response_counted WHERE response_id = ?1 "
                                     "AND question = ?2",
                                     &statement, error);
    if (status) {
        return status;
    }
    tf_buffer kinds;
    tf_buffer_init(&kinds);
    tf_bind_int(statement, 1, id);
    tf_bind_text(statement, 2, tf_text_of(definition->questions[question].name));
    bool has_row = false;
    while (!(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        append_option(&kinds, &definition->questions[question], tf_column_at_text(statement, 0));
    }
    tf_statement_free(statement);
    if (!status) {
        status = tf_buffer_check(&kinds, error);
    }
    if (!status && kinds.length) {
        *kinds_out = tf_arena_copy_text(arena, kinds.data, kinds.length);
        status = *kinds_out ? TF_OK : tf_fail_no_memory(error);
    }
    tf_buffer_deinit(&kinds);
    return status;
}

static const char *copy_column(tf_statement *statement, int column, tf_arena *arena) {
    tf_text text = tf_column_at_text(statement, column);
    return tf_arena_copy_text(arena, text.data ? text.data : "", text.length);
}

tf_status tf_report_take_line(tf_access *access, const tf_actor *actor, uint32_t fields,
                              tf_statement *statement, int64_t now, tf_arena *arena,
                              tf_report_line *line_out, tf_error *error) {
    const char *form = copy_column(statement, 1, arena);
    const char *state = copy_column(statement, 5, arena);
    const char *name = copy_column(statement, 7, arena);
    const char *urgency = copy_column(statement, 10, arena);
    if (!form || !state || !name || !urgency) {
        return tf_fail_no_memory(error);
    }
    const tf_form_definition *definition =
        tf_pack_form_find(tf_access_pack(access), tf_text_of(form));
    const char *title = definition ? tf_words_in(&definition->title, TF_ENGLISH) : NULL;
    *line_out = (tf_report_line){
        .id = tf_column_at_int(statement, 0),
        .form = title ? title : form,
        .received_at = tf_column_at_int(statement, 2),
        .urgency = (int)tf_column_at_int(statement, 3),
        .due_at = tf_column_at_int(statement, 4),
        .state = tf_report_state_of(state),
        .claimed_by = tf_column_at_int(statement, 6),
        .claimed_name = name,
        .urgency_title = urgency,
        .kinds = "",
        .new_letters = tf_column_at_int(statement, 9),
    };
    bool was_seen = tf_column_at_int(statement, 8) != 0;
    line_out->is_overdue = line_out->state <= TF_REPORT_CLAIMED && !was_seen && line_out->due_at &&
                           line_out->due_at < now;
    tf_status status =
        read_kinds(access, fields, line_out->id, form, arena, &line_out->kinds, error);
    line_out->can_open =
        !status && tf_sealed_is_reader(tf_access_db(access), actor,
                                       (tf_sealed){TF_SEALED_RESPONSE, line_out->id});
    return status;
}

/* ---- the queue ---- */

/* ?1 category, ?2 organisation, ?3 account. */
#define OPEN_ONES                                                                                  \
    "r.category = ?1 AND r.organisation_id = ?2 AND r.state IN ('new', 'claimed') AND ?3 = ?3"
#define MY_ONES                                                                                    \
    "r.category = ?1 AND r.organisation_id = ?2 AND r.state = 'claimed' AND r.claimed_by = ?3"
#define CLOSED_ONES                                                                                \
    "r.category = ?1 AND r.organisation_id = ?2 AND r.state IN ('closed', 'erased') AND ?3 = ?3"
#define LINES_FROM                                                                                 \
    "SELECT " TF_LINE_COLUMNS                                                                      \
    " FROM response AS r LEFT JOIN account AS a ON a.id = r.claimed_by WHERE "
#define COUNTS_FROM                                                                                \
    "SELECT count(*), coalesce(sum(r.state IN ('new', 'claimed') AND r.first_seen_at IS NULL "     \
    "AND r.due_at < ?4), 0) FROM response AS r WHERE "
#define MOST_URGENT_FIRST " ORDER BY r.urgency, r.received_at, r.id LIMIT ?4 OFFSET ?5"

static const struct {
    const char *lines;
    const char *counts;
} parts[TF_QUEUE_PART_COUNT] = {
    [TF_QUEUE_OPEN] = {LINES_FROM OPEN_ONES MOST_URGENT_FIRST, COUNTS_FROM OPEN_ONES},
    [TF_QUEUE_MINE] = {LINES_FROM MY_ONES MOST_URGENT_FIRST, COUNTS_FROM MY_ONES},
    [TF_QUEUE_CLOSED] = {LINES_FROM CLOSED_ONES
                         " ORDER BY r.closed_at DESC, r.id DESC LIMIT ?4 OFFSET ?5",
                         COUNTS_FROM CLOSED_ONES},
};

static void bind_part(tf_statement *statement, int64_t organisation_id, const tf_actor *actor) {
    tf_bind_text(statement, 1, tf_text_of(TF_CONCERN));
    tf_bind_int(statement, 2, organisation_id);
    tf_bind_int(statement, 3, actor->account_id);
}

static tf_status count_part(tf_db *db, int64_t organisation_id, const tf_actor *actor,
                            tf_queue_part part, int64_t now, tf_queue *queue, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db, parts[part].counts, &statement, error);
    if (status) {
        return status;
    }
    bool has_row = false;
    bind_part(statement, organisation_id, actor);
    tf_bind_int(statement, 4, now);
    status = tf_statement_step(statement, &has_row, error);
    if (!status) {
        queue->total = tf_column_at_int(statement, 0);
        queue->overdue_count = tf_column_at_int(statement, 1);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status read_part(tf_access *access, int64_t organisation_id, const tf_actor *actor,
                           uint32_t fields, tf_queue_part part, int64_t first, int64_t most,
                           int64_t now, tf_arena *arena, tf_queue *queue, tf_error *error) {
    size_t room = (size_t)(queue->total < most ? queue->total : most);
    queue->lines = tf_arena_alloc(arena, room, sizeof *queue->lines);
    if (!queue->lines) {
        return tf_fail_no_memory(error);
    }
    tf_statement *statement;
    tf_status status = tf_db_prepare(tf_access_db(access), parts[part].lines, &statement, error);
    if (status) {
        return status;
    }
    bind_part(statement, organisation_id, actor);
    tf_bind_int(statement, 4, (int64_t)room);
    tf_bind_int(statement, 5, first);
    bool has_row = false;
    while (!status && queue->count < room &&
           !(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        status = tf_report_take_line(access, actor, fields, statement, now, arena,
                                     &queue->lines[queue->count], error);
        queue->count += !status;
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_triage_queue(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                          int64_t organisation_id, tf_queue_part part, int64_t first, int64_t most,
                          tf_arena *arena, tf_queue *queue_out, tf_error *error) {
    *queue_out = (tf_queue){0};
    int64_t now = tf_instant_now();
    int64_t owner = organisation_id ? organisation_id : actor->organisation_id;
    tf_object object = {.category = tf_access_category_of(access, TF_CONCERN),
                        .organisation_id = owner,
                        .assigned_to = part == TF_QUEUE_MINE ? actor->account_id : 0};
    tf_status status = tf_access_begin(access, error);
    if (status) {
        return status;
    }
    tf_decision decision;
    status =
        tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, intent, NULL, &decision, error);
    if (!status) {
        status = count_part(tf_access_db(access), owner, actor, part, now, queue_out, error);
    }
    if (!status) {
        status = read_part(access, owner, actor, decision.fields, part, first, most, now, arena,
                           queue_out, error);
    }
    return tf_access_end(access, status, error);
}
