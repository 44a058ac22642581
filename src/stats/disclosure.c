#include "trefoil/stats/disclosure.h"

#include <stdint.h>

/* The counts as far as they are hidden. */
typedef struct table {
    const int64_t *counts;
    size_t count;
    int64_t threshold;
    bool *hidden;
} table;

/* The smallest count that is shown; INT64_MAX if there is none. */
static int64_t smallest_shown(const table *all) {
    int64_t smallest = INT64_MAX;
    for (size_t i = 0; i < all->count; i++) {
        if (!all->hidden[i] && all->counts[i] < smallest) {
            smallest = all->counts[i];
        }
    }
    return smallest;
}

/* What is hidden, summed up. */
typedef struct hidden_sums {
    size_t count;
    int64_t sum;
    int64_t small_sum;   /* of those below the threshold */
    int64_t small_above; /* how much they could be more, and be below it still */
    int64_t large_below; /* how much the others could be less, and not be below it */
    int64_t large_above; /* how much the others could be more before one is the smallest shown */
    bool has_room;       /* without a bound: nothing is shown */
} hidden_sums;

static hidden_sums sum_hidden(const table *all) {
    int64_t smallest = smallest_shown(all);
    hidden_sums sums = {.has_room = smallest == INT64_MAX};
    bool has_large = false;
    for (size_t i = 0; i < all->count; i++) {
        int64_t value = all->counts[i];
        if (!all->hidden[i]) {
            continue;
        }
        sums.count++;
        sums.sum += value;
        if (value < all->threshold) {
            sums.small_sum += value;
            sums.small_above += all->threshold - 1 - value;
        } else {
            has_large = true;
            sums.large_below += value - all->threshold;
            sums.large_above += sums.has_room ? 0 : smallest - value;
        }
    }
    sums.has_room = sums.has_room && has_large;
    return sums;
}

/* Whether each count below the threshold could as well be any other below it, the total being what
 * it is and the choice of what is hidden too. */
static bool is_safe(const table *all) {
    hidden_sums sums = sum_hidden(all);
    if (sums.count < 2 || sums.sum < all->threshold) {
        return false;
    }
    for (size_t i = 0; i < all->count; i++) {
        int64_t value = all->counts[i];
        if (!all->hidden[i] || value >= all->threshold) {
            continue;
        }
        int64_t others_above = sums.small_above - (all->threshold - 1 - value);
        int64_t others_below = sums.small_sum - value;
        bool could_be_none = sums.has_room || value <= sums.large_above + others_above;
        bool could_be_most = value + sums.large_below + others_below >= all->threshold - 1;
        if (!could_be_none || !could_be_most) {
            return false;
        }
    }
    return true;
}

void tf_disclosure_suppress(const int64_t *counts, size_t count, int64_t threshold,
                            bool *hidden_out, bool *total_hidden_out) {
    table all = {counts, count, threshold, hidden_out};
    int64_t total = 0;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        hidden_out[i] = counts[i] < threshold;
        any |= hidden_out[i];
        total += counts[i];
    }
    *total_hidden_out = total < threshold;
    while (any && !*total_hidden_out && !is_safe(&all)) {
        int64_t next = smallest_shown(&all);
        *total_hidden_out = next == INT64_MAX;
        for (size_t i = 0; i < count; i++) { /* equal ones together: their order would tell */
            hidden_out[i] |= counts[i] == next;
        }
    }
    for (size_t i = 0; *total_hidden_out && i < count; i++) {
        hidden_out[i] = true;
    }
}
