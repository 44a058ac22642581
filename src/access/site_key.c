#include "site_key.h"

#include "key_file_internal.h"

static const tf_key_kind kind = {
    .first_line = "Trefoil site key, version 1: keep it secret, and keep a copy",
    .name = "site key",
    .absent = "the database has no site key; run 'trefoil init', or bring the key from a backup",
};

void tf_site_key_path(const char *db_path, tf_buffer *path_out) {
    tf_buffer_format(path_out, "%s.key", db_path);
}

void tf_site_key_of(const uint8_t root[TF_KEY_SIZE], tf_site_key *key_out) {
    uint8_t seed[TF_KEY_SIZE];
    memcpy(key_out->root, root, TF_KEY_SIZE);
    tf_secret_derive(root, "audit", key_out->audit_key);
    tf_secret_derive(root, "mark", key_out->mark_key);
    tf_secret_derive(root, "vault", key_out->vault_key);
    tf_secret_derive(root, "proof", key_out->proof_key);
    tf_secret_derive(root, "sign", seed);
    tf_secret_sign_keys_of(seed, key_out->sign_public, key_out->sign_secret);
    tf_secret_forget(seed, sizeof seed);
}

tf_status tf_site_key_write(const char *db_path, const uint8_t root[TF_KEY_SIZE], tf_error *error) {
    tf_buffer path;
    tf_buffer_init(&path);
    tf_site_key_path(db_path, &path);
    tf_status status = tf_buffer_check(&path, error);
    if (!status) {
        status = tf_key_file_write(path.data, &kind, root, error);
    }
    tf_buffer_deinit(&path);
    return status;
}

tf_status tf_site_key_create(const char *db_path, tf_site_key *key_out, tf_error *error) {
    tf_status status = tf_secret_begin(error);
    if (status) {
        return status;
    }
    uint8_t root[TF_KEY_SIZE];
    tf_secret_random(root, sizeof root);
    status = tf_site_key_write(db_path, root, error);
    if (!status) {
        tf_site_key_of(root, key_out);
    }
    tf_secret_forget(root, sizeof root);
    return status;
}

tf_status tf_site_key_load(const char *db_path, tf_site_key *key_out, tf_error *error) {
    tf_status status = tf_secret_begin(error);
    tf_buffer path;
    tf_buffer_init(&path);
    tf_site_key_path(db_path, &path);
    if (!status) {
        status = tf_buffer_check(&path, error);
    }
    uint8_t root[TF_KEY_SIZE];
    if (!status) {
        status = tf_key_file_read(path.data, &kind, root, error);
    }
    if (!status) {
        tf_site_key_of(root, key_out);
    }
    tf_secret_forget(root, sizeof root);
    tf_buffer_deinit(&path);
    return status;
}
