/* Pages that say that a form cannot be filled in: in its own frame and language, as its visitor may
 * know no other. */
#include "form_internal.h"

#include "trefoil/base/log.h"
#include "web/html/buttons.h"
#include "web/http/pairs.h"

tf_status tf_form_answer_closed(tf_form_visit *own, tf_error *error) {
    const char *title = tf_form_say(own, TF_WORD_CLOSED);
    own->has_emergency = true;
    tf_form_page_begin(own, title, NULL);
    tf_html_element(&own->visit.html, "h1", "govuk-heading-l", title);
    tf_page_paragraph(&own->visit, tf_form_say(own, TF_WORD_CLOSED_HELP));
    tf_form_page_end(own);
    return tf_buffer_check(&own->visit.response->body, error);
}

tf_status tf_form_answer_gone(tf_form_visit *own, tf_error *error) {
    const char *title = tf_form_say(own, TF_WORD_GONE);
    own->visit.response->status = 410;
    tf_form_page_begin(own, title, NULL);
    tf_html_element(&own->visit.html, "h1", "govuk-heading-l", title);
    tf_page_paragraph(&own->visit, tf_form_say(own, TF_WORD_GONE_HELP));
    tf_govuk_button(&own->visit.html, &(tf_button){.content.text = tf_form_say(own, TF_WORD_START),
                                                   .href = tf_form_address(own, "", NULL),
                                                   .is_start = true});
    tf_form_page_end(own);
    return tf_buffer_check(&own->visit.response->body, error);
}

/* What a fault of a page is to its visitor. */
typedef struct worded_fault {
    int status;
    tf_frame_word title;
    tf_frame_word help;
} worded_fault;

static worded_fault word_fault(tf_status status) {
    switch (status) {
    case TF_NOT_FOUND:
        return (worded_fault){404, TF_WORD_NO_PAGE, TF_WORD_NO_PAGE_HELP};
    case TF_REFUSED:
        return (worded_fault){403, TF_WORD_NOT_YOURS, TF_WORD_NOT_YOURS_HELP};
    case TF_BAD_INPUT:
        return (worded_fault){400, TF_WORD_PROBLEM, TF_WORD_FAULT_HELP};
    case TF_BUSY:
    case TF_NO_MEMORY:
        return (worded_fault){503, TF_WORD_FAULT, TF_WORD_FAULT_HELP};
    default:
        return (worded_fault){500, TF_WORD_FAULT, TF_WORD_FAULT_HELP};
    }
}

/* Whether the sign-in comes first: the answer leads there. */
static bool leads_to_sign_in(tf_form_visit *own, tf_status status) {
    const tf_request *request = own->visit.request;
    if (status != TF_REFUSED || own->visit.visitor->is_signed_in ||
        !tf_text_equal(request->method, tf_text_of("GET")) || !tf_is_own_path(request->target)) {
        return false;
    }
    tf_buffer address = {0};
    tf_buffer_append_text(&address, "/sign-in");
    tf_query_append(&address, "to", request->target);
    tf_response_redirect(own->visit.response, tf_page_words(&own->visit, &address));
    tf_buffer_deinit(&address);
    return true;
}

/* Whoever has a receipt code comes back with it all the same. */
static tf_status answer_unread(tf_form_visit *own, tf_error *error) {
    const char *title = tf_form_say(own, TF_WORD_CLOSED);
    own->has_emergency = true;
    tf_form_page_begin(own, title, NULL);
    tf_html_element(&own->visit.html, "h1", "govuk-heading-l", title);
    tf_page_paragraph(&own->visit,
                      tf_page_format(&own->visit, "%s.", tf_form_say(own, TF_WORD_REFUSED_UNREAD)));
    tf_form_receipt_link(own);
    tf_form_page_end(own);
    return tf_buffer_check(&own->visit.response->body, error);
}

tf_status tf_form_answer_fault(tf_form_visit *own, tf_status status, const tf_error *fault,
                               tf_error *error) {
    if (own->why_not == TF_NOT_TAKEN_UNREAD) {
        return answer_unread(own, error);
    }
    if (leads_to_sign_in(own, status)) {
        return TF_OK;
    }
    worded_fault worded = word_fault(status);
    const char *title = tf_form_say(own, worded.title);
    char text[TF_ERROR_PLACE_SIZE + TF_ERROR_MESSAGE_SIZE];
    if (worded.status >= 500) {
        tf_log(TF_LOG_ERROR, "a page of the form \"%s\" failed: %s", own->form->name,
               tf_error_format(fault, text, sizeof text));
    }
    tf_buffer_deinit(&own->visit.response->body);
    own->visit.response->body = (tf_buffer){0};
    own->visit.response->status = worded.status;
    if (worded.status == 503) {
        tf_response_header(own->visit.response, "Retry-After", "60");
    }
    own->problem = NULL;
    own->check.fault_count = 0;
    own->has_emergency = true;
    tf_form_page_begin(own, title, NULL);
    tf_html_element(&own->visit.html, "h1", "govuk-heading-l", title);
    tf_page_paragraph(&own->visit, tf_form_say(own, worded.help));
    if (worded.status == 404) {
        tf_govuk_button(&own->visit.html,
                        &(tf_button){.content.text = tf_form_say(own, TF_WORD_START),
                                     .href = tf_form_address(own, "", NULL),
                                     .is_start = true});
    }
    tf_form_page_end(own);
    return tf_buffer_check(&own->visit.response->body, error);
}
