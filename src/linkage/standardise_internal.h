/* What the files that standardise share. */
#ifndef LINKAGE_STANDARDISE_INTERNAL_H
#define LINKAGE_STANDARDISE_INTERNAL_H

#include "trefoil/base/memory.h"
#include "trefoil/linkage/standardise.h"

static inline bool tf_is_digit(char c) {
    return c >= '0' && c <= '9';
}
static inline bool tf_is_letter(char c) { /* ASCII, of either case */
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline char tf_to_upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}
static inline char tf_to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The next word of text whose words are one space apart; false at the end.  `*rest` moves on. */
static inline bool tf_next_word(tf_text *rest, tf_text *word_out) {
    if (rest->length == 0) {
        return false;
    }
    const char *space = memchr(rest->data, ' ', rest->length);
    size_t length = space ? (size_t)(space - rest->data) : rest->length;
    *word_out = (tf_text){rest->data, length};
    size_t step = space ? length + 1 : length;
    rest->data += step;
    rest->length -= step;
    return true;
}

/* Whether the word, which is not empty, is in a list of terminated texts that ends with NULL.  Most
 * words differ from most of a list in their first letter. */
static inline bool tf_word_is_in(tf_text word, const char *const *list) {
    for (; *list; list++) {
        if (**list == word.data[0] && tf_text_equal(word, tf_text_of(*list))) {
            return true;
        }
    }
    return false;
}

/* The groups that have the standard name, the first `most` of them in `groups_out`; how many there
 * are.  O(log n). */
size_t tf_nicknames_groups(const tf_nicknames *nicknames, tf_text name, uint32_t *groups_out,
                           size_t most);

/* Make room for `length` bytes and a terminator in `buffer`, and forget what it holds. */
tf_status tf_buffer_start(tf_buffer *buffer, size_t length, tf_error *error);

/* The letters and digits of one code point that is not ASCII, folded, in UTF-8: appended to
 * `bytes`, which has room for TF_FOLDED_SIZE.  The length; 0 for what is left out; and
 * TF_FOLDED_SPACE, TF_FOLDED_APOSTROPHE or TF_FOLDED_HYPHEN for what parts or joins words. */
enum {
    TF_FOLDED_SIZE = 96,
    TF_FOLDED_SPACE = -1,
    TF_FOLDED_APOSTROPHE = -2,
    TF_FOLDED_HYPHEN = -3,
};

/* Reads one code point of at least one byte at `bytes`, and says how many bytes it has. */
int tf_fold_code_point(const char *bytes, size_t length, size_t *read_out,
                       char folded_out[TF_FOLDED_SIZE]);

#endif
