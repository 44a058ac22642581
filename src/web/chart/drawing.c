#include "web/chart/drawing_internal.h"

#include <math.h>
#include <stdlib.h>

/* The colours of a file: from the Government Analysis Function's palettes, dark enough on white,
 * and of different lightness, so that they stay apart in grey.  Sizes are the stylesheet's too. */
static const struct {
    const char *class_name;
    const char *fill;
    const char *stroke;
    double stroke_width;
    const char *dashes;
    double opacity; /* of the fill; 0: opaque */
} roles[TF_ROLE_COUNT] = {
    [TF_ROLE_AXIS] = {"app-chart__axis", "none", "#505a5f", 1, NULL, 0},
    [TF_ROLE_GRID] = {"app-chart__grid", "none", "#d9dbdc", 1, NULL, 0},
    [TF_ROLE_LABEL] = {"app-chart__label", "#0b0c0c", NULL, 0, NULL, 0},
    [TF_ROLE_LABEL_MUTED] = {"app-chart__label app-chart__label--muted", "#505a5f", NULL, 0, NULL,
                             0},
    [TF_ROLE_TITLE] = {"app-chart__title", "#0b0c0c", NULL, 0, NULL, 0},
    [TF_ROLE_LINE] = {"app-chart__line", "none", "#12436d", 2, NULL, 0},
    [TF_ROLE_CENTRE] = {"app-chart__line app-chart__line--centre", "none", "#505a5f", 1.5, NULL, 0},
    [TF_ROLE_LIMIT] = {"app-chart__line app-chart__line--limit", "none", "#505a5f", 1.5, "5 4", 0},
    [TF_ROLE_BAND] = {"app-chart__band", "#12436d", "none", 0, NULL, 0.15},
    [TF_ROLE_POINT] = {"app-chart__point", "#12436d", "none", 0, NULL, 0},
    [TF_ROLE_SIGNAL] = {"app-chart__point app-chart__point--signal", "#c8480f", "none", 0, NULL, 0},
    [TF_ROLE_MISSING] = {"app-chart__point app-chart__point--missing", "none", "#505a5f", 1.5, NULL,
                         0},
    [TF_ROLE_BAR] = {"app-chart__bar", "#5694ca", "none", 0, NULL, 0},
    [TF_ROLE_BAR_LOWER] = {"app-chart__bar app-chart__bar--lower", "#1f7f77", "none", 0, NULL, 0},
    [TF_ROLE_BAR_HIGHER] = {"app-chart__bar app-chart__bar--higher", "#c8480f", "none", 0, NULL, 0},
    [TF_ROLE_INTERVAL] = {"app-chart__interval", "none", "#3d3d3d", 1.5, NULL, 0},
    [TF_ROLE_DOT] = {"app-chart__dot", "#ffffff", "#12436d", 2, NULL, 0},
    [TF_ROLE_DOT_HOT] = {"app-chart__dot app-chart__dot--hot", "none", "#801650", 2, NULL, 0},
    [TF_ROLE_DOT_CHANGED] = {"app-chart__dot app-chart__dot--changed", "#c8480f", "#c8480f", 1,
                             NULL, 0},
    [TF_ROLE_FLOW] = {"app-chart__flow", "#5694ca", "none", 0, NULL, 0.4},
    [TF_ROLE_NODE] = {"app-chart__node", "#12436d", "none", 0, NULL, 0},
    [TF_ROLE_CLASS_NONE] = {"app-chart__class-none", "#f3f2f1", "#6c767c", 0.75, NULL, 0},
    [TF_ROLE_CLASS_1] = {"app-chart__class-1", "#dceaf6", "#6c767c", 0.75, NULL, 0},
    [TF_ROLE_CLASS_1 + 1] = {"app-chart__class-2", "#a9cdea", "#6c767c", 0.75, NULL, 0},
    [TF_ROLE_CLASS_1 + 2] = {"app-chart__class-3", "#5f9fd4", "#6c767c", 0.75, NULL, 0},
    [TF_ROLE_CLASS_1 + 3] = {"app-chart__class-4", "#2070b0", "#6c767c", 0.75, NULL, 0},
    [TF_ROLE_CLASS_5] = {"app-chart__class-5", "#12305a", "#6c767c", 0.75, NULL, 0},
    [TF_ROLE_OUTLINE] = {"app-chart__outline", "none", "#3d3d3d", 1.2, NULL, 0},
};

static bool is_text(tf_role role) {
    return role == TF_ROLE_LABEL || role == TF_ROLE_LABEL_MUTED || role == TF_ROLE_TITLE;
}

void tf_draw_role(tf_drawing *drawing, tf_role role) {
    tf_html *html = drawing->html;
    if (!drawing->is_file) {
        tf_html_attribute(html, "class", roles[role].class_name);
        return;
    }
    tf_html_attribute(html, "fill", roles[role].fill);
    if (is_text(role)) {
        return;
    }
    tf_html_attribute(html, "stroke", roles[role].stroke);
    if (roles[role].stroke_width > 0) {
        tf_html_attribute_number(html, "stroke-width", roles[role].stroke_width);
    }
    tf_html_attribute(html, "stroke-dasharray", roles[role].dashes);
    if (roles[role].opacity > 0) {
        tf_html_attribute_number(html, "fill-opacity", roles[role].opacity);
    }
}

/* ---- shapes ---- */

/* The ready text of a mark, which the page shows where somebody points at it. */
static void write_ready_text(tf_drawing *drawing) {
    tf_buffer *scratch = &drawing->scratch;
    if (!drawing->is_file && !drawing->is_narrow && !scratch->failed && scratch->length > 0) {
        tf_html_attribute_text(drawing->html, "data-value",
                               (tf_text){scratch->data, scratch->length});
    }
    scratch->length = 0;
}

void tf_draw_line(tf_drawing *drawing, tf_role role, double x1, double y1, double x2, double y2) {
    tf_html *html = drawing->html;
    tf_html_open(html, "line");
    tf_draw_role(drawing, role);
    tf_html_attribute_number(html, "x1", x1);
    tf_html_attribute_number(html, "y1", y1);
    tf_html_attribute_number(html, "x2", x2);
    tf_html_attribute_number(html, "y2", y2);
    tf_html_close(html, "line");
}

void tf_draw_rect(tf_drawing *drawing, tf_role role, double x, double y, double width,
                  double height) {
    tf_html *html = drawing->html;
    tf_html_open(html, "rect");
    tf_draw_role(drawing, role);
    tf_html_attribute_number(html, "x", x);
    tf_html_attribute_number(html, "y", y);
    tf_html_attribute_number(html, "width", width);
    tf_html_attribute_number(html, "height", height);
    write_ready_text(drawing);
    tf_html_close(html, "rect");
}

static void draw_circle(tf_drawing *drawing, tf_role role, double x, double y, double radius) {
    tf_html *html = drawing->html;
    tf_html_open(html, "circle");
    tf_draw_role(drawing, role);
    tf_html_attribute_number(html, "cx", x);
    tf_html_attribute_number(html, "cy", y);
    tf_html_attribute_number(html, "r", radius);
    write_ready_text(drawing);
    tf_html_close(html, "circle");
}

/* The corners of a shape around 0, 0 with radius 1, and whether it is closed. */
static const struct {
    int count;
    bool is_closed;
    signed char points[4][2]; /* in hundredths, y downwards */
} outlines[] = {
    [TF_SHAPE_UP] = {3, true, {{0, -115}, {115, 85}, {-115, 85}}},
    [TF_SHAPE_DOWN] = {3, true, {{0, 115}, {115, -85}, {-115, -85}}},
    [TF_SHAPE_CROSS] = {4, false, {{-85, -85}, {85, 85}, {-85, 85}, {85, -85}}},
    [TF_SHAPE_SQUARE] = {4, true, {{-90, -90}, {90, -90}, {90, 90}, {-90, 90}}},
    [TF_SHAPE_LINE] = {2, false, {{-120, 0}, {120, 0}}},
    [TF_SHAPE_LEFT] = {3, true, {{-110, 0}, {60, -90}, {60, 90}}},
    [TF_SHAPE_RIGHT] = {3, true, {{110, 0}, {-60, -90}, {-60, 90}}},
};

/* One decimal, without zeros that say nothing: paths are most of a drawing's bytes. */
static void put_place(tf_buffer *path, double place) {
    long tenths = lround(fmax(fmin(place, 1e6), -1e6) * 10);
    long whole = labs(tenths) / 10;
    tf_buffer_format(path, "%s%ld", tenths < 0 ? "-" : "", whole);
    if (tenths % 10 != 0) {
        tf_buffer_format(path, ".%ld", labs(tenths) % 10);
    }
}

static void put_point(tf_buffer *path, char command, double x, double y) {
    tf_buffer_append(path, &command, 1);
    put_place(path, x);
    tf_buffer_append(path, " ", 1);
    put_place(path, y);
}

void tf_path_add(tf_drawing *drawing, char command, double x, double y) {
    put_point(&drawing->scratch, command, x, y);
}

void tf_path_end(tf_drawing *drawing) {
    tf_buffer_append(&drawing->scratch, "z", 1);
}

void tf_draw_path(tf_drawing *drawing, tf_role role) {
    tf_draw_path_with(drawing, role, NULL);
}

void tf_draw_path_with(tf_drawing *drawing, tf_role role, const char *ready_text) {
    tf_buffer *scratch = &drawing->scratch;
    if (!scratch->failed && scratch->length > 0) {
        tf_html_open(drawing->html, "path");
        tf_draw_role(drawing, role);
        bool is_pointed_at = !drawing->is_file && !drawing->is_narrow;
        tf_html_attribute(drawing->html, "data-value", is_pointed_at ? ready_text : NULL);
        tf_html_attribute_text(drawing->html, "d", (tf_text){scratch->data, scratch->length});
        tf_html_close(drawing->html, "path");
    }
    scratch->length = 0;
}

void tf_draw_shape(tf_drawing *drawing, tf_role role, tf_shape shape, double x, double y,
                   double radius) {
    if (shape == TF_SHAPE_CIRCLE) {
        draw_circle(drawing, role, x, y, radius);
        return;
    }
    tf_buffer path;
    tf_buffer_init(&path);
    for (int i = 0; i < outlines[shape].count; i++) {
        bool starts = i == 0 || (shape == TF_SHAPE_CROSS && i == 2);
        put_point(&path, starts ? 'M' : 'L', x + radius * outlines[shape].points[i][0] / 100,
                  y + radius * outlines[shape].points[i][1] / 100);
    }
    if (outlines[shape].is_closed) {
        tf_buffer_append(&path, "z", 1);
    }
    if (path.failed) {
        drawing->scratch.failed = true;
    } else {
        tf_html_open(drawing->html, "path");
        tf_draw_role(drawing, role);
        tf_html_attribute_text(drawing->html, "d", (tf_text){path.data, path.length});
        write_ready_text(drawing);
        tf_html_close(drawing->html, "path");
    }
    tf_buffer_deinit(&path);
}

/* ---- text ---- */

double tf_line_height(const tf_drawing *drawing) {
    return drawing->size * 1.3;
}

double tf_text_width_in(const tf_drawing *drawing, const char *text, bool is_bold) {
    return tf_text_drawn_width(tf_text_of(text), drawing->size, is_bold);
}

static void draw_line_of_text(tf_drawing *drawing, tf_role role, tf_anchor anchor, double x,
                              double y, tf_text text, bool is_cut) {
    static const char *const anchors[] = {NULL, "middle", "end"};
    tf_html *html = drawing->html;
    tf_html_open(html, "text");
    tf_draw_role(drawing, role);
    tf_html_attribute_number(html, "x", x);
    tf_html_attribute_number(html, "y", y);
    tf_html_attribute(html, "text-anchor", anchors[anchor]);
    if (role == TF_ROLE_TITLE) {
        tf_html_attribute(html, "font-weight", "bold");
    }
    if (drawing->size != drawing->root_size) {
        tf_html_attribute_number(html, "font-size", drawing->size);
    }
    tf_html_text_of(html, text);
    tf_html_text(html, is_cut ? "\xE2\x80\xA6" : NULL);
    tf_html_close(html, "text");
}

void tf_draw_text(tf_drawing *drawing, tf_role role, tf_anchor anchor, double x, double y,
                  const char *text) {
    if (text) {
        draw_line_of_text(drawing, role, anchor, x, y, tf_text_of(text), false);
    }
}

void tf_draw_text_within(tf_drawing *drawing, tf_role role, tf_anchor anchor, double x, double y,
                         double width, const char *text) {
    tf_wrapped wrapped =
        tf_text_wrap(tf_text_of(text), drawing->size, role == TF_ROLE_TITLE, width, 1);
    tf_draw_wrapped(drawing, role, anchor, x, y, &wrapped);
}

void tf_draw_wrapped(tf_drawing *drawing, tf_role role, tf_anchor anchor, double x, double y,
                     const tf_wrapped *wrapped) {
    for (int i = 0; i < wrapped->count; i++) {
        bool is_cut = wrapped->cut_line == i + 1;
        draw_line_of_text(drawing, role, anchor, x, y + i * tf_line_height(drawing),
                          wrapped->lines[i], is_cut);
    }
}

/* ---- links ---- */

static bool is_link(const tf_drawing *drawing, const char *href) {
    return href && *href && !drawing->is_file;
}

void tf_draw_link_begin(tf_drawing *drawing, const char *href, const char *title) {
    if (is_link(drawing, href)) {
        tf_html_open(drawing->html, "a");
        tf_html_attribute(drawing->html, "href", href);
        if (title) {
            tf_html_element(drawing->html, "title", NULL, title);
        }
    }
}

void tf_draw_link_end(tf_drawing *drawing, const char *href) {
    if (is_link(drawing, href)) {
        tf_html_close(drawing->html, "a");
    }
}
