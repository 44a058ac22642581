/* How good a linkage is where no truth is known: a sample of pairs that a person looks at blind,
 * and what its answers say about all pairs.
 *
 * Pairs are drawn by strata of match weight, as many from each, because nearly all pairs are
 * obvious and the doubtful ones are few.  A pair of a stratum of N pairs of which n are answered
 * stands for N / n pairs (Horvitz & Thompson 1952, JASA 47:663-685; Cochran 1977, Sampling
 * Techniques, chapters 5 and 5A).  The sheet shows neither weight nor stratum, and its order tells
 * nothing of them. */
#ifndef TREFOIL_LINKAGE_REVIEW_SAMPLE_H
#define TREFOIL_LINKAGE_REVIEW_SAMPLE_H

#include "trefoil/base/text.h"
#include "trefoil/linkage/evaluate.h"
#include "trefoil/stats/interval.h"

typedef struct tf_review_options {
    const double *bounds; /* between strata, rising: the thresholds that can be judged */
    size_t bound_count;   /* at least 1 */
    uint32_t sample_size; /* pairs to look at; fewer are drawn when there are fewer */
    uint64_t seed;
} tf_review_options;

typedef struct tf_review_stratum {
    double lower; /* lower <= weight < upper; -infinity in the first, infinity in the last */
    double upper;
    uint64_t pairs; /* that have such a weight */
    uint32_t drawn;
} tf_review_stratum;

typedef struct tf_review_row {
    uint64_t code; /* by which an answer is known again */
    uint32_t left; /* the record with the lower number */
    uint32_t right;
    uint32_t stratum;
} tf_review_row;

typedef struct tf_review_sample {
    tf_review_stratum *strata;
    size_t stratum_count;
    tf_review_row *rows; /* by code */
    size_t row_count;
} tf_review_sample;

/* Draw at random without replacement.  The same pairs in any order, the same bounds, size and seed
 * give the same sample, so that it need not be kept while people look at it.  Free with
 * tf_review_deinit; on failure the sample is empty.
 * Errors: TF_BAD_INPUT for no pairs, for bounds that do not rise, for a weight that is not a number
 * and for fewer pairs to look at than there are strata; TF_NO_MEMORY.
 * Thread-safe.  O(pairs log sample_size). */
TF_API tf_status tf_review_draw(const tf_evaluate_pair *pairs, size_t pair_count,
                                const tf_review_options *options, tf_review_sample *sample_out,
                                tf_error *error);
TF_API void tf_review_deinit(tf_review_sample *sample);

/* What the sheet shows of a record. */
typedef struct tf_review_fields {
    const char *const *names;
    size_t count;
    tf_text (*value)(const void *context, uint32_t record, size_t field); /* borrowed */
    const void *context;
} tf_review_fields;

/* The sheet as CSV, appended to `csv`: pair, then each field as name_l and name_r, then an empty
 * column answer.  Thread-safe for distinct buffers.  Errors: TF_NO_MEMORY. */
TF_API tf_status tf_review_write(const tf_review_sample *sample, const tf_review_fields *fields,
                                 tf_buffer *csv, tf_error *error);

typedef enum tf_review_answer {
    TF_REVIEW_BLANK,    /* also a row that is not in the sheet any more */
    TF_REVIEW_MATCH,    /* match, yes, y, true, 1 */
    TF_REVIEW_NO_MATCH, /* no match, non-match, no, n, false, 0 */
    TF_REVIEW_UNSURE,   /* unsure, don't know, ? */
} tf_review_answer;

/* Read a sheet back: the columns pair and answer, in any order of rows and among any other columns.
 * `answers_out` has room for one answer for each row of the sample; on an error it is undefined.
 * Errors: TF_BAD_INPUT, with the line, for a pair that is not of this sample or is answered twice,
 * for an answer that is none of the words above, and for what is not CSV.  Thread-safe. */
TF_API tf_status tf_review_read(const tf_review_sample *sample, const void *bytes, size_t length,
                                tf_review_answer *answers_out, tf_error *error);

typedef struct tf_review_estimate {
    double threshold; /* a bound: pairs of at least this weight are linked */
    uint64_t linked;  /* pairs */
    double matches;   /* estimated among those linked */
    double missed;    /* estimated among the other pairs given to tf_review_draw */
    tf_interval precision;
    tf_interval recall; /* of the matches among the pairs given; what blocking never made cannot be
                         * drawn and is not in it */
} tf_review_estimate;

typedef struct tf_review_count {
    uint32_t matches;
    uint32_t no_matches;
    uint32_t unsure;
    uint32_t blank;
} tf_review_count;

/* Estimate at each bound; `estimates_out` has bound_count of them, `counts_out` (or NULL) one for
 * each stratum.  A pair that is unsure or blank counts as not drawn, as if those of its stratum
 * were like the others.  Limits are Wilson's at the effective sample size (Dean & Pagano 2015,
 * Survey Methodology 41:87-99) of the stratified variance with finite population correction,
 * linearised for recall.  A stratum whose answers all agree is taken to vary as if one more pair of
 * either kind had been seen (Agresti & Coull 1998), because 30 of 30 is not certainty: no match
 * seen in a large low stratum still leaves many possible, and recall says so.
 * Errors: TF_BAD_INPUT for a confidence outside (0, 1) and for a stratum with pairs and no usable
 * answer.  Thread-safe.  O(rows + bounds * strata). */
TF_API tf_status tf_review_estimates_of(const tf_review_sample *sample,
                                        const tf_review_answer *answers, double confidence,
                                        tf_review_estimate *estimates_out,
                                        tf_review_count *counts_out, tf_error *error);

#endif
