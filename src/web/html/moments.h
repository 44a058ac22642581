/* Days and times as people in the United Kingdom read them. */
#ifndef WEB_HTML_MOMENTS_H
#define WEB_HTML_MOMENTS_H

#include <stdint.h>

enum { TF_MOMENT_TEXT_SIZE = 48 };

/* "30 November 2026" of days since 1970.  `text` has room for
 * TF_MOMENT_TEXT_SIZE and is returned.  Thread-safe.  O(1). */
char *tf_moment_day(int32_t day, char *text);

/* "30 November 2026 at 10:15" of microseconds since 1970 in UTC, by the clocks of the United
 * Kingdom: an hour later from the last Sunday of March to the last Sunday of October, 01:00 UTC
 * each (Summer Time Order 2002). */
char *tf_moment_instant(int64_t instant, char *text);

#endif
