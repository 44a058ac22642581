#include "trefoil/table/builder.h"

#include "trefoil/base/hash.h"

#include <assert.h>

/* The distinct texts of one DICTIONARY field: an open-addressing table of indices. */
typedef struct interning {
    int32_t *slots; /* index + 1; 0 is free */
    size_t slot_count;
} interning;

typedef struct column_builder {
    tf_builder_field field;
    int64_t length;
    int64_t null_count;
    uint8_t *validity; /* always kept; dropped at the end when nothing is null */
    size_t validity_capacity;
    void *values;
    size_t values_capacity; /* in values, or in bytes for TEXT */
    int32_t *offsets;
    size_t offsets_capacity;
    struct column_builder *dictionary;
    interning interning;
} column_builder;

struct tf_builder {
    size_t column_count;
    tf_code failure; /* the first fault of an append */
    column_builder columns[];
};

static void column_deinit(column_builder *column) {
    tf_free((void *)column->field.name);
    tf_free(column->validity);
    tf_free(column->values);
    tf_free(column->offsets);
    tf_free(column->interning.slots);
    if (column->dictionary) {
        column_deinit(column->dictionary);
        tf_free(column->dictionary);
    }
}

static bool column_init(column_builder *column, const tf_builder_field *field) {
    column->field = *field;
    column->field.name = tf_copy_text(field->name, strlen(field->name));
    if (!column->field.name) {
        return false;
    }
    if (field->type == TF_TYPE_DICTIONARY) {
        column->dictionary = tf_alloc_zeroed(1, sizeof *column->dictionary);
        return column->dictionary &&
               column_init(column->dictionary, &(tf_builder_field){"", TF_TYPE_TEXT, 0});
    }
    return true;
}

tf_builder *tf_builder_new(const tf_builder_field *fields, size_t field_count, tf_error *error) {
    tf_builder *builder =
        tf_alloc_zeroed(1, sizeof *builder + field_count * sizeof(column_builder));
    if (!builder) {
        (void)tf_fail_no_memory(error);
        return NULL;
    }
    builder->column_count = field_count;
    for (size_t i = 0; i < field_count; i++) {
        if (!column_init(&builder->columns[i], &fields[i])) {
            tf_builder_free(builder);
            (void)tf_fail_no_memory(error);
            return NULL;
        }
    }
    return builder;
}

void tf_builder_free(tf_builder *builder) {
    if (!builder) {
        return;
    }
    for (size_t i = 0; i < builder->column_count; i++) {
        column_deinit(&builder->columns[i]);
    }
    tf_free(builder);
}

/* Room for one more row with `text_bytes` of text. */
static tf_status column_reserve(column_builder *column, size_t text_bytes) {
    size_t rows = (size_t)column->length + 1;
    size_t validity_before = column->validity_capacity;
    tf_status status =
        tf_reserve(&column->validity, &column->validity_capacity, rows / 8 + 1, 1, NULL);
    if (status) {
        return status;
    }
    memset(column->validity + validity_before, 0, column->validity_capacity - validity_before);
    if (column->field.type == TF_TYPE_TEXT) {
        bool is_first = column->offsets == NULL;
        status = tf_reserve(&column->offsets, &column->offsets_capacity, rows + 1, 4, NULL);
        if (status) {
            return status;
        }
        if (is_first) {
            column->offsets[0] = 0;
        }
        size_t used = (size_t)column->offsets[column->length];
        if (text_bytes > (size_t)INT32_MAX - used) {
            return TF_BAD_INPUT;
        }
        return tf_reserve(&column->values, &column->values_capacity, used + text_bytes, 1, NULL);
    }
    if (column->field.type == TF_TYPE_BOOL) {
        size_t before = column->values_capacity;
        status = tf_reserve(&column->values, &column->values_capacity, rows / 8 + 1, 1, NULL);
        if (!status) {
            memset((uint8_t *)column->values + before, 0, column->values_capacity - before);
        }
        return status;
    }
    return tf_reserve(&column->values, &column->values_capacity, rows,
                      tf_type_size(column->field.type, column->field.byte_width), NULL);
}

/* The builder's column with room for a row, or NULL after a fault. */
static column_builder *prepare(tf_builder *builder, size_t field, size_t text_bytes) {
    assert(field < builder->column_count);
    column_builder *column = &builder->columns[field];
    if (!builder->failure) {
        builder->failure = column_reserve(column, text_bytes);
    }
    return builder->failure ? NULL : column;
}

static void mark_present(column_builder *column) {
    tf_bit_set(column->validity, column->length);
    column->length++;
}

void tf_builder_append_null(tf_builder *builder, size_t field) {
    column_builder *column = prepare(builder, field, 0);
    if (!column) {
        return;
    }
    size_t size = tf_type_size(column->field.type, column->field.byte_width);
    if (column->field.type == TF_TYPE_TEXT) {
        column->offsets[column->length + 1] = column->offsets[column->length];
    } else if (column->field.type != TF_TYPE_BOOL) {
        memset((char *)column->values + (size_t)column->length * size, 0, size);
    }
    column->null_count++;
    column->length++;
}

void tf_builder_append_bool(tf_builder *builder, size_t field, bool value) {
    column_builder *column = prepare(builder, field, 0);
    if (!column) {
        return;
    }
    assert(column->field.type == TF_TYPE_BOOL);
    if (value) {
        tf_bit_set(column->values, column->length);
    }
    mark_present(column);
}

void tf_builder_append_int(tf_builder *builder, size_t field, int64_t value) {
    column_builder *column = prepare(builder, field, 0);
    if (!column) {
        return;
    }
    if (tf_type_size(column->field.type, column->field.byte_width) == 4) {
        assert(value >= INT32_MIN && value <= INT32_MAX);
        ((int32_t *)column->values)[column->length] = (int32_t)value;
    } else {
        assert(column->field.type == TF_TYPE_INT64 || column->field.type == TF_TYPE_TIMESTAMP);
        ((int64_t *)column->values)[column->length] = value;
    }
    mark_present(column);
}

void tf_builder_append_double(tf_builder *builder, size_t field, double value) {
    column_builder *column = prepare(builder, field, 0);
    if (!column) {
        return;
    }
    assert(column->field.type == TF_TYPE_FLOAT64);
    ((double *)column->values)[column->length] = value;
    mark_present(column);
}

void tf_builder_append_bytes(tf_builder *builder, size_t field, const void *bytes) {
    column_builder *column = prepare(builder, field, 0);
    if (!column) {
        return;
    }
    assert(column->field.type == TF_TYPE_FIXED_BINARY);
    size_t width = (size_t)column->field.byte_width;
    memcpy((char *)column->values + (size_t)column->length * width, bytes, width);
    mark_present(column);
}

/* Append to a TEXT column that has the room. */
static void put_text(column_builder *column, tf_text value) {
    int32_t start = column->offsets[column->length];
    if (value.length) {
        memcpy((char *)column->values + start, value.data, value.length);
    }
    column->offsets[column->length + 1] = start + (int32_t)value.length;
    mark_present(column);
}

static tf_text dictionary_text(const column_builder *dictionary, int32_t index) {
    int32_t start = dictionary->offsets[index];
    return (tf_text){(const char *)dictionary->values + start,
                     (size_t)(dictionary->offsets[index + 1] - start)};
}

static tf_status grow_interning(interning *table, const column_builder *dictionary) {
    size_t slot_count = table->slot_count ? table->slot_count * 2 : 64;
    int32_t *slots = tf_alloc_zeroed(slot_count, sizeof *slots);
    if (!slots) {
        return TF_NO_MEMORY;
    }
    for (int32_t i = 0; i < dictionary->length; i++) {
        tf_text text = dictionary_text(dictionary, i);
        size_t slot = tf_hash(text.data, text.length) & (slot_count - 1);
        while (slots[slot]) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = i + 1;
    }
    tf_free(table->slots);
    *table = (interning){slots, slot_count};
    return TF_OK;
}

/* The index of `value` in the column's dictionary, added if it is new. */
static tf_status intern(column_builder *column, tf_text value, int32_t *index_out) {
    column_builder *dictionary = column->dictionary;
    interning *table = &column->interning;
    if ((size_t)dictionary->length * 2 >= table->slot_count) {
        tf_status status = grow_interning(table, dictionary);
        if (status) {
            return status;
        }
    }
    size_t slot = tf_hash(value.data, value.length) & (table->slot_count - 1);
    for (; table->slots[slot]; slot = (slot + 1) & (table->slot_count - 1)) {
        int32_t index = table->slots[slot] - 1;
        if (tf_text_equal(dictionary_text(dictionary, index), value)) {
            *index_out = index;
            return TF_OK;
        }
    }
    tf_status status = column_reserve(dictionary, value.length);
    if (status) {
        return status;
    }
    *index_out = (int32_t)dictionary->length;
    put_text(dictionary, value);
    table->slots[slot] = *index_out + 1;
    return TF_OK;
}

void tf_builder_append_text(tf_builder *builder, size_t field, tf_text value) {
    column_builder *column = prepare(builder, field, value.length);
    if (!column) {
        return;
    }
    if (column->field.type == TF_TYPE_TEXT) {
        put_text(column, value);
        return;
    }
    assert(column->field.type == TF_TYPE_DICTIONARY);
    int32_t index = 0;
    builder->failure = intern(column, value, &index);
    if (!builder->failure) {
        ((int32_t *)column->values)[column->length] = index;
        mark_present(column);
    }
}

/* Move a column's buffers into `out` and leave the builder's column empty but named. */
static tf_status column_finish(column_builder *column, tf_column *out) {
    char *name = tf_copy_text(column->field.name, strlen(column->field.name));
    if (!name) {
        return TF_NO_MEMORY;
    }
    if (!column->offsets && column->field.type == TF_TYPE_TEXT) {
        tf_status status = column_reserve(column, 0);
        if (status) {
            tf_free(name);
            return status;
        }
    }
    out->name = name;
    out->type = column->field.type;
    out->byte_width = column->field.byte_width;
    if (column->dictionary) {
        out->dictionary = tf_alloc_zeroed(1, sizeof *out->dictionary);
        tf_status status =
            out->dictionary ? column_finish(column->dictionary, out->dictionary) : TF_NO_MEMORY;
        if (status) {
            return status;
        }
    }
    out->length = column->length;
    out->null_count = column->null_count;
    if (column->null_count) {
        out->validity = column->validity;
    } else {
        tf_free(column->validity);
    }
    out->values = column->values;
    out->offsets = column->offsets;
    tf_free(column->interning.slots);
    *column = (column_builder){.field = column->field, .dictionary = column->dictionary};
    return TF_OK;
}

tf_status tf_builder_finish(tf_builder *builder, tf_table **table_out, tf_error *error) {
    if (builder->failure == TF_BAD_INPUT) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a column holds more than 2 GiB of text; give less at once");
    }
    if (builder->failure) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 1; i < builder->column_count; i++) {
        if (builder->columns[i].length != builder->columns[0].length) {
            return tf_fail(error, TF_BAD_INPUT, builder->columns[i].field.name, 0,
                           "the columns of the table differ in length");
        }
    }
    tf_table *table = tf_table_new(builder->column_count, error);
    if (!table) {
        return TF_NO_MEMORY;
    }
    table->row_count = builder->column_count ? builder->columns[0].length : 0;
    for (size_t i = 0; i < builder->column_count; i++) {
        if (column_finish(&builder->columns[i], &table->columns[i])) {
            tf_table_free(table);
            builder->failure = TF_NO_MEMORY;
            return tf_fail_no_memory(error);
        }
    }
    *table_out = table;
    return TF_OK;
}
