#include "profile_internal.h"

/* The group's crime types, by code in data->types. */
static bool *mark_types(tf_profile_work *work) {
    const tf_crime_data *data = work->data;
    bool *is_in_group = tf_profile_alloc(work, data->types.count, sizeof *is_in_group);
    for (size_t i = 0; is_in_group && i < data->types.count; i++) {
        for (size_t k = 0; k < work->group->type_count && !is_in_group[i]; k++) {
            is_in_group[i] =
                tf_text_equal_fold(data->types.texts[i], tf_text_of(work->group->types[k]));
        }
    }
    return is_in_group;
}

static tf_status tally_init(tf_profile_work *work, tf_error *error) {
    const tf_crime_data *data = work->data;
    tf_profile_tally *tally = &work->tally;
    size_t area_count = data->areas.count + 1;
    tally->by_month = tf_profile_alloc(work, work->month_count, sizeof(int64_t));
    tally->by_type = tf_profile_alloc(work, data->types.count, sizeof(int64_t));
    tally->by_outcome = tf_profile_alloc(work, data->outcomes.count + 1, sizeof(int64_t));
    tally->by_area = tf_profile_alloc(work, area_count, sizeof(int64_t));
    tally->by_area_now = tf_profile_alloc(work, area_count, sizeof(int64_t));
    tally->by_area_before = tf_profile_alloc(work, area_count, sizeof(int64_t));
    return tally->by_month && tally->by_type && tally->by_outcome && tally->by_area &&
                   tally->by_area_now && tally->by_area_before
               ? TF_OK
               : tf_fail_no_memory(error);
}

/* Count a month's rows.  What is counted of them depends on where the month lies. */
static void count_month(tf_profile_work *work, size_t force, const tf_street_month *month,
                        const bool *is_in_group) {
    const tf_profile *profile = work->profile;
    const tf_profile_change *change = &profile->change;
    tf_profile_scope *scope = &work->scope;
    tf_profile_tally *tally = &work->tally;
    const uint32_t no_area = (uint32_t)work->data->areas.count;
    const size_t no_outcome = work->data->outcomes.count;
    bool is_in_period = month->month >= profile->from;
    bool is_before = month->month >= change->from - 12 && month->month <= change->to - 12;
    int64_t *by_area_in_window = month->month >= change->from ? tally->by_area_now
                                 : is_before                  ? tally->by_area_before
                                                              : NULL;
    int64_t here = 0, counted = 0;
    for (int64_t i = 0; i < month->row_count; i++) {
        uint32_t area = month->area[i] == TF_CODE_NONE ? no_area : month->area[i];
        if (!scope->is_force && !scope->places[area].is_here) {
            continue;
        }
        here++;
        scope->places[area].is_named = true;
        if (month->type[i] == TF_CRIME_NONE || !is_in_group[month->type[i]]) {
            continue;
        }
        counted++;
        if (by_area_in_window) {
            by_area_in_window[area]++;
        }
        if (is_in_period) {
            tally->by_area[area]++;
            tally->by_type[month->type[i]]++;
            tally->by_flags[month->flags[i]]++;
            tally
                ->by_outcome[month->outcome[i] == TF_CRIME_NONE ? no_outcome : month->outcome[i]]++;
        }
    }
    tally->by_month[month->month - work->first] += counted;
    scope->row_counts[force] += is_in_period ? here : 0;
}

static void count_force(tf_profile_work *work, size_t force, const bool *is_in_group) {
    const tf_crime_force *held = work->scope.held[force];
    for (size_t i = 0; i < held->street_count; i++) {
        tf_month month = held->street[i].month;
        if (month >= work->first && month <= work->profile->to) {
            count_month(work, force, &held->street[i], is_in_group);
        }
    }
}

static tf_status load(tf_profile_work *work, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    tf_status status = TF_OK;
    scope->held = tf_profile_alloc(work, scope->force_count, sizeof(tf_crime_force *));
    if (!scope->held) {
        return tf_fail_no_memory(error);
    }
    for (size_t f = 0; f < scope->force_count && !status; f++) {
        status = tf_crime_data_load_street(work->data, scope->forces[f], work->first,
                                           work->profile->to, &scope->held[f], error);
    }
    return status;
}

/* Without files that say which forces police an area, the one with most of its rows does. */
static void find_home(tf_profile_scope *scope) {
    size_t most = 0;
    for (size_t f = 0; f < scope->force_count; f++) {
        if (scope->is_home[f]) {
            return;
        }
        most = scope->row_counts[f] > scope->row_counts[most] ? f : most;
    }
    if (scope->force_count > 0 && scope->row_counts[most] > 0) {
        scope->is_home[most] = true;
    }
}

/* A month is missing when a force that polices the area has no file of it. */
static tf_status mark_missing(tf_profile_work *work, tf_error *error) {
    const tf_profile_scope *scope = &work->scope;
    work->is_missing = tf_profile_alloc(work, work->month_count, sizeof *work->is_missing);
    if (!work->is_missing) {
        return tf_fail_no_memory(error);
    }
    bool has_home = false;
    for (size_t f = 0; f < scope->force_count; f++) {
        size_t count;
        const tf_partition_info *stored =
            tf_crime_data_stored(work->data, "street", scope->forces[f], &count);
        if (!scope->is_home[f]) {
            continue;
        }
        has_home = true;
        size_t next = 0;
        for (size_t i = 0; i < work->month_count; i++) {
            tf_month month = work->first + (tf_month)i;
            while (next < count && stored[next].month < month) {
                next++;
            }
            if (next == count || stored[next].month != month) {
                work->is_missing[i] = true;
            }
        }
    }
    if (!has_home) {
        memset(work->is_missing, true, work->month_count);
    }
    return TF_OK;
}

/* Crime types that the publisher has added since the pack was written are in no group. */
static tf_status note_unknown_types(tf_profile_work *work, tf_error *error) {
    const tf_crime_data *data = work->data;
    tf_status status = TF_OK;
    for (size_t i = 0; i < data->types.count && !status; i++) {
        if (!tf_pack_group_find(data->pack, data->types.texts[i])) {
            status = tf_profile_note(
                work,
                tf_arena_format(work->arena,
                                "The files have a crime type \"%s\" that the pack does not know; "
                                "it is in no group, and not counted here.",
                                data->types.texts[i].data),
                error);
        }
    }
    return status;
}

tf_status tf_profile_count(tf_profile_work *work, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    const bool *is_in_group = NULL;
    tf_status status = load(work, error);
    if (!status) {
        status = tf_profile_find_places(work, error);
    }
    if (!status) {
        status = tally_init(work, error);
    }
    if (!status) {
        is_in_group = mark_types(work);
        status = is_in_group ? TF_OK : tf_fail_no_memory(error);
    }
    for (size_t f = 0; f < scope->force_count && !status; f++) {
        count_force(work, f, is_in_group);
    }
    if (!status && scope->small.count == 0) {
        status = tf_profile_name_areas(work, error);
    }
    if (!status) {
        find_home(scope);
        status = mark_missing(work, error);
    }
    return status ? status : note_unknown_types(work, error);
}
