/* The Early Aberration Reporting System: has a count just jumped above its own recent past?
 *
 * Needs no years of history, only a short sliding baseline.  With the mean m and the standard
 * deviation s (divisor length - 1) of the baseline of point t:
 *   C1  baseline t-length ... t-1            alarm if count > m + 3 s
 *   C2  baseline t-length-2 ... t-3          alarm if count > m + 3 s
 *   C3  baselines of C2, at t, t-1 and t-2   alarm if the sum of max(0, (count - m)/s - 1) > 2
 * Sources: Hutwagner, Thompson, Seeman & Treadwell 2003, Journal of Urban Health 80(2 Suppl 1):
 * i89-i96; for C3 the formula of Fricker, Hegler & Dunfee 2008, Statistics in Medicine
 * 27:3407-3429, as in Salmon, Schumacher & Hoehle 2016, Journal of Statistical Software 70(10). */
#ifndef TREFOIL_STATS_EARS_H
#define TREFOIL_STATS_EARS_H

#include "trefoil/base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { TF_EARS_BASELINE_LENGTH = 7 }; /* the published one */

typedef enum tf_ears_method { TF_EARS_C1, TF_EARS_C2, TF_EARS_C3 } tf_ears_method;

typedef struct tf_ears_options {
    tf_ears_method method;
    size_t baseline_length;   /* in points, at least 2 */
    double minimum_deviation; /* a smaller s is raised to this; 0 leaves it as it is */
} tf_ears_options;

typedef struct tf_ears_point {
    double expected;  /* m; NaN while the history is too short */
    double threshold; /* the count that must be exceeded; NaN while the history is too short */
    bool is_alarm;    /* count > threshold */
} tf_ears_point;

/* One result for each of `count` counts, in the caller's array of `count` points.  The first
 * baseline_length points (C1), two more (C2) or four more (C3) have no threshold and no alarm; a
 * series that is too short has none at all, which is no error.
 *
 * A baseline of equal counts has s = 0: its threshold is m, any count above raises an alarm, and
 * for C3 such a point counts as infinitely high.  For sparse series set minimum_deviation to 0.5
 * or 1 (Tokars et al. 2009, Emerging Infectious Diseases 15:533-539, found 1 better than 0.2).
 * The threshold of C3 is -infinity where the two points before suffice, whatever the count.
 *
 * Errors: TF_BAD_INPUT for a count outside 0 to 2^53, a baseline of fewer than 2 points, or a
 * minimum that is negative or not finite.  Thread-safe, allocates nothing.
 * O(count x baseline_length). */
TF_API tf_status tf_ears_detect(const tf_ears_options *options, const double *counts, size_t count,
                                tf_ears_point *points_out, tf_error *error);

#endif
