/* One record at a time finds what a linkage of all records together finds. */
#include "fail_allocations.h"
#include "random_linkage.h"

#include "linkage/matcher_internal.h"
#include "trefoil/base/thread.h"
#include "trefoil/linkage/lookup.h"

#include <math.h>

enum { MODELS = 40, RECORDS = 80, FEW = 12, LEFT_OUT = 20, COLUMNS = 11, RULES = 6 };

static const char rules_of_all_kinds[] =
    "[[\"g\", \"s\"], \"substring(f, 1, 1)\", \"g = f\", \"any(l)\", [\"soundex(f)\", "
    "\"any(l)\"], [\"g = f\", \"s\"]]";

static tf_nicknames *some_nicknames(void) {
    static const char *const others[] = {"bob", "rob"};
    static const tf_nickname_group groups[] = {{"robert", 2, others}};
    tf_nicknames *nicknames;
    tf_error error;
    assert_ok(tf_nicknames_new(groups, 1, &nicknames, &error), &error);
    return nicknames;
}

static tf_link_lookup *lookup_of(const tf_link_model *model, const tf_link_records *records,
                                 const tf_nicknames *nicknames) {
    tf_link_work work = {.nicknames = nicknames, .thread_count = 2};
    tf_link_lookup *lookup;
    tf_error error;
    assert_ok(tf_link_lookup_new(model, records, &work, 0, &lookup, &error), &error);
    return lookup;
}

static tf_link_asker *asker_of(const tf_link_lookup *lookup) {
    tf_link_asker *asker;
    tf_error error;
    assert_ok(tf_link_asker_new(lookup, &asker, &error), &error);
    return asker;
}

/* A record of others, as it would be given. */
static size_t give(const tf_link_records *records, uint32_t record,
                   tf_link_given given_out[COLUMNS]) {
    uint32_t columns = tf_link_records_column_count(records);
    for (uint32_t c = 0; c < columns; c++) {
        given_out[c] = (tf_link_given){tf_link_records_column_name(records, c),
                                       tf_link_records_value(records, record, c)};
    }
    return columns;
}

static tf_link_answers ask(const tf_link_lookup *lookup, tf_link_asker *asker,
                           const tf_link_records *others, uint32_t record,
                           tf_link_ask_options options) {
    tf_link_given given[COLUMNS];
    tf_link_answers answers;
    tf_error error;
    assert_ok(tf_link_lookup_ask(lookup, asker, given, give(others, record, given), &options,
                                 &answers, &error),
              &error);
    return answers;
}

/* The first rows of a CSV text, with its header. */
static tf_link_records *first_rows(const char *csv, int count) {
    const char *end = strchr(csv, '\n') + 1;
    for (int i = 0; i < count; i++) {
        end = strchr(end, '\n') + 1;
    }
    char *part = strndup(csv, (size_t)(end - csv));
    assert_non_null(part);
    tf_link_records *records = records_of(part, "id", NULL);
    free(part);
    return records;
}

/* How frequent a value is among the known records, by counting. */
static double frequency(const tf_link_records *known, const char *column, tf_text value) {
    uint32_t number = tf_link_records_column(known, tf_text_of(column));
    double same = 0, all = 0;
    for (uint32_t i = 0; i < tf_link_records_count(known); i++) {
        tf_text other = tf_link_records_value(known, i, number);
        same += other.length && tf_text_equal(other, value);
        all += other.length > 0;
    }
    return same > 0 ? same / all : NAN;
}

/* A model, records that are known, and more that are asked for. */
typedef struct trial {
    char *csv;
    char *settings;
    tf_link_model *model;
    tf_link_records *known; /* the first of all */
    tf_link_records *all;
    tf_link_matcher *matcher; /* of all */
    link_blocks *blocks;      /* likewise */
    link_blocks *by_rule[RULES];
    tf_link_lookup *lookup;
    tf_link_asker *asker;
} trial;

static void trial_init(trial *it, tf_random *random, const tf_nicknames *nicknames,
                       int known_count) {
    tf_error error;
    tf_standardiser plain = {0};
    it->csv = random_csv(random, known_count + LEFT_OUT);
    it->settings =
        random_settings(random, "both", rules_of_all_kinds, 1 + (int)tf_random_below(random, 8));
    it->model = model_of(it->settings);
    it->known = first_rows(it->csv, known_count);
    it->all = first_rows(it->csv, known_count + LEFT_OUT);
    tf_link_work work = {.nicknames = nicknames, .thread_count = 1};
    assert_ok(tf_link_matcher_new(it->model, it->all, &work, &it->matcher, &error), &error);
    link_reading reading = {.model = it->model, .standardiser = &plain};
    assert_ok(link_blocks_new(it->all, &reading, it->model->rules, it->model->rule_count,
                              TF_LINK_BOTH, 5000, 1, &it->blocks, &error),
              &error);
    for (int r = 0; r < RULES; r++) {
        assert_ok(link_blocks_new(it->all, &reading, &it->model->rules[r], 1, TF_LINK_BOTH, 5000, 1,
                                  &it->by_rule[r], &error),
                  &error);
    }
    it->lookup = lookup_of(it->model, it->known, nicknames);
    it->asker = asker_of(it->lookup);
}

static void trial_deinit(trial *it) {
    tf_link_asker_free(it->asker);
    tf_link_lookup_free(it->lookup);
    link_blocks_free(it->blocks);
    for (int r = 0; r < RULES; r++) {
        link_blocks_free(it->by_rule[r]);
    }
    tf_link_matcher_free(it->matcher);
    tf_link_records_free(it->all);
    tf_link_records_free(it->known);
    tf_link_model_free(it->model);
    free(it->settings);
    free(it->csv);
}

/* The weight of a pair whose levels are known, by the frequencies among the known records. */
static double weigh(const trial *it, uint32_t left, uint32_t right, const uint8_t *levels) {
    double weight = tf_link_pattern_weight(it->model, levels);
    for (int c = 0; c < it->model->comparison_count; c++) {
        const char *column = it->model->comparisons[c].levels[levels[c]].tf_column;
        if (column) {
            uint32_t number = tf_link_records_column(it->all, tf_text_of(column));
            weight += tf_link_term_adjustment(
                &it->model->comparisons[c], levels[c],
                frequency(it->known, column, tf_link_records_value(it->all, left, number)),
                frequency(it->known, column, tf_link_records_value(it->all, right, number)));
        }
    }
    return weight;
}

static const tf_link_answer *find_answer(const tf_link_answers *answers, uint32_t record) {
    const tf_link_answer *found = NULL;
    for (size_t i = 0; i < answers->count; i++) {
        if (answers->items[i].record == record) {
            assert_null(found); /* no record comes twice */
            found = &answers->items[i];
        }
    }
    return found;
}

static void expect_answer(const trial *it, uint32_t record, const tf_link_answer *answer,
                          double weight, const uint8_t *levels) {
    int rule = 0;
    while (!link_blocks_find(it->by_rule[rule], answer->record, record)) {
        rule++;
    }
    assert_int_equal(answer->rule, rule);
    double sum = tf_link_weight_of_probability(it->model->prior);
    for (int c = 0; c < it->model->comparison_count; c++) {
        assert_int_equal(answer->reasons[c].level, levels[c]);
        sum += answer->reasons[c].weight + answer->reasons[c].term_frequency;
    }
    assert_true(fabs(answer->weight - sum) < 1e-9);
    assert_true(fabs(answer->weight - weight) < 1e-9);
    assert_true(answer->probability == tf_link_probability_of_weight(answer->weight));
}

static void expect_order(const tf_link_answers *answers) {
    for (size_t i = 1; i < answers->count; i++) {
        const tf_link_answer *x = &answers->items[i - 1];
        const tf_link_answer *y = &answers->items[i];
        assert_true(x->weight > y->weight || (x->weight == y->weight && x->record < y->record));
    }
}

/* The answers, with no bound on them, are the pairs of the record with known ones that the rules
 * find, with the levels that comparing the two gives. */
static void expect_pairs(const trial *it, uint32_t record, double threshold,
                         const tf_link_answers *answers) {
    uint32_t candidates = 0;
    size_t expected = 0;
    for (uint32_t i = 0; i < tf_link_records_count(it->known); i++) {
        uint8_t levels[TF_LINK_MAX_COMPARISONS];
        tf_error error;
        const tf_link_answer *answer = find_answer(answers, i);
        if (!link_blocks_find(it->blocks, i, record)) {
            assert_null(answer);
            continue;
        }
        candidates++;
        assert_ok(tf_link_matcher_levels(it->matcher, i, record, levels, &error), &error);
        double weight = weigh(it, i, record, levels);
        if (!answer) {
            if (weight >= threshold + 1e-9) {
                fail_msg("%u is not found for %u with %s", i, record, it->settings);
            }
            continue;
        }
        assert_true(weight >= threshold - 1e-9);
        expect_answer(it, record, answer, weight, levels);
        expected++;
    }
    assert_int_equal(answers->candidates, candidates);
    assert_int_equal(answers->count, expected);
    assert_int_equal(answers->passed_over, 0);
    expect_order(answers);
}

static void a_record_finds_what_a_linkage_with_it_finds(void **state) {
    (void)state;
    tf_nicknames *nicknames = some_nicknames();
    tf_random random;
    tf_random_init(&random, 7, 1);
    for (int i = 0; i < MODELS; i++) {
        trial it;
        trial_init(&it, &random, nicknames, i % 2 ? RECORDS : FEW);
        uint32_t known = tf_link_records_count(it.known);
        for (uint32_t r = known; r < known + LEFT_OUT; r++) {
            double threshold = r % 3 ? -1000 : tf_random_unit(&random) * 16 - 12;
            tf_link_ask_options options = {.threshold = threshold, .most_answers = RECORDS};
            tf_link_answers answers = ask(it.lookup, it.asker, it.all, r, options);
            expect_pairs(&it, r, threshold, &answers);
        }
        trial_deinit(&it);
    }
    tf_nicknames_free(nicknames);
}

static void the_best_are_the_first_of_all(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 7, 2);
    for (int i = 0; i < MODELS; i++) {
        trial it;
        trial_init(&it, &random, NULL, RECORDS);
        tf_link_asker *other = asker_of(it.lookup);
        for (uint32_t r = RECORDS; r < RECORDS + LEFT_OUT; r++) {
            tf_link_ask_options options = {.threshold = -1000, .most_answers = RECORDS};
            tf_link_answers all = ask(it.lookup, it.asker, it.all, r, options);
            options.most_answers = 1 + tf_random_below(&random, 6);
            tf_link_answers best = ask(it.lookup, other, it.all, r, options);
            assert_int_equal(best.count,
                             all.count < options.most_answers ? all.count : options.most_answers);
            for (size_t k = 0; k < best.count; k++) {
                assert_int_equal(best.items[k].record, all.items[k].record);
                assert_true(best.items[k].weight == all.items[k].weight);
                assert_int_equal(best.items[k].rule, all.items[k].rule);
            }
        }
        tf_link_asker_free(other);
        trial_deinit(&it);
    }
}

#define SMALL_MODEL                                                                                \
    "{\"format\": \"trefoil-link\", \"prior\": 0.1, \"blocking\": [\"g\", \"b\"], "                \
    "\"comparisons\": [{\"name\": \"g\", \"levels\": [{\"when\": \"exact(g)\", \"m\": 0.9, "       \
    "\"u\": 0.1}, {\"when\": \"osa(g) <= 1\", \"m\": 0.05, \"u\": 0.1}, {\"when\": \"else\", "     \
    "\"m\": 0.05, \"u\": 0.8}]}]}"

static const char small_csv[] = "id,g,b\n1,anna,x\n2,anne,x\n3,bob,x\n4,anna,y\n5,carl,\n";

static tf_link_answers ask_values(const tf_link_lookup *lookup, tf_link_asker *asker,
                                  const char *const *words, tf_link_ask_options options) {
    tf_link_given given[COLUMNS];
    size_t count = 0;
    for (; words[2 * count]; count++) {
        given[count] =
            (tf_link_given){tf_text_of(words[2 * count]), tf_text_of(words[2 * count + 1])};
    }
    tf_link_answers answers;
    tf_error error;
    assert_ok(tf_link_lookup_ask(lookup, asker, given, count, &options, &answers, &error), &error);
    return answers;
}

#define ASK(lookup, asker, options, ...)                                                           \
    ask_values(lookup, asker, (const char *const[]){__VA_ARGS__, NULL}, options)

static void columns_may_be_unknown_missing_or_given_twice(void **state) {
    (void)state;
    tf_link_records *records = records_of(small_csv, "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    tf_link_lookup *lookup = lookup_of(model, records, NULL);
    tf_link_asker *asker = asker_of(lookup);
    tf_link_ask_options options = {.threshold = -100};
    tf_link_answers answers = ASK(lookup, asker, options, "shoes", "9", "g", "anna");
    assert_int_equal(answers.count, 2);
    assert_int_equal(answers.items[0].record, 0);
    assert_int_equal(answers.items[1].record, 3);
    assert_int_equal(answers.items[0].rule, 0);
    answers = ASK(lookup, asker, options, "b", "y", "b", "x", "g", "");
    assert_int_equal(answers.count, 1);
    assert_int_equal(answers.items[0].record, 3);
    assert_int_equal(answers.items[0].rule, 1);
    assert_int_equal(answers.items[0].reasons[0].level, 2);
    answers = ASK(lookup, asker, options, "b", "", "g", "");
    assert_int_equal(answers.count, 0);
    assert_int_equal(answers.candidates, 0);
    answers = ask_values(lookup, asker, (const char *const[]){NULL}, options);
    assert_int_equal(answers.count, 0);
    answers = ASK(lookup, asker, options, "g", "annna", "b", "z");
    assert_int_equal(answers.candidates, 0);
    answers = ASK(lookup, asker, options, "g", "annna", "b", "x");
    assert_int_equal(answers.count, 3);
    assert_int_equal(answers.items[0].record, 0);
    assert_int_equal(answers.items[0].reasons[0].level, 1);
    tf_link_asker_free(asker);
    tf_link_lookup_free(lookup);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void blocks_of_too_many_records_are_passed_over(void **state) {
    (void)state;
    tf_link_records *records = records_of(small_csv, "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    tf_link_lookup *lookup = lookup_of(model, records, NULL);
    tf_link_asker *asker = asker_of(lookup);
    tf_link_ask_options options = {.threshold = -100, .most_candidates = 4};
    tf_link_answers answers = ASK(lookup, asker, options, "g", "anna", "b", "x");
    assert_int_equal(answers.candidates, 2);
    assert_int_equal(answers.passed_over, 1);
    options.most_candidates = 5;
    answers = ASK(lookup, asker, options, "g", "anna", "b", "x");
    assert_int_equal(answers.candidates, 4);
    assert_int_equal(answers.passed_over, 0);
    tf_link_asker_free(asker);
    tf_link_lookup_free(lookup);

    tf_link_work work = {.thread_count = 1};
    tf_error error;
    assert_ok(tf_link_lookup_new(model, records, &work, 3, &lookup, &error), &error);
    asker = asker_of(lookup);
    answers = ASK(lookup, asker, options, "g", "anna", "b", "x");
    assert_int_equal(answers.candidates, 2);
    assert_int_equal(answers.passed_over, 1);
    tf_link_asker_free(asker);
    tf_link_lookup_free(lookup);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

/* Across columns a block's size is that of both of its sides, as in a linkage. */
static void blocks_across_columns_count_both_sides(void **state) {
    (void)state;
    tf_link_records *records = records_of("id,g,b\n1,ann,x\n2,ann,y\n3,x,ann\n", "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    model->rules[0].keys[0].right.column = "b";
    model->rule_count = 1;
    for (uint32_t most = 3; most <= 4; most++) {
        tf_link_work work = {.thread_count = 1};
        tf_link_lookup *lookup;
        tf_error error;
        assert_ok(tf_link_lookup_new(model, records, &work, most, &lookup, &error), &error);
        tf_link_asker *asker = asker_of(lookup);
        tf_link_ask_options options = {.threshold = -100};
        tf_link_answers answers = ASK(lookup, asker, options, "g", "y", "b", "ann");
        assert_int_equal(answers.candidates, most == 3 ? 1 : 2);
        assert_int_equal(answers.passed_over, most == 3);
        tf_link_asker_free(asker);
        tf_link_lookup_free(lookup);
    }
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void a_model_must_be_trained_and_have_a_rule(void **state) {
    (void)state;
    tf_link_records *records = records_of(small_csv, "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    tf_link_work work = {.thread_count = 1};
    tf_link_lookup *lookup;
    tf_error error;
    model->comparisons[0].levels[0].m = NAN;
    assert_int_equal(tf_link_lookup_new(model, records, &work, 0, &lookup, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "has no m yet"));
    model->rule_count = 0;
    assert_int_equal(tf_link_lookup_new(model, records, &work, 0, &lookup, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "no blocking rule"));
    assert_null(lookup);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

/* Lists whose elements combine to more keys than are looked at. */
static void a_record_of_too_many_keys_is_passed_over(void **state) {
    (void)state;
    tf_link_records *records = records_of("id,g,l\n1,a|b,c|d\n2,b,d\n", "id", NULL);
    tf_link_model *model = model_of(SMALL_MODEL);
    tf_link_model *rules =
        model_of("{\"format\": \"trefoil-link\", \"blocking\": [[\"any(g)\", \"any(l)\"]], "
                 "\"comparisons\": [{\"name\": \"g\", \"levels\": [{\"when\": \"exact(g)\"}, "
                 "{\"when\": \"else\"}]}]}");
    model->rules = rules->rules;
    model->rule_count = rules->rule_count;
    tf_link_lookup *lookup = lookup_of(model, records, NULL);
    tf_link_asker *asker = asker_of(lookup);
    tf_link_ask_options options = {.threshold = -100};
    tf_link_answers answers = ASK(lookup, asker, options, "g", "b|c", "l", "d|e");
    assert_int_equal(answers.candidates, 2);
    tf_buffer many;
    tf_buffer_init(&many);
    for (int i = 0; i < 70; i++) {
        tf_buffer_format(&many, "b%d|", i);
    }
    answers = ASK(lookup, asker, options, "g", many.data, "l", many.data);
    assert_int_equal(answers.candidates, 0);
    assert_int_equal(answers.passed_over, 1);
    tf_buffer_deinit(&many);
    tf_link_asker_free(asker);
    tf_link_lookup_free(lookup);
    tf_link_model_free(model);
    tf_link_model_free(rules);
    tf_link_records_free(records);
}

/* ---- threads ---- */

enum { ASKERS = 4, QUESTIONS = 300 };

typedef struct questioning {
    const trial *it;
    double sums[ASKERS];
    atomic_int next;
} questioning;

static void ask_many(void *context, int thread) {
    (void)thread;
    questioning *work = context;
    for (int a = atomic_fetch_add(&work->next, 1); a < ASKERS;
         a = atomic_fetch_add(&work->next, 1)) {
        tf_link_asker *asker = asker_of(work->it->lookup);
        for (uint32_t q = 0; q < QUESTIONS; q++) {
            tf_link_ask_options options = {.threshold = -5, .most_answers = 3};
            uint32_t record = RECORDS + q % LEFT_OUT;
            tf_link_answers answers = ask(work->it->lookup, asker, work->it->all, record, options);
            for (size_t i = 0; i < answers.count; i++) {
                work->sums[a] += answers.items[i].weight * (answers.items[i].record + 1);
            }
        }
        tf_link_asker_free(asker);
    }
}

static void several_threads_ask_at_once(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 7, 3);
    for (int i = 0; i < 5; i++) {
        trial it;
        trial_init(&it, &random, NULL, RECORDS);
        questioning work = {.it = &it};
        tf_parallel(ASKERS, ask_many, &work);
        for (int a = 1; a < ASKERS; a++) {
            assert_true(work.sums[a] == work.sums[0]);
        }
        trial_deinit(&it);
    }
}

/* ---- memory ---- */

static tf_status make_and_ask(const trial *it, tf_error *error) {
    tf_link_work work = {.thread_count = 1};
    tf_link_lookup *lookup = NULL;
    tf_link_asker *asker = NULL;
    tf_link_given given[COLUMNS];
    tf_link_answers answers;
    tf_link_ask_options options = {.threshold = -100};
    tf_status status = tf_link_lookup_new(it->model, it->known, &work, 0, &lookup, error);
    if (!status) {
        status = tf_link_asker_new(lookup, &asker, error);
    }
    for (uint32_t r = FEW; r < FEW + 4 && !status; r++) {
        status = tf_link_lookup_ask(lookup, asker, given, give(it->all, r, given), &options,
                                    &answers, error);
    }
    tf_link_asker_free(asker);
    tf_link_lookup_free(lookup);
    return status;
}

static void running_out_of_memory_is_reported(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 7, 4);
    for (int i = 0; i < 3; i++) {
        trial it;
        trial_init(&it, &random, NULL, FEW);
        for (long n = 0;; n++) {
            tf_error error;
            fail_allocation(n);
            tf_status status = make_and_ask(&it, &error);
            bool was_reached = stop_failing_allocations();
            if (status == TF_OK) {
                assert_false(was_reached);
                break;
            }
            assert_int_equal(status, TF_NO_MEMORY);
        }
        trial_deinit(&it);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_finds_what_a_linkage_with_it_finds),
        cmocka_unit_test(the_best_are_the_first_of_all),
        cmocka_unit_test(columns_may_be_unknown_missing_or_given_twice),
        cmocka_unit_test(blocks_of_too_many_records_are_passed_over),
        cmocka_unit_test(blocks_across_columns_count_both_sides),
        cmocka_unit_test(a_model_must_be_trained_and_have_a_rule),
        cmocka_unit_test(a_record_of_too_many_keys_is_passed_over),
        cmocka_unit_test(several_threads_ask_at_once),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
