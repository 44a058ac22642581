/* Tables: named columns of one length, each in Apache Arrow's memory layout
 * (https://arrow.apache.org/docs/format/Columnar.html). */
#ifndef TREFOIL_TABLE_TABLE_H
#define TREFOIL_TABLE_TABLE_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

typedef enum tf_type {
    TF_TYPE_BOOL,         /* bit-packed, least significant bit first */
    TF_TYPE_INT32,        /* int32_t */
    TF_TYPE_INT64,        /* int64_t */
    TF_TYPE_FLOAT64,      /* double */
    TF_TYPE_DATE,         /* int32_t days since 1970-01-01 (Arrow date32) */
    TF_TYPE_TIMESTAMP,    /* int64_t microseconds since 1970, UTC */
    TF_TYPE_TEXT,         /* UTF-8: int32_t offsets[length + 1] into values (Arrow utf8) */
    TF_TYPE_DICTIONARY,   /* int32_t indices into `dictionary`, a TEXT column */
    TF_TYPE_FIXED_BINARY, /* `byte_width` bytes a value, for identifiers */
} tf_type;

/* One column.  It owns its buffers, all from tf_alloc; a buffer may be NULL only where noted.
 * What stands behind a null is zero or empty, never garbage. */
typedef struct tf_column {
    char *name;
    tf_type type;
    int32_t byte_width; /* FIXED_BINARY only, else 0 */
    int64_t length;     /* rows */
    int64_t null_count;
    uint8_t *validity; /* bit i is 1 when value i is present; NULL when nothing is null */
    void *values;      /* as the type says; TEXT: the bytes of all values, one after another */
    int32_t *offsets;  /* TEXT only, else NULL */
    struct tf_column *dictionary; /* DICTIONARY only, else NULL; has no nulls */
} tf_column;

typedef struct tf_table {
    int64_t row_count;
    size_t column_count;
    tf_column *columns;
} tf_table;

TF_API void tf_column_deinit(tf_column *column); /* frees the buffers, not the struct */
TF_API tf_table *tf_table_new(size_t column_count, tf_error *error); /* zeroed columns, no rows */
TF_API void tf_table_free(tf_table *table);                          /* accepts NULL */

/* The column of that name, or NULL.  Borrowed.  O(columns). */
TF_API const tf_column *tf_table_get(const tf_table *table, const char *name);

/* The same, but a missing column or another type is TF_BAD_INPUT with both named. */
TF_API tf_status tf_table_require(const tf_table *table, const char *name, tf_type type,
                                  const tf_column **column_out, tf_error *error);

/* Append a value as it would stand in a CSV file that is to be read again: dates as 2023-02-01,
 * instants as RFC 3339, bytes in hexadecimal; nothing for a null.  O(its length). */
TF_API void tf_column_append(const tf_column *column, int64_t row, tf_buffer *buffer);

TF_API const char *tf_type_name(tf_type type); /* "text", "dictionary", ... */

/* Bytes of one value of a column (of an index, for DICTIONARY); 0 for BOOL and TEXT, whose values
 * have no size of their own. */
TF_API size_t tf_type_size(tf_type type, int32_t byte_width);

static inline bool tf_bit_get(const uint8_t *bits, int64_t i) {
    return (bits[i >> 3] >> (i & 7)) & 1;
}
static inline void tf_bit_set(uint8_t *bits, int64_t i) {
    bits[i >> 3] |= (uint8_t)(1U << (i & 7));
}
static inline size_t tf_bit_bytes(int64_t count) {
    return (size_t)((count + 7) / 8);
}
static inline bool tf_column_is_null(const tf_column *column, int64_t row) {
    return column->validity && !tf_bit_get(column->validity, row);
}

/* Value `row` of a TEXT or DICTIONARY column, borrowed; empty with data NULL when null.  O(1). */
static inline tf_text tf_column_text(const tf_column *column, int64_t row) {
    if (tf_column_is_null(column, row)) {
        return (tf_text){NULL, 0};
    }
    if (column->type == TF_TYPE_DICTIONARY) {
        row = ((const int32_t *)column->values)[row];
        column = column->dictionary;
    }
    int32_t start = column->offsets[row];
    return (tf_text){(const char *)column->values + start,
                     (size_t)(column->offsets[row + 1] - start)};
}

#endif
