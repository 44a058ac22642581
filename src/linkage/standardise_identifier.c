#include "standardise_internal.h"

enum { PIVOT_YEAR = 2029, SERIAL_DIGITS = 7 };

bool tf_standardise_nhs_number(tf_text value, char number_out[TF_NHS_NUMBER_SIZE]) {
    size_t count = 0;
    int sum = 0;
    number_out[0] = '\0';
    char digits[TF_NHS_NUMBER_SIZE];
    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];
        if (tf_is_digit(c)) {
            if (count == TF_NHS_NUMBER_SIZE - 1) {
                return false;
            }
            sum += (c - '0') * (int)(10 - count) * (count < 9);
            digits[count++] = c;
        } else if (c != ' ' && c != '-' && c != '\t') {
            return false;
        }
    }
    /* All zeros pass the arithmetic and were never issued. */
    int expected = (11 - sum % 11) % 11;
    if (count != TF_NHS_NUMBER_SIZE - 1 || sum == 0 || digits[9] - '0' != expected) {
        return false;
    }
    digits[count] = '\0';
    memcpy(number_out, digits, TF_NHS_NUMBER_SIZE);
    return true;
}

/* What a PNC identifier consists of, before its letter is looked at. */
typedef struct pnc_parts {
    char digits[4 + SERIAL_DIGITS];
    size_t count;
    size_t year_digits; /* before the stroke; 0 without one */
    char letter;
} pnc_parts;

static bool read_pnc(tf_text value, pnc_parts *parts) {
    value = tf_text_trim(value);
    for (size_t i = 0; i < value.length; i++) {
        char c = tf_to_upper(value.data[i]);
        if (parts->letter) {
            return false;
        }
        if (tf_is_digit(c)) {
            if (parts->count == sizeof parts->digits) {
                return false;
            }
            parts->digits[parts->count++] = c;
        } else if (c == '/' && parts->year_digits == 0 &&
                   (parts->count == 2 || parts->count == 4)) {
            parts->year_digits = parts->count;
        } else if (tf_is_letter(c)) {
            parts->letter = c;
        } else {
            return false;
        }
    }
    if (parts->year_digits == 0) {
        parts->year_digits = parts->count == sizeof parts->digits ? 4 : 2;
    }
    return parts->letter && parts->count > parts->year_digits &&
           parts->count - parts->year_digits <= SERIAL_DIGITS;
}

static int number_of(const char *digits, size_t count) {
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number * 10 + (digits[i] - '0');
    }
    return number;
}

bool tf_standardise_pnc_id(tf_text value, int pivot_year, char id_out[TF_PNC_ID_SIZE]) {
    static const char letters[] = "ZABCDEFGHJKLMNPQRTUVWXY";
    pnc_parts parts = {.count = 0};
    id_out[0] = '\0';
    if (!read_pnc(value, &parts)) {
        return false;
    }
    int pivot = pivot_year ? pivot_year : PIVOT_YEAR;
    int year = number_of(parts.digits, parts.year_digits);
    int serial = number_of(parts.digits + parts.year_digits, parts.count - parts.year_digits);
    if (parts.year_digits == 2) {
        year += pivot - pivot % 100;
        year -= year > pivot ? 100 : 0;
    }
    if (parts.letter != letters[(year % 100 * 10000000 + serial) % 23]) {
        return false;
    }
    char id[TF_PNC_ID_SIZE];
    id[4] = '/';
    id[12] = parts.letter;
    id[13] = '\0';
    for (int i = 3; i >= 0; i--, year /= 10) {
        id[i] = (char)('0' + year % 10);
    }
    for (int i = 11; i > 4; i--, serial /= 10) {
        id[i] = (char)('0' + serial % 10);
    }
    memcpy(id_out, id, sizeof id);
    return true;
}

char tf_standardise_sex(tf_text value) {
    static const char *const male[] = {"m", "male", "man", "boy", "1", "mr", NULL};
    static const char *const female[] = {"f", "female", "woman", "girl", "2", "w", NULL};
    static const char *const other[] = {
        "x",          "other",         "o",  "non-binary", "nonbinary",
        "non binary", "indeterminate", "nb", "intersex",   NULL};
    char lower[16];
    value = tf_text_trim(value);
    if (value.length == 0 || value.length > sizeof lower) {
        return '\0';
    }
    for (size_t i = 0; i < value.length; i++) {
        lower[i] = tf_to_lower(value.data[i]);
    }
    tf_text word = {lower, value.length};
    return tf_word_is_in(word, male)     ? 'm'
           : tf_word_is_in(word, female) ? 'f'
           : tf_word_is_in(word, other)  ? 'x'
                                         : '\0';
}
