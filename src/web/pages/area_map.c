#include "figures_internal.h"

#include "insight/boundaries.h"
#include "insight/figures.h"
#include "insight/profile_words.h"
#include "trefoil/base/json.h"
#include "trefoil/stats/classes.h"

#include <math.h>
#include <stdlib.h>

/* The drawing is some 700 pixels wide: finer detail of a county is not seen. */
static const double drawing_tolerance_m = 40;

/* ---- classes ---- */

typedef struct area_value {
    const char *code;
    int64_t count;
    int class_number; /* 1 to TF_MAP_CLASSES; 0 for none */
    const char *text; /* "173 offences" */
} area_value;

static int compare_values(const void *left, const void *right) {
    return strcmp(((const area_value *)left)->code, ((const area_value *)right)->code);
}

static tf_status make_classes(tf_visit *visit, const tf_profile *profile, tf_classes *classes_out,
                              tf_error *error) {
    double *counts = tf_arena_alloc(visit->arena, profile->area_count, sizeof *counts);
    if (!counts) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < profile->area_count; i++) {
        counts[i] = profile->areas[i].count > 0 ? (double)profile->areas[i].count : NAN;
    }
    return tf_classes_quantile(counts, profile->area_count, TF_MAP_CLASSES, classes_out, error);
}

/* The areas' values in order of code; NULL when memory ran out. */
static area_value *make_values(tf_visit *visit, const tf_profile *profile,
                               const tf_classes *classes) {
    area_value *values = tf_arena_alloc(visit->arena, profile->area_count, sizeof *values);
    if (!values) {
        return NULL;
    }
    char count[TF_COUNT_TEXT_SIZE];
    for (size_t i = 0; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        values[i] = (area_value){
            .code = area->code,
            .count = area->count,
            .class_number = area->count > 0 ? tf_classes_find(classes, (double)area->count) + 1 : 0,
            .text = tf_page_format(visit, "%s offence%s", tf_words_count(area->count, count),
                                   area->count == 1 ? "" : "s"),
        };
    }
    qsort(values, profile->area_count, sizeof *values, compare_values);
    return values;
}

/* "1 to 9": counts are whole numbers, limits need not be. */
static const char *class_in_words(tf_visit *visit, const tf_classes *classes, size_t number) {
    long long lower = (long long)ceil(classes->limits[number]);
    double end = classes->limits[number + 1];
    bool is_last = number + 1 == classes->count;
    long long upper = is_last ? (long long)floor(end) : (long long)ceil(end) - 1;
    return upper > lower ? tf_page_format(visit, "%lld to %lld", lower, upper)
                         : tf_page_format(visit, "%lld", lower);
}

/* ---- the drawing ---- */

static bool fill_rings(tf_visit *visit, const tf_map_shape *from, tf_chart_shape *to) {
    tf_chart_ring *rings = tf_arena_alloc(visit->arena, from->ring_count + 1, sizeof *rings);
    for (size_t r = 0; rings && r < from->ring_count; r++) {
        const tf_map_ring *ring = &from->rings[r];
        double *points = tf_arena_alloc(visit->arena, ring->point_count, 2 * sizeof *points);
        if (!points) {
            return false;
        }
        for (size_t p = 0; p < ring->point_count; p++) {
            points[2 * p] = (double)ring->points[p].x;
            points[2 * p + 1] = (double)ring->points[p].y;
        }
        rings[r] = (tf_chart_ring){points, ring->point_count};
    }
    to->rings = rings;
    to->ring_count = from->ring_count;
    return rings != NULL;
}

static tf_chart_shape *make_shapes(tf_visit *visit, const tf_selection *selection,
                                   const tf_map_shapes *map, const area_value *values,
                                   size_t value_count) {
    tf_chart_shape *shapes = tf_arena_alloc(visit->arena, map->shape_count + 1, sizeof *shapes);
    for (size_t i = 0; shapes && i < map->shape_count; i++) {
        const tf_map_shape *from = &map->shapes[i];
        area_value wanted = {.code = from->code};
        const area_value *value =
            bsearch(&wanted, values, value_count, sizeof *values, compare_values);
        shapes[i] = (tf_chart_shape){
            .code = tf_page_format(visit, "%s", from->code),
            .name = tf_page_format(visit, "%s", from->name),
            .href = tf_selection_area_address(visit, selection, from->code),
            .class_number = value ? value->class_number : 0,
            .text = value ? value->text : "No offences known",
        };
        if (!fill_rings(visit, from, &shapes[i])) {
            return NULL;
        }
    }
    return shapes;
}

/* What the interactive map colours the boundaries with. */
static void write_values(tf_visit *visit, const area_value *values, size_t count) {
    tf_buffer text;
    tf_buffer_init(&text);
    tf_json json;
    tf_json_init(&json, &text, false);
    tf_json_open_object(&json);
    for (size_t i = 0; i < count; i++) {
        tf_json_key(&json, values[i].code);
        tf_json_open_object(&json);
        tf_json_key(&json, "class");
        if (values[i].class_number) {
            tf_json_int(&json, values[i].class_number);
        } else {
            tf_json_null(&json);
        }
        tf_json_put_string(&json, "text", values[i].text);
        tf_json_close_object(&json);
    }
    tf_json_close_object(&json);
    tf_html_json(&visit->html, "map-values", (tf_text){text.data, text.length});
    visit->response->body.failed |= text.failed;
    tf_buffer_deinit(&text);
}

static tf_status write_drawn(tf_visit *visit, const tf_selection *selection,
                             const tf_profile *profile, const tf_map_shapes *map, tf_error *error) {
    tf_classes classes;
    tf_status status = make_classes(visit, profile, &classes, error);
    if (status) {
        return status;
    }
    area_value *values = make_values(visit, profile, &classes);
    tf_chart_shape *shapes =
        values ? make_shapes(visit, selection, map, values, profile->area_count) : NULL;
    if (!shapes) {
        return tf_fail_no_memory(error);
    }
    tf_chart chart = {
        .kind = TF_CHART_MAP,
        .id = "map",
        .title = tf_page_format(visit, "%s by small area, %s", profile->group_title,
                                tf_selection_period(visit, selection)),
        .note = "Colours are by number of offences, not by rate: few people live in town centres.",
        .of.map = {.width = map->width,
                   .height = map->height,
                   .shapes = shapes,
                   .count = map->shape_count,
                   .none = "None",
                   .unit = {"Offences", "offence", "offences", 0},
                   .heading = "Small area"},
    };
    for (size_t i = 0; i < classes.count; i++) {
        chart.of.map.classes[i] = class_in_words(visit, &classes, i);
    }
    tf_buffer address;
    tf_buffer_init(&address);
    tf_buffer_append_text(&address, "/api/v1/boundaries");
    tf_query_append(&address, "layer", tf_text_of("small-area"));
    tf_query_append(&address, "within", tf_text_of(selection->area.code));
    tf_query_append(&address, "tolerance", tf_text_of("10"));
    chart.of.map.live = (tf_chart_live_map){
        .boundaries = tf_page_words(visit, &address),
        .values = "map-values",
        .tiles = tf_site_get_options(visit->site)->tile_style,
    };
    tf_buffer_deinit(&address);
    tf_figures_set_downloads(visit, selection, "small-areas", &chart);
    tf_chart_write(&visit->html, &chart);
    write_values(visit, values, profile->area_count);
    return TF_OK;
}

tf_status tf_figures_write_map(tf_visit *visit, const tf_selection *selection,
                               const tf_profile *profile, tf_error *error) {
    if (profile->area_count == 0) {
        tf_page_paragraph(visit, "No small areas of this area are known, so there is no map.");
        return TF_OK;
    }
    tf_boundaries_request request = {.within = selection->area.code,
                                     .layer = TF_LAYER_SMALL_AREA,
                                     .tolerance_m = drawing_tolerance_m};
    tf_boundaries *boundaries = NULL;
    tf_map_shapes *map = NULL;
    tf_status status = tf_boundaries_make(visit->desk->data, &request, &boundaries, error);
    if (!status) {
        status = tf_map_shapes_make(boundaries, &map, error);
        if (status == TF_NOT_FOUND) {
            tf_page_paragraph(visit, "No outlines of small areas were imported, so there is no "
                                     "map.");
            status = TF_OK;
        } else if (!status) {
            status = write_drawn(visit, selection, profile, map, error);
        }
    }
    tf_map_shapes_free(map);
    tf_boundaries_free(boundaries);
    return status;
}
