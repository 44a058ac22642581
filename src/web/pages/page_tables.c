/* Tables of pages: those that scroll, and records that become blocks where it is narrow. */
#include "page_internal.h"

#include "insight/profile_words.h"

static void open_part(tf_visit *visit, const char *element, const char *classes, const char *role) {
    tf_html_open(&visit->html, element);
    tf_html_attribute(&visit->html, "class", classes);
    tf_html_attribute(&visit->html, "role", visit->columns ? role : NULL);
}

static void write_head(tf_visit *visit, const tf_page_column *columns, size_t column_count) {
    tf_html *html = &visit->html;
    open_part(visit, "thead", "govuk-table__head", "rowgroup");
    open_part(visit, "tr", "govuk-table__row", "row");
    for (size_t i = 0; i < column_count; i++) {
        tf_html_open(html, "th");
        tf_html_attribute(html, "scope", "col");
        tf_html_attribute(html, "class",
                          columns[i].is_number ? "govuk-table__header govuk-table__header--numeric"
                                               : "govuk-table__header");
        tf_html_attribute(html, "role", visit->columns ? "columnheader" : NULL);
        tf_html_text(html, columns[i].title);
        tf_html_close(html, "th");
    }
    tf_html_close(html, "tr");
    tf_html_close(html, "thead");
    open_part(visit, "tbody", "govuk-table__body", "rowgroup");
}

void tf_page_table_begin(tf_visit *visit, const char *caption, const tf_page_column *columns,
                         size_t column_count) {
    tf_html *html = &visit->html;
    /* The caption does not scroll: a narrow window would cut it off. */
    const char *id = tf_page_format(visit, "table-%zu", ++visit->table_count);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-caption");
    tf_html_attribute(html, "id", id);
    tf_html_text(html, caption);
    tf_html_close(html, "div");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-scroll");
    tf_html_attribute(html, "role", "region");
    tf_html_attribute(html, "aria-labelledby", id);
    tf_html_attribute(html, "tabindex", "0");
    tf_html_open(html, "table");
    tf_html_attribute(html, "class", "govuk-table");
    tf_html_attribute(html, "aria-labelledby", id);
    write_head(visit, columns, column_count);
}

/* The roles say what a browser forgets of a table whose rows it is told to show as blocks. */
void tf_page_records_begin(tf_visit *visit, const char *caption, const tf_page_column *columns,
                           size_t column_count) {
    visit->columns = columns;
    open_part(visit, "table", "govuk-table app-records", "table");
    tf_html_element(&visit->html, "caption", "govuk-table__caption govuk-table__caption--m",
                    caption);
    write_head(visit, columns, column_count);
}

void tf_page_row_begin(tf_visit *visit) {
    visit->column = 0;
    open_part(visit, "tr", "govuk-table__row", "row");
}

static void open_cell(tf_visit *visit, const char *classes) {
    open_part(visit, "td", classes, "cell");
    if (visit->columns) {
        tf_html_attribute(&visit->html, "data-label", visit->columns[visit->column].title);
    }
    visit->column++;
}

static void write_maybe_link(tf_visit *visit, const char *href, const char *text) {
    if (href) {
        tf_page_link(visit, href, text);
    } else {
        tf_html_text(&visit->html, text);
    }
}

void tf_page_row_header(tf_visit *visit, const char *href, const char *text) {
    tf_html *html = &visit->html;
    tf_html_open(html, "th");
    tf_html_attribute(html, "scope", "row");
    tf_html_attribute(html, "class", "govuk-table__header");
    tf_html_attribute(html, "role", visit->columns ? "rowheader" : NULL);
    write_maybe_link(visit, href, text);
    tf_html_close(html, "th");
    visit->column++;
}

void tf_page_cell_begin(tf_visit *visit) {
    open_cell(visit, "govuk-table__cell");
}

void tf_page_cell_end(tf_visit *visit) {
    tf_html_close(&visit->html, "td");
}

void tf_page_cell(tf_visit *visit, const char *text) {
    tf_page_cell_begin(visit);
    tf_html_text(&visit->html, text);
    tf_page_cell_end(visit);
}

void tf_page_number(tf_visit *visit, const char *text) {
    open_cell(visit, "govuk-table__cell govuk-table__cell--numeric");
    tf_html_text(&visit->html, text);
    tf_page_cell_end(visit);
}

void tf_page_count(tf_visit *visit, int64_t count) {
    char text[TF_COUNT_TEXT_SIZE];
    tf_page_number(visit, tf_words_count(count, text));
}

void tf_page_row_end(tf_visit *visit) {
    tf_html_close(&visit->html, "tr");
}

void tf_page_table_end(tf_visit *visit) {
    tf_html *html = &visit->html;
    tf_html_close(html, "tbody");
    tf_html_close(html, "table");
    if (!visit->columns) {
        tf_html_close(html, "div");
    }
    visit->columns = NULL;
}
