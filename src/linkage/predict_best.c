#include "linkage/predict_internal.h"

#include <stdlib.h>

/* A pair as one of its records sees it. */
typedef struct seen_pair {
    uint32_t record;
    double weight;
    size_t pair;
} seen_pair;

static int compare_seen(const void *a, const void *b) {
    const seen_pair *x = a;
    const seen_pair *y = b;
    if (x->record != y->record) {
        return x->record < y->record ? -1 : 1;
    }
    if (x->weight != y->weight) {
        return x->weight > y->weight ? -1 : 1;
    }
    return (x->pair > y->pair) - (x->pair < y->pair);
}

tf_status link_keep_best(tf_link_prediction *prediction, uint32_t most, tf_error *error) {
    size_t count = prediction->pair_count;
    seen_pair *seen = tf_alloc(count, 2 * sizeof *seen);
    bool *is_kept = tf_alloc_zeroed(count, sizeof *is_kept);
    if (!seen || !is_kept) {
        tf_free(seen);
        tf_free(is_kept);
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        const tf_link_pair *pair = &prediction->pairs[i];
        seen[2 * i] = (seen_pair){pair->left, pair->weight, i};
        seen[2 * i + 1] = (seen_pair){pair->right, pair->weight, i};
    }
    qsort(seen, 2 * count, sizeof *seen, compare_seen);
    uint32_t place = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        place = i && seen[i].record == seen[i - 1].record ? place + 1 : 0;
        is_kept[seen[i].pair] = is_kept[seen[i].pair] || place < most;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_kept[i]) {
            prediction->pairs[kept++] = prediction->pairs[i];
        }
    }
    prediction->pair_count = kept;
    tf_free(seen);
    tf_free(is_kept);
    return TF_OK;
}
