#include "check.h"

#include "web/chart/text_width_internal.h"

static double width_of(const char *text, double size) {
    return tf_text_drawn_width(tf_text_of(text), size, false);
}

static void the_estimate_is_on_the_safe_side_of_the_font(void **state) {
    (void)state;
    /* Sums of the advance widths in Adobe's Helvetica.afm, per 1,000. */
    static const struct {
        const char *text;
        double thousandths;
    } cases[] = {
        {"0", 556}, {"AVATAR", 667 + 667 + 667 + 611 + 667 + 722}, {"Will", 944 + 3 * 222}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double exact = cases[i].thousandths / 1000 * 15;
        assert_true(width_of(cases[i].text, 15) >= exact);
        assert_true(width_of(cases[i].text, 15) <= exact * 1.1);
    }
    assert_true(tf_text_drawn_width(tf_text_of("Area"), 15, true) > width_of("Area", 15));
}

static void letters_are_counted_not_bytes(void **state) {
    (void)state;
    assert_near(width_of("\xC3\xA9\xC3\xA9", 10), 2 * width_of("\xC3\xA9", 10), 1e-9);
    assert_true(width_of("\xE6\xB1\x89", 10) >= 10);
}

static void text_breaks_at_spaces(void **state) {
    (void)state;
    tf_text text = tf_text_of("Violence and sexual offences");
    tf_wrapped wrapped = tf_text_wrap(text, 15, false, 120, 3);
    assert_int_equal(wrapped.count, 2);
    assert_true(tf_text_equal(wrapped.lines[0], tf_text_of("Violence and")));
    assert_true(tf_text_equal(wrapped.lines[1], tf_text_of("sexual offences")));
    assert_int_equal(wrapped.cut_line, 0);
}

static void what_does_not_fit_is_cut_with_room_for_an_ellipsis(void **state) {
    (void)state;
    tf_text text = tf_text_of("Investigation complete; no suspect identified");
    tf_wrapped wrapped = tf_text_wrap(text, 15, false, 150, 1);
    assert_int_equal(wrapped.count, 1);
    assert_int_equal(wrapped.cut_line, 1);
    assert_true(tf_text_drawn_width(wrapped.lines[0], 15, false) + 15 <= 150);
}

static void no_line_is_wider_than_its_room(void **state) {
    (void)state;
    static const char *const texts[] = {
        "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", "a b c d e f g h i j k l m n o p q r",
        "\xE6\xB1\x89\xE6\xB1\x89\xE6\xB1\x89\xE6\xB1\x89\xE6\xB1\x89\xE6\xB1\x89", "  x  ", "y"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (int most = 1; most <= TF_WRAP_LINES; most++) {
            tf_wrapped wrapped = tf_text_wrap(tf_text_of(texts[i]), 14, false, 60, most);
            assert_true(wrapped.count >= 1 && wrapped.count <= most);
            for (int j = 0; j < wrapped.count; j++) {
                assert_true(tf_text_drawn_width(wrapped.lines[j], 14, false) <= 60);
                assert_true(tf_text_is_utf8(wrapped.lines[j]));
            }
        }
    }
}

static void no_text_has_no_lines(void **state) {
    (void)state;
    assert_int_equal(tf_text_wrap(tf_text_of(""), 14, false, 60, 3).count, 0);
    assert_int_equal(tf_text_wrap(tf_text_of("   "), 14, false, 60, 3).count, 0);
    assert_int_equal(tf_text_wrap((tf_text){NULL, 0}, 14, false, 60, 3).count, 0);
    assert_int_equal(tf_text_wrap(tf_text_of("abc"), 14, false, -5, 3).count, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_estimate_is_on_the_safe_side_of_the_font),
        cmocka_unit_test(letters_are_counted_not_bytes),
        cmocka_unit_test(text_breaks_at_spaces),
        cmocka_unit_test(what_does_not_fit_is_cut_with_room_for_an_ellipsis),
        cmocka_unit_test(no_line_is_wider_than_its_room),
        cmocka_unit_test(no_text_has_no_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
