/* The document, and a site that has nothing yet. */
#include "county.h"

#include "web/api/openapi.h"

/* ---- the document ---- */

static void the_document_describes_every_route(void **state) {
    json_t *document = get_json(state, "/api/v1/openapi.json");
    assert_string_equal(text_at(document, "openapi"), "3.1.0");
    json_t *paths = at(document, "paths");
    assert_int_equal(json_object_size(paths), tf_api_routes.count);
    for (size_t i = 0; i < tf_api_routes.count; i++) {
        const tf_route *route = tf_api_routes.routes[i];
        assert_ptr_equal(&tf_api_operation_at(i)->route, route);
        json_t *operation = json_object_get(json_object_get(paths, route->path), "get");
        assert_non_null(operation);
        assert_int_equal(json_array_size(at(operation, "parameters")), route->field_count);
        for (size_t k = 0; k < route->field_count; k++) {
            json_t *parameter = json_array_get(at(operation, "parameters"), k);
            assert_string_equal(text_at(parameter, "name"), route->fields[k].name);
            assert_true(strlen(text_at(parameter, "description")) > 10);
        }
    }
    json_decref(document);
}

static void the_document_says_what_a_field_may_hold(void **state) {
    json_t *document = get_json(state, "/api/v1/openapi.json");
    json_t *paths = at(document, "paths");
    json_t *areas = json_object_get(json_object_get(paths, "/api/v1/areas"), "get");
    json_t *layer = json_array_get(at(areas, "parameters"), 0);
    assert_string_equal(text_at(layer, "in"), "query");
    assert_int_equal(json_array_size(at(layer, "schema.enum")), 4);
    json_t *per_page = json_array_get(at(areas, "parameters"), 4);
    assert_string_equal(text_at(per_page, "name"), "per_page");
    assert_int_equal(int_at(per_page, "schema.maximum"), 1000);
    assert_int_equal(int_at(per_page, "schema.default"), 100);
    json_t *area = json_object_get(json_object_get(paths, "/api/v1/areas/{code}"), "get");
    assert_string_equal(text_at(area, "parameters.0.in"), "path");
    assert_true(json_is_true(at(area, "parameters.0.required")));
    json_decref(document);
}

/* Every "#/components/..." of the document is in it. */
static void check_references(json_t *document, json_t *part) {
    const char *key;
    size_t index;
    json_t *member;
    const char *reference = json_string_value(json_object_get(part, "$ref"));
    if (reference) {
        char path[128];
        assert_int_equal(strncmp(reference, "#/", 2), 0);
        snprintf(path, sizeof path, "%s", reference + 2);
        for (char *slash = path; (slash = strchr(slash, '/'));) {
            *slash = '.';
        }
        assert_non_null(at(document, path));
    }
    json_object_foreach(part, key, member) {
        check_references(document, member);
    }
    json_array_foreach(part, index, member) {
        check_references(document, member);
    }
}

static void nothing_in_the_document_refers_to_nothing(void **state) {
    json_t *document = get_json(state, "/api/v1/openapi.json");
    check_references(document, document);
    json_decref(document);
}

static void an_operation_answers_in_the_formats_of_its_field(void **state) {
    (void)state;
    tf_api_answer answers[TF_API_MOST_ANSWERS];
    assert_int_equal(tf_api_answers(tf_api_operation_at(0), answers), 5);
    assert_string_equal(answers[0].schema, "ProfileAnswer");
    assert_string_equal(answers[1].format, "csv");
    assert_null(answers[1].schema);
    assert_string_equal(answers[4].media_type, "application/geo+json");
}

/* ---- examples ---- */

static void the_examples_work_on_every_site(void **state) {
    tf_api_examples examples;
    tf_desk *desk;
    tf_error error;
    tf_site *home = ((county *)*state)->home;
    assert_ok(tf_site_borrow(home, &desk, &error), &error);
    assert_ok(tf_api_examples_find(desk->data, &examples, &error), &error);
    tf_site_return(home, desk);
    assert_string_equal(examples.area, "E23900001");
    assert_string_equal(examples.to, "2024-03");
    for (size_t i = 0; i < tf_api_operation_count(); i++) {
        tf_buffer address;
        tf_buffer_init(&address);
        tf_api_append_example(tf_api_operation_at(i), &examples, &address);
        reply got = get(state, address.data);
        if (got.status != 200) {
            fprintf(stderr, "%s: %d\n", address.data, got.status);
        }
        assert_int_equal(got.status, 200);
        reply_free(&got);
        tf_buffer_deinit(&address);
    }
}

/* ---- nothing yet ---- */

static void import_nothing(county *own) {
    tf_error error;
    tf_db *db;
    assert_ok(tf_db_open(temporary_path(&own->folder, "db"), TF_DB_WRITE, &db, &error), &error);
    tf_db_close(db);
}

static int empty_set_up(void **state) {
    return county_set_up_with(state, import_nothing);
}

static void an_empty_site_answers_that_it_is_empty(void **state) {
    static const char *const missing[] = {
        "/api/v1/profile?area=larkenshire", "/api/v1/comparison", "/api/v1/series",
        "/api/v1/areas/larkenshire",        "/api/v1/boundaries", "/api/v1/sources/batches/1",
    };
    static const char *const there[] = {"/api/v1/areas",           "/api/v1/sources",
                                        "/api/v1/sources/batches", "/api/v1/types",
                                        "/api/v1/health",          "/api/v1/openapi.json"};
    for (size_t i = 0; i < COUNT_OF(missing); i++) {
        json_decref(get_problem(state, missing[i], 404));
    }
    for (size_t i = 0; i < COUNT_OF(there); i++) {
        json_decref(get_json(state, there[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_describes_every_route),
        cmocka_unit_test(the_document_says_what_a_field_may_hold),
        cmocka_unit_test(nothing_in_the_document_refers_to_nothing),
        cmocka_unit_test(an_operation_answers_in_the_formats_of_its_field),
        cmocka_unit_test(the_examples_work_on_every_site),
        cmocka_unit_test_setup_teardown(an_empty_site_answers_that_it_is_empty, empty_set_up,
                                        county_tear_down),
    };
    return cmocka_run_group_tests_name("web/api/openapi", tests, county_set_up, county_tear_down);
}
