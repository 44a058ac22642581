/* Reading CSV (RFC 4180) into typed columns, in parallel and in bounded memory.
 *
 * Lines end with LF or CR LF; a byte order mark is skipped; a quoted field may hold commas, line
 * breaks and doubled quotes.  The first record is the header.  A record that cannot be read is a
 * reject: it is reported with its line, reason and text, and never stops the rest:
 *   - too few or too many fields, or a value that does not fit its field's type;
 *   - bytes that are not UTF-8, or NUL;
 *   - a quoted field that is never closed, or that goes on after its closing quote: the line on
 *     which it opens is rejected and reading goes on at the next. */
#ifndef TREFOIL_TABLE_CSV_H
#define TREFOIL_TABLE_CSV_H

#include "trefoil/table/builder.h"
#include "trefoil/table/source.h"

typedef enum tf_csv_type {
    TF_CSV_DICTIONARY, /* to DICTIONARY; few distinct values */
    TF_CSV_TEXT,       /* to TEXT; mostly distinct values */
    TF_CSV_HEX,        /* hexadecimal digits, twice `byte_width`, to FIXED_BINARY */
    TF_CSV_INT64,
    TF_CSV_FLOAT64,
    TF_CSV_BOOL,      /* true, false, in any case */
    TF_CSV_MONTH,     /* 2023-02, to DATE, the first of the month */
    TF_CSV_DATE,      /* 2023-02-01, to DATE */
    TF_CSV_TIMESTAMP, /* RFC 3339, to TIMESTAMP */
} tf_csv_type;

/* An empty field is null, whatever its type. */
typedef struct tf_csv_field {
    const char *header; /* the column's name in the file */
    const char *name;   /* the column's name in the table */
    tf_csv_type type;
    int32_t byte_width; /* HEX only */
    bool optional;      /* the file may lack the column; it is then all null */
} tf_csv_field;

typedef struct tf_csv_options {
    const tf_csv_field *fields; /* what to read; other columns of the file are skipped */
    size_t field_count;
    int thread_count;    /* 0: one for each processor */
    size_t memory_limit; /* bytes for blocks and batches in flight; 0: 512 MiB */
    size_t block_size;   /* bytes read at a time; 0: chosen from the memory limit, 4 MiB at most */
} tf_csv_options;

/* A run of accepted rows, in file order. */
typedef struct tf_csv_batch {
    tf_table *table;            /* owned by the batch; the callback may take it and set NULL */
    int64_t first_line;         /* 1-based line in the file where the block starts */
    const uint32_t *row_line;   /* for each row, its line counted from first_line */
    const uint32_t *row_start;  /* for each row, where its text starts in `block` */
    const uint32_t *row_length; /* and how long it is, without its line break */
    const char *block;
    void *prepared; /* what the handler's `prepare` made of it */
} tf_csv_batch;

/* Row `row` of the batch as it stands in the file, and its line there.  Borrowed. */
static inline tf_text tf_csv_batch_row(const tf_csv_batch *batch, int64_t row) {
    return (tf_text){batch->block + batch->row_start[row], batch->row_length[row]};
}
static inline int64_t tf_csv_batch_line(const tf_csv_batch *batch, int64_t row) {
    return batch->first_line + batch->row_line[row];
}

typedef struct tf_csv_reject {
    int64_t line;       /* 1-based */
    const char *reason; /* one clause: "Latitude is 'abc', which is not a number" */
    tf_text text;       /* the record as it stands in the file, cut at 4 KiB */
} tf_csv_reject;

/* What to do with the rows.  on_batch and on_reject are called one at a time and in file order,
 * though from different threads; the rejects of a block come before its batch.  Returning other
 * than TF_OK stops the reader with that status. */
typedef struct tf_csv_handler {
    tf_status (*on_batch)(void *context, tf_csv_batch *batch, tf_error *error);
    tf_status (*on_reject)(void *context, const tf_csv_reject *reject,
                           tf_error *error); /* or NULL */
    void *context;

    /* Optional: the costly part of the work on a batch, called for several batches at once and in
     * any order, before on_batch; first_line is not yet known.  It leaves its result in
     * batch->prepared, which `discard` frees in the end, whether or not the batch was delivered. */
    tf_status (*prepare)(void *context, tf_csv_batch *batch, tf_error *error);
    void (*discard)(void *context, void *prepared);
} tf_csv_handler;

typedef struct tf_csv_counts {
    int64_t
        rows_read; /* records after the header, accepted or rejected; blank lines do not count */
    int64_t rows_accepted;
    int64_t rows_rejected;
} tf_csv_counts;

/* Read `source` to its end.  The batches, their dictionaries (in order of first appearance within
 * the batch) and the rejects are the same with any number of threads, given the same block_size;
 * the rows and the rejects are so with any.
 * Errors: TF_BAD_INPUT for a missing or repeated header column, for a header that is not CSV or
 * lines that end with CR alone, and for a record of more than 1 MiB; what the source or the handler
 * reports.
 * Speed is bounded by memory bandwidth and by the hashing of dictionary fields; O(bytes).
 */
TF_API tf_status tf_csv_read(tf_source *source, const tf_csv_options *options,
                             const tf_csv_handler *handler, tf_csv_counts *counts_out,
                             tf_error *error);

/* The header of a CSV file: the names in its first record.  *names_out is an array of *count_out
 * terminated texts in one block; free with tf_free.  `bytes` is the start of the file, 64 KiB at
 * most are looked at. */
TF_API tf_status tf_csv_header(const void *bytes, size_t length, char ***names_out,
                               size_t *count_out, tf_error *error);

/* Append one field as RFC 4180 writes it: quoted where it holds a comma, quote or line break. */
TF_API void tf_csv_append_field(tf_buffer *buffer, tf_text value);

#endif
