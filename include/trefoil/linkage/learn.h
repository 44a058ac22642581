/* Learning a model from the records themselves, without labels.
 *
 * Where all pairs can be afforded (or those of a sample of records with all others), their
 * agreement patterns are counted and m, u and the prior are found together by expectation
 * maximisation: u estimated from random pairs alone would count true matches as chance, which
 * matters in small files.  Elsewhere u comes from pairs drawn at random, m from sessions by
 * blocking rules, each of which leaves out what its rule reads, and the prior from the matches that
 * each session found and the share of matches that its rule can find. */
#ifndef TREFOIL_LINKAGE_LEARN_H
#define TREFOIL_LINKAGE_LEARN_H

#include "trefoil/linkage/predict.h"
#include "trefoil/linkage/train.h"

typedef struct tf_link_learn_options {
    tf_link_method method;     /* as for prediction */
    uint64_t most_pairs;       /* counted in one go; 0: 50 million */
    uint64_t random_pairs;     /* drawn for u; 0: 1 million */
    const tf_link_rule *rules; /* of the sessions; NULL: the model's blocking rules */
    int rule_count;
    /* Pairs that deterministic rules find are matches, and they find this share of all: the prior
     * is set by them and stays.  0: it is learnt. */
    double deterministic_recall;
    const tf_link_rule *deterministic_rules;
    int deterministic_count;
} tf_link_learn_options;

enum { TF_LINK_MOST_SESSIONS = 32 };

/* One session of expectation maximisation. */
typedef struct tf_link_session {
    int rule; /* -1: over all pairs, or those of the sampled records */
    double pairs;
    double matches; /* expected among them */
    int iterations;
    bool has_converged;
    bool was_used; /* false: it found no matches, or nothing was left to learn */
} tf_link_session;

/* What was done, for saying it aloud. */
typedef struct tf_link_learning {
    bool is_exhaustive;
    double counted_pairs;
    double random_pairs; /* 0: u was found together with m */
    tf_link_session sessions[TF_LINK_MOST_SESSIONS];
    int session_count;
    double expected_matches; /* the prior times the pairs that the link type allows */
    int unseen_levels;       /* whose m or u smoothing alone made */
    int defaulted_levels;    /* whose m no session could learn: it is as at the start */
    bool prior_was_given;
} tf_link_learning;

/* Set m, u and the prior of `model`, which is the matcher's.  What the model knows already is where
 * learning starts; levels that it fixes stay.  The same for any number of threads.
 * Errors: TF_BAD_INPUT if there are no pairs to learn from or deterministic rules find none;
 * TF_NO_MEMORY; TF_IO if the watch stopped it. */
TF_API tf_status tf_link_learn(tf_link_matcher *matcher, tf_link_model *model,
                               const tf_link_learn_options *options, tf_link_learning *learning_out,
                               tf_error *error);

/* From pairs that are known to match (`is_match`) or not: m and u are the labelled pairs' shares of
 * levels, smoothed.  u is left alone where there are fewer than 1,000 non-matches, as labels for
 * those are seldom drawn at random.  Errors: TF_BAD_INPUT if no pair is a match; TF_NO_MEMORY. */
typedef struct tf_link_label {
    uint32_t left;
    uint32_t right;
    bool is_match;
} tf_link_label;

TF_API tf_status tf_link_learn_labels(tf_link_matcher *matcher, tf_link_model *model,
                                      const tf_link_label *labels, size_t label_count,
                                      int *unseen_out, tf_error *error);

#endif
