/* The outline of an area: parts made of rings made of points, as flat arrays. */
#ifndef TREFOIL_SPACE_POLYGONS_H
#define TREFOIL_SPACE_POLYGONS_H

#include "trefoil/base/status.h"

#include <stdbool.h>

/* Longitude and latitude in degrees of WGS84, or easting and northing in metres of the British
 * National Grid; a function says which it means. */
typedef struct tf_point {
    double x;
    double y;
} tf_point;

typedef struct tf_box {
    tf_point low;
    tf_point high;
} tf_box;

/* A polygon (one part) or several that belong to one area, as the nested offsets of GeoArrow:
 * part p has the rings part_rings[p] to part_rings[p + 1] - 1, the first its outline and the
 * others its holes; ring r has the points ring_points[r] to ring_points[r + 1] - 1, the last
 * equal to the first.  All zero is the empty area, whose offsets are NULL.  In the caller's
 * storage: tf_polygons_deinit frees the arrays.  Thread-safe while nobody changes it. */
typedef struct tf_polygons {
    int32_t part_count;
    int32_t ring_count;
    int32_t point_count;
    int32_t *part_rings;  /* part_count + 1 */
    int32_t *ring_points; /* ring_count + 1 */
    tf_point *points;
    size_t part_capacity;
    size_t ring_capacity;
    size_t point_capacity;
} tf_polygons;

TF_API void tf_polygons_deinit(tf_polygons *polygons); /* leaves the empty area */

/* Build an outline: the points of a ring, then end_ring; the rings of a part, then end_part.
 * Errors: TF_NO_MEMORY, also for 2^31 - 1 points or more.  Amortised O(1). */
TF_API tf_status tf_polygons_add_point(tf_polygons *polygons, tf_point point, tf_error *error);
TF_API tf_status tf_polygons_end_ring(tf_polygons *polygons, tf_error *error);
TF_API tf_status tf_polygons_end_part(tf_polygons *polygons, tf_error *error);

/* `copy_out` is overwritten.  Errors: TF_NO_MEMORY, the copy then empty.  O(points). */
TF_API tf_status tf_polygons_copy(const tf_polygons *polygons, tf_polygons *copy_out,
                                  tf_error *error);

/* Whether every part has a ring, every ring has four points or more and ends where it began, and
 * every coordinate is finite: what the rest of this folder relies on.  The empty area passes.
 * Whether rings cross is another question: tf_geometry_check.
 * Errors: TF_BAD_INPUT, naming the ring.  O(points). */
TF_API tf_status tf_polygons_check(const tf_polygons *polygons, tf_error *error);

/* The smallest box that holds every point; false, and nothing written, for the empty area. */
TF_API bool tf_polygons_bounds(const tf_polygons *polygons, tf_box *box_out);

#endif
