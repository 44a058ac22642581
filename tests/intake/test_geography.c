#include "fixture.h"

#include "intake/areas.h"
#include "intake/geography.h"
#include "intake/lookup.h"
#include "intake/population.h"

/* Two counties.  Larkshire: the authorities Lark, with the small areas S1 to S3 in a row, and
 * North Lark, with S4 beside S3.  Duckshire: the authority Duck, whose partnerships Duck and Pond
 * share it.  S1 knows Lark as its parent, the others by their labels. */
static const char county[] =
    "INSERT INTO batch (id, feed, file, sha256, publisher, started_at) VALUES"
    " (1, 'areas', 'f', 'x', 'p', 0);"
    "INSERT INTO area_lookup VALUES"
    " ('A1', 'Lark', 'P1', 'Lark', 'F1', 'Larkshire', 1),"
    " ('A2', 'North Lark', 'P2', 'Upper Lark & Moor', 'F1', 'Larkshire', 1),"
    " ('A3', 'Duck', 'P3', 'Duck', 'F2', 'Duck & Drake', 1),"
    " ('A3', 'Duck', 'P4', 'Pond', 'F2', 'Duck & Drake', 1);"
    "INSERT INTO layer VALUES ('small21', 's'), ('small11', 's'), ('authority', 'a'),"
    " ('middle', 'm');"
    "INSERT INTO area (id, layer, code, label, parent_code, batch_id) VALUES"
    " (9, 'small21', 'S1', 'Somewhere', 'A1', 1), (3, 'small21', 'S3', 'Lark 001C', 'M1', 1),"
    " (7, 'small21', 'S2', 'Lark 001B', NULL, 1), (1, 'small21', 'S4', 'North Lark 001A', NULL, 1),"
    " (4, 'small21', 'S5', 'Duck 001A', NULL, 1), (5, 'small11', 'S1', 'Lark 001A', NULL, 1),"
    " (6, 'small11', 'S0', 'Lark 009A', NULL, 1), (8, 'authority', 'A1', 'Lark', 'F1', 1),"
    " (10, 'middle', 'M1', 'Lark 001', 'A1', 1);"
    "INSERT INTO area_neighbour VALUES (9, 7), (7, 9), (7, 3), (3, 7), (3, 1), (1, 3);";

typedef struct opened {
    tf_db *db;
    tf_geography *geography;
} opened;

static opened open_county(void **state, const char *more) {
    tf_error error;
    opened o = {.db = open_new(state)};
    assert_ok(tf_db_execute(o.db, county, &error), &error);
    assert_ok(tf_db_execute(o.db, more, &error), &error);
    assert_ok(tf_geography_open(o.db, NULL, &o.geography, &error), &error);
    return o;
}

static void close_county(opened o) {
    tf_geography_free(o.geography);
    tf_db_close(o.db);
}

static tf_area_ref find(const tf_geography *geography, const char *text) {
    tf_error error;
    tf_area_ref area;
    assert_ok(tf_geography_find(geography, text, &area, &error), &error);
    return area;
}

static void expect_unknown(const tf_geography *geography, const char *text, tf_code code,
                           const char *message) {
    tf_error error;
    tf_area_ref area;
    assert_int_equal(tf_geography_find(geography, text, &area, &error), code);
    assert_non_null(strstr(error.message, message));
}

/* The small areas of an area and their neighbours: "S1: S2;". */
static void expect_small_areas(const tf_geography *geography, const char *text,
                               const char *expected) {
    tf_error error;
    tf_area_ref area = find(geography, text);
    tf_area_set set;
    tf_buffer seen;
    tf_buffer_init(&seen);
    tf_buffer_append_text(&seen, "");
    assert_ok(tf_geography_small_areas(geography, &area, &set, &error), &error);
    assert_int_equal(set.neighbours.count, set.count);
    for (size_t i = 0; i < set.count; i++) {
        tf_area_ref small = tf_geography_area(geography, TF_LAYER_SMALL_AREA, set.indices[i]);
        tf_buffer_format(&seen, "%s:", small.code);
        for (int64_t k = set.neighbours.offsets[i]; k < set.neighbours.offsets[i + 1]; k++) {
            int32_t neighbour = set.indices[set.neighbours.indices[k]];
            tf_buffer_format(&seen, " %s",
                             tf_geography_area(geography, TF_LAYER_SMALL_AREA, neighbour).code);
        }
        tf_buffer_append_text(&seen, ";");
    }
    assert_string_equal(seen.data, expected);
    tf_buffer_deinit(&seen);
    tf_area_set_deinit(&set);
}

static void an_area_is_found_by_code_and_by_name_in_any_writing(void **state) {
    opened o = open_county(state, "");
    static const struct {
        const char *text;
        const char *code;
        tf_layer layer;
    } cases[] = {
        {"A1", "A1", TF_LAYER_AUTHORITY},
        {"a1", "A1", TF_LAYER_AUTHORITY},
        {" S2 ", "S2", TF_LAYER_SMALL_AREA},
        {"larkshire", "F1", TF_LAYER_FORCE},
        {"Larkshire", "F1", TF_LAYER_FORCE},
        {"Duck & Drake", "F2", TF_LAYER_FORCE},
        {"duck-and-drake", "F2", TF_LAYER_FORCE},
        {"Lark", "A1", TF_LAYER_AUTHORITY},
        {"NORTH LARK", "A2", TF_LAYER_AUTHORITY},
        {"north-lark", "A2", TF_LAYER_AUTHORITY},
        {"P1", "P1", TF_LAYER_PARTNERSHIP},
        {"upper lark and moor", "P2", TF_LAYER_PARTNERSHIP},
        {"lark 001b", "S2", TF_LAYER_SMALL_AREA},
        {"lark-009a", "S0", TF_LAYER_SMALL_AREA},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_area_ref area = find(o.geography, cases[i].text);
        assert_string_equal(area.code, cases[i].code);
        assert_int_equal(area.layer, cases[i].layer);
    }
    tf_area_ref area = find(o.geography, "Lark");
    assert_string_equal(area.name, "Lark");
    assert_string_equal(area.stored_layer, "authority");
    assert_string_equal(area.force_slug, "larkshire");
    assert_null(find(o.geography, "North Lark").stored_layer);
    assert_string_equal(find(o.geography, "S1").stored_layer, "small21");
    assert_string_equal(find(o.geography, "S5").force_slug, "duck-and-drake");
    assert_string_equal(tf_layer_title(area.layer), "local authority");
    close_county(o);
}

static void an_unknown_name_is_answered_with_those_that_are_near(void **state) {
    opened o = open_county(state, "");
    expect_unknown(o.geography, "Larkshir", TF_NOT_FOUND,
                   "no area is called 'Larkshir'; did you mean Larkshire?");
    expect_unknown(o.geography, "Larch", TF_NOT_FOUND, "did you mean Lark");
    expect_unknown(o.geography, "lark-001x", TF_NOT_FOUND, "Lark 001A or Lark 001B or Lark 001C?");
    expect_unknown(o.geography, "Timbuktu", TF_NOT_FOUND, "give a code such as");
    expect_unknown(o.geography, "M1", TF_NOT_FOUND, "no area is called 'M1'");
    expect_unknown(o.geography, " ", TF_BAD_INPUT, "no area is named");
    close_county(o);
}

static void a_name_of_two_areas_of_a_layer_needs_a_code(void **state) {
    opened o = open_county(
        state, "INSERT INTO area_lookup VALUES ('A9', 'Lark', 'P9', 'Q', 'F2', 'Duck', 1)");
    expect_unknown(o.geography, "lark", TF_BAD_INPUT, "A1 and A9 are both called so");
    assert_string_equal(find(o.geography, "A9").code, "A9");
    close_county(o);
}

static void nothing_imported_is_no_fault(void **state) {
    tf_error error;
    tf_db *db = open_new(state);
    tf_geography *geography;
    assert_ok(tf_geography_open(db, NULL, &geography, &error), &error);
    for (tf_layer layer = TF_LAYER_FORCE; layer < TF_LAYER_COUNT; layer++) {
        assert_int_equal(tf_geography_count(geography, layer), 0);
    }
    assert_int_equal(tf_geography_authority_of(geography, tf_text_of("S1"), tf_text_of("A 1")), -1);
    expect_unknown(geography, "Luton", TF_NOT_FOUND, "trefoil import lookup");
    tf_geography_free(geography);
    tf_db_close(db);
}

static void a_force_is_known_by_its_files_too(void **state) {
    opened o = open_county(state, "INSERT INTO force VALUES ('larkshire', 'Larkshire Police'),"
                                  " ('btp', 'British Transport Police')");
    assert_int_equal(tf_geography_count(o.geography, TF_LAYER_FORCE), 3);
    assert_string_equal(find(o.geography, "Larkshire Police").code, "F1");
    tf_area_ref btp = find(o.geography, "british transport police");
    assert_string_equal(btp.code, "btp");
    assert_string_equal(btp.force_slug, "btp");
    assert_string_equal(btp.name, "British Transport Police");
    assert_int_equal(find(o.geography, "BTP").index, btp.index);
    expect_small_areas(o.geography, "btp", "");
    close_county(o);
}

static void the_pack_knows_the_slug_of_a_police_force_area(void **state) {
    tf_error error;
    tf_db *db = open_new(state);
    tf_pack *pack;
    tf_geography *geography;
    assert_ok(tf_pack_open(NULL, &pack, &error), &error);
    assert_ok(tf_db_execute(db,
                            "INSERT INTO batch (id, feed, file, sha256, publisher, started_at)"
                            " VALUES (1, 'lookup', 'f', 'x', 'p', 0);"
                            "INSERT INTO area_lookup VALUES ('E09000001', 'City of London',"
                            " 'E22000180', 'City of London', 'E23000034', 'London, City of', 1);"
                            "INSERT INTO force VALUES ('city-of-london', 'City of London Police')",
                            &error),
              &error);
    assert_ok(tf_geography_open(db, pack, &geography, &error), &error);
    assert_int_equal(tf_geography_count(geography, TF_LAYER_FORCE), 1);
    tf_area_ref force = find(geography, "city-of-london");
    assert_int_equal(force.layer, TF_LAYER_FORCE);
    assert_string_equal(force.code, "E23000034");
    assert_string_equal(find(geography, "City of London Police").code, "E23000034");
    assert_string_equal(find(geography, "E09000001").force_slug, "city-of-london");
    tf_geography_free(geography);
    tf_pack_free(pack);
    tf_db_close(db);
}

static void an_area_consists_of_the_small_areas_of_its_authorities(void **state) {
    opened o = open_county(state, "");
    expect_small_areas(o.geography, "larkshire", "S1: S2;S2: S1 S3;S3: S2 S4;S4: S3;");
    expect_small_areas(o.geography, "lark", "S1: S2;S2: S1 S3;S3: S2;");
    expect_small_areas(o.geography, "P1", "S1: S2;S2: S1 S3;S3: S2;");
    expect_small_areas(o.geography, "north lark", "S4:;");
    expect_small_areas(o.geography, "duck", "S5:;");
    expect_small_areas(o.geography, "S3", "S3:;");
    expect_small_areas(o.geography, "S0", "S0:;");
    tf_error error;
    tf_area_set set;
    tf_area_ref pond = find(o.geography, "pond");
    assert_int_equal(tf_geography_small_areas(o.geography, &pond, &set, &error), TF_UNSUPPORTED);
    assert_non_null(strstr(error.message, "shares the local authority Duck"));
    close_county(o);
}

/* The areas of a layer within another, or all: "A1 A2". */
static void expect_within(const tf_geography *geography, const char *text, tf_layer layer,
                          const char *expected) {
    tf_error error;
    int32_t *indices;
    size_t count;
    tf_area_ref area;
    if (text) {
        area = find(geography, text);
    }
    tf_buffer seen;
    tf_buffer_init(&seen);
    tf_buffer_append_text(&seen, "");
    assert_ok(tf_geography_within(geography, text ? &area : NULL, layer, &indices, &count, &error),
              &error);
    for (size_t i = 0; i < count; i++) {
        tf_buffer_format(&seen, "%s%s", i ? " " : "",
                         tf_geography_area(geography, layer, indices[i]).code);
    }
    assert_string_equal(seen.data, expected);
    tf_buffer_deinit(&seen);
    tf_free(indices);
}

static void the_areas_of_a_layer_within_another_are_found(void **state) {
    opened o = open_county(state, "");
    expect_within(o.geography, NULL, TF_LAYER_FORCE, "F1 F2");
    expect_within(o.geography, NULL, TF_LAYER_AUTHORITY, "A1 A2 A3");
    expect_within(o.geography, NULL, TF_LAYER_PARTNERSHIP, "P1 P2 P3 P4");
    expect_within(o.geography, NULL, TF_LAYER_SMALL_AREA, "S1 S2 S3 S4 S5");
    expect_within(o.geography, "F1", TF_LAYER_AUTHORITY, "A1 A2");
    expect_within(o.geography, "F2", TF_LAYER_PARTNERSHIP, "P3 P4");
    expect_within(o.geography, "A3", TF_LAYER_PARTNERSHIP, "P3 P4");
    expect_within(o.geography, "P2", TF_LAYER_AUTHORITY, "A2");
    expect_within(o.geography, "P2", TF_LAYER_SMALL_AREA, "S4");
    expect_within(o.geography, "F1", TF_LAYER_SMALL_AREA, "S1 S2 S3 S4");
    expect_within(o.geography, "S0", TF_LAYER_SMALL_AREA, "S0");
    expect_within(o.geography, "F1", TF_LAYER_FORCE, "F1");
    tf_error error;
    int32_t *indices;
    size_t count;
    tf_area_ref authority = find(o.geography, "A1"), small = find(o.geography, "S1"),
                shared = find(o.geography, "P4");
    assert_int_equal(
        tf_geography_within(o.geography, &authority, TF_LAYER_FORCE, &indices, &count, &error),
        TF_BAD_INPUT);
    assert_int_equal(
        tf_geography_within(o.geography, &small, TF_LAYER_AUTHORITY, &indices, &count, &error),
        TF_BAD_INPUT);
    assert_int_equal(
        tf_geography_within(o.geography, &shared, TF_LAYER_SMALL_AREA, &indices, &count, &error),
        TF_UNSUPPORTED);
    assert_true(tf_geography_is_shared(o.geography, &shared));
    assert_false(tf_geography_is_shared(o.geography, &authority));
    close_county(o);
}

static void an_area_knows_what_it_belongs_to(void **state) {
    opened o = open_county(state, "");
    static const struct {
        const char *area;
        const char *parents;
    } cases[] = {{"S1", "A1 P1 F1"}, {"S5", "A3 P3 P4 F2"}, {"A2", "P2 F1"}, {"P4", "F2"},
                 {"F1", ""},         {"S0", "A1 P1 F1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_error error;
        tf_area_ref area = find(o.geography, cases[i].area);
        tf_area_ref parents[TF_MOST_PARENTS];
        size_t count;
        assert_ok(tf_geography_parents(o.geography, &area, parents, &count, &error), &error);
        char seen[64] = "";
        for (size_t p = 0; p < count; p++) {
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s%s", p ? " " : "",
                     parents[p].code);
        }
        assert_string_equal(seen, cases[i].parents);
    }
    close_county(o);
}

static void layers_are_known_by_their_names(void **state) {
    (void)state;
    for (tf_layer layer = 0; layer < TF_LAYER_COUNT; layer++) {
        tf_layer parsed;
        assert_true(tf_layer_parse(tf_text_of(tf_layer_name(layer)), &parsed));
        assert_int_equal(parsed, layer);
    }
    tf_layer parsed;
    assert_false(tf_layer_parse(tf_text_of("ward"), &parsed));
}

static void rows_belong_to_an_authority_by_code_or_by_name(void **state) {
    opened o = open_county(state, "");
    static const struct {
        const char *code;
        const char *name;
        const char *authority; /* or NULL */
    } cases[] = {
        {"S1", "", "A1"},
        {"S4", "whatever 1", "A2"},
        {"unknown", "Lark 123Z", "A1"},
        {"", "North Lark 5", "A2"},
        {"", "Lark", NULL},
        {"", "Moor 001A", NULL},
        {"", "", NULL},
    };
    tf_area_ref force = find(o.geography, "larkshire");
    tf_area_ref lark = find(o.geography, "lark");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_text code = tf_text_of(cases[i].code);
        tf_text name = tf_text_of(cases[i].name);
        int32_t index = tf_geography_authority_of(o.geography, code, name);
        assert_int_equal(index >= 0, cases[i].authority != NULL);
        if (index >= 0) {
            assert_string_equal(tf_geography_area(o.geography, TF_LAYER_AUTHORITY, index).code,
                                cases[i].authority);
        }
        assert_int_equal(tf_geography_contains(o.geography, &force, code, name), index >= 0);
        assert_int_equal(tf_geography_contains(o.geography, &lark, code, name),
                         index >= 0 && strcmp(cases[i].authority, "A1") == 0);
    }
    tf_area_ref small = find(o.geography, "S2");
    assert_true(tf_geography_contains(o.geography, &small, tf_text_of("S2"), tf_text_of("")));
    assert_false(
        tf_geography_contains(o.geography, &small, tf_text_of("S3"), tf_text_of("Lark 001B")));
    close_county(o);
}

static void expect_population(opened o, const char *text, int wanted, double people, int year,
                              const char *note) {
    tf_error error;
    tf_population population;
    tf_area_ref area = find(o.geography, text);
    assert_ok(tf_geography_population(o.geography, o.db, &area, wanted, &population, &error),
              &error);
    assert_int_equal(population.is_known, people >= 0);
    if (people >= 0) {
        assert_near(population.people, people, 0);
        assert_int_equal(population.year, year);
    } else {
        assert_true(isnan(population.people));
    }
    assert_non_null(strstr(population.note, note));
}

static void a_population_is_its_own_of_the_latest_year_before(void **state) {
    opened o = open_county(
        state, "INSERT INTO population VALUES ('A1', 2015, 100, 1), ('A1', 2020, 200, 1),"
               " ('S1', 2021, 9, 1)");
    expect_population(o, "lark", 2022, 200, 2020, "");
    expect_population(o, "lark", 2020, 200, 2020, "");
    expect_population(o, "lark", 2019, 100, 2015, "");
    expect_population(o, "lark", 2010, 100, 2015, "");
    expect_population(o, "S1", 2022, 9, 2021, "");
    expect_population(o, "S2", 2022, -1, 0, "no population for Lark 001B: run trefoil import");
    close_county(o);
}

static void a_sum_is_of_one_year_and_of_all_parts(void **state) {
    opened o = open_county(
        state, "INSERT INTO population VALUES ('A1', 2020, 100, 1), ('A1', 2021, 200, 1),"
               " ('A2', 2020, 10, 1), ('A2', 2022, 30, 1), ('A2', 2019, 7, 1),"
               " ('S5', 2018, 5, 1)");
    expect_population(o, "larkshire", 2022, 110, 2020, "the sum of its 2 local authorities");
    expect_population(o, "larkshire", 2010, 110, 2020, "the sum of its 2 local authorities");
    expect_population(o, "P2", 2022, 30, 2022, "that of its only local authority");
    expect_population(o, "duck", 2022, 5, 2018, "that of its only small area");
    expect_population(o, "duck-and-drake", 2022, 5, 2018, "small area");
    expect_population(o, "pond", 2022, -1, 0, "shares a local authority");
    close_county(o);
}

static void a_population_that_is_not_known_says_why(void **state) {
    opened o = open_county(
        state, "INSERT INTO population VALUES ('S1', 2020, 1, 1), ('S2', 2020, 1, 1),"
               " ('S4', 2020, 1, 1), ('S3', 2021, 1, 1);"
               "INSERT INTO area_lookup VALUES ('A4', 'Drake', 'P5', 'Drake', 'F2', 'D', 1)");
    expect_population(o, "lark", 2022, -1, 0, "only 2 of its 3 small areas have a figure");
    expect_population(o, "larkshire", 2022, -1, 0, "only 3 of its 4 small areas");
    expect_population(o, "drake", 2022, -1, 0, "no population for Drake: run trefoil import");
    close_county(o);
    assert_int_equal(unlink(temporary_path(state, "db")), 0);
    o = open_county(state,
                    "INSERT INTO population VALUES ('S5', 2020, 1, 1);"
                    "INSERT INTO area_lookup VALUES ('A4', 'Drake', 'P5', 'Drake', 'F2', 'D', 1)");
    expect_population(o, "F2", 2022, -1, 0, "neither it nor Drake has a figure or small areas");
    close_county(o);
}

/* ---- Bedfordshire ---- */

static bool has_neighbour(const tf_neighbours *neighbours, int32_t of, int32_t neighbour) {
    for (int64_t k = neighbours->offsets[of]; k < neighbours->offsets[of + 1]; k++) {
        if (neighbours->indices[k] == neighbour) {
            return true;
        }
    }
    return false;
}

static void expect_whole(const tf_geography *geography, const char *text, size_t count) {
    tf_error error;
    tf_area_set set;
    tf_area_ref area = find(geography, text);
    assert_ok(tf_geography_small_areas(geography, &area, &set, &error), &error);
    assert_int_equal(set.count, count);
    const tf_neighbours *neighbours = &set.neighbours;
    for (int32_t i = 0; i < (int32_t)count; i++) {
        assert_true(neighbours->offsets[i + 1] > neighbours->offsets[i]);
        for (int64_t k = neighbours->offsets[i]; k < neighbours->offsets[i + 1]; k++) {
            assert_true(neighbours->indices[k] != i);
            assert_true(has_neighbour(neighbours, neighbours->indices[k], i));
        }
    }
    tf_area_set_deinit(&set);
}

static void bedfordshire_is_read_back_as_it_is(void **state) {
    static const char *const files[] = {"geography/lsoa2021/E06000032.geojson.gz",
                                        "geography/lsoa2021/E06000055.geojson.gz",
                                        "geography/lsoa2021/E06000056.geojson.gz"};
    tf_error error;
    tf_pack *pack;
    opened o = {.db = open_new(state)};
    char path[512];
    for (size_t i = 0; i < 3; i++) {
        tf_areas_summary summary;
        REAL_DATA(files[i], path);
        assert_ok(tf_areas_import(o.db, path, &(tf_areas_options){0}, &summary, &error), &error);
    }
    tf_lookup_summary lookup;
    REAL_DATA("geography/lad23_csp23_pfa23_lookup.csv", path);
    assert_ok(tf_lookup_import(o.db, path, &lookup, &error), &error);
    tf_population_summary population;
    REAL_DATA("geography/LAD23_mid_year_pop_2011_to_2022.xlsx", path);
    assert_ok(tf_population_import(o.db, path, &(tf_population_options){0}, &population, &error),
              &error);
    assert_ok(tf_pack_open(NULL, &pack, &error), &error);
    assert_ok(tf_geography_open(o.db, pack, &o.geography, &error), &error);

    tf_area_ref force = find(o.geography, "bedfordshire");
    assert_int_equal(force.layer, TF_LAYER_FORCE);
    assert_string_equal(force.code, "E23000026");
    assert_string_equal(force.force_slug, "bedfordshire");
    int32_t *authorities;
    size_t count;
    assert_ok(tf_geography_authorities(o.geography, &force, &authorities, &count, &error), &error);
    assert_int_equal(count, 3);
    tf_free(authorities);
    assert_string_equal(find(o.geography, "Luton").code, "E06000032");
    assert_int_equal(find(o.geography, "E06000032").layer, TF_LAYER_AUTHORITY);
    assert_int_equal(find(o.geography, "Bedford").layer, TF_LAYER_AUTHORITY);
    assert_string_equal(find(o.geography, "central-bedfordshire").code, "E06000056");
    tf_area_ref small = find(o.geography, "E01015693");
    assert_string_equal(small.name, "Luton 007A");
    assert_int_equal(small.layer, TF_LAYER_SMALL_AREA);
    /* features in the three files: 125, 117 and 175 */
    expect_whole(o.geography, "bedfordshire", 417);
    expect_whole(o.geography, "Luton", 125);
    expect_whole(o.geography, "Bedford", 117);
    expect_whole(o.geography, "Central Bedfordshire", 175);
    /* cells D160, D157 and D158 of sheet MYE4: 226,973, 187,466 and 301,501 */
    expect_population(o, "Luton", 2022, 226973, 2022, "");
    expect_population(o, "bedfordshire", 2024, 715940, 2022, "the sum of its 3 local authorities");
    /* names of 2011 that crime rows have */
    assert_true(tf_geography_contains(o.geography, &force, tf_text_of("E01000000"),
                                      tf_text_of("Central Bedfordshire 001A")));
    assert_false(tf_geography_contains(o.geography, &force, tf_text_of("E01000001"),
                                       tf_text_of("City of London 001A")));
    tf_area_set set;
    tf_area_ref luton = find(o.geography, "Luton");
    assert_ok(tf_geography_small_areas(o.geography, &luton, &set, &error), &error);
    tf_polygons *outlines = tf_alloc(set.count, sizeof *outlines);
    assert_ok(tf_geography_outlines(o.geography, o.db, &set, outlines, &error), &error);
    for (size_t i = 0; i < set.count; i++) {
        assert_true(outlines[i].part_count > 0);
        tf_polygons_deinit(&outlines[i]);
    }
    tf_free(outlines);
    tf_area_set_deinit(&set);
    tf_pack_free(pack);
    close_county(o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_area_is_found_by_code_and_by_name_in_any_writing),
        temporary_test(an_unknown_name_is_answered_with_those_that_are_near),
        temporary_test(a_name_of_two_areas_of_a_layer_needs_a_code),
        temporary_test(nothing_imported_is_no_fault),
        temporary_test(a_force_is_known_by_its_files_too),
        temporary_test(the_pack_knows_the_slug_of_a_police_force_area),
        temporary_test(an_area_consists_of_the_small_areas_of_its_authorities),
        temporary_test(the_areas_of_a_layer_within_another_are_found),
        temporary_test(an_area_knows_what_it_belongs_to),
        temporary_test(layers_are_known_by_their_names),
        temporary_test(rows_belong_to_an_authority_by_code_or_by_name),
        temporary_test(a_population_is_its_own_of_the_latest_year_before),
        temporary_test(a_sum_is_of_one_year_and_of_all_parts),
        temporary_test(a_population_that_is_not_known_says_why),
        temporary_test(bedfordshire_is_read_back_as_it_is),
    };
    return cmocka_run_group_tests_name("geography", tests, NULL, NULL);
}
