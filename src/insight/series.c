#include "insight/series.h"

#include "area_counts_internal.h"
#include "profile_internal.h"
#include "trefoil/table/builder.h"

#include <stdlib.h>

enum { MOST_ROWS = 10000000 };

enum { AREA_CODE, AREA_NAME, LAYER, TYPE, MONTH, COUNT, FIELD_COUNT };

static const tf_builder_field fields[FIELD_COUNT] = {
    [AREA_CODE] = {"area_code", TF_TYPE_DICTIONARY, 0},
    [AREA_NAME] = {"area_name", TF_TYPE_DICTIONARY, 0},
    [LAYER] = {"layer", TF_TYPE_DICTIONARY, 0},
    [TYPE] = {"type", TF_TYPE_DICTIONARY, 0},
    [MONTH] = {"month", TF_TYPE_DATE, 0},
    [COUNT] = {"count", TF_TYPE_INT64, 0},
};

/* An area asked for: where its counts are. */
typedef struct wanted_area {
    tf_area_ref ref;
    size_t place; /* in the list and the counts of its layer */
} wanted_area;

typedef struct series_work {
    tf_crime_data *data;
    const tf_series_request *request;
    tf_arena *arena;
    wanted_area *areas;
    size_t area_count;
    const tf_offence_group *groups[TF_AREA_COUNTS_MOST_GROUPS];
    tf_area_list lists[TF_LAYER_COUNT];
    tf_area_counts counts[TF_LAYER_COUNT];
    size_t month_count;
} series_work;

/* ---- what is asked for ---- */

static tf_status find_groups(series_work *work, tf_error *error) {
    const tf_series_request *request = work->request;
    if (request->type_count < 1 || request->type_count > TF_AREA_COUNTS_MOST_GROUPS) {
        return tf_fail(error, TF_BAD_INPUT, "type", 0,
                       "%zu types are asked for; name one to %d groups or crime types",
                       request->type_count, TF_AREA_COUNTS_MOST_GROUPS);
    }
    tf_status status = TF_OK;
    for (size_t i = 0; i < request->type_count && !status; i++) {
        status =
            tf_profile_find_group(work->data->pack, request->types[i], &work->groups[i], error);
    }
    return status;
}

static tf_status refuse_shared(const series_work *work, const tf_area_ref *area, tf_error *error) {
    if (!tf_geography_is_shared(work->data->geography, area)) {
        return TF_OK;
    }
    return tf_fail(error, TF_UNSUPPORTED, area->name, 0,
                   "this partnership shares a local authority with others, and no file says which "
                   "rows are whose; ask for the authority instead");
}

static int compare_refs(const void *left, const void *right) {
    int32_t a = ((const tf_area_ref *)left)->index, b = ((const tf_area_ref *)right)->index;
    return (a > b) - (a < b);
}

/* The areas as they were named, and for each layer a list of those in it, each once. */
static tf_status find_named(series_work *work, tf_error *error) {
    const tf_series_request *request = work->request;
    work->area_count = request->area_count;
    for (tf_layer layer = 0; layer < TF_LAYER_COUNT; layer++) {
        work->lists[layer].layer = layer;
        work->lists[layer].areas =
            tf_arena_alloc(work->arena, request->area_count, sizeof(tf_area_ref));
        if (!work->lists[layer].areas) {
            return tf_fail_no_memory(error);
        }
    }
    for (size_t i = 0; i < request->area_count; i++) {
        tf_area_ref *ref = &work->areas[i].ref;
        tf_status status = tf_geography_find(work->data->geography, request->areas[i], ref, error);
        if (!status) {
            status = refuse_shared(work, ref, error);
        }
        if (status) {
            return status;
        }
        tf_area_list *list = &work->lists[ref->layer];
        list->areas[list->count++] = *ref;
    }
    for (tf_layer layer = 0; layer < TF_LAYER_COUNT; layer++) {
        tf_area_list *list = &work->lists[layer];
        qsort(list->areas, list->count, sizeof *list->areas, compare_refs);
        size_t kept = 0;
        for (size_t i = 0; i < list->count; i++) {
            if (i == 0 || list->areas[i].index != list->areas[kept - 1].index) {
                list->areas[kept++] = list->areas[i];
            }
        }
        list->count = kept;
    }
    for (size_t i = 0; i < work->area_count; i++) {
        const tf_area_list *list = &work->lists[work->areas[i].ref.layer];
        const tf_area_ref *found = bsearch(&work->areas[i].ref, list->areas, list->count,
                                           sizeof *list->areas, compare_refs);
        work->areas[i].place = (size_t)(found - list->areas);
    }
    return TF_OK;
}

static tf_status find_layer(series_work *work, tf_error *error) {
    const tf_series_request *request = work->request;
    tf_area_list *list = &work->lists[request->layer];
    tf_status status =
        tf_area_list_find(work->data, request->within, request->layer, work->arena, list, error);
    work->areas = status ? NULL : tf_arena_alloc(work->arena, list->count, sizeof *work->areas);
    if (!work->areas) {
        return status ? status : tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!tf_geography_is_shared(work->data->geography, &list->areas[i])) {
            work->areas[work->area_count++] = (wanted_area){list->areas[i], i};
        }
    }
    return TF_OK;
}

static tf_status find_areas(series_work *work, tf_error *error) {
    if (!work->request->areas) {
        return find_layer(work, error);
    }
    work->areas = tf_arena_alloc(work->arena, work->request->area_count, sizeof *work->areas);
    return work->areas ? find_named(work, error) : tf_fail_no_memory(error);
}

static tf_status check_size(const series_work *work, tf_error *error) {
    size_t cells = work->request->type_count * work->month_count;
    if (work->area_count > MOST_ROWS / cells) {
        return tf_fail(error, TF_BAD_INPUT, "series", 0,
                       "%zu areas, %zu types and %zu months are more than %d rows; ask for fewer",
                       work->area_count, work->request->type_count, work->month_count, MOST_ROWS);
    }
    return TF_OK;
}

/* ---- rows ---- */

static tf_status count(series_work *work, tf_error *error) {
    tf_status status = TF_OK;
    for (tf_layer layer = 0; layer < TF_LAYER_COUNT && !status; layer++) {
        tf_area_counts_request counting = {.list = &work->lists[layer],
                                           .groups = work->groups,
                                           .group_count = work->request->type_count,
                                           .from = work->request->from,
                                           .to = work->request->to,
                                           .by_month = true};
        if (work->lists[layer].count > 0) {
            status = tf_area_counts_make(work->data, &counting, work->arena, &work->counts[layer],
                                         error);
        }
    }
    return status;
}

static void add_row(const series_work *work, tf_builder *rows, int64_t row) {
    size_t months = work->month_count, types = work->request->type_count;
    size_t month = (size_t)row % months, type = (size_t)row / months % types;
    const wanted_area *area = &work->areas[(size_t)row / months / types];
    const tf_area_counts *counts = &work->counts[area->ref.layer];
    tf_builder_append_text(rows, AREA_CODE, tf_text_of(area->ref.code));
    tf_builder_append_text(rows, AREA_NAME, tf_text_of(area->ref.name));
    tf_builder_append_text(rows, LAYER, tf_text_of(tf_layer_name(area->ref.layer)));
    tf_builder_append_text(rows, TYPE, tf_text_of(work->groups[type]->name));
    tf_builder_append_int(rows, MONTH, tf_month_first_day(work->request->from + (tf_month)month));
    if (counts->is_missing[area->place * months + month]) {
        tf_builder_append_null(rows, COUNT);
    } else {
        tf_builder_append_int(rows, COUNT, tf_area_counts_at(counts, area->place, type, month));
    }
}

static tf_status make_page(const series_work *work, int64_t row_count, tf_table **table_out,
                           tf_error *error) {
    const tf_series_request *request = work->request;
    tf_builder *rows = tf_builder_new(fields, FIELD_COUNT, error);
    if (!rows) {
        return TF_NO_MEMORY;
    }
    int64_t first = request->first_row > 0 ? request->first_row : 0;
    for (int64_t row = first; row < row_count && row - first < request->most_rows; row++) {
        add_row(work, rows, row);
    }
    tf_status status = tf_builder_finish(rows, table_out, error);
    tf_builder_free(rows);
    return status;
}

static tf_status fill(series_work *work, tf_table **table_out, int64_t *row_count_out,
                      tf_error *error) {
    const tf_series_request *request = work->request;
    tf_status status = tf_profile_check_period(request->from, request->to, error);
    if (!status) {
        status = find_groups(work, error);
    }
    if (!status) {
        status = tf_crime_data_refresh(work->data, error);
    }
    if (!status) {
        status = find_areas(work, error);
    }
    if (status) {
        return status;
    }
    work->month_count = (size_t)(request->to - request->from) + 1;
    status = check_size(work, error);
    if (!status) {
        status = count(work, error);
    }
    if (!status) {
        *row_count_out = (int64_t)(work->area_count * request->type_count * work->month_count);
        status = make_page(work, *row_count_out, table_out, error);
    }
    return status;
}

tf_status tf_series_make(tf_crime_data *data, const tf_series_request *request,
                         tf_table **table_out, int64_t *row_count_out, tf_error *error) {
    *table_out = NULL;
    *row_count_out = 0;
    series_work work = {.data = data, .request = request, .arena = tf_arena_new()};
    if (!work.arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = fill(&work, table_out, row_count_out, error);
    tf_arena_free(work.arena);
    return status;
}
