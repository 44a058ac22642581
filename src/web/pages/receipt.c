/* The sender of a report comes back with the receipt code.  The code is sent in a form each time:
 * it stands in no address and in no cookie, so that the browser keeps nothing of it. */
#include "concern_internal.h"
#include "form_internal.h"
#include "routes_internal.h"

#include "intake/receipt.h"
#include "web/html/buttons.h"
#include "web/html/messages.h"
#include "web/html/tables.h"
#include "web/html/text_inputs.h"
#include "web/html/textareas.h"

static const char form_name[] = "report";

typedef struct receipt_visit {
    tf_form_visit frame; /* first: the frame of the form is that of this page */
    tf_receipt receipt;
    tf_letter_fault letter_fault;
    bool writes;   /* a message is sent with the code */
    bool was_sent; /* and was taken */
} receipt_visit;

static tf_status begin(receipt_visit *own, void *context, const tf_request *request,
                       tf_response *response, tf_error *error) {
    *own = (receipt_visit){.frame.visit = tf_visit_of(context, request, response)};
    tf_form_visit *frame = &own->frame;
    frame->pack = tf_site_pack(frame->visit.site);
    frame->form = tf_pack_form_find(frame->pack, tf_text_of(form_name));
    frame->base = "/report";
    frame->page_name = "receipt";
    frame->page = -1;
    response->is_personal = true;
    if (!frame->form) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no form to report a concern");
    }
    frame->language = tf_language_of(tf_form_value(&request->form, "language")->text);
    if (!frame->form->speaks[frame->language]) {
        frame->language = TF_ENGLISH;
    }
    return TF_OK;
}

static const char *say(const receipt_visit *own, tf_frame_word word) {
    return tf_form_say(&own->frame, word);
}

/* ---- asking for the code ---- */

static tf_status write_question(receipt_visit *own, tf_error *error) {
    tf_html *html = &own->frame.visit.html;
    const char *title = say(own, TF_WORD_RECEIPT_BACK);
    tf_form_page_begin(&own->frame, title, tf_form_address(&own->frame, "", NULL));
    tf_html_element(html, "h1", "govuk-heading-l", title);
    tf_page_paragraph(&own->frame.visit, say(own, TF_WORD_RECEIPT_LEAD));
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", tf_form_address(&own->frame, "receipt", NULL));
    tf_html_attribute(html, "method", "post");
    tf_html_flag(html, "novalidate", true);
    tf_govuk_input(
        html, &(tf_input){.name = "code",
                          .label.content.text = say(own, TF_WORD_RECEIPT_CODE),
                          .hint.content.text = say(own, TF_WORD_RECEIPT_CODE_HINT),
                          .error_message = {.content.text = own->frame.problem,
                                            .hidden_text = say(own, TF_WORD_ERROR)},
                          .autocomplete = "off",
                          .autocapitalize = "characters",
                          .spellcheck = TF_NO,
                          .classes = "govuk-input--width-20 govuk-input--extra-letter-spacing"});
    tf_govuk_button(html, &(tf_button){.content.text = say(own, TF_WORD_CONTINUE)});
    tf_html_close(html, "form");
    tf_form_page_end(&own->frame);
    return tf_buffer_check(&own->frame.visit.response->body, error);
}

static tf_status handle_question(void *context, const tf_request *request, tf_response *response,
                                 tf_error *error) {
    receipt_visit own;
    tf_status status = begin(&own, context, request, response, error);
    return status ? status : write_question(&own, error);
}

/* ---- what became of it ---- */

static const char *state_in_words(const receipt_visit *own) {
    static const tf_frame_word words[] = {
        [TF_RECEIPT_WAITING] = TF_WORD_STATE_WAITING,
        [TF_RECEIPT_SEEN] = TF_WORD_STATE_SEEN,
        [TF_RECEIPT_CLOSED] = TF_WORD_STATE_CLOSED,
        [TF_RECEIPT_ERASED] = TF_WORD_STATE_ERASED,
    };
    return say(own, words[own->receipt.state]);
}

static void write_letters(receipt_visit *own) {
    tf_visit *visit = &own->frame.visit;
    if (own->receipt.letter_count) {
        tf_html_element(&visit->html, "h2", "govuk-heading-m", say(own, TF_WORD_MESSAGES));
    }
    for (size_t i = 0; i < own->receipt.letter_count; i++) {
        const tf_letter *letter = &own->receipt.letters[i];
        const char *title = tf_page_format(
            visit, "%s, %s", say(own, letter->is_from_sender ? TF_WORD_YOU : TF_WORD_OFFICER),
            tf_page_instant(visit, letter->at));
        const char *const places[] = {"what", title, NULL};
        tf_html_element(&visit->html, "h3", "govuk-heading-s",
                        letter->is_new ? tf_form_say_of(&own->frame, TF_WORD_MESSAGE_NEW, places)
                                       : title);
        if (letter->is_lost) {
            tf_page_paragraph(visit, say(own, TF_WORD_MESSAGE_LOST));
        } else {
            tf_page_prose(visit, letter->text);
        }
    }
}

static void write_answer_form(receipt_visit *own) {
    tf_html *html = &own->frame.visit.html;
    bool is_again = own->frame.problem != NULL;
    tf_text text = tf_form_value(&own->frame.visit.request->form, "text")->text;
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", tf_form_address(&own->frame, "receipt", NULL));
    tf_html_attribute(html, "method", "post");
    tf_html_flag(html, "novalidate", true);
    tf_html_open(html, "input");
    tf_html_attribute(html, "type", "hidden");
    tf_html_attribute(html, "name", "code");
    tf_html_attribute(html, "value", own->frame.code);
    tf_html_close(html, "input");
    tf_govuk_textarea(
        html,
        &(tf_textarea){
            .name = "text",
            .label = {.content.text = say(own, TF_WORD_WRITE), .classes = "govuk-label--m"},
            .hint.content.text = say(own, TF_WORD_WRITE_HINT),
            .value = is_again ? tf_page_format(&own->frame.visit, "%.*s", TF_TEXT_ARG(text)) : NULL,
            .error_message = {.content.text = own->frame.problem,
                              .hidden_text = say(own, TF_WORD_ERROR)},
            .autocomplete = "off"});
    tf_govuk_button(html, &(tf_button){.content.text = say(own, TF_WORD_SEND),
                                       .name = "do",
                                       .value = "write",
                                       .prevents_double_click = TF_YES});
    tf_html_close(html, "form");
}

static tf_status write_receipt(receipt_visit *own, tf_error *error) {
    tf_visit *visit = &own->frame.visit;
    const tf_receipt *receipt = &own->receipt;
    const char *title = say(own, TF_WORD_REPORT);
    const char *told = tf_form_words(&own->frame, &receipt->told);
    const char *closed_at = receipt->closed_at ? tf_page_instant(visit, receipt->closed_at) : NULL;
    own->frame.code = tf_page_format(
        visit, "%.*s", TF_TEXT_ARG(tf_form_value(&visit->request->form, "code")->text));
    tf_form_page_begin(&own->frame, title, tf_form_address(&own->frame, "receipt", NULL));
    if (own->was_sent) {
        tf_govuk_notification_banner(
            &visit->html, &(tf_notification_banner){.content.text = say(own, TF_WORD_WRITTEN),
                                                    .title.text = say(own, TF_WORD_SUCCESS),
                                                    .is_success = true});
    }
    tf_html_element(&visit->html, "h1", "govuk-heading-l", title);
    const tf_summary_row rows[] = {
        {.key.text = say(own, TF_WORD_SENT),
         .value.text = tf_page_instant(visit, receipt->received_at)},
        {.key.text = say(own, TF_WORD_STATE), .value.text = state_in_words(own)},
        {.key.text = closed_at ? say(own, TF_WORD_STATE_CLOSED) : NULL, .value.text = closed_at},
        {.key.text = told ? say(own, TF_WORD_OUTCOME) : NULL, .value.text = told},
    };
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
    write_letters(own);
    if (receipt->closed_at) {
        tf_page_paragraph(visit, say(own, TF_WORD_WRITE_CLOSED));
    } else {
        write_answer_form(own);
    }
    tf_form_page_end(&own->frame);
    return tf_buffer_check(&visit->response->body, error);
}

/* ---- the code, and perhaps a message ---- */

/* Why a letter was not taken, in the language of its sender. */
static const char *letter_fault_in_words(receipt_visit *own) {
    switch (own->letter_fault) {
    case TF_LETTER_TOO_LONG: {
        const char *most = tf_page_format(&own->frame.visit, "%d", TF_LETTER_MOST_CHARACTERS);
        const char *const places[] = {"what", say(own, TF_WORD_MESSAGE), "count", most, NULL};
        return tf_form_say_of(&own->frame, TF_WORD_TOO_LONG, places);
    }
    case TF_LETTER_TOO_MANY: {
        const char *most = tf_page_format(&own->frame.visit, "%d", TF_MOST_LETTERS);
        const char *const places[] = {"count", most, NULL};
        return tf_form_say_of(&own->frame, TF_WORD_WRITE_MOST, places);
    }
    case TF_LETTER_CLOSED:
        return say(own, TF_WORD_WRITE_CLOSED);
    case TF_LETTER_SOUND:
    case TF_LETTER_EMPTY:
    case TF_LETTER_UNREADABLE:
        break;
    }
    return say(own, TF_WORD_WRITE_EMPTY);
}

static tf_status look(tf_visit *visit, void *data, tf_error *error) {
    receipt_visit *own = data;
    tf_text code = tf_form_value(&visit->request->form, "code")->text;
    tf_text text = tf_form_value(&visit->request->form, "text")->text;
    if (own->writes) {
        tf_status written = tf_receipt_write(visit->access, code, text, &own->letter_fault, error);
        own->was_sent = !written;
        if (written && own->letter_fault == TF_LETTER_SOUND) {
            return written;
        }
    }
    if (own->letter_fault != TF_LETTER_SOUND) {
        own->frame.problem = letter_fault_in_words(own);
    }
    return tf_receipt_look(visit->access, code, visit->arena, &own->receipt, error);
}

static tf_status handle_code(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    receipt_visit own;
    tf_error fault = {.message = ""};
    tf_status status = begin(&own, context, request, response, error);
    if (status) {
        return status;
    }
    own.writes = tf_form_value(&request->form, "do")->is_given;
    status = tf_visit_at_access(&own.frame.visit, look, &own, &fault);
    if (status == TF_NOT_FOUND || status == TF_BUSY) {
        response->status = status == TF_BUSY ? 503 : 400;
        own.frame.problem =
            say(&own, status == TF_BUSY ? TF_WORD_RECEIPT_BUSY : TF_WORD_RECEIPT_WRONG);
        return write_question(&own, error);
    }
    if (status) {
        return tf_form_answer_fault(&own.frame, status, &fault, error);
    }
    response->status = own.frame.problem ? 400 : 200;
    return write_receipt(&own, error);
}

/* ---- routes ---- */

#define LANGUAGE_FIELD                                                                             \
    { .name = "language", .label = "Language", .help = "en or cy.", .maximum = 2 }

static const tf_field question_fields[] = {LANGUAGE_FIELD};

static const tf_field receipt_fields[] = {
    LANGUAGE_FIELD,
    {.name = "code", .label = "Receipt code", .help = "The code of the receipt.", .maximum = 100},
    {.name = "text", .label = "Message", .help = "What is added.", .maximum = 6000},
    {.name = "do", .label = "Action", .help = "Whether a message is sent.", .maximum = 10},
};

const tf_route tf_route_receipt = {
    .method = "GET",
    .path = "/report/receipt",
    .title = "Come back to a report",
    .help = "Where the sender of a report enters the receipt code.",
    .is_volatile = true,
    .fields = question_fields,
    .field_count = sizeof question_fields / sizeof *question_fields,
    .handle = handle_question,
};

const tf_route tf_route_receipt_send = {
    .method = "POST",
    .path = "/report/receipt",
    .title = "What became of a report",
    .help = "How a report stands and the messages about it, for its receipt code; or write one.",
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .is_volatile = true,
    .fields = receipt_fields,
    .field_count = sizeof receipt_fields / sizeof *receipt_fields,
    .handle = handle_code,
};
