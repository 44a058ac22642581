/* The engine against what Splink predicted about the same people by the same model. */
#include "golden.h"
#include "link_fixture.h"

static char *golden_text(const char *name) {
    char path[1000];
    const char *root = getenv("TREFOIL_SOURCE");
    snprintf(path, sizeof path, "%s/tests/linkage/golden/%s", root ? root : ".", name);
    return file_text(path);
}

/* The rows as two sources, even ids and odd. */
static tf_link_records *even_and_odd(const char *csv) {
    tf_link_loader_options options = {.id_column = "unique_id", .source_column = "side"};
    tf_link_loader *loader;
    tf_link_records *records;
    tf_error error;
    tf_buffer text;
    tf_buffer_init(&text);
    const char *line = csv;
    while (*line) {
        size_t length = strcspn(line, "\n");
        const char *side = line == csv ? "side" : atoi(line) % 2 ? "odd" : "even";
        tf_buffer_append_text(&text, side);
        tf_buffer_append_text(&text, ",");
        tf_buffer_append(&text, line, length + 1);
        line += length + 1;
    }
    assert_ok(tf_link_loader_new(&options, &loader, &error), &error);
    assert_ok(load_csv(loader, "", text.data, text.length, &error), &error);
    assert_ok(tf_link_loader_finish(loader, &records, &error), &error);
    tf_link_loader_free(loader);
    tf_buffer_deinit(&text);
    return records;
}

/* Splink asks a rule across columns one way only, so that its model has it twice. */
static int our_rule(int match_key) {
    return match_key > 2 ? match_key - 1 : match_key;
}

static void expect_pair(tf_link_matcher *matcher, const tf_link_records *records,
                        const tf_link_model *model, const tf_link_pair *pair,
                        const golden_row *row) {
    uint8_t levels[TF_LINK_MAX_COMPARISONS];
    tf_error error;
    tf_text left = tf_link_records_id(records, pair->left);
    tf_text right = tf_link_records_id(records, pair->right);
    if (!tf_text_equal(left, tf_text_of(row->cells[0])) ||
        !tf_text_equal(right, tf_text_of(row->cells[1]))) {
        fail_msg("Splink has the pair %s-%s, the engine %.*s-%.*s", row->cells[0], row->cells[1],
                 TF_TEXT_ARG(left), TF_TEXT_ARG(right));
    }
    int rule = our_rule(atoi(row->cells[2]));
    assert_int_equal(pair->rule > 2 ? pair->rule - 1 : pair->rule, rule);
    assert_ok(tf_link_matcher_levels(matcher, pair->left, pair->right, levels, &error), &error);
    for (int c = 0; c < model->comparison_count; c++) {
        int gamma = tf_link_gamma(&model->comparisons[c], levels[c]);
        if (gamma != atoi(row->cells[3 + c])) {
            fail_msg("pair %s-%s, %s: Splink has %s, the engine %d", row->cells[0], row->cells[1],
                     model->comparisons[c].name, row->cells[3 + c], gamma);
        }
    }
    assert_near(pair->weight, atof(row->cells[row->count - 1]), 1e-9);
}

/* Every pair, in order of ids, and no other. */
static void expect_golden(const tf_link_model *model, const tf_link_records *records,
                          const char *pairs_name, int thread_count) {
    tf_link_matcher *matcher = matcher_of(model, records, thread_count);
    tf_link_prediction prediction = predict_with(
        matcher, (tf_link_predict_options){.method = TF_LINK_BLOCKED, .threshold = -1000});
    static golden_row row;
    size_t count = 0;
    FILE *file = open_golden(pairs_name);
    assert_true(next_row(file, &row));
    assert_int_equal(row.count, model->comparison_count + 4);
    for (; next_row(file, &row); count++) {
        assert_true(count < prediction.pair_count);
        expect_pair(matcher, records, model, &prediction.pairs[count], &row);
    }
    fclose(file);
    assert_int_equal(prediction.pair_count, count);
    assert_int_equal(prediction.compared_pairs, count);
    tf_link_prediction_deinit(&prediction);
    tf_link_matcher_free(matcher);
}

typedef struct golden_case {
    const char *model;
    const char *pairs;
    bool counts_bytes;
} golden_case;

static void expect_case(const golden_case *item, tf_link_type type,
                        const tf_link_records *records) {
    tf_link_model *model = golden_model(item->model);
    model->type = type;
    model->compares_bytes = item->counts_bytes;
    expect_golden(model, records, item->pairs, 1);
    expect_golden(model, records, item->pairs, 2);
    tf_link_model_free(model);
}

static void the_pairs_levels_and_weights_are_those_of_splink(void **state) {
    (void)state;
    static const golden_case cases[] = {
        {"splink4_predict_model.json", "splink4_bytes_pairs.csv", true},
        {"splink5_predict_model.json", "splink5_bytes_pairs.csv", true},
        {"splink5_predict_model.json", "splink5_letters_pairs.csv", false},
    };
    char *csv = golden_text("splink_predict_data.csv");
    tf_link_records *records = records_of(csv, "unique_id", NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_case(&cases[i], TF_LINK_DEDUPE, records);
    }
    tf_link_records_free(records);
    free(csv);
}

static void the_pairs_between_two_sources_are_those_of_splink(void **state) {
    (void)state;
    static const golden_case cases[] = {
        {"splink4_predict_model.json", "splink4_bytes_between.csv", true},
        {"splink5_predict_model.json", "splink5_bytes_between.csv", true},
        {"splink5_predict_model.json", "splink5_letters_between.csv", false},
    };
    char *csv = golden_text("splink_predict_data.csv");
    tf_link_records *records = even_and_odd(csv);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_case(&cases[i], TF_LINK_BETWEEN, records);
    }
    tf_link_records_free(records);
    free(csv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pairs_levels_and_weights_are_those_of_splink),
        cmocka_unit_test(the_pairs_between_two_sources_are_those_of_splink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
