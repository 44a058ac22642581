#include "profile_internal.h"

#include "trefoil/space/hot_spot.h"
#include "trefoil/stats/multiple.h"
#include "trefoil/stats/rate.h"

#include <math.h>
#include <stdlib.h>

/* Counts by small area. */
typedef struct area_counts {
    int64_t *in_period;
    int64_t *now;    /* in the window of the change */
    int64_t *before; /* a year before that */
} area_counts;

static tf_status count_areas(tf_profile_work *work, area_counts *counts, tf_error *error) {
    size_t count = work->scope.area_count;
    counts->in_period = tf_profile_alloc(work, count, sizeof(int64_t));
    counts->now = tf_profile_alloc(work, count, sizeof(int64_t));
    counts->before = tf_profile_alloc(work, count, sizeof(int64_t));
    if (!counts->in_period || !counts->now || !counts->before) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < work->data->areas.count; i++) {
        int32_t area = work->scope.places[i].area;
        if (area >= 0) {
            counts->in_period[area] += work->tally.by_area[i];
            counts->now[area] += work->tally.by_area_now[i];
            counts->before[area] += work->tally.by_area_before[i];
        }
    }
    return TF_OK;
}

/* Why Gi* cannot be had, or NULL. */
static const char *why_no_hot_spots(const tf_profile_scope *scope) {
    const tf_neighbours *neighbours = &scope->small.neighbours;
    if (scope->ref.layer == TF_LAYER_SMALL_AREA) {
        return "A single small area has no hot spots within it.";
    }
    if (scope->small.count == 0) {
        return "Hot spots are not known: import the boundaries of the small areas (trefoil import "
               "areas) and the lookup of authorities to forces (trefoil import lookup).";
    }
    if (neighbours->offsets == NULL || neighbours->offsets[neighbours->count] == 0) {
        return "Hot spots are not known: the small areas were imported without outlines, so that "
               "nobody's neighbours are known.";
    }
    return NULL;
}

static tf_status fill_hot_spots(tf_profile_work *work, tf_error *error) {
    tf_profile *profile = work->profile;
    size_t count = profile->area_count;
    profile->areas_note = why_no_hot_spots(&work->scope);
    if (profile->areas_note || count == 0) {
        return TF_OK;
    }
    double *values = tf_profile_alloc(work, 4 * count, sizeof *values);
    if (!values) {
        return tf_fail_no_memory(error);
    }
    double *z = values + count, *p = values + 2 * count, *q = values + 3 * count;
    for (size_t i = 0; i < count; i++) {
        values[i] = (double)profile->areas[i].count;
    }
    tf_status status =
        tf_hot_spot_gi_star(values, &work->scope.small.neighbours, TF_TAIL_UPPER, z, p, error);
    if (!status) {
        status = tf_multiple_adjust(p, count, q, error);
    }
    for (size_t i = 0; i < count && !status; i++) {
        profile->areas[i].gi_star_z = z[i];
        profile->areas[i].p = p[i];
        profile->areas[i].q = q[i];
        profile->areas[i].is_hot = q[i] <= TF_PROFILE_FALSE_DISCOVERY;
    }
    return status;
}

/* The ratio of every area in which anything was recorded, and which of them changed. */
static tf_status fill_changes(tf_profile_work *work, const area_counts *counts, tf_error *error) {
    tf_profile *profile = work->profile;
    size_t count = profile->area_count;
    double *p = tf_profile_alloc(work, count, sizeof *p);
    size_t *tested = tf_profile_alloc(work, count, sizeof *tested);
    if (!p || !tested) {
        return tf_fail_no_memory(error);
    }
    size_t test_count = 0;
    tf_status status = TF_OK;
    for (size_t i = 0; i < count && !status; i++) {
        tf_profile_area *area = &profile->areas[i];
        uint64_t now = (uint64_t)counts->now[i], before = (uint64_t)counts->before[i];
        area->change_p = NAN;
        if (!work->is_comparable || now + before == 0) {
            area->change.note = work->is_comparable ? "Nothing was recorded in either year."
                                                    : profile->change.rate_ratio.note;
            continue;
        }
        area->change.is_known = true;
        status =
            tf_rate_ratio(now, 1, before, 1, TF_PROFILE_CONFIDENCE, &area->change.interval, error);
        if (!status) {
            status = tf_rate_ratio_test(now, 1, before, 1, &area->change_p, error);
        }
        if (now + before >= TF_PROFILE_FEWEST_TO_TEST) {
            p[test_count] = area->change_p;
            tested[test_count++] = i;
        }
    }
    if (!status) {
        status = tf_multiple_adjust(p, test_count, p, error);
    }
    for (size_t i = 0; i < test_count && !status; i++) {
        profile->areas[tested[i]].is_changed = p[i] <= TF_PROFILE_FALSE_DISCOVERY;
    }
    return status;
}

static int compare_areas(const void *left, const void *right) {
    const tf_profile_area *a = left, *b = right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return strcmp(a->code, b->code);
}

/* What the table of areas leaves out, and what of it is not straightforward. */
static tf_status note_places(tf_profile_work *work, tf_error *error) {
    const tf_profile_scope *scope = &work->scope;
    size_t no_area = work->data->areas.count;
    int64_t unnamed = work->tally.by_area[no_area], unplaced = 0;
    size_t mapped = 0;
    for (size_t i = 0; i < no_area; i++) {
        const tf_profile_place *place = &scope->places[i];
        unplaced += place->area < 0 ? work->tally.by_area[i] : 0;
        mapped += place->is_named && place->is_mapped_by_name;
    }
    tf_status status = TF_OK;
    if (unplaced + unnamed > 0) {
        status = tf_profile_note(
            work,
            tf_arena_format(work->arena,
                            "Offences that are not in the table of small areas: %lld. They name "
                            "none (%lld), or one outside the area or not imported (%lld).",
                            (long long)(unplaced + unnamed), (long long)unnamed,
                            (long long)unplaced),
            error);
    }
    if (mapped > 0 && !status) {
        status = tf_profile_note(
            work,
            tf_arena_format(work->arena,
                            "The files name %zu small areas by codes of another census; they are "
                            "counted in the areas of the same name.",
                            mapped),
            error);
    }
    return status;
}

tf_status tf_profile_fill_areas(tf_profile_work *work, tf_error *error) {
    tf_profile *profile = work->profile;
    const tf_profile_scope *scope = &work->scope;
    area_counts counts;
    tf_status status = count_areas(work, &counts, error);
    if (status) {
        return status;
    }
    profile->area_count = scope->area_count;
    profile->areas = tf_profile_alloc(work, scope->area_count, sizeof *profile->areas);
    if (!profile->areas) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < scope->area_count; i++) {
        profile->areas[i] = (tf_profile_area){.code = scope->areas[i].code,
                                              .name = scope->areas[i].name,
                                              .count = counts.in_period[i],
                                              .recent_count = counts.now[i],
                                              .previous_count = counts.before[i],
                                              .gi_star_z = NAN,
                                              .p = NAN,
                                              .q = NAN};
    }
    status = fill_hot_spots(work, error);
    if (!status) {
        status = fill_changes(work, &counts, error);
    }
    qsort(profile->areas, profile->area_count, sizeof *profile->areas, compare_areas);
    return status ? status : note_places(work, error);
}
