/* The escaping writer: HTML and SVG into a buffer.
 *
 * What is written is always well-formed and what comes from outside is always text: there is no
 * call that takes a string as markup.  Names of elements and attributes are the program's own
 * literals; an attribute that is an address takes only https, http, mailto, tel, a path or a
 * fragment; event handlers (on...) and style attributes do not exist; script and style elements
 * have no content but data that tf_html_json wrote.  Breaking one of these rules is a defect and
 * ends the program.  Bytes that are not UTF-8 become U+FFFD. */
#ifndef WEB_HTML_HTML_H
#define WEB_HTML_HTML_H

#include "trefoil/base/text.h"

enum { TF_HTML_MAX_DEPTH = 64 };

/* On the caller's stack.  A failed allocation is left in the buffer. */
typedef struct tf_html {
    tf_buffer *buffer;
    const char *open[TF_HTML_MAX_DEPTH]; /* names of the elements that are open */
    int depth;
    bool in_tag; /* attributes may still follow */
} tf_html;

void tf_html_init(tf_html *html, tf_buffer *buffer);
void tf_html_doctype(tf_html *html);

/* `<name`, then attributes, then content.  A void element (br, img, input, path without content
 * ...) is closed by the writer itself as soon as something follows. */
void tf_html_open(tf_html *html, const char *name);
void tf_html_close(tf_html *html, const char *name); /* must be the one opened last */

/* An attribute with its value; NULL leaves it out, "" writes it empty. */
void tf_html_attribute(tf_html *html, const char *name, const char *value);
void tf_html_attribute_text(tf_html *html, const char *name, tf_text value);
void tf_html_attribute_format(tf_html *html, const char *name, const char *format, ...)
    TF_PRINTF(3, 4);
void tf_html_attribute_number(tf_html *html, const char *name,
                              double value);                     /* at most 2 decimals */
void tf_html_flag(tf_html *html, const char *name, bool is_set); /* `hidden`, `checked` */

/* Text, escaped. */
void tf_html_text(tf_html *html, const char *text); /* NULL writes nothing */
void tf_html_text_of(tf_html *html, tf_text text);
void tf_html_format(tf_html *html, const char *format, ...) TF_PRINTF(2, 3);

/* `<name class="class_name">text</name>`; class_name may be NULL. */
void tf_html_element(tf_html *html, const char *name, const char *class_name, const char *text);

/* `<script type="application/json" id="id">` with JSON, in which no byte can end the element. */
void tf_html_json(tf_html *html, const char *id, tf_text json);

/* What a component shows: text, or what a function writes.  A zeroed one shows nothing. */
typedef struct tf_content {
    const char *text;
    void (*write)(tf_html *html, const void *data);
    const void *data;
} tf_content;

static inline bool tf_content_is_empty(tf_content content) {
    return (!content.text || !*content.text) && !content.write;
}

void tf_html_content(tf_html *html, tf_content content);

/* Markup that was made by this writer before, or by the build from the project's own documents:
 * the only way in for bytes that are not escaped.  tools/check_layers.py lists who may. */
typedef struct tf_markup {
    tf_text trusted;
} tf_markup;

void tf_html_markup(tf_html *html, tf_markup markup);

/* `<style>` with a style sheet of the build's, for a file that stands alone. */
void tf_html_style(tf_html *html, tf_markup sheet);

#endif
