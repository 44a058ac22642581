/* Learning from pairs whose truth is known. */
#include "trefoil/linkage/learn.h"

#include "linkage/matcher_internal.h"

/* Non-matches that are labelled are mostly near misses; few of them say nothing about u. */
enum { NON_MATCHES_LEAST = 1000 };

/* The levels of the labelled pairs of one kind, each a pattern of its own. */
static tf_status find_patterns(tf_link_matcher *matcher, const tf_link_label *labels,
                               size_t label_count, bool is_match, tf_link_patterns *patterns_out,
                               tf_error *error) {
    size_t comparisons = (size_t)matcher->model->comparison_count;
    tf_link_pair *pairs = tf_alloc(label_count, sizeof *pairs);
    uint8_t *levels = tf_alloc(label_count, comparisons);
    uint64_t *counts = tf_alloc(label_count, sizeof *counts);
    size_t count = 0;
    tf_status status = pairs && levels && counts ? TF_OK : tf_fail_no_memory(error);
    for (size_t i = 0; i < label_count && !status; i++) {
        if (labels[i].is_match == is_match) {
            pairs[count] = (tf_link_pair){.left = labels[i].left, .right = labels[i].right};
            counts[count++] = 1;
        }
    }
    if (!status) {
        status = tf_link_matcher_levels_of(matcher, pairs, count, levels, error);
    }
    tf_free(pairs);
    *patterns_out = (tf_link_patterns){.levels = levels,
                                       .counts = counts,
                                       .pattern_count = count,
                                       .comparison_count = (int)comparisons};
    return status;
}

static void free_patterns(tf_link_patterns *patterns) {
    tf_free((void *)patterns->levels);
    tf_free((void *)patterns->counts);
}

tf_status tf_link_learn_labels(tf_link_matcher *matcher, tf_link_model *model,
                               const tf_link_label *labels, size_t label_count, int *unseen_out,
                               tf_error *error) {
    tf_link_patterns matches = {0}, others = {0};
    int unseen = 0;
    double smoothing = tf_link_em_defaults().smoothing;
    *unseen_out = 0;
    tf_status status = find_patterns(matcher, labels, label_count, true, &matches, error);
    if (!status && matches.pattern_count == 0) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "no labelled pair is a match, so that there is nothing to learn from");
    }
    if (!status) {
        status = tf_link_train_counted(model, &matches, TF_LINK_M, smoothing, unseen_out, error);
    }
    if (!status) {
        status = find_patterns(matcher, labels, label_count, false, &others, error);
    }
    if (!status && others.pattern_count >= NON_MATCHES_LEAST) {
        status = tf_link_train_counted(model, &others, TF_LINK_U, smoothing, &unseen, error);
        *unseen_out += unseen;
    }
    free_patterns(&matches);
    free_patterns(&others);
    return status;
}
