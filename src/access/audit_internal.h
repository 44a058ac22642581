/* How entries, ends and heads of the audit chain become bytes to hash and to sign. */
#ifndef ACCESS_AUDIT_INTERNAL_H
#define ACCESS_AUDIT_INTERNAL_H

#include "audit.h"

/* An entry as it stands in the table, but for its hash.  Texts are borrowed; data NULL is null. */
typedef struct tf_audit_row {
    int64_t id;
    int64_t at;
    int64_t account_id;
    int64_t organisation_id;
    tf_text actor;
    tf_text action;
    tf_text category;
    int64_t object_id;
    int64_t person_id;
    tf_text purpose;
    int64_t agreement_id;
    tf_text recipients;
    tf_text outcome;
    tf_text detail;
} tf_audit_row;

/* The columns of an entry in the order in which tf_audit_row_take reads them, the hash last. */
#define TF_AUDIT_COLUMNS                                                                           \
    "id, at, account_id, organisation_id, actor, action, category, object_id, person_id, "         \
    "purpose, agreement_id, recipients, outcome, detail, hash"

/* The current row of a statement that selected TF_AUDIT_COLUMNS. */
void tf_audit_row_take(tf_statement *statement, tf_audit_row *row_out);

/* The hash of an entry: BLAKE2b-256 over the hash before, every number as 8 bytes (least first) and
 * every text as its length in 8 bytes and its bytes, a null as the length -1.  `scratch` is reused
 * between calls; a failed allocation is left in it. */
void tf_audit_row_hash(const tf_audit_row *row, const uint8_t before[TF_HASH_SIZE],
                       tf_buffer *scratch, uint8_t hash_out[TF_HASH_SIZE]);

/* The hash before the first entry. */
extern const uint8_t tf_audit_origin[TF_HASH_SIZE];

/* What authenticates the end of the chain. */
void tf_audit_end_mac(const tf_site_key *key, int64_t entry_id, const uint8_t hash[TF_HASH_SIZE],
                      uint8_t mac_out[TF_HASH_SIZE]);

/* What is signed of a head. */
enum { TF_AUDIT_HEAD_MESSAGE_SIZE = 160 };
tf_text tf_audit_head_message(int32_t day, int64_t entry_id, const uint8_t hash[TF_HASH_SIZE],
                              char message_out[TF_AUDIT_HEAD_MESSAGE_SIZE]);

extern const char *const tf_outcome_names[TF_OUTCOME_COUNT];

#endif
