/* The charts of a profile, the same on a page, on paper and in a file.
 *
 * Each function fills *chart_out; what it points to lives in `arena` and, for names, in the
 * profile.  The caller sets id and downloads, and may change title and note.
 * Errors: TF_NO_MEMORY.  Thread-safe for distinct arenas. */
#ifndef WEB_CHART_PROFILE_CHARTS_H
#define WEB_CHART_PROFILE_CHARTS_H

#include "insight/profile.h"
#include "pack/pack.h"
#include "web/chart/chart.h"

/* The address of a small area's page, in the arena; NULL: no link, or out of memory. */
typedef struct tf_profile_links {
    const char *(*area)(const void *context, tf_arena *arena, const tf_profile_area *area);
    const void *context;
} tf_profile_links;

/* The months with the control chart's lines and signals. */
tf_status tf_profile_trend_chart(tf_arena *arena, const tf_profile *profile, tf_chart *chart_out,
                                 tf_error *error);

/* Small areas by their change on the year before, the highest ratio first: those that changed
 * beyond chance and, up to `most` areas, those with the most offences.  links may be NULL. */
tf_status tf_profile_changes_chart(tf_arena *arena, const tf_profile *profile, size_t most,
                                   const tf_profile_links *links, tf_chart *chart_out,
                                   tf_error *error);

/* What became of the cases: all of them, the pack's groups, the outcomes. */
tf_status tf_profile_outcomes_chart(tf_arena *arena, const tf_profile *profile, const tf_pack *pack,
                                    tf_chart *chart_out, tf_error *error);

#endif
