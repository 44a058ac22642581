/* The outlines of areas for maps: simplified together, as GeoJSON for a browser, or projected for a
 * static drawing. */
#ifndef INSIGHT_BOUNDARIES_H
#define INSIGHT_BOUNDARIES_H

#include "insight/crime_data.h"
#include "trefoil/base/json.h"
#include "trefoil/space/polygons.h"
#include "trefoil/table/table.h"

typedef struct tf_boundaries_request {
    const char *within; /* the area that contains them, as a person types it; NULL: all */
    tf_layer layer;
    double tolerance_m; /* 0: as they were imported */
} tf_boundaries_request;

typedef struct tf_boundary {
    const char *code;
    const char *name;
    tf_polygons outline; /* degrees; empty where none was imported */
} tf_boundary;

/* Does not change once made, and may be kept and used by several threads. */
typedef struct tf_boundaries {
    tf_arena *arena;
    const char *within_code; /* NULL: all areas of the layer */
    const char *within_name;
    tf_layer layer;
    tf_boundary *areas; /* in order of code */
    size_t area_count;
    size_t outline_count; /* areas that have one */
    tf_box box;           /* degrees; of all outlines; all NaN where there are none */
    const char *note;     /* why there are none, or NULL */
} tf_boundaries;

/* Read and simplify; *boundaries_out is freed with tf_boundaries_free.  It takes some milliseconds
 * for a county: keep the result, and make it anew when tf_crime_data_version has changed.
 * Errors: as tf_comparison_make for the areas; those of tf_simplify_together. */
tf_status tf_boundaries_make(tf_crime_data *data, const tf_boundaries_request *request,
                             tf_boundaries **boundaries_out, tf_error *error);
void tf_boundaries_free(tf_boundaries *boundaries); /* accepts NULL */

/* The outline of an area by its code, or NULL.  O(log areas). */
const tf_boundary *tf_boundaries_find(const tf_boundaries *boundaries, const char *code);

/* Write the areas as a FeatureCollection (RFC 7946): id and properties code and name, six decimals
 * (about 0.1 m), outer rings anticlockwise, bbox.  An area without an outline has a null geometry.
 * A failed allocation is left in the writer's buffer. */
void tf_boundaries_write_geojson(const tf_boundaries *boundaries, tf_json *json);

/* Its parts: the member "bbox" of the collection, if there is an outline; and the member "geometry"
 * of a feature, null for a NULL boundary. */
void tf_boundaries_write_box(const tf_boundaries *boundaries, tf_json *json);
void tf_boundaries_write_geometry(const tf_boundary *boundary, tf_json *json);

/* ---- for drawing ---- */

enum { TF_MAP_SIDE = 1000 };

typedef struct tf_map_point {
    float x; /* to the right, 0 to width */
    float y; /* down, 0 to height */
} tf_map_point;

/* A closed ring; the last point is not repeated.  Fill all rings of a shape together, by the
 * even-odd rule: holes are rings too. */
typedef struct tf_map_ring {
    tf_map_point *points;
    size_t point_count;
} tf_map_ring;

typedef struct tf_map_shape {
    const char *code;
    const char *name;
    tf_map_ring *rings;
    size_t ring_count;   /* 0 where there is no outline */
    tf_map_point centre; /* of its box, for a label */
} tf_map_shape;

/* On the British National Grid, scaled so that the longer side is TF_MAP_SIDE. */
typedef struct tf_map_shapes {
    tf_arena *arena;
    double width;
    double height;
    double metres_per_unit;
    tf_map_shape *shapes; /* in order of code */
    size_t shape_count;
} tf_map_shapes;

/* Errors: TF_NOT_FOUND where no area has an outline; TF_NO_MEMORY.  O(points). */
tf_status tf_map_shapes_make(const tf_boundaries *boundaries, tf_map_shapes **shapes_out,
                             tf_error *error);
void tf_map_shapes_free(tf_map_shapes *shapes); /* accepts NULL */

#endif
