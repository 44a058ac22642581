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

enum {
    LINK_GLANCE_USES = 6,
    LINK_GLANCE_BITS = 6,
    LINK_GLANCE_OPEN = LINK_ANSWERS, /* the values are there and differ */
    LINK_GLANCE_ROW = LINK_ANSWERS + 1,
};

/* One use of a comparison, beside those whose answers are always known at once, and what the
 * comparison can be worth at most by them. */
typedef struct link_glance {
    const link_use *use;
    const link_quick *quick;
    const link_screen *screen; /* or NULL */
    uint8_t usual;             /* of values that have nothing to do with each other */
    const link_use *exact_uses[LINK_GLANCE_USES];
    int exact_shifts[LINK_GLANCE_USES];
    int exact_count;
    uint32_t row_count;
    float *most; /* rows by the answers of the exact uses, LINK_GLANCE_ROW each */
    const link_level_worth *equal_worth; /* of two equal values, by their frequency; or NULL */
} link_glance;

/* What a use whose answer is always known at once adds to the number of a glance's row. */
typedef struct link_peek_exact {
    uint32_t left_slot;
    uint32_t right_slot;
    uint32_t missing;
    uint32_t equal;
    uint32_t differ;
} link_peek_exact;

/* A glance in as few bytes as the first look at a pair needs.  Answers are those of its use, as the
 * place in a row: LINK_GLANCE_OPEN where the values must be looked at. */
typedef struct link_peek {
    uint32_t left_slot;
    uint32_t right_slot;
    uint8_t missing;
    uint8_t equal;
    uint8_t differ;
    uint8_t exact_count;
    uint32_t table_side; /* 0: there is no table */
    atomic_uchar *table;
    const uint8_t *map; /* from the table's answers */
    const float *most;
    const link_level_worth *equal_worth;
    link_peek_exact exact[LINK_GLANCE_USES];
} link_peek;

typedef struct link_scorer {
    const link_evidence *evidence;
    double prior_weight;
    link_level_worth *worths; /* TF_LINK_MAX_LEVELS for each comparison */
    double **frequencies;     /* by slot, NULL where they are not used */
    uint32_t slot_count;
    link_glance *glances; /* of each comparison; NULL until link_scorer_prepare */
    link_peek *peeks;     /* the same */
    float glance_start;
    int looks[TF_LINK_MAX_COMPARISONS]; /* comparisons that can be screened, those that can decide
                                         */
    int look_count;                     /* most for their cost first */
} link_scorer;

/* Errors: TF_BAD_INPUT if the model has no prior, or a level no m or u; TF_NO_MEMORY. */
tf_status link_scorer_new(const link_evidence *evidence, link_scorer **scorer_out, tf_error *error);
void link_scorer_free(link_scorer *scorer);

/* Take the model's m, u and prior as they are now.  Errors as above. */
tf_status link_scorer_weigh(link_scorer *scorer, tf_error *error);

/* Make ready for link_scorer_select, by the weights as they are.  Errors: TF_NO_MEMORY. */
tf_status link_scorer_prepare(link_scorer *scorer, tf_error *error);

void link_scorer_forget_glances(link_scorer *scorer);

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

enum { LINK_BATCH = 64 };

/* A pair of a batch that reaches the threshold. */
typedef struct link_scored {
    uint32_t other; /* which of the batch */
    double weight;
} link_scored;

/* The pairs of one record with others, at most LINK_BATCH, whose weight is `threshold` or more, in
 * their order, in `scored_out`, which has room for all; returns how many.  After
 * link_scorer_prepare. */
size_t link_scorer_select(const link_scorer *scorer, uint32_t record, const uint32_t *others,
                          size_t count, double threshold, link_worker *worker,
                          link_scored *scored_out);

#endif
