#include "trefoil/space/simplify.h"

#include "simplify_internal.h"
#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CLOSED_NEEDS = 2, HALF_NEEDS = 1 };

/* All rings of all areas, as numbers of vertices. */
typedef struct ring_set {
    tf_vertex *vertices;
    int32_t vertex_count;
    uint32_t *slots; /* vertex + 1; 0 is free; open addressing */
    size_t slot_count;
    int32_t *ids;         /* of the points of all rings, without the closing ones */
    int32_t *ring_starts; /* in ids, ring_count + 1 */
    int32_t ring_count;
    int32_t *arc; /* room for the longest ring and its first point again */
    tf_vertex_grid grid;
    tf_arc_work work;
} ring_set;

static void ring_set_deinit(ring_set *set) {
    tf_free(set->vertices);
    tf_free(set->slots);
    tf_free(set->ids);
    tf_free(set->ring_starts);
    tf_free(set->arc);
    tf_vertex_grid_deinit(&set->grid);
    tf_arc_work_deinit(&set->work);
}

static tf_status ring_set_init(ring_set *set, const tf_polygons *areas, size_t count,
                               tf_error *error) {
    size_t points = 0, rings = 0;
    for (size_t i = 0; i < count; i++) {
        points += (size_t)areas[i].point_count;
        rings += (size_t)areas[i].ring_count;
    }
    if (points >= INT32_MAX / 2) {
        return tf_fail(error, TF_NO_MEMORY, NULL, 0,
                       "the outlines have %zu points, more than can be simplified together",
                       points);
    }
    set->slot_count = 16;
    while (set->slot_count < 2 * points) {
        set->slot_count *= 2;
    }
    set->vertices = tf_alloc(points, sizeof *set->vertices);
    set->slots = tf_alloc_zeroed(set->slot_count, sizeof *set->slots);
    set->ids = tf_alloc(points, sizeof *set->ids);
    set->ring_starts = tf_alloc_zeroed(rings + 1, sizeof *set->ring_starts);
    set->arc = tf_alloc(points + 1, sizeof *set->arc);
    return set->vertices && set->slots && set->ids && set->ring_starts && set->arc
               ? TF_OK
               : tf_fail_no_memory(error);
}

/* ---- vertices ---- */

/* The vertex at that very point.  Zero has two forms that are equal. */
static int32_t vertex_at(ring_set *set, tf_point degrees) {
    tf_point key = {degrees.x + 0.0, degrees.y + 0.0};
    size_t slot = tf_hash(&key, sizeof key) & (set->slot_count - 1);
    for (; set->slots[slot]; slot = (slot + 1) & (set->slot_count - 1)) {
        const tf_vertex *vertex = &set->vertices[set->slots[slot] - 1];
        if (vertex->degrees.x == key.x && vertex->degrees.y == key.y) {
            return (int32_t)set->slots[slot] - 1;
        }
    }
    set->vertices[set->vertex_count] =
        (tf_vertex){.degrees = key, .grid = key, .neighbours = {-1, -1}, .ring = -1};
    set->slots[slot] = (uint32_t)++set->vertex_count;
    return set->vertex_count - 1;
}

/* The vertices of a ring, one point that follows its like being left out. */
static void add_ring(ring_set *set, const tf_polygons *area, int32_t ring) {
    int32_t start = set->ring_starts[set->ring_count], end = start;
    for (int32_t i = area->ring_points[ring]; i < area->ring_points[ring + 1] - 1; i++) {
        int32_t id = vertex_at(set, area->points[i]);
        if (end == start || set->ids[end - 1] != id) {
            set->ids[end++] = id;
        }
    }
    while (end > start + 1 && set->ids[end - 1] == set->ids[start]) {
        end--;
    }
    set->ring_starts[++set->ring_count] = end;
}

/* Name the first area with a point that has no place on the grid. */
static tf_status fail_outside(ring_set *set, const tf_polygons *areas, size_t count,
                              tf_error *error) {
    size_t area = 0;
    for (int32_t i = 0; area < count;) {
        if (i == areas[area].point_count) {
            area++;
            i = 0;
        } else if (isnan(set->vertices[vertex_at(set, areas[area].points[i])].grid.x)) {
            break;
        } else {
            i++;
        }
    }
    char place[32];
    snprintf(place, sizeof place, "area %zu", area + 1);
    return tf_fail(error, TF_BAD_INPUT, place, 0,
                   "the outline reaches outside the British National Grid; give longitude and "
                   "latitude (WGS84) of a place in or about the British Isles");
}

static tf_status project(ring_set *set, tf_projection *projection, const tf_polygons *areas,
                         size_t count, tf_error *error) {
    tf_point *points = tf_alloc((size_t)set->vertex_count, sizeof *points);
    if (!points) {
        return tf_fail_no_memory(error);
    }
    for (int32_t i = 0; i < set->vertex_count; i++) {
        points[i] = set->vertices[i].degrees;
    }
    size_t placed = tf_projection_to_grid(projection, points, (size_t)set->vertex_count);
    for (int32_t i = 0; i < set->vertex_count; i++) {
        set->vertices[i].grid = points[i];
    }
    tf_free(points);
    return placed == (size_t)set->vertex_count ? TF_OK : fail_outside(set, areas, count, error);
}

/* ---- junctions and arcs ---- */

static void visit_vertex(tf_vertex *vertex, int32_t ring, int32_t before, int32_t after) {
    int32_t *known = vertex->neighbours;
    vertex->is_junction = vertex->is_junction || vertex->ring == ring;
    vertex->ring = ring;
    if (known[0] < 0) {
        known[0] = before;
        known[1] = after;
    } else if (!(known[0] == before && known[1] == after) &&
               !(known[0] == after && known[1] == before)) {
        vertex->is_junction = true;
    }
}

static void find_junctions(ring_set *set) {
    for (int32_t ring = 0; ring < set->ring_count; ring++) {
        const int32_t *ids = set->ids + set->ring_starts[ring];
        int32_t count = set->ring_starts[ring + 1] - set->ring_starts[ring];
        for (int32_t i = 0; i < count; i++) {
            visit_vertex(&set->vertices[ids[i]], ring, ids[i ? i - 1 : count - 1],
                         ids[i + 1 < count ? i + 1 : 0]);
        }
    }
}

/* What is to be done with each arc of a ring: `arc` are its vertices with both ends. */
typedef tf_status visit_arc(ring_set *set, const int32_t *arc, size_t count, size_t needed,
                            double least_area, tf_error *error);

/* A ring that one arc makes needs two points besides its end, one that two make one in each. */
static tf_status each_arc(ring_set *set, int32_t ring, double least_area, visit_arc *visit,
                          tf_error *error) {
    const int32_t *ids = set->ids + set->ring_starts[ring];
    int32_t count = set->ring_starts[ring + 1] - set->ring_starts[ring];
    int32_t junctions = 0, first = 0;
    for (int32_t i = count - 1; i >= 0; i--) {
        if (set->vertices[ids[i]].is_junction) {
            junctions++;
            first = i;
        }
    }
    size_t needed = junctions < 2 ? CLOSED_NEEDS : junctions == 2 ? HALF_NEEDS : 0;
    size_t length = 0;
    tf_status status = TF_OK;
    for (int32_t i = 0; i <= count && count > 2 && !status; i++) {
        int32_t id = ids[(first + i) % count];
        set->arc[length++] = id;
        if (i == count || (i > 0 && set->vertices[id].is_junction)) {
            status = visit(set, set->arc, length, needed, least_area, error);
            set->arc[0] = id;
            length = 1;
        }
    }
    return status;
}

static void raise(tf_vertex *vertex, size_t needed) {
    vertex->needed = vertex->needed < needed ? (uint8_t)needed : vertex->needed;
}

/* Both rings of an arc find what it needs at the points next to its ends. */
static tf_status note_need(ring_set *set, const int32_t *arc, size_t count, size_t needed,
                           double least_area, tf_error *error) {
    (void)least_area;
    (void)error;
    if (count > 2) {
        raise(&set->vertices[arc[1]], needed);
        raise(&set->vertices[arc[count - 2]], needed);
    }
    return TF_OK;
}

static tf_status simplify_arc(ring_set *set, const int32_t *arc, size_t count, size_t needed,
                              double least_area, tf_error *error) {
    if (count <= 2 || set->vertices[arc[1]].is_seen) {
        return TF_OK;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        set->vertices[arc[i]].is_seen = true;
        needed =
            i > 0 && set->vertices[arc[i]].needed > needed ? set->vertices[arc[i]].needed : needed;
    }
    return tf_arc_simplify(&set->work, &set->grid, set->vertices, arc, count, needed, least_area,
                           error);
}

static tf_status each_ring(ring_set *set, double least_area, visit_arc *visit, tf_error *error) {
    tf_status status = TF_OK;
    for (int32_t ring = 0; ring < set->ring_count && !status; ring++) {
        status = each_arc(set, ring, least_area, visit, error);
    }
    return status;
}

/* ---- the result ---- */

static tf_status write_ring(const ring_set *set, int32_t ring, tf_polygons *out, tf_error *error) {
    const int32_t *ids = set->ids + set->ring_starts[ring];
    int32_t count = set->ring_starts[ring + 1] - set->ring_starts[ring];
    const tf_vertex *first = NULL;
    int32_t written = 0;
    tf_status status = TF_OK;
    for (int32_t i = 0; i < count && !status; i++) {
        const tf_vertex *vertex = &set->vertices[ids[i]];
        if (!vertex->is_removed) {
            first = first ? first : vertex;
            written++;
            status = tf_polygons_add_point(out, vertex->degrees, error);
        }
    }
    /* A ring that never had three different points stays a ring of four. */
    for (int32_t missing = written < 3 ? 3 - written : 0; missing >= 0 && first && !status;
         missing--) {
        status = tf_polygons_add_point(out, first->degrees, error); /* and the closing one */
    }
    return status ? status : tf_polygons_end_ring(out, error);
}

static tf_status write_areas(const ring_set *set, const tf_polygons *areas, size_t count,
                             tf_polygons *out, tf_error *error) {
    int32_t ring = 0;
    tf_status status = TF_OK;
    for (size_t area = 0; area < count; area++) {
        for (int32_t part = 0; part < areas[area].part_count && !status; part++) {
            int32_t rings = areas[area].part_rings[part + 1] - areas[area].part_rings[part];
            for (int32_t i = 0; i < rings && !status; i++) {
                status = write_ring(set, ring++, &out[area], error);
            }
            if (!status) {
                status = tf_polygons_end_part(&out[area], error);
            }
        }
    }
    return status;
}

static tf_status check(const tf_polygons *areas, size_t count, double tolerance_m,
                       tf_error *error) {
    if (!(tolerance_m > 0 && isfinite(tolerance_m))) {
        return tf_fail(error, TF_BAD_INPUT, "tolerance", 0,
                       "a tolerance of %g metres simplifies nothing; give one above 0",
                       tolerance_m);
    }
    for (size_t i = 0; i < count; i++) {
        tf_status status = tf_polygons_check(&areas[i], error);
        if (status) {
            char place[32];
            snprintf(place, sizeof place, "area %zu", i + 1);
            tf_error_set_place(error, place);
            return status;
        }
    }
    return TF_OK;
}

tf_status tf_simplify_together(tf_projection *projection, const tf_polygons *areas, size_t count,
                               double tolerance_m, tf_polygons *simplified_out, tf_error *error) {
    if (count > 0) {
        memset(simplified_out, 0, count * sizeof *simplified_out);
    }
    ring_set set = {0};
    double least_area = tolerance_m * tolerance_m;
    tf_status status = check(areas, count, tolerance_m, error);
    if (!status) {
        status = ring_set_init(&set, areas, count, error);
    }
    for (size_t i = 0; i < count && !status; i++) {
        for (int32_t ring = 0; ring < areas[i].ring_count; ring++) {
            add_ring(&set, &areas[i], ring);
        }
    }
    if (!status) {
        find_junctions(&set);
        status = project(&set, projection, areas, count, error);
    }
    if (!status) {
        status = tf_vertex_grid_init(&set.grid, set.vertices, set.vertex_count, error);
    }
    if (!status) {
        status = each_ring(&set, least_area, note_need, error);
    }
    if (!status) {
        status = each_ring(&set, least_area, simplify_arc, error);
    }
    if (!status) {
        status = write_areas(&set, areas, count, simplified_out, error);
    }
    for (size_t i = 0; i < count && status; i++) {
        tf_polygons_deinit(&simplified_out[i]);
    }
    ring_set_deinit(&set);
    return status;
}
