#include "check.h"

#include "insight/outcome_index_internal.h"

static const uint8_t *id_of(int number) {
    static uint8_t id[TF_CRIME_ID_SIZE];
    memcpy(id + 20, &number, sizeof number);
    return id;
}

static void the_latest_month_stands_and_of_one_month_the_last_row(void **state) {
    (void)state;
    tf_outcome_index index = {0};
    assert_null(tf_outcome_index_find(&index, id_of(1)));
    assert_int_equal(tf_outcome_index_reserve(&index, 6, NULL), TF_OK);
    tf_outcome_index_add(&index, id_of(1), 10, 5);
    assert_false(tf_outcome_index_find(&index, id_of(1))->has_several);
    tf_outcome_index_add(&index, id_of(1), 9, 6);
    assert_int_equal(tf_outcome_index_find(&index, id_of(1))->outcome, 5);
    tf_outcome_index_add(&index, id_of(1), 10, 7);
    assert_int_equal(tf_outcome_index_find(&index, id_of(1))->outcome, 7);
    tf_outcome_index_add(&index, id_of(1), 12, 8);
    tf_outcome_index_add(&index, id_of(1), 11, 9);
    assert_int_equal(tf_outcome_index_find(&index, id_of(1))->outcome, 8);
    assert_true(tf_outcome_index_find(&index, id_of(1))->has_several);
    assert_null(tf_outcome_index_find(&index, id_of(2)));
    tf_outcome_index_deinit(&index);
}

static void it_grows_and_forgets_nothing(void **state) {
    (void)state;
    tf_outcome_index index = {0};
    for (int part = 0; part < 20; part++) {
        assert_int_equal(tf_outcome_index_reserve(&index, 500, NULL), TF_OK);
        for (int i = part * 500; i < (part + 1) * 500; i++) {
            tf_outcome_index_add(&index, id_of(i), 1, (uint16_t)i);
        }
    }
    for (int i = 0; i < 10000; i++) {
        const tf_outcome_entry *entry = tf_outcome_index_find(&index, id_of(i));
        assert_non_null(entry);
        assert_int_equal(entry->outcome, i);
    }
    assert_null(tf_outcome_index_find(&index, id_of(10000)));
    assert_int_equal(tf_outcome_index_reserve(&index, SIZE_MAX, NULL), TF_NO_MEMORY);
    tf_outcome_index_deinit(&index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_month_stands_and_of_one_month_the_last_row),
        cmocka_unit_test(it_grows_and_forgets_nothing),
    };
    return cmocka_run_group_tests_name("outcome index", tests, NULL, NULL);
}
