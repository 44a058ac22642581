#include "check.h"

#include "trefoil/base/hash.h"

static void every_length_and_every_byte_counts(void **state) {
    (void)state;
    unsigned char bytes[64] = {0};
    for (size_t length = 1; length < sizeof bytes; length++) {
        assert_true(tf_hash(bytes, length) != tf_hash(bytes, length - 1));
        for (size_t i = 0; i < length; i++) {
            uint64_t before = tf_hash(bytes, length);
            bytes[i] ^= 1;
            assert_true(tf_hash(bytes, length) != before);
            bytes[i] ^= 1;
        }
    }
}

/* The first six numbers of pcg32-demo, seed 42, stream 54, as the generator's authors publish
 * them (pcg-c-basic, expected output of pcg32-demo). */
static void the_generator_is_pcg32(void **state) {
    (void)state;
    const uint32_t published[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                                  0x83d2f293, 0xbfa4784b, 0xcbed606e};
    tf_random random;
    tf_random_init(&random, 42, 54);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(tf_random_next(&random), published[i]);
    }
}

static void units_lie_between_nought_and_one(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 1, 1);
    double sum = 0;
    for (int i = 0; i < 100000; i++) {
        double unit = tf_random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        sum += unit;
        assert_true(tf_random_below(&random, 7) < 7);
    }
    assert_near(sum / 100000, 0.5, 0.005); /* 5.5 standard errors */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_and_every_byte_counts),
        cmocka_unit_test(the_generator_is_pcg32),
        cmocka_unit_test(units_lie_between_nought_and_one),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
