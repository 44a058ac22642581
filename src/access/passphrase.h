/* Which passphrases may be chosen, and how many are derived at once.
 *
 * Long ones that nobody guesses are asked for and nothing else: no mixture of characters and no
 * regular change (NCSC, "Password administration for system owners"; NIST SP 800-63B, 5.1.1.2).
 * What is checked and derived is Unicode's normalization form KC, as the latter asks for, so that
 * another keyboard that spells its letters otherwise works too.  A sign that this form spells out
 * still counts as the one that was typed. */
#ifndef ACCESS_PASSPHRASE_H
#define ACCESS_PASSPHRASE_H

#include "secret.h"

enum { TF_PASSPHRASE_LEAST = 12, TF_PASSPHRASE_MOST = 256 }; /* characters; bytes: four times */

/* Whether somebody of that name, e-mail and organisation may choose the passphrase (texts may be
 * empty).  Errors: TF_BAD_INPUT, saying what to do: too short, too long, not text, among the common
 * ones, of few different characters or a sequence, or made of the person's own words. */
tf_status tf_passphrase_check(tf_text passphrase, tf_text name, tf_text email, tf_text organisation,
                              tf_error *error);

/* Every derivation takes 64 MiB, so that many at once would take all memory.  Of these a few run at
 * a time, as many again wait, and more are told to come back.  One for the whole program; several
 * threads may use it. */
typedef struct tf_derivations tf_derivations;

tf_status tf_derivations_new(int at_once, int waiting, tf_derivations **derivations_out,
                             tf_error *error);
void tf_derivations_free(tf_derivations *derivations);     /* accepts NULL */
int64_t tf_derivations_count(tf_derivations *derivations); /* that were made so far */

/* tf_secret_of_passphrase in its turn.  Errors: TF_BUSY when too many wait; those of
 * tf_secret_of_passphrase. */
tf_status tf_derivations_derive(tf_derivations *derivations, tf_text passphrase,
                                const uint8_t salt[TF_SALT_SIZE], tf_passphrase_cost cost,
                                uint8_t verifier_out[TF_KEY_SIZE], uint8_t lock_out[TF_KEY_SIZE],
                                tf_error *error);

#endif
