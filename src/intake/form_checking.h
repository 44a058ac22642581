/* What was typed on one page of a form: is it an answer, and if not, what to say, worded as the
 * Design System does, in the language of the answers.
 *
 * The controls of a question are named after it; some have parts:
 *     DATE     "last-day", "last-month", "last-year"
 *     PLACE    "where", "where-latitude", "where-longitude", "where-exact" ("yes"); and once places
 *              were found, "where-found" (the name that they were found for) and "where-choice"
 *              (the code of one of them, or "typed")
 *     CONTACT  "contact-name", "contact-telephone", "contact-email"
 * Names of questions have no hyphen, so that no two controls are called the same. */
#ifndef INTAKE_FORM_CHECKING_H
#define INTAKE_FORM_CHECKING_H

#include "intake/answers.h"
#include "intake/place.h"

enum { TF_CONTROL_NAME_SIZE = 64 };

/* One control and what was typed in it; any bytes. */
typedef struct tf_typed {
    tf_text name;
    tf_text value;
} tf_typed;

typedef struct tf_typed_list {
    const tf_typed *items;
    size_t count;
} tf_typed_list;

/* The first value of a control; "" where it was not sent. */
tf_text tf_typed_value(tf_typed_list typed, const char *control);

/* Whether a control has that value among those sent. */
bool tf_typed_has(tf_typed_list typed, const char *control, const char *value);

typedef struct tf_answer_fault {
    size_t question;
    const char *control; /* that is to be corrected, "last-day"; also its id on the page */
    const char *message;
} tf_answer_fault;

/* What came of a page.  All of it is in the arena. */
typedef struct tf_page_check {
    const tf_answer_fault *faults; /* at most one for a question */
    size_t fault_count;
    const tf_place *places; /* one of which the place that was typed could be: to choose from */
    size_t place_count;     /* 0: nothing is to be chosen */
    size_t place_question;
} tf_page_check;

/* What checking stands on. */
typedef struct tf_checking {
    const tf_pack *pack;
    tf_db *db;     /* where places are looked for; NULL: nowhere */
    int32_t today; /* days since 1970-01-01 */
    tf_arena *arena;
} tf_checking;

/* Check what was typed on a page of answers->form.  The answers of the questions without a fault
 * are put into `answers`, and answers to what is not asked any more are taken away.  The page is
 * done when there are neither faults nor places to choose from.
 * Errors: TF_NO_MEMORY; those of the database.  O(what was typed). */
tf_status tf_form_check_page(const tf_checking *checking, size_t page, tf_typed_list typed,
                             tf_answers *answers, tf_page_check *check_out, tf_error *error);

/* The answers of a page as they would be typed: checked again, they give the same. */
tf_status tf_form_type_page(const tf_answers *answers, size_t page, tf_arena *arena,
                            tf_typed_list *typed_out, tf_error *error);

/* Text as it is kept: valid UTF-8 (what is not becomes U+FFFD), without white space at its ends,
 * without control characters and those that turn the direction of writing; line breaks are \n where
 * lines are kept, and spaces elsewhere.  In the arena; data NULL when out of memory. */
tf_text tf_form_clean(tf_text text, bool keeps_lines, tf_arena *arena);

#endif
