#include "arrow_internal.h"

/* Fields of the metadata's tables, in the order of Message.fbs. */
enum { MESSAGE_VERSION, MESSAGE_HEADER_TYPE, MESSAGE_HEADER, MESSAGE_BODY_LENGTH, MESSAGE_FIELDS };
enum { BATCH_LENGTH, BATCH_NODES, BATCH_BUFFERS, BATCH_COMPRESSION, BATCH_FIELDS };
enum { COMPRESSION_CODEC, COMPRESSION_METHOD, COMPRESSION_FIELDS };
enum { DICTIONARY_ID, DICTIONARY_DATA, DICTIONARY_FIELDS, DICTIONARY_IS_DELTA = DICTIONARY_FIELDS };
enum { CODEC_LZ4_FRAME = 0, CODEC_ZSTD = 1, METHOD_BUFFER = 0 };

/* The continuation mark and the length before the metadata. */
enum { PREFIX_SIZE = 8 };

tf_status tf_arrow_fail_damaged(tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "the metadata of the Arrow stream is damaged; fetch the file again");
}

static tf_status fail_cut_short(tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "the Arrow stream is cut short; fetch the file again");
}

static tf_status check_kind(int64_t version, int64_t kind, tf_error *error) {
    if (version != TF_ARROW_VERSION_4 && version != TF_ARROW_VERSION_5) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the Arrow stream has metadata version V%d; write it with version V5",
                       (int)version + 1);
    }
    if (kind < TF_ARROW_SCHEMA || kind > TF_ARROW_RECORD_BATCH) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the Arrow stream holds a message that is no part of a table");
    }
    return TF_OK;
}

static tf_status read_metadata(tf_arrow_message *message, int64_t *body_length_out,
                               tf_error *error) {
    tf_flatbuffer_table root = tf_flatbuffer_root(&message->metadata);
    int64_t version = tf_flatbuffer_integer(root, MESSAGE_VERSION, 2, 0);
    int64_t kind = tf_flatbuffer_integer(root, MESSAGE_HEADER_TYPE, 1, 0);
    *body_length_out = tf_flatbuffer_integer(root, MESSAGE_BODY_LENGTH, 8, 0);
    message->header = tf_flatbuffer_subtable(root, MESSAGE_HEADER);
    if (message->metadata.is_damaged || !message->header.buffer || *body_length_out < 0) {
        return tf_arrow_fail_damaged(error);
    }
    tf_status status = check_kind(version, kind, error);
    message->kind = status ? TF_ARROW_END : (tf_arrow_header)kind;
    return status;
}

tf_status tf_arrow_message_read(const uint8_t *bytes, size_t length, size_t *position,
                                tf_arrow_message *message_out, tf_error *error) {
    *message_out = (tf_arrow_message){.kind = TF_ARROW_END};
    size_t left = length - *position;
    if (left == 0) {
        return TF_OK;
    }
    int32_t prefix[2]; /* continuation mark, length of the metadata */
    if (left < sizeof prefix) {
        return fail_cut_short(error);
    }
    const uint8_t *at = bytes + *position;
    memcpy(prefix, at, sizeof prefix);
    if (memcmp(at, "ARROW1", 6) == 0) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "this is an Arrow file where an Arrow stream is needed; write it in the "
                       "stream format");
    }
    if (prefix[0] != TF_ARROW_CONTINUATION) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "this is not an Arrow stream");
    }
    if (prefix[1] == 0) {
        *position = length;
        return TF_OK;
    }
    left -= PREFIX_SIZE;
    if (prefix[1] < 0) {
        return tf_arrow_fail_damaged(error);
    }
    size_t metadata_length = (size_t)prefix[1];
    if (metadata_length > left) {
        return fail_cut_short(error);
    }
    left -= metadata_length;
    message_out->metadata = (tf_flatbuffer){at + PREFIX_SIZE, metadata_length, false};
    int64_t body_length;
    tf_status status = read_metadata(message_out, &body_length, error);
    if (status) {
        return status;
    }
    if ((uint64_t)body_length > left) {
        return fail_cut_short(error);
    }
    message_out->body = at + PREFIX_SIZE + metadata_length;
    message_out->body_length = (size_t)body_length;
    *position += PREFIX_SIZE + metadata_length + (size_t)body_length;
    return TF_OK;
}

tf_status tf_arrow_dictionary_read(const tf_arrow_message *message, int64_t *id_out,
                                   bool *is_delta_out, tf_error *error) {
    *id_out = tf_flatbuffer_integer(message->header, DICTIONARY_ID, 8, 0);
    *is_delta_out = tf_flatbuffer_integer(message->header, DICTIONARY_IS_DELTA, 1, 0) != 0;
    return message->metadata.is_damaged ? tf_arrow_fail_damaged(error) : TF_OK;
}

tf_status tf_arrow_batch_read(tf_arrow_message *message, tf_arrow_batch *batch_out,
                              tf_error *error) {
    tf_flatbuffer_table header = message->header;
    if (message->kind == TF_ARROW_DICTIONARY_BATCH) {
        header = tf_flatbuffer_subtable(header, DICTIONARY_DATA);
    }
    tf_flatbuffer_table compression = tf_flatbuffer_subtable(header, BATCH_COMPRESSION);
    int64_t codec = tf_flatbuffer_integer(compression, COMPRESSION_CODEC, 1, CODEC_LZ4_FRAME);
    int64_t method = tf_flatbuffer_integer(compression, COMPRESSION_METHOD, 1, METHOD_BUFFER);
    *batch_out = (tf_arrow_batch){
        .row_count = tf_flatbuffer_integer(header, BATCH_LENGTH, 8, 0),
        .nodes = tf_flatbuffer_vector_of(header, BATCH_NODES, sizeof(tf_arrow_node)),
        .buffers = tf_flatbuffer_vector_of(header, BATCH_BUFFERS, sizeof(tf_arrow_extent)),
        .is_compressed = compression.buffer != NULL,
        .body = message->body,
        .body_length = message->body_length,
    };
    if (message->metadata.is_damaged || !header.buffer || batch_out->row_count < 0) {
        return tf_arrow_fail_damaged(error);
    }
    /* The format asks writers not to exceed this; it keeps sizes far from overflow. */
    if (batch_out->row_count > INT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a batch of the Arrow stream announces %lld rows; write smaller batches",
                       (long long)batch_out->row_count);
    }
    if (batch_out->is_compressed && (codec != CODEC_ZSTD || method != METHOD_BUFFER)) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the Arrow stream is compressed with %s; write it with zstd or plain",
                       codec == CODEC_LZ4_FRAME ? "lz4" : "an unknown codec");
    }
    return TF_OK;
}

size_t tf_arrow_message_begin(tf_buffer *out, tf_arrow_header kind, size_t body_length,
                              const tf_flatbuffer_field *header, size_t header_field_count) {
    const int32_t prefix[2] = {TF_ARROW_CONTINUATION, 0};
    tf_buffer_append(out, prefix, sizeof prefix);
    size_t root_link = tf_flatbuffer_add_root(out);
    const tf_flatbuffer_field fields[MESSAGE_FIELDS] = {
        [MESSAGE_VERSION] = {2, TF_ARROW_VERSION_5},
        [MESSAGE_HEADER_TYPE] = {1, kind},
        [MESSAGE_HEADER] = {4, 0},
        [MESSAGE_BODY_LENGTH] = {8, (int64_t)body_length},
    };
    size_t message = tf_flatbuffer_add_table(out, fields, MESSAGE_FIELDS);
    tf_flatbuffer_set_link(out, root_link, message);
    size_t table = tf_flatbuffer_add_table(out, header, header_field_count);
    tf_flatbuffer_link(out, message, MESSAGE_HEADER, table);
    return table;
}

void tf_arrow_message_end(tf_buffer *out) {
    tf_flatbuffer_pad(out, TF_ARROW_ALIGNMENT);
    if (!out->failed) {
        int32_t length = (int32_t)(out->length - PREFIX_SIZE);
        memcpy(out->data + PREFIX_SIZE / 2, &length, sizeof length);
    }
}

static void write_batch_parts(const tf_arrow_layout *layout, size_t batch, tf_buffer *out) {
    size_t items;
    size_t nodes = tf_flatbuffer_add_vector(out, layout->nodes, layout->node_count,
                                            sizeof *layout->nodes, &items);
    tf_flatbuffer_link(out, batch, BATCH_NODES, nodes);
    size_t buffers = tf_flatbuffer_add_vector(out, layout->buffers, layout->buffer_count,
                                              sizeof *layout->buffers, &items);
    tf_flatbuffer_link(out, batch, BATCH_BUFFERS, buffers);
    if (layout->is_compressed) {
        const tf_flatbuffer_field fields[COMPRESSION_FIELDS] = {
            [COMPRESSION_CODEC] = {1, CODEC_ZSTD},
            [COMPRESSION_METHOD] = {1, METHOD_BUFFER},
        };
        tf_flatbuffer_link(out, batch, BATCH_COMPRESSION,
                           tf_flatbuffer_add_table(out, fields, COMPRESSION_FIELDS));
    }
}

void tf_arrow_batch_write(const tf_arrow_layout *layout, const int64_t *dictionary_id,
                          tf_buffer *out) {
    const tf_flatbuffer_field batch_fields[BATCH_FIELDS] = {
        [BATCH_LENGTH] = {8, layout->row_count},
        [BATCH_NODES] = {4, 0},
        [BATCH_BUFFERS] = {4, 0},
        [BATCH_COMPRESSION] = {layout->is_compressed ? 4 : 0, 0},
    };
    size_t batch;
    if (dictionary_id) {
        const tf_flatbuffer_field fields[DICTIONARY_FIELDS] = {
            [DICTIONARY_ID] = {8, *dictionary_id},
            [DICTIONARY_DATA] = {4, 0},
        };
        size_t dictionary = tf_arrow_message_begin(out, TF_ARROW_DICTIONARY_BATCH,
                                                   layout->body_length, fields, DICTIONARY_FIELDS);
        batch = tf_flatbuffer_add_table(out, batch_fields, BATCH_FIELDS);
        tf_flatbuffer_link(out, dictionary, DICTIONARY_DATA, batch);
    } else {
        batch = tf_arrow_message_begin(out, TF_ARROW_RECORD_BATCH, layout->body_length,
                                       batch_fields, BATCH_FIELDS);
    }
    write_batch_parts(layout, batch, out);
    tf_arrow_message_end(out);
}
