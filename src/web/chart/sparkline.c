#include "web/chart/chart_internal.h"

enum { WIDTH = 100, HEIGHT = 24, MARGIN = 4 };

void tf_sparkline_write(tf_html *html, const double *values, size_t count) {
    double highest = 0;
    size_t latest = count;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) {
            highest = fmax(highest, values[i]);
            latest = i;
        }
    }
    tf_html_open(html, "svg");
    tf_html_attribute(html, "class", "app-chart app-chart--spark");
    tf_html_attribute_number(html, "width", WIDTH);
    tf_html_attribute_number(html, "height", HEIGHT);
    tf_html_attribute_format(html, "viewBox", "0 0 %d %d", WIDTH, HEIGHT);
    tf_html_attribute(html, "aria-hidden", "true");
    tf_html_attribute(html, "focusable", "false");
    tf_scale x = {0, count > 1 ? (double)(count - 1) : 1, MARGIN, WIDTH - MARGIN, false};
    tf_scale y = {0, highest > 0 ? highest : 1, HEIGHT - MARGIN, MARGIN, false};
    tf_drawing drawing = {.html = html};
    tf_buffer_init(&drawing.scratch);
    bool is_drawn = false;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) {
            tf_path_add(&drawing, is_drawn ? 'L' : 'M', tf_scale_place(&x, (double)i),
                        tf_scale_place(&y, values[i]));
        }
        is_drawn = isfinite(values[i]);
    }
    tf_draw_path(&drawing, TF_ROLE_LINE);
    if (latest < count) {
        tf_draw_shape(&drawing, TF_ROLE_POINT, TF_SHAPE_CIRCLE, tf_scale_place(&x, (double)latest),
                      tf_scale_place(&y, values[latest]), 3);
    }
    tf_html_close(html, "svg");
    html->buffer->failed |= drawing.scratch.failed;
    tf_buffer_deinit(&drawing.scratch);
}
