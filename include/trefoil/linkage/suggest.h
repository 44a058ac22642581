/* Settings for records that nobody has written settings for: what columns hold, and the
 * comparisons and blocking rules that follow from it. */
#ifndef TREFOIL_LINKAGE_SUGGEST_H
#define TREFOIL_LINKAGE_SUGGEST_H

#include "trefoil/linkage/model.h"
#include "trefoil/linkage/recognise.h"
#include "trefoil/linkage/records.h"

/* What each column of the records holds (recognise.h), from 2,000 records evenly spread.
 * `recognised_out` has room for one of each column.  Errors: TF_NO_MEMORY. */
TF_API tf_status tf_link_recognise(const tf_link_records *records, const tf_missing *missing,
                                   tf_recognised *recognised_out, tf_error *error);

/* A model without m, u and prior for records whose columns hold `fields` (one a column;
 * TF_PERSON_COUNT leaves a column out).
 *
 * A column is compared by what it is.  Columns of which one follows from another are made to count
 * once: a town says nothing where the postcode agrees, the postcode nothing where the address does,
 * the sex nothing where the given name does, and names in each other's place are one agreement.
 * What a household shares (family name, address, telephone) says nothing where neither the given
 * name nor the date of birth is alike.
 * Blocking rules are the widest of which none gives more than `most_pairs` a record, estimated from
 * a sample of the records.  0: 6.
 * `*model_out` is to be freed with tf_link_model_free.
 * Errors: TF_BAD_INPUT if no column can be compared; TF_NO_MEMORY.  O(records). */
TF_API tf_status tf_link_suggest(const tf_link_records *records, const tf_person_field *fields,
                                 tf_link_type type, const tf_standardiser *standardiser,
                                 double most_pairs, tf_link_model **model_out, tf_error *error);

#endif
