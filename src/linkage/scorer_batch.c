/* Which pairs of one record can reach the threshold: a glance at each comparison first.
 *
 * Nearly all pairs of a block are of two people, and most of their values have nothing to do with
 * each other, as signatures tell without comparing.  The glance takes each comparison for as good
 * as it can be, given what is known of one factor of it, and gives a pair up when all of that
 * together is too little.  The few that are left are compared in earnest. */
#include "linkage/scorer_internal.h"

enum { AHEAD = 8 };

/* Sums of floats err by less; the decision is made on the sum of doubles in the usual order. */
static const float ROUNDING = 1e-3F;

/* A pair while it is glanced at. */
typedef struct candidate {
    const uint32_t *left;
    const uint32_t *right;
    float most;    /* that it can be worth */
    uint64_t open; /* comparisons whose values may or may not be alike, as bits */
    uint8_t rows[TF_LINK_MAX_COMPARISONS]; /* of each open one: the row of its glance */
} candidate;

/* What two equal values are worth by their frequency. */
static inline float worth_of_equals(const link_level_worth *worth, const candidate *pair) {
    double left = worth->frequencies[pair->left[worth->left_slot]];
    double right = worth->frequencies[pair->right[worth->right_slot]];
    double frequency = left > right ? left : right;
    frequency = frequency > worth->floor ? frequency : worth->floor;
    return (float)(worth->weight + worth->factor * (worth->base - frequency));
}

/* The row of the glance: by the uses whose answers are always known at once. */
static inline uint32_t row_of(const link_peek *peek, const candidate *pair) {
    uint32_t row = 0;
    for (int i = 0; i < peek->exact_count; i++) {
        const link_peek_exact *exact = &peek->exact[i];
        uint32_t left = pair->left[exact->left_slot];
        uint32_t right = pair->right[exact->right_slot];
        row |= left == 0 || right == 0 ? exact->missing
               : left == right         ? exact->equal
                                       : exact->differ;
    }
    return row;
}

static inline uint32_t place_of(const link_peek *peek, uint32_t left, uint32_t right) {
    if (left == 0 || right == 0) {
        return peek->missing;
    }
    if (left == right && peek->equal != LINK_GLANCE_OPEN) {
        return peek->equal;
    }
    if (peek->table_side) {
        unsigned char known = atomic_load_explicit(
            &peek->table[(size_t)left * peek->table_side + right], memory_order_relaxed);
        return known ? peek->map[known - 1] : LINK_GLANCE_OPEN;
    }
    return peek->differ;
}

static inline void begin(const link_scorer *scorer, int count, candidate *pair) {
    pair->most = scorer->glance_start;
    pair->open = 0;
    for (int c = 0; c < count; c++) {
        const link_peek *peek = &scorer->peeks[c];
        uint32_t left = pair->left[peek->left_slot];
        uint32_t right = pair->right[peek->right_slot];
        uint32_t row = row_of(peek, pair);
        uint32_t place = place_of(peek, left, right);
        float most = peek->most[row * LINK_GLANCE_ROW + place];
        if (peek->equal_worth && left == right && left) {
            float equal = worth_of_equals(peek->equal_worth, pair);
            most = most > equal ? most : equal;
        }
        pair->most += most;
        pair->open |= (uint64_t)(place == LINK_GLANCE_OPEN) << c;
        pair->rows[c] = (uint8_t)row;
    }
}

/* Look at the values of one comparison in all pairs that are left; how many are left then. */
static size_t look(const link_scorer *scorer, int c, float least, candidate *pairs, uint8_t *alive,
                   size_t count) {
    const link_glance *glance = &scorer->glances[c];
    const link_screen *screen = glance->screen;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        candidate *pair = &pairs[alive[i]];
        if (i + AHEAD < count && pairs[alive[i + AHEAD]].open >> c & 1) {
            link_screen_expect(screen, pairs[alive[i + AHEAD]].right[glance->quick->right_slot]);
            link_screen_expect(screen, pairs[alive[i + AHEAD]].left[glance->quick->left_slot]);
        }
        if (pair->open >> c & 1 && !link_screen_passes(screen, pair->left[glance->quick->left_slot],
                                                       pair->right[glance->quick->right_slot])) {
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

/* The pair's weight, compared in earnest. */
static double weigh(const link_scorer *scorer, const candidate *pair, link_worker *worker) {
    const link_evidence *evidence = scorer->evidence;
    uint8_t levels[TF_LINK_MAX_COMPARISONS];
    link_two two;
    link_two_begin(&two, evidence, pair->left, pair->right);
    for (int c = 0; c < evidence->comparison_count; c++) {
        levels[c] = (uint8_t)link_two_level(&two, evidence, &evidence->comparisons[c], worker);
    }
    return link_scorer_sum(scorer, levels, pair->left, pair->right);
}

size_t link_scorer_select(const link_scorer *scorer, uint32_t record, const uint32_t *others,
                          size_t count, double threshold, link_worker *worker,
                          link_scored *scored_out) {
    const link_evidence *evidence = scorer->evidence;
    const uint32_t *own = link_evidence_row(evidence, record);
    float least = (float)threshold - ROUNDING;
    candidate pairs[LINK_BATCH];
    uint8_t alive[LINK_BATCH] = {0};
    size_t left_count = 0;
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(link_evidence_row(evidence, others[i]));
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t *other = link_evidence_row(evidence, others[i]);
        bool is_left = record < others[i];
        pairs[i].left = is_left ? own : other;
        pairs[i].right = is_left ? other : own;
        begin(scorer, evidence->comparison_count, &pairs[i]);
        alive[left_count] = (uint8_t)i;
        left_count += pairs[i].most >= least;
    }
    for (int k = 0; k < scorer->look_count && left_count; k++) {
        left_count = look(scorer, scorer->looks[k], least, pairs, alive, left_count);
    }
    size_t found = 0;
    for (size_t i = 0; i < left_count; i++) {
        double weight = weigh(scorer, &pairs[alive[i]], worker);
        if (weight >= threshold) {
            scored_out[found++] = (link_scored){alive[i], weight};
        }
    }
    return found;
}
