/* The way into administration, and what its pages share. */
#include "admin_internal.h"
#include "routes_internal.h"

#include "web/html/choices.h"
#include "web/html/messages.h"
#include "web/html/notices.h"
#include "web/html/text_inputs.h"
#include "web/pages/pages.h"

#include <stdio.h>

/* ---- roles ---- */

uint32_t tf_roles_sent(const tf_form *form) {
    uint32_t roles = 0;
    for (unsigned i = 0; i < TF_MOST_ROLES; i++) {
        char name[16];
        snprintf(name, sizeof name, "role-%u", i);
        const tf_value *value = tf_form_value(form, name);
        roles |= !value->error && value->number ? UINT32_C(1) << i : 0;
    }
    return roles;
}

void tf_roles_input(tf_visit *visit, uint32_t roles, const char *problem) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    tf_choice items[TF_MOST_ROLES];
    memset(items, 0, sizeof items);
    for (size_t i = 0; i < rules->role_count; i++) {
        const tf_role *role = &rules->roles[i];
        if (!role->is_everyones) {
            items[i] = (tf_choice){
                .content.text = role->title,
                .name = tf_page_format(visit, "role-%zu", i),
                .value = "1",
                .hint.content.text = role->help,
                .is_checked = roles & (UINT32_C(1) << i) ? TF_YES : TF_NO,
            };
        }
    }
    tf_fieldset fieldset = {
        .legend = {.content.text = "Roles", .classes = "govuk-fieldset__legend--m"}};
    tf_govuk_checkboxes(&visit->html, &(tf_checkboxes){
                                          .name = "roles",
                                          .id_prefix = "roles",
                                          .items = items,
                                          .count = rules->role_count,
                                          .fieldset = &fieldset,
                                          .error_message.content.text = problem,
                                      });
}

/* ---- faults ---- */

bool tf_admin_takes_fault(tf_visit *visit, tf_status status, const tf_error *fault,
                          tf_admin_problem *problem_out) {
    if (status != TF_BAD_INPUT) {
        return false;
    }
    visit->response->status = 400;
    *problem_out = (tf_admin_problem){
        .sentence = tf_page_sentence(visit, fault->message),
        .id = fault->place[0] ? tf_page_format(visit, "%s", fault->place) : "name"};
    return true;
}

const char *tf_admin_problem_at(const tf_admin_problem *problem, const char *id) {
    return problem->sentence && strcmp(problem->id, id) == 0 ? problem->sentence : NULL;
}

void tf_account_state_write(tf_html *html, tf_account_state state) {
    static const char *const classes[TF_ACCOUNT_STATE_COUNT] = {
        [TF_ACCOUNT_INVITED] = "govuk-tag--blue",
        [TF_ACCOUNT_ACTIVE] = "govuk-tag--green",
        [TF_ACCOUNT_SUSPENDED] = "govuk-tag--orange",
        [TF_ACCOUNT_CLOSED] = "govuk-tag--grey",
    };
    static const char *const words[TF_ACCOUNT_STATE_COUNT] = {
        [TF_ACCOUNT_INVITED] = "Invited",
        [TF_ACCOUNT_ACTIVE] = "Active",
        [TF_ACCOUNT_SUSPENDED] = "Suspended",
        [TF_ACCOUNT_CLOSED] = "Closed",
    };
    tf_govuk_tag(html, &(tf_tag){.content.text = words[state], .classes = classes[state]});
}

/* ---- links ---- */

static const char *what_for(tf_account_link_kind kind) {
    switch (kind) {
    case TF_ACCOUNT_LINK_INVITATION:
        return "With this link they choose a passphrase. It works once, within 7 days.";
    case TF_ACCOUNT_LINK_RESET:
        return "With this link they choose a new passphrase. It works once, within 24 hours.";
    default:
        return "With this link they make their browser known, so that they can sign in from it "
               "however often strangers have tried. It works once, within 24 hours.";
    }
}

void tf_link_page(tf_visit *visit, const char *name, tf_account_link_kind kind, const char *token,
                  const char *back) {
    const tf_request *request = visit->request;
    const char *heading = tf_page_format(visit, "A link for %s", name);
    tf_html *html = &visit->html;
    tf_page_begin(visit,
                  &(tf_page_head){.title = heading,
                                  .section = "/admin",
                                  .crumbs = {TF_ADMIN_CRUMB, {"Accounts", "/admin/accounts"}}});
    tf_page_title(visit, NULL, heading);
    tf_page_paragraph(visit, what_for(kind));
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body app-break app-seed");
    tf_html_format(html, "%s://%.*s%s%s", request->is_secure ? "https" : "http",
                   TF_TEXT_ARG(request->host), tf_account_link_path(kind), token);
    tf_html_close(html, "p");
    tf_govuk_warning_text(
        html,
        &(tf_warning_text){.content.text = "It is shown only now. Give it to nobody else, and "
                                           "make sure that it reaches whom you think it "
                                           "does: hand it over in person, or call."});
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body");
    tf_page_link(visit, back, "Go on");
    tf_html_close(html, "p");
    tf_page_end(visit);
}

/* ---- the way in ---- */

static const struct {
    unsigned may; /* any of these */
    const char *path;
    const char *title;
    const char *help;
} parts[] = {
    {TF_MAY_ADMINISTER, "/admin/accounts", "Accounts", "Who may sign in, and in which roles"},
    {TF_MAY_ADMINISTER, "/admin/organisations", "Organisations",
     "Who belongs to the partnership, and whom to ask about their data"},
    {TF_MAY_READ_AGREEMENTS, "/agreements", "Sharing agreements",
     "Who shares what with whom, and what for"},
    {TF_MAY_READ_AUDIT, "/admin/emergency-access", "Emergency access",
     "What was read without an agreement, to be reviewed"},
    {TF_MAY_READ_AUDIT, "/audit", "Audit", "Who did what, when and why"},
    {TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, "/admin/self-check", "Security self-check",
     "Whether the installation is as it should be"},
    {TF_MAY_IMPORT, "/import", "Import police files",
     "Open data of data.police.uk, which every profile is made of"},
};

tf_status tf_admin_check(const tf_visit *visit, unsigned may, tf_error *error) {
    return visit->visitor->may & may ? TF_OK
                                     : tf_fail(error, TF_REFUSED, NULL, 0,
                                               "your roles do not include this; if they should, "
                                               "ask an administrator of the partnership");
}

static void write_part(tf_visit *visit, const char *path, const char *title, const char *help) {
    const char *allowed;
    if (!tf_route_find(&tf_pages_routes, tf_text_of("GET"), tf_text_of(path), &allowed)) {
        return;
    }
    tf_html *html = &visit->html;
    tf_html_open(html, "li");
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-!-font-weight-bold");
    tf_page_link(visit, path, title);
    tf_html_close(html, "span");
    tf_html_open(html, "br");
    tf_html_text(html, help);
    tf_html_close(html, "li");
}

static tf_status handle_admin(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    static const char title[] = "Administration";
    tf_visit visit = tf_visit_of(context, request, response);
    tf_status status = tf_admin_check(&visit, TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, error);
    if (status) {
        return status;
    }
    tf_page_begin(&visit, &(tf_page_head){.title = title, .section = "/admin"});
    tf_page_title(&visit, NULL, title);
    tf_html_open(&visit.html, "ul");
    tf_html_attribute(&visit.html, "class", "govuk-list govuk-list--spaced");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (visit.visitor->may & parts[i].may) {
            write_part(&visit, parts[i].path, parts[i].title, parts[i].help);
        }
    }
    tf_html_close(&visit.html, "ul");
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

const tf_route tf_route_admin = {
    .method = "GET",
    .path = "/admin",
    .title = "Administration",
    .help = "The way into administration.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .handle = handle_admin,
};
