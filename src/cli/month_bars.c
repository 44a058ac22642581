#include "cli/month_bars.h"

#include "insight/profile_words.h"

#include <math.h>
#include <stdio.h>

enum { CHART_HEIGHT = 4, LABEL_WIDTH = 7, MONTHS_A_CHART = 60, WIDEST_MONTH = 5 };

/* The part of the months that one chart shows. */
typedef struct month_span {
    const tf_profile *profile;
    size_t from;
    size_t count;
    size_t month_width; /* columns for a month, with the gap after it if there is one */
    double most;        /* of all months, so that the charts have one scale */
} month_span;

static size_t bar_width(const month_span *span) {
    return span->month_width > 1 ? span->month_width - 1 : 1;
}

/* One line of the columns; `line` is counted from the bottom. */
static void put_columns(tf_terminal *page, const month_span *span, int line) {
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const ascii[] = {" ", ".", ":", "#"};
    int steps = page->is_utf8 ? 8 : 3;
    for (size_t i = 0; i < span->count; i++) {
        const tf_profile_month *month = &span->profile->months[span->from + i];
        double share = span->most > 0 ? (double)month->count / span->most : 0;
        int filled = month->is_missing ? 0 : (int)lround(share * CHART_HEIGHT * steps);
        if (filled == 0 && month->count > 0) {
            filled = 1;
        }
        filled -= line * steps;
        filled = filled < 0 ? 0 : filled > steps ? steps : filled;
        for (size_t j = 0; j < bar_width(span); j++) {
            tf_buffer_append_text(page->out, page->is_utf8 ? blocks[filled] : ascii[filled]);
        }
        tf_terminal_spaces(page, span->month_width - bar_width(span));
    }
}

static bool has_alert(const tf_profile *profile, tf_month month) {
    for (size_t i = 0; i < profile->alert_count; i++) {
        if (profile->alerts[i].month == month) {
            return true;
        }
    }
    return false;
}

static char mark_of(const tf_profile *profile, const tf_profile_month *month) {
    if (month->is_missing) {
        return '?';
    }
    if (month->signal == TF_SIGNAL_ABOVE_LIMIT) {
        return '^';
    }
    if (month->signal == TF_SIGNAL_BELOW_LIMIT) {
        return 'v';
    }
    return has_alert(profile, month->month) ? '!' : ' ';
}

/* Under the columns: what stands out. */
static void put_marks(tf_terminal *page, const month_span *span) {
    char marks[MONTHS_A_CHART + 1];
    bool has_marks = false;
    for (size_t i = 0; i < span->count; i++) {
        marks[i] = mark_of(span->profile, &span->profile->months[span->from + i]);
        has_marks |= marks[i] != ' ';
    }
    if (!has_marks) {
        return;
    }
    tf_terminal_spaces(page, LABEL_WIDTH + 1);
    for (size_t i = 0; i < span->count; i++) {
        char text[2] = {marks[i], '\0'};
        tf_terminal_left(page, TF_INK_MARK, text, span->month_width);
    }
    tf_terminal_end_line(page);
}

/* The months' names as far as they fit, and each year under its first month. */
static void put_calendar(tf_terminal *page, const month_span *span) {
    if (bar_width(span) > 1) {
        tf_terminal_spaces(page, LABEL_WIDTH + 1);
        for (size_t i = 0; i < span->count; i++) {
            tf_month month = span->profile->months[span->from + i].month;
            char name[4];
            snprintf(name, sizeof name, "%s", tf_words_month_name(tf_month_number(month)));
            name[bar_width(span) < 3 ? 1 : 3] = '\0';
            tf_terminal_left(page, TF_INK_FAINT, name, span->month_width);
        }
        tf_terminal_end_line(page);
    }
    tf_terminal_spaces(page, LABEL_WIDTH + 1);
    size_t column = 0, free_from = 0;
    for (size_t i = 0; i < span->count; i++) {
        tf_month month = span->profile->months[span->from + i].month;
        size_t next_january = (size_t)(13 - tf_month_number(month)) % 12 * span->month_width;
        bool is_first = i == 0 && (next_january == 0 || next_january > 4);
        if ((tf_month_number(month) == 1 || is_first) && i * span->month_width >= free_from) {
            tf_terminal_spaces(page, i * span->month_width - column);
            tf_terminal_format(page, TF_INK_FAINT, "%d", tf_month_year(month));
            column = i * span->month_width + 4;
            free_from = column + 1;
        }
    }
    tf_terminal_end_line(page);
}

static void put_span(tf_terminal *page, const month_span *span) {
    for (int line = CHART_HEIGHT - 1; line >= 0; line--) {
        char label[TF_COUNT_TEXT_SIZE] = "";
        if (line == CHART_HEIGHT - 1) {
            tf_words_count((int64_t)span->most, label);
        } else if (line == 0) {
            strcpy(label, "0");
        }
        tf_terminal_right(page, TF_INK_FAINT, label, LABEL_WIDTH);
        tf_terminal_spaces(page, 1);
        put_columns(page, span, line);
        tf_terminal_end_line(page);
    }
    put_marks(page, span);
    put_calendar(page, span);
}

void tf_month_bars_write(tf_terminal *page, const tf_profile *profile) {
    month_span span = {.profile = profile};
    for (size_t i = 0; i < profile->month_count; i++) {
        span.most = fmax(span.most, (double)profile->months[i].count);
    }
    size_t longest = profile->month_count < MONTHS_A_CHART ? profile->month_count : MONTHS_A_CHART;
    size_t fits = longest ? (TF_TERMINAL_WIDTH - LABEL_WIDTH - 1) / longest : 1;
    span.month_width = fits < WIDEST_MONTH ? fits : WIDEST_MONTH;
    for (; span.from < profile->month_count; span.from += span.count) {
        size_t left = profile->month_count - span.from;
        span.count = left < MONTHS_A_CHART ? left : MONTHS_A_CHART;
        put_span(page, &span);
    }
}
