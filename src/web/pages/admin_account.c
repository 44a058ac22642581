/* One account: what is known of it, its roles, and what an administrator does with it. */
#include "admin_internal.h"
#include "audit_table_internal.h"
#include "routes_internal.h"

#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/messages.h"
#include "web/html/tables.h"

typedef struct account_visit {
    int64_t id;
    tf_account account;
    tf_audit_look look;
    uint32_t roles;
    tf_account_link_kind kind;
    char token[TF_TOKEN_TEXT_SIZE];
} account_visit;

static account_visit of_request(const tf_visit *visit) {
    return (account_visit){.id = tf_form_value(&visit->request->form, "id")->number};
}

static tf_status get_account(tf_visit *visit, void *data, tf_error *error) {
    account_visit *own = data;
    return tf_account_get(visit->access, visit->actor, own->id, visit->arena, &own->account, error);
}

static tf_status get_with_looks(tf_visit *visit, void *data, tf_error *error) {
    account_visit *own = data;
    tf_status status = get_account(visit, data, error);
    return status ? status
                  : tf_account_audit(visit->access, visit->actor, own->id, TF_PAGE_LOOKS,
                                     visit->arena, &own->look, error);
}

static const char *address_of(tf_visit *visit, const account_visit *own, const char *part) {
    return tf_page_format(visit, "/admin/accounts/%lld%s", (long long)own->id, part);
}

/* ---- what is known of it ---- */

static void write_state(tf_html *html, const void *data) {
    const tf_account *account = data;
    tf_account_state_write(html, account->state);
}

static void write_summary(tf_visit *visit, const account_visit *own) {
    const tf_account *account = &own->account;
    const tf_summary_action change = {.href = address_of(visit, own, "/roles"),
                                      .content.text = "Change",
                                      .visually_hidden_text = "roles"};
    bool is_theirs = own->id == visit->actor->account_id;
    const tf_summary_row rows[] = {
        {.key.text = "Email address", .value.text = account->email},
        {.key.text = "Organisation", .value.text = account->organisation},
        {.key.text = "Roles",
         .value.text = tf_page_roles(visit, account->roles),
         .actions = {.items = &change, .count = account->state != TF_ACCOUNT_CLOSED && !is_theirs}},
        {.key.text = "State", .value = {.write = write_state, .data = account}},
        {.key.text = "One-time codes",
         .value.text = account->has_codes
                           ? tf_page_format(visit, "Set up, %lld recovery codes left",
                                            (long long)account->recovery_codes_left)
                           : "Not set up"},
        {.key.text = "Invited", .value.text = tf_page_instant(visit, account->created_at)},
        {.key.text = "Signed in last",
         .value.text =
             account->signed_in_at ? tf_page_instant(visit, account->signed_in_at) : "Never"},
        {.key.text = account->link_ends_at ? "A link holds until" : NULL,
         .value.text =
             account->link_ends_at ? tf_page_instant(visit, account->link_ends_at) : NULL},
    };
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
}

/* ---- what can be done with it ---- */

static const tf_done done[] = {
    {"codes", "Their codes are gone. They set up others when they sign in next."},
    {"suspend", "The account is suspended, and they are signed out"},
    {"resume", "They can sign in again"},
    {"close", "The account is closed"},
    {"roles", "The roles are saved. They hold from now on."},
};

/* The names are what the form sends; in the order of `choices`. */
typedef enum deed {
    DEED_LINK,
    DEED_DEVICE,
    DEED_CODES,
    DEED_SUSPEND,
    DEED_RESUME,
    DEED_CLOSE
} deed;

static const char *const deed_names[] = {"link",   "device", "codes", "suspend",
                                         "resume", "close",  NULL};

static const struct {
    unsigned states; /* in which it can be done: or'ed 1 << state */
    const char *text;
    const char *help;
    const char *classes;
    const char *question; /* before it is done; NULL: nothing is asked */
} deeds[] = {
    [DEED_LINK] = {1 << TF_ACCOUNT_INVITED | 1 << TF_ACCOUNT_ACTIVE, "Make a new link",
                   "For somebody whose invitation is too old, or who has forgotten their "
                   "passphrase, to choose one. They lose access to reports until a colleague "
                   "confirms them and adds them again.",
                   "govuk-button--secondary", NULL},
    [DEED_DEVICE] = {1 << TF_ACCOUNT_ACTIVE, "Make a link for their browser",
                     "If somebody else's wrong guesses have locked them out, this link lets their "
                     "browser in.",
                     "govuk-button--secondary", NULL},
    [DEED_CODES] = {1 << TF_ACCOUNT_ACTIVE, "Take their codes away",
                    "If they have lost both their device and their recovery codes, they can set up "
                    "new codes when they sign in next. Make sure that it is really them who ask.",
                    "govuk-button--secondary", "Do you want to take their codes away?"},
    [DEED_SUSPEND] = {1 << TF_ACCOUNT_INVITED | 1 << TF_ACCOUNT_ACTIVE, "Suspend",
                      "They are signed out at once and cannot sign in until you resume it.",
                      "govuk-button--warning", NULL},
    [DEED_RESUME] = {1 << TF_ACCOUNT_SUSPENDED, "Resume", "They can sign in again.",
                     "govuk-button--secondary", NULL},
    [DEED_CLOSE] = {1 << TF_ACCOUNT_SUSPENDED, "Close for good",
                    "It cannot be opened again. What they did stays on record.",
                    "govuk-button--warning", "Do you want to close this account for good?"},
};

static void write_deeds(tf_visit *visit, const account_visit *own) {
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        if (!(deeds[i].states & (1U << own->account.state))) {
            continue;
        }
        tf_page_deed_heading(visit, NULL, deeds[i].text);
        tf_page_paragraph(visit, deeds[i].help);
        tf_page_form_begin(visit, address_of(visit, own, ""));
        tf_govuk_button(&visit->html, &(tf_button){.content.text = deeds[i].text,
                                                   .name = "do",
                                                   .value = deed_names[i],
                                                   .classes = deeds[i].classes,
                                                   .prevents_double_click = TF_YES});
        tf_page_form_end(visit);
    }
}

static tf_status write_page(tf_visit *visit, account_visit *own, const char *problem,
                            tf_error *error) {
    tf_status status = tf_visit_at_access(visit, get_with_looks, own, error);
    if (status) {
        return status;
    }
    tf_page_begin(visit,
                  &(tf_page_head){.title = own->account.name,
                                  .section = "/admin",
                                  .crumbs = {TF_ADMIN_CRUMB, {"Accounts", "/admin/accounts"}},
                                  .has_errors = problem != NULL});
    tf_page_error(visit, problem, "main-content");
    if (!problem) {
        tf_page_done(visit, done, sizeof done / sizeof *done);
    }
    tf_page_title(visit, "Account", own->account.name);
    write_summary(visit, own);
    if (own->id == visit->actor->account_id) {
        tf_page_paragraph(visit, "This is your own account, so that somebody else has to change "
                                 "its roles or its state.");
    } else if (visit->visitor->may & TF_MAY_ADMINISTER) {
        write_deeds(visit, own);
    }
    tf_page_audit_look(visit, "Who has seen or changed this account", &own->look);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_account(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    account_visit own = of_request(&visit);
    tf_status status = tf_admin_check(&visit, TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, error);
    return status ? status : write_page(&visit, &own, NULL, error);
}

/* The name is read first, for the page that is written then. */
static tf_status do_deed(tf_visit *visit, void *data, tf_error *error) {
    account_visit *own = data;
    tf_access *access = visit->access;
    const tf_actor *actor = visit->actor;
    tf_status status = get_account(visit, own, error);
    if (status) {
        return status;
    }
    deed what = (deed)tf_form_value(&visit->request->form, "do")->number;
    switch (what) {
    case DEED_LINK:
    case DEED_DEVICE:
        return tf_account_make_link(access, actor, own->id,
                                    what == DEED_LINK ? TF_ACCOUNT_LINK_RESET
                                                      : TF_ACCOUNT_LINK_DEVICE,
                                    tf_instant_now(), &own->kind, own->token, error);
    case DEED_CODES:
        return tf_account_remove_codes(access, actor, own->id, error);
    case DEED_SUSPEND:
        return tf_account_suspend(access, actor, own->id, error);
    case DEED_RESUME:
        return tf_account_resume(access, actor, own->id, error);
    case DEED_CLOSE:
        return tf_account_close(access, actor, own->id, error);
    }
    return TF_OK;
}

/* The question before a deed; nothing was done yet. */
static tf_status ask(tf_visit *visit, account_visit *own, int64_t what, tf_error *error) {
    tf_status status = tf_visit_at_access(visit, get_account, own, error);
    if (status) {
        return status;
    }
    const char *back = address_of(visit, own, "");
    tf_page_confirm(
        visit, &(tf_confirmation){.head = {.title = deeds[what].question,
                                           .section = "/admin",
                                           .crumbs = {TF_ADMIN_CRUMB,
                                                      {"Accounts", "/admin/accounts"},
                                                      {own->account.name, back}}},
                                  .consequences = tf_page_format(visit, "%s. %s", own->account.name,
                                                                 deeds[what].help),
                                  .action = back,
                                  .deed = deed_names[what],
                                  .button = deeds[what].text,
                                  .back = back});
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_deed(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    account_visit own = of_request(&visit);
    int64_t what = tf_form_value(&request->form, "do")->number;
    if (deeds[what].question && !tf_page_is_sure(&visit) &&
        (visit.visitor->may & TF_MAY_ADMINISTER)) {
        return ask(&visit, &own, what, error);
    }
    tf_admin_problem problem = {0};
    tf_error fault;
    tf_status status = tf_visit_at_access(&visit, do_deed, &own, &fault);
    if (!status && own.token[0]) {
        tf_link_page(&visit, own.account.name, own.kind, own.token, address_of(&visit, &own, ""));
        tf_secret_forget(own.token, sizeof own.token);
        return tf_buffer_check(&response->body, error);
    }
    if (!status) {
        const char *path = tf_page_format(&visit, "?done=%s", deed_names[what]);
        tf_response_redirect(response, address_of(&visit, &own, path));
        return TF_OK;
    }
    if (!tf_admin_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_page(&visit, &own, problem.sentence, error);
}

/* ---- its roles ---- */

static tf_status write_roles(tf_visit *visit, account_visit *own, const tf_admin_problem *problem,
                             tf_error *error) {
    tf_status status = tf_visit_at_access(visit, get_account, own, error);
    if (status) {
        return status;
    }
    const char *heading = tf_page_format(visit, "Roles of %s", own->account.name);
    tf_page_begin(visit,
                  &(tf_page_head){.title = heading,
                                  .section = "/admin",
                                  .crumbs = {TF_ADMIN_CRUMB,
                                             {"Accounts", "/admin/accounts"},
                                             {own->account.name, address_of(visit, own, "")}},
                                  .has_errors = problem->sentence != NULL});
    tf_page_error(visit, problem->sentence, "roles");
    tf_page_title(visit, NULL, heading);
    tf_page_form_begin(visit, address_of(visit, own, "/roles"));
    tf_roles_input(visit, problem->sentence ? own->roles : own->account.roles, problem->sentence);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Save roles"});
    tf_page_form_end(visit);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_roles_form(void *context, const tf_request *request, tf_response *response,
                                   tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    account_visit own = of_request(&visit);
    tf_status status = tf_admin_check(&visit, TF_MAY_ADMINISTER, error);
    return status ? status : write_roles(&visit, &own, &(tf_admin_problem){0}, error);
}

static tf_status set_roles(tf_visit *visit, void *data, tf_error *error) {
    account_visit *own = data;
    return tf_account_set_roles(visit->access, visit->actor, own->id, own->roles, error);
}

static tf_status handle_roles(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    account_visit own = of_request(&visit);
    tf_admin_problem problem = {0};
    tf_error fault;
    own.roles = tf_roles_sent(&request->form);
    tf_status status = tf_visit_at_access(&visit, set_roles, &own, &fault);
    if (!status) {
        tf_response_redirect(response, address_of(&visit, &own, "?done=roles"));
        return TF_OK;
    }
    if (!tf_admin_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_roles(&visit, &own, &problem, error);
}

/* ---- routes ---- */

#define ID_FIELD                                                                                   \
    {                                                                                              \
        .name = "id", .label = "Account", .help = "The number of the account.",                    \
        .kind = TF_FIELD_INT, .is_required = true, .minimum = 1, .maximum = INT64_MAX              \
    }

static const tf_field account_fields[] = {
    ID_FIELD,
    TF_DONE_FIELD,
    TF_SURE_FIELD,
    {.name = "do",
     .label = "Action",
     .help = "What is done with it.",
     .kind = TF_FIELD_CHOICE,
     .is_required = true,
     .choices = deed_names},
};

const tf_route tf_route_admin_account = {
    .method = "GET",
    .path = "/admin/accounts/{id}",
    .title = "An account",
    .help = "What is known of an account.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = account_fields,
    .field_count = 2,
    .handle = handle_account,
};

const tf_route tf_route_admin_account_send = {
    .method = "POST",
    .path = "/admin/accounts/{id}",
    .title = "An account",
    .help = "Make a link, take codes away, suspend, resume or close.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .fields = account_fields,
    .field_count = sizeof account_fields / sizeof *account_fields,
    .handle = handle_deed,
};

static const tf_field role_fields[] = {ID_FIELD, TF_ROLE_FIELDS};

const tf_route tf_route_admin_roles = {
    .method = "GET",
    .path = "/admin/accounts/{id}/roles",
    .title = "Roles of an account",
    .help = "The form for the roles.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = role_fields,
    .field_count = sizeof role_fields / sizeof *role_fields,
    .handle = handle_roles_form,
};

const tf_route tf_route_admin_roles_send = {
    .method = "POST",
    .path = "/admin/accounts/{id}/roles",
    .title = "Roles of an account",
    .help = "Set the roles; they hold from the next request on.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .fields = role_fields,
    .field_count = sizeof role_fields / sizeof *role_fields,
    .handle = handle_roles,
};
