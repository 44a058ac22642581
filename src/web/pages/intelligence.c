/* Intelligence reports: the list, one of them, submitting and sharing it. */
#include "audit_table_internal.h"
#include "concern_internal.h"
#include "routes_internal.h"

#include "access/organisation.h"
#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/notices.h"
#include "web/html/tables.h"
#include "web/html/textareas.h"

/* ---- the list ---- */

typedef struct list_visit {
    tf_intelligence_line *lines;
    size_t count;
    bool may_draft;
} list_visit;

static tf_status read_list(tf_visit *visit, void *data, tf_error *error) {
    list_visit *own = data;
    tf_object object = {.category = tf_access_category_of(visit->access, "intelligence"),
                        .organisation_id = visit->actor->organisation_id};
    own->may_draft =
        tf_access_ask(visit->access, visit->actor, TF_ACTION_COLLECT, &object, NULL).is_allowed;
    return tf_intelligence_list(visit->access, visit->actor, 0, visit->arena, &own->lines,
                                &own->count, error);
}

static void write_state(tf_html *html, const tf_intelligence_line *line) {
    tf_tag tag =
        line->corrected_by_id ? (tf_tag){.content.text = "Corrected", .classes = "govuk-tag--grey"}
        : line->is_submitted  ? (tf_tag){.content.text = "Submitted", .classes = "govuk-tag--green"}
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
        tf_page_cell(visit, tf_page_format(visit, "%s %s %s", line->source, line->information,
                                           line->handling));
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
    tf_page_title(&visit, NULL, "Intelligence");
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

/* ---- one ---- */

typedef enum deed { DEED_SUBMIT, DEED_SHARE, DEED_OPEN, DEED_KEEP, DEED_DISPOSE } deed;

static const char *const deed_names[] = {"submit", "share", "open", "keep", "dispose", NULL};

static const tf_done done[] = {
    {"saved", "The draft is saved"},
    {"submit", "The report is submitted"},
    {"share", "The report is shared"},
    {"keep", "The report is kept, and reviewed again when that time is over"},
    {"dispose", "The report will be erased in the next night"},
};

typedef struct report_visit {
    int64_t id;
    tf_intent intent;
    bool is_for_sharing; /* the intent */
    tf_intelligence report;
    tf_organisation *organisations;
    size_t organisation_count;
    bool may_change;
    bool may_share;
    tf_audit_look look;
    const char *problem;
} report_visit;

static report_visit of_request(const tf_visit *visit) {
    return (report_visit){
        .id = tf_form_value(&visit->request->form, "id")->number,
        .intent = {.purpose = tf_page_purpose(visit, "purpose"), .can_justify = true}};
}

static tf_status read_report(tf_visit *visit, void *data, tf_error *error) {
    report_visit *own = data;
    tf_access *access = visit->access;
    tf_intent none = {.purpose = -1}; /* the purpose that was sent may be that of sharing */
    tf_status status =
        tf_intelligence_read(access, visit->actor, own->is_for_sharing ? &none : &own->intent,
                             own->id, visit->arena, &own->report, error);
    if (status) {
        return status;
    }
    tf_object object = {.category = tf_access_category_of(access, "intelligence"),
                        .id = own->id,
                        .organisation_id = own->report.line.organisation_id};
    own->may_change =
        tf_access_ask(access, visit->actor, TF_ACTION_ALTER, &object, NULL).is_allowed;
    own->may_share =
        tf_access_ask(access, visit->actor, TF_ACTION_DISCLOSE, &object, NULL).is_allowed;
    status = tf_audit_about(access, visit->actor, &object, TF_PAGE_LOOKS, visit->arena, &own->look,
                            error);
    return status ? status
                  : tf_organisation_list(access, visit->arena, &own->organisations,
                                         &own->organisation_count, error);
}

static const char *title_of(const tf_word_list *list, const char *name) {
    const tf_word *word = tf_word_find(list, tf_text_of(name));
    return word ? word->title : "";
}

static const char *link_to(tf_visit *visit, const report_visit *own, const char *part) {
    return tf_page_format(visit, "/intelligence/%lld%s", (long long)own->id, part);
}

static void write_facts(tf_visit *visit, const report_visit *own) {
    const tf_intelligence_line *line = &own->report.line;
    const tf_triage_words *words = tf_pack_triage_words(tf_site_pack(visit->site));
    const tf_summary_row rows[] = {
        {.key.text = "From", .value.text = line->organisation},
        {.key.text = "Source",
         .value.text =
             tf_page_format(visit, "%s %s", line->source, title_of(&words->sources, line->source))},
        {.key.text = "Information",
         .value.text = tf_page_format(visit, "%s %s", line->information,
                                      title_of(&words->information, line->information))},
        {.key.text = "Handling",
         .value.text = tf_page_format(visit, "%s %s", line->handling,
                                      title_of(&words->handling, line->handling))},
        {.key.text = *line->author ? "Written by" : NULL,
         .value.text = *line->author ? line->author : NULL},
        {.key.text = line->submitted_at ? "Submitted" : "Draft of",
         .value.text =
             tf_page_instant(visit, line->submitted_at ? line->submitted_at : line->created_at)},
        {.key.text = line->review_at && !line->erased_at ? "Review by" : NULL,
         .value.text = line->disposed_at ? "It is not kept, and erased in the next night"
                       : line->review_at ? tf_page_instant(visit, line->review_at)
                                         : NULL},
        {.key.text = line->erased_at ? "Content erased" : NULL,
         .value.text = line->erased_at ? tf_page_instant(visit, line->erased_at) : NULL},
        {.key.text = "Version",
         .value.text = tf_page_format(visit, "%lld", (long long)line->version)},
    };
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
}

static void write_reference(tf_visit *visit, const char *before, const char *path, int64_t id) {
    if (!id) {
        return;
    }
    tf_html_open(&visit->html, "p");
    tf_html_attribute(&visit->html, "class", "govuk-body");
    tf_html_text(&visit->html, before);
    tf_page_link(visit, tf_page_format(visit, "%s/%lld", path, (long long)id),
                 tf_page_format(visit, "report %lld", (long long)id));
    tf_html_close(&visit->html, "p");
}

static void write_texts(tf_visit *visit, const tf_intelligence *report) {
    const struct {
        const char *title;
        tf_text text;
    } texts[] = {{"Text", report->text},
                 {"Conditions of handling", report->conditions},
                 {"Provenance", report->provenance}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].text.length) {
            tf_page_deed_heading(visit, NULL, texts[i].title);
            tf_page_prose(visit, texts[i].text);
        }
    }
}

static void write_shares(tf_visit *visit, const tf_intelligence *report) {
    static const tf_page_column columns[] = {
        {"Shared with", false}, {"Purpose", false}, {"Agreement", true}, {"When", false}};
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    if (report->share_count == 0) {
        return;
    }
    tf_page_records_begin(visit, "Shared with", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < report->share_count; i++) {
        const tf_intelligence_share_line *share = &report->shares[i];
        int purpose = tf_access_purpose(rules, share->purpose);
        tf_page_row_begin(visit);
        tf_page_row_header(visit, NULL, share->organisation);
        tf_page_cell(visit, purpose < 0 ? share->purpose : rules->purposes[purpose].title);
        tf_page_count(visit, share->agreement_id);
        tf_page_cell(visit, tf_page_instant(visit, share->at));
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

static void write_share_form(tf_visit *visit, const report_visit *own) {
    tf_select_item *items = tf_arena_alloc(visit->arena, own->organisation_count, sizeof *items);
    size_t count = 0;
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < own->organisation_count; i++) {
        if (own->organisations[i].id != own->report.line.organisation_id) {
            items[count++] = (tf_select_item){
                .text = own->organisations[i].name,
                .value = tf_page_format(visit, "%lld", (long long)own->organisations[i].id)};
        }
    }
    tf_page_deed_heading(visit, "share", "Share it");
    if (count == 0) {
        tf_page_paragraph(visit, "There is no other organisation.");
        return;
    }
    tf_page_form_begin(visit, link_to(visit, own, ""));
    tf_govuk_select(&visit->html, &(tf_select){.name = "organisation",
                                               .items = items,
                                               .count = count,
                                               .label.content.text = "Organisation",
                                               .error_message.content.text = own->problem});
    tf_page_purposes(visit, "intelligence", "Purpose",
                     "An agreement in force with them must cover intelligence for this purpose.",
                     NULL);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Share the report",
                                               .name = "do",
                                               .value = "share",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

/* Whether it is still needed: asked when its time is over, and answered whenever somebody knows. */
static void write_review(tf_visit *visit, const report_visit *own) {
    const tf_triage_words *words = tf_pack_triage_words(tf_site_pack(visit->site));
    tf_select_item *items = tf_arena_alloc(visit->arena, words->retention_count, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < words->retention_count; i++) {
        const tf_retention_group *group = &words->retention[i];
        items[i] =
            (tf_select_item){.text = tf_page_format(visit, "%s: %d years", group->title,
                                                    (int)((group->review_days * 4 + 730) / 1461)),
                             .value = group->name};
    }
    tf_page_deed_heading(visit, "review", "Review whether it is still needed");
    tf_page_form_begin(visit, link_to(visit, own, ""));
    tf_govuk_select(&visit->html, &(tf_select){.name = "group",
                                               .items = items,
                                               .count = words->retention_count,
                                               .value = own->report.line.retention,
                                               .label.content.text = "What it is about"});
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Keep it",
                                               .name = "do",
                                               .value = deed_names[DEED_KEEP],
                                               .classes = "govuk-button--secondary",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
    if (!own->report.line.disposed_at) {
        tf_page_deed(visit, link_to(visit, own, ""), deed_names[DEED_DISPOSE], "Have it erased",
                     "govuk-button--warning");
    }
}

static void write_deeds(tf_visit *visit, const report_visit *own) {
    const tf_intelligence_line *line = &own->report.line;
    if (own->may_change && !line->is_submitted) {
        tf_govuk_button(&visit->html, &(tf_button){.content.text = "Change the draft",
                                                   .href = link_to(visit, own, "/change"),
                                                   .classes = "govuk-button--secondary"});
        tf_page_deed(visit, link_to(visit, own, ""), "submit", "Submit the report", NULL);
    }
    if (own->may_change && line->is_submitted && !line->corrected_by_id && !line->erased_at) {
        tf_govuk_button(&visit->html, &(tf_button){.content.text = "Correct it by a later report",
                                                   .href = link_to(visit, own, "/correct"),
                                                   .classes = "govuk-button--secondary"});
    }
    if (own->may_share && line->is_submitted && !line->erased_at) {
        write_share_form(visit, own);
    }
    if (own->may_change && line->is_submitted && !line->erased_at) {
        write_review(visit, own);
    }
}

static void write_justification(tf_visit *visit, const report_visit *own) {
    tf_govuk_textarea(
        &visit->html,
        &(tf_textarea){.name = "justification",
                       .id = "justification",
                       .rows = 3,
                       .value = own->intent.justification,
                       .label.content.text = "In an emergency: why you need it at once",
                       .hint.content.text = "Leave it empty otherwise. It opens what no agreement "
                                            "does, and whom the report belongs to is told and "
                                            "reviews it."});
}

/* Another organisation's report is opened for a purpose, which is asked for first. */
static tf_status write_purpose(tf_visit *visit, const report_visit *own, const char *why,
                               tf_error *error) {
    const char *title = tf_page_format(visit, "Intelligence report %lld", (long long)own->id);
    tf_page_begin(visit, &(tf_page_head){.title = title,
                                         .section = "/intelligence",
                                         .crumbs = {TF_INTELLIGENCE_CRUMB}});
    tf_page_title(visit, NULL, title);
    tf_page_paragraph(visit, why);
    tf_page_form_begin(visit, link_to(visit, own, ""));
    tf_page_purposes(visit, "intelligence", "What do you open it for?",
                     "It is entered in the audit.", tf_page_sent_string(visit, "purpose"));
    if (own->report.opens_in_emergency) {
        write_justification(visit, own);
    }
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Open the report",
                                               .name = "do",
                                               .value = deed_names[DEED_OPEN],
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status write_page(tf_visit *visit, report_visit *own, tf_error *error) {
    tf_error fault = {.message = ""};
    tf_status status = tf_visit_at_access(visit, read_report, own, &fault);
    if (status == TF_REFUSED && !own->problem && own->report.opens_for_purpose &&
        visit->visitor->may & TF_MAY_READ_INTELLIGENCE &&
        own->report.line.organisation_id != visit->actor->organisation_id) {
        visit->response->status = 403;
        return write_purpose(visit, own, tf_page_sentence(visit, fault.message), error);
    }
    if (status) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    const tf_intelligence_line *line = &own->report.line;
    const char *title = tf_page_format(visit, "Intelligence report %lld", (long long)own->id);
    tf_page_begin(visit, &(tf_page_head){.title = title,
                                         .section = "/intelligence",
                                         .crumbs = {TF_INTELLIGENCE_CRUMB},
                                         .has_errors = own->problem != NULL});
    tf_page_error(visit, own->problem, line->is_submitted ? "organisation" : "main-content");
    if (!own->problem) {
        tf_page_done(visit, done, sizeof done / sizeof *done);
    }
    tf_page_title(visit, line->is_submitted ? "Submitted" : "Draft", title);
    write_facts(visit, own);
    write_reference(visit, "Made of ", "/concerns", line->response_id);
    write_reference(visit, "Corrects ", "/intelligence", line->corrects_id);
    write_reference(visit, "Corrected by ", "/intelligence", line->corrected_by_id);
    write_texts(visit, &own->report);
    write_shares(visit, &own->report);
    write_deeds(visit, own);
    tf_page_audit_look(visit, "Who has seen or changed it", &own->look);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_report(void *context, const tf_request *request, tf_response *response,
                               tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    report_visit own = of_request(&visit);
    return write_page(&visit, &own, error);
}

static tf_status do_deed(tf_visit *visit, void *data, tf_error *error) {
    report_visit *own = data;
    const tf_form *form = &visit->request->form;
    deed what = (deed)tf_form_value(form, "do")->number;
    if (what == DEED_SUBMIT) {
        return tf_intelligence_submit(visit->access, visit->actor, own->id, error);
    }
    if (what == DEED_KEEP || what == DEED_DISPOSE) {
        return tf_intelligence_review(
            visit->access, visit->actor, own->id,
            what == DEED_KEEP ? tf_page_sent_string(visit, "group") : NULL, error);
    }
    return tf_intelligence_share(visit->access, visit->actor, own->id,
                                 tf_form_value(form, "organisation")->number, &own->intent, error);
}

static void write_question(tf_visit *visit, const report_visit *own) {
    const char *back = link_to(visit, own, "");
    tf_page_confirm(
        visit, &(tf_confirmation){
                   .head = {.title = "Do you want to submit this report?",
                            .section = "/intelligence",
                            .crumbs = {TF_INTELLIGENCE_CRUMB,
                                       {tf_page_format(visit, "Intelligence report %lld",
                                                       (long long)own->id),
                                        back}}},
                   .consequences = "What is submitted cannot be changed, only corrected by a later "
                                   "report.",
                   .action = back,
                   .deed = deed_names[DEED_SUBMIT],
                   .button = "Submit the report",
                   .back = back});
}

static tf_status handle_deed(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    report_visit own = of_request(&visit);
    int64_t what = tf_form_value(&request->form, "do")->number;
    if (what == DEED_SUBMIT && !tf_page_is_sure(&visit)) {
        write_question(&visit, &own);
        return tf_buffer_check(&response->body, error);
    }
    if (what == DEED_OPEN) {
        own.intent.justification = tf_page_sent_string(&visit, "justification");
        return write_page(&visit, &own, error);
    }
    own.is_for_sharing = true;
    tf_error fault;
    tf_status status = tf_visit_at_access(&visit, do_deed, &own, &fault);
    if (!status) {
        const char *said = tf_page_format(&visit, "?done=%s", deed_names[what]);
        tf_response_redirect(response, link_to(&visit, &own, said));
        return TF_OK;
    }
    if (!tf_page_takes_fault(&visit, status, &fault, &own.problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_page(&visit, &own, error);
}

/* ---- routes ---- */

static const tf_field report_fields[] = {
    {.name = "id",
     .label = "Report",
     .help = "The number of the report.",
     .kind = TF_FIELD_INT,
     .is_required = true,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "purpose", .label = "Purpose", .help = "What it is for.", .maximum = 60},
    TF_DONE_FIELD,
    {.name = "do",
     .label = "Action",
     .help = "What is done with it.",
     .kind = TF_FIELD_CHOICE,
     .is_required = true,
     .choices = deed_names},
    {.name = "organisation",
     .label = "Organisation",
     .help = "With whom it is shared.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    TF_SURE_FIELD,
    {.name = "justification",
     .label = "Justification",
     .help = "Of an emergency.",
     .maximum = 2000},
    {.name = "group", .label = "Group", .help = "Of retention.", .maximum = 60},
};

const tf_route tf_route_intelligence = {
    .method = "GET",
    .path = "/intelligence",
    .title = "Intelligence",
    .help = "The intelligence reports that one's organisation has.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .is_volatile = true,
    .handle = handle_list,
};

const tf_route tf_route_intelligence_report = {
    .method = "GET",
    .path = "/intelligence/{id}",
    .title = "An intelligence report",
    .help = "One report, opened with the reader's key; another organisation's for a purpose.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .is_volatile = true,
    .fields = report_fields,
    .field_count = 3,
    .handle = handle_report,
};

const tf_route tf_route_intelligence_send = {
    .method = "POST",
    .path = "/intelligence/{id}",
    .title = "Submit or share an intelligence report",
    .help = "Submit a draft, or share what was submitted under an agreement.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .is_volatile = true,
    .fields = report_fields,
    .field_count = sizeof report_fields / sizeof *report_fields,
    .handle = handle_deed,
};
