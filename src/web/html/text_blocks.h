/* GOV.UK components that set text apart: details and inset text. */
#ifndef WEB_HTML_TEXT_BLOCKS_H
#define WEB_HTML_TEXT_BLOCKS_H

#include "web/html/component.h"

/* A text that is shown when its summary is clicked. */
typedef struct tf_details {
    tf_content summary;
    tf_content content;
    const char *id;
    const char *classes;
    tf_attributes attributes;
    bool is_open;
} tf_details;

void tf_govuk_details(tf_html *html, const tf_details *details);

typedef struct tf_inset_text {
    tf_content content;
    const char *id;
    const char *classes;
    tf_attributes attributes;
} tf_inset_text;

void tf_govuk_inset_text(tf_html *html, const tf_inset_text *inset);

#endif
