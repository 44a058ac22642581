/* Building a table row by row, where the rows do not come from a reader. */
#ifndef TREFOIL_TABLE_BUILDER_H
#define TREFOIL_TABLE_BUILDER_H

#include "trefoil/table/table.h"

typedef struct tf_builder_field {
    const char *name;
    tf_type type;
    int32_t byte_width; /* FIXED_BINARY only */
} tf_builder_field;

typedef struct tf_builder tf_builder;

/* A builder of a table with these fields (copied).  NULL when out of memory. */
TF_API tf_builder *tf_builder_new(const tf_builder_field *fields, size_t field_count,
                                  tf_error *error);
TF_API void tf_builder_free(tf_builder *builder);

/* Append one value to field `field`; each row needs one append for each field, in any order.
 * The append must fit the field's type: int for INT32, INT64, DATE and TIMESTAMP, text for TEXT
 * and DICTIONARY, bytes for FIXED_BINARY.  A failed allocation is remembered and reported by
 * tf_builder_finish.  Amortised O(1); DICTIONARY hashes the text. */
TF_API void tf_builder_append_null(tf_builder *builder, size_t field);
TF_API void tf_builder_append_bool(tf_builder *builder, size_t field, bool value);
TF_API void tf_builder_append_int(tf_builder *builder, size_t field, int64_t value);
TF_API void tf_builder_append_double(tf_builder *builder, size_t field, double value);
TF_API void tf_builder_append_text(tf_builder *builder, size_t field, tf_text value);
TF_API void tf_builder_append_bytes(tf_builder *builder, size_t field, const void *bytes);

/* Hand over the table and leave the builder empty, ready for the next.  The dictionaries are in
 * order of first appearance.
 * Errors: TF_NO_MEMORY; TF_BAD_INPUT if the columns differ in length, or hold 2 GiB of text. */
TF_API tf_status tf_builder_finish(tf_builder *builder, tf_table **table_out, tf_error *error);

#endif
