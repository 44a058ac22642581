/* What the columns hold, how full they are, and which records say too little to be linked. */
#include "web/paper/linkage_report_internal.h"

#include "web/chart/chart.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLE_MOST = 100000, SOURCES_SHOWN = 8, COLUMNS_OF_CHART = 30 };

static const char *column_name(tf_linkage_paper *paper, uint32_t column) {
    tf_text name = tf_link_records_column_name(paper->report->records, column);
    return tf_linkage_say(paper, "%.*s", TF_TEXT_ARG(name));
}

static bool is_compared(const tf_link_model *model, const char *column) {
    for (int c = 0; c < model->comparison_count; c++) {
        if (tf_link_comparison_reads(&model->comparisons[c], column)) {
            return true;
        }
    }
    return false;
}

/* ---- what each column was taken for ---- */

static void write_recognised(tf_linkage_paper *paper) {
    const tf_linkage_report *report = paper->report;
    if (!report->recognised) {
        tf_linkage_paragraph(paper, "The model says what the columns hold; nothing had to be "
                                    "recognised.");
        return;
    }
    tf_linkage_paragraph(paper, "Each column was recognised by its name and by a sample of its "
                                "values. Where one was taken for what it is not, write settings "
                                "that say so and link again.");
    tf_html_open(paper->html, "ul");
    tf_html_attribute(paper->html, "class", "govuk-list govuk-list--bullet");
    for (uint32_t c = 0; c < tf_link_records_column_count(report->records); c++) {
        bool is_used = is_compared(report->model, column_name(paper, c));
        tf_html_open(paper->html, "li");
        tf_html_text(paper->html, report->recognised[c].sentence);
        tf_html_text(paper->html, is_used ? ". It is compared." : ". It is not compared.");
        tf_html_close(paper->html, "li");
    }
    tf_html_close(paper->html, "ul");
}

/* ---- completeness ---- */

/* Records of each source that have a value in the column. */
static void count_filled(const tf_link_records *records, uint32_t column, uint32_t *counts) {
    for (uint32_t r = 0; r < tf_link_records_count(records); r++) {
        if (tf_link_records_value(records, r, column).length) {
            counts[tf_link_records_source(records, r)]++;
        }
    }
}

static void write_completeness_row(tf_linkage_paper *paper, uint32_t column, uint32_t *counts,
                                   uint16_t sources_shown) {
    const tf_link_records *records = paper->report->records;
    uint16_t sources = tf_link_records_source_count(records);
    memset(counts, 0, sources * sizeof *counts);
    count_filled(records, column, counts);
    tf_linkage_row_begin(paper, column_name(paper, column));
    tf_linkage_number(paper, tf_linkage_count(paper, tf_link_records_distinct(records, column)));
    double filled = tf_link_records_filled(records, column);
    tf_linkage_number(paper, tf_linkage_percent(paper, filled));
    for (uint16_t s = 0; s < sources_shown; s++) {
        double share = (double)counts[s] / tf_link_records_source_size(records, s);
        tf_linkage_number(paper, tf_linkage_percent(paper, share));
    }
    tf_linkage_row_end(paper);
}

static void write_completeness(tf_linkage_paper *paper) {
    const tf_link_records *records = paper->report->records;
    uint16_t sources = tf_link_records_source_count(records);
    uint16_t shown = sources == 1 ? 0 : sources < SOURCES_SHOWN ? sources : SOURCES_SHOWN;
    uint32_t *counts = tf_linkage_room(paper, sources, sizeof *counts);
    tf_linkage_head heads[3 + SOURCES_SHOWN] = {
        {"Column", false}, {"Different values", true}, {"All records", true}};
    if (!counts) {
        return;
    }
    for (uint16_t s = 0; s < shown; s++) {
        tf_text name = tf_link_records_source_name(records, s);
        heads[3 + s] = (tf_linkage_head){tf_linkage_say(paper, "%.*s", TF_TEXT_ARG(name)), true};
    }
    tf_linkage_subsection(paper, "How complete they are");
    tf_linkage_paragraph(
        paper, tf_linkage_say(paper,
                              "The share of records with anything in the column%s, as the files "
                              "have it: a word that stands for nothing, such as "
                              "\xE2\x80\x9Cunknown\xE2\x80\x9D, counts as a value here and as "
                              "missing when records are compared.",
                              shown < sources && shown ? ", for the first sources" : ""));
    tf_linkage_table_begin(paper, "Share of records with a value, by column and source", heads,
                           3U + shown);
    for (uint32_t c = 0; c < tf_link_records_column_count(records); c++) {
        write_completeness_row(paper, c, counts, shown);
    }
    tf_linkage_table_end(paper);
}

tf_status tf_linkage_write_columns(tf_linkage_paper *paper) {
    write_recognised(paper);
    write_completeness(paper);
    return TF_OK;
}

/* ---- records that say too little ---- */

static int compare_weights(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The weights, ascending, of records held against themselves. */
static tf_status weigh_selves(tf_linkage_paper *paper, double **weights_out, size_t *count_out) {
    uint32_t records = tf_link_records_count(paper->report->records);
    size_t count = records < SAMPLE_MOST ? records : SAMPLE_MOST;
    double *weights = *weights_out = tf_linkage_room(paper, count, sizeof *weights);
    *count_out = weights ? count : 0;
    for (size_t i = 0; i < *count_out; i++) {
        tf_link_reason reasons[TF_LINK_MAX_COMPARISONS];
        uint32_t record = (uint32_t)((uint64_t)i * records / count);
        tf_status status = tf_link_matcher_explain(paper->report->matcher, record, record, reasons,
                                                   &weights[i], paper->error);
        if (status) {
            return status;
        }
    }
    if (*count_out) {
        qsort(weights, count, sizeof *weights, compare_weights);
    }
    return TF_OK;
}

/* How many of the ascending weights are below the threshold. */
static size_t count_below(const double *weights, size_t count, double threshold) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (weights[middle] < threshold) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void write_unlinkable_chart(tf_linkage_paper *paper, const double *weights, size_t count) {
    double least = floor(fmin(paper->report->threshold, 0));
    double most = fmin(ceil(weights[count - 1]) + 1, least + 400);
    double step = fmax(ceil((most - least) / COLUMNS_OF_CHART), 1);
    tf_chart_column *columns = tf_linkage_room(paper, COLUMNS_OF_CHART + 1, sizeof *columns);
    if (!columns) {
        return;
    }
    size_t shown = 0;
    while (least + (double)shown * step <= most && shown <= COLUMNS_OF_CHART) {
        double at = least + (double)shown * step;
        double share = (double)count_below(weights, count, at) / (double)count;
        columns[shown++] = (tf_chart_column){at - step / 2, at + step / 2, 100 * share,
                                             tf_linkage_say(paper, "Threshold %.0f", at)};
    }
    tf_chart chart = {
        .kind = TF_CHART_COLUMNS,
        .id = "unlinkable-chart",
        .title = "Records that could not be linked to anything, by threshold",
        .note = "A record is counted at a threshold if even a perfect copy of it would stay below.",
        .of.columns = {.columns = columns,
                       .count = shown,
                       .unit = {"Per cent of records", "per cent", "per cent", 1},
                       .size_unit = {.name = "Threshold (match weight)"},
                       .mark = paper->report->threshold,
                       .mark_name = "The threshold that was used"}};
    tf_chart_write(paper->html, &chart);
}

tf_status tf_linkage_write_unlinkable(tf_linkage_paper *paper) {
    double *weights = NULL;
    size_t count = 0;
    tf_status status = weigh_selves(paper, &weights, &count);
    if (status) {
        return status;
    }
    if (count == 0) {
        tf_linkage_paragraph(paper, "There are no records.");
        return TF_OK;
    }
    size_t below = count_below(weights, count, paper->report->threshold);
    bool is_sample = count < tf_link_records_count(paper->report->records);
    tf_linkage_paragraph(paper,
                         "The evidence that a record holds was added up as if it met a perfect "
                         "copy of itself. Where even that stays below the threshold, too much is "
                         "missing or too common, and the record cannot be linked, whoever it is.");
    tf_linkage_paragraph(
        paper,
        tf_linkage_say(paper, "%s of %s records%s say too little to be linked%s%s.",
                       below ? tf_linkage_count(paper, (double)below) : "None",
                       tf_linkage_count(paper, (double)count),
                       is_sample ? ", evenly drawn from all," : "", below ? ": " : "",
                       below ? tf_linkage_percent(paper, (double)below / (double)count) : ""));
    write_unlinkable_chart(paper, weights, count);
    return TF_OK;
}
