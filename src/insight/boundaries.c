#include "insight/boundaries.h"

#include "area_list_internal.h"
#include "trefoil/space/simplify.h"

#include <math.h>
#include <stdlib.h>

static tf_status read_outlines(tf_crime_data *data, const tf_area_list *list, tf_polygons *outlines,
                               tf_error *error) {
    tf_status status = TF_OK;
    for (size_t i = 0; i < list->count && !status && list->layer != TF_LAYER_SMALL_AREA; i++) {
        status =
            tf_geography_outline(data->geography, data->db, &list->areas[i], &outlines[i], error);
    }
    if (list->layer != TF_LAYER_SMALL_AREA) {
        return status;
    }
    tf_area_set set = {.count = list->count};
    set.indices = tf_alloc(list->count, sizeof *set.indices);
    if (!set.indices) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < list->count; i++) {
        set.indices[i] = list->areas[i].index;
    }
    status = tf_geography_outlines(data->geography, data->db, &set, outlines, error);
    tf_free(set.indices);
    return status;
}

/* The outlines as they are drawn; those that were read are used up. */
static tf_status simplify(tf_polygons *outlines, size_t count, double tolerance_m,
                          tf_polygons *simplified, tf_error *error) {
    if (tolerance_m == 0) {
        memcpy(simplified, outlines, count * sizeof *outlines);
        memset(outlines, 0, count * sizeof *outlines);
        return TF_OK;
    }
    tf_projection *projection = NULL;
    tf_status status = tf_projection_new(&projection, error);
    if (!status) {
        status = tf_simplify_together(projection, outlines, count, tolerance_m, simplified, error);
    }
    tf_projection_free(projection);
    return status;
}

static const char *why_none(tf_layer layer) {
    switch (layer) {
    case TF_LAYER_SMALL_AREA:
        return "There is no map: the small areas were imported without outlines.";
    case TF_LAYER_AUTHORITY:
        return "There is no map: the boundaries of local authorities were not imported (trefoil "
               "import areas).";
    case TF_LAYER_PARTNERSHIP:
        return "There is no map: the boundaries of partnerships were not imported (trefoil import "
               "areas).";
    default:
        return "There is no map: the boundaries of police force areas were not imported (trefoil "
               "import areas).";
    }
}

static tf_status fill(tf_boundaries *boundaries, const tf_area_list *list,
                      const tf_polygons *outlines, tf_error *error) {
    tf_arena *arena = boundaries->arena;
    tf_box all = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
    boundaries->areas = tf_arena_alloc(arena, list->count, sizeof *boundaries->areas);
    if (list->has_within) {
        boundaries->within_code = tf_arena_format(arena, "%s", list->within.code);
        boundaries->within_name = tf_arena_format(arena, "%s", list->within.name);
    }
    bool has_all = boundaries->areas &&
                   (!list->has_within || (boundaries->within_code && boundaries->within_name));
    for (size_t i = 0; i < list->count && has_all; i++) {
        boundaries->areas[i] = (tf_boundary){
            .code = tf_arena_format(arena, "%s", list->areas[i].code),
            .name = tf_arena_format(arena, "%s", list->areas[i].name),
            .outline = outlines[i],
        };
        has_all = boundaries->areas[i].code && boundaries->areas[i].name;
        tf_box box;
        if (tf_polygons_bounds(&outlines[i], &box)) {
            boundaries->outline_count++;
            all.low = (tf_point){fmin(all.low.x, box.low.x), fmin(all.low.y, box.low.y)};
            all.high = (tf_point){fmax(all.high.x, box.high.x), fmax(all.high.y, box.high.y)};
        }
    }
    if (!has_all) {
        return tf_fail_no_memory(error);
    }
    boundaries->area_count = list->count; /* from now on they own the outlines */
    if (boundaries->outline_count > 0) {
        boundaries->box = all;
    } else {
        boundaries->note = why_none(list->layer);
    }
    return TF_OK;
}

static tf_status make(tf_crime_data *data, const tf_boundaries_request *request,
                      tf_boundaries *boundaries, tf_error *error) {
    tf_area_list list;
    tf_status status =
        tf_area_list_find(data, request->within, request->layer, boundaries->arena, &list, error);
    if (status) {
        return status;
    }
    tf_polygons *outlines = tf_alloc_zeroed(2 * list.count, sizeof *outlines);
    if (!outlines) {
        return tf_fail_no_memory(error);
    }
    tf_polygons *simplified = outlines + list.count;
    status = read_outlines(data, &list, outlines, error);
    if (!status) {
        status = simplify(outlines, list.count, request->tolerance_m, simplified, error);
    }
    if (!status) {
        status = fill(boundaries, &list, simplified, error);
    }
    for (size_t i = 0; i < list.count; i++) {
        tf_polygons_deinit(&outlines[i]);
        if (status) {
            tf_polygons_deinit(&simplified[i]);
        }
    }
    tf_free(outlines);
    return status;
}

tf_status tf_boundaries_make(tf_crime_data *data, const tf_boundaries_request *request,
                             tf_boundaries **boundaries_out, tf_error *error) {
    *boundaries_out = NULL;
    if (!(request->tolerance_m >= 0 && isfinite(request->tolerance_m))) {
        return tf_fail(error, TF_BAD_INPUT, "tolerance", 0,
                       "a tolerance of %g metres cannot be kept; give 0 or more",
                       request->tolerance_m);
    }
    tf_arena *arena = tf_arena_new();
    tf_boundaries *boundaries = arena ? tf_arena_alloc(arena, 1, sizeof *boundaries) : NULL;
    if (!boundaries) {
        tf_arena_free(arena);
        return tf_fail_no_memory(error);
    }
    *boundaries =
        (tf_boundaries){.arena = arena, .layer = request->layer, .box = {{NAN, NAN}, {NAN, NAN}}};
    tf_status status = tf_crime_data_refresh(data, error);
    if (!status) {
        status = make(data, request, boundaries, error);
    }
    if (status) {
        tf_boundaries_free(boundaries);
        return status;
    }
    *boundaries_out = boundaries;
    return TF_OK;
}

void tf_boundaries_free(tf_boundaries *boundaries) {
    if (boundaries) {
        for (size_t i = 0; i < boundaries->area_count; i++) {
            tf_polygons_deinit(&boundaries->areas[i].outline);
        }
        tf_arena_free(boundaries->arena);
    }
}

static int compare_codes(const void *left, const void *right) {
    return strcmp(((const tf_boundary *)left)->code, ((const tf_boundary *)right)->code);
}

const tf_boundary *tf_boundaries_find(const tf_boundaries *boundaries, const char *code) {
    return bsearch(&(tf_boundary){.code = code}, boundaries->areas, boundaries->area_count,
                   sizeof *boundaries->areas, compare_codes);
}

/* ---- GeoJSON ---- */

static double to_micro(double degrees) {
    return round(degrees * 1e6) / 1e6;
}

static void write_point(tf_point point, tf_json *json) {
    tf_json_open_array(json);
    tf_json_double(json, to_micro(point.x));
    tf_json_double(json, to_micro(point.y));
    tf_json_close_array(json);
}

/* Positive if it runs anticlockwise. */
static double signed_area(const tf_point *points, int32_t count) {
    double sum = 0;
    for (int32_t i = 0; i + 1 < count; i++) {
        sum += (points[i].x - points[0].x) * (points[i + 1].y - points[0].y) -
               (points[i + 1].x - points[0].x) * (points[i].y - points[0].y);
    }
    return sum;
}

static void write_ring(const tf_polygons *outline, int32_t ring, bool is_outer, tf_json *json) {
    const tf_point *points = outline->points + outline->ring_points[ring];
    int32_t count = outline->ring_points[ring + 1] - outline->ring_points[ring];
    bool is_reversed = (signed_area(points, count) > 0) != is_outer;
    tf_json_open_array(json);
    for (int32_t i = 0; i < count; i++) {
        write_point(points[is_reversed ? count - 1 - i : i], json);
    }
    tf_json_close_array(json);
}

static void write_part(const tf_polygons *outline, int32_t part, tf_json *json) {
    tf_json_open_array(json);
    for (int32_t ring = outline->part_rings[part]; ring < outline->part_rings[part + 1]; ring++) {
        write_ring(outline, ring, ring == outline->part_rings[part], json);
    }
    tf_json_close_array(json);
}

void tf_boundaries_write_geometry(const tf_boundary *boundary, tf_json *json) {
    tf_json_key(json, "geometry");
    if (!boundary || boundary->outline.part_count == 0) {
        tf_json_null(json);
        return;
    }
    const tf_polygons *outline = &boundary->outline;
    bool is_single = outline->part_count == 1;
    tf_json_open_object(json);
    tf_json_put_string(json, "type", is_single ? "Polygon" : "MultiPolygon");
    tf_json_key(json, "coordinates");
    if (is_single) {
        write_part(outline, 0, json);
    } else {
        tf_json_open_array(json);
        for (int32_t part = 0; part < outline->part_count; part++) {
            write_part(outline, part, json);
        }
        tf_json_close_array(json);
    }
    tf_json_close_object(json);
}

void tf_boundaries_write_box(const tf_boundaries *boundaries, tf_json *json) {
    if (boundaries->outline_count > 0) {
        tf_json_key(json, "bbox");
        tf_json_open_array(json);
        tf_json_double(json, to_micro(boundaries->box.low.x));
        tf_json_double(json, to_micro(boundaries->box.low.y));
        tf_json_double(json, to_micro(boundaries->box.high.x));
        tf_json_double(json, to_micro(boundaries->box.high.y));
        tf_json_close_array(json);
    }
}

void tf_boundaries_write_geojson(const tf_boundaries *boundaries, tf_json *json) {
    tf_json_open_object(json);
    tf_json_put_string(json, "type", "FeatureCollection");
    tf_boundaries_write_box(boundaries, json);
    tf_json_key(json, "features");
    tf_json_open_array(json);
    for (size_t i = 0; i < boundaries->area_count; i++) {
        const tf_boundary *area = &boundaries->areas[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "type", "Feature");
        tf_json_put_string(json, "id", area->code);
        tf_json_key(json, "properties");
        tf_json_open_object(json);
        tf_json_put_string(json, "code", area->code);
        tf_json_put_string(json, "name", area->name);
        tf_json_close_object(json);
        tf_boundaries_write_geometry(area, json);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
    tf_json_close_object(json);
}
