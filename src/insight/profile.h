/* The drug-crime profile of an area: what was recorded, whether it changes, where it gathers and
 * what became of it.  One call computes all its figures into one struct, which every way of
 * showing it (text, JSON, CSV, Arrow, page, paper) reads and none changes. */
#ifndef INSIGHT_PROFILE_H
#define INSIGHT_PROFILE_H

#include "insight/crime_data.h"
#include "trefoil/base/date.h"
#include "trefoil/stats/control_chart.h"
#include "trefoil/stats/interval.h"

typedef struct tf_profile_request {
    const char *area; /* a code or a name, as a person types it */
    const char *type; /* an offence group of the pack, or one crime type */
    tf_month from;    /* both months are included */
    tf_month to;
} tf_profile_request;

/* A figure that may be missing; then `note` says why in one sentence, otherwise it is NULL or a
 * remark on how the figure was made. */
typedef struct tf_profile_figure {
    bool is_known;
    tf_interval interval; /* 95% */
    const char *note;
} tf_profile_figure;

typedef struct tf_profile_month {
    tf_month month;
    bool is_missing; /* no file of that month was imported; the count is 0 and means nothing */
    int64_t count;
    double centre; /* of the XmR chart; NaN where there are too few months */
    double lower;
    double upper;
    tf_chart_signal signal;
} tf_profile_month;

typedef struct tf_profile_alert {
    tf_month month;
    const char *method; /* "EARS C1", "EARS C2", "EARS C3" */
    int64_t count;
    double threshold; /* the count that was exceeded; NaN where for C3 no count was needed */
} tf_profile_alert;

typedef struct tf_profile_area {
    const char *code;
    const char *name;
    int64_t count;
    int64_t recent_count;     /* in the last months, as in tf_profile_change */
    int64_t previous_count;   /* a year before those */
    double gi_star_z;         /* NaN where contiguity is not known */
    double p;                 /* upper tail */
    double q;                 /* adjusted for testing many areas (Benjamini and Hochberg) */
    bool is_hot;              /* q <= 0.05 */
    tf_profile_figure change; /* rate ratio on the year before */
    double change_p;          /* two-sided, exact conditional; NaN where unknown */
    bool is_changed;          /* beyond chance, adjusted for testing many areas */
} tf_profile_area;

/* The last months of the period (12 at most) against the same months a year before. */
typedef struct tf_profile_change {
    tf_month from;
    tf_month to;
    int64_t count;
    int64_t previous_count;
    tf_profile_figure rate_ratio;
} tf_profile_change;

typedef struct tf_profile_share {
    const char *name;
    int64_t count;
} tf_profile_share;

/* What became of the cases: street rows joined to outcome rows by Crime ID. */
typedef struct tf_profile_outcomes {
    int64_t case_count;       /* rows of the area and period */
    int64_t without_id;       /* which the publisher gives no Crime ID (anti-social behaviour) */
    int64_t without_outcome;  /* with an ID, but no outcome row and no status in the street file */
    int64_t joined;           /* by Crime ID, to the latest of their outcome rows */
    int64_t from_street_file; /* no outcome row: the street file's own last status is taken */
    int64_t several_outcomes; /* cases with more than one outcome row */
    tf_profile_share *outcomes; /* most frequent first, canonical wording of the pack */
    size_t outcome_count;
    tf_profile_share *groups; /* the same in the pack's few groups */
    size_t group_count;
} tf_profile_outcomes;

/* Stop and search.  The files name no small area: known for a force, and for another area by the
 * coordinates of the search. */
typedef struct tf_profile_searches {
    bool is_known;
    const char *note;
    int64_t count;
    int64_t for_drugs;
    int64_t without_location;
    tf_profile_share *outcomes; /* of the searches for drugs, most frequent first */
    size_t outcome_count;
    tf_profile_figure found_rate; /* share of drug searches that led to an outcome for drugs */
} tf_profile_searches;

typedef struct tf_profile_source {
    const char *feed;
    const char *file;
    const char *sha256;
    int64_t rows;
} tf_profile_source;

typedef struct tf_profile {
    tf_arena *arena; /* owns everything below */

    const char *area_code;
    const char *area_name;
    const char
        *layer; /* "force", "community safety partnership", "local authority", "small area" */
    tf_month from;
    tf_month to;
    const char *group;       /* its name in the pack */
    const char *group_title; /* in words */

    int64_t count;
    tf_profile_figure rate_per_1000; /* over the whole period */
    double population;               /* NaN when not known */
    int population_year;
    tf_profile_change change;

    tf_profile_month *months; /* every month of the period */
    size_t month_count;
    tf_profile_alert *alerts; /* in order of month, then method */
    size_t alert_count;

    tf_profile_area *areas; /* small areas, most offences first */
    size_t area_count;
    const char *areas_note; /* why there is no hot-spot statistic, or NULL */

    int64_t no_location_count;
    double no_location_share; /* NaN when count is 0 */
    tf_profile_outcomes outcomes;
    tf_profile_searches searches;

    const char *harm_index; /* the weights' name */
    double harm_total;
    int64_t harm_unweighted; /* rows whose type has no weight */

    tf_profile_source *sources;
    size_t source_count;
    const char **notes; /* what a reader must know: months missing, vintages mixed, ... */
    size_t note_count;
} tf_profile;

/* Compute the profile; *profile_out is freed with tf_profile_free.  Reads partitions that `data`
 * does not hold yet from its database, so the second profile is faster than the first.
 * Errors: TF_NOT_FOUND for an area or a type that is not known, with the nearest names;
 * TF_BAD_INPUT for a period that ends before it starts or has more than 600 months. */
tf_status tf_profile_make(tf_crime_data *data, const tf_profile_request *request,
                          tf_profile **profile_out, tf_error *error);
void tf_profile_free(tf_profile *profile); /* accepts NULL */

#endif
