/* What the files of the checking share. */
#ifndef INTAKE_FORM_CHECKING_INTERNAL_H
#define INTAKE_FORM_CHECKING_INTERNAL_H

#include "intake/form_checking.h"
#include "pack/frame_words.h"

/* One page while it is checked.  `status` keeps the first failure; without memory all texts are
 * empty. */
typedef struct tf_page_checker {
    const tf_checking *checking;
    tf_answers *answers;
    tf_typed_list typed;
    tf_answer_fault *faults;
    tf_page_check *check;
    size_t question; /* that is being checked */
    tf_error *error;
    tf_status status;
} tf_page_checker;

const tf_question *tf_checker_question(const tf_page_checker *checker);

/* The name of a control of the question: "last-day" for "day", "last" for NULL. */
const char *tf_checker_control(tf_page_checker *checker, const char *part);

/* What was typed there, clean. */
tf_text tf_checker_text(tf_page_checker *checker, const char *part, bool keeps_lines);

/* Texts of the question's answer; count 0 for none. */
void tf_checker_answer(tf_page_checker *checker, const tf_text *texts, size_t count);

/* Say what is wrong with a part.  `other` is put in where the words leave a place. */
void tf_checker_blame(tf_page_checker *checker, const char *part, tf_frame_word word);
void tf_checker_blame_part(tf_page_checker *checker, const char *part, tf_frame_word word,
                           const char *other);

/* Whether a text is of at most `maximum` characters; blames it if not. */
bool tf_checker_is_short(tf_page_checker *checker, const char *part, tf_text text, int64_t maximum);

/* The types that have parts. */
void tf_check_date(tf_page_checker *checker);
void tf_check_place(tf_page_checker *checker);
void tf_check_contact(tf_page_checker *checker);

#endif
