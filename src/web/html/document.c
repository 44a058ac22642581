#include "web/html/document.h"

#include "component_internal.h"
#include "web/html/furniture.h"
#include "web/html/navigation.h"
#include "web/html/notices.h"
#include "web/html/site_footer.h"

static const char program_name[] = "Trefoil";
static const char masthead_colour[] = "#1d5c46";

static const tf_site_link sections[] = {
    {"/", "Overview"},       {"/profile", "Profile"}, {"/areas", "Areas"}, {"/compare", "Compare"},
    {"/sources", "Sources"}, {"/methods", "Methods"}, {"/api", "API"},
};
/* Whoever has signed in has sections of their own; the last three are in the footer as well. */
enum {
    SECTION_COUNT = sizeof sections / sizeof *sections,
    SECTION_COUNT_SIGNED_IN = SECTION_COUNT - 3,
    MOST_OWN_SECTIONS = 8
};

static const tf_site_link footer_links[] = {
    {"/methods", "Methods"}, {"/accessibility", "Accessibility"},  {"/sources", "Sources"},
    {"/api", "API"},         {"/assets/licences.txt", "Licences"},
};

/* ---- head ---- */

static void write_meta(tf_html *html, const char *name, const char *content) {
    if (is_given(content)) {
        tf_html_open(html, "meta");
        tf_html_attribute(html, "name", name);
        tf_html_attribute(html, "content", content);
        tf_html_close(html, "meta");
    }
}

static void write_link(tf_html *html, const char *rel, const char *type, const char *title,
                       const char *href) {
    if (is_given(href)) {
        tf_html_open(html, "link");
        tf_html_attribute(html, "rel", rel);
        tf_html_attribute(html, "type", given(type));
        tf_html_attribute(html, "title", given(title));
        tf_html_attribute(html, "href", href);
        tf_html_close(html, "link");
    }
}

static void write_title(tf_html *html, const tf_document *document) {
    const char *parts[] = {document->title, document->service_name, program_name};
    bool has_begun = false;
    tf_html_open(html, "title");
    tf_html_text(html, document->is_error ? "Error: " : NULL);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        /* The first page of a service may have its name. */
        bool is_said =
            i > 0 && is_given(parts[0]) && is_given(parts[i]) && strcmp(parts[i], parts[0]) == 0;
        if (is_given(parts[i]) && !is_said) {
            tf_html_text(html, has_begun ? " \xE2\x80\x93 " : NULL);
            tf_html_text(html, parts[i]);
            has_begun = true;
        }
    }
    tf_html_close(html, "title");
}

static void write_head(tf_html *html, const tf_document *document) {
    tf_html_open(html, "head");
    tf_html_open(html, "meta");
    tf_html_attribute(html, "charset", "utf-8");
    tf_html_close(html, "meta");
    write_title(html, document);
    write_meta(html, "viewport", "width=device-width, initial-scale=1, viewport-fit=cover");
    write_meta(html, "theme-color", masthead_colour);
    write_meta(html, "description", document->description);
    write_link(html, "canonical", NULL, NULL, document->canonical);
    write_link(html, "icon", "image/svg+xml", NULL, document->icon);
    for (size_t i = 0; i < document->style_count; i++) {
        write_link(html, "stylesheet", NULL, NULL, document->styles[i]);
    }
    for (size_t i = 0; i < document->script_count; i++) {
        tf_html_open(html, "script");
        tf_html_attribute(html, "type", "module");
        tf_html_attribute(html, "src", document->scripts[i]);
        tf_html_close(html, "script");
    }
    for (size_t i = 0; i < document->alternate_count; i++) {
        const tf_document_alternate *alternate = &document->alternates[i];
        write_link(html, "alternate", alternate->type, alternate->title, alternate->href);
    }
    tf_html_close(html, "head");
}

/* ---- masthead and navigation ---- */

static void write_leaf(tf_html *html, const char *x, const char *y) {
    tf_html_open(html, "circle");
    tf_html_attribute(html, "cx", x);
    tf_html_attribute(html, "cy", y);
    tf_html_attribute(html, "r", "7");
    tf_html_close(html, "circle");
}

/* A stem and three leaves, and the name beside them. */
static void write_logo(tf_html *html, const void *data) {
    (void)data;
    tf_html_open(html, "svg");
    tf_html_attribute(html, "class", "app-masthead__mark");
    tf_html_attribute(html, "xmlns", "http://www.w3.org/2000/svg");
    tf_html_attribute(html, "viewBox", "0 0 32 32");
    tf_html_attribute(html, "width", "32");
    tf_html_attribute(html, "height", "32");
    tf_html_attribute(html, "fill", "currentColor");
    tf_html_attribute(html, "aria-hidden", "true");
    tf_html_attribute(html, "focusable", "false");
    tf_html_open(html, "path");
    tf_html_attribute(html, "d", "M16 17c1 5 2 9 5 13");
    tf_html_attribute(html, "fill", "none");
    tf_html_attribute(html, "stroke", "currentColor");
    tf_html_attribute(html, "stroke-width", "2.6");
    tf_html_attribute(html, "stroke-linecap", "round");
    tf_html_close(html, "path");
    write_leaf(html, "16", "8");
    write_leaf(html, "8.5", "18");
    write_leaf(html, "23.5", "18");
    tf_html_close(html, "svg");
    tf_html_element(html, "span", NULL, program_name);
}

static tf_service_navigation_item item_of(const tf_document *document, const tf_site_link *link) {
    bool is_active =
        document->current_section && strcmp(document->current_section, link->href) == 0;
    return (tf_service_navigation_item){
        .href = link->href,
        .content.text = link->text,
        .is_active = is_active,
        .is_current =
            is_active && document->canonical && strcmp(document->canonical, link->href) == 0,
    };
}

static void write_navigation(tf_html *html, const tf_document *document) {
    tf_service_navigation_item items[SECTION_COUNT + MOST_OWN_SECTIONS] = {{0}};
    size_t count = 0;
    size_t general = is_given(document->visitor) ? SECTION_COUNT_SIGNED_IN : SECTION_COUNT;
    for (size_t i = 0; i < general && !document->stands_alone; i++) {
        items[count++] = item_of(document, &sections[i]);
    }
    for (size_t i = 0; i < document->own_section_count && i < MOST_OWN_SECTIONS; i++) {
        items[count++] = item_of(document, &document->own_sections[i]);
    }
    tf_govuk_service_navigation(html, &(tf_service_navigation){
                                          .service_name = document->service_name,
                                          .service_url = text_or(document->service_url, "/"),
                                          .aria_label = document->service_label,
                                          .items = items,
                                          .count = count,
                                      });
}

static void write_account_link(tf_html *html, const char *href, const char *text) {
    tf_html_open(html, "a");
    tf_html_attribute(html, "class", "app-account__link");
    tf_html_attribute(html, "href", href);
    tf_html_text(html, text);
    tf_html_close(html, "a");
}

/* Signing out changes something, so that it is a form and no link. */
static void write_sign_out(tf_html *html, const char *token) {
    tf_html_open(html, "form");
    tf_html_attribute(html, "class", "app-account__form");
    tf_html_attribute(html, "action", "/sign-out");
    tf_html_attribute(html, "method", "post");
    tf_html_open(html, "input");
    tf_html_attribute(html, "type", "hidden");
    tf_html_attribute(html, "name", "form-token");
    tf_html_attribute(html, "value", token);
    tf_html_close(html, "input");
    tf_html_open(html, "button");
    tf_html_attribute(html, "type", "submit");
    tf_html_attribute(html, "class", "app-account__link");
    tf_html_text(html, "Sign out");
    tf_html_close(html, "button");
    tf_html_close(html, "form");
}

static void write_account(tf_html *html, const tf_document *document) {
    if (document->stands_alone || (!is_given(document->visitor) && !document->has_sign_in)) {
        return;
    }
    tf_html_open(html, "nav");
    tf_html_attribute(html, "class", "app-account");
    tf_html_attribute(html, "aria-label", "Account");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-width-container app-account__row");
    if (is_given(document->visitor)) {
        write_account_link(html, "/account", document->visitor);
        write_sign_out(html, given(document->form_token));
    } else {
        write_account_link(html, "/sign-in", "Sign in");
    }
    tf_html_close(html, "div");
    tf_html_close(html, "nav");
}

static void write_header(tf_html *html, const tf_document *document) {
    tf_html_open(html, "header");
    tf_html_attribute(html, "class", "govuk-template__header");
    tf_govuk_generic_header(html, &(tf_generic_header){
                                      .logo.write = write_logo,
                                      .classes = "app-masthead",
                                  });
    write_account(html, document);
    write_navigation(html, document);
    if (is_given(document->phase)) {
        tf_govuk_phase_banner(html, &(tf_phase_banner){
                                        .tag.content.text = document->phase,
                                        .content = document->phase_text,
                                    });
    }
    tf_html_close(html, "header");
}

/* ---- the frame ---- */

void tf_document_begin(tf_html *html, const tf_document *document) {
    tf_html_doctype(html);
    tf_html_open(html, "html");
    tf_html_attribute(html, "lang", text_or(document->language, "en"));
    tf_html_attribute(html, "class", "govuk-template");
    write_head(html, document);
    tf_html_open(html, "body");
    tf_html_attribute(html, "class", "govuk-template__body");
    tf_govuk_skip_link(html,
                       &(tf_skip_link){
                           .content.text = text_or(document->skip_text, "Skip to main content"),
                           .href = "#main-content",
                       });
    tf_html_content(html, document->after_skip);
    write_header(html, document);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-width-container");
    tf_html_content(html, document->before_main);
    if (document->breadcrumbs.count > 0) {
        tf_govuk_breadcrumbs(html, &document->breadcrumbs);
    } else if (is_given(document->back_link.href)) {
        tf_govuk_back_link(html, &document->back_link);
    }
    tf_html_open(html, "main");
    tf_html_attribute(html, "class", "govuk-main-wrapper");
    tf_html_attribute(html, "id", "main-content");
}

void tf_document_end_alone(tf_html *html, const tf_site_footer *footer) {
    tf_html_close(html, "main");
    tf_html_close(html, "div");
    tf_site_footer_write(html, footer);
    tf_html_close(html, "body");
    tf_html_close(html, "html");
}

void tf_document_end(tf_html *html) {
    tf_document_end_alone(
        html, &(tf_site_footer){
                  .links = footer_links,
                  .count = sizeof footer_links / sizeof *footer_links,
                  .attribution = "Contains public sector information licensed under the",
                  .licence_name = "Open Government Licence v3.0",
                  .licence_href = "https://www.nationalarchives.gov.uk/doc/"
                                  "open-government-licence/version/3/",
              });
}
