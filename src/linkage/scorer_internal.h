/* From the levels of two records to their match weight. */
#ifndef TREFOIL_LINKAGE_SCORER_INTERNAL_H
#define TREFOIL_LINKAGE_SCORER_INTERNAL_H

#include "linkage/evidence_internal.h"

/* What a level is worth; with term frequencies, `factor * (base - log2 of the commoner value's
 * frequency)` on top, the frequency no less than the floor (tf_link_term_adjustment). */
typedef struct link_level_worth {
    double weight;
    double factor; /* 0: frequencies play no part */
    double base;
    double floor; /* log2 */
    uint32_t left_slot;
    uint32_t right_slot;
    const double *frequencies; /* log2, by code; borrowed */
} link_level_worth;

typedef struct link_scorer {
    const link_evidence *evidence;
    double prior_weight;
    link_level_worth *worths; /* TF_LINK_MAX_LEVELS for each comparison */
    double *bounds;       /* of each comparison: no level that must be compared for is worth more */
    double **frequencies; /* by slot, NULL where they are not used */
    uint32_t slot_count;
    int order[TF_LINK_MAX_COMPARISONS]; /* those that can decide most first */
    /* Of each comparison and factor, by the answers of its other uses: what it can be worth if the
     * values that this one reads are there and differ.  NULL where there are too many answers. */
    float **open_bounds; /* LINK_MOST_FACTORS for each comparison */
} link_scorer;

/* Errors: TF_BAD_INPUT if the model has no prior, or a level no m or u; TF_NO_MEMORY. */
tf_status link_scorer_new(const link_evidence *evidence, link_scorer **scorer_out, tf_error *error);
void link_scorer_free(link_scorer *scorer);

/* Take the model's m, u and prior as they are now.  Errors as above. */
tf_status link_scorer_weigh(link_scorer *scorer, tf_error *error);

/* The weight that a level adds. */
double link_scorer_term(const link_scorer *scorer, int comparison, int level,
                        const uint32_t *left_row, const uint32_t *right_row);

/* The most that a level can add, with whatever values. */
double link_scorer_most(const link_scorer *scorer, int comparison, int level);

/* The match weight of a pair whose levels are known, summed in the order of the comparisons. */
double link_scorer_sum(const link_scorer *scorer, const uint8_t *levels, const uint32_t *left_row,
                       const uint32_t *right_row);

void link_scorer_levels(const link_scorer *scorer, uint32_t left, uint32_t right,
                        link_worker *worker, uint8_t *levels_out);

enum { LINK_BATCH = 32 };

/* A pair of a batch that reaches the threshold. */
typedef struct link_scored {
    uint32_t other; /* which of the batch */
    double weight;
} link_scored;

/* The pairs of one record with others, at most LINK_BATCH, whose weight is `threshold` or more, in
 * their order, in `scored_out`, which has room for all; returns how many.  Comparing a pair stops
 * as soon as the threshold is out of reach; the comparisons that can decide most come first. */
size_t link_scorer_select(const link_scorer *scorer, uint32_t record, const uint32_t *others,
                          size_t count, double threshold, link_worker *worker,
                          link_scored *scored_out);

#endif
