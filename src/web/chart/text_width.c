#include "web/chart/text_width_internal.h"

/* Thousandths of the size, of the printable ASCII characters in Helvetica (Adobe's font metrics;
 * Arial and Liberation Sans were made to the same widths). */
static const unsigned short widths[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Of the character that starts with this byte; letters beyond ASCII are taken as wide, what needs
 * three bytes or more as a full square. */
static double width_of(char first) {
    unsigned char byte = (unsigned char)first;
    if (byte >= 32 && byte < 127) {
        return widths[byte - 32];
    }
    return byte < 0x80 ? 278 : byte < 0xE0 ? 722 : 1000;
}

static double scaled(double thousandths, double size, bool is_bold) {
    return thousandths / 1000 * size * (is_bold ? 1.12 : 1.05);
}

double tf_text_drawn_width(tf_text text, double size, bool is_bold) {
    double sum = 0;
    for (size_t i = 0; i < text.length; i++) {
        sum += is_continuation(text.data[i]) ? 0 : width_of(text.data[i]);
    }
    return scaled(sum, size, is_bold);
}

/* How many bytes of the text fit; `*break_out` is where a space last allowed to break, or 0. */
static size_t fitting(tf_text text, double size, bool is_bold, double width, size_t *break_out) {
    double sum = 0;
    *break_out = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (is_continuation(text.data[i])) {
            continue;
        }
        if (text.data[i] == ' ') {
            *break_out = i;
        }
        sum += width_of(text.data[i]);
        if (scaled(sum, size, is_bold) > width && text.data[i] != ' ') {
            return i;
        }
    }
    *break_out = text.length;
    return text.length;
}

static tf_text rest_after(tf_text text, size_t length) {
    return tf_text_trim((tf_text){text.data + length, text.length - length});
}

tf_wrapped tf_text_wrap(tf_text text, double size, bool is_bold, double width, int most) {
    tf_wrapped wrapped = {.count = 0};
    double ellipsis = scaled(1000, size, is_bold);
    text = tf_text_trim(text);
    while (text.length > 0 && wrapped.count < most) {
        size_t space;
        size_t length = fitting(text, size, is_bold, width, &space);
        bool is_last = wrapped.count + 1 == most;
        if (is_last && length < text.length) {
            length = fitting(text, size, is_bold, width - ellipsis, &space);
            wrapped.cut_line = wrapped.count + 1;
        } else if (space > 0) {
            length = space;
        }
        if (length == 0) { /* narrower than one character */
            length = 1;
            while (length < text.length && is_continuation(text.data[length])) {
                length++;
            }
        }
        wrapped.lines[wrapped.count++] = tf_text_trim((tf_text){text.data, length});
        text = rest_after(text, length);
    }
    return wrapped;
}
