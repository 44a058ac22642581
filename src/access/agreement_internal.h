/* Agreements read and checked, within a transaction and without a decision. */
#ifndef ACCESS_AGREEMENT_INTERNAL_H
#define ACCESS_AGREEMENT_INTERNAL_H

#include "agreement.h"

/* The agreement of that number, or all (0), in the order of their numbers. */
tf_status tf_agreement_read(tf_db *db, const tf_access_rules *rules, int64_t id, tf_arena *arena,
                            tf_agreement **agreements_out, size_t *count_out, tf_error *error);

/* The bit of a field by its stored name; every bit for '' of a category that has no fields; 0 for a
 * field that the category lacks. */
uint32_t tf_agreement_field_mask(const tf_category *category, const char *field);

/* Whether the terms say enough and agree with the rules.  Errors: TF_BAD_INPUT. */
tf_status tf_agreement_check(const tf_access_rules *rules, const tf_agreement_terms *terms,
                             tf_error *error);

#endif
