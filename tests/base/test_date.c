#include "check.h"

#include "trefoil/base/date.h"

static void every_day_of_four_centuries_splits_back_into_itself(void **state) {
    (void)state;
    int32_t last = tf_days_of(2200, 1, 1);
    for (int32_t days = tf_days_of(1800, 1, 1); days < last; days++) {
        int year;
        int month;
        int day;
        tf_days_split(days, &year, &month, &day);
        assert_int_equal(tf_days_of(year, month, day), days);
    }
    assert_int_equal(tf_days_of(1970, 1, 1), 0);
    assert_int_equal(tf_days_of(2000, 3, 1), 11017); /* Hinnant 2013 */
}

static void a_month_is_a_year_and_one_of_twelve(void **state) {
    (void)state;
    tf_month month = -1;
    char text[TF_MONTH_TEXT_SIZE];
    assert_true(tf_month_parse(tf_text_of("2023-02"), &month));
    assert_string_equal(tf_month_format(month, text), "2023-02");
    assert_string_equal(tf_month_format(month - 12, text), "2022-02");
    assert_string_equal(tf_month_format(month + 11, text), "2024-01");
    assert_int_equal(tf_month_of_days(tf_month_first_day(month) + 27), month);
    assert_false(tf_month_parse(tf_text_of("2023-13"), &month));
    assert_false(tf_month_parse(tf_text_of("2023-00"), &month));
    assert_false(tf_month_parse(tf_text_of("2023-2"), &month));
    assert_false(tf_month_parse(tf_text_of("2023/02"), &month));
}

static void a_date_must_exist(void **state) {
    (void)state;
    int32_t days;
    assert_true(tf_date_parse(tf_text_of("2024-02-29"), &days));
    assert_int_equal(days, tf_days_of(2024, 2, 29));
    assert_false(tf_date_parse(tf_text_of("2023-02-29"), &days));
    assert_false(tf_date_parse(tf_text_of("2023-04-31"), &days));
    assert_false(tf_date_parse(tf_text_of("2023-04-00"), &days));
}

static void an_instant_is_on_the_day_it_says(void **state) {
    (void)state;
    int64_t instant;
    char text[TF_DAY_TEXT_SIZE];
    assert_true(tf_instant_parse(tf_text_of("2024-02-29T23:59:59.999999Z"), &instant));
    assert_string_equal(tf_day_format(tf_day_of_instant(instant), text), "2024-02-29");
    assert_string_equal(tf_day_format(tf_day_of_instant(instant + 1), text), "2024-03-01");
    assert_int_equal(tf_day_of_instant(0), 0);
    assert_int_equal(tf_day_of_instant(-1), -1);
    assert_int_equal(tf_day_of_instant(-TF_MICROSECONDS_A_DAY), -1);
    assert_int_equal(tf_day_of_instant(-TF_MICROSECONDS_A_DAY - 1), -2);
}

static void an_instant_is_the_same_in_every_offset(void **state) {
    (void)state;
    int64_t utc;
    int64_t summer;
    char text[TF_INSTANT_TEXT_SIZE];
    assert_true(tf_instant_parse(tf_text_of("2023-02-01T10:20:00+00:00"), &utc));
    assert_true(tf_instant_parse(tf_text_of("2023-02-01 11:20:00.000+0100"), &summer));
    assert_true(utc == summer);
    assert_string_equal(tf_instant_format(utc, text), "2023-02-01T10:20:00Z");
    assert_true(tf_instant_parse(tf_text_of("1969-12-31T23:59:59.25Z"), &utc));
    assert_true(utc == -750000);
    assert_string_equal(tf_instant_format(utc, text), "1969-12-31T23:59:59Z");
    assert_false(tf_instant_parse(tf_text_of("2023-02-01T24:00:00Z"), &utc));
    assert_false(tf_instant_parse(tf_text_of("2023-02-01T10:20:00"), &utc));
    assert_false(tf_instant_parse(tf_text_of("2023-02-01T10:20:00.Z"), &utc));
    assert_false(tf_instant_parse(tf_text_of("2023-02-30T10:20:00Z"), &utc));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_four_centuries_splits_back_into_itself),
        cmocka_unit_test(a_month_is_a_year_and_one_of_twelve),
        cmocka_unit_test(a_date_must_exist),
        cmocka_unit_test(an_instant_is_on_the_day_it_says),
        cmocka_unit_test(an_instant_is_the_same_in_every_offset),
    };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
