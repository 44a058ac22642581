#include "one_time_code.h"

#include "secret.h"
#include "typed_code.h"

#include <openssl/hmac.h>
#include <stdlib.h>

static const int64_t microseconds_a_step = (int64_t)TF_CODE_STEP_SECONDS * 1000 * 1000;

int64_t tf_code_step(int64_t instant) {
    return instant / microseconds_a_step;
}

/* RFC 4226, 5.3: dynamic truncation of an HMAC-SHA-1 over the step in 8 bytes, greatest first. */
uint32_t tf_code_of(const uint8_t *seed, size_t seed_length, int64_t step, int digits) {
    uint8_t message[8];
    for (int i = 0; i < 8; i++) {
        message[i] = (uint8_t)((uint64_t)step >> (8 * (7 - i)));
    }
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (!HMAC(EVP_sha1(), seed, (int)seed_length, message, sizeof message, mac, &length) ||
        length != 20) {
        abort(); /* only where there is no SHA-1, or no memory for one hash */
    }
    size_t at = mac[19] & 15U;
    uint32_t code = (uint32_t)(mac[at] & 127U) << 24 | (uint32_t)mac[at + 1] << 16 |
                    (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    uint32_t bound = 1;
    for (int i = 0; i < digits; i++) {
        bound *= 10;
    }
    return code % bound;
}

/* The digits typed, without spaces; false for anything but TF_CODE_DIGITS digits. */
static bool read_digits(tf_text text, uint32_t *code_out) {
    int count = 0;
    uint32_t code = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == ' ') {
            continue;
        }
        if (c < '0' || c > '9' || count == TF_CODE_DIGITS) {
            return false;
        }
        code = code * 10 + (uint32_t)(c - '0');
        count++;
    }
    *code_out = code;
    return count == TF_CODE_DIGITS;
}

bool tf_code_is_right(const uint8_t seed[TF_CODE_SEED_SIZE], tf_text text, int64_t instant,
                      int64_t last_step, int64_t *step_out) {
    uint32_t code = 0;
    bool is_code = read_digits(text, &code);
    bool is_right = false;
    for (int64_t step = tf_code_step(instant) - 1; step <= tf_code_step(instant) + 1; step++) {
        uint32_t expected = tf_code_of(seed, TF_CODE_SEED_SIZE, step, TF_CODE_DIGITS);
        if (tf_secret_equal(&code, &expected, sizeof code) && is_code && step > last_step) {
            is_right = true;
            *step_out = step;
        }
    }
    return is_right;
}

void tf_code_seed_text(const uint8_t seed[TF_CODE_SEED_SIZE],
                       char text_out[TF_CODE_SEED_TEXT_SIZE]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    int bit_count = 0;
    size_t length = 0;
    for (size_t i = 0; i < TF_CODE_SEED_SIZE; i++) {
        bits = bits << 8 | seed[i];
        for (bit_count += 8; bit_count >= 5; bit_count -= 5) {
            text_out[length++] = letters[bits >> (bit_count - 5) & 31];
        }
    }
    text_out[length] = '\0';
}

/* RFC 3986, 2.3: all but the unreserved characters. */
static void append_escaped(tf_buffer *out, tf_text text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain) {
            tf_buffer_append(out, &c, 1);
        } else {
            tf_buffer_format(out, "%%%02X", (unsigned char)c);
        }
    }
}

void tf_code_address(const uint8_t seed[TF_CODE_SEED_SIZE], tf_text issuer, tf_text email,
                     tf_buffer *out) {
    char text[TF_CODE_SEED_TEXT_SIZE];
    tf_code_seed_text(seed, text);
    tf_buffer_append_text(out, "otpauth://totp/");
    append_escaped(out, issuer);
    tf_buffer_append_text(out, ":");
    append_escaped(out, email);
    tf_buffer_format(out, "?secret=%s&issuer=", text);
    append_escaped(out, issuer);
    tf_buffer_format(out, "&algorithm=SHA1&digits=%d&period=%d", TF_CODE_DIGITS,
                     TF_CODE_STEP_SECONDS);
    tf_secret_forget(text, sizeof text);
}

/* ---- recovery codes ---- */

enum { SYMBOLS = 10, GROUP = 5 };
_Static_assert(TF_RECOVERY_CODE_TEXT_SIZE == TF_TYPED_CODE_SIZE(SYMBOLS, GROUP), "with a hyphen");

void tf_recovery_code_new(char text_out[TF_RECOVERY_CODE_TEXT_SIZE]) {
    tf_typed_code_new(SYMBOLS, GROUP, text_out);
}

bool tf_recovery_code_read(tf_text typed, char text_out[TF_RECOVERY_CODE_TEXT_SIZE]) {
    return tf_typed_code_read(typed, SYMBOLS, GROUP, text_out);
}
