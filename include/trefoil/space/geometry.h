/* What can be asked of an area's outline, and which area holds a point. */
#ifndef TREFOIL_SPACE_GEOMETRY_H
#define TREFOIL_SPACE_GEOMETRY_H

#include "trefoil/space/projection.h"

/* Outlines are in degrees.  Every function first makes sure of tf_polygons_check and fails with
 * its error.  All are thread-safe for distinct projections. */

/* Square kilometres on the National Grid, holes taken out.  Rings that cross give a wrong area:
 * tf_geometry_check first.  The grid's scale makes it wrong by 0.1% at most within England and
 * Wales.  Errors: those of tf_projection_area_to_grid.  O(points). */
TF_API tf_status tf_geometry_area_km2(tf_projection *projection, const tf_polygons *area,
                                      double *area_km2_out, tf_error *error);

/* The centre of gravity on the National Grid, in degrees.  It may lie outside a bent area.
 * Errors: also TF_BAD_INPUT for the empty area.  O(points). */
TF_API tf_status tf_geometry_centroid(tf_projection *projection, const tf_polygons *area,
                                      tf_point *centroid_out, tf_error *error);

/* Whether the outline is simple as ISO 19125 wants it: no ring crosses itself or another, holes
 * lie inside, parts do not overlap.  Errors: TF_BAD_INPUT saying where it is not; TF_NO_MEMORY.
 * O(points log points). */
TF_API tf_status tf_geometry_check(const tf_polygons *area, tf_error *error);

/* A valid outline that covers the same ground as nearly as can be; lines and points that are left
 * over are dropped.  `repaired_out` is overwritten.  Errors: TF_BAD_INPUT; TF_NO_MEMORY. */
TF_API tf_status tf_geometry_repair(const tf_polygons *area, tf_polygons *repaired_out,
                                    tf_error *error);

/* Fewer points, none of the outline moved by more than about `tolerance_m` metres, still valid
 * (topology-preserving Douglas-Peucker 1973).  For drawing: neighbours are simplified apart, so
 * thin gaps open along their common border.  `simplified_out` is overwritten.
 * Errors: those of tf_projection_area_to_grid; TF_BAD_INPUT for a tolerance that is not positive.
 */
TF_API tf_status tf_geometry_simplify(tf_projection *projection, const tf_polygons *area,
                                      double tolerance_m, tf_polygons *simplified_out,
                                      tf_error *error);

/* Many areas, ready to be asked which of them holds a point: an R-tree of their boxes, with each
 * outline that was asked before prepared for the next point.  One thread at a time. */
typedef struct tf_area_index tf_area_index;

/* The outlines are copied; empty ones hold no point.  Areas and points are in the same
 * coordinates, degrees or metres.  Errors: TF_BAD_INPUT, whose place is "area N"; TF_NO_MEMORY.
 * O(points log points). */
TF_API tf_status tf_area_index_new(const tf_polygons *areas, size_t area_count,
                                   tf_area_index **index_out, tf_error *error);
TF_API void tf_area_index_free(tf_area_index *index); /* accepts NULL */

/* For each point the lowest number of an area that holds it, borders included, or -1 if none
 * does or the point is not finite.  Errors: TF_NO_MEMORY.
 * O(count log areas), about 1 µs a point. */
TF_API tf_status tf_area_index_find(tf_area_index *index, const tf_point *points, size_t count,
                                    int32_t *areas_out, tf_error *error);

#endif
