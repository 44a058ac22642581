/* A form that somebody sent: stored sealed, known to its sender by a receipt code.
 *
 * The answers are locked with a key of their own, and that key is sealed to each account that may
 * open them (its public key) and to nobody else: a copy of the database or a backup reads nothing.
 * In the clear stand only the form, the time, the urgency, the answers that are marked as counted,
 * and what became of it. */
#ifndef INTAKE_RESPONSE_H
#define INTAKE_RESPONSE_H

#include "access/access.h"
#include "intake/answers.h"

enum { TF_RECEIPT_SIZE = 20 }; /* "7KQ2-M9XD-4RTN-C8WP", terminated: 80 random bits */

/* Why a form was not taken, for whoever words it for its sender. */
typedef enum tf_not_taken {
    TF_NOT_TAKEN_FAULT, /* or it was taken: the status says which */
    TF_NOT_TAKEN_EARLY, /* the form is not open yet */
    TF_NOT_TAKEN_CLOSED,
    TF_NOT_TAKEN_MANY,   /* too many came within the hour */
    TF_NOT_TAKEN_UNREAD, /* nobody could open it */
    TF_NOT_TAKEN_AGAIN,  /* this draft was sent before */
} tf_not_taken;

/* Whether somebody may send a form, and somebody could open it, before they fill it in.  *why_out
 * may be NULL.  Errors: TF_REFUSED. */
tf_status tf_response_admit(tf_access *access, const tf_actor *actor,
                            const tf_form_definition *form, tf_not_taken *why_out, tf_error *error);

/* How many accounts could open what is sent by the form now.  Errors: those of the database. */
tf_status tf_response_count_readers(tf_access *access, const tf_form_definition *form,
                                    int64_t *count_out, tf_error *error);

/* Store it durably.  The sender's messages back and forth are sealed to a key that only the receipt
 * code gives.  `once` (a text that the draft is known by, or data NULL) makes a second submission
 * of the same draft give TF_BUSY instead of a second report.  *why_out may be NULL.
 * Errors: TF_REFUSED where nobody could open it, the form is closed, or too many came within the
 * hour, with what to do instead; TF_IO when the disk is full: then nothing was stored. */
tf_status tf_response_submit(tf_access *access, const tf_actor *actor, const tf_answers *answers,
                             tf_text once, char receipt_out[TF_RECEIPT_SIZE], tf_not_taken *why_out,
                             tf_error *error);

#endif
