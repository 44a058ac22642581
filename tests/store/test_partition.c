#include "temporary.h"

#include "store/partition.h"

static tf_db *open_new(void **state) {
    tf_error error;
    tf_db *db;
    assert_ok(tf_db_open(temporary_path(state, "db"), TF_DB_WRITE, &db, &error), &error);
    assert_ok(
        tf_db_execute(db,
                      "INSERT INTO batch (id, feed, file, sha256, publisher, started_at)"
                      " VALUES (1, 'street', 'f', 'x', 'p', 0), (2, 'street', 'g', 'y', 'p', 0)",
                      &error),
        &error);
    return db;
}

/* Put a partition whose stream is `text`, in a transaction of its own; gives what it replaced. */
static int64_t put(tf_db *db, const char *feed, const char *force, tf_month month, int64_t batch_id,
                   int64_t row_count, const char *text) {
    tf_error error;
    int64_t replaced = -9;
    assert_ok(tf_db_begin(db, &error), &error);
    assert_ok(tf_partition_put(db, &(tf_partition_key){feed, force, month}, batch_id, row_count,
                               text, strlen(text), &replaced, &error),
              &error);
    assert_ok(tf_db_commit(db, &error), &error);
    return replaced;
}

/* The walk as text: "force month batch rows:stream;" of each. */
typedef struct seen_walk {
    tf_buffer seen;
    int visits_left; /* before the visitor stops the walk; below 0 it never does */
} seen_walk;

static tf_status on_stream(void *context, const tf_partition_info *info, const void *stream,
                           size_t length, tf_error *error) {
    seen_walk *walk = context;
    char month[TF_MONTH_TEXT_SIZE];
    if (walk->visits_left == 0) {
        return tf_fail(error, TF_UNSUPPORTED, info->force, 0, "enough");
    }
    walk->visits_left--;
    assert_string_equal(info->feed, "street");
    tf_buffer_format(&walk->seen, "%s %s %d %d:%.*s;", info->force,
                     tf_month_format(info->month, month), (int)info->batch_id, (int)info->row_count,
                     (int)length, (const char *)stream);
    return TF_OK;
}

static void expect_walk(tf_db *db, const char *force, tf_month from, tf_month to,
                        const char *expected) {
    tf_error error;
    seen_walk walk = {.visits_left = -1};
    assert_ok(tf_partition_each(db, "street", force, from, to, on_stream, &walk, &error), &error);
    assert_string_equal(walk.seen.data ? walk.seen.data : "", expected);
    tf_buffer_deinit(&walk.seen);
}

static const tf_month may = 2021 * 12 + 4;

static void the_same_month_put_again_replaces_it(void **state) {
    tf_db *db = open_new(state);
    assert_int_equal(put(db, "street", "kent", may, 1, 10, "old"), -1);
    assert_int_equal(put(db, "outcomes", "kent", may, 1, 7, "other"), -1);
    assert_int_equal(put(db, "street", "kent", may, 2, 0, ""), 10);
    assert_int_equal(put(db, "street", "kent", may, 2, 12, "new, and longer"), 0);
    expect_walk(db, NULL, may, may, "kent 2021-05 2 12:new, and longer;");
    tf_db_close(db);
}

static void a_walk_keeps_to_its_months_and_force_in_order(void **state) {
    tf_db *db = open_new(state);
    static const char *const forces[] = {"kent", "durham", "essex"};
    for (int month = 3; month >= 0; month--) {
        for (int force = 0; force < 3; force++) {
            put(db, "street", forces[force], may + month, 1, month, forces[force]);
            put(db, "outcomes", forces[force], may + month, 1, month, "x");
        }
    }
    expect_walk(db, NULL, may + 1, may + 2,
                "durham 2021-06 1 1:durham;durham 2021-07 1 2:durham;"
                "essex 2021-06 1 1:essex;essex 2021-07 1 2:essex;"
                "kent 2021-06 1 1:kent;kent 2021-07 1 2:kent;");
    expect_walk(db, "essex", may + 3, INT32_MAX, "essex 2021-08 1 3:essex;");
    expect_walk(db, "Essex", 0, INT32_MAX, "");
    expect_walk(db, NULL, may + 2, may + 1, "");
    tf_db_close(db);
}

static void a_visitor_ends_the_walk_with_its_own_status(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    seen_walk walk = {.visits_left = 1};
    put(db, "street", "durham", may, 1, 1, "a");
    put(db, "street", "kent", may, 1, 1, "b");
    assert_int_equal(tf_partition_each(db, "street", NULL, 0, INT32_MAX, on_stream, &walk, &error),
                     TF_UNSUPPORTED);
    assert_string_equal(error.message, "enough");
    assert_string_equal(walk.seen.data, "durham 2021-05 1 1:a;");
    tf_buffer_deinit(&walk.seen);
    tf_db_close(db);
}

static void the_list_tells_what_is_stored(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    tf_partition_info *infos;
    size_t count;
    assert_ok(tf_partition_list(db, NULL, NULL, 0, INT32_MAX, &infos, &count, &error), &error);
    assert_int_equal(count, 0);
    tf_free(infos);
    put(db, "street", "kent", may + 1, 2, 5, "x");
    put(db, "street", "kent", may, 1, 4, "x");
    put(db, "outcomes", "kent", may, 1, 3, "x");
    put(db, "street", "essex", may, 1, 2, "x");
    assert_ok(tf_partition_list(db, NULL, NULL, 0, INT32_MAX, &infos, &count, &error), &error);
    assert_int_equal(count, 4);
    static const int64_t row_counts[] = {3, 2, 4, 5};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(infos[i].row_count, row_counts[i]);
    }
    assert_string_equal(infos[3].feed, "street");
    assert_string_equal(infos[3].force, "kent");
    assert_int_equal(infos[3].month, may + 1);
    assert_int_equal(infos[3].batch_id, 2);
    tf_free(infos);
    assert_ok(tf_partition_list(db, "street", "kent", 0, may, &infos, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_int_equal(infos[0].row_count, 4);
    tf_free(infos);
    tf_db_close(db);
}

static void a_partition_is_put_in_a_transaction_by_a_known_batch(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    tf_partition_key key = {"street", "kent", may};
    assert_int_equal(tf_partition_put(db, &key, 1, 1, "x", 1, NULL, &error), TF_INTERNAL);
    assert_ok(tf_db_begin(db, &error), &error);
    assert_int_equal(tf_partition_put(db, &key, 99, 1, "x", 1, NULL, &error), TF_INTERNAL);
    assert_int_equal(tf_partition_put(db, &key, 1, 1, "x", 1000000001, NULL, &error), TF_BAD_INPUT);
    char name[65];
    memset(name, 'k', 64);
    name[64] = '\0';
    key.force = name;
    assert_int_equal(tf_partition_put(db, &key, 1, 1, "x", 1, NULL, &error), TF_BAD_INPUT);
    key.force = "";
    assert_int_equal(tf_partition_put(db, &key, 1, 1, "x", 1, NULL, &error), TF_BAD_INPUT);
    name[63] = '\0';
    key.force = name;
    assert_ok(tf_partition_put(db, &key, 1, 1, "x", 1, NULL, &error), &error);
    tf_db_rollback(db);
    expect_walk(db, NULL, 0, INT32_MAX, "");
    tf_db_close(db);
}

static void tampered_partitions_are_told(void **state) {
    static const char *const changes[] = {
        "DELETE FROM partition_stream",
        "UPDATE partition SET month = 99999999999",
        "UPDATE partition SET month = -1",
        "UPDATE partition SET row_count = -5",
        "UPDATE partition SET force = hex(zeroblob(40))",
        "UPDATE partition SET force = 'a' || char(0)",
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        tf_error error;
        seen_walk walk = {.visits_left = -1};
        tf_db *db = open_new(state);
        put(db, "street", "kent", may, 1, 1, "x");
        assert_ok(tf_db_begin(db, &error), &error);
        assert_ok(tf_db_execute(db, changes[i], &error), &error);
        assert_int_equal(
            tf_partition_each(db, "street", NULL, INT32_MIN, INT32_MAX, on_stream, &walk, &error),
            i == 1 ? TF_OK : TF_BAD_INPUT); /* outside all months: never seen */
        assert_null(walk.seen.data);
        tf_db_rollback(db);
        tf_db_close(db);
        assert_int_equal(remove(temporary_path(state, "db")), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(the_same_month_put_again_replaces_it),
        temporary_test(a_walk_keeps_to_its_months_and_force_in_order),
        temporary_test(a_visitor_ends_the_walk_with_its_own_status),
        temporary_test(the_list_tells_what_is_stored),
        temporary_test(a_partition_is_put_in_a_transaction_by_a_known_batch),
        temporary_test(tampered_partitions_are_told),
    };
    return cmocka_run_group_tests_name("partition", tests, NULL, NULL);
}
