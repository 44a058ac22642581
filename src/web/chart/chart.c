#include "web/chart/chart_internal.h"

static const tf_chart_methods *methods_of(const tf_chart *chart) {
    static const tf_chart_methods *const methods[] = {
        [TF_CHART_LINE] = &tf_line_methods,
        [TF_CHART_BARS] = &tf_bar_methods,
        [TF_CHART_DOTS] = &tf_dot_methods,
        [TF_CHART_FUNNEL] = &tf_funnel_methods,
        [TF_CHART_MULTIPLES] = &tf_multiples_methods,
        [TF_CHART_SANKEY] = &tf_sankey_methods,
        [TF_CHART_MAP] = &tf_map_methods,
        [TF_CHART_WATERFALL] = &tf_waterfall_methods,
        [TF_CHART_COLUMNS] = &tf_column_methods,
    };
    return methods[chart->kind];
}

static const char *empty_text(const tf_chart *chart) {
    return chart->empty ? chart->empty : "There is no data to draw.";
}

bool tf_chart_is_empty(const tf_chart *chart) {
    return !methods_of(chart)->has_data(chart);
}

void tf_chart_describe(const tf_chart *chart, tf_buffer *out) {
    if (tf_chart_is_empty(chart)) {
        tf_buffer_append_text(out, empty_text(chart));
    } else {
        methods_of(chart)->describe(chart, out);
    }
}

static void draw(tf_html *html, const tf_chart *chart, const char *form) {
    bool is_narrow = strcmp(form, "narrow") == 0;
    double size = is_narrow ? 14 : 15;
    tf_drawing drawing = {.html = html,
                          .chart = chart,
                          .form = form,
                          .is_narrow = is_narrow,
                          .width = is_narrow ? TF_NARROW_WIDTH : TF_WIDE_WIDTH,
                          .root_size = size,
                          .size = size,
                          .has_links = methods_of(chart)->has_links(chart)};
    tf_buffer_init(&drawing.scratch);
    methods_of(chart)->draw(&drawing);
    tf_drawing_end(&drawing);
}

/* ---- the figure ---- */

static void write_visually_hidden(tf_html *html, const char *before, const char *text) {
    if (text) {
        tf_html_open(html, "span");
        tf_html_attribute(html, "class", "govuk-visually-hidden");
        tf_html_text(html, before);
        tf_html_text(html, text);
        tf_html_close(html, "span");
    }
}

void tf_chart_write_table(tf_html *html, const tf_chart *chart) {
    /* A wide table scrolls by itself, and what scrolls must be reachable by keyboard. */
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-scroll");
    tf_html_attribute(html, "role", "region");
    tf_html_attribute(html, "aria-label", chart->title);
    tf_html_attribute(html, "tabindex", "0");
    tf_html_open(html, "table");
    tf_html_attribute(html, "class", "govuk-table app-table");
    tf_html_element(html, "caption", "govuk-table__caption govuk-visually-hidden", chart->title);
    methods_of(chart)->write_rows(html, chart);
    tf_html_close(html, "table");
    tf_html_close(html, "div");
}

static void write_details(tf_html *html, const tf_chart *chart) {
    tf_html_open(html, "details");
    tf_html_attribute(html, "class", "govuk-details app-figure__data");
    tf_html_flag(html, "open", chart->shows_table);
    tf_html_open(html, "summary");
    tf_html_attribute(html, "class", "govuk-details__summary");
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-details__summary-text");
    tf_html_text(html, "Show this as a table");
    write_visually_hidden(html, ": ", chart->title);
    tf_html_close(html, "span");
    tf_html_close(html, "summary");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-details__text");
    tf_chart_write_table(html, chart);
    tf_html_close(html, "div");
    tf_html_close(html, "details");
}

static void write_downloads(tf_html *html, const tf_chart *chart) {
    if (chart->download_count == 0) {
        return;
    }
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body-s app-figure__downloads");
    tf_html_element(html, "span", NULL, "Download this figure:");
    for (size_t i = 0; i < chart->download_count; i++) {
        tf_html_text(html, " ");
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", "govuk-link");
        tf_html_attribute(html, "href", chart->downloads[i].href);
        tf_html_text(html, chart->downloads[i].label);
        write_visually_hidden(html, " of ", chart->title);
        tf_html_close(html, "a");
    }
    tf_html_close(html, "p");
}

static void draw_map(tf_html *html, const tf_chart *chart) {
    const tf_chart_live_map *live = &chart->of.map.live;
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-map");
    if (live->boundaries) {
        tf_html_attribute(html, "data-boundaries", live->boundaries);
        tf_html_attribute(html, "data-values", live->values);
        tf_html_attribute(html, "data-tiles", live->tiles);
        tf_html_attribute(html, "data-label", chart->title);
    }
    draw(html, chart, "map");
    tf_html_close(html, "div");
}

void tf_chart_write(tf_html *html, const tf_chart *chart) {
    const tf_chart_methods *methods = methods_of(chart);
    tf_html_open(html, "figure");
    tf_html_attribute(html, "class", "app-figure");
    tf_html_attribute(html, "id", chart->id);
    tf_html_element(html, "figcaption", "app-figure__caption", chart->title);
    if (tf_chart_is_empty(chart)) {
        tf_html_element(html, "p", "govuk-body app-figure__empty", empty_text(chart));
        tf_html_close(html, "figure");
        return;
    }
    if (methods->write_legend) {
        methods->write_legend(html, chart);
        draw_map(html, chart);
    } else {
        draw(html, chart, "wide");
        draw(html, chart, "narrow");
    }
    if (chart->note) {
        tf_html_element(html, "p", "govuk-body-s app-figure__note", chart->note);
    }
    write_details(html, chart);
    write_downloads(html, chart);
    tf_html_close(html, "figure");
}

/* ---- a file ---- */

static void draw_empty(tf_drawing *drawing) {
    tf_wrapped text = tf_text_wrap(tf_text_of(empty_text(drawing->chart)), drawing->size, false,
                                   drawing->width - 2 * drawing->size, TF_WRAP_LINES);
    tf_drawing_begin(drawing, (text.count + 1) * tf_line_height(drawing));
    tf_draw_wrapped(drawing, TF_ROLE_LABEL, TF_ANCHOR_START, 0, 1.5 * drawing->size, &text);
}

tf_status tf_chart_write_svg(const tf_chart *chart, tf_chart_style style, tf_buffer *out,
                             tf_error *error) {
    tf_html html;
    tf_buffer_append_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    tf_html_init(&html, out);
    tf_drawing drawing = {.html = &html,
                          .chart = chart,
                          .form = "wide",
                          .is_file = true,
                          .has_frame = style == TF_CHART_FILE,
                          .width = TF_WIDE_WIDTH,
                          .root_size = 15,
                          .size = 15};
    tf_buffer_init(&drawing.scratch);
    if (tf_chart_is_empty(chart)) {
        draw_empty(&drawing);
    } else {
        methods_of(chart)->draw(&drawing);
    }
    tf_drawing_end(&drawing);
    tf_buffer_append_text(out, "\n");
    return tf_buffer_check(out, error);
}
