/* The frame that every page stands in: head, skip link, masthead, service navigation, main
 * element and footer.
 *
 *     tf_document_begin(html, &(tf_document){.title = "Areas", .current_section = "/areas", ...});
 *     ... one h1, and what the page says ...
 *     tf_document_end(html);
 *
 * Nothing of it is inline script or style: what GOV.UK's own template does in a script element of
 * the body (naming the classes that say a script runs) is the duty of the first of `scripts`.
 * The one h1 is the page's own duty.  A zeroed member is left out unless its comment says
 * otherwise. */
#ifndef WEB_HTML_DOCUMENT_H
#define WEB_HTML_DOCUMENT_H

#include "web/html/links.h"
#include "web/html/site_footer.h"

/* The same content in another form, which programs that read the page may find. */
typedef struct tf_document_alternate {
    const char *href;
    const char *type;  /* "text/csv" */
    const char *title; /* "These figures as CSV" */
} tf_document_alternate;

typedef struct tf_document {
    const char *title;        /* of the page; the service's name and ours follow in the window's */
    bool is_error;            /* "Error: " stands before the title */
    const char *service_name; /* beside the sections, as a link to the overview */
    const char *language;     /* "en" */
    const char *description;
    const char *canonical;       /* the address under which this page is to be known */
    const char *current_section; /* the address of the section it belongs to: "/areas" */
    const char *icon;            /* of the window; an SVG */
    const char *const *styles;   /* addresses of style sheets */
    size_t style_count;
    const char *const *scripts; /* addresses of modules, which run when the page has been read */
    size_t script_count;
    const tf_document_alternate *alternates;
    size_t alternate_count;
    const char *phase; /* "Beta" */
    tf_content phase_text;
    const tf_site_link *own_sections; /* behind those that everybody sees */
    size_t own_section_count;
    const char *visitor;        /* the name of whoever has signed in, with a way to their account */
    const char *form_token;     /* of the form to sign them out with */
    bool has_sign_in;           /* nobody has, but somebody may */
    tf_breadcrumbs breadcrumbs; /* or, with an href: */
    tf_back_link back_link;

    /* A service for people who want nothing else of the site, in a language of its own: without
     * sections and account.  It ends with tf_document_end_alone. */
    bool stands_alone;
    const char *service_url;   /* "/" */
    const char *service_label; /* what a screen reader says of its name: "Service information" */
    const char *skip_text;     /* "Skip to main content" */
    tf_content after_skip;     /* more of what the keyboard reaches first */
    tf_content before_main;    /* above the back link */
} tf_document;

/* Everything before what the page says, which then stands in main.  Nothing is kept after the
 * call; threads may write into buffers of their own.  O(what is written). */
void tf_document_begin(tf_html *html, const tf_document *document);

/* Everything after it.  Every element that the page opened is closed by now. */
void tf_document_end(tf_html *html);
void tf_document_end_alone(tf_html *html, const tf_site_footer *footer);

#endif
