/* One batch of a police file: its rows checked, and encoded month by month as they are stored. */
#ifndef INTAKE_POLICE_ROWS_H
#define INTAKE_POLICE_ROWS_H

#include "intake/police_feed.h"
#include "pack/pack.h"

/* What can be odd about a row that is kept. */
typedef enum tf_police_warning {
    TF_POLICE_NO_LOCATION,
    TF_POLICE_NO_SMALL_AREA,
    TF_POLICE_NO_CRIME_ID,
    TF_POLICE_OUTSIDE_ISLES,
    TF_POLICE_UNKNOWN_CRIME_TYPE,
    TF_POLICE_OTHER_FORCE,
    TF_POLICE_OTHER_TIME,
    TF_POLICE_WARNING_COUNT,
} tf_police_warning;

/* A clause that reads after a number of rows: "have no location". */
const char *tf_police_warning_text(tf_police_warning warning);

typedef struct tf_police_rejected_row {
    int64_t row;
    char reason[160];
} tf_police_rejected_row;

/* Rows of one month and one force, as messages of an Arrow stream without its schema and end, so
 * that the pieces of a partition follow each other in one stream. */
typedef struct tf_police_piece {
    tf_month month;
    char *reported_by; /* as the rows name the force; "" where the feed does not */
    int64_t row_count;
    tf_buffer messages;
} tf_police_piece;

typedef struct tf_police_rows {
    tf_buffer schema; /* the start of the stream, the same for every batch of a feed */
    tf_police_piece *pieces;
    size_t piece_count;
    tf_police_rejected_row *rejects; /* in the order of the rows */
    size_t reject_count;
    int64_t accepted;
    int64_t warnings[TF_POLICE_WARNING_COUNT];
    int64_t first_row[TF_POLICE_WARNING_COUNT]; /* an accepted row that shows it */
} tf_police_rows;

/* What holds for every row of the file. */
typedef struct tf_police_rules {
    tf_police_feed feed;
    const tf_pack *pack;
    bool has_name; /* the file's name says the month and the force */
    tf_police_file_name name;
} tf_police_rules;

/* Check and encode the rows of `table`, which has the feed's columns; *rows_out is freed with
 * tf_police_rows_free.  Thread-safe.  O(rows). */
tf_status tf_police_rows_make(const tf_police_rules *rules, const tf_table *table,
                              tf_police_rows **rows_out, tf_error *error);
void tf_police_rows_free(tf_police_rows *rows); /* accepts NULL */

#endif
