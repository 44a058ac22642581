/* Tables and summary lists against the fixtures of govuk-frontend. */
#include "fixtures.h"

#include "web/html/tables.h"

static tf_data_cell read_cell(options given) {
    tf_data_cell cell = {
        .content = options_content(given, "text", "html"),
        .format = options_text(given, "format"),
        .classes = options_text(given, "classes"),
        .colspan = options_int(given, "colspan"),
        .rowspan = options_int(given, "rowspan"),
    };
    options_attributes(given, "attributes", cell.attributes);
    return cell;
}

static tf_data_row read_row(options given, size_t row) {
    size_t count = options_row_length(given, "rows", row);
    tf_data_cell *cells = options_alloc(count, sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        cells[i] = read_cell(options_cell(given, "rows", row, i));
    }
    return (tf_data_row){count ? cells : NULL, count};
}

static void write_table(tf_html *html, options given) {
    tf_data_table table = {
        .caption = options_text(given, "caption"),
        .caption_classes = options_text(given, "captionClasses"),
        .head_count = options_count(given, "head"),
        .row_count = options_count(given, "rows"),
        .first_cell_is_header = options_flag(given, "firstCellIsHeader"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", table.attributes);
    tf_data_cell *head = options_alloc(table.head_count, sizeof *head);
    for (size_t i = 0; i < table.head_count; i++) {
        head[i] = read_cell(options_item(given, "head", i));
    }
    table.head = table.head_count ? head : NULL;
    tf_data_row *rows = options_alloc(table.row_count, sizeof *rows);
    for (size_t i = 0; i < table.row_count; i++) {
        rows[i] = read_row(given, i);
    }
    table.rows = rows;
    tf_govuk_table(html, &table);
}

static tf_summary_actions read_actions(options given) {
    tf_summary_actions actions = {
        .count = options_count(given, "items"),
        .classes = options_text(given, "classes"),
    };
    tf_summary_action *items = options_alloc(actions.count, sizeof *items);
    for (size_t i = 0; i < actions.count; i++) {
        options item = options_item(given, "items", i);
        items[i].href = options_text(item, "href");
        items[i].content = options_content(item, "text", "html");
        items[i].visually_hidden_text = options_text(item, "visuallyHiddenText");
        items[i].classes = options_text(item, "classes");
        options_attributes(item, "attributes", items[i].attributes);
    }
    actions.items = items;
    return actions;
}

static tf_summary_row read_summary_row(options given) {
    options key = options_object(given, "key");
    options value = options_object(given, "value");
    return (tf_summary_row){
        .key = options_content(key, "text", "html"),
        .key_classes = options_text(key, "classes"),
        .value = options_content(value, "text", "html"),
        .value_classes = options_text(value, "classes"),
        .actions = read_actions(options_object(given, "actions")),
        .classes = options_text(given, "classes"),
    };
}

static tf_summary_card read_card(options given) {
    options title = options_object(given, "title");
    tf_summary_card card = {
        .title = options_content(title, "text", "html"),
        .heading_level = options_int(title, "headingLevel"),
        .title_classes = options_text(title, "classes"),
        .actions = read_actions(options_object(given, "actions")),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", card.attributes);
    return card;
}

static void write_summary_list(tf_html *html, options given) {
    options card_options = options_object(given, "card");
    tf_summary_card card = read_card(card_options);
    tf_summary_list list = {
        .count = options_count(given, "rows"),
        .card = options_is_object(card_options) ? &card : NULL,
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", list.attributes);
    tf_summary_row *rows = options_alloc(list.count, sizeof *rows);
    for (size_t i = 0; i < list.count; i++) {
        rows[i] = read_summary_row(options_item(given, "rows", i));
    }
    list.rows = rows;
    tf_govuk_summary_list(html, &list);
}

int main(void) {
    static const fixture_component components[] = {
        {"table", write_table},
        {"summary-list", write_summary_list},
    };
    return RUN_FIXTURES(components);
}
