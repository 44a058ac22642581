/* Reading one sheet of an Office Open XML workbook (ECMA-376, SpreadsheetML). */
#ifndef TREFOIL_TABLE_XLSX_H
#define TREFOIL_TABLE_XLSX_H

#include "trefoil/table/table.h"

/* Calls back one row after another.  `cells` has `cell_count` texts, gaps empty, numbers as the
 * file writes them; all borrowed for the call.  `row` is the sheet's 1-based row number.  Return
 * other than TF_OK to stop; that status is then the reader's. */
typedef tf_status tf_xlsx_row(void *context, int64_t row, const tf_text *cells, size_t cell_count,
                              tf_error *error);

/* Names of the sheets of the workbook at `path`, in order: *names_out is an array of *count_out
 * terminated texts in one block; free with tf_free. */
TF_API tf_status tf_xlsx_sheets(const char *path, char ***names_out, size_t *count_out,
                                tf_error *error);

/* Read sheet `sheet` (NULL: the first) of the workbook at `path`.  Memory: the shared strings
 * (bounded at 512 MiB) and one row (bounded at 16,384 cells).
 * Errors: TF_NOT_FOUND for no such file or sheet, TF_BAD_INPUT for what is not a workbook. */
TF_API tf_status tf_xlsx_read(const char *path, const char *sheet, tf_xlsx_row *on_row,
                              void *context, tf_error *error);

/* The same over bytes that the caller keeps alive. */
TF_API tf_status tf_xlsx_read_memory(const void *bytes, size_t length, const char *sheet,
                                     tf_xlsx_row *on_row, void *context, tf_error *error);

#endif
