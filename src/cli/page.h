/* A page of text in fixed columns: cells, bars, wrapped paragraphs.  Text that comes from files is
 * made harmless for a terminal: what is no visible character becomes "?". */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "trefoil/base/text.h"

enum { TF_PAGE_WIDTH = 80 };

/* Colour never says what the words beside it do not say. */
typedef enum tf_ink {
    TF_INK_PLAIN,
    TF_INK_STRONG, /* headings and headline figures */
    TF_INK_FAINT,  /* what is read last */
    TF_INK_BAR,
    TF_INK_MARK, /* what stands out */
} tf_ink;

typedef struct tf_page {
    tf_buffer *out;
    bool is_utf8; /* else ASCII alone */
    bool has_colour;
} tf_page;

/* A page for standard output: UTF-8 as the locale says, colours on a terminal unless NO_COLOR is
 * set (no-color.org) or the terminal is a "dumb" one. */
tf_page tf_page_for_output(tf_buffer *out);

void tf_page_end_line(tf_page *page);
void tf_page_put(tf_page *page, tf_ink ink, const char *text);
void tf_page_format(tf_page *page, tf_ink ink, const char *format, ...) TF_PRINTF(3, 4);

/* `text` in exactly `width` columns, cut with an ellipsis if it is longer. */
void tf_page_left(tf_page *page, tf_ink ink, const char *text, size_t width);
void tf_page_right(tf_page *page, tf_ink ink, const char *text, size_t width);
void tf_page_count_right(tf_page *page, tf_ink ink, int64_t count, size_t width); /* "1,734" */
void tf_page_spaces(tf_page *page, size_t count);

/* A bar of `share` (0 to 1) of `width` columns, filled up to them with spaces.  More than nothing
 * is never shown as nothing. */
void tf_page_bar(tf_page *page, double share, size_t width);

/* An empty line, the heading, and a note beside it (may be NULL). */
void tf_page_heading(tf_page *page, const char *text, const char *note);

/* Lines of words between column `indent` and the page's width; the first line starts with `mark`,
 * which is shorter than the indent, and with what stands on the line already if `mark` is NULL. */
void tf_page_paragraph(tf_page *page, const char *mark, size_t indent, const char *text);

#endif
