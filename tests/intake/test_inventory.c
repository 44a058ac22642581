#include "check.h"

#include "temporary.h"

#include "intake/batch.h"
#include "intake/inventory.h"
#include "store/partition.h"

/* Store an empty month of a force as a batch of its own, with one kind of warning. */
static void add_month(tf_db *db, const char *feed, const char *force, tf_month month,
                      int64_t row_count) {
    tf_error error;
    int64_t batch = 0;
    char file[64];
    snprintf(file, sizeof file, "%s-%d.csv", feed, month);
    const tf_batch_start start = {feed, force, month, file, "data.police.uk", 1000 + month};
    const tf_batch_end end = {"00", row_count + 1, row_count, 1, month, month};
    const tf_partition_key key = {feed, force, month};
    assert_ok(tf_db_begin(db, &error), &error);
    assert_ok(tf_batch_begin(db, &start, &batch, &error), &error);
    assert_ok(tf_batch_warn(db, batch, "have no location", 10, 7, &error), &error);
    assert_ok(tf_partition_put(db, &key, batch, row_count, "stream", 6, NULL, &error), &error);
    assert_ok(tf_batch_finish(db, batch, &end, &error), &error);
    assert_ok(tf_db_commit(db, &error), &error);
}

static tf_db *open_database(void **state) {
    tf_db *db = NULL;
    tf_error error;
    assert_ok(tf_db_open(temporary_path(state, "a.db"), TF_DB_WRITE, &db, &error), &error);
    return db;
}

static void an_empty_database_has_nothing(void **state) {
    tf_db *db = open_database(state);
    tf_inventory *inventory;
    tf_error error;
    assert_ok(tf_inventory_make(db, &inventory, &error), &error);
    assert_int_equal(inventory->series_count, 0);
    assert_int_equal(inventory->warning_count, 0);
    assert_int_equal(inventory->layer_count, 0);
    assert_int_equal(inventory->population_area_count, 0);
    assert_int_equal(inventory->lookup_authority_count, 0);
    assert_int_equal(inventory->batch_count, 0);
    assert_int_equal(inventory->last_import_at, 0);
    tf_inventory_free(inventory);
    tf_db_close(db);
}

static void months_missing_between_others_are_gaps(void **state) {
    tf_db *db = open_database(state);
    const tf_month first = tf_month_of(2023, 11);
    static const int there[] = {0, 1, 3, 7, 8};
    for (size_t i = 0; i < sizeof there / sizeof *there; i++) {
        add_month(db, "street", "bedfordshire", first + there[i], 100);
    }
    add_month(db, "outcomes", "bedfordshire", first, 5);
    add_month(db, "street", "avon-and-somerset", first + 8, 1);
    tf_inventory *inventory;
    tf_error error;
    assert_ok(tf_inventory_make(db, &inventory, &error), &error);
    assert_int_equal(inventory->series_count, 3);
    assert_string_equal(inventory->series[0].feed, "outcomes");
    assert_int_equal(inventory->series[0].gap_count, 0);
    assert_string_equal(inventory->series[1].force, "avon-and-somerset");
    const tf_inventory_series *street = &inventory->series[2];
    assert_string_equal(street->force, "bedfordshire");
    assert_int_equal(street->from, first);
    assert_int_equal(street->to, first + 8);
    assert_int_equal(street->month_count, 5);
    assert_int_equal(street->row_count, 500);
    assert_int_equal(street->gap_count, 2);
    assert_int_equal(street->gaps[0].from, first + 2);
    assert_int_equal(street->gaps[0].to, first + 2);
    assert_int_equal(street->gaps[1].from, first + 4);
    assert_int_equal(street->gaps[1].to, first + 6);
    assert_int_equal(inventory->batch_count, 7);
    assert_int_equal(inventory->rejected_count, 7);
    assert_true(inventory->last_import_at > 0);
    tf_inventory_free(inventory);
    tf_db_close(db);
}

static void warnings_are_those_of_what_is_stored_now(void **state) {
    tf_db *db = open_database(state);
    const tf_month month = tf_month_of(2024, 1);
    add_month(db, "street", "bedfordshire", month, 100);
    add_month(db, "street", "bedfordshire", month, 101); /* takes the place of the first */
    add_month(db, "street", "bedfordshire", month + 1, 100);
    add_month(db, "outcomes", "bedfordshire", month, 100);
    tf_inventory *inventory;
    tf_error error;
    assert_ok(tf_inventory_make(db, &inventory, &error), &error);
    assert_int_equal(inventory->batch_count, 4);
    assert_int_equal(inventory->warning_count, 2);
    assert_string_equal(inventory->warnings[0].feed, "street");
    assert_string_equal(inventory->warnings[0].kind, "have no location");
    assert_int_equal(inventory->warnings[0].count, 20);
    assert_int_equal(inventory->warnings[0].example_line, 7);
    assert_string_equal(inventory->warnings[1].feed, "outcomes");
    assert_int_equal(inventory->warnings[1].count, 10);
    tf_inventory_free(inventory);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_empty_database_has_nothing),
        temporary_test(months_missing_between_others_are_gaps),
        temporary_test(warnings_are_those_of_what_is_stored_now),
    };
    return cmocka_run_group_tests_name("intake/inventory", tests, NULL, NULL);
}
