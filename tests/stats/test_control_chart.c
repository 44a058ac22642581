#include "check.h"

#include "trefoil/stats/control_chart.h"

enum { MOST = 40 };

/* A chart whose limits are 40 and 160 and whose two-sigma lines are 60 and 140. */
static const tf_control_chart plain = {.centre = 100, .lower = 40, .upper = 160, .sigma = 20};

static tf_control_chart fit(const double *values, size_t count, bool never_negative) {
    tf_control_chart chart;
    tf_error error;
    assert_ok(tf_control_chart_fit(values, count, never_negative, &chart, &error), &error);
    return chart;
}

/* The signals as text: '.' none, 'A' above and 'B' below a limit, '+' and '-' a run, '/' and '\'
 * a trend, '^' and 'v' near a limit. */
static void assert_signals(const tf_control_chart *chart, const double *values, size_t count,
                           const char *expected) {
    static const char letters[] = {
        [TF_SIGNAL_NONE] = '.',      [TF_SIGNAL_ABOVE_LIMIT] = 'A', [TF_SIGNAL_BELOW_LIMIT] = 'B',
        [TF_SIGNAL_RUN_ABOVE] = '+', [TF_SIGNAL_RUN_BELOW] = '-',   [TF_SIGNAL_RISING] = '/',
        [TF_SIGNAL_FALLING] = '\\',  [TF_SIGNAL_NEAR_UPPER] = '^',  [TF_SIGNAL_NEAR_LOWER] = 'v',
    };
    tf_chart_signal signals[MOST];
    char text[MOST + 1];
    tf_error error;
    assert_ok(tf_control_chart_signals(chart, values, count, signals, &error), &error);
    for (size_t i = 0; i < count; i++) {
        text[i] = letters[signals[i]];
    }
    text[count] = 0;
    assert_string_equal(text, expected);
}

#define ASSERT_SIGNALS(expected, ...)                                                              \
    assert_signals(&plain, (const double[]){__VA_ARGS__},                                          \
                   sizeof((double[]){__VA_ARGS__}) / sizeof(double), (expected))

/* NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of ten batches. */
static const double flow_rates[] = {49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1};
enum { BATCHES = sizeof flow_rates / sizeof *flow_rates };

static void limits_meet_the_example_of_nist(void **state) {
    (void)state;
    tf_control_chart chart = fit(flow_rates, BATCHES, false);
    assert_near(chart.centre, 50.81, 1e-12);
    assert_near(chart.mean_range, 1.8778, 5e-5);
    assert_near(chart.upper, 55.8041, 5e-5);
    assert_near(chart.lower, 45.8159, 5e-5);
    assert_near(chart.upper_range, 3.267 * 1.8778, 5e-4);
    assert_signals(&chart, flow_rates, BATCHES, "..........");
}

static void a_series_read_backwards_has_the_same_limits(void **state) {
    (void)state;
    double backwards[BATCHES];
    for (size_t i = 0; i < BATCHES; i++) {
        backwards[i] = flow_rates[BATCHES - 1 - i];
    }
    tf_control_chart forth = fit(flow_rates, BATCHES, false), back = fit(backwards, BATCHES, false);
    assert_near(forth.centre, back.centre, 1e-13);
    assert_near(forth.sigma, back.sigma, 1e-13);
}

static void counts_have_no_limit_below_zero(void **state) {
    (void)state;
    static const double counts[] = {0, 4, 1, 5, 0, 3};
    assert_true(fit(counts, 6, false).lower < 0);
    assert_true(fit(counts, 6, true).lower == 0);
    assert_true(fit(counts, 6, true).upper == fit(counts, 6, false).upper);
    assert_true(fit(flow_rates, BATCHES, true).lower > 45);
}

static void equal_values_have_limits_at_the_centre_and_no_signal(void **state) {
    (void)state;
    double values[MOST];
    for (size_t i = 0; i < MOST; i++) {
        values[i] = 0.1; /* whose plain sum is not a multiple of it */
    }
    tf_control_chart chart = fit(values, MOST - 1, true);
    assert_true(chart.centre == 0.1 && chart.lower == 0.1 && chart.upper == 0.1);
    assert_true(chart.sigma == 0);
    assert_signals(&chart, values, MOST, "........................................");
    values[MOST - 1] = 0.2;
    values[0] = 0;
    assert_signals(&chart, values, MOST, "B......................................A");
}

static void a_point_beyond_a_limit_is_a_signal_and_one_on_it_is_not(void **state) {
    (void)state;
    ASSERT_SIGNALS(".A..B.", 100, 160.1, 100, 100, 39.9, 100);
    ASSERT_SIGNALS("......", 100, 160, 100, 100, 40, 100);
}

static void a_run_needs_seven_points_and_a_point_on_the_centre_ends_it(void **state) {
    (void)state;
    ASSERT_SIGNALS("......", 110, 120, 110, 120, 110, 120);
    ASSERT_SIGNALS("+++++++.", 110, 120, 110, 120, 110, 120, 110, 90);
    ASSERT_SIGNALS(".--------", 110, 90, 80, 90, 80, 90, 80, 90, 80);
    ASSERT_SIGNALS(".........", 110, 120, 110, 120, 100, 120, 110, 120, 110);
}

static void a_trend_needs_seven_points_each_beyond_the_one_before(void **state) {
    (void)state;
    ASSERT_SIGNALS("........", 95, 80, 85, 90, 101, 105, 110, 90);
    ASSERT_SIGNALS("./////////.", 85, 80, 85, 90, 95, 101, 105, 110, 115, 120, 90);
    ASSERT_SIGNALS("\\\\\\\\\\\\\\", 120, 115, 110, 105, 95, 90, 85);
    ASSERT_SIGNALS(".......", 80, 85, 90, 90, 105, 110, 115);
}

static void a_turning_point_belongs_to_both_trends(void **state) {
    (void)state;
    ASSERT_SIGNALS("//////\\\\\\\\\\\\\\", 85, 90, 95, 99, 103, 105, 110, 105, 103, 99, 95, 90, 85);
}

static void two_of_three_points_beyond_two_sigma_are_a_signal(void **state) {
    (void)state;
    ASSERT_SIGNALS("^.^", 141, 90, 141);
    ASSERT_SIGNALS(".^^.", 90, 141, 150, 90);
    ASSERT_SIGNALS("v.v", 59, 110, 59);
    ASSERT_SIGNALS("....", 141, 90, 90, 141);
    ASSERT_SIGNALS("...", 141, 90, 59);
    ASSERT_SIGNALS("...", 141, 90, 140);
    ASSERT_SIGNALS("...", 60, 110, 59);
    ASSERT_SIGNALS("..", 141, 141);
    ASSERT_SIGNALS("A^.", 170, 141, 90);
}

static void a_point_under_several_rules_gets_the_strongest(void **state) {
    (void)state;
    ASSERT_SIGNALS("+++++++A", 101, 110, 120, 130, 139, 145, 150, 161);
    ASSERT_SIGNALS("/++++++++", 80, 101, 110, 115, 120, 130, 135, 139, 150);
}

static void a_mirrored_series_has_mirrored_signals(void **state) {
    (void)state;
    ASSERT_SIGNALS("A^.+++++++.", 170, 141, 90, 101, 120, 110, 130, 101, 110, 120, 90);
    ASSERT_SIGNALS("Bv.-------.", 30, 59, 110, 99, 80, 90, 70, 99, 90, 80, 110);
}

static void limits_of_a_baseline_judge_what_comes_after(void **state) {
    (void)state;
    double values[BATCHES + 1];
    memcpy(values, flow_rates, sizeof flow_rates);
    values[BATCHES] = 56;
    tf_control_chart baseline = fit(values, BATCHES, false);
    assert_signals(&baseline, values, BATCHES + 1, "..........A");
}

static void a_series_too_short_or_not_of_numbers_is_refused(void **state) {
    (void)state;
    tf_error error;
    tf_control_chart chart;
    tf_chart_signal signals[3];
    static const double wrong[] = {NAN, INFINITY, -INFINITY};
    assert_int_equal(tf_control_chart_fit(NULL, 0, true, &chart, &error), TF_BAD_INPUT);
    assert_int_equal(tf_control_chart_fit(flow_rates, 1, true, &chart, NULL), TF_BAD_INPUT);
    for (size_t i = 0; i < 3; i++) {
        double values[] = {1, wrong[i], 2};
        assert_int_equal(tf_control_chart_fit(values, 3, true, &chart, &error), TF_BAD_INPUT);
        assert_non_null(strstr(error.message, "value 2"));
        assert_int_equal(tf_control_chart_signals(&plain, values, 3, signals, &error),
                         TF_BAD_INPUT);
    }
    static const double huge[] = {1.7e308, -1.7e308, 1.7e308};
    assert_int_equal(tf_control_chart_fit(huge, 3, true, &chart, &error), TF_BAD_INPUT);
    assert_ok(tf_control_chart_signals(&plain, NULL, 0, NULL, &error), &error);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_meet_the_example_of_nist),
        cmocka_unit_test(a_series_read_backwards_has_the_same_limits),
        cmocka_unit_test(counts_have_no_limit_below_zero),
        cmocka_unit_test(equal_values_have_limits_at_the_centre_and_no_signal),
        cmocka_unit_test(a_point_beyond_a_limit_is_a_signal_and_one_on_it_is_not),
        cmocka_unit_test(a_run_needs_seven_points_and_a_point_on_the_centre_ends_it),
        cmocka_unit_test(a_trend_needs_seven_points_each_beyond_the_one_before),
        cmocka_unit_test(a_turning_point_belongs_to_both_trends),
        cmocka_unit_test(two_of_three_points_beyond_two_sigma_are_a_signal),
        cmocka_unit_test(a_point_under_several_rules_gets_the_strongest),
        cmocka_unit_test(a_mirrored_series_has_mirrored_signals),
        cmocka_unit_test(limits_of_a_baseline_judge_what_comes_after),
        cmocka_unit_test(a_series_too_short_or_not_of_numbers_is_refused),
    };
    return cmocka_run_group_tests_name("control_chart", tests, NULL, NULL);
}
