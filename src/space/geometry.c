#include "trefoil/space/geometry.h"

#include "space/geometry_internal.h"
#include "trefoil/base/memory.h"

#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* One handle of GEOS and its last complaint. */
typedef struct geos_engine {
    GEOSContextHandle_t handle;
    char complaint[200];
} geos_engine;

static void remember_complaint(const char *message, void *context) {
    geos_engine *engine = context;
    snprintf(engine->complaint, sizeof engine->complaint, "%s", message);
}

static tf_status engine_open(geos_engine *engine, tf_error *error) {
    engine->complaint[0] = '\0';
    engine->handle = GEOS_init_r();
    if (!engine->handle) {
        return tf_fail_no_memory(error);
    }
    GEOSContext_setErrorMessageHandler_r(engine->handle, remember_complaint, engine);
    return TF_OK;
}

static void engine_close(geos_engine *engine) {
    if (engine->handle) {
        GEOS_finish_r(engine->handle);
    }
}

static tf_status engine_fail(const geos_engine *engine, tf_error *error) {
    if (strstr(engine->complaint, "bad_alloc")) {
        return tf_fail_no_memory(error);
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "the outline cannot be worked with (%s); repair the boundary in a mapping "
                   "program",
                   engine->complaint);
}

/* Outlines into GEOS. */

static GEOSGeometry *ring_to_geos(geos_engine *engine, const tf_polygons *area, int32_t ring) {
    int32_t start = area->ring_points[ring];
    unsigned count = (unsigned)(area->ring_points[ring + 1] - start);
    GEOSCoordSequence *points = GEOSCoordSeq_copyFromBuffer_r(
        engine->handle, &area->points[start].x, count, /* z */ 0, /* m */ 0);
    return points ? GEOSGeom_createLinearRing_r(engine->handle, points) : NULL;
}

static void destroy_all(geos_engine *engine, GEOSGeometry **items, size_t count) {
    for (size_t i = 0; i < count; i++) {
        GEOSGeom_destroy_r(engine->handle, items[i]);
    }
}

/* The rings or the parts of an outline, each made by `make`, in an array to be freed; NULL on a
 * fault, which the engine then remembers. */
static GEOSGeometry **make_all(geos_engine *engine, const tf_polygons *area, int32_t first,
                               int32_t count,
                               GEOSGeometry *(*make)(geos_engine *, const tf_polygons *, int32_t)) {
    GEOSGeometry **items = tf_alloc((size_t)count, sizeof(GEOSGeometry *));
    if (!items) {
        remember_complaint("bad_alloc", engine);
        return NULL;
    }
    for (int32_t i = 0; i < count; i++) {
        items[i] = make(engine, area, first + i);
        if (!items[i]) {
            destroy_all(engine, items, (size_t)i);
            tf_free(items);
            return NULL;
        }
    }
    return items;
}

static GEOSGeometry *part_to_geos(geos_engine *engine, const tf_polygons *area, int32_t part) {
    int32_t first = area->part_rings[part];
    int32_t count = area->part_rings[part + 1] - first;
    GEOSGeometry **rings = make_all(engine, area, first, count, ring_to_geos);
    if (!rings) {
        return NULL;
    }
    GEOSGeometry *polygon =
        GEOSGeom_createPolygon_r(engine->handle, rings[0], rings + 1, (unsigned)count - 1);
    tf_free(rings);
    return polygon;
}

/* A polygon if there is one part, otherwise a multipolygon; to be destroyed. */
static tf_status to_geos(geos_engine *engine, const tf_polygons *area, GEOSGeometry **geometry_out,
                         tf_error *error) {
    *geometry_out = NULL;
    tf_status status = tf_polygons_check(area, error);
    if (status) {
        return status;
    }
    if (area->part_count == 1) {
        *geometry_out = part_to_geos(engine, area, 0);
    } else {
        GEOSGeometry **parts = make_all(engine, area, 0, area->part_count, part_to_geos);
        if (parts) {
            *geometry_out = GEOSGeom_createCollection_r(engine->handle, GEOS_MULTIPOLYGON, parts,
                                                        (unsigned)area->part_count);
            tf_free(parts);
        }
    }
    return *geometry_out ? TF_OK : engine_fail(engine, error);
}

/* Outlines out of GEOS. */

static tf_status add_ring(geos_engine *engine, const GEOSGeometry *ring, tf_polygons *area,
                          tf_error *error) {
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(engine->handle, ring);
    unsigned count;
    if (!points || !GEOSCoordSeq_getSize_r(engine->handle, points, &count)) {
        return engine_fail(engine, error);
    }
    for (unsigned i = 0; i < count; i++) {
        tf_point point;
        if (!GEOSCoordSeq_getXY_r(engine->handle, points, i, &point.x, &point.y)) {
            return engine_fail(engine, error);
        }
        tf_status status = tf_polygons_add_point(area, point, error);
        if (status) {
            return status;
        }
    }
    return tf_polygons_end_ring(area, error);
}

static tf_status add_polygon(geos_engine *engine, const GEOSGeometry *polygon, tf_polygons *area,
                             tf_error *error) {
    if (GEOSisEmpty_r(engine->handle, polygon)) {
        return TF_OK;
    }
    tf_status status =
        add_ring(engine, GEOSGetExteriorRing_r(engine->handle, polygon), area, error);
    int holes = GEOSGetNumInteriorRings_r(engine->handle, polygon);
    for (int i = 0; !status && i < holes; i++) {
        status = add_ring(engine, GEOSGetInteriorRingN_r(engine->handle, polygon, i), area, error);
    }
    return status ? status : tf_polygons_end_part(area, error);
}

/* Append the polygons of a geometry of any type and drop its lines and points.  GEOS builds no
 * collection deeper than two from what we give it, so the recursion ends soon. */
static tf_status add_polygons(geos_engine *engine, const GEOSGeometry *geometry, tf_polygons *area,
                              tf_error *error) {
    int type = GEOSGeomTypeId_r(engine->handle, geometry);
    if (type == GEOS_POLYGON) {
        return add_polygon(engine, geometry, area, error);
    }
    if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION) {
        return TF_OK;
    }
    int count = GEOSGetNumGeometries_r(engine->handle, geometry);
    tf_status status = TF_OK;
    for (int i = 0; !status && i < count; i++) {
        status = add_polygons(engine, GEOSGetGeometryN_r(engine->handle, geometry, i), area, error);
    }
    return status;
}

/* The polygons of `geometry` in `area_out`, and the end of `geometry`, which may be NULL after a
 * fault of GEOS. */
static tf_status finish_geometry(geos_engine *engine, GEOSGeometry *geometry, tf_polygons *area_out,
                                 tf_error *error) {
    *area_out = (tf_polygons){0};
    if (!geometry) {
        return engine_fail(engine, error);
    }
    tf_status status = add_polygons(engine, geometry, area_out, error);
    if (status) {
        tf_polygons_deinit(area_out);
    }
    GEOSGeom_destroy_r(engine->handle, geometry);
    return status;
}

/* Open an engine and take an area into it, projected if there is a projection.  Whatever the
 * result, close_area ends it. */
static tf_status open_area(geos_engine *engine, tf_projection *projection, const tf_polygons *area,
                           GEOSGeometry **geometry_out, tf_error *error) {
    *geometry_out = NULL;
    tf_status status = engine_open(engine, error);
    if (status || !projection) {
        return status ? status : to_geos(engine, area, geometry_out, error);
    }
    tf_polygons grid;
    status = tf_projection_area_to_grid(projection, area, &grid, error);
    if (!status) {
        status = to_geos(engine, &grid, geometry_out, error);
        tf_polygons_deinit(&grid);
    }
    return status;
}

static void close_area(geos_engine *engine, GEOSGeometry *geometry) {
    if (geometry) {
        GEOSGeom_destroy_r(engine->handle, geometry);
    }
    engine_close(engine);
}

tf_status tf_geometry_area_km2(tf_projection *projection, const tf_polygons *area,
                               double *area_km2_out, tf_error *error) {
    geos_engine engine;
    GEOSGeometry *geometry;
    double area_m2 = 0;
    tf_status status = open_area(&engine, projection, area, &geometry, error);
    if (!status && !GEOSArea_r(engine.handle, geometry, &area_m2)) {
        status = engine_fail(&engine, error);
    }
    if (!status) {
        *area_km2_out = area_m2 / 1e6;
    }
    close_area(&engine, geometry);
    return status;
}

tf_status tf_geometry_centroid(tf_projection *projection, const tf_polygons *area,
                               tf_point *centroid_out, tf_error *error) {
    if (area->part_count == 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "an empty area has no centre; give an area with an outline");
    }
    geos_engine engine;
    GEOSGeometry *geometry;
    GEOSGeometry *centre = NULL;
    tf_point point;
    tf_status status = open_area(&engine, projection, area, &geometry, error);
    if (!status) {
        centre = GEOSGetCentroid_r(engine.handle, geometry);
        if (!centre || GEOSGeomGetX_r(engine.handle, centre, &point.x) != 1 ||
            GEOSGeomGetY_r(engine.handle, centre, &point.y) != 1) {
            status = engine_fail(&engine, error);
        } else if (tf_projection_to_degrees(projection, &point, 1) != 1) {
            status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "the area has no centre, as its outline crosses itself; repair the "
                             "boundary");
        } else {
            *centroid_out = point;
        }
        GEOSGeom_destroy_r(engine.handle, centre);
    }
    close_area(&engine, geometry);
    return status;
}

tf_status tf_geometry_check(const tf_polygons *area, tf_error *error) {
    geos_engine engine;
    GEOSGeometry *geometry;
    GEOSGeometry *place = NULL;
    char *reason = NULL;
    tf_status status = open_area(&engine, NULL, area, &geometry, error);
    if (!status) {
        char is_valid =
            GEOSisValidDetail_r(engine.handle, geometry, /* flags */ 0, &reason, &place);
        tf_point point = {NAN, NAN};
        if (is_valid == 0 && place) {
            GEOSGeomGetX_r(engine.handle, place, &point.x);
            GEOSGeomGetY_r(engine.handle, place, &point.y);
        }
        if (is_valid == 0) {
            status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "the outline is not valid: %s at %.7g, %.7g; repair the boundary",
                             reason ? reason : "fault", point.x, point.y);
        } else if (is_valid != 1) {
            status = engine_fail(&engine, error);
        }
        GEOSFree_r(engine.handle, reason);
        GEOSGeom_destroy_r(engine.handle, place);
    }
    close_area(&engine, geometry);
    return status;
}

tf_status tf_geometry_repair(const tf_polygons *area, tf_polygons *repaired_out, tf_error *error) {
    geos_engine engine;
    GEOSGeometry *geometry;
    *repaired_out = (tf_polygons){0};
    tf_status status = open_area(&engine, NULL, area, &geometry, error);
    if (!status) {
        GEOSGeometry *repaired = GEOSMakeValid_r(engine.handle, geometry);
        status = finish_geometry(&engine, repaired, repaired_out, error);
    }
    close_area(&engine, geometry);
    return status;
}

tf_status tf_geometry_simplify(tf_projection *projection, const tf_polygons *area,
                               double tolerance_m, tf_polygons *simplified_out, tf_error *error) {
    *simplified_out = (tf_polygons){0};
    if (!(tolerance_m > 0) || !isfinite(tolerance_m)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the tolerance of a simplification must be above 0 metres");
    }
    geos_engine engine;
    GEOSGeometry *geometry;
    tf_polygons grid = {0};
    tf_status status = open_area(&engine, projection, area, &geometry, error);
    if (!status) {
        GEOSGeometry *simple = GEOSTopologyPreserveSimplify_r(engine.handle, geometry, tolerance_m);
        status = finish_geometry(&engine, simple, &grid, error);
    }
    if (!status) {
        status = tf_projection_area_to_degrees(projection, &grid, simplified_out, error);
    }
    tf_polygons_deinit(&grid);
    close_area(&engine, geometry);
    return status;
}

/* Many outlines in one engine. */

typedef struct outline {
    const GEOSPreparedGeometry *prepared; /* when it was first needed */
    GEOSGeometry *geometry;               /* NULL for an empty area */
} outline;

typedef struct outline_set {
    geos_engine engine;
    size_t count;
    outline *items;
    GEOSSTRtree *tree; /* of pointers to the items */
} outline_set;

static void outline_set_deinit(outline_set *set) {
    GEOSContextHandle_t handle = set->engine.handle;
    if (!handle) {
        return;
    }
    if (set->tree) {
        GEOSSTRtree_destroy_r(handle, set->tree);
    }
    for (size_t i = 0; set->items && i < set->count; i++) {
        if (set->items[i].prepared) {
            GEOSPreparedGeom_destroy_r(handle, set->items[i].prepared);
        }
        if (set->items[i].geometry) {
            GEOSGeom_destroy_r(handle, set->items[i].geometry);
        }
    }
    tf_free(set->items);
    engine_close(&set->engine);
}

void tf_geometry_name_area(size_t index, tf_error *error) {
    char place[32];
    snprintf(place, sizeof place, "area %zu", index + 1);
    tf_error_set_place(error, place);
}

static tf_status outline_set_init(outline_set *set, const tf_polygons *areas, size_t count,
                                  tf_error *error) {
    *set = (outline_set){.count = count};
    if (count > INT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "there are more than 2^31 areas; give fewer");
    }
    tf_status status = engine_open(&set->engine, error);
    if (status) {
        return status;
    }
    set->items = tf_alloc_zeroed(count, sizeof *set->items);
    set->tree = GEOSSTRtree_create_r(set->engine.handle, 10);
    if (!set->items || !set->tree) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        outline *item = &set->items[i];
        if (areas[i].part_count == 0) {
            continue;
        }
        status = to_geos(&set->engine, &areas[i], &item->geometry, error);
        if (status) {
            tf_geometry_name_area(i, error);
            return status;
        }
        GEOSSTRtree_insert_r(set->engine.handle, set->tree, item->geometry, item);
    }
    return TF_OK;
}

static const GEOSPreparedGeometry *prepared(outline_set *set, outline *item) {
    if (!item->prepared) {
        item->prepared = GEOSPrepare_r(set->engine.handle, item->geometry);
    }
    return item->prepared;
}

struct tf_area_index {
    outline_set areas;
};

tf_status tf_area_index_new(const tf_polygons *areas, size_t area_count, tf_area_index **index_out,
                            tf_error *error) {
    *index_out = NULL;
    tf_area_index *index = tf_alloc_zeroed(1, sizeof *index);
    if (!index) {
        return tf_fail_no_memory(error);
    }
    tf_status status = outline_set_init(&index->areas, areas, area_count, error);
    if (status) {
        tf_area_index_free(index);
        return status;
    }
    *index_out = index;
    return TF_OK;
}

void tf_area_index_free(tf_area_index *index) {
    if (index) {
        outline_set_deinit(&index->areas);
        tf_free(index);
    }
}

typedef struct point_search {
    outline_set *areas;
    const GEOSGeometry *point;
    int32_t found; /* -1: none so far */
    bool has_failed;
} point_search;

static void test_area(void *found, void *context) {
    point_search *search = context;
    outline *item = found;
    int32_t number = (int32_t)(item - search->areas->items);
    if (search->found >= 0 && number > search->found) {
        return;
    }
    const GEOSPreparedGeometry *shape = prepared(search->areas, item);
    char answer = 2;
    if (shape) {
        answer = GEOSPreparedIntersects_r(search->areas->engine.handle, shape, search->point);
    }
    if (answer == 1) {
        search->found = number;
    }
    search->has_failed |= answer == 2;
}

tf_status tf_area_index_find(tf_area_index *index, const tf_point *points, size_t count,
                             int32_t *areas_out, tf_error *error) {
    outline_set *areas = &index->areas;
    geos_engine *engine = &areas->engine;
    for (size_t i = 0; i < count; i++) {
        areas_out[i] = -1;
        if (!isfinite(points[i].x) || !isfinite(points[i].y)) {
            continue;
        }
        GEOSGeometry *point =
            GEOSGeom_createPointFromXY_r(engine->handle, points[i].x, points[i].y);
        if (!point) {
            return engine_fail(engine, error);
        }
        point_search search = {.areas = areas, .point = point, .found = -1};
        GEOSSTRtree_query_r(engine->handle, areas->tree, point, test_area, &search);
        GEOSGeom_destroy_r(engine->handle, point);
        if (search.has_failed) {
            return engine_fail(engine, error);
        }
        areas_out[i] = search.found;
    }
    return TF_OK;
}

/* Touching pairs. */

typedef struct touch_search {
    outline_set areas;
    double tolerance_m;
    double border_m;
    tf_pairs *pairs;
    outline *asking;
    GEOSGeometry *strip; /* around the border of the asking area; made when first needed */
    tf_error *error;
    tf_status status;
} touch_search;

/* The length of the other's border within the tolerance of the asking area's; below 0 on a fault
 * of GEOS. */
static double common_border_m(touch_search *search, const outline *other) {
    GEOSContextHandle_t handle = search->areas.engine.handle;
    enum { QUADRANT_SEGMENTS = 2 };
    if (!search->strip) {
        double width_m = fmax(search->tolerance_m, TF_GEOMETRY_MIN_STRIP_M);
        GEOSGeometry *border = GEOSBoundary_r(handle, search->asking->geometry);
        if (border) {
            search->strip = GEOSBuffer_r(handle, border, width_m, QUADRANT_SEGMENTS);
            GEOSGeom_destroy_r(handle, border);
        }
    }
    double length_m = -1;
    GEOSGeometry *border = search->strip ? GEOSBoundary_r(handle, other->geometry) : NULL;
    GEOSGeometry *common = border ? GEOSIntersection_r(handle, border, search->strip) : NULL;
    if (common && !GEOSLength_r(handle, common, &length_m)) {
        length_m = -1;
    }
    GEOSGeom_destroy_r(handle, common);
    GEOSGeom_destroy_r(handle, border);
    return length_m;
}

static void test_pair(void *found, void *context) {
    touch_search *search = context;
    outline *other = found;
    if (search->status || other <= search->asking) {
        return;
    }
    outline_set *areas = &search->areas;
    const GEOSPreparedGeometry *shape = prepared(areas, search->asking);
    char is_near = shape ? GEOSPreparedDistanceWithin_r(areas->engine.handle, shape,
                                                        other->geometry, search->tolerance_m)
                         : 2;
    double border_m = 0;
    if (is_near == 1 && search->border_m > 0) {
        border_m = common_border_m(search, other);
    }
    if (is_near == 2 || border_m < 0) {
        search->status = engine_fail(&areas->engine, search->error);
    } else if (is_near && (search->border_m <= 0 || border_m > search->border_m)) {
        search->status = tf_pairs_add(search->pairs, (int32_t)(search->asking - areas->items),
                                      (int32_t)(other - areas->items), search->error);
    }
}

/* All areas whose boxes come near the asking one's. */
static tf_status search_around(touch_search *search, const tf_polygons *area) {
    geos_engine *engine = &search->areas.engine;
    tf_box box;
    if (!tf_polygons_bounds(area, &box)) {
        return TF_OK;
    }
    double reach = search->tolerance_m;
    GEOSGeometry *window =
        GEOSGeom_createRectangle_r(engine->handle, box.low.x - reach, box.low.y - reach,
                                   box.high.x + reach, box.high.y + reach);
    if (!window) {
        return engine_fail(engine, search->error);
    }
    GEOSSTRtree_query_r(engine->handle, search->areas.tree, window, test_pair, search);
    GEOSGeom_destroy_r(engine->handle, window);
    if (search->strip) {
        GEOSGeom_destroy_r(engine->handle, search->strip);
        search->strip = NULL;
    }
    return search->status;
}

tf_status tf_geometry_touching_pairs(const tf_polygons *areas, size_t area_count,
                                     double tolerance_m, double border_m, tf_pairs *pairs,
                                     tf_error *error) {
    touch_search search = {
        .tolerance_m = tolerance_m, .border_m = border_m, .pairs = pairs, .error = error};
    tf_status status = outline_set_init(&search.areas, areas, area_count, error);
    for (size_t i = 0; !status && i < area_count; i++) {
        search.asking = &search.areas.items[i];
        status = search_around(&search, &areas[i]);
        /* Only the asking area needs its preparation, which is larger than its outline. */
        if (search.asking->prepared) {
            GEOSPreparedGeom_destroy_r(search.areas.engine.handle, search.asking->prepared);
            search.asking->prepared = NULL;
        }
    }
    outline_set_deinit(&search.areas);
    return status;
}
