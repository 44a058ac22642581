#include "linkage/patterns_internal.h"

#include <stdlib.h>

static const uint64_t DENSE_MOST = 1 << 18;

enum { FIRST_SLOTS = 1024 };

tf_status link_pattern_code_init(link_pattern_code *code, const tf_link_model *model,
                                 tf_error *error) {
    code->count = model->comparison_count;
    code->total = 1;
    for (int c = 0; c < code->count; c++) {
        code->strides[c] = code->total;
        if (__builtin_mul_overflow(code->total, (uint64_t)model->comparisons[c].level_count,
                                   &code->total) ||
            code->total > UINT64_MAX / 2) {
            return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                           "the comparisons have more patterns of levels than can be counted; "
                           "leave comparisons or levels out");
        }
    }
    return TF_OK;
}

tf_status link_pattern_counter_init(link_pattern_counter *counter, const link_pattern_code *code,
                                    tf_error *error) {
    *counter = (link_pattern_counter){0};
    if (code->total <= DENSE_MOST) {
        counter->dense = tf_alloc_zeroed((size_t)code->total, sizeof *counter->dense);
        counter->dense_count = code->total;
        return counter->dense ? TF_OK : tf_fail_no_memory(error);
    }
    counter->mask = FIRST_SLOTS - 1;
    counter->keys = tf_alloc_zeroed(FIRST_SLOTS, sizeof *counter->keys);
    counter->counts = tf_alloc_zeroed(FIRST_SLOTS, sizeof *counter->counts);
    if (!counter->keys || !counter->counts) {
        link_pattern_counter_deinit(counter);
        return tf_fail_no_memory(error);
    }
    return TF_OK;
}

void link_pattern_counter_deinit(link_pattern_counter *counter) {
    tf_free(counter->dense);
    tf_free(counter->keys);
    tf_free(counter->counts);
    *counter = (link_pattern_counter){0};
}

static size_t slot_of(const link_pattern_counter *counter, uint64_t key) {
    size_t at = (size_t)(key * 0x9E3779B97F4A7C15ULL >> 20) & counter->mask;
    while (counter->keys[at] && counter->keys[at] != key) {
        at = (at + 1) & counter->mask;
    }
    return at;
}

static tf_status grow(link_pattern_counter *counter, tf_error *error) {
    link_pattern_counter larger = {.mask = counter->mask * 2 + 1, .used = counter->used};
    larger.keys = tf_alloc_zeroed(larger.mask + 1, sizeof *larger.keys);
    larger.counts = tf_alloc_zeroed(larger.mask + 1, sizeof *larger.counts);
    if (!larger.keys || !larger.counts) {
        link_pattern_counter_deinit(&larger);
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i <= counter->mask; i++) {
        if (counter->keys[i]) {
            size_t at = slot_of(&larger, counter->keys[i]);
            larger.keys[at] = counter->keys[i];
            larger.counts[at] = counter->counts[i];
        }
    }
    link_pattern_counter_deinit(counter);
    *counter = larger;
    return TF_OK;
}

tf_status link_pattern_count_slowly(link_pattern_counter *counter, uint64_t pattern, uint64_t by,
                                    tf_error *error) {
    size_t at = slot_of(counter, pattern + 1);
    if (!counter->keys[at]) {
        if (counter->used > counter->mask / 2) {
            tf_status status = grow(counter, error);
            if (status) {
                return status;
            }
            at = slot_of(counter, pattern + 1);
        }
        counter->keys[at] = pattern + 1;
        counter->used++;
    }
    counter->counts[at] += by;
    return TF_OK;
}

typedef struct counted {
    uint64_t pattern;
    uint64_t count;
} counted;

static int compare_counted(const void *a, const void *b) {
    uint64_t x = ((const counted *)a)->pattern;
    uint64_t y = ((const counted *)b)->pattern;
    return (x > y) - (x < y);
}

static size_t slot_count(const link_pattern_counter *counter) {
    return counter->dense ? (size_t)counter->dense_count : counter->mask + 1;
}

static bool slot_at(const link_pattern_counter *counter, size_t i, counted *item_out) {
    *item_out = counter->dense ? (counted){i, counter->dense[i]}
                               : (counted){counter->keys[i] - 1, counter->counts[i]};
    return counter->dense ? counter->dense[i] != 0 : counter->keys[i] != 0;
}

static size_t add_up(counted *items, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && items[kept - 1].pattern == items[i].pattern) {
            items[kept - 1].count += items[i].count;
        } else {
            items[kept++] = items[i];
        }
    }
    return kept;
}

tf_status link_patterns_gather(const link_pattern_counter *counters, int counter_count,
                               const link_pattern_code *code, tf_link_patterns *patterns_out,
                               tf_error *error) {
    *patterns_out = (tf_link_patterns){.comparison_count = code->count};
    counted item;
    size_t count = 0;
    for (int t = 0; t < counter_count; t++) {
        for (size_t i = 0; i < slot_count(&counters[t]); i++) {
            count += slot_at(&counters[t], i, &item);
        }
    }
    counted *items = tf_alloc(count, sizeof *items);
    if (!items) {
        return tf_fail_no_memory(error);
    }
    count = 0;
    for (int t = 0; t < counter_count; t++) {
        for (size_t i = 0; i < slot_count(&counters[t]); i++) {
            if (slot_at(&counters[t], i, &item)) {
                items[count++] = item;
            }
        }
    }
    qsort(items, count, sizeof *items, compare_counted);
    count = add_up(items, count);
    uint8_t *levels = tf_alloc(count, (size_t)code->count);
    uint64_t *counts = tf_alloc(count, sizeof *counts);
    patterns_out->levels = levels;
    patterns_out->counts = counts;
    patterns_out->pattern_count = count;
    if (!levels || !counts) {
        tf_free(items);
        link_patterns_deinit(patterns_out);
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        counts[i] = items[i].count;
        for (int c = 0; c < code->count; c++) {
            levels[i * (size_t)code->count + (size_t)c] =
                link_pattern_level(code, items[i].pattern, c);
        }
    }
    tf_free(items);
    return TF_OK;
}

void link_patterns_deinit(tf_link_patterns *patterns) {
    tf_free((void *)patterns->levels);
    tf_free((void *)patterns->counts);
    *patterns = (tf_link_patterns){0};
}
