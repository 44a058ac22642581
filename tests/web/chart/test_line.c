#include "drawn.h"

static tf_line_point points[48];

static tf_chart chart_of(size_t count) {
    return (tf_chart){
        .kind = TF_CHART_LINE,
        .id = "trend",
        .title = "Drug offences by month",
        .of.line = {.first = tf_month_of(2022, 4),
                    .points = points,
                    .count = count,
                    .centre = NAN,
                    .limit_lower = NAN,
                    .limit_upper = NAN,
                    .unit = {"Offences a month", "offence", "offences", 0}},
    };
}

static void fill(size_t count, double value) {
    for (size_t i = 0; i < count; i++) {
        points[i] = (tf_line_point){.value = value, .lower = NAN, .upper = NAN};
    }
}

static void the_line_has_a_point_for_each_month_at_its_height(void **state) {
    (void)state;
    fill(3, 0);
    points[1].value = 100;
    points[2].value = 50;
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    double numbers[8];
    assert_int_equal(drawn_path(drawn_at(&page, "wide", "app-chart__line", 0), numbers, 8), 6);
    double zero = drawn_number(drawn_at(&page, "wide", "app-chart__axis", 0), "y1");
    assert_near(numbers[1], zero, 0.06);
    double height = zero - numbers[3];
    assert_near(height, 240, 0.06); /* the whole plot: 100 is the highest tick */
    assert_near(zero - numbers[5], height / 2, 0.06);
    assert_near(numbers[2] - numbers[0], numbers[4] - numbers[2], 0.11);
    drawn_free(&page);
}

static void a_missing_month_is_a_gap_a_mark_and_a_sentence(void **state) {
    (void)state;
    fill(6, 10);
    points[2].value = NAN;
    points[3].value = NAN;
    tf_chart chart = chart_of(6);
    drawn page = drawn_page(&chart);
    const char *path = drawn_attribute(drawn_at(&page, "wide", "app-chart__line", 0), "d");
    assert_non_null(strchr(path + 1, 'M'));
    assert_int_equal(drawn_count(&page, "wide", "app-chart__point--missing"), 3); /* and the key */
    assert_true(drawn_has_label(&page, "wide", "No data"));
    assert_string_equal(
        drawn_attribute(drawn_at(&page, "wide", "app-chart__point--missing", 1), "data-value"),
        "June 2022: no data");
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_non_null(strstr(text, "There is no data for June to July 2022."));
    free(text);
}

static void signals_differ_by_shape_and_say_why(void **state) {
    (void)state;
    fill(4, 100);
    points[1] = (tf_line_point){173, NAN, NAN, TF_MARK_HIGH, "above the upper limit"};
    points[3] = (tf_line_point){20, NAN, NAN, TF_MARK_LOW, "below the lower limit"};
    tf_chart chart = chart_of(4);
    drawn page = drawn_page(&chart);
    /* The first two are the key's. */
    const drawn_element *high = drawn_at(&page, "wide", "app-chart__point--signal", 2);
    const drawn_element *low = drawn_at(&page, "wide", "app-chart__point--signal", 3);
    assert_string_equal(drawn_attribute(high, "data-value"),
                        "May 2022: 173 offences, above the upper limit");
    double up[6], down[6];
    assert_int_equal(drawn_path(high, up, 6), 6);
    assert_int_equal(drawn_path(low, down, 6), 6);
    assert_true(up[1] < up[3] && down[1] > down[3]); /* the point of the triangle */
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_non_null(strstr(text, "Beyond chance: May 2022 (173 offences, above the upper limit) "
                                 "and July 2022 (20 offences, below the lower limit)."));
    free(text);
}

static void limits_and_centre_are_drawn_and_named_at_their_heights(void **state) {
    (void)state;
    fill(12, 100);
    tf_chart chart = chart_of(12);
    chart.of.line.centre = 100;
    chart.of.line.limit_lower = 50;
    chart.of.line.limit_upper = 200;
    drawn page = drawn_page(&chart);
    double zero = drawn_number(drawn_at(&page, "wide", "app-chart__axis", 0), "y1");
    const drawn_element *upper = drawn_at(&page, "wide", "app-chart__line--limit", 0);
    const drawn_element *lower = drawn_at(&page, "wide", "app-chart__line--limit", 1);
    assert_near(zero - drawn_number(upper, "y1"), 240, 0.01);
    assert_near(zero - drawn_number(lower, "y1"), 60, 0.01);
    assert_near(zero - drawn_number(drawn_at(&page, "wide", "app-chart__line--centre", 0), "y1"),
                120, 0.01);
    assert_near(drawn_number(drawn_label(&page, "wide", "Upper limit 200"), "y"),
                drawn_number(upper, "y1"), 10);
    assert_true(drawn_has_label(&page, "narrow", "Limits 50 and 200"));
    drawn_free(&page);
}

static void names_of_lines_that_lie_close_do_not_touch(void **state) {
    (void)state;
    fill(12, 100);
    tf_chart chart = chart_of(12);
    chart.of.line.centre = 0.4;
    chart.of.line.limit_lower = 0;
    chart.of.line.limit_upper = 0.9;
    drawn page = drawn_page(&chart);
    double upper = drawn_number(drawn_label(&page, "wide", "Upper limit 0.9"), "y");
    double centre = drawn_number(drawn_label(&page, "wide", "Average 0.4"), "y");
    double lower = drawn_number(drawn_label(&page, "wide", "Lower limit 0"), "y");
    assert_true(centre - upper >= 15 && lower - centre >= 15);
    drawn_free(&page);
}

static void the_description_tells_range_latest_and_trend(void **state) {
    (void)state;
    fill(24, 100);
    points[3].value = 68;
    points[20].value = 173;
    points[23].value = 120;
    tf_chart chart = chart_of(24);
    char *text = drawn_description(&chart);
    assert_string_equal(
        text, "Offences a month, April 2022 to March 2024: from 68 in July 2022 to 173 in "
              "December 2023; the latest is 120 offences in March 2024. The last 12 "
              "months average 107.8, the 12 before 97.3.");
    free(text);
}

static void a_steady_series_is_said_to_be_steady(void **state) {
    (void)state;
    fill(12, 7);
    tf_chart chart = chart_of(12);
    chart.of.line.centre = chart.of.line.limit_lower = chart.of.line.limit_upper = 7;
    char *text = drawn_description(&chart);
    assert_non_null(strstr(text, "7 offences throughout"));
    assert_non_null(strstr(text, "No month is beyond what chance explains."));
    free(text);
}

static void one_month_is_a_point_and_no_line(void **state) {
    (void)state;
    fill(1, 5);
    tf_chart chart = chart_of(1);
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__point"), 1);
    assert_int_equal(drawn_count(&page, "narrow", "app-chart__point"), 1);
    double numbers[4];
    assert_int_equal(drawn_path(drawn_at(&page, "wide", "app-chart__line", 0), numbers, 4), 2);
    drawn_free(&page);
}

static void no_month_with_data_is_said_instead_of_drawn(void **state) {
    (void)state;
    fill(5, NAN);
    tf_chart chart = chart_of(5);
    chart.empty = "No month of this period was imported.";
    drawn page = drawn_page(&chart);
    assert_null(drawn_named(&page, "svg", 0));
    assert_null(drawn_named(&page, "table", 0));
    assert_string_equal(drawn_at(&page, NULL, "app-figure__empty", 0)->text, chart.empty);
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_string_equal(text, chart.empty);
    free(text);
}

static void a_band_is_drawn_between_its_limits(void **state) {
    (void)state;
    fill(3, 50);
    points[0].lower = points[1].lower = 25;
    points[0].upper = points[1].upper = 100;
    tf_chart chart = chart_of(3);
    chart.of.line.band = "95% interval";
    drawn page = drawn_page(&chart);
    double zero = drawn_number(drawn_at(&page, "wide", "app-chart__axis", 0), "y1");
    const drawn_element *band = drawn_at(&page, "wide", "app-chart__band", 1); /* 0: the key */
    double numbers[8];
    assert_int_equal(drawn_path(band, numbers, 8), 8);
    assert_near(zero - numbers[1], 240, 0.06);
    assert_near(zero - numbers[7], 60, 0.06);
    drawn_free(&page);
}

static void the_axis_names_months_and_years(void **state) {
    (void)state;
    fill(48, 1);
    tf_chart chart = chart_of(24);
    drawn page = drawn_page(&chart);
    static const char *const months[] = {"Apr", "Jul", "Oct", "Jan", "2022", "2023", "2024"};
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        assert_true(drawn_has_label(&page, "wide", months[i]));
    }
    assert_near(drawn_number(drawn_label(&page, "wide", "2023"), "x"),
                drawn_number(drawn_label(&page, "wide", "Jan"), "x"), 0.01);
    drawn_free(&page);
}

/* The labels of one line of text, in their order, do not overlap. */
static void check_apart(const drawn *page, const char *form, double y) {
    double end = -1e9;
    for (int i = 0;; i++) {
        const drawn_element *label = drawn_at(page, form, "app-chart__label", i);
        if (!label) {
            break;
        }
        const char *anchor = drawn_attribute(label, "text-anchor");
        if (fabs(drawn_number(label, "y") - y) > 0.01 || !anchor || strcmp(anchor, "middle") != 0) {
            continue;
        }
        /* At 15 units a digit is 8.3 wide, and the names' letters no wider on average. */
        double half = (double)strlen(label->text) * 8.5 / 2;
        assert_true(drawn_number(label, "x") - half > end);
        end = drawn_number(label, "x") + half;
    }
}

static void the_axis_never_writes_over_itself(void **state) {
    (void)state;
    static tf_line_point many[600];
    for (size_t i = 0; i < 600; i++) {
        many[i] = (tf_line_point){.value = (double)(i % 7), .lower = NAN, .upper = NAN};
    }
    for (size_t count = 1; count <= 600; count += count < 60 ? 4 : 90) {
        for (int first = 0; first < 12; first += 5) {
            tf_chart chart = chart_of(count);
            chart.of.line.points = many;
            chart.of.line.first = tf_month_of(2001, 1) + first;
            drawn page = drawn_page(&chart);
            static const char *const forms[] = {"wide", "narrow"};
            for (int f = 0; f < 2; f++) {
                double size = f == 0 ? 15 : 14;
                double axis = drawn_number(drawn_at(&page, forms[f], "app-chart__axis", 0), "y1");
                check_apart(&page, forms[f], axis + 8 + size);
                check_apart(&page, forms[f], axis + 8 + size + 1.3 * size);
            }
            drawn_free(&page);
        }
    }
}

static void the_table_has_every_month(void **state) {
    (void)state;
    fill(3, 1734);
    points[1].value = NAN;
    points[2].remark = "above the upper limit";
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    assert_string_equal(drawn_named(&page, "tbody", 0)->text,
                        "April 20221,734May 2022no dataJune 20221,734Above the upper limit");
    drawn_free(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_has_a_point_for_each_month_at_its_height),
        cmocka_unit_test(a_missing_month_is_a_gap_a_mark_and_a_sentence),
        cmocka_unit_test(signals_differ_by_shape_and_say_why),
        cmocka_unit_test(limits_and_centre_are_drawn_and_named_at_their_heights),
        cmocka_unit_test(names_of_lines_that_lie_close_do_not_touch),
        cmocka_unit_test(the_description_tells_range_latest_and_trend),
        cmocka_unit_test(a_steady_series_is_said_to_be_steady),
        cmocka_unit_test(one_month_is_a_point_and_no_line),
        cmocka_unit_test(no_month_with_data_is_said_instead_of_drawn),
        cmocka_unit_test(a_band_is_drawn_between_its_limits),
        cmocka_unit_test(the_axis_names_months_and_years),
        cmocka_unit_test(the_axis_never_writes_over_itself),
        cmocka_unit_test(the_table_has_every_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
