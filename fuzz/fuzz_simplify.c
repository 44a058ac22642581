/* Any rings as the outlines of a map: however they cross and repeat, what comes out is sound, made
 * of the points that went in, and shared where it was shared.
 *
 * The first byte is the tolerance; each further one a point of an 8 by 8 lattice or, with its upper
 * bits, the end of a ring, a part or an area. */
#include "trefoil/base/memory.h"
#include "trefoil/space/simplify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_AREAS = 16, LATTICE = 8, LEAST_POINTS = 3, END_RING = 64, END_PART = 128 };

static void require(bool is_true) {
    if (!is_true) {
        abort();
    }
}

static tf_point point_of(uint8_t byte) {
    return (tf_point){-0.4 + byte % LATTICE * 0.0015, 52 + byte / LATTICE % LATTICE * 0.001};
}

typedef struct drawing {
    tf_polygons areas[MOST_AREAS];
    size_t count;
    int32_t open_points; /* of the ring that is being drawn */
} drawing;

static void close_ring(drawing *map) {
    tf_polygons *area = &map->areas[map->count];
    if (map->open_points >= LEAST_POINTS) {
        tf_point first = area->points[area->point_count - map->open_points];
        require(tf_polygons_add_point(area, first, NULL) == TF_OK);
        require(tf_polygons_end_ring(area, NULL) == TF_OK);
    } else {
        area->point_count -= map->open_points;
    }
    map->open_points = 0;
}

static void close_part(drawing *map) {
    tf_polygons *area = &map->areas[map->count];
    close_ring(map);
    int32_t rings = area->part_count ? area->part_rings[area->part_count] : 0;
    if (area->ring_count > rings) {
        require(tf_polygons_end_part(area, NULL) == TF_OK);
    }
}

static void draw(drawing *map, const uint8_t *data, size_t size) {
    for (size_t i = 0; i < size && map->count < MOST_AREAS; i++) {
        require(tf_polygons_add_point(&map->areas[map->count], point_of(data[i]), NULL) == TF_OK);
        map->open_points++;
        if ((data[i] & (END_RING | END_PART)) == (END_RING | END_PART)) {
            close_part(map);
            map->count++;
        } else if (data[i] & END_PART) {
            close_part(map);
        } else if (data[i] & END_RING) {
            close_ring(map);
        }
    }
    if (map->count < MOST_AREAS) {
        close_part(map);
        map->count++;
    }
}

static bool has_point(const tf_polygons *area, tf_point point) {
    for (int32_t i = 0; i < area->point_count; i++) {
        if (area->points[i].x == point.x && area->points[i].y == point.y) {
            return true;
        }
    }
    return false;
}

static void check(const tf_polygons *before, const tf_polygons *after) {
    require(tf_polygons_check(after, NULL) == TF_OK);
    require(after->ring_count == before->ring_count && after->part_count == before->part_count);
    for (int32_t i = 0; i < after->point_count; i++) {
        require(has_point(before, after->points[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static tf_projection *projection;
    if (!projection) {
        require(tf_projection_new(&projection, NULL) == TF_OK);
    }
    if (size == 0) {
        return 0;
    }
    drawing map = {0};
    tf_polygons simplified[MOST_AREAS];
    draw(&map, data + 1, size - 1);
    double tolerance_m = 1 + data[0] * 10;
    require(tf_simplify_together(projection, map.areas, map.count, tolerance_m, simplified, NULL) ==
            TF_OK);
    for (size_t i = 0; i < map.count; i++) {
        check(&map.areas[i], &simplified[i]);
    }
    for (size_t i = 0; i < MOST_AREAS; i++) {
        tf_polygons_deinit(&map.areas[i]);
        if (i < map.count) {
            tf_polygons_deinit(&simplified[i]);
        }
    }
    return 0;
}
