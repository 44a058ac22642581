/* The answers that somebody has given so far, kept on the server between the pages of a form.
 *
 * A draft belongs to a browser: its cookie has a token, of which the server keeps neither the token
 * nor anything that gives it.  The hash of the token and the form's name finds the row, another
 * hash of it unlocks it.  So a copy of the database, of its log or of what the disk still has of
 * rows taken away reads no answer; nothing needs to be overwritten.
 *
 * A draft that is not touched for TF_DRAFT_IDLE_S, or is older than TF_DRAFT_AGE_S, is gone.  The
 * writes do not wait for the disk: a power cut may take the answers to the last pages, as closing
 * the browser does. */
#ifndef INTAKE_DRAFT_H
#define INTAKE_DRAFT_H

#include "access/secret.h"
#include "intake/answers.h"
#include "intake/response.h"
#include "store/db.h"

enum {
    TF_DRAFT_IDLE_S = 60 * 60,
    TF_DRAFT_AGE_S = 12 * 60 * 60,
    TF_MOST_DRAFTS = 10000,         /* beyond them the one that was not touched for longest goes */
    TF_MOST_DRAFTS_A_MINUTE = 2000, /* that begin: a flood does not push out at once what others
                                       are in the middle of */
};

/* A draft in memory; it borrows the form. */
typedef struct tf_draft {
    bool is_there; /* it was stored before, and is not gone */
    uint8_t id[TF_KEY_SIZE];
    uint8_t lock[TF_KEY_SIZE];
    int64_t started_at;
    char once[TF_TOKEN_TEXT_SIZE]; /* for tf_response_submit: another for each draft */
    tf_answers answers;
    char receipt[TF_RECEIPT_SIZE]; /* it was sent, and the code not shown yet; else "" */
} tf_draft;

/* The draft of a browser's token for a form, or a new one without answers where there is none, or
 * none that can be read.  A text that is no token gives a draft that is not there and cannot be
 * saved.  `now` is an instant.  Errors: those of the database; TF_NO_MEMORY.  O(log drafts). */
tf_status tf_draft_open(tf_db *db, const tf_pack *pack, const tf_form_definition *form,
                        tf_text token, tf_language language, int64_t now, tf_arena *arena,
                        tf_draft *draft_out, tf_error *error);

/* Keep it, and take away what is gone; in a transaction of its own.
 * Errors: TF_BAD_INPUT for a draft without a token; TF_BUSY for a new one when too many have begun
 * within the last minute; TF_IO when the disk is full; others of the
 * database: then nothing has changed. */
tf_status tf_draft_save(tf_db *db, tf_draft *draft, int64_t now, tf_error *error);

/* Take it away; no error if it is not there. */
tf_status tf_draft_remove(tf_db *db, const tf_draft *draft, tf_error *error);

#endif
