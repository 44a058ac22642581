/* Areas for tests: small ones drawn by hand, and the real Lower layer Super Output Areas. */
#ifndef TREFOIL_TESTS_AREAS_H
#define TREFOIL_TESTS_AREAS_H

#include "check.h"

#include "trefoil/base/memory.h"
#include "trefoil/space/geojson.h"

/* Add a closed ring of `count` points and, if it ends the part, the end. */
static inline tf_status add_ring(tf_polygons *area, const tf_point *points, size_t count,
                                 bool ends_part) {
    tf_status status = TF_OK;
    for (size_t i = 0; i < count && !status; i++) {
        status = tf_polygons_add_point(area, points[i], NULL);
    }
    status = status ? status : tf_polygons_end_ring(area, NULL);
    return status || !ends_part ? status : tf_polygons_end_part(area, NULL);
}

/* A rectangle, as one part. */
static inline tf_polygons rectangle(double low_x, double low_y, double high_x, double high_y) {
    tf_polygons area = {0};
    const tf_point ring[] = {
        {low_x, low_y}, {high_x, low_y}, {high_x, high_y}, {low_x, high_y}, {low_x, low_y}};
    assert_int_equal(add_ring(&area, ring, 5, true), TF_OK);
    return area;
}

enum { MAX_AREAS = 500 };

typedef struct area_list {
    tf_polygons areas[MAX_AREAS];
    char codes[MAX_AREAS][16];
    size_t count;
} area_list;

static inline tf_status keep_area(void *context, tf_feature *feature, tf_error *error) {
    area_list *list = context;
    tf_text code;
    tf_status status = tf_feature_require_property(feature, "LSOA21CD", &code, error);
    if (!status) {
        assert_in_range(list->count, 0, MAX_AREAS - 1);
        snprintf(list->codes[list->count], sizeof list->codes[0], "%.*s", TF_TEXT_ARG(code));
        list->areas[list->count++] = tf_feature_take_polygons(feature);
    }
    return status;
}

static inline void load_areas(const char *path, area_list *list) {
    tf_error error;
    tf_source *source;
    assert_ok(tf_source_open(path, &source, &error), &error);
    assert_ok(tf_geojson_read(source, keep_area, list, &error), &error);
    tf_source_close(source);
}

static inline void free_areas(area_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        tf_polygons_deinit(&list->areas[i]);
    }
    list->count = 0;
}

#endif
