#include "drawn.h"

static tf_bar bars[8];

static tf_chart chart_of(size_t count) {
    return (tf_chart){
        .kind = TF_CHART_BARS,
        .id = "areas",
        .title = "Offences by small area",
        .of.bars = {.bars = bars,
                    .count = count,
                    .unit = {"Offences", "offence", "offences", 0},
                    .heading = "Small area",
                    .high = "Higher than the county",
                    .low = "Lower than the county"},
    };
}

static tf_bar bar_of(const char *name, double value) {
    return (tf_bar){.name = name, .value = value, .lower = NAN, .upper = NAN};
}

static void bars_are_as_long_as_their_values(void **state) {
    (void)state;
    bars[0] = bar_of("A", 80);
    bars[1] = bar_of("B", 20);
    bars[2] = bar_of("C", 0);
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    static const char *const forms[] = {"wide", "narrow"};
    for (int i = 0; i < 2; i++) {
        double first = drawn_number(drawn_at(&page, forms[i], "app-chart__bar", 0), "width");
        double second = drawn_number(drawn_at(&page, forms[i], "app-chart__bar", 1), "width");
        assert_true(first > 100);
        assert_near(first, 4 * second, 0.05);
        assert_near(drawn_number(drawn_at(&page, forms[i], "app-chart__bar", 2), "width"), 0, 0);
        assert_true(drawn_has_label(&page, forms[i], "0"));
    }
    drawn_free(&page);
}

static void whiskers_end_at_the_interval(void **state) {
    (void)state;
    bars[0] = (tf_bar){.name = "A", .value = 50, .lower = 20, .upper = 80};
    tf_chart chart = chart_of(1);
    chart.of.bars.interval = "95% interval";
    drawn page = drawn_page(&chart);
    double numbers[12];
    assert_int_equal(drawn_path(drawn_at(&page, "wide", "app-chart__interval", 1), numbers, 12),
                     12);
    assert_near(numbers[0], drawn_number(drawn_label(&page, "wide", "20"), "x"), 0.06);
    assert_near(numbers[2], drawn_number(drawn_label(&page, "wide", "80"), "x"), 0.06);
    drawn_free(&page);
}

static void marked_bars_have_a_shape_besides_their_colour(void **state) {
    (void)state;
    bars[0] = bar_of("A", 9);
    bars[0].mark = TF_MARK_HIGH;
    bars[1] = bar_of("B", 5);
    bars[2] = bar_of("C", 1);
    bars[2].mark = TF_MARK_LOW;
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__bar--higher"), 3); /* key, bar, mark */
    assert_int_equal(drawn_count(&page, "wide", "app-chart__bar--lower"), 3);
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_string_equal(text,
                        "Offences: 3 bars, the longest A (9), the shortest C (1). Higher than "
                        "the county: A (9). Lower than the county: C (1).");
    free(text);
}

static void an_unknown_value_is_said_and_not_drawn(void **state) {
    (void)state;
    bars[0] = bar_of("A", NAN);
    tf_chart chart = chart_of(1);
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__bar"), 0);
    assert_true(drawn_has_label(&page, "wide", "not known"));
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_string_equal(text, "Offences: 1 bar, none of them known.");
    free(text);
}

static void one_wide_interval_does_not_flatten_the_bars(void **state) {
    (void)state;
    bars[0] = (tf_bar){.name = "A", .value = 10, .lower = 1, .upper = 100000};
    bars[1] = (tf_bar){.name = "B", .value = 9, .lower = 1, .upper = INFINITY};
    tf_chart chart = chart_of(2);
    drawn page = drawn_page(&chart);
    assert_true(drawn_number(drawn_at(&page, "wide", "app-chart__bar", 0), "width") > 100);
    drawn_free(&page);
}

static void a_long_name_is_cut_in_the_drawing_and_whole_in_the_table(void **state) {
    (void)state;
    static const char name[] =
        "The long small area between the river and the old northern town wall";
    bars[0] = bar_of(name, 3);
    tf_chart chart = chart_of(1);
    drawn page = drawn_page(&chart);
    assert_false(drawn_has_label(&page, "wide", name));
    bool is_cut = false;
    for (int i = 0; drawn_at(&page, "wide", "app-chart__label", i); i++) {
        const char *text = drawn_at(&page, "wide", "app-chart__label", i)->text;
        is_cut |= strstr(text, "The long") && strstr(text, "\xE2\x80\xA6");
    }
    assert_true(is_cut);
    assert_non_null(strstr(drawn_named(&page, "tbody", 0)->text, name));
    drawn_free(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_are_as_long_as_their_values),
        cmocka_unit_test(whiskers_end_at_the_interval),
        cmocka_unit_test(marked_bars_have_a_shape_besides_their_colour),
        cmocka_unit_test(an_unknown_value_is_said_and_not_drawn),
        cmocka_unit_test(one_wide_interval_does_not_flatten_the_bars),
        cmocka_unit_test(a_long_name_is_cut_in_the_drawing_and_whole_in_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
