#include "check.h"

#include "trefoil/base/text.h"

static void utf8_is_well_formed_as_unicode_table_3_7_says(void **state) {
    (void)state;
    assert_true(tf_text_is_utf8(tf_text_of("plain ascii, longer than one word")));
    assert_true(tf_text_is_utf8(tf_text_of("na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x8D\x80")));
    assert_false(tf_text_is_utf8(tf_text_of("\xC0\x80")));         /* overlong */
    assert_false(tf_text_is_utf8(tf_text_of("\xE0\x80\x80")));     /* overlong */
    assert_false(tf_text_is_utf8(tf_text_of("\xED\xA0\x80")));     /* surrogate */
    assert_false(tf_text_is_utf8(tf_text_of("\xF4\x90\x80\x80"))); /* beyond U+10FFFF */
    assert_false(tf_text_is_utf8(tf_text_of("caf\xE9")));          /* Latin-1 */
    assert_false(tf_text_is_utf8(tf_text_of("\x80")));
}

static void a_slug_is_what_the_publisher_calls_a_force(void **state) {
    (void)state;
    char slug[64];
    tf_text_slug(tf_text_of("Devon & Cornwall"), slug, sizeof slug);
    assert_string_equal(slug, "devon-and-cornwall");
    tf_text_slug(tf_text_of("  King's Lynn and West Norfolk "), slug, sizeof slug);
    assert_string_equal(slug, "kings-lynn-and-west-norfolk");
    tf_text_slug(tf_text_of("a very long name"), slug, 7);
    assert_string_equal(slug, "a-very");
    tf_text_slug(tf_text_of(""), slug, sizeof slug);
    assert_string_equal(slug, "");
}

static void integers_are_read_to_their_limits_and_no_further(void **state) {
    (void)state;
    int64_t value = 7;
    assert_true(tf_parse_int64(tf_text_of("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(tf_parse_int64(tf_text_of("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    value = 7;
    assert_false(tf_parse_int64(tf_text_of("9223372036854775808"), &value));
    assert_false(tf_parse_int64(tf_text_of(""), &value));
    assert_false(tf_parse_int64(tf_text_of("-"), &value));
    assert_false(tf_parse_int64(tf_text_of("1 "), &value));
    assert_true(value == 7);
}

static void doubles_are_rounded_as_the_c_library_rounds(void **state) {
    (void)state;
    const char *numbers[] = {"0",
                             "-0.416934",
                             "51.882970",
                             "1e3",
                             "12345678.9",
                             "0.1",
                             "1e-320",
                             "179769313486231.5",
                             "3.14159265358979323846",
                             "-0.0",
                             "+2.5",
                             "9007199254740993",
                             "0.000001"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double value = 0;
        assert_true(tf_parse_double(tf_text_of(numbers[i]), &value));
        assert_true(value == strtod(numbers[i], NULL));
    }
    double value = 7;
    const char *wrong[] = {"", "-", ".5", "5.", "0x10", "nan", "inf", "1e", "1e999", "1,5", " 1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(tf_parse_double(tf_text_of(wrong[i]), &value));
    }
    assert_true(value == 7);
}

static void a_buffer_is_always_terminated(void **state) {
    (void)state;
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    for (int i = 0; i < 1000; i++) {
        tf_buffer_format(&buffer, "%d,", i);
        assert_int_equal(strlen(buffer.data), buffer.length);
    }
    assert_int_equal(tf_buffer_check(&buffer, NULL), TF_OK);
    tf_buffer_deinit(&buffer);
}

static void hexadecimal_digits_are_read_back_and_nothing_else_is(void **state) {
    (void)state;
    uint8_t bytes[256], back[256];
    char digits[2 * sizeof bytes + 1];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)i;
    }
    tf_hex_write(bytes, sizeof bytes, digits);
    assert_int_equal(strlen(digits), 2 * sizeof bytes);
    assert_memory_equal(digits, "000102030405060708090a0b", 24);
    assert_string_equal(digits + 504, "fcfdfeff");
    assert_true(tf_hex_read(digits, sizeof bytes, back));
    assert_memory_equal(bytes, back, sizeof bytes);
    for (int c = 0; c < 256; c++) {
        char pair[2] = {'0', (char)c};
        bool is_digit = c && strchr("0123456789abcdef", c);
        assert_int_equal(tf_hex_read(pair, 1, back), is_digit);
        pair[0] = (char)c;
        pair[1] = '0';
        assert_int_equal(tf_hex_read(pair, 1, back), is_digit);
    }
}

static void a_width_counts_characters_not_bytes(void **state) {
    (void)state;
    assert_int_equal(tf_text_width(tf_text_of("na\xC3\xAFve")), 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_well_formed_as_unicode_table_3_7_says),
        cmocka_unit_test(a_slug_is_what_the_publisher_calls_a_force),
        cmocka_unit_test(integers_are_read_to_their_limits_and_no_further),
        cmocka_unit_test(doubles_are_rounded_as_the_c_library_rounds),
        cmocka_unit_test(a_buffer_is_always_terminated),
        cmocka_unit_test(hexadecimal_digits_are_read_back_and_nothing_else_is),
        cmocka_unit_test(a_width_counts_characters_not_bytes),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
