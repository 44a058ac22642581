#include "standardise_internal.h"

#include "trefoil/base/date.h"

enum {
    MOST_TOKENS = 3,
    OLDEST_YEAR = 1000,
    NEWEST_YEAR = 2199,
    PIVOT_YEAR = 2029,
    /* Later than any "month and day" of a ddmmyyyy, so that eight digits have one reading. */
    OLDEST_YEAR_OF_EIGHT_DIGITS = 1300,
};

static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};

typedef struct token {
    int number; /* or the month that was named */
    int digits; /* 0 for a month's name */
} token;

typedef struct tokens {
    token items[MOST_TOKENS];
    size_t count;
} tokens;

const char *tf_date_fault_text(tf_date_fault fault) {
    switch (fault) {
    case TF_DATE_NO_FAULT:
        return "it is a date";
    case TF_DATE_INCOMPLETE:
        return "day or month is not given";
    case TF_DATE_NO_SUCH_MONTH:
        return "there is no such month";
    case TF_DATE_NO_SUCH_DAY:
        return "there is no such day";
    case TF_DATE_OUT_OF_RANGE:
        return "the year cannot be right";
    default:
        return "it is not a date";
    }
}

/* The month of a name or its first three letters or more, "Sept" too; 0 if it is none. */
static int find_month(tf_text word) {
    for (int i = 0; word.length >= 3 && i < 12; i++) {
        if (tf_text_equal_fold(word, (tf_text){months[i], word.length < strlen(months[i])
                                                              ? word.length
                                                              : strlen(months[i])})) {
            return i + 1;
        }
    }
    return 0;
}

/* Words that stand in dates and say nothing: ordinals, "of" and days of the week. */
static bool is_filler(tf_text word) {
    static const char *const fillers[] = {"st",  "nd",  "rd",  "th",  "of",  "the",  "mon",  "tue",
                                          "wed", "thu", "fri", "sat", "sun", "tues", "thurs"};
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        if (tf_text_equal_fold(word, tf_text_of(fillers[i]))) {
            return true;
        }
    }
    return word.length > 3 && tf_text_ends_with(word, "day");
}

/* Whether a time of day, or its zone, starts here, behind a date of three parts or eight digits. */
static bool is_time(tf_text rest) {
    if (rest.length >= 2 && (rest.data[0] == 'T' || rest.data[0] == 't' || rest.data[0] == ' ')) {
        size_t i = 1;
        while (i < rest.length && tf_is_digit(rest.data[i])) {
            i++;
        }
        return i > 1 && i <= 3 && i < rest.length && rest.data[i] == ':';
    }
    return false;
}

static bool is_separator(char c) {
    return c == '/' || c == '-' || c == '.' || c == ' ' || c == ',' || c == '\t' || c == '\\';
}

static bool read_word(tf_text value, size_t *at, tokens *found) {
    size_t start = *at;
    while (*at < value.length && tf_is_letter(value.data[*at])) {
        (*at)++;
    }
    tf_text word = {value.data + start, *at - start};
    int month = find_month(word);
    if (month > 0 && found->count < MOST_TOKENS) {
        found->items[found->count++] = (token){month, 0};
        return true;
    }
    return month == 0 && is_filler(word);
}

static bool read_number(tf_text value, size_t *at, tokens *found) {
    token number = {0};
    for (; *at < value.length && tf_is_digit(value.data[*at]); (*at)++) {
        if (++number.digits > 8) {
            return false;
        }
        number.number = number.number * 10 + (value.data[*at] - '0');
    }
    if (found->count == MOST_TOKENS) {
        return false;
    }
    found->items[found->count++] = number;
    return true;
}

static bool read_tokens(tf_text value, tokens *found) {
    for (size_t i = 0; i < value.length;) {
        bool is_whole =
            found->count == MOST_TOKENS || (found->count == 1 && found->items[0].digits == 8);
        if (is_whole && is_time((tf_text){value.data + i, value.length - i})) {
            return true;
        }
        bool is_read = is_separator(value.data[i]);
        if (is_read) {
            i++;
        } else if (tf_is_digit(value.data[i])) {
            is_read = read_number(value, &i, found);
        } else if (tf_is_letter(value.data[i])) {
            is_read = read_word(value, &i, found);
        }
        if (!is_read) {
            return false;
        }
    }
    return found->count > 0;
}

static bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static tf_date_fault check(int year, int month, int day) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) {
        return TF_DATE_NO_SUCH_MONTH;
    }
    if (day < 1 || day > lengths[month - 1] + (month == 2 && is_leap(year))) {
        return TF_DATE_NO_SUCH_DAY;
    }
    return TF_DATE_NO_FAULT;
}

static int year_of(token year, int pivot) {
    if (year.digits > 2) {
        return year.number;
    }
    int full = pivot - pivot % 100 + year.number;
    return full > pivot ? full - 100 : full;
}

static tf_standard_date make_date(int year, int month, int day, const tf_date_options *options) {
    tf_standard_date date = {.fault = check(year, month, day)};
    if (year < options->oldest_year || year > options->newest_year) {
        date.fault = TF_DATE_OUT_OF_RANGE;
        return date;
    }
    bool can_swap = day != month && check(year, day, month) == TF_DATE_NO_FAULT;
    if (date.fault == TF_DATE_NO_SUCH_MONTH && can_swap && options->reads_month_first) {
        date = (tf_standard_date){.days = tf_days_of(year, day, month)};
        return date;
    }
    if (can_swap && (!date.fault || date.fault == TF_DATE_NO_SUCH_MONTH)) {
        date.has_swap = true;
        date.swapped_days = tf_days_of(year, day, month);
    }
    if (!date.fault) {
        date.days = tf_days_of(year, month, day);
    }
    return date;
}

static tf_standard_date read_eight_digits(int number, const tf_date_options *options) {
    int year = number / 10000;
    int month = number / 100 % 100;
    int day = number % 100;
    if (year >= OLDEST_YEAR_OF_EIGHT_DIGITS && year <= NEWEST_YEAR &&
        (check(year, month, day) == TF_DATE_NO_FAULT || number % 10000 < OLDEST_YEAR)) {
        return make_date(year, month, day, options);
    }
    return make_date(number % 10000, number / 10000 % 100, number / 1000000, options);
}

static tf_standard_date read_three(const token *items, const tf_date_options *options) {
    static const tf_standard_date no_date = {.fault = TF_DATE_NOT_A_DATE};
    token day = items[0];
    token month = items[1];
    token year = items[2];
    if (items[0].digits > 2 && items[0].digits <= 4) {
        year = items[0];
        day = items[2];
    } else if (items[0].digits == 0) { /* March 25, 1990 */
        month = items[0];
        day = items[1];
    }
    bool is_date = day.digits >= 1 && day.digits <= 2 && month.digits <= 2 &&
                   (year.digits == 2 || year.digits == 4);
    if (!is_date) {
        return no_date;
    }
    tf_standard_date date =
        make_date(year_of(year, options->pivot_year), month.number, day.number, options);
    if (month.digits == 0) {
        date.has_swap = false; /* nobody exchanges a day and a month's name */
        date.swapped_days = 0;
    }
    return date;
}

tf_standard_date tf_standardise_date(tf_text value, const tf_date_options *options) {
    tf_date_options used = options ? *options : (tf_date_options){0};
    used.oldest_year = used.oldest_year ? used.oldest_year : OLDEST_YEAR;
    used.newest_year = used.newest_year ? used.newest_year : NEWEST_YEAR;
    used.pivot_year = used.pivot_year ? used.pivot_year : PIVOT_YEAR;
    tf_standard_date fault = {.fault = TF_DATE_NOT_A_DATE};
    tokens found = {.count = 0};
    if (!read_tokens(tf_text_trim(value), &found)) {
        return fault;
    }
    if (found.count == MOST_TOKENS) {
        return read_three(found.items, &used);
    }
    if (found.count == 1 && found.items[0].digits == 8) {
        return read_eight_digits(found.items[0].number, &used);
    }
    token last = found.items[found.count - 1];
    if (last.digits == 4 || found.items[0].digits == 4) {
        fault.fault = TF_DATE_INCOMPLETE;
    }
    return fault;
}
