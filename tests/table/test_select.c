#include "check.h"

#include "fail_allocations.h"

#include "trefoil/table/builder.h"
#include "trefoil/table/select.h"

static const tf_builder_field fields[] = {
    {"flag", TF_TYPE_BOOL, 0}, {"number", TF_TYPE_INT64, 0},      {"day", TF_TYPE_DATE, 0},
    {"word", TF_TYPE_TEXT, 0}, {"choice", TF_TYPE_DICTIONARY, 0}, {"id", TF_TYPE_FIXED_BINARY, 3},
};

enum { ROWS = 30, FIELDS = sizeof fields / sizeof *fields };

static tf_table *make_table(void) {
    tf_builder *builder = tf_builder_new(fields, FIELDS, NULL);
    for (int row = 0; row < ROWS; row++) {
        char word[16];
        snprintf(word, sizeof word, "word %d", row % 7);
        for (size_t field = 0; field < FIELDS; field++) {
            if ((row + (int)field) % 11 == 0) {
                tf_builder_append_null(builder, field);
            } else if (field == 0) {
                tf_builder_append_bool(builder, field, row % 2);
            } else if (field < 3) {
                tf_builder_append_int(builder, field, row);
            } else if (field < 5) {
                tf_builder_append_text(builder, field, tf_text_of(word));
            } else {
                tf_builder_append_bytes(builder, field, word + 4);
            }
        }
    }
    tf_table *table;
    assert_int_equal(tf_builder_finish(builder, &table, NULL), TF_OK);
    tf_builder_free(builder);
    return table;
}

static void assert_same_value(const tf_column *a, int64_t i, const tf_column *b, int64_t j) {
    assert_int_equal(tf_column_is_null(a, i), tf_column_is_null(b, j));
    if (tf_column_is_null(a, i)) {
        return;
    }
    switch (a->type) {
    case TF_TYPE_BOOL:
        assert_int_equal(tf_bit_get(a->values, i), tf_bit_get(b->values, j));
        break;
    case TF_TYPE_INT64:
        assert_int_equal(((int64_t *)a->values)[i], ((int64_t *)b->values)[j]);
        break;
    case TF_TYPE_DATE:
        assert_int_equal(((int32_t *)a->values)[i], ((int32_t *)b->values)[j]);
        break;
    case TF_TYPE_FIXED_BINARY:
        assert_memory_equal((char *)a->values + 3 * i, (char *)b->values + 3 * j, 3);
        break;
    default:
        assert_true(tf_text_equal(tf_column_text(a, i), tf_column_text(b, j)));
    }
}

static void the_selected_rows_are_those_asked_for(void **state) {
    (void)state;
    const int64_t rows[] = {29, 0, 3, 3, 17, 11, 10, 9};
    tf_table *table = make_table();
    tf_table *selected;
    assert_int_equal(tf_table_select(table, rows, 8, &selected, NULL), TF_OK);
    assert_int_equal(selected->row_count, 8);
    for (size_t column = 0; column < FIELDS; column++) {
        for (int64_t i = 0; i < 8; i++) {
            assert_same_value(&table->columns[column], rows[i], &selected->columns[column], i);
        }
    }
    assert_true(selected->columns[4].dictionary->length < 7);
    tf_table_free(selected);
    tf_table_free(table);
}

static void a_run_of_rows_is_copied_whole(void **state) {
    (void)state;
    int64_t rows[ROWS - 5];
    for (int64_t i = 0; i < ROWS - 5; i++) {
        rows[i] = i + 3;
    }
    tf_table *table = make_table();
    tf_table *selected;
    assert_int_equal(tf_table_select(table, rows, ROWS - 5, &selected, NULL), TF_OK);
    for (size_t column = 0; column < FIELDS; column++) {
        for (int64_t i = 0; i < ROWS - 5; i++) {
            assert_same_value(&table->columns[column], rows[i], &selected->columns[column], i);
        }
    }
    tf_table_free(selected);
    tf_table_free(table);
}

static void no_rows_give_an_empty_table(void **state) {
    (void)state;
    tf_table *table = make_table();
    tf_table *selected;
    assert_int_equal(tf_table_select(table, NULL, 0, &selected, NULL), TF_OK);
    assert_int_equal(selected->row_count, 0);
    assert_int_equal(selected->columns[3].offsets[0], 0);
    assert_int_equal(selected->columns[4].dictionary->length, 0);
    tf_table_free(selected);
    tf_table_free(table);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    const int64_t rows[] = {1, 2, 3};
    tf_table *table = make_table();
    for (long n = 0;; n++) {
        tf_table *selected;
        fail_allocation(n);
        tf_status status = tf_table_select(table, rows, 3, &selected, NULL);
        bool was_reached = stop_failing_allocations();
        tf_table_free(selected);
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
        cmocka_unit_test(the_selected_rows_are_those_asked_for),
        cmocka_unit_test(a_run_of_rows_is_copied_whole),
        cmocka_unit_test(no_rows_give_an_empty_table),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
