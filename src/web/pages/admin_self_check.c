/* The security self-check: what trefoil doctor says, for whoever runs or audits the installation.
 */
#include "admin_internal.h"
#include "routes_internal.h"

#include "access/self_check.h"
#include "intake/response.h"
#include "trefoil/base/date.h"
#include "web/html/notices.h"

static const char title[] = "Security self-check";

/* A tag says by its words what its colour repeats. */
static const struct {
    const char *words;
    const char *colour;
} tags[TF_SEVERITY_COUNT] = {
    [TF_SEVERITY_OK] = {"In order", "govuk-tag--green"},
    [TF_SEVERITY_NOTICE] = {"Good to know", "govuk-tag--blue"},
    [TF_SEVERITY_WARNING] = {"Mend soon", "govuk-tag--yellow"},
    [TF_SEVERITY_DANGER] = {"Mend now", "govuk-tag--red"},
};

static tf_status enter(tf_visit *visit, void *data, tf_error *error) {
    (void)data;
    return tf_self_check_enter(visit->access, visit->actor, error);
}

static void write_tag(tf_visit *visit, tf_severity severity) {
    tf_govuk_tag(&visit->html,
                 &(tf_tag){.content.text = tags[severity].words, .classes = tags[severity].colour});
}

/* Where what a finding is about is mended, by whoever may. */
static const struct {
    const char *finding;
    unsigned may;
    const char *path;
    const char *text;
} remedies[] = {
    {"administrators", TF_MAY_ADMINISTER, "/admin/accounts/new", "Invite somebody"},
    {"form-readers", TF_MAY_ADMINISTER, "/admin/accounts/new", "Invite somebody"},
    {"second-factor", TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, "/admin/accounts", "Accounts"},
    {"roles-apart", TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, "/admin/accounts", "Accounts"},
    {"invitations", TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, "/admin/accounts", "Accounts"},
    {"agreements", TF_MAY_READ_AGREEMENTS, "/agreements", "Sharing agreements"},
    {"agreement-reviews", TF_MAY_READ_AGREEMENTS, "/agreements", "Sharing agreements"},
    {"agreements-soon", TF_MAY_READ_AGREEMENTS, "/agreements", "Sharing agreements"},
    {"emergencies", TF_MAY_READ_AUDIT, "/admin/emergency-access", "Emergency access"},
};

static void write_remedy(tf_visit *visit, const char *finding) {
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        if (strcmp(remedies[i].finding, finding) == 0 && (visit->visitor->may & remedies[i].may)) {
            tf_html_open(&visit->html, "p");
            tf_html_attribute(&visit->html, "class", "govuk-body");
            tf_page_link(visit, remedies[i].path, remedies[i].text);
            tf_html_close(&visit->html, "p");
        }
    }
}

static void write_finding(tf_visit *visit, const tf_finding *finding) {
    tf_page_deed_heading(visit, NULL, finding->what);
    tf_html_open(&visit->html, "p");
    tf_html_attribute(&visit->html, "class", "govuk-body");
    write_tag(visit, finding->severity);
    tf_html_close(&visit->html, "p");
    tf_page_paragraph(visit, finding->why);
    tf_page_paragraph(visit, finding->action);
    write_remedy(visit, finding->name);
}

static void write_in_order(tf_visit *visit, const tf_self_check *check) {
    static const tf_page_column columns[] = {{"What was looked at", false}, {"State", false}};
    tf_page_records_begin(visit, "In order", columns, 2);
    for (size_t i = 0; i < check->count; i++) {
        if (check->findings[i].severity == TF_SEVERITY_OK) {
            tf_page_row_begin(visit);
            tf_page_row_header(visit, NULL, check->findings[i].what);
            tf_page_cell_begin(visit);
            write_tag(visit, TF_SEVERITY_OK);
            tf_page_cell_end(visit);
            tf_page_row_end(visit);
        }
    }
    tf_page_table_end(visit);
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    const tf_site_options *site = tf_site_get_options(visit.site);
    const tf_self_check_subject subject = {
        .db_path = site->db_path,
        .pack = tf_site_pack(visit.site),
        .count_readers = tf_response_count_readers,
        .listen = site->listen,
        .has_host = site->has_host,
        .now = tf_instant_now(),
    };
    tf_self_check check;
    tf_status status = tf_admin_check(&visit, TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, error);
    if (!status) {
        status = tf_visit_at_access(&visit, enter, NULL, error);
    }
    if (!status) {
        status = tf_self_check_make(&subject, visit.arena, &check, error);
    }
    if (status) {
        return status;
    }
    tf_page_begin(&visit,
                  &(tf_page_head){.title = title, .section = "/admin", .crumbs = {TF_ADMIN_CRUMB}});
    tf_page_title(&visit, NULL, title);
    if (check.worst == TF_SEVERITY_OK) {
        tf_page_paragraph(&visit, "There is nothing to be done.");
    }
    for (int severity = TF_SEVERITY_DANGER; severity > TF_SEVERITY_OK; severity--) {
        for (size_t i = 0; i < check.count; i++) {
            if ((int)check.findings[i].severity == severity) {
                write_finding(&visit, &check.findings[i]);
            }
        }
    }
    write_in_order(&visit, &check);
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

const tf_route tf_route_admin_self_check = {
    .method = "GET",
    .path = "/admin/self-check",
    .title = "Security self-check",
    .help = "Whether the installation is kept as it should be.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .handle = handle,
};
