#include "check.h"

#include "fail_allocations.h"

#include "table/arrow_internal.h"
#include "trefoil/table/builder.h"

enum { FLAG, SMALL, LARGE, SHARE, DAY, TIME, WORD, CHOICE, ID, FIELD_COUNT };

static const tf_builder_field fields[FIELD_COUNT] = {
    [FLAG] = {"flag", TF_TYPE_BOOL, 0},     [SMALL] = {"small", TF_TYPE_INT32, 0},
    [LARGE] = {"large", TF_TYPE_INT64, 0},  [SHARE] = {"share", TF_TYPE_FLOAT64, 0},
    [DAY] = {"day", TF_TYPE_DATE, 0},       [TIME] = {"time", TF_TYPE_TIMESTAMP, 0},
    [WORD] = {"word", TF_TYPE_TEXT, 0},     [CHOICE] = {"choice", TF_TYPE_DICTIONARY, 0},
    [ID] = {"id", TF_TYPE_FIXED_BINARY, 8},
};

/* Rows first, first + 1, ...; every third is null throughout. */
static tf_status build(int first, int rows, tf_table **table_out) {
    *table_out = NULL;
    tf_builder *builder = tf_builder_new(fields, FIELD_COUNT, NULL);
    if (!builder) {
        return TF_NO_MEMORY;
    }
    for (int i = first; i < first + rows; i++) {
        char text[32];
        if (i % 3 == 2) {
            for (size_t field = 0; field < FIELD_COUNT; field++) {
                tf_builder_append_null(builder, field);
            }
            continue;
        }
        int64_t id = i * 0x0000070503020100;
        tf_builder_append_bool(builder, FLAG, i % 2 == 0);
        tf_builder_append_int(builder, SMALL, -i);
        tf_builder_append_int(builder, LARGE, i * 10000000000);
        tf_builder_append_double(builder, SHARE, i / 8.0);
        tf_builder_append_int(builder, DAY, 19000 + i);
        tf_builder_append_int(builder, TIME, 1600000000000000 + i);
        snprintf(text, sizeof text, "réponse %d", i);
        tf_builder_append_text(builder, WORD, tf_text_of(text));
        snprintf(text, sizeof text, "choice %d", i % 7);
        tf_builder_append_text(builder, CHOICE, tf_text_of(text));
        tf_builder_append_bytes(builder, ID, &id);
    }
    tf_status status = tf_builder_finish(builder, table_out, NULL);
    tf_builder_free(builder);
    return status;
}

static tf_table *built(int first, int rows) {
    tf_table *table;
    assert_int_equal(build(first, rows, &table), TF_OK);
    return table;
}

static void assert_same_value(const tf_column *a, const tf_column *b, int64_t row) {
    size_t width = 8;
    switch (a->type) {
    case TF_TYPE_BOOL:
        assert_int_equal(tf_bit_get(a->values, row), tf_bit_get(b->values, row));
        return;
    case TF_TYPE_TEXT:
    case TF_TYPE_DICTIONARY:
        assert_true(tf_text_equal(tf_column_text(a, row), tf_column_text(b, row)));
        return;
    case TF_TYPE_INT32:
    case TF_TYPE_DATE:
        width = 4;
        break;
    case TF_TYPE_FIXED_BINARY:
        width = (size_t)a->byte_width;
        break;
    default:
        break;
    }
    assert_memory_equal((char *)a->values + (size_t)row * width,
                        (char *)b->values + (size_t)row * width, width);
}

static void assert_same_column(const tf_column *a, const tf_column *b) {
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->byte_width, b->byte_width);
    assert_int_equal(a->length, b->length);
    assert_int_equal(a->null_count, b->null_count);
    assert_int_equal(a->validity == NULL, b->validity == NULL);
    for (int64_t row = 0; row < a->length; row++) {
        assert_int_equal(tf_column_is_null(a, row), tf_column_is_null(b, row));
        assert_same_value(a, b, row);
    }
}

static void assert_same_table(const tf_table *a, const tf_table *b) {
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal(a->row_count, b->row_count);
    assert_int_equal(a->column_count, b->column_count);
    for (size_t i = 0; i < a->column_count; i++) {
        assert_same_column(&a->columns[i], &b->columns[i]);
    }
}

/* Read all of a stream, free it, and give the first fault.  Every text is looked at, so that a
 * sanitizer sees an offset that is wrong. */
static tf_status read_all(const void *bytes, size_t length, size_t memory_limit, int *tables_out,
                          tf_error *error) {
    tf_arrow_reader *reader;
    tf_table *table = NULL;
    *tables_out = 0;
    tf_status status = tf_arrow_reader_open(bytes, length, memory_limit, &reader, error);
    while (!status) {
        status = tf_arrow_reader_next(reader, &table, error);
        if (status || !table) {
            break;
        }
        ++*tables_out;
        for (size_t i = 0; i < table->column_count; i++) {
            const tf_column *column = &table->columns[i];
            bool is_text = column->type == TF_TYPE_TEXT || column->type == TF_TYPE_DICTIONARY;
            for (int64_t row = 0; is_text && row < table->row_count; row++) {
                assert_true(tf_text_is_utf8(tf_column_text(column, row)));
            }
        }
        tf_table_free(table);
    }
    tf_arrow_reader_free(reader);
    return status;
}

static tf_buffer written(const tf_table *table, int level) {
    tf_buffer buffer = {0};
    tf_error error;
    assert_ok(tf_arrow_write(table, level, &buffer, &error), &error);
    return buffer;
}

static tf_table *first_table(const tf_buffer *stream) {
    tf_error error;
    tf_arrow_reader *reader;
    tf_table *table;
    assert_ok(tf_arrow_reader_open(stream->data, stream->length, 0, &reader, &error), &error);
    assert_ok(tf_arrow_reader_next(reader, &table, &error), &error);
    tf_arrow_reader_free(reader);
    assert_non_null(table);
    return table;
}

static void a_table_comes_back_as_it_was_written(void **state) {
    (void)state;
    static const int row_counts[] = {0, 1, 2, 3, 64, 1000};
    static const int levels[] = {0, 1, 3, 19};
    for (size_t i = 0; i < sizeof row_counts / sizeof *row_counts; i++) {
        tf_table *table = built(0, row_counts[i]);
        for (size_t j = 0; j < sizeof levels / sizeof *levels; j++) {
            tf_buffer stream = written(table, levels[j]);
            tf_table *again = first_table(&stream);
            assert_same_table(again, table);
            tf_table_free(again);
            tf_buffer_deinit(&stream);
        }
        tf_table_free(table);
    }
}

static void a_compressed_stream_is_smaller(void **state) {
    (void)state;
    tf_table *table = built(0, 10000);
    tf_buffer plain = written(table, 0);
    tf_buffer small = written(table, 3);
    assert_true(small.length < plain.length / 2);
    tf_buffer_deinit(&plain);
    tf_buffer_deinit(&small);
    tf_table_free(table);
}

static void a_table_may_have_no_columns(void **state) {
    (void)state;
    tf_table table = {.row_count = 5};
    tf_buffer stream = written(&table, 3);
    tf_table *again = first_table(&stream);
    assert_int_equal(again->row_count, 5);
    assert_int_equal(again->column_count, 0);
    tf_table_free(again);
    tf_buffer_deinit(&stream);
}

static void batches_come_back_one_by_one(void **state) {
    (void)state;
    tf_error error;
    tf_buffer stream = {0};
    tf_table *tables[] = {built(0, 100), built(100, 1), built(0, 0), built(3, 50)};
    tf_arrow_writer *writer;
    assert_ok(tf_arrow_writer_open(tables[0], 3, tf_arrow_sink_buffer, &stream, &writer, &error),
              &error);
    for (size_t i = 0; i < 4; i++) {
        assert_ok(tf_arrow_writer_append(writer, tables[i], &error), &error);
    }
    assert_ok(tf_arrow_writer_finish(writer, &error), &error);
    tf_arrow_writer_free(writer);
    tf_arrow_reader *reader;
    tf_table *table;
    assert_ok(tf_arrow_reader_open(stream.data, stream.length, 0, &reader, &error), &error);
    for (size_t i = 0; i < 4; i++) {
        assert_ok(tf_arrow_reader_next(reader, &table, &error), &error);
        assert_same_table(table, tables[i]);
        tf_table_free(table);
        tf_table_free(tables[i]);
    }
    for (int i = 0; i < 2; i++) {
        assert_ok(tf_arrow_reader_next(reader, &table, &error), &error);
        assert_null(table);
    }
    tf_arrow_reader_free(reader);
    tf_buffer_deinit(&stream);
}

static int count_messages(const tf_buffer *stream, tf_arrow_header kind) {
    tf_error error;
    tf_arrow_message message;
    size_t position = 0;
    int count = 0;
    do {
        assert_ok(tf_arrow_message_read((const uint8_t *)stream->data, stream->length, &position,
                                        &message, &error),
                  &error);
        count += message.kind == kind;
    } while (message.kind != TF_ARROW_END);
    return count;
}

static void a_dictionary_is_written_again_only_when_it_changes(void **state) {
    (void)state;
    tf_error error;
    tf_buffer stream = {0};
    tf_table *one = built(0, 100);
    tf_table *other = built(1, 100);
    tf_arrow_writer *writer;
    assert_ok(tf_arrow_writer_open(one, 0, tf_arrow_sink_buffer, &stream, &writer, &error), &error);
    assert_ok(tf_arrow_writer_append(writer, one, &error), &error);
    assert_ok(tf_arrow_writer_append(writer, one, &error), &error);
    assert_int_equal(count_messages(&stream, TF_ARROW_DICTIONARY_BATCH), 1);
    assert_ok(tf_arrow_writer_append(writer, other, &error), &error);
    assert_int_equal(count_messages(&stream, TF_ARROW_DICTIONARY_BATCH), 2);
    assert_ok(tf_arrow_writer_append(writer, one, &error), &error);
    assert_int_equal(count_messages(&stream, TF_ARROW_DICTIONARY_BATCH), 3);
    assert_int_equal(count_messages(&stream, TF_ARROW_RECORD_BATCH), 4);
    tf_arrow_writer_free(writer);
    tf_table_free(one);
    tf_table_free(other);
    tf_buffer_deinit(&stream);
}

static void plain_buffers_are_aligned_to_64_bytes(void **state) {
    (void)state;
    tf_table *table = built(0, 100);
    tf_buffer stream = written(table, 0);
    size_t position = 0;
    tf_arrow_message message;
    do {
        assert_int_equal(tf_arrow_message_read((const uint8_t *)stream.data, stream.length,
                                               &position, &message, NULL),
                         TF_OK);
    } while (message.kind != TF_ARROW_RECORD_BATCH);
    tf_arrow_batch batch;
    assert_int_equal(tf_arrow_batch_read(&message, &batch, NULL), TF_OK);
    assert_int_equal((message.body - (uint8_t *)stream.data) % 64, 0);
    assert_int_equal(batch.buffers.count, 2 * FIELD_COUNT + 1);
    for (size_t i = 0; i < batch.buffers.count; i++) {
        assert_int_equal(tf_flatbuffer_vector_integer(batch.buffers, i, 0) % 64, 0);
    }
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

static void a_table_of_other_columns_is_refused(void **state) {
    (void)state;
    tf_buffer stream = {0};
    tf_table *table = built(0, 3);
    tf_arrow_writer *writer;
    assert_int_equal(tf_arrow_writer_open(table, 0, tf_arrow_sink_buffer, &stream, &writer, NULL),
                     TF_OK);
    table->columns[SMALL].type = TF_TYPE_DATE;
    assert_int_equal(tf_arrow_writer_append(writer, table, NULL), TF_BAD_INPUT);
    table->columns[SMALL].type = TF_TYPE_INT32;
    assert_int_equal(tf_arrow_writer_append(writer, table, NULL), TF_OK);
    table->columns[SMALL].name[0] = 'S';
    assert_int_equal(tf_arrow_writer_append(writer, table, NULL), TF_BAD_INPUT);
    tf_arrow_writer_free(writer);
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

/* A disk with room for *context bytes. */
static tf_status full_disk(void *context, const void *bytes, size_t length, tf_error *error) {
    (void)bytes;
    size_t *room = context;
    if (length > *room) {
        return tf_fail(error, TF_IO, NULL, 0, "the disk is full");
    }
    *room -= length;
    return TF_OK;
}

static void a_fault_of_the_sink_ends_the_stream(void **state) {
    (void)state;
    tf_table *table = built(0, 1000);
    tf_arrow_writer *writer;
    tf_error error;
    size_t room = 0;
    assert_int_equal(tf_arrow_writer_open(table, 0, full_disk, &room, &writer, &error), TF_IO);
    assert_null(writer);
    room = 8000;
    assert_ok(tf_arrow_writer_open(table, 0, full_disk, &room, &writer, &error), &error);
    assert_int_equal(tf_arrow_writer_append(writer, table, &error), TF_IO);
    assert_string_equal(error.message, "the disk is full");
    assert_int_equal(tf_arrow_writer_finish(writer, &error), TF_INTERNAL);
    tf_arrow_writer_free(writer);
    tf_table_free(table);
}

/* Make every `from` in the stream a `to` of the same length; returns how many there were. */
static int replace(tf_buffer *stream, const char *from, const char *to) {
    int count = 0;
    char *at = stream->data;
    size_t length = strlen(from);
    while ((at = memmem(at, (size_t)(stream->data + stream->length - at), from, length))) {
        memcpy(at, to, length);
        at += length;
        count++;
    }
    return count;
}

static void selected_columns_come_in_the_order_asked_and_others_are_not_touched(void **state) {
    (void)state;
    tf_error error;
    int count;
    tf_table *table = built(0, 100);
    tf_buffer stream = written(table, 0);
    assert_int_equal(replace(&stream, "choice 3", "choice\xFF\xFF"), 1);
    assert_int_equal(replace(&stream, "ponse 3 ", "ponse \xFF\xFF"), 0);
    assert_int_equal(replace(&stream, "ponse 4", "ponse\xFF\xFF"), 8);
    assert_int_equal(read_all(stream.data, stream.length, 0, &count, &error), TF_BAD_INPUT);
    static const char *const names[] = {"time", "flag", "id", "time"};
    static const int order[] = {TIME, FLAG, ID, TIME};
    tf_arrow_reader *reader;
    tf_table *selected;
    assert_ok(tf_arrow_reader_open(stream.data, stream.length, 0, &reader, &error), &error);
    assert_ok(tf_arrow_reader_select(reader, names, 4, &error), &error);
    assert_ok(tf_arrow_reader_next(reader, &selected, &error), &error);
    assert_int_equal(selected->column_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_same_column(&selected->columns[i], &table->columns[order[i]]);
    }
    tf_table_free(selected);
    tf_arrow_reader_free(reader);
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

static void a_later_selection_finds_the_dictionaries_passed_before(void **state) {
    (void)state;
    tf_error error;
    tf_buffer stream = {0};
    tf_table *table = built(0, 100);
    tf_arrow_writer *writer;
    assert_ok(tf_arrow_writer_open(table, 3, tf_arrow_sink_buffer, &stream, &writer, &error),
              &error);
    assert_ok(tf_arrow_writer_append(writer, table, &error), &error);
    assert_ok(tf_arrow_writer_append(writer, table, &error), &error);
    tf_arrow_writer_free(writer);
    tf_arrow_reader *reader;
    tf_table *part;
    assert_ok(tf_arrow_reader_open(stream.data, stream.length, 0, &reader, &error), &error);
    assert_ok(tf_arrow_reader_select(reader, NULL, 0, &error), &error);
    assert_ok(tf_arrow_reader_next(reader, &part, &error), &error);
    assert_int_equal(part->column_count, 0);
    assert_int_equal(part->row_count, 100);
    tf_table_free(part);
    assert_ok(tf_arrow_reader_select(reader, (const char *const[]){"choice"}, 1, &error), &error);
    assert_ok(tf_arrow_reader_next(reader, &part, &error), &error);
    assert_same_column(&part->columns[0], &table->columns[CHOICE]);
    tf_table_free(part);
    tf_arrow_reader_free(reader);
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

static void a_name_that_the_stream_lacks_is_refused(void **state) {
    (void)state;
    tf_error error;
    tf_table *table = built(0, 1);
    tf_buffer stream = written(table, 0);
    tf_arrow_reader *reader;
    assert_ok(tf_arrow_reader_open(stream.data, stream.length, 0, &reader, &error), &error);
    assert_int_equal(
        tf_arrow_reader_select(reader, (const char *const[]){"flag", "flags"}, 2, &error),
        TF_BAD_INPUT);
    assert_string_equal(error.message, "the Arrow stream has no column 'flags'");
    tf_arrow_reader_free(reader);
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

static void a_stream_cut_within_a_message_is_refused(void **state) {
    (void)state;
    tf_table *table = built(0, 20);
    for (int level = 0; level <= 3; level += 3) {
        tf_buffer stream = written(table, level);
        int whole = 0;
        int count;
        for (size_t length = 0; length < stream.length; length++) {
            char *part = tf_copy_text(stream.data, length); /* so that a sanitizer sees the end */
            tf_status status = read_all(part, length, 0, &count, NULL);
            assert_true(status == TF_BAD_INPUT || status == TF_OK);
            whole += status == TF_OK;
            tf_free(part);
        }
        /* After the schema, the dictionary and the batch; the last lacks only the end mark. */
        assert_int_equal(whole, 3);
        tf_buffer_deinit(&stream);
    }
    tf_table_free(table);
}

static void damaged_bytes_do_no_harm(void **state) {
    (void)state;
    static const uint8_t masks[] = {0x01, 0x80, 0xFF};
    tf_table *table = built(0, 8);
    for (int level = 0; level <= 3; level += 3) {
        tf_buffer stream = written(table, level);
        for (size_t at = 0; at < stream.length; at++) {
            for (size_t i = 0; i < sizeof masks; i++) {
                int count;
                stream.data[at] = (char)(stream.data[at] ^ masks[i]);
                tf_status status = read_all(stream.data, stream.length, 1 << 20, &count, NULL);
                assert_true(status == TF_OK || status == TF_BAD_INPUT || status == TF_UNSUPPORTED ||
                            status == TF_NO_MEMORY);
                stream.data[at] = (char)(stream.data[at] ^ masks[i]);
            }
        }
        tf_buffer_deinit(&stream);
    }
    tf_table_free(table);
}

static void memory_is_bounded(void **state) {
    (void)state;
    tf_error error;
    int count;
    tf_table *table = built(0, 100000);
    tf_buffer stream = {0};
    tf_arrow_writer *writer;
    assert_ok(tf_arrow_writer_open(table, 3, tf_arrow_sink_buffer, &stream, &writer, &error),
              &error);
    for (int i = 0; i < 5; i++) {
        assert_ok(tf_arrow_writer_append(writer, table, &error), &error);
    }
    tf_arrow_writer_free(writer);
    /* A table takes some 6 MB: 8 + 8 + 8 + 8 + 4 + 4 + 4 bytes a row, and about 18 of text. */
    assert_int_equal(read_all(stream.data, stream.length, 5000000, &count, &error), TF_NO_MEMORY);
    assert_int_equal(count, 0);
    assert_ok(read_all(stream.data, stream.length, 7000000, &count, &error), &error);
    assert_int_equal(count, 5);
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

/* Write the table, which is damaged, and expect that it cannot be read. */
static void assert_refused(tf_table *table, const char *what) {
    for (int level = 0; level <= 3; level += 3) {
        tf_error error = {0};
        int count;
        tf_buffer stream = written(table, level);
        assert_int_equal(read_all(stream.data, stream.length, 0, &count, &error), TF_BAD_INPUT);
        if (!strstr(error.message, what)) {
            fail_msg("\"%s\" lacks \"%s\"", error.message, what);
        }
        tf_buffer_deinit(&stream);
    }
    tf_table_free(table);
}

static void columns_that_contradict_themselves_are_refused(void **state) {
    (void)state;
    tf_table *table = built(0, 10);
    ((char *)table->columns[WORD].values)[1] = '\xFF';
    assert_refused(table, "column 'word' of the Arrow stream holds text that is not UTF-8");

    table = built(0, 10);
    table->columns[WORD].offsets[1] -= 8; /* within the é of "réponse" */
    assert_refused(table, "not UTF-8");

    table = built(0, 10);
    table->columns[WORD].offsets[1] = 1000000;
    assert_refused(table, "offsets out of order");

    table = built(0, 10);
    table->columns[WORD].offsets[0] = -1;
    assert_refused(table, "offsets out of order");

    table = built(0, 10);
    ((int32_t *)table->columns[CHOICE].values)[3] = 7;
    assert_refused(table, "column 'choice' of the Arrow stream refers to an entry");

    table = built(0, 10);
    ((int32_t *)table->columns[CHOICE].values)[3] = -1;
    assert_refused(table, "refers to an entry");

    table = built(0, 10);
    table->columns[CHOICE].dictionary->offsets[2] = 0;
    assert_refused(table, "offsets out of order");

    table = built(0, 10);
    table->columns[DAY].length = 9;
    assert_refused(table, "column 'day' of the Arrow stream contradicts the length");

    table = built(0, 10);
    table->columns[DAY].null_count = 11;
    assert_refused(table, "contradicts");

    table = built(0, 10);
    tf_free(table->columns[LARGE].validity);
    table->columns[LARGE].validity = NULL;
    assert_refused(table, "too short");

    table = built(0, 10);
    table->row_count = 11;
    assert_refused(table, "contradicts");
}

static void what_stands_behind_nulls_is_cleared(void **state) {
    (void)state;
    tf_table *table = built(0, 1000);
    ((int32_t *)table->columns[SMALL].values)[2] = 99;
    ((int64_t *)table->columns[LARGE].values)[998] = 99;
    ((int32_t *)table->columns[CHOICE].values)[2] = 99;
    ((uint8_t *)table->columns[FLAG].values)[0] |= 1U << 2;
    tf_column *word = &table->columns[WORD];
    word->offsets[3] = word->offsets[4]; /* null 2 takes the text of row 3 */
    tf_buffer stream = written(table, 3);
    tf_table *again = first_table(&stream);
    assert_int_equal(((int32_t *)again->columns[SMALL].values)[2], 0);
    assert_int_equal(((int64_t *)again->columns[LARGE].values)[998], 0);
    assert_int_equal(((int32_t *)again->columns[CHOICE].values)[2], 0);
    assert_false(tf_bit_get(again->columns[FLAG].values, 2));
    const tf_column *cleared = &again->columns[WORD];
    assert_int_equal(cleared->offsets[2], cleared->offsets[3]);
    assert_int_equal(cleared->offsets[3], cleared->offsets[4]);
    for (int64_t row = 4; row < 1000; row++) {
        assert_same_value(cleared, word, row);
    }
    tf_table_free(again);
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

static void the_count_of_nulls_is_counted_again(void **state) {
    (void)state;
    tf_table *table = built(0, 100);
    table->columns[SHARE].null_count = 1;
    memset(table->columns[DAY].validity, 0xFF, tf_bit_bytes(100));
    tf_buffer stream = written(table, 0);
    tf_table *again = first_table(&stream);
    assert_int_equal(again->columns[SHARE].null_count, 33);
    assert_int_equal(again->columns[DAY].null_count, 0);
    assert_null(again->columns[DAY].validity);
    tf_table_free(again);
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

/* A stream that pyarrow wrote (tests/oracle/arrow_oracle.py --corpus). */
static tf_buffer pyarrow_stream(const char *name) {
    const char *source = getenv("TREFOIL_SOURCE");
    char path[1024];
    char chunk[4096];
    snprintf(path, sizeof path, "%s/fuzz/corpus/arrow/%s.arrows", source ? source : ".", name);
    tf_buffer buffer = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t length; (length = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        tf_buffer_append(&buffer, chunk, length);
    }
    fclose(file);
    return buffer;
}

static void assert_integers(const tf_table *table, const char *name, tf_type type, int64_t first,
                            int64_t last) {
    tf_error error;
    const tf_column *column;
    assert_ok(tf_table_require(table, name, type, &column, &error), &error);
    assert_int_equal(column->length, 3);
    assert_int_equal(column->null_count, 1);
    assert_true(tf_column_is_null(column, 1));
    if (type == TF_TYPE_INT32 || type == TF_TYPE_DATE) {
        const int32_t *values = column->values;
        assert_int_equal(values[0], first);
        assert_int_equal(values[1], 0);
        assert_int_equal(values[2], last);
    } else {
        const int64_t *values = column->values;
        assert_int_equal(values[0], first);
        assert_int_equal(values[1], 0);
        assert_int_equal(values[2], last);
    }
}

static void assert_texts(const tf_table *table, const char *name, tf_type type,
                         const char *const texts[3]) {
    tf_error error;
    const tf_column *column;
    assert_ok(tf_table_require(table, name, type, &column, &error), &error);
    assert_int_equal(column->length, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tf_column_is_null(column, i), texts[i] == NULL);
        assert_true(tf_text_equal(tf_column_text(column, i), tf_text_of(texts[i])));
    }
}

/* The values are those of foreign_batch() in arrow_oracle.py. */
static void types_of_others_are_converted(void **state) {
    (void)state;
    tf_buffer stream = pyarrow_stream("converted");
    tf_table *table = first_table(&stream);
    assert_integers(table, "int8", TF_TYPE_INT32, -128, 127);
    assert_integers(table, "int16", TF_TYPE_INT32, -32768, 32767);
    assert_integers(table, "uint8", TF_TYPE_INT32, 0, 255);
    assert_integers(table, "uint16", TF_TYPE_INT32, 0, 65535);
    assert_integers(table, "uint32", TF_TYPE_INT64, 0, 4294967295);
    assert_integers(table, "uint64", TF_TYPE_INT64, 0, INT64_MAX);
    assert_integers(table, "date64", TF_TYPE_DATE, -1, 19782); /* 1969-12-31, 2024-02-29 */
    assert_integers(table, "second", TF_TYPE_TIMESTAMP, -2000000, -2000000);
    assert_integers(table, "millisecond", TF_TYPE_TIMESTAMP, -2000000, -2000000);
    assert_integers(table, "nanosecond", TF_TYPE_TIMESTAMP, -1, 1); /* of -1 and 1999 */
    const double *shares = tf_table_get(table, "float32")->values;
    assert_near(shares[0], -0.5, 0);
    assert_near(shares[2], 1e30, 1e23);
    assert_texts(table, "large_utf8", TF_TYPE_TEXT, (const char *const[]){"", NULL, "☘"});
    assert_texts(table, "tiny_index", TF_TYPE_DICTIONARY, (const char *const[]){"b", NULL, "a"});
    assert_texts(table, "wide_index", TF_TYPE_DICTIONARY, (const char *const[]){"b", NULL, "a"});
    assert_texts(table, "null_entry", TF_TYPE_DICTIONARY, (const char *const[]){"b", NULL, "a"});
    assert_null(tf_table_get(table, "null_entry")->dictionary->validity);
    tf_table_free(table);
    tf_buffer_deinit(&stream);
}

/* Batch i holds the texts of row i, which ends with NULL; "null" is a null. */
static void assert_batches(const char *name, const char *const texts[4][6]) {
    tf_error error;
    tf_buffer stream = pyarrow_stream(name);
    tf_arrow_reader *reader;
    tf_table *table;
    assert_ok(tf_arrow_reader_open(stream.data, stream.length, 0, &reader, &error), &error);
    for (int batch = 0; batch < 4; batch++) {
        assert_ok(tf_arrow_reader_next(reader, &table, &error), &error);
        assert_non_null(table);
        int64_t row = 0;
        for (; texts[batch][row]; row++) {
            tf_text text = tf_column_text(&table->columns[0], row);
            bool is_null = tf_column_is_null(&table->columns[0], row);
            assert_true(
                tf_text_equal(is_null ? tf_text_of("null") : text, tf_text_of(texts[batch][row])));
        }
        assert_int_equal(table->row_count, row);
        tf_table_free(table);
    }
    assert_ok(tf_arrow_reader_next(reader, &table, &error), &error);
    assert_null(table);
    tf_arrow_reader_free(reader);
    tf_buffer_deinit(&stream);
}

static void dictionaries_that_grow_or_change_are_followed(void **state) {
    (void)state;
    assert_batches("dictionary-growing", (const char *const[4][6]){
                                             {"a"},
                                             {"a", "b"},
                                             {"a", "b", "ccc", "null"},
                                             {"a", "b", "ccc", "null", "d"},
                                         });
    assert_batches("dictionary-changing",
                   (const char *const[4][6]){{"a", "b"}, {"b"}, {NULL}, {"c", "d", "e"}});
}

static void what_cannot_be_read_is_named(void **state) {
    (void)state;
    tf_error error;
    int count;
    tf_buffer stream = pyarrow_stream("types-lz4");
    assert_int_equal(read_all(stream.data, stream.length, 0, &count, &error), TF_UNSUPPORTED);
    assert_non_null(strstr(error.message, "lz4"));
    tf_buffer_deinit(&stream);

    stream = pyarrow_stream("nested");
    assert_int_equal(read_all(stream.data, stream.length, 0, &count, &error), TF_UNSUPPORTED);
    assert_non_null(strstr(error.message, "column 'list' of the Arrow stream is of type list"));
    tf_arrow_reader *reader;
    tf_table *table;
    assert_ok(tf_arrow_reader_open(stream.data, stream.length, 0, &reader, &error), &error);
    assert_ok(tf_arrow_reader_select(reader, (const char *const[]){"after", "before"}, 2, &error),
              &error);
    assert_ok(tf_arrow_reader_next(reader, &table, &error), &error);
    assert_true(tf_text_equal(tf_column_text(&table->columns[0], 0), tf_text_of("x")));
    assert_int_equal(((int32_t *)table->columns[1].values)[1], 2);
    tf_table_free(table);
    tf_arrow_reader_free(reader);
    tf_buffer_deinit(&stream);

    assert_int_equal(read_all("ARROW1\0\0\xFF\xFF\xFF\xFF", 12, 0, &count, &error), TF_UNSUPPORTED);
    assert_int_equal(read_all("Crime ID,Month", 14, 0, &count, &error), TF_BAD_INPUT);
    assert_int_equal(read_all("", 0, 0, &count, &error), TF_BAD_INPUT);
}

static void a_table_is_handed_over_without_a_copy(void **state) {
    (void)state;
    static const char *const formats[FIELD_COUNT] = {
        [FLAG] = "b", [SMALL] = "i",      [LARGE] = "l",  [SHARE] = "g", [DAY] = "tdD",
        [WORD] = "u", [TIME] = "tsu:UTC", [CHOICE] = "i", [ID] = "w:8",
    };
    struct ArrowSchema schema;
    struct ArrowArray array;
    tf_error error;
    tf_table *table = built(0, 10);
    const void *words = table->columns[WORD].values;
    const void *numbers = table->columns[LARGE].values;
    assert_ok(tf_arrow_export_take(table, &schema, &array, &error), &error);
    assert_string_equal(schema.format, "+s");
    assert_int_equal(array.length, 10);
    assert_int_equal(array.n_buffers, 1);
    assert_int_equal(schema.n_children, FIELD_COUNT);
    assert_int_equal(array.n_children, FIELD_COUNT);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        assert_string_equal(schema.children[i]->name, fields[i].name);
        assert_string_equal(schema.children[i]->format, formats[i]);
        assert_int_equal(array.children[i]->null_count, 3);
        assert_int_equal(array.children[i]->n_buffers, i == WORD ? 3 : 2);
    }
    assert_ptr_equal(array.children[WORD]->buffers[2], words);
    assert_ptr_equal(array.children[LARGE]->buffers[1], numbers);
    assert_string_equal(schema.children[CHOICE]->dictionary->format, "u");
    assert_int_equal(array.children[CHOICE]->dictionary->length, 6);

    /* A consumer may take a child for itself and let go of the rest first. */
    struct ArrowArray moved = *array.children[CHOICE];
    array.children[CHOICE]->release = NULL;
    array.release(&array);
    schema.release(&schema);
    assert_null(array.release);
    assert_null(schema.release);
    assert_int_equal(((const int32_t *)moved.buffers[1])[9], 5); /* of 0, 1, 3, 4, 6, 0, 2 */
    moved.release(&moved);
}

static void any_allocation_may_fail_while_writing(void **state) {
    (void)state;
    tf_table *table = built(0, 100);
    for (int level = 0; level <= 3; level += 3) {
        for (long n = 0;; n++) {
            tf_buffer stream = {0};
            tf_error error;
            fail_allocation(n);
            tf_status status = tf_arrow_write(table, level, &stream, &error);
            bool was_reached = stop_failing_allocations();
            assert_int_equal(status == TF_OK, stream.length > 0);
            tf_buffer_deinit(&stream);
            if (status == TF_OK) {
                assert_false(was_reached);
                assert_true(n > 5);
                break;
            }
            assert_int_equal(status, TF_NO_MEMORY);
        }
    }
    tf_table_free(table);
}

static void any_allocation_may_fail_while_reading(void **state) {
    (void)state;
    static const char *const names[] = {"types", "types-zstd", "converted", "dictionary-growing",
                                        "dictionary-changing"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        tf_buffer stream = pyarrow_stream(names[i]);
        for (long n = 0;; n++) {
            tf_error error;
            int count;
            fail_allocation(n);
            tf_status status = read_all(stream.data, stream.length, 0, &count, &error);
            bool was_reached = stop_failing_allocations();
            if (status == TF_OK) {
                assert_false(was_reached);
                assert_true(n > 5);
                break;
            }
            assert_int_equal(status, TF_NO_MEMORY);
        }
        tf_buffer_deinit(&stream);
    }
}

static void any_allocation_may_fail_while_exporting(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        tf_table *table = built(0, 10);
        fail_allocation(n);
        tf_status status = tf_arrow_export_take(table, &schema, &array, NULL);
        bool was_reached = stop_failing_allocations();
        assert_int_equal(status == TF_OK, schema.release != NULL);
        assert_int_equal(status == TF_OK, array.release != NULL);
        if (status == TF_OK) {
            assert_false(was_reached);
            schema.release(&schema);
            array.release(&array);
            return;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_comes_back_as_it_was_written),
        cmocka_unit_test(a_compressed_stream_is_smaller),
        cmocka_unit_test(a_table_may_have_no_columns),
        cmocka_unit_test(batches_come_back_one_by_one),
        cmocka_unit_test(a_dictionary_is_written_again_only_when_it_changes),
        cmocka_unit_test(plain_buffers_are_aligned_to_64_bytes),
        cmocka_unit_test(a_table_of_other_columns_is_refused),
        cmocka_unit_test(a_fault_of_the_sink_ends_the_stream),
        cmocka_unit_test(selected_columns_come_in_the_order_asked_and_others_are_not_touched),
        cmocka_unit_test(a_later_selection_finds_the_dictionaries_passed_before),
        cmocka_unit_test(a_name_that_the_stream_lacks_is_refused),
        cmocka_unit_test(a_stream_cut_within_a_message_is_refused),
        cmocka_unit_test(damaged_bytes_do_no_harm),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(columns_that_contradict_themselves_are_refused),
        cmocka_unit_test(what_stands_behind_nulls_is_cleared),
        cmocka_unit_test(the_count_of_nulls_is_counted_again),
        cmocka_unit_test(types_of_others_are_converted),
        cmocka_unit_test(dictionaries_that_grow_or_change_are_followed),
        cmocka_unit_test(what_cannot_be_read_is_named),
        cmocka_unit_test(a_table_is_handed_over_without_a_copy),
        cmocka_unit_test(any_allocation_may_fail_while_writing),
        cmocka_unit_test(any_allocation_may_fail_while_reading),
        cmocka_unit_test(any_allocation_may_fail_while_exporting),
    };
    return cmocka_run_group_tests_name("arrow", tests, NULL, NULL);
}
