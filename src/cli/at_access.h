/* What every command on accounts, agreements and the audit works with, opened and closed in one
 * place.  The actor is whoever runs the program at the machine. */
#ifndef CLI_AT_ACCESS_H
#define CLI_AT_ACCESS_H

#include "access/access.h"

/* Is not moved while it is open. */
typedef struct tf_cli_access {
    tf_pack *pack;
    tf_db *db; /* open for writing */
    tf_access *access;
    tf_actor actor;
    tf_site_key key;
    char actor_name[TF_ACTOR_NAME_SIZE];
} tf_cli_access;

/* Errors: TF_NOT_FOUND where the database has no key, so that none is made by mistake; those of
 * tf_site_key_load and tf_db_open.  To be closed in any case. */
tf_status tf_cli_access_open(const char *db_path, tf_cli_access *opened_out, tf_error *error);
void tf_cli_access_close(tf_cli_access *opened);

#endif
