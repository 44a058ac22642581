#include "insight/compare.h"

#include "area_counts_internal.h"
#include "profile_internal.h"
#include "sources_internal.h"
#include "trefoil/stats/rate.h"

#include <math.h>
#include <stdlib.h>

typedef struct comparison_work {
    tf_crime_data *data;
    tf_comparison *comparison; /* to be filled */
    tf_arena *arena;           /* the comparison's */
    const tf_offence_group *group;
    tf_area_list list;
    tf_area_counts counts;
    size_t without_files; /* areas of the list whose forces' files were not imported */
    size_t shared;        /* partnerships that share an authority */
    size_t gapped;        /* areas with a missing month */
    size_t without_people;
    size_t other_year; /* areas whose population is that of another year */
} comparison_work;

static const tf_funnel_limits no_limits = {NAN, NAN, NAN, NAN};

static const char *copy(comparison_work *work, const char *text) {
    return tf_arena_format(work->arena, "%s", text);
}

/* ---- areas ---- */

static int middle_year(const tf_comparison *comparison) {
    return tf_month_year(comparison->from + (comparison->to - comparison->from) / 2);
}

static int count_missing(const tf_area_counts *counts, size_t area) {
    int missing = 0;
    for (size_t m = 0; m < counts->period_months; m++) {
        missing += counts->is_missing[area * counts->period_months + m];
    }
    return missing;
}

static tf_status fill_rate(comparison_work *work, const tf_area_ref *ref, tf_comparison_area *area,
                           tf_error *error) {
    tf_people people;
    int year = middle_year(work->comparison);
    tf_status status = tf_crime_data_people(work->data, ref, year, &people, error);
    if (status) {
        return status;
    }
    area->population = people.people;
    area->population_year = people.year;
    if (area->missing_months > 0) {
        work->gapped++;
        area->rate_per_1000.note = "Months of the period are missing, so there is no rate.";
        return TF_OK;
    }
    if (!(people.people > 0)) {
        work->without_people++;
        area->rate_per_1000.note = "Its population is not known: run trefoil import population.";
        return TF_OK;
    }
    work->other_year += people.year != year;
    area->rate_per_1000.is_known = true;
    work->comparison->rated_count++;
    return tf_rate_per_1000((uint64_t)area->count, people.people, TF_PROFILE_CONFIDENCE,
                            &area->rate_per_1000.interval, error);
}

static tf_status fill_areas(comparison_work *work, tf_error *error) {
    tf_comparison *comparison = work->comparison;
    const tf_area_list *list = &work->list;
    comparison->areas = tf_arena_alloc(work->arena, list->count, sizeof *comparison->areas);
    if (!comparison->areas) {
        return tf_fail_no_memory(error);
    }
    tf_status status = TF_OK;
    for (size_t i = 0; i < list->count && !status; i++) {
        const tf_area_ref *ref = &list->areas[i];
        if (tf_geography_is_shared(work->data->geography, ref)) {
            work->shared++;
            continue;
        }
        int missing = count_missing(&work->counts, i);
        if ((size_t)missing == work->counts.period_months) {
            work->without_files++;
            continue;
        }
        tf_comparison_area *area = &comparison->areas[comparison->area_count++];
        *area = (tf_comparison_area){.code = copy(work, ref->code),
                                     .name = copy(work, ref->name),
                                     .count = tf_area_counts_at(&work->counts, i, 0, 0),
                                     .missing_months = missing,
                                     .expected = NAN,
                                     .limits = no_limits,
                                     .wide_limits = no_limits};
        status =
            area->code && area->name ? fill_rate(work, ref, area, error) : tf_fail_no_memory(error);
    }
    return status;
}

static int compare_areas(const void *left, const void *right) {
    const tf_comparison_area *a = left, *b = right;
    if (a->rate_per_1000.is_known != b->rate_per_1000.is_known) {
        return a->rate_per_1000.is_known ? -1 : 1;
    }
    double rate_a = a->rate_per_1000.interval.value, rate_b = b->rate_per_1000.interval.value;
    if (rate_a != rate_b) {
        return rate_a > rate_b ? -1 : 1;
    }
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return strcmp(a->code, b->code);
}

/* ---- the funnel ---- */

static tf_funnel_limits per_1000(const tf_funnel_limits *events, double population) {
    double factor = 1000 / population;
    return (tf_funnel_limits){events->lower_998 * factor, events->lower_95 * factor,
                              events->upper_95 * factor, events->upper_998 * factor};
}

/* The limits of an area of that size, in events. */
static tf_status make_limits(const tf_comparison *comparison, double population,
                             tf_funnel_limits *limits, tf_funnel_limits *wide, tf_error *error) {
    double expected = comparison->overall_rate_per_1000 * population / 1000;
    const tf_funnel_dispersion *dispersion = &comparison->dispersion;
    tf_status status = tf_funnel_limits_make(expected, 1, limits, error);
    *wide = *limits;
    if (!status && dispersion->is_clear) {
        status = tf_funnel_limits_make(expected, dispersion->phi, wide, error);
    }
    return status;
}

static tf_status find_dispersion(comparison_work *work, tf_error *error) {
    tf_comparison *comparison = work->comparison;
    size_t count = comparison->rated_count;
    double *events = tf_arena_alloc(work->arena, 2 * count, sizeof *events);
    if (!events) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        tf_comparison_area *area = &comparison->areas[i];
        area->expected = comparison->overall_rate_per_1000 * area->population / 1000;
        events[i] = (double)area->count;
        events[count + i] = area->expected;
    }
    return tf_funnel_disperse(events, events + count, count, &comparison->dispersion, error);
}

static tf_status place_areas(tf_comparison *comparison, tf_error *error) {
    for (size_t i = 0; i < comparison->rated_count; i++) {
        tf_comparison_area *area = &comparison->areas[i];
        tf_funnel_limits limits, wide;
        tf_status status = make_limits(comparison, area->population, &limits, &wide, error);
        if (status) {
            return status;
        }
        area->position = tf_funnel_place(&limits, (double)area->count);
        area->wide_position = tf_funnel_place(&wide, (double)area->count);
        area->limits = per_1000(&limits, area->population);
        area->wide_limits = per_1000(&wide, area->population);
        comparison->above_count += area->wide_position == TF_FUNNEL_ABOVE_998;
        comparison->below_count += area->wide_position == TF_FUNNEL_BELOW_998;
    }
    return TF_OK;
}

/* Sizes in equal ratios, as the funnel bends most where areas are small. */
static tf_status fill_curve(comparison_work *work, tf_error *error) {
    tf_comparison *comparison = work->comparison;
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < comparison->rated_count; i++) {
        least = fmin(least, comparison->areas[i].population);
        most = fmax(most, comparison->areas[i].population);
    }
    least *= 0.8;
    most *= 1.1;
    comparison->curve =
        tf_arena_alloc(work->arena, TF_COMPARISON_CURVE_POINTS, sizeof *comparison->curve);
    if (!comparison->curve) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < TF_COMPARISON_CURVE_POINTS; i++) {
        double share = (double)i / (TF_COMPARISON_CURVE_POINTS - 1);
        double population = least * pow(most / least, share);
        tf_funnel_limits limits, wide;
        tf_status status = make_limits(comparison, population, &limits, &wide, error);
        if (status) {
            return status;
        }
        comparison->curve[comparison->curve_count++] = (tf_comparison_curve){
            population, per_1000(&limits, population), per_1000(&wide, population)};
    }
    return TF_OK;
}

static tf_status fill_funnel(comparison_work *work, tf_error *error) {
    tf_comparison *comparison = work->comparison;
    double events = 0, people = 0;
    for (size_t i = 0; i < comparison->rated_count; i++) {
        events += (double)comparison->areas[i].count;
        people += comparison->areas[i].population;
    }
    comparison->dispersion = (tf_funnel_dispersion){.phi = NAN, .bound = NAN};
    if (comparison->rated_count == 0) {
        return TF_OK;
    }
    comparison->overall_rate_per_1000 = events / people * 1000;
    if (events == 0) {
        return TF_OK; /* nothing is expected anywhere, so that no area stands out */
    }
    tf_status status = find_dispersion(work, error);
    if (!status) {
        status = place_areas(comparison, error);
    }
    return status ? status : fill_curve(work, error);
}

/* ---- notes and sources ---- */

static tf_status note(comparison_work *work, const char *text, tf_error *error) {
    enum { MOST = 8 };
    tf_comparison *comparison = work->comparison;
    if (!comparison->notes) {
        comparison->notes = tf_arena_alloc(work->arena, MOST, sizeof *comparison->notes);
    }
    if (!text || !comparison->notes || comparison->note_count == MOST) {
        return tf_fail_no_memory(error);
    }
    comparison->notes[comparison->note_count++] = text;
    return TF_OK;
}

/* A sentence with a number of areas in it, if there are any. */
static tf_status note_count(comparison_work *work, size_t count, const char *words,
                            tf_error *error) {
    if (count == 0) {
        return TF_OK;
    }
    return note(work, tf_arena_format(work->arena, "%zu %s", count, words), error);
}

static tf_status note_dispersion(comparison_work *work, tf_error *error) {
    const tf_funnel_dispersion *dispersion = &work->comparison->dispersion;
    if (!dispersion->is_clear) {
        return TF_OK;
    }
    return note(work,
                tf_arena_format(work->arena,
                                "The areas differ far more than chance explains: their dispersion "
                                "is %.1f, where up to %.1f could be chance. The wide limits allow "
                                "for that; what lies beyond them stands out even among these "
                                "areas.",
                                dispersion->phi, dispersion->bound),
                error);
}

static tf_status fill_notes(comparison_work *work, tf_error *error) {
    const tf_comparison *comparison = work->comparison;
    tf_status status = note_dispersion(work, error);
    if (!status && comparison->layer != TF_LAYER_FORCE) {
        status = note(work,
                      "Rows without a location name no small area, so that they are in the figures "
                      "of forces only.",
                      error);
    }
    if (!status) {
        status = note_count(work, work->without_files,
                            "areas are left out, as no file of their force was imported for the "
                            "period.",
                            error);
    }
    if (!status) {
        status = note_count(work, work->shared,
                            "partnerships are left out, as they share a local authority with "
                            "others and no file says which rows are whose.",
                            error);
    }
    if (!status) {
        status = note_count(work, work->gapped,
                            "areas have no rate, as months of the period are missing.", error);
    }
    if (!status) {
        status = note_count(work, work->without_people,
                            "areas have no rate, as their population is not known.", error);
    }
    if (!status) {
        status = note_count(work, work->other_year,
                            "areas have the population of another year, the nearest imported to "
                            "the middle of the period.",
                            error);
    }
    return status;
}

static bool is_source(const comparison_work *work, const tf_partition_info *info) {
    const tf_area_counts *counts = &work->counts;
    if (strcmp(info->feed, "street") != 0 || info->month < work->comparison->from ||
        info->month > work->comparison->to) {
        return false;
    }
    for (size_t f = 0; f < counts->force_count; f++) {
        if (strcmp(counts->forces[f], info->force) == 0) {
            return counts->is_counted[f];
        }
    }
    return false;
}

static tf_status fill_sources(comparison_work *work, tf_error *error) {
    const tf_crime_data *data = work->data;
    tf_source_list list;
    tf_status status = tf_source_list_open(&list, data, work->arena, error);
    for (size_t i = 0; i < data->catalogue_count && !status; i++) {
        if (is_source(work, &data->catalogue[i])) {
            status = tf_source_list_add(&list, &data->catalogue[i], error);
        }
    }
    work->comparison->sources = list.sources;
    work->comparison->source_count = list.count;
    tf_source_list_close(&list);
    return status;
}

/* ---- the whole ---- */

static tf_status find_scope(comparison_work *work, const tf_comparison_request *request,
                            tf_error *error) {
    tf_comparison *comparison = work->comparison;
    tf_status status = tf_profile_check_period(request->from, request->to, error);
    if (!status) {
        status = tf_profile_find_group(work->data->pack, request->type, &work->group, error);
    }
    if (!status) {
        status = tf_crime_data_refresh(work->data, error);
    }
    if (!status) {
        status = tf_area_list_find(work->data, request->within, request->layer, work->arena,
                                   &work->list, error);
    }
    if (status) {
        return status;
    }
    comparison->group = copy(work, work->group->name);
    comparison->group_title = copy(work, work->group->title);
    bool has_all = comparison->group && comparison->group_title;
    if (work->list.has_within) {
        comparison->within_code = copy(work, work->list.within.code);
        comparison->within_name = copy(work, work->list.within.name);
        has_all = has_all && comparison->within_code && comparison->within_name;
    }
    return has_all ? TF_OK : tf_fail_no_memory(error);
}

static tf_status fill(comparison_work *work, const tf_comparison_request *request,
                      tf_error *error) {
    tf_status status = find_scope(work, request, error);
    if (status) {
        return status;
    }
    tf_area_counts_request counting = {.list = &work->list,
                                       .groups = &work->group,
                                       .group_count = 1,
                                       .from = request->from,
                                       .to = request->to};
    status = tf_area_counts_make(work->data, &counting, work->arena, &work->counts, error);
    if (!status) {
        status = fill_areas(work, error);
    }
    if (!status) {
        qsort(work->comparison->areas, work->comparison->area_count,
              sizeof *work->comparison->areas, compare_areas);
        status = fill_funnel(work, error);
    }
    if (!status) {
        status = fill_notes(work, error);
    }
    return status ? status : fill_sources(work, error);
}

tf_status tf_comparison_make(tf_crime_data *data, const tf_comparison_request *request,
                             tf_comparison **comparison_out, tf_error *error) {
    *comparison_out = NULL;
    tf_arena *arena = tf_arena_new();
    tf_comparison *comparison = arena ? tf_arena_alloc(arena, 1, sizeof *comparison) : NULL;
    if (!comparison) {
        tf_arena_free(arena);
        return tf_fail_no_memory(error);
    }
    *comparison = (tf_comparison){.arena = arena,
                                  .layer = request->layer,
                                  .from = request->from,
                                  .to = request->to,
                                  .overall_rate_per_1000 = NAN};
    comparison_work work = {.data = data, .comparison = comparison, .arena = arena};
    tf_status status = fill(&work, request, error);
    if (status) {
        tf_comparison_free(comparison);
        return status;
    }
    *comparison_out = comparison;
    return TF_OK;
}

void tf_comparison_free(tf_comparison *comparison) {
    if (comparison) {
        tf_arena_free(comparison->arena);
    }
}

const char *tf_funnel_position_name(tf_funnel_position position) {
    static const char *const names[] = {
        [TF_FUNNEL_WITHIN] = "within",       [TF_FUNNEL_ABOVE_95] = "above_95",
        [TF_FUNNEL_ABOVE_998] = "above_998", [TF_FUNNEL_BELOW_95] = "below_95",
        [TF_FUNNEL_BELOW_998] = "below_998",
    };
    return names[position];
}

const char *tf_funnel_position_words(tf_funnel_position position) {
    static const char *const words[] = {
        [TF_FUNNEL_WITHIN] = "within the limits",
        [TF_FUNNEL_ABOVE_95] = "above the 95% limit",
        [TF_FUNNEL_ABOVE_998] = "above the 99.8% limit",
        [TF_FUNNEL_BELOW_95] = "below the 95% limit",
        [TF_FUNNEL_BELOW_998] = "below the 99.8% limit",
    };
    return words[position];
}
