#include "check.h"

#include "trefoil/stats/ears.h"

enum { LENGTH = TF_EARS_BASELINE_LENGTH, MOST = 400 };

static void detect(tf_ears_method method, double minimum_deviation, const double *counts,
                   size_t count, tf_ears_point *points) {
    tf_error error;
    tf_ears_options options = {method, LENGTH, minimum_deviation};
    assert_ok(tf_ears_detect(&options, counts, count, points, &error), &error);
}

/* Seven counts with mean 10 and standard deviation sqrt(6 / 6) = 1, repeated: any seven in a row
 * are such a baseline, so that the statistics of Fricker, Hegler & Dunfee 2008 are found by hand.
 */
static void fill_steady(double *counts, size_t count) {
    static const double week[LENGTH] = {9, 9, 9, 10, 11, 11, 11};
    for (size_t i = 0; i < count; i++) {
        counts[i] = week[i % LENGTH];
    }
}

static void c1_alarms_above_three_deviations_of_the_week_before(void **state) {
    (void)state;
    double counts[LENGTH + 1];
    tf_ears_point points[LENGTH + 1];
    fill_steady(counts, LENGTH);
    counts[LENGTH] = 13;
    detect(TF_EARS_C1, 0, counts, LENGTH + 1, points);
    assert_near(points[LENGTH].expected, 10, 0);
    assert_near(points[LENGTH].threshold, 13, 0);
    assert_false(points[LENGTH].is_alarm);
    counts[LENGTH] = 14;
    detect(TF_EARS_C1, 0, counts, LENGTH + 1, points);
    assert_true(points[LENGTH].is_alarm);
}

static void c2_leaves_out_the_two_points_before(void **state) {
    (void)state;
    double counts[LENGTH + 3];
    tf_ears_point points[LENGTH + 3];
    fill_steady(counts, LENGTH);
    counts[LENGTH] = 500;
    counts[LENGTH + 1] = 700;
    counts[LENGTH + 2] = 14;
    detect(TF_EARS_C2, 0, counts, LENGTH + 3, points);
    assert_near(points[LENGTH + 2].threshold, 13, 0);
    assert_true(points[LENGTH + 2].is_alarm);
    detect(TF_EARS_C1, 0, counts, LENGTH + 3, points);
    assert_false(points[LENGTH + 2].is_alarm); /* the outbreak has raised its own baseline */
}

/* Three counts of 12 are each C2 = 2: no alarm alone, but C3 = (2-1) + (2-1) + (2-1) = 3 > 2. */
static void c3_adds_up_three_points_that_are_no_alarm_alone(void **state) {
    (void)state;
    enum { AT = 2 * LENGTH };
    double counts[AT + 1];
    tf_ears_point points[AT + 1];
    fill_steady(counts, AT + 1);
    counts[AT - 2] = counts[AT - 1] = counts[AT] = 12;
    detect(TF_EARS_C2, 0, counts, AT + 1, points);
    assert_false(points[AT - 2].is_alarm || points[AT - 1].is_alarm || points[AT].is_alarm);
    detect(TF_EARS_C3, 0, counts, AT + 1, points);
    assert_near(points[AT].threshold, 11, 0);
    assert_false(points[AT - 2].is_alarm || points[AT - 1].is_alarm);
    assert_true(points[AT].is_alarm);
    counts[AT] = 11; /* C3 = 1 + 1 + 0 = 2, and 2 is not above 2 */
    detect(TF_EARS_C3, 0, counts, AT + 1, points);
    assert_false(points[AT].is_alarm);
}

static void c3_alarms_whatever_the_count_when_the_points_before_suffice(void **state) {
    (void)state;
    enum { AT = 2 * LENGTH };
    double counts[AT + 1];
    tf_ears_point points[AT + 1];
    fill_steady(counts, AT);
    counts[AT - 1] = 15; /* C2 = 5 adds 4 */
    counts[AT] = 0;
    detect(TF_EARS_C3, 0, counts, AT + 1, points);
    assert_true(points[AT].threshold == -INFINITY && points[AT].is_alarm);
}

static void the_start_of_a_series_has_no_threshold(void **state) {
    (void)state;
    static const size_t first[] = {
        [TF_EARS_C1] = LENGTH, [TF_EARS_C2] = LENGTH + 2, [TF_EARS_C3] = LENGTH + 4};
    double counts[2 * LENGTH];
    tf_ears_point points[2 * LENGTH];
    fill_steady(counts, 2 * LENGTH);
    for (int method = TF_EARS_C1; method <= TF_EARS_C3; method++) {
        for (size_t count = 0; count <= 2 * LENGTH; count++) {
            detect((tf_ears_method)method, 0, counts, count, points);
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(isnan(points[i].threshold) != 0, i < first[method]);
                assert_int_equal(isnan(points[i].expected) != 0, i < first[method]);
                assert_false(isnan(points[i].threshold) && points[i].is_alarm);
            }
        }
    }
}

static void a_baseline_without_variance_alarms_on_any_count_above(void **state) {
    (void)state;
    double counts[2 * LENGTH] = {0};
    tf_ears_point points[2 * LENGTH];
    enum { LAST = 2 * LENGTH - 1 };
    for (int method = TF_EARS_C1; method <= TF_EARS_C3; method++) {
        counts[LAST] = 0;
        detect((tf_ears_method)method, 0, counts, LAST + 1, points);
        assert_true(points[LAST].threshold == 0 && !points[LAST].is_alarm);
        counts[LAST] = 1;
        detect((tf_ears_method)method, 0, counts, LAST + 1, points);
        assert_true(points[LAST].threshold == 0 && points[LAST].is_alarm);
    }
    counts[LAST - 1] = 1; /* infinitely high for C3, so that it suffices for the next two */
    counts[LAST] = 0;
    detect(TF_EARS_C3, 0, counts, LAST + 1, points);
    assert_true(points[LAST].is_alarm);
}

static void a_minimum_deviation_calms_sparse_series(void **state) {
    (void)state;
    double counts[LENGTH + 1] = {0};
    tf_ears_point points[LENGTH + 1];
    counts[LENGTH] = 3;
    detect(TF_EARS_C1, 1, counts, LENGTH + 1, points);
    assert_true(points[LENGTH].threshold == 3 && !points[LENGTH].is_alarm);
    counts[LENGTH] = 4;
    detect(TF_EARS_C1, 1, counts, LENGTH + 1, points);
    assert_true(points[LENGTH].is_alarm);
}

/* C2 is C1 two points earlier, and C3 is what its formula makes of C2. */
static void the_three_methods_agree_with_each_other_on_any_series(void **state) {
    (void)state;
    double counts[MOST];
    tf_ears_point c1[MOST], c2[MOST], c3[MOST];
    uint32_t random = 1;
    for (size_t i = 0; i < MOST; i++) {
        random = random * 1664525 + 1013904223;
        counts[i] = (random >> 24) % 20 + (i % 50 == 30 ? 25 : 0);
    }
    detect(TF_EARS_C1, 0, counts, MOST, c1);
    detect(TF_EARS_C2, 0, counts, MOST, c2);
    detect(TF_EARS_C3, 0, counts, MOST, c3);
    int alarms = 0;
    for (size_t i = LENGTH + 4; i < MOST; i++) {
        assert_true(c2[i].threshold == c1[i - 2].threshold);
        double sum = 0;
        for (size_t j = i - 2; j <= i; j++) {
            double deviation = (c2[j].threshold - c2[j].expected) / 3;
            sum += fmax(0, (counts[j] - c2[j].expected) / deviation - 1);
        }
        assert_int_equal(c3[i].is_alarm, sum > 2);
        alarms += c3[i].is_alarm;
    }
    assert_in_range(alarms, 8, MOST / 4);
}

static void what_cannot_be_a_count_or_a_baseline_is_refused(void **state) {
    (void)state;
    static const double wrong[] = {-1, NAN, INFINITY, 1e16};
    double counts[LENGTH + 1];
    tf_ears_point points[LENGTH + 1];
    tf_error error;
    tf_ears_options options = {TF_EARS_C1, LENGTH, 0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fill_steady(counts, LENGTH + 1);
        counts[3] = wrong[i];
        assert_int_equal(tf_ears_detect(&options, counts, LENGTH + 1, points, &error),
                         TF_BAD_INPUT);
        assert_non_null(strstr(error.message, "value 4"));
    }
    fill_steady(counts, LENGTH + 1);
    for (size_t i = 0; i < 3; i++) {
        options = (tf_ears_options){TF_EARS_C1, LENGTH, wrong[i]};
        assert_int_equal(tf_ears_detect(&options, counts, LENGTH + 1, points, NULL), TF_BAD_INPUT);
    }
    options = (tf_ears_options){TF_EARS_C1, 1, 0};
    assert_int_equal(tf_ears_detect(&options, counts, LENGTH + 1, points, &error), TF_BAD_INPUT);
    assert_string_equal(error.place, "baseline");
    options = (tf_ears_options){TF_EARS_C3, SIZE_MAX, 0};
    assert_ok(tf_ears_detect(&options, counts, LENGTH + 1, points, &error), &error);
    assert_true(isnan(points[LENGTH].threshold));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c1_alarms_above_three_deviations_of_the_week_before),
        cmocka_unit_test(c2_leaves_out_the_two_points_before),
        cmocka_unit_test(c3_adds_up_three_points_that_are_no_alarm_alone),
        cmocka_unit_test(c3_alarms_whatever_the_count_when_the_points_before_suffice),
        cmocka_unit_test(the_start_of_a_series_has_no_threshold),
        cmocka_unit_test(a_baseline_without_variance_alarms_on_any_count_above),
        cmocka_unit_test(a_minimum_deviation_calms_sparse_series),
        cmocka_unit_test(the_three_methods_agree_with_each_other_on_any_series),
        cmocka_unit_test(what_cannot_be_a_count_or_a_baseline_is_refused),
    };
    return cmocka_run_group_tests_name("ears", tests, NULL, NULL);
}
