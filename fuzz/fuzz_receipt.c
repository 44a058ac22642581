/* Any text as a receipt code: one that is taken gives the same keys again, also in capitals and
 * without what stands between the symbols. */
#include "intake/receipt_code_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint8_t root[TF_KEY_SIZE] = {1};
    tf_site_key key;
    tf_receipt_keys first;
    tf_receipt_keys again;
    if (tf_secret_begin(NULL) != TF_OK) {
        return 0;
    }
    tf_site_key_of(root, &key);
    if (!tf_receipt_keys_of(&key, (tf_text){(const char *)data, size}, &first)) {
        return 0;
    }
    char tidy[16];
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        char c = (char)data[i];
        if ((c && strchr("- \t\r\n", c)) || data[i] >= 0x80) {
            continue;
        }
        if (length == sizeof tidy) {
            abort();
        }
        tidy[length++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    if (!tf_receipt_keys_of(&key, (tf_text){tidy, length}, &again) ||
        memcmp(&first, &again, sizeof first) != 0) {
        abort();
    }
    return 0;
}
