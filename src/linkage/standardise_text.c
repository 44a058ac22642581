#include "standardise_internal.h"

/* What an ASCII character is to a word: itself in lower case, or one of these. */
enum { PART = 0, APOSTROPHE = 1, HYPHEN = 2, WIDE = 3 };

#define LOWER(first)                                                                               \
    (first), (first) + 1, (first) + 2, (first) + 3, (first) + 4, (first) + 5, (first) + 6
static const unsigned char ascii[128] = {
    ['0'] = '0',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    ['A'] = LOWER('a'),
    LOWER('h'),
    LOWER('o'),
    'v',
    'w',
    'x',
    'y',
    'z',
    ['a'] = LOWER('a'),
    LOWER('h'),
    LOWER('o'),
    'v',
    'w',
    'x',
    'y',
    'z',
    ['\''] = APOSTROPHE,
    ['`'] = APOSTROPHE,
    ['-'] = HYPHEN,
};

tf_status tf_buffer_start(tf_buffer *buffer, size_t length, tf_error *error) {
    buffer->length = 0;
    if (buffer->capacity <= length &&
        tf_reserve(&buffer->data, &buffer->capacity, length + 1, 1, error)) {
        return TF_NO_MEMORY;
    }
    buffer->data[0] = '\0';
    return TF_OK;
}

/* What was read since the last letter: nothing, what parts words, or one sign that joins them. */
typedef enum gap { NO_GAP, SPACE_GAP, APOSTROPHE_GAP, HYPHEN_GAP } gap;

static gap widen(gap before, gap sign) {
    return before == NO_GAP ? sign : SPACE_GAP;
}

/* The byte to write for a gap between two letters; 0 for none. */
static char byte_of(gap between, tf_fold fold) {
    switch (between) {
    case APOSTROPHE_GAP:
        return fold == TF_FOLD_JOINS ? '\'' : '\0';
    case HYPHEN_GAP:
        return fold == TF_FOLD_JOINS ? '-' : ' ';
    case SPACE_GAP:
        return ' ';
    default:
        return '\0';
    }
}

typedef struct folding {
    tf_fold fold;
    gap between;
    tf_buffer *out;
} folding;

/* Append a letter of several bytes, for which there may be no room. */
static tf_status append_wide(folding *state, const char *bytes, int count, size_t still_to_come,
                             tf_error *error) {
    tf_buffer *out = state->out;
    size_t needed = out->length + (size_t)count + still_to_come * 2 + 4;
    tf_status status = tf_reserve(&out->data, &out->capacity, needed, 1, error);
    if (status) {
        return status;
    }
    char sign = out->length > 0 ? byte_of(state->between, state->fold) : '\0';
    if (sign) {
        out->data[out->length++] = sign;
    }
    memcpy(out->data + out->length, bytes, (size_t)count);
    out->length += (size_t)count;
    state->between = NO_GAP;
    return TF_OK;
}

/* One character beyond ASCII at `*at`, which moves behind it. */
static tf_status fold_wide(folding *state, tf_text value, size_t *at, tf_error *error) {
    char folded[TF_FOLDED_SIZE];
    size_t read = 0;
    int count = tf_fold_code_point(value.data + *at, value.length - *at, &read, folded);
    *at += read;
    switch (count) {
    case 0:
        return TF_OK;
    case TF_FOLDED_SPACE:
        state->between = SPACE_GAP;
        return TF_OK;
    case TF_FOLDED_APOSTROPHE:
        state->between = widen(state->between, APOSTROPHE_GAP);
        return TF_OK;
    case TF_FOLDED_HYPHEN:
        state->between = widen(state->between, HYPHEN_GAP);
        return TF_OK;
    default:
        return append_wide(state, folded, count, value.length - *at, error);
    }
}

tf_status tf_standardise_text(tf_text value, tf_fold fold, tf_buffer *out, tf_error *error) {
    /* A letter may have a sign before it, so that ASCII needs no more room than this. */
    tf_status status = tf_buffer_start(out, value.length + 1, error);
    folding state = {fold, NO_GAP, out};
    for (size_t i = 0; i < value.length && !status;) {
        unsigned char byte = (unsigned char)value.data[i];
        if (byte >= 0x80) {
            status = fold_wide(&state, value, &i, error);
            continue;
        }
        unsigned char folded = ascii[byte];
        i++;
        if (folded >= WIDE) {
            char sign = '\0';
            if (state.between != NO_GAP && out->length > 0) {
                sign = byte_of(state.between, fold);
            }
            out->data[out->length] = sign;
            out->length += sign != '\0';
            out->data[out->length++] = (char)folded;
            state.between = NO_GAP;
        } else if (folded == PART) {
            state.between = SPACE_GAP;
        } else {
            state.between = widen(state.between, folded == HYPHEN ? HYPHEN_GAP : APOSTROPHE_GAP);
        }
    }
    if (!status) {
        out->data[out->length] = '\0';
    }
    return status;
}
