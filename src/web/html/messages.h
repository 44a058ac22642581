/* GOV.UK components that tell what happened: error summary and notification banner. */
#ifndef WEB_HTML_MESSAGES_H
#define WEB_HTML_MESSAGES_H

#include "web/html/component.h"

typedef struct tf_error_link {
    tf_content content;
    const char *href; /* "#" and the id of the control that the error is about */
    tf_attributes attributes;
} tf_error_link;

/* What is wrong with a form, at the top of its page. */
typedef struct tf_error_summary {
    tf_content title; /* "There is a problem" */
    tf_content description;
    const tf_error_link *errors;
    size_t count;
    const char *classes;
    tf_attributes attributes;
    tf_answer disables_auto_focus;
} tf_error_summary;

void tf_govuk_error_summary(tf_html *html, const tf_error_summary *summary);

typedef struct tf_notification_banner {
    tf_content content; /* a text becomes the banner's heading line */
    tf_content title;   /* "Important", or "Success" */
    const char *title_id;
    int title_heading_level; /* 2 */
    const char *role;        /* "region", or "alert" of a success */
    const char *classes;
    tf_attributes attributes;
    tf_answer disables_auto_focus;
    bool is_success; /* what the visitor asked for has been done */
} tf_notification_banner;

void tf_govuk_notification_banner(tf_html *html, const tf_notification_banner *banner);

#endif
