/* Profiles, comparisons and series. */
#include "county.h"

#include "insight/download.h"
#include "trefoil/table/arrow.h"
#include "web/api/openapi.h"

#define YEAR "from=2023-04&to=2024-03"

/* ---- profile ---- */

static void a_profile_has_the_counts_of_the_files(void **state) {
    json_t *json = get_json(state, "/api/v1/profile?area=larkenshire&type=drugs&" YEAR);
    assert_string_equal(text_at(json, "area.name"), "Larkenshire");
    assert_string_equal(text_at(json, "period.from"), "2023-04");
    assert_int_equal(int_at(json, "count"), 120);
    assert_near(json_number_value(at(json, "rate_per_1000.value")), 12, 1e-9);
    assert_int_equal(json_array_size(at(json, "months")), 12);
    assert_int_equal(int_at(json, "months.0.count"), 10);
    json_decref(json);
}

static void without_a_period_it_is_the_latest_twelve_months(void **state) {
    json_t *json = get_json(state, "/api/v1/profile?area=E06900001");
    assert_string_equal(text_at(json, "period.from"), "2023-04");
    assert_string_equal(text_at(json, "period.to"), "2024-03");
    assert_string_equal(text_at(json, "group"), "drugs");
    assert_int_equal(int_at(json, "count"), 36);
    json_decref(json);
}

static void one_month_alone_gives_the_other_end(void **state) {
    json_t *json = get_json(state, "/api/v1/profile?area=larkenshire&from=2024-02");
    assert_string_equal(text_at(json, "period.to"), "2024-03");
    json_decref(json);
    json = get_json(state, "/api/v1/profile?area=larkenshire&from=2030-02");
    assert_string_equal(text_at(json, "period.to"), "2030-02");
    json_decref(json);
    json = get_json(state, "/api/v1/profile?area=larkenshire&to=2023-12");
    assert_string_equal(text_at(json, "period.from"), "2023-01");
    json_decref(json);
}

static void a_hostile_name_is_text_in_json(void **state) {
    json_t *json = get_json(state, "/api/v1/profile?area=E01900002&type=drugs&" YEAR);
    assert_string_equal(text_at(json, "area.name"), HOSTILE_NAME);
    json_decref(json);
}

/* What a file of a format starts with: RFC 4180 has a header, RFC 8259 an object, a ZIP archive the
 * signature of its first member, an Arrow stream the mark of a message. */
static bool is_of_format(const reply *got, tf_download_format format) {
    static const char *const starts[TF_DOWNLOAD_COUNT] = {
        [TF_DOWNLOAD_JSON] = "{\"",
        [TF_DOWNLOAD_ARROW] = "\xFF\xFF\xFF\xFF",
        [TF_DOWNLOAD_XLSX] = "PK\x03\x04",
        [TF_DOWNLOAD_GEOJSON] = "{\"type\":\"FeatureCollection\"",
    };
    if (format == TF_DOWNLOAD_CSV) {
        size_t length = strcspn(got->body, "\n");
        return length && length == strspn(got->body, "abcdefghijklmnopqrstuvwxyz_0123456789,");
    }
    return strncmp(got->body, starts[format], strlen(starts[format])) == 0;
}

static void every_figure_comes_in_every_format(void **state) {
    for (size_t i = 0; i < tf_profile_figure_count(); i++) {
        const tf_figure_kind *kind = tf_profile_figure_kind(i);
        for (tf_download_format format = 0; format < TF_DOWNLOAD_COUNT; format++) {
            const tf_download_kind *download = tf_download_kind_of(format);
            char target[256];
            snprintf(target, sizeof target,
                     "/api/v1/profile?area=larkenshire&" YEAR "&figure=%s&format=%s", kind->name,
                     download->name);
            if (download->needs_geometry && !kind->has_geometry) {
                json_t *problem = get_problem(state, target, 400);
                assert_string_equal(text_at(problem, "errors.0.field"), "format");
                json_decref(problem);
                continue;
            }
            reply got = get(state, target);
            assert_int_equal(got.status, 200);
            assert_true(reply_says(&got, "Content-Type", download->media_type));
            char attachment[256];
            bool is_attached =
                reply_header(&got, "Content-Disposition", attachment, sizeof attachment) != NULL;
            assert_int_equal(is_attached, format != TF_DOWNLOAD_JSON);
            assert_true(is_of_format(&got, format));
            reply_free(&got);
        }
    }
}

static void the_whole_profile_comes_in_every_format(void **state) {
    for (tf_download_format format = 0; format < TF_DOWNLOAD_COUNT; format++) {
        char target[160];
        snprintf(target, sizeof target, "/api/v1/profile?area=larkenshire&" YEAR "&format=%s",
                 tf_download_kind_of(format)->name);
        reply got = get(state, target);
        assert_int_equal(got.status, 200);
        assert_true(reply_says(&got, "Content-Type", tf_download_kind_of(format)->media_type));
        assert_true(is_of_format(&got, format));
        reply_free(&got);
    }
    reply got = get(state, "/api/v1/profile?area=larkenshire&" YEAR "&format=csv");
    assert_int_equal(strncmp(got.body, "figure,area_code,area_name,month,category,value,", 48), 0);
    assert_non_null(strstr(got.body, "\ncount,E23900001,Larkenshire,,drugs,120,,\n"));
    reply_free(&got);
    json_t *json = get_json_of(state, "/api/v1/profile?area=larkenshire&" YEAR "&format=geojson",
                               200, "application/geo+json");
    assert_int_equal(json_array_size(at(json, "features")), AREA_COUNT);
    assert_string_equal(text_at(json, "features.0.geometry.type"), "Polygon");
    json_decref(json);
}

/* ---- comparison ---- */

static void a_comparison_has_each_area_with_its_place_in_the_funnel(void **state) {
    json_t *json =
        get_json(state, "/api/v1/comparison?layer=small-area&within=larkenshire&type=drugs&" YEAR);
    assert_string_equal(text_at(json, "layer"), "small-area");
    assert_string_equal(text_at(json, "within.name"), "Larkenshire");
    assert_int_equal(json_array_size(at(json, "areas")), AREA_COUNT);
    /* Area N has 12 N offences and 1,000 N people: all the same rate. */
    assert_near(json_number_value(at(json, "overall_rate_per_1000")), 12, 1e-9);
    for (size_t i = 0; i < AREA_COUNT; i++) {
        json_t *area = json_array_get(at(json, "areas"), i);
        assert_near(json_number_value(at(area, "rate_per_1000.value")), 12, 1e-9);
        assert_string_equal(text_at(area, "position"), "within");
        assert_true(json_number_value(at(area, "limits.lower_95")) < 12);
    }
    json_decref(json);
}

static void authorities_are_compared_unless_something_else_is_asked(void **state) {
    json_t *json = get_json(state, "/api/v1/comparison?type=drugs&" YEAR);
    assert_string_equal(text_at(json, "layer"), "local-authority");
    assert_true(json_is_null(at(json, "within")));
    assert_int_equal(json_array_size(at(json, "areas")), 2);
    json_decref(json);
}

static void a_comparison_comes_in_every_format(void **state) {
    for (tf_download_format format = 0; format < TF_DOWNLOAD_COUNT; format++) {
        const tf_download_kind *download = tf_download_kind_of(format);
        for (size_t i = 0; i <= tf_comparison_figure_count(); i++) {
            const char *figure = i ? tf_comparison_figure_kind(i - 1)->name : "";
            char target[160];
            snprintf(target, sizeof target, "/api/v1/comparison?" YEAR "&format=%s&figure=%s",
                     download->name, figure);
            bool is_refused =
                i && download->needs_geometry && !tf_comparison_figure_kind(i - 1)->has_geometry;
            reply got = get(state, target);
            assert_int_equal(got.status, is_refused ? 400 : 200);
            assert_true(is_refused || reply_says(&got, "Content-Type", download->media_type));
            assert_true(is_refused || is_of_format(&got, format));
            reply_free(&got);
        }
    }
}

static void an_area_too_small_for_the_layer_is_refused(void **state) {
    json_t *json =
        get_problem(state, "/api/v1/comparison?layer=force&within=E06900001&type=drugs&" YEAR, 400);
    assert_non_null(strstr(text_at(json, "detail"), "does not contain a force"));
    json_decref(json);
}

/* ---- series ---- */

static void a_series_is_in_order_of_area_type_and_month(void **state) {
    json_t *json = get_json(state, "/api/v1/series?area=E01900003,larken&type=Shoplifting,drugs&"
                                   "from=2024-02&to=2024-03");
    assert_int_equal(int_at(json, "total"), 8);
    assert_string_equal(text_at(json, "records.0.area_code"), "E01900003");
    assert_string_equal(text_at(json, "records.0.type"), "Shoplifting");
    assert_string_equal(text_at(json, "records.1.month"), "2024-03");
    assert_int_equal(int_at(json, "records.2.count"), 3);
    assert_string_equal(text_at(json, "records.2.type"), "drugs");
    assert_string_equal(text_at(json, "records.4.area_name"), "Larken");
    assert_int_equal(int_at(json, "records.6.count"), 3);
    json_decref(json);
}

static void a_month_without_a_file_has_no_count(void **state) {
    json_t *json = get_json(state, "/api/v1/series?area=larkenshire&from=2022-12&to=2023-01");
    assert_true(json_is_null(at(json, "records.0.count")));
    assert_int_equal(int_at(json, "records.1.count"), 10);
    json_decref(json);
}

static void a_name_with_a_comma_is_written_with_hyphens(void **state) {
    json_t *json = get_json(state, "/api/v1/series?area=wold-and-marsh&from=2024-03&to=2024-03");
    assert_int_equal(int_at(json, "records.0.count"), 7);
    json_decref(json);
}

static void a_series_is_paged_in_json_and_whole_in_csv(void **state) {
    static const char target[] = "/api/v1/series?layer=small-area&within=larkenshire&type=drugs"
                                 "&from=2023-01&to=2024-03";
    char paged[256];
    snprintf(paged, sizeof paged, "%s&per_page=7&page=9", target);
    json_t *json = get_json(state, paged);
    assert_int_equal(int_at(json, "total"), 60);
    assert_int_equal(json_array_size(at(json, "records")), 4);
    assert_string_equal(text_at(json, "records.3.month"), "2024-03");
    json_decref(json);

    snprintf(paged, sizeof paged, "%s&format=csv", target);
    reply got = get(state, paged);
    int lines = 0;
    for (const char *next = got.body; (next = strchr(next, '\n')); next++) {
        lines++;
    }
    assert_int_equal(lines, 61);
    assert_non_null(strstr(got.body, "\nE01900001,Larken 001A,small-area,drugs,2023-01,1\n"));
    reply_free(&got);

    snprintf(paged, sizeof paged, "%s&format=csv&per_page=7", target);
    got = get(state, paged);
    char next[512];
    assert_non_null(link_of(&got, "next", next, sizeof next));
    assert_non_null(strstr(next, "format=csv&page=2"));
    reply_free(&got);
}

static void a_series_comes_as_arrow(void **state) {
    reply got = get(state, "/api/v1/series?area=larkenshire&type=drugs&format=arrow&" YEAR);
    tf_arrow_reader *reader;
    tf_table *table;
    tf_error error;
    assert_ok(tf_arrow_reader_open(got.body, got.length, 0, &reader, &error), &error);
    assert_ok(tf_arrow_reader_next(reader, &table, &error), &error);
    assert_int_equal(table->row_count, 12);
    const tf_column *counts = tf_table_get(table, "count");
    assert_int_equal(counts->type, TF_TYPE_INT64);
    assert_int_equal(((const int64_t *)counts->values)[11], 10);
    tf_table_free(table);
    tf_arrow_reader_free(reader);
    reply_free(&got);
}

static void a_list_that_is_too_long_or_empty_is_refused(void **state) {
    char target[1024] = "/api/v1/series?type=drugs&area=";
    for (int i = 0; i <= 100; i++) {
        strcat(target, "a,");
    }
    json_t *json = get_problem(state, target, 400);
    assert_string_equal(text_at(json, "errors.0.field"), "area");
    json_decref(json);
    json = get_problem(state, "/api/v1/series?type=,,", 400);
    assert_string_equal(text_at(json, "errors.0.field"), "type");
    json_decref(json);
}

/* ---- what is declared twice ---- */

/* The choices of the field "figure" of an operation, each checked by `find`; gives how many. */
static size_t count_choices(const char *id, const tf_figure_kind *find(const char *name)) {
    size_t count = 0;
    for (size_t i = 0; i < tf_api_operation_count(); i++) {
        const tf_api_operation *operation = tf_api_operation_at(i);
        for (size_t k = 0; k < operation->route.field_count; k++) {
            const tf_field *field = &operation->route.fields[k];
            bool is_wanted = strcmp(operation->id, id) == 0 && strcmp(field->name, "figure") == 0;
            for (size_t c = 0; is_wanted && field->choices[c]; c++) {
                assert_non_null(find(field->choices[c]));
                count++;
            }
        }
    }
    return count;
}

static void the_figures_that_can_be_chosen_are_those_there_are(void **state) {
    (void)state;
    assert_int_equal(count_choices("getProfile", tf_profile_figure_find),
                     tf_profile_figure_count());
    assert_int_equal(count_choices("getComparison", tf_comparison_figure_find),
                     tf_comparison_figure_count());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_has_the_counts_of_the_files),
        cmocka_unit_test(without_a_period_it_is_the_latest_twelve_months),
        cmocka_unit_test(one_month_alone_gives_the_other_end),
        cmocka_unit_test(a_hostile_name_is_text_in_json),
        cmocka_unit_test(every_figure_comes_in_every_format),
        cmocka_unit_test(the_whole_profile_comes_in_every_format),
        cmocka_unit_test(a_comparison_has_each_area_with_its_place_in_the_funnel),
        cmocka_unit_test(authorities_are_compared_unless_something_else_is_asked),
        cmocka_unit_test(a_comparison_comes_in_every_format),
        cmocka_unit_test(an_area_too_small_for_the_layer_is_refused),
        cmocka_unit_test(a_series_is_in_order_of_area_type_and_month),
        cmocka_unit_test(a_month_without_a_file_has_no_count),
        cmocka_unit_test(a_name_with_a_comma_is_written_with_hyphens),
        cmocka_unit_test(a_series_is_paged_in_json_and_whole_in_csv),
        cmocka_unit_test(a_series_comes_as_arrow),
        cmocka_unit_test(a_list_that_is_too_long_or_empty_is_refused),
        cmocka_unit_test(the_figures_that_can_be_chosen_are_those_there_are),
    };
    return cmocka_run_group_tests_name("web/api/figures", tests, county_set_up, county_tear_down);
}
