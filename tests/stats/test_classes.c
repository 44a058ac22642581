#include "check.h"

#include "fail_allocations.h"

#include "trefoil/base/hash.h"
#include "trefoil/stats/classes.h"

/* Employment density of the 58 counties of California in 2003, the example that the Python package
 * mapclassify brings along (mapclassify.load_example()). */
static const double california[] = {
    329.92, 0.42,    5.9,   14.03, 2.78,   1.34,   181.27, 1.65,  10.03, 16.7,   1.32, 3.99,
    3.16,   0.22,    8.7,   6.56,  3.27,   0.33,   370.5,  4.51,  75.29, 0.99,   2.74, 8.68,
    0.14,   0.92,    12.63, 28.7,  12.02,  722.85, 36.68,  0.74,  29.82, 192.05, 3.38, 11.15,
    110.74, 4111.45, 49.47, 10.33, 317.11, 20.47,  264.93, 66.26, 5.39,  0.13,   0.61, 50.65,
    40.48,  36.67,   13.09, 1.81,  0.2,    7.6,    2.51,   57.26, 24.32, 6.97};
enum { COUNTIES = sizeof california / sizeof *california };

static tf_classes natural(const double *values, size_t count, size_t wanted) {
    tf_classes classes;
    tf_error error;
    assert_ok(tf_classes_natural(values, count, wanted, &classes, &error), &error);
    return classes;
}

static tf_classes quantile(const double *values, size_t count, size_t wanted) {
    tf_classes classes;
    tf_error error;
    assert_ok(tf_classes_quantile(values, count, wanted, &classes, &error), &error);
    return classes;
}

static void check_sizes(const tf_classes *classes, const size_t *sizes, size_t count) {
    assert_int_equal(classes->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(classes->sizes[i], sizes[i]);
    }
}

/* mapclassify 2.10, FisherJenks(values, k).counts; jenkspy 0.4.1 has the same breaks. */
static void natural_breaks_are_those_of_mapclassify_and_jenkspy(void **state) {
    (void)state;
    static const size_t sizes[][5] = {{57, 1}, {52, 5, 1}, {50, 6, 1, 1}, {49, 3, 4, 1, 1}};
    for (size_t wanted = 2; wanted <= 5; wanted++) {
        tf_classes classes = natural(california, COUNTIES, wanted);
        check_sizes(&classes, sizes[wanted - 2], wanted);
    }
}

/* mapclassify 2.10, Quantiles(values, k).counts. */
static void quantiles_are_those_of_mapclassify(void **state) {
    (void)state;
    static const size_t four[] = {15, 14, 14, 15}, five[] = {12, 11, 12, 11, 12};
    tf_classes classes = quantile(california, COUNTIES, 4);
    check_sizes(&classes, four, 4);
    classes = quantile(california, COUNTIES, 5);
    check_sizes(&classes, five, 5);
}

/* The breaks of mapclassify are the last value of each class: 75.29, 192.05, 370.5, 722.85; the
 * next values are 110.74, 264.93, 722.85 and 4111.45. */
static void limits_are_round_and_between_the_classes(void **state) {
    (void)state;
    static const double limits[] = {0, 100, 200, 500, 2000, 4500};
    tf_classes classes = natural(california, COUNTIES, 5);
    for (size_t i = 0; i < 6; i++) {
        assert_near(classes.limits[i], limits[i], 0);
    }
}

static double cost_of(const double *values, size_t count, const tf_classes *classes) {
    double cost = 0;
    for (size_t k = 0; k < classes->count; k++) {
        double sum = 0, squares = 0;
        size_t size = 0;
        for (size_t i = 0; i < count; i++) {
            if (tf_classes_find(classes, values[i]) == (int)k) {
                sum += values[i];
                squares += values[i] * values[i];
                size++;
            }
        }
        assert_int_equal(size, classes->sizes[k]);
        cost += squares - sum * sum / (double)size;
    }
    return cost;
}

static int compare_numbers(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Squared deviations from their mean of sorted[start] to before sorted[end]. */
static double spread(const double *sorted, size_t start, size_t end) {
    double sum = 0, squares = 0;
    for (size_t i = start; i < end; i++) {
        sum += sorted[i];
        squares += sorted[i] * sorted[i];
    }
    return squares - sum * sum / (double)(end - start);
}

static void no_other_three_classes_have_less_deviation(void **state) {
    (void)state;
    enum { COUNT = 60, ROUNDS = 50 };
    tf_random random;
    tf_random_init(&random, 5, 1);
    for (int round = 0; round < ROUNDS; round++) {
        double values[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            values[i] =
                round % 2 ? (double)tf_random_below(&random, 25) : exp(6 * tf_random_unit(&random));
        }
        tf_classes classes = natural(values, COUNT, 3);
        double found = cost_of(values, COUNT, &classes), least = INFINITY;
        qsort(values, COUNT, sizeof *values, compare_numbers);
        for (size_t a = 1; a + 1 < COUNT; a++) {
            for (size_t b = a + 1; b < COUNT; b++) {
                least = fmin(least, spread(values, 0, a) + spread(values, a, b) +
                                        spread(values, b, COUNT));
            }
        }
        assert_near(found, least, 1e-9 * (1 + least));
    }
}

static void equal_values_are_never_split(void **state) {
    (void)state;
    static const double values[] = {0, 0, 0, 0, 0, 0, 0, 1, 2, 9};
    for (size_t wanted = 1; wanted <= 5; wanted++) {
        tf_classes classes = quantile(values, 10, wanted);
        assert_true(classes.sizes[0] >= 7);
        classes = natural(values, 10, wanted);
        assert_true(classes.sizes[0] >= 7);
    }
    static const size_t sizes[] = {7, 1, 1, 1};
    tf_classes classes = natural(values, 10, 5);
    check_sizes(&classes, sizes, 4); /* there are four different values */
}

static void every_value_is_in_the_class_it_was_counted_in(void **state) {
    (void)state;
    enum { COUNT = 500 };
    double values[COUNT];
    tf_random random;
    tf_random_init(&random, 11, 1);
    for (int scale = -9; scale <= 9; scale++) {
        for (size_t i = 0; i < COUNT; i++) {
            values[i] = (tf_random_unit(&random) - 0.3) * pow(10, scale);
        }
        for (size_t wanted = 1; wanted <= TF_CLASSES_MOST; wanted++) {
            tf_classes made[] = {natural(values, COUNT, wanted), quantile(values, COUNT, wanted)};
            for (size_t m = 0; m < 2; m++) {
                size_t sizes[TF_CLASSES_MOST] = {0};
                for (size_t i = 0; i < COUNT; i++) {
                    int found = tf_classes_find(&made[m], values[i]);
                    assert_in_range(found, 0, made[m].count - 1);
                    sizes[found]++;
                }
                check_sizes(&made[m], sizes, wanted);
            }
        }
    }
}

static void thousands_of_values_take_no_time_to_notice(void **state) {
    (void)state;
    enum { COUNT = 36000 };
    double *values = malloc(COUNT * sizeof *values);
    tf_random random;
    tf_random_init(&random, 3, 1);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = tf_random_unit(&random);
    }
    tf_classes classes = natural(values, COUNT, 5);
    for (size_t i = 0; i < 5; i++) { /* of even values, even classes */
        assert_in_range(classes.sizes[i], COUNT / 5 - 400, COUNT / 5 + 400);
    }
    free(values);
}

static void what_is_no_number_is_left_out(void **state) {
    (void)state;
    static const double values[] = {NAN, 1, INFINITY, 2, -INFINITY};
    static const size_t sizes[] = {1, 1};
    tf_classes classes = natural(values, 5, 5);
    check_sizes(&classes, sizes, 2);
    assert_int_equal(tf_classes_find(&classes, NAN), -1);
    assert_int_equal(tf_classes_find(&classes, 2.5), -1);
    assert_int_equal(tf_classes_find(&classes, 2), 1);
    classes = quantile(values, 1, 3);
    assert_int_equal(classes.count, 0);
    assert_int_equal(tf_classes_find(&classes, 1), -1);
}

static void one_value_makes_one_class(void **state) {
    (void)state;
    static const double values[] = {7.25, 7.25};
    tf_classes classes = quantile(values, 2, 4);
    static const size_t sizes[] = {2};
    check_sizes(&classes, sizes, 1);
    assert_int_equal(tf_classes_find(&classes, 7.25), 0);
}

static void a_number_of_classes_that_cannot_be_is_refused(void **state) {
    (void)state;
    tf_classes classes;
    tf_error error;
    assert_int_equal(tf_classes_natural(california, COUNTIES, 0, &classes, &error), TF_BAD_INPUT);
    assert_int_equal(tf_classes_quantile(california, COUNTIES, 10, &classes, &error), TF_BAD_INPUT);
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_classes classes;
        fail_allocation(n);
        tf_status status = tf_classes_natural(california, COUNTIES, 3, &classes, NULL);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n >= 5);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(natural_breaks_are_those_of_mapclassify_and_jenkspy),
        cmocka_unit_test(quantiles_are_those_of_mapclassify),
        cmocka_unit_test(limits_are_round_and_between_the_classes),
        cmocka_unit_test(no_other_three_classes_have_less_deviation),
        cmocka_unit_test(equal_values_are_never_split),
        cmocka_unit_test(every_value_is_in_the_class_it_was_counted_in),
        cmocka_unit_test(thousands_of_values_take_no_time_to_notice),
        cmocka_unit_test(what_is_no_number_is_left_out),
        cmocka_unit_test(one_value_makes_one_class),
        cmocka_unit_test(a_number_of_classes_that_cannot_be_is_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
