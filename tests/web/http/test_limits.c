/* Slow, many, large and broken-off: what clients do to a server, meant or not. */
#include "site.h"

#include <dirent.h>

static void assert_body(reply got, int status, const char *body) {
    assert_string_equal(got.body ? got.body : "(nothing)", body);
    assert_int_equal(got.status, status);
    reply_free(&got);
}

static void a_slow_head_is_given_up(void **state) {
    (void)state;
    site *own = site_new();
    own->options.head_timeout_ms = 50;
    site_start(own);
    int client = dial(own);
    put(client, "GET / HTTP/1.1\r\nHost: ");
    reply got = get_reply(client);
    assert_int_equal(got.status, 408);
    assert_true(reply_says(&got, "Connection", "close"));
    assert_true(has_ended(client));
    reply_free(&got);
    close(client);
    site_close(own);
}

static void a_head_that_drips_is_given_up_too(void **state) {
    (void)state;
    site *own = site_new();
    own->options.head_timeout_ms = 100;
    site_start(own);
    int client = dial(own);
    put(client, "GET / HTTP/1.1\r\n");
    /* Each byte comes in time, but the head as a whole does not: it is given up long before it is
     * too large. */
    enum { BYTES_MOST = 1000 };
    int sent = 0;
    while (sent < BYTES_MOST && put_bytes(client, "a", 1)) {
        usleep(10 * 1000);
        sent++;
    }
    assert_true(sent < BYTES_MOST);
    close(client);
    site_close(own);
}

static void an_idle_connection_ends_without_a_word(void **state) {
    (void)state;
    site *own = site_new();
    own->options.idle_timeout_ms = 50;
    site_start(own);
    int fresh = dial(own);
    int used = dial(own);
    put(used, "GET /areas/list HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_body(get_reply(used), 200, "all areas\n");
    assert_true(has_ended(used));
    assert_true(has_ended(fresh));
    close(used);
    close(fresh);
    site_close(own);
}

static void a_slow_body_is_given_up(void **state) {
    (void)state;
    site *own = site_new();
    own->options.body_window_ms = 50;
    site_start(own);
    int client = dial(own);
    put(client, "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
                "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b");
    reply got = get_reply(client);
    assert_int_equal(got.status, 408);
    assert_true(has_ended(client));
    reply_free(&got);
    close(client);
    site_close(own);
}

static void a_client_that_does_not_read_is_given_up(void **state) {
    (void)state;
    site *own = site_new();
    own->options.body_window_ms = 50;
    own->options.max_connections = 1;
    site_start(own);
    int client = dial(own);
    put(client, "GET /page?size=30000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    while (atomic_load(&own->count) == 0) {
        usleep(1000);
    }
    /* There is room for one, so the next is answered only once the first was given up. */
    while (status_of(own, "GET /areas/list HTTP/1.1\r\nHost: localhost\r\n\r\n") == 503) {
        usleep(1000);
    }
    static char bytes[1 << 20];
    size_t total = 0;
    ssize_t length;
    while ((length = recv(client, bytes, sizeof bytes, 0)) > 0) {
        total += (size_t)length;
    }
    assert_true(total < 30000000);
    close(client);
    site_close(own);
}

static void a_large_answer_waits_for_its_reader(void **state) {
    (void)state;
    site *own = site_open();
    int slow = dial(own);
    put(slow, "GET /page?size=20000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_body(ask_for(own, "/areas/list", ""), 200, "all areas\n");
    reply got = get_reply(slow);
    assert_int_equal(got.length, 20000000);
    reply_free(&got);
    close(slow);
    site_close(own);
}

/* Readers that are slow on purpose would otherwise use the memory up, one large answer each. */
static void large_answers_that_are_not_read_make_room_for_others(void **state) {
    (void)state;
    site *own = site_new();
    own->options.max_sending = 50 << 20;
    site_start(own);
    int first = dial(own);
    int second = dial(own);
    put(first, "GET /page?size=30000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    char start;
    assert_int_equal(recv(first, &start, 1, MSG_PEEK), 1);
    put(second, "GET /page?size=29000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    reply got = get_reply(second);
    assert_int_equal(got.length, 29000000);
    reply_free(&got);
    static char bytes[1 << 20];
    size_t total = 0;
    ssize_t length;
    while (total < 30000000 && (length = recv(first, bytes, sizeof bytes, 0)) > 0) {
        total += (size_t)length;
    }
    assert_true(total < 30000000);
    close(first);
    close(second);
    site_close(own);
}

static void one_answer_is_sent_to_many_from_the_same_memory(void **state) {
    (void)state;
    enum { CROWD = 8 };
    site *own = site_new();
    own->options.max_sending = 8 << 20;
    own->options.cache_size = 64 << 20;
    site_start(own);
    int crowd[CROWD];
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = dial(own);
        put(crowd[i], "GET /page?size=7000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    for (int i = 0; i < CROWD; i++) {
        reply got = get_reply(crowd[i]);
        assert_int_equal(got.length, 7000000);
        reply_free(&got);
        close(crowd[i]);
    }
    assert_int_equal(atomic_load(&own->count), 1);
    site_close(own);
}

/* Whether the connection has ended without a word, seen without waiting. */
static bool has_ended_already(int client) {
    char byte;
    ssize_t length = recv(client, &byte, 1, MSG_DONTWAIT);
    return length == 0 || (length < 0 && errno != EAGAIN);
}

static void a_thousand_idle_connections_do_not_stop_the_next_visitor(void **state) {
    (void)state;
    enum { CROWD = 1200 };
    site *own = site_new();
    own->options.max_connections = 1000;
    site_start(own);
    static int crowd[CROWD];
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = dial(own);
    }
    assert_body(ask_for(own, "/areas/list", ""), 200, "all areas\n");
    /* Those who were idle longest have gone, and the others have not. */
    assert_true(has_ended(crowd[0]));
    assert_true(has_ended(crowd[CROWD - 1000 - 1]));
    assert_false(has_ended_already(crowd[CROWD - 1]));
    put(crowd[CROWD - 1], "GET /areas/list HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_body(get_reply(crowd[CROWD - 1]), 200, "all areas\n");
    for (int i = 0; i < CROWD; i++) {
        close(crowd[i]);
    }
    site_close(own);
}

static void slow_heads_do_not_stop_the_next_visitor_either(void **state) {
    (void)state;
    enum { CROWD = 100 };
    site *own = site_new();
    own->options.max_connections = 50;
    site_start(own);
    int crowd[CROWD];
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = dial(own);
        put(crowd[i], "GET / HTTP/1.1\r\nHost: ");
    }
    assert_body(ask_for(own, "/areas/list", ""), 200, "all areas\n");
    assert_true(has_ended(crowd[0]));
    for (int i = 0; i < CROWD; i++) {
        close(crowd[i]);
    }
    site_close(own);
}

static void one_too_many_is_told_to_come_back(void **state) {
    (void)state;
    site *own = site_new();
    own->options.max_connections = 3;
    own->options.worker_count = 3;
    site_start(own);
    int busy[3];
    for (int i = 0; i < 3; i++) {
        busy[i] = dial(own);
        put(busy[i], "GET /gate HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    await_inside(own, 3);
    reply got = ask_for(own, "/areas/list", "");
    assert_int_equal(got.status, 503);
    assert_true(reply_says(&got, "Retry-After", "1"));
    assert_true(reply_says(&got, "Connection", "close"));
    reply_free(&got);
    open_gate(own);
    for (int i = 0; i < 3; i++) {
        got = get_reply(busy[i]);
        assert_int_equal(got.status, 200);
        reply_free(&got);
        close(busy[i]);
    }
    site_close(own);
}

static void more_than_can_wait_is_told_to_come_back(void **state) {
    (void)state;
    site *own = site_new();
    own->options.worker_count = 1;
    own->options.max_waiting = 2;
    site_start(own);
    int clients[3];
    for (int i = 0; i < 3; i++) {
        clients[i] = dial(own);
        put(clients[i], "GET /gate HTTP/1.1\r\nHost: localhost\r\n\r\n");
        if (i == 0) {
            await_inside(own, 1);
        }
    }
    /* An answer of the door itself on a later connection shows that it has read them. */
    assert_int_equal(status_of(own, "BREW / HTTP/1.1\r\n\r\n"), 501);
    int client = dial(own);
    put(client, "GET /now HTTP/1.1\r\nHost: localhost\r\n\r\n");
    reply got = get_reply(client);
    assert_int_equal(got.status, 503);
    assert_true(reply_says(&got, "Retry-After", "1"));
    reply_free(&got);
    /* The connection goes on, and later there is room again. */
    open_gate(own);
    for (int i = 0; i < 3; i++) {
        got = get_reply(clients[i]);
        assert_int_equal(got.status, 200);
        reply_free(&got);
        close(clients[i]);
    }
    put(client, "GET /areas/list HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_body(get_reply(client), 200, "all areas\n");
    close(client);
    site_close(own);
}

static int count_files(const char *folder) {
    DIR *opened = opendir(folder);
    assert_non_null(opened);
    int count = 0;
    struct dirent *entry;
    while ((entry = readdir(opened))) {
        count += entry->d_name[0] != '.';
    }
    closedir(opened);
    return count;
}

/* A form with one file of `size` bytes, 'a' to 'z' over and over. */
static char *make_upload(size_t size, size_t *length_out, uint64_t *sum_out) {
    static const char start[] =
        "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"big.csv\"\r\n\r\n";
    static const char end[] = "\r\n--b--\r\n";
    char *text = malloc(size + sizeof start + sizeof end);
    assert_non_null(text);
    char *at = stpcpy(text, start);
    *sum_out = 0;
    for (size_t i = 0; i < size; i++) {
        *at = (char)('a' + i % 26);
        *sum_out += (unsigned char)*at++;
    }
    at = stpcpy(at, end);
    *length_out = (size_t)(at - text);
    return text;
}

static void send_upload_head(int client, const char *path, const char *lines) {
    char head[512];
    snprintf(head, sizeof head,
             "POST %s HTTP/1.1\r\nHost: localhost\r\n%s"
             "Content-Type: multipart/form-data; boundary=b\r\n\r\n",
             path, lines);
    put(client, head);
}

static void an_upload_arrives_whole(void **state) {
    (void)state;
    site *own = site_open();
    size_t length;
    uint64_t sum;
    char *text = make_upload(10 << 20, &length, &sum);
    char expected[128];
    snprintf(expected, sizeof expected, "big.csv: %d bytes, sum %llu\n", 10 << 20,
             (unsigned long long)sum);
    char line[64];
    snprintf(line, sizeof line, "Content-Length: %zu\r\n", length);
    int client = dial(own);
    send_upload_head(client, "/upload", line);
    assert_true(put_bytes(client, text, length));
    assert_body(get_reply(client), 200, expected);
    /* The same in chunks of uneven sizes, on the same connection. */
    send_upload_head(client, "/upload", "Transfer-Encoding: chunked\r\n");
    for (size_t at = 0, size = 1; at < length; at += size, size = size * 3 % 99991) {
        size = size < length - at ? size : length - at;
        char mark[16];
        snprintf(mark, sizeof mark, "%zx\r\n", size);
        put(client, mark);
        assert_true(put_bytes(client, text + at, size));
        put(client, "\r\n");
    }
    put(client, "0\r\n\r\n");
    assert_body(get_reply(client), 200, expected);
    close(client);
    free(text);
    site_close(own);
}

static void an_upload_that_breaks_off_leaves_nothing(void **state) {
    (void)state;
    site *own = site_open();
    size_t length;
    uint64_t sum;
    char *text = make_upload(1 << 20, &length, &sum);
    int client = dial(own);
    send_upload_head(client, "/upload", "Content-Length: 10000000\r\nExpect: 100-continue\r\n");
    reply got = get_reply(client);
    assert_int_equal(got.status, 100);
    reply_free(&got);
    assert_true(put_bytes(client, text, length));
    assert_int_equal(count_files(own->folder), 0);
    close(client);
    /* The server goes on, and site_close finds the folder empty. */
    assert_body(ask_for(own, "/areas/list", ""), 200, "all areas\n");
    free(text);
    site_close(own);
}

static void a_body_is_asked_for_only_if_it_is_wanted(void **state) {
    (void)state;
    site *own = site_new();
    own->options.max_upload = 1000;
    site_start(own);
    static const struct {
        const char *path;
        const char *lines;
        int status;
    } refused[] = {
        {"/upload", "Content-Length: 1001\r\n", 413},
        {"/nothing", "Content-Length: 10\r\n", 404},
        {"/secret-upload", "Content-Length: 10\r\n", 403},
        {"/note", "Content-Length: 10\r\n", 415},
        {"/upload", "Content-Length: 10\r\nOrigin: http://evil.example.org\r\n", 403},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        int client = dial(own);
        char lines[128];
        snprintf(lines, sizeof lines, "Expect: 100-continue\r\n%s", refused[i].lines);
        send_upload_head(client, refused[i].path, lines);
        reply got = get_reply(client);
        assert_int_equal(got.status, refused[i].status);
        assert_true(has_ended(client));
        reply_free(&got);
        close(client);
    }
    atomic_store(&own->permits, true);
    int client = dial(own);
    send_upload_head(client, "/secret-upload", "Expect: 100-continue\r\nContent-Length: 9\r\n");
    reply got = get_reply(client);
    assert_int_equal(got.status, 100);
    reply_free(&got);
    put(client, "--b--\r\n\r\n");
    got = get_reply(client);
    assert_int_equal(got.status, 400);
    reply_free(&got);
    close(client);
    site_close(own);
}

static void a_chunked_body_has_a_limit_too(void **state) {
    (void)state;
    site *own = site_new();
    own->options.max_upload = 100000;
    site_start(own);
    int client = dial(own);
    send_upload_head(client, "/upload", "Transfer-Encoding: chunked\r\n");
    static char chunk[10000];
    memset(chunk, 'a', sizeof chunk);
    for (int i = 0; i < 11; i++) {
        if (!put_bytes(client, "2710\r\n", 6) || !put_bytes(client, chunk, sizeof chunk) ||
            !put_bytes(client, "\r\n", 2)) {
            break;
        }
    }
    reply got = get_reply(client);
    assert_int_equal(got.status, 413);
    reply_free(&got);
    close(client);
    site_close(own);
}

static void without_a_folder_an_upload_is_refused(void **state) {
    (void)state;
    site *own = site_new();
    own->options.upload_folder = "/nonexistent/folder";
    site_start(own);
    int client = dial(own);
    send_upload_head(client, "/upload", "Content-Length: 1000\r\n");
    reply got = get_reply(client);
    assert_int_equal(got.status, 507);
    reply_free(&got);
    close(client);
    site_close(own);
}

static void stopping_finishes_what_is_being_answered(void **state) {
    (void)state;
    site *own = site_open();
    int idle = dial(own);
    int half = dial(own);
    put(half, "GET / HTTP/1.1\r\n");
    int busy = dial(own);
    put(busy, "GET /gate HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await_inside(own, 1);
    tf_server_ask_stop(own->server);
    assert_true(has_ended(idle));
    assert_true(has_ended(half));
    open_gate(own);
    reply got = get_reply(busy);
    assert_true(reply_says(&got, "Connection", "close"));
    assert_body(got, 200, "1\n");
    close(busy);
    tf_server_wait(own->server);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)own->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int late = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(late, (struct sockaddr *)&address, sizeof address), -1);
    close(late);
    close(idle);
    close(half);
    site_close(own);
}

static void what_waits_for_a_thread_is_answered_before_the_end(void **state) {
    (void)state;
    site *own = site_new();
    own->options.worker_count = 1;
    site_start(own);
    int first = dial(own);
    put(first, "GET /gate HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await_inside(own, 1);
    int second = dial(own);
    put(second, "GET /now HTTP/1.1\r\nHost: localhost\r\n\r\n");
    /* An answer of the door itself on a later connection shows that it has read the second. */
    assert_int_equal(status_of(own, "BREW / HTTP/1.1\r\n\r\n"), 501);
    tf_server_ask_stop(own->server);
    open_gate(own);
    assert_body(get_reply(first), 200, "1\n");
    assert_body(get_reply(second), 200, "2\n");
    close(first);
    close(second);
    site_close(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_head_is_given_up),
        cmocka_unit_test(a_head_that_drips_is_given_up_too),
        cmocka_unit_test(an_idle_connection_ends_without_a_word),
        cmocka_unit_test(a_slow_body_is_given_up),
        cmocka_unit_test(a_client_that_does_not_read_is_given_up),
        cmocka_unit_test(a_large_answer_waits_for_its_reader),
        cmocka_unit_test(large_answers_that_are_not_read_make_room_for_others),
        cmocka_unit_test(one_answer_is_sent_to_many_from_the_same_memory),
        cmocka_unit_test(a_thousand_idle_connections_do_not_stop_the_next_visitor),
        cmocka_unit_test(slow_heads_do_not_stop_the_next_visitor_either),
        cmocka_unit_test(one_too_many_is_told_to_come_back),
        cmocka_unit_test(more_than_can_wait_is_told_to_come_back),
        cmocka_unit_test(an_upload_arrives_whole),
        cmocka_unit_test(an_upload_that_breaks_off_leaves_nothing),
        cmocka_unit_test(a_body_is_asked_for_only_if_it_is_wanted),
        cmocka_unit_test(a_chunked_body_has_a_limit_too),
        cmocka_unit_test(without_a_folder_an_upload_is_refused),
        cmocka_unit_test(stopping_finishes_what_is_being_answered),
        cmocka_unit_test(what_waits_for_a_thread_is_answered_before_the_end),
    };
    return cmocka_run_group_tests_name("web/http/limits", tests, NULL, NULL);
}
