/* FlatBuffers (https://flatbuffers.dev/internals/), as far as Arrow's metadata needs them: tables,
 * scalars, texts and vectors, little endian. */
#ifndef TREFOIL_TABLE_FLATBUFFER_INTERNAL_H
#define TREFOIL_TABLE_FLATBUFFER_INTERNAL_H

#include "trefoil/base/text.h"

/* Reading.  Nothing is trusted: every access is checked for bounds and alignment where it is made.
 * A fault sets `is_damaged` and gives zero, nothing, or the default; who reads checks once, before
 * acting on what was read. */
typedef struct tf_flatbuffer {
    const uint8_t *bytes;
    size_t length;
    bool is_damaged;
} tf_flatbuffer;

/* `buffer` is NULL for a table that is absent, whose fields are all absent. */
typedef struct tf_flatbuffer_table {
    tf_flatbuffer *buffer;
    size_t start;
    size_t size;
    size_t vtable;
    size_t vtable_size;
} tf_flatbuffer_table;

/* Items of one size; an absent vector has none. */
typedef struct tf_flatbuffer_vector {
    tf_flatbuffer *buffer;
    size_t start; /* of the first item */
    size_t count;
    size_t item_size;
} tf_flatbuffer_vector;

tf_flatbuffer_table tf_flatbuffer_root(tf_flatbuffer *buffer);

/* The integer of `size` bytes (1, 2, 4, 8) in field `field`, sign-extended. */
int64_t tf_flatbuffer_integer(tf_flatbuffer_table table, size_t field, size_t size,
                              int64_t if_absent);
tf_flatbuffer_table tf_flatbuffer_subtable(tf_flatbuffer_table table, size_t field);
tf_text tf_flatbuffer_text(tf_flatbuffer_table table, size_t field); /* data is NULL if absent */

/* The vector in field `field`, whose items are tables (4 bytes) or structs of 64-bit integers. */
tf_flatbuffer_vector tf_flatbuffer_vector_of(tf_flatbuffer_table table, size_t field,
                                             size_t item_size);
tf_flatbuffer_table tf_flatbuffer_vector_table(tf_flatbuffer_vector vector, size_t index);

/* The 64-bit integer `member` of struct `index`. */
int64_t tf_flatbuffer_vector_integer(tf_flatbuffer_vector vector, size_t index, size_t member);

/* Building, front to back: a table is added before what it refers to, and linked when that is
 * there.  Positions are distances from the start of `out`, which a caller may have begun with
 * bytes of its own, a multiple of 8.  A failed allocation is remembered by the tf_buffer. */
typedef struct tf_flatbuffer_field {
    size_t size; /* bytes; 0 for a field that is absent, 4 for one that is linked later */
    int64_t value;
} tf_flatbuffer_field;

/* Begin with room for the link to the root, which is `root` of tf_flatbuffer_set_link. */
size_t tf_flatbuffer_add_root(tf_buffer *out);
size_t tf_flatbuffer_add_table(tf_buffer *out, const tf_flatbuffer_field *fields, size_t count);
size_t tf_flatbuffer_add_text(tf_buffer *out, tf_text text);

/* A vector of `count` items; *items_out is the position of the first.  Tables are linked later
 * (`items` NULL, `item_size` 4); structs of 64-bit integers are copied from `items`. */
size_t tf_flatbuffer_add_vector(tf_buffer *out, const void *items, size_t count, size_t item_size,
                                size_t *items_out);

/* Let the four bytes at `at`, or field `field` of `table`, refer to `target` behind them. */
void tf_flatbuffer_set_link(tf_buffer *out, size_t at, size_t target);
void tf_flatbuffer_link(tf_buffer *out, size_t table, size_t field, size_t target);

/* Zeros up to the next multiple of `alignment`. */
void tf_flatbuffer_pad(tf_buffer *out, size_t alignment);

#endif
