/* Areas of one kind side by side: counts, rates, and where each lies in the funnel of what chance
 * alone would do to areas of its size.  One struct for every way of showing it. */
#ifndef INSIGHT_COMPARE_H
#define INSIGHT_COMPARE_H

#include "insight/profile.h"
#include "trefoil/stats/funnel.h"

typedef struct tf_comparison_request {
    const char *within; /* the area that contains those compared, as a person types it; NULL: all */
    tf_layer layer;     /* of the areas compared */
    const char *type;   /* an offence group of the pack, or one crime type */
    tf_month from;      /* both months are included */
    tf_month to;
} tf_comparison_request;

typedef struct tf_comparison_area {
    const char *code;
    const char *name;
    int64_t count;
    int missing_months; /* of the period, without a file of its force; its rate is then not known */
    double population;  /* NaN when not known */
    int population_year;
    tf_profile_figure rate_per_1000; /* over the whole period */
    /* What follows is NaN and TF_FUNNEL_WITHIN where the rate is not known. */
    double expected;                  /* events, at the overall rate */
    tf_funnel_limits limits;          /* per 1,000 */
    tf_funnel_limits wide_limits;     /* per 1,000, widened by the dispersion if that is clear */
    tf_funnel_position position;      /* against the limits */
    tf_funnel_position wide_position; /* against the wide limits */
} tf_comparison_area;

/* The limits at one size, per 1,000, for drawing the funnel. */
typedef struct tf_comparison_curve {
    double population;
    tf_funnel_limits limits;
    tf_funnel_limits wide_limits;
} tf_comparison_curve;

enum { TF_COMPARISON_CURVE_POINTS = 50 };

typedef struct tf_comparison {
    tf_arena *arena; /* owns everything below */

    const char *within_code; /* NULL: all areas of the layer */
    const char *within_name;
    tf_layer layer;
    tf_month from;
    tf_month to;
    const char *group;
    const char *group_title;

    tf_comparison_area *areas; /* highest rate first; those without one last, by count */
    size_t area_count;
    size_t rated_count; /* areas with a rate; the others take no part in the funnel */

    double overall_rate_per_1000; /* of the areas with a rate together; NaN for none */
    tf_funnel_dispersion dispersion;
    size_t above_count; /* areas above the 99.8% limit, the wide one where dispersion is clear */
    size_t below_count;
    tf_comparison_curve *curve; /* ascending by population; TF_COMPARISON_CURVE_POINTS or none */
    size_t curve_count;

    tf_profile_source *sources; /* the files whose rows were counted */
    size_t source_count;
    const char **notes;
    size_t note_count;
} tf_comparison;

/* Compute the comparison; *comparison_out is freed with tf_comparison_free.  Which rows are an
 * area's is as in a profile; so is its population.
 * Errors: as tf_profile_make; TF_BAD_INPUT for areas that do not contain those of the layer (a
 * local authority has no forces); TF_NOT_FOUND where no area of the layer is known.
 * O(rows of the period + areas). */
tf_status tf_comparison_make(tf_crime_data *data, const tf_comparison_request *request,
                             tf_comparison **comparison_out, tf_error *error);
void tf_comparison_free(tf_comparison *comparison); /* accepts NULL */

/* "above_998" for programs, "above the 99.8% limit" for people. */
const char *tf_funnel_position_name(tf_funnel_position position);
const char *tf_funnel_position_words(tf_funnel_position position);

#endif
