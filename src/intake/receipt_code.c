#include "receipt_code_internal.h"

#include "access/typed_code.h"

enum { SYMBOLS = 16, GROUP = 4 };
_Static_assert(TF_RECEIPT_SIZE == TF_TYPED_CODE_SIZE(SYMBOLS, GROUP), "with hyphens");

void tf_receipt_new(char code_out[TF_RECEIPT_SIZE]) {
    tf_typed_code_new(SYMBOLS, GROUP, code_out);
}

bool tf_receipt_keys_of(const tf_site_key *site_key, tf_text code, tf_receipt_keys *keys_out) {
    char text[TF_RECEIPT_SIZE];
    if (!tf_typed_code_read(code, SYMBOLS, GROUP, text)) {
        return false;
    }
    /* Keyed with the site's key, so that who has only the database cannot even try codes. */
    uint8_t key[TF_KEY_SIZE];
    uint8_t base[TF_HASH_SIZE];
    uint8_t seed[TF_KEY_SIZE];
    tf_secret_derive(site_key->root, "receipt codes", key);
    tf_secret_hash(key, text, strlen(text), base);
    tf_secret_derive(base, "receipt handle", keys_out->handle);
    tf_secret_derive(base, "receipt letters", seed);
    tf_secret_pair_of(seed, keys_out->public_key, keys_out->secret_key);
    tf_secret_forget(key, sizeof key);
    tf_secret_forget(base, sizeof base);
    tf_secret_forget(seed, sizeof seed);
    tf_secret_forget(text, sizeof text);
    return true;
}
