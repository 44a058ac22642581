/* Outlines with the figures of a comparison, for a map in classes. */
#ifndef WEB_API_BOUNDARIES_INTERNAL_H
#define WEB_API_BOUNDARIES_INTERNAL_H

#include "insight/boundaries.h"
#include "insight/compare.h"

enum { TF_CHOROPLETH_CLASSES = 5 };

/* Write a FeatureCollection whose features have the properties code, name, count, rate_per_1000,
 * class (1 to 5, of the count or of the rate) and text, and which has the classes' limits beside
 * them.  What is not known is null, and so is the class of an area without offences.
 * Errors: TF_NO_MEMORY, and a failed allocation is left in the writer's buffer. */
tf_status tf_choropleth_write(const tf_boundaries *boundaries, const tf_comparison *comparison,
                              bool is_rate, tf_json *json, tf_error *error);

#endif
