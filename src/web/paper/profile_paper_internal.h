/* The sections of a profile on paper. */
#ifndef WEB_PAPER_PROFILE_PAPER_INTERNAL_H
#define WEB_PAPER_PROFILE_PAPER_INTERNAL_H

#include "pdf.h"
#include "profile_paper.h"
#include "web/chart/chart.h"

typedef struct tf_paper {
    tf_crime_data *data; /* NULL: without a map */
    const tf_profile *profile;
    tf_pdf *pdf;
    tf_arena *arena;
    tf_buffer words; /* for the sentence that is being made */
    tf_status status;
    tf_error *error;
} tf_paper;

/* The sentence made so far, which the next one replaces. */
const char *tf_paper_take_words(tf_paper *paper);

/* The same in the arena; "" after a fault, which is kept. */
const char *tf_paper_copy_words(tf_paper *paper);

/* printf into the arena; "" after a fault, which is kept. */
const char *tf_paper_format(tf_paper *paper, const char *format, ...) TF_PRINTF(2, 3);

/* Each line of the words as an item of a list. */
void tf_paper_put_lines(tf_paper *paper);

/* The drawing of a chart, across a share of the page, with its title and note under it, and its
 * description for those who do not see it; the words that it has for nothing, if there is nothing
 * to draw. */
void tf_paper_put_chart(tf_paper *paper, const tf_chart *chart, double share);

void tf_paper_put_front(tf_paper *paper);
void tf_paper_put_months(tf_paper *paper);
void tf_paper_put_map(tf_paper *paper);
void tf_paper_put_areas(tf_paper *paper);
void tf_paper_put_outcomes(tf_paper *paper);
void tf_paper_put_searches(tf_paper *paper);
void tf_paper_put_harm(tf_paper *paper);
void tf_paper_put_notes(tf_paper *paper);
void tf_paper_put_methods(tf_paper *paper);
void tf_paper_put_sources(tf_paper *paper);
void tf_paper_put_all_months(tf_paper *paper);
void tf_paper_put_all_areas(tf_paper *paper);

#endif
