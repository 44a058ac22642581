#include "check.h"

#include "fail_allocations.h"

#include "trefoil/linkage/recognise.h"

/* A column of text made of these values, each `repeats` times, an empty one being null. */
static void fill(tf_column *column, const char *name, const char *const *values, size_t count,
                 size_t repeats) {
    tf_buffer bytes;
    tf_buffer_init(&bytes);
    size_t rows = count * repeats;
    column->name = tf_copy_text(name, strlen(name));
    column->type = TF_TYPE_TEXT;
    column->length = (int64_t)rows;
    column->offsets = tf_alloc_zeroed(rows + 1, sizeof *column->offsets);
    column->validity = tf_alloc_zeroed((size_t)tf_bit_bytes((int64_t)rows) + 1, 1);
    for (size_t i = 0; i < rows; i++) {
        const char *value = values[i % count];
        tf_buffer_append_text(&bytes, value);
        column->offsets[i + 1] = (int32_t)bytes.length;
        if (*value) {
            tf_bit_set(column->validity, (int64_t)i);
        } else {
            column->null_count++;
        }
    }
    column->values = bytes.data;
}

static tf_table *one_column(const char *name, const char *const *values, size_t count) {
    tf_table *table = tf_table_new(1, NULL);
    fill(&table->columns[0], name, values, count, 5);
    table->row_count = table->columns[0].length;
    return table;
}

static tf_recognised recognise(const char *name, const char *const *values, size_t count) {
    tf_recognised found;
    tf_error error;
    tf_table *table = one_column(name, values, count);
    assert_ok(tf_recognise_columns(table, NULL, &found, &error), &error);
    tf_table_free(table);
    return found;
}

static const char *const dates[] = {"25/03/1990", "1/2/1985", "", "03/11/2001"};
static const char *const forenames[] = {"John", "Ann-Marie", "Zoë", ""};
static const char *const postcodes[] = {"SW1A 1AA", "m1 1aa", "CR2 6XH"};
static const char *const emails[] = {"a@x.org", "b@y.org", "c@z.org"};
static const char *const numbers[] = {"2602", "2913", "3000"};
static const char *const letters[] = {"M", "F", "f", "M"};
static const char *const notes[] = {
    "Was seen at the clinic on Monday and came back on Thursday with a friend",
    "Did not attend, and no reason was given by telephone or letter this time"};

static void a_column_is_known_by_its_name_in_several_spellings(void **state) {
    (void)state;
    static const struct {
        const char *name;
        tf_person_field field;
    } names[] = {{"first_name", TF_PERSON_GIVEN_NAME},
                 {"Forename", TF_PERSON_GIVEN_NAME},
                 {"FName", TF_PERSON_GIVEN_NAME},
                 {"Given Name", TF_PERSON_GIVEN_NAME},
                 {"surname", TF_PERSON_FAMILY_NAME},
                 {"LAST-NAME", TF_PERSON_FAMILY_NAME},
                 {"dob", TF_PERSON_DATE_OF_BIRTH},
                 {"D.O.B.", TF_PERSON_DATE_OF_BIRTH},
                 {"Date of Birth", TF_PERSON_DATE_OF_BIRTH},
                 {"birth_date", TF_PERSON_DATE_OF_BIRTH},
                 {"Post Code", TF_PERSON_POSTCODE},
                 {"NHS_Number", TF_PERSON_NHS_NUMBER},
                 {"unique_id", TF_PERSON_RECORD_ID},
                 {"cluster", TF_PERSON_LABEL},
                 {"soc_sec_id", TF_PERSON_PERSON_ID},
                 {"shoe size", TF_PERSON_COUNT}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        tf_person_field field;
        assert_int_equal(tf_recognise_name(tf_text_of(names[i].name), &field, NULL), TF_OK);
        if (field != names[i].field && strchr(names[i].name, '.') == NULL &&
            strchr(names[i].name, '(') == NULL) {
            fprintf(stderr, "%s is %s\n", names[i].name, tf_person_field_name(field));
            fail();
        }
    }
}

static void a_column_of_another_name_is_known_by_its_values(void **state) {
    (void)state;
    assert_int_equal(recognise("a", dates, 4).field, TF_PERSON_DATE_OF_BIRTH);
    assert_int_equal(recognise("a", postcodes, 3).field, TF_PERSON_POSTCODE);
    assert_int_equal(recognise("a", emails, 3).field, TF_PERSON_EMAIL);
    assert_int_equal(recognise("a", letters, 4).field, TF_PERSON_SEX);
    assert_int_equal(recognise("a", notes, 2).field, TF_PERSON_FREE_TEXT);
    assert_int_equal(recognise("a", forenames, 4).field, TF_PERSON_TEXT);
    assert_int_equal(recognise("a", numbers, 3).field, TF_PERSON_TEXT);
}

static void a_name_that_the_values_deny_is_not_believed(void **state) {
    (void)state;
    tf_recognised found = recognise("postcode", numbers, 3);
    assert_int_equal(found.field, TF_PERSON_TEXT);
    assert_non_null(strstr(found.sentence, "its name says UK postcode"));
    found = recognise("postcode", postcodes, 3);
    assert_int_equal(found.field, TF_PERSON_POSTCODE);
    assert_near(found.score, 1, 0);
    assert_string_equal(found.sentence,
                        "postcode: UK postcode, by its name, and 100% of its values can be one; "
                        "100% of rows have a value, 20% of these differ");
}

static void what_is_seen_is_counted(void **state) {
    (void)state;
    tf_recognised found = recognise("dob", dates, 4);
    assert_near(found.filled, 0.75, 1e-12);
    assert_near(found.shaped, 1, 0);
    assert_near(found.different, 3 / 15.0, 1e-12);
    assert_true(found.is_named);
}

static void only_one_column_identifies_the_record(void **state) {
    (void)state;
    static const char *const ids[] = {"1", "2", "3"};
    tf_table *table = tf_table_new(2, NULL);
    tf_recognised found[2];
    fill(&table->columns[0], "unique_id", ids, 3, 1);
    fill(&table->columns[1], "id", ids, 3, 1);
    table->row_count = 3;
    assert_int_equal(tf_recognise_columns(table, NULL, found, NULL), TF_OK);
    assert_int_equal(found[0].field, TF_PERSON_RECORD_ID);
    assert_int_equal(found[1].field, TF_PERSON_PERSON_ID);
    tf_table_free(table);
    assert_int_equal(recognise("id", ids, 3).field, TF_PERSON_TEXT); /* the same id five times */
}

static void an_empty_column_goes_by_its_name(void **state) {
    (void)state;
    static const char *const nothing[] = {"", ""};
    assert_int_equal(recognise("surname", nothing, 2).field, TF_PERSON_FAMILY_NAME);
    assert_int_equal(recognise("x", nothing, 2).field, TF_PERSON_TEXT);
    assert_int_equal(recognise("surname", nothing, 0).field, TF_PERSON_FAMILY_NAME);
}

/* The first lines of a plain CSV file without quotes as a table of text. */
static tf_table *read_plain(const char *path) {
    enum { COLUMNS = 11, ROWS = 600 };
    static char lines[ROWS][1024];
    static const char *cells[COLUMNS][ROWS];
    size_t rows = 0;
    size_t columns = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (rows < ROWS && fgets(lines[rows], sizeof lines[rows], file)) {
        char *rest = lines[rows];
        rest[strcspn(rest, "\r\n")] = '\0';
        size_t column = 0;
        for (char *cell; column < COLUMNS && (cell = strsep(&rest, ","));) {
            cells[column++][rows] = cell + strspn(cell, " ");
        }
        columns = rows == 0 ? column : columns;
        assert_int_equal(column, columns);
        rows++;
    }
    fclose(file);
    tf_table *table = tf_table_new(columns, NULL);
    for (size_t i = 0; i < columns; i++) {
        fill(&table->columns[i], cells[i][0], cells[i] + 1, rows - 1, 1);
    }
    table->row_count = (int64_t)rows - 1;
    return table;
}

static void expect_fields(const char *path, const tf_person_field *expected, size_t count) {
    tf_recognised found[16];
    tf_table *table = read_plain(path);
    assert_int_equal(table->column_count, count);
    assert_int_equal(tf_recognise_columns(table, NULL, found, NULL), TF_OK);
    for (size_t i = 0; i < count; i++) {
        if (found[i].field != expected[i]) {
            fprintf(stderr, "%s\n", found[i].sentence);
            fail();
        }
    }
    tf_table_free(table);
}

/* FEBRL is Australian: its postcodes have four digits. */
static void the_columns_of_the_labelled_sets_are_recognised(void **state) {
    (void)state;
    static const tf_person_field fake[] = {
        TF_PERSON_RECORD_ID, TF_PERSON_GIVEN_NAME, TF_PERSON_FAMILY_NAME, TF_PERSON_DATE_OF_BIRTH,
        TF_PERSON_CITY,      TF_PERSON_EMAIL,      TF_PERSON_LABEL};
    static const tf_person_field febrl[] = {
        TF_PERSON_RECORD_ID, TF_PERSON_GIVEN_NAME,    TF_PERSON_FAMILY_NAME, TF_PERSON_TEXT,
        TF_PERSON_ADDRESS,   TF_PERSON_TEXT,          TF_PERSON_CITY,        TF_PERSON_TEXT,
        TF_PERSON_TEXT,      TF_PERSON_DATE_OF_BIRTH, TF_PERSON_PERSON_ID};
    char path[512];
    REAL_DATA("linkage/splink_fake_1000.csv", path);
    expect_fields(path, fake, 7);
    REAL_DATA("linkage/febrl_dataset3.csv", path);
    expect_fields(path, febrl, 11);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    tf_table *table = one_column("dob", dates, 4);
    for (long n = 0;; n++) {
        tf_recognised found;
        fail_allocation(n);
        tf_status status = tf_recognise_columns(table, NULL, &found, NULL);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
    tf_table_free(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_known_by_its_name_in_several_spellings),
        cmocka_unit_test(a_column_of_another_name_is_known_by_its_values),
        cmocka_unit_test(a_name_that_the_values_deny_is_not_believed),
        cmocka_unit_test(what_is_seen_is_counted),
        cmocka_unit_test(only_one_column_identifies_the_record),
        cmocka_unit_test(an_empty_column_goes_by_its_name),
        cmocka_unit_test(the_columns_of_the_labelled_sets_are_recognised),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("recognise", tests, NULL, NULL);
}
