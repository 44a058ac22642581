/* What the files of the Arrow reader and writer share: messages and their metadata
 * (https://arrow.apache.org/docs/format/Columnar.html, format/Schema.fbs, format/Message.fbs). */
#ifndef TREFOIL_TABLE_ARROW_INTERNAL_H
#define TREFOIL_TABLE_ARROW_INTERNAL_H

#include "flatbuffer_internal.h"
#include "trefoil/table/arrow.h"
#include "zstd_codec_internal.h"

enum { TF_ARROW_CONTINUATION = -1, TF_ARROW_VERSION_4 = 3, TF_ARROW_VERSION_5 = 4 };
enum { TF_ARROW_ALIGNMENT = 64 }; /* of what we write, as the format recommends */

typedef enum tf_arrow_header {
    TF_ARROW_END = 0, /* of the stream; not a header of the format */
    TF_ARROW_SCHEMA = 1,
    TF_ARROW_DICTIONARY_BATCH = 2,
    TF_ARROW_RECORD_BATCH = 3,
} tf_arrow_header;

/* One message of a stream, borrowed from it.  `header` refers to `metadata`: not to be copied. */
typedef struct tf_arrow_message {
    tf_arrow_header kind;
    tf_flatbuffer metadata;
    tf_flatbuffer_table header;
    const uint8_t *body;
    size_t body_length;
} tf_arrow_message;

/* The message at *position, which moves behind it.  The end of the bytes between two messages is
 * the end of the stream, as is its mark. */
tf_status tf_arrow_message_read(const uint8_t *bytes, size_t length, size_t *position,
                                tf_arrow_message *message_out, tf_error *error);

/* Begin a message in `out`, which is empty, with a header of these fields, whose position is
 * returned; what the header links to is added next.  The end makes the length of the whole a
 * multiple of TF_ARROW_ALIGNMENT. */
size_t tf_arrow_message_begin(tf_buffer *out, tf_arrow_header kind, size_t body_length,
                              const tf_flatbuffer_field *header, size_t header_field_count);
void tf_arrow_message_end(tf_buffer *out);

/* What a record batch says, borrowed from its message. */
typedef struct tf_arrow_batch {
    int64_t row_count;            /* at most INT32_MAX */
    tf_flatbuffer_vector nodes;   /* a tf_arrow_node for each column */
    tf_flatbuffer_vector buffers; /* tf_arrow_extents of the body */
    bool is_compressed;
    const uint8_t *body;
    size_t body_length;
} tf_arrow_batch;

/* Read the record batch that `message` is, or that it brings for a dictionary. */
tf_status tf_arrow_batch_read(tf_arrow_message *message, tf_arrow_batch *batch_out,
                              tf_error *error);
tf_status tf_arrow_dictionary_read(const tf_arrow_message *message, int64_t *id_out,
                                   bool *is_delta_out, tf_error *error);

tf_status tf_arrow_fail_damaged(tf_error *error); /* TF_BAD_INPUT: the metadata is damaged */

/* A bound on allocation. */
typedef struct tf_arrow_budget {
    size_t limit;
    size_t used;
} tf_arrow_budget;

tf_status tf_arrow_budget_take(tf_arrow_budget *budget, size_t size, tf_error *error);

/* A column of the schema: how it is stored and what it becomes. */
typedef struct tf_arrow_field {
    char *name;
    tf_type type;
    const char *unsupported; /* its Arrow type if we cannot read it, else NULL */
    int32_t stored_size;     /* bytes of a value, a dictionary index or an offset; 0: bits */
    bool is_unsigned;
    int64_t multiply_by; /* from the stored unit to ours: value * multiply_by / divide_by */
    int64_t divide_by;
    int64_t dictionary_id; /* DICTIONARY only */
    int32_t dictionary_offset_size;
    size_t first_node; /* its place in a batch's nodes and buffers */
    size_t first_buffer;
} tf_arrow_field;

typedef struct tf_arrow_schema {
    tf_arrow_field *fields;
    size_t field_count;
    size_t node_count;
    size_t buffer_count;
} tf_arrow_schema;

/* Its memory is taken from `budget`. */
tf_status tf_arrow_schema_read(tf_arrow_message *message, tf_arrow_budget *budget,
                               tf_arrow_schema *schema_out, tf_error *error);
void tf_arrow_schema_deinit(tf_arrow_schema *schema);

/* The message that describes the columns of `table`, in `out`, which is empty.  The dictionary of
 * column i has id i. */
void tf_arrow_schema_write(const tf_table *table, tf_buffer *out);

typedef struct tf_arrow_node {
    int64_t length;
    int64_t null_count;
} tf_arrow_node;

typedef struct tf_arrow_extent {
    int64_t offset;
    int64_t length;
} tf_arrow_extent;

/* What tf_arrow_batch_write describes. */
typedef struct tf_arrow_layout {
    int64_t row_count;
    const tf_arrow_node *nodes;
    size_t node_count;
    const tf_arrow_extent *buffers;
    size_t buffer_count;
    bool is_compressed;
    size_t body_length;
} tf_arrow_layout;

/* The metadata of a record batch, or of the dictionary batch of *dictionary_id if that is not
 * NULL, in `out`, which is empty. */
void tf_arrow_batch_write(const tf_arrow_layout *layout, const int64_t *dictionary_id,
                          tf_buffer *out);

/* Turns the buffers of a batch into columns; the decompressor is made when first needed. */
typedef struct tf_arrow_decoder {
    tf_zstd_decompressor *zstd;
    tf_arrow_budget budget;
} tf_arrow_decoder;

/* Decode the column of `field` into *column, which is zero; what it holds is the caller's to
 * deinit even after an error.  The name and the dictionary are left to the caller, as is the check
 * of a dictionary's indices against its length. */
tf_status tf_arrow_decode(tf_arrow_decoder *decoder, const tf_arrow_batch *batch,
                          const tf_arrow_field *field, tf_column *column, tf_error *error);

/* The dictionary of one id.  Its batches are decoded when a column that is read refers to it;
 * until then only their places are kept. */
typedef struct tf_arrow_dictionary {
    int64_t id;
    tf_arrow_field values; /* how a batch stores them; the name of a column that uses it */
    tf_column column;      /* what has been decoded; foreign dictionaries may hold nulls */
    size_t size;           /* what that takes of the budget */
    size_t *pending;       /* positions of the messages yet to be decoded, in order */
    size_t pending_count;
    size_t pending_capacity;
    bool is_replaced; /* the first of these takes the place of what has been decoded */
    bool exists;
} tf_arrow_dictionary;

typedef struct tf_arrow_dictionaries {
    tf_arrow_dictionary *items; /* ordered by id */
    size_t count;
} tf_arrow_dictionaries;

/* Those that the columns of `schema` refer to; to be deinitialised even after an error. */
tf_status tf_arrow_dictionaries_init(tf_arrow_dictionaries *dictionaries,
                                     const tf_arrow_schema *schema, tf_arrow_budget *budget,
                                     tf_error *error);
void tf_arrow_dictionaries_deinit(tf_arrow_dictionaries *dictionaries);

/* NULL if there is none; O(log dictionaries). */
tf_arrow_dictionary *tf_arrow_dictionaries_find(const tf_arrow_dictionaries *dictionaries,
                                                int64_t id);

/* Note a dictionary batch at `position` of the stream. */
tf_status tf_arrow_dictionary_note(tf_arrow_dictionary *dictionary, size_t position, bool is_delta,
                                   tf_error *error);

/* Decode what has been noted in the stream of `length` bytes. */
tf_status tf_arrow_dictionary_decode(tf_arrow_dictionary *dictionary, tf_arrow_decoder *decoder,
                                     const uint8_t *bytes, size_t length, tf_error *error);

/* Check the indices of `column` and give it a copy of the dictionary. */
tf_status tf_arrow_dictionary_attach(const tf_arrow_dictionary *dictionary, tf_column *column,
                                     tf_arrow_budget *budget, tf_error *error);

#endif
