/* The controls of a form's questions, one way of asking for each type. */
#include "form_internal.h"

#include "web/html/choices.h"
#include "web/html/date_input.h"
#include "web/html/text_blocks.h"
#include "web/html/text_inputs.h"
#include "web/html/textareas.h"

/* One question while it is written. */
typedef struct asking {
    tf_form_visit *own;
    const tf_question *question;
    size_t index;
    bool is_heading; /* its label is the heading of the page */
    const char *label;
} asking;

static const char *control_of(const asking *ask, const char *part) {
    return part ? tf_page_format(&ask->own->visit, "%s-%s", ask->question->name, part)
                : ask->question->name;
}

/* What was typed in a control, as a terminated text without what a page cannot show. */
static const char *typed_in(const asking *ask, const char *part) {
    tf_text typed = tf_typed_value(ask->own->typed, control_of(ask, part));
    tf_text clean = tf_form_clean(typed, true, ask->own->visit.arena);
    return clean.data ? tf_page_format(&ask->own->visit, "%.*s", TF_TEXT_ARG(clean)) : "";
}

/* What is wrong with a control; NULL: nothing. */
static const char *fault_of(const asking *ask, const char *part) {
    const char *control = control_of(ask, part);
    for (size_t i = 0; i < ask->own->check.fault_count; i++) {
        const tf_answer_fault *fault = &ask->own->check.faults[i];
        if (strcmp(fault->control, control) == 0) {
            return fault->message;
        }
    }
    return NULL;
}

/* What is wrong with any control of the question. */
static const tf_answer_fault *any_fault_of(const asking *ask) {
    for (size_t i = 0; i < ask->own->check.fault_count; i++) {
        if (ask->own->check.faults[i].question == ask->index) {
            return &ask->own->check.faults[i];
        }
    }
    return NULL;
}

static tf_error_message error_of(const asking *ask, const char *message) {
    return (tf_error_message){
        .content.text = message,
        .hidden_text = tf_form_say(ask->own, TF_WORD_ERROR),
    };
}

static tf_label label_of(const asking *ask) {
    return (tf_label){
        .content.text = ask->label,
        .classes = ask->is_heading ? "govuk-label--l" : "govuk-label--s",
        .is_page_heading = ask->is_heading,
    };
}

static tf_fieldset fieldset_of(const asking *ask) {
    return (tf_fieldset){
        .legend = {
            .content.text = ask->label,
            .classes = ask->is_heading ? "govuk-fieldset__legend--l" : "govuk-fieldset__legend--s",
            .is_page_heading = ask->is_heading,
        }};
}

static tf_hint hint_of(const asking *ask) {
    return (tf_hint){.content.text = tf_form_words(ask->own, &ask->question->hint)};
}

/* ---- one control ---- */

static void write_text(const asking *ask) {
    tf_govuk_input(&ask->own->visit.html, &(tf_input){
                                              .name = ask->question->name,
                                              .value = typed_in(ask, NULL),
                                              .label = label_of(ask),
                                              .hint = hint_of(ask),
                                              .error_message = error_of(ask, fault_of(ask, NULL)),
                                              .autocomplete = "off",
                                          });
}

static void write_number(const asking *ask) {
    tf_govuk_input(&ask->own->visit.html, &(tf_input){
                                              .name = ask->question->name,
                                              .value = typed_in(ask, NULL),
                                              .label = label_of(ask),
                                              .hint = hint_of(ask),
                                              .error_message = error_of(ask, fault_of(ask, NULL)),
                                              .autocomplete = "off",
                                              .inputmode = "numeric",
                                              .spellcheck = TF_NO,
                                              .classes = "govuk-input--width-10",
                                          });
}

static void write_long_text(const asking *ask) {
    const tf_form_visit *own = ask->own;
    tf_govuk_character_count(
        &ask->own->visit.html,
        &(tf_character_count){
            .textarea = {.name = ask->question->name,
                         .value = typed_in(ask, NULL),
                         .label = label_of(ask),
                         .hint = hint_of(ask),
                         .error_message = error_of(ask, fault_of(ask, NULL))},
            .max_length = (int)ask->question->maximum,
            .limit_text = tf_form_say(own, TF_WORD_COUNT_LIMIT),
            .characters_under_limit = {tf_form_say(own, TF_WORD_COUNT_UNDER_ONE),
                                       tf_form_say(own, TF_WORD_COUNT_UNDER)},
            .characters_over_limit = {tf_form_say(own, TF_WORD_COUNT_OVER_ONE),
                                      tf_form_say(own, TF_WORD_COUNT_OVER)},
            .characters_at_limit = tf_form_say(own, TF_WORD_COUNT_AT),
        });
}

/* ---- choices ---- */

static void write_options(const asking *ask) {
    const tf_question *question = ask->question;
    tf_choice items[TF_MOST_OPTIONS] = {{.value = NULL}};
    for (size_t i = 0; i < question->option_count; i++) {
        const tf_form_option *option = &question->options[i];
        bool is_checked = tf_typed_has(ask->own->typed, question->name, option->value);
        items[i] = (tf_choice){
            .content.text = tf_form_words(ask->own, &option->label),
            .value = option->value,
            .hint.content.text = tf_form_words(ask->own, &option->hint),
            .is_checked = is_checked ? TF_YES : TF_NO,
            .is_exclusive = option->is_exclusive,
        };
    }
    tf_fieldset fieldset = fieldset_of(ask);
    tf_choices choices = {
        .name = question->name,
        .items = items,
        .count = question->option_count,
        .fieldset = &fieldset,
        .hint = hint_of(ask),
        .error_message = error_of(ask, fault_of(ask, NULL)),
    };
    if (question->type == TF_QUESTION_SOME_OF) {
        tf_govuk_checkboxes(&ask->own->visit.html, &choices);
    } else {
        tf_govuk_radios(&ask->own->visit.html, &choices);
    }
}

static void write_yes_no(const asking *ask) {
    const tf_choice items[] = {
        {.content.text = tf_form_say(ask->own, TF_WORD_YES), .value = "yes"},
        {.content.text = tf_form_say(ask->own, TF_WORD_NO), .value = "no"},
    };
    tf_fieldset fieldset = fieldset_of(ask);
    tf_govuk_radios(&ask->own->visit.html, &(tf_choices){
                                               .name = ask->question->name,
                                               .items = items,
                                               .count = 2,
                                               .value = typed_in(ask, NULL),
                                               .fieldset = &fieldset,
                                               .hint = hint_of(ask),
                                               .error_message = error_of(ask, fault_of(ask, NULL)),
                                               .classes = "govuk-radios--inline",
                                           });
}

/* ---- dates ---- */

static tf_date_part date_part(const asking *ask, const char *part, tf_frame_word word,
                              const char *classes, const tf_answer_fault *fault) {
    /* A date that is wrong as a whole is told at its first box. */
    bool is_here = fault && (strcmp(fault->control, control_of(ask, part)) == 0 ||
                             strcmp(fault->control, control_of(ask, "day")) == 0);
    return (tf_date_part){
        .value = typed_in(ask, part),
        .name = part,
        .label = tf_form_say(ask->own, word),
        .classes = classes,
        .inputmode = strcmp(part, "month") == 0 ? "text" : "numeric",
        .has_error = is_here ? TF_YES : TF_NO,
    };
}

static void write_date(const asking *ask) {
    const tf_answer_fault *fault = any_fault_of(ask);
    tf_fieldset fieldset = fieldset_of(ask);
    tf_govuk_date_input(
        &ask->own->visit.html,
        &(tf_date_input){
            .id = ask->question->name,
            .name_prefix = ask->question->name,
            .day = date_part(ask, "day", TF_WORD_DAY, "govuk-input--width-2", fault),
            .month = date_part(ask, "month", TF_WORD_MONTH, "govuk-input--width-4", fault),
            .year = date_part(ask, "year", TF_WORD_YEAR, "govuk-input--width-4", fault),
            .fieldset = &fieldset,
            .hint = hint_of(ask),
            .error_message = error_of(ask, fault ? fault->message : NULL),
        });
}

/* ---- several inputs under one legend ---- */

static void write_part(tf_html *html, const asking *ask, const char *part, tf_frame_word label,
                       const char *type, const char *autocomplete, const char *classes) {
    tf_govuk_input(html, &(tf_input){
                             .name = control_of(ask, part),
                             .value = typed_in(ask, part),
                             .type = type,
                             .label.content.text = tf_form_say(ask->own, label),
                             .error_message = error_of(ask, fault_of(ask, part)),
                             .autocomplete = autocomplete,
                             .classes = classes,
                         });
}

static void write_group_hint(tf_html *html, const asking *ask) {
    tf_hint hint = hint_of(ask);
    hint.id = control_of(ask, "hint");
    if (!tf_content_is_empty(hint.content)) {
        tf_govuk_hint(html, &hint);
    }
}

static void write_contact_parts(tf_html *html, const void *data) {
    const asking *ask = data;
    write_group_hint(html, ask);
    write_part(html, ask, "name", TF_WORD_CONTACT_NAME, NULL, "name", NULL);
    write_part(html, ask, "telephone", TF_WORD_CONTACT_TELEPHONE, "tel", "tel",
               "govuk-input--width-20");
    write_part(html, ask, "email", TF_WORD_CONTACT_EMAIL, "email", "email", NULL);
}

/* ---- places ---- */

static void write_point(tf_html *html, const void *data) {
    const asking *ask = data;
    tf_html_element(html, "p", "govuk-body", tf_form_say(ask->own, TF_WORD_PLACE_COARSE));
    tf_form_map_write(ask->own, ask->question->name);
    write_part(html, ask, "latitude", TF_WORD_PLACE_LATITUDE, NULL, "off", "govuk-input--width-10");
    write_part(html, ask, "longitude", TF_WORD_PLACE_LONGITUDE, NULL, "off",
               "govuk-input--width-10");
    const tf_choice exact = {
        .content.text = tf_form_say(ask->own, TF_WORD_PLACE_EXACT),
        .value = "yes",
        .is_checked = *typed_in(ask, "exact") ? TF_YES : TF_NO,
    };
    tf_govuk_checkboxes(html, &(tf_choices){.name = control_of(ask, "exact"),
                                            .items = &exact,
                                            .count = 1,
                                            .classes = "govuk-checkboxes--small"});
}

/* What tells places of one name apart; NULL where nothing does. */
static const char *kind_in_words(const tf_form_visit *own, tf_place_kind kind) {
    switch (kind) {
    case TF_PLACE_TOWN:
        return tf_form_say(own, TF_WORD_PLACE_TOWN);
    case TF_PLACE_COUNCIL:
        return tf_form_say(own, TF_WORD_PLACE_COUNCIL);
    case TF_PLACE_POLICE:
        return tf_form_say(own, TF_WORD_PLACE_POLICE);
    case TF_PLACE_NEIGHBOURHOOD:
        return tf_form_say(own, TF_WORD_PLACE_NEIGHBOURHOOD);
    case TF_PLACE_OTHER:
        break;
    }
    return NULL;
}

/* The places that what was typed could be, and the way to mean none of them. */
static void write_found(tf_html *html, const asking *ask) {
    const tf_page_check *check = &ask->own->check;
    tf_choice items[TF_MOST_PLACES + 2] = {{.value = NULL}};
    size_t count = 0;
    for (size_t i = 0; i < check->place_count; i++) {
        items[count++] = (tf_choice){
            .content.text = check->places[i].name,
            .value = check->places[i].code,
            .hint.content.text = kind_in_words(ask->own, check->places[i].kind),
        };
    }
    const char *const places[] = {"what", typed_in(ask, NULL), NULL};
    items[count++] = (tf_choice){.divider = tf_form_say(ask->own, TF_WORD_PLACE_OR)};
    items[count++] = (tf_choice){
        .content.text = tf_form_say_of(ask->own, TF_WORD_PLACE_TYPED, places),
        .value = "typed",
    };
    tf_fieldset fieldset = {.legend = {.content.text = tf_form_say(ask->own, TF_WORD_PLACE_CHOOSE),
                                       .classes = "govuk-fieldset__legend--s"}};
    tf_html_open(html, "input");
    tf_html_attribute(html, "type", "hidden");
    tf_html_attribute(html, "name", control_of(ask, "found"));
    tf_html_attribute(html, "value", typed_in(ask, NULL));
    tf_html_close(html, "input");
    tf_govuk_radios(html, &(tf_choices){
                              .name = control_of(ask, "choice"),
                              .items = items,
                              .count = count,
                              .fieldset = &fieldset,
                              .error_message = error_of(ask, fault_of(ask, "choice")),
                          });
}

static void write_place_parts(tf_html *html, const void *data) {
    const asking *ask = data;
    const tf_page_check *check = &ask->own->check;
    write_group_hint(html, ask);
    tf_govuk_input(html, &(tf_input){
                             .name = ask->question->name,
                             .value = typed_in(ask, NULL),
                             .label.content.text = tf_form_say(ask->own, TF_WORD_PLACE_NAME),
                             .error_message = error_of(ask, fault_of(ask, NULL)),
                             .autocomplete = "off",
                         });
    if (check->place_count && check->place_question == ask->index) {
        write_found(html, ask);
    }
    tf_govuk_details(html, &(tf_details){
                               .summary.text = tf_form_say(ask->own, TF_WORD_PLACE_POINT),
                               .content = {.write = write_point, .data = ask},
                               .is_open = *typed_in(ask, "latitude") || fault_of(ask, "latitude"),
                           });
}

static void write_group(const asking *ask, void (*write)(tf_html *html, const void *data)) {
    tf_fieldset fieldset = fieldset_of(ask);
    fieldset.content = (tf_content){.write = write, .data = ask};
    if (tf_form_words(ask->own, &ask->question->hint)) {
        fieldset.described_by = control_of(ask, "hint");
    }
    tf_govuk_fieldset(&ask->own->visit.html, &fieldset);
}

/* ---- a question ---- */

void tf_form_question_write(tf_form_visit *own, size_t index, bool is_heading) {
    const tf_question *question = &own->form->questions[index];
    asking ask = {
        .own = own,
        .question = question,
        .index = index,
        .is_heading = is_heading,
        .label = tf_form_words(own, &question->label),
    };
    if (!question->is_required) {
        const char *const places[] = {"what", ask.label, NULL};
        ask.label = tf_form_say_of(own, TF_WORD_OPTIONAL, places);
    }
    switch (question->type) {
    case TF_QUESTION_TEXT:
        write_text(&ask);
        return;
    case TF_QUESTION_LONG_TEXT:
        write_long_text(&ask);
        return;
    case TF_QUESTION_ONE_OF:
    case TF_QUESTION_SOME_OF:
        write_options(&ask);
        return;
    case TF_QUESTION_DATE:
        write_date(&ask);
        return;
    case TF_QUESTION_YES_NO:
        write_yes_no(&ask);
        return;
    case TF_QUESTION_NUMBER:
        write_number(&ask);
        return;
    case TF_QUESTION_PLACE:
        write_group(&ask, write_place_parts);
        return;
    case TF_QUESTION_CONTACT:
        write_group(&ask, write_contact_parts);
        return;
    case TF_QUESTION_TYPE_COUNT:
        return;
    }
}
