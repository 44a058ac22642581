/* What a model of a linkage says, in words for people: on paper and on a terminal the same.
 * What appends to a buffer leaves a failed allocation in it. */
#ifndef WEB_PAPER_LINKAGE_WORDS_H
#define WEB_PAPER_LINKAGE_WORDS_H

#include "trefoil/linkage/model.h"

/* "given name", of a column called given_name. */
void tf_linkage_words_column(const char *column, tf_buffer *out);

/* "the first 3 characters of family name". */
void tf_linkage_words_value(const tf_link_value *value, tf_buffer *out);

/* What a level stands for: its label if it has one, else its condition: "the same", "within 1
 * edit".  `comparison` is the level's; a column is named where it is not the one that the
 * comparison is called after. */
void tf_linkage_words_level(const tf_link_comparison *comparison, int level, tf_buffer *out);

/* "family name and date of birth the same". */
void tf_linkage_words_rule(const tf_link_rule *rule, tf_buffer *out);

/* "1 in 2,700"; "99.3%" for what is no small chance. */
void tf_linkage_words_chance(double probability, tf_buffer *out);

/* "99.98%", with as many decimals as keep it from 0 and 100. */
void tf_linkage_words_percent(double share, tf_buffer *out);

/* The same of a match probability, which is never quite 0 or 100: "over 99.999999%". */
void tf_linkage_words_probability(double probability, tf_buffer *out);

/* "+3.2", "-1.5" with a real minus. */
void tf_linkage_words_weight(double weight, tf_buffer *out);

/* The column that a comparison is about, for showing its values: the first that any of its levels
 * reads; NULL if none does. */
const char *tf_linkage_first_column(const tf_link_comparison *comparison);

#endif
