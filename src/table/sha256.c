#include "sha256_internal.h"

#include "trefoil/base/memory.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

struct tf_sha256 {
    EVP_MD_CTX *context;
    bool has_failed;
    bool is_finished;
    char text[TF_SHA256_TEXT_SIZE];
};

tf_sha256 *tf_sha256_new(void) {
    tf_sha256 *sha256 = tf_alloc_zeroed(1, sizeof *sha256);
    if (sha256) {
        sha256->context = EVP_MD_CTX_new();
        if (!sha256->context || !EVP_DigestInit_ex(sha256->context, EVP_sha256(), NULL)) {
            tf_sha256_free(sha256);
            return NULL;
        }
    }
    return sha256;
}

void tf_sha256_free(tf_sha256 *sha256) {
    if (sha256) {
        EVP_MD_CTX_free(sha256->context);
        tf_free(sha256);
    }
}

void tf_sha256_update(tf_sha256 *sha256, const void *bytes, size_t length) {
    sha256->has_failed |= !EVP_DigestUpdate(sha256->context, bytes, length);
}

static void finish(tf_sha256 *sha256) {
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    sha256->is_finished = true;
    sha256->has_failed |= !EVP_DigestFinal_ex(sha256->context, digest, &length);
    for (size_t i = 0; i < TF_SHA256_SIZE && !sha256->has_failed; i++) {
        sha256->text[2 * i] = digits[digest[i] >> 4];
        sha256->text[2 * i + 1] = digits[digest[i] & 15];
    }
}

tf_status tf_sha256_finish(tf_sha256 *sha256, char text_out[TF_SHA256_TEXT_SIZE], tf_error *error) {
    if (!sha256->is_finished) {
        finish(sha256);
    }
    if (sha256->has_failed) {
        return tf_fail(error, TF_INTERNAL, NULL, 0, "the checksum could not be computed");
    }
    memcpy(text_out, sha256->text, sizeof sha256->text);
    return TF_OK;
}
