/* How a profile is made: its rows are counted once, then each part of it is made of the counts. */
#ifndef INSIGHT_PROFILE_INTERNAL_H
#define INSIGHT_PROFILE_INTERNAL_H

#include "crime_data_internal.h"
#include "insight/profile.h"

enum {
    TF_PROFILE_MONTHS_BEFORE = 12, /* a year: for the change, and as a baseline of alerts */
    TF_PROFILE_MAX_MONTHS = 600,
    /* With fewer events in both years together no split of them is beyond chance at 5%: 5 against
     * none happen with probability 2 / 32.  Such areas would only weaken the adjustment for the
     * others, and may be left out of it, as their total does not depend on how it splits (Gilbert
     * 2005, JRSS C 54:143-158). */
    TF_PROFILE_FEWEST_TO_TEST = 6,
    TF_PROFILE_UNPLACED = -1, /* a small area that is not among those of the profile's area */
};
#define TF_PROFILE_CONFIDENCE      0.95
#define TF_PROFILE_FALSE_DISCOVERY 0.05

/* The rows of the group, counted once for all parts.  "In the window" is in the last months of the
 * period, 12 at most, that are compared with the same months a year before. */
typedef struct tf_profile_tally {
    int64_t *by_month;   /* since work->first; all others are of the period or one of the windows */
    int64_t *by_type;    /* in data->types */
    int64_t *by_outcome; /* in data->outcomes, and behind them those without */
    int64_t by_flags[TF_CRIME_FLAGS_END];
    int64_t *by_area;        /* in data->areas, and behind them those that name none */
    int64_t *by_area_now;    /* in the window */
    int64_t *by_area_before; /* a year before the window */
} tf_profile_tally;

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
    int32_t area;           /* in scope.areas, or TF_PROFILE_UNPLACED */
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
    tf_profile_place *places; /* by code in data->areas, and behind them that of no area */
} tf_profile_scope;

typedef struct tf_profile_work {
    tf_crime_data *data;
    const tf_offence_group *group;
    tf_profile *profile; /* to be filled */
    tf_arena *arena;     /* the profile's */
    tf_profile_scope scope;
    tf_month first;     /* that is read: a year before the period */
    size_t month_count; /* from `first` to the end of the period */
    bool *is_missing;   /* by month since `first` */
    tf_profile_tally tally;
    size_t note_capacity;
    bool is_comparable; /* every month of the change and of the year before was imported */
    double people_now;  /* exposures of the change; 0 until known */
    double people_before;
} tf_profile_work;

/* Make a profile and, while all that it was made of is there, do one thing more. */
typedef tf_status tf_profile_step(tf_profile_work *work, void *context, tf_error *error);
tf_status tf_profile_make_with(tf_crime_data *data, const tf_profile_request *request,
                               tf_profile_step *last, void *context, tf_profile **profile_out,
                               tf_error *error);

/* Resolve the area, and find its forces, small areas and population. */
tf_status tf_profile_find_scope(tf_profile_work *work, const char *area, tf_error *error);

/* Find the place of every small area that the rows loaded so far name. */
tf_status tf_profile_find_places(tf_profile_work *work, tf_error *error);

/* Where no small areas were imported: let those that the rows name be the small areas. */
tf_status tf_profile_name_areas(tf_profile_work *work, tf_error *error);

/* Count the rows, and find which months are missing. */
tf_status tf_profile_count(tf_profile_work *work, tf_error *error);

/* The parts.  Each makes its part of the profile of the tally. */
tf_status tf_profile_fill_figures(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_series(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_areas(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_outcomes(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_searches(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_sources(tf_profile_work *work, tf_error *error);
tf_status tf_profile_fill_notes(tf_profile_work *work, tf_error *error);

/* ---- what the parts share ---- */

/* "2022-03, 2022-05 to 2022-07" of the months between the two for which is_missing (by month
 * since `first`) holds; NULL when out of memory. */
const char *tf_profile_list_months(tf_arena *arena, const bool *is_missing, tf_month first,
                                   tf_month from, tf_month to);

/* Add a sentence to the notes; `text` may be NULL, when the arena had no memory for it. */
tf_status tf_profile_note(tf_profile_work *work, const char *text, tf_error *error);

/* Fill in the rate and the ratio of a change whose months and counts are set, of the profile's
 * area. */
tf_status tf_profile_rate(tf_profile_work *work, int64_t count, tf_profile_figure *rate_out,
                          tf_error *error);
tf_status tf_profile_ratio(tf_profile_work *work, tf_profile_change *change, tf_error *error);

/* Whether a period can be asked for, and which group is meant by `type`. */
tf_status tf_profile_check_period(tf_month first, tf_month last, tf_error *error);
tf_status tf_profile_find_group(const tf_pack *pack, const char *type,
                                const tf_offence_group **group_out, tf_error *error);

/* Zeroed memory of the profile's arena, or NULL. */
void *tf_profile_alloc(tf_profile_work *work, size_t count, size_t size);

/* Counts by name as shares, most frequent first, then by name. */
void tf_profile_sort_shares(tf_profile_share *shares, size_t count);

/* Add to the share of that name, or append it; there is room. */
void tf_profile_add_share(tf_profile_share *shares, size_t *count, const char *name, int64_t more);

#endif
