#include "similarity_internal.h"

#include <assert.h>

enum { FAR = UINT32_MAX / 2 }; /* beyond any length, and a few edits more do not overflow */

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* Only cells within `at_most` of the diagonal can be on a path that short (Ukkonen 1985). */
uint32_t similarity_long_edits(const tf_similarity_text *a, const tf_similarity_text *b,
                               bool with_swaps, uint32_t at_most, tf_similarity_scratch *scratch) {
    uint32_t rows = a->length, columns = b->length;
    assert(scratch && scratch->longest >= columns);
    uint32_t *older = scratch->cells;
    uint32_t *old = older + columns + 1;
    uint32_t *row = old + columns + 1;
    for (uint32_t j = 0; j <= columns; j++) {
        old[j] = j;
    }
    for (uint32_t i = 1; i <= rows; i++) {
        uint32_t first = i > at_most ? i - at_most : 1;
        uint32_t last = least(columns, i + at_most);
        uint32_t code = similarity_code_at(a, i - 1);
        uint32_t code_before = i > 1 ? similarity_code_at(a, i - 2) : 0;
        row[first - 1] = first == 1 ? i : FAR;
        uint32_t smallest = row[first - 1];
        for (uint32_t j = first; j <= last; j++) {
            uint32_t other = similarity_code_at(b, j - 1);
            uint32_t cell = least(least(old[j], row[j - 1]) + 1, old[j - 1] + (code != other));
            if (with_swaps && i > 1 && j > 1 && code_before == other &&
                code == similarity_code_at(b, j - 2)) {
                cell = least(cell, older[j - 2] + 1);
            }
            row[j] = cell;
            smallest = least(smallest, cell);
        }
        if (smallest > at_most) {
            return at_most + 1;
        }
        if (last < columns) {
            row[last + 1] = FAR;
        }
        uint32_t *spare = older;
        older = old;
        old = row;
        row = spare;
    }
    return least(old[columns], at_most + 1);
}

/* The row before the last in which code a[i] stood at b[j], and the cell there, are all that is
 * needed of the rows above: of the codes between the two that are swapped, one side has none, or
 * substitution is as good (Zhao & Sahni 2019). */
uint32_t similarity_table_damerau(const tf_similarity_text *a, const tf_similarity_text *b,
                                  uint32_t at_most, uint32_t *cells) {
    uint32_t rows = a->length, columns = b->length, width = columns + 1;
    uint32_t *older = cells;
    uint32_t *old = older + width;
    uint32_t *row = old + width;
    uint32_t *met_row = row + width;      /* for each column, the last row with its code */
    uint32_t *met_cell = met_row + width; /* two to the left in the row above that */
    for (uint32_t j = 0; j <= columns; j++) {
        old[j] = j;
        older[j] = FAR;
        met_row[j] = 0;
        met_cell[j] = FAR;
    }
    for (uint32_t i = 1; i <= rows; i++) {
        uint32_t code = similarity_code_at(a, i - 1);
        uint32_t met_column = 0; /* the last column of this row with the row's code */
        uint32_t corner = FAR;   /* the cell before it, two rows up */
        uint32_t smallest = row[0] = i;
        for (uint32_t j = 1; j <= columns; j++) {
            bool is_equal = code == similarity_code_at(b, j - 1);
            uint32_t cell = least(least(old[j], row[j - 1]) + 1, old[j - 1] + !is_equal);
            if (!is_equal) {
                if (met_row[j] && met_column + 1 == j) {
                    cell = least(cell, met_cell[j] + (i - met_row[j]));
                } else if (met_row[j] && met_row[j] + 1 == i && met_column) {
                    cell = least(cell, corner + (j - met_column));
                }
            } else {
                met_column = j;
                corner = older[j - 1];
                met_row[j] = i;
                met_cell[j] = j > 1 ? old[j - 2] : FAR;
            }
            row[j] = cell;
            smallest = least(smallest, cell);
        }
        if (smallest > at_most) {
            return at_most + 1;
        }
        uint32_t *spare = older;
        older = old;
        old = row;
        row = spare;
    }
    return least(old[columns], at_most + 1);
}

jaro_count similarity_long_jaro(const tf_similarity_text *a, const tf_similarity_text *b,
                                tf_similarity_scratch *scratch) {
    assert(scratch && scratch->longest >= a->length && scratch->longest >= b->length);
    uint32_t reach = jaro_reach(a->length, b->length);
    uint32_t *taken = scratch->cells;
    uint32_t *takers = taken + a->length; /* the codes of b that took one, in order */
    jaro_count count = {0, 0};
    memset(taken, 0, a->length * sizeof *taken);
    for (uint32_t j = 0; j < b->length; j++) {
        uint32_t code = similarity_code_at(b, j);
        uint32_t end = least(a->length, j + reach + 1);
        for (uint32_t i = j > reach ? j - reach : 0; i < end; i++) {
            if (!taken[i] && similarity_code_at(a, i) == code) {
                taken[i] = 1;
                takers[count.common++] = code;
                break;
            }
        }
    }
    for (uint32_t i = 0, k = 0; i < a->length; i++) {
        if (taken[i]) {
            count.out_of_order += similarity_code_at(a, i) != takers[k++];
        }
    }
    return count;
}
