#include "fixture.h"

#include "intake/areas.h"
#include "trefoil/space/wkb.h"

/* Squares of 0.01 degrees, in a row to the east: number 0 touches 1, 1 touches 2, ... */
#define SQUARE_AT(west, east)                                                                      \
    "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" west ",51.9],[" east ",51.9],[" east  \
    ",51.91],[" west ",51.91],[" west ",51.9]]]}"
#define SQUARE_0 SQUARE_AT("-0.40", "-0.39")
#define SQUARE_1 SQUARE_AT("-0.39", "-0.38")
#define SQUARE_2 SQUARE_AT("-0.38", "-0.37")
#define SQUARE_3 SQUARE_AT("-0.37", "-0.36")
/* Two triangles that meet where its border crosses itself. */
#define BOW_TIE                                                                                    \
    "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[-0.4,51.9],[-0.39,51.91],[-0.39,51.9]," \
    "[-0.4,51.91],[-0.4,51.9]]]}"
#define FEATURE(properties, geometry)                                                              \
    "{\"type\":\"Feature\",\"properties\":{" properties "}," geometry "}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define LSOA(code, name)     "\"LSOA21CD\":\"" code "\",\"LSOA21NM\":\"" name "\""

#define AREA_ROWS                                                                                  \
    "SELECT layer||'|'||code||'|'||label||'|'||COALESCE(parent_code, '') FROM area ORDER BY 1"
#define NEIGHBOUR_ROWS                                                                             \
    "SELECT a.code||'-'||b.code FROM area_neighbour JOIN area a ON a.id = area_id"                 \
    " JOIN area b ON b.id = neighbour_id ORDER BY 1"
#define REJECT_ROWS "SELECT line||'|'||reason||'|'||text FROM batch_reject ORDER BY rowid"
#define WARNING_ROWS                                                                               \
    "SELECT count||' '||kind||' '||COALESCE(example_line, '') FROM batch_warning ORDER BY kind"

static tf_areas_summary import(tf_db *db, const char *path, tf_areas_options options) {
    tf_error error;
    tf_areas_summary summary;
    assert_ok(tf_areas_import(db, path, &options, &summary, &error), &error);
    return summary;
}

static void expect_failure(void **state, const char *text, tf_areas_options options, tf_code code,
                           const char *message) {
    tf_error error;
    tf_areas_summary summary;
    tf_db *db = open_new(state);
    const char *path = write_file(state, "areas.geojson", text);
    assert_int_equal(tf_areas_import(db, path, &options, &summary, &error), code);
    assert_string_equal(error.place, path);
    assert_non_null(strstr(error.message, message));
    EXPECT_NOTHING_KEPT(db);
    tf_db_close(db);
}

static void a_file_becomes_a_layer_whose_neighbours_are_known(void **state) {
    tf_db *db = open_new(state);
    const char *path = write_file(
        state, "areas.geojson",
        COLLECTION(FEATURE(LSOA("E3", "Luton 001C"), SQUARE_2) "," FEATURE(
            LSOA("E1", "Luton 001A"), SQUARE_0) "," FEATURE(LSOA("E2", " Luton 001B "), SQUARE_1)));
    tf_areas_summary summary = import(db, path, (tf_areas_options){0});
    assert_string_equal(summary.layer, "lsoa21");
    assert_int_equal(summary.features_read, 3);
    assert_int_equal(summary.accepted, 3);
    assert_int_equal(summary.layer_count, 3);
    assert_int_equal(summary.pair_count, 2);
    expect_rows(db, AREA_ROWS,
                "lsoa21|E1|Luton 001A|;lsoa21|E2|Luton 001B|;lsoa21|E3|Luton 001C|;");
    expect_rows(db, NEIGHBOUR_ROWS, "E1-E2;E2-E1;E2-E3;E3-E2;");
    /* 0.01 degrees are 1.113 km northward, and 0.687 km eastward at 51.9 N: about 0.765 km2. */
    expect_rows(db,
                "SELECT printf('%.3f %.3f', centroid_longitude, centroid_latitude) ||"
                " (area_km2 BETWEEN 0.760 AND 0.770) FROM area WHERE code = 'E1'",
                "-0.395 51.9051;");
    expect_rows(db,
                "SELECT feed||'|'||file||'|'||publisher||'|'||length(sha256)||'|'||rows_read||'|'||"
                "rows_accepted||'|'||(finished_at >= started_at) FROM batch",
                "areas|areas.geojson|ONS|64|3|3|1;");
    tf_db_close(db);
}

static void the_outline_is_stored_as_it_stood(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    import(db, write_file(state, "a", COLLECTION(FEATURE(LSOA("E1", "A"), SQUARE_0))),
           (tf_areas_options){0});
    tf_statement *statement;
    tf_polygons outline;
    size_t length;
    assert_ok(tf_db_prepare(db, "SELECT boundary FROM area_boundary", &statement, &error), &error);
    assert_ok(tf_statement_step(statement, NULL, &error), &error);
    const void *wkb = tf_column_at_bytes(statement, 0, &length);
    assert_ok(tf_wkb_read(wkb, length, &outline, &error), &error);
    assert_int_equal(outline.point_count, 5);
    assert_true(outline.points[2].x == -0.39 && outline.points[2].y == 51.91);
    tf_polygons_deinit(&outline);
    tf_statement_free(statement);
    tf_db_close(db);
}

static void a_second_file_adds_to_the_layer_and_replaces_what_it_has_again(void **state) {
    tf_db *db = open_new(state);
    import(db,
           write_file(state, "a",
                      COLLECTION(FEATURE(LSOA("E1", "A"), SQUARE_0) "," FEATURE(LSOA("E3", "C"),
                                                                                SQUARE_1))),
           (tf_areas_options){0});
    expect_rows(db, NEIGHBOUR_ROWS, "E1-E3;E3-E1;");
    tf_areas_summary summary =
        import(db,
               write_file(state, "b",
                          COLLECTION(FEATURE(LSOA("E2", "B"), SQUARE_1) "," FEATURE(
                              LSOA("E3", "C moved"), SQUARE_2))),
               (tf_areas_options){.title = "Small areas"});
    assert_int_equal(summary.replaced, 1);
    assert_int_equal(summary.layer_count, 3);
    expect_rows(db, AREA_ROWS, "lsoa21|E1|A|;lsoa21|E2|B|;lsoa21|E3|C moved|;");
    expect_rows(db, NEIGHBOUR_ROWS, "E1-E2;E2-E1;E2-E3;E3-E2;");
    expect_rows(db, "SELECT code||batch_id FROM area ORDER BY 1", "E11;E22;E32;");
    expect_rows(db, "SELECT name||'|'||title FROM layer", "lsoa21|Small areas;");
    tf_db_close(db);
}

static void layers_are_apart(void **state) {
    tf_db *db = open_new(state);
    const char *path = write_file(state, "a", COLLECTION(FEATURE(LSOA("E1", "A"), SQUARE_0)));
    import(db, path, (tf_areas_options){.layer = "Wards 22"});
    import(db, path, (tf_areas_options){0});
    expect_rows(db, AREA_ROWS, "lsoa21|E1|A|;wards-22|E1|A|;");
    expect_rows(db, NEIGHBOUR_ROWS, "");
    tf_db_close(db);
}

static void properties_are_named_or_guessed(void **state) {
    tf_db *db = open_new(state);
    import(db,
           write_file(
               state, "a",
               COLLECTION(FEATURE("\"code\":\"X1\",\"label\":\"One\",\"parent\":\"P\"", SQUARE_0))),
           (tf_areas_options){.layer = "l"});
    import(db,
           write_file(state, "b",
                      COLLECTION(FEATURE("\"id\":17,\"LSOA21CD\":\"X2\",\"LSOA21NM\":\"Two\","
                                         "\"LAD22CD\":\"L\",\"up\":\"U\"",
                                         SQUARE_1))),
           (tf_areas_options){.layer = "l"});
    import(db,
           write_file(state, "c",
                      COLLECTION(FEATURE("\"id\":17,\"LSOA21CD\":\"X2\",\"LSOA21NM\":\"Three\","
                                         "\"LAD22CD\":\"L\",\"up\":\"U\"",
                                         SQUARE_2))),
           (tf_areas_options){.layer = "l",
                              .code_property = "id",
                              .label_property = "LSOA21NM",
                              .parent_property = "up"});
    import(db,
           write_file(state, "d",
                      COLLECTION(FEATURE("\"pfa23cd\":\"X4\",\"pfa23nm\":\"Four\"", SQUARE_3))),
           (tf_areas_options){.layer = "l"});
    expect_rows(db, AREA_ROWS, "l|17|Three|U;l|X1|One|P;l|X2|Two|L;l|X4|Four|;");
    tf_db_close(db);
}

static void what_is_no_area_is_kept_as_a_reject(void **state) {
    tf_db *db = open_new(state);
    const char *path =
        write_file(state, "a",
                   COLLECTION(FEATURE(LSOA("E1", "first"), SQUARE_0) "," FEATURE(
                       LSOA("", "nameless"),
                       SQUARE_1) "," FEATURE(LSOA("E1", "again"),
                                             SQUARE_2) "," FEATURE("\"other\":1", SQUARE_3)));
    tf_areas_summary summary = import(db, path, (tf_areas_options){0});
    assert_int_equal(summary.features_read, 4);
    assert_int_equal(summary.accepted, 1);
    assert_int_equal(summary.rejected, 3);
    assert_int_equal(summary.replaced, 0);
    expect_rows(db, AREA_ROWS, "lsoa21|E1|first|;");
    expect_rows(db, REJECT_ROWS,
                "2|the property LSOA21CD is empty|nameless;"
                "3|the code E1 belongs to an earlier feature too|E1;"
                "4|the property LSOA21CD is empty|;");
    expect_rows(db, "SELECT rows_read||rows_accepted||rows_rejected FROM batch", "413;");
    tf_db_close(db);
}

static void what_is_odd_is_a_warning(void **state) {
    tf_db *db = open_new(state);
    const char *path = write_file(
        state, "a",
        COLLECTION(FEATURE(LSOA("E1", "crossed"), BOW_TIE) "," FEATURE(
            LSOA("E2", ""), SQUARE_1) "," FEATURE(LSOA("E3", "nowhere"), "\"geometry\":null")));
    tf_areas_summary summary = import(db, path, (tf_areas_options){0});
    assert_int_equal(summary.accepted, 3);
    assert_int_equal(summary.repaired, 1);
    assert_int_equal(summary.no_outline, 1);
    expect_rows(db, WARNING_ROWS,
                "1 had an outline that crosses itself and was repaired 1;1 have no name and go by "
                "their code 2;1 have no outline 3;");
    expect_rows(db, AREA_ROWS, "lsoa21|E1|crossed|;lsoa21|E2|E2|;lsoa21|E3|nowhere|;");
    expect_rows(db, NEIGHBOUR_ROWS, "E1-E2;E2-E1;");
    expect_rows(db, "SELECT code FROM area WHERE area_km2 IS NULL", "E3;");
    tf_db_close(db);
}

static void a_file_that_cannot_be_used_leaves_nothing_behind(void **state) {
    const tf_areas_options none = {0};
    expect_failure(state, "not json", none, TF_BAD_INPUT, "");
    expect_failure(state, COLLECTION(""), none, TF_BAD_INPUT, "no features");
    expect_failure(state, COLLECTION(FEATURE(LSOA("E1", "A"), SQUARE_0) ",{}"), none, TF_BAD_INPUT,
                   "feature 2");
    expect_failure(state, COLLECTION(FEATURE("\"a\":1,\"b\":2", SQUARE_0)), none, TF_BAD_INPUT,
                   "which property holds the code of an area; name it with --code (there are: a, "
                   "b)");
    expect_failure(
        state,
        COLLECTION(FEATURE(LSOA("E1", "A") ",\"LAD22CD\":\"L\",\"LAD22NM\":\"Luton\"", SQUARE_0)),
        none, TF_BAD_INPUT, "LSOA21CD, LSOA21NM, LAD22CD, LAD22NM");
    expect_failure(state, COLLECTION(FEATURE("\"code\":1", SQUARE_0)), none, TF_BAD_INPUT,
                   "which property holds the label");
    expect_failure(state, COLLECTION(FEATURE("\"code\":1,\"name\":\"A\"", SQUARE_0)), none,
                   TF_BAD_INPUT, "--layer");
    expect_failure(state, COLLECTION(FEATURE(LSOA("E1", "A"), SQUARE_0)),
                   (tf_areas_options){.code_property = "no"}, TF_BAD_INPUT, "no property no");
    expect_failure(state, COLLECTION(FEATURE(LSOA("E1", "A"), SQUARE_AT("53.0", "53.01"))), none,
                   TF_BAD_INPUT, "feature 1 (E1)");
    expect_failure(state,
                   "{\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:27700\"}},"
                   "\"type\":\"FeatureCollection\",\"features\":[]}",
                   none, TF_BAD_INPUT, "EPSG:27700");
    tf_db *db = open_new(state);
    tf_error error;
    tf_areas_summary summary;
    assert_int_equal(tf_areas_import(db, temporary_path(state, "absent"), &none, &summary, &error),
                     TF_NOT_FOUND);
    assert_false(tf_db_is_in_transaction(db));
    tf_db_close(db);
}

static void real_boundaries_are_read_without_a_complaint(void **state) {
    char path[512];
    REAL_DATA("geography/lsoa2021/E06000032.geojson.gz", path);
    tf_db *db = open_new(state);
    tf_areas_summary summary = import(db, path, (tf_areas_options){0});
    /* as many features as the file has lines with "LSOA21CD" */
    assert_int_equal(summary.accepted, 125);
    assert_int_equal(summary.rejected + summary.repaired + summary.no_outline, 0);
    expect_rows(db, "SELECT DISTINCT parent_code FROM area", "E06000032;");
    expect_rows(
        db, "SELECT COUNT(*) FROM area WHERE id NOT IN (SELECT area_id FROM area_neighbour)", "0;");
    /* Luton has 43.35 km2 (Office for National Statistics, MYE5 of mid-2022) */
    expect_rows(db, "SELECT SUM(area_km2) BETWEEN 43.0 AND 43.7 FROM area", "1;");
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_file_becomes_a_layer_whose_neighbours_are_known),
        temporary_test(the_outline_is_stored_as_it_stood),
        temporary_test(a_second_file_adds_to_the_layer_and_replaces_what_it_has_again),
        temporary_test(layers_are_apart),
        temporary_test(properties_are_named_or_guessed),
        temporary_test(what_is_no_area_is_kept_as_a_reject),
        temporary_test(what_is_odd_is_a_warning),
        temporary_test(a_file_that_cannot_be_used_leaves_nothing_behind),
        temporary_test(real_boundaries_are_read_without_a_complaint),
    };
    return cmocka_run_group_tests_name("areas", tests, NULL, NULL);
}
