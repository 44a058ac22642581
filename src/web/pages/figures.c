#include "figures_internal.h"

#include "insight/figures.h"
#include "insight/profile_words.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

enum { CHANGES_SHOWN = 20, AREAS_SHOWN = 50 };

/* ---- headline ---- */

static void write_rate(tf_visit *visit, const tf_profile *profile) {
    const tf_profile_figure *rate = &profile->rate_per_1000;
    if (!rate->is_known) {
        tf_page_figure(visit, "Rate per 1,000 people", "Not known", rate->note);
        return;
    }
    int digits = rate->interval.value < 1 ? 2 : 1;
    char people[TF_COUNT_TEXT_SIZE] = "";
    if (isfinite(profile->population)) {
        tf_words_count(llround(profile->population), people);
    }
    tf_page_figure(
        visit, "Rate per 1,000 people", tf_page_format(visit, "%.*f", digits, rate->interval.value),
        tf_page_format(visit, "95%% interval %.*f to %.*f, over the whole period%s%s%s", digits,
                       rate->interval.lower, digits, rate->interval.upper,
                       *people ? "; population " : "", people,
                       *people ? tf_page_format(visit, " in %d", profile->population_year) : ""));
}

static void write_change(tf_visit *visit, const tf_profile_change *change) {
    tf_buffer words;
    tf_buffer_init(&words);
    const tf_profile_figure *ratio = &change->rate_ratio;
    if (!ratio->is_known) {
        tf_page_figure(visit, "Change on the year before", "Not known", ratio->note);
        return;
    }
    tf_words_change_briefly(ratio, &words);
    const char *brief = tf_page_words(visit, &words);
    tf_words_period(change->from, change->to, &words);
    const char *period = tf_page_words(visit, &words);
    tf_buffer_deinit(&words);
    char count[TF_COUNT_TEXT_SIZE];
    char previous[TF_COUNT_TEXT_SIZE];
    const char *interval = "";
    if (isfinite(ratio->interval.upper)) {
        interval = tf_page_format(visit, "; 95%% interval of the ratio %.2f to %.2f",
                                  ratio->interval.lower, ratio->interval.upper);
    }
    tf_page_figure(visit, "Change on the year before",
                   tf_page_format(visit, "%c%s", toupper((unsigned char)brief[0]), brief + 1),
                   tf_page_format(visit, "%s in %s, %s a year before%s",
                                  tf_words_count(change->count, count), period,
                                  tf_words_count(change->previous_count, previous), interval));
}

void tf_figures_write_headline(tf_visit *visit, const tf_profile *profile) {
    char count[TF_COUNT_TEXT_SIZE];
    tf_page_figures_begin(visit);
    const char *without_place = NULL;
    if (profile->no_location_count > 0) {
        without_place = tf_page_format(
            visit, "%s of them (%.1f%%) have no place, and are on no map",
            tf_words_count(profile->no_location_count, count), 100.0 * profile->no_location_share);
    }
    tf_page_figure(visit, "Offences", tf_words_count(profile->count, count), without_place);
    write_rate(visit, profile);
    write_change(visit, &profile->change);
    if (profile->harm_index) {
        tf_page_figure(visit, "Harm, in days", tf_words_count(llround(profile->harm_total), count),
                       tf_page_format(visit, "by the %s", profile->harm_index));
    }
    tf_page_figures_end(visit);
}

void tf_figures_write_look_first(tf_visit *visit, const tf_profile *profile) {
    tf_buffer lines;
    tf_buffer_init(&lines);
    tf_words_look_first(profile, &lines);
    tf_page_heading(visit, "look-first", "What to look at first");
    tf_page_list(visit, &lines);
    tf_buffer_deinit(&lines);
}

/* ---- charts ---- */

void tf_figures_set_downloads(tf_visit *visit, const tf_selection *selection, const char *figure,
                              tf_chart *chart) {
    static const struct {
        const char *label;
        const char *format;
        bool needs_geometry;
    } formats[] = {{"CSV", "csv", false},
                   {"XLSX", "xlsx", false},
                   {"JSON", "json", false},
                   {"Arrow", "arrow", false},
                   {"GeoJSON", "geojson", true}};
    const tf_figure_kind *kind = tf_profile_figure_find(figure);
    size_t most = sizeof formats / sizeof *formats;
    if (visit->is_file) {
        return;
    }
    tf_chart_download *downloads = tf_arena_alloc(visit->arena, most, sizeof *downloads);
    if (!downloads || !kind) {
        visit->response->body.failed |= !downloads;
        return;
    }
    const char *address = tf_selection_address(visit, selection, "/api/v1/profile", NULL, NULL);
    address = tf_address_with(visit, address, "figure", figure);
    chart->downloads = downloads;
    chart->download_count = 0;
    for (size_t i = 0; i < most; i++) {
        if (!formats[i].needs_geometry || kind->has_geometry) {
            downloads[chart->download_count++] = (tf_chart_download){
                formats[i].label, tf_address_with(visit, address, "format", formats[i].format)};
        }
    }
}

const char *tf_figures_link_area(const void *context, tf_arena *arena,
                                 const tf_profile_area *area) {
    (void)arena;
    const tf_area_links *links = context;
    return tf_selection_area_address(links->visit, links->selection, area->code);
}

static void write_lines(tf_visit *visit, const char *heading, tf_buffer *lines) {
    if (lines->length) {
        tf_html_element(&visit->html, "h3", "govuk-heading-m", heading);
        tf_page_list(visit, lines);
    }
    lines->length = 0;
}

/* Few readers know what the letters mean. */
static void write_alert_methods(tf_visit *visit) {
    tf_html *html = &visit->html;
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body");
    tf_html_text(html,
                 "What EARS C1, C2 and C3 are, and how their limits are made, is on the page ");
    tf_page_link(visit, "/methods#a-sudden-jump-ears-c1-c2-c3", "Methods");
    tf_html_text(html, ".");
    tf_html_close(html, "p");
}

tf_status tf_figures_write_trend(tf_visit *visit, const tf_selection *selection,
                                 const tf_profile *profile, tf_error *error) {
    tf_chart chart;
    tf_status status = tf_profile_trend_chart(visit->arena, profile, &chart, error);
    if (status) {
        return status;
    }
    chart.id = "trend";
    tf_figures_set_downloads(visit, selection, "trend", &chart);
    tf_chart_write(&visit->html, &chart);
    tf_buffer lines;
    tf_buffer_init(&lines);
    tf_words_signals(profile, &lines);
    write_lines(visit, "Signals: months that the usual variation does not explain", &lines);
    tf_words_alerts(profile, &lines);
    bool has_alerts = lines.length > 0;
    write_lines(visit, "Alerts: counts above those of the seven months before", &lines);
    if (has_alerts && !visit->is_file) {
        write_alert_methods(visit);
    }
    tf_buffer_deinit(&lines);
    return TF_OK;
}

/* Small areas by their change on the year before. */
static tf_status write_changes(tf_visit *visit, const tf_selection *selection,
                               const tf_profile *profile, tf_error *error) {
    tf_area_links context = {visit, selection};
    tf_profile_links links = {tf_figures_link_area, &context};
    tf_chart chart;
    tf_status status =
        tf_profile_changes_chart(visit->arena, profile, CHANGES_SHOWN, &links, &chart, error);
    if (!status) {
        chart.id = "changes";
        tf_figures_set_downloads(visit, selection, "small-areas", &chart);
        tf_chart_write(&visit->html, &chart);
    }
    return status;
}

static tf_status write_outcomes(tf_visit *visit, const tf_selection *selection,
                                const tf_profile *profile, tf_error *error) {
    tf_chart chart;
    tf_status status =
        tf_profile_outcomes_chart(visit->arena, profile, visit->desk->pack, &chart, error);
    if (!status) {
        chart.id = "outcomes";
        tf_figures_set_downloads(visit, selection, "outcomes", &chart);
        tf_chart_write(&visit->html, &chart);
    }
    return status;
}

/* ---- tables ---- */

static const char *number_or_dash(tf_visit *visit, double number, int digits) {
    return isfinite(number) ? tf_page_format(visit, "%.*f", digits, number) : "–";
}

static void write_area_row(tf_visit *visit, const tf_selection *selection,
                           const tf_profile_area *area) {
    tf_buffer words;
    tf_buffer_init(&words);
    tf_page_row_begin(visit);
    tf_page_row_header(visit, tf_selection_area_address(visit, selection, area->code), area->name);
    tf_page_count(visit, area->count);
    tf_page_count(visit, area->recent_count);
    tf_page_count(visit, area->previous_count);
    tf_words_change_briefly(&area->change, &words);
    tf_page_cell(
        visit, area->change.is_known ? tf_page_sentence(visit, tf_page_words(visit, &words)) : "–");
    tf_page_cell(visit, area->is_changed ? "Yes" : isfinite(area->change_p) ? "No" : "–");
    tf_page_number(visit, number_or_dash(visit, area->gi_star_z, 1));
    tf_page_cell(visit, area->is_hot ? "Yes" : isfinite(area->gi_star_z) ? "No" : "–");
    tf_page_row_end(visit);
    tf_buffer_deinit(&words);
}

/* The small areas in a table, most offences first; at most `most`. */
static void write_areas(tf_visit *visit, const tf_selection *selection, const tf_profile *profile,
                        size_t most) {
    static const tf_page_column columns[] = {
        {"Small area", false},      {"Offences", true},  {"Latest year", true},
        {"Year before", true},      {"Change", false},   {"Beyond chance", false},
        {"Hot spot z (Gi*)", true}, {"Hot spot", false},
    };
    size_t count = profile->area_count < most ? profile->area_count : most;
    if (count == 0) {
        tf_page_paragraph(visit, "No small areas of this area are known.");
        return;
    }
    if (profile->areas_note) {
        tf_page_paragraph(visit, profile->areas_note);
    }
    tf_page_table_begin(visit,
                        count < profile->area_count
                            ? tf_page_format(visit, "The %zu small areas with most offences", count)
                            : "Small areas",
                        columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        write_area_row(visit, selection, &profile->areas[i]);
    }
    tf_page_table_end(visit);
}

/* ---- stop and search ---- */

static void write_searches(tf_visit *visit, const tf_profile *profile) {
    static const tf_page_column columns[] = {
        {"Outcome of searches for drugs", false}, {"Searches", true}, {"Share", true}};
    const tf_profile_searches *searches = &profile->searches;
    tf_page_heading(visit, "searches", "Stop and search");
    if (searches->note) {
        tf_page_paragraph(visit, searches->note);
    }
    if (!searches->is_known) {
        return;
    }
    char count[TF_COUNT_TEXT_SIZE];
    char drugs[TF_COUNT_TEXT_SIZE];
    tf_page_paragraph(visit, tf_page_format(visit, "%s searches, %s of them for drugs.",
                                            tf_words_count(searches->count, count),
                                            tf_words_count(searches->for_drugs, drugs)));
    const tf_profile_figure *found = &searches->found_rate;
    if (found->is_known) {
        tf_page_paragraph(visit,
                          tf_page_format(visit,
                                         "Of those for drugs, %.1f%% led to an outcome for drugs "
                                         "(95%% interval %.1f%% to %.1f%%).",
                                         100 * found->interval.value, 100 * found->interval.lower,
                                         100 * found->interval.upper));
    }
    if (searches->outcome_count == 0) {
        return;
    }
    tf_page_table_begin(visit, "What searches for drugs led to", columns, 3);
    for (size_t i = 0; i < searches->outcome_count; i++) {
        const tf_profile_share *outcome = &searches->outcomes[i];
        tf_page_row_begin(visit);
        tf_page_row_header(visit, NULL, outcome->name);
        tf_page_count(visit, outcome->count);
        tf_page_number(
            visit, tf_page_format(visit, "%.1f%%",
                                  100.0 * (double)outcome->count / (double)searches->for_drugs));
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

/* ---- sources ---- */

static void write_where_to_read_on(tf_visit *visit) {
    tf_html *html = &visit->html;
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body");
    tf_html_text(html, "How the figures are made is on the page ");
    tf_page_link(visit, "/methods", "Methods");
    tf_html_text(html, "; what has been imported, and what is missing, on ");
    tf_page_link(visit, "/sources", "Data sources");
    tf_html_text(html, ".");
    tf_html_close(html, "p");
}

void tf_figures_write_sources(tf_visit *visit, const tf_profile *profile) {
    tf_html *html = &visit->html;
    tf_page_heading(visit, "sources", "Where this comes from");
    if (profile->note_count) {
        tf_html_open(html, "ul");
        tf_html_attribute(html, "class", "govuk-list govuk-list--bullet");
        for (size_t i = 0; i < profile->note_count; i++) {
            tf_html_element(html, "li", NULL, profile->notes[i]);
        }
        tf_html_close(html, "ul");
    }
    int64_t rows = 0;
    for (size_t i = 0; i < profile->source_count; i++) {
        rows += profile->sources[i].rows;
    }
    char count[TF_COUNT_TEXT_SIZE];
    tf_page_paragraph(visit, tf_page_format(visit,
                                            "%zu files with %s rows were read. Each file, with its "
                                            "SHA-256, is in the downloads.",
                                            profile->source_count, tf_words_count(rows, count)));
    if (!visit->is_file) {
        write_where_to_read_on(visit);
    }
}

/* ---- all of it ---- */

tf_status tf_figures_write_all(tf_visit *visit, const tf_selection *selection,
                               const tf_profile *profile, tf_error *error) {
    tf_page_heading(visit, NULL, "Month by month");
    tf_status status = tf_figures_write_trend(visit, selection, profile, error);
    if (!status) {
        tf_page_heading(visit, NULL, "Where");
        status = tf_figures_write_map(visit, selection, profile, error);
    }
    if (!status) {
        tf_page_heading(visit, NULL, "What changed on the year before");
        status = write_changes(visit, selection, profile, error);
    }
    if (!status) {
        write_areas(visit, selection, profile, AREAS_SHOWN);
        tf_page_heading(visit, NULL, "What became of the cases");
        status = write_outcomes(visit, selection, profile, error);
    }
    if (!status) {
        write_searches(visit, profile);
    }
    return status;
}
