/* GOV.UK components for getting about: service navigation, pagination, languages, skip link. */
#ifndef WEB_HTML_NAVIGATION_H
#define WEB_HTML_NAVIGATION_H

#include "web/html/component.h"

/* ---- service navigation: the service's name and its sections ---- */

typedef struct tf_service_navigation_item {
    const char *href;   /* NULL for text that leads nowhere */
    tf_content content; /* without it and without href the item is left out */
    bool is_current;    /* this very page */
    bool is_active;     /* the section this page is in */
    tf_attributes attributes;
} tf_service_navigation_item;

typedef struct tf_service_navigation {
    const char *service_name, *service_url;
    const tf_service_navigation_item *items;
    size_t count;
    tf_answer collapse_on_mobile;  /* by default when there is more than one item */
    const char *menu_button_text;  /* "Menu" */
    const char *menu_button_label; /* what a screen reader says for it */
    const char *navigation_label;  /* the menu button's text */
    const char *navigation_id;     /* "navigation" */
    const char *navigation_classes;
    const char *aria_label;                      /* "Service information" */
    tf_content start, end;                       /* before and after all */
    bool end_is_inline;                          /* `end` stands beside the navigation */
    tf_content navigation_start, navigation_end; /* li elements around the items */
    const char *classes;                         /* "govuk-service-navigation--inverse" */
    tf_attributes attributes;
} tf_service_navigation;

void tf_govuk_service_navigation(tf_html *html, const tf_service_navigation *navigation);

/* ---- pagination ---- */

typedef struct tf_pagination_link {
    const char *href;   /* NULL for none */
    tf_content content; /* "Previous page", "Next page" */
    const char *label;  /* what that page is about; shown when there are no numbers */
    tf_attributes attributes;
} tf_pagination_link;

typedef struct tf_pagination_item {
    const char *number; /* "12"; NULL and no ellipsis leaves the item out */
    const char *href;
    const char *visually_hidden_text; /* "Page 12" */
    bool is_current, is_ellipsis;
    tf_attributes attributes;
} tf_pagination_item;

typedef struct tf_pagination {
    tf_pagination_link previous, next;
    const tf_pagination_item *items; /* NULL for links to the neighbours alone */
    size_t count;
    const char *landmark_label; /* "Pagination" */
    const char *classes;
    tf_attributes attributes;
} tf_pagination;

void tf_govuk_pagination(tf_html *html, const tf_pagination *pagination);

/* ---- language navigation ---- */

typedef struct tf_language_link {
    const char *href; /* NULL for the current language */
    tf_content content;
    const char *lang;        /* of the link's own text */
    const char *href_lang;   /* of the page; `lang` if NULL */
    const char *dir;         /* "ltr", "rtl" */
    const char *description; /* visually hidden, in that language: "Newid yr iaith i'r Cymraeg" */
    bool is_current;
    const char *classes;
    tf_attributes attributes;
} tf_language_link;

typedef struct tf_language_navigation {
    const tf_language_link *items;
    size_t count;
    const char *aria_label; /* "Language" */
    const char *classes;    /* "govuk-language-navigation--inverse" */
    tf_attributes attributes;
} tf_language_navigation;

void tf_govuk_language_navigation(tf_html *html, const tf_language_navigation *navigation);

/* ---- skip link ---- */

typedef struct tf_skip_link {
    tf_content content;
    const char *href; /* "#content" */
    const char *classes;
    tf_attributes attributes;
} tf_skip_link;

void tf_govuk_skip_link(tf_html *html, const tf_skip_link *link);

#endif
