/* The queue of reports of concern. */
#include "concern_internal.h"
#include "routes_internal.h"

#include "web/html/buttons.h"
#include "web/html/messages.h"
#include "web/html/navigation.h"
#include "web/html/notices.h"

enum { LINES_SHOWN = 50 };

static const char *const part_names[] = {"open", "mine", "closed", NULL};
static const char *const part_titles[TF_QUEUE_PART_COUNT] = {"Open", "Claimed by you", "Closed"};

typedef struct queue_visit {
    tf_queue_part part;
    int64_t page;
    tf_queue queue;
    tf_colleague *colleagues;
    size_t colleague_count;
    int64_t colleague;
    int64_t shared;
    const char *problem;
    tf_confirmations confirmations;
} queue_visit;

static tf_status read_queue(tf_visit *visit, void *data, tf_error *error) {
    queue_visit *own = data;
    tf_status status = tf_triage_queue(visit->access, visit->actor, NULL, 0, own->part,
                                       (own->page - 1) * LINES_SHOWN, LINES_SHOWN, visit->arena,
                                       &own->queue, error);
    if (!status) {
        status = tf_triage_colleagues(visit->access, visit->actor, visit->arena, &own->colleagues,
                                      &own->colleague_count, error);
    }
    return status ? status
                  : tf_confirmations_get(visit->access, visit->actor, visit->arena,
                                         &own->confirmations, error);
}

/* ---- the list ---- */

static const char *part_address(tf_visit *visit, tf_queue_part part, int64_t page) {
    return page > 1 ? tf_page_format(visit, "/concerns?part=%s&page=%lld", part_names[part],
                                     (long long)page)
                    : tf_page_format(visit, "/concerns?part=%s", part_names[part]);
}

static void write_parts(tf_visit *visit, tf_queue_part current) {
    tf_html *html = &visit->html;
    tf_html_open(html, "nav");
    tf_html_attribute(html, "aria-label", "Parts of the queue");
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list app-inline-list app-parts");
    for (int part = 0; part < TF_QUEUE_PART_COUNT; part++) {
        tf_html_open(html, "li");
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", "govuk-link govuk-link--no-visited-state");
        tf_html_attribute(html, "href", part_address(visit, (tf_queue_part)part, 1));
        tf_html_attribute(html, "aria-current", part == (int)current ? "page" : NULL);
        tf_html_text(html, part_titles[part]);
        tf_html_close(html, "a");
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ul");
    tf_html_close(html, "nav");
}

static void write_tag(tf_visit *visit, const char *text, const char *classes) {
    tf_govuk_tag(&visit->html, &(tf_tag){.content.text = text, .classes = classes});
}

static void write_state(tf_visit *visit, const tf_report_line *line) {
    tf_html *html = &visit->html;
    tf_page_cell_begin(visit);
    if (line->state == TF_REPORT_NEW) {
        write_tag(visit, "New", "govuk-tag--blue");
    } else if (line->state == TF_REPORT_CLAIMED) {
        tf_html_format(html, "Claimed by %s", line->claimed_name);
    } else {
        tf_html_text(html, line->state == TF_REPORT_CLOSED ? "Closed" : "Erased");
    }
    if (line->new_letters) {
        tf_html_text(html, " ");
        write_tag(visit, "Message", "govuk-tag--purple");
    }
    if (!line->can_open && line->state != TF_REPORT_ERASED) {
        tf_html_text(html, " ");
        write_tag(visit, "No key", "govuk-tag--grey");
    }
    tf_page_cell_end(visit);
}

static void write_lines(tf_visit *visit, const queue_visit *own) {
    static const tf_page_column columns[] = {{"Report", false},  {"Urgency", false},
                                             {"About", false},   {"Came in", false},
                                             {"Look by", false}, {"State", false}};
    const tf_queue *queue = &own->queue;
    if (queue->count == 0) {
        static const char *const none[TF_QUEUE_PART_COUNT] = {
            "No report is open.", "You have claimed no report.", "No report is closed."};
        tf_page_paragraph(visit, none[own->part]);
        return;
    }
    tf_page_records_begin(visit,
                          own->part == TF_QUEUE_CLOSED ? "The newest first"
                                                       : "The most urgent first, then the oldest",
                          columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < queue->count; i++) {
        const tf_report_line *line = &queue->lines[i];
        tf_page_row_begin(visit);
        tf_page_row_header(visit, tf_page_format(visit, "/concerns/%lld", (long long)line->id),
                           tf_page_format(visit, "Report\xC2\xA0%lld", (long long)line->id));
        tf_page_cell_begin(visit);
        tf_urgency_write(&visit->html, line);
        tf_page_cell_end(visit);
        tf_page_cell(visit, line->kinds);
        tf_page_cell(visit, tf_page_instant(visit, line->received_at));
        tf_page_cell_begin(visit);
        if (line->due_at) {
            tf_due_write(&visit->html, &(tf_due){line, tf_page_instant(visit, line->due_at)});
        }
        tf_page_cell_end(visit);
        write_state(visit, line);
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

static void write_pages(tf_visit *visit, const queue_visit *own) {
    int64_t page_count = (own->queue.total + LINES_SHOWN - 1) / LINES_SHOWN;
    tf_pagination pages = {.landmark_label = "Pages of the queue"};
    if (own->page > 1) {
        pages.previous.href = part_address(visit, own->part, own->page - 1);
    }
    if (own->page < page_count) {
        pages.next.href = part_address(visit, own->part, own->page + 1);
    }
    if (page_count > 1) {
        tf_govuk_pagination(&visit->html, &pages);
    }
}

/* ---- sharing all ---- */

static void write_sharing(tf_visit *visit, const queue_visit *own) {
    if (own->colleague_count == 0) {
        return;
    }
    tf_page_deed_heading(visit, NULL, "A new colleague");
    tf_page_paragraph(
        visit, "What came in before somebody was confirmed is not sealed to them. Add them to all "
               "open reports that you can open.");
    tf_page_form_begin(visit, "/concerns");
    tf_page_colleagues(visit, own->colleagues, own->colleague_count, "colleague", "Colleague",
                       own->problem);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Add to all open reports",
                                               .classes = "govuk-button--secondary",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

static tf_status write_page(tf_visit *visit, queue_visit *own, tf_error *error) {
    static const tf_done done[] = {
        {"hand-over", "You have handed the report over"},
        {"confirm", "Your colleague is confirmed. Add them to the open reports below if they are "
                    "to open these too."},
    };
    tf_status status = tf_visit_at_access(visit, read_queue, own, error);
    if (status) {
        return status;
    }
    const char *title =
        own->part == TF_QUEUE_OPEN
            ? "Reports of concern"
            : tf_page_format(visit, "Reports of concern: %s",
                             own->part == TF_QUEUE_MINE ? "claimed by you" : "closed");
    tf_page_begin(visit, &(tf_page_head){.title = title,
                                         .section = "/concerns",
                                         .has_errors = own->problem != NULL});
    tf_page_error(visit, own->problem, "colleague");
    if (own->shared >= 0) {
        tf_govuk_notification_banner(
            &visit->html,
            &(tf_notification_banner){
                .content.text = tf_page_format(visit, "Your colleague was added to %lld reports",
                                               (long long)own->shared),
                .is_success = true});
    }
    if (own->part == TF_QUEUE_OPEN && !own->problem) {
        tf_page_done(visit, done, sizeof done / sizeof *done);
    }
    tf_page_title(visit, NULL, "Reports of concern");
    tf_confirmations_write(visit, &own->confirmations);
    if (own->queue.overdue_count) {
        tf_govuk_warning_text(
            &visit->html,
            &(tf_warning_text){.content.text = tf_page_format(
                                   visit, "%lld overdue: nobody has looked within the time",
                                   (long long)own->queue.overdue_count)});
    }
    write_parts(visit, own->part);
    write_lines(visit, own);
    write_pages(visit, own);
    tf_html_open(&visit->html, "p");
    tf_html_attribute(&visit->html, "class", "govuk-body");
    tf_page_link(visit, "/concerns/statistics", "Statistics of the reports");
    tf_html_close(&visit->html, "p");
    write_sharing(visit, own);
    tf_confirmations_write_first(visit, &own->confirmations);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_queue(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    const tf_value *shared = tf_form_value(&request->form, "shared");
    queue_visit own = {.part = (tf_queue_part)tf_form_value(&request->form, "part")->number,
                       .page = tf_form_value(&request->form, "page")->number,
                       .shared = shared->is_given ? shared->number : -1};
    return write_page(&visit, &own, error);
}

static tf_status share_all(tf_visit *visit, void *data, tf_error *error) {
    queue_visit *own = data;
    return tf_triage_share_all(visit->access, visit->actor, own->colleague, &own->shared, error);
}

/* To whom, and to how many reports they would be added. */
static tf_status read_question(tf_visit *visit, void *data, tf_error *error) {
    queue_visit *own = data;
    tf_status status =
        tf_triage_count_missing(visit->access, visit->actor, own->colleague, &own->shared, error);
    return status ? status
                  : tf_triage_colleagues(visit->access, visit->actor, visit->arena,
                                         &own->colleagues, &own->colleague_count, error);
}

static const char *name_of_colleague(const queue_visit *own) {
    for (size_t i = 0; i < own->colleague_count; i++) {
        if (own->colleagues[i].account_id == own->colleague) {
            return own->colleagues[i].name;
        }
    }
    return NULL;
}

static tf_status ask_first(tf_visit *visit, queue_visit *own, tf_error *error) {
    tf_status status = tf_visit_at_access(visit, read_question, own, error);
    const char *name = status ? NULL : name_of_colleague(own);
    if (status) {
        return status;
    }
    if (!name) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "choose a colleague");
    }
    if (own->shared == 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "%s can open all open reports that you can open", name);
    }
    tf_page_confirm(
        visit,
        &(tf_confirmation){.head = {.title = tf_page_format(
                                        visit, "Do you want to add %s to %lld open report%s?", name,
                                        (long long)own->shared, own->shared == 1 ? "" : "s"),
                                    .section = "/concerns",
                                    .crumbs = {TF_CONCERNS_CRUMB}},
                           .consequences = tf_page_format(
                               visit, "%s can then open them. It cannot be taken back.", name),
                           .action = "/concerns",
                           .name = "colleague",
                           .value = tf_page_format(visit, "%lld", (long long)own->colleague),
                           .button = tf_page_format(visit, "Add %s", name),
                           .back = "/concerns"});
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_share(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    queue_visit own = {.page = 1, .colleague = tf_form_value(&request->form, "colleague")->number};
    bool is_sure = tf_page_is_sure(&visit);
    tf_error fault;
    tf_status status = own.colleague == 0
                           ? tf_fail(&fault, TF_BAD_INPUT, NULL, 0, "choose a colleague")
                       : is_sure ? tf_visit_at_access(&visit, share_all, &own, &fault)
                                 : ask_first(&visit, &own, &fault);
    if (!status && is_sure) {
        tf_response_redirect(
            response, tf_page_format(&visit, "/concerns?shared=%lld", (long long)own.shared));
    }
    if (!status) {
        return TF_OK;
    }
    own.shared = -1;
    if (!tf_page_takes_fault(&visit, status, &fault, &own.problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_page(&visit, &own, error);
}

/* ---- routes ---- */

static const tf_field queue_fields[] = {
    {.name = "part",
     .label = "Part",
     .help = "Which part of the queue.",
     .kind = TF_FIELD_CHOICE,
     .choices = part_names,
     .fallback = "open"},
    {.name = "page",
     .label = "Page",
     .help = "The page of the queue, from 1.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = 1000000,
     .fallback = "1"},
    {.name = "shared",
     .label = "Shared",
     .help = "How many reports a colleague was added to just now.",
     .kind = TF_FIELD_INT,
     .minimum = 0,
     .maximum = INT64_MAX},
    TF_DONE_FIELD,
};

const tf_route tf_route_concerns = {
    .method = "GET",
    .path = "/concerns",
    .title = "Reports of concern",
    .help = "The queue of reports of concern.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .is_volatile = true,
    .fields = queue_fields,
    .field_count = sizeof queue_fields / sizeof *queue_fields,
    .handle = handle_queue,
};

static const tf_field share_fields[] = {
    {.name = "colleague",
     .label = "Colleague",
     .help = "The number of the colleague's account.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    TF_SURE_FIELD,
};

const tf_route tf_route_concerns_share = {
    .method = "POST",
    .path = "/concerns",
    .title = "Share all open reports",
    .help = "Add a colleague to all open reports that one can open, asked for twice.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .is_volatile = true,
    .fields = share_fields,
    .field_count = sizeof share_fields / sizeof *share_fields,
    .handle = handle_share,
};
