#include "intake/population.h"

#include "import_internal.h"
#include "population_internal.h"
#include "trefoil/table/archive.h"

#include <math.h>
#include <stdio.h>

enum { MAX_CODE_LENGTH = 64 };

static const double max_people = 1e10; /* more than there are on Earth */

typedef struct population_import {
    tf_import import;
    const tf_population_options *options;
    tf_population_summary *summary;
    tf_population_layout layout;
    tf_statement *put;
    int64_t empty_count;
    int64_t first_empty; /* line */
} population_import;

static tf_status choose(void *context, const tf_text *names, size_t count, const char *title,
                        tf_rows_columns *chosen_out, tf_error *error) {
    population_import *population = context;
    return tf_population_layout_find(population->options, names, count, title, &population->layout,
                                     chosen_out, error);
}

/* The figures of one row; NaN for an empty field. */
typedef struct population_row {
    tf_text code;
    int years[TF_ROWS_MAX_COLUMNS];
    double people[TF_ROWS_MAX_COLUMNS];
    size_t empty_count;
} population_row;

/* Why the row cannot be used, in `reason`; "" if it can. */
static void read_row(const tf_population_layout *layout, const tf_text *cells, population_row *row,
                     char *reason, size_t size) {
    const tf_text *figures = cells + 1 + layout->has_year_column;
    reason[0] = '\0';
    row->code = tf_text_trim(cells[0]);
    row->empty_count = 0;
    if (row->code.length == 0 || row->code.length > MAX_CODE_LENGTH) {
        snprintf(reason, size, row->code.length ? "the code is longer than %d bytes" : "no code",
                 (int)MAX_CODE_LENGTH);
        return;
    }
    for (size_t i = 0; i < layout->figure_count; i++) {
        double *people = &row->people[i];
        tf_text figure = tf_text_trim(figures[i]);
        row->years[i] = layout->has_year_column ? tf_population_year(cells[1]) : layout->years[i];
        if (!row->years[i]) {
            snprintf(reason, size, "the year is '%.*s', not one from %d to %d",
                     (int)(cells[1].length < 40 ? cells[1].length : 40),
                     cells[1].data ? cells[1].data : "", (int)TF_FIRST_YEAR, (int)TF_LAST_YEAR);
            return;
        }
        if (!figure.length) {
            *people = NAN;
            row->empty_count++;
        } else if (!tf_population_parse(figure, people) || !(*people >= 0) ||
                   *people > max_people) {
            snprintf(reason, size, "the figure for %d is '%.*s', which is no number of people",
                     row->years[i], (int)(figure.length < 40 ? figure.length : 40), figure.data);
            return;
        }
    }
    if (row->empty_count == layout->figure_count) {
        snprintf(reason, size, "no figure");
    }
}

static void note_year(tf_population_summary *summary, int year) {
    if (summary->figures++ == 0) {
        summary->first_year = year;
        summary->last_year = year;
    }
    summary->first_year = year < summary->first_year ? year : summary->first_year;
    summary->last_year = year > summary->last_year ? year : summary->last_year;
}

static tf_status put_row(population_import *population, int64_t line, const population_row *row,
                         tf_text record, tf_error *error) {
    for (size_t i = 0; i < population->layout.figure_count; i++) {
        if (isnan(row->people[i])) {
            continue;
        }
        tf_statement *put = population->put;
        tf_bind_text(put, 1, row->code);
        tf_bind_int(put, 2, row->years[i]);
        tf_bind_double(put, 3, row->people[i]);
        tf_bind_int(put, 4, population->import.batch_id);
        tf_status status = tf_statement_run(put, error);
        if (status) {
            return status;
        }
        if (tf_db_changes(population->import.db) == 0) {
            return tf_import_reject(&population->import, line, record, error,
                                    "an earlier row has a figure of %.*s for %d too",
                                    TF_TEXT_ARG(row->code), row->years[i]);
        }
        note_year(population->summary, row->years[i]);
    }
    return TF_OK;
}

static tf_status on_row(void *context, int64_t line, const tf_text *cells, tf_text record,
                        tf_error *error) {
    population_import *population = context;
    population_row row;
    char reason[TF_REJECT_REASON_SIZE];
    population->import.rows_read++;
    read_row(&population->layout, cells, &row, reason, sizeof reason);
    if (reason[0]) {
        return tf_import_reject(&population->import, line, record, error, "%s", reason);
    }
    if (row.empty_count && population->empty_count++ == 0) {
        population->first_empty = line;
    }
    return put_row(population, line, &row, record, error);
}

static tf_status on_reject(void *context, int64_t line, const char *reason, tf_text record,
                           tf_error *error) {
    population_import *population = context;
    population->import.rows_read++;
    return tf_import_reject(&population->import, line, record, error, "%s", reason);
}

static tf_status read_workbook(population_import *population, const tf_rows_reader *reader,
                               char *sha256_out, tf_error *error) {
    const char *path = population->import.path;
    char *sheet = population->summary->sheet;
    const char *wanted = population->options->sheet;
    tf_status status = tf_file_sha256(path, sha256_out, error);
    if (!status && wanted && strlen(wanted) < sizeof population->summary->sheet) {
        strcpy(sheet, wanted);
    } else if (!status && wanted) {
        status =
            tf_fail(error, TF_NOT_FOUND, path, 0, "no sheet has so long a name; check --sheet");
    } else if (!status) {
        status = tf_population_find_sheet(path, population->options, sheet,
                                          sizeof population->summary->sheet, error);
    }
    return status ? status : tf_rows_read_workbook(path, sheet, reader, error);
}

static tf_status read_file(population_import *population, char *sha256_out, tf_error *error) {
    const char *path = population->import.path;
    tf_rows_reader reader = {choose, on_row, on_reject, population};
    tf_status status =
        tf_db_prepare(population->import.db,
                      "INSERT INTO population (code, year, people, batch_id)"
                      " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (code, year) DO UPDATE SET"
                      " people = excluded.people, batch_id = excluded.batch_id"
                      " WHERE batch_id <> excluded.batch_id",
                      &population->put, error);
    if (!status) {
        status = tf_archive_is_zip(path) ? read_workbook(population, &reader, sha256_out, error)
                                         : tf_rows_read_csv(path, &reader, sha256_out, error);
    }
    if (!status && population->import.rows_read == 0) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "there are no rows below the header; download the file again");
    }
    return status;
}

tf_status tf_population_import(tf_db *db, const char *path, const tf_population_options *options,
                               tf_population_summary *summary_out, tf_error *error) {
    *summary_out = (tf_population_summary){0};
    population_import population = {.options = options, .summary = summary_out};
    const char *publisher = options->publisher ? options->publisher : "ONS";
    char sha256[TF_SHA256_TEXT_SIZE] = "";
    tf_status status =
        tf_import_begin(&population.import, db, path, "population", publisher, error);
    if (status) {
        return status;
    }
    status = read_file(&population, sha256, error);
    if (!status) {
        status = tf_import_warn(&population.import, "lack the figure for a year",
                                population.empty_count, population.first_empty, error);
    }
    tf_statement_free(population.put);
    summary_out->batch_id = population.import.batch_id;
    summary_out->rows_read = population.import.rows_read;
    summary_out->rejected = population.import.rows_rejected;
    summary_out->accepted = population.import.rows_read - population.import.rows_rejected;
    return tf_import_end(&population.import, sha256, status, error);
}
