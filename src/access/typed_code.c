#include "typed_code.h"

#include "secret.h"

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void put_symbol(char *text, size_t index, size_t group, char symbol) {
    size_t at = index + index / group;
    if (index && index % group == 0) {
        text[at - 1] = '-';
    }
    text[at] = symbol;
    text[at + 1] = '\0';
}

void tf_typed_code_new(size_t symbols, size_t group, char *text_out) {
    for (size_t i = 0; i < symbols; i++) {
        uint8_t random;
        tf_secret_random(&random, sizeof random);
        put_symbol(text_out, i, group, digits[random & 31]); /* 256 is a multiple of 32 */
    }
}

/* The digit that a typed character stands for; 0 for none. */
static char digit_of(char typed) {
    char upper = (char)(typed >= 'a' && typed <= 'z' ? typed - 'a' + 'A' : typed);
    if (upper == 'O') {
        return '0';
    }
    if (upper == 'I' || upper == 'L') {
        return '1';
    }
    return upper && strchr(digits, upper) ? upper : '\0';
}

bool tf_typed_code_read(tf_text typed, size_t symbols, size_t group, char *text_out) {
    size_t count = 0;
    for (size_t i = 0; i < typed.length; i++) {
        char c = typed.data[i];
        if ((c && strchr("- \t\r\n", c)) || (unsigned char)c >= 0x80) {
            continue;
        }
        char digit = digit_of(c);
        if (!digit || count == symbols) {
            return false;
        }
        put_symbol(text_out, count++, group, digit);
    }
    return count == symbols;
}
