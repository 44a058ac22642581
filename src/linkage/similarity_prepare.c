#include "similarity_internal.h"

#include <assert.h>
#include <stdlib.h>

enum { PADDING = 16, REPLACEMENT = 0xFFFD, CELLS_A_CODE = 5, CODE_BITS = 21 };

/* The code point at the start of `text`, and how many bytes it takes.  What follows a lead byte is
 * bounded more tightly for the second byte, where overlong forms, surrogates and what lies beyond
 * U+10FFFF show (Unicode 15, table 3-7). */
static uint32_t decode(tf_text text, size_t *length_out) {
    const unsigned char *at = (const unsigned char *)text.data;
    uint32_t first = at[0];
    *length_out = 1;
    if (first < 0x80) {
        return first;
    }
    if (first < 0xC2 || first > 0xF4) {
        return REPLACEMENT;
    }
    size_t wanted = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    uint32_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    uint32_t code = first & (0xFFU >> (wanted + 1));
    for (size_t i = 1; i < wanted; i++) {
        if (i >= text.length || at[i] < low || at[i] > high) {
            *length_out = i;
            return REPLACEMENT;
        }
        code = code << 6 | (at[i] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *length_out = wanted;
    return code;
}

/* How many codes there are, and the largest. */
static uint32_t count_codes(tf_text text, uint32_t *largest_out) {
    uint32_t count = 0;
    size_t length;
    *largest_out = 0;
    for (; text.length; text.data += length, text.length -= length) {
        uint32_t code = decode(text, &length);
        *largest_out = code > *largest_out ? code : *largest_out;
        count++;
    }
    return count;
}

tf_status tf_similarity_prepare(tf_text text, tf_similarity_unit unit, tf_arena *arena,
                                tf_similarity_text *prepared_out, tf_error *error) {
    if (text.length > INT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a text of %zu bytes is too long to be compared; shorten it", text.length);
    }
    uint32_t largest = UINT8_MAX;
    uint32_t count = (uint32_t)text.length;
    if (unit == TF_SIMILARITY_CODE_POINTS) {
        count = count_codes(text, &largest);
    }
    bool is_narrow = largest <= UINT8_MAX;
    size_t room = is_narrow ? (count / PADDING + 1) * (size_t)PADDING : count;
    uint8_t *narrow = NULL;
    uint32_t *wide = NULL;
    if (is_narrow) {
        narrow = tf_arena_alloc(arena, room, sizeof *narrow);
    } else {
        wide = tf_arena_alloc(arena, room, sizeof *wide);
    }
    if (!narrow && !wide) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        size_t length = 1;
        uint32_t code =
            unit == TF_SIMILARITY_BYTES ? (unsigned char)text.data[0] : decode(text, &length);
        text.data += length;
        text.length -= length;
        if (narrow) {
            narrow[i] = (uint8_t)code;
        } else {
            wide[i] = code;
        }
    }
    if (narrow) {
        memset(narrow + count, 0, room - count);
    }
    *prepared_out = (tf_similarity_text){narrow, wide, count};
    return TF_OK;
}

tf_status tf_similarity_scratch_init(tf_similarity_scratch *scratch, uint32_t longest,
                                     tf_error *error) {
    *scratch = (tf_similarity_scratch){
        tf_alloc((size_t)longest + 1, CELLS_A_CODE * sizeof *scratch->cells), longest};
    return scratch->cells ? TF_OK : tf_fail_no_memory(error);
}

void tf_similarity_scratch_deinit(tf_similarity_scratch *scratch) {
    tf_free(scratch->cells);
    *scratch = (tf_similarity_scratch){0};
}

static int compare_items(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

tf_status tf_similarity_prepare_grams(const tf_similarity_text *text, uint32_t length,
                                      tf_arena *arena, tf_similarity_grams *grams_out,
                                      tf_error *error) {
    assert(length >= 1 && length <= TF_SIMILARITY_LONGEST_GRAM);
    uint32_t size = text->length < length ? text->length : length;
    uint32_t count = size ? text->length - size + 1 : 0;
    uint64_t *items = tf_arena_alloc(arena, count, sizeof *items);
    if (!items) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        items[i] = 0;
        for (uint32_t k = 0; k < size; k++) {
            /* One more than the code, so that a shorter piece differs from any longer. */
            items[i] = items[i] << CODE_BITS | (similarity_code_at(text, i + k) + 1);
        }
    }
    if (count) {
        qsort(items, count, sizeof *items, compare_items);
    }
    uint32_t distinct = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || items[i] != items[i - 1]) {
            items[distinct++] = items[i];
        }
    }
    *grams_out = (tf_similarity_grams){items, distinct};
    return TF_OK;
}
