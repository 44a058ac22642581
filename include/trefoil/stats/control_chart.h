/* The XmR chart: is a series steady, and which of its points are not mere noise?
 *
 * Limits follow Shewhart's chart for individual values from the average moving range
 * (NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2; Wheeler 2000, Understanding
 * Variation).  Signals follow the four rules of NHS England's Making Data Count, which the health
 * partners of a partnership read already.  Fit the limits on a baseline, then ask for the signals
 * of any series; both may be the same values. */
#ifndef TREFOIL_STATS_CONTROL_CHART_H
#define TREFOIL_STATS_CONTROL_CHART_H

#include "trefoil/base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    TF_CONTROL_CHART_RUN_LENGTH = 7,   /* successive points on one side of the centre */
    TF_CONTROL_CHART_TREND_LENGTH = 7, /* successive points that rise, or that fall */
};

/* All in the unit of the values. */
typedef struct tf_control_chart {
    double centre;      /* the mean */
    double lower;       /* centre - 3 sigma, or 0 if that is lower and values cannot be negative */
    double upper;       /* centre + 3 sigma */
    double sigma;       /* average moving range / 1.128 */
    double mean_range;  /* centre of the moving-range chart */
    double upper_range; /* its upper limit: 3.267 times its centre; its lower limit is 0 */
} tf_control_chart;

/* Why a point is not noise.  A point under several rules gets the first of this order. */
typedef enum tf_chart_signal {
    TF_SIGNAL_NONE = 0,
    TF_SIGNAL_ABOVE_LIMIT, /* beyond three sigma */
    TF_SIGNAL_BELOW_LIMIT,
    TF_SIGNAL_RUN_ABOVE, /* in a run of at least 7 points above the centre */
    TF_SIGNAL_RUN_BELOW,
    TF_SIGNAL_RISING, /* in a stretch of at least 7 points, each above the one before */
    TF_SIGNAL_FALLING,
    TF_SIGNAL_NEAR_UPPER, /* beyond two sigma, as is another of three successive points */
    TF_SIGNAL_NEAR_LOWER,
} tf_chart_signal;

/* The limits that `count` successive values set.  With `never_negative` (counts, rates) the lower
 * limit is not below 0.  Equal values give sigma 0 and limits at the centre.  Any two values give
 * limits; they deserve trust from about 12 on.
 * Errors: TF_BAD_INPUT for fewer than two values, a value that is not finite, or values so large
 * that their limits are not.  Thread-safe, allocates nothing.  O(count). */
TF_API tf_status tf_control_chart_fit(const double *values, size_t count, bool never_negative,
                                      tf_control_chart *chart_out, tf_error *error);

/* The signal of each of `count` successive values against the limits of `chart`, in the caller's
 * array of `count` signals.  Every point of a run or a stretch is marked, not only its last.  A
 * point on the centre or on a limit is on neither side of it.
 * Errors: TF_BAD_INPUT for a value that is not finite.  Thread-safe, allocates nothing.
 * O(count). */
TF_API tf_status tf_control_chart_signals(const tf_control_chart *chart, const double *values,
                                          size_t count, tf_chart_signal *signals_out,
                                          tf_error *error);

#endif
