/* One report of concern, and what is done with it. */
#include "audit_table_internal.h"
#include "concern_internal.h"
#include "routes_internal.h"

#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/tables.h"
#include "web/html/textareas.h"

typedef enum deed {
    DEED_CLAIM,
    DEED_HAND_OVER,
    DEED_ASK,
    DEED_NOTE,
    DEED_CLOSE,
    DEED_REOPEN,
    DEED_ADD_READER,
} deed;

static const char *const deed_names[] = {"claim", "hand-over", "ask",        "note",
                                         "close", "reopen",    "add-reader", NULL};

static const tf_done done[] = {
    {"claim", "You have claimed this report"},
    {"ask", "Your message is kept for the sender"},
    {"note", "Your note is added"},
    {"close", "The report is closed"},
    {"reopen", "The report is open again"},
    {"add-reader", "Your colleague can open this report now"},
};

typedef struct concern_visit {
    int64_t id;
    tf_report report;
    tf_colleague *colleagues;
    size_t colleague_count;
    tf_intelligence_line *made; /* intelligence reports of it */
    size_t made_count;
    bool may_draft;
    tf_audit_look look;
    const char *message; /* what is written in the forms' texts; NULL: nothing */
    const char *note;
    const char *done; /* the name of what was done, where the page follows at once */
    const char *problem;
    const char *problem_at; /* the control it is about */
} concern_visit;

static const char *address_of(tf_visit *visit, const concern_visit *own, const char *part) {
    return tf_page_format(visit, "/concerns/%lld%s", (long long)own->id, part);
}

static tf_status read_report(tf_visit *visit, void *data, tf_error *error) {
    concern_visit *own = data;
    tf_status status = tf_triage_open(visit->access, visit->actor, NULL, own->id,
                                      tf_page_is_seen(visit), visit->arena, &own->report, error);
    tf_object intelligence = {.category = tf_access_category_of(visit->access, "intelligence"),
                              .organisation_id = visit->actor->organisation_id};
    own->may_draft =
        tf_access_ask(visit->access, visit->actor, TF_ACTION_COLLECT, &intelligence, NULL)
            .is_allowed;
    if (!status && own->may_draft) {
        status = tf_intelligence_list(visit->access, visit->actor, own->id, visit->arena,
                                      &own->made, &own->made_count, error);
    }
    if (!status) {
        status = tf_triage_audit(visit->access, visit->actor, own->id, TF_PAGE_LOOKS, visit->arena,
                                 &own->look, error);
    }
    return status ? status
                  : tf_triage_colleagues(visit->access, visit->actor, visit->arena,
                                         &own->colleagues, &own->colleague_count, error);
}

/* ---- what it says ---- */

static void write_facts(tf_visit *visit, const concern_visit *own) {
    const tf_report *report = &own->report;
    const tf_report_line *line = &report->line;
    static const char *const states[] = {"New", "Claimed", "Closed", "Erased"};
    const tf_summary_row rows[] = {
        {.key.text = "Urgency", .value = {.write = tf_urgency_write, .data = line}},
        {.key.text = "About", .value.text = line->kinds},
        {.key.text = "Came in", .value.text = tf_page_instant(visit, line->received_at)},
        {.key.text = line->due_at ? "Look by" : NULL,
         .value = {.write = tf_due_write,
                   .data = &(tf_due){line, tf_page_instant(visit, line->due_at)}}},
        {.key.text = "State",
         .value.text = line->claimed_by ? tf_page_format(visit, "%s by %s", states[line->state],
                                                         line->claimed_name)
                                        : states[line->state]},
        {.key.text = report->closed_at ? "Closed because" : NULL,
         .value.text = report->closed_at ? report->outcome : NULL},
        {.key.text = report->erased_at ? "Content erased" : NULL,
         .value.text = report->erased_at ? tf_page_instant(visit, report->erased_at) : NULL},
    };
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
}

static void write_hints(tf_visit *visit, const tf_report *report) {
    tf_html *html = &visit->html;
    if (report->hint_count == 0) {
        return;
    }
    tf_page_heading(visit, "hints", "Perhaps about the same");
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list govuk-list--bullet");
    for (size_t i = 0; i < report->hint_count; i++) {
        const tf_report_hint *hint = &report->hints[i];
        tf_html_open(html, "li");
        tf_page_link(visit, tf_page_format(visit, "/concerns/%lld", (long long)hint->id),
                     tf_page_format(visit, "Report %lld", (long long)hint->id));
        tf_html_format(html, ": %s", hint->why);
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ul");
}

static void write_made(tf_visit *visit, const concern_visit *own) {
    if (!own->may_draft) {
        return;
    }
    tf_page_heading(visit, "intelligence", "Intelligence");
    for (size_t i = 0; i < own->made_count; i++) {
        const tf_intelligence_line *line = &own->made[i];
        tf_html_open(&visit->html, "p");
        tf_html_attribute(&visit->html, "class", "govuk-body");
        tf_page_link(visit, tf_page_format(visit, "/intelligence/%lld", (long long)line->id),
                     tf_page_format(visit, "Intelligence report %lld", (long long)line->id));
        tf_html_text(&visit->html, line->is_submitted ? ", submitted" : ", draft");
        tf_html_close(&visit->html, "p");
    }
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Draft an intelligence report",
                                               .href = address_of(visit, own, "/intelligence"),
                                               .classes = "govuk-button--secondary"});
}

/* ---- what can be done ---- */

static const char *problem_at(const concern_visit *own, const char *id) {
    return own->problem && strcmp(own->problem_at, id) == 0 ? own->problem : NULL;
}

static void write_text(tf_visit *visit, const concern_visit *own, const char *what,
                       const char *label, const char *hint, const char *value, const char *button) {
    tf_govuk_textarea(&visit->html,
                      &(tf_textarea){.name = what,
                                     .rows = 4,
                                     .value = value,
                                     .label.content.text = label,
                                     .hint.content.text = hint,
                                     .error_message.content.text = problem_at(own, what)});
    tf_govuk_button(&visit->html, &(tf_button){.content.text = button,
                                               .name = "do",
                                               .value = what,
                                               .classes = "govuk-button--secondary",
                                               .prevents_double_click = TF_YES});
}

/* One form with two buttons, so that what is written in one text is there when the other was
 * sent. */
static void write_texts(tf_visit *visit, const concern_visit *own) {
    const tf_report *report = &own->report;
    tf_page_form_begin(visit, address_of(visit, own, ""));
    if (report->has_sender && report->shows_messages) {
        write_text(visit, own, "ask", "Ask or tell the sender",
                   "The sender reads it with the receipt code. Do not write what others must not "
                   "see.",
                   own->message, "Send the message");
    }
    write_text(visit, own, "note", "Note for officers", NULL, own->note, "Add the note");
    tf_page_form_end(visit);
}

static void write_colleague_form(tf_visit *visit, const concern_visit *own, const char *what,
                                 const char *label, const char *button) {
    tf_page_form_begin(visit, address_of(visit, own, ""));
    tf_page_colleagues(visit, own->colleagues, own->colleague_count, what, label,
                       problem_at(own, what));
    tf_govuk_button(&visit->html, &(tf_button){.content.text = button,
                                               .name = "do",
                                               .value = what,
                                               .classes = "govuk-button--secondary",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

static void write_close_form(tf_visit *visit, const concern_visit *own) {
    const tf_word_list *closing = &tf_pack_triage_words(tf_site_pack(visit->site))->closing;
    tf_choice *items = tf_arena_alloc(visit->arena, closing->count, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < closing->count; i++) {
        items[i] = (tf_choice){
            .content.text = closing->items[i].title,
            .value = closing->items[i].name,
            .hint.content.text = tf_page_format(visit, "The sender is told: %s",
                                                tf_words_in(&closing->items[i].told, TF_ENGLISH))};
    }
    tf_fieldset fieldset = {
        .legend = {.content.text = "Why is it closed?", .classes = "govuk-fieldset__legend--s"}};
    tf_page_form_begin(visit, address_of(visit, own, ""));
    tf_govuk_radios(&visit->html,
                    &(tf_radios){.name = "reason",
                                 .id_prefix = "close",
                                 .items = items,
                                 .count = closing->count,
                                 .fieldset = &fieldset,
                                 .error_message.content.text = problem_at(own, "close")});
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Close the report",
                                               .name = "do",
                                               .value = "close",
                                               .classes = "govuk-button--warning",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

static void write_readers(tf_visit *visit, const concern_visit *own) {
    tf_buffer names = {0};
    for (size_t i = 0; i < own->report.reader_count; i++) {
        tf_buffer_format(&names, "%s\n", own->report.readers[i]);
    }
    tf_page_heading(visit, "readers", "Who can open it");
    tf_page_list(visit, &names);
    tf_buffer_deinit(&names);
    if (own->colleague_count) {
        write_colleague_form(visit, own, "add-reader", "Let a colleague open it", "Add");
    }
}

static void write_deeds(tf_visit *visit, const concern_visit *own) {
    const tf_report *report = &own->report;
    tf_page_heading(visit, "work", "Work on this report");
    if (report->closed_at) {
        tf_page_deed(visit, address_of(visit, own, ""), "reopen", "Open it again",
                     "govuk-button--secondary");
        return;
    }
    if (report->line.claimed_by == 0) {
        tf_page_deed(visit, address_of(visit, own, ""), "claim", "Claim it", NULL);
    }
    write_texts(visit, own);
    if (own->colleague_count) {
        write_colleague_form(visit, own, "hand-over", "Hand it over to", "Hand over");
    }
    write_close_form(visit, own);
}

static tf_status write_page(tf_visit *visit, concern_visit *own, tf_error *error) {
    tf_status status = tf_visit_at_access(visit, read_report, own, error);
    if (status) {
        return status;
    }
    const char *title = tf_page_format(visit, "Report %lld", (long long)own->id);
    tf_page_begin(visit, &(tf_page_head){.title = title,
                                         .section = "/concerns",
                                         .crumbs = {TF_CONCERNS_CRUMB},
                                         .has_errors = own->problem != NULL});
    tf_page_error(visit, own->problem, own->problem_at);
    if (own->done) {
        tf_page_done_now(visit, own->done, done, sizeof done / sizeof *done);
    } else if (!own->problem) {
        tf_page_done(visit, done, sizeof done / sizeof *done);
    }
    tf_page_title(visit, own->report.line.form, title);
    write_facts(visit, own);
    if (!own->report.erased_at) {
        tf_page_heading(visit, "answers", "What was reported");
        tf_page_answers(visit, &own->report);
        write_hints(visit, &own->report);
        tf_page_heading(visit, "messages", "Messages and notes");
        tf_page_entries(visit, &own->report);
        write_deeds(visit, own);
        write_made(visit, own);
        write_readers(visit, own);
    }
    tf_page_audit_look(visit, "Who has seen or changed it", &own->look);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static concern_visit of_request(const tf_request *request) {
    return (concern_visit){.id = tf_form_value(&request->form, "id")->number};
}

static tf_status handle_concern(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    concern_visit own = of_request(request);
    return write_page(&visit, &own, error);
}

/* ---- doing it ---- */

static tf_status do_deed(tf_visit *visit, void *data, tf_error *error) {
    const concern_visit *own = data;
    tf_access *access = visit->access;
    const tf_actor *actor = visit->actor;
    const tf_form *form = &visit->request->form;
    int64_t colleague = tf_form_value(form, "colleague")->number;
    switch ((deed)tf_form_value(form, "do")->number) {
    case DEED_CLAIM:
        return tf_triage_claim(access, actor, own->id, error);
    case DEED_HAND_OVER:
        return tf_triage_hand_over(access, actor, own->id, colleague, error);
    case DEED_ASK:
        return tf_triage_ask(access, actor, own->id, tf_page_sent_text(visit, "ask"), error);
    case DEED_NOTE:
        return tf_triage_note(access, actor, own->id, tf_page_sent_text(visit, "note"), error);
    case DEED_CLOSE:
        return tf_triage_close(access, actor, own->id, tf_page_sent_text(visit, "reason"), error);
    case DEED_REOPEN:
        return tf_triage_reopen(access, actor, own->id, error);
    case DEED_ADD_READER:
        return tf_triage_add_reader(access, actor, own->id, colleague, error);
    }
    return TF_OK;
}

/* What can be told to be wrong without asking anything. */
static tf_status check_deed(const tf_visit *visit, tf_error *error) {
    const tf_form *form = &visit->request->form;
    const tf_value *what = tf_form_value(form, "do");
    if (what->error) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "%s", what->error);
    }
    bool needs_colleague = what->number == DEED_HAND_OVER || what->number == DEED_ADD_READER;
    if (needs_colleague && tf_form_value(form, "colleague")->number == 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "choose a colleague");
    }
    return TF_OK;
}

/* What is written in the text that was not sent would be lost on the way. */
static bool keeps_text(const concern_visit *own, int64_t what) {
    const char *other = what == DEED_ASK ? own->note : what == DEED_NOTE ? own->message : "";
    return tf_text_trim(tf_text_of(other)).length != 0;
}

static tf_status show_done(tf_visit *visit, concern_visit *own, int64_t what, tf_error *error) {
    if (keeps_text(own, what)) {
        own->done = deed_names[what];
        *(what == DEED_ASK ? &own->message : &own->note) = NULL;
        return write_page(visit, own, error);
    }
    /* Whoever handed it over may not see it any more. */
    bool stays = what != DEED_HAND_OVER;
    const char *said = tf_page_format(visit, "?done=%s", deed_names[what]);
    tf_response_redirect(visit->response, stays ? address_of(visit, own, said)
                                                : tf_page_format(visit, "/concerns%s", said));
    return TF_OK;
}

static tf_status handle_deed(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    concern_visit own = of_request(request);
    own.message = tf_page_sent(&visit, "ask");
    own.note = tf_page_sent(&visit, "note");
    const tf_value *what = tf_form_value(&request->form, "do");
    tf_error fault = {.message = ""};
    tf_status status = check_deed(&visit, &fault);
    if (!status) {
        status = tf_visit_at_access(&visit, do_deed, &own, &fault);
    }
    if (!status) {
        return show_done(&visit, &own, what->number, error);
    }
    bool has_control = !what->error && what->number != DEED_CLAIM && what->number != DEED_REOPEN;
    own.problem_at = has_control ? deed_names[what->number] : "work";
    if (status != TF_BAD_INPUT || !tf_page_takes_fault(&visit, status, &fault, &own.problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_page(&visit, &own, error);
}

/* ---- routes ---- */

static const tf_field concern_fields[] = {
    {.name = "id",
     .label = "Report",
     .help = "The number of the report.",
     .kind = TF_FIELD_INT,
     .is_required = true,
     .minimum = 1,
     .maximum = INT64_MAX},
    TF_DONE_FIELD,
    {.name = "do",
     .label = "Action",
     .help = "What is done with it.",
     .kind = TF_FIELD_CHOICE,
     .is_required = true,
     .choices = deed_names},
    {.name = "ask", .label = "Message", .help = "To the sender.", .maximum = 6000},
    {.name = "note", .label = "Note", .help = "For officers.", .maximum = 6000},
    {.name = "reason", .label = "Reason", .help = "Why it is closed.", .maximum = 60},
    {.name = "colleague",
     .label = "Colleague",
     .help = "The number of the colleague's account.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
};

const tf_route tf_route_concern = {
    .method = "GET",
    .path = "/concerns/{id}",
    .title = "A report of concern",
    .help = "One report, opened with the officer's key.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .is_volatile = true,
    .fields = concern_fields,
    .field_count = 2,
    .handle = handle_concern,
};

const tf_route tf_route_concern_send = {
    .method = "POST",
    .path = "/concerns/{id}",
    .title = "Work on a report of concern",
    .help = "Claim it, hand it over, write, close it, open it again, add a reader.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .is_volatile = true,
    .fields = concern_fields,
    .field_count = sizeof concern_fields / sizeof *concern_fields,
    .handle = handle_deed,
};
