/* The parts of a profile, each written once for every page that shows it. */
#ifndef WEB_PAGES_FIGURES_INTERNAL_H
#define WEB_PAGES_FIGURES_INTERNAL_H

#include "selection_internal.h"
#include "web/chart/profile_charts.h"

/* The headline: offences, rate, change on the year before, harm, offences without a place. */
void tf_figures_write_headline(tf_visit *visit, const tf_profile *profile);

/* What to look at first. */
void tf_figures_write_look_first(tf_visit *visit, const tf_profile *profile);

/* The months with their control chart, and its signals and alerts in words. */
tf_status tf_figures_write_trend(tf_visit *visit, const tf_selection *selection,
                                 const tf_profile *profile, tf_error *error);

/* The map of the small areas by count. */
tf_status tf_figures_write_map(tf_visit *visit, const tf_selection *selection,
                               const tf_profile *profile, tf_error *error);

void tf_figures_write_sources(tf_visit *visit, const tf_profile *profile);

/* All but the headline, what to look at first and the sources, each under its heading. */
tf_status tf_figures_write_all(tf_visit *visit, const tf_selection *selection,
                               const tf_profile *profile, tf_error *error);

/* "Download: CSV, XLSX, ..." of one figure of the selection's profile (insight/figures.h). */
void tf_figures_set_downloads(tf_visit *visit, const tf_selection *selection, const char *figure,
                              tf_chart *chart);

/* Links from a chart's areas to their pages: a function for tf_profile_links, and its context. */
typedef struct tf_area_links {
    tf_visit *visit;
    const tf_selection *selection;
} tf_area_links;

const char *tf_figures_link_area(const void *context, tf_arena *arena, const tf_profile_area *area);

#endif
