#include "linkage/sweep_internal.h"

#include <math.h>

/* A joined factor of which fewer pairs have an unusual answer is corrected for, not looked up. */
static const double SPARSE_SHARE = 0.05;

enum { PROBES = 48, FIRST_SLOTS = 1024 };

static void joined_deinit(link_joined *joined) {
    tf_free(joined->codes);
    tf_free(joined->parts);
    for (int i = 0; i < joined->use_count; i++) {
        tf_free(joined->holder_starts[i]);
        tf_free(joined->holders[i]);
    }
}

void link_sweep_free(link_sweep *sweep) {
    if (!sweep) {
        return;
    }
    for (int f = 0; sweep->factors && f < sweep->factor_count; f++) {
        tf_free(sweep->factors[f].relations.starts);
        tf_free(sweep->factors[f].relations.items);
    }
    for (int c = 0; sweep->comparisons && c < sweep->comparison_count; c++) {
        for (int j = 0; j < sweep->comparisons[c].joined_count; j++) {
            joined_deinit(&sweep->comparisons[c].joined[j]);
        }
        tf_free(sweep->comparisons[c].joined);
    }
    tf_free(sweep->comparisons);
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
                return tf_fail(
                    error, TF_UNSUPPORTED, NULL, 0,
                    "there are too many comparisons to score all pairs; use blocking, or "
                    "leave comparisons out");
            }
            sweep->group_size[group] = 1;
            sweep->group_stride[group] = sweep->code.strides[c];
        }
        sweep->comparisons[c].group = group;
        sweep->comparisons[c].stride = sweep->group_size[group];
        sweep->group_size[group] *= levels;
    }
    sweep->group_count = group + 1;
    return TF_OK;
}

static void describe_factor(link_sweep_factor *factor, const link_evidence_factor *from) {
    factor->factor = from;
    factor->value_count = from->factor.derived->values->count;
}

static bool reads_same_columns(const link_derived *a, const link_derived *b) {
    if (a->part_count != b->part_count) {
        return false;
    }
    for (int i = 0; i < a->part_count; i++) {
        if (strcmp(a->left[i].column, b->left[i].column) != 0 ||
            strcmp(a->right[i].column, b->right[i].column) != 0) {
            return false;
        }
    }
    return true;
}

/* Put the comparison's uses together by the columns that they read. */
static tf_status join_uses(link_sweep *sweep, int c, tf_error *error) {
    const link_evidence_comparison *from = &sweep->evidence->comparisons[c];
    link_sweep_comparison *comparison = &sweep->comparisons[c];
    comparison->joined = tf_alloc_zeroed((size_t)from->use_count, sizeof *comparison->joined);
    if (!comparison->joined) {
        return tf_fail_no_memory(error);
    }
    for (int u = 0; u < from->use_count; u++) {
        int j = 0;
        while (j < comparison->joined_count &&
               !reads_same_columns(comparison->joined[j].uses[0]->factor->factor.derived,
                                   from->uses[u].factor->factor.derived)) {
            j++;
        }
        comparison->joined_count += j == comparison->joined_count;
        link_joined *joined = &comparison->joined[j];
        joined->uses[joined->use_count++] = &from->uses[u];
    }
    return TF_OK;
}

/* ---- codes of what is joined ---- */

typedef struct interning {
    uint32_t *slots; /* joined code + 1 */
    size_t mask;
    size_t part_capacity;
} interning;

static size_t find_parts(const link_joined *joined, const interning *table, const uint32_t *parts) {
    size_t size = (size_t)joined->use_count * sizeof *parts;
    size_t at = (size_t)tf_hash(parts, size) & table->mask;
    while (table->slots[at] &&
           memcmp(joined->parts + (size_t)(table->slots[at] - 1) * (size_t)joined->use_count, parts,
                  size) != 0) {
        at = (at + 1) & table->mask;
    }
    return at;
}

static tf_status grow_table(const link_joined *joined, interning *table, tf_error *error) {
    interning larger = {.mask = table->mask ? table->mask * 2 + 1 : FIRST_SLOTS - 1};
    larger.slots = tf_alloc_zeroed(larger.mask + 1, sizeof *larger.slots);
    if (!larger.slots) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < joined->code_count; i++) {
        size_t at =
            find_parts(joined, &larger, joined->parts + (size_t)i * (size_t)joined->use_count);
        larger.slots[at] = i + 1;
    }
    tf_free(table->slots);
    table->slots = larger.slots;
    table->mask = larger.mask;
    return TF_OK;
}

static tf_status intern(link_joined *joined, interning *table, const uint32_t *parts,
                        uint32_t *code_out, tf_error *error) {
    tf_status status =
        joined->code_count >= table->mask / 2 ? grow_table(joined, table, error) : TF_OK;
    if (status) {
        return status;
    }
    size_t at = find_parts(joined, table, parts);
    if (!table->slots[at]) {
        size_t used = (size_t)joined->code_count * (size_t)joined->use_count;
        status = tf_reserve(&joined->parts, &table->part_capacity, used + (size_t)joined->use_count,
                            sizeof *joined->parts, error);
        if (status) {
            return status;
        }
        memcpy(joined->parts + used, parts, (size_t)joined->use_count * sizeof *parts);
        table->slots[at] = ++joined->code_count;
    }
    *code_out = table->slots[at] - 1;
    return TF_OK;
}

static tf_status code_records(const link_sweep *sweep, link_joined *joined, tf_error *error) {
    const link_evidence *evidence = sweep->evidence;
    interning table = {0};
    joined->codes = tf_alloc(evidence->record_count, sizeof *joined->codes);
    tf_status status = joined->codes ? TF_OK : tf_fail_no_memory(error);
    for (uint32_t r = 0; r < evidence->record_count && !status; r++) {
        const uint32_t *row = link_evidence_row(evidence, r);
        uint32_t parts[LINK_MOST_USES];
        for (int i = 0; i < joined->use_count; i++) {
            parts[i] = row[joined->uses[i]->factor->right_slot];
        }
        status = intern(joined, &table, parts, &joined->codes[r], error);
    }
    tf_free(table.slots);
    return status;
}

/* By each factor's code: the joined codes that have it, or the records. */
static tf_status index_holders(const link_sweep *sweep, link_joined *joined, tf_error *error) {
    uint32_t count = joined->is_sparse ? sweep->evidence->record_count : joined->code_count;
    for (int i = 0; i < joined->use_count; i++) {
        size_t values = joined->uses[i]->factor->factor.derived->values->count;
        uint64_t *starts = joined->holder_starts[i] = tf_alloc_zeroed(values + 3, sizeof *starts);
        uint32_t *holders = joined->holders[i] = tf_alloc(count, sizeof *holders);
        if (!starts || !holders) {
            return tf_fail_no_memory(error);
        }
        for (int pass = 0; pass < 2; pass++) {
            for (uint32_t h = 0; h < count; h++) {
                size_t code = joined->is_sparse ? joined->codes[h] : h;
                uint32_t part = joined->parts[code * (size_t)joined->use_count + (size_t)i];
                if (pass == 0) {
                    starts[part + 2]++;
                } else {
                    holders[starts[part + 1]++] = h;
                }
            }
            for (size_t v = 1; v <= values + 1 && pass == 0; v++) {
                starts[v + 1] += starts[v];
            }
        }
    }
    return TF_OK;
}

/* ---- which joined factor becomes the row ---- */

/* The share of pairs whose answer is not the usual one, from some records. */
static tf_status measure_share(const link_sweep *sweep, link_joined *joined, double *share_out,
                               tf_error *error) {
    const link_evidence *evidence = sweep->evidence;
    link_worker worker;
    double unusual = 0;
    double pairs = 0;
    tf_status status = link_worker_init(&worker, error);
    if (status) {
        return status;
    }
    uint32_t count = evidence->record_count;
    for (uint32_t i = 0; i < PROBES * PROBES && count; i++) {
        uint32_t a = (uint32_t)((uint64_t)(i / PROBES) * count / PROBES);
        uint32_t b = (uint32_t)((uint64_t)(i * 2654435761U) * count >> 32);
        bool is_unusual = false;
        for (int f = 0; f < joined->use_count && a != b; f++) {
            const link_use *use = joined->uses[f];
            const link_evidence_factor *factor = use->factor;
            uint32_t left = link_evidence_row(evidence, a)[factor->left_slot];
            uint32_t right = link_evidence_row(evidence, b)[factor->right_slot];
            uint8_t answer = link_answer_at_once(&evidence->quick[factor->number], left, right);
            if (answer == LINK_NO_ANSWER) {
                answer = link_answer_slowly(factor, left, right, &worker);
            }
            is_unusual = is_unusual || use->map[answer] != use->map[factor->usual_answer];
        }
        pairs += a != b;
        unusual += is_unusual;
    }
    link_worker_deinit(&worker);
    *share_out = pairs > 0 ? unusual / pairs : 0;
    return TF_OK;
}

/* A missing value has the usual answer, too: else too many records would be corrected. */
static bool can_be_sparse(const link_joined *joined) {
    for (int i = 0; i < joined->use_count; i++) {
        const link_use *use = joined->uses[i];
        if (use->map[use->factor->factor.missing_answer] != use->map[use->factor->usual_answer]) {
            return false;
        }
    }
    return true;
}

static tf_status choose_row(link_sweep *sweep, link_sweep_comparison *comparison, tf_error *error) {
    int dense = 0;
    int densest = 0;
    double most = -1;
    for (int j = 0; j < comparison->joined_count; j++) {
        link_joined *joined = &comparison->joined[j];
        double share = 1;
        if (comparison->joined_count > 1 && can_be_sparse(joined)) {
            tf_status status = measure_share(sweep, joined, &share, error);
            if (status) {
                return status;
            }
        }
        joined->is_sparse = share < SPARSE_SHARE;
        dense += !joined->is_sparse;
        if (share > most) {
            most = share;
            densest = j;
        }
    }
    comparison->joined[densest].is_sparse = false;
    comparison->row = dense > 1 ? -1 : densest;
    for (int j = 0; j < comparison->joined_count && dense > 1; j++) {
        comparison->joined[j].is_sparse = false;
    }
    return TF_OK;
}

static tf_status build_comparison(link_sweep *sweep, int c, tf_error *error) {
    const link_evidence_comparison *from = &sweep->evidence->comparisons[c];
    link_sweep_comparison *comparison = &sweep->comparisons[c];
    if (from->bit_count > LINK_SWEEP_BITS) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the comparison %.80s has more conditions than all pairs can be scored by; "
                       "use blocking, or divide it",
                       from->comparison->name);
    }
    tf_status status = join_uses(sweep, c, error);
    if (!status) {
        status = choose_row(sweep, comparison, error);
    }
    for (int j = 0; j < comparison->joined_count && !status; j++) {
        status = code_records(sweep, &comparison->joined[j], error);
        if (!status) {
            status = index_holders(sweep, &comparison->joined[j], error);
        }
    }
    return status;
}

tf_status link_sweep_new(const link_evidence *evidence, link_sweep **sweep_out, tf_error *error) {
    *sweep_out = NULL;
    link_sweep *sweep = tf_alloc_zeroed(1, sizeof *sweep);
    if (!sweep) {
        return tf_fail_no_memory(error);
    }
    sweep->evidence = evidence;
    sweep->comparison_count = evidence->comparison_count;
    sweep->factor_count = evidence->factor_count;
    sweep->factors = tf_alloc_zeroed((size_t)sweep->factor_count, sizeof *sweep->factors);
    sweep->comparisons =
        tf_alloc_zeroed((size_t)sweep->comparison_count, sizeof *sweep->comparisons);
    tf_status status = sweep->factors && sweep->comparisons
                           ? link_pattern_code_init(&sweep->code, evidence->model, error)
                           : tf_fail_no_memory(error);
    if (!status) {
        status = group_comparisons(sweep, error);
    }
    for (int f = 0; f < sweep->factor_count && !status; f++) {
        describe_factor(&sweep->factors[f], &evidence->factors[f]);
    }
    for (int c = 0; c < evidence->comparison_count && !status; c++) {
        status = build_comparison(sweep, c, error);
    }
    if (status) {
        link_sweep_free(sweep);
        return status;
    }
    *sweep_out = sweep;
    return TF_OK;
}

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
                bounds_out[i] = NULL;
            }
            return tf_fail_no_memory(error);
        }
        for (uint32_t p = 0; p < sweep->group_size[g]; p++) {
            double sum = 0;
            for (int c = 0; c < sweep->comparison_count; c++) {
                if (sweep->comparisons[c].group == g) {
                    int count = sweep->evidence->comparisons[c].comparison->level_count;
                    int level = (int)(p / sweep->comparisons[c].stride) % count;
                    sum += link_scorer_most(scorer, c, level);
                }
            }
            bounds_out[g][p] = nextafterf((float)sum, INFINITY);
        }
    }
    return TF_OK;
}
