/* One record against all others: the fast way where every pair is looked at.
 *
 * For the record at hand each factor's answers to every value are laid out in a row, so that a
 * pair costs one look-up for each comparison.  Where all records are swept, the values that are
 * alike are found once, before (`link_sweep_relate`); else a row is computed when it is needed. */
#ifndef TREFOIL_LINKAGE_SWEEP_INTERNAL_H
#define TREFOIL_LINKAGE_SWEEP_INTERNAL_H

#include "linkage/patterns_internal.h"
#include "linkage/scorer_internal.h"

enum {
    LINK_TILE = 1024,           /* records looked at together */
    LINK_MOST_GROUPS = 8,       /* of comparisons */
    LINK_GROUP_PATTERNS = 4096, /* of a group's comparisons, at most: their weights fit a cache */
};

/* The values that are related to each value: whose answer is not the usual one. */
typedef struct link_relations {
    uint64_t *starts; /* by code, value count + 2; NULL: not found beforehand */
    uint32_t *items;  /* code << 8 | answer */
} link_relations;

typedef struct link_sweep_factor {
    const link_evidence_factor *factor;
    uint32_t value_count;
    uint8_t usual_answer; /* of two values that have nothing to do with each other */
    const uint32_t *codes; /* of each record as the right one; owned by the sweep */
    link_relations relations;
} link_sweep_factor;

typedef struct link_sweep {
    const link_evidence *evidence;
    link_pattern_code code;
    link_sweep_factor *factors; /* of all comparisons, one after another */
    int factor_count;
    int first_factor[TF_LINK_MAX_COMPARISONS + 1];
    int group_of[TF_LINK_MAX_COMPARISONS];
    uint32_t stride_in_group[TF_LINK_MAX_COMPARISONS];
    uint32_t group_size[LINK_MOST_GROUPS];
    uint64_t group_stride[LINK_MOST_GROUPS]; /* of a group's pattern in the whole pattern */
    int group_count;
} link_sweep;

tf_status link_sweep_new(const link_evidence *evidence, link_sweep **sweep_out, tf_error *error);
void link_sweep_free(link_sweep *sweep);

/* Find the related values of every factor.  O(values^2), in parallel. */
tf_status link_sweep_relate(link_sweep *sweep, int thread_count, tf_error *error);

/* A thread's rows, kept from record to record. */
typedef struct link_sweeper link_sweeper;

tf_status link_sweeper_new(const link_sweep *sweep, link_sweeper **sweeper_out, tf_error *error);
void link_sweeper_free(link_sweeper *sweeper);

/* Lay out the rows of a record, which is then the left one of the calls below. */
void link_sweeper_take(link_sweeper *sweeper, uint32_t record);

/* The patterns of the record with those from `first` to before `last`, at most LINK_TILE; one
 * array a group, `LINK_TILE` apart.  Valid until the next call. */
const uint32_t *link_sweeper_tile(link_sweeper *sweeper, uint32_t first, uint32_t last);

/* The pattern of the tile's pair `i`, as the pattern code numbers it. */
static inline uint64_t link_tile_pattern(const link_sweep *sweep, const uint32_t *tile, uint32_t i) {
    uint64_t pattern = 0;
    for (int g = 0; g < sweep->group_count; g++) {
        pattern += sweep->group_stride[g] * tile[(size_t)g * LINK_TILE + i];
    }
    return pattern;
}

/* What a group's patterns can be worth at most, for passing over pairs: one table a group, each of
 * its group_size.  Freed by the caller. */
tf_status link_sweep_bounds(const link_sweep *sweep, const link_scorer *scorer,
                            float *bounds_out[LINK_MOST_GROUPS], tf_error *error);

#endif
