/* Stored partitions as tables: read by the one thread that owns the database, decoded by several.
 */
#ifndef INSIGHT_CRIME_STREAMS_INTERNAL_H
#define INSIGHT_CRIME_STREAMS_INTERNAL_H

#include "store/partition.h"

/* A partition with the columns asked for.  A stream has one table a batch, mostly one in all. */
typedef struct tf_crime_stream {
    tf_partition_info info;
    int64_t row_count; /* of all its tables */
    tf_table **tables;
    size_t table_count;
    size_t table_capacity;
    void *bytes; /* the stream itself, until it is decoded */
    size_t length;
    tf_status status; /* of decoding */
    tf_error error;
} tf_crime_stream;

typedef struct tf_crime_streams_request {
    const char *feed;
    const char *force;
    tf_month from;
    tf_month to;
    const char *const *columns;
    size_t column_count;
    /* Whether this one is wanted; NULL for all. */
    bool (*is_wanted)(void *context, const tf_partition_info *info);
    /* Take some streams, in order of month.  They are freed afterwards. */
    tf_status (*use)(void *context, tf_crime_stream *streams, size_t count, tf_error *error);
    void *context;
} tf_crime_streams_request;

/* Call `use` with the streams of one feed and force, as many at a time as fit into a bounded
 * share of memory.
 * Errors: TF_BAD_INPUT for a damaged stream, TF_NO_MEMORY, TF_IO. */
tf_status tf_crime_streams_each(tf_db *db, const tf_crime_streams_request *request,
                                tf_error *error);

/* Call work(item) for each of `count` items of `size` bytes, on several threads where that pays. */
void tf_crime_parallel(void *items, size_t count, size_t size, void (*work)(void *item));

#endif
