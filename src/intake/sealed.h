/* Content that only named accounts can read.
 *
 * Each sealed object (a report, an intelligence report, a case) has a random key.  Its content is
 * locked with that key, and the key is sealed to the public key of each reader, and to nobody else.
 * Who has a sealed key can read all of the object, also what is added later, and can pass the key
 * on; who has none cannot, whatever rights they have: neither can whoever holds the database.
 *
 * Nothing here decides who may: the callers go through tf_access_enter. */
#ifndef INTAKE_SEALED_H
#define INTAKE_SEALED_H

#include "access/reader.h"
#include "trefoil/base/memory.h"

/* Which object: its kind ("response") and its id. */
typedef struct tf_sealed {
    const char *kind;
    int64_t id;
} tf_sealed;

/* The readers (their keys are confirmed) who may consult `object` with `intent` (NULL: without a
 * purpose), by their ids, in `arena`; of one organisation, or of all for 0.  `decision_out` (or
 * NULL) gets the last decision by which one may, or else the last by which one may not.
 * Errors: those of the database; TF_NO_MEMORY.  O(accounts). */
tf_status tf_sealed_may_read(tf_access *access, const tf_object *object, const tf_intent *intent,
                             int64_t organisation_id, tf_arena *arena, tf_reader **readers_out,
                             size_t *count_out, tf_decision *decision_out, tf_error *error);

/* One of the readers.  Errors: TF_NOT_FOUND, also where its keys are not confirmed. */
tf_status tf_sealed_reader_get(tf_access *access, int64_t account_id, tf_arena *arena,
                               tf_reader *reader_out, tf_error *error);

/* A new key for an object. */
void tf_sealed_new_key(uint8_t key_out[TF_KEY_SIZE]);

/* Seal the key to a reader, in place of what was sealed to them before. */
tf_status tf_sealed_give(tf_db *db, tf_sealed object, const uint8_t key[TF_KEY_SIZE],
                         const tf_reader *reader, tf_error *error);

/* Open the key with the actor's own.  Errors: TF_REFUSED where it was not sealed to the actor, or
 * to a key pair that the actor has no more, naming who of the actor's organisation can add them. */
tf_status tf_sealed_take(tf_db *db, const tf_actor *actor, tf_sealed object,
                         uint8_t key_out[TF_KEY_SIZE], tf_error *error);

/* The same without words: false where the actor cannot open it. */
bool tf_sealed_can_take(tf_db *db, const tf_actor *actor, tf_sealed object,
                        uint8_t key_out[TF_KEY_SIZE]);

/* What somebody of another organisation than the object's, `organisation_id`, is told who has no
 * key to it: whom to ask to share it, and nobody's name.  `status` and `decision` are those of
 * tf_access_enter; returns `status` unless it was allowed, or only a purpose was missing, of which
 * a key does not come.  Errors: TF_REFUSED. */
tf_status tf_sealed_turn_away(tf_access *access, const tf_actor *actor, tf_sealed object,
                              int64_t organisation_id, const tf_decision *decision,
                              tf_status status, tf_error *error);

/* Whether it is sealed to a key that the actor has now; nothing is opened.  For lists. */
bool tf_sealed_is_reader(tf_db *db, const tf_actor *actor, tf_sealed object);

/* Open the key with the actor's own and seal it to another.  Errors: those of tf_sealed_take. */
tf_status tf_sealed_add_reader(tf_db *db, const tf_actor *actor, tf_sealed object,
                               const tf_reader *reader, tf_error *error);

/* Who can open it now, by name, in `arena`: account, organisation and name, and no more of them. */
tf_status tf_sealed_readers(tf_db *db, tf_sealed object, tf_arena *arena, tf_reader **readers_out,
                            size_t *count_out, tf_error *error);

/* Forget all keys of an object: nobody can open it any more. */
tf_status tf_sealed_forget(tf_db *db, tf_sealed object, tf_error *error);

/* Append `plain` locked with the object's key, as this `part` of it ("answers"); and unlock it.
 * Errors: TF_BAD_INPUT for what is not that part of that object. */
void tf_sealed_lock(tf_sealed object, const char *part, const uint8_t key[TF_KEY_SIZE],
                    tf_text plain, tf_buffer *locked_out);
tf_status tf_sealed_unlock(tf_sealed object, const char *part, const uint8_t key[TF_KEY_SIZE],
                           tf_text locked, tf_buffer *plain_out, tf_error *error);

/* The pair of keys by which somebody who cannot read the object may add to it: what is sealed to
 * the public one, its readers open. */
void tf_sealed_letters(const uint8_t key[TF_KEY_SIZE], uint8_t public_out[TF_KEY_SIZE],
                       uint8_t secret_out[TF_KEY_SIZE]);

#endif
