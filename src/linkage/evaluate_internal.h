/* What the evaluation of clusters and of scored pairs share. */
#ifndef TREFOIL_LINKAGE_EVALUATE_INTERNAL_H
#define TREFOIL_LINKAGE_EVALUATE_INTERNAL_H

#include "trefoil/linkage/evaluate.h"

#include <stddef.h>

/* The records of known entity, renumbered, with labels from 0 without gaps. */
typedef struct evaluate_records {
    uint32_t count;
    uint32_t left;   /* records of unknown entity */
    uint32_t *place; /* for each record of the input its number here, or TF_EVALUATE_UNKNOWN */
    uint32_t *entity;
    uint32_t *source;   /* NULL: all pairs count */
    uint32_t *group;    /* group_count is the group of those without one */
    uint32_t *order;    /* the records by entity, then source, then group */
    uint32_t *spare;    /* room for another order */
    uint32_t *partners; /* for each record how many others of its entity it pairs with */
    uint32_t *source_size;
    uint32_t entity_count;
    uint32_t source_count;
    uint32_t group_count;
    uint32_t *counters; /* room for sorting by any of the labels */
    uint64_t all_pairs;
    uint64_t true_pairs;
} evaluate_records;

tf_status tf_evaluate_records_init(evaluate_records *records, const tf_evaluate_truth *truth,
                                   tf_error *error);
void tf_evaluate_records_deinit(evaluate_records *records);

/* Number `count` labels from 0 without gaps in `dense_out`, which may be `labels`. */
tf_status tf_evaluate_dense(const uint32_t *labels, uint32_t count, uint32_t *dense_out,
                            uint32_t *label_count_out, tf_error *error);

/* Sort records->order by labels below `label_count` (at most records->count + 1 or group_count +
 * 1), keeping the order of equals. */
void tf_evaluate_sort(evaluate_records *records, const uint32_t *labels, uint32_t label_count);

/* Weighted pairs of one slot: everything, a subgroup, or what is above a threshold. */
typedef struct evaluate_sums {
    double correct;
    double wrong;
    double truth;
} evaluate_sums;

/* What is drawn again and again.  `add` adds to sums[0 .. slot_count) what the entities' weights
 * make of the pairs. */
typedef struct evaluate_design {
    void (*add)(const void *context, const uint8_t *weights, evaluate_sums *sums);
    const void *context;
    uint32_t entity_count;
    size_t slot_count;
} evaluate_design;

/* The sums as they are, and those of each replicate after it: [1 + replicates][slot_count]. */
tf_status tf_evaluate_draw(const evaluate_design *design, const tf_evaluate_options *options,
                           evaluate_sums **sums_out, tf_error *error);

/* The figures of one slot, and of the difference of two. */
typedef struct evaluate_slot {
    const evaluate_sums *sums; /* of the first slot */
    size_t slot_count;
    size_t slot;
    double all_pairs;
    uint32_t entities; /* with a true pair: the independent trials */
} evaluate_slot;

tf_status tf_evaluate_quality_of(const evaluate_slot *slot, const tf_evaluate_options *options,
                                 tf_evaluate_quality *quality_out, tf_error *error);

/* Fill the groups from the slots first_slot + group; all records are slot `whole`. */
tf_status tf_evaluate_groups_of(const evaluate_records *records, const evaluate_sums *sums,
                                size_t slot_count, size_t first_slot, size_t whole,
                                const tf_evaluate_options *options, tf_evaluate_group *groups,
                                tf_error *error);

tf_status tf_evaluate_check_options(const tf_evaluate_options *options,
                                    tf_evaluate_options *checked_out, tf_error *error);

/* Wilson's score interval (1927, JASA 22:209-212) for a share of `trials`, which need not be a
 * whole number; NaN for none. */
tf_interval tf_evaluate_wilson(double share, double trials, double confidence);

/* SplitMix64 (Steele, Lea & Flood 2014): number `index` of the sequence of `seed`. */
uint64_t tf_evaluate_random_at(uint64_t seed, uint64_t index);

/* How many entities have a true pair. */
uint32_t tf_evaluate_paired_entities(const evaluate_records *records);

#endif
