#include "insight/profile_words.h"

#include <math.h>
#include <stdio.h>

enum { NAMED_MOST = 3, RECENT_MONTHS = 3 };

char *tf_words_count(int64_t count, char *text) {
    char digits[TF_COUNT_TEXT_SIZE];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)count);
    size_t sign = digits[0] == '-';
    size_t at = 0;
    for (size_t i = 0; i < length; i++) {
        if (i > sign && (length - i) % 3 == 0) {
            text[at++] = ',';
        }
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return text;
}

const char *tf_words_month_name(int number) {
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    return names[number - 1];
}

char *tf_words_month(tf_month month, char *text) {
    snprintf(text, TF_MONTH_WORDS_SIZE, "%s %d", tf_words_month_name(tf_month_number(month)),
             tf_month_year(month));
    return text;
}

void tf_words_period(tf_month from, tf_month to, tf_buffer *out) {
    char text[TF_MONTH_WORDS_SIZE];
    if (from != to && tf_month_year(from) == tf_month_year(to)) {
        tf_buffer_format(out, "%s to ", tf_words_month_name(tf_month_number(from)));
    } else if (from != to) {
        tf_buffer_format(out, "%s to ", tf_words_month(from, text));
    }
    tf_buffer_append_text(out, tf_words_month(to, text));
}

/* ---- changes ---- */

int tf_words_direction(const tf_profile_figure *rate_ratio) {
    if (!rate_ratio->is_known || isnan(rate_ratio->interval.value)) {
        return 0;
    }
    return rate_ratio->interval.lower > 1 ? 1 : rate_ratio->interval.upper < 1 ? -1 : 0;
}

/* Whether a ratio is too far above 1 for a percentage. */
static bool is_multiple(double ratio) {
    return ratio >= 3;
}

static void put_percent(double ratio, tf_buffer *out) {
    double percent = fabs(ratio - 1) * 100;
    tf_buffer_format(out, percent < 0.95 ? "%.1f%%" : "%.0f%%", percent);
}

/* One end of an interval that holds 1: "3% down", "21% up", "3.4 times as many". */
static void put_limit(double ratio, tf_buffer *out) {
    if (isinf(ratio)) {
        tf_buffer_append_text(out, "any number of times as many");
    } else if (is_multiple(ratio)) {
        tf_buffer_format(out, "%.1f times as many", ratio);
    } else {
        put_percent(ratio, out);
        tf_buffer_append_text(out, ratio < 1 ? " down" : " up");
    }
}

/* The interval of a clear change, in the words of its value. */
static void put_range(const tf_interval *ratio, tf_buffer *out) {
    tf_buffer_append_text(out, " (");
    if (is_multiple(ratio->value)) {
        tf_buffer_format(out, "%.1f to %.1f", ratio->lower, ratio->upper);
    } else {
        bool is_up = ratio->lower > 1;
        put_percent(is_up ? ratio->lower : ratio->upper, out);
        tf_buffer_append_text(out, " to ");
        put_percent(is_up ? ratio->upper : ratio->lower, out);
    }
    tf_buffer_append_text(out, ")");
}

void tf_words_change_briefly(const tf_profile_figure *rate_ratio, tf_buffer *out) {
    double value = rate_ratio->interval.value;
    int direction = tf_words_direction(rate_ratio);
    if (direction == 0) {
        tf_buffer_append_text(out, rate_ratio->is_known ? "no clear change" : "not known");
    } else if (isinf(value)) {
        tf_buffer_append_text(out, "up from none");
    } else if (value <= 0) {
        tf_buffer_append_text(out, "down to none");
    } else if (is_multiple(value)) {
        tf_buffer_format(out, "%.1f times as many", value);
    } else {
        tf_buffer_append_text(out, direction > 0 ? "up " : "down ");
        put_percent(value, out);
    }
}

void tf_words_change(const tf_profile_figure *rate_ratio, tf_buffer *out) {
    const tf_interval *ratio = &rate_ratio->interval;
    int direction = tf_words_direction(rate_ratio);
    if (!rate_ratio->is_known) {
        tf_buffer_append_text(out, rate_ratio->note ? rate_ratio->note : "not known");
    } else if (isnan(ratio->value)) {
        tf_buffer_append_text(out, "none now and none then");
    } else if (direction == 0) {
        tf_buffer_append_text(out, "no clear change (between ");
        put_limit(ratio->lower, out);
        tf_buffer_append_text(out, " and ");
        put_limit(ratio->upper, out);
        tf_buffer_append_text(out, ")");
    } else {
        tf_words_change_briefly(rate_ratio, out);
        if (isfinite(ratio->value) && ratio->value > 0) {
            put_range(ratio, out);
        }
    }
}

/* ---- signals and alerts ---- */

static const struct {
    const char *name;
    const char *words;
} signals[] = {
    [TF_SIGNAL_NONE] = {NULL, NULL},
    [TF_SIGNAL_ABOVE_LIMIT] = {"above_limit", "above the upper limit"},
    [TF_SIGNAL_BELOW_LIMIT] = {"below_limit", "below the lower limit"},
    [TF_SIGNAL_RUN_ABOVE] = {"run_above", "in a run of seven or more above the average"},
    [TF_SIGNAL_RUN_BELOW] = {"run_below", "in a run of seven or more below the average"},
    [TF_SIGNAL_RISING] = {"rising", "in a rise of seven or more months"},
    [TF_SIGNAL_FALLING] = {"falling", "in a fall of seven or more months"},
    [TF_SIGNAL_NEAR_UPPER] = {"near_upper", "two of three months close to the upper limit"},
    [TF_SIGNAL_NEAR_LOWER] = {"near_lower", "two of three months close to the lower limit"},
};

const char *tf_words_signal_name(tf_chart_signal signal) {
    return signals[signal].name;
}

const char *tf_words_signal(tf_chart_signal signal) {
    return signals[signal].words;
}

void tf_words_signals(const tf_profile *profile, tf_buffer *lines) {
    const tf_profile_month *months = profile->months;
    size_t next;
    for (size_t i = 0; i < profile->month_count; i = next) {
        tf_chart_signal signal = months[i].signal;
        for (next = i + 1; next < profile->month_count && months[next].signal == signal; next++) {
        }
        if (signal == TF_SIGNAL_NONE) {
            continue;
        }
        tf_words_period(months[i].month, months[next - 1].month, lines);
        tf_buffer_format(lines, ": %s", tf_words_signal(signal));
        if (next == i + 1) {
            char count[TF_COUNT_TEXT_SIZE];
            tf_buffer_format(lines, ", with %s", tf_words_count(months[i].count, count));
        }
        tf_buffer_append_text(lines, "\n");
    }
}

/* The alerts of one month, from `first` on, in one clause; returns the index after them. */
static size_t put_alerts_of_month(const tf_profile *profile, size_t first, tf_buffer *out) {
    const tf_profile_alert *alerts = profile->alerts;
    char month[TF_MONTH_WORDS_SIZE], count[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(out, "%s with %s", tf_words_month(alerts[first].month, month),
                     tf_words_count(alerts[first].count, count));
    size_t next = first;
    for (; next < profile->alert_count && alerts[next].month == alerts[first].month; next++) {
        tf_buffer_format(out, "%s%s", next == first ? " (" : ", ", alerts[next].method);
        if (isfinite(alerts[next].threshold)) {
            tf_buffer_format(out, " above %.1f", alerts[next].threshold);
        }
    }
    tf_buffer_append_text(out, ")");
    return next;
}

void tf_words_alerts(const tf_profile *profile, tf_buffer *lines) {
    for (size_t i = 0; i < profile->alert_count;) {
        i = put_alerts_of_month(profile, i, lines);
        tf_buffer_append_text(lines, "\n");
    }
}

/* ---- what to look at first ---- */

/* How strongly an area stands out in some respect; NaN: not at all. */
typedef double strength_of(const tf_profile_area *area);

static double hotness(const tf_profile_area *area) {
    return area->is_hot ? area->gi_star_z : NAN;
}

static double changedness(const tf_profile_area *area) {
    return area->is_changed ? -area->change_p : NAN;
}

/* Fill `best` with the strongest areas, strongest first; returns how many stand out at all. */
static size_t find_best(const tf_profile *profile, strength_of *strength,
                        const tf_profile_area *best[NAMED_MOST]) {
    size_t found = 0;
    for (size_t i = 0; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        if (isnan(strength(area))) {
            continue;
        }
        size_t held = found < NAMED_MOST ? found : NAMED_MOST;
        size_t place = held;
        while (place > 0 && strength(area) > strength(best[place - 1])) {
            place--;
        }
        for (size_t j = held < NAMED_MOST ? held : NAMED_MOST - 1; j > place; j--) {
            best[j] = best[j - 1];
        }
        if (place < NAMED_MOST) {
            best[place] = area;
        }
        found++;
    }
    return found;
}

/* What stands between the parts of a list. */
static const char *separator(size_t index, size_t count) {
    return index == 0 ? "" : index + 1 == count ? " and " : ", ";
}

static void find_hot_spots(const tf_profile *profile, tf_buffer *lines) {
    const tf_profile_area *best[NAMED_MOST];
    size_t found = find_best(profile, hotness, best);
    if (found == 0) {
        return;
    }
    size_t named = found < NAMED_MOST ? found : NAMED_MOST;
    tf_buffer_format(lines,
                     found > named ? "Hot spots: %zu, the strongest " : "Hot spots: ", found);
    for (size_t i = 0; i < named; i++) {
        char count[TF_COUNT_TEXT_SIZE];
        tf_buffer_format(lines, "%s%s (%s)", separator(i, named), best[i]->name,
                         tf_words_count(best[i]->count, count));
    }
    tf_buffer_append_text(lines, "\n");
}

static void find_changed_areas(const tf_profile *profile, tf_buffer *lines) {
    const tf_profile_area *best[NAMED_MOST];
    size_t found = find_best(profile, changedness, best);
    if (found == 0) {
        return;
    }
    size_t named = found < NAMED_MOST ? found : NAMED_MOST;
    tf_buffer_format(lines,
                     found > named ? "Changed beyond chance: %zu areas, most clearly "
                                   : "Changed beyond chance: ",
                     found);
    for (size_t i = 0; i < named; i++) {
        tf_buffer_format(lines, "%s%s ", separator(i, named), best[i]->name);
        tf_words_change_briefly(&best[i]->change, lines);
    }
    tf_buffer_append_text(lines, "\n");
}

static void find_change(const tf_profile *profile, tf_buffer *lines) {
    if (tf_words_direction(&profile->change.rate_ratio) != 0) {
        tf_buffer_append_text(lines, "The whole area, on the year before: ");
        tf_words_change(&profile->change.rate_ratio, lines);
        tf_buffer_append_text(lines, "\n");
    }
}

static bool is_beyond_limits(const tf_profile_month *month) {
    return month->signal == TF_SIGNAL_ABOVE_LIMIT || month->signal == TF_SIGNAL_BELOW_LIMIT;
}

/* The latest of the months that match, in their order; those before them as a number. */
static void find_months(const tf_profile *profile, bool is_match(const tf_profile_month *month),
                        const char *heading, const char *what, bool with_counts, tf_buffer *lines) {
    size_t found = 0;
    for (size_t i = 0; i < profile->month_count; i++) {
        found += is_match(&profile->months[i]);
    }
    if (found == 0) {
        return;
    }
    size_t named = found <= NAMED_MOST + 1 ? found : NAMED_MOST;
    tf_buffer_format(lines, "%s: ", heading);
    if (what) {
        tf_buffer_format(lines, "%s ", what);
    }
    size_t left_out = found - named, put = 0;
    for (size_t i = 0; i < profile->month_count; i++) {
        const tf_profile_month *month = &profile->months[i];
        if (!is_match(month)) {
            continue;
        }
        if (left_out > 0) {
            left_out--;
            continue;
        }
        char words[TF_MONTH_WORDS_SIZE], count[TF_COUNT_TEXT_SIZE];
        tf_buffer_format(lines, "%s%s",
                         named < found && put + 1 == named ? ", " : separator(put, named),
                         tf_words_month(month->month, words));
        if (with_counts) {
            tf_buffer_format(lines, " (%s, %s)", tf_words_count(month->count, count),
                             month->signal == TF_SIGNAL_ABOVE_LIMIT ? "high" : "low");
        }
        put++;
    }
    if (named < found) {
        tf_buffer_format(lines, " and %zu earlier months", found - named);
    }
    tf_buffer_append_text(lines, "\n");
}

static bool is_missing(const tf_profile_month *month) {
    return month->is_missing;
}

static void find_recent_alerts(const tf_profile *profile, tf_buffer *lines) {
    bool is_first = true;
    for (size_t i = 0; i < profile->alert_count;) {
        if (profile->alerts[i].month <= profile->to - RECENT_MONTHS) {
            i++;
            continue;
        }
        tf_buffer_append_text(lines, is_first ? "Alerts in the last three months: " : "; ");
        i = put_alerts_of_month(profile, i, lines);
        is_first = false;
    }
    if (!is_first) {
        tf_buffer_append_text(lines, "\n");
    }
}

static bool has_chart(const tf_profile *profile) {
    for (size_t i = 0; i < profile->month_count; i++) {
        if (isfinite(profile->months[i].centre)) {
            return true;
        }
    }
    return false;
}

static bool has_hot_spot_statistic(const tf_profile *profile) {
    for (size_t i = 0; i < profile->area_count; i++) {
        if (isfinite(profile->areas[i].gi_star_z)) {
            return true;
        }
    }
    return false;
}

/* Silence must not be taken for good news where nothing was tested. */
static void put_untested(const tf_profile *profile, tf_buffer *lines) {
    const char *untested[3];
    size_t count = 0;
    if ((profile->area_count > 1 || profile->areas_note) && !has_hot_spot_statistic(profile)) {
        untested[count++] = "hot spots";
    }
    if (!profile->change.rate_ratio.is_known) {
        untested[count++] = "the change on the year before";
    }
    if (!has_chart(profile)) {
        untested[count++] = "the months' limits";
    }
    for (size_t i = 0; i < count; i++) {
        tf_buffer_format(lines, "%s%s", i == 0 ? "Could not be tested: " : separator(i, count),
                         untested[i]);
    }
    if (count > 0) {
        tf_buffer_append_text(lines, "\n");
    }
}

void tf_words_look_first(const tf_profile *profile, tf_buffer *lines) {
    size_t start = lines->length;
    find_hot_spots(profile, lines);
    find_changed_areas(profile, lines);
    find_change(profile, lines);
    find_months(profile, is_beyond_limits, "Beyond the usual limits", NULL, true, lines);
    find_recent_alerts(profile, lines);
    find_months(profile, is_missing, "Missing data", "no file of", false, lines);
    if (lines->length == start) {
        tf_buffer_append_text(lines, "Nothing stands out.\n");
    }
    put_untested(profile, lines);
}
