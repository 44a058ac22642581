/* Settings while they are put together. */
#ifndef TREFOIL_LINKAGE_SUGGEST_INTERNAL_H
#define TREFOIL_LINKAGE_SUGGEST_INTERNAL_H

#include "trefoil/linkage/suggest.h"

typedef struct link_suggestion {
    const tf_link_records *records;
    const tf_person_field *fields;
    bool is_usable[TF_LINK_MAX_COLUMNS];
    tf_link_model *model;
    const tf_standardiser *standardiser;
    tf_error *error;
} link_suggestion;

/* The first usable column of a field, borrowed from the records; NULL if there is none. */
const char *link_column_of(const link_suggestion *suggestion, tf_person_field field);

tf_status link_suggest_rules(link_suggestion *suggestion, double most_pairs);

#endif
