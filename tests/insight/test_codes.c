#include "check.h"

#include "insight/codes_internal.h"

static void every_text_keeps_its_number(void **state) {
    (void)state;
    tf_codes codes = {0};
    char text[16];
    assert_int_equal(tf_codes_find(&codes, tf_text_of("0")), TF_CODE_NONE);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 1000; i++) {
            uint32_t code;
            snprintf(text, sizeof text, "%u", i);
            assert_int_equal(tf_codes_add(&codes, tf_text_of(text), &code, NULL), TF_OK);
            assert_int_equal(code, i);
            assert_int_equal(tf_codes_find(&codes, tf_text_of(text)), i);
            assert_string_equal(codes.texts[i].data, text);
        }
    }
    assert_int_equal(codes.count, 1000);
    assert_int_equal(tf_codes_find(&codes, tf_text_of("1000")), TF_CODE_NONE);
    tf_codes_deinit(&codes);
}

static void texts_may_hold_any_byte(void **state) {
    (void)state;
    tf_codes codes = {0};
    uint32_t code;
    const tf_text texts[] = {{"a\0b", 3}, {"a\0c", 3}, {"a", 1}, {"", 0}, {"\xff\xfe", 2}};
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(tf_codes_add(&codes, texts[i % 5], &code, NULL), TF_OK);
        assert_int_equal(code, i % 5);
    }
    tf_codes_deinit(&codes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_keeps_its_number),
        cmocka_unit_test(texts_may_hold_any_byte),
    };
    return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
