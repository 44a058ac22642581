#include "drawn.h"

static const tf_sankey_node nodes[] = {
    {"All cases", 0},        {"Charged", 1},         {"Out of court", 1},
    {"Nothing", 1},          {"Suspect charged", 2}, {"Caution", 2},
    {"Local resolution", 2}, {"Rare A", 2},          {"Rare B", 2},
};
static const tf_sankey_flow flows[] = {
    {0, 1, 400}, {0, 2, 500}, {0, 3, 100}, {1, 4, 400},
    {2, 5, 100}, {2, 6, 390}, {2, 7, 6},   {2, 8, 4},
};

static tf_chart chart_of(void) {
    return (tf_chart){
        .kind = TF_CHART_SANKEY,
        .id = "outcomes",
        .title = "What became of the cases",
        .of.sankey = {.nodes = nodes,
                      .node_count = sizeof nodes / sizeof *nodes,
                      .flows = flows,
                      .flow_count = sizeof flows / sizeof *flows,
                      .columns = {"Cases", "Kind", "Outcome"},
                      .column_count = 3,
                      .unit = {"Cases", "case", "cases", 0},
                      .other = "Other outcomes",
                      .smallest_share = 0.02},
    };
}

static void nodes_and_flows_are_as_high_as_their_values(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    drawn page = drawn_page(&chart);
    double all = drawn_number(drawn_at(&page, "wide", "app-chart__node", 0), "height");
    assert_near(drawn_number(drawn_at(&page, "wide", "app-chart__node", 1), "height"), 0.4 * all,
                0.02);
    assert_near(drawn_number(drawn_at(&page, "wide", "app-chart__node", 2), "height"), 0.5 * all,
                0.02);
    double numbers[16];
    const drawn_element *flow = drawn_at(&page, "wide", "app-chart__flow", 0);
    assert_int_equal(drawn_path(flow, numbers, 16), 16);
    assert_near(numbers[9] - numbers[7], 0.4 * all, 0.11); /* at its right end */
    assert_near(numbers[15] - numbers[1], 0.4 * all, 0.11);
    assert_string_equal(drawn_attribute(flow, "data-value"), "All cases to Charged: 400 cases");
    drawn_free(&page);
}

static void small_nodes_are_put_together_and_stay_in_the_table(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    drawn page = drawn_page(&chart);
    assert_true(drawn_has_label(&page, "wide", "Other outcomes: 10\xC2\xA0(1%)"));
    assert_int_equal(drawn_count(&page, "wide", "app-chart__node"), 8);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__flow"), 7);
    assert_non_null(strstr(drawn_named(&page, "tbody", 0)->text, "Out of courtRare B4"));
    drawn_free(&page);
}

static void a_single_small_node_keeps_its_name(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    chart.of.sankey.flow_count--; /* without Rare B */
    drawn page = drawn_page(&chart);
    assert_true(drawn_has_label(&page, "wide", "Rare A: 6\xC2\xA0(0.6%)"));
    drawn_free(&page);
}

static void labels_of_a_column_do_not_overlap(void **state) {
    (void)state;
    static char names[40][24];
    static tf_sankey_node many[41];
    static tf_sankey_flow thin[40];
    many[0] = (tf_sankey_node){"All", 0};
    for (int i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "Outcome number %02d", i);
        many[i + 1] = (tf_sankey_node){names[i], 1};
        thin[i] = (tf_sankey_flow){0, (size_t)i + 1, i == 0 ? 1e6 : 1};
    }
    tf_chart chart = chart_of();
    chart.of.sankey = (tf_sankey){.nodes = many,
                                  .node_count = 41,
                                  .flows = thin,
                                  .flow_count = 40,
                                  .columns = {"Cases", "Outcome"},
                                  .column_count = 2,
                                  .unit = {"Cases", "case", "cases", 0}};
    drawn page = drawn_page(&chart);
    double last = -1e9;
    int count = 0;
    for (int i = 0; drawn_at(&page, "wide", "app-chart__label", i); i++) {
        const drawn_element *label = drawn_at(&page, "wide", "app-chart__label", i);
        if (strncmp(label->text, "Outcome number", 14) == 0) {
            assert_true(drawn_number(label, "y") - last >= 15);
            last = drawn_number(label, "y");
            count++;
        }
    }
    assert_int_equal(count, 40);
    const char *box = drawn_attribute(drawn_named(&page, "svg", 0), "viewBox");
    assert_true(strtod(strrchr(box, ' '), NULL) >= last);
    drawn_free(&page);
}

static void a_narrow_drawing_shows_the_columns_in_pairs(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    drawn page = drawn_page(&chart);
    /* The middle column stands on the right of the first pair and on the left of the second. */
    assert_int_equal(drawn_count(&page, "narrow", "app-chart__node"), 4 + 3 + 4);
    for (int i = 0; drawn_at(&page, "narrow", "app-chart__node", i); i++) {
        double x = drawn_number(drawn_at(&page, "narrow", "app-chart__node", i), "x");
        assert_true(x == 0 || x == 165);
    }
    drawn_free(&page);
}

static void the_description_tells_the_largest_of_each_column(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    char *text = drawn_description(&chart);
    assert_string_equal(
        text, "Flows of 1,000 cases. Cases: All cases 1,000. Kind: Out of court 500, Charged 400 "
              "and Nothing 100. Outcome: Suspect charged 400, Local resolution 390, Caution 100 "
              "and Other outcomes 10.");
    free(text);
}

static void flows_that_are_none_are_left_out(void **state) {
    (void)state;
    static const tf_sankey_flow odd[] = {{0, 1, 5},  {0, 1, -2},      {0, 2, NAN}, {0, 3, INFINITY},
                                         {0, 99, 5}, {99, 1, 5},      {1, 2, 5},   {0, 4, 5},
                                         {4, 0, 5},  {SIZE_MAX, 1, 5}};
    tf_chart chart = chart_of();
    chart.of.sankey.flows = odd;
    chart.of.sankey.flow_count = sizeof odd / sizeof *odd;
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "wide", "app-chart__flow"), 1);
    drawn_free(&page);
    chart.of.sankey.flows = odd + 1;
    chart.of.sankey.flow_count--;
    assert_true(tf_chart_is_empty(&chart));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_and_flows_are_as_high_as_their_values),
        cmocka_unit_test(small_nodes_are_put_together_and_stay_in_the_table),
        cmocka_unit_test(a_single_small_node_keeps_its_name),
        cmocka_unit_test(labels_of_a_column_do_not_overlap),
        cmocka_unit_test(a_narrow_drawing_shows_the_columns_in_pairs),
        cmocka_unit_test(the_description_tells_the_largest_of_each_column),
        cmocka_unit_test(flows_that_are_none_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
