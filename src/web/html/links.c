#include "web/html/links.h"

#include "component_internal.h"

void tf_govuk_back_link(tf_html *html, const tf_back_link *link) {
    tf_html_open(html, "a");
    tf_html_attribute(html, "href", text_or(link->href, "#"));
    write_class(html, "govuk-back-link", link->classes);
    write_attributes(html, link->attributes);
    tf_html_content(html, content_or(link->content, "Back"));
    tf_html_close(html, "a");
}

static void write_breadcrumb(tf_html *html, const tf_breadcrumb *item) {
    tf_html_open(html, "li");
    tf_html_attribute(html, "class", "govuk-breadcrumbs__list-item");
    if (is_given(item->href)) {
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", "govuk-breadcrumbs__link");
        tf_html_attribute(html, "href", item->href);
        write_attributes(html, item->attributes);
        tf_html_content(html, item->content);
        tf_html_close(html, "a");
    } else {
        tf_html_attribute(html, "aria-current", "page");
        tf_html_content(html, item->content);
    }
    tf_html_close(html, "li");
}

void tf_govuk_breadcrumbs(tf_html *html, const tf_breadcrumbs *breadcrumbs) {
    tf_html_open(html, "nav");
    WRITE_WORDS(html, "class", "govuk-breadcrumbs", breadcrumbs->classes,
                breadcrumbs->collapses_on_mobile ? "govuk-breadcrumbs--collapse-on-mobile" : NULL);
    write_attributes(html, breadcrumbs->attributes);
    tf_html_attribute(html, "aria-label", text_or(breadcrumbs->label, "Breadcrumb"));
    tf_html_open(html, "ol");
    tf_html_attribute(html, "class", "govuk-breadcrumbs__list");
    for (size_t i = 0; i < breadcrumbs->count; i++) {
        write_breadcrumb(html, &breadcrumbs->items[i]);
    }
    tf_html_close(html, "ol");
    tf_html_close(html, "nav");
}
