/* Heads of the audit chain: a day, its last entry, that entry's hash, and the site's signature.
 *
 * A head that is kept elsewhere proves what the chain was up to its entry.  It holds no personal
 * data, and no secret. */
#ifndef ACCESS_AUDIT_HEAD_H
#define ACCESS_AUDIT_HEAD_H

#include "site_key.h"
#include "store/db.h"

typedef struct tf_audit_head {
    int32_t day; /* of the entry, since 1970-01-01 */
    int64_t entry_id;
    uint8_t hash[TF_HASH_SIZE];
    uint8_t public_key[TF_KEY_SIZE];
    uint8_t signature[TF_SIGNATURE_SIZE];
} tf_audit_head;

/* Sign the chain's present end.  Nothing is written to the database: the head is for keeping
 * elsewhere.  In a transaction of its own, unless one for writing is open.
 * Errors: TF_NOT_FOUND for a chain without entries; TF_IO where the end is not the one that
 * was left with this key, or is before the mark; those of audit_mark.h and of the database. */
tf_status tf_audit_sign_now(tf_db *db, const tf_site_key *key, tf_audit_head *head_out,
                            tf_error *error);

/* The head of the last day that is over, as it was signed then.  Errors: TF_NOT_FOUND where no day
 * is; TF_BAD_INPUT for one that has been changed; those of the database. */
tf_status tf_audit_head_last(tf_db *db, tf_audit_head *head_out, tf_error *error);

/* Keep that a head was written at `now`, to be kept elsewhere.  Durable; in a transaction of its
 * own. Errors: those of the database. */
tf_status tf_audit_head_note_written(tf_db *db, int64_t now, tf_error *error);

/* A head as a text of JSON, and back.  `place` names the text in messages.
 * Errors: TF_BAD_INPUT for a text that is no head, or whose signature is not that of what it says;
 * whose key it is signed with, is for the verification to judge. */
void tf_audit_head_write(const tf_audit_head *head, tf_buffer *text_out);
tf_status tf_audit_head_read(tf_text text, const char *place, tf_audit_head *head_out,
                             tf_error *error);

#endif
