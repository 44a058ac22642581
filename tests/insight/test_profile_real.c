/* The profile of real files, and of the fictional county in which facts are planted. */
#include "police_db.h"

#include "demo/demo.h"
#include "demo/facts.h"
#include "intake/areas.h"
#include "intake/lookup.h"
#include "intake/police.h"
#include "intake/population.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void import_police(tf_db *db, const char *path) {
    tf_error error;
    tf_pack *pack;
    tf_police_summary summary;
    tf_police_options options = {0};
    assert_ok(tf_pack_open(NULL, &pack, &error), &error);
    assert_ok(tf_police_import(db, pack, &path, 1, &options, &summary, &error), &error);
    assert_int_equal(summary.files_failed, 0);
    tf_pack_free(pack);
}

static void import_areas(tf_db *db, const char *path, const char *layer) {
    tf_error error;
    tf_areas_summary summary;
    assert_ok(tf_areas_import(db, path, &(tf_areas_options){.layer = layer}, &summary, &error),
              &error);
}

static void import_population(tf_db *db, const char *path) {
    tf_error error;
    tf_population_summary summary;
    assert_ok(tf_population_import(db, path, &(tf_population_options){0}, &summary, &error),
              &error);
}

static void import_lookup(tf_db *db, const char *path) {
    tf_error error;
    tf_lookup_summary summary;
    assert_ok(tf_lookup_import(db, path, &summary, &error), &error);
}

/* The counts of the data's README, which come from other programs. */
static void bedfordshire_has_the_counts_of_its_files(void **state) {
    char police[512], small_areas[512], people[512], lookup[512];
    REAL_DATA("police/bedfordshire", police);
    REAL_DATA("geography/LAD23_mid_year_pop_2011_to_2022.xlsx", people);
    REAL_DATA("geography/lad23_csp23_pfa23_lookup.csv", lookup);
    tf_error error;
    tf_db *db;
    assert_ok(tf_db_open(temporary_path(state, "db"), TF_DB_WRITE, &db, &error), &error);
    import_police(db, police);
    static const char *const authorities[] = {"E06000032", "E06000055", "E06000056"};
    for (size_t i = 0; i < COUNT_OF(authorities); i++) {
        char name[64];
        snprintf(name, sizeof name, "geography/lsoa2021/%s.geojson.gz", authorities[i]);
        REAL_DATA(name, small_areas);
        import_areas(db, small_areas, NULL);
    }
    import_population(db, people);
    import_lookup(db, lookup);
    profile_maker profiler = open_profiler(db);

    tf_profile *profile =
        make_profile(&profiler, "bedfordshire", "all", MONTH(2021, 5), MONTH(2024, 4));
    assert_int_equal(profile->count, 182113);
    assert_int_equal(profile->no_location_count, 6381);
    assert_int_equal(profile->searches.count, 11810);
    assert_int_equal(profile->searches.for_drugs, 8457);
    assert_int_equal(profile->searches.without_location, 2319);
    assert_int_equal(profile->outcomes.case_count, 182113);
    /* 141,231 of the 147,912 IDs have an outcome; some IDs stand in several street rows. */
    assert_int_equal(profile->outcomes.joined + profile->outcomes.from_street_file +
                         profile->outcomes.without_outcome + profile->outcomes.without_id,
                     182113);
    assert_true(profile->outcomes.joined >= 141231);
    assert_int_equal(profile->source_count, 108);
    assert_int_equal(profile->area_count, 417);
    assert_true(profile->rate_per_1000.is_known);
    assert_true(profile->change.rate_ratio.is_known);
    tf_profile_free(profile);

    profile = make_profile(&profiler, "E23000026", "drugs", MONTH(2021, 5), MONTH(2024, 4));
    assert_int_equal(profile->count, 5195);
    for (size_t i = 0; i < profile->month_count; i++) {
        assert_false(profile->months[i].is_missing);
    }
    tf_profile_free(profile);

    int64_t of_authorities = 0;
    for (size_t i = 0; i < COUNT_OF(authorities); i++) {
        profile = make_profile(&profiler, authorities[i], "all", MONTH(2021, 5), MONTH(2024, 4));
        assert_int_equal(profile->no_location_count, 0);
        of_authorities += profile->count;
        tf_profile_free(profile);
    }
    assert_true(of_authorities <= 182113 - 6381);
    assert_true(of_authorities >=
                182113 - 6381 - 1200); /* 865 pairs of point and area lie outside */
    close_profiler(&profiler);
    tf_db_close(db);
}

/* How many of the areas changed beyond chance, upwards (1) or downwards (-1). */
static size_t count_changed(const tf_profile *profile, const tf_demo_area *areas, size_t count,
                            int direction) {
    size_t changed = 0;
    for (size_t i = 0; i < count; i++) {
        tf_profile_area area = area_of(profile, areas[i].code);
        changed += area.is_changed && (area.change.interval.value > 1) == (direction > 0);
    }
    return changed;
}

static size_t count_hot(const tf_profile *profile, const tf_demo_area *areas, size_t count) {
    size_t hot = 0;
    for (size_t i = 0; i < count; i++) {
        hot += area_of(profile, areas[i].code).is_hot;
    }
    return hot;
}

static void what_is_planted_in_the_county_is_found(void **state) {
    tf_error error;
    tf_db *db;
    char path[512];
    const char *folder = temporary_path(state, "county");
    assert_ok(tf_demo_write(folder, &error), &error);
    assert_ok(tf_db_open(temporary_path(state, "db"), TF_DB_WRITE, &db, &error), &error);
    snprintf(path, sizeof path, "%s/police", folder);
    import_police(db, path);
    snprintf(path, sizeof path, "%s/areas/small-areas.geojson", folder);
    import_areas(db, path, "small-areas");
    snprintf(path, sizeof path, "%s/population.csv", folder);
    import_population(db, path);
    snprintf(path, sizeof path, "%s/lookup.csv", folder);
    import_lookup(db, path);
    profile_maker profiler = open_profiler(db);

    /* The growing market: in the last year against the one before. */
    tf_profile *profile = make_profile(&profiler, TF_DEMO_FORCE_SLUG, "drugs", TF_DEMO_FIRST_MONTH,
                                       TF_DEMO_LAST_MONTH);
    assert_int_equal(profile->area_count, TF_DEMO_AREA_COUNT);
    assert_true(profile->rate_per_1000.is_known);
    assert_true(count_changed(profile, tf_demo_growing_areas, COUNT_OF(tf_demo_growing_areas), 1) >=
                3);
    for (size_t i = 0; i < COUNT_OF(tf_demo_growing_areas); i++) {
        tf_profile_area area = area_of(profile, tf_demo_growing_areas[i].code);
        assert_true(area.change.interval.value > 2 && area.change_p < 0.05);
    }
    assert_true(count_hot(profile, tf_demo_closed_areas, COUNT_OF(tf_demo_closed_areas)) >= 4);
    size_t rises = 0;
    for (size_t i = 0; i < profile->area_count; i++) {
        rises += profile->areas[i].is_changed && profile->areas[i].change.interval.value > 1;
    }
    assert_true(rises <= COUNT_OF(tf_demo_growing_areas));
    tf_profile_free(profile);

    /* The closed line: the year from its closure against the year before. */
    profile = make_profile(&profiler, TF_DEMO_FORCE_SLUG, "drugs", TF_DEMO_CLOSED_MONTH,
                           TF_DEMO_CLOSED_MONTH + 11);
    assert_true(count_changed(profile, tf_demo_closed_areas, COUNT_OF(tf_demo_closed_areas), -1) >=
                4);
    tf_profile_free(profile);

    /* The displaced hot spot: hot on one side before the move, on the other after it. */
    profile = make_profile(&profiler, TF_DEMO_FORCE_SLUG, "Robbery", TF_DEMO_FIRST_MONTH,
                           TF_DEMO_DISPLACED_MONTH - 1);
    size_t from_before = count_hot(profile, tf_demo_displaced_from, 4);
    tf_profile_free(profile);
    profile = make_profile(&profiler, TF_DEMO_FORCE_SLUG, "Robbery", TF_DEMO_DISPLACED_MONTH,
                           TF_DEMO_LAST_MONTH);
    size_t to_after = count_hot(profile, tf_demo_displaced_to, 4);
    assert_true(from_before >= 3);
    assert_true(to_after >= 3);
    assert_true(count_changed(profile, tf_demo_displaced_to, 4, 1) >= 1);
    assert_true(count_changed(profile, tf_demo_displaced_from, 4, -1) >= 3);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(bedfordshire_has_the_counts_of_its_files),
        temporary_test(what_is_planted_in_the_county_is_found),
    };
    return cmocka_run_group_tests_name("profile of whole counties", tests, NULL, NULL);
}
