/* An invented population to try record linkage on: persons of the kind that services in the United
 * Kingdom keep records of, with the truth of which records are whose.  Nobody in it is real.
 *
 * The rows are CSV (RFC 4180, LF), with the header
 *   record_id,source,given_name,middle_name,family_name,sex,date_of_birth,address,city,postcode,
 *   phone,email,truth
 * on one line.  `truth` names the person; `sex` is F or M; dates are YYYY-MM-DD; what is missing is
 * empty.
 *
 * Persons live in households that share an address and a landline and, mostly, a family name:
 * singles, couples, families with children (three maternities in 200 bring twins; one son in thirty
 * bears his father's given name), lone parents, and people who merely share a house.  Names follow
 * Zipf's law (rank plus a shift) within eleven origins, given names also within five generations.
 *
 * Each person has k records with probability (1 - d) d^(k-1), k >= 1, where d is `duplicate_share`:
 * so d is the expected share of records that are not the first of their person.  The next record of
 * a person comes from the next source with probability 0.85, else from the same source again.
 *
 * What differs between the records of a person, in per cent of records at TF_GENERATE_MEDIUM; half
 * of it at LOW, one and a half times as much at HIGH, nothing at NONE, where all records of a
 * person are alike but for record_id and source:
 *   - life, in all records but the person's first: an earlier address 12, an earlier family name 10
 *     (of those who changed it on marriage), another phone 15, another e-mail address 15;
 *   - habit, in any record: a nickname 8, the middle name's initial alone 25, a hyphenated family
 *     name cut to one half 30 (of those who have one);
 *   - missing values, by source, as tf_generate_missing_percent says (99.9 at most);
 *   - errors: 0, 1, 2, 3 or 4 to a record in 75, 18, 5, 2 and 0 of 100 records (LOW: 92, 7, 1, 0,
 * 0; HIGH: 50, 28, 13, 6, 3): neighbouring keys, letters doubled, dropped or transposed, spelling
 * by sound, misread characters, day and month swapped, a year off by one, names in each other's
 * column, a wrong inward postcode, a wrong digit.  An error that falls on a missing value falls on
 * the family name instead.
 *
 * Nothing reaches anybody: telephone numbers are of the ranges that Ofcom keeps for drama
 * ("Telephone numbers for drama use": 07700 900000-900999, 020 7946 0000-0999 and their like of
 * other cities), e-mail addresses are at example.org (RFC 2606), the postcodes' areas are not in
 * use.  There are 13,000 such telephone numbers and no more: in a large population many people who
 * have nothing else in common share one. */
#ifndef TREFOIL_LINKAGE_GENERATE_H
#define TREFOIL_LINKAGE_GENERATE_H

#include "trefoil/base/text.h"

typedef enum tf_generate_errors {
    TF_GENERATE_NONE,
    TF_GENERATE_LOW,
    TF_GENERATE_MEDIUM,
    TF_GENERATE_HIGH,
    TF_GENERATE_ERRORS_COUNT
} tf_generate_errors;

/* The columns that may be missing or wrong, in the order of the file. */
typedef enum tf_generate_column {
    TF_GENERATE_GIVEN_NAME,
    TF_GENERATE_MIDDLE_NAME,
    TF_GENERATE_FAMILY_NAME,
    TF_GENERATE_SEX,
    TF_GENERATE_DATE_OF_BIRTH,
    TF_GENERATE_ADDRESS,
    TF_GENERATE_CITY,
    TF_GENERATE_POSTCODE,
    TF_GENERATE_PHONE,
    TF_GENERATE_EMAIL,
    TF_GENERATE_COLUMN_COUNT
} tf_generate_column;

enum { TF_GENERATE_SOURCES_MOST = 8, TF_GENERATE_BLOCK_ROWS = 4096 };

typedef struct tf_generate_options {
    uint64_t record_count; /* 1 to 2^32 - 1 */
    uint64_t seed;
    double duplicate_share; /* 0 to 0.9 */
    int source_count;       /* 1 to TF_GENERATE_SOURCES_MOST */
    tf_generate_errors errors;
    int thread_count; /* 0: one for each processor */
} tf_generate_options;

/* Takes whole rows, the header first: called one at a time and in order, though from different
 * threads.  Other than TF_OK stops the rest. */
typedef tf_status tf_generate_sink(void *context, tf_text rows, tf_error *error);

/* Give `record_count` rows to the sink.  Their bytes depend on the options alone, not on the number
 * of threads; and two populations whose options differ in record_count only are the same in all
 * whole blocks of TF_GENERATE_BLOCK_ROWS rows that both have.  At TF_GENERATE_NONE the persons,
 * sources and order are those of every other level.  The rows of a person stand in one block, in
 * random order.
 * Errors: TF_BAD_INPUT for options out of range; TF_NO_MEMORY; what the sink returns.
 * Thread-safe.  O(rows) time; a few MiB for each thread, whatever the number of rows. */
TF_API tf_status tf_generate_people(const tf_generate_options *options, tf_generate_sink *sink,
                                    void *context, tf_error *error);

/* What source `source`, from 0, is called in the file. */
TF_API const char *tf_generate_source_name(int source);

/* How many of 100 records of a source lack the column's value at TF_GENERATE_MEDIUM; of the middle
 * name, of those whose person has one. */
TF_API double tf_generate_missing_percent(int source, tf_generate_column column);

#endif
