/* Who might this be?  One new record at a time, against records that are known: the candidates are
 * those that the model's blocking rules find, scored as a prediction would score them if the new
 * record were among the records.
 *
 * The new record is the right one of every pair, as if it came after all others; the link type
 * plays no part, as it is of no source. */
#ifndef TREFOIL_LINKAGE_LOOKUP_H
#define TREFOIL_LINKAGE_LOOKUP_H

#include "trefoil/linkage/predict.h"

/* Records made ready to be asked about.  Does not change once made; may be used by several
 * threads, each with its own asker. */
typedef struct tf_link_lookup tf_link_lookup;

/* A thread's own work space, kept from question to question. */
typedef struct tf_link_asker tf_link_asker;

/* Borrows model, records and what `work` points to; none of them may change.  Blocks of
 * `most_members` records or more are set aside (0: TF_LINK_MEMBERS_USUAL).
 * Errors: TF_BAD_INPUT for a model that is not trained, has no blocking rule, or reads a column
 * that the records lack; TF_UNSUPPORTED as tf_link_matcher_new; TF_NO_MEMORY; TF_IO if the watch
 * stopped it.
 * O(values + records * (columns + rules)). */
TF_API tf_status tf_link_lookup_new(const tf_link_model *model, const tf_link_records *records,
                                    const tf_link_work *work, uint32_t most_members,
                                    tf_link_lookup **lookup_out, tf_error *error);
TF_API void tf_link_lookup_free(tf_link_lookup *lookup); /* accepts NULL */

/* Borrows the lookup.  Errors: TF_NO_MEMORY. */
TF_API tf_status tf_link_asker_new(const tf_link_lookup *lookup, tf_link_asker **asker_out,
                                   tf_error *error);
TF_API void tf_link_asker_free(tf_link_asker *asker); /* accepts NULL */

/* What the new record has in a column, as it would stand in the file. */
typedef struct tf_link_given {
    tf_text column;
    tf_text value; /* empty: missing */
} tf_link_given;

/* A candidate takes some tenths of a microsecond, a question without any some tens of them: with so
 * many candidates at most, 99 of 100 questions to a million records are answered in much less than
 * a millisecond, and where rules are narrow hardly any question comes near so many
 * (bench/bench_lookup.c). */
enum { TF_LINK_ANSWERS_USUAL = 10, TF_LINK_CANDIDATES_USUAL = 2000 };

typedef struct tf_link_ask_options {
    double threshold;         /* match weight; candidates of less are no answer */
    uint32_t most_answers;    /* 0: TF_LINK_ANSWERS_USUAL */
    uint32_t most_candidates; /* that are scored; 0: TF_LINK_CANDIDATES_USUAL */
} tf_link_ask_options;

typedef struct tf_link_answer {
    uint32_t record;
    double weight;
    double probability;
    int32_t rule;                  /* the first of the rules used that finds the record */
    const tf_link_reason *reasons; /* one for each comparison */
} tf_link_answer;

typedef struct tf_link_answers {
    const tf_link_answer *items; /* by weight, the highest first; equals by record number */
    size_t count;
    uint32_t candidates;  /* that were scored */
    uint32_t passed_over; /* blocks that the record belongs to, of too many records */
} tf_link_answers;

/* The records that the new one might be.  Columns that the records lack are left out of account,
 * those that are not given are missing, and of a column given twice the first value counts.
 *
 * Blocks are taken whole, the smallest first, until the next would make more candidates than are
 * allowed; that and those that were set aside are counted as passed over.  A candidate of several
 * blocks is scored once.  A value that no record has is as frequent as the other record's.
 *
 * The answers are the asker's, valid until it is used again or freed.
 * Errors: TF_NO_MEMORY.  O(columns + candidates * comparisons). */
TF_API tf_status tf_link_lookup_ask(const tf_link_lookup *lookup, tf_link_asker *asker,
                                    const tf_link_given *given, size_t given_count,
                                    const tf_link_ask_options *options,
                                    tf_link_answers *answers_out, tf_error *error);

#endif
