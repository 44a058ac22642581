/* Every figure of a profile and of a comparison as a small table of its own, for downloads. */
#ifndef INSIGHT_FIGURES_H
#define INSIGHT_FIGURES_H

#include "insight/compare.h"
#include "trefoil/table/xlsx_writer.h"

typedef struct tf_figure_column {
    const char *name; /* "rate_per_1000": small letters, digits and underscores */
    tf_type type;
    tf_sheet_format format;
    const char *help; /* what it is, in a few words and with its unit */
} tf_figure_column;

/* What a figure is, whatever is in it. */
typedef struct tf_figure_kind {
    const char *name;  /* "small-areas": in an address and a file name */
    const char *title; /* "Small areas" */
    bool has_geometry; /* its rows are areas, in the columns area_code and area_name */
    const tf_figure_column *columns;
    size_t column_count;
} tf_figure_kind;

/* The figures of a profile: key-figures, trend, alerts, small-areas, change, outcomes,
 * outcome-groups, outcome-join, searches, sources, notes. */
size_t tf_profile_figure_count(void);
const tf_figure_kind *tf_profile_figure_kind(size_t index);
const tf_figure_kind *tf_profile_figure_find(const char *name); /* NULL if there is none */

/* The figures of a comparison: areas, funnel, sources, notes. */
size_t tf_comparison_figure_count(void);
const tf_figure_kind *tf_comparison_figure_kind(size_t index);
const tf_figure_kind *tf_comparison_figure_find(const char *name);

/* The table of one figure, whose columns are those of its kind; the caller frees it.  What is not
 * known is null.  A month is the first day of it.
 * Errors: TF_NOT_FOUND for a name that is not in the list, with those that are; TF_NO_MEMORY.
 * O(rows of the figure). */
tf_status tf_profile_figure_table(const tf_profile *profile, const char *name, tf_table **table_out,
                                  tf_error *error);
tf_status tf_comparison_figure_table(const tf_comparison *comparison, const char *name,
                                     tf_table **table_out, tf_error *error);

/* What a download says about itself beside its rows.  Borrows all of a profile or a comparison, and
 * fills `title`, which the caller keeps ("Drugs: Bedfordshire, May 2023 to April 2024"). */
enum { TF_FIGURE_TITLE_SIZE = 256 };

typedef struct tf_figure_about {
    char title[TF_FIGURE_TITLE_SIZE];
    const char *area_code; /* NULL: all areas of a layer */
    const char *area_name;
    const char *layer; /* of the area, in words; of a comparison, of the areas compared */
    tf_month from;
    tf_month to;
    const char *group;
    const char *group_title;
    const tf_profile_source *sources;
    size_t source_count;
    const char *const *notes;
    size_t note_count;
} tf_figure_about;

void tf_figure_about_profile(const tf_profile *profile, tf_figure_about *about_out);
void tf_figure_about_comparison(const tf_comparison *comparison, tf_figure_about *about_out);

#define TF_FIGURE_LICENCE "Open Government Licence v3.0"
#define TF_FIGURE_LICENCE_URL                                                                      \
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

#endif
