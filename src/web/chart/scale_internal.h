/* From values to places on a drawing, and the round numbers along an axis. */
#ifndef WEB_CHART_SCALE_INTERNAL_H
#define WEB_CHART_SCALE_INTERNAL_H

#include "trefoil/base/date.h"
#include "web/chart/chart.h"

typedef struct tf_scale {
    double from; /* the values at both ends, from < to; both positive on a ratio scale */
    double to;
    double start; /* their places */
    double end;
    bool is_log;
} tf_scale;

/* The place of a value; one beyond an end is placed at that end.  `value` is not NaN. */
double tf_scale_place(const tf_scale *scale, double value);

enum { TF_MAX_TICKS = 24 };

typedef struct tf_ticks {
    double values[TF_MAX_TICKS];
    int count;
    double step;           /* 0 on a ratio scale */
    bool counts_both_ways; /* numbers grow from zero to the left as well */
} tf_ticks;

/* 0 and the multiples of 1, 2 or 5 times a power of ten, up to the first at or above `highest`, in
 * about `wanted` steps; whole numbers only when `is_whole`.  Anything not positive counts as 1,
 * anything above 1e300 as that. */
tf_ticks tf_ticks_from_zero(double highest, int wanted, bool is_whole);

/* The multiples of such a step from the first at or below `lowest` to the first at or above
 * `highest`.  Ends beyond 1e12, or not known, are held to it. */
tf_ticks tf_ticks_between(double lowest, double highest, int wanted);

/* 1, 2 and 5 times powers of ten within both ends; only powers of ten, or some of them, where
 * that would be more than `most`.  Both ends are positive and finite. */
tf_ticks tf_ticks_of_ratio(double lowest, double highest, int most);

enum { TF_NUMBER_TEXT_SIZE = 40 };

/* "1,734.5" with `decimals` decimals; "1.2e+20" from 10^15 on; "not known" for NaN; "infinite".
 * Returns `text`, which has room for TF_NUMBER_TEXT_SIZE. */
char *tf_number_text(double value, int decimals, char *text);

/* "1,500", "0.25", "2.5 million": as few decimals as the step needs. */
char *tf_tick_text(double value, double step, char *text);

/* "1 offence", "1,734 offences", "not known". */
void tf_unit_put(const tf_chart_unit *unit, double value, tf_buffer *out);

/* Which months of an axis are named. */
typedef struct tf_month_step {
    int months;    /* every so many months have a tick; those of January for 12 and more */
    bool by_years; /* only years are written */
} tf_month_step;

/* The closest names that do not overlap, when a month is `month_width` wide and text `size` high.
 */
tf_month_step tf_month_step_for(double month_width, double size);

#endif
