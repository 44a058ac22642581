#include "fail_allocations.h"
#include "link_fixture.h"

#include "trefoil/table/builder.h"

static void expect_cell(const tf_link_records *records, uint32_t record, const char *column,
                        const char *expected) {
    uint32_t found = tf_link_records_column(records, tf_text_of(column));
    assert_int_not_equal(found, UINT32_MAX);
    tf_text value = tf_link_records_value(records, record, found);
    if (!tf_text_equal(value, tf_text_of(expected))) {
        fail_msg("record %u has %.*s for %s, not %s", record, TF_TEXT_ARG(value), column, expected);
    }
}

static void expect_id(const tf_link_records *records, uint32_t record, const char *expected) {
    tf_text id = tf_link_records_id(records, record);
    if (!tf_text_equal(id, tf_text_of(expected))) {
        fail_msg("record %u has the id %.*s, not %s", record, TF_TEXT_ARG(id), expected);
    }
}

static void values_are_kept_as_they_stood_in_the_file(void **state) {
    (void)state;
    tf_link_records *records =
        records_of("id,name,town\n1, Ann ,x\n2,,x\n3,\xC3\x89va,\n", "id", NULL);
    assert_int_equal(tf_link_records_count(records), 3);
    assert_int_equal(tf_link_records_column_count(records), 2);
    expect_cell(records, 0, "name", " Ann ");
    expect_cell(records, 1, "name", "");
    expect_cell(records, 2, "name", "\xC3\x89va");
    expect_cell(records, 2, "town", "");
    assert_int_equal(tf_link_records_distinct(records, 0), 2);
    assert_int_equal(tf_link_records_distinct(records, 1), 1);
    assert_near(tf_link_records_filled(records, 0), 2.0 / 3, 1e-12);
    assert_int_equal(tf_link_records_column(records, tf_text_of("id")), UINT32_MAX);
    tf_link_records_free(records);
}

static void whole_numbers_are_ordered_as_numbers_and_others_as_bytes(void **state) {
    (void)state;
    tf_link_records *records = records_of("id,a\n10,x\n9,y\n-3,z\n", "id", NULL);
    expect_id(records, 0, "-3");
    expect_id(records, 1, "9");
    expect_id(records, 2, "10");
    expect_cell(records, 2, "a", "x");
    tf_link_records_free(records);
    records = records_of("id,a\n10,x\n9,y\n09,z\n", "id", NULL);
    expect_id(records, 0, "09");
    expect_id(records, 1, "10");
    expect_id(records, 2, "9");
    expect_cell(records, 2, "a", "y");
    tf_link_records_free(records);
}

static void a_record_is_found_by_its_source_and_id(void **state) {
    (void)state;
    tf_link_records *records =
        records_of("id,from,a\n10,b,1\n9,b,2\n9,a,3\n100,a,4\n", "id", "from");
    uint32_t record;
    assert_int_equal(tf_link_records_source_count(records), 2);
    assert_true(tf_text_equal(tf_link_records_source_name(records, 0), tf_text_of("a")));
    assert_int_equal(tf_link_records_source_size(records, 1), 2);
    assert_true(tf_link_records_find(records, 0, tf_text_of("9"), &record));
    expect_cell(records, record, "a", "3");
    assert_true(tf_link_records_find(records, 1, tf_text_of("10"), &record));
    expect_cell(records, record, "a", "1");
    assert_int_equal(tf_link_records_source(records, record), 1);
    assert_false(tf_link_records_find(records, 0, tf_text_of("10"), &record));
    assert_false(tf_link_records_find(records, 0, tf_text_of("9x"), &record));
    assert_false(tf_link_records_find(records, 0, tf_text_of(""), &record));
    assert_false(tf_link_records_find(records, 2, tf_text_of("9"), &record));
    tf_link_records_free(records);
}

/* Neither the order of rows nor that of files changes what comes out. */
static void files_in_another_order_give_the_same_records(void **state) {
    (void)state;
    static const char *const files[][2] = {{"alpha", "id,a,b\n2,x,y\n1,p,\n"},
                                           {"beta", "id,b,c\n1,q,r\n"}};
    tf_link_loader_options options = {.id_column = "id"};
    for (int turn = 0; turn < 2; turn++) {
        tf_link_loader *loader;
        tf_link_records *records;
        tf_error error;
        assert_ok(tf_link_loader_new(&options, &loader, &error), &error);
        for (int i = 0; i < 2; i++) {
            const char *const *file = files[i ^ turn];
            assert_ok(load_csv(loader, file[0], file[1], strlen(file[1]), &error), &error);
        }
        assert_ok(tf_link_loader_finish(loader, &records, &error), &error);
        tf_link_loader_free(loader);
        assert_int_equal(tf_link_records_count(records), 3);
        assert_true(tf_text_equal(tf_link_records_source_name(records, 0), tf_text_of("alpha")));
        expect_id(records, 0, "1");
        expect_cell(records, 0, "a", "p");
        expect_cell(records, 0, "c", ""); /* the file lacks the column */
        expect_cell(records, 1, "b", "y");
        expect_cell(records, 2, "a", "");
        expect_cell(records, 2, "b", "q");
        expect_cell(records, 2, "c", "r");
        tf_link_records_free(records);
    }
}

static void without_an_id_the_row_within_its_source_is_one(void **state) {
    (void)state;
    tf_link_records *records = records_of("from,a\nb,1\na,2\nb,3\n", NULL, "from");
    expect_id(records, 0, "1");
    expect_cell(records, 0, "a", "2");
    expect_id(records, 2, "2");
    expect_cell(records, 2, "a", "3");
    tf_link_records_free(records);
}

static tf_table *typed_table(void) {
    static const tf_builder_field fields[] = {{"id", TF_TYPE_INT64, 0},
                                              {"when", TF_TYPE_DATE, 0},
                                              {"amount", TF_TYPE_FLOAT64, 0},
                                              {"is", TF_TYPE_BOOL, 0}};
    tf_error error;
    tf_table *table;
    tf_builder *builder = tf_builder_new(fields, 4, &error);
    assert_non_null(builder);
    for (int i = 0; i < 2; i++) {
        tf_builder_append_int(builder, 0, 11 - i);
        tf_builder_append_int(builder, 1, 31 * i);
        if (i) {
            tf_builder_append_null(builder, 2);
        } else {
            tf_builder_append_double(builder, 2, 1.5);
        }
        tf_builder_append_bool(builder, 3, i == 0);
    }
    assert_ok(tf_builder_finish(builder, &table, &error), &error);
    tf_builder_free(builder);
    return table;
}

static void values_of_any_type_are_the_text_that_a_file_would_have(void **state) {
    (void)state;
    tf_table *table = typed_table();
    tf_error error;
    tf_link_loader_options options = {.id_column = "id"};
    tf_link_loader *loader;
    tf_link_records *records;
    assert_ok(tf_link_loader_new(&options, &loader, &error), &error);
    assert_ok(tf_link_loader_add(loader, tf_text_of("t"), table, NULL, &error), &error);
    assert_ok(tf_link_loader_finish(loader, &records, &error), &error);
    expect_id(records, 0, "10");
    expect_cell(records, 0, "when", "1970-02-01");
    expect_cell(records, 0, "amount", "");
    expect_cell(records, 1, "amount", "1.5");
    expect_cell(records, 1, "is", "true");
    tf_link_records_free(records);
    tf_link_loader_free(loader);
    tf_table_free(table);
}

typedef struct refused_case {
    const char *csv;
    const char *id_column;
    size_t memory_limit;
    tf_status status;
    const char *words;
} refused_case;

static void records_that_cannot_be_told_apart_are_refused(void **state) {
    (void)state;
    static const refused_case cases[] = {
        {"id,a\n1,x\n,y\n", "id", 0, TF_BAD_INPUT, "no id"},
        {"id,a\n1,x\n2,y\n1,z\n", "id", 0, TF_BAD_INPUT, "records 1 and 3"},
        {"id,a\n1,x\n", "key", 0, TF_BAD_INPUT, "key"},
        {"id,a\n1,x\n", "id", 100, TF_NO_MEMORY, "records take more"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_link_loader_options options = {.id_column = cases[i].id_column,
                                          .memory_limit = cases[i].memory_limit};
        tf_link_loader *loader;
        tf_link_records *records = NULL;
        tf_error error;
        assert_ok(tf_link_loader_new(&options, &loader, &error), &error);
        tf_status status = load_csv(loader, "people", cases[i].csv, strlen(cases[i].csv), &error);
        status = status ? status : tf_link_loader_finish(loader, &records, &error);
        assert_int_equal(status, cases[i].status);
        assert_null(records);
        if (!strstr(error.message, cases[i].words)) {
            fail_msg("%s: %s", cases[i].csv, error.message);
        }
        tf_link_loader_free(loader);
    }
}

static void no_rows_at_all_are_no_records(void **state) {
    (void)state;
    tf_link_loader_options options = {0};
    tf_link_loader *loader;
    tf_link_records *records;
    tf_error error;
    assert_ok(tf_link_loader_new(&options, &loader, &error), &error);
    assert_ok(tf_link_loader_finish(loader, &records, &error), &error);
    assert_int_equal(tf_link_records_count(records), 0);
    assert_int_equal(tf_link_records_source_count(records), 0);
    tf_link_records_free(records);
    tf_link_loader_free(loader);
}

static tf_status load_table(const tf_table *table, tf_link_records **records_out) {
    tf_link_loader_options options = {.id_column = "id", .source_column = "when"};
    tf_link_loader *loader;
    *records_out = NULL;
    tf_status status = tf_link_loader_new(&options, &loader, NULL);
    if (!status) {
        status = tf_link_loader_add(loader, tf_text_of("t"), table, NULL, NULL);
        status = status ? status : tf_link_loader_finish(loader, records_out, NULL);
    }
    tf_link_loader_free(loader);
    return status;
}

static void loading_fails_cleanly_without_memory(void **state) {
    (void)state;
    tf_table *table = typed_table();
    for (long n = 0;; n++) {
        tf_link_records *records;
        fail_allocation(n);
        tf_status status = load_table(table, &records);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_int_equal(tf_link_records_source_count(records), 2);
            tf_link_records_free(records);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_null(records);
    }
    tf_table_free(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_kept_as_they_stood_in_the_file),
        cmocka_unit_test(whole_numbers_are_ordered_as_numbers_and_others_as_bytes),
        cmocka_unit_test(a_record_is_found_by_its_source_and_id),
        cmocka_unit_test(files_in_another_order_give_the_same_records),
        cmocka_unit_test(without_an_id_the_row_within_its_source_is_one),
        cmocka_unit_test(values_of_any_type_are_the_text_that_a_file_would_have),
        cmocka_unit_test(records_that_cannot_be_told_apart_are_refused),
        cmocka_unit_test(no_rows_at_all_are_no_records),
        cmocka_unit_test(loading_fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
