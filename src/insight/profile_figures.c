#include "profile_internal.h"

#include "trefoil/stats/rate.h"

#include <math.h>

static tf_status fill_rate(tf_profile_work *work, tf_error *error) {
    tf_profile *profile = work->profile;
    tf_profile_figure *rate = &profile->rate_per_1000;
    if (!(profile->population > 0)) {
        return TF_OK; /* the scope has left a note */
    }
    rate->is_known = true;
    return tf_rate_per_1000((uint64_t)profile->count, profile->population, TF_PROFILE_CONFIDENCE,
                            &rate->interval, error);
}

/* The people of both years if each has an estimate of its own; otherwise 1 for both, as if nobody
 * had come or gone. */
static tf_status find_exposures(const tf_profile_work *work, double *now_out, double *before_out,
                                tf_error *error) {
    const tf_profile_change *change = &work->profile->change;
    int year = tf_month_year(change->from + (change->to - change->from) / 2);
    tf_population now, before;
    *now_out = *before_out = 1;
    tf_status status = tf_geography_population(work->data->geography, work->data->db,
                                               &work->scope.ref, year, &now, error);
    if (!status) {
        status = tf_geography_population(work->data->geography, work->data->db, &work->scope.ref,
                                         year - 1, &before, error);
    }
    if (!status && now.is_known && before.is_known && now.year == year && before.year == year - 1 &&
        now.people > 0 && before.people > 0) {
        *now_out = now.people;
        *before_out = before.people;
    }
    return status;
}

static tf_status fill_change(tf_profile_work *work, tf_error *error) {
    tf_profile *profile = work->profile;
    tf_profile_change *change = &profile->change;
    for (tf_month month = change->from; month <= change->to; month++) {
        change->count += work->tally.by_month[month - work->first];
        change->previous_count += work->tally.by_month[month - 12 - work->first];
    }
    const char *now = tf_profile_list_months(work->arena, work->is_missing, work->first,
                                             change->from, change->to);
    const char *before = tf_profile_list_months(work->arena, work->is_missing, work->first,
                                                change->from - 12, change->to - 12);
    if (!now || !before) {
        return tf_fail_no_memory(error);
    }
    if (*now || *before) {
        change->rate_ratio.note =
            tf_arena_format(work->arena, "The change is not known: no file was imported of %s%s%s.",
                            before, *now && *before ? ", " : "", now);
        return change->rate_ratio.note ? TF_OK : tf_fail_no_memory(error);
    }
    work->is_comparable = true;
    if (change->count == 0 && change->previous_count == 0) {
        change->rate_ratio.note = "Nothing was recorded in either year, so there is no ratio.";
        return TF_OK;
    }
    double people_now, people_before;
    tf_status status = find_exposures(work, &people_now, &people_before, error);
    if (status) {
        return status;
    }
    change->rate_ratio.is_known = true;
    return tf_rate_ratio((uint64_t)change->count, people_now, (uint64_t)change->previous_count,
                         people_before, TF_PROFILE_CONFIDENCE, &change->rate_ratio.interval, error);
}

static tf_status fill_harm(tf_profile_work *work, tf_error *error) {
    tf_profile *profile = work->profile;
    const tf_crime_data *data = work->data;
    const int64_t *counts = work->tally.by_type;
    profile->harm_index = tf_arena_format(work->arena, "%s", tf_pack_harm_name(data->pack));
    if (!profile->harm_index) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < data->types.count; i++) {
        double days;
        if (tf_pack_harm_weight(data->pack, data->types.texts[i], &days)) {
            profile->harm_total += days * (double)counts[i];
        } else {
            profile->harm_unweighted += counts[i];
        }
    }
    return TF_OK;
}

tf_status tf_profile_fill_figures(tf_profile_work *work, tf_error *error) {
    tf_profile *profile = work->profile;
    for (size_t flags = 0; flags < TF_CRIME_FLAGS_END; flags++) {
        profile->count += work->tally.by_flags[flags];
        profile->no_location_count += flags & TF_CRIME_HAS_PLACE ? 0 : work->tally.by_flags[flags];
    }
    profile->no_location_share =
        profile->count ? (double)profile->no_location_count / (double)profile->count : NAN;
    tf_status status = fill_rate(work, error);
    if (!status) {
        status = fill_change(work, error);
    }
    return status ? status : fill_harm(work, error);
}
