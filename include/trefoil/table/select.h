/* Some rows of a table, as a table of their own. */
#ifndef TREFOIL_TABLE_SELECT_H
#define TREFOIL_TABLE_SELECT_H

#include "trefoil/table/table.h"

/* The rows `rows[0 .. row_count)` of `table`, in that order, repeats allowed.  A dictionary keeps
 * only the texts that occur, in order of first appearance.  The result is freed by the caller.
 * Errors: TF_NO_MEMORY; TF_BAD_INPUT for 2 GiB of text in a column.  A row outside the table is a
 * programmer's mistake.  Thread-safe.  O(rows x columns + dictionary entries). */
TF_API tf_status tf_table_select(const tf_table *table, const int64_t *rows, size_t row_count,
                                 tf_table **selected_out, tf_error *error);

#endif
