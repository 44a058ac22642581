#include "receipt_code_internal.h"

enum { SYMBOLS = 16 };

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void tf_receipt_new(char code_out[TF_RECEIPT_SIZE]) {
    uint8_t random[SYMBOLS];
    tf_secret_random(random, sizeof random);
    size_t length = 0;
    for (size_t i = 0; i < SYMBOLS; i++) {
        if (i && i % 4 == 0) {
            code_out[length++] = '-';
        }
        code_out[length++] = digits[random[i] & 31]; /* 256 is a multiple of 32 */
    }
    code_out[length] = '\0';
    tf_secret_forget(random, sizeof random);
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

bool tf_receipt_keys_of(const tf_site_key *site_key, tf_text code, tf_receipt_keys *keys_out) {
    char symbols[SYMBOLS];
    size_t count = 0;
    for (size_t i = 0; i < code.length; i++) {
        char typed = code.data[i];
        if (typed == '-' || typed == ' ') {
            continue;
        }
        char digit = digit_of(typed);
        if (!digit || count == SYMBOLS) {
            return false;
        }
        symbols[count++] = digit;
    }
    if (count != SYMBOLS) {
        return false;
    }
    /* Keyed with the site's key, so that who has only the database cannot even try codes. */
    uint8_t key[TF_KEY_SIZE];
    uint8_t base[TF_HASH_SIZE];
    uint8_t seed[TF_KEY_SIZE];
    tf_secret_derive(site_key->root, "receipt codes", key);
    tf_secret_hash(key, symbols, sizeof symbols, base);
    tf_secret_derive(base, "receipt handle", keys_out->handle);
    tf_secret_derive(base, "receipt letters", seed);
    tf_secret_pair_of(seed, keys_out->public_key, keys_out->secret_key);
    tf_secret_forget(key, sizeof key);
    tf_secret_forget(base, sizeof base);
    tf_secret_forget(seed, sizeof seed);
    tf_secret_forget(symbols, sizeof symbols);
    return true;
}
