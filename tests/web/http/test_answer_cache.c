#include "check.h"

#include "web/http/answer_cache.h"

static tf_answer *answer_of(size_t size) {
    char *text = malloc(size + 1);
    memset(text, 'a', size);
    text[size] = '\0';
    tf_answer *answer = tf_answer_plain(200, text, "");
    free(text);
    assert_non_null(answer);
    return answer;
}

static tf_answer_key key_of(const char *target) {
    return (tf_answer_key){.version = 1, .host = tf_text_of("host"), .target = tf_text_of(target)};
}

/* Make an answer and keep it. */
static void keep(tf_answer_cache *cache, const tf_answer_key *key, size_t size) {
    tf_answer_waiter waiter;
    tf_answer *answer;
    tf_answer_flight *flight;
    assert_int_equal(tf_answer_cache_begin(cache, key, &waiter, &answer, &flight),
                     TF_ANSWER_MISSING);
    answer = answer_of(size);
    assert_null(tf_answer_cache_end(cache, flight, answer, true));
    tf_answer_release(answer);
}

static bool has(tf_answer_cache *cache, const tf_answer_key *key) {
    tf_answer *answer = tf_answer_cache_get(cache, key);
    tf_answer_release(answer);
    return answer != NULL;
}

static bool has_target(tf_answer_cache *cache, const char *target) {
    tf_answer_key key = key_of(target);
    return has(cache, &key);
}

static void an_answer_is_kept_for_all_that_it_depends_on(void **state) {
    (void)state;
    tf_answer_cache *cache = tf_answer_cache_new(100000);
    tf_answer_key key = key_of("/a");
    keep(cache, &key, 10);
    assert_true(has(cache, &key));
    tf_answer_key other = key;
    other.encodings = 1;
    assert_false(has(cache, &other));
    other = key;
    other.is_local = true;
    assert_false(has(cache, &other));
    other = key;
    other.host = tf_text_of("elsewhere");
    assert_false(has(cache, &other));
    assert_false(has_target(cache, "/b"));
    /* The same bytes divided differently. */
    other = key;
    other.host = tf_text_of("host/");
    other.target = tf_text_of("a");
    assert_false(has(cache, &other));
    assert_true(has(cache, &key));
    tf_answer_cache_free(cache);
}

static void a_new_version_empties_it(void **state) {
    (void)state;
    tf_answer_cache *cache = tf_answer_cache_new(100000);
    tf_answer_key key = key_of("/a");
    keep(cache, &key, 10);
    tf_answer_key newer = key;
    newer.version = 2;
    assert_false(has(cache, &newer));
    assert_false(has(cache, &key));
    tf_answer_cache_free(cache);
}

static void an_answer_that_was_overtaken_is_not_kept(void **state) {
    (void)state;
    tf_answer_cache *cache = tf_answer_cache_new(100000);
    tf_answer_key key = key_of("/a");
    tf_answer_key newer = key;
    newer.version = 2;
    tf_answer_waiter waiter;
    tf_answer *answer;
    tf_answer_flight *flight;
    assert_int_equal(tf_answer_cache_begin(cache, &key, &waiter, &answer, &flight),
                     TF_ANSWER_MISSING);
    assert_false(has(cache, &newer));
    answer = answer_of(10);
    assert_null(tf_answer_cache_end(cache, flight, answer, true));
    tf_answer_release(answer);
    assert_false(has(cache, &newer));
    tf_answer_cache_free(cache);
}

static void what_was_not_used_for_longest_goes_first(void **state) {
    (void)state;
    tf_answer_cache *cache = tf_answer_cache_new(100000);
    char target[16];
    for (int i = 0; i < 9; i++) {
        snprintf(target, sizeof target, "/%d", i);
        tf_answer_key key = key_of(target);
        keep(cache, &key, 10000);
    }
    assert_true(has_target(cache, "/0"));
    tf_answer_key key = key_of("/9");
    keep(cache, &key, 10000);
    assert_true(has_target(cache, "/0"));
    assert_false(has_target(cache, "/1"));
    assert_true(has_target(cache, "/2"));
    assert_true(has_target(cache, "/9"));
    tf_answer_cache_free(cache);
}

static void one_answer_never_fills_it(void **state) {
    (void)state;
    tf_answer_cache *cache = tf_answer_cache_new(100000);
    tf_answer_key key = key_of("/a");
    tf_answer_key large = key_of("/large");
    keep(cache, &key, 10);
    keep(cache, &large, 50000);
    assert_false(has(cache, &large));
    assert_true(has(cache, &key));
    tf_answer_cache_free(cache);
}

static void what_many_ask_for_is_made_once(void **state) {
    (void)state;
    tf_answer_cache *cache = tf_answer_cache_new(100000);
    tf_answer_key key = key_of("/a");
    tf_answer_key other = key_of("/b");
    tf_answer_waiter waiters[3];
    tf_answer *answer;
    tf_answer_flight *flight;
    tf_answer_flight *other_flight;
    assert_int_equal(tf_answer_cache_begin(cache, &key, &waiters[0], &answer, &flight),
                     TF_ANSWER_MISSING);
    tf_answer_flight *none;
    assert_int_equal(tf_answer_cache_begin(cache, &key, &waiters[1], &answer, &none),
                     TF_ANSWER_COMING);
    assert_int_equal(tf_answer_cache_begin(cache, &key, &waiters[2], &answer, &none),
                     TF_ANSWER_COMING);
    assert_int_equal(tf_answer_cache_begin(cache, &other, &waiters[0], &answer, &other_flight),
                     TF_ANSWER_MISSING);
    tf_answer *made = answer_of(10);
    tf_answer_waiter *waiting = tf_answer_cache_end(cache, flight, made, true);
    assert_ptr_equal(waiting, &waiters[2]);
    assert_ptr_equal(waiting->next, &waiters[1]);
    assert_null(waiting->next->next);
    assert_null(tf_answer_cache_end(cache, other_flight, made, false));
    assert_int_equal(tf_answer_cache_begin(cache, &key, &waiters[0], &answer, &flight),
                     TF_ANSWER_KEPT);
    assert_ptr_equal(answer, made);
    assert_false(has(cache, &other));
    tf_answer_release(answer);
    tf_answer_release(made);
    tf_answer_cache_free(cache);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_kept_for_all_that_it_depends_on),
        cmocka_unit_test(a_new_version_empties_it),
        cmocka_unit_test(an_answer_that_was_overtaken_is_not_kept),
        cmocka_unit_test(what_was_not_used_for_longest_goes_first),
        cmocka_unit_test(one_answer_never_fills_it),
        cmocka_unit_test(what_many_ask_for_is_made_once),
    };
    return cmocka_run_group_tests_name("web/http/answer_cache", tests, NULL, NULL);
}
