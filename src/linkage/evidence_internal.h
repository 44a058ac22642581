/* A model's comparisons at work on records: from two records to the level of each comparison.
 *
 * Conditions are split into factors: the tests that read one derived value, of all comparisons
 * together, so that two values are compared once.  A comparison uses some tests of some factors;
 * their answers, a few bits each, name its level in a table.  For values of few kinds the answers
 * are kept in a table of all pairs of values. */
#ifndef TREFOIL_LINKAGE_EVIDENCE_INTERNAL_H
#define TREFOIL_LINKAGE_EVIDENCE_INTERNAL_H

#include "linkage/screen_internal.h"

#include <stdatomic.h>

enum {
    LINK_MOST_FACTORS = 96, /* of a model */
    LINK_MOST_USES = 16,     /* of one comparison */
    LINK_MOST_TABLE_BITS = 16,  /* of the answers that a table of levels is made for */
    LINK_MOST_ANSWER_BITS = 64, /* of one comparison */
    LINK_ANSWERS = 1 << LINK_MOST_TESTS,
    LINK_NO_ANSWER = 0xFF,
};

/* A condition over the bits of answers. */
typedef struct link_node link_node;
struct link_node {
    tf_link_op op; /* TF_LINK_AND, TF_LINK_OR, TF_LINK_ELSE (holds always); else a bit */
    int bit;
    link_node **children;
    int child_count;
};

typedef struct link_evidence_factor {
    link_factor factor;
    int number; /* among the model's */
    uint32_t left_slot; /* of the derived code in a record's row */
    uint32_t right_slot;
    uint8_t usual_answer; /* of two values that have nothing to do with each other */
    link_screen *screen;  /* NULL: every pair of values is compared */
    uint32_t table_side;  /* values and one more; 0: there is no table */
    atomic_uchar *table;  /* answer + 1, 0 while it is not known */
} link_evidence_factor;

/* The tests of a factor that a comparison uses. */
typedef struct link_use {
    const link_evidence_factor *factor;
    int tests[LINK_MOST_TESTS]; /* of the factor */
    int test_count;
    int shift;                 /* of their answers among the comparison's */
    uint8_t map[LINK_ANSWERS]; /* from the factor's answer to theirs */
} link_use;

typedef struct link_evidence_comparison {
    const tf_link_comparison *comparison;
    link_use uses[LINK_MOST_USES];
    int use_count;
    int bit_count;
    uint8_t *levels;   /* by answers, where they have few bits */
    link_node **nodes; /* of each level */
} link_evidence_comparison;

typedef struct link_evidence {
    const tf_link_records *records;
    const tf_link_model *model;
    link_derivation derivation;
    link_evidence_factor *factors; /* LINK_MOST_FACTORS at most; they stay where they are */
    int factor_count;
    link_evidence_comparison *comparisons;
    int comparison_count;
    uint32_t record_count;
    uint32_t stride; /* slots of a row */
    uint32_t *rows;  /* record after record */
    tf_arena *arena;
} link_evidence;

/* A thread's own work space. */
typedef struct link_worker {
    tf_similarity_scratch scratch;
} link_worker;

tf_status link_evidence_new(const tf_link_records *records, const link_reading *reading,
                            int thread_count, link_evidence **evidence_out, tf_error *error);
void link_evidence_free(link_evidence *evidence);

tf_status link_worker_init(link_worker *worker, tf_error *error);
void link_worker_deinit(link_worker *worker);

/* The level from the answers of all factors. */
static inline int link_level_of_answers(const link_evidence_comparison *comparison,
                                        uint64_t answers);
int link_level_by_nodes(const link_evidence_comparison *comparison, uint64_t answers);

static inline int link_level_of_answers(const link_evidence_comparison *comparison,
                                        uint64_t answers) {
    return comparison->levels ? comparison->levels[answers]
                              : link_level_by_nodes(comparison, answers);
}

/* A factor's answer for two codes that are there and must be compared. */
uint8_t link_answer_slowly(const link_evidence_factor *factor, uint32_t left, uint32_t right,
                           link_worker *worker);

/* The answer if nothing has to be compared for it; false if something has. */
static inline bool link_answer_at_once(const link_evidence_factor *factor, uint32_t left,
                                       uint32_t right, uint8_t *answer_out) {
    if (left == 0 || right == 0) {
        *answer_out = factor->factor.missing_answer;
        return true;
    }
    if (left == right && factor->factor.has_equal_answer) {
        *answer_out = factor->factor.equal_answer;
        return true;
    }
    if (factor->table_side) {
        unsigned char known = atomic_load_explicit(
            &factor->table[(size_t)left * factor->table_side + right], memory_order_relaxed);
        *answer_out = (uint8_t)(known - 1);
        return known != 0;
    }
    return false;
}

/* Two records and the answers about them so far. */
typedef struct link_two {
    const uint32_t *left;
    const uint32_t *right;
    uint8_t answers[LINK_MOST_FACTORS]; /* LINK_NO_ANSWER: not asked yet */
} link_two;

static inline void link_two_begin(link_two *two, const link_evidence *evidence,
                                  const uint32_t *left_row, const uint32_t *right_row) {
    two->left = left_row;
    two->right = right_row;
    memset(two->answers, LINK_NO_ANSWER, (size_t)evidence->factor_count);
}

/* The answer of a factor if nothing has to be compared for it. */
static inline bool link_two_ask(link_two *two, const link_evidence_factor *factor,
                                uint8_t *answer_out) {
    uint8_t *answer = &two->answers[factor->number];
    if (*answer == LINK_NO_ANSWER &&
        !link_answer_at_once(factor, two->left[factor->left_slot], two->right[factor->right_slot],
                             answer)) {
        *answer = LINK_NO_ANSWER;
        return false;
    }
    *answer_out = *answer;
    return true;
}

static inline int link_evidence_level(const link_evidence_comparison *comparison, link_two *two,
                                      link_worker *worker) {
    uint64_t answers = 0;
    for (int i = 0; i < comparison->use_count; i++) {
        const link_use *use = &comparison->uses[i];
        const link_evidence_factor *factor = use->factor;
        uint8_t answer;
        if (!link_two_ask(two, factor, &answer)) {
            answer = link_answer_slowly(factor, two->left[factor->left_slot],
                                        two->right[factor->right_slot], worker);
            two->answers[factor->number] = answer;
        }
        answers |= (uint64_t)use->map[answer] << use->shift;
    }
    return link_level_of_answers(comparison, answers);
}

static inline const uint32_t *link_evidence_row(const link_evidence *evidence, uint32_t record) {
    return evidence->rows + (size_t)record * evidence->stride;
}

#endif
