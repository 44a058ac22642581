/* Statistics of the reports of concern, without their content. */
#include "concern_internal.h"
#include "routes_internal.h"

#include "insight/profile_words.h"
#include "intake/report_statistics.h"
#include "web/html/buttons.h"
#include "web/html/text_blocks.h"
#include "web/html/text_inputs.h"

#include "trefoil/base/date.h"

typedef struct statistics_visit {
    tf_month first;
    tf_month last;
    tf_report_statistics statistics;
    const char *problem;
} statistics_visit;

static tf_status make(tf_visit *visit, void *data, tf_error *error) {
    statistics_visit *own = data;
    return tf_report_statistics_make(visit->access, visit->actor, visit->actor->organisation_id,
                                     own->first, own->last, visit->arena, &own->statistics, error);
}

static void write_number(tf_visit *visit, int64_t count) {
    if (count < 0) {
        tf_page_number(visit, "[c]");
    } else {
        tf_page_count(visit, count);
    }
}

/* Months are in words; any other title stands as it is. */
static const char *line_title(tf_visit *visit, const char *title) {
    tf_month month;
    char text[TF_MONTH_WORDS_SIZE];
    return tf_month_parse(tf_text_of(title), &month)
               ? tf_page_format(visit, "%s", tf_words_month(month, text))
               : title;
}

static void write_table(tf_visit *visit, const tf_counted_table *table, bool has_total) {
    const tf_page_column columns[] = {{table->head, false}, {"Reports", true}};
    if (tf_counted_table_is_hidden(
            table)) { /* its lines are known from the form, not their counts */
        tf_page_heading(visit, NULL, table->title);
        tf_page_paragraph(visit, "All numbers of this table are hidden.");
        return;
    }
    tf_page_table_begin(visit, table->title, columns, 2);
    for (size_t i = 0; i < table->count; i++) {
        tf_page_row_begin(visit);
        tf_page_row_header(visit, NULL, line_title(visit, table->lines[i].title));
        write_number(visit, table->lines[i].count);
        tf_page_row_end(visit);
    }
    if (has_total) {
        tf_page_row_begin(visit);
        tf_page_row_header(visit, NULL, "All");
        write_number(visit, table->total);
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
    if (*table->note) {
        tf_page_paragraph(visit, table->note);
    }
}

static void write_month_field(tf_visit *visit, const char *name, const char *label,
                              tf_month month) {
    char text[TF_MONTH_TEXT_SIZE];
    tf_govuk_input(&visit->html, &(tf_input){.name = name,
                                             .value = tf_month_format(month, text),
                                             .label.content.text = label,
                                             .hint.content.text = "For example, 2026-03",
                                             .classes = "govuk-input--width-10"});
}

static void write_months_form(tf_visit *visit, const statistics_visit *own) {
    tf_html_open(&visit->html, "form");
    tf_html_attribute(&visit->html, "class", "app-filter");
    tf_html_attribute(&visit->html, "action", "/concerns/statistics");
    tf_html_attribute(&visit->html, "method", "get");
    tf_html_attribute(&visit->html, "aria-label", "Which months to count");
    tf_html_open(&visit->html, "div");
    tf_html_attribute(&visit->html, "class", "app-filter__fields");
    write_month_field(visit, "from", "First month", own->first);
    write_month_field(visit, "to", "Last month", own->last);
    tf_html_close(&visit->html, "div");
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Show"});
    tf_html_close(&visit->html, "form");
}

/* Which months these are, and from when on nothing is counted yet. */
static void write_period(tf_visit *visit, const tf_report_statistics *statistics) {
    char first[TF_MONTH_WORDS_SIZE];
    char last[TF_MONTH_WORDS_SIZE];
    char present[TF_MONTH_WORDS_SIZE];
    tf_month now = tf_month_of_days((int32_t)(tf_instant_now() / TF_MICROSECONDS_A_DAY));
    tf_page_paragraph(
        visit, tf_page_format(visit,
                              "These are the reports of %s to %s. The current quarter, from %s on, "
                              "is not in yet.",
                              tf_words_month(statistics->first_month, first),
                              tf_words_month(statistics->last_month, last),
                              tf_words_month(now - now % 3, present)));
}

static tf_status write_page(tf_visit *visit, const statistics_visit *own, tf_error *error) {
    const tf_report_statistics *statistics = &own->statistics;
    tf_page_begin(visit, &(tf_page_head){.title = "Statistics of the reports",
                                         .section = "/concerns",
                                         .crumbs = {TF_CONCERNS_CRUMB},
                                         .has_errors = own->problem != NULL});
    tf_page_error(visit, own->problem, "from");
    tf_page_title(visit, statistics->organisation, "Statistics of the reports");
    write_months_form(visit, own);
    if (statistics->hides_any) {
        tf_govuk_inset_text(
            &visit->html,
            &(tf_inset_text){.content.text =
                                 "[c]: hidden, because it is below 5 in one of the quarters, or "
                                 "because another hidden number could be found from it."});
    }
    if (statistics->table_count) {
        write_period(visit, statistics);
    }
    for (size_t i = 0; i < statistics->table_count; i++) {
        bool is_multiple = *statistics->tables[i].note != '\0';
        write_table(visit, &statistics->tables[i], !is_multiple);
    }
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_statistics(void *context, const tf_request *request, tf_response *response,
                                   tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    const tf_value *from = tf_form_value(&request->form, "from");
    const tf_value *to = tf_form_value(&request->form, "to");
    tf_month over = tf_month_of_days(tf_day_of_instant(tf_instant_now())) - 1;
    /* Without a choice, the last quarter that is over. */
    statistics_visit own = {.first = from->is_given && !from->error ? from->month : over - 2,
                            .last = to->is_given && !to->error ? to->month : over};
    const char *wrong = from->error ? from->error : to->error;
    tf_error fault = {.message = ""};
    tf_status status = wrong ? tf_fail(&fault, TF_BAD_INPUT, NULL, 0, "%s", wrong)
                             : tf_visit_at_access(&visit, make, &own, &fault);
    if (status == TF_BAD_INPUT) {
        (void)tf_page_takes_fault(&visit, status, &fault, &own.problem);
        own.statistics = (tf_report_statistics){0};
    } else if (status) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_page(&visit, &own, error);
}

static const tf_field statistics_fields[] = {
    {.name = "from",
     .label = "First month",
     .help = "Counted from the start of its quarter.",
     .kind = TF_FIELD_MONTH,
     .example = "2026-01"},
    {.name = "to",
     .label = "Last month",
     .help = "Counted to the end of its quarter; at most the last that is over.",
     .kind = TF_FIELD_MONTH,
     .example = "2026-03"},
};

const tf_route tf_route_concern_statistics = {
    .method = "GET",
    .path = "/concerns/statistics",
    .title = "Statistics of the reports",
    .help = "How many reports came in, of which kind, how urgent, what became of them; small "
            "numbers are hidden.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .answers_errors = true,
    .is_volatile = true,
    .fields = statistics_fields,
    .field_count = sizeof statistics_fields / sizeof *statistics_fields,
    .handle = handle_statistics,
};
