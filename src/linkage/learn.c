#include "trefoil/linkage/learn.h"

#include "linkage/learn_internal.h"

#include <math.h>
#include <stdlib.h>

static const uint64_t PAIRS_USUAL = 50000000;
static const uint64_t SESSION_USUAL = 1000000;
static const uint64_t RANDOM_USUAL = 1000000;

/* How pairs agree that match, before anything is learnt: mostly wholly, else nearly, seldom not at
 * all.  The start of learning, and an anchor worth some pairs where little speaks. */
static const double START_EXACT = 0.7, START_NEAR = 0.2, START_ELSE = 0.08, START_LEAST = 1e-4;
static const double ANCHOR_PAIRS = 30;

/* ---- where learning starts ---- */

static void start_comparison(tf_link_comparison *comparison) {
    double shares[TF_LINK_MAX_LEVELS] = {0};
    double total = 0;
    double near = START_NEAR / 2;
    int seen = 0;
    int evidence = 0;
    for (int i = 0; i < comparison->level_count; i++) {
        evidence += !comparison->levels[i].is_null;
    }
    for (int i = 0; i < comparison->level_count; i++) {
        if (comparison->levels[i].is_null) {
            continue;
        }
        shares[i] = seen == 0 ? START_EXACT : seen + 1 == evidence ? START_ELSE : near;
        near /= seen == 0 ? 1 : 2;
        shares[i] += START_LEAST;
        total += shares[i];
        seen++;
    }
    for (int i = 0; i < comparison->level_count; i++) {
        tf_link_level *level = &comparison->levels[i];
        if (!level->is_null && isnan(level->m)) {
            level->m = shares[i] / total;
        }
    }
}

static double start_prior(const tf_link_matcher *matcher, double pairs) {
    double divisor = matcher->model->type == TF_LINK_BETWEEN ? 4 : 2;
    return fmin(0.3, matcher->records->count / divisor / fmax(pairs, 1));
}

/* ---- all pairs ---- */

static void take(tf_link_model *model, const tf_link_training *training, bool takes_u) {
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            const tf_link_level_estimate *from =
                &training->levels[(size_t)c * TF_LINK_MAX_LEVELS + (size_t)i];
            if (from->is_trained) {
                model->comparisons[c].levels[i].m = from->m;
                if (takes_u) {
                    model->comparisons[c].levels[i].u = from->u;
                }
            }
        }
    }
}

/* u for every level that has none: its share among the pairs. */
static tf_status start_u(tf_link_model *model, const tf_link_patterns *patterns, tf_error *error) {
    double known[TF_LINK_MAX_COMPARISONS][TF_LINK_MAX_LEVELS] = {{0}};
    int unseen;
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            known[c][i] = model->comparisons[c].levels[i].u;
        }
    }
    tf_status status = tf_link_train_counted(model, patterns, TF_LINK_U, 0.5, &unseen, error);
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            tf_link_level *level = &model->comparisons[c].levels[i];
            if (!isnan(known[c][i])) {
                level->u = known[c][i];
            } else if (isnan(level->u) && !level->is_null) {
                level->u = 1.0 / model->comparisons[c].level_count; /* nothing was ever there */
            }
        }
    }
    return status;
}

static void add_session(tf_link_learning *learning, int rule, double pairs,
                        const tf_link_training *training, bool was_used) {
    if (learning->session_count < TF_LINK_MOST_SESSIONS) {
        learning->sessions[learning->session_count++] = (tf_link_session){
            .rule = rule,
            .pairs = pairs,
            .matches = training ? training->prior * pairs : 0,
            .iterations = training ? training->iterations : 0,
            .has_converged = training && training->has_converged,
            .was_used = was_used,
        };
    }
}

static tf_link_em_options em_options(void) {
    tf_link_em_options options = tf_link_em_defaults();
    options.is_u_fixed = false;
    options.most_iterations = 300;
    options.prior_change = 1e-5;
    options.convergence = 1e-5;
    options.m_anchor = ANCHOR_PAIRS;
    return options;
}

static double count_pairs(const tf_link_patterns *patterns) {
    double pairs = 0;
    for (size_t i = 0; i < patterns->pattern_count; i++) {
        pairs += (double)patterns->counts[i];
    }
    return pairs;
}

static tf_status learn_all(tf_link_matcher *matcher, tf_link_model *model,
                           const tf_link_learn_options *options, tf_link_learning *learning,
                           tf_error *error) {
    tf_link_patterns patterns = {0};
    tf_link_training training = {0};
    uint64_t most = options->most_pairs ? options->most_pairs : PAIRS_USUAL;
    tf_status status = link_count_all(matcher, most, &patterns, error);
    if (!status) {
        status = start_u(model, &patterns, error);
    }
    if (!status) {
        tf_link_em_options em = em_options();
        learning->counted_pairs = count_pairs(&patterns);
        em.is_prior_fixed = learning->prior_was_given;
        if (isnan(model->prior)) {
            model->prior = start_prior(matcher, link_allowed_pairs(matcher));
        }
        status = tf_link_train(model, &patterns, &em, &training, error);
    }
    if (!status) {
        take(model, &training, true);
        model->prior = training.prior;
        learning->unseen_levels = training.unseen_levels;
        add_session(learning, -1, learning->counted_pairs, &training, true);
    }
    tf_link_training_deinit(&training);
    link_patterns_deinit(&patterns);
    return status;
}

/* ---- sessions by blocking rules ---- */

/* The share of matches that a rule whose columns are compared exactly can find: both values are
 * there, and they agree.  NaN where the rule asks something else. */
static double reach_of(const tf_link_matcher *matcher, const tf_link_rule *rule,
                       const tf_link_session_plan *plan) {
    double reach = 1;
    int covered = 0;
    for (int i = 0; i < plan->agreed_count; i++) {
        const tf_link_level *level =
            &matcher->model->comparisons[plan->agreed_comparison[i]].levels[plan->agreed_level[i]];
        const char *columns[TF_LINK_MAX_KEYS];
        covered += tf_link_exact_columns(level->condition, columns, TF_LINK_MAX_KEYS);
        reach *= level->m;
    }
    for (int k = 0; k < rule->key_count; k++) {
        const tf_link_value *value = &rule->keys[k].left;
        if (value->step_count || !tf_link_value_equal(value, &rule->keys[k].right)) {
            return NAN;
        }
        double filled = link_filled(matcher, value->column);
        reach *= filled * filled;
    }
    return covered == rule->key_count ? reach : NAN;
}

typedef struct session_result {
    tf_link_training training;
    tf_link_session_plan plan;
    double pairs;     /* counted */
    double all_pairs; /* of the rule */
    bool is_used;
} session_result;

static tf_status run_session(tf_link_matcher *matcher, const tf_link_model *model,
                             const tf_link_rule *rule, uint64_t most, session_result *result,
                             tf_error *error) {
    tf_link_patterns patterns = {0};
    tf_link_plan_session(model, rule, &result->plan);
    bool learns = false;
    for (int c = 0; c < model->comparison_count; c++) {
        learns = learns || !result->plan.is_held[c];
    }
    if (!learns) {
        return TF_OK;
    }
    tf_status status = link_count_blocked(matcher, rule, most, result->plan.is_held, &patterns,
                                          &result->all_pairs, error);
    result->pairs = status ? 0 : count_pairs(&patterns);
    if (!status && result->pairs > 0) {
        tf_link_em_options em = em_options();
        em.is_held = result->plan.is_held;
        em.prior_change = 1e-4; /* of a sample of pairs */
        em.is_u_fixed =
            true; /* nearly all pairs may match: free, they would part among themselves */
        em.prior = fmin(0.5, fmax(1e-6, tf_link_session_prior(model, &result->plan)));
        status = tf_link_train(model, &patterns, &em, &result->training, error);
        result->is_used = !status && result->training.prior * result->pairs >= ANCHOR_PAIRS;
    }
    link_patterns_deinit(&patterns);
    return status;
}

static int compare_numbers(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The prior from each session's matches and what its rule can reach: the median. */
static void set_prior(const tf_link_matcher *matcher, tf_link_model *model,
                      const tf_link_rule *rules, const session_result *results, int count) {
    double matches[TF_LINK_MOST_SESSIONS];
    int found = 0;
    for (int i = 0; i < count; i++) {
        double reach = results[i].is_used ? reach_of(matcher, &rules[i], &results[i].plan) : NAN;
        if (reach > 0) {
            matches[found++] = results[i].training.prior * results[i].all_pairs / reach;
        }
    }
    if (found == 0) {
        for (int i = 0; i < count; i++) { /* no rule can tell: at least what they found */
            if (results[i].is_used) {
                matches[found++] = results[i].training.prior * results[i].all_pairs;
            }
        }
    }
    if (found) {
        qsort(matches, (size_t)found, sizeof *matches, compare_numbers);
        double middle =
            found % 2 ? matches[found / 2] : (matches[found / 2 - 1] + matches[found / 2]) / 2;
        model->prior = fmin(0.5, middle / link_allowed_pairs(matcher));
    }
}

/* Whether a rule brings the people of one home together.  Most pairs that agree on an address are
 * of two people who share it, and with it the family name and the telephone; a session by such a
 * rule learns what households are like. */
static bool is_of_households(const tf_link_model *model, const tf_link_rule *rule) {
    for (int k = 0; k < rule->key_count; k++) {
        for (int i = 0; i < model->field_count; i++) {
            tf_person_field field = model->fields[i].field;
            bool is_of_home = field == TF_PERSON_ADDRESS || field == TF_PERSON_POSTCODE ||
                              field == TF_PERSON_PHONE || field == TF_PERSON_CITY;
            if (is_of_home && strcmp(model->fields[i].column, rule->keys[k].left.column) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Two at least, so that what one holds another can learn. */
static bool has_other_rules(const tf_link_model *model, const tf_link_rule *rules, int count) {
    int others = 0;
    for (int i = 0; i < count; i++) {
        others += !is_of_households(model, &rules[i]);
    }
    return others >= 2;
}

static tf_status learn_sessions(tf_link_matcher *matcher, tf_link_model *model,
                                const tf_link_learn_options *options, tf_link_learning *learning,
                                tf_error *error) {
    const tf_link_rule *rules = options->rules ? options->rules : model->rules;
    int count = options->rules ? options->rule_count : model->rule_count;
    uint64_t most = options->most_pairs ? options->most_pairs : SESSION_USUAL;
    count = count < TF_LINK_MOST_SESSIONS ? count : TF_LINK_MOST_SESSIONS;
    tf_link_patterns patterns = {0};
    session_result *results = tf_alloc_zeroed((size_t)count, sizeof *results);
    tf_link_training *used = tf_alloc_zeroed((size_t)count, sizeof *used);
    tf_status status = results && used ? TF_OK : tf_fail_no_memory(error);
    if (!status) {
        status =
            link_count_random(matcher, options->random_pairs ? options->random_pairs : RANDOM_USUAL,
                              &patterns, error);
    }
    if (!status) {
        learning->random_pairs = count_pairs(&patterns);
        status = start_u(model, &patterns, error);
    }
    if (!status && isnan(model->prior)) {
        model->prior = start_prior(matcher, link_allowed_pairs(matcher));
    }
    int used_count = 0;
    for (int i = 0; i < count && !status; i++) {
        if (is_of_households(model, &rules[i]) && has_other_rules(model, rules, count)) {
            continue;
        }
        status = run_session(matcher, model, &rules[i], most, &results[i], error);
        learning->counted_pairs += results[i].pairs;
        add_session(learning, i, results[i].pairs,
                    results[i].training.levels ? &results[i].training : NULL, results[i].is_used);
        if (results[i].is_used) {
            used[used_count++] = results[i].training;
        }
    }
    if (!status) {
        status = link_combine_m(model, used, used_count, &learning->defaulted_levels, error);
        if (!status && !learning->prior_was_given) {
            set_prior(matcher, model, rules, results, count);
        }
    }
    for (int i = 0; results && i < count; i++) {
        tf_link_training_deinit(&results[i].training);
    }
    tf_free(results);
    tf_free(used);
    link_patterns_deinit(&patterns);
    return status;
}

static tf_status prior_from_rules(tf_link_matcher *matcher, tf_link_model *model,
                                  const tf_link_learn_options *options, tf_error *error) {
    double found = 0;
    tf_status status = link_count_pairs(matcher, options->deterministic_rules,
                                        options->deterministic_count, &found, error);
    return status ? status
                  : tf_link_prior_from_rules(found, link_allowed_pairs(matcher),
                                             options->deterministic_recall, &model->prior, error);
}

tf_status tf_link_learn(tf_link_matcher *matcher, tf_link_model *model,
                        const tf_link_learn_options *options, tf_link_learning *learning_out,
                        tf_error *error) {
    *learning_out = (tf_link_learning){0};
    if (link_allowed_pairs(matcher) < 1) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "there is no pair of records to learn from; give two records or more, and "
                       "for linking between sources two sources");
    }
    tf_status status = TF_OK;
    if (options->deterministic_recall > 0) {
        status = prior_from_rules(matcher, model, options, error);
        learning_out->prior_was_given = true;
    }
    for (int c = 0; c < model->comparison_count; c++) {
        start_comparison(&model->comparisons[c]);
    }
    if (!status) {
        learning_out->is_exhaustive = link_is_exhaustive(matcher, options->method);
        status = learning_out->is_exhaustive
                     ? learn_all(matcher, model, options, learning_out, error)
                     : learn_sessions(matcher, model, options, learning_out, error);
    }
    learning_out->expected_matches = model->prior * link_allowed_pairs(matcher);
    return status;
}
