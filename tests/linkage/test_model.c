#include "golden.h"

#include "fail_allocations.h"

static double frequency(const golden_row *header, const golden_row *row, const char *column,
                        char side) {
    char name[80];
    snprintf(name, sizeof name, "tf_%s_%c", column, side);
    int cell = cell_of(header, name);
    return cell < 0 || row->cells[cell][0] == '\0' ? NAN : strtod(row->cells[cell], NULL);
}

static double weight_of_row(const tf_link_model *model, const golden_row *header,
                            const golden_row *row) {
    uint8_t levels[TF_LINK_MAX_COMPARISONS];
    double adjustment = 0;
    for (int i = 0; i < model->comparison_count; i++) {
        const tf_link_comparison *comparison = &model->comparisons[i];
        char name[80];
        snprintf(name, sizeof name, "gamma_%s", comparison->name);
        int gamma = (int)strtod(row->cells[cell_of(header, name)], NULL);
        int level = tf_link_level_of_gamma(comparison, gamma);
        assert_true(level >= 0);
        levels[i] = (uint8_t)level;
        const char *column = comparison->levels[level].tf_column;
        if (column) {
            adjustment +=
                tf_link_term_adjustment(comparison, level, frequency(header, row, column, 'l'),
                                        frequency(header, row, column, 'r'));
        }
    }
    return tf_link_pattern_weight(model, levels) + adjustment;
}

static void check_scores(const char *model_name, const char *scores_name) {
    tf_link_model *model = golden_model(model_name);
    FILE *file = open_golden(scores_name);
    golden_row header;
    golden_row row;
    int count = 0;
    assert_true(next_row(file, &header));
    for (; next_row(file, &row); count++) {
        double weight = weight_of_row(model, &header, &row);
        assert_near(weight, strtod(row.cells[cell_of(&header, "match_weight")], NULL), 1e-9);
        assert_near(tf_link_probability_of_weight(weight),
                    strtod(row.cells[cell_of(&header, "match_probability")], NULL), 1e-9);
    }
    assert_true(count > 100);
    fclose(file);
    tf_link_model_free(model);
}

static void scores_are_those_of_splink_4(void **state) {
    (void)state;
    check_scores("splink4_model.json", "splink4_scores.csv");
}

static void scores_are_those_of_splink_5(void **state) {
    (void)state;
    check_scores("splink5_model.json", "splink5_scores.csv");
}

static void probabilities_reach_neither_nan_nor_overflow(void **state) {
    (void)state;
    assert_near(tf_link_probability_of_weight(0), 0.5, 0);
    assert_near(tf_link_probability_of_weight(5000), 1, 0);
    assert_near(tf_link_probability_of_weight(-5000), 0, 0);
    assert_near(tf_link_probability_of_weight(tf_link_weight_of_probability(1e-9)), 1e-9, 1e-20);
}

static void gammas_count_up_from_the_last_level_and_skip_the_null_level(void **state) {
    (void)state;
    tf_link_model *model = golden_model("splink5_model.json");
    const tf_link_comparison *surname = &model->comparisons[1];
    assert_int_equal(surname->level_count, 4);
    assert_int_equal(tf_link_gamma(surname, 0), -1);
    assert_int_equal(tf_link_gamma(surname, 1), 2);
    assert_int_equal(tf_link_gamma(surname, 3), 0);
    assert_int_equal(tf_link_level_of_gamma(surname, 1), 2);
    assert_int_equal(tf_link_level_of_gamma(surname, 9), -1);
    tf_link_model_free(model);
}

static void a_frequency_not_known_is_taken_from_the_other_side(void **state) {
    (void)state;
    tf_link_model *model = golden_model("splink5_model.json");
    const tf_link_comparison *surname = &model->comparisons[1];
    double u = surname->levels[1].u;
    assert_near(tf_link_term_adjustment(surname, 1, 0.02, 0.05), log2(u / 0.05), 1e-12);
    assert_near(tf_link_term_adjustment(surname, 1, NAN, 0.05), log2(u / 0.05), 1e-12);
    assert_near(tf_link_term_adjustment(surname, 1, NAN, NAN), 0, 0);
    /* Half the weight, and a frequency of no less than 0.01, on the fuzzy level. */
    assert_near(tf_link_term_adjustment(surname, 2, 0.001, 0.002), 0.5 * log2(u / 0.01), 1e-12);
    assert_near(tf_link_term_adjustment(surname, 3, 0.1, 0.1), 0, 0);
    tf_link_model_free(model);
}

static void impossible_levels_have_a_finite_weight(void **state) {
    (void)state;
    tf_link_level level = {.m = 0, .u = 0.5};
    assert_near(tf_link_level_weight(&level), log2(1e-300 / 0.5), 1e-9);
    level = (tf_link_level){.m = 0.5, .u = 0};
    assert_near(tf_link_level_weight(&level), log2(0.5 / 1e-300), 1e-9);
    level.m = NAN;
    assert_true(isnan(tf_link_level_weight(&level)));
    level.is_null = true;
    assert_near(tf_link_level_weight(&level), 0, 0);
}

static void pairs_are_counted_by_the_link_type(void **state) {
    (void)state;
    const uint32_t sizes[] = {4, 3};
    assert_near(tf_link_pair_count(TF_LINK_DEDUPE, sizes, 1), 6, 0);
    assert_near(tf_link_pair_count(TF_LINK_BETWEEN, sizes, 2), 12, 0);
    assert_near(tf_link_pair_count(TF_LINK_BOTH, sizes, 2), 21, 0);
}

static void a_new_model_fails_cleanly_without_memory(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_link_model *model;
        fail_allocation(n);
        tf_status status = tf_link_model_new(&model, NULL);
        bool was_reached = stop_failing_allocations();
        tf_link_model_free(model);
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_those_of_splink_4),
        cmocka_unit_test(scores_are_those_of_splink_5),
        cmocka_unit_test(probabilities_reach_neither_nan_nor_overflow),
        cmocka_unit_test(gammas_count_up_from_the_last_level_and_skip_the_null_level),
        cmocka_unit_test(a_frequency_not_known_is_taken_from_the_other_side),
        cmocka_unit_test(impossible_levels_have_a_finite_weight),
        cmocka_unit_test(pairs_are_counted_by_the_link_type),
        cmocka_unit_test(a_new_model_fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
