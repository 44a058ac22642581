#include "linkage/screen_internal.h"
#include "linkage/similarity_internal.h"

#include "trefoil/base/date.h"

#include <math.h>

static const double EARTH_RADIUS_KM = 6371;
static const double RADIANS = 0.017453292519943295;

bool link_tests_are_same(const link_test *a, const link_test *b) {
    return a->op == b->op && a->threshold == b->threshold && a->side == b->side &&
           a->metric == b->metric && a->is_negated == b->is_negated &&
           (a->text == b->text || (a->text && b->text && strcmp(a->text, b->text) == 0));
}

static unsigned need_of(tf_link_op op) {
    switch (op) {
    case TF_LINK_LEVENSHTEIN:
    case TF_LINK_OSA:
    case TF_LINK_DAMERAU:
    case TF_LINK_JARO:
    case TF_LINK_JARO_WINKLER:
        return LINK_NEEDS_SIMILARITY;
    case TF_LINK_JACCARD:
        return LINK_NEEDS_GRAMS;
    case TF_LINK_DAYS:
    case TF_LINK_MONTHS:
    case TF_LINK_YEARS:
    case TF_LINK_DAY_MONTH_SWAPPED:
        return LINK_NEEDS_DAYS;
    case TF_LINK_DIFFERENCE:
    case TF_LINK_PERCENTAGE:
        return LINK_NEEDS_NUMBER;
    case TF_LINK_KM:
        return LINK_NEEDS_PLACE;
    case TF_LINK_INTERSECTION:
    case TF_LINK_BEST_PAIR:
        return LINK_NEEDS_LIST;
    default:
        return 0;
    }
}

/* Whether a value and itself always give the same answer, and which. */
static bool has_equal_answer(const link_test *test, const link_derived *derived, bool *holds_out) {
    switch (test->op) {
    case TF_LINK_MISSING:
        *holds_out = false;
        return true;
    case TF_LINK_EXACT:
        *holds_out = true;
        return true;
    case TF_LINK_NICKNAME:
        *holds_out = false;
        return true;
    case TF_LINK_DAY_MONTH_SWAPPED:
        *holds_out = false;
        return derived->has_all_days;
    case TF_LINK_LEVENSHTEIN:
    case TF_LINK_OSA:
    case TF_LINK_DAMERAU:
        *holds_out = test->threshold >= 0;
        return true;
    case TF_LINK_JARO:
    case TF_LINK_JARO_WINKLER:
    case TF_LINK_JACCARD:
        *holds_out = test->threshold <= 1;
        return true;
    default:
        return false;
    }
}

tf_status link_factor_ready(link_factor *factor, tf_similarity_unit unit, tf_error *error) {
    factor->needs = 0;
    for (int i = 0; i < factor->test_count; i++) {
        factor->needs |= need_of(factor->tests[i].op);
    }
    tf_status status = TF_OK;
    if (factor->needs & LINK_NEEDS_SIMILARITY) {
        status = link_derived_prepare(factor->derived, unit, error);
    }
    if (!status && (factor->needs & LINK_NEEDS_GRAMS)) {
        status = link_derived_read_grams(factor->derived, unit, error);
    }
    if (!status && (factor->needs & LINK_NEEDS_DAYS)) {
        status = link_derived_read_days(factor->derived, error);
    }
    if (!status && (factor->needs & LINK_NEEDS_NUMBER)) {
        status = link_derived_read_numbers(factor->derived, error);
    }
    if (!status && (factor->needs & LINK_NEEDS_PLACE)) {
        status = link_derived_read_places(factor->derived, error);
    }
    if (!status && (factor->needs & LINK_NEEDS_LIST)) {
        status = link_derived_read_lists(factor->derived, unit, error);
    }
    factor->is_symmetric = !factor->derived->is_across;
    factor->has_equal_answer = true;
    for (int i = 0; i < factor->test_count; i++) {
        const link_test *test = &factor->tests[i];
        uint8_t bit = (uint8_t)(1U << i);
        bool holds = false;
        factor->is_symmetric = factor->is_symmetric && test->side == TF_LINK_BOTH_SIDES;
        if (has_equal_answer(test, factor->derived, &holds)) {
            factor->equal_answer |= holds != test->is_negated ? bit : 0;
        } else {
            factor->has_equal_answer = false;
        }
        /* What is asked about a missing value is not known, and holds neither way. */
        factor->missing_answer |= test->op == TF_LINK_MISSING && !test->is_negated ? bit : 0;
    }
    return status;
}

void link_factor_operand(const link_factor *factor, uint32_t code, link_operand *operand_out) {
    const link_derived *derived = factor->derived;
    operand_out->code = code;
    operand_out->signature = NULL;
    operand_out->text = link_dictionary_text(derived->values, code);
    if (factor->needs & LINK_NEEDS_SIMILARITY) {
        operand_out->similarity = link_derived_similarity(derived, code);
    }
    if (!(factor->needs & ~(unsigned)LINK_NEEDS_SIMILARITY)) {
        return;
    }
    if (factor->needs & LINK_NEEDS_GRAMS) {
        operand_out->grams = &derived->grams[code];
    }
    if (factor->needs & LINK_NEEDS_DAYS) {
        operand_out->days = derived->days[code];
    }
    if (factor->needs & LINK_NEEDS_NUMBER) {
        operand_out->number = derived->numbers[code];
    }
    if (factor->needs & LINK_NEEDS_PLACE) {
        operand_out->place = derived->places[code];
    }
    if (factor->needs & LINK_NEEDS_LIST) {
        const link_lists *lists = derived->lists;
        operand_out->list = lists->codes + lists->starts[code];
        operand_out->list_count = lists->starts[code + 1] - lists->starts[code];
        operand_out->elements = NULL;
        operand_out->places = lists->places + lists->place_starts[code];
        operand_out->element_count = lists->place_starts[code + 1] - lists->place_starts[code];
    }
}

/* ---- one measure ---- */

/* Whole calendar months from the earlier day to the later, rounded up. */
static int months_between(int32_t a, int32_t b) {
    int32_t first = a < b ? a : b;
    int32_t last = a < b ? b : a;
    int y1, m1, d1, y2, m2, d2;
    tf_days_split(first, &y1, &m1, &d1);
    tf_days_split(last, &y2, &m2, &d2);
    return (y2 - y1) * 12 + (m2 - m1) + (d2 > d1);
}

/* Of dates as 2023-02-01. */
static bool is_swapped(tf_text a, tf_text b) {
    enum { LENGTH = 10, MONTH = 5, DAY = 8 };
    return a.length == LENGTH && b.length == LENGTH && memcmp(a.data, b.data, MONTH) == 0 &&
           memcmp(a.data + MONTH, b.data + DAY, 2) == 0 &&
           memcmp(a.data + DAY, b.data + MONTH, 2) == 0 &&
           memcmp(a.data + MONTH, a.data + DAY, 2) != 0;
}

static double kilometres(link_place a, link_place b) {
    double cosine = sin(a.latitude * RADIANS) * sin(b.latitude * RADIANS) +
                    cos(a.latitude * RADIANS) * cos(b.latitude * RADIANS) *
                        cos((b.longitude - a.longitude) * RADIANS);
    return acos(fmin(1, fmax(-1, cosine))) * EARTH_RADIUS_KM;
}

static uint32_t count_shared(const link_operand *a, const link_operand *b) {
    uint32_t i = 0, j = 0, shared = 0;
    while (i < a->list_count && j < b->list_count) {
        uint32_t x = a->list[i], y = b->list[j];
        i += x <= y;
        j += y <= x;
        shared += x == y;
    }
    return shared;
}

static bool is_distance(tf_link_op op) {
    return op == TF_LINK_LEVENSHTEIN || op == TF_LINK_OSA || op == TF_LINK_DAMERAU;
}

static bool is_too_long(const tf_similarity_text *a, const tf_similarity_text *b) {
    return a->length > LINK_LONGEST_COMPARED || b->length > LINK_LONGEST_COMPARED;
}

/* A text measure of two texts; distances may stop beyond the bound. */
static double measure_texts(tf_link_op op, const tf_similarity_text *a, const tf_similarity_text *b,
                            double bound, tf_similarity_scratch *scratch) {
    uint32_t at_most = bound < 0 ? 0 : bound < 1e6 ? (uint32_t)bound : TF_SIMILARITY_ANY - 1;
    if (is_too_long(a, b)) {
        bool are_same = tf_similarity_equal(a, b);
        return is_distance(op) ? (are_same ? 0 : TF_SIMILARITY_ANY) : are_same;
    }
    switch (op) {
    case TF_LINK_LEVENSHTEIN:
        return tf_similarity_levenshtein(a, b, at_most, scratch);
    case TF_LINK_OSA:
        return tf_similarity_alignment(a, b, at_most, scratch);
    case TF_LINK_DAMERAU:
        return tf_similarity_damerau(a, b, at_most, scratch);
    case TF_LINK_JARO:
        return tf_similarity_jaro(a, b, scratch);
    default:
        return tf_similarity_jaro_winkler(a, b, scratch);
    }
}

static tf_similarity_text element_at(const link_factor *factor, const link_operand *operand,
                                     uint32_t i) {
    if (operand->elements) {
        return operand->elements[i];
    }
    const link_lists *lists = factor->derived->lists;
    uint32_t code = operand->places[i];
    if (lists->prepared) {
        return lists->prepared[code];
    }
    tf_text text = link_dictionary_text(&lists->elements, code);
    return (tf_similarity_text){.narrow = (const uint8_t *)text.data,
                                .length = (uint32_t)text.length};
}

static bool has_code(const tf_similarity_text *text, uint32_t length, uint32_t code) {
    for (uint32_t i = 0; i < length; i++) {
        if (similarity_code_at(text, i) == code) {
            return true;
        }
    }
    return false;
}

/* Jaccard over characters, of short texts: nothing is kept, so that nothing can fail. */
static double jaccard_of(const tf_similarity_text *a, const tf_similarity_text *b) {
    if (is_too_long(a, b)) {
        return tf_similarity_equal(a, b);
    }
    uint32_t shared = 0;
    uint32_t all = 0;
    for (uint32_t i = 0; i < a->length; i++) {
        uint32_t code = similarity_code_at(a, i);
        bool is_new = !has_code(a, i, code);
        all += is_new;
        shared += is_new && has_code(b, b->length, code);
    }
    for (uint32_t i = 0; i < b->length; i++) {
        uint32_t code = similarity_code_at(b, i);
        all += !has_code(b, i, code) && !has_code(a, a->length, code);
    }
    return all ? (double)shared / all : 1;
}

/* Whether any two elements reach the threshold. */
static bool has_pair(const link_factor *factor, const link_test *test, const link_operand *a,
                     const link_operand *b, tf_similarity_scratch *scratch) {
    for (uint32_t i = 0; i < a->element_count; i++) {
        tf_similarity_text x = element_at(factor, a, i);
        for (uint32_t j = 0; j < b->element_count; j++) {
            tf_similarity_text y = element_at(factor, b, j);
            if (test->metric == TF_LINK_JACCARD) {
                if (jaccard_of(&x, &y) >= test->threshold) {
                    return true;
                }
                continue;
            }
            double value = measure_texts(test->metric, &x, &y, test->threshold, scratch);
            if (is_distance(test->metric) ? value <= test->threshold : value >= test->threshold) {
                return true;
            }
        }
    }
    return false;
}

static bool is_literal(const link_test *test, tf_text left, tf_text right) {
    tf_text wanted = tf_text_of(test->text);
    bool is_left = tf_text_equal(left, wanted);
    bool is_right = tf_text_equal(right, wanted);
    return test->side == TF_LINK_LEFT    ? is_left
           : test->side == TF_LINK_RIGHT ? is_right
                                         : is_left && is_right;
}

typedef enum truth { DOES_NOT_HOLD, HOLDS, NOT_KNOWN } truth;

/* A similarity, measured once for all tests that ask for it. */
typedef struct measured {
    tf_link_op op; /* TF_LINK_ELSE: none yet */
    double value;
} measured;

static double text_value(const link_factor *factor, const link_test *test, const link_operand *a,
                         const link_operand *b, tf_similarity_scratch *scratch, measured *last) {
    if (last->op != test->op) {
        double bound = test->threshold;
        for (int i = 0; i < factor->test_count; i++) {
            if (factor->tests[i].op == test->op) {
                bound = fmax(bound, factor->tests[i].threshold);
            }
        }
        last->op = test->op;
        last->value = measure_texts(test->op, &a->similarity, &b->similarity, bound, scratch);
    }
    return last->value;
}

static truth of_numbers(const link_test *test, double a, double b) {
    if (isnan(a) || isnan(b)) {
        return NOT_KNOWN;
    }
    double difference = fabs(a - b);
    if (test->op == TF_LINK_DIFFERENCE) {
        return difference <= test->threshold;
    }
    /* As Splink divides, so that two zeros are no agreement: 0 / 0 is not known. */
    double larger = a > b ? a : b;
    return larger == 0 && difference == 0 ? NOT_KNOWN : difference / larger < test->threshold;
}

static truth of_days(const link_test *test, int32_t a, int32_t b) {
    if (a == INT32_MIN || b == INT32_MIN) {
        return NOT_KNOWN;
    }
    switch (test->op) {
    case TF_LINK_DAYS:
        return fabs((double)a - (double)b) <= test->threshold;
    case TF_LINK_MONTHS:
        return months_between(a, b) <= test->threshold;
    case TF_LINK_YEARS:
        return months_between(a, b) <= test->threshold * 12;
    default:
        return NOT_KNOWN;
    }
}

static bool are_nicknames(const link_factor *factor, const link_operand *a, const link_operand *b) {
    if (!factor->nicknames || a->code == b->code) {
        return false;
    }
    enum link_nickname_answer found = a->signature && b->signature
                                          ? link_signatures_share(a->signature, b->signature)
                                          : LINK_NICKNAME_PERHAPS;
    return found == LINK_NICKNAME_PERHAPS ? tf_nicknames_match(factor->nicknames, a->text, b->text)
                                          : found == LINK_NICKNAME_YES;
}

static truth answer(const link_factor *factor, const link_test *test, const link_operand *a,
                    const link_operand *b, tf_similarity_scratch *scratch, measured *last) {
    switch (test->op) {
    case TF_LINK_MISSING:
        return DOES_NOT_HOLD;
    case TF_LINK_EXACT:
        return a->code == b->code;
    case TF_LINK_LITERAL:
        return is_literal(test, a->text, b->text);
    case TF_LINK_LEVENSHTEIN:
    case TF_LINK_OSA:
    case TF_LINK_DAMERAU:
        return text_value(factor, test, a, b, scratch, last) <= test->threshold;
    case TF_LINK_JARO:
    case TF_LINK_JARO_WINKLER:
        return text_value(factor, test, a, b, scratch, last) >= test->threshold;
    case TF_LINK_JACCARD:
        return tf_similarity_jaccard(a->grams, b->grams) >= test->threshold;
    case TF_LINK_DAYS:
    case TF_LINK_MONTHS:
    case TF_LINK_YEARS:
        return of_days(test, a->days, b->days);
    case TF_LINK_DAY_MONTH_SWAPPED:
        return a->days == INT32_MIN || b->days == INT32_MIN ? NOT_KNOWN
                                                            : is_swapped(a->text, b->text);
    case TF_LINK_DIFFERENCE:
    case TF_LINK_PERCENTAGE:
        return of_numbers(test, a->number, b->number);
    case TF_LINK_KM:
        if (isnan(a->place.latitude + a->place.longitude + b->place.latitude +
                  b->place.longitude)) {
            return NOT_KNOWN;
        }
        return kilometres(a->place, b->place) <= test->threshold;
    case TF_LINK_INTERSECTION:
        return count_shared(a, b) >= test->threshold;
    case TF_LINK_BEST_PAIR:
        return has_pair(factor, test, a, b, scratch);
    case TF_LINK_NICKNAME:
        return are_nicknames(factor, a, b);
    default:
        return NOT_KNOWN;
    }
}

uint8_t link_factor_compare(const link_factor *factor, const link_operand *left,
                            const link_operand *right, tf_similarity_scratch *scratch) {
    measured last = {.op = TF_LINK_ELSE};
    uint8_t answers = 0;
    for (int i = 0; i < factor->test_count; i++) {
        const link_test *test = &factor->tests[i];
        truth found = answer(factor, test, left, right, scratch, &last);
        bool holds = found != NOT_KNOWN && (found == HOLDS) != test->is_negated;
        answers |= (uint8_t)((unsigned)holds << i);
    }
    return answers;
}
