#include "site.h"

static void assert_body(reply got, int status, const char *body) {
    assert_string_equal(got.body ? got.body : "(nothing)", body);
    assert_int_equal(got.status, status);
    reply_free(&got);
}

static void a_route_answers_with_its_fields(void **state) {
    (void)state;
    site *own = site_open();
    assert_body(ask_for(own, "/", ""), 200, "home of localhost, local\n");
    assert_body(ask_for(own, "/areas/E01?from=2023-07", ""), 200, "area E01 from 7\n");
    assert_body(ask_for(own, "/areas/E01", ""), 200, "area E01 from 1\n");
    assert_body(ask_for(own, "/areas/list", ""), 200, "all areas\n");
    assert_body(ask_for(own, "/areas/a%2Fb%20c", ""), 200, "area a/b c from 1\n");
    site_close(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_route_answers_with_its_fields),
    };
    return cmocka_run_group_tests_name("web/http/server", tests, NULL, NULL);
}
