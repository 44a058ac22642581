#include "drawn.h"

static double values[4][12];
static tf_panel panels[4];

static tf_chart chart_of(size_t count) {
    static const char *const names[] = {"Burglary", "Drugs", "Robbery", "Shoplifting"};
    for (size_t i = 0; i < count; i++) {
        panels[i] = (tf_panel){.name = names[i], .values = values[i]};
    }
    return (tf_chart){
        .kind = TF_CHART_MULTIPLES,
        .id = "types",
        .title = "Offences by type",
        .of.multiples = {.panels = panels,
                         .count = count,
                         .first = tf_month_of(2023, 4),
                         .month_count = 12,
                         .unit = {"Offences a month", "offence", "offences", 0},
                         .heading = "Type"},
    };
}

static void fill(size_t panel, double value) {
    for (int i = 0; i < 12; i++) {
        values[panel][i] = value;
    }
}

/* How far the last point of a panel's line is above its axis. */
static double height_of(const drawn *page, int panel) {
    double numbers[24];
    assert_int_equal(drawn_path(drawn_at(page, "wide", "app-chart__line", panel), numbers, 24), 24);
    return drawn_number(drawn_at(page, "wide", "app-chart__axis", panel), "y1") - numbers[23];
}

static void a_shared_scale_keeps_proportions(void **state) {
    (void)state;
    fill(0, 100);
    fill(1, 25);
    tf_chart chart = chart_of(2);
    chart.of.multiples.is_shared = true;
    drawn page = drawn_page(&chart);
    assert_near(height_of(&page, 0), 4 * height_of(&page, 1), 0.3);
    drawn_free(&page);
}

static void own_scales_fill_their_panels(void **state) {
    (void)state;
    fill(0, 100);
    fill(1, 20);
    tf_chart chart = chart_of(2);
    drawn page = drawn_page(&chart);
    assert_near(height_of(&page, 0), height_of(&page, 1), 0.06);
    assert_true(drawn_has_label(&page, "wide", "100"));
    assert_true(drawn_has_label(&page, "wide", "20"));
    drawn_free(&page);
}

static void panels_are_set_in_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        fill(i, 1);
    }
    tf_chart chart = chart_of(4);
    drawn page = drawn_page(&chart);
    const drawn_element *first = drawn_label(&page, "wide", "Burglary");
    const drawn_element *third = drawn_label(&page, "wide", "Robbery");
    const drawn_element *fourth = drawn_label(&page, "wide", "Shoplifting");
    assert_near(drawn_number(first, "y"), drawn_number(third, "y"), 0);
    assert_near(drawn_number(first, "x"), drawn_number(fourth, "x"), 0);
    assert_true(drawn_number(fourth, "y") > drawn_number(first, "y") + 100);
    assert_true(drawn_number(drawn_label(&page, "narrow", "Robbery"), "y") >
                drawn_number(drawn_label(&page, "narrow", "Burglary"), "y"));
    drawn_free(&page);
}

static void the_description_tells_each_panel(void **state) {
    (void)state;
    fill(0, 10);
    values[0][4] = 31;
    fill(1, NAN);
    tf_chart chart = chart_of(2);
    char *text = drawn_description(&chart);
    assert_string_equal(text, "Offences a month, April 2023 to March 2024, in 2 small charts, each "
                              "on its own scale. Burglary 10 to 31, latest 10; Drugs has no data.");
    free(text);
}

static void the_table_has_a_column_for_each_panel(void **state) {
    (void)state;
    fill(0, 10);
    fill(1, NAN);
    tf_chart chart = chart_of(2);
    drawn page = drawn_page(&chart);
    assert_string_equal(drawn_named(&page, "thead", 0)->text, "MonthBurglaryDrugs");
    assert_int_equal(drawn_count(&page, NULL, "govuk-table__row"), 13);
    drawn_free(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shared_scale_keeps_proportions),
        cmocka_unit_test(own_scales_fill_their_panels),
        cmocka_unit_test(panels_are_set_in_rows),
        cmocka_unit_test(the_description_tells_each_panel),
        cmocka_unit_test(the_table_has_a_column_for_each_panel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
