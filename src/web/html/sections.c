#include "web/html/sections.h"

#include "component_internal.h"

/* ---- accordion ---- */

static void write_section_header(tf_html *html, const tf_accordion *accordion, size_t number) {
    const tf_accordion_section *section = &accordion->sections[number - 1];
    const char *heading = heading_name(accordion->heading_level, 2);
    const char *id = text_or(accordion->id, "accordion");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-accordion__section-header");
    tf_html_open(html, heading);
    tf_html_attribute(html, "class", "govuk-accordion__section-heading");
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-accordion__section-button");
    tf_html_attribute_format(html, "id", "%s-heading-%zu", id, number);
    tf_html_content(html, section->heading);
    tf_html_close(html, "span");
    tf_html_close(html, heading);
    if (!tf_content_is_empty(section->summary)) {
        tf_html_open(html, "div");
        tf_html_attribute(html, "class", "govuk-accordion__section-summary govuk-body");
        tf_html_attribute_format(html, "id", "%s-summary-%zu", id, number);
        tf_html_content(html, section->summary);
        tf_html_close(html, "div");
    }
    tf_html_close(html, "div");
}

static void write_section(tf_html *html, const tf_accordion *accordion, size_t number) {
    const tf_accordion_section *section = &accordion->sections[number - 1];
    open_with_class(html, "div", "govuk-accordion__section",
                    section->is_expanded ? "govuk-accordion__section--expanded" : NULL);
    write_section_header(html, accordion, number);
    tf_html_open(html, "div");
    tf_html_attribute_format(html, "id", "%s-content-%zu", text_or(accordion->id, "accordion"),
                             number);
    tf_html_attribute(html, "class", "govuk-accordion__section-content");
    write_blocks(html, section->content);
    tf_html_close(html, "div");
    tf_html_close(html, "div");
}

void tf_govuk_accordion(tf_html *html, const tf_accordion *accordion) {
    open_with_class(html, "div", "govuk-accordion", accordion->classes);
    tf_html_attribute(html, "data-module", "govuk-accordion");
    tf_html_attribute(html, "id", text_or(accordion->id, "accordion"));
    tf_html_attribute(html, "data-i18n.hide-all-sections",
                      given(accordion->hide_all_sections_text));
    tf_html_attribute(html, "data-i18n.hide-section", given(accordion->hide_section_text));
    tf_html_attribute(html, "data-i18n.hide-section-aria-label",
                      given(accordion->hide_section_aria_label));
    tf_html_attribute(html, "data-i18n.show-all-sections",
                      given(accordion->show_all_sections_text));
    tf_html_attribute(html, "data-i18n.show-section", given(accordion->show_section_text));
    tf_html_attribute(html, "data-i18n.show-section-aria-label",
                      given(accordion->show_section_aria_label));
    write_answer(html, "data-remember-expanded", accordion->remember_expanded);
    write_attributes(html, accordion->attributes);
    for (size_t i = 0; i < accordion->count; i++) {
        if (!tf_content_is_empty(accordion->sections[i].heading)) {
            write_section(html, accordion, i + 1);
        }
    }
    tf_html_close(html, "div");
}

/* ---- tabs ---- */

/* The id of a panel, or with before "#" the address of it. */
static void write_panel_id(tf_html *html, const char *name, const char *before, const tf_tabs *tabs,
                           size_t number) {
    const char *id = tabs->items[number - 1].id;
    if (is_given(id)) {
        tf_html_attribute_format(html, name, "%s%s", before, id);
    } else {
        tf_html_attribute_format(html, name, "%s%s-%zu", before, text_or(tabs->id_prefix, "tab"),
                                 number);
    }
}

static void write_tab(tf_html *html, const tf_tabs *tabs, size_t number) {
    open_with_class(html, "li", "govuk-tabs__list-item",
                    number == 1 ? "govuk-tabs__list-item--selected" : NULL);
    tf_html_open(html, "a");
    tf_html_attribute(html, "class", "govuk-tabs__tab");
    write_panel_id(html, "href", "#", tabs, number);
    write_attributes(html, tabs->items[number - 1].attributes);
    tf_html_text(html, tabs->items[number - 1].label);
    tf_html_close(html, "a");
    tf_html_close(html, "li");
}

static void write_panel(tf_html *html, const tf_tabs *tabs, size_t number) {
    open_with_class(html, "div", "govuk-tabs__panel",
                    number > 1 ? "govuk-tabs__panel--hidden" : NULL);
    write_panel_id(html, "id", "", tabs, number);
    write_attributes(html, tabs->items[number - 1].panel_attributes);
    write_blocks(html, tabs->items[number - 1].panel);
    tf_html_close(html, "div");
}

void tf_govuk_tabs(tf_html *html, const tf_tabs *tabs) {
    open_with_class(html, "div", "govuk-tabs", tabs->classes);
    tf_html_attribute(html, "id", given(tabs->id));
    write_attributes(html, tabs->attributes);
    tf_html_attribute(html, "data-module", "govuk-tabs");
    tf_html_element(html, "h2", "govuk-tabs__title", text_or(tabs->title, "Contents"));
    if (tabs->count > 0) {
        tf_html_open(html, "ul");
        tf_html_attribute(html, "class", "govuk-tabs__list");
        for (size_t i = 0; i < tabs->count; i++) {
            if (tabs->items[i].label) {
                write_tab(html, tabs, i + 1);
            }
        }
        tf_html_close(html, "ul");
        for (size_t i = 0; i < tabs->count; i++) {
            if (tabs->items[i].label) {
                write_panel(html, tabs, i + 1);
            }
        }
    }
    tf_html_close(html, "div");
}
