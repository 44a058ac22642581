#include "page_day_internal.h"

#include "trefoil/base/date.h"
#include "web/html/date_input.h"

enum { DAY, MONTH, YEAR, BOXES };

static const char *const boxes[BOXES] = {[DAY] = "day", [MONTH] = "month", [YEAR] = "year"};

static const char *box_name(tf_visit *visit, const char *name, int box) {
    return tf_page_format(visit, "%s-%s", name, boxes[box]);
}

static tf_text sent(tf_visit *visit, const char *name, int box) {
    return tf_text_trim(tf_form_value(&visit->request->form, box_name(visit, name, box))->text);
}

/* ---- reading ---- */

static tf_status fail_missing(tf_visit *visit, const tf_day_question *question,
                              const bool is_missing[BOXES], tf_error *error) {
    const char *words = "";
    int first = BOXES;
    for (int i = 0; i < BOXES; i++) {
        if (is_missing[i]) {
            words = tf_page_format(visit, "%s%s%s", words, *words ? " and " : "a ", boxes[i]);
            first = first == BOXES ? i : first;
        }
    }
    return tf_fail(error, TF_BAD_INPUT, box_name(visit, question->name, first), 0,
                   "%s must include %s", question->subject, words);
}

tf_status tf_page_day_read(tf_visit *visit, const tf_day_question *question, int32_t none,
                           int32_t *day_out, tf_error *error) {
    bool is_missing[BOXES];
    int64_t numbers[BOXES] = {0};
    int missing = 0;
    bool is_number = true;
    for (int i = 0; i < BOXES; i++) {
        tf_text text = sent(visit, question->name, i);
        is_missing[i] = text.length == 0;
        missing += is_missing[i];
        is_number = is_number && text.length <= 4 && tf_parse_int64(text, &numbers[i]);
    }
    *day_out = none;
    const char *first = box_name(visit, question->name, DAY);
    if (missing == BOXES) {
        return question->may_be_empty
                   ? TF_OK
                   : tf_fail(error, TF_BAD_INPUT, first, 0, "enter the %s", question->subject);
    }
    if (missing) {
        return fail_missing(visit, question, is_missing, error);
    }
    if (is_number && sent(visit, question->name, YEAR).length != 4) {
        return tf_fail(error, TF_BAD_INPUT, box_name(visit, question->name, YEAR), 0,
                       "the year of the %s must include 4 numbers", question->subject);
    }
    const char *text = tf_page_format(visit, "%04lld-%02lld-%02lld", (long long)numbers[YEAR],
                                      (long long)numbers[MONTH], (long long)numbers[DAY]);
    return is_number && tf_date_parse(tf_text_of(text), day_out)
               ? TF_OK
               : tf_fail(error, TF_BAD_INPUT, first, 0, "%s must be a real date",
                         question->subject);
}

/* ---- writing ---- */

/* A date that is wrong as a whole is told at its first box. */
static tf_date_part part_of(tf_visit *visit, const char *name, int box, const char *fault) {
    bool is_here = fault && (strcmp(fault, box_name(visit, name, box)) == 0 ||
                             strcmp(fault, box_name(visit, name, DAY)) == 0);
    return (tf_date_part){.name = boxes[box],
                          .value =
                              tf_page_format(visit, "%.*s", TF_TEXT_ARG(sent(visit, name, box))),
                          .has_error = is_here ? TF_YES : TF_NO};
}

void tf_page_day_write(tf_visit *visit, const tf_day_question *question, const char *problem,
                       const char *id) {
    const char *fault = NULL;
    for (int i = 0; problem && i < BOXES; i++) {
        fault = strcmp(id, box_name(visit, question->name, i)) == 0 ? id : fault;
    }
    const tf_fieldset fieldset = {
        .legend = {.content.text = question->label, .classes = "govuk-fieldset__legend--s"}};
    tf_govuk_date_input(&visit->html, &(tf_date_input){
                                          .id = question->name,
                                          .name_prefix = question->name,
                                          .day = part_of(visit, question->name, DAY, fault),
                                          .month = part_of(visit, question->name, MONTH, fault),
                                          .year = part_of(visit, question->name, YEAR, fault),
                                          .fieldset = &fieldset,
                                          .hint.content.text = question->hint,
                                          .error_message.content.text = fault ? problem : NULL,
                                      });
}

void tf_page_day_fill(tf_visit *visit, const char *name, int32_t day) {
    const tf_form *form = &visit->request->form;
    int numbers[BOXES];
    tf_days_split(day, &numbers[YEAR], &numbers[MONTH], &numbers[DAY]);
    for (int i = 0; i < BOXES; i++) {
        const tf_value *value = tf_form_value(form, box_name(visit, name, i));
        form->values[value - form->values] = (tf_value){
            .text = tf_text_of(tf_page_format(visit, i == YEAR ? "%04d" : "%d", numbers[i])),
            .is_given = true};
    }
}
