/* The list of intelligence reports. */
#include "concern_internal.h"
#include "routes_internal.h"

#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/notices.h"

typedef struct list_visit {
    tf_intelligence_line *lines;
    size_t count;
    bool may_draft;
    tf_confirmations confirmations;
} list_visit;

static tf_status read_list(tf_visit *visit, void *data, tf_error *error) {
    list_visit *own = data;
    tf_object object = {.category = tf_access_category_of(visit->access, "intelligence"),
                        .organisation_id = visit->actor->organisation_id};
    own->may_draft =
        tf_access_ask(visit->access, visit->actor, TF_ACTION_COLLECT, &object, NULL).is_allowed;
    tf_status status = tf_intelligence_list(visit->access, visit->actor, 0, visit->arena,
                                            &own->lines, &own->count, error);
    return status ? status
                  : tf_confirmations_get(visit->access, visit->actor, visit->arena,
                                         &own->confirmations, error);
}

static void write_state(tf_html *html, const tf_intelligence_line *line) {
    tf_tag tag = line->erased_at ? (tf_tag){.content.text = "Erased", .classes = "govuk-tag--grey"}
                 : line->corrected_by_id
                     ? (tf_tag){.content.text = "Corrected", .classes = "govuk-tag--grey"}
                 : line->is_submitted
                     ? (tf_tag){.content.text = "Submitted", .classes = "govuk-tag--green"}
                     : (tf_tag){.content.text = "Draft", .classes = "govuk-tag--yellow"};
    tf_govuk_tag(html, &tag);
}

static void write_lines(tf_visit *visit, const list_visit *own) {
    static const tf_page_column columns[] = {
        {"Report", false}, {"From", false}, {"Grades", false}, {"State", false}, {"Date", false}};
    if (own->count == 0) {
        tf_page_paragraph(visit, "There is no report yet.");
        return;
    }
    tf_page_records_begin(visit, "The newest first", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < own->count; i++) {
        const tf_intelligence_line *line = &own->lines[i];
        tf_page_row_begin(visit);
        tf_page_row_header(visit, tf_page_format(visit, "/intelligence/%lld", (long long)line->id),
                           tf_page_format(visit, "Report\xC2\xA0%lld", (long long)line->id));
        tf_page_cell(visit, line->organisation);
        tf_page_cell(visit, *line->source ? tf_page_format(visit, "%s %s %s", line->source,
                                                           line->information, line->handling)
                                          : TF_NOT_SHARED);
        tf_page_cell_begin(visit);
        write_state(&visit->html, line);
        tf_page_cell_end(visit);
        tf_page_cell(visit, tf_page_instant(visit, line->submitted_at ? line->submitted_at
                                                                      : line->created_at));
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

/* Those whose time is over, and of which somebody is to say whether they are still needed. */
static void write_due(tf_visit *visit, const list_visit *own) {
    int64_t now = tf_instant_now();
    bool is_first = true;
    for (size_t i = 0; i < own->count; i++) {
        const tf_intelligence_line *line = &own->lines[i];
        if (!tf_intelligence_is_due(line, now)) {
            continue;
        }
        if (is_first) {
            tf_page_heading(visit, "due", "Due for review");
            tf_html_open(&visit->html, "ul");
            tf_html_attribute(&visit->html, "class", "govuk-list govuk-list--bullet");
        }
        is_first = false;
        tf_html_open(&visit->html, "li");
        tf_page_link(visit, tf_page_format(visit, "/intelligence/%lld#review", (long long)line->id),
                     tf_page_format(visit, "Report %lld", (long long)line->id));
        tf_html_close(&visit->html, "li");
    }
    if (!is_first) {
        tf_html_close(&visit->html, "ul");
        tf_page_heading(visit, NULL, "All reports");
    }
}

static tf_status handle_list(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    list_visit own = {0};
    tf_status status = tf_visit_at_access(&visit, read_list, &own, error);
    if (status) {
        return status;
    }
    tf_page_begin(&visit, &(tf_page_head){.title = "Intelligence", .section = "/intelligence"});
    static const tf_done confirmed = {"confirm", "Your colleague is confirmed"};
    tf_page_done(&visit, &confirmed, 1);
    tf_page_title(&visit, NULL, "Intelligence");
    tf_confirmations_write(&visit, &own.confirmations);
    tf_page_paragraph(&visit, "Sanitised reports of your organisation, and those that others have "
                              "shared with it.");
    if (own.may_draft) {
        tf_govuk_button(&visit.html, &(tf_button){.content.text = "Write a report",
                                                  .href = "/intelligence/new"});
    }
    write_due(&visit, &own);
    write_lines(&visit, &own);
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

static const tf_field list_fields[] = {TF_DONE_FIELD};

const tf_route tf_route_intelligence = {
    .method = "GET",
    .path = "/intelligence",
    .title = "Intelligence",
    .help = "The intelligence reports that one's organisation has.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .is_volatile = true,
    .fields = list_fields,
    .field_count = sizeof list_fields / sizeof *list_fields,
    .handle = handle_list,
};
