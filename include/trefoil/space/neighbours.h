/* Who is whose neighbour: binary spatial weights among areas or among points. */
#ifndef TREFOIL_SPACE_NEIGHBOURS_H
#define TREFOIL_SPACE_NEIGHBOURS_H

#include "trefoil/space/projection.h"

/* Compressed sparse rows: the neighbours of i are indices[offsets[i]] to
 * indices[offsets[i + 1] - 1], ascending, without i itself.  Always symmetric.  In the caller's
 * storage: tf_neighbours_deinit frees the arrays.  Thread-safe, as nothing changes it. */
typedef struct tf_neighbours {
    size_t count;
    int64_t *offsets; /* count + 1 */
    int32_t *indices;
} tf_neighbours;

TF_API void tf_neighbours_deinit(tf_neighbours *neighbours);

/* The most links that one call may make (a pair has two), so that a distance given in the wrong
 * unit ends in an error and not in a machine without memory. */
enum { TF_NEIGHBOURS_MAX_LINKS = 100000000 };

/* Which areas touch. */
typedef enum tf_contiguity {
    TF_CONTIGUITY_QUEEN, /* a common point is enough */
    TF_CONTIGUITY_ROOK,  /* a common border is needed, not just a corner */
} tf_contiguity;

/* A tolerance for official boundaries: the rounding of degrees to six decimals, and far below the
 * 20 m to which the outlines are generalised. */
#define TF_CONTIGUITY_TOLERANCE_M 0.05

/* Neighbours among areas (outlines in degrees; an empty one has none).  Two areas are queen
 * neighbours if they come within `tolerance_m` metres of each other on the National Grid, and
 * also if they overlap; rook neighbours if, besides, the one's border runs within the tolerance
 * (1 mm at least) of the other's for more than ten times that, which a corner does not do unless
 * its angle is below 12 degrees.
 * Tolerance 0 asks for points that are exactly the same, which files with shared borders have
 * (Moran 1948; Cliff & Ord 1981, ch. 1).
 * Errors: TF_NO_MEMORY, also beyond TF_NEIGHBOURS_MAX_LINKS; TF_BAD_INPUT for an outline that
 * fails tf_polygons_check or the projection (its place is "area N"), or a tolerance that is not
 * between 0 and 10 km. O(points log points), about 0.1 ms an area; rook some times as much. */
TF_API tf_status tf_neighbours_touching(tf_projection *projection, const tf_polygons *areas,
                                        size_t area_count, tf_contiguity contiguity,
                                        double tolerance_m, tf_neighbours *neighbours_out,
                                        tf_error *error);

/* Neighbours among points (metres): those at most `distance_m` apart, equal points included.
 * A point that is not finite has none.
 * Errors: TF_NO_MEMORY, also beyond TF_NEIGHBOURS_MAX_LINKS; TF_BAD_INPUT for a distance that is
 * not positive and finite.  Thread-safe.  O(n log n + links) unless points crowd unevenly. */
TF_API tf_status tf_neighbours_within(const tf_point *points, size_t count, double distance_m,
                                      tf_neighbours *neighbours_out, tf_error *error);

#endif
