#include "web/html/navigation.h"

#include "component_internal.h"

/* ---- service navigation ---- */

static bool is_item(const tf_service_navigation_item *item) {
    return is_given(item->href) || !tf_content_is_empty(item->content);
}

static size_t count_items(const tf_service_navigation *navigation) {
    size_t count = 0;
    for (size_t i = 0; i < navigation->count; i++) {
        count += is_item(&navigation->items[i]);
    }
    return count;
}

static void write_item(tf_html *html, const tf_service_navigation_item *item) {
    bool is_link = is_given(item->href);
    bool is_active = item->is_current || item->is_active;
    const char *name = is_link ? "a" : "span";
    open_with_class(html, "li", "govuk-service-navigation__item",
                    is_active ? "govuk-service-navigation__item--active" : NULL);
    tf_html_open(html, name);
    tf_html_attribute(html, "class",
                      is_link ? "govuk-service-navigation__link"
                              : "govuk-service-navigation__text");
    tf_html_attribute(html, "href", is_link ? item->href : NULL);
    if (is_active) {
        tf_html_attribute(html, "aria-current", item->is_current ? "page" : "true");
    }
    if (is_link) {
        write_attributes(html, item->attributes);
    }
    /* Seen even where a reader's own colours hide the line that marks the item. */
    if (is_active) {
        tf_html_open(html, "strong");
        tf_html_attribute(html, "class", "govuk-service-navigation__active-fallback");
    }
    tf_html_content(html, item->content);
    if (is_active) {
        tf_html_close(html, "strong");
    }
    tf_html_close(html, name);
    tf_html_close(html, "li");
}

static void write_menu_button(tf_html *html, const tf_service_navigation *navigation,
                              const char *text, const char *id) {
    const char *label = navigation->menu_button_label;
    tf_html_open(html, "button");
    tf_html_attribute(html, "type", "button");
    tf_html_attribute(html, "class",
                      "govuk-service-navigation__toggle govuk-js-service-navigation-toggle");
    tf_html_attribute(html, "aria-controls", id);
    if (is_given(label) && strcmp(label, text) != 0) {
        tf_html_attribute(html, "aria-label", label);
    }
    /* The script shows it; without one it would do nothing. */
    tf_html_flag(html, "hidden", true);
    tf_html_attribute(html, "aria-hidden", "true");
    tf_html_text(html, text);
    tf_html_close(html, "button");
}

static void write_items(tf_html *html, const tf_service_navigation *navigation, size_t count) {
    const char *button_text = text_or(navigation->menu_button_text, "Menu");
    const char *id = text_or(navigation->navigation_id, "navigation");
    bool collapses = navigation->collapse_on_mobile == TF_UNSAID
                         ? count > 1
                         : navigation->collapse_on_mobile == TF_YES;
    open_with_class(html, "nav", "govuk-service-navigation__wrapper",
                    navigation->navigation_classes);
    tf_html_attribute(html, "aria-label", text_or(navigation->navigation_label, button_text));
    if (collapses) {
        write_menu_button(html, navigation, button_text, id);
    }
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-service-navigation__list");
    tf_html_attribute(html, "id", id);
    tf_html_content(html, navigation->navigation_start);
    for (size_t i = 0; i < navigation->count; i++) {
        if (is_item(&navigation->items[i])) {
            write_item(html, &navigation->items[i]);
        }
    }
    tf_html_content(html, navigation->navigation_end);
    tf_html_close(html, "ul");
    tf_html_close(html, "nav");
}

static void write_service_name(tf_html *html, const tf_service_navigation *navigation) {
    bool is_link = is_given(navigation->service_url);
    const char *name = is_link ? "a" : "span";
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-service-navigation__service-name");
    tf_html_open(html, name);
    tf_html_attribute(html, "href", is_link ? navigation->service_url : NULL);
    tf_html_attribute(html, "class",
                      is_link ? "govuk-service-navigation__link"
                              : "govuk-service-navigation__text");
    tf_html_text(html, navigation->service_name);
    tf_html_close(html, name);
    tf_html_close(html, "span");
}

void tf_govuk_service_navigation(tf_html *html, const tf_service_navigation *navigation) {
    bool has_name = is_given(navigation->service_name);
    bool has_end = !tf_content_is_empty(navigation->end);
    /* With more in it than a nav element it is a landmark of its own. */
    bool is_region = has_name || has_end || !tf_content_is_empty(navigation->start);
    const char *name = is_region ? "section" : "div";
    size_t count = count_items(navigation);
    open_with_class(html, name, "govuk-service-navigation", navigation->classes);
    tf_html_attribute(html, "aria-label",
                      is_region ? text_or(navigation->aria_label, "Service information") : NULL);
    tf_html_attribute(html, "data-module", "govuk-service-navigation");
    write_attributes(html, navigation->attributes);
    open_with_class(html, "div", "govuk-width-container",
                    navigation->end_is_inline ? "govuk-service-navigation__inlining-container"
                                              : NULL);
    tf_html_content(html, navigation->start);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-service-navigation__container");
    if (has_name) {
        write_service_name(html, navigation);
    }
    if (count > 0 || !tf_content_is_empty(navigation->navigation_start) ||
        !tf_content_is_empty(navigation->navigation_end)) {
        write_items(html, navigation, count);
    }
    tf_html_close(html, "div");
    tf_html_content(html, navigation->end);
    tf_html_close(html, "div");
    tf_html_close(html, name);
}

/* ---- pagination ---- */

static void write_arrow(tf_html *html, bool is_next) {
    tf_html_open(html, "svg");
    tf_html_attribute(html, "class",
                      is_next ? "govuk-pagination__icon govuk-pagination__icon--next"
                              : "govuk-pagination__icon govuk-pagination__icon--prev");
    tf_html_attribute(html, "xmlns", "http://www.w3.org/2000/svg");
    tf_html_attribute(html, "height", "13");
    tf_html_attribute(html, "width", "15");
    tf_html_attribute(html, "aria-hidden", "true");
    tf_html_attribute(html, "focusable", "false");
    tf_html_attribute(html, "viewBox", "0 0 15 13");
    tf_html_open(html, "path");
    tf_html_attribute(
        html, "d",
        is_next ? "m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 "
                  "1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"
                : "m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v"
                  "-2h-12.984l4.2931-4.293-1.414-1.414z");
    tf_html_close(html, "path");
    tf_html_close(html, "svg");
}

static void write_neighbour(tf_html *html, const tf_pagination_link *link, bool is_next,
                            bool is_block) {
    bool has_label = is_given(link->label);
    bool is_decorated = is_block && !has_label;
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", is_next ? "govuk-pagination__next" : "govuk-pagination__prev");
    tf_html_open(html, "a");
    tf_html_attribute(html, "class", "govuk-link govuk-pagination__link");
    tf_html_attribute(html, "href", link->href);
    tf_html_attribute(html, "rel", is_next ? "next" : "prev");
    write_attributes(html, link->attributes);
    if (is_block || !is_next) {
        write_arrow(html, is_next);
    }
    open_with_class(html, "span", "govuk-pagination__link-title",
                    is_decorated ? "govuk-pagination__link-title--decorated" : NULL);
    if (tf_content_is_empty(link->content)) {
        tf_html_text(html, is_next ? "Next" : "Previous");
        tf_html_element(html, "span", "govuk-visually-hidden", " page");
    } else {
        tf_html_content(html, link->content);
    }
    tf_html_close(html, "span");
    if (has_label && is_block) {
        tf_html_text(html, " ");
        tf_html_element(html, "span", "govuk-visually-hidden", ":");
        tf_html_text(html, " ");
        tf_html_element(html, "span", "govuk-pagination__link-label", link->label);
    }
    if (!is_block && is_next) {
        write_arrow(html, is_next);
    }
    tf_html_close(html, "a");
    tf_html_close(html, "div");
}

static void write_page(tf_html *html, const tf_pagination_item *item) {
    open_with_class(html, "li", "govuk-pagination__item",
                    item->is_current    ? "govuk-pagination__item--current"
                    : item->is_ellipsis ? "govuk-pagination__item--ellipsis"
                                        : NULL);
    if (item->is_ellipsis) {
        tf_html_text(html, "\xE2\x8B\xAF"); /* U+22EF, three dots in the middle of the line */
    } else {
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", "govuk-link govuk-pagination__link");
        tf_html_attribute(html, "href", text_or(item->href, ""));
        if (item->visually_hidden_text) {
            tf_html_attribute(html, "aria-label", item->visually_hidden_text);
        } else {
            tf_html_attribute_format(html, "aria-label", "Page %s", item->number);
        }
        tf_html_attribute(html, "aria-current", item->is_current ? "page" : NULL);
        write_attributes(html, item->attributes);
        tf_html_text(html, item->number);
        tf_html_close(html, "a");
    }
    tf_html_close(html, "li");
}

void tf_govuk_pagination(tf_html *html, const tf_pagination *pagination) {
    bool has_previous = is_given(pagination->previous.href);
    bool has_next = is_given(pagination->next.href);
    bool is_block = !pagination->items && (has_previous || has_next);
    open_with_class(html, "nav",
                    is_block ? "govuk-pagination govuk-pagination--block" : "govuk-pagination",
                    pagination->classes);
    tf_html_attribute(html, "aria-label", text_or(pagination->landmark_label, "Pagination"));
    write_attributes(html, pagination->attributes);
    if (has_previous) {
        write_neighbour(html, &pagination->previous, false, is_block);
    }
    if (pagination->items) {
        tf_html_open(html, "ul");
        tf_html_attribute(html, "class", "govuk-pagination__list");
        for (size_t i = 0; i < pagination->count; i++) {
            const tf_pagination_item *item = &pagination->items[i];
            if (item->is_ellipsis || item->number) {
                write_page(html, item);
            }
        }
        tf_html_close(html, "ul");
    }
    if (has_next) {
        write_neighbour(html, &pagination->next, true, is_block);
    }
    tf_html_close(html, "nav");
}

/* ---- language navigation ---- */

static void write_language(tf_html *html, const tf_language_link *language) {
    bool is_link = !language->is_current && is_given(language->href);
    const char *name = is_link ? "a" : "span";
    tf_html_open(html, "li");
    tf_html_attribute(html, "class", "govuk-language-navigation__list-item");
    open_with_class(html, name,
                    is_link ? "govuk-language-navigation__link" : "govuk-language-navigation__text",
                    language->classes);
    if (is_link) {
        tf_html_attribute(html, "href", language->href);
        tf_html_attribute(html, "rel", "alternate");
        tf_html_attribute(html, "hreflang",
                          language->href_lang ? language->href_lang : language->lang);
    } else {
        tf_html_attribute(html, "aria-current", "true");
    }
    tf_html_attribute(html, "lang", language->lang);
    tf_html_attribute(html, "dir", language->dir);
    write_attributes(html, language->attributes);
    tf_html_content(html, language->content);
    if (is_link && is_given(language->description)) {
        tf_html_open(html, "span");
        tf_html_attribute(html, "class", "govuk-visually-hidden");
        tf_html_text(html, " ");
        tf_html_text(html, language->description);
        tf_html_close(html, "span");
    }
    tf_html_close(html, name);
    tf_html_close(html, "li");
}

void tf_govuk_language_navigation(tf_html *html, const tf_language_navigation *navigation) {
    open_with_class(html, "nav", "govuk-language-navigation", navigation->classes);
    tf_html_attribute(html, "aria-label", text_or(navigation->aria_label, "Language"));
    write_attributes(html, navigation->attributes);
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-language-navigation__list");
    for (size_t i = 0; i < navigation->count; i++) {
        write_language(html, &navigation->items[i]);
    }
    tf_html_close(html, "ul");
    tf_html_close(html, "nav");
}

/* ---- skip link ---- */

void tf_govuk_skip_link(tf_html *html, const tf_skip_link *link) {
    open_with_class(html, "a", "govuk-skip-link", link->classes);
    tf_html_attribute(html, "href", text_or(link->href, "#content"));
    write_attributes(html, link->attributes);
    tf_html_attribute(html, "data-module", "govuk-skip-link");
    tf_html_content(html, link->content);
    tf_html_close(html, "a");
}
