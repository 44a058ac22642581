/* What sign-in and the administration of accounts share. */
#ifndef ACCESS_ACCOUNT_INTERNAL_H
#define ACCESS_ACCOUNT_INTERNAL_H

#include "account.h"
#include "rows_internal.h"

/* "practitioner,analyst", as group_concat gives them, as bits; names that the pack has not are
 * passed over. */
uint32_t tf_account_roles_stored(const tf_access_rules *rules, tf_text names);

/* False for a name that is no state. */
bool tf_account_state_read(tf_text name, tf_account_state *state_out);

/* How long a link holds, and what it is called in the table and in the derivation of its key. */
const char *tf_account_link_name(tf_account_link_kind kind);

/* Make a link, within the caller's transaction; one of that kind that was there stops working. */
tf_status tf_account_link_put(tf_access *access, int64_t account_id, tf_account_link_kind kind,
                              int64_t now, char token_out[TF_TOKEN_TEXT_SIZE], tf_error *error);

/* The account of a link that holds.  Errors: TF_NOT_FOUND in one sentence for all others. */
tf_status tf_account_link_find(tf_access *access, tf_account_link_kind kind, tf_text token,
                               int64_t now, int64_t *account_id_out, tf_error *error);

/* Use it, within the caller's transaction.  Errors: those of tf_account_link_find, where somebody
 * else has used it in the meantime. */
tf_status tf_account_link_use(tf_db *db, tf_account_link_kind kind, tf_text token, int64_t now,
                              tf_error *error);

/* Put an end to all that an account is signed in with: sessions, and known devices and links too.
 */
tf_status tf_account_end_sessions(tf_db *db, int64_t id, tf_error *error);
tf_status tf_account_end_all(tf_db *db, int64_t id, tf_error *error);

/* The organisation and the state of an account.  Errors: TF_NOT_FOUND. */
tf_status tf_account_place(tf_db *db, int64_t id, int64_t *organisation_id_out,
                           tf_account_state *state_out, tf_error *error);

#endif
