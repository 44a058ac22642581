/* Small multiples: the same line many times, to be compared by eye. */
#include "web/chart/chart_internal.h"

#include "insight/profile_words.h"

static bool has_data(const tf_chart *chart) {
    return chart->of.multiples.count > 0 && chart->of.multiples.month_count > 0;
}

static bool has_links(const tf_chart *chart) {
    for (size_t i = 0; i < chart->of.multiples.count; i++) {
        if (chart->of.multiples.panels[i].href) {
            return true;
        }
    }
    return false;
}

/* ---- layout ---- */

typedef struct layout {
    const tf_multiples *chart;
    int columns;
    double gap;
    double panel_width;
    double panel_height;
    double title_height;
    double plot_height;
    double top;
    double shared_to; /* NaN: each panel has its own scale */
} layout;

static double highest_of(const tf_multiples *chart, const tf_panel *panel) {
    double highest = 0;
    for (size_t i = 0; i < chart->month_count; i++) {
        if (isfinite(panel->values[i])) {
            highest = fmax(highest, panel->values[i]);
        }
    }
    return highest;
}

static double end_of(double highest, bool is_whole) {
    tf_ticks ticks = tf_ticks_from_zero(highest, 6, is_whole);
    return ticks.values[ticks.count - 1];
}

static tf_wrapped title_of(const tf_drawing *drawing, const layout *lay, const tf_panel *panel) {
    return tf_text_wrap(tf_text_of(panel->name), drawing->size, true, lay->panel_width, 2);
}

static layout lay_out(const tf_drawing *drawing) {
    const tf_multiples *chart = &drawing->chart->of.multiples;
    layout lay = {.chart = chart, .columns = drawing->is_narrow ? 2 : 3, .gap = 24};
    if (drawing->is_narrow) {
        lay.gap = 16;
    }
    lay.panel_width = (drawing->width - lay.gap * (lay.columns - 1)) / lay.columns;
    lay.plot_height = drawing->is_narrow ? 72 : 80;
    int lines = 1;
    double highest = 0;
    for (size_t i = 0; i < chart->count; i++) {
        int count = title_of(drawing, &lay, &chart->panels[i]).count;
        lines = count > lines ? count : lines;
        highest = fmax(highest, highest_of(chart, &chart->panels[i]));
    }
    lay.title_height = lines * tf_line_height(drawing) + 0.4 * drawing->size;
    lay.panel_height = lay.title_height + tf_line_height(drawing) + lay.plot_height +
                       1.9 * tf_line_height(drawing) + 8;
    lay.top = chart->unit.name ? 1.8 * drawing->size : 0;
    lay.shared_to = chart->is_shared ? end_of(highest, chart->unit.decimals == 0) : NAN;
    return lay;
}

/* ---- drawing ---- */

static void draw_line(tf_drawing *drawing, const layout *lay, const tf_panel *panel,
                      const tf_scale *x, const tf_scale *y) {
    const double *values = panel->values;
    size_t count = lay->chart->month_count;
    bool is_drawn = false;
    drawing->scratch.length = 0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) {
            tf_path_add(drawing, is_drawn ? 'L' : 'M', tf_scale_place(x, (double)i),
                        tf_scale_place(y, values[i]));
        }
        is_drawn = isfinite(values[i]);
    }
    tf_draw_path(drawing, TF_ROLE_LINE);
    for (size_t i = 0; i < count; i++) { /* a month between two gaps has no line */
        bool is_alone = isfinite(values[i]) && (i == 0 || !isfinite(values[i - 1])) &&
                        (i + 1 == count || !isfinite(values[i + 1]));
        if (is_alone) {
            tf_draw_shape(drawing, TF_ROLE_POINT, TF_SHAPE_CIRCLE, tf_scale_place(x, (double)i),
                          tf_scale_place(y, values[i]), 2);
        }
    }
}

static size_t latest_of(const tf_multiples *chart, const tf_panel *panel) {
    size_t latest = chart->month_count;
    for (size_t i = 0; i < chart->month_count; i++) {
        latest = isfinite(panel->values[i]) ? i : latest;
    }
    return latest;
}

static void draw_latest(tf_drawing *drawing, const layout *lay, const tf_panel *panel,
                        const tf_scale *x, const tf_scale *y) {
    size_t latest = latest_of(lay->chart, panel);
    if (latest == lay->chart->month_count) {
        return;
    }
    char month[TF_MONTH_WORDS_SIZE];
    drawing->scratch.length = 0;
    tf_buffer_format(&drawing->scratch, "%s, %s: ", panel->name ? panel->name : "",
                     tf_words_month(lay->chart->first + (tf_month)latest, month));
    tf_unit_put(&lay->chart->unit, panel->values[latest], &drawing->scratch);
    tf_draw_shape(drawing, TF_ROLE_POINT, TF_SHAPE_CIRCLE, tf_scale_place(x, (double)latest),
                  tf_scale_place(y, panel->values[latest]), 3.5);
}

/* The scale's end above its line, and the years at both ends of the axis. */
static void draw_scale(tf_drawing *drawing, const layout *lay, double left, double top,
                       const tf_scale *y) {
    char number[TF_NUMBER_TEXT_SIZE];
    double right = left + lay->panel_width;
    double bottom = top + lay->plot_height;
    tf_draw_line(drawing, TF_ROLE_GRID, left, top, right, top);
    tf_draw_line(drawing, TF_ROLE_AXIS, left, bottom, right, bottom);
    tf_draw_text_within(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, left, top - 5,
                        lay->panel_width, tf_tick_text(y->to, y->to, number));
    const tf_month months[] = {lay->chart->first,
                               lay->chart->first + (tf_month)lay->chart->month_count - 1};
    for (int i = 0; i < 2; i++) {
        char text[16];
        snprintf(text, sizeof text, "%.3s %d", tf_words_month_name(tf_month_number(months[i])),
                 tf_month_year(months[i]));
        if (i == 0 || lay->chart->month_count > 1) {
            tf_draw_text(drawing, TF_ROLE_LABEL_MUTED, i == 0 ? TF_ANCHOR_START : TF_ANCHOR_END,
                         i == 0 ? left : right, bottom + 4 + drawing->size, text);
        }
    }
}

static void draw_panel(tf_drawing *drawing, const layout *lay, size_t index) {
    const tf_multiples *chart = lay->chart;
    const tf_panel *panel = &chart->panels[index];
    size_t row = index / (size_t)lay->columns;
    size_t column = index % (size_t)lay->columns;
    double left = (double)column * (lay->panel_width + lay->gap);
    double top = lay->top + (double)row * lay->panel_height;
    tf_wrapped title = title_of(drawing, lay, panel);
    tf_draw_link_begin(drawing, panel->href, NULL);
    tf_draw_wrapped(drawing, TF_ROLE_TITLE, TF_ANCHOR_START, left, top + drawing->size, &title);
    double plot = top + lay->title_height + tf_line_height(drawing);
    double to = isnan(lay->shared_to) ? end_of(highest_of(chart, panel), chart->unit.decimals == 0)
                                      : lay->shared_to;
    tf_scale y = {.from = 0, .to = to, .start = plot + lay->plot_height, .end = plot};
    double last = chart->month_count > 1 ? (double)(chart->month_count - 1) : 1;
    tf_scale x = {.from = 0, .to = last, .start = left + 4, .end = left + lay->panel_width - 4};
    draw_scale(drawing, lay, left, plot, &y);
    draw_line(drawing, lay, panel, &x, &y);
    draw_latest(drawing, lay, panel, &x, &y);
    tf_draw_link_end(drawing, panel->href);
}

static void draw(tf_drawing *drawing) {
    layout lay = lay_out(drawing);
    size_t columns = (size_t)lay.columns;
    size_t rows = (lay.chart->count + columns - 1) / columns;
    tf_drawing_begin(drawing, lay.top + (double)rows * lay.panel_height);
    tf_draw_text_within(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, 0, drawing->size,
                        drawing->width, lay.chart->unit.name);
    for (size_t i = 0; i < lay.chart->count; i++) {
        draw_panel(drawing, &lay, i);
    }
}

/* ---- words ---- */

static void describe_panel(const tf_multiples *chart, const tf_panel *panel, tf_buffer *out) {
    double least = INFINITY;
    for (size_t i = 0; i < chart->month_count; i++) {
        least = isfinite(panel->values[i]) ? fmin(least, panel->values[i]) : least;
    }
    char number[TF_NUMBER_TEXT_SIZE];
    int decimals = chart->unit.decimals;
    size_t latest = latest_of(chart, panel);
    tf_buffer_format(out, "%s ", panel->name ? panel->name : "");
    if (latest == chart->month_count) {
        tf_buffer_append_text(out, "has no data");
        return;
    }
    tf_buffer_format(out, "%s to ", tf_number_text(least, decimals, number));
    tf_buffer_format(out, "%s, ", tf_number_text(highest_of(chart, panel), decimals, number));
    tf_buffer_format(out, "latest %s", tf_number_text(panel->values[latest], decimals, number));
}

static void describe(const tf_chart *of, tf_buffer *out) {
    const tf_multiples *chart = &of->of.multiples;
    enum { TOLD = 6 };
    tf_buffer_append_text(out, chart->unit.name ? chart->unit.name : "Values");
    tf_buffer_append_text(out, ", ");
    tf_words_period(chart->first, chart->first + (tf_month)chart->month_count - 1, out);
    tf_buffer_format(out, ", in %zu small %s%s. ", chart->count,
                     chart->count == 1 ? "chart" : "charts",
                     chart->count == 1  ? ""
                     : chart->is_shared ? " on one scale"
                                        : ", each on its own scale");
    size_t told = chart->count < TOLD ? chart->count : TOLD;
    for (size_t i = 0; i < told; i++) {
        tf_buffer_append_text(out, i == 0 ? "" : "; ");
        describe_panel(chart, &chart->panels[i], out);
    }
    if (told < chart->count) {
        tf_buffer_format(out, "; and %zu more", chart->count - told);
    }
    tf_buffer_append_text(out, ".");
}

static void write_rows(tf_html *html, const tf_chart *of) {
    const tf_multiples *chart = &of->of.multiples;
    tf_table_head_begin(html);
    tf_table_head_cell(html, "Month", false);
    for (size_t i = 0; i < chart->count; i++) {
        tf_table_head_cell(html, chart->panels[i].name, true);
    }
    tf_table_head_end(html);
    for (size_t m = 0; m < chart->month_count; m++) {
        char text[TF_MONTH_WORDS_SIZE];
        tf_table_row_begin(html, tf_words_month(chart->first + (tf_month)m, text), NULL);
        for (size_t i = 0; i < chart->count; i++) {
            tf_table_number(html, chart->panels[i].values[m], chart->unit.decimals);
        }
        tf_table_row_end(html);
    }
    tf_table_end(html);
}

const tf_chart_methods tf_multiples_methods = {has_data, has_links,  draw,
                                               describe, write_rows, NULL};
