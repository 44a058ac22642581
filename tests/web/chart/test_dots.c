#include "drawn.h"

static tf_dot dots[8];

static tf_chart chart_of(size_t count) {
    return (tf_chart){
        .kind = TF_CHART_DOTS,
        .id = "changes",
        .title = "Change by small area",
        .of.dots = {.dots = dots,
                    .count = count,
                    .unit = {"Times as many as a year before", NULL, NULL, 2},
                    .heading = "Small area",
                    .lower = "fewer",
                    .higher = "more",
                    .interval = "95% interval",
                    .high = "More, beyond chance",
                    .low = "Fewer, beyond chance",
                    .hot = "Hot spot"},
    };
}

static void dots_stand_on_a_ratio_scale(void **state) {
    (void)state;
    dots[0] = (tf_dot){.name = "A", .ratio = {2, 1.5, 2.5}};
    dots[1] = (tf_dot){.name = "B", .ratio = {1, 0.8, 1.2}};
    dots[2] = (tf_dot){.name = "C", .ratio = {0.5, 0.4, 0.6}};
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    double x[3];
    for (int i = 0; i < 3; i++) {
        x[i] = drawn_number(drawn_at(&page, "wide", "app-chart__dot", i), "cx");
    }
    double one = drawn_number(drawn_at(&page, "wide", "app-chart__line--centre", 0), "x1");
    assert_near(x[1], one, 0.01);
    assert_near(x[0] - one, one - x[2], 0.02); /* twice and half are as far from 1 */
    assert_near(drawn_number(drawn_label(&page, "wide", "1"), "x"), one, 0.01);
    drawn_free(&page);
}

static void an_interval_reaches_from_limit_to_limit(void **state) {
    (void)state;
    dots[0] = (tf_dot){.name = "A", .ratio = {1, 0.5, 2}};
    tf_chart chart = chart_of(1);
    drawn page = drawn_page(&chart);
    double numbers[12];
    const drawn_element *interval = drawn_at(&page, "wide", "app-chart__interval", 1); /* 0: key */
    assert_int_equal(drawn_path(interval, numbers, 12), 12);
    assert_near(numbers[0], drawn_number(drawn_label(&page, "wide", "0.5"), "x"), 0.06);
    assert_near(numbers[2], drawn_number(drawn_label(&page, "wide", "2"), "x"), 0.06);
    drawn_free(&page);
}

static void none_and_infinitely_many_are_arrows_at_the_ends(void **state) {
    (void)state;
    dots[0] =
        (tf_dot){.name = "From none", .ratio = {INFINITY, 2, INFINITY}, .text = "up from none"};
    dots[1] = (tf_dot){.name = "To none", .ratio = {0, 0, 0.4}, .text = "down to none"};
    tf_chart chart = chart_of(2);
    drawn page = drawn_page(&chart);
    const drawn_element *up = drawn_at(&page, "wide", "app-chart__dot", 0);
    const drawn_element *down = drawn_at(&page, "wide", "app-chart__dot", 1);
    double right[6], left[6];
    assert_int_equal(drawn_path(up, right, 6), 6);
    assert_int_equal(drawn_path(down, left, 6), 6);
    assert_true(right[0] > right[2] && left[0] < left[2]); /* where the arrows point */
    assert_true(right[0] > left[0] + 200);
    assert_true(drawn_has_label(&page, "wide", "up from none"));
    drawn_free(&page);
}

static void an_unknown_ratio_has_words_and_no_mark(void **state) {
    (void)state;
    dots[0] = (tf_dot){.name = "A", .ratio = {NAN, 0, INFINITY}};
    tf_chart chart = chart_of(1);
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__dot"), 0);
    assert_true(drawn_has_label(&page, "wide", "not known"));
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_non_null(strstr(text, "1 row, of which 1 not known."));
    free(text);
}

static void changed_and_hot_areas_are_marked_by_shape_and_named(void **state) {
    (void)state;
    dots[0] = (tf_dot){.name = "Quay",
                       .href = "/areas/E01",
                       .ratio = {3, 2, 4},
                       .mark = TF_MARK_HIGH,
                       .text = "3.0 times as many",
                       .is_hot = true};
    dots[1] = (tf_dot){.name = "Hill", .ratio = {0.3, 0.1, 0.6}, .mark = TF_MARK_LOW};
    dots[2] = (tf_dot){.name = "Mead", .ratio = {1, 0.9, 1.1}};
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__dot--changed"), 4); /* two of the key */
    assert_int_equal(drawn_count(&page, "wide", "app-chart__dot--hot"), 2);
    drawn_free(&page);
    char *text = drawn_description(&chart);
    assert_string_equal(text, "3 rows, from Quay (3.0 times as many) to Hill (0.30). More, beyond "
                              "chance: Quay (3.0 times as many). Fewer, beyond chance: Hill "
                              "(0.30). Hot spot: Quay.");
    free(text);
}

static void a_row_links_to_its_page_and_is_no_image_then(void **state) {
    (void)state;
    dots[0] = (tf_dot){.name = "Quay", .href = "/areas/E01", .ratio = {1, 0.9, 1.1}};
    tf_chart chart = chart_of(1);
    drawn page = drawn_page(&chart);
    assert_string_equal(drawn_attribute(drawn_named(&page, "svg", 0), "role"), "group");
    const drawn_element *link = drawn_named(&page, "a", 0);
    assert_string_equal(drawn_attribute(link, "href"), "/areas/E01");
    assert_string_equal(link->text, "Quay");
    drawn_free(&page);
    drawn file = drawn_file(&chart, TF_CHART_FILE);
    assert_null(drawn_named(&file, "a", 0));
    drawn_free(&file);
}

static void extreme_ratios_stay_in_the_drawing(void **state) {
    (void)state;
    dots[0] = (tf_dot){.name = "A", .ratio = {1e300, 1e-300, 1e308}};
    dots[1] = (tf_dot){.name = "B", .ratio = {1e-300, 0, 1e-299}};
    dots[2] = (tf_dot){.name = "C", .ratio = {-4, -INFINITY, NAN}};
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    for (int i = 0; i < drawn_count(&page, "wide", "app-chart__interval"); i++) {
        double numbers[16];
        int count = drawn_path(drawn_at(&page, "wide", "app-chart__interval", i), numbers, 16);
        for (int j = 0; j < count; j++) {
            assert_true(numbers[j] >= 0 && numbers[j] <= 720);
        }
    }
    drawn_free(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dots_stand_on_a_ratio_scale),
        cmocka_unit_test(an_interval_reaches_from_limit_to_limit),
        cmocka_unit_test(none_and_infinitely_many_are_arrows_at_the_ends),
        cmocka_unit_test(an_unknown_ratio_has_words_and_no_mark),
        cmocka_unit_test(changed_and_hot_areas_are_marked_by_shape_and_named),
        cmocka_unit_test(a_row_links_to_its_page_and_is_no_image_then),
        cmocka_unit_test(extreme_ratios_stay_in_the_drawing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
