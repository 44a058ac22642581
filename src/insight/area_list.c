#include "area_list_internal.h"

#include <stdlib.h>

static tf_status fail_empty(const tf_area_list *list, tf_error *error) {
    if (list->layer == TF_LAYER_SMALL_AREA) {
        return tf_fail(error, TF_NOT_FOUND, list->has_within ? list->within.name : NULL, 0,
                       "no small area is known here; import the boundaries of the small areas "
                       "(trefoil import areas) and the lookup of authorities to forces (trefoil "
                       "import lookup)");
    }
    return tf_fail(error, TF_NOT_FOUND, list->has_within ? list->within.name : NULL, 0,
                   "no %s is known here; import the lookup of authorities to forces (trefoil "
                   "import lookup)",
                   tf_layer_title(list->layer));
}

tf_status tf_area_list_find(const tf_crime_data *data, const char *within, tf_layer layer,
                            tf_arena *arena, tf_area_list *list_out, tf_error *error) {
    const tf_geography *geography = data->geography;
    *list_out = (tf_area_list){.has_within = within != NULL, .layer = layer};
    int32_t *indices = NULL;
    tf_status status =
        within ? tf_geography_find(geography, within, &list_out->within, error) : TF_OK;
    if (!status) {
        status = tf_geography_within(geography, within ? &list_out->within : NULL, layer, &indices,
                                     &list_out->count, error);
    }
    if (!status && list_out->count == 0) {
        status = fail_empty(list_out, error);
    }
    if (!status) {
        list_out->areas = tf_arena_alloc(arena, list_out->count, sizeof *list_out->areas);
        status = list_out->areas ? TF_OK : tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < list_out->count && !status; i++) {
        list_out->areas[i] = tf_geography_area(geography, layer, indices[i]);
    }
    tf_free(indices);
    return status;
}

/* ---- places ---- */

typedef struct named_place {
    const char *name;
    int32_t place;
} named_place;

static int compare_names(const void *left, const void *right) {
    return strcmp(((const named_place *)left)->name, ((const named_place *)right)->name);
}

/* By index in the geography: the place in the list of the areas of its layer, or -1. */
static int32_t *invert(const tf_crime_data *data, const tf_area_list *list, tf_arena *arena) {
    size_t total = tf_geography_count(data->geography, list->layer);
    int32_t *places = tf_arena_alloc(arena, total, sizeof *places);
    if (places) {
        memset(places, -1, total * sizeof *places);
        for (size_t i = 0; i < list->count; i++) {
            places[list->areas[i].index] = (int32_t)i;
        }
    }
    return places;
}

/* A code that the geography does not have is that of another census: the area of the same name. */
static tf_status place_small_areas(tf_crime_data *data, const tf_area_list *list, tf_arena *arena,
                                   int32_t *places, tf_error *error) {
    const int32_t *by_index = invert(data, list, arena);
    named_place *by_name = tf_arena_alloc(arena, list->count, sizeof *by_name);
    if (!by_index || !by_name) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < list->count; i++) {
        by_name[i] = (named_place){list->areas[i].name, (int32_t)i};
    }
    qsort(by_name, list->count, sizeof *by_name, compare_names);
    for (size_t i = 0; i < data->areas.count; i++) {
        int32_t index = tf_geography_small_area(data->geography, data->areas.texts[i]);
        if (index >= 0) {
            places[i] = by_index[index];
            continue;
        }
        const named_place *same = bsearch(&(named_place){tf_crime_data_area_name(data, i), 0},
                                          by_name, list->count, sizeof *by_name, compare_names);
        places[i] = same ? same->place : -1;
    }
    return TF_OK;
}

/* The place of the area that each authority is or belongs to. */
static tf_status place_authorities(tf_crime_data *data, const tf_area_list *list, tf_arena *arena,
                                   int32_t *places, tf_error *error) {
    const tf_geography *geography = data->geography;
    size_t total = tf_geography_count(geography, TF_LAYER_AUTHORITY);
    int32_t *of_authority = tf_arena_alloc(arena, total, sizeof *of_authority);
    if (!of_authority) {
        return tf_fail_no_memory(error);
    }
    memset(of_authority, -1, total * sizeof *of_authority);
    for (size_t i = 0; i < list->count; i++) {
        if (tf_geography_is_shared(geography, &list->areas[i])) {
            continue;
        }
        int32_t *authorities = NULL;
        size_t count = 0;
        tf_status status =
            tf_geography_authorities(geography, &list->areas[i], &authorities, &count, error);
        if (status) {
            return status;
        }
        for (size_t k = 0; k < count; k++) {
            of_authority[authorities[k]] = (int32_t)i;
        }
        tf_free(authorities);
    }
    const int32_t *authorities = NULL;
    tf_status status = tf_crime_data_authorities(data, &authorities, error);
    for (size_t i = 0; i < data->areas.count && !status; i++) {
        places[i] = authorities[i] < 0 ? -1 : of_authority[authorities[i]];
    }
    return status;
}

tf_status tf_area_list_places(tf_crime_data *data, const tf_area_list *list, tf_arena *arena,
                              int32_t **places_out, tf_error *error) {
    size_t count = data->areas.count + 1;
    int32_t *places = tf_arena_alloc(arena, count, sizeof *places);
    if (!places) {
        return tf_fail_no_memory(error);
    }
    memset(places, -1, count * sizeof *places);
    *places_out = places;
    switch (list->layer) {
    case TF_LAYER_SMALL_AREA:
        return place_small_areas(data, list, arena, places, error);
    case TF_LAYER_AUTHORITY:
    case TF_LAYER_PARTNERSHIP:
        return place_authorities(data, list, arena, places, error);
    default:
        return TF_OK;
    }
}
