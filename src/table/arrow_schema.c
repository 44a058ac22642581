#include "arrow_internal.h"

/* Fields of the metadata's tables, in the order of Schema.fbs. */
enum { SCHEMA_ENDIANNESS, SCHEMA_COLUMNS, SCHEMA_FIELDS };
enum {
    FIELD_NAME,
    FIELD_NULLABLE,
    FIELD_TYPE_ID,
    FIELD_TYPE,
    FIELD_DICTIONARY,
    FIELD_CHILDREN,
    FIELD_FIELDS
};
enum { ENCODING_ID, ENCODING_INDEX_TYPE, ENCODING_FIELDS };
enum { INTEGER_BIT_WIDTH, INTEGER_IS_SIGNED, INTEGER_FIELDS };
enum { TIMESTAMP_UNIT, TIMESTAMP_ZONE, TIMESTAMP_FIELDS };
enum { TYPE_PARAMETER }; /* a type's only field: precision, unit, byte width */

enum { DATE_DAY = 0, DATE_MILLISECOND = 1 };
enum { PRECISION_SINGLE = 1, PRECISION_DOUBLE = 2 };
enum { UNIT_SECOND = 0, UNIT_MILLISECOND = 1, UNIT_MICROSECOND = 2, UNIT_NANOSECOND = 3 };

typedef enum type_id {
    ID_NULL = 1,
    ID_INTEGER = 2,
    ID_FLOATING_POINT = 3,
    ID_BINARY = 4,
    ID_UTF8 = 5,
    ID_BOOL = 6,
    ID_DATE = 8,
    ID_TIMESTAMP = 10,
    ID_UNION = 14,
    ID_FIXED_BINARY = 15,
    ID_LARGE_UTF8 = 20,
    ID_BINARY_VIEW = 23,
    ID_UTF8_VIEW = 24,
    ID_COUNT = 27,
} type_id;

/* The name of each type in Schema.fbs, and how many buffers a column of it has. */
static const struct {
    const char *name;
    size_t buffer_count;
} types[ID_COUNT] = {
    {"none", 0},
    {"null", 0},
    {"integer", 2},
    {"float16", 2},
    {"binary", 3},
    {"utf8", 3},
    {"bool", 2},
    {"decimal", 2},
    {"date", 2},
    {"time", 2},
    {"timestamp", 2},
    {"interval", 2},
    {"list", 2},
    {"struct", 1},
    {"union", 1},
    {"fixed-size binary", 2},
    {"fixed-size list", 1},
    {"map", 2},
    {"duration", 2},
    {"large binary", 3},
    {"large utf8", 3},
    {"large list", 2},
    {"run-end encoded", 0},
    {"binary view", 2},
    {"utf8 view", 2},
    {"list view", 3},
    {"large list view", 3},
};

enum { MAXIMUM_DEPTH = 32 };

/* Links of damaged metadata may lead to one field many times: what that may cost. */
typedef struct visit_budget {
    size_t left;             /* visits of a field */
    tf_arrow_budget *memory; /* for names */
} visit_budget;

/* Add the nodes and buffers of column `name`, its children's included, to the schema's counts. */
static tf_status count_parts(tf_flatbuffer_table field, tf_text name, int depth,
                             visit_budget *visits, tf_arrow_schema *schema, tf_error *error) {
    int64_t id = tf_flatbuffer_integer(field, FIELD_TYPE_ID, 1, 0);
    if (!field.buffer || field.buffer->is_damaged || depth > MAXIMUM_DEPTH || visits->left == 0) {
        return tf_arrow_fail_damaged(error);
    }
    visits->left--;
    schema->node_count++;
    if (tf_flatbuffer_subtable(field, FIELD_DICTIONARY).buffer) {
        schema->buffer_count += 2;
        return TF_OK; /* the children are the dictionary's */
    }
    /* How many buffers these have depends on the batch or on the version: the columns behind them
     * could not be found. */
    if (id <= 0 || id >= ID_COUNT || id == ID_UNION || id == ID_BINARY_VIEW || id == ID_UTF8_VIEW) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "column '%.*s' of the Arrow stream is of type %s, which cannot be read; "
                       "write the stream without it",
                       TF_TEXT_ARG(name), id > 0 && id < ID_COUNT ? types[id].name : "unknown");
    }
    schema->buffer_count += types[id].buffer_count;
    tf_flatbuffer_vector children = tf_flatbuffer_vector_of(field, FIELD_CHILDREN, 4);
    for (size_t i = 0; i < children.count; i++) {
        tf_flatbuffer_table child = tf_flatbuffer_vector_table(children, i);
        tf_status status = count_parts(child, name, depth + 1, visits, schema, error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

/* The bytes of an integer type, or 0 if it is none. */
static int32_t integer_size(tf_flatbuffer_table type, bool *is_unsigned_out) {
    int64_t bits = tf_flatbuffer_integer(type, INTEGER_BIT_WIDTH, 4, 0);
    *is_unsigned_out = tf_flatbuffer_integer(type, INTEGER_IS_SIGNED, 1, 0) == 0;
    return bits == 8 || bits == 16 || bits == 32 || bits == 64 ? (int32_t)(bits / 8) : 0;
}

static void read_timestamp(tf_flatbuffer_table type, tf_arrow_field *field) {
    static const int64_t multiply_by[] = {1000000, 1000, 1, 1};
    static const int64_t divide_by[] = {1, 1, 1, 1000};
    int64_t unit = tf_flatbuffer_integer(type, TIMESTAMP_UNIT, 2, UNIT_SECOND);
    if (unit < UNIT_SECOND || unit > UNIT_NANOSECOND) {
        field->unsupported = "timestamp of an unknown unit";
        return;
    }
    field->type = TF_TYPE_TIMESTAMP;
    field->stored_size = 8;
    field->multiply_by = multiply_by[unit];
    field->divide_by = divide_by[unit];
}

static void read_date(tf_flatbuffer_table type, tf_arrow_field *field) {
    bool is_days = tf_flatbuffer_integer(type, TYPE_PARAMETER, 2, DATE_MILLISECOND) == DATE_DAY;
    field->type = TF_TYPE_DATE;
    field->stored_size = is_days ? 4 : 8;
    field->divide_by = is_days ? 1 : 24 * 60 * 60 * 1000;
}

/* The type of a field whose parts have been counted; of a dictionary's values, if it has one. */
static void read_type(tf_flatbuffer_table source, tf_arrow_field *field) {
    tf_flatbuffer_table type = tf_flatbuffer_subtable(source, FIELD_TYPE);
    int64_t id = tf_flatbuffer_integer(source, FIELD_TYPE_ID, 1, 0);
    switch (id) {
    case ID_BOOL:
        field->type = TF_TYPE_BOOL;
        return;
    case ID_INTEGER:
        field->stored_size = integer_size(type, &field->is_unsigned);
        if (field->stored_size == 0) {
            break;
        }
        /* An unsigned integer needs one bit more than a signed one of its width. */
        field->type = field->stored_size + field->is_unsigned > 4 ? TF_TYPE_INT64 : TF_TYPE_INT32;
        return;
    case ID_FLOATING_POINT: {
        int64_t precision = tf_flatbuffer_integer(type, TYPE_PARAMETER, 2, 0);
        if (precision != PRECISION_SINGLE && precision != PRECISION_DOUBLE) {
            break;
        }
        field->type = TF_TYPE_FLOAT64;
        field->stored_size = precision == PRECISION_SINGLE ? 4 : 8;
        return;
    }
    case ID_DATE:
        read_date(type, field);
        return;
    case ID_TIMESTAMP:
        read_timestamp(type, field);
        return;
    case ID_UTF8:
    case ID_LARGE_UTF8:
        field->type = TF_TYPE_TEXT;
        field->stored_size = id == ID_UTF8 ? 4 : 8;
        return;
    case ID_FIXED_BINARY:
        field->type = TF_TYPE_FIXED_BINARY;
        field->stored_size = (int32_t)tf_flatbuffer_integer(type, TYPE_PARAMETER, 4, 0);
        if (field->stored_size < 1) {
            break;
        }
        return;
    default:
        break;
    }
    field->unsupported = id > 0 && id < ID_COUNT ? types[id].name : "unknown";
}

static void read_dictionary(tf_flatbuffer_table encoding, tf_arrow_field *field) {
    if (field->unsupported || field->type != TF_TYPE_TEXT) {
        field->unsupported = "dictionary of other values than text";
        return;
    }
    tf_flatbuffer_table index_type = tf_flatbuffer_subtable(encoding, ENCODING_INDEX_TYPE);
    field->type = TF_TYPE_DICTIONARY;
    field->dictionary_id = tf_flatbuffer_integer(encoding, ENCODING_ID, 8, 0);
    field->dictionary_offset_size = field->stored_size;
    field->stored_size = 4;
    if (index_type.buffer) {
        field->stored_size = integer_size(index_type, &field->is_unsigned);
        if (field->stored_size == 0) {
            field->unsupported = "dictionary with indices of an unknown width";
        }
    }
}

static tf_status read_field(tf_flatbuffer_table source, visit_budget *visits,
                            tf_arrow_schema *schema, tf_arrow_field *field, tf_error *error) {
    field->multiply_by = 1;
    field->divide_by = 1;
    field->first_node = schema->node_count;
    field->first_buffer = schema->buffer_count;
    tf_text name = tf_flatbuffer_text(source, FIELD_NAME);
    tf_flatbuffer_table encoding = tf_flatbuffer_subtable(source, FIELD_DICTIONARY);
    if (!tf_text_is_utf8(name) || (name.length && memchr(name.data, '\0', name.length))) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a column name of the Arrow stream is not valid text");
    }
    tf_status status = count_parts(source, name, 0, visits, schema, error);
    if (status) {
        return status;
    }
    status = tf_arrow_budget_take(visits->memory, name.length + 1, error);
    if (status) {
        return status;
    }
    field->name = tf_copy_text(name.data, name.length);
    if (!field->name) {
        return tf_fail_no_memory(error);
    }
    read_type(source, field);
    if (encoding.buffer) {
        read_dictionary(encoding, field);
    }
    return TF_OK;
}

tf_status tf_arrow_schema_read(tf_arrow_message *message, tf_arrow_budget *budget,
                               tf_arrow_schema *schema_out, tf_error *error) {
    *schema_out = (tf_arrow_schema){0};
    tf_flatbuffer_table header = message->header;
    int64_t endianness = tf_flatbuffer_integer(header, SCHEMA_ENDIANNESS, 2, 0);
    tf_flatbuffer_vector fields = tf_flatbuffer_vector_of(header, SCHEMA_COLUMNS, 4);
    if (message->metadata.is_damaged) {
        return tf_arrow_fail_damaged(error);
    }
    if (endianness != 0) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the Arrow stream is big-endian; write it little-endian");
    }
    tf_status status =
        tf_arrow_budget_take(budget, fields.count * sizeof *schema_out->fields, error);
    if (status) {
        return status;
    }
    schema_out->fields = tf_alloc_zeroed(fields.count, sizeof *schema_out->fields);
    if (!schema_out->fields) {
        return tf_fail_no_memory(error);
    }
    schema_out->field_count = fields.count;
    visit_budget visits = {message->metadata.length / 8, budget};
    for (size_t i = 0; i < fields.count && !status; i++) {
        status = read_field(tf_flatbuffer_vector_table(fields, i), &visits, schema_out,
                            &schema_out->fields[i], error);
    }
    if (!status && message->metadata.is_damaged) {
        status = tf_arrow_fail_damaged(error);
    }
    if (status) {
        tf_arrow_schema_deinit(schema_out);
    }
    return status;
}

void tf_arrow_schema_deinit(tf_arrow_schema *schema) {
    for (size_t i = 0; i < schema->field_count; i++) {
        tf_free(schema->fields[i].name);
    }
    tf_free(schema->fields);
    *schema = (tf_arrow_schema){0};
}

/* The table of integer type int32 or int64, to be linked. */
static size_t write_integer(int bits, tf_buffer *out) {
    const tf_flatbuffer_field fields[INTEGER_FIELDS] = {
        [INTEGER_BIT_WIDTH] = {4, bits},
        [INTEGER_IS_SIGNED] = {1, true},
    };
    return tf_flatbuffer_add_table(out, fields, INTEGER_FIELDS);
}

static size_t write_timestamp(tf_buffer *out) {
    const tf_flatbuffer_field fields[TIMESTAMP_FIELDS] = {
        [TIMESTAMP_UNIT] = {2, UNIT_MICROSECOND},
        [TIMESTAMP_ZONE] = {4, 0},
    };
    size_t type = tf_flatbuffer_add_table(out, fields, TIMESTAMP_FIELDS);
    tf_flatbuffer_link(out, type, TIMESTAMP_ZONE, tf_flatbuffer_add_text(out, tf_text_of("UTC")));
    return type;
}

static size_t write_type(const tf_column *column, tf_buffer *out) {
    switch (column->type) {
    case TF_TYPE_INT32:
        return write_integer(32, out);
    case TF_TYPE_INT64:
        return write_integer(64, out);
    case TF_TYPE_FLOAT64:
        return tf_flatbuffer_add_table(out, &(tf_flatbuffer_field){2, PRECISION_DOUBLE}, 1);
    case TF_TYPE_DATE:
        return tf_flatbuffer_add_table(out, &(tf_flatbuffer_field){2, DATE_DAY}, 1);
    case TF_TYPE_TIMESTAMP:
        return write_timestamp(out);
    case TF_TYPE_FIXED_BINARY:
        return tf_flatbuffer_add_table(out, &(tf_flatbuffer_field){4, column->byte_width}, 1);
    case TF_TYPE_BOOL:
    case TF_TYPE_TEXT:
    case TF_TYPE_DICTIONARY:
        break; /* no parameters */
    }
    return tf_flatbuffer_add_table(out, NULL, 0);
}

static size_t write_field(const tf_column *column, int64_t dictionary_id, tf_buffer *out) {
    static const type_id ids[] = {
        [TF_TYPE_BOOL] = ID_BOOL,
        [TF_TYPE_INT32] = ID_INTEGER,
        [TF_TYPE_INT64] = ID_INTEGER,
        [TF_TYPE_FLOAT64] = ID_FLOATING_POINT,
        [TF_TYPE_DATE] = ID_DATE,
        [TF_TYPE_TIMESTAMP] = ID_TIMESTAMP,
        [TF_TYPE_TEXT] = ID_UTF8,
        [TF_TYPE_DICTIONARY] = ID_UTF8,
        [TF_TYPE_FIXED_BINARY] = ID_FIXED_BINARY,
    };
    bool has_dictionary = column->type == TF_TYPE_DICTIONARY;
    const tf_flatbuffer_field fields[FIELD_FIELDS] = {
        [FIELD_NAME] = {4, 0},
        [FIELD_NULLABLE] = {1, true},
        [FIELD_TYPE_ID] = {1, ids[column->type]},
        [FIELD_TYPE] = {4, 0},
        [FIELD_DICTIONARY] = {has_dictionary ? 4 : 0, 0},
        [FIELD_CHILDREN] = {4, 0}, /* none, but C++ readers want the vector */
    };
    size_t field = tf_flatbuffer_add_table(out, fields, FIELD_FIELDS);
    tf_flatbuffer_link(out, field, FIELD_NAME,
                       tf_flatbuffer_add_text(out, tf_text_of(column->name)));
    tf_flatbuffer_link(out, field, FIELD_TYPE, write_type(column, out));
    if (has_dictionary) {
        const tf_flatbuffer_field encoding_fields[ENCODING_FIELDS] = {
            [ENCODING_ID] = {8, dictionary_id},
            [ENCODING_INDEX_TYPE] = {4, 0},
        };
        size_t encoding = tf_flatbuffer_add_table(out, encoding_fields, ENCODING_FIELDS);
        tf_flatbuffer_link(out, field, FIELD_DICTIONARY, encoding);
        tf_flatbuffer_link(out, encoding, ENCODING_INDEX_TYPE, write_integer(32, out));
    }
    size_t items;
    tf_flatbuffer_link(out, field, FIELD_CHILDREN,
                       tf_flatbuffer_add_vector(out, NULL, 0, 4, &items));
    return field;
}

void tf_arrow_schema_write(const tf_table *table, tf_buffer *out) {
    const tf_flatbuffer_field fields[SCHEMA_FIELDS] = {
        [SCHEMA_ENDIANNESS] = {2, 0},
        [SCHEMA_COLUMNS] = {4, 0},
    };
    size_t schema = tf_arrow_message_begin(out, TF_ARROW_SCHEMA, 0, fields, SCHEMA_FIELDS);
    size_t links;
    size_t vector = tf_flatbuffer_add_vector(out, NULL, table->column_count, 4, &links);
    tf_flatbuffer_link(out, schema, SCHEMA_COLUMNS, vector);
    for (size_t i = 0; i < table->column_count; i++) {
        size_t field = write_field(&table->columns[i], (int64_t)i, out);
        tf_flatbuffer_set_link(out, links + 4 * i, field);
    }
    tf_arrow_message_end(out);
}
