/* The months of a profile on paper. */
#include "insight/profile_words.h"
#include "profile_paper_internal.h"
#include "web/chart/profile_charts.h"

#include <math.h>
#include <stdio.h>

static void say_usual(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    for (size_t i = 0; i < profile->month_count; i++) {
        const tf_profile_month *month = &profile->months[i];
        if (isfinite(month->centre)) {
            char centre[TF_COUNT_TEXT_SIZE], lower[TF_COUNT_TEXT_SIZE], upper[TF_COUNT_TEXT_SIZE];
            tf_buffer_format(
                &paper->words,
                "The average is %s a month; chance alone seldom takes a month below %s "
                "or above %s.",
                tf_words_count(llround(month->centre), centre),
                tf_words_count(llround(month->lower), lower),
                tf_words_count(llround(month->upper), upper));
            return;
        }
    }
    tf_buffer_append_text(&paper->words, "Too few months for limits of what is usual.");
}

void tf_paper_put_months(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    tf_pdf_heading(paper->pdf, "Month by month");
    say_usual(paper);
    tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, tf_paper_take_words(paper));
    tf_chart chart;
    bool has_line = profile->month_count > 1; /* one month is a point */
    if (has_line && !paper->status) {
        paper->status = tf_profile_trend_chart(paper->arena, profile, &chart, paper->error);
    }
    if (has_line && !paper->status) {
        tf_paper_put_chart(paper, &chart, 1);
    }
    tf_words_signals(profile, &paper->words);
    if (paper->words.length) {
        tf_pdf_subheading(paper->pdf, "Months that the usual variation does not explain");
        tf_paper_put_lines(paper);
    }
    tf_words_alerts(profile, &paper->words);
    if (paper->words.length) {
        tf_pdf_subheading(paper->pdf, "Alerts: counts above those of the seven months before");
        tf_paper_put_lines(paper);
    }
}

void tf_paper_put_all_months(tf_paper *paper) {
    static const tf_pdf_column columns[] = {{"Month", 18, false},      {"Offences", 11, true},
                                            {"Average", 11, true},     {"Lower limit", 11, true},
                                            {"Upper limit", 11, true}, {"Signal", 46, false}};
    const tf_profile *profile = paper->profile;
    tf_pdf_heading(paper->pdf, "All months");
    tf_pdf_table(paper->pdf, NULL, columns, sizeof columns / sizeof *columns, 0);
    for (size_t i = 0; i < profile->month_count; i++) {
        const tf_profile_month *month = &profile->months[i];
        char name[TF_MONTH_WORDS_SIZE], count[TF_COUNT_TEXT_SIZE], limits[3][TF_COUNT_TEXT_SIZE];
        const double values[3] = {month->centre, month->lower, month->upper};
        for (int j = 0; j < 3; j++) {
            limits[j][0] = '\0';
            if (isfinite(values[j])) {
                snprintf(limits[j], sizeof limits[j], "%.1f", values[j]);
            }
        }
        const char *signal = tf_words_signal(month->signal);
        tf_pdf_row(
            paper->pdf,
            (const char *[]){tf_words_month(month->month, name),
                             month->is_missing ? "\u2013" : tf_words_count(month->count, count),
                             limits[0], limits[1], limits[2],
                             month->is_missing ? "no file was imported" : signal},
            -1);
    }
}
