/* Statistics of the reports without their content: how many, of which kind, how urgent, how soon
 * somebody looked, what became of them.
 *
 * Each table is one list of counts and their total, protected by tf_disclosure_suppress; there are
 * no tables of two things crossed.  Only whole quarters of a year that are over are counted, and
 * what is shown of a longer time is the sum of what is shown of each of its quarters: so two looks,
 * at different times or at times that overlap, tell together no more than the quarters do. */
#ifndef INTAKE_REPORT_STATISTICS_H
#define INTAKE_REPORT_STATISTICS_H

#include "access/access.h"
#include "trefoil/base/date.h"
#include "trefoil/base/memory.h"

enum { TF_STATISTICS_THRESHOLD = 5 }; /* counts below this are not shown */

typedef struct tf_counted_line {
    const char *title;
    int64_t count; /* -1: hidden */
} tf_counted_line;

typedef struct tf_counted_table {
    const char *title;
    const char *head; /* what its lines are: "Month", "Answer", "Reason" */
    const char *note; /* what is particular about it; "" for nothing */
    tf_counted_line *lines;
    size_t count;
    int64_t total; /* -1: hidden, or there is none: a report may count in several lines */
} tf_counted_table;

typedef struct tf_report_statistics {
    tf_month first_month; /* of a quarter */
    tf_month last_month;  /* of a quarter that is over */
    const char *organisation;
    tf_counted_table *tables;
    size_t table_count;
    bool hides_any; /* some count of some table */
} tf_report_statistics;

/* Whether nothing of a table is shown, neither a count nor the total. */
bool tf_counted_table_is_hidden(const tf_counted_table *table);

/* The reports of concern of an organisation that came in the quarters of these months, as far as
 * they are over, in `arena`. Errors: TF_BAD_INPUT where first is after last, none is over, or these
 * are more than 60 months; TF_REFUSED. */
tf_status tf_report_statistics_make(tf_access *access, const tf_actor *actor,
                                    int64_t organisation_id, tf_month first, tf_month last,
                                    tf_arena *arena, tf_report_statistics *statistics_out,
                                    tf_error *error);

#endif
