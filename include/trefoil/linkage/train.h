/* Learning a model from agreement patterns: expectation maximisation, labels, deterministic rules.
 * The mixture of two classes with independent comparisons is Fellegi and Sunter's (1969); its
 * estimation by EM is Winkler's ("Using the EM algorithm for weight computation in the
 * Fellegi-Sunter model of record linkage", 1988, after Dempster, Laird and Rubin, 1977). */
#ifndef TREFOIL_LINKAGE_TRAIN_H
#define TREFOIL_LINKAGE_TRAIN_H

#include "trefoil/linkage/model.h"

/* Pairs counted by the level that each comparison found. */
typedef struct tf_link_patterns {
    const uint8_t *levels;  /* pattern after pattern, comparison_count levels each */
    const uint64_t *counts; /* pairs of each pattern */
    size_t pattern_count;
    int comparison_count; /* the model's */
} tf_link_patterns;

typedef struct tf_link_em_options {
    bool is_m_fixed;
    bool is_u_fixed;
    bool is_prior_fixed;
    int most_iterations;
    double convergence;  /* stop when no parameter changed by as much */
    double prior_change; /* and the prior by less than this share of itself; 0: not looked at */
    double m_anchor;     /* pairs that agree as the start's m has it, added to those counted */
    double smoothing;    /* pairs added to each level's expected count; 0 for none */
    const bool *is_held; /* for each comparison: not part of the evidence; NULL for none held */
    double prior;        /* to start from; NaN for the model's */
} tf_link_em_options;

/* u fixed; 25 iterations and 0.0001, as Splink has it; half a pair of smoothing (Krichevsky and
 * Trofimov's, IEEE Trans. Inf. Theory 27, 1981), so that no level that was not seen is impossible.
 */
TF_API tf_link_em_options tf_link_em_defaults(void);

typedef struct tf_link_level_estimate {
    double m;
    double u;
    bool is_seen; /* in some pattern; otherwise the smoothing alone made m (and u) */
    bool is_trained;
} tf_link_level_estimate;

typedef struct tf_link_training {
    tf_link_level_estimate *levels; /* TF_LINK_MAX_LEVELS for each comparison */
    int comparison_count;
    bool *is_held;
    double prior; /* among the pairs that were given, which a blocking rule chose */
    int iterations;
    bool has_converged;
    double largest_change;  /* in the last iteration */
    double *log_likelihood; /* before the first iteration and after each: iterations + 1 */
    int unseen_levels;      /* of comparisons that were trained */
} tf_link_training;

/* Expectation maximisation from the model's m, u and prior, which must all be known where they are
 * used.  Null levels are no evidence.  A level that the model fixes keeps its m or u, and the
 * others of its comparison share what is left.  With smoothing, `log_likelihood` has its penalty
 * (smoothing times the logarithm of each parameter that is free, and the anchor's pairs likewise);
 * it never falls.  Without, a
 * level never seen gets 1e-6, as Splink scores it.
 * Patterns do not know the frequency of values, so that this is Splink's training with
 * estimate_without_term_frequencies.
 * `*training_out` is to be given to tf_link_training_deinit.  Errors: TF_BAD_INPUT if there are no
 * pairs, nothing is free, or a start is not known; TF_NO_MEMORY.
 * O(iterations * patterns * comparisons); deterministic; thread-safe. */
TF_API tf_status tf_link_train(const tf_link_model *model, const tf_link_patterns *patterns,
                               const tf_link_em_options *options, tf_link_training *training_out,
                               tf_error *error);
TF_API void tf_link_training_deinit(tf_link_training *training);

enum { TF_LINK_MAX_AGREED = 32 };

/* What a training session by one blocking rule may and may not learn. */
typedef struct tf_link_session_plan {
    bool is_held[TF_LINK_MAX_COMPARISONS]; /* reads a column that the rule reads */
    int agreed_comparison[TF_LINK_MAX_AGREED];
    int agreed_level[TF_LINK_MAX_AGREED]; /* an exact level that every pair of the rule reaches */
    int agreed_count;
} tf_link_session_plan;

/* As Splink chooses them (splink 5.0.0, internals/em_training_session.py and settings.py,
 * _get_comparison_levels_corresponding_to_training_blocking_rule): exact levels of more columns
 * first, each column used once. */
TF_API void tf_link_plan_session(const tf_link_model *model, const tf_link_rule *rule,
                                 tf_link_session_plan *plan_out);

/* The prior among a rule's pairs, from the model's and the agreed levels' m / u; and back. */
TF_API double tf_link_session_prior(const tf_link_model *model, const tf_link_session_plan *plan);
TF_API double tf_link_overall_prior(const tf_link_model *model, const tf_link_session_plan *plan,
                                    double session_prior);

/* Put what several sessions learnt into the model: each m (and u, where a session trained it) is
 * the median over the sessions that saw the level, the mean of the middle two of an even number
 * (splink 5.0.0, internals/comparison_level.py, _trained_m_median).  A level that no session saw
 * takes the median of the smoothed values, if any has one.  With `plans`, one a session, the prior
 * becomes 1 / the median of 1 / tf_link_overall_prior (internals/linker.py); without, it stays.
 * Errors: TF_NO_MEMORY. */
TF_API tf_status tf_link_combine(tf_link_model *model, const tf_link_training *trainings,
                                 const tf_link_session_plan *plans, int count, tf_error *error);

typedef enum tf_link_parameter { TF_LINK_M, TF_LINK_U } tf_link_parameter;

/* m from pairs known to match, or u from pairs drawn at random: each level's share of the pairs
 * whose comparison was not null, smoothed.  Fixed levels and comparisons without any such pair
 * stay as they are; `*unseen_out` counts the levels that only smoothing, or the lack of it, made.
 * Errors: TF_BAD_INPUT if there are no pairs; TF_NO_MEMORY. */
TF_API tf_status tf_link_train_counted(tf_link_model *model, const tf_link_patterns *patterns,
                                       tf_link_parameter parameter, double smoothing,
                                       int *unseen_out, tf_error *error);

/* The probability that two random records match: `found` pairs by rules that hardly err, which find
 * the share `recall` of all matches, among `pairs`.  Errors: TF_BAD_INPUT if nothing was found, the
 * recall is not in (0, 1] or is less than what was found allows. */
TF_API tf_status tf_link_prior_from_rules(double found, double pairs, double recall,
                                          double *prior_out, tf_error *error);

#endif
