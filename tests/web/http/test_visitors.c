/* Who has signed in, over a socket: own answers, sign-in needed, marks of forms. */
#include "site.h"

#include "web/http/cookie.h"

/* A visitor is whoever sends "ada" or "bea"; anybody else's cookie is good for nothing. */
typedef struct known {
    char name[8];
    bool is_bad;
} known;

static atomic_int met;
static atomic_int parted;

static tf_status meet(void *context, tf_request *request, tf_error *error) {
    (void)context;
    atomic_fetch_add(&met, 1);
    tf_text value = tf_request_cookie(request, "trefoil");
    if (tf_text_equal(value, tf_text_of("fault"))) {
        return tf_fail(error, TF_BUSY, NULL, 0, "the accounts are busy");
    }
    known *who = tf_arena_alloc(request->arena, 1, sizeof *who);
    assert_non_null(who);
    *who = (known){.is_bad = !tf_text_equal(value, tf_text_of("ada")) &&
                             !tf_text_equal(value, tf_text_of("bea"))};
    if (!who->is_bad) {
        snprintf(who->name, sizeof who->name, "%.*s", TF_TEXT_ARG(value));
    }
    request->visitor = who;
    return TF_OK;
}

static void part(void *context, tf_request *request, tf_response *response) {
    (void)context;
    known *who = request->visitor;
    atomic_fetch_add(&parted, 1);
    if (who->is_bad && response) {
        tf_response_drop_cookie(response, request, "trefoil");
    }
    memset(who, 0, sizeof *who);
}

static const char *name_of(const tf_request *request) {
    const known *who = request->visitor;
    return who && !who->is_bad ? who->name : "nobody";
}

static tf_permit permits(void *context, const tf_request *request, tf_permission permission) {
    (void)context;
    (void)permission;
    return strcmp(name_of(request), "nobody") != 0 ? TF_PERMIT_GRANTED : TF_PERMIT_SIGN_IN;
}

static bool owns_form(void *context, const tf_request *request, tf_text token) {
    (void)context;
    return tf_text_equal(token, tf_text_of(name_of(request)));
}

static tf_status answer_name(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    (void)error;
    site *own = context;
    response->caching = TF_CACHE_FOREVER; /* whatever a handler says */
    tf_buffer_format(&response->body, "%s %d\n", name_of(request),
                     atomic_fetch_add(&own->count, 1));
    return TF_OK;
}

static const tf_field say_fields[] = {{.name = "say", .label = "What to say", .is_required = true}};

static tf_status answer_say(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    (void)context;
    (void)error;
    tf_buffer_format(&response->body, "%s says %.*s\n", name_of(request),
                     TF_TEXT_ARG(tf_form_value(&request->form, "say")->text));
    return TF_OK;
}

static tf_status answer_set(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    (void)context;
    (void)error;
    response->caching = TF_CACHE_REVALIDATE;
    tf_response_set_cookie(response, request, "trefoil", "ada", 0);
    return TF_OK;
}

static const tf_route page = {.method = "GET", .path = "/", .handle = answer_name};
static const tf_route file = {
    .method = "GET", .path = "/file", .is_for_all = true, .handle = answer_name};
static const tf_route own_page = {
    .method = "GET", .path = "/own", .permission = TF_PERMISSION_SIGNED_IN, .handle = answer_name};
static const tf_route say = {.method = "POST",
                             .path = "/say",
                             .permission = TF_PERMISSION_SIGNED_IN,
                             .body = TF_BODY_FORM,
                             .fields = say_fields,
                             .field_count = 1,
                             .handle = answer_say};
static const tf_route say_files = {.method = "POST",
                                   .path = "/say-files",
                                   .permission = TF_PERMISSION_SIGNED_IN,
                                   .body = TF_BODY_MULTIPART,
                                   .fields = say_fields,
                                   .field_count = 1,
                                   .handle = answer_say};
static const tf_route set = {.method = "GET", .path = "/set", .handle = answer_set};
static const tf_route *const routes[] = {&page, &file, &own_page, &say, &say_files, &set};

static const char *const hosts[] = {"drugs.example.org"};

static site *begin(void) {
    site *own = site_new();
    own->options.routes = (tf_routes){routes, COUNT_OF(routes)};
    own->options.visitor_cookie = "trefoil";
    own->options.meet = meet;
    own->options.part = part;
    own->options.permits = permits;
    own->options.owns_form = owns_form;
    own->options.hosts = hosts;
    own->options.host_count = 1;
    atomic_store(&met, 0);
    atomic_store(&parted, 0);
    site_start(own);
    return own;
}

static void end(site *own) {
    site_close(own);
    assert_int_equal(atomic_load(&parted), atomic_load(&met)); /* everybody who was met */
}

static void assert_page(site *own, const char *target, const char *headers, const char *body,
                        const char *caching) {
    reply got = ask_for(own, target, headers);
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, body);
    assert_true(reply_says(&got, "Cache-Control", caching));
    reply_free(&got);
}

static void a_page_of_somebody_is_kept_for_nobody(void **state) {
    (void)state;
    site *own = begin();
    static const char forever[] = "public, max-age=31536000, immutable";
    assert_page(own, "/", "", "nobody 0\n", forever);
    assert_page(own, "/", "", "nobody 0\n", forever);
    assert_page(own, "/", "Cookie: trefoil=ada\r\n", "ada 1\n", "no-store");
    assert_page(own, "/", "Cookie: trefoil=bea\r\n", "bea 2\n", "no-store");
    assert_page(own, "/", "Cookie: trefoil=ada\r\n", "ada 3\n", "no-store");
    assert_page(own, "/", "", "nobody 0\n", forever);
    /* Without an ETag nobody can ask whether it is still the same. */
    reply got = ask_for(own, "/", "Cookie: trefoil=ada\r\n");
    char value[64];
    assert_null(reply_header(&got, "ETag", value, sizeof value));
    reply_free(&got);
    end(own);
}

static void what_is_for_all_is_kept_whoever_asks(void **state) {
    (void)state;
    site *own = begin();
    static const char forever[] = "public, max-age=31536000, immutable";
    assert_page(own, "/file", "Cookie: trefoil=ada\r\n", "nobody 0\n", forever);
    assert_page(own, "/file", "", "nobody 0\n", forever);
    assert_int_equal(atomic_load(&met), 0);
    end(own);
}

static void other_cookies_change_nothing(void **state) {
    (void)state;
    site *own = begin();
    static const char forever[] = "public, max-age=31536000, immutable";
    assert_page(own, "/", "Cookie: theme=dark; trefoils=ada\r\n", "nobody 0\n", forever);
    assert_page(own, "/", "", "nobody 0\n", forever);
    assert_int_equal(atomic_load(&met), 0);
    end(own);
}

static void a_cookie_that_is_good_for_nothing_is_taken_away(void **state) {
    (void)state;
    site *own = begin();
    static const char *const bad[] = {
        "Cookie: trefoil=eve\r\n", "Cookie: trefoil=\r\n", "Cookie: trefoil=ada; trefoil=ada\r\n",
        "Cookie: trefoil=ada\r\nCookie: trefoil=bea\r\n", "Cookie: trefoil=\"ada\"\r\n"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        reply got = ask_for(own, "/", bad[i]);
        assert_int_equal(got.status, 200);
        assert_int_equal(strncmp(got.body, "nobody", 6), 0);
        assert_true(
            reply_says(&got, "Set-Cookie", "trefoil=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
        assert_true(reply_says(&got, "Cache-Control", "no-store"));
        reply_free(&got);
    }
    end(own);
}

static void by_a_name_of_the_site_the_cookie_is_secure(void **state) {
    (void)state;
    site *own = begin();
    reply got = ask(own, "GET /set HTTP/1.1\r\nHost: drugs.example.org\r\n\r\n");
    assert_true(reply_says(&got, "Set-Cookie",
                           "__Host-trefoil=ada; Path=/; HttpOnly; SameSite=Lax; Secure"));
    assert_true(reply_says(&got, "Cache-Control", "no-store"));
    reply_free(&got);
    got = ask(own, "GET / HTTP/1.1\r\nHost: drugs.example.org\r\nCookie: trefoil=ada\r\n\r\n");
    assert_int_equal(strncmp(got.body, "nobody", 6), 0);
    reply_free(&got);
    got = ask(own, "GET / HTTP/1.1\r\nHost: drugs.example.org\r\n"
                   "Cookie: __Host-trefoil=ada\r\n\r\n");
    assert_int_equal(strncmp(got.body, "ada", 3), 0);
    reply_free(&got);
    got = ask_for(own, "/set", "X-Forwarded-Proto: https\r\n");
    assert_true(reply_says(&got, "Set-Cookie",
                           "__Host-trefoil=ada; Path=/; HttpOnly; SameSite=Lax; Secure"));
    reply_free(&got);
    end(own);
}

static void an_answer_with_a_cookie_is_never_shared(void **state) {
    (void)state;
    site *own = begin();
    for (int i = 0; i < 2; i++) {
        reply got = ask_for(own, "/set", "");
        assert_true(reply_says(&got, "Cache-Control", "no-store"));
        char value[200];
        assert_non_null(reply_header(&got, "Set-Cookie", value, sizeof value));
        reply_free(&got);
    }
    end(own);
}

static void who_is_not_signed_in_is_told_so(void **state) {
    (void)state;
    site *own = begin();
    reply got = ask_for(own, "/own", "");
    assert_int_equal(got.status, 401);
    assert_true(reply_says(&got, "WWW-Authenticate", "Cookie"));
    assert_string_equal(got.body, "You have to sign in for this.\n");
    reply_free(&got);
    got = ask_for(own, "/own", "Cookie: trefoil=eve\r\n");
    assert_int_equal(got.status, 401);
    reply_free(&got);
    assert_page(own, "/own", "Cookie: trefoil=ada\r\n", "ada 0\n", "no-store");
    assert_page(own, "/own", "Cookie: trefoil=bea\r\n", "bea 1\n", "no-store");
    got = ask_for(own, "/own", "Cookie: trefoil=fault\r\n");
    assert_int_equal(got.status, 503);
    assert_string_equal(got.body, "The accounts are busy.\n");
    reply_free(&got);
    atomic_fetch_sub(&met, 1); /* that one was not */
    end(own);
}

static int send_form(site *own, const char *cookie, const char *body) {
    char request[1000];
    snprintf(request, sizeof request,
             "POST /say HTTP/1.1\r\nHost: localhost\r\nCookie: trefoil=%s\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
             cookie, strlen(body), body);
    return status_of(own, request);
}

static void a_form_needs_the_mark_of_its_sender(void **state) {
    (void)state;
    site *own = begin();
    assert_int_equal(send_form(own, "ada", "say=hello&form-token=ada"), 200);
    assert_int_equal(send_form(own, "ada", "form-token=ada&say=hello"), 200);
    assert_int_equal(send_form(own, "ada", "say=hello"), 403);
    assert_int_equal(send_form(own, "ada", "say=hello&form-token="), 403);
    assert_int_equal(send_form(own, "ada", "say=hello&form-token=bea"), 403);
    assert_int_equal(send_form(own, "ada", "say=hello&form-token=ad%00a"), 403);
    assert_int_equal(send_form(own, "eve", "say=hello&form-token=nobody"), 401);
    /* What the form says is not even looked at without it. */
    assert_int_equal(send_form(own, "ada", "form-token=bea"), 403);
    assert_int_equal(send_form(own, "ada", "form-token=ada"), 400);
    end(own);
}

static int send_parts(site *own, const char *token) {
    char body[400];
    char request[1000];
    snprintf(body, sizeof body,
             "--x\r\nContent-Disposition: form-data; name=\"say\"\r\n\r\nhello\r\n"
             "--x\r\nContent-Disposition: form-data; name=\"form-token\"\r\n\r\n%s\r\n--x--\r\n",
             token);
    snprintf(request, sizeof request,
             "POST /say-files HTTP/1.1\r\nHost: localhost\r\nCookie: trefoil=ada\r\n"
             "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(body), body);
    return status_of(own, request);
}

static void a_form_with_files_needs_it_too(void **state) {
    (void)state;
    site *own = begin();
    assert_int_equal(send_parts(own, "ada"), 200);
    assert_int_equal(send_parts(own, "bea"), 403);
    end(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_of_somebody_is_kept_for_nobody),
        cmocka_unit_test(what_is_for_all_is_kept_whoever_asks),
        cmocka_unit_test(other_cookies_change_nothing),
        cmocka_unit_test(a_cookie_that_is_good_for_nothing_is_taken_away),
        cmocka_unit_test(by_a_name_of_the_site_the_cookie_is_secure),
        cmocka_unit_test(an_answer_with_a_cookie_is_never_shared),
        cmocka_unit_test(who_is_not_signed_in_is_told_so),
        cmocka_unit_test(a_form_needs_the_mark_of_its_sender),
        cmocka_unit_test(a_form_with_files_needs_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
