#include "area_counts_internal.h"

typedef struct counting {
    tf_crime_data *data;
    const tf_area_counts_request *request;
    tf_arena *arena;
    tf_area_counts *counts;
    const tf_crime_force **held; /* by force */
    int32_t *force_places;       /* by force: the area of the list that it is, or -1 */
    int32_t *places;             /* by code of area; see tf_area_list_places */
    uint32_t *groups_of_type;    /* by code of type: a bit for each group */
} counting;

static void *alloc(const counting *work, size_t count, size_t size) {
    void *memory = tf_arena_alloc(work->arena, count, size);
    if (memory) {
        memset(memory, 0, count * size);
    }
    return memory;
}

/* ---- forces ---- */

static int32_t place_of_force(const counting *work, const char *slug) {
    const tf_area_list *list = work->request->list;
    for (size_t i = 0; i < list->count && list->layer == TF_LAYER_FORCE; i++) {
        if (list->areas[i].force_slug && strcmp(list->areas[i].force_slug, slug) == 0) {
            return (int32_t)i;
        }
    }
    return -1;
}

/* The forces of which street files were imported: for forces those of the list, otherwise all, as
 * any of them may have reported from an area. */
static tf_status find_forces(counting *work, tf_error *error) {
    const tf_crime_data *data = work->data;
    tf_area_counts *counts = work->counts;
    size_t most = data->catalogue_count;
    counts->forces = alloc(work, most, sizeof *counts->forces);
    counts->is_counted = alloc(work, most, sizeof *counts->is_counted);
    work->held = alloc(work, most, sizeof(tf_crime_force *));
    work->force_places = alloc(work, most, sizeof *work->force_places);
    if (!counts->forces || !counts->is_counted || !work->held || !work->force_places) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < data->catalogue_count; i++) {
        const tf_partition_info *info = &data->catalogue[i];
        bool is_known = counts->force_count > 0 &&
                        strcmp(counts->forces[counts->force_count - 1], info->force) == 0;
        if (is_known || strcmp(info->feed, "street") != 0) {
            continue;
        }
        int32_t place = place_of_force(work, info->force);
        if (place < 0 && work->request->list->layer == TF_LAYER_FORCE) {
            continue;
        }
        work->force_places[counts->force_count] = place;
        counts->forces[counts->force_count] = tf_arena_format(work->arena, "%s", info->force);
        if (!counts->forces[counts->force_count++]) {
            return tf_fail_no_memory(error);
        }
    }
    return TF_OK;
}

static tf_status load(counting *work, tf_error *error) {
    const tf_area_counts_request *request = work->request;
    tf_status status = TF_OK;
    for (size_t f = 0; f < work->counts->force_count && !status; f++) {
        status = tf_crime_data_load_street(work->data, work->counts->forces[f], request->from,
                                           request->to, &work->held[f], error);
    }
    return status;
}

/* ---- rows ---- */

static tf_status mark_types(counting *work, tf_error *error) {
    const tf_codes *types = &work->data->types;
    work->groups_of_type = alloc(work, types->count, sizeof *work->groups_of_type);
    if (!work->groups_of_type) {
        return tf_fail_no_memory(error);
    }
    for (size_t g = 0; g < work->request->group_count; g++) {
        const tf_offence_group *group = work->request->groups[g];
        for (size_t i = 0; i < types->count; i++) {
            for (size_t k = 0; k < group->type_count; k++) {
                if (tf_text_equal_fold(types->texts[i], tf_text_of(group->types[k]))) {
                    work->groups_of_type[i] |= UINT32_C(1) << g;
                }
            }
        }
    }
    return TF_OK;
}

static void count_month(counting *work, size_t force, const tf_street_month *month) {
    tf_area_counts *counts = work->counts;
    const size_t no_area = work->data->areas.count;
    const int32_t force_place = work->force_places[force];
    const size_t width = counts->month_count, stride = counts->group_count * width;
    int64_t *of_month =
        counts->counts + (width > 1 ? (size_t)(month->month - work->request->from) : 0);
    bool is_counted = false;
    for (int64_t i = 0; i < month->row_count; i++) {
        uint32_t groups =
            month->type[i] == TF_CRIME_NONE ? 0 : work->groups_of_type[month->type[i]];
        if (!groups) {
            continue;
        }
        size_t area = month->area[i] == TF_CODE_NONE ? no_area : month->area[i];
        int32_t place = force_place >= 0 ? force_place : work->places[area];
        if (place < 0) {
            continue;
        }
        is_counted = true;
        int64_t *cell = of_month + (size_t)place * stride;
        for (; groups; groups >>= 1, cell += width) {
            *cell += groups & 1;
        }
    }
    counts->is_counted[force] |= is_counted;
}

static void count_rows(counting *work) {
    for (size_t f = 0; f < work->counts->force_count; f++) {
        const tf_crime_force *held = work->held[f];
        for (size_t i = 0; i < held->street_count; i++) {
            if (held->street[i].month >= work->request->from &&
                held->street[i].month <= work->request->to) {
                count_month(work, f, &held->street[i]);
            }
        }
    }
}

/* ---- months ---- */

/* Which months of the period a force has a street file of; of all forces if `slug` is NULL. */
static void mark_present(const counting *work, const char *slug, bool *is_present) {
    const tf_area_counts_request *request = work->request;
    const tf_crime_data *data = work->data;
    memset(is_present, 0, work->counts->period_months);
    for (size_t i = 0; i < data->catalogue_count; i++) {
        const tf_partition_info *info = &data->catalogue[i];
        if (strcmp(info->feed, "street") == 0 && (!slug || strcmp(info->force, slug) == 0) &&
            info->month >= request->from && info->month <= request->to) {
            is_present[info->month - request->from] = true;
        }
    }
}

/* Areas of one force come mostly one after another, so that its months are looked up once. */
static tf_status mark_missing(counting *work, tf_error *error) {
    const tf_area_list *list = work->request->list;
    tf_area_counts *counts = work->counts;
    size_t months = counts->period_months;
    counts->is_missing = alloc(work, list->count * months, sizeof *counts->is_missing);
    bool *is_present = alloc(work, months, sizeof *is_present);
    if (!counts->is_missing || !is_present) {
        return tf_fail_no_memory(error);
    }
    const char *slug = NULL;
    mark_present(work, NULL, is_present);
    for (size_t i = 0; i < list->count; i++) {
        const char *own = list->areas[i].force_slug;
        if (own != slug && !(own && slug && strcmp(own, slug) == 0)) {
            slug = own;
            mark_present(work, slug, is_present);
        }
        for (size_t m = 0; m < months; m++) {
            counts->is_missing[i * months + m] = !is_present[m];
        }
    }
    return TF_OK;
}

tf_status tf_area_counts_make(tf_crime_data *data, const tf_area_counts_request *request,
                              tf_arena *arena, tf_area_counts *counts_out, tf_error *error) {
    size_t months = (size_t)(request->to - request->from) + 1;
    *counts_out = (tf_area_counts){.group_count = request->group_count,
                                   .month_count = request->by_month ? months : 1,
                                   .period_months = months};
    counting work = {.data = data, .request = request, .arena = arena, .counts = counts_out};
    size_t cells = request->group_count * counts_out->month_count;
    counts_out->counts = alloc(&work, request->list->count, cells * sizeof(int64_t));
    tf_status status = counts_out->counts ? find_forces(&work, error) : tf_fail_no_memory(error);
    if (!status) {
        status = load(&work, error);
    }
    if (!status) {
        status = tf_area_list_places(data, request->list, arena, &work.places, error);
    }
    if (!status) {
        status = mark_types(&work, error);
    }
    if (!status) {
        count_rows(&work);
        status = mark_missing(&work, error);
    }
    return status;
}
