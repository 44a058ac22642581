/* The end of a form: check the answers, send them, get the receipt. */
#include "form_internal.h"

#include "intake/response.h"
#include "trefoil/base/date.h"
#include "trefoil/base/log.h"
#include "web/html/buttons.h"
#include "web/html/notices.h"
#include "web/html/tables.h"
#include "web/html/text_blocks.h"
#include "web/http/cookie.h"

/* ---- answers in words ---- */

typedef struct shown_answer {
    tf_form_visit *own;
    size_t question;
} shown_answer;

/* Text with its line breaks. */
static void write_lines(tf_html *html, tf_text text) {
    while (text.length) {
        const char *end = memchr(text.data, '\n', text.length);
        size_t length = end ? (size_t)(end - text.data) : text.length;
        tf_html_text_of(html, (tf_text){text.data, length});
        if (end) {
            tf_html_open(html, "br");
            tf_html_close(html, "br");
            length++;
        }
        text = (tf_text){text.data + length, text.length - length};
    }
}

/* "27 March 2026" */
static const char *date_in_words(tf_form_visit *own, tf_text date) {
    const char *month = tf_form_say(own, TF_WORD_MONTHS);
    int number = (date.data[5] - '0') * 10 + (date.data[6] - '0');
    for (int i = 1; i < number; i++) {
        month += strcspn(month, " ") + 1;
    }
    int day = (date.data[8] - '0') * 10 + (date.data[9] - '0');
    return tf_page_format(&own->visit, "%d %.*s %.4s", day, (int)strcspn(month, " "), month,
                          date.data);
}

static const char *option_in_words(tf_form_visit *own, const tf_question *question, tf_text value) {
    if (question->type == TF_QUESTION_YES_NO) {
        return tf_form_say(own, tf_text_equal(value, tf_text_of("yes")) ? TF_WORD_YES : TF_WORD_NO);
    }
    int option = tf_question_option(question, value);
    return option < 0 ? "" : tf_form_words(own, &question->options[option].label);
}

/* A place that has a name has a point that its sender did not choose: its degrees would look like
 * the sender's own. */
static const char *point_in_words(tf_form_visit *own, const tf_text *place) {
    bool is_exact = tf_text_equal(place[TF_PLACE_PRECISION], tf_text_of("exact"));
    if (place[TF_PLACE_NAME].length && !is_exact) {
        return tf_form_say(own, TF_WORD_POINT_NAMED);
    }
    const char *point =
        tf_page_format(&own->visit, "%.*s, %.*s", TF_TEXT_ARG(place[TF_PLACE_LATITUDE]),
                       TF_TEXT_ARG(place[TF_PLACE_LONGITUDE]));
    const char *const places[] = {"point", point, NULL};
    return tf_form_say_of(own, is_exact ? TF_WORD_POINT_EXACT : TF_WORD_POINT_COARSE, places);
}

/* Each text that there is on a line of its own. */
static void write_texts(tf_html *html, const tf_text *texts, size_t count) {
    bool has_begun = false;
    for (size_t i = 0; i < count; i++) {
        if (texts[i].length) {
            if (has_begun) {
                tf_html_open(html, "br");
                tf_html_close(html, "br");
            }
            tf_html_text_of(html, texts[i]);
            has_begun = true;
        }
    }
}

static void write_options(tf_html *html, tf_form_visit *own, const tf_question *question,
                          const tf_answer_texts *value) {
    tf_text labels[TF_MOST_OPTIONS];
    for (size_t i = 0; i < value->count && i < TF_MOST_OPTIONS; i++) {
        labels[i] = tf_text_of(option_in_words(own, question, value->texts[i]));
    }
    write_texts(html, labels, value->count < TF_MOST_OPTIONS ? value->count : TF_MOST_OPTIONS);
}

static void write_place(tf_html *html, tf_form_visit *own, const tf_text *place) {
    tf_text parts[] = {place[TF_PLACE_NAME], {"", 0}};
    if (place[TF_PLACE_LATITUDE].length) {
        parts[1] = tf_text_of(point_in_words(own, place));
    }
    write_texts(html, parts, 2);
}

static void write_answer(tf_html *html, const void *data) {
    const shown_answer *shown = data;
    tf_form_visit *own = shown->own;
    const tf_question *question = &own->form->questions[shown->question];
    const tf_answer_texts *value = &own->draft.answers.values[shown->question];
    if (value->count == 0) {
        tf_html_text(html, tf_form_say(own, TF_WORD_NO_ANSWER));
        return;
    }
    switch (question->type) {
    case TF_QUESTION_ONE_OF:
    case TF_QUESTION_SOME_OF:
    case TF_QUESTION_YES_NO:
        write_options(html, own, question, value);
        return;
    case TF_QUESTION_DATE:
        tf_html_text(html, date_in_words(own, value->texts[0]));
        return;
    case TF_QUESTION_PLACE:
        write_place(html, own, value->texts);
        return;
    case TF_QUESTION_CONTACT:
        write_texts(html, value->texts, value->count);
        return;
    case TF_QUESTION_TEXT:
    case TF_QUESTION_LONG_TEXT:
    case TF_QUESTION_NUMBER:
    case TF_QUESTION_TYPE_COUNT:
        write_lines(html, value->texts[0]);
        return;
    }
}

/* ---- the check ---- */

static void write_rows(tf_form_visit *own, tf_summary_row *rows, tf_summary_action *actions,
                       shown_answer *shown) {
    const tf_form_definition *form = own->form;
    size_t count = 0;
    for (size_t p = 0; p < form->page_count; p++) {
        for (size_t i = 0; i < form->pages[p].question_count; i++) {
            size_t question = form->pages[p].first_question + i;
            if (!tf_answers_ask(&own->draft.answers, question)) {
                continue;
            }
            const char *label = tf_form_words(own, &form->questions[question].label);
            shown[count] = (shown_answer){own, question};
            actions[count] = (tf_summary_action){
                .href = tf_form_address(own, form->pages[p].name, form->pages[p].name),
                .content.text = tf_form_say(own, TF_WORD_CHANGE),
                .visually_hidden_text = label,
            };
            rows[count] = (tf_summary_row){
                .key.text = label,
                .value = {.write = write_answer, .data = &shown[count]},
                .value_classes = "app-break",
                .actions = {.items = &actions[count], .count = 1},
            };
            count++;
        }
    }
    tf_govuk_summary_list(&own->visit.html, &(tf_summary_list){.rows = rows, .count = count});
}

static tf_status write_check(tf_form_visit *own, tf_error *error) {
    tf_html *html = &own->visit.html;
    const tf_form_definition *form = own->form;
    tf_summary_row *rows = tf_arena_alloc(own->visit.arena, form->question_count, sizeof *rows);
    tf_summary_action *actions =
        tf_arena_alloc(own->visit.arena, form->question_count, sizeof *actions);
    shown_answer *shown = tf_arena_alloc(own->visit.arena, form->question_count, sizeof *shown);
    if (!rows || !actions || !shown) {
        return tf_fail_no_memory(error);
    }
    const char *title = tf_form_say(own, TF_WORD_CHECK);
    int before = tf_answers_previous_page(&own->draft.answers, form->page_count);
    tf_form_page_begin(own, title,
                       tf_form_address(own, before < 0 ? "" : form->pages[before].name, NULL));
    tf_html_element(html, "h1", "govuk-heading-l", title);
    write_rows(own, rows, actions, shown);
    tf_html_element(html, "h2", "govuk-heading-m", tf_form_say(own, TF_WORD_CHECK_SEND));
    if (form->has_receipt) {
        tf_page_paragraph(&own->visit, tf_form_say(own, TF_WORD_CHECK_HELP));
    }
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", tf_form_address(own, "check", NULL));
    tf_html_attribute(html, "method", "post");
    tf_govuk_button(html, &(tf_button){.content.text = tf_form_say(own, TF_WORD_SEND),
                                       .prevents_double_click = TF_YES});
    tf_html_close(html, "form");
    tf_form_page_end(own);
    return tf_buffer_check(&own->visit.response->body, error);
}

/* Whether all is answered and not sent; if not, the answer is where to go instead. */
static bool is_ready(tf_form_visit *own, tf_error *error, tf_status *status_out) {
    *status_out = tf_form_open_draft(own, error);
    if (*status_out) {
        return false;
    }
    size_t open = tf_answers_first_open_page(&own->draft.answers);
    if (own->draft.receipt[0]) {
        *status_out = tf_form_redirect(own, "done", NULL);
    } else if (!own->draft.is_there) {
        *status_out = tf_form_answer_gone(own, error);
    } else if (open < own->form->page_count) {
        *status_out = tf_form_redirect(own, own->form->pages[open].name, NULL);
    } else {
        return true;
    }
    return false;
}

tf_status tf_form_answer_check(tf_form_visit *own, tf_error *error) {
    tf_status status;
    return is_ready(own, error, &status) ? write_check(own, error) : status;
}

/* ---- the receipt ---- */

static void write_code(tf_html *html, const void *data) {
    const tf_form_visit *own = data;
    tf_html_text(html, tf_form_say(own, TF_WORD_RECEIPT));
    tf_html_open(html, "br");
    tf_html_close(html, "br");
    tf_html_element(html, "strong", NULL, own->draft.receipt);
}

static tf_status write_done(tf_form_visit *own, tf_error *error) {
    tf_html *html = &own->visit.html;
    const char *title = tf_form_say(own, TF_WORD_SENT);
    bool has_code = own->form->has_receipt && own->draft.receipt[0];
    tf_panel panel = {.title.text = title};
    if (has_code) {
        panel.content = (tf_content){.write = write_code, .data = own};
    }
    tf_form_page_begin(own, title, NULL);
    tf_govuk_panel(html, &panel);
    if (has_code) {
        tf_page_paragraph(&own->visit, tf_form_say(own, TF_WORD_RECEIPT_HELP));
        tf_govuk_inset_text(
            html, &(tf_inset_text){.content.text = tf_form_say(own, TF_WORD_RECEIPT_ONCE)});
    } else if (own->form->has_receipt) {
        tf_page_paragraph(&own->visit, tf_form_say(own, TF_WORD_RECEIPT_GONE));
    }
    tf_form_receipt_link(own);
    if (tf_form_words(own, &own->form->after)) {
        tf_html_element(html, "h2", "govuk-heading-m", tf_form_say(own, TF_WORD_NEXT));
        tf_form_paragraphs(own, tf_form_words(own, &own->form->after));
    }
    tf_form_page_end(own);
    return tf_buffer_check(&own->visit.response->body, error);
}

static tf_status remove_draft(tf_visit *visit, void *data, tf_error *error) {
    const tf_form_visit *own = data;
    return tf_draft_remove(tf_access_db(visit->access), &own->draft, error);
}

tf_status tf_form_answer_done(tf_form_visit *own, tf_error *error) {
    tf_status status = tf_form_open_draft(own, error);
    if (status) {
        return status;
    }
    if (own->draft.is_there && !own->draft.receipt[0]) {
        return tf_form_redirect(own, "check", NULL);
    }
    status = write_done(own, error);
    /* Once it is shown the code is kept nowhere; asking for the head alone shows nothing. */
    if (!status && own->draft.is_there &&
        tf_text_equal(own->visit.request->method, tf_text_of("GET"))) {
        (void)tf_visit_at_access(&own->visit, remove_draft, own, NULL);
        tf_response_drop_cookie(own->visit.response, own->visit.request, own->cookie_name);
    }
    return status;
}

/* ---- sending ---- */

typedef struct sending {
    tf_form_visit *own;
    bool is_kept; /* the code is in the draft, for the next page */
    tf_not_taken why;
    tf_error fault;
} sending;

static tf_status submit(tf_visit *visit, void *data, tf_error *error) {
    sending *sent = data;
    tf_form_visit *own = sent->own;
    const tf_actor nobody = tf_actor_public();
    const tf_actor *actor = own->form->is_public ? &nobody : visit->actor;
    char receipt[TF_RECEIPT_SIZE];
    tf_status status = tf_response_submit(visit->access, actor, &own->draft.answers,
                                          tf_text_of(own->draft.once), receipt, &sent->why, error);
    if (status) {
        return status;
    }
    if (!own->form->has_receipt) {
        /* Nothing is left to show.  Answers that stayed would be known as sent all the same. */
        (void)tf_draft_remove(tf_access_db(visit->access), &own->draft, NULL);
        sent->is_kept = true;
        return TF_OK;
    }
    memcpy(own->draft.receipt, receipt, sizeof receipt);
    sent->is_kept =
        tf_draft_save(tf_access_db(visit->access), &own->draft, tf_instant_now(), NULL) == TF_OK;
    return TF_OK;
}

/* Why it was not taken, in the language of its sender. */
static const char *not_taken_in_words(const tf_form_visit *own, tf_not_taken why) {
    switch (why) {
    case TF_NOT_TAKEN_EARLY:
        return tf_form_say(own, TF_WORD_REFUSED_EARLY);
    case TF_NOT_TAKEN_CLOSED:
        return tf_form_say(own, TF_WORD_REFUSED_CLOSED);
    case TF_NOT_TAKEN_MANY:
        return tf_form_say(own, TF_WORD_REFUSED_MANY);
    case TF_NOT_TAKEN_UNREAD:
        return tf_form_say(own, TF_WORD_REFUSED_UNREAD);
    case TF_NOT_TAKEN_AGAIN:
    case TF_NOT_TAKEN_FAULT:
        break;
    }
    return tf_form_say(own, TF_WORD_NOT_STORED);
}

tf_status tf_form_answer_send(tf_form_visit *own, tf_error *error) {
    tf_status status;
    if (!is_ready(own, error, &status)) {
        return status;
    }
    sending sent = {.own = own};
    status = tf_visit_at_access(&own->visit, submit, &sent, &sent.fault);
    if (!status && !own->form->has_receipt) {
        tf_response_drop_cookie(own->visit.response, own->visit.request, own->cookie_name);
    }
    if (!status) {
        /* It is stored; without room for the code it is shown at once, as it is there only now. */
        return sent.is_kept ? tf_form_redirect(own, "done", NULL) : write_done(own, error);
    }
    if (sent.why == TF_NOT_TAKEN_AGAIN) {
        /* Where the button was pressed twice, the draft has the code by now, to be shown. */
        status = tf_form_open_draft(own, error);
        if (!status && own->draft.is_there && !own->draft.receipt[0]) {
            (void)tf_visit_at_access(&own->visit, remove_draft, own, NULL);
            tf_response_drop_cookie(own->visit.response, own->visit.request, own->cookie_name);
        }
        return status ? status : tf_form_redirect(own, "done", NULL);
    }
    tf_log(TF_LOG_ERROR, "a form \"%s\" could not be sent: %s", own->form->name,
           sent.fault.message);
    own->problem = not_taken_in_words(own, sent.why);
    own->has_emergency = true;
    own->visit.response->status = 503;
    return write_check(own, error);
}
