/* A comparison as JSON. */
#ifndef WEB_API_COMPARISON_INTERNAL_H
#define WEB_API_COMPARISON_INTERNAL_H

#include "insight/compare.h"
#include "trefoil/base/json.h"

/* Write the comparison as one object.  A failed allocation is left in the writer's buffer. */
void tf_comparison_json_write(const tf_comparison *comparison, tf_json *json);

#endif
