/* The parts of a workbook, each read from its own source. */
#ifndef TREFOIL_TABLE_XLSX_INTERNAL_H
#define TREFOIL_TABLE_XLSX_INTERNAL_H

#include "trefoil/table/source.h"
#include "trefoil/table/xlsx.h"

/* The texts that cells refer to by number, one after another; zeroed to begin with. */
typedef struct tf_xlsx_strings {
    tf_buffer text;
    uint32_t *ends; /* where each ends in `text` */
    size_t count;
    size_t capacity;
} tf_xlsx_strings;

tf_status tf_xlsx_read_strings(tf_source *source, tf_xlsx_strings *strings, tf_error *error);
void tf_xlsx_strings_deinit(tf_xlsx_strings *strings);

tf_status tf_xlsx_read_sheet(tf_source *source, const tf_xlsx_strings *strings, tf_xlsx_row *on_row,
                             void *context, tf_error *error);

#endif
