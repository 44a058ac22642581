#include "csv_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

/* A column of the batch that is being made. */
typedef struct growing_column {
    tf_column column; /* buffers only; the rest is filled in when it is taken */
    size_t values_capacity;
    size_t validity_capacity;
    size_t offsets_capacity;
    csv_interning *interning; /* DICTIONARY only */
} growing_column;

struct csv_columns {
    const csv_layout *layout;
    growing_column *columns; /* one for each field of the layout */
    size_t row_count;        /* rows of earlier stripes */
    tf_buffer scratch;       /* for a field with doubled quotes */
    uint32_t *null_rows;     /* rows of the stripe that are null in the column at work */
    size_t null_capacity;
};

const char *tf_csv_expected(const tf_csv_field *field, char *buffer, size_t size) {
    switch (field->type) {
    case TF_CSV_HEX:
        snprintf(buffer, size, "not %d hexadecimal digits", field->byte_width * 2);
        return buffer;
    case TF_CSV_INT64:
        return "not a whole number";
    case TF_CSV_FLOAT64:
        return "not a number";
    case TF_CSV_BOOL:
        return "neither true nor false";
    case TF_CSV_MONTH:
        return "not a month written as 2023-02";
    case TF_CSV_DATE:
        return "not a date written as 2023-02-28";
    case TF_CSV_TIMESTAMP:
        return "not a time written as 2023-02-28T10:20:00+00:00";
    case TF_CSV_DICTIONARY:
    case TF_CSV_TEXT:
        break;
    }
    return "not as it should be";
}

static tf_type table_type(tf_csv_type type) {
    switch (type) {
    case TF_CSV_DICTIONARY:
        return TF_TYPE_DICTIONARY;
    case TF_CSV_TEXT:
        return TF_TYPE_TEXT;
    case TF_CSV_HEX:
        return TF_TYPE_FIXED_BINARY;
    case TF_CSV_INT64:
        return TF_TYPE_INT64;
    case TF_CSV_FLOAT64:
        return TF_TYPE_FLOAT64;
    case TF_CSV_BOOL:
        return TF_TYPE_BOOL;
    case TF_CSV_MONTH:
    case TF_CSV_DATE:
        return TF_TYPE_DATE;
    case TF_CSV_TIMESTAMP:
        return TF_TYPE_TIMESTAMP;
    }
    return TF_TYPE_TEXT;
}

csv_columns *tf_csv_columns_new(const csv_layout *layout) {
    csv_columns *columns = tf_alloc_zeroed(1, sizeof *columns);
    if (!columns) {
        return NULL;
    }
    columns->layout = layout;
    columns->columns = tf_alloc_zeroed(layout->field_count, sizeof *columns->columns);
    bool has_failed = !columns->columns;
    for (size_t i = 0; i < layout->field_count && !has_failed; i++) {
        growing_column *growing = &columns->columns[i];
        growing->column.type = table_type(layout->fields[i].type);
        growing->column.byte_width = layout->fields[i].byte_width;
        if (growing->column.type == TF_TYPE_DICTIONARY) {
            growing->interning = tf_csv_interning_new();
            has_failed = !growing->interning;
        }
    }
    if (has_failed) {
        tf_csv_columns_free(columns);
        return NULL;
    }
    return columns;
}

static void forget_buffers(growing_column *growing) {
    growing->column.validity = NULL;
    growing->column.values = NULL;
    growing->column.offsets = NULL;
    growing->values_capacity = 0;
    growing->validity_capacity = 0;
    growing->offsets_capacity = 0;
}

static void discard_buffers(growing_column *growing) {
    tf_free(growing->column.validity);
    tf_free(growing->column.values);
    tf_free(growing->column.offsets);
    forget_buffers(growing);
}

void tf_csv_columns_free(csv_columns *columns) {
    if (!columns) {
        return;
    }
    for (size_t i = 0; columns->columns && i < columns->layout->field_count; i++) {
        discard_buffers(&columns->columns[i]);
        tf_csv_interning_free(columns->columns[i].interning);
    }
    tf_free(columns->columns);
    tf_buffer_deinit(&columns->scratch);
    tf_free(columns->null_rows);
    tf_free(columns);
}

/* Room for `row_count` values. */
static tf_status reserve_values(growing_column *growing, size_t row_count, tf_error *error) {
    tf_column *column = &growing->column;
    if (column->type == TF_TYPE_TEXT) {
        tf_status status = tf_reserve(&column->offsets, &growing->offsets_capacity, row_count + 1,
                                      sizeof *column->offsets, error);
        if (!status) {
            column->offsets[0] = 0;
        }
        return status;
    }
    bool is_bits = column->type == TF_TYPE_BOOL;
    return tf_reserve(&column->values, &growing->values_capacity,
                      is_bits ? tf_bit_bytes((int64_t)row_count) : row_count,
                      is_bits ? 1 : tf_type_size(column->type, column->byte_width), error);
}

tf_status tf_csv_columns_start(csv_columns *columns, size_t expected_rows, tf_error *error) {
    columns->row_count = 0;
    for (size_t i = 0; i < columns->layout->field_count; i++) {
        growing_column *growing = &columns->columns[i];
        discard_buffers(growing);
        if (growing->interning) {
            tf_csv_interning_start_batch(growing->interning);
        }
        tf_status status = reserve_values(growing, expected_rows, error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

/* ---- nulls ---- */

/* Set the bits of `bits` from bit `from` to the end of its `byte_count` bytes. */
static void set_bits_from(uint8_t *bits, size_t from, size_t byte_count) {
    size_t whole_byte = (from + 7) / 8;
    if (from % 8) {
        bits[from / 8] |= (uint8_t)(0xFFU << (from % 8));
    }
    if (whole_byte < byte_count) {
        memset(bits + whole_byte, 0xFF, byte_count - whole_byte);
    }
}

/* Mark the stripe's rows noted in columns->null_rows as null and its other rows as present: a
 * stripe with a bad row is converted again and may have been marked before. */
static tf_status mark_nulls(csv_columns *columns, growing_column *growing, size_t stripe_rows,
                            size_t null_count, tf_error *error) {
    tf_column *column = &growing->column;
    if (null_count == 0 && !column->validity) {
        return TF_OK;
    }
    bool is_first = !column->validity;
    size_t base = columns->row_count;
    size_t needed = tf_bit_bytes((int64_t)(base + stripe_rows));
    tf_status status = tf_reserve(&column->validity, &growing->validity_capacity, needed, 1, error);
    if (status) {
        return status;
    }
    set_bits_from(column->validity, is_first ? 0 : base, growing->validity_capacity);
    for (size_t i = 0; i < null_count; i++) {
        size_t row = base + columns->null_rows[i];
        column->validity[row >> 3] &= (uint8_t) ~(1U << (row & 7));
    }
    return TF_OK;
}

/* Count the nulls, and clear the bits behind the last row so that equal rows are equal bytes. */
static void settle_validity(tf_column *column) {
    if (column->type == TF_TYPE_BOOL && column->length % 8) {
        ((uint8_t *)column->values)[column->length / 8] &=
            (uint8_t)((1U << (column->length % 8)) - 1);
    }
    if (!column->validity) {
        return;
    }
    if (column->length % 8) {
        column->validity[column->length / 8] &= (uint8_t)((1U << (column->length % 8)) - 1);
    }
    int64_t present = 0;
    for (size_t i = 0; i < tf_bit_bytes(column->length); i++) {
        present += __builtin_popcount(column->validity[i]);
    }
    column->null_count = column->length - present;
    if (column->null_count == 0) {
        tf_free(column->validity);
        column->validity = NULL;
    }
}

/* ---- fields ---- */

tf_text tf_csv_unquote(tf_text field, tf_buffer *scratch) {
    tf_text inside = {field.data + 1, field.length - 2};
    if (!memchr(inside.data, '"', inside.length)) {
        return inside;
    }
    scratch->length = 0;
    for (size_t i = 0; i < inside.length; i++) {
        tf_buffer_append(scratch, inside.data + i, 1);
        i += inside.data[i] == '"';
    }
    /* Readers of the text may look at whole words beyond its end. */
    static const char padding[16] = {0};
    tf_buffer_append(scratch, padding, sizeof padding);
    if (scratch->failed) {
        return (tf_text){NULL, 0};
    }
    return (tf_text){scratch->data, scratch->length - sizeof padding};
}

/* The field as it stands in the file; empty where the file lacks the column. */
static inline tf_text raw_field(csv_columns *columns, const csv_stripe *stripe, size_t row,
                                int position) {
    return position == CSV_ABSENT ? (tf_text){stripe->block, 0}
                                  : csv_raw_field(columns->layout, stripe, row, position);
}

/* The text of a raw field; data NULL when out of memory. */
static inline tf_text without_quotes(csv_columns *columns, tf_text raw) {
    return __builtin_expect(raw.length && raw.data[0] == '"', 0)
               ? tf_csv_unquote(raw, &columns->scratch)
               : raw;
}

static inline tf_text field_text(csv_columns *columns, const csv_stripe *stripe, size_t row,
                                 int position) {
    return without_quotes(columns, raw_field(columns, stripe, row, position));
}

/* Convert one text to value `row` of `values`; false if it is not of the type. */
typedef bool converter(const tf_csv_field *field, tf_text text, void *values, size_t row);

static bool convert_hex(const tf_csv_field *field, tf_text text, void *values, size_t row) {
    size_t width = (size_t)field->byte_width;
    return text.length == 2 * width &&
           tf_csv_decode_hex(text.data, width, (uint8_t *)values + row * width);
}

static bool convert_int64(const tf_csv_field *field, tf_text text, void *values, size_t row) {
    (void)field;
    return tf_parse_int64(text, (int64_t *)values + row);
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The number that eight digits in memory order stand for; false if one is no digit. */
static inline bool eight_digits(uint64_t digits, uint64_t *number_out) {
    if ((digits & 0xF0F0F0F0F0F0F0F0ULL) != 0x3030303030303030ULL ||
        ((digits + 0x0606060606060606ULL) & 0xF0F0F0F0F0F0F0F0ULL) != 0x3030303030303030ULL) {
        return false;
    }
    /* Join neighbours to pairs, pairs to fours, fours to eight. */
    digits = (digits & 0x0F0F0F0F0F0F0F0FULL) * 2561 >> 8;
    digits = (digits & 0x00FF00FF00FF00FFULL) * 6553601 >> 16;
    *number_out = (digits & 0x0000FFFF0000FFFFULL) * 42949672960001 >> 32;
    return true;
}

/* Decimals as coordinates are written, "-0.276577": up to three digits, a point, up to eight. */
static inline bool parse_coordinate(tf_text text, double *value_out) {
    static const double power_of_ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    size_t at = text.data[0] == '-';
    uint64_t whole = 0;
    size_t digits = 0;
    for (; at < text.length && digits < 4 && text.data[at] != '.'; at++, digits++) {
        unsigned digit = (unsigned char)text.data[at] - (unsigned)'0';
        if (digit > 9) {
            return false;
        }
        whole = whole * 10 + digit;
    }
    size_t decimals = text.length - at - 1;
    if (digits == 0 || digits > 3 || at >= text.length || decimals == 0 || decimals > 8) {
        return false;
    }
    /* Move the decimals to the top of the word and fill up with zeros before them. */
    uint64_t word;
    memcpy(&word, text.data + at + 1, sizeof word);
    uint64_t zeros = decimals == 8 ? 0 : 0x3030303030303030ULL >> (8 * decimals);
    word = word << (64 - 8 * decimals) | zeros;
    uint64_t part;
    if (!eight_digits(word, &part)) {
        return false;
    }
    /* Both are exact doubles, so one division rounds correctly (Clinger 1990). */
    double mantissa = (double)whole * power_of_ten[decimals] + (double)part;
    double value = mantissa / power_of_ten[decimals];
    *value_out = text.data[0] == '-' ? -value : value;
    return true;
}
#else
static inline bool parse_coordinate(tf_text text, double *value_out) {
    (void)text;
    (void)value_out;
    return false;
}
#endif

/* The text may be read some bytes beyond its end. */
static bool convert_float64(const tf_csv_field *field, tf_text text, void *values, size_t row) {
    (void)field;
    double *value = (double *)values + row;
    return parse_coordinate(text, value) || tf_parse_double(text, value);
}

static bool convert_month(const tf_csv_field *field, tf_text text, void *values, size_t row) {
    (void)field;
    tf_month month;
    if (!tf_month_parse(text, &month)) {
        return false;
    }
    ((int32_t *)values)[row] = tf_month_first_day(month);
    return true;
}

static bool convert_date(const tf_csv_field *field, tf_text text, void *values, size_t row) {
    (void)field;
    return tf_date_parse(text, (int32_t *)values + row);
}

static bool convert_timestamp(const tf_csv_field *field, tf_text text, void *values, size_t row) {
    (void)field;
    return tf_instant_parse(text, (int64_t *)values + row);
}

static void put_bit(uint8_t *bits, size_t i, bool value) {
    uint8_t bit = (uint8_t)(1U << (i & 7));
    bits[i >> 3] = value ? bits[i >> 3] | bit : bits[i >> 3] & (uint8_t)~bit;
}

static bool convert_bool(const tf_csv_field *field, tf_text text, void *values, size_t row) {
    (void)field;
    bool is_true = tf_text_equal_fold(text, (tf_text){"true", 4});
    put_bit(values, row, is_true);
    return is_true || tf_text_equal_fold(text, (tf_text){"false", 5});
}

/* Convert one field of the stripe's rows.  Inlined once for each converter. */
static inline __attribute__((always_inline)) tf_status
convert_rows(csv_columns *columns, const csv_stripe *stripe, size_t field_index, uint16_t *is_bad,
             bool *any_bad, converter *convert, tf_error *error) {
    const tf_csv_field *field = &columns->layout->fields[field_index];
    growing_column *growing = &columns->columns[field_index];
    int position = columns->layout->positions[field_index];
    size_t base = columns->row_count;
    size_t size = tf_type_size(growing->column.type, growing->column.byte_width);
    tf_status status = reserve_values(growing, base + stripe->row_count, error);
    if (status) {
        return status;
    }
    char *values = growing->column.values;
    size_t null_count = 0;
    tf_text before = {NULL, 0}; /* many columns repeat: then the value is copied */
    for (size_t row = 0; row < stripe->row_count; row++) {
        tf_text text = field_text(columns, stripe, row, position);
        if (text.length == 0) {
            if (!text.data) {
                return tf_fail_no_memory(error);
            }
            columns->null_rows[null_count++] = (uint32_t)row;
            if (convert == convert_bool) {
                put_bit((uint8_t *)values, base + row, false);
            } else {
                memset(values + (base + row) * size, 0, size);
            }
        } else if (convert == convert_month && tf_text_equal(text, before)) {
            ((int32_t *)(void *)values)[base + row] = ((int32_t *)(void *)values)[base + row - 1];
            continue;
        } else if (!convert(field, text, values, base + row) && !is_bad[row]) {
            is_bad[row] = (uint16_t)(field_index + 1);
            *any_bad = true;
            text.length = 0; /* nothing to copy from */
        }
        before = text;
    }
    return mark_nulls(columns, growing, stripe->row_count, null_count, error);
}

tf_status tf_csv_columns_check(csv_columns *columns, const csv_stripe *stripe, uint16_t *is_bad,
                               bool *any_bad_out, tf_error *error) {
    *any_bad_out = false;
    tf_status status = tf_reserve(&columns->null_rows, &columns->null_capacity, stripe->row_count,
                                  sizeof *columns->null_rows, error);
    for (size_t i = 0; i < columns->layout->field_count && !status; i++) {
#define CONVERT_ROWS(converter)                                                                    \
    convert_rows(columns, stripe, i, is_bad, any_bad_out, converter, error)
        switch (columns->layout->fields[i].type) {
        case TF_CSV_HEX:
            status = CONVERT_ROWS(convert_hex);
            break;
        case TF_CSV_INT64:
            status = CONVERT_ROWS(convert_int64);
            break;
        case TF_CSV_FLOAT64:
            status = CONVERT_ROWS(convert_float64);
            break;
        case TF_CSV_BOOL:
            status = CONVERT_ROWS(convert_bool);
            break;
        case TF_CSV_MONTH:
            status = CONVERT_ROWS(convert_month);
            break;
        case TF_CSV_DATE:
            status = CONVERT_ROWS(convert_date);
            break;
        case TF_CSV_TIMESTAMP:
            status = CONVERT_ROWS(convert_timestamp);
            break;
        case TF_CSV_DICTIONARY:
        case TF_CSV_TEXT:
            break;
        }
#undef CONVERT_ROWS
    }
    return status;
}

static tf_status append_dictionary(csv_columns *columns, const csv_stripe *stripe,
                                   size_t field_index, tf_error *error) {
    growing_column *growing = &columns->columns[field_index];
    int position = columns->layout->positions[field_index];
    tf_status status = reserve_values(growing, columns->row_count + stripe->row_count, error);
    if (status) {
        return status;
    }
    int32_t *indices = (int32_t *)growing->column.values + columns->row_count;
    size_t null_count = 0;
    tf_text before = {"", 0}; /* the last text looked up, as it stands in the block */
    int32_t before_index = 0;
    for (size_t row = 0; row < stripe->row_count; row++) {
        tf_text raw = raw_field(columns, stripe, row, position);
        if (raw.length == 0) {
            columns->null_rows[null_count++] = (uint32_t)row;
            indices[row] = 0;
            continue;
        }
        /* Columns often repeat: no need to look the same text up again. */
        if (raw.length == before.length && csv_same_text(raw.data, before.data, raw.length)) {
            indices[row] = before_index;
            continue;
        }
        tf_text text = without_quotes(columns, raw);
        if (text.length == 0 && text.data) {
            columns->null_rows[null_count++] = (uint32_t)row;
            indices[row] = 0;
            continue;
        }
        indices[row] = text.data ? tf_csv_intern(growing->interning, text.data, text.length) : -1;
        if (indices[row] < 0) {
            return tf_fail_no_memory(error);
        }
        before = raw;
        before_index = indices[row];
    }
    return mark_nulls(columns, growing, stripe->row_count, null_count, error);
}

static tf_status append_text(csv_columns *columns, const csv_stripe *stripe, size_t field_index,
                             tf_error *error) {
    growing_column *growing = &columns->columns[field_index];
    tf_column *column = &growing->column;
    int position = columns->layout->positions[field_index];
    size_t base = columns->row_count;
    tf_status status = reserve_values(growing, base + stripe->row_count, error);
    if (status) {
        return status;
    }
    size_t null_count = 0;
    for (size_t row = 0; row < stripe->row_count; row++) {
        tf_text text = field_text(columns, stripe, row, position);
        size_t used = (size_t)column->offsets[base + row];
        if (!text.data) {
            return tf_fail_no_memory(error);
        }
        if (text.length == 0) {
            columns->null_rows[null_count++] = (uint32_t)row;
        } else {
            status = tf_reserve(&column->values, &growing->values_capacity, used + text.length, 1,
                                error);
            if (status) {
                return status;
            }
            memcpy((char *)column->values + used, text.data, text.length);
        }
        column->offsets[base + row + 1] = (int32_t)(used + text.length);
    }
    return mark_nulls(columns, growing, stripe->row_count, null_count, error);
}

tf_status tf_csv_columns_append(csv_columns *columns, const csv_stripe *stripe, tf_error *error) {
    tf_status status = TF_OK;
    for (size_t i = 0; i < columns->layout->field_count && !status; i++) {
        tf_csv_type type = columns->layout->fields[i].type;
        if (type == TF_CSV_DICTIONARY) {
            status = append_dictionary(columns, stripe, i, error);
        } else if (type == TF_CSV_TEXT) {
            status = append_text(columns, stripe, i, error);
        }
    }
    columns->row_count += stripe->row_count;
    return status;
}

/* ---- the table ---- */

/* Move one column's buffers into `column`, which is zeroed. */
static tf_status take_column(growing_column *growing, const char *name, size_t row_count,
                             tf_column *column) {
    column->name = tf_copy_text(name, strlen(name));
    /* A column whose rows were all empty still has a values buffer. */
    if (!column->name ||
        tf_reserve(&growing->column.values, &growing->values_capacity, 1, 8, NULL)) {
        return TF_NO_MEMORY;
    }
    if (growing->interning) {
        column->dictionary = tf_alloc_zeroed(1, sizeof *column->dictionary);
        if (!column->dictionary || tf_csv_interning_take(growing->interning, column->dictionary)) {
            return TF_NO_MEMORY;
        }
    }
    column->type = growing->column.type;
    column->byte_width = growing->column.byte_width;
    column->length = (int64_t)row_count;
    column->validity = growing->column.validity;
    column->values = growing->column.values;
    column->offsets = growing->column.offsets;
    forget_buffers(growing);
    settle_validity(column);
    return TF_OK;
}

tf_status tf_csv_columns_take(csv_columns *columns, tf_table **table_out, tf_error *error) {
    const csv_layout *layout = columns->layout;
    tf_table *table = tf_table_new(layout->field_count, error);
    if (!table) {
        return TF_NO_MEMORY;
    }
    table->row_count = (int64_t)columns->row_count;
    for (size_t i = 0; i < layout->field_count; i++) {
        if (take_column(&columns->columns[i], layout->fields[i].name, columns->row_count,
                        &table->columns[i])) {
            tf_table_free(table);
            return tf_fail_no_memory(error);
        }
    }
    *table_out = table;
    return TF_OK;
}
