/* Ranked dots with intervals on a ratio scale around 1. */
#include "web/chart/chart_internal.h"
#include "web/chart/rows_internal.h"

static bool has_data(const tf_chart *chart) {
    return chart->of.dots.count > 0;
}

static bool has_links(const tf_chart *chart) {
    for (size_t i = 0; i < chart->of.dots.count; i++) {
        if (chart->of.dots.dots[i].href) {
            return true;
        }
    }
    return false;
}

/* What is written at a dot: its own text, or the ratio. */
static void put_text(const tf_dot_chart *chart, const tf_dot *dot, tf_buffer *out) {
    if (dot->text) {
        tf_buffer_append_text(out, dot->text);
    } else {
        tf_unit_put(&chart->unit, dot->ratio.value, out);
    }
}

/* ---- layout ---- */

typedef struct layout {
    const tf_dot_chart *chart;
    tf_rows rows;
    tf_scale x;
    tf_ticks ticks;
    tf_key_entry key[5];
    size_t key_count;
    tf_wrapped lower; /* what the sides of the line at 1 mean */
    tf_wrapped higher;
    double sides_y;
} layout;

static bool is_placed(double ratio) {
    return isfinite(ratio) && ratio > 0;
}

static void extend(double ratio, double *low, double *high) {
    if (is_placed(ratio)) {
        *low = fmin(*low, ratio);
        *high = fmax(*high, ratio);
    }
}

/* Every ratio that is a number, their intervals as far as twice beyond the farthest ratio, and a
 * half to twice at least. */
static tf_scale scale_of(const tf_dot_chart *chart, double start, double end) {
    double low = 0.5, high = 2, interval_low = 0.5, interval_high = 2;
    for (size_t i = 0; i < chart->count; i++) {
        const tf_interval *ratio = &chart->dots[i].ratio;
        if (!isnan(ratio->value)) {
            extend(ratio->value, &low, &high);
            extend(ratio->lower, &interval_low, &interval_high);
            extend(ratio->upper, &interval_low, &interval_high);
        }
    }
    low = fmin(low, fmax(interval_low, low / 2)) / 1.15;
    high = fmax(high, fmin(interval_high, high * 2)) * 1.15;
    return (tf_scale){
        .from = fmax(low, 1e-9), .to = fmin(high, 1e9), .start = start, .end = end, .is_log = true};
}

static bool has_mark(const tf_dot_chart *chart, tf_chart_mark mark) {
    for (size_t i = 0; i < chart->count; i++) {
        if (chart->dots[i].mark == mark) {
            return true;
        }
    }
    return false;
}

static bool has_hot(const tf_dot_chart *chart) {
    for (size_t i = 0; i < chart->count; i++) {
        if (chart->dots[i].is_hot) {
            return true;
        }
    }
    return false;
}

static void add_key(layout *lay, tf_role role, tf_shape shape, const char *text) {
    if (text) {
        lay->key[lay->key_count++] = (tf_key_entry){role, shape, text};
    }
}

static void prepare_key(layout *lay) {
    const tf_dot_chart *chart = lay->chart;
    add_key(lay, TF_ROLE_INTERVAL, TF_SHAPE_LINE, chart->interval);
    if (has_mark(chart, TF_MARK_HIGH)) {
        add_key(lay, TF_ROLE_DOT_CHANGED, TF_SHAPE_UP, chart->high);
    }
    if (has_mark(chart, TF_MARK_LOW)) {
        add_key(lay, TF_ROLE_DOT_CHANGED, TF_SHAPE_DOWN, chart->low);
    }
    if (has_hot(chart)) {
        add_key(lay, TF_ROLE_DOT_HOT, TF_SHAPE_CIRCLE, chart->hot);
    }
}

static void measure(tf_drawing *drawing, const tf_dot_chart *chart, double *name_out,
                    double *text_out) {
    *name_out = *text_out = 0;
    for (size_t i = 0; i < chart->count; i++) {
        drawing->scratch.length = 0;
        put_text(chart, &chart->dots[i], &drawing->scratch);
        double text = tf_text_width_in(drawing, tf_buffer_text(&drawing->scratch), false);
        *name_out = fmax(*name_out, tf_text_width_in(drawing, chart->dots[i].name, false));
        *text_out = fmax(*text_out, text);
    }
    drawing->scratch.length = 0;
}

static void lay_out(tf_drawing *drawing, layout *lay) {
    const tf_dot_chart *chart = &drawing->chart->of.dots;
    *lay = (layout){.chart = chart};
    prepare_key(lay);
    double name, text;
    measure(drawing, chart, &name, &text);
    lay->rows = tf_rows_lay_out(drawing, chart->count, name, text + 16, 0);
    lay->x = scale_of(chart, lay->rows.left, lay->rows.right);
    double one = tf_scale_place(&lay->x, 1);
    lay->lower = tf_text_wrap(tf_text_of(chart->lower), drawing->size, false, one - 12, 2);
    lay->higher =
        tf_text_wrap(tf_text_of(chart->higher), drawing->size, false, drawing->width - one - 10, 2);
    lay->sides_y = tf_key_height(drawing, lay->key, lay->key_count);
    int lines = lay->lower.count > lay->higher.count ? lay->lower.count : lay->higher.count;
    double top = lay->sides_y + lines * tf_line_height(drawing) + 6;
    lay->rows = tf_rows_lay_out(drawing, chart->count, name, text + 16, top);
    lay->ticks = tf_ticks_of_ratio(lay->x.from, lay->x.to, drawing->is_narrow ? 8 : 11);
}

/* ---- drawing ---- */

static void draw_sides(tf_drawing *drawing, const layout *lay) {
    double middle = tf_scale_place(&lay->x, 1);
    double y = lay->sides_y + drawing->size;
    tf_draw_wrapped(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_END, middle - 10, y, &lay->lower);
    tf_draw_wrapped(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, middle + 10, y, &lay->higher);
}

static void draw_mark(tf_drawing *drawing, const layout *lay, const tf_dot *dot, double y) {
    double value = dot->ratio.value;
    double x = tf_scale_place(&lay->x, value);
    tf_role role = dot->mark == TF_MARK_NONE ? TF_ROLE_DOT : TF_ROLE_DOT_CHANGED;
    if (dot->is_hot) {
        tf_buffer kept = drawing->scratch; /* the ready text belongs to the dot */
        drawing->scratch = (tf_buffer){.data = NULL};
        tf_draw_shape(drawing, TF_ROLE_DOT_HOT, TF_SHAPE_CIRCLE, x, y, 10);
        drawing->scratch = kept;
    }
    if (!is_placed(value)) {
        bool is_none = value <= 0;
        tf_draw_shape(drawing, role, is_none ? TF_SHAPE_LEFT : TF_SHAPE_RIGHT,
                      is_none ? x + 4 : x - 4, y, 7);
    } else if (dot->mark == TF_MARK_NONE) {
        tf_draw_shape(drawing, role, TF_SHAPE_CIRCLE, x, y, 5);
    } else {
        tf_draw_shape(drawing, role, dot->mark == TF_MARK_HIGH ? TF_SHAPE_UP : TF_SHAPE_DOWN, x, y,
                      6);
    }
}

static void put_ready_text(tf_drawing *drawing, const layout *lay, const tf_dot *dot) {
    tf_buffer *out = &drawing->scratch;
    out->length = 0;
    tf_buffer_format(out, "%s: ", dot->name ? dot->name : "");
    put_text(lay->chart, dot, out);
    if (dot->remark) {
        tf_buffer_format(out, ", %s", dot->remark);
    }
}

static void draw_row(tf_drawing *drawing, const layout *lay, size_t row) {
    const tf_dot *dot = &lay->chart->dots[row];
    double y = tf_rows_middle(drawing, &lay->rows, row);
    tf_draw_link_begin(drawing, dot->href, NULL);
    tf_rows_draw_name(drawing, &lay->rows, row, dot->name);
    if (!isnan(dot->ratio.value)) {
        tf_rows_draw_interval(drawing, &lay->x, dot->ratio.lower, dot->ratio.upper, y);
        put_ready_text(drawing, lay, dot);
        draw_mark(drawing, lay, dot, y);
    }
    tf_draw_link_end(drawing, dot->href);
    tf_buffer text;
    tf_buffer_init(&text);
    put_text(lay->chart, dot, &text);
    tf_rows_draw_text(drawing, &lay->rows, row, lay->rows.right + 16, dot->name,
                      tf_buffer_text(&text));
    drawing->scratch.failed |= text.failed;
    tf_buffer_deinit(&text);
}

static void draw(tf_drawing *drawing) {
    layout lay;
    lay_out(drawing, &lay);
    tf_drawing_begin(drawing, lay.rows.bottom + tf_rows_axis_height(drawing));
    tf_draw_key(drawing, lay.key, lay.key_count, 0);
    draw_sides(drawing, &lay);
    tf_rows_draw_axis(drawing, &lay.rows, &lay.x, &lay.ticks, lay.chart->unit.name, true);
    double one = tf_scale_place(&lay.x, 1);
    tf_draw_line(drawing, TF_ROLE_CENTRE, one, lay.rows.top - 4, one, lay.rows.bottom + 4);
    for (size_t i = 0; i < lay.chart->count; i++) {
        draw_row(drawing, &lay, i);
    }
}

/* ---- words ---- */

static void put_marked(const tf_dot_chart *chart, tf_chart_mark mark, const char *heading,
                       tf_buffer *out) {
    tf_name_list list = {.out = out, .most = 5};
    for (size_t i = 0; i < chart->count; i++) {
        list.count += chart->dots[i].mark == mark;
    }
    if (list.count == 0) {
        return;
    }
    tf_buffer_format(out, " %s: ", heading);
    for (size_t i = 0; i < chart->count; i++) {
        const tf_dot *dot = &chart->dots[i];
        if (dot->mark == mark && tf_name_list_next(&list)) {
            tf_buffer_format(out, "%s (", dot->name ? dot->name : "");
            put_text(chart, dot, out);
            tf_buffer_append_text(out, ")");
        }
    }
    tf_name_list_end(&list);
    tf_buffer_append_text(out, ".");
}

static void put_range(const tf_dot_chart *chart, tf_buffer *out) {
    const tf_dot *least = NULL, *most = NULL;
    size_t known = 0;
    for (size_t i = 0; i < chart->count; i++) {
        const tf_dot *dot = &chart->dots[i];
        if (!isnan(dot->ratio.value)) {
            least = !least || dot->ratio.value < least->ratio.value ? dot : least;
            most = !most || dot->ratio.value > most->ratio.value ? dot : most;
            known++;
        }
    }
    tf_buffer_format(out, "%zu %s", chart->count, chart->count == 1 ? "row" : "rows");
    if (known < chart->count) {
        tf_buffer_format(out, ", of which %zu not known", chart->count - known);
    }
    if (most) {
        tf_buffer_format(out, ", from %s (", most->name ? most->name : "");
        put_text(chart, most, out);
        tf_buffer_format(out, ") to %s (", least->name ? least->name : "");
        put_text(chart, least, out);
        tf_buffer_append_text(out, ")");
    }
    tf_buffer_append_text(out, ".");
}

static void describe(const tf_chart *of, tf_buffer *out) {
    const tf_dot_chart *chart = &of->of.dots;
    put_range(chart, out);
    put_marked(chart, TF_MARK_HIGH, chart->high ? chart->high : "High", out);
    put_marked(chart, TF_MARK_LOW, chart->low ? chart->low : "Low", out);
    if (!has_mark(chart, TF_MARK_HIGH) && !has_mark(chart, TF_MARK_LOW)) {
        tf_buffer_append_text(out, " None differs beyond chance.");
    }
    tf_name_list list = {.out = out, .most = 5};
    for (size_t i = 0; i < chart->count; i++) {
        list.count += chart->dots[i].is_hot;
    }
    if (list.count > 0 && chart->hot) {
        tf_buffer_format(out, " %s: ", chart->hot);
        for (size_t i = 0; i < chart->count; i++) {
            if (chart->dots[i].is_hot && tf_name_list_next(&list)) {
                tf_buffer_append_text(out, chart->dots[i].name ? chart->dots[i].name : "");
            }
        }
        tf_name_list_end(&list);
        tf_buffer_append_text(out, ".");
    }
}

static void write_rows(tf_html *html, const tf_chart *of) {
    const tf_dot_chart *chart = &of->of.dots;
    const tf_table_column columns[] = {{chart->heading, false}, {chart->unit.name, true},
                                       {"Lower", true},         {"Upper", true},
                                       {"In words", false},     {"Remark", false}};
    tf_table_begin(html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < chart->count; i++) {
        const tf_dot *dot = &chart->dots[i];
        tf_table_row_begin(html, dot->name, dot->href);
        tf_table_number(html, dot->ratio.value, chart->unit.decimals);
        tf_table_number(html, dot->ratio.lower, chart->unit.decimals);
        tf_table_number(html, dot->ratio.upper, chart->unit.decimals);
        tf_table_remark(html, dot->text);
        tf_table_remark(html, dot->remark);
        tf_table_row_end(html);
    }
    tf_table_end(html);
}

const tf_chart_methods tf_dot_methods = {has_data, has_links, draw, describe, write_rows, NULL};
