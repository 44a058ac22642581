/* The stored response, as the modules that work on it share it. */
#ifndef INTAKE_RESPONSE_INTERNAL_H
#define INTAKE_RESPONSE_INTERNAL_H

#include "access/access.h"
#include "intake/receipt.h"
#include "intake/sealed.h"

/* The kind of a response and of an intelligence report among sealed objects. */
#define TF_SEALED_RESPONSE     "response"
#define TF_SEALED_INTELLIGENCE "intelligence"

typedef enum tf_entry_kind {
    TF_ENTRY_FROM_SENDER,
    TF_ENTRY_TO_SENDER,
    TF_ENTRY_NOTE,
    TF_ENTRY_KIND_COUNT
} tf_entry_kind;

extern const char *const tf_entry_kind_names[TF_ENTRY_KIND_COUNT];

enum { TF_ENTRY_MOST_CHARACTERS = TF_LETTER_MOST_CHARACTERS };

/* What stands in the clear, and what is sealed as it stands; texts and bytes in the arena. */
typedef struct tf_response_row {
    int64_t id;
    const char *form;
    int64_t version;
    int category; /* index in the rules */
    int64_t organisation_id;
    int64_t received_at;
    int urgency;
    int64_t due_at; /* 0: none */
    int64_t retention_days;
    const char *state;     /* "new", "claimed", "closed", "erased" */
    int64_t claimed_by;    /* 0: nobody */
    int64_t first_seen_at; /* 0: not yet */
    int64_t closed_at;     /* 0: it is not closed */
    const char *outcome;   /* NULL: none */
    int64_t erased_at;     /* 0: it is not erased */
    bool has_sender_key;
    bool has_letters_key;
    uint8_t sender_key[TF_KEY_SIZE];
    uint8_t letters_key[TF_KEY_SIZE];
    tf_text content; /* locked; data NULL: erased */
} tf_response_row;

/* By its id, or by what its receipt code is known by (then `id` is not looked at; else NULL).
 * Errors: TF_NOT_FOUND. */
tf_status tf_response_row_get(tf_access *access, int64_t id, const uint8_t *handle, tf_arena *arena,
                              tf_response_row *row_out, tf_error *error);

tf_object tf_response_object(const tf_response_row *row);

/* What is wrong with the text of a message or a note, whoever writes it. */
tf_letter_fault tf_response_check_text(tf_text text);

/* Add a message or a note, sealed to the readers and, unless it is a note, to the sender.
 * Errors: TF_BAD_INPUT for an empty or too long text. */
tf_status tf_response_add_entry(tf_db *db, const tf_response_row *row, tf_entry_kind kind,
                                int64_t account_id, tf_text text, tf_error *error);

/* Run a statement on one response: ?1 is its id, ?2 the instant. */
tf_status tf_response_change(tf_db *db, const char *sql, int64_t id, int64_t now, tf_error *error);

/* Count one more of `name` within the current period of `period_seconds`.  *count_out is how many
 * there were before it. */
tf_status tf_recent_count(tf_db *db, const char *name, int64_t period_seconds, bool adds,
                          int64_t *count_out, tf_error *error);

#endif
