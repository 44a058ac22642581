/* Cuts the text of a GeoJSON FeatureCollection into the texts of its features, as it arrives. */
#ifndef SPACE_FEATURE_SCANNER_INTERNAL_H
#define SPACE_FEATURE_SCANNER_INTERNAL_H

#include "trefoil/base/text.h"

/* What the collection says about itself and what it holds.  The texts are JSON values, balanced
 * but not yet checked, alive during the call; `line` is where the value starts. */
typedef struct tf_feature_scanner_handler {
    void *context;
    /* The values of "type" and "crs", wherever they stand. */
    tf_status (*on_member)(void *context, tf_text name, tf_text value, int64_t line,
                           tf_error *error);
    tf_status (*on_feature)(void *context, int64_t number, tf_text value, int64_t line,
                            tf_error *error);
} tf_feature_scanner_handler;

typedef struct tf_feature_scanner tf_feature_scanner;

/* Errors: TF_NO_MEMORY. */
tf_status tf_feature_scanner_new(const tf_feature_scanner_handler *handler,
                                 tf_feature_scanner **scanner_out, tf_error *error);
void tf_feature_scanner_free(tf_feature_scanner *scanner);

/* The next bytes of the file, cut anywhere.  After an error nothing more may be fed.
 * Errors: TF_BAD_INPUT, TF_NO_MEMORY, those of the handler.  O(length). */
tf_status tf_feature_scanner_feed(tf_feature_scanner *scanner, const char *bytes, size_t length,
                                  tf_error *error);

/* The file has ended.  Errors: TF_BAD_INPUT if that was too early. */
tf_status tf_feature_scanner_finish(tf_feature_scanner *scanner, tf_error *error);

#endif
