/* Scoring candidates for a new record, as scorer_batch.c does it for records that are known. */
#include "linkage/lookup_internal.h"

#include <math.h>

/* Sums in another order differ by less; the decision is made on the sum in the usual order. */
static const double ROUNDING = 1e-4; /* bounds are floats */

typedef struct candidate {
    link_two two;
    uint32_t record;
    uint64_t deferred; /* comparisons, as bits */
    double total;      /* of those that are known */
    double open;       /* the most that the deferred ones can add */
    uint8_t levels[TF_LINK_MAX_COMPARISONS];
    float bounds[TF_LINK_MAX_COMPARISONS];
} candidate;

/* ---- the best ---- */

static void sink(lookup_best *best, uint32_t at) {
    for (;;) {
        uint32_t worst = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < best->count; child++) {
            worst = lookup_is_better(&best->items[worst], &best->items[child]) ? child : worst;
        }
        if (worst == at) {
            return;
        }
        lookup_kept held = best->items[at];
        best->items[at] = best->items[worst];
        best->items[worst] = held;
        at = worst;
    }
}

static void rise(lookup_best *best, uint32_t at) {
    while (at > 0) {
        uint32_t parent = (at - 1) / 2;
        if (!lookup_is_better(&best->items[parent], &best->items[at])) {
            return;
        }
        lookup_kept held = best->items[at];
        best->items[at] = best->items[parent];
        best->items[parent] = held;
        at = parent;
    }
}

static void keep(lookup_best *best, uint32_t record, double weight, const uint8_t *levels,
                 size_t level_count) {
    lookup_kept item = {weight, record, best->count};
    if (best->count == best->most) {
        if (!lookup_is_better(&item, &best->items[0])) {
            return;
        }
        item.slot = best->items[0].slot;
        best->items[0] = item;
        sink(best, 0);
    } else {
        best->items[best->count++] = item;
        rise(best, best->count - 1);
    }
    memcpy(best->levels + item.slot * level_count, levels, level_count);
}

/* ---- levels ---- */

static void begin_two(const lookup_guest *guest, const uint32_t *left, link_two *two) {
    const link_evidence *evidence = guest->matcher->evidence;
    two->left = left;
    two->right = guest->codes;
    two->open = 0;
    for (int f = 0; f < evidence->factor_count; f++) {
        const link_quick *quick = &evidence->quick[f];
        uint32_t code = left[quick->left_slot];
        uint8_t answer = code ? quick->differ_answer : quick->missing_answer;
        if (!(guest->news >> f & 1)) {
            answer = link_answer_at_once(quick, code, guest->codes[quick->right_slot]);
        }
        two->answers[f] = answer;
        two->open |= (uint64_t)(answer == LINK_NO_ANSWER) << f;
    }
}

static int level_of(const lookup_guest *guest, const link_evidence_comparison *comparison,
                    link_two *two, link_worker *worker) {
    const link_evidence *evidence = guest->matcher->evidence;
    for (uint64_t open = two->open & comparison->factors; open; open &= open - 1) {
        int f = __builtin_ctzll(open);
        const link_evidence_factor *factor = &evidence->factors[f];
        uint32_t left = two->left[factor->left_slot];
        two->answers[f] =
            guest->news >> f & 1
                ? link_answer_new(factor, left, &guest->operands[f], worker)
                : link_answer_slowly(factor, left, two->right[factor->right_slot], worker);
        two->open &= ~(1ULL << f);
    }
    return link_level_of_answers(comparison, link_two_answers(two, comparison));
}

/* ---- from levels to weights ---- */

static inline void settle(const lookup_guest *guest, int c, int level, candidate *pair) {
    pair->levels[c] = (uint8_t)level;
    pair->total += link_scorer_term(guest->matcher->scorer, c, level, pair->two.left, guest->known);
}

/* Settle a comparison if nothing has to be compared for it; else defer it with the most that it
 * can add. */
static void settle_at_once(const lookup_guest *guest, int c, candidate *pair) {
    const link_scorer *scorer = guest->matcher->scorer;
    const link_evidence_comparison *comparison = &scorer->evidence->comparisons[c];
    uint64_t answers = link_two_answers(&pair->two, comparison);
    uint64_t open = pair->two.open & comparison->factors;
    if (!open) {
        settle(guest, c, link_level_of_answers(comparison, answers), pair);
        return;
    }
    double most = scorer->bounds[c];
    if (!(open & (open - 1))) {
        int f = __builtin_ctzll(open);
        const link_quick *quick = &scorer->evidence->quick[f];
        const float *bounds = scorer->open_bounds[(size_t)c * LINK_MOST_FACTORS + (size_t)f];
        if (bounds && pair->two.left[quick->left_slot] != pair->two.right[quick->right_slot]) {
            most = bounds[answers];
        }
    }
    pair->deferred |= 1ULL << c;
    pair->bounds[c] = (float)most;
    pair->open += pair->bounds[c];
}

/* What is known at once.  False if `least` is out of reach already. */
static bool begin(const lookup_guest *guest, uint32_t record, double least, candidate *pair) {
    const link_evidence *evidence = guest->matcher->evidence;
    begin_two(guest, link_evidence_row(evidence, record), &pair->two);
    pair->record = record;
    pair->total = guest->matcher->scorer->prior_weight;
    pair->open = 0;
    pair->deferred = 0;
    for (int c = 0; c < evidence->comparison_count; c++) {
        settle_at_once(guest, c, pair);
    }
    return pair->total + pair->open >= least;
}

static void expect(const link_evidence *evidence, const link_evidence_comparison *comparison,
                   const candidate *pair) {
    for (uint64_t open = pair->two.open & comparison->factors; open; open &= open - 1) {
        const link_evidence_factor *factor = &evidence->factors[__builtin_ctzll(open)];
        if (factor->screen) {
            link_screen_expect(factor->screen, pair->two.left[factor->left_slot]);
        }
    }
}

/* Settle one comparison of all candidates that are left; how many are left then. */
static size_t narrow(const lookup_guest *guest, int c, double least, link_worker *worker,
                     candidate *pairs, uint8_t *alive, size_t count) {
    const link_evidence *evidence = guest->matcher->evidence;
    const link_evidence_comparison *comparison = &evidence->comparisons[c];
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        expect(evidence, comparison, &pairs[alive[i]]);
    }
    for (size_t i = 0; i < count; i++) {
        candidate *pair = &pairs[alive[i]];
        if (pair->deferred >> c & 1) {
            pair->open -= pair->bounds[c];
            settle(guest, c, level_of(guest, comparison, &pair->two, worker), pair);
            if (pair->total + pair->open < least) {
                continue;
            }
        }
        alive[kept++] = alive[i];
    }
    return kept;
}

void lookup_expect(const lookup_guest *guest, const uint32_t *records, size_t count) {
    const link_evidence *evidence = guest->matcher->evidence;
    for (size_t i = 0; i < count; i++) {
        const uint32_t *row = link_evidence_row(evidence, records[i]);
        __builtin_prefetch(row);
        __builtin_prefetch(row + evidence->stride - 1);
    }
}

void lookup_score(const lookup_guest *guest, const uint32_t *records, size_t count,
                  double threshold, link_worker *worker, lookup_best *best) {
    const link_scorer *scorer = guest->matcher->scorer;
    const link_evidence *evidence = scorer->evidence;
    bool is_full = best->count == best->most;
    double least = (is_full ? fmax(threshold, best->items[0].weight) : threshold) - ROUNDING;
    candidate pairs[LINK_BATCH];
    uint8_t alive[LINK_BATCH];
    size_t left_count = 0;
    for (size_t i = 0; i < count; i++) {
        alive[left_count] = (uint8_t)i;
        left_count += begin(guest, records[i], least, &pairs[i]);
    }
    for (int k = 0; k < evidence->comparison_count && left_count; k++) {
        left_count = narrow(guest, scorer->order[k], least, worker, pairs, alive, left_count);
    }
    for (size_t i = 0; i < left_count; i++) {
        const candidate *pair = &pairs[alive[i]];
        double weight = link_scorer_sum(scorer, pair->levels, pair->two.left, guest->known);
        if (weight >= threshold) {
            keep(best, pair->record, weight, pair->levels, (size_t)evidence->comparison_count);
        }
    }
}
