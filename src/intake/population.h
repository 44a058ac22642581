/* How many people live in an area, from a CSV file or a workbook. */
#ifndef INTAKE_POPULATION_H
#define INTAKE_POPULATION_H

#include "store/db.h"

/* All may be NULL or 0. */
typedef struct tf_population_options {
    const char *sheet;         /* of a workbook; NULL: the one that has the most years */
    const char *code_column;   /* NULL: recognised by its name */
    const char *people_column; /* NULL: recognised by its name */
    int year;                  /* of a file that does not say its year */
    const char *publisher;     /* NULL: "ONS" */
} tf_population_options;

typedef struct tf_population_summary {
    int64_t batch_id;
    char sheet[64]; /* that was read; "" for a CSV file */
    int64_t rows_read;
    int64_t accepted;
    int64_t rejected;
    int64_t figures; /* stored: a row may have one for each of several years */
    int first_year;
    int last_year;
} tf_population_summary;

/* Read the populations in the file at `path`: CSV, plain or gzip, or a workbook, whatever its name
 * says.  A figure takes the place of the one that the code had for that year; all in one
 * transaction, with a batch of feed "population".  These layouts are known by their headers:
 *
 *     code, year, people                    one figure a row
 *     code, 2011, 2012, ...                 one year a column, named 2011, Mid-2011,
 *                                           mid_year_pop_2011, "Total population: mid 2015"
 *     code, people                          the year from the options, or from the title above
 *                                           the header of a sheet
 *
 * The code column is "code", the one such as LAD23CD or "LSOA code (2011)", and of several the
 * one of LSOAs.  "1,296" is a number.  A row is a reject if it lacks a code, if its year or one of
 * its figures cannot be used, or if an earlier row has the figure; an empty field among several
 * years is only a warning.
 *
 * Errors, which leave the database as it was: TF_BAD_INPUT for a header that is none of these, a
 * workbook with no such sheet or with several, or a file without rows; TF_NOT_FOUND; those of
 * tf_source_open, tf_csv_read, tf_xlsx_read and the database. */
tf_status tf_population_import(tf_db *db, const char *path, const tf_population_options *options,
                               tf_population_summary *summary_out, tf_error *error);

#endif
