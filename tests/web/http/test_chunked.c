#include "check.h"

#include "web/http/chunked.h"

/* Decode in steps of `size` bytes into `body`; the outcome, and what is left in *left_out. */
static tf_chunked_step decode(const char *text, size_t size, char *body, size_t *left_out) {
    tf_chunked chunked = {0};
    size_t length = strlen(text);
    size_t used = 0;
    for (size_t at = 0; at < length; at += size) {
        tf_text arrived = {text + at, length - at < size ? length - at : size};
        tf_chunked_step step;
        tf_text piece;
        while ((step = tf_chunked_take(&chunked, &arrived, &piece)) == TF_CHUNKED_PIECE) {
            memcpy(body + used, piece.data, piece.length);
            used += piece.length;
        }
        body[used] = '\0';
        *left_out = length - (size_t)(arrived.data - text);
        if (step != TF_CHUNKED_MORE) {
            return step;
        }
    }
    return TF_CHUNKED_MORE;
}

static tf_chunked_step outcome_of(const char *text) {
    char body[256];
    size_t left;
    return decode(text, 1, body, &left);
}

static void chunks_are_joined_in_whatever_pieces_they_arrive(void **state) {
    (void)state;
    const char *text = "4\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\n\r\nGET";
    for (size_t size = 1; size <= strlen(text); size++) {
        char body[256];
        size_t left;
        assert_int_equal(decode(text, size, body, &left), TF_CHUNKED_END);
        assert_string_equal(body, "Wikipedia in \r\n\r\nchunks.");
        assert_int_equal(left, 3);
    }
}

static void a_size_is_hexadecimal_of_8_digits_at_most(void **state) {
    (void)state;
    assert_int_equal(outcome_of("a\r\n0123456789\r\n0\r\n\r\n"), TF_CHUNKED_END);
    assert_int_equal(outcome_of("0000000A\r\n0123456789\r\n00000000\r\n\r\n"), TF_CHUNKED_END);
    assert_int_equal(outcome_of("FFFFFFFF\r\na"), TF_CHUNKED_MORE);
    assert_int_equal(outcome_of("00000000A\r\n0123456789\r\n0\r\n\r\n"), TF_CHUNKED_BAD);
    assert_int_equal(outcome_of("FFFFFFFFFFFFFFFF1\r\na\r\n0\r\n\r\n"), TF_CHUNKED_BAD);
    static const char *const bad[] = {"\r\n",   "g\r\n",  "-1\r\n", "+1\r\n", "0x1\r\n",
                                      " 1\r\n", "1 \r\n", "1\n",    "1\r\r\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (outcome_of(bad[i]) != TF_CHUNKED_BAD) {
            fail_msg("\"%s\" was taken for a size", bad[i]);
        }
    }
}

static void extensions_and_trailers_are_refused(void **state) {
    (void)state;
    assert_int_equal(outcome_of("1;a=b\r\na\r\n0\r\n\r\n"), TF_CHUNKED_BAD);
    assert_int_equal(outcome_of("1\r\na\r\n0;a\r\n\r\n"), TF_CHUNKED_BAD);
    assert_int_equal(outcome_of("1\r\na\r\n0\r\nContent-Length: 3\r\n\r\n"), TF_CHUNKED_BAD);
}

static void a_chunk_ends_where_it_says(void **state) {
    (void)state;
    assert_int_equal(outcome_of("1\r\nab\r\n0\r\n\r\n"), TF_CHUNKED_BAD);
    assert_int_equal(outcome_of("1\r\na\n0\r\n\r\n"), TF_CHUNKED_BAD);
    assert_int_equal(outcome_of("2\r\na\r\n0\r\n\r\n"), TF_CHUNKED_BAD);
    assert_int_equal(outcome_of("1\r\na\r\n0\r\n\n"), TF_CHUNKED_BAD);
    assert_int_equal(outcome_of("1\r\na\r\n0\r\n"), TF_CHUNKED_MORE);
    assert_int_equal(outcome_of("1\r\na\r\n"), TF_CHUNKED_MORE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_are_joined_in_whatever_pieces_they_arrive),
        cmocka_unit_test(a_size_is_hexadecimal_of_8_digits_at_most),
        cmocka_unit_test(extensions_and_trailers_are_refused),
        cmocka_unit_test(a_chunk_ends_where_it_says),
    };
    return cmocka_run_group_tests_name("web/http/chunked", tests, NULL, NULL);
}
