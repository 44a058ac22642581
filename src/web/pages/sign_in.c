/* Signing in with e-mail and passphrase, then with a code; and signing out. */
#include "routes_internal.h"
#include "signing_in_internal.h"

#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/text_inputs.h"

static const char title[] = "Sign in";

/* ---- e-mail and passphrase ---- */

static void write_form(tf_visit *visit, const char *problem) {
    const tf_form *form = &visit->request->form;
    const tf_value *email = tf_form_value(form, "email");
    bool has_errors = problem || form->error_count;
    tf_page_begin(visit, &(tf_page_head){.title = title, .has_errors = has_errors});
    if (problem) {
        tf_page_error(visit, problem, "email");
    } else {
        tf_page_error_summary(visit, form);
    }
    tf_page_title(visit, NULL, title);
    tf_page_paragraph(visit, "For people whom the partnership has invited. Crime figures and the "
                             "report form need no account.");
    tf_page_form_begin(visit, "/sign-in");
    tf_destination_field(visit);
    tf_html *html = &visit->html;
    tf_govuk_input(html, &(tf_input){
                             .id = "email",
                             .name = "email",
                             .type = "email",
                             .value = tf_page_format(visit, "%.*s", TF_TEXT_ARG(email->text)),
                             .label.content.text = "Email address",
                             .error_message.content.text = problem ? problem : email->error,
                             .autocomplete = "username",
                             .autocapitalize = "none",
                             .spellcheck = TF_NO,
                             .classes = "govuk-!-width-two-thirds",
                         });
    tf_govuk_password_input(
        html, &(tf_password_input){
                  .id = "passphrase",
                  .name = "passphrase",
                  .label.content.text = "Passphrase",
                  .error_message.content.text = tf_form_value(form, "passphrase")->error,
                  .show_label = "Show passphrase",
                  .hide_label = "Hide passphrase",
                  .shown_announcement = "Your passphrase is visible",
                  .hidden_announcement = "Your passphrase is hidden",
                  .classes = "govuk-!-width-two-thirds",
              });
    tf_govuk_button(html, &(tf_button){.content.text = title, .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
    tf_page_paragraph(visit, "If you have forgotten your passphrase or lost your device, ask an "
                             "administrator of the partnership for a new link.");
    tf_page_end(visit);
}

static tf_status handle_form(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    response->caching = TF_CACHE_NEVER;
    if (!tf_site_has_accounts(visit.site)) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0, "nobody has an account here");
    }
    if (visit.visitor->is_known) {
        tf_go_on(&visit, visit.visitor->session.stage);
    } else if (tf_page_is_safe(&visit)) {
        write_form(&visit, NULL);
    }
    return tf_buffer_check(&response->body, error);
}

static tf_status sign_in(tf_visit *visit, void *data, tf_error *error) {
    const tf_form *form = &visit->request->form;
    return tf_sign_in(visit->access, tf_site_derivations(visit->site),
                      tf_text_trim(tf_form_value(form, "email")->text),
                      tf_form_value(form, "passphrase")->text, tf_site_device_token(visit->request),
                      tf_instant_now(), data, error);
}

static tf_status handle_sign_in(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_signed_in signed_in;
    tf_error fault;
    const char *problem = NULL;
    response->caching = TF_CACHE_NEVER;
    if (!tf_page_is_safe(&visit)) {
        return tf_buffer_check(&response->body, error);
    }
    if (request->form.error_count) {
        response->status = 400;
        write_form(&visit, NULL);
        return tf_buffer_check(&response->body, error);
    }
    tf_status status = tf_visit_signing_in(&visit, sign_in, &signed_in, &fault);
    if (!status) {
        tf_site_keep_session(request, response, &signed_in);
        tf_go_on(&visit, signed_in.stage);
        tf_secret_forget(&signed_in, sizeof signed_in);
        return TF_OK;
    }
    if (!tf_page_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    write_form(&visit, problem);
    return tf_buffer_check(&response->body, error);
}

/* ---- the code ---- */

static void write_code_form(tf_visit *visit, const char *problem) {
    static const char heading[] = "Enter your code";
    tf_page_begin(visit, &(tf_page_head){.title = heading, .has_errors = problem != NULL});
    tf_page_error(visit, problem, "code");
    tf_page_title(visit, NULL, heading);
    tf_page_form_begin(visit, "/sign-in/code");
    tf_destination_field(visit);
    tf_html *html = &visit->html;
    tf_govuk_input(html, &(tf_input){
                             .id = "code",
                             .name = "code",
                             .label.content.text = "Code",
                             .hint.content.text =
                                 "The 6 digits that the app on your device shows, or one of your "
                                 "recovery codes, such as ABCDE-12345",
                             .error_message.content.text = problem,
                             .autocomplete = "one-time-code",
                             .spellcheck = TF_NO,
                             .classes = "govuk-input--width-10",
                         });
    tf_govuk_button(html, &(tf_button){.content.text = "Continue"});
    tf_page_form_end(visit);
    tf_page_end(visit);
}

static tf_status handle_code_form(void *context, const tf_request *request, tf_response *response,
                                  tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    if (visit.visitor->session.stage == TF_STAGE_CODE) {
        write_code_form(&visit, NULL);
    } else {
        tf_go_on(&visit, visit.visitor->session.stage);
    }
    return tf_buffer_check(&response->body, error);
}

static tf_status send_code(tf_visit *visit, void *data, tf_error *error) {
    return tf_sign_in_code(visit->access, tf_site_session_token(visit->request),
                           tf_form_value(&visit->request->form, "code")->text, tf_instant_now(),
                           data, error);
}

static tf_status handle_code(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_signed_in signed_in;
    tf_error fault;
    const char *problem = tf_form_value(&request->form, "code")->error;
    if (problem) {
        response->status = 400;
        write_code_form(&visit, problem);
        return tf_buffer_check(&response->body, error);
    }
    tf_status status = tf_visit_at_access(&visit, send_code, &signed_in, &fault);
    if (!status) {
        tf_site_keep_session(request, response, &signed_in);
        tf_go_on(&visit, signed_in.stage);
        tf_secret_forget(&signed_in, sizeof signed_in);
        return TF_OK;
    }
    if (status != TF_BAD_INPUT || !tf_page_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    write_code_form(&visit, problem);
    return tf_buffer_check(&response->body, error);
}

/* ---- signing out ---- */

static tf_status sign_out(tf_visit *visit, void *data, tf_error *error) {
    (void)data;
    return tf_sign_out(visit->access, tf_site_session_token(visit->request), tf_instant_now(),
                       error);
}

static tf_status handle_sign_out(void *context, const tf_request *request, tf_response *response,
                                 tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_status status = tf_visit_at_access(&visit, sign_out, NULL, error);
    if (!status) {
        tf_site_end_session(request, response);
        tf_response_redirect(response, "/");
    }
    return status;
}

/* ---- routes ---- */

static const tf_field form_fields[] = {
    TF_DESTINATION_FIELD,
    {.name = "email", .label = "Email address", .maximum = TF_ACCOUNT_EMAIL_MOST},
    {.name = "passphrase", .label = "Passphrase", .maximum = TF_PASSPHRASE_MOST},
};

const tf_route tf_route_sign_in = {
    .method = "GET",
    .path = "/sign-in",
    .title = "Sign in",
    .help = "The form to sign in.",
    .is_volatile = true,
    .answers_errors = true,
    .fields = form_fields,
    .field_count = 3,
    .handle = handle_form,
};

static const tf_field sign_in_fields[] = {
    TF_DESTINATION_FIELD,
    {.name = "email",
     .label = "Email address",
     .help = "As the invitation was sent to.",
     .is_required = true,
     .maximum = TF_ACCOUNT_EMAIL_MOST},
    {.name = "passphrase",
     .label = "Passphrase",
     .help = "As it was chosen.",
     .is_required = true,
     .maximum = TF_PASSPHRASE_MOST},
};

const tf_route tf_route_sign_in_send = {
    .method = "POST",
    .path = "/sign-in",
    .title = "Sign in",
    .help = "Begin a session.",
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = sign_in_fields,
    .field_count = 3,
    .handle = handle_sign_in,
};

static const tf_field code_fields[] = {
    TF_DESTINATION_FIELD,
    {.name = "code",
     .label = "Code",
     .help = "A code of the app, or a recovery code.",
     .is_required = true,
     .maximum = 40},
};

const tf_route tf_route_sign_in_code = {
    .method = "GET",
    .path = "/sign-in/code",
    .title = "Enter your code",
    .help = "The form for the code.",
    .permission = TF_PERMISSION_SIGNING_IN,
    .answers_errors = true,
    .fields = code_fields,
    .field_count = 1,
    .handle = handle_code_form,
};

const tf_route tf_route_sign_in_code_send = {
    .method = "POST",
    .path = "/sign-in/code",
    .title = "Enter your code",
    .help = "Go on with the session.",
    .permission = TF_PERMISSION_SIGNING_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = code_fields,
    .field_count = 2,
    .handle = handle_code,
};

const tf_route tf_route_sign_out = {
    .method = "POST",
    .path = "/sign-out",
    .title = "Sign out",
    .help = "End the session.",
    .permission = TF_PERMISSION_SIGNING_IN,
    .body = TF_BODY_FORM,
    .handle = handle_sign_out,
};
