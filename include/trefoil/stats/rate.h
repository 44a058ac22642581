/* Counts, rates, proportions and their ratios, each with a confidence interval.
 *
 * `confidence` is two-sided and strictly between 0 and 1: 0.95 leaves 2.5% on each side; 0.998 is
 * the outer limit of a public-health funnel.  All functions are thread-safe and allocate nothing.
 * On an error the result is untouched. */
#ifndef TREFOIL_STATS_RATE_H
#define TREFOIL_STATS_RATE_H

#include "trefoil/base/status.h"
#include "trefoil/stats/interval.h"

#include <stdint.h>

/* From this many events on, Byar's approximation stands in for the exact Poisson interval. */
enum { TF_RATE_BYAR_FROM = 10 };

/* The most events on either side of a rate ratio. */
#define TF_RATE_RATIO_MOST_EVENTS UINT64_C(1000000000)

/* What the expected number of events may be when `events` were counted, in events: exact Poisson
 * below 10 events (Garwood 1936), Byar's approximation from 10 on (Breslow & Day 1987, Statistical
 * Methods in Cancer Research II, p. 69).  This is the convention of the Office for Health
 * Improvement and Disparities for crude and directly standardised rates.
 * Errors: TF_BAD_INPUT for a confidence outside (0, 1).  O(1). */
TF_API tf_status tf_rate_byar(uint64_t events, double confidence, tf_interval *events_out,
                              tf_error *error);

/* Events per 1,000 of `population`, which is taken as known, with the interval of tf_rate_byar.
 * The upper limit can exceed 1,000 when events may repeat.
 * Errors: TF_BAD_INPUT unless population is positive and finite.  O(1). */
TF_API tf_status tf_rate_per_1000(uint64_t events, double population, double confidence,
                                  tf_interval *rate_out, tf_error *error);

/* The share of `trials` that are `successes`, between 0 and 1, with Wilson's score interval, which
 * stays within 0 and 1 and is sound at both ends (Wilson 1927, JASA 22:209-212; Newcombe 1998,
 * Statistics in Medicine 17:857-872, method 3).
 * Errors: TF_BAD_INPUT for no trials, or for more successes than trials.  O(1). */
TF_API tf_status tf_proportion_wilson(uint64_t successes, uint64_t trials, double confidence,
                                      tf_interval *proportion_out, tf_error *error);

/* How many times the rate a is of rate b, with the exact conditional interval: given their sum,
 * events_a is binomial, and the limits of Clopper & Pearson 1934 for its share are turned into
 * those of the ratio (Przyborowski & Wilenski 1940, Biometrika 31:313-323; Lehmann & Romano 2005,
 * section 4.5).  The exposures (people, person-months) need only be in one unit.
 *   events_a = 0               value 0, lower 0
 *   events_b = 0               value infinity, upper infinity
 *   both 0: nothing is known   value NaN, lower 0, upper infinity
 * Exchanging a and b gives the reciprocal, limits exchanged.
 * Errors: TF_BAD_INPUT for an exposure that is not positive and finite, for exposures so unequal
 * that their quotient is not a number, or for a count above TF_RATE_RATIO_MOST_EVENTS.
 * O(1): some hundred evaluations of the incomplete beta function. */
TF_API tf_status tf_rate_ratio(uint64_t events_a, double exposure_a, uint64_t events_b,
                               double exposure_b, double confidence, tf_interval *ratio_out,
                               tf_error *error);

/* How likely a difference as large as this one is when the two rates are the same: the two-sided
 * p-value that belongs to tf_rate_ratio, twice the smaller tail and at most 1, so that it is below
 * 0.05 when the 95% interval leaves out 1 (the central test of
 * Fay 2010, R Journal 2(1):53-58).
 * 1 when both counts are 0.
 * Errors: as tf_rate_ratio.  O(1). */
TF_API tf_status tf_rate_ratio_test(uint64_t events_a, double exposure_a, uint64_t events_b,
                                    double exposure_b, double *p_out, tf_error *error);

#endif
