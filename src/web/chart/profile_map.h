/* The small areas of a profile as a map in classes of their number of offences. */
#ifndef WEB_CHART_PROFILE_MAP_H
#define WEB_CHART_PROFILE_MAP_H

#include "insight/boundaries.h"
#include "web/chart/profile_charts.h"

/* Fill *chart_out; what it points to lives in `arena`, the profile and the shapes.  An area without
 * offences has no class.  The classes hold as equal a number of areas as can be.  links may be
 * NULL.
 * Errors: TF_NO_MEMORY.  Thread-safe for distinct arenas.  O(areas log areas + points). */
tf_status tf_profile_map_chart(tf_arena *arena, const tf_profile *profile,
                               const tf_map_shapes *shapes, const tf_profile_links *links,
                               tf_chart *chart_out, tf_error *error);

#endif
