/* What to see first: an area's profile of one group, every other group beside it, and the small
 * areas that changed beyond chance. */
#ifndef INSIGHT_OVERVIEW_H
#define INSIGHT_OVERVIEW_H

#include "insight/profile.h"

/* One month's count; it means nothing where the month is missing. */
typedef struct tf_overview_month {
    tf_month month;
    int64_t count;
    bool is_missing;
} tf_overview_month;

typedef struct tf_overview_group {
    const char *name;
    const char *title;
    int64_t count; /* of the period */
    tf_profile_figure rate_per_1000;
    tf_profile_change change; /* the last months against the year before */
    tf_overview_month *months;
    size_t month_count;
} tf_overview_group;

typedef struct tf_overview {
    tf_profile *profile;       /* of the group asked for, whole; its arena owns all of this */
    tf_overview_group *groups; /* all of the pack, in its order */
    size_t group_count;
    /* The small areas that have more, or fewer, than a year ago, beyond chance: most changed first.
     * They point into the profile. */
    const tf_profile_area **risen;
    size_t risen_count;
    const tf_profile_area **fallen;
    size_t fallen_count;
    size_t tested_count;       /* small areas that were recorded enough in to be tested */
    const char *untested_note; /* why none could be tested, or NULL */
} tf_overview;

/* A profile, and one walk more through its rows for all other groups.  Freed with
 * tf_overview_free.  Errors: as tf_profile_make. */
tf_status tf_overview_make(tf_crime_data *data, const tf_profile_request *request,
                           tf_overview **overview_out, tf_error *error);
void tf_overview_free(tf_overview *overview); /* accepts NULL */

enum { TF_OVERVIEW_CODE_SIZE = 80 };

/* Where to start when nothing was asked. */
typedef struct tf_overview_start {
    bool is_known;                    /* false while no street file was imported */
    char area[TF_OVERVIEW_CODE_SIZE]; /* code of the force with most rows */
    tf_month from; /* its latest twelve months in a row that have files, else all that it has */
    tf_month to;
    tf_month first; /* of all months that any force has a street file of */
    tf_month last;
} tf_overview_start;

tf_status tf_overview_default(tf_crime_data *data, tf_overview_start *start_out, tf_error *error);

#endif
