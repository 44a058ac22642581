/* Counting agreement patterns: one level of each comparison, as one number. */
#ifndef TREFOIL_LINKAGE_PATTERNS_INTERNAL_H
#define TREFOIL_LINKAGE_PATTERNS_INTERNAL_H

#include "trefoil/linkage/model.h"
#include "trefoil/linkage/train.h"

/* How patterns are numbered: mixed radix, the first comparison's level counting least. */
typedef struct link_pattern_code {
    int count;
    uint64_t strides[TF_LINK_MAX_COMPARISONS];
    uint64_t total;
} link_pattern_code;

/* Errors: TF_UNSUPPORTED for more patterns than a number can name. */
tf_status link_pattern_code_init(link_pattern_code *code, const tf_link_model *model,
                                 tf_error *error);

static inline uint64_t link_pattern_of(const link_pattern_code *code, const uint8_t *levels) {
    uint64_t pattern = 0;
    for (int c = 0; c < code->count; c++) {
        pattern += code->strides[c] * levels[c];
    }
    return pattern;
}

static inline uint8_t link_pattern_level(const link_pattern_code *code, uint64_t pattern, int c) {
    uint64_t next = c + 1 < code->count ? code->strides[c + 1] : code->total;
    return (uint8_t)(pattern % next / code->strides[c]);
}

/* Counts by pattern: an array where patterns are few, else a hash table. */
typedef struct link_pattern_counter {
    uint64_t *dense;
    uint64_t dense_count;
    uint64_t *keys; /* pattern + 1; 0 is free */
    uint64_t *counts;
    size_t mask;
    size_t used;
} link_pattern_counter;

tf_status link_pattern_counter_init(link_pattern_counter *counter, const link_pattern_code *code,
                                    tf_error *error);
void link_pattern_counter_deinit(link_pattern_counter *counter);

/* Errors: TF_NO_MEMORY. */
tf_status link_pattern_count_slowly(link_pattern_counter *counter, uint64_t pattern, uint64_t by,
                                    tf_error *error);
static inline tf_status link_pattern_count(link_pattern_counter *counter, uint64_t pattern,
                                           uint64_t by, tf_error *error) {
    if (counter->dense) {
        counter->dense[pattern] += by;
        return TF_OK;
    }
    return link_pattern_count_slowly(counter, pattern, by, error);
}

/* The counters of several threads together, in order of patterns.  `*patterns_out` is to be given
 * to link_patterns_deinit. */
tf_status link_patterns_gather(const link_pattern_counter *counters, int counter_count,
                               const link_pattern_code *code, tf_link_patterns *patterns_out,
                               tf_error *error);
void link_patterns_deinit(tf_link_patterns *patterns);

#endif
