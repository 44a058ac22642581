/* A page of text in fixed columns: cells, bars, wrapped paragraphs.  Text that comes from files is
 * made harmless for a terminal: what is no visible character becomes "?". */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "trefoil/base/text.h"

enum { TF_TERMINAL_WIDTH = 80 };

/* Colour never says what the words beside it do not say. */
typedef enum tf_ink {
    TF_INK_PLAIN,
    TF_INK_STRONG, /* headings and headline figures */
    TF_INK_FAINT,  /* what is read last */
    TF_INK_BAR,
    TF_INK_MARK, /* what stands out */
} tf_ink;

typedef struct tf_terminal {
    tf_buffer *out;
    bool is_utf8; /* else ASCII alone */
    bool has_colour;
} tf_terminal;

/* A page for standard output: UTF-8 as the locale says, colours on a terminal unless NO_COLOR is
 * set (no-color.org) or the terminal is a "dumb" one. */
tf_terminal tf_terminal_for_output(tf_buffer *out);

void tf_terminal_end_line(tf_terminal *page);
void tf_terminal_put(tf_terminal *page, tf_ink ink, const char *text);
void tf_terminal_format(tf_terminal *page, tf_ink ink, const char *format, ...) TF_PRINTF(3, 4);

/* `text` in exactly `width` columns, cut with an ellipsis if it is longer. */
void tf_terminal_left(tf_terminal *page, tf_ink ink, const char *text, size_t width);
void tf_terminal_right(tf_terminal *page, tf_ink ink, const char *text, size_t width);
void tf_terminal_count_right(tf_terminal *page, tf_ink ink, int64_t count,
                             size_t width); /* "1,734" */
void tf_terminal_spaces(tf_terminal *page, size_t count);

/* A bar of `share` (0 to 1) of `width` columns, filled up to them with spaces.  More than nothing
 * is never shown as nothing. */
void tf_terminal_bar(tf_terminal *page, double share, size_t width);

/* An empty line, the heading, and a note beside it (may be NULL). */
void tf_terminal_heading(tf_terminal *page, const char *text, const char *note);

/* Lines of words between column `indent` and the page's width; the first line starts with `mark`,
 * which is shorter than the indent, and with what stands on the line already if `mark` is NULL. */
void tf_terminal_paragraph(tf_terminal *page, const char *mark, size_t indent, const char *text);

#endif
