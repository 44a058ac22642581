/* One report, opened with the officer's key. */
#include "triage_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/json_read.h"

/* ---- answers ---- */

static void wipe(tf_buffer *buffer) {
    if (buffer->data) {
        tf_secret_forget(buffer->data, buffer->length);
    }
    tf_buffer_deinit(buffer);
}

tf_status tf_report_answers(tf_access *access, const tf_response_row *row,
                            const uint8_t key[TF_KEY_SIZE], tf_arena *arena,
                            tf_answers *answers_out, tf_buffer *json_out, tf_error *error) {
    tf_buffer own;
    tf_buffer_init(&own);
    tf_buffer *json = json_out ? json_out : &own;
    tf_status status = tf_sealed_unlock((tf_sealed){TF_SEALED_RESPONSE, row->id}, "answers", key,
                                        row->content, json, error);
    if (!status) {
        status = tf_answers_read((tf_text){json->data, json->length}, tf_access_pack(access), arena,
                                 answers_out, error);
    }
    wipe(&own);
    return status;
}

static const char *title_of_option(const tf_question *question, tf_text value) {
    int option = tf_question_option(question, value);
    return option < 0 ? NULL : tf_words_in(&question->options[option].label, TF_ENGLISH);
}

static void append_part(tf_buffer *words, const char *before, tf_text part) {
    if (part.length) {
        tf_buffer_format(words, "%s%s%.*s", words->length ? "\n" : "", before, TF_TEXT_ARG(part));
    }
}

static void append_place(tf_buffer *words, const tf_answer_texts *answer) {
    append_part(words, "", answer->texts[0]);
    if (answer->count == TF_PLACE_PARTS && answer->texts[TF_PLACE_LATITUDE].length) {
        bool is_exact = tf_text_equal(answer->texts[TF_PLACE_PRECISION], tf_text_of("exact"));
        tf_buffer_format(words, "%s%.*s, %.*s%s", words->length ? "\n" : "",
                         TF_TEXT_ARG(answer->texts[TF_PLACE_LATITUDE]),
                         TF_TEXT_ARG(answer->texts[TF_PLACE_LONGITUDE]),
                         is_exact ? "" : " (kept coarse)");
    }
}

static void append_answer(tf_buffer *words, const tf_question *question,
                          const tf_answer_texts *answer) {
    static const char *const contact_parts[] = {"Name: ", "Telephone: ", "E-mail: "};
    if (question->type == TF_QUESTION_PLACE) {
        append_place(words, answer);
        return;
    }
    for (size_t i = 0; i < answer->count; i++) {
        tf_text text = answer->texts[i];
        const char *title = NULL;
        if (question->type == TF_QUESTION_ONE_OF || question->type == TF_QUESTION_SOME_OF) {
            title = title_of_option(question, text);
        } else if (question->type == TF_QUESTION_YES_NO) {
            title = tf_text_equal(text, tf_text_of("yes")) ? "Yes" : "No";
        }
        bool is_contact = question->type == TF_QUESTION_CONTACT && i < 3;
        append_part(words, is_contact ? contact_parts[i] : "", title ? tf_text_of(title) : text);
    }
}

const char *tf_report_answer_in_words(const tf_answers *answers, size_t question, tf_arena *arena) {
    tf_buffer words;
    tf_buffer_init(&words);
    if (answers->values[question].count) {
        append_answer(&words, &answers->form->questions[question], &answers->values[question]);
    }
    const char *copy =
        words.failed ? NULL : tf_arena_copy_text(arena, words.data ? words.data : "", words.length);
    tf_buffer_deinit(&words);
    return copy;
}

static tf_status show_known(const tf_answers *answers, uint32_t fields, tf_arena *arena,
                            tf_report *report, tf_error *error) {
    const tf_form_definition *form = answers->form;
    for (size_t q = 0; q < form->question_count; q++) {
        const tf_question *question = &form->questions[q];
        if (answers->values[q].count == 0) {
            continue;
        }
        if (!tf_question_is_shown(question, fields)) {
            report->hidden_count++;
            continue;
        }
        const char *label = tf_words_in(&question->label, TF_ENGLISH);
        tf_report_answer *shown = &report->answers[report->answer_count];
        *shown = (tf_report_answer){.label = label ? label : question->name,
                                    .text = tf_report_answer_in_words(answers, q, arena)};
        if (!shown->text) {
            return tf_fail_no_memory(error);
        }
        report->answer_count += shown->text[0] != '\0';
    }
    return TF_OK;
}

/* What was answered to an earlier version of the form and has no place in today's, as it stands. */
static tf_status show_unknown(const tf_answers *answers, const tf_json_value *values,
                              tf_arena *arena, tf_report *report, tf_error *error) {
    void *cursor = NULL;
    const char *name;
    while ((name = tf_json_next_key(values, &cursor))) {
        int question = tf_form_question(answers->form, name);
        if (question >= 0 && answers->values[question].count) {
            continue;
        }
        tf_buffer words;
        tf_buffer_init(&words);
        const tf_json_value *texts = tf_json_member(values, name);
        for (size_t i = 0; i < tf_json_count(texts); i++) {
            tf_text text;
            if (tf_json_get_text(tf_json_item(texts, i), &text)) {
                append_part(&words, "", text);
            }
        }
        tf_report_answer *shown = &report->answers[report->answer_count++];
        *shown = (tf_report_answer){
            .label = tf_arena_copy_text(arena, name, strlen(name)),
            .text = tf_arena_copy_text(arena, words.data ? words.data : "", words.length)};
        bool failed = words.failed || !shown->label || !shown->text;
        wipe(&words);
        if (failed) {
            return tf_fail_no_memory(error);
        }
    }
    return TF_OK;
}

static tf_status show_answers(const tf_answers *answers, tf_text json, uint32_t fields,
                              uint32_t all_fields, tf_arena *arena, tf_report *report,
                              tf_error *error) {
    tf_json_value *root = NULL;
    tf_status status = tf_json_parse(json, 1, "the answers", &root, error);
    const tf_json_value *values = tf_json_member(root, "answers");
    size_t most = answers->form->question_count + tf_json_count(values);
    report->answers = tf_arena_alloc(arena, most, sizeof *report->answers);
    if (!report->answers) {
        tf_json_free(root);
        return tf_fail_no_memory(error);
    }
    if (!status) {
        status = show_known(answers, fields, arena, report, error);
    }
    /* Which field such an answer belonged to is not known, so only who sees all sees it. */
    if (!status && (fields & all_fields) == all_fields) {
        status = show_unknown(answers, values, arena, report, error);
    }
    tf_json_free(root);
    return status;
}

/* ---- messages and notes ---- */

static tf_status take_entry(tf_statement *statement, const uint8_t letters_public[TF_KEY_SIZE],
                            const uint8_t letters_secret[TF_KEY_SIZE], tf_arena *arena,
                            tf_report_entry *entry_out, tf_error *error) {
    size_t length = 0;
    const void *sealed = tf_column_at_bytes(statement, 4, &length);
    tf_text kind = tf_column_at_text(statement, 2);
    tf_text author = tf_column_at_text(statement, 5);
    *entry_out = (tf_report_entry){
        .id = tf_column_at_int(statement, 0),
        .at = tf_column_at_int(statement, 1),
        .is_note = tf_text_equal(kind, tf_text_of(tf_entry_kind_names[TF_ENTRY_NOTE])),
        .is_from_sender =
            tf_text_equal(kind, tf_text_of(tf_entry_kind_names[TF_ENTRY_FROM_SENDER])),
        .is_read = tf_column_at_int(statement, 3) != 0,
        .author = tf_arena_copy_text(arena, author.data ? author.data : "", author.length),
    };
    entry_out->is_new = entry_out->is_from_sender && !entry_out->is_read;
    tf_buffer plain;
    tf_buffer_init(&plain);
    if (!sealed ||
        !tf_secret_open(letters_public, letters_secret, (tf_text){sealed, length}, &plain)) {
        tf_buffer_append_text(&plain, "This cannot be opened: it has been changed.");
    }
    tf_status status = tf_buffer_check(&plain, error);
    if (!status) {
        entry_out->text =
            (tf_text){tf_arena_copy_text(arena, plain.data, plain.length), plain.length};
        status = entry_out->text.data && entry_out->author ? TF_OK : tf_fail_no_memory(error);
    }
    wipe(&plain);
    return status;
}

bool tf_report_shows_messages(tf_access *access, const tf_response_row *row, uint32_t fields) {
    const tf_category *category = &tf_access_get_rules(access)->categories[row->category];
    int index = tf_access_field(category, "messages");
    return index < 0 || fields >> index & 1;
}

/* All of them, or only what one account wrote. */
static tf_status show_entries(tf_db *db, const tf_response_row *row, const uint8_t key[TF_KEY_SIZE],
                              int64_t only_of, tf_arena *arena, tf_report *report,
                              tf_error *error) {
    uint8_t letters_public[TF_KEY_SIZE];
    uint8_t letters_secret[TF_KEY_SIZE];
    tf_sealed_letters(key, letters_public, letters_secret);
    tf_report_entry *entries = NULL;
    size_t capacity = 0;
    size_t count = 0;
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "SELECT e.id, e.at, e.kind, e.is_read, e.for_readers, a.name "
                                     "FROM response_entry AS e LEFT JOIN account AS a "
                                     "ON a.id = e.account_id WHERE e.response_id = ?1 "
                                     "AND (?2 = 0 OR e.account_id = ?2) ORDER BY e.id",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, row->id);
        tf_bind_int(statement, 2, only_of);
        bool has_row = false;
        while (!status && !(status = tf_statement_step(statement, &has_row, error)) && has_row) {
            status = tf_reserve(&entries, &capacity, count + 1, sizeof *entries, error);
            if (!status) {
                status = take_entry(statement, letters_public, letters_secret, arena,
                                    &entries[count++], error);
            }
        }
        tf_statement_free(statement);
    }
    if (!status && count) {
        report->entries = tf_arena_alloc(arena, count, sizeof *entries);
        status = report->entries ? TF_OK : tf_fail_no_memory(error);
    }
    if (!status && count) {
        memcpy(report->entries, entries, count * sizeof *entries);
        report->entry_count = count;
    }
    tf_free(entries);
    tf_secret_forget(letters_secret, sizeof letters_secret);
    return status;
}

/* Messages of the sender stay new to whoever opens it without seeing them. */
static tf_status mark_seen(tf_db *db, int64_t id, bool with_messages, tf_error *error) {
    int64_t now = tf_instant_now();
    tf_status status = tf_response_change(
        db, "UPDATE response SET first_seen_at = ?2 WHERE id = ?1 AND first_seen_at IS NULL", id,
        now, error);
    return status || !with_messages
               ? status
               : tf_response_change(db,
                                    "UPDATE response_entry SET is_read = 1 WHERE response_id = ?1 "
                                    "AND kind = 'from-sender' AND is_read = 0 AND at <= ?2",
                                    id, now, error);
}

/* ---- the whole ---- */

static tf_status show_line(tf_access *access, const tf_actor *actor, const tf_response_row *row,
                           uint32_t fields, tf_arena *arena, tf_report *report, tf_error *error) {
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(tf_access_db(access),
                      "SELECT " TF_LINE_COLUMNS ", o.name FROM response AS r "
                      "LEFT JOIN account AS a ON a.id = r.claimed_by "
                      "JOIN organisation AS o ON o.id = r.organisation_id WHERE r.id = ?1",
                      &statement, error);
    if (status) {
        return status;
    }
    bool has_row = false;
    tf_bind_int(statement, 1, row->id);
    status = tf_statement_step(statement, &has_row, error);
    if (!status) {
        status = tf_report_take_line(access, actor, fields, statement, tf_instant_now(), arena,
                                     &report->line, error);
    }
    if (!status) {
        tf_text name = tf_column_at_text(statement, 11);
        report->organisation = tf_arena_copy_text(arena, name.data ? name.data : "", name.length);
        status = report->organisation ? TF_OK : tf_fail_no_memory(error);
    }
    tf_statement_free(statement);
    const tf_word *outcome =
        row->outcome ? tf_word_find(&tf_pack_triage_words(tf_access_pack(access))->closing,
                                    tf_text_of(row->outcome))
                     : NULL;
    report->organisation_id = row->organisation_id;
    report->first_seen_at = row->first_seen_at;
    report->closed_at = row->closed_at;
    report->erased_at = row->erased_at;
    report->has_sender = row->has_sender_key && !row->erased_at;
    report->outcome = outcome ? outcome->title : row->outcome ? row->outcome : "";
    return status;
}

static tf_status show_readers(tf_db *db, int64_t id, tf_arena *arena, tf_report *report,
                              tf_error *error) {
    tf_reader *readers;
    size_t count;
    tf_status status =
        tf_sealed_readers(db, (tf_sealed){TF_SEALED_RESPONSE, id}, arena, &readers, &count, error);
    if (status) {
        return status;
    }
    report->readers = tf_arena_alloc(arena, count, sizeof *report->readers);
    if (!report->readers) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        report->readers[i] = readers[i].name;
    }
    report->reader_count = count;
    return TF_OK;
}

static tf_status show_content(tf_access *access, const tf_actor *actor, const tf_response_row *row,
                              const uint8_t key[TF_KEY_SIZE], uint32_t fields, tf_arena *arena,
                              tf_report *report, tf_error *error) {
    tf_db *db = tf_access_db(access);
    const tf_category *category = &tf_access_get_rules(access)->categories[row->category];
    tf_answers answers;
    tf_buffer json;
    tf_buffer_init(&json);
    tf_status status = tf_report_answers(access, row, key, arena, &answers, &json, error);
    if (!status) {
        status = show_answers(&answers, (tf_text){json.data, json.length}, fields,
                              tf_access_all_fields(category), arena, report, error);
    }
    wipe(&json);
    report->shows_messages = tf_report_shows_messages(access, row, fields);
    if (!status) {
        status = show_entries(db, row, key, report->shows_messages ? 0 : actor->account_id, arena,
                              report, error);
    }
    if (!status && row->closed_at == 0) {
        status = tf_report_find_hints(access, actor, row, &answers, arena, report, error);
    }
    if (!status) {
        status = show_readers(db, row->id, arena, report, error);
    }
    return status;
}

static tf_status open_report(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                             int64_t id, bool is_seen, tf_arena *arena, tf_report *report,
                             tf_error *error) {
    tf_response_row row;
    tf_status status = tf_response_row_get(access, id, NULL, arena, &row, error);
    if (status) {
        return status;
    }
    uint8_t key[TF_KEY_SIZE] = {0};
    tf_object object = tf_response_object(&row);
    tf_audit_note note = {.detail = row.erased_at ? "erased before" : NULL};
    tf_decision decision = {0};
    tf_sealed sealed = {TF_SEALED_RESPONSE, id};
    status =
        tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, intent, &note, &decision, error);
    if (!row.erased_at) {
        status = tf_sealed_turn_away(access, actor, sealed, row.organisation_id, &decision, status,
                                     error);
    }
    if (!status && !row.erased_at) {
        status = tf_sealed_take(tf_access_db(access), actor, sealed, key, error);
    }
    if (!status) {
        status = show_line(access, actor, &row, decision.fields, arena, report, error);
    }
    if (!status && !row.erased_at) {
        status = show_content(access, actor, &row, key, decision.fields, arena, report, error);
    }
    if (!status && !row.erased_at && is_seen) {
        status = mark_seen(tf_access_db(access), id, report->shows_messages, error);
    }
    tf_secret_forget(key, sizeof key);
    return status;
}

tf_status tf_triage_open(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                         int64_t id, bool is_seen, tf_arena *arena, tf_report *report_out,
                         tf_error *error) {
    *report_out = (tf_report){.outcome = ""};
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status = tf_access_end(
            access, open_report(access, actor, intent, id, is_seen, arena, report_out, error),
            error);
    }
    if (status) {
        *report_out = (tf_report){.outcome = ""};
    }
    return status;
}

tf_status tf_triage_audit(tf_access *access, const tf_actor *actor, int64_t id, size_t limit,
                          tf_arena *arena, tf_audit_look *look_out, tf_error *error) {
    tf_response_row row;
    *look_out = (tf_audit_look){.may = false};
    tf_status status = tf_response_row_get(access, id, NULL, arena, &row, error);
    if (status) {
        return status;
    }
    tf_object object = tf_response_object(&row);
    return tf_audit_about(access, actor, &object, limit, arena, look_out, error);
}
