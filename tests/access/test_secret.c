#include "check.h"

#include "access/secret.h"

/* Bytes written as hexadecimal digits. */
static void from_hex(const char *digits, uint8_t *bytes_out, size_t length) {
    assert_int_equal(strlen(digits), 2 * length);
    for (size_t i = 0; i < length; i++) {
        unsigned value;
        assert_int_equal(sscanf(digits + 2 * i, "%2x", &value), 1);
        bytes_out[i] = (uint8_t)value;
    }
}

static void assert_hex(const uint8_t *bytes, size_t length, const char *digits) {
    uint8_t expected[128];
    assert_true(length <= sizeof expected);
    from_hex(digits, expected, length);
    assert_memory_equal(bytes, expected, length);
}

static void first_bytes(uint8_t *bytes_out, size_t length) {
    for (size_t i = 0; i < length; i++) {
        bytes_out[i] = (uint8_t)i;
    }
}

static tf_text text(const char *words) {
    return tf_text_of(words);
}

/* Python 3.11: hashlib.blake2b(b"abc", digest_size=32), and with key=bytes(range(32)). */
static void hashes_are_those_of_python(void **state) {
    (void)state;
    uint8_t key[TF_KEY_SIZE];
    uint8_t hash[TF_HASH_SIZE];
    first_bytes(key, sizeof key);
    tf_secret_hash(NULL, "abc", 3, hash);
    assert_hex(hash, sizeof hash,
               "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    tf_secret_hash(key, "abc", 3, hash);
    assert_hex(hash, sizeof hash,
               "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

/* RFC 8032, section 7.1, test 1. */
static void signatures_are_those_of_rfc_8032(void **state) {
    (void)state;
    uint8_t seed[TF_KEY_SIZE];
    uint8_t public_key[TF_KEY_SIZE];
    uint8_t secret_key[TF_SIGN_SECRET_SIZE];
    uint8_t signature[TF_SIGNATURE_SIZE];
    from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed, sizeof seed);
    tf_secret_sign_keys_of(seed, public_key, secret_key);
    assert_hex(public_key, sizeof public_key,
               "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    tf_secret_sign(secret_key, text(""), signature);
    assert_hex(
        signature, sizeof signature,
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
        "39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    assert_true(tf_secret_is_signed(public_key, text(""), signature));
    assert_false(tf_secret_is_signed(public_key, text("a"), signature));
    signature[7] ^= 1;
    assert_false(tf_secret_is_signed(public_key, text(""), signature));
}

/* argon2-cffi 25.1.0: hash_secret_raw(b"correct horse battery staple", bytes(range(16)), 2, 8192,
 * 1, 64, Type.ID); of its first half hashlib.blake2b(b"verifier", key=half, digest_size=32). */
static void passphrases_are_derived_as_argon2_does(void **state) {
    (void)state;
    tf_error error;
    uint8_t salt[TF_SALT_SIZE];
    uint8_t verifier[TF_KEY_SIZE];
    uint8_t lock[TF_KEY_SIZE];
    first_bytes(salt, sizeof salt);
    tf_passphrase_cost cost = {.passes = 2, .memory_bytes = 8192 * 1024};
    assert_ok(tf_secret_of_passphrase(text("correct horse battery staple"), salt, cost, verifier,
                                      lock, &error),
              &error);
    assert_hex(verifier, sizeof verifier,
               "0cfa8847d87ab97084770e656c7ed7da631f2496957d19519d7afdb3f2267703");
    assert_hex(lock, sizeof lock,
               "3a766a260e0f4e148e4d280bf0d51b746d6e29208bed27404d23020770f490da");
    cost.passes = 0;
    assert_int_equal(tf_secret_of_passphrase(text("a"), salt, cost, verifier, lock, &error),
                     TF_BAD_INPUT);
}

static void what_is_locked_opens_only_with_its_key_and_its_subject(void **state) {
    (void)state;
    uint8_t key[TF_KEY_SIZE];
    uint8_t other[TF_KEY_SIZE];
    tf_secret_random(key, sizeof key);
    tf_secret_random(other, sizeof other);
    tf_buffer locked;
    tf_buffer plain;
    tf_buffer_init(&locked);
    tf_buffer_init(&plain);
    tf_secret_lock(key, text("row 7"), text("a line number"), &locked);
    tf_text whole = {locked.data, locked.length};
    assert_false(tf_secret_unlock(other, text("row 7"), whole, &plain));
    assert_false(tf_secret_unlock(key, text("row 8"), whole, &plain));
    assert_int_equal(plain.length, 0);
    for (size_t i = 0; i < locked.length; i++) {
        locked.data[i] ^= 1;
        assert_false(tf_secret_unlock(key, text("row 7"), whole, &plain));
        locked.data[i] ^= 1;
        assert_false(tf_secret_unlock(key, text("row 7"), (tf_text){whole.data, i}, &plain));
    }
    assert_true(tf_secret_unlock(key, text("row 7"), whole, &plain));
    assert_string_equal(plain.data, "a line number");
    tf_buffer again;
    tf_buffer_init(&again);
    tf_secret_lock(key, text("row 7"), text("a line number"), &again);
    assert_memory_not_equal(again.data, locked.data, locked.length);
    tf_buffer_deinit(&again);
    tf_buffer_deinit(&plain);
    tf_buffer_deinit(&locked);
}

static void what_is_sealed_opens_only_with_the_secret_key(void **state) {
    (void)state;
    uint8_t seed[TF_KEY_SIZE];
    uint8_t public_key[TF_KEY_SIZE];
    uint8_t secret_key[TF_KEY_SIZE];
    uint8_t other_public[TF_KEY_SIZE];
    uint8_t other_secret[TF_KEY_SIZE];
    first_bytes(seed, sizeof seed);
    tf_secret_pair_of(seed, public_key, secret_key);
    tf_secret_new_pair(other_public, other_secret);
    tf_buffer sealed;
    tf_buffer plain;
    tf_buffer_init(&sealed);
    tf_buffer_init(&plain);
    tf_secret_seal(public_key, text("who and how"), &sealed);
    tf_text whole = {sealed.data, sealed.length};
    assert_false(tf_secret_open(other_public, other_secret, whole, &plain));
    assert_false(tf_secret_open(public_key, secret_key, text("short"), &plain));
    assert_true(tf_secret_open(public_key, secret_key, whole, &plain));
    assert_string_equal(plain.data, "who and how");
    tf_buffer_deinit(&plain);
    tf_buffer_deinit(&sealed);
}

static void a_token_gives_a_key_for_each_use_and_nothing_else_is_one(void **state) {
    (void)state;
    char token[TF_TOKEN_TEXT_SIZE];
    char other[TF_TOKEN_TEXT_SIZE];
    uint8_t session[TF_KEY_SIZE];
    uint8_t unlock[TF_KEY_SIZE];
    uint8_t again[TF_KEY_SIZE];
    tf_token_new(token);
    tf_token_new(other);
    assert_string_not_equal(token, other);
    assert_int_equal(strlen(token), TF_TOKEN_TEXT_SIZE - 1);
    assert_true(tf_token_key(text(token), "session", session));
    assert_true(tf_token_key(text(token), "session", again));
    assert_true(tf_token_key(text(token), "unlock", unlock));
    assert_memory_equal(session, again, sizeof session);
    assert_memory_not_equal(session, unlock, sizeof session);
    assert_false(tf_token_key((tf_text){token, strlen(token) - 1}, "session", session));
    assert_false(tf_token_key((tf_text){NULL, 0}, "session", session));
    token[5] = '=';
    assert_false(tf_token_key(text(token), "session", session));
}

static void a_stream_is_taken_in_its_order_and_to_its_end(void **state) {
    (void)state;
    uint8_t key[TF_KEY_SIZE];
    uint8_t header[TF_STREAM_HEADER_SIZE];
    uint8_t first[5 + TF_STREAM_OVERHEAD];
    uint8_t second[4 + TF_STREAM_OVERHEAD];
    uint8_t plain[5];
    bool is_last;
    tf_secret_random(key, sizeof key);
    tf_secret_stream *stream = tf_secret_stream_lock(key, header);
    tf_secret_stream_push(stream, text("north"), false, first);
    tf_secret_stream_push(stream, text("east"), true, second);
    tf_secret_stream_free(stream);
    tf_text first_piece = {(const char *)first, sizeof first};
    tf_text second_piece = {(const char *)second, sizeof second};

    stream = tf_secret_stream_unlock(key, header);
    assert_false(tf_secret_stream_pull(stream, second_piece, plain, &is_last));
    tf_secret_stream_free(stream);

    stream = tf_secret_stream_unlock(key, header);
    assert_true(tf_secret_stream_pull(stream, first_piece, plain, &is_last));
    assert_memory_equal(plain, "north", 5);
    assert_false(is_last);
    assert_false(tf_secret_stream_pull(stream, text("short"), plain, &is_last));
    assert_true(tf_secret_stream_pull(stream, second_piece, plain, &is_last));
    assert_memory_equal(plain, "east", 4);
    assert_true(is_last);
    tf_secret_stream_free(stream);
}

int main(void) {
    tf_error error;
    if (tf_secret_begin(&error)) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_python),
        cmocka_unit_test(signatures_are_those_of_rfc_8032),
        cmocka_unit_test(passphrases_are_derived_as_argon2_does),
        cmocka_unit_test(what_is_locked_opens_only_with_its_key_and_its_subject),
        cmocka_unit_test(what_is_sealed_opens_only_with_the_secret_key),
        cmocka_unit_test(a_token_gives_a_key_for_each_use_and_nothing_else_is_one),
        cmocka_unit_test(a_stream_is_taken_in_its_order_and_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
