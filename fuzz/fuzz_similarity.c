/* Two texts of any bytes, parted at the first line end: comparing and sounding them is safe, the
 * distances keep their order, and a bound changes nothing but what lies above it. */
#include "trefoil/linkage/phonetic.h"
#include "trefoil/linkage/similarity.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds) {
        abort();
    }
}

static void compare(const tf_similarity_text *a, const tf_similarity_text *b,
                    tf_similarity_scratch *scratch) {
    uint32_t edits = tf_similarity_levenshtein(a, b, TF_SIMILARITY_ANY, scratch);
    uint32_t aligned = tf_similarity_alignment(a, b, TF_SIMILARITY_ANY, scratch);
    uint32_t least = tf_similarity_damerau(a, b, TF_SIMILARITY_ANY, scratch);
    require(least <= aligned && aligned <= edits && (edits == 0) == tf_similarity_equal(a, b));
    for (uint32_t bound = 0; bound < 4; bound++) {
        require(tf_similarity_levenshtein(b, a, bound, scratch) == (edits < bound   ? edits
                                                                    : edits > bound ? bound + 1
                                                                                    : bound));
    }
    double jaro = tf_similarity_jaro(a, b, scratch);
    double winkler = tf_similarity_jaro_winkler(a, b, scratch);
    require(jaro >= 0 && jaro <= winkler && winkler <= 1);
}

static void sound(tf_text text) {
    char soundex[TF_SOUNDEX_SIZE];
    tf_double_metaphone keys;
    bool is_named = tf_phonetic_soundex(text, soundex);
    require(strlen(soundex) == (is_named ? TF_SOUNDEX_SIZE - 1 : 0));
    tf_phonetic_double_metaphone(text, TF_METAPHONE_SIZE, &keys);
    require(strlen(keys.primary) < TF_METAPHONE_SIZE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t length = end ? (size_t)(end - data) : size;
    tf_text left = {(const char *)data, length};
    tf_text right = {(const char *)data + length, size - length};
    tf_similarity_scratch scratch;
    tf_arena *arena = tf_arena_new();
    if (!arena || size > 5000 || tf_similarity_scratch_init(&scratch, (uint32_t)size, NULL)) {
        tf_arena_free(arena);
        return 0;
    }
    for (int unit = TF_SIMILARITY_CODE_POINTS; unit <= TF_SIMILARITY_BYTES; unit++) {
        tf_similarity_text a, b;
        if (tf_similarity_prepare(left, unit, arena, &a, NULL) == TF_OK &&
            tf_similarity_prepare(right, unit, arena, &b, NULL) == TF_OK) {
            compare(&a, &b, &scratch);
        }
    }
    sound(left);
    sound(right);
    tf_similarity_scratch_deinit(&scratch);
    tf_arena_free(arena);
    return 0;
}
