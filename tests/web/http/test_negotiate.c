#include "check.h"

#include "web/http/negotiate.h"

enum { GZIP = TF_ENCODING_GZIP, BOTH = TF_ENCODING_GZIP | TF_ENCODING_BROTLI };

static unsigned takes(const char *header) {
    return tf_negotiate_encodings(tf_text_of(header));
}

/* RFC 9110, section 12.5.3, has the first five as its examples. */
static void accept_encoding_says_which_codings_are_taken(void **state) {
    (void)state;
    assert_int_equal(takes("compress, gzip"), GZIP);
    assert_int_equal(takes(""), 0);
    assert_int_equal(takes("*"), BOTH);
    assert_int_equal(takes("compress;q=0.5, gzip;q=1.0"), GZIP);
    assert_int_equal(takes("gzip;q=1.0, identity; q=0.5, *;q=0"), GZIP);
    assert_int_equal(takes(NULL), 0);
    assert_int_equal(takes("gzip, deflate, br"), BOTH);
    assert_int_equal(takes("GZip ; Q=0.001"), GZIP);
}

static void a_weight_of_zero_refuses(void **state) {
    (void)state;
    assert_int_equal(takes("gzip;q=0"), 0);
    assert_int_equal(takes("gzip;q=0.000, br"), TF_ENCODING_BROTLI);
    assert_int_equal(takes("*, gzip;q=0"), TF_ENCODING_BROTLI);
}

static void identity_may_be_liked_better(void **state) {
    (void)state;
    assert_int_equal(takes("gzip;q=0.5, identity"), 0);
    assert_int_equal(takes("gzip;q=0.5, br;q=0.8, identity;q=0.7"), TF_ENCODING_BROTLI);
}

static void what_is_malformed_is_answered_plainly(void **state) {
    (void)state;
    assert_int_equal(takes("gzip;q=2"), 0);
    assert_int_equal(takes("gzip;q=0.1234"), 0);
    assert_int_equal(takes("gzip;q="), 0);
    assert_int_equal(takes("gzip;q=.5"), 0);
    assert_int_equal(takes("gzip;level=9"), 0);
    assert_int_equal(takes("gzipped, xbr"), 0);
}

static bool matches(const char *header, const char *etag) {
    return tf_negotiate_matches(tf_text_of(header), tf_text_of(etag));
}

/* The table of RFC 9110, section 8.8.3.2, by the weak comparison that If-None-Match takes. */
static void if_none_match_compares_weakly(void **state) {
    (void)state;
    assert_true(matches("W/\"1\"", "\"1\""));
    assert_false(matches("W/\"2\"", "\"1\""));
    assert_true(matches("\"1\"", "\"1\""));
    assert_false(matches("\"11\"", "\"1\""));
}

static void if_none_match_is_a_list(void **state) {
    (void)state;
    assert_true(matches("\"xyzzy\", W/\"r2d2xxxx\", \"c3piozzzz\"", "\"c3piozzzz\""));
    assert_true(matches("\"xyzzy\" ,,\"b\"", "\"b\""));
    assert_true(matches("\"a,b\",\"c\"", "\"c\""));
    assert_false(matches("\"a,b\",\"c\"", "\"b\""));
    assert_true(matches("*", "\"c\""));
    assert_true(matches(" * ", "\"c\""));
    assert_false(matches("\"*\"", "\"c\""));
}

static void malformed_tags_match_nothing(void **state) {
    (void)state;
    assert_false(matches("", "\"a\""));
    assert_false(matches("a", "\"a\""));
    assert_false(matches("\"a", "\"a\""));
    assert_false(matches("w/\"a\"", "\"a\""));
    assert_false(matches("\"", "\"a\""));
    assert_false(matches("W/", "\"a\""));
}

static void text_gets_smaller_and_pictures_do_not(void **state) {
    (void)state;
    static const char *const packed[] = {"text/html; charset=utf-8", "application/json",
                                         "image/svg+xml", "application/geo+json"};
    static const char *const plain[] = {"image/png", "application/pdf", "font/woff2",
                                        "application/jsonx", ""};
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
        assert_true(tf_negotiate_is_compressible(tf_text_of(packed[i])));
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_false(tf_negotiate_is_compressible(tf_text_of(plain[i])));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accept_encoding_says_which_codings_are_taken),
        cmocka_unit_test(a_weight_of_zero_refuses),
        cmocka_unit_test(identity_may_be_liked_better),
        cmocka_unit_test(what_is_malformed_is_answered_plainly),
        cmocka_unit_test(if_none_match_compares_weakly),
        cmocka_unit_test(if_none_match_is_a_list),
        cmocka_unit_test(malformed_tags_match_nothing),
        cmocka_unit_test(text_gets_smaller_and_pictures_do_not),
    };
    return cmocka_run_group_tests_name("web/http/negotiate", tests, NULL, NULL);
}
