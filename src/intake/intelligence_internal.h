/* What the files of intelligence share. */
#ifndef INTAKE_INTELLIGENCE_INTERNAL_H
#define INTAKE_INTELLIGENCE_INTERNAL_H

#include "intake/intelligence.h"
#include "intake/response_internal.h"

#define TF_INTELLIGENCE "intelligence"

/* What was shared, with the agreement that it was shared under; and the instant at which the
 * agreement's time of retention since then is over. */
#define TF_SHARES     "intelligence_share AS s JOIN agreement AS g ON g.id = s.agreement_id"
#define TF_SHARE_ENDS "(s.at + g.retention_days * 86400000000)"

/* One row with its locked content, in the arena.  Errors: TF_NOT_FOUND. */
tf_status tf_intelligence_get(tf_access *access, int64_t id, tf_arena *arena,
                              tf_intelligence_line *line_out, tf_text *locked_out, tf_error *error);

/* A draft is assigned to its author, what was submitted to nobody. */
tf_object tf_intelligence_object(const tf_access *access, const tf_intelligence_line *line);

/* Seal the key to those of an organisation who may consult `object` with `intent`, in the arena. */
tf_status tf_intelligence_give(tf_access *access, const tf_object *object, const tf_intent *intent,
                               int64_t organisation_id, const uint8_t key[TF_KEY_SIZE],
                               tf_arena *arena, tf_reader **readers_out, size_t *count_out,
                               tf_error *error);

/* Whether a decision's fields show one of intelligence. */
bool tf_intelligence_shows(const tf_access *access, const char *field, uint32_t fields);

/* Whether the actor may see who sent a response, and has the key that opens it. */
bool tf_response_shows_sender(tf_access *access, const tf_actor *actor, const tf_response_row *row);

/* Give a report that is submitted now its first group, and the day of its review. */
tf_status tf_intelligence_begin_keeping(tf_access *access, int64_t id, int64_t now,
                                        tf_error *error);

#endif
