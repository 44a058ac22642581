#include "areas.h"

#include "fail_allocations.h"

#include "trefoil/base/hash.h"
#include "trefoil/space/geometry.h"

static tf_projection *new_projection(void) {
    tf_projection *projection;
    assert_int_equal(tf_projection_new(&projection, NULL), TF_OK);
    return projection;
}

/* GeoPandas 1.2.0 (PROJ 9.5, GEOS 3.14.1): .to_crs(27700).area and .centroid of the same files. */
static void areas_and_centres_are_those_that_geopandas_finds(void **state) {
    (void)state;
    static const struct {
        const char *file;
        double total_km2;
        double first_km2;
        tf_point first_centre;
    } expected[] = {
        {"geography/lsoa2021/E06000032.geojson.gz",
         43.36245110644748,
         0.38028386232798145,
         {-0.4144290435103247, 51.900393362624236}},
        {"geography/lsoa2021/E06000055.geojson.gz",
         476.37711201645976,
         0.26222629683524773,
         {-0.46158014731528363, 52.16248197636439}},
        {"geography/lsoa2021/E06000056.geojson.gz",
         715.5881929355915,
         0.495507346507055,
         {-0.4919333321967251, 52.02196557100382}},
    };
    tf_projection *projection = new_projection();
    area_list *list = tf_alloc_zeroed(1, sizeof *list);
    for (int i = 0; i < 3; i++) {
        char path[1024];
        REAL_DATA(expected[i].file, path);
        load_areas(path, list);
        double total_km2 = 0;
        double first_km2 = 0;
        tf_error error;
        for (size_t a = 0; a < list->count; a++) {
            double area_km2;
            assert_ok(tf_geometry_check(&list->areas[a], &error), &error);
            assert_ok(tf_geometry_area_km2(projection, &list->areas[a], &area_km2, &error), &error);
            total_km2 += area_km2;
            first_km2 = a == 0 ? area_km2 : first_km2;
        }
        assert_near(total_km2 / expected[i].total_km2, 1, 1e-6);
        assert_near(first_km2 / expected[i].first_km2, 1, 1e-6);
        tf_point centre;
        assert_ok(tf_geometry_centroid(projection, &list->areas[0], &centre, &error), &error);
        assert_near(centre.x, expected[i].first_centre.x, 1e-7); /* a centimetre */
        assert_near(centre.y, expected[i].first_centre.y, 1e-7);
        free_areas(list);
    }
    tf_free(list);
    tf_projection_free(projection);
}

static const tf_point outline[] = {{-1.5, 52}, {-1.4, 52}, {-1.4, 52.1}, {-1.5, 52.1}, {-1.5, 52}};
static const tf_point hole[] = {
    {-1.48, 52.02}, {-1.48, 52.04}, {-1.46, 52.04}, {-1.46, 52.02}, {-1.48, 52.02}};

static void a_hole_is_not_part_of_the_area(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_polygons whole = rectangle(-1.5, 52, -1.4, 52.1);
    tf_polygons filling = rectangle(-1.48, 52.02, -1.46, 52.04);
    tf_polygons holed = {0};
    assert_int_equal(add_ring(&holed, outline, 5, false), TF_OK);
    assert_int_equal(add_ring(&holed, hole, 5, true), TF_OK);
    double whole_km2;
    double filling_km2;
    double holed_km2;
    assert_int_equal(tf_geometry_area_km2(projection, &whole, &whole_km2, NULL), TF_OK);
    assert_int_equal(tf_geometry_area_km2(projection, &filling, &filling_km2, NULL), TF_OK);
    assert_int_equal(tf_geometry_area_km2(projection, &holed, &holed_km2, NULL), TF_OK);
    assert_near(whole_km2 - filling_km2, holed_km2, 1e-9);
    assert_near(whole_km2, 76.3, 0.1); /* 0.1 degrees are 11.13 km by 6.86 km here */
    tf_polygons_deinit(&whole);
    tf_polygons_deinit(&filling);
    tf_polygons_deinit(&holed);
    tf_projection_free(projection);
}

static void an_empty_area_has_no_size_and_no_centre(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_polygons empty = {0};
    tf_point centre;
    double area_km2 = 5;
    assert_int_equal(tf_geometry_area_km2(projection, &empty, &area_km2, NULL), TF_OK);
    assert_true(area_km2 == 0);
    assert_int_equal(tf_geometry_check(&empty, NULL), TF_OK);
    assert_int_equal(tf_geometry_centroid(projection, &empty, &centre, NULL), TF_BAD_INPUT);
    tf_projection_free(projection);
}

/* A bow tie: its two triangles meet where the outline crosses itself. */
static tf_polygons bow_tie(void) {
    const tf_point ring[] = {{-1.5, 52}, {-1.4, 52.1}, {-1.4, 52}, {-1.5, 52.1}, {-1.5, 52}};
    tf_polygons area = {0};
    assert_int_equal(add_ring(&area, ring, 5, true), TF_OK);
    return area;
}

static void an_outline_that_crosses_itself_is_found_and_repaired(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_polygons crossed = bow_tie();
    tf_polygons repaired;
    tf_error error;
    assert_int_equal(tf_geometry_check(&crossed, &error), TF_BAD_INPUT);
    assert_string_equal(error.message, "the outline is not valid: Self-intersection at -1.45, "
                                       "52.05; repair the boundary");
    tf_point centre; /* its two halves turn opposite ways and weigh nothing together */
    assert_int_equal(tf_geometry_centroid(projection, &crossed, &centre, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "no centre"));
    assert_ok(tf_geometry_repair(&crossed, &repaired, &error), &error);
    assert_ok(tf_geometry_check(&repaired, &error), &error);
    assert_int_equal(repaired.part_count, 2);
    tf_polygons whole = rectangle(-1.5, 52, -1.4, 52.1);
    double whole_km2;
    double repaired_km2;
    assert_ok(tf_geometry_area_km2(projection, &whole, &whole_km2, &error), &error);
    assert_ok(tf_geometry_area_km2(projection, &repaired, &repaired_km2, &error), &error);
    assert_near(repaired_km2, whole_km2 / 2, 0.01);
    tf_polygons_deinit(&whole);
    tf_polygons_deinit(&crossed);
    tf_polygons_deinit(&repaired);
    tf_projection_free(projection);
}

static void a_line_left_by_the_repair_is_dropped(void **state) {
    (void)state;
    /* A square with a spike out and back. */
    const tf_point ring[] = {{0, 0}, {1, 0}, {2, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    tf_polygons spiked = {0};
    tf_polygons repaired;
    assert_int_equal(add_ring(&spiked, ring, 7, true), TF_OK);
    assert_int_equal(tf_geometry_repair(&spiked, &repaired, NULL), TF_OK);
    assert_int_equal(repaired.part_count, 1);
    assert_int_equal(repaired.point_count, 5);
    tf_box box;
    assert_true(tf_polygons_bounds(&repaired, &box));
    assert_true(box.high.x == 1);
    tf_polygons_deinit(&spiked);
    tf_polygons_deinit(&repaired);
}

static void a_malformed_outline_is_refused_everywhere(void **state) {
    (void)state;
    const tf_point open[] = {{-1.5, 52}, {-1.4, 52}, {-1.4, 52.1}, {-1.5, 52.1}};
    tf_projection *projection = new_projection();
    tf_polygons area = {0};
    tf_polygons result;
    tf_area_index *index;
    double area_km2;
    assert_int_equal(add_ring(&area, open, 4, true), TF_OK);
    assert_int_equal(tf_geometry_check(&area, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_geometry_repair(&area, &result, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_geometry_area_km2(projection, &area, &area_km2, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_geometry_simplify(projection, &area, 5, &result, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_area_index_new(&area, 1, &index, NULL), TF_BAD_INPUT);
    assert_null(index);
    tf_polygons_deinit(&area);
    tf_projection_free(projection);
}

static void simplifying_keeps_the_shape_with_fewer_points(void **state) {
    (void)state;
    char path[1024];
    REAL_DATA("geography/lsoa2021/E06000032.geojson.gz", path);
    tf_projection *projection = new_projection();
    area_list *list = tf_alloc_zeroed(1, sizeof *list);
    load_areas(path, list);
    int points_before = 0;
    int points_after = 0;
    for (size_t i = 0; i < list->count; i++) {
        tf_polygons simple;
        tf_error error;
        double before_km2;
        double after_km2;
        assert_ok(tf_geometry_simplify(projection, &list->areas[i], 50, &simple, &error), &error);
        assert_ok(tf_geometry_check(&simple, &error), &error);
        assert_ok(tf_geometry_area_km2(projection, &list->areas[i], &before_km2, &error), &error);
        assert_ok(tf_geometry_area_km2(projection, &simple, &after_km2, &error), &error);
        assert_near(after_km2 / before_km2, 1, 0.25);
        points_before += list->areas[i].point_count;
        points_after += simple.point_count;
        tf_polygons_deinit(&simple);
    }
    assert_in_range(points_after, points_before / 5, points_before / 2);
    tf_polygons simple;
    assert_int_equal(tf_geometry_simplify(projection, &list->areas[0], 0, &simple, NULL),
                     TF_BAD_INPUT);
    free_areas(list);
    tf_free(list);
    tf_projection_free(projection);
}

static void a_point_is_found_in_the_lowest_area_that_holds_it(void **state) {
    (void)state;
    tf_polygons areas[4] = {rectangle(0, 0, 1, 1), {0}, rectangle(1, 0, 2, 1), {0}};
    const tf_point ring[] = {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}};
    const tf_point inner[] = {{2, 2}, {2, 3}, {3, 3}, {3, 2}, {2, 2}};
    assert_int_equal(add_ring(&areas[3], ring, 5, false), TF_OK);
    assert_int_equal(add_ring(&areas[3], inner, 5, true), TF_OK);
    const tf_point points[] = {{0.5, 0.5}, {1.5, 0.5}, {1, 0.5},   {3.5, 3.5},
                               {2.5, 2.5}, {5, 5},     {NAN, 0.5}, {0.5, INFINITY}};
    static const int32_t expected[] = {0, 2, 0, 3, -1, -1, -1, -1};
    int32_t found[8];
    tf_area_index *index;
    tf_error error;
    assert_ok(tf_area_index_new(areas, 4, &index, &error), &error);
    for (int i = 0; i < 4; i++) {
        tf_polygons_deinit(&areas[i]);
    }
    assert_ok(tf_area_index_find(index, points, 8, found, &error), &error);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(found[i], expected[i]);
    }
    tf_area_index_free(index);
    assert_ok(tf_area_index_new(NULL, 0, &index, &error), &error);
    assert_ok(tf_area_index_find(index, points, 1, found, &error), &error);
    assert_int_equal(found[0], -1);
    tf_area_index_free(index);
}

/* Whether a ray to the right crosses the outline an odd number of times. */
static bool holds_point(const tf_polygons *area, tf_point point) {
    bool is_inside = false;
    for (int32_t ring = 0; ring < area->ring_count; ring++) {
        for (int32_t i = area->ring_points[ring]; i + 1 < area->ring_points[ring + 1]; i++) {
            tf_point a = area->points[i];
            tf_point b = area->points[i + 1];
            bool crosses = (a.y > point.y) != (b.y > point.y);
            is_inside ^= crosses && point.x < a.x + (point.y - a.y) * (b.x - a.x) / (b.y - a.y);
        }
    }
    return is_inside;
}

static void every_point_is_found_where_ray_casting_finds_it(void **state) {
    (void)state;
    enum { COUNT = 5000 };
    static tf_point points[COUNT];
    static int32_t found[COUNT];
    char path[1024];
    REAL_DATA("geography/lsoa2021/E06000032.geojson.gz", path);
    area_list *list = tf_alloc_zeroed(1, sizeof *list);
    load_areas(path, list);
    tf_random random;
    tf_random_init(&random, 3, 1);
    for (int i = 0; i < COUNT; i++) {
        points[i] = (tf_point){-0.51 + 0.17 * tf_random_unit(&random),
                               51.85 + 0.08 * tf_random_unit(&random)};
    }
    tf_area_index *index;
    tf_error error;
    assert_ok(tf_area_index_new(list->areas, list->count, &index, &error), &error);
    assert_ok(tf_area_index_find(index, points, COUNT, found, &error), &error);
    int inside = 0;
    for (int i = 0; i < COUNT; i++) {
        int32_t expected = -1;
        for (size_t a = 0; a < list->count && expected < 0; a++) {
            expected = holds_point(&list->areas[a], points[i]) ? (int32_t)a : -1;
        }
        assert_int_equal(found[i], expected);
        inside += expected >= 0;
    }
    assert_in_range(inside, COUNT / 10, COUNT);
    tf_area_index_free(index);
    free_areas(list);
    tf_free(list);
}

/* One after the other, everything that allocates; what is made is freed whatever happens. */
static tf_status do_everything(tf_projection *projection, const tf_polygons *area) {
    double area_km2;
    tf_point centre;
    tf_polygons repaired = {0};
    tf_polygons simple = {0};
    tf_area_index *index = NULL;
    int32_t found;
    tf_status status = tf_geometry_repair(area, &repaired, NULL);
    status = status ? status : tf_geometry_area_km2(projection, &repaired, &area_km2, NULL);
    status = status ? status : tf_geometry_centroid(projection, &repaired, &centre, NULL);
    status = status ? status : tf_geometry_check(&repaired, NULL);
    status = status ? status : tf_geometry_simplify(projection, &repaired, 5, &simple, NULL);
    status = status ? status : tf_area_index_new(&repaired, 1, &index, NULL);
    status = status ? status : tf_area_index_find(index, &centre, 1, &found, NULL);
    tf_polygons_deinit(&repaired);
    tf_polygons_deinit(&simple);
    tf_area_index_free(index);
    return status;
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_polygons area = bow_tie();
    for (long n = 0;; n++) {
        fail_allocation(n);
        tf_status status = do_everything(projection, &area);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
    tf_polygons_deinit(&area);
    tf_projection_free(projection);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_and_centres_are_those_that_geopandas_finds),
        cmocka_unit_test(a_hole_is_not_part_of_the_area),
        cmocka_unit_test(an_empty_area_has_no_size_and_no_centre),
        cmocka_unit_test(an_outline_that_crosses_itself_is_found_and_repaired),
        cmocka_unit_test(a_line_left_by_the_repair_is_dropped),
        cmocka_unit_test(a_malformed_outline_is_refused_everywhere),
        cmocka_unit_test(simplifying_keeps_the_shape_with_fewer_points),
        cmocka_unit_test(a_point_is_found_in_the_lowest_area_that_holds_it),
        cmocka_unit_test(every_point_is_found_where_ray_casting_finds_it),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("geometry", tests, NULL, NULL);
}
