/* Records and pairs as rows of CSV: blocks of rows are put into words side by side, and written in
 * order. */
#include "cli/fixed_point.h"
#include "cli/link.h"

#include "trefoil/base/thread.h"
#include "trefoil/table/csv.h"

#include <stdatomic.h>

enum { ROWS_A_BLOCK = 1 << 13, BLOCKS_AT_ONCE = 32, WEIGHT_DECIMALS = 9, CHANCE_DECIMALS = 12 };

/* Longest text of a gamma: "-1" or two digits, and the comma before it. */
enum { GAMMA_SIZE = 4 };

typedef struct gamma_text {
    char text[GAMMA_SIZE];
    uint8_t length;
} gamma_text;

typedef struct row_writer row_writer;
struct row_writer {
    void (*put)(const row_writer *rows, size_t row, tf_buffer *out);
    const tf_link_records *records;
    const tf_clusters *clusters;
    const tf_link_pair *pairs;
    int comparison_count;
    const uint8_t *levels;    /* of the rows from `first_row` on */
    const gamma_text *gammas; /* TF_LINK_MAX_LEVELS of each comparison */
    tf_buffer *blocks;
    size_t first_row;
    size_t row_count; /* from the first on */
    atomic_size_t next_block;
};

static void put_blocks(void *context, int thread) {
    (void)thread;
    row_writer *rows = context;
    for (;;) {
        size_t block = atomic_fetch_add(&rows->next_block, 1);
        size_t at = block * ROWS_A_BLOCK;
        if (at >= rows->row_count) {
            return;
        }
        size_t end = at + ROWS_A_BLOCK < rows->row_count ? at + ROWS_A_BLOCK : rows->row_count;
        rows->blocks[block].length = 0;
        for (; at < end; at++) {
            rows->put(rows, rows->first_row + at, &rows->blocks[block]);
        }
    }
}

/* Up to BLOCKS_AT_ONCE blocks. */
static tf_status write_blocks(row_writer *rows, int threads, tf_output_folder *folder,
                              tf_output_file *file, tf_error *error) {
    atomic_store(&rows->next_block, 0);
    tf_parallel(threads, put_blocks, rows);
    tf_status status = TF_OK;
    for (size_t i = 0; i * ROWS_A_BLOCK < rows->row_count && !status; i++) {
        status = tf_buffer_check(&rows->blocks[i], error);
        if (!status) {
            status = tf_output_folder_write(folder, file, rows->blocks[i].data,
                                            rows->blocks[i].length, error);
        }
    }
    return status;
}

static void blocks_init(tf_buffer *blocks) {
    for (int i = 0; i < BLOCKS_AT_ONCE; i++) {
        tf_buffer_init(&blocks[i]);
    }
}

static void blocks_deinit(tf_buffer *blocks) {
    for (int i = 0; i < BLOCKS_AT_ONCE; i++) {
        tf_buffer_deinit(&blocks[i]);
    }
}

static void put_record(const tf_link_records *records, uint32_t record, tf_buffer *out) {
    uint16_t source = tf_link_records_source(records, record);
    tf_csv_append_field(out, tf_link_records_source_name(records, source));
    tf_buffer_append(out, ",", 1);
    tf_csv_append_field(out, tf_link_records_id(records, record));
    tf_buffer_append(out, ",", 1);
}

/* ---- clusters ---- */

static void put_cluster(const row_writer *rows, size_t row, tf_buffer *out) {
    put_record(rows->records, (uint32_t)row, out);
    char line[17];
    uint64_t id = rows->clusters->ids[rows->clusters->cluster_of[row]].high;
    for (int i = 15; i >= 0; i--, id >>= 4) {
        line[i] = "0123456789abcdef"[id & 15];
    }
    line[16] = '\n';
    tf_buffer_append(out, line, sizeof line);
}

tf_status tf_link_write_clusters(const tf_link_records *records, const tf_clusters *clusters,
                                 int threads, tf_output_folder *folder, const char *name,
                                 tf_error *error) {
    static const char header[] = "source,unique_id,cluster_id\n";
    tf_buffer blocks[BLOCKS_AT_ONCE];
    blocks_init(blocks);
    row_writer rows = {
        .put = put_cluster, .records = records, .clusters = clusters, .blocks = blocks};
    tf_output_file *file = NULL;
    tf_status status = tf_output_folder_open(folder, name, &file, error);
    if (!status) {
        status = tf_output_folder_write(folder, file, header, strlen(header), error);
    }
    size_t left = tf_link_records_count(records);
    while (left > 0 && !status) {
        size_t most = (size_t)BLOCKS_AT_ONCE * ROWS_A_BLOCK;
        rows.row_count = left < most ? left : most;
        status = write_blocks(&rows, threads, folder, file, error);
        rows.first_row += rows.row_count;
        left -= rows.row_count;
    }
    blocks_deinit(blocks);
    return status ? status : tf_output_folder_close(folder, file, error);
}

/* ---- pairs ---- */

static void put_pair(const row_writer *rows, size_t row, tf_buffer *out) {
    const tf_link_pair *pair = &rows->pairs[row];
    char tail[2 * TF_FIXED_POINT_SIZE + GAMMA_SIZE * TF_LINK_MAX_COMPARISONS + 2];
    put_record(rows->records, pair->left, out);
    put_record(rows->records, pair->right, out);
    size_t length = tf_fixed_point(pair->weight, WEIGHT_DECIMALS, tail);
    tail[length++] = ',';
    length +=
        tf_fixed_point(tf_link_probability_of_weight(pair->weight), CHANCE_DECIMALS, tail + length);
    const uint8_t *levels = rows->levels + (row - rows->first_row) * (size_t)rows->comparison_count;
    for (int c = 0; c < rows->comparison_count; c++) {
        const gamma_text *gamma = &rows->gammas[c * TF_LINK_MAX_LEVELS + levels[c]];
        memcpy(tail + length, gamma->text, GAMMA_SIZE);
        length += gamma->length;
    }
    tail[length++] = '\n';
    tf_buffer_append(out, tail, length);
}

static gamma_text *gammas_of(const tf_link_model *model) {
    gamma_text *gammas =
        tf_alloc_zeroed((size_t)model->comparison_count * TF_LINK_MAX_LEVELS, sizeof *gammas);
    for (int c = 0; gammas && c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            char text[16];
            gamma_text *gamma = &gammas[c * TF_LINK_MAX_LEVELS + i];
            int length =
                snprintf(text, sizeof text, ",%d", tf_link_gamma(&model->comparisons[c], i));
            gamma->length = (uint8_t)(length < GAMMA_SIZE ? length : GAMMA_SIZE);
            memcpy(gamma->text, text, gamma->length);
        }
    }
    return gammas;
}

static void put_header(const tf_link_model *model, tf_buffer *out) {
    tf_buffer_append_text(out, "source_l,unique_id_l,source_r,unique_id_r,match_weight,"
                               "match_probability");
    for (int c = 0; c < model->comparison_count; c++) {
        tf_buffer name;
        tf_buffer_init(&name);
        tf_buffer_format(&name, "gamma_%s", model->comparisons[c].name);
        tf_buffer_append(out, ",", 1);
        tf_csv_append_field(out, (tf_text){name.data, name.length});
        out->failed |= name.failed;
        tf_buffer_deinit(&name);
    }
    tf_buffer_append(out, "\n", 1);
}

tf_status tf_link_write_pairs_csv(tf_link_run *run, tf_output_folder *folder, tf_error *error) {
    const tf_link_prediction *prediction = &run->prediction;
    size_t most = (size_t)BLOCKS_AT_ONCE * ROWS_A_BLOCK;
    most = prediction->pair_count < most ? prediction->pair_count : most;
    tf_buffer blocks[BLOCKS_AT_ONCE];
    blocks_init(blocks);
    uint8_t *levels = tf_alloc(most, (size_t)run->model->comparison_count);
    gamma_text *gammas = gammas_of(run->model);
    row_writer rows = {.put = put_pair,
                       .records = run->input.records,
                       .pairs = prediction->pairs,
                       .comparison_count = run->model->comparison_count,
                       .levels = levels,
                       .gammas = gammas,
                       .blocks = blocks};
    tf_output_file *file = NULL;
    tf_status status = levels && gammas ? TF_OK : tf_fail_no_memory(error);
    if (!status) {
        status = tf_output_folder_open(folder, "pairs.csv", &file, error);
    }
    if (!status) {
        put_header(run->model, &blocks[0]);
        status = tf_buffer_check(&blocks[0], error);
    }
    if (!status) {
        status = tf_output_folder_write(folder, file, blocks[0].data, blocks[0].length, error);
    }
    while (rows.first_row < prediction->pair_count && !status) {
        size_t left = prediction->pair_count - rows.first_row;
        rows.row_count = left < most ? left : most;
        status = tf_link_matcher_levels_of(run->matcher, prediction->pairs + rows.first_row,
                                           rows.row_count, levels, error);
        if (!status) {
            status = write_blocks(&rows, run->settings.threads, folder, file, error);
        }
        rows.first_row += rows.row_count;
        tf_link_progress_say(&run->progress, "writing",
                             (double)rows.first_row / (double)prediction->pair_count);
    }
    blocks_deinit(blocks);
    tf_free(levels);
    tf_free(gammas);
    return status ? status : tf_output_folder_close(folder, file, error);
}
