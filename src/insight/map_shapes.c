#include "insight/boundaries.h"

#include "trefoil/space/projection.h"

#include <math.h>

typedef struct drawing {
    tf_map_shapes *shapes;
    tf_polygons *grid; /* outlines in metres */
    tf_box box;
    double scale; /* units a metre */
} drawing;

static tf_status project(drawing *work, const tf_boundaries *boundaries, tf_error *error) {
    tf_projection *projection = NULL;
    tf_status status = tf_projection_new(&projection, error);
    work->box = (tf_box){{INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
    for (size_t i = 0; i < boundaries->area_count && !status; i++) {
        tf_box box;
        status = tf_projection_area_to_grid(projection, &boundaries->areas[i].outline,
                                            &work->grid[i], error);
        if (!status && tf_polygons_bounds(&work->grid[i], &box)) {
            work->box.low.x = fmin(work->box.low.x, box.low.x);
            work->box.low.y = fmin(work->box.low.y, box.low.y);
            work->box.high.x = fmax(work->box.high.x, box.high.x);
            work->box.high.y = fmax(work->box.high.y, box.high.y);
        }
    }
    tf_projection_free(projection);
    return status;
}

/* A tenth of a unit is finer than any screen shows. */
static float to_tenth(double value) {
    return (float)(round(value * 10) / 10);
}

static tf_map_point draw_point(const drawing *work, tf_point point) {
    return (tf_map_point){to_tenth((point.x - work->box.low.x) * work->scale),
                          to_tenth((work->box.high.y - point.y) * work->scale)};
}

static bool is_same(tf_map_point a, tf_map_point b) {
    return a.x == b.x && a.y == b.y;
}

/* Points that fall together are drawn once; a ring of fewer than three is not drawn. */
static tf_status draw_ring(const drawing *work, const tf_polygons *outline, int32_t ring,
                           tf_map_shape *shape, tf_error *error) {
    const tf_point *points = outline->points + outline->ring_points[ring];
    int32_t count = outline->ring_points[ring + 1] - outline->ring_points[ring];
    tf_map_point *drawn = tf_arena_alloc(work->shapes->arena, (size_t)count, sizeof *drawn);
    if (!drawn) {
        return tf_fail_no_memory(error);
    }
    size_t kept = 0;
    for (int32_t i = 0; i + 1 < count; i++) {
        tf_map_point point = draw_point(work, points[i]);
        if (kept == 0 || !is_same(drawn[kept - 1], point)) {
            drawn[kept++] = point;
        }
    }
    while (kept > 1 && is_same(drawn[kept - 1], drawn[0])) {
        kept--;
    }
    if (kept >= 3) {
        shape->rings[shape->ring_count++] = (tf_map_ring){drawn, kept};
    }
    return TF_OK;
}

static tf_status draw_area(const drawing *work, const tf_boundary *area, const tf_polygons *outline,
                           tf_map_shape *shape, tf_error *error) {
    tf_arena *arena = work->shapes->arena;
    *shape = (tf_map_shape){
        .code = tf_arena_format(arena, "%s", area->code),
        .name = tf_arena_format(arena, "%s", area->name),
        .rings = tf_arena_alloc(arena, (size_t)outline->ring_count, sizeof *shape->rings)};
    if (!shape->code || !shape->name || !shape->rings) {
        return tf_fail_no_memory(error);
    }
    tf_status status = TF_OK;
    for (int32_t ring = 0; ring < outline->ring_count && !status; ring++) {
        status = draw_ring(work, outline, ring, shape, error);
    }
    tf_box box;
    if (tf_polygons_bounds(outline, &box)) {
        shape->centre = draw_point(
            work, (tf_point){(box.low.x + box.high.x) / 2, (box.low.y + box.high.y) / 2});
    }
    return status;
}

static tf_status draw(drawing *work, const tf_boundaries *boundaries, tf_error *error) {
    tf_map_shapes *shapes = work->shapes;
    tf_status status = project(work, boundaries, error);
    if (status) {
        return status;
    }
    double width = work->box.high.x - work->box.low.x, height = work->box.high.y - work->box.low.y;
    work->scale = TF_MAP_SIDE / fmax(fmax(width, height), 1);
    shapes->width = to_tenth(width * work->scale);
    shapes->height = to_tenth(height * work->scale);
    shapes->metres_per_unit = 1 / work->scale;
    shapes->shapes = tf_arena_alloc(shapes->arena, boundaries->area_count, sizeof *shapes->shapes);
    if (!shapes->shapes) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < boundaries->area_count && !status; i++) {
        status = draw_area(work, &boundaries->areas[i], &work->grid[i],
                           &shapes->shapes[shapes->shape_count++], error);
    }
    return status;
}

tf_status tf_map_shapes_make(const tf_boundaries *boundaries, tf_map_shapes **shapes_out,
                             tf_error *error) {
    *shapes_out = NULL;
    if (boundaries->outline_count == 0) {
        return tf_fail(error, TF_NOT_FOUND, boundaries->within_name, 0, "%s",
                       boundaries->note ? boundaries->note : "There is no outline to draw.");
    }
    tf_arena *arena = tf_arena_new();
    tf_map_shapes *shapes = arena ? tf_arena_alloc(arena, 1, sizeof *shapes) : NULL;
    drawing work = {.shapes = shapes,
                    .grid = tf_alloc_zeroed(boundaries->area_count, sizeof(tf_polygons))};
    tf_status status = shapes && work.grid ? TF_OK : tf_fail_no_memory(error);
    if (!status) {
        *shapes = (tf_map_shapes){.arena = arena};
        status = draw(&work, boundaries, error);
    }
    for (size_t i = 0; work.grid && i < boundaries->area_count; i++) {
        tf_polygons_deinit(&work.grid[i]);
    }
    tf_free(work.grid);
    if (status) {
        tf_arena_free(arena);
        return status;
    }
    *shapes_out = shapes;
    return TF_OK;
}

void tf_map_shapes_free(tf_map_shapes *shapes) {
    if (shapes) {
        tf_arena_free(shapes->arena);
    }
}
