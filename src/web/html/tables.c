#include "web/html/tables.h"

#include "component_internal.h"

/* ---- table ---- */

static void write_span(tf_html *html, const char *name, int span) {
    if (span > 0) {
        tf_html_attribute_format(html, name, "%d", span);
    }
}

static void write_cell(tf_html *html, const tf_data_cell *cell, const char *name,
                       const char *scope) {
    bool is_header = scope != NULL;
    /* A heading of a row is never set in the figures' style, a heading of a column may be. */
    bool has_format = is_given(cell->format) && !(scope && strcmp(scope, "row") == 0);
    const char *base = is_header ? "govuk-table__header" : "govuk-table__cell";
    tf_html_open(html, name);
    tf_html_attribute(html, "scope", scope);
    if (has_format) {
        tf_html_attribute_format(html, "class", "%s %s--%s%s%s", base, base, cell->format,
                                 cell->classes ? " " : "", cell->classes ? cell->classes : "");
    } else {
        write_class(html, base, cell->classes);
    }
    write_span(html, "colspan", cell->colspan);
    write_span(html, "rowspan", cell->rowspan);
    write_attributes(html, cell->attributes);
    tf_html_content(html, cell->content);
    tf_html_close(html, name);
}

static void write_head(tf_html *html, const tf_data_table *table) {
    tf_html_open(html, "thead");
    tf_html_attribute(html, "class", "govuk-table__head");
    tf_html_open(html, "tr");
    tf_html_attribute(html, "class", "govuk-table__row");
    for (size_t i = 0; i < table->head_count; i++) {
        write_cell(html, &table->head[i], "th", "col");
    }
    tf_html_close(html, "tr");
    tf_html_close(html, "thead");
}

static void write_row(tf_html *html, const tf_data_table *table, const tf_data_row *row) {
    tf_html_open(html, "tr");
    tf_html_attribute(html, "class", "govuk-table__row");
    for (size_t i = 0; i < row->count; i++) {
        bool is_header = i == 0 && table->first_cell_is_header;
        write_cell(html, &row->cells[i], is_header ? "th" : "td", is_header ? "row" : NULL);
    }
    tf_html_close(html, "tr");
}

void tf_govuk_table(tf_html *html, const tf_data_table *table) {
    open_with_class(html, "table", "govuk-table", table->classes);
    write_attributes(html, table->attributes);
    if (is_given(table->caption)) {
        open_with_class(html, "caption", "govuk-table__caption", table->caption_classes);
        tf_html_text(html, table->caption);
        tf_html_close(html, "caption");
    }
    if (table->head) {
        write_head(html, table);
    }
    tf_html_open(html, "tbody");
    tf_html_attribute(html, "class", "govuk-table__body");
    for (size_t i = 0; i < table->row_count; i++) {
        if (table->rows[i].cells) {
            write_row(html, table, &table->rows[i]);
        }
    }
    tf_html_close(html, "tbody");
    tf_html_close(html, "table");
}

/* ---- summary list ---- */

/* What a screen reader is told of the link beyond its text: of which row, of which card. */
static void write_hidden_text(tf_html *html, const char *text, tf_content card_title) {
    bool has_text = is_given(text);
    bool has_title = !tf_content_is_empty(card_title);
    if (!has_text && !has_title) {
        return;
    }
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-visually-hidden");
    if (has_text) {
        tf_html_text(html, " ");
        tf_html_text(html, text);
    }
    if (has_title) {
        tf_html_text(html, " (");
        tf_html_content(html, card_title);
        tf_html_text(html, ")");
    }
    tf_html_close(html, "span");
}

static void write_action(tf_html *html, const tf_summary_action *action, tf_content card_title) {
    open_with_class(html, "a", "govuk-link", action->classes);
    tf_html_attribute(html, "href", action->href ? action->href : "");
    write_attributes(html, action->attributes);
    tf_html_content(html, action->content);
    write_hidden_text(html, action->visually_hidden_text, card_title);
    tf_html_close(html, "a");
}

static void write_row_actions(tf_html *html, const tf_summary_actions *actions,
                              tf_content card_title) {
    open_with_class(html, "dd", "govuk-summary-list__actions", actions->classes);
    if (actions->count == 1) {
        write_action(html, &actions->items[0], card_title);
    } else {
        tf_html_open(html, "ul");
        tf_html_attribute(html, "class", "govuk-summary-list__actions-list");
        for (size_t i = 0; i < actions->count; i++) {
            tf_html_open(html, "li");
            tf_html_attribute(html, "class", "govuk-summary-list__actions-list-item");
            write_action(html, &actions->items[i], card_title);
            tf_html_close(html, "li");
        }
        tf_html_close(html, "ul");
    }
    tf_html_close(html, "dd");
}

static void write_summary_row(tf_html *html, const tf_summary_row *row, bool others_have_actions,
                              tf_content card_title) {
    bool lacks_actions = others_have_actions && row->actions.count == 0;
    open_with_class(html, "div",
                    lacks_actions ? "govuk-summary-list__row govuk-summary-list__row--no-actions"
                                  : "govuk-summary-list__row",
                    row->classes);
    open_with_class(html, "dt", "govuk-summary-list__key", row->key_classes);
    tf_html_content(html, row->key);
    tf_html_close(html, "dt");
    open_with_class(html, "dd", "govuk-summary-list__value", row->value_classes);
    tf_html_content(html, row->value);
    tf_html_close(html, "dd");
    if (row->actions.count > 0) {
        write_row_actions(html, &row->actions, card_title);
    }
    tf_html_close(html, "div");
}

static void write_list(tf_html *html, const tf_summary_list *list) {
    bool any_has_actions = false;
    for (size_t i = 0; i < list->count; i++) {
        any_has_actions = any_has_actions || list->rows[i].actions.count > 0;
    }
    open_with_class(html, "dl", "govuk-summary-list", list->classes);
    write_attributes(html, list->attributes);
    for (size_t i = 0; i < list->count; i++) {
        const tf_summary_row *row = &list->rows[i];
        if (!tf_content_is_empty(row->key) || !tf_content_is_empty(row->value)) {
            write_summary_row(html, row, any_has_actions,
                              list->card ? list->card->title : (tf_content){0});
        }
    }
    tf_html_close(html, "dl");
}

static void write_card_actions(tf_html *html, const tf_summary_card *card) {
    bool is_single = card->actions.count == 1;
    const char *name = is_single ? "div" : "ul";
    open_with_class(html, name, "govuk-summary-card__actions", card->actions.classes);
    for (size_t i = 0; i < card->actions.count; i++) {
        if (!is_single) {
            tf_html_open(html, "li");
            tf_html_attribute(html, "class", "govuk-summary-card__action");
        }
        write_action(html, &card->actions.items[i], card->title);
        if (!is_single) {
            tf_html_close(html, "li");
        }
    }
    tf_html_close(html, name);
}

void tf_govuk_summary_list(tf_html *html, const tf_summary_list *list) {
    const tf_summary_card *card = list->card;
    if (!card) {
        write_list(html, list);
        return;
    }
    open_with_class(html, "div", "govuk-summary-card", card->classes);
    write_attributes(html, card->attributes);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-summary-card__title-wrapper");
    if (!tf_content_is_empty(card->title)) {
        const char *heading = heading_name(card->heading_level, 2);
        open_with_class(html, heading, "govuk-summary-card__title", card->title_classes);
        tf_html_content(html, card->title);
        tf_html_close(html, heading);
    }
    if (card->actions.count > 0) {
        write_card_actions(html, card);
    }
    tf_html_close(html, "div");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-summary-card__content");
    write_list(html, list);
    tf_html_close(html, "div");
    tf_html_close(html, "div");
}
