#include "canvas_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/memory.h"

#include <cairo-pdf.h>
#include <hb.h>
#include <librsvg/rsvg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

/* Metric-compatible with Arial; where it is not installed, whatever the system has. */
static const char family[] = "Liberation Sans, sans-serif";

/* From the top of a line, beyond half its leading, to its baseline: half of what an ascender is
 * higher than a descender is deep, in parts of the size. */
static const double BASELINE = 0.3465;

struct tf_canvas_text {
    PangoLayout *layout;
    tf_type type;
    tf_canvas_text *next;
};

struct tf_canvas_drawing {
    RsvgHandle *handle;
    double ratio;
    tf_canvas_drawing *next;
};

struct tf_canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoContext *context;
    tf_arena *arena; /* of the texts and drawings */
    tf_canvas_text *texts;
    tf_canvas_drawing *drawings;
    tf_buffer words; /* the text that is set, cleaned */
    tf_status status;
    tf_error error;
};

/* A failure is left in the buffer: cairo 1.16 does not survive one while it writes fonts. */
static cairo_status_t append_bytes(void *closure, const unsigned char *bytes, unsigned int length) {
    tf_buffer_append(closure, bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

static void take_no_memory(tf_canvas *canvas) {
    if (canvas->status == TF_OK) {
        canvas->status = tf_fail_no_memory(&canvas->error);
    }
}

/* Distances as on paper, not rounded to the pixels of some screen. */
static PangoContext *make_context(cairo_t *cairo) {
    PangoContext *context = pango_cairo_create_context(cairo);
    pango_cairo_context_set_resolution(context, 72);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("en-gb"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    return context;
}

static void describe(cairo_surface_t *surface, const tf_canvas_about *about) {
    char date[TF_INSTANT_TEXT_SIZE];
    tf_instant_format(about->date * TF_MICROSECONDS_A_DAY, date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, about->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, about->subject);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, about->creator);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
}

tf_status tf_canvas_new(double width, double height, const tf_canvas_about *about, tf_buffer *out,
                        tf_canvas **canvas_out, tf_error *error) {
    tf_canvas *canvas = tf_alloc_zeroed(1, sizeof *canvas);
    if (!canvas) {
        return tf_fail_no_memory(error);
    }
    canvas->arena = tf_arena_new();
    if (!canvas->arena) {
        tf_free(canvas);
        return tf_fail_no_memory(error);
    }
    tf_buffer_init(&canvas->words);
    canvas->surface = cairo_pdf_surface_create_for_stream(append_bytes, out, width, height);
    describe(canvas->surface, about);
    canvas->cairo = cairo_create(canvas->surface);
    canvas->context = make_context(canvas->cairo);
    *canvas_out = canvas;
    return TF_OK;
}

void tf_canvas_free(tf_canvas *canvas) {
    if (!canvas) {
        return;
    }
    for (tf_canvas_text *text = canvas->texts; text; text = text->next) {
        g_object_unref(text->layout);
    }
    for (tf_canvas_drawing *drawing = canvas->drawings; drawing; drawing = drawing->next) {
        g_object_unref(drawing->handle);
    }
    tf_arena_free(canvas->arena);
    tf_buffer_deinit(&canvas->words);
    g_object_unref(canvas->context);
    cairo_destroy(canvas->cairo);
    cairo_surface_destroy(canvas->surface);
    tf_free(canvas);
}

tf_status tf_canvas_finish(tf_canvas *canvas, tf_error *error) {
    cairo_status_t drawn = cairo_status(canvas->cairo);
    cairo_surface_finish(canvas->surface);
    if (drawn == CAIRO_STATUS_SUCCESS) {
        drawn = cairo_surface_status(canvas->surface);
    }
    if (canvas->status) {
        if (error) {
            *error = canvas->error;
        }
        return canvas->status;
    }
    if (drawn == CAIRO_STATUS_NO_MEMORY) {
        return tf_fail_no_memory(error);
    }
    if (drawn != CAIRO_STATUS_SUCCESS) {
        return tf_fail(error, TF_INTERNAL, NULL, 0, "the pages could not be drawn: %s",
                       cairo_status_to_string(drawn));
    }
    return TF_OK;
}

/* ---- words ---- */

/* Whether a character has no place in a line of words: it steers, or it turns the direction of
 * what stands after it. */
static bool is_unprintable(gunichar character) {
    return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x061C ||
           (character >= 0x200E && character <= 0x200F) ||
           (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0xFEFF ||
           (character & 0xFFFE) == 0xFFFE;
}

void tf_canvas_clean(const char *words, tf_buffer *out) {
    out->length = 0;
    for (const char *at = words; *at;) {
        gunichar character = g_utf8_get_char_validated(at, -1);
        if (character == (gunichar)-1 || character == (gunichar)-2) {
            tf_buffer_append_text(out, "\uFFFD");
            at++;
            continue;
        }
        const char *next = g_utf8_next_char(at);
        if (character == '\n' || character == '\t') {
            tf_buffer_append_text(out, " ");
        } else if (is_unprintable(character)) {
            tf_buffer_append_text(out, "\uFFFD");
        } else {
            tf_buffer_append(out, at, (size_t)(next - at));
        }
        at = next;
    }
}

static PangoLayout *make_layout(PangoContext *context, const char *words, const tf_type *type,
                                double width, int most_lines) {
    PangoLayout *layout = pango_layout_new(context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, family);
    pango_font_description_set_weight(font,
                                      type->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, type->size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_width(layout, (int)floor(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (most_lines > 0) {
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_height(layout, -most_lines);
    }
    pango_layout_set_text(layout, words, -1);
    return layout;
}

tf_canvas_text *tf_canvas_set_text(tf_canvas *canvas, const char *words, const tf_type *type,
                                   double width, int most_lines) {
    tf_canvas_clean(words, &canvas->words);
    tf_canvas_text *text = tf_arena_alloc(canvas->arena, 1, sizeof *text);
    if (!text || canvas->words.failed) {
        take_no_memory(canvas);
    }
    if (canvas->status) {
        return NULL;
    }
    *text = (tf_canvas_text){.layout = make_layout(canvas->context,
                                                   canvas->words.length ? canvas->words.data : "",
                                                   type, width, most_lines),
                             .type = *type,
                             .next = canvas->texts};
    canvas->texts = text;
    return text;
}

int tf_canvas_line_count(const tf_canvas_text *text) {
    return text ? pango_layout_get_line_count(text->layout) : 0;
}

/* Pango takes the space at which a line is broken out of the line; cairo then says it in a way that
 * some readers stop at.  As a glyph without a width it is drawn like all others. */
static void restore_spaces(PangoLayout *layout, PangoLayoutLine *line) {
    const char *words = pango_layout_get_text(layout);
    for (GSList *at = line->runs; at; at = at->next) {
        PangoGlyphItem *run = at->data;
        for (int i = 0; i < run->glyphs->num_glyphs; i++) {
            PangoGlyphInfo *glyph = &run->glyphs->glyphs[i];
            hb_codepoint_t space = 0;
            if (glyph->glyph == PANGO_GLYPH_EMPTY &&
                words[run->item->offset + run->glyphs->log_clusters[i]] == ' ' &&
                hb_font_get_nominal_glyph(pango_font_get_hb_font(run->item->analysis.font), ' ',
                                          &space)) {
                glyph->glyph = space;
            }
        }
    }
}

static double line_width(PangoLayoutLine *line) {
    PangoRectangle extents;
    pango_layout_line_get_extents(line, NULL, &extents);
    return (double)extents.width / PANGO_SCALE;
}

void tf_canvas_draw_text(tf_canvas *canvas, tf_canvas_text *text, int first_line, int line_count,
                         double x, double y, bool is_right) {
    if (!text || canvas->status) {
        return;
    }
    const tf_type *type = &text->type;
    cairo_set_source_rgb(canvas->cairo, type->grey, type->grey, type->grey);
    double baseline = y + type->leading / 2 + BASELINE * type->size;
    for (int i = 0; i < line_count; i++) {
        PangoLayoutLine *line = pango_layout_get_line(text->layout, first_line + i);
        if (line) {
            restore_spaces(text->layout, line);
            cairo_move_to(canvas->cairo, is_right ? x - line_width(line) : x,
                          baseline + i * type->leading);
            pango_cairo_show_layout_line(canvas->cairo, line);
        }
    }
    cairo_new_path(canvas->cairo);
}

/* ---- drawings ---- */

tf_status tf_canvas_load_drawing(tf_canvas *canvas, const char *svg, size_t length,
                                 tf_canvas_drawing **drawing_out, tf_error *error) {
    tf_canvas_drawing *drawing = tf_arena_alloc(canvas->arena, 1, sizeof *drawing);
    if (!drawing) {
        return tf_fail_no_memory(error);
    }
    GError *fault = NULL;
    RsvgHandle *handle = rsvg_handle_new_from_data((const guint8 *)svg, length, &fault);
    if (!handle) {
        tf_status status =
            tf_fail(error, TF_BAD_INPUT, NULL, 0, "a drawing cannot be read: %s", fault->message);
        g_error_free(fault);
        return status;
    }
    rsvg_handle_set_dpi(handle, 72);
    gboolean has_box = FALSE;
    RsvgRectangle box;
    rsvg_handle_get_intrinsic_dimensions(handle, NULL, NULL, NULL, NULL, &has_box, &box);
    if (!has_box || !(box.width > 0) || !(box.height > 0)) {
        g_object_unref(handle);
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "a drawing has no viewBox");
    }
    *drawing = (tf_canvas_drawing){handle, box.height / box.width, canvas->drawings};
    canvas->drawings = drawing;
    *drawing_out = drawing;
    return TF_OK;
}

double tf_canvas_drawing_ratio(const tf_canvas_drawing *drawing) {
    return drawing->ratio;
}

void tf_canvas_draw_drawing(tf_canvas *canvas, tf_canvas_drawing *drawing, double x, double y,
                            double width) {
    if (canvas->status) {
        return;
    }
    const RsvgRectangle place = {x, y, width, width * drawing->ratio};
    GError *fault = NULL;
    cairo_save(canvas->cairo);
    if (!rsvg_handle_render_document(drawing->handle, canvas->cairo, &place, &fault)) {
        canvas->status = tf_fail(&canvas->error, TF_INTERNAL, NULL, 0, "a drawing failed: %s",
                                 fault ? fault->message : "no reason was given");
        g_clear_error(&fault);
    }
    cairo_restore(canvas->cairo);
}

void tf_canvas_fill(tf_canvas *canvas, double x, double y, double width, double height,
                    double grey) {
    cairo_set_source_rgb(canvas->cairo, grey, grey, grey);
    cairo_rectangle(canvas->cairo, x, y, width, height);
    cairo_fill(canvas->cairo);
}

/* ---- structure ---- */

void tf_canvas_begin(tf_canvas *canvas, const char *tag) {
    cairo_tag_begin(canvas->cairo, tag, NULL);
}

void tf_canvas_end(tf_canvas *canvas, const char *tag) {
    cairo_tag_end(canvas->cairo, tag);
}

void tf_canvas_end_page(tf_canvas *canvas) {
    cairo_show_page(canvas->cairo);
}

void tf_canvas_outline(tf_canvas *canvas, const char *words, int page, double y) {
    char place[64];
    snprintf(place, sizeof place, "page=%d pos=[0 %d]", page, (int)y);
    tf_canvas_clean(words, &canvas->words);
    if (!canvas->words.failed) {
        cairo_pdf_surface_add_outline(canvas->surface, CAIRO_PDF_OUTLINE_ROOT,
                                      canvas->words.length ? canvas->words.data : "", place, 0);
    }
}
