/* What columns become before they are compared. */
#include "check.h"

#include "link_fixture.h"
#include "linkage/condition_internal.h"
#include "linkage/derive_internal.h"

static const tf_standardiser plain = {0};

/* What the expression of a column `a`, which holds `field`, makes of a value. */
static void expect_derived(const char *expression, tf_person_field field, const char *raw,
                           const char *expected) {
    tf_link_column_field about = {"a", field};
    tf_link_model model = {.fields = &about, .field_count = field != TF_PERSON_COUNT};
    link_reading reading = {.model = &model, .standardiser = &plain};
    tf_arena *arena = tf_arena_new();
    link_derive_scratch scratch;
    tf_link_key key;
    tf_text text;
    tf_error error;
    link_derive_scratch_init(&scratch);
    assert_ok(tf_link_key_read(tf_text_of(expression), arena, &key, &error), &error);
    assert_ok(link_derive_text(&reading, &key.left, tf_text_of(raw), &scratch, &text, &error),
              &error);
    if (!tf_text_equal(text, tf_text_of(expected))) {
        fail_msg("%s of \"%s\" is \"%.*s\", not \"%s\"", expression, raw, TF_TEXT_ARG(text),
                 expected);
    }
    link_derive_scratch_deinit(&scratch);
    tf_arena_free(arena);
}

static void steps_are_done_to_a_value_the_innermost_first(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"a", "As it Stands", "As it Stands"},
        {"lower(a)", "McDonald", "mcdonald"},
        {"upper(a)", "McDonald", "MCDONALD"},
        {"trim(a)", "  x y ", "x y"},
        {"substring(a, 2, 3)", "Zo\xC3\xAB \xC3\xA9", "o\xC3\xAB "}, /* DuckDB 2.0.0 */
        {"substring(a, 9, 3)", "abc", ""},
        {"substring(a, 1, 0)", "abc", ""},
        {"substring(a, 2, 1000000)", "abc", "bc"},
        {"soundex(a)", "Robert", "R163"}, /* US National Archives, Soundex indexing */
        {"null_if(a, 'x')", "x", ""},
        {"null_if(a, 'x')", "X", "X"},
        {"year(a)", "1985-02-01", "1985"},
        {"month(a)", "1985-02-01", "02"},
        {"day(a)", "1985-02-01", "01"},
        {"year(a)", "1853-04-17", "1853"},
        {"month(a)", "0001-12-31", "12"},
        {"day(a)", "9999-12-31", "31"},
        {"year(a)", "1900-02-29", ""},
        {"year(a)", "1985-02-30", ""},
        {"year(a)", "1985", ""},
        {"email_user(a)", "ann@example.org", "ann"},
        {"email_user(a)", "@example.org", ""},
        {"email_user(a)", "ann", "ann"},
        {"postcode_area(a)", "QA12 3BC", "QA"},
        {"postcode_district(a)", "QA12 3BC", "QA12"},
        {"postcode_sector(a)", "QA12 3BC", "QA12 3"},
        {"postcode_sector(a)", "Q1A 3BC", "Q1A 3"},
        {"postcode_sector(a)", "QA123BC", ""},
        {"postcode_district(a)", "12", ""},
        {"first(a)", "[\"x, y\", 'z']", "x, y"},
        {"last(a)", "x|y;z", "z"},
        {"first(a)", "[]", ""},
        {"given_name(a)", "SMITH, John Paul", "john paul"},
        {"family_name(a)", "Dr John Paul Smith", "smith"},
        {"house_number(a)", "12a High Street", "12a"},
        {"street(a)", "12a High Street", "high street"},
        {"soundex(family_name(a))", "SMITH, John", "S530"},
        {"substring(upper(given_name(a)), 1, 1)", "SMITH, John", "J"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_derived(cases[i][0], TF_PERSON_COUNT, cases[i][1], cases[i][2]);
    }
}

static void a_step_may_follow_one_that_only_narrows_the_text(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"upper(trim(lower(a)))", "      Some Longer Words      ", "SOME LONGER WORDS"},
        {"lower(substring(upper(a), 3, 100))", "ABCDEFGHIJKLMNOP", "cdefghijklmnop"},
        {"upper(last(lower(a)))", "x|y|zyx", "ZYX"},
        {"given_name(family_name(a))", "SMITH JONES, Ann", "smith"},
        {"street(street(a))", "12 The 14 High Street", "the 14 high street"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_derived(cases[i][0], TF_PERSON_COUNT, cases[i][1], cases[i][2]);
    }
}

static void a_column_is_standardised_by_what_it_holds_before_any_step(void **state) {
    (void)state;
    expect_derived("a", TF_PERSON_DATE_OF_BIRTH, "1/2/1985", "1985-02-01");
    expect_derived("year(a)", TF_PERSON_DATE_OF_BIRTH, "1/2/1985", "1985");
    expect_derived("a", TF_PERSON_DATE_OF_BIRTH, "32/2/1985", "");
    expect_derived("a", TF_PERSON_GIVEN_NAME, "Dr Zo\xC3\xAB", "zoe");
    expect_derived("postcode_sector(a)", TF_PERSON_POSTCODE, "sw1a1aa", "SW1A 1");
    /* Its comma tells which name is which. */
    expect_derived("family_name(a)", TF_PERSON_FULL_NAME, "SMITH, John", "smith");
}

/* As DuckDB 2.0.0 has it: strftime(try_strptime(text, pattern), '%Y-%m-%d'). */
static void dates_are_read_by_pattern_as_duckdb_reads_them(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"%Y-%m-%d", "2001-2-3", "2001-02-03"},
        {"%Y-%m-%d", "01-02-03", "0001-02-03"},
        {"%Y-%m-%d", "2001-02-30", ""},
        {"%Y-%m-%d", " 2001-02-03 ", "2001-02-03"},
        {"%Y-%m-%d", "2001-02-03x", ""},
        {"%Y-%m-%d", "12345-01-01", ""},
        {"%Y-%m-%d", "2001-00-10", ""},
        {"%Y-%m-%d", "2001-02-29", ""},
        {"%Y-%m-%d", "2000-02-29", "2000-02-29"},
        {"%d/%m/%Y", "3/2/2001", "2001-02-03"},
        {"%d/%m/%Y", "31/02/2001", ""},
        {"%d/%m/%Y", "1/13/2001", ""},
        {"%d/%m/%Y", "003/02/2001", ""},
        {"%d/%m/%Y", "03/02/201", "0201-02-03"},
        {"%d/%m/%y", "03/02/68", "2068-02-03"},
        {"%d/%m/%y", "03/02/69", "1969-02-03"},
        {"%d %b %Y", "3 FEB 2001", "2001-02-03"},
        {"%d %B %Y", "3 February 2001", "2001-02-03"},
        {"%d %B %Y", "3 Feb 2001", ""},
        {"%d %m %Y", "3  2 2001", "2001-02-03"},
        {"%Y%m%d", "20010203", "2001-02-03"},
        {"%d%m%Y", "312001", ""},
        {"%m/%Y", "02/2001", "2001-02-01"},
        {"%Y-%m-%d %H:%M:%S", "2001-02-03 23:59:59", "2001-02-03"},
        {"%Y-%m-%d %H:%M:%S", "2001-02-03 24:00:00", ""},
        {"%%%Y", "%2001", "2001-01-01"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expression[100];
        snprintf(expression, sizeof expression, "date(a, '%s')", cases[i][0]);
        expect_derived(expression, TF_PERSON_COUNT, cases[i][1], cases[i][2]);
    }
}

static void the_elements_of_a_list_are_read_in_each_of_its_spellings(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"[\"a\", \"b\"]", "a/b/"},
        {"['a, b', c]", "a, b/c/"},
        {"a|b;c", "a/b/c/"},
        {"a", "a/"},
        {"[]", ""},
        {"[a]", "a/"},
        {"|a||b|", "a/b/"},
        {"[\"\", a]", "a/"},
        {" a | \"b\" ", "a/b/"},
        {"[\"it's\", b]", "it's/b/"},
        {"[a", "a/"},
        {"a, b", "a, b/"},
        {"", ""},
        {"|", ""},
        {"[,]", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char found[100] = "";
        tf_text rest = tf_text_of(cases[i][0]);
        tf_text element;
        while (link_next_element(&rest, &element)) {
            snprintf(found + strlen(found), sizeof found - strlen(found), "%.*s/",
                     TF_TEXT_ARG(element));
        }
        if (strcmp(found, cases[i][1]) != 0) {
            fail_msg("%s gives %s, not %s", cases[i][0], found, cases[i][1]);
        }
    }
}

static void a_column_that_is_not_there_is_refused_with_the_nearest(void **state) {
    (void)state;
    tf_link_records *records = records_of("id,surname\n1,x\n", "id", NULL);
    tf_link_model model = {0};
    link_derivation derivation = {.records = records,
                                  .reading = {.model = &model, .standardiser = &plain}};
    tf_link_value value = {.column = "surnmae"};
    link_derived *derived;
    tf_error error;
    assert_int_equal(link_derivation_want(&derivation, &value, &value, 1, &derived, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "\"surname\""));
    value.column = "z";
    assert_int_equal(link_derivation_want(&derivation, &value, &value, 1, &derived, &error),
                     TF_BAD_INPUT);
    link_derivation_deinit(&derivation);
    tf_link_records_free(records);
}

static void values_of_two_columns_compared_are_numbered_together(void **state) {
    (void)state;
    tf_link_records *records = records_of("id,a,b\n1,x,y\n2,y,\n3,z,x\n", "id", NULL);
    tf_link_model model = {0};
    link_derivation derivation = {.records = records,
                                  .reading = {.model = &model, .standardiser = &plain}};
    tf_link_value a = {.column = "a"};
    tf_link_value b = {.column = "b"};
    link_derived *derived, *again;
    tf_error error;
    assert_ok(link_derivation_want(&derivation, &a, &b, 1, &derived, &error), &error);
    assert_ok(link_derivation_want(&derivation, &a, &b, 1, &again, &error), &error);
    assert_ptr_equal(derived, again);
    assert_ok(link_derivation_run(&derivation, 2, &error), &error);
    assert_true(derived->is_across);
    assert_int_equal(derived->left_codes[0], derived->right_codes[2]); /* x */
    assert_int_equal(derived->left_codes[1], derived->right_codes[0]); /* y */
    assert_int_equal(derived->right_codes[1], 0);
    assert_int_equal(derived->values->count, 3);
    link_derivation_deinit(&derivation);
    tf_link_records_free(records);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_done_to_a_value_the_innermost_first),
        cmocka_unit_test(a_step_may_follow_one_that_only_narrows_the_text),
        cmocka_unit_test(a_column_is_standardised_by_what_it_holds_before_any_step),
        cmocka_unit_test(dates_are_read_by_pattern_as_duckdb_reads_them),
        cmocka_unit_test(the_elements_of_a_list_are_read_in_each_of_its_spellings),
        cmocka_unit_test(a_column_that_is_not_there_is_refused_with_the_nearest),
        cmocka_unit_test(values_of_two_columns_compared_are_numbered_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
