/* Accounts: who may sign in, for which organisation, in which roles.
 *
 * Life of an account: invited -> active -> suspended -> active ... -> closed.  It is invited by a
 * link that works once; whoever follows it chooses a passphrase (sign_in.h).  Nobody changes the
 * roles or the state of their own account.  What is changed of an account holds from the next
 * request on. */
#ifndef ACCESS_ACCOUNT_H
#define ACCESS_ACCOUNT_H

#include "access.h"
#include "trefoil/base/memory.h"

typedef enum tf_account_state {
    TF_ACCOUNT_INVITED,
    TF_ACCOUNT_ACTIVE,
    TF_ACCOUNT_SUSPENDED,
    TF_ACCOUNT_CLOSED,
    TF_ACCOUNT_STATE_COUNT
} tf_account_state;

const char *tf_account_state_name(tf_account_state state); /* "active" */

enum { TF_ACCOUNT_NAME_MOST = 80, TF_ACCOUNT_EMAIL_MOST = 254 };

typedef struct tf_account {
    int64_t id;
    int64_t organisation_id;
    const char *organisation; /* its name */
    const char *name;
    const char *email;
    tf_account_state state;
    uint32_t roles; /* bits by the index of the role in the pack */
    bool has_codes; /* one-time codes are set up */
    int64_t recovery_codes_left;
    int64_t key_generation; /* 0: no key pair yet; 2: what was sealed to the first is lost */
    uint8_t public_key[TF_KEY_SIZE];
    int64_t created_at;   /* instants */
    int64_t activated_at; /* 0: not yet */
    int64_t signed_in_at; /* 0: never */
    int64_t link_ends_at; /* of the newest link that was not used; 0: none */
} tf_account;

/* Whether a code from a device is asked for beside the passphrase: for every role that may read
 * personal data or change anything. */
bool tf_account_needs_code(const tf_access_rules *rules, uint32_t roles);

/* "practitioner, analyst" as bits.  Errors: TF_BAD_INPUT for a role that the pack has not, naming
 * those that it has. */
tf_status tf_account_roles_parse(const tf_access_rules *rules, tf_text names, uint32_t *roles_out,
                                 tf_error *error);

/* ---- reading; each is entered in the audit ---- */

/* The accounts of an organisation (0: of all) by name, in `arena`; those that are closed come only
 * with `with_closed`. */
tf_status tf_account_list(tf_access *access, const tf_actor *actor, int64_t organisation_id,
                          bool with_closed, tf_arena *arena, tf_account **accounts_out,
                          size_t *count_out, tf_error *error);

/* Errors: TF_NOT_FOUND. */
tf_status tf_account_get(tf_access *access, const tf_actor *actor, int64_t id, tf_arena *arena,
                         tf_account *account_out, tf_error *error);
tf_status tf_account_find(tf_access *access, const tf_actor *actor, tf_text email_or_id,
                          tf_arena *arena, tf_account *account_out, tf_error *error);

/* ---- links ---- */

typedef enum tf_account_link_kind {
    TF_ACCOUNT_LINK_INVITATION, /* to activate an account; holds 7 days */
    TF_ACCOUNT_LINK_RESET,      /* to choose a new passphrase; 24 hours */
    TF_ACCOUNT_LINK_DEVICE,     /* to make a browser known (sign_in.h, lock-out); 24 hours */
    TF_ACCOUNT_LINK_KIND_COUNT
} tf_account_link_kind;

/* What the path of a link starts with: "/invitation/", "/reset/", "/device/"; the token
 * follows. */
const char *tf_account_link_path(tf_account_link_kind kind);

/* ---- changing ---- */

typedef struct tf_invitation {
    int64_t organisation_id;
    const char *name;
    const char *email;
    uint32_t roles;
} tf_invitation;

/* Make an account, and the token of the link for its owner, which is told once and not kept.
 * Errors: TF_BAD_INPUT for a name or an e-mail that is none, an e-mail that has an account, no
 * role, an organisation that has ended; TF_NOT_FOUND for one that is not there; TF_REFUSED. */
tf_status tf_account_invite(tf_access *access, const tf_actor *actor,
                            const tf_invitation *invitation, int64_t now, int64_t *id_out,
                            char token_out[TF_TOKEN_TEXT_SIZE], tf_error *error);

/* Make a link for an account that is there; an earlier one of the same kind stops working.  An
 * account that is invited gets an invitation whatever was asked for.  *kind_out is what was made.
 * Errors: TF_NOT_FOUND; TF_BAD_INPUT for an account that is suspended or closed; TF_REFUSED. */
tf_status tf_account_make_link(tf_access *access, const tf_actor *actor, int64_t id,
                               tf_account_link_kind kind, int64_t now,
                               tf_account_link_kind *kind_out, char token_out[TF_TOKEN_TEXT_SIZE],
                               tf_error *error);

/* Take the one-time codes away of somebody who has lost device and recovery codes: they are set up
 * anew at the next sign-in.  All sessions of the account end. */
tf_status tf_account_remove_codes(tf_access *access, const tf_actor *actor, int64_t id,
                                  tf_error *error);

tf_status tf_account_set_roles(tf_access *access, const tf_actor *actor, int64_t id, uint32_t roles,
                               tf_error *error);

/* Suspend, resume or close: all sessions, known devices and links of an account that is no longer
 * active end.  What is closed stays closed; its e-mail may be invited again.
 * Errors: TF_NOT_FOUND; TF_BAD_INPUT where the account is in no state for it; TF_REFUSED. */
tf_status tf_account_suspend(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error);
tf_status tf_account_resume(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error);
tf_status tf_account_close(tf_access *access, const tf_actor *actor, int64_t id, tf_error *error);

#endif
