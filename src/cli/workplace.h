/* What the commands on the partnership stand on: the database with its key and its rules, and the
 * actor, who is whoever runs the program at the machine. */
#ifndef CLI_WORKPLACE_H
#define CLI_WORKPLACE_H

#include "access/account.h"
#include "cli/command.h"

#define TF_SITE_DEFAULT "http://127.0.0.1:8080"

/* --db of all of these. */
#define TF_WORKPLACE_DB                                                                            \
    { "db", "FILE", "the database file, set up by trefoil init", true }

/* From the opened database to what is said in the end.  Is not moved while it is open. */
typedef struct tf_workplace {
    tf_pack *pack;
    tf_db *db; /* open for writing */
    tf_access *access;
    tf_actor actor;
    tf_site_key key;
    char actor_name[TF_ACTOR_NAME_SIZE];
    tf_arena *arena;
    tf_buffer out;
    tf_error error;
} tf_workplace;

/* Open it, and at the end say what is in `out`, or the error.  To be left in any case.
 * Errors: TF_NOT_FOUND where the database has no key, so that none is made by mistake; those of
 * tf_site_key_load and tf_db_open. */
tf_status tf_workplace_enter(tf_workplace *place, const char *db_path);
tf_exit tf_workplace_leave(tf_workplace *place, tf_status status);

/* The two steps of entering, for what has to be done before there is anything to open.  To be left
 * whichever of them fails. */
tf_status tf_workplace_prepare(tf_workplace *place);
tf_status tf_workplace_open(tf_workplace *place, const char *db_path);

/* Tell a link once, with what it is for and how long it holds. */
void tf_say_link(tf_buffer *out, const char *site, const char *email, tf_account_link_kind kind,
                 const char *token);

#endif
