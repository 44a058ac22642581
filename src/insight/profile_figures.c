#include "profile_internal.h"

#include "trefoil/stats/rate.h"

#include <math.h>

tf_status tf_profile_rate(tf_profile_work *work, int64_t count, tf_profile_figure *rate_out,
                          tf_error *error) {
    const tf_profile *profile = work->profile;
    if (!(profile->population > 0)) {
        return TF_OK; /* the scope has left a note */
    }
    rate_out->is_known = true;
    return tf_rate_per_1000((uint64_t)count, profile->population, TF_PROFILE_CONFIDENCE,
                            &rate_out->interval, error);
}

/* The people of both years if each has an estimate of its own; otherwise 1 for both, as if nobody
 * had come or gone. */
static tf_status find_exposures(tf_profile_work *work, tf_error *error) {
    const tf_profile_change *change = &work->profile->change;
    int year = tf_month_year(change->from + (change->to - change->from) / 2);
    tf_population now, before;
    if (work->people_now > 0) {
        return TF_OK;
    }
    work->people_now = work->people_before = 1;
    tf_status status = tf_geography_population(work->data->geography, work->data->db,
                                               &work->scope.ref, year, &now, error);
    if (!status) {
        status = tf_geography_population(work->data->geography, work->data->db, &work->scope.ref,
                                         year - 1, &before, error);
    }
    if (!status && now.is_known && before.is_known && now.year == year && before.year == year - 1 &&
        now.people > 0 && before.people > 0) {
        work->people_now = now.people;
        work->people_before = before.people;
    }
    return status;
}

/* Why the two years cannot be compared, or NULL. */
static tf_status find_gaps(tf_profile_work *work, const char **note_out, tf_error *error) {
    const tf_profile_change *change = &work->profile->change;
    const char *now = tf_profile_list_months(work->arena, work->is_missing, work->first,
                                             change->from, change->to);
    const char *before = tf_profile_list_months(work->arena, work->is_missing, work->first,
                                                change->from - 12, change->to - 12);
    *note_out = NULL;
    if (!now || !before) {
        return tf_fail_no_memory(error);
    }
    if (*now || *before) {
        *note_out =
            tf_arena_format(work->arena, "The change is not known: no file was imported of %s%s%s.",
                            before, *now && *before ? ", " : "", now);
        return *note_out ? TF_OK : tf_fail_no_memory(error);
    }
    return TF_OK;
}

tf_status tf_profile_ratio(tf_profile_work *work, tf_profile_change *change, tf_error *error) {
    tf_profile_figure *ratio = &change->rate_ratio;
    tf_status status = find_gaps(work, &ratio->note, error);
    if (status || ratio->note) {
        return status;
    }
    work->is_comparable = true;
    if (change->count == 0 && change->previous_count == 0) {
        ratio->note = "Nothing was recorded in either year, so there is no ratio.";
        return TF_OK;
    }
    status = find_exposures(work, error);
    if (status) {
        return status;
    }
    ratio->is_known = true;
    return tf_rate_ratio((uint64_t)change->count, work->people_now,
                         (uint64_t)change->previous_count, work->people_before,
                         TF_PROFILE_CONFIDENCE, &ratio->interval, error);
}

static tf_status fill_change(tf_profile_work *work, tf_error *error) {
    tf_profile_change *change = &work->profile->change;
    for (tf_month month = change->from; month <= change->to; month++) {
        change->count += work->tally.by_month[month - work->first];
        change->previous_count += work->tally.by_month[month - 12 - work->first];
    }
    return tf_profile_ratio(work, change, error);
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
    tf_status status = tf_profile_rate(work, profile->count, &profile->rate_per_1000, error);
    if (!status) {
        status = fill_change(work, error);
    }
    return status ? status : fill_harm(work, error);
}
