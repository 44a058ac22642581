/* Counting the agreement patterns that learning needs. */
#ifndef TREFOIL_LINKAGE_LEARN_INTERNAL_H
#define TREFOIL_LINKAGE_LEARN_INTERNAL_H

#include "linkage/matcher_internal.h"
#include "trefoil/linkage/train.h"

/* The patterns of all pairs; if they are more than `most`, of records drawn at random with all
 * others.  Freed by link_patterns_deinit, as those below. */
tf_status link_count_all(tf_link_matcher *matcher, uint64_t most, tf_link_patterns *patterns_out,
                         tf_error *error);

/* Of pairs drawn at random, with replacement. */
tf_status link_count_random(tf_link_matcher *matcher, uint64_t wanted,
                            tf_link_patterns *patterns_out, tf_error *error);

/* Of the pairs of one rule, of about `most` where there are more.  Comparisons that are held are
 * not looked at: their level is the last. */
tf_status link_count_blocked(tf_link_matcher *matcher, const tf_link_rule *rule, uint64_t most,
                             const bool *is_held, tf_link_patterns *patterns_out,
                             double *all_pairs_out, tf_error *error);

/* How many pairs the rules find together. */
tf_status link_count_pairs(tf_link_matcher *matcher, const tf_link_rule *rules, int rule_count,
                           double *pairs_out, tf_error *error);

/* The share of records that have a value in a column. */
double link_filled(const tf_link_matcher *matcher, const char *column);

/* m as the median of what sessions learnt; counts the levels that none of them did. */
tf_status link_combine_m(tf_link_model *model, const tf_link_training *trainings, int count,
                         int *defaulted_out, tf_error *error);

#endif
