/* Notices, panels and tasks against the fixtures of govuk-frontend. */
#include "fixtures.h"

#include "web/html/notices.h"

#include <string.h>

static tf_tag read_tag(options given) {
    tf_tag tag = {
        .content = options_content(given, "text", "html"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", tag.attributes);
    return tag;
}

static void write_tag(tf_html *html, options given) {
    tf_tag tag = read_tag(given);
    tf_govuk_tag(html, &tag);
}

static void write_warning_text(tf_html *html, options given) {
    tf_warning_text warning = {
        .content = options_content(given, "text", "html"),
        .icon_fallback_text = options_text(given, "iconFallbackText"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", warning.attributes);
    tf_govuk_warning_text(html, &warning);
}

static void write_phase_banner(tf_html *html, options given) {
    tf_phase_banner banner = {
        .tag = read_tag(options_object(given, "tag")),
        .content = options_content(given, "text", "html"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", banner.attributes);
    tf_govuk_phase_banner(html, &banner);
}

static tf_panel_actions read_actions(options given) {
    tf_panel_actions actions = {
        .count = options_count(given, "items"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", actions.attributes);
    tf_panel_action *items = options_alloc(actions.count, sizeof *items);
    for (size_t i = 0; i < actions.count; i++) {
        options item = options_item(given, "items", i);
        items[i].text = options_text(item, "text");
        items[i].type = options_text(item, "type");
        items[i].href = options_text(item, "href");
        items[i].classes = options_text(item, "classes");
        options_attributes(item, "attributes", items[i].attributes);
    }
    actions.items = items;
    return actions;
}

static void write_panel(tf_html *html, options given) {
    static const char interruption[] = "govuk-panel--interruption";
    const char *classes = options_text(given, "classes");
    bool is_interruption = classes && strncmp(classes, interruption, strlen(interruption)) == 0;
    options actions_options = options_object(given, "actions");
    tf_panel_actions actions = read_actions(actions_options);
    tf_panel panel = {
        .title = options_content(given, "titleText", "titleHtml"),
        .heading_level = options_int(given, "headingLevel"),
        .content = options_content(given, "text", "html"),
        .is_interruption = is_interruption,
        .actions = options_is_object(actions_options) ? &actions : NULL,
        .classes = is_interruption ? classes + strlen(interruption) : classes,
    };
    options_attributes(given, "attributes", panel.attributes);
    tf_govuk_panel(html, &panel);
}

static tf_task read_task(options given) {
    options title = options_object(given, "title");
    options hint = options_object(given, "hint");
    options status = options_object(given, "status");
    options tag_options = options_object(status, "tag");
    tf_tag *tag = options_alloc(1, sizeof *tag);
    *tag = read_tag(tag_options);
    return (tf_task){
        .title = options_content(title, "text", "html"),
        .title_classes = options_text(title, "classes"),
        .href = options_text(given, "href"),
        .hint = options_content(hint, "text", "html"),
        .status = options_content(status, "text", "html"),
        .status_classes = options_text(status, "classes"),
        .status_tag = options_is_object(tag_options) ? tag : NULL,
        .classes = options_text(given, "classes"),
    };
}

static void write_task_list(tf_html *html, options given) {
    tf_task_list list = {
        .count = options_count(given, "items"),
        .id_prefix = options_text(given, "idPrefix"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", list.attributes);
    tf_task *items = options_alloc(list.count, sizeof *items);
    for (size_t i = 0; i < list.count; i++) {
        items[i] = read_task(options_item(given, "items", i));
    }
    list.items = items;
    tf_govuk_task_list(html, &list);
}

int main(void) {
    static const fixture_component components[] = {
        {"tag", write_tag},
        {"warning-text", write_warning_text},
        {"phase-banner", write_phase_banner},
        {"panel", write_panel},
        {"task-list", write_task_list},
    };
    return RUN_FIXTURES(components);
}
