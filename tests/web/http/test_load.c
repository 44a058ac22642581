/* Many clients at once, each with its own mixture: for ThreadSanitizer, and for what only shows
 * when everything happens at the same time. */
#include "site.h"

enum { CLIENTS = 8, ROUNDS = 60 };

typedef struct visitor {
    const site *site;
    int number;
    int wrong; /* answers that were not as they should be; cmocka's checks are for one thread */
} visitor;

static void expect(visitor *own, reply got, int status, const char *start) {
    bool is_right = got.status == status &&
                    (!start || (got.body && strncmp(got.body, start, strlen(start)) == 0));
    own->wrong += !is_right;
    reply_free(&got);
}

static void send_upload(visitor *own, int client, int round) {
    char request[1024];
    char body[512];
    int length = snprintf(body, sizeof body,
                          "--b\r\nContent-Disposition: form-data; name=\"files\"; "
                          "filename=\"%d-%d.csv\"\r\n\r\n%0*d\r\n--b--\r\n",
                          own->number, round, 100 + round, 0);
    snprintf(request, sizeof request,
             "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
             "Content-Type: multipart/form-data; boundary=b\r\n\r\n%s",
             length, body);
    put(client, request);
    char expected[64];
    snprintf(expected, sizeof expected, "%d-%d.csv: %d bytes", own->number, round, 100 + round);
    expect(own, get_reply(client), 200, expected);
}

static void visit(visitor *own, int client, int round) {
    char request[256];
    char expected[64];
    switch (round % 6) {
    case 0: /* the same page for all, in either coding */
        put(client, round % 12 ? "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"
                               : "GET /page HTTP/1.1\r\nHost: localhost\r\n"
                                 "Accept-Encoding: gzip\r\n\r\n");
        expect(own, get_reply(client), 200, NULL);
        break;
    case 1: /* a page of one's own */
        snprintf(request, sizeof request, "GET /areas/%d-%d HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 own->number, round);
        put(client, request);
        snprintf(expected, sizeof expected, "area %d-%d from 1\n", own->number, round);
        expect(own, get_reply(client), 200, expected);
        break;
    case 2:
        send_upload(own, client, round);
        break;
    case 3:
        put(client, "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "GET /now HTTP/1.1\r\nHost: localhost\r\n\r\n");
        expect(own, get_reply(client), 404, NULL);
        expect(own, get_reply(client), 200, NULL);
        break;
    case 4: { /* one breaks off, in its head or in its body */
        int other = dial(own->site);
        put(other, round % 12 == 4 ? "GET / HTTP/1.1\r\nHos"
                                   : "POST /upload HTTP/1.1\r\nHost: localhost\r\n"
                                     "Content-Length: 1000\r\n"
                                     "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b");
        close(other);
        break;
    }
    default: { /* one does not wait for its answer */
        int other = dial(own->site);
        put(other, "GET /page?size=3000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        close(other);
        break;
    }
    }
}

static void *run_visitor(void *argument) {
    visitor *own = argument;
    int idle = dial(own->site);
    int client = dial(own->site);
    for (int round = 0; round < ROUNDS; round++) {
        visit(own, client, round + own->number);
        if (own->number == 0 && round % 10 == 0) {
            site *changed = own->site->options.context;
            atomic_fetch_add(&changed->version, 1);
        }
    }
    close(client);
    close(idle);
    return NULL;
}

static void everybody_gets_their_own_answer(void **state) {
    (void)state;
    site *own = site_open();
    pthread_t threads[CLIENTS];
    visitor visitors[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        visitors[i] = (visitor){.site = own, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, run_visitor, &visitors[i]), 0);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(visitors[i].wrong, 0);
    }
    site_close(own);
}

static void *knock(void *argument) {
    visitor *own = argument;
    for (int round = 0; round < ROUNDS; round++) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)own->site->port),
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        if (connect(client, (struct sockaddr *)&address, sizeof address) == 0 &&
            put_bytes(client, "GET /now HTTP/1.1\r\nHost: localhost\r\n\r\n", 38)) {
            char bytes[4096];
            (void)!recv(client, bytes, sizeof bytes, 0);
        }
        close(client);
    }
    return NULL;
}

static void a_server_stops_in_the_middle_of_it_all(void **state) {
    (void)state;
    site *own = site_open();
    pthread_t threads[CLIENTS];
    visitor visitors[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        visitors[i] = (visitor){.site = own, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, knock, &visitors[i]), 0);
    }
    while (atomic_load(&own->count) < 20) {
        usleep(100);
    }
    tf_server_ask_stop(own->server);
    tf_server_wait(own->server);
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
    }
    site_close(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_gets_their_own_answer),
        cmocka_unit_test(a_server_stops_in_the_middle_of_it_all),
    };
    return cmocka_run_group_tests_name("web/http/load", tests, NULL, NULL);
}
