#include "police_db.h"

#include "insight/profile_json.h"
#include "trefoil/base/hash.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char drugs[] = "Drugs";

enum { SMALL_AREAS = 6 };
static const char *const codes[SMALL_AREAS] = {"A1", "A2", "A3", "A4", "A5", "B1"};
static const char *const names[SMALL_AREAS] = {"Alphaton 001A", "Alphaton 001B", "Alphaton 001C",
                                               "Alphaton 001D", "Alphaton 001E", "Betaby 001A"};

static tf_db *make_county(void **state, const char *name) {
    tf_db *db = make_db(state, name);
    execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police'), ('rail', 'Rail Police')");
    add_county(db);
    return db;
}

/* So many "Drugs" rows in each small area of the county. */
static void put_by_area(tf_db *db, tf_month month, int64_t batch_id, const int *counts) {
    street_row rows[200];
    size_t count = 0;
    for (size_t area = 0; area < SMALL_AREAS; area++) {
        for (int i = 0; i < counts[area]; i++) {
            rows[count++] = (street_row){0, codes[area], names[area], drugs, NULL, false};
        }
    }
    put_street(db, "avalon", month, batch_id, rows, count);
}

/* Worked out by the formula of Ord & Getis 1995 for a row of five areas and one apart, and by that
 * of Benjamini & Hochberg 1995. */
static void hot_spots_are_where_neighbours_have_much(void **state) {
    static const int counts[SMALL_AREAS] = {1, 2, 9, 8, 1, 0};
    static const struct {
        double z, p, q;
    } expected[SMALL_AREAS] = {
        {-0.8798826901281198, 0.8105385685653654, 0.8349349059977212},
        {0.3110855084191276, 0.37786780878686355, 0.5668017131802954},
        {1.762817881041723, 0.03896560530628105, 0.17976641828733922},
        {1.5554275420956378, 0.05992213942911307, 0.17976641828733922},
        {0.4399413450640599, 0.3299897949330092, 0.5668017131802954},
        {-0.9738516810963533, 0.8349349059977211, 0.8349349059977212},
    };
    static const char *const order[] = {"A3", "A4", "A2", "A1", "A5", "B1"};
    tf_db *db = make_county(state, "db");
    put_by_area(db, MONTH(2023, 5), 1, counts);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_null(profile->areas_note);
    assert_int_equal(profile->area_count, SMALL_AREAS);
    for (size_t i = 0; i < SMALL_AREAS; i++) {
        tf_profile_area area = area_of(profile, codes[i]);
        assert_string_equal(area.name, names[i]);
        assert_int_equal(area.count, counts[i]);
        assert_near(area.gi_star_z, expected[i].z, 1e-9);
        assert_near(area.p, expected[i].p, 1e-9);
        assert_near(area.q, expected[i].q, 1e-9);
        assert_false(area.is_hot);
        assert_string_equal(profile->areas[i].code, order[i]);
    }
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* Of 24, 12, 10 and 3 events the smaller binomial tails, twice: 0.00154, 1, 0.0215 and 0.25; three
 * events are too few to be tested, and among three tests the first and the last pass (0.0046 and
 * 0.032). */
static void areas_that_changed_beyond_chance_are_marked(void **state) {
    static const int before[SMALL_AREAS] = {4, 6, 0, 0, 0, 9};
    static const int now[SMALL_AREAS] = {20, 6, 3, 0, 0, 1};
    static const double p[SMALL_AREAS] = {0.001543879508972168, 1, 0.25, NAN, NAN, 0.021484375};
    tf_db *db = make_county(state, "db");
    put_by_area(db, MONTH(2022, 5), 1, before);
    put_by_area(db, MONTH(2023, 5), 2, now);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 5));
    for (size_t i = 0; i < SMALL_AREAS; i++) {
        tf_profile_area area = area_of(profile, codes[i]);
        assert_int_equal(area.recent_count, now[i]);
        assert_int_equal(area.previous_count, before[i]);
        if (isnan(p[i])) {
            assert_true(isnan(area.change_p));
            assert_false(area.change.is_known);
            assert_non_null(area.change.note);
        } else {
            assert_near(area.change_p, p[i], 1e-12);
            assert_true(area.change.is_known);
        }
        assert_int_equal(area.is_changed, i == 0 || i == 5);
    }
    assert_near(area_of(profile, "A1").change.interval.value, 5, 1e-12);
    assert_true(isinf(area_of(profile, "A3").change.interval.value));
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void an_area_has_the_rows_in_its_small_areas_whoever_reported_them(void **state) {
    static const street_row avalon[] = {
        {1, "A1", "Alphaton 001A", drugs, NULL, false},
        {2, "A2", "Alphaton 001B", drugs, NULL, false},
        {3, "B1", "Betaby 001A", drugs, NULL, false},
        {4, NULL, NULL, drugs, NULL, true},
        {5, "K1", "Kent 001A", drugs, NULL, false},
        {6, "A9", "Alphaton 009Z", drugs, NULL, false}, /* that the layer does not have */
    };
    static const street_row rail[] = {
        {7, "A1", "Alphaton 001A", drugs, NULL, false},
        {8, "K1", "Kent 001A", drugs, NULL, false},
    };
    static const street_row kent = {9, "K1", "Kent 001A", drugs, NULL, false};
    tf_db *db = make_county(state, "db");
    put_street(db, "avalon", MONTH(2023, 5), 1, avalon, COUNT_OF(avalon));
    put_street(db, "avalon", MONTH(2023, 6), 2, avalon, 0);
    put_street(db, "rail", MONTH(2023, 5), 3, rail, COUNT_OF(rail));
    put_street(db, "kent", MONTH(2023, 6), 4, &kent, 1);
    profile_maker profiler = open_profiler(db);
    static const struct {
        const char *area, *layer;
        int64_t count, no_location;
        size_t areas, sources;
    } expected[] = {
        {"avalon", "force", 6, 1, 6, 2},
        {"Alphaton", "local authority", 4, 0, 5, 3},
        {"P1", "community safety partnership", 4, 0, 5, 3},
        {"Betaby", "local authority", 1, 0, 1, 2},
        {"A1", "small area", 2, 0, 1, 3},
        {"Alphaton 001C", "small area", 0, 0, 1, 0},
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        tf_profile *profile =
            make_profile(&profiler, expected[i].area, "drugs", MONTH(2023, 5), MONTH(2023, 6));
        assert_string_equal(profile->layer, expected[i].layer);
        assert_int_equal(profile->count, expected[i].count);
        assert_int_equal(profile->no_location_count, expected[i].no_location);
        assert_int_equal(profile->area_count, expected[i].areas);
        assert_int_equal(profile->source_count, expected[i].sources);
        assert_false(profile->months[0].is_missing); /* rail has no file of June */
        assert_false(profile->months[1].is_missing);
        assert_int_equal(has_note(profile, "several forces reported: avalon, rail"),
                         expected[i].sources == 3);
        assert_int_equal(has_note(profile, "No street file of rail was imported for 2023-06"),
                         expected[i].sources == 3);
        tf_profile_free(profile);
    }
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 6));
    assert_true(has_note(profile, "3 of the 6 offences, of which 1 name no small area and 2 one"));
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void codes_of_another_census_count_where_the_name_is_the_same(void **state) {
    static const street_row rows[] = {
        {1, "A2", "Alphaton 001B", drugs, NULL, false},
        {2, "OLD2", "Alphaton 001B", drugs, NULL, false},
        {3, "OLD9", "Alphaton 001X", drugs, NULL, false},
        {4, "B1", "Alphaton 001A", drugs, NULL,
         false}, /* the code is known: the name is not asked */
    };
    tf_db *db = make_county(state, "db");
    put_street(db, "avalon", MONTH(2023, 5), 1, rows, COUNT_OF(rows));
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "Alphaton", "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(profile->count, 3);
    assert_int_equal(area_of(profile, "A2").count, 2);
    assert_int_equal(area_of(profile, "A1").count, 0);
    assert_true(has_note(profile, "name 1 small areas by codes of another census"));
    assert_true(has_note(profile, "1 of the 3 offences"));
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void without_boundaries_the_areas_are_those_that_rows_name(void **state) {
    static const street_row before = {1, "A3", "Alphaton 001C", drugs, NULL, false};
    static const street_row rows[] = {
        {2, "A2", "Alphaton 001B", drugs, NULL, false},
        {3, "A2", "Alphaton 001B", drugs, NULL, false},
        {4, "A1", "Alphaton 001A", "Burglary", NULL, false},
        {5, NULL, NULL, drugs, NULL, true},
    };
    tf_db *db = make_db(state, "db");
    execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police')");
    put_street(db, "avalon", MONTH(2022, 5), 1, &before, 1);
    put_street(db, "avalon", MONTH(2023, 5), 2, rows, COUNT_OF(rows));
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "avalon", "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(profile->area_count, 3);
    assert_int_equal(area_of(profile, "A2").count, 2);
    assert_string_equal(area_of(profile, "A2").name, "Alphaton 001B");
    assert_int_equal(area_of(profile, "A1").count, 0);
    assert_int_equal(area_of(profile, "A3").previous_count, 1);
    assert_true(isnan(area_of(profile, "A2").gi_star_z));
    assert_false(area_of(profile, "A2").is_hot);
    assert_non_null(strstr(profile->areas_note, "import areas"));
    tf_profile_free(profile);
    execute(db, "INSERT INTO area_lookup VALUES"
                " ('E1', 'Alphaton', 'P1', 'Alphaton partnership', 'F1', 'Avalon', 1)");
    execute(db, "INSERT INTO batch (feed, file, sha256, publisher, started_at)"
                " VALUES ('lookup', 'f', 'x', 'p', 0)");
    profile = make_profile(&profiler, "Alphaton", "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_int_equal(profile->count, 2);
    assert_int_equal(profile->area_count, 3);
    assert_false(profile->searches.is_known);
    assert_non_null(strstr(profile->searches.note, "import areas"));
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_missing_month_is_one_of_the_force_that_polices_the_area(void **state) {
    static const street_row row = {1, "A1", "Alphaton 001A", drugs, NULL, false};
    tf_db *db = make_county(state, "db");
    put_street(db, "rail", MONTH(2023, 5), 1, &row, 1);
    put_street(db, "rail", MONTH(2023, 6), 2, &row, 1);
    put_street(db, "avalon", MONTH(2023, 6), 3, &row, 1);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "Alphaton", "drugs", MONTH(2023, 5), MONTH(2023, 6));
    assert_true(profile->months[0].is_missing);
    assert_false(profile->months[1].is_missing);
    assert_true(has_note(profile, "No street file of avalon was imported for 2023-05."));
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_force_without_any_files_is_missed(void **state) {
    static const street_row row = {1, "A1", "Alphaton 001A", drugs, NULL, false};
    tf_db *db = make_county(state, "db");
    put_street(db, "rail", MONTH(2023, 5), 1, &row, 1);
    profile_maker profiler = open_profiler(db);
    static const char *const areas[] = {"Alphaton", "avalon"};
    for (size_t i = 0; i < COUNT_OF(areas); i++) {
        tf_profile *profile =
            make_profile(&profiler, areas[i], "drugs", MONTH(2023, 5), MONTH(2023, 5));
        assert_int_equal(profile->count, i == 0);
        assert_true(profile->months[0].is_missing);
        assert_true(has_note(profile, "No street file of avalon was imported for 2023-05."));
        tf_profile_free(profile);
    }
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_search_belongs_to_the_area_that_holds_its_point(void **state) {
    static const search_row rows[] = {
        {"Controlled drugs", "Arrest", 't', -0.985, 52.005}, /* in A1 */
        {"Controlled drugs", "Arrest", 'f', -0.955, 52.005}, /* in A4 */
        {"Stolen goods", "Arrest", 'f', -0.955, 52.005},     /* in A4 */
        {"Controlled drugs", "Arrest", 't', -0.925, 52.005}, /* in B1 */
        {"Controlled drugs", "Arrest", 't', -0.985, 52.5},   /* nowhere */
        {"Controlled drugs", "Arrest", 't', 0, 0},
    };
    tf_db *db = make_county(state, "db");
    put_searches(db, "avalon", MONTH(2023, 5), 1, rows, COUNT_OF(rows));
    put_searches(db, "rail", MONTH(2023, 5), 2, rows, 1);
    profile_maker profiler = open_profiler(db);
    tf_profile *profile =
        make_profile(&profiler, "Alphaton", "drugs", MONTH(2023, 5), MONTH(2023, 5));
    assert_true(profile->searches.is_known);
    assert_int_equal(profile->searches.count, 4);
    assert_int_equal(profile->searches.for_drugs, 3);
    assert_int_equal(profile->searches.without_location, 0);
    assert_non_null(strstr(profile->searches.note, "1 searches"));
    assert_near(profile->searches.found_rate.interval.value, 2.0 / 3, 1e-15);
    tf_profile_free(profile);
    close_profiler(&profiler);
    tf_db_close(db);
}

/* ---- properties ---- */

enum { RANDOM_ROWS = 400, RANDOM_MONTHS = 4 };

typedef struct random_county {
    street_row rows[RANDOM_MONTHS][RANDOM_ROWS];
    outcome_row outcomes[RANDOM_MONTHS][RANDOM_ROWS];
} random_county;

/* Rows of five types in the county's areas, elsewhere, and nowhere; a crime has an outcome in at
 * most one of the two months that follow. */
static random_county *make_random(uint64_t seed) {
    static const char *const types[] = {"Drugs", "Burglary", "Robbery", "Shoplifting",
                                        "Anti-social behaviour"};
    static const char *const wordings[] = {"Local resolution", "Suspect charged", "Keelhauled"};
    random_county *county = calloc(1, sizeof *county);
    assert_non_null(county);
    tf_random random;
    tf_random_init(&random, seed, 1);
    for (int month = 0; month < RANDOM_MONTHS; month++) {
        for (int i = 0; i < RANDOM_ROWS; i++) {
            uint32_t area = tf_random_below(&random, SMALL_AREAS + 2);
            street_row *row = &county->rows[month][i];
            row->id = tf_random_below(&random, 4) ? month * RANDOM_ROWS + i + 1 : 0;
            row->type = types[tf_random_below(&random, 5)];
            row->outcome = tf_random_below(&random, 2) ? "Under investigation" : NULL;
            row->has_no_place = area == SMALL_AREAS;
            if (area < SMALL_AREAS) {
                row->area = codes[area];
                row->area_name = names[area];
            } else if (area > SMALL_AREAS) {
                row->area = "K1";
                row->area_name = "Kent 001A";
            }
            county->outcomes[month][i].id =
                tf_random_below(&random, 3) ? month * RANDOM_ROWS + i + 1 : 0;
            county->outcomes[month][i].outcome = wordings[tf_random_below(&random, 3)];
        }
    }
    return county;
}

static void swap_bytes(void *a, void *b, size_t size) {
    char kept[64];
    assert_true(size <= sizeof kept);
    memcpy(kept, a, size);
    memcpy(a, b, size);
    memcpy(b, kept, size);
}

static void shuffle(random_county *county, tf_random *random) {
    for (int month = 0; month < RANDOM_MONTHS; month++) {
        for (uint32_t i = RANDOM_ROWS - 1; i > 0; i--) {
            swap_bytes(&county->rows[month][i],
                       &county->rows[month][tf_random_below(random, i + 1)], sizeof(street_row));
            swap_bytes(&county->outcomes[month][i],
                       &county->outcomes[month][tf_random_below(random, i + 1)],
                       sizeof(outcome_row));
        }
    }
}

static tf_db *put_random(void **state, const char *name, const random_county *county,
                         bool is_backwards) {
    tf_db *db = make_county(state, name);
    for (int k = 0; k < RANDOM_MONTHS; k++) {
        int month = is_backwards ? RANDOM_MONTHS - 1 - k : k;
        put_street(db, "avalon", MONTH(2023, 1) + month, 10 + month, county->rows[month],
                   RANDOM_ROWS);
        put_outcomes(db, "avalon", MONTH(2023, 2) + month, 20 + month, county->outcomes[month],
                     RANDOM_ROWS);
    }
    return db;
}

static void append_json(tf_buffer *buffer, profile_maker *profiler, const char *area,
                        const char *type) {
    tf_json json;
    tf_json_init(&json, buffer, true);
    tf_profile *profile = make_profile(profiler, area, type, MONTH(2023, 2), MONTH(2023, 4));
    tf_profile_json_write(profile, &json);
    tf_profile_free(profile);
}

static void the_order_of_rows_and_partitions_does_not_matter(void **state) {
    random_county *county = make_random(7);
    tf_random random;
    tf_random_init(&random, 8, 1);
    tf_buffer first;
    tf_buffer_init(&first);
    for (int round = 0; round < 3; round++) {
        char name[8];
        snprintf(name, sizeof name, "db%d", round);
        tf_db *db = put_random(state, name, county, round == 1);
        profile_maker profiler = open_profiler(db);
        tf_buffer buffer;
        tf_buffer_init(&buffer);
        /* The last round asks the other way round as well. */
        static const char *const areas[] = {"avalon", "Alphaton"};
        if (round == 2) {
            tf_profile_free(
                make_profile(&profiler, "Alphaton", "all", MONTH(2023, 4), MONTH(2023, 4)));
        }
        for (size_t i = 0; i < 2; i++) {
            append_json(&buffer, &profiler, areas[i], "all");
            append_json(&buffer, &profiler, areas[i], "acquisitive");
        }
        if (round == 0) {
            first = buffer;
        } else {
            assert_string_equal(buffer.data, first.data);
            tf_buffer_deinit(&buffer);
        }
        close_profiler(&profiler);
        tf_db_close(db);
        shuffle(county, &random);
    }
    tf_buffer_deinit(&first);
    free(county);
}

/* Everything counted again the simplest way. */
static void the_counts_are_those_of_a_plain_loop(void **state) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
        char name[8];
        snprintf(name, sizeof name, "db%d", (int)seed);
        random_county *county = make_random(seed);
        tf_db *db = put_random(state, name, county, false);
        profile_maker profiler = open_profiler(db);
        tf_profile *profile =
            make_profile(&profiler, "avalon", "acquisitive", MONTH(2023, 2), MONTH(2023, 4));
        int64_t count = 0, no_location = 0, by_area[SMALL_AREAS] = {0}, nowhere = 0, joined = 0;
        for (int month = 1; month < RANDOM_MONTHS; month++) {
            int64_t of_month = 0;
            for (int i = 0; i < RANDOM_ROWS; i++) {
                const street_row *row = &county->rows[month][i];
                if (strcmp(row->type, "Drugs") == 0 || row->type[0] == 'A') {
                    continue;
                }
                of_month++;
                no_location += row->has_no_place;
                joined += row->id && county->outcomes[month][i].id;
                bool is_known = false;
                for (size_t area = 0; area < SMALL_AREAS; area++) {
                    if (row->area && strcmp(row->area, codes[area]) == 0) {
                        by_area[area]++;
                        is_known = true;
                    }
                }
                nowhere += !is_known;
            }
            assert_int_equal(profile->months[month - 1].count, of_month);
            count += of_month;
        }
        assert_int_equal(profile->count, count);
        assert_int_equal(profile->no_location_count, no_location);
        assert_int_equal(profile->outcomes.joined, joined);
        int64_t sum = 0;
        for (size_t area = 0; area < SMALL_AREAS; area++) {
            assert_int_equal(area_of(profile, codes[area]).count, by_area[area]);
            sum += by_area[area];
        }
        assert_int_equal(sum + nowhere, profile->count);
        char part[64];
        snprintf(part, sizeof part, "%d of the %d offences", (int)nowhere, (int)count);
        assert_true(has_note(profile, part));
        tf_profile_free(profile);
        close_profiler(&profiler);
        tf_db_close(db);
        free(county);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(hot_spots_are_where_neighbours_have_much),
        temporary_test(areas_that_changed_beyond_chance_are_marked),
        temporary_test(an_area_has_the_rows_in_its_small_areas_whoever_reported_them),
        temporary_test(codes_of_another_census_count_where_the_name_is_the_same),
        temporary_test(without_boundaries_the_areas_are_those_that_rows_name),
        temporary_test(a_missing_month_is_one_of_the_force_that_polices_the_area),
        temporary_test(a_force_without_any_files_is_missed),
        temporary_test(a_search_belongs_to_the_area_that_holds_its_point),
        temporary_test(the_order_of_rows_and_partitions_does_not_matter),
        temporary_test(the_counts_are_those_of_a_plain_loop),
    };
    return cmocka_run_group_tests_name("profile areas", tests, NULL, NULL);
}
