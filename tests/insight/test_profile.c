#include "police_db.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char drugs[] = "Drugs", burglary[] = "Burglary", disorder[] = "Anti-social behaviour";

/* A database with the force "avalon" and no geography. */
static tf_db *make_bare_db(void **state) {
    tf_db *db = make_db(state, "db");
    execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police')");
    return db;
}

/* The number of "Drugs" rows in each month from `from` on; below 0 the month is not imported. */
static void put_months(tf_db *db, tf_month from, const int *counts, size_t month_count) {
    for (size_t i = 0; i < month_count; i++) {
        if (counts[i] >= 0) {
            put_many(db, "avalon", from + (tf_month)i, (int64_t)i + 1, (size_t)counts[i], "A1",
                     "Alphaton 001A");
        }
    }
}

static void a_group_counts_the_rows_of_its_types_and_keeps_duplicates(void **state) {
    static const street_row rows[] = {
        {1, "A1", "Alphaton 001A", drugs, NULL, false},
        {2, "A1", "Alphaton 001A", burglary, NULL, false},
        {0, "A1", "Alphaton 001A", disorder, NULL, false},
        {0, "A1", "Alphaton 001A", disorder, NULL, false},
        {3, NULL, NULL, burglary, NULL, true},
        {4, "A1", "Alphaton 001A", "Piracy", NULL, false},
        {5, "A1", "Alphaton 001A", NULL, NULL, false},
    };
    tf_db *db = make_bare_db(state);
    put_street(db, "avalon", MONTH(2023, 5), 1, rows, COUNT_OF(rows));
    profile_maker profiler = open_profiler(db);
    static const struct {
        const char *type;
        int64_t count, no_location;
        double harm;
        int64_t unweighted;
    } expected[] = {
        {"drugs", 1, 0, 3, 0},        {"acquisitive", 2, 1, 547, 0}, {"all", 5, 1, 550, 2},
        {"public-order", 2, 0, 0, 2}, {"Burglary", 2, 1, 547, 0},    {"Shoplifting", 0, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        tf_profile *profile =
            make_profile(&profiler, "avalon", expected[i].type, MONTH(2023, 5), MONTH(2023, 5));
        assert_int_equal(profile->count, expected[i].count);
        assert_int_equal(profile->no_location_count, expected[i].no_location);
        assert_true(profile->harm_total == expected[i].harm);
        assert_int_equal(profile->harm_unweighted, expected[i].unweighted);
        assert_true(has_note(profile, "\"Piracy\""));
        assert_false(profile->rate_per_1000.is_known);
        assert_non_null(profile->rate_per_1000.note);
        assert_true(isnan(profile->population));
        tf_profile_free(profile);
    }
    close_profiler(&profiler);
    tf_db_close(db);
}

/* Byar's interval of 65 events; see tests/stats/test_rate.c for its source. */
static void a_rate_is_that_of_the_whole_period_and_its_middle_year(void **state) {
    tf_db *db = make_bare_db(state);
    static const int counts[] = {20, 30, 15};
    put_months(db, MONTH(2023, 11), counts, 3);
    execute(db, "INSERT INTO population VALUES ('avalon', 2022, 500, 1), ('avalon', 2023, 1000, 1),"
                " ('avalon', 2025, 9000, 1)");
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 11), MONTH(2024, 1));
    assert_true(profile->rate_per_1000.is_known);
    assert_true(profile->population == 1000);
    assert_int_equal(profile->population_year, 2023);
    assert_near(profile->rate_per_1000.interval.value, 65, 1e-12);
    assert_near(profile->rate_per_1000.interval.lower, 50.163187710459454, 1e-12);
    assert_near(profile->rate_per_1000.interval.upper, 82.84913854593984, 1e-12);
    tf_profile_free(profile);
    profile = make_profile(&profiler, "avalon", "drugs", MONTH(2023, 12), MONTH(2024, 12));
    assert_int_equal(profile->population_year, 2023); /* the middle is in 2024 */
    assert_true(has_note(profile, "The population is that of 2023"));
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* The example of R's poisson.test: 11 events of 800 against 21 of 3,011. */
static void the_change_compares_rates_of_the_last_year_with_the_year_before(void **state) {
    tf_db *db = make_bare_db(state);
    static const int counts[36] = {
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, /* 2021 */
        1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 3, 3, /* 2022: 21 */
        0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 2023: 11 */
    };
    put_months(db, MONTH(2021, 1), counts, 36);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2021, 1), MONTH(2023, 12));
    assert_int_equal(profile->count, 84 + 21 + 11);
    assert_int_equal(profile->change.from, MONTH(2023, 1));
    assert_int_equal(profile->change.to, MONTH(2023, 12));
    assert_int_equal(profile->change.count, 11);
    assert_int_equal(profile->change.previous_count, 21);
    assert_true(profile->change.rate_ratio.is_known);
    assert_near(profile->change.rate_ratio.interval.value, 11.0 / 21, 1e-14);
    tf_profile_free(profile);
    execute(db,
            "INSERT INTO population VALUES ('avalon', 2022, 3011, 1), ('avalon', 2023, 800, 1)");
    profile = make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 12));
    assert_near(profile->change.rate_ratio.interval.value, 1.9714880952380953, 1e-14);
    assert_near(profile->change.rate_ratio.interval.lower, 0.8584264033916397, 1e-12);
    assert_near(profile->change.rate_ratio.interval.upper, 4.277265943654075, 1e-12);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_short_period_is_compared_with_the_same_months(void **state) {
    tf_db *db = make_bare_db(state);
    static const int counts[15] = {5, 6, 50, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 40};
    put_months(db, MONTH(2022, 1), counts, 15);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 2));
    assert_int_equal(profile->change.from, MONTH(2023, 1));
    assert_int_equal(profile->change.count, 6);
    assert_int_equal(profile->change.previous_count, 11);
    assert_int_equal(area_of(profile, "A1").recent_count, 6);
    assert_int_equal(area_of(profile, "A1").previous_count, 11);
    assert_int_equal(area_of(profile, "A1").count, 6);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_change_with_months_missing_is_not_known(void **state) {
    tf_db *db = make_bare_db(state);
    int counts[24];
    for (size_t i = 0; i < 24; i++) {
        counts[i] = i == 2 || i == 4 || i == 5 || i == 20 ? -1 : 3;
    }
    put_months(db, MONTH(2022, 1), counts, 24);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 12));
    assert_false(profile->change.rate_ratio.is_known);
    assert_string_equal(profile->change.rate_ratio.note,
                        "The change is not known: no file was imported of 2022-03, 2022-05 to "
                        "2022-06, 2023-09.");
    assert_true(has_note(profile, "No street file of avalon was imported for 2023-09."));
    assert_false(area_of(profile, "A1").change.is_known);
    assert_true(isnan(area_of(profile, "A1").change_p));
    assert_true(profile->months[8].is_missing);
    assert_false(profile->months[7].is_missing);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void nothing_in_two_years_has_no_ratio(void **state) {
    tf_db *db = make_bare_db(state);
    static const int counts[24] = {0};
    put_months(db, MONTH(2022, 1), counts, 24);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 12));
    assert_int_equal(profile->count, 0);
    assert_true(isnan(profile->no_location_share));
    assert_false(profile->change.rate_ratio.is_known);
    assert_non_null(profile->change.rate_ratio.note);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* 10, 12, 9 and 40: mean 17.75, ranges 2, 3, 31 of mean 12, sigma 12 / 1.128. */
static void the_chart_is_drawn_through_the_months_there_are(void **state) {
    tf_db *db = make_bare_db(state);
    static const int counts[] = {10, -1, 12, 9, -1, 40};
    put_months(db, MONTH(2023, 1), counts, 6);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 6));
    assert_int_equal(profile->month_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(profile->months[i].month, MONTH(2023, 1) + (int)i);
        assert_int_equal(profile->months[i].count, counts[i] < 0 ? 0 : counts[i]);
        assert_int_equal(profile->months[i].is_missing, counts[i] < 0);
        assert_near(profile->months[i].centre, 17.75, 1e-12);
        assert_near(profile->months[i].upper, 17.75 + 36 / 1.128, 1e-12);
        assert_true(profile->months[i].lower == 0);
        assert_int_equal(profile->months[i].signal, TF_SIGNAL_NONE);
    }
    tf_profile_free(profile);
    profile = make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 2));
    assert_true(isnan(profile->months[0].centre)); /* one month sets no limits */
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_signal_stands_at_its_month(void **state) {
    tf_db *db = make_bare_db(state);
    static const int counts[] = {10, 11, 10, -1, 11, 10, 11, 90, 10, 11, 10, 11};
    put_months(db, MONTH(2023, 1), counts, COUNT_OF(counts));
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 12));
    for (size_t i = 0; i < profile->month_count; i++) {
        if (i == 7) {
            assert_int_equal(profile->months[i].signal, TF_SIGNAL_ABOVE_LIMIT);
        } else {
            assert_int_not_equal(profile->months[i].signal, TF_SIGNAL_ABOVE_LIMIT);
        }
    }
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* After months without any offence the mean is 0 and the standard deviation is raised to 1, so
 * that 4 exceed 0 + 3 x 1, and 4 - 0 - 1 > 2; and 3 do neither. */
static void an_alert_needs_four_offences_after_months_without_any(void **state) {
    static const int counts[2][14] = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0},
                                      {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0}};
    for (size_t i = 0; i < 2; i++) {
        char name[8];
        snprintf(name, sizeof name, "db%zu", i);
        tf_db *db = make_db(state, name);
        execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police')");
        put_months(db, MONTH(2022, 1), counts[i], 14);
        profile_maker profiler = open_profiler(db);
        tf_profile *profile =
            make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 2));
        static const char *const methods[] = {"EARS C1", "EARS C2", "EARS C3"};
        /* C3 sums over three months and so still stands a month later. */
        assert_int_equal(profile->alert_count, i == 0 ? 0 : 4);
        for (size_t k = 0; k < 3 && i == 1; k++) {
            assert_string_equal(profile->alerts[k].method, methods[k]);
            assert_int_equal(profile->alerts[k].month, MONTH(2023, 1));
            assert_int_equal(profile->alerts[k].count, 4);
            assert_true(profile->alerts[k].threshold == 3);
        }
        if (i == 1) {
            assert_string_equal(profile->alerts[3].method, "EARS C3");
            assert_int_equal(profile->alerts[3].month, MONTH(2023, 2));
            assert_true(isnan(profile->alerts[3].threshold));
        }
        tf_profile_free(profile);
        close_profiler(&profiler);
        tf_db_close(db);
    }
}

static void an_alert_before_the_period_is_not_told(void **state) {
    tf_db *db = make_bare_db(state);
    static const int counts[14] = {0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0};
    put_months(db, MONTH(2022, 1), counts, 14);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 2));
    assert_int_equal(profile->alert_count, 0);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* Crimes 1 to 8, one for each way in which an outcome is found or not. */
static void outcomes_are_joined_by_crime_id(void **state) {
    static const char none[] = "Investigation complete; no suspect identified";
    static const street_row rows[] = {
        {1, "A1", "Alphaton 001A", drugs, "Under investigation", false},    /* one outcome */
        {2, "A1", "Alphaton 001A", drugs, "Under investigation", false},    /* two, out of order */
        {3, "A1", "Alphaton 001A", drugs, NULL, false},                     /* two of one month */
        {4, "A1", "Alphaton 001A", drugs, "Awaiting court outcome", false}, /* none */
        {5, "A1", "Alphaton 001A", drugs, NULL, false},                     /* nor any status */
        {0, "A1", "Alphaton 001A", drugs, NULL, false},                     /* no ID */
        {7, "A1", "Alphaton 001A", burglary, NULL, false},                  /* not of the group */
        {8, "A1", "Alphaton 001A", drugs, NULL, false}, /* a wording nobody knows */
    };
    static const outcome_row may[] = {{1, "Suspect charged", 0},  {2, "Local resolution", 0},
                                      {7, "Local resolution", 0}, {99, "Local resolution", 0},
                                      {0, "Local resolution", 0}, {5, NULL, 0}};
    static const outcome_row much_later[] = {
        {2, none, MONTH(2023, 6)}, {3, "Local resolution", 0}, {3, none, 0}, {8, "Keelhauled", 0}};
    static const outcome_row earlier_again[] = {{2, "Suspect charged", MONTH(2023, 5)}};
    tf_db *db = make_bare_db(state);
    put_street(db, "avalon", MONTH(2023, 5), 1, rows, COUNT_OF(rows));
    put_outcomes(db, "avalon", MONTH(2023, 5), 2, may, COUNT_OF(may));
    put_outcomes(db, "avalon", MONTH(2024, 1), 3, much_later, COUNT_OF(much_later));
    put_outcomes(db, "avalon", MONTH(2024, 2), 4, earlier_again, 1);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 5));
    const tf_profile_outcomes *outcomes = &profile->outcomes;
    assert_int_equal(outcomes->case_count, 7);
    assert_int_equal(outcomes->without_id, 1);
    assert_int_equal(outcomes->without_outcome, 1);
    assert_int_equal(outcomes->joined, 4);
    assert_int_equal(outcomes->from_street_file, 1);
    assert_int_equal(outcomes->several_outcomes, 2);
    assert_int_equal(outcomes->outcome_count, 3);
    assert_string_equal(outcomes->outcomes[0].name, none);
    assert_int_equal(outcomes->outcomes[0].count, 2);
    assert_string_equal(outcomes->outcomes[1].name, "Suspect charged"); /* one of them awaits */
    assert_int_equal(outcomes->outcomes[1].count, 2);
    assert_string_equal(outcomes->outcomes[2].name, "Keelhauled");
    assert_int_equal(share_of(outcomes->groups, outcomes->group_count, "Charged or summonsed"), 2);
    assert_int_equal(share_of(outcomes->groups, outcomes->group_count, "No suspect identified"), 2);
    assert_int_equal(outcomes->group_count, 3);
    assert_int_equal(profile->source_count, 4);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void another_forces_outcomes_are_not_joined(void **state) {
    static const street_row row = {1, "A1", "Alphaton 001A", drugs, NULL, false};
    static const outcome_row outcome = {1, "Suspect charged", 0};
    tf_db *db = make_bare_db(state);
    put_street(db, "avalon", MONTH(2023, 5), 1, &row, 1);
    put_outcomes(db, "rail", MONTH(2023, 5), 2, &outcome, 1);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(profile->outcomes.joined, 0);
    assert_int_equal(profile->outcomes.without_outcome, 1);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* Found: linked (3 of them, one without further action).  Not found: told so (1), or no further
 * action and nothing told (2).  An arrest of which it is not told (1), and no outcome at all (1),
 * are left out: 3 of 6.  Wilson's interval of 3 of 6 by its formula. */
static void searches_for_drugs_and_what_they_found(void **state) {
    static const char object[] = "Controlled drugs", nothing[] = "A no further action disposal";
    static const search_row rows[] = {
        {object, "Arrest", 't', -0.5, 52},
        {object, "Community resolution", 't', -0.5, 52},
        {object, nothing, 't', 0, 0},
        {object, "Arrest", 'f', -0.5, 52},
        {object, nothing, 0, -0.5, 52},
        {object, nothing, 0, 0, 0},
        {object, "Arrest", 0, -0.5, 52},
        {object, NULL, 0, -0.5, 52},
        {"Stolen goods", "Arrest", 't', -0.5, 52},
        {NULL, NULL, 0, -0.5, 52},
    };
    tf_db *db = make_bare_db(state);
    put_searches(db, "avalon", MONTH(2023, 5), 1, rows, COUNT_OF(rows));
    put_searches(db, "avalon", MONTH(2023, 7), 2, rows, 1);
    put_searches(db, "rail", MONTH(2023, 5), 3, rows, 1);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 6));
    const tf_profile_searches *searches = &profile->searches;
    assert_true(searches->is_known);
    assert_int_equal(searches->count, 10);
    assert_int_equal(searches->for_drugs, 8);
    assert_int_equal(searches->without_location, 2);
    assert_int_equal(searches->outcome_count, 4);
    assert_string_equal(searches->outcomes[0].name, nothing); /* before Arrest by its letters */
    assert_int_equal(searches->outcomes[0].count, 3);
    assert_string_equal(searches->outcomes[1].name, "Arrest");
    assert_int_equal(searches->outcomes[1].count, 3);
    assert_int_equal(share_of(searches->outcomes, searches->outcome_count, "Not stated"), 1);
    assert_true(searches->found_rate.is_known);
    assert_near(searches->found_rate.interval.value, 0.5, 1e-15);
    assert_near(searches->found_rate.interval.lower, 0.18761630, 1e-8);
    assert_near(searches->found_rate.interval.upper, 0.81238370, 1e-8);
    assert_non_null(strstr(searches->found_rate.note, "Of 2 searches"));
    assert_true(has_note(profile, "No stop-and-search file of avalon was imported for 2023-06."));
    assert_int_equal(profile->source_count, 1);
    tf_profile_free(profile);
    profile = make_profile(&profiler, "avalon", "drugs", MONTH(2023, 9), MONTH(2023, 9));
    assert_false(profile->searches.is_known);
    assert_non_null(profile->searches.note);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_month_imported_again_is_counted_anew(void **state) {
    tf_db *db = make_bare_db(state);
    static const street_row row = {1, "A1", "Alphaton 001A", drugs, NULL, false};
    static const outcome_row charged = {1, "Suspect charged", 0},
                             closed = {1, "Local resolution", 0};
    put_many(db, "avalon", MONTH(2023, 5), 1, 7, "A1", "Alphaton 001A");
    put_street(db, "avalon", MONTH(2023, 6), 2, &row, 1);
    put_outcomes(db, "avalon", MONTH(2023, 6), 3, &charged, 1);
    profile_maker profiler = open_profiler(db);
    static const struct {
        int64_t count;
        const char *outcome;
    } expected[] = {{8, "Suspect charged"}, {4, "Suspect charged"}, {4, "Local resolution"}};
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        if (i == 1) {
            put_many(db, "avalon", MONTH(2023, 5), 4, 3, "A2", "Alphaton 001B");
        } else if (i == 2) {
            put_outcomes(db, "avalon", MONTH(2023, 6), 5, &closed, 1);
        }
        for (int again = 0; again < 2; again++) {
            tf_profile *profile =
                make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 6));
            assert_int_equal(profile->count, expected[i].count);
            assert_string_equal(profile->outcomes.outcomes[0].name, expected[i].outcome);
            tf_profile_free(profile);
        }
    }
    close_profiler(&profiler);
    tf_db_close(db);
}

static void the_sources_are_the_batches_that_contributed(void **state) {
    tf_db *db = make_bare_db(state);
    static const outcome_row outcome = {1, "Suspect charged", 0};
    put_many(db, "avalon", MONTH(2021, 12), 9, 1, "A1", "x"); /* before the year before */
    put_many(db, "avalon", MONTH(2022, 1), 10, 2, "A1", "x"); /* the year before */
    put_many(db, "avalon", MONTH(2023, 1), 11, 3, "A1", "x");
    put_many(db, "avalon", MONTH(2023, 2), 11, 4, "A1", "x"); /* of one file of two months */
    put_many(db, "avalon", MONTH(2023, 3), 12, 5, "A1", "x"); /* after the period */
    put_many(db, "rail", MONTH(2023, 1), 13, 6, "A1", "x");   /* of another force */
    put_outcomes(db, "avalon", MONTH(2023, 9), 14, &outcome, 1);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 1), MONTH(2023, 2));
    assert_int_equal(profile->source_count, 3);
    assert_string_equal(profile->sources[0].feed, "outcomes");
    assert_string_equal(profile->sources[0].file, "file 14");
    assert_string_equal(profile->sources[1].sha256, "hash 10");
    assert_string_equal(profile->sources[2].file, "file 11");
    assert_int_equal(profile->sources[2].rows, 7);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void requests_that_make_no_sense_are_refused(void **state) {
    tf_db *db = make_bare_db(state);
    static const int counts[] = {1};
    put_months(db, MONTH(2023, 1), counts, 1);
    profile_maker profiler = open_profiler(db);
    static const struct {
        tf_profile_request request;
        tf_status status;
        const char *part;
    } cases[] = {
        {{"avalom", "drugs", MONTH(2023, 1), MONTH(2023, 2)}, TF_NOT_FOUND, "avalom"},
        {{"avalon", "piracy", MONTH(2023, 1), MONTH(2023, 2)}, TF_NOT_FOUND, "drugs, "},
        {{"avalon", "drugs", MONTH(2023, 2), MONTH(2023, 1)}, TF_BAD_INPUT, "before it starts"},
        {{"avalon", "drugs", MONTH(1950, 1), MONTH(2000, 1)}, TF_BAD_INPUT, "600 months"},
        {{"avalon", "drugs", INT32_MIN, INT32_MAX}, TF_BAD_INPUT, ""},
        {{"avalon", "drugs", 0, INT32_MAX}, TF_BAD_INPUT, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tf_error error;
        tf_profile *profile = (tf_profile *)state;
        assert_int_equal(tf_profile_make(profiler.data, &cases[i].request, &profile, &error),
                         cases[i].status);
        assert_null(profile);
        char text[1400];
        assert_non_null(strstr(tf_error_format(&error, text, sizeof text), cases[i].part));
    }
    tf_profile *longest =
        make_profile(&profiler, "avalon", "drugs", MONTH(1990, 1), MONTH(2039, 12));
    assert_int_equal(longest->month_count, 600);
    assert_int_equal(longest->count, 1);
    tf_profile_free(longest);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_damaged_partition_is_told(void **state) {
    static const char *const damages[] = {
        "UPDATE partition_stream SET stream = x'00'",
        "UPDATE partition_stream SET stream = substr(stream, 1, length(stream) - 40)",
        "UPDATE partition SET feed = 'street', force = 'avalon' WHERE feed = 'stop-and-search'",
    };
    static const search_row search = {"Controlled drugs", "Arrest", 't', 0, 0};
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        char name[8];
        snprintf(name, sizeof name, "db%zu", i);
        tf_db *db = make_db(state, name);
        execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police')");
        put_many(db, "avalon", MONTH(2023, 5), 1, 7, "A1", "Alphaton 001A");
        put_searches(db, "rail", MONTH(2023, 6), 1, &search, 1);
        profile_maker profiler = open_profiler(db);
        tf_profile_free(make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 5)));
        execute(db, damages[i]);
        execute(db, "UPDATE partition SET batch_id = 2");
        tf_error error;
        tf_profile *profile;
        tf_profile_request request = {"avalon", "drugs", MONTH(2023, 5), MONTH(2023, 6)};
        assert_int_equal(tf_profile_make(profiler.data, &request, &profile, &error), TF_BAD_INPUT);
        assert_true(error.message[0]);
        close_profiler(&profiler);
        tf_db_close(db);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_group_counts_the_rows_of_its_types_and_keeps_duplicates),
        temporary_test(a_rate_is_that_of_the_whole_period_and_its_middle_year),
        temporary_test(the_change_compares_rates_of_the_last_year_with_the_year_before),
        temporary_test(a_short_period_is_compared_with_the_same_months),
        temporary_test(a_change_with_months_missing_is_not_known),
        temporary_test(nothing_in_two_years_has_no_ratio),
        temporary_test(the_chart_is_drawn_through_the_months_there_are),
        temporary_test(a_signal_stands_at_its_month),
        temporary_test(an_alert_needs_four_offences_after_months_without_any),
        temporary_test(an_alert_before_the_period_is_not_told),
        temporary_test(outcomes_are_joined_by_crime_id),
        temporary_test(another_forces_outcomes_are_not_joined),
        temporary_test(searches_for_drugs_and_what_they_found),
        temporary_test(a_month_imported_again_is_counted_anew),
        temporary_test(the_sources_are_the_batches_that_contributed),
        temporary_test(requests_that_make_no_sense_are_refused),
        temporary_test(a_damaged_partition_is_told),
    };
    return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
