#include "access/one_time_code.h"
#include "access/qr_code.h"
#include "access/secret.h"
#include "check.h"

#include <stdlib.h>

/* RFC 6238, appendix B: the seed is the ASCII text below, SHA-1, 8 digits. */
static const char rfc_seed[] = "12345678901234567890";

static void codes_are_those_of_rfc_6238(void **state) {
    (void)state;
    const struct {
        int64_t seconds;
        uint32_t code;
    } vectors[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                   {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        assert_int_equal(tf_code_of((const uint8_t *)rfc_seed, 20,
                                    tf_code_step(vectors[i].seconds * 1000 * 1000), 8),
                         vectors[i].code);
    }
}

/* RFC 4226, appendix D: the counter 0 to 9, 6 digits. */
static void codes_are_those_of_rfc_4226(void **state) {
    (void)state;
    static const uint32_t codes[] = {755224, 287082, 359152, 969429, 338314,
                                     254676, 287922, 162583, 399871, 520489};
    for (int i = 0; i < 10; i++) {
        assert_int_equal(tf_code_of((const uint8_t *)rfc_seed, 20, i, 6), codes[i]);
    }
}

static void a_code_is_good_for_its_step_and_the_ones_beside_it(void **state) {
    (void)state;
    const uint8_t *seed = (const uint8_t *)rfc_seed;
    const int64_t step_length = (int64_t)30 * 1000 * 1000;
    int64_t step = 0;
    tf_text code = tf_text_of("969429"); /* of step 3 */
    for (int64_t at = 0; at < 8; at++) {
        bool is_near = at >= 2 && at <= 4;
        assert_int_equal(tf_code_is_right(seed, code, at * step_length, -1, &step), is_near);
    }
    assert_int_equal(step, 3);
    assert_true(tf_code_is_right(seed, tf_text_of("969 429"), 3 * step_length, 2, &step));
    assert_false(tf_code_is_right(seed, code, 3 * step_length, 3, &step)); /* was used */
}

static void what_is_no_code_is_wrong(void **state) {
    (void)state;
    static const char *const texts[] = {"", "96942", "9694290", "96942x", "-69429", "969429 1"};
    int64_t step;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(tf_code_is_right((const uint8_t *)rfc_seed, tf_text_of(texts[i]),
                                      (int64_t)90 * 1000 * 1000, -1, &step));
    }
    assert_false(tf_code_is_right((const uint8_t *)rfc_seed, (tf_text){NULL, 0}, 0, -1, &step));
}

/* `printf 12345678901234567890 | base32` of GNU coreutils. */
static void a_seed_is_shown_in_base32_and_in_an_address(void **state) {
    (void)state;
    char text[TF_CODE_SEED_TEXT_SIZE];
    tf_code_seed_text((const uint8_t *)rfc_seed, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    tf_buffer address;
    tf_buffer_init(&address);
    tf_code_address((const uint8_t *)rfc_seed, tf_text_of("Trefoil & co"),
                    tf_text_of("asha@example.org"), &address);
    assert_string_equal(address.data,
                        "otpauth://totp/Trefoil%20%26%20co:asha%40example.org"
                        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Trefoil%20%26%20co"
                        "&algorithm=SHA1&digits=6&period=30");
    tf_buffer_deinit(&address);
}

static void recovery_codes_are_read_as_people_type_them(void **state) {
    (void)state;
    char text[TF_RECOVERY_CODE_TEXT_SIZE], read[TF_RECOVERY_CODE_TEXT_SIZE];
    assert_true(tf_recovery_code_read(tf_text_of("abcde-12345"), text));
    assert_string_equal(text, "ABCDE-12345");
    assert_true(tf_recovery_code_read(tf_text_of(" oil ZZ 0 11 4-5"), text));
    assert_string_equal(text, "011ZZ-01145");
    /* pasted from a telephone: a non-breaking hyphen and space, a line end */
    assert_true(tf_recovery_code_read(tf_text_of("abcde\xE2\x80\x91"
                                                 "12345\xC2\xA0\r\n"),
                                      text));
    assert_string_equal(text, "ABCDE-12345");
    assert_false(tf_recovery_code_read(tf_text_of("abcde-1234"), text));
    assert_false(tf_recovery_code_read(tf_text_of("abcde-123456"), text));
    assert_false(tf_recovery_code_read(tf_text_of("abcdu-12345"), text)); /* no U */
    assert_false(tf_recovery_code_read((tf_text){"abcde\0002345", 10}, text));
    for (int i = 0; i < 1000; i++) {
        tf_recovery_code_new(text);
        assert_int_equal(strlen(text), TF_RECOVERY_CODE_TEXT_SIZE - 1);
        assert_true(tf_recovery_code_read(tf_text_of(text), read));
        assert_string_equal(read, text);
    }
}

/* ISO/IEC 18004: the finder patterns in three corners, and the size of a version. */
static void a_qr_code_has_its_finder_patterns(void **state) {
    (void)state;
    static const char *const finder[7] = {"1111111", "1000001", "1011101", "1011101",
                                          "1011101", "1000001", "1111111"};
    tf_qr_code code;
    tf_error error = {0};
    assert_ok(tf_qr_code_make(tf_text_of("otpauth://totp/Trefoil:asha%40example.org?secret=GEZD"),
                              &code, &error),
              &error);
    assert_int_equal((code.size - 17) % 4, 0);
    for (int corner = 0; corner < 3; corner++) {
        int top = corner == 2 ? code.size - 7 : 0;
        int left = corner == 1 ? code.size - 7 : 0;
        for (int row = 0; row < 7; row++) {
            for (int column = 0; column < 7; column++) {
                assert_int_equal(code.modules[(top + row) * code.size + left + column],
                                 finder[row][column] - '0');
            }
        }
    }
    tf_qr_code_deinit(&code);
    char *much = calloc(4001, 1);
    memset(much, 'x', 4000);
    assert_int_equal(tf_qr_code_make(tf_text_of(much), &code, &error), TF_BAD_INPUT);
    free(much);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_rfc_6238),
        cmocka_unit_test(codes_are_those_of_rfc_4226),
        cmocka_unit_test(a_code_is_good_for_its_step_and_the_ones_beside_it),
        cmocka_unit_test(what_is_no_code_is_wrong),
        cmocka_unit_test(a_seed_is_shown_in_base32_and_in_an_address),
        cmocka_unit_test(recovery_codes_are_read_as_people_type_them),
        cmocka_unit_test(a_qr_code_has_its_finder_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
