/* Hints that other open reports may be about the same thing. */
#include "intake/resemblance.h"
#include "triage_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

enum { MOST_COMPARED = 300, MOST_HINTS = 10, LOOKS_BACK_DAYS = 90 };

static void add_place(tf_traits *traits, const tf_answer_texts *answer) {
    double latitude;
    double longitude;
    tf_traits_set_place(traits, answer->texts[TF_PLACE_NAME]);
    if (answer->count == TF_PLACE_PARTS &&
        tf_parse_double(answer->texts[TF_PLACE_LATITUDE], &latitude) &&
        tf_parse_double(answer->texts[TF_PLACE_LONGITUDE], &longitude)) {
        tf_traits_set_point(traits, latitude, longitude);
    }
}

static void add_choices(tf_traits *traits, const tf_question *question,
                        const tf_answer_texts *answer) {
    for (size_t i = 0; question->is_counted && i < answer->count; i++) {
        char kind[200];
        int length =
            snprintf(kind, sizeof kind, "%s=%.*s", question->name, TF_TEXT_ARG(answer->texts[i]));
        if (length > 0 && (size_t)length < sizeof kind) {
            tf_traits_add_kind(traits, (tf_text){kind, (size_t)length});
        }
    }
}

/* The sender's own telephone number is no trait of what happened. */
static void find_traits(const tf_answers *answers, int64_t received_at, tf_traits *traits_out) {
    *traits_out = (tf_traits){.at = received_at};
    for (size_t q = 0; q < answers->form->question_count; q++) {
        const tf_question *question = &answers->form->questions[q];
        const tf_answer_texts *answer = &answers->values[q];
        if (answer->count == 0) {
            continue;
        }
        switch (question->type) {
        case TF_QUESTION_TEXT:
        case TF_QUESTION_LONG_TEXT:
            tf_traits_add_text(traits_out, answer->texts[0]);
            break;
        case TF_QUESTION_PLACE:
            add_place(traits_out, answer);
            break;
        case TF_QUESTION_ONE_OF:
        case TF_QUESTION_SOME_OF:
            add_choices(traits_out, question, answer);
            break;
        default:
            break;
        }
    }
}

static tf_status list_others(tf_db *db, const tf_response_row *row, int64_t *ids, size_t *count_out,
                             tf_error *error) {
    *count_out = 0;
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        db,
        "SELECT r.id FROM response AS r JOIN response AS own ON own.id = ?1 "
        "WHERE r.category = own.category AND r.organisation_id = own.organisation_id "
        "AND r.state IN ('new', 'claimed') AND r.id <> own.id AND r.received_at >= ?2 "
        "ORDER BY r.received_at DESC LIMIT ?3",
        &statement, error);
    if (status) {
        return status;
    }
    tf_bind_int(statement, 1, row->id);
    tf_bind_int(statement, 2, row->received_at - LOOKS_BACK_DAYS * TF_MICROSECONDS_A_DAY);
    tf_bind_int(statement, 3, MOST_COMPARED);
    bool has_row = false;
    while (!(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        ids[(*count_out)++] = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

/* Compare with one other; what the actor cannot open is passed over. */
static tf_status compare(tf_access *access, const tf_actor *actor, int64_t id,
                         const tf_traits *traits, tf_arena *scratch, tf_buffer *why_out,
                         tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    if (!tf_sealed_can_take(tf_access_db(access), actor, (tf_sealed){TF_SEALED_RESPONSE, id},
                            key)) {
        return TF_OK;
    }
    tf_response_row row;
    tf_answers answers;
    tf_traits other;
    tf_status status = tf_response_row_get(access, id, NULL, scratch, &row, error);
    if (!status && !tf_report_answers(access, &row, key, scratch, &answers, NULL, NULL)) {
        find_traits(&answers, row.received_at, &other);
        tf_traits_compare(traits, &other, why_out);
        tf_secret_forget(&other, sizeof other);
    }
    tf_secret_forget(key, sizeof key);
    return status ? status : tf_buffer_check(why_out, error);
}

static tf_status add_hint(tf_report *report, int64_t id, const tf_buffer *why, tf_arena *arena,
                          tf_error *error) {
    tf_report_hint *hint = &report->hints[report->hint_count++];
    hint->id = id;
    hint->why = tf_arena_copy_text(arena, why->data, why->length);
    return hint->why ? TF_OK : tf_fail_no_memory(error);
}

tf_status tf_report_find_hints(tf_access *access, const tf_actor *actor, const tf_response_row *row,
                               const tf_answers *answers, tf_arena *arena, tf_report *report,
                               tf_error *error) {
    tf_object object = tf_response_object(row);
    if (!tf_access_ask(access, actor, TF_ACTION_COMBINE, &object, NULL).is_allowed) {
        return TF_OK;
    }
    int64_t ids[MOST_COMPARED];
    size_t count = 0;
    tf_status status = list_others(tf_access_db(access), row, ids, &count, error);
    if (status || count == 0) {
        return status;
    }
    char detail[80];
    snprintf(detail, sizeof detail, "compared with %zu open reports", count);
    tf_audit_note note = {.detail = detail};
    status = tf_access_enter(access, actor, TF_ACTION_COMBINE, &object, NULL, &note, NULL, error);
    tf_arena *scratch = tf_arena_new();
    report->hints = tf_arena_alloc(arena, MOST_HINTS, sizeof *report->hints);
    if (!scratch || !report->hints) {
        tf_arena_free(scratch);
        return tf_fail_no_memory(error);
    }
    tf_traits traits;
    find_traits(answers, row->received_at, &traits);
    for (size_t i = 0; !status && i < count && report->hint_count < MOST_HINTS; i++) {
        tf_buffer why;
        tf_buffer_init(&why);
        tf_arena_reset(scratch);
        status = compare(access, actor, ids[i], &traits, scratch, &why, error);
        if (!status && why.length) {
            status = add_hint(report, ids[i], &why, arena, error);
        }
        tf_buffer_deinit(&why);
    }
    tf_secret_forget(&traits, sizeof traits);
    tf_arena_free(scratch);
    return status;
}
