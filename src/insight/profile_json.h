/* A profile as JSON, for programs. */
#ifndef INSIGHT_PROFILE_JSON_H
#define INSIGHT_PROFILE_JSON_H

#include "insight/profile.h"
#include "trefoil/base/json.h"

/* Write the profile as one object.  Months are "2023-02"; a figure that is not known is null and
 * has its reason beside it (rate_note, ...); what is infinite or not a number is null.  A failed
 * allocation is left in the writer's buffer.  O(size of the profile). */
void tf_profile_json_write(const tf_profile *profile, tf_json *json);

/* The members "sources" and "notes" of an open object, as every answer about crimes has them. */
void tf_profile_json_put_origin(tf_json *json, const tf_profile_source *sources,
                                size_t source_count, const char *const *notes, size_t note_count);

#endif
