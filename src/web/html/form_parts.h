/* GOV.UK components that forms are put together from: label, hint, error message, fieldset; and the
 * form group that each control stands in.
 *
 * A control writes its own label, hint and error message: it gives them their ids and refers to
 * them, so that `for_id` and `id` are for those that stand alone.  A hint or an error message
 * without content is not there. */
#ifndef WEB_HTML_FORM_PARTS_H
#define WEB_HTML_FORM_PARTS_H

#include "web/html/component.h"

typedef struct tf_label {
    tf_content content; /* without any, no label is written */
    const char *for_id;
    const char *classes; /* "govuk-label--l" */
    tf_attributes attributes;
    bool is_page_heading;
} tf_label;

void tf_govuk_label(tf_html *html, const tf_label *label);

typedef struct tf_hint {
    tf_content content;
    const char *id;
    const char *classes;
    tf_attributes attributes;
} tf_hint;

void tf_govuk_hint(tf_html *html, const tf_hint *hint);

typedef struct tf_error_message {
    tf_content content;
    const char *hidden_text; /* said before it; NULL is "Error", "" is nothing */
    const char *id;
    const char *classes;
    tf_attributes attributes;
} tf_error_message;

void tf_govuk_error_message(tf_html *html, const tf_error_message *message);

typedef struct tf_legend {
    tf_content content;
    const char *classes; /* "govuk-fieldset__legend--l" */
    bool is_page_heading;
} tf_legend;

typedef struct tf_fieldset {
    tf_legend legend;
    tf_content content; /* of one that stands alone */
    const char *described_by;
    const char *role;
    const char *classes;
    tf_attributes attributes;
} tf_fieldset;

void tf_govuk_fieldset(tf_html *html, const tf_fieldset *fieldset);

/* What is around a control, as a member of its struct. */
typedef struct tf_form_group {
    tf_content before_input;
    tf_content after_input;
    const char *classes;
    tf_attributes attributes;
} tf_form_group;

#endif
