#include "check.h"

#include "web/http/guard.h"

static const char *const hosts[] = {"trefoil.example.org", "trefoil.example.org:8443"};
static const tf_guard named = {.address = "127.0.0.1:8080", .hosts = hosts, .host_count = 2};
static const tf_guard local = {.address = "[::1]:8080"};
static const tf_guard any = {.address = "0.0.0.0:8080", .is_any_host = true};

static int check_host(const tf_guard *guard, const char *host) {
    tf_head head = {.method = tf_text_of("GET"), .host = tf_text_of(host)};
    return tf_guard_check(guard, &head).status;
}

static void only_the_names_of_this_site_are_answered(void **state) {
    (void)state;
    static const char *const fine[] = {"localhost",           "LocalHost:8080",
                                       "127.0.0.1",           "127.0.0.1:8080",
                                       "trefoil.example.org", "TREFOIL.example.org:80"};
    static const char *const wrong[] = {"",
                                        "evil.example.org",
                                        "127.0.0.1.evil.example.org",
                                        "localhost.evil.example.org",
                                        "127.0.0.2",
                                        "[::1]",
                                        "xtrefoil.example.org"};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        assert_int_equal(check_host(&named, fine[i]), 0);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(check_host(&named, wrong[i]), 421);
    }
    assert_int_equal(check_host(&local, "[::1]"), 0);
    assert_int_equal(check_host(&local, "[::1]:8080"), 0);
    assert_int_equal(check_host(&local, "[::2]"), 421);
    assert_int_equal(check_host(&any, "anything.example.org"), 0);
}

static int check_post(const char *name, const char *value) {
    tf_head head = {.method = tf_text_of("POST"), .host = tf_text_of("localhost:8080")};
    head.headers[0] = (tf_header){tf_text_of("Accept"), tf_text_of("*/*")};
    head.headers[1] = (tf_header){tf_text_of(name), tf_text_of(value)};
    head.header_count = 2;
    return tf_guard_check(&named, &head).status;
}

static void a_form_is_taken_from_pages_of_this_site(void **state) {
    (void)state;
    assert_int_equal(check_post("X-Other", ""), 0);
    assert_int_equal(check_post("Origin", "http://localhost:8080"), 0);
    assert_int_equal(check_post("origin", "https://trefoil.example.org"), 0);
    assert_int_equal(check_post("Origin", "http://localhost:8081"), 403);
    assert_int_equal(check_post("Origin", "http://evil.example.org"), 403);
    assert_int_equal(check_post("Origin", "http://localhost:8080.evil.example.org"), 403);
    assert_int_equal(check_post("Origin", "null"), 403);
    assert_int_equal(check_post("Origin", ""), 403);
    assert_int_equal(check_post("Origin", "localhost:8080"), 403);
    assert_int_equal(check_post("Sec-Fetch-Site", "same-origin"), 0);
    assert_int_equal(check_post("Sec-Fetch-Site", "none"), 0);
    assert_int_equal(check_post("Sec-Fetch-Site", "same-site"), 403);
    assert_int_equal(check_post("Sec-Fetch-Site", "cross-site"), 403);
}

static int check_post_to(const tf_guard *guard, const char *host, const char *origin) {
    tf_head head = {.method = tf_text_of("POST"), .host = tf_text_of(host)};
    head.headers[0] = (tf_header){tf_text_of("Origin"), tf_text_of(origin)};
    head.header_count = 1;
    return tf_guard_check(guard, &head).status;
}

/* DNS rebinding: a name of the attacker's that leads here makes their page one of this site. */
static void where_any_name_reads_only_known_names_and_addresses_change(void **state) {
    (void)state;
    assert_int_equal(check_post_to(&any, "evil.example.org", "http://evil.example.org"), 403);
    assert_int_equal(check_post_to(&any, "1.2.3.evil", "http://1.2.3.evil"), 403);
    assert_int_equal(check_post_to(&any, "[evil]:80", "http://[evil]:80"), 403);
    assert_int_equal(check_post_to(&any, "192.0.2.7:8080", "http://192.0.2.7:8080"), 0);
    assert_int_equal(check_post_to(&any, "[2001:db8::7]:8080", "http://[2001:db8::7]:8080"), 0);
    assert_int_equal(check_post_to(&any, "localhost:8080", "http://localhost:8080"), 0);
    assert_int_equal(check_post_to(&named, "trefoil.example.org", "http://trefoil.example.org"), 0);
}

static void a_second_header_does_not_hide_behind_the_first(void **state) {
    (void)state;
    tf_head head = {.method = tf_text_of("POST"), .host = tf_text_of("localhost")};
    head.headers[0] = (tf_header){tf_text_of("Origin"), tf_text_of("http://localhost")};
    head.headers[1] = (tf_header){tf_text_of("Origin"), tf_text_of("http://evil.example.org")};
    head.header_count = 2;
    assert_int_equal(tf_guard_check(&named, &head).status, 403);
}

static void reading_is_free_to_other_sites(void **state) {
    (void)state;
    tf_head head = {.method = tf_text_of("GET"), .host = tf_text_of("localhost")};
    head.headers[0] = (tf_header){tf_text_of("Sec-Fetch-Site"), tf_text_of("cross-site")};
    head.header_count = 1;
    assert_int_equal(tf_guard_check(&named, &head).status, 0);
    head.method = tf_text_of("HEAD");
    assert_int_equal(tf_guard_check(&named, &head).status, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_names_of_this_site_are_answered),
        cmocka_unit_test(a_form_is_taken_from_pages_of_this_site),
        cmocka_unit_test(where_any_name_reads_only_known_names_and_addresses_change),
        cmocka_unit_test(a_second_header_does_not_hide_behind_the_first),
        cmocka_unit_test(reading_is_free_to_other_sites),
    };
    return cmocka_run_group_tests_name("web/http/guard", tests, NULL, NULL);
}
