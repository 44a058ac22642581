#include "check.h"

#include "fail_allocations.h"

#include "trefoil/base/date.h"
#include "trefoil/table/archive.h"
#include "trefoil/table/builder.h"
#include "trefoil/table/xlsx.h"
#include "trefoil/table/xlsx_writer.h"

static const tf_workbook_about about = {"Title", "Subject", "Comments", 1714521600000000};

/* Every type, a row of values and a row of nulls. */
static tf_table *make_table(const char *text) {
    static const tf_builder_field fields[] = {
        {"bool", TF_TYPE_BOOL, 0},       {"int", TF_TYPE_INT32, 0}, {"long", TF_TYPE_INT64, 0},
        {"number", TF_TYPE_FLOAT64, 0},  {"day", TF_TYPE_DATE, 0},  {"time", TF_TYPE_TIMESTAMP, 0},
        {"word", TF_TYPE_DICTIONARY, 0}, {"text", TF_TYPE_TEXT, 0}};
    tf_error error;
    tf_table *table = NULL;
    tf_builder *builder = tf_builder_new(fields, 8, &error);
    assert_non_null(builder);
    tf_builder_append_bool(builder, 0, true);
    tf_builder_append_int(builder, 1, -7);
    tf_builder_append_int(builder, 2, 1234567890123);
    tf_builder_append_double(builder, 3, 0.125);
    tf_builder_append_int(builder, 4, tf_days_of(2023, 5, 1));
    tf_builder_append_int(builder, 5, (int64_t)tf_days_of(2023, 5, 1) * 86400000000 + 43200000000);
    tf_builder_append_text(builder, 6, tf_text_of("w\xC3\xB6rd"));
    tf_builder_append_text(builder, 7, tf_text_of(text));
    for (size_t i = 0; i < 8; i++) {
        tf_builder_append_null(builder, i);
    }
    assert_ok(tf_builder_finish(builder, &table, &error), &error);
    tf_builder_free(builder);
    return table;
}

static tf_status gather(void *context, int64_t row, const tf_text *cells, size_t cell_count,
                        tf_error *error) {
    tf_buffer *lines = context;
    tf_buffer_format(lines, "%d: ", (int)row);
    for (size_t i = 0; i < cell_count; i++) {
        tf_buffer_append(lines, "|", i > 0);
        tf_buffer_append(lines, cells[i].data, cells[i].length);
    }
    tf_buffer_append_text(lines, "\n");
    return tf_buffer_check(lines, error);
}

static void check_sheet(const tf_buffer *workbook, const char *sheet, const char *expected) {
    tf_error error;
    tf_buffer lines;
    tf_buffer_init(&lines);
    assert_ok(tf_xlsx_read_memory(workbook->data, workbook->length, sheet, gather, &lines, &error),
              &error);
    assert_string_equal(lines.data, expected);
    tf_buffer_deinit(&lines);
}

static void write_one(const tf_sheet *sheets, size_t count, tf_buffer *out) {
    tf_error error;
    tf_buffer_init(out);
    assert_ok(tf_xlsx_write(sheets, count, &about, out, &error), &error);
}

/* 45047 is 2023-05-01, in days since 1899-12-30. */
static void every_type_comes_back_from_its_cell(void **state) {
    (void)state;
    tf_table *table = make_table("a <b> & \"c\"");
    tf_sheet sheet = {"Values", table, NULL};
    tf_buffer out;
    write_one(&sheet, 1, &out);
    check_sheet(&out, "Values",
                "1: bool|int|long|number|day|time|word|text\n"
                "2: TRUE|-7|1234567890123|0.125|45047|45047.5|w\xC3\xB6rd|a <b> & \"c\"\n");
    tf_buffer_deinit(&out);
    tf_table_free(table);
}

/* The text of a part of the workbook. */
static char *part_of(const tf_buffer *workbook, const char *name) {
    tf_error error;
    tf_archive *archive;
    assert_ok(tf_archive_open_memory(workbook->data, workbook->length, "w", &archive, &error),
              &error);
    char *text = NULL;
    for (size_t i = 0; i < tf_archive_member_count(archive) && !text; i++) {
        if (strcmp(tf_archive_member_name(archive, i), name) == 0) {
            enum { SIZE = 1 << 20 };
            tf_source *source;
            size_t length;
            text = calloc(1, SIZE);
            assert_ok(tf_archive_open_member(archive, i, &source, &error), &error);
            assert_ok(tf_source_read(source, text, SIZE - 1, &length, &error), &error);
            tf_source_close(source);
        }
    }
    tf_archive_close(archive);
    assert_non_null(text);
    return text;
}

static void text_is_never_a_formula_or_a_link(void **state) {
    static const char *const texts[] = {"=1+1", "=HYPERLINK(\"http://x\")", "+1",
                                        "@A1",  "http://example.org/",      "mailto:a@b",
                                        "{=1}"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tf_table *table = make_table(texts[i]);
        tf_sheet sheet = {"Values", table, NULL};
        tf_buffer out;
        write_one(&sheet, 1, &out);
        char *cells = part_of(&out, "xl/worksheets/sheet1.xml");
        assert_null(strstr(cells, "<f>"));
        assert_null(strstr(cells, "hyperlink"));
        assert_non_null(strstr(cells, "<c r=\"H2\" t=\"s\">"));
        free(cells);
        tf_buffer_deinit(&out);
        tf_table_free(table);
    }
}

static void the_header_stays_in_sight_and_filters(void **state) {
    (void)state;
    tf_table *table = make_table("x");
    tf_sheet sheet = {"Values", table, NULL};
    tf_buffer out;
    write_one(&sheet, 1, &out);
    char *cells = part_of(&out, "xl/worksheets/sheet1.xml");
    assert_non_null(strstr(cells, "<pane ySplit=\"1\" topLeftCell=\"A2\""));
    assert_non_null(strstr(cells, "state=\"frozen\""));
    assert_non_null(strstr(cells, "<autoFilter ref=\"A1:H3\"/>"));
    free(cells);
    tf_buffer_deinit(&out);
    tf_table_free(table);
}

static void formats_are_those_asked_for(void **state) {
    static const tf_sheet_format formats[] = {TF_SHEET_PLAIN,   TF_SHEET_YEAR,  TF_SHEET_PLAIN,
                                              TF_SHEET_PERCENT, TF_SHEET_MONTH, TF_SHEET_DATE,
                                              TF_SHEET_PLAIN,   TF_SHEET_PLAIN};
    (void)state;
    tf_table *table = make_table("x");
    tf_sheet sheet = {"Values", table, formats};
    tf_buffer out;
    write_one(&sheet, 1, &out);
    char *styles = part_of(&out, "xl/styles.xml");
    assert_non_null(strstr(styles, "formatCode=\"0.0%\""));
    assert_non_null(strstr(styles, "formatCode=\"yyyy\\-mm\""));
    assert_non_null(strstr(styles, "formatCode=\"yyyy\\-mm\\-dd\""));
    free(styles);
    tf_buffer_deinit(&out);
    tf_table_free(table);
}

static void the_same_tables_are_the_same_bytes(void **state) {
    (void)state;
    tf_table *table = make_table("x");
    tf_sheet sheet = {"Values", table, NULL};
    tf_buffer first, second;
    write_one(&sheet, 1, &first);
    write_one(&sheet, 1, &second);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    char *core = part_of(&first, "docProps/core.xml");
    assert_non_null(strstr(core, "2024-05-01T00:00:00Z"));
    free(core);
    tf_buffer_deinit(&first);
    tf_buffer_deinit(&second);
    tf_table_free(table);
}

static void sheets_get_names_that_excel_takes(void **state) {
    (void)state;
    tf_table *table = make_table("x");
    tf_sheet sheets[] = {{"What's [this]: a/b\\c?*", table, NULL},
                         {"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
                          "\xC3\xA9\xC3\xA9 a long name of more than thirty characters",
                          table, NULL}};
    tf_buffer out;
    write_one(sheets, 2, &out);
    tf_error error;
    char **names;
    size_t count;
    char path[] = "/tmp/trefoil-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(write(file, out.data, out.length) == (ssize_t)out.length);
    close(file);
    assert_ok(tf_xlsx_sheets(path, &names, &count, &error), &error);
    unlink(path);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "What s  this   a b c  ");
    assert_string_equal(names[1], "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
                                  "\xC3\xA9\xC3\xA9\xC3\xA9 a long name of more ");
    tf_free(names);
    tf_buffer_deinit(&out);
    tf_table_free(table);
}

static void what_no_sheet_holds_is_refused_and_leaves_nothing(void **state) {
    (void)state;
    tf_error error;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_append_text(&out, "before");
    char *text = malloc(40000);
    memset(text, 'x', 39999);
    text[39999] = '\0';
    tf_table *table = make_table(text);
    tf_sheet sheets[] = {{"One", table, NULL}, {"one", table, NULL}};
    assert_int_equal(tf_xlsx_write(sheets, 1, &about, &out, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "32767"));
    tf_table_free(table);
    free(text);
    table = make_table("x");
    sheets[0].table = sheets[1].table = table;
    assert_int_equal(tf_xlsx_write(sheets, 2, &about, &out, &error), TF_BAD_INPUT);
    table->row_count = 1048576;
    assert_int_equal(tf_xlsx_write(sheets, 1, &about, &out, &error), TF_BAD_INPUT);
    table->row_count = 2;
    assert_string_equal(out.data, "before");
    tf_buffer_deinit(&out);
    tf_table_free(table);
}

static void a_table_without_rows_is_a_header(void **state) {
    static const tf_builder_field fields[] = {{"name", TF_TYPE_TEXT, 0},
                                              {"count", TF_TYPE_INT64, 0}};
    (void)state;
    tf_error error;
    tf_table *table = NULL;
    tf_builder *builder = tf_builder_new(fields, 2, &error);
    assert_ok(tf_builder_finish(builder, &table, &error), &error);
    tf_builder_free(builder);
    tf_sheet sheet = {"Empty", table, NULL};
    tf_buffer out;
    write_one(&sheet, 1, &out);
    check_sheet(&out, "Empty", "1: name|count\n");
    tf_buffer_deinit(&out);
    tf_table_free(table);
}

/* Those of our own; the library's are out of reach. */
static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    tf_table *table = make_table("x");
    tf_sheet sheet = {"Values", table, NULL};
    for (long n = 0;; n++) {
        tf_buffer out;
        tf_buffer_init(&out);
        fail_allocation(n);
        tf_status status = tf_xlsx_write(&sheet, 1, &about, &out, NULL);
        bool was_reached = stop_failing_allocations();
        size_t length = out.length;
        tf_buffer_deinit(&out);
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 1);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_int_equal(length, 0);
    }
    tf_table_free(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_comes_back_from_its_cell),
        cmocka_unit_test(text_is_never_a_formula_or_a_link),
        cmocka_unit_test(the_header_stays_in_sight_and_filters),
        cmocka_unit_test(formats_are_those_asked_for),
        cmocka_unit_test(the_same_tables_are_the_same_bytes),
        cmocka_unit_test(sheets_get_names_that_excel_takes),
        cmocka_unit_test(what_no_sheet_holds_is_refused_and_leaves_nothing),
        cmocka_unit_test(a_table_without_rows_is_a_header),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
