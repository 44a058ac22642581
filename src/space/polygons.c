#include "trefoil/space/polygons.h"

#include "trefoil/base/memory.h"

#include <math.h>
#include <string.h>

void tf_polygons_deinit(tf_polygons *polygons) {
    tf_free(polygons->part_rings);
    tf_free(polygons->ring_points);
    tf_free(polygons->points);
    *polygons = (tf_polygons){0};
}

/* Close an item of one level: append `end`, where the level below now ends, to its offsets. */
static tf_status add_offset(int32_t **offsets, size_t *capacity, int32_t *count, int32_t end,
                            tf_error *error) {
    tf_status status = tf_reserve(offsets, capacity, (size_t)*count + 2, sizeof **offsets, error);
    if (status) {
        return status;
    }
    (*offsets)[0] = 0;
    ++*count;
    (*offsets)[*count] = end;
    return TF_OK;
}

tf_status tf_polygons_add_point(tf_polygons *polygons, tf_point point, tf_error *error) {
    if (polygons->point_count == INT32_MAX - 1) {
        return tf_fail_no_memory(error);
    }
    tf_status status =
        tf_reserve(&polygons->points, &polygons->point_capacity, (size_t)polygons->point_count + 1,
                   sizeof *polygons->points, error);
    if (!status) {
        polygons->points[polygons->point_count++] = point;
    }
    return status;
}

tf_status tf_polygons_end_ring(tf_polygons *polygons, tf_error *error) {
    if (polygons->ring_count == INT32_MAX - 1) {
        return tf_fail_no_memory(error);
    }
    return add_offset(&polygons->ring_points, &polygons->ring_capacity, &polygons->ring_count,
                      polygons->point_count, error);
}

tf_status tf_polygons_end_part(tf_polygons *polygons, tf_error *error) {
    if (polygons->part_count == INT32_MAX - 1) {
        return tf_fail_no_memory(error);
    }
    return add_offset(&polygons->part_rings, &polygons->part_capacity, &polygons->part_count,
                      polygons->ring_count, error);
}

/* A copy of `count` items in new memory whose size is `*capacity_out`; NULL for none. */
static tf_status copy_items(const void *items, size_t count, size_t size, void *copy_out,
                            size_t *capacity_out, tf_error *error) {
    if (count == 0) {
        return TF_OK;
    }
    void *copy = tf_alloc(count, size);
    if (!copy) {
        return tf_fail_no_memory(error);
    }
    memcpy(copy, items, count * size);
    memcpy(copy_out, &copy, sizeof copy);
    *capacity_out = count;
    return TF_OK;
}

tf_status tf_polygons_copy(const tf_polygons *polygons, tf_polygons *copy_out, tf_error *error) {
    tf_polygons copy = {.part_count = polygons->part_count,
                        .ring_count = polygons->ring_count,
                        .point_count = polygons->point_count};
    size_t parts = polygons->part_rings ? (size_t)polygons->part_count + 1 : 0;
    size_t rings = polygons->ring_points ? (size_t)polygons->ring_count + 1 : 0;
    tf_status status = copy_items(polygons->part_rings, parts, sizeof *copy.part_rings,
                                  &copy.part_rings, &copy.part_capacity, error);
    if (!status) {
        status = copy_items(polygons->ring_points, rings, sizeof *copy.ring_points,
                            &copy.ring_points, &copy.ring_capacity, error);
    }
    if (!status) {
        status = copy_items(polygons->points, (size_t)polygons->point_count, sizeof *copy.points,
                            &copy.points, &copy.point_capacity, error);
    }
    if (status) {
        tf_polygons_deinit(&copy);
    }
    *copy_out = copy;
    return status;
}

static tf_status check_ring(const tf_point *points, int32_t count, int32_t number,
                            tf_error *error) {
    if (count < 4) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "ring %d has %d points; a ring needs four or more, the last equal to the "
                       "first",
                       number, count);
    }
    for (int32_t i = 0; i < count; i++) {
        if (!isfinite(points[i].x) || !isfinite(points[i].y)) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "ring %d has a coordinate that is not a finite number", number);
        }
    }
    const tf_point *last = &points[count - 1];
    if (points[0].x != last->x || points[0].y != last->y) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "ring %d is not closed; repeat its first point at its end", number);
    }
    return TF_OK;
}

tf_status tf_polygons_check(const tf_polygons *polygons, tf_error *error) {
    for (int32_t part = 0; part < polygons->part_count; part++) {
        if (polygons->part_rings[part] == polygons->part_rings[part + 1]) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "part %d of the outline has no ring; leave the part out", part + 1);
        }
    }
    for (int32_t ring = 0; ring < polygons->ring_count; ring++) {
        int32_t start = polygons->ring_points[ring];
        int32_t count = polygons->ring_points[ring + 1] - start;
        const tf_point *points = count > 0 ? polygons->points + start : NULL;
        tf_status status = check_ring(points, count, ring + 1, error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

bool tf_polygons_bounds(const tf_polygons *polygons, tf_box *box_out) {
    if (polygons->point_count == 0) {
        return false;
    }
    tf_box box = {polygons->points[0], polygons->points[0]};
    for (int32_t i = 1; i < polygons->point_count; i++) {
        tf_point point = polygons->points[i];
        box.low.x = fmin(box.low.x, point.x);
        box.low.y = fmin(box.low.y, point.y);
        box.high.x = fmax(box.high.x, point.x);
        box.high.y = fmax(box.high.y, point.y);
    }
    *box_out = box;
    return true;
}
