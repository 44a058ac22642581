#include "page_internal.h"
#include "web/pages/pages.h"

static const char *title_of(int status) {
    switch (status) {
    case 400:
        return "The request cannot be used";
    case 401:
        return "You are not signed in";
    case 403:
        return "You may not do this";
    case 404:
        return "Page not found";
    case 405:
        return "This cannot be done here";
    case 413:
        return "That is too large";
    case 503:
        return "Busy at the moment";
    default:
        return status >= 500 ? "Something went wrong" : "The request cannot be used";
    }
}

static const char *advice_of(int status) {
    switch (status) {
    case 401:
        return "Sign in, go back to the page, and send it again. You are signed out after half an "
               "hour without a request, or when somebody signs you out.";
    case 404:
        return "If you typed the address, check it. If you followed a link, it may be of an "
               "area or a file that is no longer here.";
    case 503:
        return "Try again in a minute.";
    default:
        return status >= 500 ? "Try again. If it happens again, tell the people who run this site."
                             : NULL;
    }
}

/* Who has to sign in first is led there, and back here afterwards.  What was sent by a form would
 * be lost on the way, so that it is told instead. */
static bool lead_to_sign_in(const tf_request *request, tf_response *response) {
    bool only_reads = tf_text_equal(request->method, tf_text_of("GET")) ||
                      tf_text_equal(request->method, tf_text_of("HEAD"));
    tf_buffer address = {0};
    if (!only_reads) {
        return false;
    }
    tf_buffer_append_text(&address, "/sign-in");
    if (tf_is_own_path(request->target)) {
        tf_query_append(&address, "to", request->target);
    }
    char *location =
        address.failed ? NULL : tf_arena_copy_text(response->arena, address.data, address.length);
    tf_buffer_deinit(&address);
    tf_response_redirect(response, location ? location : "/sign-in");
    return true;
}

void tf_pages_answer_error(void *context, const tf_request *request, int status,
                           const char *message, tf_response *response) {
    tf_visit visit = tf_visit_of(context, request, response);
    response->body.length = 0;
    if (status == 401 && lead_to_sign_in(request, response)) {
        return;
    }
    response->content_type = "text/html; charset=utf-8";
    tf_page_begin(&visit, &(tf_page_head){.title = title_of(status)});
    tf_page_title(&visit, NULL, title_of(status));
    /* What failed inside is for the log, not for visitors. */
    if (message && *message && status < 500) {
        tf_page_paragraph(&visit, tf_page_format(&visit, "%s%s", tf_page_sentence(&visit, message),
                                                 tf_full_stop(message)));
    }
    if (advice_of(status)) {
        tf_page_paragraph(&visit, advice_of(status));
    }
    tf_html *html = &visit.html;
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body");
    tf_page_link(&visit, "/", "Go to the overview");
    tf_html_text(html, " or ");
    tf_page_link(&visit, "/areas", "choose an area");
    tf_html_text(html, ".");
    tf_html_close(html, "p");
    tf_page_end(&visit);
}
