/* What two values have to do with each other: the tests of a model's conditions, answered together
 * for the values that they read. */
#ifndef TREFOIL_LINKAGE_MEASURE_INTERNAL_H
#define TREFOIL_LINKAGE_MEASURE_INTERNAL_H

#include "linkage/derive_internal.h"

enum {
    LINK_MOST_TESTS = 7, /* of one factor: an answer is a byte with room for "not yet known" */
    /* Texts beyond this many letters are only compared for being the same, so that no pair of
     * values takes longer than some microseconds. */
    LINK_LONGEST_COMPARED = 512,
};

/* A value with what the tests of a factor read of it. */
typedef struct link_operand {
    uint32_t code; /* in the derived values; UINT32_MAX: not among them */
    tf_text text;
    tf_similarity_text similarity;
    const struct link_signature *signature; /* screen_internal.h; or NULL */
    const tf_similarity_grams *grams;
    int32_t days;
    double number;
    link_place place;
    const uint32_t *list; /* codes of elements, rising; guests' own are above the dictionary's */
    uint32_t list_count;
    const tf_similarity_text *elements; /* in the order in which they stand, or NULL: */
    const uint32_t *places;             /* codes of the elements, to be looked up */
    uint32_t element_count;
} link_operand;

/* One condition without its values. */
typedef struct link_test {
    tf_link_op op;
    double threshold;
    const char *text;
    tf_link_side side;
    tf_link_op metric;
    bool is_negated;
} link_test;

enum link_need {
    LINK_NEEDS_SIMILARITY = 1,
    LINK_NEEDS_GRAMS = 2,
    LINK_NEEDS_DAYS = 4,
    LINK_NEEDS_NUMBER = 8,
    LINK_NEEDS_PLACE = 16,
    LINK_NEEDS_LIST = 32,
};

/* The tests that read one derived value.  Their answer is a byte: bit i is set if test i holds. */
typedef struct link_factor {
    link_derived *derived;
    const tf_nicknames *nicknames;
    link_test tests[LINK_MOST_TESTS];
    int test_count;
    unsigned needs;
    bool is_symmetric;
    uint8_t missing_answer; /* if either value is missing */
    bool has_equal_answer;  /* any value and itself give equal_answer */
    uint8_t equal_answer;
} link_factor;

/* Whether both tests ask the same of the same value. */
bool link_tests_are_same(const link_test *a, const link_test *b);

/* Settle what follows from the tests, and make the views of values that they read. */
tf_status link_factor_ready(link_factor *factor, tf_similarity_unit unit, tf_error *error);

void link_factor_operand(const link_factor *factor, uint32_t code, link_operand *operand_out);

/* The answer for two values that are there. */
uint8_t link_factor_compare(const link_factor *factor, const link_operand *left,
                            const link_operand *right, tf_similarity_scratch *scratch);

#endif
