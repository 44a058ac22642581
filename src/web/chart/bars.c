/* Horizontal bars from zero, with whiskers where there are intervals. */
#include "web/chart/chart_internal.h"
#include "web/chart/rows_internal.h"

static bool has_data(const tf_chart *chart) {
    return chart->of.bars.count > 0;
}

static bool has_links(const tf_chart *chart) {
    for (size_t i = 0; i < chart->of.bars.count; i++) {
        if (chart->of.bars.bars[i].href) {
            return true;
        }
    }
    return false;
}

static void put_text(const tf_bar_chart *chart, const tf_bar *bar, tf_buffer *out) {
    char number[TF_NUMBER_TEXT_SIZE];
    tf_buffer_append_text(
        out, bar->text ? bar->text : tf_number_text(bar->value, chart->unit.decimals, number));
}

/* ---- layout ---- */

typedef struct layout {
    const tf_bar_chart *chart;
    tf_rows rows;
    tf_scale x;
    tf_ticks ticks;
    tf_key_entry key[3];
    size_t key_count;
} layout;

static bool has_whisker(const tf_bar *bar) {
    return isfinite(bar->value) && isfinite(bar->lower) && !isnan(bar->upper);
}

/* Whiskers are held to three times the longest bar: one of a tiny area must not flatten all. */
static double longest_of(const tf_bar_chart *chart) {
    double of_bars = 0, of_whiskers = 0;
    for (size_t i = 0; i < chart->count; i++) {
        const tf_bar *bar = &chart->bars[i];
        if (isfinite(bar->value)) {
            of_bars = fmax(of_bars, bar->value);
        }
        if (has_whisker(bar)) {
            of_whiskers = fmax(of_whiskers, bar->upper);
        }
    }
    return fmax(of_bars, of_bars > 0 ? fmin(of_whiskers, 3 * of_bars) : fmin(of_whiskers, 1e300));
}

static bool has_mark(const tf_bar_chart *chart, tf_chart_mark mark) {
    for (size_t i = 0; i < chart->count; i++) {
        if (chart->bars[i].mark == mark) {
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

static void lay_out(tf_drawing *drawing, layout *lay) {
    const tf_bar_chart *chart = &drawing->chart->of.bars;
    *lay = (layout){.chart = chart};
    add_key(lay, TF_ROLE_INTERVAL, TF_SHAPE_LINE, chart->interval);
    if (has_mark(chart, TF_MARK_HIGH)) {
        add_key(lay, TF_ROLE_BAR_HIGHER, TF_SHAPE_UP, chart->high);
    }
    if (has_mark(chart, TF_MARK_LOW)) {
        add_key(lay, TF_ROLE_BAR_LOWER, TF_SHAPE_DOWN, chart->low);
    }
    double name = 0, text = 0;
    for (size_t i = 0; i < chart->count; i++) {
        drawing->scratch.length = 0;
        put_text(chart, &chart->bars[i], &drawing->scratch);
        text = fmax(text, tf_text_width_in(drawing, tf_buffer_text(&drawing->scratch), false));
        name = fmax(name, tf_text_width_in(drawing, chart->bars[i].name, false));
    }
    drawing->scratch.length = 0;
    double top = tf_key_height(drawing, lay->key, lay->key_count);
    lay->rows = tf_rows_lay_out(drawing, chart->count, name, text + 30, top);
    if (drawing->is_narrow) {
        lay->rows.left = 0; /* bars begin at the edge, where their names do */
    }
    lay->ticks = tf_ticks_from_zero(longest_of(chart), drawing->is_narrow ? 4 : 5,
                                    chart->unit.decimals == 0);
    lay->x = (tf_scale){.from = 0,
                        .to = lay->ticks.values[lay->ticks.count - 1],
                        .start = lay->rows.left,
                        .end = lay->rows.right};
}

/* ---- drawing ---- */

static void put_ready_text(tf_drawing *drawing, const layout *lay, const tf_bar *bar) {
    tf_buffer *out = &drawing->scratch;
    out->length = 0;
    tf_buffer_format(out, "%s: ", bar->name ? bar->name : "");
    tf_unit_put(&lay->chart->unit, bar->value, out);
    if (bar->remark) {
        tf_buffer_format(out, ", %s", bar->remark);
    }
}

/* The marks' shapes stand beside the bars, as colour alone must not tell. */
static double draw_mark(tf_drawing *drawing, const tf_bar *bar, double x, double y) {
    if (bar->mark == TF_MARK_NONE || !isfinite(bar->value)) {
        return x;
    }
    bool is_high = bar->mark == TF_MARK_HIGH;
    tf_draw_shape(drawing, is_high ? TF_ROLE_BAR_HIGHER : TF_ROLE_BAR_LOWER,
                  is_high ? TF_SHAPE_UP : TF_SHAPE_DOWN, x + 6, y, 5);
    return x + 16;
}

static void draw_row(tf_drawing *drawing, const layout *lay, size_t row) {
    const tf_bar *bar = &lay->chart->bars[row];
    static const tf_role roles[] = {TF_ROLE_BAR, TF_ROLE_BAR_HIGHER, TF_ROLE_BAR_LOWER};
    double y = tf_rows_middle(drawing, &lay->rows, row);
    double end = lay->rows.left;
    tf_draw_link_begin(drawing, bar->href, NULL);
    tf_rows_draw_name(drawing, &lay->rows, row, bar->name);
    if (isfinite(bar->value)) {
        double height = drawing->is_narrow ? 14 : 16;
        end = tf_scale_place(&lay->x, bar->value);
        put_ready_text(drawing, lay, bar);
        tf_draw_rect(drawing, roles[bar->mark], lay->rows.left, y - height / 2,
                     end - lay->rows.left, height);
    }
    if (has_whisker(bar)) {
        tf_rows_draw_interval(drawing, &lay->x, bar->lower, bar->upper, y);
        end = fmax(end, tf_scale_place(&lay->x, bar->upper));
    }
    double x = draw_mark(drawing, bar, end + 8, y);
    tf_draw_link_end(drawing, bar->href);
    tf_buffer text;
    tf_buffer_init(&text);
    put_text(lay->chart, bar, &text);
    tf_rows_draw_text(drawing, &lay->rows, row, x, bar->name, tf_buffer_text(&text));
    drawing->scratch.failed |= text.failed;
    tf_buffer_deinit(&text);
}

static void draw(tf_drawing *drawing) {
    layout lay;
    lay_out(drawing, &lay);
    tf_drawing_begin(drawing, lay.rows.bottom + tf_rows_axis_height(drawing));
    tf_draw_key(drawing, lay.key, lay.key_count, 0);
    tf_rows_draw_axis(drawing, &lay.rows, &lay.x, &lay.ticks, lay.chart->unit.name, false);
    for (size_t i = 0; i < lay.chart->count; i++) {
        draw_row(drawing, &lay, i);
    }
    tf_draw_line(drawing, TF_ROLE_AXIS, lay.rows.left, lay.rows.top, lay.rows.left,
                 lay.rows.bottom);
}

/* ---- words ---- */

static void put_bar(const tf_bar_chart *chart, const tf_bar *bar, tf_buffer *out) {
    tf_buffer_format(out, "%s (", bar->name ? bar->name : "");
    put_text(chart, bar, out);
    tf_buffer_append_text(out, ")");
}

static void put_marked(const tf_bar_chart *chart, tf_chart_mark mark, const char *heading,
                       tf_buffer *out) {
    tf_name_list list = {.out = out, .most = 5};
    for (size_t i = 0; i < chart->count; i++) {
        list.count += chart->bars[i].mark == mark;
    }
    if (list.count == 0) {
        return;
    }
    tf_buffer_format(out, " %s: ", heading);
    for (size_t i = 0; i < chart->count; i++) {
        if (chart->bars[i].mark == mark && tf_name_list_next(&list)) {
            put_bar(chart, &chart->bars[i], out);
        }
    }
    tf_name_list_end(&list);
    tf_buffer_append_text(out, ".");
}

static void describe(const tf_chart *of, tf_buffer *out) {
    const tf_bar_chart *chart = &of->of.bars;
    const tf_bar *least = NULL, *most = NULL;
    for (size_t i = 0; i < chart->count; i++) {
        const tf_bar *bar = &chart->bars[i];
        if (isfinite(bar->value)) {
            least = !least || bar->value < least->value ? bar : least;
            most = !most || bar->value > most->value ? bar : most;
        }
    }
    tf_buffer_format(out, "%s: %zu %s", chart->unit.name ? chart->unit.name : "Values",
                     chart->count, chart->count == 1 ? "bar" : "bars");
    if (most && most->value > least->value) {
        tf_buffer_append_text(out, ", the longest ");
        put_bar(chart, most, out);
        tf_buffer_append_text(out, ", the shortest ");
        put_bar(chart, least, out);
    } else if (most) {
        tf_buffer_append_text(out, chart->count == 1 ? ", " : ", all as long as ");
        put_bar(chart, most, out);
    } else {
        tf_buffer_append_text(out, ", none of them known");
    }
    tf_buffer_append_text(out, ".");
    put_marked(chart, TF_MARK_HIGH, chart->high ? chart->high : "High", out);
    put_marked(chart, TF_MARK_LOW, chart->low ? chart->low : "Low", out);
}

static void write_rows(tf_html *html, const tf_chart *of) {
    const tf_bar_chart *chart = &of->of.bars;
    tf_table_column columns[5] = {{chart->heading, false}, {chart->unit.name, true}};
    size_t count = 2;
    if (chart->interval) {
        columns[count++] = (tf_table_column){"Lower", true};
        columns[count++] = (tf_table_column){"Upper", true};
    }
    columns[count++] = (tf_table_column){"Remark", false};
    int decimals = chart->unit.decimals;
    tf_table_begin(html, columns, count);
    for (size_t i = 0; i < chart->count; i++) {
        const tf_bar *bar = &chart->bars[i];
        tf_table_row_begin(html, bar->name, bar->href);
        tf_table_number(html, bar->value, decimals);
        if (chart->interval) {
            tf_table_number(html, bar->lower, decimals > 0 ? decimals : 1);
            tf_table_number(html, bar->upper, decimals > 0 ? decimals : 1);
        }
        tf_table_remark(html, bar->remark);
        tf_table_row_end(html);
    }
    tf_table_end(html);
}

const tf_chart_methods tf_bar_methods = {has_data, has_links, draw, describe, write_rows, NULL};
