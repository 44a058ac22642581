#include "cli/profile_text.h"

#include "cli/month_bars.h"
#include "insight/profile_words.h"

#include <math.h>
#include <stdio.h>

enum { LABEL_WIDTH = 22, AREAS_SHOWN = 10, OUTCOMES_SHOWN = 6, SHARE_NAME_WIDTH = 46 };

static char *percent_of(int64_t part, int64_t whole, char *text, size_t size) {
    if (whole > 0) {
        snprintf(text, size, "%.1f%%", 100.0 * (double)part / (double)whole);
    } else {
        text[0] = '\0';
    }
    return text;
}

/* "  Label             words": the words are wrapped under themselves. */
static void put_fact(tf_terminal *page, const char *label, const tf_buffer *words) {
    char mark[64];
    snprintf(mark, sizeof mark, "  %s", label);
    tf_terminal_paragraph(page, mark, LABEL_WIDTH, words->data ? words->data : "");
}

/* Each line of `lines` as a paragraph of its own. */
static void put_lines(tf_terminal *page, const char *mark, size_t indent, tf_buffer *lines) {
    for (char *line = lines->data; line && *line;) {
        char *end = line + strcspn(line, "\n");
        char ended_by = *end;
        *end = '\0';
        tf_terminal_paragraph(page, mark, indent, line);
        line = end + (ended_by == '\n');
    }
}

static void put_title(tf_terminal *page, const tf_profile *profile) {
    tf_buffer period;
    tf_buffer_init(&period);
    tf_words_period(profile->from, profile->to, &period);
    size_t period_width = period.length;
    tf_buffer title;
    tf_buffer_init(&title);
    tf_buffer_format(&title, "%s: %s", profile->area_name, profile->group_title);
    if (period.data && title.data) {
        tf_terminal_left(page, TF_INK_STRONG, title.data, TF_TERMINAL_WIDTH - 2 - period_width);
        tf_terminal_spaces(page, 2);
        tf_terminal_put(page, TF_INK_STRONG, period.data);
        tf_terminal_end_line(page);
    }
    tf_buffer_deinit(&title);
    tf_buffer_deinit(&period);
    tf_terminal_format(page, TF_INK_FAINT, "%s, %s", profile->layer, profile->area_code);
    tf_terminal_end_line(page);
}

static void put_look_first(tf_terminal *page, const tf_profile *profile) {
    tf_terminal_heading(page, "Look at first", NULL);
    tf_buffer lines;
    tf_buffer_init(&lines);
    tf_words_look_first(profile, &lines);
    put_lines(page, page->is_utf8 ? "  \u2022" : "  *", 4, &lines);
    page->out->failed |= lines.failed;
    tf_buffer_deinit(&lines);
}

/* ---- figures ---- */

static void say_rate(const tf_profile *profile, tf_buffer *words) {
    const tf_profile_figure *rate = &profile->rate_per_1000;
    if (!rate->is_known) {
        tf_buffer_append_text(words, rate->note ? rate->note : "not known");
        return;
    }
    int months = profile->to - profile->from + 1;
    int digits = rate->interval.value < 1 ? 2 : 1;
    tf_buffer_format(words, "%.*f per 1,000 people (%.*f to %.*f) in %d month%s", digits,
                     rate->interval.value, digits, rate->interval.lower, digits,
                     rate->interval.upper, months, months == 1 ? "" : "s");
    if (isfinite(profile->population)) {
        char people[TF_COUNT_TEXT_SIZE];
        tf_buffer_format(words, ", of %s in %d",
                         tf_words_count(llround(profile->population), people),
                         profile->population_year);
    }
    if (rate->note) {
        tf_buffer_format(words, "; %s", rate->note);
    }
}

static void say_change(const tf_profile_change *change, tf_buffer *words) {
    char count[TF_COUNT_TEXT_SIZE], previous[TF_COUNT_TEXT_SIZE];
    tf_words_change(&change->rate_ratio, words);
    if (change->rate_ratio.is_known) {
        tf_buffer_format(words, ": %s in ", tf_words_count(change->count, count));
        tf_words_period(change->from, change->to, words);
        tf_buffer_format(words, ", %s a year before",
                         tf_words_count(change->previous_count, previous));
        if (change->rate_ratio.note) {
            tf_buffer_format(words, "; %s", change->rate_ratio.note);
        }
    }
}

static void say_harm(const tf_profile *profile, tf_buffer *words) {
    char count[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(words, "%s days by the %s",
                     tf_words_count(llround(profile->harm_total), count), profile->harm_index);
    if (profile->harm_unweighted > 0) {
        tf_buffer_format(words, "; %s have no weight in it",
                         tf_words_count(profile->harm_unweighted, count));
    }
}

static void say_no_location(const tf_profile *profile, tf_buffer *words) {
    char count[TF_COUNT_TEXT_SIZE], percent[16];
    tf_buffer_append_text(words, tf_words_count(profile->no_location_count, count));
    if (profile->no_location_count > 0) {
        tf_buffer_format(
            words, " (%s), counted here but on no map",
            percent_of(profile->no_location_count, profile->count, percent, sizeof percent));
    }
}

static void put_figures(tf_terminal *page, const tf_profile *profile) {
    tf_terminal_heading(page, "Figures", NULL);
    tf_buffer words;
    tf_buffer_init(&words);
    char count[TF_COUNT_TEXT_SIZE];
    tf_terminal_put(page, TF_INK_PLAIN, "  ");
    tf_terminal_left(page, TF_INK_PLAIN, "Offences", LABEL_WIDTH - 2);
    tf_terminal_put(page, TF_INK_STRONG, tf_words_count(profile->count, count));
    tf_terminal_end_line(page);

    say_rate(profile, &words);
    put_fact(page, "Rate", &words);
    words.length = 0;
    say_change(&profile->change, &words);
    put_fact(page, "On the year before", &words);
    if (profile->harm_index) {
        words.length = 0;
        say_harm(profile, &words);
        put_fact(page, "Harm", &words);
    }
    words.length = 0;
    say_no_location(profile, &words);
    put_fact(page, "Without a location", &words);
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

/* ---- months ---- */

static void say_usual(const tf_profile *profile, tf_buffer *words) {
    const tf_profile_month *month = NULL;
    for (size_t i = 0; i < profile->month_count && !month; i++) {
        month = isfinite(profile->months[i].centre) ? &profile->months[i] : NULL;
    }
    if (month) {
        char centre[TF_COUNT_TEXT_SIZE], lower[TF_COUNT_TEXT_SIZE], upper[TF_COUNT_TEXT_SIZE];
        tf_buffer_format(words, "Usual: %s a month, %s to %s.  ",
                         tf_words_count(llround(month->centre), centre),
                         tf_words_count(llround(month->lower), lower),
                         tf_words_count(llround(month->upper), upper));
    } else {
        tf_buffer_append_text(words, "Too few months for limits of what is usual.  ");
    }
    bool above = false, below = false, missing = false;
    for (size_t i = 0; i < profile->month_count; i++) {
        month = &profile->months[i];
        missing |= month->is_missing;
        above |= !month->is_missing && month->signal == TF_SIGNAL_ABOVE_LIMIT;
        below |= !month->is_missing && month->signal == TF_SIGNAL_BELOW_LIMIT;
    }
    const struct {
        bool is_used;
        const char *meaning;
    } marks[] = {{above, "^ above the limits"},
                 {below, "v below the limits"},
                 {profile->alert_count > 0, "! an alert"},
                 {missing, "? no data"}};
    const char *before = "";
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i].is_used) {
            tf_buffer_format(words, "%s%s", before, marks[i].meaning);
            before = ", ";
        }
    }
}

static void put_months(tf_terminal *page, const tf_profile *profile) {
    tf_terminal_heading(page, "Months", NULL);
    tf_month_bars_write(page, profile);
    tf_buffer words;
    tf_buffer_init(&words);
    say_usual(profile, &words);
    tf_terminal_paragraph(page, "", 2, words.data ? words.data : "");
    page->out->failed |= words.failed;

    words.length = 0;
    tf_words_signals(profile, &words);
    if (words.length) {
        tf_terminal_heading(page, "Signals", "months that the usual variation does not explain");
        put_lines(page, "", 2, &words);
    }
    page->out->failed |= words.failed;
    words.length = 0;
    tf_words_alerts(profile, &words);
    if (words.length) {
        tf_terminal_heading(page, "Alerts", "counts above those of the seven months before");
        put_lines(page, "", 2, &words);
    }
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

/* ---- areas ---- */

static void put_area(tf_terminal *page, const tf_profile_area *area, size_t rank, int64_t most) {
    tf_terminal_format(page, TF_INK_FAINT, "  %3zu  ", rank);
    tf_terminal_left(page, TF_INK_PLAIN, area->name, 28);
    tf_terminal_count_right(page, TF_INK_PLAIN, area->count, 7);
    tf_terminal_spaces(page, 1);
    tf_terminal_bar(page, most > 0 ? (double)area->count / (double)most : 0, 14);
    tf_terminal_spaces(page, 1);
    tf_terminal_left(page, TF_INK_MARK, area->is_hot ? "HOT" : "", 4);
    if (area->is_changed) {
        tf_buffer words;
        tf_buffer_init(&words);
        tf_words_change_briefly(&area->change, &words);
        tf_terminal_put(page, TF_INK_MARK, words.data ? words.data : "");
        page->out->failed |= words.failed;
        tf_buffer_deinit(&words);
    }
    tf_terminal_end_line(page);
}

/* The areas that the table does not show, if they stand out. */
static void put_hidden_areas(tf_terminal *page, const tf_profile *profile, size_t shown) {
    int64_t count = 0;
    size_t hot = 0;
    tf_buffer words;
    tf_buffer_init(&words);
    for (size_t i = shown; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        count += area->count;
        if (area->is_hot) {
            tf_buffer_format(&words, "%s%s", hot++ ? ", " : "Also hot: ", area->name);
        }
    }
    if (hot) {
        tf_buffer_append_text(&words, ".");
        tf_terminal_paragraph(page, "", 7, words.data ? words.data : "");
    }
    if (shown < profile->area_count) {
        char text[TF_COUNT_TEXT_SIZE];
        tf_terminal_format(page, TF_INK_FAINT,
                           "       and %zu more with %s offences; --format csv has all",
                           profile->area_count - shown, tf_words_count(count, text));
        tf_terminal_end_line(page);
    }
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

static void put_areas(tf_terminal *page, const tf_profile *profile) {
    tf_terminal_heading(page, "Small areas", profile->area_count ? "most offences first" : NULL);
    size_t shown = profile->area_count < AREAS_SHOWN ? profile->area_count : AREAS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        put_area(page, &profile->areas[i], i + 1, profile->areas[0].count);
    }
    put_hidden_areas(page, profile, shown);
    for (size_t i = 0; i < profile->area_count; i++) {
        if (profile->areas[i].is_hot) {
            tf_terminal_paragraph(page, "", 2,
                                  "HOT: with its neighbours it has more than chance explains (Gi*, "
                                  "false-discovery rate 5%).");
            break;
        }
    }
    if (profile->areas_note) {
        tf_terminal_paragraph(page, "", 2, profile->areas_note);
    } else if (profile->area_count == 0) {
        tf_terminal_paragraph(page, "", 2, "No offence names a small area.");
    }
}

static void put_changed_areas(tf_terminal *page, const tf_profile *profile) {
    bool is_first = true;
    for (size_t i = 0; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        if (!area->is_changed) {
            continue;
        }
        if (is_first) {
            tf_terminal_heading(page, "Changed areas", "beyond chance, on the year before");
            is_first = false;
        }
        tf_buffer words;
        tf_buffer_init(&words);
        char recent[TF_COUNT_TEXT_SIZE], previous[TF_COUNT_TEXT_SIZE];
        tf_words_change(&area->change, &words);
        tf_buffer_format(&words, ": %s after %s", tf_words_count(area->recent_count, recent),
                         tf_words_count(area->previous_count, previous));
        tf_terminal_put(page, TF_INK_PLAIN, "  ");
        tf_terminal_left(page, TF_INK_PLAIN, area->name, 28);
        tf_terminal_put(page, TF_INK_PLAIN, words.data ? words.data : "");
        tf_terminal_end_line(page);
        page->out->failed |= words.failed;
        tf_buffer_deinit(&words);
    }
}

/* ---- what became of them ---- */

static void put_shares(tf_terminal *page, const tf_profile_share *shares, size_t count,
                       int64_t whole) {
    size_t shown = count <= OUTCOMES_SHOWN + 1 ? count : OUTCOMES_SHOWN;
    int64_t rest = 0;
    for (size_t i = shown; i < count; i++) {
        rest += shares[i].count;
    }
    for (size_t i = 0; i < shown + (rest > 0); i++) {
        const tf_profile_share other = {"Others", rest};
        const tf_profile_share *share = i < shown ? &shares[i] : &other;
        char percent[16];
        tf_terminal_put(page, TF_INK_PLAIN, "  ");
        tf_terminal_left(page, TF_INK_PLAIN, share->name, SHARE_NAME_WIDTH);
        tf_terminal_count_right(page, TF_INK_PLAIN, share->count, 9);
        tf_terminal_right(page, TF_INK_PLAIN,
                          percent_of(share->count, whole, percent, sizeof percent), 8);
        tf_terminal_spaces(page, 1);
        tf_terminal_bar(page, whole > 0 ? (double)share->count / (double)whole : 0, 14);
        tf_terminal_end_line(page);
    }
}

static void add_count(tf_buffer *words, const char *before, int64_t count, const char *after) {
    if (count > 0) {
        char text[TF_COUNT_TEXT_SIZE];
        tf_buffer_format(words, "%s%s%s", before, tf_words_count(count, text), after);
    }
}

static void put_outcomes(tf_terminal *page, const tf_profile *profile) {
    const tf_profile_outcomes *outcomes = &profile->outcomes;
    char heading[64], count[TF_COUNT_TEXT_SIZE];
    snprintf(heading, sizeof heading, "What became of the %s case%s",
             tf_words_count(outcomes->case_count, count), outcomes->case_count == 1 ? "" : "s");
    tf_terminal_heading(page, heading, NULL);
    if (outcomes->group_count > 0) {
        put_shares(page, outcomes->groups, outcomes->group_count, outcomes->case_count);
    } else {
        put_shares(page, outcomes->outcomes, outcomes->outcome_count, outcomes->case_count);
    }
    tf_buffer words;
    tf_buffer_init(&words);
    tf_buffer_format(&words, "%s joined to an outcome by Crime ID",
                     tf_words_count(outcomes->joined, count));
    add_count(&words, " (", outcomes->several_outcomes, " with several: the latest is taken)");
    add_count(&words, "; ", outcomes->from_street_file, " as the street file says");
    add_count(&words, "; ", outcomes->without_outcome, " without an outcome");
    add_count(&words, "; ", outcomes->without_id, " without an ID, as the publisher gives none");
    tf_buffer_append_text(&words, ".");
    tf_terminal_paragraph(page, "", 2, words.data ? words.data : "");
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

static void put_searches(tf_terminal *page, const tf_profile *profile) {
    const tf_profile_searches *searches = &profile->searches;
    tf_terminal_heading(page, "Stop and search", NULL);
    if (!searches->is_known) {
        tf_terminal_paragraph(page, "", 2, searches->note ? searches->note : "Not known.");
        return;
    }
    tf_buffer words;
    tf_buffer_init(&words);
    char count[TF_COUNT_TEXT_SIZE], drugs[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(&words, "%s of %s searches were for drugs.",
                     tf_words_count(searches->for_drugs, drugs),
                     tf_words_count(searches->count, count));
    if (searches->found_rate.is_known) {
        const tf_interval *rate = &searches->found_rate.interval;
        tf_buffer_format(&words,
                         "  Of these %.0f%% (%.0f%% to %.0f%%) led to an outcome for drugs.",
                         100 * rate->value, 100 * rate->lower, 100 * rate->upper);
    }
    tf_terminal_paragraph(page, "", 2, words.data ? words.data : "");
    put_shares(page, searches->outcomes, searches->outcome_count, searches->for_drugs);
    if (searches->note) {
        tf_terminal_paragraph(page, "", 2, searches->note);
    }
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

/* ---- where it comes from ---- */

static void put_end(tf_terminal *page, const tf_profile *profile) {
    tf_terminal_heading(page, "Notes", NULL);
    const char *mark = page->is_utf8 ? "  \u2022" : "  *";
    for (size_t i = 0; i < profile->note_count; i++) {
        tf_terminal_paragraph(page, mark, 4, profile->notes[i]);
    }
    tf_terminal_paragraph(page, mark, 4, "Ranges in brackets are 95% intervals.");
    int64_t rows = 0;
    for (size_t i = 0; i < profile->source_count; i++) {
        rows += profile->sources[i].rows;
    }
    tf_buffer words;
    tf_buffer_init(&words);
    char count[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(&words, "Sources: %zu file%s with %s rows; --format json names each.",
                     profile->source_count, profile->source_count == 1 ? "" : "s",
                     tf_words_count(rows, count));
    tf_terminal_paragraph(page, mark, 4, words.data ? words.data : "");
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

void tf_profile_text_write(const tf_profile *profile, tf_terminal *page) {
    put_title(page, profile);
    put_look_first(page, profile);
    put_figures(page, profile);
    put_months(page, profile);
    put_areas(page, profile);
    put_changed_areas(page, profile);
    put_outcomes(page, profile);
    put_searches(page, profile);
    put_end(page, profile);
}
