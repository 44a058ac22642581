#include "web/html/html.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A rule of this header was broken by the program itself; going on could mean a hole. */
static _Noreturn void defect(const char *rule, const char *name) {
    fprintf(stderr, "trefoil: defect: %s: %s\n", rule, name);
    abort();
}

static void append(tf_html *html, const char *text) {
    tf_buffer_append_text(html->buffer, text);
}

/* What an ASCII byte is written as, NULL for itself. */
static const char *escape_of(unsigned char byte) {
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\r':
        return NULL;
    default:
        return byte < 0x20 || byte == 0x7F ? "\xEF\xBF\xBD" : NULL;
    }
}

/* U+FFFE and U+FFFF: UTF-8 has them, XML does not, and drawings are also files of their own. */
static bool is_noncharacter(tf_text text, size_t i) {
    return text.length - i >= 3 && memcmp(text.data + i, "\xEF\xBF", 2) == 0 &&
           (unsigned char)text.data[i + 2] >= 0xBE;
}

/* The same escapes in text and in attributes, so that no context is the wrong one. */
static void write_escaped(tf_html *html, tf_text text) {
    if (text.length == 0) {
        return;
    }
    bool is_utf8 = tf_text_is_utf8(text);
    size_t start = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        const char *escape = byte >= 0x80 ? NULL : escape_of(byte);
        if (byte >= 0x80 && !is_utf8) {
            escape = "\xEF\xBF\xBD";
        }
        size_t length = 1;
        if (byte == 0xEF && is_utf8 && is_noncharacter(text, i)) {
            escape = "\xEF\xBF\xBD";
            length = 3;
        }
        if (escape) {
            tf_buffer_append(html->buffer, text.data + start, i - start);
            append(html, escape);
            start = i + length;
            i = start - 1;
        }
    }
    tf_buffer_append(html->buffer, text.data + start, text.length - start);
}

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names; names++) {
        if (name[0] == **names && strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_void(const char *name) {
    static const char *const names[] = {"br",   "col",  "hr",     "img", "input",
                                        "link", "meta", "source", "wbr", NULL};
    return is_one_of(name, names);
}

static bool is_of_name(char byte) {
    char lower = (char)(byte | 0x20);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == ':' || byte == '.';
}

static bool is_name(const char *name) {
    const char *at = name;
    while (is_of_name(*at)) {
        at++;
    }
    return at > name && *at == '\0';
}

void tf_html_init(tf_html *html, tf_buffer *buffer) {
    *html = (tf_html){.buffer = buffer};
}

static void finish_tag(tf_html *html) {
    if (html->in_tag) {
        append(html, ">");
        html->in_tag = false;
    }
}

/* Content may follow: the tag is finished, and this is no element that holds only data. */
static void begin_content(tf_html *html) {
    finish_tag(html);
    const char *parent = html->depth ? html->open[html->depth - 1] : "";
    if (strcmp(parent, "script") == 0 || strcmp(parent, "style") == 0) {
        defect("no text in", parent);
    }
}

void tf_html_doctype(tf_html *html) {
    append(html, "<!DOCTYPE html>\n");
}

void tf_html_open(tf_html *html, const char *name) {
    if (!is_name(name)) {
        defect("not the name of an element", name);
    }
    begin_content(html);
    append(html, "<");
    append(html, name);
    html->in_tag = true;
    if (is_void(name)) {
        return;
    }
    if (html->depth == TF_HTML_MAX_DEPTH) {
        defect("nested too deeply", name);
    }
    html->open[html->depth++] = name;
}

void tf_html_close(tf_html *html, const char *name) {
    if (is_void(name)) {
        finish_tag(html);
        return;
    }
    if (html->depth == 0 || strcmp(html->open[html->depth - 1], name) != 0) {
        defect("closed, but not the element opened last", name);
    }
    finish_tag(html);
    html->depth--;
    append(html, "</");
    append(html, name);
    append(html, ">");
}

/* ---- attributes ---- */

static bool is_address(const char *name) {
    static const char *const names[] = {"action", "cite", "data",       "formaction", "href",
                                        "poster", "src",  "xlink:href", NULL};
    return is_one_of(name, names);
}

/* An address within this site, or one of four schemes: nothing that runs. */
static bool is_safe_address(tf_text value) {
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t length = strlen(schemes[i]);
        tf_text start = {value.data, length};
        if (value.length >= length && tf_text_equal_fold(start, tf_text_of(schemes[i]))) {
            return true;
        }
    }
    /* Browsers drop control characters and take a backslash for a slash. */
    for (size_t i = 0; i < value.length; i++) {
        if ((unsigned char)value.data[i] <= 0x20 || value.data[i] == '\\') {
            return false;
        }
    }
    /* "//host" is another site; a colon in the first segment ends a scheme. */
    bool names_host = value.length > 1 && value.data[0] == '/' && value.data[1] == '/';
    for (size_t i = 0; i < value.length && !strchr("/?#", value.data[i]); i++) {
        if (value.data[i] == ':') {
            return false;
        }
    }
    return !names_host;
}

static void begin_attribute(tf_html *html, const char *name) {
    if (!html->in_tag) {
        defect("an attribute outside a tag", name);
    }
    bool is_handler = (name[0] | 0x20) == 'o' && (name[1] | 0x20) == 'n';
    if (!is_name(name) || is_handler || strcmp(name, "style") == 0 || strcmp(name, "srcdoc") == 0) {
        defect("not an attribute that may be written", name);
    }
    append(html, " ");
    append(html, name);
}

void tf_html_attribute_text(tf_html *html, const char *name, tf_text value) {
    if (!value.data) {
        return;
    }
    if (is_address(name) && !is_safe_address(value)) {
        value = tf_text_of("#");
    }
    begin_attribute(html, name);
    append(html, "=\"");
    write_escaped(html, value);
    append(html, "\"");
}

void tf_html_attribute(tf_html *html, const char *name, const char *value) {
    tf_html_attribute_text(html, name, tf_text_of(value));
}

void tf_html_attribute_format(tf_html *html, const char *name, const char *format, ...) {
    char on_stack[512];
    char *text = on_stack;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(on_stack, sizeof on_stack, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof on_stack) {
        va_start(arguments, format);
        length = vasprintf(&text, format, arguments);
        va_end(arguments);
    }
    if (length < 0) {
        html->buffer->failed = true;
        return;
    }
    tf_html_attribute(html, name, text);
    if (text != on_stack) {
        free(text);
    }
}

void tf_html_attribute_number(tf_html *html, const char *name, double value) {
    if (!isfinite(value)) {
        defect("not a number", name);
    }
    char text[64];
    int length = snprintf(text, sizeof text, "%.2f", fabs(value) < 0.005 ? 0.0 : value);
    if (length < 0 || (size_t)length >= sizeof text) {
        defect("a number too large to be drawn", name);
    }
    while (text[length - 1] == '0') {
        text[--length] = '\0';
    }
    if (text[length - 1] == '.') {
        text[--length] = '\0';
    }
    tf_html_attribute(html, name, text);
}

void tf_html_flag(tf_html *html, const char *name, bool is_set) {
    if (is_set) {
        begin_attribute(html, name);
    }
}

/* ---- content ---- */

void tf_html_text_of(tf_html *html, tf_text text) {
    begin_content(html);
    write_escaped(html, text);
}

void tf_html_text(tf_html *html, const char *text) {
    if (text) {
        tf_html_text_of(html, tf_text_of(text));
    }
}

void tf_html_format(tf_html *html, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        html->buffer->failed = true;
        return;
    }
    tf_html_text_of(html, (tf_text){text, (size_t)length});
    free(text);
}

void tf_html_element(tf_html *html, const char *name, const char *class_name, const char *text) {
    tf_html_open(html, name);
    tf_html_attribute(html, "class", class_name);
    tf_html_text(html, text);
    tf_html_close(html, name);
}

void tf_html_json(tf_html *html, const char *id, tf_text json) {
    tf_html_open(html, "script");
    tf_html_attribute(html, "type", "application/json");
    tf_html_attribute(html, "id", id);
    finish_tag(html);
    size_t start = 0;
    for (size_t i = 0; i < json.length; i++) {
        /* "<" stands only within strings, where its escape means the same. */
        if (json.data[i] == '<') {
            tf_buffer_append(html->buffer, json.data + start, i - start);
            append(html, "\\u003c");
            start = i + 1;
        }
    }
    tf_buffer_append(html->buffer, json.data + start, json.length - start);
    tf_html_close(html, "script");
}

void tf_html_content(tf_html *html, tf_content content) {
    if (content.write) {
        content.write(html, content.data);
    } else {
        tf_html_text(html, content.text);
    }
}

void tf_html_markup(tf_html *html, tf_markup markup) {
    begin_content(html);
    tf_buffer_append(html->buffer, markup.trusted.data, markup.trusted.length);
}

void tf_html_style(tf_html *html, tf_markup sheet) {
    tf_html_open(html, "style");
    finish_tag(html);
    tf_buffer_append(html->buffer, sheet.trusted.data, sheet.trusted.length);
    tf_html_close(html, "style");
}
