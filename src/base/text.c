#include "trefoil/base/text.h"

#include "trefoil/base/memory.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool tf_text_equal_fold(tf_text a, tf_text b) {
    if (a.length != b.length) {
        return false;
    }
    for (size_t i = 0; i < a.length; i++) {
        if (lower(a.data[i]) != lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

int tf_text_compare(tf_text a, tf_text b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

bool tf_text_starts_with(tf_text text, const char *prefix) {
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.data, prefix, length) == 0;
}

bool tf_text_ends_with(tf_text text, const char *suffix) {
    size_t length = strlen(suffix);
    return text.length >= length && memcmp(text.data + text.length - length, suffix, length) == 0;
}

tf_text tf_text_trim(tf_text text) {
    while (text.length && is_space(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length && is_space(text.data[text.length - 1])) {
        text.length--;
    }
    return text;
}

/* Length of the well-formed sequence that starts at `at`, or 0. */
static size_t utf8_sequence_length(const unsigned char *at, size_t left) {
    unsigned char first = at[0];
    size_t length = first < 0x80                    ? 1
                    : first >= 0xC2 && first < 0xE0 ? 2
                    : first >= 0xE0 && first < 0xF0 ? 3
                    : first >= 0xF0 && first < 0xF5 ? 4
                                                    : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    /* Overlong forms, surrogates and what lies beyond U+10FFFF. */
    if ((first == 0xE0 && at[1] < 0xA0) || (first == 0xED && at[1] > 0x9F) ||
        (first == 0xF0 && at[1] < 0x90) || (first == 0xF4 && at[1] > 0x8F)) {
        return 0;
    }
    return length;
}

bool tf_text_is_utf8(tf_text text) {
    const unsigned char *at = (const unsigned char *)text.data;
    size_t left = text.length;
    while (left) {
        uint64_t word;
        if (left >= sizeof word) {
            memcpy(&word, at, sizeof word);
            if ((word & 0x8080808080808080ULL) == 0) {
                at += sizeof word;
                left -= sizeof word;
                continue;
            }
        }
        size_t length = utf8_sequence_length(at, left);
        if (length == 0) {
            return false;
        }
        at += length;
        left -= length;
    }
    return true;
}

size_t tf_text_width(tf_text text) {
    size_t width = 0;
    for (size_t i = 0; i < text.length; i++) {
        width += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    }
    return width;
}

void tf_text_slug(tf_text text, char *slug_out, size_t slug_size) {
    size_t length = 0;
    bool gap = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = lower(text.data[i]);
        bool is_word = (c >= 'a' && c <= 'z') || is_digit(c);
        const char *piece = c == '&' ? "and" : &c;
        size_t piece_length = c == '&' ? 3 : 1;
        if (c == '\'') { /* King's Lynn is kings-lynn */
            continue;
        }
        if (!is_word && c != '&') {
            gap = length > 0;
            continue;
        }
        if (length + gap + piece_length >= slug_size) {
            break;
        }
        if (gap) {
            slug_out[length++] = '-';
            gap = false;
        }
        memcpy(slug_out + length, piece, piece_length);
        length += piece_length;
    }
    slug_out[length] = '\0';
}

bool tf_parse_int64(tf_text text, int64_t *value_out) {
    size_t i = 0;
    bool negative = text.length && text.data[0] == '-';
    if (text.length && (text.data[0] == '-' || text.data[0] == '+')) {
        i = 1;
    }
    if (i == text.length) {
        return false;
    }
    int64_t value = 0;
    for (; i < text.length; i++) {
        if (!is_digit(text.data[i]) || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, text.data[i] - '0', &value)) {
            return false;
        }
    }
    /* Collected as a negative number, because that side reaches one further. */
    if (!negative && __builtin_sub_overflow(0, value, &value)) {
        return false;
    }
    *value_out = value;
    return true;
}

/* Whether `text` is a number in JSON's grammar, a leading "+" allowed. */
static bool has_number_shape(tf_text text) {
    size_t i = 0;
    size_t digits = 0;
    if (i < text.length && (text.data[i] == '-' || text.data[i] == '+')) {
        i++;
    }
    for (; i < text.length && is_digit(text.data[i]); i++) {
        digits++;
    }
    if (digits == 0) {
        return false;
    }
    if (i < text.length && text.data[i] == '.') {
        size_t start = ++i;
        while (i < text.length && is_digit(text.data[i])) {
            i++;
        }
        if (i == start) {
            return false;
        }
    }
    if (i < text.length && lower(text.data[i]) == 'e') {
        i++;
        if (i < text.length && (text.data[i] == '-' || text.data[i] == '+')) {
            i++;
        }
        size_t start = i;
        while (i < text.length && is_digit(text.data[i])) {
            i++;
        }
        if (i == start) {
            return false;
        }
    }
    return i == text.length;
}

/* The library's correctly rounded conversion, for numbers too long for the short cut. */
static bool parse_double_slowly(tf_text text, double *value_out) {
    char copy[512];
    if (text.length >= sizeof copy) {
        return false;
    }
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    /* A decimal point must be a point whatever the user's locale says. */
    locale_t c_locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (!c_locale) {
        return false;
    }
    locale_t before = uselocale(c_locale);
    double value = strtod(copy, NULL);
    uselocale(before);
    freelocale(c_locale);
    if (!isfinite(value)) {
        return false;
    }
    *value_out = value;
    return true;
}

bool tf_parse_double(tf_text text, double *value_out) {
    /* Up to 15 digits and a power of ten up to 10^15 are both exact doubles, so one division
     * rounds correctly (Clinger 1990). */
    static const double power_of_ten[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                          1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    size_t i = 0;
    bool negative = text.length && text.data[0] == '-';
    if (text.length && (text.data[0] == '-' || text.data[0] == '+')) {
        i = 1;
    }
    int64_t mantissa = 0;
    size_t digits = 0;
    size_t decimals = 0;
    for (; i < text.length && is_digit(text.data[i]) && digits < 16; i++, digits++) {
        mantissa = mantissa * 10 + (text.data[i] - '0');
    }
    if (digits && i + 1 < text.length && text.data[i] == '.') {
        for (i++; i < text.length && is_digit(text.data[i]) && digits < 16; i++, digits++) {
            mantissa = mantissa * 10 + (text.data[i] - '0');
            decimals++;
        }
    }
    if (i == text.length && digits > 0 && digits <= 15) {
        double value = (double)mantissa / power_of_ten[decimals];
        *value_out = negative ? -value : value;
        return true;
    }
    return has_number_shape(text) && parse_double_slowly(text, value_out);
}

void tf_hex_write(const uint8_t *bytes, size_t length, char *digits_out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        digits_out[2 * i] = digits[bytes[i] >> 4];
        digits_out[2 * i + 1] = digits[bytes[i] & 0xF];
    }
    digits_out[2 * length] = '\0';
}

static int hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool tf_hex_read(const char *digits, size_t length, uint8_t *bytes_out) {
    for (size_t i = 0; i < length; i++) {
        int high = hex_digit(digits[2 * i]);
        int low = hex_digit(digits[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes_out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

void tf_buffer_init(tf_buffer *buffer) {
    *buffer = (tf_buffer){0};
}

void tf_buffer_deinit(tf_buffer *buffer) {
    tf_free(buffer->data);
    *buffer = (tf_buffer){0};
}

/* Room for `length` more bytes and the terminator. */
static bool buffer_reserve(tf_buffer *buffer, size_t length) {
    if (buffer->failed || length >= SIZE_MAX - buffer->length ||
        tf_reserve(&buffer->data, &buffer->capacity, buffer->length + length + 1, 1, NULL)) {
        buffer->failed = true;
    }
    return !buffer->failed;
}

void tf_buffer_append(tf_buffer *buffer, const void *bytes, size_t length) {
    if (!buffer_reserve(buffer, length)) {
        return;
    }
    if (length) {
        memcpy(buffer->data + buffer->length, bytes, length);
    }
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void tf_buffer_append_text(tf_buffer *buffer, const char *terminated) {
    tf_buffer_append(buffer, terminated, strlen(terminated));
}

void tf_buffer_format(tf_buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0 && buffer_reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

void tf_buffer_append_double(tf_buffer *buffer, double value) {
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        double back;
        if (tf_parse_double(tf_text_of(text), &back) && back == value) {
            break;
        }
    }
    tf_buffer_append_text(buffer, text);
}

tf_status tf_buffer_check(const tf_buffer *buffer, tf_error *error) {
    return buffer->failed ? tf_fail_no_memory(error) : TF_OK;
}
