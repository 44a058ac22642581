#include "moments.h"

#include "trefoil/base/date.h"

#include <stdio.h>

static const int64_t an_hour = INT64_C(3600000000);
static const int64_t a_day = INT64_C(86400000000);

static const char *const months[12] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};

/* 01:00 UTC of the last Sunday of a month of 31 days; 1970-01-01 was a Thursday. */
static int64_t clocks_change(int year, int month) {
    int32_t last = tf_days_of(year, month, 31);
    return (last - (last + 4) % 7) * a_day + an_hour;
}

static int32_t day_of(int64_t instant) {
    return (int32_t)((instant - (instant < 0 ? a_day - 1 : 0)) / a_day);
}

static int64_t by_british_clocks(int64_t instant) {
    int year;
    int month;
    int day;
    tf_days_split(day_of(instant), &year, &month, &day);
    bool is_summer = instant >= clocks_change(year, 3) && instant < clocks_change(year, 10);
    return is_summer ? instant + an_hour : instant;
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
    int minutes = (int)((local - day_of(local) * a_day) / 60000000);
    snprintf(text, TF_MOMENT_TEXT_SIZE, "%.24s at %02d:%02d", tf_moment_day(day_of(local), day),
             minutes / 60, minutes % 60);
    return text;
}
