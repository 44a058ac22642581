/* The CSV reader over hostile bytes: no crash, and the same rows whatever the block size. */
#include "trefoil/base/hash.h"
#include "trefoil/table/csv.h"

#include <stdlib.h>

static const tf_csv_field fields[] = {
    {"a", "a", TF_CSV_DICTIONARY, 0, true}, {"b", "b", TF_CSV_FLOAT64, 0, true},
    {"c", "c", TF_CSV_TEXT, 0, true},       {"d", "d", TF_CSV_HEX, 2, true},
    {"e", "e", TF_CSV_MONTH, 0, true},      {"f", "f", TF_CSV_BOOL, 0, true},
    {"g", "g", TF_CSV_TIMESTAMP, 0, true},
};

typedef struct digest {
    uint64_t rows;
    uint64_t rejects;
} digest;

static tf_status take_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    (void)error;
    digest *seen = context;
    for (int64_t row = 0; row < batch->table->row_count; row++) {
        tf_text text = tf_column_text(&batch->table->columns[2], row);
        seen->rows = seen->rows * 31 + (text.data ? tf_hash(text.data, text.length) : 1);
        seen->rows = seen->rows * 31 + (uint64_t)(batch->first_line + batch->row_line[row]);
    }
    return TF_OK;
}

static tf_status take_reject(void *context, const tf_csv_reject *reject, tf_error *error) {
    (void)error;
    digest *seen = context;
    seen->rejects = seen->rejects * 31 + (uint64_t)reject->line;
    return TF_OK;
}

static tf_status read_all(const uint8_t *bytes, size_t length, size_t block_size, digest *seen,
                          tf_csv_counts *counts) {
    tf_source *source;
    tf_error error;
    tf_status status = tf_source_open_memory(bytes, length, "fuzz", &source, &error);
    if (status) {
        return status;
    }
    tf_csv_options options = {fields, sizeof fields / sizeof *fields, 1, 0, block_size};
    tf_csv_handler handler = {.on_batch = take_batch, .on_reject = take_reject, .context = seen};
    status = tf_csv_read(source, &options, &handler, counts, &error);
    tf_source_close(source);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    digest large = {0};
    digest small = {0};
    tf_csv_counts large_counts = {0};
    tf_csv_counts small_counts = {0};
    tf_status status = read_all(bytes, length, 1 << 16, &large, &large_counts);
    if (read_all(bytes, length, 7, &small, &small_counts) != status) {
        abort();
    }
    if (status == TF_OK && (large.rows != small.rows || large.rejects != small.rejects ||
                            large_counts.rows_read != small_counts.rows_read)) {
        abort();
    }
    return 0;
}
