/* A day that is typed in three boxes: day, month and year. */
#ifndef WEB_PAGES_PAGE_DAY_INTERNAL_H
#define WEB_PAGES_PAGE_DAY_INTERNAL_H

#include "page_internal.h"

/* The fields of a route for a day: "starts-day", "starts-month", "starts-year". */
#define TF_DAY_FIELDS(day_name, month_name, year_name, words)                                      \
    {.name = (day_name), .label = (words), .help = "Its day, from 1.", .maximum = 10},             \
        {.name = (month_name), .label = (words), .help = "Its month, from 1.", .maximum = 10}, {   \
        .name = (year_name), .label = (words), .help = "Its year, of four digits.", .maximum = 10  \
    }

typedef struct tf_day_question {
    const char *name;    /* "starts" */
    const char *label;   /* "Review by" */
    const char *subject; /* what faults call it: "review date" */
    const char *hint;
    bool may_be_empty;
} tf_day_question;

/* The day that was sent, or `none` for three empty boxes that may be so.  Errors: TF_BAD_INPUT, the
 * place being the box to begin with: "starts-month". */
tf_status tf_page_day_read(tf_visit *visit, const tf_day_question *question, int32_t none,
                           int32_t *day_out, tf_error *error);

/* The boxes, with what was sent.  `problem` is the sentence of a fault (NULL: none) and `id` its
 * control; it is shown where that is one of the boxes. */
void tf_page_day_write(tf_visit *visit, const tf_day_question *question, const char *problem,
                       const char *id);

/* Fill the boxes, as if the day had been sent. */
void tf_page_day_fill(tf_visit *visit, const char *name, int32_t day);

#endif
