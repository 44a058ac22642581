#include "police_db.h"

#include "insight/compare.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char drugs[] = "Drugs", burglary[] = "Burglary";

/* The county of police_db.h, with rows of its own force and of one that passes through; A1 is also
 * named by a code of another census, Z9 is nowhere. */
static tf_db *make_county(void **state) {
    static const street_row may[] = {
        {1, "A1", "Alphaton 001A", drugs, NULL, false},
        {2, "A1", "Alphaton 001A", drugs, NULL, false},
        {3, "OLD1", "Alphaton 001A", drugs, NULL, false},
        {4, "A2", "Alphaton 001B", drugs, NULL, false},
        {5, "A2", "Alphaton 001B", burglary, NULL, false},
        {6, "B1", "Betaby 001A", drugs, NULL, false},
        {7, "Z9", "Elsewhere 001A", drugs, NULL, false},
        {8, NULL, NULL, drugs, NULL, true},
        {9, "A3", "Alphaton 001C", NULL, NULL, false},
    };
    static const street_row june[] = {{10, "A2", "Alphaton 001B", drugs, NULL, false}};
    static const street_row rail[] = {{11, "B1", "Betaby 001A", drugs, NULL, false}};
    tf_db *db = make_db(state, "db");
    execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police'), ('rail', 'Rail Police')");
    add_county(db);
    put_street(db, "avalon", MONTH(2023, 5), 1, may, COUNT_OF(may));
    put_street(db, "avalon", MONTH(2023, 6), 2, june, COUNT_OF(june));
    put_street(db, "rail", MONTH(2023, 5), 3, rail, COUNT_OF(rail));
    execute(db, "INSERT INTO population VALUES ('A1', 2023, 1000, 1), ('A2', 2023, 2000, 1),"
                " ('A3', 2023, 1500, 1), ('A4', 2023, 1000, 1), ('A5', 2023, 1000, 1),"
                " ('B1', 2023, 500, 1)");
    return db;
}

static tf_comparison *compare(profile_maker *profiler, const char *within, tf_layer layer,
                              const char *type, tf_month from, tf_month to) {
    tf_error error;
    tf_comparison *comparison = NULL;
    tf_comparison_request request = {within, layer, type, from, to};
    assert_ok(tf_comparison_make(profiler->data, &request, &comparison, &error), &error);
    return comparison;
}

static bool has_area(const tf_comparison *comparison, const char *code) {
    bool is_there = false;
    for (size_t i = 0; i < comparison->area_count; i++) {
        is_there = is_there || strcmp(comparison->areas[i].code, code) == 0;
    }
    return is_there;
}

/* The area of that code, which must be there. */
static const tf_comparison_area *area_in(const tf_comparison *comparison, const char *code) {
    size_t found = 0;
    assert_true(has_area(comparison, code));
    while (strcmp(comparison->areas[found].code, code) != 0) {
        found++;
    }
    return &comparison->areas[found];
}

static bool says(const tf_comparison *comparison, const char *part) {
    for (size_t i = 0; i < comparison->note_count; i++) {
        if (strstr(comparison->notes[i], part)) {
            return true;
        }
    }
    return false;
}

static void rows_count_where_their_small_area_lies_whoever_reports_them(void **state) {
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_comparison *comparison =
        compare(&profiler, "Avalon", TF_LAYER_SMALL_AREA, "drugs", MONTH(2023, 5), MONTH(2023, 6));
    static const struct {
        const char *code;
        int64_t count;
    } expected[] = {{"A1", 3}, {"A2", 2}, {"A3", 0}, {"A4", 0}, {"A5", 0}, {"B1", 2}};
    assert_int_equal(comparison->area_count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_int_equal(area_in(comparison, expected[i].code)->count, expected[i].count);
    }
    assert_string_equal(comparison->within_name, "Avalon");
    assert_int_equal(comparison->source_count, 3);
    tf_comparison_free(comparison);
    comparison = compare(&profiler, NULL, TF_LAYER_FORCE, "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(comparison->area_count, 2);
    assert_int_equal(area_in(comparison, "F1")->count, 7);
    assert_int_equal(area_in(comparison, "rail")->count, 1);
    assert_null(comparison->within_code);
    tf_comparison_free(comparison);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* Two computations that share little: one counts all areas at once, the other each alone. */
static void every_area_has_the_count_and_the_rate_of_its_profile(void **state) {
    static const tf_layer layers[] = {TF_LAYER_FORCE, TF_LAYER_AUTHORITY, TF_LAYER_PARTNERSHIP,
                                      TF_LAYER_SMALL_AREA};
    static const char *const types[] = {"drugs", "all", "Burglary"};
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    size_t rated = 0;
    for (size_t k = 0; k < COUNT_OF(layers) * COUNT_OF(types); k++) {
        const char *type = types[k / COUNT_OF(layers)];
        tf_comparison *comparison = compare(&profiler, NULL, layers[k % COUNT_OF(layers)], type,
                                            MONTH(2023, 5), MONTH(2023, 5));
        for (size_t i = 0; i < comparison->area_count; i++) {
            const tf_comparison_area *area = &comparison->areas[i];
            tf_profile *profile =
                make_profile(&profiler, area->code, type, MONTH(2023, 5), MONTH(2023, 5));
            assert_int_equal(area->count, profile->count);
            assert_int_equal(area->rate_per_1000.is_known, profile->rate_per_1000.is_known);
            if (area->rate_per_1000.is_known) {
                rated++;
                assert_true(area->population == profile->population);
                assert_memory_equal(&area->rate_per_1000.interval, &profile->rate_per_1000.interval,
                                    sizeof(tf_interval));
            }
            tf_profile_free(profile);
        }
        tf_comparison_free(comparison);
    }
    assert_int_equal(rated, (1 + 2 + 2 + 6) * COUNT_OF(types));
    close_profiler(&profiler);
    tf_db_close(db);
}

static void areas_stand_in_order_of_their_rates(void **state) {
    static const char *const order[] = {"B1", "A1", "A2", "A3", "A4", "A5"};
    tf_db *db = make_county(state);
    execute(db, "DELETE FROM population WHERE code = 'A5'");
    profile_maker profiler = open_profiler(db);
    tf_comparison *comparison =
        compare(&profiler, "avalon", TF_LAYER_SMALL_AREA, "drugs", MONTH(2023, 5), MONTH(2023, 6));
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(comparison->areas[i].code, order[i]);
    }
    assert_int_equal(comparison->rated_count, 5);
    assert_false(comparison->areas[5].rate_per_1000.is_known);
    assert_non_null(comparison->areas[5].rate_per_1000.note);
    assert_true(isnan(comparison->areas[5].expected));
    assert_true(says(comparison, "1 areas have no rate, as their population"));
    tf_comparison_free(comparison);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* Five areas of 1,000 people and one of 5,000.  The limits around 10 events are SciPy's; see
 * tests/stats/test_funnel.c. */
static void an_area_is_placed_by_the_limits_of_its_size(void **state) {
    tf_db *db = make_county(state);
    static const char *const codes[] = {"A1", "A2", "A3", "A4", "A5", "B1"};
    static const char *const names[] = {"Alphaton 001A", "Alphaton 001B", "Alphaton 001C",
                                        "Alphaton 001D", "Alphaton 001E", "Betaby 001A"};
    static const size_t counts[] = {10, 9, 11, 10, 32, 28};
    street_row rows[100];
    size_t count = 0;
    for (size_t a = 0; a < 6; a++) {
        for (size_t i = 0; i < counts[a]; i++) {
            rows[count++] = (street_row){0, codes[a], names[a], drugs, NULL, false};
        }
    }
    put_street(db, "avalon", MONTH(2024, 1), 4, rows, count);
    execute(db, "DELETE FROM population");
    execute(db, "INSERT INTO population SELECT code, 2024, CASE code WHEN 'B1' THEN 5000 ELSE 1000"
                " END, 1 FROM area");
    profile_maker profiler = open_profiler(db);
    tf_comparison *comparison =
        compare(&profiler, "avalon", TF_LAYER_SMALL_AREA, "drugs", MONTH(2024, 1), MONTH(2024, 1));
    /* 100 events among 10,000: 10 in each of 1,000, and 50 in 5,000. */
    assert_near(comparison->overall_rate_per_1000, 10, 1e-12);
    const tf_comparison_area *area = area_in(comparison, "A1");
    assert_near(area->expected, 10, 1e-12);
    assert_near(area->limits.lower_998, 1.2205293158961341, 1e-9);
    assert_near(area->limits.upper_95, 16.15995067334479, 1e-9);
    assert_int_equal(area->position, TF_FUNNEL_WITHIN);
    assert_int_equal(area_in(comparison, "A5")->position, TF_FUNNEL_ABOVE_998);
    const tf_comparison_area *large = area_in(comparison, "B1");
    assert_near(large->expected, 50, 1e-12);
    assert_true(large->limits.upper_95 < area->limits.upper_95);
    assert_int_equal(large->position, TF_FUNNEL_BELOW_998);
    /* Six areas are too few to tell their dispersion. */
    assert_false(comparison->dispersion.is_clear);
    assert_int_equal(large->wide_position, large->position);
    assert_int_equal(comparison->above_count, 1);
    assert_int_equal(comparison->below_count, 1);
    tf_comparison_free(comparison);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void the_curve_runs_from_below_the_smallest_to_above_the_largest_area(void **state) {
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_comparison *comparison =
        compare(&profiler, "avalon", TF_LAYER_SMALL_AREA, "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(comparison->curve_count, TF_COMPARISON_CURVE_POINTS);
    const tf_comparison_curve *curve = comparison->curve;
    assert_true(curve[0].population < 500 && curve[comparison->curve_count - 1].population > 2000);
    for (size_t i = 0; i < comparison->curve_count; i++) {
        assert_true(i == 0 || curve[i].population > curve[i - 1].population);
        assert_true(curve[i].limits.lower_998 <= curve[i].limits.lower_95);
        assert_true(curve[i].limits.lower_95 <= comparison->overall_rate_per_1000);
        assert_true(curve[i].limits.upper_95 >= comparison->overall_rate_per_1000);
        assert_true(curve[i].limits.upper_998 >= curve[i].limits.upper_95);
    }
    tf_comparison_free(comparison);
    comparison = compare(&profiler, "avalon", TF_LAYER_SMALL_AREA, "weapons", MONTH(2023, 5),
                         MONTH(2023, 5));
    assert_int_equal(comparison->curve_count, 0); /* nothing is expected anywhere */
    assert_int_equal(comparison->areas[0].position, TF_FUNNEL_WITHIN);
    tf_comparison_free(comparison);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void areas_with_missing_months_have_a_count_and_no_rate(void **state) {
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_comparison *comparison =
        compare(&profiler, "avalon", TF_LAYER_AUTHORITY, "drugs", MONTH(2023, 4), MONTH(2023, 6));
    assert_int_equal(comparison->area_count, 2);
    const tf_comparison_area *area = area_in(comparison, "E1");
    assert_int_equal(area->count, 5);
    assert_int_equal(area->missing_months, 1);
    assert_false(area->rate_per_1000.is_known);
    assert_true(isnan(comparison->overall_rate_per_1000));
    assert_true(says(comparison, "2 areas have no rate, as months"));
    tf_comparison_free(comparison);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void areas_of_forces_without_files_are_left_out(void **state) {
    tf_db *db = make_county(state);
    execute(db, "INSERT INTO area_lookup VALUES"
                " ('E8', 'Farville', 'P8', 'Farville', 'F8', 'Farshire', 1)");
    profile_maker profiler = open_profiler(db);
    tf_comparison *comparison =
        compare(&profiler, NULL, TF_LAYER_AUTHORITY, "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(comparison->area_count, 2);
    assert_false(has_area(comparison, "E8"));
    assert_true(says(comparison, "1 areas are left out, as no file"));
    tf_comparison_free(comparison);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void partnerships_that_share_an_authority_are_left_out(void **state) {
    tf_db *db = make_county(state);
    execute(db, "INSERT INTO area_lookup VALUES"
                " ('E2', 'Betaby', 'P3', 'Old Betaby', 'F1', 'Avalon', 1)");
    profile_maker profiler = open_profiler(db);
    tf_comparison *comparison =
        compare(&profiler, "avalon", TF_LAYER_PARTNERSHIP, "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(comparison->area_count, 1);
    assert_string_equal(comparison->areas[0].code, "P1");
    assert_true(says(comparison, "2 partnerships are left out"));
    tf_comparison_free(comparison);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_new_population_is_seen_by_the_next_comparison(void **state) {
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_comparison *comparison =
        compare(&profiler, "avalon", TF_LAYER_SMALL_AREA, "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_true(area_in(comparison, "A1")->population == 1000);
    tf_comparison_free(comparison);
    execute(db, "UPDATE population SET people = 1200 WHERE code = 'A1'");
    execute(db, "INSERT INTO batch (feed, file, sha256, publisher, started_at)"
                " VALUES ('population', 'f', 's', 'p', 0)");
    comparison =
        compare(&profiler, "avalon", TF_LAYER_SMALL_AREA, "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_true(area_in(comparison, "A1")->population == 1200);
    tf_comparison_free(comparison);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void what_cannot_be_compared_is_refused(void **state) {
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    static const struct {
        tf_comparison_request request;
        tf_code code;
    } cases[] = {
        {{"Luton", TF_LAYER_SMALL_AREA, "drugs", MONTH(2023, 5), MONTH(2023, 5)}, TF_NOT_FOUND},
        {{"avalon", TF_LAYER_SMALL_AREA, "piracy", MONTH(2023, 5), MONTH(2023, 5)}, TF_NOT_FOUND},
        {{"avalon", TF_LAYER_SMALL_AREA, "drugs", MONTH(2023, 6), MONTH(2023, 5)}, TF_BAD_INPUT},
        {{"E1", TF_LAYER_FORCE, "drugs", MONTH(2023, 5), MONTH(2023, 5)}, TF_BAD_INPUT},
        {{"A1", TF_LAYER_AUTHORITY, "drugs", MONTH(2023, 5), MONTH(2023, 5)}, TF_BAD_INPUT},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tf_error error;
        tf_comparison *comparison;
        assert_int_equal(tf_comparison_make(profiler.data, &cases[i].request, &comparison, &error),
                         cases[i].code);
        assert_null(comparison);
        assert_true(error.message[0] != '\0');
    }
    close_profiler(&profiler);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(rows_count_where_their_small_area_lies_whoever_reports_them),
        temporary_test(every_area_has_the_count_and_the_rate_of_its_profile),
        temporary_test(areas_stand_in_order_of_their_rates),
        temporary_test(an_area_is_placed_by_the_limits_of_its_size),
        temporary_test(the_curve_runs_from_below_the_smallest_to_above_the_largest_area),
        temporary_test(areas_with_missing_months_have_a_count_and_no_rate),
        temporary_test(areas_of_forces_without_files_are_left_out),
        temporary_test(partnerships_that_share_an_authority_are_left_out),
        temporary_test(a_new_population_is_seen_by_the_next_comparison),
        temporary_test(what_cannot_be_compared_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
