#include "phonetic_internal.h"

/* U+00C0 to U+00FF by their base letters; a cedilla sounds like S, what has no base is 0. */
static const char latin[64] = {'A', 'A', 'A', 'A', 'A', 'A', 'A', 'S', 'E', 'E', 'E', 'E', 'I',
                               'I', 'I', 'I', 'D', 'N', 'O', 'O', 'O', 'O', 'O', 0,   'O', 'U',
                               'U', 'U', 'U', 'Y', 'T', 'S', 'A', 'A', 'A', 'A', 'A', 'A', 'A',
                               'S', 'E', 'E', 'E', 'E', 'I', 'I', 'I', 'I', 'D', 'N', 'O', 'O',
                               'O', 'O', 'O', 0,   'O', 'U', 'U', 'U', 'U', 'Y', 'T', 'Y'};

char phonetic_next(tf_text *name) {
    unsigned char first = (unsigned char)name->data[0];
    unsigned char second = name->length > 1 ? (unsigned char)name->data[1] : 0;
    bool is_latin = first == 0xC3 && second >= 0x80 && second < 0xC0;
    name->data += 1 + is_latin;
    name->length -= 1 + is_latin;
    if (is_latin) {
        return latin[second - 0x80];
    }
    if (first >= 'a' && first <= 'z') {
        return (char)(first - 'a' + 'A');
    }
    if (first == ' ' || (first >= '\t' && first <= '\r')) {
        return ' ';
    }
    return first >= 'A' && first <= 'Z' ? (char)first : 0;
}

bool tf_phonetic_soundex(tf_text name, char key_out[TF_SOUNDEX_SIZE]) {
    /* 0 parts two letters of one code, '-' does not. */
    static const char codes[] = "0123012-02245501262301-202";
    size_t length = 0;
    char before = '0';
    while (name.length && length < TF_SOUNDEX_SIZE - 1) {
        char letter = phonetic_next(&name);
        if (letter == 0 || letter == ' ') {
            continue;
        }
        char code = codes[letter - 'A'];
        if (code == '-') {
            if (length == 0) {
                key_out[length++] = letter;
            }
            continue;
        }
        if (length == 0) {
            key_out[length++] = letter;
        } else if (code != '0' && code != before) {
            key_out[length++] = code;
        }
        before = code;
    }
    bool is_named = length > 0;
    while (is_named && length < TF_SOUNDEX_SIZE - 1) {
        key_out[length++] = '0';
    }
    key_out[length] = '\0';
    return is_named;
}
