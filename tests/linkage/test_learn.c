/* Learning from records: against the probabilities by which they were invented. */
#include "fail_allocations.h"
#include "random_linkage.h"

#include "trefoil/linkage/learn.h"

enum { PEOPLE = 1500, FIELDS = 5 };

/* Each person has two records.  A field has `values` values, all as frequent, and is the same in
 * both records with the probability `same`. */
static const struct {
    const char *name;
    uint32_t values;
    double same;
} fields[FIELDS] = {
    {"a", 40, 0.95}, {"b", 60, 0.9}, {"c", 25, 0.8}, {"d", 90, 0.97}, {"e", 10, 0.99}};

/* u is the chance that two people share a value; m also counts what agrees by chance. */
static double u_of(int field) {
    return 1.0 / fields[field].values;
}

static double m_of(int field) {
    return fields[field].same + (1 - fields[field].same) * u_of(field);
}

static char *invented_people(uint64_t seed, uint32_t people) {
    tf_random random;
    tf_buffer out;
    tf_random_init(&random, seed, 1);
    tf_buffer_init(&out);
    tf_buffer_append_text(&out, "id,person,a,b,c,d,e\n");
    for (uint32_t i = 0; i < people; i++) {
        uint32_t values[FIELDS];
        for (int f = 0; f < FIELDS; f++) {
            values[f] = tf_random_below(&random, fields[f].values);
        }
        for (uint32_t copy = 0; copy < 2; copy++) {
            tf_buffer_format(&out, "%u,%u", i * 2 + copy, i);
            for (int f = 0; f < FIELDS; f++) {
                if (copy && tf_random_unit(&random) >= fields[f].same) {
                    values[f] = tf_random_below(&random, fields[f].values);
                }
                tf_buffer_format(&out, ",%s%u", fields[f].name, values[f]);
            }
            tf_buffer_append_text(&out, "\n");
        }
    }
    return take_text(&out);
}

#define COMPARE(name)                                                                              \
    "{\"name\": \"" name "\", \"levels\": [{\"when\": \"missing(" name ")\", \"null\": true}, "    \
    "{\"when\": \"exact(" name ")\"}, {\"when\": \"else\"}]}"
#define SETTINGS(blocking)                                                                         \
    "{\"format\": \"trefoil-link\", \"blocking\": " blocking ", \"comparisons\": [" COMPARE(       \
        "a") "," COMPARE("b") "," COMPARE("c") "," COMPARE("d") "," COMPARE("e") "]}"
#define USUAL_RULES "[[\"a\", \"b\"], [\"c\", \"d\"], [\"b\", \"e\"], [\"a\", \"d\"]]"

static tf_link_learning learn_with(tf_link_matcher *matcher, tf_link_model *model,
                                   tf_link_learn_options options) {
    tf_link_learning learning;
    tf_error error;
    assert_ok(tf_link_learn(matcher, model, &options, &learning, &error), &error);
    return learning;
}

static void expect_invented(const tf_link_model *model, double m_tolerance, double u_tolerance) {
    for (int f = 0; f < FIELDS; f++) {
        const tf_link_level *levels = model->comparisons[f].levels;
        assert_near(levels[1].m, m_of(f), m_tolerance);
        assert_near(levels[1].u, u_of(f), u_tolerance);
        assert_near(levels[1].m + levels[2].m, 1, 1e-9);
        assert_near(levels[1].u + levels[2].u, 1, 1e-9);
    }
    /* One match for each person. */
    double pairs = PEOPLE * 2.0 * (PEOPLE * 2.0 - 1) / 2;
    assert_near(model->prior * pairs / PEOPLE, 1, 0.06);
}

/* The tolerances are some four standard errors: of m, sqrt(0.8 * 0.2 / 1500) = 0.010 at most. */
static void all_pairs_teach_what_the_records_were_invented_by(void **state) {
    (void)state;
    char *csv = invented_people(1, PEOPLE);
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_model *model = model_of(SETTINGS("[]"));
    tf_link_matcher *matcher = matcher_of(model, records, 2);
    tf_link_learning learning = learn_with(matcher, model, (tf_link_learn_options){0});
    expect_invented(model, 0.04, 0.004);
    assert_true(learning.is_exhaustive);
    assert_int_equal(learning.session_count, 1);
    assert_true(learning.sessions[0].has_converged);
    assert_near(learning.expected_matches, PEOPLE, 0.06 * PEOPLE);
    assert_near(learning.counted_pairs, PEOPLE * (PEOPLE * 2.0 - 1), 0);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(csv);
}

static void sessions_by_blocking_rules_teach_it_too(void **state) {
    (void)state;
    char *csv = invented_people(2, PEOPLE);
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_model *model = model_of(SETTINGS(USUAL_RULES));
    tf_link_matcher *matcher = matcher_of(model, records, 2);
    tf_link_learning learning =
        learn_with(matcher, model, (tf_link_learn_options){.method = TF_LINK_BLOCKED});
    assert_false(learning.is_exhaustive);
    assert_int_equal(learning.session_count, 4);
    assert_true(learning.random_pairs > 0);
    assert_int_equal(learning.defaulted_levels, 0);
    /* The prior rests on how often rules' columns agree, and on the m of those. */
    expect_invented(model, 0.05, 0.004);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(csv);
}

static void expect_same_model(const tf_link_model *a, const tf_link_model *b) {
    tf_buffer x, y;
    tf_error error;
    tf_buffer_init(&x);
    tf_buffer_init(&y);
    assert_ok(tf_link_model_write(a, &x, &error), &error);
    assert_ok(tf_link_model_write(b, &y, &error), &error);
    assert_string_equal(x.data, y.data);
    tf_buffer_deinit(&x);
    tf_buffer_deinit(&y);
}

static void what_is_learnt_is_the_same_for_any_number_of_threads(void **state) {
    (void)state;
    static const int threads[] = {1, 2, 4};
    char *csv = invented_people(3, 400);
    tf_link_records *records = records_of(csv, "id", NULL);
    for (int method = TF_LINK_EXHAUSTIVE; method <= TF_LINK_BLOCKED; method++) {
        for (int sampled = 0; sampled < 2; sampled++) {
            tf_link_model *models[3];
            for (int i = 0; i < 3; i++) {
                models[i] = model_of(SETTINGS(USUAL_RULES));
                tf_link_matcher *matcher = matcher_of(models[i], records, threads[i]);
                learn_with(matcher, models[i],
                           (tf_link_learn_options){.method = method,
                                                   .most_pairs = sampled ? 60000 : 0,
                                                   .random_pairs = 200000});
                tf_link_matcher_free(matcher);
            }
            expect_same_model(models[0], models[1]);
            expect_same_model(models[0], models[2]);
            for (int i = 0; i < 3; i++) {
                tf_link_model_free(models[i]);
            }
        }
    }
    tf_link_records_free(records);
    free(csv);
}

/* Pairs that agree on all of a, b, d and e are found by 95% * 90% * 97% * 99% of the matches. */
static void deterministic_rules_and_their_recall_set_the_prior(void **state) {
    (void)state;
    char *csv = invented_people(4, PEOPLE);
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_model *model = model_of(SETTINGS("[[\"a\", \"b\", \"d\", \"e\"]]"));
    tf_link_matcher *matcher = matcher_of(model, records, 2);
    double recall = m_of(0) * m_of(1) * m_of(3) * m_of(4);
    tf_link_learning learning =
        learn_with(matcher, model,
                   (tf_link_learn_options){.deterministic_recall = recall,
                                           .deterministic_rules = model->rules,
                                           .deterministic_count = 1});
    assert_true(learning.prior_was_given);
    assert_near(learning.expected_matches, PEOPLE, 0.06 * PEOPLE);
    double prior = model->prior;
    learn_with(matcher, model,
               (tf_link_learn_options){.deterministic_recall = recall,
                                       .deterministic_rules = model->rules,
                                       .deterministic_count = 1});
    assert_true(prior == model->prior);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(csv);
}

static void a_level_that_is_fixed_stays_as_it_was(void **state) {
    (void)state;
    char *csv = invented_people(5, 300);
    tf_link_records *records = records_of(csv, "id", NULL);
    for (int method = TF_LINK_EXHAUSTIVE; method <= TF_LINK_BLOCKED; method++) {
        tf_link_model *model = model_of(SETTINGS(USUAL_RULES));
        tf_link_level *level = &model->comparisons[1].levels[1];
        level->m = 0.6;
        level->u = 0.3;
        level->is_m_fixed = level->is_u_fixed = true;
        tf_link_matcher *matcher = matcher_of(model, records, 2);
        learn_with(matcher, model, (tf_link_learn_options){.method = method});
        assert_true(level->m == 0.6 && level->u == 0.3);
        assert_near(model->comparisons[1].levels[2].m, 0.4, 1e-9);
        tf_link_matcher_free(matcher);
        tf_link_model_free(model);
    }
    tf_link_records_free(records);
    free(csv);
}

static void levels_that_no_session_could_learn_are_counted(void **state) {
    (void)state;
    tf_link_records *records =
        records_of("id,a,b,c,d,e\n1,p,q,r,s,t\n2,u,v,w,x,y\n3,i,j,k,l,m\n", "id", NULL);
    tf_link_model *model = model_of(SETTINGS(USUAL_RULES));
    tf_link_matcher *matcher = matcher_of(model, records, 1);
    tf_link_learning learning =
        learn_with(matcher, model, (tf_link_learn_options){.method = TF_LINK_BLOCKED});
    assert_int_equal(learning.defaulted_levels, 2 * FIELDS);
    for (int i = 0; i < learning.session_count; i++) {
        assert_false(learning.sessions[i].was_used);
    }
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void without_pairs_there_is_nothing_to_learn(void **state) {
    (void)state;
    static const struct {
        const char *csv;
        tf_link_type type;
    } cases[] = {{"id,a,b,c,d,e\n1,p,q,r,s,t\n", TF_LINK_DEDUPE},
                 {"id,a,b,c,d,e\n1,p,q,r,s,t\n2,p,q,r,s,t\n", TF_LINK_BETWEEN}};
    for (int i = 0; i < 2; i++) {
        tf_link_records *records = records_of(cases[i].csv, "id", NULL);
        tf_link_model *model = model_of(SETTINGS("[]"));
        model->type = cases[i].type;
        tf_link_matcher *matcher = matcher_of(model, records, 1);
        tf_link_learn_options options = {0};
        tf_link_learning learning;
        tf_error error;
        assert_int_equal(tf_link_learn(matcher, model, &options, &learning, &error), TF_BAD_INPUT);
        assert_non_null(strstr(error.message, "two records or more"));
        tf_link_matcher_free(matcher);
        tf_link_model_free(model);
        tf_link_records_free(records);
    }
}

static void records_that_are_all_the_same_are_learnt_from(void **state) {
    (void)state;
    static const char csv[] = "id,a,b,c,d,e\n1,p,q,r,s,t\n2,p,q,r,s,t\n3,p,q,r,s,t\n4,p,q,r,s,t\n";
    tf_link_records *records = records_of(csv, "id", NULL);
    for (int method = TF_LINK_EXHAUSTIVE; method <= TF_LINK_BLOCKED; method++) {
        tf_link_model *model = model_of(SETTINGS(USUAL_RULES));
        tf_link_matcher *matcher = matcher_of(model, records, 1);
        tf_error error;
        learn_with(matcher, model, (tf_link_learn_options){.method = method});
        assert_ok(tf_link_model_check(model, &error), &error);
        tf_link_prediction found =
            predict_with(matcher, (tf_link_predict_options){.threshold = -1000});
        assert_int_equal(found.pair_count, 6);
        assert_true(isfinite(found.pairs[0].weight));
        tf_link_prediction_deinit(&found);
        tf_link_matcher_free(matcher);
        tf_link_model_free(model);
    }
    tf_link_records_free(records);
}

/* m of a level is its share of the labelled matches, half a pair added to each. */
static void labelled_matches_teach_m_and_enough_others_u(void **state) {
    (void)state;
    enum { PAIRS = 300, OTHERS = 1500 };
    static tf_link_label labels[PAIRS + OTHERS];
    char *csv = invented_people(7, PAIRS);
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_model *model = model_of(SETTINGS("[]"));
    tf_link_matcher *matcher = matcher_of(model, records, 2);
    tf_error error;
    int unseen, agreeing = 0, agreeing_others = 0;
    for (uint32_t i = 0; i < PAIRS + OTHERS; i++) {
        uint32_t left = i < PAIRS ? i * 2 + 1 : i % PAIRS * 2;
        uint32_t right = i < PAIRS ? i * 2 : (i % PAIRS * 2 + 2 + 2 * (i / PAIRS)) % (PAIRS * 2);
        labels[i] = (tf_link_label){left, right, i < PAIRS};
        bool agrees = tf_text_equal(tf_link_records_value(records, left, 2),
                                    tf_link_records_value(records, right, 2));
        *(i < PAIRS ? &agreeing : &agreeing_others) += agrees;
    }
    assert_int_equal(tf_link_learn_labels(matcher, model, labels + PAIRS, 10, &unseen, &error),
                     TF_BAD_INPUT);
    assert_ok(tf_link_learn_labels(matcher, model, labels, PAIRS + 10, &unseen, &error), &error);
    const tf_link_level *level = &model->comparisons[1].levels[1]; /* b, after id and person */
    assert_near(level->m, (agreeing + 0.5) / (PAIRS + 1.0), 1e-12);
    assert_true(isnan(level->u)); /* too few non-matches, and none drawn at random */
    assert_ok(tf_link_learn_labels(matcher, model, labels, PAIRS + OTHERS, &unseen, &error),
              &error);
    assert_near(level->u, (agreeing_others + 0.5) / (OTHERS + 1.0), 1e-12);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(csv);
}

static tf_status learn_once(const tf_link_records *records, tf_link_method method, int threads,
                            double *prior_out) {
    tf_link_work work = {.thread_count = threads, .seed = 1};
    tf_link_learn_options options = {.method = method, .random_pairs = 2000};
    tf_link_model *model = NULL;
    tf_link_matcher *matcher = NULL;
    tf_link_learning learning;
    tf_status status = tf_link_model_read(tf_text_of(SETTINGS(USUAL_RULES)), &model, NULL);
    if (!status) {
        status = tf_link_matcher_new(model, records, &work, &matcher, NULL);
    }
    if (!status) {
        status = tf_link_learn(matcher, model, &options, &learning, NULL);
    }
    *prior_out = status ? 0 : model->prior;
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    return status;
}

static void learning_fails_cleanly_without_memory(void **state) {
    (void)state;
    char *csv = invented_people(6, 40);
    tf_link_records *records = records_of(csv, "id", NULL);
    for (int method = TF_LINK_EXHAUSTIVE; method <= TF_LINK_BLOCKED; method++) {
        double expected, prior;
        assert_int_equal(learn_once(records, method, 1, &expected), TF_OK);
        bool was_reached = true;
        for (long n = 0; was_reached; n++) {
            fail_allocation(n);
            tf_status status = learn_once(records, method, 1 + (int)(n % 2), &prior);
            was_reached = stop_failing_allocations();
            assert_true(status == TF_NO_MEMORY || (status == TF_OK && prior == expected));
        }
    }
    tf_link_records_free(records);
    free(csv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pairs_teach_what_the_records_were_invented_by),
        cmocka_unit_test(sessions_by_blocking_rules_teach_it_too),
        cmocka_unit_test(what_is_learnt_is_the_same_for_any_number_of_threads),
        cmocka_unit_test(deterministic_rules_and_their_recall_set_the_prior),
        cmocka_unit_test(a_level_that_is_fixed_stays_as_it_was),
        cmocka_unit_test(levels_that_no_session_could_learn_are_counted),
        cmocka_unit_test(without_pairs_there_is_nothing_to_learn),
        cmocka_unit_test(records_that_are_all_the_same_are_learnt_from),
        cmocka_unit_test(labelled_matches_teach_m_and_enough_others_u),
        cmocka_unit_test(learning_fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
