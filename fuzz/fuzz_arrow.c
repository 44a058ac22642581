/* Any bytes as an Arrow stream: what can be read can be written, and comes back the same. */
#include "trefoil/table/arrow.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { MEMORY_LIMIT = 16 << 20 };

static void require(bool holds) {
    if (!holds) {
        abort();
    }
}

/* Look at every text, so that a sanitizer sees an offset that is wrong. */
static void visit(const tf_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        const tf_column *column = &table->columns[i];
        require(column->length == table->row_count);
        bool is_text = column->type == TF_TYPE_TEXT || column->type == TF_TYPE_DICTIONARY;
        for (int64_t row = 0; is_text && row < column->length; row++) {
            require(tf_text_is_utf8(tf_column_text(column, row)));
        }
    }
}

static void write_again(const tf_table *table, int level) {
    tf_buffer first = {0};
    tf_buffer second = {0};
    tf_arrow_reader *reader = NULL;
    tf_table *again = NULL;
    require(tf_arrow_write(table, level, &first, NULL) == TF_OK);
    require(tf_arrow_reader_open(first.data, first.length, 0, &reader, NULL) == TF_OK);
    require(tf_arrow_reader_next(reader, &again, NULL) == TF_OK && again);
    require(tf_arrow_write(again, level, &second, NULL) == TF_OK);
    require(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
    tf_table_free(again);
    tf_arrow_reader_free(reader);
    tf_buffer_deinit(&first);
    tf_buffer_deinit(&second);
}

static void hand_over(tf_table *table) {
    struct ArrowSchema schema;
    struct ArrowArray array;
    require(tf_arrow_export_take(table, &schema, &array, NULL) == TF_OK);
    schema.release(&schema);
    array.release(&array);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    tf_arrow_reader *reader;
    tf_table *table;
    if (tf_arrow_reader_open(bytes, length, MEMORY_LIMIT, &reader, NULL)) {
        return 0;
    }
    while (tf_arrow_reader_next(reader, &table, NULL) == TF_OK && table) {
        visit(table);
        write_again(table, length % 2);
        hand_over(table);
    }
    tf_arrow_reader_free(reader);
    return 0;
}
