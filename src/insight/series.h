/* Counts by month of many areas and types at once, for programs. */
#ifndef INSIGHT_SERIES_H
#define INSIGHT_SERIES_H

#include "insight/crime_data.h"
#include "trefoil/base/date.h"
#include "trefoil/table/table.h"

typedef struct tf_series_request {
    const char *const *areas; /* as people type them; NULL: all of `layer` within `within` */
    size_t area_count;
    const char *within; /* NULL: all of the layer */
    tf_layer layer;
    const char *const *types; /* groups of the pack, or crime types */
    size_t type_count;
    tf_month from; /* both months are included */
    tf_month to;
    int64_t first_row; /* of the page: how many rows to leave out */
    int64_t most_rows; /* on the page */
} tf_series_request;

/* *table_out, which the caller frees, has the rows of the page in order of area (as given, or by
 * code), type (as given) and month:
 *   area_code text, area_name text, layer text, type text (a group's name or the crime type),
 *   month date (its first day), count int64 (null where no file of the month was imported)
 * *row_count_out is the number of rows of all pages.
 * Errors: as tf_comparison_make; TF_BAD_INPUT for no type, or more than ten million rows in all.
 * O(rows of the period + rows of all pages). */
tf_status tf_series_make(tf_crime_data *data, const tf_series_request *request,
                         tf_table **table_out, int64_t *row_count_out, tf_error *error);

#endif
