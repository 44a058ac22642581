#include "areas.h"

#include "fail_allocations.h"

#include "trefoil/base/hash.h"
#include "trefoil/space/neighbours.h"

static tf_projection *new_projection(void) {
    tf_projection *projection;
    assert_int_equal(tf_projection_new(&projection, NULL), TF_OK);
    return projection;
}

static bool are_neighbours(const tf_neighbours *neighbours, size_t a, size_t b) {
    for (int64_t link = neighbours->offsets[a]; link < neighbours->offsets[a + 1]; link++) {
        if ((size_t)neighbours->indices[link] == b) {
            return true;
        }
    }
    return false;
}

static int64_t degree(const tf_neighbours *neighbours, size_t place) {
    return neighbours->offsets[place + 1] - neighbours->offsets[place];
}

/* Sorted rows, without the place itself, that agree in both directions. */
static void check_rows(const tf_neighbours *neighbours) {
    assert_int_equal(neighbours->offsets[0], 0);
    for (size_t i = 0; i < neighbours->count; i++) {
        for (int64_t link = neighbours->offsets[i]; link < neighbours->offsets[i + 1]; link++) {
            size_t other = (size_t)neighbours->indices[link];
            assert_in_range(other, 0, neighbours->count - 1);
            assert_true(other != i && are_neighbours(neighbours, other, i));
            assert_true(link == neighbours->offsets[i] ||
                        neighbours->indices[link - 1] < neighbours->indices[link]);
        }
    }
}

static void find_touching(const tf_polygons *areas, size_t count, tf_contiguity contiguity,
                          double tolerance_m, tf_neighbours *neighbours_out) {
    tf_projection *projection = new_projection();
    tf_error error;
    assert_ok(tf_neighbours_touching(projection, areas, count, contiguity, tolerance_m,
                                     neighbours_out, &error),
              &error);
    check_rows(neighbours_out);
    tf_projection_free(projection);
}

/* A chessboard of 3 by 3: corners touch 3 others, edges 5, the centre 8; by border 2, 3, 4. */
static void a_queen_takes_corners_and_a_rook_does_not(void **state) {
    (void)state;
    static const int queen[] = {3, 5, 3, 5, 8, 5, 3, 5, 3};
    static const int rook[] = {2, 3, 2, 3, 4, 3, 2, 3, 2};
    tf_polygons areas[9];
    for (int i = 0; i < 9; i++) {
        double x = -1.5 + i % 3 * 0.01;
        double y = 52.0 + i / 3 * 0.01;
        areas[i] = rectangle(x, y, x + 0.01, y + 0.01);
    }
    static const double tolerances_m[] = {0.01, 1, 10};
    for (int t = 0; t < 3; t++) {
        tf_neighbours neighbours;
        find_touching(areas, 9, TF_CONTIGUITY_QUEEN, tolerances_m[t], &neighbours);
        for (size_t i = 0; i < 9; i++) {
            assert_int_equal(degree(&neighbours, i), queen[i]);
        }
        tf_neighbours_deinit(&neighbours);
        find_touching(areas, 9, TF_CONTIGUITY_ROOK, tolerances_m[t], &neighbours);
        for (size_t i = 0; i < 9; i++) {
            assert_int_equal(degree(&neighbours, i), rook[i]);
        }
        tf_neighbours_deinit(&neighbours);
    }
    for (int i = 0; i < 9; i++) {
        tf_polygons_deinit(&areas[i]);
    }
}

/* 0.00001 degrees of latitude are 1.11 m. */
static void a_gap_is_bridged_by_the_tolerance_alone(void **state) {
    (void)state;
    tf_polygons areas[4] = {rectangle(-1.5, 52, -1.4, 52.1),
                            rectangle(-1.5, 52.10001, -1.4, 52.2),
                            {0},
                            rectangle(-1.48, 52.02, -1.47, 52.03)};
    tf_neighbours neighbours;
    find_touching(areas, 4, TF_CONTIGUITY_QUEEN, 1, &neighbours);
    assert_false(are_neighbours(&neighbours, 0, 1));
    assert_int_equal(degree(&neighbours, 2), 0);    /* the empty area */
    assert_true(are_neighbours(&neighbours, 0, 3)); /* which lies on top of it */
    tf_neighbours_deinit(&neighbours);
    for (int contiguity = TF_CONTIGUITY_QUEEN; contiguity <= TF_CONTIGUITY_ROOK; contiguity++) {
        find_touching(areas, 4, (tf_contiguity)contiguity, 1.2, &neighbours);
        assert_true(are_neighbours(&neighbours, 0, 1));
        tf_neighbours_deinit(&neighbours);
    }
    for (int i = 0; i < 4; i++) {
        tf_polygons_deinit(&areas[i]);
    }
}

static void an_area_in_the_hole_of_another_touches_it(void **state) {
    (void)state;
    const tf_point outside[] = {{-1.5, 52}, {-1.4, 52}, {-1.4, 52.1}, {-1.5, 52.1}, {-1.5, 52}};
    const tf_point hole[] = {
        {-1.47, 52.03}, {-1.47, 52.06}, {-1.44, 52.06}, {-1.44, 52.03}, {-1.47, 52.03}};
    tf_polygons areas[2] = {{0}, rectangle(-1.47, 52.03, -1.44, 52.06)};
    assert_int_equal(add_ring(&areas[0], outside, 5, false), TF_OK);
    assert_int_equal(add_ring(&areas[0], hole, 5, true), TF_OK);
    tf_neighbours neighbours;
    find_touching(areas, 2, TF_CONTIGUITY_ROOK, 0, &neighbours);
    assert_int_equal(degree(&neighbours, 0), 1);
    tf_neighbours_deinit(&neighbours);
    tf_polygons_deinit(&areas[0]);
    tf_polygons_deinit(&areas[1]);
}

static int find_code(const area_list *list, const char *code) {
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->codes[i], code) == 0) {
            return (int)i;
        }
    }
    fail();
    return -1;
}

/* libpysal 4.14.1, weights.Queen and weights.Rook .from_dataframe of the same file. */
static void luton_has_the_neighbours_that_libpysal_finds(void **state) {
    (void)state;
    static const int queen[] = {7, 6, 5, 4, 5, 7, 7, 7, 7, 5, 4, 5, 6, 4, 4, 2, 5, 7, 5, 8, 5,
                                2, 4, 3, 4, 8, 6, 6, 4, 4, 6, 5, 5, 7, 5, 4, 6, 7, 8, 3, 5, 7,
                                4, 4, 5, 7, 5, 8, 8, 5, 5, 7, 4, 5, 5, 6, 7, 8, 5, 4, 5, 6, 5,
                                2, 6, 3, 6, 5, 4, 4, 7, 5, 7, 5, 7, 5, 5, 7, 5, 3, 5, 5, 7, 6,
                                4, 6, 7, 4, 7, 6, 5, 7, 5, 7, 7, 7, 4, 5, 4, 7, 7, 6, 4, 5, 5,
                                8, 6, 3, 6, 4, 4, 6, 3, 5, 2, 8, 3, 6, 7, 5, 7, 4, 6, 7, 4};
    static const char *const around_first[] = {"E01015694", "E01015695", "E01015775", "E01015796",
                                               "E01015697", "E01015797", "E01015740"};
    char path[1024];
    REAL_DATA("geography/lsoa2021/E06000032.geojson.gz", path);
    area_list *list = tf_alloc_zeroed(1, sizeof *list);
    load_areas(path, list);
    assert_int_equal(list->count, 125);
    static const double tolerances_m[] = {0, TF_CONTIGUITY_TOLERANCE_M};
    for (int t = 0; t < 2; t++) {
        tf_neighbours neighbours;
        find_touching(list->areas, list->count, TF_CONTIGUITY_QUEEN, tolerances_m[t], &neighbours);
        assert_int_equal(neighbours.offsets[125], 674); /* 5.392 a place */
        for (size_t i = 0; i < 125; i++) {
            assert_int_equal(degree(&neighbours, i), queen[i]);
        }
        int first = find_code(list, "E01015693");
        for (int i = 0; i < 7; i++) {
            assert_true(are_neighbours(&neighbours, (size_t)first,
                                       (size_t)find_code(list, around_first[i])));
        }
        tf_neighbours_deinit(&neighbours);
        find_touching(list->areas, list->count, TF_CONTIGUITY_ROOK, tolerances_m[t], &neighbours);
        assert_int_equal(neighbours.offsets[125], 666);
        tf_neighbours_deinit(&neighbours);
    }
    free_areas(list);
    tf_free(list);
}

static void a_county_has_the_neighbours_that_libpysal_finds(void **state) {
    (void)state;
    static const char *const files[] = {"geography/lsoa2021/E06000032.geojson.gz",
                                        "geography/lsoa2021/E06000055.geojson.gz",
                                        "geography/lsoa2021/E06000056.geojson.gz"};
    area_list *list = tf_alloc_zeroed(1, sizeof *list);
    for (int i = 0; i < 3; i++) {
        char path[1024];
        REAL_DATA(files[i], path);
        load_areas(path, list);
    }
    assert_int_equal(list->count, 417);
    static const int64_t links[] = {2386, 2350};     /* queen, rook */
    static const int64_t squares[] = {15564, 15068}; /* of the numbers of neighbours, added up */
    for (int contiguity = TF_CONTIGUITY_QUEEN; contiguity <= TF_CONTIGUITY_ROOK; contiguity++) {
        tf_neighbours neighbours;
        find_touching(list->areas, list->count, (tf_contiguity)contiguity,
                      TF_CONTIGUITY_TOLERANCE_M, &neighbours);
        assert_int_equal(neighbours.offsets[417], links[contiguity]);
        int64_t sum = 0;
        for (size_t i = 0; i < 417; i++) {
            assert_true(degree(&neighbours, i) > 0); /* no islands */
            sum += degree(&neighbours, i) * degree(&neighbours, i);
        }
        assert_int_equal(sum, squares[contiguity]);
        tf_neighbours_deinit(&neighbours);
    }
    /* At 1 m one more pair is bridged: E01015785 and E01015786 are 0.687 m apart (shapely). */
    tf_neighbours neighbours;
    find_touching(list->areas, list->count, TF_CONTIGUITY_QUEEN, 1, &neighbours);
    assert_int_equal(neighbours.offsets[417], 2388);
    assert_true(are_neighbours(&neighbours, (size_t)find_code(list, "E01015785"),
                               (size_t)find_code(list, "E01015786")));
    tf_neighbours_deinit(&neighbours);
    free_areas(list);
    tf_free(list);
}

/* Every pair compared, for the truth of the faster way. */
static void points_within_a_distance_are_those_of_the_slow_way(void **state) {
    (void)state;
    enum { COUNT = 600 };
    static tf_point points[COUNT];
    tf_random random;
    tf_random_init(&random, 7, 1);
    for (int i = 0; i < COUNT; i++) { /* on a lattice, so that many are equal or exactly apart */
        points[i] = (tf_point){(double)tf_random_below(&random, 60) * 5 - 100,
                               (double)tf_random_below(&random, 60) * 5 - 100};
    }
    points[17].x = NAN;
    points[18].y = INFINITY;
    static const double distances_m[] = {0.5, 5, 25, 70, 1000};
    for (int d = 0; d < 5; d++) {
        tf_neighbours neighbours;
        tf_error error;
        assert_ok(tf_neighbours_within(points, COUNT, distances_m[d], &neighbours, &error), &error);
        check_rows(&neighbours);
        int64_t expected = 0;
        for (size_t i = 0; i < COUNT; i++) {
            for (size_t j = 0; j < COUNT; j++) {
                double apart = hypot(points[i].x - points[j].x, points[i].y - points[j].y);
                bool is_near = i != j && apart <= distances_m[d];
                expected += is_near;
                assert_true(!is_near || are_neighbours(&neighbours, i, j));
            }
        }
        assert_int_equal(neighbours.offsets[COUNT], expected);
        assert_true(expected > 0);
        tf_neighbours_deinit(&neighbours);
    }
}

static void too_many_links_are_refused_before_memory_is_gone(void **state) {
    (void)state;
    enum { COUNT = 10100 }; /* 51 million pairs */
    tf_point *points = tf_alloc_zeroed(COUNT, sizeof *points);
    tf_neighbours neighbours;
    tf_error error;
    assert_int_equal(tf_neighbours_within(points, COUNT, 5, &neighbours, &error), TF_NO_MEMORY);
    assert_non_null(strstr(error.message, "a shorter distance"));
    assert_null(neighbours.indices);
    tf_free(points);
}

static void impossible_distances_are_refused(void **state) {
    (void)state;
    static const double bad[] = {-1, NAN, INFINITY};
    const tf_point point = {0, 0};
    tf_projection *projection = new_projection();
    tf_neighbours neighbours;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tf_neighbours_within(&point, 1, bad[i], &neighbours, NULL), TF_BAD_INPUT);
        assert_int_equal(tf_neighbours_touching(projection, NULL, 0, TF_CONTIGUITY_QUEEN, bad[i],
                                                &neighbours, NULL),
                         TF_BAD_INPUT);
    }
    assert_int_equal(tf_neighbours_within(&point, 1, 0, &neighbours, NULL), TF_BAD_INPUT);
    tf_projection_free(projection);
}

static void an_area_that_cannot_be_placed_is_named(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_polygons areas[2] = {rectangle(-1.5, 52, -1.4, 52.1), rectangle(52, -1.5, 52.1, -1.4)};
    tf_neighbours neighbours;
    tf_error error;
    assert_int_equal(
        tf_neighbours_touching(projection, areas, 2, TF_CONTIGUITY_QUEEN, 0, &neighbours, &error),
        TF_BAD_INPUT);
    assert_string_equal(error.place, "area 2");
    tf_polygons_deinit(&areas[0]);
    tf_polygons_deinit(&areas[1]);
    tf_projection_free(projection);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_polygons areas[3] = {rectangle(-1.5, 52, -1.4, 52.1), rectangle(-1.4, 52, -1.3, 52.1),
                            rectangle(-1.3, 52, -1.2, 52.1)};
    const tf_point points[] = {{0, 0}, {1, 1}, {2, 2}, {3, 3}};
    for (long n = 0;; n++) {
        tf_neighbours touching = {0};
        tf_neighbours within = {0};
        fail_allocation(n);
        tf_status status =
            tf_neighbours_touching(projection, areas, 3, TF_CONTIGUITY_ROOK, 1, &touching, NULL);
        if (!status) {
            status = tf_neighbours_within(points, 4, 2, &within, NULL);
        }
        bool was_reached = stop_failing_allocations();
        tf_neighbours_deinit(&touching);
        tf_neighbours_deinit(&within);
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
    for (int i = 0; i < 3; i++) {
        tf_polygons_deinit(&areas[i]);
    }
    tf_projection_free(projection);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_queen_takes_corners_and_a_rook_does_not),
        cmocka_unit_test(a_gap_is_bridged_by_the_tolerance_alone),
        cmocka_unit_test(an_area_in_the_hole_of_another_touches_it),
        cmocka_unit_test(luton_has_the_neighbours_that_libpysal_finds),
        cmocka_unit_test(a_county_has_the_neighbours_that_libpysal_finds),
        cmocka_unit_test(points_within_a_distance_are_those_of_the_slow_way),
        cmocka_unit_test(too_many_links_are_refused_before_memory_is_gone),
        cmocka_unit_test(impossible_distances_are_refused),
        cmocka_unit_test(an_area_that_cannot_be_placed_is_named),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("neighbours", tests, NULL, NULL);
}
