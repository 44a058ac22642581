#include "fixture.h"

#include "intake/population.h"

#include <xlsxwriter.h>

#define ROWS         "SELECT code||' '||year||' '||people FROM population ORDER BY code, year"
#define REJECT_ROWS  "SELECT line||' '||reason FROM batch_reject ORDER BY line"
#define WARNING_ROWS "SELECT count||' '||kind||' '||example_line FROM batch_warning"

static tf_population_summary import(tf_db *db, const char *path, tf_population_options options) {
    tf_error error;
    tf_population_summary summary;
    assert_ok(tf_population_import(db, path, &options, &summary, &error), &error);
    return summary;
}

static void expect_failure(tf_db *db, const char *path, tf_population_options options,
                           const char *message) {
    tf_error error;
    tf_population_summary summary;
    assert_int_equal(tf_population_import(db, path, &options, &summary, &error), TF_BAD_INPUT);
    assert_string_equal(error.place, path);
    assert_non_null(strstr(error.message, message));
    EXPECT_NOTHING_KEPT(db);
}

static void one_figure_a_row_is_read(void **state) {
    tf_db *db = open_new(state);
    tf_population_summary summary =
        import(db,
               write_file(state, "p.csv",
                          "code,year,people\nE1,2020,1200\nE1,Mid-2021,\"1,250\"\nE2,2021,0.5\n"),
               (tf_population_options){0});
    assert_int_equal(summary.rows_read, 3);
    assert_int_equal(summary.accepted, 3);
    assert_int_equal(summary.figures, 3);
    assert_int_equal(summary.first_year, 2020);
    assert_int_equal(summary.last_year, 2021);
    assert_string_equal(summary.sheet, "");
    expect_rows(db, ROWS, "E1 2020 1200.0;E1 2021 1250.0;E2 2021 0.5;");
    expect_rows(db, "SELECT feed||file||publisher||length(sha256) FROM batch",
                "populationp.csvONS64;");
    tf_db_close(db);
}

static void one_year_a_column_is_read_whatever_its_name(void **state) {
    tf_db *db = open_new(state);
    import(db,
           write_file(state, "a",
                      "\xEF\xBB\xBFLAD23CD,LAD23NM,2011,Mid-2012,Median age\nA,x,1,2,40\n"),
           (tf_population_options){0});
    import(db,
           write_file(state, "b",
                      "name,Area code,mid_year_pop_2011,Estimated population mid-2012\r\n"
                      "x,B,3,4\r\n"),
           (tf_population_options){0});
    import(db,
           write_file(state, "c",
                      "LSOA code (2011),Local Authority District code (2019),"
                      "Total population: mid 2015 (excluding prisoners),"
                      "Population aged 16-59: mid 2015 (excluding prisoners)\nC,A,\"1,296\",5\n"),
           (tf_population_options){0});
    expect_rows(db, ROWS, "A 2011 1.0;A 2012 2.0;B 2011 3.0;B 2012 4.0;C 2015 1296.0;");
    tf_db_close(db);
}

static void the_year_and_the_columns_may_be_told(void **state) {
    tf_db *db = open_new(state);
    import(db, write_file(state, "a", "code,population\nA,5\n"),
           (tf_population_options){.year = 2021});
    import(db, write_file(state, "b", "ward code,district code,inhabitants,2011\nB,X,6,7\n"),
           (tf_population_options){
               .year = 2022, .code_column = "ward code", .people_column = "Inhabitants"});
    expect_rows(db, ROWS, "A 2021 5.0;B 2022 6.0;");
    tf_db_close(db);
}

static void a_later_file_replaces_the_figures_it_has(void **state) {
    tf_db *db = open_new(state);
    import(db, write_file(state, "a", "code,2020,2021\nA,1,2\nB,3,4\n"),
           (tf_population_options){0});
    import(db, write_file(state, "b", "code,2021,2022\nA,20,30\n"), (tf_population_options){0});
    expect_rows(db, ROWS, "A 2020 1.0;A 2021 20.0;A 2022 30.0;B 2020 3.0;B 2021 4.0;");
    expect_rows(db, "SELECT batch_id FROM population WHERE code = 'A' ORDER BY year", "1;2;2;");
    tf_db_close(db);
}

static void what_is_no_figure_is_a_reject(void **state) {
    tf_db *db = open_new(state);
    tf_population_summary summary =
        import(db,
               write_file(state, "a",
                          "code,year,people\nA,2020,-1\nB,2020,many\nC,1776,5\nD,2200,5\n,2020,5\n"
                          "E,2020,\nF,2020,\"1,29\"\nG,2020,1e300\nH,2020\nI,,7\nJ,2020,8\n"
                          "J,2020,9\nK,2020,nan\n"),
               (tf_population_options){0});
    assert_int_equal(summary.rows_read, 13);
    assert_int_equal(summary.accepted, 1);
    assert_int_equal(summary.figures, 1);
    expect_rows(db, ROWS, "J 2020 8.0;");
    expect_rows(db, REJECT_ROWS,
                "2 the figure for 2020 is '-1', which is no number of people;"
                "3 the figure for 2020 is 'many', which is no number of people;"
                "4 the year is '1776', not one from 1900 to 2199;"
                "5 the year is '2200', not one from 1900 to 2199;"
                "6 no code;"
                "7 no figure;"
                "8 the figure for 2020 is '1,29', which is no number of people;"
                "9 the figure for 2020 is '1e300', which is no number of people;"
                "10 the row has 2 fields where the header has 3;"
                "11 the year is '', not one from 1900 to 2199;"
                "13 an earlier row has a figure of J for 2020 too;"
                "14 the figure for 2020 is 'nan', which is no number of people;");
    expect_rows(db, "SELECT text FROM batch_reject WHERE line = 8", "F,2020,\"1,29\";");
    tf_db_close(db);
}

static void an_empty_field_among_years_is_a_warning(void **state) {
    tf_db *db = open_new(state);
    tf_population_summary summary =
        import(db, write_file(state, "a", "code,2020,2021\nA,1,2\nB,,4\nC,,\nD,5,x\n"),
               (tf_population_options){0});
    assert_int_equal(summary.accepted, 2);
    assert_int_equal(summary.figures, 3);
    expect_rows(db, ROWS, "A 2020 1.0;A 2021 2.0;B 2021 4.0;");
    expect_rows(db, WARNING_ROWS, "1 lack the figure for a year 3;");
    expect_rows(db, REJECT_ROWS,
                "4 no figure;5 the figure for 2021 is 'x', which is no number of people;");
    tf_db_close(db);
}

static void a_header_that_is_not_understood_is_one_sentence(void **state) {
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"area,year,people\nA,2020,1\n", "no column of the areas' codes"},
        {"ward code,parish code,people,year\n", "several columns of codes"},
        {"code,year,deaths\nA,2020,1\n", "no column of people"},
        {"code,people\nA,1\n", "a column of people without a year"},
        {"code,2011,Mid-2011\nA,1,1\n", "two columns of people for one year"},
        {"code,year,people,population\nA,2020,1,1\n", "several columns of people"},
        {"code,year,people\n", "no rows below the header"},
        {"code,year,deaths\nA,2020,1\n", "(it has: code, year, deaths)"},
        {"", ""},
    };
    tf_db *db = open_new(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_failure(db, write_file(state, "bad", cases[i].text), (tf_population_options){0},
                       cases[i].message);
    }
    expect_failure(db, write_file(state, "bad", "code,2011\nA,1\n"),
                   (tf_population_options){.people_column = "x"}, "no column of that name");
    tf_db_close(db);
}

/* ---- workbooks ---- */

/* Rows of cells: "|" between cells, a line break between rows; numbers are written as such. */
static void add_sheet(lxw_workbook *workbook, const char *name, const char *text) {
    lxw_worksheet *sheet = workbook_add_worksheet(workbook, name);
    lxw_row_t row = 0;
    lxw_col_t column = 0;
    char cell[100];
    for (size_t length = 0;; text++) {
        if (*text && *text != '|' && *text != '\n') {
            cell[length++] = *text;
            continue;
        }
        cell[length] = '\0';
        double number;
        if (tf_parse_double(tf_text_of(cell), &number)) {
            worksheet_write_number(sheet, row, column, number, NULL);
        } else if (length) {
            worksheet_write_string(sheet, row, column, cell, NULL);
        }
        length = 0;
        column = *text == '|' ? (lxw_col_t)(column + 1) : 0;
        row += *text == '\n';
        if (!*text) {
            return;
        }
    }
}

static void the_sheet_with_most_years_of_everybody_is_chosen(void **state) {
    tf_db *db = open_new(state);
    const char *path = temporary_path(state, "book.data");
    lxw_workbook *workbook = workbook_new(path);
    add_sheet(workbook, "Notes", "This workbook|has notes\nNote|Text");
    add_sheet(workbook, "All", "Persons by age, mid-2022\n\nCode|Name|All ages|0\nA|x|99|1");
    add_sheet(workbook, "Years",
              "Population estimates, mid-2021 to mid-2022\nMore words\n"
              "Code|Name|Mid-2022|Mid-2021\nA|x|11|10\n\nB|y|21|");
    add_sheet(workbook, "Ages",
              "Median age, mid-2020 to mid-2022\nCode|Name|Mid-2022|Mid-2021|"
              "Mid-2020\nA|x|40.5|40.1|40");
    assert_int_equal(workbook_close(workbook), LXW_NO_ERROR);
    tf_population_summary summary = import(db, path, (tf_population_options){0});
    assert_string_equal(summary.sheet, "Years");
    assert_int_equal(summary.rows_read, 2);
    expect_rows(db, ROWS, "A 2021 10.0;A 2022 11.0;B 2022 21.0;");
    expect_rows(db, WARNING_ROWS, "1 lack the figure for a year 6;");
    expect_rows(db, "SELECT length(sha256) FROM batch", "64;");

    summary = import(db, path, (tf_population_options){.sheet = "All"});
    assert_int_equal(summary.figures, 1);
    expect_rows(db, ROWS, "A 2021 10.0;A 2022 99.0;B 2022 21.0;");
    tf_db_close(db);
}

static void a_workbook_that_leaves_a_doubt_is_one_sentence(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    tf_population_summary summary;
    const char *path = temporary_path(state, "two.xlsx");
    lxw_workbook *workbook = workbook_new(path);
    add_sheet(workbook, "East", "code|2021\nA|1");
    add_sheet(workbook, "West", "code|2021\nB|1");
    assert_int_equal(workbook_close(workbook), LXW_NO_ERROR);
    expect_failure(db, path, (tf_population_options){0}, "sheets East and West");
    assert_int_equal(tf_population_import(db, path, &(tf_population_options){.sheet = "North"},
                                          &summary, &error),
                     TF_NOT_FOUND);
    EXPECT_NOTHING_KEPT(db);

    path = temporary_path(state, "none.xlsx");
    workbook = workbook_new(path);
    add_sheet(workbook, "East", "name|2021\nA|1");
    assert_int_equal(workbook_close(workbook), LXW_NO_ERROR);
    expect_failure(db, path, (tf_population_options){0}, "no sheet of the workbook");
    tf_db_close(db);
}

/* ---- real files ---- */

static void the_real_estimates_of_authorities_are_read(void **state) {
    char path[512];
    REAL_DATA("geography/LAD23_mid_year_pop_2011_to_2022.xlsx", path);
    tf_db *db = open_new(state);
    tf_population_summary summary = import(db, path, (tf_population_options){0});
    assert_string_equal(summary.sheet, "MYE4");
    assert_int_equal(summary.rows_read, 357); /* rows 9 to 365 of the sheet */
    assert_int_equal(summary.rejected, 0);
    assert_int_equal(summary.figures, 357 * 12);
    assert_int_equal(summary.first_year, 2011);
    assert_int_equal(summary.last_year, 2022);
    /* cells O160, D160 and D9 of the sheet, read with Python's zipfile and ElementTree */
    expect_rows(db, "SELECT people FROM population WHERE code = 'E06000032' AND year = 2011",
                "203641.0;");
    expect_rows(db, "SELECT people FROM population WHERE code = 'E06000032' AND year = 2022",
                "226973.0;");
    expect_rows(db, "SELECT people FROM population WHERE code = 'K04000001' AND year = 2022",
                "60238038.0;");
    tf_db_close(db);
}

static void the_real_denominators_of_small_areas_are_read(void **state) {
    char path[512];
    REAL_DATA("geography/File_6_-_IoD2019_Population_Denominators.csv.gz", path);
    tf_db *db = open_new(state);
    tf_population_summary summary = import(db, path, (tf_population_options){0});
    assert_int_equal(summary.accepted, 32844); /* zcat | wc -l, less the header */
    assert_int_equal(summary.rejected, 0);
    expect_rows(db,
                "SELECT code||' '||year||' '||people FROM population WHERE code IN"
                " ('E01000001', 'E01033768')",
                "E01000001 2015 1296.0;E01033768 2015 1281.0;");
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(one_figure_a_row_is_read),
        temporary_test(one_year_a_column_is_read_whatever_its_name),
        temporary_test(the_year_and_the_columns_may_be_told),
        temporary_test(a_later_file_replaces_the_figures_it_has),
        temporary_test(what_is_no_figure_is_a_reject),
        temporary_test(an_empty_field_among_years_is_a_warning),
        temporary_test(a_header_that_is_not_understood_is_one_sentence),
        temporary_test(the_sheet_with_most_years_of_everybody_is_chosen),
        temporary_test(a_workbook_that_leaves_a_doubt_is_one_sentence),
        temporary_test(the_real_estimates_of_authorities_are_read),
        temporary_test(the_real_denominators_of_small_areas_are_read),
    };
    return cmocka_run_group_tests_name("population", tests, NULL, NULL);
}
