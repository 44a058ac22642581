#include "profile_internal.h"

#include "trefoil/space/geometry.h"
#include "trefoil/stats/rate.h"

#include <math.h>

/* What the publisher writes in "Object of search" and "Outcome". */
static const char drugs_object[] = "Controlled drugs";
static const char no_action[] = "A no further action disposal";

/* What is counted on the way through the searches. */
typedef struct search_counts {
    int64_t *outcomes;  /* of searches for drugs, by code in data->search_outcomes */
    int64_t no_outcome; /* searches for drugs whose outcome is not stated */
    int64_t found;      /* searches for drugs whose outcome has to do with drugs */
    int64_t not_found;
    int64_t not_told;
    int64_t elsewhere_unknown; /* no coordinates: it may have been in the area or not */
} search_counts;

/* Whether a search for drugs found any: what the file says; and where it says nothing, a search
 * without further action had nothing to be linked. */
static void count_finding(search_counts *counts, uint8_t linked, bool is_no_action) {
    if (linked == TF_SEARCH_LINKED) {
        counts->found++;
    } else if (linked == TF_SEARCH_NOT_LINKED || is_no_action) {
        counts->not_found++;
    } else {
        counts->not_told++;
    }
}

/* Count the searches of a month.  `index` tells which are in the area, or is NULL for all. */
static tf_status count_month(tf_profile_work *work, const tf_search_month *month,
                             tf_area_index *index, search_counts *counts, tf_error *error) {
    tf_profile_searches *searches = &work->profile->searches;
    const tf_crime_data *data = work->data;
    uint32_t drugs = tf_codes_find(&data->objects, tf_text_of(drugs_object));
    uint32_t nothing = tf_codes_find(&data->search_outcomes, tf_text_of(no_action));
    for (int64_t i = 0; i < month->row_count; i++) {
        bool has_place = !isnan(month->longitude[i]);
        if (index) {
            int32_t area = -1;
            tf_point point = {month->longitude[i], month->latitude[i]};
            tf_status status = tf_area_index_find(index, &point, 1, &area, error);
            if (status) {
                return status;
            }
            counts->elsewhere_unknown += !has_place;
            if (area < 0) {
                continue;
            }
        }
        searches->count++;
        searches->without_location += !has_place;
        if (month->object[i] == TF_CRIME_NONE || month->object[i] != drugs) {
            continue;
        }
        searches->for_drugs++;
        if (month->outcome[i] == TF_CRIME_NONE) {
            counts->no_outcome++;
        } else {
            counts->outcomes[month->outcome[i]]++;
        }
        count_finding(counts, month->linked[i],
                      month->outcome[i] != TF_CRIME_NONE && month->outcome[i] == nothing);
    }
    return TF_OK;
}

static tf_status fill_results(tf_profile_work *work, const search_counts *counts, tf_error *error) {
    tf_profile_searches *searches = &work->profile->searches;
    const tf_codes *names = &work->data->search_outcomes;
    searches->outcomes = tf_profile_alloc(work, names->count + 1, sizeof *searches->outcomes);
    if (!searches->outcomes) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < names->count; i++) {
        if (counts->outcomes[i] > 0) {
            const char *name = tf_arena_format(work->arena, "%s", names->texts[i].data);
            if (!name) {
                return tf_fail_no_memory(error);
            }
            tf_profile_add_share(searches->outcomes, &searches->outcome_count, name,
                                 counts->outcomes[i]);
        }
    }
    if (counts->no_outcome > 0) {
        tf_profile_add_share(searches->outcomes, &searches->outcome_count, "Not stated",
                             counts->no_outcome);
    }
    tf_profile_sort_shares(searches->outcomes, searches->outcome_count);
    int64_t known = counts->found + counts->not_found;
    if (known == 0) {
        searches->found_rate.note = "No search for drugs has a result that is told.";
        return TF_OK;
    }
    if (counts->not_told > 0) {
        searches->found_rate.note = tf_arena_format(
            work->arena, "Of %lld searches for drugs the result is not told; they are left out.",
            (long long)counts->not_told);
        if (!searches->found_rate.note) {
            return tf_fail_no_memory(error);
        }
    }
    searches->found_rate.is_known = true;
    return tf_proportion_wilson((uint64_t)counts->found, (uint64_t)known, TF_PROFILE_CONFIDENCE,
                                &searches->found_rate.interval, error);
}

/* The outlines of the area's small areas; *index_out is NULL where there are none. */
static tf_status open_index(tf_profile_work *work, tf_area_index **index_out, tf_error *error) {
    const tf_area_set *small = &work->scope.small;
    *index_out = NULL;
    tf_polygons *outlines = tf_profile_alloc(work, small->count, sizeof *outlines);
    if (!outlines) {
        return tf_fail_no_memory(error);
    }
    tf_status status =
        tf_geography_outlines(work->data->geography, work->data->db, small, outlines, error);
    bool has_outline = false;
    for (size_t i = 0; i < small->count; i++) {
        has_outline = has_outline || outlines[i].part_count > 0;
    }
    if (!status && has_outline) {
        status = tf_area_index_new(outlines, small->count, index_out, error);
    }
    for (size_t i = 0; i < small->count; i++) {
        tf_polygons_deinit(&outlines[i]);
    }
    return status;
}

static tf_status count_searches(tf_profile_work *work, tf_area_index *index, search_counts *counts,
                                size_t *month_count, tf_error *error) {
    const tf_profile *profile = work->profile;
    const tf_profile_scope *scope = &work->scope;
    tf_status status = TF_OK;
    /* The names of all outcomes are known only when all is loaded. */
    const tf_crime_force *held = NULL;
    for (size_t f = 0; f < scope->force_count && !status; f++) {
        status = tf_crime_data_load_searches(work->data, scope->forces[f], profile->from,
                                             profile->to, &held, error);
    }
    counts->outcomes =
        tf_profile_alloc(work, work->data->search_outcomes.count + 1, sizeof *counts->outcomes);
    if (!counts->outcomes && !status) {
        status = tf_fail_no_memory(error);
    }
    for (size_t f = 0; f < scope->force_count && !status; f++) {
        held = scope->held[f];
        for (size_t i = 0; i < held->search_count && !status; i++) {
            if (held->searches[i].month >= profile->from &&
                held->searches[i].month <= profile->to) {
                *month_count += 1;
                status = count_month(work, &held->searches[i], index, counts, error);
            }
        }
    }
    return status;
}

tf_status tf_profile_fill_searches(tf_profile_work *work, tf_error *error) {
    tf_profile_searches *searches = &work->profile->searches;
    search_counts counts = {0};
    tf_area_index *index = NULL;
    size_t month_count = 0;
    tf_status status = work->scope.is_force ? TF_OK : open_index(work, &index, error);
    if (!status && !work->scope.is_force && !index) {
        searches->note = "Searches name no small area; to find those made here, import the "
                         "boundaries of the small areas (trefoil import areas).";
        return TF_OK;
    }
    if (!status) {
        status = count_searches(work, index, &counts, &month_count, error);
    }
    tf_area_index_free(index);
    if (status) {
        return status;
    }
    if (month_count == 0) {
        searches->note = "No stop-and-search file of the period was imported.";
        return TF_OK;
    }
    searches->is_known = true;
    if (counts.elsewhere_unknown > 0) {
        searches->note = tf_arena_format(
            work->arena,
            "%lld searches of the forces imported have no coordinates; those among them that were "
            "made here are not counted.",
            (long long)counts.elsewhere_unknown);
        if (!searches->note) {
            return tf_fail_no_memory(error);
        }
    }
    return fill_results(work, &counts, error);
}
