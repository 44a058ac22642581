/* What the bit-parallel kernels and the tables for long texts share. */
#ifndef TREFOIL_LINKAGE_SIMILARITY_INTERNAL_H
#define TREFOIL_LINKAGE_SIMILARITY_INTERNAL_H

#include "trefoil/linkage/similarity.h"

#include <assert.h>

/* How many codes agree in Jaro's sense, and twice how many of them are out of order. */
typedef struct jaro_count {
    uint32_t common;
    uint32_t out_of_order;
} jaro_count;

static inline uint32_t similarity_code_at(const tf_similarity_text *text, uint32_t i) {
    const uint8_t *narrow = text->narrow;
    assert(narrow || text->wide);
    return narrow ? narrow[i] : text->wide[i];
}

/* How far apart codes may stand and still count for Jaro. */
static inline uint32_t jaro_reach(uint32_t a_length, uint32_t b_length) {
    uint32_t longer = a_length > b_length ? a_length : b_length;
    return longer < 4 ? 0 : longer / 2 - 1;
}

/* The same for texts of any length, from the scratch.  `at_most` is below UINT32_MAX. */
uint32_t similarity_long_edits(const tf_similarity_text *a, const tf_similarity_text *b,
                               bool with_swaps, uint32_t at_most, tf_similarity_scratch *scratch);
jaro_count similarity_long_jaro(const tf_similarity_text *a, const tf_similarity_text *b,
                                tf_similarity_scratch *scratch);

/* The unrestricted distance; `cells` has room for 5 * (b->length + 1). */
uint32_t similarity_table_damerau(const tf_similarity_text *a, const tf_similarity_text *b,
                                  uint32_t at_most, uint32_t *cells);

#endif
