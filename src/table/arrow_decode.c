#include "arrow_internal.h"

tf_status tf_arrow_budget_take(tf_arrow_budget *budget, size_t size, tf_error *error) {
    if (size > budget->limit - budget->used) {
        return tf_fail(error, TF_NO_MEMORY, NULL, 0,
                       "the Arrow stream needs more than the %zu bytes of memory it may take; "
                       "write smaller batches or raise the limit",
                       budget->limit);
    }
    budget->used += size;
    return TF_OK;
}

/* What is being decoded, for messages. */
typedef struct place {
    const tf_arrow_field *field;
    tf_error *error;
} place;

static tf_status fail(const place *at, const char *what) {
    return tf_fail(at->error, TF_BAD_INPUT, NULL, 0,
                   "column '%s' of the Arrow stream %s; fetch the file again", at->field->name,
                   what);
}

/* The stored bytes of buffer `index` of the batch.  *plain_size_out is their size when
 * decompressed, or SIZE_MAX when they are plain. */
static tf_status locate(const tf_arrow_batch *batch, size_t index, const place *at,
                        tf_text *stored_out, size_t *plain_size_out) {
    *plain_size_out = SIZE_MAX;
    if (index >= batch->buffers.count) {
        return fail(at, "lacks a buffer");
    }
    int64_t offset = tf_flatbuffer_vector_integer(batch->buffers, index, 0);
    int64_t length = tf_flatbuffer_vector_integer(batch->buffers, index, 1);
    if (offset < 0 || length < 0 || (uint64_t)offset > batch->body_length ||
        (uint64_t)length > batch->body_length - (size_t)offset) {
        return fail(at, "has a buffer outside its message");
    }
    *stored_out = (tf_text){(const char *)batch->body + offset, (size_t)length};
    if (!batch->is_compressed || length == 0) {
        return TF_OK;
    }
    int64_t announced; /* -1: the rest is plain */
    if ((size_t)length < sizeof announced) {
        return fail(at, "has a buffer that is cut short");
    }
    memcpy(&announced, stored_out->data, sizeof announced);
    if (announced < -1) {
        return fail(at, "has a buffer of negative length");
    }
    stored_out->data += sizeof announced;
    stored_out->length -= sizeof announced;
    *plain_size_out = announced < 0 ? SIZE_MAX : (size_t)announced;
    return TF_OK;
}

/* Buffer `index` of the batch, at least `needed` bytes, in memory of its own. */
static tf_status fetch(tf_arrow_decoder *decoder, const tf_arrow_batch *batch, size_t index,
                       size_t needed, const place *at, void *buffer_out) {
    tf_text stored = {0};
    size_t plain_size = 0;
    tf_status status = locate(batch, index, at, &stored, &plain_size);
    if (status) {
        return status;
    }
    bool is_plain = plain_size == SIZE_MAX;
    if ((is_plain ? stored.length : plain_size) < needed) {
        return fail(at, "has a buffer that is too short");
    }
    size_t size = is_plain ? needed : plain_size;
    status = tf_arrow_budget_take(&decoder->budget, size, at->error);
    if (status) {
        return status;
    }
    void *buffer = tf_alloc(size, 1);
    if (!buffer) {
        return tf_fail_no_memory(at->error);
    }
    memcpy(buffer_out, &buffer, sizeof buffer);
    if (is_plain) {
        memcpy(buffer, stored.data, size);
        return TF_OK;
    }
    if (!decoder->zstd) {
        status = tf_zstd_decompressor_new(&decoder->zstd, at->error);
        if (status) {
            return status;
        }
    }
    return tf_zstd_decompress(decoder->zstd, stored.data, stored.length, buffer, size, at->error);
}

static void clear_bits_from(uint8_t *bits, int64_t count) {
    if (count % 8) {
        bits[count / 8] &= (uint8_t)((1U << (count % 8)) - 1);
    }
}

static int64_t count_bits(const uint8_t *bits, int64_t count) {
    int64_t total = 0;
    int64_t i = 0;
    for (; i + 64 <= count; i += 64) {
        uint64_t word;
        memcpy(&word, bits + i / 8, sizeof word);
        total += __builtin_popcountll(word);
    }
    for (; i < count; i++) {
        total += tf_bit_get(bits, i);
    }
    return total;
}

/* The bitmap and the count of nulls, which is counted again: what the stream says about it serves
 * only to know whether there is a bitmap. */
static tf_status decode_validity(tf_arrow_decoder *decoder, const tf_arrow_batch *batch,
                                 tf_column *column, const place *at) {
    if (at->field->first_node >= batch->nodes.count) {
        return fail(at, "is missing from a batch");
    }
    int64_t length = tf_flatbuffer_vector_integer(batch->nodes, at->field->first_node, 0);
    int64_t null_count = tf_flatbuffer_vector_integer(batch->nodes, at->field->first_node, 1);
    if (length != batch->row_count || null_count < 0 || null_count > length) {
        return fail(at, "contradicts the length of its batch");
    }
    column->length = length;
    if (null_count == 0) {
        return TF_OK;
    }
    tf_status status =
        fetch(decoder, batch, at->field->first_buffer, tf_bit_bytes(length), at, &column->validity);
    if (status) {
        return status;
    }
    clear_bits_from(column->validity, length);
    column->null_count = length - count_bits(column->validity, length);
    if (column->null_count == 0) {
        tf_free(column->validity);
        column->validity = NULL;
    }
    return TF_OK;
}

/* The first null at `row` or behind it, or the column's length. */
static int64_t next_null(const tf_column *column, int64_t row) {
    if (!column->validity) {
        return column->length;
    }
    while (row < column->length && tf_bit_get(column->validity, row)) {
        row = row % 8 == 0 && column->validity[row / 8] == 0xFF ? row + 8 : row + 1;
    }
    return row < column->length ? row : column->length;
}

/* What stands behind a null of a foreign stream may be anything. */
static void zero_nulls(const tf_column *column, void *values, size_t size) {
    for (int64_t row = next_null(column, 0); row < column->length;
         row = next_null(column, row + 1)) {
        memset((char *)values + (size_t)row * size, 0, size);
    }
}

static tf_status decode_bits(tf_arrow_decoder *decoder, const tf_arrow_batch *batch,
                             tf_column *column, const place *at) {
    size_t size = tf_bit_bytes(column->length);
    tf_status status =
        fetch(decoder, batch, at->field->first_buffer + 1, size, at, &column->values);
    if (status) {
        return status;
    }
    uint8_t *bits = column->values;
    clear_bits_from(bits, column->length);
    for (size_t i = 0; column->validity && i < size; i++) {
        bits[i] &= column->validity[i];
    }
    return TF_OK;
}

static int64_t load_integer(const uint8_t *bytes, int32_t size, bool is_unsigned) {
    uint64_t value = 0;
    memcpy(&value, bytes, (size_t)size);
    int unused_bits = 64 - 8 * size;
    return is_unsigned ? (int64_t)value : (int64_t)(value << unused_bits) >> unused_bits;
}

/* One value in our unit; false if it does not fit. */
static bool convert_integer(int64_t value, const tf_arrow_field *field, bool is_narrow,
                            int64_t *value_out) {
    if (field->is_unsigned && value < 0) {
        return false; /* beyond INT64_MAX */
    }
    if (__builtin_mul_overflow(value, field->multiply_by, &value)) {
        return false;
    }
    int64_t quotient = value / field->divide_by;
    *value_out = quotient - (value % field->divide_by < 0);
    return !is_narrow || (*value_out >= INT32_MIN && *value_out <= INT32_MAX);
}

static tf_status convert_integers(const uint8_t *raw, tf_column *column, const place *at) {
    bool is_narrow = tf_type_size(column->type, column->byte_width) == 4;
    for (int64_t row = 0; row < column->length; row++) {
        int64_t value = load_integer(raw, at->field->stored_size, at->field->is_unsigned);
        raw += at->field->stored_size;
        if (!convert_integer(value, at->field, is_narrow, &value)) {
            return tf_fail(at->error, TF_BAD_INPUT, NULL, 0,
                           "row %lld of column '%s' of the Arrow stream holds a value too large "
                           "for %s",
                           (long long)row + 1, at->field->name, tf_type_name(column->type));
        }
        if (is_narrow) {
            ((int32_t *)column->values)[row] = (int32_t)value;
        } else {
            ((int64_t *)column->values)[row] = value;
        }
    }
    return TF_OK;
}

static void convert_floats(const uint8_t *raw, tf_column *column) {
    for (int64_t row = 0; row < column->length; row++) {
        float value;
        memcpy(&value, raw + row * (int64_t)sizeof value, sizeof value);
        ((double *)column->values)[row] = (double)value;
    }
}

/* Whether the stored values are ours as they stand.  Indices are checked as unsigned later. */
static bool is_direct(const tf_column *column, const tf_arrow_field *field) {
    bool may_overflow = field->is_unsigned && field->stored_size == 8;
    return (size_t)field->stored_size == tf_type_size(column->type, column->byte_width) &&
           !may_overflow && field->multiply_by == 1 && field->divide_by == 1;
}

static tf_status decode_fixed(tf_arrow_decoder *decoder, const tf_arrow_batch *batch,
                              tf_column *column, const place *at) {
    size_t rows = (size_t)column->length;
    size_t stored_size = (size_t)at->field->stored_size;
    size_t index = at->field->first_buffer + 1;
    size_t used = decoder->budget.used;
    void *raw = NULL;
    tf_status status = fetch(decoder, batch, index, rows * stored_size, at, &raw);
    if (status) {
        goto done;
    }
    zero_nulls(column, raw, stored_size);
    if (is_direct(column, at->field)) {
        column->values = raw;
        return TF_OK;
    }
    status = tf_arrow_budget_take(&decoder->budget,
                                  rows * tf_type_size(column->type, column->byte_width), at->error);
    if (status) {
        goto done;
    }
    column->values = tf_alloc(rows, tf_type_size(column->type, column->byte_width));
    if (!column->values) {
        status = tf_fail_no_memory(at->error);
        goto done;
    }
    if (column->type == TF_TYPE_FLOAT64) {
        convert_floats(raw, column);
    } else {
        status = convert_integers(raw, column, at);
    }
    decoder->budget.used = used + rows * tf_type_size(column->type, column->byte_width);
done:
    tf_free(raw);
    return status;
}

/* Offsets of 64 bits to those of 32, counted from *base_out, the first. */
static tf_status narrow_offsets(const uint8_t *raw, tf_column *column, int64_t *base_out,
                                const place *at) {
    int64_t base;
    int64_t previous;
    memcpy(&base, raw, sizeof base);
    previous = base;
    for (int64_t row = 0; row <= column->length; row++) {
        int64_t offset;
        memcpy(&offset, raw + row * (int64_t)sizeof offset, sizeof offset);
        if (base < 0 || offset < previous) {
            return fail(at, "has text offsets out of order");
        }
        if (offset - base > INT32_MAX) {
            return tf_fail(at->error, TF_BAD_INPUT, NULL, 0,
                           "column '%s' of the Arrow stream holds more than 2 GiB of text in a "
                           "batch; write smaller batches",
                           at->field->name);
        }
        column->offsets[row] = (int32_t)(offset - base);
        previous = offset;
    }
    *base_out = base;
    return TF_OK;
}

static tf_status decode_wide_offsets(tf_arrow_decoder *decoder, const tf_arrow_batch *batch,
                                     tf_column *column, int64_t *base_out, const place *at) {
    size_t count = (size_t)column->length + 1;
    size_t used = decoder->budget.used;
    void *raw = NULL;
    tf_status status =
        fetch(decoder, batch, at->field->first_buffer + 1, count * sizeof(int64_t), at, &raw);
    if (status) {
        goto done;
    }
    status = tf_arrow_budget_take(&decoder->budget, count * sizeof(int32_t), at->error);
    if (status) {
        goto done;
    }
    column->offsets = tf_alloc(count, sizeof(int32_t));
    if (!column->offsets) {
        status = tf_fail_no_memory(at->error);
        goto done;
    }
    status = narrow_offsets(raw, column, base_out, at);
    decoder->budget.used = used + count * sizeof(int32_t);
done:
    tf_free(raw);
    return status;
}

static tf_status decode_narrow_offsets(tf_arrow_decoder *decoder, const tf_arrow_batch *batch,
                                       tf_column *column, int64_t *base_out, const place *at) {
    size_t count = (size_t)column->length + 1;
    tf_status status = fetch(decoder, batch, at->field->first_buffer + 1, count * sizeof(int32_t),
                             at, &column->offsets);
    if (status) {
        return status;
    }
    int32_t *offsets = column->offsets;
    int32_t base = offsets[0];
    bool is_ordered = base >= 0;
    for (size_t i = 1; i < count; i++) {
        is_ordered &= offsets[i] >= offsets[i - 1];
    }
    if (!is_ordered) {
        return fail(at, "has text offsets out of order");
    }
    for (size_t i = 0; base > 0 && i < count; i++) {
        offsets[i] -= base;
    }
    *base_out = base;
    return TF_OK;
}

/* Take out the text that stands behind nulls. */
static void close_gaps(tf_column *column) {
    char *text = column->values;
    int32_t kept = 0;
    int32_t start = 0;
    for (int64_t row = 0; row < column->length; row++) {
        int32_t end = column->offsets[row + 1];
        if (!tf_column_is_null(column, row)) {
            memmove(text + kept, text + start, (size_t)(end - start));
            kept += end - start;
        }
        column->offsets[row + 1] = kept;
        start = end;
    }
}

static bool has_gaps(const tf_column *column) {
    for (int64_t row = next_null(column, 0); row < column->length;
         row = next_null(column, row + 1)) {
        if (column->offsets[row] != column->offsets[row + 1]) {
            return true;
        }
    }
    return false;
}

/* Whether each value is UTF-8: all of them together are, and none begins within a character. */
static bool is_utf8(const tf_column *column) {
    const char *text = column->values;
    int32_t length = column->offsets[column->length];
    if (!tf_text_is_utf8((tf_text){text, (size_t)length})) {
        return false;
    }
    bool is_within = false;
    for (int64_t row = 0; row < column->length; row++) {
        int32_t start = column->offsets[row];
        is_within |= start < length && ((unsigned char)text[start] & 0xC0) == 0x80;
    }
    return !is_within;
}

static tf_status decode_text(tf_arrow_decoder *decoder, const tf_arrow_batch *batch,
                             tf_column *column, const place *at) {
    if (column->length == 0) { /* the format lets both buffers be empty then */
        column->offsets = tf_alloc_zeroed(1, sizeof *column->offsets);
        column->values = tf_alloc(0, 1);
        return column->offsets && column->values ? TF_OK : tf_fail_no_memory(at->error);
    }
    int64_t base = 0;
    tf_status status = at->field->stored_size == 8
                           ? decode_wide_offsets(decoder, batch, column, &base, at)
                           : decode_narrow_offsets(decoder, batch, column, &base, at);
    if (status) {
        return status;
    }
    size_t length = (size_t)column->offsets[column->length];
    if ((size_t)base > SIZE_MAX - length) {
        return fail(at, "has text offsets out of range");
    }
    size_t index = at->field->first_buffer + 2;
    status = fetch(decoder, batch, index, (size_t)base + length, at, &column->values);
    if (status) {
        return status;
    }
    if (base) {
        memmove(column->values, (char *)column->values + base, length);
    }
    if (has_gaps(column)) {
        close_gaps(column);
    }
    return is_utf8(column) ? TF_OK : fail(at, "holds text that is not UTF-8");
}

tf_status tf_arrow_decode(tf_arrow_decoder *decoder, const tf_arrow_batch *batch,
                          const tf_arrow_field *field, tf_column *column, tf_error *error) {
    const place at = {field, error};
    column->type = field->type;
    column->byte_width = field->type == TF_TYPE_FIXED_BINARY ? field->stored_size : 0;
    tf_status status = decode_validity(decoder, batch, column, &at);
    if (status) {
        return status;
    }
    switch (field->type) {
    case TF_TYPE_BOOL:
        return decode_bits(decoder, batch, column, &at);
    case TF_TYPE_TEXT:
        return decode_text(decoder, batch, column, &at);
    default:
        return decode_fixed(decoder, batch, column, &at);
    }
}
