/* What the files of triage share. */
#ifndef INTAKE_TRIAGE_INTERNAL_H
#define INTAKE_TRIAGE_INTERNAL_H

#include "intake/response_internal.h"
#include "intake/triage.h"

/* The category that triage works on. */
#define TF_CONCERN "concern"

tf_report_state tf_report_state_of(const char *name);

/* That a report belongs to the estate that ?2 names (tf_access_estate). */
#define TF_OF_ESTATE "r.organisation_id IN (SELECT value FROM json_each(?2))"

/* The columns of a line, to be selected from `response AS r LEFT JOIN account AS a`, and the line
 * of a row that was selected so, as far as `fields` (of a decision) show it. */
#define TF_LINE_COLUMNS                                                                            \
    "r.id, r.form, r.received_at, r.urgency, r.due_at, r.state, r.claimed_by, a.name, "            \
    "r.first_seen_at, (SELECT count(*) FROM response_entry AS e WHERE e.response_id = r.id "       \
    "AND e.kind = 'from-sender' AND e.is_read = 0), r.urgency_title"
tf_status tf_report_take_line(tf_access *access, const tf_actor *actor, uint32_t fields,
                              tf_statement *statement, int64_t now, tf_arena *arena,
                              tf_report_line *line_out, tf_error *error);

/* Whether a decision's fields show what was answered to a question. */
static inline bool tf_question_is_shown(const tf_question *question, uint32_t fields) {
    return question->field < 0 || (fields >> question->field & 1);
}

/* Whether a decision's fields show the sender's messages and others' notes. */
bool tf_report_shows_messages(tf_access *access, const tf_response_row *row, uint32_t fields);

/* Unlock the answers of a row with the key of the response.  `json_out` (or NULL) gets all of them,
 * also those that the form of today has no more; to be wiped and freed by the caller. */
tf_status tf_report_answers(tf_access *access, const tf_response_row *row,
                            const uint8_t key[TF_KEY_SIZE], tf_arena *arena,
                            tf_answers *answers_out, tf_buffer *json_out, tf_error *error);

/* An answer in words; NULL when out of memory. */
const char *tf_report_answer_in_words(const tf_answers *answers, size_t question, tf_arena *arena);

/* Hints for a report that is open: `answers` are its own. */
tf_status tf_report_find_hints(tf_access *access, const tf_actor *actor, const tf_response_row *row,
                               const tf_answers *answers, tf_arena *arena, tf_report *report,
                               tf_error *error);

#endif
