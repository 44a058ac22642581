#include "insight/overview.h"

#include "insight/profile_words.h"
#include "profile_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- groups ---- */

/* Rows of the area by crime type, then by month since work->first. */
static int64_t *count_types(tf_profile_work *work) {
    const tf_crime_data *data = work->data;
    const tf_profile_scope *scope = &work->scope;
    size_t months = work->month_count, no_area = data->areas.count;
    int64_t *counts = tf_profile_alloc(work, data->types.count * months, sizeof *counts);
    for (size_t f = 0; f < scope->force_count && counts; f++) {
        const tf_crime_force *held = scope->held[f];
        for (size_t m = 0; m < held->street_count; m++) {
            const tf_street_month *street = &held->street[m];
            if (street->month < work->first || street->month > work->profile->to) {
                continue;
            }
            int64_t *of_month = counts + (street->month - work->first);
            for (int64_t i = 0; i < street->row_count; i++) {
                size_t area = street->area[i] == TF_CODE_NONE ? no_area : street->area[i];
                if (street->type[i] != TF_CRIME_NONE &&
                    (scope->is_force || scope->places[area].is_here)) {
                    of_month[street->type[i] * months]++;
                }
            }
        }
    }
    return counts;
}

/* The months of a group, from a year before the period on. */
static void sum_group(const tf_profile_work *work, const tf_offence_group *group,
                      const int64_t *counts, int64_t *sums) {
    const tf_codes *types = &work->data->types;
    memset(sums, 0, work->month_count * sizeof *sums);
    for (size_t i = 0; i < types->count; i++) {
        for (size_t k = 0; k < group->type_count; k++) {
            if (tf_text_equal_fold(types->texts[i], tf_text_of(group->types[k]))) {
                for (size_t m = 0; m < work->month_count; m++) {
                    sums[m] += counts[i * work->month_count + m];
                }
                break;
            }
        }
    }
}

static tf_status fill_group(tf_profile_work *work, const tf_offence_group *group,
                            const int64_t *sums, tf_overview_group *out, tf_error *error) {
    const tf_profile *profile = work->profile;
    *out = (tf_overview_group){
        .name = tf_arena_format(work->arena, "%s", group->name),
        .title = tf_arena_format(work->arena, "%s", group->title),
        .rate_per_1000 = {.note = profile->rate_per_1000.note},
        .change = {.from = profile->change.from, .to = profile->change.to},
        .months = tf_profile_alloc(work, profile->month_count, sizeof *out->months),
        .month_count = profile->month_count,
    };
    if (!out->name || !out->title || !out->months) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < out->month_count; i++) {
        size_t at = i + TF_PROFILE_MONTHS_BEFORE;
        out->months[i] =
            (tf_overview_month){profile->from + (tf_month)i, sums[at], work->is_missing[at]};
        out->count += sums[at];
    }
    for (tf_month month = out->change.from; month <= out->change.to; month++) {
        out->change.count += sums[month - work->first];
        out->change.previous_count += sums[month - 12 - work->first];
    }
    tf_status status = tf_profile_rate(work, out->count, &out->rate_per_1000, error);
    return status ? status : tf_profile_ratio(work, &out->change, error);
}

/* ---- small areas that changed ---- */

static int compare_changes(const void *left, const void *right) {
    const tf_profile_area *a = *(const tf_profile_area *const *)left;
    const tf_profile_area *b = *(const tf_profile_area *const *)right;
    if (a->change_p != b->change_p) {
        return a->change_p < b->change_p ? -1 : 1;
    }
    return strcmp(a->code, b->code);
}

static tf_status find_changed(tf_profile_work *work, tf_overview *overview, tf_error *error) {
    const tf_profile *profile = work->profile;
    overview->risen = tf_profile_alloc(work, profile->area_count, sizeof *overview->risen);
    overview->fallen = tf_profile_alloc(work, profile->area_count, sizeof *overview->fallen);
    if (!overview->risen || !overview->fallen) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        overview->tested_count +=
            isfinite(area->change_p) &&
            area->recent_count + area->previous_count >= TF_PROFILE_FEWEST_TO_TEST;
        if (area->is_changed && area->change.interval.value > 1) {
            overview->risen[overview->risen_count++] = area;
        } else if (area->is_changed) {
            overview->fallen[overview->fallen_count++] = area;
        }
    }
    qsort(overview->risen, overview->risen_count, sizeof *overview->risen, compare_changes);
    qsort(overview->fallen, overview->fallen_count, sizeof *overview->fallen, compare_changes);
    if (overview->tested_count > 0) {
        return TF_OK;
    }
    if (profile->area_count == 0) {
        overview->untested_note = "No small area is known here: import their boundaries (trefoil "
                                  "import areas).";
    } else if (!work->is_comparable) {
        overview->untested_note = profile->change.rate_ratio.note;
    } else {
        overview->untested_note =
            "Too few offences were recorded in every small area to tell a change from chance.";
    }
    return TF_OK;
}

/* ---- the whole ---- */

static tf_status fill(tf_profile_work *work, void *context, tf_error *error) {
    tf_overview *overview = context;
    const tf_pack *pack = work->data->pack;
    size_t group_count = tf_pack_group_count(pack);
    overview->profile = work->profile;
    overview->groups = tf_profile_alloc(work, group_count, sizeof *overview->groups);
    const int64_t *counts = count_types(work);
    int64_t *sums = tf_profile_alloc(work, work->month_count, sizeof *sums);
    if (!overview->groups || !counts || !sums) {
        return tf_fail_no_memory(error);
    }
    tf_status status = find_changed(work, overview, error);
    for (size_t i = 0; i < group_count && !status; i++) {
        const tf_offence_group *group = tf_pack_group_at(pack, i);
        sum_group(work, group, counts, sums);
        status = fill_group(work, group, sums, &overview->groups[overview->group_count++], error);
    }
    return status;
}

tf_status tf_overview_make(tf_crime_data *data, const tf_profile_request *request,
                           tf_overview **overview_out, tf_error *error) {
    *overview_out = NULL;
    tf_overview overview = {0};
    tf_profile *profile = NULL;
    tf_status status = tf_profile_make_with(data, request, fill, &overview, &profile, error);
    if (status) {
        return status;
    }
    *overview_out = tf_arena_alloc(profile->arena, 1, sizeof **overview_out);
    if (!*overview_out) {
        tf_profile_free(profile);
        return tf_fail_no_memory(error);
    }
    **overview_out = overview;
    return TF_OK;
}

void tf_overview_free(tf_overview *overview) {
    if (overview) {
        tf_profile_free(overview->profile);
    }
}

/* ---- where to start ---- */

/* The street partitions of the force with most rows, in order of month. */
static const tf_partition_info *find_largest(const tf_crime_data *data, tf_overview_start *start,
                                             size_t *count_out) {
    const tf_partition_info *largest = NULL;
    int64_t most = -1;
    for (size_t i = 0; i < data->catalogue_count;) {
        size_t count;
        const tf_partition_info *first = &data->catalogue[i];
        const tf_partition_info *stored =
            tf_crime_data_stored(data, first->feed, first->force, &count);
        int64_t rows = 0;
        for (size_t k = 0; k < count && strcmp(first->feed, "street") == 0; k++) {
            tf_month month = stored[k].month;
            rows += stored[k].row_count;
            start->first = start->is_known && start->first < month ? start->first : month;
            start->last = start->is_known && start->last > month ? start->last : month;
            start->is_known = true;
        }
        if (strcmp(first->feed, "street") == 0 && rows > most) {
            most = rows;
            largest = stored;
            *count_out = count;
        }
        i += count;
    }
    return largest;
}

/* The latest twelve months in a row, else all. */
static void choose_period(const tf_partition_info *months, size_t count, tf_overview_start *start) {
    enum { YEAR = 12 };
    start->from = months[0].month;
    start->to = months[count - 1].month;
    for (size_t last = count; last-- >= YEAR;) {
        if (months[last].month - months[last + 1 - YEAR].month == YEAR - 1) {
            start->from = months[last + 1 - YEAR].month;
            start->to = months[last].month;
            return;
        }
    }
}

tf_status tf_overview_default(tf_crime_data *data, tf_overview_start *start_out, tf_error *error) {
    *start_out = (tf_overview_start){0};
    tf_status status = tf_crime_data_refresh(data, error);
    if (status) {
        return status;
    }
    size_t count = 0;
    const tf_partition_info *months = find_largest(data, start_out, &count);
    if (!months) {
        return TF_OK;
    }
    choose_period(months, count, start_out);
    snprintf(start_out->area, sizeof start_out->area, "%s", months->force);
    for (size_t i = 0; i < tf_geography_count(data->geography, TF_LAYER_FORCE); i++) {
        tf_area_ref force = tf_geography_area(data->geography, TF_LAYER_FORCE, (int32_t)i);
        if (force.force_slug && strcmp(force.force_slug, months->force) == 0) {
            snprintf(start_out->area, sizeof start_out->area, "%s", force.code);
        }
    }
    return TF_OK;
}
