#include "intake/police_rows.h"

#include "trefoil/table/arrow.h"
#include "trefoil/table/select.h"

#include <math.h>
#include <stdio.h>

enum { ZSTD_LEVEL = 1 };

static const char *const warning_texts[TF_POLICE_WARNING_COUNT] = {
    [TF_POLICE_NO_LOCATION] = "have no location",
    [TF_POLICE_NO_SMALL_AREA] = "have a location but name no small area",
    [TF_POLICE_NO_CRIME_ID] = "have no Crime ID though they are not anti-social behaviour",
    [TF_POLICE_OUTSIDE_ISLES] = "lie outside the British Isles",
    [TF_POLICE_UNKNOWN_CRIME_TYPE] = "have a crime type that belongs to no offence group",
    [TF_POLICE_OTHER_FORCE] = "were reported by another force than most rows of the file",
    [TF_POLICE_OTHER_TIME] = "are timed more than a day outside the month of the file",
};

const char *tf_police_warning_text(tf_police_warning warning) {
    return warning_texts[warning];
}

/* The columns that are looked at; NULL where the feed has none. */
typedef struct columns {
    const tf_column *crime_id;
    const tf_column *month;
    const tf_column *reported_by;
    const tf_column *longitude;
    const tf_column *latitude;
    const tf_column *lsoa_code;
    const tf_column *crime_type;
    const tf_column *outcome;
    const tf_column *time;
} columns;

static columns find_columns(const tf_table *table) {
    return (columns){
        .crime_id = tf_table_get(table, "crime_id"),
        .month = tf_table_get(table, "month"),
        .reported_by = tf_table_get(table, "reported_by"),
        .longitude = tf_table_get(table, "longitude"),
        .latitude = tf_table_get(table, "latitude"),
        .lsoa_code = tf_table_get(table, "lsoa_code"),
        .crime_type = tf_table_get(table, "crime_type"),
        .outcome = tf_table_get(table, "outcome"),
        .time = tf_table_get(table, "time"),
    };
}

/* Everything that the check of one batch needs. */
typedef struct check {
    const tf_police_rules *rules;
    columns columns;
    tf_police_rows *rows;
    bool *is_known_type; /* of each text of the crime type's dictionary */
    int32_t antisocial;  /* its index there, or -1 */
    int32_t main_force;  /* index of the force that the first row names */
    char reason[160];    /* of the row at work, when it is rejected */
} check;

static int32_t index_at(const tf_column *column, int64_t row) {
    return tf_column_is_null(column, row) ? -1 : ((const int32_t *)column->values)[row];
}

static tf_status look_up_types(check *c, tf_error *error) {
    const tf_column *types = c->columns.crime_type;
    c->antisocial = -1;
    if (!types) {
        return TF_OK;
    }
    c->is_known_type = tf_alloc((size_t)types->dictionary->length, sizeof *c->is_known_type);
    if (!c->is_known_type) {
        return tf_fail_no_memory(error);
    }
    for (int64_t i = 0; i < types->dictionary->length; i++) {
        tf_text type = tf_column_text(types->dictionary, i);
        c->is_known_type[i] = tf_pack_group_find(c->rules->pack, type) != NULL;
        if (tf_text_equal(type, tf_text_of("Anti-social behaviour"))) {
            c->antisocial = (int32_t)i;
        }
    }
    return TF_OK;
}

#define REJECT(c, ...) (snprintf((c)->reason, sizeof(c)->reason, __VA_ARGS__), false)

/* Whether the row has what every row must have; otherwise c->reason says what it lacks. */
static bool has_required_values(check *c, int64_t row) {
    const columns *at = &c->columns;
    if (c->rules->feed == TF_FEED_SEARCHES) {
        return !tf_column_is_null(at->time, row) || REJECT(c, "Date is empty");
    }
    if (tf_column_is_null(at->month, row)) {
        return REJECT(c, "Month is empty");
    }
    if (tf_column_is_null(at->reported_by, row)) {
        return REJECT(c, "Reported by is empty");
    }
    if (at->crime_type && tf_column_is_null(at->crime_type, row)) {
        return REJECT(c, "Crime type is empty");
    }
    if (!at->crime_type && tf_column_is_null(at->outcome, row)) {
        return REJECT(c, "Outcome type is empty");
    }
    return true;
}

/* Whether the row belongs to the month that the file's name says. */
static bool is_of_month(check *c, int64_t row) {
    if (!c->columns.month || !c->rules->has_name) {
        return true;
    }
    int32_t days = ((const int32_t *)c->columns.month->values)[row];
    if (days == tf_month_first_day(c->rules->name.month)) {
        return true;
    }
    char own[TF_MONTH_TEXT_SIZE];
    char file[TF_MONTH_TEXT_SIZE];
    return REJECT(c, "Month is %s in a file that is named for %s",
                  tf_month_format(tf_month_of_days(days), own),
                  tf_month_format(c->rules->name.month, file));
}

static bool has_sound_place(check *c, int64_t row) {
    bool no_longitude = tf_column_is_null(c->columns.longitude, row);
    bool no_latitude = tf_column_is_null(c->columns.latitude, row);
    double longitude = ((const double *)c->columns.longitude->values)[row];
    double latitude = ((const double *)c->columns.latitude->values)[row];
    if (no_longitude != no_latitude) {
        return REJECT(c, "%s is empty where %s is not", no_longitude ? "Longitude" : "Latitude",
                      no_longitude ? "Latitude" : "Longitude");
    }
    if (fabs(latitude) > 90) {
        return REJECT(c, "Latitude is %g, outside -90 to 90", latitude);
    }
    if (fabs(longitude) > 180) {
        return REJECT(c, "Longitude is %g, outside -180 to 180", longitude);
    }
    return true;
}

static void warn(check *c, tf_police_warning warning, int64_t row) {
    if (c->rows->warnings[warning]++ == 0) {
        c->rows->first_row[warning] = row;
    }
}

static void warn_of_place(check *c, int64_t row) {
    const columns *at = &c->columns;
    if (tf_column_is_null(at->latitude, row)) {
        warn(c, TF_POLICE_NO_LOCATION, row);
        return;
    }
    double longitude = ((const double *)at->longitude->values)[row];
    double latitude = ((const double *)at->latitude->values)[row];
    if (longitude < -11 || longitude > 3 || latitude < 49 || latitude > 61.5) {
        warn(c, TF_POLICE_OUTSIDE_ISLES, row);
    }
    if (at->lsoa_code && tf_column_is_null(at->lsoa_code, row)) {
        warn(c, TF_POLICE_NO_SMALL_AREA, row);
    }
}

static void warn_of_case(check *c, int64_t row) {
    const columns *at = &c->columns;
    int32_t type = at->crime_type ? index_at(at->crime_type, row) : -1;
    if (tf_column_is_null(at->crime_id, row) && (type < 0 || type != c->antisocial)) {
        warn(c, TF_POLICE_NO_CRIME_ID, row);
    }
    if (type >= 0 && !c->is_known_type[type]) {
        warn(c, TF_POLICE_UNKNOWN_CRIME_TYPE, row);
    }
    if (c->rules->has_name && index_at(at->reported_by, row) != c->main_force) {
        warn(c, TF_POLICE_OTHER_FORCE, row);
    }
}

/* Stop-and-search times are UTC, so a month's file may start on the evening before. */
static void warn_of_time(check *c, int64_t row) {
    int64_t time = ((const int64_t *)c->columns.time->values)[row];
    int64_t first = tf_month_first_day(c->rules->name.month) * TF_MICROSECONDS_A_DAY;
    int64_t after = tf_month_first_day(c->rules->name.month + 1) * TF_MICROSECONDS_A_DAY;
    if (time < first - TF_MICROSECONDS_A_DAY || time >= after + TF_MICROSECONDS_A_DAY) {
        warn(c, TF_POLICE_OTHER_TIME, row);
    }
}

static tf_status reject(check *c, int64_t row, size_t *capacity, tf_error *error) {
    tf_police_rows *rows = c->rows;
    tf_status status =
        tf_reserve(&rows->rejects, capacity, rows->reject_count + 1, sizeof *rows->rejects, error);
    if (!status) {
        tf_police_rejected_row *rejected = &rows->rejects[rows->reject_count++];
        rejected->row = row;
        memcpy(rejected->reason, c->reason, sizeof rejected->reason);
    }
    return status;
}

/* Check every row; those accepted are listed in `accepted`, which has room for all. */
static tf_status check_rows(check *c, const tf_table *table, int64_t *accepted, tf_error *error) {
    size_t capacity = 0;
    bool has_force = false;
    for (int64_t row = 0; row < table->row_count; row++) {
        if (!has_required_values(c, row) || !is_of_month(c, row) || !has_sound_place(c, row)) {
            tf_status status = reject(c, row, &capacity, error);
            if (status) {
                return status;
            }
            continue;
        }
        if (!has_force && c->columns.reported_by) {
            c->main_force = index_at(c->columns.reported_by, row);
            has_force = true;
        }
        warn_of_place(c, row);
        if (c->columns.crime_id) {
            warn_of_case(c, row);
        } else {
            warn_of_time(c, row);
        }
        accepted[c->rows->accepted++] = row;
    }
    return TF_OK;
}

/* ---- encoding ---- */

/* Where the writer's bytes go: to the schema first, to the piece then, or nowhere. */
typedef struct stream_sink {
    tf_buffer *target;
} stream_sink;

static tf_status take_bytes(void *context, const void *bytes, size_t length, tf_error *error) {
    stream_sink *sink = context;
    return sink->target ? tf_arrow_sink_buffer(sink->target, bytes, length, error) : TF_OK;
}

static tf_status encode_messages(tf_police_rows *rows, const tf_table *table, tf_buffer *messages,
                                 tf_error *error) {
    stream_sink sink = {rows->schema.length == 0 ? &rows->schema : NULL};
    tf_arrow_writer *writer;
    tf_status status = tf_arrow_writer_open(table, ZSTD_LEVEL, take_bytes, &sink, &writer, error);
    if (!status) {
        sink.target = messages;
        status = tf_arrow_writer_append(writer, table, error);
        tf_arrow_writer_free(writer);
    }
    return status;
}

static tf_status encode_piece(tf_police_rows *rows, const tf_table *table, tf_month month,
                              tf_text reported_by, tf_error *error) {
    tf_police_piece *grown = tf_realloc(rows->pieces, rows->piece_count + 1, sizeof *rows->pieces);
    if (!grown) {
        return tf_fail_no_memory(error);
    }
    rows->pieces = grown;
    tf_police_piece *piece = &rows->pieces[rows->piece_count++];
    *piece = (tf_police_piece){.month = month, .row_count = table->row_count};
    tf_buffer_init(&piece->messages);
    piece->reported_by = tf_copy_text(reported_by.data, reported_by.length);
    if (!piece->reported_by) {
        return tf_fail_no_memory(error);
    }
    return encode_messages(rows, table, &piece->messages, error);
}

/* Month and force of a row of a file whose name does not say them, as one number to group by. */
static int64_t group_of(const check *c, int64_t row) {
    int64_t days = ((const int32_t *)c->columns.month->values)[row];
    return days * (INT64_C(1) << 32) + index_at(c->columns.reported_by, row);
}

/* Encode the rows of `accepted` that are of the group of the first; the others move to the front
 * of `accepted` and are counted in *left. */
static tf_status encode_group(check *c, const tf_table *table, int64_t *accepted, int64_t *group,
                              size_t *left, tf_error *error) {
    size_t others = 0;
    size_t members = 0;
    int64_t key = group_of(c, accepted[0]);
    for (size_t i = 0; i < *left; i++) {
        if (group_of(c, accepted[i]) == key) {
            group[members++] = accepted[i];
        } else {
            accepted[others++] = accepted[i];
        }
    }
    *left = others;
    tf_month month = tf_month_of_days((int32_t)(key >> 32));
    tf_text force = tf_column_text(c->columns.reported_by, group[0]);
    if (members == (size_t)table->row_count) {
        return encode_piece(c->rows, table, month, force, error);
    }
    tf_table *selected;
    tf_status status = tf_table_select(table, group, members, &selected, error);
    if (!status) {
        status = encode_piece(c->rows, selected, month, force, error);
        tf_table_free(selected);
    }
    return status;
}

/* All accepted rows of a file whose name says month and force are one piece. */
static tf_status encode_named(check *c, const tf_table *table, const int64_t *accepted,
                              tf_error *error) {
    tf_police_rows *rows = c->rows;
    tf_text force = {"", 0};
    if (c->columns.reported_by) {
        force = tf_column_text(c->columns.reported_by, accepted[0]);
    }
    if (rows->accepted == table->row_count) {
        return encode_piece(rows, table, c->rules->name.month, force, error);
    }
    tf_table *selected;
    tf_status status = tf_table_select(table, accepted, (size_t)rows->accepted, &selected, error);
    if (!status) {
        status = encode_piece(rows, selected, c->rules->name.month, force, error);
        tf_table_free(selected);
    }
    return status;
}

static tf_status encode_rows(check *c, const tf_table *table, int64_t *accepted, tf_error *error) {
    size_t left = (size_t)c->rows->accepted;
    if (left == 0) {
        return TF_OK;
    }
    if (c->rules->has_name) {
        return encode_named(c, table, accepted, error);
    }
    int64_t *group = tf_alloc(left, sizeof *group);
    tf_status status = group ? TF_OK : tf_fail_no_memory(error);
    while (!status && left > 0) {
        status = encode_group(c, table, accepted, group, &left, error);
    }
    tf_free(group);
    return status;
}

tf_status tf_police_rows_make(const tf_police_rules *rules, const tf_table *table,
                              tf_police_rows **rows_out, tf_error *error) {
    *rows_out = NULL;
    tf_police_rows *rows = tf_alloc_zeroed(1, sizeof *rows);
    int64_t *accepted = tf_alloc((size_t)table->row_count, sizeof *accepted);
    check c = {.rules = rules, .columns = find_columns(table), .rows = rows, .main_force = -1};
    tf_status status = rows && accepted ? look_up_types(&c, error) : tf_fail_no_memory(error);
    if (!status) {
        status = check_rows(&c, table, accepted, error);
    }
    if (!status) {
        status = encode_rows(&c, table, accepted, error);
    }
    tf_free(accepted);
    tf_free(c.is_known_type);
    if (status) {
        tf_police_rows_free(rows);
        return status;
    }
    *rows_out = rows;
    return TF_OK;
}

void tf_police_rows_free(tf_police_rows *rows) {
    if (!rows) {
        return;
    }
    for (size_t i = 0; i < rows->piece_count; i++) {
        tf_free(rows->pieces[i].reported_by);
        tf_buffer_deinit(&rows->pieces[i].messages);
    }
    tf_free(rows->pieces);
    tf_free(rows->rejects);
    tf_buffer_deinit(&rows->schema);
    tf_free(rows);
}
