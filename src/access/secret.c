#include "secret.h"

#include "trefoil/base/memory.h"

#include <sodium.h>

_Static_assert(TF_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "XChaCha20");
_Static_assert(TF_KEY_SIZE == crypto_secretstream_xchacha20poly1305_KEYBYTES, "XChaCha20");
_Static_assert(TF_KEY_SIZE == crypto_box_PUBLICKEYBYTES, "X25519");
_Static_assert(TF_KEY_SIZE == crypto_box_SECRETKEYBYTES, "X25519");
_Static_assert(TF_KEY_SIZE == crypto_box_SEEDBYTES, "X25519");
_Static_assert(TF_KEY_SIZE == crypto_sign_PUBLICKEYBYTES, "Ed25519");
_Static_assert(TF_KEY_SIZE == crypto_sign_SEEDBYTES, "Ed25519");
_Static_assert(TF_SIGNATURE_SIZE == crypto_sign_BYTES, "Ed25519");
_Static_assert(TF_SIGN_SECRET_SIZE == crypto_sign_SECRETKEYBYTES, "Ed25519");
_Static_assert(TF_SALT_SIZE == crypto_pwhash_argon2id_SALTBYTES, "Argon2id");
_Static_assert(TF_STREAM_HEADER_SIZE == crypto_secretstream_xchacha20poly1305_HEADERBYTES &&
                   TF_STREAM_OVERHEAD == crypto_secretstream_xchacha20poly1305_ABYTES,
               "secretstream");

const tf_passphrase_cost tf_passphrase_cost_default = {.passes = 2,
                                                       .memory_bytes = (int64_t)64 * 1024 * 1024};

tf_status tf_secret_begin(tf_error *error) {
    return sodium_init() < 0 ? tf_fail(error, TF_INTERNAL, NULL, 0,
                                       "the system gives no random numbers; nothing can be kept "
                                       "secret without them")
                             : TF_OK;
}

void tf_secret_random(void *bytes_out, size_t length) {
    randombytes_buf(bytes_out, length);
}

bool tf_secret_equal(const void *a, const void *b, size_t length) {
    return sodium_memcmp(a, b, length) == 0;
}

void tf_secret_forget(void *bytes, size_t length) {
    sodium_memzero(bytes, length);
}

void tf_secret_hash(const uint8_t *key, const void *bytes, size_t length,
                    uint8_t hash_out[TF_HASH_SIZE]) {
    (void)crypto_generichash(hash_out, TF_HASH_SIZE, bytes, length, key, key ? TF_KEY_SIZE : 0);
}

void tf_secret_derive(const uint8_t key[TF_KEY_SIZE], const char *use,
                      uint8_t derived_out[TF_KEY_SIZE]) {
    tf_secret_hash(key, use, strlen(use), derived_out);
}

/* Room for `length` more bytes at the end of the buffer; NULL, and the buffer has failed, when out
 * of memory. */
static uint8_t *grow(tf_buffer *buffer, size_t length) {
    size_t needed;
    if (buffer->failed || __builtin_add_overflow(buffer->length, length, &needed) ||
        __builtin_add_overflow(needed, 1, &needed) ||
        tf_reserve(&buffer->data, &buffer->capacity, needed, 1, NULL)) {
        buffer->failed = true;
        return NULL;
    }
    return (uint8_t *)buffer->data + buffer->length;
}

static void grown(tf_buffer *buffer, size_t length) {
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

/* ---- locks ---- */

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

void tf_secret_lock(const uint8_t key[TF_KEY_SIZE], tf_text about, tf_text plain,
                    tf_buffer *locked_out) {
    uint8_t *out = grow(locked_out, NONCE + plain.length + TAG);
    if (!out) {
        return;
    }
    randombytes_buf(out, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, (const uint8_t *)plain.data,
                                                     plain.length, (const uint8_t *)about.data,
                                                     about.length, NULL, out, key);
    grown(locked_out, NONCE + plain.length + TAG);
}

bool tf_secret_unlock(const uint8_t key[TF_KEY_SIZE], tf_text about, tf_text locked,
                      tf_buffer *plain_out) {
    if (locked.length < NONCE + TAG) {
        return false;
    }
    size_t length = locked.length - NONCE - TAG;
    uint8_t *out = grow(plain_out, length);
    const uint8_t *in = (const uint8_t *)locked.data;
    if (!out || crypto_aead_xchacha20poly1305_ietf_decrypt(
                    out, NULL, NULL, in + NONCE, locked.length - NONCE, (const uint8_t *)about.data,
                    about.length, in, key) != 0) {
        return false;
    }
    grown(plain_out, length);
    return true;
}

/* ---- seals ---- */

void tf_secret_new_pair(uint8_t public_out[TF_KEY_SIZE], uint8_t secret_out[TF_KEY_SIZE]) {
    (void)crypto_box_keypair(public_out, secret_out);
}

void tf_secret_pair_of(const uint8_t seed[TF_KEY_SIZE], uint8_t public_out[TF_KEY_SIZE],
                       uint8_t secret_out[TF_KEY_SIZE]) {
    (void)crypto_box_seed_keypair(public_out, secret_out, seed);
}

void tf_secret_seal(const uint8_t public_key[TF_KEY_SIZE], tf_text plain, tf_buffer *sealed_out) {
    uint8_t *out = grow(sealed_out, plain.length + crypto_box_SEALBYTES);
    if (out) {
        (void)crypto_box_seal(out, (const uint8_t *)plain.data, plain.length, public_key);
        grown(sealed_out, plain.length + crypto_box_SEALBYTES);
    }
}

bool tf_secret_open(const uint8_t public_key[TF_KEY_SIZE], const uint8_t secret_key[TF_KEY_SIZE],
                    tf_text sealed, tf_buffer *plain_out) {
    if (sealed.length < crypto_box_SEALBYTES) {
        return false;
    }
    size_t length = sealed.length - crypto_box_SEALBYTES;
    uint8_t *out = grow(plain_out, length);
    if (!out || crypto_box_seal_open(out, (const uint8_t *)sealed.data, sealed.length, public_key,
                                     secret_key) != 0) {
        return false;
    }
    grown(plain_out, length);
    return true;
}

/* ---- signatures ---- */

void tf_secret_sign_keys_of(const uint8_t seed[TF_KEY_SIZE], uint8_t public_out[TF_KEY_SIZE],
                            uint8_t secret_out[TF_SIGN_SECRET_SIZE]) {
    (void)crypto_sign_seed_keypair(public_out, secret_out, seed);
}

void tf_secret_sign(const uint8_t secret_key[TF_SIGN_SECRET_SIZE], tf_text message,
                    uint8_t signature_out[TF_SIGNATURE_SIZE]) {
    (void)crypto_sign_detached(signature_out, NULL, (const uint8_t *)message.data, message.length,
                               secret_key);
}

bool tf_secret_is_signed(const uint8_t public_key[TF_KEY_SIZE], tf_text message,
                         const uint8_t signature[TF_SIGNATURE_SIZE]) {
    return crypto_sign_verify_detached(signature, (const uint8_t *)message.data, message.length,
                                       public_key) == 0;
}

/* ---- passphrases ---- */

tf_status tf_secret_of_passphrase(tf_text passphrase, const uint8_t salt[TF_SALT_SIZE],
                                  tf_passphrase_cost cost, uint8_t verifier_out[TF_KEY_SIZE],
                                  uint8_t lock_out[TF_KEY_SIZE], tf_error *error) {
    if (cost.passes < (int64_t)crypto_pwhash_argon2id_OPSLIMIT_MIN || cost.passes > 100 ||
        cost.memory_bytes < (int64_t)crypto_pwhash_argon2id_MEMLIMIT_MIN ||
        cost.memory_bytes > (int64_t)1 << 32) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a passphrase is kept at a cost that is out of bounds; set it anew");
    }
    uint8_t both[2 * TF_KEY_SIZE];
    if (crypto_pwhash_argon2id(both, sizeof both, passphrase.data ? passphrase.data : "",
                               passphrase.length, salt, (unsigned long long)cost.passes,
                               (size_t)cost.memory_bytes, crypto_pwhash_argon2id_ALG_ARGON2ID13)) {
        return tf_fail_no_memory(error);
    }
    /* Hashed once more, so that what is stored tells nothing of the bytes beside it. */
    tf_secret_derive(both, "verifier", verifier_out);
    memcpy(lock_out, both + TF_KEY_SIZE, TF_KEY_SIZE);
    sodium_memzero(both, sizeof both);
    return TF_OK;
}

/* ---- tokens ---- */

void tf_token_new(char text_out[TF_TOKEN_TEXT_SIZE]) {
    uint8_t bytes[TF_TOKEN_SIZE];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2base64(text_out, TF_TOKEN_TEXT_SIZE, bytes, sizeof bytes,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

bool tf_token_key(tf_text token, const char *use, uint8_t key_out[TF_KEY_SIZE]) {
    uint8_t bytes[TF_TOKEN_SIZE]; /* as many as a key has */
    size_t length = 0;
    if (token.length != TF_TOKEN_TEXT_SIZE - 1 ||
        sodium_base642bin(bytes, sizeof bytes, token.data, token.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length != sizeof bytes) {
        return false;
    }
    tf_secret_derive(bytes, use, key_out);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}

/* ---- streams ---- */

struct tf_secret_stream {
    crypto_secretstream_xchacha20poly1305_state state;
};

tf_secret_stream *tf_secret_stream_lock(const uint8_t key[TF_KEY_SIZE],
                                        uint8_t header_out[TF_STREAM_HEADER_SIZE]) {
    tf_secret_stream *stream = tf_alloc_zeroed(1, sizeof *stream);
    if (stream) {
        (void)crypto_secretstream_xchacha20poly1305_init_push(&stream->state, header_out, key);
    }
    return stream;
}

tf_secret_stream *tf_secret_stream_unlock(const uint8_t key[TF_KEY_SIZE],
                                          const uint8_t header[TF_STREAM_HEADER_SIZE]) {
    tf_secret_stream *stream = tf_alloc_zeroed(1, sizeof *stream);
    if (stream &&
        crypto_secretstream_xchacha20poly1305_init_pull(&stream->state, header, key) != 0) {
        tf_secret_stream_free(stream);
        return NULL;
    }
    return stream;
}

void tf_secret_stream_free(tf_secret_stream *stream) {
    if (stream) {
        sodium_memzero(stream, sizeof *stream);
        tf_free(stream);
    }
}

void tf_secret_stream_push(tf_secret_stream *stream, tf_text plain, bool is_last, uint8_t *out) {
    (void)crypto_secretstream_xchacha20poly1305_push(
        &stream->state, out, NULL, (const uint8_t *)plain.data, plain.length, NULL, 0,
        is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
}

bool tf_secret_stream_pull(tf_secret_stream *stream, tf_text locked, uint8_t *plain_out,
                           bool *is_last_out) {
    unsigned char tag = 0;
    if (locked.length < TF_STREAM_OVERHEAD ||
        crypto_secretstream_xchacha20poly1305_pull(&stream->state, plain_out, NULL, &tag,
                                                   (const uint8_t *)locked.data, locked.length,
                                                   NULL, 0) != 0) {
        return false;
    }
    *is_last_out = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return true;
}
