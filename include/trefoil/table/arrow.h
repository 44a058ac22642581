/* Tables in and out in Apache Arrow's IPC stream format, and over its C data interface
 * (https://arrow.apache.org/docs/format/Columnar.html, .../CDataInterface.html). */
#ifndef TREFOIL_TABLE_ARROW_H
#define TREFOIL_TABLE_ARROW_H

#include "trefoil/table/table.h"

/* Where a writer's bytes go; returns other than TF_OK to stop. */
typedef tf_status tf_arrow_sink(void *context, const void *bytes, size_t length, tf_error *error);

/* A tf_arrow_sink that appends to the tf_buffer given as context. */
TF_API tf_status tf_arrow_sink_buffer(void *context, const void *bytes, size_t length,
                                      tf_error *error);

typedef struct tf_arrow_writer tf_arrow_writer;

/* Start a stream of tables that all have the names and types of `schema_of`.  Bodies are
 * compressed with zstd at `zstd_level` (1 to 19), or left plain at 0; a buffer that would not
 * shrink is stored plain within a compressed body, as the format allows. */
TF_API tf_status tf_arrow_writer_open(const tf_table *schema_of, int zstd_level,
                                      tf_arrow_sink *sink, void *context,
                                      tf_arrow_writer **writer_out, tf_error *error);

/* Append one record batch.  A dictionary is written before the first batch and again (as a
 * replacement) before a batch whose dictionary differs from the last one written.
 * Errors: TF_BAD_INPUT if the columns differ from the schema, nothing then being written;
 * TF_NO_MEMORY; what the sink reports.  After the latter two the stream is broken, and all that is
 * left is to free the writer. */
TF_API tf_status tf_arrow_writer_append(tf_arrow_writer *writer, const tf_table *table,
                                        tf_error *error);

/* Write the end-of-stream mark.  Does not free the writer. */
TF_API tf_status tf_arrow_writer_finish(tf_arrow_writer *writer, tf_error *error);
TF_API void tf_arrow_writer_free(tf_arrow_writer *writer); /* accepts NULL */

/* One table as a whole stream, appended to `buffer`, which is as before after an error. */
TF_API tf_status tf_arrow_write(const tf_table *table, int zstd_level, tf_buffer *buffer,
                                tf_error *error);

typedef struct tf_arrow_reader tf_arrow_reader;

/* Read a stream held in memory, which the caller keeps alive until the reader is freed.  Every
 * length and offset is checked; hostile bytes cannot make it read outside the stream, nor take
 * more than `memory_limit` bytes (0: 2 GiB) at a time for a table, its dictionaries and what the
 * reader itself keeps; tables handed out before do not count.
 * Types wider or narrower than ours are converted: int8, int16, uint8, uint16 to INT32; uint32,
 * uint64 (a value beyond INT64_MAX is TF_BAD_INPUT) to INT64; float32 to FLOAT64; large_utf8 to
 * TEXT; timestamps of any unit and zone to microseconds UTC (nanoseconds are rounded down);
 * date64 to DATE; dictionary indices of any width to 32 bits.  A column that cannot be read
 * (nested, binary, decimal, ...) is TF_UNSUPPORTED, with its name, once it is to be read; unions
 * and views are at once, because the columns behind them cannot be found.  Both compression
 * codecs' frames are recognised; zstd is read, lz4 is TF_UNSUPPORTED.
 * What is read is valid: text is UTF-8, offsets and indices are in range, nulls are counted.
 * Not thread-safe: one reader is for one thread at a time. */
TF_API tf_status tf_arrow_reader_open(const void *bytes, size_t length, size_t memory_limit,
                                      tf_arrow_reader **reader_out, tf_error *error);

/* Read only these columns from now on (names the stream lacks are TF_BAD_INPUT); the bodies of
 * others, and their dictionaries, are not even decompressed.  Columns come in the order asked;
 * without names the tables have rows but no columns. */
TF_API tf_status tf_arrow_reader_select(tf_arrow_reader *reader, const char *const *names,
                                        size_t name_count, tf_error *error);

/* The next batch as a table that the caller frees; *table_out is NULL at the end, which is the
 * end mark or, as the format allows, the end of the bytes between two messages.
 * O(bytes of the columns selected); a dictionary is decoded once and copied for each table. */
TF_API tf_status tf_arrow_reader_next(tf_arrow_reader *reader, tf_table **table_out,
                                      tf_error *error);
TF_API void tf_arrow_reader_free(tf_arrow_reader *reader); /* accepts NULL */

/* The C data interface's structs, as its specification defines them. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif

/* Hand `table` to a consumer as a struct array and its schema.  Takes ownership of the table: it
 * is freed when the consumer releases the array (also on failure, at once).  No copy is made. */
TF_API tf_status tf_arrow_export_take(tf_table *table, struct ArrowSchema *schema_out,
                                      struct ArrowArray *array_out, tf_error *error);

#endif
