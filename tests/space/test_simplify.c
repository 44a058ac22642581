#include "areas.h"

#include "fail_allocations.h"

#include "trefoil/base/date.h"
#include "trefoil/base/hash.h"
#include "trefoil/space/geometry.h"
#include "trefoil/space/neighbours.h"
#include "trefoil/space/simplify.h"

static tf_projection *new_projection(void) {
    tf_projection *projection;
    assert_int_equal(tf_projection_new(&projection, NULL), TF_OK);
    return projection;
}

/* Degrees of a place some metres east and north of the middle of the county. */
static tf_point metres(double east, double north) {
    return (tf_point){-0.45 + east / 68500, 52 + north / 111200};
}

/* One part of the rings, each given as metres with a NaN between them. */
static tf_polygons outline(const tf_point *points, size_t count) {
    tf_polygons area = {0};
    int32_t start = 0;
    for (size_t i = 0; i <= count; i++) {
        if (i == count || isnan(points[i].x)) {
            assert_int_equal(tf_polygons_add_point(&area, area.points[start], NULL), TF_OK);
            assert_int_equal(tf_polygons_end_ring(&area, NULL), TF_OK);
            start = area.point_count;
        } else {
            assert_int_equal(tf_polygons_add_point(&area, metres(points[i].x, points[i].y), NULL),
                             TF_OK);
        }
    }
    assert_int_equal(tf_polygons_end_part(&area, NULL), TF_OK);
    return area;
}
#define OUTLINE(points) outline((points), sizeof(points) / sizeof *(points))

static void simplify(const tf_polygons *areas, size_t count, double tolerance_m,
                     tf_polygons *simplified) {
    tf_error error;
    tf_projection *projection = new_projection();
    assert_ok(tf_simplify_together(projection, areas, count, tolerance_m, simplified, &error),
              &error);
    tf_projection_free(projection);
    for (size_t i = 0; i < count; i++) {
        assert_ok(tf_polygons_check(&simplified[i], &error), &error);
    }
}

static void free_all(tf_polygons *areas, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tf_polygons_deinit(&areas[i]);
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

/* A border of two squares with a tooth 30 m deep and one 300 m deep: 15 x 30 m2 and 150 x 300 m2
 * are 450 and 45,000. */
static void small_teeth_go_and_large_ones_stay_in_both_neighbours(void **state) {
    (void)state;
    static const tf_point west[] = {{0, 0},      {1000, 0},  {1000, 200}, {1030, 215},  {1000, 230},
                                    {1000, 500}, {700, 650}, {1000, 800}, {1000, 1000}, {0, 1000}};
    static const tf_point east[] = {{1000, 0},   {2000, 0},  {2000, 1000}, {1000, 1000},
                                    {1000, 800}, {700, 650}, {1000, 500},  {1000, 230},
                                    {1030, 215}, {1000, 200}};
    tf_polygons areas[] = {OUTLINE(west), OUTLINE(east)}, simplified[2];
    simplify(areas, 2, 50, simplified);
    for (size_t i = 0; i < 2; i++) {
        assert_true(has_point(&simplified[i], metres(700, 650)));
        assert_false(has_point(&simplified[i], metres(1030, 215)));
        assert_true(has_point(&simplified[i], metres(1000, 0))); /* where the borders part */
        assert_true(has_point(&simplified[i], metres(1000, 1000)));
    }
    for (int32_t i = 0; i < simplified[0].point_count; i++) {
        tf_point point = simplified[0].points[i];
        assert_true(has_point(&areas[0], point)); /* no point is moved */
    }
    free_all(areas, 2);
    free_all(simplified, 2);
}

static void an_island_in_a_hole_fits_it_still(void **state) {
    (void)state;
    tf_point around[100] = {{0, 0}, {3000, 0}, {3000, 3000}, {0, 3000}, {NAN, NAN}};
    tf_point island[60];
    for (size_t i = 0; i < 60; i++) { /* the hole runs the other way, from elsewhere */
        double angle = (double)i / 60 * 2 * 3.14159265358979;
        island[i].x = 1500 + 500 * cos(angle);
        island[i].y = 1500 + 500 * sin(angle);
        around[5 + (90 - i) % 60] = island[i];
    }
    tf_polygons areas[] = {outline(around, 65), outline(island, 60)}, simplified[2];
    simplify(areas, 2, 100, simplified);
    assert_int_equal(simplified[0].ring_count, 2);
    assert_in_range(simplified[1].point_count, 5, 30);
    assert_int_equal(simplified[0].point_count, 5 + simplified[1].point_count);
    for (int32_t i = 0; i < simplified[1].point_count; i++) {
        assert_true(has_point(&simplified[0], simplified[1].points[i]));
    }
    free_all(areas, 2);
    free_all(simplified, 2);
}

static void every_ring_keeps_four_points_however_coarse(void **state) {
    (void)state;
    static const tf_point tiny[] = {{0, 0}, {3, 0}, {5, 2}, {5, 4}, {3, 6}, {0, 6}};
    static const tf_point left[] = {{100, 0}, {110, 0}, {112, 5}, {110, 10}, {100, 10}};
    static const tf_point right[] = {{110, 0}, {120, 3}, {120, 7}, {110, 10}, {112, 5}};
    static const tf_point lens[] = {{200, 0}, {210, 3}, {220, 0}, {210, -3}};
    static const tf_point under[] = {{200, 0}, {210, -3}, {220, 0}, {220, -50}, {200, -50}};
    static const tf_point over[] = {{200, 0}, {210, 3}, {220, 0}, {220, 50}, {200, 50}};
    tf_polygons areas[] = {OUTLINE(tiny), OUTLINE(left),  OUTLINE(right),
                           OUTLINE(lens), OUTLINE(under), OUTLINE(over)};
    tf_polygons simplified[6];
    simplify(areas, 6, 1e6, simplified);
    for (size_t i = 0; i < 6; i++) {
        tf_error error;
        assert_true(simplified[i].point_count >= 4);
        assert_ok(tf_geometry_check(&simplified[i], &error), &error);
    }
    free_all(areas, 6);
    free_all(simplified, 6);
}

/* Left without its dent, the border would run through the islet. */
static void a_border_does_not_run_over_what_lies_in_its_dent(void **state) {
    (void)state;
    static const tf_point coast[] = {{0, 0},      {1000, 0},    {1000, 400}, {800, 500},
                                     {1000, 600}, {1000, 1000}, {0, 1000}};
    static const tf_point islet[] = {{930, 490}, {950, 490}, {950, 510}, {930, 510}};
    tf_polygons areas[] = {OUTLINE(coast), OUTLINE(islet)}, simplified[2];
    simplify(areas, 2, 400, simplified);
    assert_true(has_point(&simplified[0], metres(800, 500)));
    free_all(simplified, 2);
    simplify(areas, 1, 400, simplified);
    assert_false(has_point(&simplified[0], metres(800, 500)));
    free_all(simplified, 1);
    free_all(areas, 2);
}

static void points_that_repeat_and_empty_areas_do_no_harm(void **state) {
    (void)state;
    static const tf_point doubled[] = {{0, 0}, {0, 0}, {500, 0}, {500, 0}, {500, 500}, {0, 0}};
    static const tf_point dot[] = {{9, 9}, {9, 9}, {9, 9}};
    static const tf_point twice_around[] = {{0, 900}, {50, 900}, {0, 950},
                                            {0, 900}, {50, 900}, {0, 950}};
    tf_polygons areas[] = {OUTLINE(doubled), {0}, OUTLINE(dot), OUTLINE(twice_around)};
    tf_polygons simplified[4];
    simplify(areas, 4, 1000, simplified);
    assert_int_equal(simplified[3].point_count, 7);
    assert_int_equal(simplified[0].point_count, 4);
    assert_int_equal(simplified[1].point_count, 0);
    assert_int_equal(simplified[2].point_count, 4);
    free_all(areas, 4);
    free_all(simplified, 4);
}

/* A sheet of squares whose common borders wander at random, so that each is shared by two. */
enum { SIDE = 6, STEPS = 12, SHEET = SIDE * SIDE };

static tf_point wander(int x, int y) {
    tf_random random;
    tf_random_init(&random, (uint64_t)x * 1000 + (uint64_t)y, 7);
    return metres(x * 100 + 60 * (tf_random_unit(&random) - 0.5),
                  y * 100 + 60 * (tf_random_unit(&random) - 0.5));
}

static void make_sheet(tf_polygons *areas) {
    for (int a = 0; a < SHEET; a++) {
        int west = a % SIDE * STEPS, south = a / SIDE * STEPS;
        areas[a] = (tf_polygons){0};
        for (int i = 0; i <= 4 * STEPS; i++) {
            int along = i % STEPS, side = i / STEPS % 4;
            int x = side == 0 ? along : side == 1 ? STEPS : side == 2 ? STEPS - along : 0;
            int y = side == 0 ? 0 : side == 1 ? along : side == 2 ? STEPS : STEPS - along;
            assert_int_equal(tf_polygons_add_point(&areas[a], wander(west + x, south + y), NULL),
                             TF_OK);
        }
        assert_int_equal(tf_polygons_end_ring(&areas[a], NULL), TF_OK);
        assert_int_equal(tf_polygons_end_part(&areas[a], NULL), TF_OK);
    }
}

static double total_km2(const tf_polygons *areas, size_t count) {
    tf_projection *projection = new_projection();
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        tf_error error;
        double area_km2 = 0;
        assert_ok(tf_geometry_check(&areas[i], &error), &error);
        assert_ok(tf_geometry_area_km2(projection, &areas[i], &area_km2, &error), &error);
        total += area_km2;
    }
    tf_projection_free(projection);
    return total;
}

/* Without gaps and overlaps, the areas together are as large as their sheet's outer border, which
 * here wanders by 60 m at most; and neighbours touch at no distance at all. */
static void borders_that_are_shared_stay_shared(void **state) {
    (void)state;
    tf_polygons areas[SHEET], simplified[SHEET];
    make_sheet(areas);
    double before = total_km2(areas, SHEET);
    for (double tolerance_m = 5; tolerance_m < 1000; tolerance_m *= 3) {
        simplify(areas, SHEET, tolerance_m, simplified);
        assert_near(total_km2(simplified, SHEET) / before, 1, 0.02);
        tf_projection *projection = new_projection();
        tf_neighbours neighbours, kept;
        tf_error error;
        assert_ok(tf_neighbours_touching(projection, areas, SHEET, TF_CONTIGUITY_ROOK, 0,
                                         &neighbours, &error),
                  &error);
        assert_ok(tf_neighbours_touching(projection, simplified, SHEET, TF_CONTIGUITY_ROOK, 0,
                                         &kept, &error),
                  &error);
        assert_int_equal(neighbours.offsets[SHEET], 4 * SIDE * (SIDE - 1));
        assert_int_equal(kept.offsets[SHEET], neighbours.offsets[SHEET]);
        assert_memory_equal(kept.indices, neighbours.indices,
                            (size_t)kept.offsets[SHEET] * sizeof *kept.indices);
        tf_neighbours_deinit(&neighbours);
        tf_neighbours_deinit(&kept);
        tf_projection_free(projection);
        free_all(simplified, SHEET);
    }
    free_all(areas, SHEET);
}

static void the_order_of_areas_does_not_matter(void **state) {
    (void)state;
    tf_polygons areas[SHEET], turned[SHEET], first[SHEET], second[SHEET];
    make_sheet(areas);
    for (size_t i = 0; i < SHEET; i++) {
        turned[i] = areas[SHEET - 1 - i];
    }
    simplify(areas, SHEET, 60, first);
    simplify(turned, SHEET, 60, second);
    size_t differing = 0;
    for (size_t i = 0; i < SHEET; i++) {
        differing += first[i].point_count != second[SHEET - 1 - i].point_count;
    }
    assert_int_equal(differing, 0);
    free_all(areas, SHEET);
    free_all(first, SHEET);
    free_all(second, SHEET);
}

static void real_small_areas_stay_neighbours_valid_and_as_large(void **state) {
    (void)state;
    static const char *const files[] = {"geography/lsoa2021/E06000032.geojson.gz",
                                        "geography/lsoa2021/E06000055.geojson.gz",
                                        "geography/lsoa2021/E06000056.geojson.gz"};
    area_list *list = tf_alloc_zeroed(1, sizeof *list);
    for (size_t i = 0; i < 3; i++) {
        char path[1024];
        REAL_DATA(files[i], path);
        load_areas(path, list);
    }
    tf_polygons *simplified = tf_alloc(list->count, sizeof *simplified);
    tf_projection *projection = new_projection();
    tf_neighbours neighbours;
    tf_error error;
    assert_ok(tf_neighbours_touching(projection, list->areas, list->count, TF_CONTIGUITY_ROOK, 0,
                                     &neighbours, &error),
              &error);
    double before = total_km2(list->areas, list->count);
    for (double tolerance_m = 10; tolerance_m <= 90; tolerance_m *= 3) {
        double start = tf_seconds_monotonic();
        simplify(list->areas, list->count, tolerance_m, simplified);
        double seconds = tf_seconds_monotonic() - start;
        size_t points = 0, left = 0;
        for (size_t i = 0; i < list->count; i++) {
            points += (size_t)list->areas[i].point_count;
            left += (size_t)simplified[i].point_count;
        }
        print_message("# %zu areas at %.0f m: %zu of %zu points left in %.1f ms\n", list->count,
                      tolerance_m, left, points, seconds * 1e3);
        assert_near(total_km2(simplified, list->count) / before, 1, 0.002);
        tf_neighbours kept;
        assert_ok(tf_neighbours_touching(projection, simplified, list->count, TF_CONTIGUITY_ROOK, 0,
                                         &kept, &error),
                  &error);
        assert_int_equal(kept.offsets[list->count], neighbours.offsets[list->count]);
        tf_neighbours_deinit(&kept);
        free_all(simplified, list->count);
    }
    tf_neighbours_deinit(&neighbours);
    tf_projection_free(projection);
    tf_free(simplified);
    free_areas(list);
    tf_free(list);
}

static void what_cannot_be_simplified_is_refused(void **state) {
    (void)state;
    tf_polygons areas[] = {rectangle(-0.5, 52, -0.4, 52.1), rectangle(40, 52, 41, 53)};
    tf_polygons simplified[2];
    tf_projection *projection = new_projection();
    tf_error error;
    static const double tolerances[] = {0, -1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            tf_simplify_together(projection, areas, 1, tolerances[i], simplified, &error),
            TF_BAD_INPUT);
    }
    assert_int_equal(tf_simplify_together(projection, areas, 2, 10, simplified, &error),
                     TF_BAD_INPUT);
    assert_string_equal(error.place, "area 2");
    assert_int_equal(simplified[0].point_count, 0);
    areas[1].points[4].x += 1;
    assert_int_equal(tf_simplify_together(projection, areas, 2, 10, simplified, &error),
                     TF_BAD_INPUT);
    assert_string_equal(error.place, "area 2");
    tf_projection_free(projection);
    free_all(areas, 2);
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    static const tf_point west[] = {{0, 0}, {1000, 0}, {1000, 500}, {1000, 1000}, {0, 1000}};
    tf_polygons areas[] = {OUTLINE(west)}, simplified[1];
    tf_projection *projection = new_projection();
    tf_point warm_up = areas[0].points[0]; /* PROJ allocates at its first point */
    tf_projection_to_grid(projection, &warm_up, 1);
    for (long n = 0;; n++) {
        fail_allocation(n);
        tf_status status = tf_simplify_together(projection, areas, 1, 50, simplified, NULL);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 8);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_int_equal(simplified[0].point_count, 0);
    }
    tf_projection_free(projection);
    free_all(simplified, 1);
    free_all(areas, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_teeth_go_and_large_ones_stay_in_both_neighbours),
        cmocka_unit_test(an_island_in_a_hole_fits_it_still),
        cmocka_unit_test(every_ring_keeps_four_points_however_coarse),
        cmocka_unit_test(a_border_does_not_run_over_what_lies_in_its_dent),
        cmocka_unit_test(points_that_repeat_and_empty_areas_do_no_harm),
        cmocka_unit_test(borders_that_are_shared_stay_shared),
        cmocka_unit_test(the_order_of_areas_does_not_matter),
        cmocka_unit_test(real_small_areas_stay_neighbours_valid_and_as_large),
        cmocka_unit_test(what_cannot_be_simplified_is_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
