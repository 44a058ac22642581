/* What a backup holds, before it is sealed: the manifest, and behind it the bytes of the database,
 * as many as the manifest says. */
#ifndef ACCESS_BACKUP_INTERNAL_H
#define ACCESS_BACKUP_INTERNAL_H

#include "backup.h"

/* Four numbers of 8 bytes, least first: when it was made, the schema, the size of the database, the
 * last entry of the audit chain; that entry's hash; the root of the site's key. */
enum { TF_BACKUP_MANIFEST_SIZE = 4 * 8 + TF_HASH_SIZE + TF_KEY_SIZE };

void tf_backup_manifest_write(const tf_backup_facts *facts, const uint8_t root[TF_KEY_SIZE],
                              uint8_t bytes_out[TF_BACKUP_MANIFEST_SIZE]);
void tf_backup_manifest_read(const uint8_t bytes[TF_BACKUP_MANIFEST_SIZE],
                             tf_backup_facts *facts_out, uint8_t root_out[TF_KEY_SIZE]);

/* The last entry of the audit chain and its hash; 0 and zeros where there is none. */
tf_status tf_backup_chain_end(tf_db *db, int64_t *entry_id_out, uint8_t hash_out[TF_HASH_SIZE],
                              tf_error *error);

/* A file without a name for plain bytes.  Errors: TF_IO. */
tf_status tf_backup_open_scratch(const char *folder, int *file_out, tf_error *error);

#endif
