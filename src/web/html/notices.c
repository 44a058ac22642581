#include "web/html/notices.h"

#include "component_internal.h"
#include "web/html/buttons.h"

void tf_govuk_tag(tf_html *html, const tf_tag *tag) {
    open_with_class(html, "strong", "govuk-tag", tag->classes);
    write_attributes(html, tag->attributes);
    tf_html_content(html, tag->content);
    tf_html_close(html, "strong");
}

void tf_govuk_warning_text(tf_html *html, const tf_warning_text *warning) {
    open_with_class(html, "div", "govuk-warning-text", warning->classes);
    write_attributes(html, warning->attributes);
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-warning-text__icon");
    tf_html_attribute(html, "aria-hidden", "true");
    tf_html_text(html, "!");
    tf_html_close(html, "span");
    tf_html_text(html, " ");
    tf_html_open(html, "strong");
    tf_html_attribute(html, "class", "govuk-warning-text__text");
    tf_html_element(html, "span", "govuk-visually-hidden",
                    text_or(warning->icon_fallback_text, "Warning"));
    tf_html_text(html, " ");
    tf_html_content(html, warning->content);
    tf_html_close(html, "strong");
    tf_html_close(html, "div");
}

void tf_govuk_phase_banner(tf_html *html, const tf_phase_banner *banner) {
    open_with_class(html, "div", "govuk-phase-banner govuk-width-container", banner->classes);
    write_attributes(html, banner->attributes);
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-phase-banner__content");
    open_with_class(html, "strong", "govuk-tag govuk-phase-banner__content__tag",
                    banner->tag.classes);
    tf_html_content(html, banner->tag.content);
    tf_html_close(html, "strong");
    tf_html_text(html, " ");
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-phase-banner__text");
    tf_html_content(html, banner->content);
    tf_html_close(html, "span");
    tf_html_close(html, "p");
    tf_html_close(html, "div");
}

/* ---- panel ---- */

static void write_action(tf_html *html, const tf_panel_action *action) {
    bool has_href = is_given(action->href);
    if (has_href && !(action->type && strcmp(action->type, "button") == 0)) {
        open_with_class(html, "a", "govuk-link govuk-link--inverse", action->classes);
        tf_html_attribute(html, "href", action->href);
        write_attributes(html, action->attributes);
        tf_html_text(html, action->text);
        tf_html_close(html, "a");
        return;
    }
    tf_buffer classes;
    tf_buffer_init(&classes);
    tf_buffer_append_text(&classes, "govuk-button--inverse");
    if (is_given(action->classes)) {
        tf_buffer_append_text(&classes, " ");
        tf_buffer_append_text(&classes, action->classes);
    }
    tf_button button = {
        .content.text = action->text,
        .type = text_or(action->type, "button"),
        .href = action->href,
        .classes = classes.data,
    };
    memcpy(button.attributes, action->attributes, sizeof button.attributes);
    tf_govuk_button(html, &button);
    html->buffer->failed = html->buffer->failed || classes.failed;
    tf_buffer_deinit(&classes);
}

static void write_actions(tf_html *html, const tf_panel_actions *actions) {
    open_with_class(html, "div", "govuk-panel__actions", actions->classes);
    write_attributes(html, actions->attributes);
    if (actions->count > 0) {
        tf_html_open(html, "div");
        tf_html_attribute(html, "class", "govuk-button-group");
        for (size_t i = 0; i < actions->count; i++) {
            tf_html_text(html, i ? " " : NULL);
            write_action(html, &actions->items[i]);
        }
        tf_html_close(html, "div");
    }
    tf_html_close(html, "div");
}

void tf_govuk_panel(tf_html *html, const tf_panel *panel) {
    const char *heading = heading_name(panel->heading_level, 1);
    open_with_class(html, "div",
                    panel->is_interruption ? "govuk-panel govuk-panel--interruption"
                                           : "govuk-panel govuk-panel--confirmation",
                    panel->classes);
    write_attributes(html, panel->attributes);
    tf_html_open(html, heading);
    tf_html_attribute(html, "class", "govuk-panel__title");
    tf_html_content(html, panel->title);
    tf_html_close(html, heading);
    if (!tf_content_is_empty(panel->content)) {
        tf_html_open(html, "div");
        tf_html_attribute(html, "class", "govuk-panel__body");
        tf_html_content(html, panel->content);
        tf_html_close(html, "div");
    }
    if (panel->is_interruption && panel->actions) {
        write_actions(html, panel->actions);
    }
    tf_html_close(html, "div");
}

/* ---- task list ---- */

static void write_title(tf_html *html, const tf_task *task, const char *prefix, size_t number) {
    bool is_link = is_given(task->href);
    if (is_link) {
        open_with_class(html, "a", "govuk-link govuk-task-list__link", task->title_classes);
        tf_html_attribute(html, "href", task->href);
        if (tf_content_is_empty(task->hint)) {
            tf_html_attribute_format(html, "aria-describedby", "%s-%zu-status", prefix, number);
        } else {
            tf_html_attribute_format(html, "aria-describedby", "%s-%zu-hint %s-%zu-status", prefix,
                                     number, prefix, number);
        }
    } else {
        tf_html_open(html, "div");
        tf_html_attribute(html, "class", task->title_classes);
    }
    tf_html_content(html, task->title);
    tf_html_close(html, is_link ? "a" : "div");
}

static void write_task(tf_html *html, const tf_task *task, const char *prefix, size_t number) {
    bool is_link = is_given(task->href);
    open_with_class(html, "li",
                    is_link ? "govuk-task-list__item govuk-task-list__item--with-link"
                            : "govuk-task-list__item",
                    task->classes);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-task-list__name-and-hint");
    write_title(html, task, prefix, number);
    if (!tf_content_is_empty(task->hint)) {
        tf_html_open(html, "div");
        tf_html_attribute_format(html, "id", "%s-%zu-hint", prefix, number);
        tf_html_attribute(html, "class", "govuk-task-list__hint");
        tf_html_content(html, task->hint);
        tf_html_close(html, "div");
    }
    tf_html_close(html, "div");
    open_with_class(html, "div", "govuk-task-list__status", task->status_classes);
    tf_html_attribute_format(html, "id", "%s-%zu-status", prefix, number);
    if (task->status_tag) {
        tf_govuk_tag(html, task->status_tag);
    } else {
        tf_html_content(html, task->status);
    }
    tf_html_close(html, "div");
    tf_html_close(html, "li");
}

void tf_govuk_task_list(tf_html *html, const tf_task_list *list) {
    open_with_class(html, "ul", "govuk-task-list", list->classes);
    write_attributes(html, list->attributes);
    for (size_t i = 0; i < list->count; i++) {
        if (!tf_content_is_empty(list->items[i].title)) {
            write_task(html, &list->items[i], text_or(list->id_prefix, "task-list"), i + 1);
        }
    }
    tf_html_close(html, "ul");
}
