#include "web/http/negotiate.h"

enum { WHOLE = 1000, NOT_NAMED = -1 };

/* "0.5" in thousandths (RFC 9110, section 12.4.2); false for what is no weight. */
static bool parse_weight(tf_text text, int *weight_out) {
    if (text.length == 0 || text.length > 5 || (text.data[0] != '0' && text.data[0] != '1') ||
        (text.length > 1 && text.data[1] != '.')) {
        return false;
    }
    int weight = (text.data[0] - '0') * WHOLE;
    int unit = WHOLE / 10;
    for (size_t i = 2; i < text.length; i++, unit /= 10) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        weight += (text.data[i] - '0') * unit;
    }
    *weight_out = weight;
    return weight <= WHOLE;
}

/* Cut what stands before `mark`, trimmed, off the start of *text. */
static tf_text cut(tf_text *text, char mark) {
    const char *found = text->length ? memchr(text->data, mark, text->length) : NULL;
    size_t length = found ? (size_t)(found - text->data) : text->length;
    tf_text piece = tf_text_trim((tf_text){text->data, length});
    length += found != NULL;
    text->data += length;
    text->length -= length;
    return piece;
}

static bool is_word(tf_text text, const char *word) {
    return tf_text_equal_fold(text, tf_text_of(word));
}

unsigned tf_negotiate_encodings(tf_text accept_encoding) {
    int gzip = NOT_NAMED;
    int brotli = NOT_NAMED;
    int identity = NOT_NAMED;
    int any = NOT_NAMED;
    while (accept_encoding.length) {
        tf_text item = cut(&accept_encoding, ',');
        tf_text coding = cut(&item, ';');
        int weight = WHOLE;
        if (item.length) {
            tf_text name = cut(&item, '=');
            if (!is_word(name, "q") || !parse_weight(tf_text_trim(item), &weight)) {
                return 0;
            }
        }
        if (is_word(coding, "gzip") || is_word(coding, "x-gzip")) {
            gzip = weight;
        } else if (is_word(coding, "br")) {
            brotli = weight;
        } else if (is_word(coding, "identity")) {
            identity = weight;
        } else if (is_word(coding, "*")) {
            any = weight;
        }
    }
    gzip = gzip == NOT_NAMED ? any : gzip;
    brotli = brotli == NOT_NAMED ? any : brotli;
    unsigned encodings = 0;
    if (gzip > 0 && gzip >= identity) {
        encodings |= TF_ENCODING_GZIP;
    }
    if (brotli > 0 && brotli >= identity) {
        encodings |= TF_ENCODING_BROTLI;
    }
    return encodings;
}

bool tf_negotiate_matches(tf_text if_none_match, tf_text etag) {
    tf_text left = tf_text_trim(if_none_match);
    if (tf_text_equal(left, tf_text_of("*"))) {
        return true;
    }
    /* The quoted part of a tag may hold a comma, so the list is walked tag by tag. */
    while (left.length) {
        if (left.data[0] == ',' || left.data[0] == ' ' || left.data[0] == '\t') {
            left.data++;
            left.length--;
            continue;
        }
        if (tf_text_starts_with(left, "W/")) {
            left.data += 2;
            left.length -= 2;
        }
        const char *end = left.length > 1 && left.data[0] == '"'
                              ? memchr(left.data + 1, '"', left.length - 1)
                              : NULL;
        if (!end) {
            return false;
        }
        size_t length = (size_t)(end - left.data) + 1;
        if (tf_text_equal((tf_text){left.data, length}, etag)) {
            return true;
        }
        left.data += length;
        left.length -= length;
    }
    return false;
}

bool tf_negotiate_is_compressible(tf_text content_type) {
    static const char *const types[] = {"application/json", "application/javascript",
                                        "application/xml", "application/wasm"};
    tf_text type = cut(&content_type, ';');
    if (tf_text_starts_with(type, "text/") || tf_text_ends_with(type, "+json") ||
        tf_text_ends_with(type, "+xml")) {
        return true;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (tf_text_equal(type, tf_text_of(types[i]))) {
            return true;
        }
    }
    return false;
}
