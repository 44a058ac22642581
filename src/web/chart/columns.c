/* Upright columns along a scale: a histogram, or a share by threshold. */
#include "web/chart/chart_internal.h"

typedef struct layout {
    const tf_column_chart *chart;
    tf_scale x;
    tf_scale y;
    tf_ticks x_ticks;
    tf_ticks y_ticks;
    double bottom;
    tf_key_entry key[1];
    size_t key_count;
} layout;

static bool has_data(const tf_chart *chart) {
    return chart->of.columns.count > 0;
}

static bool has_links(const tf_chart *chart) {
    (void)chart;
    return false;
}

static double highest_of(const tf_column_chart *chart) {
    double highest = 0;
    for (size_t i = 0; i < chart->count; i++) {
        double value = chart->columns[i].value;
        highest = isfinite(value) ? fmax(highest, value) : highest;
    }
    return highest;
}

static void lay_out(const tf_drawing *drawing, layout *lay) {
    const tf_column_chart *chart = &drawing->chart->of.columns;
    *lay = (layout){.chart = chart};
    double from = chart->columns[0].from, to = chart->columns[chart->count - 1].to;
    if (isfinite(chart->mark)) {
        lay->key[lay->key_count++] = (tf_key_entry){TF_ROLE_LIMIT, TF_SHAPE_LINE, chart->mark_name};
        from = fmin(from, chart->mark);
        to = fmax(to, chart->mark);
    }
    lay->y_ticks = tf_ticks_from_zero(highest_of(chart), 5, chart->unit.decimals == 0);
    lay->x_ticks = tf_ticks_between(from, to, drawing->is_narrow ? 5 : 10);
    double left = tf_levels_room(drawing, &lay->y_ticks);
    double top = tf_key_height(drawing, lay->key, lay->key_count) + 1.9 * drawing->size;
    lay->bottom = top + (drawing->is_narrow ? 200 : 240);
    lay->y = (tf_scale){.from = 0,
                        .to = lay->y_ticks.values[lay->y_ticks.count - 1],
                        .start = lay->bottom,
                        .end = top};
    lay->x = (tf_scale){.from = lay->x_ticks.values[0],
                        .to = lay->x_ticks.values[lay->x_ticks.count - 1],
                        .start = left,
                        .end = drawing->width - 16};
}

static void draw_axes(tf_drawing *drawing, const layout *lay) {
    tf_draw_text_within(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, 0,
                        lay->y.end - 0.9 * drawing->size, drawing->width, lay->chart->unit.name);
    tf_draw_levels(drawing, &lay->y_ticks, &lay->y, lay->x.start, lay->x.end);
    double y = lay->bottom + 8 + drawing->size;
    double last_end = -INFINITY;
    for (int i = 0; i < lay->x_ticks.count; i++) {
        char text[TF_NUMBER_TEXT_SIZE];
        double x = tf_scale_place(&lay->x, lay->x_ticks.values[i]);
        tf_draw_line(drawing, TF_ROLE_AXIS, x, lay->bottom, x, lay->bottom + 5);
        tf_tick_text(lay->x_ticks.values[i], lay->x_ticks.step, text);
        double half = tf_text_width_in(drawing, text, false) / 2;
        double at = fmin(x, drawing->width - half);
        if (at - half > last_end + 8) {
            tf_draw_text(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_MIDDLE, at, y, text);
            last_end = at + half;
        }
    }
    tf_draw_text_within(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, lay->x.start,
                        y + tf_line_height(drawing), drawing->width - lay->x.start,
                        lay->chart->size_unit.name);
}

/* "1 to 2": the ends of a column, unless it has a name. */
static void put_range(const tf_column_chart *chart, const tf_chart_column *column, tf_buffer *out) {
    char from[TF_NUMBER_TEXT_SIZE], to[TF_NUMBER_TEXT_SIZE];
    if (column->name) {
        tf_buffer_append_text(out, column->name);
        return;
    }
    tf_buffer_format(out, "%s to %s", tf_number_text(column->from, chart->size_unit.decimals, from),
                     tf_number_text(column->to, chart->size_unit.decimals, to));
}

static void draw_column(tf_drawing *drawing, const layout *lay, const tf_chart_column *column) {
    if (!isfinite(column->value) || !(column->value > 0) || isnan(column->from) ||
        isnan(column->to)) {
        return;
    }
    double from = tf_scale_place(&lay->x, column->from), to = tf_scale_place(&lay->x, column->to);
    double gap = to - from > 4 ? 0.5 : 0;
    double y = tf_scale_place(&lay->y, column->value);
    drawing->scratch.length = 0;
    put_range(lay->chart, column, &drawing->scratch);
    tf_buffer_append_text(&drawing->scratch, ": ");
    tf_unit_put(&lay->chart->unit, column->value, &drawing->scratch);
    tf_draw_rect(drawing, TF_ROLE_BAR, from + gap, y, fmax(to - from - 2 * gap, 0),
                 lay->bottom - y);
}

static void draw(tf_drawing *drawing) {
    layout lay;
    lay_out(drawing, &lay);
    tf_drawing_begin(drawing, lay.bottom + 8 + 2.6 * tf_line_height(drawing));
    tf_draw_key(drawing, lay.key, lay.key_count, 0);
    draw_axes(drawing, &lay);
    for (size_t i = 0; i < lay.chart->count; i++) {
        draw_column(drawing, &lay, &lay.chart->columns[i]);
    }
    if (isfinite(lay.chart->mark)) {
        double x = tf_scale_place(&lay.x, lay.chart->mark);
        tf_draw_line(drawing, TF_ROLE_LIMIT, x, lay.y.end, x, lay.bottom);
    }
}

static void describe(const tf_chart *of, tf_buffer *out) {
    const tf_column_chart *chart = &of->of.columns;
    const tf_chart_column *most = NULL;
    for (size_t i = 0; i < chart->count; i++) {
        const tf_chart_column *column = &chart->columns[i];
        if (isfinite(column->value)) {
            most = !most || column->value > most->value ? column : most;
        }
    }
    tf_buffer_format(out, "%s: %zu %s", chart->unit.name ? chart->unit.name : "Values",
                     chart->count, chart->count == 1 ? "column" : "columns");
    if (most) {
        tf_buffer_append_text(out, ", the highest at ");
        put_range(chart, most, out);
        tf_buffer_append_text(out, " (");
        tf_unit_put(&chart->unit, most->value, out);
        tf_buffer_append_text(out, ")");
    }
    tf_buffer_append_text(out, ".");
}

static void write_rows(tf_html *html, const tf_chart *of) {
    const tf_column_chart *chart = &of->of.columns;
    const tf_table_column columns[] = {{chart->size_unit.name, false}, {chart->unit.name, true}};
    tf_table_begin(html, columns, 2);
    tf_buffer range;
    tf_buffer_init(&range);
    for (size_t i = 0; i < chart->count; i++) {
        range.length = 0;
        put_range(chart, &chart->columns[i], &range);
        tf_table_row_begin(html, tf_buffer_text(&range), NULL);
        tf_table_number(html, chart->columns[i].value, chart->unit.decimals);
        tf_table_row_end(html);
    }
    html->buffer->failed |= range.failed;
    tf_buffer_deinit(&range);
    tf_table_end(html);
}

const tf_chart_methods tf_column_methods = {has_data, has_links, draw, describe, write_rows, NULL};
