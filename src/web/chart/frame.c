/* The drawing's outside: its size, its names, and in a file its title and notes. */
#include "web/chart/chart_internal.h"

static const double PADDING = 16;
static const double TITLE_SIZE = 20;
static const double NOTE_SIZE = 13;

static void write_name(tf_drawing *drawing, const char *element, tf_text text) {
    tf_html *html = drawing->html;
    tf_html_open(html, element);
    if (drawing->chart->id && !drawing->is_file) {
        tf_html_attribute_format(html, "id", "%.200s-%s-%s", drawing->chart->id, drawing->form,
                                 element);
    }
    tf_html_text_of(html, text);
    tf_html_close(html, element);
}

static void write_names(tf_drawing *drawing) {
    write_name(drawing, "title", tf_text_of(drawing->chart->title));
    drawing->scratch.length = 0;
    tf_chart_describe(drawing->chart, &drawing->scratch);
    write_name(drawing, "desc", tf_text_of(tf_buffer_text(&drawing->scratch)));
    drawing->scratch.length = 0;
}

/* What stands above and below the drawing itself, in a file. */
typedef struct surround {
    tf_wrapped title;
    tf_wrapped note;
    tf_wrapped source;
    double above;
    double below;
    double padding;
} surround;

static surround surround_of(const tf_drawing *drawing) {
    surround around = {.above = 0};
    if (!drawing->has_frame) {
        return around;
    }
    const tf_chart *chart = drawing->chart;
    double width = drawing->width;
    around.padding = PADDING;
    around.title = tf_text_wrap(tf_text_of(chart->title), TITLE_SIZE, true, width, TF_WRAP_LINES);
    around.note = tf_text_wrap(tf_text_of(chart->note), NOTE_SIZE, false, width, TF_WRAP_LINES);
    around.source = tf_text_wrap(tf_text_of(chart->source), NOTE_SIZE, false, width, TF_WRAP_LINES);
    around.above = around.title.count > 0 ? 1.3 * TITLE_SIZE * around.title.count + 10 : 0;
    int lines = around.note.count + around.source.count;
    around.below = lines > 0 ? 1.3 * NOTE_SIZE * lines + 12 : 0;
    return around;
}

static void draw_surround(tf_drawing *drawing, const surround *around, double height) {
    tf_html *html = drawing->html;
    tf_html_open(html, "rect");
    tf_html_attribute_number(html, "x", -around->padding);
    tf_html_attribute_number(html, "y", -around->above - around->padding);
    tf_html_attribute_number(html, "width", drawing->width + 2 * around->padding);
    tf_html_attribute_number(html, "height",
                             around->above + height + around->below + 2 * around->padding);
    tf_html_attribute(html, "fill", "#ffffff");
    tf_html_close(html, "rect");
    drawing->size = TITLE_SIZE;
    tf_draw_wrapped(drawing, TF_ROLE_TITLE, TF_ANCHOR_START, 0, TITLE_SIZE - around->above,
                    &around->title);
    drawing->size = NOTE_SIZE;
    double y = height + 12 + NOTE_SIZE;
    tf_draw_wrapped(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, 0, y, &around->note);
    y += tf_line_height(drawing) * around->note.count;
    tf_draw_wrapped(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, 0, y, &around->source);
    drawing->size = drawing->root_size;
}

static void begin_file(tf_drawing *drawing, double height) {
    tf_html *html = drawing->html;
    surround around = surround_of(drawing);
    double whole_width = drawing->width + 2 * around.padding;
    double whole_height = ceil(around.above + height + around.below + 2 * around.padding);
    tf_html_attribute(html, "xmlns", "http://www.w3.org/2000/svg");
    tf_html_attribute_number(html, "width", whole_width);
    tf_html_attribute_number(html, "height", whole_height);
    tf_html_attribute_format(html, "viewBox", "%.0f %.0f %.0f %.0f", -around.padding,
                             -around.above - around.padding, whole_width, whole_height);
    tf_html_attribute(html, "font-family", "Arial, Helvetica, sans-serif");
    tf_html_attribute_number(html, "font-size", drawing->root_size);
    tf_html_attribute(html, "role", "img");
    write_names(drawing);
    if (drawing->has_frame) {
        draw_surround(drawing, &around, height);
    }
}

static void begin_on_page(tf_drawing *drawing, double height) {
    tf_html *html = drawing->html;
    const char *id = drawing->chart->id;
    const char *form = drawing->form;
    tf_html_attribute_format(html, "class", "app-chart app-chart--%s", form);
    tf_html_attribute_number(html, "width", drawing->width);
    tf_html_attribute_number(html, "height", height);
    tf_html_attribute_format(html, "viewBox", "0 0 %.0f %.0f", drawing->width, height);
    tf_html_attribute_number(html, "font-size", drawing->root_size);
    /* What is within an image is hidden from screen readers, so one with links is a group. */
    tf_html_attribute(html, "role", drawing->has_links ? "group" : "img");
    if (id) {
        tf_html_attribute_format(html, "aria-labelledby", "%.200s-%s-title", id, form);
        tf_html_attribute_format(html, "aria-describedby", "%.200s-%s-desc", id, form);
    }
    write_names(drawing);
}

void tf_drawing_begin(tf_drawing *drawing, double height) {
    height = ceil(height);
    tf_html_open(drawing->html, "svg");
    if (drawing->is_file) {
        begin_file(drawing, height);
    } else {
        begin_on_page(drawing, height);
    }
}

void tf_drawing_end(tf_drawing *drawing) {
    tf_html_close(drawing->html, "svg");
    if (drawing->scratch.failed) {
        drawing->html->buffer->failed = true;
    }
    tf_buffer_deinit(&drawing->scratch);
}
