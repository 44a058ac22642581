#include "insight/download.h"

#include "download_internal.h"
#include "trefoil/table/arrow.h"
#include "trefoil/table/csv.h"

#include <stdio.h>

enum { ARROW_ZSTD_LEVEL = 3 };

static const tf_download_kind kinds[TF_DOWNLOAD_COUNT] = {
    [TF_DOWNLOAD_CSV] = {"csv", "csv", "text/csv; charset=utf-8", "CSV", false, false},
    [TF_DOWNLOAD_JSON] = {"json", "json", "application/json", "JSON", false, false},
    [TF_DOWNLOAD_ARROW] = {"arrow", "arrows", "application/vnd.apache.arrow.stream", "Arrow", true,
                           false},
    [TF_DOWNLOAD_XLSX] = {"xlsx", "xlsx",
                          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                          "Excel", true, false},
    [TF_DOWNLOAD_GEOJSON] = {"geojson", "geojson", "application/geo+json", "GeoJSON", false, true},
};

const tf_download_kind *tf_download_kind_of(tf_download_format format) {
    return &kinds[format];
}

bool tf_download_find(const char *name, tf_download_format *format_out) {
    for (tf_download_format format = 0; format < TF_DOWNLOAD_COUNT; format++) {
        if (strcmp(kinds[format].name, name) == 0) {
            *format_out = format;
            return true;
        }
    }
    return false;
}

char *tf_download_file_name(const tf_figure_about *about, const char *figure,
                            tf_download_format format, char *name) {
    char area[64], group[48], layer[48] = "", from[TF_MONTH_TEXT_SIZE], to[TF_MONTH_TEXT_SIZE];
    tf_text_slug(tf_text_of(about->area_name ? about->area_name : "all"), area, sizeof area);
    tf_text_slug(tf_text_of(about->group), group, sizeof group);
    if (!about->area_name) {
        tf_text_slug(tf_text_of(about->layer), layer, sizeof layer);
    }
    snprintf(name, TF_DOWNLOAD_NAME_SIZE, "trefoil-%s%s%s-%s-%s-%s%s%.30s.%s", area,
             *layer ? "-" : "", layer, group, tf_month_format(about->from, from),
             tf_month_format(about->to, to), figure ? "-" : "", figure ? figure : "",
             kinds[format].extension);
    return name;
}

/* ---- CSV ---- */

static bool looks_like_formula(tf_text text) {
    return text.length > 0 && memchr("=+-@\t\r", text.data[0], 6);
}

static void append_text(tf_buffer *out, tf_buffer *guarded, tf_text text) {
    if (!looks_like_formula(text)) {
        tf_csv_append_field(out, text);
        return;
    }
    guarded->length = 0;
    tf_buffer_append_text(guarded, "'");
    tf_buffer_append(guarded, text.data, text.length);
    tf_csv_append_field(out, (tf_text){guarded->data, guarded->length});
}

static void append_value(const tf_column *column, int64_t row, tf_buffer *out, tf_buffer *guarded) {
    char month[TF_MONTH_TEXT_SIZE];
    if (column->type == TF_TYPE_TEXT || column->type == TF_TYPE_DICTIONARY) {
        append_text(out, guarded, tf_column_text(column, row));
    } else if (column->type == TF_TYPE_DATE && !tf_column_is_null(column, row)) {
        tf_month_format(tf_month_of_days(((const int32_t *)column->values)[row]), month);
        tf_buffer_append_text(out, month);
    } else {
        tf_column_append(column, row, out);
    }
}

void tf_download_csv(const tf_table *table, tf_buffer *out) {
    tf_buffer guarded;
    tf_buffer_init(&guarded);
    for (size_t i = 0; i < table->column_count; i++) {
        tf_buffer_format(out, "%s%s", i ? "," : "", table->columns[i].name);
    }
    tf_buffer_append_text(out, "\n");
    for (int64_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            tf_buffer_append_text(out, i ? "," : "");
            append_value(&table->columns[i], row, out, &guarded);
        }
        tf_buffer_append_text(out, "\n");
    }
    out->failed |= guarded.failed;
    tf_buffer_deinit(&guarded);
}

/* ---- one figure ---- */

tf_status tf_download_write(const tf_figure_kind *kind, const tf_table *table,
                            const tf_figure_about *about, const tf_boundaries *boundaries,
                            tf_download_format format, tf_buffer *out, tf_error *error) {
    tf_status status = TF_OK;
    switch (format) {
    case TF_DOWNLOAD_CSV:
        tf_download_csv(table, out);
        break;
    case TF_DOWNLOAD_JSON:
        tf_download_json(kind, table, about, out);
        break;
    case TF_DOWNLOAD_ARROW:
        status = tf_arrow_write(table, ARROW_ZSTD_LEVEL, out, error);
        break;
    case TF_DOWNLOAD_XLSX:
        status = tf_download_workbook(kind, table, about, out, error);
        break;
    case TF_DOWNLOAD_GEOJSON:
        status = tf_download_geojson(kind, table, about, boundaries, out, error);
        break;
    default:
        status = tf_fail(error, TF_UNSUPPORTED, kind->name, 0, "there is no such format");
    }
    return status ? status : tf_buffer_check(out, error);
}
