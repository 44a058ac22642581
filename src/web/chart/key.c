/* What stands around the marks: the key above, numbers on the left, months below. */
#include "insight/profile_words.h"
#include "web/chart/drawing_internal.h"

#include <math.h>
#include <stdio.h>

static const double SYMBOL_ROOM = 26; /* from a symbol's left to its text */
static const double ENTRY_GAP = 18;

/* Walk the entries over as many lines as it takes, drawing them when `y` is not NaN; returns the
 * number of lines. */
static int walk_key(tf_drawing *drawing, const tf_drawing *measure, const tf_key_entry *entries,
                    size_t count, double y) {
    double x = 0;
    int line = 0;
    for (size_t i = 0; i < count; i++) {
        double room =
            fmin(SYMBOL_ROOM + tf_text_width_in(measure, entries[i].text, false), measure->width);
        if (x > 0 && x + room > measure->width) {
            line++;
            x = 0;
        }
        if (drawing) {
            double middle = y + (line + 0.5) * tf_line_height(drawing);
            double radius = entries[i].shape == TF_SHAPE_LINE     ? 8
                            : entries[i].shape == TF_SHAPE_SQUARE ? 7.5
                                                                  : 6;
            tf_draw_shape(drawing, entries[i].role, entries[i].shape, x + 10, middle, radius);
            tf_draw_text_within(drawing, TF_ROLE_LABEL, TF_ANCHOR_START, x + SYMBOL_ROOM,
                                middle + 0.35 * drawing->size, drawing->width - x - SYMBOL_ROOM + 1,
                                entries[i].text);
        }
        x += room + ENTRY_GAP;
    }
    return count > 0 ? line + 1 : 0;
}

double tf_key_height(const tf_drawing *drawing, const tf_key_entry *entries, size_t count) {
    int lines = walk_key(NULL, drawing, entries, count, 0);
    return lines > 0 ? lines * tf_line_height(drawing) + 10 : 0;
}

void tf_draw_key(tf_drawing *drawing, const tf_key_entry *entries, size_t count, double y) {
    drawing->scratch.length = 0;
    walk_key(drawing, drawing, entries, count, y);
}

double tf_levels_room(const tf_drawing *drawing, const tf_ticks *ticks) {
    double room = 0;
    for (int i = 0; i < ticks->count; i++) {
        char text[TF_NUMBER_TEXT_SIZE];
        tf_tick_text(ticks->values[i], ticks->step, text);
        room = fmax(room, tf_text_width_in(drawing, text, false));
    }
    return room + 8;
}

void tf_draw_levels(tf_drawing *drawing, const tf_ticks *ticks, const tf_scale *y, double left,
                    double right) {
    drawing->scratch.length = 0;
    for (int i = 1; i < ticks->count; i++) {
        double place = tf_scale_place(y, ticks->values[i]);
        tf_path_add(drawing, 'M', left, place);
        tf_path_add(drawing, 'L', right, place);
    }
    tf_draw_path(drawing, TF_ROLE_GRID);
    tf_draw_line(drawing, TF_ROLE_AXIS, left, y->start, right, y->start);
    for (int i = 0; i < ticks->count; i++) {
        char text[TF_NUMBER_TEXT_SIZE];
        tf_draw_text(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_END, left - 8,
                     tf_scale_place(y, ticks->values[i]) + 0.35 * drawing->size,
                     tf_tick_text(ticks->values[i], ticks->step, text));
    }
}

double tf_months_height(const tf_drawing *drawing) {
    return 2 * tf_line_height(drawing) + 8;
}

/* Keep text of `width` around `x` within the drawing. */
static double kept_within(const tf_drawing *drawing, double x, double width) {
    return fmax(fmin(x, drawing->width - width / 2), width / 2);
}

static void draw_year(tf_drawing *drawing, tf_month month, double x, double y) {
    char text[16];
    snprintf(text, sizeof text, "%d", tf_month_year(month));
    x = kept_within(drawing, x, tf_text_width_in(drawing, text, false));
    tf_draw_text(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_MIDDLE, x, y, text);
}

void tf_draw_months(tf_drawing *drawing, tf_month first, size_t count, double x, double month_width,
                    double y) {
    tf_month_step step = tf_month_step_for(month_width, drawing->size);
    double names_y = y + 8 + drawing->size;
    double years_y = step.by_years ? names_y : names_y + tf_line_height(drawing);
    double year_room = 2.8 * drawing->size;
    double next_year_x = -INFINITY;
    int year_named = -1;
    size_t ticks = 0;
    for (size_t i = 0; i < count; i++) {
        tf_month month = first + (tf_month)i;
        if (month % step.months != 0) {
            continue;
        }
        double at = x + (double)i * month_width;
        ticks++;
        tf_draw_line(drawing, TF_ROLE_AXIS, at, y, at, y + 5);
        if (!step.by_years) {
            char name[4];
            snprintf(name, sizeof name, "%.3s", tf_words_month_name(tf_month_number(month)));
            double width = tf_text_width_in(drawing, name, false);
            tf_draw_text(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_MIDDLE,
                         kept_within(drawing, at, width), names_y, name);
        }
        /* A year is named at its first month here, unless the next year's name is too close. */
        bool is_cut_short = 12 - tf_month_number(month) < year_room / month_width &&
                            i + 12 - (size_t)tf_month_number(month) + 1 < count && ticks == 1;
        if (tf_month_year(month) != year_named && at >= next_year_x &&
            (step.by_years || !is_cut_short)) {
            draw_year(drawing, month, at, years_y);
            year_named = tf_month_year(month);
            next_year_x = at + year_room;
        }
    }
    if (ticks == 0 && count > 0) {
        draw_year(drawing, first, x, years_y);
    }
}
