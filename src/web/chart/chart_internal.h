/* What the kinds of charts share, and what each gives to the frame around all. */
#ifndef WEB_CHART_CHART_INTERNAL_H
#define WEB_CHART_CHART_INTERNAL_H

#include "web/chart/drawing_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct tf_chart_methods {
    bool (*has_data)(const tf_chart *chart);
    bool (*has_links)(const tf_chart *chart);
    void (*draw)(tf_drawing *drawing);
    void (*describe)(const tf_chart *chart, tf_buffer *out);
    void (*write_rows)(tf_html *html, const tf_chart *chart); /* thead and tbody */

    /* Not NULL: the drawing has no text of its own on a page, so one serves every screen, with
     * this above it. */
    void (*write_legend)(tf_html *html, const tf_chart *chart);
} tf_chart_methods;

extern const tf_chart_methods tf_line_methods;
extern const tf_chart_methods tf_bar_methods;
extern const tf_chart_methods tf_dot_methods;
extern const tf_chart_methods tf_funnel_methods;
extern const tf_chart_methods tf_multiples_methods;
extern const tf_chart_methods tf_sankey_methods;
extern const tf_chart_methods tf_map_methods;
extern const tf_chart_methods tf_waterfall_methods;
extern const tf_chart_methods tf_column_methods;

/* ---- tables ---- */

typedef struct tf_table_column {
    const char *title;
    bool is_numeric;
} tf_table_column;

/* `<thead>` and the opening of `<tbody>`. */
void tf_table_begin(tf_html *html, const tf_table_column *columns, size_t count);
void tf_table_end(tf_html *html);

/* The head alone, cell by cell. */
void tf_table_head_begin(tf_html *html);
void tf_table_head_cell(tf_html *html, const char *title, bool is_numeric);
void tf_table_head_end(tf_html *html);

void tf_table_row_begin(tf_html *html, const char *name, const char *href); /* its first cell */
void tf_table_row_end(tf_html *html);
void tf_table_text(tf_html *html, const char *text);
void tf_table_remark(tf_html *html, const char *text); /* with a capital; NULL: an empty cell */
void tf_table_number(tf_html *html, double value, int decimals);

/* ---- words ---- */

/* Names in one sentence: "A", "A and B", "A, B and 3 more". */
typedef struct tf_name_list {
    tf_buffer *out;
    size_t count; /* of all */
    size_t put;
    size_t most;
} tf_name_list;

/* Whether the next one is to be named; then its separator stands already. */
bool tf_name_list_next(tf_name_list *list);
void tf_name_list_end(tf_name_list *list);

/* Growing text that is wanted as text: "" for an empty or failed buffer. */
static inline const char *tf_buffer_text(const tf_buffer *buffer) {
    return buffer->data && !buffer->failed ? buffer->data : "";
}

#endif
