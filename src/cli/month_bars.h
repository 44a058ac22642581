/* A column chart of the months of a profile, in characters. */
#ifndef CLI_MONTH_BARS_H
#define CLI_MONTH_BARS_H

#include "cli/terminal.h"
#include "insight/profile.h"

/* Columns from zero on one scale, months and years beneath, and a line of marks: ^ above the upper
 * limit, v below the lower, ! an alert, ? no data.  More months than fit go on in a second chart.
 */
void tf_month_bars_write(tf_terminal *page, const tf_profile *profile);

#endif
