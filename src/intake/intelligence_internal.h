/* What the files of intelligence share. */
#ifndef INTAKE_INTELLIGENCE_INTERNAL_H
#define INTAKE_INTELLIGENCE_INTERNAL_H

#include "intake/intelligence.h"
#include "intake/response_internal.h"

#define TF_INTELLIGENCE "intelligence"

/* One row with its locked content, in the arena.  Errors: TF_NOT_FOUND. */
tf_status tf_intelligence_get(tf_access *access, int64_t id, tf_arena *arena,
                              tf_intelligence_line *line_out, tf_text *locked_out, tf_error *error);

tf_object tf_intelligence_object(const tf_access *access, const tf_intelligence_line *line);

/* Give a report that is submitted now its first group, and the day of its review. */
tf_status tf_intelligence_begin_keeping(tf_access *access, int64_t id, int64_t now,
                                        tf_error *error);

#endif
