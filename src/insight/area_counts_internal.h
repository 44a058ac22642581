/* The rows of many areas, counted at once. */
#ifndef INSIGHT_AREA_COUNTS_INTERNAL_H
#define INSIGHT_AREA_COUNTS_INTERNAL_H

#include "area_list_internal.h"

enum { TF_AREA_COUNTS_MOST_GROUPS = 32 };

typedef struct tf_area_counts_request {
    const tf_area_list *list;
    const tf_offence_group *const *groups;
    size_t group_count; /* TF_AREA_COUNTS_MOST_GROUPS at most */
    tf_month from;
    tf_month to;
    bool by_month; /* or the whole period as one */
} tf_area_counts_request;

/* In the arena. */
typedef struct tf_area_counts {
    int64_t *counts; /* by area of the list, then group, then month */
    size_t group_count;
    size_t month_count;   /* 1 for the whole period */
    bool *is_missing;     /* by area, then month of the period: no file of its force */
    size_t period_months; /* of is_missing */
    const char **forces;  /* slugs of the forces whose files were read */
    bool *is_counted;     /* by force: whether a row of it was counted */
    size_t force_count;
} tf_area_counts;

static inline int64_t tf_area_counts_at(const tf_area_counts *counts, size_t area, size_t group,
                                        size_t month) {
    return counts->counts[(area * counts->group_count + group) * counts->month_count + month];
}

/* Load what is not held, and count.  A month is missing for an area when its force has no street
 * file of it; where its force is not known, when no force has.
 * Errors: those of loading; TF_NO_MEMORY.  O(rows of the period). */
tf_status tf_area_counts_make(tf_crime_data *data, const tf_area_counts_request *request,
                              tf_arena *arena, tf_area_counts *counts_out, tf_error *error);

#endif
