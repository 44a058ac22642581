/* What the columns of a file about people hold, by their names and their values. */
#ifndef TREFOIL_LINKAGE_RECOGNISE_H
#define TREFOIL_LINKAGE_RECOGNISE_H

#include "trefoil/linkage/standardise.h"
#include "trefoil/table/table.h"

enum { TF_RECOGNISE_SENTENCE_SIZE = 256 };

typedef struct tf_recognised {
    double score;     /* 0 to 1: how much speaks for it; 0.5 or more is safe to go by */
    double filled;    /* the share of the rows looked at that have a value */
    double shaped;    /* of those, the share that can be what the field says */
    double different; /* of those, the share of distinct values */
    tf_person_field field;
    bool is_named;                             /* the column's name says so as well */
    char sentence[TF_RECOGNISE_SENTENCE_SIZE]; /* "dob: date of birth, ..."; why */
} tf_recognised;

/* What each column holds: `recognised_out` has room for one of each, in their order.  Names are
 * known in several spellings (forename, first_name, FirstName, given name); a column of that name
 * whose values have not the shape is text, and a column of another name is recognised by its
 * values where these leave no doubt.  At most one column is a record's identifier.  Up to 2,000
 * rows are looked at, evenly spread, so that the result is the same each time.
 * `missing` (may be NULL) says which values stand for nothing.
 * Errors: TF_NO_MEMORY.  Thread-safe.  O(columns * 2000 log 2000). */
TF_API tf_status tf_recognise_columns(const tf_table *table, const tf_missing *missing,
                                      tf_recognised *recognised_out, tf_error *error);

/* The field that a column's name speaks of, TF_PERSON_COUNT if it is not known.  O(names). */
TF_API tf_status tf_recognise_name(tf_text name, tf_person_field *field_out, tf_error *error);

#endif
