/* What prediction gives is what comparing pair by pair gives, in whatever way it is done. */
#include "fail_allocations.h"
#include "random_linkage.h"

#include "linkage/matcher_internal.h"

enum { MODELS = 60, RECORDS = 90 };

static const char *const link_types[] = {"dedupe", "between", "both"};

#define SMALL_MODEL                                                                                \
    "{\"format\": \"trefoil-link\", \"prior\": 0.1, \"blocking\": [\"g\"], \"comparisons\": [{"    \
    "\"name\": \"g\", \"levels\": [{\"when\": \"exact(g)\", \"m\": 0.9, \"u\": 0.1}, "             \
    "{\"when\": \"osa(g) <= 1\", \"m\": 0.05, \"u\": 0.1}, "                                       \
    "{\"when\": \"else\", \"m\": 0.05, \"u\": 0.8}]}]}"

static tf_nicknames *some_nicknames(void) {
    static const char *const others[] = {"bob", "rob"};
    static const tf_nickname_group groups[] = {{"robert", 2, others}};
    tf_nicknames *nicknames;
    tf_error error;
    assert_ok(tf_nicknames_new(groups, 1, &nicknames, &error), &error);
    return nicknames;
}

static tf_link_matcher *matcher_with(const tf_link_model *model, const tf_link_records *records,
                                     const tf_nicknames *nicknames, int threads) {
    tf_link_work work = {.nicknames = nicknames, .thread_count = threads};
    tf_link_matcher *matcher;
    tf_error error;
    assert_ok(tf_link_matcher_new(model, records, &work, &matcher, &error), &error);
    return matcher;
}

static bool is_allowed(const tf_link_model *model, const tf_link_records *records, uint32_t a,
                       uint32_t b) {
    bool is_same = tf_link_records_source(records, a) == tf_link_records_source(records, b);
    return model->type == TF_LINK_BOTH || is_same == (model->type == TF_LINK_DEDUPE);
}

/* What explaining a pair gives, without weighing the model anew for each; some are explained. */
static double weight_of(tf_link_matcher *matcher, uint32_t a, uint32_t b, uint8_t *levels_out) {
    tf_error error;
    tf_link_reason reasons[TF_LINK_MAX_COMPARISONS];
    double explained;
    bool is_explained = !matcher->scorer || (a * 31 + b) % 97 == 0;
    if (is_explained) {
        assert_ok(tf_link_matcher_explain(matcher, a, b, reasons, &explained, &error), &error);
    }
    assert_ok(tf_link_matcher_levels(matcher, a, b, levels_out, &error), &error);
    double weight =
        link_scorer_sum(matcher->scorer, levels_out, link_evidence_row(matcher->evidence, a),
                        link_evidence_row(matcher->evidence, b));
    assert_true(!is_explained || explained == weight);
    return weight;
}

/* Every pair that is allowed, on its own. */
static tf_link_prediction predict_plainly(tf_link_matcher *matcher, const tf_link_model *model,
                                          const tf_link_records *records, double threshold) {
    tf_link_prediction prediction = {0};
    uint32_t count = tf_link_records_count(records);
    prediction.pairs = tf_alloc((size_t)count * count / 2 + 1, sizeof *prediction.pairs);
    assert_non_null(prediction.pairs);
    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = a + 1; b < count; b++) {
            uint8_t levels[TF_LINK_MAX_COMPARISONS];
            if (!is_allowed(model, records, a, b)) {
                continue;
            }
            prediction.compared_pairs++;
            double weight = weight_of(matcher, a, b, levels);
            if (weight >= threshold) {
                prediction.pairs[prediction.pair_count++] = (tf_link_pair){a, b, weight, -1};
            }
        }
    }
    return prediction;
}

static void expect_same(const tf_link_prediction *a, const tf_link_prediction *b,
                        const char *settings) {
    assert_int_equal(a->compared_pairs, b->compared_pairs);
    for (size_t i = 0; i < a->pair_count && i < b->pair_count; i++) {
        const tf_link_pair *x = &a->pairs[i];
        const tf_link_pair *y = &b->pairs[i];
        if (x->left != y->left || x->right != y->right || x->weight != y->weight) {
            fail_msg("%u-%u %.17g is not %u-%u %.17g with %s", x->left, x->right, x->weight,
                     y->left, y->right, y->weight, settings);
        }
    }
    if (a->pair_count != b->pair_count) {
        fail_msg("%zu pairs are not %zu with %s", a->pair_count, b->pair_count, settings);
    }
}

static void all_pairs_and_blocks_of_all_give_what_single_pairs_give(void **state) {
    (void)state;
    static const int threads[] = {1, 2, 4};
    tf_nicknames *nicknames = some_nicknames();
    tf_random random;
    tf_random_init(&random, 7, 1);
    for (int i = 0; i < MODELS; i++) {
        char *csv = random_csv(&random, RECORDS);
        char *settings = random_settings(&random, link_types[i % 3], "[\"one\"]",
                                         1 + (int)tf_random_below(&random, 8));
        double threshold = i % 4 == 0 ? -1000 : tf_random_unit(&random) * 16 - 12;
        tf_link_records *records = records_of(csv, "id", "from");
        tf_link_model *model = model_of(settings);
        tf_link_matcher *matcher = matcher_with(model, records, nicknames, threads[i % 3]);
        tf_link_prediction plain = predict_plainly(matcher, model, records, threshold);
        for (int method = TF_LINK_EXHAUSTIVE; method <= TF_LINK_BLOCKED; method++) {
            tf_link_prediction found = predict_with(
                matcher, (tf_link_predict_options){.method = method, .threshold = threshold});
            assert_int_equal(found.is_exhaustive, method == TF_LINK_EXHAUSTIVE);
            expect_same(&found, &plain, settings);
            tf_link_prediction_deinit(&found);
        }
        tf_link_prediction_deinit(&plain);
        tf_link_matcher_free(matcher);
        tf_link_model_free(model);
        tf_link_records_free(records);
        free(settings);
        free(csv);
    }
    tf_nicknames_free(nicknames);
}

/* More records than are looked at together, and more values. */
static void many_records_give_what_single_pairs_give(void **state) {
    (void)state;
    tf_nicknames *nicknames = some_nicknames();
    tf_random random;
    tf_random_init(&random, 7, 6);
    for (int i = 0; i < 3; i++) {
        tf_buffer out;
        tf_buffer_init(&out);
        tf_buffer_append_text(&out, random_header);
        for (int r = 0; r < 1400; r++) {
            tf_buffer_format(&out, "%d,%s,", r + 1, r % 3 ? "alpha" : "beta");
            tf_buffer_format(&out, "g%u,f%u,", tf_random_below(&random, 900),
                             tf_random_below(&random, 30));
            tf_buffer_format(&out, "%s,20%02u-01-01,%u,%u,k%u|j%u,p%u,same\n", r % 2 ? "f" : "m",
                             tf_random_below(&random, 20), tf_random_below(&random, 90),
                             tf_random_below(&random, 90), tf_random_below(&random, 5),
                             tf_random_below(&random, 5), tf_random_below(&random, 400));
        }
        char *csv = take_text(&out);
        char *settings = random_settings(&random, link_types[i], "[\"one\"]", 9);
        tf_link_records *records = records_of(csv, "id", "from");
        tf_link_model *model = model_of(settings);
        tf_link_matcher *matcher = matcher_with(model, records, nicknames, 2);
        tf_link_prediction plain = predict_plainly(matcher, model, records, 0);
        for (int method = TF_LINK_EXHAUSTIVE; method <= TF_LINK_BLOCKED; method++) {
            tf_link_prediction found =
                predict_with(matcher, (tf_link_predict_options){.method = method});
            expect_same(&found, &plain, settings);
            tf_link_prediction_deinit(&found);
        }
        tf_link_prediction_deinit(&plain);
        tf_link_matcher_free(matcher);
        tf_link_model_free(model);
        tf_link_records_free(records);
        free(settings);
        free(csv);
    }
    tf_nicknames_free(nicknames);
}

/* Values too many for a table of all pairs of them, in records enough for a cache. */
static void answers_that_are_kept_are_those_that_are_found(void **state) {
    (void)state;
    tf_random random;
    tf_buffer out;
    tf_random_init(&random, 7, 7);
    tf_buffer_init(&out);
    tf_buffer_append_text(&out, "id,g,b\n");
    for (int r = 0; r < 18000; r++) {
        tf_buffer_format(&out, "%d,%c%04u,%u\n", r, 'a' + (char)tf_random_below(&random, 4),
                         tf_random_below(&random, 1100), tf_random_below(&random, 400));
    }
    char *csv = take_text(&out);
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    tf_link_key *key = &model->rules[0].keys[0];
    key->left.column = key->right.column = "b";
    assert_true(tf_link_records_distinct(records, 0) > 4096);
    tf_link_matcher *matcher = matcher_of(model, records, 2);
    tf_link_matcher *other = matcher_of(model, records, 1);
    tf_link_prediction found = predict_with(
        matcher, (tf_link_predict_options){.method = TF_LINK_BLOCKED, .threshold = -1000});
    assert_true(found.pair_count > 100000);
    for (size_t i = found.pair_count; i-- > 0;) { /* in another order */
        uint8_t level;
        double weight = weight_of(other, found.pairs[i].left, found.pairs[i].right, &level);
        assert_true(weight == found.pairs[i].weight);
        tf_text x = tf_link_records_value(records, found.pairs[i].left, 0);
        tf_text y = tf_link_records_value(records, found.pairs[i].right, 0);
        int apart = 0;
        for (size_t k = 0; k < x.length; k++) {
            apart += x.data[k] != y.data[k];
        }
        if (apart < 2) {
            assert_int_equal(level, apart);
        }
    }
    tf_link_prediction_deinit(&found);
    tf_link_matcher_free(matcher);
    tf_link_matcher_free(other);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(csv);
}

/* The rows of a CSV text in another order, its header first. */
static char *shuffled(tf_random *random, const char *csv) {
    const char *rows[RECORDS + 1];
    int count = 0;
    tf_buffer out;
    tf_buffer_init(&out);
    for (const char *at = csv; *at; at = strchr(at, '\n') + 1) {
        rows[count++] = at;
    }
    for (int i = count - 1; i > 1; i--) {
        int k = 1 + (int)tf_random_below(random, (uint32_t)i);
        const char *row = rows[i];
        rows[i] = rows[k];
        rows[k] = row;
    }
    for (int i = 0; i < count; i++) {
        tf_buffer_append(&out, rows[i], strcspn(rows[i], "\n") + 1);
    }
    return take_text(&out);
}

static void neither_the_order_of_rows_nor_threads_change_a_prediction(void **state) {
    (void)state;
    static const char blocking[] =
        "[[\"g\", \"s\"], \"substring(f, 1, 1)\", \"g = f\", \"any(l)\"]";
    tf_random random;
    tf_random_init(&random, 7, 2);
    for (int i = 0; i < 20; i++) {
        char *csv = random_csv(&random, RECORDS);
        char *other = shuffled(&random, csv);
        char *settings = random_settings(&random, link_types[i % 3], blocking, 4);
        tf_link_model *model = model_of(settings);
        tf_link_records *records = records_of(csv, "id", "from");
        tf_link_records *moved = records_of(other, "id", "from");
        tf_link_matcher *matcher = matcher_of(model, records, 1);
        tf_link_matcher *moved_matcher = matcher_of(model, moved, 3);
        for (int method = TF_LINK_EXHAUSTIVE; method <= TF_LINK_BLOCKED; method++) {
            tf_link_predict_options options = {.method = method, .threshold = -8};
            tf_link_prediction a = predict_with(matcher, options);
            tf_link_prediction b = predict_with(moved_matcher, options);
            expect_same(&a, &b, settings);
            tf_link_prediction_deinit(&a);
            tf_link_prediction_deinit(&b);
        }
        tf_link_matcher_free(matcher);
        tf_link_matcher_free(moved_matcher);
        tf_link_records_free(records);
        tf_link_records_free(moved);
        tf_link_model_free(model);
        free(settings);
        free(other);
        free(csv);
    }
}

static void levels_of_many_pairs_are_those_of_each(void **state) {
    (void)state;
    enum { PAIRS = 5000 };
    static tf_link_pair pairs[PAIRS];
    static uint8_t levels[PAIRS * 6];
    tf_random random;
    tf_random_init(&random, 7, 8);
    char *csv = random_csv(&random, RECORDS);
    char *settings = random_settings(&random, "both", "[]", 6);
    tf_link_records *records = records_of(csv, "id", "from");
    tf_link_model *model = model_of(settings);
    tf_link_matcher *matcher = matcher_of(model, records, 3);
    tf_error error;
    for (int i = 0; i < PAIRS; i++) { /* in any order, either way round */
        pairs[i].left = tf_random_below(&random, RECORDS);
        pairs[i].right = (pairs[i].left + 1 + tf_random_below(&random, RECORDS - 1)) % RECORDS;
    }
    assert_ok(tf_link_matcher_levels_of(matcher, pairs, PAIRS, levels, &error), &error);
    for (int i = 0; i < PAIRS; i++) {
        uint8_t single[6];
        assert_ok(tf_link_matcher_levels(matcher, pairs[i].left, pairs[i].right, single, &error),
                  &error);
        assert_memory_equal(levels + i * 6, single, 6);
    }
    pairs[PAIRS / 2].right = RECORDS;
    assert_int_equal(tf_link_matcher_levels_of(matcher, pairs, PAIRS, levels, &error),
                     TF_BAD_INPUT);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(settings);
    free(csv);
}

static void a_pair_is_worth_the_same_either_way_round(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 7, 3);
    char *csv = random_csv(&random, RECORDS);
    char *settings = random_settings(&random, "both", "[]", 6);
    tf_link_records *records = records_of(csv, "id", "from");
    tf_link_model *model = model_of(settings);
    tf_link_matcher *matcher = matcher_of(model, records, 1);
    for (uint32_t a = 0; a < RECORDS; a++) {
        for (uint32_t b = a + 1; b < RECORDS; b++) {
            tf_link_reason one[TF_LINK_MAX_COMPARISONS], other[TF_LINK_MAX_COMPARISONS];
            double weight, turned;
            double sum = tf_link_weight_of_probability(model->prior);
            tf_error error;
            assert_ok(tf_link_matcher_explain(matcher, a, b, one, &weight, &error), &error);
            assert_ok(tf_link_matcher_explain(matcher, b, a, other, &turned, &error), &error);
            assert_true(weight == turned);
            for (int c = 0; c < model->comparison_count; c++) {
                assert_int_equal(one[c].level, other[c].level);
                sum += one[c].weight + one[c].term_frequency;
            }
            assert_near(sum, weight, 1e-9);
        }
    }
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(settings);
    free(csv);
}

/* Where both adjusted values are missing nothing is added: more than the rarest value may get. */
static void a_level_is_not_passed_over_for_a_frequency_that_is_not_known(void **state) {
    (void)state;
    tf_link_records *records =
        records_of("id,g,f\n1,ann,\n2,anne,\n3,ann,x\n4,anne,x\n", "id", NULL);
    tf_link_model *model =
        model_of("{\"format\": \"trefoil-link\", \"prior\": 0.5, \"blocking\": [\"one\"], "
                 "\"comparisons\": [{\"name\": \"g\", \"levels\": [{\"when\": \"osa(g) <= 1\", "
                 "\"m\": 0.9, \"u\": 0.0001, \"term_frequency\": {\"column\": \"f\", \"own_u\": "
                 "true}}, {\"when\": \"else\", \"m\": 0.1, \"u\": 0.9}]}]}");
    model->rule_count = 0;
    tf_link_matcher *matcher = matcher_of(model, records, 1);
    tf_link_prediction plain = predict_plainly(matcher, model, records, 10);
    tf_link_prediction found = predict_with(matcher, (tf_link_predict_options){.threshold = 10});
    assert_true(plain.pair_count > 0);
    expect_same(&found, &plain, "a frequency that is not known");
    tf_link_prediction_deinit(&plain);
    tf_link_prediction_deinit(&found);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void a_model_that_is_not_trained_is_refused(void **state) {
    (void)state;
    tf_link_records *records = records_of("id,g\n1,ann\n2,anne\n", "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    tf_link_matcher *matcher = matcher_of(model, records, 1);
    tf_link_predict_options options = {0};
    tf_link_prediction prediction;
    tf_error error;
    model->comparisons[0].levels[1].u = NAN;
    assert_int_equal(tf_link_predict(matcher, &options, &prediction, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "level 2"));
    assert_non_null(strstr(error.message, "no u"));
    model->prior = NAN;
    assert_int_equal(tf_link_predict(matcher, &options, &prediction, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "prior"));
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void pairs_beyond_the_memory_limit_are_refused(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 7, 4);
    char *csv = random_csv(&random, RECORDS);
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    tf_link_work work = {.thread_count = 2, .memory_limit = 100 * sizeof(tf_link_pair)};
    tf_link_matcher *matcher;
    tf_link_prediction prediction;
    tf_error error;
    assert_ok(tf_link_matcher_new(model, records, &work, &matcher, &error), &error);
    for (int method = TF_LINK_EXHAUSTIVE; method <= TF_LINK_BLOCKED; method++) {
        tf_link_predict_options options = {.method = method, .threshold = -1000};
        assert_int_equal(tf_link_predict(matcher, &options, &prediction, &error), TF_NO_MEMORY);
        assert_non_null(strstr(error.message, "100 pairs"));
        assert_null(prediction.pairs);
    }
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(csv);
}

static bool stop_at_once(void *context, const char *step, double done) {
    (void)step;
    (void)done;
    ++*(int *)context;
    return false;
}

static void a_watch_stops_a_prediction(void **state) {
    (void)state;
    tf_link_records *records = records_of("id,g\n1,ann\n2,anne\n3,ann\n", "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    int calls = 0;
    tf_link_watch watch = {stop_at_once, &calls};
    tf_link_work work = {.thread_count = 1, .watch = &watch};
    tf_link_matcher *matcher;
    tf_link_predict_options options = {.method = TF_LINK_BLOCKED, .threshold = -1000};
    tf_link_prediction prediction;
    tf_error error;
    assert_ok(tf_link_matcher_new(model, records, &work, &matcher, &error), &error);
    assert_int_equal(tf_link_predict(matcher, &options, &prediction, &error), TF_IO);
    assert_int_equal(calls, 1);
    assert_null(prediction.pairs);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void one_record_or_none_has_no_pair(void **state) {
    (void)state;
    static const char *const files[] = {"id,g\n", "id,g\n1,ann\n"};
    tf_link_model *model = model_of(SMALL_MODEL);
    for (int i = 0; i < 2; i++) {
        tf_link_records *records = records_of(files[i], "id", NULL);
        if (tf_link_records_column_count(records)) {
            tf_link_matcher *matcher = matcher_of(model, records, 2);
            for (int method = TF_LINK_BY_SIZE; method <= TF_LINK_BLOCKED; method++) {
                tf_link_prediction found = predict_with(
                    matcher, (tf_link_predict_options){.method = method, .threshold = -1000});
                assert_int_equal(found.pair_count, 0);
                assert_int_equal(found.compared_pairs, 0);
                tf_link_prediction_deinit(&found);
            }
            tf_link_matcher_free(matcher);
        }
        tf_link_records_free(records);
    }
    tf_link_model_free(model);
}

static tf_status predict_once(const tf_link_model *model, const tf_link_records *records,
                              tf_link_method method, int threads, size_t *pair_count_out) {
    tf_link_work work = {.thread_count = threads};
    tf_link_predict_options options = {.method = method, .threshold = -4};
    tf_link_matcher *matcher = NULL;
    tf_link_prediction prediction = {0};
    tf_status status = tf_link_matcher_new(model, records, &work, &matcher, NULL);
    if (!status) {
        status = tf_link_predict(matcher, &options, &prediction, NULL);
    }
    *pair_count_out = prediction.pair_count;
    tf_link_prediction_deinit(&prediction);
    tf_link_matcher_free(matcher);
    return status;
}

static void predicting_fails_cleanly_without_memory(void **state) {
    (void)state;
    static const char blocking[] = "[[\"g\", \"s\"], \"soundex(f)\", \"g = f\", \"any(l)\"]";
    tf_random random;
    tf_random_init(&random, 7, 5);
    char *csv = random_csv(&random, 24);
    tf_link_records *records = records_of(csv, "id", "from");
    for (int i = 0; i < 6; i++) {
        char *settings = random_settings(&random, link_types[i % 3], blocking, 5);
        tf_link_model *model = model_of(settings);
        tf_link_method method = i % 2 ? TF_LINK_EXHAUSTIVE : TF_LINK_BLOCKED;
        size_t expected, count;
        assert_int_equal(predict_once(model, records, method, 1, &expected), TF_OK);
        bool was_reached = true;
        for (long n = 0; was_reached; n++) {
            fail_allocation(n);
            tf_status status = predict_once(model, records, method, 1 + i % 4 / 2, &count);
            was_reached = stop_failing_allocations();
            /* What could not be made smaller stays as it is. */
            assert_true(status == TF_NO_MEMORY || (status == TF_OK && count == expected));
        }
        tf_link_model_free(model);
        free(settings);
    }
    tf_link_records_free(records);
    free(csv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pairs_and_blocks_of_all_give_what_single_pairs_give),
        cmocka_unit_test(many_records_give_what_single_pairs_give),
        cmocka_unit_test(answers_that_are_kept_are_those_that_are_found),
        cmocka_unit_test(neither_the_order_of_rows_nor_threads_change_a_prediction),
        cmocka_unit_test(levels_of_many_pairs_are_those_of_each),
        cmocka_unit_test(a_pair_is_worth_the_same_either_way_round),
        cmocka_unit_test(a_level_is_not_passed_over_for_a_frequency_that_is_not_known),
        cmocka_unit_test(a_model_that_is_not_trained_is_refused),
        cmocka_unit_test(pairs_beyond_the_memory_limit_are_refused),
        cmocka_unit_test(a_watch_stops_a_prediction),
        cmocka_unit_test(one_record_or_none_has_no_pair),
        cmocka_unit_test(predicting_fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
