/* Requests that two readers might divide differently, over the wire: each is refused, and nothing
 * that stands behind it is ever taken for a request. */
#include "site.h"

static site *shared;

static int open_shared(void **state) {
    (void)state;
    shared = site_open();
    return 0;
}

static int close_shared(void **state) {
    (void)state;
    site_close(shared);
    return 0;
}

/* The connection answers once with this status and ends, whatever follows the request. */
static void assert_refused(const char *bytes, size_t length, int status) {
    static const char smuggled[] = "GET /count HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int before = atomic_load(&shared->count);
    int client = dial(shared);
    assert_true(put_bytes(client, bytes, length));
    (void)put_bytes(client, smuggled, sizeof smuggled - 1);
    reply got = get_reply(client);
    if (got.status != status) {
        fail_msg("the answer to this is %d and not %d:\n%.*s", got.status, status, (int)length,
                 bytes);
    }
    assert_true(reply_says(&got, "Connection", "close"));
    assert_true(has_ended(client));
    reply_free(&got);
    close(client);
    assert_int_equal(atomic_load(&shared->count), before);
}

static void assert_text_refused(const char *text, int status) {
    assert_refused(text, strlen(text), status);
}

/* A POST to /note with these lines between Host and the end. */
static void assert_lines_refused(const char *lines, const char *body, int status) {
    char text[4096];
    snprintf(text, sizeof text,
             "POST /note HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\n%s\r\n%s",
             lines, body);
    assert_text_refused(text, status);
}

static void two_lengths_are_refused(void **state) {
    (void)state;
    assert_lines_refused("Content-Length: 6\r\nContent-Length: 6\r\n", "name=a", 400);
    assert_lines_refused("Content-Length: 6\r\nContent-Length: 0\r\n", "name=a", 400);
    assert_lines_refused("Content-Length: 6, 6\r\n", "name=a", 400);
}

static void a_length_and_chunks_are_refused(void **state) {
    (void)state;
    assert_lines_refused("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 400);
    assert_lines_refused("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n", 400);
}

static void other_transfer_codings_are_refused(void **state) {
    (void)state;
    static const char *const lines[] = {
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding:\vchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding\r\n : chunked\r\n",
        "Transfer-Encoding: chunked\n\r\n",
        "X: a\nTransfer-Encoding: chunked\r\n",
        "X: a\rTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        assert_lines_refused(lines[i], "0\r\n\r\n", 400);
    }
}

static void malformed_lengths_are_refused(void **state) {
    (void)state;
    static const char *const lengths[] = {"-6", "+6", "0x6", "6 ,", "6;", "six", "6\t6", "", "1e1"};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        char line[64];
        snprintf(line, sizeof line, "Content-Length: %s\r\n", lengths[i]);
        assert_lines_refused(line, "name=a", 400);
    }
    assert_lines_refused("Content-Length: 99999999999999999999\r\n", "name=a", 413);
    assert_lines_refused("Content-Length: 18446744073709551615\r\n", "name=a", 413);
    assert_lines_refused("", "name=a", 411);
}

static void malformed_chunks_are_refused(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "FFFFFFFFF\r\nname=a\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFA\r\nname=a\r\n0\r\n\r\n",
        "6;x=y\r\nname=a\r\n0\r\n\r\n",
        "6\r\nname=a\r\n0\r\nX: y\r\n\r\n",
        "6\nname=a\r\n0\r\n\r\n",
        "6\r\nname=ab\r\n0\r\n\r\n",
        "-6\r\nname=a\r\n0\r\n\r\n",
        "0x6\r\nname=a\r\n0\r\n\r\n",
        "\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        assert_lines_refused("Transfer-Encoding: chunked\r\n", bodies[i], 400);
    }
    assert_lines_refused("Transfer-Encoding: chunked\r\n", "FFFFFFFF\r\nname=a", 413);
}

static void malformed_heads_are_refused(void **state) {
    (void)state;
    static const char *const heads[] = {
        "GET /count HTTP/1.1\nHost: localhost\n\n",
        "GET /count HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n",
        "GET /count HTTP/1.1\r\n Host: localhost\r\n\r\n",
        "GET /count HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET /count HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET /count HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
        "GET /count HTTP/1.1\r\nX: a\r\n\r\n",
        "GET /count HTTP/1.1\r\nHost: local/host\r\n\r\n",
        "GET /count HTTP/1.1\r\nHost: localhost, evil\r\n\r\n",
        "GET http://localhost/count HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://evil/count HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET count HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /count#a HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /../count HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /count\r\n\r\n",
        "GET /count HTTP/1.1 \r\nHost: localhost\r\n\r\n",
        "GET  /count HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "\r\nGET /count HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "{\"a\": 1}\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        assert_text_refused(heads[i], 400);
    }
    static const char nul[] = "GET /count HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n";
    assert_refused(nul, sizeof nul - 1, 400);
    assert_text_refused("BREW /count HTTP/1.1\r\nHost: localhost\r\n\r\n", 501);
    assert_text_refused("GET /count HTTP/2.0\r\nHost: localhost\r\n\r\n", 505);
    assert_text_refused("GET /count HTTP/1.1\r\nHost: localhost\r\nExpect: a\r\n\r\n", 417);
}

static void oversize_heads_are_refused(void **state) {
    (void)state;
    static char text[20000];
    memset(text, 'a', sizeof text);
    memcpy(text, "GET /", 5);
    assert_refused(text, sizeof text, 414);
    static const char start[] = "GET /count HTTP/1.1\r\nHost: localhost\r\nX: ";
    memcpy(text, start, sizeof start - 1);
    assert_refused(text, sizeof text, 431);
}

static void a_body_where_none_is_taken_is_no_request(void **state) {
    (void)state;
    /* CL.0: a body that a server does not look at would be the next request. */
    assert_text_refused("GET /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 44\r\n\r\n", 413);
    assert_text_refused(
        "GET /page HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        413);
    assert_text_refused("POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 44\r\n\r\n",
                        404);
    assert_text_refused("POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 44\r\n\r\n",
                        405);
}

static void a_body_that_looks_like_a_request_is_a_body(void **state) {
    (void)state;
    int client = dial(shared);
    int before = atomic_load(&shared->count);
    put(client, "POST /note HTTP/1.1\r\nHost: localhost\r\nContent-Length: 58\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
                "name=a&note=GET /count HTTP/1.1\r\nHost: localhost\r\n\r\nabcdef"
                "POST /note HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
                "7\r\nname=b&\r\n"
                "2D\r\nnote=GET /count HTTP/1.1\r\nHost: localhost\r\n\r\n\r\n0\r\n\r\n"
                "GET /areas/E01 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    reply first = get_reply(client);
    assert_int_equal(first.status, 200);
    assert_string_equal(first.body, "note of a: 46 bytes, 0 errors\n");
    reply second = get_reply(client);
    assert_int_equal(second.status, 200);
    assert_string_equal(second.body, "note of b: 40 bytes, 0 errors\n");
    reply third = get_reply(client);
    assert_string_equal(third.body, "area E01 from 1\n");
    assert_true(has_ended(client));
    assert_int_equal(atomic_load(&shared->count), before);
    reply_free(&first);
    reply_free(&second);
    reply_free(&third);
    close(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_lengths_are_refused),
        cmocka_unit_test(a_length_and_chunks_are_refused),
        cmocka_unit_test(other_transfer_codings_are_refused),
        cmocka_unit_test(malformed_lengths_are_refused),
        cmocka_unit_test(malformed_chunks_are_refused),
        cmocka_unit_test(malformed_heads_are_refused),
        cmocka_unit_test(oversize_heads_are_refused),
        cmocka_unit_test(a_body_where_none_is_taken_is_no_request),
        cmocka_unit_test(a_body_that_looks_like_a_request_is_a_body),
    };
    return cmocka_run_group_tests_name("web/http/framing", tests, open_shared, close_shared);
}
