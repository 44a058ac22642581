/* Fewer points for drawing: outlines that share borders are simplified together, so that they
 * still share them. */
#ifndef TREFOIL_SPACE_SIMPLIFY_H
#define TREFOIL_SPACE_SIMPLIFY_H

#include "trefoil/space/projection.h"

/* Simplify `count` outlines (degrees; an empty one stays empty) into `simplified_out`, which has
 * room for as many and is overwritten.  Borders are cut into arcs where three or more areas meet
 * or a border turns from one neighbour to another; each arc is simplified once, by taking away
 * again and again the point whose triangle with its neighbours is smallest, while that is below
 * tolerance_m squared (Visvalingam & Whyatt 1993, Cartographic Journal 30:46-51).  Two areas that
 * had a border in the very same points have it in the same points afterwards, so that neither
 * gaps nor overlaps open.  Points are left out, never moved; every ring keeps four at least, its
 * last the first.
 *
 * `tolerance_m` is in metres on the National Grid.  A point is kept where another one lies in its
 * triangle, so that no border comes to touch or cross another that it did not.
 * Errors: TF_BAD_INPUT for a tolerance that is not positive and finite, or an outline that fails
 * tf_polygons_check or the projection (its place is "area N"); TF_NO_MEMORY; all results are then
 * empty.  O(points log points), about 1 µs a point. */
TF_API tf_status tf_simplify_together(tf_projection *projection, const tf_polygons *areas,
                                      size_t count, double tolerance_m, tf_polygons *simplified_out,
                                      tf_error *error);

#endif
