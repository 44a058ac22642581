/* The key of one installation.  It stands beside the database, in a file of its own that only the
 * program's user may read, so that a copy of the database alone opens and forges nothing. */
#ifndef ACCESS_SITE_KEY_H
#define ACCESS_SITE_KEY_H

#include "secret.h"

typedef struct tf_site_key {
    uint8_t root[TF_KEY_SIZE];
    uint8_t audit_key[TF_KEY_SIZE]; /* authenticates the end of the audit chain */
    uint8_t mark_key[TF_KEY_SIZE];  /* authenticates the mark of how far the chain has come */
    uint8_t
        vault_key[TF_KEY_SIZE]; /* locks what the server itself must read: one-time code seeds */
    uint8_t proof_key[TF_KEY_SIZE];   /* proves the rows that say who somebody is */
    uint8_t sign_public[TF_KEY_SIZE]; /* the heads of the audit chain are signed with these */
    uint8_t sign_secret[TF_SIGN_SECRET_SIZE];
} tf_site_key;

/* Append the path of the key of a database: its own with ".key" behind it. */
void tf_site_key_path(const char *db_path, tf_buffer *path_out);

/* Make a new key and write it, readable by its owner alone, durably.
 * Errors: TF_BUSY where there is a key already, which is left as it is; TF_IO. */
tf_status tf_site_key_create(const char *db_path, tf_site_key *key_out, tf_error *error);

/* Write a key that was kept elsewhere, as a restore does.  Errors: those of tf_site_key_create. */
tf_status tf_site_key_write(const char *db_path, const uint8_t root[TF_KEY_SIZE], tf_error *error);

/* Errors: TF_NOT_FOUND where there is none, saying how to make one; TF_BAD_INPUT for a file that is
 * no key, or that others may read; TF_IO. */
tf_status tf_site_key_load(const char *db_path, tf_site_key *key_out, tf_error *error);

/* The keys that belong to a root. */
void tf_site_key_of(const uint8_t root[TF_KEY_SIZE], tf_site_key *key_out);

#endif
