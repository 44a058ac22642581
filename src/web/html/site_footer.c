#include "web/html/site_footer.h"

#include "component_internal.h"

static void write_links(tf_html *html, const tf_site_footer *footer) {
    tf_html_element(html, "h2", "govuk-visually-hidden",
                    text_or(footer->title, "About this service"));
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "app-footer__list");
    for (size_t i = 0; i < footer->count; i++) {
        tf_html_open(html, "li");
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", "govuk-link");
        tf_html_attribute(html, "href", footer->links[i].href);
        tf_html_text(html, footer->links[i].text);
        tf_html_close(html, "a");
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ul");
}

static void write_licence(tf_html *html, const tf_site_footer *footer) {
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "app-footer__text");
    tf_html_text(html, footer->attribution);
    if (is_given(footer->licence_href)) {
        tf_html_text(html, " ");
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", "govuk-link");
        tf_html_attribute(html, "href", footer->licence_href);
        tf_html_attribute(html, "rel", "license");
        tf_html_text(html, footer->licence_name);
        tf_html_close(html, "a");
        tf_html_text(html, ".");
    }
    tf_html_close(html, "p");
}

void tf_site_footer_write(tf_html *html, const tf_site_footer *footer) {
    tf_html_open(html, "footer");
    tf_html_attribute(html, "class", "app-footer");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-width-container");
    if (footer->count > 0) {
        write_links(html, footer);
    }
    if (is_given(footer->attribution)) {
        write_licence(html, footer);
    }
    tf_html_close(html, "div");
    tf_html_close(html, "footer");
}
