#include "trefoil/linkage/train.h"

#include <float.h>
#include <math.h>

/* What Splink scores a level with that it never saw (constants.py, LEVEL_NOT_OBSERVED_TEXT). */
static const double UNSEEN = 1e-6;
static const double PROBABILITY_FLOOR = 1e-300;

enum { LEVELS = TF_LINK_MAX_LEVELS };

typedef struct em_run {
    const tf_link_model *model;
    const tf_link_patterns *patterns;
    const tf_link_em_options *options;
    tf_link_training *training;
    double *m_sums;
    double *u_sums;
    double *anchors; /* pairs added to m_sums */
    double prior_sum;
    double pair_sum;
    bool prior_moves;
} em_run;

tf_link_em_options tf_link_em_defaults(void) {
    return (tf_link_em_options){.is_u_fixed = true,
                                .most_iterations = 25,
                                .convergence = 0.0001,
                                .smoothing = 0.5,
                                .prior = NAN};
}

void tf_link_training_deinit(tf_link_training *training) {
    tf_free(training->levels);
    tf_free(training->is_held);
    tf_free(training->log_likelihood);
    *training = (tf_link_training){0};
}

static bool is_patterns_of(const tf_link_model *model, const tf_link_patterns *patterns,
                           double *pairs_out) {
    *pairs_out = 0;
    if (patterns->comparison_count != model->comparison_count) {
        return false;
    }
    for (size_t i = 0; i < patterns->pattern_count; i++) {
        *pairs_out += (double)patterns->counts[i];
        for (int c = 0; c < model->comparison_count; c++) {
            if (patterns->levels[i * (size_t)model->comparison_count + (size_t)c] >=
                model->comparisons[c].level_count) {
                return false;
            }
        }
    }
    return true;
}

static tf_status check_patterns(const tf_link_model *model, const tf_link_patterns *patterns,
                                double *pairs_out, tf_error *error) {
    if (!is_patterns_of(model, patterns, pairs_out)) {
        return tf_fail(error, TF_INTERNAL, NULL, 0,
                       "the agreement patterns are those of another model");
    }
    if (*pairs_out <= 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "there is no pair to learn from; choose a rule that more records share");
    }
    return TF_OK;
}

static tf_status check_start(const em_run *em, tf_error *error) {
    const tf_link_training *training = em->training;
    int free_count = 0;
    for (int c = 0; c < training->comparison_count; c++) {
        const tf_link_comparison *comparison = &em->model->comparisons[c];
        free_count += !training->is_held[c];
        for (int i = 0; i < comparison->level_count && !training->is_held[c]; i++) {
            const tf_link_level *level = &comparison->levels[i];
            if (!level->is_null && (isnan(level->m) || isnan(level->u))) {
                return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                               "level %d of the comparison %.80s has no %s to start from; give "
                               "one, or estimate it first",
                               i + 1, comparison->name, isnan(level->m) ? "m" : "u");
            }
        }
    }
    if (free_count == 0 || (em->options->is_m_fixed && em->options->is_u_fixed)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "nothing is left to learn: every comparison reads what the blocking rule "
                       "reads, or all is fixed; choose another rule");
    }
    if (!(training->prior > 0 && training->prior < 1)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "there is no prior to start from; give the probability that two random "
                       "records match, or estimate it from rules");
    }
    return TF_OK;
}

static tf_status start(em_run *em, tf_error *error) {
    tf_link_training *training = em->training;
    size_t count = (size_t)em->model->comparison_count;
    size_t iterations = em->options->most_iterations > 0 ? (size_t)em->options->most_iterations : 0;
    *training = (tf_link_training){.comparison_count = (int)count};
    training->levels = tf_alloc_zeroed(count * LEVELS, sizeof *training->levels);
    training->is_held = tf_alloc_zeroed(count, sizeof *training->is_held);
    training->log_likelihood = tf_alloc_zeroed(iterations + 1, sizeof(double));
    em->m_sums = tf_alloc_zeroed(count * LEVELS, sizeof(double));
    em->u_sums = tf_alloc_zeroed(count * LEVELS, sizeof(double));
    em->anchors = tf_alloc_zeroed(count * LEVELS, sizeof(double));
    if (!training->levels || !training->is_held || !training->log_likelihood || !em->m_sums ||
        !em->u_sums || !em->anchors) {
        return tf_fail_no_memory(error);
    }
    training->prior = isnan(em->options->prior) ? em->model->prior : em->options->prior;
    for (size_t c = 0; c < count; c++) {
        const tf_link_comparison *comparison = &em->model->comparisons[c];
        training->is_held[c] = em->options->is_held && em->options->is_held[c];
        for (int i = 0; i < comparison->level_count; i++) {
            tf_link_level_estimate *level = &training->levels[c * LEVELS + (size_t)i];
            level->m = comparison->levels[i].m;
            level->u = comparison->levels[i].u;
            if (em->options->m_anchor > 0) {
                em->anchors[c * LEVELS + (size_t)i] = em->options->m_anchor * level->m;
            }
        }
    }
    for (size_t i = 0; i < em->patterns->pattern_count; i++) {
        for (size_t c = 0; c < count && em->patterns->counts[i]; c++) {
            training->levels[c * LEVELS + em->patterns->levels[i * count + c]].is_seen = true;
        }
    }
    return check_start(em, error);
}

static bool is_evidence(const em_run *em, int comparison, int level) {
    return !em->training->is_held[comparison] &&
           !em->model->comparisons[comparison].levels[level].is_null;
}

static bool is_m_free(const em_run *em, int comparison, int level) {
    return !em->options->is_m_fixed && !em->model->comparisons[comparison].levels[level].is_m_fixed;
}

static bool is_u_free(const em_run *em, int comparison, int level) {
    return !em->options->is_u_fixed && !em->model->comparisons[comparison].levels[level].is_u_fixed;
}

static double log_of(double probability) {
    return log(fmax(probability, PROBABILITY_FLOOR));
}

/* The expected counts of each level among matches and others, and the log likelihood of the
 * parameters that gave them. */
static double expect_counts(em_run *em) {
    const tf_link_training *training = em->training;
    size_t count = (size_t)training->comparison_count;
    double likelihood = 0;
    em->prior_sum = 0;
    memset(em->m_sums, 0, count * LEVELS * sizeof(double));
    memset(em->u_sums, 0, count * LEVELS * sizeof(double));
    for (size_t i = 0; i < em->patterns->pattern_count; i++) {
        const uint8_t *levels = em->patterns->levels + i * count;
        double pairs = (double)em->patterns->counts[i];
        double weight = tf_link_weight_of_probability(training->prior);
        double other = log_of(1 - training->prior);
        for (size_t c = 0; c < count; c++) {
            if (is_evidence(em, (int)c, levels[c])) {
                const tf_link_level_estimate *level = &training->levels[c * LEVELS + levels[c]];
                weight +=
                    log2(fmax(level->m, PROBABILITY_FLOOR) / fmax(level->u, PROBABILITY_FLOOR));
                other += log_of(level->u);
            }
        }
        double match = tf_link_probability_of_weight(weight);
        /* log(p m + (1 - p) u) = log((1 - p) u) + log(1 + 2^weight) */
        double odds = weight * M_LN2;
        likelihood += pairs * (other + (odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds))));
        em->prior_sum += match * pairs;
        for (size_t c = 0; c < count; c++) {
            em->m_sums[c * LEVELS + levels[c]] += match * pairs;
            em->u_sums[c * LEVELS + levels[c]] += (1 - match) * pairs;
        }
    }
    for (int c = 0; c < (int)count; c++) {
        for (int i = 0; i < em->model->comparisons[c].level_count; i++) {
            const tf_link_level_estimate *level = &training->levels[c * LEVELS + i];
            if (is_evidence(em, c, i)) {
                double added = em->options->smoothing + em->anchors[c * LEVELS + i];
                likelihood += is_m_free(em, c, i) ? added * log_of(level->m) : 0;
                likelihood += is_u_free(em, c, i) ? em->options->smoothing * log_of(level->u) : 0;
            }
        }
    }
    return likelihood;
}

static double change_to(double *parameter, double value) {
    double change = fabs(value - *parameter);
    *parameter = value;
    return change;
}

/* The share of one level: of what the fixed ones leave, by expected count. */
static double share(double sum, double free_sum, double free_mass, double smoothing, bool is_seen) {
    if (smoothing == 0 && !is_seen) {
        return UNSEEN;
    }
    return free_sum > 0 ? free_mass * (sum + smoothing) / free_sum : 0;
}

static double maximise_comparison(em_run *em, int c) {
    const tf_link_comparison *comparison = &em->model->comparisons[c];
    tf_link_level_estimate *levels = em->training->levels + (size_t)c * LEVELS;
    double smoothing = em->options->smoothing;
    double m_sum = 0;
    double u_sum = 0;
    double m_mass = 1;
    double u_mass = 1;
    double largest = 0;
    for (int i = 0; i < comparison->level_count; i++) {
        if (is_evidence(em, c, i)) {
            em->m_sums[c * LEVELS + i] += em->anchors[c * LEVELS + i];
            m_sum += is_m_free(em, c, i) ? em->m_sums[c * LEVELS + i] + smoothing : 0;
            u_sum += is_u_free(em, c, i) ? em->u_sums[c * LEVELS + i] + smoothing : 0;
            m_mass -= is_m_free(em, c, i) ? 0 : levels[i].m;
            u_mass -= is_u_free(em, c, i) ? 0 : levels[i].u;
        }
    }
    for (int i = 0; i < comparison->level_count; i++) {
        if (!is_evidence(em, c, i)) {
            continue;
        }
        bool is_seen = levels[i].is_seen;
        if (is_m_free(em, c, i) && m_sum > 0) {
            double value =
                share(em->m_sums[c * LEVELS + i], m_sum, fmax(m_mass, 0), smoothing, is_seen);
            largest = fmax(largest, change_to(&levels[i].m, value));
        }
        if (is_u_free(em, c, i) && u_sum > 0) {
            double value =
                share(em->u_sums[c * LEVELS + i], u_sum, fmax(u_mass, 0), smoothing, is_seen);
            largest = fmax(largest, change_to(&levels[i].u, value));
        }
    }
    return largest;
}

static double maximise(em_run *em) {
    tf_link_training *training = em->training;
    double largest = 0;
    for (int c = 0; c < training->comparison_count; c++) {
        if (!training->is_held[c]) {
            largest = fmax(largest, maximise_comparison(em, c));
        }
    }
    if (!em->options->is_prior_fixed) {
        double before = training->prior;
        double prior = em->prior_sum / em->pair_sum;
        prior = fmin(fmax(prior, DBL_MIN), 1 - DBL_EPSILON / 2);
        double change = change_to(&training->prior, prior);
        largest = fmax(largest, change);
        em->prior_moves =
            em->options->prior_change > 0 && change > em->options->prior_change * before;
    }
    return largest;
}

static void describe(em_run *em) {
    tf_link_training *training = em->training;
    for (int c = 0; c < training->comparison_count; c++) {
        for (int i = 0; i < em->model->comparisons[c].level_count; i++) {
            tf_link_level_estimate *level = &training->levels[c * LEVELS + i];
            level->is_trained =
                is_evidence(em, c, i) && (is_m_free(em, c, i) || is_u_free(em, c, i));
            training->unseen_levels += level->is_trained && !level->is_seen;
        }
    }
}

tf_status tf_link_train(const tf_link_model *model, const tf_link_patterns *patterns,
                        const tf_link_em_options *options, tf_link_training *training_out,
                        tf_error *error) {
    em_run em = {
        .model = model, .patterns = patterns, .options = options, .training = training_out};
    *training_out = (tf_link_training){0};
    tf_status status = check_patterns(model, patterns, &em.pair_sum, error);
    if (status) {
        return status;
    }
    status = start(&em, error);
    if (!status) {
        training_out->log_likelihood[0] = expect_counts(&em);
        while (training_out->iterations < options->most_iterations &&
               !training_out->has_converged) {
            training_out->largest_change = maximise(&em);
            training_out->iterations++;
            training_out->log_likelihood[training_out->iterations] = expect_counts(&em);
            training_out->has_converged =
                training_out->largest_change < options->convergence && !em.prior_moves;
        }
        describe(&em);
    }
    tf_free(em.m_sums);
    tf_free(em.u_sums);
    tf_free(em.anchors);
    if (status) {
        tf_link_training_deinit(training_out);
    }
    return status;
}

static bool is_left_alone(const tf_link_level *level, tf_link_parameter parameter) {
    return parameter == TF_LINK_M ? level->is_m_fixed : level->is_u_fixed;
}

static double *value_of(tf_link_level *level, tf_link_parameter parameter) {
    return parameter == TF_LINK_M ? &level->m : &level->u;
}

/* How many levels of the comparison were made without a pair of theirs. */
static int count_comparison(tf_link_comparison *comparison, const double *sums,
                            tf_link_parameter parameter, double smoothing) {
    double free_sum = 0;
    double mass = 1;
    double seen = 0;
    int unseen = 0;
    for (int i = 0; i < comparison->level_count; i++) {
        tf_link_level *level = &comparison->levels[i];
        if (level->is_null) {
            continue;
        }
        bool is_fixed = is_left_alone(level, parameter);
        seen += sums[i];
        free_sum += is_fixed ? 0 : sums[i] + smoothing;
        mass -= is_fixed ? *value_of(level, parameter) : 0;
    }
    for (int i = 0; i < comparison->level_count && seen > 0; i++) {
        tf_link_level *level = &comparison->levels[i];
        if (!level->is_null && !is_left_alone(level, parameter)) {
            *value_of(level, parameter) =
                share(sums[i], free_sum, fmax(mass, 0), smoothing, sums[i] > 0);
            unseen += sums[i] == 0;
        }
    }
    return unseen;
}

tf_status tf_link_train_counted(tf_link_model *model, const tf_link_patterns *patterns,
                                tf_link_parameter parameter, double smoothing, int *unseen_out,
                                tf_error *error) {
    double pairs;
    *unseen_out = 0;
    tf_status status = check_patterns(model, patterns, &pairs, error);
    if (status) {
        return status;
    }
    for (int c = 0; c < model->comparison_count; c++) {
        double sums[LEVELS] = {0};
        for (size_t i = 0; i < patterns->pattern_count; i++) {
            size_t place = i * (size_t)model->comparison_count + (size_t)c;
            sums[patterns->levels[place]] += (double)patterns->counts[i];
        }
        *unseen_out += count_comparison(&model->comparisons[c], sums, parameter, smoothing);
    }
    return TF_OK;
}

tf_status tf_link_prior_from_rules(double found, double pairs, double recall, double *prior_out,
                                   tf_error *error) {
    if (!(recall > 0 && recall <= 1)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a recall of %g was given; give the share of matches that the rules find, "
                       "above 0 and at most 1",
                       recall);
    }
    if (!(found > 0) || !(pairs > 0)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the rules found no pair, so they tell nothing of how many match; give "
                       "rules that some records agree on");
    }
    if (found >= pairs * recall) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the rules found %.0f of %.0f pairs, more than a recall of %g allows; give "
                       "stricter rules or a higher recall",
                       found, pairs, recall);
    }
    *prior_out = found / recall / pairs;
    return TF_OK;
}
