/* GOV.UK components for longer text: textarea and character count. */
#ifndef WEB_HTML_TEXTAREAS_H
#define WEB_HTML_TEXTAREAS_H

#include "web/html/form_parts.h"

typedef struct tf_textarea {
    const char *name;
    const char *id; /* the name */
    const char *value;
    int rows; /* 5 */
    tf_label label;
    tf_hint hint;
    tf_error_message error_message;
    const char *described_by;
    const char *autocomplete;
    tf_form_group form_group;
    const char *classes;
    tf_attributes attributes;
    tf_answer spellcheck;
    bool is_disabled;
} tf_textarea;

void tf_govuk_textarea(tf_html *html, const tf_textarea *textarea);

/* A textarea that says how much may still be written.  The texts are for a page that is not in
 * English. */
typedef struct tf_character_count {
    tf_textarea textarea;   /* its described_by, autocomplete and is_disabled are not used */
    int max_length;         /* in characters; 0: the script is told elsewhere */
    int max_words;          /* in words, and then not in characters */
    const char *count_type; /* "characters", "words" or "length"; "words" with max_words */
    int threshold_percent;  /* of the limit, from which on the count shows; 0: from the start */
    const char *message_classes;
    const char *limit_text; /* "You can enter up to %{count} characters" */
    tf_counted_text characters_under_limit, characters_over_limit;
    tf_counted_text words_under_limit, words_over_limit;
    const char *characters_at_limit, *words_at_limit;
} tf_character_count;

void tf_govuk_character_count(tf_html *html, const tf_character_count *count);

#endif
