/* Which pairs of records are looked at: those whose keys agree by at least one blocking rule.
 *
 * A rule divides the records that have all its keys into blocks.  A pair that several rules find
 * belongs to the first of them, so that it is given once.  Blocks of more records than a bound are
 * set aside and counted: their pairs are left to other rules. */
#ifndef TREFOIL_LINKAGE_BLOCKS_INTERNAL_H
#define TREFOIL_LINKAGE_BLOCKS_INTERNAL_H

#include "linkage/derive_internal.h"
#include "trefoil/linkage/predict.h"

/* The blocks that a record is in, on one side of a rule.  Either one a record, or lists. */
typedef struct link_block_ids {
    uint32_t *single; /* by record; 0: in none */
    uint64_t *starts; /* NULL, or record_count + 1 */
    uint32_t *lists;  /* rising within each record */
} link_block_ids;

typedef struct link_block_rule {
    const tf_link_rule *rule;
    bool is_across; /* the left record's key is compared with the right one's of another column */
    bool is_multiple;
    link_block_ids left;
    link_block_ids right;   /* the same as left unless across */
    uint32_t block_count;   /* numbered from 1 */
    uint64_t *left_starts;  /* block_count + 2: where each block's members start */
    uint32_t *left_members; /* records, rising within a block */
    uint64_t *right_starts; /* the same arrays as the left ones unless across */
    uint32_t *right_members;
    tf_link_rule_report report;
} link_block_rule;

typedef struct link_blocks {
    const tf_link_records *records;
    tf_link_type type;
    link_block_rule *rules;
    int rule_count;
    uint32_t stride; /* of `rows`: rules of which each record is in one block at most */
    uint32_t *rows;  /* block numbers, record after record */
    int *row_slot;   /* of each rule; -1: its ids are looked up */
} link_blocks;

/* A part of the work: members of one rule. */
typedef struct link_block_task {
    int rule;
    uint64_t first; /* in left_members */
    uint64_t last;  /* behind the last */
} link_block_task;

tf_status link_blocks_new(const tf_link_records *records, const link_reading *reading,
                          const tf_link_rule *rules, int rule_count, tf_link_type type,
                          uint32_t most_members, int thread_count, link_blocks **blocks_out,
                          tf_error *error);
void link_blocks_free(link_blocks *blocks);

/* Divide the pairs of all rules into tasks of about so many.  `*tasks_out` is freed by the caller.
 */
tf_status link_blocks_divide(const link_blocks *blocks, uint64_t pairs_a_task,
                             link_block_task **tasks_out, size_t *count_out, tf_error *error);

enum { LINK_PAIRS_AT_ONCE = 64 };

/* Takes pairs of one record with others, each pair once over all tasks; of every pair the lower
 * record is the left one.  Returns false to stop. */
typedef bool link_pair_sink(void *context, int rule, uint32_t record, const uint32_t *others,
                            size_t count);

/* Whether all pairs of the task were taken. */
bool link_blocks_each(const link_blocks *blocks, const link_block_task *task, link_pair_sink *sink,
                      void *context);

/* Whether any rule finds the pair. */
bool link_blocks_find(const link_blocks *blocks, uint32_t a, uint32_t b);

/* Whether a linkage of this type compares the two at all. */
static inline bool link_type_allows(tf_link_type type, const tf_link_records *records, uint32_t a,
                                    uint32_t b) {
    return type == TF_LINK_BOTH ||
           (records->sources[a] == records->sources[b]) == (type == TF_LINK_DEDUPE);
}

#endif
