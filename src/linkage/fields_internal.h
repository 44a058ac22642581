/* Typed members of a JSON object, copied to the model's arena. */
#ifndef TREFOIL_LINKAGE_FIELDS_INTERNAL_H
#define TREFOIL_LINKAGE_FIELDS_INTERNAL_H

#include "trefoil/base/json_read.h"
#include "trefoil/base/memory.h"
#include "trefoil/linkage/model.h"

/* A place in the settings, for messages, and where texts are copied to. */
typedef struct tf_link_fields {
    const tf_json_value *object;
    const char *place;
    tf_arena *arena;
    tf_error *error;
} tf_link_fields;

/* The object itself, which must be one and have no members but those listed up to NULL; an empty
 * list allows any.  `place` must live as long as the fields. */
tf_status tf_link_fields_open(const tf_json_value *object, const char *place,
                              const char *const *known, tf_arena *arena, tf_link_fields *fields_out,
                              tf_error *error);

/* Each leaves `*…_out` as it is when there is no such member, or it is null. */
tf_status tf_link_field_text(const tf_link_fields *fields, const char *key, const char **text_out);
tf_status tf_link_field_number(const tf_link_fields *fields, const char *key, double *number_out);
tf_status tf_link_field_bool(const tf_link_fields *fields, const char *key, bool *flag_out);
tf_status tf_link_field_texts(const tf_link_fields *fields, const char *key,
                              const char ***texts_out, int *count_out);

/* The list under a key, of at most `most` items; NULL, and none, when there is no such member. */
tf_status tf_link_field_list(const tf_link_fields *fields, const char *key, size_t most,
                             const tf_json_value **list_out, int *count_out);

tf_status tf_link_field_fail(const tf_link_fields *fields, const char *key, const char *what);

/* Ours and Splink's, into a new model. */
tf_status tf_link_settings_read(const tf_json_value *root, tf_link_model *model, tf_error *error);
tf_status tf_link_splink_read(const tf_json_value *root, tf_link_model *model, tf_error *error);

#endif
