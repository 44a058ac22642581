#include "summary_internal.h"

#include <math.h>

double tf_summary_mean(const double *values, size_t count) {
    /* Summing differences from the first value keeps the mean of equal values free of rounding:
     * otherwise every one of them could lie beyond limits drawn at their mean. */
    double sum = 0;
    for (size_t i = 1; i < count; i++) {
        sum += values[i] - values[0];
    }
    return values[0] + sum / (double)count;
}

double tf_summary_deviation(const double *values, size_t count, double mean) {
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        squares += (values[i] - mean) * (values[i] - mean);
    }
    return sqrt(squares / (double)(count - 1));
}

tf_status tf_summary_check(const double *values, size_t count, double minimum, double maximum,
                           tf_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (!(values[i] >= minimum && values[i] <= maximum)) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "value %zu of the series is %g, which cannot be used; leave it out or "
                           "correct it",
                           i + 1, values[i]);
        }
    }
    return TF_OK;
}
