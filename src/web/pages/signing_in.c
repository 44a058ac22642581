#include "signing_in_internal.h"

#include "web/html/notices.h"
#include "web/html/text_inputs.h"

const char *tf_destination(tf_visit *visit) {
    const tf_value *to = tf_form_value(&visit->request->form, "to");
    return to->error || !tf_is_own_path(to->text)
               ? ""
               : tf_page_format(visit, "%.*s", TF_TEXT_ARG(to->text));
}

void tf_destination_field(tf_visit *visit) {
    const char *to = tf_destination(visit);
    if (*to) {
        tf_html *html = &visit->html;
        tf_html_open(html, "input");
        tf_html_attribute(html, "type", "hidden");
        tf_html_attribute(html, "name", "to");
        tf_html_attribute(html, "value", to);
        tf_html_close(html, "input");
    }
}

static const char *with_destination(tf_visit *visit, const char *path) {
    tf_buffer address = {0};
    tf_buffer_append_text(&address, path);
    tf_query_append(&address, "to", tf_text_of(tf_destination(visit)));
    const char *text = tf_page_words(visit, &address);
    tf_buffer_deinit(&address);
    return *text ? text : path;
}

void tf_go_on(tf_visit *visit, tf_sign_in_stage stage) {
    const char *to = tf_destination(visit);
    switch (stage) {
    case TF_STAGE_CODE:
        to = with_destination(visit, "/sign-in/code");
        break;
    case TF_STAGE_SET_UP:
        to = with_destination(visit, "/sign-in/set-up");
        break;
    case TF_STAGE_FULL:
    case TF_STAGE_COUNT:
        to = *to ? to : "/";
        break;
    }
    tf_response_redirect(visit->response, to);
}

tf_status tf_visit_signing_in(tf_visit *visit, tf_access_work *work, void *data, tf_error *error) {
    tf_status status = tf_site_borrow_sign_in(visit->site, &visit->access, error);
    if (!status) {
        status = work(visit, data, error);
    }
    tf_site_return_access(visit->site, visit->access);
    visit->access = NULL;
    return status;
}

bool tf_page_is_safe(tf_visit *visit) {
    static const char title[] = "Signing in needs a safe connection";
    if (visit->request->is_secure || visit->request->is_local) {
        return true;
    }
    visit->response->status = 403;
    tf_page_begin(visit, &(tf_page_head){.title = title});
    tf_page_title(visit, NULL, title);
    tf_page_paragraph(visit,
                      "What you send to this address can be read on its way. Use the address "
                      "of this site that begins with https.");
    tf_page_paragraph(visit, "If you run this site: put a proxy with TLS before it, and start it "
                             "with its name (--host).");
    tf_page_end(visit);
    return false;
}

void tf_new_passphrase_input(tf_visit *visit, const char *label, const char *problem) {
    tf_govuk_password_input(
        &visit->html, &(tf_password_input){
                          .id = "passphrase",
                          .name = "passphrase",
                          .label.content.text = label,
                          .hint.content.text = tf_page_format(
                              visit,
                              "At least %d characters that nobody guesses, such as four words "
                              "chosen by chance. A password manager makes and keeps a good one.",
                              TF_PASSPHRASE_LEAST),
                          .error_message.content.text = problem,
                          .autocomplete = "new-password",
                          .show_label = "Show passphrase",
                          .hide_label = "Hide passphrase",
                          .shown_announcement = "Your passphrase is visible",
                          .hidden_announcement = "Your passphrase is hidden",
                      });
}

void tf_recovery_codes_write(tf_visit *visit,
                             char codes[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE]) {
    tf_html *html = &visit->html;
    tf_page_paragraph(visit, "If you lose the device that shows your codes, sign in with one of "
                             "these instead. Each works once.");
    tf_govuk_warning_text(
        html, &(tf_warning_text){.content.text = "They are shown only now. Print or write them "
                                                 "down, and keep them where nobody else looks."});
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list app-codes");
    for (size_t i = 0; i < TF_RECOVERY_CODE_COUNT; i++) {
        tf_html_element(html, "li", NULL, codes[i]);
    }
    tf_html_close(html, "ul");
}
