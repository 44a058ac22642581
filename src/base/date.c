#include "trefoil/base/date.h"

#include <stdio.h>
#include <time.h>

enum { MICROSECONDS_PER_SECOND = 1000000, SECONDS_PER_DAY = 86400 };

/* `count` decimal digits at `at`, or -1. */
static int digits(const char *at, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return -1;
        }
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

bool tf_month_parse(tf_text text, tf_month *month_out) {
    if (text.length != 7 || text.data[4] != '-') {
        return false;
    }
    int year = digits(text.data, 4);
    int month = digits(text.data + 5, 2);
    if (year < 1900 || year > 2199 || month < 1 || month > 12) {
        return false;
    }
    *month_out = tf_month_of(year, month);
    return true;
}

char *tf_month_format(tf_month month, char *buffer) {
    snprintf(buffer, TF_MONTH_TEXT_SIZE, "%04u-%02u", (unsigned)tf_month_year(month) % 10000U,
             (unsigned)tf_month_number(month) % 100U);
    return buffer;
}

int32_t tf_days_of(int year, int month, int day) {
    int y = year - (month <= 2);
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void tf_days_split(int32_t days, int *year_out, int *month_out, int *day_out) {
    int64_t z = (int64_t)days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = (int)(z - era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *day_out = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month_out = shifted_month + (shifted_month < 10 ? 3 : -9);
    *year_out = (int)(year_of_era + era * 400) + (*month_out <= 2);
}

int32_t tf_month_first_day(tf_month month) {
    return tf_days_of(tf_month_year(month), tf_month_number(month), 1);
}

tf_month tf_month_of_days(int32_t days) {
    int year;
    int month;
    int day;
    tf_days_split(days, &year, &month, &day);
    return tf_month_of(year, month);
}

char *tf_day_format(int32_t day, char *buffer) {
    int year;
    int month;
    int day_of_month;
    tf_days_split(day, &year, &month, &day_of_month);
    snprintf(buffer, TF_DAY_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000U,
             (unsigned)month % 100U, (unsigned)day_of_month % 100U);
    return buffer;
}

bool tf_date_parse(tf_text text, int32_t *days_out) {
    if (text.length != 10 || text.data[4] != '-' || text.data[7] != '-') {
        return false;
    }
    tf_month month;
    int day = digits(text.data + 8, 2);
    if (!tf_month_parse((tf_text){text.data, 7}, &month) || day < 1) {
        return false;
    }
    int32_t days = tf_month_first_day(month) + day - 1;
    if (days >= tf_month_first_day(month + 1)) {
        return false;
    }
    *days_out = days;
    return true;
}

/* "Z", "+01:00" or "-0530" to seconds east of Greenwich. */
static bool parse_offset(tf_text text, int *seconds_out) {
    if (text.length == 1 && (text.data[0] == 'Z' || text.data[0] == 'z')) {
        *seconds_out = 0;
        return true;
    }
    bool has_colon = text.length == 6 && text.data[3] == ':';
    if ((!has_colon && text.length != 5) || (text.data[0] != '+' && text.data[0] != '-')) {
        return false;
    }
    int hours = digits(text.data + 1, 2);
    int minutes = digits(text.data + (has_colon ? 4 : 3), 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return false;
    }
    int seconds = (hours * 60 + minutes) * 60;
    *seconds_out = text.data[0] == '-' ? -seconds : seconds;
    return true;
}

bool tf_instant_parse(tf_text text, int64_t *microseconds_out) {
    int32_t days;
    if (text.length < 20 || (text.data[10] != 'T' && text.data[10] != ' ') ||
        text.data[13] != ':' || text.data[16] != ':' ||
        !tf_date_parse((tf_text){text.data, 10}, &days)) {
        return false;
    }
    int hour = digits(text.data + 11, 2);
    int minute = digits(text.data + 14, 2);
    int second = digits(text.data + 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return false;
    }
    size_t at = 19;
    int64_t fraction = 0;
    if (text.data[at] == '.') {
        int64_t unit = MICROSECONDS_PER_SECOND;
        size_t start = ++at;
        for (; at < text.length && text.data[at] >= '0' && text.data[at] <= '9'; at++) {
            unit /= 10;
            fraction += unit * (text.data[at] - '0');
        }
        if (at == start) {
            return false;
        }
    }
    int offset;
    if (!parse_offset((tf_text){text.data + at, text.length - at}, &offset)) {
        return false;
    }
    int64_t seconds = (int64_t)days * SECONDS_PER_DAY + (int64_t)hour * 3600 +
                      (int64_t)minute * 60 + second - offset;
    *microseconds_out = seconds * MICROSECONDS_PER_SECOND + fraction;
    return true;
}

int32_t tf_day_of_instant(int64_t microseconds) {
    bool rounds_up = microseconds % TF_MICROSECONDS_A_DAY < 0;
    return (int32_t)(microseconds / TF_MICROSECONDS_A_DAY - rounds_up);
}

char *tf_instant_format(int64_t microseconds, char *buffer) {
    int32_t days = tf_day_of_instant(microseconds);
    int64_t of_day = microseconds - days * TF_MICROSECONDS_A_DAY;
    unsigned second = (unsigned)(of_day / MICROSECONDS_PER_SECOND);
    char day[TF_DAY_TEXT_SIZE];
    snprintf(buffer, TF_INSTANT_TEXT_SIZE, "%sT%02u:%02u:%02uZ", tf_day_format(days, day),
             second / 3600 % 100U, second / 60 % 60U, second % 60U);
    return buffer;
}

int64_t tf_instant_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * MICROSECONDS_PER_SECOND + now.tv_nsec / 1000;
}

double tf_seconds_monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
