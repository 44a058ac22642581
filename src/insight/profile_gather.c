#include "profile_internal.h"

/* The group's crime types, by code in data->types. */
static bool *mark_types(tf_profile_work *work) {
    const tf_crime_data *data = work->data;
    bool *is_in_group = tf_profile_alloc(work, data->types.count + 1, 1);
    for (size_t i = 0; is_in_group && i < data->types.count; i++) {
        for (size_t k = 0; k < work->group->type_count && !is_in_group[i]; k++) {
            is_in_group[i] =
                tf_text_equal_fold(data->types.texts[i], tf_text_of(work->group->types[k]));
        }
    }
    return is_in_group;
}

static tf_status gather_month(tf_profile_work *work, size_t force, const tf_street_month *month,
                              const bool *is_in_group, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    tf_status status =
        tf_reserve(&work->cases, &work->case_capacity, work->case_count + (size_t)month->row_count,
                   sizeof *work->cases, error);
    if (status) {
        return status;
    }
    bool is_in_period = month->month >= work->profile->from;
    tf_profile_case *next = work->cases + work->case_count;
    for (int64_t i = 0; i < month->row_count; i++) {
        uint32_t named = month->area[i];
        tf_profile_place *place = named == TF_CODE_NONE ? NULL : &scope->places[named];
        if (!scope->is_force && !(place && place->is_here)) {
            continue;
        }
        scope->row_counts[force] += is_in_period;
        if (place) {
            place->is_named = true;
        }
        if (month->type[i] != TF_CRIME_NONE && is_in_group[month->type[i]]) {
            *next++ =
                (tf_profile_case){month->month - work->first, place ? place->area : TF_CASE_NO_AREA,
                                  month->type[i], month->outcome[i], month->flags[i]};
        }
    }
    work->case_count = (size_t)(next - work->cases);
    return TF_OK;
}

static tf_status gather_force(tf_profile_work *work, size_t force, const bool *is_in_group,
                              tf_error *error) {
    const tf_crime_force *held = work->scope.held[force];
    tf_status status = TF_OK;
    for (size_t i = 0; i < held->street_count && !status; i++) {
        tf_month month = held->street[i].month;
        if (month >= work->first && month <= work->profile->to) {
            status = gather_month(work, force, &held->street[i], is_in_group, error);
        }
    }
    return status;
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

tf_status tf_profile_gather(tf_profile_work *work, tf_error *error) {
    tf_status status = load(work, error);
    const bool *is_in_group = NULL;
    if (!status) {
        is_in_group = mark_types(work);
        status = is_in_group ? tf_profile_find_places(work, error) : tf_fail_no_memory(error);
    }
    for (size_t f = 0; f < work->scope.force_count && !status; f++) {
        status = gather_force(work, f, is_in_group, error);
    }
    if (!status && work->scope.small.count == 0) {
        status = tf_profile_name_areas(work, error);
    }
    if (!status) {
        find_home(&work->scope);
        status = mark_missing(work, error);
    }
    return status ? status : note_unknown_types(work, error);
}
