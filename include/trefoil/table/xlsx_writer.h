/* Tables as an Office Open XML workbook with typed cells (ECMA-376, SpreadsheetML). */
#ifndef TREFOIL_TABLE_XLSX_WRITER_H
#define TREFOIL_TABLE_XLSX_WRITER_H

#include "trefoil/table/table.h"

/* How the cells of a column are shown; what they hold is as exact as in the table. */
typedef enum tf_sheet_format {
    TF_SHEET_PLAIN = 0, /* whole numbers with thousands, all else as it is */
    TF_SHEET_DECIMAL,   /* two decimals */
    TF_SHEET_PERCENT,   /* 0.25 as 25.0% */
    TF_SHEET_MONTH,     /* a date as 2023-05 */
    TF_SHEET_DATE,      /* 2023-05-01 */
    TF_SHEET_YEAR,      /* a whole number without thousands */
} tf_sheet_format;

typedef struct tf_sheet {
    const char *name; /* of the tab; cut to 31 characters, what Excel forbids replaced by a space */
    const tf_table *table;
    const tf_sheet_format *formats; /* one a column, or NULL: all plain */
} tf_sheet;

typedef struct tf_workbook_about {
    const char *title;
    const char *subject;
    const char *comments;
    int64_t created_at; /* instant after 1970; equal tables and instants give equal bytes */
} tf_workbook_about;

/* Append a workbook of the sheets, in their order, to `out`.  Each has its column names in bold in
 * its first row, which stays in sight, a filter on every column, and columns about as wide as their
 * content.  Text is written as text, never as a formula or a link, whatever it starts with; a null,
 * and a number that is not finite, is an empty cell.  Sheet names must differ.
 * Errors: TF_BAD_INPUT for a table of more rows (1,048,576) or columns (16,384) than a sheet has
 * or a text of more than 32,767 characters, or sheets of one name; TF_NO_MEMORY; TF_IO where the
 * system lends no memory file.  `out` is then as before.  Thread-safe.  O(cells). */
TF_API tf_status tf_xlsx_write(const tf_sheet *sheets, size_t sheet_count,
                               const tf_workbook_about *about, tf_buffer *out, tf_error *error);

#endif
