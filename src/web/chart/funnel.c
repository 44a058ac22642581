/* A funnel: rates against size, between the limits that chance alone would keep them in
 * (Spiegelhalter 2005, Statistics in Medicine 24:1185-1202). */
#include "web/chart/chart_internal.h"

static bool is_drawn(const tf_funnel_point *point) {
    return isfinite(point->rate) && isfinite(point->size) && point->size > 0;
}

static bool has_data(const tf_chart *chart) {
    for (size_t i = 0; i < chart->of.funnel.count; i++) {
        if (is_drawn(&chart->of.funnel.points[i])) {
            return true;
        }
    }
    return false;
}

static bool has_links(const tf_chart *chart) {
    for (size_t i = 0; i < chart->of.funnel.count; i++) {
        if (chart->of.funnel.points[i].href) {
            return true;
        }
    }
    return false;
}

/* ---- layout ---- */

enum { KEY_MOST = 6, LABELS_WIDE = 12, LABELS_NARROW = 5 };

typedef struct box {
    double x1, y1, x2, y2;
} box;

typedef struct layout {
    const tf_funnel_chart *chart;
    tf_scale x;
    tf_scale y;
    tf_ticks x_ticks;
    tf_ticks y_ticks;
    double bottom;
    tf_key_entry key[KEY_MOST];
    size_t key_count;
    char overall_text[160];
    box labels[LABELS_WIDE];
    int label_count;
} layout;

/* Limits of small sizes go up without end, so they may take half of the height and no more. */
static double highest_of(const tf_funnel_chart *chart) {
    double of_points = isfinite(chart->overall) ? chart->overall : 0;
    double of_limits = 0;
    for (size_t i = 0; i < chart->count; i++) {
        if (is_drawn(&chart->points[i])) {
            of_points = fmax(of_points, chart->points[i].rate);
        }
    }
    for (size_t i = 0; i < chart->limit_count; i++) {
        if (isfinite(chart->limits[i].upper_998)) {
            of_limits = fmax(of_limits, chart->limits[i].upper_998);
        }
    }
    return fmax(of_points, fmin(of_limits, of_points * 1.4));
}

static double largest_of(const tf_funnel_chart *chart) {
    double largest = 0;
    for (size_t i = 0; i < chart->count; i++) {
        largest = is_drawn(&chart->points[i]) ? fmax(largest, chart->points[i].size) : largest;
    }
    for (size_t i = 0; i < chart->limit_count; i++) {
        largest = isfinite(chart->limits[i].size) ? fmax(largest, chart->limits[i].size) : largest;
    }
    return largest;
}

static bool has_mark(const tf_funnel_chart *chart, tf_chart_mark mark) {
    for (size_t i = 0; i < chart->count; i++) {
        if (chart->points[i].mark == mark && is_drawn(&chart->points[i])) {
            return true;
        }
    }
    return false;
}

static bool is_between_limits(const tf_funnel_point *point) {
    return point->is_outside_95 && point->mark == TF_MARK_NONE && is_drawn(point);
}

static bool has_between(const tf_funnel_chart *chart) {
    for (size_t i = 0; i < chart->count; i++) {
        if (is_between_limits(&chart->points[i])) {
            return true;
        }
    }
    return false;
}

static void add_key(layout *lay, tf_role role, tf_shape shape, const char *text) {
    lay->key[lay->key_count++] = (tf_key_entry){role, shape, text};
}

static void prepare_key(layout *lay) {
    const tf_funnel_chart *chart = lay->chart;
    if (isfinite(chart->overall)) {
        char number[TF_NUMBER_TEXT_SIZE];
        snprintf(lay->overall_text, sizeof lay->overall_text, "All together %s",
                 tf_number_text(chart->overall, chart->unit.decimals, number));
        add_key(lay, TF_ROLE_CENTRE, TF_SHAPE_LINE, lay->overall_text);
    }
    if (chart->limit_count > 1) {
        add_key(lay, TF_ROLE_BAND, TF_SHAPE_SQUARE, "95% limits");
        add_key(lay, TF_ROLE_LIMIT, TF_SHAPE_LINE, "99.8% limits");
    }
    if (has_between(chart)) {
        add_key(lay, TF_ROLE_POINT, TF_SHAPE_SQUARE, "Outside the 95% limits");
    }
    if (has_mark(chart, TF_MARK_HIGH)) {
        add_key(lay, TF_ROLE_SIGNAL, TF_SHAPE_UP, "Above the 99.8% limit");
    }
    if (has_mark(chart, TF_MARK_LOW)) {
        add_key(lay, TF_ROLE_SIGNAL, TF_SHAPE_DOWN, "Below the 99.8% limit");
    }
}

static void lay_out(const tf_drawing *drawing, layout *lay) {
    const tf_funnel_chart *chart = &drawing->chart->of.funnel;
    *lay = (layout){.chart = chart};
    prepare_key(lay);
    lay->y_ticks = tf_ticks_from_zero(highest_of(chart), 5, false);
    lay->x_ticks = tf_ticks_from_zero(largest_of(chart), drawing->is_narrow ? 3 : 6, false);
    double left = tf_levels_room(drawing, &lay->y_ticks);
    double top = tf_key_height(drawing, lay->key, lay->key_count) + 1.9 * drawing->size;
    lay->bottom = top + (drawing->is_narrow ? 260 : 340);
    lay->y = (tf_scale){.from = 0,
                        .to = lay->y_ticks.values[lay->y_ticks.count - 1],
                        .start = lay->bottom,
                        .end = top};
    lay->x = (tf_scale){.from = 0,
                        .to = lay->x_ticks.values[lay->x_ticks.count - 1],
                        .start = left,
                        .end = drawing->width - 24};
}

/* ---- axes and limits ---- */

static void draw_axes(tf_drawing *drawing, const layout *lay) {
    char text[TF_NUMBER_TEXT_SIZE];
    tf_draw_text_within(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, 0,
                        lay->y.end - 0.9 * drawing->size, drawing->width, lay->chart->unit.name);
    tf_draw_levels(drawing, &lay->y_ticks, &lay->y, lay->x.start, lay->x.end);
    double y = lay->bottom + 8 + drawing->size;
    double last_end = -INFINITY;
    for (int i = 0; i < lay->x_ticks.count; i++) {
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

typedef double limit_of(const tf_funnel_limit *limit);

static double lower_95(const tf_funnel_limit *limit) {
    return limit->lower_95;
}

static double upper_95(const tf_funnel_limit *limit) {
    return limit->upper_95;
}

static double lower_998(const tf_funnel_limit *limit) {
    return limit->lower_998;
}

static double upper_998(const tf_funnel_limit *limit) {
    return limit->upper_998;
}

/* The size at which the curve between two limits meets `level`. */
static double crossing(const tf_funnel_limit *a, const tf_funnel_limit *b, limit_of *value,
                       double level) {
    double from = value(a), to = value(b);
    if (!isfinite(from) || !isfinite(to)) {
        return isfinite(from) ? a->size : b->size;
    }
    return a->size + (b->size - a->size) * (level - from) / (to - from);
}

/* Add a curve to the path, from the smallest size or backwards.  What is above the drawing runs
 * along its upper edge in an outline, and is left out of a line. */
static void put_curve(tf_drawing *drawing, const layout *lay, limit_of *value, bool is_backwards,
                      bool is_outline) {
    size_t count = lay->chart->limit_count;
    bool is_down = is_outline && is_backwards; /* the pen goes on from the other curve */
    const tf_funnel_limit *before = NULL;
    for (size_t i = 0; i < count; i++) {
        const tf_funnel_limit *limit = &lay->chart->limits[is_backwards ? count - 1 - i : i];
        bool is_above = !(value(limit) <= lay->y.to);
        bool was_above = before && !(value(before) <= lay->y.to);
        if (before && is_above != was_above) {
            double size = crossing(before, limit, value, lay->y.to);
            tf_path_add(drawing, is_down ? 'L' : 'M', tf_scale_place(&lay->x, size), lay->y.end);
            is_down = true;
        }
        if (!is_above || is_outline) {
            double y = is_above ? lay->y.end : tf_scale_place(&lay->y, value(limit));
            tf_path_add(drawing, is_down ? 'L' : 'M', tf_scale_place(&lay->x, limit->size), y);
            is_down = true;
        } else {
            is_down = false;
        }
        before = limit;
    }
}

static void draw_limits(tf_drawing *drawing, const layout *lay) {
    if (lay->chart->limit_count > 1) {
        drawing->scratch.length = 0;
        put_curve(drawing, lay, upper_95, false, true);
        put_curve(drawing, lay, lower_95, true, true);
        tf_path_end(drawing);
        tf_draw_path(drawing, TF_ROLE_BAND);
        put_curve(drawing, lay, upper_998, false, false);
        tf_draw_path(drawing, TF_ROLE_LIMIT);
        put_curve(drawing, lay, lower_998, false, false);
        tf_draw_path(drawing, TF_ROLE_LIMIT);
    }
    if (isfinite(lay->chart->overall)) {
        double y = tf_scale_place(&lay->y, lay->chart->overall);
        tf_draw_line(drawing, TF_ROLE_CENTRE, lay->x.start, y, lay->x.end, y);
    }
}

/* ---- points ---- */

static bool overlaps(const box *a, const box *b) {
    return a->x1 < b->x2 && b->x1 < a->x2 && a->y1 < b->y2 && b->y1 < a->y2;
}

/* Whether the curve of a limit runs through a place. */
static bool is_struck(const layout *lay, const box *place, limit_of *value) {
    for (size_t i = 1; i < lay->chart->limit_count; i++) {
        const tf_funnel_limit *a = &lay->chart->limits[i - 1], *b = &lay->chart->limits[i];
        double from = tf_scale_place(&lay->x, a->size), to = tf_scale_place(&lay->x, b->size);
        double left = fmax(from, place->x1), right = fmin(to, place->x2);
        if (left < right && isfinite(value(a)) && isfinite(value(b))) {
            double start = tf_scale_place(&lay->y, value(a));
            double slope = (tf_scale_place(&lay->y, value(b)) - start) / (to - from);
            double y1 = start + slope * (left - from), y2 = start + slope * (right - from);
            if (fmin(y1, y2) < place->y2 && fmax(y1, y2) > place->y1) {
                return true;
            }
        }
    }
    return false;
}

static bool is_free(const tf_drawing *drawing, const layout *lay, const box *place,
                    const tf_funnel_point *of) {
    if (place->x1 < lay->x.start || place->x2 > drawing->width || place->y1 < lay->y.end - 4 ||
        place->y2 > lay->bottom) {
        return false;
    }
    for (int i = 0; i < lay->label_count; i++) {
        if (overlaps(place, &lay->labels[i])) {
            return false;
        }
    }
    if (is_struck(lay, place, upper_998) || is_struck(lay, place, lower_998)) {
        return false;
    }
    for (size_t i = 0; i < lay->chart->count; i++) {
        const tf_funnel_point *point = &lay->chart->points[i];
        if (point != of && is_drawn(point)) {
            double x = tf_scale_place(&lay->x, point->size);
            double y = tf_scale_place(&lay->y, point->rate);
            if (overlaps(place, &(box){x - 4, y - 4, x + 4, y + 4})) {
                return false;
            }
        }
    }
    return true;
}

/* Right, left, above or below, wherever the name touches nothing and no limit strikes it through;
 * else it is left out, and stands in the table. */
static void draw_label(tf_drawing *drawing, layout *lay, const tf_funnel_point *point) {
    if (lay->label_count == (drawing->is_narrow ? LABELS_NARROW : LABELS_WIDE) || !point->name) {
        return;
    }
    double x = tf_scale_place(&lay->x, point->size);
    double y = tf_scale_place(&lay->y, point->rate);
    double width = fmin(tf_text_width_in(drawing, point->name, false), 0.5 * drawing->width);
    double rise = 0.75 * drawing->size, drop = 0.25 * drawing->size;
    const struct {
        double left, baseline;
    } places[] = {
        {x + 10, y + 0.35 * drawing->size},
        {x - 10 - width, y + 0.35 * drawing->size},
        {x - width / 2, y - 10},
        {x - width / 2, y + 10 + rise},
        {x + 4, y - 10},
        {x - 4 - width, y - 10},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        box place = {places[i].left, places[i].baseline - rise, places[i].left + width,
                     places[i].baseline + drop};
        if (is_free(drawing, lay, &place, point)) {
            lay->labels[lay->label_count++] = place;
            tf_draw_text_within(drawing, TF_ROLE_LABEL, TF_ANCHOR_START, place.x1,
                                places[i].baseline, width + 1, point->name);
            return;
        }
    }
}

static void put_ready_text(const tf_funnel_chart *chart, const tf_funnel_point *point,
                           tf_buffer *out) {
    tf_buffer_format(out, "%s: ", point->name ? point->name : "");
    tf_unit_put(&chart->unit, point->rate, out);
    if (point->remark) {
        tf_buffer_format(out, ", %s", point->remark);
    }
}

static void draw_point(tf_drawing *drawing, layout *lay, const tf_funnel_point *point) {
    double x = tf_scale_place(&lay->x, point->size);
    double y = tf_scale_place(&lay->y, point->rate);
    drawing->scratch.length = 0;
    put_ready_text(lay->chart, point, &drawing->scratch);
    tf_draw_link_begin(drawing, point->href, tf_buffer_text(&drawing->scratch));
    if (point->mark != TF_MARK_NONE) {
        tf_draw_shape(drawing, TF_ROLE_SIGNAL,
                      point->mark == TF_MARK_HIGH ? TF_SHAPE_UP : TF_SHAPE_DOWN, x, y, 6);
    } else {
        tf_draw_shape(drawing, TF_ROLE_POINT,
                      point->is_outside_95 ? TF_SHAPE_SQUARE : TF_SHAPE_CIRCLE, x, y, 4);
    }
    tf_draw_link_end(drawing, point->href);
}

static void draw(tf_drawing *drawing) {
    layout lay;
    lay_out(drawing, &lay);
    tf_drawing_begin(drawing, lay.bottom + 8 + 2.6 * tf_line_height(drawing));
    tf_draw_key(drawing, lay.key, lay.key_count, 0);
    draw_axes(drawing, &lay);
    draw_limits(drawing, &lay);
    const tf_funnel_chart *chart = lay.chart;
    for (size_t i = 0; i < chart->count; i++) {
        if (is_drawn(&chart->points[i])) {
            draw_point(drawing, &lay, &chart->points[i]);
        }
    }
    for (size_t i = 0; i < chart->count; i++) {
        if (is_drawn(&chart->points[i]) && chart->points[i].mark != TF_MARK_NONE) {
            draw_label(drawing, &lay, &chart->points[i]);
        }
    }
}

/* ---- words ---- */

static void put_marked(const tf_funnel_chart *chart, tf_chart_mark mark, const char *words,
                       tf_buffer *out) {
    tf_name_list list = {.out = out, .most = 6};
    for (size_t i = 0; i < chart->count; i++) {
        list.count += chart->points[i].mark == mark && is_drawn(&chart->points[i]);
    }
    if (list.count == 0) {
        return;
    }
    tf_buffer_format(out, " %zu %s %s: ", list.count, list.count == 1 ? "is" : "are", words);
    for (size_t i = 0; i < chart->count; i++) {
        const tf_funnel_point *point = &chart->points[i];
        if (point->mark == mark && is_drawn(point) && tf_name_list_next(&list)) {
            char number[TF_NUMBER_TEXT_SIZE];
            tf_buffer_format(out, "%s (%s)", point->name ? point->name : "",
                             tf_number_text(point->rate, chart->unit.decimals, number));
        }
    }
    tf_name_list_end(&list);
    tf_buffer_append_text(out, ".");
}

static void describe(const tf_chart *of, tf_buffer *out) {
    const tf_funnel_chart *chart = &of->of.funnel;
    size_t drawn = 0, between = 0;
    for (size_t i = 0; i < chart->count; i++) {
        drawn += is_drawn(&chart->points[i]);
        between += is_between_limits(&chart->points[i]);
    }
    tf_buffer_format(out, "%s of %zu %s", chart->unit.name ? chart->unit.name : "Rates", drawn,
                     drawn == 1 ? "area" : "areas");
    if (isfinite(chart->overall)) {
        tf_buffer_append_text(out, "; all together ");
        tf_unit_put(&chart->unit, chart->overall, out);
    }
    tf_buffer_append_text(out, ".");
    put_marked(chart, TF_MARK_HIGH, "above the 99.8% limit, more than chance explains", out);
    put_marked(chart, TF_MARK_LOW, "below the 99.8% limit, less than chance explains", out);
    if (!has_mark(chart, TF_MARK_HIGH) && !has_mark(chart, TF_MARK_LOW)) {
        tf_buffer_append_text(out, " None is outside the 99.8% limits.");
    }
    if (between > 0) {
        tf_buffer_format(out, " %zu more %s outside the 95%% limits only.", between,
                         between == 1 ? "is" : "are");
    }
    if (drawn < chart->count) {
        tf_buffer_format(out, " For %zu there is no rate.", chart->count - drawn);
    }
}

static void write_rows(tf_html *html, const tf_chart *of) {
    const tf_funnel_chart *chart = &of->of.funnel;
    const tf_table_column columns[] = {{chart->heading, false},
                                       {chart->size_unit.name, true},
                                       {chart->unit.name, true},
                                       {"Remark", false}};
    tf_table_begin(html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < chart->count; i++) {
        const tf_funnel_point *point = &chart->points[i];
        tf_table_row_begin(html, point->name, point->href);
        tf_table_number(html, point->size, chart->size_unit.decimals);
        tf_table_number(html, point->rate, chart->unit.decimals);
        tf_table_remark(html, point->remark);
        tf_table_row_end(html);
    }
    tf_table_end(html);
}

const tf_chart_methods tf_funnel_methods = {has_data, has_links, draw, describe, write_rows, NULL};
