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
static const char address[] = "/report/receipt";

typedef struct receipt_visit {
    tf_form_visit frame; /* first: the frame of the form is that of this page */
    tf_form_definition form;
    tf_receipt receipt;
    bool writes;   /* a message is sent with the code */
    bool was_sent; /* and was taken */
} receipt_visit;

static tf_status begin(receipt_visit *own, void *context, const tf_request *request,
                       tf_response *response, tf_error *error) {
    *own = (receipt_visit){.frame.visit = tf_visit_of(context, request, response)};
    own->frame.pack = tf_site_pack(own->frame.visit.site);
    const tf_form_definition *form = tf_pack_form_find(own->frame.pack, tf_text_of(form_name));
    own->frame.base = "/report";
    own->frame.page_name = "receipt";
    own->frame.page = -1;
    response->is_personal = true;
    if (!form) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no form to report a concern");
    }
    /* What officers write is in their language, so this page has one. */
    own->form = *form;
    memset(own->form.speaks, 0, sizeof own->form.speaks);
    own->form.speaks[TF_ENGLISH] = true;
    own->frame.form = &own->form;
    return TF_OK;
}

/* ---- asking for the code ---- */

static tf_status write_question(receipt_visit *own, tf_error *error) {
    tf_html *html = &own->frame.visit.html;
    tf_form_page_begin(&own->frame, "Come back to a report", "/report");
    tf_html_element(html, "h1", "govuk-heading-l", "Come back to a report");
    tf_page_paragraph(&own->frame.visit, "See what became of it, read our questions, add more.");
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", address);
    tf_html_attribute(html, "method", "post");
    tf_html_flag(html, "novalidate", true);
    tf_govuk_input(html, &(tf_input){.name = "code",
                                     .label.content.text = "Receipt code",
                                     .hint.content.text =
                                         "16 letters and digits, for example 7KQ2-M9XD-4RTN-C8WP",
                                     .error_message.content.text = own->frame.problem,
                                     .autocomplete = "off",
                                     .autocapitalize = "characters",
                                     .spellcheck = TF_NO,
                                     .classes = "govuk-input--width-20 govuk-input--extra-letter-"
                                                "spacing"});
    tf_govuk_button(html, &(tf_button){.content.text = "Continue"});
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

static const char *state_in_words(const tf_receipt *receipt) {
    switch (receipt->state) {
    case TF_RECEIPT_WAITING:
        return "Waiting to be read by an officer";
    case TF_RECEIPT_SEEN:
        return "An officer has read it";
    case TF_RECEIPT_CLOSED:
        return "Closed";
    case TF_RECEIPT_ERASED:
        return "Closed and erased: nothing of what you wrote is kept any more";
    }
    return "";
}

static void write_letters(tf_visit *visit, const tf_receipt *receipt) {
    if (receipt->letter_count) {
        tf_html_element(&visit->html, "h2", "govuk-heading-m", "Messages");
    }
    for (size_t i = 0; i < receipt->letter_count; i++) {
        const tf_letter *letter = &receipt->letters[i];
        const char *who = letter->is_from_sender ? "You" : "An officer";
        tf_html_element(&visit->html, "h3", "govuk-heading-s",
                        tf_page_format(visit, "%s, %s%s", who, tf_page_instant(visit, letter->at),
                                       letter->is_new ? " (new)" : ""));
        tf_page_prose(visit, letter->text);
    }
}

static void write_answer_form(receipt_visit *own, tf_text code) {
    tf_html *html = &own->frame.visit.html;
    bool is_again = own->frame.problem != NULL;
    tf_text text = tf_form_value(&own->frame.visit.request->form, "text")->text;
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", address);
    tf_html_attribute(html, "method", "post");
    tf_html_flag(html, "novalidate", true);
    tf_html_open(html, "input");
    tf_html_attribute(html, "type", "hidden");
    tf_html_attribute(html, "name", "code");
    tf_html_attribute_text(html, "value", code);
    tf_html_close(html, "input");
    tf_govuk_textarea(
        html,
        &(tf_textarea){
            .name = "text",
            .label = {.content.text = "Write to the officers", .classes = "govuk-label--m"},
            .hint.content.text = "Answer a question, or add what you have seen since. Do not write "
                                 "anything that shows who you are.",
            .value = is_again ? tf_page_format(&own->frame.visit, "%.*s", TF_TEXT_ARG(text)) : NULL,
            .error_message.content.text = own->frame.problem,
            .autocomplete = "off"});
    tf_govuk_button(html, &(tf_button){.content.text = "Send",
                                       .name = "do",
                                       .value = "write",
                                       .prevents_double_click = TF_YES});
    tf_html_close(html, "form");
}

static tf_status write_receipt(receipt_visit *own, tf_text code, tf_error *error) {
    tf_visit *visit = &own->frame.visit;
    const tf_receipt *receipt = &own->receipt;
    tf_form_page_begin(&own->frame, "Your report", address);
    if (own->was_sent) {
        tf_govuk_notification_banner(
            &visit->html,
            &(tf_notification_banner){.content.text = "Your message was sent", .is_success = true});
    }
    tf_html_element(&visit->html, "h1", "govuk-heading-l", "Your report");
    const tf_summary_row rows[] = {
        {.key.text = "Sent", .value.text = tf_page_instant(visit, receipt->received_at)},
        {.key.text = "How it stands", .value.text = state_in_words(receipt)},
        {.key.text = receipt->closed_at ? "Closed" : NULL,
         .value.text = receipt->closed_at ? tf_page_instant(visit, receipt->closed_at) : NULL},
        {.key.text = *receipt->told ? "What became of it" : NULL,
         .value.text = *receipt->told ? receipt->told : NULL},
    };
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
    write_letters(visit, receipt);
    if (receipt->closed_at) {
        tf_page_paragraph(visit, "Nothing can be added to it any more. Make a new report if you "
                                 "have seen more.");
    } else {
        write_answer_form(own, code);
    }
    tf_form_page_end(&own->frame);
    return tf_buffer_check(&visit->response->body, error);
}

/* ---- the code, and perhaps a message ---- */

static tf_status look(tf_visit *visit, void *data, tf_error *error) {
    receipt_visit *own = data;
    tf_text code = tf_form_value(&visit->request->form, "code")->text;
    tf_text text = tf_form_value(&visit->request->form, "text")->text;
    tf_status written = TF_OK;
    tf_error fault = {.message = ""};
    if (own->writes) {
        written = tf_receipt_write(visit->access, code, text, &fault);
        own->was_sent = !written;
    }
    if (written && written != TF_BAD_INPUT && written != TF_REFUSED) {
        return tf_fail(error, written, NULL, 0, "%s", fault.message);
    }
    if (written) {
        own->frame.problem = tf_page_sentence(visit, fault.message);
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
        own.frame.problem = tf_page_sentence(&own.frame.visit, fault.message);
        return write_question(&own, error);
    }
    if (status) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    response->status = own.frame.problem ? 400 : 200;
    return write_receipt(&own, tf_form_value(&request->form, "code")->text, error);
}

/* ---- routes ---- */

static const tf_field receipt_fields[] = {
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
