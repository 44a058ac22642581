#include "csv_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    STRIPE = 128 * 1024
}; /* bytes scanned and converted at a time, so that they stay in cache */

/* A column of the batch that is being made. */
typedef struct growing_column {
    tf_column column; /* length and buffers; the name is given at the end */
    size_t values_capacity;
    size_t validity_capacity;
    size_t offsets_capacity;
    csv_interning *interning; /* DICTIONARY only */
} growing_column;

struct csv_parser {
    const csv_layout *layout;
    csv_scan scan;
    growing_column *columns; /* one for each field of the layout */
    tf_buffer scratch;       /* of a field with doubled quotes */

    /* The accepted rows of the block. */
    uint32_t *row_line;
    uint32_t *row_start;
    uint32_t *row_length;
    size_t line_capacity;
    size_t start_capacity;
    size_t length_capacity;
    size_t row_count;

    /* The rows of the stripe: the last `stripe_rows` of the above. */
    uint32_t *row_separator; /* index of each row's first separator */
    size_t separator_capacity;
    size_t stripe_first;
    uint32_t *null_rows; /* rows of the stripe that are null in the column at work */
    size_t null_capacity;

    csv_reject *rejects;
    size_t reject_count;
    size_t reject_capacity;
    uint32_t line;
};

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

static const char *expected(const tf_csv_field *field, char *buffer, size_t size) {
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

void tf_csv_reject_describe(const csv_layout *layout, const char *block, const csv_reject *reject,
                            char *text_out, size_t text_size) {
    char kind[48];
    switch (reject->fault) {
    case CSV_FIELD_COUNT:
        snprintf(text_out, text_size, "the row has %u fields where the header has %zu",
                 reject->detail, layout->header_count);
        break;
    case CSV_NOT_UTF8:
        snprintf(text_out, text_size, "%s holds bytes that are not UTF-8 text",
                 layout->header_names[reject->detail]);
        break;
    case CSV_QUOTES:
        snprintf(text_out, text_size,
                 "a quoted field is not closed, or goes on after its closing quote");
        break;
    case CSV_VALUE: {
        const tf_csv_field *field = &layout->fields[reject->detail];
        int shown = reject->value_length > 80 ? 80 : (int)reject->value_length;
        snprintf(text_out, text_size, "%s is '%.*s', which is %s", field->header, shown,
                 block + reject->value_start, expected(field, kind, sizeof kind));
        break;
    }
    }
}

csv_parser *tf_csv_parser_new(const csv_layout *layout, tf_error *error) {
    csv_parser *parser = tf_alloc_zeroed(1, sizeof *parser);
    growing_column *columns = tf_alloc_zeroed(layout->field_count, sizeof *columns);
    if (!parser || !columns) {
        tf_free(parser);
        tf_free(columns);
        (void)tf_fail_no_memory(error);
        return NULL;
    }
    parser->layout = layout;
    parser->columns = columns;
    for (size_t i = 0; i < layout->field_count; i++) {
        columns[i].column.type = table_type(layout->fields[i].type);
        columns[i].column.byte_width = layout->fields[i].byte_width;
        if (columns[i].column.type == TF_TYPE_DICTIONARY) {
            columns[i].interning = tf_csv_interning_new();
            if (!columns[i].interning) {
                tf_csv_parser_free(parser);
                (void)tf_fail_no_memory(error);
                return NULL;
            }
        }
    }
    return parser;
}

static void discard_buffers(growing_column *growing) {
    tf_free(growing->column.validity);
    tf_free(growing->column.values);
    tf_free(growing->column.offsets);
    *growing = (growing_column){
        .column = {.type = growing->column.type, .byte_width = growing->column.byte_width},
        .interning = growing->interning};
}

void tf_csv_parser_free(csv_parser *parser) {
    if (!parser) {
        return;
    }
    for (size_t i = 0; i < parser->layout->field_count; i++) {
        discard_buffers(&parser->columns[i]);
        tf_csv_interning_free(parser->columns[i].interning);
    }
    tf_csv_scan_deinit(&parser->scan);
    tf_buffer_deinit(&parser->scratch);
    tf_free(parser->columns);
    tf_free(parser->row_line);
    tf_free(parser->row_start);
    tf_free(parser->row_length);
    tf_free(parser->row_separator);
    tf_free(parser->null_rows);
    tf_free(parser->rejects);
    tf_free(parser);
}

/* ---- rows ---- */

static tf_status reject_row(csv_parser *parser, csv_reject reject, tf_error *error) {
    tf_status status = tf_reserve(&parser->rejects, &parser->reject_capacity,
                                  parser->reject_count + 1, sizeof reject, error);
    if (!status) {
        parser->rejects[parser->reject_count++] = reject;
    }
    return status;
}

static tf_status reserve_rows(csv_parser *parser, size_t more, tf_error *error) {
    size_t needed = parser->row_count + more;
    tf_status status =
        tf_reserve(&parser->row_line, &parser->line_capacity, needed, sizeof(uint32_t), error);
    if (!status) {
        status = tf_reserve(&parser->row_start, &parser->start_capacity, needed, sizeof(uint32_t),
                            error);
    }
    if (!status) {
        status = tf_reserve(&parser->row_length, &parser->length_capacity, needed, sizeof(uint32_t),
                            error);
    }
    if (!status) {
        status = tf_reserve(&parser->row_separator, &parser->separator_capacity, more,
                            sizeof(uint32_t), error);
    }
    if (!status) {
        status =
            tf_reserve(&parser->null_rows, &parser->null_capacity, more, sizeof(uint32_t), error);
    }
    return status;
}

static uint32_t count_line_feeds(const char *text, size_t length) {
    uint32_t count = 0;
    const char *end = text + length;
    while ((text = memchr(text, '\n', (size_t)(end - text)))) {
        count++;
        text++;
    }
    return count;
}

/* The position of the first field of the record that is not UTF-8. */
static uint32_t position_not_utf8(const csv_parser *parser, const char *block, size_t first,
                                  size_t start) {
    const uint32_t *separators = parser->scan.separators;
    uint32_t position = 0;
    for (;; position++) {
        size_t end = separators[first + position];
        if (!tf_text_is_utf8((tf_text){block + start, end - start}) || block[end] == '\n') {
            break;
        }
        start = end + 1;
    }
    size_t last = parser->layout->header_count - 1;
    return position > last ? (uint32_t)last : position;
}

/* Decide on the record whose separators are [first, after): accept it as a row, reject it, or
 * pass over it if it is a blank line. */
static tf_status take_record(csv_parser *parser, const char *block, uint32_t start, size_t first,
                             size_t after, size_t *malformed_seen, tf_error *error) {
    const csv_scan *scan = &parser->scan;
    uint32_t line_feed = scan->separators[after - 1];
    uint32_t length = line_feed - start;
    length -= length && block[start + length - 1] == '\r';
    uint32_t line = parser->line;
    parser->line += scan->has_quotes ? count_line_feeds(block + start, line_feed - start) + 1 : 1;

    csv_reject reject = {.line = line, .start = start, .length = length};
    bool is_malformed =
        *malformed_seen < scan->malformed_count && scan->malformed[*malformed_seen] < line_feed;
    while (*malformed_seen < scan->malformed_count &&
           scan->malformed[*malformed_seen] < line_feed) {
        ++*malformed_seen;
    }
    if (length == 0) {
        return TF_OK;
    }
    if (is_malformed) {
        reject.fault = CSV_QUOTES;
        return reject_row(parser, reject, error);
    }
    if (after - first != parser->layout->header_count) {
        reject.fault = CSV_FIELD_COUNT;
        reject.detail = (uint32_t)(after - first);
        return reject_row(parser, reject, error);
    }
    if (scan->has_high_bytes && !tf_text_is_utf8((tf_text){block + start, length})) {
        reject.fault = CSV_NOT_UTF8;
        reject.detail = position_not_utf8(parser, block, first, start);
        return reject_row(parser, reject, error);
    }
    size_t row = parser->row_count++;
    parser->row_line[row] = line;
    parser->row_start[row] = start;
    parser->row_length[row] = length;
    parser->row_separator[row - parser->stripe_first] = (uint32_t)first;
    return TF_OK;
}

/* Divide the scanned separators into rows. */
static tf_status take_records(csv_parser *parser, const char *block, size_t start,
                              size_t separator_count, tf_error *error) {
    const uint32_t *separators = parser->scan.separators;
    size_t malformed_seen = 0;
    size_t first = 0;
    parser->stripe_first = parser->row_count;
    tf_status status =
        reserve_rows(parser, separator_count / parser->layout->header_count + 1, error);
    size_t width = parser->layout->header_count;
    while (!status && first < separator_count) {
        /* Most records have as many fields as the header: look there before searching. */
        size_t after = first + width;
        bool is_regular = after <= separator_count && block[separators[after - 1]] == '\n';
        for (size_t i = first; is_regular && i < after - 1; i++) {
            is_regular = block[separators[i]] != '\n';
        }
        if (!is_regular) {
            after = first + 1;
            while (block[separators[after - 1]] != '\n') {
                after++;
            }
        }
        status = take_record(parser, block, (uint32_t)start, first, after, &malformed_seen, error);
        start = separators[after - 1] + 1;
        first = after;
    }
    return status;
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
    tf_buffer_append(scratch, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    if (scratch->failed) {
        return (tf_text){NULL, 0};
    }
    return (tf_text){scratch->data, scratch->length - 16};
}

/* The field at `position` of stripe row `row`, without quotes; data NULL when out of memory. */
static inline tf_text field_at(csv_parser *parser, const char *block, size_t row, int position) {
    uint32_t first = parser->row_separator[row];
    const uint32_t *separators = parser->scan.separators + first;
    uint32_t start = position == 0 ? parser->row_start[parser->stripe_first + row]
                                   : separators[position - 1] + 1;
    tf_text field = {block + start, separators[position] - start};
    if ((size_t)position + 1 == parser->layout->header_count && field.length &&
        field.data[field.length - 1] == '\r') {
        field.length--;
    }
    if (__builtin_expect(field.length && field.data[0] == '"', 0)) {
        return tf_csv_unquote(field, &parser->scratch);
    }
    return field;
}

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

/* Mark the rows noted in parser->null_rows as null and the other rows from `base` on as present:
 * a stripe with a wrong value is converted again and may have been marked before. */
static tf_status mark_nulls(csv_parser *parser, growing_column *growing, size_t null_count,
                            size_t base, tf_error *error) {
    tf_column *column = &growing->column;
    if (null_count == 0 && !column->validity) {
        return TF_OK;
    }
    bool is_first = !column->validity;
    size_t needed = tf_bit_bytes((int64_t)parser->row_count);
    tf_status status = tf_reserve(&column->validity, &growing->validity_capacity, needed, 1, error);
    if (status) {
        return status;
    }
    set_bits_from(column->validity, is_first ? 0 : base, growing->validity_capacity);
    for (size_t i = 0; i < null_count; i++) {
        size_t row = base + parser->null_rows[i];
        column->validity[row >> 3] &= (uint8_t) ~(1U << (row & 7));
    }
    return TF_OK;
}

static size_t value_size(const tf_column *column) {
    switch (column->type) {
    case TF_TYPE_FIXED_BINARY:
        return (size_t)column->byte_width;
    case TF_TYPE_INT64:
    case TF_TYPE_FLOAT64:
    case TF_TYPE_TIMESTAMP:
        return 8;
    case TF_TYPE_INT32:
    case TF_TYPE_DATE:
    case TF_TYPE_DICTIONARY:
        return 4;
    case TF_TYPE_BOOL:
    case TF_TYPE_TEXT:
        break;
    }
    return 1;
}

/* Convert one value into place; false if it is not of the column's type. */
static inline bool convert_value(const tf_csv_field *field, tf_text text, void *values,
                                 size_t row) {
    switch (field->type) {
    case TF_CSV_HEX: {
        size_t width = (size_t)field->byte_width;
        return text.length == 2 * width &&
               tf_csv_decode_hex(text.data, width, (uint8_t *)values + row * width);
    }
    case TF_CSV_INT64:
        return tf_parse_int64(text, (int64_t *)values + row);
    case TF_CSV_FLOAT64:
        return tf_parse_double(text, (double *)values + row);
    case TF_CSV_MONTH: {
        tf_month month;
        if (!tf_month_parse(text, &month)) {
            return false;
        }
        ((int32_t *)values)[row] = tf_month_first_day(month);
        return true;
    }
    case TF_CSV_DATE:
        return tf_date_parse(text, (int32_t *)values + row);
    case TF_CSV_TIMESTAMP:
        return tf_instant_parse(text, (int64_t *)values + row);
    case TF_CSV_BOOL: {
        bool is_true = tf_text_equal_fold(text, tf_text_of("true"));
        uint8_t bit = (uint8_t)(1U << (row & 7));
        uint8_t *byte = (uint8_t *)values + (row >> 3);
        *byte = is_true ? *byte | bit : *byte & (uint8_t)~bit;
        return is_true || tf_text_equal_fold(text, tf_text_of("false"));
    }
    case TF_CSV_DICTIONARY:
    case TF_CSV_TEXT:
        break;
    }
    return false;
}

/* Take rows out of the stripe that failed to convert: those marked in `is_bad`. */
static void drop_rows(csv_parser *parser, const uint8_t *is_bad) {
    size_t base = parser->stripe_first;
    size_t stripe_rows = parser->row_count - base;
    size_t kept = 0;
    for (size_t row = 0; row < stripe_rows; row++) {
        if (!is_bad[row]) {
            parser->row_separator[kept] = parser->row_separator[row];
            parser->row_line[base + kept] = parser->row_line[base + row];
            parser->row_start[base + kept] = parser->row_start[base + row];
            parser->row_length[base + kept] = parser->row_length[base + row];
            kept++;
        }
    }
    parser->row_count = base + kept;
}

static csv_reject value_reject(csv_parser *parser, const char *block, size_t row,
                               size_t field_index) {
    size_t at = parser->stripe_first + row;
    int position = parser->layout->positions[field_index];
    const uint32_t *separators = parser->scan.separators + parser->row_separator[row];
    uint32_t start = position == 0 ? parser->row_start[at] : separators[position - 1] + 1;
    uint32_t end = separators[position];
    end -= end > start && block[end - 1] == '\r';
    return (csv_reject){.line = parser->row_line[at],
                        .start = parser->row_start[at],
                        .length = parser->row_length[at],
                        .fault = CSV_VALUE,
                        .detail = (uint32_t)field_index,
                        .value_start = start,
                        .value_length = end - start};
}

static bool is_text(const tf_csv_field *field) {
    return field->type == TF_CSV_DICTIONARY || field->type == TF_CSV_TEXT;
}

static tf_status reserve_values(csv_parser *parser, growing_column *growing, tf_error *error) {
    tf_column *column = &growing->column;
    size_t rows = parser->row_count;
    size_t needed = column->type == TF_TYPE_BOOL ? tf_bit_bytes((int64_t)rows) : rows;
    size_t before = growing->values_capacity;
    tf_status status =
        tf_reserve(&column->values, &growing->values_capacity, needed, value_size(column), error);
    if (!status && column->type == TF_TYPE_BOOL) {
        memset((uint8_t *)column->values + before, 0, growing->values_capacity - before);
    }
    return status;
}

/* Convert one field of the stripe's rows.  Rows whose value does not fit are marked in `is_bad`
 * and rejected. */
static tf_status convert_field(csv_parser *parser, const char *block, size_t field_index,
                               uint8_t *is_bad, bool *any_bad, tf_error *error) {
    const tf_csv_field *field = &parser->layout->fields[field_index];
    growing_column *growing = &parser->columns[field_index];
    tf_column *column = &growing->column;
    int position = parser->layout->positions[field_index];
    size_t base = parser->stripe_first;
    size_t stripe_rows = parser->row_count - base;
    size_t size = value_size(column);
    tf_status status = reserve_values(parser, growing, error);
    if (status) {
        return status;
    }
    size_t null_count = 0;
    for (size_t row = 0; row < stripe_rows; row++) {
        tf_text text =
            position == CSV_ABSENT ? (tf_text){block, 0} : field_at(parser, block, row, position);
        if (!text.data) {
            return tf_fail_no_memory(error);
        }
        if (text.length == 0) {
            parser->null_rows[null_count++] = (uint32_t)row;
            if (field->type == TF_CSV_BOOL) {
                convert_value(field, tf_text_of("false"), column->values, base + row);
            } else {
                memset((char *)column->values + (base + row) * size, 0, size);
            }
        } else if (!convert_value(field, text, column->values, base + row) && !is_bad[row]) {
            is_bad[row] = 1;
            *any_bad = true;
            status = reject_row(parser, value_reject(parser, block, row, field_index), error);
            if (status) {
                return status;
            }
        }
    }
    return *any_bad ? TF_OK : mark_nulls(parser, growing, null_count, base, error);
}

/* Convert the fields whose values can be wrong, until no wrong row is left. */
static tf_status convert_checked_fields(csv_parser *parser, const char *block, tf_error *error) {
    size_t base = parser->stripe_first;
    uint8_t *is_bad = NULL;
    tf_status status = TF_OK;
    bool any_bad = true;
    while (!status && any_bad) {
        any_bad = false;
        tf_free(is_bad);
        is_bad = tf_alloc_zeroed(parser->row_count - base, 1);
        if (!is_bad) {
            return tf_fail_no_memory(error);
        }
        for (size_t i = 0; i < parser->layout->field_count && !status; i++) {
            if (!is_text(&parser->layout->fields[i])) {
                status = convert_field(parser, block, i, is_bad, &any_bad, error);
            }
        }
        if (any_bad) {
            drop_rows(parser, is_bad);
        }
    }
    tf_free(is_bad);
    return status;
}

static tf_status append_dictionary(csv_parser *parser, const char *block, size_t field_index,
                                   tf_error *error) {
    growing_column *growing = &parser->columns[field_index];
    int position = parser->layout->positions[field_index];
    size_t base = parser->stripe_first;
    size_t stripe_rows = parser->row_count - base;
    tf_status status = reserve_values(parser, growing, error);
    if (status) {
        return status;
    }
    int32_t *indices = (int32_t *)growing->column.values + base;
    size_t null_count = 0;
    for (size_t row = 0; row < stripe_rows; row++) {
        tf_text text =
            position == CSV_ABSENT ? (tf_text){block, 0} : field_at(parser, block, row, position);
        if (text.length == 0) {
            if (!text.data) {
                return tf_fail_no_memory(error);
            }
            parser->null_rows[null_count++] = (uint32_t)row;
            indices[row] = 0;
            continue;
        }
        indices[row] = tf_csv_intern(growing->interning, text.data, text.length);
        if (indices[row] < 0) {
            return tf_fail_no_memory(error);
        }
    }
    return mark_nulls(parser, growing, null_count, base, error);
}

static tf_status append_text(csv_parser *parser, const char *block, size_t field_index,
                             tf_error *error) {
    growing_column *growing = &parser->columns[field_index];
    tf_column *column = &growing->column;
    int position = parser->layout->positions[field_index];
    size_t base = parser->stripe_first;
    size_t stripe_rows = parser->row_count - base;
    tf_status status = tf_reserve(&column->offsets, &growing->offsets_capacity,
                                  parser->row_count + 1, sizeof(int32_t), error);
    if (status) {
        return status;
    }
    if (base == 0) {
        column->offsets[0] = 0;
    }
    size_t null_count = 0;
    for (size_t row = 0; row < stripe_rows; row++) {
        tf_text text =
            position == CSV_ABSENT ? (tf_text){block, 0} : field_at(parser, block, row, position);
        size_t used = (size_t)column->offsets[base + row];
        if (!text.data ||
            tf_reserve(&column->values, &growing->values_capacity, used + text.length, 1, NULL)) {
            return tf_fail_no_memory(error);
        }
        if (text.length == 0) {
            parser->null_rows[null_count++] = (uint32_t)row;
        } else {
            memcpy((char *)column->values + used, text.data, text.length);
        }
        column->offsets[base + row + 1] = (int32_t)(used + text.length);
    }
    return mark_nulls(parser, growing, null_count, base, error);
}

static tf_status convert_stripe(csv_parser *parser, const char *block, tf_error *error) {
    tf_status status = convert_checked_fields(parser, block, error);
    for (size_t i = 0; i < parser->layout->field_count && !status; i++) {
        switch (parser->layout->fields[i].type) {
        case TF_CSV_DICTIONARY:
            status = append_dictionary(parser, block, i, error);
            break;
        case TF_CSV_TEXT:
            status = append_text(parser, block, i, error);
            break;
        default:
            break;
        }
    }
    return status;
}

/* ---- blocks ---- */

/* Count the nulls, and clear the bits behind the last row so that equal rows are equal bytes. */
static void settle_validity(tf_column *column) {
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

/* A column that met no row still has the buffers its type needs. */
static tf_status ensure_buffers(growing_column *growing) {
    tf_column *column = &growing->column;
    tf_status status = tf_reserve(&column->values, &growing->values_capacity, 1, 8, NULL);
    if (!status && column->type == TF_TYPE_TEXT && !column->offsets) {
        status = tf_reserve(&column->offsets, &growing->offsets_capacity, 1, 4, NULL);
        if (!status) {
            column->offsets[0] = 0;
        }
    }
    return status;
}

/* Move the columns into a table. */
static tf_status finish_table(csv_parser *parser, tf_table **table_out, tf_error *error) {
    const csv_layout *layout = parser->layout;
    tf_table *table = tf_table_new(layout->field_count, error);
    if (!table) {
        return TF_NO_MEMORY;
    }
    table->row_count = (int64_t)parser->row_count;
    for (size_t i = 0; i < layout->field_count; i++) {
        growing_column *growing = &parser->columns[i];
        tf_column *column = &table->columns[i];
        const char *name = layout->fields[i].name;
        char *name_copy = tf_copy_text(name, strlen(name));
        tf_column *dictionary = growing->interning ? tf_alloc_zeroed(1, sizeof *dictionary) : NULL;
        if (!name_copy || ensure_buffers(growing) || (growing->interning && !dictionary) ||
            (dictionary && tf_csv_interning_take(growing->interning, dictionary))) {
            tf_free(name_copy);
            tf_free(dictionary);
            tf_table_free(table);
            return tf_fail_no_memory(error);
        }
        *column = growing->column;
        column->name = name_copy;
        column->length = table->row_count;
        column->dictionary = dictionary;
        settle_validity(column);
        growing->column.validity = NULL;
        growing->column.values = NULL;
        growing->column.offsets = NULL;
    }
    *table_out = table;
    return TF_OK;
}

static void start_block(csv_parser *parser) {
    parser->row_count = 0;
    parser->reject_count = 0;
    parser->line = 0;
    for (size_t i = 0; i < parser->layout->field_count; i++) {
        discard_buffers(&parser->columns[i]);
        if (parser->columns[i].interning) {
            tf_csv_interning_start_batch(parser->columns[i].interning);
        }
    }
}

/* The number of separators up to the last line feed among those scanned; 0 if there is none. */
static size_t whole_record_separators(const csv_scan *scan, const char *block) {
    size_t count = scan->count;
    while (count && block[scan->separators[count - 1]] != '\n') {
        count--;
    }
    return count;
}

static int compare_rejects(const void *a, const void *b) {
    uint32_t first = ((const csv_reject *)a)->start;
    uint32_t second = ((const csv_reject *)b)->start;
    return (first > second) - (first < second);
}

tf_status tf_csv_parse_block(csv_parser *parser, const char *block, size_t length,
                             csv_block_result *result_out, tf_error *error) {
    start_block(parser);
    size_t at = 0;
    while (at < length) {
        size_t window = STRIPE;
        size_t separator_count = 0;
        while (separator_count == 0) {
            size_t end = length - at > window ? at + window : length;
            tf_status status = tf_csv_scan(&parser->scan, block, at, end, length, error);
            if (status) {
                return status;
            }
            separator_count = whole_record_separators(&parser->scan, block);
            window *= 2;
        }
        tf_status status = take_records(parser, block, at, separator_count, error);
        if (!status) {
            status = convert_stripe(parser, block, error);
        }
        if (status) {
            return status;
        }
        at = parser->scan.separators[separator_count - 1] + (size_t)1;
    }
    tf_table *table = NULL;
    tf_status status = finish_table(parser, &table, error);
    if (status) {
        return status;
    }
    /* Wrong values are found column by column; people read line by line. */
    qsort(parser->rejects, parser->reject_count, sizeof *parser->rejects, compare_rejects);
    *result_out = (csv_block_result){.batch = {.table = table,
                                               .row_line = parser->row_line,
                                               .row_start = parser->row_start,
                                               .row_length = parser->row_length,
                                               .block = block},
                                     .rejects = parser->rejects,
                                     .reject_count = parser->reject_count,
                                     .line_count = parser->line};
    return TF_OK;
}
