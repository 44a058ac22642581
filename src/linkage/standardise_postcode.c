#include "standardise_internal.h"

enum { LONGEST = 7, INWARD = 3 };

/* A shape of the outward part: 'A' a letter, '9' a digit. */
static const char *const shapes[] = {"A9", "A99", "AA9", "AA99", "A9A", "AA9A"};

static bool is_in(char c, const char *letters) {
    return c && strchr(letters, c) != NULL;
}

/* Whether a letter may stand at place `i` of an outward part of this shape. */
static bool is_allowed(const char *shape, size_t i, char c) {
    switch (i) {
    case 0:
        return !is_in(c, "QVX");
    case 1:
        return !is_in(c, "IJZ");
    case 2:
        return is_in(c, "ABCDEFGHJKPSTUW");
    default:
        return shape[i] == 'A' && is_in(c, "ABEHMNPRVWXY");
    }
}

/* The character as a digit or a letter, exchanged if need be and allowed; 0 if it cannot be. */
static char as_digit(char c, bool repairs) {
    if (tf_is_digit(c)) {
        return c;
    }
    return repairs && c == 'O' ? '0' : repairs && c == 'I' ? '1' : '\0';
}

static char as_letter(char c, bool repairs) {
    if (tf_is_letter(c)) {
        return c;
    }
    return repairs && c == '0' ? 'O' : repairs && c == '1' ? 'I' : '\0';
}

static bool fits(const char *shape, const char *given, bool repairs, char *fitted) {
    for (size_t i = 0; shape[i]; i++) {
        bool is_letter = shape[i] == 'A';
        fitted[i] = is_letter ? as_letter(given[i], repairs) : as_digit(given[i], repairs);
        if (!fitted[i] || (is_letter && !is_allowed(shape, i, fitted[i]))) {
            return false;
        }
    }
    const char *number = strchr(shape, '9');
    bool has_two_digits = number[1] == '9';
    return !(has_two_digits && fitted[number - shape] == '0');
}

/* The outward part by the one shape that it fits; false if it fits none, or several. */
static bool fit_outward(const char *given, size_t length, bool repairs, char *fitted_out) {
    size_t found = 0;
    char fitted[LONGEST];
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strlen(shapes[i]) == length && fits(shapes[i], given, repairs, fitted)) {
            memcpy(fitted_out, fitted, length);
            found++;
        }
    }
    return found == 1;
}

/* Any letters where it belongs to a pseudo-postcode (ZZ99 3VZ). */
static bool fit_inward(const char *given, bool is_pseudo, char *fitted_out) {
    fitted_out[0] = as_digit(given[0], true);
    fitted_out[1] = given[1];
    fitted_out[2] = given[2];
    /* I and O do not stand here, so that no digit can have been one of them. */
    for (size_t i = 1; i < INWARD; i++) {
        if (!tf_is_letter(given[i]) || (!is_pseudo && is_in(given[i], "CIKMOV"))) {
            return false;
        }
    }
    return fitted_out[0] != '\0';
}

static tf_postcode make_postcode(const char *characters, size_t length, bool is_repaired) {
    tf_postcode postcode = {.is_repaired = is_repaired};
    size_t outward = length - INWARD;
    memcpy(postcode.text, characters, outward);
    postcode.text[outward] = ' ';
    memcpy(postcode.text + outward + 1, characters + outward, INWARD);
    postcode.length = (uint8_t)(length + 1);
    postcode.outward_length = (uint8_t)outward;
    postcode.sector_length = (uint8_t)(outward + 2);
    return postcode;
}

tf_postcode tf_standardise_postcode(tf_text value) {
    static const tf_postcode none = {.text = ""};
    char given[LONGEST];
    char fitted[LONGEST];
    size_t length = 0;
    for (size_t i = 0; i < value.length; i++) {
        char c = tf_to_upper(value.data[i]);
        if (tf_is_letter(c) || tf_is_digit(c)) {
            if (length == LONGEST) {
                return none;
            }
            given[length++] = c;
        } else if (!is_in(c, " \t-.,\r\n")) {
            return none;
        }
    }
    if (length < INWARD + 2) {
        return none;
    }
    if (length == 6 && memcmp(given, "GIR0AA", 6) == 0) {
        return make_postcode(given, length, false);
    }
    size_t outward = length - INWARD;
    bool is_pseudo = outward == 4 && memcmp(given, "ZZ99", 4) == 0;
    memcpy(fitted, given, outward);
    bool is_fit = is_pseudo || fit_outward(given, outward, false, fitted) ||
                  fit_outward(given, outward, true, fitted);
    if (!is_fit || !fit_inward(given + outward, is_pseudo, fitted + outward)) {
        return none;
    }
    return make_postcode(fitted, length, memcmp(given, fitted, length) != 0);
}
