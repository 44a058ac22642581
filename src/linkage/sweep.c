#include "linkage/sweep_internal.h"

#include "trefoil/base/thread.h"

#include <math.h>

struct link_sweeper {
    const link_sweep *sweep;
    link_worker worker;
    /* Of each factor: what every right value adds to the answers of its comparison; of a comparison
     * of one factor, what its level adds to its group's pattern. */
    uint32_t **rows;
    uint32_t *row_left; /* the left code that a row was made for */
    bool *is_made;
    uint32_t left; /* record */
    uint32_t tile[LINK_MOST_GROUPS * LINK_TILE];
    uint32_t answers[LINK_TILE];
};

void link_sweep_free(link_sweep *sweep) {
    if (!sweep) {
        return;
    }
    for (int f = 0; sweep->factors && f < sweep->factor_count; f++) {
        tf_free((void *)sweep->factors[f].codes);
        tf_free(sweep->factors[f].relations.starts);
        tf_free(sweep->factors[f].relations.items);
    }
    tf_free(sweep->factors);
    tf_free(sweep);
}

/* Comparisons in their order, as many in a group as its patterns allow. */
static tf_status group_comparisons(link_sweep *sweep, tf_error *error) {
    const tf_link_model *model = sweep->evidence->model;
    int group = -1;
    for (int c = 0; c < model->comparison_count; c++) {
        uint32_t levels = (uint32_t)model->comparisons[c].level_count;
        if (group < 0 || sweep->group_size[group] * levels > LINK_GROUP_PATTERNS) {
            if (++group == LINK_MOST_GROUPS) {
                return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                               "there are too many comparisons to score all pairs; use blocking, or "
                               "leave comparisons out");
            }
            sweep->group_size[group] = 1;
            sweep->group_stride[group] = sweep->code.strides[c];
        }
        sweep->group_of[c] = group;
        sweep->stride_in_group[c] = sweep->group_size[group];
        sweep->group_size[group] *= levels;
    }
    sweep->group_count = group + 1;
    return TF_OK;
}

static tf_status add_factor(link_sweep *sweep, const link_evidence_factor *from, tf_error *error) {
    const link_evidence *evidence = sweep->evidence;
    link_sweep_factor *factor = &sweep->factors[sweep->factor_count];
    factor->factor = from;
    factor->value_count = from->factor.derived->values->count;
    for (int t = 0; t < from->factor.test_count; t++) {
        factor->usual_answer |= (uint8_t)((unsigned)from->factor.tests[t].is_negated << t);
    }
    uint32_t *codes = tf_alloc(evidence->record_count, sizeof *codes);
    factor->codes = codes;
    sweep->factor_count++;
    if (!codes) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t r = 0; r < evidence->record_count; r++) {
        codes[r] = link_evidence_row(evidence, r)[from->right_slot];
    }
    return TF_OK;
}

tf_status link_sweep_new(const link_evidence *evidence, link_sweep **sweep_out, tf_error *error) {
    *sweep_out = NULL;
    link_sweep *sweep = tf_alloc_zeroed(1, sizeof *sweep);
    if (!sweep) {
        return tf_fail_no_memory(error);
    }
    sweep->evidence = evidence;
    size_t count = 0;
    for (int c = 0; c < evidence->comparison_count; c++) {
        count += (size_t)evidence->comparisons[c].factor_count;
    }
    sweep->factors = tf_alloc_zeroed(count, sizeof *sweep->factors);
    tf_status status = sweep->factors
                           ? link_pattern_code_init(&sweep->code, evidence->model, error)
                           : tf_fail_no_memory(error);
    if (!status) {
        status = group_comparisons(sweep, error);
    }
    for (int c = 0; c < evidence->comparison_count && !status; c++) {
        sweep->first_factor[c] = sweep->factor_count;
        for (int f = 0; f < evidence->comparisons[c].factor_count && !status; f++) {
            status = add_factor(sweep, &evidence->comparisons[c].factors[f], error);
        }
        sweep->first_factor[c + 1] = sweep->factor_count;
    }
    if (status) {
        link_sweep_free(sweep);
        return status;
    }
    *sweep_out = sweep;
    return TF_OK;
}

/* ---- rows ---- */

tf_status link_sweeper_new(const link_sweep *sweep, link_sweeper **sweeper_out, tf_error *error) {
    *sweeper_out = NULL;
    link_sweeper *sweeper = tf_alloc_zeroed(1, sizeof *sweeper);
    if (!sweeper) {
        return tf_fail_no_memory(error);
    }
    sweeper->sweep = sweep;
    size_t count = (size_t)sweep->factor_count;
    sweeper->rows = tf_alloc_zeroed(count, sizeof *sweeper->rows);
    sweeper->row_left = tf_alloc_zeroed(count, sizeof *sweeper->row_left);
    sweeper->is_made = tf_alloc_zeroed(count, sizeof *sweeper->is_made);
    tf_status status = sweeper->rows && sweeper->row_left && sweeper->is_made
                           ? link_worker_init(&sweeper->worker, sweep->evidence, error)
                           : tf_fail_no_memory(error);
    for (size_t f = 0; f < count && !status; f++) {
        sweeper->rows[f] =
            tf_alloc((size_t)sweep->factors[f].value_count + 1, sizeof **sweeper->rows);
        status = sweeper->rows[f] ? TF_OK : tf_fail_no_memory(error);
    }
    if (status) {
        link_sweeper_free(sweeper);
        return status;
    }
    *sweeper_out = sweeper;
    return TF_OK;
}

void link_sweeper_free(link_sweeper *sweeper) {
    if (!sweeper) {
        return;
    }
    for (int f = 0; sweeper->rows && f < sweeper->sweep->factor_count; f++) {
        tf_free(sweeper->rows[f]);
    }
    tf_free(sweeper->rows);
    tf_free(sweeper->row_left);
    tf_free(sweeper->is_made);
    link_worker_deinit(&sweeper->worker);
    tf_free(sweeper);
}

/* What an answer becomes in a row. */
static uint32_t entry_of(const link_sweep *sweep, int c, const link_sweep_factor *factor,
                         uint8_t answer) {
    const link_evidence_comparison *comparison = &sweep->evidence->comparisons[c];
    if (comparison->factor_count > 1) {
        return (uint32_t)answer << factor->factor->shift;
    }
    return (uint32_t)link_level_of_answers(comparison, answer) * sweep->stride_in_group[c];
}

static void fill(uint32_t *row, uint32_t count, uint32_t entry) {
    for (uint32_t i = 0; i <= count; i++) {
        row[i] = entry;
    }
}

static void fill_row(link_sweeper *sweeper, int c, int f, uint32_t left) {
    const link_sweep *sweep = sweeper->sweep;
    const link_sweep_factor *factor = &sweep->factors[f];
    const link_factor *tests = &factor->factor->factor;
    uint32_t *row = sweeper->rows[f];
    uint32_t entries[256];
    for (int i = 0; i < 1 << tests->test_count; i++) {
        entries[i] = entry_of(sweep, c, factor, (uint8_t)i);
    }
    if (left == 0) {
        fill(row, factor->value_count, entries[tests->missing_answer]);
        return;
    }
    if (factor->relations.starts) {
        fill(row, factor->value_count, entries[factor->usual_answer]);
        const uint32_t *items = factor->relations.items;
        for (uint64_t i = factor->relations.starts[left]; i < factor->relations.starts[left + 1];
             i++) {
            row[items[i] >> 8] = entries[items[i] & 0xFF];
        }
    } else {
        link_operand a, b;
        link_factor_operand(tests, left, &a);
        for (uint32_t code = 1; code <= factor->value_count; code++) {
            link_factor_operand(tests, code, &b);
            row[code] = entries[link_factor_compare(tests, &a, &b, &sweeper->worker.scratch)];
        }
    }
    row[0] = entries[tests->missing_answer];
}

void link_sweeper_take(link_sweeper *sweeper, uint32_t record) {
    const link_sweep *sweep = sweeper->sweep;
    const uint32_t *left_row = link_evidence_row(sweep->evidence, record);
    sweeper->left = record;
    for (int c = 0; c < sweep->evidence->comparison_count; c++) {
        for (int f = sweep->first_factor[c]; f < sweep->first_factor[c + 1]; f++) {
            uint32_t left = left_row[sweep->factors[f].factor->left_slot];
            if (!sweeper->is_made[f] || sweeper->row_left[f] != left) {
                fill_row(sweeper, c, f, left);
                sweeper->is_made[f] = true;
                sweeper->row_left[f] = left;
            }
        }
    }
}

/* ---- tiles ---- */

static void add_row(uint32_t *restrict sums, const uint32_t *restrict row,
                    const uint32_t *restrict codes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        sums[i] += row[codes[i]];
    }
}

static void put_row(uint32_t *restrict sums, const uint32_t *restrict row,
                    const uint32_t *restrict codes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        sums[i] = row[codes[i]];
    }
}

static void add_several(link_sweeper *sweeper, int c, uint32_t *sums, uint32_t first,
                        uint32_t count) {
    const link_sweep *sweep = sweeper->sweep;
    const link_evidence_comparison *comparison = &sweep->evidence->comparisons[c];
    for (int f = sweep->first_factor[c]; f < sweep->first_factor[c + 1]; f++) {
        (f == sweep->first_factor[c] ? put_row : add_row)(
            sweeper->answers, sweeper->rows[f], sweep->factors[f].codes + first, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        sums[i] += (uint32_t)link_level_of_answers(comparison, sweeper->answers[i]) *
                   sweep->stride_in_group[c];
    }
}

const uint32_t *link_sweeper_tile(link_sweeper *sweeper, uint32_t first, uint32_t last) {
    const link_sweep *sweep = sweeper->sweep;
    uint32_t count = last - first;
    int group = -1;
    for (int c = 0; c < sweep->evidence->comparison_count; c++) {
        uint32_t *sums = sweeper->tile + (size_t)sweep->group_of[c] * LINK_TILE;
        bool is_simple = sweep->evidence->comparisons[c].factor_count == 1;
        bool is_new = sweep->group_of[c] != group;
        group = sweep->group_of[c];
        if (is_simple) {
            int f = sweep->first_factor[c];
            (is_new ? put_row : add_row)(sums, sweeper->rows[f], sweep->factors[f].codes + first,
                                         count);
            continue;
        }
        if (is_new) {
            memset(sums, 0, count * sizeof *sums);
        }
        add_several(sweeper, c, sums, first, count);
    }
    return sweeper->tile;
}

/* ---- bounds ---- */

tf_status link_sweep_bounds(const link_sweep *sweep, const link_scorer *scorer,
                            float *bounds_out[LINK_MOST_GROUPS], tf_error *error) {
    for (int g = 0; g < LINK_MOST_GROUPS; g++) {
        bounds_out[g] = NULL;
    }
    for (int g = 0; g < sweep->group_count; g++) {
        bounds_out[g] = tf_alloc(sweep->group_size[g], sizeof **bounds_out);
        if (!bounds_out[g]) {
            for (int i = 0; i < g; i++) {
                tf_free(bounds_out[i]);
            }
            return tf_fail_no_memory(error);
        }
        for (uint32_t p = 0; p < sweep->group_size[g]; p++) {
            double sum = 0;
            for (int c = 0; c < sweep->evidence->comparison_count; c++) {
                if (sweep->group_of[c] == g) {
                    int count = sweep->evidence->comparisons[c].comparison->level_count;
                    int level = (int)(p / sweep->stride_in_group[c]) % count;
                    sum += link_scorer_most(scorer, c, level);
                }
            }
            bounds_out[g][p] = nextafterf((float)sum, INFINITY);
        }
    }
    return TF_OK;
}
