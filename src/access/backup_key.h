/* The pair of keys of backups.  The public part seals and stays with the installation; the secret
 * part opens, and is kept elsewhere by whoever restores: a stolen server reads no backup. */
#ifndef ACCESS_BACKUP_KEY_H
#define ACCESS_BACKUP_KEY_H

#include "actor.h"
#include "site_key.h"
#include "store/db.h"

/* A public part as text: 64 hexadecimal digits, and 8 that show a slip of the pen. */
enum { TF_BACKUP_KEY_TEXT_SIZE = 2 * TF_KEY_SIZE + 8 + 1 };

void tf_backup_key_format(const uint8_t public_key[TF_KEY_SIZE],
                          char text_out[TF_BACKUP_KEY_TEXT_SIZE]);

/* Errors: TF_BAD_INPUT. */
tf_status tf_backup_key_parse(tf_text text, uint8_t public_out[TF_KEY_SIZE], tf_error *error);

/* Make a pair and write its secret part to a new file, which its owner alone may read.
 * Errors: TF_BUSY where there is such a file; TF_IO. */
tf_status tf_backup_key_create(const char *path, uint8_t public_out[TF_KEY_SIZE], tf_error *error);

/* Read a secret part; its public part follows from it.
 * Errors: TF_NOT_FOUND; TF_BAD_INPUT for a file that is none, or that others may read; TF_IO. */
tf_status tf_backup_key_load(const char *path, uint8_t public_out[TF_KEY_SIZE],
                             uint8_t secret_out[TF_KEY_SIZE], tf_error *error);

/* From now on seal the database's backups to this key; entered in the audit.  Earlier backups open
 * with the earlier key. */
tf_status tf_backup_key_set(tf_db *db, const tf_site_key *key, const tf_actor *actor,
                            const uint8_t public_key[TF_KEY_SIZE], tf_error *error);

/* The key that was set with this site's key.  Errors: TF_NOT_FOUND where none is set, saying how
 * to; TF_REFUSED for one that was put there by something else: what is sealed to it would be read
 * by whoever did. */
tf_status tf_backup_key_get(tf_db *db, const tf_site_key *key, uint8_t public_out[TF_KEY_SIZE],
                            tf_error *error);

#endif
