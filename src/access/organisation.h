/* The members of the partnership, and whoever shares data with it.  An organisation is never
 * removed: it ends on a day, and another may carry on for it. */
#ifndef ACCESS_ORGANISATION_H
#define ACCESS_ORGANISATION_H

#include "access.h"
#include "trefoil/base/date.h"
#include "trefoil/base/memory.h"

enum { TF_ORGANISATION_NAME_MOST = 120 };

/* What an organisation can be; the name is what is stored. */
typedef struct tf_organisation_kind {
    const char *name;  /* "treatment-provider" */
    const char *title; /* "Treatment provider" */
} tf_organisation_kind;

extern const tf_organisation_kind tf_organisation_kinds[];
extern const size_t tf_organisation_kind_count;
const tf_organisation_kind *tf_organisation_kind_find(tf_text name); /* NULL for none */

typedef struct tf_organisation {
    int64_t id;
    const char *name;
    const char *kind;
    const char *contact;   /* whom to ask about its data, "" if not known */
    int32_t started_on;    /* day since 1970-01-01, or TF_DAY_NONE: always */
    int32_t ended_on;      /* the last day, or TF_DAY_NONE: goes on */
    int64_t successor_id;  /* 0: none */
    int64_t account_count; /* that are not closed */
} tf_organisation;

/* Whether it is there on a day. */
bool tf_organisation_is_on(const tf_organisation *organisation, int32_t day);

/* Add one; its members other than id, successor_id and account_count are read.
 * Errors: TF_BAD_INPUT for a name that is empty, too long or taken (whatever the case of its
 * letters), for an unknown kind, and for an end before the start; TF_REFUSED. */
tf_status tf_organisation_add(tf_access *access, const tf_actor *actor,
                              const tf_organisation *organisation, int64_t *id_out,
                              tf_error *error);

/* Change name, kind, contact and the day it started; the rest is not looked at.
 * Errors: those of tf_organisation_add; TF_NOT_FOUND. */
tf_status tf_organisation_change(tf_access *access, const tf_actor *actor,
                                 const tf_organisation *organisation, tf_error *error);

/* End it: `last_day` is its last, after which none of its accounts can do anything any more.
 * TF_DAY_NONE takes an end back.  `successor_id` is whoever carries on for it and has what was its
 * own from then on, or 0; so this is for whoever may erase an organisation.
 * Errors: TF_NOT_FOUND; TF_BAD_INPUT for an end before the start or before today (UTC), a successor
 * that is itself or has ended by then, and for the lead organisation, which cannot end;
 * TF_REFUSED. */
tf_status tf_organisation_end(tf_access *access, const tf_actor *actor, int64_t id,
                              int32_t last_day, int64_t successor_id, tf_error *error);

/* Which organisations there are is no personal data, so these are not entered in the audit: any
 * actor may know whom the partnership consists of.  All of them by name, in `arena`. */
tf_status tf_organisation_list(tf_access *access, tf_arena *arena,
                               tf_organisation **organisations_out, size_t *count_out,
                               tf_error *error);

/* One by its id, or by its name or its id as text.  Errors: TF_NOT_FOUND. */
tf_status tf_organisation_get(tf_access *access, int64_t id, tf_arena *arena,
                              tf_organisation *organisation_out, tf_error *error);
tf_status tf_organisation_find(tf_access *access, tf_text name_or_id, tf_arena *arena,
                               tf_organisation *organisation_out, tf_error *error);

/* The one that runs the installation, the setting 'lead-organisation'; 0 before there is one. */
tf_status tf_organisation_lead(tf_access *access, int64_t *id_out, tf_error *error);
tf_status tf_organisation_set_lead(tf_access *access, const tf_actor *actor, int64_t id,
                                   tf_error *error);

#endif
