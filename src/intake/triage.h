/* The intake officers' work on reports of concern: a queue with clocks, and what is done with one.
 *
 * Life of a report: new -> claimed -> closed (-> reopened ...) -> erased by retention.
 * `intent` may be NULL; a purpose is needed for the reports of another organisation.  Whoever may
 * see a report by their role still needs a key that opens it (sealed.h); where they have none, they
 * are told who can add them. */
#ifndef INTAKE_TRIAGE_H
#define INTAKE_TRIAGE_H

#include "access/audit_list.h"
#include "intake/answers.h"
#include "pack/triage_words.h"

/* ---- the queue ---- */

typedef enum tf_report_state {
    TF_REPORT_NEW,
    TF_REPORT_CLAIMED,
    TF_REPORT_CLOSED,
    TF_REPORT_ERASED,
    TF_REPORT_STATE_COUNT
} tf_report_state;

/* What stands in the clear of a report. */
typedef struct tf_report_line {
    int64_t id;
    const char *form; /* its title */
    int64_t received_at;
    int urgency;               /* 1, the soonest, to 4 */
    const char *urgency_title; /* "A child at risk"; "" where the form has none of that level */
    int64_t due_at;            /* by then somebody is to have looked; 0: no time is set */
    bool is_overdue;           /* nobody has looked, and it is later than that */
    tf_report_state state;
    int64_t claimed_by; /* 0: nobody */
    const char *claimed_name;
    const char *kinds;   /* what it is about, "Someone is selling drugs, A place is used for drugs";
                            "" where that is not shown to the actor */
    int64_t new_letters; /* from the sender, that nobody has read yet */
    bool can_open;       /* the actor has a key for it */
} tf_report_line;

typedef enum tf_queue_part {
    TF_QUEUE_OPEN,   /* new and claimed: the most urgent first, then the oldest */
    TF_QUEUE_MINE,   /* claimed by the actor, in the same order */
    TF_QUEUE_CLOSED, /* the newest first; with those that are erased */
    TF_QUEUE_PART_COUNT
} tf_queue_part;

typedef struct tf_queue {
    tf_report_line *lines;
    size_t count;
    int64_t total; /* on all pages */
    int64_t overdue_count;
} tf_queue;

/* A page of the queue of an organisation (0: the actor's), in `arena`. */
tf_status tf_triage_queue(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                          int64_t organisation_id, tf_queue_part part, int64_t first, int64_t most,
                          tf_arena *arena, tf_queue *queue_out, tf_error *error);

/* ---- one report ---- */

typedef struct tf_report_answer {
    const char *label; /* the question */
    const char *text;  /* what was answered, in words; lines are separated by line feeds */
} tf_report_answer;

typedef struct tf_report_entry {
    int64_t id;
    int64_t at;
    bool is_note;
    bool is_from_sender;
    bool is_new;        /* from the sender, and opened now for the first time */
    bool is_read;       /* to the sender, who has seen it */
    const char *author; /* "" for the sender */
    tf_text text;
} tf_report_entry;

typedef struct tf_report_hint {
    int64_t id;      /* of the other report */
    const char *why; /* "the same telephone number, similar words" */
} tf_report_hint;

typedef struct tf_report {
    tf_report_line line;
    int64_t organisation_id;
    const char *organisation;
    int64_t first_seen_at; /* before now; 0: never */
    int64_t closed_at;
    const char *outcome; /* its title; "" while it is open */
    int64_t erased_at;   /* then nothing of the following is there */
    bool has_sender;     /* who can be written to */
    tf_report_answer *answers;
    size_t answer_count;
    size_t hidden_count; /* answers that the actor's role or the agreement does not show */
    bool shows_messages; /* and notes of others; else `entries` are the actor's own */
    tf_report_entry *entries;
    size_t entry_count;
    tf_report_hint *hints;
    size_t hint_count;
    const char **readers; /* who can open it, by name */
    size_t reader_count;
} tf_report;

/* Open a report with the actor's key.  `is_seen` where somebody looks at it: its clock stops, and
 * the sender's messages are read.  Hints are made by comparing it with the open reports of the
 * last 90 days that the actor can open, where the actor may combine them; they are not stored.
 * Errors: TF_NOT_FOUND; TF_REFUSED, also where the actor has no key, naming who can add them. */
tf_status tf_triage_open(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                         int64_t id, bool is_seen, tf_arena *arena, tf_report *report_out,
                         tf_error *error);

/* Who looked at a report or changed it, the newest first.  Errors: TF_NOT_FOUND. */
tf_status tf_triage_audit(tf_access *access, const tf_actor *actor, int64_t id, size_t limit,
                          tf_arena *arena, tf_audit_look *look_out, tf_error *error);

/* ---- what is done with one, each durable ----
 * Errors of each: TF_NOT_FOUND; TF_REFUSED; TF_BAD_INPUT where the report is in no state for it. */

tf_status tf_triage_claim(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error);

/* Give it to a colleague, who then has claimed it and can open it.  Errors: TF_REFUSED where they
 * may not see it. */
tf_status tf_triage_hand_over(tf_access *access, const tf_actor *actor, int64_t id,
                              int64_t account_id, tf_error *error);

/* Write to the sender, which is for who sees the messages and so the reply; or a note that only
 * officers see. */
tf_status tf_triage_ask(tf_access *access, const tf_actor *actor, int64_t id, tf_text text,
                        tf_error *error);
tf_status tf_triage_note(tf_access *access, const tf_actor *actor, int64_t id, tf_text text,
                         tf_error *error);

/* Close it for a reason of the pack, whose clock of retention then runs; open it again. */
tf_status tf_triage_close(tf_access *access, const tf_actor *actor, int64_t id, tf_text reason,
                          tf_error *error);
tf_status tf_triage_reopen(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error);

/* Let a colleague open it too; or all open reports of the actor's organisation that the actor can
 * open and the colleague cannot, of which *count_out is the number. */
tf_status tf_triage_add_reader(tf_access *access, const tf_actor *actor, int64_t id,
                               int64_t account_id, tf_error *error);
tf_status tf_triage_share_all(tf_access *access, const tf_actor *actor, int64_t account_id,
                              int64_t *count_out, tf_error *error);

/* How many that would be.  Errors: those of tf_triage_share_all. */
tf_status tf_triage_count_missing(tf_access *access, const tf_actor *actor, int64_t account_id,
                                  int64_t *count_out, tf_error *error);

typedef struct tf_colleague {
    int64_t account_id;
    const char *name;
} tf_colleague;

/* The colleagues whose role may see the reports of the actor's organisation and who have a key, but
 * the actor; where the organisation is going to end, also those of its successor, who can be made
 * readers and open the reports from then on. */
tf_status tf_triage_colleagues(tf_access *access, const tf_actor *actor, tf_arena *arena,
                               tf_colleague **colleagues_out, size_t *count_out, tf_error *error);

#endif
