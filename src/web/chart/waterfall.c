/* Horizontal bars on both sides of zero: what each step adds, from where the last one ended. */
#include "web/chart/chart_internal.h"
#include "web/chart/rows_internal.h"

#define MINUS "\xE2\x88\x92"

static const double LONG_NAME = 0.46; /* of the width, at most: names in groups are phrases */

static bool has_data(const tf_chart *chart) {
    return chart->of.waterfall.count > 0;
}

static bool has_links(const tf_chart *chart) {
    (void)chart;
    return false;
}

/* ---- words ---- */

static double opposite_of(const tf_waterfall *chart, const tf_waterfall_step *step) {
    return chart->opposite && isfinite(step->opposite) ? fmin(fmax(step->opposite, 0), 1e12) : 0;
}

/* "+3.2", with a sign that is as wide as the plus; a total has one only below zero. */
static void put_value(const tf_waterfall *chart, const tf_waterfall_step *step, tf_buffer *out) {
    char number[TF_NUMBER_TEXT_SIZE];
    tf_number_text(fabs(step->value), chart->unit.decimals, number);
    bool is_zero = strspn(number, "0.") == strlen(number);
    if (!isnan(step->value) && !is_zero && !chart->opposite) {
        tf_buffer_append_text(out, step->value < 0 ? MINUS : step->is_total ? "" : "+");
    }
    tf_buffer_append_text(out, number);
}

static bool starts_group(const tf_waterfall *chart, size_t i) {
    const char *group = chart->steps[i].group;
    const char *before = i > 0 ? chart->steps[i - 1].group : NULL;
    return group && (!before || strcmp(group, before) != 0);
}

/* ---- layout ---- */

typedef struct layout {
    const tf_waterfall *chart;
    tf_rows rows;
    tf_scale x;
    tf_ticks ticks;
    tf_key_entry key[4];
    size_t key_count;
} layout;

/* Where the bar of a step begins, when the last one ended at `end`. */
static double start_of(const tf_waterfall *chart, const tf_waterfall_step *step, double end) {
    return chart->is_from_zero || step->is_total ? 0 : end;
}

static double end_of(const tf_waterfall *chart, const tf_waterfall_step *step, double end) {
    double value = isfinite(step->value) ? fmax(fmin(step->value, 1e12), -1e12) : 0;
    return start_of(chart, step, end) + value;
}

static void add_key(layout *lay, tf_role role, tf_shape shape, const char *text) {
    if (text) {
        lay->key[lay->key_count++] = (tf_key_entry){role, shape, text};
    }
}

static void find_ends(const tf_waterfall *chart, double *lowest_out, double *highest_out) {
    double end = 0, lowest = fmin(chart->lowest, 0), highest = fmax(chart->highest, 0);
    for (size_t i = 0; i < chart->count; i++) {
        end = end_of(chart, &chart->steps[i], end);
        lowest = fmin(lowest, end);
        highest = fmax(highest, end);
        lowest = fmin(lowest, -opposite_of(chart, &chart->steps[i]));
    }
    if (isfinite(chart->mark)) {
        lowest = fmin(lowest, chart->mark);
        highest = fmax(highest, chart->mark);
    }
    *lowest_out = lowest;
    *highest_out = highest;
}

static void lay_out(tf_drawing *drawing, layout *lay) {
    const tf_waterfall *chart = &drawing->chart->of.waterfall;
    *lay = (layout){.chart = chart};
    add_key(lay, TF_ROLE_BAR_LOWER, TF_SHAPE_SQUARE, chart->higher);
    add_key(lay, TF_ROLE_BAR_HIGHER, TF_SHAPE_SQUARE, chart->lower);
    add_key(lay, TF_ROLE_NODE, TF_SHAPE_SQUARE, chart->total);
    add_key(lay, TF_ROLE_LIMIT, TF_SHAPE_LINE, isfinite(chart->mark) ? chart->mark_name : NULL);
    double name = 0, text = 0;
    size_t rows = chart->count;
    for (size_t i = 0; i < chart->count; i++) {
        drawing->scratch.length = 0;
        put_value(chart, &chart->steps[i], &drawing->scratch);
        text = fmax(text, tf_text_width_in(drawing, tf_buffer_text(&drawing->scratch), false));
        name = fmax(name, tf_text_width_in(drawing, chart->steps[i].name, false));
        rows += starts_group(chart, i);
    }
    drawing->scratch.length = 0;
    double top = tf_key_height(drawing, lay->key, lay->key_count);
    lay->rows = tf_rows_lay_out(drawing, rows, name, text + 20, top);
    if (chart->group_heading && !drawing->is_narrow) {
        lay->rows.height = 24;
        lay->rows.bottom = lay->rows.top + lay->rows.height * (double)rows;
        lay->rows.left = fmin(name, LONG_NAME * drawing->width) + 16;
    }
    double lowest, highest;
    find_ends(chart, &lowest, &highest);
    lay->ticks = tf_ticks_between(lowest, highest, drawing->is_narrow ? 4 : 6);
    lay->ticks.counts_both_ways = chart->opposite;
    lay->x = (tf_scale){.from = lay->ticks.values[0],
                        .to = lay->ticks.values[lay->ticks.count - 1],
                        .start = lay->rows.left + (chart->opposite ? text + 8 : 0),
                        .end = lay->rows.right};
}

/* ---- drawing ---- */

static void draw_group(tf_drawing *drawing, const layout *lay, size_t row, const char *group) {
    double y = lay->rows.top + (double)row * lay->rows.height +
               (drawing->is_narrow ? 0.8 : 0.5) * lay->rows.height + 0.35 * drawing->size;
    tf_draw_text_within(drawing, TF_ROLE_TITLE, TF_ANCHOR_START, 0, y, drawing->width, group);
}

static void put_ready_text(tf_drawing *drawing, const layout *lay, const tf_waterfall_step *step) {
    tf_buffer *out = &drawing->scratch;
    out->length = 0;
    tf_buffer_format(out, "%s: ", step->name ? step->name : "");
    put_value(lay->chart, step, out);
    if (step->remark) {
        tf_buffer_format(out, ", %s", step->remark);
    }
}

static void put_opposite(const tf_waterfall *chart, const tf_waterfall_step *step, tf_buffer *out) {
    char number[TF_NUMBER_TEXT_SIZE];
    tf_buffer_append_text(out, tf_number_text(step->opposite, chart->unit.decimals, number));
}

static void draw_opposite(tf_drawing *drawing, const layout *lay, const tf_waterfall_step *step,
                          double y, double height) {
    double zero = tf_scale_place(&lay->x, 0);
    double end = tf_scale_place(&lay->x, -opposite_of(lay->chart, step));
    tf_draw_rect(drawing, TF_ROLE_BAR_HIGHER, end, y - height / 2, zero - end, height);
    if (!drawing->is_narrow) {
        char number[TF_NUMBER_TEXT_SIZE];
        tf_draw_text(drawing, TF_ROLE_LABEL, TF_ANCHOR_END, end - 6, y + 0.35 * drawing->size,
                     tf_number_text(step->opposite, lay->chart->unit.decimals, number));
    }
}

/* From the end of a bar to the next bar; along the row itself where there is no bar to be seen. */
static void draw_connector(tf_drawing *drawing, const layout *lay, size_t i, double x, double y) {
    bool is_last = i + 1 == lay->chart->count;
    double half = 8;
    double value = lay->chart->steps[i].value;
    bool is_seen = isfinite(value) && fabs(value) >= 0.005;
    double from = is_seen ? y + half : y - half;
    double to = is_last ? y + half : y + lay->rows.height - half;
    if (!is_last || !is_seen) {
        tf_draw_line(drawing, TF_ROLE_AXIS, x, from, x, to);
    }
}

static void draw_step(tf_drawing *drawing, const layout *lay, size_t row, size_t i, double before) {
    const tf_waterfall_step *step = &lay->chart->steps[i];
    double y = tf_rows_middle(drawing, &lay->rows, row);
    double height = drawing->is_narrow ? 14 : lay->chart->group_heading ? 14 : 16;
    double from = tf_scale_place(&lay->x, start_of(lay->chart, step, before));
    double to = tf_scale_place(&lay->x, end_of(lay->chart, step, before));
    tf_rows_draw_name(drawing, &lay->rows, row, step->name);
    if (isfinite(step->value)) {
        tf_role role = step->is_total    ? TF_ROLE_NODE
                       : step->value < 0 ? TF_ROLE_BAR_HIGHER
                                         : TF_ROLE_BAR_LOWER;
        put_ready_text(drawing, lay, step);
        tf_draw_rect(drawing, role, fmin(from, to), y - height / 2, fabs(to - from), height);
    }
    if (drawing->is_narrow) {
        double zero = tf_scale_place(&lay->x, 0);
        tf_draw_line(drawing, TF_ROLE_AXIS, zero, y - height / 2 - 3, zero, y + height / 2 + 3);
    }
    if (lay->chart->opposite) {
        draw_opposite(drawing, lay, step, y, height);
    }
    if (!lay->chart->is_from_zero && !drawing->is_narrow) {
        draw_connector(drawing, lay, i, to, y);
    }
    tf_buffer text;
    tf_buffer_init(&text);
    put_value(lay->chart, step, &text);
    if (lay->chart->opposite && drawing->is_narrow) {
        tf_buffer_append_text(&text, " | ");
        put_opposite(lay->chart, step, &text);
    }
    tf_rows_draw_text(drawing, &lay->rows, row, fmax(from, to) + 8, step->name,
                      tf_buffer_text(&text));
    drawing->scratch.failed |= text.failed;
    tf_buffer_deinit(&text);
}

static void draw_axis(tf_drawing *drawing, const layout *lay) {
    const tf_waterfall *chart = lay->chart;
    if (!chart->opposite) {
        tf_rows_draw_axis(drawing, &lay->rows, &lay->x, &lay->ticks, chart->unit.name, false);
        return;
    }
    tf_buffer title;
    tf_buffer_init(&title);
    tf_buffer_format(&title, "%s | %s", chart->opposite, chart->unit.name ? chart->unit.name : "");
    tf_rows_draw_axis(drawing, &lay->rows, &lay->x, &lay->ticks, tf_buffer_text(&title), false);
    drawing->scratch.failed |= title.failed;
    tf_buffer_deinit(&title);
}

static void draw(tf_drawing *drawing) {
    layout lay;
    lay_out(drawing, &lay);
    const tf_rows *rows = &lay.rows;
    tf_drawing_begin(drawing, rows->bottom + tf_rows_axis_height(drawing));
    tf_draw_key(drawing, lay.key, lay.key_count, 0);
    draw_axis(drawing, &lay);
    double zero = tf_scale_place(&lay.x, 0);
    if (!drawing->is_narrow) { /* where names stand above the bars, it would run through them */
        tf_draw_line(drawing, TF_ROLE_AXIS, zero, rows->top, zero, rows->bottom);
    }
    if (isfinite(lay.chart->mark)) {
        double x = tf_scale_place(&lay.x, lay.chart->mark);
        tf_draw_line(drawing, TF_ROLE_LIMIT, x, rows->top, x, rows->bottom);
    }
    size_t row = 0;
    double end = 0;
    for (size_t i = 0; i < lay.chart->count; i++, row++) {
        if (starts_group(lay.chart, i)) {
            draw_group(drawing, &lay, row++, lay.chart->steps[i].group);
        }
        draw_step(drawing, &lay, row, i, end);
        end = end_of(lay.chart, &lay.chart->steps[i], end);
    }
}

/* ---- the words beside ---- */

static void put_step(const tf_waterfall *chart, const tf_waterfall_step *step, tf_buffer *out) {
    tf_buffer_format(out, "%s%s%s (", step->group ? step->group : "", step->group ? ", " : "",
                     step->name ? step->name : "");
    put_value(chart, step, out);
    tf_buffer_append_text(out, ")");
}

static void describe(const tf_chart *of, tf_buffer *out) {
    const tf_waterfall *chart = &of->of.waterfall;
    const tf_waterfall_step *most = NULL, *least = NULL, *last = NULL;
    for (size_t i = 0; i < chart->count; i++) {
        const tf_waterfall_step *step = &chart->steps[i];
        if (step->is_total) {
            last = step;
        } else if (!isnan(step->value)) {
            most = !most || step->value > most->value ? step : most;
            least = !least || step->value < least->value ? step : least;
        }
    }
    tf_buffer_format(out, "%s: %zu %s", chart->unit.name ? chart->unit.name : "Values",
                     chart->count, chart->count == 1 ? "bar" : "bars");
    if (most && most->value > 0) {
        tf_buffer_append_text(out, ", the most is added by ");
        put_step(chart, most, out);
    }
    if (least && least->value < 0) {
        tf_buffer_append_text(out, ", the most is taken off by ");
        put_step(chart, least, out);
    }
    if (last) {
        tf_buffer_append_text(out, "; ");
        put_step(chart, last, out);
    }
    tf_buffer_append_text(out, ".");
}

static void write_head(tf_html *html, const tf_waterfall *chart) {
    tf_table_head_begin(html);
    if (chart->group_heading) {
        tf_table_head_cell(html, chart->group_heading, false);
    }
    tf_table_head_cell(html, chart->heading, false);
    for (size_t i = 0; i < chart->column_count; i++) {
        tf_table_head_cell(html, chart->columns[i], false);
    }
    tf_table_head_cell(html, chart->unit.name, true);
    if (chart->opposite) {
        tf_table_head_cell(html, chart->opposite, true);
    }
    if (!chart->is_from_zero) {
        tf_table_head_cell(html, "Sum so far", true);
    }
    if (chart->remark_heading) {
        tf_table_head_cell(html, chart->remark_heading, false);
    }
    tf_table_head_end(html);
}

static void write_value(tf_html *html, const tf_waterfall *chart, const tf_waterfall_step *step) {
    tf_buffer text;
    tf_buffer_init(&text);
    put_value(chart, step, &text);
    tf_html_element(html, "td", "govuk-table__cell govuk-table__cell--numeric",
                    tf_buffer_text(&text));
    html->buffer->failed |= text.failed;
    tf_buffer_deinit(&text);
}

static void write_rows(tf_html *html, const tf_chart *of) {
    const tf_waterfall *chart = &of->of.waterfall;
    write_head(html, chart);
    double end = 0;
    for (size_t i = 0; i < chart->count; i++) {
        const tf_waterfall_step *step = &chart->steps[i];
        end = end_of(chart, step, end);
        tf_table_row_begin(html, chart->group_heading ? step->group : step->name, NULL);
        if (chart->group_heading) {
            tf_table_text(html, step->name);
        }
        for (size_t c = 0; c < chart->column_count; c++) {
            tf_table_text(html, step->cells ? step->cells[c] : NULL);
        }
        write_value(html, chart, step);
        if (chart->opposite) {
            tf_table_number(html, step->opposite, chart->unit.decimals);
        }
        if (!chart->is_from_zero) {
            tf_waterfall_step sum = {.value = end, .is_total = true};
            write_value(html, chart, &sum);
        }
        if (chart->remark_heading) {
            tf_table_text(html, step->remark);
        }
        tf_table_row_end(html);
    }
    tf_table_end(html);
}

const tf_chart_methods tf_waterfall_methods = {has_data, has_links,  draw,
                                               describe, write_rows, NULL};
