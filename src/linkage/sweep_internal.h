/* One record against all others: the fast way where every pair is looked at.
 *
 * For the record at hand, what each value of another record adds to the pattern is laid out in a
 * row for each comparison, so that a pair costs one look-up and one addition a comparison.
 *
 * The factors of a comparison that read the same columns are joined: their codes together are one
 * code.  Of the joined factors one is the comparison's row.  Another that seldom has any but its
 * usual answer (the same given name, in a comparison of sexes) is not looked up for every pair: the
 * few records that it concerns are found by their codes, and the sums corrected for them.  Where
 * two are needed for every pair, answers are added up and turned into levels pair by pair. */
#ifndef TREFOIL_LINKAGE_SWEEP_INTERNAL_H
#define TREFOIL_LINKAGE_SWEEP_INTERNAL_H

#include "linkage/patterns_internal.h"
#include "linkage/scorer_internal.h"

enum {
    LINK_TILE = 1024,           /* records looked at together */
    LINK_MOST_GROUPS = 16,      /* of comparisons */
    LINK_GROUP_PATTERNS = 4096, /* of a group's comparisons, at most: their weights fit a cache */
    LINK_SWEEP_BITS = 32,       /* of a comparison's answers */
};

/* The values whose answer with a value is not the usual one: `code << 8 | answer`, by code. */
typedef struct link_relations {
    uint64_t *starts; /* by code, value count + 2; NULL: not found beforehand */
    uint32_t *items;
} link_relations;

typedef struct link_sweep_factor {
    const link_evidence_factor *factor;
    uint32_t value_count;
    link_relations relations;
} link_sweep_factor;

/* A comparison's uses of factors that read the same columns. */
typedef struct link_joined {
    const link_use *uses[LINK_MOST_USES];
    int use_count;
    uint32_t code_count; /* of what is joined, from 0 */
    uint32_t *codes;     /* of each record as the right one */
    uint32_t *parts;     /* use_count codes of each joined code */
    /* By a factor's code: the joined codes that have it, or the records if the joined is sparse. */
    uint64_t *holder_starts[LINK_MOST_USES];
    uint32_t *holders[LINK_MOST_USES];
    bool is_sparse;
} link_joined;

typedef struct link_sweep_comparison {
    link_joined *joined;
    int joined_count;
    int row; /* the joined factor laid out in rows; -1: there are several */
    int group;
    uint32_t stride; /* in the group's pattern */
} link_sweep_comparison;

typedef struct link_sweep {
    const link_evidence *evidence;
    link_pattern_code code;
    link_sweep_factor *factors; /* as the evidence numbers them */
    int factor_count;
    link_sweep_comparison *comparisons;
    int comparison_count;
    uint32_t group_size[LINK_MOST_GROUPS];
    uint64_t group_stride[LINK_MOST_GROUPS]; /* of a group's pattern in the whole pattern */
    int group_count;
} link_sweep;

tf_status link_sweep_new(const link_evidence *evidence, link_sweep **sweep_out, tf_error *error);
void link_sweep_free(link_sweep *sweep);

/* Find the related values of every factor, for sweeping many records; once.  O(values^2), most of
 * them only screened, in parallel. */
tf_status link_sweep_relate(link_sweep *sweep, int thread_count, tf_error *error);

/* A thread's rows, kept from record to record. */
typedef struct link_sweeper link_sweeper;

tf_status link_sweeper_new(const link_sweep *sweep, link_sweeper **sweeper_out, tf_error *error);
void link_sweeper_free(link_sweeper *sweeper);

/* Lay out the rows of a record, which is then the left one of pairs with the records from `first`
 * to before `last`.  Errors: TF_NO_MEMORY. */
tf_status link_sweeper_take(link_sweeper *sweeper, uint32_t record, uint32_t first, uint32_t last,
                            tf_error *error);

/* The patterns of the record with those from `first` to before `last`, at most LINK_TILE; one
 * array a group, `LINK_TILE` apart.  Valid until the next call. */
const uint16_t *link_sweeper_tile(link_sweeper *sweeper, uint32_t first, uint32_t last);

/* The pattern of the tile's pair `i`, as the pattern code numbers it. */
static inline uint64_t link_tile_pattern(const link_sweep *sweep, const uint16_t *tile,
                                         uint32_t i) {
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
