/* One police file read into memory (or a temporary file), ready to be stored: everything that
 * needs no database, so that several files can be read at once. */
#ifndef INTAKE_POLICE_READING_H
#define INTAKE_POLICE_READING_H

#include "intake/police_paths.h"
#include "intake/police_rows.h"
#include "intake/spool.h"

/* The parts of one partition, in the order of the file: in memory while they are few. */
typedef struct tf_police_part {
    char *bytes;     /* owned; NULL if the part is in the spool, */
    uint64_t offset; /* there */
    size_t length;
} tf_police_part;

typedef struct tf_police_partition {
    tf_month month;
    char force[64]; /* the slug */
    char *reported_by;
    int64_t row_count;
    uint64_t byte_count;
    tf_police_part *parts;
    size_t part_count;
    size_t part_capacity;
} tf_police_partition;

typedef struct tf_police_reject {
    int64_t line;
    uint64_t offset; /* in the spool: the reason, then the text */
    uint32_t reason_length;
    uint32_t text_length;
} tf_police_reject;

typedef struct tf_police_reading {
    char *name;
    char sha256[TF_SHA256_TEXT_SIZE];
    int64_t started_at;
    tf_police_rules rules;
    tf_spool *spool;
    uint64_t bytes_in_memory; /* of all parts */
    tf_buffer schema;
    tf_police_partition *partitions;
    size_t partition_count;
    size_t partition_capacity;
    tf_police_reject *rejects;
    size_t reject_count;
    size_t reject_capacity;
    int64_t example_line; /* of the rejects the one with the lowest line */
    char example_reason[512];
    int64_t rows_read;
    int64_t rows_accepted;
    int64_t warnings[TF_POLICE_WARNING_COUNT];
    int64_t warning_line[TF_POLICE_WARNING_COUNT]; /* an example of each */
} tf_police_reading;

/* How to read. */
typedef struct tf_police_reading_options {
    const tf_pack *pack;
    int thread_count;
    size_t memory_limit;
    const char *spool_folder;
    void *context;
    /* Called now and then, from any thread: so many more bytes and rows were read. */
    void (*on_advance)(void *context, uint64_t bytes, int64_t rows);
} tf_police_reading_options;

/* Read the file behind `source`, opened by the caller.  `reading_out` is in the caller's storage
 * and always to be deinitialised.
 * Errors: TF_BAD_INPUT for another header, for a stop-and-search file whose name does not say
 * month and force, for more than 1,000,000 rejects and for a partition too large for the memory
 * limit; what the source and the CSV reader report. */
tf_status tf_police_reading_make(tf_source *source, tf_police_feed feed,
                                 const tf_police_reading_options *options,
                                 tf_police_reading *reading_out, tf_error *error);
void tf_police_reading_deinit(tf_police_reading *reading);

/* The whole stream of a partition, appended to `buffer`. */
tf_status tf_police_reading_stream(tf_police_reading *reading, const tf_police_partition *partition,
                                   tf_buffer *buffer, tf_error *error);

#endif
