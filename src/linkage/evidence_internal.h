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
    LINK_MOST_FACTORS = 64,     /* of a model */
    LINK_MOST_USES = 16,        /* of one comparison */
    LINK_MOST_TABLE_BITS = 16,  /* of the answers that a table of levels is made for */
    LINK_MOST_ANSWER_BITS = 64, /* of one comparison */
    LINK_ANSWERS = 1 << LINK_MOST_TESTS,
    LINK_NO_ANSWER = 0xFF,
};

/* A condition over the bits of answers. */
typedef struct link_node link_node;
struct link_node {
    tf_link_op op; /* TF_LINK_AND, TF_LINK_OR, TF_LINK_ELSE (holds always), TF_LINK_EXACT (a bit is
                    * set) or TF_LINK_NOT (it is not) */
    int bit;
    link_node **children;
    int child_count;
};

typedef struct link_evidence_factor {
    link_factor factor;
    int number;         /* among the model's */
    uint32_t left_slot; /* of the derived code in a record's row */
    uint32_t right_slot;
    uint8_t usual_answer; /* of two values that have nothing to do with each other */
    bool is_exact;        /* it only asks whether values are the same, or there */
    link_screen *screen;  /* NULL: every pair of values is compared */
    uint32_t table_side;  /* values and one more; 0: there is no table */
    atomic_uchar *table;  /* answer + 1, 0 while it is not known */
} link_evidence_factor;

/* What gives a factor's answer where nothing has to be compared, close together. */
typedef struct link_quick {
    uint32_t left_slot;
    uint32_t right_slot;
    uint8_t missing_answer;
    uint8_t equal_answer;  /* LINK_NO_ANSWER: it depends on the value */
    uint8_t differ_answer; /* LINK_NO_ANSWER: it depends on the values */
    uint32_t table_side;
    atomic_uchar *table;
} link_quick;

/* The tests of a factor that a comparison uses. */
typedef struct link_use {
    const link_evidence_factor *factor;
    int tests[LINK_MOST_TESTS]; /* of the factor */
    int test_count;
    int shift;        /* of their answers among the comparison's */
    uint8_t map[256]; /* from the factor's answer to theirs; 0 for LINK_NO_ANSWER */
} link_use;

typedef struct link_evidence_comparison {
    const tf_link_comparison *comparison;
    link_use uses[LINK_MOST_USES];
    int use_count;
    uint64_t factors; /* that it uses, as bits */
    int bit_count;
    uint8_t *levels;   /* by answers, where they have few bits */
    link_node **nodes; /* of each level */
} link_evidence_comparison;

typedef struct link_evidence {
    const tf_link_records *records;
    const tf_link_model *model;
    link_derivation derivation;
    link_evidence_factor *factors; /* LINK_MOST_FACTORS at most; they stay where they are */
    link_quick *quick;             /* the same, as far as no values are compared */
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

/* The same where the right value is not among the derived ones. */
uint8_t link_answer_new(const link_evidence_factor *factor, uint32_t left,
                        const link_operand *right, link_worker *worker);

/* The answer if nothing has to be compared for it, else LINK_NO_ANSWER. */
static inline uint8_t link_answer_at_once(const link_quick *quick, uint32_t left, uint32_t right) {
    if (left == 0 || right == 0) {
        return quick->missing_answer;
    }
    if (left == right && quick->equal_answer != LINK_NO_ANSWER) {
        return quick->equal_answer;
    }
    if (quick->table_side) {
        return (
            uint8_t)(atomic_load_explicit(&quick->table[(size_t)left * quick->table_side + right],
                                          memory_order_relaxed) -
                     1); /* 0, not known, becomes LINK_NO_ANSWER */
    }
    return quick->differ_answer;
}

/* Two records and the answers about them so far. */
typedef struct link_two {
    const uint32_t *left;
    const uint32_t *right;
    uint64_t open; /* factors whose values must be compared, as bits */
    uint8_t answers[LINK_MOST_FACTORS];
} link_two;

static inline void link_two_begin(link_two *two, const link_evidence *evidence,
                                  const uint32_t *left_row, const uint32_t *right_row) {
    two->left = left_row;
    two->right = right_row;
    two->open = 0;
    for (int f = 0; f < evidence->factor_count; f++) {
        const link_quick *quick = &evidence->quick[f];
        uint8_t answer =
            link_answer_at_once(quick, left_row[quick->left_slot], right_row[quick->right_slot]);
        two->answers[f] = answer;
        two->open |= (uint64_t)(answer == LINK_NO_ANSWER) << f;
    }
}

/* The answers of a comparison's uses so far. */
static inline uint64_t link_two_answers(const link_two *two,
                                        const link_evidence_comparison *comparison) {
    uint64_t answers = 0;
    for (int u = 0; u < comparison->use_count; u++) {
        const link_use *use = &comparison->uses[u];
        answers |= (uint64_t)use->map[two->answers[use->factor->number]] << use->shift;
    }
    return answers;
}

/* The level, comparing what must be compared for it. */
static inline int link_two_level(link_two *two, const link_evidence *evidence,
                                 const link_evidence_comparison *comparison, link_worker *worker) {
    for (uint64_t open = two->open & comparison->factors; open; open &= open - 1) {
        int f = __builtin_ctzll(open);
        const link_evidence_factor *factor = &evidence->factors[f];
        two->answers[f] = link_answer_slowly(factor, two->left[factor->left_slot],
                                             two->right[factor->right_slot], worker);
        two->open &= ~(1ULL << f);
    }
    return link_level_of_answers(comparison, link_two_answers(two, comparison));
}

/* The level of one comparison alone. */
static inline int link_evidence_level(const link_evidence *evidence,
                                      const link_evidence_comparison *comparison,
                                      const uint32_t *left_row, const uint32_t *right_row,
                                      link_worker *worker) {
    uint64_t answers = 0;
    for (int u = 0; u < comparison->use_count; u++) {
        const link_use *use = &comparison->uses[u];
        const link_evidence_factor *factor = use->factor;
        uint32_t left = left_row[factor->left_slot];
        uint32_t right = right_row[factor->right_slot];
        uint8_t answer = link_answer_at_once(&evidence->quick[factor->number], left, right);
        if (answer == LINK_NO_ANSWER) {
            answer = link_answer_slowly(factor, left, right, worker);
        }
        answers |= (uint64_t)use->map[answer] << use->shift;
    }
    return link_level_of_answers(comparison, answers);
}

static inline const uint32_t *link_evidence_row(const link_evidence *evidence, uint32_t record) {
    return evidence->rows + (size_t)record * evidence->stride;
}

#endif
