#include "site.h"

#include <time.h>
#include <zlib.h>

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

static void every_answer_has_its_headers(void **state) {
    (void)state;
    site *own = site_open();
    static const char *const targets[] = {"/", "/nothing", "/asset", "/defect", "/%"};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        reply got = ask_for(own, targets[i], "");
        char value[1024];
        assert_non_null(reply_header(&got, "Content-Security-Policy", value, sizeof value));
        assert_non_null(strstr(value, "default-src 'none'"));
        assert_non_null(strstr(value, "frame-ancestors 'none'"));
        assert_null(strstr(value, "unsafe"));
        assert_true(reply_says(&got, "X-Content-Type-Options", "nosniff"));
        assert_true(reply_says(&got, "Referrer-Policy", "same-origin"));
        assert_true(reply_says(&got, "Cross-Origin-Opener-Policy", "same-origin"));
        assert_true(reply_says(&got, "Cross-Origin-Resource-Policy", "same-origin"));
        assert_non_null(reply_header(&got, "Permissions-Policy", value, sizeof value));
        assert_non_null(reply_header(&got, "Cache-Control", value, sizeof value));
        assert_non_null(reply_header(&got, "Content-Length", value, sizeof value));
        assert_null(reply_header(&got, "Server", value, sizeof value));
        assert_non_null(reply_header(&got, "Date", value, sizeof value));
        struct tm parsed = {0};
        const char *end = strptime(value, "%a, %d %b %Y %H:%M:%S GMT", &parsed);
        assert_true(end && *end == '\0');
        reply_free(&got);
    }
    site_close(own);
}

static void a_map_may_load_from_one_configured_origin(void **state) {
    (void)state;
    site *own = site_new();
    own->options.tile_origin = "https://tiles.example.org";
    site_start(own);
    reply got = ask_for(own, "/", "");
    char value[1024];
    assert_non_null(reply_header(&got, "Content-Security-Policy", value, sizeof value));
    assert_non_null(strstr(value, "img-src 'self' data: https://tiles.example.org;"));
    assert_non_null(strstr(value, "connect-src 'self' https://tiles.example.org;"));
    reply_free(&got);
    static const char *const bad[] = {"https://a; script-src *", "https://a\r\nX: y", "a",
                                      "javascript:a", "https://a 'unsafe-inline'"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        tf_server_options options = own->options;
        options.tile_origin = bad[i];
        tf_server *none;
        assert_int_equal(tf_server_start(&options, &none, NULL), TF_BAD_INPUT);
        assert_null(none);
    }
    site_close(own);
}

static void errors_have_their_status(void **state) {
    (void)state;
    site *own = site_open();
    assert_body(ask_for(own, "/nothing", ""), 404, "There is no page at this address.\n");
    assert_body(ask_for(own, "/missing", ""), 404, "There is no such area.\n");
    assert_body(ask_for(own, "/areas/E01?from=march", ""), 400,
                "First month must be a month, such as 2023-02.\n");
    assert_body(ask_for(own, "/secret", ""), 403, "You may not do this here.\n");
    atomic_store(&own->permits, true);
    assert_body(ask_for(own, "/secret", ""), 200, "1\n");
    /* What went wrong inside is nobody's business outside. */
    reply got = ask_for(own, "/defect", "");
    assert_int_equal(got.status, 500);
    assert_null(strstr(got.body, "secret"));
    assert_null(strstr(got.body, "inner"));
    reply_free(&got);
    site_close(own);
}

static void a_wrong_method_is_told_the_right_ones(void **state) {
    (void)state;
    site *own = site_open();
    reply got = ask(own, "POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(got.status, 405);
    assert_true(reply_says(&got, "Allow", "GET, HEAD"));
    reply_free(&got);
    got = ask(own, "DELETE /note HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_int_equal(got.status, 405);
    assert_true(reply_says(&got, "Allow", "POST"));
    reply_free(&got);
    site_close(own);
}

static void word_error(void *context, const tf_request *request, int status, const char *message,
                       tf_response *response) {
    (void)context;
    response->content_type = "application/problem+json";
    tf_buffer_format(&response->body, "{\"status\": %d, \"path\": \"%.*s\", \"message\": \"%s\"}",
                     status, TF_TEXT_ARG(request->path), message);
}

static void errors_are_worded_by_the_site(void **state) {
    (void)state;
    site *own = site_new();
    own->options.answer_error = word_error;
    site_start(own);
    reply got = ask_for(own, "/api/no%20where", "");
    assert_int_equal(got.status, 404);
    assert_true(reply_says(&got, "Content-Type", "application/problem+json"));
    assert_true(reply_says(&got, "Cache-Control", "no-store"));
    assert_string_equal(got.body, "{\"status\": 404, \"path\": \"/api/no where\", \"message\": "
                                  "\"There is no page at this address\"}");
    reply_free(&got);
    site_close(own);
}

static void a_connection_answers_many_requests_in_order(void **state) {
    (void)state;
    site *own = site_open();
    int client = dial(own);
    static char requests[100 * 80];
    char *end = requests;
    for (int i = 0; i < 100; i++) {
        end += sprintf(end, "GET /areas/%d HTTP/1.1\r\nHost: localhost\r\n\r\n", i);
    }
    put(client, requests);
    for (int i = 0; i < 100; i++) {
        char expected[64];
        snprintf(expected, sizeof expected, "area %d from 1\n", i);
        assert_body(get_reply(client), 200, expected);
    }
    put(client, "GET /areas/last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    reply got = get_reply(client);
    assert_true(reply_says(&got, "Connection", "close"));
    assert_true(has_ended(client));
    reply_free(&got);
    close(client);
    site_close(own);
}

static void a_request_may_arrive_byte_by_byte(void **state) {
    (void)state;
    site *own = site_open();
    int client = dial(own);
    int yes = 1;
    setsockopt(client, IPPROTO_TCP, 1 /* TCP_NODELAY */, &yes, sizeof yes);
    static const char text[] = "POST /note HTTP/1.1\r\nHost: localhost\r\n"
                               "Transfer-Encoding: chunked\r\n"
                               "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
                               "4\r\nname\r\n2\r\n=a\r\n0\r\n\r\n"
                               "GET /areas/list HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (size_t i = 0; i < sizeof text - 1; i++) {
        assert_true(put_bytes(client, text + i, 1));
    }
    assert_body(get_reply(client), 200, "note of a: 0 bytes, 0 errors\n");
    assert_body(get_reply(client), 200, "all areas\n");
    close(client);
    site_close(own);
}

static void http_1_0_is_answered_and_ends(void **state) {
    (void)state;
    site *own = site_open();
    int client = dial(own);
    put(client, "GET /areas/a HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
    reply got = get_reply(client);
    assert_true(reply_says(&got, "Connection", "keep-alive"));
    assert_body(got, 200, "area a from 1\n");
    put(client, "GET /areas/b HTTP/1.0\r\nHost: localhost\r\n\r\n");
    assert_body(get_reply(client), 200, "area b from 1\n");
    assert_true(has_ended(client));
    close(client);
    site_close(own);
}

static void a_client_that_has_said_all_still_gets_its_answer(void **state) {
    (void)state;
    site *own = site_open();
    int client = dial(own);
    put(client, "GET /gate HTTP/1.1\r\nHost: localhost\r\n\r\n");
    shutdown(client, SHUT_WR);
    await_inside(own, 1);
    open_gate(own);
    assert_body(get_reply(client), 200, "1\n");
    assert_true(has_ended(client));
    close(client);
    site_close(own);
}

static void a_client_that_goes_away_is_forgotten(void **state) {
    (void)state;
    site *own = site_open();
    struct linger reset = {.l_onoff = 1};
    int client = dial(own);
    put(client, "GET /gate HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await_inside(own, 1);
    setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(client);
    assert_body(ask_for(own, "/areas/list", ""), 200, "all areas\n");
    open_gate(own);
    assert_body(ask_for(own, "/areas/list", ""), 200, "all areas\n");
    site_close(own);
}

static void head_is_get_without_its_body(void **state) {
    (void)state;
    site *own = site_open();
    int client = dial(own);
    put(client, "HEAD /page?size=5000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                "GET /page?size=5000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    reply head = get_reply_of(client, false);
    reply get = get_reply(client);
    assert_int_equal(head.status, 200);
    assert_true(reply_says(&head, "Content-Length", "5000"));
    char head_tag[64];
    assert_non_null(reply_header(&head, "ETag", head_tag, sizeof head_tag));
    assert_true(reply_says(&get, "ETag", head_tag));
    assert_int_equal(get.length, 5000);
    reply_free(&head);
    reply_free(&get);
    close(client);
    site_close(own);
}

static void a_page_the_client_has_is_not_sent_again(void **state) {
    (void)state;
    site *own = site_open();
    reply first = ask_for(own, "/page?size=5000", "");
    char tag[64];
    assert_non_null(reply_header(&first, "ETag", tag, sizeof tag));
    assert_true(reply_says(&first, "Cache-Control", "no-cache"));
    assert_true(reply_says(&first, "Vary", "Accept-Encoding"));
    char header[256];
    snprintf(header, sizeof header, "If-None-Match: \"other\", W/%s\r\n", tag);
    reply second = ask_for(own, "/page?size=5000", header);
    assert_int_equal(second.status, 304);
    assert_int_equal(second.length, 0);
    assert_true(reply_says(&second, "ETag", tag));
    assert_true(reply_says(&second, "Cache-Control", "no-cache"));
    assert_true(reply_says(&second, "Vary", "Accept-Encoding"));
    assert_null(reply_header(&second, "Content-Length", header, sizeof header));
    assert_null(reply_header(&second, "Content-Type", header, sizeof header));
    reply_free(&first);
    reply_free(&second);
    /* Another page has another tag, and so has the same page in another coding. */
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", tag);
    reply other = ask_for(own, "/page?size=5001", header);
    assert_int_equal(other.status, 200);
    reply_free(&other);
    snprintf(header, sizeof header, "If-None-Match: %s\r\nAccept-Encoding: gzip\r\n", tag);
    other = ask_for(own, "/page?size=5000", header);
    assert_int_equal(other.status, 200);
    reply_free(&other);
    site_close(own);
}

static void a_packed_page_unpacks_to_the_plain_one(void **state) {
    (void)state;
    site *own = site_open();
    reply plain = ask_for(own, "/page", "");
    reply packed = ask_for(own, "/page", "Accept-Encoding: gzip, br\r\n");
    assert_true(reply_says(&packed, "Content-Encoding", "gzip"));
    assert_true(packed.length < plain.length / 2);
    unsigned char *unpacked = malloc(plain.length + 1);
    z_stream stream = {.next_in = (unsigned char *)packed.body,
                       .avail_in = (unsigned)packed.length,
                       .next_out = unpacked,
                       .avail_out = (unsigned)plain.length + 1};
    assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, plain.length);
    assert_memory_equal(unpacked, plain.body, plain.length);
    inflateEnd(&stream);
    free(unpacked);
    reply_free(&plain);
    reply_free(&packed);
    char value[64];
    reply small = ask_for(own, "/page?size=1000", "Accept-Encoding: gzip\r\n");
    assert_null(reply_header(&small, "Content-Encoding", value, sizeof value));
    assert_int_equal(small.length, 1000);
    reply_free(&small);
    site_close(own);
}

static void a_fixed_body_is_sent_in_the_best_coding(void **state) {
    (void)state;
    site *own = site_open();
    reply got = ask_for(own, "/asset", "Accept-Encoding: gzip, deflate, br\r\n");
    assert_true(reply_says(&got, "Content-Encoding", "br"));
    assert_true(reply_says(&got, "Cache-Control", "public, max-age=31536000, immutable"));
    assert_body(got, 200, "packed by brotli");
    got = ask_for(own, "/asset", "Accept-Encoding: gzip\r\n");
    assert_true(reply_says(&got, "Content-Encoding", "gzip"));
    assert_body(got, 200, "packed by gzip");
    assert_body(ask_for(own, "/asset", "Accept-Encoding: gzip;q=0\r\n"), 200, "plain");
    assert_body(ask_for(own, "/asset", ""), 200, "plain");
    site_close(own);
}

static void a_file_is_sent_whole_and_named_safely(void **state) {
    (void)state;
    site *own = site_open();
    int client = dial(own);
    put(client, "GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n"
                "GET /areas/list HTTP/1.1\r\nHost: localhost\r\n\r\n");
    reply got = get_reply(client);
    assert_int_equal(got.length, 3 << 20);
    assert_string_equal(got.body + got.length - 4, "last");
    assert_true(reply_says(&got, "Content-Disposition", "attachment; filename=\"..ab.csv\""));
    reply_free(&got);
    assert_body(get_reply(client), 200, "all areas\n");
    close(client);
    site_close(own);
}

static void answers_are_kept_until_the_version_changes(void **state) {
    (void)state;
    site *own = site_open();
    assert_body(ask_for(own, "/count", ""), 200, "1\n");
    assert_body(ask_for(own, "/count", ""), 200, "1\n");
    assert_body(ask_for(own, "/count?a", ""), 200, "2\n");
    atomic_store(&own->version, 1);
    assert_body(ask_for(own, "/count", ""), 200, "3\n");
    assert_body(ask_for(own, "/count", ""), 200, "3\n");
    /* A name of another host may stand in the page. */
    assert_body(ask(own, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), 200,
                "home of 127.0.0.1, local\n");
    assert_body(ask_for(own, "/", ""), 200, "home of localhost, local\n");
    /* And what a proxy asks for is for somebody else. */
    assert_body(ask_for(own, "/", "X-Forwarded-For: 192.0.2.1\r\n"), 200, "home of localhost\n");
    site_close(own);
}

static void what_is_volatile_or_private_is_made_anew(void **state) {
    (void)state;
    site *own = site_open();
    assert_body(ask_for(own, "/now", ""), 200, "1\n");
    assert_body(ask_for(own, "/now", ""), 200, "2\n");
    reply got = ask_for(own, "/private-count", "");
    char value[64];
    assert_null(reply_header(&got, "ETag", value, sizeof value));
    assert_true(reply_says(&got, "Cache-Control", "no-store"));
    assert_body(got, 200, "3\n");
    assert_body(ask_for(own, "/private-count", ""), 200, "4\n");
    atomic_store(&own->permits, true);
    got = ask_for(own, "/secret", "");
    assert_true(reply_says(&got, "Cache-Control", "private, no-cache"));
    assert_body(got, 200, "5\n");
    /* A kept answer is not for those who may not see it. */
    atomic_store(&own->permits, false);
    got = ask_for(own, "/secret", "");
    assert_int_equal(got.status, 403);
    reply_free(&got);
    site_close(own);
}

static void what_many_ask_for_at_once_is_made_once(void **state) {
    (void)state;
    site *own = site_open();
    int clients[20];
    for (int i = 0; i < 20; i++) {
        clients[i] = dial(own);
        put(clients[i], "GET /shared-gate HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    await_inside(own, 1);
    /* The second thread takes the other nineteen, and then this one, while the first waits. */
    assert_body(ask_for(own, "/areas/list", ""), 200, "all areas\n");
    open_gate(own);
    for (int i = 0; i < 20; i++) {
        assert_body(get_reply(clients[i]), 200, "1\n");
        close(clients[i]);
    }
    assert_int_equal(atomic_load(&own->count), 1);
    site_close(own);
}

static void a_form_is_sent_and_checked(void **state) {
    (void)state;
    site *own = site_open();
    assert_body(ask(own, "POST /note HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n"
                         "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n\r\n"
                         "name=Ann&note=a+b%21"),
                200, "note of Ann: 4 bytes, 0 errors\n");
    /* The page that shows the form again is called with what is wrong. */
    assert_body(ask(own, "POST /note?name=a&name=b HTTP/1.1\r\nHost: localhost\r\n"
                         "Content-Length: 0\r\n"
                         "Content-Type: application/x-www-form-urlencoded\r\n\r\n"),
                200, "note of a: 0 bytes, 1 errors\n");
    assert_int_equal(status_of(own,
                               "POST /note HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                               "Content-Type: application/json\r\n\r\n{}"),
                     415);
    assert_int_equal(
        status_of(own, "POST /note HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nname=a"),
        415);
    assert_int_equal(
        status_of(own, "POST /note HTTP/1.1\r\nHost: localhost\r\nContent-Length: 131073\r\n"
                       "Content-Type: application/x-www-form-urlencoded\r\n\r\n"),
        413);
    site_close(own);
}

static void a_redirect_leads_to_a_path(void **state) {
    (void)state;
    site *own = site_open();
    reply got = ask(own, "POST /done HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_int_equal(got.status, 303);
    assert_true(reply_says(&got, "Location", "/areas/list"));
    reply_free(&got);
    site_close(own);
}

static void other_sites_and_names_are_refused(void **state) {
    (void)state;
    site *own = site_open();
    assert_int_equal(status_of(own, "GET / HTTP/1.1\r\nHost: evil.example.org\r\n\r\n"), 421);
    assert_int_equal(status_of(own, "GET / HTTP/1.0\r\n\r\n"), 421);
    assert_int_equal(status_of(own, "POST /done HTTP/1.1\r\nHost: localhost\r\n"
                                    "Origin: http://evil.example.org\r\n\r\n"),
                     403);
    assert_int_equal(status_of(own, "POST /done HTTP/1.1\r\nHost: localhost\r\n"
                                    "Sec-Fetch-Site: cross-site\r\n\r\n"),
                     403);
    assert_int_equal(status_of(own,
                               "POST /done HTTP/1.1\r\nHost: localhost\r\n"
                               "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n\r\n"),
                     303);
    site_close(own);
}

static void the_log_names_the_route_and_nobody(void **state) {
    (void)state;
    site *own = site_open();
    reply got = ask_for(own, "/areas/E01?from=2023-07",
                        "User-Agent: nosy\r\nReferer: http://localhost/secret\r\n");
    reply_free(&got);
    (void)status_of(own, "GET /private/name HTTP/1.1\r\nHost: localhost\r\n\r\n");
    (void)status_of(own, "GET /% HTTP/1.1\r\nHost: localhost\r\n\r\n");
    tf_server_free(own->server); /* the last lines are written then at the latest */
    own->server = NULL;
    char text[4096] = "";
    ssize_t length = pread(own->log, text, sizeof text - 1, 0);
    assert_true(length > 0);
    char date[32];
    char method[8];
    char route[64];
    int status;
    unsigned long long bytes;
    double milliseconds;
    assert_int_equal(sscanf(text, "%31s %7s %63s %d %llu %lf\n", date, method, route, &status,
                            &bytes, &milliseconds),
                     6);
    assert_string_equal(method, "GET");
    assert_string_equal(route, "/areas/{code}");
    assert_int_equal(status, 200);
    assert_true(bytes > 16);
    assert_non_null(strstr(text, " - - 404 "));
    assert_non_null(strstr(text, " - - 400 "));
    static const char *const absent[] = {"E01",     "from",      "2023-07",   "nosy", "secret",
                                         "private", "127.0.0.1", "localhost", "%"};
    for (size_t i = 0; i < COUNT_OF(absent); i++) {
        assert_null(strstr(text, absent[i]));
    }
    site_close(own);
}

static void an_address_is_checked_before_it_is_used(void **state) {
    (void)state;
    site *own = site_open();
    static const char *const bad[] = {"",        "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                                      "a:80",    ":8080",     "[::1:80",    "127.0.0.1:+1",
                                      "1.2.3:80"};
    tf_server_options options = own->options;
    tf_server *none;
    tf_error error;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        options.listen = bad[i];
        assert_int_equal(tf_server_start(&options, &none, &error), TF_BAD_INPUT);
        assert_null(none);
    }
    options.listen = tf_server_address(own->server);
    assert_int_equal(tf_server_start(&options, &none, &error), TF_BUSY);
    options.listen = "192.0.2.1:0"; /* set aside for documentation: no machine has it */
    assert_int_equal(tf_server_start(&options, &none, &error), TF_BAD_INPUT);
    site_close(own);
}

static void it_listens_on_the_other_family_too(void **state) {
    (void)state;
    site *own = site_new();
    own->options.listen = "[::1]:0";
    tf_error error;
    if (tf_server_start(&own->options, &own->server, &error) != TF_OK) {
        site_close(own);
        SKIP_TEST("this machine has no IPv6");
    }
    assert_int_equal(strncmp(tf_server_address(own->server), "[::1]:", 6), 0);
    site_close(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_route_answers_with_its_fields),
        cmocka_unit_test(every_answer_has_its_headers),
        cmocka_unit_test(a_map_may_load_from_one_configured_origin),
        cmocka_unit_test(errors_have_their_status),
        cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
        cmocka_unit_test(errors_are_worded_by_the_site),
        cmocka_unit_test(a_connection_answers_many_requests_in_order),
        cmocka_unit_test(a_request_may_arrive_byte_by_byte),
        cmocka_unit_test(http_1_0_is_answered_and_ends),
        cmocka_unit_test(a_client_that_has_said_all_still_gets_its_answer),
        cmocka_unit_test(a_client_that_goes_away_is_forgotten),
        cmocka_unit_test(head_is_get_without_its_body),
        cmocka_unit_test(a_page_the_client_has_is_not_sent_again),
        cmocka_unit_test(a_packed_page_unpacks_to_the_plain_one),
        cmocka_unit_test(a_fixed_body_is_sent_in_the_best_coding),
        cmocka_unit_test(a_file_is_sent_whole_and_named_safely),
        cmocka_unit_test(answers_are_kept_until_the_version_changes),
        cmocka_unit_test(what_is_volatile_or_private_is_made_anew),
        cmocka_unit_test(what_many_ask_for_at_once_is_made_once),
        cmocka_unit_test(a_form_is_sent_and_checked),
        cmocka_unit_test(a_redirect_leads_to_a_path),
        cmocka_unit_test(other_sites_and_names_are_refused),
        cmocka_unit_test(the_log_names_the_route_and_nobody),
        cmocka_unit_test(an_address_is_checked_before_it_is_used),
        cmocka_unit_test(it_listens_on_the_other_family_too),
    };
    return cmocka_run_group_tests_name("web/http/server", tests, NULL, NULL);
}
