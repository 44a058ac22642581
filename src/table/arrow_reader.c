#include "arrow_internal.h"

static const size_t default_memory_limit = (size_t)2 << 30;

struct tf_arrow_reader {
    const uint8_t *bytes;
    size_t length;
    size_t position;
    tf_arrow_schema schema;
    tf_arrow_dictionaries dictionaries;
    size_t *selection; /* fields, in the order asked */
    size_t selection_count;
    tf_arrow_decoder decoder; /* between calls its budget holds what the reader itself holds */
};

static tf_status read_schema(tf_arrow_reader *reader, tf_error *error) {
    tf_arrow_message message;
    tf_status status =
        tf_arrow_message_read(reader->bytes, reader->length, &reader->position, &message, error);
    if (status) {
        return status;
    }
    if (message.kind != TF_ARROW_SCHEMA) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the Arrow stream does not begin with its schema");
    }
    return tf_arrow_schema_read(&message, &reader->decoder.budget, &reader->schema, error);
}

static tf_status select_all(tf_arrow_reader *reader, tf_error *error) {
    size_t count = reader->schema.field_count;
    tf_status status =
        tf_arrow_budget_take(&reader->decoder.budget, count * sizeof *reader->selection, error);
    if (status) {
        return status;
    }
    reader->selection = tf_alloc(count, sizeof *reader->selection);
    if (!reader->selection) {
        return tf_fail_no_memory(error);
    }
    reader->selection_count = count;
    for (size_t i = 0; i < count; i++) {
        reader->selection[i] = i;
    }
    return TF_OK;
}

tf_status tf_arrow_reader_open(const void *bytes, size_t length, size_t memory_limit,
                               tf_arrow_reader **reader_out, tf_error *error) {
    *reader_out = NULL;
    tf_arrow_reader *reader = tf_alloc_zeroed(1, sizeof *reader);
    if (!reader) {
        return tf_fail_no_memory(error);
    }
    reader->bytes = bytes;
    reader->length = length;
    reader->decoder.budget.limit = memory_limit ? memory_limit : default_memory_limit;
    tf_status status = read_schema(reader, error);
    if (!status) {
        status = tf_arrow_dictionaries_init(&reader->dictionaries, &reader->schema,
                                            &reader->decoder.budget, error);
    }
    if (!status) {
        status = select_all(reader, error);
    }
    if (status) {
        tf_arrow_reader_free(reader);
        return status;
    }
    *reader_out = reader;
    return TF_OK;
}

void tf_arrow_reader_free(tf_arrow_reader *reader) {
    if (!reader) {
        return;
    }
    tf_arrow_schema_deinit(&reader->schema);
    tf_arrow_dictionaries_deinit(&reader->dictionaries);
    tf_free(reader->selection);
    tf_zstd_decompressor_free(reader->decoder.zstd);
    tf_free(reader);
}

tf_status tf_arrow_reader_select(tf_arrow_reader *reader, const char *const *names,
                                 size_t name_count, tf_error *error) {
    const tf_arrow_schema *schema = &reader->schema;
    size_t *selection = tf_alloc(name_count, sizeof *selection);
    if (!selection) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < name_count; i++) {
        size_t field = 0;
        while (field < schema->field_count && strcmp(schema->fields[field].name, names[i]) != 0) {
            field++;
        }
        if (field == schema->field_count) {
            tf_free(selection);
            return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the Arrow stream has no column '%s'",
                           names[i]);
        }
        selection[i] = field;
    }
    tf_free(reader->selection);
    reader->selection = selection;
    reader->selection_count = name_count;
    return TF_OK;
}

static tf_status note_dictionary(tf_arrow_reader *reader, const tf_arrow_message *message,
                                 size_t position, tf_error *error) {
    int64_t id;
    bool is_delta;
    tf_status status = tf_arrow_dictionary_read(message, &id, &is_delta, error);
    if (status) {
        return status;
    }
    tf_arrow_dictionary *dictionary = tf_arrow_dictionaries_find(&reader->dictionaries, id);
    /* One that we do not know belongs to a column that we cannot read. */
    return dictionary ? tf_arrow_dictionary_note(dictionary, position, is_delta, error) : TF_OK;
}

/* Check that the columns selected can be read, and bring their dictionaries up to date. */
static tf_status prepare_columns(tf_arrow_reader *reader, tf_error *error) {
    for (size_t i = 0; i < reader->selection_count; i++) {
        const tf_arrow_field *field = &reader->schema.fields[reader->selection[i]];
        if (field->unsupported) {
            return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                           "column '%s' of the Arrow stream is of type %s, which cannot be read; "
                           "select the others",
                           field->name, field->unsupported);
        }
        if (field->type != TF_TYPE_DICTIONARY) {
            continue;
        }
        tf_status status = tf_arrow_dictionary_decode(
            tf_arrow_dictionaries_find(&reader->dictionaries, field->dictionary_id),
            &reader->decoder, reader->bytes, reader->length, error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

static tf_status read_column(tf_arrow_reader *reader, const tf_arrow_batch *batch,
                             const tf_arrow_field *field, tf_column *column, tf_error *error) {
    tf_arrow_budget *budget = &reader->decoder.budget;
    size_t name_length = strlen(field->name);
    tf_status status = tf_arrow_budget_take(budget, sizeof *column + name_length + 1, error);
    if (status) {
        return status;
    }
    column->name = tf_copy_text(field->name, name_length);
    if (!column->name) {
        return tf_fail_no_memory(error);
    }
    status = tf_arrow_decode(&reader->decoder, batch, field, column, error);
    if (!status && field->type == TF_TYPE_DICTIONARY) {
        status = tf_arrow_dictionary_attach(
            tf_arrow_dictionaries_find(&reader->dictionaries, field->dictionary_id), column, budget,
            error);
    }
    return status;
}

static tf_status read_table(tf_arrow_reader *reader, const tf_arrow_batch *batch,
                            tf_table **table_out, tf_error *error) {
    tf_table *table = tf_table_new(reader->selection_count, error);
    if (!table) {
        return TF_NO_MEMORY;
    }
    table->row_count = batch->row_count;
    for (size_t i = 0; i < reader->selection_count; i++) {
        const tf_arrow_field *field = &reader->schema.fields[reader->selection[i]];
        tf_status status = read_column(reader, batch, field, &table->columns[i], error);
        if (status) {
            tf_table_free(table);
            return status;
        }
    }
    *table_out = table;
    return TF_OK;
}

static tf_status read_record_batch(tf_arrow_reader *reader, tf_arrow_message *message,
                                   tf_table **table_out, tf_error *error) {
    tf_arrow_batch batch;
    tf_status status = tf_arrow_batch_read(message, &batch, error);
    if (status) {
        return status;
    }
    if (batch.nodes.count != reader->schema.node_count ||
        batch.buffers.count != reader->schema.buffer_count) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a batch of the Arrow stream does not have the columns of its schema; "
                       "fetch the file again");
    }
    status = prepare_columns(reader, error);
    if (status) {
        return status;
    }
    size_t held = reader->decoder.budget.used;
    status = read_table(reader, &batch, table_out, error);
    reader->decoder.budget.used = held;
    return status;
}

tf_status tf_arrow_reader_next(tf_arrow_reader *reader, tf_table **table_out, tf_error *error) {
    *table_out = NULL;
    for (;;) {
        size_t position = reader->position;
        tf_arrow_message message;
        tf_status status = tf_arrow_message_read(reader->bytes, reader->length, &reader->position,
                                                 &message, error);
        if (status) {
            return status;
        }
        switch (message.kind) {
        case TF_ARROW_END:
            return TF_OK;
        case TF_ARROW_SCHEMA:
            return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the Arrow stream holds a second schema");
        case TF_ARROW_DICTIONARY_BATCH:
            status = note_dictionary(reader, &message, position, error);
            if (status) {
                return status;
            }
            break;
        case TF_ARROW_RECORD_BATCH:
            return read_record_batch(reader, &message, table_out, error);
        }
    }
}
