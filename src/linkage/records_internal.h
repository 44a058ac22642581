/* The inside of records, for the files that read them by columns. */
#ifndef TREFOIL_LINKAGE_RECORDS_INTERNAL_H
#define TREFOIL_LINKAGE_RECORDS_INTERNAL_H

#include "linkage/dictionary_internal.h"
#include "trefoil/linkage/records.h"

typedef struct link_column {
    char *name;
    link_dictionary values;
    uint32_t *codes; /* of each record; 0: missing */
    size_t code_capacity;
} link_column;

struct tf_link_records {
    uint32_t count;
    bool ids_are_numbers;
    uint16_t source_count;
    link_dictionary source_names; /* code is source + 1 */
    uint16_t *sources;            /* of each record, rising */
    uint32_t *source_starts;      /* source_count + 1 */
    char *id_bytes;
    uint64_t *id_starts; /* count + 1 */
    uint32_t column_count;
    link_column *columns;
};

/* Ids as numbers where all are: digits without a leading zero, few enough for 64 bits. */
bool link_is_whole_number(tf_text id);
int link_compare_ids(bool are_numbers, tf_text a, tf_text b);

#endif
