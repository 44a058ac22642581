/* The footer of every page: links and licence lines.
 *
 * It stands in for the Design System's own, which draws the crown and names crown copyright:
 * both are reserved for GOV.UK.  Its looks are Trefoil's too (app-footer). */
#ifndef WEB_HTML_SITE_FOOTER_H
#define WEB_HTML_SITE_FOOTER_H

#include "web/html/component.h"

typedef struct tf_site_link {
    const char *href;
    const char *text;
} tf_site_link;

typedef struct tf_site_footer {
    const char *title; /* of the links, for screen readers: "About this service" */
    const tf_site_link *links;
    size_t count;
    const char *attribution;  /* of the licence: "Contains public sector information ... the" */
    const char *licence_name; /* follows the attribution, as a link */
    const char *licence_href;
} tf_site_footer;

/* A footer element.  Nothing is kept after the call; threads may write into buffers of their
 * own.  O(what is written). */
void tf_site_footer_write(tf_html *html, const tf_site_footer *footer);

#endif
