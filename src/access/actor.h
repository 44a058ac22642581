/* Who does something.  Every function on personal data takes the actor first. */
#ifndef ACCESS_ACTOR_H
#define ACCESS_ACTOR_H

#include "secret.h"

enum { TF_LONGEST_ACTOR_NAME = 4 * 80 }; /* bytes */

/* Texts are borrowed from whoever made the actor, for as long as the actor is used. */
typedef struct tf_actor {
    int64_t account_id;      /* 0: no account: the public, or who runs the program at the machine */
    int64_t organisation_id; /* 0: none */
    uint32_t roles;          /* bits by the index of the role in the pack */
    bool is_operator;        /* runs the program at the machine, where the operating system's
                                permissions on the files are what decides */
    const char *name;        /* "Asha Patel", "the public", "operator alice" */

    /* What opens what was sealed to this account; there only while its owner's session has it. */
    bool can_open;
    uint8_t public_key[TF_KEY_SIZE];
    uint8_t secret_key[TF_KEY_SIZE];
} tf_actor;

/* Somebody of whom nothing is known: no account, no roles. */
tf_actor tf_actor_public(void);

/* Whoever runs the program at the machine, named after the user of the operating system.  The name
 * is kept in `name_out`. */
enum { TF_ACTOR_NAME_SIZE = 80 };
tf_actor tf_actor_operator(char name_out[TF_ACTOR_NAME_SIZE]);

#endif
