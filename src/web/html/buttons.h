/* GOV.UK component: button. */
#ifndef WEB_HTML_BUTTONS_H
#define WEB_HTML_BUTTONS_H

#include "web/html/component.h"

/* A button of a form, or, with an address, a link that looks like one. */
typedef struct tf_button {
    tf_content content;
    const char *href;
    const char *type; /* "submit" */
    const char *name;
    const char *value;
    const char *id;
    const char *classes; /* "govuk-button--secondary" */
    tf_attributes attributes;
    tf_answer prevents_double_click;
    bool is_disabled;
    bool is_start; /* with the arrow of a page that begins a service */
} tf_button;

void tf_govuk_button(tf_html *html, const tf_button *button);

#endif
