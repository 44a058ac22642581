#include "rows_internal.h"

#include "trefoil/table/csv.h"
#include "trefoil/table/xlsx.h"

enum { HEADER_BYTES = 64 * 1024, HEADER_ROWS = 50 };

/* ---- CSV ---- */

typedef struct csv_rows {
    const tf_rows_reader *reader;
    size_t column_count;
} csv_rows;

static tf_status on_csv_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    csv_rows *rows = context;
    tf_text cells[TF_ROWS_MAX_COLUMNS];
    tf_status status = TF_OK;
    for (int64_t row = 0; !status && row < batch->table->row_count; row++) {
        for (size_t i = 0; i < rows->column_count; i++) {
            cells[i] = tf_column_text(&batch->table->columns[i], row);
        }
        tf_text record = {batch->block + batch->row_start[row], batch->row_length[row]};
        status = rows->reader->on_row(
            rows->reader->context, batch->first_line + batch->row_line[row], cells, record, error);
    }
    return status;
}

static tf_status on_csv_reject(void *context, const tf_csv_reject *reject, tf_error *error) {
    csv_rows *rows = context;
    return rows->reader->on_reject(rows->reader->context, reject->line, reject->reason,
                                   reject->text, error);
}

/* The names in the first record; *names_out is to be freed with tf_free. */
static tf_status read_header(const char *path, char ***names_out, size_t *count_out,
                             tf_error *error) {
    *names_out = NULL;
    tf_source *source = NULL;
    size_t length = 0;
    char *bytes = tf_alloc(HEADER_BYTES, 1);
    tf_status status = bytes ? tf_source_open(path, &source, error) : tf_fail_no_memory(error);
    if (!status) {
        status = tf_source_read(source, bytes, HEADER_BYTES, &length, error);
    }
    if (!status) {
        status = tf_csv_header(bytes, length, names_out, count_out, error);
    }
    tf_source_close(source);
    tf_free(bytes);
    return status;
}

static tf_status choose_csv(char **names, size_t count, const tf_rows_reader *reader,
                            tf_rows_columns *chosen, tf_error *error) {
    tf_text *texts = tf_alloc(count, sizeof *texts);
    if (!texts) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = tf_text_of(names[i]);
    }
    tf_status status = reader->choose(reader->context, texts, count, "", chosen, error);
    tf_free(texts);
    return status;
}

tf_status tf_rows_read_csv(const char *path, const tf_rows_reader *reader,
                           char sha256_out[TF_SHA256_TEXT_SIZE], tf_error *error) {
    char **names = NULL;
    size_t count = 0;
    tf_source *source = NULL;
    tf_rows_columns chosen = {.count = 0};
    tf_csv_field fields[TF_ROWS_MAX_COLUMNS];
    tf_status status = read_header(path, &names, &count, error);
    if (!status) {
        status = choose_csv(names, count, reader, &chosen, error);
    }
    if (!status) {
        status = tf_source_open(path, &source, error);
    }
    if (!status) {
        for (size_t i = 0; i < chosen.count; i++) {
            const char *name = names[chosen.places[i]];
            fields[i] = (tf_csv_field){.header = name, .name = name, .type = TF_CSV_TEXT};
        }
        csv_rows rows = {reader, chosen.count};
        tf_csv_options options = {.fields = fields, .field_count = chosen.count, .thread_count = 1};
        tf_csv_handler handler = {
            .on_batch = on_csv_batch, .on_reject = on_csv_reject, .context = &rows};
        tf_csv_counts counts;
        status = tf_csv_read(source, &options, &handler, &counts, error);
    }
    if (!status) {
        status = tf_source_sha256(source, sha256_out, error);
    }
    tf_source_close(source);
    tf_free(names);
    return status;
}

/* ---- workbooks ---- */

typedef struct workbook_rows {
    const tf_rows_reader *reader;
    tf_rows_columns chosen;
    bool has_header;
    bool has_ended; /* enough has been read; the reader was stopped */
    char title[TF_ROWS_TITLE_SIZE];
    tf_buffer record;
} workbook_rows;

static void add_to_title(char *title, const tf_text *cells, size_t cell_count) {
    size_t length = strlen(title);
    for (size_t i = 0; i < cell_count; i++) {
        if (cells[i].length && cells[i].length + 2 < TF_ROWS_TITLE_SIZE - length) {
            memcpy(title + length, cells[i].data, cells[i].length);
            length += cells[i].length;
            title[length++] = ' ';
            title[length] = '\0';
        }
    }
}

static tf_status stop(workbook_rows *rows) {
    rows->has_ended = true;
    return TF_UNSUPPORTED; /* any will do */
}

static tf_status seek_header(workbook_rows *rows, int64_t row, const tf_text *cells,
                             size_t cell_count, tf_error *error) {
    if (row > HEADER_ROWS) {
        return stop(rows);
    }
    const tf_rows_reader *reader = rows->reader;
    tf_status status =
        reader->choose(reader->context, cells, cell_count, rows->title, &rows->chosen, error);
    if (status == TF_BAD_INPUT) {
        add_to_title(rows->title, cells, cell_count);
        return TF_OK;
    }
    rows->has_header = !status;
    return status || reader->on_row ? status : stop(rows);
}

static tf_status on_workbook_row(void *context, int64_t row, const tf_text *cells,
                                 size_t cell_count, tf_error *error) {
    workbook_rows *rows = context;
    if (!rows->has_header) {
        return seek_header(rows, row, cells, cell_count, error);
    }
    tf_text chosen[TF_ROWS_MAX_COLUMNS];
    bool is_empty = true;
    for (size_t i = 0; i < rows->chosen.count; i++) {
        size_t place = rows->chosen.places[i];
        chosen[i] = place < cell_count ? cells[place] : (tf_text){NULL, 0};
        is_empty &= tf_text_trim(chosen[i]).length == 0;
    }
    if (is_empty) {
        return TF_OK;
    }
    rows->record.length = 0;
    for (size_t i = 0; i < cell_count; i++) {
        tf_buffer_append(&rows->record, ",", i > 0);
        tf_csv_append_field(&rows->record, cells[i]);
    }
    tf_status status = tf_buffer_check(&rows->record, error);
    tf_text record = {rows->record.data, rows->record.length};
    return status ? status
                  : rows->reader->on_row(rows->reader->context, row, chosen, record, error);
}

tf_status tf_rows_read_workbook(const char *path, const char *sheet, const tf_rows_reader *reader,
                                tf_error *error) {
    workbook_rows rows = {.reader = reader};
    tf_buffer_init(&rows.record);
    tf_status status = tf_xlsx_read(path, sheet, on_workbook_row, &rows, error);
    tf_buffer_deinit(&rows.record);
    if (rows.has_ended) {
        status = TF_OK;
    }
    if (!status && !rows.has_header) {
        return tf_fail(error, TF_NOT_FOUND, path, 0,
                       "the sheet %.100s has no header that can be used", sheet);
    }
    return status;
}
