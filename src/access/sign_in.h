/* Signing in and sessions.
 *
 *     link -> tf_sign_in_activate \                    .-> set-up -> tf_sign_in_confirm_codes -.
 *                                  >-- passphrase ----+--> code   -> tf_sign_in_code ----------->
 * full tf_sign_in          /                    '---------------------------------------'
 *
 * A browser has two cookies: the token of its session, and after a full sign-in the token of a
 * known device, which holds for 90 days and survives signing out.  The database has neither, only
 * what is derived from them; the account's secret key is in the session, locked with another key
 * that the token gives.  So a stolen database opens nothing, and a restart of the server ends no
 * session.
 *
 * Every change of what a session may do gives it a new token; the one before stops working.
 *
 * Lock-out: after 10 failures within 15 minutes from browsers that are not known to an account,
 * these are refused for 15 minutes, while each known one has a count of its own.  Refusals are
 * alike in words and in cost, whether the account is there, is locked, or the passphrase is wrong.
 *
 * `now` is an instant, as tf_instant_now gives it.  All enter what happened in the audit, but for
 * tf_sign_in_resolve.
 *
 * Settings: 'session-idle-minutes' (30), 'session-hours' (12), 'passphrase-passes' (2),
 * 'passphrase-memory-kib' (65536).  A weaker passphrase cost is for tests; trefoil doctor tells.
 *
 * Sign-in by OpenID Connect will come in beside tf_sign_in: whoever has verified the identity
 * provider's answer finds the account by external_subject and begins a session from there.  It
 * opens nothing that was sealed to the account, as no passphrase was given. */
#ifndef ACCESS_SIGN_IN_H
#define ACCESS_SIGN_IN_H

#include "account.h"
#include "one_time_code.h"
#include "organisation.h"
#include "passphrase.h"

/* How far a session has come. */
typedef enum tf_sign_in_stage {
    TF_STAGE_CODE,   /* the code from the device is still asked for */
    TF_STAGE_SET_UP, /* codes have to be set up first */
    TF_STAGE_FULL,
    TF_STAGE_COUNT
} tf_sign_in_stage;

/* What the browser is to be given. */
typedef struct tf_signed_in {
    tf_sign_in_stage stage;
    char token[TF_TOKEN_TEXT_SIZE];  /* of the session: a session cookie */
    char device[TF_TOKEN_TEXT_SIZE]; /* of a known device: a cookie for 90 days; "": keep what is
                                        there */
} tf_signed_in;

/* ---- signing in ---- */

/* By e-mail and passphrase.  `device` is the browser's cookie, empty for none.  Takes one
 * derivation whatever comes of it, and once another for a right passphrase that was kept at another
 * cost than is set now.  Errors: TF_REFUSED, always in the same words; TF_BUSY when too
 * many sign in at once. */
tf_status tf_sign_in(tf_access *access, tf_derivations *derivations, tf_text email,
                     tf_text passphrase, tf_text device, int64_t now, tf_signed_in *signed_in_out,
                     tf_error *error);

/* The code from the device, or a recovery code, for a session at TF_STAGE_CODE.
 * Errors: TF_BAD_INPUT for a code that is wrong or was used, the session going on; TF_REFUSED when
 * there is no such session, or this was the fifth wrong code and has ended it. */
tf_status tf_sign_in_code(tf_access *access, tf_text token, tf_text code, int64_t now,
                          tf_signed_in *signed_in_out, tf_error *error);

/* ---- links ---- */

typedef struct tf_account_link_owner {
    int64_t account_id;
    const char *name;
    const char *email;
    const char *organisation;
    bool needs_code;   /* codes will be set up, or asked for, after the passphrase */
    bool loses_sealed; /* what was sealed to the account has to be shared with it again */
} tf_account_link_owner;

/* Whom a link is for, to greet them before it is used; borrowed from `arena`.  Not entered.
 * Errors: TF_NOT_FOUND for a link that is not known, was used or is over: one sentence for all. */
tf_status tf_sign_in_link_owner(tf_access *access, tf_account_link_kind kind, tf_text token,
                                int64_t now, tf_arena *arena, tf_account_link_owner *owner_out,
                                tf_error *error);

/* Use an invitation or a reset: choose the passphrase, get a new key pair, which is not confirmed
 * (reader.h), and begin a session; all others of the account end.  `kind` is
 * TF_ACCOUNT_LINK_INVITATION or TF_ACCOUNT_LINK_RESET. Errors: those of tf_sign_in_link_owner and
 * tf_passphrase_check; TF_BUSY. */
tf_status tf_sign_in_activate(tf_access *access, tf_derivations *derivations,
                              tf_account_link_kind kind, tf_text token, tf_text passphrase,
                              int64_t now, tf_signed_in *signed_in_out, tf_error *error);

/* Use a TF_ACCOUNT_LINK_DEVICE: make the browser known.  Errors: those of tf_sign_in_link_owner. */
tf_status tf_sign_in_know_device(tf_access *access, tf_text token, int64_t now,
                                 char device_out[TF_TOKEN_TEXT_SIZE], tf_error *error);

/* ---- the session ---- */

/* Not to be moved or copied: the actor's name is within. */
typedef struct tf_session {
    tf_actor actor; /* without roles and keys unless the stage is full */
    tf_sign_in_stage stage;
    char name[4 * TF_ACCOUNT_NAME_MOST + 1];
    char email[TF_ACCOUNT_EMAIL_MOST + 1];
    char organisation[4 * TF_ORGANISATION_NAME_MOST + 1];
    char form_token[2 * TF_KEY_SIZE + 1]; /* for forms against forgery by other sites, in
                                             hexadecimal; derived from the session's token */
    int64_t started_at;
    int64_t ends_at; /* at the latest */
} tf_session;

/* Who sends a request with this token.  Two indexed reads; a write once a minute.
 * Errors: TF_REFUSED for a token that is none, is not known any more, is over, and where the
 * account or its organisation is no longer active: the person has to sign in again. */
tf_status tf_sign_in_resolve(tf_access *access, tf_text token, int64_t now, tf_session *session_out,
                             tf_error *error);
void tf_session_forget(tf_session *session); /* overwrites the keys; accepts one not resolved */

tf_status tf_sign_out(tf_access *access, tf_text token, int64_t now, tf_error *error);

/* Every session and every known device of the account, this one too. */
tf_status tf_sign_out_everywhere(tf_access *access, tf_text token, int64_t now, tf_error *error);

/* What the owner of the session sees of it: how many others there are. */
tf_status tf_sign_in_count_sessions(tf_access *access, int64_t account_id, int64_t now,
                                    int64_t *count_out, tf_error *error);

/* Take away the sessions, links and devices that are over.  For a task that runs now and then. */
tf_status tf_sign_in_sweep(tf_access *access, int64_t now, tf_error *error);

/* ---- one's own account, in a full session ---- */

/* Change the passphrase; the key pair and its confirmation stay, all other sessions end, this one
 * gets a new token. Errors: TF_BAD_INPUT where the old one is wrong or the new one may not be
 * chosen; TF_REFUSED after too many wrong ones, and without a session; TF_BUSY. */
tf_status tf_sign_in_change_passphrase(tf_access *access, tf_derivations *derivations,
                                       tf_text token, tf_text old_passphrase,
                                       tf_text new_passphrase, int64_t now,
                                       tf_signed_in *signed_in_out, tf_error *error);

/* Begin to set up codes, at TF_STAGE_SET_UP or, for another device, TF_STAGE_FULL: makes a seed, or
 * gives the one again that was not confirmed yet.  `code` is a code of the present device or a
 * recovery code, where codes are set up already; else it is not looked at.  Appends the address for
 * the QR code.  Errors: TF_BAD_INPUT for a wrong code; TF_REFUSED as tf_sign_in_code. */
tf_status tf_sign_in_begin_codes(tf_access *access, tf_text token, tf_text code, tf_text issuer,
                                 int64_t now, char seed_text_out[TF_CODE_SEED_TEXT_SIZE],
                                 tf_buffer *address_out, tf_error *error);

/* Confirm with the first code: the session is full, with a new token, and new recovery codes are
 * told, once.  Errors: TF_BAD_INPUT for a wrong code. */
tf_status tf_sign_in_confirm_codes(
    tf_access *access, tf_text token, tf_text code, int64_t now, tf_signed_in *signed_in_out,
    char recovery_out[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE], tf_error *error);

/* New recovery codes in a full session; those before stop working.  `code` and errors as in
 * tf_sign_in_begin_codes. */
tf_status
tf_sign_in_new_recovery_codes(tf_access *access, tf_text token, tf_text code, int64_t now,
                              char recovery_out[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE],
                              tf_error *error);

#endif
