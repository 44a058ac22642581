/* The points of many outlines, each once, and the simplification of one arc among them. */
#ifndef TREFOIL_SPACE_SIMPLIFY_INTERNAL_H
#define TREFOIL_SPACE_SIMPLIFY_INTERNAL_H

#include "trefoil/space/polygons.h"

/* A point of one or more outlines. */
typedef struct tf_vertex {
    tf_point degrees;
    tf_point grid;
    int32_t neighbours[2]; /* on the first ring that has it; -1 before that */
    int32_t ring;          /* the last one that was seen to have it */
    bool is_junction;      /* another ring has other neighbours, or one ring has it twice */
    bool is_seen;          /* its arc has been simplified */
    bool is_removed;
    uint8_t needed; /* how many points its arc must keep between its ends */
} tf_vertex;

/* Vertices by squares of the grid, to find those in a triangle. */
typedef struct tf_vertex_grid {
    tf_point low;
    double size; /* of a square */
    int32_t columns, rows;
    int32_t *starts; /* columns * rows + 1 */
    int32_t *vertices;
} tf_vertex_grid;

tf_status tf_vertex_grid_init(tf_vertex_grid *grid, const tf_vertex *vertices, int32_t count,
                              tf_error *error);
void tf_vertex_grid_deinit(tf_vertex_grid *grid);

/* Room for the work on an arc; zeroed is none. */
typedef struct tf_arc_work {
    struct tf_arc_point *points;
    size_t point_capacity;
    int32_t *heap;
    size_t heap_capacity;
} tf_arc_work;

void tf_arc_work_deinit(tf_arc_work *work);

/* Mark as removed what can be spared between the ends of an arc of `count` vertices, of which
 * `needed` must stay.  `least_area` is in square metres. */
tf_status tf_arc_simplify(tf_arc_work *work, const tf_vertex_grid *grid, tf_vertex *vertices,
                          const int32_t *arc, size_t count, size_t needed, double least_area,
                          tf_error *error);

#endif
