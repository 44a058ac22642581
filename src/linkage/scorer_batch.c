/* Scoring the pairs of one record together, so that what is far in memory is asked for early. */
#include "linkage/scorer_internal.h"

enum { AHEAD = 8 };

/* Sums in another order differ by less; the decision is made on the sum in the usual order. */
static const double ROUNDING = 1e-4; /* bounds are floats */

/* A pair that may still reach the threshold. */
typedef struct candidate {
    link_two two;
    uint64_t deferred; /* comparisons, as bits */
    double total;      /* of those that are known */
    double open;       /* the most that the deferred ones can add */
    uint8_t levels[TF_LINK_MAX_COMPARISONS];
    float bounds[TF_LINK_MAX_COMPARISONS];
} candidate;

static inline void settle(const link_scorer *scorer, int c, int level, candidate *pair) {
    pair->levels[c] = (uint8_t)level;
    pair->total += link_scorer_term(scorer, c, level, pair->two.left, pair->two.right);
}

/* Settle a comparison if nothing has to be compared for it; else the most that it can add. */
static inline bool settle_at_once(const link_scorer *scorer, int c, candidate *pair,
                                  double *open_out) {
    const link_evidence_comparison *comparison = &scorer->evidence->comparisons[c];
    uint64_t answers = link_two_answers(&pair->two, comparison);
    uint64_t open = pair->two.open & comparison->factors;
    if (!open) {
        settle(scorer, c, link_level_of_answers(comparison, answers), pair);
        return true;
    }
    *open_out = scorer->bounds[c];
    if (!(open & (open - 1))) {
        int f = __builtin_ctzll(open);
        const link_quick *quick = &scorer->evidence->quick[f];
        const float *bounds = scorer->open_bounds[(size_t)c * LINK_MOST_FACTORS + (size_t)f];
        if (bounds && pair->two.left[quick->left_slot] != pair->two.right[quick->right_slot]) {
            *open_out = bounds[answers];
        }
    }
    return false;
}

/* What is known at once.  False if the threshold is out of reach already. */
static inline bool begin(const link_scorer *scorer, double least, candidate *pair) {
    const link_evidence *evidence = scorer->evidence;
    pair->total = scorer->prior_weight;
    pair->open = 0;
    pair->deferred = 0;
    for (int c = 0; c < evidence->comparison_count; c++) {
        double open;
        if (!settle_at_once(scorer, c, pair, &open)) {
            pair->deferred |= 1ULL << c;
            pair->bounds[c] = (float)open;
            pair->open += pair->bounds[c];
        }
    }
    return pair->total + pair->open >= least;
}

static inline void expect(const link_evidence *evidence, const link_evidence_comparison *comparison,
                          const candidate *pair) {
    for (uint64_t open = pair->two.open & comparison->factors; open; open &= open - 1) {
        const link_evidence_factor *factor = &evidence->factors[__builtin_ctzll(open)];
        if (factor->screen) {
            link_screen_expect(factor->screen, pair->two.right[factor->right_slot]);
        }
    }
}

/* Settle one comparison of all candidates that are left; how many are left then. */
static size_t narrow(const link_scorer *scorer, int c, double least, link_worker *worker,
                     candidate *pairs, uint8_t *alive, size_t count) {
    const link_evidence_comparison *comparison = &scorer->evidence->comparisons[c];
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        candidate *pair = &pairs[alive[i]];
        if (i + AHEAD < count && pairs[alive[i + AHEAD]].deferred >> c & 1) {
            expect(scorer->evidence, comparison, &pairs[alive[i + AHEAD]]);
        }
        if (pair->deferred >> c & 1) {
            int level = link_two_level(&pair->two, scorer->evidence, comparison, worker);
            pair->open -= pair->bounds[c];
            settle(scorer, c, level, pair);
            if (pair->total + pair->open < least) {
                continue;
            }
        }
        alive[kept++] = alive[i];
    }
    return kept;
}

size_t link_scorer_select(const link_scorer *scorer, uint32_t record, const uint32_t *others,
                          size_t count, double threshold, link_worker *worker,
                          link_scored *scored_out) {
    const link_evidence *evidence = scorer->evidence;
    const uint32_t *own = link_evidence_row(evidence, record);
    double least = threshold - ROUNDING;
    candidate pairs[LINK_BATCH];
    uint8_t alive[LINK_BATCH];
    size_t left_count = 0;
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(link_evidence_row(evidence, others[i]));
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t *other = link_evidence_row(evidence, others[i]);
        bool is_left = record < others[i];
        link_two_begin(&pairs[i].two, evidence, is_left ? own : other, is_left ? other : own);
        alive[left_count] = (uint8_t)i;
        left_count += begin(scorer, least, &pairs[i]);
    }
    for (int k = 0; k < evidence->comparison_count && left_count; k++) {
        left_count = narrow(scorer, scorer->order[k], least, worker, pairs, alive, left_count);
    }
    for (size_t i = 0; i < left_count; i++) {
        const candidate *pair = &pairs[alive[i]];
        scored_out[i].other = alive[i];
        scored_out[i].weight =
            link_scorer_sum(scorer, pair->levels, pair->two.left, pair->two.right);
    }
    size_t found = 0;
    for (size_t i = 0; i < left_count; i++) {
        if (scored_out[i].weight >= threshold) {
            scored_out[found++] = scored_out[i];
        }
    }
    return found;
}
