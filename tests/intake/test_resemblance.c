#include "check.h"

#include "intake/resemblance.h"

static tf_traits traits_of(const char *text) {
    tf_traits traits = {0};
    tf_traits_add_text(&traits, tf_text_of(text));
    return traits;
}

static void expect(const tf_traits *a, const tf_traits *b, const char *why) {
    for (int turn = 0; turn < 2; turn++) { /* the order does not matter */
        tf_buffer found;
        tf_buffer_init(&found);
        tf_traits_compare(turn ? b : a, turn ? a : b, &found);
        assert_string_equal(found.data ? found.data : "", why);
        tf_buffer_deinit(&found);
    }
}

static void telephone_numbers_are_found_however_they_are_written(void **state) {
    (void)state;
    static const char *const same[] = {
        "07700900123",  "call 07700 900 123 now", "+44 7700 900123",  "0044 (7700) 900123.",
        "447700900123", "(07700)900-123",         "x,07700 900123,y", "on 07700 900123 2 men came"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        tf_traits traits = traits_of(same[i]);
        assert_int_equal(traits.telephone_count, 1);
        assert_string_equal(traits.telephones[0], "07700900123");
    }
    static const char *const none[] = {
        "", "077009001234567", "07700 90012", "12345678901", "2026-11-30", "0770"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(traits_of(none[i]).telephone_count, 0);
    }
}

static void number_plates_are_found_however_they_are_written(void **state) {
    (void)state;
    static const char *const same[] = {"AB12CDE", "a van, ab12 cde.", "(Ab12 cDe)"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        tf_traits traits = traits_of(same[i]);
        assert_int_equal(traits.plate_count, 1);
        assert_string_equal(traits.plates[0], "ab12cde");
    }
    static const char *const none[] = {"in 24 men", "AB12CDEF", "xAB12CDE", "AB1 2CD", "LU12"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(traits_of(none[i]).plate_count, 0);
    }
}

static void similar_words_need_half_of_the_shorter_text(void **state) {
    (void)state;
    tf_traits a = traits_of("Two men in a silver estate sell packets behind the library "
                            "every evening");
    tf_traits b = traits_of("silver estate behind library, evening, packets sold");
    tf_traits c = traits_of("shouting and broken glass in the stairwell, library closed");
    expect(&a, &b, "similar words");
    expect(&a, &c, "");
    tf_traits d = traits_of("they come from there with drugs, people know about this place");
    tf_traits e = traits_of("people know about drugs there, they come with this from there");
    expect(&d, &e, ""); /* common words say nothing */
}

static void a_place_counts_with_its_kind_within_30_days(void **state) {
    (void)state;
    tf_traits a = {0};
    tf_traits b = {0};
    tf_traits_set_point(&a, 52.0, -1.0);
    tf_traits_set_point(&b, 52.0, -1.0145); /* 0.993 km on a sphere of 6,371 km */
    expect(&a, &b, "");
    tf_traits_add_kind(&a, tf_text_of("what=line"));
    tf_traits_add_kind(&b, tf_text_of("what=line"));
    static const char near[] = "the same kind, near the same place, within 30 days";
    expect(&a, &b, near);
    b.at = (int64_t)30 * 24 * 3600 * 1000000;
    expect(&a, &b, near);
    b.at++;
    expect(&a, &b, "");
    b.at = 0;
    tf_traits_set_point(&b, 52.0, -1.0147); /* 1.006 km */
    expect(&a, &b, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(telephone_numbers_are_found_however_they_are_written),
        cmocka_unit_test(number_plates_are_found_however_they_are_written),
        cmocka_unit_test(similar_words_need_half_of_the_shorter_text),
        cmocka_unit_test(a_place_counts_with_its_kind_within_30_days),
    };
    return cmocka_run_group_tests_name("resemblance", tests, NULL, NULL);
}
