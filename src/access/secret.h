/* The one door to libsodium (ISC licence): random bytes, hashes, locks, seals, signatures and
 * passphrases.  Nothing here knows what it protects.
 *
 * Words: what is *locked* opens with the key it was locked with; what is *sealed* to a public key
 * opens with its secret key, and nobody can tell who sealed it.  Every function is thread-safe and
 * O(length) unless it says otherwise. */
#ifndef ACCESS_SECRET_H
#define ACCESS_SECRET_H

#include "trefoil/base/text.h"

enum {
    TF_KEY_SIZE = 32,       /* of every key, public and secret */
    TF_HASH_SIZE = 32,      /* BLAKE2b-256 (RFC 7693) */
    TF_SIGNATURE_SIZE = 64, /* Ed25519 (RFC 8032) */
    TF_SIGN_SECRET_SIZE = 64,
    TF_SALT_SIZE = 16,
    TF_TOKEN_SIZE = 32,      /* bytes of a token */
    TF_TOKEN_TEXT_SIZE = 44, /* as base64url without padding, terminated */
};

/* To be called before anything else here, once or more.  Errors: TF_INTERNAL if the system gives
 * no random numbers. */
tf_status tf_secret_begin(tf_error *error);

void tf_secret_random(void *bytes_out, size_t length);
bool tf_secret_equal(const void *a, const void *b, size_t length); /* in constant time */
void tf_secret_forget(void *bytes, size_t length);                 /* overwrites them for good */

/* BLAKE2b-256 of `bytes`; keyed, a message authentication code.  `key` is TF_KEY_SIZE bytes or
 * NULL. */
void tf_secret_hash(const uint8_t *key, const void *bytes, size_t length,
                    uint8_t hash_out[TF_HASH_SIZE]);

/* A key for one use out of another: the hash of the use's name, keyed. */
void tf_secret_derive(const uint8_t key[TF_KEY_SIZE], const char *use,
                      uint8_t derived_out[TF_KEY_SIZE]);

/* ---- locks: XChaCha20-Poly1305 with a random nonce ---- */

/* Append `plain` locked.  `about` is authenticated with it but not kept: whoever unlocks must give
 * the same, so that what was locked for one row cannot be moved to another.
 * A failed allocation is left in the buffer. */
void tf_secret_lock(const uint8_t key[TF_KEY_SIZE], tf_text about, tf_text plain,
                    tf_buffer *locked_out);

/* Append what was locked; false, and nothing appended, for another key, other bytes or another
 * `about`. */
bool tf_secret_unlock(const uint8_t key[TF_KEY_SIZE], tf_text about, tf_text locked,
                      tf_buffer *plain_out);

/* ---- seals: X25519, crypto_box_seal ---- */

void tf_secret_new_pair(uint8_t public_out[TF_KEY_SIZE], uint8_t secret_out[TF_KEY_SIZE]);
void tf_secret_pair_of(const uint8_t seed[TF_KEY_SIZE], uint8_t public_out[TF_KEY_SIZE],
                       uint8_t secret_out[TF_KEY_SIZE]); /* always the same for a seed */
void tf_secret_seal(const uint8_t public_key[TF_KEY_SIZE], tf_text plain, tf_buffer *sealed_out);
bool tf_secret_open(const uint8_t public_key[TF_KEY_SIZE], const uint8_t secret_key[TF_KEY_SIZE],
                    tf_text sealed, tf_buffer *plain_out);

/* ---- signatures: Ed25519 ---- */

void tf_secret_sign_keys_of(const uint8_t seed[TF_KEY_SIZE], uint8_t public_out[TF_KEY_SIZE],
                            uint8_t secret_out[TF_SIGN_SECRET_SIZE]);
void tf_secret_sign(const uint8_t secret_key[TF_SIGN_SECRET_SIZE], tf_text message,
                    uint8_t signature_out[TF_SIGNATURE_SIZE]);
bool tf_secret_is_signed(const uint8_t public_key[TF_KEY_SIZE], tf_text message,
                         const uint8_t signature[TF_SIGNATURE_SIZE]);

/* ---- passphrases: Argon2id (RFC 9106) ---- */

typedef struct tf_passphrase_cost {
    int64_t passes;
    int64_t memory_bytes;
} tf_passphrase_cost;

/* What new passphrases cost: 2 passes over 64 MiB, about 60 ms of one processor, twice what OWASP's
 * Password Storage Cheat Sheet asks for at the least (19 MiB, 2 passes). */
extern const tf_passphrase_cost tf_passphrase_cost_default;

/* Two keys out of a passphrase by one derivation: `verifier_out` proves it and may be stored,
 * `lock_out` locks what only its owner may read and is never stored.  Takes the cost's time and
 * memory.  Errors: TF_NO_MEMORY; TF_BAD_INPUT for a cost that is out of bounds. */
tf_status tf_secret_of_passphrase(tf_text passphrase, const uint8_t salt[TF_SALT_SIZE],
                                  tf_passphrase_cost cost, uint8_t verifier_out[TF_KEY_SIZE],
                                  uint8_t lock_out[TF_KEY_SIZE], tf_error *error);

/* ---- tokens: 256 random bits that whoever holds them is known by ---- */

void tf_token_new(char text_out[TF_TOKEN_TEXT_SIZE]);

/* What is stored of a token to know it again by, or the key of a lock that it opens: the `use`
 * tells these apart.  False, and nothing written, for a text that is no token. */
bool tf_token_key(tf_text token, const char *use, uint8_t key_out[TF_KEY_SIZE]);

/* ---- long files, in pieces: crypto_secretstream (XChaCha20-Poly1305) ---- */

typedef struct tf_secret_stream tf_secret_stream;

enum { TF_STREAM_HEADER_SIZE = 24, TF_STREAM_OVERHEAD = 17 };

/* Begin to lock (the header is written) or to unlock (the header is read); NULL when out of memory
 * or for a header that is none.  A stream belongs to one thread. */
tf_secret_stream *tf_secret_stream_lock(const uint8_t key[TF_KEY_SIZE],
                                        uint8_t header_out[TF_STREAM_HEADER_SIZE]);
tf_secret_stream *tf_secret_stream_unlock(const uint8_t key[TF_KEY_SIZE],
                                          const uint8_t header[TF_STREAM_HEADER_SIZE]);
void tf_secret_stream_free(tf_secret_stream *stream); /* accepts NULL */

/* Lock one piece: `out` has room for its length and TF_STREAM_OVERHEAD more. */
void tf_secret_stream_push(tf_secret_stream *stream, tf_text plain, bool is_last, uint8_t *out);

/* Unlock one piece, as it was pushed, in the same order; false for any other. */
bool tf_secret_stream_pull(tf_secret_stream *stream, tf_text locked, uint8_t *plain_out,
                           bool *is_last_out);

#endif
