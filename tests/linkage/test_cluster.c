#include "check.h"
#include "fail_allocations.h"

#include "trefoil/base/date.h"
#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"
#include "trefoil/linkage/cluster.h"

enum { MOST_RECORDS = 60, MOST_PAIRS = 400 };

typedef struct example {
    tf_cluster_input input;
    tf_cluster_options options;
    tf_cluster_pair pairs[MOST_PAIRS];
    tf_cluster_pair cannot_links[8];
    uint16_t sources[MOST_RECORDS];
    uint64_t numbers[MOST_RECORDS];
    int32_t deaths[MOST_RECORDS];
    int32_t events[MOST_RECORDS];
    uint32_t limits[2];
    tf_cluster_evidence evidence;
} example;

static void example_init(example *one, uint32_t records, const tf_cluster_pair *pairs,
                         size_t count) {
    memset(one, 0, sizeof *one);
    tf_cluster_options_init(&one->options);
    if (count) {
        memcpy(one->pairs, pairs, count * sizeof *pairs);
    }
    one->input =
        (tf_cluster_input){.record_count = records, .pair_count = count, .pairs = one->pairs};
}

/* Whole weights, so that sums are exact; any two records are a pair with the given chance. */
static void example_random(example *one, uint64_t seed, uint32_t records, uint32_t percent) {
    tf_random random;
    tf_random_init(&random, seed, 1);
    example_init(one, records, NULL, 0);
    for (uint32_t i = 0; i < records; i++) {
        for (uint32_t k = i + 1; k < records && one->input.pair_count < MOST_PAIRS; k++) {
            if (tf_random_below(&random, 100) < percent) {
                float weight = (float)tf_random_below(&random, 21) - 10;
                one->pairs[one->input.pair_count++] = (tf_cluster_pair){i, k, weight};
            }
        }
    }
}

static void constrain(example *one, uint64_t seed) {
    tf_random random;
    tf_random_init(&random, seed, 2);
    for (uint32_t i = 0; i < one->input.record_count; i++) {
        one->sources[i] = (uint16_t)tf_random_below(&random, 3);
        one->numbers[i] = tf_random_below(&random, 6) > 2 ? 0 : 1 + tf_random_below(&random, 2);
        one->deaths[i] =
            tf_random_below(&random, 5) ? TF_CLUSTER_NO_DAY : (int32_t)tf_random_below(&random, 20);
        one->events[i] =
            tf_random_below(&random, 3) ? TF_CLUSTER_NO_DAY : (int32_t)tf_random_below(&random, 20);
    }
    one->limits[0] = 1;
    one->limits[1] = 2;
    one->options.source_limits = one->limits;
    one->options.source_limit_count = 2;
    one->evidence = (tf_cluster_evidence){.death_days = one->deaths,
                                          .last_event_days = one->events,
                                          .numbers = one->numbers,
                                          .number_kind_count = 1};
    for (size_t i = 0; i < 2; i++) {
        uint32_t a = tf_random_below(&random, one->input.record_count - 1);
        one->cannot_links[i] = (tf_cluster_pair){a, a + 1, 0};
    }
    one->input.cannot_links = one->cannot_links;
    one->input.cannot_link_count = 2;
    one->input.sources = one->sources;
    one->input.evidence = &one->evidence;
}

static tf_clusters *cluster(const example *one) {
    tf_clusters *clusters;
    tf_error error;
    assert_ok(tf_cluster_records(&one->input, &one->options, &clusters, &error), &error);
    return clusters;
}

/* Written apart from the engine: whether a division breaks a constraint. */
static bool is_allowed(const example *one, const uint32_t *label) {
    const tf_cluster_input *input = &one->input;
    for (size_t i = 0; i < input->cannot_link_count; i++) {
        if (label[input->cannot_links[i].left] == label[input->cannot_links[i].right]) {
            return false;
        }
    }
    for (uint32_t a = 0; a < input->record_count; a++) {
        uint32_t together = 1;
        for (uint32_t b = 0; b < input->record_count; b++) {
            if (a == b || label[a] != label[b] || !input->evidence) {
                continue;
            }
            together += one->sources[a] == one->sources[b];
            if ((one->numbers[a] && one->numbers[b] && one->numbers[a] != one->numbers[b]) ||
                (one->deaths[a] != TF_CLUSTER_NO_DAY && one->events[b] > one->deaths[a])) {
                return false;
            }
        }
        if (input->evidence && one->sources[a] < 2 && together > one->limits[one->sources[a]]) {
            return false;
        }
    }
    return true;
}

static double value_of(const example *one, const uint32_t *label) {
    double value = 0;
    for (uint32_t a = 0; a < one->input.record_count; a++) {
        for (uint32_t b = a + 1; b < one->input.record_count; b++) {
            value += label[a] == label[b] ? one->options.missing_weight : 0;
        }
    }
    for (size_t i = 0; i < one->input.pair_count; i++) {
        tf_cluster_pair pair = one->pairs[i];
        if (label[pair.left] == label[pair.right]) {
            value += pair.weight - one->options.threshold - one->options.missing_weight;
        }
    }
    return value;
}

/* Every partition, as a restricted growth string. */
static double best_of_all(const example *one, uint32_t *label, uint32_t at, uint32_t used) {
    if (at == one->input.record_count) {
        return is_allowed(one, label) ? value_of(one, label) : -INFINITY;
    }
    double best = -INFINITY;
    for (uint32_t c = 0; c <= used; c++) {
        label[at] = c;
        best = fmax(best, best_of_all(one, label, at + 1, c == used ? used + 1 : used));
    }
    return best;
}

static void few_records_are_divided_in_the_best_of_all_ways(void **state) {
    (void)state;
    for (uint32_t seed = 0; seed < 300; seed++) {
        example one;
        uint32_t label[8];
        example_random(&one, seed, 2 + seed % 6, 30 + seed % 70);
        if (seed % 2) {
            constrain(&one, seed);
        }
        tf_clusters *clusters = cluster(&one);
        assert_near(clusters->objective, best_of_all(&one, label, 0, 0), 1e-9);
        assert_near(clusters->objective, value_of(&one, clusters->cluster_of), 1e-9);
        tf_clusters_free(clusters);
    }
}

static void the_greedy_way_is_seldom_worse_and_never_better_than_the_best(void **state) {
    (void)state;
    int best_count = 0;
    double sum = 0, best_sum = 0;
    for (uint32_t seed = 0; seed < 300; seed++) {
        example one;
        uint32_t label[8];
        example_random(&one, seed, 8, 30 + seed % 70);
        if (seed % 2) {
            constrain(&one, seed);
        }
        one.options.exact_limit = 0;
        tf_clusters *clusters = cluster(&one);
        double best = best_of_all(&one, label, 0, 0);
        assert_true(clusters->objective <= best + 1e-9);
        best_count += clusters->objective > best - 1e-9;
        sum += clusters->objective;
        best_sum += best;
        tf_clusters_free(clusters);
    }
    print_message("# best in %d of 300, %.4f of the best sum\n", best_count, sum / best_sum);
    assert_true(best_count >= 240);
    assert_true(sum >= 0.97 * best_sum);
}

static const tf_cluster_pair chain[] = {{0, 1, 8}, {0, 2, 9}, {1, 2, 7},  {2, 3, 1},  {3, 4, 6},
                                        {3, 5, 9}, {4, 5, 8}, {0, 3, -6}, {1, 4, -5}, {2, 5, -7}};

static void a_chain_that_components_glue_is_cut_where_it_is_weak(void **state) {
    (void)state;
    for (uint32_t exact = 0; exact <= 8; exact += 8) {
        example one;
        example_init(&one, 6, chain, 10);
        one.options.exact_limit = exact;
        tf_clusters *clusters = cluster(&one);
        static const uint32_t expected[] = {0, 0, 0, 1, 1, 1};
        assert_memory_equal(clusters->cluster_of, expected, sizeof expected);
        assert_near(clusters->objective, 47, 1e-9);
        assert_int_equal(clusters->cut_count, 1);
        assert_int_equal(clusters->cuts[0].reason, TF_CLUSTER_CUT_WEIGHT);
        assert_int_equal(clusters->cuts[0].left, 2);
        assert_int_equal(clusters->cuts[0].right, 3);
        tf_clusters_free(clusters);
    }
    example one;
    example_init(&one, 6, chain, 10);
    one.options.method = TF_CLUSTER_CONNECTED;
    tf_clusters *clusters = cluster(&one);
    assert_int_equal(clusters->cluster_count, 1);
    assert_int_equal(clusters->metrics[0].pair_count, 10);
    assert_int_equal(clusters->metrics[0].link_count, 7);
    assert_near(clusters->metrics[0].density, 7.0 / 15, 1e-12);
    assert_near(clusters->metrics[0].mean_weight, 3, 1e-12);
    assert_near(clusters->metrics[0].weakest_weight, 1, 0);
    assert_int_equal(clusters->bridge_count, 1);
    assert_int_equal(clusters->bridges[0].left, 2);
    assert_int_equal(clusters->bridges[0].right, 3);
    static const uint8_t articulations[] = {0, 0, 1, 1, 0, 0};
    assert_memory_equal(clusters->articulations, articulations, sizeof articulations);
    tf_clusters_free(clusters);
}

static void no_entity_breaks_a_constraint(void **state) {
    (void)state;
    for (uint32_t seed = 0; seed < 400; seed++) {
        example one;
        example_random(&one, seed, 10 + seed % 50, 5 + seed % 30);
        constrain(&one, seed);
        one.options.threshold = (double)(seed % 5) - 2;
        one.options.exact_limit = seed % 3 ? 8 : 0;
        one.options.method = seed % 4 ? TF_CLUSTER_CORRELATION : TF_CLUSTER_BEST_LINK;
        tf_clusters *clusters = cluster(&one);
        assert_true(is_allowed(&one, clusters->cluster_of));
        assert_near(clusters->objective, value_of(&one, clusters->cluster_of), 1e-6);
        size_t cuts = 0;
        for (size_t i = 0; i < one.input.pair_count; i++) {
            cuts +=
                one.pairs[i].weight >= one.options.threshold &&
                clusters->cluster_of[one.pairs[i].left] != clusters->cluster_of[one.pairs[i].right];
        }
        assert_int_equal(clusters->cut_count, cuts);
        tf_clusters_free(clusters);
    }
}

/* Field by field: what stands between two fields is anything. */
static void check_same_metrics(const tf_cluster_metrics *a, const tf_cluster_metrics *b) {
    assert_int_equal(a->size, b->size);
    assert_int_equal(a->bridge_count, b->bridge_count);
    assert_int_equal(a->articulation_count, b->articulation_count);
    assert_int_equal(a->pair_count, b->pair_count);
    assert_int_equal(a->link_count, b->link_count);
    assert_memory_equal(&a->density, &b->density, sizeof a->density);
    assert_memory_equal(&a->mean_weight, &b->mean_weight, sizeof a->mean_weight);
    assert_memory_equal(&a->weakest_weight, &b->weakest_weight, sizeof a->weakest_weight);
    assert_int_equal(a->weakest_left, b->weakest_left);
    assert_int_equal(a->weakest_right, b->weakest_right);
}

static void check_same(const tf_clusters *a, const tf_clusters *b) {
    assert_int_equal(a->cluster_count, b->cluster_count);
    assert_int_equal(a->cut_count, b->cut_count);
    assert_int_equal(a->bridge_count, b->bridge_count);
    assert_memory_equal(a->cluster_of, b->cluster_of, a->record_count * sizeof(uint32_t));
    assert_memory_equal(a->ids, b->ids, a->cluster_count * sizeof *a->ids);
    assert_memory_equal(a->articulations, b->articulations, a->record_count);
    assert_memory_equal(&a->objective, &b->objective, sizeof a->objective);
    for (uint32_t i = 0; i < a->cluster_count; i++) {
        check_same_metrics(&a->metrics[i], &b->metrics[i]);
    }
    for (size_t i = 0; i < a->cut_count; i++) {
        assert_int_equal(a->cuts[i].left, b->cuts[i].left);
        assert_int_equal(a->cuts[i].right, b->cuts[i].right);
        assert_int_equal(a->cuts[i].reason, b->cuts[i].reason);
        assert_int_equal(a->cuts[i].first, b->cuts[i].first);
    }
    for (size_t i = 0; i < a->bridge_count; i++) {
        assert_memory_equal(&a->bridges[i], &b->bridges[i], sizeof *a->bridges);
    }
}

static void the_order_of_pairs_does_not_matter(void **state) {
    (void)state;
    for (uint32_t seed = 0; seed < 60; seed++) {
        example one;
        example_random(&one, seed, 50, 10);
        constrain(&one, seed);
        one.options.method = (tf_cluster_method)(seed % 3);
        tf_clusters *before = cluster(&one);
        tf_random random;
        tf_random_init(&random, seed, 3);
        for (size_t i = one.input.pair_count; i > 1; i--) {
            size_t k = tf_random_below(&random, (uint32_t)i);
            tf_cluster_pair kept = one.pairs[i - 1];
            one.pairs[i - 1] =
                (tf_cluster_pair){one.pairs[k].right, one.pairs[k].left, one.pairs[k].weight};
            one.pairs[k] = k == i - 1 ? one.pairs[k] : kept;
        }
        tf_clusters *after = cluster(&one);
        check_same(before, after);
        tf_clusters_free(before);
        tf_clusters_free(after);
    }
}

static void with_keys_the_order_of_records_does_not_matter(void **state) {
    (void)state;
    enum { COUNT = 40 };
    for (uint32_t seed = 0; seed < 60; seed++) {
        example one;
        tf_cluster_key keys[COUNT], turned[COUNT];
        example_random(&one, seed, COUNT, 15);
        for (uint32_t i = 0; i < COUNT; i++) {
            keys[i] = (tf_cluster_key){tf_hash(&i, sizeof i), i};
            turned[COUNT - 1 - i] = keys[i];
        }
        one.input.keys = keys;
        tf_clusters *before = cluster(&one);
        for (size_t i = 0; i < one.input.pair_count; i++) {
            one.pairs[i].left = COUNT - 1 - one.pairs[i].left;
            one.pairs[i].right = COUNT - 1 - one.pairs[i].right;
        }
        one.input.keys = turned;
        tf_clusters *after = cluster(&one);
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_memory_equal(&before->ids[before->cluster_of[i]],
                                &after->ids[after->cluster_of[COUNT - 1 - i]], sizeof *keys);
        }
        tf_clusters_free(before);
        tf_clusters_free(after);
    }
}

/* Entities of four records in a ring of weak links, and some noise. */
static tf_cluster_pair *make_many(uint32_t records, size_t *count_out) {
    tf_cluster_pair *pairs = tf_alloc((size_t)records * 3, sizeof *pairs);
    tf_random random;
    tf_random_init(&random, 7, 7);
    size_t count = 0;
    for (uint32_t i = 0; i + 8 < records; i++) {
        for (uint32_t k = i + 1; k % 4 != 0; k++) {
            pairs[count++] = (tf_cluster_pair){i, k, (float)(10 * tf_random_unit(&random))};
        }
        pairs[count++] = (tf_cluster_pair){i, i + 5, (float)(6 * tf_random_unit(&random) - 5)};
    }
    *count_out = count;
    return pairs;
}

static void any_number_of_threads_gives_the_same(void **state) {
    (void)state;
    size_t count;
    tf_cluster_pair *pairs = make_many(40000, &count);
    tf_clusters *by_count[3];
    for (int i = 0; i < 3; i++) {
        tf_cluster_options options;
        tf_error error;
        tf_cluster_options_init(&options);
        options.thread_count = 1 << i;
        tf_cluster_input input = {.record_count = 40000, .pair_count = count, .pairs = pairs};
        assert_ok(tf_cluster_records(&input, &options, &by_count[i], &error), &error);
    }
    check_same(by_count[0], by_count[1]);
    check_same(by_count[0], by_count[2]);
    for (int i = 0; i < 3; i++) {
        tf_clusters_free(by_count[i]);
    }
    tf_free(pairs);
}

static void many_pairs_in_one_component_end_in_time(void **state) {
    (void)state;
    enum { RECORDS = 60000, PAIRS = 200000 };
    tf_cluster_pair *pairs = tf_alloc(PAIRS, sizeof *pairs);
    tf_random random;
    tf_random_init(&random, 11, 1);
    for (uint32_t i = 0; i < PAIRS; i++) {
        uint32_t left = i % RECORDS, hop = 1 + i / RECORDS * 6000 + tf_random_below(&random, 4000);
        pairs[i] = (tf_cluster_pair){left, (left + hop) % RECORDS,
                                     (float)(12 * tf_random_unit(&random) - 2)};
    }
    tf_cluster_options options;
    tf_clusters *clusters;
    tf_error error;
    tf_cluster_options_init(&options);
    tf_cluster_input input = {.record_count = RECORDS, .pair_count = PAIRS, .pairs = pairs};
    double start = tf_seconds_monotonic();
    assert_ok(tf_cluster_records(&input, &options, &clusters, &error), &error);
    double seconds = tf_seconds_monotonic() - start;
    print_message("# %d pairs: %.2f s, %u clusters\n", (int)PAIRS, seconds,
                  (unsigned)clusters->cluster_count);
    assert_true(seconds < 60);
    tf_clusters_free(clusters);
    tf_free(pairs);
}

static void ties_are_broken_by_rule_and_reported(void **state) {
    (void)state;
    static const tf_cluster_pair pairs[] = {{0, 2, 5}, {0, 3, 5}, {1, 4, 7}, {1, 3, 2}};
    example one;
    example_init(&one, 5, pairs, 4);
    one.sources[2] = one.sources[3] = one.sources[4] = 1;
    one.input.sources = one.sources;
    one.options.method = TF_CLUSTER_BEST_LINK;
    tf_clusters *clusters = cluster(&one);
    static const uint32_t lowest[] = {0, 1, 0, 2, 1};
    assert_memory_equal(clusters->cluster_of, lowest, sizeof lowest);
    assert_int_equal(clusters->cut_counts[TF_CLUSTER_CUT_TIE], 1);
    assert_int_equal(clusters->cut_counts[TF_CLUSTER_CUT_LIMIT], 1);
    tf_clusters_free(clusters);
    one.options.ties = TF_CLUSTER_TIES_DROP;
    clusters = cluster(&one);
    static const uint32_t dropped[] = {0, 1, 2, 3, 1};
    assert_memory_equal(clusters->cluster_of, dropped, sizeof dropped);
    assert_int_equal(clusters->cut_counts[TF_CLUSTER_CUT_TIE], 2);
    tf_clusters_free(clusters);
}

static void check_words(const example *one, const char *expected) {
    tf_clusters *clusters = cluster(one);
    tf_buffer words;
    tf_buffer_init(&words);
    assert_int_equal(clusters->cut_count, 1);
    tf_cluster_cut_describe(&one->input, &clusters->cuts[0], &words);
    assert_string_equal(words.data, expected);
    tf_buffer_deinit(&words);
    tf_clusters_free(clusters);
}

static void impossible_evidence_is_explained_in_words(void **state) {
    (void)state;
    static const tf_cluster_pair pairs[] = {{0, 1, 9}};
    static const char *const names[] = {"prison number"};
    example one;
    example_init(&one, 2, pairs, 1);
    one.input.evidence = &one.evidence;
    static const int32_t deaths[] = {TF_CLUSTER_NO_DAY, 18000};
    static const int32_t events[] = {18001, TF_CLUSTER_NO_DAY};
    one.evidence = (tf_cluster_evidence){.death_days = deaths, .last_event_days = events};
    check_words(&one, "Records 0 and 1 (match weight 9.00) are kept apart: record 1 died on "
                      "2019-04-14, record 0 was alive on 2019-04-15.");
    static const uint64_t numbers[] = {4, 5};
    one.evidence = (tf_cluster_evidence){
        .numbers = numbers, .number_kind_count = 1, .number_kind_names = names};
    check_words(&one, "Records 0 and 1 (match weight 9.00) are kept apart: records 0 and 1 have a "
                      "different prison number.");
    static const uint64_t offsets[] = {0, 1, 2};
    tf_cluster_custody custodies[] = {{100, 200, 1}, {150, INT32_MAX, 2}};
    one.evidence = (tf_cluster_evidence){.custody_offsets = offsets, .custodies = custodies};
    check_words(&one, "Records 0 and 1 (match weight 9.00) are kept apart: records 0 and 1 were in "
                      "custody in different places at the same time.");
    custodies[1].from_day = 200; /* a transfer */
    tf_clusters *clusters = cluster(&one);
    assert_int_equal(clusters->cluster_count, 1);
    tf_clusters_free(clusters);
}

static void check_refused(const tf_cluster_pair *pairs, size_t count) {
    example one;
    tf_clusters *clusters;
    tf_error error;
    example_init(&one, 3, pairs, count);
    assert_int_equal(tf_cluster_records(&one.input, &one.options, &clusters, &error), TF_BAD_INPUT);
    assert_true(strlen(error.message) > 20);
    assert_null(clusters);
}

static void pairs_that_cannot_be_are_refused(void **state) {
    (void)state;
    check_refused((tf_cluster_pair[]){{1, 1, 2}}, 1);
    check_refused((tf_cluster_pair[]){{0, 3, 2}}, 1);
    check_refused((tf_cluster_pair[]){{0, 1, NAN}}, 1);
    check_refused((tf_cluster_pair[]){{0, 1, 2}, {0, 2, 1}, {1, 0, -2}}, 3);
}

static void keys_that_are_the_same_are_refused(void **state) {
    (void)state;
    static const tf_cluster_key keys[] = {{1, 2}, {1, 3}, {1, 2}};
    example one;
    tf_clusters *clusters;
    example_init(&one, 3, NULL, 0);
    one.input.keys = keys;
    assert_int_equal(tf_cluster_records(&one.input, &one.options, &clusters, NULL), TF_BAD_INPUT);
}

static void no_pairs_and_no_records_are_fine(void **state) {
    (void)state;
    for (uint32_t records = 0; records < 3; records++) {
        example one;
        example_init(&one, records, NULL, 0);
        tf_clusters *clusters = cluster(&one);
        assert_int_equal(clusters->cluster_count, records);
        assert_near(clusters->objective, 0, 0);
        tf_clusters_free(clusters);
    }
}

static void a_cluster_is_named_by_its_lowest_key(void **state) {
    (void)state;
    static const tf_cluster_pair pairs[] = {{0, 1, 9}, {1, 2, 9}, {0, 2, 9}};
    static const tf_cluster_key keys[] = {{5, 0}, {4, 9}, {7, 0}};
    example one;
    example_init(&one, 3, pairs, 3);
    one.input.keys = keys;
    for (uint32_t records = 2; records <= 3; records++) {
        one.input.record_count = records;
        one.input.pair_count = records == 2 ? 1 : 3;
        tf_clusters *clusters = cluster(&one);
        assert_int_equal(clusters->cluster_count, 1);
        assert_memory_equal(&clusters->ids[0], &keys[1], sizeof *keys);
        tf_clusters_free(clusters);
    }
}

static void the_sparsest_clusters_are_reviewed_first(void **state) {
    (void)state;
    static const tf_cluster_pair pairs[] = {{0, 1, 9}, {2, 3, 9}, {3, 4, 8}, {5, 6, 3}};
    example one;
    example_init(&one, 8, pairs, 4);
    tf_clusters *clusters = cluster(&one);
    uint32_t worst[8];
    size_t count;
    assert_ok(tf_clusters_worst(clusters, 8, worst, &count, NULL), NULL);
    assert_int_equal(count, 3);
    static const uint32_t expected[] = {1, 2, 0};
    assert_memory_equal(worst, expected, sizeof expected);
    tf_clusters_free(clusters);
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    example one;
    example_random(&one, 5, 50, 8);
    constrain(&one, 5);
    for (int method = 0; method < 6; method++) {
        one.options.method = (tf_cluster_method)(method % 3);
        one.options.thread_count = 1 + method / 3;
        for (long n = 0;; n++) {
            tf_clusters *clusters;
            fail_allocation(n);
            tf_status status = tf_cluster_records(&one.input, &one.options, &clusters, NULL);
            bool was_reached = stop_failing_allocations();
            tf_clusters_free(clusters);
            if (status == TF_OK && !was_reached) {
                assert_true(n > 20);
                break;
            }
            /* A second thread that the system does not give is done without. */
            assert_true(status == TF_NO_MEMORY || one.options.thread_count > 1);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_records_are_divided_in_the_best_of_all_ways),
        cmocka_unit_test(the_greedy_way_is_seldom_worse_and_never_better_than_the_best),
        cmocka_unit_test(a_chain_that_components_glue_is_cut_where_it_is_weak),
        cmocka_unit_test(no_entity_breaks_a_constraint),
        cmocka_unit_test(the_order_of_pairs_does_not_matter),
        cmocka_unit_test(with_keys_the_order_of_records_does_not_matter),
        cmocka_unit_test(any_number_of_threads_gives_the_same),
        cmocka_unit_test(many_pairs_in_one_component_end_in_time),
        cmocka_unit_test(ties_are_broken_by_rule_and_reported),
        cmocka_unit_test(impossible_evidence_is_explained_in_words),
        cmocka_unit_test(pairs_that_cannot_be_are_refused),
        cmocka_unit_test(keys_that_are_the_same_are_refused),
        cmocka_unit_test(no_pairs_and_no_records_are_fine),
        cmocka_unit_test(a_cluster_is_named_by_its_lowest_key),
        cmocka_unit_test(the_sparsest_clusters_are_reviewed_first),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
