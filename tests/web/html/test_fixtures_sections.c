/* Accordion and tabs against the fixtures of govuk-frontend. */
#include "fixtures.h"

#include "web/html/sections.h"

static tf_accordion_section read_section(options given) {
    options heading = options_object(given, "heading");
    options summary = options_object(given, "summary");
    options content = options_object(given, "content");
    return (tf_accordion_section){
        .heading = options_content(heading, "text", "html"),
        .summary = options_content(summary, "text", "html"),
        .content = options_content(content, "text", "html"),
        .is_expanded = options_flag(given, "expanded"),
    };
}

static void write_accordion(tf_html *html, options given) {
    tf_accordion accordion = {
        .id = options_text(given, "id"),
        .count = options_count(given, "items"),
        .heading_level = options_int(given, "headingLevel"),
        .remember_expanded = options_answer(given, "rememberExpanded"),
        .hide_all_sections_text = options_text(given, "hideAllSectionsText"),
        .show_all_sections_text = options_text(given, "showAllSectionsText"),
        .hide_section_text = options_text(given, "hideSectionText"),
        .hide_section_aria_label = options_text(given, "hideSectionAriaLabelText"),
        .show_section_text = options_text(given, "showSectionText"),
        .show_section_aria_label = options_text(given, "showSectionAriaLabelText"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", accordion.attributes);
    tf_accordion_section *sections = options_alloc(accordion.count, sizeof *sections);
    for (size_t i = 0; i < accordion.count; i++) {
        sections[i] = read_section(options_item(given, "items", i));
    }
    accordion.sections = sections;
    tf_govuk_accordion(html, &accordion);
}

static tf_tab read_tab(options given) {
    options panel = options_object(given, "panel");
    tf_tab tab = {
        .label = options_text(given, "label"),
        .id = options_text(given, "id"),
        .panel = options_content(panel, "text", "html"),
    };
    options_attributes(given, "attributes", tab.attributes);
    options_attributes(panel, "attributes", tab.panel_attributes);
    return tab;
}

static void write_tabs(tf_html *html, options given) {
    tf_tabs tabs = {
        .id = options_text(given, "id"),
        .id_prefix = options_text(given, "idPrefix"),
        .title = options_text(given, "title"),
        .count = options_count(given, "items"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", tabs.attributes);
    tf_tab *items = options_alloc(tabs.count, sizeof *items);
    for (size_t i = 0; i < tabs.count; i++) {
        items[i] = read_tab(options_item(given, "items", i));
    }
    tabs.items = items;
    tf_govuk_tabs(html, &tabs);
}

int main(void) {
    static const fixture_component components[] = {
        {"accordion", write_accordion},
        {"tabs", write_tabs},
    };
    return RUN_FIXTURES(components);
}
