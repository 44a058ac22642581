/* What the installation is set to: a few numbers that an operator may change while it runs.  What
 * is not set has its usual value, and what is set out of bounds counts as not set. */
#ifndef ACCESS_SETTING_H
#define ACCESS_SETTING_H

#include "access.h"
#include "pack/form_definition.h"
#include "trefoil/base/memory.h"

enum { TF_SETTING_NAME_SIZE = 96 };

typedef struct tf_setting {
    char name[TF_SETTING_NAME_SIZE]; /* "session-idle-minutes" */
    const char *help;                /* what it means, one sentence without a full stop */
    int64_t least;
    int64_t most;
    int64_t usual;
    int64_t value; /* that holds now */
    bool is_set;
    bool is_organisation; /* the value is the number of one, or 0 */
} tf_setting;

/* The value of a setting of setting.c's list.  Any other name is a defect and ends the program. */
tf_status tf_setting_value(tf_db *db, const char *name, int64_t *value_out, tf_error *error);

/* How many of a form, of all senders together, are taken in an hour: as the form says, unless the
 * setting "FORM-most-per-hour" says otherwise. */
tf_status tf_setting_most_per_hour(tf_db *db, const tf_form_definition *form, int64_t *most_out,
                                   tf_error *error);

/* Whose what is sent by a form is, by the setting "FORM-organisation"; 0: the lead's. */
tf_status tf_setting_owner(tf_db *db, const tf_form_definition *form, int64_t *organisation_out,
                           tf_error *error);

/* All settings, those of the pack's forms included, in `arena`.  Entered in the audit. */
tf_status tf_setting_list(tf_access *access, const tf_actor *actor, tf_arena *arena,
                          tf_setting **settings_out, size_t *count_out, tf_error *error);

/* Set one, or with NULL give it its usual value again.  Durable.
 * Errors: TF_NOT_FOUND for a name that is none, naming those that are, and for an organisation that
 * is none; TF_BAD_INPUT for a value out of bounds, and for an organisation that has ended;
 * TF_REFUSED. */
tf_status tf_setting_change(tf_access *access, const tf_actor *actor, const char *name,
                            const int64_t *value, tf_error *error);

#endif
