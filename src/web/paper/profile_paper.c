#include "profile_paper.h"

#include "insight/profile_words.h"
#include "profile_paper_internal.h"
#include "trefoil/base/memory.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { FORMAT_SIZE = 512 };

const char *tf_paper_take_words(tf_paper *paper) {
    const char *words = paper->words.length ? paper->words.data : "";
    paper->words.length = 0;
    return words;
}

const char *tf_paper_copy_words(tf_paper *paper) {
    const char *copied = tf_arena_copy_text(
        paper->arena, paper->words.length ? paper->words.data : "", paper->words.length);
    paper->words.length = 0;
    if (!copied && !paper->status) {
        paper->status = tf_fail_no_memory(paper->error);
    }
    return copied ? copied : "";
}

const char *tf_paper_format(tf_paper *paper, const char *format, ...) {
    char text[FORMAT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *copied = tf_arena_copy_text(paper->arena, text, strlen(text));
    if (!copied && !paper->status) {
        paper->status = tf_fail_no_memory(paper->error);
    }
    return copied ? copied : "";
}

void tf_paper_put_lines(tf_paper *paper) {
    char *words = paper->words.length ? paper->words.data : NULL;
    for (char *line = words; line && *line;) {
        char *end = line + strcspn(line, "\n");
        bool is_last = *end == '\0';
        *end = '\0';
        tf_pdf_item(paper->pdf, line);
        line = is_last ? end : end + 1;
    }
    paper->words.length = 0;
}

void tf_paper_put_chart(tf_paper *paper, const tf_chart *chart, double share) {
    if (tf_chart_is_empty(chart)) {
        tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, chart->empty);
        return;
    }
    tf_buffer drawing;
    tf_buffer_init(&drawing);
    tf_status status = tf_chart_write_svg(chart, TF_CHART_PAPER, &drawing, paper->error);
    tf_chart_describe(chart, &paper->words);
    if (!status && !paper->words.failed) {
        const char *description = tf_paper_copy_words(paper);
        tf_buffer_format(&paper->words, "%s. %s", chart->title, chart->note ? chart->note : "");
        tf_pdf_figure(paper->pdf, (tf_text){drawing.data, drawing.length}, share, description,
                      tf_paper_take_words(paper));
    }
    if (!paper->status) {
        paper->status = status;
    }
    tf_buffer_deinit(&drawing);
}

/* ---- the front ---- */

static tf_pdf_fact count_fact(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    char count[TF_COUNT_TEXT_SIZE];
    int months = profile->to - profile->from + 1;
    tf_pdf_fact fact = {.label = "Offences recorded",
                        .value =
                            tf_paper_format(paper, "%s", tf_words_count(profile->count, count))};
    if (profile->no_location_count > 0) {
        fact.detail = tf_paper_format(paper,
                                      "in %d month%s; %s of them (%.1f%%) without a location, "
                                      "counted here but on no map",
                                      months, months == 1 ? "" : "s",
                                      tf_words_count(profile->no_location_count, count),
                                      100 * profile->no_location_share);
    } else {
        fact.detail = tf_paper_format(paper, "in %d month%s", months, months == 1 ? "" : "s");
    }
    return fact;
}

static tf_pdf_fact rate_fact(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    const tf_profile_figure *rate = &profile->rate_per_1000;
    tf_pdf_fact fact = {.label = "Rate per 1,000 people", .detail = rate->note};
    if (rate->is_known) {
        char people[TF_COUNT_TEXT_SIZE];
        int digits = rate->interval.value < 1 ? 2 : 1;
        int months = profile->to - profile->from + 1;
        fact.value = tf_paper_format(paper, "%.*f", digits, rate->interval.value);
        tf_buffer_format(&paper->words, "between %.*f and %.*f in %d month%s", digits,
                         rate->interval.lower, digits, rate->interval.upper, months,
                         months == 1 ? "" : "s");
        if (isfinite(profile->population)) {
            tf_buffer_format(&paper->words, "; %s people in %d",
                             tf_words_count(llround(profile->population), people),
                             profile->population_year);
        }
        if (rate->note) {
            tf_buffer_format(&paper->words, "; %s", rate->note);
        }
        fact.detail = tf_paper_copy_words(paper);
    }
    return fact;
}

/* "4% to 21%" of "up 12% (4% to 21%)", in the arena; what is not of that form stays whole. */
static const char *range_of(tf_paper *paper, const char *brief, const char *full) {
    size_t length = strlen(brief), whole = strlen(full);
    if (strncmp(brief, full, length) == 0 && whole > length + 3 && full[whole - 1] == ')') {
        return tf_paper_format(paper, "%.*s", (int)(whole - length - 3), full + length + 2);
    }
    return strcmp(brief, full) == 0 ? "" : full;
}

static tf_pdf_fact change_fact(tf_paper *paper) {
    const tf_profile_change *change = &paper->profile->change;
    tf_pdf_fact fact = {.label = "On the year before", .detail = change->rate_ratio.note};
    if (change->rate_ratio.is_known) {
        char count[TF_COUNT_TEXT_SIZE], previous[TF_COUNT_TEXT_SIZE];
        tf_words_change_briefly(&change->rate_ratio, &paper->words);
        fact.value = tf_paper_copy_words(paper);
        tf_words_change(&change->rate_ratio, &paper->words);
        const char *full = tf_paper_copy_words(paper);
        const char *range = range_of(paper, fact.value, full);
        tf_buffer_format(&paper->words, "%s%s%s in ", range, *range ? ": " : "",
                         tf_words_count(change->count, count));
        tf_words_period(change->from, change->to, &paper->words);
        tf_buffer_format(&paper->words, ", %s a year before",
                         tf_words_count(change->previous_count, previous));
        if (change->rate_ratio.note) {
            tf_buffer_format(&paper->words, "; %s", change->rate_ratio.note);
        }
        fact.detail = tf_paper_copy_words(paper);
    }
    return fact;
}

static tf_pdf_fact harm_fact(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    char count[TF_COUNT_TEXT_SIZE];
    tf_pdf_fact fact = {.label = "Harm, in days"};
    fact.value = tf_paper_format(paper, "%s", tf_words_count(llround(profile->harm_total), count));
    tf_buffer_format(&paper->words, "by the %s", profile->harm_index);
    if (profile->harm_unweighted > 0) {
        tf_buffer_format(&paper->words, "; %s have no weight in it",
                         tf_words_count(profile->harm_unweighted, count));
    }
    fact.detail = tf_paper_copy_words(paper);
    return fact;
}

void tf_paper_put_front(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    tf_buffer_format(&paper->words, "%s: %s", profile->area_name, profile->group_title);
    tf_pdf_title(paper->pdf, tf_paper_take_words(paper));
    tf_buffer_append_text(&paper->words, "Crime profile, ");
    tf_words_period(profile->from, profile->to, &paper->words);
    tf_buffer_format(&paper->words, " (%s, %s)", profile->layer, profile->area_code);
    tf_pdf_paragraph(paper->pdf, TF_PDF_LEAD, tf_paper_take_words(paper));
    tf_pdf_fact facts[TF_PDF_MOST_FACTS] = {count_fact(paper), rate_fact(paper),
                                            change_fact(paper)};
    if (profile->harm_index) {
        facts[3] = harm_fact(paper);
    }
    tf_pdf_facts(paper->pdf, facts, profile->harm_index ? 4 : 3);
    tf_pdf_heading(paper->pdf, "What to look at first");
    tf_words_look_first(profile, &paper->words);
    tf_paper_put_lines(paper);
}

/* ---- all of it ---- */

static tf_status begin(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    tf_words_period(profile->from, profile->to, &paper->words);
    const char *period = tf_paper_copy_words(paper);
    const char *title =
        tf_paper_format(paper, "%s: %s, %s", profile->area_name, profile->group_title, period);
    tf_pdf_about about = {
        .title = title,
        .subject =
            tf_paper_format(paper, "Crime profile of %s (%s)", profile->area_name, profile->layer),
        .language = "en-GB",
        .creator = "Trefoil",
        .footer = tf_paper_format(paper, "%s. Data to the end of %s.", title,
                                  tf_words_month(profile->to, (char[TF_MONTH_WORDS_SIZE]){0})),
        .date = tf_month_first_day(profile->to + 1) - 1,
    };
    return paper->status ? paper->status : tf_pdf_new(&about, &paper->pdf, paper->error);
}

tf_status tf_profile_paper_write(tf_crime_data *data, const tf_profile *profile, tf_buffer *out,
                                 tf_error *error) {
    tf_paper paper = {.data = data, .profile = profile, .arena = tf_arena_new(), .error = error};
    if (!paper.arena) {
        return tf_fail_no_memory(error);
    }
    tf_buffer_init(&paper.words);
    tf_status status = begin(&paper);
    if (!status) {
        tf_paper_put_front(&paper);
        tf_paper_put_months(&paper);
        tf_paper_put_areas(&paper);
        tf_paper_put_outcomes(&paper);
        tf_paper_put_searches(&paper);
        tf_paper_put_harm(&paper);
        tf_paper_put_notes(&paper);
        tf_paper_put_methods(&paper);
        tf_paper_put_all_months(&paper);
        tf_paper_put_all_areas(&paper);
        tf_paper_put_sources(&paper);
        status = paper.status ? paper.status : tf_buffer_check(&paper.words, error);
    }
    if (!status) {
        status = tf_pdf_finish(paper.pdf, out, error);
    }
    tf_pdf_free(paper.pdf);
    tf_buffer_deinit(&paper.words);
    tf_arena_free(paper.arena);
    return status;
}
