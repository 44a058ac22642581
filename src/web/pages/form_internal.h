/* What the pages of forms share.  A form of the pack is filled in page by page under /forms/NAME,
 * the one to report a concern under /report.  The language is in the address, the answers are not.
 */
#ifndef WEB_PAGES_FORM_INTERNAL_H
#define WEB_PAGES_FORM_INTERNAL_H

#include "page_internal.h"

#include "intake/draft.h"
#include "intake/form_checking.h"
#include "intake/response.h"
#include "pack/frame_words.h"

/* One visit to one page of a form. */
typedef struct tf_form_visit {
    tf_visit visit;
    const tf_pack *pack;
    const tf_form_definition *form;
    tf_language language;
    const char *base;        /* "/report": where the form begins */
    const char *page_name;   /* "what", "check"; "" for its start */
    int page;                /* index in the form; -1 for a page of every form */
    const char *changed;     /* the page that a link of the check led to: what it changes is asked
                                anew, and then the check comes again; or NULL */
    const char *cookie_name; /* "draft-report" */
    char token[TF_TOKEN_TEXT_SIZE]; /* "" until the browser has one */
    tf_draft draft;
    tf_typed_list typed;  /* what the controls show */
    tf_page_check check;  /* what is wrong with it */
    tf_not_taken why_not; /* it cannot be filled in */
    const char *problem;  /* that is not about one control: nothing was stored; or NULL */
    bool has_emergency;   /* the page says 999 and 101 in full; else a line says 999 */
    const char *code; /* of the receipt that is shown: to see it in the other language it is sent
                         again, as it stands in no address; or NULL */
} tf_form_visit;

/* Words of the frame, in the language of the visit. */
const char *tf_form_say(const tf_form_visit *own, tf_frame_word word);
const char *tf_form_say_of(tf_form_visit *own, tf_frame_word word, const char *const *places);
const char *tf_form_words(const tf_form_visit *own, const tf_words *words); /* NULL for none */

/* The address of a page of the form by its name ("": the start), in the language of the visit.
 * `changed` may be NULL. */
const char *tf_form_address(tf_form_visit *own, const char *page, const char *changed);

/* Everything up to the content of a page, and everything after it.  `back` is where the link back
 * leads, or NULL.  Both errors of `own` come first. */
void tf_form_page_begin(tf_form_visit *own, const char *title, const char *back);
void tf_form_page_end(tf_form_visit *own);

/* A link to where the sender of a form comes back with the receipt code; nothing for a form without
 * one. */
void tf_form_receipt_link(tf_form_visit *own);

/* Paragraphs of a text, which empty lines separate; nothing for NULL. */
void tf_form_paragraphs(tf_form_visit *own, const char *text);

/* The controls of a question, as `own->typed` and `own->check` have them. */
void tf_form_question_write(tf_form_visit *own, size_t index, bool is_heading);

/* The map beside the boxes for the point of a place; nothing where no areas are known. */
void tf_form_map_write(tf_form_visit *own, const char *question);

/* The page that checks the answers before they are sent, and the one that says they were. */
tf_status tf_form_answer_check(tf_form_visit *own, tf_error *error);
tf_status tf_form_answer_send(tf_form_visit *own, tf_error *error);
tf_status tf_form_answer_done(tf_form_visit *own, tf_error *error);

/* Read the draft of the browser at the writing desk. */
tf_status tf_form_open_draft(tf_form_visit *own, tf_error *error);

/* Word a fault of a page in the form's own frame and language: also that nobody could open what is
 * sent.  Whoever has not signed in for a form that is not public is led there. */
tf_status tf_form_answer_fault(tf_form_visit *own, tf_status status, const tf_error *fault,
                               tf_error *error);

/* Say that the form is closed. */
tf_status tf_form_answer_closed(tf_form_visit *own, tf_error *error);

/* Say that there are no answers any more. */
tf_status tf_form_answer_gone(tf_form_visit *own, tf_error *error);

/* See other: a page of the form. */
tf_status tf_form_redirect(tf_form_visit *own, const char *page, const char *changed);

#endif
