#include "intake/police_reading.h"

#include <stdio.h>

enum { MOST_REJECTS = 1000000 };

/* Of the memory for one file: blocks and batches in flight, encoded parts, rejects, and one
 * partition put together; the rest is for the database and the program itself. */
static const double CSV_SHARE = 0.25;
static const double PARTS_SHARE = 0.375;
static const double SPOOL_SHARE = 0.0625;
static const double PARTITION_SHARE = 0.1875;

static size_t share_of(size_t memory, double share) {
    return (size_t)((double)memory * share);
}

/* What the reader's callbacks share. */
typedef struct reading_work {
    const tf_police_reading_options *options;
    tf_police_reading *reading;
    tf_source *source;
    uint64_t consumed;
    int64_t reported_rows;
    size_t open_partition; /* where the last piece went: the next goes there mostly */
} reading_work;

static void advance(reading_work *work) {
    uint64_t consumed;
    uint64_t total;
    tf_source_progress(work->source, &consumed, &total);
    if (work->options->on_advance) {
        work->options->on_advance(work->options->context, consumed - work->consumed,
                                  work->reading->rows_read - work->reported_rows);
    }
    work->consumed = consumed;
    work->reported_rows = work->reading->rows_read;
}

static tf_status prepare_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    reading_work *work = context;
    tf_police_rows *rows;
    tf_status status = tf_police_rows_make(&work->reading->rules, batch->table, &rows, error);
    batch->prepared = rows;
    return status;
}

static void discard_rows(void *context, void *prepared) {
    (void)context;
    tf_police_rows_free(prepared);
}

static tf_status add_reject(reading_work *work, int64_t line, const char *reason, tf_text text,
                            tf_error *error) {
    tf_police_reading *reading = work->reading;
    if (reading->reject_count == MOST_REJECTS) {
        return tf_fail(error, TF_BAD_INPUT, reading->name, line,
                       "more than %d rows cannot be read, the last because %s; is this the file "
                       "as it was published?",
                       MOST_REJECTS, reason);
    }
    tf_status status = tf_reserve(&reading->rejects, &reading->reject_capacity,
                                  reading->reject_count + 1, sizeof *reading->rejects, error);
    if (status) {
        return status;
    }
    if (reading->reject_count == 0 || line < reading->example_line) {
        reading->example_line = line;
        snprintf(reading->example_reason, sizeof reading->example_reason, "%s", reason);
    }
    uint64_t offset;
    size_t reason_length = strlen(reason);
    /* Bytes that are not UTF-8 stay as they are: the file is what it is. */
    size_t text_length = text.length > 4096 ? 4096 : text.length;
    char joined[4096 + 512];
    reason_length = reason_length > 511 ? 511 : reason_length;
    memcpy(joined, reason, reason_length);
    memcpy(joined + reason_length, text.data, text_length);
    status = tf_spool_append(reading->spool, joined, reason_length + text_length, &offset, error);
    if (!status) {
        reading->rejects[reading->reject_count++] =
            (tf_police_reject){line, offset, (uint32_t)reason_length, (uint32_t)text_length};
    }
    return status;
}

static tf_status take_reject(void *context, const tf_csv_reject *reject, tf_error *error) {
    reading_work *work = context;
    work->reading->rows_read++;
    return add_reject(work, reject->line, reject->reason, reject->text, error);
}

/* ---- partitions ---- */

/* The publisher's slug of the force that rows name so: from the pack, or made from the name
 * without the word that says what kind of force it is. */
static void force_slug(const tf_pack *pack, tf_text reported_by, char *slug, size_t size) {
    const tf_force *force = tf_pack_force_by_name(pack, reported_by);
    if (force) {
        snprintf(slug, size, "%s", force->slug);
        return;
    }
    static const char *const kinds[] = {" Police", " Constabulary", " Police Service"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (tf_text_ends_with(reported_by, kinds[i])) {
            reported_by.length -= strlen(kinds[i]);
            break;
        }
    }
    tf_text_slug(reported_by, slug, size);
}

static bool is_of_partition(const tf_police_partition *partition, const tf_police_piece *piece) {
    return partition->month == piece->month &&
           strcmp(partition->reported_by, piece->reported_by) == 0;
}

/* The partition that a piece belongs to, made if it is new. */
static tf_status find_partition(reading_work *work, const tf_police_piece *piece, size_t *index_out,
                                tf_error *error) {
    tf_police_reading *reading = work->reading;
    if (work->open_partition < reading->partition_count &&
        is_of_partition(&reading->partitions[work->open_partition], piece)) {
        *index_out = work->open_partition;
        return TF_OK;
    }
    char slug[64];
    if (reading->rules.has_name) {
        snprintf(slug, sizeof slug, "%s", reading->rules.name.force);
    } else {
        force_slug(reading->rules.pack, tf_text_of(piece->reported_by), slug, sizeof slug);
    }
    if (slug[0] == '\0') {
        return tf_fail(error, TF_BAD_INPUT, reading->name, 0,
                       "Reported by is '%.80s', which names no force; correct it, or name the "
                       "file as it was published",
                       piece->reported_by);
    }
    for (size_t i = 0; i < reading->partition_count; i++) {
        /* Two wordings of one force are one partition. */
        if (reading->partitions[i].month == piece->month &&
            strcmp(reading->partitions[i].force, slug) == 0) {
            *index_out = i;
            return TF_OK;
        }
    }
    tf_status status = tf_reserve(&reading->partitions, &reading->partition_capacity,
                                  reading->partition_count + 1, sizeof *reading->partitions, error);
    if (status) {
        return status;
    }
    tf_police_partition made = {.month = piece->month};
    memcpy(made.force, slug, sizeof made.force);
    made.reported_by = tf_copy_text(piece->reported_by, strlen(piece->reported_by));
    if (!made.reported_by) {
        return tf_fail_no_memory(error);
    }
    *index_out = reading->partition_count;
    reading->partitions[reading->partition_count++] = made;
    return TF_OK;
}

/* Keep the messages of a piece: as they are while there is memory for them, else in the spool. */
static tf_status keep_messages(reading_work *work, tf_police_piece *piece, tf_police_part *part,
                               tf_error *error) {
    tf_police_reading *reading = work->reading;
    *part = (tf_police_part){.length = piece->messages.length};
    if (reading->bytes_in_memory + piece->messages.capacity >
        share_of(work->options->memory_limit, PARTS_SHARE)) {
        return tf_spool_append(reading->spool, piece->messages.data, part->length, &part->offset,
                               error);
    }
    reading->bytes_in_memory += piece->messages.capacity;
    part->bytes = piece->messages.data;
    tf_buffer_init(&piece->messages);
    return TF_OK;
}

static tf_status add_piece(reading_work *work, tf_police_piece *piece, tf_error *error) {
    tf_police_reading *reading = work->reading;
    size_t index = 0;
    tf_status status = find_partition(work, piece, &index, error);
    if (status) {
        return status;
    }
    work->open_partition = index;
    tf_police_partition *partition = &reading->partitions[index];
    status = tf_reserve(&partition->parts, &partition->part_capacity, partition->part_count + 1,
                        sizeof *partition->parts, error);
    if (!status) {
        status = keep_messages(work, piece, &partition->parts[partition->part_count], error);
    }
    if (status) {
        return status;
    }
    partition->row_count += piece->row_count;
    partition->byte_count += partition->parts[partition->part_count++].length;
    if (partition->byte_count > share_of(work->options->memory_limit, PARTITION_SHARE)) {
        char month[TF_MONTH_TEXT_SIZE];
        return tf_fail(error, TF_BAD_INPUT, reading->name, 0,
                       "the rows of %s of %s do not fit into the memory limit of %zu MB; give a "
                       "larger one",
                       tf_month_format(partition->month, month), partition->force,
                       work->options->memory_limit >> 20);
    }
    return TF_OK;
}

static tf_status take_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    reading_work *work = context;
    tf_police_reading *reading = work->reading;
    tf_police_rows *rows = batch->prepared;
    tf_status status = TF_OK;
    if (reading->schema.length == 0) {
        tf_buffer_append(&reading->schema, rows->schema.data, rows->schema.length);
        status = tf_buffer_check(&reading->schema, error);
    }
    for (size_t i = 0; i < rows->reject_count && !status; i++) {
        const tf_police_rejected_row *rejected = &rows->rejects[i];
        status = add_reject(work, tf_csv_batch_line(batch, rejected->row), rejected->reason,
                            tf_csv_batch_row(batch, rejected->row), error);
    }
    for (size_t i = 0; i < rows->piece_count && !status; i++) {
        status = add_piece(work, &rows->pieces[i], error);
    }
    for (int i = 0; i < TF_POLICE_WARNING_COUNT; i++) {
        if (reading->warnings[i] == 0 && rows->warnings[i] > 0) {
            reading->warning_line[i] = tf_csv_batch_line(batch, rows->first_row[i]);
        }
        reading->warnings[i] += rows->warnings[i];
    }
    reading->rows_read += rows->accepted + (int64_t)rows->reject_count;
    reading->rows_accepted += rows->accepted;
    advance(work);
    return status;
}

/* ---- the whole ---- */

tf_status tf_police_reading_make(tf_source *source, tf_police_feed feed,
                                 const tf_police_reading_options *options,
                                 tf_police_reading *reading_out, tf_error *error) {
    tf_police_reading *reading = reading_out;
    const char *name = tf_source_name(source);
    *reading = (tf_police_reading){.started_at = tf_instant_now()};
    reading->rules.feed = feed;
    reading->rules.pack = options->pack;
    reading->rules.has_name = tf_police_file_name_parse(name, &reading->rules.name);
    reading->name = tf_copy_text(name, strlen(name));
    reading->spool =
        tf_spool_new(options->spool_folder, share_of(options->memory_limit, SPOOL_SHARE));
    if (!reading->name || !reading->spool) {
        return tf_fail_no_memory(error);
    }
    if (feed == TF_FEED_SEARCHES && !reading->rules.has_name) {
        return tf_fail(error, TF_BAD_INPUT, name, 0,
                       "the rows of a stop-and-search file do not say their force and month; name "
                       "it as it was published, 2023-02-FORCE-stop-and-search.csv");
    }
    reading_work work = {.options = options, .reading = reading, .source = source};
    size_t field_count;
    const tf_csv_field *fields = tf_police_feed_fields(feed, &field_count);
    tf_csv_options csv_options = {.fields = fields,
                                  .field_count = field_count,
                                  .thread_count = options->thread_count,
                                  .memory_limit = share_of(options->memory_limit, CSV_SHARE)};
    tf_csv_handler handler = {.on_batch = take_batch,
                              .on_reject = take_reject,
                              .context = &work,
                              .prepare = prepare_batch,
                              .discard = discard_rows};
    tf_csv_counts counts;
    tf_status status = tf_csv_read(source, &csv_options, &handler, &counts, error);
    if (!status) {
        status = tf_source_sha256(source, reading->sha256, error);
    }
    advance(&work);
    return status;
}

void tf_police_reading_deinit(tf_police_reading *reading) {
    for (size_t i = 0; i < reading->partition_count; i++) {
        tf_police_partition *partition = &reading->partitions[i];
        for (size_t part = 0; part < partition->part_count; part++) {
            tf_free(partition->parts[part].bytes);
        }
        tf_free(partition->reported_by);
        tf_free(partition->parts);
    }
    tf_free(reading->partitions);
    tf_free(reading->rejects);
    tf_buffer_deinit(&reading->schema);
    tf_spool_free(reading->spool);
    tf_free(reading->name);
    *reading = (tf_police_reading){0};
}

tf_status tf_police_reading_stream(tf_police_reading *reading, const tf_police_partition *partition,
                                   tf_buffer *buffer, tf_error *error) {
    /* The end of a stream: a message of length nought (Arrow columnar format, IPC streaming). */
    static const unsigned char end[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0};
    size_t total = reading->schema.length + partition->byte_count + sizeof end + 1;
    tf_status status =
        tf_reserve(&buffer->data, &buffer->capacity, buffer->length + total, 1, error);
    if (status) {
        return status;
    }
    tf_buffer_append(buffer, reading->schema.data, reading->schema.length);
    for (size_t i = 0; i < partition->part_count && !status; i++) {
        const tf_police_part *part = &partition->parts[i];
        if (part->bytes) {
            tf_buffer_append(buffer, part->bytes, part->length);
        } else {
            status = tf_spool_read(reading->spool, part->offset, buffer->data + buffer->length,
                                   part->length, error);
            buffer->length += part->length;
        }
    }
    tf_buffer_append(buffer, end, sizeof end);
    return status;
}
