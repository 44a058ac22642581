/* What pages with forms share. */
#include "page_internal.h"

#include "web/html/buttons.h"
#include "web/html/messages.h"
#include "web/html/notices.h"

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

void tf_page_errors(tf_visit *visit, const tf_page_fault *faults, size_t count) {
    size_t shown = 0;
    tf_error_link *items = tf_arena_alloc(visit->arena, count, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (faults[i].sentence) {
            items[shown++] = (tf_error_link){.content.text = faults[i].sentence,
                                             .href = tf_page_format(visit, "#%s", faults[i].id)};
        }
    }
    write_summary(visit, items, shown);
}

void tf_page_error(tf_visit *visit, const char *sentence, const char *id) {
    tf_page_errors(visit, &(tf_page_fault){.sentence = sentence, .id = id}, 1);
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

/* ---- before and after what is done ---- */

void tf_page_done(tf_visit *visit, const tf_done *done, size_t count) {
    tf_text name = tf_form_value(&visit->request->form, "done")->text;
    tf_page_done_now(visit, tf_page_format(visit, "%.*s", TF_TEXT_ARG(name)), done, count);
}

void tf_page_done_now(tf_visit *visit, const char *name, const tf_done *done, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, done[i].name) == 0) {
            tf_govuk_notification_banner(
                &visit->html,
                &(tf_notification_banner){.content.text = done[i].text, .is_success = true});
        }
    }
}

bool tf_page_is_sure(const tf_visit *visit) {
    return tf_form_value(&visit->request->form, "sure")->number != 0;
}

const char *tf_page_sent(tf_visit *visit, const char *field) {
    return tf_page_format(visit, "%.*s",
                          TF_TEXT_ARG(tf_form_value(&visit->request->form, field)->text));
}

void tf_page_hidden(tf_html *html, const char *name, const char *value) {
    tf_html_open(html, "input");
    tf_html_attribute(html, "type", "hidden");
    tf_html_attribute(html, "name", name);
    tf_html_attribute(html, "value", value);
    tf_html_close(html, "input");
}

void tf_page_confirm(tf_visit *visit, const tf_confirmation *confirmation) {
    tf_html *html = &visit->html;
    tf_page_begin(visit, &confirmation->head);
    tf_page_title(visit, NULL, confirmation->head.title);
    tf_govuk_warning_text(html, &(tf_warning_text){.content.text = confirmation->consequences,
                                                   .icon_fallback_text = "Warning"});
    tf_page_form_begin(visit, confirmation->action);
    if (confirmation->deed) {
        tf_page_hidden(html, "do", confirmation->deed);
    }
    if (confirmation->name) {
        tf_page_hidden(html, confirmation->name, confirmation->value);
    }
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-button-group");
    tf_govuk_button(html, &(tf_button){.content.text = confirmation->button,
                                       .name = "sure",
                                       .value = "1",
                                       .classes = "govuk-button--warning",
                                       .prevents_double_click = TF_YES});
    tf_page_link(visit, confirmation->back, "No, go back");
    tf_html_close(html, "div");
    tf_page_form_end(visit);
    tf_page_end(visit);
}
