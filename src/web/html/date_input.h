/* GOV.UK component: date input. */
#ifndef WEB_HTML_DATE_INPUT_H
#define WEB_HTML_DATE_INPUT_H

#include "web/html/form_parts.h"

/* One of the boxes of a date. */
typedef struct tf_date_part {
    const char *value;
    const char *name;  /* "day", "month" or "year" */
    const char *label; /* the name, with a capital */
    const char *id;    /* the date's id, a hyphen, the name */
    const char *autocomplete;
    const char *inputmode; /* "numeric" */
    const char *pattern;
    const char *classes;
    tf_attributes attributes;
    tf_answer has_error; /* left unsaid of all, an error message is about each of them */
    bool is_left_out;
} tf_date_part;

typedef struct tf_date_input {
    const char *id;
    const char *name_prefix; /* the boxes' names are it, a hyphen, and their own */
    tf_date_part day, month, year;
    const tf_fieldset *fieldset; /* NULL for a date without; its content is not used */
    tf_hint hint;
    tf_error_message error_message;
    tf_form_group form_group;
    const char *classes;
    tf_attributes attributes;
} tf_date_input;

void tf_govuk_date_input(tf_html *html, const tf_date_input *date);

#endif
