/* What a comparison can be worth at most, by what is known of it at a glance. */
#include "linkage/scorer_internal.h"

#include <math.h>

enum { LEVELS = TF_LINK_MAX_LEVELS, NEAR_VALUES = 50000 };

/* The answers of a comparison that a glance leaves open or knows. */
typedef struct glance_view {
    const link_scorer *scorer;
    const link_evidence_comparison *comparison;
    int number;
    const link_use *use;
    link_glance *glance;
} glance_view;

static float worth_of(const glance_view *view, int level) {
    return nextafterf((float)link_scorer_most(view->scorer, view->number, level), INFINITY);
}

static unsigned bits_of(const link_use *use, uint64_t answers) {
    return (unsigned)(answers >> use->shift) & ((1U << use->test_count) - 1);
}

/* The answers of the exact uses among those of the comparison. */
static unsigned exact_bits(const glance_view *view, uint64_t answers) {
    unsigned bits = 0;
    for (int i = 0; i < view->glance->exact_count; i++) {
        bits |= bits_of(view->glance->exact_uses[i], answers) << view->glance->exact_shifts[i];
    }
    return bits;
}

/* Whether a use only asks if values are the same, or there, whatever its factor is asked by others.
 */
static bool is_exact(const link_use *use) {
    for (int t = 0; t < use->test_count; t++) {
        tf_link_op op = use->factor->factor.tests[use->tests[t]].op;
        if (op != TF_LINK_EXACT && op != TF_LINK_MISSING) {
            return false;
        }
    }
    return true;
}

/* The uses beside the glance's own whose answers are always known at once. */
static void find_exact_uses(const glance_view *view) {
    link_glance *glance = view->glance;
    int bits = 0;
    for (int u = 0; u < view->comparison->use_count; u++) {
        const link_use *use = &view->comparison->uses[u];
        if (use != view->use && is_exact(use) && glance->exact_count < LINK_GLANCE_USES &&
            bits + use->test_count <= LINK_GLANCE_BITS) {
            glance->exact_uses[glance->exact_count] = use;
            glance->exact_shifts[glance->exact_count++] = bits;
            bits += use->test_count;
        }
    }
    glance->row_count = 1U << bits;
}

/* Tests of the use that only a value and itself pass, by its own bits. */
static unsigned same_bits(const link_use *use) {
    unsigned same = 0;
    for (int t = 0; t < use->test_count; t++) {
        const link_test *test = &use->factor->factor.tests[use->tests[t]];
        same |= (unsigned)(test->op == TF_LINK_EXACT && !test->is_negated) << t;
    }
    return same;
}

/* Rows of the most that the comparison can be worth by the use's answer, one for the answers of the
 * exact uses.  Where two equal values reach a level that depends on their frequency, that level is
 * left out: it is summed up for the pair at hand. */
static void bound_answers(const glance_view *view) {
    const link_use *use = view->use;
    link_glance *glance = view->glance;
    unsigned equal = use->map[use->factor->factor.equal_answer];
    unsigned same = use->factor->factor.has_equal_answer ? same_bits(use) : 0;
    bool has_equal = equal & same;
    for (uint32_t i = 0; i < glance->row_count * LINK_GLANCE_ROW; i++) {
        glance->most[i] = -INFINITY;
    }
    for (uint64_t answers = 0; answers < 1ULL << view->comparison->bit_count; answers++) {
        int level = view->comparison->levels[answers];
        float *row = glance->most + (size_t)exact_bits(view, answers) * LINK_GLANCE_ROW;
        unsigned own = bits_of(use, answers);
        const link_level_worth *worth = &view->scorer->worths[view->number * LEVELS + level];
        bool is_adjusted = has_equal && own == equal && worth->factor != 0 &&
                           (!glance->equal_worth || glance->equal_worth == worth);
        if (is_adjusted) {
            glance->equal_worth = worth;
        } else {
            row[own] = fmaxf(row[own], worth_of(view, level));
        }
        if (!(own & same)) {
            row[LINK_GLANCE_OPEN] = fmaxf(row[LINK_GLANCE_OPEN], worth_of(view, level));
        }
    }
}

/* Without a table of levels nothing is known but the best of them. */
static void bound_levels(const glance_view *view) {
    float most = -INFINITY;
    for (int i = 0; i < view->comparison->comparison->level_count; i++) {
        most = fmaxf(most, worth_of(view, i));
    }
    view->glance->exact_count = 0;
    view->glance->row_count = 1;
    for (int i = 0; i < LINK_GLANCE_ROW; i++) {
        view->glance->most[i] = most;
    }
}

static float fall_of(const link_glance *glance) {
    return glance->most[LINK_GLANCE_OPEN] - glance->most[glance->usual];
}

/* By one use of the comparison. */
static tf_status glance_by(const link_scorer *scorer, int c, const link_use *use,
                           link_glance *glance, tf_error *error) {
    glance_view view = {scorer, &scorer->evidence->comparisons[c], c, use, glance};
    *glance = (link_glance){.use = use,
                            .quick = &scorer->evidence->quick[use->factor->number],
                            .screen = use->factor->screen,
                            .usual = use->map[use->factor->usual_answer]};
    find_exact_uses(&view);
    glance->most = tf_alloc((size_t)glance->row_count * LINK_GLANCE_ROW, sizeof *glance->most);
    if (!glance->most) {
        return tf_fail_no_memory(error);
    }
    if (view.comparison->levels) {
        bound_answers(&view);
    } else {
        bound_levels(&view);
    }
    return TF_OK;
}

/* By the use of which the usual answer lowers the bound most. */
static tf_status glance_at(link_scorer *scorer, int c, tf_error *error) {
    const link_evidence_comparison *comparison = &scorer->evidence->comparisons[c];
    link_glance *best = &scorer->glances[c];
    for (int u = 0; u < comparison->use_count; u++) {
        link_glance tried;
        tf_status status = glance_by(scorer, c, &comparison->uses[u], &tried, error);
        if (status) {
            return status;
        }
        bool is_better = !best->most || fall_of(&tried) > fall_of(best);
        tf_free(is_better ? best->most : tried.most);
        if (is_better) {
            *best = tried;
        }
    }
    return TF_OK;
}

/* Values that a cache cannot hold take longer to reach than to look at. */
static float cost_of(const link_evidence_factor *factor) {
    return factor->factor.derived->values->count > NEAR_VALUES ? 2 : 1;
}

static void order_looks(link_scorer *scorer) {
    float gains[TF_LINK_MAX_COMPARISONS];
    scorer->look_count = 0;
    for (int c = 0; c < scorer->evidence->comparison_count; c++) {
        const link_glance *glance = &scorer->glances[c];
        if (!glance->screen || !(fall_of(glance) > 0)) {
            continue;
        }
        gains[c] = fall_of(glance) / cost_of(glance->use->factor);
        int at = scorer->look_count++;
        for (; at > 0 && gains[scorer->looks[at - 1]] < gains[c]; at--) {
            scorer->looks[at] = scorer->looks[at - 1];
        }
        scorer->looks[at] = c;
    }
}

static uint8_t place_of(const link_use *use, uint8_t answer) {
    return answer == LINK_NO_ANSWER ? LINK_GLANCE_OPEN : use->map[answer];
}

static void fill_peek(const link_glance *glance, link_peek *peek) {
    const link_quick *quick = glance->quick;
    *peek = (link_peek){
        .left_slot = quick->left_slot,
        .right_slot = quick->right_slot,
        .missing = place_of(glance->use, quick->missing_answer),
        .equal = place_of(glance->use, quick->equal_answer),
        .differ = place_of(glance->use, quick->differ_answer),
        .exact_count = (uint8_t)glance->exact_count,
        .table_side = quick->table_side,
        .table = quick->table,
        .map = glance->use->map,
        .most = glance->most,
        .equal_worth = glance->equal_worth,
    };
    for (int i = 0; i < glance->exact_count; i++) {
        const link_evidence_factor *exact = glance->exact_uses[i]->factor;
        const uint8_t *map = glance->exact_uses[i]->map;
        int shift = glance->exact_shifts[i];
        peek->exact[i] = (link_peek_exact){
            .left_slot = exact->left_slot,
            .right_slot = exact->right_slot,
            .missing = (uint32_t)map[exact->factor.missing_answer] << shift,
            .equal = (uint32_t)map[exact->factor.equal_answer] << shift,
            .differ = (uint32_t)map[exact->usual_answer] << shift,
        };
    }
}

void link_scorer_forget_glances(link_scorer *scorer) {
    for (int c = 0; scorer->glances && c < scorer->evidence->comparison_count; c++) {
        tf_free(scorer->glances[c].most);
    }
    tf_free(scorer->glances);
    tf_free(scorer->peeks);
    scorer->glances = NULL;
    scorer->peeks = NULL;
}

tf_status link_scorer_prepare(link_scorer *scorer, tf_error *error) {
    size_t count = (size_t)scorer->evidence->comparison_count;
    link_scorer_forget_glances(scorer);
    scorer->glances = tf_alloc_zeroed(count, sizeof *scorer->glances);
    scorer->peeks = tf_alloc_zeroed(count, sizeof *scorer->peeks);
    if (!scorer->glances || !scorer->peeks) {
        return tf_fail_no_memory(error);
    }
    scorer->glance_start = nextafterf((float)scorer->prior_weight, INFINITY);
    for (int c = 0; c < (int)count; c++) {
        tf_status status = glance_at(scorer, c, error);
        if (status) {
            return status;
        }
        fill_peek(&scorer->glances[c], &scorer->peeks[c]);
    }
    order_looks(scorer);
    return TF_OK;
}
