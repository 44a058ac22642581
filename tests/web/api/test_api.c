/* Areas, outlines and sources; pages, errors, and what every answer has. */
#include "county.h"

/* ---- areas ---- */

static void areas_come_in_order_of_layer_and_code(void **state) {
    json_t *json = get_json(state, "/api/v1/areas");
    assert_int_equal(int_at(json, "total"), 9);
    assert_string_equal(text_at(json, "areas.0.layer"), "force");
    assert_string_equal(text_at(json, "areas.1.code"), "E06900001");
    assert_string_equal(text_at(json, "areas.3.layer"), "partnership");
    assert_string_equal(text_at(json, "areas.8.href"), "/api/v1/areas/E01900004");
    json_decref(json);
}

static void areas_are_found_by_layer_whole_and_part_of_the_name(void **state) {
    json_t *json = get_json(state, "/api/v1/areas?layer=small-area&within=E06900002");
    assert_int_equal(int_at(json, "total"), 2);
    assert_string_equal(text_at(json, "areas.0.name"), "Wold 001A");
    json_decref(json);
    json = get_json(state, "/api/v1/areas?name=WOLD");
    assert_int_equal(int_at(json, "total"), 4);
    json_decref(json);
    json = get_json(state, "/api/v1/areas?name=e0190&within=E06900001");
    assert_int_equal(int_at(json, "total"), 2);
    assert_string_equal(text_at(json, "areas.1.name"), HOSTILE_NAME);
    json_decref(json);
    json = get_json(state, "/api/v1/areas?name=nowhere");
    assert_int_equal(int_at(json, "total"), 0);
    json_decref(json);
}

static void an_area_names_what_it_belongs_to_and_what_it_holds(void **state) {
    json_t *json = get_json(state, "/api/v1/areas/E01900003");
    assert_string_equal(text_at(json, "layer"), "small-area");
    assert_int_equal(json_array_size(at(json, "parents")), 3);
    assert_string_equal(text_at(json, "parents.0.code"), "E06900002");
    assert_string_equal(text_at(json, "parents.1.code"), "E22900002");
    assert_string_equal(text_at(json, "parents.2.code"), "E23900001");
    assert_int_equal(json_array_size(at(json, "contains")), 0);
    assert_near(json_number_value(at(json, "population.people")), 3000, 0);
    json_decref(json);

    json = get_json(state, "/api/v1/areas/Larkenshire");
    assert_int_equal(json_array_size(at(json, "parents")), 0);
    assert_string_equal(text_at(json, "contains.0.layer"), "partnership");
    assert_int_equal(int_at(json, "contains.0.count"), 2);
    assert_string_equal(text_at(json, "contains.2.layer"), "small-area");
    assert_int_equal(int_at(json, "contains.2.count"), 4);
    assert_string_equal(text_at(json, "links.profile"), "/api/v1/profile?area=E23900001");
    assert_near(json_number_value(at(json, "population.people")), 10000, 0);
    json_decref(json);
}

static void the_links_of_an_area_lead_somewhere(void **state) {
    static const char *const links[] = {"links.profile",   "links.series",    "links.boundaries",
                                        "contains.0.href", "contains.2.href", "parents.0.href"};
    json_t *area = get_json(state, "/api/v1/areas/larkenshire");
    json_t *small = get_json(state, "/api/v1/areas/E01900001");
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        const char *target = text_at(i == 5 ? small : area, links[i]);
        reply got = get(state, target);
        assert_int_equal(got.status, 200);
        reply_free(&got);
    }
    json_decref(area);
    json_decref(small);
}

/* ---- boundaries ---- */

static void boundaries_are_geojson(void **state) {
    json_t *json =
        get_json_of(state, "/api/v1/boundaries?within=larkenshire", 200, "application/geo+json");
    assert_string_equal(text_at(json, "type"), "FeatureCollection");
    assert_int_equal(json_array_size(at(json, "features")), AREA_COUNT);
    assert_string_equal(text_at(json, "features.1.properties.name"), HOSTILE_NAME);
    assert_null(at(json, "features.1.properties.count"));
    json_decref(json);
}

static void a_tolerance_takes_points_away(void **state) {
    json_t *plain = get_json_of(state, "/api/v1/boundaries?within=E01900001&tolerance=0", 200,
                                "application/geo+json");
    json_t *simple = get_json_of(state, "/api/v1/boundaries?within=E01900001&tolerance=100", 200,
                                 "application/geo+json");
    assert_int_equal(json_array_size(at(plain, "features.0.geometry.coordinates.0")), 6);
    assert_int_equal(json_array_size(at(simple, "features.0.geometry.coordinates.0")), 5);
    json_decref(plain);
    json_decref(simple);
}

static void boundaries_have_the_values_of_a_map(void **state) {
    json_t *json =
        get_json_of(state, "/api/v1/boundaries?area=larkenshire&type=drugs&from=2024-01&to=2024-03",
                    200, "application/geo+json");
    assert_string_equal(text_at(json, "values"), "count");
    assert_int_equal(json_array_size(at(json, "classes")), 4);
    for (int i = 0; i < AREA_COUNT; i++) {
        json_t *properties = at(json_array_get(at(json, "features"), (size_t)i), "properties");
        assert_int_equal(int_at(properties, "count"), 3 * (i + 1));
        assert_int_equal(int_at(properties, "class"), i + 1);
        assert_near(json_number_value(at(properties, "rate_per_1000")), 3, 1e-9);
    }
    assert_string_equal(text_at(json, "features.0.properties.text"),
                        "3 offences, 3.0 per 1,000 people");
    json_decref(json);

    /* Shoplifting is recorded in the first area alone: the others have no class. */
    json =
        get_json_of(state,
                    "/api/v1/boundaries?area=larkenshire&type=shoplifting&from=2024-01&to=2024-01"
                    "&values=rate",
                    200, "application/geo+json");
    assert_string_equal(text_at(json, "values"), "rate");
    assert_int_equal(int_at(json, "features.0.properties.class"), 1);
    assert_string_equal(text_at(json, "features.0.properties.text"),
                        "1 offence, 1.0 per 1,000 people");
    assert_int_equal(int_at(json, "features.1.properties.count"), 0);
    assert_true(json_is_null(at(json, "features.1.properties.class")));
    json_decref(json);
}

static void two_names_of_one_field_are_not_given_together(void **state) {
    json_t *json = get_problem(state, "/api/v1/boundaries?area=larken&within=larken", 400);
    assert_string_equal(text_at(json, "errors.0.field"), "area");
    json_decref(json);
}

/* ---- sources ---- */

static void the_inventory_is_told(void **state) {
    json_t *json = get_json(state, "/api/v1/sources");
    assert_string_equal(text_at(json, "police.0.force"), "larkenshire");
    assert_int_equal(int_at(json, "police.0.months"), MONTH_COUNT);
    json_decref(json);
}

static void batches_come_newest_first_page_by_page(void **state) {
    json_t *json = get_json(state, "/api/v1/sources/batches?per_page=10");
    assert_int_equal(int_at(json, "total"), MONTH_COUNT + 3);
    assert_int_equal(json_array_size(at(json, "batches")), 10);
    assert_string_equal(text_at(json, "batches.0.feed"), "population");
    json_decref(json);
    json = get_json(state, "/api/v1/sources/batches?per_page=10&page=2");
    assert_int_equal(json_array_size(at(json, "batches")), MONTH_COUNT + 3 - 10);
    assert_string_equal(text_at(json, "batches.7.month"), "2023-01");
    assert_int_equal(int_at(json, "batches.7.id"), 1);
    assert_true(json_is_true(at(json, "batches.7.current")));
    json_decref(json);
}

static void a_batch_is_told_by_its_number(void **state) {
    json_t *json = get_json(state, "/api/v1/sources/batches/1");
    assert_string_equal(text_at(json, "file"), "2023-01-larkenshire-street.csv");
    assert_int_equal(int_at(json, "rows_rejected"), 3);
    assert_string_equal(text_at(json, "rejects"), "/api/v1/sources/batches/1/rejects");
    json_decref(json);
    json = get_problem(state, "/api/v1/sources/batches/999", 404);
    assert_string_equal(text_at(json, "errors.0.field"), "id");
    json_decref(json);
    json_decref(get_problem(state, "/api/v1/sources/batches/zero", 400));
    json_decref(get_problem(state, "/api/v1/sources/batches/99999999999999999999", 400));
}

static void rejects_are_paged_in_json(void **state) {
    json_t *json = get_json(state, "/api/v1/sources/batches/1/rejects?per_page=2");
    assert_int_equal(int_at(json, "total"), 3);
    assert_string_equal(text_at(json, "rejects.0.text"), HOSTILE_ROW);
    assert_int_equal(int_at(json, "rejects.0.line"), 13);
    json_decref(json);
    json = get_json(state, "/api/v1/sources/batches/1/rejects?per_page=2&page=2");
    assert_int_equal(json_array_size(at(json, "rejects")), 1);
    json_decref(json);
    json = get_json(state, "/api/v1/sources/batches/2/rejects");
    assert_int_equal(int_at(json, "total"), 0);
    json_decref(json);
}

static void rejects_are_whole_in_csv_and_no_formula_in_a_spreadsheet(void **state) {
    reply got = get(state, "/api/v1/sources/batches/1/rejects?format=csv&per_page=1");
    assert_int_equal(got.status, 200);
    assert_true(reply_says(&got, "Content-Disposition",
                           "attachment; filename=\"trefoil-batch-1-rejects.csv\""));
    assert_int_equal(strncmp(got.body, "file,line,reason,text\n", 22), 0);
    assert_non_null(strstr(got.body, "\"'=cmd|'/C calc'!A0,\"\"x\"\"\"\n"));
    assert_non_null(strstr(got.body, ",short\n"));
    assert_non_null(strstr(got.body, "also,short"));
    reply_free(&got);
}

/* More rejects than are kept in memory: they come from a file, and all of them. */
static void import_many_rejects(county *own) {
    tf_buffer text;
    tf_buffer_init(&text);
    append_month(&text, 2023, 2);
    for (int i = 0; i < 20000; i++) {
        tf_buffer_format(&text, "=broken row %d of a file that holds nothing but such rows,\n", i);
    }
    write_county_file(own, "2023-02-larkenshire-street.csv", text.data);
    tf_buffer_deinit(&text);
    tf_error error;
    tf_db *db;
    tf_pack *pack;
    assert_ok(tf_db_open(temporary_path(&own->folder, "db"), TF_DB_WRITE, &db, &error), &error);
    assert_ok(tf_pack_open(NULL, &pack, &error), &error);
    const char *path = temporary_path(&own->folder, "2023-02-larkenshire-street.csv");
    tf_police_summary summary;
    assert_ok(tf_police_import(db, pack, &path, 1, &(tf_police_options){0}, &summary, &error),
              &error);
    assert_int_equal(summary.rows_rejected, 20000);
    tf_pack_free(pack);
    tf_db_close(db);
}

static int rejects_set_up(void **state) {
    return county_set_up_with(state, import_many_rejects);
}

static void many_rejects_come_whole_too(void **state) {
    reply got = get(state, "/api/v1/sources/batches/1/rejects?format=csv");
    assert_int_equal(got.status, 200);
    assert_true(got.length > 1 << 20);
    int rows = 0;
    for (const char *next = got.body; (next = strstr(next, "'=broken row ")); next++) {
        assert_int_equal(atoi(next + 13), rows);
        rows++;
    }
    assert_int_equal(rows, 20000);
    assert_int_equal(strncmp(got.body, "file,line,reason,text\n", 22), 0);
    reply_free(&got);
}

/* ---- pages ---- */

/* Follow the links from the first page to the last one. */
static void walk(void **state, int per_page, int page_count) {
    char target[512], link[512], last[512], first[512];
    int pages = 0;
    int areas = 0;
    snprintf(target, sizeof target, "/api/v1/areas?name=0&per_page=%d", per_page);
    snprintf(first, sizeof first, "/api/v1/areas?name=0&per_page=%d&page=1", per_page);
    snprintf(last, sizeof last, "/api/v1/areas?name=0&per_page=%d&page=%d", per_page, page_count);
    for (const char *next = target; next;) {
        reply got = get(state, next);
        assert_int_equal(got.status, 200);
        pages++;
        json_t *json = json_loads(got.body, 0, NULL);
        areas += (int)json_array_size(at(json, "areas"));
        assert_int_equal(int_at(json, "page"), pages);
        json_decref(json);
        assert_string_equal(link_of(&got, "first", link, sizeof link), first);
        assert_string_equal(link_of(&got, "last", link, sizeof link), last);
        assert_int_equal(link_of(&got, "prev", link, sizeof link) != NULL, pages > 1);
        next = link_of(&got, "next", target, sizeof target);
        reply_free(&got);
    }
    assert_int_equal(pages, page_count);
    assert_int_equal(areas, 9);
}

static void pages_are_linked_from_the_first_to_the_last(void **state) {
    walk(state, 2, 5);
    walk(state, 3, 3); /* the last one is full */
    walk(state, 9, 1);
    walk(state, 10, 1);
}

static void a_page_after_the_last_is_empty_and_links_back(void **state) {
    reply got = get(state, "/api/v1/areas?per_page=1000&page=1000000");
    char link[256];
    assert_int_equal(got.status, 200);
    assert_non_null(strstr(got.body, "\"areas\":[]"));
    assert_string_equal(link_of(&got, "prev", link, sizeof link),
                        "/api/v1/areas?per_page=1000&page=1");
    assert_null(link_of(&got, "next", link, sizeof link));
    reply_free(&got);
}

static void pages_beyond_the_bounds_are_refused(void **state) {
    static const char *const targets[] = {
        "/api/v1/areas?page=0",
        "/api/v1/areas?page=-1",
        "/api/v1/areas?page=1000001",
        "/api/v1/areas?per_page=0",
        "/api/v1/areas?per_page=1001",
        "/api/v1/areas?page=1.5",
        "/api/v1/areas?page=9223372036854775808",
        "/api/v1/areas?page=one",
    };
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        json_t *json = get_problem(state, targets[i], 400);
        assert_non_null(strstr(targets[i], text_at(json, "errors.0.field")));
        json_decref(json);
    }
}

/* ---- errors ---- */

static void an_unknown_area_is_answered_with_the_nearest_names(void **state) {
    json_t *json = get_problem(state, "/api/v1/profile?area=Larkenshir", 404);
    assert_string_equal(text_at(json, "title"), "Not Found");
    assert_int_equal(int_at(json, "status"), 404);
    assert_non_null(strstr(text_at(json, "detail"), "did you mean Larkenshire"));
    assert_string_equal(text_at(json, "errors.0.field"), "area");
    json_decref(json);
    json = get_problem(state, "/api/v1/areas/Larkenshir", 404);
    assert_string_equal(text_at(json, "errors.0.field"), "code");
    json_decref(json);
}

static void an_unknown_type_is_answered_with_where_they_are(void **state) {
    json_t *json = get_problem(state, "/api/v1/profile?area=larken&type=%3Cb%3E", 404);
    assert_non_null(strstr(text_at(json, "detail"), "'<b>'"));
    assert_non_null(strstr(text_at(json, "detail"), "/api/v1/types"));
    assert_string_equal(text_at(json, "errors.0.field"), "type");
    json_decref(json);
}

static void every_field_in_error_is_named(void **state) {
    json_t *json = get_problem(state, "/api/v1/profile?from=2023-13&to=yesterday&format=pdf", 400);
    assert_int_equal(json_array_size(at(json, "errors")), 4);
    assert_string_equal(text_at(json, "errors.0.field"), "area");
    assert_string_equal(text_at(json, "errors.1.field"), "from");
    assert_string_equal(text_at(json, "errors.3.field"), "format");
    assert_string_equal(text_at(json, "type"), "about:blank");
    json_decref(json);
}

static void a_period_that_ends_before_it_starts_is_refused(void **state) {
    json_t *json = get_problem(state, "/api/v1/profile?area=larken&from=2024-03&to=2023-04", 400);
    assert_string_equal(text_at(json, "errors.0.field"), "to");
    json_decref(json);
}

static void a_period_of_more_than_fifty_years_is_refused(void **state) {
    json_t *json = get_problem(state, "/api/v1/series?from=1970-01&to=2020-01", 400);
    assert_string_equal(text_at(json, "errors.0.field"), "from");
    json_decref(json);
    json_decref(get_json(state, "/api/v1/series?from=1970-02&to=2020-01"));
}

static void a_path_that_is_not_there_is_a_problem_too(void **state) {
    json_t *json = get_problem(state, "/api/v1/nothing", 404);
    assert_int_equal(json_array_size(at(json, "errors")), 0);
    json_decref(json);
    reply got =
        ask(((county *)*state)->served, "DELETE /api/v1/areas HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_int_equal(got.status, 405);
    assert_true(reply_says(&got, "Content-Type", "application/problem+json"));
    assert_true(reply_says(&got, "Allow", "GET, HEAD"));
    reply_free(&got);
}

static void only_paths_of_the_api_are_answered_with_problems(void **state) {
    (void)state;
    assert_true(tf_api_has_path(tf_text_of("/api/v1/areas")));
    assert_true(tf_api_has_path(tf_text_of("/api/")));
    assert_false(tf_api_has_path(tf_text_of("/api")));
    assert_false(tf_api_has_path(tf_text_of("/apiary/")));
}

/* ---- what every answer has ---- */

static void an_answer_that_did_not_change_is_not_sent_again(void **state) {
    const site *served = ((county *)*state)->served;
    reply got = get(state, "/api/v1/areas");
    char etag[64], header[128];
    assert_non_null(reply_header(&got, "ETag", etag, sizeof etag));
    reply_free(&got);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
    got = ask_for(served, "/api/v1/areas", header);
    assert_int_equal(got.status, 304);
    reply_free(&got);
}

/* A page that an analyst visits must not read what their own machine serves to them alone. */
static void other_sites_read_what_is_public_but_not_what_one_person_looks_at(void **state) {
    static const char *const targets[] = {"/api/v1/areas", "/api/v1/areas/nowhere",
                                          "/api/v1/areas?page=x", "/api/v1/nothing"};
    site *served = ((county *)*state)->served;
    char value[64];
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        reply got = ask_for(served, targets[i], "X-Forwarded-For: 203.0.113.9\r\n");
        assert_true(reply_says(&got, "Access-Control-Allow-Origin", "*"));
        reply_free(&got);
        got = ask_for(served, targets[i], "Origin: https://example.org\r\n");
        assert_null(reply_header(&got, "Access-Control-Allow-Origin", value, sizeof value));
        reply_free(&got);
    }
}

static void the_kinds_of_offence_are_listed(void **state) {
    json_t *json = get_json(state, "/api/v1/types");
    assert_string_equal(text_at(json, "groups.1.name"), "drugs");
    assert_string_equal(text_at(json, "groups.1.types.0"), "Drugs");
    /* packs/uk/offence_groups.yaml lists sixteen types. */
    assert_int_equal(json_array_size(at(json, "types")), 16);
    json_decref(json);
}

static void health_is_never_kept(void **state) {
    reply got = get(state, "/api/v1/health");
    assert_int_equal(got.status, 200);
    assert_true(reply_says(&got, "Cache-Control", "no-store"));
    assert_non_null(strstr(got.body, "\"status\":\"ok\""));
    reply_free(&got);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_come_in_order_of_layer_and_code),
        cmocka_unit_test(areas_are_found_by_layer_whole_and_part_of_the_name),
        cmocka_unit_test(an_area_names_what_it_belongs_to_and_what_it_holds),
        cmocka_unit_test(the_links_of_an_area_lead_somewhere),
        cmocka_unit_test(boundaries_are_geojson),
        cmocka_unit_test(a_tolerance_takes_points_away),
        cmocka_unit_test(boundaries_have_the_values_of_a_map),
        cmocka_unit_test(two_names_of_one_field_are_not_given_together),
        cmocka_unit_test(the_inventory_is_told),
        cmocka_unit_test(batches_come_newest_first_page_by_page),
        cmocka_unit_test(a_batch_is_told_by_its_number),
        cmocka_unit_test(rejects_are_paged_in_json),
        cmocka_unit_test(rejects_are_whole_in_csv_and_no_formula_in_a_spreadsheet),
        cmocka_unit_test_setup_teardown(many_rejects_come_whole_too, rejects_set_up,
                                        county_tear_down),
        cmocka_unit_test(pages_are_linked_from_the_first_to_the_last),
        cmocka_unit_test(a_page_after_the_last_is_empty_and_links_back),
        cmocka_unit_test(pages_beyond_the_bounds_are_refused),
        cmocka_unit_test(an_unknown_area_is_answered_with_the_nearest_names),
        cmocka_unit_test(an_unknown_type_is_answered_with_where_they_are),
        cmocka_unit_test(every_field_in_error_is_named),
        cmocka_unit_test(a_period_that_ends_before_it_starts_is_refused),
        cmocka_unit_test(a_period_of_more_than_fifty_years_is_refused),
        cmocka_unit_test(a_path_that_is_not_there_is_a_problem_too),
        cmocka_unit_test(only_paths_of_the_api_are_answered_with_problems),
        cmocka_unit_test(an_answer_that_did_not_change_is_not_sent_again),
        cmocka_unit_test(other_sites_read_what_is_public_but_not_what_one_person_looks_at),
        cmocka_unit_test(the_kinds_of_offence_are_listed),
        cmocka_unit_test(health_is_never_kept),
    };
    return cmocka_run_group_tests_name("web/api", tests, county_set_up, county_tear_down);
}
