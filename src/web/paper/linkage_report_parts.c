/* Texts and parts of a page that the report of a linkage is put together from. */
#include "web/paper/linkage_report_internal.h"

#include "insight/profile_words.h"
#include "web/paper/linkage_words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { VALUE_SHOWN = 120 };

/* ---- texts ---- */

static const char *keep(tf_linkage_paper *paper, const char *text, size_t length) {
    const char *copy = tf_arena_copy_text(paper->arena, text, length);
    paper->failed |= !copy;
    return copy ? copy : "";
}

const char *tf_linkage_say(tf_linkage_paper *paper, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        paper->failed = true;
        return "";
    }
    const char *copy = keep(paper, text, (size_t)length);
    free(text);
    return copy;
}

const char *tf_linkage_take(tf_linkage_paper *paper, tf_buffer *words) {
    paper->failed |= words->failed;
    const char *copy =
        words->failed || !words->length ? "" : keep(paper, words->data, words->length);
    tf_buffer_deinit(words);
    return copy;
}

const char *tf_linkage_count(tf_linkage_paper *paper, double count) {
    char text[TF_COUNT_TEXT_SIZE];
    if (!(fabs(count) < 1e15)) {
        return tf_linkage_say(paper, "%.3g", count);
    }
    tf_words_count(llround(count), text);
    return keep(paper, text, strlen(text));
}

typedef void words_of_number(double number, tf_buffer *out);

static const char *put_in_words(tf_linkage_paper *paper, words_of_number *words, double number) {
    tf_buffer out;
    tf_buffer_init(&out);
    words(number, &out);
    return tf_linkage_take(paper, &out);
}

const char *tf_linkage_percent(tf_linkage_paper *paper, double share) {
    return put_in_words(paper, tf_linkage_words_percent, share);
}

const char *tf_linkage_probability(tf_linkage_paper *paper, double probability) {
    return put_in_words(paper, tf_linkage_words_probability, probability);
}

const char *tf_linkage_chance(tf_linkage_paper *paper, double probability) {
    return put_in_words(paper, tf_linkage_words_chance, probability);
}

const char *tf_linkage_weight(tf_linkage_paper *paper, double weight) {
    return put_in_words(paper, tf_linkage_words_weight, weight);
}

const char *tf_linkage_value(tf_linkage_paper *paper, uint32_t record, uint32_t column) {
    tf_text value = tf_link_records_value(paper->report->records, record, column);
    if (value.length == 0) {
        return "\xE2\x80\x93";
    }
    if (value.length <= VALUE_SHOWN) {
        return keep(paper, value.data, value.length);
    }
    size_t length = VALUE_SHOWN;
    while (length > 0 && ((unsigned char)value.data[length] & 0xC0) == 0x80) {
        length--;
    }
    return tf_linkage_say(paper, "%.*s\xE2\x80\xA6", (int)length, value.data);
}

const char *tf_linkage_record_name(tf_linkage_paper *paper, uint32_t record) {
    const tf_link_records *records = paper->report->records;
    tf_text id = tf_link_records_id(records, record);
    int length = id.length < VALUE_SHOWN ? (int)id.length : VALUE_SHOWN;
    if (tf_link_records_source_count(records) == 1) {
        return keep(paper, id.data, (size_t)length);
    }
    tf_text source = tf_link_records_source_name(records, tf_link_records_source(records, record));
    return tf_linkage_say(paper, "%.*s %.*s", TF_TEXT_ARG(source), length, id.data);
}

void *tf_linkage_room(tf_linkage_paper *paper, size_t count, size_t size) {
    void *room = tf_arena_alloc(paper->arena, count ? count : 1, size);
    if (room) {
        memset(room, 0, count * size);
    }
    paper->failed |= !room;
    return room;
}

/* ---- parts of a page ---- */

void tf_linkage_section(tf_linkage_paper *paper, const char *id, const char *title) {
    tf_html_open(paper->html, "h2");
    tf_html_attribute(paper->html, "class", "govuk-heading-l");
    tf_html_attribute(paper->html, "id", id);
    tf_html_text(paper->html, title);
    tf_html_close(paper->html, "h2");
}

void tf_linkage_subsection(tf_linkage_paper *paper, const char *title) {
    tf_html_element(paper->html, "h3", "govuk-heading-m", title);
}

void tf_linkage_paragraph(tf_linkage_paper *paper, const char *text) {
    tf_html_element(paper->html, "p", "govuk-body", text);
}

/* Text that may go on on the next line after "_" and "@": names of columns, e-mail addresses. */
static void write_breakable(tf_html *html, const char *text) {
    while (*text) {
        size_t length = strcspn(text, "_@");
        length += text[length] != '\0';
        tf_html_text_of(html, (tf_text){text, length});
        text += length;
        if (*text) {
            tf_html_open(html, "wbr");
        }
    }
}

void tf_linkage_table_begin(tf_linkage_paper *paper, const char *caption,
                            const tf_linkage_head *heads, size_t head_count) {
    tf_html *html = paper->html;
    /* A wide table scrolls by itself, and what scrolls must be reachable by keyboard. */
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-scroll");
    tf_html_attribute(html, "role", "region");
    tf_html_attribute(html, "aria-label", caption);
    tf_html_attribute(html, "tabindex", "0");
    tf_html_open(html, "table");
    tf_html_attribute(html, "class", "govuk-table app-table");
    tf_html_element(html, "caption", "govuk-table__caption govuk-table__caption--s", caption);
    tf_html_open(html, "thead");
    tf_html_attribute(html, "class", "govuk-table__head");
    tf_html_open(html, "tr");
    tf_html_attribute(html, "class", "govuk-table__row");
    for (size_t i = 0; i < head_count; i++) {
        tf_html_open(html, "th");
        tf_html_attribute(html, "scope", "col");
        tf_html_attribute(html, "class",
                          heads[i].is_number ? "govuk-table__header govuk-table__header--numeric"
                                             : "govuk-table__header");
        write_breakable(html, heads[i].title);
        tf_html_close(html, "th");
    }
    tf_html_close(html, "tr");
    tf_html_close(html, "thead");
    tf_html_open(html, "tbody");
    tf_html_attribute(html, "class", "govuk-table__body");
}

void tf_linkage_row_begin(tf_linkage_paper *paper, const char *name) {
    tf_html *html = paper->html;
    tf_html_open(html, "tr");
    tf_html_attribute(html, "class", "govuk-table__row");
    tf_html_open(html, "th");
    tf_html_attribute(html, "scope", "row");
    tf_html_attribute(html, "class", "govuk-table__header app-table__name");
    tf_html_text(html, name);
    tf_html_close(html, "th");
}

void tf_linkage_cell(tf_linkage_paper *paper, const char *text) {
    tf_html_open(paper->html, "td");
    tf_html_attribute(paper->html, "class", "govuk-table__cell");
    write_breakable(paper->html, text);
    tf_html_close(paper->html, "td");
}

void tf_linkage_number(tf_linkage_paper *paper, const char *text) {
    tf_html_element(paper->html, "td", "govuk-table__cell govuk-table__cell--numeric", text);
}

void tf_linkage_row_end(tf_linkage_paper *paper) {
    tf_html_close(paper->html, "tr");
}

void tf_linkage_table_end(tf_linkage_paper *paper) {
    tf_html_close(paper->html, "tbody");
    tf_html_close(paper->html, "table");
    tf_html_close(paper->html, "div");
}
