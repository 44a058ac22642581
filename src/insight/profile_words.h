/* The figures of a profile in words, the same on a terminal, on a web page and on paper.
 *
 * What appends to a buffer leaves a failed allocation in it, for the caller to check at the end. */
#ifndef INSIGHT_PROFILE_WORDS_H
#define INSIGHT_PROFILE_WORDS_H

#include "insight/profile.h"

enum { TF_COUNT_TEXT_SIZE = 32, TF_MONTH_WORDS_SIZE = 24 };

/* "1,734" in `text`, which has room for TF_COUNT_TEXT_SIZE; returns `text`. */
char *tf_words_count(int64_t count, char *text);

/* "April 2024" in `text`, which has room for TF_MONTH_WORDS_SIZE; returns `text`. */
char *tf_words_month(tf_month month, char *text);
const char *tf_words_month_name(int number); /* "April" of 4 */

/* "April 2024" or "May 2023 to April 2024". */
void tf_words_period(tf_month from, tf_month to, tf_buffer *out);

/* A rate ratio: "up 12% (4% to 21%)", "no clear change (between 3% down and 21% up)", "down to
 * none", "up from none"; why it is not known, if it is not. */
void tf_words_change(const tf_profile_figure *rate_ratio, tf_buffer *out);
void tf_words_change_briefly(const tf_profile_figure *rate_ratio, tf_buffer *out); /* "up 12%" */

/* -1 where the whole interval is below 1, 1 where it is above, else 0. */
int tf_words_direction(const tf_profile_figure *rate_ratio);

/* "above_limit" for programs, "above the upper limit" for people; NULL for no signal. */
const char *tf_words_signal_name(tf_chart_signal signal);
const char *tf_words_signal(tf_chart_signal signal);

/* The months with signals, one stretch of equal signals a line: "March to July 2023: in a run of
 * seven or more above the average". */
void tf_words_signals(const tf_profile *profile, tf_buffer *lines);

/* The alerts, one month a line: "April 2024: 180 offences, over the 171.3 of EARS C1". */
void tf_words_alerts(const tf_profile *profile, tf_buffer *lines);

/* What to look at first, one finding a line, by plain rules in this order: hot spots by z, areas
 * changed beyond chance by p, the whole area's change where its interval excludes none, months
 * beyond the chart's limits, alerts in the last three months, months without data.  Says so where
 * nothing stands out, and which of these could not be tested. */
void tf_words_look_first(const tf_profile *profile, tf_buffer *lines);

#endif
