#include "similarity_internal.h"

#include <assert.h>
#include <endian.h>

enum { BLOCK = 16 };

#ifdef __SSE2__
#include <emmintrin.h>

/* The positions, as bits, at which sixteen codes equal `code`. */
static inline uint32_t positions_in_block(const uint8_t *codes, uint32_t code) {
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)codes);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8((char)code)));
}
#else
/* The same for eight, without vectors: a byte of the difference is 0 where they are equal, and the
 * product collects the eight answers in the top byte. */
static inline uint32_t positions_in_word(const uint8_t *codes, uint32_t code) {
    const uint64_t low = 0x7F7F7F7F7F7F7F7FULL;
    uint64_t word;
    memcpy(&word, codes, sizeof word);
    uint64_t difference = le64toh(word) ^ code * 0x0101010101010101ULL;
    uint64_t equal = ~(((difference & low) + low) | difference | low) >> 7;
    return (uint32_t)((equal * 0x0102040810204080ULL) >> 56);
}

static inline uint32_t positions_in_block(const uint8_t *codes, uint32_t code) {
    return positions_in_word(codes, code) | positions_in_word(codes + 8, code) << 8;
}
#endif

/* What is known of both texts when a kernel is compiled. */
typedef enum text_shape {
    SHORT,  /* both narrow, the pattern in one block */
    NARROW, /* both narrow */
    MIXED,
} text_shape;

/* The positions of `code` in a pattern of at most 64 codes.  A byte of the padding, 0, may be found
 * beyond the end: who asks looks only at the bits of the length. */
static inline uint64_t positions_of(const tf_similarity_text *pattern, uint32_t code,
                                    text_shape shape) {
    uint64_t found = 0;
    if (shape == SHORT) {
        return positions_in_block(pattern->narrow, code);
    }
    if (shape == NARROW) {
        for (uint32_t i = 0; i < pattern->length; i += BLOCK) {
            found |= (uint64_t)positions_in_block(pattern->narrow + i, code) << i;
        }
        return found;
    }
    for (uint32_t i = 0; i < pattern->length; i++) {
        found |= (uint64_t)(similarity_code_at(pattern, i) == code) << i;
    }
    return found;
}

static inline uint32_t next_code(const tf_similarity_text *text, uint32_t i, text_shape shape) {
    return shape == MIXED ? similarity_code_at(text, i) : text->narrow[i];
}

static inline text_shape shape_of(const tf_similarity_text *pattern,
                                  const tf_similarity_text *text) {
    if (!pattern->narrow || !text->narrow) {
        return MIXED;
    }
    return pattern->length <= BLOCK ? SHORT : NARROW;
}

/* Columns of the table of distances as differences down the column, a bit each: `up` where a cell
 * is one more than the cell above it, `down` where it is one less (Hyyro 2003). */
static inline uint32_t word_edits(const tf_similarity_text *pattern, const tf_similarity_text *text,
                                  bool with_swaps, text_shape shape, uint32_t at_most) {
    uint64_t up = UINT64_MAX, down = 0, diagonal = UINT64_MAX, before = 0;
    uint32_t shift = pattern->length - 1;
    uint32_t distance = pattern->length;
    for (uint32_t j = 0; j < text->length; j++) {
        uint64_t equal = positions_of(pattern, next_code(text, j, shape), shape);
        uint64_t swapped = with_swaps ? ((~diagonal & equal) << 1) & before : 0;
        diagonal = (((equal & up) + up) ^ up) | equal | down | swapped;
        uint64_t right_up = down | ~(diagonal | up);
        uint64_t right_down = diagonal & up;
        distance += (uint32_t)(right_up >> shift & 1);
        distance -= (uint32_t)(right_down >> shift & 1);
        /* Each column that is left takes at most one off. */
        if (distance > at_most && distance - at_most > text->length - 1 - j) {
            return at_most + 1;
        }
        right_up = right_up << 1 | 1;
        right_down <<= 1;
        up = right_down | ~(diagonal | right_up);
        down = right_up & diagonal;
        before = equal;
    }
    return distance;
}

static inline uint32_t edits(const tf_similarity_text *a, const tf_similarity_text *b,
                             bool with_swaps, uint32_t at_most, tf_similarity_scratch *scratch) {
    const tf_similarity_text *longer = a->length > b->length ? a : b;
    const tf_similarity_text *shorter = longer == a ? b : a;
    if (at_most > longer->length) {
        at_most = longer->length;
    }
    if (longer->length - shorter->length > at_most) {
        return at_most + 1;
    }
    if (shorter->length == 0) {
        return longer->length;
    }
    if (shorter->length > TF_SIMILARITY_WORD) {
        return similarity_long_edits(longer, shorter, with_swaps, at_most, scratch);
    }
    /* A step for each code of the text, so the pattern is the longer of the two if it fits. */
    const tf_similarity_text *pattern = longer->length <= TF_SIMILARITY_WORD ? longer : shorter;
    const tf_similarity_text *text = pattern == longer ? shorter : longer;
    switch (shape_of(pattern, text)) {
    case SHORT:
        return word_edits(pattern, text, with_swaps, SHORT, at_most);
    case NARROW:
        return word_edits(pattern, text, with_swaps, NARROW, at_most);
    default:
        return word_edits(pattern, text, with_swaps, MIXED, at_most);
    }
}

uint32_t tf_similarity_levenshtein(const tf_similarity_text *a, const tf_similarity_text *b,
                                   uint32_t at_most, tf_similarity_scratch *scratch) {
    return edits(a, b, false, at_most, scratch);
}

uint32_t tf_similarity_alignment(const tf_similarity_text *a, const tf_similarity_text *b,
                                 uint32_t at_most, tf_similarity_scratch *scratch) {
    return edits(a, b, true, at_most, scratch);
}

uint32_t tf_similarity_damerau(const tf_similarity_text *a, const tf_similarity_text *b,
                               uint32_t at_most, tf_similarity_scratch *scratch) {
    const tf_similarity_text *longer = a->length > b->length ? a : b;
    const tf_similarity_text *shorter = longer == a ? b : a;
    uint32_t cells[5 * (TF_SIMILARITY_WORD + 1)];
    if (at_most > longer->length) {
        at_most = longer->length;
    }
    if (longer->length - shorter->length > at_most) {
        return at_most + 1;
    }
    if (shorter->length <= TF_SIMILARITY_WORD) {
        return similarity_table_damerau(longer, shorter, at_most, cells);
    }
    assert(scratch && scratch->longest >= shorter->length);
    return similarity_table_damerau(longer, shorter, at_most, scratch->cells);
}

static inline uint64_t low_bits(uint32_t count) {
    return count < 64 ? (1ULL << count) - 1 : UINT64_MAX;
}

/* Each code of `b` takes the first free equal code of `a` in reach: the lowest bit of what is
 * equal, in the window and not taken.  `steps` is the length of `b` or more: a number that is known
 * when this is compiled costs less than a branch that is hard to foretell. */
static inline jaro_count word_jaro(const tf_similarity_text *a, const tf_similarity_text *b,
                                   uint32_t steps, text_shape shape) {
    uint32_t reach = jaro_reach(a->length, b->length);
    uint64_t inside = low_bits(a->length), present = low_bits(b->length);
    uint64_t window = low_bits(reach + 1);
    uint64_t taken = 0, takers = 0, passed = 0;
    jaro_count count = {0, 0};
    for (uint32_t j = 0; j < steps; j++) {
        uint64_t equal = positions_of(a, next_code(b, j, shape), shape);
        uint64_t free = equal & window & inside & -(present >> j & 1) & ~taken;
        uint64_t first = free & -free;
        passed |= first && taken > first;
        taken |= first;
        takers |= (uint64_t)(first != 0) << j;
        count.common += first != 0;
        window = window << 1 | (j < reach);
    }
    /* Taken from left to right, all are in order. */
    for (; passed && taken; taken &= taken - 1, takers &= takers - 1) {
        uint32_t at_a = (uint32_t)__builtin_ctzll(taken);
        uint32_t at_b = (uint32_t)__builtin_ctzll(takers);
        count.out_of_order += next_code(a, at_a, shape) != next_code(b, at_b, shape);
    }
    return count;
}

static inline jaro_count count_jaro(const tf_similarity_text *a, const tf_similarity_text *b,
                                    tf_similarity_scratch *scratch) {
    if (a->length > TF_SIMILARITY_WORD || b->length > TF_SIMILARITY_WORD) {
        return similarity_long_jaro(a, b, scratch);
    }
    switch (shape_of(a, b)) {
    case SHORT:
        if (b->length <= BLOCK / 2) {
            return word_jaro(a, b, BLOCK / 2, SHORT);
        }
        return word_jaro(a, b, b->length, SHORT);
    case NARROW:
        return word_jaro(a, b, b->length, NARROW);
    default:
        return word_jaro(a, b, b->length, MIXED);
    }
}

double tf_similarity_jaro(const tf_similarity_text *a, const tf_similarity_text *b,
                          tf_similarity_scratch *scratch) {
    if (a->length == 0 || b->length == 0) {
        return a->length == b->length;
    }
    jaro_count count = count_jaro(a, b, scratch);
    if (count.common == 0) {
        return 0;
    }
    double common = count.common;
    uint32_t swaps = count.out_of_order / 2;
    /* In the order of rapidfuzz and DuckDB, so that a pair on Winkler's threshold falls on the same
     * side of it. */
    return (common / a->length + common / b->length + (common - swaps) / common) / 3.0;
}

double tf_similarity_jaro_winkler(const tf_similarity_text *a, const tf_similarity_text *b,
                                  tf_similarity_scratch *scratch) {
    double jaro = tf_similarity_jaro(a, b, scratch);
    if (jaro <= 0.7) {
        return jaro;
    }
    uint32_t prefix = 0;
    while (prefix < 4 && prefix < a->length && prefix < b->length &&
           similarity_code_at(a, prefix) == similarity_code_at(b, prefix)) {
        prefix++;
    }
    return jaro + prefix * 0.1 * (1.0 - jaro);
}

bool tf_similarity_equal(const tf_similarity_text *a, const tf_similarity_text *b) {
    if (a->length != b->length || !a->narrow != !b->narrow) {
        return false; /* what fits in bytes is never wide */
    }
    return a->length == 0 ||
           (a->narrow ? memcmp(a->narrow, b->narrow, a->length) == 0
                      : memcmp(a->wide, b->wide, a->length * sizeof *a->wide) == 0);
}

double tf_similarity_jaccard(const tf_similarity_grams *a, const tf_similarity_grams *b) {
    uint32_t i = 0, j = 0, shared = 0;
    while (i < a->count && j < b->count) {
        uint64_t left = a->items[i], right = b->items[j];
        i += left <= right;
        j += right <= left;
        shared += left == right;
    }
    uint32_t all = a->count - shared + b->count;
    return all ? (double)shared / all : 1;
}
