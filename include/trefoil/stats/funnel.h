/* Funnel plots: which of many areas differ from the overall rate by more than chance?
 *
 * All is in events, of which an area of known size is expected to have some number; divided by its
 * population the limits are those of its rate.
 * Source: Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics
 * in Medicine 24:1185-1202. */
#ifndef TREFOIL_STATS_FUNNEL_H
#define TREFOIL_STATS_FUNNEL_H

#include "trefoil/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Control limits around an expected number of events, in events. */
typedef struct tf_funnel_limits {
    double lower_998; /* 99.8%: passed by chance once in 500 times, on either side */
    double lower_95;
    double upper_95;
    double upper_998;
} tf_funnel_limits;

typedef enum tf_funnel_position {
    TF_FUNNEL_WITHIN = 0,
    TF_FUNNEL_ABOVE_95, /* above the 95% limit and not the 99.8% limit */
    TF_FUNNEL_ABOVE_998,
    TF_FUNNEL_BELOW_95,
    TF_FUNNEL_BELOW_998,
} tf_funnel_position;

/* The exact Poisson limits, interpolated between whole numbers so that they make a smooth curve
 * (Spiegelhalter 2005, appendix A.1): with r the least number for which P(X <= r) reaches p, the
 * limit is r - (P(X <= r) - p) / P(X = r), and 0 where that is negative.  `dispersion` (phi) moves
 * each limit away from the expectation by its square root; 1 leaves it as it is.
 * Errors: TF_BAD_INPUT for an expectation that is not positive or above 1e12, or a dispersion
 * below 1.  Thread-safe.  O(log expected) evaluations of the Poisson distribution. */
TF_API tf_status tf_funnel_limits_make(double expected, double dispersion,
                                       tf_funnel_limits *limits_out, tf_error *error);

/* Where a number of events lies.  On a limit is within it. */
TF_API tf_funnel_position tf_funnel_place(const tf_funnel_limits *limits, double events);

/* Fewer areas never have a clear dispersion: a tenth of them is less than one. */
enum { TF_FUNNEL_FEWEST_AREAS = 10 };

/* How much more areas differ than chance explains. */
typedef struct tf_funnel_dispersion {
    double phi;    /* about 1 if chance alone makes the differences; NaN for fewer than two areas */
    double bound;  /* phi above 1 + 2 sqrt(2 / areas) is clearly over 1 */
    bool is_clear; /* phi > bound, of enough areas: limits of chance alone would mark too many */
} tf_funnel_dispersion;

/* The mean of the squared z scores 2 (sqrt(events) - sqrt(expected)), of which the lowest and the
 * highest tenth are set to the 10% and the 90% quantile (Hyndman & Fan 1996, type 7), so that a
 * few unusual areas do not widen the limits for all (Spiegelhalter 2005, section on
 * over-dispersion; the square root as in Spiegelhalter et al. 2012, JRSS A 175:1-47, and in the R
 * package FunnelPlotR).
 * Errors: TF_BAD_INPUT for a negative count, or an expectation that is not positive and finite;
 * TF_NO_MEMORY.  Thread-safe.  O(count log count). */
TF_API tf_status tf_funnel_disperse(const double *events, const double *expected, size_t count,
                                    tf_funnel_dispersion *dispersion_out, tf_error *error);

#endif
