#include "trefoil/stats/ears.h"

#include "summary_internal.h"

#include <math.h>

/* How many standard deviations above the mean raise an alarm; what C3 takes off each excess; and
 * how far C2 and C3 keep their baseline from the point, so that an outbreak that has begun does not
 * raise its own threshold. */
static const double ALARM_DEVIATIONS = 3;
static const double C3_ALLOWANCE = 1;
static const double C3_LIMIT = 2;
static const double LARGEST_COUNT = 0x1p53; /* up to here a double holds every whole number */
enum { LAG = 2, C3_POINTS_BEFORE = 2 };

typedef struct baseline {
    double mean;
    double deviation;
} baseline;

/* The baseline of the point at `at`, which has enough history. */
static baseline baseline_of(const tf_ears_options *options, const double *counts, size_t at) {
    size_t lag = options->method == TF_EARS_C1 ? 0 : LAG;
    const double *first = counts + (at - lag - options->baseline_length);
    baseline result = {.mean = tf_summary_mean(first, options->baseline_length)};
    result.deviation = fmax(tf_summary_deviation(first, options->baseline_length, result.mean),
                            options->minimum_deviation);
    return result;
}

/* What the point at `at` adds to the sum of C3. */
static double excess(const tf_ears_options *options, const double *counts, size_t at) {
    baseline past = baseline_of(options, counts, at);
    double above = counts[at] - past.mean;
    if (!(above > 0)) {
        return 0;
    }
    return past.deviation > 0 ? fmax(0, above / past.deviation - C3_ALLOWANCE) : INFINITY;
}

static double threshold_of(const tf_ears_options *options, const double *counts, size_t at,
                           const baseline *past) {
    if (options->method != TF_EARS_C3) {
        return past->mean + ALARM_DEVIATIONS * past->deviation;
    }
    double before = excess(options, counts, at - 1) + excess(options, counts, at - 2);
    if (before > C3_LIMIT) {
        return -INFINITY;
    }
    return past->mean + (C3_ALLOWANCE + C3_LIMIT - before) * past->deviation;
}

static tf_status check_options(const tf_ears_options *options, tf_error *error) {
    if (options->baseline_length < 2) {
        return tf_fail(error, TF_BAD_INPUT, "baseline", 0,
                       "a baseline needs at least two points; seven are usual");
    }
    if (!(options->minimum_deviation >= 0 && isfinite(options->minimum_deviation))) {
        return tf_fail(error, TF_BAD_INPUT, "minimum deviation", 0,
                       "a minimum standard deviation of %g cannot be used; give 0 or more",
                       options->minimum_deviation);
    }
    return TF_OK;
}

/* Points at the start of a series of `count` that have no threshold, at most `count`. */
static size_t warm_up(const tf_ears_options *options, size_t count) {
    size_t extra = options->method == TF_EARS_C1   ? 0
                   : options->method == TF_EARS_C2 ? LAG
                                                   : LAG + C3_POINTS_BEFORE;
    return options->baseline_length >= count || count - options->baseline_length < extra
               ? count
               : options->baseline_length + extra;
}

tf_status tf_ears_detect(const tf_ears_options *options, const double *counts, size_t count,
                         tf_ears_point *points_out, tf_error *error) {
    tf_status status = check_options(options, error);
    if (status == TF_OK) {
        status = tf_summary_check(counts, count, 0, LARGEST_COUNT, error);
    }
    if (status != TF_OK) {
        return status;
    }
    size_t first = warm_up(options, count);
    for (size_t i = 0; i < first; i++) {
        points_out[i] = (tf_ears_point){NAN, NAN, false};
    }
    for (size_t i = first; i < count; i++) {
        baseline past = baseline_of(options, counts, i);
        double threshold = threshold_of(options, counts, i, &past);
        points_out[i] = (tf_ears_point){past.mean, threshold, counts[i] > threshold};
    }
    return TF_OK;
}
