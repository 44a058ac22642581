#include "drawn.h"

static tf_chart_column columns[4];

static tf_chart chart_of(size_t count) {
    return (tf_chart){
        .kind = TF_CHART_COLUMNS,
        .id = "weights",
        .title = "Weights of pairs",
        .of.columns = {.columns = columns,
                       .count = count,
                       .unit = {"Pairs", "pair", "pairs", 0},
                       .size_unit = {.name = "Match weight"},
                       .mark = NAN},
    };
}

static void columns_are_as_high_as_their_values(void **state) {
    (void)state;
    columns[0] = (tf_chart_column){-2, 0, 10, NULL};
    columns[1] = (tf_chart_column){0, 2, 40, NULL};
    columns[2] = (tf_chart_column){2, 4, NAN, NULL};
    tf_chart chart = chart_of(3);
    drawn page = drawn_page(&chart);
    static const char *const forms[] = {"wide", "narrow"};
    for (int i = 0; i < 2; i++) {
        const drawn_element *low = drawn_at(&page, forms[i], "app-chart__bar", 0);
        const drawn_element *high = drawn_at(&page, forms[i], "app-chart__bar", 1);
        assert_near(4 * drawn_number(low, "height"), drawn_number(high, "height"), 0.05);
        assert_near(drawn_number(low, "y") + drawn_number(low, "height"),
                    drawn_number(high, "y") + drawn_number(high, "height"), 0.02);
        assert_near(drawn_number(low, "width"), drawn_number(high, "width"), 0.02);
        assert_true(drawn_number(high, "x") > drawn_number(low, "x"));
        assert_int_equal(drawn_count(&page, forms[i], "app-chart__bar"), 2);
    }
    assert_non_null(strstr(drawn_named(&page, "tbody", 0)->text, "2 to 4not known"));
    drawn_free(&page);
}

static void the_mark_stands_at_its_place_on_the_scale(void **state) {
    (void)state;
    columns[0] = (tf_chart_column){0, 5, 3, NULL};
    columns[1] = (tf_chart_column){5, 10, 6, NULL};
    tf_chart chart = chart_of(2);
    chart.of.columns.mark = 5;
    chart.of.columns.mark_name = "The threshold";
    drawn page = drawn_page(&chart);
    const drawn_element *mark = drawn_at(&page, "wide", "app-chart__line--limit", 1);
    assert_near(drawn_number(mark, "x1"),
                drawn_number(drawn_at(&page, "wide", "app-chart__bar", 1), "x"), 0.6);
    assert_true(drawn_has_label(&page, "wide", "The threshold"));
    drawn_free(&page);
}

static void a_column_with_a_name_is_called_by_it(void **state) {
    (void)state;
    columns[0] = (tf_chart_column){0, 1, 3, "Threshold 0"};
    tf_chart chart = chart_of(1);
    drawn page = drawn_page(&chart);
    assert_non_null(strstr(drawn_named(&page, "tbody", 0)->text, "Threshold 0"));
    char *words = drawn_description(&chart);
    assert_non_null(strstr(words, "the highest at Threshold 0 (3 pairs)"));
    free(words);
    drawn_free(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_as_high_as_their_values),
        cmocka_unit_test(the_mark_stands_at_its_place_on_the_scale),
        cmocka_unit_test(a_column_with_a_name_is_called_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
