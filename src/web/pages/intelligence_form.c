/* The form of an intelligence report: drafted of a report of concern or of nothing, changed, or
 * made as a correction. */
#include "concern_internal.h"
#include "routes_internal.h"

#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/messages.h"
#include "web/html/text_blocks.h"
#include "web/html/textareas.h"

typedef enum form_kind { FORM_OF_CONCERN, FORM_NEW, FORM_CHANGE, FORM_CORRECT } form_kind;

typedef struct form_visit {
    form_kind kind;
    int64_t concern_id;      /* 0: none */
    int64_t report_id;       /* that is changed or corrected; 0: none */
    int64_t organisation_id; /* whose report it is or will be */
    bool is_submitted;
    tf_intelligence_form form;
    tf_report report; /* that it is drafted of */
    tf_intelligence_faults faults;
    tf_identity_check check;
    bool has_faults;
    const char *problem; /* of the whole, though each part is as it should be */
    bool is_saved;
    int64_t made_id;
} form_visit;

static tf_text copy(tf_visit *visit, const char *text) {
    return tf_text_of(tf_page_format(visit, "%s", text));
}

/* What the form begins with: what is to be changed or corrected. */
static tf_status read_start(tf_visit *visit, void *data, tf_error *error) {
    form_visit *own = data;
    tf_intelligence report;
    tf_status status = tf_intelligence_start(visit->access, visit->actor, own->report_id,
                                             visit->arena, &report, error);
    if (!status) {
        own->concern_id = report.line.response_id;
        own->organisation_id = report.line.organisation_id;
        own->is_submitted = report.line.is_submitted;
        own->form = (tf_intelligence_form){.source = copy(visit, report.line.source),
                                           .information = copy(visit, report.line.information),
                                           .handling = copy(visit, report.line.handling),
                                           .text = report.text,
                                           .conditions = report.conditions,
                                           .provenance = report.provenance};
    }
    return status;
}

/* Whether the form may be begun at all, so that nobody writes a report in vain; and of a report of
 * concern what was reported, to be read beside it. */
static tf_status prepare(tf_visit *visit, void *data, tf_error *error) {
    form_visit *own = data;
    if (own->report_id) {
        tf_status status = read_start(visit, own, error);
        if (!status && own->kind == FORM_CHANGE && own->is_submitted) {
            status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "the report was submitted and cannot be changed; correct it by a "
                             "later one");
        }
        return status;
    }
    tf_object object = {.category = tf_access_category_of(visit->access, "intelligence"),
                        .organisation_id = visit->actor->organisation_id};
    if (!tf_access_ask(visit->access, visit->actor, TF_ACTION_COLLECT, &object, NULL).is_allowed) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "your roles do not include writing reports; if they should, ask an "
                       "administrator of the partnership");
    }
    return own->concern_id
               ? tf_triage_open(visit->access, visit->actor, NULL, own->concern_id,
                                tf_page_is_seen(visit), visit->arena, &own->report, error)
               : TF_OK;
}

/* ---- writing it ---- */

static const char *string_of(tf_visit *visit, tf_text text) {
    return tf_page_format(visit, "%.*s", TF_TEXT_ARG(text));
}

static const char *sentence(tf_visit *visit, const char *fault) {
    return fault ? tf_page_sentence(visit, fault) : NULL;
}

static void write_grades(tf_visit *visit, const char *name, const char *legend,
                         const tf_word_list *words, tf_text chosen, const char *fault) {
    tf_choice *items = tf_arena_alloc(visit->arena, words->count, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < words->count; i++) {
        items[i] = (tf_choice){.content.text = tf_page_format(visit, "%s: %s", words->items[i].name,
                                                              words->items[i].title),
                               .value = words->items[i].name};
    }
    tf_fieldset fieldset = {
        .legend = {.content.text = legend, .classes = "govuk-fieldset__legend--m"}};
    tf_govuk_radios(&visit->html,
                    &(tf_radios){.name = name,
                                 .items = items,
                                 .count = words->count,
                                 .value = string_of(visit, chosen),
                                 .fieldset = &fieldset,
                                 .error_message.content.text = sentence(visit, fault)});
}

static void write_text(tf_visit *visit, const char *name, const char *label, const char *hint,
                       tf_text value, int rows, const char *fault) {
    tf_govuk_textarea(&visit->html,
                      &(tf_textarea){.name = name,
                                     .rows = rows,
                                     .value = string_of(visit, value),
                                     .label = {.content.text = label, .classes = "govuk-label--m"},
                                     .hint.content.text = hint,
                                     .error_message.content.text = sentence(visit, fault)});
}

static void write_warnings(tf_visit *visit, const form_visit *own) {
    tf_error_link items[40];
    size_t count = 0;
    for (size_t i = 0; i < own->check.count && i < sizeof items / sizeof *items; i++) {
        const tf_identity_warning *warning = &own->check.warnings[i];
        const char *name = strrchr(warning->where, ' ') + 1;
        items[count++] =
            (tf_error_link){.content.text = tf_page_format(visit, "%s is in %s: %s",
                                                           tf_page_sentence(visit, warning->what),
                                                           warning->where, warning->excerpt),
                            .href = tf_page_format(visit, "#%s", name)};
    }
    if (count) {
        tf_govuk_error_summary(&visit->html,
                               &(tf_error_summary){.title.text = "This may tell who the source is",
                                                   .errors = items,
                                                   .count = count});
    }
}

static const char *action_of(tf_visit *visit, const form_visit *own) {
    switch (own->kind) {
    case FORM_OF_CONCERN:
        return tf_page_format(visit, "/concerns/%lld/intelligence", (long long)own->concern_id);
    case FORM_CHANGE:
        return tf_page_format(visit, "/intelligence/%lld/change", (long long)own->report_id);
    case FORM_CORRECT:
        return tf_page_format(visit, "/intelligence/%lld/correct", (long long)own->report_id);
    default:
        return "/intelligence/new";
    }
}

static void write_form(tf_visit *visit, const form_visit *own) {
    const tf_triage_words *words = tf_pack_triage_words(tf_site_pack(visit->site));
    tf_page_form_begin(visit, action_of(visit, own));
    const tf_intelligence_faults *faults = &own->faults;
    write_grades(visit, "source", "Source", &words->sources, own->form.source, faults->source);
    write_grades(visit, "information", "Information", &words->information, own->form.information,
                 faults->information);
    write_text(visit, "text", "Text",
               "Sanitised: nothing by which the source could be known, one subject a report.",
               own->form.text, 10, faults->text);
    write_text(visit, "provenance", "Provenance",
               "How the source came to know it, without who the source is.", own->form.provenance,
               4, faults->provenance);
    write_grades(visit, "handling", "Handling", &words->handling, own->form.handling,
                 faults->handling);
    write_text(visit, "conditions", "Conditions of handling",
               "What whoever receives it must and must not do. Needed for C.", own->form.conditions,
               3, faults->conditions);
    if (own->check.count) {
        const tf_choice item = {.content.text = "I have read these and the text is safe as it is",
                                .value = "1",
                                .name = "checked"};
        tf_govuk_checkboxes(&visit->html, &(tf_checkboxes){.name = "checked",
                                                           .id_prefix = "checked",
                                                           .items = &item,
                                                           .count = 1});
    }
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Save the draft",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

static void write_faults(tf_visit *visit, const form_visit *own) {
    const tf_intelligence_faults *faults = &own->faults;
    const tf_page_fault all[] = {{own->problem, "text"},
                                 {sentence(visit, faults->source), "source"},
                                 {sentence(visit, faults->information), "information"},
                                 {sentence(visit, faults->text), "text"},
                                 {sentence(visit, faults->provenance), "provenance"},
                                 {sentence(visit, faults->handling), "handling"},
                                 {sentence(visit, faults->conditions), "conditions"}};
    tf_page_errors(visit, all, sizeof all / sizeof *all);
}

typedef struct reported {
    tf_visit *visit;
    const tf_report *report;
} reported;

static void write_content(tf_html *html, const void *data) {
    const reported *content = data;
    (void)html; /* the visit's */
    tf_page_answers(content->visit, content->report);
    tf_page_entries(content->visit, content->report);
}

static void write_reported(tf_visit *visit, const form_visit *own) {
    const reported content = {visit, &own->report};
    if (own->report.line.id && !own->report.erased_at) {
        tf_govuk_details(&visit->html,
                         &(tf_details){.summary.text = "What was reported",
                                       .content = {.write = write_content, .data = &content}});
    }
}

static tf_status write_page(tf_visit *visit, const form_visit *own, tf_error *error) {
    static const char *const titles[] = {"Draft an intelligence report", "Write a report",
                                         "Change the draft", "Correct a report"};
    const char *title = titles[own->kind];
    tf_page_begin(
        visit, &(tf_page_head){.title = title,
                               .section = "/intelligence",
                               .crumbs = {TF_INTELLIGENCE_CRUMB},
                               .has_errors = own->has_faults || own->problem || own->check.count});
    write_faults(visit, own);
    write_warnings(visit, own);
    tf_page_title(visit,
                  own->concern_id
                      ? tf_page_format(visit, "Of report %lld", (long long)own->concern_id)
                      : NULL,
                  title);
    write_reported(visit, own);
    if (own->check.needs_officer) {
        tf_page_paragraph(visit, "The text is not compared with who sent the report. An intake "
                                 "officer does that before it is submitted.");
    }
    write_form(visit, own);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static form_visit of_request(const tf_visit *visit, form_kind kind) {
    const tf_form *form = &visit->request->form;
    form_visit own = {.kind = kind, .organisation_id = visit->actor->organisation_id};
    if (kind == FORM_OF_CONCERN) {
        own.concern_id = tf_form_value(form, "id")->number;
    } else if (kind != FORM_NEW) {
        own.report_id = tf_form_value(form, "id")->number;
    }
    return own;
}

static tf_status show(void *context, const tf_request *request, tf_response *response,
                      form_kind kind, tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    form_visit own = of_request(&visit, kind);
    tf_status status = tf_visit_at_access(&visit, prepare, &own, error);
    return status ? status : write_page(&visit, &own, error);
}

/* ---- taking it ---- */

/* The report of concern that it is of, which a change or a correction keeps. */
static tf_status find_concern(tf_visit *visit, form_visit *own, tf_error *error) {
    if (!own->report_id) {
        return TF_OK;
    }
    tf_intelligence_form sent = own->form;
    tf_status status = read_start(visit, own, error);
    own->form = sent;
    return status;
}

/* Save it where nothing is wrong with it, or else find all that is. */
static tf_status save(tf_visit *visit, void *data, tf_error *error) {
    form_visit *own = data;
    tf_access *access = visit->access;
    bool is_checked = tf_form_value(&visit->request->form, "checked")->number != 0;
    tf_status status = find_concern(visit, own, error);
    if (!status) {
        own->has_faults = tf_intelligence_find_faults(access, &own->form, &own->faults);
        status = tf_intelligence_check(access, visit->actor, own->concern_id, &own->form,
                                       visit->arena, &own->check, error);
    }
    if (status) {
        return status;
    }
    if (own->has_faults || (own->check.count && !is_checked)) {
        return own->kind == FORM_OF_CONCERN ? prepare(visit, own, error) : TF_OK;
    }
    own->is_saved = true;
    if (own->kind == FORM_CHANGE) {
        own->made_id = own->report_id;
        return tf_intelligence_change(access, visit->actor, own->report_id, &own->form, error);
    }
    return tf_intelligence_draft(access, visit->actor, own->concern_id,
                                 own->kind == FORM_CORRECT ? own->report_id : 0, &own->form,
                                 &own->made_id, error);
}

static tf_status take(void *context, const tf_request *request, tf_response *response,
                      form_kind kind, tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    form_visit own = of_request(&visit, kind);
    own.form = (tf_intelligence_form){.source = tf_page_sent_text(&visit, "source"),
                                      .information = tf_page_sent_text(&visit, "information"),
                                      .handling = tf_page_sent_text(&visit, "handling"),
                                      .text = tf_page_sent_text(&visit, "text"),
                                      .conditions = tf_page_sent_text(&visit, "conditions"),
                                      .provenance = tf_page_sent_text(&visit, "provenance")};
    tf_error fault = {.message = ""};
    tf_status status = tf_visit_at_access(&visit, save, &own, &fault);
    if (status == TF_BAD_INPUT) { /* what was written is not lost by it */
        own.check.count = 0;
        own.problem = tf_page_sentence(&visit, fault.message);
    } else if (status) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    if (status || !own.is_saved) {
        response->status = 400;
        return write_page(&visit, &own, error);
    }
    tf_response_redirect(
        response, tf_page_format(&visit, "/intelligence/%lld?done=saved", (long long)own.made_id));
    return TF_OK;
}

/* ---- routes ---- */

#define HANDLERS(name, kind)                                                                       \
    static tf_status show_##name(void *context, const tf_request *request, tf_response *response,  \
                                 tf_error *error) {                                                \
        return show(context, request, response, (kind), error);                                    \
    }                                                                                              \
    static tf_status take_##name(void *context, const tf_request *request, tf_response *response,  \
                                 tf_error *error) {                                                \
        return take(context, request, response, (kind), error);                                    \
    }

HANDLERS(of_concern, FORM_OF_CONCERN)
HANDLERS(new, FORM_NEW)
HANDLERS(change, FORM_CHANGE)
HANDLERS(correction, FORM_CORRECT)

#define FORM_FIELDS                                                                                \
    {.name = "source", .label = "Source", .maximum = 10},                                          \
        {.name = "information", .label = "Information", .maximum = 10},                            \
        {.name = "handling", .label = "Handling", .maximum = 10},                                  \
        {.name = "text", .label = "Text", .maximum = 12000},                                       \
        {.name = "provenance", .label = "Provenance", .maximum = 12000},                           \
        {.name = "conditions", .label = "Conditions", .maximum = 12000}, {                         \
        .name = "checked", .label = "Checked", .kind = TF_FIELD_FLAG                               \
    }

static const tf_field fields[] = {{.name = "id",
                                   .label = "Report",
                                   .help = "The number of the report.",
                                   .kind = TF_FIELD_INT,
                                   .is_required = true,
                                   .minimum = 1,
                                   .maximum = INT64_MAX},
                                  FORM_FIELDS};
enum { FIELD_COUNT = sizeof fields / sizeof *fields };

#define SHOW(route_path, first, route_field_count, handler)                                        \
    {                                                                                              \
        .method = "GET", .path = (route_path), .title = "An intelligence report",                  \
        .help = "The form of an intelligence report.", .permission = TF_PERMISSION_SIGNED_IN,      \
        .is_volatile = true, .fields = (first), .field_count = (route_field_count),                \
        .handle = (handler)                                                                        \
    }
#define TAKE(route_path, first, route_field_count, handler)                                        \
    {                                                                                              \
        .method = "POST", .path = (route_path), .title = "Save an intelligence report",            \
        .help = "Check the text for what tells who the source is, and save the draft.",            \
        .permission = TF_PERMISSION_SIGNED_IN, .body = TF_BODY_FORM, .answers_errors = true,       \
        .is_volatile = true, .fields = (first), .field_count = (route_field_count),                \
        .handle = (handler)                                                                        \
    }

const tf_route tf_route_concern_draft =
    SHOW("/concerns/{id}/intelligence", fields, 1, show_of_concern);
const tf_route tf_route_concern_draft_send =
    TAKE("/concerns/{id}/intelligence", fields, FIELD_COUNT, take_of_concern);
const tf_route tf_route_intelligence_new = SHOW("/intelligence/new", NULL, 0, show_new);
const tf_route tf_route_intelligence_new_send =
    TAKE("/intelligence/new", fields + 1, FIELD_COUNT - 1, take_new);
const tf_route tf_route_intelligence_change =
    SHOW("/intelligence/{id}/change", fields, 1, show_change);
const tf_route tf_route_intelligence_change_send =
    TAKE("/intelligence/{id}/change", fields, FIELD_COUNT, take_change);
const tf_route tf_route_intelligence_correct =
    SHOW("/intelligence/{id}/correct", fields, 1, show_correction);
const tf_route tf_route_intelligence_correct_send =
    TAKE("/intelligence/{id}/correct", fields, FIELD_COUNT, take_correction);
