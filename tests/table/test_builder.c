#include "check.h"

#include "fail_allocations.h"

#include "trefoil/table/builder.h"

enum { FLAG, NUMBER, SHARE, WORD, CHOICE, ID, FIELD_COUNT };

static const tf_builder_field fields[FIELD_COUNT] = {
    {"flag", TF_TYPE_BOOL, 0}, {"number", TF_TYPE_INT32, 0},      {"share", TF_TYPE_FLOAT64, 0},
    {"word", TF_TYPE_TEXT, 0}, {"choice", TF_TYPE_DICTIONARY, 0}, {"id", TF_TYPE_FIXED_BINARY, 4},
};

static tf_status build(int rows, tf_table **table_out) {
    *table_out = NULL;
    tf_builder *builder = tf_builder_new(fields, FIELD_COUNT, NULL);
    if (!builder) {
        return TF_NO_MEMORY;
    }
    for (int i = 0; i < rows; i++) {
        if (i % 3 == 0) {
            for (size_t field = 0; field < FIELD_COUNT; field++) {
                tf_builder_append_null(builder, field);
            }
            continue;
        }
        char word[32];
        snprintf(word, sizeof word, "row %d", i);
        tf_builder_append_bool(builder, FLAG, i % 2 == 0);
        tf_builder_append_int(builder, NUMBER, i);
        tf_builder_append_double(builder, SHARE, i / 2.0);
        tf_builder_append_text(builder, WORD, tf_text_of(word));
        snprintf(word, sizeof word, "choice %d", i % 100);
        tf_builder_append_text(builder, CHOICE, tf_text_of(word));
        tf_builder_append_bytes(builder, ID, &i);
    }
    tf_status status = tf_builder_finish(builder, table_out, NULL);
    tf_builder_free(builder);
    return status;
}

static void what_is_appended_is_what_the_table_holds(void **state) {
    (void)state;
    tf_table *table;
    assert_int_equal(build(1000, &table), TF_OK);
    assert_int_equal(table->row_count, 1000);
    const tf_column *choice = tf_table_get(table, "choice");
    assert_int_equal(choice->dictionary->length, 100);
    for (int i = 0; i < 1000; i++) {
        for (size_t field = 0; field < FIELD_COUNT; field++) {
            assert_int_equal(tf_column_is_null(&table->columns[field], i), i % 3 == 0);
        }
        if (i % 3 == 0) {
            continue;
        }
        char word[32];
        snprintf(word, sizeof word, "row %d", i);
        assert_true(
            tf_text_equal(tf_column_text(tf_table_get(table, "word"), i), tf_text_of(word)));
        snprintf(word, sizeof word, "choice %d", i % 100);
        assert_true(tf_text_equal(tf_column_text(choice, i), tf_text_of(word)));
        assert_int_equal(((int32_t *)tf_table_get(table, "number")->values)[i], i);
        assert_int_equal(((int32_t *)tf_table_get(table, "id")->values)[i], i);
        assert_true(((double *)tf_table_get(table, "share")->values)[i] == i / 2.0);
        assert_int_equal(tf_bit_get(tf_table_get(table, "flag")->values, i), i % 2 == 0);
    }
    tf_table_free(table);
}

static void a_table_may_have_no_rows(void **state) {
    (void)state;
    tf_table *table;
    assert_int_equal(build(0, &table), TF_OK);
    assert_int_equal(table->row_count, 0);
    assert_int_equal(tf_table_get(table, "word")->offsets[0], 0);
    tf_table_free(table);
}

static void columns_of_different_length_are_refused(void **state) {
    (void)state;
    tf_table *table;
    tf_error error;
    tf_builder *builder = tf_builder_new(fields, FIELD_COUNT, NULL);
    tf_builder_append_int(builder, NUMBER, 1);
    assert_int_equal(tf_builder_finish(builder, &table, &error), TF_BAD_INPUT);
    tf_builder_free(builder);
}

static void a_column_is_required_with_its_type(void **state) {
    (void)state;
    tf_table *table;
    tf_error error;
    const tf_column *column = NULL;
    assert_int_equal(build(3, &table), TF_OK);
    assert_int_equal(tf_table_require(table, "word", TF_TYPE_TEXT, &column, &error), TF_OK);
    assert_string_equal(column->name, "word");
    assert_int_equal(tf_table_require(table, "word", TF_TYPE_INT64, &column, &error), TF_BAD_INPUT);
    assert_string_equal(error.message, "the column holds text where int64 is needed");
    assert_int_equal(tf_table_require(table, "nothing", TF_TYPE_INT64, &column, &error),
                     TF_BAD_INPUT);
    tf_table_free(table);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_table *table;
        fail_allocation(n);
        tf_status status = build(200, &table);
        bool was_reached = stop_failing_allocations();
        tf_table_free(table);
        if (status == TF_OK) {
            assert_false(was_reached);
            return;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_null(table);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_is_what_the_table_holds),
        cmocka_unit_test(a_table_may_have_no_rows),
        cmocka_unit_test(columns_of_different_length_are_refused),
        cmocka_unit_test(a_column_is_required_with_its_type),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("builder", tests, NULL, NULL);
}
