/* The accounts: who there is, and inviting somebody. */
#include "admin_internal.h"
#include "routes_internal.h"

#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/text_inputs.h"

#include <stdio.h>

static const char title[] = "Accounts";

/* ---- who there is ---- */

typedef struct account_list {
    bool with_closed;
    tf_account *accounts;
    size_t count;
} account_list;

/* Whoever may see all accounts sees all; the others see those of their own organisation. */
static tf_status list_accounts(tf_visit *visit, void *data, tf_error *error) {
    account_list *own = data;
    int64_t organisation_id =
        visit->visitor->may & TF_MAY_ADMINISTER ? 0 : visit->actor->organisation_id;
    return tf_account_list(visit->access, visit->actor, organisation_id, own->with_closed,
                           visit->arena, &own->accounts, &own->count, error);
}

static void write_account(tf_visit *visit, const tf_account *account) {
    tf_page_row_begin(visit);
    tf_page_row_header(visit, tf_page_format(visit, "/admin/accounts/%lld", (long long)account->id),
                       account->name);
    tf_page_cell(visit, account->organisation);
    tf_page_cell(visit, tf_page_roles(visit, account->roles));
    tf_page_cell_begin(visit);
    tf_account_state_write(&visit->html, account->state);
    tf_page_cell_end(visit);
    tf_page_cell(visit,
                 account->signed_in_at ? tf_page_instant(visit, account->signed_in_at) : "Never");
    tf_page_row_end(visit);
}

static tf_status handle_list(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    static const tf_page_column columns[] = {{"Name", false},
                                             {"Organisation", false},
                                             {"Roles", false},
                                             {"State", false},
                                             {"Signed in last", false}};
    tf_visit visit = tf_visit_of(context, request, response);
    account_list own = {.with_closed = tf_form_value(&request->form, "closed")->number};
    tf_status status = tf_admin_check(&visit, TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, error);
    if (!status) {
        status = tf_visit_at_access(&visit, list_accounts, &own, error);
    }
    if (status) {
        return status;
    }
    tf_page_begin(&visit,
                  &(tf_page_head){.title = title, .section = "/admin", .crumbs = {TF_ADMIN_CRUMB}});
    tf_page_title(&visit, NULL, title);
    if (visit.visitor->may & TF_MAY_ADMINISTER) {
        tf_govuk_button(&visit.html, &(tf_button){.content.text = "Invite somebody",
                                                  .href = "/admin/accounts/new"});
    }
    tf_page_records_begin(&visit, own.with_closed ? "All accounts" : "Accounts that are not closed",
                          columns, 5);
    for (size_t i = 0; i < own.count; i++) {
        write_account(&visit, &own.accounts[i]);
    }
    tf_page_table_end(&visit);
    tf_html_open(&visit.html, "p");
    tf_html_attribute(&visit.html, "class", "govuk-body");
    tf_page_link(&visit, own.with_closed ? "/admin/accounts" : "/admin/accounts?closed=1",
                 own.with_closed ? "Leave out those that are closed" : "Show closed accounts too");
    tf_html_close(&visit.html, "p");
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

/* ---- inviting ---- */

typedef struct invitation {
    tf_organisation *organisations;
    size_t organisation_count;
    tf_invitation sent;
    char token[TF_TOKEN_TEXT_SIZE];
    int64_t id;
} invitation;

static tf_status list_organisations(tf_visit *visit, void *data, tf_error *error) {
    invitation *own = data;
    return tf_organisation_list(visit->access, visit->arena, &own->organisations,
                                &own->organisation_count, error);
}

static void write_organisations(tf_visit *visit, const invitation *own, const char *problem) {
    tf_select_item *items =
        tf_arena_alloc(visit->arena, own->organisation_count + 1, sizeof *items);
    size_t count = 1;
    int32_t today = tf_day_of_instant(tf_instant_now());
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    items[0] = (tf_select_item){.text = "Choose an organisation", .value = ""};
    for (size_t i = 0; i < own->organisation_count; i++) {
        const tf_organisation *organisation = &own->organisations[i];
        if (tf_organisation_is_on(organisation, today)) {
            items[count++] = (tf_select_item){
                .text = organisation->name,
                .value = tf_page_format(visit, "%lld", (long long)organisation->id)};
        }
    }
    tf_govuk_select(&visit->html, &(tf_select){
                                      .id = "organisation",
                                      .name = "organisation",
                                      .items = items,
                                      .count = count,
                                      .value = tf_page_sent(visit, "organisation"),
                                      .label.content.text = "Organisation",
                                      .error_message.content.text = problem,
                                  });
}

static tf_status write_form(tf_visit *visit, invitation *own, const tf_admin_problem *problem,
                            tf_error *error) {
    static const char heading[] = "Invite somebody";
    const tf_form *form = &visit->request->form;
    tf_status status = tf_admin_check(visit, TF_MAY_ADMINISTER, error);
    if (!status) {
        status = tf_visit_at_access(visit, list_organisations, own, error);
    }
    if (status) {
        return status;
    }
    tf_page_begin(
        visit, &(tf_page_head){.title = heading,
                               .section = "/admin",
                               .crumbs = {TF_ADMIN_CRUMB, {title, "/admin/accounts"}},
                               .has_errors = problem->sentence || visit->response->status == 400});
    if (problem->sentence) {
        tf_page_error(visit, problem->sentence, problem->id);
    } else if (visit->response->status == 400) {
        tf_page_error_summary(visit, form);
    }
    tf_page_title(visit, NULL, heading);
    tf_page_form_begin(visit, "/admin/accounts/new");
    const char *name_problem = tf_admin_problem_at(problem, "name");
    const char *email_problem = tf_admin_problem_at(problem, "email");
    bool is_sent = visit->response->status == 400;
    tf_govuk_input(&visit->html,
                   &(tf_input){.id = "name",
                               .name = "name",
                               .value = tf_page_sent(visit, "name"),
                               .label.content.text = "Full name",
                               .error_message.content.text =
                                   name_problem || !is_sent ? name_problem
                                                            : tf_form_value(form, "name")->error,
                               .autocomplete = "off",
                               .spellcheck = TF_NO,
                               .classes = "govuk-!-width-two-thirds"});
    tf_govuk_input(&visit->html,
                   &(tf_input){.id = "email",
                               .name = "email",
                               .type = "email",
                               .value = tf_page_sent(visit, "email"),
                               .label.content.text = "Email address",
                               .hint.content.text = "At work. They sign in with it.",
                               .error_message.content.text =
                                   email_problem || !is_sent ? email_problem
                                                             : tf_form_value(form, "email")->error,
                               .autocomplete = "off",
                               .spellcheck = TF_NO,
                               .classes = "govuk-!-width-two-thirds"});
    const char *organisation_problem = tf_admin_problem_at(problem, "organisation");
    write_organisations(visit, own,
                        organisation_problem || !is_sent
                            ? organisation_problem
                            : tf_form_value(form, "organisation")->error);
    tf_roles_input(visit, tf_roles_sent(form), tf_admin_problem_at(problem, "roles"));
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Make a link for them",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_form(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    invitation own = {0};
    return write_form(&visit, &own, &(tf_admin_problem){0}, error);
}

static tf_status send_invitation(tf_visit *visit, void *data, tf_error *error) {
    invitation *own = data;
    return tf_account_invite(visit->access, visit->actor, &own->sent, tf_instant_now(), &own->id,
                             own->token, error);
}

static tf_status handle_invite(void *context, const tf_request *request, tf_response *response,
                               tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_admin_problem problem = {0};
    tf_error fault;
    if (request->form.error_count) {
        response->status = 400;
        invitation nothing = {0};
        return write_form(&visit, &nothing, &problem, error);
    }
    invitation own = {.sent = {
                          .organisation_id = tf_form_value(&request->form, "organisation")->number,
                          .name = tf_page_sent(&visit, "name"),
                          .email = tf_page_sent(&visit, "email"),
                          .roles = tf_roles_sent(&request->form),
                      }};
    tf_status status = tf_visit_at_access(&visit, send_invitation, &own, &fault);
    if (!status) {
        tf_link_page(&visit, own.sent.name, TF_ACCOUNT_LINK_INVITATION, own.token,
                     "/admin/accounts");
        tf_secret_forget(own.token, sizeof own.token);
        return tf_buffer_check(&response->body, error);
    }
    if (!tf_admin_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_form(&visit, &own, &problem, error);
}

/* ---- routes ---- */

static const tf_field list_fields[] = {
    {.name = "closed",
     .label = "Closed accounts",
     .help = "Show those too.",
     .kind = TF_FIELD_FLAG},
};

const tf_route tf_route_admin_accounts = {
    .method = "GET",
    .path = "/admin/accounts",
    .title = title,
    .help = "Who may sign in.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = list_fields,
    .field_count = 1,
    .handle = handle_list,
};

static const tf_field invite_fields[] = {
    {.name = "name",
     .label = "Full name",
     .help = "Of the person.",
     .is_required = true,
     .maximum = TF_ACCOUNT_NAME_MOST},
    {.name = "email",
     .label = "Email address",
     .help = "That they sign in with.",
     .is_required = true,
     .maximum = TF_ACCOUNT_EMAIL_MOST},
    {.name = "organisation",
     .label = "Organisation",
     .help = "The number of the organisation.",
     .kind = TF_FIELD_INT,
     .is_required = true},
    TF_ROLE_FIELDS,
};

const tf_route tf_route_admin_invite = {
    .method = "GET",
    .path = "/admin/accounts/new",
    .title = "Invite somebody",
    .help = "The form of an invitation.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .answers_errors = true,
    .fields = invite_fields,
    .field_count = sizeof invite_fields / sizeof *invite_fields,
    .handle = handle_form,
};

const tf_route tf_route_admin_invite_send = {
    .method = "POST",
    .path = "/admin/accounts/new",
    .title = "Invite somebody",
    .help = "Make an account; answers with the link for its owner.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = invite_fields,
    .field_count = sizeof invite_fields / sizeof *invite_fields,
    .handle = handle_invite,
};
