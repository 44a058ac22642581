/* What the commands on organisations and accounts have in common. */
#ifndef CLI_WORKPLACE_H
#define CLI_WORKPLACE_H

#include "access/account.h"
#include "cli/at_access.h"
#include "cli/command.h"

#define TF_SITE_DEFAULT "http://127.0.0.1:8080"

/* From the opened database to what is said in the end.  Is not moved while it is open. */
typedef struct tf_workplace {
    tf_cli_access opened;
    tf_arena *arena;
    tf_buffer out;
    tf_error error;
} tf_workplace;

/* Open it, and at the end say what is in `out`, or the error.  To be left in any case. */
tf_status tf_workplace_enter(tf_workplace *place, const char *db_path);
tf_exit tf_workplace_leave(tf_workplace *place, tf_status status);

/* Tell a link once, with what it is for and how long it holds. */
void tf_say_link(tf_buffer *out, const char *site, const char *email, tf_account_link_kind kind,
                 const char *token);

/* A day as it is typed, or TF_DAY_NONE for NULL.  Errors: TF_BAD_INPUT, naming the option. */
tf_status tf_day_read(const char *text, const char *option, int32_t *day_out, tf_error *error);

#endif
