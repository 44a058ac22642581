/* How good a linkage is, held against the truth: the entity (the real person) of each record.
 *
 * A pair of records counts as true when both are of one entity.  Precision is the share of the
 * pairs linked that are true, recall the share of the true pairs that are linked, F1 their harmonic
 * mean, specificity the share of the untrue pairs that are left apart.  All of them are over the
 * pairs of records whose entity is known.
 *
 * Two intervals stand beside a figure.  `by_pair` is Wilson's, as if each pair were an independent
 * trial.  It is too narrow, because pairs come in clumps: an entity of ten records is 45 pairs that
 * succeed and fail together, and one wrong merge makes as many wrong pairs as the product of the
 * two sizes.  `by_entity` draws whole entities with replacement instead, and a pair of two entities
 * counts as often as the product of their draws (the bootstrap of a U statistic; Efron & Tibshirani
 * 1993, An Introduction to the Bootstrap, chapters 8 and 13; Davison & Hinkley 1997, section 3.8;
 * draws are Poisson, Chamandy et al. 2012, "Estimating uncertainty for massive data streams").  Its
 * limits are percentiles.  Weighting by the product is known to err on the wide side for pairs of
 * two entities (Owen 2007, "The pigeonhole bootstrap", Annals of Applied Statistics 1:386-411), so
 * that the interval of the precision is cautious: up to the square root of 3 too wide when every
 * wrong pair stands alone.  Where the records hold no error at all every draw is perfect and says
 * nothing; the interval is then Wilson's over the entities that have a true pair.
 *
 * All functions are thread-safe, and give the same figures with any number of threads. */
#ifndef TREFOIL_LINKAGE_EVALUATE_H
#define TREFOIL_LINKAGE_EVALUATE_H

#include "trefoil/base/status.h"
#include "trefoil/stats/interval.h"

#include <stdbool.h>

/* The entity of a record of which it is not known, the group of a record that has none. */
#define TF_EVALUATE_UNKNOWN UINT32_MAX

enum {
    TF_EVALUATE_REPLICATES = 400,  /* draws enough for 95% limits */
    TF_EVALUATE_MOST_GROUPS = 1000 /* a column with more values is no subgroup */
};

/* All arrays have one value a record and are borrowed. */
typedef struct tf_evaluate_truth {
    uint32_t record_count;
    const uint32_t *entity; /* any numbers; TF_EVALUATE_UNKNOWN sets the record aside */
    const uint32_t *source; /* any numbers: only pairs of two sources count; NULL: all pairs do */
    const uint32_t *group;  /* the subgroup, below group_count or TF_EVALUATE_UNKNOWN; or NULL */
    uint32_t group_count;
} tf_evaluate_truth;

typedef struct tf_evaluate_options {
    double confidence;         /* 0: 0.95 */
    uint32_t replicates;       /* draws; 0: no by_entity intervals, their limits are NaN */
    uint64_t seed;             /* the draws depend on it and on nothing else */
    uint32_t minimum_entities; /* a subgroup with fewer shows no figure */
    int thread_count;          /* 0: one for each processor */
} tf_evaluate_options;

/* NaN stands for a share of nothing: the precision of no links. */
typedef struct tf_evaluate_share {
    tf_interval by_entity;
    tf_interval by_pair;
} tf_evaluate_share;

/* Of pairs.  Halves occur in a subgroup: a pair of two groups counts one half in each, so that the
 * groups add up to the whole. */
typedef struct tf_evaluate_quality {
    double correct_pairs; /* linked and true */
    double wrong_pairs;   /* linked and not true */
    double true_pairs;
    double all_pairs; /* that could have been linked */
    tf_evaluate_share precision;
    tf_evaluate_share recall;
    tf_evaluate_share specificity;
    tf_interval f1; /* limits by entity */
} tf_evaluate_quality;

typedef struct tf_evaluate_group {
    uint32_t records;
    uint32_t entities; /* that have a record in the group */
    bool is_shown;     /* false: too small, and all that follows is zero */
    tf_evaluate_quality quality;
    /* Minus the figure of all other records, limits by entity. */
    tf_interval precision_difference;
    tf_interval recall_difference;
    tf_interval f1_difference;
} tf_evaluate_group;

typedef struct tf_evaluate_clusters {
    uint32_t records;      /* of known entity; the rest is over these alone */
    uint32_t records_left; /* of unknown entity */
    uint32_t entities;
    uint32_t clusters;
    tf_evaluate_quality pairs;

    uint32_t exact_clusters;   /* that hold all records of one entity and no other */
    uint32_t merged_clusters;  /* that hold records of two entities or more: merged too far */
    uint32_t split_entities;   /* whose records are in two clusters or more: merged too little */
    double cluster_precision;  /* exact_clusters by clusters (Menestrina, Whang & Garcia-Molina */
    double cluster_recall;     /* 2010, PVLDB 3:208-219), and by entities */
    double b_cubed_precision;  /* the mean over records of the share of its cluster that is its */
    double b_cubed_recall;     /* entity's, and of its entity that is in its cluster (Bagga & */
    double b_cubed_f1;         /* Baldwin 1998, LREC workshop on linguistic coreference) */
    double purity;             /* records of their cluster's largest entity (Zhao & Karypis 2001) */
    double inverse_purity;     /* records of their entity's largest cluster */
    double homogeneity;        /* Rosenberg & Hirschberg 2007, EMNLP-CoNLL:410-420 */
    double completeness;       /* the same with clusters and entities exchanged */
    double v_measure;          /* their harmonic mean */
    double information_lost;   /* bits: H(entity | cluster) + H(cluster | entity), the variation */
                               /* of information (Meila 2007, J. Multivariate Analysis 98:873) */
    tf_evaluate_group *groups; /* group_count of them, by number; NULL when there are none */
    uint32_t group_count;
} tf_evaluate_clusters;

/* Hold clusters against the truth, without listing a pair.  `cluster` has any number a record; only
 * which are equal matters.  Free the result with tf_evaluate_clusters_deinit; on failure it holds
 * nothing.
 * Errors: TF_BAD_INPUT for no record of known entity, a group out of range, too many groups or a
 * confidence outside (0, 1); TF_NO_MEMORY.
 * O(records) for the figures and again for each replicate. */
TF_API tf_status tf_evaluate_clusters_of(const tf_evaluate_truth *truth, const uint32_t *cluster,
                                         const tf_evaluate_options *options,
                                         tf_evaluate_clusters *result_out, tf_error *error);
TF_API void tf_evaluate_clusters_deinit(tf_evaluate_clusters *result);

/* A pair that was compared, once, in either order. */
typedef struct tf_evaluate_pair {
    uint32_t left;
    uint32_t right;
    double weight; /* match weight, probability or any score that grows with belief */
} tf_evaluate_pair;

/* What is linked when pairs of `threshold` or more are. */
typedef struct tf_evaluate_point {
    double threshold;
    uint64_t correct_pairs;
    uint64_t wrong_pairs;
} tf_evaluate_point;

typedef struct tf_evaluate_row {
    double threshold;
    tf_evaluate_quality quality;
    uint64_t lost_to_threshold; /* true pairs that were compared and not linked */
} tf_evaluate_row;

typedef struct tf_evaluate_scores {
    uint64_t all_pairs;        /* that could have been linked, both entities known */
    uint64_t true_pairs;       /* of these */
    uint64_t compared;         /* pairs given, both entities known */
    uint64_t pairs_left;       /* pairs given with an entity that is not known */
    uint64_t found;            /* true pairs among those compared */
    uint64_t lost;             /* true pairs never compared: blocking did not make them */
    double recall_bound;       /* found by true_pairs: no threshold reaches more */
    double average_precision;  /* area under precision by recall, as a sum of steps: precision at
                                * each threshold times what recall gains there (Boyd, Eng & Page
                                * 2013, ECML PKDD; no optimistic straight line between points,
                                * Davis & Goadrich 2006, ICML).  Pairs never compared are never
                                * gained. */
    double best_f1;            /* chosen with the truth in hand, hence a ceiling */
    double best_threshold;     /* the highest that gives it; NaN when nothing was compared */
    tf_evaluate_point *points; /* one for each distinct weight, from the highest down */
    size_t point_count;
    tf_evaluate_row *rows; /* the threshold table, in the order asked for */
    size_t row_count;
    tf_evaluate_group *groups; /* at the threshold of the first row; NULL when there are none */
    uint32_t group_count;
} tf_evaluate_scores;

/* Hold scored pairs against the truth at `threshold_count` thresholds (at least one) and at every
 * distinct weight.  True pairs that are not among `pairs` count as missed.  Free the result with
 * tf_evaluate_scores_deinit; on failure it holds nothing.
 * Errors: as tf_evaluate_clusters_of, and TF_BAD_INPUT for a pair of a record with itself, with a
 * record that is not there, of one source when sources are given, or given twice; for a weight or
 * threshold that is not a number.
 * O(pairs + records), and again for each replicate. */
TF_API tf_status tf_evaluate_scores_of(const tf_evaluate_truth *truth,
                                       const tf_evaluate_pair *pairs, size_t pair_count,
                                       const double *thresholds, size_t threshold_count,
                                       const tf_evaluate_options *options,
                                       tf_evaluate_scores *result_out, tf_error *error);
TF_API void tf_evaluate_scores_deinit(tf_evaluate_scores *result);

#endif
