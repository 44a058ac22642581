/* Sanitised intelligence reports (3x5x2): drafted, mostly from a report of concern, submitted, and
 * shared under an agreement.
 *
 * The text is locked for the accounts whose role may consult the intelligence of the organisation,
 * and for those of the organisations that it was shared with.  What was submitted is never changed:
 * a later report corrects it, and says so. */
#ifndef INTAKE_INTELLIGENCE_H
#define INTAKE_INTELLIGENCE_H

#include "access/access.h"
#include "pack/triage_words.h"
#include "trefoil/base/memory.h"

enum { TF_INTELLIGENCE_MOST_CHARACTERS = 10000 }; /* of each text */

/* What somebody enters. */
typedef struct tf_intelligence_form {
    tf_text source;      /* "1" to "3", as the pack has them */
    tf_text information; /* "A" to "E" */
    tf_text handling;    /* "P" or "C" */
    tf_text text;        /* sanitised: nothing that tells who the source is */
    tf_text conditions;  /* of handling; needed for C */
    tf_text provenance;  /* how the source came to know, without who it is */
} tf_intelligence_form;

typedef struct tf_intelligence_line {
    int64_t id;
    int64_t organisation_id;
    const char *organisation;
    int64_t response_id;     /* what it was made of; 0: something else, or another's */
    int64_t corrects_id;     /* 0: none */
    int64_t corrected_by_id; /* the submitted report that corrects it; 0: none */
    int64_t version;
    bool is_submitted;
    int64_t author_id; /* 0: another organisation's */
    const char *author;
    int64_t created_at;
    int64_t submitted_at; /* 0: it is a draft */
    const char *source;   /* the grades, as names of the pack; "" each where they are not shown */
    const char *information;
    const char *handling;
    const char *retention; /* a group of the pack; "" for a draft */
    int64_t review_at;     /* 0: a draft, or another's */
    int64_t disposed_at;   /* a review has ended its keeping: it is erased soon; 0: none has */
    int64_t erased_at;     /* 0: it is not; otherwise only this line is left */
} tf_intelligence_line;

/* Whether somebody is to review it. */
bool tf_intelligence_is_due(const tf_intelligence_line *line, int64_t now);

typedef struct tf_intelligence_share_line {
    const char *organisation;
    int64_t agreement_id;
    const char *purpose;
    int64_t at;
    int64_t until; /* instant from which they may not open it any more, by the agreement */
} tf_intelligence_share_line;

typedef struct tf_intelligence {
    tf_intelligence_line line;
    tf_text text;       /* data NULL: not shown to the actor's role, or not shared */
    tf_text conditions; /* the same */
    tf_text provenance; /* the same */
    tf_intelligence_share_line *shares; /* of the actor's own organisation only */
    size_t share_count;
    bool opens_for_purpose;  /* the actor has a key, so that a purpose may be all that is missing */
    bool opens_in_emergency; /* and that of an emergency too: only where the intent can justify */
} tf_intelligence;

/* What is wrong with a form, each as a sentence about a field; NULL: nothing. */
typedef struct tf_intelligence_faults {
    const char *source;
    const char *information;
    const char *handling;
    const char *text;
    const char *conditions;
    const char *provenance;
} tf_intelligence_faults;

/* All faults of a form at once; whether there is any. */
bool tf_intelligence_find_faults(tf_access *access, const tf_intelligence_form *form,
                                 tf_intelligence_faults *faults_out);

/* What may tell who the sender is. */
typedef struct tf_identity_warning {
    const char *what;    /* "the sender's name" */
    const char *where;   /* "the text", "the provenance", "the conditions" */
    const char *excerpt; /* some words around it */
} tf_identity_warning;

/* Draft a report for the actor's organisation, of a response (0: of something else), or as the
 * correction of one that was submitted (0: of none), which is for who may alter that and is of the
 * same response; durably.  The draft is assigned to its author.
 * Errors: TF_BAD_INPUT for a grade the pack has not, no text, a C without conditions, a correction
 * of a draft or of what is corrected already, and where nobody could submit it; TF_NOT_FOUND;
 * TF_REFUSED. */
tf_status tf_intelligence_draft(tf_access *access, const tf_actor *actor, int64_t response_id,
                                int64_t corrects_id, const tf_intelligence_form *form,
                                int64_t *id_out, tf_error *error);

/* Change a draft, which then is not discarded any more.  Errors: the same; TF_BAD_INPUT for what
 * was submitted or erased. */
tf_status tf_intelligence_change(tf_access *access, const tf_actor *actor, int64_t id,
                                 const tf_intelligence_form *form, tf_error *error);

/* Submit a draft: from then on it stays as it is, and is the organisation's.  So it is for who may
 * alter what is assigned to nobody; and of a response, for who may see its sender and open it, so
 * that somebody could compare the two.  Errors: TF_NOT_FOUND; TF_REFUSED; TF_BAD_INPUT. */
tf_status tf_intelligence_submit(tf_access *access, const tf_actor *actor, int64_t id,
                                 tf_error *error);

/* Whether the actor may submit a draft; for a page. */
bool tf_intelligence_may_submit(tf_access *access, const tf_actor *actor,
                                const tf_intelligence_line *line, tf_arena *arena);

typedef struct tf_identity_check {
    tf_identity_warning *warnings;
    size_t count;
    bool needs_officer; /* it was not compared with what its sender gave: somebody else is to */
} tf_identity_check;

/* Whether the texts hold the telephone number, the e-mail address or the name that the sender of
 * the response gave, or any e-mail address; in `arena`.  Nothing is changed.  For who may not see
 * the sender, or cannot open the response, nothing of the sender is looked at, so that no text
 * tells by trial who they are; who may submits it, after a check of their own.
 * Errors: TF_NOT_FOUND. */
tf_status tf_intelligence_check(tf_access *access, const tf_actor *actor, int64_t response_id,
                                const tf_intelligence_form *form, tf_arena *arena,
                                tf_identity_check *check_out, tf_error *error);

/* Share a submitted report with an organisation under an agreement in force that covers
 * intelligence for this purpose (`intent`; its recipient is set here), durably.  Shared again, it
 * is under the agreement of today, for the purpose that is stated now, and sealed anew to those who
 * may read it today; the time for which they may keep it begins again.
 * Errors: TF_REFUSED without an agreement, and for handling code C under one that does not share
 * the grading; TF_BAD_INPUT for a draft, for whom it belongs to, and where nobody there could open
 * it. */
tf_status tf_intelligence_share(tf_access *access, const tf_actor *actor, int64_t id,
                                int64_t organisation_id, const tf_intent *intent, tf_error *error);

/* Open one: the own organisation's, or what was shared with it (then with a purpose), until the
 * agreement's time of retention since then is over.  Of a draft, who may alter it sees all.  An
 * emergency opens what the actor has a key to, such as of an agreement that has ended, and nothing
 * else.
 * Errors: TF_NOT_FOUND; TF_REFUSED, and then the report has its number, its owner and what it opens
 * for alone. */
tf_status tf_intelligence_read(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                               int64_t id, tf_arena *arena, tf_intelligence *report_out,
                               tf_error *error);

/* Open one to change it (a draft) or to correct it: all that the actor would write anew.
 * Errors: those of tf_intelligence_read; TF_REFUSED for who may not alter it. */
tf_status tf_intelligence_start(tf_access *access, const tf_actor *actor, int64_t id,
                                tf_arena *arena, tf_intelligence *report_out, tf_error *error);

/* Those of the own organisation that the actor may see (where that is what is assigned, the own
 * drafts) and those that were shared with it and still may be read, the newest first, in the clear;
 * or only those that were made of a response. */
tf_status tf_intelligence_list(tf_access *access, const tf_actor *actor, int64_t response_id,
                               tf_arena *arena, tf_intelligence_line **lines_out, size_t *count_out,
                               tf_error *error);

/* Keep what was submitted, in a group of the pack's retention, until the group's time is over anew.
 * Durable.  Errors: TF_NOT_FOUND; TF_REFUSED; TF_BAD_INPUT for a draft, for what was erased, and
 * for a group the pack has not. */
tf_status tf_intelligence_keep(tf_access *access, const tf_actor *actor, int64_t id,
                               const char *group, tf_error *error);

/* Have it erased by the next purge (retention.h), a draft or what was submitted; until then it can
 * still be kept, or the draft be worked on.  It is decided as erasing.  Durable.
 * Errors: TF_NOT_FOUND; TF_REFUSED; TF_BAD_INPUT for what was erased. */
tf_status tf_intelligence_dispose(tf_access *access, const tf_actor *actor, int64_t id,
                                  tf_error *error);

#endif
