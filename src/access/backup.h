/* Backups: the whole database and the site's key in one sealed file.
 *
 * A backup is made while the installation runs, of one state of the database, which is checked
 * before it is kept.  It is sealed to the public part of the operator's backup key (backup_key.h),
 * so that neither a stolen server nor a stolen backup reads anything.  The plain copy in between
 * stands in a file without a name in the database's folder and is gone however the program ends;
 * whether its bytes stay on the medium is the disk's business: an encrypted disk answers that. */
#ifndef ACCESS_BACKUP_H
#define ACCESS_BACKUP_H

#include "actor.h"
#include "audit_verify.h"
#include "site_key.h"
#include "store/db.h"

/* What is in a backup. */
typedef struct tf_backup_facts {
    int64_t made_at;  /* instant */
    int64_t schema;   /* of the database */
    int64_t entry_id; /* the last entry of the audit chain; 0: none */
    uint8_t entry_hash[TF_HASH_SIZE];
    int64_t database_size; /* bytes */
    int64_t file_size;     /* bytes of the backup */
} tf_backup_facts;

/* Write a backup to a new file, and enter it in the audit and in the list of backups.  All of it is
 * done, or nothing.
 * Errors: TF_NOT_FOUND where no backup key is set; TF_REFUSED where it was set by something else
 * than Trefoil; TF_BUSY where the file is there already;
 * TF_BAD_INPUT for a database that is damaged; TF_IO.  O(size). */
tf_status tf_backup_write(tf_db *db, const tf_site_key *key, const tf_actor *actor,
                          const char *path, tf_backup_facts *facts_out, tf_error *error);

/* Read a backup to its end and check all of it: the seal, the database within, and its audit chain.
 * `key_path` is the secret part of the backup key.  The plain database stands meanwhile in a file
 * without a name in the folder `scratch`. Errors: TF_NOT_FOUND; TF_BAD_INPUT for a backup that is
 * damaged, cut off or of another key; TF_UNSUPPORTED for that of a newer program; TF_IO. */
tf_status tf_backup_verify(const char *path, const char *key_path, const char *scratch,
                           tf_backup_facts *facts_out, tf_error *error);

/* On which terms a backup is restored. */
typedef struct tf_restore_terms {
    const tf_audit_kept_head *head; /* that the audit is held against; NULL: none */
    bool even_if_unsound;           /* although its audit is not what was entered */
} tf_restore_terms;

/* Check a backup in the same way, and its audit against the head, then make of it a database at
 * `db_path`, its site key and the mark of its audit beside it; neither database nor key may be
 * there, and the mark of one that was is made anew.  All sessions in it end.  That is entered in
 * the audit of that database, with the fault where it is not sound.  All of it is done, or nothing
 * is left.  *report_out is what the verification found.
 * Errors: those of tf_backup_verify; TF_BAD_INPUT for an audit that is not sound, unless the terms
 * allow it, and for a head of after the backup; TF_BUSY where there is a database or a key already.
 */
tf_status tf_backup_restore(const char *path, const char *key_path, const char *db_path,
                            const tf_restore_terms *terms, const tf_actor *actor,
                            tf_backup_facts *facts_out, tf_audit_report *report_out,
                            tf_error *error);

/* When the last backup was made, as an instant; 0: never. */
tf_status tf_backup_last(tf_db *db, int64_t *at_out, tf_error *error);

#endif
