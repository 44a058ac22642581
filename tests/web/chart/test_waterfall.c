#include "drawn.h"

static tf_waterfall_step steps[8];

static tf_chart chart_of(size_t count) {
    return (tf_chart){
        .kind = TF_CHART_WATERFALL,
        .id = "pair",
        .title = "Two records",
        .of.waterfall = {.steps = steps,
                         .count = count,
                         .unit = {.name = "Match weight", .decimals = 1},
                         .heading = "Comparison",
                         .mark = NAN},
    };
}

static void set_pair(void) {
    steps[0] = (tf_waterfall_step){.name = "Before", .value = -10, .is_total = true};
    steps[1] = (tf_waterfall_step){.name = "Name", .value = 15};
    steps[2] = (tf_waterfall_step){.name = "Date", .value = -2.5};
    steps[3] = (tf_waterfall_step){.name = "Together", .value = 2.5, .is_total = true};
}

/* The n-th bar: rectangles are all that a waterfall draws besides its key. */
static const drawn_element *bar_at(const drawn *page, const char *form, int n) {
    for (int e = 0; e < page->count; e++) {
        const drawn_element *element = &page->elements[e];
        const drawn_element *svg = element->parent >= 0 ? &page->elements[element->parent] : NULL;
        const char *class_name = svg ? drawn_attribute(svg, "class") : NULL;
        if (strcmp(element->name, "rect") == 0 && class_name && strstr(class_name, form) &&
            n-- == 0) {
            return element;
        }
    }
    fail_msg("no such bar");
    return NULL;
}

static void each_bar_starts_where_the_one_before_ended(void **state) {
    (void)state;
    set_pair();
    tf_chart chart = chart_of(4);
    drawn page = drawn_page(&chart);
    static const char *const forms[] = {"wide", "narrow"};
    for (int i = 0; i < 2; i++) {
        double x[4], width[4];
        for (int n = 0; n < 4; n++) {
            const drawn_element *bar = bar_at(&page, forms[i], n);
            x[n] = drawn_number(bar, "x");
            width[n] = drawn_number(bar, "width");
        }
        double zero = x[0] + width[0]; /* the first goes from -10 to 0 */
        double unit = width[0] / 10;
        assert_true(unit > 5);
        assert_near(x[1], x[0], 0.02);
        assert_near(width[1], 15 * unit, 0.05);
        assert_near(x[2] + width[2], zero + 5 * unit, 0.05);
        assert_near(width[2], 2.5 * unit, 0.05);
        assert_near(x[3], zero, 0.02); /* a total is drawn from zero */
        assert_near(width[3], 2.5 * unit, 0.05);
    }
    drawn_free(&page);
}

static void signs_tell_what_speaks_for_and_against(void **state) {
    (void)state;
    set_pair();
    tf_chart chart = chart_of(4);
    drawn page = drawn_page(&chart);
    assert_true(drawn_has_label(&page, "wide", "+15.0"));
    assert_true(drawn_has_label(&page, "wide",
                                "\xE2\x88\x92"
                                "2.5"));
    assert_true(drawn_has_label(&page, "wide", "2.5"));
    assert_int_equal(drawn_count(&page, "wide", "app-chart__bar--higher"), 1);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__bar--lower"), 1);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__node"), 2);
    drawn_free(&page);
}

static void the_table_has_the_sum_so_far_and_further_columns(void **state) {
    (void)state;
    static const char *const columns[] = {"First record"};
    static const char *const cells[] = {"Jon"};
    set_pair();
    steps[1].cells = cells;
    tf_chart chart = chart_of(4);
    chart.of.waterfall.columns = columns;
    chart.of.waterfall.column_count = 1;
    drawn page = drawn_page(&chart);
    assert_string_equal(drawn_named(&page, "thead", 0)->text,
                        "ComparisonFirst recordMatch weightSum so far");
    assert_non_null(strstr(drawn_named(&page, "tbody", 0)->text, "NameJon+15.05.0"));
    drawn_free(&page);
}

static void bars_from_zero_do_not_run_on(void **state) {
    (void)state;
    steps[0] = (tf_waterfall_step){.group = "Name", .name = "the same", .value = 8};
    steps[1] = (tf_waterfall_step){.group = "Name", .name = "different", .value = -4};
    steps[2] = (tf_waterfall_step){.group = "Date", .name = "the same", .value = 4};
    tf_chart chart = chart_of(3);
    chart.of.waterfall.is_from_zero = true;
    chart.of.waterfall.group_heading = "Comparison";
    drawn page = drawn_page(&chart);
    double zero = drawn_number(bar_at(&page, "wide", 0), "x");
    const drawn_element *second = bar_at(&page, "wide", 1);
    assert_near(drawn_number(second, "x") + drawn_number(second, "width"), zero, 0.02);
    assert_near(drawn_number(bar_at(&page, "wide", 2), "x"), zero, 0.02);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__title"), 2); /* one a group */
    drawn_free(&page);
}

static void what_is_opposite_is_drawn_to_the_left(void **state) {
    (void)state;
    steps[0] = (tf_waterfall_step){.name = "the same", .value = 80, .opposite = 20};
    tf_chart chart = chart_of(1);
    chart.of.waterfall.is_from_zero = true;
    chart.of.waterfall.opposite = "u";
    drawn page = drawn_page(&chart);
    const drawn_element *right = bar_at(&page, "wide", 0), *left = bar_at(&page, "wide", 1);
    assert_near(drawn_number(left, "x") + drawn_number(left, "width"), drawn_number(right, "x"),
                0.02);
    assert_near(drawn_number(right, "width"), 4 * drawn_number(left, "width"), 0.05);
    assert_false(drawn_has_label(&page, "wide",
                                 "\xE2\x88\x92"
                                 "20"));
    assert_true(drawn_has_label(&page, "wide", "80.0"));
    assert_true(drawn_has_label(&page, "wide", "20.0"));
    drawn_free(&page);
}

static void charts_with_the_same_ends_share_a_scale(void **state) {
    (void)state;
    steps[0] = (tf_waterfall_step){.name = "the same", .value = 5};
    tf_chart chart = chart_of(1);
    chart.of.waterfall.is_from_zero = true;
    drawn alone = drawn_page(&chart);
    chart.of.waterfall.lowest = -10;
    chart.of.waterfall.highest = 10;
    drawn shared = drawn_page(&chart);
    assert_true(drawn_number(bar_at(&shared, "wide", 0), "width") <
                drawn_number(bar_at(&alone, "wide", 0), "width") / 3);
    assert_true(drawn_has_label(&shared, "wide",
                                "\xE2\x88\x92"
                                "10"));
    drawn_free(&alone);
    drawn_free(&shared);
}

static void the_description_names_what_weighs_most(void **state) {
    (void)state;
    set_pair();
    tf_chart chart = chart_of(4);
    char *words = drawn_description(&chart);
    assert_non_null(strstr(words, "the most is added by Name (+15.0)"));
    assert_non_null(strstr(words, "the most is taken off by Date"));
    assert_non_null(strstr(words, "Together (2.5)"));
    free(words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bar_starts_where_the_one_before_ended),
        cmocka_unit_test(signs_tell_what_speaks_for_and_against),
        cmocka_unit_test(the_table_has_the_sum_so_far_and_further_columns),
        cmocka_unit_test(bars_from_zero_do_not_run_on),
        cmocka_unit_test(what_is_opposite_is_drawn_to_the_left),
        cmocka_unit_test(charts_with_the_same_ends_share_a_scale),
        cmocka_unit_test(the_description_names_what_weighs_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
