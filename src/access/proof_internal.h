/* The proof of the rows that say who somebody is: accounts, sessions, links.  It is a message
 * authentication code under the site's key over the columns that are trusted, so that whoever can
 * write to the database, and has not the key, makes nobody of their own and nobody to more than
 * they are.  Whoever changes such a row reads it first, proven, and proves it anew in the same
 * transaction.  A whole row of before, proof and all, can be put back: what ends must not hang on
 * one row alone. */
#ifndef ACCESS_PROOF_INTERNAL_H
#define ACCESS_PROOF_INTERNAL_H

#include "access.h"

/* The columns of an account that are proven, by `account AS a`, and last the proof. */
#define TF_PROVEN_ACCOUNT                                                                          \
    "a.id, a.organisation_id, a.name, a.email, a.state,"                                           \
    " (SELECT group_concat(role) FROM account_role WHERE account_id = a.id),"                      \
    " a.salt, a.verifier, a.passes, a.memory_bytes, a.code_seed, a.public_key, a.key_generation,"  \
    " a.confirmed_generation, a.confirmed_by, a.confirmed_at, a.proof"
enum {
    TF_PROVEN_ID,
    TF_PROVEN_ORGANISATION,
    TF_PROVEN_NAME,
    TF_PROVEN_EMAIL,
    TF_PROVEN_STATE,
    TF_PROVEN_ROLES, /* as tf_account_roles_stored takes them; by name, as their table's key sorts
                      */
    TF_PROVEN_SALT,
    TF_PROVEN_VERIFIER,
    TF_PROVEN_PASSES,
    TF_PROVEN_MEMORY,
    TF_PROVEN_CODE_SEED,
    TF_PROVEN_PUBLIC_KEY,
    TF_PROVEN_GENERATION,
    TF_PROVEN_CONFIRMED_GENERATION,
    TF_PROVEN_CONFIRMED_BY,
    TF_PROVEN_CONFIRMED_AT,
    TF_PROVEN_ACCOUNT_COUNT = TF_PROVEN_CONFIRMED_AT + 2
};

/* Those of a session, by `session AS s`.  When it was seen last and how many codes failed are not:
 * they change often, and only shorten what the others allow. */
#define TF_PROVEN_SESSION                                                                          \
    "s.key, s.account_id, s.stage, s.device_key, s.started_at, s.idle_limit, s.ends_at, s.proof"
enum { TF_PROVEN_SESSION_COUNT = 8 };

/* Those of a link. */
#define TF_PROVEN_LINK "key, account_id, kind, ends_at, proof"
enum { TF_PROVEN_LINK_COUNT = 5 };

/* Whether the `count` columns from `first` on, the last of which is the proof, were written by this
 * program as a row of `table`.  O(bytes). */
bool tf_proof_holds(const tf_site_key *key, const char *table, tf_statement *statement, int first,
                    int count);

/* Prove the row as it is now.  Only within the transaction in which it was read, proven, or made.
 */
tf_status tf_proof_of_account(tf_access *access, int64_t id, tf_error *error);
tf_status tf_proof_of_session(tf_access *access, const uint8_t key[TF_KEY_SIZE], tf_error *error);
tf_status tf_proof_of_link(tf_access *access, const uint8_t key[TF_KEY_SIZE], tf_error *error);

#endif
