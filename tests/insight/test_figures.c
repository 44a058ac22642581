#include "check.h"
#include "profile_sample.h"

#include "insight/figures.h"

#include <ctype.h>

static tf_profile *make_sample(profile_sample *sample) {
    sample_make(sample);
    return &sample->profile;
}

static tf_table *table_of(const tf_profile *profile, const char *name) {
    tf_error error;
    tf_table *table = NULL;
    assert_ok(tf_profile_figure_table(profile, name, &table, &error), &error);
    return table;
}

static void check_kind(const tf_figure_kind *kind, const tf_table *table) {
    assert_int_equal(table->column_count, kind->column_count);
    for (size_t i = 0; i < kind->column_count; i++) {
        const tf_figure_column *column = &kind->columns[i];
        assert_string_equal(table->columns[i].name, column->name);
        assert_int_equal(table->columns[i].type, column->type);
        assert_true(strlen(column->help) > 0);
        for (const char *c = column->name; *c; c++) {
            assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_');
        }
    }
    assert_int_equal(kind->has_geometry, tf_table_get(table, "area_code") != NULL);
}

static void every_figure_of_a_profile_has_the_columns_it_declares(void **state) {
    (void)state;
    profile_sample sample;
    const tf_profile *profile = make_sample(&sample);
    assert_true(tf_profile_figure_count() >= 9);
    for (size_t i = 0; i < tf_profile_figure_count(); i++) {
        const tf_figure_kind *kind = tf_profile_figure_kind(i);
        assert_ptr_equal(tf_profile_figure_find(kind->name), kind);
        tf_table *table = table_of(profile, kind->name);
        check_kind(kind, table);
        assert_true(table->row_count > 0);
        tf_table_free(table);
    }
}

static double number_at(const tf_table *table, const char *name, int64_t row) {
    const tf_column *column = tf_table_get(table, name);
    assert_non_null(column);
    return tf_column_is_null(column, row) ? NAN : ((const double *)column->values)[row];
}

static int64_t count_at(const tf_table *table, const char *name, int64_t row) {
    const tf_column *column = tf_table_get(table, name);
    assert_non_null(column);
    assert_false(tf_column_is_null(column, row));
    return ((const int64_t *)column->values)[row];
}

static void a_month_without_a_file_has_no_count(void **state) {
    (void)state;
    profile_sample sample;
    tf_table *table = table_of(make_sample(&sample), "trend");
    assert_int_equal(table->row_count, SAMPLE_MONTHS);
    assert_int_equal(count_at(table, "count", 0), 120);
    assert_true(tf_column_is_null(tf_table_get(table, "count"), 9));
    assert_true(tf_bit_get(tf_table_get(table, "is_missing")->values, 9));
    const int32_t *days = tf_table_get(table, "month")->values;
    assert_int_equal(days[0], tf_days_of(2023, 5, 1));
    assert_int_equal(days[11], tf_days_of(2024, 4, 1));
    assert_true(tf_column_is_null(tf_table_get(table, "signal"), 0));
    assert_true(
        tf_text_equal(tf_column_text(tf_table_get(table, "signal"), 5), tf_text_of("above_limit")));
    assert_near(number_at(table, "upper_limit", 3), 190.95, 0);
    tf_table_free(table);
}

static void shares_are_of_their_sum(void **state) {
    (void)state;
    profile_sample sample;
    tf_profile *profile = make_sample(&sample);
    tf_table *table = table_of(profile, "outcomes");
    double total = 0;
    for (int64_t row = 0; row < table->row_count; row++) {
        assert_int_equal(count_at(table, "count", row), profile->outcomes.outcomes[row].count);
        total += number_at(table, "share", row);
    }
    assert_near(total, 1, 1e-12);
    tf_table_free(table);
}

static void small_areas_have_their_values_or_none(void **state) {
    (void)state;
    profile_sample sample;
    tf_profile *profile = make_sample(&sample);
    profile->areas[1].gi_star_z = profile->areas[1].p = profile->areas[1].q = NAN;
    profile->areas[2].change = sample_unknown("why");
    profile->areas[2].change_p = NAN;
    tf_table *areas = table_of(profile, "small-areas"), *change = table_of(profile, "change");
    assert_int_equal(areas->row_count, SAMPLE_AREAS);
    assert_near(number_at(areas, "gi_star_z", 0), profile->areas[0].gi_star_z, 0);
    assert_true(tf_column_is_null(tf_table_get(areas, "gi_star_z"), 1));
    assert_true(tf_column_is_null(tf_table_get(areas, "is_hot"), 1));
    assert_int_equal(count_at(change, "recent_count", 0), profile->areas[0].recent_count);
    assert_true(isnan(number_at(change, "rate_ratio", 2)));
    assert_true(tf_column_is_null(tf_table_get(change, "is_changed"), 2));
    tf_table_free(areas);
    tf_table_free(change);
}

static void a_figure_that_does_not_exist_is_refused_with_those_that_do(void **state) {
    (void)state;
    profile_sample sample;
    tf_error error;
    tf_table *table;
    assert_int_equal(tf_profile_figure_table(make_sample(&sample), "sankey", &table, &error),
                     TF_NOT_FOUND);
    assert_null(table);
    assert_non_null(strstr(error.message, "small-areas"));
    assert_null(tf_profile_figure_find("sankey"));
    assert_null(tf_comparison_figure_find("trend"));
}

static tf_comparison make_comparison(tf_comparison_area *areas, tf_comparison_curve *curve) {
    static const tf_funnel_limits none = {NAN, NAN, NAN, NAN};
    areas[0] = (tf_comparison_area){.code = "A1",
                                    .name = "Alphaton 001A",
                                    .count = 12,
                                    .population = 1000,
                                    .population_year = 2023,
                                    .rate_per_1000 = sample_figure(12, 6, 21),
                                    .expected = 10,
                                    .limits = {1, 4, 16, 21},
                                    .wide_limits = {0, 2, 18, 25},
                                    .position = TF_FUNNEL_WITHIN};
    areas[1] = (tf_comparison_area){.code = "A2",
                                    .name = "Alphaton 001B",
                                    .count = 3,
                                    .missing_months = 2,
                                    .population = NAN,
                                    .rate_per_1000 = sample_unknown("no population"),
                                    .expected = NAN,
                                    .limits = none,
                                    .wide_limits = none};
    curve[0] = (tf_comparison_curve){500, {0, 2, 20, 30}, {0, 1, 22, 34}};
    return (tf_comparison){.within_code = "F1",
                           .within_name = "Avalon",
                           .layer = TF_LAYER_SMALL_AREA,
                           .from = tf_month_of(2023, 5),
                           .to = tf_month_of(2023, 6),
                           .group = "drugs",
                           .group_title = "Drugs",
                           .areas = areas,
                           .area_count = 2,
                           .rated_count = 1,
                           .overall_rate_per_1000 = 10,
                           .curve = curve,
                           .curve_count = 1};
}

static void every_figure_of_a_comparison_has_the_columns_it_declares(void **state) {
    (void)state;
    tf_comparison_area areas[2];
    tf_comparison_curve curve[1];
    tf_comparison comparison = make_comparison(areas, curve);
    for (size_t i = 0; i < tf_comparison_figure_count(); i++) {
        tf_error error;
        tf_table *table = NULL;
        const tf_figure_kind *kind = tf_comparison_figure_kind(i);
        assert_ok(tf_comparison_figure_table(&comparison, kind->name, &table, &error), &error);
        check_kind(kind, table);
        if (strcmp(kind->name, "areas") == 0) {
            assert_near(number_at(table, "rate_per_1000", 0), 12, 0);
            assert_near(number_at(table, "wide_upper_998", 0), 25, 0);
            assert_true(tf_text_equal(tf_column_text(tf_table_get(table, "position"), 0),
                                      tf_text_of("within")));
            assert_true(tf_column_is_null(tf_table_get(table, "population_year"), 1));
            assert_true(tf_column_is_null(tf_table_get(table, "rate_lower"), 1));
            assert_true(tf_column_is_null(tf_table_get(table, "position"), 1));
        }
        tf_table_free(table);
    }
}

static void titles_say_what_where_and_when(void **state) {
    (void)state;
    profile_sample sample;
    tf_comparison_area areas[2];
    tf_comparison_curve curve[1];
    tf_comparison comparison = make_comparison(areas, curve);
    tf_figure_about about;
    tf_figure_about_comparison(&comparison, &about);
    assert_string_equal(about.title, "Drugs: small areas of Avalon, May to June 2023");
    comparison.within_code = comparison.within_name = NULL;
    comparison.layer = TF_LAYER_AUTHORITY;
    tf_figure_about_comparison(&comparison, &about);
    assert_string_equal(about.title, "Drugs: all local authorities, May to June 2023");
    const tf_profile *profile = make_sample(&sample);
    tf_figure_about_profile(profile, &about);
    assert_non_null(strstr(about.title, profile->area_name));
    assert_int_equal(about.source_count, profile->source_count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_of_a_profile_has_the_columns_it_declares),
        cmocka_unit_test(a_month_without_a_file_has_no_count),
        cmocka_unit_test(shares_are_of_their_sum),
        cmocka_unit_test(small_areas_have_their_values_or_none),
        cmocka_unit_test(a_figure_that_does_not_exist_is_refused_with_those_that_do),
        cmocka_unit_test(every_figure_of_a_comparison_has_the_columns_it_declares),
        cmocka_unit_test(titles_say_what_where_and_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
