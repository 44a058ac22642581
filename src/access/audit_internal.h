/* How entries, ends and heads of the audit chain become bytes to hash and to sign. */
#ifndef ACCESS_AUDIT_INTERNAL_H
#define ACCESS_AUDIT_INTERNAL_H

#include "audit.h"
#include "audit_head.h"
#include "audit_mark.h"

#include "trefoil/base/date.h"

/* tf_audit_append where the clock says `now`. */
tf_status tf_audit_append_at(tf_db *db, const tf_site_key *key, const tf_actor *actor,
                             const tf_audit_note *note, int64_t now, tf_error *error);

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

/* The current row of a statement that selected TF_AUDIT_COLUMNS.  Texts are borrowed from it. */
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

/* The last entry of a chain; that of an empty one is 0 and has the origin's hash. */
typedef struct tf_audit_end {
    int64_t entry_id;
    int64_t at;
    uint8_t hash[TF_HASH_SIZE];
} tf_audit_end;

/* Where the chain ends, within the open transaction.  Whoever adds to it or signs it must ask here,
 * for that would make good what others have changed.  `mark` was read before the transaction began,
 * or within one for writing, as others move it when they have committed.
 * Errors: TF_IO where the end is not the one that was written with the key, or the chain does not
 * come to the mark. */
tf_status tf_audit_read_end(tf_db *db, const tf_site_key *key, const tf_audit_mark *mark,
                            tf_audit_end *end_out, tf_error *error);

/* The day, since 1970-01-01, of an instant. */
static inline int32_t tf_audit_day_of(int64_t at) {
    return (int32_t)(at / TF_MICROSECONDS_A_DAY);
}

/* Copy a column that holds exactly `length` bytes; false for another type or length. */
bool tf_audit_take_bytes(tf_statement *statement, int column, uint8_t *bytes_out, size_t length);

void tf_audit_head_sign(const tf_site_key *key, const tf_audit_end *end, tf_audit_head *head_out);

/* Whether the head is signed with the key that it names. */
bool tf_audit_head_is_signed(const tf_audit_head *head);

/* What is signed of a head. */
enum { TF_AUDIT_HEAD_MESSAGE_SIZE = 160 };
tf_text tf_audit_head_message(const tf_audit_head *head,
                              char message_out[TF_AUDIT_HEAD_MESSAGE_SIZE]);

/* The heads of days, in their order. */
#define TF_AUDIT_HEAD_COLUMNS "day, entry_id, hash, public_key, signature"

/* The current row of a statement that selected TF_AUDIT_HEAD_COLUMNS; false for one that cannot
 * have been written by Trefoil. */
bool tf_audit_head_take(tf_statement *statement, tf_audit_head *head_out);

extern const char *const tf_outcome_names[TF_OUTCOME_COUNT];

#endif
