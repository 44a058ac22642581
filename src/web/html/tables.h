/* GOV.UK components that show data: table and summary list. */
#ifndef WEB_HTML_TABLES_H
#define WEB_HTML_TABLES_H

#include "web/html/component.h"

/* ---- table ---- */

typedef struct tf_data_cell {
    tf_content content;
    const char *format; /* "numeric" aligns to the right */
    const char *classes;
    int colspan, rowspan; /* 0 for one */
    tf_attributes attributes;
} tf_data_cell;

typedef struct tf_data_row {
    const tf_data_cell *cells; /* NULL leaves the row out */
    size_t count;
} tf_data_row;

typedef struct tf_data_table {
    const char *caption;
    const char *caption_classes; /* "govuk-table__caption--m" */
    const tf_data_cell *head;    /* NULL for a table without */
    size_t head_count;
    const tf_data_row *rows;
    size_t row_count;
    bool first_cell_is_header;
    const char *classes; /* "govuk-table--small-text-until-tablet" */
    tf_attributes attributes;
} tf_data_table;

void tf_govuk_table(tf_html *html, const tf_data_table *table);

/* ---- summary list, with or without its card ---- */

typedef struct tf_summary_action {
    const char *href;
    tf_content content;
    const char *visually_hidden_text; /* what is acted upon: "name" after "Change" */
    const char *classes;
    tf_attributes attributes;
} tf_summary_action;

typedef struct tf_summary_actions {
    const tf_summary_action *items;
    size_t count;
    const char *classes;
} tf_summary_actions;

typedef struct tf_summary_row {
    tf_content key, value; /* both empty leaves the row out */
    const char *key_classes, *value_classes;
    tf_summary_actions actions;
    const char *classes; /* "govuk-summary-list__row--no-border" */
} tf_summary_row;

typedef struct tf_summary_card {
    tf_content title;
    int heading_level; /* 2 */
    const char *title_classes;
    tf_summary_actions actions;
    const char *classes;
    tf_attributes attributes;
} tf_summary_card;

typedef struct tf_summary_list {
    const tf_summary_row *rows;
    size_t count;
    const tf_summary_card *card; /* NULL for a list without */
    const char *classes;
    tf_attributes attributes;
} tf_summary_list;

void tf_govuk_summary_list(tf_html *html, const tf_summary_list *list);

#endif
