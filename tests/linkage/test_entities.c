/* Clusters of a prediction's records. */
#include "fail_allocations.h"
#include "random_linkage.h"

#include "trefoil/linkage/entities.h"

static const char *const link_types[] = {"dedupe", "between", "both"};

static tf_clusters *clusters_of(tf_link_matcher *matcher, const tf_link_prediction *prediction,
                                const tf_cluster_options *options) {
    tf_clusters *clusters;
    tf_error error;
    assert_ok(tf_link_cluster(matcher, prediction, options, NULL, 0, NULL, &clusters, &error),
              &error);
    return clusters;
}

static tf_clusters *predict_and_cluster(tf_link_matcher *matcher, tf_link_method method,
                                        double threshold, const tf_cluster_options *options) {
    tf_link_prediction found =
        predict_with(matcher, (tf_link_predict_options){.method = method, .threshold = threshold});
    tf_clusters *clusters = clusters_of(matcher, &found, options);
    tf_link_prediction_deinit(&found);
    return clusters;
}

static void expect_same(const tf_clusters *a, const tf_clusters *b) {
    assert_int_equal(a->record_count, b->record_count);
    assert_int_equal(a->cluster_count, b->cluster_count);
    for (uint32_t i = 0; i < a->record_count; i++) {
        assert_int_equal(a->cluster_of[i], b->cluster_of[i]);
    }
    for (uint32_t i = 0; i < a->cluster_count; i++) {
        assert_true(a->ids[i].high == b->ids[i].high && a->ids[i].low == b->ids[i].low);
    }
}

/* What speaks against a cluster is looked up where prediction left it out, so that the pairs below
 * the threshold need not be kept. */
static void pairs_that_prediction_left_out_count_all_the_same(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 17, 1);
    for (int i = 0; i < 40; i++) {
        char *csv = random_csv(&random, 60);
        char *settings = random_settings(&random, link_types[i % 3], "[\"one\"]", 5);
        tf_link_records *records = records_of(csv, "id", "from");
        tf_link_model *model = model_of(settings);
        tf_link_matcher *matcher = matcher_of(model, records, 1 + i % 2);
        tf_cluster_options options;
        tf_cluster_options_init(&options);
        tf_clusters *all = predict_and_cluster(matcher, TF_LINK_EXHAUSTIVE, -1000, &options);
        tf_clusters *some = predict_and_cluster(matcher, TF_LINK_EXHAUSTIVE, 0, &options);
        tf_clusters *blocked = predict_and_cluster(matcher, TF_LINK_BLOCKED, 0, &options);
        expect_same(all, some);
        expect_same(all, blocked);
        tf_clusters_free(all);
        tf_clusters_free(some);
        tf_clusters_free(blocked);
        tf_link_matcher_free(matcher);
        tf_link_model_free(model);
        tf_link_records_free(records);
        free(settings);
        free(csv);
    }
}

#define NAMES_AND_BIRTHS                                                                           \
    "{\"format\": \"trefoil-link\", \"prior\": 0.1, \"blocking\": [\"g\", \"d\"], "                \
    "\"comparisons\": [{\"name\": \"g\", \"levels\": [{\"when\": \"exact(g)\", \"m\": 0.9, "       \
    "\"u\": "                                                                                      \
    "0.01}, {\"when\": \"else\", \"m\": 0.1, \"u\": 0.99}]}, {\"name\": \"d\", \"levels\": "       \
    "[{\"when\": \"exact(d)\", \"m\": 0.9, \"u\": 0.01}, {\"when\": \"else\", \"m\": 0.0001, "     \
    "\"u\": 0.99}]}, {\"name\": \"f\", \"levels\": [{\"when\": \"exact(f)\", \"m\": 0.95, \"u\": " \
    "0.0001}, {\"when\": \"else\", \"m\": 0.05, \"u\": 0.9999}]}]}"

/* 1 and 3 have nothing in common but that each is like 2: a chain is not one person. */
static void a_chain_is_divided_by_what_blocking_did_not_compare(void **state) {
    (void)state;
    tf_link_records *records = records_of(
        "id,g,d,f\n1,ann,1985,x\n2,ann,1985,x\n3,bea,1985,x\n4,cat,1990,y\n", "id", NULL);
    tf_link_model *model = model_of(NAMES_AND_BIRTHS);
    tf_link_matcher *matcher = matcher_of(model, records, 1);
    tf_cluster_options options;
    tf_cluster_options_init(&options);
    tf_link_pair pairs[] = {{0, 1, 9, 0}, {1, 2, 0.5, 1}};
    tf_link_prediction prediction = {.pairs = pairs, .pair_count = 2};
    tf_link_reason reasons[3];
    double weight;
    tf_error error;
    assert_ok(tf_link_matcher_explain(matcher, 0, 2, reasons, &weight, &error), &error);
    tf_clusters *clusters = clusters_of(matcher, &prediction, &options);
    assert_int_equal(clusters->cluster_of[0], clusters->cluster_of[1]);
    assert_int_equal(clusters->cluster_of[1] == clusters->cluster_of[2], weight > -0.5);
    assert_int_not_equal(clusters->cluster_of[3], clusters->cluster_of[0]);
    tf_clusters_free(clusters);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void the_key_of_a_record_is_that_of_its_source_and_id(void **state) {
    (void)state;
    tf_link_records *one = records_of("id,from,a\n1,x,p\n2,x,q\n1,y,r\n", "id", "from");
    tf_link_records *other = records_of("id,from,a\n0,a,p\n1,y,r\n1,x,p\n", "id", "from");
    tf_cluster_key a = tf_link_record_key(one, 0);   /* x, 1 */
    tf_cluster_key b = tf_link_record_key(other, 1); /* x, 1 */
    tf_cluster_key c = tf_link_record_key(one, 2);   /* y, 1 */
    assert_true(a.high == b.high && a.low == b.low);
    assert_true(a.high != c.high && a.low != c.low);
    tf_link_records_free(one);
    tf_link_records_free(other);
}

static void pairs_that_cannot_be_one_are_kept_apart(void **state) {
    (void)state;
    tf_link_records *records =
        records_of("id,g,d,f\n1,ann,1985,x\n2,ann,1985,x\n3,ann,1985,x\n", "id", NULL);
    tf_link_model *model = model_of(NAMES_AND_BIRTHS);
    tf_link_matcher *matcher = matcher_of(model, records, 1);
    tf_cluster_options options;
    tf_cluster_options_init(&options);
    tf_link_prediction found = predict_with(matcher, (tf_link_predict_options){0});
    tf_cluster_pair cannot = {0, 2, 0};
    tf_clusters *clusters;
    tf_error error;
    assert_int_equal(found.pair_count, 3);
    assert_ok(tf_link_cluster(matcher, &found, &options, &cannot, 1, NULL, &clusters, &error),
              &error);
    assert_int_equal(clusters->cluster_count, 2);
    assert_int_not_equal(clusters->cluster_of[0], clusters->cluster_of[2]);
    tf_clusters_free(clusters);
    tf_link_prediction_deinit(&found);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void clustering_fails_cleanly_without_memory(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 17, 2);
    char *csv = random_csv(&random, 40);
    char *settings = random_settings(&random, "both", "[\"one\"]", 4);
    tf_link_records *records = records_of(csv, "id", "from");
    tf_link_model *model = model_of(settings);
    tf_link_matcher *matcher = matcher_of(model, records, 2);
    tf_cluster_options options;
    tf_cluster_options_init(&options);
    options.thread_count = 1;
    tf_link_prediction found = predict_with(matcher, (tf_link_predict_options){.threshold = 1});
    tf_clusters *expected = clusters_of(matcher, &found, &options);
    bool was_reached = true;
    for (long n = 0; was_reached; n++) {
        tf_clusters *clusters;
        fail_allocation(n);
        tf_status status =
            tf_link_cluster(matcher, &found, &options, NULL, 0, NULL, &clusters, NULL);
        was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            expect_same(expected, clusters);
            tf_clusters_free(clusters);
        } else {
            assert_int_equal(status, TF_NO_MEMORY);
            assert_null(clusters);
        }
    }
    tf_clusters_free(expected);
    tf_link_prediction_deinit(&found);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    tf_link_records_free(records);
    free(settings);
    free(csv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_that_prediction_left_out_count_all_the_same),
        cmocka_unit_test(a_chain_is_divided_by_what_blocking_did_not_compare),
        cmocka_unit_test(the_key_of_a_record_is_that_of_its_source_and_id),
        cmocka_unit_test(pairs_that_cannot_be_one_are_kept_apart),
        cmocka_unit_test(clustering_fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
