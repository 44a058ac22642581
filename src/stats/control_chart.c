#include "trefoil/stats/control_chart.h"

#include "summary_internal.h"

#include <float.h>
#include <math.h>

/* Of the range of two normal values: its expected value in sigmas (d2), and the ratio of the upper
 * limit to the centre of its chart (D4).  Rounded as in the tables all charts are drawn with. */
static const double RANGE_IN_SIGMAS = 1.128;
static const double RANGE_LIMIT = 3.267;

tf_status tf_control_chart_fit(const double *values, size_t count, bool never_negative,
                               tf_control_chart *chart_out, tf_error *error) {
    if (count < 2) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a control chart needs at least two values, and a dozen to be trusted");
    }
    tf_status status = tf_summary_check(values, count, -DBL_MAX, DBL_MAX, error);
    if (status != TF_OK) {
        return status;
    }
    double ranges = 0;
    for (size_t i = 1; i < count; i++) {
        ranges += fabs(values[i] - values[i - 1]);
    }
    tf_control_chart chart = {.centre = tf_summary_mean(values, count),
                              .mean_range = ranges / (double)(count - 1)};
    chart.upper_range = RANGE_LIMIT * chart.mean_range;
    chart.sigma = chart.mean_range / RANGE_IN_SIGMAS;
    chart.lower = chart.centre - 3 * chart.sigma;
    chart.upper = chart.centre + 3 * chart.sigma;
    if (!isfinite(chart.lower) || !isfinite(chart.upper) || !isfinite(chart.upper_range)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the values are too large for a control chart; use a larger unit");
    }
    if (never_negative && chart.lower < 0) {
        chart.lower = 0;
    }
    *chart_out = chart;
    return TF_OK;
}

static void mark(tf_chart_signal *signals, size_t first, size_t end, tf_chart_signal signal) {
    for (size_t i = first; i < end; i++) {
        signals[i] = signal;
    }
}

/* -1 below `line`, 0 on it, 1 above. */
static int side_of(double value, double line) {
    return (value > line) - (value < line);
}

static void mark_near_limits(const tf_control_chart *chart, const double *values, size_t count,
                             tf_chart_signal *signals) {
    double lower = chart->centre - 2 * chart->sigma;
    double upper = chart->centre + 2 * chart->sigma;
    for (size_t first = 0; first + 3 <= count; first++) {
        int above = 0, below = 0;
        for (size_t i = first; i < first + 3; i++) {
            above += values[i] > upper;
            below += values[i] < lower;
        }
        for (size_t i = first; i < first + 3; i++) {
            if (above >= 2 && values[i] > upper) {
                signals[i] = TF_SIGNAL_NEAR_UPPER;
            } else if (below >= 2 && values[i] < lower) {
                signals[i] = TF_SIGNAL_NEAR_LOWER;
            }
        }
    }
}

static void mark_trends(const double *values, size_t count, tf_chart_signal *signals) {
    size_t first = 0; /* of the stretch that ends at i - 1 */
    int direction = 0;
    for (size_t i = 1; i <= count; i++) {
        int step = i < count ? side_of(values[i], values[i - 1]) : 0;
        if (i < count && step == direction) {
            continue;
        }
        if (direction != 0 && i - first >= TF_CONTROL_CHART_TREND_LENGTH) {
            mark(signals, first, i, direction > 0 ? TF_SIGNAL_RISING : TF_SIGNAL_FALLING);
        }
        first = i - 1;
        direction = step;
    }
}

static void mark_runs(const tf_control_chart *chart, const double *values, size_t count,
                      tf_chart_signal *signals) {
    for (size_t first = 0, end; first < count; first = end) {
        int side = side_of(values[first], chart->centre);
        for (end = first + 1; end < count && side_of(values[end], chart->centre) == side;) {
            end++;
        }
        if (side != 0 && end - first >= TF_CONTROL_CHART_RUN_LENGTH) {
            mark(signals, first, end, side > 0 ? TF_SIGNAL_RUN_ABOVE : TF_SIGNAL_RUN_BELOW);
        }
    }
}

static void mark_beyond_limits(const tf_control_chart *chart, const double *values, size_t count,
                               tf_chart_signal *signals) {
    for (size_t i = 0; i < count; i++) {
        if (values[i] > chart->upper) {
            signals[i] = TF_SIGNAL_ABOVE_LIMIT;
        } else if (values[i] < chart->lower) {
            signals[i] = TF_SIGNAL_BELOW_LIMIT;
        }
    }
}

tf_status tf_control_chart_signals(const tf_control_chart *chart, const double *values,
                                   size_t count, tf_chart_signal *signals_out, tf_error *error) {
    tf_status status = tf_summary_check(values, count, -DBL_MAX, DBL_MAX, error);
    if (status != TF_OK) {
        return status;
    }
    /* The weakest rule first: a stronger one overwrites it. */
    mark(signals_out, 0, count, TF_SIGNAL_NONE);
    mark_near_limits(chart, values, count, signals_out);
    mark_trends(values, count, signals_out);
    mark_runs(chart, values, count, signals_out);
    mark_beyond_limits(chart, values, count, signals_out);
    return TF_OK;
}
