/* Reading one sheet of an Office Open XML workbook (ECMA-376, SpreadsheetML; transitional and
 * strict).  Functions are thread-safe; memory beyond what is said below is a few megabytes. */
#ifndef TREFOIL_TABLE_XLSX_H
#define TREFOIL_TABLE_XLSX_H

#include "trefoil/table/table.h"

/* Called for one row after another, as the file has them: `row` is the sheet's 1-based row number
 * and always grows, though not by one.  `cells` has `cell_count` texts, all borrowed for the call:
 * gaps and blanks empty, TRUE and FALSE, errors as Excel shows them (#N/A), numbers as the file
 * writes them.  So is a date, which is a number there: days since 1899-12-30 (or 1904-01-01, in
 * workbooks of old Macs).  Return other than TF_OK to stop; that status is then the reader's. */
typedef tf_status tf_xlsx_row(void *context, int64_t row, const tf_text *cells, size_t cell_count,
                              tf_error *error);

/* Names of the sheets with cells (no charts) of the workbook at `path`, in order: *names_out is an
 * array of *count_out terminated texts in one block; free with tf_free.  Errors: as tf_xlsx_read.
 */
TF_API tf_status tf_xlsx_sheets(const char *path, char ***names_out, size_t *count_out,
                                tf_error *error);

/* Read sheet `sheet` (NULL: the first; case aside) of the workbook at `path`.  Memory: the shared
 * strings (bounded at 512 MiB) and one row (bounded at 16,384 cells and 64 MiB of text).  O(bytes).
 * Errors: TF_NOT_FOUND for no such file or sheet; TF_BAD_INPUT for what is not a workbook, is
 * damaged or hostile; TF_UNSUPPORTED for .xls, .xlsb and workbooks with a password; TF_NO_MEMORY
 * also where the bound on shared strings is reached; TF_IO. */
TF_API tf_status tf_xlsx_read(const char *path, const char *sheet, tf_xlsx_row *on_row,
                              void *context, tf_error *error);

/* The same over bytes that the caller keeps alive. */
TF_API tf_status tf_xlsx_read_memory(const void *bytes, size_t length, const char *sheet,
                                     tf_xlsx_row *on_row, void *context, tf_error *error);

#endif
