#include "percent_internal.h"

int tf_hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return -1;
}

bool tf_percent_decode(tf_text sent, bool plus_is_space, char *out, size_t *length_out) {
    bool is_sound = true;
    size_t length = 0;
    for (size_t i = 0; i < sent.length; i++) {
        char byte = sent.data[i];
        if (byte == '%') {
            int high = sent.length - i > 2 ? tf_hex_value(sent.data[i + 1]) : -1;
            int low = sent.length - i > 2 ? tf_hex_value(sent.data[i + 2]) : -1;
            if (high < 0 || low < 0) {
                is_sound = false;
            } else {
                byte = (char)(high * 16 + low);
                i += 2;
            }
        } else if (byte == '+' && plus_is_space) {
            byte = ' ';
        }
        out[length++] = byte;
    }
    *length_out = length;
    return is_sound;
}

static bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void tf_percent_encode(tf_buffer *out, tf_text text) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (is_unreserved(text.data[i])) {
            tf_buffer_append(out, &text.data[i], 1);
        } else {
            const char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
            tf_buffer_append(out, escape, sizeof escape);
        }
    }
}

bool tf_has_control(tf_text text, const char *allowed) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte == 0 || byte == 0x7F || (byte < 0x20 && !strchr(allowed, byte))) {
            return true;
        }
    }
    return false;
}
