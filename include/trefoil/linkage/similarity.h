/* How alike two texts are: edit distances, Jaro, Jaro-Winkler and Jaccard.
 *
 * A text is prepared once and compared often: nothing below that takes prepared texts decodes,
 * allocates or fails.  Everything is thread-safe, as long as a scratch serves one thread at a
 * time. */
#ifndef TREFOIL_LINKAGE_SIMILARITY_H
#define TREFOIL_LINKAGE_SIMILARITY_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

/* What counts as one character.  DuckDB, and so Splink on it, compares the bytes of UTF-8, so that
 * "Zoë" and "Zoe" are two edits apart; rapidfuzz, jellyfish and Spark compare code points. */
typedef enum tf_similarity_unit {
    TF_SIMILARITY_CODE_POINTS,
    TF_SIMILARITY_BYTES,
} tf_similarity_unit;

/* A text made ready.  Its codes live in the arena that it was prepared in. */
typedef struct tf_similarity_text {
    const uint8_t *narrow; /* one byte a code, zeros up to a multiple of 16; NULL if one is > 255 */
    const uint32_t *wide;  /* only where narrow is NULL */
    uint32_t length;       /* in codes */
} tf_similarity_text;

/* Up to this length a comparison is bit-parallel and needs no scratch. */
enum { TF_SIMILARITY_WORD = 64 };

/* No bound on a distance: longer than any text. */
#define TF_SIMILARITY_ANY UINT32_MAX

/* Decode `text`; each maximal run of bytes that cannot begin or continue a character is one U+FFFD
 * (Unicode 15, section 3.9, "substitution of maximal subparts").
 * Errors: TF_NO_MEMORY; TF_BAD_INPUT beyond 2^31 - 1 bytes.  O(length). */
TF_API tf_status tf_similarity_prepare(tf_text text, tf_similarity_unit unit, tf_arena *arena,
                                       tf_similarity_text *prepared_out, tf_error *error);

/* Work space for texts of up to `longest` codes.  Every function below takes NULL in its place
 * where neither text has more than TF_SIMILARITY_WORD codes; a longer text than the scratch was
 * made for is a programmer's mistake.  20 bytes a code. */
typedef struct tf_similarity_scratch {
    uint32_t *cells;
    uint32_t longest;
} tf_similarity_scratch;

TF_API tf_status tf_similarity_scratch_init(tf_similarity_scratch *scratch, uint32_t longest,
                                            tf_error *error);
TF_API void tf_similarity_scratch_deinit(tf_similarity_scratch *scratch);

TF_API bool tf_similarity_equal(const tf_similarity_text *a, const tf_similarity_text *b);

/* The fewest edits that turn one text into the other; `at_most` + 1 as soon as it is known that
 * more than `at_most` are needed, which is quicker the smaller the bound is.
 *
 * Levenshtein: insert, delete, substitute.  The optimal string alignment also swaps two
 * neighbours, but edits no piece twice: CA and ABC are 3 apart.  The unrestricted
 * Damerau-Levenshtein distance may insert between what was swapped: 2, as in DuckDB's
 * damerau_levenshtein.
 *
 * Sources: Myers 1999 (J. ACM 46:395) in the form of Hyyro 2003 (Nordic J. Computing 10:29) for
 * the first two up to 64 codes, O(n); beyond, Ukkonen's band (1985), O(n * min(n, at_most)).
 * Unrestricted: Lowrance & Wagner 1975 in the linear space of Zhao & Sahni 2019, O(n * m). */
TF_API uint32_t tf_similarity_levenshtein(const tf_similarity_text *a, const tf_similarity_text *b,
                                          uint32_t at_most, tf_similarity_scratch *scratch);
TF_API uint32_t tf_similarity_alignment(const tf_similarity_text *a, const tf_similarity_text *b,
                                        uint32_t at_most, tf_similarity_scratch *scratch);
TF_API uint32_t tf_similarity_damerau(const tf_similarity_text *a, const tf_similarity_text *b,
                                      uint32_t at_most, tf_similarity_scratch *scratch);

/* Jaro's similarity, 0 to 1 (Jaro 1989, JASA 84:414): with c codes that both have no further
 * apart than half the longer text less one, t of them out of order, halved and rounded down,
 * (c/|a| + c/|b| + (c - t)/c) / 3.  Two empty texts are wholly alike, as in rapidfuzz; an empty
 * and another are not at all.  O(n) up to 64 codes, O(n * m) beyond. */
TF_API double tf_similarity_jaro(const tf_similarity_text *a, const tf_similarity_text *b,
                                 tf_similarity_scratch *scratch);

/* Jaro raised by a tenth of what it lacks of 1 for each of the first up to four codes that agree,
 * where it is above 0.7 (Winkler 1990; the threshold is that of his strcmp95.c, of rapidfuzz and
 * of DuckDB's jaro_winkler_similarity). */
TF_API double tf_similarity_jaro_winkler(const tf_similarity_text *a, const tf_similarity_text *b,
                                         tf_similarity_scratch *scratch);

/* The distinct q-grams of a text, in order.  Lives in the arena that it was made in. */
typedef struct tf_similarity_grams {
    const uint64_t *items;
    uint32_t count;
} tf_similarity_grams;

enum { TF_SIMILARITY_LONGEST_GRAM = 3 };

/* The pieces of `length` codes, 1 to TF_SIMILARITY_LONGEST_GRAM; with 1 its set of characters, as
 * in DuckDB's jaccard.  A text shorter than that is one piece, an empty text none.
 * Errors: TF_NO_MEMORY.  O(n log n). */
TF_API tf_status tf_similarity_prepare_grams(const tf_similarity_text *text, uint32_t length,
                                             tf_arena *arena, tf_similarity_grams *grams_out,
                                             tf_error *error);

/* The share of their pieces that both have (Jaccard 1901); 1 for two that have none.  O(n + m). */
TF_API double tf_similarity_jaccard(const tf_similarity_grams *a, const tf_similarity_grams *b);

#endif
