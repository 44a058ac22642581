#include "drawn.h"

static const double left_square[] = {0, 0, 50, 0, 50, 100, 0, 100, 0, 0};
static const double right_square[] = {50, 0, 100, 0, 100, 100, 50, 100, 50, 0};
static const double hole[] = {60, 40, 60, 60, 80, 60, 80, 40, 60, 40};
static const tf_chart_ring left_rings[] = {{left_square, 5}};
static const tf_chart_ring right_rings[] = {{right_square, 5}, {hole, 5}};
static tf_chart_shape shapes[2];

static tf_chart chart_of(void) {
    shapes[0] =
        (tf_chart_shape){"E01", "Quay", "/areas/E01", left_rings, 1, 5, "173 offences", NULL};
    shapes[1] =
        (tf_chart_shape){"E02", "Hill", "/areas/E02", right_rings, 2, 0, "none", "no hot spot"};
    return (tf_chart){
        .kind = TF_CHART_MAP,
        .id = "map",
        .title = "Drug offences by small area",
        .of.map = {.width = 100,
                   .height = 100,
                   .shapes = shapes,
                   .count = 2,
                   .outline = left_rings,
                   .outline_count = 1,
                   .classes = {"1 to 9", "10 to 24", "25 to 49", "50 to 99", "100 to 214"},
                   .none = "None",
                   .unit = {"Offences", "offence", "offences", 0},
                   .heading = "Small area"},
    };
}

/* Follow a path of relative steps; the places it comes by, and the number of outlines. */
static int follow(const char *path, double *xs, double *ys, int *count) {
    double x = 0, y = 0;
    int rings = 0;
    *count = 0;
    while (*path) {
        if (*path == 'M') {
            x = y = 0;
            rings++;
        }
        if (strchr("Mlz ", *path)) {
            path++;
            continue;
        }
        char *rest;
        x += strtod(path, &rest);
        y += strtod(rest, &rest);
        xs[*count] = x;
        ys[(*count)++] = y;
        path = rest;
    }
    return rings;
}

static void shapes_are_scaled_and_keep_their_holes(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    drawn page = drawn_page(&chart);
    double xs[32], ys[32];
    int count;
    const drawn_element *quay = drawn_at(&page, "map", "app-chart__class-5", 0);
    assert_int_equal(follow(drawn_attribute(quay, "d"), xs, ys, &count), 1);
    assert_int_equal(count, 5);
    /* 100 units are drawn 640 high and as wide, in the middle of 720. */
    assert_near(xs[0], 40, 0.06);
    assert_near(ys[0], 1.5, 0.06);
    assert_near(xs[1], 360, 0.06);
    assert_near(ys[2], 641.5, 0.06);
    const drawn_element *hill = drawn_at(&page, "map", "app-chart__class-none", 0);
    assert_int_equal(follow(drawn_attribute(hill, "d"), xs, ys, &count), 2);
    assert_near(xs[5], 40 + 60 * 6.4, 0.06);
    assert_string_equal(drawn_attribute(hill, "fill-rule"), "evenodd");
    assert_int_equal(drawn_count(&page, "map", "app-chart__outline"), 1);
    drawn_free(&page);
}

static void every_shape_is_a_named_link(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    drawn page = drawn_page(&chart);
    assert_string_equal(drawn_attribute(drawn_named(&page, "a", 0), "href"), "/areas/E01");
    assert_string_equal(drawn_named(&page, "a", 0)->text, "Quay: 173 offences");
    assert_string_equal(drawn_named(&page, "a", 1)->text, "Hill: none, no hot spot");
    drawn_free(&page);
}

static void the_legend_names_the_classes_that_exist(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    chart.of.map.classes[1] = NULL;
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, NULL, "app-legend__item"), 5);
    assert_string_equal(drawn_at(&page, NULL, "app-legend__item", 0)->text, "None");
    assert_string_equal(drawn_at(&page, NULL, "app-legend__item", 4)->text, "100 to 214");
    assert_int_equal(drawn_count(&page, NULL, "app-legend__key--2"), 0);
    assert_int_equal(drawn_count(&page, NULL, "app-legend__key--5"), 1);
    drawn_free(&page);
    drawn file = drawn_file(&chart, TF_CHART_PAPER);
    assert_true(drawn_has_label(&file, NULL, "100 to 214"));
    assert_true(drawn_has_label(&file, NULL, "Offences"));
    drawn_free(&file);
}

static void the_description_counts_classes_and_names_the_highest(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    char *text = drawn_description(&chart);
    assert_string_equal(text, "A map of 2 areas in classes: 1 with 100 to 214 and 1 with None. In "
                              "the highest class: Quay (173 offences).");
    free(text);
}

static void an_interactive_map_finds_what_it_needs(void **state) {
    (void)state;
    tf_chart chart = chart_of();
    drawn page = drawn_page(&chart);
    assert_null(drawn_attribute(drawn_at(&page, NULL, "app-map", 0), "data-boundaries"));
    drawn_free(&page);
    chart.of.map.live.boundaries = "/api/v1/boundaries?layer=small-area";
    page = drawn_page(&chart);
    const drawn_element *map = drawn_at(&page, NULL, "app-map", 0);
    assert_string_equal(drawn_attribute(map, "data-boundaries"), chart.of.map.live.boundaries);
    assert_string_equal(drawn_attribute(map, "data-label"), chart.title);
    drawn_free(&page);
}

static void odd_outlines_do_not_break_the_drawing(void **state) {
    (void)state;
    static const double odd[] = {NAN, 1, INFINITY, 2, 3, -INFINITY, 1e300, 4, 5, 5, 5, 5};
    static const tf_chart_ring rings[] = {{odd, 6}, {odd, 0}, {NULL, 0}};
    tf_chart chart = chart_of();
    shapes[0].rings = rings;
    shapes[0].ring_count = 3;
    shapes[1].class_number = 77;
    drawn page = drawn_page(&chart);
    assert_int_equal(drawn_count(&page, "map", "app-chart__class-none"), 1);
    drawn_free(&page);
    chart.of.map.width = 0;
    assert_true(tf_chart_is_empty(&chart));
    chart.of.map.width = NAN;
    assert_true(tf_chart_is_empty(&chart));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_scaled_and_keep_their_holes),
        cmocka_unit_test(every_shape_is_a_named_link),
        cmocka_unit_test(the_legend_names_the_classes_that_exist),
        cmocka_unit_test(the_description_counts_classes_and_names_the_highest),
        cmocka_unit_test(an_interactive_map_finds_what_it_needs),
        cmocka_unit_test(odd_outlines_do_not_break_the_drawing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
