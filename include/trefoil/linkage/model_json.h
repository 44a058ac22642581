/* Models as JSON: our settings in and out, and Splink's saved models in. */
#ifndef TREFOIL_LINKAGE_MODEL_JSON_H
#define TREFOIL_LINKAGE_MODEL_JSON_H

#include "trefoil/linkage/model.h"

/* Read settings or a trained model: ours (docs/link-settings.schema.json; its first member is
 * "format": "trefoil-link"), or what Splink 4 and 5 save for DuckDB
 * (linker.misc.save_model_to_json), whose conditions in SQL become trees.  A member we do not know
 * is refused, and so is a condition without an equivalent, by its text and place.  What the model
 * says passes tf_link_model_check.  `*model_out` is to be freed with tf_link_model_free; NULL on a
 * fault. Errors: TF_BAD_INPUT, TF_UNSUPPORTED, TF_NO_MEMORY.  Thread-safe. */
TF_API tf_status tf_link_model_read(tf_text json, tf_link_model **model_out, tf_error *error);

/* Our settings, one value a line, members always in the same order, so that equal models give equal
 * bytes and tf_link_model_read gives the same model back.  Errors: TF_NO_MEMORY. */
TF_API tf_status tf_link_model_write(const tf_link_model *model, tf_buffer *buffer,
                                     tf_error *error);

#endif
