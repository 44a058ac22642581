/* The sender of a report comes back with the receipt code: to see what became of it, to read what
 * officers ask, to write to them or add more.
 *
 * The code is the whole of the right: nothing else is asked, nobody is told apart, and no address
 * is kept.  It is 80 random bits, so it cannot be guessed, and whoever has it may be told plainly
 * that a report was closed or erased.  Codes that are wrong are counted for everybody together:
 * beyond TF_WRONG_RECEIPTS_A_MINUTE they are refused without a look, while right ones still open,
 * so that nobody can keep senders out. */
#ifndef INTAKE_RECEIPT_H
#define INTAKE_RECEIPT_H

#include "access/access.h"
#include "pack/form_definition.h"
#include "trefoil/base/memory.h"

enum {
    TF_WRONG_RECEIPTS_A_MINUTE = 60,
    TF_MOST_LETTERS = 100, /* from one sender about one report */
    TF_LETTER_MOST_CHARACTERS = 5000,
};

typedef enum tf_receipt_state {
    TF_RECEIPT_WAITING, /* nobody has opened it yet */
    TF_RECEIPT_SEEN,    /* somebody has, or has claimed it */
    TF_RECEIPT_CLOSED,
    TF_RECEIPT_ERASED, /* closed long ago: only that it was there is left */
} tf_receipt_state;

typedef struct tf_letter {
    int64_t at;
    bool is_from_sender;
    bool is_new;  /* from an officer, and shown now for the first time */
    bool is_lost; /* it cannot be opened any more: there is no text */
    tf_text text;
} tf_letter;

typedef struct tf_receipt {
    const char *form; /* its name */
    int64_t received_at;
    tf_receipt_state state;
    int64_t closed_at;  /* 0: it is not */
    int64_t erased_at;  /* 0: it is not */
    tf_words told;      /* how it was closed, in words for the sender; empty while it is open */
    tf_letter *letters; /* the oldest first */
    size_t letter_count;
} tf_receipt;

/* What became of the report of a code; what it gives lives in the arena.
 * Errors: TF_NOT_FOUND for a code that opens nothing; TF_BUSY beyond the limit. */
tf_status tf_receipt_look(tf_access *access, tf_text code, tf_arena *arena, tf_receipt *receipt_out,
                          tf_error *error);

/* Why a letter was not taken, for whoever words it for its sender. */
typedef enum tf_letter_fault {
    TF_LETTER_SOUND, /* or what failed was not about the letter: the status says which */
    TF_LETTER_EMPTY,
    TF_LETTER_UNREADABLE,
    TF_LETTER_TOO_LONG, /* more than TF_LETTER_MOST_CHARACTERS */
    TF_LETTER_CLOSED,   /* the report is */
    TF_LETTER_TOO_MANY, /* beyond TF_MOST_LETTERS */
} tf_letter_fault;

/* Write to the officers, durably.  The same text twice in a row is stored once.
 * Errors: those of tf_receipt_look; TF_BAD_INPUT for an empty or too long text, and for a report
 * that is closed; TF_REFUSED beyond TF_MOST_LETTERS. */
tf_status tf_receipt_write(tf_access *access, tf_text code, tf_text text,
                           tf_letter_fault *fault_out, tf_error *error);

#endif
