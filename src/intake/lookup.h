/* Which police force and community safety partnerships a local authority belongs to. */
#ifndef INTAKE_LOOKUP_H
#define INTAKE_LOOKUP_H

#include "store/db.h"

typedef struct tf_lookup_summary {
    int64_t batch_id;
    int64_t rows_read;
    int64_t accepted;
    int64_t rejected;
    int64_t authorities;
    int64_t partnerships;
    int64_t forces;
} tf_lookup_summary;

/* Read the lookup of the Office for National Statistics at `path`, a CSV file, plain or gzip, with
 * the columns LADnnCD, LADnnNM, CSPnnCD, CSPnnNM, PFAnnCD and PFAnnNM of any year.  A lookup is the
 * picture of one year, so it takes the place of the whole lookup that was there; all in one
 * transaction, with a batch of feed "lookup".  A row with an empty field, a pair of authority and
 * partnership that came before, or another force than on an earlier line is a reject.
 * Errors, which leave the database as it was: TF_BAD_INPUT for a header without these columns and
 * for a file without an acceptable row; those of tf_source_open, tf_csv_read and the database. */
tf_status tf_lookup_import(tf_db *db, const char *path, tf_lookup_summary *summary_out,
                           tf_error *error);

#endif
