/* How a profile is made: its cases are gathered once, then each part of it counts them. */
#ifndef INSIGHT_PROFILE_INTERNAL_H
#define INSIGHT_PROFILE_INTERNAL_H

#include "crime_data_internal.h"
#include "insight/profile.h"

enum {
    TF_PROFILE_MONTHS_BEFORE = 12, /* a year: for the change, and as a baseline of alerts */
    TF_PROFILE_MAX_MONTHS = 600,
    TF_CASE_NO_AREA = -1,  /* the row names no small area */
    TF_CASE_UNPLACED = -2, /* it names one that is not among those of the profile's area */
};
#define TF_PROFILE_CONFIDENCE      0.95
#define TF_PROFILE_FALSE_DISCOVERY 0.05

/* One street row of the group, in the period or the year before. */
typedef struct tf_profile_case {
    int32_t month; /* since work->first */
    int32_t area;  /* in scope.areas, or TF_CASE_NO_AREA, TF_CASE_UNPLACED */
    uint16_t type;
    uint16_t outcome;
    uint8_t flags; /* TF_CRIME_... */
} tf_profile_case;

typedef struct tf_small_area_name {
    const char *code;
    const char *name;
} tf_small_area_name;

/* What is known of a small area that rows name, by its code in data->areas. */
typedef struct tf_profile_place {
    bool is_here;           /* it belongs to the profile's area */
    bool is_named;          /* by a row of the area, of any type */
    bool is_mapped_by_name; /* its code is of another census, its name is that of scope.areas[area]
                             */
    int32_t area;           /* in scope.areas, or TF_CASE_UNPLACED */
} tf_profile_place;

/* Which rows are the area's, and what is known of it. */
typedef struct tf_profile_scope {
    tf_area_ref ref;
    bool is_force;       /* its rows are those that it reported, wherever they are */
    const char **forces; /* whose files are read, in order */
    bool *is_home;       /* by force: it polices the area, so a month without it is missing */
    const tf_crime_force **held; /* by force */
    int64_t *row_counts;         /* by force: rows of the area in the period, of any type */
    size_t force_count;
    tf_area_set small;         /* as the geography has them; empty: those that the rows name */
    tf_small_area_name *areas; /* in order of code */
    size_t area_count;
    tf_profile_place *places;
} tf_profile_scope;

typedef struct tf_profile_work {
    tf_crime_data *data;
    const tf_offence_group *group;
    tf_profile *profile; /* to be filled */
    tf_arena *arena;     /* the profile's */
    tf_profile_scope scope;
    tf_month first;     /* of the cases: a year before the period */
    size_t month_count; /* from `first` to the end of the period */
    bool *is_missing;   /* by month since `first` */
    tf_profile_case *cases;
    size_t case_count;
    size_t case_capacity;
    size_t note_capacity;
    bool is_comparable; /* every month of the change and of the year before was imported */
} tf_profile_work;

/* Resolve the area, and find its forces, small areas and population. */
tf_status tf_profile_find_scope(tf_profile_work *work, const char *area, tf_error *error);

/* Find the place of every small area that the rows loaded so far name. */
tf_status tf_profile_find_places(tf_profile_work *work, tf_error *error);

/* Where no small areas were imported: let those that the rows name be the small areas. */
tf_status tf_profile_name_areas(tf_profile_work *work, tf_error *error);

/* Gather the cases, and which months are missing. */
tf_status tf_profile_gather(tf_profile_work *work, tf_error *error);

/* The parts.  Each reads the cases and fills its part of the profile. */
tf_status tf_profile_fill_figures(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_series(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_areas(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_outcomes(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_searches(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_sources(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_notes(tf_profile_work *work, tf_error *error);

/* ---- what the parts share ---- */

static inline bool tf_profile_is_in_period(const tf_profile_work *work,
                                           const tf_profile_case *one) {
    return work->first + one->month >= work->profile->from;
}

/* "2022-03, 2022-05 to 2022-07" of the months between the two for which is_missing (by month
 * since `first`) holds; NULL when out of memory. */
const char *tf_profile_list_months(tf_arena *arena, const bool *is_missing, tf_month first,
                                   tf_month from, tf_month to);

/* Add a sentence to the notes; `text` may be NULL, when the arena had no memory for it. */
tf_status tf_profile_note(tf_profile_work *work, const char *text, tf_error *error);

/* Zeroed memory of the profile's arena, or NULL. */
void *tf_profile_alloc(tf_profile_work *work, size_t count, size_t size);

/* Counts by name as shares, most frequent first, then by name. */
void tf_profile_sort_shares(tf_profile_share *shares, size_t count);

/* Add to the share of that name, or append it; there is room. */
void tf_profile_add_share(tf_profile_share *shares, size_t *count, const char *name, int64_t more);

#endif
