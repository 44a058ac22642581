#include "arrow_internal.h"

#include <assert.h>

enum { BUFFERS_PER_COLUMN = 3 };

struct tf_arrow_writer {
    tf_arrow_sink *sink;
    void *context;
    tf_zstd_compressor *zstd; /* NULL: bodies are plain */
    bool is_broken;           /* part of a message may have been written */
    size_t column_count;
    tf_column *columns; /* names and types; the dictionaries are those last written, or NULL */
    tf_buffer metadata; /* these four are of the message being written */
    tf_buffer body;
    tf_arrow_node *nodes;
    tf_arrow_extent *buffers;
    size_t buffer_count;
};

tf_status tf_arrow_sink_buffer(void *context, const void *bytes, size_t length, tf_error *error) {
    tf_buffer_append(context, bytes, length);
    return tf_buffer_check(context, error);
}

static tf_status emit(tf_arrow_writer *writer, const tf_buffer *bytes, tf_error *error) {
    tf_status status = tf_buffer_check(bytes, error);
    return status || bytes->length == 0
               ? status
               : writer->sink(writer->context, bytes->data, bytes->length, error);
}

static tf_status copy_schema(tf_arrow_writer *writer, const tf_table *table, tf_error *error) {
    writer->column_count = table->column_count;
    writer->columns = tf_alloc_zeroed(table->column_count, sizeof *writer->columns);
    writer->nodes = tf_alloc(table->column_count + 1, sizeof *writer->nodes);
    writer->buffers =
        tf_alloc((table->column_count + 1) * BUFFERS_PER_COLUMN, sizeof *writer->buffers);
    if (!writer->columns || !writer->nodes || !writer->buffers) {
        writer->column_count = 0;
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const tf_column *column = &table->columns[i];
        writer->columns[i] = (tf_column){.name = tf_copy_text(column->name, strlen(column->name)),
                                         .type = column->type,
                                         .byte_width = column->byte_width};
        if (!writer->columns[i].name) {
            return tf_fail_no_memory(error);
        }
    }
    return TF_OK;
}

tf_status tf_arrow_writer_open(const tf_table *schema_of, int zstd_level, tf_arrow_sink *sink,
                               void *context, tf_arrow_writer **writer_out, tf_error *error) {
    *writer_out = NULL;
    tf_arrow_writer *writer = tf_alloc_zeroed(1, sizeof *writer);
    if (!writer) {
        return tf_fail_no_memory(error);
    }
    writer->sink = sink;
    writer->context = context;
    tf_status status = copy_schema(writer, schema_of, error);
    if (!status && zstd_level > 0) {
        status = tf_zstd_compressor_new(zstd_level, &writer->zstd, error);
    }
    if (!status) {
        tf_arrow_schema_write(schema_of, &writer->metadata);
        status = emit(writer, &writer->metadata, error);
    }
    if (status) {
        tf_arrow_writer_free(writer);
        return status;
    }
    *writer_out = writer;
    return TF_OK;
}

void tf_arrow_writer_free(tf_arrow_writer *writer) {
    if (!writer) {
        return;
    }
    for (size_t i = 0; i < writer->column_count; i++) {
        tf_column_deinit(&writer->columns[i]);
    }
    tf_free(writer->columns);
    tf_free(writer->nodes);
    tf_free(writer->buffers);
    tf_buffer_deinit(&writer->metadata);
    tf_buffer_deinit(&writer->body);
    tf_zstd_compressor_free(writer->zstd);
    tf_free(writer);
}

static void begin_body(tf_arrow_writer *writer) {
    writer->metadata.length = 0;
    writer->body.length = 0;
    writer->buffer_count = 0;
}

/* Within a compressed body: the length of a buffer and its compressed form, or -1 and its plain
 * form where that is shorter, or where trying is known to be a waste of time. */
static tf_status append_compressed(tf_arrow_writer *writer, const void *bytes, size_t length,
                                   bool is_worth_trying, tf_error *error) {
    tf_buffer *body = &writer->body;
    int64_t announced = (int64_t)length;
    size_t room = sizeof announced + tf_zstd_bound(length);
    tf_status status = tf_reserve(&body->data, &body->capacity, body->length + room, 1, error);
    if (status) {
        return status;
    }
    char *at = body->data + body->length;
    size_t compressed = length;
    if (is_worth_trying) {
        status = tf_zstd_compress(writer->zstd, bytes, length, at + sizeof announced, &compressed,
                                  error);
        if (status) {
            return status;
        }
    }
    if (compressed >= length) {
        announced = -1;
        compressed = length;
        memcpy(at + sizeof announced, bytes, length);
    }
    memcpy(at, &announced, sizeof announced);
    body->length += sizeof announced + compressed;
    return TF_OK;
}

static tf_status append_buffer(tf_arrow_writer *writer, const void *bytes, size_t length,
                               bool is_worth_trying, tf_error *error) {
    size_t start = writer->body.length;
    if (length > 0 && writer->zstd) {
        tf_status status = append_compressed(writer, bytes, length, is_worth_trying, error);
        if (status) {
            return status;
        }
    } else {
        tf_buffer_append(&writer->body, bytes, length);
    }
    writer->buffers[writer->buffer_count++] =
        (tf_arrow_extent){(int64_t)start, (int64_t)(writer->body.length - start)};
    /* Whoever reads compressed buffers copies them anyway: the least that the format allows. */
    tf_flatbuffer_pad(&writer->body, writer->zstd ? 8 : TF_ARROW_ALIGNMENT);
    return TF_OK;
}

static size_t values_size(const tf_column *column) {
    size_t rows = (size_t)column->length;
    switch (column->type) {
    case TF_TYPE_BOOL:
        return tf_bit_bytes(column->length);
    case TF_TYPE_TEXT:
        return rows ? (size_t)column->offsets[rows] : 0;
    default:
        return rows * tf_type_size(column->type, column->byte_width);
    }
}

static tf_status append_column(tf_arrow_writer *writer, const tf_column *column,
                               tf_arrow_node *node, tf_error *error) {
    *node = (tf_arrow_node){column->length, column->null_count};
    size_t validity_size = column->validity ? tf_bit_bytes(column->length) : 0;
    tf_status status = append_buffer(writer, column->validity, validity_size, true, error);
    if (!status && column->type == TF_TYPE_TEXT) {
        size_t offset_count = column->length ? (size_t)column->length + 1 : 0;
        status = append_buffer(writer, column->offsets, offset_count * sizeof *column->offsets,
                               true, error);
    }
    /* Identifiers are hashes, as good as random: no compression shrinks them.  Measured numbers
     * would shrink to a third, at a tenth of the time of a large import. */
    bool is_worth_trying = column->type != TF_TYPE_FIXED_BINARY && column->type != TF_TYPE_FLOAT64;
    return status
               ? status
               : append_buffer(writer, column->values, values_size(column), is_worth_trying, error);
}

/* Write the message of the body put together; *dictionary_id as in tf_arrow_batch_write. */
static tf_status end_body(tf_arrow_writer *writer, int64_t row_count, size_t node_count,
                          const int64_t *dictionary_id, tf_error *error) {
    const tf_arrow_layout layout = {
        .row_count = row_count,
        .nodes = writer->nodes,
        .node_count = node_count,
        .buffers = writer->buffers,
        .buffer_count = writer->buffer_count,
        .is_compressed = writer->zstd != NULL,
        .body_length = writer->body.length,
    };
    tf_arrow_batch_write(&layout, dictionary_id, &writer->metadata);
    tf_status status = tf_buffer_check(&writer->body, error);
    status = status ? status : emit(writer, &writer->metadata, error);
    return status ? status : emit(writer, &writer->body, error);
}

static bool is_same_text(const tf_column *a, const tf_column *b) {
    if (a->length != b->length || values_size(a) != values_size(b)) {
        return false;
    }
    size_t offsets_size = a->length ? ((size_t)a->length + 1) * sizeof *a->offsets : 0;
    size_t size = values_size(a);
    return (offsets_size == 0 || memcmp(a->offsets, b->offsets, offsets_size) == 0) &&
           (size == 0 || memcmp(a->values, b->values, size) == 0);
}

/* Keep a copy of the dictionary of column `index` as the one last written. */
static tf_status remember_dictionary(tf_arrow_writer *writer, size_t index,
                                     const tf_column *dictionary, tf_error *error) {
    tf_column *kept = writer->columns[index].dictionary;
    if (!kept) {
        kept = tf_alloc_zeroed(1, sizeof *kept);
        if (!kept) {
            return tf_fail_no_memory(error);
        }
        writer->columns[index].dictionary = kept;
    }
    tf_column_deinit(kept);
    size_t offset_count = dictionary->length ? (size_t)dictionary->length + 1 : 0;
    size_t size = values_size(dictionary);
    kept->type = TF_TYPE_TEXT;
    kept->offsets = tf_alloc(offset_count, sizeof *kept->offsets);
    kept->values = tf_alloc(size, 1);
    if (!kept->offsets || !kept->values) {
        return tf_fail_no_memory(error);
    }
    if (offset_count) {
        memcpy(kept->offsets, dictionary->offsets, offset_count * sizeof *kept->offsets);
    }
    if (size) {
        memcpy(kept->values, dictionary->values, size);
    }
    kept->length = dictionary->length;
    return TF_OK;
}

static tf_status write_dictionary(tf_arrow_writer *writer, size_t index,
                                  const tf_column *dictionary, tf_error *error) {
    const tf_column *last = writer->columns[index].dictionary;
    if (last && is_same_text(last, dictionary)) {
        return TF_OK;
    }
    assert(dictionary->null_count == 0);
    begin_body(writer);
    tf_status status = append_column(writer, dictionary, &writer->nodes[0], error);
    status = status ? status
                    : end_body(writer, dictionary->length, 1, &(int64_t){(int64_t)index}, error);
    return status ? status : remember_dictionary(writer, index, dictionary, error);
}

static tf_status write_batch(tf_arrow_writer *writer, const tf_table *table, tf_error *error) {
    for (size_t i = 0; i < table->column_count; i++) {
        const tf_column *dictionary = table->columns[i].dictionary;
        tf_status status = dictionary ? write_dictionary(writer, i, dictionary, error) : TF_OK;
        if (status) {
            return status;
        }
    }
    begin_body(writer);
    for (size_t i = 0; i < table->column_count; i++) {
        tf_status status = append_column(writer, &table->columns[i], &writer->nodes[i], error);
        if (status) {
            return status;
        }
    }
    return end_body(writer, table->row_count, table->column_count, NULL, error);
}

static tf_status check_schema(const tf_arrow_writer *writer, const tf_table *table,
                              tf_error *error) {
    bool is_same = table->column_count == writer->column_count;
    for (size_t i = 0; is_same && i < table->column_count; i++) {
        const tf_column *column = &table->columns[i];
        const tf_column *expected = &writer->columns[i];
        is_same = column->type == expected->type && column->byte_width == expected->byte_width &&
                  strcmp(column->name, expected->name) == 0;
    }
    return is_same ? TF_OK
                   : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "the columns of a table differ from those that the Arrow stream "
                             "began with; write it to a stream of its own");
}

static tf_status check_writer(const tf_arrow_writer *writer, tf_error *error) {
    return writer->is_broken ? tf_fail(error, TF_INTERNAL, NULL, 0,
                                       "an Arrow stream was written to after it had failed")
                             : TF_OK;
}

tf_status tf_arrow_writer_append(tf_arrow_writer *writer, const tf_table *table, tf_error *error) {
    tf_status status = check_writer(writer, error);
    status = status ? status : check_schema(writer, table, error);
    if (status) {
        return status;
    }
    status = write_batch(writer, table, error);
    writer->is_broken = status != TF_OK;
    return status;
}

tf_status tf_arrow_writer_finish(tf_arrow_writer *writer, tf_error *error) {
    static const int32_t mark[2] = {TF_ARROW_CONTINUATION, 0};
    tf_status status = check_writer(writer, error);
    return status ? status : writer->sink(writer->context, mark, sizeof mark, error);
}

tf_status tf_arrow_write(const tf_table *table, int zstd_level, tf_buffer *buffer,
                         tf_error *error) {
    tf_arrow_writer *writer = NULL;
    size_t start = buffer->length;
    tf_status status =
        tf_arrow_writer_open(table, zstd_level, tf_arrow_sink_buffer, buffer, &writer, error);
    if (!status) {
        status = tf_arrow_writer_append(writer, table, error);
    }
    if (!status) {
        status = tf_arrow_writer_finish(writer, error);
    }
    if (status) {
        buffer->length = start;
    }
    tf_arrow_writer_free(writer);
    return status;
}
