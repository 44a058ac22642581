/* Scoring candidates for a new record, as scorer_batch.c does it for records that are known: a
 * glance at each comparison first, and the few that may reach the threshold in earnest. */
#include "linkage/lookup_internal.h"

#include <math.h>

/* Sums of floats err by less; the decision is made on the sum of doubles in the usual order. */
static const float ROUNDING = 1e-3F;

/* A candidate while it is glanced at. */
typedef struct candidate {
    const uint32_t *left; /* its row; the new record is the right one */
    uint32_t record;
    float most;    /* that it can be worth */
    uint64_t open; /* comparisons whose values may or may not be alike, as bits */
    uint8_t rows[TF_LINK_MAX_COMPARISONS]; /* of each open one: the row of its glance */
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

/* ---- answers ---- */

static inline bool is_new(const lookup_guest *guest, const link_use *use) {
    return guest->news >> use->factor->number & 1;
}

static inline uint8_t answer_at_once(const lookup_guest *guest, int f, const uint32_t *left) {
    const link_quick *quick = &guest->matcher->evidence->quick[f];
    uint32_t code = left[quick->left_slot];
    if (guest->news >> f & 1) {
        return code ? quick->differ_answer : quick->missing_answer;
    }
    return link_answer_at_once(quick, code, guest->codes[quick->right_slot]);
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

/* The weight, compared in earnest. */
static double weigh(const lookup_guest *guest, const candidate *pair, link_worker *worker,
                    uint8_t *levels_out) {
    const link_evidence *evidence = guest->matcher->evidence;
    link_two two = {.left = pair->left, .right = guest->codes};
    for (int f = 0; f < evidence->factor_count; f++) {
        two.answers[f] = answer_at_once(guest, f, pair->left);
        two.open |= (uint64_t)(two.answers[f] == LINK_NO_ANSWER) << f;
    }
    for (int c = 0; c < evidence->comparison_count; c++) {
        levels_out[c] = (uint8_t)level_of(guest, &evidence->comparisons[c], &two, worker);
    }
    return link_scorer_sum(guest->matcher->scorer, levels_out, pair->left, guest->known);
}

/* ---- glances ---- */

/* What two equal values are worth by their frequency. */
static float worth_of_equals(const lookup_guest *guest, const link_level_worth *worth,
                             const uint32_t *left_row) {
    double left = worth->frequencies[left_row[worth->left_slot]];
    double right = worth->frequencies[guest->known[worth->right_slot]];
    double frequency = fmax(fmax(left, right), worth->floor);
    return (float)(worth->weight + worth->factor * (worth->base - frequency));
}

/* The answers of the uses that are always known at once. */
static uint32_t row_of(const lookup_guest *guest, const link_glance *glance, const uint32_t *left) {
    uint32_t row = 0;
    for (int i = 0; i < glance->exact_count; i++) {
        const link_use *use = glance->exact_uses[i];
        const link_evidence_factor *factor = use->factor;
        uint32_t code = left[factor->left_slot];
        bool is_known = !is_new(guest, use);
        uint32_t own = is_known ? guest->codes[factor->right_slot] : UINT32_MAX;
        uint8_t answer = code == 0 || own == 0 ? factor->factor.missing_answer
                         : code == own         ? factor->factor.equal_answer
                                               : factor->usual_answer;
        row |= (uint32_t)use->map[answer] << glance->exact_shifts[i];
    }
    return row;
}

static void begin(const lookup_guest *guest, uint32_t record, candidate *pair) {
    const link_scorer *scorer = guest->matcher->scorer;
    pair->left = link_evidence_row(scorer->evidence, record);
    pair->record = record;
    pair->most = scorer->glance_start;
    pair->open = 0;
    for (int c = 0; c < scorer->evidence->comparison_count; c++) {
        const link_glance *glance = &scorer->glances[c];
        uint32_t left = pair->left[glance->quick->left_slot];
        uint8_t answer = answer_at_once(guest, glance->use->factor->number, pair->left);
        bool is_open = answer == LINK_NO_ANSWER;
        uint32_t row = row_of(guest, glance, pair->left);
        float most = glance->most[row * LINK_GLANCE_ROW +
                                  (is_open ? LINK_GLANCE_OPEN : glance->use->map[answer])];
        if (glance->equal_worth && left && left == guest->codes[glance->quick->right_slot]) {
            most = fmaxf(most, worth_of_equals(guest, glance->equal_worth, pair->left));
        }
        pair->most += most;
        pair->open |= (uint64_t)is_open << c;
        pair->rows[c] = (uint8_t)row;
    }
}

static bool may_be_alike(const lookup_guest *guest, const link_glance *glance,
                         const candidate *pair) {
    uint32_t left = pair->left[glance->quick->left_slot];
    return is_new(guest, glance->use)
               ? link_screen_passes_new(glance->screen, left,
                                        &guest->signatures[glance->use->factor->number])
               : link_screen_passes(glance->screen, left, guest->codes[glance->quick->right_slot]);
}

/* Look at the values of one comparison in all candidates that are left; how many are left then. */
static size_t look(const lookup_guest *guest, int c, float least, candidate *pairs, uint8_t *alive,
                   size_t count) {
    const link_glance *glance = &guest->matcher->scorer->glances[c];
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        link_screen_expect(glance->screen, pairs[alive[i]].left[glance->quick->left_slot]);
    }
    for (size_t i = 0; i < count; i++) {
        candidate *pair = &pairs[alive[i]];
        if (pair->open >> c & 1 && !may_be_alike(guest, glance, pair)) {
            const float *row = glance->most + (size_t)pair->rows[c] * LINK_GLANCE_ROW;
            pair->most -= row[LINK_GLANCE_OPEN] - row[glance->usual];
            if (pair->most < least) {
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
    bool is_full = best->count == best->most;
    double reached = is_full ? fmax(threshold, best->items[0].weight) : threshold;
    float least = (float)reached - ROUNDING;
    candidate pairs[LINK_BATCH];
    uint8_t alive[LINK_BATCH] = {0};
    size_t left_count = 0;
    for (size_t i = 0; i < count; i++) {
        begin(guest, records[i], &pairs[i]);
        alive[left_count] = (uint8_t)i;
        left_count += pairs[i].most >= least;
    }
    for (int k = 0; k < scorer->look_count && left_count; k++) {
        left_count = look(guest, scorer->looks[k], least, pairs, alive, left_count);
    }
    for (size_t i = 0; i < left_count; i++) {
        uint8_t levels[TF_LINK_MAX_COMPARISONS];
        double weight = weigh(guest, &pairs[alive[i]], worker, levels);
        if (weight >= threshold) {
            keep(best, pairs[alive[i]].record, weight, levels,
                 (size_t)scorer->evidence->comparison_count);
        }
    }
}
