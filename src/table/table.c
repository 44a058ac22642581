#include "trefoil/table/table.h"

#include "trefoil/base/date.h"

void tf_column_deinit(tf_column *column) {
    tf_free(column->name);
    tf_free(column->validity);
    tf_free(column->values);
    tf_free(column->offsets);
    if (column->dictionary) {
        tf_column_deinit(column->dictionary);
        tf_free(column->dictionary);
    }
    *column = (tf_column){0};
}

tf_table *tf_table_new(size_t column_count, tf_error *error) {
    tf_table *table = tf_alloc_zeroed(1, sizeof *table);
    tf_column *columns = tf_alloc_zeroed(column_count, sizeof *columns);
    if (!table || !columns) {
        tf_free(table);
        tf_free(columns);
        (void)tf_fail_no_memory(error);
        return NULL;
    }
    table->column_count = column_count;
    table->columns = columns;
    return table;
}

void tf_table_free(tf_table *table) {
    if (!table) {
        return;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        tf_column_deinit(&table->columns[i]);
    }
    tf_free(table->columns);
    tf_free(table);
}

const tf_column *tf_table_get(const tf_table *table, const char *name) {
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i].name, name) == 0) {
            return &table->columns[i];
        }
    }
    return NULL;
}

tf_status tf_table_require(const tf_table *table, const char *name, tf_type type,
                           const tf_column **column_out, tf_error *error) {
    const tf_column *column = tf_table_get(table, name);
    if (!column) {
        return tf_fail(error, TF_BAD_INPUT, name, 0, "the table has no such column");
    }
    if (column->type != type) {
        return tf_fail(error, TF_BAD_INPUT, name, 0, "the column holds %s where %s is needed",
                       tf_type_name(column->type), tf_type_name(type));
    }
    *column_out = column;
    return TF_OK;
}

const char *tf_type_name(tf_type type) {
    switch (type) {
    case TF_TYPE_BOOL:
        return "boolean";
    case TF_TYPE_INT32:
        return "int32";
    case TF_TYPE_INT64:
        return "int64";
    case TF_TYPE_FLOAT64:
        return "float64";
    case TF_TYPE_DATE:
        return "date";
    case TF_TYPE_TIMESTAMP:
        return "timestamp";
    case TF_TYPE_TEXT:
        return "text";
    case TF_TYPE_DICTIONARY:
        return "dictionary";
    case TF_TYPE_FIXED_BINARY:
        return "fixed binary";
    }
    return "unknown";
}

size_t tf_type_size(tf_type type, int32_t byte_width) {
    switch (type) {
    case TF_TYPE_INT32:
    case TF_TYPE_DATE:
    case TF_TYPE_DICTIONARY:
        return 4;
    case TF_TYPE_INT64:
    case TF_TYPE_FLOAT64:
    case TF_TYPE_TIMESTAMP:
        return 8;
    case TF_TYPE_FIXED_BINARY:
        return (size_t)byte_width;
    case TF_TYPE_BOOL:
    case TF_TYPE_TEXT:
        break;
    }
    return 0;
}

void tf_column_append(const tf_column *column, int64_t row, tf_buffer *buffer) {
    if (tf_column_is_null(column, row)) {
        return;
    }
    int year;
    int month;
    int day;
    char instant[TF_INSTANT_TEXT_SIZE];
    switch (column->type) {
    case TF_TYPE_BOOL:
        tf_buffer_append_text(buffer, tf_bit_get(column->values, row) ? "true" : "false");
        return;
    case TF_TYPE_INT32:
        tf_buffer_format(buffer, "%d", ((const int32_t *)column->values)[row]);
        return;
    case TF_TYPE_INT64:
        tf_buffer_format(buffer, "%lld", (long long)((const int64_t *)column->values)[row]);
        return;
    case TF_TYPE_FLOAT64:
        tf_buffer_append_double(buffer, ((const double *)column->values)[row]);
        return;
    case TF_TYPE_DATE:
        tf_days_split(((const int32_t *)column->values)[row], &year, &month, &day);
        tf_buffer_format(buffer, "%04d-%02d-%02d", year, month, day);
        return;
    case TF_TYPE_TIMESTAMP:
        tf_buffer_append_text(buffer,
                              tf_instant_format(((const int64_t *)column->values)[row], instant));
        return;
    case TF_TYPE_FIXED_BINARY:
        for (int32_t i = 0; i < column->byte_width; i++) {
            tf_buffer_format(buffer, "%02x",
                             ((const uint8_t *)column->values)[row * column->byte_width + i]);
        }
        return;
    case TF_TYPE_TEXT:
    case TF_TYPE_DICTIONARY: {
        tf_text text = tf_column_text(column, row);
        tf_buffer_append(buffer, text.data, text.length);
        return;
    }
    }
}
