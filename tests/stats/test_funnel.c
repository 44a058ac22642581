#include "check.h"

#include "fail_allocations.h"

#include "trefoil/stats/funnel.h"

/* By SciPy 1.17: with r the least whole number whose scipy.stats.poisson.cdf(r, expected) reaches
 * p, r - (cdf(r) - p) / pmf(r), not below 0; p is 0.001, 0.025, 0.975, 0.999. */
static const struct {
    double expected;
    double limits[4];
} exact[] = {
    {0.0005, {0.0, 0.0, 0.0, 0.0}},
    {0.5, {0.0, 0.0, 1.8600259114609996, 3.4758589809003917}},
    {1, {0.0, 0.0, 2.901948696485415, 4.867625595670334}},
    {3.7, {0.0, 0.003022326757212257, 7.475474521393312, 10.519229990816262}},
    {10, {1.2205293158961341, 3.7751879476884005, 16.15995067334479, 20.662000835994988}},
    {25.5, {10.912932348960442, 15.558364376833378, 35.382777370027625, 41.95711549208558}},
    {100, {70.06528426484401, 80.36633712174712, 119.58089485211732, 131.80475039762413}},
    {1234.5, {1126.8572330780114, 1165.6072122414898, 1303.3394681154216, 1343.9883449229308}},
    {9999, {9690.921015613709, 9802.988463376647, 10194.958976810654, 10308.92880448534}},
    {10001, {9692.889719424593, 9804.968677934086, 10196.978398279112, 10310.959289775774}},
    {250000, {248455.8092852583, 249019.9918867289, 250979.95533460838, 251546.04020471676}},
    {1e7, {9990228.752401853, 9993802.02329667, 10006197.923871033, 10009773.097395353}},
};

static tf_funnel_limits limits_of(double expected, double dispersion) {
    tf_funnel_limits limits;
    tf_error error;
    assert_ok(tf_funnel_limits_make(expected, dispersion, &limits, &error), &error);
    return limits;
}

static void limits_are_those_of_the_exact_poisson_distribution(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        tf_funnel_limits limits = limits_of(exact[i].expected, 1);
        const double actual[] = {limits.lower_998, limits.lower_95, limits.upper_95,
                                 limits.upper_998};
        for (size_t k = 0; k < 4; k++) {
            double expected = exact[i].limits[k];
            /* Above 10,000 the limits come from an expansion, good to a ten-thousandth. */
            double tolerance = exact[i].expected > 10000 ? 1e-4 : 1e-9 * (1 + expected);
            assert_near(actual[k], expected, tolerance);
        }
    }
}

static void limits_run_on_smoothly_where_the_expansion_takes_over(void **state) {
    (void)state;
    tf_funnel_limits below = limits_of(10000, 1), above = limits_of(10000.001, 1);
    assert_near(above.lower_998, below.lower_998 + 0.001, 3e-4);
    assert_near(above.lower_95, below.lower_95 + 0.001, 3e-4);
    assert_near(above.upper_95, below.upper_95 + 0.001, 3e-4);
    assert_near(above.upper_998, below.upper_998 + 0.001, 3e-4);
}

static void limits_grow_with_the_expectation_and_enclose_each_other(void **state) {
    (void)state;
    tf_funnel_limits before = {0};
    for (double expected = 0.01; expected < 1e6; expected *= 1.07) {
        tf_funnel_limits limits = limits_of(expected, 1);
        assert_true(limits.lower_998 <= limits.lower_95 && limits.lower_95 < expected);
        assert_true(limits.upper_95 <= limits.upper_998);
        assert_true(limits.lower_95 >= before.lower_95 && limits.upper_95 >= before.upper_95);
        assert_true(limits.lower_998 >= before.lower_998 && limits.upper_998 >= before.upper_998);
        before = limits;
    }
}

static void dispersion_moves_limits_away_by_its_root(void **state) {
    (void)state;
    tf_funnel_limits plain = limits_of(100, 1), wide = limits_of(100, 4);
    assert_near(wide.upper_95 - 100, 2 * (plain.upper_95 - 100), 1e-12);
    assert_near(100 - wide.lower_998, 2 * (100 - plain.lower_998), 1e-12);
    assert_true(limits_of(10, 9).lower_95 == 0);
}

static void a_number_on_a_limit_is_within_it(void **state) {
    (void)state;
    static const tf_funnel_limits limits = {2, 4, 16, 20};
    static const struct {
        double events;
        tf_funnel_position position;
    } cases[] = {{1.9, TF_FUNNEL_BELOW_998}, {2, TF_FUNNEL_BELOW_95},  {4, TF_FUNNEL_WITHIN},
                 {16, TF_FUNNEL_WITHIN},     {20, TF_FUNNEL_ABOVE_95}, {21, TF_FUNNEL_ABOVE_998}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(tf_funnel_place(&limits, cases[i].events), cases[i].position);
    }
}

static const double counts[] = {12, 30, 8, 0, 55, 21, 17, 90, 33, 41, 5, 26};
static const double expectations[] = {15, 25, 10, 2, 40, 22, 19, 50, 30, 45, 9, 24};
enum { COUNTS = sizeof counts / sizeof *counts };

/* By NumPy 2.4: z = 2 (sqrt(O) - sqrt(E)); low, high = quantile(z, [0.1, 0.9]);
 * mean(clip(z, low, high)^2). */
static void dispersion_is_the_mean_of_winsorised_squares(void **state) {
    (void)state;
    tf_funnel_dispersion dispersion;
    tf_error error;
    assert_ok(tf_funnel_disperse(counts, expectations, COUNTS, &dispersion, &error), &error);
    assert_near(dispersion.phi, 1.3206710201656706, 1e-12);
    assert_near(dispersion.bound, 1.816496580927726, 1e-12);
    assert_false(dispersion.is_clear);
}

static void areas_that_scatter_threefold_are_clearly_dispersed(void **state) {
    (void)state;
    double events[40], expected[40];
    for (size_t i = 0; i < 40; i++) {
        expected[i] = 100;
        events[i] = i % 2 ? 130 : 74;
    }
    tf_funnel_dispersion dispersion;
    tf_error error;
    assert_ok(tf_funnel_disperse(events, expected, 40, &dispersion, &error), &error);
    assert_true(dispersion.is_clear && dispersion.phi > 7 && dispersion.phi < 9);
    assert_ok(tf_funnel_disperse(events, expected, 9, &dispersion, &error), &error);
    assert_true(!dispersion.is_clear && dispersion.phi > dispersion.bound);
}

static void one_unusual_area_does_not_make_dispersion(void **state) {
    (void)state;
    double events[40], expected[40];
    for (size_t i = 0; i < 40; i++) {
        expected[i] = events[i] = 100;
    }
    events[7] = 100000;
    tf_funnel_dispersion dispersion;
    tf_error error;
    assert_ok(tf_funnel_disperse(events, expected, 40, &dispersion, &error), &error);
    assert_true(dispersion.phi == 0);
}

static void fewer_than_two_areas_have_no_dispersion(void **state) {
    (void)state;
    tf_funnel_dispersion dispersion;
    tf_error error;
    for (size_t count = 0; count < 2; count++) {
        assert_ok(tf_funnel_disperse(counts, expectations, count, &dispersion, &error), &error);
        assert_true(isnan(dispersion.phi));
        assert_false(dispersion.is_clear);
    }
}

static void impossible_arguments_are_refused(void **state) {
    (void)state;
    tf_funnel_limits limits;
    tf_funnel_dispersion dispersion;
    tf_error error;
    static const double wrong[] = {0, -1, NAN, INFINITY, 1e13};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(tf_funnel_limits_make(wrong[i], 1, &limits, &error), TF_BAD_INPUT);
    }
    static const double narrow[] = {0.99, NAN, INFINITY};
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
        assert_int_equal(tf_funnel_limits_make(10, narrow[i], &limits, &error), TF_BAD_INPUT);
    }
    static const double good[] = {1, 1}, negative[] = {1, -1}, zero[] = {1, 0};
    assert_int_equal(tf_funnel_disperse(negative, good, 2, &dispersion, &error), TF_BAD_INPUT);
    assert_int_equal(tf_funnel_disperse(good, zero, 2, &dispersion, &error), TF_BAD_INPUT);
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_funnel_dispersion dispersion;
        fail_allocation(n);
        tf_status status = tf_funnel_disperse(counts, expectations, COUNTS, &dispersion, NULL);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 0);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_those_of_the_exact_poisson_distribution),
        cmocka_unit_test(limits_run_on_smoothly_where_the_expansion_takes_over),
        cmocka_unit_test(limits_grow_with_the_expectation_and_enclose_each_other),
        cmocka_unit_test(dispersion_moves_limits_away_by_its_root),
        cmocka_unit_test(a_number_on_a_limit_is_within_it),
        cmocka_unit_test(dispersion_is_the_mean_of_winsorised_squares),
        cmocka_unit_test(areas_that_scatter_threefold_are_clearly_dispersed),
        cmocka_unit_test(one_unusual_area_does_not_make_dispersion),
        cmocka_unit_test(fewer_than_two_areas_have_no_dispersion),
        cmocka_unit_test(impossible_arguments_are_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
