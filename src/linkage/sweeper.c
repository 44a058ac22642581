/* The rows of one record after another, and the patterns of its pairs. */
#include "linkage/sweep_internal.h"

/* A comparison's row. */
typedef struct sweep_row {
    uint32_t *answers; /* by joined code: of all its factors, where they stand */
    uint16_t *added;   /* what its level adds to the group's pattern */
    uint32_t usual;    /* the answers of values that have nothing to do with each other */
    uint32_t *changed; /* joined codes whose answers are not the usual ones */
    size_t changed_count;
    size_t changed_capacity;
    bool is_made;
} sweep_row;

struct link_sweeper {
    const link_sweep *sweep;
    link_worker worker;
    sweep_row **rows;                       /* of each comparison, one for each joined factor */
    int16_t *corrections[LINK_MOST_GROUPS]; /* by record */
    uint32_t *corrected;                    /* records, with repeats */
    size_t corrected_count;
    size_t corrected_capacity;
    uint32_t *stamps; /* by record: the comparison it was last corrected for, and its left record */
    uint32_t stamp;
    uint32_t *related; /* room for the related values of one, `code << 8 | answer` */
    uint32_t *selected;
    uint16_t tile[LINK_MOST_GROUPS * LINK_TILE];
    uint32_t answers[LINK_TILE];
};

static uint32_t most_values(const link_sweep *sweep) {
    uint32_t most = 0;
    for (int f = 0; f < sweep->factor_count; f++) {
        most = sweep->factors[f].value_count > most ? sweep->factors[f].value_count : most;
    }
    return most;
}

static tf_status make_rows(link_sweeper *sweeper, int c, tf_error *error) {
    const link_sweep_comparison *comparison = &sweeper->sweep->comparisons[c];
    sweep_row *rows = sweeper->rows[c] =
        tf_alloc_zeroed((size_t)comparison->joined_count, sizeof *rows);
    if (!rows) {
        return tf_fail_no_memory(error);
    }
    for (int j = 0; j < comparison->joined_count; j++) {
        const link_joined *joined = &comparison->joined[j];
        if (joined->is_sparse) {
            continue;
        }
        rows[j].answers = tf_alloc(joined->code_count, sizeof *rows[j].answers);
        rows[j].added = tf_alloc(joined->code_count, sizeof *rows[j].added);
        if (!rows[j].answers || !rows[j].added) {
            return tf_fail_no_memory(error);
        }
    }
    return TF_OK;
}

tf_status link_sweeper_new(const link_sweep *sweep, link_sweeper **sweeper_out, tf_error *error) {
    *sweeper_out = NULL;
    link_sweeper *sweeper = tf_alloc_zeroed(1, sizeof *sweeper);
    if (!sweeper) {
        return tf_fail_no_memory(error);
    }
    sweeper->sweep = sweep;
    uint32_t values = most_values(sweep);
    uint32_t records = sweep->evidence->record_count;
    sweeper->rows = tf_alloc_zeroed((size_t)sweep->comparison_count, sizeof *sweeper->rows);
    sweeper->stamps = tf_alloc_zeroed(records, sizeof *sweeper->stamps);
    sweeper->related = tf_alloc((size_t)values + 1, sizeof *sweeper->related);
    sweeper->selected = tf_alloc((size_t)values + 1, sizeof *sweeper->selected);
    tf_status status = sweeper->rows && sweeper->stamps && sweeper->related && sweeper->selected
                           ? link_worker_init(&sweeper->worker, error)
                           : tf_fail_no_memory(error);
    for (int g = 0; g < sweep->group_count && !status; g++) {
        sweeper->corrections[g] = tf_alloc_zeroed(records, sizeof **sweeper->corrections);
        status = sweeper->corrections[g] ? TF_OK : tf_fail_no_memory(error);
    }
    for (int c = 0; c < sweep->comparison_count && !status; c++) {
        status = make_rows(sweeper, c, error);
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
    const link_sweep *sweep = sweeper->sweep;
    for (int c = 0; sweeper->rows && c < sweep->comparison_count; c++) {
        for (int j = 0; sweeper->rows[c] && j < sweep->comparisons[c].joined_count; j++) {
            tf_free(sweeper->rows[c][j].answers);
            tf_free(sweeper->rows[c][j].added);
            tf_free(sweeper->rows[c][j].changed);
        }
        tf_free(sweeper->rows[c]);
    }
    for (int g = 0; g < sweep->group_count; g++) {
        tf_free(sweeper->corrections[g]);
    }
    tf_free(sweeper->rows);
    tf_free(sweeper->corrected);
    tf_free(sweeper->stamps);
    tf_free(sweeper->related);
    tf_free(sweeper->selected);
    link_worker_deinit(&sweeper->worker);
    tf_free(sweeper);
}

/* ---- related values ---- */

/* The values related to one, found now. */
static size_t find_related(link_sweeper *sweeper, const link_sweep_factor *factor, uint32_t left) {
    const link_evidence_factor *from = factor->factor;
    size_t count = 0;
    size_t selected = factor->value_count;
    link_operand a, b;
    link_factor_operand(&from->factor, left, &a);
    if (from->screen) {
        selected =
            link_screen_select(from->screen, left, 1, factor->value_count + 1, sweeper->selected);
    }
    for (size_t i = 0; i < selected; i++) {
        uint32_t right = from->screen ? sweeper->selected[i] : (uint32_t)i + 1;
        link_factor_operand(&from->factor, right, &b);
        uint8_t answer = link_factor_compare(&from->factor, &a, &b, &sweeper->worker.scratch);
        if (answer != from->usual_answer) {
            sweeper->related[count++] = right << 8 | answer;
        }
    }
    return count;
}

/* `code << 8 | answer` for every value related to the left one; borrowed. */
static const uint32_t *related_to(link_sweeper *sweeper, int f, uint32_t left, size_t *count_out) {
    const link_sweep_factor *factor = &sweeper->sweep->factors[f];
    if (factor->factor->is_exact) {
        sweeper->related[0] = left << 8 | factor->factor->factor.equal_answer;
        *count_out = factor->factor->factor.equal_answer != factor->factor->usual_answer;
        return sweeper->related;
    }
    if (factor->relations.starts) {
        uint64_t start = factor->relations.starts[left];
        *count_out = (size_t)(factor->relations.starts[left + 1] - start);
        return factor->relations.items + start;
    }
    *count_out = find_related(sweeper, factor, left);
    return sweeper->related;
}

/* ---- rows ---- */

static tf_status note_change(sweep_row *row, uint32_t code, tf_error *error) {
    if (row->answers[code] != row->usual) {
        return TF_OK; /* noted already */
    }
    tf_status status = tf_reserve(&row->changed, &row->changed_capacity, row->changed_count + 1,
                                  sizeof *row->changed, error);
    if (!status) {
        row->changed[row->changed_count++] = code;
    }
    return status;
}

/* Replace the answers of one use for the joined codes that hold a value. */
static tf_status set_answer(sweep_row *row, const link_joined *joined, int i, uint32_t value,
                            uint8_t answer, tf_error *error) {
    const link_use *use = joined->uses[i];
    uint32_t mask = ((1U << use->test_count) - 1) << use->shift;
    const uint64_t *starts = joined->holder_starts[i];
    for (uint64_t h = starts[value]; h < starts[value + 1]; h++) {
        uint32_t code = joined->holders[i][h];
        uint32_t answers = (row->answers[code] & ~mask) | (uint32_t)use->map[answer] << use->shift;
        if (answers != row->answers[code]) {
            tf_status status = note_change(row, code, error);
            if (status) {
                return status;
            }
            row->answers[code] = answers;
        }
    }
    return TF_OK;
}

static uint16_t added_by(const link_sweep *sweep, int c, uint32_t answers) {
    const link_evidence_comparison *comparison = &sweep->evidence->comparisons[c];
    return (uint16_t)((uint32_t)link_level_of_answers(comparison, answers) *
                      sweep->comparisons[c].stride);
}

/* Every joined code the same answers, in both arrays. */
static void fill_row(const link_sweep *sweep, int c, const link_joined *joined, sweep_row *row) {
    uint16_t added = added_by(sweep, c, row->usual);
    for (uint32_t i = 0; i < joined->code_count; i++) {
        row->answers[i] = row->usual;
    }
    for (uint32_t i = 0; i < joined->code_count; i++) {
        row->added[i] = added;
    }
    row->changed_count = 0;
}

/* The answers of each factor if no value is related: those of missing ones where the left is. */
static uint32_t usual_answers(const link_joined *joined, const uint32_t *left_row) {
    uint32_t usual = 0;
    for (int i = 0; i < joined->use_count; i++) {
        const link_use *use = joined->uses[i];
        bool is_missing = left_row[use->factor->left_slot] == 0;
        uint8_t answer =
            is_missing ? use->factor->factor.missing_answer : use->factor->usual_answer;
        usual |= (uint32_t)use->map[answer] << use->shift;
    }
    return usual;
}

static tf_status make_row(link_sweeper *sweeper, int c, int j, const uint32_t *left_row,
                          tf_error *error) {
    const link_sweep *sweep = sweeper->sweep;
    const link_joined *joined = &sweep->comparisons[c].joined[j];
    sweep_row *row = &sweeper->rows[c][j];
    uint32_t usual = usual_answers(joined, left_row);
    if (!row->is_made || usual != row->usual || row->changed_count > joined->code_count / 8) {
        row->usual = usual;
        fill_row(sweep, c, joined, row);
    } else {
        uint16_t added = added_by(sweep, c, usual);
        for (size_t i = 0; i < row->changed_count; i++) {
            row->answers[row->changed[i]] = usual;
            row->added[row->changed[i]] = added;
        }
        row->changed_count = 0;
    }
    row->is_made = true;
    tf_status status = TF_OK;
    for (int i = 0; i < joined->use_count && !status; i++) {
        const link_use *use = joined->uses[i];
        const link_evidence_factor *factor = use->factor;
        uint32_t left = left_row[factor->left_slot];
        if (left == 0) {
            continue;
        }
        size_t count;
        const uint32_t *related = related_to(sweeper, factor->number, left, &count);
        for (size_t k = 0; k < count && !status; k++) {
            status =
                set_answer(row, joined, i, related[k] >> 8, (uint8_t)(related[k] & 0xFF), error);
        }
        if (!status) {
            status = set_answer(row, joined, i, 0, factor->factor.missing_answer, error);
        }
    }
    for (size_t i = 0; i < row->changed_count; i++) {
        row->added[row->changed[i]] = added_by(sweep, c, row->answers[row->changed[i]]);
    }
    return status;
}

/* ---- corrections ---- */

static void forget_corrections(link_sweeper *sweeper) {
    for (size_t i = 0; i < sweeper->corrected_count; i++) {
        for (int g = 0; g < sweeper->sweep->group_count; g++) {
            sweeper->corrections[g][sweeper->corrected[i]] = 0;
        }
    }
    sweeper->corrected_count = 0;
}

static tf_status correct_record(link_sweeper *sweeper, int c, const uint32_t *left_row,
                                uint32_t record, tf_error *error) {
    const link_sweep *sweep = sweeper->sweep;
    const link_sweep_comparison *comparison = &sweep->comparisons[c];
    if (sweeper->stamps[record] == sweeper->stamp) {
        return TF_OK;
    }
    sweeper->stamps[record] = sweeper->stamp;
    int level = link_evidence_level(sweep->evidence, &sweep->evidence->comparisons[c], left_row,
                                    link_evidence_row(sweep->evidence, record), &sweeper->worker);
    const sweep_row *row = &sweeper->rows[c][comparison->row];
    int added = row->added[comparison->joined[comparison->row].codes[record]];
    int wanted = level * (int)comparison->stride;
    if (wanted == added) {
        return TF_OK;
    }
    tf_status status = tf_reserve(&sweeper->corrected, &sweeper->corrected_capacity,
                                  sweeper->corrected_count + 1, sizeof *sweeper->corrected, error);
    if (!status) {
        sweeper->corrected[sweeper->corrected_count++] = record;
        sweeper->corrections[comparison->group][record] =
            (int16_t)(sweeper->corrections[comparison->group][record] + wanted - added);
    }
    return status;
}

static uint64_t first_from(const uint32_t *records, uint64_t low, uint64_t high, uint32_t least) {
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (records[middle] < least) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Correct the records that a sparse factor concerns. */
static tf_status correct(link_sweeper *sweeper, int c, const link_joined *joined,
                         const uint32_t *left_row, uint32_t first, uint32_t last, tf_error *error) {
    for (int i = 0; i < joined->use_count; i++) {
        const link_use *use = joined->uses[i];
        uint32_t left = left_row[use->factor->left_slot];
        if (left == 0) {
            continue;
        }
        size_t count;
        const uint32_t *related = related_to(sweeper, use->factor->number, left, &count);
        for (size_t k = 0; k < count; k++) {
            if (use->map[related[k] & 0xFF] == use->map[use->factor->usual_answer]) {
                continue;
            }
            const uint64_t *starts = joined->holder_starts[i] + (related[k] >> 8);
            const uint32_t *holders = joined->holders[i];
            for (uint64_t h = first_from(holders, starts[0], starts[1], first);
                 h < starts[1] && holders[h] < last; h++) {
                tf_status status = correct_record(sweeper, c, left_row, holders[h], error);
                if (status) {
                    return status;
                }
            }
        }
    }
    return TF_OK;
}

tf_status link_sweeper_take(link_sweeper *sweeper, uint32_t record, uint32_t first, uint32_t last,
                            tf_error *error) {
    const link_sweep *sweep = sweeper->sweep;
    const uint32_t *left_row = link_evidence_row(sweep->evidence, record);
    tf_status status = TF_OK;
    forget_corrections(sweeper);
    for (int c = 0; c < sweep->comparison_count && !status; c++) {
        const link_sweep_comparison *comparison = &sweep->comparisons[c];
        for (int j = 0; j < comparison->joined_count && !status; j++) {
            if (!comparison->joined[j].is_sparse) {
                status = make_row(sweeper, c, j, left_row, error);
            }
        }
        if (++sweeper->stamp == 0) { /* once in 2^32: no old stamp may seem new */
            memset(sweeper->stamps, 0,
                   (size_t)sweep->evidence->record_count * sizeof *sweeper->stamps);
            sweeper->stamp = 1;
        }
        for (int j = 0; j < comparison->joined_count && !status; j++) {
            if (comparison->joined[j].is_sparse) {
                status = correct(sweeper, c, &comparison->joined[j], left_row, first, last, error);
            }
        }
    }
    return status;
}

/* ---- tiles ---- */

static void add_row(uint16_t *restrict sums, const uint16_t *restrict added,
                    const uint32_t *restrict codes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        sums[i] = (uint16_t)(sums[i] + added[codes[i]]);
    }
}

static void add_several(link_sweeper *sweeper, int c, uint16_t *sums, uint32_t first,
                        uint32_t count) {
    const link_sweep_comparison *comparison = &sweeper->sweep->comparisons[c];
    memset(sweeper->answers, 0, count * sizeof *sweeper->answers);
    for (int j = 0; j < comparison->joined_count; j++) {
        const uint32_t *codes = comparison->joined[j].codes + first;
        const uint32_t *answers = sweeper->rows[c][j].answers;
        for (uint32_t i = 0; i < count; i++) {
            sweeper->answers[i] |= answers[codes[i]];
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        sums[i] = (uint16_t)(sums[i] + added_by(sweeper->sweep, c, sweeper->answers[i]));
    }
}

const uint16_t *link_sweeper_tile(link_sweeper *sweeper, uint32_t first, uint32_t last) {
    const link_sweep *sweep = sweeper->sweep;
    uint32_t count = last - first;
    for (int g = 0; g < sweep->group_count; g++) {
        memcpy(sweeper->tile + (size_t)g * LINK_TILE, sweeper->corrections[g] + first,
               count * sizeof *sweeper->tile);
    }
    for (int c = 0; c < sweep->comparison_count; c++) {
        const link_sweep_comparison *comparison = &sweep->comparisons[c];
        uint16_t *sums = sweeper->tile + (size_t)comparison->group * LINK_TILE;
        if (comparison->row < 0) {
            add_several(sweeper, c, sums, first, count);
            continue;
        }
        add_row(sums, sweeper->rows[c][comparison->row].added,
                comparison->joined[comparison->row].codes + first, count);
    }
    return sweeper->tile;
}
