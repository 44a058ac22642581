#include "web/chart/scale_internal.h"

#include <math.h>
#include <stdio.h>

static const double HIGHEST = 1e300;

double tf_scale_place(const tf_scale *scale, double value) {
    if (value <= scale->from) {
        return scale->start;
    }
    if (value >= scale->to) {
        return scale->end;
    }
    double share = scale->is_log ? log(value / scale->from) / log(scale->to / scale->from)
                                 : (value - scale->from) / (scale->to - scale->from);
    return scale->start + share * (scale->end - scale->start);
}

/* The least of 1, 2 and 5 times a power of ten that is not below `step`. */
static double round_up(double step) {
    double power = pow(10, floor(log10(step)));
    static const double factors[] = {1, 2, 5};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        if (factors[i] * power >= step * (1 - 1e-9)) {
            return factors[i] * power;
        }
    }
    return 10 * power;
}

tf_ticks tf_ticks_from_zero(double highest, int wanted, bool is_whole) {
    if (!(highest > 1e-300)) {
        highest = 1;
    }
    highest = fmin(highest, HIGHEST);
    double step = round_up(highest / wanted);
    if (is_whole && step < 1) {
        step = 1;
    }
    tf_ticks ticks = {.step = step};
    int steps = (int)ceil(highest / step * (1 - 1e-9));
    for (int i = 0; i <= steps && ticks.count < TF_MAX_TICKS; i++) {
        ticks.values[ticks.count++] = i * step;
    }
    return ticks;
}

tf_ticks tf_ticks_between(double lowest, double highest, int wanted) {
    static const double most = 1e12;
    lowest = lowest >= -most ? fmin(lowest, most) : -most;
    highest = highest <= most ? fmax(highest, -most) : most;
    if (!(highest - lowest > 1e-9)) {
        highest = lowest + 1;
    }
    tf_ticks ticks = {.step = round_up((highest - lowest) / wanted)};
    double first = floor(lowest / ticks.step + 1e-9);
    double last = ceil(highest / ticks.step - 1e-9);
    while (first + ticks.count <= last && ticks.count < TF_MAX_TICKS) {
        ticks.values[ticks.count] = (first + ticks.count) * ticks.step;
        ticks.count++;
    }
    return ticks;
}

static tf_ticks ticks_of_decades(int first, int last, int every, int most, double lowest,
                                 double highest, bool with_parts) {
    static const double factors[] = {1, 2, 5};
    tf_ticks ticks = {.step = 0};
    for (int decade = first; decade <= last; decade += every) {
        for (int i = 0; i < (with_parts ? 3 : 1); i++) {
            double value = factors[i] * pow(10, decade);
            bool is_within = value >= lowest * (1 - 1e-9) && value <= highest * (1 + 1e-9);
            if (is_within && ticks.count <= most && ticks.count < TF_MAX_TICKS) {
                ticks.values[ticks.count++] = value;
            }
        }
    }
    return ticks;
}

tf_ticks tf_ticks_of_ratio(double lowest, double highest, int most) {
    int first = (int)floor(log10(lowest));
    int last = (int)ceil(log10(highest));
    tf_ticks ticks = ticks_of_decades(first, last, 1, most, lowest, highest, true);
    for (int every = 1; ticks.count > most; every++) {
        /* Multiples of `every` around 0, so that 1 stays among them. */
        int start = (int)floor((double)first / every) * every;
        ticks = ticks_of_decades(start, last, every, most, lowest, highest, false);
    }
    return ticks;
}

/* ---- numbers ---- */

/* Commas between the thousands of the digits before the point. */
static void put_commas(const char *digits, char *text) {
    size_t sign = digits[0] == '-';
    size_t whole = strspn(digits + sign, "0123456789");
    size_t at = 0;
    for (size_t i = 0; digits[i]; i++) {
        if (i > sign && i < sign + whole && (sign + whole - i) % 3 == 0) {
            text[at++] = ',';
        }
        text[at++] = digits[i];
    }
    text[at] = '\0';
}

char *tf_number_text(double value, int decimals, char *text) {
    char digits[TF_NUMBER_TEXT_SIZE];
    if (isnan(value)) {
        snprintf(text, TF_NUMBER_TEXT_SIZE, "not known");
    } else if (isinf(value)) {
        snprintf(text, TF_NUMBER_TEXT_SIZE, value > 0 ? "infinite" : "minus infinite");
    } else if (fabs(value) >= 1e15) {
        snprintf(text, TF_NUMBER_TEXT_SIZE, "%.3g", value);
    } else {
        decimals = decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;
        double smallest = 0.5 * pow(10, -decimals);
        snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value) < smallest ? 0 : value);
        put_commas(digits, text);
    }
    return text;
}

static int decimals_of(double step) {
    if (!(step > 0) || step >= 1) {
        return 0;
    }
    return (int)ceil(-log10(step) - 1e-9);
}

/* A hyphen is too short beside the figures of a scale. */
static char *put_minus(double value, double step, char *text) {
    static const char minus[] = "\xE2\x88\x92";
    char number[TF_NUMBER_TEXT_SIZE];
    tf_tick_text(-value, step, number);
    snprintf(text, TF_NUMBER_TEXT_SIZE, "%s%.30s", minus, number);
    return text;
}

char *tf_tick_text(double value, double step, char *text) {
    static const struct {
        double size;
        const char *name;
    } large[] = {{1e9, "billion"}, {1e6, "million"}};
    if (value < 0) {
        return put_minus(value, step, text);
    }
    if (step > 0 && step < 1e-6) {
        snprintf(text, TF_NUMBER_TEXT_SIZE, "%.3g", value);
        return text;
    }
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        if (value >= large[i].size && value < 1e15 && step >= large[i].size / 100) {
            char number[TF_NUMBER_TEXT_SIZE];
            tf_number_text(value / large[i].size, decimals_of(step / large[i].size), number);
            snprintf(text, TF_NUMBER_TEXT_SIZE, "%.24s %s", number, large[i].name);
            return text;
        }
    }
    return tf_number_text(value, step > 0 ? decimals_of(step) : decimals_of(value), text);
}

void tf_unit_put(const tf_chart_unit *unit, double value, tf_buffer *out) {
    char text[TF_NUMBER_TEXT_SIZE];
    tf_buffer_append_text(out, tf_number_text(value, unit->decimals, text));
    if (isfinite(value) && unit->many) {
        const char *word = value == 1 && unit->one ? unit->one : unit->many;
        tf_buffer_append_text(out, " ");
        tf_buffer_append_text(out, word);
    }
}

/* ---- months ---- */

tf_month_step tf_month_step_for(double month_width, double size) {
    static const int months[] = {1, 3, 6};
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        if (months[i] * month_width >= 2.6 * size) { /* "May" and a gap */
            return (tf_month_step){.months = months[i]};
        }
    }
    static const int years[] = {1, 2, 5, 10, 20, 50};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        if (12 * years[i] * month_width >= 3.2 * size) { /* "2024" and a gap */
            return (tf_month_step){.months = 12 * years[i], .by_years = true};
        }
    }
    return (tf_month_step){.months = 1200, .by_years = true};
}
