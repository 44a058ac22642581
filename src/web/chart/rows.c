#include "web/chart/rows_internal.h"

#include <math.h>

static const double NAME_GAP = 16;
static const double NARROW_NAME = 0.62; /* of the width, at most */

tf_rows tf_rows_lay_out(const tf_drawing *drawing, size_t count, double widest_name,
                        double text_room, double top) {
    tf_rows rows = {.count = count, .top = top, .left = 8, .right = drawing->width - 12};
    rows.height = 28;
    if (drawing->is_narrow) {
        rows.height = 46;
    } else {
        rows.left = fmin(widest_name, 0.38 * drawing->width) + NAME_GAP;
        rows.right = drawing->width - fmin(text_room, 0.3 * drawing->width);
    }
    rows.bottom = top + rows.height * (double)count;
    return rows;
}

double tf_rows_middle(const tf_drawing *drawing, const tf_rows *rows, size_t row) {
    double top = rows->top + (double)row * rows->height;
    return drawing->is_narrow ? top + 0.68 * rows->height : top + 0.5 * rows->height;
}

static double text_y(const tf_drawing *drawing, const tf_rows *rows, size_t row) {
    double top = rows->top + (double)row * rows->height;
    return drawing->is_narrow ? top + drawing->size
                              : top + 0.5 * rows->height + 0.35 * drawing->size;
}

void tf_rows_draw_name(tf_drawing *drawing, const tf_rows *rows, size_t row, const char *name) {
    double width = drawing->is_narrow ? NARROW_NAME * drawing->width : rows->left - NAME_GAP + 1;
    tf_draw_text_within(drawing, TF_ROLE_LABEL, TF_ANCHOR_START, 0, text_y(drawing, rows, row),
                        width, name);
}

void tf_rows_draw_text(tf_drawing *drawing, const tf_rows *rows, size_t row, double x,
                       const char *name, const char *text) {
    if (drawing->is_narrow) {
        double beside = fmin(tf_text_width_in(drawing, name, false), NARROW_NAME * drawing->width);
        tf_draw_text_within(drawing, TF_ROLE_LABEL, TF_ANCHOR_END, drawing->width,
                            text_y(drawing, rows, row), drawing->width - beside - 10, text);
    } else {
        tf_draw_text_within(drawing, TF_ROLE_LABEL, TF_ANCHOR_START, x, text_y(drawing, rows, row),
                            drawing->width - x + 1, text);
    }
}

double tf_rows_axis_height(const tf_drawing *drawing) {
    return 2.5 * tf_line_height(drawing);
}

void tf_rows_draw_axis(tf_drawing *drawing, const tf_rows *rows, const tf_scale *scale,
                       const tf_ticks *ticks, const char *title, bool has_row_lines) {
    drawing->scratch.length = 0;
    for (int i = 0; i < ticks->count; i++) {
        double x = tf_scale_place(scale, ticks->values[i]);
        tf_path_add(drawing, 'M', x, rows->top);
        tf_path_add(drawing, 'L', x, rows->bottom + 4);
    }
    for (size_t i = 0; has_row_lines && i < rows->count; i++) {
        double y = tf_rows_middle(drawing, rows, i);
        tf_path_add(drawing, 'M', rows->left, y);
        tf_path_add(drawing, 'L', rows->right, y);
    }
    tf_draw_path(drawing, TF_ROLE_GRID);
    double last_end = -INFINITY;
    for (int i = 0; i < ticks->count; i++) {
        double x = tf_scale_place(scale, ticks->values[i]);
        char text[TF_NUMBER_TEXT_SIZE];
        double value = ticks->values[i];
        tf_tick_text(ticks->counts_both_ways ? fabs(value) : value, ticks->step, text);
        double half = tf_text_width_in(drawing, text, false) / 2;
        double at = fmax(fmin(x, drawing->width - half), half);
        if (at - half > last_end + 6) {
            tf_draw_text(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_MIDDLE, at,
                         rows->bottom + 6 + drawing->size, text);
            last_end = at + half;
        }
    }
    double width = title ? tf_text_width_in(drawing, title, false) : 0;
    double x = fmax(fmin(rows->left, drawing->width - width), 0);
    tf_draw_text_within(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, x,
                        rows->bottom + 6 + drawing->size + tf_line_height(drawing),
                        drawing->width - x + 1, title);
}

static void put_end(tf_drawing *drawing, double x, double y, double reach, bool is_beyond,
                    double back) {
    if (is_beyond) {
        tf_path_add(drawing, 'M', x + back, y - reach);
        tf_path_add(drawing, 'L', x, y);
        tf_path_add(drawing, 'L', x + back, y + reach);
    } else {
        tf_path_add(drawing, 'M', x, y - reach);
        tf_path_add(drawing, 'L', x, y + reach);
    }
}

void tf_rows_draw_interval(tf_drawing *drawing, const tf_scale *scale, double lower, double upper,
                           double y) {
    if (isnan(lower) || isnan(upper)) {
        return;
    }
    double x1 = tf_scale_place(scale, lower);
    double x2 = tf_scale_place(scale, upper);
    drawing->scratch.length = 0;
    tf_path_add(drawing, 'M', x1, y);
    tf_path_add(drawing, 'L', x2, y);
    put_end(drawing, x1, y, 4, lower < scale->from, 6);
    put_end(drawing, x2, y, 4, upper > scale->to, -6);
    tf_draw_path(drawing, TF_ROLE_INTERVAL);
}
