/* Scored pairs as an Apache Arrow IPC stream. */
#include "cli/link.h"

#include "trefoil/table/arrow.h"
#include "trefoil/table/builder.h"

enum { ROWS_A_BATCH = 1 << 16, ZSTD_LEVEL = 1, FIXED_COLUMNS = 6 };

typedef struct arrow_file {
    tf_output_folder *folder;
    tf_output_file *file;
} arrow_file;

static tf_status sink(void *context, const void *bytes, size_t length, tf_error *error) {
    const arrow_file *to = context;
    return tf_output_folder_write(to->folder, to->file, bytes, length, error);
}

static void append_record(tf_builder *builder, size_t column, const tf_link_records *records,
                          uint32_t record) {
    uint16_t source = tf_link_records_source(records, record);
    tf_builder_append_text(builder, column, tf_link_records_source_name(records, source));
    tf_builder_append_text(builder, column + 1, tf_link_records_id(records, record));
}

static tf_status make_batch(tf_link_run *run, tf_builder *builder, size_t first, size_t count,
                            uint8_t *levels, tf_table **table_out, tf_error *error) {
    const tf_link_pair *pairs = run->prediction.pairs + first;
    const tf_link_model *model = run->model;
    tf_status status = tf_link_matcher_levels_of(run->matcher, pairs, count, levels, error);
    for (size_t i = 0; i < count && !status; i++) {
        append_record(builder, 0, run->input.records, pairs[i].left);
        append_record(builder, 2, run->input.records, pairs[i].right);
        tf_builder_append_double(builder, 4, pairs[i].weight);
        tf_builder_append_double(builder, 5, tf_link_probability_of_weight(pairs[i].weight));
        for (int c = 0; c < model->comparison_count; c++) {
            int level = levels[i * (size_t)model->comparison_count + (size_t)c];
            tf_builder_append_int(builder, FIXED_COLUMNS + (size_t)c,
                                  tf_link_gamma(&model->comparisons[c], level));
        }
    }
    return status ? status : tf_builder_finish(builder, table_out, error);
}

static tf_status new_builder(const tf_link_model *model, tf_builder **builder_out,
                             tf_error *error) {
    tf_builder_field fields[FIXED_COLUMNS + TF_LINK_MAX_COMPARISONS] = {
        {"source_l", TF_TYPE_DICTIONARY, 0},  {"unique_id_l", TF_TYPE_TEXT, 0},
        {"source_r", TF_TYPE_DICTIONARY, 0},  {"unique_id_r", TF_TYPE_TEXT, 0},
        {"match_weight", TF_TYPE_FLOAT64, 0}, {"match_probability", TF_TYPE_FLOAT64, 0},
    };
    tf_arena *arena = tf_arena_new();
    bool has_names = arena != NULL;
    for (int c = 0; c < model->comparison_count && has_names; c++) {
        const char *name = tf_arena_format(arena, "gamma_%s", model->comparisons[c].name);
        fields[FIXED_COLUMNS + c] = (tf_builder_field){name, TF_TYPE_INT32, 0};
        has_names = name != NULL;
    }
    *builder_out =
        has_names ? tf_builder_new(fields, FIXED_COLUMNS + (size_t)model->comparison_count, error)
                  : NULL;
    tf_arena_free(arena);
    return *builder_out ? TF_OK : tf_fail_no_memory(error);
}

/* Batch after batch; the first, which may have no row, gives the schema. */
static tf_status write_batches(tf_link_run *run, tf_builder *builder, uint8_t *levels,
                               arrow_file *to, tf_error *error) {
    tf_arrow_writer *writer = NULL;
    tf_status status = TF_OK;
    size_t count = run->prediction.pair_count;
    for (size_t first = 0; (first < count || !writer) && !status; first += ROWS_A_BATCH) {
        tf_table *table = NULL;
        size_t rows = count - first < ROWS_A_BATCH ? count - first : ROWS_A_BATCH;
        status = make_batch(run, builder, first, rows, levels, &table, error);
        if (!status && !writer) {
            status = tf_arrow_writer_open(table, ZSTD_LEVEL, sink, to, &writer, error);
        }
        if (!status && rows > 0) {
            status = tf_arrow_writer_append(writer, table, error);
        }
        tf_table_free(table);
        tf_link_progress_say(&run->progress, "writing",
                             count ? (double)(first + rows) / (double)count : 1);
    }
    if (!status) {
        status = tf_arrow_writer_finish(writer, error);
    }
    tf_arrow_writer_free(writer);
    return status;
}

tf_status tf_link_write_pairs_arrow(tf_link_run *run, tf_output_folder *folder, tf_error *error) {
    arrow_file to = {.folder = folder};
    tf_builder *builder = NULL;
    uint8_t *levels = tf_alloc(ROWS_A_BATCH, (size_t)run->model->comparison_count);
    tf_status status = levels ? new_builder(run->model, &builder, error) : tf_fail_no_memory(error);
    if (!status) {
        status = tf_output_folder_open(folder, "pairs.arrow", &to.file, error);
    }
    if (!status) {
        status = write_batches(run, builder, levels, &to, error);
    }
    tf_builder_free(builder);
    tf_free(levels);
    return status ? status : tf_output_folder_close(folder, to.file, error);
}
