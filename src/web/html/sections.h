/* GOV.UK components that divide what is long: accordion and tabs.  Without a script all of it is
 * shown, one under the other. */
#ifndef WEB_HTML_SECTIONS_H
#define WEB_HTML_SECTIONS_H

#include "web/html/component.h"

typedef struct tf_accordion_section {
    tf_content heading; /* empty leaves the section out, though it counts in the ids after it */
    tf_content summary;
    tf_content content; /* a text becomes a paragraph */
    bool is_expanded;
} tf_accordion_section;

typedef struct tf_accordion {
    const char *id; /* unique in the service: what was open is remembered under it */
    const tf_accordion_section *sections;
    size_t count;
    int heading_level; /* 2 */
    tf_answer remember_expanded;
    const char *hide_all_sections_text, *show_all_sections_text;
    const char *hide_section_text, *hide_section_aria_label;
    const char *show_section_text, *show_section_aria_label;
    const char *classes;
    tf_attributes attributes;
} tf_accordion;

void tf_govuk_accordion(tf_html *html, const tf_accordion *accordion);

typedef struct tf_tab {
    const char *label; /* NULL leaves the tab out, though it counts in the ids after it */
    const char *id;    /* the prefix and the number of the tab */
    tf_content panel;  /* a text becomes a paragraph */
    tf_attributes attributes, panel_attributes;
} tf_tab;

typedef struct tf_tabs {
    const char *id;
    const char *id_prefix; /* needed if a tab has no id */
    const char *title;     /* "Contents" */
    const tf_tab *items;
    size_t count;
    const char *classes;
    tf_attributes attributes;
} tf_tabs;

void tf_govuk_tabs(tf_html *html, const tf_tabs *tabs);

#endif
