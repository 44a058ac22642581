/* What became of the cases, searches, harm, notes, methods and sources of a profile on paper. */
#include "insight/profile_words.h"
#include "profile_paper_internal.h"

#include <math.h>
#include <stdio.h>

enum { HASH_SHOWN = 12 };

/* ---- shares of a whole ---- */

static void put_shares(tf_paper *paper, const char *title, const char *heading,
                       const tf_profile_share *shares, size_t count, int64_t whole) {
    const tf_pdf_column columns[] = {
        {heading, 58, false}, {"Number", 16, true}, {"Share", 14, true}};
    if (count == 0) {
        return;
    }
    tf_pdf_table(paper->pdf, title, columns, sizeof columns / sizeof *columns, 0.25);
    for (size_t i = 0; i < count; i++) {
        char number[TF_COUNT_TEXT_SIZE], percent[16];
        double share = whole > 0 ? (double)shares[i].count / (double)whole : 0;
        snprintf(percent, sizeof percent, "%.1f%%", 100 * share);
        tf_pdf_row(
            paper->pdf,
            (const char *[]){shares[i].name, tf_words_count(shares[i].count, number), percent},
            share);
    }
}

static void add_count(tf_buffer *words, const char *before, int64_t count, const char *after) {
    if (count > 0) {
        char text[TF_COUNT_TEXT_SIZE];
        tf_buffer_format(words, "%s%s%s", before, tf_words_count(count, text), after);
    }
}

void tf_paper_put_outcomes(tf_paper *paper) {
    const tf_profile_outcomes *outcomes = &paper->profile->outcomes;
    char count[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(&paper->words, "What became of the %s case%s",
                     tf_words_count(outcomes->case_count, count),
                     outcomes->case_count == 1 ? "" : "s");
    tf_pdf_heading(paper->pdf, tf_paper_take_words(paper));
    if (outcomes->case_count == 0) {
        tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, "There are no cases in this period.");
        return;
    }
    tf_buffer_format(&paper->words, "%s joined to an outcome by Crime ID",
                     tf_words_count(outcomes->joined, count));
    add_count(&paper->words, " (", outcomes->several_outcomes,
              " with several: the latest is taken)");
    add_count(&paper->words, "; ", outcomes->from_street_file, " as the street file says");
    add_count(&paper->words, "; ", outcomes->without_outcome, " without an outcome");
    add_count(&paper->words, "; ", outcomes->without_id,
              " without an ID, as the publisher gives none");
    tf_buffer_append_text(&paper->words, ".");
    tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, tf_paper_take_words(paper));
    bool has_groups = outcomes->group_count > 0;
    put_shares(paper, has_groups ? "In groups" : NULL, "Group of outcomes", outcomes->groups,
               outcomes->group_count, outcomes->case_count);
    put_shares(paper, has_groups ? "As the publisher words them" : NULL, "Outcome",
               outcomes->outcomes, outcomes->outcome_count, outcomes->case_count);
}

void tf_paper_put_searches(tf_paper *paper) {
    const tf_profile_searches *searches = &paper->profile->searches;
    tf_pdf_heading(paper->pdf, "Stop and search");
    if (!searches->is_known) {
        tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, searches->note ? searches->note : "Not known.");
        return;
    }
    char count[TF_COUNT_TEXT_SIZE], drugs[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(&paper->words, "%s of %s searches were for drugs.",
                     tf_words_count(searches->for_drugs, drugs),
                     tf_words_count(searches->count, count));
    const tf_profile_figure *found = &searches->found_rate;
    if (found->is_known) {
        tf_buffer_format(
            &paper->words, " Of these %.0f%% (%.0f%% to %.0f%%) led to an outcome for drugs.",
            100 * found->interval.value, 100 * found->interval.lower, 100 * found->interval.upper);
    }
    tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, tf_paper_take_words(paper));
    if (found->note) {
        tf_pdf_paragraph(paper->pdf, TF_PDF_SMALL, found->note);
    }
    if (searches->note) {
        tf_pdf_paragraph(paper->pdf, TF_PDF_SMALL, searches->note);
    }
    put_shares(paper, NULL, "Outcome of the searches for drugs", searches->outcomes,
               searches->outcome_count, searches->for_drugs);
}

void tf_paper_put_harm(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    if (!profile->harm_index) {
        return;
    }
    char count[TF_COUNT_TEXT_SIZE];
    tf_pdf_heading(paper->pdf, "Harm");
    tf_buffer_format(&paper->words,
                     "The offences together weigh %s days by the %s. The weight is that of a crime "
                     "type, not of what was done in each case.",
                     tf_words_count(llround(profile->harm_total), count), profile->harm_index);
    add_count(&paper->words, " ", profile->harm_unweighted,
              " offences are of a type without a weight, and are not in the sum.");
    tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, tf_paper_take_words(paper));
}

/* ---- what a reader must know ---- */

void tf_paper_put_notes(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    tf_pdf_heading(paper->pdf, "Notes");
    for (size_t i = 0; i < profile->note_count; i++) {
        tf_pdf_item(paper->pdf, profile->notes[i]);
    }
    tf_pdf_item(paper->pdf, "Ranges are 95% intervals: how far chance alone could have moved a "
                            "figure. They do not cover what was not reported or not recorded.");
    tf_pdf_item(paper->pdf, "Drug offences follow police activity: more of them can mean more "
                            "crime, or more looking for it.");
}

static const struct {
    const char *term;
    const char *meaning;
} methods[] = {
    {"Rate", "Offences for every 1,000 residents, over the whole period and not for a year. "
             "Residents are the wrong measure where many people come by day or night. Interval: "
             "Byar; exact Poisson for fewer than 10."},
    {"On the year before",
     "The last 12 months of the period, or all of it if it is shorter, against the same months a "
     "year earlier, as a ratio with its exact interval. Not known if a month of either is "
     "missing."},
    {"Average and limits",
     "The control chart for single values (XmR): the mean of the months, and three standard "
     "deviations on either side, from the differences between months. A month beyond a limit, a "
     "run of seven on one side, seven in a row up or down, or two of three close to a limit is a "
     "signal: a reason to look, not a finding."},
    {"Alert", "A count above those of the seven months before (C1), or of seven with two months "
              "between (C2, C3), by the EARS methods. Expect false ones."},
    {"Hot spot", "A small area that with its neighbours has more offences than a random scatter "
                 "over the map would give (Getis and Ord's Gi*), after adjustment for testing many "
                 "areas: false discovery rate 5%. Of counts, not of rates."},
    {"Beyond chance", "For a small area: risen or fallen on the year before by an exact test, "
                      "after the same adjustment. The ratio is that of the two counts: 2 is "
                      "twice as many, 0.5 half as many, and an interval that holds 1 is no "
                      "evidence of a change."},
    {"Outcome", "The latest outcome with the same Crime ID, or else the status in the street file. "
                "Cases of the last months are open more often."},
    {"Searches", "For drugs: those whose object is controlled drugs. Led to an outcome for drugs: "
                 "the outcome is linked to what was searched for."},
};

void tf_paper_put_methods(tf_paper *paper) {
    tf_pdf_heading(paper->pdf, "How to read the figures");
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        tf_pdf_term(paper->pdf, methods[i].term, methods[i].meaning);
    }
}

/* ---- where it comes from ---- */

static void say_gaps(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    size_t missing = 0;
    for (size_t i = 0; i < profile->month_count; i++) {
        if (profile->months[i].is_missing) {
            char month[TF_MONTH_WORDS_SIZE];
            tf_buffer_format(&paper->words, "%s%s", missing++ ? ", " : " No file was imported of ",
                             tf_words_month(profile->months[i].month, month));
        }
    }
    tf_buffer_append_text(&paper->words, missing ? "." : " No month is missing.");
}

void tf_paper_put_sources(tf_paper *paper) {
    static const tf_pdf_column columns[] = {{"File", 52, false},
                                            {"Feed", 18, false},
                                            {"Rows", 11, true},
                                            {"SHA-256 (start)", 19, false}};
    const tf_profile *profile = paper->profile;
    char count[TF_COUNT_TEXT_SIZE];
    int64_t rows = 0;
    for (size_t i = 0; i < profile->source_count; i++) {
        rows += profile->sources[i].rows;
    }
    tf_pdf_heading(paper->pdf, "Sources");
    if (profile->source_count == 0) {
        tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, "No file of this period was imported.");
        return;
    }
    tf_buffer_format(&paper->words, "%zu file%s with %s rows.", profile->source_count,
                     profile->source_count == 1 ? "" : "s", tf_words_count(rows, count));
    say_gaps(paper);
    tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, tf_paper_take_words(paper));
    tf_pdf_table(paper->pdf, NULL, columns, sizeof columns / sizeof *columns, 0);
    for (size_t i = 0; i < profile->source_count; i++) {
        const tf_profile_source *source = &profile->sources[i];
        char hash[HASH_SHOWN + 1];
        snprintf(hash, sizeof hash, "%.*s", HASH_SHOWN, source->sha256);
        tf_pdf_row(
            paper->pdf,
            (const char *[]){source->file, source->feed, tf_words_count(source->rows, count), hash},
            -1);
    }
}
