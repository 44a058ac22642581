#include "check.h"

#include "web/chart/scale_internal.h"

static void both_ends_are_placed_exactly(void **state) {
    (void)state;
    tf_scale linear = {0, 180, 260, 20, false};
    assert_true(tf_scale_place(&linear, 0) == 260);
    assert_true(tf_scale_place(&linear, 180) == 20);
    assert_near(tf_scale_place(&linear, 90), 140, 1e-9);
    tf_scale ratio = {0.25, 4, 100, 500, true};
    assert_true(tf_scale_place(&ratio, 0.25) == 100);
    assert_true(tf_scale_place(&ratio, 4) == 500);
    assert_near(tf_scale_place(&ratio, 1), 300, 1e-9);
    assert_near(tf_scale_place(&ratio, 2), 400, 1e-9);
}

static void what_is_beyond_an_end_is_placed_there(void **state) {
    (void)state;
    tf_scale linear = {0, 10, 0, 100, false};
    assert_true(tf_scale_place(&linear, -5) == 0);
    assert_true(tf_scale_place(&linear, INFINITY) == 100);
    tf_scale ratio = {0.5, 2, 0, 100, true};
    assert_true(tf_scale_place(&ratio, 0) == 0);
    assert_true(tf_scale_place(&ratio, INFINITY) == 100);
}

static void ticks_begin_at_zero_and_hold_the_highest(void **state) {
    (void)state;
    static const double highest[] = {0.003, 0.7, 1, 4, 9.99, 10, 173, 99999, 1e6, 7.3e12, 1e300};
    for (size_t i = 0; i < sizeof highest / sizeof *highest; i++) {
        tf_ticks ticks = tf_ticks_from_zero(highest[i], 5, false);
        assert_true(ticks.values[0] == 0);
        assert_true(ticks.count >= 3 && ticks.count <= 7);
        assert_true(ticks.values[ticks.count - 1] >= highest[i] * (1 - 1e-9));
        assert_true(ticks.values[ticks.count - 2] < highest[i]);
    }
    tf_ticks ticks = tf_ticks_from_zero(173, 5, true);
    assert_int_equal(ticks.count, 5);
    assert_near(ticks.step, 50, 0);
    assert_near(ticks.values[4], 200, 0);
}

static void counts_have_whole_ticks(void **state) {
    (void)state;
    tf_ticks ticks = tf_ticks_from_zero(2, 5, true);
    assert_near(ticks.step, 1, 0);
    assert_int_equal(ticks.count, 3);
    assert_near(tf_ticks_from_zero(2, 5, false).step, 0.5, 1e-12);
}

static void nothing_to_measure_still_has_an_axis(void **state) {
    (void)state;
    static const double odd[] = {0, -3, NAN, INFINITY};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        tf_ticks ticks = tf_ticks_from_zero(odd[i], 5, true);
        assert_true(ticks.count >= 2);
        assert_true(isfinite(ticks.values[ticks.count - 1]) && ticks.values[ticks.count - 1] > 0);
    }
}

static void ratio_ticks_hold_one_and_are_not_too_many(void **state) {
    (void)state;
    static const struct {
        double lowest, highest;
    } ranges[] = {{0.5, 2}, {0.1, 30}, {1e-9, 1e9}, {0.001, 5}, {0.45, 2.2}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        tf_ticks ticks = tf_ticks_of_ratio(ranges[i].lowest, ranges[i].highest, 9);
        bool has_one = false;
        assert_true(ticks.count >= 2 && ticks.count <= 9);
        for (int j = 0; j < ticks.count; j++) {
            has_one |= fabs(ticks.values[j] - 1) < 1e-12;
            assert_true(ticks.values[j] >= ranges[i].lowest * 0.999);
            assert_true(ticks.values[j] <= ranges[i].highest * 1.001);
        }
        assert_true(has_one);
    }
}

static void numbers_have_separators(void **state) {
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {{0, 0, "0"},           {999, 0, "999"},
                 {1734, 0, "1,734"},    {1234567.891, 2, "1,234,567.89"},
                 {-1234, 0, "-1,234"},  {-0.001, 1, "0.0"},
                 {12.345, 1, "12.3"},   {1e20, 0, "1e+20"},
                 {NAN, 0, "not known"}, {INFINITY, 0, "infinite"},
                 {1, 99, "1.000000"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[TF_NUMBER_TEXT_SIZE];
        assert_string_equal(tf_number_text(cases[i].value, cases[i].decimals, text), cases[i].text);
    }
}

static void ticks_are_written_as_short_as_their_step_allows(void **state) {
    (void)state;
    static const struct {
        double value, step;
        const char *text;
    } cases[] = {{1500, 500, "1,500"},    {0.5, 0.5, "0.5"},       {1, 0.5, "1.0"},
                 {0.25, 0.05, "0.25"},    {2e6, 1e6, "2 million"}, {2.5e6, 5e5, "2.5 million"},
                 {3e9, 1e9, "3 billion"}, {0, 1e6, "0"},           {0.05, 0, "0.05"},
                 {20, 0, "20"},           {1e300, 5e299, "1e+300"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[TF_NUMBER_TEXT_SIZE];
        assert_string_equal(tf_tick_text(cases[i].value, cases[i].step, text), cases[i].text);
    }
}

static void one_of_a_unit_is_singular(void **state) {
    (void)state;
    tf_chart_unit unit = {"Offences", "offence", "offences", 0};
    static const struct {
        double value;
        const char *text;
    } cases[] = {{1, "1 offence"}, {0, "0 offences"}, {2345, "2,345 offences"}, {NAN, "not known"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_buffer out;
        tf_buffer_init(&out);
        tf_unit_put(&unit, cases[i].value, &out);
        assert_string_equal(out.data, cases[i].text);
        tf_buffer_deinit(&out);
    }
}

static void months_are_named_as_closely_as_they_fit(void **state) {
    (void)state;
    assert_int_equal(tf_month_step_for(50, 15).months, 1);
    assert_int_equal(tf_month_step_for(20, 15).months, 3);
    assert_int_equal(tf_month_step_for(8, 15).months, 6);
    assert_int_equal(tf_month_step_for(5, 15).months, 12);
    assert_true(tf_month_step_for(5, 15).by_years);
    assert_int_equal(tf_month_step_for(1, 15).months, 60);
    assert_true(tf_month_step_for(1e-6, 15).months >= 600);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_are_placed_exactly),
        cmocka_unit_test(what_is_beyond_an_end_is_placed_there),
        cmocka_unit_test(ticks_begin_at_zero_and_hold_the_highest),
        cmocka_unit_test(counts_have_whole_ticks),
        cmocka_unit_test(nothing_to_measure_still_has_an_axis),
        cmocka_unit_test(ratio_ticks_hold_one_and_are_not_too_many),
        cmocka_unit_test(numbers_have_separators),
        cmocka_unit_test(ticks_are_written_as_short_as_their_step_allows),
        cmocka_unit_test(one_of_a_unit_is_singular),
        cmocka_unit_test(months_are_named_as_closely_as_they_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
