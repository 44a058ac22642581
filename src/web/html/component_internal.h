/* What the files of components share. */
#ifndef WEB_HTML_COMPONENT_INTERNAL_H
#define WEB_HTML_COMPONENT_INTERNAL_H

#include "web/html/component.h"

#include <stddef.h>

static inline bool is_given(const char *text) {
    return text && *text;
}

/* The text, or NULL where it is empty: what leaves an attribute out. */
static inline const char *given(const char *text) {
    return is_given(text) ? text : NULL;
}

static inline const char *text_or(const char *text, const char *otherwise) {
    return is_given(text) ? text : otherwise;
}

static inline tf_content content_or(tf_content content, const char *otherwise) {
    return tf_content_is_empty(content) ? (tf_content){.text = otherwise} : content;
}

static inline void write_attributes(tf_html *html, const tf_attribute *attributes) {
    for (size_t i = 0; i < TF_MAX_ATTRIBUTES && attributes[i].name; i++) {
        tf_html_attribute(html, attributes[i].name, attributes[i].value);
        tf_html_flag(html, attributes[i].name, !attributes[i].value);
    }
}

/* The buffer's text was part of the page: without memory for it, the page has failed. */
static inline void finish_buffer(tf_html *html, tf_buffer *part) {
    html->buffer->failed = html->buffer->failed || part->failed;
    tf_buffer_deinit(part);
}

/* An attribute of those words that are given, with a space between; none where none is. */
static inline void write_words(tf_html *html, const char *name, const char *const *words,
                               size_t count) {
    tf_buffer joined;
    tf_buffer_init(&joined);
    for (size_t i = 0; i < count; i++) {
        if (is_given(words[i])) {
            tf_buffer_append_text(&joined, joined.length ? " " : "");
            tf_buffer_append_text(&joined, words[i]);
        }
    }
    tf_html_attribute(html, name, joined.data);
    finish_buffer(html, &joined);
}

#define WRITE_WORDS(html, name, ...)                                                               \
    write_words((html), (name), (const char *const[]){__VA_ARGS__},                                \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static inline void write_class(tf_html *html, const char *base, const char *classes) {
    if (is_given(classes)) {
        WRITE_WORDS(html, "class", base, classes);
    } else {
        tf_html_attribute(html, "class", base);
    }
}

static inline void open_with_class(tf_html *html, const char *name, const char *base,
                                   const char *classes) {
    tf_html_open(html, name);
    write_class(html, base, classes);
}

/* "true" or "false"; nothing where it was left unsaid. */
static inline void write_answer(tf_html *html, const char *name, tf_answer answer) {
    if (answer != TF_UNSAID) {
        tf_html_attribute(html, name, answer == TF_YES ? "true" : "false");
    }
}

/* Content among blocks: a text becomes a paragraph, what a function writes is as it is. */
static inline void write_blocks(tf_html *html, tf_content content) {
    if (content.write) {
        tf_html_content(html, content);
    } else if (is_given(content.text)) {
        tf_html_element(html, "p", "govuk-body", content.text);
    }
}

/* "h1" to "h6"; 0 is the component's own level. */
static inline const char *heading_name(int level, int otherwise) {
    static const char *const names[] = {"h1", "h2", "h3", "h4", "h5", "h6"};
    bool is_heading = level >= 1 && level <= 6;
    return names[(is_heading ? level : otherwise) - 1];
}

#endif
