#include "drawn.h"

static tf_funnel_point points[200];
static const tf_funnel_limit limits[] = {
    {1000, 2, 20, 0, 30}, {4000, 6, 14, 4, 16}, {9000, 8, 12, 7, 13}};

static tf_chart chart_of(size_t count) {
    return (tf_chart){
        .kind = TF_CHART_FUNNEL,
        .id = "compare",
        .title = "Rates of small areas",
        .of.funnel = {.points = points,
                      .count = count,
                      .limits = limits,
                      .limit_count = 3,
                      .overall = 10,
                      .unit = {"Offences per 1,000 people", "per 1,000", "per 1,000", 1},
                      .size_unit = {"Population", "person", "people", 0},
                      .heading = "Area"},
    };
}

static void points_and_limits_share_one_scale(void **state) {
    (void)state;
    points[0] = (tf_funnel_point){.name = "A", .size = 4000, .rate = 16};
    points[1] = (tf_funnel_point){.name = "B", .size = 9000, .rate = 8};
    points[2] = (tf_funnel_point){.name = "C", .size = 1000, .rate = 30};
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    double x[3], y[3];
    for (int i = 0; i < 3; i++) {
        const drawn_element *point = drawn_at(&page, "wide", "app-chart__point", i);
        x[i] = drawn_number(point, "cx");
        y[i] = drawn_number(point, "cy");
    }
    double upper[6];
    const drawn_element *curve = drawn_at(&page, "wide", "app-chart__line--limit", 1); /* 0: key */
    assert_int_equal(drawn_path(curve, upper, 6), 6);
    assert_near(upper[0], x[2], 0.1); /* the upper limit of 1,000 people is 30, as C's rate */
    assert_near(upper[1], y[2], 0.1);
    assert_near(upper[2], x[0], 0.1);
    assert_near(upper[3], y[0], 0.1);
    double band[12];
    assert_int_equal(drawn_path(drawn_at(&page, "wide", "app-chart__band", 1), band, 12), 12);
    assert_near(band[6], x[1], 0.1); /* the lower 95% limit of 9,000 people is 8, as B's rate */
    assert_near(band[7], y[1], 0.1);
    drawn_free(&page);
}

static void a_curve_that_leaves_the_drawing_is_cut_at_its_edge(void **state) {
    (void)state;
    static const tf_funnel_limit steep[] = {
        {1000, 0, 50, 0, INFINITY}, {2000, 0, 10, 0, 110}, {3000, 0, 10, 0, 10}};
    points[0] = (tf_funnel_point){.name = "A", .size = 3000, .rate = 40};
    tf_chart chart = chart_of(1);
    chart.of.funnel.limits = steep;
    drawn page = drawn_page(&chart);
    double top = drawn_number(drawn_label(&page, "wide", "60"), "y") - 0.35 * 15;
    double curve[8];
    assert_int_equal(drawn_path(drawn_at(&page, "wide", "app-chart__line--limit", 1), curve, 8), 4);
    /* From 110 to 10, 60 is half of the way. */
    assert_near(curve[1], top, 0.1);
    double x2000 = drawn_number(drawn_label(&page, "wide", "2,000"), "x");
    double x3000 = drawn_number(drawn_label(&page, "wide", "3,000"), "x");
    assert_near(curve[0], (x2000 + x3000) / 2, 0.1);
    drawn_free(&page);
}

static void outliers_have_their_own_shapes_and_names(void **state) {
    (void)state;
    points[0] = (tf_funnel_point){.name = "Quay",
                                  .href = "/areas/E01",
                                  .size = 4000,
                                  .rate = 19,
                                  .mark = TF_MARK_HIGH,
                                  .is_outside_95 = true,
                                  .remark = "above the 99.8% limit"};
    points[1] = (tf_funnel_point){.name = "Hill", .size = 8000, .rate = 10};
    points[2] = (tf_funnel_point){.name = "Mead", .size = 4000, .rate = 15, .is_outside_95 = true};
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__point--signal"), 2); /* and the key */
    assert_true(drawn_has_label(&page, "wide", "Quay"));
    assert_false(drawn_has_label(&page, "wide", "Hill"));
    const drawn_element *link = drawn_named(&page, "a", 0);
    assert_string_equal(link->text, "Quay: 19.0 per 1,000, above the 99.8% limit");
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_string_equal(text,
                        "Offences per 1,000 people of 3 areas; all together 10.0 per 1,000. 1 is "
                        "above the 99.8% limit, more than chance explains: Quay (19.0). 1 more is "
                        "outside the 95% limits only.");
    free(text);
}

static void names_never_overlap(void **state) {
    (void)state;
    static char names[200][16];
    for (int i = 0; i < 200; i++) {
        snprintf(names[i], sizeof names[i], "Area %03d", i);
        points[i] = (tf_funnel_point){.name = names[i],
                                      .size = 1000 + i * 40,
                                      .rate = 20 + i % 13,
                                      .mark = TF_MARK_HIGH,
                                      .is_outside_95 = true};
    }
    tf_chart chart = chart_of(200);
    drawn page = drawn_page(&chart);
    double x[20], y[20];
    int count = 0;
    for (int i = 0; drawn_at(&page, "wide", "app-chart__label", i); i++) {
        const drawn_element *label = drawn_at(&page, "wide", "app-chart__label", i);
        if (strncmp(label->text, "Area ", 5) == 0) {
            assert_true(count < 20);
            x[count] = drawn_number(label, "x");
            y[count++] = drawn_number(label, "y");
        }
    }
    assert_true(count >= 1);
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < i; j++) {
            assert_true(fabs(x[i] - x[j]) > 55 || fabs(y[i] - y[j]) > 14);
        }
    }
    drawn_free(&page);
}

static void no_limit_strikes_a_name_through(void **state) {
    (void)state;
    static const tf_funnel_limit flat[] = {{1000, 8, 12, 5, 20}, {9000, 8, 12, 5, 20}};
    points[0] = (tf_funnel_point){.name = "Quay", .size = 4000, .rate = 20.2, .mark = TF_MARK_HIGH};
    points[1] = (tf_funnel_point){.name = "Hill", .size = 4000, .rate = 4.8, .mark = TF_MARK_LOW};
    tf_chart chart = chart_of(2);
    chart.of.funnel.limits = flat;
    chart.of.funnel.limit_count = 2;
    drawn page = drawn_page(&chart);
    for (int i = 0; i < 2; i++) {
        double curve[4];
        assert_int_equal(
            drawn_path(drawn_at(&page, "wide", "app-chart__line--limit", 1 + i), curve, 4), 4);
        double baseline = drawn_number(drawn_label(&page, "wide", points[i].name), "y");
        assert_true(baseline + 0.25 * 15 <= curve[1] || baseline - 0.75 * 15 >= curve[1]);
    }
    drawn_free(&page);
}

static void a_point_without_rate_or_size_is_only_in_the_table(void **state) {
    (void)state;
    points[0] = (tf_funnel_point){.name = "A", .size = 4000, .rate = 9};
    points[1] = (tf_funnel_point){.name = "B", .size = 0, .rate = 9};
    points[2] = (tf_funnel_point){.name = "C", .size = 100, .rate = NAN};
    points[3] = (tf_funnel_point){.name = "D", .size = INFINITY, .rate = 1};
    tf_chart chart = chart_of(4);
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__point"), 1);
    assert_non_null(strstr(drawn_named(&page, "tbody", 0)->text, "C100not known"));
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_non_null(strstr(text, "For 3 there is no rate."));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_and_limits_share_one_scale),
        cmocka_unit_test(a_curve_that_leaves_the_drawing_is_cut_at_its_edge),
        cmocka_unit_test(outliers_have_their_own_shapes_and_names),
        cmocka_unit_test(names_never_overlap),
        cmocka_unit_test(no_limit_strikes_a_name_through),
        cmocka_unit_test(a_point_without_rate_or_size_is_only_in_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
