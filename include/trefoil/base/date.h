/* Months, days and instants of the proleptic Gregorian calendar, in UTC. */
#ifndef TREFOIL_BASE_DATE_H
#define TREFOIL_BASE_DATE_H

#include "trefoil/base/text.h"

/* A month, counted from January of year 0: year * 12 + (month - 1).  So `b - a` is the number of
 * months between two, and `m - 12` the same month a year before. */
typedef int32_t tf_month;

enum { TF_MONTH_TEXT_SIZE = 8, TF_DAY_TEXT_SIZE = 12, TF_INSTANT_TEXT_SIZE = 24 };

static inline tf_month tf_month_of(int year, int month) {
    return year * 12 + (month - 1);
}
static inline int tf_month_year(tf_month month) {
    return month / 12;
}
static inline int tf_month_number(tf_month month) { /* 1 to 12 */
    return month % 12 + 1;
}

/* "2023-02", years 1900 to 2199.  False, and nothing written, for anything else. */
TF_API bool tf_month_parse(tf_text text, tf_month *month_out);

/* "2023-02" in `buffer`, which has room for TF_MONTH_TEXT_SIZE; returns `buffer`. */
TF_API char *tf_month_format(tf_month month, char *buffer);

/* Days since 1970-01-01 of a civil date, and back (Hinnant 2013, days_from_civil). */
TF_API int32_t tf_days_of(int year, int month, int day);
TF_API void tf_days_split(int32_t days, int *year_out, int *month_out, int *day_out);
TF_API int32_t tf_month_first_day(tf_month month);
TF_API tf_month tf_month_of_days(int32_t days);

/* Days that are none: from the beginning on, and without an end. */
enum { TF_DAY_NONE = INT32_MIN, TF_DAY_FOREVER = INT32_MAX };

/* "2023-02-01" in `buffer`, which has room for TF_DAY_TEXT_SIZE; returns `buffer`. */
TF_API char *tf_day_format(int32_t day, char *buffer);

/* "2023-02-01", an existing day.  False for anything else. */
TF_API bool tf_date_parse(tf_text text, int32_t *days_out);

/* RFC 3339 with any offset, "2023-02-01T10:20:00+00:00" or "...Z", a fraction of a second
 * allowed; a space may stand for the T.  Microseconds since 1970 in UTC. */
TF_API bool tf_instant_parse(tf_text text, int64_t *microseconds_out);

/* "2023-02-01T10:20:00Z" in `buffer`, which has room for TF_INSTANT_TEXT_SIZE. */
TF_API char *tf_instant_format(int64_t microseconds, char *buffer);

/* Of instants. */
#define TF_MICROSECONDS_AN_HOUR (INT64_C(3600) * 1000 * 1000)
#define TF_MICROSECONDS_A_DAY   (24 * TF_MICROSECONDS_AN_HOUR)

/* The day that an instant is on, also before 1970. */
TF_API int32_t tf_day_of_instant(int64_t microseconds);

TF_API int64_t tf_instant_now(void);      /* the wall clock, microseconds since 1970 */
TF_API double tf_seconds_monotonic(void); /* for durations */

#endif
