#include "trefoil/stats/funnel.h"

#include "trefoil/base/memory.h"
#include "trefoil/stats/normal.h"

#include <math.h>
#include <stdlib.h>

enum { LIMIT_COUNT = 4, EXACT_UP_TO = 10000 };

/* In the order of tf_funnel_limits. */
static const double probabilities[LIMIT_COUNT] = {0.001, 0.025, 0.975, 0.999};

/* Where the interpolated distribution function reaches each probability.  The sum starts twelve
 * deviations below the mean, where nothing is left out. */
static void exact_limits(double expected, double *limits) {
    double number = floor(expected - 12 * sqrt(expected) - 20);
    double probability = exp(-expected);
    if (number > 0) {
        int sign;
        probability = exp(number * log(expected) - expected - lgamma_r(number + 1, &sign));
    } else {
        number = 0;
    }
    double at_most = probability;
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        while (at_most < probabilities[i]) {
            number++;
            probability *= expected / number;
            at_most += probability;
        }
        limits[i] = number - (at_most - probabilities[i]) / probability;
    }
}

/* The same for large numbers: Temme's expansion of the inverse (in Giles 2016, ACM Transactions on
 * Mathematical Software 42(1):6), less one, as it counts what is below a number; and from its curve
 * to the straight line between two whole numbers. */
static void expanded_limits(double expected, double *limits) {
    double root = sqrt(expected);
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        double z = tf_normal_quantile(probabilities[i]), square = z * z;
        double limit = expected + root * z + (2 + square) / 6 - 1 - z * (2 + square) / (72 * root) +
                       (-16 + 7 * square + 3 * square * square) / (810 * expected);
        double part = limit - floor(limit);
        limits[i] = limit + z / (2 * root) * part * (1 - part);
    }
}

tf_status tf_funnel_limits_make(double expected, double dispersion, tf_funnel_limits *limits_out,
                                tf_error *error) {
    if (!(expected > 0 && expected <= 1e12)) {
        return tf_fail(error, TF_BAD_INPUT, "funnel", 0,
                       "%g expected events give no control limits; the number must be above 0 and "
                       "at most 1e12",
                       expected);
    }
    if (!(dispersion >= 1 && isfinite(dispersion))) {
        return tf_fail(error, TF_BAD_INPUT, "funnel", 0,
                       "a dispersion of %g does not widen control limits; give 1 or more",
                       dispersion);
    }
    double limits[LIMIT_COUNT];
    if (expected <= EXACT_UP_TO) {
        exact_limits(expected, limits);
    } else {
        expanded_limits(expected, limits);
    }
    double factor = sqrt(dispersion);
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        limits[i] = fmax(0, expected + factor * (limits[i] - expected));
    }
    *limits_out = (tf_funnel_limits){limits[0], limits[1], limits[2], limits[3]};
    return TF_OK;
}

tf_funnel_position tf_funnel_place(const tf_funnel_limits *limits, double events) {
    if (events > limits->upper_95) {
        return events > limits->upper_998 ? TF_FUNNEL_ABOVE_998 : TF_FUNNEL_ABOVE_95;
    }
    if (events < limits->lower_95) {
        return events < limits->lower_998 ? TF_FUNNEL_BELOW_998 : TF_FUNNEL_BELOW_95;
    }
    return TF_FUNNEL_WITHIN;
}

/* ---- dispersion ---- */

static int compare_numbers(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double quantile(const double *sorted, size_t count, double probability) {
    double place = (double)(count - 1) * probability;
    size_t below = (size_t)place;
    size_t above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

static tf_status score(const double *events, const double *expected, size_t count, double *scores,
                       tf_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (!(events[i] >= 0 && isfinite(events[i]))) {
            return tf_fail(error, TF_BAD_INPUT, "funnel", 0, "%g is not a number of events",
                           events[i]);
        }
        if (!(expected[i] > 0 && isfinite(expected[i]))) {
            return tf_fail(error, TF_BAD_INPUT, "funnel", 0,
                           "%g is not a number of events to be expected; it must be above 0",
                           expected[i]);
        }
        scores[i] = 2 * (sqrt(events[i]) - sqrt(expected[i]));
    }
    return TF_OK;
}

tf_status tf_funnel_disperse(const double *events, const double *expected, size_t count,
                             tf_funnel_dispersion *dispersion_out, tf_error *error) {
    double *scores = tf_alloc(count, sizeof *scores);
    if (!scores) {
        return tf_fail_no_memory(error);
    }
    tf_status status = score(events, expected, count, scores, error);
    if (status) {
        goto done;
    }
    *dispersion_out = (tf_funnel_dispersion){.phi = NAN, .bound = NAN};
    if (count < 2) {
        goto done;
    }
    qsort(scores, count, sizeof *scores, compare_numbers);
    double low = quantile(scores, count, 0.1), high = quantile(scores, count, 0.9);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double kept = fmin(fmax(scores[i], low), high);
        sum += kept * kept;
    }
    dispersion_out->phi = sum / (double)count;
    dispersion_out->bound = 1 + 2 * sqrt(2 / (double)count);
    dispersion_out->is_clear =
        count >= TF_FUNNEL_FEWEST_AREAS && dispersion_out->phi > dispersion_out->bound;
done:
    tf_free(scores);
    return status;
}
