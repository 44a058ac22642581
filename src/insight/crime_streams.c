#include "crime_streams_internal.h"

#include "trefoil/base/thread.h"

#include <stdatomic.h>

/* Streams held at a time: enough for all threads to have work, and no more than some hundred
 * megabytes when decoded. */
enum { MAX_CHUNK_BYTES = 32 << 20 };

typedef struct stream_chunk {
    tf_db *db;
    const tf_crime_streams_request *request;
    tf_crime_stream *streams;
    size_t count;
    size_t capacity;
    size_t bytes;
} stream_chunk;

typedef struct parallel_work {
    char *items;
    size_t count;
    size_t size;
    void (*work)(void *item);
    atomic_size_t next;
} parallel_work;

static void work_on_items(void *context, int thread) {
    (void)thread;
    parallel_work *work = context;
    for (;;) {
        size_t i = atomic_fetch_add(&work->next, 1);
        if (i >= work->count) {
            return;
        }
        work->work(work->items + i * work->size);
    }
}

void tf_crime_parallel(void *items, size_t count, size_t size, void (*work)(void *item)) {
    parallel_work all = {.items = items, .count = count, .size = size, .work = work};
    tf_parallel(count > 1 ? 0 : 1, work_on_items, &all);
}

static void stream_deinit(tf_crime_stream *stream) {
    for (size_t i = 0; i < stream->table_count; i++) {
        tf_table_free(stream->tables[i]);
    }
    tf_free(stream->tables);
    tf_free(stream->bytes);
}

static void chunk_clear(stream_chunk *chunk) {
    for (size_t i = 0; i < chunk->count; i++) {
        stream_deinit(&chunk->streams[i]);
    }
    chunk->count = 0;
    chunk->bytes = 0;
}

static tf_status read_tables(tf_crime_stream *stream, const tf_crime_streams_request *request,
                             tf_error *error) {
    tf_arrow_reader *reader = NULL;
    tf_status status = tf_arrow_reader_open(stream->bytes, stream->length, 0, &reader, error);
    if (!status) {
        status = tf_arrow_reader_select(reader, request->columns, request->column_count, error);
    }
    while (!status) {
        tf_table *table = NULL;
        status = tf_reserve(&stream->tables, &stream->table_capacity, stream->table_count + 1,
                            sizeof *stream->tables, error);
        if (!status) {
            status = tf_arrow_reader_next(reader, &table, error);
        }
        if (status || !table) {
            break;
        }
        stream->tables[stream->table_count++] = table;
        stream->row_count += table->row_count;
    }
    tf_arrow_reader_free(reader);
    return status;
}

typedef struct decode_job {
    tf_crime_stream *stream;
    const tf_crime_streams_request *request;
} decode_job;

static void decode(void *item) {
    decode_job *job = item;
    job->stream->status = read_tables(job->stream, job->request, &job->stream->error);
    tf_free(job->stream->bytes);
    job->stream->bytes = NULL;
}

/* Decode what the chunk holds, hand it on and forget it. */
static tf_status chunk_flush(stream_chunk *chunk, tf_error *error) {
    tf_status status = TF_OK;
    decode_job *jobs = tf_alloc(chunk->count, sizeof *jobs);
    if (!jobs) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    for (size_t i = 0; i < chunk->count; i++) {
        jobs[i] = (decode_job){&chunk->streams[i], chunk->request};
    }
    tf_crime_parallel(jobs, chunk->count, sizeof *jobs, decode);
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const tf_crime_stream *stream = &chunk->streams[i];
        status = stream->status;
        if (status && error) {
            *error = stream->error;
            tf_error_set_place(error, tf_db_path(chunk->db));
        }
    }
    if (!status && chunk->count > 0) {
        status = chunk->request->use(chunk->request->context, chunk->streams, chunk->count, error);
    }
done:
    tf_free(jobs);
    chunk_clear(chunk);
    return status;
}

static tf_status on_stream(void *context, const tf_partition_info *info, const void *stream,
                           size_t length, tf_error *error) {
    stream_chunk *chunk = context;
    const tf_crime_streams_request *request = chunk->request;
    if (request->is_wanted && !request->is_wanted(request->context, info)) {
        return TF_OK;
    }
    tf_status status = TF_OK;
    if (chunk->bytes > 0 && chunk->bytes + length > MAX_CHUNK_BYTES) {
        status = chunk_flush(chunk, error);
    }
    if (!status) {
        status = tf_reserve(&chunk->streams, &chunk->capacity, chunk->count + 1,
                            sizeof *chunk->streams, error);
    }
    if (status) {
        return status;
    }
    void *copy = tf_alloc(length, 1);
    if (!copy) {
        return tf_fail_no_memory(error);
    }
    memcpy(copy, stream, length);
    chunk->streams[chunk->count++] =
        (tf_crime_stream){.info = *info, .bytes = copy, .length = length};
    chunk->bytes += length;
    return TF_OK;
}

tf_status tf_crime_streams_each(tf_db *db, const tf_crime_streams_request *request,
                                tf_error *error) {
    stream_chunk chunk = {.db = db, .request = request};
    tf_status status = tf_partition_each(db, request->feed, request->force, request->from,
                                         request->to, on_stream, &chunk, error);
    if (!status) {
        status = chunk_flush(&chunk, error);
    }
    chunk_clear(&chunk);
    tf_free(chunk.streams);
    return status;
}
