/* Rows of text from a file of a kind that people make themselves: a CSV file or a workbook, whose
 * columns are recognised by their header. */
#ifndef INTAKE_ROWS_INTERNAL_H
#define INTAKE_ROWS_INTERNAL_H

#include "trefoil/base/text.h"
#include "trefoil/table/source.h"

enum { TF_ROWS_MAX_COLUMNS = 310, TF_ROWS_TITLE_SIZE = 512 };

/* The columns that are wanted, by their places in the header. */
typedef struct tf_rows_columns {
    size_t places[TF_ROWS_MAX_COLUMNS];
    size_t count;
} tf_rows_columns;

typedef struct tf_rows_reader {
    /* Choose columns of a header, below a title ("" if there is none).  TF_BAD_INPUT says what
     * the header lacks; in a workbook the search then goes on in the next row. */
    tf_status (*choose)(void *context, const tf_text *names, size_t count, const char *title,
                        tf_rows_columns *chosen_out, tf_error *error);

    /* The chosen cells of a row, in the order chosen, and the record as it stands in the file.
     * NULL where only the header is of interest (workbooks only). */
    tf_status (*on_row)(void *context, int64_t line, const tf_text *cells, tf_text record,
                        tf_error *error);

    /* A record that is no row. */
    tf_status (*on_reject)(void *context, int64_t line, const char *reason, tf_text record,
                           tf_error *error);
    void *context;
} tf_rows_reader;

/* Read the CSV file at `path`, plain or gzip.  Errors: those of the reader's functions, of
 * tf_source_open and tf_csv_read. */
tf_status tf_rows_read_csv(const char *path, const tf_rows_reader *reader,
                           char sha256_out[TF_SHA256_TEXT_SIZE], tf_error *error);

/* Read sheet `sheet` of the workbook at `path`.  The header is the first of its first 50 rows that
 * can be chosen from, the rows above it are the title.  A row whose chosen cells are all empty is
 * passed over.  Errors: those of the reader's functions and of tf_xlsx_read; TF_NOT_FOUND if no
 * row is a header. */
tf_status tf_rows_read_workbook(const char *path, const char *sheet, const tf_rows_reader *reader,
                                tf_error *error);

#endif
