#include "web/http/chunked.h"

#include "percent_internal.h"

enum {
    IN_SIZE,
    AFTER_SIZE, /* the CR was there, the LF is due */
    IN_DATA,
    AFTER_DATA, /* the CR is due, then the LF */
    BEFORE_LINE_FEED,
    AT_LAST, /* of a chunk of no bytes: CR LF ends the body */
    BEFORE_LAST_LINE_FEED,
    AT_END,
};

enum { LONGEST_SIZE = 8 };

/* One byte of what stands around the chunks; false if it must not stand there. */
static bool take_mark(tf_chunked *chunked, char byte) {
    switch (chunked->state) {
    case IN_SIZE: {
        int value = tf_hex_value(byte);
        if (value >= 0 && chunked->digits < LONGEST_SIZE) {
            chunked->left = chunked->left * 16 + (uint64_t)value;
            chunked->digits++;
            return true;
        }
        chunked->state = AFTER_SIZE;
        return byte == '\r' && chunked->digits > 0;
    }
    case AFTER_SIZE:
        chunked->state = chunked->left ? IN_DATA : AT_LAST;
        chunked->digits = 0;
        return byte == '\n';
    case AFTER_DATA:
        chunked->state = BEFORE_LINE_FEED;
        return byte == '\r';
    case BEFORE_LINE_FEED:
        chunked->state = IN_SIZE;
        return byte == '\n';
    case AT_LAST:
        chunked->state = BEFORE_LAST_LINE_FEED;
        return byte == '\r';
    default:
        chunked->state = AT_END;
        return byte == '\n';
    }
}

tf_chunked_step tf_chunked_take(tf_chunked *chunked, tf_text *arrived, tf_text *piece_out) {
    while (arrived->length && chunked->state != AT_END) {
        if (chunked->state == IN_DATA) {
            size_t length =
                arrived->length < chunked->left ? arrived->length : (size_t)chunked->left;
            *piece_out = (tf_text){arrived->data, length};
            arrived->data += length;
            arrived->length -= length;
            chunked->left -= length;
            if (chunked->left == 0) {
                chunked->state = AFTER_DATA;
            }
            return TF_CHUNKED_PIECE;
        }
        char byte = arrived->data[0];
        arrived->data++;
        arrived->length--;
        if (!take_mark(chunked, byte)) {
            return TF_CHUNKED_BAD;
        }
    }
    return chunked->state == AT_END ? TF_CHUNKED_END : TF_CHUNKED_MORE;
}
