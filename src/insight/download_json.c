#include "download_internal.h"
#include "insight/profile_json.h"

static void put_month(tf_json *json, const char *key, tf_month month) {
    char text[TF_MONTH_TEXT_SIZE];
    tf_json_put_string(json, key, tf_month_format(month, text));
}

static void put_value(const tf_column *column, int64_t row, tf_json *json) {
    char month[TF_MONTH_TEXT_SIZE];
    if (tf_column_is_null(column, row)) {
        tf_json_null(json);
        return;
    }
    switch (column->type) {
    case TF_TYPE_BOOL:
        tf_json_bool(json, tf_bit_get(column->values, row));
        break;
    case TF_TYPE_INT32:
        tf_json_int(json, ((const int32_t *)column->values)[row]);
        break;
    case TF_TYPE_INT64:
        tf_json_int(json, ((const int64_t *)column->values)[row]);
        break;
    case TF_TYPE_DATE:
        tf_month_format(tf_month_of_days(((const int32_t *)column->values)[row]), month);
        tf_json_string(json, month);
        break;
    case TF_TYPE_FLOAT64:
        tf_json_double(json, ((const double *)column->values)[row]);
        break;
    default:
        tf_json_text(json, tf_column_text(column, row));
    }
}

static void put_record(const tf_table *table, int64_t row, tf_json *json) {
    tf_json_open_object(json);
    for (size_t i = 0; i < table->column_count; i++) {
        tf_json_key(json, table->columns[i].name);
        put_value(&table->columns[i], row, json);
    }
    tf_json_close_object(json);
}

static void put_about(const tf_figure_kind *kind, const tf_figure_about *about, tf_json *json) {
    tf_json_put_string(json, "figure", kind->name);
    tf_json_put_string(json, "title", about->title);
    tf_json_key(json, "area");
    tf_json_open_object(json);
    tf_json_put_string(json, "code", about->area_code);
    tf_json_put_string(json, "name", about->area_name);
    tf_json_put_string(json, "layer", about->layer);
    tf_json_close_object(json);
    tf_json_key(json, "period");
    tf_json_open_object(json);
    put_month(json, "from", about->from);
    put_month(json, "to", about->to);
    tf_json_close_object(json);
    tf_json_put_string(json, "group", about->group);
    tf_json_put_string(json, "group_title", about->group_title);
    tf_json_key(json, "licence");
    tf_json_open_object(json);
    tf_json_put_string(json, "name", TF_FIGURE_LICENCE);
    tf_json_put_string(json, "url", TF_FIGURE_LICENCE_URL);
    tf_json_close_object(json);
}

static void put_columns(const tf_figure_kind *kind, tf_json *json) {
    tf_json_key(json, "columns");
    tf_json_open_array(json);
    for (size_t i = 0; i < kind->column_count; i++) {
        const tf_figure_column *column = &kind->columns[i];
        bool is_text = column->type == TF_TYPE_DICTIONARY || column->type == TF_TYPE_TEXT;
        tf_json_open_object(json);
        tf_json_put_string(json, "name", column->name);
        tf_json_put_string(json, "type", is_text ? "text" : tf_type_name(column->type));
        tf_json_put_string(json, "help", column->help);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

void tf_download_json(const tf_figure_kind *kind, const tf_table *table,
                      const tf_figure_about *about, tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, false);
    tf_json_open_object(&json);
    put_about(kind, about, &json);
    put_columns(kind, &json);
    tf_json_key(&json, "records");
    tf_json_open_array(&json);
    for (int64_t row = 0; row < table->row_count; row++) {
        put_record(table, row, &json);
    }
    tf_json_close_array(&json);
    tf_profile_json_put_origin(&json, about->sources, about->source_count, about->notes,
                               about->note_count);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

tf_status tf_download_geojson(const tf_figure_kind *kind, const tf_table *table,
                              const tf_figure_about *about, const tf_boundaries *boundaries,
                              tf_buffer *out, tf_error *error) {
    const tf_column *codes = tf_table_get(table, "area_code");
    if (!kind->has_geometry || !boundaries || !codes) {
        return tf_fail(error, TF_UNSUPPORTED, kind->name, 0,
                       "this figure is not of areas, so that it has no GeoJSON; choose another "
                       "format");
    }
    tf_json json;
    tf_buffer code;
    tf_buffer_init(&code);
    tf_json_init(&json, out, false);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "type", "FeatureCollection");
    tf_boundaries_write_box(boundaries, &json);
    put_about(kind, about, &json);
    tf_json_key(&json, "features");
    tf_json_open_array(&json);
    for (int64_t row = 0; row < table->row_count; row++) {
        tf_text text = tf_column_text(codes, row);
        code.length = 0;
        tf_buffer_append(&code, text.data, text.length);
        tf_json_open_object(&json);
        tf_json_put_string(&json, "type", "Feature");
        tf_json_key(&json, "id");
        tf_json_text(&json, text);
        tf_json_key(&json, "properties");
        put_record(table, row, &json);
        tf_boundaries_write_geometry(code.data ? tf_boundaries_find(boundaries, code.data) : NULL,
                                     &json);
        tf_json_close_object(&json);
    }
    tf_json_close_array(&json);
    tf_profile_json_put_origin(&json, about->sources, about->source_count, about->notes,
                               about->note_count);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
    tf_status status = tf_buffer_check(&code, error);
    tf_buffer_deinit(&code);
    return status;
}
