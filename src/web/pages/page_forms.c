/* What pages with forms share. */
#include "page_internal.h"

#include "web/html/messages.h"

void tf_page_form_token(tf_visit *visit) {
    const char *token = visit->visitor->session.form_token;
    if (!token[0]) {
        return;
    }
    tf_html *html = &visit->html;
    tf_html_open(html, "input");
    tf_html_attribute(html, "type", "hidden");
    tf_html_attribute(html, "name", TF_FORM_TOKEN);
    tf_html_attribute(html, "value", token);
    tf_html_close(html, "input");
}

void tf_page_form_begin(tf_visit *visit, const char *action) {
    tf_html *html = &visit->html;
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", action);
    tf_html_attribute(html, "method", "post");
    tf_html_flag(html, "novalidate", true);
    tf_page_form_token(visit);
}

void tf_page_form_end(tf_visit *visit) {
    tf_html_close(&visit->html, "form");
}

static void write_summary(tf_visit *visit, const tf_error_link *items, size_t count) {
    if (count) {
        tf_govuk_error_summary(&visit->html, &(tf_error_summary){.title.text = "There is a problem",
                                                                 .errors = items,
                                                                 .count = count});
    }
}

void tf_page_error_summary(tf_visit *visit, const tf_form *form) {
    size_t count = 0;
    tf_error_link *items = tf_arena_alloc(visit->arena, form->error_count + 1, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < form->field_count; i++) {
        if (form->values[i].error) {
            items[count++] = (tf_error_link){
                .content.text = form->values[i].error,
                .href = tf_page_format(visit, "#%s", form->fields[i].name),
            };
        }
    }
    write_summary(visit, items, count);
}

void tf_page_error(tf_visit *visit, const char *sentence, const char *id) {
    if (sentence) {
        tf_error_link item = {.content.text = sentence, .href = tf_page_format(visit, "#%s", id)};
        write_summary(visit, &item, 1);
    }
}

bool tf_page_takes_fault(tf_visit *visit, tf_status status, const tf_error *fault,
                         const char **sentence_out) {
    switch (status) {
    case TF_BAD_INPUT:
        visit->response->status = 400;
        break;
    case TF_REFUSED:
        visit->response->status = 403;
        break;
    case TF_BUSY:
        visit->response->status = 503;
        break;
    default:
        return false;
    }
    *sentence_out = tf_page_sentence(visit, fault->message);
    return true;
}
