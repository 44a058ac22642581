/* Whose keys are confirmed: what officers are told of it, and the confirming. */
#include "concern_internal.h"
#include "routes_internal.h"

#include "web/html/buttons.h"
#include "web/html/notices.h"

/* ---- what is told above a list ---- */

static void write_own(tf_visit *visit, const tf_confirmations *confirmations) {
    tf_buffer words;
    tf_buffer_init(&words);
    tf_buffer_append_text(&words, "Nothing is sealed to you yet, so you can open nothing. ");
    if (confirmations->confirmer_count == 0) {
        tf_buffer_append_text(&words,
                              "Nobody of your organisation can confirm that it is you: ask whoever "
                              "runs Trefoil at the machine to run 'trefoil user confirm' with your "
                              "email address.");
    } else {
        tf_buffer_append_text(&words, "First a colleague has to confirm that it is you. Ask ");
        for (size_t i = 0; i < confirmations->confirmer_count && i < 5; i++) {
            tf_buffer_format(&words, "%s%s", i ? " or " : "", confirmations->confirmers[i]);
        }
        tf_buffer_append_text(&words, ".");
    }
    visit->response->body.failed |= words.failed;
    tf_govuk_warning_text(&visit->html, &(tf_warning_text){.content.text = words.data});
    tf_buffer_deinit(&words);
}

/* "Asha Patel was invited on 3 May 2026 by Tom Hughes." */
static const char *history_of(tf_visit *visit, const tf_unconfirmed *waiting) {
    const char *what = waiting->is_reset ? "was given a link for a new passphrase" : "was invited";
    const char *on =
        waiting->at ? tf_page_format(visit, " on %s", tf_page_instant(visit, waiting->at)) : "";
    const char *by = waiting->by[0] ? tf_page_format(visit, " by %s", waiting->by) : "";
    return tf_page_format(visit, "%s (%s) %s%s%s", waiting->name,
                          tf_page_roles(visit, waiting->roles), what, on, by);
}

static void write_waiting(tf_visit *visit, const tf_unconfirmed *waiting) {
    tf_html *html = &visit->html;
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-inset-text");
    tf_page_paragraph(visit, tf_page_format(visit,
                                            "%s and is not confirmed yet. Nothing is sealed to "
                                            "them until you confirm that it is them.",
                                            history_of(visit, waiting)));
    tf_page_form_begin(visit, "/colleagues/confirm");
    tf_page_hidden(html, "colleague",
                   tf_page_format(visit, "%lld", (long long)waiting->account_id));
    tf_govuk_button(html,
                    &(tf_button){.content.text = tf_page_format(visit, "Confirm %s", waiting->name),
                                 .classes = "govuk-button--secondary"});
    tf_page_form_end(visit);
    tf_html_close(html, "div");
}

void tf_confirmations_write(tf_visit *visit, const tf_confirmations *confirmations) {
    if (confirmations->is_missing) {
        write_own(visit, confirmations);
    }
    for (size_t i = 0; confirmations->may && i < confirmations->waiting_count; i++) {
        write_waiting(visit, &confirmations->waiting[i]);
    }
}

void tf_confirmations_write_first(tf_visit *visit, const tf_confirmations *confirmations) {
    if (confirmations->first) {
        tf_page_paragraph(
            visit,
            tf_page_format(visit,
                           "%s was the first of your organisation to whom anything was "
                           "sealed, on %s, so that there was no colleague to confirm it.",
                           confirmations->first, tf_page_instant(visit, confirmations->first_at)));
    }
}

/* ---- confirming ---- */

typedef struct confirm_visit {
    int64_t colleague;
    tf_confirmations confirmations;
} confirm_visit;

static tf_status read_confirmations(tf_visit *visit, void *data, tf_error *error) {
    confirm_visit *own = data;
    return tf_confirmations_get(visit->access, visit->actor, visit->arena, &own->confirmations,
                                error);
}

static tf_status confirm(tf_visit *visit, void *data, tf_error *error) {
    confirm_visit *own = data;
    return tf_reader_confirm(visit->access, visit->actor, own->colleague, error);
}

/* Officers came from the reports of concern; others do not get that page. */
static const char *list_of(const tf_visit *visit) {
    return visit->visitor->may & TF_MAY_TRIAGE ? "/concerns" : "/intelligence";
}

static const tf_unconfirmed *find_waiting(const confirm_visit *own) {
    for (size_t i = 0; i < own->confirmations.waiting_count; i++) {
        if (own->confirmations.waiting[i].account_id == own->colleague) {
            return &own->confirmations.waiting[i];
        }
    }
    return NULL;
}

/* The question; nothing was done yet. */
static tf_status ask(tf_visit *visit, confirm_visit *own, tf_error *error) {
    tf_status status = tf_visit_at_access(visit, read_confirmations, own, error);
    if (status) {
        return status;
    }
    const tf_unconfirmed *waiting = find_waiting(own);
    if (!waiting) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                       "nobody of this number waits to be confirmed by you");
    }
    tf_page_confirm(
        visit,
        &(tf_confirmation){
            .head = {.title = tf_page_format(visit, "Do you know that this is %s?", waiting->name),
                     .section = list_of(visit)},
            .consequences = tf_page_format(
                visit,
                "%s. Speak to them before you confirm it: from then on what comes in is sealed to "
                "them, and colleagues can add them to what is there.",
                history_of(visit, waiting)),
            .action = "/colleagues/confirm",
            .name = "colleague",
            .value = tf_page_format(visit, "%lld", (long long)own->colleague),
            .button = "Confirm that it is them",
            .back = list_of(visit)});
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_confirm(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    confirm_visit own = {.colleague = tf_form_value(&request->form, "colleague")->number};
    if (!tf_page_is_sure(&visit)) {
        return ask(&visit, &own, error);
    }
    tf_status status = tf_visit_at_access(&visit, confirm, &own, error);
    if (!status) {
        tf_response_redirect(response, tf_page_format(&visit, "%s?done=confirm", list_of(&visit)));
    }
    return status;
}

static const tf_field confirm_fields[] = {
    {.name = "colleague",
     .label = "Colleague",
     .help = "The number of the colleague's account.",
     .kind = TF_FIELD_INT,
     .is_required = true,
     .minimum = 1,
     .maximum = INT64_MAX},
    TF_SURE_FIELD,
};

const tf_route tf_route_colleagues_confirm = {
    .method = "POST",
    .path = "/colleagues/confirm",
    .title = "Confirm a colleague",
    .help = "Say that an account belongs to whom it says, so that things are sealed to it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .is_volatile = true,
    .fields = confirm_fields,
    .field_count = sizeof confirm_fields / sizeof *confirm_fields,
    .handle = handle_confirm,
};
