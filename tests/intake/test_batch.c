#include "temporary.h"

#include "intake/batch.h"

static tf_db *open_new(void **state) {
    tf_error error;
    tf_db *db;
    assert_ok(tf_db_open(temporary_path(state, "db"), TF_DB_WRITE, &db, &error), &error);
    assert_ok(tf_db_begin(db, &error), &error);
    return db;
}

static const tf_month may = 2021 * 12 + 4;

static int64_t begin(tf_db *db, const char *file) {
    tf_error error;
    int64_t id = 0;
    tf_batch_start start = {.feed = "areas",
                            .month = TF_MONTH_NONE,
                            .file = file,
                            .publisher = "ONS",
                            .started_at = 1000000};
    assert_ok(tf_batch_begin(db, &start, &id, &error), &error);
    return id;
}

static void what_was_told_of_a_batch_is_read_back(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    int64_t id = 0;
    tf_batch_start start = {"street", "kent", may, "a.zip/kent.csv", "data.police.uk", 5000000};
    assert_ok(tf_batch_begin(db, &start, &id, &error), &error);
    tf_batch_end end = {"ab12", 10, 8, 2, may - 1, may};
    assert_ok(tf_batch_finish(db, id, &end, &error), &error);
    begin(db, "unfinished.geojson");

    tf_arena *arena = tf_arena_new();
    tf_batch *batches;
    size_t count;
    assert_ok(tf_batch_list(db, arena, &batches, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_int_equal(batches[0].id, id);
    assert_string_equal(batches[0].feed, "street");
    assert_string_equal(batches[0].force, "kent");
    assert_int_equal(batches[0].month, may);
    assert_string_equal(batches[0].file, "a.zip/kent.csv");
    assert_string_equal(batches[0].sha256, "ab12");
    assert_string_equal(batches[0].publisher, "data.police.uk");
    assert_int_equal(batches[0].started_at, 5000000);
    assert_true(batches[0].finished_at > 5000000);
    assert_int_equal(batches[0].rows_read, 10);
    assert_int_equal(batches[0].rows_accepted, 8);
    assert_int_equal(batches[0].rows_rejected, 2);
    assert_int_equal(batches[0].first_month, may - 1);
    assert_int_equal(batches[0].last_month, may);
    assert_int_equal(batches[0].warning_count, 0);
    assert_null(batches[1].force);
    assert_int_equal(batches[1].month, TF_MONTH_NONE);
    assert_int_equal(batches[1].first_month, TF_MONTH_NONE);
    assert_int_equal(batches[1].finished_at, 0);
    tf_arena_free(arena);
    tf_db_close(db);
}

static void warnings_of_one_kind_add_up_and_keep_the_first_line(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    int64_t first = begin(db, "a");
    int64_t second = begin(db, "b");
    int64_t third = begin(db, "c");
    assert_ok(tf_batch_warn(db, first, "have no location", 3, 0, &error), &error);
    assert_ok(tf_batch_warn(db, first, "have no location", 4, 17, &error), &error);
    assert_ok(tf_batch_warn(db, first, "have no location", 1, 20, &error), &error);
    assert_ok(tf_batch_warn(db, first, "are from next year", 2, 5, &error), &error);
    assert_ok(tf_batch_warn(db, third, "have no location", 9, 0, &error), &error);

    tf_arena *arena = tf_arena_new();
    tf_batch *batches;
    size_t count;
    assert_ok(tf_batch_list(db, arena, &batches, &count, &error), &error);
    assert_int_equal(count, 3);
    assert_int_equal(batches[1].id, second);
    assert_int_equal(batches[0].warning_count, 2);
    assert_int_equal(batches[1].warning_count, 0);
    assert_int_equal(batches[2].warning_count, 1);
    assert_string_equal(batches[0].warnings[0].kind, "are from next year");
    assert_string_equal(batches[0].warnings[1].kind, "have no location");
    assert_int_equal(batches[0].warnings[1].count, 8);
    assert_int_equal(batches[0].warnings[1].example_line, 17);
    assert_int_equal(batches[2].warnings[0].count, 9);
    assert_int_equal(batches[2].warnings[0].example_line, 0);
    tf_arena_free(arena);
    tf_db_close(db);
}

/* The rejects as text, "file:line reason <text>;" of each. */
static tf_status on_reject(void *context, const char *file, int64_t line, tf_text reason,
                           tf_text text, tf_error *error) {
    (void)error;
    tf_buffer_format(context, "%s:%d %.*s <%.*s>;", file, (int)line, TF_TEXT_ARG(reason),
                     TF_TEXT_ARG(text));
    return TF_OK;
}

static void expect_rejects(tf_db *db, int64_t batch_id, const char *expected) {
    tf_error error;
    tf_buffer seen;
    tf_buffer_init(&seen);
    assert_ok(tf_batch_each_reject(db, batch_id, on_reject, &seen, &error), &error);
    assert_string_equal(seen.data ? seen.data : "", expected);
    tf_buffer_deinit(&seen);
}

static void rejects_are_kept_as_they_stood_and_come_in_order(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    int64_t first = begin(db, "a");
    int64_t second = begin(db, "b");
    expect_rejects(db, 0, "");
    assert_ok(tf_batch_reject(db, second, 9, "late", tf_text_of("x,y"), &error), &error);
    assert_ok(tf_batch_reject(db, first, 8, "two", tf_text_of("\xFF\n\""), &error), &error);
    assert_ok(tf_batch_reject(db, first, 3, "one", (tf_text){NULL, 0}, &error), &error);
    expect_rejects(db, 0, "a:3 one <>;a:8 two <\xFF\n\">;b:9 late <x,y>;");
    expect_rejects(db, second, "b:9 late <x,y>;");
    expect_rejects(db, 99, "");
    tf_db_close(db);
}

static void a_batch_is_current_while_something_stored_comes_from_it(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    int64_t old = begin(db, "a");
    int64_t new = begin(db, "b");
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO population VALUES ('A', 2020, 5, %d), ('B', 2020, 6, %d)", (int)old,
             (int)new);
    assert_ok(tf_db_execute(db, sql, &error), &error);
    tf_arena *arena = tf_arena_new();
    tf_batch *batches;
    size_t count;
    assert_ok(tf_batch_list(db, arena, &batches, &count, &error), &error);
    assert_true(batches[0].is_current && batches[1].is_current);
    assert_ok(tf_db_execute(db, "DELETE FROM population WHERE code = 'A'", &error), &error);
    assert_ok(tf_batch_list(db, arena, &batches, &count, &error), &error);
    assert_true(!batches[0].is_current && batches[1].is_current);
    tf_arena_free(arena);
    tf_db_close(db);
}

static void batches_are_read_page_by_page_newest_first(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    for (int i = 0; i < 5; i++) {
        int64_t id = begin(db, (const char *[]){"a", "b", "c", "d", "e"}[i]);
        assert_ok(tf_batch_warn(db, id, "are odd", 1, 0, &error), &error);
        assert_ok(tf_batch_warn(db, id, "are old", 2, 0, &error), &error);
    }
    static const struct {
        int64_t first, most;
        const char *files;
    } pages[] = {{0, 2, "ed"}, {2, 2, "cb"}, {4, 2, "a"}, {6, 2, ""}, {0, 1000, "edcba"}};
    tf_arena *arena = tf_arena_new();
    for (size_t p = 0; p < sizeof pages / sizeof *pages; p++) {
        tf_batch *batches;
        size_t count;
        int64_t total;
        assert_ok(tf_batch_page(db, pages[p].first, pages[p].most, arena, &batches, &count, &total,
                                &error),
                  &error);
        assert_int_equal(total, 5);
        assert_int_equal(count, strlen(pages[p].files));
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(batches[i].file[0], pages[p].files[i]);
            assert_int_equal(batches[i].warning_count, 2);
            assert_string_equal(batches[i].warnings[0].kind, "are odd");
            assert_string_equal(batches[i].warnings[1].kind, "are old");
        }
    }
    tf_arena_free(arena);
    tf_db_close(db);
}

static void a_batch_is_found_by_its_number(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    begin(db, "a");
    int64_t id = begin(db, "b");
    assert_ok(tf_batch_warn(db, id, "are odd", 1, 0, &error), &error);
    tf_arena *arena = tf_arena_new();
    tf_batch batch;
    assert_ok(tf_batch_get(db, id, arena, &batch, &error), &error);
    assert_string_equal(batch.file, "b");
    assert_int_equal(batch.warning_count, 1);
    assert_int_equal(tf_batch_get(db, 0, arena, &batch, &error), TF_NOT_FOUND);
    assert_int_equal(tf_batch_get(db, -1, arena, &batch, &error), TF_NOT_FOUND);
    assert_int_equal(tf_batch_get(db, 3, arena, &batch, &error), TF_NOT_FOUND);
    tf_arena_free(arena);
    tf_db_close(db);
}

static void rejects_are_read_page_by_page(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    int64_t other = begin(db, "a");
    int64_t id = begin(db, "b");
    assert_ok(tf_batch_reject(db, other, 1, "x", tf_text_of(""), &error), &error);
    for (int line = 9; line > 4; line--) {
        assert_ok(tf_batch_reject(db, id, line, "y", tf_text_of(""), &error), &error);
    }
    static const struct {
        int64_t first, most;
        const char *rejects;
    } pages[] = {{0, 2, "b:5 y <>;b:6 y <>;"}, {4, 2, "b:9 y <>;"}, {5, 2, ""}};
    for (size_t p = 0; p < sizeof pages / sizeof *pages; p++) {
        int64_t total;
        tf_buffer seen;
        tf_buffer_init(&seen);
        assert_ok(tf_batch_page_of_rejects(db, id, pages[p].first, pages[p].most, on_reject, &seen,
                                           &total, &error),
                  &error);
        assert_int_equal(total, 5);
        assert_string_equal(seen.data ? seen.data : "", pages[p].rejects);
        tf_buffer_deinit(&seen);
    }
    tf_db_close(db);
}

static void a_batch_belongs_to_a_transaction(void **state) {
    tf_db *db = open_new(state);
    tf_error error;
    tf_batch_end end = {.sha256 = "x"};
    assert_int_equal(tf_batch_finish(db, 7, &end, &error), TF_INTERNAL);
    begin(db, "a");
    tf_db_rollback(db);
    int64_t id = 0;
    tf_batch_start start = {"street", NULL, may, "f", "p", 0};
    assert_int_equal(tf_batch_begin(db, &start, &id, &error), TF_INTERNAL);
    tf_arena *arena = tf_arena_new();
    tf_batch *batches;
    size_t count;
    assert_ok(tf_batch_list(db, arena, &batches, &count, &error), &error);
    assert_int_equal(count, 0);
    tf_arena_free(arena);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(what_was_told_of_a_batch_is_read_back),
        temporary_test(warnings_of_one_kind_add_up_and_keep_the_first_line),
        temporary_test(rejects_are_kept_as_they_stood_and_come_in_order),
        temporary_test(a_batch_is_current_while_something_stored_comes_from_it),
        temporary_test(batches_are_read_page_by_page_newest_first),
        temporary_test(a_batch_is_found_by_its_number),
        temporary_test(rejects_are_read_page_by_page),
        temporary_test(a_batch_belongs_to_a_transaction),
    };
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
