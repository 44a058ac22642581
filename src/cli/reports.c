/* trefoil reports purge, statistics */
#include "access/organisation.h"
#include "cli/command.h"
#include "cli/json_values.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/workplace.h"
#include "intake/report_statistics.h"
#include "intake/retention.h"

/* ---- purge ---- */

static const tf_option purge_options[] = {TF_WORKPLACE_DB};

static tf_exit run_purge(const tf_arguments *arguments) {
    tf_workplace place;
    int64_t erased = 0;
    int64_t erased_intelligence = 0;
    int64_t due = 0;
    tf_status status = tf_workplace_enter(&place, arguments->values[0]);
    if (!status) {
        status =
            tf_retention_purge(place.access, &place.actor, tf_instant_now(), &erased, &place.error);
    }
    if (!status) {
        status = tf_retention_purge_intelligence(place.access, &place.actor, tf_instant_now(),
                                                 &erased_intelligence, &due, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out,
                         "The content of %lld report%s was erased, and that of %lld "
                         "intelligence report%s.\n",
                         (long long)erased, erased == 1 ? "" : "s", (long long)erased_intelligence,
                         erased_intelligence == 1 ? "" : "s");
    }
    if (!status && due) {
        tf_buffer_format(&place.out,
                         "%lld intelligence report%s due for review; officers see which at "
                         "/intelligence.\n",
                         (long long)due, due == 1 ? " is" : "s are");
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_reports_purge = {
    .name = "reports purge",
    .summary = "erase what was kept long enough",
    .details = "How long a report is kept after it was closed is said by its form.  Answers, "
               "messages, notes and keys go; that there was a report, of which kind, when, and why "
               "it was closed, stays.  Intelligence goes when a review has ended its keeping; how "
               "long it is kept until one is due, is said by the pack, and so is how long a draft "
               "may wait to be submitted.  Keys of those with whom it was shared go when the days "
               "of the agreement are over.  Each is entered in the audit.\n\n"
               "Meant to be run every night, also beside a server; backups keep what was in them.",
    .example = "  trefoil reports purge --db county.db\n",
    .options = {.options = purge_options, .option_count = 1},
    .run = run_purge,
};

/* ---- statistics ---- */

enum {
    STATISTICS_DB,
    STATISTICS_FROM,
    STATISTICS_TO,
    STATISTICS_ORGANISATION,
    STATISTICS_FORMAT,
    STATISTICS_COUNT
};

static const tf_option statistics_options[STATISTICS_COUNT] = {
    [STATISTICS_DB] = TF_WORKPLACE_DB,
    [STATISTICS_FROM] = {"from", "MONTH",
                         "the first month; two before the last one, if nothing is said", false},
    [STATISTICS_TO] = {"to", "MONTH", "the last month; the last that is over, if nothing is said",
                       false},
    [STATISTICS_ORGANISATION] =
        {"organisation", "ORGANISATION",
         "whose reports; those of the one that runs the installation, if nothing is said", false},
    [STATISTICS_FORMAT] = TF_OPTION_FORMAT,
};

static void say_number(tf_terminal *page, tf_ink ink, int64_t count) {
    if (count < 0) {
        tf_terminal_right(page, ink, "[c]", 8);
    } else {
        tf_terminal_count_right(page, ink, count, 8);
    }
    tf_terminal_end_line(page);
}

static void say_table(tf_terminal *page, const tf_counted_table *table) {
    enum { TITLE_WIDTH = 60 };
    tf_terminal_heading(page, table->title, NULL);
    for (size_t i = 0; i < table->count; i++) {
        tf_terminal_spaces(page, 2);
        tf_terminal_left(page, TF_INK_PLAIN, table->lines[i].title, TITLE_WIDTH);
        say_number(page, TF_INK_PLAIN, table->lines[i].count);
    }
    if (*table->note) {
        tf_terminal_paragraph(page, "", 2, table->note);
    } else {
        tf_terminal_spaces(page, 2);
        tf_terminal_left(page, TF_INK_STRONG, "all", TITLE_WIDTH);
        say_number(page, TF_INK_STRONG, table->total);
    }
}

static void say_statistics(const tf_report_statistics *statistics, tf_buffer *out) {
    char first[TF_MONTH_TEXT_SIZE];
    char last[TF_MONTH_TEXT_SIZE];
    tf_terminal page = tf_terminal_for_output(out);
    tf_terminal_format(&page, TF_INK_STRONG, "Reports of concern, %s, %s to %s",
                       statistics->organisation, tf_month_format(statistics->first_month, first),
                       tf_month_format(statistics->last_month, last));
    tf_terminal_end_line(&page);
    for (size_t i = 0; i < statistics->table_count; i++) {
        say_table(&page, &statistics->tables[i]);
    }
    if (statistics->hides_any) {
        tf_terminal_end_line(&page);
        tf_terminal_paragraph(&page, "", 0,
                              "[c]: hidden, because it is below 5, or because another hidden "
                              "number could be found from it.");
    }
}

static void write_count(tf_json *json, const char *key, int64_t count) {
    tf_json_key(json, key);
    if (count < 0) {
        tf_json_null(json);
    } else {
        tf_json_int(json, count);
    }
}

static void write_table(const tf_counted_table *table, tf_json *json) {
    tf_json_open_object(json);
    tf_json_put_string(json, "title", table->title);
    tf_json_put_string(json, "note", *table->note ? table->note : NULL);
    tf_json_key(json, "lines");
    tf_json_open_array(json);
    for (size_t i = 0; i < table->count; i++) {
        tf_json_open_object(json);
        tf_json_put_string(json, "title", table->lines[i].title);
        write_count(json, "count", table->lines[i].count);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
    write_count(json, "total", table->total);
    tf_json_close_object(json);
}

static void write_statistics(const tf_report_statistics *statistics, tf_buffer *out) {
    char month[TF_MONTH_TEXT_SIZE];
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "organisation", statistics->organisation);
    tf_json_put_string(&json, "from", tf_month_format(statistics->first_month, month));
    tf_json_put_string(&json, "to", tf_month_format(statistics->last_month, month));
    tf_json_key(&json, "tables");
    tf_json_open_array(&json);
    for (size_t i = 0; i < statistics->table_count; i++) {
        write_table(&statistics->tables[i], &json);
    }
    tf_json_close_array(&json);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

static tf_status find_organisation(tf_workplace *place, const char *name, int64_t *id_out) {
    if (!name) {
        return tf_organisation_lead(place->access, id_out, &place->error);
    }
    tf_organisation found;
    tf_status status =
        tf_organisation_find(place->access, tf_text_of(name), place->arena, &found, &place->error);
    *id_out = status ? 0 : found.id;
    return status;
}

static tf_exit run_statistics(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    tf_workplace place;
    tf_month last = tf_month_of_days(tf_day_of_instant(tf_instant_now())) - 1;
    int64_t organisation_id = 0;
    tf_report_statistics statistics;
    tf_status status = tf_option_month(values[STATISTICS_TO], "to", &last, &place.error);
    tf_month first = last - 2;
    bool is_json;
    if (status || tf_option_month(values[STATISTICS_FROM], "from", &first, &place.error) ||
        tf_option_format(values[STATISTICS_FORMAT], &is_json, &place.error)) {
        return tf_report_usage(&tf_command_reports_statistics, "%s", place.error.message);
    }
    status = tf_workplace_enter(&place, values[STATISTICS_DB]);
    if (!status) {
        status = find_organisation(&place, values[STATISTICS_ORGANISATION], &organisation_id);
    }
    if (!status) {
        status = tf_report_statistics_make(place.access, &place.actor, organisation_id, first, last,
                                           place.arena, &statistics, &place.error);
    }
    if (!status) {
        (is_json ? write_statistics : say_statistics)(&statistics, &place.out);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_reports_statistics = {
    .name = "reports statistics",
    .summary = "count the reports, telling about nobody",
    .details =
        "By month, kind, urgency, when somebody first looked, and what became of them.  Only "
        "whole quarters that are over are counted, the last of them if none is named.  Numbers "
        "below 5 are hidden, and as many more as it takes so that none of them can be found from "
        "the totals.  What is hidden of one quarter is hidden of the sum of several.\n\n"
        "--format json gives one object: organisation, from, to, and tables, each with its title, "
        "note, lines (title, count) and total.  A count that is hidden is null, as is a total that "
        "there is none of.",
    .example = "  trefoil reports statistics --db county.db --from 2026-01 --to 2026-06\n",
    .options = {.options = statistics_options, .option_count = STATISTICS_COUNT},
    .run = run_statistics,
};
