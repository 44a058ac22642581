/* Blocks give every pair that some rule finds, and each once: against comparing keys pair by pair.
 */
#include "random_linkage.h"

#include "linkage/blocks_internal.h"

enum { RECORDS = 70, ROUNDS = 120 };

static const tf_standardiser plain = {0};
static const char *const link_types[] = {"dedupe", "between", "both"};

static const char *const random_keys[] = {
    "g",
    "f",
    "s",
    "d",
    "p",
    "l",
    "one",
    "lower(g)",
    "substring(f, 1, 2)",
    "soundex(f)",
    "year(d)",
    "any(l)",
    "g = f",
    "f = g",
    "n = o",
    "substring(g, 1, 1) = substring(f, 1, 1)",
    "first(l)",
    "any(l) = g",
    "postcode_district(p)",
};

/* A JSON list of up to four rules of up to three keys. */
static char *random_rules(tf_random *random) {
    tf_buffer out;
    tf_buffer_init(&out);
    uint32_t rules = 1 + tf_random_below(random, 4);
    for (uint32_t r = 0; r < rules; r++) {
        uint32_t keys = 1 + tf_random_below(random, 3);
        tf_buffer_append_text(&out, r ? ",[" : "[[");
        for (uint32_t k = 0; k < keys; k++) {
            tf_buffer_format(&out, "%s\"%s\"", k ? "," : "", PICK(random, random_keys));
        }
        tf_buffer_append_text(&out, "]");
    }
    tf_buffer_append_text(&out, "]");
    return take_text(&out);
}

/* ---- pair by pair ---- */

typedef struct texts {
    char items[8][200];
    int count;
} texts;

/* What a key's value is for a record: one text, or the elements of a list. */
static void read_texts(const tf_link_model *model, const tf_link_records *records,
                       const tf_link_value *value, uint32_t record, bool takes_elements,
                       texts *texts_out) {
    link_reading reading = {.model = model, .standardiser = &plain};
    link_derive_scratch scratch;
    tf_link_value whole = *value;
    tf_text text, element;
    tf_error error;
    texts_out->count = 0;
    if (whole.step_count && whole.steps[whole.step_count - 1].kind == TF_LINK_ANY) {
        whole.step_count--;
    }
    uint32_t column = tf_link_records_column(records, tf_text_of(value->column));
    tf_text raw = tf_link_records_value(records, record, column);
    link_derive_scratch_init(&scratch);
    if (raw.length) {
        assert_ok(link_derive_text(&reading, &whole, raw, &scratch, &text, &error), &error);
        while (text.length) {
            element = text;
            if (takes_elements && !link_next_element(&text, &element)) {
                break;
            }
            text.length = takes_elements ? text.length : 0;
            snprintf(texts_out->items[texts_out->count++], sizeof texts_out->items[0], "%.*s",
                     TF_TEXT_ARG(element));
        }
    }
    link_derive_scratch_deinit(&scratch);
}

static bool is_any(const tf_link_value *value) {
    return value->step_count && value->steps[value->step_count - 1].kind == TF_LINK_ANY;
}

static bool key_agrees(const tf_link_model *model, const tf_link_records *records,
                       const tf_link_key *key, uint32_t left, uint32_t right) {
    texts a, b;
    bool takes_elements = is_any(&key->left) || is_any(&key->right);
    read_texts(model, records, &key->left, left, takes_elements, &a);
    read_texts(model, records, &key->right, right, takes_elements, &b);
    for (int i = 0; i < a.count; i++) {
        for (int k = 0; k < b.count; k++) {
            if (strcmp(a.items[i], b.items[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* One way round or, for a rule across columns, the other. */
static bool rule_finds(const tf_link_model *model, const tf_link_records *records,
                       const tf_link_rule *rule, uint32_t a, uint32_t b) {
    bool forth = true, back = true;
    for (int k = 0; k < rule->key_count; k++) {
        forth = forth && key_agrees(model, records, &rule->keys[k], a, b);
        back = back && key_agrees(model, records, &rule->keys[k], b, a);
    }
    return forth || back;
}

static int first_rule(const tf_link_model *model, const tf_link_records *records, uint32_t a,
                      uint32_t b) {
    for (int r = 0; r < model->rule_count; r++) {
        if (rule_finds(model, records, &model->rules[r], a, b)) {
            return r;
        }
    }
    return -1;
}

/* ---- by blocks ---- */

typedef struct found_pairs {
    signed char rule[RECORDS][RECORDS]; /* -1: not given */
    int twice;
} found_pairs;

static bool take_pairs(void *context, int rule, uint32_t record, const uint32_t *others,
                       size_t count) {
    found_pairs *found = context;
    for (size_t i = 0; i < count; i++) {
        uint32_t a = record < others[i] ? record : others[i];
        uint32_t b = record < others[i] ? others[i] : record;
        found->twice += found->rule[a][b] >= 0;
        found->rule[a][b] = (signed char)rule;
    }
    return true;
}

static link_blocks *blocks_of(const tf_link_model *model, const tf_link_records *records,
                              uint32_t most_members, int threads) {
    link_reading reading = {.model = model, .standardiser = &plain};
    link_blocks *blocks;
    tf_error error;
    assert_ok(link_blocks_new(records, &reading, model->rules, model->rule_count, model->type,
                              most_members, threads, &blocks, &error),
              &error);
    return blocks;
}

static void give_all(const link_blocks *blocks, uint64_t pairs_a_task, found_pairs *found) {
    link_block_task *tasks;
    size_t count;
    tf_error error;
    memset(found, -1, sizeof *found);
    found->twice = 0;
    assert_ok(link_blocks_divide(blocks, pairs_a_task, &tasks, &count, &error), &error);
    for (size_t i = 0; i < count; i++) {
        assert_true(link_blocks_each(blocks, &tasks[i], take_pairs, found));
    }
    tf_free(tasks);
}

static bool is_allowed(const tf_link_model *model, const tf_link_records *records, uint32_t a,
                       uint32_t b) {
    bool is_same = tf_link_records_source(records, a) == tf_link_records_source(records, b);
    return model->type == TF_LINK_BOTH || is_same == (model->type == TF_LINK_DEDUPE);
}

static tf_link_model *blocking_model(const char *link_type, const char *rules) {
    char settings[3000];
    snprintf(settings, sizeof settings,
             "{\"format\": \"trefoil-link\", \"link_type\": \"%s\", \"blocking\": %s, "
             "\"comparisons\": [{\"name\": \"c\", \"levels\": [{\"when\": \"exact(g)\"}, "
             "{\"when\": \"else\"}]}]}",
             link_type, rules);
    return model_of(settings);
}

static void every_pair_that_a_rule_finds_is_given_once_by_the_first(void **state) {
    (void)state;
    static found_pairs found;
    tf_random random;
    tf_random_init(&random, 11, 1);
    for (int i = 0; i < ROUNDS; i++) {
        char *csv = random_csv(&random, RECORDS);
        char *rules = random_rules(&random);
        tf_link_records *records = records_of(csv, "id", "from");
        tf_link_model *model = blocking_model(link_types[i % 3], rules);
        link_blocks *blocks = blocks_of(model, records, UINT32_MAX, 1 + i % 3);
        give_all(blocks, i % 2 ? 1 : 1000, &found);
        assert_int_equal(found.twice, 0);
        for (uint32_t a = 0; a < RECORDS; a++) {
            for (uint32_t b = a + 1; b < RECORDS; b++) {
                int expected =
                    is_allowed(model, records, a, b) ? first_rule(model, records, a, b) : -1;
                if (found.rule[a][b] != expected) {
                    fail_msg("%s: %u-%u is given by rule %d, not %d", rules, a, b, found.rule[a][b],
                             expected);
                }
                assert_int_equal(link_blocks_find(blocks, a, b), expected >= 0);
                assert_int_equal(link_blocks_find(blocks, b, a), expected >= 0);
            }
        }
        link_blocks_free(blocks);
        tf_link_model_free(model);
        tf_link_records_free(records);
        free(rules);
        free(csv);
    }
}

/* The pairs of one block are lost to its rule, and another rule finds them still. */
static void a_block_of_too_many_is_set_aside_and_counted(void **state) {
    (void)state;
    static found_pairs found;
    tf_link_records *records =
        records_of("id,g,f\n1,a,x\n2,a,x\n3,a,y\n4,a,z\n5,b,x\n6,b,z\n", "id", NULL);
    tf_link_model *model = blocking_model("dedupe", "[\"g\", \"f\"]");
    link_blocks *blocks = blocks_of(model, records, 3, 1);
    give_all(blocks, 1000, &found);
    const tf_link_rule_report *report = &blocks->rules[0].report;
    assert_int_equal(report->blocks, 1);
    assert_int_equal(report->largest, 2);
    assert_int_equal(report->pairs, 1);
    assert_int_equal(report->set_aside, 1);
    assert_int_equal(report->set_aside_pairs, 6);
    assert_int_equal(report->set_aside_largest, 4);
    assert_int_equal(blocks->rules[1].report.pairs, 4);
    assert_int_equal(found.rule[0][1], 1); /* of a and x: by the second rule */
    assert_int_equal(found.rule[0][2], -1);
    assert_int_equal(found.rule[4][5], 0);
    assert_int_equal(found.rule[3][5], 1);
    link_blocks_free(blocks);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

/* With every bound: what is given is what the blocks that are left give, each pair once. */
static void whatever_is_set_aside_no_pair_is_given_twice(void **state) {
    (void)state;
    static found_pairs found;
    tf_random random;
    tf_random_init(&random, 11, 2);
    for (int i = 0; i < ROUNDS; i++) {
        char *csv = random_csv(&random, RECORDS);
        char *rules = random_rules(&random);
        tf_link_records *records = records_of(csv, "id", "from");
        tf_link_model *model = blocking_model(link_types[i % 3], rules);
        link_blocks *blocks = blocks_of(model, records, 2 + tf_random_below(&random, 20), 2);
        give_all(blocks, 40, &found);
        assert_int_equal(found.twice, 0);
        for (uint32_t a = 0; a < RECORDS; a++) {
            for (uint32_t b = a + 1; b < RECORDS; b++) {
                assert_int_equal(link_blocks_find(blocks, a, b), found.rule[a][b] >= 0);
                if (found.rule[a][b] >= 0) {
                    assert_true(is_allowed(model, records, a, b));
                    assert_true(rule_finds(model, records, &model->rules[found.rule[a][b]], a, b));
                }
            }
        }
        link_blocks_free(blocks);
        tf_link_model_free(model);
        tf_link_records_free(records);
        free(rules);
        free(csv);
    }
}

static bool refuse(void *context, int rule, uint32_t record, const uint32_t *others, size_t count) {
    (void)rule;
    (void)record;
    (void)others;
    *(size_t *)context += count;
    return false;
}

static void the_sink_may_stop_the_giving(void **state) {
    (void)state;
    tf_link_records *records = records_of("id,g\n1,a\n2,a\n3,a\n", "id", NULL);
    tf_link_model *model = blocking_model("dedupe", "[\"g\"]");
    link_blocks *blocks = blocks_of(model, records, 100, 1);
    link_block_task *tasks;
    size_t count, given = 0;
    tf_error error;
    assert_ok(link_blocks_divide(blocks, 1000, &tasks, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_false(link_blocks_each(blocks, &tasks[0], refuse, &given));
    assert_int_equal(given, 2);
    tf_free(tasks);
    link_blocks_free(blocks);
    tf_link_model_free(model);
    tf_link_records_free(records);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_that_a_rule_finds_is_given_once_by_the_first),
        cmocka_unit_test(a_block_of_too_many_is_set_aside_and_counted),
        cmocka_unit_test(whatever_is_set_aside_no_pair_is_given_twice),
        cmocka_unit_test(the_sink_may_stop_the_giving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
