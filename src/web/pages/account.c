/* One's own account: what it is, a new passphrase, new recovery codes, signing out everywhere. */
#include "routes_internal.h"
#include "signing_in_internal.h"

#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/messages.h"
#include "web/html/tables.h"
#include "web/html/text_inputs.h"

static const char title[] = "Your account";

/* ---- what it is ---- */

static tf_status count_others(tf_visit *visit, void *data, tf_error *error) {
    int64_t *other_count = data;
    tf_status status = tf_sign_in_count_sessions(visit->access, visit->actor->account_id,
                                                 tf_instant_now(), other_count, error);
    *other_count -= !status; /* this one */
    return status;
}

static void write_summary(tf_visit *visit, int64_t other_count) {
    const tf_session *session = &visit->visitor->session;
    const tf_summary_row rows[] = {
        {.key.text = "Name", .value.text = session->name},
        {.key.text = "Email address", .value.text = session->email},
        {.key.text = "Organisation", .value.text = session->organisation},
        {.key.text = "Roles", .value.text = tf_page_roles(visit, visit->actor->roles)},
        {.key.text = "Signed in since", .value.text = tf_page_instant(visit, session->started_at)},
        {.key.text = "Signed in at the latest until",
         .value.text = tf_page_instant(visit, session->ends_at)},
        {.key.text = "Signed in elsewhere",
         .value.text = other_count == 0   ? "No"
                       : other_count == 1 ? "In one other browser"
                                          : tf_page_format(visit, "In %lld other browsers",
                                                           (long long)other_count)},
    };
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
}

static void write_button_form(tf_visit *visit, const char *action, const char *text,
                              const char *classes) {
    tf_page_form_begin(visit, action);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = text, .classes = classes});
    tf_page_form_end(visit);
}

static tf_status handle_account(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    static const tf_done changed = {
        "passphrase", "Your passphrase is changed. You are signed out everywhere else."};
    tf_visit visit = tf_visit_of(context, request, response);
    int64_t other_count = 0;
    tf_status status = tf_visit_at_access(&visit, count_others, &other_count, error);
    if (status) {
        return status;
    }
    tf_page_begin(&visit, &(tf_page_head){.title = title});
    tf_page_done(&visit, &changed, 1);
    tf_page_title(&visit, NULL, title);
    write_summary(&visit, other_count);
    tf_page_deed_heading(&visit, NULL, "Passphrase");
    tf_page_paragraph(&visit, "Changing it ends your sessions in other browsers.");
    tf_govuk_button(&visit.html, &(tf_button){.content.text = "Change your passphrase",
                                              .href = "/account/passphrase",
                                              .classes = "govuk-button--secondary"});
    tf_page_deed_heading(&visit, NULL, "Codes");
    tf_page_paragraph(&visit, "A new device takes the place of the one before. New recovery codes "
                              "take the place of all that you have.");
    tf_html_open(&visit.html, "div");
    tf_html_attribute(&visit.html, "class", "govuk-button-group");
    tf_govuk_button(&visit.html, &(tf_button){.content.text = "Set up another device",
                                              .href = "/sign-in/set-up?to=/account",
                                              .classes = "govuk-button--secondary"});
    tf_govuk_button(&visit.html, &(tf_button){.content.text = "Make new recovery codes",
                                              .href = "/account/recovery-codes",
                                              .classes = "govuk-button--secondary"});
    tf_html_close(&visit.html, "div");
    tf_page_deed_heading(&visit, NULL, "Sign out everywhere");
    tf_page_paragraph(&visit,
                      "If you have lost a device, or somebody may be signed in as you: this "
                      "ends all your sessions, this one too.");
    write_button_form(&visit, "/account/sign-out-everywhere", "Sign out everywhere",
                      "govuk-button--warning");
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

/* ---- a new passphrase ---- */

static void write_passphrase_form(tf_visit *visit, const char *old_problem,
                                  const char *new_problem) {
    static const char heading[] = "Change your passphrase";
    tf_page_begin(visit, &(tf_page_head){.title = heading,
                                         .crumbs = {{title, "/account"}},
                                         .has_errors = old_problem || new_problem});
    tf_page_error(visit, old_problem ? old_problem : new_problem,
                  old_problem ? "old" : "passphrase");
    tf_page_title(visit, NULL, heading);
    tf_page_form_begin(visit, "/account/passphrase");
    tf_govuk_password_input(&visit->html, &(tf_password_input){
                                              .id = "old",
                                              .name = "old",
                                              .label.content.text = "Passphrase so far",
                                              .error_message.content.text = old_problem,
                                              .show_label = "Show passphrase",
                                              .hide_label = "Hide passphrase",
                                          });
    tf_new_passphrase_input(visit, "New passphrase", new_problem);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Change passphrase",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
    tf_page_end(visit);
}

static tf_status handle_passphrase_form(void *context, const tf_request *request,
                                        tf_response *response, tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    write_passphrase_form(&visit, NULL, NULL);
    return tf_buffer_check(&response->body, error);
}

static tf_status change_passphrase(tf_visit *visit, void *data, tf_error *error) {
    const tf_form *form = &visit->request->form;
    return tf_sign_in_change_passphrase(
        visit->access, tf_site_derivations(visit->site), tf_site_session_token(visit->request),
        tf_form_value(form, "old")->text, tf_form_value(form, "passphrase")->text, tf_instant_now(),
        data, error);
}

/* The sentences of a new passphrase are asked for first, so that what is left is the old one's. */
static bool is_of_new(tf_visit *visit) {
    const tf_session *session = &visit->visitor->session;
    return tf_passphrase_check(tf_form_value(&visit->request->form, "passphrase")->text,
                               tf_text_of(session->name), tf_text_of(session->email),
                               tf_text_of(session->organisation), NULL) != TF_OK;
}

static tf_status handle_passphrase(void *context, const tf_request *request, tf_response *response,
                                   tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_signed_in signed_in;
    tf_error fault;
    const char *problem = NULL;
    if (request->form.error_count) {
        response->status = 400;
        write_passphrase_form(&visit, tf_form_value(&request->form, "old")->error,
                              tf_form_value(&request->form, "passphrase")->error);
        return tf_buffer_check(&response->body, error);
    }
    tf_status status = tf_visit_signing_in(&visit, change_passphrase, &signed_in, &fault);
    if (!status) {
        tf_site_keep_session(request, response, &signed_in);
        tf_secret_forget(&signed_in, sizeof signed_in);
        tf_response_redirect(response, "/account?done=passphrase");
        return TF_OK;
    }
    if (status == TF_REFUSED || !tf_page_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    bool new_is_wrong = status == TF_BAD_INPUT && is_of_new(&visit);
    write_passphrase_form(&visit, new_is_wrong ? NULL : problem, new_is_wrong ? problem : NULL);
    return tf_buffer_check(&response->body, error);
}

/* ---- recovery codes ---- */

static void write_codes_form(tf_visit *visit, const char *problem) {
    static const char heading[] = "Make new recovery codes";
    tf_page_begin(visit, &(tf_page_head){.title = heading,
                                         .crumbs = {{title, "/account"}},
                                         .has_errors = problem != NULL});
    tf_page_error(visit, problem, "code");
    tf_page_title(visit, NULL, heading);
    tf_page_paragraph(visit, "They take the place of all recovery codes that you have.");
    tf_page_form_begin(visit, "/account/recovery-codes");
    tf_govuk_input(&visit->html, &(tf_input){
                                     .id = "code",
                                     .name = "code",
                                     .label.content.text = "Code",
                                     .hint.content.text = "The 6 digits that your app shows",
                                     .error_message.content.text = problem,
                                     .autocomplete = "one-time-code",
                                     .spellcheck = TF_NO,
                                     .classes = "govuk-input--width-10",
                                 });
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Make new codes"});
    tf_page_form_end(visit);
    tf_page_end(visit);
}

static tf_status handle_codes_form(void *context, const tf_request *request, tf_response *response,
                                   tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    write_codes_form(&visit, NULL);
    return tf_buffer_check(&response->body, error);
}

typedef char recovery_codes[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE];

static tf_status make_codes(tf_visit *visit, void *data, tf_error *error) {
    recovery_codes *codes = data;
    return tf_sign_in_new_recovery_codes(visit->access, tf_site_session_token(visit->request),
                                         tf_form_value(&visit->request->form, "code")->text,
                                         tf_instant_now(), *codes, error);
}

static void write_codes(tf_visit *visit, recovery_codes codes) {
    static const char heading[] = "Your new recovery codes";
    tf_page_begin(visit, &(tf_page_head){.title = heading, .crumbs = {{title, "/account"}}});
    tf_page_title(visit, NULL, heading);
    tf_recovery_codes_write(visit, codes);
    tf_govuk_button(&visit->html,
                    &(tf_button){.content.text = "I have kept them", .href = "/account"});
    tf_page_end(visit);
}

static tf_status handle_codes(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    recovery_codes codes;
    tf_error fault;
    const char *problem = tf_form_value(&request->form, "code")->error;
    if (problem) {
        response->status = 400;
        write_codes_form(&visit, problem);
        return tf_buffer_check(&response->body, error);
    }
    tf_status status = tf_visit_at_access(&visit, make_codes, &codes, &fault);
    if (!status) {
        write_codes(&visit, codes);
        tf_secret_forget(codes, sizeof codes);
    } else if (status == TF_BAD_INPUT && tf_page_takes_fault(&visit, status, &fault, &problem)) {
        write_codes_form(&visit, problem);
    } else {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return tf_buffer_check(&response->body, error);
}

/* ---- everywhere ---- */

static tf_status sign_out_everywhere(tf_visit *visit, void *data, tf_error *error) {
    (void)data;
    return tf_sign_out_everywhere(visit->access, tf_site_session_token(visit->request),
                                  tf_instant_now(), error);
}

static tf_status handle_everywhere(void *context, const tf_request *request, tf_response *response,
                                   tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_status status = tf_visit_at_access(&visit, sign_out_everywhere, NULL, error);
    if (!status) {
        tf_site_end_session(request, response);
        tf_response_redirect(response, "/sign-in");
    }
    return status;
}

/* ---- routes ---- */

static const tf_field account_fields[] = {TF_DONE_FIELD};

const tf_route tf_route_account = {
    .method = "GET",
    .path = "/account",
    .title = title,
    .help = "Who has signed in.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = account_fields,
    .field_count = 1,
    .handle = handle_account,
};

const tf_route tf_route_passphrase = {
    .method = "GET",
    .path = "/account/passphrase",
    .title = "Change your passphrase",
    .help = "The form for a new passphrase.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .handle = handle_passphrase_form,
};

static const tf_field passphrase_fields[] = {
    {.name = "old",
     .label = "Passphrase so far",
     .help = "The one that is changed.",
     .is_required = true,
     .maximum = TF_PASSPHRASE_MOST},
    {.name = "passphrase",
     .label = "New passphrase",
     .help = "That is chosen.",
     .is_required = true,
     .maximum = TF_PASSPHRASE_MOST},
};

const tf_route tf_route_passphrase_send = {
    .method = "POST",
    .path = "/account/passphrase",
    .title = "Change your passphrase",
    .help = "Change it; other sessions end.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = passphrase_fields,
    .field_count = 2,
    .handle = handle_passphrase,
};

const tf_route tf_route_recovery_codes = {
    .method = "GET",
    .path = "/account/recovery-codes",
    .title = "New recovery codes",
    .help = "The form for new recovery codes.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .handle = handle_codes_form,
};

static const tf_field codes_fields[] = {
    {.name = "code",
     .label = "Code",
     .help = "A code of the app.",
     .is_required = true,
     .maximum = 40},
};

const tf_route tf_route_recovery_codes_send = {
    .method = "POST",
    .path = "/account/recovery-codes",
    .title = "New recovery codes",
    .help = "Make new recovery codes; those before stop working.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = codes_fields,
    .field_count = 1,
    .handle = handle_codes,
};

const tf_route tf_route_sign_out_everywhere = {
    .method = "POST",
    .path = "/account/sign-out-everywhere",
    .title = "Sign out everywhere",
    .help = "End every session of the account.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .handle = handle_everywhere,
};
