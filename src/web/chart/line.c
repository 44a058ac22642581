/* A line by month, with the control chart's lines, an interval band and signals. */
#include "web/chart/chart_internal.h"

#include "insight/profile_words.h"

static bool has_data(const tf_chart *chart) {
    for (size_t i = 0; i < chart->of.line.count; i++) {
        if (isfinite(chart->of.line.points[i].value)) {
            return true;
        }
    }
    return false;
}

static bool has_links(const tf_chart *chart) {
    (void)chart;
    return false;
}

static bool has_band(const tf_line_point *point) {
    return isfinite(point->value) && isfinite(point->lower) && isfinite(point->upper);
}

/* ---- layout ---- */

typedef struct layout {
    const tf_line_chart *line;
    tf_ticks ticks;
    tf_scale y;
    double top; /* of the plot */
    double bottom;
    double left;
    double right;
    double x; /* of the first month */
    double month_width;
    tf_key_entry key[8];
    size_t key_count;
    char centre_text[80];
    char limits_text[120];
    char upper_text[80];
    char lower_text[80];
} layout;

static double highest_of(const tf_line_chart *line) {
    double highest = 0;
    for (size_t i = 0; i < line->count; i++) {
        const tf_line_point *point = &line->points[i];
        if (isfinite(point->value)) {
            highest = fmax(highest, point->value);
            highest = fmax(highest, has_band(point) ? point->upper : 0);
        }
    }
    highest = fmax(highest, isfinite(line->centre) ? line->centre : 0);
    return fmax(highest, isfinite(line->limit_upper) ? line->limit_upper : 0);
}

static bool has_mark(const tf_line_chart *line, tf_chart_mark mark) {
    for (size_t i = 0; i < line->count; i++) {
        if (line->points[i].mark == mark && isfinite(line->points[i].value)) {
            return true;
        }
    }
    return false;
}

static bool has_gap(const tf_line_chart *line) {
    for (size_t i = 0; i < line->count; i++) {
        if (!isfinite(line->points[i].value)) {
            return true;
        }
    }
    return false;
}

static void add_key(layout *lay, tf_role role, tf_shape shape, const char *text) {
    lay->key[lay->key_count++] = (tf_key_entry){role, shape, text};
}

/* An average of small counts, and its limits, lie between two of them. */
static const char *level_text(const tf_line_chart *line, double level,
                              char text[TF_NUMBER_TEXT_SIZE]) {
    bool is_small = fabs(level) < 10 && level != 0;
    return tf_number_text(level, is_small && line->unit.decimals == 0 ? 1 : line->unit.decimals,
                          text);
}

static void prepare_texts(layout *lay) {
    const tf_line_chart *line = lay->line;
    char number[TF_NUMBER_TEXT_SIZE], other[TF_NUMBER_TEXT_SIZE];
    snprintf(lay->centre_text, sizeof lay->centre_text, "Average %s",
             level_text(line, line->centre, number));
    snprintf(lay->upper_text, sizeof lay->upper_text, "Upper limit %s",
             level_text(line, line->limit_upper, number));
    snprintf(lay->lower_text, sizeof lay->lower_text, "Lower limit %s",
             level_text(line, line->limit_lower, other));
    snprintf(lay->limits_text, sizeof lay->limits_text, "Limits %s and %s", other, number);
}

static void prepare_key(layout *lay, bool is_narrow) {
    const tf_line_chart *line = lay->line;
    if (is_narrow && isfinite(line->centre)) {
        add_key(lay, TF_ROLE_CENTRE, TF_SHAPE_LINE, lay->centre_text);
    }
    if (is_narrow && isfinite(line->limit_lower) && isfinite(line->limit_upper)) {
        add_key(lay, TF_ROLE_LIMIT, TF_SHAPE_LINE, lay->limits_text);
    }
    if (line->band) {
        add_key(lay, TF_ROLE_BAND, TF_SHAPE_SQUARE, line->band);
    }
    if (has_mark(line, TF_MARK_HIGH)) {
        add_key(lay, TF_ROLE_SIGNAL, TF_SHAPE_UP, "High or rising, beyond chance");
    }
    if (has_mark(line, TF_MARK_LOW)) {
        add_key(lay, TF_ROLE_SIGNAL, TF_SHAPE_DOWN, "Low or falling, beyond chance");
    }
    if (has_gap(line)) {
        add_key(lay, TF_ROLE_MISSING, TF_SHAPE_CROSS, "No data");
    }
}

/* The room that the names of the lines take on the right. */
static double room_for_names(const tf_drawing *drawing, const layout *lay) {
    if (drawing->is_narrow) {
        return 4;
    }
    double room = 4;
    if (isfinite(lay->line->centre)) {
        room = fmax(room, 10 + tf_text_width_in(drawing, lay->centre_text, false));
    }
    if (isfinite(lay->line->limit_upper)) {
        room = fmax(room, 10 + tf_text_width_in(drawing, lay->upper_text, false));
    }
    if (isfinite(lay->line->limit_lower)) {
        room = fmax(room, 10 + tf_text_width_in(drawing, lay->lower_text, false));
    }
    return room;
}

static void lay_out(const tf_drawing *drawing, layout *lay) {
    const tf_line_chart *line = &drawing->chart->of.line;
    *lay = (layout){.line = line};
    prepare_texts(lay);
    prepare_key(lay, drawing->is_narrow);
    lay->ticks =
        tf_ticks_from_zero(highest_of(line), drawing->is_narrow ? 4 : 5, line->unit.decimals == 0);
    lay->left = tf_levels_room(drawing, &lay->ticks);
    lay->right = drawing->width - room_for_names(drawing, lay);
    double name_height = 1.9 * drawing->size; /* of the axis, above the plot */
    lay->top = tf_key_height(drawing, lay->key, lay->key_count) + name_height;
    lay->bottom = lay->top + (drawing->is_narrow ? 200 : 240);
    lay->y = (tf_scale){.from = 0,
                        .to = lay->ticks.values[lay->ticks.count - 1],
                        .start = lay->bottom,
                        .end = lay->top};
    lay->month_width = (lay->right - lay->left) / (double)line->count;
    lay->x = lay->left + lay->month_width / 2;
}

static double x_of(const layout *lay, size_t month) {
    return lay->x + (double)month * lay->month_width;
}

/* ---- drawing ---- */

static void draw_axes(tf_drawing *drawing, const layout *lay) {
    tf_draw_text_within(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, 0,
                        lay->top - 0.9 * drawing->size, drawing->width, lay->line->unit.name);
    tf_draw_levels(drawing, &lay->ticks, &lay->y, lay->left, lay->right);
    tf_draw_months(drawing, lay->line->first, lay->line->count, lay->x, lay->month_width,
                   lay->bottom);
}

/* The end of the stretch of months from `start` for which `has` holds. */
static size_t stretch_end(const tf_line_chart *line, size_t start,
                          bool (*has)(const tf_line_point *point)) {
    while (start < line->count && has(&line->points[start])) {
        start++;
    }
    return start;
}

static void draw_band(tf_drawing *drawing, const layout *lay) {
    const tf_line_point *points = lay->line->points;
    for (size_t i = 0; i < lay->line->count; i++) {
        size_t end = stretch_end(lay->line, i, has_band);
        if (end == i) {
            continue;
        }
        drawing->scratch.length = 0;
        for (size_t j = i; j < end; j++) {
            tf_path_add(drawing, j == i ? 'M' : 'L', x_of(lay, j),
                        tf_scale_place(&lay->y, points[j].upper));
        }
        for (size_t j = end; j-- > i;) {
            tf_path_add(drawing, 'L', x_of(lay, j), tf_scale_place(&lay->y, points[j].lower));
        }
        tf_path_end(drawing);
        tf_draw_path(drawing, TF_ROLE_BAND);
        i = end;
    }
}

static void draw_level(tf_drawing *drawing, const layout *lay, tf_role role, double value) {
    if (isfinite(value)) {
        double y = tf_scale_place(&lay->y, value);
        tf_draw_line(drawing, role, lay->left, y, lay->right, y);
    }
}

/* The names of the three lines beside their ends, moved apart where they would touch. */
static void draw_level_names(tf_drawing *drawing, const layout *lay) {
    const char *texts[3];
    double places[3];
    size_t count = 0;
    const double values[] = {lay->line->limit_upper, lay->line->centre, lay->line->limit_lower};
    const char *const names[] = {lay->upper_text, lay->centre_text, lay->lower_text};
    for (size_t i = 0; i < 3; i++) {
        if (isfinite(values[i])) {
            texts[count] = names[i];
            places[count++] = tf_scale_place(&lay->y, values[i]) + 0.35 * drawing->size;
        }
    }
    double apart = 1.2 * drawing->size;
    for (size_t i = 1; i < count; i++) {
        places[i] = fmax(places[i], places[i - 1] + apart);
    }
    for (size_t i = count; i-- > 0;) {
        double lowest = i + 1 == count ? lay->bottom + 0.35 * drawing->size : places[i + 1] - apart;
        places[i] = fmin(places[i], lowest);
        tf_draw_text(drawing, TF_ROLE_LABEL, TF_ANCHOR_START, lay->right + 8, places[i], texts[i]);
    }
}

static void draw_line(tf_drawing *drawing, const layout *lay) {
    bool is_drawn = false;
    drawing->scratch.length = 0;
    for (size_t i = 0; i < lay->line->count; i++) {
        double value = lay->line->points[i].value;
        if (isfinite(value)) {
            tf_path_add(drawing, is_drawn ? 'L' : 'M', x_of(lay, i),
                        tf_scale_place(&lay->y, value));
        }
        is_drawn = isfinite(value);
    }
    tf_draw_path(drawing, TF_ROLE_LINE);
}

static void put_ready_text(tf_drawing *drawing, const layout *lay, size_t index) {
    const tf_line_point *point = &lay->line->points[index];
    tf_buffer *out = &drawing->scratch;
    char month[TF_MONTH_WORDS_SIZE];
    tf_buffer_format(out, "%s: ", tf_words_month(lay->line->first + (tf_month)index, month));
    if (!isfinite(point->value)) {
        tf_buffer_append_text(out, "no data");
        return;
    }
    tf_unit_put(&lay->line->unit, point->value, out);
    if (point->remark) {
        tf_buffer_append_text(out, ", ");
        tf_buffer_append_text(out, point->remark);
    }
}

/* A month between two gaps, which no line reaches. */
static bool is_alone(const tf_line_chart *line, size_t i) {
    bool has_before = i > 0 && isfinite(line->points[i - 1].value);
    bool has_next = i + 1 < line->count && isfinite(line->points[i + 1].value);
    return !has_before && !has_next;
}

static void draw_points(tf_drawing *drawing, const layout *lay) {
    double radius = fmax(1.2, fmin(3.5, lay->month_width / 4));
    double signal = fmax(5, fmin(6.5, lay->month_width / 2));
    for (size_t i = 0; i < lay->line->count; i++) {
        const tf_line_point *point = &lay->line->points[i];
        double x = x_of(lay, i);
        drawing->scratch.length = 0;
        put_ready_text(drawing, lay, i);
        if (!isfinite(point->value)) {
            tf_draw_shape(drawing, TF_ROLE_MISSING, TF_SHAPE_CROSS, x, lay->bottom - 10,
                          fmin(5, signal));
            continue;
        }
        double y = tf_scale_place(&lay->y, point->value);
        if (point->mark == TF_MARK_NONE) {
            if (!drawing->is_narrow || is_alone(lay->line, i)) {
                tf_draw_shape(drawing, TF_ROLE_POINT, TF_SHAPE_CIRCLE, x, y, radius);
            }
        } else {
            tf_draw_shape(drawing, TF_ROLE_SIGNAL,
                          point->mark == TF_MARK_HIGH ? TF_SHAPE_UP : TF_SHAPE_DOWN, x, y, signal);
        }
    }
}

static void draw(tf_drawing *drawing) {
    layout lay;
    lay_out(drawing, &lay);
    tf_drawing_begin(drawing, lay.bottom + tf_months_height(drawing));
    tf_draw_key(drawing, lay.key, lay.key_count, 0);
    draw_axes(drawing, &lay);
    draw_band(drawing, &lay);
    draw_level(drawing, &lay, TF_ROLE_LIMIT, lay.line->limit_upper);
    draw_level(drawing, &lay, TF_ROLE_LIMIT, lay.line->limit_lower);
    draw_level(drawing, &lay, TF_ROLE_CENTRE, lay.line->centre);
    if (!drawing->is_narrow) {
        draw_level_names(drawing, &lay);
    }
    draw_line(drawing, &lay);
    draw_points(drawing, &lay);
}

/* ---- words ---- */

static void put_month(const tf_line_chart *line, size_t index, tf_buffer *out) {
    char month[TF_MONTH_WORDS_SIZE];
    tf_buffer_append_text(out, tf_words_month(line->first + (tf_month)index, month));
}

/* "Offences a month, May 2023 to April 2024: from 68 (May 2023) to 173 (March 2024), the latest 120
 * (April 2024)." */
static void describe_range(const tf_line_chart *line, tf_buffer *out) {
    size_t least = 0, most = 0, latest = 0;
    bool is_first = true;
    for (size_t i = 0; i < line->count; i++) {
        double value = line->points[i].value;
        if (isfinite(value)) {
            least = is_first || value < line->points[least].value ? i : least;
            most = is_first || value > line->points[most].value ? i : most;
            latest = i;
            is_first = false;
        }
    }
    tf_buffer_append_text(out, line->unit.name ? line->unit.name : "Values");
    tf_buffer_append_text(out, ", ");
    tf_words_period(line->first, line->first + (tf_month)line->count - 1, out);
    tf_buffer_append_text(out, ": ");
    char number[TF_NUMBER_TEXT_SIZE];
    int decimals = line->unit.decimals;
    if (line->points[least].value < line->points[most].value) {
        tf_buffer_format(out, "from %s in ",
                         tf_number_text(line->points[least].value, decimals, number));
        put_month(line, least, out);
        tf_buffer_format(out, " to %s in ",
                         tf_number_text(line->points[most].value, decimals, number));
        put_month(line, most, out);
        tf_buffer_append_text(out, "; the latest is ");
        tf_unit_put(&line->unit, line->points[latest].value, out);
    } else {
        tf_unit_put(&line->unit, line->points[latest].value, out);
        tf_buffer_append_text(out, " throughout, the latest");
    }
    tf_buffer_append_text(out, " in ");
    put_month(line, latest, out);
    tf_buffer_append_text(out, ".");
}

static void describe_levels(const tf_line_chart *line, tf_buffer *out) {
    char number[TF_NUMBER_TEXT_SIZE], other[TF_NUMBER_TEXT_SIZE];
    if (isfinite(line->centre)) {
        tf_buffer_format(out, " The average is %s", level_text(line, line->centre, number));
        if (isfinite(line->limit_lower) && isfinite(line->limit_upper)) {
            tf_buffer_format(out, ", and chance alone keeps most months between %s and %s",
                             level_text(line, line->limit_lower, number),
                             level_text(line, line->limit_upper, other));
        }
        tf_buffer_append_text(out, ".");
    }
}

/* The mean of 12 months from `start`, NaN where one has no data. */
static double mean_of_year(const tf_line_chart *line, size_t start) {
    double sum = 0;
    for (size_t i = start; i < start + 12; i++) {
        sum += isfinite(line->points[i].value) ? line->points[i].value : NAN;
    }
    return sum / 12;
}

static void describe_trend(const tf_line_chart *line, tf_buffer *out) {
    if (line->count < 24) {
        return;
    }
    double now = mean_of_year(line, line->count - 12);
    double before = mean_of_year(line, line->count - 24);
    if (isfinite(now) && isfinite(before)) {
        char number[TF_NUMBER_TEXT_SIZE], other[TF_NUMBER_TEXT_SIZE];
        int decimals = line->unit.decimals + 1;
        tf_buffer_format(out, " The last 12 months average %s, the 12 before %s.",
                         tf_number_text(now, decimals, number),
                         tf_number_text(before, decimals, other));
    }
}

static bool is_same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Months next to each other that say the same are told as one stretch. */
static bool continues(const tf_line_point *point, const tf_line_point *next) {
    bool is_missing = !isfinite(point->value);
    if (is_missing || !isfinite(next->value)) {
        return is_missing && !isfinite(next->value);
    }
    return point->mark == next->mark && is_same_text(point->remark, next->remark);
}

/* What a walk over the stretches does with those that match; counts only where `list` is NULL. */
static size_t walk_stretches(const tf_line_chart *line, bool are_missing, tf_name_list *list) {
    size_t count = 0;
    size_t next;
    for (size_t i = 0; i < line->count; i = next) {
        const tf_line_point *point = &line->points[i];
        for (next = i + 1; next < line->count && continues(point, &line->points[next]); next++) {
        }
        bool is_match = are_missing ? !isfinite(point->value)
                                    : isfinite(point->value) && point->mark != TF_MARK_NONE;
        count += is_match;
        if (!is_match || !list || !tf_name_list_next(list)) {
            continue;
        }
        tf_words_period(line->first + (tf_month)i, line->first + (tf_month)next - 1, list->out);
        if (!are_missing) {
            tf_buffer_append_text(list->out, " (");
            if (next == i + 1) {
                tf_unit_put(&line->unit, point->value, list->out);
                tf_buffer_append_text(list->out, point->remark ? ", " : "");
            }
            tf_buffer_append_text(list->out, point->remark ? point->remark : "");
            tf_buffer_append_text(list->out, ")");
        }
    }
    return count;
}

static void describe_signals(const tf_line_chart *line, tf_buffer *out) {
    tf_name_list list = {.out = out, .count = walk_stretches(line, false, NULL), .most = 4};
    if (list.count > 0) {
        tf_buffer_append_text(out, " Beyond chance: ");
        walk_stretches(line, false, &list);
        tf_name_list_end(&list);
        tf_buffer_append_text(out, ".");
    } else if (isfinite(line->limit_upper)) {
        tf_buffer_append_text(out, " No month is beyond what chance explains.");
    }
}

static void describe(const tf_chart *chart, tf_buffer *out) {
    const tf_line_chart *line = &chart->of.line;
    describe_range(line, out);
    describe_levels(line, out);
    describe_trend(line, out);
    describe_signals(line, out);
    tf_name_list list = {.out = out, .count = walk_stretches(line, true, NULL), .most = 6};
    if (list.count > 0) {
        tf_buffer_append_text(out, " There is no data for ");
        walk_stretches(line, true, &list);
        tf_name_list_end(&list);
        tf_buffer_append_text(out, ".");
    }
}

/* ---- table ---- */

static void write_rows(tf_html *html, const tf_chart *chart) {
    const tf_line_chart *line = &chart->of.line;
    tf_table_column columns[5] = {{"Month", false}, {line->unit.name, true}};
    size_t count = 2;
    if (line->band) {
        columns[count++] = (tf_table_column){"Lower", true};
        columns[count++] = (tf_table_column){"Upper", true};
    }
    columns[count++] = (tf_table_column){"Signal", false};
    tf_table_begin(html, columns, count);
    for (size_t i = 0; i < line->count; i++) {
        const tf_line_point *point = &line->points[i];
        char month[TF_MONTH_WORDS_SIZE];
        tf_table_row_begin(html, tf_words_month(line->first + (tf_month)i, month), NULL);
        if (isfinite(point->value)) {
            tf_table_number(html, point->value, line->unit.decimals);
        } else {
            tf_html_element(html, "td", "govuk-table__cell govuk-table__cell--numeric", "no data");
        }
        if (line->band) {
            tf_table_number(html, point->lower, line->unit.decimals);
            tf_table_number(html, point->upper, line->unit.decimals);
        }
        tf_table_remark(html, point->remark);
        tf_table_row_end(html);
    }
    tf_table_end(html);
}

const tf_chart_methods tf_line_methods = {has_data, has_links, draw, describe, write_rows, NULL};
