/* Which counts of a table may be shown without telling about anybody in particular. */
#ifndef TREFOIL_STATS_DISCLOSURE_H
#define TREFOIL_STATS_DISCLOSURE_H

#include "trefoil/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Hide counts below `threshold` (commonly 5), zero among them, and as many more, the smallest first
 * and equal ones together, as it takes so that none of those can be found from the total and the
 * counts that are shown: each could as well be any other number below the threshold, even for
 * somebody who knows this rule.  Where that cannot be, and where the total is below the threshold
 * itself, the total is hidden too, and all counts with it.
 *
 * The table is one list of counts and their total; two tables of the same things are to be
 * protected each for itself and must share nothing but the total.  Whoever shows the result must
 * not tell apart which were hidden for which reason.  Method: primary and complementary cell
 * suppression, Hundepool and others (2012), Statistical Disclosure Control, ch. 4. `hidden_out` has
 * room for `count`.  Thread-safe.  O(count^2). */
TF_API void tf_disclosure_suppress(const int64_t *counts, size_t count, int64_t threshold,
                                   bool *hidden_out, bool *total_hidden_out);

#endif
