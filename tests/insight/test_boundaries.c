#include "police_db.h"

#include "insight/boundaries.h"

#include <jansson.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static tf_db *make_county(void **state) {
    tf_db *db = make_db(state, "db");
    execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police')");
    add_county(db);
    return db;
}

static tf_boundaries *make(profile_maker *profiler, const char *within, tf_layer layer,
                           double tolerance_m) {
    tf_error error;
    tf_boundaries *boundaries = NULL;
    tf_boundaries_request request = {within, layer, tolerance_m};
    assert_ok(tf_boundaries_make(profiler->data, &request, &boundaries, &error), &error);
    return boundaries;
}

static json_t *geojson_of(const tf_boundaries *boundaries) {
    tf_buffer text;
    tf_json json;
    tf_buffer_init(&text);
    tf_json_init(&json, &text, false);
    tf_boundaries_write_geojson(boundaries, &json);
    json_t *root = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
    tf_buffer_deinit(&text);
    assert_non_null(root);
    return root;
}

static void the_areas_of_an_authority_come_with_their_outlines(void **state) {
    static const char *const codes[] = {"A1", "A2", "A3", "A4", "A5"};
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_boundaries *boundaries = make(&profiler, "Alphaton", TF_LAYER_SMALL_AREA, 0);
    assert_int_equal(boundaries->area_count, COUNT_OF(codes));
    assert_int_equal(boundaries->outline_count, COUNT_OF(codes));
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        assert_string_equal(boundaries->areas[i].code, codes[i]);
        assert_int_equal(boundaries->areas[i].outline.point_count, 5);
        assert_ptr_equal(tf_boundaries_find(boundaries, codes[i]), &boundaries->areas[i]);
    }
    assert_null(tf_boundaries_find(boundaries, "B1"));
    assert_near(boundaries->box.low.x, -0.99, 1e-12);
    assert_near(boundaries->box.high.x, -0.94, 1e-12);
    assert_string_equal(boundaries->within_name, "Alphaton");
    tf_boundaries_free(boundaries);
    boundaries = make(&profiler, NULL, TF_LAYER_SMALL_AREA, 20);
    assert_int_equal(boundaries->area_count, 6);
    assert_int_equal(boundaries->outline_count, 6);
    tf_boundaries_free(boundaries);
    close_profiler(&profiler);
    tf_db_close(db);
}

static double turn_of(const json_t *ring) {
    double sum = 0;
    for (size_t i = 0; i + 1 < json_array_size(ring); i++) {
        const json_t *a = json_array_get(ring, i), *b = json_array_get(ring, i + 1);
        sum += json_number_value(json_array_get(a, 0)) * json_number_value(json_array_get(b, 1)) -
               json_number_value(json_array_get(b, 0)) * json_number_value(json_array_get(a, 1));
    }
    return sum;
}

static void add_point(tf_polygons *area, tf_point point) {
    assert_int_equal(tf_polygons_add_point(area, point, NULL), TF_OK);
}

/* RFC 7946, 3.1.6: outer rings anticlockwise, holes clockwise. */
static void geojson_keeps_to_the_right_hand_rule(void **state) {
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_boundaries *boundaries = make(&profiler, "Betaby", TF_LAYER_SMALL_AREA, 0);
    tf_polygons *outline = &boundaries->areas[0].outline;
    static const tf_point hole[] = {
        {-0.928, 52.002}, {-0.922, 52.002}, {-0.922, 52.008}, {-0.928, 52.008}, {-0.928, 52.002}};
    for (int is_turned = 0; is_turned < 2; is_turned++) {
        tf_polygons with_hole = {0};
        for (int i = 0; i < 5; i++) {
            add_point(&with_hole, outline->points[is_turned ? 4 - i : i]);
        }
        assert_int_equal(tf_polygons_end_ring(&with_hole, NULL), TF_OK);
        for (int i = 0; i < 5; i++) {
            add_point(&with_hole, hole[is_turned ? 4 - i : i]);
        }
        assert_int_equal(tf_polygons_end_ring(&with_hole, NULL), TF_OK);
        assert_int_equal(tf_polygons_end_part(&with_hole, NULL), TF_OK);
        tf_polygons_deinit(outline);
        *outline = with_hole;
        json_t *root = geojson_of(boundaries);
        const json_t *feature = json_array_get(json_object_get(root, "features"), 0);
        const json_t *geometry = json_object_get(feature, "geometry");
        const json_t *rings = json_object_get(geometry, "coordinates");
        assert_string_equal(json_string_value(json_object_get(geometry, "type")), "Polygon");
        assert_int_equal(json_array_size(rings), 2);
        assert_true(turn_of(json_array_get(rings, 0)) > 0);
        assert_true(turn_of(json_array_get(rings, 1)) < 0);
        json_decref(root);
    }
    tf_boundaries_free(boundaries);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void geojson_names_each_area_and_its_box(void **state) {
    tf_db *db = make_county(state);
    execute(db, "DELETE FROM area_boundary WHERE area_id = 2");
    execute(db, "UPDATE area SET label = 'Alphaton \"<001C>\"' WHERE code = 'A3'");
    profile_maker profiler = open_profiler(db);
    tf_boundaries *boundaries = make(&profiler, "Alphaton", TF_LAYER_SMALL_AREA, 30);
    json_t *root = geojson_of(boundaries);
    assert_string_equal(json_string_value(json_object_get(root, "type")), "FeatureCollection");
    const json_t *box = json_object_get(root, "bbox");
    static const double expected[] = {-0.99, 52, -0.94, 52.01};
    for (size_t i = 0; i < 4; i++) {
        assert_near(json_number_value(json_array_get(box, i)), expected[i], 1e-12);
    }
    const json_t *features = json_object_get(root, "features");
    assert_int_equal(json_array_size(features), 5);
    const json_t *without = json_array_get(features, 1), *quoted = json_array_get(features, 2);
    assert_true(json_is_null(json_object_get(without, "geometry")));
    assert_string_equal(json_string_value(json_object_get(without, "id")), "A2");
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(quoted, "properties"), "name")),
        "Alphaton \"<001C>\"");
    json_decref(root);
    tf_boundaries_free(boundaries);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void an_authority_has_the_outline_that_was_imported_for_it(void **state) {
    tf_db *db = make_county(state);
    execute(db, "INSERT INTO layer VALUES ('authority', 'Authorities')");
    execute(db, "INSERT INTO area (id, layer, code, label, batch_id)"
                " VALUES (100, 'authority', 'E1', 'Alphaton', 1)");
    execute(db, "INSERT INTO area_boundary SELECT 100, boundary FROM area_boundary"
                " WHERE area_id = 1");
    profile_maker profiler = open_profiler(db);
    tf_boundaries *boundaries = make(&profiler, "avalon", TF_LAYER_AUTHORITY, 0);
    assert_int_equal(boundaries->area_count, 2);
    assert_int_equal(boundaries->outline_count, 1);
    assert_int_equal(tf_boundaries_find(boundaries, "E1")->outline.point_count, 5);
    assert_int_equal(tf_boundaries_find(boundaries, "E2")->outline.point_count, 0);
    tf_boundaries_free(boundaries);
    boundaries = make(&profiler, "avalon", TF_LAYER_PARTNERSHIP, 10);
    assert_int_equal(boundaries->outline_count, 0);
    assert_non_null(strstr(boundaries->note, "partnerships"));
    assert_true(isnan(boundaries->box.low.x));
    tf_map_shapes *shapes;
    tf_error error;
    assert_int_equal(tf_map_shapes_make(boundaries, &shapes, &error), TF_NOT_FOUND);
    assert_null(shapes);
    tf_boundaries_free(boundaries);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* Five squares in a row, each 686 by 1,112 m: five times as wide as they are high but for 0.62. */
static void shapes_fill_their_box_with_north_up(void **state) {
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_boundaries *boundaries = make(&profiler, "Alphaton", TF_LAYER_SMALL_AREA, 0);
    tf_map_shapes *shapes = NULL;
    tf_error error;
    assert_ok(tf_map_shapes_make(boundaries, &shapes, &error), &error);
    assert_int_equal(shapes->shape_count, 5);
    assert_near(shapes->width, 1000, 0);
    assert_in_range((int)shapes->height, 310, 350);
    assert_near(shapes->metres_per_unit, 3.45, 0.05);
    double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
    for (size_t i = 0; i < shapes->shape_count; i++) {
        const tf_map_shape *shape = &shapes->shapes[i];
        assert_int_equal(shape->ring_count, 1);
        assert_int_equal(shape->rings[0].point_count, 4); /* the first is not repeated */
        assert_true(i == 0 || shape->centre.x > shapes->shapes[i - 1].centre.x); /* to the east */
        for (size_t k = 0; k < 4; k++) {
            tf_map_point point = shape->rings[0].points[k];
            left = fmin(left, point.x);
            right = fmax(right, point.x);
            top = fmin(top, point.y);
            bottom = fmax(bottom, point.y);
        }
        /* The first point of each square is its south-western corner. */
        assert_true(shape->rings[0].points[0].y > shape->centre.y);
        assert_true(shape->rings[0].points[0].x < shape->centre.x);
    }
    assert_near(left, 0, 1e-9);
    assert_near(right, shapes->width, 0.1);
    assert_near(top, 0, 1e-9);
    assert_near(bottom, shapes->height, 0.1);
    tf_map_shapes_free(shapes);
    tf_boundaries_free(boundaries);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_tolerance_below_nothing_is_refused(void **state) {
    static const double tolerances[] = {-1, NAN, INFINITY};
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    for (size_t i = 0; i < COUNT_OF(tolerances); i++) {
        tf_error error;
        tf_boundaries *boundaries;
        tf_boundaries_request request = {NULL, TF_LAYER_SMALL_AREA, tolerances[i]};
        assert_int_equal(tf_boundaries_make(profiler.data, &request, &boundaries, &error),
                         TF_BAD_INPUT);
        assert_null(boundaries);
    }
    close_profiler(&profiler);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(the_areas_of_an_authority_come_with_their_outlines),
        temporary_test(geojson_keeps_to_the_right_hand_rule),
        temporary_test(geojson_names_each_area_and_its_box),
        temporary_test(an_authority_has_the_outline_that_was_imported_for_it),
        temporary_test(shapes_fill_their_box_with_north_up),
        temporary_test(a_tolerance_below_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
