/* One intelligence report: submitting, sharing, keeping and discarding it. */
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
    tf_organisation *organisations; /* those first that an agreement covers */
    size_t organisation_count;
    size_t covered_count;
    bool may_change;
    bool may_submit;
    bool may_erase;
    bool may_share;
    tf_audit_look look;
    tf_identity_check check; /* of a draft that is to be submitted */
    const char *problem;
    const char *problem_at;      /* the control it is about */
    const char *purpose_problem; /* of sharing, beside the other */
} report_visit;

static report_visit of_request(const tf_visit *visit) {
    return (report_visit){
        .id = tf_form_value(&visit->request->form, "id")->number,
        .intent = {.purpose = tf_page_purpose(visit, "purpose"), .can_justify = true}};
}

static bool may(tf_visit *visit, tf_action action, const tf_object *object) {
    return tf_access_ask(visit->access, visit->actor, action, object, NULL).is_allowed;
}

/* Whether the report could be given to an organisation for any purpose. */
static bool is_covered(tf_visit *visit, const tf_object *object, int64_t organisation_id) {
    const tf_access_rules *rules = tf_access_get_rules(visit->access);
    bool found = false;
    for (size_t i = 0; !found && i < rules->purpose_count; i++) {
        tf_intent intent = {.purpose = (int)i, .recipient_id = organisation_id};
        found = tf_access_ask(visit->access, visit->actor, TF_ACTION_DISCLOSE, object, &intent)
                    .is_allowed;
    }
    return found;
}

/* Without whom it belongs to. */
static void put_covered_first(tf_visit *visit, report_visit *own, const tf_object *object) {
    tf_organisation *all = own->organisations;
    tf_organisation *sorted = tf_arena_alloc(visit->arena, own->organisation_count, sizeof *sorted);
    size_t count = 0;
    for (int pass = 0; sorted && own->may_share && pass < 2; pass++) {
        for (size_t i = 0; i < own->organisation_count; i++) {
            if (all[i].id != object->organisation_id &&
                is_covered(visit, object, all[i].id) == (pass == 0)) {
                sorted[count++] = all[i];
            }
        }
        own->covered_count = pass == 0 ? count : own->covered_count;
    }
    own->organisations = sorted;
    own->organisation_count = count;
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
    const tf_intelligence_line *line = &own->report.line;
    tf_object object = {.category = tf_access_category_of(access, "intelligence"),
                        .id = own->id,
                        .organisation_id = line->organisation_id,
                        .assigned_to = line->is_submitted ? 0 : line->author_id};
    own->may_change = may(visit, TF_ACTION_ALTER, &object);
    own->may_erase = may(visit, TF_ACTION_ERASE, &object);
    own->may_share = may(visit, TF_ACTION_DISCLOSE, &object);
    own->may_submit =
        !line->is_submitted && tf_intelligence_may_submit(access, visit->actor, line, visit->arena);
    status = tf_audit_about(access, visit->actor, &object, TF_PAGE_LOOKS, visit->arena, &own->look,
                            error);
    if (!status) {
        status = tf_organisation_list(access, visit->arena, &own->organisations,
                                      &own->organisation_count, error);
    }
    if (!status) {
        put_covered_first(visit, own, &object);
    }
    return status;
}

/* "2 Untested" */
static const char *grade_of(tf_visit *visit, const tf_word_list *list, const char *name) {
    const tf_word *word = tf_word_find(list, tf_text_of(name));
    return *name ? tf_page_format(visit, "%s %s", name, word ? word->title : "") : TF_NOT_SHARED;
}

/* Until when it is kept as it is. */
static const char *review_of(tf_visit *visit, const tf_intelligence_line *line) {
    int64_t days = tf_pack_triage_words(tf_site_pack(visit->site))->draft_days;
    if (line->erased_at || (!line->review_at && line->is_submitted)) {
        return NULL;
    }
    return line->disposed_at ? "It is not kept, and erased in the next night"
           : line->review_at
               ? tf_page_instant(visit, line->review_at)
               : tf_page_format(
                     visit, "Erased on %s, unless it is submitted before",
                     tf_page_instant(visit, line->created_at + days * TF_MICROSECONDS_A_DAY));
}

static const char *link_to(tf_visit *visit, const report_visit *own, const char *part) {
    return tf_page_format(visit, "/intelligence/%lld%s", (long long)own->id, part);
}

static void write_facts(tf_visit *visit, const report_visit *own) {
    const tf_intelligence_line *line = &own->report.line;
    const tf_triage_words *words = tf_pack_triage_words(tf_site_pack(visit->site));
    const char *review = review_of(visit, line);
    const tf_summary_row rows[] = {
        {.key.text = "From", .value.text = line->organisation},
        {.key.text = "Source", .value.text = grade_of(visit, &words->sources, line->source)},
        {.key.text = "Information",
         .value.text = grade_of(visit, &words->information, line->information)},
        {.key.text = "Handling", .value.text = grade_of(visit, &words->handling, line->handling)},
        {.key.text = *line->author ? "Written by" : NULL,
         .value.text = *line->author ? line->author : NULL},
        {.key.text = line->submitted_at ? "Submitted" : "Draft of",
         .value.text =
             tf_page_instant(visit, line->submitted_at ? line->submitted_at : line->created_at)},
        {.key.text = !review           ? NULL
                     : line->review_at ? "Review by"
                                       : "Kept",
         .value.text = review},
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

static const char *problem_at(const report_visit *own, const char *id) {
    return own->problem && strcmp(own->problem_at, id) == 0 ? own->problem : NULL;
}

static void write_organisations(tf_visit *visit, const report_visit *own) {
    tf_select_item *items =
        tf_arena_alloc(visit->arena, own->organisation_count + 1, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    items[0] = (tf_select_item){.text = "Choose an organisation", .value = ""};
    for (size_t i = 0; i < own->organisation_count; i++) {
        const char *name = own->organisations[i].name;
        items[i + 1] = (tf_select_item){
            .text =
                i < own->covered_count ? name : tf_page_format(visit, "%s (no agreement)", name),
            .value = tf_page_format(visit, "%lld", (long long)own->organisations[i].id)};
    }
    tf_govuk_select(
        &visit->html,
        &(tf_select){.name = "organisation",
                     .items = items,
                     .count = own->organisation_count + 1,
                     .value = own->is_for_sharing ? tf_page_sent(visit, "organisation") : NULL,
                     .label.content.text = "Organisation",
                     .error_message.content.text = problem_at(own, "organisation")});
}

static void write_share_form(tf_visit *visit, const report_visit *own) {
    tf_page_deed_heading(visit, "share", "Share it");
    if (own->organisation_count == 0) {
        tf_page_paragraph(visit, "There is no other organisation.");
        return;
    }
    tf_page_form_begin(visit, link_to(visit, own, ""));
    write_organisations(visit, own);
    tf_page_purposes(visit, "intelligence", "Purpose",
                     "An agreement in force with them must cover intelligence for this purpose.",
                     own->is_for_sharing ? tf_page_sent(visit, "purpose") : NULL,
                     own->purpose_problem);
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
    tf_govuk_select(&visit->html,
                    &(tf_select){.name = "group",
                                 .items = items,
                                 .count = words->retention_count,
                                 .value = own->report.line.retention,
                                 .label.content.text = "What it is about",
                                 .error_message.content.text = problem_at(own, "group")});
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Keep it",
                                               .name = "do",
                                               .value = deed_names[DEED_KEEP],
                                               .classes = "govuk-button--secondary",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
    if (own->may_erase && !own->report.line.disposed_at) {
        tf_page_deed(visit, link_to(visit, own, ""), deed_names[DEED_DISPOSE], "Have it erased",
                     "govuk-button--warning");
    }
}

static void write_draft_deeds(tf_visit *visit, const report_visit *own) {
    if (own->may_change) {
        tf_govuk_button(&visit->html, &(tf_button){.content.text = "Change the draft",
                                                   .href = link_to(visit, own, "/change"),
                                                   .classes = "govuk-button--secondary"});
    }
    if (own->may_submit) {
        tf_page_deed(visit, link_to(visit, own, ""), "submit", "Submit the report", NULL);
    } else if (own->may_change) {
        tf_page_paragraph(visit, own->report.line.response_id
                                     ? "An intake officer submits it, and checks first that it "
                                       "does not tell who the sender is."
                                     : "A colleague whose role may submit reports submits it.");
    }
    if (own->may_erase && !own->report.line.disposed_at) {
        tf_page_deed(visit, link_to(visit, own, ""), deed_names[DEED_DISPOSE], "Discard the draft",
                     "govuk-button--warning");
    }
}

static void write_deeds(tf_visit *visit, const report_visit *own) {
    const tf_intelligence_line *line = &own->report.line;
    if (line->erased_at) {
        return;
    }
    if (!line->is_submitted) {
        write_draft_deeds(visit, own);
        return;
    }
    if (own->may_change && !line->corrected_by_id) {
        tf_govuk_button(&visit->html, &(tf_button){.content.text = "Correct it by a later report",
                                                   .href = link_to(visit, own, "/correct"),
                                                   .classes = "govuk-button--secondary"});
    }
    if (own->may_share) {
        write_share_form(visit, own);
    }
    if (own->may_change) {
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
                     "It is entered in the audit.", tf_page_sent(visit, "purpose"), NULL);
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
                                         .has_errors = own->problem || own->purpose_problem});
    const tf_page_fault faults[] = {{own->problem, own->problem_at},
                                    {own->purpose_problem, "purpose"}};
    tf_page_errors(visit, faults, sizeof faults / sizeof *faults);
    if (!own->problem && !own->purpose_problem) {
        tf_page_done(visit, done, sizeof done / sizeof *done);
    }
    tf_page_title(visit,
                  line->erased_at      ? "Erased"
                  : line->is_submitted ? "Submitted"
                                       : "Draft",
                  title);
    write_facts(visit, own);
    write_reference(visit, "Made of ", "/concerns", line->response_id);
    write_reference(visit, "Corrects ", "/intelligence", line->corrects_id);
    write_reference(visit, "Corrected by ", "/intelligence", line->corrected_by_id);
    write_texts(visit, &own->report);
    tf_page_shares(visit, &own->report);
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
    if (what == DEED_KEEP) {
        return tf_intelligence_keep(visit->access, visit->actor, own->id,
                                    tf_page_sent(visit, "group"), error);
    }
    if (what == DEED_DISPOSE) {
        return tf_intelligence_dispose(visit->access, visit->actor, own->id, error);
    }
    return tf_intelligence_share(visit->access, visit->actor, own->id,
                                 tf_form_value(form, "organisation")->number, &own->intent, error);
}

/* The draft, compared with its sender by whoever submits it. */
static tf_status read_draft(tf_visit *visit, void *data, tf_error *error) {
    report_visit *own = data;
    tf_intelligence *report = &own->report;
    tf_status status =
        tf_intelligence_start(visit->access, visit->actor, own->id, visit->arena, report, error);
    if (status) {
        return status;
    }
    const tf_intelligence_form form = {
        .text = report->text, .conditions = report->conditions, .provenance = report->provenance};
    return tf_intelligence_check(visit->access, visit->actor, report->line.response_id, &form,
                                 visit->arena, &own->check, error);
}

static const char *consequences_of(tf_visit *visit, const report_visit *own) {
    const char *text = "What is submitted cannot be changed, only corrected by a later report.";
    for (size_t i = 0; i < own->check.count; i++) {
        const tf_identity_warning *warning = &own->check.warnings[i];
        text = tf_page_format(
            visit, "%s%s %s is in %s: %s.", text, i ? "" : " This may tell who the source is.",
            tf_page_sentence(visit, warning->what), warning->where, warning->excerpt);
    }
    return text;
}

static tf_status ask_first(tf_visit *visit, report_visit *own, tf_error *error) {
    const char *back = link_to(visit, own, "");
    tf_status status = tf_visit_at_access(visit, read_draft, own, error);
    if (status) {
        return status;
    }
    tf_page_confirm(
        visit,
        &(tf_confirmation){.head = {.title = "Do you want to submit this report?",
                                    .section = "/intelligence",
                                    .crumbs = {TF_INTELLIGENCE_CRUMB,
                                               {tf_page_format(visit, "Intelligence report %lld",
                                                               (long long)own->id),
                                                back}}},
                           .consequences = consequences_of(visit, own),
                           .action = back,
                           .deed = deed_names[DEED_SUBMIT],
                           .button = "Submit the report",
                           .back = back});
    return tf_buffer_check(&visit->response->body, error);
}

/* What was not chosen of a form of sharing; whether all was. */
static bool is_chosen(tf_visit *visit, report_visit *own) {
    own->problem_at = "organisation";
    if (tf_form_value(&visit->request->form, "organisation")->number == 0) {
        own->problem = "Choose an organisation";
    }
    if (own->intent.purpose < 0) {
        own->purpose_problem = "Choose a purpose";
    }
    if (own->problem || own->purpose_problem) {
        visit->response->status = 400;
    }
    return !own->problem && !own->purpose_problem;
}

static tf_status handle_deed(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    report_visit own = of_request(&visit);
    const tf_value *what = tf_form_value(&request->form, "do");
    if (what->error) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "%s", what->error);
    }
    if (what->number == DEED_SUBMIT && !tf_page_is_sure(&visit)) {
        return ask_first(&visit, &own, error);
    }
    if (what->number == DEED_OPEN) {
        own.intent.justification = tf_page_sent(&visit, "justification");
        return write_page(&visit, &own, error);
    }
    own.is_for_sharing = true;
    if (what->number == DEED_SHARE && !is_chosen(&visit, &own)) {
        return write_page(&visit, &own, error);
    }
    tf_error fault;
    tf_status status = tf_visit_at_access(&visit, do_deed, &own, &fault);
    if (!status) {
        const char *said = tf_page_format(&visit, "?done=%s", deed_names[what->number]);
        tf_response_redirect(response, link_to(&visit, &own, said));
        return TF_OK;
    }
    own.problem_at = what->number == DEED_SHARE  ? "organisation"
                     : what->number == DEED_KEEP ? "group"
                                                 : "main-content";
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
    .help =
        "Submit or discard a draft, share what was submitted under an agreement, say whether it "
        "is kept.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .is_volatile = true,
    .fields = report_fields,
    .field_count = sizeof report_fields / sizeof *report_fields,
    .handle = handle_deed,
};
