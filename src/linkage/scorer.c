#include "linkage/scorer_internal.h"

#include <math.h>

enum { LEVELS = TF_LINK_MAX_LEVELS };

static const double SMALLEST = 1e-300;

void link_scorer_free(link_scorer *scorer) {
    if (!scorer) {
        return;
    }
    for (uint32_t i = 0; scorer->frequencies && i < scorer->slot_count; i++) {
        tf_free(scorer->frequencies[i]);
    }
    tf_free(scorer->frequencies);
    tf_free(scorer->worths);
    link_scorer_forget_glances(scorer);
    tf_free(scorer);
}

/* log2 of the share that each value has among the records that have any. */
static tf_status count_frequencies(const link_evidence *evidence, uint32_t slot, uint32_t values,
                                   double **frequencies_out, tf_error *error) {
    double *frequencies = *frequencies_out = tf_alloc_zeroed((size_t)values + 1, sizeof(double));
    if (!frequencies) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t r = 0; r < evidence->record_count; r++) {
        frequencies[link_evidence_row(evidence, r)[slot]] += 1;
    }
    double all = evidence->record_count - frequencies[0];
    frequencies[0] = -INFINITY; /* missing: the other's counts */
    for (uint32_t i = 1; i <= values; i++) {
        frequencies[i] = log2(frequencies[i] / all);
    }
    return TF_OK;
}

static uint32_t slot_of(const link_evidence *evidence, const char *column, uint32_t *values_out) {
    uint32_t slot = 0;
    for (size_t i = 0; i < evidence->derivation.count; i++) {
        const link_derived *derived = evidence->derivation.items[i];
        if (derived->part_count == 1 && !derived->is_across && derived->left[0].step_count == 0 &&
            strcmp(derived->left[0].column, column) == 0) {
            *values_out = derived->values->count;
            return slot;
        }
        slot += derived->is_across ? 2 : 1;
    }
    return UINT32_MAX;
}

static tf_status weigh_level(link_scorer *scorer, int c, int level, tf_error *error) {
    const tf_link_comparison *comparison = scorer->evidence->comparisons[c].comparison;
    const tf_link_level *from = &comparison->levels[level];
    link_level_worth *worth = &scorer->worths[c * LEVELS + level];
    *worth = (link_level_worth){.weight = tf_link_level_weight(from)};
    if (isnan(worth->weight)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "level %d of the comparison %.80s has no %s yet; train the model, or give "
                       "both in the settings",
                       level + 1, comparison->name, isnan(from->m) ? "m" : "u");
    }
    /* The adjustment for a value as frequent as can be shows whether there is one at all. */
    double at_one = tf_link_term_adjustment(comparison, level, 1, 1);
    double at_half = tf_link_term_adjustment(comparison, level, 0.5, 0.5);
    if (at_one == 0 && at_half == 0) {
        return TF_OK;
    }
    uint32_t values = 0;
    uint32_t slot = slot_of(scorer->evidence, from->tf_column, &values);
    if (!scorer->frequencies[slot]) {
        tf_status status =
            count_frequencies(scorer->evidence, slot, values, &scorer->frequencies[slot], error);
        if (status) {
            return status;
        }
    }
    worth->factor = from->tf_weight;
    worth->base = at_one / from->tf_weight;
    worth->floor = log2(fmax(from->tf_minimum_u, SMALLEST));
    worth->left_slot = worth->right_slot = slot;
    worth->frequencies = scorer->frequencies[slot];
    return TF_OK;
}

/* The most that the adjustment can add: for the rarest value there is, or, where neither record
 * has a value, nothing. */
static double most_added(const link_scorer *scorer, const link_level_worth *worth) {
    if (worth->factor == 0) {
        return 0;
    }
    double rarest = -log2(fmax(scorer->evidence->record_count, 1));
    double at_rarest = worth->factor * (worth->base - fmax(rarest, worth->floor));
    return fmax(0, fmax(at_rarest, worth->factor * worth->base));
}

double link_scorer_most(const link_scorer *scorer, int comparison, int level) {
    const link_level_worth *worth = &scorer->worths[comparison * LEVELS + level];
    return worth->weight + most_added(scorer, worth);
}

tf_status link_scorer_weigh(link_scorer *scorer, tf_error *error) {
    const link_evidence *evidence = scorer->evidence;
    if (isnan(evidence->model->prior)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the model has no prior, the probability that two random records match; "
                       "train it, or give one in the settings");
    }
    scorer->prior_weight = tf_link_weight_of_probability(evidence->model->prior);
    for (int c = 0; c < evidence->comparison_count; c++) {
        int count = evidence->comparisons[c].comparison->level_count;
        for (int i = 0; i < count; i++) {
            tf_status status = weigh_level(scorer, c, i, error);
            if (status) {
                return status;
            }
        }
    }
    return TF_OK;
}

tf_status link_scorer_new(const link_evidence *evidence, link_scorer **scorer_out,
                          tf_error *error) {
    *scorer_out = NULL;
    link_scorer *scorer = tf_alloc_zeroed(1, sizeof *scorer);
    if (!scorer) {
        return tf_fail_no_memory(error);
    }
    size_t count = (size_t)evidence->comparison_count;
    scorer->evidence = evidence;
    scorer->slot_count = evidence->stride;
    scorer->worths = tf_alloc_zeroed(count * LEVELS, sizeof *scorer->worths);
    scorer->frequencies = tf_alloc_zeroed(evidence->stride, sizeof *scorer->frequencies);
    tf_status status = scorer->worths && scorer->frequencies ? link_scorer_weigh(scorer, error)
                                                             : tf_fail_no_memory(error);
    if (status) {
        link_scorer_free(scorer);
        return status;
    }
    *scorer_out = scorer;
    return TF_OK;
}

static inline double term(const link_level_worth *worth, const uint32_t *left_row,
                          const uint32_t *right_row) {
    if (worth->factor == 0) {
        return worth->weight;
    }
    double left = worth->frequencies[left_row[worth->left_slot]];
    double right = worth->frequencies[right_row[worth->right_slot]];
    double frequency = left > right ? left : right;
    if (frequency == -INFINITY) {
        return worth->weight; /* both are missing */
    }
    return worth->weight +
           worth->factor * (worth->base - (frequency > worth->floor ? frequency : worth->floor));
}

double link_scorer_term(const link_scorer *scorer, int comparison, int level,
                        const uint32_t *left_row, const uint32_t *right_row) {
    return term(&scorer->worths[comparison * LEVELS + level], left_row, right_row);
}

double link_scorer_sum(const link_scorer *scorer, const uint8_t *levels, const uint32_t *left_row,
                       const uint32_t *right_row) {
    double sum = scorer->prior_weight;
    for (int c = 0; c < scorer->evidence->comparison_count; c++) {
        sum += term(&scorer->worths[c * LEVELS + levels[c]], left_row, right_row);
    }
    return sum;
}

void link_scorer_levels(const link_scorer *scorer, uint32_t left, uint32_t right,
                        link_worker *worker, uint8_t *levels_out) {
    const link_evidence *evidence = scorer->evidence;
    link_two two;
    link_two_begin(&two, evidence, link_evidence_row(evidence, left),
                   link_evidence_row(evidence, right));
    for (int c = 0; c < evidence->comparison_count; c++) {
        levels_out[c] = (uint8_t)link_two_level(&two, evidence, &evidence->comparisons[c], worker);
    }
}
