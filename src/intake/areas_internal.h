/* Who touches whom in a layer. */
#ifndef INTAKE_AREAS_INTERNAL_H
#define INTAKE_AREAS_INTERNAL_H

#include "store/db.h"
#include "trefoil/space/projection.h"

/* Store anew which areas of `layer` are neighbours, within the caller's transaction, and tell how
 * many areas and pairs there are. */
tf_status tf_areas_find_neighbours(tf_db *db, tf_projection *projection, const char *layer,
                                   int64_t *area_count_out, int64_t *pair_count_out,
                                   tf_error *error);

#endif
