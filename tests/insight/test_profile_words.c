#include "check.h"

#include "insight/profile_words.h"
#include "profile_sample.h"

static tf_buffer out;

/* What a writer of words appends, valid until the next call. */
static const char *words_of(void write(const tf_profile_figure *, tf_buffer *),
                            tf_profile_figure figure) {
    tf_buffer_deinit(&out);
    tf_buffer_init(&out);
    write(&figure, &out);
    return out.data;
}

static const char *lines_of(void write(const tf_profile *, tf_buffer *),
                            const tf_profile *profile) {
    tf_buffer_deinit(&out);
    tf_buffer_init(&out);
    write(profile, &out);
    return out.data ? out.data : "";
}

static void counts_are_grouped_by_thousands(void **state) {
    (void)state;
    char text[TF_COUNT_TEXT_SIZE];
    assert_string_equal(tf_words_count(0, text), "0");
    assert_string_equal(tf_words_count(999, text), "999");
    assert_string_equal(tf_words_count(1000, text), "1,000");
    assert_string_equal(tf_words_count(182113, text), "182,113");
    assert_string_equal(tf_words_count(-1234567, text), "-1,234,567");
    assert_string_equal(tf_words_count(INT64_MIN, text), "-9,223,372,036,854,775,808");
}

static void a_period_names_its_year_once(void **state) {
    (void)state;
    const struct {
        tf_month from, to;
        const char *words;
    } periods[] = {
        {tf_month_of(2024, 4), tf_month_of(2024, 4), "April 2024"},
        {tf_month_of(2024, 1), tf_month_of(2024, 12), "January to December 2024"},
        {tf_month_of(2023, 12), tf_month_of(2024, 1), "December 2023 to January 2024"},
    };
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        tf_buffer_deinit(&out);
        tf_buffer_init(&out);
        tf_words_period(periods[i].from, periods[i].to, &out);
        assert_string_equal(out.data, periods[i].words);
    }
}

static void a_change_is_clear_only_where_its_interval_excludes_none(void **state) {
    (void)state;
    const struct {
        double value, lower, upper;
        const char *words, *brief;
    } changes[] = {
        {1.12, 1.043, 1.206, "up 12% (4% to 21%)", "up 12%"},
        {0.88, 0.79, 0.96, "down 12% (4% to 21%)", "down 12%"},
        {1.05, 0.97, 1.21, "no clear change (between 3% down and 21% up)", "no clear change"},
        {1.0, 1.0, 1.2, "no clear change (between 0.0% up and 20% up)", "no clear change"},
        {1.004, 1.001, 1.007, "up 0.4% (0.1% to 0.7%)", "up 0.4%"},
        {2.85, 1.24, 6.5, "up 185% (24% to 550%)", "up 185%"},
        {3.5, 2.1, 5.9, "3.5 times as many (2.1 to 5.9)", "3.5 times as many"},
        {2, 0.3, 12, "no clear change (between 70% down and 12.0 times as many)",
         "no clear change"},
        {INFINITY, 4.2, INFINITY, "up from none", "up from none"},
        {INFINITY, 0.2, INFINITY,
         "no clear change (between 80% down and any number of times as many)", "no clear change"},
        {0, 0, 0.4, "down to none", "down to none"},
        {NAN, 0, INFINITY, "none now and none then", "no clear change"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        tf_profile_figure figure =
            sample_figure(changes[i].value, changes[i].lower, changes[i].upper);
        assert_string_equal(words_of(tf_words_change, figure), changes[i].words);
        assert_string_equal(words_of(tf_words_change_briefly, figure), changes[i].brief);
    }
    assert_string_equal(words_of(tf_words_change, sample_unknown("no file of April 2023")),
                        "no file of April 2023");
}

static void equal_signals_are_told_as_one_stretch(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    assert_string_equal(lines_of(tf_words_signals, &sample.profile),
                        "October 2023: above the upper limit, with 201\n"
                        "March to April 2024: two of three months close to the upper limit\n");
}

static void alerts_of_one_month_are_told_together(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    assert_string_equal(
        lines_of(tf_words_alerts, &sample.profile),
        "October 2023 with 201 (EARS C1 above 160.5)\n"
        "April 2024 with 166 (EARS C1 above 161.2, EARS C2 above 158.5, EARS C3)\n");
}

static void the_strongest_hot_spots_come_first(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    for (int i = 0; i < SAMPLE_AREAS; i++) {
        sample.areas[i].is_hot = true;
        sample.areas[i].gi_star_z = (i * 5) % SAMPLE_AREAS; /* 5, 10 and 2 are strongest */
    }
    const char *lines = lines_of(tf_words_look_first, &sample.profile);
    assert_non_null(strstr(lines, "Hot spots: 13, the strongest Central Bedfordshire Without "
                                  "Parishes 017D (40), Luton 001E (21) and Bedford 009A (80)\n"));
}

static void old_alerts_are_not_what_to_look_at_first(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    const char *lines = lines_of(tf_words_look_first, &sample.profile);
    assert_non_null(strstr(lines, "April 2024 with 166"));
    assert_null(strstr(lines, "October 2023 with"));
    sample.alerts[0].month = tf_month_of(2024, 2);
    lines = lines_of(tf_words_look_first, &sample.profile);
    assert_non_null(strstr(lines, "February 2024 with 201"));
}

static void many_months_are_counted_and_the_latest_named(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    for (int i = 0; i < SAMPLE_MONTHS; i++) {
        sample.months[i].is_missing = true;
    }
    const char *lines = lines_of(tf_words_look_first, &sample.profile);
    assert_non_null(strstr(lines, "Missing data: no file of February 2024, March 2024, "
                                  "April 2024 and 9 earlier months\n"));
}

static void a_few_months_are_named_in_their_order(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    for (int i = 0; i < SAMPLE_MONTHS; i++) {
        sample.months[i].is_missing = i >= SAMPLE_MONTHS - 3;
    }
    const char *lines = lines_of(tf_words_look_first, &sample.profile);
    assert_non_null(
        strstr(lines, "Missing data: no file of February 2024, March 2024 and April 2024\n"));
}

static void nothing_is_said_to_stand_out_and_what_was_not_tested(void **state) {
    (void)state;
    profile_sample sample;
    sample_make_empty(&sample);
    assert_string_equal(lines_of(tf_words_look_first, &sample.profile),
                        "Nothing stands out.\nCould not be tested: hot spots, the change on the "
                        "year before and the months' limits\n");
}

static int free_buffer(void **state) {
    (void)state;
    tf_buffer_deinit(&out);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_grouped_by_thousands),
        cmocka_unit_test(a_period_names_its_year_once),
        cmocka_unit_test(a_change_is_clear_only_where_its_interval_excludes_none),
        cmocka_unit_test(equal_signals_are_told_as_one_stretch),
        cmocka_unit_test(alerts_of_one_month_are_told_together),
        cmocka_unit_test(the_strongest_hot_spots_come_first),
        cmocka_unit_test(old_alerts_are_not_what_to_look_at_first),
        cmocka_unit_test(many_months_are_counted_and_the_latest_named),
        cmocka_unit_test(a_few_months_are_named_in_their_order),
        cmocka_unit_test(nothing_is_said_to_stand_out_and_what_was_not_tested),
    };
    return cmocka_run_group_tests_name("insight/profile_words", tests, NULL, free_buffer);
}
