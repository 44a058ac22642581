#include "check.h"

#include "fail_allocations.h"
#include "zip_fixture.h"

#include "trefoil/table/xlsx.h"

#define MAIN_NAMESPACE      "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATIONS_NAMESPACE "http://schemas.openxmlformats.org/package/2006/relationships"
#define OFFICE              "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const char package_relations[] =
    "<Relationships xmlns='" RELATIONS_NAMESPACE "'>"
    "<Relationship Id='a' Type='" OFFICE "/extended-properties' Target='docProps/app.xml'/>"
    "<Relationship Id='b' Type='" OFFICE "/officeDocument' Target='xl/workbook.xml'/>"
    "</Relationships>";

static const char workbook_relations[] =
    "<Relationships xmlns='" RELATIONS_NAMESPACE "'>"
    "<Relationship Id='r1' Type='" OFFICE "/worksheet' Target='worksheets/sheet1.xml'/>"
    "<Relationship Id='r2' Type='" OFFICE "/chartsheet' Target='chartsheets/sheet1.xml'/>"
    "<Relationship Id='r3' Type='" OFFICE "/worksheet' Target='/xl/./old/../Sheets/B.xml'/>"
    "<Relationship Id='r4' Type='" OFFICE "/sharedStrings' Target='sharedStrings.xml'/>"
    "</Relationships>";

static const char workbook_xml[] =
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
    "<workbook xmlns='" MAIN_NAMESPACE "' xmlns:r='" OFFICE "'><sheets>"
    "<sheet name='Offences &amp; outcomes' sheetId='7' r:id='r1'/>"
    "<sheet name='Chart' sheetId='8' r:id='r2'/>"
    "<sheet name='Caf\xc3\xa9' sheetId='3' r:id='r3'/>"
    "</sheets></workbook>";

static const char second_sheet[] =
    "<x:worksheet xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'><x:sheetData>"
    "<x:row r='4'><x:c r='A4'><x:v>second</x:v></x:c></x:row></x:sheetData></x:worksheet>";

#define SHEET(rows)                                                                                \
    "<worksheet xmlns='" MAIN_NAMESPACE "'><sheetData>" rows "</sheetData></worksheet>"
#define STRINGS(items) "<sst xmlns='" MAIN_NAMESPACE "'>" items "</sst>"

static void make_workbook(zip_fixture *zip, const char *first_sheet, const char *strings) {
    *zip = (zip_fixture){0};
    zip_add_text(zip, "[Content_Types].xml", "<Types/>");
    zip_add_text(zip, "_rels/.rels", package_relations);
    zip_add_text(zip, "xl/workbook.xml", workbook_xml);
    zip_add_text(zip, "xl/_rels/workbook.xml.rels", workbook_relations);
    zip_add_text(zip, "xl/worksheets/sheet1.xml", first_sheet);
    zip_add_text(zip, "xl/sheets/b.xml", second_sheet);
    zip_add_text(zip, "xl/sharedStrings.xml", strings);
    zip_finish(zip);
}

/* Write each row as "7: a|b|c\n". */
static tf_status write_row(void *context, int64_t row, const tf_text *cells, size_t cell_count,
                           tf_error *error) {
    tf_buffer *text = context;
    tf_buffer_format(text, "%d: ", (int)row);
    for (size_t i = 0; i < cell_count; i++) {
        tf_buffer_append(text, "|", i > 0);
        tf_buffer_append(text, cells[i].data, cells[i].length);
    }
    tf_buffer_append(text, "\n", 1);
    return tf_buffer_check(text, error);
}

static tf_status read_sheet(const char *first_sheet, const char *strings, const char *name,
                            tf_buffer *text_out, tf_error *error) {
    zip_fixture zip;
    make_workbook(&zip, first_sheet, strings);
    tf_buffer_init(text_out);
    tf_status status =
        tf_xlsx_read_memory(zip.archive.data, zip.archive.length, name, write_row, text_out, error);
    zip_deinit(&zip);
    return status;
}

static void assert_sheet_gives(const char *first_sheet, const char *strings, const char *expected) {
    tf_buffer text;
    tf_error error;
    assert_ok(read_sheet(first_sheet, strings, NULL, &text, &error), &error);
    assert_string_equal(text.data ? text.data : "", expected);
    tf_buffer_deinit(&text);
}

static void assert_sheet_is_refused(const char *first_sheet, const char *strings, const char *place,
                                    const char *message) {
    tf_buffer text;
    tf_error error;
    assert_int_equal(read_sheet(first_sheet, strings, NULL, &text, &error), TF_BAD_INPUT);
    assert_string_equal(error.place, place);
    assert_string_equal(error.message, message);
    tf_buffer_deinit(&text);
}

/* The types are those of ECMA-376 part 1, 18.18.11 (ST_CellType). */
static void every_type_of_cell_becomes_text(void **state) {
    (void)state;
    assert_sheet_gives(
        SHEET("<row r='1'>"
              "<c r='A1' t='s'><v>1</v></c>"
              "<c r='B1'><v>38.700000000000003</v></c>"
              "<c r='C1' t='n'><v>-1E-3</v></c>"
              "<c r='D1' t='str'><f>A1&amp;\"!\"</f><v>Luton!</v></c>"
              "<c r='E1' t='inlineStr'><is><t xml:space='preserve'> in line </t></is></c>"
              "<c r='F1' t='b'><v>1</v></c>"
              "<c r='G1' t='b'><v>0</v></c>"
              "<c r='H1' t='e'><v>#DIV/0!</v></c>"
              "<c r='I1' t='d'><v>2023-02-01</v></c>"
              "<c r='J1' s='5'/>"
              "<c r='K1' t='s'><v></v></c>"
              "<c r='L1' t='str'><v><![CDATA[a<b]]></v></c>"
              "</row>"),
        STRINGS("<si><t>Bedford</t></si><si><t>Luton</t></si>"),
        "1: Luton|38.700000000000003|-1E-3|Luton!| in line |TRUE|FALSE|#DIV/0!|2023-02-01||"
        "|a<b\n");
}

static void gaps_between_cells_are_empty(void **state) {
    (void)state;
    assert_sheet_gives(SHEET("<row r='3'><c r='B3'><v>2</v></c><c r='D3'><v>4</v></c></row>"
                             "<row r='10'><c r='AA10'><v>27</v></c></row>"
                             "<row r='11'/>"),
                       STRINGS(""),
                       "3: |2||4\n"
                       "10: ||||||||||||||||||||||||||27\n"
                       "11: \n");
}

static void cells_and_rows_without_reference_follow_their_predecessor(void **state) {
    (void)state;
    assert_sheet_gives(SHEET("<row><c><v>1</v></c><c><v>2</v></c></row>"
                             "<row r='7'><c r='B7'><v>3</v></c><c><v>4</v></c></row>"
                             "<row><c><v>5</v></c></row>"),
                       STRINGS(""), "1: 1|2\n7: |3|4\n8: 5\n");
}

static void the_last_column_is_xfd(void **state) {
    (void)state;
    static char expected[16500];
    strcpy(expected, "1: ");
    memset(expected + 3, '|', 16383);
    strcpy(expected + 3 + 16383, "x\n");
    assert_sheet_gives(SHEET("<row r='1'><c r='XFD1'><v>x</v></c></row>"), STRINGS(""), expected);
    static const char message[] =
        "row 1 of the sheet has a cell beyond column XFD, the last; save the workbook again";
    static const char place[] = "workbook/xl/worksheets/sheet1.xml";
    assert_sheet_is_refused(SHEET("<row r='1'><c r='XFE1'/></row>"), STRINGS(""), place, message);
    assert_sheet_is_refused(SHEET("<row r='1'><c r='ZZZZZZZZZZZZZZZZZZZZ1'/></row>"), STRINGS(""),
                            place, message);
    assert_sheet_is_refused(SHEET("<row r='1'><c r='XFD1'/><c/></row>"), STRINGS(""), place,
                            message);
    assert_sheet_is_refused(SHEET("<row r='1'><c r='1'/></row>"), STRINGS(""), place, message);
}

/* As in ECMA-376 part 1, 18.4.6 (phonetic run). */
static void formatting_is_joined_and_pronunciation_left_out(void **state) {
    (void)state;
    assert_sheet_gives(SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>"
                             "<c r='C1' t='inlineStr'><is><r><t>x</t></r><r><t>y</t></r></is></c>"
                             "</row>"),
                       STRINGS("<si><r><rPr><b/></rPr><t>Central </t></r>"
                               "<r><t>Bedfordshire</t></r></si>"
                               "<si><t>\xe8\xaa\xb2</t><rPh sb='0' eb='1'><t>\xe3\x81\x8b</t></rPh>"
                               "<phoneticPr fontId='1'/></si>"),
                       "1: Central Bedfordshire|\xe8\xaa\xb2|xy\n");
}

/* ECMA-376 part 1, 22.9.2.19: _xHHHH_, its own underscore being _x005F_. */
static void escaped_characters_are_restored(void **state) {
    (void)state;
    assert_sheet_gives(
        SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>"
              "<c r='C1' t='str'><v>_x005F_x000D_</v></c><c r='D1'><v>_x0041_</v></c></row>"),
        STRINGS("<si><t>a_x000D_b_x00E9_c_x20AC_</t></si>"
                "<si><t>_x000_ _xD800_ _x0000_ _x00GG_ _x0041</t></si>"),
        "1: a\rb\xc3\xa9"
        "c\xe2\x82\xac|_x000_ _xD800_ _x0000_ _x00GG_ _x0041|_x000D_|_x0041_\n");
}

static void a_sheet_is_found_by_its_name(void **state) {
    (void)state;
    tf_buffer text;
    tf_error error;
    const char *first = SHEET("<row r='1'><c r='A1'><v>first</v></c></row>");
    assert_ok(read_sheet(first, STRINGS(""), "offences & Outcomes", &text, &error), &error);
    assert_string_equal(text.data, "1: first\n");
    tf_buffer_deinit(&text);
    assert_ok(read_sheet(first, STRINGS(""), "Caf\xc3\xa9", &text, &error), &error);
    assert_string_equal(text.data, "4: second\n");
    tf_buffer_deinit(&text);
    assert_int_equal(read_sheet(first, STRINGS(""), "Chart", &text, &error), TF_NOT_FOUND);
    assert_string_equal(error.message, "the workbook has no sheet \"Chart\"; it has "
                                       "\"Offences & outcomes\", \"Caf\xc3\xa9\"");
    tf_buffer_deinit(&text);
}

static void the_names_of_the_sheets_are_in_order(void **state) {
    (void)state;
    zip_fixture zip;
    make_workbook(&zip, SHEET(""), STRINGS(""));
    FILE *file = tmpfile();
    assert_int_equal(fwrite(zip.archive.data, 1, zip.archive.length, file), zip.archive.length);
    fflush(file);
    char path[40];
    snprintf(path, sizeof path, "/dev/fd/%d", fileno(file));
    char **names;
    size_t count;
    tf_error error;
    assert_ok(tf_xlsx_sheets(path, &names, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "Offences & outcomes");
    assert_string_equal(names[1], "Caf\xc3\xa9");
    tf_free(names);
    fclose(file);
    zip_deinit(&zip);
}

static void rows_are_numbered_upwards(void **state) {
    (void)state;
    static const char message[] = "row 5 of the sheet is followed by one without a higher number; "
                                  "save the workbook again";
    static const char place[] = "workbook/xl/worksheets/sheet1.xml";
    assert_sheet_is_refused(SHEET("<row r='5'/><row r='5'/>"), STRINGS(""), place, message);
    assert_sheet_is_refused(SHEET("<row r='5'/><row r='x'/>"), STRINGS(""), place, message);
    assert_sheet_is_refused(SHEET("<row r='5'/><row r='99999999999'/>"), STRINGS(""), place,
                            message);
}

static void a_text_that_is_not_there_is_refused(void **state) {
    (void)state;
    static const char *const numbers[] = {"1", "-1", "x", "4294967296", "0.5"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char sheet[300];
        snprintf(sheet, sizeof sheet, SHEET("<row r='2'><c r='A2' t='s'><v>%s</v></c></row>"),
                 numbers[i]);
        assert_sheet_is_refused(sheet, STRINGS("<si><t>only</t></si>"),
                                "workbook/xl/worksheets/sheet1.xml",
                                "row 2 of the sheet refers to a text that the workbook does not "
                                "have; save the workbook again");
    }
}

#define XML_REFUSED(reason)                                                                        \
    "the XML cannot be read: " reason "; save the file again in the program it comes from"

static void hostile_xml_is_refused(void **state) {
    (void)state;
    static const char sheet[] = "workbook/xl/worksheets/sheet1.xml";
    static const char strings[] = "workbook/xl/sharedStrings.xml";
    assert_sheet_is_refused(
        "<!DOCTYPE worksheet [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]>" SHEET(
            "<row r='1'><c r='A1' t='str'><v>&b;</v></c></row>"),
        STRINGS(""), sheet,
        XML_REFUSED("it has a document type declaration, which may hide an attack"));
    assert_sheet_is_refused(SHEET(""), "<!DOCTYPE sst SYSTEM 'file:///etc/passwd'><sst/>", strings,
                            XML_REFUSED("it has a document type declaration, which may hide an "
                                        "attack"));
    assert_sheet_is_refused(SHEET("<row>"), STRINGS(""), sheet, XML_REFUSED("mismatched tag"));
    assert_sheet_is_refused("<chartsheet/>", STRINGS(""), sheet,
                            XML_REFUSED("it holds another kind of document than it should"));
    assert_sheet_is_refused("", STRINGS(""), sheet, XML_REFUSED("no element found"));
    assert_sheet_is_refused(SHEET("<row>\xff</row>"), STRINGS(""), sheet,
                            XML_REFUSED("not well-formed (invalid token)"));

    char deep[1000] = "<worksheet>";
    for (int i = 0; i < 100; i++) {
        strcat(deep, "<a>");
    }
    assert_sheet_is_refused(deep, STRINGS(""), sheet,
                            XML_REFUSED("its elements are more than 100 deep"));

    enum { LENGTH = 3 << 20 };
    char *comment = tf_alloc(LENGTH + 1, 1);
    memset(comment, '-', LENGTH);
    for (int i = 0; i < LENGTH; i += 2) {
        comment[i] = (char)('a' + i % 23);
    }
    memcpy(comment, "<!--", 4);
    comment[LENGTH] = '\0';
    assert_sheet_is_refused(comment, STRINGS(""), sheet,
                            XML_REFUSED("one tag or comment is longer than 1 MiB"));
    tf_free(comment);
}

static void an_xml_error_names_its_line(void **state) {
    (void)state;
    tf_buffer text;
    tf_error error;
    assert_int_equal(read_sheet(SHEET("\n\n<row></c>"), STRINGS(""), NULL, &text, &error),
                     TF_BAD_INPUT);
    assert_int_equal(error.line, 3);
    tf_buffer_deinit(&text);
}

static void elements_in_the_wrong_place_are_passed_over(void **state) {
    (void)state;
    assert_sheet_gives("<worksheet><row r='1'><c r='A1'><v>no</v></c></row>"
                       "<sheetData><c><v>no</v></c><v>no</v>"
                       "<row r='2'><v>no</v><c r='A2'><v>1</v><c r='B2'><v>2</v></c></c></row>"
                       "</sheetData><row r='9'/></worksheet>",
                       STRINGS("<t>no</t>"), "2: 12\n");
}

static void what_is_no_workbook_is_refused(void **state) {
    (void)state;
    tf_error error;
    static const char compound[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more";
    assert_int_equal(tf_xlsx_read_memory(compound, sizeof compound, NULL, write_row, NULL, &error),
                     TF_UNSUPPORTED);
    assert_string_equal(error.message, "this is an old workbook (.xls) or one with a password; "
                                       "save it as .xlsx without a password");
    assert_int_equal(tf_xlsx_read_memory("a,b\n", 4, NULL, write_row, NULL, &error), TF_BAD_INPUT);
    assert_int_equal(tf_xlsx_read("/nowhere.xlsx", NULL, write_row, NULL, &error), TF_NOT_FOUND);
    assert_int_equal(tf_xlsx_read("/", NULL, write_row, NULL, &error), TF_BAD_INPUT);
    assert_int_equal(tf_xlsx_read("/dev/null", NULL, write_row, NULL, &error), TF_BAD_INPUT);

    zip_fixture zip = {0};
    zip_add_text(&zip, "a.csv", "a,b\n");
    zip_finish(&zip);
    assert_int_equal(
        tf_xlsx_read_memory(zip.archive.data, zip.archive.length, NULL, write_row, NULL, &error),
        TF_BAD_INPUT);
    assert_string_equal(error.message, "this is not a workbook, or it lacks its part _rels/.rels; "
                                       "save it again as .xlsx");
    zip_deinit(&zip);
}

static tf_status stop_at_row_two(void *context, int64_t row, const tf_text *cells,
                                 size_t cell_count, tf_error *error) {
    (void)cells;
    (void)cell_count;
    *(int64_t *)context = row;
    return row == 2 ? tf_fail(error, TF_BUSY, "here", 5, "enough") : TF_OK;
}

static void the_caller_may_stop_the_reader(void **state) {
    (void)state;
    zip_fixture zip;
    make_workbook(&zip, SHEET("<row r='1'/><row r='2'/><row r='3'/>"), STRINGS(""));
    int64_t last = 0;
    tf_error error;
    assert_int_equal(tf_xlsx_read_memory(zip.archive.data, zip.archive.length, NULL,
                                         stop_at_row_two, &last, &error),
                     TF_BUSY);
    assert_int_equal(last, 2);
    assert_string_equal(error.place, "here");
    assert_string_equal(error.message, "enough");
    zip_deinit(&zip);
}

typedef struct real_rows {
    int64_t rows;
    int64_t cells;
    bool seen;
} real_rows;

static tf_status look_at_real_row(void *context, int64_t row, const tf_text *cells,
                                  size_t cell_count, tf_error *error) {
    (void)error;
    real_rows *rows = context;
    rows->rows++;
    for (size_t i = 0; i < cell_count; i++) {
        rows->cells += cells[i].length > 0;
    }
    if (row == 365) {
        rows->seen = true;
        assert_int_equal(cell_count, 95);
        assert_true(tf_text_equal(cells[0], tf_text_of("W06000022")));
        assert_true(tf_text_equal(cells[1], tf_text_of("Newport")));
        assert_true(tf_text_equal(cells[3], tf_text_of("161506")));
        assert_true(tf_text_equal(cells[94], tf_text_of("1295")));
    }
    return TF_OK;
}

/* Names, counts and values by openpyxl 3.1, which agrees on every cell of the workbook. */
static void a_real_workbook_is_read(void **state) {
    (void)state;
    char path[1000];
    REAL_DATA("geography/LAD23_mid_year_pop_2011_to_2022.xlsx", path);
    char **names;
    size_t count;
    tf_error error;
    assert_ok(tf_xlsx_sheets(path, &names, &count, &error), &error);
    assert_int_equal(count, 14);
    assert_string_equal(names[0], "Correction notice");
    assert_string_equal(names[7], "MYE2 - Persons");
    assert_string_equal(names[13], "MYE6");
    real_rows rows = {0};
    assert_ok(tf_xlsx_read(path, names[7], look_at_real_row, &rows, &error), &error);
    assert_int_equal(rows.rows, 365);
    assert_int_equal(rows.cells, 34017);
    assert_true(rows.seen);
    tf_free(names);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    zip_fixture zip;
    make_workbook(&zip,
                  SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='Z1'><v>5</v></c></row>"),
                  STRINGS("<si><t>text</t></si>"));
    for (long n = 0;; n++) {
        tf_buffer text;
        tf_buffer_init(&text);
        fail_allocation(n);
        tf_status status =
            tf_xlsx_read_memory(zip.archive.data, zip.archive.length, NULL, write_row, &text, NULL);
        bool was_reached = stop_failing_allocations();
        tf_buffer_deinit(&text);
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 50);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
    zip_deinit(&zip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_cell_becomes_text),
        cmocka_unit_test(gaps_between_cells_are_empty),
        cmocka_unit_test(cells_and_rows_without_reference_follow_their_predecessor),
        cmocka_unit_test(the_last_column_is_xfd),
        cmocka_unit_test(formatting_is_joined_and_pronunciation_left_out),
        cmocka_unit_test(escaped_characters_are_restored),
        cmocka_unit_test(a_sheet_is_found_by_its_name),
        cmocka_unit_test(the_names_of_the_sheets_are_in_order),
        cmocka_unit_test(rows_are_numbered_upwards),
        cmocka_unit_test(a_text_that_is_not_there_is_refused),
        cmocka_unit_test(hostile_xml_is_refused),
        cmocka_unit_test(an_xml_error_names_its_line),
        cmocka_unit_test(elements_in_the_wrong_place_are_passed_over),
        cmocka_unit_test(what_is_no_workbook_is_refused),
        cmocka_unit_test(the_caller_may_stop_the_reader),
        cmocka_unit_test(a_real_workbook_is_read),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("xlsx", tests, NULL, NULL);
}
