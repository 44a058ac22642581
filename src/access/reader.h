/* Accounts that something may be sealed to, and the confirmation of their keys.
 *
 * An administrator makes accounts and links, and so could make a colleague who is none, or sign in
 * as one by a reset link.  So nothing is sealed to a pair of keys until it is confirmed that it
 * belongs to whom it says: by somebody of the same organisation who is a reader already, or at the
 * machine.  The first reader that an organisation ever has is taken without.  A passphrase that is
 * changed while signed in keeps the pair and its confirmation; a link gives a new pair, which is
 * not confirmed. */
#ifndef ACCESS_READER_H
#define ACCESS_READER_H

#include "account.h"

/* An active account whose pair of keys is confirmed. */
typedef struct tf_reader {
    int64_t account_id;
    int64_t organisation_id;
    uint32_t roles;
    int64_t key_generation;
    uint8_t public_key[TF_KEY_SIZE];
    const char *name;
} tf_reader;

/* The readers of an organisation (0: of all) or one account (0: all), by their ids, in `arena`;
 * not those of an organisation that has ended.  Decides nothing and enters nothing.  O(accounts).
 */
tf_status tf_readers(tf_access *access, int64_t organisation_id, int64_t account_id,
                     tf_arena *arena, tf_reader **readers_out, size_t *count_out, tf_error *error);

/* Whether a role reads anything that is sealed: content, in the words of the pack. */
bool tf_reader_is_meant(const tf_access_rules *rules, uint32_t roles);

/* Somebody whose roles read what is sealed and whose keys are not confirmed yet. */
typedef struct tf_unconfirmed {
    int64_t account_id;
    const char *name;
    uint32_t roles;
    bool is_reset;  /* they chose a new passphrase by a link */
    const char *by; /* who made the invitation or the link; "": that is not known */
    int64_t at;     /* when; 0: that is not known */
} tf_unconfirmed;

typedef struct tf_confirmations {
    bool is_missing; /* of the actor's own keys */
    bool may;        /* the actor may confirm others */
    tf_unconfirmed *waiting;
    size_t waiting_count;
    const char **confirmers; /* who may, by name, but the actor */
    size_t confirmer_count;
    const char *first; /* who was taken without, as the first, and is there still; NULL: nobody */
    int64_t first_at;
} tf_confirmations;

/* Those of the actor's organisation, in `arena`.  Decides nothing and enters nothing: colleagues
 * know each other by name. */
tf_status tf_confirmations_get(tf_access *access, const tf_actor *actor, tf_arena *arena,
                               tf_confirmations *confirmations_out, tf_error *error);

/* Confirm the keys that an account has now.  Errors: TF_NOT_FOUND for one that has none; TF_REFUSED
 * for whoever is no reader of the same organisation; TF_BAD_INPUT where they are confirmed already,
 * or its roles read nothing that is sealed. */
tf_status tf_reader_confirm(tf_access *access, const tf_actor *actor, int64_t account_id,
                            tf_error *error);

#endif
