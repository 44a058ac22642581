/* What the columns of a file of populations are. */
#ifndef INTAKE_POPULATION_INTERNAL_H
#define INTAKE_POPULATION_INTERNAL_H

#include "intake/population.h"
#include "rows_internal.h"

enum { TF_FIRST_YEAR = 1900, TF_LAST_YEAR = 2199 };

/* The chosen columns are the code, the year if there is such a column, and the figures. */
typedef struct tf_population_layout {
    bool has_year_column;
    size_t figure_count;
    int years[TF_ROWS_MAX_COLUMNS]; /* of the figures, where there is no column of years */
} tf_population_layout;

/* Recognise a header, below a title, and choose its columns.
 * Errors: TF_BAD_INPUT saying what it lacks. */
tf_status tf_population_layout_find(const tf_population_options *options, const tf_text *names,
                                    size_t count, const char *title,
                                    tf_population_layout *layout_out, tf_rows_columns *chosen_out,
                                    tf_error *error);

/* The sheet of the workbook at `path` that holds the populations of most years.
 * Errors: TF_BAD_INPUT if there is none, or several as good, naming them. */
tf_status tf_population_find_sheet(const char *path, const tf_population_options *options,
                                   char *sheet_out, size_t sheet_size, tf_error *error);

/* "2022", "Mid-2022", "mid year 2022"; 0 for anything else. */
int tf_population_year(tf_text text);

/* "1296", "1,296", "1296.5".  False for what is not a number; its sign is not judged. */
bool tf_population_parse(tf_text text, double *people_out);

#endif
