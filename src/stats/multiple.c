#include "trefoil/stats/multiple.h"

#include "trefoil/base/memory.h"

#include <stdlib.h>

typedef struct ranked {
    double p_value;
    size_t index;
} ranked;

static int compare(const void *left, const void *right) {
    double a = ((const ranked *)left)->p_value, b = ((const ranked *)right)->p_value;
    return (a > b) - (a < b);
}

/* The p-values in rising order, to be freed by the caller. */
static tf_status rank(const double *p_values, size_t count, ranked **ranks_out, tf_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (!(p_values[i] >= 0 && p_values[i] <= 1)) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "p-value %zu is %g, and a p-value lies between 0 and 1", i + 1,
                           p_values[i]);
        }
    }
    ranked *ranks = tf_alloc(count, sizeof *ranks);
    if (!ranks) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        ranks[i] = (ranked){p_values[i], i};
    }
    qsort(ranks, count, sizeof *ranks, compare);
    *ranks_out = ranks;
    return TF_OK;
}

/* The false discovery rate when the `rank` smallest of `count` tests are called significant.  The
 * factor is taken first: it is never below 1, so that rounding cannot put the result below p. */
static double rate_at(double p_value, size_t rank, size_t count) {
    return p_value * ((double)count / (double)rank);
}

tf_status tf_multiple_adjust(const double *p_values, size_t count, double *adjusted_out,
                             tf_error *error) {
    ranked *ranks;
    tf_status status = rank(p_values, count, &ranks, error);
    if (status != TF_OK) {
        return status;
    }
    double lowest = 1;
    for (size_t i = count; i-- > 0;) {
        double rate = rate_at(ranks[i].p_value, i + 1, count);
        lowest = rate < lowest ? rate : lowest;
        adjusted_out[ranks[i].index] = lowest;
    }
    tf_free(ranks);
    return TF_OK;
}

tf_status tf_multiple_threshold(const double *p_values, size_t count, double false_discovery_rate,
                                double *threshold_out, tf_error *error) {
    if (!(false_discovery_rate > 0 && false_discovery_rate < 1)) {
        return tf_fail(error, TF_BAD_INPUT, "false discovery rate", 0,
                       "a false discovery rate of %g is not between 0 and 1; 0.05 is usual",
                       false_discovery_rate);
    }
    ranked *ranks;
    tf_status status = rank(p_values, count, &ranks, error);
    if (status != TF_OK) {
        return status;
    }
    *threshold_out = -1;
    for (size_t i = count; i-- > 0;) {
        if (rate_at(ranks[i].p_value, i + 1, count) <= false_discovery_rate) {
            *threshold_out = ranks[i].p_value;
            break;
        }
    }
    tf_free(ranks);
    return TF_OK;
}
