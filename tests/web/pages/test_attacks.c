/* What somebody tries who wants into accounts, or to use somebody else's: over raw sockets. */
#include "partnership.h"

#define ADA    "ada@example.org"
#define ORIGIN "Origin: http://localhost\r\n"

typedef struct signed_in {
    browser ada;
    app codes;
} signed_in;

static signed_in begin(void **state) {
    signed_in own = {.ada = {.home = *state}};
    join(&own.ada, &own.codes, invite(*state, "Ada Moss", ADA, "administrator"));
    assert_int_equal(look(&own.ada, "/account"), 200);
    return own;
}

/* ---- other sites' forms ---- */

static void forms_of_other_sites_do_nothing(void **state) {
    signed_in own = begin(state);
    static const char *const senders[] = {
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://localhost.evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Origin: http://localhost\r\nOrigin: https://evil.example\r\n"};
    char body[200];
    snprintf(body, sizeof body, "form-token=%s", own.ada.token);
    for (size_t i = 0; i < COUNT_OF(senders); i++) {
        assert_int_equal(send_raw(&own.ada, "/sign-out", senders[i], body), 403);
        assert_int_equal(send_raw(&own.ada, "/account/sign-out-everywhere", senders[i], body), 403);
    }
    assert_int_equal(look(&own.ada, "/account"), 200);
    /* Nor does a form of another site sign somebody in as somebody else. */
    browser other = {.home = *state};
    assert_int_equal(send_raw(&other, "/sign-in", "Origin: https://evil.example\r\n",
                              "email=" ADA "&passphrase=" PASSPHRASE),
                     403);
    assert_string_equal(other.session, "");
    browser_close(&other);
    browser_close(&own.ada);
}

static void a_form_without_its_mark_does_nothing(void **state) {
    signed_in own = begin(state);
    browser bea = {.home = *state};
    app codes;
    join(&bea, &codes, invite(*state, "Bea Holt", "bea@example.org", "administrator"));
    look(&bea, "/account");
    char of_bea[200];
    char cut[200];
    char twice[300];
    snprintf(of_bea, sizeof of_bea, "form-token=%s", bea.token);
    snprintf(cut, sizeof cut, "form-token=%.63s", own.ada.token);
    snprintf(twice, sizeof twice, "form-token=%s&form-token=%s", bea.token, own.ada.token);
    const char *const bodies[] = {"", "form-token=", "form-token=0", of_bea, cut, twice};
    static const char *const paths[] = {"/sign-out", "/account/sign-out-everywhere",
                                        "/account/passphrase", "/account/recovery-codes",
                                        "/sign-in/set-up/begin"};
    for (size_t p = 0; p < COUNT_OF(paths); p++) {
        for (size_t i = 0; i < COUNT_OF(bodies); i++) {
            char before[80];
            snprintf(before, sizeof before, "%s", own.ada.token);
            assert_int_equal(send_raw(&own.ada, paths[p], ORIGIN, bodies[i]), 403);
            snprintf(own.ada.token, sizeof own.ada.token, "%s", before);
        }
    }
    /* The mark in the address is none, as addresses get into logs. */
    char path[200];
    snprintf(path, sizeof path, "/sign-out?form-token=%s", own.ada.token);
    assert_int_equal(send_raw(&own.ada, path, ORIGIN, ""), 403);
    assert_int_equal(look(&own.ada, "/account"), 200);
    browser_close(&bea);
    browser_close(&own.ada);
}

static void nothing_is_changed_by_a_link(void **state) {
    signed_in own = begin(state);
    static const char *const paths[] = {"/sign-out", "/account/sign-out-everywhere",
                                        "/sign-in/set-up/begin"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        assert_int_equal(look(&own.ada, paths[i]), 405);
    }
    assert_int_equal(look(&own.ada, "/account"), 200);
    browser_close(&own.ada);
}

/* ---- sessions ---- */

static void a_planted_session_is_worth_nothing(void **state) {
    signed_in own = begin(state);
    look(&own.ada, "/account");
    send_form(&own.ada, "/sign-out", "");
    static const char planted[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    browser eve = {.home = *state};
    snprintf(eve.session, sizeof eve.session, "%s", planted);
    snprintf(own.ada.session, sizeof own.ada.session, "%s", planted);
    sign_in_as(&own.ada, ADA, PASSPHRASE);
    assert_string_not_equal(own.ada.session, planted);
    /* Eve knows the half session of before the code, too. */
    browser half = {.home = *state};
    snprintf(half.session, sizeof half.session, "%s", own.ada.session);
    look(&own.ada, "/sign-in/code");
    assert_int_equal(send_form(&own.ada, "/sign-in/code", next_code(&own.codes)), 303);
    assert_string_not_equal(own.ada.session, half.session);
    assert_int_equal(look(&own.ada, "/account"), 200);
    assert_int_equal(look(&eve, "/account"), 303);
    assert_int_equal(look(&half, "/account"), 303);
    assert_int_equal(look(&half, "/sign-in/code"), 303);
    browser_close(&half);
    browser_close(&eve);
    browser_close(&own.ada);
}

static void a_session_that_was_signed_out_stays_out(void **state) {
    signed_in own = begin(state);
    char before[80];
    snprintf(before, sizeof before, "%s", own.ada.session);
    send_form(&own.ada, "/sign-out", "");
    snprintf(own.ada.session, sizeof own.ada.session, "%s", before);
    look(&own.ada, "/account");
    assert_true(leads_to(&own.ada, "/sign-in?to=%2Faccount"));
    assert_string_equal(own.ada.session, "");
    browser_close(&own.ada);
}

static void a_tampered_cookie_is_no_session_and_is_taken_away(void **state) {
    signed_in own = begin(state);
    char real[80];
    snprintf(real, sizeof real, "%s", own.ada.session);
    for (size_t i = 0; i < strlen(real); i++) {
        snprintf(own.ada.session, sizeof own.ada.session, "%s", real);
        /* The last letter has two bits that no token uses; they must be as they were written. */
        own.ada.session[i] = real[i] == 'B' ? 'C' : 'B';
        assert_int_equal(look(&own.ada, "/methods"), 200);
        assert_false(says(&own.ada, "Ada Moss"));
        assert_string_equal(own.ada.session, "");
    }
    static const char *const around[][2] = {{"", "="},           {"", "."},          {"\"", "\""},
                                            {"x; trefoil=", ""}, {"", "; trefoil="}, {" x", ""}};
    for (size_t i = 0; i < COUNT_OF(around); i++) {
        snprintf(own.ada.session, sizeof own.ada.session, "%s%s%s", around[i][0], real,
                 around[i][1]);
        assert_int_equal(look(&own.ada, "/account"), 303);
        assert_string_equal(own.ada.session, "");
    }
    snprintf(own.ada.session, sizeof own.ada.session, "%s", real);
    assert_int_equal(look(&own.ada, "/account"), 200);
    browser_close(&own.ada);
}

static void cookies_that_are_too_large_are_refused(void **state) {
    partnership *home = *state;
    static char headers[40000];
    static char request[41000];
    static const size_t sizes[] = {300, 3000, 15000, 17000, 36000};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        size_t length = (size_t)snprintf(headers, sizeof headers, "Cookie: trefoil=");
        memset(headers + length, 'a', sizes[i]);
        snprintf(headers + length + sizes[i], 3, "\r\n");
        snprintf(request, sizeof request, "GET /account HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
                 headers);
        int client = dial(home->served);
        (void)put_bytes(client, request, strlen(request)); /* it may hang up before the end */
        reply got = get_reply(client);
        assert_true(got.status == 303 || got.status == 431);
        assert_int_equal(got.status, sizes[i] > 16000 ? 431 : 303);
        reply_free(&got);
        close(client);
    }
}

static void one_connection_may_serve_two_people(void **state) {
    signed_in own = begin(state);
    int client = dial(own.ada.home->served);
    char request[600];
    snprintf(request, sizeof request,
             "GET /methods HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
             "GET /methods HTTP/1.1\r\nHost: localhost\r\n\r\n"
             "GET /account HTTP/1.1\r\nHost: localhost\r\n\r\n",
             cookie_lines(&own.ada));
    put(client, request);
    reply got = get_reply(client);
    assert_non_null(strstr(got.body, "Ada Moss"));
    reply_free(&got);
    got = get_reply(client);
    assert_int_equal(got.status, 200);
    assert_null(strstr(got.body, "Ada Moss"));
    reply_free(&got);
    got = get_reply(client);
    assert_int_equal(got.status, 303);
    reply_free(&got);
    close(client);
    browser_close(&own.ada);
}

/* ---- who has an account ---- */

/* What a browser is answered, but for the day and what it has sent itself. */
static char *answer_to(partnership *home, const char *email) {
    browser eve = {.home = home};
    int64_t before = tf_derivations_count(tf_site_derivations(home->home));
    sign_in_as(&eve, email, "wrong wrong wrong");
    /* Each takes one derivation, which is the time that it takes. */
    assert_int_equal(tf_derivations_count(tf_site_derivations(home->home)), before + 1);
    static const char date[] = "\r\nDate: ";
    char *day = strstr(eve.page.head, date);
    assert_non_null(day);
    memset(day + strlen(date), 'x', strcspn(day + strlen(date), "\r"));
    char *own;
    while ((own = strstr(eve.page.body, email))) {
        memset(own, 'x', strlen(email));
    }
    char *all = NULL;
    assert_true(asprintf(&all, "%s%s", eve.page.head, eve.page.body) > 0);
    browser_close(&eve);
    return all;
}

static void nobody_learns_who_has_an_account(void **state) {
    partnership *home = *state;
    browser ada = {.home = home};
    browser bea = {.home = home};
    app codes;
    tf_error error;
    join(&ada, &codes, invite(home, "Ada Moss", "ada@example.org", "administrator"));
    join(&bea, &codes, invite(home, "Bea Holt", "bea@example.org", "administrator"));
    assert_ok(tf_account_suspend(home->access, &home->operator, 2, &error), &error);
    (void)invite(home, "Cyd Vane", "cyd@example.org", "analyst");
    char *unknown = answer_to(home, "eve@example.org");
    assert_non_null(strstr(unknown, " 403 "));
    static const char *const known[] = {"ada@example.org", "bea@example.org", "cyd@example.org"};
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        char *answer = answer_to(home, known[i]);
        assert_string_equal(answer, unknown);
        free(answer);
    }
    /* Nor when there were too many tries: neither the right passphrase nor another tells. */
    for (int i = 0; i < 12; i++) {
        free(answer_to(home, "ada@example.org"));
        free(answer_to(home, "eve@example.org"));
    }
    char *locked = answer_to(home, "ada@example.org");
    char *never = answer_to(home, "eve@example.org");
    assert_string_equal(locked, never);
    free(locked);
    free(never);
    free(unknown);
    browser_close(&bea);
    browser_close(&ada);
}

static void links_that_were_are_as_links_that_never_were(void **state) {
    partnership *home = *state;
    browser ada = {.home = home};
    app codes;
    char used[100];
    snprintf(used, sizeof used, "%s", invite(home, "Ada Moss", ADA, "administrator"));
    join(&ada, &codes, used);
    browser eve = {.home = home};
    assert_int_equal(look(&eve, used), 404);
    char *first = strdup(eve.page.body);
    assert_int_equal(look(&eve, "/invitation/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 404);
    assert_string_equal(eve.page.body, first);
    assert_int_equal(look(&eve, "/invitation/abc"), 404);
    assert_string_equal(eve.page.body, first);
    assert_int_equal(send_raw(&eve, used, ORIGIN, "passphrase=" PASSPHRASE), 404);
    assert_int_equal(look(&eve, "/reset/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 404);
    assert_int_equal(look(&eve, "/device/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 404);
    assert_string_equal(eve.session, "");
    free(first);
    browser_close(&eve);
    browser_close(&ada);
}

/* ---- headers, addresses, paths ---- */

static void assert_no_injection(const browser *own) {
    char value[300];
    assert_null(reply_header(&own->page, "X-Injected", value, sizeof value));
    assert_null(strstr(own->page.head, "<h1>"));
    assert_null(strstr(own->page.head, "\nX-Injected"));
}

static void nothing_that_is_sent_ends_a_header(void **state) {
    signed_in own = begin(state);
    static const char *const breaks[] = {
        "%0d%0aX-Injected:%201",          "%0aX-Injected:%201",        "%0dX-Injected:%201",
        "%E5%98%8A%E5%98%8DX-Injected:1", "%00%0d%0aX-Injected:%201",  "%250d%250aX-Injected:%201",
        "%u000aX-Injected:%201",          "a%0d%0a%0d%0a<h1>evil</h1>"};
    browser nobody = {.home = *state};
    for (size_t i = 0; i < COUNT_OF(breaks); i++) {
        char path[400];
        snprintf(path, sizeof path, "/sign-in?to=/%s", breaks[i]);
        look(&own.ada, path); /* leads on at once */
        assert_no_injection(&own.ada);
        look(&nobody, path);
        assert_no_injection(&nobody);
        snprintf(path, sizeof path, "/account?done=%s", breaks[i]);
        look(&nobody, path); /* leads to /sign-in?to=... */
        assert_no_injection(&nobody);
        snprintf(path, sizeof path, "/invitation/%s", breaks[i]);
        look(&nobody, path);
        assert_no_injection(&nobody);
        snprintf(path, sizeof path, "/imports/%s", breaks[i]);
        look(&nobody, path);
        assert_no_injection(&nobody);
        snprintf(path, sizeof path, "/%s", breaks[i]);
        look(&nobody, path);
        assert_no_injection(&nobody);
        char fields[600];
        snprintf(fields, sizeof fields, "email=" ADA "%s&passphrase=x%s&to=/%s", breaks[i],
                 breaks[i], breaks[i]);
        send_raw(&nobody, "/sign-in", ORIGIN, fields);
        assert_no_injection(&nobody);
    }
    browser_close(&nobody);
    browser_close(&own.ada);
}

static void signing_in_leads_to_no_other_site(void **state) {
    signed_in own = begin(state);
    static const char *const elsewhere[] = {
        "https://evil.example/", "//evil.example/",    "/%5Cevil.example/",
        "%5C%5Cevil.example/",   "/%09/evil.example/", "/%0a/evil.example/",
        "javascript:evil(1)",    "%20//evil.example/", "/%20/evil.example",
        "evil.example",          "///evil.example/",   "/%2Fevil.example/",
        "http:evil.example",     "%2F%2Fevil.example", "/%C2%A0/evil.example",
        "/.%09./evil.example",   "@evil.example",      ""};
    browser nobody = {.home = *state};
    for (size_t i = 0; i < COUNT_OF(elsewhere); i++) {
        char path[200];
        snprintf(path, sizeof path, "/sign-in?to=%s", elsewhere[i]);
        look(&own.ada, path);
        assert_true(leads_to(&own.ada, "/"));
        assert_int_equal(look(&nobody, path), 200);
        assert_false(says(&nobody, "evil"));
    }
    look(&own.ada, "/sign-in?to=/account?done=1");
    assert_true(leads_to(&own.ada, "/account?done=1"));
    browser_close(&nobody);
    browser_close(&own.ada);
}

static void no_path_leads_out_of_the_site(void **state) {
    signed_in own = begin(state);
    static const char *const paths[] = {
        "/assets/../db",         "/assets/..%2f..%2fdb",     "/assets/%2e%2e/db.key",
        "/assets/..%5cdb.key",   "/assets/%2e%2e%2fdb",      "/assets//etc/passwd",
        "/../../etc/passwd",     "/assets/..;/db.key",       "/assets/db.key%00.css",
        "/imports/..%2f..%2fdb", "/invitation/..%2faccount", "/sources/..%2f..%2fdb"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        int status = look(&own.ada, paths[i]);
        assert_true(status >= 400 && status < 500);
        assert_false(says(&own.ada, "SQLite format"));
        assert_false(says(&own.ada, "root:"));
    }
    browser_close(&own.ada);
}

static void other_methods_tell_nothing_and_do_nothing(void **state) {
    signed_in own = begin(state);
    static const char *const methods[] = {"TRACE", "TRACK",   "DEBUG",   "PUT", "DELETE",
                                          "PATCH", "CONNECT", "OPTIONS", "get"};
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        char request[400];
        snprintf(request, sizeof request, "%s /account HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
                 methods[i], cookie_lines(&own.ada));
        reply got = ask(own.ada.home->served, request);
        assert_true(got.status >= 400);
        assert_null(strstr(got.body, own.ada.session));
        assert_null(strstr(got.body, "ada@example.org"));
        reply_free(&got);
    }
    assert_int_equal(look(&own.ada, "/account"), 200);
    browser_close(&own.ada);
}

static void a_name_is_text_wherever_it_stands(void **state) {
    browser ada = {.home = *state};
    app codes;
    join(&ada, &codes,
         invite(*state, "<script>evil(1)</script>\"'><img src=x>", ADA, "administrator"));
    static const char *const paths[] = {"/account", "/methods", "/no-such-page", "/"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        look(&ada, paths[i]);
        assert_true(says(&ada, "&lt;script&gt;evil"));
        assert_false(says(&ada, "<script>evil"));
        assert_false(says(&ada, "<img"));
    }
    browser_close(&ada);
}

static void secrets_are_kept_by_nobody_on_the_way(void **state) {
    signed_in own = begin(state);
    static const char *const paths[] = {"/account",
                                        "/methods",
                                        "/",
                                        "/sign-in/set-up",
                                        "/import",
                                        "/no-such-page",
                                        "/account/passphrase",
                                        "/areas"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        char value[300];
        look(&own.ada, paths[i]);
        assert_true(reply_says(&own.ada.page, "Cache-Control", "no-store"));
        assert_null(reply_header(&own.ada.page, "ETag", value, sizeof value));
        assert_null(reply_header(&own.ada.page, "Content-Encoding", value, sizeof value));
        assert_true(reply_says(&own.ada.page, "Referrer-Policy", "same-origin"));
    }
    /* A page says its mark, and an attacker's words beside it: it must not be packed (BREACH). */
    char headers[400];
    snprintf(headers, sizeof headers, "%sAccept-Encoding: gzip, br\r\n", cookie_lines(&own.ada));
    reply got = ask_for(own.ada.home->served, "/methods", headers);
    char value[100];
    assert_null(reply_header(&got, "Content-Encoding", value, sizeof value));
    reply_free(&got);
    browser_close(&own.ada);
}

static void over_an_open_connection_nobody_signs_in(void **state) {
    partnership *home = *state;
    reply got = ask_for(home->served, "/sign-in", "X-Forwarded-For: 192.0.2.1\r\n");
    assert_int_equal(got.status, 403);
    assert_non_null(strstr(got.body, "safe connection"));
    reply_free(&got);
    got = ask_for(home->served, "/sign-in",
                  "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n");
    assert_int_equal(got.status, 200);
    reply_free(&got);
    got = ask(home->served, "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nVia: 1.1 a\r\n"
                            "Content-Type: application/x-www-form-urlencoded\r\n"
                            "Content-Length: 32\r\n\r\nemail=a@example.org&passphrase=b");
    assert_int_equal(got.status, 403);
    reply_free(&got);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(forms_of_other_sites_do_nothing),
        partnership_test(a_form_without_its_mark_does_nothing),
        partnership_test(nothing_is_changed_by_a_link),
        partnership_test(a_planted_session_is_worth_nothing),
        partnership_test(a_session_that_was_signed_out_stays_out),
        partnership_test(a_tampered_cookie_is_no_session_and_is_taken_away),
        partnership_test(cookies_that_are_too_large_are_refused),
        partnership_test(one_connection_may_serve_two_people),
        partnership_test(nobody_learns_who_has_an_account),
        partnership_test(links_that_were_are_as_links_that_never_were),
        partnership_test(nothing_that_is_sent_ends_a_header),
        partnership_test(signing_in_leads_to_no_other_site),
        partnership_test(no_path_leads_out_of_the_site),
        partnership_test(other_methods_tell_nothing_and_do_nothing),
        partnership_test(a_name_is_text_wherever_it_stands),
        partnership_test(secrets_are_kept_by_nobody_on_the_way),
        partnership_test(over_an_open_connection_nobody_signs_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
