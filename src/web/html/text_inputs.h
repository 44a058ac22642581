/* GOV.UK components for one line of text: input and password input. */
#ifndef WEB_HTML_TEXT_INPUTS_H
#define WEB_HTML_TEXT_INPUTS_H

#include "web/html/form_parts.h"

/* A unit or sign before or after the input, which screen readers pass over. */
typedef struct tf_affix {
    tf_content content; /* without any, it is not there */
    const char *classes;
    tf_attributes attributes;
} tf_affix;

typedef struct tf_input {
    const char *name;
    const char *id;    /* the name */
    const char *value; /* "" is written, NULL is not */
    const char *type;  /* "text" */
    tf_label label;
    tf_hint hint;
    tf_error_message error_message;
    const char *described_by;
    tf_affix prefix;
    tf_affix suffix;
    const char *autocomplete;
    const char *autocapitalize;
    const char *inputmode;
    const char *pattern;
    tf_form_group form_group;
    const char *wrapper_classes; /* of the element around the input and its affixes */
    tf_attributes wrapper_attributes;
    const char *classes; /* "govuk-input--width-10" */
    tf_attributes attributes;
    tf_answer spellcheck;
    bool is_disabled;
} tf_input;

void tf_govuk_input(tf_html *html, const tf_input *input);

/* A password that can be shown.  The texts are for a page that is not in English. */
typedef struct tf_password_input {
    const char *name;
    const char *id; /* the name */
    const char *value;
    tf_label label;
    tf_hint hint;
    tf_error_message error_message;
    const char *described_by;
    const char *autocomplete; /* "current-password" */
    const char *show_text;    /* "Show" */
    const char *hide_text;
    const char *show_label; /* for screen readers: "Show password" */
    const char *hide_label;
    const char *shown_announcement;
    const char *hidden_announcement;
    tf_form_group form_group;
    const char *classes;
    tf_attributes attributes;
    bool is_disabled;
} tf_password_input;

void tf_govuk_password_input(tf_html *html, const tf_password_input *input);

#endif
