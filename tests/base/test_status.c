#include "check.h"

#include "trefoil/base/text.h"

static void a_message_names_place_and_line(void **state) {
    (void)state;
    tf_error error;
    char text[1400];
    assert_int_equal(tf_fail(&error, TF_BAD_INPUT, "a.csv", 12, "the month is '%s'", "2023-13"),
                     TF_BAD_INPUT);
    assert_string_equal(tf_error_format(&error, text, sizeof text),
                        "a.csv, line 12: the month is '2023-13'");
    assert_int_equal(tf_fail(NULL, TF_IO, NULL, 0, "nobody listens"), TF_IO);
}

static void the_place_that_was_set_first_stays(void **state) {
    (void)state;
    tf_error error;
    (void)tf_fail(&error, TF_BAD_INPUT, NULL, 0, "wrong");
    tf_error_set_place(&error, "first");
    tf_error_set_place(&error, "second");
    assert_string_equal(error.place, "first");
}

static void hostile_text_cannot_move_the_cursor_or_break_utf8(void **state) {
    (void)state;
    tf_error error;
    (void)tf_fail(&error, TF_BAD_INPUT, "\x1B[2J", 0, "%s", "caf\xE9\n");
    assert_string_equal(error.place, "?[2J");
    assert_string_equal(error.message, "caf??");
    char many[2000];
    for (size_t i = 0; i + 3 < sizeof many; i += 3) {
        memcpy(many + i, "\xE2\x82\xAC", 4);
    }
    (void)tf_fail(&error, TF_BAD_INPUT, NULL, 0, "%s", many);
    assert_true(tf_text_is_utf8(tf_text_of(error.message)));
    assert_int_equal(strlen(error.message) % 3, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_names_place_and_line),
        cmocka_unit_test(the_place_that_was_set_first_stays),
        cmocka_unit_test(hostile_text_cannot_move_the_cursor_or_break_utf8),
    };
    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
