#include "csv_internal.h"

#include "trefoil/base/thread.h"

#include <pthread.h>
#include <stdio.h>

enum {
    HEADER_LIMIT = 64 * 1024,
    BLOCK_SIZE = 4 * 1024 * 1024,
    SMALLEST_BLOCK = 64 * 1024,
    MEMORY_LIMIT = 512 * 1024 * 1024,
    /* A block of short fields becomes a batch several times its size, and the scan of a stripe
     * and the row positions come on top. */
    MEMORY_PER_BLOCK_BYTE = 12,
};

/* ---- the header ---- */

static void skip_byte_order_mark(tf_text *text) {
    if (tf_text_starts_with(*text, "\xEF\xBB\xBF")) {
        text->data += 3;
        text->length -= 3;
    }
}

/* Copy the names of the header record into one block: pointers first, then their bytes. */
static char **copy_names(const char *record, const csv_scan *scan, size_t count) {
    size_t length = scan->separators[count - 1];
    char **names = tf_alloc(1, count * sizeof *names + length + count + CSV_PADDING);
    if (!names) {
        return NULL;
    }
    tf_buffer scratch;
    tf_buffer_init(&scratch);
    char *at = (char *)(names + count);
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        tf_text name = {record + start, scan->separators[i] - start};
        if (i + 1 == count && name.length && name.data[name.length - 1] == '\r') {
            name.length--;
        }
        if (name.length && name.data[0] == '"') {
            name = tf_csv_unquote(name, &scratch);
        }
        name = tf_text_trim(name);
        names[i] = at;
        if (name.length) {
            memcpy(at, name.data, name.length);
        }
        at += name.length;
        *at++ = '\0';
        start = scan->separators[i] + (size_t)1;
    }
    bool failed = scratch.failed;
    tf_buffer_deinit(&scratch);
    if (failed) {
        tf_free(names);
        return NULL;
    }
    return names;
}

static tf_status fail_carriage_return(tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, NULL, 1,
                   "the lines end with CR alone, as on the first Macs; save the file with line "
                   "ends of today, LF or CR LF");
}

/* Whether an unquoted name holds a carriage return: it is then a line end of its own kind. */
static bool has_carriage_return(const char *record, const csv_scan *scan, size_t count) {
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        size_t end = scan->separators[i];
        size_t line_end = record[end] == '\n' && end > start && record[end - 1] == '\r';
        if (record[start] != '"' && memchr(record + start, '\r', end - start - line_end)) {
            return true;
        }
        start = end + 1;
    }
    return false;
}

/* Scan the header record at the start of `padded`, whose last byte is a line feed. */
static tf_status read_header(const char *padded, size_t length, char ***names_out,
                             size_t *count_out, size_t *after_out, tf_error *error) {
    csv_scan scan = {0};
    tf_status status = tf_csv_scan(&scan, padded, 0, length, length, error);
    size_t count = 0;
    while (!status && count < scan.count && padded[scan.separators[count]] != '\n') {
        count++;
    }
    if (!status && (count >= scan.count ||
                    (scan.malformed_count && scan.malformed[0] < scan.separators[count]) ||
                    memchr(padded, '\0', scan.separators[count]) ||
                    !tf_text_is_utf8((tf_text){padded, scan.separators[count]}))) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 1,
                         "the first line is not a CSV header; give a CSV file whose first line "
                         "names its columns");
    }
    if (!status && has_carriage_return(padded, &scan, count + 1)) {
        status = fail_carriage_return(error);
    }
    if (!status) {
        *count_out = count + 1;
        *after_out = scan.separators[count] + (size_t)1;
        *names_out = copy_names(padded, &scan, count + 1);
        status = *names_out ? TF_OK : tf_fail_no_memory(error);
    }
    tf_csv_scan_deinit(&scan);
    return status;
}

/* A copy of the header record of `text` with padding behind it; NULL, with the reason, if there
 * is none within the limit. */
static char *copy_header_record(tf_text text, bool is_whole, size_t *length_out, tf_error *error) {
    /* A quoted name may hold line feeds, so take every line that could belong to it. */
    size_t length = text.length > HEADER_LIMIT ? HEADER_LIMIT : text.length;
    size_t whole = tf_csv_whole_records(text.data, length, false);
    bool add_line_feed = whole == 0 && is_whole && length == text.length && length > 0;
    if (add_line_feed) {
        whole = length;
    }
    if (whole == 0 && length > 0 && memchr(text.data, '\r', length)) {
        (void)fail_carriage_return(error);
        return NULL;
    }
    if (whole == 0) {
        (void)tf_fail(error, TF_BAD_INPUT, NULL, 1,
                      text.length ? "the first line is longer than 64 KiB; give a CSV file whose "
                                    "first line names its columns"
                                  : "the file is empty");
        return NULL;
    }
    char *copy = tf_alloc(whole + 1 + CSV_PADDING, 1);
    if (!copy) {
        (void)tf_fail_no_memory(error);
        return NULL;
    }
    memcpy(copy, text.data, whole);
    memset(copy + whole, 0, 1 + CSV_PADDING);
    if (copy[whole - 1] != '\n') {
        copy[whole++] = '\n';
    }
    *length_out = whole;
    return copy;
}

tf_status tf_csv_header(const void *bytes, size_t length, char ***names_out, size_t *count_out,
                        tf_error *error) {
    tf_text text = {bytes, length};
    skip_byte_order_mark(&text);
    size_t record_length;
    char *record = copy_header_record(text, true, &record_length, error);
    if (!record) {
        return error ? error->code : TF_BAD_INPUT;
    }
    size_t after;
    tf_status status = read_header(record, record_length, names_out, count_out, &after, error);
    tf_free(record);
    return status;
}

/* ---- reading ---- */

typedef struct reader {
    tf_source *source;
    csv_layout layout;
    tf_csv_handler handler;
    size_t block_size;

    pthread_mutex_t read_lock; /* guards the source and what follows */
    char *carry;               /* bytes read but not yet in a whole record */
    size_t carry_length;
    bool has_ended;
    int64_t next_block;

    pthread_mutex_t delivery_lock; /* guards what follows */
    pthread_cond_t delivered;
    int64_t delivering; /* the block whose turn it is */
    int64_t next_line;
    tf_csv_counts counts;
    tf_status status; /* the first fault; nothing is delivered after it */
    tf_error *error;
} reader;

static bool has_failed(reader *r) {
    pthread_mutex_lock(&r->delivery_lock);
    bool failed = r->status != TF_OK;
    pthread_mutex_unlock(&r->delivery_lock);
    return failed;
}

/* Under the delivery lock. */
static void keep_first_failure(reader *r, tf_status status, const tf_error *error) {
    if (r->status == TF_OK) {
        r->status = status;
        if (r->error) {
            *r->error = *error;
        }
    }
}

/* Report what ails block `number`, whose lines the error counts from 1, when the blocks before it
 * are delivered: then the line in the file is known, and that no other fault comes before it. */
static void report_failure(reader *r, int64_t number, tf_status status, tf_error *error) {
    pthread_mutex_lock(&r->delivery_lock);
    while (r->delivering < number && r->status == TF_OK) {
        pthread_cond_wait(&r->delivered, &r->delivery_lock);
    }
    if (error->line > 0) {
        error->line += r->next_line - 1;
    }
    keep_first_failure(r, status, error);
    pthread_cond_broadcast(&r->delivered);
    pthread_mutex_unlock(&r->delivery_lock);
}

/* Fill `block` with the next whole records; *length_out is 0 at the end of the file, and after a
 * fault. */
static tf_status read_block(reader *r, char *block, size_t *length_out, int64_t *number_out,
                            tf_error *error) {
    size_t length = r->carry_length;
    memcpy(block, r->carry, length);
    r->carry_length = 0;
    *number_out = r->next_block++;
    size_t whole = 0;
    while (!r->has_ended && whole == 0) {
        if (length > CSV_RECORD_LIMIT + r->block_size) {
            r->has_ended = true;
            return tf_csv_fail_record_length(1, error);
        }
        size_t wanted = length < r->block_size ? r->block_size - length : r->block_size;
        size_t got;
        tf_status status = tf_source_read(r->source, block + length, wanted, &got, error);
        if (status) {
            r->has_ended = true;
            return status;
        }
        length += got;
        r->has_ended = got < wanted;
        if (r->has_ended && length && block[length - 1] != '\n') {
            block[length++] = '\n';
        }
        whole = tf_csv_whole_records(block, length, r->has_ended);
    }
    if (r->has_ended && whole == 0) {
        whole = length;
    }
    r->carry_length = length - whole;
    memcpy(r->carry, block + whole, r->carry_length);
    memset(block + whole, ' ', CSV_PADDING);
    *length_out = whole;
    return TF_OK;
}

/* Hand over one block's rejects and rows.  Called in turn, under the delivery lock. */
static tf_status deliver(reader *r, csv_block_result *result, tf_error *error) {
    tf_csv_batch *batch = &result->batch;
    batch->first_line = r->next_line;
    tf_status status = TF_OK;
    for (size_t i = 0; i < result->reject_count && !status && r->handler.on_reject; i++) {
        const csv_reject *reject = &result->rejects[i];
        char reason[512];
        tf_csv_reject_describe(&r->layout, batch->block, reject, reason, sizeof reason);
        size_t shown = reject->length > CSV_TEXT_LIMIT ? CSV_TEXT_LIMIT : reject->length;
        status = r->handler.on_reject(r->handler.context,
                                      &(tf_csv_reject){r->next_line + reject->line,
                                                       reason,
                                                       {batch->block + reject->start, shown}},
                                      error);
    }
    int64_t accepted = batch->table->row_count;
    if (!status && accepted > 0) {
        status = r->handler.on_batch(r->handler.context, batch, error);
    }
    r->counts.rows_accepted += accepted;
    r->counts.rows_rejected += (int64_t)result->reject_count;
    r->counts.rows_read += accepted + (int64_t)result->reject_count;
    r->next_line += result->line_count;
    return status;
}

/* Wait for block `number`'s turn, then deliver it. */
static void deliver_in_turn(reader *r, int64_t number, csv_block_result *result) {
    tf_error error = {0};
    pthread_mutex_lock(&r->delivery_lock);
    while (r->delivering != number && r->status == TF_OK) {
        pthread_cond_wait(&r->delivered, &r->delivery_lock);
    }
    tf_status status = r->status == TF_OK ? deliver(r, result, &error) : TF_OK;
    if (status) {
        keep_first_failure(r, status, &error); /* before the next block has its turn */
    }
    r->delivering = number + 1;
    pthread_cond_broadcast(&r->delivered);
    pthread_mutex_unlock(&r->delivery_lock);
}

static tf_status prepare_and_deliver(reader *r, int64_t number, csv_block_result *result,
                                     tf_error *error) {
    tf_csv_batch *batch = &result->batch;
    tf_status status = TF_OK;
    if (r->handler.prepare && batch->table->row_count > 0) {
        status = r->handler.prepare(r->handler.context, batch, error);
    }
    if (!status) {
        deliver_in_turn(r, number, result);
    }
    if (batch->prepared) {
        r->handler.discard(r->handler.context, batch->prepared);
    }
    tf_table_free(batch->table);
    return status;
}

/* One thread: read a block, parse it, deliver it, until there are no more. */
static void work(void *context, int thread) {
    (void)thread;
    reader *r = context;
    tf_error error = {0};
    char *block = tf_alloc(2 * r->block_size + (size_t)2 * CSV_RECORD_LIMIT + CSV_PADDING, 1);
    csv_parser *parser = tf_csv_parser_new(&r->layout, &error);
    tf_status status = block && parser ? TF_OK : tf_fail_no_memory(&error);
    int64_t number = 0;
    while (!status && !has_failed(r)) {
        size_t length = 0;
        pthread_mutex_lock(&r->read_lock);
        status = read_block(r, block, &length, &number, &error);
        pthread_mutex_unlock(&r->read_lock);
        if (status || length == 0) {
            break;
        }
        csv_block_result result;
        status = tf_csv_parse_block(parser, block, length, &result, &error);
        if (!status) {
            status = prepare_and_deliver(r, number, &result, &error);
        }
    }
    if (status) {
        report_failure(r, number, status, &error);
    }
    tf_csv_parser_free(parser);
    tf_free(block);
}

/* ---- the whole ---- */

static int find_name(char *const *names, size_t count, const char *wanted) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], wanted) == 0) {
            return (int)i;
        }
    }
    return CSV_ABSENT;
}

/* Where each wanted field stands in the file's records. */
static tf_status find_positions(const tf_csv_options *options, char *const *names, size_t count,
                                int *positions, tf_error *error) {
    for (size_t i = 0; i < options->field_count; i++) {
        const tf_csv_field *field = &options->fields[i];
        positions[i] = find_name(names, count, field->header);
        if (positions[i] == CSV_ABSENT) {
            if (!field->optional) {
                return tf_fail(error, TF_BAD_INPUT, NULL, 1,
                               "the header has no column '%s'; give the file as it was published",
                               field->header);
            }
            continue;
        }
        size_t after = (size_t)positions[i] + 1;
        if (find_name(names + after, count - after, field->header) != CSV_ABSENT) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 1,
                           "the header names the column '%s' twice; remove one of them",
                           field->header);
        }
    }
    return TF_OK;
}

static size_t choose_block_size(const tf_csv_options *options, int thread_count) {
    if (options->block_size) {
        return options->block_size;
    }
    size_t memory = options->memory_limit ? options->memory_limit : MEMORY_LIMIT;
    size_t size = memory / ((size_t)thread_count * MEMORY_PER_BLOCK_BYTE);
    return size > BLOCK_SIZE ? BLOCK_SIZE : size < SMALLEST_BLOCK ? SMALLEST_BLOCK : size;
}

/* Read the first block and its header; what follows the header is carried over to the threads. */
static tf_status start_reading(reader *r, char ***names_out, tf_error *error) {
    size_t capacity = 2 * r->block_size + (size_t)2 * CSV_RECORD_LIMIT + CSV_PADDING;
    r->carry = tf_alloc(capacity, 1);
    if (!r->carry) {
        return tf_fail_no_memory(error);
    }
    size_t wanted = r->block_size > HEADER_LIMIT ? r->block_size : HEADER_LIMIT;
    size_t length;
    tf_status status = tf_source_read(r->source, r->carry, wanted, &length, error);
    if (status) {
        return status;
    }
    r->has_ended = length < wanted;
    tf_text text = {r->carry, length};
    skip_byte_order_mark(&text);
    size_t record_length;
    char *record = copy_header_record(text, r->has_ended, &record_length, error);
    if (!record) {
        return error->code;
    }
    size_t after;
    status = read_header(record, record_length, names_out, &r->layout.header_count, &after, error);
    if (!status) {
        r->next_line = 1;
        for (size_t i = 0; i < after; i++) {
            r->next_line += record[i] == '\n';
        }
        size_t used = (size_t)(text.data - r->carry) + after;
        used = used > length ? length : used;
        r->carry_length = length - used;
        memmove(r->carry, r->carry + used, r->carry_length);
        if (r->has_ended && r->carry_length && r->carry[r->carry_length - 1] != '\n') {
            r->carry[r->carry_length++] = '\n';
        }
    }
    tf_free(record);
    return status;
}

tf_status tf_csv_read(tf_source *source, const tf_csv_options *options,
                      const tf_csv_handler *handler, tf_csv_counts *counts_out, tf_error *error) {
    int threads = options->thread_count > 0 ? options->thread_count : tf_thread_count_default();
    tf_error own_error = {0};
    reader r = {.source = source,
                .handler = *handler,
                .block_size = choose_block_size(options, threads),
                .read_lock = PTHREAD_MUTEX_INITIALIZER,
                .delivery_lock = PTHREAD_MUTEX_INITIALIZER,
                .delivered = PTHREAD_COND_INITIALIZER,
                .error = &own_error};
    char **names = NULL;
    int *positions = tf_alloc(options->field_count, sizeof *positions);
    tf_status status = positions ? TF_OK : tf_fail_no_memory(&own_error);
    if (!status) {
        status = start_reading(&r, &names, &own_error);
    }
    if (!status) {
        status = find_positions(options, names, r.layout.header_count, positions, &own_error);
    }
    if (!status) {
        r.layout.fields = options->fields;
        r.layout.field_count = options->field_count;
        r.layout.positions = positions;
        r.layout.header_names = names;
        tf_parallel(threads, work, &r);
        status = r.status;
    }
    if (status && error) {
        *error = own_error;
        tf_error_set_place(error, tf_source_name(source));
    }
    *counts_out = r.counts;
    tf_free(names);
    tf_free(positions);
    tf_free(r.carry);
    return status;
}

void tf_csv_append_field(tf_buffer *buffer, tf_text value) {
    bool needs_quotes = false;
    for (size_t i = 0; i < value.length && !needs_quotes; i++) {
        char c = value.data[i];
        needs_quotes = c == ',' || c == '"' || c == '\n' || c == '\r';
    }
    if (!needs_quotes) {
        tf_buffer_append(buffer, value.data, value.length);
        return;
    }
    tf_buffer_append(buffer, "\"", 1);
    size_t start = 0;
    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] == '"') {
            tf_buffer_append(buffer, value.data + start, i + 1 - start);
            start = i;
        }
    }
    tf_buffer_append(buffer, value.data + start, value.length - start);
    tf_buffer_append(buffer, "\"", 1);
}
