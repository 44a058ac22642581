#include "trefoil/space/hot_spot.h"

#include <math.h>

/* No count or rate comes near it, and its square does not overflow. */
#define LARGEST_VALUE 1e100

static double probability(double z, tf_tail tail) {
    return tail == TF_TAIL_UPPER ? 0.5 * erfc(z * M_SQRT1_2) : erfc(fabs(z) * M_SQRT1_2);
}

static tf_status check_values(const double *values, size_t count, tf_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (!(fabs(values[i]) <= LARGEST_VALUE)) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "the value of place %zu is not a number, or is too large; leave the "
                           "place out or give it a value",
                           i + 1);
        }
    }
    return TF_OK;
}

/* The mean and the standard deviation (of n, not n - 1).  The deviation is exactly 0 for equal
 * values, whatever the rounding of their mean. */
static void summarise(const double *values, size_t count, double *mean_out, double *deviation_out) {
    double sum = 0;
    double low = INFINITY;
    double high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    double mean = sum / (double)count;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        squares += (values[i] - mean) * (values[i] - mean);
    }
    *mean_out = mean;
    *deviation_out = low < high ? sqrt(squares / (double)count) : 0;
}

tf_status tf_hot_spot_gi_star(const double *values, const tf_neighbours *neighbours, tf_tail tail,
                              double *z_out, double *p_out, tf_error *error) {
    size_t count = neighbours->count;
    tf_status status = check_values(values, count, error);
    if (status) {
        return status;
    }
    double mean;
    double deviation;
    summarise(values, count, &mean, &deviation);
    for (size_t i = 0; i < count; i++) {
        /* Summing differences from the mean, not values, keeps the digits of large values. */
        double excess = values[i] - mean;
        for (int64_t link = neighbours->offsets[i]; link < neighbours->offsets[i + 1]; link++) {
            excess += values[neighbours->indices[link]] - mean;
        }
        double weight = (double)(neighbours->offsets[i + 1] - neighbours->offsets[i] + 1);
        double outside = (double)count - weight;
        bool is_flat = deviation == 0 || outside == 0;
        z_out[i] =
            is_flat ? 0 : excess / (deviation * sqrt(weight * outside / (double)(count - 1)));
        if (p_out) {
            p_out[i] = probability(z_out[i], tail);
        }
    }
    return TF_OK;
}

/* The moments of G over all orders of the values (Getis & Ord 1992), for binary symmetric
 * weights: S1 is twice the number of links, S2 four times the sum of their squared counts. */
static void general_g_moments(const double sums[5], double pairs, const tf_neighbours *neighbours,
                              double *expectation_out, double *variance_out) {
    double n = (double)neighbours->count;
    double s0 = (double)neighbours->offsets[neighbours->count];
    double s1 = 2 * s0;
    double s2 = 0;
    for (size_t i = 0; i < neighbours->count; i++) {
        double degree = (double)(neighbours->offsets[i + 1] - neighbours->offsets[i]);
        s2 += 4 * degree * degree;
    }
    double b0 = (n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0;
    double b1 = -((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0);
    double b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0 * s0);
    double b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0 * s0;
    double b4 = s1 - s2 + s0 * s0;
    double square = b0 * sums[2] * sums[2] + b1 * sums[4] + b2 * sums[1] * sums[1] * sums[2] +
                    b3 * sums[1] * sums[3] + b4 * pow(sums[1], 4);
    square /= pairs * pairs * n * (n - 1) * (n - 2) * (n - 3);
    *expectation_out = s0 / (n * (n - 1));
    *variance_out = square - *expectation_out * *expectation_out;
}

tf_status tf_hot_spot_general_g(const double *values, const tf_neighbours *neighbours, tf_tail tail,
                                tf_general_g *g_out, tf_error *error) {
    size_t count = neighbours->count;
    tf_status status = check_values(values, count, error);
    if (status) {
        return status;
    }
    size_t positive = 0;
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        if (values[i] < 0) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "the value of place %zu is negative; general G needs counts or rates",
                           i + 1);
        }
        positive += values[i] > 0;
        largest = fmax(largest, values[i]);
    }
    if (count < 4 || positive < 2) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "general G needs four places or more, two of them with a value above 0");
    }
    double sums[5] = {0}; /* of the values' powers; G does not change with their scale */
    double near = 0;
    double pairs = 0; /* the sum of products of unlike places, each pair twice */
    for (size_t i = 0; i < count; i++) {
        double value = values[i] / largest;
        pairs += 2 * value * sums[1];
        double power = 1;
        for (int exponent = 1; exponent <= 4; exponent++) {
            power *= value;
            sums[exponent] += power;
        }
        for (int64_t link = neighbours->offsets[i]; link < neighbours->offsets[i + 1]; link++) {
            near += value * (values[neighbours->indices[link]] / largest);
        }
    }
    tf_general_g result = {.g = near / pairs};
    general_g_moments(sums, pairs, neighbours, &result.expectation, &result.variance);
    /* With equal values or with every pair linked the variance is 0 but for rounding. */
    if (result.variance > 1e-12 * result.expectation * result.expectation) {
        result.z = (result.g - result.expectation) / sqrt(result.variance);
    } else {
        result.variance = 0;
    }
    result.p = probability(result.z, tail);
    *g_out = result;
    return TF_OK;
}
