/* The ways about against the fixtures of govuk-frontend. */
#include "fixtures.h"

#include "web/html/navigation.h"

#include <string.h>

static tf_service_navigation_item read_item(options given) {
    tf_service_navigation_item item = {
        .href = options_text(given, "href"),
        .content = options_content(given, "text", "html"),
        .is_current = options_flag(given, "current"),
        .is_active = options_flag(given, "active"),
    };
    options_attributes(given, "attributes", item.attributes);
    return item;
}

/* The slot at the end is markup, or an object that holds it with its place. */
static void read_slots(options given, tf_service_navigation *navigation) {
    navigation->start = options_content(given, NULL, "start");
    navigation->navigation_start = options_content(given, NULL, "navigationStart");
    navigation->navigation_end = options_content(given, NULL, "navigationEnd");
    if (options_is_object_at(given, "end")) {
        options end = options_object(given, "end");
        const char *align = options_text(end, "align");
        navigation->end = options_content(end, NULL, "html");
        navigation->end_is_inline = align && strcmp(align, "inline") == 0;
    } else {
        navigation->end = options_content(given, NULL, "end");
    }
}

static void write_service_navigation(tf_html *html, options given) {
    tf_service_navigation navigation = {
        .service_name = options_text(given, "serviceName"),
        .service_url = options_text(given, "serviceUrl"),
        .count = options_count(given, "navigation"),
        .collapse_on_mobile = options_answer(given, "collapseNavigationOnMobile"),
        .menu_button_text = options_text(given, "menuButtonText"),
        .menu_button_label = options_text(given, "menuButtonLabel"),
        .navigation_label = options_text(given, "navigationLabel"),
        .navigation_id = options_text(given, "navigationId"),
        .navigation_classes = options_text(given, "navigationClasses"),
        .aria_label = options_text(given, "ariaLabel"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", navigation.attributes);
    read_slots(options_object(given, "slots"), &navigation);
    tf_service_navigation_item *items = options_alloc(navigation.count, sizeof *items);
    for (size_t i = 0; i < navigation.count; i++) {
        items[i] = read_item(options_item(given, "navigation", i));
    }
    navigation.items = items;
    tf_govuk_service_navigation(html, &navigation);
}

static tf_pagination_link read_link(options given) {
    tf_pagination_link link = {
        .href = options_text(given, "href"),
        .content = options_content(given, "text", "html"),
        .label = options_text(given, "labelText"),
    };
    options_attributes(given, "attributes", link.attributes);
    return link;
}

static tf_pagination_item read_page(options given) {
    tf_pagination_item item = {
        .number = options_text(given, "number"),
        .href = options_text(given, "href"),
        .visually_hidden_text = options_text(given, "visuallyHiddenText"),
        .is_current = options_flag(given, "current"),
        .is_ellipsis = options_flag(given, "ellipsis"),
    };
    options_attributes(given, "attributes", item.attributes);
    return item;
}

static void write_pagination(tf_html *html, options given) {
    tf_pagination pagination = {
        .previous = read_link(options_object(given, "previous")),
        .next = read_link(options_object(given, "next")),
        .count = options_count(given, "items"),
        .landmark_label = options_text(given, "landmarkLabel"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", pagination.attributes);
    tf_pagination_item *items = options_alloc(pagination.count, sizeof *items);
    for (size_t i = 0; i < pagination.count; i++) {
        items[i] = read_page(options_item(given, "items", i));
    }
    pagination.items = options_has(given, "items") ? items : NULL;
    tf_govuk_pagination(html, &pagination);
}

static tf_language_link read_language(options given) {
    tf_language_link language = {
        .href = options_text(given, "href"),
        .content = options_content(given, "text", "html"),
        .lang = options_text(given, "lang"),
        .href_lang = options_text(given, "hrefLang"),
        .dir = options_text(given, "dir"),
        .description = options_text(given, "languageDescriptionText"),
        .is_current = options_flag(given, "current"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", language.attributes);
    return language;
}

static void write_language_navigation(tf_html *html, options given) {
    tf_language_navigation navigation = {
        .count = options_count(given, "items"),
        .aria_label = options_text(given, "ariaLabel"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", navigation.attributes);
    tf_language_link *items = options_alloc(navigation.count, sizeof *items);
    for (size_t i = 0; i < navigation.count; i++) {
        items[i] = read_language(options_item(given, "items", i));
    }
    navigation.items = items;
    tf_govuk_language_navigation(html, &navigation);
}

static void write_skip_link(tf_html *html, options given) {
    tf_skip_link link = {
        .content = options_content(given, "text", "html"),
        .href = options_text(given, "href"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", link.attributes);
    tf_govuk_skip_link(html, &link);
}

int main(void) {
    static const fixture_component components[] = {
        {"service-navigation", write_service_navigation},
        {"pagination", write_pagination},
        {"language-navigation", write_language_navigation},
        {"skip-link", write_skip_link},
    };
    return RUN_FIXTURES(components);
}
