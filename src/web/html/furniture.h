/* GOV.UK components around the content of a page: masthead, cookie banner, exit, feedback.
 *
 * The Design System's `header` and `footer` are not here: both draw the crown, which is reserved
 * for GOV.UK.  tf_generic_header and tf_site_footer (web/html/site_footer.h) take their places. */
#ifndef WEB_HTML_FURNITURE_H
#define WEB_HTML_FURNITURE_H

#include "web/html/component.h"

typedef struct tf_generic_header {
    tf_content logo;
    const char *url;               /* "/" */
    const char *container_classes; /* "govuk-width-container" */
    const char *classes;
    tf_attributes attributes;
} tf_generic_header;

void tf_govuk_generic_header(tf_html *html, const tf_generic_header *header);

/* ---- cookie banner ---- */

/* A button, or with `href` and no `type` "button" a link. */
typedef struct tf_cookie_action {
    const char *text;
    const char *type; /* "button", "submit" */
    const char *name, *value;
    const char *href;
    const char *classes;
    tf_attributes attributes;
} tf_cookie_action;

typedef struct tf_cookie_message {
    tf_content heading;
    tf_content content; /* a text becomes a paragraph */
    const tf_cookie_action *actions;
    size_t action_count;
    const char *role; /* "alert" for a message that answers a choice */
    bool is_hidden;
    const char *classes;
    tf_attributes attributes;
} tf_cookie_message;

typedef struct tf_cookie_banner {
    const tf_cookie_message *messages;
    size_t count;
    const char *aria_label; /* "Cookie banner" */
    bool is_hidden;
    const char *classes;
    tf_attributes attributes;
} tf_cookie_banner;

void tf_govuk_cookie_banner(tf_html *html, const tf_cookie_banner *banner);

/* ---- exit this page ---- */

typedef struct tf_exit_this_page {
    tf_content content;       /* "Emergency Exit this page" */
    const char *redirect_url; /* "https://www.bbc.co.uk/weather" */
    const char *activated_text, *timed_out_text;
    const char *press_two_more_times_text, *press_one_more_time_text;
    const char *id;
    const char *classes;
    tf_attributes attributes;
} tf_exit_this_page;

void tf_govuk_exit_this_page(tf_html *html, const tf_exit_this_page *exit);

/* ---- feedback ---- */

typedef struct tf_feedback {
    tf_content title;
    int heading_level;  /* 2 */
    tf_content content; /* a text becomes a paragraph */
    const char *classes;
    tf_attributes attributes;
} tf_feedback;

void tf_govuk_feedback(tf_html *html, const tf_feedback *feedback);

#endif
