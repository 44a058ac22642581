/* Many tests at once: the false discovery rate.
 *
 * Of the tests called significant, the expected share that should not have been is held at a
 * level (Benjamini & Hochberg 1995, JRSS B 57:289-300).  It holds for independent and for
 * positively dependent tests (Benjamini & Yekutieli 2001, Annals of Statistics 29:1165-1188), such
 * as local statistics of neighbouring areas, where Caldas de Castro & Singer 2006, Geographical
 * Analysis 38:180-208, recommend it. */
#ifndef TREFOIL_STATS_MULTIPLE_H
#define TREFOIL_STATS_MULTIPLE_H

#include "trefoil/base/status.h"

#include <stddef.h>

/* For each p-value the lowest false discovery rate at which its test would be significant (its
 * q value), in the order of the input and never below the p-value.  `adjusted_out` has room for
 * `count` and may be `p_values` itself.
 * Errors: TF_BAD_INPUT for a p-value outside [0, 1], TF_NO_MEMORY.  Thread-safe.
 * O(count log count). */
TF_API tf_status tf_multiple_adjust(const double *p_values, size_t count, double *adjusted_out,
                                    tf_error *error);

/* The largest p-value that is significant at `false_discovery_rate`: the tests with
 * p <= threshold are significant, the same ones as those with an adjusted value <= the rate.
 * -1 when none is.
 * Errors: as above, and TF_BAD_INPUT for a rate outside (0, 1). */
TF_API tf_status tf_multiple_threshold(const double *p_values, size_t count,
                                       double false_discovery_rate, double *threshold_out,
                                       tf_error *error);

#endif
