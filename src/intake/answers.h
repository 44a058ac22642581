/* What somebody answered to a form, and what follows from it: which pages are asked, what is
 * missing, how urgent it is.  What was typed is checked by form_checking.h. */
#ifndef INTAKE_ANSWERS_H
#define INTAKE_ANSWERS_H

#include "pack/form_definition.h"

/* The answer to one question: no texts for none.  Texts are UTF-8 without control characters but,
 * of LONG_TEXT, line breaks.
 *     TEXT, LONG_TEXT  the text
 *     ONE_OF, YES_NO   the value ("yes", "no")
 *     SOME_OF          each value, in the order of the options
 *     DATE             "2026-11-30"
 *     NUMBER           its digits
 *     PLACE            the name as typed, latitude, longitude (in degrees; "" both where no point
 *                      was given), "coarse" or "exact"
 *     CONTACT          name, telephone, e-mail ("" where left out) */
typedef struct tf_answer_texts {
    const tf_text *texts;
    size_t count;
} tf_answer_texts;

enum { TF_PLACE_NAME, TF_PLACE_LATITUDE, TF_PLACE_LONGITUDE, TF_PLACE_PRECISION, TF_PLACE_PARTS };
enum { TF_CONTACT_NAME, TF_CONTACT_TELEPHONE, TF_CONTACT_EMAIL, TF_CONTACT_PARTS };

/* All texts live in the arena that the answers were made in, or longer. */
typedef struct tf_answers {
    const tf_form_definition *form;
    tf_language language;
    tf_answer_texts *values; /* one for each question of the form, in order */
} tf_answers;

/* No answers yet. */
tf_status tf_answers_new(const tf_form_definition *form, tf_language language, tf_arena *arena,
                         tf_answers *answers_out, tf_error *error);

/* Whether a question is asked: its page's and its own conditions hold.  A question that is itself
 * not asked has no answer.  This and all that follows: O(questions and conditions of the form). */
bool tf_answers_ask(const tf_answers *answers, size_t question);

/* Whether a page is: its conditions hold, and it only says something or a question of it is asked.
 */
bool tf_answers_ask_page(const tf_answers *answers, size_t page);

/* Take away the answers to questions that are not asked any more. */
void tf_answers_prune(tf_answers *answers);

/* The page after `page` (-1: the first) that is asked; the page count behind the last. */
size_t tf_answers_next_page(const tf_answers *answers, int page);

/* The one before `page`; -1 before the first. */
int tf_answers_previous_page(const tf_answers *answers, size_t page);

/* The first page with a required question without an answer; the page count if there is none. */
size_t tf_answers_first_open_page(const tf_answers *answers);

/* The urgency by the form's rules; NULL where none holds. */
const tf_form_urgency *tf_answers_urgency(const tf_answers *answers);

/* As JSON, with the form's name and version and the language; and back.  A question, an option or
 * a shape that the form of today does not know is kept out.
 * Errors: TF_BAD_INPUT for what is no answers, or to a form that the pack has not; TF_NO_MEMORY. */
void tf_answers_write(const tf_answers *answers, tf_buffer *json_out);
tf_status tf_answers_read(tf_text json, const tf_pack *pack, tf_arena *arena,
                          tf_answers *answers_out, tf_error *error);

#endif
