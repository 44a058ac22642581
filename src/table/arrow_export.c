#include "trefoil/table/arrow.h"

#include <stdio.h>

/* Consumers may move a child out and release it after, or on another thread than, its parent: each
 * array owns the buffers of its own column, each schema its own texts, and nothing is shared. */

enum { FLAG_NULLABLE = 2, FORMAT_SIZE = 16 };

/* What the private_data of a schema points to. */
typedef struct schema_parts {
    char format[FORMAT_SIZE];
    char *name;
    struct ArrowSchema **children; /* also their structs, in one block each */
    struct ArrowSchema *child_structs;
    struct ArrowSchema dictionary;
} schema_parts;

typedef struct array_parts {
    tf_column column; /* its buffers; the dictionary has been moved out */
    const void *buffers[3];
    struct ArrowArray **children;
    struct ArrowArray *child_structs;
    struct ArrowArray dictionary;
} array_parts;

static void release_schema(struct ArrowSchema *schema) {
    schema_parts *parts = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release) {
            schema->children[i]->release(schema->children[i]);
        }
    }
    if (schema->dictionary && schema->dictionary->release) {
        schema->dictionary->release(schema->dictionary);
    }
    tf_free(parts->name);
    tf_free(parts->children);
    tf_free(parts->child_structs);
    tf_free(parts);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array) {
    array_parts *parts = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release) {
            array->children[i]->release(array->children[i]);
        }
    }
    if (array->dictionary && array->dictionary->release) {
        array->dictionary->release(array->dictionary);
    }
    tf_column_deinit(&parts->column);
    tf_free(parts->children);
    tf_free(parts->child_structs);
    tf_free(parts);
    array->release = NULL;
}

/* A schema of `child_count` children that are yet to be filled; those that are not stay
 * unreleasable. */
static tf_status schema_init(struct ArrowSchema *schema, const char *name, size_t child_count) {
    schema_parts *parts = tf_alloc_zeroed(1, sizeof *parts);
    if (!parts) {
        return TF_NO_MEMORY;
    }
    parts->name = tf_copy_text(name, strlen(name));
    parts->children = tf_alloc(child_count, sizeof *parts->children);
    parts->child_structs = tf_alloc_zeroed(child_count, sizeof *parts->child_structs);
    *schema = (struct ArrowSchema){
        .format = parts->format,
        .name = parts->name,
        .flags = FLAG_NULLABLE,
        .n_children = (int64_t)child_count,
        .children = parts->children,
        .release = release_schema,
        .private_data = parts,
    };
    if (!parts->name || !parts->children || !parts->child_structs) {
        schema->n_children = 0;
        release_schema(schema);
        return TF_NO_MEMORY;
    }
    for (size_t i = 0; i < child_count; i++) {
        parts->children[i] = &parts->child_structs[i];
    }
    return TF_OK;
}

static tf_status array_init(struct ArrowArray *array, int64_t length, size_t child_count) {
    array_parts *parts = tf_alloc_zeroed(1, sizeof *parts);
    if (!parts) {
        return TF_NO_MEMORY;
    }
    parts->children = tf_alloc(child_count, sizeof *parts->children);
    parts->child_structs = tf_alloc_zeroed(child_count, sizeof *parts->child_structs);
    *array = (struct ArrowArray){
        .length = length,
        .n_buffers = 1,
        .n_children = (int64_t)child_count,
        .buffers = parts->buffers,
        .children = parts->children,
        .release = release_array,
        .private_data = parts,
    };
    if (!parts->children || !parts->child_structs) {
        array->n_children = 0;
        release_array(array);
        return TF_NO_MEMORY;
    }
    for (size_t i = 0; i < child_count; i++) {
        parts->children[i] = &parts->child_structs[i];
    }
    return TF_OK;
}

static void write_format(const tf_column *column, char format[FORMAT_SIZE]) {
    static const char *const formats[] = {
        [TF_TYPE_BOOL] = "b",    [TF_TYPE_INT32] = "i",      [TF_TYPE_INT64] = "l",
        [TF_TYPE_FLOAT64] = "g", [TF_TYPE_DATE] = "tdD",     [TF_TYPE_TIMESTAMP] = "tsu:UTC",
        [TF_TYPE_TEXT] = "u",    [TF_TYPE_DICTIONARY] = "i", [TF_TYPE_FIXED_BINARY] = "w:",
    };
    if (column->type == TF_TYPE_FIXED_BINARY) {
        snprintf(format, FORMAT_SIZE, "w:%d", column->byte_width);
    } else {
        snprintf(format, FORMAT_SIZE, "%s", formats[column->type]);
    }
}

static tf_status export_column_schema(const tf_column *column, struct ArrowSchema *schema) {
    tf_status status = schema_init(schema, column->name ? column->name : "", 0);
    if (status) {
        return status;
    }
    schema_parts *parts = schema->private_data;
    write_format(column, parts->format);
    if (column->dictionary) {
        status = export_column_schema(column->dictionary, &parts->dictionary);
        schema->dictionary = status ? NULL : &parts->dictionary;
    }
    return status;
}

/* Move `column` into `array`. */
static tf_status export_column(tf_column *column, struct ArrowArray *array) {
    tf_status status = array_init(array, column->length, 0);
    if (status) {
        return status;
    }
    array_parts *parts = array->private_data;
    if (column->dictionary) {
        status = export_column(column->dictionary, &parts->dictionary);
        if (status) {
            return status;
        }
        array->dictionary = &parts->dictionary;
        tf_free(column->dictionary);
        column->dictionary = NULL;
    }
    parts->column = *column;
    *column = (tf_column){0};
    array->null_count = parts->column.null_count;
    parts->buffers[0] = parts->column.validity;
    if (parts->column.type == TF_TYPE_TEXT) {
        parts->buffers[1] = parts->column.offsets;
        parts->buffers[2] = parts->column.values;
        array->n_buffers = 3;
    } else {
        parts->buffers[1] = parts->column.values;
        array->n_buffers = 2;
    }
    return TF_OK;
}

static tf_status export_table(tf_table *table, struct ArrowSchema *schema,
                              struct ArrowArray *array) {
    tf_status status = schema_init(schema, "", table->column_count);
    if (status) {
        return status;
    }
    schema_parts *parts = schema->private_data;
    snprintf(parts->format, sizeof parts->format, "+s");
    schema->flags = 0;
    status = array_init(array, table->row_count, table->column_count);
    for (size_t i = 0; i < table->column_count && !status; i++) {
        status = export_column_schema(&table->columns[i], schema->children[i]);
        status = status ? status : export_column(&table->columns[i], array->children[i]);
    }
    return status;
}

tf_status tf_arrow_export_take(tf_table *table, struct ArrowSchema *schema_out,
                               struct ArrowArray *array_out, tf_error *error) {
    *schema_out = (struct ArrowSchema){0};
    *array_out = (struct ArrowArray){0};
    tf_status status = export_table(table, schema_out, array_out);
    tf_table_free(table);
    if (!status) {
        return TF_OK;
    }
    if (schema_out->release) {
        schema_out->release(schema_out);
    }
    if (array_out->release) {
        array_out->release(array_out);
    }
    return tf_fail_no_memory(error);
}
