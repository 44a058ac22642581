#include "crime_load_internal.h"

#include "crime_streams_internal.h"
#include "outcome_index_internal.h"

#include <math.h>

/* Columns of the streams, in the order they are asked for. */
enum { STREET_ID, STREET_AREA, STREET_AREA_NAME, STREET_TYPE, STREET_OUTCOME, STREET_LONGITUDE };
static const char *const street_columns[] = {"crime_id",   "lsoa_code", "lsoa_name",
                                             "crime_type", "outcome",   "longitude"};
enum { OUTCOME_ID, OUTCOME_MONTH, OUTCOME_OUTCOME };
static const char *const outcome_columns[] = {"crime_id", "month", "outcome"};
enum { SEARCH_LONGITUDE, SEARCH_LATITUDE, SEARCH_OBJECT, SEARCH_OUTCOME, SEARCH_LINKED };
static const char *const search_columns[] = {"longitude", "latitude", "object_of_search", "outcome",
                                             "outcome_is_linked"};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

typedef struct load_context {
    tf_crime_data *data;
    tf_crime_force *force;
    tf_outcome_index outcomes;
} load_context;

static tf_status check_type(const tf_column *column, tf_type type, int32_t width, tf_error *error) {
    if (column->type != type || column->byte_width != width) {
        return tf_fail(error, TF_BAD_INPUT, column->name, 0,
                       "the database holds this column as %s where %s is needed; import its files "
                       "into a new one",
                       tf_type_name(column->type), tf_type_name(type));
    }
    return TF_OK;
}

/* The codes of a DICTIONARY column's values, in `codes`; *remap_out is freed by the caller. */
static tf_status map_dictionary(const tf_column *column, tf_codes *codes, uint32_t limit,
                                uint32_t **remap_out, tf_error *error) {
    *remap_out = NULL;
    tf_status status = check_type(column, TF_TYPE_DICTIONARY, 0, error);
    if (status) {
        return status;
    }
    const tf_column *values = column->dictionary;
    uint32_t *remap = tf_alloc((size_t)values->length, sizeof *remap);
    if (!remap) {
        return tf_fail_no_memory(error);
    }
    for (int64_t i = 0; i < values->length && !status; i++) {
        tf_text text = tf_column_text(values, i);
        remap[i] = TF_CODE_NONE;
        if (text.length > 0) {
            status = tf_codes_add(codes, text, &remap[i], error);
        }
        if (!status && text.length > 0 && remap[i] >= limit) {
            status = tf_fail(error, TF_BAD_INPUT, column->name, 0,
                             "there are more than %u different texts where a few are expected; "
                             "check the files imported",
                             limit);
        }
    }
    if (status) {
        tf_free(remap);
        return status;
    }
    *remap_out = remap;
    return TF_OK;
}

/* The code of a row; TF_CODE_NONE cut to 16 bits is TF_CRIME_NONE. */
static uint32_t code_at(const tf_column *column, const uint32_t *remap, int64_t row) {
    return tf_column_is_null(column, row) ? TF_CODE_NONE
                                          : remap[((const int32_t *)column->values)[row]];
}

/* ---- outcomes ---- */

static tf_status index_outcomes(load_context *loading, const tf_table *table, tf_error *error) {
    const tf_column *ids = &table->columns[OUTCOME_ID];
    const tf_column *months = &table->columns[OUTCOME_MONTH];
    const tf_column *outcomes = &table->columns[OUTCOME_OUTCOME];
    uint32_t *remap = NULL;
    tf_status status = check_type(ids, TF_TYPE_FIXED_BINARY, TF_CRIME_ID_SIZE, error);
    if (!status) {
        status = check_type(months, TF_TYPE_DATE, 0, error);
    }
    if (!status) {
        status = map_dictionary(outcomes, &loading->data->outcomes, TF_CRIME_NONE, &remap, error);
    }
    int32_t day = INT32_MIN; /* rows of a file are of one month: its number is worked out once */
    tf_month month = 0;
    for (int64_t row = 0; row < table->row_count && !status; row++) {
        uint32_t outcome = code_at(outcomes, remap, row);
        if (tf_column_is_null(ids, row) || outcome == TF_CODE_NONE) {
            continue;
        }
        int32_t days = ((const int32_t *)months->values)[row];
        if (days != day) {
            day = days;
            month = tf_month_of_days(days);
        }
        tf_outcome_index_add(&loading->outcomes,
                             (const uint8_t *)ids->values + row * TF_CRIME_ID_SIZE, month,
                             (uint16_t)outcome);
    }
    tf_free(remap);
    return status;
}

static tf_status use_outcomes(void *context, tf_crime_stream *streams, size_t count,
                              tf_error *error) {
    load_context *loading = context;
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        rows += (size_t)streams[i].row_count;
    }
    tf_status status = tf_outcome_index_reserve(&loading->outcomes, rows, error);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < streams[i].table_count && !status; k++) {
            status = index_outcomes(loading, streams[i].tables[k], error);
        }
    }
    return status;
}

/* ---- street ---- */

/* One table on its way into a month's columns. */
typedef struct street_job {
    const tf_table *table;
    const tf_outcome_index *outcomes;
    tf_street_month *month;
    int64_t first_row; /* of the month, that the table's first becomes */
    uint32_t *areas;   /* codes of dictionary values */
    uint32_t *types;
    uint32_t *statuses;
} street_job;

/* The outcome of a row with an ID: that of its outcome rows, else the file's own. */
static uint8_t join(const street_job *job, int64_t row, uint16_t *outcome) {
    const uint8_t *ids = job->table->columns[STREET_ID].values;
    const tf_outcome_entry *latest =
        tf_outcome_index_find(job->outcomes, ids + row * TF_CRIME_ID_SIZE);
    if (!latest) {
        return *outcome == TF_CRIME_NONE ? 0 : TF_CRIME_HAS_OUTCOME;
    }
    *outcome = latest->outcome;
    return latest->has_several ? TF_CRIME_HAS_OUTCOME | TF_CRIME_IS_JOINED | TF_CRIME_HAS_SEVERAL
                               : TF_CRIME_HAS_OUTCOME | TF_CRIME_IS_JOINED;
}

static void fill_street(void *item) {
    const street_job *job = item;
    const tf_column *columns = job->table->columns;
    tf_street_month *month = job->month;
    for (int64_t row = 0; row < job->table->row_count; row++) {
        int64_t to = job->first_row + row;
        uint8_t flags = 0;
        uint16_t outcome = TF_CRIME_NONE;
        month->area[to] = code_at(&columns[STREET_AREA], job->areas, row);
        month->type[to] = (uint16_t)code_at(&columns[STREET_TYPE], job->types, row);
        if (!tf_column_is_null(&columns[STREET_LONGITUDE], row)) {
            flags |= TF_CRIME_HAS_PLACE;
        }
        if (!tf_column_is_null(&columns[STREET_ID], row)) {
            outcome = (uint16_t)code_at(&columns[STREET_OUTCOME], job->statuses, row);
            flags |= TF_CRIME_HAS_ID | join(job, row, &outcome);
        }
        month->outcome[to] = outcome;
        month->flags[to] = flags;
    }
}

/* Remember the first name seen of each small area. */
static tf_status note_area_names(tf_crime_data *data, const tf_table *table, const uint32_t *areas,
                                 tf_error *error) {
    const tf_column *codes = &table->columns[STREET_AREA];
    const tf_column *names = &table->columns[STREET_AREA_NAME];
    size_t before = data->area_name_capacity;
    tf_status status = tf_reserve(&data->area_names, &data->area_name_capacity, data->areas.count,
                                  sizeof *data->area_names, error);
    if (status) {
        return status;
    }
    for (size_t i = before; i < data->area_name_capacity; i++) {
        data->area_names[i] = TF_CODE_NONE;
    }
    for (int64_t row = 0; row < table->row_count && !status; row++) {
        uint32_t area = code_at(codes, areas, row);
        if (area == TF_CODE_NONE || data->area_names[area] != TF_CODE_NONE) {
            continue;
        }
        tf_text name = tf_column_text(names, row);
        if (name.length > 0) {
            status = tf_codes_add(&data->names, name, &data->area_names[area], error);
        }
    }
    return status;
}

static tf_status prepare_street_job(tf_crime_data *data, street_job *job, tf_error *error) {
    const tf_column *columns = job->table->columns;
    tf_status status =
        check_type(&columns[STREET_ID], TF_TYPE_FIXED_BINARY, TF_CRIME_ID_SIZE, error);
    if (!status) {
        status = check_type(&columns[STREET_AREA_NAME], TF_TYPE_DICTIONARY, 0, error);
    }
    if (!status) {
        status =
            map_dictionary(&columns[STREET_AREA], &data->areas, TF_CODE_NONE, &job->areas, error);
    }
    if (!status) {
        status =
            map_dictionary(&columns[STREET_TYPE], &data->types, TF_CRIME_NONE, &job->types, error);
    }
    if (!status) {
        status = map_dictionary(&columns[STREET_OUTCOME], &data->outcomes, TF_CRIME_NONE,
                                &job->statuses, error);
    }
    return status ? status : note_area_names(data, job->table, job->areas, error);
}

static tf_status street_month_init(tf_street_month *month, const tf_crime_stream *stream,
                                   tf_error *error) {
    size_t rows = (size_t)stream->row_count;
    *month = (tf_street_month){.month = stream->info.month,
                               .batch_id = stream->info.batch_id,
                               .row_count = stream->row_count,
                               .area = tf_alloc(rows, sizeof *month->area),
                               .type = tf_alloc(rows, sizeof *month->type),
                               .outcome = tf_alloc(rows, sizeof *month->outcome),
                               .flags = tf_alloc(rows, sizeof *month->flags)};
    return month->area && month->type && month->outcome && month->flags ? TF_OK
                                                                        : tf_fail_no_memory(error);
}

/* Put a month in its place among those of the force. */
static tf_status keep_street(tf_crime_force *force, tf_street_month *month, tf_error *error) {
    size_t at = 0;
    while (at < force->street_count && force->street[at].month < month->month) {
        at++;
    }
    if (at < force->street_count && force->street[at].month == month->month) {
        tf_street_month_deinit(&force->street[at]);
    } else {
        tf_status status = tf_reserve(&force->street, &force->street_capacity,
                                      force->street_count + 1, sizeof *force->street, error);
        if (status) {
            return status;
        }
        memmove(&force->street[at + 1], &force->street[at],
                (force->street_count - at) * sizeof *force->street);
        force->street_count++;
    }
    force->street[at] = *month;
    *month = (tf_street_month){0};
    return TF_OK;
}

static size_t count_tables(const tf_crime_stream *streams, size_t count) {
    size_t tables = 0;
    for (size_t i = 0; i < count; i++) {
        tables += streams[i].table_count;
    }
    return tables;
}

static tf_status use_street(void *context, tf_crime_stream *streams, size_t count,
                            tf_error *error) {
    load_context *loading = context;
    size_t job_count = 0;
    tf_status status = TF_OK;
    tf_street_month *months = tf_alloc_zeroed(count, sizeof *months);
    street_job *jobs = tf_alloc_zeroed(count_tables(streams, count), sizeof *jobs);
    if (!months || !jobs) {
        status = tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count && !status; i++) {
        int64_t first_row = 0;
        status = street_month_init(&months[i], &streams[i], error);
        for (size_t k = 0; k < streams[i].table_count && !status; k++) {
            jobs[job_count] = (street_job){.table = streams[i].tables[k],
                                           .outcomes = &loading->outcomes,
                                           .month = &months[i],
                                           .first_row = first_row};
            first_row += streams[i].tables[k]->row_count;
            status = prepare_street_job(loading->data, &jobs[job_count++], error);
        }
    }
    if (!status) {
        tf_crime_parallel(jobs, job_count, sizeof *jobs, fill_street);
    }
    for (size_t i = 0; i < count && !status; i++) {
        status = keep_street(loading->force, &months[i], error);
    }
    for (size_t i = 0; i < job_count; i++) {
        tf_free(jobs[i].areas);
        tf_free(jobs[i].types);
        tf_free(jobs[i].statuses);
    }
    for (size_t i = 0; months && i < count; i++) {
        tf_street_month_deinit(&months[i]);
    }
    tf_free(jobs);
    tf_free(months);
    return status;
}

static bool is_street_wanted(void *context, const tf_partition_info *info) {
    const load_context *loading = context;
    const tf_street_month *held = tf_crime_force_street(loading->force, info->month);
    return !held || held->batch_id != info->batch_id;
}

tf_status tf_crime_load_street(tf_crime_data *data, tf_crime_force *force, tf_month from,
                               tf_month to, tf_error *error) {
    load_context loading = {.data = data, .force = force};
    tf_crime_streams_request outcomes = {.feed = "outcomes",
                                         .force = force->slug,
                                         .from = 0,
                                         .to = INT32_MAX,
                                         .columns = outcome_columns,
                                         .column_count = COUNT_OF(outcome_columns),
                                         .use = use_outcomes,
                                         .context = &loading};
    tf_crime_streams_request street = {.feed = "street",
                                       .force = force->slug,
                                       .from = from,
                                       .to = to,
                                       .columns = street_columns,
                                       .column_count = COUNT_OF(street_columns),
                                       .is_wanted = is_street_wanted,
                                       .use = use_street,
                                       .context = &loading};
    tf_status status = tf_crime_streams_each(data->db, &outcomes, error);
    if (!status) {
        status = tf_crime_streams_each(data->db, &street, error);
    }
    tf_outcome_index_deinit(&loading.outcomes);
    return status;
}

/* ---- searches ---- */

static tf_status fill_searches(tf_crime_data *data, const tf_table *table, tf_search_month *month,
                               int64_t first_row, tf_error *error) {
    const tf_column *longitude = &table->columns[SEARCH_LONGITUDE];
    const tf_column *latitude = &table->columns[SEARCH_LATITUDE];
    const tf_column *linked = &table->columns[SEARCH_LINKED];
    uint32_t *objects = NULL;
    uint32_t *outcomes = NULL;
    tf_status status = check_type(longitude, TF_TYPE_FLOAT64, 0, error);
    if (!status) {
        status = check_type(latitude, TF_TYPE_FLOAT64, 0, error);
    }
    if (!status) {
        status = check_type(linked, TF_TYPE_BOOL, 0, error);
    }
    if (!status) {
        status = map_dictionary(&table->columns[SEARCH_OBJECT], &data->objects, TF_CRIME_NONE,
                                &objects, error);
    }
    if (!status) {
        status = map_dictionary(&table->columns[SEARCH_OUTCOME], &data->search_outcomes,
                                TF_CRIME_NONE, &outcomes, error);
    }
    for (int64_t row = 0; row < table->row_count && !status; row++) {
        int64_t to = first_row + row;
        bool has_place = !tf_column_is_null(longitude, row) && !tf_column_is_null(latitude, row);
        month->longitude[to] = has_place ? ((const double *)longitude->values)[row] : NAN;
        month->latitude[to] = has_place ? ((const double *)latitude->values)[row] : NAN;
        month->object[to] = (uint16_t)code_at(&table->columns[SEARCH_OBJECT], objects, row);
        month->outcome[to] = (uint16_t)code_at(&table->columns[SEARCH_OUTCOME], outcomes, row);
        month->linked[to] = tf_column_is_null(linked, row)    ? TF_SEARCH_LINK_UNKNOWN
                            : tf_bit_get(linked->values, row) ? TF_SEARCH_LINKED
                                                              : TF_SEARCH_NOT_LINKED;
    }
    tf_free(objects);
    tf_free(outcomes);
    return status;
}

static tf_status search_month_init(tf_search_month *month, const tf_crime_stream *stream,
                                   tf_error *error) {
    size_t rows = (size_t)stream->row_count;
    *month = (tf_search_month){.month = stream->info.month,
                               .batch_id = stream->info.batch_id,
                               .row_count = stream->row_count,
                               .longitude = tf_alloc(rows, sizeof *month->longitude),
                               .latitude = tf_alloc(rows, sizeof *month->latitude),
                               .object = tf_alloc(rows, sizeof *month->object),
                               .outcome = tf_alloc(rows, sizeof *month->outcome),
                               .linked = tf_alloc(rows, sizeof *month->linked)};
    bool is_whole =
        month->longitude && month->latitude && month->object && month->outcome && month->linked;
    return is_whole ? TF_OK : tf_fail_no_memory(error);
}

static tf_status keep_searches(tf_crime_force *force, tf_search_month *month, tf_error *error) {
    size_t at = 0;
    while (at < force->search_count && force->searches[at].month < month->month) {
        at++;
    }
    if (at < force->search_count && force->searches[at].month == month->month) {
        tf_search_month_deinit(&force->searches[at]);
    } else {
        tf_status status = tf_reserve(&force->searches, &force->search_capacity,
                                      force->search_count + 1, sizeof *force->searches, error);
        if (status) {
            return status;
        }
        memmove(&force->searches[at + 1], &force->searches[at],
                (force->search_count - at) * sizeof *force->searches);
        force->search_count++;
    }
    force->searches[at] = *month;
    *month = (tf_search_month){0};
    return TF_OK;
}

static tf_status use_searches(void *context, tf_crime_stream *streams, size_t count,
                              tf_error *error) {
    load_context *loading = context;
    tf_status status = TF_OK;
    for (size_t i = 0; i < count && !status; i++) {
        tf_search_month month;
        int64_t first_row = 0;
        status = search_month_init(&month, &streams[i], error);
        for (size_t k = 0; k < streams[i].table_count && !status; k++) {
            status = fill_searches(loading->data, streams[i].tables[k], &month, first_row, error);
            first_row += streams[i].tables[k]->row_count;
        }
        if (!status) {
            status = keep_searches(loading->force, &month, error);
        }
        tf_search_month_deinit(&month);
    }
    return status;
}

static bool are_searches_wanted(void *context, const tf_partition_info *info) {
    const load_context *loading = context;
    const tf_search_month *held = tf_crime_force_searches(loading->force, info->month);
    return !held || held->batch_id != info->batch_id;
}

tf_status tf_crime_load_searches(tf_crime_data *data, tf_crime_force *force, tf_month from,
                                 tf_month to, tf_error *error) {
    load_context loading = {.data = data, .force = force};
    tf_crime_streams_request searches = {.feed = "stop-and-search",
                                         .force = force->slug,
                                         .from = from,
                                         .to = to,
                                         .columns = search_columns,
                                         .column_count = COUNT_OF(search_columns),
                                         .is_wanted = are_searches_wanted,
                                         .use = use_searches,
                                         .context = &loading};
    return tf_crime_streams_each(data->db, &searches, error);
}
