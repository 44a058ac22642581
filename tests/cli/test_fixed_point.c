#include "check.h"

#include "cli/fixed_point.h"
#include "cli/text_numbers.h"
#include "trefoil/base/hash.h"

static void it_writes_as_many_decimals_as_printf_and_rounds_to_the_nearest(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 7, 0);
    for (int i = 0; i < 200000; i++) {
        double value = (tf_random_unit(&random) - 0.5) * pow(10, tf_random_below(&random, 6));
        int decimals = (int)tf_random_below(&random, 10);
        char text[TF_FIXED_POINT_SIZE + 1], expected[64];
        text[tf_fixed_point(value, decimals, text)] = '\0';
        int length = snprintf(expected, sizeof expected, "%.*f", decimals, value);
        assert_int_equal(strlen(text), length);
        assert_near(strtod(text, NULL), value, 0.52 * pow(10, -decimals));
    }
}

static void it_writes_the_ends_of_the_scale(void **state) {
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {
        {0, 9, "0.000000000"},  {1, 12, "1.000000000000"},           {-0.25, 2, "-0.25"},
        {1234.5, 0, "1235"},    {1e-12, 12, "0.000000000001"},       {INFINITY, 9, "inf"},
        {-INFINITY, 9, "-inf"}, {1e30, 9, "1.0000000000000000e+30"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[TF_FIXED_POINT_SIZE + 1];
        text[tf_fixed_point(cases[i].value, cases[i].decimals, text)] = '\0';
        if (cases[i].value < 1e20) {
            assert_string_equal(text, cases[i].text);
        } else {
            assert_true(strtod(text, NULL) == cases[i].value);
        }
    }
}

static void texts_keep_their_numbers(void **state) {
    (void)state;
    tf_text_numbers numbers = {0};
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 5000; i++) {
            char text[16] = "";
            uint32_t number;
            if (i) {
                snprintf(text, sizeof text, "%u", i);
            }
            assert_int_equal(tf_text_number(&numbers, tf_text_of(text), &number, NULL), TF_OK);
            assert_int_equal(number, i);
            assert_true(tf_text_equal(tf_text_numbered(&numbers, number), tf_text_of(text)));
        }
    }
    assert_int_equal(numbers.count, 5000);
    tf_text_numbers_deinit(&numbers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_writes_as_many_decimals_as_printf_and_rounds_to_the_nearest),
        cmocka_unit_test(it_writes_the_ends_of_the_scale),
        cmocka_unit_test(texts_keep_their_numbers),
    };
    return cmocka_run_group_tests_name("cli/fixed_point", tests, NULL, NULL);
}
