#include "sha256_internal.h"

#include <nettle/sha2.h>
#include <stdalign.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(tf_sha256), "the context fits its storage");
_Static_assert(alignof(struct sha256_ctx) <= alignof(tf_sha256), "and its alignment");

void tf_sha256_init(tf_sha256 *sha256) {
    sha256_init((struct sha256_ctx *)sha256);
}

void tf_sha256_update(tf_sha256 *sha256, const void *bytes, size_t length) {
    sha256_update((struct sha256_ctx *)sha256, length, bytes);
}

void tf_sha256_text(const tf_sha256 *sha256, char text_out[TF_SHA256_TEXT_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    tf_sha256 copy = *sha256;
    uint8_t digest[TF_SHA256_SIZE];
    sha256_digest((struct sha256_ctx *)&copy, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        text_out[2 * i] = digits[digest[i] >> 4];
        text_out[2 * i + 1] = digits[digest[i] & 15];
    }
    text_out[(size_t)2 * TF_SHA256_SIZE] = '\0';
}
