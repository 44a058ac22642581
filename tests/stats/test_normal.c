#include "check.h"

#include "trefoil/stats/normal.h"

/* The check values printed with algorithm AS 241 (Wichura 1988, p. 484). */
static void quantiles_meet_the_values_published_with_the_algorithm(void **state) {
    (void)state;
    assert_near(tf_normal_quantile(0.25), -0.6744897501960817, 1e-15);
    assert_near(tf_normal_quantile(0.001), -3.090232306167814, 1e-14);
    assert_near(tf_normal_quantile(1e-20), -9.262340089798408, 1e-13);
}

/* Abramowitz & Stegun 1964, table 26.2: Q(1) and Q(2); table 26.3: -log10 Q(10) = 23.11805. */
static void upper_tails_meet_published_tables(void **state) {
    (void)state;
    assert_near(tf_normal_upper_tail(0), 0.5, 1e-16);
    assert_near(tf_normal_upper_tail(1), 0.158655253931457, 1e-15);
    assert_near(tf_normal_upper_tail(2), 0.022750131948179, 1e-15);
    assert_near(-log10(tf_normal_upper_tail(10)), 23.11805, 5e-6);
}

static void quantile_and_tail_undo_each_other(void **state) {
    (void)state;
    for (double tail = 0.5; tail > 1e-300; tail /= 7) {
        assert_near(tf_normal_upper_tail(-tf_normal_quantile(tail)) / tail, 1, 1e-11);
    }
}

static void there_is_no_quantile_outside_0_and_1(void **state) {
    (void)state;
    assert_true(tf_normal_quantile(0) == -INFINITY);
    assert_true(tf_normal_quantile(1) == INFINITY);
    assert_true(isnan(tf_normal_quantile(-0.1)));
    assert_true(isnan(tf_normal_quantile(1.1)));
    assert_true(isnan(tf_normal_quantile(NAN)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_meet_the_values_published_with_the_algorithm),
        cmocka_unit_test(upper_tails_meet_published_tables),
        cmocka_unit_test(quantile_and_tail_undo_each_other),
        cmocka_unit_test(there_is_no_quantile_outside_0_and_1),
    };
    return cmocka_run_group_tests_name("normal", tests, NULL, NULL);
}
