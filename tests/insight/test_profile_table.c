#include "check.h"

#include "insight/download.h"
#include "insight/profile_table.h"
#include "profile_sample.h"

/* The row of a figure, of an area and a category where they are given; -1 if there is none. */
static int64_t find(const tf_table *table, const char *figure, const char *area,
                    const char *category) {
    for (int64_t row = 0; row < table->row_count; row++) {
        tf_text names[] = {tf_column_text(tf_table_get(table, "figure"), row),
                           tf_column_text(tf_table_get(table, "area_code"), row),
                           tf_column_text(tf_table_get(table, "category"), row)};
        if (tf_text_equal(names[0], tf_text_of(figure)) &&
            (!area || tf_text_equal(names[1], tf_text_of(area))) &&
            (!category || tf_text_equal(names[2], tf_text_of(category)))) {
            return row;
        }
    }
    return -1;
}

static bool is_null(const tf_table *table, const char *column, int64_t row) {
    return tf_column_is_null(tf_table_get(table, column), row);
}

static double number(const tf_table *table, const char *column, int64_t row) {
    assert_true(row >= 0);
    assert_false(is_null(table, column, row));
    return ((const double *)tf_table_get(table, column)->values)[row];
}

static void every_figure_has_its_row(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    tf_table *table;
    tf_error error;
    assert_ok(tf_profile_table_make(&sample.profile, &table, &error), &error);
    assert_near(number(table, "value", find(table, "count", NULL, "drugs")), 1607, 0);
    int64_t rate = find(table, "rate_per_1000", "bedfordshire", NULL);
    assert_near(number(table, "value", rate), 2.28, 0);
    assert_near(number(table, "lower", rate), 2.17, 0);
    assert_near(number(table, "upper", rate), 2.39, 0);
    assert_near(number(table, "value", find(table, "population", NULL, "2022")), 704736, 0);
    int64_t change = find(table, "change_rate_ratio", NULL, "2023-05/2024-04");
    assert_near(number(table, "value", change), 1.12, 0);
    assert_near(
        number(table, "value", find(table, "change_previous_count", NULL, "2022-05/2023-04")), 1435,
        0);
    int64_t month = find(table, "month_count", NULL, NULL) + 1; /* its chart */
    assert_near(number(table, "lower", month), 101.25, 0);
    assert_near(number(table, "value", find(table, "alert_threshold", NULL, "EARS C2")), 158.5, 0);
    assert_true(is_null(table, "value", find(table, "alert_threshold", NULL, "EARS C3")));
    assert_true(find(table, "month_signal", NULL, "above_limit") >= 0);
    assert_near(number(table, "value", find(table, "area_count", "W01000004", NULL)), 60, 0);
    assert_near(number(table, "value", find(table, "area_hot", "E01000001", NULL)), 1, 0);
    assert_near(number(table, "value", find(table, "area_hot", "E01000003", NULL)), 0, 0);
    assert_near(number(table, "lower", find(table, "area_rate_ratio", "W01000004", NULL)), 4.2, 0);
    assert_true(is_null(table, "value", find(table, "area_rate_ratio", "W01000004", NULL)));
    assert_near(number(table, "value", find(table, "outcome", NULL, "Caution")), 500, 0);
    assert_near(number(table, "value", find(table, "outcome_join", NULL, "joined")), 1450, 0);
    assert_near(number(table, "value", find(table, "search_outcome", NULL, "Arrest")), 300, 0);
    assert_near(number(table, "upper", find(table, "search_found_share", NULL, NULL)), 0.329, 0);
    assert_near(
        number(table, "value", find(table, "harm_total", NULL, "Cambridge Crime Harm Index")), 8035,
        0);
    assert_near(
        number(table, "value",
               find(table, "source_rows", NULL, "2023-05-bedfordshire-street.csv sha256:aa11")),
        5000, 0);
    assert_true(find(table, "note", NULL, sample.notes[0]) >= 0);
    tf_table_free(table);
}

static void what_is_not_known_is_null_with_its_reason(void **state) {
    (void)state;
    profile_sample sample;
    sample_make_empty(&sample);
    tf_table *table;
    tf_error error;
    assert_ok(tf_profile_table_make(&sample.profile, &table, &error), &error);
    const struct {
        const char *figure;
        const char *reason;
    } unknown[] = {
        {"rate_per_1000", sample.profile.rate_per_1000.note},
        {"population", sample.profile.rate_per_1000.note},
        {"change_rate_ratio", sample.profile.change.rate_ratio.note},
        {"area_gi_star_z", sample.profile.areas_note},
        {"area_hot", sample.profile.areas_note},
        {"search_count", sample.profile.searches.note},
    };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        int64_t row = find(table, unknown[i].figure, NULL, unknown[i].reason);
        assert_true(row >= 0);
        assert_true(is_null(table, "value", row));
    }
    tf_table_free(table);
}

static void the_csv_has_quotes_where_they_are_needed(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    tf_table *table;
    tf_error error;
    assert_ok(tf_profile_table_make(&sample.profile, &table, &error), &error);
    tf_buffer out;
    tf_buffer_init(&out);
    tf_download_csv(table, &out);
    assert_ok(tf_buffer_check(&out, &error), &error);
    assert_ptr_equal(
        strstr(out.data, "figure,area_code,area_name,month,category,value,lower,upper\n"),
        out.data);
    assert_non_null(
        strstr(out.data, "\nrate_per_1000,bedfordshire,Bedfordshire,,,2.28,2.17,2.39\n"));
    assert_non_null(strstr(out.data, "\nmonth_count,bedfordshire,Bedfordshire,2023-05,,120,,\n"));
    assert_non_null(strstr(out.data, "\narea_count,E01000013,\"Quote \"\"Q\"\", 1\",,,18,,\n"));
    assert_non_null(strstr(
        out.data, "\nmonth_count,bedfordshire,Bedfordshire,2024-02,no file was imported,,,\n"));
    tf_buffer_deinit(&out);
    tf_table_free(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_has_its_row),
        cmocka_unit_test(what_is_not_known_is_null_with_its_reason),
        cmocka_unit_test(the_csv_has_quotes_where_they_are_needed),
    };
    return cmocka_run_group_tests_name("insight/profile_table", tests, NULL, NULL);
}
