/* The standard normal distribution. */
#ifndef TREFOIL_STATS_NORMAL_H
#define TREFOIL_STATS_NORMAL_H

#include "trefoil/base/status.h"

/* The z below which a standard normal variable falls with `probability`: -infinity at 0, infinity
 * at 1, NaN outside [0, 1].  Good to the last few digits also far out in the lower tail; for a
 * small upper tail ask for -tf_normal_quantile(tail).  Thread-safe.  O(1).
 * Source: Wichura 1988, algorithm AS 241, Applied Statistics 37:477-484. */
TF_API double tf_normal_quantile(double probability);

/* The probability that a standard normal variable exceeds `z`, without loss far out in the tail:
 * the one-sided p-value of a z score.  Thread-safe.  O(1).
 * Source: Cody 1969, Mathematics of Computation 23:631-637. */
TF_API double tf_normal_upper_tail(double z);

#endif
