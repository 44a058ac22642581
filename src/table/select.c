#include "trefoil/table/select.h"

#include <assert.h>

/* Whether the rows follow each other without a gap, so that they can be copied at once. */
static bool is_run(const int64_t *rows, size_t row_count) {
    for (size_t i = 1; i < row_count; i++) {
        if (rows[i] != rows[i - 1] + 1) {
            return false;
        }
    }
    return row_count > 0;
}

static tf_status select_validity(const tf_column *from, const int64_t *rows, size_t row_count,
                                 tf_column *to) {
    if (!from->validity) {
        return TF_OK;
    }
    to->validity = tf_alloc_zeroed(tf_bit_bytes((int64_t)row_count), 1);
    if (!to->validity) {
        return TF_NO_MEMORY;
    }
    to->null_count = 0;
    for (size_t i = 0; i < row_count; i++) {
        if (tf_bit_get(from->validity, rows[i])) {
            tf_bit_set(to->validity, (int64_t)i);
        } else {
            to->null_count++;
        }
    }
    if (to->null_count == 0) {
        tf_free(to->validity);
        to->validity = NULL;
    }
    return TF_OK;
}

static tf_status select_fixed(const tf_column *from, const int64_t *rows, size_t row_count,
                              tf_column *to) {
    size_t size = tf_type_size(from->type, from->byte_width);
    to->values = tf_alloc(row_count, size);
    if (!to->values) {
        return TF_NO_MEMORY;
    }
    if (is_run(rows, row_count)) {
        memcpy(to->values, (const char *)from->values + (size_t)rows[0] * size, row_count * size);
        return TF_OK;
    }
    for (size_t i = 0; i < row_count; i++) {
        memcpy((char *)to->values + i * size, (const char *)from->values + (size_t)rows[i] * size,
               size);
    }
    return TF_OK;
}

static tf_status select_bits(const tf_column *from, const int64_t *rows, size_t row_count,
                             tf_column *to) {
    to->values = tf_alloc_zeroed(tf_bit_bytes((int64_t)row_count) + 1, 1);
    if (!to->values) {
        return TF_NO_MEMORY;
    }
    for (size_t i = 0; i < row_count; i++) {
        if (tf_bit_get(from->values, rows[i])) {
            tf_bit_set(to->values, (int64_t)i);
        }
    }
    return TF_OK;
}

static tf_status select_text(const tf_column *from, const int64_t *rows, size_t row_count,
                             tf_column *to) {
    size_t total = 0;
    for (size_t i = 0; i < row_count; i++) {
        total += (size_t)(from->offsets[rows[i] + 1] - from->offsets[rows[i]]);
        if (total > INT32_MAX) {
            return TF_BAD_INPUT;
        }
    }
    to->values = tf_alloc(total, 1);
    to->offsets = tf_alloc(row_count + 1, sizeof *to->offsets);
    if (!to->values || !to->offsets) {
        return TF_NO_MEMORY;
    }
    int32_t at = 0;
    for (size_t i = 0; i < row_count; i++) {
        int32_t start = from->offsets[rows[i]];
        int32_t length = from->offsets[rows[i] + 1] - start;
        to->offsets[i] = at;
        memcpy((char *)to->values + at, (const char *)from->values + start, (size_t)length);
        at += length;
    }
    to->offsets[row_count] = at;
    return TF_OK;
}

static tf_status select_column(const tf_column *from, const int64_t *rows, size_t row_count,
                               tf_column *to);

/* Renumber the indices by first appearance and keep the texts they name. */
static tf_status select_dictionary(const tf_column *from, const int64_t *rows, size_t row_count,
                                   tf_column *to) {
    size_t text_count = (size_t)from->dictionary->length;
    int32_t *number = tf_alloc_zeroed(text_count, sizeof *number); /* new index + 1 */
    int64_t *kept = tf_alloc(text_count, sizeof *kept);
    int32_t *indices = tf_alloc(row_count, sizeof *indices);
    to->values = indices;
    to->dictionary = tf_alloc_zeroed(1, sizeof *to->dictionary);
    tf_status status = number && kept && indices && to->dictionary ? TF_OK : TF_NO_MEMORY;
    int32_t kept_count = 0;
    for (size_t i = 0; i < row_count && !status; i++) {
        if (tf_column_is_null(from, rows[i])) {
            indices[i] = 0;
            continue;
        }
        int32_t text = ((const int32_t *)from->values)[rows[i]];
        if (number[text] == 0) {
            kept[kept_count] = text;
            number[text] = ++kept_count;
        }
        indices[i] = number[text] - 1;
    }
    if (!status) {
        status = select_column(from->dictionary, kept, (size_t)kept_count, to->dictionary);
    }
    tf_free(number);
    tf_free(kept);
    return status;
}

/* Fill the zeroed column `to`; after a fault it holds what was made, to be freed. */
static tf_status select_column(const tf_column *from, const int64_t *rows, size_t row_count,
                               tf_column *to) {
    to->type = from->type;
    to->byte_width = from->byte_width;
    to->length = (int64_t)row_count;
    to->name = tf_copy_text(from->name, strlen(from->name));
    tf_status status = to->name ? select_validity(from, rows, row_count, to) : TF_NO_MEMORY;
    if (status) {
        return status;
    }
    switch (from->type) {
    case TF_TYPE_BOOL:
        return select_bits(from, rows, row_count, to);
    case TF_TYPE_TEXT:
        return select_text(from, rows, row_count, to);
    case TF_TYPE_DICTIONARY:
        return select_dictionary(from, rows, row_count, to);
    default:
        return select_fixed(from, rows, row_count, to);
    }
}

tf_status tf_table_select(const tf_table *table, const int64_t *rows, size_t row_count,
                          tf_table **selected_out, tf_error *error) {
    *selected_out = NULL;
    for (size_t i = 0; i < row_count; i++) {
        assert(rows[i] >= 0 && rows[i] < table->row_count);
    }
    tf_table *selected = tf_table_new(table->column_count, error);
    if (!selected) {
        return TF_NO_MEMORY;
    }
    selected->row_count = (int64_t)row_count;
    for (size_t i = 0; i < table->column_count; i++) {
        tf_status status =
            select_column(&table->columns[i], rows, row_count, &selected->columns[i]);
        if (status) {
            tf_table_free(selected);
            return status == TF_BAD_INPUT
                       ? tf_fail(error, TF_BAD_INPUT, table->columns[i].name, 0,
                                 "the column holds more than 2 GiB of text; give less at once")
                       : tf_fail_no_memory(error);
        }
    }
    *selected_out = selected;
    return TF_OK;
}
