#include "check.h"

#include "fail_allocations.h"

#include "trefoil/stats/multiple.h"

/* Benjamini & Hochberg 1995, section 4: fifteen comparisons of two treatments of myocardial
 * infarction (Neuhaus et al. 1992), here not in order. */
static const double published[] = {0.0201, 0.3240, 0.0001, 0.0459, 1.0000, 0.0095, 0.0004, 0.7590,
                                   0.0278, 0.0019, 0.4262, 0.0298, 0.6528, 0.0344, 0.5719};
enum { PUBLISHED = sizeof published / sizeof *published, MOST = 1000 };

static double threshold_at(const double *p_values, size_t count, double rate) {
    double threshold;
    tf_error error;
    assert_ok(tf_multiple_threshold(p_values, count, rate, &threshold, &error), &error);
    return threshold;
}

static void adjust(const double *p_values, size_t count, double *adjusted) {
    tf_error error;
    assert_ok(tf_multiple_adjust(p_values, count, adjusted, &error), &error);
}

static void fill_random(double *p_values, size_t count) {
    uint32_t random = 7;
    for (size_t i = 0; i < count; i++) {
        random = random * 1664525 + 1013904223;
        double uniform = (random >> 8) / (double)(1 << 24);
        p_values[i] = i % 3 ? uniform : pow(uniform, 6); /* a third of them small */
    }
}

/* The paper rejects the four smallest at 0.05: 0.0095 <= 4/15 x 0.05 = 0.013. */
static void four_of_the_published_comparisons_are_significant(void **state) {
    (void)state;
    assert_true(threshold_at(published, PUBLISHED, 0.05) == 0.0095);
}

/* By hand, p x 15 / rank, and the lowest from there on. */
static void adjusted_values_meet_the_published_example(void **state) {
    (void)state;
    double adjusted[PUBLISHED];
    adjust(published, PUBLISHED, adjusted);
    assert_near(adjusted[2], 0.0015, 1e-15);           /* 0.0001 x 15 / 1 */
    assert_near(adjusted[6], 0.0030, 1e-15);           /* 0.0004 x 15 / 2 */
    assert_near(adjusted[9], 0.0095, 1e-15);           /* 0.0019 x 15 / 3 */
    assert_near(adjusted[5], 0.035625, 1e-15);         /* 0.0095 x 15 / 4 */
    assert_near(adjusted[0], 0.0201 * 3, 1e-15);       /* rank 5 */
    assert_near(adjusted[8], 0.0298 * 15 / 7, 1e-15);  /* rank 6, rank 7 is lower */
    assert_near(adjusted[11], 0.0298 * 15 / 7, 1e-15); /* rank 7 */
    assert_near(adjusted[13], 0.0344 * 15 / 8, 1e-15); /* rank 8 */
    assert_near(adjusted[4], 1, 0);
}

static void a_later_p_value_can_carry_earlier_ones(void **state) {
    (void)state;
    /* Alone against 0.05 / 2 the first fails, but the second passes and takes it along. */
    static const double p_values[] = {0.03, 0.04};
    assert_true(threshold_at(p_values, 2, 0.05) == 0.04);
}

static void a_p_value_on_its_limit_is_significant(void **state) {
    (void)state;
    static const double p_values[] = {0.9, 0.025};
    assert_true(threshold_at(p_values, 2, 0.05) == 0.025);
}

static void equal_p_values_stay_what_they_are(void **state) {
    (void)state;
    double p_values[200], adjusted[200];
    for (size_t count = 1; count <= 200; count++) {
        for (size_t i = 0; i < count; i++) {
            p_values[i] = 0.7;
        }
        adjust(p_values, count, adjusted);
        assert_true(adjusted[0] == 0.7 && adjusted[count - 1] == 0.7);
    }
}

static void the_order_of_the_tests_does_not_matter(void **state) {
    (void)state;
    double p_values[MOST], backwards[MOST], adjusted[MOST], adjusted_backwards[MOST];
    fill_random(p_values, MOST);
    for (size_t i = 0; i < MOST; i++) {
        backwards[i] = p_values[MOST - 1 - i];
    }
    adjust(p_values, MOST, adjusted);
    adjust(backwards, MOST, adjusted_backwards);
    for (size_t i = 0; i < MOST; i++) {
        assert_true(adjusted[i] == adjusted_backwards[MOST - 1 - i]);
    }
}

static void both_functions_call_the_same_tests_significant(void **state) {
    (void)state;
    double p_values[MOST], adjusted[MOST];
    fill_random(p_values, MOST);
    adjust(p_values, MOST, adjusted);
    for (double rate = 0.01; rate < 1; rate += 0.01) {
        double threshold = threshold_at(p_values, MOST, rate);
        for (size_t i = 0; i < MOST; i++) {
            assert_int_equal(p_values[i] <= threshold, adjusted[i] <= rate);
        }
    }
}

static void adjusting_keeps_order_and_never_lowers(void **state) {
    (void)state;
    double p_values[200], adjusted[200];
    fill_random(p_values, 200);
    adjust(p_values, 200, adjusted);
    for (size_t i = 0; i < 200; i++) {
        assert_true(adjusted[i] >= p_values[i] && adjusted[i] <= 1);
        for (size_t j = 0; j < 200; j++) {
            assert_true(p_values[i] > p_values[j] || adjusted[i] <= adjusted[j]);
        }
    }
}

static void the_result_may_replace_the_input(void **state) {
    (void)state;
    double values[PUBLISHED], expected[PUBLISHED];
    memcpy(values, published, sizeof values);
    adjust(published, PUBLISHED, expected);
    adjust(values, PUBLISHED, values);
    assert_memory_equal(values, expected, sizeof values);
}

static void no_tests_or_none_significant_give_a_threshold_below_every_p_value(void **state) {
    (void)state;
    static const double large[] = {0.2, 0.9}, zero[] = {0, 0.9};
    assert_true(threshold_at(NULL, 0, 0.05) == -1);
    assert_true(threshold_at(large, 2, 0.05) == -1);
    assert_true(threshold_at(zero, 2, 0.05) == 0);
    adjust(NULL, 0, NULL);
}

static void what_is_no_probability_is_refused(void **state) {
    (void)state;
    static const double wrong[] = {-0.1, 1.1, NAN, INFINITY};
    tf_error error;
    double threshold;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        double p_values[] = {0.5, wrong[i]}, adjusted[2];
        assert_int_equal(tf_multiple_adjust(p_values, 2, adjusted, &error), TF_BAD_INPUT);
        assert_non_null(strstr(error.message, "p-value 2"));
        assert_int_equal(tf_multiple_threshold(p_values, 2, 0.05, &threshold, NULL), TF_BAD_INPUT);
        assert_int_equal(tf_multiple_threshold(published, PUBLISHED, wrong[i], &threshold, NULL),
                         TF_BAD_INPUT);
    }
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    double adjusted[PUBLISHED], threshold;
    for (long n = 0;; n++) {
        fail_allocation(n);
        tf_status status = tf_multiple_adjust(published, PUBLISHED, adjusted, NULL);
        if (status == TF_OK) {
            status = tf_multiple_threshold(published, PUBLISHED, 0.05, &threshold, NULL);
        }
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n == 2);
            return;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_of_the_published_comparisons_are_significant),
        cmocka_unit_test(adjusted_values_meet_the_published_example),
        cmocka_unit_test(a_later_p_value_can_carry_earlier_ones),
        cmocka_unit_test(a_p_value_on_its_limit_is_significant),
        cmocka_unit_test(equal_p_values_stay_what_they_are),
        cmocka_unit_test(the_order_of_the_tests_does_not_matter),
        cmocka_unit_test(both_functions_call_the_same_tests_significant),
        cmocka_unit_test(adjusting_keeps_order_and_never_lowers),
        cmocka_unit_test(the_result_may_replace_the_input),
        cmocka_unit_test(no_tests_or_none_significant_give_a_threshold_below_every_p_value),
        cmocka_unit_test(what_is_no_probability_is_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("multiple", tests, NULL, NULL);
}
