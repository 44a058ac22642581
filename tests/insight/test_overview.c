#include "police_db.h"

#include "insight/overview.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static tf_db *make_county(void **state) {
    tf_db *db = make_db(state, "db");
    execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police'), ('rail', 'Rail Police')");
    add_county(db);
    return db;
}

/* So many rows of a type in an area in one month. */
typedef struct batch_of {
    const char *area;
    const char *name;
    const char *type;
    int count;
} batch_of;

static void put_batches(tf_db *db, const char *force, tf_month month, int64_t batch_id,
                        const batch_of *batches, size_t count) {
    street_row rows[400];
    size_t row_count = 0;
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < batches[i].count; k++) {
            rows[row_count++] =
                (street_row){0, batches[i].area, batches[i].name, batches[i].type, NULL, false};
        }
    }
    put_street(db, force, month, batch_id, rows, row_count);
}

static tf_overview *make(profile_maker *profiler, const char *area, tf_month from, tf_month to) {
    tf_error error;
    tf_overview *overview = NULL;
    tf_profile_request request = {area, "drugs", from, to};
    assert_ok(tf_overview_make(profiler->data, &request, &overview, &error), &error);
    return overview;
}

static tf_db *make_two_years(void **state) {
    static const batch_of before[] = {
        {"A1", "Alphaton 001A", "Drugs", 4},     {"A2", "Alphaton 001B", "Drugs", 25},
        {"A3", "Alphaton 001C", "Drugs", 8},     {"B1", "Betaby 001A", "Drugs", 2},
        {"A1", "Alphaton 001A", "Burglary", 20}, {NULL, NULL, "Drugs", 3}};
    static const batch_of now[] = {
        {"A1", "Alphaton 001A", "Drugs", 24},    {"A2", "Alphaton 001B", "Drugs", 4},
        {"A3", "Alphaton 001C", "Drugs", 9},     {"B1", "Betaby 001A", "Drugs", 19},
        {"A1", "Alphaton 001A", "Burglary", 30}, {NULL, NULL, "Drugs", 1}};
    tf_db *db = make_county(state);
    put_batches(db, "avalon", MONTH(2022, 5), 1, before, COUNT_OF(before));
    put_batches(db, "avalon", MONTH(2023, 5), 2, now, COUNT_OF(now));
    return db;
}

/* Every group's part is what its own profile says. */
static void every_group_has_the_figures_of_its_profile(void **state) {
    static const char *const areas[] = {"avalon", "E1", "P2", "A1"};
    tf_db *db = make_two_years(state);
    execute(db, "INSERT INTO population VALUES ('E1', 2022, 1000, 1), ('E1', 2023, 1500, 1)");
    profile_maker profiler = open_profiler(db);
    for (size_t a = 0; a < COUNT_OF(areas); a++) {
        tf_overview *overview = make(&profiler, areas[a], MONTH(2023, 5), MONTH(2023, 5));
        assert_true(overview->group_count >= 5);
        for (size_t g = 0; g < overview->group_count; g++) {
            const tf_overview_group *group = &overview->groups[g];
            tf_profile *profile =
                make_profile(&profiler, areas[a], group->name, MONTH(2023, 5), MONTH(2023, 5));
            assert_string_equal(group->title, profile->group_title);
            assert_int_equal(group->count, profile->count);
            assert_int_equal(group->change.count, profile->change.count);
            assert_int_equal(group->change.previous_count, profile->change.previous_count);
            const tf_profile_figure *ratio = &group->change.rate_ratio;
            assert_int_equal(ratio->is_known, profile->change.rate_ratio.is_known);
            assert_memory_equal(&ratio->interval, &profile->change.rate_ratio.interval,
                                sizeof ratio->interval);
            assert_int_equal(group->rate_per_1000.is_known, profile->rate_per_1000.is_known);
            assert_memory_equal(&group->rate_per_1000.interval, &profile->rate_per_1000.interval,
                                sizeof(tf_interval));
            assert_int_equal(group->month_count, profile->month_count);
            for (size_t m = 0; m < group->month_count; m++) {
                assert_int_equal(group->months[m].month, profile->months[m].month);
                assert_int_equal(group->months[m].count, profile->months[m].count);
                assert_int_equal(group->months[m].is_missing, profile->months[m].is_missing);
            }
            tf_profile_free(profile);
        }
        tf_overview_free(overview);
    }
    close_profiler(&profiler);
    tf_db_close(db);
}

/* By the binomial tails, twice: 24 to 4, p 0.00018; 4 to 25, p 0.0001; 19 to 2, p 0.00022; 9 to 8,
 * p 1. */
static void areas_that_rose_and_fell_beyond_chance_are_named_clearest_first(void **state) {
    tf_db *db = make_two_years(state);
    profile_maker profiler = open_profiler(db);
    tf_overview *overview = make(&profiler, "avalon", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(overview->profile->count, 57);
    assert_int_equal(overview->tested_count, 4);
    assert_null(overview->untested_note);
    assert_int_equal(overview->risen_count, 2);
    assert_string_equal(overview->risen[0]->code, "A1");
    assert_near(overview->risen[0]->change_p, 0.00017999112606048584, 1e-15);
    assert_string_equal(overview->risen[1]->code, "B1");
    assert_int_equal(overview->fallen_count, 1);
    assert_string_equal(overview->fallen[0]->code, "A2");
    tf_overview_free(overview);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void why_no_area_could_be_tested_is_said(void **state) {
    tf_db *db = make_two_years(state);
    profile_maker profiler = open_profiler(db);
    tf_overview *overview = make(&profiler, "avalon", MONTH(2022, 5), MONTH(2022, 5));
    assert_int_equal(overview->tested_count, 0);
    assert_non_null(strstr(overview->untested_note, "2021-05"));
    tf_overview_free(overview);
    close_profiler(&profiler);
    tf_db_close(db);
}

static tf_overview_start start_of(tf_db *db) {
    tf_error error;
    profile_maker profiler = open_profiler(db);
    tf_overview_start start;
    assert_ok(tf_overview_default(profiler.data, &start, &error), &error);
    close_profiler(&profiler);
    return start;
}

static void the_start_is_the_largest_force_and_its_last_whole_year(void **state) {
    static const batch_of few[] = {{"A1", "Alphaton 001A", "Drugs", 2}};
    static const batch_of many[] = {{"A1", "Alphaton 001A", "Drugs", 200}};
    tf_db *db = make_county(state);
    assert_false(start_of(db).is_known);
    for (int i = 0; i < 20; i++) {
        if (i != 16) { /* a month is missing, so that the last four make no year */
            put_batches(db, "avalon", MONTH(2022, 1) + i, 1 + i, few, 1);
        }
    }
    tf_overview_start start = start_of(db);
    assert_true(start.is_known);
    assert_string_equal(start.area, "F1");
    assert_int_equal(start.from, MONTH(2022, 5));
    assert_int_equal(start.to, MONTH(2023, 4));
    assert_int_equal(start.first, MONTH(2022, 1));
    assert_int_equal(start.last, MONTH(2023, 8));
    put_batches(db, "rail", MONTH(2024, 1), 40, many, 1); /* no area of the lookup */
    start = start_of(db);
    assert_string_equal(start.area, "rail");
    assert_int_equal(start.from, MONTH(2024, 1));
    assert_int_equal(start.to, MONTH(2024, 1));
    assert_int_equal(start.first, MONTH(2022, 1));
    assert_int_equal(start.last, MONTH(2024, 1));
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(every_group_has_the_figures_of_its_profile),
        temporary_test(areas_that_rose_and_fell_beyond_chance_are_named_clearest_first),
        temporary_test(why_no_area_could_be_tested_is_said),
        temporary_test(the_start_is_the_largest_force_and_its_last_whole_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
