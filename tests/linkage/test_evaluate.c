#include "check.h"
#include "fail_allocations.h"

#include "trefoil/base/hash.h"
#include "trefoil/linkage/evaluate.h"

enum { MOST = 200 };

static const tf_evaluate_options PLAIN = {.thread_count = 1};

static tf_evaluate_clusters clusters_of(const uint32_t *entity, const uint32_t *cluster,
                                        uint32_t count) {
    tf_evaluate_truth truth = {.record_count = count, .entity = entity};
    tf_evaluate_clusters result;
    tf_error error;
    assert_ok(tf_evaluate_clusters_of(&truth, cluster, &PLAIN, &result, &error), &error);
    return result;
}

/* Manning, Raghavan & Schuetze 2008, Introduction to Information Retrieval, figure 16.4 and section
 * 16.3: purity (5+4+3)/17; 40 pairs in clusters, 20 of them true, 24 true pairs apart, 72 rightly
 * apart. */
static void the_textbook_clustering_has_its_published_pairs_and_purity(void **state) {
    (void)state;
    static const uint32_t entity[] = {9, 9, 9, 9, 9, 4, 9, 4, 4, 4, 4, 7, 9, 9, 7, 7, 7};
    static const uint32_t cluster[] = {1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3};
    tf_evaluate_clusters result = clusters_of(entity, cluster, 17);
    assert_near(result.pairs.correct_pairs, 20, 0);
    assert_near(result.pairs.wrong_pairs, 20, 0);
    assert_near(result.pairs.true_pairs, 44, 0);
    assert_near(result.pairs.all_pairs, 136, 0);
    assert_near(result.pairs.specificity.by_pair.value, 72.0 / 92, 1e-15);
    assert_near(result.purity, 12.0 / 17, 1e-15);
    assert_int_equal(result.merged_clusters, 3);
    assert_int_equal(result.split_entities, 3);
    assert_int_equal(result.exact_clusters, 0);
}

/* Bagga & Baldwin 1998: five, two and five mentions; a response that joins the two with five has
 * B-cubed precision 76%, one that joins five with five 58%; both have recall 100%. */
static void b_cubed_prefers_the_smaller_mistake_as_published(void **state) {
    (void)state;
    static const uint32_t entity[] = {0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2};
    static const uint32_t small[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1};
    static const uint32_t large[] = {0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
    tf_evaluate_clusters a = clusters_of(entity, small, 12), b = clusters_of(entity, large, 12);
    assert_near(a.b_cubed_precision, 0.7619047619047619, 1e-15);
    assert_near(b.b_cubed_precision, 0.5833333333333333, 1e-15);
    assert_near(a.b_cubed_recall, 1, 1e-15);
    assert_near(b.b_cubed_recall, 1, 1e-15);
    assert_int_equal(a.exact_clusters, 1);
    assert_near(a.cluster_precision, 0.5, 0);
    assert_near(a.cluster_recall, 1.0 / 3, 1e-15);
    assert_near(a.completeness, 1, 1e-15);
    assert_near(a.inverse_purity, 1, 0);
}

static void a_perfect_linkage_has_1_everywhere_under_other_numbers(void **state) {
    (void)state;
    static const uint32_t entity[] = {0, 1, 0, 4000000000U, 2, 1, 0};
    static const uint32_t cluster[] = {7, 4294967295U, 7, 0, 9, 4294967295U, 7};
    tf_evaluate_clusters result = clusters_of(entity, cluster, 7);
    assert_near(result.pairs.precision.by_pair.value, 1, 0);
    assert_near(result.pairs.recall.by_pair.value, 1, 0);
    assert_near(result.pairs.f1.value, 1, 0);
    assert_near(result.b_cubed_f1, 1, 1e-15);
    assert_near(result.v_measure, 1, 1e-15);
    assert_near(result.information_lost, 0, 0);
    assert_int_equal(result.exact_clusters, 4);
    assert_int_equal(result.entities, 4);
}

static void singletons_and_one_heap_are_the_two_extremes(void **state) {
    (void)state;
    static const uint32_t entity[] = {0, 0, 0, 1, 1, 2};
    static const uint32_t alone[] = {0, 1, 2, 3, 4, 5}, heap[6] = {0};
    tf_evaluate_clusters a = clusters_of(entity, alone, 6), b = clusters_of(entity, heap, 6);
    assert_true(isnan(a.pairs.precision.by_pair.value));
    assert_near(a.pairs.recall.by_pair.value, 0, 0);
    assert_near(a.pairs.f1.value, 0, 0);
    assert_near(a.b_cubed_precision, 1, 0);
    assert_near(a.homogeneity, 1, 1e-15);
    assert_near(b.pairs.recall.by_pair.value, 1, 0);
    assert_near(b.pairs.precision.by_pair.value, 4.0 / 15, 1e-15);
    assert_near(b.pairs.specificity.by_pair.value, 0, 0);
    assert_near(b.homogeneity, 0, 1e-15);
    assert_near(b.completeness, 1, 0);
}

typedef struct sample {
    uint32_t entity[MOST], cluster[MOST], source[MOST], group[MOST];
    tf_evaluate_truth truth;
} sample;

static void fill_sample(sample *s, uint64_t seed, bool has_sources) {
    tf_random random;
    tf_random_init(&random, seed, 1);
    for (uint32_t i = 0; i < MOST; i++) {
        s->entity[i] = tf_random_below(&random, 60);
        s->cluster[i] = tf_random_below(&random, 4) ? s->entity[i] : tf_random_below(&random, 90);
        s->source[i] = tf_random_below(&random, 3) * 1000000;
        s->group[i] = tf_random_below(&random, 3);
        s->group[i] = s->group[i] == 2 ? TF_EVALUATE_UNKNOWN : s->group[i];
        if (tf_random_below(&random, 20) == 0) {
            s->entity[i] = TF_EVALUATE_UNKNOWN;
        }
    }
    s->truth = (tf_evaluate_truth){MOST, s->entity, has_sources ? s->source : NULL, s->group, 2};
}

/* Every pair listed, half for each record's group; group 2 is everything. */
static void list_pairs(const sample *s, double correct[3], double wrong[3], double truth[3],
                       double all[3]) {
    for (uint32_t i = 0; i < MOST; i++) {
        for (uint32_t j = 0; j < MOST; j++) {
            if (i == j || s->entity[i] == TF_EVALUATE_UNKNOWN ||
                s->entity[j] == TF_EVALUATE_UNKNOWN ||
                (s->truth.source && s->source[i] == s->source[j])) {
                continue;
            }
            bool is_true = s->entity[i] == s->entity[j];
            bool is_linked = s->cluster[i] == s->cluster[j];
            for (uint32_t group = 0; group < 3; group++) {
                if (group == 2 || s->group[i] == group) {
                    correct[group] += 0.5 * (is_true && is_linked);
                    wrong[group] += 0.5 * (!is_true && is_linked);
                    truth[group] += 0.5 * is_true;
                    all[group] += 0.5;
                }
            }
        }
    }
}

static void counts_equal_those_of_all_pairs_listed(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        sample s;
        fill_sample(&s, seed, seed % 2);
        double correct[3] = {0}, wrong[3] = {0}, truth[3] = {0}, all[3] = {0};
        list_pairs(&s, correct, wrong, truth, all);
        tf_evaluate_clusters result;
        tf_error error;
        assert_ok(tf_evaluate_clusters_of(&s.truth, s.cluster, &PLAIN, &result, &error), &error);
        for (uint32_t group = 0; group < 3; group++) {
            const tf_evaluate_quality *quality =
                group == 2 ? &result.pairs : &result.groups[group].quality;
            assert_near(quality->correct_pairs, correct[group], 0);
            assert_near(quality->wrong_pairs, wrong[group], 0);
            assert_near(quality->true_pairs, truth[group], 0);
            assert_near(quality->all_pairs, all[group], 0);
        }
        double rest = (correct[2] - correct[0]) / (truth[2] - truth[0]);
        assert_near(result.groups[0].recall_difference.value, correct[0] / truth[0] - rest, 1e-14);
        tf_evaluate_clusters_deinit(&result);
    }
}

static void assert_same_interval(tf_interval a, tf_interval b) {
    assert_near(a.value, b.value, 1e-12);
    assert_near(a.lower, b.lower, 1e-12);
    assert_near(a.upper, b.upper, 1e-12);
}

/* Two paths to one answer, draws included: clusters, and their pairs listed with weight 1. */
static void clusters_and_their_pairs_have_the_same_figures_and_intervals(void **state) {
    (void)state;
    static tf_evaluate_pair pairs[MOST * MOST];
    for (uint64_t seed = 0; seed < 4; seed++) {
        sample s;
        fill_sample(&s, seed, seed % 2);
        size_t count = 0;
        for (uint32_t i = 0; i < MOST; i++) {
            for (uint32_t j = i + 1; j < MOST; j++) {
                if (!s.truth.source || s.source[i] != s.source[j]) {
                    pairs[count++] = (tf_evaluate_pair){j, i, s.cluster[i] == s.cluster[j]};
                }
            }
        }
        tf_evaluate_options options = {.replicates = 50, .seed = 7, .thread_count = 1};
        tf_evaluate_clusters a;
        tf_evaluate_scores b;
        tf_error error;
        assert_ok(tf_evaluate_clusters_of(&s.truth, s.cluster, &options, &a, &error), &error);
        options.thread_count = 3;
        assert_ok(tf_evaluate_scores_of(&s.truth, pairs, count, (double[]){0.5, -1}, 2, &options,
                                        &b, &error),
                  &error);
        assert_near(b.rows[0].quality.correct_pairs, a.pairs.correct_pairs, 0);
        assert_same_interval(b.rows[0].quality.precision.by_entity, a.pairs.precision.by_entity);
        assert_same_interval(b.rows[0].quality.recall.by_entity, a.pairs.recall.by_entity);
        assert_same_interval(b.rows[0].quality.specificity.by_entity,
                             a.pairs.specificity.by_entity);
        assert_same_interval(b.rows[0].quality.f1, a.pairs.f1);
        assert_same_interval(b.groups[1].quality.f1, a.groups[1].quality.f1);
        assert_same_interval(b.groups[0].precision_difference, a.groups[0].precision_difference);
        assert_near(b.rows[1].quality.recall.by_pair.value, 1, 0);
        assert_int_equal(b.compared, b.all_pairs);
        tf_evaluate_clusters_deinit(&a);
        tf_evaluate_scores_deinit(&b);
    }
}

static void the_order_of_the_records_does_not_matter(void **state) {
    (void)state;
    sample s, turned;
    fill_sample(&s, 3, false);
    for (uint32_t i = 0; i < MOST; i++) {
        turned.entity[i] = s.entity[MOST - 1 - i];
        turned.cluster[i] = s.cluster[MOST - 1 - i];
    }
    tf_evaluate_clusters a = clusters_of(s.entity, s.cluster, MOST);
    tf_evaluate_clusters b = clusters_of(turned.entity, turned.cluster, MOST);
    assert_near(a.pairs.f1.value, b.pairs.f1.value, 0);
    assert_near(a.b_cubed_f1, b.b_cubed_f1, 1e-14);
    assert_near(a.information_lost, b.information_lost, 1e-13);
    assert_int_equal(a.split_entities, b.split_entities);
}

/* Four records of one entity, two of another, one alone: 7 true pairs of 21.  By hand. */
static void scored_pairs_lose_to_blocking_and_to_the_threshold_apart(void **state) {
    (void)state;
    static const uint32_t entity[] = {0, 0, 0, 0, 1, 1, 2, TF_EVALUATE_UNKNOWN};
    static const tf_evaluate_pair pairs[] = {{0, 1, 9}, {2, 1, 5}, {4, 6, 5}, {4, 5, 2},
                                             {0, 7, 8}, {3, 6, 1}, {0, 2, -3}};
    tf_evaluate_truth truth = {.record_count = 8, .entity = entity};
    tf_evaluate_scores result;
    tf_error error;
    assert_ok(
        tf_evaluate_scores_of(&truth, pairs, 7, (double[]){2, 5.5}, 2, &PLAIN, &result, &error),
        &error);
    assert_int_equal(result.true_pairs, 7);
    assert_int_equal(result.all_pairs, 21);
    assert_int_equal(result.compared, 6);
    assert_int_equal(result.pairs_left, 1);
    assert_int_equal(result.found, 4);
    assert_int_equal(result.lost, 3);
    assert_near(result.recall_bound, 4.0 / 7, 1e-15);
    assert_int_equal(result.point_count, 5);
    assert_near(result.points[1].threshold, 5, 0);
    assert_int_equal(result.points[1].correct_pairs, 2);
    assert_int_equal(result.points[1].wrong_pairs, 1);
    assert_int_equal(result.rows[0].lost_to_threshold, 1);
    assert_near(result.rows[0].quality.recall.by_pair.value, 3.0 / 7, 1e-15);
    assert_near(result.rows[0].quality.specificity.by_pair.value, 13.0 / 14, 1e-15);
    assert_near(result.rows[1].quality.precision.by_pair.value, 1, 0);
    assert_near(result.average_precision, (1 + 2.0 / 3 + 3.0 / 4 + 4.0 / 6) / 7, 1e-15);
    assert_near(result.best_f1, 8.0 / 13, 1e-15);
    assert_near(result.best_threshold, -3, 0);
    tf_evaluate_scores_deinit(&result);
}

static void a_subgroup_below_the_minimum_shows_no_figure(void **state) {
    (void)state;
    sample s;
    fill_sample(&s, 5, false);
    memset(s.group, 0, sizeof s.group);
    s.group[0] = 1;
    s.entity[0] = 1;
    tf_evaluate_options options = {.minimum_entities = 2, .thread_count = 1};
    tf_evaluate_clusters result;
    tf_error error;
    assert_ok(tf_evaluate_clusters_of(&s.truth, s.cluster, &options, &result, &error), &error);
    assert_true(result.groups[0].is_shown);
    assert_false(result.groups[1].is_shown);
    assert_int_equal(result.groups[1].records, 1);
    assert_near(result.groups[1].quality.all_pairs, 0, 0);
    tf_evaluate_clusters_deinit(&result);
}

/* An error-free file has an interval all the same: Wilson's over its 3 paired entities, whose lower
 * limit is 3 / (3 + z^2). */
static void no_error_seen_is_not_no_error_possible(void **state) {
    (void)state;
    static const uint32_t entity[] = {0, 0, 1, 1, 2, 2, 2, 3};
    tf_evaluate_truth truth = {.record_count = 8, .entity = entity};
    tf_evaluate_options options = {.replicates = 20, .thread_count = 1};
    tf_evaluate_clusters result;
    tf_error error;
    assert_ok(tf_evaluate_clusters_of(&truth, entity, &options, &result, &error), &error);
    assert_near(result.pairs.recall.by_entity.lower, 0.43850296824495461, 1e-9);
    assert_near(result.pairs.recall.by_entity.upper, 1, 0);
}

/* Entities of 1 to 6 records: 30% of them fall apart, and one in five neighbours are merged. */
static uint32_t draw_world(uint64_t seed, uint32_t entities, uint32_t *entity, uint32_t *cluster) {
    tf_random random;
    tf_random_init(&random, seed, 5);
    uint32_t count = 0, next = entities;
    bool is_merged = false;
    for (uint32_t e = 0; e < entities; e++) {
        uint32_t size = 1 + tf_random_below(&random, 6);
        bool is_split = tf_random_below(&random, 10) < 3;
        is_merged = e % 2 ? is_merged : tf_random_below(&random, 5) == 0;
        for (uint32_t i = 0; i < size; i++) {
            entity[count] = e;
            cluster[count++] = is_split ? next++ : is_merged ? e & ~1U : e;
        }
    }
    return count;
}

static void intervals_by_entity_cover_and_intervals_by_pair_do_not(void **state) {
    (void)state;
    enum { WORLDS = 300, ENTITIES = 300, LARGE = 200000 };
    uint32_t *entity = malloc(sizeof *entity * LARGE * 6);
    uint32_t *cluster = malloc(sizeof *cluster * LARGE * 6);
    assert_true(entity && cluster);
    uint32_t count = draw_world(999, LARGE, entity, cluster);
    tf_evaluate_clusters all = clusters_of(entity, cluster, count);
    double precision = all.pairs.precision.by_pair.value, recall = all.pairs.recall.by_pair.value;
    int precise = 0, recalled = 0, fair = 0, recalled_by_pair = 0;
    for (uint64_t world = 0; world < WORLDS; world++) {
        tf_evaluate_truth truth = {.entity = entity};
        truth.record_count = draw_world(world, ENTITIES, entity, cluster);
        tf_evaluate_options options = {.replicates = 200, .seed = world, .thread_count = 1};
        tf_evaluate_clusters result;
        tf_error error;
        assert_ok(tf_evaluate_clusters_of(&truth, cluster, &options, &result, &error), &error);
        const tf_evaluate_quality *pairs = &result.pairs;
        precise += pairs->precision.by_entity.lower <= precision &&
                   precision <= pairs->precision.by_entity.upper;
        recalled +=
            pairs->recall.by_entity.lower <= recall && recall <= pairs->recall.by_entity.upper;
        fair += pairs->f1.lower <= all.pairs.f1.value && all.pairs.f1.value <= pairs->f1.upper;
        recalled_by_pair +=
            pairs->recall.by_pair.lower <= recall && recall <= pairs->recall.by_pair.upper;
    }
    print_message("# of %d: precision %d, recall %d, F1 %d; recall by pair %d\n", WORLDS, precise,
                  recalled, fair, recalled_by_pair);
    assert_in_range(recalled, WORLDS * 91 / 100, WORLDS * 98 / 100);
    assert_in_range(fair, WORLDS * 92 / 100, WORLDS * 99 / 100);
    assert_in_range(precise, WORLDS * 92 / 100, WORLDS);
    assert_in_range(recalled_by_pair, 0, WORLDS * 70 / 100);
    free(entity);
    free(cluster);
}

static void what_cannot_be_evaluated_is_refused_in_a_sentence(void **state) {
    (void)state;
    static const uint32_t entity[] = {0, 0, 1}, nothing[] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
    static const uint32_t source[] = {0, 1, 1}, group[] = {0, 5, 0};
    static const struct {
        tf_evaluate_truth truth;
        tf_evaluate_pair pairs[2];
        double confidence, threshold;
        const char *says;
    } cases[] = {
        {{3, nothing, NULL, NULL, 0}, {{0, 1, 1}, {1, 2, 1}}, 0, 0, "known entity"},
        {{3, entity, NULL, group, 2}, {{0, 1, 1}, {1, 2, 1}}, 0, 0, "subgroup 5"},
        {{3, entity, NULL, group, 1001}, {{0, 1, 1}, {1, 2, 1}}, 0, 0, "1001 values"},
        {{3, entity, NULL, NULL, 0}, {{0, 1, 1}, {1, 2, 1}}, 1, 0, "confidence"},
        {{3, entity, NULL, NULL, 0}, {{0, 1, 1}, {1, 2, 1}}, 0, NAN, "threshold 1"},
        {{3, entity, NULL, NULL, 0}, {{0, 1, 1}, {1, 3, 1}}, 0, 0, "not there"},
        {{3, entity, NULL, NULL, 0}, {{0, 1, 1}, {1, 1, 1}}, 0, 0, "itself"},
        {{3, entity, NULL, NULL, 0}, {{0, 1, 1}, {1, 0, 2}}, 0, 0, "given twice"},
        {{3, entity, NULL, NULL, 0}, {{0, 1, 1}, {1, 2, NAN}}, 0, 0, "not a number"},
        {{3, entity, source, NULL, 0}, {{0, 1, 1}, {1, 2, 1}}, 0, 0, "one source"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_evaluate_options options = {.confidence = cases[i].confidence};
        tf_evaluate_scores result;
        tf_error error;
        assert_int_equal(tf_evaluate_scores_of(&cases[i].truth, cases[i].pairs, 2,
                                               &cases[i].threshold, 1, &options, &result, &error),
                         TF_BAD_INPUT);
        if (!strstr(error.message, cases[i].says)) {
            fail_msg("\"%s\" does not say \"%s\"", error.message, cases[i].says);
        }
        assert_null(result.points);
    }
}

static void running_out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    sample s;
    fill_sample(&s, 1, true);
    s.entity[9] = 4000000000U;
    static const tf_evaluate_pair pairs[] = {{0, 1, 1}, {5, 3, 2}};
    tf_evaluate_options options = {.replicates = 3, .thread_count = 1};
    s.truth.source = NULL;
    for (int what = 0; what < 2; what++) {
        for (long n = 0;; n++) {
            tf_evaluate_clusters clusters = {0};
            tf_evaluate_scores scores = {0};
            fail_allocation(n);
            tf_status status =
                what ? tf_evaluate_scores_of(&s.truth, pairs, 2, (double[]){0}, 1, &options,
                                             &scores, NULL)
                     : tf_evaluate_clusters_of(&s.truth, s.cluster, &options, &clusters, NULL);
            bool was_reached = stop_failing_allocations();
            if (status == TF_OK) {
                assert_false(was_reached);
                tf_evaluate_clusters_deinit(&clusters);
                tf_evaluate_scores_deinit(&scores);
                break;
            }
            assert_int_equal(status, TF_NO_MEMORY);
            assert_null(clusters.groups);
            assert_null(scores.rows);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_textbook_clustering_has_its_published_pairs_and_purity),
        cmocka_unit_test(b_cubed_prefers_the_smaller_mistake_as_published),
        cmocka_unit_test(a_perfect_linkage_has_1_everywhere_under_other_numbers),
        cmocka_unit_test(singletons_and_one_heap_are_the_two_extremes),
        cmocka_unit_test(counts_equal_those_of_all_pairs_listed),
        cmocka_unit_test(clusters_and_their_pairs_have_the_same_figures_and_intervals),
        cmocka_unit_test(the_order_of_the_records_does_not_matter),
        cmocka_unit_test(scored_pairs_lose_to_blocking_and_to_the_threshold_apart),
        cmocka_unit_test(a_subgroup_below_the_minimum_shows_no_figure),
        cmocka_unit_test(no_error_seen_is_not_no_error_possible),
        cmocka_unit_test(intervals_by_entity_cover_and_intervals_by_pair_do_not),
        cmocka_unit_test(what_cannot_be_evaluated_is_refused_in_a_sentence),
        cmocka_unit_test(running_out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
