/* GOV.UK components that say how things stand: tag, warning text, panel, phase banner, task list.
 */
#ifndef WEB_HTML_NOTICES_H
#define WEB_HTML_NOTICES_H

#include "web/html/component.h"

typedef struct tf_tag {
    tf_content content;
    const char *classes; /* "govuk-tag--green" */
    tf_attributes attributes;
} tf_tag;

void tf_govuk_tag(tf_html *html, const tf_tag *tag);

typedef struct tf_warning_text {
    tf_content content;
    const char *icon_fallback_text; /* "Warning" */
    const char *classes;
    tf_attributes attributes;
} tf_warning_text;

void tf_govuk_warning_text(tf_html *html, const tf_warning_text *warning);

typedef struct tf_phase_banner {
    tf_tag tag; /* "Alpha", "Beta"; its attributes are not written */
    tf_content content;
    const char *classes;
    tf_attributes attributes;
} tf_phase_banner;

void tf_govuk_phase_banner(tf_html *html, const tf_phase_banner *banner);

/* ---- panel ---- */

/* A button, or with `href` and no `type` a link. */
typedef struct tf_panel_action {
    const char *text;
    const char *type; /* "button", "submit" */
    const char *href;
    const char *classes;
    tf_attributes attributes;
} tf_panel_action;

typedef struct tf_panel_actions {
    const tf_panel_action *items;
    size_t count;
    const char *classes;
    tf_attributes attributes;
} tf_panel_actions;

/* That something is done; or, as an interruption, a question before it is. */
typedef struct tf_panel {
    tf_content title;
    int heading_level; /* 1 */
    tf_content content;
    bool is_interruption;
    const tf_panel_actions *actions; /* of an interruption only; NULL for none */
    const char *classes;
    tf_attributes attributes;
} tf_panel;

void tf_govuk_panel(tf_html *html, const tf_panel *panel);

/* ---- task list ---- */

typedef struct tf_task {
    tf_content title; /* empty leaves the task out, though it counts in the ids of those after it */
    const char *title_classes;
    const char *href; /* NULL for a task that cannot be started */
    tf_content hint;
    const tf_tag *status_tag; /* or: */
    tf_content status;
    const char *status_classes; /* "govuk-task-list__status--cannot-start-yet" */
    const char *classes;
} tf_task;

typedef struct tf_task_list {
    const tf_task *items;
    size_t count;
    const char *id_prefix; /* "task-list" */
    const char *classes;
    tf_attributes attributes;
} tf_task_list;

void tf_govuk_task_list(tf_html *html, const tf_task_list *list);

#endif
