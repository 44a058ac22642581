#include "areas.h"

#include "fail_allocations.h"

#include "trefoil/space/hot_spot.h"

/* The example of the documentation of PySAL's esda (2.9.0, classes G and G_Local). */
enum { PLACE_COUNT = 6 };
static const tf_point places[PLACE_COUNT] = {{10, 10}, {20, 10}, {40, 10},
                                             {15, 20}, {30, 20}, {30, 30}};
static const double values[PLACE_COUNT] = {2, 3, 3.2, 5, 8, 7};

static tf_neighbours neighbours_within_15(void) {
    tf_neighbours neighbours;
    assert_int_equal(tf_neighbours_within(places, PLACE_COUNT, 15, &neighbours, NULL), TF_OK);
    return neighbours;
}

static void gi_star_meets_the_published_scores(void **state) {
    (void)state;
    /* G_Local(y, w, transform="B", star=True): Zs and the one-sided p_norm. */
    static const double expected_z[] = {-1.39727626, -0.28917762, 0.65064964,
                                        -0.28917762, 1.23452088,  2.02424331};
    static const double smaller_tail[] = {0.08116526, 0.38622273, 0.25763634,
                                          0.38622273, 0.10850443, 0.02147256};
    tf_neighbours neighbours = neighbours_within_15();
    double z[PLACE_COUNT];
    double p[PLACE_COUNT];
    tf_error error;
    assert_ok(tf_hot_spot_gi_star(values, &neighbours, TF_TAIL_UPPER, z, p, &error), &error);
    for (int i = 0; i < PLACE_COUNT; i++) {
        assert_near(z[i], expected_z[i], 5e-9);
        assert_near(p[i], z[i] > 0 ? smaller_tail[i] : 1 - smaller_tail[i], 5e-9);
    }
    assert_ok(tf_hot_spot_gi_star(values, &neighbours, TF_TAIL_BOTH, z, p, &error), &error);
    for (int i = 0; i < PLACE_COUNT; i++) {
        assert_near(p[i], 2 * smaller_tail[i], 1e-8);
    }
    tf_neighbours_deinit(&neighbours);
}

static void general_g_meets_the_published_values(void **state) {
    (void)state;
    /* G(y, w): G, EG, VG, z_norm, p_norm.  The expectation and the variance are also exactly those
     * of all 720 orders of the six values. */
    tf_neighbours neighbours = neighbours_within_15();
    tf_general_g g;
    tf_error error;
    assert_ok(tf_hot_spot_general_g(values, &neighbours, TF_TAIL_UPPER, &g, &error), &error);
    assert_near(g.g, 0.5570977917981073, 1e-14);
    assert_near(g.expectation, 0.4666666666666667, 1e-14);
    assert_near(g.variance, 0.00920355019510151, 1e-14);
    assert_near(g.z, 0.942627795324094, 1e-12);
    assert_near(g.p, 0.17293565873591432, 1e-12);
    tf_neighbours_deinit(&neighbours);
}

static void scores_do_not_depend_on_unit_or_zero_point(void **state) {
    (void)state;
    tf_neighbours neighbours = neighbours_within_15();
    double moved[PLACE_COUNT];
    double z[PLACE_COUNT];
    double moved_z[PLACE_COUNT];
    for (int i = 0; i < PLACE_COUNT; i++) {
        moved[i] = 1e9 + 1000 * values[i];
    }
    assert_int_equal(tf_hot_spot_gi_star(values, &neighbours, TF_TAIL_BOTH, z, NULL, NULL), TF_OK);
    assert_int_equal(tf_hot_spot_gi_star(moved, &neighbours, TF_TAIL_BOTH, moved_z, NULL, NULL),
                     TF_OK);
    for (int i = 0; i < PLACE_COUNT; i++) {
        assert_near(moved_z[i], z[i], 1e-9);
    }
    tf_neighbours_deinit(&neighbours);
}

static void equal_values_have_no_hot_spot(void **state) {
    (void)state;
    tf_neighbours neighbours = neighbours_within_15();
    double equal[PLACE_COUNT];
    double z[PLACE_COUNT];
    double p[PLACE_COUNT];
    for (int i = 0; i < PLACE_COUNT; i++) {
        equal[i] = 0.1; /* whose mean is not 0.1 once rounded */
    }
    assert_int_equal(tf_hot_spot_gi_star(equal, &neighbours, TF_TAIL_BOTH, z, p, NULL), TF_OK);
    for (int i = 0; i < PLACE_COUNT; i++) {
        assert_true(z[i] == 0 && p[i] == 1);
    }
    tf_general_g g;
    assert_int_equal(tf_hot_spot_general_g(equal, &neighbours, TF_TAIL_UPPER, &g, NULL), TF_OK);
    assert_near(g.g, g.expectation, 1e-14);
    assert_true(g.variance == 0 && g.z == 0 && g.p == 0.5);
    tf_neighbours_deinit(&neighbours);
}

static void a_neighbourhood_of_the_whole_map_does_not_stand_out(void **state) {
    (void)state;
    tf_neighbours neighbours;
    double z[PLACE_COUNT];
    double p[PLACE_COUNT];
    assert_int_equal(tf_neighbours_within(places, PLACE_COUNT, 1000, &neighbours, NULL), TF_OK);
    assert_int_equal(tf_hot_spot_gi_star(values, &neighbours, TF_TAIL_UPPER, z, p, NULL), TF_OK);
    for (int i = 0; i < PLACE_COUNT; i++) {
        assert_true(z[i] == 0 && p[i] == 0.5);
    }
    tf_general_g g;
    assert_int_equal(tf_hot_spot_general_g(values, &neighbours, TF_TAIL_BOTH, &g, NULL), TF_OK);
    assert_near(g.g, 1, 1e-14);
    assert_true(g.z == 0 && g.p == 1);
    tf_neighbours_deinit(&neighbours);
}

static void one_place_or_none_is_no_fault(void **state) {
    (void)state;
    tf_neighbours neighbours;
    double z = 5;
    double p = 5;
    assert_int_equal(tf_neighbours_within(places, 1, 15, &neighbours, NULL), TF_OK);
    assert_int_equal(tf_hot_spot_gi_star(values, &neighbours, TF_TAIL_BOTH, &z, &p, NULL), TF_OK);
    assert_true(z == 0 && p == 1);
    tf_neighbours_deinit(&neighbours);
    assert_int_equal(tf_neighbours_within(NULL, 0, 15, &neighbours, NULL), TF_OK);
    assert_int_equal(tf_hot_spot_gi_star(NULL, &neighbours, TF_TAIL_BOTH, NULL, NULL, NULL), TF_OK);
    tf_neighbours_deinit(&neighbours);
}

static void values_that_cannot_be_used_are_named(void **state) {
    (void)state;
    tf_neighbours neighbours = neighbours_within_15();
    tf_general_g g;
    double z[PLACE_COUNT];
    tf_error error;
    double bad[PLACE_COUNT] = {1, 2, NAN, 4, 5, 6};
    assert_int_equal(tf_hot_spot_gi_star(bad, &neighbours, TF_TAIL_BOTH, z, NULL, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "place 3"));
    bad[2] = -3;
    assert_int_equal(tf_hot_spot_gi_star(bad, &neighbours, TF_TAIL_BOTH, z, NULL, &error), TF_OK);
    assert_int_equal(tf_hot_spot_general_g(bad, &neighbours, TF_TAIL_BOTH, &g, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "place 3 is negative"));
    const double alone[PLACE_COUNT] = {0, 0, 9, 0, 0, 0};
    assert_int_equal(tf_hot_spot_general_g(alone, &neighbours, TF_TAIL_BOTH, &g, &error),
                     TF_BAD_INPUT);
    tf_neighbours_deinit(&neighbours);
}

int main(void) {
    (void)fail_allocation; /* the statistics allocate nothing */
    (void)stop_failing_allocations;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gi_star_meets_the_published_scores),
        cmocka_unit_test(general_g_meets_the_published_values),
        cmocka_unit_test(scores_do_not_depend_on_unit_or_zero_point),
        cmocka_unit_test(equal_values_have_no_hot_spot),
        cmocka_unit_test(a_neighbourhood_of_the_whole_map_does_not_stand_out),
        cmocka_unit_test(one_place_or_none_is_no_fault),
        cmocka_unit_test(values_that_cannot_be_used_are_named),
    };
    return cmocka_run_group_tests_name("hot_spot", tests, NULL, NULL);
}
