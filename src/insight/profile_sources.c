#include "profile_internal.h"
#include "sources_internal.h"

/* Whether rows of this partition are in the profile's figures. */
static bool is_source(const tf_profile_work *work, const tf_partition_info *info) {
    const tf_profile *profile = work->profile;
    const tf_profile_scope *scope = &work->scope;
    for (size_t f = 0; f < scope->force_count; f++) {
        if (strcmp(scope->forces[f], info->force) == 0) {
            if (strcmp(info->feed, "outcomes") == 0) {
                return scope->row_counts[f] > 0; /* of all months: an outcome comes later */
            }
            if (info->month < work->first || info->month > profile->to) {
                return false;
            }
            if (strcmp(info->feed, "street") == 0) {
                return scope->row_counts[f] > 0;
            }
            return info->month >= profile->from && profile->searches.is_known &&
                   (scope->is_force || scope->row_counts[f] > 0);
        }
    }
    return false;
}

tf_status tf_profile_fill_sources(tf_profile_work *work, tf_error *error) {
    const tf_crime_data *data = work->data;
    tf_source_list list;
    tf_status status = tf_source_list_open(&list, data, work->arena, error);
    for (size_t i = 0; i < data->catalogue_count && !status; i++) {
        if (is_source(work, &data->catalogue[i])) {
            status = tf_source_list_add(&list, &data->catalogue[i], error);
        }
    }
    work->profile->sources = list.sources;
    work->profile->source_count = list.count;
    tf_source_list_close(&list);
    return status;
}

/* Say which months of a feed a force has no file of. */
static tf_status note_gaps(tf_profile_work *work, const char *feed, const char *force,
                           tf_error *error) {
    const tf_profile *profile = work->profile;
    size_t count;
    const tf_partition_info *stored = tf_crime_data_stored(work->data, feed, force, &count);
    size_t month_count = (size_t)(profile->to - profile->from) + 1;
    bool *is_missing = tf_profile_alloc(work, month_count, sizeof *is_missing);
    if (!is_missing) {
        return tf_fail_no_memory(error);
    }
    memset(is_missing, true, month_count);
    for (size_t i = 0; i < count; i++) {
        if (stored[i].month >= profile->from && stored[i].month <= profile->to) {
            is_missing[stored[i].month - profile->from] = false;
        }
    }
    const char *months =
        tf_profile_list_months(work->arena, is_missing, profile->from, profile->from, profile->to);
    if (!months) {
        return tf_fail_no_memory(error);
    }
    if (!*months) {
        return TF_OK;
    }
    return tf_profile_note(
        work,
        tf_arena_format(work->arena, "No %s file of %s was imported for %s.", feed, force, months),
        error);
}

static tf_status note_forces(tf_profile_work *work, tf_error *error) {
    const tf_profile_scope *scope = &work->scope;
    const char *list = "";
    size_t count = 0;
    for (size_t f = 0; f < scope->force_count && list; f++) {
        if (scope->row_counts[f] > 0) {
            list =
                tf_arena_format(work->arena, "%s%s%s", list, count++ ? ", " : "", scope->forces[f]);
        }
    }
    if (!list) {
        return tf_fail_no_memory(error);
    }
    return count < 2 ? TF_OK
                     : tf_profile_note(work,
                                       tf_arena_format(work->arena,
                                                       "The figures are of rows that several "
                                                       "forces reported: %s.",
                                                       list),
                                       error);
}

tf_status tf_profile_fill_notes(tf_profile_work *work, tf_error *error) {
    static const char *const feeds[] = {"street", "outcomes", "stop-and-search"};
    const tf_profile_scope *scope = &work->scope;
    tf_status status = note_forces(work, error);
    for (size_t f = 0; f < scope->force_count; f++) {
        /* A force from elsewhere reports here when it comes by: only its street files count. */
        size_t feed_count = scope->is_home[f] ? 3 : scope->row_counts[f] > 0 ? 1 : 0;
        for (size_t i = 0; i < feed_count && !status; i++) {
            status = note_gaps(work, feeds[i], scope->forces[f], error);
        }
    }
    if (!status && !scope->is_force) {
        status = tf_profile_note(
            work,
            "Rows without a location name no small area, so that they are in the figures of the "
            "force only.",
            error);
    }
    return status;
}
