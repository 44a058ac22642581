/* The three feeds of data.police.uk: how their files are laid out, and how their rows are stored
 * as partitions. */
#ifndef INTAKE_POLICE_FEED_H
#define INTAKE_POLICE_FEED_H

#include "trefoil/base/date.h"
#include "trefoil/table/csv.h"

typedef enum tf_police_feed {
    TF_FEED_STREET,
    TF_FEED_OUTCOMES,
    TF_FEED_SEARCHES,
    TF_FEED_COUNT,
} tf_police_feed;

/* Columns of a stored partition, beside those named like them in every feed that has them.  Text
 * columns are DICTIONARY, coordinates FLOAT64 degrees (both null where the file gives no place),
 * flags BOOL.
 *   street:           crime_id month reported_by falls_within longitude latitude location
 *                     lsoa_code lsoa_name crime_type outcome
 *   outcomes:         crime_id month reported_by falls_within longitude latitude location
 *                     lsoa_code lsoa_name outcome
 *   stop-and-search:  search_type time in_operation operation latitude longitude gender age_range
 *                     self_defined_ethnicity officer_defined_ethnicity legislation
 *                     object_of_search outcome outcome_is_linked clothing_removed
 * crime_id is FIXED_BINARY of 32 bytes (the publisher's 64 hexadecimal digits) or null; month is
 * the first day of the month (DATE); time is TIMESTAMP. */

/* "street", "outcomes" or "stop-and-search": the feed in file names and in the store. */
const char *tf_police_feed_name(tf_police_feed feed);

/* The columns to read from a file of the feed. */
const tf_csv_field *tf_police_feed_fields(tf_police_feed feed, size_t *count_out);

/* The feed whose columns are all in the header; a header of none is TF_BAD_INPUT with a sentence
 * that says what was expected. */
tf_status tf_police_feed_recognise(char *const *names, size_t count, tf_police_feed *feed_out,
                                   tf_error *error);

/* What a file name says: "2023-02-avon-and-somerset-street.csv.gz", with any folders before it.
 * False if it does not follow the publisher's form. */
typedef struct tf_police_file_name {
    tf_month month;
    char force[64];
} tf_police_file_name;
bool tf_police_file_name_parse(const char *path, tf_police_file_name *name_out);

#endif
