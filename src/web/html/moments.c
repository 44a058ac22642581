#include "moments.h"

#include "trefoil/base/date.h"

#include <stdio.h>

static const char *const months[12] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};

/* 01:00 UTC of the last Sunday of a month of 31 days; 1970-01-01 was a Thursday. */
static int64_t clocks_change(int year, int month) {
    int32_t last = tf_days_of(year, month, 31);
    return (last - (last + 4) % 7) * TF_MICROSECONDS_A_DAY + TF_MICROSECONDS_AN_HOUR;
}

static int64_t by_british_clocks(int64_t instant) {
    int year;
    int month;
    int day;
    tf_days_split(tf_day_of_instant(instant), &year, &month, &day);
    bool is_summer = instant >= clocks_change(year, 3) && instant < clocks_change(year, 10);
    return is_summer ? instant + TF_MICROSECONDS_AN_HOUR : instant;
}

char *tf_moment_day(int32_t day, char *text) {
    int year;
    int month;
    int day_of_month;
    tf_days_split(day, &year, &month, &day_of_month);
    snprintf(text, TF_MOMENT_TEXT_SIZE, "%d %s %d", day_of_month, months[month - 1], year);
    return text;
}

char *tf_moment_instant(int64_t instant, char *text) {
    char day[TF_MOMENT_TEXT_SIZE];
    int64_t local = by_british_clocks(instant);
    int minutes = (int)((local - tf_day_of_instant(local) * TF_MICROSECONDS_A_DAY) / 60000000);
    snprintf(text, TF_MOMENT_TEXT_SIZE, "%.24s at %02d:%02d",
             tf_moment_day(tf_day_of_instant(local), day), minutes / 60, minutes % 60);
    return text;
}
