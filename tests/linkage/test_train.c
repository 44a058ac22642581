#include "golden.h"

#include "fail_allocations.h"

#include "trefoil/linkage/train.h"

enum { MAX_PATTERNS = 400, LEVELS = TF_LINK_MAX_LEVELS };

typedef struct counted {
    uint8_t levels[MAX_PATTERNS * 8];
    uint64_t counts[MAX_PATTERNS];
    tf_link_patterns patterns;
} counted;

/* The patterns of the session that Splink blocked on town, whose comparison is therefore held. */
static void read_patterns(const tf_link_model *model, const char *name, counted *out) {
    FILE *file = open_golden(name);
    golden_row header;
    golden_row row;
    size_t count = 0;
    assert_true(next_row(file, &header));
    for (; next_row(file, &row); count++) {
        for (int c = 0; c < model->comparison_count; c++) {
            char column[80];
            snprintf(column, sizeof column, "gamma_%s", model->comparisons[c].name);
            int cell = cell_of(&header, column);
            int level = cell < 0
                            ? 1
                            : tf_link_level_of_gamma(&model->comparisons[c], atoi(row.cells[cell]));
            out->levels[count * (size_t)model->comparison_count + (size_t)c] = (uint8_t)level;
        }
        out->counts[count] = strtoull(row.cells[row.count - 1], NULL, 10);
    }
    fclose(file);
    out->patterns = (tf_link_patterns){out->levels, out->counts, count, model->comparison_count};
}

static int comparison_named(const tf_link_model *model, const char *name) {
    for (int c = 0; c < model->comparison_count; c++) {
        if (strcmp(model->comparisons[c].name, name) == 0) {
            return c;
        }
    }
    return -1;
}

/* The m and prior of one iteration of Splink's, or the start of ours if `training` is NULL. */
static int follow_iteration(tf_link_model *model, const char *name, int iteration,
                            const tf_link_training *training) {
    FILE *file = open_golden(name);
    golden_row row;
    int found = 0;
    assert_true(next_row(file, &row));
    while (next_row(file, &row)) {
        if (atoi(row.cells[0]) != iteration) {
            continue;
        }
        double value = strtod(row.cells[3], NULL);
        found++;
        if (row.cells[1][0] == '\0') {
            if (training) {
                assert_near(training->prior, value, 1e-9);
            } else {
                model->prior = value;
            }
            continue;
        }
        int c = comparison_named(model, row.cells[1]);
        int level = tf_link_level_of_gamma(&model->comparisons[c], atoi(row.cells[2]));
        if (training) {
            assert_near(training->levels[c * LEVELS + level].m, value, 1e-9);
        } else {
            model->comparisons[c].levels[level].m = value;
        }
    }
    fclose(file);
    return found;
}

static tf_link_model *session_model(const char *version, counted *patterns) {
    char name[80];
    snprintf(name, sizeof name, "%s_start.json", version);
    tf_link_model *model = golden_model(name);
    snprintf(name, sizeof name, "%s_patterns.csv", version);
    read_patterns(model, name, patterns);
    snprintf(name, sizeof name, "%s_em.csv", version);
    assert_true(follow_iteration(model, name, 0, NULL) > 1);
    return model;
}

static void check_iterations(const char *version) {
    static counted patterns;
    tf_link_model *model = session_model(version, &patterns);
    const bool is_held[] = {false, false, false, true};
    char name[80];
    snprintf(name, sizeof name, "%s_em.csv", version);
    int iterations = 0;
    for (int i = 1;; i++) {
        tf_link_em_options options = tf_link_em_defaults();
        tf_link_training training;
        tf_error error;
        options.smoothing = 0;
        options.convergence = 0;
        options.most_iterations = i;
        options.is_held = is_held;
        assert_ok(tf_link_train(model, &patterns.patterns, &options, &training, &error), &error);
        int found = follow_iteration(model, name, i, &training);
        tf_link_training_deinit(&training);
        if (found == 0) {
            break;
        }
        iterations++;
    }
    assert_true(iterations >= 5);
    tf_link_model_free(model);
}

static void each_iteration_is_that_of_splink_4(void **state) {
    (void)state;
    check_iterations("splink4");
}

static void each_iteration_is_that_of_splink_5(void **state) {
    (void)state;
    check_iterations("splink5");
}

static void the_prior_of_a_session_is_that_of_splink(void **state) {
    (void)state;
    tf_link_model *model = golden_model("splink5_start.json");
    static counted patterns;
    tf_link_model *begun = session_model("splink5", &patterns);
    tf_link_session_plan plan;
    tf_link_value town = {.column = "town"};
    tf_link_key key = {town, town};
    tf_link_rule rule = {&key, 1};
    tf_link_comparison *comparison = &model->comparisons[3];
    /* Splink starts from m = 0.95 on the exact level (comparison_level.py, _default_m_values). */
    comparison->levels[1].m = 0.95;
    tf_link_plan_session(model, &rule, &plan);
    assert_false(plan.is_held[0] || plan.is_held[1] || plan.is_held[2]);
    assert_true(plan.is_held[3]);
    assert_int_equal(plan.agreed_count, 1);
    assert_int_equal(plan.agreed_comparison[0], 3);
    assert_int_equal(plan.agreed_level[0], 1);
    double prior = tf_link_session_prior(model, &plan);
    assert_near(prior, begun->prior, 1e-12);
    assert_near(tf_link_overall_prior(model, &plan, prior), 0.003, 1e-12);
    tf_link_model_free(model);
    tf_link_model_free(begun);
}

static void the_likelihood_never_falls(void **state) {
    (void)state;
    static counted patterns;
    tf_link_model *model = session_model("splink5", &patterns);
    const bool is_held[] = {false, false, false, true};
    for (int variant = 0; variant < 8; variant++) {
        tf_link_em_options options = tf_link_em_defaults();
        tf_link_training training;
        tf_error error;
        options.is_u_fixed = (variant & 1) != 0;
        options.smoothing = variant & 2 ? 0.5 : 0;
        model->comparisons[0].levels[1].is_m_fixed = (variant & 4) != 0;
        model->comparisons[0].levels[1].m = 0.8;
        options.most_iterations = 60;
        options.convergence = 1e-9;
        options.is_held = is_held;
        assert_ok(tf_link_train(model, &patterns.patterns, &options, &training, &error), &error);
        /* The first step may leave a start whose shares do not add up to one. */
        for (int i = 2; i <= training.iterations; i++) {
            assert_true(training.log_likelihood[i] >= training.log_likelihood[i - 1] - 1e-7);
        }
        double sum = 0;
        for (int i = 1; i < model->comparisons[0].level_count; i++) {
            sum += training.levels[i].m;
        }
        assert_near(sum, 1, 1e-9);
        tf_link_training_deinit(&training);
    }
    tf_link_model_free(model);
}

/* Two comparisons of two levels, without a null level. */
static tf_link_model *small_model(void) {
    static const char text[] =
        "{\"format\": \"trefoil-link\", \"prior\": 0.1, \"comparisons\": ["
        "{\"name\": \"a\", \"levels\": [{\"when\": \"exact(a)\", \"m\": 0.9, \"u\": 0.1},"
        "{\"when\": \"else\", \"m\": 0.1, \"u\": 0.9}]},"
        "{\"name\": \"b\", \"levels\": [{\"when\": \"exact(b)\", \"m\": 0.8, \"u\": 0.2},"
        "{\"when\": \"else\", \"m\": 0.2, \"u\": 0.8}]},"
        "{\"name\": \"c\", \"levels\": [{\"when\": \"exact(c)\", \"m\": 0.7, \"u\": 0.2},"
        "{\"when\": \"else\", \"m\": 0.3, \"u\": 0.8}]}]}";
    tf_link_model *model;
    tf_error error;
    assert_ok(tf_link_model_read(tf_text_of(text), &model, &error), &error);
    return model;
}

static const uint8_t small_levels[] = {0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1,
                                       1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1};
static const uint64_t small_counts[] = {90, 40, 25, 70, 30, 110, 140, 900};
static const tf_link_patterns small_patterns = {small_levels, small_counts, 8, 3};

/* Expectation maximisation in the plainest way, all parameters free. */
static void plain_em(double m[3], double u[3], double *prior, int iterations) {
    for (int round = 0; round < iterations; round++) {
        double match_sum = 0;
        double all = 0;
        double m_sums[3] = {0};
        double u_sums[3] = {0};
        for (int i = 0; i < 8; i++) {
            double p = *prior;
            double q = 1 - *prior;
            for (int c = 0; c < 3; c++) {
                bool agrees = small_levels[i * 3 + c] == 0;
                p *= agrees ? m[c] : 1 - m[c];
                q *= agrees ? u[c] : 1 - u[c];
            }
            double match = p / (p + q) * (double)small_counts[i];
            match_sum += match;
            all += (double)small_counts[i];
            for (int c = 0; c < 3; c++) {
                m_sums[c] += small_levels[i * 3 + c] == 0 ? match : 0;
                u_sums[c] += small_levels[i * 3 + c] == 0 ? (double)small_counts[i] - match : 0;
            }
        }
        for (int c = 0; c < 3; c++) {
            m[c] = m_sums[c] / match_sum;
            u[c] = u_sums[c] / (all - match_sum);
        }
        *prior = match_sum / all;
    }
}

static void it_is_plain_expectation_maximisation(void **state) {
    (void)state;
    tf_link_model *model = small_model();
    tf_link_em_options options = tf_link_em_defaults();
    tf_link_training training;
    double m[] = {0.9, 0.8, 0.7};
    double u[] = {0.1, 0.2, 0.2};
    double prior = 0.1;
    options.is_u_fixed = false;
    options.smoothing = 0;
    options.convergence = 0;
    options.most_iterations = 40;
    plain_em(m, u, &prior, 40);
    assert_int_equal(tf_link_train(model, &small_patterns, &options, &training, NULL), TF_OK);
    assert_near(training.prior, prior, 1e-12);
    for (int c = 0; c < 3; c++) {
        assert_near(training.levels[c * LEVELS].m, m[c], 1e-12);
        assert_near(training.levels[c * LEVELS].u, u[c], 1e-12);
    }
    assert_false(training.has_converged);
    assert_int_equal(training.iterations, 40);
    tf_link_training_deinit(&training);
    tf_link_model_free(model);
}

static void a_level_never_seen_is_smoothed_and_counted(void **state) {
    (void)state;
    tf_link_model *model = small_model();
    static const uint8_t levels[] = {0, 0, 0, 1, 0, 0, 0, 0, 1};
    static const uint64_t counts[] = {50, 30, 20};
    tf_link_patterns patterns = {levels, counts, 3, 3};
    tf_link_em_options options = tf_link_em_defaults();
    tf_link_training training;
    assert_int_equal(tf_link_train(model, &patterns, &options, &training, NULL), TF_OK);
    assert_int_equal(training.unseen_levels, 1);
    assert_false(training.levels[LEVELS + 1].is_seen);
    assert_true(training.levels[LEVELS + 1].m > 0 && training.levels[LEVELS + 1].m < 0.05);
    tf_link_training_deinit(&training);
    options.smoothing = 0;
    assert_int_equal(tf_link_train(model, &patterns, &options, &training, NULL), TF_OK);
    assert_near(training.levels[LEVELS + 1].m, 1e-6, 0);
    tf_link_training_deinit(&training);
    tf_link_model_free(model);
}

static void m_comes_from_pairs_known_to_match(void **state) {
    (void)state;
    tf_link_model *model = small_model();
    int unseen;
    assert_int_equal(tf_link_train_counted(model, &small_patterns, TF_LINK_M, 0, &unseen, NULL),
                     TF_OK);
    /* 90 + 40 + 25 + 70 of 1405 pairs agree on a. */
    assert_near(model->comparisons[0].levels[0].m, 225.0 / 1405, 1e-15);
    assert_near(model->comparisons[0].levels[0].u, 0.1, 0);
    assert_int_equal(unseen, 0);
    model->comparisons[0].levels[0].is_u_fixed = true;
    assert_int_equal(tf_link_train_counted(model, &small_patterns, TF_LINK_U, 0.5, &unseen, NULL),
                     TF_OK);
    assert_near(model->comparisons[0].levels[0].u, 0.1, 0);
    assert_near(model->comparisons[0].levels[1].u, 0.9, 1e-15);
    assert_near(model->comparisons[1].levels[0].u, 270.5 / 1406, 1e-15);
    tf_link_model_free(model);
}

static void sessions_are_combined_by_their_medians(void **state) {
    (void)state;
    tf_link_model *model = small_model();
    tf_link_level_estimate estimates[4][3 * TF_LINK_MAX_LEVELS];
    memset(estimates, 0, sizeof estimates);
    tf_link_training trainings[4];
    static const double values[] = {0.7, 0.9, 0.6, 0.85};
    for (int i = 0; i < 4; i++) {
        trainings[i] = (tf_link_training){.levels = estimates[i], .comparison_count = 3};
        estimates[i][0] = (tf_link_level_estimate){values[i], 0.1, true, true};
        estimates[i][LEVELS] = (tf_link_level_estimate){values[i], 0.2, i<3, i> 0};
    }
    assert_int_equal(tf_link_combine(model, trainings, NULL, 4, NULL), TF_OK);
    assert_near(model->comparisons[0].levels[0].m, (0.7 + 0.85) / 2, 1e-15);
    assert_near(model->comparisons[1].levels[0].m, (0.9 + 0.6) / 2, 1e-15); /* two saw it */
    assert_near(model->comparisons[2].levels[0].m, 0.7, 0);                 /* nobody did */
    assert_near(model->prior, 0.1, 0);
    /* 1 / median(1 / p): with nothing to reverse, of 0.2, 0.1, 0.4 that is 0.2. */
    tf_link_session_plan plans[3];
    memset(plans, 0, sizeof plans);
    static const double priors[] = {0.2, 0.1, 0.4};
    for (int i = 0; i < 3; i++) {
        trainings[i].prior = priors[i];
    }
    assert_int_equal(tf_link_combine(model, trainings, plans, 3, NULL), TF_OK);
    assert_near(model->prior, 0.2, 1e-12);
    tf_link_model_free(model);
}

static void the_prior_follows_from_rules_and_their_recall(void **state) {
    (void)state;
    double prior = -1;
    assert_int_equal(tf_link_prior_from_rules(700, 499500, 0.7, &prior, NULL), TF_OK);
    assert_near(prior, 1000.0 / 499500, 1e-15);
    assert_int_equal(tf_link_prior_from_rules(700, 499500, 0, &prior, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_link_prior_from_rules(700, 499500, 1.1, &prior, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_link_prior_from_rules(0, 499500, 0.7, &prior, NULL), TF_BAD_INPUT);
    assert_int_equal(tf_link_prior_from_rules(80, 100, 0.7, &prior, NULL), TF_BAD_INPUT);
    assert_near(prior, 1000.0 / 499500, 1e-15);
}

static void what_cannot_be_learnt_is_refused(void **state) {
    (void)state;
    tf_link_model *model = small_model();
    tf_link_em_options options = tf_link_em_defaults();
    tf_link_training training;
    tf_error error;
    tf_link_patterns none = {small_levels, small_counts, 0, 3};
    assert_int_equal(tf_link_train(model, &none, &options, &training, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "no pair"));
    const bool all_held[] = {true, true, true};
    options.is_held = all_held;
    assert_int_equal(tf_link_train(model, &small_patterns, &options, &training, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "nothing is left"));
    options.is_held = NULL;
    model->comparisons[1].levels[1].u = NAN;
    assert_int_equal(tf_link_train(model, &small_patterns, &options, &training, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "comparison b"));
    model->comparisons[1].levels[1].u = 0.8;
    model->prior = NAN;
    assert_int_equal(tf_link_train(model, &small_patterns, &options, &training, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "prior"));
    tf_link_model_free(model);
}

static void training_fails_cleanly_without_memory(void **state) {
    (void)state;
    tf_link_model *model = small_model();
    tf_link_em_options options = tf_link_em_defaults();
    for (long n = 0;; n++) {
        tf_link_training training;
        fail_allocation(n);
        tf_status status = tf_link_train(model, &small_patterns, &options, &training, NULL);
        if (status == TF_OK) {
            status = tf_link_combine(model, &training, NULL, 1, NULL);
        }
        bool was_reached = stop_failing_allocations();
        tf_link_training_deinit(&training);
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
    tf_link_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_iteration_is_that_of_splink_4),
        cmocka_unit_test(each_iteration_is_that_of_splink_5),
        cmocka_unit_test(the_prior_of_a_session_is_that_of_splink),
        cmocka_unit_test(the_likelihood_never_falls),
        cmocka_unit_test(it_is_plain_expectation_maximisation),
        cmocka_unit_test(a_level_never_seen_is_smoothed_and_counted),
        cmocka_unit_test(m_comes_from_pairs_known_to_match),
        cmocka_unit_test(sessions_are_combined_by_their_medians),
        cmocka_unit_test(the_prior_follows_from_rules_and_their_recall),
        cmocka_unit_test(what_cannot_be_learnt_is_refused),
        cmocka_unit_test(training_fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
