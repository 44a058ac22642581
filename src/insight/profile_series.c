#include "profile_internal.h"

#include "trefoil/stats/ears.h"

#include <math.h>

/* One month's count, of the months that were imported. */
typedef struct present_months {
    double *counts;
    tf_month *months;
    size_t count;
    size_t before; /* those before the period, which come first */
} present_months;

static tf_status find_present(tf_profile_work *work, const int64_t *counts, present_months *present,
                              tf_error *error) {
    present->counts = tf_profile_alloc(work, work->month_count, sizeof(double));
    present->months = tf_profile_alloc(work, work->month_count, sizeof(tf_month));
    if (!present->counts || !present->months) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < work->month_count; i++) {
        if (!work->is_missing[i]) {
            present->before += i < TF_PROFILE_MONTHS_BEFORE;
            present->counts[present->count] = (double)counts[i];
            present->months[present->count++] = work->first + (tf_month)i;
        }
    }
    return TF_OK;
}

/* The control chart over the months present in the period. */
static tf_status fill_chart(tf_profile_work *work, const present_months *present, tf_error *error) {
    tf_profile *profile = work->profile;
    const double *values = present->counts + present->before;
    size_t count = present->count - present->before;
    tf_chart_signal *signals = tf_profile_alloc(work, count, sizeof *signals);
    if (!signals) {
        return tf_fail_no_memory(error);
    }
    if (count < 2) {
        return TF_OK;
    }
    tf_control_chart chart;
    tf_status status = tf_control_chart_fit(values, count, true, &chart, error);
    if (!status) {
        status = tf_control_chart_signals(&chart, values, count, signals, error);
    }
    for (size_t i = 0; i < profile->month_count && !status; i++) {
        profile->months[i].centre = chart.centre;
        profile->months[i].lower = chart.lower;
        profile->months[i].upper = chart.upper;
    }
    for (size_t i = 0; i < count && !status; i++) {
        tf_month month = present->months[present->before + i];
        profile->months[month - profile->from].signal = signals[i];
    }
    return status;
}

static tf_status fill_alerts(tf_profile_work *work, const present_months *present,
                             tf_error *error) {
    static const struct {
        tf_ears_method method;
        const char *name;
    } methods[] = {{TF_EARS_C1, "EARS C1"}, {TF_EARS_C2, "EARS C2"}, {TF_EARS_C3, "EARS C3"}};
    enum { METHOD_COUNT = 3 };
    tf_profile *profile = work->profile;
    size_t count = present->count;
    tf_ears_point *points = tf_profile_alloc(work, METHOD_COUNT * count, sizeof *points);
    profile->alerts = tf_profile_alloc(work, METHOD_COUNT * count, sizeof *profile->alerts);
    if (!points || !profile->alerts) {
        return tf_fail_no_memory(error);
    }
    for (size_t m = 0; m < METHOD_COUNT; m++) {
        /* Small areas have months without any offence, after which a single one would alarm; see
         * docs/methods.md. */
        tf_ears_options options = {methods[m].method, TF_EARS_BASELINE_LENGTH, 1};
        tf_status status =
            tf_ears_detect(&options, present->counts, count, points + m * count, error);
        if (status) {
            return status;
        }
    }
    for (size_t i = present->before; i < count; i++) {
        for (size_t m = 0; m < METHOD_COUNT; m++) {
            const tf_ears_point *point = &points[m * count + i];
            if (point->is_alarm) {
                profile->alerts[profile->alert_count++] = (tf_profile_alert){
                    present->months[i], methods[m].name, (int64_t)present->counts[i],
                    isfinite(point->threshold) ? point->threshold : NAN};
            }
        }
    }
    return TF_OK;
}

tf_status tf_profile_fill_series(tf_profile_work *work, tf_error *error) {
    tf_profile *profile = work->profile;
    const int64_t *counts = work->tally.by_month;
    profile->month_count = work->month_count - TF_PROFILE_MONTHS_BEFORE;
    profile->months = tf_profile_alloc(work, profile->month_count, sizeof *profile->months);
    if (!profile->months) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < profile->month_count; i++) {
        size_t at = i + TF_PROFILE_MONTHS_BEFORE;
        profile->months[i] = (tf_profile_month){.month = profile->from + (tf_month)i,
                                                .is_missing = work->is_missing[at],
                                                .count = counts[at],
                                                .centre = NAN,
                                                .lower = NAN,
                                                .upper = NAN};
    }
    present_months present = {0};
    tf_status status = find_present(work, counts, &present, error);
    if (!status) {
        status = fill_chart(work, &present, error);
    }
    return status ? status : fill_alerts(work, &present, error);
}
