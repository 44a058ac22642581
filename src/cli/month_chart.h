/* A column chart of the months of a profile, in characters. */
#ifndef CLI_MONTH_CHART_H
#define CLI_MONTH_CHART_H

#include "cli/page.h"
#include "insight/profile.h"

/* Columns from zero on one scale, months and years beneath, and a line of marks: ^ above the upper
 * limit, v below the lower, ! an alert, ? no data.  More months than fit go on in a second chart.
 */
void tf_month_chart_write(tf_page *page, const tf_profile *profile);

#endif
