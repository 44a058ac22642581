/* The records that are to be linked, taken from tables: every distinct value of a column is kept
 * once, as it stood in the file, and a record is a row of small numbers that name values.
 *
 * Records are numbered by the name of their source, and within it by their id: by number where
 * every id of every source is a whole number, else bytewise.  So neither the order of rows nor that
 * of files changes what comes out of a linkage. */
#ifndef TREFOIL_LINKAGE_RECORDS_H
#define TREFOIL_LINKAGE_RECORDS_H

#include "trefoil/base/text.h"
#include "trefoil/table/table.h"

enum { TF_LINK_MAX_SOURCES = 1000, TF_LINK_MAX_COLUMNS = 256 };

/* Does not change once made; may be used by several threads. */
typedef struct tf_link_records tf_link_records;

/* Gathers tables into records; one thread at a time. */
typedef struct tf_link_loader tf_link_loader;

typedef struct tf_link_loader_options {
    /* NULL: the number of the row within its source, from 1, is its id. */
    const char *id_column;
    /* A column that names the source of each row; NULL: tf_link_loader_add's argument does. */
    const char *source_column;
    /* Records, their values and the dictionaries together; 0: no limit. */
    size_t memory_limit;
} tf_link_loader_options;

/* Errors: TF_NO_MEMORY.  Free with tf_link_loader_free, which accepts NULL. */
TF_API tf_status tf_link_loader_new(const tf_link_loader_options *options,
                                    tf_link_loader **loader_out, tf_error *error);
TF_API void tf_link_loader_free(tf_link_loader *loader);

/* Where the rows of a table stand in their file, for messages. */
typedef struct tf_link_lines {
    int64_t first;          /* the line that row_line counts from */
    const uint32_t *of_row; /* NULL: one line a row */
} tf_link_lines;

/* Add the rows of a table, which is not kept.  Columns are known by name; one that earlier tables
 * lacked is missing in their rows.  Values of any type are taken as the text that they would be in
 * a CSV file; empty ones are missing.  `lines` may be NULL.
 * Errors: TF_BAD_INPUT for a row without an id, a table without the id column, too many sources or
 * columns; TF_NO_MEMORY, also beyond the limit.  After an error the loader can only be freed.
 * O(cells). */
TF_API tf_status tf_link_loader_add(tf_link_loader *loader, tf_text source, const tf_table *table,
                                    const tf_link_lines *lines, tf_error *error);

/* Hand over the records; the loader is then empty.
 * Errors: TF_BAD_INPUT for two records of one source with the same id; TF_NO_MEMORY.
 * O(records log records) where ids are no numbers. */
TF_API tf_status tf_link_loader_finish(tf_link_loader *loader, tf_link_records **records_out,
                                       tf_error *error);
TF_API void tf_link_records_free(tf_link_records *records); /* accepts NULL */

TF_API uint32_t tf_link_records_count(const tf_link_records *records);

TF_API uint16_t tf_link_records_source_count(const tf_link_records *records);
TF_API tf_text tf_link_records_source_name(const tf_link_records *records, uint16_t source);
TF_API uint32_t tf_link_records_source_size(const tf_link_records *records, uint16_t source);
TF_API uint16_t tf_link_records_source(const tf_link_records *records, uint32_t record);

TF_API tf_text tf_link_records_id(const tf_link_records *records, uint32_t record);

/* The record of that id; false, and nothing written, if there is none.  O(log records). */
TF_API bool tf_link_records_find(const tf_link_records *records, uint16_t source, tf_text id,
                                 uint32_t *record_out);

/* Columns in the order in which they were first seen, without those of the id and the source. */
TF_API uint32_t tf_link_records_column_count(const tf_link_records *records);
TF_API tf_text tf_link_records_column_name(const tf_link_records *records, uint32_t column);

/* The column of that name, UINT32_MAX if there is none.  O(columns). */
TF_API uint32_t tf_link_records_column(const tf_link_records *records, tf_text name);

/* The value of a record as it stood in the file; empty if it is missing.  O(1). */
TF_API tf_text tf_link_records_value(const tf_link_records *records, uint32_t record,
                                     uint32_t column);

/* Distinct values of a column, and the share of records that have one. */
TF_API uint32_t tf_link_records_distinct(const tf_link_records *records, uint32_t column);
TF_API double tf_link_records_filled(const tf_link_records *records, uint32_t column);

/* Bytes that the records take. */
TF_API size_t tf_link_records_memory(const tf_link_records *records);

#endif
