/* What every chart draws with: a frame, shapes by their role, text that fits.
 *
 * A role is a class of the stylesheet on a page, and colours of a constant table in a file. */
#ifndef WEB_CHART_DRAWING_INTERNAL_H
#define WEB_CHART_DRAWING_INTERNAL_H

#include "web/chart/chart.h"
#include "web/chart/scale_internal.h"
#include "web/chart/text_width_internal.h"

typedef enum tf_role {
    TF_ROLE_AXIS,
    TF_ROLE_GRID,
    TF_ROLE_LABEL,
    TF_ROLE_LABEL_MUTED,
    TF_ROLE_TITLE,
    TF_ROLE_LINE,
    TF_ROLE_CENTRE,
    TF_ROLE_LIMIT,
    TF_ROLE_BAND,
    TF_ROLE_POINT,
    TF_ROLE_SIGNAL,
    TF_ROLE_MISSING,
    TF_ROLE_BAR,
    TF_ROLE_BAR_LOWER,
    TF_ROLE_BAR_HIGHER,
    TF_ROLE_INTERVAL,
    TF_ROLE_DOT,
    TF_ROLE_DOT_HOT,
    TF_ROLE_DOT_CHANGED,
    TF_ROLE_FLOW,
    TF_ROLE_NODE,
    TF_ROLE_CLASS_NONE,
    TF_ROLE_CLASS_1, /* followed by the other four */
    TF_ROLE_CLASS_5 = TF_ROLE_CLASS_1 + TF_MAP_CLASSES - 1,
    TF_ROLE_OUTLINE,
    TF_ROLE_COUNT,
} tf_role;

typedef enum tf_shape {
    TF_SHAPE_CIRCLE,
    TF_SHAPE_UP,
    TF_SHAPE_DOWN,
    TF_SHAPE_CROSS,
    TF_SHAPE_SQUARE,
    TF_SHAPE_LINE, /* a short one, for keys */
    TF_SHAPE_LEFT, /* arrow heads */
    TF_SHAPE_RIGHT,
} tf_shape;

typedef enum tf_anchor { TF_ANCHOR_START, TF_ANCHOR_MIDDLE, TF_ANCHOR_END } tf_anchor;

typedef struct tf_drawing {
    tf_html *html;
    const tf_chart *chart;
    const char *form; /* "wide", "narrow" or "map": of the class and of the names' ids */
    bool is_narrow;
    bool is_file;   /* colours in the drawing, no links */
    bool has_frame; /* in a file: title, note and source are drawn too */
    double width;
    bool has_links;
    double root_size;  /* of text */
    double size;       /* of the text that is drawn next */
    tf_buffer scratch; /* for paths and ready texts; emptied by those who fill it */
} tf_drawing;

enum { TF_WIDE_WIDTH = 720, TF_NARROW_WIDTH = 330 };

/* Open the drawing, of which the height is now known; what is drawn next is within it. */
void tf_drawing_begin(tf_drawing *drawing, double height);
void tf_drawing_end(tf_drawing *drawing);

/* Leave class, and in a file colours, on the element just opened. */
void tf_draw_role(tf_drawing *drawing, tf_role role);

void tf_draw_line(tf_drawing *drawing, tf_role role, double x1, double y1, double x2, double y2);

/* The scratch buffer, if it is not empty, becomes the bar's or shape's ready text. */
void tf_draw_rect(tf_drawing *drawing, tf_role role, double x, double y, double width,
                  double height);
void tf_draw_shape(tf_drawing *drawing, tf_role role, tf_shape shape, double x, double y,
                   double radius);

/* Add to the path in the scratch buffer: "M" or "L" and a point. */
void tf_path_add(tf_drawing *drawing, char command, double x, double y);
void tf_path_end(tf_drawing *drawing); /* close the outline */

/* Draw the path in the scratch buffer, unless it is empty, and empty that. */
void tf_draw_path(tf_drawing *drawing, tf_role role);
void tf_draw_path_with(tf_drawing *drawing, tf_role role, const char *ready_text);

void tf_draw_text(tf_drawing *drawing, tf_role role, tf_anchor anchor, double x, double y,
                  const char *text);

/* Text of at most `width`, with an ellipsis where it is cut. */
void tf_draw_text_within(tf_drawing *drawing, tf_role role, tf_anchor anchor, double x, double y,
                         double width, const char *text);

/* Lines of text, the first on `y`, each a line height below the one before. */
void tf_draw_wrapped(tf_drawing *drawing, tf_role role, tf_anchor anchor, double x, double y,
                     const tf_wrapped *wrapped);
double tf_line_height(const tf_drawing *drawing);

double tf_text_width_in(const tf_drawing *drawing, const char *text, bool is_bold);

/* A link around what is drawn next, where there is an address and this is a page.  `title` is its
 * name for those who do not see it, NULL where text within says it. */
void tf_draw_link_begin(tf_drawing *drawing, const char *href, const char *title);
void tf_draw_link_end(tf_drawing *drawing, const char *href);

/* What the marks of a drawing mean, from left to right, as many lines as it takes. */
typedef struct tf_key_entry {
    tf_role role;
    tf_shape shape;
    const char *text;
} tf_key_entry;

double tf_key_height(const tf_drawing *drawing, const tf_key_entry *entries, size_t count);
void tf_draw_key(tf_drawing *drawing, const tf_key_entry *entries, size_t count, double y);

/* The room of an upright axis' numbers, and the axis: lines from left to right at its ticks, the
 * one at 0 stronger. */
double tf_levels_room(const tf_drawing *drawing, const tf_ticks *ticks);
void tf_draw_levels(tf_drawing *drawing, const tf_ticks *ticks, const tf_scale *y, double left,
                    double right);

/* Names of months and years below an axis; the first month's place, and one month's width. */
void tf_draw_months(tf_drawing *drawing, tf_month first, size_t count, double x, double month_width,
                    double y);

/* The height of what tf_draw_months writes. */
double tf_months_height(const tf_drawing *drawing);

#endif
