/* Cookies: what of RFC 6265's grammar is ours, and what a browser is told. */
#include "check.h"

#include "web/http/cookie.h"

#include <sys/wait.h>
#include <unistd.h>

typedef struct sent {
    tf_header headers[2];
    size_t count;
    bool is_secure;
} sent;

static void assert_cookie(sent what, const char *expected) {
    tf_request request = {
        .headers = what.headers, .header_count = what.count, .is_secure = what.is_secure};
    tf_text value = tf_request_cookie(&request, "trefoil");
    if (!expected) {
        assert_null(value.data);
        return;
    }
    assert_non_null(value.data);
    assert_int_equal(value.length, strlen(expected));
    assert_memory_equal(value.data, expected, value.length);
}

static sent plain(const char *line) {
    return (sent){.headers = {{tf_text_of("Cookie"), tf_text_of(line)}}, .count = 1};
}

static sent secure(const char *line) {
    sent what = plain(line);
    what.is_secure = true;
    return what;
}

static void a_cookie_is_found_among_others(void **state) {
    (void)state;
    assert_cookie(plain("trefoil=abc"), "abc");
    assert_cookie(plain("a=1; trefoil=abc; b=2"), "abc");
    assert_cookie(plain("a=\"x y\"; trefoil=A-z_0.9;b"), "A-z_0.9");
    assert_cookie(plain(""), NULL);
    assert_cookie(plain("trefoil"), NULL);
    assert_cookie(plain("trefoils=abc; xtrefoil=abc; Trefoil=abc"), NULL);
    assert_cookie(plain("a=trefoil=abc"), NULL);
}

static void what_this_site_has_not_set_is_no_use(void **state) {
    (void)state;
    static const char *const bad[] = {"trefoil=",     "trefoil=a b",      "trefoil=\"abc\"",
                                      "trefoil=a=b",  "trefoil=a,b",      "trefoil=%41",
                                      "trefoil=a\tb", "trefoil=\xC3\xA9", "trefoil=a/b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_cookie(plain(bad[i]), "");
    }
    char longest[TF_COOKIE_MOST + 20] = "trefoil=";
    memset(longest + 8, 'a', TF_COOKIE_MOST);
    assert_cookie(plain(longest), longest + 8);
    longest[8 + TF_COOKIE_MOST] = 'a';
    assert_cookie(plain(longest), "");
}

static void of_two_none_is_taken(void **state) {
    (void)state;
    assert_cookie(plain("trefoil=abc; trefoil=abc"), "");
    assert_cookie(plain("trefoil=abc; trefoil=def"), "");
    assert_cookie(plain("trefoil=abc; trefoil="), "");
    sent both = plain("trefoil=abc");
    both.headers[1] = (tf_header){tf_text_of("cookie"), tf_text_of("trefoil=def")};
    both.count = 2;
    assert_cookie(both, "");
}

static void by_tls_only_the_cookie_of_this_host_counts(void **state) {
    (void)state;
    assert_cookie(secure("__Host-trefoil=abc"), "abc");
    assert_cookie(secure("trefoil=planted; __Host-trefoil=abc"), "abc");
    assert_cookie(secure("trefoil=planted"), NULL);
    assert_cookie(secure("__Host-=a; __Host-tref=b; __host-trefoil=c"), NULL);
    assert_cookie(plain("__Host-trefoil=abc"), NULL);
}

static const char *set_cookie_of(const tf_response *response) {
    assert_int_equal(response->header_count, 1);
    assert_string_equal(response->headers[0].name, "Set-Cookie");
    assert_true(response->is_personal);
    return response->headers[0].value;
}

static void a_browser_is_told_to_keep_it_to_itself(void **state) {
    (void)state;
    tf_arena *arena = tf_arena_new();
    tf_request near = {.is_secure = false};
    tf_request far = {.is_secure = true};
    tf_response first = {.arena = arena};
    tf_response_set_cookie(&first, &near, "trefoil", "abc", 0);
    assert_string_equal(set_cookie_of(&first), "trefoil=abc; Path=/; HttpOnly; SameSite=Lax");
    tf_response second = {.arena = arena};
    tf_response_set_cookie(&second, &far, "trefoil", "abc", 60);
    assert_string_equal(set_cookie_of(&second),
                        "__Host-trefoil=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
    tf_response third = {.arena = arena};
    tf_response_drop_cookie(&third, &far, "trefoil");
    assert_string_equal(set_cookie_of(&third),
                        "__Host-trefoil=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    tf_arena_free(arena);
}

/* Whether the program ends rather than write such a cookie. */
static bool is_a_defect(const char *name, const char *value) {
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        tf_request request = {.is_secure = false};
        tf_response response = {.arena = tf_arena_new()};
        tf_response_set_cookie(&response, &request, name, value, 0);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void no_value_ends_the_header_or_adds_to_it(void **state) {
    (void)state;
    static const char *const bad[] = {
        "a\r\nSet-Cookie: b=c", "a; Domain=example.org", "a b", "", "a\nb", "a\"b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(is_a_defect("trefoil", bad[i]));
        assert_true(is_a_defect(bad[i], "abc"));
    }
    assert_false(is_a_defect("trefoil", "abc"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_is_found_among_others),
        cmocka_unit_test(what_this_site_has_not_set_is_no_use),
        cmocka_unit_test(of_two_none_is_taken),
        cmocka_unit_test(by_tls_only_the_cookie_of_this_host_counts),
        cmocka_unit_test(a_browser_is_told_to_keep_it_to_itself),
        cmocka_unit_test(no_value_ends_the_header_or_adds_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
