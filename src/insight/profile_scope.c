#include "profile_internal.h"

#include <math.h>
#include <stdlib.h>

static tf_status add_force(tf_profile_work *work, const char *slug, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    const char *own = scope->ref.force_slug;
    bool is_own = own && strcmp(slug, own) == 0;
    for (size_t f = 0; f < scope->force_count; f++) {
        if (strcmp(scope->forces[f], slug) == 0) {
            return TF_OK;
        }
    }
    if (scope->is_force && !is_own) {
        return TF_OK;
    }
    scope->is_home[scope->force_count] = is_own;
    scope->forces[scope->force_count] = tf_arena_format(work->arena, "%s", slug);
    return scope->forces[scope->force_count++] ? TF_OK : tf_fail_no_memory(error);
}

/* The forces whose rows can be the area's: all of which files were imported, and its own even if
 * there are none, so that they are missed. */
static tf_status find_forces(tf_profile_work *work, tf_error *error) {
    const tf_crime_data *data = work->data;
    tf_profile_scope *scope = &work->scope;
    size_t most = data->catalogue_count + 1;
    scope->forces = tf_profile_alloc(work, most, sizeof *scope->forces);
    scope->is_home = tf_profile_alloc(work, most, sizeof *scope->is_home);
    scope->row_counts = tf_profile_alloc(work, most, sizeof *scope->row_counts);
    if (!scope->forces || !scope->is_home || !scope->row_counts) {
        return tf_fail_no_memory(error);
    }
    tf_status status = TF_OK;
    for (size_t i = 0; i < data->catalogue_count && !status; i++) {
        status = add_force(work, data->catalogue[i].force, error);
    }
    if (!status && scope->ref.force_slug) {
        status = add_force(work, scope->ref.force_slug, error);
    }
    return status;
}

static tf_status find_small_areas(tf_profile_work *work, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    const tf_geography *geography = work->data->geography;
    tf_status status = tf_geography_small_areas(geography, &scope->ref, &scope->small, error);
    if (status) {
        return status;
    }
    scope->area_count = scope->small.count;
    scope->areas = tf_profile_alloc(work, scope->area_count, sizeof *scope->areas);
    if (!scope->areas) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < scope->area_count; i++) {
        tf_area_ref small =
            tf_geography_area(geography, TF_LAYER_SMALL_AREA, scope->small.indices[i]);
        scope->areas[i].code = tf_arena_format(work->arena, "%s", small.code);
        scope->areas[i].name = tf_arena_format(work->arena, "%s", small.name);
        if (!scope->areas[i].code || !scope->areas[i].name) {
            return tf_fail_no_memory(error);
        }
    }
    return TF_OK;
}

static tf_status find_population(tf_profile_work *work, tf_error *error) {
    tf_profile *profile = work->profile;
    tf_month middle = profile->from + (profile->to - profile->from) / 2;
    tf_population population;
    tf_status status =
        tf_geography_population(work->data->geography, work->data->db, &work->scope.ref,
                                tf_month_year(middle), &population, error);
    if (status) {
        return status;
    }
    profile->population = population.is_known ? population.people : NAN;
    profile->population_year = population.year;
    if (population.note[0]) {
        profile->rate_per_1000.note = tf_arena_format(work->arena, "%s", population.note);
        if (!profile->rate_per_1000.note) {
            return tf_fail_no_memory(error);
        }
    }
    if (population.is_known && population.year != tf_month_year(middle)) {
        return tf_profile_note(
            work,
            tf_arena_format(work->arena,
                            "The population is that of %d, the nearest imported to %d, the middle "
                            "of the period.",
                            population.year, tf_month_year(middle)),
            error);
    }
    return TF_OK;
}

tf_status tf_profile_find_scope(tf_profile_work *work, const char *area, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    tf_profile *profile = work->profile;
    tf_status status = tf_geography_find(work->data->geography, area, &scope->ref, error);
    if (status) {
        return status;
    }
    scope->is_force = scope->ref.layer == TF_LAYER_FORCE;
    profile->area_code = tf_arena_format(work->arena, "%s", scope->ref.code);
    profile->area_name = tf_arena_format(work->arena, "%s", scope->ref.name);
    profile->layer = tf_arena_format(work->arena, "%s", tf_layer_title(scope->ref.layer));
    if (!profile->area_code || !profile->area_name || !profile->layer) {
        return tf_fail_no_memory(error);
    }
    status = find_forces(work, error);
    if (!status) {
        status = find_small_areas(work, error);
    }
    return status ? status : find_population(work, error);
}

/* ---- places ---- */

typedef struct named_area {
    const char *name;
    int32_t area;
} named_area;

static int compare_names(const void *left, const void *right) {
    return strcmp(((const named_area *)left)->name, ((const named_area *)right)->name);
}

static int compare_codes(const void *left, const void *right) {
    return strcmp(((const tf_small_area_name *)left)->code,
                  ((const tf_small_area_name *)right)->code);
}

static const char *name_of(const tf_crime_data *data, size_t area) {
    uint32_t name = data->area_names[area];
    return name == TF_CODE_NONE ? "" : data->names.texts[name].data;
}

static tf_status place_among_known(tf_profile_work *work, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    const tf_crime_data *data = work->data;
    named_area *by_name = tf_profile_alloc(work, scope->area_count, sizeof *by_name);
    if (!by_name) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < scope->area_count; i++) {
        by_name[i] = (named_area){scope->areas[i].name, (int32_t)i};
    }
    qsort(by_name, scope->area_count, sizeof *by_name, compare_names);
    for (size_t i = 0; i < data->areas.count; i++) {
        tf_profile_place *place = &scope->places[i];
        const tf_small_area_name *same_code =
            bsearch(&(tf_small_area_name){data->areas.texts[i].data, NULL}, scope->areas,
                    scope->area_count, sizeof *scope->areas, compare_codes);
        if (same_code) {
            place->area = (int32_t)(same_code - scope->areas);
            continue;
        }
        /* A code that the geography has elsewhere is another area, whatever it is called. */
        const named_area *same_name = NULL;
        if (tf_geography_small_area(data->geography, data->areas.texts[i]) < 0) {
            same_name = bsearch(&(named_area){name_of(data, i), 0}, by_name, scope->area_count,
                                sizeof *by_name, compare_names);
        }
        if (same_name) {
            place->area = same_name->area;
            place->is_mapped_by_name = true;
        }
    }
    return TF_OK;
}

tf_status tf_profile_find_places(tf_profile_work *work, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    const tf_crime_data *data = work->data;
    scope->places = tf_profile_alloc(work, data->areas.count + 1, sizeof *scope->places);
    if (!scope->places) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i <= data->areas.count; i++) {
        scope->places[i].area = TF_PROFILE_UNPLACED;
    }
    tf_status status = scope->small.count > 0 ? place_among_known(work, error) : TF_OK;
    for (size_t i = 0; i < data->areas.count && !status; i++) {
        tf_profile_place *place = &scope->places[i];
        place->is_here = place->area >= 0 ||
                         tf_geography_contains(data->geography, &scope->ref, data->areas.texts[i],
                                               tf_text_of(name_of(data, i)));
    }
    return status;
}

tf_status tf_profile_name_areas(tf_profile_work *work, tf_error *error) {
    tf_profile_scope *scope = &work->scope;
    const tf_crime_data *data = work->data;
    scope->areas = tf_profile_alloc(work, data->areas.count, sizeof *scope->areas);
    if (!scope->areas) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < data->areas.count; i++) {
        if (!scope->places[i].is_named) {
            continue;
        }
        tf_small_area_name *area = &scope->areas[scope->area_count++];
        area->code = tf_arena_format(work->arena, "%s", data->areas.texts[i].data);
        area->name = tf_arena_format(work->arena, "%s", name_of(data, i));
        if (!area->code || !area->name) {
            return tf_fail_no_memory(error);
        }
    }
    qsort(scope->areas, scope->area_count, sizeof *scope->areas, compare_codes);
    for (size_t i = 0; i < data->areas.count; i++) {
        tf_profile_place *place = &scope->places[i];
        const tf_small_area_name *area =
            bsearch(&(tf_small_area_name){data->areas.texts[i].data, NULL}, scope->areas,
                    scope->area_count, sizeof *scope->areas, compare_codes);
        place->area = area ? (int32_t)(area - scope->areas) : TF_PROFILE_UNPLACED;
    }
    return TF_OK;
}
