/* The tables beside the drawings, and lists of names in a sentence. */
#include "web/chart/chart_internal.h"

void tf_table_head_begin(tf_html *html) {
    tf_html_open(html, "thead");
    tf_html_attribute(html, "class", "govuk-table__head");
    tf_html_open(html, "tr");
    tf_html_attribute(html, "class", "govuk-table__row");
}

void tf_table_head_cell(tf_html *html, const char *title, bool is_numeric) {
    tf_html_open(html, "th");
    tf_html_attribute(html, "scope", "col");
    tf_html_attribute(html, "class",
                      is_numeric ? "govuk-table__header govuk-table__header--numeric"
                                 : "govuk-table__header");
    tf_html_text(html, title);
    tf_html_close(html, "th");
}

void tf_table_head_end(tf_html *html) {
    tf_html_close(html, "tr");
    tf_html_close(html, "thead");
    tf_html_open(html, "tbody");
    tf_html_attribute(html, "class", "govuk-table__body");
}

void tf_table_begin(tf_html *html, const tf_table_column *columns, size_t count) {
    tf_table_head_begin(html);
    for (size_t i = 0; i < count; i++) {
        tf_table_head_cell(html, columns[i].title, columns[i].is_numeric);
    }
    tf_table_head_end(html);
}

void tf_table_end(tf_html *html) {
    tf_html_close(html, "tbody");
}

void tf_table_row_begin(tf_html *html, const char *name, const char *href) {
    tf_html_open(html, "tr");
    tf_html_attribute(html, "class", "govuk-table__row");
    tf_html_open(html, "th");
    tf_html_attribute(html, "scope", "row");
    tf_html_attribute(html, "class", "govuk-table__header app-table__name");
    if (href && *href) {
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", "govuk-link");
        tf_html_attribute(html, "href", href);
        tf_html_text(html, name);
        tf_html_close(html, "a");
    } else {
        tf_html_text(html, name);
    }
    tf_html_close(html, "th");
}

void tf_table_row_end(tf_html *html) {
    tf_html_close(html, "tr");
}

void tf_table_text(tf_html *html, const char *text) {
    tf_html_element(html, "td", "govuk-table__cell", text);
}

void tf_table_remark(tf_html *html, const char *text) {
    bool is_small = text && text[0] >= 'a' && text[0] <= 'z';
    tf_html_open(html, "td");
    tf_html_attribute(html, "class", "govuk-table__cell");
    if (is_small) {
        char capital = (char)(text[0] - 'a' + 'A');
        tf_html_text_of(html, (tf_text){&capital, 1});
    }
    tf_html_text(html, is_small ? text + 1 : text);
    tf_html_close(html, "td");
}

void tf_table_number(tf_html *html, double value, int decimals) {
    char text[TF_NUMBER_TEXT_SIZE];
    tf_html_element(html, "td", "govuk-table__cell govuk-table__cell--numeric",
                    tf_number_text(value, decimals, text));
}

bool tf_name_list_next(tf_name_list *list) {
    if (list->put >= list->most && list->count > list->most) {
        return false;
    }
    bool is_last = list->put + 1 == list->count;
    if (list->put > 0) {
        tf_buffer_append_text(list->out, is_last ? " and " : ", ");
    }
    list->put++;
    return true;
}

void tf_name_list_end(tf_name_list *list) {
    if (list->put < list->count) {
        tf_buffer_format(list->out, " and %zu more", list->count - list->put);
    }
}
