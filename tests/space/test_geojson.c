#include "areas.h"

#include "fail_allocations.h"

#include "space/feature_scanner_internal.h"

#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define FEATURE(properties, geometry)                                                              \
    "{\"type\":\"Feature\",\"properties\":" properties ",\"geometry\":" geometry "}"
#define SQUARE               "[[[0,50],[1,50],[1,51],[0,51],[0,50]]]"
#define POLYGON(coordinates) "{\"type\":\"Polygon\",\"coordinates\":" coordinates "}"

/* What a test remembers of the last feature. */
typedef struct last_feature {
    int count;
    int32_t points;
    int32_t rings;
    int32_t parts;
    bool has_outline;
    const char *property; /* to ask for */
    char value[64];
    bool is_required;
    tf_status answer; /* of the handler */
} last_feature;

static tf_status remember(void *context, tf_feature *feature, tf_error *error) {
    last_feature *seen = context;
    seen->count++;
    assert_int_equal(tf_feature_number(feature), seen->count);
    const tf_polygons *outline = tf_feature_polygons(feature);
    seen->has_outline = outline != NULL;
    if (outline) {
        seen->parts = outline->part_count;
        seen->rings = outline->ring_count;
        seen->points = outline->point_count;
    }
    tf_status status = TF_OK;
    if (seen->property) {
        tf_text value;
        status = seen->is_required
                     ? tf_feature_require_property(feature, seen->property, &value, error)
                     : tf_feature_property(feature, seen->property, &value, error);
        if (!status) {
            snprintf(seen->value, sizeof seen->value, "%.*s", (int)(value.data ? value.length : 6),
                     value.data ? value.data : "(null)");
        }
    }
    return status ? status : seen->answer;
}

static tf_status read_text(const char *text, last_feature *seen, tf_error *error) {
    *error = (tf_error){0};
    return tf_geojson_read_memory(text, strlen(text), "areas.geojson", remember, seen, error);
}

static void check_refused(const char *text, const char *message_part, int64_t line) {
    last_feature seen = {0};
    tf_error error;
    tf_status status = read_text(text, &seen, &error);
    if (status != TF_BAD_INPUT || !strstr(error.message, message_part) || error.line != line) {
        fail_msg("%s\n gave %d, line %lld: %s", text, (int)status, (long long)error.line,
                 error.message);
    }
    assert_string_equal(error.place, "areas.geojson");
}

static void check_accepted(const char *text) {
    last_feature seen = {0};
    tf_error error;
    assert_ok(read_text(text, &seen, &error), &error);
}

/* The names of the properties of each feature: "a,b,;". */
static tf_status list_names(void *context, tf_feature *feature, tf_error *error) {
    (void)error;
    const char *name;
    for (size_t i = 0; (name = tf_feature_property_name(feature, i)); i++) {
        tf_buffer_format(context, "%s,", name);
    }
    tf_buffer_append_text(context, ";");
    return TF_OK;
}

static void names_of_properties_come_in_the_order_of_the_file(void **state) {
    (void)state;
    static const char text[] =
        "{\"type\":\"FeatureCollection\",\"features\":["
        "{\"type\":\"Feature\",\"properties\":{\"z\":1,\"a\":null,\"m\":[]},\"geometry\":null},"
        "{\"type\":\"Feature\",\"properties\":{},\"geometry\":null},"
        "{\"type\":\"Feature\",\"properties\":null,\"geometry\":null}]}";
    tf_error error;
    tf_buffer names;
    tf_buffer_init(&names);
    assert_ok(tf_geojson_read_memory(text, strlen(text), "f", list_names, &names, &error), &error);
    assert_string_equal(names.data, "z,a,m,;;;");
    tf_buffer_deinit(&names);
}

static void polygons_and_multipolygons_are_read(void **state) {
    (void)state;
    last_feature seen = {0};
    tf_error error;
    const char *text = COLLECTION(FEATURE("null", POLYGON(SQUARE)) "," FEATURE(
        "{}", "{\"type\":\"MultiPolygon\",\"coordinates\":["
              "[[[0,50],[9,50],[9,59],[0,50]],[[1,51],[2,51],[2,52,7.5],[1,51]]]," SQUARE "]}"));
    assert_ok(read_text(text, &seen, &error), &error);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.parts, 2);
    assert_int_equal(seen.rings, 3);
    assert_int_equal(seen.points, 13);
}

static void null_and_empty_geometries_have_no_outline(void **state) {
    (void)state;
    static const char *const geometries[] = {
        COLLECTION(FEATURE("{}", "null")), COLLECTION("{\"type\":\"Feature\",\"properties\":{}}"),
        COLLECTION(FEATURE("{}", POLYGON("[]"))),
        COLLECTION(FEATURE("{}", "{\"type\":\"MultiPolygon\",\"coordinates\":[[],[]]}"))};
    for (int i = 0; i < 4; i++) {
        last_feature seen = {0};
        tf_error error;
        assert_ok(read_text(geometries[i], &seen, &error), &error);
        assert_int_equal(seen.count, 1);
        assert_false(seen.has_outline);
    }
}

static void a_collection_may_be_empty(void **state) {
    (void)state;
    check_accepted(COLLECTION(""));
    check_accepted(" {\n\"features\" : [ ] ,\r\n\t\"type\" : \"FeatureCollection\" } \n");
}

static void properties_are_given_as_text(void **state) {
    (void)state;
    static const struct {
        const char *json;
        const char *text;
    } cases[] = {
        {"{\"a\":\"E0101 \\u00e9\"}", "E0101 \xC3\xA9"},
        {"{\"a\":14900}", "14900"},
        {"{\"a\":-9007199254740993}", "-9007199254740993"},
        {"{\"a\":1.5e3}", "1500"},
        {"{\"a\":123456789012.0}", "123456789012"},
        {"{\"a\":-0.0}", "0"},
        {"{\"a\":1567.3}", "1567.3"},
        {"{\"a\":0.1}", "0.1"},
        {"{\"a\":1e300}", "1e+300"},
        {"{\"a\":true}", "true"},
        {"{\"a\":false}", "false"},
        {"{\"a\":\"\"}", ""},
        {"{\"a\":null}", "(null)"},
        {"{\"b\":1}", "(null)"},
        {"null", "(null)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        last_feature seen = {.property = "a"};
        char text[300];
        tf_error error;
        snprintf(text, sizeof text, COLLECTION(FEATURE("%s", "null")), cases[i].json);
        assert_ok(read_text(text, &seen, &error), &error);
        assert_string_equal(seen.value, cases[i].text);
    }
    last_feature seen = {.property = "a"};
    tf_error error;
    assert_int_equal(read_text(COLLECTION(FEATURE("{\"a\":[1]}", "null")), &seen, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "feature 1 has the property a as a list"));
}

static void a_missing_property_names_those_that_are_there(void **state) {
    (void)state;
    last_feature seen = {.property = "LSOA11CD", .is_required = true};
    tf_error error;
    const char *text =
        COLLECTION(FEATURE("{\"FID\":1,\"LSOA21CD\":\"E01015693\",\"LSOA11CD\":null}", "null"));
    assert_int_equal(read_text(text, &seen, &error), TF_BAD_INPUT);
    assert_string_equal(error.message, "feature 1 has no property LSOA11CD; name one that every "
                                       "feature has (this one: FID, LSOA21CD, LSOA11CD)");
    seen.count = 0;
    seen.property = "LSOA21CD";
    assert_ok(read_text(text, &seen, &error), &error);
    assert_string_equal(seen.value, "E01015693");
}

static void the_handler_stops_the_reader(void **state) {
    (void)state;
    last_feature seen = {.answer = TF_BUSY};
    tf_error error;
    assert_int_equal(
        read_text(COLLECTION(FEATURE("{}", "null") "," FEATURE("{}", "null")), &seen, &error),
        TF_BUSY);
    assert_int_equal(seen.count, 1);
}

static void what_is_not_a_collection_is_refused_in_one_sentence(void **state) {
    (void)state;
    check_refused("", "the file is empty", 0);
    check_refused("\xEF\xBB\xBF \n", "the file is empty", 0);
    check_refused("<html>", "this is not GeoJSON, which begins with {", 1);
    check_refused("\n\nLSOA21CD,x\n", "this is not GeoJSON, which begins with {", 3);
    check_refused("[1]", "this is not GeoJSON", 1);
    check_refused("{}", "as it has no list of features", 0);
    check_refused("{\"features\":[]}", "does not say that it is GeoJSON", 0);
    check_refused("{\"type\":\"Topology\",\"arcs\":[]}", "a JSON file of type Topology", 1);
    check_refused("{\"type\":\"Feature\"", "a JSON file of type Feature;", 1);
    check_refused("{\"type\":7}", "a JSON file of type (no text)", 1);
    check_refused("{\"type\":\"FeatureCollection\",\"features\":{}}", "must be one list", 1);
    check_refused("{\"features\":[],\"features\":[]}", "must be one list", 1);
}

static void broken_syntax_is_refused_with_its_line(void **state) {
    (void)state;
    check_refused("{\n1", "the name of a member", 2);
    check_refused("{\"a\" 1}", "a colon is missing", 1);
    check_refused("{\"a\":1 \"b\":2}", "a comma is missing", 1);
    check_refused("{\"a\":1,}", "the name of a member", 1);
    check_refused(COLLECTION("1"), "every feature must begin with {", 1);
    check_refused(COLLECTION("{\"type\":\"Feature\"},"), "every feature must begin with {", 1);
    check_refused(COLLECTION("{\"type\":\"Feature\"}{}"), "a comma is missing", 1);
    check_refused(COLLECTION("{\"type\":\"Feature\"},\n\n{\"a\n\n:1}"), "the file ends early", 5);
    check_refused(COLLECTION("{\"type\":\"Feature\"},\n{\n\"a\":]}"),
                  "feature 2 is not well-formed JSON", 3);
    check_refused(COLLECTION("") "x", "more text after the end", 1);
    check_refused("{\"type\":}", "not well-formed JSON", 1);
    check_refused("{\"type\":\"FeatureCollection\",\"features\":[" FEATURE("{}", "null"),
                  "the file ends early, after feature 1", 1);
    check_refused("{\"type\":\"FeatureCollection\",\"features\":[" FEATURE("{}", "null") ",{\"a",
                  "the file ends early, after feature 1", 1);
    check_refused(COLLECTION(FEATURE("{\"a\":\"\xFF\"}", "null")), "not well-formed JSON", 1);
}

static void other_geometries_are_refused_by_name(void **state) {
    (void)state;
    check_refused(COLLECTION(FEATURE("{}", "null") ",\n" FEATURE(
                      "{}", "{\"type\":\"Point\",\"coordinates\":[0,50]}")),
                  "feature 2 has a geometry of type Point", 2);
    check_refused(COLLECTION(FEATURE("{}", "[]")), "of type (no type)", 1);
    check_refused(COLLECTION(FEATURE("{}", "{\"type\":\"Polygon\"}")), "no list of rings", 1);
    check_refused(COLLECTION(FEATURE("{}", "{\"type\":\"MultiPolygon\",\"coordinates\":1}")),
                  "no list of polygons", 1);
    check_refused(COLLECTION(FEATURE("[]", "null")), "properties that are no object", 1);
    check_refused(COLLECTION("{\"type\":\"feature\"}"), "has the type feature instead", 1);
}

static void coordinates_and_rings_are_checked(void **state) {
    (void)state;
    check_refused(COLLECTION(FEATURE("{}", POLYGON("[[[0,50],[1,50],[0,50]]]"))),
                  "a ring of 3 positions", 1);
    check_refused(COLLECTION(FEATURE("{}", POLYGON("[7]"))), "a ring of 0 positions", 1);
    check_refused(COLLECTION(FEATURE("{}", POLYGON("[[[0,50],[1,50],[1,51],[0,51]]]"))),
                  "does not end where it began (0, 50)", 1);
    check_refused(COLLECTION(FEATURE("{}", POLYGON("[[[530000,180000],[1,50],[1,51],[0,51]]]"))),
                  "the position 530000, 180000, which is no longitude and latitude", 1);
    check_refused(COLLECTION(FEATURE("{}", POLYGON("[[[0,90.5],[1,50],[1,51],[0,51]]]"))),
                  "no longitude and latitude", 1);
    check_refused(COLLECTION(FEATURE("{}", POLYGON("[[[0,1e999],[1,50],[1,51],[0,51]]]"))),
                  "not well-formed JSON", 1);
    check_refused(COLLECTION(FEATURE("{}", POLYGON("[[[\"0\",50],[1,50],[1,51],[0,51]]]"))),
                  "a position that is not a longitude and a latitude", 1);
    check_refused(COLLECTION(FEATURE("{}", POLYGON("[[[0],[1,50],[1,51],[0,51]]]"))),
                  "a position that is not a longitude and a latitude", 1);
}

static void only_longitude_and_latitude_are_read(void **state) {
    (void)state;
    static const char *const good[] = {"urn:ogc:def:crs:OGC:1.3:CRS84",
                                       "urn:ogc:def:crs:OGC::CRS84", "urn:ogc:def:crs:EPSG::4326",
                                       "EPSG:4326", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"};
    static const char format[] =
        "{\"type\":\"FeatureCollection\",\"features\":[],\"crs\":{\"type\":"
        "\"name\",\"properties\":{\"name\":\"%s\"}}}";
    char text[300];
    for (int i = 0; i < 5; i++) {
        snprintf(text, sizeof text, format, good[i]);
        check_accepted(text);
    }
    check_accepted("{\"type\":\"FeatureCollection\",\"crs\":null,\"features\":[]}");
    snprintf(text, sizeof text, format, "urn:ogc:def:crs:EPSG::27700");
    check_refused(text, "the coordinates are in urn:ogc:def:crs:EPSG::27700, not in longitude", 1);
    check_refused("{\"type\":\"FeatureCollection\",\n\"crs\":{},\"features\":[]}",
                  "a coordinate reference system without a name", 2);
}

static void brackets_and_quotes_within_text_do_not_mislead(void **state) {
    (void)state;
    last_feature seen = {.property = "a"};
    tf_error error;
    assert_ok(read_text("{\"skipped\":{\"x\":\"]}\\\"\",\"features\":[1,2]},\"n\":-1.5,\"type\":"
                        "\"FeatureCollection\",\"features\":[" FEATURE(
                            "{\"a\":\"}]\\\"[{\\\\\"}", "null") "],\"bbox\":[1,[2]]}",
                        &seen, &error),
              &error);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.value, "}]\"[{\\");
}

static tf_status count_member(void *context, tf_text name, tf_text value, int64_t line,
                              tf_error *error) {
    (void)name, (void)line, (void)error;
    *(size_t *)context += value.length;
    return TF_OK;
}

static tf_status count_feature(void *context, int64_t number, tf_text value, int64_t line,
                               tf_error *error) {
    (void)error;
    *(size_t *)context += value.length * (size_t)(number * 1000 + line);
    return TF_OK;
}

static void where_the_bytes_are_cut_does_not_matter(void **state) {
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBF{\"type\" : \"FeatureCollection\",\n \"x\": [1, \"\\\\\"] ,\"features\" : "
        "[\n" FEATURE("{\"a\":\"\\\"}\"}", "null") " ,\r\n" FEATURE("{}",
                                                                    POLYGON(SQUARE)) "\n]\n}\n";
    size_t expected = 0;
    for (size_t step = sizeof text; step >= 1; step = step > 8 ? step / 2 : step - 1) {
        size_t sum = 0;
        tf_feature_scanner *scanner;
        tf_error error;
        const tf_feature_scanner_handler handler = {&sum, count_member, count_feature};
        assert_int_equal(tf_feature_scanner_new(&handler, &scanner, NULL), TF_OK);
        for (size_t at = 0; at < sizeof text - 1; at += step) {
            size_t left = sizeof text - 1 - at;
            assert_ok(
                tf_feature_scanner_feed(scanner, text + at, left < step ? left : step, &error),
                &error);
        }
        assert_ok(tf_feature_scanner_finish(scanner, &error), &error);
        tf_feature_scanner_free(scanner);
        expected = expected ? expected : sum;
        assert_true(sum > 1000);
        assert_int_equal(sum, expected);
    }
}

static void a_feature_beyond_the_limit_is_refused(void **state) {
    (void)state;
    size_t sum = 0;
    tf_feature_scanner *scanner;
    tf_error error;
    const tf_feature_scanner_handler handler = {&sum, count_member, count_feature};
    static char spaces[1024 * 1024];
    memset(spaces, ' ', sizeof spaces);
    assert_int_equal(tf_feature_scanner_new(&handler, &scanner, NULL), TF_OK);
    const char *start = "{\"other\":[";
    assert_int_equal(tf_feature_scanner_feed(scanner, start, strlen(start), NULL), TF_OK);
    for (int i = 0; i < 70; i++) { /* what is skipped may be of any size */
        assert_int_equal(tf_feature_scanner_feed(scanner, spaces, sizeof spaces, NULL), TF_OK);
    }
    start = "],\n\"features\":[{";
    assert_int_equal(tf_feature_scanner_feed(scanner, start, strlen(start), NULL), TF_OK);
    tf_status status = TF_OK;
    int mebibytes = 0;
    for (; !status && mebibytes < 70; mebibytes++) {
        status = tf_feature_scanner_feed(scanner, spaces, sizeof spaces, &error);
    }
    assert_int_equal(status, TF_BAD_INPUT);
    assert_int_equal(mebibytes, 64);
    assert_int_equal(error.line, 2);
    assert_non_null(strstr(error.message, "larger than 65536 KiB"));
    tf_feature_scanner_free(scanner);
}

static void real_boundaries_are_read(void **state) {
    (void)state;
    char path[1024];
    REAL_DATA("geography/lsoa2021/E06000032.geojson.gz", path);
    area_list *list = tf_alloc_zeroed(1, sizeof *list);
    load_areas(path, list);
    assert_int_equal(list->count, 125);
    assert_string_equal(list->codes[0], "E01015693");
    tf_box box;
    assert_true(tf_polygons_bounds(&list->areas[0], &box));
    /* GeoPandas 1.2.0, GeoDataFrame.bounds. */
    assert_near(box.low.x, -0.418755609182703, 1e-15);
    assert_near(box.low.y, 51.89646600427117, 1e-14);
    assert_near(box.high.x, -0.407798586188026, 1e-15);
    assert_near(box.high.y, 51.90538875406705, 1e-14);
    free_areas(list);
    tf_free(list);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    const char *text = COLLECTION(FEATURE("{\"a\":0.25}", POLYGON(SQUARE)));
    for (long n = 0;; n++) {
        last_feature seen = {.property = "a"};
        tf_error error;
        fail_allocation(n);
        tf_status status = read_text(text, &seen, &error);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_string_equal(seen.value, "0.25");
            return;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polygons_and_multipolygons_are_read),
        cmocka_unit_test(null_and_empty_geometries_have_no_outline),
        cmocka_unit_test(a_collection_may_be_empty),
        cmocka_unit_test(properties_are_given_as_text),
        cmocka_unit_test(names_of_properties_come_in_the_order_of_the_file),
        cmocka_unit_test(a_missing_property_names_those_that_are_there),
        cmocka_unit_test(the_handler_stops_the_reader),
        cmocka_unit_test(what_is_not_a_collection_is_refused_in_one_sentence),
        cmocka_unit_test(broken_syntax_is_refused_with_its_line),
        cmocka_unit_test(other_geometries_are_refused_by_name),
        cmocka_unit_test(coordinates_and_rings_are_checked),
        cmocka_unit_test(only_longitude_and_latitude_are_read),
        cmocka_unit_test(brackets_and_quotes_within_text_do_not_mislead),
        cmocka_unit_test(where_the_bytes_are_cut_does_not_matter),
        cmocka_unit_test(a_feature_beyond_the_limit_is_refused),
        cmocka_unit_test(real_boundaries_are_read),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("geojson", tests, NULL, NULL);
}
