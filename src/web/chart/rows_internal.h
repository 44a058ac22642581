/* Charts that are rows: a name on the left, marks along a horizontal axis.  On a narrow drawing
 * the name stands above its marks. */
#ifndef WEB_CHART_ROWS_INTERNAL_H
#define WEB_CHART_ROWS_INTERNAL_H

#include "web/chart/drawing_internal.h"

typedef struct tf_rows {
    double left; /* of the axis */
    double right;
    double top;    /* of the first row */
    double height; /* of a row */
    double bottom; /* of the last row */
    size_t count;
} tf_rows;

/* Rows whose names are `widest_name` wide at most, with `text_room` on the right of the axis. */
tf_rows tf_rows_lay_out(const tf_drawing *drawing, size_t count, double widest_name,
                        double text_room, double top);

double tf_rows_middle(const tf_drawing *drawing, const tf_rows *rows,
                      size_t row); /* of the marks */
void tf_rows_draw_name(tf_drawing *drawing, const tf_rows *rows, size_t row, const char *name);

/* A row's text: at `x` on a wide drawing, on the right of its name on a narrow one. */
void tf_rows_draw_text(tf_drawing *drawing, const tf_rows *rows, size_t row, double x,
                       const char *name, const char *text);

/* Lines at the ticks over all rows, and along each row if wanted; numbers and the axis' title
 * below. */
void tf_rows_draw_axis(tf_drawing *drawing, const tf_rows *rows, const tf_scale *scale,
                       const tf_ticks *ticks, const char *title, bool has_row_lines);
double tf_rows_axis_height(const tf_drawing *drawing);

/* An interval as a line with ends; one that goes on beyond the scale has an arrow there. */
void tf_rows_draw_interval(tf_drawing *drawing, const tf_scale *scale, double lower, double upper,
                           double y);

#endif
