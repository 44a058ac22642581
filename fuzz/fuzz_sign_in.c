/* What people type to sign in: passphrases, codes, recovery codes, tokens.  No crash; what is taken
 * for a passphrase keeps the rules of length, and what is taken for a code reads back the same. */
#include "access/one_time_code.h"
#include "access/passphrase.h"

#include <stdlib.h>

static void check(bool holds) {
    if (!holds) {
        abort();
    }
}

static void check_passphrase(tf_text text) {
    tf_text own = {text.data, text.length / 2};
    tf_error error = {.message = ""};
    tf_status status =
        tf_passphrase_check(text, own, tf_text_of("asha@northshire.example"), own, &error);
    check(status == TF_OK || (status == TF_BAD_INPUT && error.message[0]));
    if (!status) {
        size_t characters = tf_text_width(text); /* as typed: a letter and its marks become one */
        check(characters >= TF_PASSPHRASE_LEAST && characters <= (size_t)4 * TF_PASSPHRASE_MOST);
        check(tf_text_is_utf8(text));
    }
}

static void check_codes(tf_text text) {
    static const uint8_t seed[TF_CODE_SEED_SIZE] = "12345678901234567890";
    char code[TF_RECOVERY_CODE_TEXT_SIZE], again[TF_RECOVERY_CODE_TEXT_SIZE];
    if (tf_recovery_code_read(text, code)) {
        check(tf_recovery_code_read(tf_text_of(code), again) && strcmp(code, again) == 0);
    }
    int64_t step = -1;
    if (tf_code_is_right(seed, text, 0, -2, &step)) {
        check(step >= -1 && step <= 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    tf_text text = {(const char *)bytes, length};
    uint8_t key[TF_KEY_SIZE];
    check_passphrase(text);
    check_codes(text);
    (void)tf_token_key(text, "session", key);
    return 0;
}
