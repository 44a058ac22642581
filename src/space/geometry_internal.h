/* What only neighbours.c asks of the geometry engine. */
#ifndef SPACE_GEOMETRY_INTERNAL_H
#define SPACE_GEOMETRY_INTERNAL_H

#include "trefoil/space/polygons.h"

/* Say in an error that it concerns the area `index`, counted from 1. */
void tf_geometry_name_area(size_t index, tf_error *error);

typedef struct tf_pair {
    int32_t first;
    int32_t second;
} tf_pair;

/* Pairs of places, each once, in any order. */
typedef struct tf_pairs {
    tf_pair *items;
    size_t count;
    size_t capacity;
} tf_pairs;

/* Errors: TF_NO_MEMORY, also for more pairs than TF_NEIGHBOURS_MAX_LINKS allows. */
tf_status tf_pairs_add(tf_pairs *pairs, int32_t first, int32_t second, tf_error *error);

/* Borders that run together are looked for in a strip of at least this width to either side, as
 * what is exactly the same in degrees is not after the rounding of an intersection. */
#define TF_GEOMETRY_MIN_STRIP_M 0.001

/* Append the pairs of areas (metres) that overlap or come within `tolerance_m` of each other; if
 * `border_m` is positive, only those whose borders run together, within the tolerance, for more
 * than that.  Errors: TF_BAD_INPUT, TF_NO_MEMORY. */
tf_status tf_geometry_touching_pairs(const tf_polygons *areas, size_t area_count,
                                     double tolerance_m, double border_m, tf_pairs *pairs,
                                     tf_error *error);

#endif
