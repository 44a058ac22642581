/* GOV.UK components that lead back: back link and breadcrumbs. */
#ifndef WEB_HTML_LINKS_H
#define WEB_HTML_LINKS_H

#include "web/html/component.h"

typedef struct tf_back_link {
    tf_content content; /* "Back" */
    const char *href;   /* "#" */
    const char *classes;
    tf_attributes attributes;
} tf_back_link;

void tf_govuk_back_link(tf_html *html, const tf_back_link *link);

typedef struct tf_breadcrumb {
    tf_content content;
    const char *href; /* none: the page itself */
    tf_attributes attributes;
} tf_breadcrumb;

typedef struct tf_breadcrumbs {
    const tf_breadcrumb *items;
    size_t count;
    const char *label; /* for screen readers: "Breadcrumb" */
    const char *classes;
    tf_attributes attributes;
    bool collapses_on_mobile; /* to the first and the last */
} tf_breadcrumbs;

void tf_govuk_breadcrumbs(tf_html *html, const tf_breadcrumbs *breadcrumbs);

#endif
