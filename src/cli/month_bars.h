/* A column chart of the months of a profile, in characters. */
<<<<<<<< HEAD:src/cli/month_bars.h
#ifndef CLI_MONTH_BARS_H
#define CLI_MONTH_BARS_H
========
#ifndef CLI_MONTH_CHART_H
#define CLI_MONTH_CHART_H
>>>>>>>> wt-charts:src/cli/month_chart.h

#include "cli/terminal.h"
#include "insight/profile.h"

/* Columns from zero on one scale, months and years beneath, and a line of marks: ^ above the upper
 * limit, v below the lower, ! an alert, ? no data.  More months than fit go on in a second chart.
 */
<<<<<<<< HEAD:src/cli/month_bars.h
void tf_month_bars_write(tf_terminal *page, const tf_profile *profile);
========
void tf_month_chart_write(tf_page *page, const tf_profile *profile);
>>>>>>>> wt-charts:src/cli/month_chart.h

#endif
