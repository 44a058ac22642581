/* A profile as one long table, one figure a row, for spreadsheets and data frames.
 *
 *   figure     text     what the row tells: the list below
 *   area_code  text     of the profile's area, or of one of its small areas
 *   area_name  text
 *   month      date     the first of the month; null for a figure of the whole period
 *   category   text     what the figure is of: an outcome, a method, a file; for a figure that is
 *                       not known, the reason
 *   value      float64  null where it is not known
 *   lower      float64  95% interval, or null
 *   upper      float64
 *
 * Figures of the area: period_from, period_to (month alone), count (category: the group),
 * population (category: the year), rate_per_1000, change_count, change_previous_count and
 * change_rate_ratio (category: the months compared, 2023-05/2024-04), no_location_count,
 * no_location_share, outcome and outcome_group (category: its name), outcome_join (category: cases,
 * joined, from_street_file, without_id, without_outcome, several_outcomes), search_count,
 * search_for_drugs, search_without_location, search_found_share, search_outcome, harm_total
 * (category: the index), harm_unweighted, source_rows (category: file and SHA-256), note.
 * Of a month: month_count, month_chart (value is the centre, lower and upper the limits),
 * month_signal (category: its name), alert_count and alert_threshold (category: the method).
 * Of a small area: area_count, area_recent_count, area_previous_count, area_gi_star_z, area_p,
 * area_q, area_hot, area_rate_ratio, area_rate_ratio_p, area_changed (1 or 0). */
#ifndef INSIGHT_PROFILE_TABLE_H
#define INSIGHT_PROFILE_TABLE_H

#include "insight/profile.h"
#include "trefoil/table/table.h"

/* The table, which the caller frees.  Errors: TF_NO_MEMORY.  O(size of the profile). */
tf_status tf_profile_table_make(const tf_profile *profile, tf_table **table_out, tf_error *error);

#endif
