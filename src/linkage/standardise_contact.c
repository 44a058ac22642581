#include "standardise_internal.h"

enum {
    MOST_DIGITS = 24,
    SHORTEST_UK = 9, /* after the 0 */
    LONGEST_UK = 10,
    SHORTEST_ABROAD = 7,
    LONGEST_ABROAD = 15,
    LONGEST_LOCAL_PART = 64, /* RFC 5321, 4.5.3.1.1 */
    LONGEST_LABEL = 63,
};

/* The digits up to an extension or a second number; false where there are too many. */
static bool collect_digits(tf_text value, char digits[MOST_DIGITS], size_t *count_out,
                           bool *is_abroad_out) {
    size_t count = 0;
    *is_abroad_out = false;
    for (size_t i = 0; i < value.length; i++) {
        char c = tf_to_lower(value.data[i]);
        if (tf_is_digit(c)) {
            if (count == MOST_DIGITS) {
                return false;
            }
            digits[count++] = c;
        } else if (c == '+' && count == 0) {
            *is_abroad_out = true;
        } else if (count >= SHORTEST_ABROAD &&
                   (c == 'x' || c == 'e' || c == '#' || c == '/' || c == ';' || c == ',')) {
            break;
        }
    }
    *count_out = count;
    return true;
}

static bool write_uk(const char *digits, size_t count, char *phone_out) {
    while (count > 0 && *digits == '0') {
        digits++;
        count--;
    }
    if (count < SHORTEST_UK || count > LONGEST_UK) {
        return false;
    }
    phone_out[0] = '0';
    memcpy(phone_out + 1, digits, count);
    phone_out[count + 1] = '\0';
    return true;
}

static bool write_abroad(const char *digits, size_t count, char *phone_out) {
    if (count < SHORTEST_ABROAD || count > LONGEST_ABROAD || *digits == '0') {
        return false;
    }
    phone_out[0] = '+';
    memcpy(phone_out + 1, digits, count);
    phone_out[count + 1] = '\0';
    return true;
}

bool tf_standardise_phone(tf_text value, char phone_out[TF_STANDARD_PHONE_SIZE]) {
    char buffer[MOST_DIGITS];
    const char *digits = buffer;
    size_t count = 0;
    bool is_abroad = false;
    phone_out[0] = '\0';
    if (!collect_digits(value, buffer, &count, &is_abroad)) {
        return false;
    }
    if (!is_abroad && count > 2 && memcmp(digits, "00", 2) == 0) {
        is_abroad = true;
        digits += 2;
        count -= 2;
    }
    /* 447700900123, and 4407700900123 with the zero that people write in brackets */
    bool has_code = count >= 2 && memcmp(digits, "44", 2) == 0;
    if (has_code && (is_abroad || count == 12 || (count == 13 && digits[2] == '0'))) {
        return write_uk(digits + 2, count - 2, phone_out);
    }
    if (is_abroad) {
        return write_abroad(digits, count, phone_out);
    }
    /* Without its zero a number has lost it in a spreadsheet. */
    bool is_national = count > 0 && (*digits == '0' || count == LONGEST_UK);
    return is_national && write_uk(digits, count, phone_out);
}

/* Without what mail programs and forms write around an address. */
static tf_text strip_email(tf_text value) {
    value = tf_text_trim(value);
    const char *open = value.length ? memchr(value.data, '<', value.length) : NULL;
    const char *close = value.length ? memchr(value.data, '>', value.length) : NULL;
    if (open && close > open) {
        value = tf_text_trim((tf_text){open + 1, (size_t)(close - open) - 1});
    }
    static const char scheme[] = "mailto:";
    size_t length = sizeof scheme - 1;
    while (value.length > length &&
           tf_text_equal_fold((tf_text){value.data, length}, (tf_text){scheme, length})) {
        value = tf_text_trim((tf_text){value.data + length, value.length - length});
    }
    while (value.length > 0 && strchr(".,;", value.data[value.length - 1])) {
        value = tf_text_trim((tf_text){value.data, value.length - 1});
    }
    return value;
}

static bool is_domain(tf_text domain) {
    size_t label = 0;
    size_t dots = 0;
    for (size_t i = 0; i < domain.length; i++) {
        char c = domain.data[i];
        if (c == '.') {
            if (label == 0) {
                return false;
            }
            label = 0;
            dots++;
            continue;
        }
        bool is_allowed = tf_is_letter(c) || tf_is_digit(c) || c == '-' || (unsigned char)c >= 0x80;
        if (!is_allowed || ++label > LONGEST_LABEL) {
            return false;
        }
    }
    return dots > 0 && label > 0;
}

static bool is_local_part(tf_text local) {
    for (size_t i = 0; i < local.length; i++) {
        unsigned char c = (unsigned char)local.data[i];
        if (c <= ' ' || c == 0x7F || strchr("@,;:<>()[]\\\"", c)) {
            return false;
        }
    }
    return local.length > 0 && local.length <= LONGEST_LOCAL_PART;
}

/* Write the local part in lower case, without what the options leave out. */
static void write_local_part(tf_text local, unsigned options, tf_buffer *out) {
    for (size_t i = 0; i < local.length; i++) {
        char c = tf_to_lower(local.data[i]);
        if (c == '+' && i > 0 && (options & TF_EMAIL_DROP_TAG)) {
            break;
        }
        if (c != '.' || !(options & TF_EMAIL_DROP_DOTS)) {
            out->data[out->length++] = c;
        }
    }
}

tf_status tf_standardise_email(tf_text value, unsigned options, tf_buffer *out, size_t *domain_out,
                               bool *is_email_out, tf_error *error) {
    *is_email_out = false;
    *domain_out = 0;
    value = strip_email(value);
    tf_status status = tf_buffer_start(out, value.length, error);
    const char *at = value.length ? memchr(value.data, '@', value.length) : NULL;
    if (status || !at) {
        return status;
    }
    tf_text local = {value.data, (size_t)(at - value.data)};
    tf_text domain = {at + 1, value.length - local.length - 1};
    if (!is_local_part(local) || !is_domain(domain) || !tf_text_is_utf8(value)) {
        return TF_OK;
    }
    write_local_part(local, options, out);
    if (out->length == 0) {
        return TF_OK;
    }
    out->data[out->length++] = '@';
    *domain_out = out->length;
    for (size_t i = 0; i < domain.length; i++) {
        out->data[out->length++] = tf_to_lower(domain.data[i]);
    }
    out->data[out->length] = '\0';
    *is_email_out = true;
    return TF_OK;
}
