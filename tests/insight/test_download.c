#include "check.h"
#include "profile_sample.h"

#include "insight/download.h"
#include "trefoil/table/arrow.h"
#include "trefoil/table/builder.h"
#include "trefoil/table/csv.h"
#include "trefoil/table/xlsx.h"

#include <jansson.h>

static const char formulas[][24] = {"=1+1",     "+44 7700", "-2",      "@SUM(A1)", "\tTab",
                                    "\rReturn", "plain=1",  "'quoted", ""};
enum { FORMULAS = sizeof formulas / sizeof *formulas };

static tf_table *formula_table(void) {
    static const tf_builder_field fields[] = {{"area_code", TF_TYPE_TEXT, 0},
                                              {"area_name", TF_TYPE_DICTIONARY, 0},
                                              {"value", TF_TYPE_FLOAT64, 0}};
    tf_error error;
    tf_table *table = NULL;
    tf_builder *builder = tf_builder_new(fields, 3, &error);
    assert_non_null(builder);
    for (size_t i = 0; i < FORMULAS; i++) {
        tf_builder_append_text(builder, 0, tf_text_of(formulas[i]));
        tf_builder_append_text(builder, 1, tf_text_of(formulas[i]));
        tf_builder_append_double(builder, 2, -1.5);
    }
    assert_ok(tf_builder_finish(builder, &table, &error), &error);
    tf_builder_free(builder);
    return table;
}

/* OWASP, "CSV Injection": a cell that starts with = + - @, a tab or a return may be run. */
static void csv_keeps_a_text_from_being_a_formula_and_a_number_as_it_is(void **state) {
    (void)state;
    tf_table *table = formula_table();
    tf_buffer out;
    tf_buffer_init(&out);
    tf_download_csv(table, &out);
    assert_string_equal(out.data, "area_code,area_name,value\n"
                                  "'=1+1,'=1+1,-1.5\n"
                                  "'+44 7700,'+44 7700,-1.5\n"
                                  "'-2,'-2,-1.5\n"
                                  "'@SUM(A1),'@SUM(A1),-1.5\n"
                                  "'\tTab,'\tTab,-1.5\n"
                                  "\"'\rReturn\",\"'\rReturn\",-1.5\n"
                                  "plain=1,plain=1,-1.5\n"
                                  "'quoted,'quoted,-1.5\n"
                                  ",,-1.5\n");
    tf_buffer_deinit(&out);
    tf_table_free(table);
}

static void csv_writes_every_type_of_a_figure(void **state) {
    static const tf_builder_field fields[] = {
        {"month", TF_TYPE_DATE, 0},    {"count", TF_TYPE_INT64, 0}, {"year", TF_TYPE_INT32, 0},
        {"share", TF_TYPE_FLOAT64, 0}, {"is_hot", TF_TYPE_BOOL, 0}, {"name", TF_TYPE_TEXT, 0}};
    (void)state;
    tf_error error;
    tf_table *table = NULL;
    tf_builder *builder = tf_builder_new(fields, 6, &error);
    tf_builder_append_int(builder, 0, tf_days_of(2023, 5, 1));
    tf_builder_append_int(builder, 1, -9007199254740993);
    tf_builder_append_int(builder, 2, 2023);
    tf_builder_append_double(builder, 3, 0.1);
    tf_builder_append_bool(builder, 4, true);
    tf_builder_append_text(builder, 5, tf_text_of("a, \"b\""));
    for (size_t i = 0; i < 6; i++) {
        tf_builder_append_null(builder, i);
    }
    assert_ok(tf_builder_finish(builder, &table, &error), &error);
    tf_buffer out;
    tf_buffer_init(&out);
    tf_download_csv(table, &out);
    assert_string_equal(out.data, "month,count,year,share,is_hot,name\n"
                                  "2023-05,-9007199254740993,2023,0.1,true,\"a, \"\"b\"\"\"\n"
                                  ",,,,,\n");
    tf_buffer_deinit(&out);
    tf_table_free(table);
    tf_builder_free(builder);
}

/* One figure of the sample in one format. */
static tf_buffer write_figure(const char *figure, const tf_boundaries *boundaries,
                              tf_download_format format) {
    profile_sample sample;
    sample_make(&sample);
    tf_error error;
    tf_table *table = NULL;
    tf_figure_about about;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_figure_about_profile(&sample.profile, &about);
    assert_ok(tf_profile_figure_table(&sample.profile, figure, &table, &error), &error);
    assert_ok(tf_download_write(tf_profile_figure_find(figure), table, &about, boundaries, format,
                                &out, &error),
              &error);
    tf_table_free(table);
    return out;
}

static json_t *parse(const tf_buffer *text) {
    json_error_t fault;
    json_t *root = json_loadb(text->data, text->length, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        fail_msg("%s", fault.text);
    }
    return root;
}

static void json_says_what_it_holds_and_where_it_is_from(void **state) {
    (void)state;
    tf_buffer out = write_figure("trend", NULL, TF_DOWNLOAD_JSON);
    json_t *root = parse(&out);
    assert_string_equal(json_string_value(json_object_get(root, "figure")), "trend");
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "area"), "name")),
                        "Bedfordshire");
    assert_non_null(strstr(
        json_string_value(json_object_get(json_object_get(root, "licence"), "name")), "v3.0"));
    const json_t *records = json_object_get(root, "records");
    assert_int_equal(json_array_size(records), SAMPLE_MONTHS);
    const json_t *first = json_array_get(records, 0), *missing = json_array_get(records, 9);
    assert_string_equal(json_string_value(json_object_get(first, "month")), "2023-05");
    assert_int_equal(json_integer_value(json_object_get(first, "count")), 120);
    assert_true(json_is_null(json_object_get(missing, "count")));
    assert_true(json_is_true(json_object_get(missing, "is_missing")));
    const json_t *columns = json_object_get(root, "columns");
    assert_int_equal(json_array_size(columns), json_object_size(first));
    assert_string_equal(json_string_value(json_object_get(json_array_get(columns, 0), "type")),
                        "date");
    const json_t *sources = json_object_get(root, "sources");
    assert_int_equal(json_array_size(sources), 3);
    assert_string_equal(json_string_value(json_object_get(json_array_get(sources, 1), "sha256")),
                        "bb22");
    json_decref(root);
    tf_buffer_deinit(&out);
}

static void arrow_is_the_table_itself(void **state) {
    (void)state;
    tf_buffer out = write_figure("change", NULL, TF_DOWNLOAD_ARROW);
    tf_error error;
    tf_arrow_reader *reader;
    tf_table *table;
    assert_ok(tf_arrow_reader_open(out.data, out.length, 0, &reader, &error), &error);
    assert_ok(tf_arrow_reader_next(reader, &table, &error), &error);
    assert_int_equal(table->row_count, SAMPLE_AREAS);
    assert_int_equal(tf_table_get(table, "is_changed")->type, TF_TYPE_BOOL);
    assert_int_equal(((const int64_t *)tf_table_get(table, "recent_count")->values)[0], 240);
    tf_table_free(table);
    tf_arrow_reader_free(reader);
    tf_buffer_deinit(&out);
}

/* The sample's first area has a triangle, the others nothing. */
static void geojson_has_the_figure_as_properties_and_outlines_where_there_are_any(void **state) {
    (void)state;
    tf_boundary triangle = {.code = "E01000001", .name = "Luton 003B"};
    static const tf_point points[] = {{-0.5, 52}, {-0.4, 52}, {-0.4123456789, 52.1}, {-0.5, 52}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(tf_polygons_add_point(&triangle.outline, points[i], NULL), TF_OK);
    }
    assert_int_equal(tf_polygons_end_ring(&triangle.outline, NULL), TF_OK);
    assert_int_equal(tf_polygons_end_part(&triangle.outline, NULL), TF_OK);
    tf_boundaries boundaries = {
        .areas = &triangle, .area_count = 1, .outline_count = 1, .box = {{-0.5, 52}, {-0.4, 52.1}}};
    tf_buffer out = write_figure("small-areas", &boundaries, TF_DOWNLOAD_GEOJSON);
    json_t *root = parse(&out);
    assert_string_equal(json_string_value(json_object_get(root, "type")), "FeatureCollection");
    const json_t *features = json_object_get(root, "features");
    assert_int_equal(json_array_size(features), SAMPLE_AREAS);
    const json_t *first = json_array_get(features, 0);
    const json_t *properties = json_object_get(first, "properties");
    assert_string_equal(json_string_value(json_object_get(properties, "area_code")), "E01000001");
    assert_int_equal(json_integer_value(json_object_get(properties, "count")), 240);
    const json_t *ring =
        json_array_get(json_object_get(json_object_get(first, "geometry"), "coordinates"), 0);
    assert_int_equal(json_array_size(ring), 4);
    assert_non_null(strstr(out.data, "[-0.412346,52.1]"));
    assert_true(json_is_null(json_object_get(json_array_get(features, 1), "geometry")));
    json_decref(root);
    tf_buffer_deinit(&out);
    tf_polygons_deinit(&triangle.outline);
}

static void a_figure_that_is_not_of_areas_has_no_geojson(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    tf_error error;
    tf_table *table = NULL;
    tf_figure_about about;
    tf_boundaries boundaries = {0};
    tf_buffer out;
    tf_buffer_init(&out);
    tf_figure_about_profile(&sample.profile, &about);
    assert_ok(tf_profile_figure_table(&sample.profile, "trend", &table, &error), &error);
    assert_int_equal(tf_download_write(tf_profile_figure_find("trend"), table, &about, &boundaries,
                                       TF_DOWNLOAD_GEOJSON, &out, &error),
                     TF_UNSUPPORTED);
    tf_table_free(table);
    tf_buffer_deinit(&out);
}

/* Cells of a sheet, in lines of "a|b|c". */
static tf_status gather(void *context, int64_t row, const tf_text *cells, size_t cell_count,
                        tf_error *error) {
    tf_buffer *lines = context;
    (void)row;
    for (size_t i = 0; i < cell_count; i++) {
        tf_buffer_append(lines, "|", i > 0);
        tf_buffer_append(lines, cells[i].data, cells[i].length);
    }
    tf_buffer_append_text(lines, "\n");
    return tf_buffer_check(lines, error);
}

static char *sheet_of(const tf_buffer *workbook, const char *sheet) {
    tf_error error;
    tf_buffer lines;
    tf_buffer_init(&lines);
    assert_ok(tf_xlsx_read_memory(workbook->data, workbook->length, sheet, gather, &lines, &error),
              &error);
    return lines.data;
}

static void a_workbook_has_a_sheet_for_each_figure_and_one_on_its_sources(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    tf_error error;
    tf_buffer out;
    tf_buffer_init(&out);
    assert_ok(tf_download_profile_workbook(&sample.profile, &out, &error), &error);
    char *months = sheet_of(&out, "Months"), *areas = sheet_of(&out, "Small areas"),
         *sources = sheet_of(&out, "Sources");
    assert_non_null(strstr(months, "45047|120|FALSE|146.1|101.25|190.95\n")); /* 2023-05-01 */
    assert_non_null(strstr(areas, "E01000002|Luton 012C|120|"));
    assert_non_null(strstr(sources, "Licence|Open Government Licence v3.0\n"));
    assert_non_null(strstr(sources, "Period|2023-05 to 2024-04\n"));
    assert_non_null(strstr(sources, "street|2023-05-bedfordshire-street.csv|aa11|5000\n"));
    assert_non_null(strstr(sources, "Note|The small areas are those of 2021"));
    tf_free(months);
    tf_free(areas);
    tf_free(sources);
    tf_buffer again;
    tf_buffer_init(&again);
    assert_ok(tf_download_profile_workbook(&sample.profile, &again, &error), &error);
    assert_int_equal(again.length, out.length);
    assert_memory_equal(again.data, out.data, out.length); /* whenever it is made */
    tf_buffer_deinit(&again);
    tf_buffer_deinit(&out);
}

static void one_figure_makes_a_workbook_of_two_sheets(void **state) {
    (void)state;
    for (size_t i = 0; i < tf_profile_figure_count(); i++) {
        const tf_figure_kind *kind = tf_profile_figure_kind(i);
        tf_buffer out = write_figure(kind->name, NULL, TF_DOWNLOAD_XLSX);
        char *sheet = sheet_of(&out, kind->title), *sources = sheet_of(&out, "Sources");
        assert_non_null(sheet);
        assert_non_null(strstr(sources, "Area|Bedfordshire\n"));
        tf_free(sheet);
        tf_free(sources);
        tf_buffer_deinit(&out);
    }
}

static void file_names_are_plain(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    sample.profile.area_name = "../Devon & Cornwall\r\nX: \"y\"";
    tf_figure_about about;
    char name[TF_DOWNLOAD_NAME_SIZE];
    tf_figure_about_profile(&sample.profile, &about);
    assert_string_equal(tf_download_file_name(&about, "small-areas", TF_DOWNLOAD_CSV, name),
                        "trefoil-devon-and-cornwall-x-y-drugs-2023-05-2024-04-small-areas.csv");
    assert_string_equal(tf_download_file_name(&about, NULL, TF_DOWNLOAD_ARROW, name),
                        "trefoil-devon-and-cornwall-x-y-drugs-2023-05-2024-04.arrows");
    about.area_name = NULL;
    about.layer = "local authority";
    assert_string_equal(tf_download_file_name(&about, "areas", TF_DOWNLOAD_XLSX, name),
                        "trefoil-all-local-authority-drugs-2023-05-2024-04-areas.xlsx");
}

static void formats_are_found_by_their_names(void **state) {
    (void)state;
    for (tf_download_format format = 0; format < TF_DOWNLOAD_COUNT; format++) {
        tf_download_format found;
        assert_true(tf_download_find(tf_download_kind_of(format)->name, &found));
        assert_int_equal(found, format);
    }
    tf_download_format found;
    assert_false(tf_download_find("pdf", &found));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_keeps_a_text_from_being_a_formula_and_a_number_as_it_is),
        cmocka_unit_test(csv_writes_every_type_of_a_figure),
        cmocka_unit_test(json_says_what_it_holds_and_where_it_is_from),
        cmocka_unit_test(arrow_is_the_table_itself),
        cmocka_unit_test(geojson_has_the_figure_as_properties_and_outlines_where_there_are_any),
        cmocka_unit_test(a_figure_that_is_not_of_areas_has_no_geojson),
        cmocka_unit_test(a_workbook_has_a_sheet_for_each_figure_and_one_on_its_sources),
        cmocka_unit_test(one_figure_makes_a_workbook_of_two_sheets),
        cmocka_unit_test(file_names_are_plain),
        cmocka_unit_test(formats_are_found_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
