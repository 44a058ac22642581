#include "check.h"

#include "trefoil/base/date.h"
#include "web/html/moments.h"

static int64_t instant_of(const char *text) {
    int64_t instant = 0;
    assert_true(tf_instant_parse(tf_text_of(text), &instant));
    return instant;
}

static void assert_reads(const char *instant, const char *expected) {
    char text[TF_MOMENT_TEXT_SIZE];
    assert_string_equal(tf_moment_instant(instant_of(instant), text), expected);
}

/* TZ=Europe/London date -d 2026-11-30T10:15:00Z and so on, of tzdata 2025b. */
static void an_instant_reads_by_the_clocks_of_the_united_kingdom(void **state) {
    (void)state;
    assert_reads("2026-11-30T10:15:00Z", "30 November 2026 at 10:15");
    assert_reads("2026-07-01T23:30:00Z", "2 July 2026 at 00:30");
    assert_reads("2026-03-29T00:59:59Z", "29 March 2026 at 00:59");
    assert_reads("2026-03-29T01:00:00Z", "29 March 2026 at 02:00");
    assert_reads("2026-10-25T00:59:59Z", "25 October 2026 at 01:59");
    assert_reads("2026-10-25T01:00:00Z", "25 October 2026 at 01:00");
    assert_reads("2024-03-31T01:00:00Z", "31 March 2024 at 02:00");
    assert_reads("2027-10-31T00:59:00Z", "31 October 2027 at 01:59");
    assert_reads("1999-12-31T23:59:59Z", "31 December 1999 at 23:59");
}

static void a_day_has_its_month_in_words(void **state) {
    (void)state;
    char text[TF_MOMENT_TEXT_SIZE];
    assert_string_equal(tf_moment_day(tf_days_of(2027, 3, 31), text), "31 March 2027");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instant_reads_by_the_clocks_of_the_united_kingdom),
        cmocka_unit_test(a_day_has_its_month_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
