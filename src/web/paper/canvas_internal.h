/* What a PDF document is drawn on: pages of points (1/72 inch, y downwards), words set in lines,
 * drawings, and the marks that say what each is.
 *
 * The adaptor of cairo, Pango and librsvg.  A fault stays: what follows does nothing, and
 * tf_canvas_finish tells it.  A canvas is one thread's at a time. */
#ifndef WEB_PAPER_CANVAS_INTERNAL_H
#define WEB_PAPER_CANVAS_INTERNAL_H

#include "trefoil/base/text.h"

typedef struct tf_canvas tf_canvas;
typedef struct tf_canvas_text tf_canvas_text;       /* words set in lines */
typedef struct tf_canvas_drawing tf_canvas_drawing; /* an SVG document */

typedef struct tf_canvas_about {
    const char *title;
    const char *subject;
    const char *creator;
    int32_t date; /* days since 1970 */
} tf_canvas_about;

typedef struct tf_type {
    double size;
    double leading; /* from one baseline to the next */
    double grey;    /* 0 is black */
    bool is_bold;
} tf_type;

/* The document is appended to `out`, which outlives the canvas.
 * Errors: TF_NO_MEMORY. */
tf_status tf_canvas_new(double width, double height, const tf_canvas_about *about, tf_buffer *out,
                        tf_canvas **canvas_out, tf_error *error);
void tf_canvas_free(tf_canvas *canvas); /* accepts NULL; frees texts and drawings too */

/* End the document.  Errors: the first fault since it was made. */
tf_status tf_canvas_finish(tf_canvas *canvas, tf_error *error);

/* ---- words ---- */

/* Make `out` those of the words that can be printed: control characters, those that turn the
 * direction of writing, and bytes that are not UTF-8 are replaced.  It stays NULL for no words. */
void tf_canvas_clean(const char *words, tf_buffer *out);

/* Set `words`, cleaned, in lines of `width`; with `most_lines` above 0 what does not fit ends in an
 * ellipsis. NULL after a fault.  Belongs to the canvas. */
tf_canvas_text *tf_canvas_set_text(tf_canvas *canvas, const char *words, const tf_type *type,
                                   double width, int most_lines);
int tf_canvas_line_count(const tf_canvas_text *text);

/* Some of the lines, the top of the first at `y`; each is flush with `x` or, if is_right, ends at
 * `x`. */
void tf_canvas_draw_text(tf_canvas *canvas, tf_canvas_text *text, int first_line, int line_count,
                         double x, double y, bool is_right);

/* ---- drawings ---- */

/* Errors: TF_BAD_INPUT for what is no SVG document.  Belongs to the canvas. */
tf_status tf_canvas_load_drawing(tf_canvas *canvas, const char *svg, size_t length,
                                 tf_canvas_drawing **drawing_out, tf_error *error);
double tf_canvas_drawing_ratio(const tf_canvas_drawing *drawing); /* height / width */
void tf_canvas_draw_drawing(tf_canvas *canvas, tf_canvas_drawing *drawing, double x, double y,
                            double width);
void tf_canvas_fill(tf_canvas *canvas, double x, double y, double width, double height,
                    double grey);

/* ---- structure ---- */

void tf_canvas_begin(tf_canvas *canvas, const char *tag); /* a structure element, such as "H1" */
void tf_canvas_end(tf_canvas *canvas, const char *tag);
void tf_canvas_end_page(tf_canvas *canvas);

/* An entry of the outline that leads to a height of a page, which counts from 1. */
void tf_canvas_outline(tf_canvas *canvas, const char *words, int page, double y);

#endif
