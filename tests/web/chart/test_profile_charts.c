#include "drawn.h"

#include "web/chart/profile_charts.h"

/* A profile as the program makes it, of the figures that charts read. */
static tf_profile_month months[24];
static tf_profile_area areas[4];
static tf_profile_share groups[] = {{"Charged or summonsed", 60}, {"No suspect identified", 30}};
static tf_profile_share outcomes[] = {{"Suspect charged", 50},
                                      {"Investigation complete; no suspect identified", 30},
                                      {"Awaiting court outcome", 10}};
static tf_arena *arena;
static tf_pack *pack;
static tf_chart chart;
static tf_error error;

static tf_profile_area area_of(const char *code, const char *name, int64_t recent, int64_t before,
                               double ratio) {
    return (tf_profile_area){.code = code,
                             .name = name,
                             .count = recent + before,
                             .recent_count = recent,
                             .previous_count = before,
                             .change = {true, {ratio, ratio / 2, ratio * 2}, NULL},
                             .gi_star_z = NAN};
}

static tf_profile profile_of(void) {
    for (int i = 0; i < 24; i++) {
        months[i] = (tf_profile_month){.month = tf_month_of(2022, 4) + i,
                                       .count = 100 + i,
                                       .centre = 111.5,
                                       .lower = 90,
                                       .upper = 133};
    }
    areas[0] = area_of("E01", "Quay", 60, 20, 3);
    areas[0].is_changed = true;
    areas[0].is_hot = true;
    areas[1] = area_of("E02", "Hill", 30, 30, 1);
    areas[2] = area_of("E03", "Mead", 10, 20, 0.5);
    areas[3] = area_of("E04", "Moor", 0, 0, NAN);
    return (tf_profile){
        .area_name = "Larkenshire",
        .group_title = "Drugs",
        .from = tf_month_of(2022, 4),
        .to = tf_month_of(2024, 3),
        .months = months,
        .month_count = 24,
        .areas = areas,
        .area_count = 4,
        .change = {.from = tf_month_of(2023, 4), .to = tf_month_of(2024, 3)},
        .outcomes = {.case_count = 100,
                     .without_id = 4,
                     .without_outcome = 6,
                     .outcomes = outcomes,
                     .outcome_count = 3,
                     .groups = groups,
                     .group_count = 2},
        .source_count = 24,
    };
}

static int begin(void **state) {
    (void)state;
    arena = tf_arena_new();
    return arena && tf_pack_open(NULL, &pack, &error) == TF_OK ? 0 : 1;
}

static int end(void **state) {
    (void)state;
    tf_pack_free(pack);
    tf_arena_free(arena);
    return 0;
}

static void the_trend_has_the_months_and_their_signals(void **state) {
    (void)state;
    tf_profile profile = profile_of();
    months[3].is_missing = true;
    months[5].signal = TF_SIGNAL_FALLING;
    months[7].signal = TF_SIGNAL_ABOVE_LIMIT;
    assert_ok(tf_profile_trend_chart(arena, &profile, &chart, &error), &error);
    const tf_line_chart *line = &chart.of.line;
    assert_int_equal(line->count, 24);
    assert_true(isnan(line->points[3].value));
    assert_int_equal(line->points[5].mark, TF_MARK_LOW);
    assert_int_equal(line->points[7].mark, TF_MARK_HIGH);
    assert_string_equal(line->points[7].remark, "above the upper limit");
    assert_near(line->limit_upper, 133, 0);
    assert_string_equal(chart.title, "Drugs by month, Larkenshire, April 2022 to March 2024");
}

static void months_without_limits_have_none_in_the_chart(void **state) {
    (void)state;
    tf_profile profile = profile_of();
    for (int i = 0; i < 24; i++) {
        months[i].centre = months[i].lower = months[i].upper = NAN;
    }
    assert_ok(tf_profile_trend_chart(arena, &profile, &chart, &error), &error);
    assert_true(isnan(chart.of.line.centre));
    assert_non_null(strstr(chart.note, "too few months"));
}

static void areas_are_ranked_by_their_change(void **state) {
    (void)state;
    tf_profile profile = profile_of();
    assert_ok(tf_profile_changes_chart(arena, &profile, 10, NULL, &chart, &error), &error);
    assert_int_equal(chart.of.dots.count, 3); /* without the one that has no offence */
    assert_string_equal(chart.of.dots.dots[0].name, "Quay");
    assert_string_equal(chart.of.dots.dots[0].text, "3.0 times as many");
    assert_string_equal(chart.of.dots.dots[0].remark,
                        "60, 20 a year before, changed beyond chance, a hot spot");
    assert_int_equal(chart.of.dots.dots[0].mark, TF_MARK_HIGH);
    assert_string_equal(chart.of.dots.dots[2].name, "Mead");
    assert_int_equal(chart.of.dots.dots[2].mark, TF_MARK_NONE);
}

static void changed_areas_are_shown_however_few_are_wanted(void **state) {
    (void)state;
    tf_profile profile = profile_of();
    areas[0].is_changed = false;
    areas[2].is_changed = true;
    areas[2].change.interval = (tf_interval){0.5, 0.3, 0.8};
    assert_ok(tf_profile_changes_chart(arena, &profile, 1, NULL, &chart, &error), &error);
    assert_int_equal(chart.of.dots.count, 1);
    assert_string_equal(chart.of.dots.dots[0].name, "Mead");
    assert_int_equal(chart.of.dots.dots[0].mark, TF_MARK_LOW);
    assert_non_null(strstr(chart.note, "1 of 4 small areas"));
}

static const char *link_to(const void *context, tf_arena *in, const tf_profile_area *area) {
    return tf_arena_format(in, "%s/%s", (const char *)context, area->code);
}

static void areas_link_to_their_pages(void **state) {
    (void)state;
    tf_profile profile = profile_of();
    tf_profile_links links = {link_to, "/areas"};
    assert_ok(tf_profile_changes_chart(arena, &profile, 10, &links, &chart, &error), &error);
    assert_string_equal(chart.of.dots.dots[0].name, "Quay");
    assert_string_equal(chart.of.dots.dots[0].href, "/areas/E01");
}

static void outcomes_flow_through_their_groups(void **state) {
    (void)state;
    tf_profile profile = profile_of();
    assert_ok(tf_profile_outcomes_chart(arena, &profile, pack, &chart, &error), &error);
    chart.of.sankey.smallest_share = 0;
    drawn page = drawn_page(&chart);
    const char *rows = drawn_named(&page, "tbody", 0)->text;
    static const char *const expected[] = {"All casesCharged or summonsed60",
                                           "All casesNo suspect identified30",
                                           "Charged or summonsedSuspect charged50",
                                           "Charged or summonsedAwaiting court outcome10",
                                           "All casesNo outcome yet6",
                                           "All casesNot followed: no Crime ID4"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_non_null(strstr(rows, expected[i]));
    }
    drawn_free(&page);
    assert_false(tf_chart_is_empty(&chart));
}

static void an_empty_profile_gives_empty_charts(void **state) {
    (void)state;
    tf_profile profile = {.area_name = "Larkenshire", .group_title = "Drugs"};
    assert_ok(tf_profile_trend_chart(arena, &profile, &chart, &error), &error);
    assert_true(tf_chart_is_empty(&chart));
    assert_ok(tf_profile_changes_chart(arena, &profile, 5, NULL, &chart, &error), &error);
    assert_true(tf_chart_is_empty(&chart));
    assert_ok(tf_profile_outcomes_chart(arena, &profile, pack, &chart, &error), &error);
    assert_true(tf_chart_is_empty(&chart));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_trend_has_the_months_and_their_signals, begin, end),
        cmocka_unit_test_setup_teardown(months_without_limits_have_none_in_the_chart, begin, end),
        cmocka_unit_test_setup_teardown(areas_are_ranked_by_their_change, begin, end),
        cmocka_unit_test_setup_teardown(changed_areas_are_shown_however_few_are_wanted, begin, end),
        cmocka_unit_test_setup_teardown(areas_link_to_their_pages, begin, end),
        cmocka_unit_test_setup_teardown(outcomes_flow_through_their_groups, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_profile_gives_empty_charts, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
