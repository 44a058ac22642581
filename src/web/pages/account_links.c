/* What the links lead to that an administrator makes: an invitation, a new passphrase, a browser to
 * be known.  Looking at a link uses nothing up, as programs that check mail look at all of them. */
#include "routes_internal.h"
#include "signing_in_internal.h"

#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/notices.h"

typedef struct link_use {
    tf_account_link_kind kind;
    tf_account_link_owner owner;
    tf_signed_in signed_in;
    char device[TF_TOKEN_TEXT_SIZE];
} link_use;

static tf_text token_of(const tf_visit *visit) {
    return tf_form_value(&visit->request->form, "token")->text;
}

static tf_status find_owner(tf_visit *visit, void *data, tf_error *error) {
    link_use *own = data;
    return tf_sign_in_link_owner(visit->access, own->kind, token_of(visit), tf_instant_now(),
                                 visit->arena, &own->owner, error);
}

static const char *address_of(tf_visit *visit, const link_use *own) {
    return tf_page_format(visit, "%s%.*s", tf_account_link_path(own->kind),
                          TF_TEXT_ARG(token_of(visit)));
}

/* The page for a link that does not work any more; any other fault is handed on. */
static tf_status show_gone(tf_visit *visit, tf_status status, const tf_error *fault,
                           tf_error *error) {
    if (status != TF_NOT_FOUND) {
        return tf_fail(error, status, fault->place, fault->line, "%s", fault->message);
    }
    static const char title[] = "This link does not work any more";
    visit->response->status = 404;
    tf_page_begin(visit, &(tf_page_head){.title = title});
    tf_page_title(visit, NULL, title);
    tf_page_paragraph(visit, "Each link works once, and only for a time: this one was used, or is "
                             "too old. If you have chosen your passphrase already, sign in with "
                             "it. Otherwise ask an administrator of your partnership for a new "
                             "link.");
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Sign in", .href = "/sign-in"});
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

/* ---- a passphrase to be chosen ---- */

static void write_form(tf_visit *visit, const link_use *own, const char *problem) {
    bool is_new = own->kind == TF_ACCOUNT_LINK_INVITATION;
    const char *title = is_new ? "Welcome to Trefoil" : "Choose a new passphrase";
    tf_page_begin(visit, &(tf_page_head){.title = title, .has_errors = problem != NULL});
    tf_page_error(visit, problem, "passphrase");
    tf_page_title(visit, own->owner.organisation, title);
    tf_page_paragraph(visit,
                      tf_page_format(visit,
                                     is_new ? "%s, this is your account. You will sign in "
                                              "as %s and with a passphrase that only you know."
                                            : "%s, from now on you sign in as %s and with "
                                              "this passphrase.",
                                     own->owner.name, own->owner.email));
    if (own->owner.loses_sealed) {
        tf_govuk_warning_text(
            &visit->html,
            &(tf_warning_text){.content.text = "What was sealed to you so far opens only with "
                                               "your passphrase of before. You can open it again "
                                               "once a colleague has confirmed that it is you "
                                               "and has added you."});
    }
    tf_page_form_begin(visit, address_of(visit, own));
    tf_new_passphrase_input(visit, "Passphrase", problem);
    tf_govuk_button(&visit->html,
                    &(tf_button){.content.text = "Continue", .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
    tf_page_end(visit);
}

static tf_status show(void *context, const tf_request *request, tf_response *response,
                      tf_account_link_kind kind, tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    link_use own = {.kind = kind};
    response->caching = TF_CACHE_NEVER;
    if (!tf_page_is_safe(&visit)) {
        return tf_buffer_check(&response->body, error);
    }
    tf_error fault;
    tf_status status = tf_visit_at_access(&visit, find_owner, &own, &fault);
    if (status) {
        return show_gone(&visit, status, &fault, error);
    }
    write_form(&visit, &own, NULL);
    return tf_buffer_check(&response->body, error);
}

static tf_status activate(tf_visit *visit, void *data, tf_error *error) {
    link_use *own = data;
    return tf_sign_in_activate(visit->access, tf_site_derivations(visit->site), own->kind,
                               token_of(visit),
                               tf_form_value(&visit->request->form, "passphrase")->text,
                               tf_instant_now(), &own->signed_in, error);
}

static tf_status show_problem(tf_visit *visit, link_use *own, const char *problem,
                              tf_error *error) {
    tf_error fault;
    tf_status status = tf_visit_at_access(visit, find_owner, own, &fault);
    if (status) {
        return show_gone(visit, status, &fault, error);
    }
    write_form(visit, own, problem);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status use(void *context, const tf_request *request, tf_response *response,
                     tf_account_link_kind kind, tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    link_use own = {.kind = kind};
    tf_error fault;
    const char *problem = tf_form_value(&request->form, "passphrase")->error;
    response->caching = TF_CACHE_NEVER;
    if (!tf_page_is_safe(&visit)) {
        return tf_buffer_check(&response->body, error);
    }
    if (problem) {
        response->status = 400;
        return show_problem(&visit, &own, problem, error);
    }
    tf_status status = tf_visit_signing_in(&visit, activate, &own, &fault);
    if (!status) {
        tf_site_keep_session(request, response, &own.signed_in);
        tf_go_on(&visit, own.signed_in.stage);
        tf_secret_forget(&own.signed_in, sizeof own.signed_in);
        return TF_OK;
    }
    if (status == TF_REFUSED || !tf_page_takes_fault(&visit, status, &fault, &problem)) {
        return show_gone(&visit, status, &fault, error);
    }
    return show_problem(&visit, &own, problem, error);
}

static tf_status show_invitation(void *context, const tf_request *request, tf_response *response,
                                 tf_error *error) {
    return show(context, request, response, TF_ACCOUNT_LINK_INVITATION, error);
}

static tf_status use_invitation(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    return use(context, request, response, TF_ACCOUNT_LINK_INVITATION, error);
}

static tf_status show_reset(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    return show(context, request, response, TF_ACCOUNT_LINK_RESET, error);
}

static tf_status use_reset(void *context, const tf_request *request, tf_response *response,
                           tf_error *error) {
    return use(context, request, response, TF_ACCOUNT_LINK_RESET, error);
}

/* ---- a browser to be known ---- */

static tf_status show_device(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    static const char title[] = "Let this browser be known";
    tf_visit visit = tf_visit_of(context, request, response);
    link_use own = {.kind = TF_ACCOUNT_LINK_DEVICE};
    response->caching = TF_CACHE_NEVER;
    tf_error fault;
    tf_status status = tf_visit_at_access(&visit, find_owner, &own, &fault);
    if (status) {
        return show_gone(&visit, status, &fault, error);
    }
    tf_page_begin(&visit, &(tf_page_head){.title = title});
    tf_page_title(&visit, NULL, title);
    tf_page_paragraph(&visit,
                      tf_page_format(&visit,
                                     "%s, somebody has tried to sign in to your account too often. "
                                     "From a browser that is known you can still sign in as %s.",
                                     own.owner.name, own.owner.email));
    tf_page_form_begin(&visit, address_of(&visit, &own));
    tf_govuk_button(&visit.html, &(tf_button){.content.text = "Know this browser"});
    tf_page_form_end(&visit);
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

static tf_status know_device(tf_visit *visit, void *data, tf_error *error) {
    link_use *own = data;
    return tf_sign_in_know_device(visit->access, token_of(visit), tf_instant_now(), own->device,
                                  error);
}

static tf_status use_device(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    link_use own = {.kind = TF_ACCOUNT_LINK_DEVICE};
    tf_error fault;
    tf_status status = tf_visit_at_access(&visit, know_device, &own, &fault);
    if (status) {
        return show_gone(&visit, status, &fault, error);
    }
    tf_site_keep_device(request, response, own.device);
    tf_response_redirect(response, "/sign-in");
    return TF_OK;
}

/* ---- routes ---- */

static const tf_field link_fields[] = {
    {.name = "token",
     .label = "Link",
     .help = "The secret of the link.",
     .is_required = true,
     .maximum = TF_TOKEN_TEXT_SIZE},
    TF_DESTINATION_FIELD,
};

static const tf_field use_fields[] = {
    {.name = "token",
     .label = "Link",
     .help = "The secret of the link.",
     .is_required = true,
     .maximum = TF_TOKEN_TEXT_SIZE},
    TF_DESTINATION_FIELD,
    {.name = "passphrase",
     .label = "Passphrase",
     .help = "That is chosen.",
     .is_required = true,
     .maximum = TF_PASSPHRASE_MOST},
};

#define LINK_ROUTE(variable, route_path, route_title, handler)                                     \
    const tf_route variable = {                                                                    \
        .method = "GET",                                                                           \
        .path = (route_path),                                                                      \
        .title = (route_title),                                                                    \
        .help = "What the link is for.",                                                           \
        .is_volatile = true,                                                                       \
        .fields = link_fields,                                                                     \
        .field_count = 2,                                                                          \
        .handle = (handler),                                                                       \
    }
#define LINK_USE_ROUTE(variable, route_path, route_title, handler, count)                          \
    const tf_route variable = {                                                                    \
        .method = "POST",                                                                          \
        .path = (route_path),                                                                      \
        .title = (route_title),                                                                    \
        .help = "Use the link.",                                                                   \
        .body = TF_BODY_FORM,                                                                      \
        .answers_errors = (count) > 2,                                                             \
        .fields = use_fields,                                                                      \
        .field_count = (count),                                                                    \
        .handle = (handler),                                                                       \
    }

LINK_ROUTE(tf_route_invitation, "/invitation/{token}", "An invitation", show_invitation);
LINK_USE_ROUTE(tf_route_invitation_use, "/invitation/{token}", "An invitation", use_invitation, 3);
LINK_ROUTE(tf_route_reset, "/reset/{token}", "A new passphrase", show_reset);
LINK_USE_ROUTE(tf_route_reset_use, "/reset/{token}", "A new passphrase", use_reset, 3);
LINK_ROUTE(tf_route_device, "/device/{token}", "A browser to be known", show_device);
LINK_USE_ROUTE(tf_route_device_use, "/device/{token}", "A browser to be known", use_device, 2);
