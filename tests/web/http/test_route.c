#include "check.h"

#include "web/http/route.h"

static const tf_route home = {.method = "GET", .path = "/"};
static const tf_route area = {.method = "GET", .path = "/areas/{code}"};
static const tf_route list = {.method = "GET", .path = "/areas/list"};
static const tf_route send_list = {.method = "POST", .path = "/areas/list"};
static const tf_route part = {.method = "GET", .path = "/areas/{code}/{part}"};
static const tf_route trend = {.method = "GET", .path = "/areas/{code}/trend"};
static const tf_route compare = {.method = "GET", .path = "/areas/compare/{part}"};
static const tf_route upload = {.method = "POST", .path = "/upload"};

static const tf_route *const all[] = {&area,  &home,    &part,      &list,
                                      &trend, &compare, &send_list, &upload};
static const tf_routes routes = {all, sizeof all / sizeof *all};

static const tf_route *find(const char *method, const char *path, const char **allowed_out) {
    return tf_route_find(&routes, tf_text_of(method), tf_text_of(path), allowed_out);
}

static void assert_route(const char *path, const tf_route *expected) {
    const char *allowed;
    assert_ptr_equal(find("GET", path, &allowed), expected);
    assert_ptr_equal(find("HEAD", path, &allowed), expected);
}

static void fixed_segments_win_over_fields(void **state) {
    (void)state;
    assert_route("/", &home);
    assert_route("/areas/E01", &area);
    assert_route("/areas/list", &list);
    assert_route("/areas/listing", &area);
    assert_route("/areas/E01/trend", &trend);
    assert_route("/areas/E01/other", &part);
    assert_route("/areas/compare/trend", &compare); /* the leftmost decides */
}

static void escapes_do_not_make_or_hide_segments(void **state) {
    (void)state;
    assert_route("/areas/a%2Fb", &area);
    assert_route("/%61reas/list", &list);
    assert_route("/areas%2Flist", NULL);
}

static void a_field_is_not_empty(void **state) {
    (void)state;
    assert_route("/areas/", NULL);
    assert_route("/areas", NULL);
    assert_route("//", NULL);
    assert_route("/areas//trend", NULL);
    assert_route("/areas/list/", NULL);
}

static void methods_that_are_missing_are_told(void **state) {
    (void)state;
    const char *allowed;
    assert_null(find("GET", "/nothing", &allowed));
    assert_string_equal(allowed, "");
    assert_null(find("GET", "/upload", &allowed));
    assert_string_equal(allowed, "POST");
    assert_null(find("POST", "/", &allowed));
    assert_string_equal(allowed, "GET, HEAD");
    assert_null(find("PUT", "/areas/list", &allowed));
    assert_string_equal(allowed, "GET, HEAD, POST");
    assert_ptr_equal(find("POST", "/areas/list", &allowed), &send_list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_segments_win_over_fields),
        cmocka_unit_test(escapes_do_not_make_or_hide_segments),
        cmocka_unit_test(a_field_is_not_empty),
        cmocka_unit_test(methods_that_are_missing_are_told),
    };
    return cmocka_run_group_tests_name("web/http/route", tests, NULL, NULL);
}
