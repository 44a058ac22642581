/* What describes a short series of values. */
#ifndef TREFOIL_STATS_SUMMARY_INTERNAL_H
#define TREFOIL_STATS_SUMMARY_INTERNAL_H

#include "trefoil/base/status.h"

#include <stddef.h>

/* The mean of at least one value, exactly that value when all are equal. */
double tf_summary_mean(const double *values, size_t count);

/* The sample standard deviation (divisor count - 1) of at least two values around their `mean`. */
double tf_summary_deviation(const double *values, size_t count, double mean);

/* TF_BAD_INPUT, naming the first, if a value is outside [minimum, maximum] or NaN. */
tf_status tf_summary_check(const double *values, size_t count, double minimum, double maximum,
                           tf_error *error);

#endif
