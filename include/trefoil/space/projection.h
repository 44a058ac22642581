/* Between longitude and latitude (WGS84) and the British National Grid (EPSG:27700). */
#ifndef TREFOIL_SPACE_PROJECTION_H
#define TREFOIL_SPACE_PROJECTION_H

#include "trefoil/space/polygons.h"

/* Transverse Mercator on Airy's ellipsoid after the seven-parameter shift of datum that Ordnance
 * Survey publishes ("A guide to coordinate systems in Great Britain"; EPSG:1314).
 * A point comes out 2 m from the true grid typically and 5 m at most, all points near it by the
 * same vector, so distances and areas are hardly touched.  The finer OSTN15 grid is not used even
 * where it is installed: a figure must not depend on the machine.
 * Needs no network, no data file and no locale.  One thread at a time per object. */
typedef struct tf_projection tf_projection;

/* Errors: TF_NO_MEMORY; TF_INTERNAL if the projection library refuses the definition. */
TF_API tf_status tf_projection_new(tf_projection **projection_out, tf_error *error);
TF_API void tf_projection_free(tf_projection *projection); /* accepts NULL */

/* Replace degrees by metres, or metres by degrees, in place.  A point that is not finite or not
 * on or about the British Isles (14° W to 10° E, 45° to 65° N) becomes NaN in both coordinates.
 * Returns how many points have a place.  O(count), about 1 µs a point. */
TF_API size_t tf_projection_to_grid(tf_projection *projection, tf_point *points, size_t count);
TF_API size_t tf_projection_to_degrees(tf_projection *projection, tf_point *points, size_t count);

/* A copy of an area in metres of the grid, or in degrees; `area_out` is overwritten.
 * Errors: TF_NO_MEMORY; TF_BAD_INPUT if a point has no place; the copy is then empty. */
TF_API tf_status tf_projection_area_to_grid(tf_projection *projection, const tf_polygons *degrees,
                                            tf_polygons *area_out, tf_error *error);
TF_API tf_status tf_projection_area_to_degrees(tf_projection *projection, const tf_polygons *grid,
                                               tf_polygons *area_out, tf_error *error);

#endif
