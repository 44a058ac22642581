/* Areas side by side: a funnel plot, and the table behind it. */
#include "figures_internal.h"
#include "routes_internal.h"

#include "insight/compare.h"
#include "insight/figures.h"
#include "insight/profile_words.h"
#include "web/html/choices.h"

#include <math.h>

enum { LAYER = TF_SELECT_COUNT, FIELD_COUNT };

enum { ROWS_SHOWN = 100 };

static const char *const layer_names[] = {"small-area", "authority", "partnership", "force", NULL};
static const tf_layer layers[] = {TF_LAYER_SMALL_AREA, TF_LAYER_AUTHORITY, TF_LAYER_PARTNERSHIP,
                                  TF_LAYER_FORCE};

static const char *comparison_address(tf_visit *visit, const tf_selection *selection,
                                      const char *path, const char *layer) {
    const char *address = tf_selection_address(visit, selection, path, NULL, NULL);
    return tf_address_with(visit, address, "layer", layer);
}

/* ---- the funnel ---- */

static tf_chart_mark mark_of(tf_funnel_position position) {
    return position == TF_FUNNEL_ABOVE_998   ? TF_MARK_HIGH
           : position == TF_FUNNEL_BELOW_998 ? TF_MARK_LOW
                                             : TF_MARK_NONE;
}

static const tf_funnel_limits *limits_of(const tf_comparison *comparison,
                                         const tf_comparison_curve *at) {
    return comparison->dispersion.is_clear ? &at->wide_limits : &at->limits;
}

static tf_funnel_position position_of(const tf_comparison *comparison,
                                      const tf_comparison_area *area) {
    return comparison->dispersion.is_clear ? area->wide_position : area->position;
}

static bool fill_funnel(tf_visit *visit, const tf_selection *selection,
                        const tf_comparison *comparison, tf_funnel_chart *funnel) {
    tf_funnel_point *points =
        tf_arena_alloc(visit->arena, comparison->area_count + 1, sizeof *points);
    tf_funnel_limit *limits =
        tf_arena_alloc(visit->arena, comparison->curve_count + 1, sizeof *limits);
    if (!points || !limits) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < comparison->area_count; i++) {
        const tf_comparison_area *area = &comparison->areas[i];
        if (!area->rate_per_1000.is_known || !(area->population > 0)) {
            continue;
        }
        tf_funnel_position position = position_of(comparison, area);
        points[count++] = (tf_funnel_point){
            .name = area->name,
            .href = tf_selection_area_address(visit, selection, area->code),
            .size = area->population,
            .rate = area->rate_per_1000.interval.value,
            .mark = mark_of(position),
            .is_outside_95 = position != TF_FUNNEL_WITHIN,
            .remark = tf_funnel_position_words(position),
        };
    }
    for (size_t i = 0; i < comparison->curve_count; i++) {
        const tf_funnel_limits *at = limits_of(comparison, &comparison->curve[i]);
        limits[i] = (tf_funnel_limit){comparison->curve[i].population, at->lower_95, at->upper_95,
                                      at->lower_998, at->upper_998};
    }
    *funnel = (tf_funnel_chart){
        .points = points,
        .count = count,
        .limits = limits,
        .limit_count = comparison->curve_count,
        .overall = comparison->overall_rate_per_1000,
        .unit = {"Offences per 1,000 people", "offence per 1,000", "offences per 1,000", 1},
        .size_unit = {"Population", "person", "people", 0},
        .heading = "Area",
    };
    return true;
}

static void set_downloads(tf_visit *visit, const tf_selection *selection, const char *layer,
                          tf_chart *chart) {
    static const char *const formats[][2] = {{"CSV", "csv"},
                                             {"XLSX", "xlsx"},
                                             {"JSON", "json"},
                                             {"Arrow", "arrow"},
                                             {"GeoJSON", "geojson"}};
    enum { COUNT = sizeof formats / sizeof *formats };
    tf_chart_download *downloads = tf_arena_alloc(visit->arena, COUNT, sizeof *downloads);
    if (!downloads) {
        visit->response->body.failed = true;
        return;
    }
    const char *address = comparison_address(visit, selection, "/api/v1/comparison", layer);
    for (size_t i = 0; i < COUNT; i++) {
        const char *href = tf_address_with(visit, address, "format", formats[i][1]);
        downloads[i] = (tf_chart_download){formats[i][0], href};
    }
    chart->downloads = downloads;
    chart->download_count = COUNT;
}

static tf_status write_funnel(tf_visit *visit, const tf_selection *selection, const char *layer,
                              const tf_comparison *comparison, tf_error *error) {
    tf_chart chart = {
        .kind = TF_CHART_FUNNEL,
        .id = "funnel",
        .title = tf_page_format(visit, "%s: rate by population, with the limits of chance",
                                comparison->group_title),
        .note = comparison->dispersion.is_clear
                    ? tf_page_format(visit,
                                     "The areas differ more than chance explains (dispersion "
                                     "%.1f), so the limits are widened by its square root.",
                                     comparison->dispersion.phi)
                    : NULL,
        .empty = "No area has both offences and a population, so there is no rate to compare.",
    };
    if (!fill_funnel(visit, selection, comparison, &chart.of.funnel)) {
        return tf_fail_no_memory(error);
    }
    set_downloads(visit, selection, layer, &chart);
    tf_chart_write(&visit->html, &chart);
    return TF_OK;
}

/* ---- the table ---- */

static void write_row(tf_visit *visit, const tf_selection *selection,
                      const tf_comparison *comparison, const tf_comparison_area *area) {
    char text[TF_COUNT_TEXT_SIZE];
    const tf_profile_figure *rate = &area->rate_per_1000;
    tf_page_row_begin(visit);
    tf_page_row_header(visit, tf_selection_area_address(visit, selection, area->code), area->name);
    tf_page_count(visit, area->count);
    tf_page_number(
        visit, isfinite(area->population) ? tf_words_count(llround(area->population), text) : "–");
    tf_page_number(visit,
                   rate->is_known ? tf_page_format(visit, "%.1f", rate->interval.value) : "–");
    tf_page_number(visit, rate->is_known
                              ? tf_page_format(visit, "%.1f to %.1f", rate->interval.lower,
                                               rate->interval.upper)
                              : "–");
    const char *position = rate->is_known ? tf_funnel_position_words(position_of(comparison, area))
                           : rate->note   ? rate->note
                                          : "Rate not known";
    tf_page_cell(visit, tf_page_sentence(visit, position));
    tf_page_row_end(visit);
}

static void write_table(tf_visit *visit, const tf_selection *selection,
                        const tf_comparison *comparison) {
    static const tf_page_column columns[] = {{"Area", false},        {"Offences", true},
                                             {"Population", true},   {"Per 1,000", true},
                                             {"95% interval", true}, {"Against the limits", false}};
    size_t count = comparison->area_count < ROWS_SHOWN ? comparison->area_count : ROWS_SHOWN;
    tf_page_table_begin(visit,
                        count < comparison->area_count
                            ? tf_page_format(visit, "The %zu areas with the highest rates", count)
                            : "Areas, highest rate first",
                        columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        write_row(visit, selection, comparison, &comparison->areas[i]);
    }
    tf_page_table_end(visit);
}

/* ---- the page ---- */

static void write_layer_choice(tf_visit *visit, const tf_selection *selection, size_t chosen) {
    static const char *const words[] = {"Small areas", "Local authorities",
                                        "Community safety partnerships", "Police forces"};
    tf_html *html = &visit->html;
    tf_html_open(html, "nav");
    tf_html_attribute(html, "aria-label", "Areas compared");
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list app-inline-list");
    for (size_t i = 0; layer_names[i]; i++) {
        tf_html_open(html, "li");
        if (i == chosen) {
            tf_html_element(html, "strong", NULL, words[i]);
        } else {
            tf_page_link(visit, comparison_address(visit, selection, "/compare", layer_names[i]),
                         words[i]);
        }
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ul");
    tf_html_close(html, "nav");
}

static tf_status write_page(tf_visit *visit, const tf_selection *selection, size_t chosen,
                            const tf_comparison *comparison, const tf_error *problem,
                            tf_error *error) {
    const char *title = tf_page_format(visit, "Compare areas: %s", selection->type_title);
    tf_page_begin(visit, &(tf_page_head){.title = title, .section = "/compare"});
    tf_page_title(visit, tf_selection_period(visit, selection), title);
    tf_selection_write_form(visit, selection, "/compare");
    write_layer_choice(visit, selection, chosen);
    tf_status status = TF_OK;
    if (comparison) {
        tf_page_paragraph(
            visit,
            tf_page_format(visit,
                           "Of %zu %s%s%s, %zu %s above the upper 99.8%% limit and %zu "
                           "below the lower one: chance alone would put one in 500 outside "
                           "on either side.",
                           comparison->rated_count, comparison->rated_count == 1 ? "area" : "areas",
                           comparison->within_name ? " in " : "",
                           comparison->within_name ? comparison->within_name : "",
                           comparison->above_count, comparison->above_count == 1 ? "lies" : "lie",
                           comparison->below_count));
        status = write_funnel(visit, selection, layer_names[chosen], comparison, error);
        write_table(visit, selection, comparison);
        tf_buffer lines;
        tf_buffer_init(&lines);
        for (size_t i = 0; i < comparison->note_count; i++) {
            tf_buffer_format(&lines, "%s%s", i ? "\n" : "", comparison->notes[i]);
        }
        tf_page_list(visit, &lines);
        tf_buffer_deinit(&lines);
    } else {
        tf_page_paragraph(visit, problem->message);
    }
    tf_page_end(visit);
    return status;
}

static tf_status answer(tf_visit *visit, tf_error *error) {
    tf_selection selection;
    tf_status status = tf_selection_read(visit, &selection, error);
    if (status) {
        return status;
    }
    if (!selection.start.is_known) {
        tf_response_redirect(visit->response, "/");
        return TF_OK;
    }
    const tf_value *layer = tf_form_value(&visit->request->form, "layer");
    selection.layer = layer->error ? NULL : layer_names[layer->number];
    if (selection.error_count) {
        return tf_selection_refuse(visit, &selection, "Compare areas", "/compare");
    }
    if (layer->error) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "%s", layer->error);
    }
    size_t chosen = (size_t)layer->number;
    bool is_of_all = layers[chosen] == TF_LAYER_FORCE;
    tf_comparison_request request = {is_of_all ? NULL : selection.area.code, layers[chosen],
                                     selection.type, selection.from, selection.to};
    tf_comparison *comparison = NULL;
    tf_error problem;
    status = tf_comparison_make(visit->desk->data, &request, &comparison, &problem);
    status = tf_site_judge(visit->site, status, &problem);
    /* That an area has no such parts is for the page to say. */
    if (status && status != TF_BAD_INPUT && status != TF_NOT_FOUND) {
        if (error) {
            *error = problem;
        }
        return status;
    }
    status = write_page(visit, &selection, chosen, comparison, &problem, error);
    tf_comparison_free(comparison);
    return status;
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    return tf_visit_at_desk(context, request, response, answer, error);
}

static const tf_field fields[FIELD_COUNT] = {
    TF_SELECTION_FIELDS,
    {.name = "layer",
     .label = "Areas compared",
     .help = "Which areas of the area are compared.",
     .kind = TF_FIELD_CHOICE,
     .choices = layer_names,
     .fallback = "small-area"},
};

const tf_route tf_route_compare = {
    .method = "GET",
    .path = "/compare",
    .title = "Compare areas",
    .help = "Rates of areas of one kind, in a funnel plot.",
    .answers_errors = true,
    .fields = fields,
    .field_count = FIELD_COUNT,
    .handle = handle,
};
