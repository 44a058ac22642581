/* What RFC 9112 and RFC 9110 call malformed, and what two readers might take for different
 * requests (RFC 9112, section 11.2), is refused. */
#include "check.h"

#include "web/http/head.h"

static tf_head head;

static int parse_bytes(const char *bytes, size_t length) {
    size_t scanned = 0;
    size_t end;
    tf_refusal refusal = tf_head_measure((tf_text){bytes, length}, &scanned, &end);
    if (refusal.status) {
        assert_non_null(refusal.reason);
        return refusal.status;
    }
    if (end == 0) {
        return -1; /* it has not ended */
    }
    refusal = tf_head_parse((tf_text){bytes, end}, &head);
    assert_true((refusal.status == 0) == (refusal.reason == NULL));
    return refusal.status;
}

static int parse(const char *text) {
    return parse_bytes(text, strlen(text));
}

/* The status for a request with these lines between Host and the end. */
static int parse_with(const char *lines) {
    char text[4096];
    snprintf(text, sizeof text, "POST /a HTTP/1.1\r\nHost: a\r\n%s\r\n", lines);
    return parse(text);
}

static int parse_target(const char *target) {
    char text[TF_HEAD_MAX_SIZE + 64];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    return parse(text);
}

static void assert_text(tf_text text, const char *expected) {
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.data, expected, text.length);
}

static void a_sound_head_is_taken_apart(void **state) {
    (void)state;
    assert_int_equal(parse("GET /a/b%20c?d=e&f HTTP/1.1\r\nHost: example.org:80\r\n"
                           "Accept:\t text/html \r\nX-Empty:\r\n\r\n"),
                     0);
    assert_text(head.method, "GET");
    assert_text(head.target, "/a/b%20c?d=e&f");
    assert_text(head.path, "/a/b%20c");
    assert_text(head.query, "d=e&f");
    assert_text(head.host, "example.org:80");
    assert_int_equal(head.header_count, 3);
    assert_text(tf_head_value(head.headers, head.header_count, "ACCEPT"), "text/html");
    assert_text(tf_head_value(head.headers, head.header_count, "x-empty"), "");
    assert_null(tf_head_value(head.headers, head.header_count, "x-none").data);
    assert_true(head.keeps_alive);
    assert_false(head.has_length);
    assert_false(head.is_chunked);
}

static void a_head_is_measured_the_same_however_it_arrives(void **state) {
    (void)state;
    const char *text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next";
    size_t scanned = 0;
    size_t end = 0;
    size_t expected = strlen(text) - strlen("GET /next");
    for (size_t length = 0; length <= strlen(text); length++) {
        assert_int_equal(tf_head_measure((tf_text){text, length}, &scanned, &end).status, 0);
        assert_int_equal(end, length < expected ? 0 : expected);
        if (end) {
            scanned = 0;
        }
    }
}

static void a_line_ends_with_cr_lf_and_nothing_else(void **state) {
    (void)state;
    assert_int_equal(parse("GET / HTTP/1.1\nHost: a\n\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\n\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\r\n\r\n"), 400);
    assert_int_equal(parse("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("\n"), 400);
}

static void a_request_line_has_three_words(void **state) {
    (void)state;
    assert_int_equal(parse("GET /\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse(" GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("\x16\x03\x01 / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1\r\n\r\n"), 400);
}

static void a_method_is_one_we_know(void **state) {
    (void)state;
    assert_int_equal(parse("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
    assert_int_equal(parse("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
    assert_int_equal(parse("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
    assert_int_equal(parse("GE(T / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

static void a_version_is_1_1_or_1_0(void **state) {
    (void)state;
    assert_int_equal(parse("GET / HTTP/1.0\r\n\r\n"), 0);
    assert_false(head.keeps_alive);
    assert_int_equal(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), 0);
    assert_true(head.keeps_alive);
    assert_int_equal(parse("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
    assert_int_equal(parse("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505);
    assert_int_equal(parse("GET / HTTP/1.10\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("GET / http/1.1\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/11\r\nHost: a\r\n\r\n"), 400);
}

static void a_target_is_a_path_of_this_site(void **state) {
    (void)state;
    assert_int_equal(parse_target("http://a/b"), 400);
    assert_int_equal(parse_target("a"), 400);
    assert_int_equal(parse_target("*"), 400);
    assert_int_equal(parse_target("a:443"), 400);
    assert_int_equal(parse_target("/a#b"), 400);
    assert_int_equal(parse_target("/\x7F"), 400);
    assert_int_equal(parse_target("/caf\xC3\xA9"), 400);
    assert_int_equal(parse_target("/caf%C3%A9"), 0);
    assert_int_equal(parse_target("//a//"), 0);
}

static void a_path_has_sound_escapes_and_stays_where_it_is(void **state) {
    (void)state;
    assert_int_equal(parse_target("/%"), 400);
    assert_int_equal(parse_target("/%4"), 400);
    assert_int_equal(parse_target("/%G0"), 400);
    assert_int_equal(parse_target("/%00"), 400);
    assert_int_equal(parse_target("/%0A"), 400);
    assert_int_equal(parse_target("/%7F"), 400);
    assert_int_equal(parse_target("/%C3"), 400);
    assert_int_equal(parse_target("/%C0%AF"), 400); /* an overlong slash */
    assert_int_equal(parse_target("/a/.."), 400);
    assert_int_equal(parse_target("/a/../b"), 400);
    assert_int_equal(parse_target("/./a"), 400);
    assert_int_equal(parse_target("/%2e%2E/a"), 400);
    assert_int_equal(parse_target("/.%2e"), 400);
    assert_int_equal(parse_target("/..."), 0);
    assert_int_equal(parse_target("/%252e%252e"), 0); /* decoded once, it is only text */
    assert_int_equal(parse_target("/a%2Fb"), 0);
    assert_int_equal(parse_target("/?..&%"), 0); /* the form's business */
}

static void a_header_is_a_name_a_colon_and_a_value(void **state) {
    (void)state;
    assert_int_equal(parse_with("A: b\r\n"), 0);
    assert_int_equal(parse_with("A:b\tc\r\n"), 0);
    assert_int_equal(parse_with("A : b\r\n"), 400);
    assert_int_equal(parse_with("A\t: b\r\n"), 400);
    assert_int_equal(parse_with(": b\r\n"), 400);
    assert_int_equal(parse_with("A\r\n"), 400);
    assert_int_equal(parse_with("A: b\r\n c\r\n"), 400);
    assert_int_equal(parse_with("A: b\r\n\tc\r\n"), 400);
    assert_int_equal(parse_with(" A: b\r\n"), 400);
    assert_int_equal(parse_with("A(: b\r\n"), 400);
    assert_int_equal(parse_with("\xC3\x84: b\r\n"), 400);
    assert_int_equal(parse_with("A: \x01\r\n"), 400);
    assert_int_equal(parse_with("A: b\x0B\r\n"), 400); /* not even at the end */
    assert_int_equal(parse_with("A: \x7F\r\n"), 400);
    assert_int_equal(parse_with("A: \xFF\r\n"), 400);
    static const char nul[] = "GET / HTTP/1.1\r\nHost: a\r\nA: b\0c\r\n\r\n";
    assert_int_equal(parse_bytes(nul, sizeof nul - 1), 400);
    static const char nul_name[] = "GET / HTTP/1.1\r\nHost: a\r\nA\0: b\r\n\r\n";
    assert_int_equal(parse_bytes(nul_name, sizeof nul_name - 1), 400);
    static const char nul_target[] = "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_int_equal(parse_bytes(nul_target, sizeof nul_target - 1), 400);
}

static int parse_host(const char *host) {
    char text[512];
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    return parse(text);
}

static void exactly_one_host_is_named(void **state) {
    (void)state;
    assert_int_equal(parse("GET / HTTP/1.1\r\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"), 400);
    assert_int_equal(parse("GET / HTTP/1.1\r\nA: b\r\n\r\n"), 400);
    assert_int_equal(parse_host("example.org"), 0);
    assert_int_equal(parse_host("127.0.0.1:65535"), 0);
    assert_int_equal(parse_host("[::1]"), 0);
    assert_int_equal(parse_host("[::ffff:127.0.0.1]:80"), 0);
    assert_int_equal(parse_host("a:"), 0); /* RFC 3986: the port may be empty */
    static const char *const bad[] = {"",      "a b", "a,b",  "a@b",      "a/b",   "a:b",
                                      "a:80a", ":80", "[::1", "[]",       "[g]",   "[::1]a",
                                      "a%41",  "<a>", "a?",   "a:123456", "\"a\"", "a:80:80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse_host(bad[i]) != 400) {
            fail_msg("\"%s\" was taken for a host", bad[i]);
        }
    }
}

static void a_length_is_one_plain_number(void **state) {
    (void)state;
    assert_int_equal(parse_with("Content-Length: 12\r\n"), 0);
    assert_int_equal(head.length, 12);
    assert_int_equal(parse_with("Content-Length: 0\r\n"), 0);
    assert_true(head.has_length);
    assert_int_equal(parse_with("Content-Length: 18446744073709551615\r\n"), 0);
    static const char *const bad[] = {"", "-1", "+1", "0x10", "1 2", "1,1", "1.0", "1e3", "a"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char line[64];
        snprintf(line, sizeof line, "Content-Length: %s\r\n", bad[i]);
        if (parse_with(line) != 400) {
            fail_msg("\"%s\" was taken for a length", bad[i]);
        }
    }
    assert_int_equal(parse_with("Content-Length: 18446744073709551616\r\n"), 413);
    assert_int_equal(parse_with("Content-Length: 99999999999999999999999\r\n"), 413);
    assert_int_equal(parse_with("Content-Length: 1\r\nContent-Length: 1\r\n"), 400);
    assert_int_equal(parse_with("Content-Length: 1\r\nContent-Length: 2\r\n"), 400);
    assert_int_equal(parse_with("Content-Length: 0\r\ncontent-length: 2\r\n"), 400);
}

static void a_body_is_chunked_once_or_not_at_all(void **state) {
    (void)state;
    assert_int_equal(parse_with("Transfer-Encoding: chunked\r\n"), 0);
    assert_true(head.is_chunked);
    assert_int_equal(parse_with("Transfer-Encoding: Chunked\r\n"), 0);
    static const char *const bad[] = {"xchunked",          "chunked, chunked", "gzip, chunked",
                                      "chunked, identity", "identity",         "",
                                      "\"chunked\"",       "chunked;a",        "chunked ,"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char line[64];
        snprintf(line, sizeof line, "Transfer-Encoding: %s\r\n", bad[i]);
        if (parse_with(line) != 400) {
            fail_msg("\"%s\" was taken for chunked", bad[i]);
        }
    }
    assert_int_equal(parse_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                     400);
    assert_int_equal(parse_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"), 400);
    assert_int_equal(parse_with("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"), 400);
    assert_int_equal(parse_with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400);
    assert_int_equal(parse_with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), 400);
    assert_int_equal(parse("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
                     400);
}

static void connection_and_expect_are_understood(void **state) {
    (void)state;
    assert_int_equal(parse_with("Connection: close\r\n"), 0);
    assert_false(head.keeps_alive);
    assert_int_equal(parse_with("Connection: keep-alive, Close\r\n"), 0);
    assert_false(head.keeps_alive);
    assert_int_equal(parse_with("Connection: closed\r\n"), 0);
    assert_true(head.keeps_alive);
    assert_int_equal(parse_with("Expect: 100-Continue\r\n"), 0);
    assert_true(head.expects_continue);
    assert_int_equal(parse_with("Expect: more\r\n"), 417);
}

static void an_address_has_8000_bytes_at_most(void **state) {
    (void)state;
    static char target[TF_HEAD_MAX_SIZE];
    memset(target, 'a', sizeof target - 1);
    target[0] = '/';
    target[TF_HEAD_MAX_TARGET] = '\0';
    assert_int_equal(parse_target(target), 0);
    target[TF_HEAD_MAX_TARGET] = 'a';
    target[TF_HEAD_MAX_TARGET + 1] = '\0';
    assert_int_equal(parse_target(target), 414);
    /* It is refused before its end has come. */
    static char endless[9000];
    memset(endless, 'a', sizeof endless);
    memcpy(endless, "GET /", 5);
    assert_int_equal(parse_bytes(endless, sizeof endless), 414);
}

static void a_head_has_16_kib_and_64_headers_at_most(void **state) {
    (void)state;
    static char text[TF_HEAD_MAX_SIZE + 1];
    size_t used = (size_t)snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\nA: ");
    memset(text + used, 'b', sizeof text - used);
    memcpy(text + TF_HEAD_MAX_SIZE - 4, "\r\n\r\n", 4);
    assert_int_equal(parse_bytes(text, TF_HEAD_MAX_SIZE), 0);
    memset(text + TF_HEAD_MAX_SIZE - 4, 'b', 4);
    assert_int_equal(parse_bytes(text, TF_HEAD_MAX_SIZE - 1), -1);
    assert_int_equal(parse_bytes(text, TF_HEAD_MAX_SIZE), 431);
    char lines[1024] = "";
    for (int i = 0; i < TF_HEAD_MAX_HEADERS - 1; i++) {
        strcat(lines, "A: b\r\n");
    }
    assert_int_equal(parse_with(lines), 0);
    assert_int_equal(head.header_count, TF_HEAD_MAX_HEADERS);
    strcat(lines, "A: b\r\n");
    assert_int_equal(parse_with(lines), 431);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_head_is_taken_apart),
        cmocka_unit_test(a_head_is_measured_the_same_however_it_arrives),
        cmocka_unit_test(a_line_ends_with_cr_lf_and_nothing_else),
        cmocka_unit_test(a_request_line_has_three_words),
        cmocka_unit_test(a_method_is_one_we_know),
        cmocka_unit_test(a_version_is_1_1_or_1_0),
        cmocka_unit_test(a_target_is_a_path_of_this_site),
        cmocka_unit_test(a_path_has_sound_escapes_and_stays_where_it_is),
        cmocka_unit_test(a_header_is_a_name_a_colon_and_a_value),
        cmocka_unit_test(exactly_one_host_is_named),
        cmocka_unit_test(a_length_is_one_plain_number),
        cmocka_unit_test(a_body_is_chunked_once_or_not_at_all),
        cmocka_unit_test(connection_and_expect_are_understood),
        cmocka_unit_test(an_address_has_8000_bytes_at_most),
        cmocka_unit_test(a_head_has_16_kib_and_64_headers_at_most),
    };
    return cmocka_run_group_tests_name("web/http/head", tests, NULL, NULL);
}
