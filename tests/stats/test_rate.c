#include "check.h"

#include "trefoil/stats/rate.h"

static tf_interval byar(uint64_t events, double confidence) {
    tf_interval result;
    tf_error error;
    assert_ok(tf_rate_byar(events, confidence, &result, &error), &error);
    return result;
}

static tf_interval ratio(uint64_t events_a, double exposure_a, uint64_t events_b, double exposure_b,
                         double confidence) {
    tf_interval result;
    tf_error error;
    assert_ok(
        tf_rate_ratio(events_a, exposure_a, events_b, exposure_b, confidence, &result, &error),
        &error);
    return result;
}

static tf_interval wilson(uint64_t successes, uint64_t trials) {
    tf_interval result;
    tf_error error;
    assert_ok(tf_proportion_wilson(successes, trials, 0.95, &result, &error), &error);
    return result;
}

/* Breslow & Day's formula with the normal quantiles of SciPy 1.17. */
static void ten_events_or_more_have_byars_interval(void **state) {
    (void)state;
    tf_interval of_65 = byar(65, 0.95), of_10 = byar(10, 0.998);
    assert_near(of_65.value, 65, 0);
    assert_near(of_65.lower, 50.163187710459454, 5e-14);
    assert_near(of_65.upper, 82.84913854593984, 5e-14);
    assert_near(of_10.lower, 2.916318374695686, 5e-15);
    assert_near(of_10.upper, 24.193724927880535, 5e-14);
}

/* Garwood's interval (1936, Biometrika 28:437-442) by SciPy 1.17, gamma.ppf and gamma.isf. */
static void fewer_than_ten_events_have_the_exact_interval(void **state) {
    (void)state;
    static const struct {
        uint64_t events;
        double confidence, lower, upper;
    } expected[] = {
        {0, 0.95, 0, 3.6888794541139363},
        {1, 0.95, 0.025317807984289876, 5.571643390938898},
        {2, 0.95, 0.24220927854396496, 7.224687667723961},
        {5, 0.95, 1.6234863901184207, 11.66833207932267},
        {9, 0.95, 4.115373097378334, 17.08480345141917},
        {0, 0.998, 0, 6.907755278982137},
        {9, 0.998, 2.452424404363775, 22.657373309062933},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        tf_interval interval = byar(expected[i].events, expected[i].confidence);
        assert_near(interval.lower, expected[i].lower, 1e-12);
        assert_near(interval.upper, expected[i].upper, 1e-11);
    }
}

static void more_events_raise_both_limits_also_where_the_method_changes(void **state) {
    (void)state;
    for (uint64_t events = 0; events < 200; events++) {
        tf_interval interval = byar(events, 0.95), next = byar(events + 1, 0.95);
        assert_true(interval.lower < next.lower && interval.upper < next.upper);
        assert_true(interval.lower <= interval.value && interval.value < interval.upper);
    }
}

static void more_confidence_widens_the_interval(void **state) {
    (void)state;
    for (uint64_t events = 1; events < 20; events++) {
        tf_interval usual = byar(events, 0.95), wide = byar(events, 0.998);
        assert_true(wide.lower < usual.lower && usual.upper < wide.upper);
    }
}

/* The probability that the interval of a Poisson count holds its true mean. */
static double coverage_at(double mean) {
    double probability = exp(-mean), covered = 0;
    for (uint64_t events = 0; events < 200; events++) {
        tf_interval interval = byar(events, 0.95);
        if (interval.lower <= mean && mean <= interval.upper) {
            covered += probability;
        }
        probability *= mean / (double)(events + 1);
    }
    return covered;
}

static void the_interval_holds_the_true_mean_as_often_as_it_says(void **state) {
    (void)state;
    for (double mean = 0.1; mean < 60; mean += 0.37) {
        double covered = coverage_at(mean);
        assert_in_range((int)(covered * 1000), 947, 999);
    }
}

static void a_rate_is_its_count_over_the_population(void **state) {
    (void)state;
    tf_error error;
    tf_interval rate;
    assert_ok(tf_rate_per_1000(1, 100, 0.95, &rate, &error), &error);
    assert_near(rate.value, 10, 1e-14);
    assert_near(rate.lower, 0.253178, 5e-7);
    assert_near(rate.upper, 55.7164, 5e-5);
    assert_ok(tf_rate_per_1000(65, 2000, 0.95, &rate, &error), &error);
    assert_near(rate.value, 32.5, 1e-13);
    assert_near(rate.lower, 50.163187710459454 / 2, 1e-13);
    assert_near(rate.upper, 82.84913854593984 / 2, 1e-13);
}

/* Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3; the last digits of 65 of
 * 100 are of the formula in SciPy 1.17. */
static void proportions_meet_newcombes_table(void **state) {
    (void)state;
    static const struct {
        uint64_t successes, trials;
        double lower, upper, tolerance;
    } expected[] = {
        {81, 263, 0.2553, 0.3662, 5e-5},
        {15, 148, 0.0624, 0.1605, 5e-5},
        {0, 20, 0, 0.1611, 5e-5},
        {1, 29, 0.0061, 0.1718, 5e-5},
        {65, 100, 0.5525444329688797, 0.7363575175690247, 1e-15},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        tf_interval interval = wilson(expected[i].successes, expected[i].trials);
        assert_near(interval.lower, expected[i].lower, expected[i].tolerance);
        assert_near(interval.upper, expected[i].upper, expected[i].tolerance);
    }
}

static void a_proportion_and_its_complement_mirror_each_other(void **state) {
    (void)state;
    for (uint64_t successes = 0; successes <= 50; successes++) {
        tf_interval share = wilson(successes, 50), rest = wilson(50 - successes, 50);
        assert_near(share.lower + rest.upper, 1, 1e-15);
        assert_true(share.lower >= 0 && share.lower <= share.value);
        assert_true(share.value <= share.upper && share.upper <= 1);
    }
    for (uint64_t trials = 1; trials < 200; trials++) {
        assert_true(wilson(0, trials).lower == 0 && wilson(trials, trials).upper == 1);
    }
}

/* The example of R's poisson.test: 11 events in 800, 6+8+7 in 1083+1050+878. */
static void a_rate_ratio_meets_the_example_of_poisson_test(void **state) {
    (void)state;
    tf_interval interval = ratio(11, 800, 6 + 8 + 7, 1083 + 1050 + 878, 0.95);
    assert_near(interval.value, 1.9714880952380953, 1e-14);
    assert_near(interval.lower, 0.8584264033916397, 1e-12);
    assert_near(interval.upper, 4.277265943654075, 1e-12);
}

/* Odds of the Clopper-Pearson limits of SciPy 1.17 (beta.ppf), whose own 1 - p costs it the last
 * digits of the large ones. */
static void a_rate_ratio_meets_the_limits_of_clopper_and_pearson(void **state) {
    (void)state;
    static const struct {
        uint64_t a, b;
        double confidence, lower, upper, relative_tolerance;
    } expected[] = {
        {3, 7, 0.99, 0.038429385875935244, 2.7752087481250314, 1e-13},
        {1000000, 999000, 0.95, 0.9982285698403774, 1.0037811331292816, 1e-10},
        {200000000, 3, 0.95, 22812109.91893197, 323273014.90473765, 1e-8},
        {5, 100000000, 0.95, 1.6234863545923705e-08, 1.1668332461704224e-07, 1e-8},
        {1000000000, 1000000000, 0.95, 0.9999123505873736, 1.0000876570957193, 1e-9},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        tf_interval interval = ratio(expected[i].a, 1, expected[i].b, 1, expected[i].confidence);
        double tolerance = expected[i].relative_tolerance;
        assert_near(interval.lower / expected[i].lower, 1, tolerance);
        assert_near(interval.upper / expected[i].upper, 1, tolerance);
    }
}

/* Worked out by hand: the smaller tail of the binomial distribution, twice. */
static void the_test_of_a_ratio_meets_sums_of_binomials(void **state) {
    (void)state;
    static const struct {
        uint64_t a, b;
        double exposure_a, exposure_b, p;
    } expected[] = {
        {0, 0, 1, 1, 1},
        {0, 1, 1, 1, 1},
        {0, 6, 1, 1, 2.0 / 64},
        {1, 9, 1, 1, 2 * 11.0 / 1024},
        {9, 1, 1, 1, 2 * 11.0 / 1024},
        {5, 5, 1, 1, 1},
        {3, 0, 1, 2, 2.0 / 27},
        {0, 3, 1, 2, 2 * 8.0 / 27},
    };
    tf_error error;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        double p;
        assert_ok(tf_rate_ratio_test(expected[i].a, expected[i].exposure_a, expected[i].b,
                                     expected[i].exposure_b, &p, &error),
                  &error);
        assert_near(p, expected[i].p, 1e-13);
    }
    double p;
    assert_ok(tf_rate_ratio_test(2000000, 1, 2002000, 1, &p, &error), &error);
    assert_near(p, 0.317673, 5e-6); /* 2 x the normal tail beyond (1000 - 0.5) / sqrt(1000500) */
    assert_int_equal(tf_rate_ratio_test(1, 0, 1, 1, &p, &error), TF_BAD_INPUT);
}

static void the_test_of_a_ratio_agrees_with_its_interval(void **state) {
    (void)state;
    for (uint64_t a = 0; a < 40; a++) {
        for (uint64_t b = 0; b < 40; b++) {
            if (a + b == 0) {
                continue;
            }
            double p;
            tf_interval interval = ratio(a, 3, b, 2, 0.95);
            assert_int_equal(tf_rate_ratio_test(a, 3, b, 2, &p, NULL), TF_OK);
            assert_int_equal(p<0.05, interval.lower> 1 || interval.upper < 1);
        }
    }
}

static void exchanging_the_sides_gives_the_reciprocal(void **state) {
    (void)state;
    for (uint64_t a = 0; a < 25; a++) {
        for (uint64_t b = 0; b < 25; b++) {
            if (a + b == 0) {
                continue;
            }
            tf_interval forth = ratio(a, 800, b, 3011, 0.95), back = ratio(b, 3011, a, 800, 0.95);
            if (a > 0 && b > 0) {
                assert_near(forth.value * back.value, 1, 1e-14);
            }
            if (a > 0) {
                assert_near(forth.lower * back.upper, 1, 1e-14);
            }
            if (b > 0) {
                assert_near(forth.upper * back.lower, 1, 1e-14);
            }
        }
    }
}

static void a_side_without_events_leaves_that_end_open(void **state) {
    (void)state;
    tf_interval none_in_a = ratio(0, 1, 5, 2, 0.95), none_in_b = ratio(1, 1, 0, 1, 0.95);
    assert_true(none_in_a.value == 0 && none_in_a.lower == 0);
    assert_near(none_in_a.upper, 2.182558210365092, 1e-12); /* SciPy 1.17, beta.isf */
    assert_true(none_in_b.value == INFINITY && none_in_b.upper == INFINITY);
    assert_near(none_in_b.lower, 1.0 / 39, 1e-15); /* p = 0.025 exactly */
    tf_interval nothing = ratio(0, 1, 0, 1, 0.95);
    assert_true(isnan(nothing.value) && nothing.lower == 0 && nothing.upper == INFINITY);
}

/* Guaranteed by construction: whatever the true ratio, at least 95% of the ways to share 30 events
 * give an interval that holds it. */
static void the_ratio_interval_never_covers_less_than_it_says(void **state) {
    (void)state;
    enum { TOTAL = 30 };
    for (double truth = 0.05; truth < 20; truth *= 1.13) {
        double share = truth / (1 + truth), covered = 0;
        double probability = pow(1 - share, TOTAL);
        for (int a = 0; a <= TOTAL; a++) {
            tf_interval interval = ratio(a, 1, TOTAL - a, 1, 0.95);
            if (interval.lower <= truth && truth <= interval.upper) {
                covered += probability;
            }
            probability *= truth * (TOTAL - a) / (a + 1);
        }
        assert_true(covered >= 0.95 && covered < 1);
    }
}

static void what_is_no_confidence_is_refused(void **state) {
    (void)state;
    static const double wrong[] = {0, 1, -0.5, 95, NAN, INFINITY};
    tf_error error;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        tf_interval interval = {1, 2, 3};
        assert_int_equal(tf_rate_byar(5, wrong[i], &interval, &error), TF_BAD_INPUT);
        assert_string_equal(error.place, "confidence");
        assert_int_equal(tf_rate_per_1000(5, 100, wrong[i], &interval, &error), TF_BAD_INPUT);
        assert_int_equal(tf_proportion_wilson(5, 9, wrong[i], &interval, NULL), TF_BAD_INPUT);
        assert_int_equal(tf_rate_ratio(5, 1, 5, 1, wrong[i], &interval, NULL), TF_BAD_INPUT);
        assert_true(interval.value == 1 && interval.lower == 2 && interval.upper == 3);
    }
}

static void what_is_no_population_is_refused(void **state) {
    (void)state;
    static const double wrong[] = {0, -1, NAN, INFINITY};
    tf_error error;
    tf_interval interval;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(tf_rate_per_1000(5, wrong[i], 0.95, &interval, &error), TF_BAD_INPUT);
        assert_string_equal(error.place, "population");
        assert_int_equal(tf_rate_ratio(5, wrong[i], 5, 1, 0.95, &interval, NULL), TF_BAD_INPUT);
        assert_int_equal(tf_rate_ratio(5, 1, 5, wrong[i], 0.95, &interval, NULL), TF_BAD_INPUT);
    }
    assert_int_equal(tf_rate_ratio(5, 1e-200, 5, 1e200, 0.95, &interval, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_rate_ratio(5, 1e200, 5, 1e-200, 0.95, &interval, NULL), TF_BAD_INPUT);
}

static void counts_that_make_no_sense_are_refused(void **state) {
    (void)state;
    tf_interval interval;
    assert_int_equal(tf_proportion_wilson(0, 0, 0.95, &interval, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_proportion_wilson(3, 2, 0.95, &interval, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_rate_ratio(UINT64_MAX, 1, 1, 1, 0.95, &interval, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_rate_ratio(1, 1, UINT64_MAX, 1, 0.95, &interval, NULL), TF_BAD_INPUT);
}

static void extreme_confidence_and_counts_still_give_an_interval(void **state) {
    (void)state;
    static const double confidences[] = {1e-300, 0.5, 1 - 0x1p-53};
    static const uint64_t counts[] = {0, 1, 9, 10, 1000, TF_RATE_RATIO_MOST_EVENTS};
    enum { COUNTS = sizeof counts / sizeof *counts };
    for (size_t c = 0; c < sizeof confidences / sizeof *confidences; c++) {
        for (size_t i = 0; i < COUNTS; i++) {
            tf_interval of_count = byar(counts[i], confidences[c]);
            assert_true(of_count.lower >= 0 && of_count.lower <= of_count.upper);
            for (size_t j = 0; j < COUNTS; j++) {
                tf_interval of_ratio = ratio(counts[i], 1, counts[j], 1, confidences[c]);
                assert_true(of_ratio.lower >= 0 && of_ratio.lower <= of_ratio.upper);
            }
        }
    }
    tf_interval most = byar(UINT64_MAX, 0.95);
    assert_true(most.lower < most.value && most.value < most.upper && isfinite(most.upper));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_events_or_more_have_byars_interval),
        cmocka_unit_test(fewer_than_ten_events_have_the_exact_interval),
        cmocka_unit_test(more_events_raise_both_limits_also_where_the_method_changes),
        cmocka_unit_test(more_confidence_widens_the_interval),
        cmocka_unit_test(the_interval_holds_the_true_mean_as_often_as_it_says),
        cmocka_unit_test(a_rate_is_its_count_over_the_population),
        cmocka_unit_test(proportions_meet_newcombes_table),
        cmocka_unit_test(a_proportion_and_its_complement_mirror_each_other),
        cmocka_unit_test(a_rate_ratio_meets_the_example_of_poisson_test),
        cmocka_unit_test(a_rate_ratio_meets_the_limits_of_clopper_and_pearson),
        cmocka_unit_test(the_test_of_a_ratio_meets_sums_of_binomials),
        cmocka_unit_test(the_test_of_a_ratio_agrees_with_its_interval),
        cmocka_unit_test(exchanging_the_sides_gives_the_reciprocal),
        cmocka_unit_test(a_side_without_events_leaves_that_end_open),
        cmocka_unit_test(the_ratio_interval_never_covers_less_than_it_says),
        cmocka_unit_test(what_is_no_confidence_is_refused),
        cmocka_unit_test(what_is_no_population_is_refused),
        cmocka_unit_test(counts_that_make_no_sense_are_refused),
        cmocka_unit_test(extreme_confidence_and_counts_still_give_an_interval),
    };
    return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
