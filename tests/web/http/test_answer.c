#include "check.h"
#include "fail_allocations.h"

#include "web/http/answer.h"
#include "web/http/negotiate.h"

#include <errno.h>
#include <fcntl.h>

static tf_arena *arena;

static int open_arena(void **state) {
    (void)state;
    arena = tf_arena_new();
    return arena ? 0 : -1;
}

static int close_arena(void **state) {
    (void)state;
    tf_arena_free(arena);
    return 0;
}

static tf_response response_of(const char *body) {
    tf_response response = {
        .arena = arena, .status = 200, .content_type = "text/html; charset=utf-8", .file = -1};
    tf_buffer_append_text(&response.body, body);
    return response;
}

static tf_answer *make(tf_response *response, unsigned encodings) {
    tf_answer *answer;
    tf_error error;
    assert_ok(tf_answer_make(response, encodings, false, &answer, &error), &error);
    assert_null(response->body.data);
    return answer;
}

static bool has_line(const tf_answer *answer, const char *line) {
    return memmem(answer->fields, answer->fields_length, line, strlen(line)) ||
           (answer->content_fields &&
            memmem(answer->content_fields, answer->content_fields_length, line, strlen(line)));
}

static void a_tag_depends_on_the_body_and_its_coding(void **state) {
    (void)state;
    static char text[4001];
    memset(text, 'a', sizeof text - 1);
    tf_response response = response_of(text);
    tf_answer *plain = make(&response, 0);
    response = response_of(text);
    tf_answer *again = make(&response, 0);
    response = response_of(text);
    tf_answer *packed = make(&response, TF_ENCODING_GZIP);
    text[0] = 'b';
    response = response_of(text);
    tf_answer *other = make(&response, 0);
    assert_string_equal(plain->etag, again->etag);
    assert_string_not_equal(plain->etag, packed->etag);
    assert_string_not_equal(plain->etag, other->etag);
    assert_int_equal(plain->etag[0], '"'); /* strong: the bytes are the same */
    assert_true(packed->length < 100);
    assert_true(has_line(packed, "Content-Encoding: gzip\r\n"));
    assert_false(has_line(plain, "Content-Encoding"));
    tf_answer_release(plain);
    tf_answer_release(again);
    tf_answer_release(packed);
    tf_answer_release(other);
}

static void what_one_person_may_see_is_neither_packed_nor_kept(void **state) {
    (void)state;
    static char text[4001];
    memset(text, 'a', sizeof text - 1);
    tf_response response = response_of(text);
    response.caching = TF_CACHE_NEVER;
    tf_answer *answer = make(&response, TF_ENCODING_GZIP);
    assert_string_equal(answer->etag, "");
    assert_false(answer->is_shared);
    assert_int_equal(answer->length, 4000);
    assert_true(has_line(answer, "Cache-Control: no-store\r\n"));
    tf_answer_release(answer);
}

static void what_does_not_get_smaller_is_sent_as_it_is(void **state) {
    (void)state;
    char noise[2049];
    unsigned value = 1;
    for (size_t i = 0; i < sizeof noise - 1; i++) {
        value = value * 1103515245U + 12345U;
        noise[i] = (char)(1 + (value >> 16) % 255);
    }
    noise[sizeof noise - 1] = '\0';
    tf_response response = response_of(noise);
    tf_answer *answer = make(&response, TF_ENCODING_GZIP);
    assert_int_equal(answer->length, sizeof noise - 1);
    assert_memory_equal(answer->body, noise, sizeof noise - 1);
    assert_false(has_line(answer, "Content-Encoding"));
    tf_answer_release(answer);
}

static void headers_of_the_handler_are_sent(void **state) {
    (void)state;
    tf_response response = response_of("a");
    tf_response_header(&response, "X-Rows", "3");
    tf_response_attachment(&response, "profile 2023-02\r\n\".csv");
    tf_answer *answer = make(&response, 0);
    assert_true(has_line(answer, "X-Rows: 3\r\n"));
    assert_true(has_line(answer, "Content-Disposition: attachment; "
                                 "filename=\"profile2023-02.csv\"\r\n"));
    tf_answer_release(answer);
}

static void nothing_has_no_content(void **state) {
    (void)state;
    tf_response response = response_of("");
    response.status = 204;
    tf_answer *answer = make(&response, TF_ENCODING_GZIP);
    assert_false(has_line(answer, "Content-"));
    tf_answer_release(answer);
    response = response_of("");
    answer = make(&response, 0);
    assert_true(has_line(answer, "Content-Length: 0\r\n"));
    tf_answer_release(answer);
}

static void a_plain_sentence_ends_once(void **state) {
    (void)state;
    const char *const cases[][2] = {
        {"Busy", "Busy.\n"}, {"Busy.", "Busy.\n"}, {"Busy?", "Busy?\n"}, {"", ".\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_answer *answer = tf_answer_plain(503, cases[i][0], "");
        assert_non_null(answer);
        assert_string_equal(answer->body, cases[i][1]);
        tf_answer_release(answer);
    }
}

static void a_failed_allocation_is_told_and_leaves_nothing_open(void **state) {
    (void)state;
    static char text[4001];
    memset(text, 'a', sizeof text - 1);
    for (long n = 0;; n++) {
        tf_response response = response_of(text);
        fail_allocation(n);
        tf_answer *answer;
        tf_status status = tf_answer_make(&response, TF_ENCODING_GZIP, false, &answer, NULL);
        bool was_reached = stop_failing_allocations();
        assert_null(response.body.data);
        if (status == TF_OK) {
            tf_answer_release(answer);
            if (was_reached) {
                continue; /* without memory to pack it, it was sent as it is */
            }
            assert_true(n > 2);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_null(answer);
    }
    /* A file is closed whatever happens. */
    tf_response response = response_of("");
    response.file = open("/dev/null", O_RDONLY);
    int file = response.file;
    fail_allocation(0);
    tf_answer *answer;
    tf_status status = tf_answer_make(&response, 0, false, &answer, NULL);
    assert_true(stop_failing_allocations());
    assert_int_equal(status, TF_NO_MEMORY);
    assert_int_equal(response.file, -1);
    assert_int_equal(fcntl(file, F_GETFD), -1);
    assert_int_equal(errno, EBADF);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_depends_on_the_body_and_its_coding),
        cmocka_unit_test(what_one_person_may_see_is_neither_packed_nor_kept),
        cmocka_unit_test(what_does_not_get_smaller_is_sent_as_it_is),
        cmocka_unit_test(headers_of_the_handler_are_sent),
        cmocka_unit_test(nothing_has_no_content),
        cmocka_unit_test(a_plain_sentence_ends_once),
        cmocka_unit_test(a_failed_allocation_is_told_and_leaves_nothing_open),
    };
    return cmocka_run_group_tests_name("web/http/answer", tests, open_arena, close_arena);
}
