/* GOV.UK components to choose with: radios, checkboxes and select. */
#ifndef WEB_HTML_CHOICES_H
#define WEB_HTML_CHOICES_H

#include "web/html/form_parts.h"

/* A radio button or a checkbox, or a divider between two.  A zeroed one is left out. */
typedef struct tf_choice {
    tf_content content;
    const char *value;
    const char *id;   /* that of the first is the list's, the others' end with their number */
    const char *name; /* of a checkbox that has not the list's */
    tf_hint hint;
    tf_content conditional; /* shown while it is checked */
    const char *divider;    /* "or": no choice at all */
    const char *label_classes;
    tf_attributes label_attributes;
    tf_attributes attributes;
    tf_answer is_checked; /* left unsaid, as the list's value says */
    bool is_disabled;
    bool is_exclusive; /* a checkbox that unchecks the others */
} tf_choice;

typedef struct tf_choices {
    const char *name;
    const char *id_prefix; /* the name */
    const tf_choice *items;
    size_t count;
    const char *value;         /* of the radio button that is checked */
    const char *const *values; /* of the checkboxes that are checked */
    size_t value_count;
    const tf_fieldset *fieldset; /* NULL for a list without; its content is not used */
    tf_hint hint;
    tf_error_message error_message;
    const char *described_by; /* of checkboxes without a fieldset */
    tf_form_group form_group;
    const char *classes; /* "govuk-radios--inline" */
    tf_attributes attributes;
} tf_choices;

typedef tf_choices tf_radios;
typedef tf_choices tf_checkboxes;

void tf_govuk_radios(tf_html *html, const tf_radios *radios);
void tf_govuk_checkboxes(tf_html *html, const tf_checkboxes *checkboxes);

/* An option of a select.  A zeroed one is left out. */
typedef struct tf_select_item {
    const char *text;
    const char *value; /* "" is a value; NULL: the text is the value */
    tf_attributes attributes;
    tf_answer is_selected; /* left unsaid, as the select's value says */
    bool is_disabled;
} tf_select_item;

typedef struct tf_select {
    const char *name;
    const char *id; /* the name */
    const tf_select_item *items;
    size_t count;
    const char *value; /* of the item that is selected */
    tf_label label;
    tf_hint hint;
    tf_error_message error_message;
    const char *described_by;
    tf_form_group form_group;
    const char *classes;
    tf_attributes attributes;
    bool is_disabled;
} tf_select;

void tf_govuk_select(tf_html *html, const tf_select *select);

#endif
